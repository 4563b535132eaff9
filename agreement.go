package sla

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// An Agreement is a service-level agreement as data. Every rule names its clause, and every reading of
// a text that leaves one open is a field with a name. It judges nothing: [Agreement.Compile] turns it into
// [Rules], which do.
type Agreement struct {
	Name    string `json:"name"`            // short: SSBTEK
	Title   Text   `json:"title,omitempty"` // as the parties call it
	Version string `json:"version"`         // of this data
	// Source is where the text of the agreement was found, and when.
	Source string `json:"source,omitempty"`
	// Valid is when this version holds; left out, always.
	Valid   Validity `json:"valid,omitzero"`
	Parties []Party  `json:"parties,omitempty"`
	// Zone is the IANA name of the time zone whose months are reported.
	Zone string `json:"time_zone"`
	// ServiceTimes are the agreement's calendars by name; other rules refer to them.
	ServiceTimes map[string]ServiceTime `json:"service_times,omitempty"`
	// Priority is left out where no tickets are judged by it.
	Priority PriorityModel `json:"priority,omitzero"`
	// Incidents, Orders and Problems are judged by these. A kind without rules is not judged.
	Incidents *TicketRules `json:"incidents,omitempty"`
	Orders    *TicketRules `json:"orders,omitempty"`
	Problems  *TicketRules `json:"problems,omitempty"`
	// Security is about security incidents, which are judged as incidents.
	Security *SecurityRules `json:"security,omitempty"`
	// Availability says how long and how often the service may be down; left out, nothing is agreed.
	Availability *AvailabilityRules `json:"availability,omitempty"`
	// Changes says when changes are communicated and decided.
	Changes *ChangeRules `json:"changes,omitempty"`
	// Performance says how fast calls are answered, and how many.
	Performance *PerformanceRules `json:"performance,omitempty"`
	// Capacity says how many calls the service is made for.
	Capacity *CapacityRules `json:"capacity,omitempty"`
	// Continuity says how the service comes back; its table may be blank.
	Continuity *ContinuityRules `json:"continuity,omitempty"`
	// Report says when the monthly report is due.
	Report *ReportRules `json:"report,omitempty"`
	// Providers have support hours of their own, by name.
	Providers map[string]Provider `json:"providers,omitempty"`
	// Services are those that have figures of their own, by name: [Rules.Service].
	Services map[string]Service `json:"services,omitempty"`
	// Readings are left out where there are no tickets.
	Readings Readings `json:"readings,omitzero"`
	// Labels are what a report calls names of this data, such as levels, order types and service times.
	Labels map[string]Text `json:"labels,omitempty"`
	// Duties are what is agreed without a figure.
	Duties []Duty `json:"duties,omitempty"`
	// OpenPoints are where the text is silent or contradicts itself.
	OpenPoints []OpenPoint `json:"open_points,omitempty"`
}

// A ServiceTime is a schedule with the clause that agrees it.
type ServiceTime struct {
	Clause string `json:"clause"`
	servicetime.Schedule
}

// A PriorityModel says how a ticket's priority follows from its impact and a second axis.
type PriorityModel struct {
	Clause string `json:"clause"`
	// Levels names the priorities, the highest first.
	Levels []string `json:"levels,omitempty"`
	// SecondAxis is what the rows of the matrix are. Where it and the matrix are left out, each ticket comes with its priority.
	SecondAxis Axis `json:"second_axis,omitzero"`
	// Matrix has a row for each class of the second axis and in it a level for each impact.
	Matrix [][]string `json:"matrix,omitempty"`
	// Timing is the rule of the axis timing, and is left out for urgency.
	Timing *TimingRule `json:"timing,omitempty"`
	// Impact derives the impact from observations; left out, it is given with the ticket.
	Impact *ImpactRules `json:"impact,omitempty"`
}

// direct reports whether priorities are given with the tickets alone.
func (p *PriorityModel) direct() bool {
	return len(p.Levels) > 0 && len(p.Matrix) == 0 && p.SecondAxis == 0 && p.Timing == nil && p.Impact == nil
}

// ImpactRules are [priority.ImpactRule] with their clause.
type ImpactRules struct {
	Clause string `json:"clause"`
	priority.ImpactRule
}

// A TimingRule is [priority.Timing] with its clause and the service time whose opening hours it asks.
type TimingRule struct {
	Clause      string `json:"clause"`
	ServiceTime string `json:"service_time"`
	priority.Timing
}

// TicketRules are the targets of one kind of ticket, and how many must meet them.
type TicketRules struct {
	Clause string `json:"clause"`
	// ServiceTime names the support hours.
	ServiceTime string `json:"service_time"`
	// ServiceTimes name those of levels, or order types, that have their own: the highest around the clock.
	ServiceTimes map[string]string `json:"service_times,omitempty"`
	// Goal is the share that must have met its targets; left out, none is agreed.
	Goal compliance.Goal `json:"goal,omitzero"`
	// StopsAt is where the resolution clock stops.
	StopsAt priority.Stop `json:"stops_at,omitzero"`
	// Targets are by level of priority, for orders by type. A time left out is no target (N/A). An order
	// type without any is listed, not judged.
	Targets map[string]priority.Targets `json:"targets,omitempty"`
	// OutOfHours are the rules for what is received while the support hours are closed, where they differ.
	OutOfHours *OutOfHours `json:"out_of_hours,omitempty"`
}

// OutOfHours are targets for tickets received out of hours.
type OutOfHours struct {
	ServiceTime string `json:"service_time"` // on which they run
	// Outside names the service time outside which a ticket is received out of hours; left out, it is that of its level.
	Outside string `json:"outside,omitempty"`
	// Targets are by level, or order type; one that is left out has those of TicketRules.
	Targets map[string]priority.Targets `json:"targets,omitempty"`
}

// SecurityRules say that security incidents are judged as incidents, and listed apart (§4.11).
type SecurityRules struct {
	Clause string `json:"clause"`
}

// A Provider is a party with support hours of its own, which then count for its tickets, also those of levels with
// other service times.
type Provider struct {
	Clause      string `json:"clause"`
	ServiceTime string `json:"service_time"`
	// Kinds are the kinds of tickets for which they count: incident (and security), order, problem; left out, all.
	Kinds []priority.Kind `json:"kinds,omitempty"`
}

// Readings are the choices that a text leaves open for tickets. Each must be named; AGREEMENT's are
// those of [SSBTEK].
type Readings struct {
	// Hours is the convention for targets in minutes and hours (§4.3.1): SUPPORT_CLOCK or WALL_CLOCK.
	Hours servicetime.Convention `json:"hours,omitzero"`
	// BusinessDays is the convention for targets in business days (§4.3.1): EXCL_DATE_CLOSE and others.
	BusinessDays servicetime.Convention `json:"business_days,omitzero"`
	// Days is the convention for targets in calendar days (§4.5): EXCL_MIDNIGHT and others.
	Days servicetime.Convention `json:"days,omitzero"`
	// Pauses says whether waiting for someone else moves the due of a resolution (§3.3.1).
	Pauses Switch `json:"pauses,omitzero"`
	// ResponsePauses says whether it then moves the due of a response too.
	ResponsePauses Switch `json:"response_pauses,omitzero"`
	// ReopenedCounts says whether the clock runs between a resolution and the reopening of a ticket.
	ReopenedCounts Switch `json:"reopened_counts,omitzero"`
	// PriorityChanges says what a change of priority does to the clocks (§4.3).
	PriorityChanges priority.Changing `json:"priority_changes,omitzero"`
	// ProblemPriority says where the priority of a problem comes from (§4.5).
	ProblemPriority ProblemPriority `json:"problem_priority,omitzero"`
	// Compliance says what the share of §4.3.1 counts.
	Compliance Counting `json:"compliance,omitzero"`
	// CountedIn says in which month.
	CountedIn CountedIn `json:"counted_in,omitzero"`
}

//go:embed ssbtek.json
var ssbtek []byte

// SSBTEK is the underpinning contract of the Swedish composite service for financial aid, §3.2 to §4.6, §4.9, §4.11, and §5 when a report is due, in the
// readings that the project's preset picks. It is the file ssbtek.json beside this one.
func SSBTEK() Agreement {
	a, err := Parse(ssbtek)
	if err != nil {
		panic("sla: the embedded agreement: " + err.Error()) // a test parses it
	}
	return a
}

// Parse reads an agreement from JSON, strictly: unknown fields, fields in other letters, fields that stand twice,
// null, and text behind the end are errors.
//
// It returns all faults at once, each a [*servicetime.Fault] with path, line and column, wrapping [ErrJSON],
// [ErrField], [ErrType], [servicetime.ErrLimit] or the cause of a value. Whether the rules fit together
// is found by Compile.
func Parse(data []byte) (Agreement, error) {
	var a Agreement
	if err := decode(data, &a); err != nil {
		return Agreement{}, err
	}
	return a, nil
}

// Marshal writes an agreement as JSON that Parse reads back. It returns an error if a value has no text, such as
// a window that is empty.
func (a Agreement) Marshal() ([]byte, error) {
	data, err := json.MarshalIndent(a.clone(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("sla: agreement %q: %w", a.Name, err)
	}
	return append(data, '\n'), nil
}

// clone copies everything that a caller could change, and makes missing lists of windows empty ones.
func (a Agreement) clone() Agreement {
	a.ServiceTimes = maps.Clone(a.ServiceTimes)
	for name, s := range a.ServiceTimes {
		s.Week, s.Dates, s.Breaks = clonedWindows(s.Week), clonedWindows(s.Dates), clonedWindows(s.Breaks)
		s.Extra = slices.Clone(s.Extra)
		a.ServiceTimes[name] = s
	}
	a.Title = maps.Clone(a.Title)
	a.Parties = slices.Clone(a.Parties)
	for i := range a.Parties {
		a.Parties[i].Title = maps.Clone(a.Parties[i].Title)
	}
	a.Priority.Levels = slices.Clone(a.Priority.Levels)
	a.Priority.Matrix = slices.Clone(a.Priority.Matrix)
	for i, row := range a.Priority.Matrix {
		a.Priority.Matrix[i] = append([]string{}, row...)
	}
	if a.Priority.Timing != nil {
		timing := *a.Priority.Timing
		timing.LowSeason = slices.Clone(timing.LowSeason)
		a.Priority.Timing = &timing
	}
	if a.Priority.Impact != nil {
		impact := *a.Priority.Impact
		a.Priority.Impact = &impact
	}
	a.Incidents, a.Orders, a.Problems = a.Incidents.clone(), a.Orders.clone(), a.Problems.clone()
	a.Security = copied(a.Security)
	a.Availability = a.Availability.clone()
	a.Changes = a.Changes.clone()
	a.Performance, a.Capacity = a.Performance.clone(), a.Capacity.clone()
	a.Continuity = a.Continuity.clone()
	if a.Report = copied(a.Report); a.Report != nil {
		a.Report.Content = maps.Clone(a.Report.Content)
	}
	a.Services = maps.Clone(a.Services)
	for name, s := range a.Services {
		s.Title = maps.Clone(s.Title)
		s.Incidents, s.Orders, s.Problems = s.Incidents.clone(), s.Orders.clone(), s.Problems.clone()
		s.Availability, s.Performance = s.Availability.clone(), s.Performance.clone()
		s.Capacity, s.Continuity = s.Capacity.clone(), s.Continuity.clone()
		a.Services[name] = s
	}
	a.Labels = maps.Clone(a.Labels)
	for name, text := range a.Labels {
		a.Labels[name] = maps.Clone(text)
	}
	a.Duties = slices.Clone(a.Duties)
	for i := range a.Duties {
		a.Duties[i].Text = maps.Clone(a.Duties[i].Text)
	}
	a.OpenPoints = slices.Clone(a.OpenPoints)
	for i := range a.OpenPoints {
		p := &a.OpenPoints[i]
		p.Clauses, p.Text = slices.Clone(p.Clauses), maps.Clone(p.Text)
	}
	a.Providers = maps.Clone(a.Providers)
	for name, provider := range a.Providers {
		provider.Kinds = slices.Clone(provider.Kinds)
		a.Providers[name] = provider
	}
	return a
}

func (r *TicketRules) clone() *TicketRules {
	c := copied(r)
	if c == nil {
		return nil
	}
	c.Targets, c.ServiceTimes = maps.Clone(c.Targets), maps.Clone(c.ServiceTimes)
	if c.OutOfHours = copied(c.OutOfHours); c.OutOfHours != nil {
		c.OutOfHours.Targets = maps.Clone(c.OutOfHours.Targets)
	}
	return c
}

// clonedWindows copies windows by day or date, and makes missing lists empty ones.
func clonedWindows[M ~map[K][]servicetime.Window, K comparable](m M) M {
	m = maps.Clone(m)
	for key, windows := range m {
		m[key] = append([]servicetime.Window{}, windows...)
	}
	return m
}
