package sla

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// PerformanceRules say how fast calls are answered, and how many of them at all (§4.8, §4.10).
type PerformanceRules struct {
	Clause string `json:"clause"`
	// PrecisionClause is that of the delivery precision.
	PrecisionClause string `json:"precision_clause"`
	// ServiceTime names the opening hours.
	ServiceTime string `json:"service_time"`
	// The readings must be named.
	performance.Rule
}

// CapacityRules say how many calls the service is made for (§4.7).
type CapacityRules struct {
	Clause string           `json:"clause"`
	Limits []capacity.Limit `json:"limits,omitempty"`
	// Users is the agreed number of users, as the text has it; nothing is judged by it.
	Users string `json:"users,omitempty"`
}

func (r *PerformanceRules) clone() *PerformanceRules {
	c := copied(r)
	if c != nil {
		c.Limits = slices.Clone(r.Limits)
	}
	return c
}

func (r *CapacityRules) clone() *CapacityRules {
	c := copied(r)
	if c != nil {
		c.Limits = slices.Clone(r.Limits)
	}
	return c
}

// performance compiles the rules of §4.8 and §4.10.
func (c *compiler) performance() {
	r := c.agreement.Performance
	if r == nil {
		return
	}
	rule := r.Rule
	rule.Opening = c.calendar("performance.service_time", r.Clause, r.ServiceTime)
	c.fast = &rule
	for _, reading := range []struct{ path, text string }{
		{"performance.unanswered", r.Unanswered.String()},
		{"performance.hours", r.Hours.String()},
		{"performance.precision_hours", r.PrecisionHours.String()},
		{"performance.groups", r.Groups.String()},
		{"performance.over_capacity", r.OverCapacity.String()},
	} {
		if reading.text == "" {
			c.fault(reading.path, r.Clause, "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
		}
	}
	if err := rule.Check(); err != nil {
		c.nest("performance", r.Clause, err)
	}
	if _, bound := c.agreement.overCapacity(); r.OverCapacity == performance.OverCapacityOut && !bound {
		c.fault("performance.over_capacity", r.Clause, "bad_request", "out", fmt.Errorf("%w: no limit of capacity binds by the clock's windows", ErrMissing))
	}
}

// capacity compiles the rules of §4.7.
func (c *compiler) capacity() {
	r := c.agreement.Capacity
	if r == nil {
		return
	}
	for i, l := range r.Limits {
		if err := l.Check(); err != nil {
			c.nest(fmt.Sprintf("capacity.limits[%d]", i), cmp.Or(l.Clause, r.Clause), err)
		}
	}
}

// overCapacity is the limit beyond which calls are over the agreed capacity, where performance asks: the first that binds, and counts by the clock's windows.
func (a *Agreement) overCapacity() (capacity.Limit, bool) {
	if a.Capacity != nil {
		for _, l := range a.Capacity.Limits {
			if !l.Advisory && l.Kind != capacity.Concurrency && l.Model == capacity.Calendar {
				return l, true
			}
		}
	}
	return capacity.Limit{}, false
}

// callTally is what a month holds of calls.
type callTally struct {
	from, to         int64 // the month, in seconds
	calls, elsewhere int64
	performance      performance.Tally
	volume           capacity.Tally
	flow             *capacity.Timeline
	apart            bool // parts were merged whose calls interleave: nobody knows their order
	users            capacity.Users
	limiter          *capacity.Limiter // where calls beyond capacity are left out
	unordered        int64             // calls that came too late for flow or limiter
}

func (r *Rules) newCallTally(month servicetime.Span) callTally {
	t := callTally{from: month.From.Unix(), to: month.To.Unix()}
	a := &r.agreement
	var limits []capacity.Limit
	if a.Capacity != nil {
		limits = a.Capacity.Limits
	}
	t.flow, _ = capacity.NewTimeline(limits...) // they have been checked
	if a.Performance != nil && a.Performance.OverCapacity == performance.OverCapacityOut {
		if limit, bound := a.overCapacity(); bound {
			t.limiter, _ = capacity.NewLimiter(limit)
		}
	}
	return t
}

// Call counts a call of the month: one that was received in it, and not after as-of. Calls come in the order in which they were received, but for at
// most [capacity.Lateness]; what comes later than that is in all figures but those that depend on the order (sliding peaks, concurrency), and the report says
// how many there were.
//
// A call to one base service, which names its provider, is in that provider's figures alone.
func (m *Month) Call(c performance.Call) {
	t := &m.calls
	t.calls++
	if at := c.At.Unix(); at < t.from || at >= t.to || c.At.After(m.asOf) {
		t.elsewhere++
		return
	}
	if c.Provider == "" {
		// Calls at all hours count (§4.7).
		t.volume.Add(c.At)
		late := false
		if !t.apart && c.Response >= 0 {
			late = t.flow.Add(c.At, c.Response) != nil
		}
		if t.limiter != nil {
			in, err := t.limiter.Allow(c.At)
			c.Over, late = err == nil && !in, late || err != nil
		}
		if late {
			t.unordered++
		}
	}
	if m.rules.fast != nil {
		_ = t.performance.Add(m.rules.fast, c) // the rule has been checked
	}
}

// mergeable reports whether both can be one tally: where calls beyond capacity are left out, no window of the limit may have calls of both, since nobody then
// knows which of them came first.
func (t *callTally) mergeable(o *callTally, limit capacity.Limit) bool {
	if t.limiter == nil {
		return true
	}
	if t.apart || o.apart {
		return false
	}
	mine, theirs := t.flow.Result().Span, o.flow.Result().Span
	if mine.From.IsZero() || theirs.From.IsZero() {
		return true
	}
	if theirs.From.Before(mine.From) {
		mine, theirs = theirs, mine
	}
	window := int64(cmp.Or(limit.Window, limit.Per)) / int64(time.Second)
	return mine.To.Unix()/window < theirs.From.Unix()/window
}

// User counts a call of the month for its user, whatever the records call one: a municipality, a handler (§5). It is told beside [Month.Call], of calls that it
// counts too.
func (m *Month) User(name string) { m.calls.users.Add(name) }

func (t *callTally) merge(o *callTally) {
	t.calls += o.calls
	t.elsewhere += o.elsewhere
	t.unordered += o.unordered
	_ = t.performance.Merge(&o.performance) // of the same rules
	t.volume.Merge(&o.volume)
	t.users.Merge(&o.users)
	t.apart = t.apart || o.apart
	if !t.apart && t.flow.Merge(o.flow) != nil {
		t.apart = true
	}
}

// A CallReport is the sections on calls: performance (§4.8), delivery precision (§4.10) and capacity (§4.7).
type CallReport struct {
	// Calls were given to the month, Elsewhere of them are of other months or after as-of.
	Calls, Elsewhere int64
	// Unordered are calls that came too late, or in parts that interleave, for the figures that depend on their order.
	Unordered int64

	Performance PerformanceReport
	Capacity    CapacityReport
}

// A PerformanceReport is the section on performance and delivery precision.
type PerformanceReport struct {
	Clause, PrecisionClause string
	Agreed                  bool // there are rules
	performance.Result
}

// A CapacityReport is the section on capacity. Volume and flow are reported without rules too.
type CapacityReport struct {
	Clause  string
	Agreed  bool // there are rules
	Users   string
	Verdict compliance.Verdict // of the limits that bind
	Limits  []capacity.Outcome
	Volume  capacity.Volume
	// Usage is who called how often, of the calls of which [Month.User] was told.
	Usage capacity.Usage
	// Flow is empty where FlowUnknown says that calls of merged parts interleave.
	Flow        capacity.Flow
	FlowUnknown bool
}

func (m *Month) callReport() CallReport {
	t := &m.calls
	r := CallReport{Calls: t.calls, Elsewhere: t.elsewhere, Unordered: t.unordered}
	a := &m.rules.agreement
	r.Performance.Verdict, r.Performance.Precision.Verdict = compliance.NotAgreed, compliance.NotAgreed
	if a.Performance != nil {
		result, err := t.performance.Result(m.rules.fast)
		if err == nil { // the rule has been checked
			r.Performance = PerformanceReport{a.Performance.Clause, a.Performance.PrecisionClause, true, result}
		}
	}
	c := &r.Capacity
	c.Volume, c.FlowUnknown, c.Verdict = t.volume.Result(), t.apart, compliance.NotAgreed
	c.Usage = t.users.Result()
	flow := t.flow
	if t.apart {
		flow = m.rules.newCallTally(m.span).flow // of no calls
	}
	c.Flow = flow.Result()
	if a.Capacity == nil {
		return r
	}
	c.Agreed, c.Clause, c.Users, c.Verdict = true, a.Capacity.Clause, a.Capacity.Users, compliance.NoData
	c.Limits, _ = capacity.Judge(a.Capacity.Limits, &t.volume, flow) // they have been checked
	for _, o := range c.Limits {
		if !o.Advisory {
			c.Verdict = worse(c.Verdict, o.Verdict)
		}
	}
	return r
}

// lines are the figures of the sections.
func (r *CallReport) lines(yield func(Line) bool) bool {
	if p := &r.Performance; p.Agreed {
		for _, o := range p.Outcomes {
			text := o.Share.Line("in time", o.Limit.Share)
			if o.Verdict != o.Share.Verdict(o.Limit.Share) {
				text += "; missed, since a group size misses it by itself"
			}
			if !yield(Line{p.Clause, "performance, within " + o.Limit.String(), o.Verdict, text}) {
				return false
			}
		}
		// §4.10: shown as deviations.
		text := p.Precision.Share.Line("answered", p.Rule.Precision)
		if n := p.Precision.Deviations.Total(); n > 0 {
			text += fmt.Sprintf("; deviations: %s", p.Precision.Deviations)
		}
		if !yield(Line{p.PrecisionClause, "delivery precision", p.Precision.Verdict, text}) {
			return false
		}
	}
	if c := &r.Capacity; c.Agreed {
		for _, o := range c.Limits {
			name := "capacity"
			if o.Advisory {
				name += " (advisory)"
			}
			if !yield(Line{cmp.Or(o.Clause, c.Clause), name, o.Verdict, o.String()}) {
				return false
			}
		}
	}
	return true
}
