package sla

import (
	"errors"
	"fmt"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A Sensitivity is a tally of one month under other readings of the same agreement: which of them change a verdict, and of
// how many tickets. Records come as to a [Month]. Merge adds the parts of a whole, in any order.
//
// It varies how business days count, on which clock hours run, and what the share counts; the agreement's
// other readings stay.
type Sensitivity struct {
	rules    *Rules
	month    servicetime.Month
	span     servicetime.Span
	asOf     time.Time
	variants []variant
	own      int // the variant of the agreement's own readings
}

// variant is one way to count days and hours.
type variant struct {
	days, hours servicetime.Convention
	both, each  *Rules // with these, and each reading of compliance
	// By the kinds of a report, and under each reading of compliance.
	counts [len(kindNames)][2]variantCount
}

type variantCount struct {
	share   compliance.Share
	changed int64
}

// dayConventions and hourConventions are what is varied.
var (
	dayConventions = []servicetime.Convention{
		servicetime.ExclDateClose, servicetime.ExclDateMidnight, servicetime.ExclEffectiveClose, servicetime.InclEffectiveClose,
		servicetime.Cutoff(12 * 60), servicetime.SameTime, servicetime.AsHours,
	}
	hourConventions = []servicetime.Convention{servicetime.SupportClock, servicetime.WallClock}
)

// A Variant is a row of the table: the verdict under one choice of readings.
type Variant struct {
	BusinessDays servicetime.Convention
	Hours        servicetime.Convention
	Compliance   Counting
	// Own says that these are the agreement's own readings.
	Own     bool
	Share   compliance.Share
	Verdict compliance.Verdict
	// Changed is how many tickets have another outcome, or another month, than under the agreement's own conventions
	// for days and hours with the same Compliance.
	Changed int64
}

// String is the row in a line: INCL_EFFECTIVE_CLOSE, SUPPORT_CLOCK, both: 402 of 447, missed (12 change).
func (v Variant) String() string {
	return fmt.Sprintf("%s, %s, %s: %s, %s (%d change)", v.BusinessDays, v.Hours, v.Compliance, v.Share, v.Verdict, v.Changed)
}

// Sensitivity makes an empty table for a month as of an instant. Conventions that the agreement's calendars cannot count
// (AS_HOURS where working days differ in length) have no rows.
//
// Its errors are those of [Rules.Month].
func (r *Rules) Sensitivity(month servicetime.Month, asOf time.Time) (*Sensitivity, error) {
	m, err := r.Month(month, asOf)
	if err != nil {
		return nil, err
	}
	s := &Sensitivity{rules: r, month: month, span: m.span, asOf: m.asOf}
	own := r.agreement.Readings
	seen := false
	for _, hours := range withOwn(hourConventions, own.Hours) {
		for _, days := range withOwn(dayConventions, own.BusinessDays) {
			both, ok := r.varied(days, hours)
			if !ok {
				continue
			}
			each := *both
			both.agreement.Readings.Compliance, each.agreement.Readings.Compliance = Both, Each
			if days == own.BusinessDays && hours == own.Hours {
				s.own, seen = len(s.variants), true
			}
			s.variants = append(s.variants, variant{days: days, hours: hours, both: both, each: &each})
		}
	}
	if !seen {
		return nil, errors.New("sla: the agreement's own readings cannot count its targets") // unreachable: Compile checks
	}
	return s, nil
}

// withOwn puts the agreement's own convention first.
func withOwn(all []servicetime.Convention, own servicetime.Convention) []servicetime.Convention {
	out := []servicetime.Convention{own}
	for _, c := range all {
		if c != own {
			out = append(out, c)
		}
	}
	return out
}

// varied are the rules with other conventions; it is false if they cannot count a target.
func (r *Rules) varied(days, hours servicetime.Convention) (*Rules, bool) {
	v, ok := *r, true
	v.agreement.Readings.BusinessDays, v.agreement.Readings.Hours = days, hours
	v.kinds = map[priority.Kind]*kindRules{}
	change := func(rule priority.Rule) priority.Rule {
		rule.BusinessDays, rule.Hours = days, hours
		if rule.OutOfHours != nil {
			out := *rule.OutOfHours
			out.BusinessDays, out.Hours = days, hours
			rule.OutOfHours = &out
		}
		ok = ok && countable(rule) == nil
		return rule
	}
	for kind, k := range r.kinds {
		v.kinds[kind] = k.with(change)
	}
	return &v, ok
}

// Ticket judges a ticket under every choice. One that cannot be judged counts nowhere, as in a [Month].
func (s *Sensitivity) Ticket(t priority.Ticket) {
	if t.Received.After(s.asOf) {
		return
	}
	// Most tickets are of other months whatever the readings: received later, or done before.
	if !t.Received.Before(s.span.To) || s.doneBefore(t.Started) && s.doneBefore(t.Resolved) && s.doneBefore(t.ReportedBack) {
		return
	}
	var own [2][2]outcome
	if ok := s.outcomes(&s.variants[s.own], &t, &own); !ok {
		return
	}
	kinds := kindsOf(t.Kind)
	for i := range s.variants {
		v := &s.variants[i]
		got := own
		if i != s.own && !s.outcomes(v, &t, &got) {
			continue // a due that leaves the range under this convention
		}
		for c := range got {
			changed := got[c] != own[c]
			for _, kind := range kinds {
				count := &v.counts[kind][c]
				for _, o := range got[c] {
					switch o.verdict {
					case compliance.Met:
						count.share = count.share.Plus(compliance.Share{Met: 1, Total: 1})
					case compliance.Missed:
						count.share = count.share.Plus(compliance.Share{Total: 1})
					}
				}
				if changed {
					count.changed++
				}
			}
		}
	}
}

// doneBefore reports whether an instant was reached before the month: it settles its time, met or missed, then.
func (s *Sensitivity) doneBefore(t time.Time) bool { return !t.IsZero() && t.Before(s.span.From) }

// outcomes are those of a ticket in the month, under both readings of compliance. What is not in the month is no outcome.
func (s *Sensitivity) outcomes(v *variant, t *priority.Ticket, into *[2][2]outcome) bool {
	var j Judgement
	if err := v.both.judge(&j, t, s.asOf); err != nil {
		return false
	}
	for c, rules := range [2]*Rules{v.both, v.each} {
		out, n := rules.outcomes(&j)
		into[c] = [2]outcome{}
		for i, o := range out[:n] {
			if !o.at.Before(s.span.From) && o.at.Before(s.span.To) {
				into[c][i] = outcome{level: o.level, verdict: o.verdict}
			}
		}
	}
	return true
}

// Merge adds what another table of the same month has counted.
//
// It returns an error wrapping [ErrMerge] if the other is nil, the same, of other rules, another month or another as-of.
func (s *Sensitivity) Merge(o *Sensitivity) error {
	if o == nil || o == s || s.rules != o.rules || s.month != o.month || !s.asOf.Equal(o.asOf) {
		return fmt.Errorf("sla: sensitivity of %s: %w", s.month, ErrMerge)
	}
	for i := range s.variants {
		for kind := range s.variants[i].counts {
			for c := range s.variants[i].counts[kind] {
				count, other := &s.variants[i].counts[kind][c], o.variants[i].counts[kind][c]
				count.share = count.share.Plus(other.share)
				count.changed += other.changed
			}
		}
	}
	return nil
}

// Of is the table for one kind of ticket, the agreement's own readings first; it is empty for a kind without rules.
func (s *Sensitivity) Of(kind priority.Kind) []Variant {
	k := s.rules.kinds[kind]
	if k == nil {
		return nil
	}
	kinds := kindsOf(kind)
	var out []Variant
	own := s.rules.agreement.Readings.Compliance
	for _, c := range withOwnCounting(own) {
		for i := range s.variants {
			v := &s.variants[i]
			count := v.counts[kinds[len(kinds)-1]][c-1]
			out = append(out, Variant{
				BusinessDays: v.days, Hours: v.hours, Compliance: c, Own: i == s.own && c == own,
				Share: count.share, Verdict: count.share.Verdict(k.rules.Goal), Changed: count.changed,
			})
		}
	}
	return out
}

func withOwnCounting(own Counting) []Counting {
	if own == Each {
		return []Counting{Each, Both}
	}
	return []Counting{Both, Each}
}
