package sla

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// Rules is a compiled [Agreement]. It never changes, and any number of goroutines may use one.
type Rules struct {
	agreement Agreement
	calendars map[string]*servicetime.Calendar
	months    *servicetime.Calendar // open at all times, in the agreement's zone
	matrix    priority.Matrix
	opening   *servicetime.Calendar // of timing
	kinds     map[priority.Kind]*kindRules
	support   map[string]*servicetime.Calendar // of providers with support hours of their own
}

// MaxServiceTimes is how many service times an agreement can have: each is a calendar of about a megabyte.
const MaxServiceTimes = 64

// kindRules is what tickets of one kind are judged by.
type kindRules struct {
	kind    priority.Kind
	rules   *TicketRules
	byClass map[string]priority.Rule // orders
	byLevel []priority.Rule          // others, from level 1
}

// Compile checks that the rules fit together and makes them ready to judge. It asks zones for each
// time zone; [time.LoadLocation] is one such loader. Sets of holidays that the agreement names, other
// than those of package servicetime, are looked up among sets.
//
// It returns all faults at once, each a [*servicetime.Fault] with path and clause, joined. They wrap the
// causes of [servicetime.Compile], and:
//   - [servicetime.ErrLimit] if there are more than [MaxServiceTimes], or [priority.MaxLevel] levels (then nothing
//     else is looked at),
//   - [ErrMissing] if a rule, a reading or a target is missing,
//   - [ErrUnknown] if a rule refers to a service time or a level that is not there,
//   - [priority.ErrMatrix], [priority.ErrTiming] if those are wrong,
//   - [servicetime.ErrConvention] if a reading is no convention for the targets.
func (a Agreement) Compile(zones servicetime.Zones, sets ...servicetime.Holidays) (*Rules, error) {
	a = a.clone()
	c := compiler{Rules: &Rules{
		agreement: a,
		calendars: map[string]*servicetime.Calendar{},
		kinds:     map[priority.Kind]*kindRules{},
		support:   map[string]*servicetime.Calendar{},
	}}
	if err := a.checkSize(); err != nil {
		return nil, err
	}
	var err error
	c.months, err = servicetime.Compile(servicetime.Schedule{Zone: a.Zone, Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, zones)
	if err != nil {
		c.nest("", "", err)
	}
	for _, name := range slices.Sorted(maps.Keys(a.ServiceTimes)) {
		s := a.ServiceTimes[name]
		calendar, err := servicetime.Compile(s.Schedule, zones, sets...)
		if err != nil {
			c.nest("service_times."+name, s.Clause, err)
			continue
		}
		c.calendars[name] = calendar
	}
	c.priorities()
	c.readings()
	for _, name := range slices.Sorted(maps.Keys(a.Providers)) {
		provider := a.Providers[name]
		c.support[name] = c.calendar("providers."+name+".service_time", provider.Clause, provider.ServiceTime)
	}
	for _, k := range []struct {
		kind  priority.Kind
		path  string
		rules *TicketRules
	}{
		{priority.Incident, "incidents", a.Incidents},
		{priority.Order, "orders", a.Orders},
		{priority.Problem, "problems", a.Problems},
	} {
		if k.rules != nil {
			c.kinds[k.kind] = c.kindRules(k.kind, k.path, k.rules)
		}
	}
	// §4.11: security incidents have the levels and targets of incidents.
	if incidents := c.kinds[priority.Incident]; incidents != nil {
		c.kinds[priority.Security] = incidents
	}
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	return c.Rules, nil
}

// checkSize refuses an agreement that would cost too much before any work is spent on it.
func (a Agreement) checkSize() error {
	for _, part := range []struct {
		path    string
		n, most int
	}{
		{"service_times", len(a.ServiceTimes), MaxServiceTimes},
		{"priority.levels", len(a.Priority.Levels), priority.MaxLevel},
		{"priority.matrix", len(a.Priority.Matrix), priority.MaxLevel},
		{"providers", len(a.Providers), servicetime.MaxWindows},
	} {
		if part.n > part.most {
			return &servicetime.Fault{Path: part.path, Code: "too_large", Err: fmt.Errorf("%d: %w: at most %d", part.n, servicetime.ErrLimit, part.most)}
		}
	}
	for i, row := range a.Priority.Matrix {
		if len(row) > priority.MaxLevel {
			return &servicetime.Fault{Path: fmt.Sprintf("priority.matrix[%d]", i), Code: "too_large", Err: fmt.Errorf("%d: %w: at most %d", len(row), servicetime.ErrLimit, priority.MaxLevel)}
		}
	}
	return nil
}

// compiler gathers faults while Rules grow.
type compiler struct {
	*Rules
	faults []error
}

func (c *compiler) fault(path, clause, code, value string, err error) {
	c.faults = append(c.faults, &servicetime.Fault{Path: path, Clause: clause, Code: code, Value: value, Err: err})
}

// nest adds the faults of a part under its path.
func (c *compiler) nest(path, clause string, err error) {
	for _, part := range parts(err) {
		fault := &servicetime.Fault{Code: "bad_request", Err: part}
		if inner := (*servicetime.Fault)(nil); errors.As(part, &inner) {
			copied := *inner
			fault = &copied
		}
		fault.Clause = clause
		if fault.Path = join(path, fault.Path); strings.HasSuffix(fault.Path, ".") {
			fault.Path = path // a fault of the whole part
		}
		c.faults = append(c.faults, fault)
	}
}

// calendar looks up a reference to a service time.
func (c *compiler) calendar(path, clause, name string) *servicetime.Calendar {
	if _, there := c.agreement.ServiceTimes[name]; !there {
		c.fault(path, clause, "not_found", name, fmt.Errorf("%w: service times are %q", ErrUnknown, slices.Sorted(maps.Keys(c.agreement.ServiceTimes))))
	}
	return c.calendars[name]
}

func (c *compiler) priorities() {
	p := c.agreement.Priority
	for i, name := range p.Levels {
		if name == "" || slices.Index(p.Levels, name) < i {
			c.fault(fmt.Sprintf("priority.levels[%d]", i), p.Clause, "bad_request", name, fmt.Errorf("%w: each level needs a name of its own", ErrMissing))
		}
	}
	for i, row := range p.Matrix {
		levels := make([]priority.Level, len(row))
		for j, name := range row {
			k := slices.Index(p.Levels, name)
			if k < 0 {
				c.fault(fmt.Sprintf("priority.matrix[%d][%d]", i, j), p.Clause, "not_found", name, fmt.Errorf("%w: levels are %q", ErrUnknown, p.Levels))
				k = 0 // reported; the shape is still checked
			}
			levels[j] = priority.Level(k + 1)
		}
		c.matrix = append(c.matrix, levels)
	}
	if err := c.matrix.Check(max(1, len(p.Levels))); err != nil {
		c.fault("priority.matrix", p.Clause, "bad_request", "", err)
	}
	switch {
	case p.SecondAxis.String() == "":
		c.fault("priority.second_axis", p.Clause, "bad_request", "", fmt.Errorf("%w: write timing or urgency", ErrMissing))
	case p.SecondAxis == ByTiming && p.Timing == nil:
		c.fault("priority.timing", p.Clause, "bad_request", "", fmt.Errorf("%w: the second axis is timing", ErrMissing))
	case p.SecondAxis == ByUrgency && p.Timing != nil:
		c.fault("priority.timing", p.Timing.Clause, "bad_request", "", fmt.Errorf("%w: the second axis is urgency, leave it out", ErrUnknown))
	case p.SecondAxis == ByTiming:
		if err := p.Timing.Check(); err != nil {
			c.fault("priority.timing", p.Timing.Clause, "bad_request", "", err)
		}
		if len(p.Matrix) != 4 {
			c.fault("priority.matrix", p.Clause, "bad_request", "", fmt.Errorf("%w: timing has 4 classes, the matrix %d rows", priority.ErrMatrix, len(p.Matrix)))
		}
		c.opening = c.calendar("priority.timing.service_time", p.Timing.Clause, p.Timing.ServiceTime)
	}
}

func (c *compiler) readings() {
	r := c.agreement.Readings
	for _, reading := range []struct {
		path, target string
		how          servicetime.Convention
	}{
		{"readings.hours", "1 h", r.Hours},
		{"readings.business_days", "1 business day", r.BusinessDays},
		{"readings.days", "1 day", r.Days},
	} {
		if reading.how == 0 {
			c.fault(reading.path, "", "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
			continue
		}
		if !reading.how.Counts(servicetime.MustTarget(reading.target)) {
			c.fault(reading.path, "", "bad_request", reading.how.String(), fmt.Errorf("%w: it must count targets such as %q", servicetime.ErrConvention, reading.target))
		}
	}
	for _, reading := range []struct{ path, text string }{
		{"readings.pauses", r.Pauses.String()},
		{"readings.response_pauses", r.ResponsePauses.String()},
		{"readings.compliance", r.Compliance.String()},
	} {
		if reading.text == "" {
			c.fault(reading.path, "", "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
		}
	}
}

func (c *compiler) kindRules(kind priority.Kind, path string, rules *TicketRules) *kindRules {
	k := &kindRules{kind: kind, rules: rules, byClass: map[string]priority.Rule{}}
	r := c.agreement.Readings
	base := priority.Rule{
		Calendar: c.calendar(path+".service_time", rules.Clause, rules.ServiceTime),
		Hours:    r.Hours, BusinessDays: r.BusinessDays, Days: r.Days,
		PausesCount: r.Pauses == On, ResponsePausesCount: r.ResponsePauses == On,
		StopsAt: rules.StopsAt,
	}
	if rules.StopsAt.String() == "" {
		c.fault(path+".stops_at", rules.Clause, "bad_request", "", fmt.Errorf("%w: name where the clock stops", ErrMissing))
	}
	if kind == priority.Order {
		for _, class := range slices.Sorted(maps.Keys(rules.Targets)) {
			base.Targets = rules.Targets[class]
			c.countable(path+".targets."+class, rules.Clause, base)
			k.byClass[class] = base
		}
		return k
	}
	for _, level := range c.agreement.Priority.Levels {
		targets, there := rules.Targets[level]
		if !there {
			c.fault(path+".targets."+level, rules.Clause, "bad_request", "", fmt.Errorf("%w: a level without targets is written {}", ErrMissing))
		}
		base.Targets = targets
		c.countable(path+".targets."+level, rules.Clause, base)
		k.byLevel = append(k.byLevel, base)
	}
	for _, level := range slices.Sorted(maps.Keys(rules.Targets)) {
		if !slices.Contains(c.agreement.Priority.Levels, level) {
			c.fault(path+".targets."+level, rules.Clause, "not_found", "", fmt.Errorf("%w: levels are %q", ErrUnknown, c.agreement.Priority.Levels))
		}
	}
	return k
}

// countable finds targets that a calendar cannot count: AS_HOURS where its working days differ in length.
func (c *compiler) countable(path, clause string, rule priority.Rule) {
	if rule.BusinessDays != servicetime.AsHours {
		return
	}
	calendars := []*servicetime.Calendar{rule.Calendar}
	for _, name := range slices.Sorted(maps.Keys(c.support)) {
		calendars = append(calendars, c.support[name])
	}
	for _, calendar := range calendars {
		if calendar == nil {
			continue // reported
		}
		for _, target := range []servicetime.Target{rule.Targets.Response, rule.Targets.Resolution} {
			if !rule.BusinessDays.Counts(target) {
				continue
			}
			if _, err := calendar.Deadline(time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC), target, rule.BusinessDays); errors.Is(err, servicetime.ErrConvention) {
				c.fault(path, clause, "bad_request", target.String(), err)
				return
			}
		}
	}
}

// Agreement returns a copy of the data that the rules were compiled from.
func (r *Rules) Agreement() Agreement { return r.agreement.clone() }

// ErrNotJudged is the cause where the agreement has no rule for a ticket, or the ticket not what the rule asks for.
var ErrNotJudged = errors.New("no rule")

// A Judgement is what became of one ticket as of an instant, with the rule that says so.
type Judgement struct {
	Clause string // of the targets
	// Priority is the name of the level, or the type of an order.
	Priority string
	Level    priority.Level // 0 for orders
	priority.Judgement
}

// Judge gives a ticket its priority and replays it as of an instant.
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no rule for the ticket's kind, or type of order, or if a problem has no
//     priority,
//   - wrapping [priority.ErrClass] if impact, urgency or priority are outside the matrix,
//   - and those of [priority.Rule.Judge].
func (r *Rules) Judge(t priority.Ticket, asOf time.Time) (Judgement, error) {
	k := r.kinds[t.Kind]
	if k == nil {
		return Judgement{}, fmt.Errorf("sla: ticket %q: kind %q: %w", t.Number, t.Kind, ErrNotJudged)
	}
	return r.judge(k, &t, asOf)
}

func (r *Rules) judge(k *kindRules, t *priority.Ticket, asOf time.Time) (Judgement, error) {
	// Before anything is derived from the instants of the record they must be in order.
	if err := t.Check(); err != nil {
		return Judgement{}, err
	}
	j := Judgement{Clause: k.rules.Clause}
	var rule priority.Rule
	if k.kind == priority.Order {
		var there bool
		if rule, there = k.byClass[t.Class]; !there {
			return Judgement{}, fmt.Errorf("sla: ticket %q: order type %q: %w", t.Number, t.Class, ErrNotJudged)
		}
		j.Priority = t.Class
	} else {
		level, err := r.level(k, t)
		if err != nil {
			return Judgement{}, err
		}
		j.Level, j.Priority, rule = level, r.agreement.Priority.Levels[level-1], k.byLevel[level-1]
	}
	// §4.2.1: a provider with support hours of its own, for all its tickets.
	if support := r.support[t.Provider]; support != nil {
		rule.Calendar = support
	}
	var err error
	if j.Judgement, err = rule.Judge(t, asOf); err != nil {
		return Judgement{}, err
	}
	return j, nil
}

// level is the priority of a ticket that has one given, else that of its impact and the second axis (§4.3).
func (r *Rules) level(k *kindRules, t *priority.Ticket) (priority.Level, error) {
	if t.Priority != 0 {
		if t.Priority < 1 || int(t.Priority) > len(k.byLevel) {
			return 0, fmt.Errorf("sla: ticket %q: priority %d: %w: 1 to %d", t.Number, t.Priority, priority.ErrClass, len(k.byLevel))
		}
		return t.Priority, nil
	}
	// §4.5: the priority of a problem is an input.
	if k.kind == priority.Problem {
		return 0, fmt.Errorf("sla: ticket %q: a problem without a priority: %w", t.Number, ErrNotJudged)
	}
	second := t.Urgency
	if r.agreement.Priority.SecondAxis == ByTiming {
		at := t.Received
		if !t.Occurred.IsZero() {
			at = t.Occurred
		}
		var err error
		if second, err = r.agreement.Priority.Timing.Class(r.opening, at); err != nil {
			return 0, fmt.Errorf("sla: ticket %q: %w", t.Number, err)
		}
	}
	if second == 0 {
		return 0, fmt.Errorf("sla: ticket %q: its urgency is not given: %w: 1 to %d", t.Number, priority.ErrClass, len(r.matrix))
	}
	level, err := r.matrix.Level(t.Impact, second)
	if err != nil {
		return 0, fmt.Errorf("sla: ticket %q: %w", t.Number, err)
	}
	return level, nil
}

// outcomes are what a judgement adds to a share (§4.3.1): one outcome where a ticket must meet all its
// times, else one for each time. A ticket without any target has one, when it stops.
func (r *Rules) outcomes(j Judgement) []outcome {
	if r.agreement.Readings.Compliance == Each {
		var out []outcome
		for _, c := range []priority.Clock{j.Response, j.Resolution} {
			if v, at := c.Outcome(); v != compliance.NoTarget {
				out = append(out, outcome{v, at})
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	v, at := j.Outcome()
	if v == compliance.NoTarget {
		at = j.Resolution.Done
		if at.IsZero() {
			v = compliance.NoData
		}
	}
	return []outcome{{v, at}}
}

// outcome is a verdict and the instant at which it is settled, zero for NoData.
type outcome struct {
	verdict compliance.Verdict
	at      time.Time
}
