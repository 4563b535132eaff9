package performance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// A Count is how many calls were answered, within which limits, and how many were not.
type Count struct {
	Answered int64 `json:"answered"`
	// Within is how many of the answered were within each limit of the rule, in its order.
	Within     []int64    `json:"within,omitempty"`
	Unanswered Deviations `json:"unanswered"`
}

// Deviations are calls without an answer (§4.10), by whose fault that was, where the record says.
type Deviations struct {
	Unknown  int64 `json:"unknown"`
	Operator int64 `json:"operator"`
	Provider int64 `json:"provider"`
}

// Total is all of them.
func (d Deviations) Total() int64 { return d.Unknown + d.Operator + d.Provider }

// String is 80 unanswered: 60 by the operator's fault, 15 by a provider's, 5 not known.
func (d Deviations) String() string {
	return fmt.Sprintf("%d unanswered: %d by the operator's fault, %d by a provider's, %d not known", d.Total(), d.Operator, d.Provider, d.Unknown)
}

// Total is how many calls there were, answered or not.
func (c Count) Total() int64 { return c.Answered + c.Unanswered.Total() }

// Share is how many calls were within a limit of the rule, of those answered, or under [UnansweredFail] of all. Limits count from 0.
func (c Count) Share(limit int, u Unanswered) compliance.Share {
	s := compliance.Share{Met: c.Within[limit], Total: c.Answered}
	if u == UnansweredFail {
		s.Total = c.Total()
	}
	return s
}

// Invalid is how many calls were not counted in anything else, by the first reason of each: [Call.Check].
type Invalid struct {
	At       int64 `json:"at"`       // outside the years 1970 to 2200
	Persons  int64 `json:"persons"`  // fewer than 1 or more than the rule's most (§4.8)
	Response int64 `json:"response"` // negative or absurd
}

// Total is all of them.
func (i Invalid) Total() int64 { return i.At + i.Persons + i.Response }

// An Outcome is what a limit says of calls.
type Outcome struct {
	Limit Limit
	Share compliance.Share
	// Verdict is no data without calls. Under [GroupsEach] it is missed if one group size misses, whatever the share of all.
	Verdict compliance.Verdict
	// Left is how many of the calls within the limit could have been slower with the limit still met. It is negative where the limit is missed, by how many, and 0
	// without calls or goal. Under [GroupsEach] it is that of the group size with the least.
	Left int64
}

// A Group is the calls about one number of persons.
type Group struct {
	Persons int
	Count
	// Outcomes are those of the limits for this group size by itself, in their order; nil under [GroupsPooled], where no group is judged.
	Outcomes []Outcome
}

// A Leg is the calls to the base services of one provider: those that Base is of, by the same readings. It has no verdict (§3.1.2).
type Leg struct {
	Provider string `json:"provider"`
	Count
	Invalid Invalid `json:"invalid"`
}

// Precision is the delivery precision (§4.10).
type Precision struct {
	Share   compliance.Share // answered calls of all, valid and in the hours of the rule, beyond the agreed capacity too
	Verdict compliance.Verdict
	// Left is how many more deviations there could have been with the goal still met; negative where it is missed, by how many.
	Left       int64
	Deviations Deviations
}

// A Result is how calls came out under a rule.
type Result struct {
	Rule Rule
	// Base is the composite calls that the limits judge: the valid ones, in the hours and the capacity of the rule.
	Base Count
	// Outcomes are those of the limits, in their order.
	Outcomes []Outcome
	// Verdict is that of all limits: missed if one is missed, else met if one is met. The precision has its own.
	Verdict   compliance.Verdict
	Precision Precision
	// OutsideHours and BeyondCapacity are valid composite calls that are not in Base: those received outside the hours of the rule, and of the others those over
	// capacity. They are 0 where the rule judges them.
	OutsideHours, BeyondCapacity int64
	// Invalid are composite calls that are in nothing else.
	Invalid Invalid
	// Groups are Base by group size, those that have calls, the smallest first.
	Groups []Group
	// Hours are Base by hour of the local day at which the call was received: 8 is 08:00 to 08:59:59. The hour that is shown twice when clocks go back is one.
	Hours [hoursOfDay]Count
	// Legs are the first [MaxProviders] by provider, in order; OtherLegs are all others, without a name. They are in no other figure.
	Legs      []Leg
	OtherLegs Leg
	// Percentiles are those of the answered calls in Base, and Times how many of them took how long, for a picture.
	Percentiles Percentiles
	Times       []Bin
}

// Result judges what has been counted. The rule may have other goals and readings than those under which calls were added.
//
// It returns an error:
//   - that of [Rule.Check],
//   - wrapping [ErrTerms] if the tally has counted under other limits, another largest group or another zone.
func (t *Tally) Result(rule *Rule) (Result, error) {
	if err := rule.Check(); err != nil {
		return Result{}, err
	}
	ts := rule.terms()
	if t.terms.maxPersons != 0 && t.terms != ts {
		return Result{}, fmt.Errorf("performance: a tally under %s, and a rule under %s: %w", &t.terms, &ts, ErrTerms)
	}
	r := Result{Rule: *rule}
	r.Rule.Limits = slices.Clone(rule.Limits)
	r.Base.Within = make([]int64, ts.n)
	for i := range r.Hours {
		r.Hours[i].Within = make([]int64, ts.n)
	}
	r.OtherLegs.Within = make([]int64, ts.n)
	if t.terms.maxPersons != 0 {
		r.count(t)
	}
	r.judge()
	return r, nil
}

// count fills in the counts.
func (r *Result) count(t *Tally) {
	n := t.terms.outcomes()
	var precision Count
	precision.Within = make([]int64, t.terms.n)
	groups := make([]Group, t.terms.maxPersons)
	for i := range groups {
		groups[i] = Group{Persons: i + 1, Count: Count{Within: make([]int64, t.terms.n)}}
	}
	for hour := range hoursOfDay {
		for place := range places {
			for i := range groups {
				cell := t.cells[t.terms.group(hour, place, i+1):][:n]
				if r.Rule.precise(place) {
					precision.add(cell)
				}
				switch {
				case !r.Rule.inHours(place):
					for _, m := range cell {
						r.OutsideHours += m
					}
				case !r.Rule.judged(place):
					for _, m := range cell {
						r.BeyondCapacity += m
					}
				default:
					r.Base.add(cell)
					groups[i].add(cell)
					r.Hours[hour].add(cell)
				}
			}
		}
	}
	for _, g := range groups {
		if g.Total() > 0 {
			r.Groups = append(r.Groups, g)
		}
	}
	r.Invalid = invalidOf(t.cells)
	r.Precision.Share = compliance.Share{Met: precision.Answered, Total: precision.Total()}
	r.Precision.Deviations = precision.Unanswered

	for _, name := range t.cut() {
		r.Legs = append(r.Legs, r.leg(name, t.legs[name], &t.terms))
	}
	if t.others != nil {
		r.OtherLegs = r.leg("", t.others, &t.terms)
	}
	var times histogram
	for place, h := range t.times {
		if h != nil && r.Rule.judged(place) {
			times.merge(h)
		}
	}
	r.Percentiles, r.Times = times.percentiles(), times.bins()
}

// inHours reports whether the limits judge calls of a place by their hours.
func (r *Rule) inHours(place int) bool {
	return r.Hours == HoursAll || place&placeOpen != 0 // §4.8
}

// judged reports whether the limits judge calls of a place.
func (r *Rule) judged(place int) bool {
	// §4.7: exceeding the capacity exempts nothing, unless the rule says so.
	return r.inHours(place) && (r.OverCapacity != OverCapacityOut || place&placeOver == 0)
}

// precise reports whether calls of a place are in the delivery precision. §4.7 takes calls over capacity out of the performance base alone: an
// interpretation without an option.
func (r *Rule) precise(place int) bool {
	if r.PrecisionHours == 0 {
		return r.inHours(place)
	}
	return r.PrecisionHours == HoursAll || place&placeOpen != 0 // §4.10
}

// add adds the outcomes of a cell.
func (c *Count) add(cell vector) {
	sets := cell[:len(cell)-faultKinds]
	for set, n := range sets {
		c.Answered += n
		for i := range c.Within {
			c.Within[i] += n * int64(set>>i&1)
		}
	}
	unanswered := cell[len(sets):]
	c.Unanswered.Unknown += unanswered[faultUnknown]
	c.Unanswered.Operator += unanswered[FaultOperator]
	c.Unanswered.Provider += unanswered[FaultProvider]
}

func invalidOf(v vector) Invalid {
	v = v[len(v)-reasons:]
	return Invalid{At: v[invalidAt], Persons: v[invalidPersons], Response: v[invalidResponse]}
}

func (r *Result) leg(name string, l leg, ts *terms) Leg {
	out := Leg{Provider: name, Count: Count{Within: make([]int64, ts.n)}, Invalid: invalidOf(l)}
	for place := range places {
		if r.Rule.judged(place) {
			out.add(l[place*ts.outcomes():][:ts.outcomes()])
		}
	}
	return out
}

// judge comes to the verdicts.
func (r *Result) judge() {
	r.Outcomes = r.outcomes(&r.Base)
	if r.Rule.Groups == GroupsEach {
		for i := range r.Groups {
			r.Groups[i].Outcomes = r.outcomes(&r.Groups[i].Count)
		}
		for k := range r.Outcomes {
			r.Outcomes[k].of(r.Groups, k)
		}
	}
	r.Verdict = compliance.NotAgreed
	for _, o := range r.Outcomes {
		if r.Verdict == compliance.NotAgreed || o.Verdict == compliance.Missed {
			r.Verdict = o.Verdict
		}
	}
	// §4.10
	p := &r.Precision
	p.Verdict, p.Left = p.Share.Verdict(r.Rule.Precision), p.Share.MissesLeft(r.Rule.Precision)
}

// outcomes applies the limits to calls.
func (r *Result) outcomes(c *Count) []Outcome {
	var out []Outcome
	for i, l := range r.Rule.Limits {
		share := c.Share(i, r.Rule.Unanswered)
		out = append(out, Outcome{l, share, share.Verdict(l.Share), share.MissesLeft(l.Share)})
	}
	return out
}

// of makes the outcome of a limit that of all group sizes, each by itself; those without data have no say.
func (o *Outcome) of(groups []Group, limit int) {
	first := true
	for _, g := range groups {
		group := g.Outcomes[limit]
		if group.Share.Total == 0 {
			continue
		}
		if first || group.Left < o.Left {
			o.Verdict, o.Left = group.Verdict, group.Left
		}
		first = false
	}
}

// String is the result in a line; what was left out follows, where there is any.
//
//	within 7 s (+1.5 s a person): 91.20 %, goal 90 %: met; slowest 11.8 s: met
//	within 7 s: 89.99 %, goal 90 %: missed by 1; 3 not within 12 s, slowest 14.2 s: missed; 9720 of 10000 answered, 97.20 %, goal 98 %: missed by 80
//	within 7 s: 91.20 %, goal 90 % of each group size: missed at size 2, 5; left out: 2 invalid, 312 outside opening hours
//	no calls
func (r Result) String() string {
	var parts []string
	if r.Base.Total()+r.Precision.Share.Total == 0 {
		parts = append(parts, "no calls")
	} else {
		for i := range r.Outcomes {
			parts = append(parts, r.outcome(i))
		}
		if len(r.Outcomes) == 0 || !r.Rule.Precision.IsZero() {
			parts = append(parts, r.Precision.Share.Line("answered", r.Rule.Precision))
		}
	}
	var out []string
	for _, left := range []struct {
		n    int64
		what string
	}{
		{r.Invalid.Total(), "invalid"}, {r.OutsideHours, "outside opening hours"}, {r.BeyondCapacity, "beyond capacity"},
	} {
		if left.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", left.n, left.what))
		}
	}
	if len(out) > 0 {
		parts = append(parts, "left out: "+strings.Join(out, ", "))
	}
	return strings.Join(parts, "; ")
}

var everyCall = compliance.MustGoal("100%")

// outcome is one limit in the line.
func (r *Result) outcome(limit int) string {
	o := &r.Outcomes[limit]
	each := r.Rule.Groups == GroupsEach
	if o.Limit.Share == everyCall && o.Share.Total > 0 && !each { // §4.8: "the rest"
		slowest := "slowest " + servicetime.FormatDuration(r.Percentiles.Max)
		if o.Verdict == compliance.Met {
			return slowest + ": met"
		}
		return fmt.Sprintf("%d not within %s, %s: missed", -o.Left, o.Limit, slowest)
	}
	text := fmt.Sprintf("within %s: ", o.Limit)
	if o.Share.Total == 0 {
		text += "no data"
	} else {
		text += o.Share.Percent(o.Limit.Share) + " %"
	}
	text += ", goal " + o.Limit.Share.String()
	if each && !o.Limit.Share.IsZero() {
		text += " of each group size"
	}
	switch {
	case o.Verdict == compliance.Met:
		text += ": met"
	case o.Verdict == compliance.Missed && each:
		text += ": missed at size " + r.missed(limit)
	case o.Verdict == compliance.Missed:
		text += fmt.Sprintf(": missed by %d", -o.Left)
	}
	return text
}

// missed lists the group sizes that miss a limit.
func (r *Result) missed(limit int) string {
	var sizes []string
	for _, g := range r.Groups {
		if g.Outcomes[limit].Verdict == compliance.Missed {
			sizes = append(sizes, strconv.Itoa(g.Persons))
		}
	}
	return strings.Join(sizes, ", ")
}
