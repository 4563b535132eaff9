package sla_test

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// §4.9.1 §4.6.1
func TestPresetAvailability(t *testing.T) {
	const clause = "§4.9.1"
	assert.Equal(t, &sla.AvailabilityRules{
		Clause: clause, ServiceTime: "opening",
		Rule: availability.Rule{Planned: availability.PlannedUp, Degraded: availability.DegradedUp},
		Limits: []availability.Limit{
			{Clause: clause, Per: availability.PerMonth, Share: compliance.MustGoal("98%")},
			{Clause: clause, Per: availability.PerYear, Share: compliance.MustGoal("98%")},
			{Clause: clause, Per: availability.PerYear, Down: pointer(servicetime.MustDuration("62 h"))},
			{Clause: clause, Per: availability.PerMonth, Interruptions: pointer(int64(4))},
			{Clause: clause, Per: availability.PerYear, Interruptions: pointer(int64(12))},
		},
		Quorum: &availability.Quorum{Need: 3},
	}, sla.SSBTEK().Availability)
}

// §4.6.4 §4.1.2
func TestPresetChanges(t *testing.T) {
	assert.Equal(t, &sla.ChangeRules{
		Clause: "§4.6.4", ServiceTime: "opening", Goal: compliance.MustGoal("100%"),
		NoticeRule: availability.NoticeRule{Notice: servicetime.MustTarget("28 days"), Rule: availability.NoticeByDate},
		Meetings: &sla.MeetingRules{Clause: "§4.1.2", ServiceTime: "opening", Meetings: availability.Meetings{
			Weekday: servicetime.DaysOf(time.Thursday), At: 13 * 60, MaterialBy: 9 * 60, NoticeDays: 14,
			Rule: availability.NoticeByDate, Holiday: availability.SkipMeeting,
		}},
	}, sla.SSBTEK().Changes)
	// §5.1: performance and quality are the operator's, capacity and continuity not agreed.
	assert.Equal(t, &sla.ReportRules{
		Clause: "§5", ServiceTime: "opening", DueDay: 10, ContentClause: "§5.1",
		Content: map[string]sla.Requirement{
			"incidents": sla.Required, "orders": sla.Required, "problems": sla.Required, "changes": sla.Required, "availability": sla.Required,
			"security": sla.Required, "performance": sla.ByOther, "capacity": sla.NotRequired, "continuity": sla.NotRequired,
		},
	}, sla.SSBTEK().Report)
}

func outage(from, to string) availability.Outage {
	return availability.Outage{From: local(from), To: local(to)}
}

// octoberReport is that of October 2026, from its end.
func octoberReport(t *testing.T, rules *sla.Rules, records sla.Records) *sla.Report {
	t.Helper()
	report, err := rules.Evaluate(month("2026-10"), records, local("2026-11-01 00:00"))
	require.NoError(t, err)
	return report
}

func availabilityLines(r *sla.Report) (out []string) {
	for line := range r.Lines() {
		if line.Clause == "§4.9.1" || line.Clause == "§4.6.4" {
			out = append(out, line.String()+" ["+line.Verdict.String()+"]")
		}
	}
	return out
}

// The month and the year to date, each against its own limits.
func TestReportAvailability(t *testing.T) {
	records := sla.Records{
		Outages: []availability.Outage{
			{From: local("2026-10-05 16:30"), To: local("2026-10-06 08:30"), Cause: "disk", Plan: "replace it", Communicated: local("2026-10-05 16:40")},
			{From: local("2026-10-06 08:30"), To: local("2026-10-06 09:00"), Cause: "restart"},
			outage("2026-10-07 09:00", "2026-10-07 11:00"),
			outage("2026-10-10 09:00", "2026-10-10 11:00"), // a Saturday
			outage("2026-03-02 08:00", "2026-03-06 17:00"), // 45 h, in March
			outage("2025-12-30 08:00", "2025-12-30 17:00"), // another year
		},
		Windows: []availability.Window{{PlannedFrom: local("2026-10-08 05:00"), PlannedTo: local("2026-10-08 08:00"), ActualTo: local("2026-10-08 08:45"), Decision: availability.Decided}},
	}
	r := octoberReport(t, presetRules(), records)
	assert.Equal(t, []string{
		"§4.9.1 availability, month: down 4 h 15 min of 198 h, 97.85 %, goal 98 %: missed by 17 min 24 s [missed]",
		"§4.9.1 availability, year: down 49 h 15 min of 1899 h so far, 97.41 %, goal 98 %: missed by 11 h 16 min 12 s [missed]",
		"§4.9.1 unavailability, year: down 49 h 15 min so far, at most 62 h: met, 12 h 45 min left [met]",
		"§4.9.1 reliability, month: 3 interruptions, at most 4: met, 1 left [met]",
		"§4.9.1 reliability, year: 4 interruptions so far, at most 12: met, 8 left [met]",
		"§4.6.4 changes: no data, goal 100 % [no data]",
	}, availabilityLines(r))
	a := r.Availability
	assert.Equal(t, compliance.Missed, a.Verdict)
	assert.Equal(t, int64(6), a.Outages)
	require.Len(t, a.Interruptions, 3)
	first := a.Interruptions[0]
	assert.Equal(t, "2026-10-05 16:30 – 2026-10-06 09:00, down 1 h 30 min", first.String())
	assert.Equal(t, []string{"disk", "restart"}, first.Causes())
	assert.Equal(t, []string{"replace it"}, first.Plans())
	told, shown := first.Communicated()
	assert.True(t, shown)
	assert.True(t, told.Equal(local("2026-10-05 16:40")))
	_, shown = a.Interruptions[1].Communicated() // §4.1.1: a report lists those without
	assert.False(t, shown)
	assert.Empty(t, a.Interruptions[2].Outages, "an overrun of a window is told by no outage")
	assert.Empty(t, a.Credit)

	// Without a word on outages nobody knows whether the service was up; an empty list says that there were none.
	r = octoberReport(t, presetRules(), sla.Records{Windows: records.Windows})
	assert.Equal(t, compliance.NoData, r.Availability.Verdict)
	r = octoberReport(t, presetRules(), sla.Records{Outages: []availability.Outage{}})
	assert.Equal(t, compliance.Met, r.Availability.Verdict)
	assert.Equal(t, "down 0 s of 198 h, 100.00 %, 0 interruptions", r.Availability.Month.String())

	// Without rules it is not agreed.
	none := sla.SSBTEK()
	none.Availability = nil
	r = octoberReport(t, mustCompile(none), records)
	assert.Equal(t, compliance.NotAgreed, r.Availability.Verdict)
	assert.Equal(t, []string{"§4.6.4 changes: no data, goal 100 % [no data]"}, availabilityLines(r))
}

// An outage of a provider is that provider's; where the agreement says how providers make up the service, it is the service's too.
func TestReportProviders(t *testing.T) {
	down := func(provider, from, to string) availability.Outage {
		return availability.Outage{From: local("2026-10-" + from), To: local("2026-10-" + to), Provider: provider}
	}
	records := sla.Records{
		Outages: []availability.Outage{
			down("CSN", "05 09:00", "05 12:00"), down("FK", "05 10:00", "05 13:00"), down("AF", "05 11:00", "05 11:30"),
			down("CSN", "07 20:00", "08 09:00"), down("FK", "09 09:00", "09 10:00"),
		},
		Tickets: []priority.Ticket{
			// It covers the first disturbance, since both are of one trouble.
			{Number: "1", Kind: priority.Incident, Impact: 2, Received: local("2026-10-05 11:10"), Started: local("2026-10-05 11:10"), ReportedBack: local("2026-10-05 11:20")},
			// Not yet registered on the 8th, and covering by its occurrence.
			{Number: "2", Kind: priority.Incident, Impact: 2, Occurred: local("2026-10-09 09:30"), Received: local("2026-10-09 15:00")},
		},
	}
	r := octoberReport(t, presetRules(), records)
	assert.Equal(t, "down 0 s of 198 h, 100.00 %, 0 interruptions", r.Availability.Month.String())
	assert.Equal(t, []string{
		"§4.9.1 availability, provider AF: down 30 min of 198 h, 99.75 %, 1 interruption [not agreed]",
		"§4.9.1 availability, provider CSN: down 4 h of 198 h, 97.98 %, 2 interruptions [not agreed]",
		"§4.9.1 availability, provider FK: down 4 h of 198 h, 97.98 %, 2 interruptions [not agreed]",
	}, availabilityLines(r)[5:8])

	composed := sla.SSBTEK()
	whole := composed.Availability.Quorum.Among(availability.Providers("AF", "CSN", "FK", "SKV", "SO")...)
	composed.Availability.Composition = &whole
	r = octoberReport(t, mustCompile(composed), records)
	//	CSN      09----------12             AF, CSN and FK down: two of five answer
	//	FK          10----------13
	//	AF            11-11:30
	assert.Equal(t, "down 30 min of 198 h, 99.75 %, 1 interruption, 5 h 30 min with disturbance", r.Availability.Month.String())
	require.Len(t, r.Availability.Interruptions, 1)
	assert.Len(t, r.Availability.Interruptions[0].Outages, 3)
	var uncovered []string
	for _, s := range r.Availability.Uncovered {
		uncovered = append(uncovered, s.From.Format("02 15:04")+"–"+s.To.Format("02 15:04"))
	}
	assert.Equal(t, []string{"07 20:00–08 09:00"}, uncovered)

	// Who is not in the composition is not dropped.
	records.Outages = append(records.Outages, down("XYZ", "12 09:00", "12 10:00"), availability.Outage{From: local("2026-10-12 09:00"), To: local("2026-10-12 08:00")})
	r = octoberReport(t, mustCompile(composed), records)
	assert.Equal(t, int64(2), r.Availability.Rejected)
	require.Len(t, r.Availability.NotJudged, 2)
	require.ErrorIs(t, errAt(r.Availability.NotJudged, "XYZ"), availability.ErrProvider)
	require.ErrorIs(t, errAt(r.Availability.NotJudged, "2026-10-12T08:00:00"), servicetime.ErrBackwards)
}

// errAt is the error that names a text.
func errAt(all []sla.NotJudged, text string) error {
	for _, n := range all {
		if strings.Contains(n.Err.Error(), text) {
			return n.Err
		}
	}
	return nil
}

// What a monitor saw, and what composite calls tell, counts too.
func TestMonthObserved(t *testing.T) {
	rules := presetRules()
	condition, err := rules.Condition(8, 3)
	require.NoError(t, err)
	assert.Equal(t, availability.Disturbed, condition)
	var calls []availability.Call
	for minute, answered := range []int{8, 8, 3, 2, 2, 8} {
		calls = append(calls, availability.Call{At: local("2026-10-05 09:00").Add(time.Duration(minute) * time.Minute), Asked: 8, Answered: answered})
	}
	events, err := sla.SSBTEK().Availability.Quorum.Events(calls)
	require.NoError(t, err)
	var seen availability.Tally
	span := servicetime.Span{From: local("2026-10-05 09:00"), To: local("2026-10-05 10:00")}
	require.NoError(t, availability.Sampling{}.Observe(&seen, events, span))
	m, err := rules.Month(month("2026-10"), local("2026-11-01 00:00"))
	require.NoError(t, err)
	m.Observed(&seen)
	r := m.Report()
	assert.Equal(t, "down 2 min of 198 h, 99.98 %, 1 interruption, 1 min with disturbance", r.Availability.Month.String())
	assert.Len(t, r.Availability.Uncovered, 1)

	none := sla.SSBTEK()
	none.Availability.Quorum = nil
	_, err = mustCompile(none).Condition(8, 3)
	require.ErrorIs(t, err, sla.ErrNotJudged)
}

func TestReportCredit(t *testing.T) {
	a := sla.SSBTEK()
	a.Availability.Credits = availability.Ladder{{Below: compliance.MustGoal("98%"), Credit: "5 %"}, {Below: compliance.MustGoal("95%"), Credit: "10 %"}}
	r := octoberReport(t, mustCompile(a), sla.Records{Outages: []availability.Outage{outage("2026-10-05 09:00", "2026-10-05 13:00")}})
	assert.Equal(t, "5 %", r.Availability.Credit.Credit)
}

// An outage over the end of a month is too long in the month in which it becomes so, whichever of the two that is.
func TestReportLongest(t *testing.T) {
	a := sla.SSBTEK()
	a.Availability.Limits = []availability.Limit{{Per: availability.PerMonth, Longest: pointer(servicetime.MustDuration("8 h"))}}
	rules := mustCompile(a)
	records := sla.Records{Outages: []availability.Outage{outage("2026-10-30 12:00", "2026-11-05 12:00")}}
	for _, row := range []struct{ month, asOf, want string }{
		{"2026-10", "2026-11-01 00:00", "longest 5 h, at most 8 h: met, 3 h left"},
		{"2026-11", "2026-12-01 00:00", "longest 36 h, at most 8 h: missed by 28 h"},
		{"2026-10", "2026-12-01 00:00", "longest 5 h, at most 8 h: met, 3 h left"}, // a later run says the same
		{"2026-12", "2027-01-01 00:00", "longest 0 s, at most 8 h: met, 8 h left"},
	} {
		r, err := rules.Evaluate(month(row.month), records, local(row.asOf))
		require.NoError(t, err)
		assert.Equal(t, row.want, r.Availability.Limits[0].String(), row)
	}
}

// Months are those of the agreement's zone, whatever zone the opening hours have.
func TestReportZones(t *testing.T) {
	a := sla.SSBTEK()
	a.Zone = "America/Sao_Paulo"
	always := a.ServiceTimes["opening"]
	always.Week, always.Holidays = servicetime.MustWeek("mon-sun 00:00-24:00"), servicetime.Holidays{}
	a.ServiceTimes["opening"] = always
	records := sla.Records{Outages: []availability.Outage{outage("2026-11-01 00:30", "2026-11-01 03:30")}} // in October there
	r, err := mustCompile(a).Evaluate(month("2026-10"), records, local("2026-11-02 00:00"))
	require.NoError(t, err)
	assert.Equal(t, "down 3 h of 744 h, 99.60 %, 1 interruption", r.Availability.Month.String())
	assert.Equal(t, r.Availability.Month, *r.Availability.Limits[0].Measurement)
}

// What is known to be down is down, though nobody told of outages; but then nothing is met.
func TestReportKnownDown(t *testing.T) {
	acute := availability.Change{Acute: true, Windows: []availability.Window{{PlannedFrom: local("2026-10-06 08:00"), PlannedTo: local("2026-10-08 17:00")}}}
	r := octoberReport(t, presetRules(), sla.Records{Changes: []availability.Change{acute}})
	assert.Equal(t, compliance.Missed, r.Availability.Verdict)
	assert.Equal(t, []string{
		"§4.9.1 availability, month: down 27 h of 198 h, 86.36 %, goal 98 %: missed by 23 h 2 min 24 s [missed]",
		"§4.9.1 availability, year: no data, at least 98 % [no data]",
	}, availabilityLines(r)[:2])
}

// What came after as-of is not known: outages, and when they were communicated.
func TestReportAsOf(t *testing.T) {
	told := availability.Outage{From: local("2026-10-06 08:00"), To: local("2026-10-06 09:00"), Communicated: local("2026-10-20 09:00")}
	later := availability.Outage{From: local("2026-10-12 08:00"), To: local("2026-10-12 07:00"), Provider: "CSN"}
	r, err := presetRules().Evaluate(month("2026-10"), sla.Records{Outages: []availability.Outage{told, later}}, local("2026-10-10 12:00"))
	require.NoError(t, err)
	_, shown := r.Availability.Interruptions[0].Communicated()
	assert.False(t, shown)
	assert.Empty(t, r.Availability.Providers)
	assert.Empty(t, r.Availability.NotJudged)
}

// A disturbance that began in another month is covered by the incident that was registered there.
func TestReportUncoveredOverMonths(t *testing.T) {
	a := sla.SSBTEK()
	both := availability.Parallel(availability.Providers("A", "B")...)
	a.Availability.Composition = &both
	records := sla.Records{
		Outages: []availability.Outage{{From: local("2026-09-28 10:00"), To: local("2026-10-02 12:00"), Provider: "A"}},
		Tickets: []priority.Ticket{{Number: "1", Kind: priority.Incident, Impact: 2, Received: local("2026-09-28 10:05"), Started: local("2026-09-28 10:10"), ReportedBack: local("2026-09-30 16:00")}},
	}
	r := octoberReport(t, mustCompile(a), records)
	assert.Equal(t, 13*time.Hour, r.Availability.Month.Degraded)
	assert.Empty(t, r.Availability.Uncovered)
	r = octoberReport(t, mustCompile(a), sla.Records{Outages: records.Outages})
	assert.Len(t, r.Availability.Uncovered, 1)
}

// Thousands of outages of providers, which no report of the service shows, do not crowd out a cause.
func TestReportCauses(t *testing.T) {
	records := sla.Records{Outages: []availability.Outage{{From: local("2026-10-28 08:00"), To: local("2026-10-28 09:00"), Cause: "fire"}}}
	for i := range sla.MaxListed + 2000 {
		from := local("2026-10-01 08:00").Add(time.Duration(2*i) * time.Second)
		records.Outages = append(records.Outages, availability.Outage{From: from, To: from.Add(time.Second), Provider: "AF"})
	}
	r := octoberReport(t, presetRules(), records)
	assert.Equal(t, []string{"fire"}, r.Availability.Interruptions[0].Causes())
}

// Groups that are the same slice would be copied over and over.
func TestCompileSharedGroups(t *testing.T) {
	a := sla.SSBTEK()
	c := availability.Composition{Provider: "A"}
	for range 40 {
		c = availability.Series(c, c)
	}
	a.Availability.Composition = &c
	_, err := a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, servicetime.ErrLimit)
}

// A limit of a year that no calendar covers wholly is said, and the month is still measured.
func TestReportBeforeRange(t *testing.T) {
	a := sla.SSBTEK()
	a.Availability.Limits[1].Per = availability.Rolling12Months
	r, err := mustCompile(a).Evaluate(month("1970-03"), sla.Records{Outages: []availability.Outage{}}, local("1970-04-01 00:00"))
	require.NoError(t, err)
	require.ErrorIs(t, r.Availability.NotJudged[0].Err, servicetime.ErrRange)
	assert.Len(t, r.Availability.Limits, 4)
	assert.Equal(t, compliance.Met, r.Availability.Verdict)
	assert.Positive(t, r.Availability.Month.Open)
}

func TestReportChanges(t *testing.T) {
	change := func(number, communicated string, windows ...availability.Window) availability.Change {
		return availability.Change{Number: number, Communicated: local(communicated), Windows: windows, Status: "done"}
	}
	window := func(from, to string) availability.Window {
		return availability.Window{PlannedFrom: local("2026-10-" + from), PlannedTo: local("2026-10-" + to)}
	}
	acute := change("C4", "", window("12 10:00", "12 11:00"))
	acute.Acute = true
	cancelled := change("C7", "", window("14 08:00", "14 17:00"))
	cancelled.Cancelled = true
	records := sla.Records{
		Outages: []availability.Outage{},
		Changes: []availability.Change{
			change("C1", "2026-09-07 23:59", window("05 18:00", "05 22:00")), // exactly four weeks before
			change("C2", "2026-09-08 00:00", window("06 18:00", "06 22:00"), window("06 10:00", "06 11:00")),
			change("C3", "2026-09-24 00:00", window("21 18:00", "21 22:00")), // in a critical period
			acute,
			change("C5", "", window("05 18:00", "05 17:00")),
			change("C6", "2026-09-01 00:00"),
			cancelled,
			{Number: "C8", On: servicetime.MustDate("2026-11-02")},
			{Number: "C9", On: servicetime.MustDate("2026-10-30")},
		},
	}
	r := octoberReport(t, presetRules(), records)
	var lines []string
	for _, c := range r.Changes.Listed {
		lines = append(lines, c.String())
	}
	assert.Equal(t, []string{
		"C1 on 2026-10-05: communicated 2026-09-07 23:59, at the latest 2026-09-07: met",
		"C2 on 2026-10-06: communicated 2026-09-08 00:00, at the latest 2026-09-08: met; 1 h in opening hours, decision not shown",
		"C4 on 2026-10-12: acute repair: no target; 1 h in opening hours",
		"C7 on 2026-10-14: cancelled: no target",
		"C3 on 2026-10-21: communicated 2026-09-24 00:00, at the latest 2026-09-23: missed; in a critical period",
		"C9 on 2026-10-30: not communicated, at the latest 2026-10-02: missed",
	}, lines)
	assert.Equal(t, "2 of 4 communicated in time, 50.00 %, goal 100 %: missed by 2", r.Changes.String())
	assert.Equal(t, compliance.Missed, r.Changes.Verdict)
	assert.Equal(t, []int64{9, 2, 0, 1, 2, 4}, []int64{r.Changes.Changes, r.Changes.NoTarget, r.Changes.Running, r.Changes.Elsewhere, r.Changes.Rejected, r.Changes.Share.Total})
	require.ErrorIs(t, errAt(r.Changes.NotJudged, "C5"), servicetime.ErrBackwards)
	require.ErrorIs(t, errAt(r.Changes.NotJudged, "C6"), availability.ErrUndated)
	// The acute repair is downtime, the window in opening hours excused, the cancelled one neither.
	assert.Equal(t, "down 1 h of 198 h, 99.49 %, 1 interruption, 1 h excused", r.Availability.Month.String())

	none := sla.SSBTEK()
	none.Changes = nil
	rules := mustCompile(none)
	r = octoberReport(t, rules, records)
	assert.Equal(t, compliance.NotAgreed, r.Changes.Verdict)
	_, err := rules.FirstMeeting(local("2026-10-01 09:00"))
	require.ErrorIs(t, err, sla.ErrNotJudged)
	_, _, err = rules.LastMeeting(servicetime.MustDate("2026-10-31"))
	require.ErrorIs(t, err, sla.ErrNotJudged)
}

// §4.1.2
func TestRulesMeetings(t *testing.T) {
	first, err := presetRules().FirstMeeting(local("2026-04-30 10:00"))
	require.NoError(t, err)
	assert.Equal(t, "Thu 2026-05-21 13:00, material by 09:00, none on 2026-05-14", first.String()) // Ascension Day
	last, ask, err := presetRules().LastMeeting(servicetime.MustDate("2026-05-16"))
	require.NoError(t, err)
	assert.Equal(t, "Thu 2026-05-07 13:00, material by 09:00, none on 2026-05-14", last.String())
	assert.True(t, ask.Equal(local("2026-04-24 00:00")))
}

// The parts of a month, merged in any order, are the whole.
func TestMonthMergesAvailability(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	a := sla.SSBTEK()
	whole := a.Availability.Quorum.Among(availability.Providers("A", "B", "C", "D")...)
	a.Availability.Composition = &whole
	rules := mustCompile(a)
	for range 50 {
		var parts [3]*sla.Month
		all, err := rules.Month(month("2026-10"), local("2026-10-28 12:00"))
		require.NoError(t, err)
		for i := range parts {
			parts[i], err = rules.Month(month("2026-10"), local("2026-10-28 12:00"))
			require.NoError(t, err)
		}
		at := func() time.Time {
			return local("2026-09-28 00:00").Add(time.Duration(random.IntN(34*24*60)) * time.Minute)
		}
		for n := range 40 {
			part := parts[random.IntN(3)]
			from := at()
			length := time.Duration(random.IntN(600)-10) * time.Minute
			o := availability.Outage{From: from, To: from.Add(length), Provider: []string{"", "A", "B", "C", "D", "E"}[random.IntN(6)], Cause: string(rune('a' + n%7))}
			part.Outage(o)
			all.Outage(o)
			if n%5 == 0 {
				c := availability.Change{Number: string(rune('a' + n%9)), Windows: []availability.Window{{PlannedFrom: from, PlannedTo: from.Add(length)}}, Communicated: at(), Acute: n%3 == 0}
				part.Change(c)
				all.Change(c)
				w := availability.Window{PlannedFrom: at(), ActualTo: at()}
				w.PlannedTo = w.PlannedFrom.Add(time.Hour)
				part.Window(w)
				all.Window(w)
				ticket := solved(string(rune('a'+n%9)), 1, true)
				ticket.Received = from
				part.Ticket(ticket)
				all.Ticket(ticket)
			}
		}
		sum := parts[random.IntN(3)]
		for _, p := range parts {
			if p != sum {
				require.NoError(t, sum.Merge(p))
			}
		}
		require.Equal(t, all.Report().Availability, sum.Report().Availability)
		require.Equal(t, all.Report().Changes, sum.Report().Changes)
	}
}

// More providers than a report tells apart: the first by name, whatever the order.
func TestProviderTalliesAreBounded(t *testing.T) {
	m, err := presetRules().Month(month("2026-10"), local("2026-11-01 00:00"))
	require.NoError(t, err)
	name := func(i int) string {
		return string([]rune{'P', rune('a' + i/676), rune('a' + i/26%26), rune('a' + i%26)})
	}
	for _, i := range rand.New(rand.NewPCG(7, 8)).Perm(2*sla.MaxProviders + 500) {
		o := outage("2026-10-05 09:00", "2026-10-05 10:00")
		o.Provider = name(i)
		m.Outage(o)
	}
	a := m.Report().Availability
	require.Len(t, a.Providers, sla.MaxProviders)
	assert.Equal(t, name(0), a.Providers[0].Name)
	assert.Equal(t, name(sla.MaxProviders-1), a.Providers[sla.MaxProviders-1].Name)
	assert.Equal(t, int64(sla.MaxProviders+500), a.OtherOutages)
}

// Vectors procedural, kind report_due.
func TestVectorsReportDue(t *testing.T) {
	eves := sla.SSBTEK()
	opening := eves.ServiceTimes["opening"]
	opening.Holidays = servicetime.SwedenWithEves
	eves.ServiceTimes["opening"] = opening
	rules := map[string]*sla.Rules{"SE0817": presetRules(), "SE0817E": mustCompile(eves)}

	f, err := os.Open(filepath.Join("testdata", "vectors", "procedural.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	n := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		type rolled struct{ Following, Preceding servicetime.Date }
		var row struct {
			ID, Kind, Period string
			AsIs             servicetime.Date `json:"as_is"`
			SE0817, SE0817E  rolled
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		if row.Kind != "report_due" {
			continue
		}
		n++
		for name, want := range map[string]rolled{"SE0817": row.SE0817, "SE0817E": row.SE0817E} {
			due, businessDay, err := rules[name].ReportDue(month(row.Period))
			require.NoError(t, err)
			assert.Equal(t, row.AsIs, due, row.ID)
			assert.Equal(t, want.Preceding, businessDay, row.ID)
		}
	}
	require.NoError(t, lines.Err())
	assert.Positive(t, n)

	none := sla.SSBTEK()
	none.Report = nil
	_, _, err = mustCompile(none).ReportDue(month("2026-10"))
	require.ErrorIs(t, err, sla.ErrNotJudged)
	_, _, err = presetRules().ReportDue(month("2200-12"))
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// What is wrong with the rules of availability, changes and the report is found when compiling, all at once.
func TestCompileAvailabilityFaults(t *testing.T) {
	a := sla.SSBTEK()
	r := a.Availability
	r.ServiceTime, r.Planned, r.Degraded = "x", 0, 0
	r.MinGap = -1
	r.Limits[1].Share = compliance.Goal{}
	r.Limits = append(r.Limits, availability.Limit{Per: availability.PerMonth})
	r.Quorum.Need = 0
	r.Composition = &availability.Composition{Quorum: 3, Members: availability.Providers("A", "A")}
	r.Credits = availability.Ladder{{Credit: "10%"}}
	a.Changes.ServiceTime, a.Changes.Rule, a.Changes.Notice = "x", 0, servicetime.MustTarget("4 h")
	a.Changes.Meetings.ServiceTime, a.Changes.Meetings.Rule, a.Changes.Meetings.Holiday, a.Changes.Meetings.At = "x", 0, 0, 0
	a.Report.ServiceTime, a.Report.DueDay = "x", 31
	_, err := a.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{
		{"availability.service_time", "§4.9.1", "not_found", "x", sla.ErrUnknown},
		{"availability.planned", "§4.9.1", "bad_request", "", sla.ErrMissing},
		{"availability.degraded", "§4.9.1", "bad_request", "", sla.ErrMissing},
		{"availability.min_gap", "§4.9.1", "bad_request", "−0.000000001 s", availability.ErrReading},
		{"availability.limits[1]", "§4.9.1", "bad_request", "", availability.ErrLimit},
		{"availability.limits[5]", "§4.9.1", "bad_request", "", availability.ErrLimit},
		{"availability.quorum", "§4.9.1", "bad_request", "", availability.ErrQuorum},
		{"availability.composition.quorum", "§4.9.1", "bad_request", "3", availability.ErrQuorum},
		{"availability.composition.members[1].provider", "§4.9.1", "bad_request", "A", servicetime.ErrTwice},
		{"availability.credits[0].below", "§4.9.1", "bad_request", "", availability.ErrLadder},
		{"changes.service_time", "§4.6.4", "not_found", "x", sla.ErrUnknown},
		{"changes.notice", "§4.6.4", "bad_request", "4 h", availability.ErrReading},
		{"changes.rule", "§4.6.4", "bad_request", "", sla.ErrMissing},
		{"changes.meetings.service_time", "§4.1.2", "not_found", "x", sla.ErrUnknown},
		{"changes.meetings.at", "§4.1.2", "bad_request", "00:00", availability.ErrReading},
		{"changes.meetings.rule", "§4.1.2", "bad_request", "", sla.ErrMissing},
		{"changes.meetings.holiday", "§4.1.2", "bad_request", "", sla.ErrMissing},
		{"report.service_time", "§5", "not_found", "x", sla.ErrUnknown},
		{"report.due_day", "§5", "bad_request", "31", servicetime.ErrText},
	}, err)

	// Who changes a copy of compiled rules changes a copy.
	rules := presetRules()
	changed := rules.Agreement()
	*changed.Availability.Limits[3].Interruptions = 99
	changed.Availability.Quorum.Need = 99
	changed.Changes.Meetings.At = 1
	changed.Report.DueDay = 1
	assert.Equal(t, sla.SSBTEK(), rules.Agreement())
	assert.True(t, slices.ContainsFunc(sla.SSBTEK().Availability.Limits, func(l availability.Limit) bool { return l.Down != nil }))
}

// Every window with opening hours in the month is listed, with what the record shows of it: excused time has a reason (§4.6.1).
func TestReportWindows(t *testing.T) {
	window := func(from, to, actual string) availability.Window {
		w := availability.Window{PlannedFrom: local(from), PlannedTo: local(to)}
		if actual != "" {
			w.ActualTo = local(actual)
		}
		return w
	}
	decided := window("2026-10-21 07:00", "2026-10-21 08:00", "2026-10-21 08:30")
	decided.Decision, decided.Announced = availability.Decided, true
	undecided := window("2026-10-13 16:00", "2026-10-13 18:00", "")
	undecided.Decision = availability.Undecided
	records := sla.Records{
		Outages: []availability.Outage{},
		Windows: []availability.Window{window("2026-10-12 08:00", "2026-10-12 09:00", "2026-10-12 09:30"), decided, undecided, window("2026-10-12 18:00", "2026-10-12 22:00", "")},
		Changes: []availability.Change{{Number: "C1", Windows: []availability.Window{window("2026-09-28 16:00", "2026-10-02 09:00", "")}}}, // it begins in September
	}
	var lines []string
	r := octoberReport(t, presetRules(), records)
	for _, w := range r.Availability.Windows {
		lines = append(lines, w.Change+": "+w.String())
	}
	assert.Equal(t, []string{
		"C1: 2026-09-28 16:00 – 2026-10-02 09:00, 10 h in opening hours, decision not shown, in a critical period",
		": 2026-10-12 08:00 – 2026-10-12 09:00, ended 2026-10-12 09:30, 1 h 30 min in opening hours, decision not shown, overrun not announced",
		": 2026-10-13 16:00 – 2026-10-13 18:00, 1 h in opening hours, not decided",
		": 2026-10-21 07:00 – 2026-10-21 08:00, ended 2026-10-21 08:30, 30 min in opening hours, decided, overrun announced, in a critical period",
	}, lines)
	assert.Equal(t, 11*time.Hour+30*time.Minute, r.Availability.Month.Excused)
	assert.Equal(t, 90*time.Minute, r.Availability.Month.Down)
}

// A later run of an old month says the same of its year.
func TestReportLaterRun(t *testing.T) {
	records := sla.Records{Outages: []availability.Outage{
		outage("2026-10-06 08:00", "2026-10-06 09:00"),
		outage("2026-12-07 08:00", "2026-12-18 17:00"),
	}}
	first := octoberReport(t, presetRules(), records)
	later, err := presetRules().Evaluate(month("2026-10"), records, local("2027-01-15 12:00"))
	require.NoError(t, err)
	assert.Equal(t, availabilityLines(first), availabilityLines(later))
	december, err := presetRules().Evaluate(month("2026-12"), records, local("2027-01-15 12:00"))
	require.NoError(t, err)
	assert.Equal(t, compliance.Missed, december.Availability.Verdict)
}

// A record that cannot be is no word on whether the service was up, nor is one of a provider alone.
func TestMonthNotGiven(t *testing.T) {
	m, err := presetRules().Month(month("2026-10"), local("2026-11-01 00:00"))
	require.NoError(t, err)
	m.Outage(outage("2026-10-06 09:00", "2026-10-06 08:00"))
	m.Outage(availability.Outage{From: local("2026-10-06 08:00"), To: local("2026-10-06 09:00"), Provider: "CSN"})
	a := m.Report().Availability
	assert.Equal(t, compliance.NoData, a.Verdict)
	assert.Equal(t, "no data", a.Month.String())
	assert.Equal(t, int64(1), a.Rejected)
}

// What began at night, and what it touched, is a cause too.
func TestReportCauseAtNight(t *testing.T) {
	night := outage("2026-10-05 18:00", "2026-10-05 23:00")
	night.Cause = "disk"
	morning := outage("2026-10-05 23:00", "2026-10-06 09:00")
	morning.Cause = "restore"
	r := octoberReport(t, presetRules(), sla.Records{Outages: []availability.Outage{morning, night}})
	assert.Equal(t, []string{"disk", "restore"}, r.Availability.Interruptions[0].Causes())
}
