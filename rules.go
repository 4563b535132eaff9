package sla

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
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

	up      *availability.Rule // nil without rules
	members map[string]bool    // the providers of the composition, nil without one
	fast    *performance.Rule  // nil without rules
	back    *continuity.Rule   // nil without rules

	services map[string]*Rules

	changesOpening *servicetime.Calendar
	meetingDays    *servicetime.Calendar
	reportDays     *servicetime.Calendar

	kept *kept
}

// kept is what is worked out once of rules, which do not change: their document, and the review of the year that was last asked for.
type kept struct {
	mu       sync.Mutex
	document *place // nil is not yet
	year     int    // 0 is none
	findings []Finding
}

// at is the text of the value at a path of the agreement's document.
func (r *Rules) at(path string) (value string, there bool) {
	r.kept.mu.Lock()
	defer r.kept.mu.Unlock()
	if r.kept.document == nil {
		document, err := documentOf(r.agreement)
		if err != nil {
			return "", false
		}
		r.kept.document = &document
	}
	n, _, rest := r.kept.document.node.find(path)
	return r.kept.document.of.raw(*n), rest == ""
}

// clauseOf is the clause of a section.
func (r *Rules) clauseOf(section string) (there bool, clause string) {
	value, there := r.at(section + ".clause")
	return there, strings.Trim(value, `"`)
}

// The largest agreement that is compiled and reviewed.
const (
	MaxServices = 100
	MaxLimits   = 100 // of availability, of capacity, and open points
)

// MaxServiceTimes is how many service times an agreement can have: each is a calendar of about a megabyte.
const MaxServiceTimes = 64

// kindRules is what tickets of one kind are judged by.
type kindRules struct {
	kind      priority.Kind
	rules     *TicketRules
	byClass   map[string]priority.Rule // orders
	policy    priority.Policy          // others
	providers map[string]*kindRules    // §4.2.1: the same on the support hours of a provider
}

// with is the same with every rule changed.
func (k *kindRules) with(change func(rule priority.Rule) priority.Rule) *kindRules {
	changed := *k
	changed.byClass, changed.policy.Rules, changed.providers = maps.Clone(k.byClass), nil, maps.Clone(k.providers)
	for class, rule := range k.byClass {
		changed.byClass[class] = change(rule)
	}
	for _, rule := range k.policy.Rules {
		changed.policy.Rules = append(changed.policy.Rules, change(rule))
	}
	for name, provider := range k.providers {
		changed.providers[name] = provider.with(change)
	}
	return &changed
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
//   - [servicetime.ErrConvention] if a reading is no convention for the targets,
//   - [availability.ErrReading], [availability.ErrLimit], [availability.ErrQuorum], [availability.ErrComposition] and [availability.ErrLadder] if
//     the rules of availability and changes are wrong.
func (a Agreement) Compile(zones servicetime.Zones, sets ...servicetime.Holidays) (*Rules, error) {
	a = a.clone()
	c := compiler{
		Rules:   &Rules{agreement: a, calendars: map[string]*servicetime.Calendar{}, kinds: map[priority.Kind]*kindRules{}, kept: &kept{}},
		support: map[string]*servicetime.Calendar{},
	}
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
	return c.rules()
}

// With is the rules under other readings of the same text (§3.3.1, §4.3, §4.3.1, §4.5). Its calendars are the same ones.
//
// It returns an error, as [Agreement.Compile] does, if a reading is missing, or no convention for the targets.
func (r *Rules) With(readings Readings) (*Rules, error) {
	a := r.agreement.clone()
	a.Readings = readings
	c := compiler{
		Rules:   &Rules{agreement: a, calendars: r.calendars, months: r.months, kinds: map[priority.Kind]*kindRules{}, kept: &kept{}},
		support: map[string]*servicetime.Calendar{},
	}
	return c.rules()
}

// rules compiles all that stands on the calendars.
func (c *compiler) rules() (*Rules, error) {
	a := &c.agreement
	tickets, levels := a.hasTickets()
	if levels || !reflect.ValueOf(a.Priority).IsZero() {
		c.priorities()
	}
	if tickets || levels || !reflect.ValueOf(a.Priority).IsZero() {
		c.readings()
	}
	c.providers()
	c.sections()
	c.document()
	for _, name := range slices.Sorted(maps.Keys(a.Services)) {
		c.service(name)
	}
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	return c.Rules, nil
}

// hasTickets reports whether tickets of any kind are judged, and whether any of them by their priority.
func (a *Agreement) hasTickets() (tickets, levels bool) {
	tickets, levels = a.Orders != nil, a.Incidents != nil || a.Problems != nil
	for _, s := range a.Services {
		tickets, levels = tickets || s.Orders != nil, levels || s.Incidents != nil || s.Problems != nil
	}
	return tickets || levels, levels
}

// sections compiles what a service can have of its own, and what follows from it.
func (c *compiler) sections() {
	a := &c.agreement
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
	c.availability()
	c.changes()
	c.performance()
	c.capacity()
	c.continuity()
	c.reportDue()
}

// with is the agreement as it is for a service.
func (a Agreement) with(name string) Agreement {
	s := a.Services[name]
	a.Name, a.Services = a.Name+"/"+name, nil
	title := maps.Clone(a.Title)
	for language := range title {
		title[language] += ", " + name
	}
	a.Title = title
	if s.Title != nil {
		a.Title = s.Title
	}
	own(&a.Incidents, s.Incidents)
	own(&a.Orders, s.Orders)
	own(&a.Problems, s.Problems)
	own(&a.Availability, s.Availability)
	own(&a.Performance, s.Performance)
	own(&a.Capacity, s.Capacity)
	own(&a.Continuity, s.Continuity)
	return a
}

func own[T any](of **T, has *T) {
	if has != nil {
		*of = has
	}
}

// service compiles the rules of one.
func (c *compiler) service(name string) {
	rules := *c.Rules
	rules.agreement, rules.services, rules.kept = c.agreement.with(name), nil, &kept{}
	rules.kinds, rules.up, rules.members, rules.fast, rules.back = map[priority.Kind]*kindRules{}, nil, nil, nil, nil
	of := compiler{Rules: &rules, support: c.support}
	of.sections()
	if c.services == nil {
		c.services = map[string]*Rules{}
	}
	c.services[name] = &rules
	has := c.agreement.Services[name].sections()
	for _, err := range of.faults { // those of what it shares are told already
		fault := *err.(*servicetime.Fault) //nolint:errorlint,forcetypeassert // made by fault and nest
		if section, _, _ := strings.Cut(fault.Path, "."); has[section] {
			fault.Path = "services." + name + "." + fault.Path
			c.faults = append(c.faults, &fault)
		}
	}
}

// Service is the rules of one of the agreement's services: those of its own, and the agreement's.
//
// It returns an error wrapping [ErrUnknown] if there is none of that name.
func (r *Rules) Service(name string) (*Rules, error) {
	if rules := r.services[name]; rules != nil {
		return rules, nil
	}
	return nil, fmt.Errorf("sla: service %q: %w: services are %q", name, ErrUnknown, slices.Sorted(maps.Keys(r.services)))
}

// document checks what is only told.
func (c *compiler) document() {
	a := &c.agreement
	if v := a.Valid; v.From != (servicetime.Date{}) && v.To != (servicetime.Date{}) && v.From.Compare(v.To) > 0 {
		c.fault("valid.to", "", "bad_request", v.To.String(), fmt.Errorf("%w: it ends before it begins, %s", servicetime.ErrBackwards, v.From))
	}
	if a.Report != nil {
		for _, name := range slices.Sorted(maps.Keys(a.Report.Content)) {
			if !slices.Contains(Sections(), name) {
				c.fault("report.content."+name, a.Report.ContentClause, "not_found", name, fmt.Errorf("%w: sections are %q", ErrUnknown, Sections()))
			}
		}
	}
	for i, p := range a.Parties {
		if p.Role == "" {
			c.fault(fmt.Sprintf("parties[%d].role", i), p.Clause, "bad_request", "", fmt.Errorf("%w: say what the party does: operator, provider", ErrMissing))
		}
	}
	for i, d := range a.Duties {
		if len(d.Text) == 0 {
			c.fault(fmt.Sprintf("duties[%d].text", i), d.Clause, "bad_request", "", fmt.Errorf("%w: say what is agreed", ErrMissing))
		}
	}
	seen := map[string]bool{}
	for i, p := range a.OpenPoints {
		path, clause := fmt.Sprintf("open_points[%d]", i), strings.Join(p.Clauses, ", ")
		switch {
		case !isCode(p.Code):
			c.fault(path+".code", clause, "bad_request", p.Code, fmt.Errorf("%w: a code is lower-case words and hyphens", servicetime.ErrText))
		case seen[p.Code]:
			c.fault(path+".code", clause, "bad_request", p.Code, fmt.Errorf("%w: it stands twice: each point has a code of its own", servicetime.ErrText))
		case slices.ContainsFunc(findingCodes, func(f FindingCode) bool { return f.Code == p.Code }):
			c.fault(path+".code", clause, "bad_request", p.Code, fmt.Errorf("%w: it is that of a finding: write another", servicetime.ErrText))
		}
		seen[p.Code] = true
		if len(p.Clauses) == 0 {
			c.fault(path+".clauses", "", "bad_request", "", fmt.Errorf("%w: name the clauses", ErrMissing))
		}
		if len(p.Text) == 0 {
			c.fault(path+".text", clause, "bad_request", "", fmt.Errorf("%w: say what is open", ErrMissing))
		}
	}
}

// isCode reports whether a text is lower-case words with hyphens between them.
func isCode(s string) bool {
	for word := range strings.SplitSeq(s, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
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
		{"services", len(a.Services), MaxServices},
		{"open_points", len(a.OpenPoints), MaxLimits},
	} {
		if part.n > part.most {
			return &servicetime.Fault{Path: part.path, Code: "too_large", Err: fmt.Errorf("%d: %w: at most %d", part.n, servicetime.ErrLimit, part.most)}
		}
	}
	for _, name := range append(slices.Sorted(maps.Keys(a.Services)), "") {
		of, path := a, ""
		if name != "" {
			of, path = a.with(name), "services."+name+"."
		}
		n := 0
		if of.Availability != nil {
			n = len(of.Availability.Limits)
		}
		if n > MaxLimits {
			return &servicetime.Fault{Path: path + "availability.limits", Code: "too_large", Err: fmt.Errorf("%d: %w: at most %d", n, servicetime.ErrLimit, MaxLimits)}
		}
		if n = 0; of.Capacity != nil {
			n = len(of.Capacity.Limits)
		}
		if n > MaxLimits {
			return &servicetime.Fault{Path: path + "capacity.limits", Code: "too_large", Err: fmt.Errorf("%d: %w: at most %d", n, servicetime.ErrLimit, MaxLimits)}
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
	support map[string]*servicetime.Calendar // of providers
	faults  []error
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
	if name == "" && c.calendars[name] == nil {
		c.fault(path, clause, "bad_request", "", fmt.Errorf("%w: name one of %q", ErrMissing, slices.Sorted(maps.Keys(c.agreement.ServiceTimes))))
		return nil
	}
	if _, there := c.agreement.ServiceTimes[name]; !there {
		c.fault(path, clause, "not_found", name, fmt.Errorf("%w: service times are %q", ErrUnknown, slices.Sorted(maps.Keys(c.agreement.ServiceTimes))))
	}
	return c.calendars[name]
}

func (c *compiler) priorities() {
	p := c.agreement.Priority
	if len(p.Levels) == 0 && reflect.ValueOf(p).IsZero() {
		c.fault("priority", "", "bad_request", "", fmt.Errorf("%w: incidents and problems are judged by their priority: name its levels", ErrMissing))
		return
	}
	for i, name := range p.Levels {
		switch {
		case name == "":
			c.fault(fmt.Sprintf("priority.levels[%d]", i), p.Clause, "bad_request", "", fmt.Errorf("%w: each level has a name", ErrMissing))
		case slices.Index(p.Levels, name) < i:
			c.fault(fmt.Sprintf("priority.levels[%d]", i), p.Clause, "bad_request", name, fmt.Errorf("%w: it stands twice: each level has a name of its own", servicetime.ErrText))
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
	if p.direct() {
		return // each ticket comes with its priority
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
	if p.Impact != nil {
		if err := p.Impact.Check(); err != nil {
			c.fault("priority.impact", p.Impact.Clause, "bad_request", "", err)
		}
	}
}

func (c *compiler) readings() {
	r := c.agreement.Readings
	if r == (Readings{}) {
		c.fault("readings", "", "bad_request", "", fmt.Errorf("%w: tickets are judged by readings, and each must be named", ErrMissing))
		return
	}
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
		{"readings.reopened_counts", r.ReopenedCounts.String()},
		{"readings.priority_changes", r.PriorityChanges.String()},
		{"readings.problem_priority", r.ProblemPriority.String()},
		{"readings.compliance", r.Compliance.String()},
		{"readings.counted_in", r.CountedIn.String()},
	} {
		if reading.text == "" {
			c.fault(reading.path, "", "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
		}
	}
}

// providers finds out whose support hours count for which kinds.
func (c *compiler) providers() {
	for _, name := range slices.Sorted(maps.Keys(c.agreement.Providers)) {
		provider := c.agreement.Providers[name]
		path := "providers." + name
		c.support[name] = c.calendar(path+".service_time", provider.Clause, provider.ServiceTime)
		for i, kind := range provider.Kinds {
			if !slices.Contains(allKinds, kind) {
				c.fault(fmt.Sprintf("%s.kinds[%d]", path, i), provider.Clause, "not_found", string(kind), fmt.Errorf("%w: kinds are %q", ErrUnknown, allKinds))
			}
		}
	}
}

// allKinds are the kinds of tickets that have rules of their own.
var allKinds = []priority.Kind{priority.Incident, priority.Order, priority.Problem}

func (c *compiler) kindRules(kind priority.Kind, path string, rules *TicketRules) *kindRules {
	r := c.agreement.Readings
	k := &kindRules{
		kind: kind, rules: rules, byClass: map[string]priority.Rule{}, providers: map[string]*kindRules{},
		policy: priority.Policy{Changing: r.PriorityChanges},
	}
	support := c.calendar(path+".service_time", rules.Clause, rules.ServiceTime)
	if rules.StopsAt.String() == "" {
		c.fault(path+".stops_at", rules.Clause, "bad_request", "", fmt.Errorf("%w: name where the clock stops", ErrMissing))
	}
	var outside, inHours *servicetime.Calendar
	if rules.OutOfHours != nil {
		if rules.OutOfHours.Outside != "" {
			inHours = c.calendar(path+".out_of_hours.outside", rules.Clause, rules.OutOfHours.Outside)
		}
		outside = c.calendar(path+".out_of_hours.service_time", rules.Clause, rules.OutOfHours.ServiceTime)
	}
	own := map[string]*servicetime.Calendar{}
	for _, name := range slices.Sorted(maps.Keys(rules.ServiceTimes)) {
		own[name] = c.calendar(path+".service_times."+name, rules.Clause, rules.ServiceTimes[name])
	}
	rule := func(name string) priority.Rule {
		rule := priority.Rule{
			Calendar: support, Targets: rules.Targets[name],
			Hours: r.Hours, BusinessDays: r.BusinessDays, Days: r.Days,
			PausesCount: r.Pauses == On, ResponsePausesCount: r.ResponsePauses == On, ReopenedCounts: r.ReopenedCounts == On,
			StopsAt: rules.StopsAt,
		}
		if calendar, has := own[name]; has {
			rule.Calendar = calendar
		}
		if rules.OutOfHours != nil {
			if targets, differ := rules.OutOfHours.Targets[name]; differ {
				out := rule
				out.Calendar, out.Targets = outside, targets
				rule.OutOfHours, rule.InHours = &out, inHours
			}
		}
		return rule
	}

	names := c.agreement.Priority.Levels
	if kind == priority.Order {
		names = slices.Sorted(maps.Keys(rules.Targets))
		for _, name := range names {
			k.byClass[name] = rule(name)
		}
	} else {
		for _, name := range names {
			if _, there := rules.Targets[name]; !there {
				c.fault(path+".targets."+name, rules.Clause, "bad_request", "", fmt.Errorf("%w: a level without targets is written {}", ErrMissing))
			}
			k.policy.Rules = append(k.policy.Rules, rule(name))
		}
	}
	// What is said of a level or type must be of one that there is.
	unknown := func(path string, keys iter.Seq[string]) {
		for _, name := range slices.Sorted(keys) {
			if !slices.Contains(names, name) {
				c.fault(path+"."+name, rules.Clause, "not_found", "", fmt.Errorf("%w: there are %q", ErrUnknown, names))
			}
		}
	}
	unknown(path+".targets", maps.Keys(rules.Targets))
	unknown(path+".service_times", maps.Keys(rules.ServiceTimes))
	if rules.OutOfHours != nil {
		unknown(path+".out_of_hours.targets", maps.Keys(rules.OutOfHours.Targets))
	}
	// §4.2.1: a provider with support hours of its own.
	for name, calendar := range c.support {
		if kinds := c.agreement.Providers[name].Kinds; len(kinds) == 0 || slices.Contains(kinds, kind) {
			k.providers[name] = k.with(func(rule priority.Rule) priority.Rule {
				rule.Calendar = calendar
				return rule
			})
		}
	}
	c.countable(path, k)
	return k
}

// countable finds targets that a calendar cannot count: AS_HOURS where its working days differ in length.
func (c *compiler) countable(path string, k *kindRules) {
	check := func(name string, rule priority.Rule) {
		if err := countable(rule); err != nil {
			c.fault(path+".targets."+name, k.rules.Clause, "bad_request", "", err)
		}
	}
	all := []*kindRules{k}
	for _, name := range slices.Sorted(maps.Keys(k.providers)) {
		all = append(all, k.providers[name])
	}
	seen := map[string]bool{} // one fault a level is enough
	for _, k := range all {
		for _, class := range slices.Sorted(maps.Keys(k.byClass)) {
			if faults := len(c.faults); !seen[class] {
				check(class, k.byClass[class])
				seen[class] = len(c.faults) > faults
			}
		}
		for i, rule := range k.policy.Rules {
			if faults := len(c.faults); !seen[c.agreement.Priority.Levels[i]] {
				check(c.agreement.Priority.Levels[i], rule)
				seen[c.agreement.Priority.Levels[i]] = len(c.faults) > faults
			}
		}
	}
}

// countable returns an error if the calendar of a rule cannot count one of its targets.
func countable(rule priority.Rule) error {
	for _, r := range []*priority.Rule{&rule, rule.OutOfHours} {
		if r == nil || r.Calendar == nil || r.BusinessDays != servicetime.AsHours {
			continue // reported, or countable
		}
		for _, target := range []servicetime.Target{r.Targets.Response, r.Targets.Resolution, r.Targets.Update} {
			if !r.BusinessDays.Counts(target) {
				continue
			}
			if _, err := r.Calendar.Deadline(time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC), target, r.BusinessDays); errors.Is(err, servicetime.ErrConvention) {
				return err
			}
		}
	}
	return nil
}

// Calendar is that of a service time by its name: "support", "support/Transportstyrelsen" (§4.1.1, §4.2.1).
//
// It returns an error wrapping [ErrUnknown] if the agreement has none of that name.
func (r *Rules) Calendar(name string) (*servicetime.Calendar, error) {
	if c := r.calendars[name]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("sla: service time %q: %w: there are %q", name, ErrUnknown, slices.Sorted(maps.Keys(r.calendars)))
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
	// Level is that by which the resolution is judged, 0 for orders. The response of a ticket whose priority has changed may be
	// judged by another.
	Level priority.Level
	priority.Judgement
}

// Judge gives a ticket its priority and replays it as of an instant.
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no rule for the ticket's kind, or type of order, or if a problem has no
//     priority,
//   - wrapping [priority.ErrClass] if impact, urgency or priority are outside the matrix,
//   - and those of [priority.Policy.Judge].
//
// Of a protected ticket no text is in the result or the error, but its number (§4.11).
func (r *Rules) Judge(t priority.Ticket, asOf time.Time) (j Judgement, err error) {
	err = r.judge(&j, &t, asOf)
	return j, err
}

// judge is Judge in place: tickets and judgements are large. It leaves the zero judgement where there is an error, and may
// take the texts out of a protected ticket.
func (r *Rules) judge(j *Judgement, t *priority.Ticket, asOf time.Time) error {
	r.withhold(t)
	k := r.kinds[t.Kind]
	if k == nil {
		return withheld(t, fmt.Errorf("sla: ticket %q: kind %q: %w", t.Number, t.Kind, ErrNotJudged))
	}
	if err := r.judgeBy(k, j, t, asOf); err != nil {
		*j = Judgement{}
		return withheld(t, err)
	}
	return nil
}

// withhold takes the texts out of a protected record that a result would show: reasons of pauses, and a provider that the agreement
// does not name.
func (r *Rules) withhold(t *priority.Ticket) {
	if !t.Protected {
		return
	}
	t.Pauses = slices.Clone(t.Pauses)
	for i := range t.Pauses {
		t.Pauses[i].Reason = ""
	}
	if _, known := r.agreement.Providers[t.Provider]; !known {
		t.Provider = ""
	}
}

// withheld takes the texts of a protected record out of an error, and leaves its cause and the name of its field (§4.11).
func withheld(t *priority.Ticket, err error) error {
	if err == nil || !t.Protected {
		return err
	}
	path := ""
	if fault := (*servicetime.Fault)(nil); errors.As(err, &fault) {
		path = fault.Path
	}
	cause := ErrNotJudged
	for _, known := range []error{
		priority.ErrRecord, priority.ErrClass, priority.ErrFuture, priority.ErrReading, priority.ErrTiming,
		servicetime.ErrRange, servicetime.ErrNoOpenTime, servicetime.ErrConvention,
	} {
		if errors.Is(err, known) {
			cause = known
		}
	}
	return fmt.Errorf("sla: ticket %q, a protected record: %w", t.Number, &servicetime.Fault{Path: path, Code: "bad_request", Err: cause})
}

func (r *Rules) judgeBy(k *kindRules, j *Judgement, t *priority.Ticket, asOf time.Time) error {
	// Before anything is derived from the instants of the record they must be in order.
	if err := t.Check(); err != nil {
		return err
	}
	// §4.2.1: a provider with support hours of its own.
	if provider := k.providers[t.Provider]; provider != nil {
		k = provider
	}
	j.Clause = k.rules.Clause
	var err error
	if k.kind == priority.Order {
		rule, there := k.byClass[t.Class]
		if !there {
			return fmt.Errorf("sla: ticket %q: order type %q: %w", t.Number, t.Class, ErrNotJudged)
		}
		j.Priority = t.Class
		j.Judgement, err = rule.Judge(t, asOf)
		return err
	}
	level, err := r.level(k, t)
	if err != nil {
		return err
	}
	if j.Judgement, err = k.policy.Judge(t, level, asOf); err != nil {
		return err
	}
	j.Level = j.Resolution.Level
	j.Priority = r.agreement.Priority.Levels[j.Level-1]
	return nil
}

// Impact derives the impact of an incident from what was observed (§4.3), with the reason and the clause.
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no rule for it,
//   - and those of [priority.ImpactRule.Impact].
func (r *Rules) Impact(o priority.Observation) (impact int, why, clause string, err error) {
	rule := r.agreement.Priority.Impact
	if rule == nil {
		return 0, "", "", fmt.Errorf("sla: impact from observations: %w", ErrNotJudged)
	}
	impact, why, err = rule.Impact(o)
	return impact, why, rule.Clause, err
}

// Level is the priority that a ticket has at first: the one given, else that of its impact and the second axis (§4.3), or of
// its factors (§4.5).
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no rule for the kind, an order has no priority, or a problem none that
//     is given or can be derived,
//   - and wrapping [priority.ErrClass] if impact, urgency or priority are outside the matrix.
func (r *Rules) Level(t priority.Ticket) (priority.Level, error) {
	k := r.kinds[t.Kind]
	if k == nil || k.kind == priority.Order {
		return 0, withheld(&t, fmt.Errorf("sla: ticket %q: kind %q: %w", t.Number, t.Kind, ErrNotJudged))
	}
	level, err := r.level(k, &t)
	return level, withheld(&t, err)
}

// Cell is the level of an impact in a class of the matrix's second axis (§4.3).
//
// It returns an error wrapping [ErrNotJudged] if the agreement has no matrix, or [priority.ErrClass] if it does not have these.
func (r *Rules) Cell(impact, second int) (priority.Level, error) {
	if len(r.matrix) == 0 {
		return 0, fmt.Errorf("sla: matrix of priorities: %w", ErrNotJudged)
	}
	return r.matrix.Level(impact, second)
}

// level is the priority of a ticket that has one given, else that of its impact and the second axis (§4.3).
func (r *Rules) level(k *kindRules, t *priority.Ticket) (priority.Level, error) {
	if t.Priority != 0 {
		if levels := len(k.policy.Rules); t.Priority < 1 || int(t.Priority) > levels {
			return 0, fmt.Errorf("sla: ticket %q: priority %d: %w: 1 to %d", t.Number, t.Priority, priority.ErrClass, levels)
		}
		return t.Priority, nil
	}
	if k.kind == priority.Problem {
		// §4.5: the priority of a problem is an input; the option derives it with the incident matrix.
		impact, timing := t.Factors.Worst()
		if r.agreement.Readings.ProblemPriority != WorstFactors || impact == 0 && timing == 0 {
			return 0, fmt.Errorf("sla: ticket %q: a problem without a priority: %w", t.Number, ErrNotJudged)
		}
		level, err := r.matrix.Level(impact, timing)
		if err != nil {
			return 0, fmt.Errorf("sla: ticket %q: factors: %w", t.Number, err)
		}
		return level, nil
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
	if r.agreement.Priority.direct() {
		return 0, fmt.Errorf("sla: ticket %q: its priority is not given: %w: the agreement has no matrix", t.Number, ErrNotJudged)
	}
	if t.Impact == 0 {
		return 0, fmt.Errorf("sla: ticket %q: neither its priority nor its impact is given: %w: 1 to %d", t.Number, priority.ErrClass, len(r.matrix[0]))
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

// CountsIn is the month in which a judged ticket counts (§4.3.1); it is false while it runs in none. Of a ticket whose times count one by one, and in two months, it is that
// of the last. One without any target is in the month in which it was done.
func (r *Rules) CountsIn(j Judgement) (servicetime.Month, bool) {
	var last time.Time
	out, n := r.outcomes(&j)
	for _, o := range out[:n] {
		if o.verdict != compliance.NoData && o.at.After(last) {
			last = o.at
		}
	}
	if last.IsZero() {
		return servicetime.Month{}, false
	}
	d := r.months.Date(last)
	return servicetime.Month{Year: d.Year, Month: d.Month}, d.IsValid()
}

// outcomes are what a judgement adds to a share (§4.3.1): one outcome where a ticket must meet all its
// times, else one for each time. A ticket without any target has one, when it stops.
func (r *Rules) outcomes(j *Judgement) (out [2]outcome, n int) {
	if r.agreement.Readings.Compliance == Each {
		for _, c := range [...]*priority.Clock{&j.Response, &j.Resolution} {
			if v, at := c.Outcome(); v != compliance.NoTarget {
				out[n] = outcome{c.Level, v, at}
				n++
			}
		}
	}
	if n == 0 {
		v, at := j.Outcome()
		if v == compliance.NoTarget {
			at = j.Resolution.Done
			if at.IsZero() {
				v = compliance.NoData
			}
		}
		out[0], n = outcome{j.Level, v, at}, 1
	}
	for i := range out[:n] {
		o := &out[i]
		switch {
		case o.verdict == compliance.NoData, r.agreement.Readings.CountedIn == BySettled:
		case r.agreement.Readings.CountedIn == ByReceipt:
			o.at = j.Resolution.Received
		default: // O §4.3.1: all by the month of resolution
			if o.at = j.Resolution.Done; o.at.IsZero() {
				o.verdict = compliance.NoData
			}
		}
	}
	return out, n
}

// outcome is a verdict at a level, and the instant at which it counts, zero for NoData.
type outcome struct {
	level   priority.Level
	verdict compliance.Verdict
	at      time.Time
}
