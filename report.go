package sla

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// Records are what a month is evaluated from.
type Records struct {
	Tickets []priority.Ticket
	// Outages are those of all periods that limits hold for: of the year. An empty list says that there were none, nil that
	// nobody knows.
	Outages []availability.Outage
	Windows []availability.Window // of no change in Changes
	Changes []availability.Change
	// Calls come in the order in which they were received: see [Month.Call].
	Calls []performance.Call
	// Disruptions, backups and tests reach back before the month as far as a loss, or the time since the last, does.
	Continuity continuity.Records
}

// Evaluate is a [Month] over slices of records, and its report.
//
// Its errors are those of [Rules.Month].
func (r *Rules) Evaluate(month servicetime.Month, records Records, asOf time.Time) (*Report, error) {
	m, err := r.Month(month, asOf)
	if err != nil {
		return nil, err
	}
	for _, t := range records.Tickets {
		m.Ticket(t)
	}
	if records.Outages != nil {
		m.Observed(&availability.Tally{})
	}
	for _, o := range records.Outages {
		m.Outage(o)
	}
	for _, w := range records.Windows {
		m.Window(w)
	}
	for _, c := range records.Changes {
		m.Change(c)
	}
	m.Call(records.Calls...)
	for _, d := range records.Continuity.Disruptions {
		m.Disruption(d)
	}
	for _, b := range records.Continuity.Backups {
		m.Backup(b)
	}
	for _, t := range records.Continuity.Tests {
		m.Test(t)
	}
	return m.Report(), nil
}

// A Report is what the agreement says of one month. The same records give the same report.
type Report struct {
	Agreement string // its name
	Version   string
	Month     servicetime.Month
	Span      servicetime.Span // the month in the agreement's zone
	AsOf      time.Time
	// Preliminary says that as-of lies before the end of the month, so that figures may change.
	Preliminary bool
	Readings    Readings

	Incidents TicketReport // §4.3, security incidents among them
	Orders    TicketReport // §4.4
	Problems  TicketReport // §4.5
	Security  TicketReport // §4.11, which are in Incidents too
	// Availability and reliability, §4.9
	Availability AvailabilityReport
	// Changes, §4.6
	Changes ChangeReport
	// Performance, delivery precision and capacity, §4.7, §4.8, §4.10
	Calls CallReport
	// Continuity, §4.12
	Continuity ContinuityReport
	// Unknown are tickets of kinds for which the agreement has no rules.
	Unknown TicketReport
}

// A TicketReport is the section on one kind of ticket. Each ticket has one outcome, or under the reading "each" one for
// each of its times with a target, and the outcomes add up: those of the groups (met, missed, running,
// no target), Elsewhere, and Rejected. Under "both" their sum is Tickets.
type TicketReport struct {
	Kind   priority.Kind
	Clause string
	Agreed bool // there are rules for the kind

	Goal    compliance.Goal
	Share   compliance.Share // of Met in Met and Missed
	Verdict compliance.Verdict
	Groups  []Group // by level, for orders by type
	// Providers are the same outcomes by provider, in the order of their names: the first [MaxProviders], and
	// OtherProviders. A ticket without a provider is under "".
	Providers      []Group
	OtherProviders priority.Count

	Tickets   int64 // given to the month, whatever came of them
	Running   int64 // neither met nor missed as of the instant: in no month
	NoTarget  int64 // stopped in the month, with nothing to meet
	Elsewhere int64 // of another month, or received after as-of
	Rejected  int64 // not judged: received in the month, or nobody knows when

	Missed        []MissedTicket // the first MaxListed, by the instant of the breach
	MoreMissed    int64
	NotJudged     []NotJudged // the first MaxListed, by receipt
	MoreNotJudged int64
}

// A Group is the count of one level of priority, type of order, or provider.
type Group struct {
	Name    string
	Targets priority.Targets // none for a provider
	priority.Count
	// Response and Resolution are how long those took that count in the month; none for a provider.
	Response, Resolution Taken
}

// A MissedTicket is a ticket that missed a target in the month, with all its figures.
type MissedTicket struct {
	Number string
	Kind   priority.Kind
	// Breached is the first instant in the month at which a target that counts was exceeded.
	Breached time.Time
	Judgement
}

// NotJudged is a ticket that has no verdict, and why.
type NotJudged struct {
	Number   string
	Received time.Time // zero if not known
	Err      error
}

// Report evaluates what has been counted so far.
func (m *Month) Report() *Report {
	a := m.rules.agreement
	return &Report{
		Agreement: a.Name, Version: a.Version, Month: m.month, Span: m.span, AsOf: m.asOf,
		Preliminary: m.asOf.Before(m.span.To),
		Readings:    a.Readings,
		Incidents:   m.section(incidents), Orders: m.section(orders), Problems: m.section(problems), Security: m.section(security),
		Availability: m.availability(),
		Changes:      m.changeReport(),
		Calls:        m.callReport(),
		Continuity:   m.continuity(),
		Unknown:      m.section(otherKinds),
	}
}

func (m *Month) section(i int) TicketReport {
	t := &m.kinds[i]
	s := TicketReport{
		Kind: kindNames[i], Tickets: t.tickets, Elsewhere: t.elsewhere, Rejected: t.rejected,
		Verdict: compliance.NotAgreed, // until there are rules
	}
	s.Missed, s.MoreMissed = t.missed.sorted()
	s.NotJudged, s.MoreNotJudged = t.notJudged.sorted()
	k := m.rules.kinds[s.Kind]
	if k == nil {
		return s
	}
	s.Agreed, s.Clause, s.Goal = true, k.rules.Clause, k.rules.Goal
	if a := m.rules.agreement; i == security && a.Security != nil {
		s.Clause = a.Security.Clause
	}
	t.providers.cut()
	for _, name := range slices.Sorted(maps.Keys(t.providers.counts)) {
		s.Providers = append(s.Providers, Group{Name: name, Count: t.providers.counts[name]})
	}
	s.OtherProviders = t.providers.others
	if s.Kind == priority.Order {
		for _, class := range slices.Sorted(maps.Keys(k.byClass)) {
			s.Groups = append(s.Groups, Group{class, k.byClass[class].Targets, t.classes[class], t.taken[class].response, t.taken[class].resolution})
		}
	} else {
		for i, rule := range k.policy.Rules {
			name := m.rules.agreement.Priority.Levels[i]
			s.Groups = append(s.Groups, Group{name, rule.Targets, t.levels.Level(priority.Level(i + 1)), t.taken[name].response, t.taken[name].resolution})
		}
	}
	// §4.3.1: pooled over priorities.
	for _, g := range s.Groups {
		s.Share = s.Share.Plus(g.Share())
		s.Running += g.Running
		s.NoTarget += g.NoTarget
	}
	s.Verdict = s.Share.Verdict(s.Goal)
	return s
}

// A Line is one figure of a report: the clause, what it is about, the verdict, and the sentence.
type Line struct {
	Clause  string
	Name    string
	Verdict compliance.Verdict
	Text    string
}

// String is the clause, the name and the sentence: §4.3.1 incidents: 412 of 447 in time, ….
func (l Line) String() string { return fmt.Sprintf("%s %s: %s", l.Clause, l.Name, l.Text) }

// Lines yields the report's figures, a line each: those of each kind of ticket, and under
// it those of each level, and of each provider where tickets name any. Security incidents have one line where there is none.
func (r *Report) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for _, s := range []*TicketReport{&r.Incidents, &r.Orders, &r.Problems, &r.Security} {
			if !s.Agreed {
				continue
			}
			if !yield(Line{s.Clause, s.Name(), s.Verdict, s.String()}) {
				return
			}
			if s.Kind == priority.Security && s.Tickets == 0 {
				continue
			}
			for _, g := range s.Groups {
				if !yield(g.line(s.Clause, s.Name())) {
					return
				}
			}
			for _, g := range s.ByProvider() {
				if !yield(g.providerLine(s.Clause, s.Name())) {
					return
				}
			}
		}
		if !r.Availability.lines(yield) {
			return
		}
		if r.Changes.Agreed && !yield(Line{r.Changes.Clause, "changes", r.Changes.Verdict, r.Changes.String()}) {
			return
		}
		if r.Calls.lines(yield) {
			r.Continuity.lines(yield)
		}
	}
}

// Name is what the section is about: incidents, orders, problems, security incidents.
func (s *TicketReport) Name() string {
	if s.Kind == priority.Security {
		return "security incidents"
	}
	return string(s.Kind) + "s"
}

// ByProvider are Providers with names for people, "(none)" and "(others)" among them; there are none where no ticket names one.
func (s *TicketReport) ByProvider() []Group {
	if len(s.Providers) == 0 || len(s.Providers) == 1 && s.Providers[0].Name == "" {
		return nil
	}
	groups := slices.Clone(s.Providers)
	if groups[0].Name == "" {
		groups[0].Name = "(none)"
	}
	if s.OtherProviders != (priority.Count{}) {
		groups = append(groups, Group{Name: "(others)", Count: s.OtherProviders})
	}
	return groups
}

// line is the figure of a group, which is shown and not judged: the goal is for all together.
func (g Group) line(clause, kind string) Line {
	l := Line{Clause: clause, Name: kind + ", " + g.Name, Verdict: compliance.NotAgreed}
	share := g.Share()
	switch {
	case g.Targets == priority.Targets{}:
		l.Verdict, l.Text = compliance.NoTarget, fmt.Sprintf("no target, %d done", g.NoTarget)
	case share.Total == 0:
		l.Verdict, l.Text = compliance.NoData, "no data"
	default:
		l.Text = fmt.Sprintf("%s in time, %s %%", share, share.Percent(compliance.Goal{}))
	}
	return l
}

// providerLine is the figure of a provider, which has no targets of its own.
func (g Group) providerLine(clause, kind string) Line {
	l := Line{Clause: clause, Name: kind + ", provider " + g.Name, Verdict: compliance.NotAgreed, Text: "no data"}
	if share := g.Share(); share.Total > 0 {
		l.Text = fmt.Sprintf("%s in time, %s %%", share, share.Percent(compliance.Goal{}))
	}
	return l
}

// String is the sentence of the section: "412 of 447 in time, 92.17 %, goal 90 %: met, 9 misses left".
func (s *TicketReport) String() string { return s.Share.Line("in time", s.Goal) }
