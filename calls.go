package sla

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	apart            bool  // parts were merged whose calls interleave: nobody knows their order
	unmeasured       int64 // calls that were not answered, and of which the record does not say how long they took
	users            capacity.Users
	gate             *gate // where calls beyond capacity are left out
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
			t.gate = &gate{window: int64(cmp.Or(limit.Window, limit.Per)) / int64(time.Second)}
			t.gate.limiter, _ = capacity.NewLimiter(limit)
		}
	}
	return t
}

// Call counts calls of the month: those that were received in it, and not after as-of. Calls come in the order in which they were received, but for at
// most [capacity.Lateness]; what comes later than that is in no figure that depends on the order (sliding peaks, concurrency, buckets; and under over_capacity
// out it counts as within capacity), and the report says how many there were.
//
// A call is known from its receipt on, with its answer, however long that took: as of an instant in between too.
//
// A call to one base service, which names its provider, is in that provider's figures alone. Whether a call is over the agreed capacity is found here,
// whatever its record says: every composite call takes a place, an invalid one too, since it was asked.
func (m *Month) Call(calls ...performance.Call) {
	t, rule := &m.calls, m.rules.fast
	t.calls += int64(len(calls))
	judged := 0 // calls before it have been, or wait
	// judge judges those before i, and goes on behind so many more, which it leaves out.
	judge := func(i, more int) {
		if rule != nil && judged < i {
			_ = t.performance.Add(rule, calls[judged:i]...) // the rule has been checked
		}
		judged = i + more
	}
	for i := range calls {
		c := &calls[i]
		at := c.At.Unix()
		switch {
		case at < t.from || at >= t.to || c.At.After(m.asOf):
			if rule != nil && !m.rules.months.Covers(c.At) { // a forgotten instant, which is of no month
				continue
			}
			judge(i, 1)
			t.elsewhere++
			continue
		case c.Provider != "":
			continue
		}
		// Calls at all hours count (§4.7).
		t.volume.Add(c.At)
		if !t.apart && c.Response >= 0 && c.Response <= longestCall {
			_ = t.flow.Add(c.At, c.Response) // what it refuses is missing there
		}
		if !c.Answered && c.Response == 0 {
			t.unmeasured++
		}
		if t.gate != nil {
			judge(i, 1)
			t.wait(rule, c, at)
		}
	}
	judge(len(calls), 0)
}

// wait lets a call wait at the gate.
func (t *callTally) wait(rule *performance.Rule, c *performance.Call, at int64) {
	g := t.gate
	if g.add(*c, at); len(g.waiting) < max(g.room, gateRoom) {
		return
	}
	g.pass(rule, &t.performance, time.Unix(g.last, 0).Add(-capacity.Lateness))
	g.room = 2 * len(g.waiting) // so that the sorting of many that wait is not done again for each
}

// A gate finds out which calls are beyond capacity: those of a window that come when it is full (§4.7). They wait until none can come before them.
type gate struct {
	limiter     *capacity.Limiter
	window      int64 // of its limit, in seconds
	waiting     []performance.Call
	room        int // how many wait before the earliest are looked at, if more than gateRoom
	late        int64
	any         bool
	first, last int64 // of all calls so far, in seconds
}

// gateRoom is how many calls wait before the earliest are looked at.
const gateRoom = 8192

func (g *gate) add(c performance.Call, at int64) {
	g.waiting = append(g.waiting, c)
	if !g.any {
		g.any, g.first, g.last = true, at, at
	}
	g.first, g.last = min(g.first, at), max(g.last, at)
}

// pass judges the calls before an instant, in their order.
func (g *gate) pass(rule *performance.Rule, t *performance.Tally, until time.Time) {
	slices.SortStableFunc(g.waiting, func(a, b performance.Call) int { return a.At.Compare(b.At) })
	n := 0
	for ; n < len(g.waiting) && g.waiting[n].At.Before(until); n++ {
		c := g.waiting[n]
		in, err := g.limiter.Allow(c.At)
		if c.Over = err == nil && !in; err != nil { // one that comes too late is within
			g.late++
		}
		_ = t.Add(rule, c)
	}
	g.waiting = append(g.waiting[:0], g.waiting[n:]...)
}

// longestCall is how long a call can have been under way: what lasts longer is a slip of a record, and would occupy the service for days.
const longestCall = 24 * time.Hour

// settled is the tally of performance and the gate as if no call could come late any more: copies, so that more may come.
func (t *callTally) settled(rule *performance.Rule) (*performance.Tally, *gate) {
	if t.gate == nil {
		return &t.performance, nil
	}
	all, g := &performance.Tally{}, *t.gate
	_ = all.Merge(&t.performance) // of the same rule
	limiter := *g.limiter         // of a calendar limit, which shares nothing
	g.limiter, g.waiting = &limiter, slices.Clone(g.waiting)
	g.pass(rule, all, time.Unix(g.last+1, 0))
	return all, &g
}

// mergeable reports whether both can be one tally: where calls beyond capacity are left out, no window of the limit may have calls of both, nor one between
// those of the other, since nobody then knows which of them came first.
func (t *callTally) mergeable(o *callTally) bool {
	if t.gate == nil || !t.gate.any || !o.gate.any {
		return true
	}
	a, b := t.gate, o.gate
	if b.first < a.first {
		a, b = b, a
	}
	return a.last/a.window < b.first/b.window
}

// User counts a call of the month for its user, whatever the records call one: a municipality, a handler (§5). It is told beside [Month.Call], of calls that it
// counts too.
func (m *Month) User(name string) { m.calls.users.Add(name) }

func (t *callTally) merge(o *callTally, rule *performance.Rule) {
	mine, g := t.settled(rule)
	theirs, og := o.settled(rule)
	if g != nil {
		t.performance = *mine
		t.gate = g
		if og.any && (!g.any || og.first > g.first) { // what comes next comes behind theirs
			g.limiter = og.limiter
		}
		switch {
		case og.any && g.any:
			g.first, g.last = min(g.first, og.first), max(g.last, og.last)
		case og.any:
			g.any, g.first, g.last = true, og.first, og.last
		}
		g.late += og.late
	}
	t.calls += o.calls
	t.elsewhere += o.elsewhere
	t.unmeasured += o.unmeasured
	_ = t.performance.Merge(theirs) // of the same rules
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
	// NotInFlow are composite calls that are in no figure that depends on the order of calls: they came too late, or lasted less than no time, or
	// parts were merged that interleave. Limits that depend on it may then be missed, and are not known to be met.
	NotInFlow int64
	// Unmeasured are composite calls that were not answered, and of which the record does not say how long they took: they occupy nothing, so that the
	// concurrency is higher than it is told.
	Unmeasured int64
	// LateForCapacity are composite calls that came too late to tell whether they were beyond capacity, where those are left out (§4.7); they count as within.
	LateForCapacity int64

	Performance PerformanceReport
	Capacity    CapacityReport
}

// A PerformanceReport is the section on performance and delivery precision.
type PerformanceReport struct {
	Clause, PrecisionClause string
	Agreed                  bool // there are rules
	performance.Result
}

// OutcomeText is the sentence of a limit, counted from 0: "912 of 1000 in time, 91.20 %, goal 90 %: met, 12 misses left". Where every group size is judged
// by itself it says which of them miss.
func (p *PerformanceReport) OutcomeText(limit int) string {
	o := &p.Outcomes[limit]
	if o.Verdict == o.Share.Verdict(o.Limit.Share) {
		return o.Share.Line("in time", o.Limit.Share)
	}
	var sizes []string
	for _, g := range p.Groups {
		if g.Outcomes[limit].Verdict == o.Verdict {
			sizes = append(sizes, strconv.Itoa(g.Persons))
		}
	}
	return fmt.Sprintf("%s in time, goal %s of each group size: %s with %s persons", o.Share, o.Limit.Share, o.Verdict, strings.Join(sizes, " "))
}

// A CapacityReport is the section on capacity. Volume and flow are reported without rules too.
type CapacityReport struct {
	Clause string
	Agreed bool // there are rules
	Users  string
	// Verdict is that of the limits that bind: missed if one is missed, no data if one is not known, met if all are.
	Verdict compliance.Verdict
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
	judged, g := t.settled(m.rules.fast)
	r := CallReport{Calls: t.calls, Elsewhere: t.elsewhere, Unmeasured: t.unmeasured}
	a := &m.rules.agreement
	r.Performance.Verdict, r.Performance.Precision.Verdict = compliance.NotAgreed, compliance.NotAgreed
	if a.Performance != nil {
		result, err := judged.Result(m.rules.fast)
		if err == nil { // the rule has been checked
			r.Performance = PerformanceReport{a.Performance.Clause, a.Performance.PrecisionClause, true, result}
		}
	}
	if g != nil {
		r.LateForCapacity = g.late
	}
	c := &r.Capacity
	c.Volume, c.FlowUnknown, c.Verdict = t.volume.Result(), t.apart, compliance.NotAgreed
	c.Usage = t.users.Result()
	flow := t.flow
	if t.apart {
		flow = m.rules.newCallTally(m.span).flow // of no calls
	}
	c.Flow = flow.Result()
	r.NotInFlow = c.Volume.Calls - c.Flow.Calls
	if a.Capacity == nil {
		return r
	}
	c.Agreed, c.Clause, c.Users, c.Verdict = true, a.Capacity.Clause, a.Capacity.Users, compliance.NotAgreed
	c.Limits, _ = capacity.Judge(a.Capacity.Limits, &t.volume, flow) // they have been checked
	known := true
	for i := range c.Limits {
		o := &c.Limits[i]
		if o.Verdict == compliance.Met && (o.Kind == capacity.Concurrency && r.Unmeasured > 0 || o.Model != capacity.Calendar && r.NotInFlow > 0) {
			o.Verdict = compliance.NoData // a peak that is too low proves nothing
		}
		if !o.Advisory {
			if c.Verdict == compliance.NotAgreed {
				c.Verdict = compliance.NoData
			}
			c.Verdict = worse(c.Verdict, o.Verdict)
			known = known && (o.Verdict != compliance.NoData || c.Volume.Calls == 0)
		}
	}
	if !known && c.Verdict == compliance.Met {
		c.Verdict = compliance.NoData
	}
	return r
}

// lines are the figures of the sections.
func (r *CallReport) lines(yield func(Line) bool) bool {
	if p := &r.Performance; p.Agreed {
		for i, o := range p.Outcomes {
			if !yield(Line{p.Clause, "performance, within " + o.Limit.String(), o.Verdict, p.OutcomeText(i)}) {
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
	if u := &r.Capacity.Usage; u.Calls > 0 && !yield(Line{r.Capacity.Clause, "users", compliance.NotAgreed, u.String()}) {
		return false
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
