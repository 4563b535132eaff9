package sla

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// MonthlyFormat is the version of the JSON form of [Monthly].
const MonthlyFormat = 1

// MaxExplained is how many of the missed tickets a monthly report explains, segment by segment.
const MaxExplained = 100

// A Monthly is the monthly report (§5) as a value that is complete: a page is made from it alone, in any language, and its JSON form is for other programs.
// Durations are nanoseconds there. The same months give the same bytes.
type Monthly struct {
	Format      int               `json:"format"`
	Agreement   MonthlyAgreement  `json:"agreement"`
	Month       servicetime.Month `json:"month"`
	From        time.Time         `json:"from"`
	To          time.Time         `json:"to"`
	AsOf        time.Time         `json:"as_of"`
	Preliminary bool              `json:"preliminary"` // as-of lies before the end of the month
	Due         *MonthlyDue       `json:"due,omitempty"`
	Summary     MonthlySummary    `json:"summary"`
	// Content is what belongs in the report (§5.1), and Complete that no required section is without records.
	Content  []MonthlySection `json:"content"`
	Complete bool             `json:"complete"`
	// Targets are judged one by one, in the order of the sections.
	Targets []MonthlyTarget `json:"targets"`
	// Days are the dates of the month, if outages were told of.
	Days []MonthlyDay `json:"days,omitempty"`
	// Interruptions are those that began in the month (§4.9.1). CarriedOver is the one that began before it and was down in it too: it counts in an earlier month.
	Interruptions []MonthlyInterruption `json:"interruptions,omitempty"`
	MoreDown      int64                 `json:"more_interruptions,omitempty"`
	CarriedOver   *MonthlyInterruption  `json:"carried_over,omitempty"`
	// Outside are outages of the month of which no instant lies in opening hours, the first [MaxExplained]: they count for nothing.
	Outside      []MonthlyOutage      `json:"outages_outside_hours,omitempty"`
	MoreOutside  int64                `json:"more_outside_hours,omitempty"`
	Windows      []MonthlyWindow      `json:"service_windows,omitempty"`
	Disturbances []servicetime.Span   `json:"disturbances_without_incident,omitempty"` // §4.9
	Availability *MonthlyAvailability `json:"availability,omitempty"`
	Providers    []MonthlyProvider    `json:"providers,omitempty"`
	Tickets      []MonthlyTickets     `json:"tickets,omitempty"`
	Changes      []MonthlyChange      `json:"changes,omitempty"`
	Performance  *MonthlyPerformance  `json:"performance,omitempty"`
	Capacity     *MonthlyCapacity     `json:"capacity,omitempty"`
	Continuity   []MonthlyObjective   `json:"continuity,omitempty"`
	Backups      *MonthlyBackups      `json:"backups,omitempty"`
	Tests        []MonthlyTest        `json:"continuity_tests,omitempty"`
	NotJudged    []MonthlyNotJudged   `json:"not_judged,omitempty"`
	// Findings are those of the review that touch the month: of sections with records, and of what all sections share. OtherFindings is how many there are more.
	Findings      []Finding        `json:"findings,omitempty"`
	OtherFindings int              `json:"other_findings,omitempty"`
	Sensitivity   []MonthlyVariant `json:"sensitivity,omitempty"`
	Readings      Readings         `json:"readings,omitzero"`
	Duties        []Duty           `json:"duties,omitempty"` // not measured
}

// MonthlyAgreement is which agreement, to the byte.
type MonthlyAgreement struct {
	Name    string          `json:"name"`
	Title   Text            `json:"title,omitempty"`
	Version string          `json:"version"`
	Source  string          `json:"source,omitempty"`
	SHA256  string          `json:"sha256"` // of its document, as [Agreement.Marshal] writes it
	Labels  map[string]Text `json:"labels,omitempty"`
	Levels  []string        `json:"levels,omitempty"`
	Zone    string          `json:"time_zone"`
	Parties []Party         `json:"parties,omitempty"`
}

// MonthlyDue is when the report is due (§5).
type MonthlyDue struct {
	Clause      string           `json:"clause"`
	Date        servicetime.Date `json:"date"`
	BusinessDay servicetime.Date `json:"business_day"` // the one on or before it: where they differ the date is none, which is a warning
}

// MonthlySummary counts the targets that bind.
type MonthlySummary struct {
	Targets int `json:"targets"`
	Met     int `json:"met"`
	Missed  int `json:"missed"`
	NoData  int `json:"no_data"`
}

// MonthlySection is a section of the report.
type MonthlySection struct {
	Name        string      `json:"name"` // of [Sections]
	Requirement Requirement `json:"requirement,omitzero"`
	Clause      string      `json:"clause,omitempty"` // of the rules
	Records     bool        `json:"records"`          // there were some in the month, or it was told that there were none
}

// A MonthlyTarget is one agreed figure with its verdict. Which fields it has depends on Unit.
type MonthlyTarget struct {
	// Path is the rule in the agreement's document: incidents.goal, availability.limits[0]. It names the target in other months too.
	Path    string             `json:"path"`
	Clause  string             `json:"clause"`
	Section string             `json:"section"`
	Verdict compliance.Verdict `json:"verdict"`
	// Advisory targets are shown, and bind nobody.
	Advisory bool `json:"advisory,omitempty"`
	// Unit is what is counted: tickets, changes, calls; time (nanoseconds); interruptions; peak (calls).
	Unit string `json:"unit"`
	// Per is the period: month, quarter, year, rolling 12 months, rolling 365 days.
	Per   string `json:"per,omitempty"`
	SoFar bool   `json:"so_far,omitempty"` // the period has not ended
	// A share: Met of Total, against Goal.
	Met   int64           `json:"met,omitempty"`
	Total int64           `json:"total,omitempty"`
	Goal  compliance.Goal `json:"goal,omitzero"`
	// A figure against Allowed, neither of which is a share: down time, interruptions, a peak.
	Value   int64 `json:"value,omitempty"`
	Allowed int64 `json:"allowed,omitempty"`
	// Margin is how much more could be missed with the target met, in the unit; negative where it is missed.
	Margin int64 `json:"margin"`
	// Objective is what is agreed of continuity in words: 72 h.
	Objective string `json:"objective,omitempty"`
	// Longest says that the time is that of the longest interruption, and not of all together.
	Longest bool `json:"longest,omitempty"`
	// Response and Load are the limits of calls that are judged.
	Response *performance.Limit `json:"response_limit,omitempty"`
	Load     *capacity.Limit    `json:"load_limit,omitempty"`
	// Unexcused is the share of a time without what was excused, as Met and Total.
	Unexcused *compliance.Share `json:"without_excused,omitempty"`
	// Trend are the verdicts and figures of up to twelve months, this one last; YearToDate the counts of those of its year.
	Trend      []MonthlyPoint    `json:"trend,omitempty"`
	YearToDate *compliance.Share `json:"year_to_date,omitempty"`
}

// Judged reports whether the target is met or missed, and binds.
func (t *MonthlyTarget) binds() bool {
	return !t.Advisory && t.Verdict != compliance.NotAgreed && t.Verdict != compliance.NoTarget
}

// MonthlyPoint is a target in one month.
type MonthlyPoint struct {
	Month   servicetime.Month  `json:"month"`
	Verdict compliance.Verdict `json:"verdict"`
	Met     int64              `json:"met,omitempty"`
	Total   int64              `json:"total,omitempty"`
	Value   int64              `json:"value,omitempty"`
}

// MonthlyDay is one local date.
type MonthlyDay struct {
	Date     servicetime.Date `json:"date"`
	Open     time.Duration    `json:"open"`
	Down     time.Duration    `json:"down,omitempty"`
	Excused  time.Duration    `json:"excused,omitempty"`
	Degraded time.Duration    `json:"degraded,omitempty"`
	// Holiday is its name where the date is a public holiday.
	Holiday string `json:"holiday,omitempty"`
}

// MonthlyInterruption is an unplanned loss of the service, with the stretches of it that count (§4.9.1).
type MonthlyInterruption struct {
	availability.Interruption
	Causes       []string  `json:"causes,omitempty"`
	Plans        []string  `json:"plans,omitempty"`
	Communicated time.Time `json:"communicated,omitzero"` // §4.1.1
	// InMonth is the part of Down that lies in the month. Those of all interruptions, with the one carried over, sum to the down time of the month.
	InMonth time.Duration `json:"in_month"`
	// Segments explain Down, from Began to To: counted ones sum to it, but for what is excused.
	Segments []servicetime.Segment `json:"segments,omitempty"`
}

// MonthlyOutage is an outage outside opening hours.
type MonthlyOutage struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to,omitzero"`
	Provider string    `json:"provider,omitempty"`
	Cause    string    `json:"cause,omitempty"`
}

// MonthlyWindow is a service window with opening hours in the month (§4.6.1).
type MonthlyWindow struct {
	availability.Window
	Change string        `json:"change,omitempty"`
	Open   time.Duration `json:"open"`
	// Excused is the part of Open that counts as no downtime, by this window alone, and Down what it made down itself: without a decision, or by an overrun.
	Excused  time.Duration `json:"excused,omitempty"`
	Down     time.Duration `json:"down,omitempty"`
	Critical bool          `json:"critical,omitempty"`
}

// MonthlyAvailability is the time of the month.
type MonthlyAvailability struct {
	Clause   string        `json:"clause"`
	Open     time.Duration `json:"open"`
	Up       time.Duration `json:"up"`
	Down     time.Duration `json:"down"`
	Excused  time.Duration `json:"excused"`
	Degraded time.Duration `json:"degraded"`
	Removed  time.Duration `json:"not_observed"`
	Rest     time.Duration `json:"to_come"`
	Count    int64         `json:"interruptions"`
	Credit   string        `json:"credit,omitempty"`
}

// MonthlyProvider is one base service in the month (§3.3.1), which is shown and not judged.
type MonthlyProvider struct {
	Name  string        `json:"name"`
	Open  time.Duration `json:"open"`
	Down  time.Duration `json:"down"`
	Count int64         `json:"interruptions"`
}

// MonthlyTickets is the section on one kind of ticket.
type MonthlyTickets struct {
	Kind      priority.Kind   `json:"kind"`
	Clause    string          `json:"clause"`
	Groups    []MonthlyGroup  `json:"groups,omitempty"`
	Providers []MonthlyGroup  `json:"providers,omitempty"`
	Tickets   int64           `json:"tickets"`
	Running   int64           `json:"running"`
	NoTarget  int64           `json:"no_target"`
	Elsewhere int64           `json:"elsewhere"`
	Rejected  int64           `json:"rejected"`
	Missed    []MonthlyMissed `json:"missed,omitempty"`
	More      int64           `json:"more_missed,omitempty"`
}

// MonthlyGroup is a level, type or provider.
type MonthlyGroup struct {
	Name    string           `json:"name"`
	Targets priority.Targets `json:"targets,omitzero"`
	Met     int64            `json:"met"`
	Missed  int64            `json:"missed"`
	Running int64            `json:"running"`
	// Response and Resolution are how long tickets took (§5); none for a provider.
	Response   Taken `json:"response,omitzero"`
	Resolution Taken `json:"resolution,omitzero"`
}

// MonthlyMissed is a ticket that missed a target. It has no text of the ticket but its number.
type MonthlyMissed struct {
	Number   string         `json:"number"`
	Level    string         `json:"level,omitempty"`
	Received time.Time      `json:"received"`
	Breached time.Time      `json:"breached"`
	Clocks   []MonthlyClock `json:"clocks"`
}

// MonthlyClock is a time that was missed.
type MonthlyClock struct {
	Name    string             `json:"name"` // response or resolution
	Target  servicetime.Target `json:"target"`
	From    time.Time          `json:"from"`
	Due     time.Time          `json:"due"`
	Done    time.Time          `json:"done,omitzero"`
	Elapsed time.Duration      `json:"elapsed"`
	Over    time.Duration      `json:"over"`
	Paused  time.Duration      `json:"paused,omitempty"`
	// Segments explain Elapsed: the counted ones sum to it. The first [MaxExplained] tickets have them.
	Segments []servicetime.Segment `json:"segments,omitempty"`
}

// MonthlyChange is a planned change (§4.6).
type MonthlyChange struct {
	Number       string             `json:"number"`
	At           time.Time          `json:"at"`
	Verdict      compliance.Verdict `json:"verdict"`
	Latest       servicetime.Date   `json:"latest,omitzero"`
	Communicated time.Time          `json:"communicated,omitzero"`
	Verified     time.Time          `json:"verified,omitzero"`
	OpenTime     time.Duration      `json:"open_time,omitempty"`
	NotShown     bool               `json:"decision_not_shown,omitempty"`
	Critical     bool               `json:"critical,omitempty"`
	Status       string             `json:"status,omitempty"`
	Outcome      string             `json:"outcome,omitempty"`
}

// MonthlyCapacity is the load (§4.7, §5).
type MonthlyCapacity struct {
	Clause string          `json:"clause,omitempty"`
	Users  string          `json:"users,omitempty"`
	Volume capacity.Volume `json:"volume"`
	Flow   capacity.Flow   `json:"flow"`
	Usage  capacity.Usage  `json:"usage"`
	Limits []MonthlyLoad   `json:"limits,omitempty"`
}

// MonthlyLoad is a limit of capacity, and the spells over it.
type MonthlyLoad struct {
	Limit     capacity.Limit    `json:"limit"`
	Peak      capacity.Peak     `json:"peak"`
	P95       int64             `json:"p95"`
	P99       int64             `json:"p99"`
	Over      []capacity.Excess `json:"over,omitempty"`
	MoreOver  int64             `json:"more_over,omitempty"`
	TimeOver  time.Duration     `json:"time_over,omitempty"`
	CallsOver int64             `json:"calls_over,omitempty"`
}

// MonthlyPerformance is how fast calls were answered (§4.8, §4.10).
type MonthlyPerformance struct {
	Limits         []performance.Limit     `json:"limits"`
	MaxPersons     int                     `json:"max_persons"`
	Base           performance.Count       `json:"base"`
	Deviations     performance.Deviations  `json:"deviations"`
	OutsideHours   int64                   `json:"outside_hours,omitempty"`
	BeyondCapacity int64                   `json:"beyond_capacity,omitempty"`
	Invalid        performance.Invalid     `json:"invalid"`
	Groups         []MonthlyPersons        `json:"groups,omitempty"`
	Hours          [24]performance.Count   `json:"hours"`
	Legs           []performance.Leg       `json:"legs,omitempty"`
	Percentiles    performance.Percentiles `json:"percentiles"`
	Times          []performance.Bin       `json:"times,omitempty"`
}

// MonthlyPersons are the calls about one number of persons.
type MonthlyPersons struct {
	Persons int `json:"persons"`
	performance.Count
}

// MonthlyObjective is an objective of continuity (§4.12), agreed or not.
type MonthlyObjective struct {
	Name      string             `json:"name"`
	Objective string             `json:"objective,omitempty"` // none: not agreed
	Verdict   compliance.Verdict `json:"verdict"`
	Count     int64              `json:"count"`
	Missed    int64              `json:"missed"`
	Worst     time.Duration      `json:"worst,omitempty"`
	Unbounded bool               `json:"unbounded,omitempty"`
}

// MonthlyBackups are the copies of the data of the month (§4.12): those whose data is of it.
type MonthlyBackups struct {
	Copies      int64 `json:"copies"`
	NotDone     int64 `json:"not_done"`     // not complete as of the instant
	NotVerified int64 `json:"not_verified"` // complete, and not found to be good
	// Runs are those of the agreed schedule; Missed have no good copy. None if no schedule is agreed.
	Runs   int64 `json:"runs,omitempty"`
	Missed int64 `json:"missed,omitempty"`
}

// MonthlyTest is a test of the continuity plan.
type MonthlyTest struct {
	continuity.Test
	Length time.Duration      `json:"length,omitempty"` // until it was restored
	Loss   time.Duration      `json:"loss,omitempty"`
	NoCopy bool               `json:"no_copy,omitempty"`
	RTO    compliance.Verdict `json:"rto"`
	RPO    compliance.Verdict `json:"rpo"`
}

// MonthlyNotJudged is a record that has no verdict, and why.
type MonthlyNotJudged struct {
	Section  string    `json:"section"`
	Number   string    `json:"number,omitempty"`
	Received time.Time `json:"received,omitzero"`
	Why      string    `json:"why"`
}

// MonthlyVariant is what another reading would say of one kind of ticket.
type MonthlyVariant struct {
	Kind         priority.Kind          `json:"kind"`
	BusinessDays servicetime.Convention `json:"business_days"`
	Hours        servicetime.Convention `json:"hours"`
	Compliance   Counting               `json:"compliance"`
	Own          bool                   `json:"own,omitempty"`
	Met          int64                  `json:"met"`
	Total        int64                  `json:"total"`
	Verdict      compliance.Verdict     `json:"verdict"`
	Changed      int64                  `json:"changed"`
}

// Monthly makes the monthly report, with the reports of months before it for the trend and the year to date, in any order; of one month given twice the last
// counts. The sensitivity is nil where it was not tallied.
//
// It returns an error if the agreement cannot be written: [Agreement.Marshal].
func (m *Month) Monthly(sensitivity *Sensitivity, history ...*Report) (*Monthly, error) {
	report, a := m.Report(), &m.rules.agreement
	document, err := a.Marshal()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(document)
	p := &Monthly{
		Format: MonthlyFormat, Month: report.Month, From: report.Span.From, To: report.Span.To, AsOf: report.AsOf, Preliminary: report.Preliminary,
		Agreement: MonthlyAgreement{a.Name, a.Title, a.Version, a.Source, hex.EncodeToString(sum[:]), a.Labels, a.Priority.Levels, a.Zone, a.Parties},
		Readings:  a.Readings, Duties: a.Duties,
	}
	if due, business, err := m.rules.ReportDue(m.month); err == nil {
		p.Due = &MonthlyDue{a.Report.Clause, due, business}
	}
	p.Targets = m.rules.targets(report)
	p.trend(m.rules, report, history)
	for i := range p.Targets {
		if t := &p.Targets[i]; t.binds() {
			p.Summary.Targets++
			switch t.Verdict {
			case compliance.Met:
				p.Summary.Met++
			case compliance.Missed:
				p.Summary.Missed++
			default:
				p.Summary.NoData++
			}
		}
	}
	m.monthlyContent(p, report)
	m.monthlyUptime(p, report)
	m.monthlyTickets(p, report)
	monthlyRest(p, report)
	m.monthlyBackups(p, report)
	p.local(m.rules.months.Location())
	findings, err := m.rules.Review(m.month.Year)
	if err != nil {
		return nil, err
	}
	for _, f := range findings {
		if p.touches(f) {
			p.Findings = append(p.Findings, f)
		} else {
			p.OtherFindings++
		}
	}
	for _, kind := range allKinds {
		if sensitivity == nil {
			break
		}
		for _, v := range sensitivity.Of(kind) {
			p.Sensitivity = append(p.Sensitivity, MonthlyVariant{kind, v.BusinessDays, v.Hours, v.Compliance, v.Own, v.Share.Met, v.Share.Total, v.Verdict, v.Changed})
		}
	}
	return p, nil
}

// touches reports whether a finding is of a section that has records, or of none.
func (p *Monthly) touches(f Finding) bool {
	parts := strings.FieldsFunc(f.Path, func(r rune) bool { return r == '.' || r == '[' })
	if len(parts) > 2 && parts[0] == "services" {
		parts = parts[2:]
	}
	known, records := false, false
	for _, s := range p.Content {
		if len(parts) > 0 && (s.Name == parts[0] || parts[0] == "priority" && (s.Name == "incidents" || s.Name == "problems")) {
			known, records = true, records || s.Records
		}
	}
	return records || !known
}

// local gives the instants of the load the agreement's zone: counts of calls know none.
func (p *Monthly) local(zone *time.Location) {
	c := p.Capacity
	if c == nil {
		return
	}
	peaks := []*capacity.Peak{&c.Volume.Second, &c.Volume.Minute, &c.Volume.Hour, &c.Flow.Second, &c.Flow.Minute, &c.Flow.Concurrent}
	for i := range c.Limits {
		l := &c.Limits[i]
		peaks = append(peaks, &l.Peak)
		l.Over = slices.Clone(l.Over)
		for k := range l.Over {
			l.Over[k].From, l.Over[k].To = l.Over[k].From.In(zone), l.Over[k].To.In(zone)
		}
	}
	for _, peak := range peaks {
		if !peak.At.IsZero() {
			peak.At = peak.At.In(zone)
		}
	}
	if s := &c.Flow.Span; !s.From.IsZero() {
		s.From, s.To = s.From.In(zone), s.To.In(zone)
	}
}

// targets are the rows of the table.
func (r *Rules) targets(report *Report) []MonthlyTarget {
	var rows []MonthlyTarget
	share := func(path, clause, section, unit string, s compliance.Share, goal compliance.Goal, v compliance.Verdict) {
		rows = append(rows, MonthlyTarget{Path: path, Clause: clause, Section: section, Verdict: v, Unit: unit, Per: "month", SoFar: report.Preliminary, Met: s.Met, Total: s.Total, Goal: goal, Margin: s.MissesLeft(goal)})
	}
	for _, s := range []struct {
		section string
		of      *TicketReport
	}{{"incidents", &report.Incidents}, {"orders", &report.Orders}, {"problems", &report.Problems}} {
		if s.of.Agreed && !s.of.Goal.IsZero() {
			share(s.section+".goal", s.of.Clause, s.section, "tickets", s.of.Share, s.of.Goal, s.of.Verdict)
		}
	}
	if c := &report.Changes; c.Agreed && !c.Goal.IsZero() {
		share("changes.goal", c.Clause, "changes", "changes", c.Share, c.Goal, c.Verdict)
	}
	for i, o := range report.Availability.Limits {
		rows = append(rows, availabilityTarget(fmt.Sprintf("availability.limits[%d]", i), cmp.Or(o.Clause, report.Availability.Clause), &o))
	}
	if p := &report.Calls.Performance; p.Agreed {
		for i, o := range p.Outcomes {
			if !o.Limit.Share.IsZero() {
				share(fmt.Sprintf("performance.limits[%d]", i), p.Clause, "performance", "calls", o.Share, o.Limit.Share, o.Verdict)
				rows[len(rows)-1].Response, rows[len(rows)-1].Margin = &o.Limit, o.Left
			}
		}
		if goal := p.Rule.Precision; !goal.IsZero() {
			share("performance.precision", p.PrecisionClause, "performance", "calls", p.Precision.Share, goal, p.Precision.Verdict)
			rows[len(rows)-1].Margin = p.Precision.Left
		}
	}
	for i, o := range report.Calls.Capacity.Limits {
		rows = append(rows, MonthlyTarget{
			Path: fmt.Sprintf("capacity.limits[%d]", i), Clause: cmp.Or(o.Clause, report.Calls.Capacity.Clause), Section: "capacity", Verdict: o.Verdict, Advisory: o.Advisory,
			Unit: "peak", Per: "month", SoFar: report.Preliminary, Value: o.Peak.Count, Allowed: o.Allowed(), Margin: o.Allowed() - o.Peak.Count, Load: &o.Limit,
		})
	}
	if c := &report.Continuity; c.Agreed {
		for _, o := range c.outcomes() {
			if !o.of.Objective.IsZero() {
				rows = append(rows, MonthlyTarget{
					Path: "continuity." + o.path, Clause: c.Clause, Section: "continuity", Verdict: o.of.Verdict, Unit: "time", Per: "month", SoFar: report.Preliminary,
					Objective: o.of.Objective.String(), Value: int64(o.of.Worst.Length), Total: o.of.Count, Met: o.of.Count - o.of.Missed(), Margin: -o.of.Missed(),
				})
			}
		}
	}
	return rows
}

func availabilityTarget(path, clause string, o *availability.Outcome) MonthlyTarget {
	t := MonthlyTarget{Path: path, Clause: clause, Section: "availability", Verdict: o.Verdict, Per: o.Per.String(), Unit: "time", Margin: int64(o.Left)}
	m := o.Measurement
	if m == nil { // no data: what is agreed is the same
		m = &availability.Measurement{}
	}
	t.SoFar = o.Measurement != nil && m.SoFar()
	switch {
	case o.Interruptions != nil:
		t.Unit, t.Value, t.Allowed, t.Margin = "interruptions", m.Count(), *o.Interruptions, o.LeftCount
	case o.Down != nil:
		t.Value, t.Allowed = int64(m.Down), int64(*o.Down)
	case o.Longest != nil:
		t.Value, t.Allowed, t.Longest = int64(m.Longest), int64(*o.Longest), true
	default:
		s := m.Share()
		t.Met, t.Total, t.Goal = s.Met, s.Total, o.Share
		if o.Measurement != nil {
			without := m.WithoutExcused()
			t.Unexcused = &without
		}
	}
	return t
}

// trend gives the targets what they were in the eleven months before, and in the year.
func (p *Monthly) trend(r *Rules, report *Report, history []*Report) {
	months := map[servicetime.Month]*Report{}
	for _, h := range history {
		months[h.Month] = h
	}
	months[report.Month] = report
	byMonth := map[servicetime.Month]map[string]*MonthlyTarget{}
	for n := -11; n <= 0; n++ {
		month := report.Month.Add(n)
		if h := months[month]; h != nil {
			rows := r.targets(h)
			byMonth[month] = map[string]*MonthlyTarget{}
			for i := range rows {
				byMonth[month][rows[i].Path] = &rows[i]
			}
		}
	}
	for i := range p.Targets {
		t := &p.Targets[i]
		var year compliance.Share
		for n := -11; n <= 0; n++ {
			month := report.Month.Add(n)
			was := byMonth[month][t.Path]
			if was == nil {
				continue
			}
			t.Trend = append(t.Trend, MonthlyPoint{month, was.Verdict, was.Met, was.Total, was.Value})
			if month.Year == report.Month.Year {
				year.Met, year.Total = year.Met+was.Met, year.Total+was.Total
			}
		}
		if !t.Goal.IsZero() && t.Per == "month" {
			t.YearToDate = &year
		}
	}
}

// monthlyContent says which sections there are (§5.1).
func (m *Month) monthlyContent(p *Monthly, report *Report) {
	a := &m.rules.agreement
	here := func(t *TicketReport) bool { return t.Tickets > t.Elsewhere }
	records := map[string]bool{
		"incidents": here(&report.Incidents), "orders": here(&report.Orders), "problems": here(&report.Problems),
		"security": here(&report.Incidents) || here(&report.Security), // security incidents are some of the incidents, or none
		"changes":  report.Changes.Changes > 0, "availability": m.up.given, "performance": report.Calls.Calls > 0, "capacity": report.Calls.Calls > 0,
		"continuity": m.recorded(),
	}
	p.Complete = true
	for _, name := range Sections() {
		there, clause := m.rules.clauseOf(name)
		s := MonthlySection{Name: name, Clause: clause, Records: records[name]}
		if a.Report != nil {
			s.Requirement = a.Report.Content[name]
		}
		if s.Requirement == 0 && there {
			s.Requirement = Required
		}
		if s.Requirement == Required && !s.Records {
			p.Complete = false
		}
		p.Content = append(p.Content, s)
	}
}

// recorded reports whether a record of continuity lies in the month.
func (m *Month) recorded() bool {
	return slices.ContainsFunc(m.back.disruptions.kept, func(d continuity.Disruption) bool {
		return d.From.Before(m.span.To) && (d.To.IsZero() || d.To.After(m.span.From))
	}) || slices.ContainsFunc(m.back.backups.kept, func(b continuity.Backup) bool { return m.has(b.DataAt) }) ||
		slices.ContainsFunc(m.back.tests.kept, func(t continuity.Test) bool { return m.has(t.At) })
}

// monthlyUptime is the time of the month, date by date, and what interrupted it.
func (m *Month) monthlyUptime(p *Monthly, report *Report) {
	r, rules := &report.Availability, m.rules.agreement.Availability
	if rules == nil || r.Month.Rule.Opening == nil {
		return
	}
	month := &r.Month
	p.Availability = &MonthlyAvailability{
		r.Clause, month.Open, month.Up(), month.Down, month.Excused, month.Degraded, month.Removed, month.Rest, month.Count(), r.Credit.Credit,
	}
	service, rule := m.composed(rules), *m.rules.up
	holidays := map[servicetime.Date]string{}
	if segments, err := rule.Opening.Explain(m.span.From, m.span.To); err == nil {
		for s := range segments {
			if s.Kind == servicetime.KindHoliday {
				holidays[rule.Opening.Date(s.From)] = s.Name
			}
		}
	}
	first, last := m.month.Dates()
	for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
		span, err := rule.Opening.Span(d)
		if err != nil {
			continue // a date that no clock in the zone showed
		}
		day, err := service.Result(rule, span, m.asOf)
		if err != nil {
			continue
		}
		p.Days = append(p.Days, MonthlyDay{d, day.Open + day.Rest, day.Down, day.Excused, day.Degraded, holidays[d]})
	}
	listed := func(x Interruption, explained bool) MonthlyInterruption {
		row := MonthlyInterruption{Interruption: x.Interruption, Causes: x.Causes(), Plans: x.Plans(), InMonth: x.Down}
		row.Communicated, _ = x.Communicated()
		if segments, err := rule.Opening.Explain(x.Began, x.To); err == nil && explained {
			row.Segments = slices.Collect(segments)
		}
		return row
	}
	carried := month.Down - month.Weighted - month.Interrupted
	for i, x := range r.Interruptions {
		row := listed(x, i < MaxExplained)
		if x.To.After(m.span.To) { // the last, which goes on in the next month
			if here, err := service.Result(rule, servicetime.Span{From: x.From, To: m.span.To}, m.asOf); err == nil {
				row.InMonth = here.Down - here.Weighted
				carried += row.Down - row.InMonth
			}
		}
		p.Interruptions = append(p.Interruptions, row)
	}
	p.MoreDown = month.MoreInterruptions
	if carried > 0 {
		p.CarriedOver = m.carriedOver(service, rule, carried, listed)
	}
	m.outsideHours(p, rule.Opening)
	for _, w := range r.Windows {
		row := MonthlyWindow{Window: w.Window, Change: w.Change, Open: w.Open, Critical: w.Critical}
		var alone availability.Tally
		if alone.Window(w.Window) == nil {
			if of, err := alone.Result(rule, m.span, m.asOf); err == nil {
				row.Excused, row.Down = of.Excused, of.Down
			}
		}
		p.Windows = append(p.Windows, row)
	}
	p.Disturbances = r.Uncovered
	for _, provider := range r.Providers {
		p.Providers = append(p.Providers, MonthlyProvider{provider.Name, provider.Open, provider.Down, provider.Count()})
	}
}

// carriedOver is the interruption that began before the month and was down so long in it.
func (m *Month) carriedOver(service *availability.Tally, rule availability.Rule, down time.Duration, listed func(Interruption, bool) MonthlyInterruption) *MonthlyInterruption {
	earliest, err := rule.Periods.Span(servicetime.MustMonth("1970-01"))
	if err != nil {
		return nil
	}
	for _, from := range []time.Time{m.span.From.AddDate(0, -1, 0), earliest.From} { // most began not long ago
		before, err := service.Result(rule, servicetime.Span{From: from, To: m.span.From}, m.asOf)
		if err != nil || len(before.Interruptions) == 0 || before.MoreInterruptions > 0 {
			continue
		}
		if last := before.Interruptions[len(before.Interruptions)-1]; last.To.After(m.span.From) {
			told, _ := m.up.told.sorted()
			row := listed(Interruption{last, outagesIn(told, last)}, true)
			row.InMonth = down
			return &row
		}
	}
	return nil
}

// outsideHours lists outages without opening hours.
func (m *Month) outsideHours(p *Monthly, opening *servicetime.Calendar) {
	told, _ := m.up.told.sorted()
	until := m.until()
	for _, o := range told {
		from, to := o.From, o.To
		if from.Before(m.span.From) {
			from = m.span.From
		}
		if to.IsZero() || to.After(until) {
			to = until
		}
		switch open, err := opening.Elapsed(from, to); {
		case err != nil || open > 0:
		case len(p.Outside) == MaxExplained:
			p.MoreOutside++
		default:
			p.Outside = append(p.Outside, MonthlyOutage{o.From, o.To, o.Provider, o.Cause})
		}
	}
}

// monthlyTickets is what became of tickets.
func (m *Month) monthlyTickets(p *Monthly, report *Report) {
	for _, s := range []*TicketReport{&report.Incidents, &report.Orders, &report.Problems, &report.Security} {
		p.notJudged(s.Name(), s.NotJudged)
		if !s.Agreed {
			continue
		}
		t := MonthlyTickets{
			Kind: s.Kind, Clause: s.Clause, Tickets: s.Tickets, Running: s.Running, NoTarget: s.NoTarget, Elsewhere: s.Elsewhere, Rejected: s.Rejected, More: s.MoreMissed,
		}
		for _, g := range s.Groups {
			t.Groups = append(t.Groups, MonthlyGroup{g.Name, g.Targets, g.Met, g.Missed, g.Running, g.Response, g.Resolution})
		}
		for _, g := range s.ByProvider() {
			t.Providers = append(t.Providers, MonthlyGroup{g.Name, g.Targets, g.Met, g.Missed, g.Running, g.Response, g.Resolution})
		}
		for i, missed := range s.Missed {
			t.Missed = append(t.Missed, missed.Monthly(i < MaxExplained))
		}
		p.Tickets = append(p.Tickets, t)
	}
	p.notJudged("tickets", report.Unknown.NotJudged)
}

// Monthly is the ticket as a monthly report has it, with the segments of its times if they are asked for.
func (t MissedTicket) Monthly(explained bool) MonthlyMissed {
	row := MonthlyMissed{Number: t.Number, Level: t.Priority, Received: t.Response.Received, Breached: t.Breached}
	for _, c := range []struct {
		name  string
		clock *priority.Clock
	}{{"response", &t.Response}, {"resolution", &t.Resolution}} {
		if c.clock.State != priority.Breached {
			continue
		}
		clock := MonthlyClock{Name: c.name, Target: c.clock.Target, From: c.clock.From, Due: c.clock.Due, Done: c.clock.Done, Elapsed: c.clock.Elapsed, Over: c.clock.Over, Paused: c.clock.Paused}
		if explained {
			clock.Segments = slices.Collect(c.clock.ExplainElapsed())
		}
		row.Clocks = append(row.Clocks, clock)
	}
	return row
}

func (p *Monthly) notJudged(section string, records []NotJudged) {
	for _, n := range records {
		p.NotJudged = append(p.NotJudged, MonthlyNotJudged{section, n.Number, n.Received, n.Err.Error()})
	}
}

// monthlyRest are changes, calls and continuity.
func monthlyRest(p *Monthly, report *Report) {
	for _, c := range report.Changes.Listed {
		p.Changes = append(p.Changes, MonthlyChange{
			Number: c.Change.Number, At: c.At, Verdict: c.Verdict, Latest: c.Latest, Communicated: c.Communicated, Verified: c.Verified,
			OpenTime: c.OpenTime, NotShown: c.NotShown, Critical: c.Critical, Status: c.Change.Status, Outcome: c.Change.Outcome,
		})
	}
	p.notJudged("changes", report.Changes.NotJudged)
	p.notJudged("availability", report.Availability.NotJudged)
	p.notJudged("continuity", report.Continuity.NotJudged)
	if calls := &report.Calls; calls.Calls > 0 {
		if calls.Performance.Agreed {
			r := &calls.Performance.Result
			p.Performance = &MonthlyPerformance{
				Limits: r.Rule.Limits, MaxPersons: r.Rule.MaxPersons, Base: r.Base, Deviations: r.Precision.Deviations, OutsideHours: r.OutsideHours,
				BeyondCapacity: r.BeyondCapacity, Invalid: r.Invalid, Hours: r.Hours, Legs: r.Legs, Percentiles: r.Percentiles, Times: r.Times,
			}
			for _, g := range r.Groups {
				p.Performance.Groups = append(p.Performance.Groups, MonthlyPersons{g.Persons, g.Count})
			}
		}
		c := &calls.Capacity
		if c.Usage.Users == nil {
			c.Usage.Users = []capacity.User{} // none, which is a list
		}
		p.Capacity = &MonthlyCapacity{Clause: c.Clause, Users: c.Users, Volume: c.Volume, Flow: c.Flow, Usage: c.Usage}
		for _, o := range c.Limits {
			p.Capacity.Limits = append(p.Capacity.Limits, MonthlyLoad{o.Limit, o.Peak, o.P95, o.P99, o.Over, o.MoreOver, o.TimeOver, o.CallsOver})
		}
	}
	if c := &report.Continuity; c.Agreed {
		for _, o := range c.outcomes() {
			row := MonthlyObjective{Name: o.path, Verdict: o.of.Verdict, Count: o.of.Count, Missed: o.of.Missed(), Worst: o.of.Worst.Length, Unbounded: o.of.Worst.Unbounded}
			if !o.of.Objective.IsZero() {
				row.Objective = o.of.Objective.String()
			}
			p.Continuity = append(p.Continuity, row)
		}
		for _, t := range c.Tests {
			p.Tests = append(p.Tests, MonthlyTest{t.Test, t.Length, t.Loss, t.NoCopy, t.RTO, t.RPO})
		}
	}
}

// monthlyBackups are the copies of the month.
func (m *Month) monthlyBackups(p *Monthly, report *Report) {
	var b MonthlyBackups
	copies, _ := m.back.backups.sorted()
	for _, c := range copies {
		if !m.has(c.DataAt) || c.DataAt.After(m.asOf) {
			continue
		}
		b.Copies++
		switch {
		case c.DoneAt.IsZero() || c.DoneAt.After(m.asOf):
			b.NotDone++
		case c.VerifiedAt.IsZero() || c.VerifiedAt.After(m.asOf):
			b.NotVerified++
		}
	}
	if runs := report.Continuity.Runs; runs != nil {
		b.Runs, b.Missed = runs.Count, int64(len(runs.Missed))+runs.MoreMissed
	}
	if b != (MonthlyBackups{}) && report.Continuity.Agreed {
		p.Backups = &b
	}
}
