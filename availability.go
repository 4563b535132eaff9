package sla

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// AvailabilityRules say when the service shall be up, and how long and how often it may be down (§4.6.1, §4.9).
type AvailabilityRules struct {
	Clause string `json:"clause"`
	// ServiceTime names the opening hours.
	ServiceTime string `json:"service_time"`
	// The readings planned and degraded must be named.
	availability.Rule
	// Limits are judged each by itself, and are of this clause where they name none.
	Limits []availability.Limit `json:"limits,omitempty"`
	// Quorum is how many base services must answer in one composite call.
	Quorum *availability.Quorum `json:"quorum,omitempty"`
	// Composition makes the service of its providers: their outages then are its own, and an outage must name one of them, or none. Left
	// out, an outage that names a provider is that provider's alone.
	Composition *availability.Composition `json:"composition,omitempty"`
	// Credits are by the share of the month.
	Credits availability.Ladder `json:"credits,omitempty"`
}

func (r *AvailabilityRules) clone() *AvailabilityRules {
	if r == nil {
		return nil
	}
	c := *r
	c.Limits = slices.Clone(r.Limits)
	for i := range c.Limits {
		l := &c.Limits[i]
		l.Down, l.Longest, l.Interruptions = copied(l.Down), copied(l.Longest), copied(l.Interruptions)
	}
	c.Quorum, c.Credits = copied(r.Quorum), slices.Clone(r.Credits)
	if r.Composition != nil {
		nodes := 0
		whole := cloned(*r.Composition, &nodes)
		c.Composition = &whole
	}
	return &c
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// cloned copies a composition. Of one that is larger than any may be it leaves the rest as it is: such a one is refused.
func cloned(c availability.Composition, nodes *int) availability.Composition {
	if *nodes++; *nodes > availability.MaxDepth*availability.MaxProviders {
		return c
	}
	c.Members = slices.Clone(c.Members)
	for i, member := range c.Members {
		c.Members[i] = cloned(member, nodes)
	}
	return c
}

// availability compiles the rules of §4.9.
func (c *compiler) availability() {
	r := c.agreement.Availability
	if r == nil {
		return
	}
	rule := r.Rule
	rule.Opening, rule.Periods = c.calendar("availability.service_time", r.Clause, r.ServiceTime), c.months
	c.up = &rule
	for _, reading := range []struct{ path, text string }{
		{"availability.planned", r.Planned.String()},
		{"availability.degraded", r.Degraded.String()},
	} {
		if reading.text == "" {
			c.fault(reading.path, r.Clause, "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
		}
	}
	if err := r.CheckReadings(); err != nil {
		c.nest("availability", r.Clause, err)
	}
	for i, l := range r.Limits {
		if err := l.Check(); err != nil {
			c.fault(fmt.Sprintf("availability.limits[%d]", i), cmp.Or(l.Clause, r.Clause), "bad_request", "", err)
		}
	}
	if r.Quorum != nil {
		if err := r.Quorum.Check(); err != nil {
			c.fault("availability.quorum", r.Clause, "bad_request", "", err)
		}
	}
	if r.Composition != nil {
		c.members = map[string]bool{}
		if err := r.Composition.Check(); err != nil {
			c.nest("availability.composition", r.Clause, err)
		} else {
			for _, name := range r.Composition.Names() {
				c.members[name] = true
			}
		}
	}
	if err := r.Credits.Check(); err != nil {
		c.nest("availability.credits", r.Clause, err)
	}
}

// Condition is that of one composite call (§4.9), by how many base services it asked and how many of them answered.
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no quorum,
//   - and those of [availability.Quorum.Condition].
func (r *Rules) Condition(asked, answered int) (availability.Condition, error) {
	a := r.agreement.Availability
	if a == nil || a.Quorum == nil {
		return 0, fmt.Errorf("sla: condition of a call: %w", ErrNotJudged)
	}
	return a.Quorum.Condition(asked, answered)
}

// uptime is what a month holds of outages and service windows. It knows those of other months too, since limits hold for years.
type uptime struct {
	composite availability.Tally
	providers map[string]*providerTally
	others    int64              // outages of providers that are not told apart
	incidents availability.Tally // when incidents were open, as down
	given     bool               // somebody told of outages, or that there were none
	outages   int64
	rejected  int64
	told      list[availability.Outage] // those that reach into the month, for their causes
	windows   list[ListedWindow]
	notJudged list[NotJudged]
}

type providerTally struct {
	availability.Tally
	outages int64
}

func newUptime() uptime {
	var u uptime
	u.told.compare, u.windows.compare, u.notJudged.compare = byStart, byPlan, byReceipt
	return u
}

// byStart is the order of outages. The figures decide where two begin together.
func byStart(a, b availability.Outage) int {
	return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), strings.Compare(a.Provider, b.Provider), strings.Compare(a.Cause, b.Cause),
		strings.Compare(a.Plan, b.Plan), a.Communicated.Compare(b.Communicated))
}

// Outage counts an outage, of any time: limits hold for years. One that cannot be counted is listed with the reason.
//
// An outage that names a provider is that provider's; it is the composite service's too where the agreement says how providers
// make it up ([AvailabilityRules]).
func (m *Month) Outage(o availability.Outage) {
	u := &m.up
	u.outages++
	if o.From.After(m.asOf) {
		return // nothing is known of it yet
	}
	if err := o.Check(); err != nil {
		m.rejectOutage(o, err)
		return
	}
	composed := m.rules.members != nil
	if o.Provider == "" {
		_ = u.composite.Outage(o) // it has been checked
	} else {
		if composed && !m.rules.members[o.Provider] {
			m.rejectOutage(o, &servicetime.Fault{Path: "provider", Clause: m.rules.agreement.Availability.Clause, Code: "not_found", Value: o.Provider, Err: availability.ErrProvider})
			return
		}
		p := u.provider(o.Provider)
		p.outages++
		_ = p.Outage(o) // it has been checked
		u.cut()
	}
	if o.Provider != "" && !composed {
		return // it says nothing of the composite service
	}
	u.given = true
	if o.From.Before(m.span.To) && (o.To.IsZero() || o.To.After(m.span.From)) {
		if o.Communicated.After(m.asOf) {
			o.Communicated = time.Time{} // not yet
		}
		u.told.add(o)
	}
}

func (m *Month) rejectOutage(o availability.Outage, err error) {
	m.up.rejected++
	m.up.notJudged.add(NotJudged{Received: o.From, Err: fmt.Errorf("sla: outage from %s: %w", o.From.Format(time.RFC3339), err)})
}

func (u *uptime) provider(name string) *providerTally {
	if u.providers == nil {
		u.providers = map[string]*providerTally{}
	}
	if u.providers[name] == nil {
		u.providers[name] = &providerTally{}
	}
	return u.providers[name]
}

// cut keeps the MaxProviders first by name, from time to time: a name among them has been since it was first seen.
func (u *uptime) cut() {
	if len(u.providers) == 2*MaxProviders {
		u.keepFirst()
	}
}

func (u *uptime) keepFirst() {
	names := slices.Sorted(maps.Keys(u.providers))
	for _, name := range names[min(len(names), MaxProviders):] {
		u.others += u.providers[name].outages
		delete(u.providers, name)
	}
}

// Window counts a service window that belongs to no change, of any time (§4.6.1). One that cannot be counted is listed with the reason.
func (m *Month) Window(w availability.Window) {
	if w.Check() == nil {
		m.listWindow("", w)
	}
	if err := m.up.composite.Window(w); err != nil {
		m.up.rejected++
		m.up.outages++
		m.up.notJudged.add(NotJudged{Received: w.PlannedFrom, Err: fmt.Errorf("sla: service window from %s: %w", w.PlannedFrom.Format(time.RFC3339), err)})
	}
}

// listWindow notes a window that has opening hours in the month: a reader must see what was excused, and why.
func (m *Month) listWindow(change string, w availability.Window) {
	if m.rules.up == nil {
		return
	}
	from, to := w.PlannedFrom, w.PlannedTo
	if w.ActualTo.After(to) {
		to = w.ActualTo
	}
	if from.Before(m.span.From) {
		from = m.span.From
	}
	if until := m.until(); to.After(until) {
		to = until
	}
	if !from.Before(to) {
		return
	}
	if open, err := m.rules.up.Opening.Elapsed(from, to); err == nil && open > 0 {
		m.up.windows.add(ListedWindow{Window: w, Change: change, Open: open, Critical: m.critical([]availability.Window{w})})
	}
}

// until is as-of, or the end of the month where that came before.
func (m *Month) until() time.Time {
	if m.asOf.Before(m.span.To) {
		return m.asOf
	}
	return m.span.To
}

// Observed counts what was observed of the composite service in another way: by a monitor ([availability.Sampling]), or in composite calls
// ([availability.Quorum.Events]). An empty tally says that there were no outages: of a month that is told neither of outages nor of this nobody
// knows whether the service was up, and it has no verdict.
func (m *Month) Observed(t *availability.Tally) {
	m.up.given = true
	m.up.composite.Merge(t)
}

// Disturbance counts a spell in which the composite service was available with disturbance (§4.9), from when to when; a zero end has not come. It is neither downtime nor an
// interruption, and asks for an incident. One that cannot be is listed as not judged. That there were outages, or none, it does not say.
func (m *Month) Disturbance(from, to time.Time) {
	if from.After(m.asOf) {
		return // nothing is known of it yet
	}
	if err := m.up.composite.Degraded(from, to); err != nil {
		m.rejectOutage(availability.Outage{From: from, To: to}, err)
	}
}

// incident notes when an incident was open, since a disturbance asks for one (§4.9).
func (m *Month) incident(t *priority.Ticket) {
	if m.rules.up == nil || t.Kind != priority.Incident && t.Kind != priority.Security {
		return
	}
	from, to := t.Received, t.ReportedBack
	if !t.Occurred.IsZero() && t.Occurred.Before(from) {
		from = t.Occurred
	}
	if to.IsZero() {
		to = t.Resolved
	}
	_ = m.up.incidents.Down(from, to) // one that cannot be is told as a ticket
}

func (u *uptime) merge(o *uptime) {
	u.composite.Merge(&o.composite)
	u.incidents.Merge(&o.incidents)
	for name, theirs := range o.providers {
		p := u.provider(name)
		p.outages += theirs.outages
		p.Merge(&theirs.Tally)
		u.cut()
	}
	u.given = u.given || o.given
	u.others += o.others
	u.outages += o.outages
	u.rejected += o.rejected
	u.told.merge(&o.told)
	u.windows.merge(&o.windows)
	u.notJudged.merge(&o.notJudged)
}

// An AvailabilityReport is the section on availability and reliability (§4.9).
type AvailabilityReport struct {
	Clause string
	Agreed bool // there are rules
	// Verdict is missed if a limit is, met if one is met and none missed. If the month was told of no outages, nor that there were none (see
	// [Month.Observed]), what changes and windows made down can still miss a limit, and none is met: it is no data.
	Verdict compliance.Verdict
	// Limits are judged each in its period: the month, or the quarter, year or months in which or with which it ends, up to the end of the month, or as-of
	// where that comes first: so a later run of an old month says the same. That a year to date ends with the month reported is an interpretation.
	Limits []availability.Outcome
	// Month is the composite service in the month, and zero if nobody told of it. Its interruptions are known to as-of.
	Month availability.Measurement
	// Credit is the step of the agreement's ladder for the month's share; its Credit is empty for none.
	Credit availability.Step
	// Interruptions are those of Month, with what the records say of them.
	Interruptions []Interruption
	// Windows are the first [MaxListed] service windows with opening hours in the month, those of changes too: what is excused, and what is not (§4.6.1).
	Windows     []ListedWindow
	MoreWindows int64
	// Providers are the base services for which there are outages, each in the month, by name: the first [MaxProviders]. They are shown without the
	// service windows of the composite service, and not judged.
	Providers []ProviderAvailability
	// Uncovered are the disturbances of the month, cut to it, for which no incident was registered (§4.9). A disturbance that runs into an outage, or
	// out of one, is of one trouble with it: an incident at any time of the whole covers it, which is an interpretation.
	Uncovered []servicetime.Span

	Outages       int64 // all that were given to the month, of whatever time, and rejected windows
	OtherOutages  int64 // of providers behind the first MaxProviders
	Rejected      int64
	NotJudged     []NotJudged
	MoreNotJudged int64
}

// An Interruption is one of the composite service, with the outages that lie in it, the first [MaxListed] of the month.
type Interruption struct {
	availability.Interruption
	Outages []availability.Outage
}

// Causes are those of the outages, each once, in the order of their start.
func (i Interruption) Causes() []string {
	return distinct(i.Outages, func(o availability.Outage) string { return o.Cause })
}

// Plans are the plans of action of the outages, each once.
func (i Interruption) Plans() []string {
	return distinct(i.Outages, func(o availability.Outage) string { return o.Plan })
}

func distinct(outages []availability.Outage, text func(availability.Outage) string) []string {
	var out []string
	for _, o := range outages {
		if t := text(o); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// Communicated is when the operator was first told of one of the outages (§4.1.1). It is false if no record shows it.
func (i Interruption) Communicated() (at time.Time, shown bool) {
	for _, o := range i.Outages {
		if !o.Communicated.IsZero() && (!shown || o.Communicated.Before(at)) {
			at, shown = o.Communicated, true
		}
	}
	return at, shown
}

// A ListedWindow is a service window that has opening hours in the month.
type ListedWindow struct {
	availability.Window
	Change string        // the number of its change, empty for none
	Open   time.Duration // of the plan and its overrun, in the month
	// Critical says that the plan lies in a critical period (§3.2).
	Critical bool
}

// String is the window in a line: 2026-10-22 05:00 – 2026-10-22 08:00, ended 2026-10-22 08:30, 30 min in opening hours, decision not shown, overrun not announced.
func (w ListedWindow) String() string {
	const minute = "2006-01-02 15:04"
	text := w.PlannedFrom.Format(minute) + " – " + w.PlannedTo.Format(minute)
	if !w.ActualTo.IsZero() {
		text += ", ended " + w.ActualTo.Format(minute)
	}
	text += ", " + servicetime.FormatDuration(w.Open) + " in opening hours, "
	switch w.Decision {
	case availability.Decided:
		text += "decided"
	case availability.Undecided:
		text += "not decided"
	default:
		text += "decision not shown"
	}
	switch overran := w.ActualTo.After(w.PlannedTo); {
	case overran && w.Announced:
		text += ", overrun announced"
	case overran:
		text += ", overrun not announced"
	}
	if w.Critical {
		text += ", in a critical period"
	}
	return text
}

// byPlan is the order of service windows. Where two are planned alike the whole record decides.
func byPlan(a, b ListedWindow) int {
	if c := cmp.Or(a.PlannedFrom.Compare(b.PlannedFrom), a.PlannedTo.Compare(b.PlannedTo), strings.Compare(a.Change, b.Change)); c != 0 {
		return c
	}
	return strings.Compare(fmt.Sprintf("%+v", a.Window), fmt.Sprintf("%+v", b.Window))
}

// A ProviderAvailability is one base service in the month.
type ProviderAvailability struct {
	Name string
	availability.Measurement
}

// availability evaluates the section.
func (m *Month) availability() AvailabilityReport {
	u, rules := &m.up, m.rules.agreement.Availability
	u.keepFirst()
	r := AvailabilityReport{Verdict: compliance.NotAgreed, Outages: u.outages, OtherOutages: u.others, Rejected: u.rejected}
	r.NotJudged, r.MoreNotJudged = u.notJudged.sorted()
	if rules == nil {
		return r
	}
	r.Agreed, r.Clause = true, rules.Clause
	r.Verdict = compliance.NoData
	rule := *m.rules.up
	service := m.composed(rules)
	r.Limits = m.judgeLimits(service, rule, &r)
	r.Windows, r.MoreWindows = u.windows.sorted()
	if month, err := service.Result(rule, m.span, m.asOf); err == nil && (u.given || month.Down > 0) { // the month and as-of have been checked
		r.Month = month
	}
	for _, o := range r.Limits {
		r.Verdict = worse(r.Verdict, o.Verdict)
	}
	r.Credit, _ = rules.Credits.Credit(r.Month.Share())
	told, _ := u.told.sorted()
	for _, i := range r.Month.Interruptions { // in order, and apart
		for len(told) > 0 && !told[0].To.IsZero() && !told[0].To.After(i.Began) {
			told = told[1:]
		}
		r.Interruptions = append(r.Interruptions, Interruption{i, outagesIn(told, i)})
	}
	for _, name := range slices.Sorted(maps.Keys(u.providers)) {
		p, _ := u.providers[name].Result(rule, m.span, m.asOf)
		r.Providers = append(r.Providers, ProviderAvailability{name, p})
	}
	r.Uncovered = m.uncovered(service, r.Month.Disturbances)
	return r
}

// judgeLimits judges each limit that can be.
func (m *Month) judgeLimits(service *availability.Tally, rule availability.Rule, r *AvailabilityReport) []availability.Outcome {
	var can []availability.Limit
	for _, l := range m.rules.agreement.Availability.Limits {
		if _, err := rule.Periods.Span(l.Per.Period(m.month)); err != nil {
			// A year or twelve months that begin before 1970.
			r.NotJudged = append(r.NotJudged, NotJudged{Received: m.span.From, Err: fmt.Errorf("sla: availability, %s: %w", l.Per, err)})
			continue
		}
		can = append(can, l)
	}
	outcomes, _ := service.Judge(rule, can, m.month, m.until()) // all of it has been checked
	for i, o := range outcomes {
		if !m.up.given && o.Verdict != compliance.Missed {
			outcomes[i] = availability.Outcome{Limit: o.Limit}
		}
	}
	return outcomes
}

// uncovered are the spells of disturbance for which no incident was registered (§4.9).
func (m *Month) uncovered(service *availability.Tally, disturbed []servicetime.Span) []servicetime.Span {
	var trouble availability.Tally
	for _, state := range []availability.State{availability.Degraded, availability.Down} {
		for _, s := range service.Spans(state) {
			_ = trouble.Down(s.From, s.To) // all of these come from tallies
		}
	}
	whole, _ := availability.Uncovered(trouble.Spans(availability.Down), m.up.incidents.Spans(availability.Down), m.rules.up.Opening)
	var out []servicetime.Span
	for _, s := range disturbed {
		for len(whole) > 0 && !whole[0].To.IsZero() && !whole[0].To.After(s.From) {
			whole = whole[1:]
		}
		if len(whole) > 0 && !whole[0].From.After(s.From) {
			out = append(out, s)
		}
	}
	return out
}

// composed is the tally of the composite service, made of those of its providers where the agreement says how.
func (m *Month) composed(rules *AvailabilityRules) *availability.Tally {
	if rules.Composition == nil {
		return &m.up.composite
	}
	var outages []availability.Outage
	add := func(provider string, t *availability.Tally) {
		for _, s := range t.Spans(availability.Down) {
			outages = append(outages, availability.Outage{From: s.From, To: s.To, Provider: provider})
		}
	}
	add("", &m.up.composite)
	for name, p := range m.up.providers {
		add(name, &p.Tally)
	}
	var service availability.Tally
	service.Merge(&m.up.composite)
	if composite, err := rules.Composition.Compose(outages); err == nil { // both have been checked
		composite.AddTo(&service)
	}
	return &service
}

// outagesIn are the outages that make up an interruption, of those told, which come in order.
func outagesIn(told []availability.Outage, i availability.Interruption) []availability.Outage {
	var out []availability.Outage
	for _, o := range told {
		if !o.From.Before(i.To) {
			break
		}
		if o.To.IsZero() || o.To.After(i.Began) {
			out = append(out, o)
		}
	}
	return out
}

// worse is the verdict of two together: one that is missed is missed, however many are met.
func worse(a, b compliance.Verdict) compliance.Verdict {
	switch {
	case a == compliance.Missed || b == compliance.Missed:
		return compliance.Missed
	case a == compliance.Met || b == compliance.Met:
		return compliance.Met
	}
	return a
}

// lines are the figures of the section: each limit, and each provider.
func (r *AvailabilityReport) lines(yield func(Line) bool) bool {
	if !r.Agreed {
		return true
	}
	for _, o := range r.Limits {
		if !yield(Line{cmp.Or(o.Clause, r.Clause), limitName(o.Limit), o.Verdict, o.String()}) {
			return false
		}
	}
	for _, p := range r.Providers {
		if !yield(Line{r.Clause, "availability, provider " + p.Name, compliance.NotAgreed, p.String()}) {
			return false
		}
	}
	return true
}

// limitName says what a limit is about.
func limitName(l availability.Limit) string {
	what := "availability"
	switch {
	case l.Down != nil:
		what = "unavailability"
	case l.Interruptions != nil:
		what = "reliability"
	case l.Longest != nil:
		what = "longest interruption"
	}
	return what + ", " + l.Per.String()
}
