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
	own      int       // the variant of the agreement's own readings
	counting [2]*Rules // the agreement under each reading of compliance
}

// variant is one way to count days and hours.
type variant struct {
	days, hours servicetime.Convention
	rules       *Rules // with these
	// ownDays is the variant with the same hours and the agreement's own days; ownHours the other way round.
	ownDays, ownHours int
	// By the kinds of a report, and under each reading of compliance.
	counts [len(kindNames)][2]variantCount

	// What it says of the ticket at hand, once it was asked, if it can judge it.
	asked, can bool
	judgement  Judgement
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
			varied, ok := r.varied(days, hours)
			if !ok {
				continue
			}
			if days == own.BusinessDays && hours == own.Hours {
				s.own, seen = len(s.variants), true
			}
			s.variants = append(s.variants, variant{days: days, hours: hours, rules: varied})
		}
	}
	if !seen {
		return nil, errors.New("sla: the agreement's own readings cannot count its targets") // unreachable: Compile checks
	}
	for i := range s.variants {
		v := &s.variants[i]
		v.ownDays, v.ownHours = i, i
		for j, o := range s.variants {
			switch {
			case o.hours == v.hours && o.days == own.BusinessDays:
				v.ownDays = j
			case o.days == v.days && o.hours == own.Hours:
				v.ownHours = j
			}
		}
	}
	both, each := *r, *r
	both.agreement.Readings.Compliance, each.agreement.Readings.Compliance = Both, Each
	s.counting = [2]*Rules{&both, &each}
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
	if t.Received.After(s.asOf) || ofAnother(s.span, &t) {
		return
	}
	for i := range s.variants {
		s.variants[i].asked = false
	}
	own := s.judge(s.own, &t)
	if own == nil {
		return
	}
	// Without a change of priority each clock has one target, which only one of the conventions counts.
	apart := len(t.Changes) == 0 && own.Update == nil
	ours := s.outcomes(own)
	kinds := kindsOf(t.Kind)
	for i := range s.variants {
		response, resolution := i, i
		if apart {
			response, resolution = s.like(i, own.Response.Target), s.like(i, own.Resolution.Target)
		}
		a, b := s.judge(response, &t), s.judge(resolution, &t)
		if a == nil || b == nil {
			continue // a due that leaves the range under this convention
		}
		got := ours
		switch {
		case response != resolution:
			j := *b
			j.Response = a.Response
			got = s.outcomes(&j)
		case response != s.own:
			got = s.outcomes(b)
		}
		v := &s.variants[i]
		for c := range got {
			changed := got[c] != ours[c]
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

// like is a variant that judges a target as the ith does, the same for as many as do.
func (s *Sensitivity) like(i int, target servicetime.Target) int {
	switch {
	case dayConventions[0].Counts(target):
		return s.variants[i].ownHours
	case hourConventions[0].Counts(target):
		return s.variants[i].ownDays
	}
	return s.own
}

// judge is what the ith variant says of the ticket at hand, nil if it cannot judge it. It is asked once.
func (s *Sensitivity) judge(i int, t *priority.Ticket) *Judgement {
	v := &s.variants[i]
	if !v.asked {
		v.judgement = Judgement{} // judge sets what a ticket has
		v.asked, v.can = true, v.rules.judge(&v.judgement, t, s.asOf) == nil
	}
	if !v.can {
		return nil
	}
	return &v.judgement
}

// ofAnother reports whether a ticket is of another month than the one of a span whatever the readings, as most are: received later, or done before, which settles its
// times.
func ofAnother(month servicetime.Span, t *priority.Ticket) bool {
	before := func(t time.Time) bool { return !t.IsZero() && t.Before(month.From) }
	return !t.Received.Before(month.To) || before(t.Started) && before(t.Resolved) && before(t.ReportedBack)
}

// outcomes are those of a judgement in the month, under both readings of compliance. What is not in the month is no outcome.
func (s *Sensitivity) outcomes(j *Judgement) (in [2][2]outcome) {
	for c, rules := range s.counting {
		out, n := rules.outcomes(j)
		for i, o := range out[:n] {
			if !o.at.Before(s.span.From) && o.at.Before(s.span.To) {
				in[c][i] = outcome{level: o.level, verdict: o.verdict}
			}
		}
	}
	return in
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
