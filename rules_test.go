package sla_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// stockholm is the zone of the preset.
var stockholm = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return loc
}()

// local is a local time of the preset: `2026-06-18 15:30`, with seconds and fractions if need be, and
// the zero time for an empty text.
func local(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	layout := "2006-01-02 15:04:05"
	t, err := time.ParseInLocation(layout[:min(len(s), len(layout))], s, stockholm)
	if err != nil {
		panic(err)
	}
	return t
}

// presetRules is compiled once for all tests.
var presetRules = sync.OnceValue(func() *sla.Rules { return mustCompile(sla.SSBTEK()) })

func mustCompile(a sla.Agreement) *sla.Rules {
	rules, err := a.Compile(time.LoadLocation)
	if err != nil {
		panic(err)
	}
	return rules
}

// The Thursday before Midsummer Eve, which is no public holiday while the day after it is one.
func TestJudgeIncident(t *testing.T) {
	ticket := priority.Ticket{Kind: priority.Incident, Impact: 2, Received: local("2026-06-18 15:30")}
	j, err := presetRules().Judge(ticket, local("2026-06-18 17:00"))
	require.NoError(t, err)

	received := local("2026-06-18 15:30")
	due, end := local("2026-06-19 14:30"), local("2026-06-25 17:00")
	assert.Equal(t, sla.Judgement{
		Clause: "§4.3.1", Priority: "medium", Level: 3,
		Judgement: priority.Judgement{
			Response: priority.Clock{
				State: priority.Running, Target: target("8 h"), Convention: servicetime.SupportClock,
				Level: 3, Received: received, From: received, Since: received, Due: due, Last: due,
				Elapsed: 90 * time.Minute, Gross: 90 * time.Minute, Left: 390 * time.Minute,
			},
			Resolution: priority.Clock{
				State: priority.Running, Target: target("5 business days"), Convention: servicetime.ExclDateClose,
				Level: 3, Received: received, From: received, Since: received, Due: end, Last: end,
				Elapsed: 90 * time.Minute, Gross: 90 * time.Minute, Left: 45 * time.Hour,
			},
		},
	}, inStockholm(j))
	assert.Equal(t, "running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 6 h 30 min left", j.Response.String())
	assert.Equal(t, "running: due 2026-06-25 17:00, 5 business days (EXCL_DATE_CLOSE), 45 h left", j.Resolution.String())
}

// inStockholm makes what a judgement says comparable: a compiled zone is another pointer than that of a test, and a
// clock keeps what its explanation needs.
func inStockholm(j sla.Judgement) sla.Judgement {
	for _, c := range []*priority.Clock{&j.Response, &j.Resolution} {
		*c = priority.Clock{
			State: c.State, Target: c.Target, Convention: c.Convention, Level: c.Level, Received: c.Received, From: c.From, Since: c.Since,
			Done: c.Done, Due: c.Due, Last: c.Last, Elapsed: c.Elapsed, Gross: c.Gross, Paused: c.Paused, Closed: c.Closed, Left: c.Left, Over: c.Over,
		}
		for _, t := range []*time.Time{&c.Received, &c.From, &c.Since, &c.Done, &c.Due, &c.Last} {
			if !t.IsZero() {
				*t = t.In(stockholm)
			}
		}
	}
	return j
}

// Every cell of §4.3 by its impact and the date of its timing. "Close to" and "low season" are set here
// to see their rows: 15 to 19, and the first half of July.
func TestJudgeMatrix(t *testing.T) {
	a := sla.SSBTEK()
	a.Priority.Timing.NearBeforeDays = 5
	a.Priority.Timing.LowSeason = []priority.Season{{{Month: time.July, Day: 1}, {Month: time.July, Day: 14}}}
	rules := mustCompile(a)
	for _, row := range []struct {
		received string
		levels   [4]string // by impact
	}{
		{"2026-06-22 10:00", [4]string{"critical", "high", "medium", "low"}},
		{"2026-06-17 10:00", [4]string{"high", "high", "medium", "low"}},
		{"2026-06-10 10:00", [4]string{"medium", "medium", "medium", "low"}},
		{"2026-07-08 10:00", [4]string{"low", "low", "low", "low"}},
	} {
		for i, level := range row.levels {
			for _, kind := range []priority.Kind{priority.Incident, priority.Security} {
				ticket := priority.Ticket{Kind: kind, Impact: i + 1, Received: local(row.received)}
				j, err := rules.Judge(ticket, local(row.received))
				require.NoError(t, err)
				assert.Equal(t, level, j.Priority, "%s, impact %d", row.received, i+1)
				assert.Equal(t, a.Priority.Levels[j.Level-1], j.Priority)
				want := a.Incidents.Targets[level]
				assert.Equal(t, want, priority.Targets{Response: j.Response.Target, Resolution: j.Resolution.Target})
				assert.Equal(t, "§4.3.1", j.Clause)
			}
		}
	}
}

// §4.3: timing is that of the occurrence, else of the receipt; out of hours that of the next opening.
func TestJudgeTiming(t *testing.T) {
	for _, row := range []struct{ occurred, received, level string }{
		{"", "2026-06-19 16:59:59", "medium"},
		{"", "2026-06-22 08:00", "critical"},
		{"2026-06-19 16:59:59", "2026-06-22 08:00", "medium"},   // before the 20th, received on the 22nd
		{"2026-07-31 12:00", "2026-08-03 09:00", "critical"},    // in July's period, received after it
		{"2026-06-19 17:00", "2026-06-22 08:00", "critical"},    // closed: Monday's
		{"2026-08-01 12:00", "2026-08-03 09:00", "medium"},      // a Saturday after the period
		{"2026-08-31 17:00", "2026-08-31 17:30", "medium"},      // closed on the last day: September's first
		{"", "2026-09-19 12:00", "critical"},                    // Saturday the 19th: Monday the 21st
		{"2026-12-24 16:59:59", "2026-12-28 08:00", "critical"}, // an eve is open
		{"2026-12-31 17:00", "2026-12-31 17:00", "medium"},      // 1 January is closed, 2 January is open
	} {
		ticket := priority.Ticket{Kind: priority.Incident, Impact: 1, Occurred: local(row.occurred), Received: local(row.received)}
		j, err := presetRules().Judge(ticket, local(row.received))
		require.NoError(t, err)
		assert.Equal(t, row.level, j.Priority, "%+v", row)
	}

	byDate, is4 := sla.SSBTEK(), sla.SSBTEK()
	byDate.Priority.Timing.OutOfHours = priority.ByDate
	is4.Priority.Timing.OutOfHours = priority.OutOfHoursIs4
	saturday := priority.Ticket{Kind: priority.Incident, Impact: 1, Received: local("2026-09-19 12:00")}
	for level, a := range map[string]sla.Agreement{"medium": byDate, "low": is4} {
		j, err := mustCompile(a).Judge(saturday, saturday.Received)
		require.NoError(t, err)
		assert.Equal(t, level, j.Priority)
	}
}

// §4.2.1: Transportstyrelsen's support ends at 16:30, for all its tickets; others have the agreement's.
func TestJudgeProvider(t *testing.T) {
	const own, theirs = "Transportstyrelsen", "CSN"
	for _, row := range []struct {
		kind                 priority.Kind
		class                string
		level                priority.Level
		provider             string
		response, resolution string
	}{
		{priority.Incident, "", 3, own, "2026-06-19 15:00", "2026-06-25 16:30"},
		{priority.Incident, "", 3, theirs, "2026-06-19 14:30", "2026-06-25 17:00"},
		{priority.Incident, "", 3, "", "2026-06-19 14:30", "2026-06-25 17:00"},
		{priority.Incident, "", 1, own, "2026-06-18 16:00", "2026-06-19 15:00"},
		{priority.Security, "", 2, own, "2026-06-18 16:30", "2026-06-22 16:30"},
		{priority.Security, "", 2, theirs, "2026-06-18 16:30", "2026-06-22 17:00"},
		{priority.Order, "question", 0, own, "", "2026-06-22 16:30"},
		{priority.Order, "connection", 0, own, "", "2026-06-25 16:30"},
		{priority.Order, "connection", 0, theirs, "", "2026-06-25 17:00"},
		{priority.Problem, "", 1, own, "2026-06-19 16:30", "2026-06-25 00:00"}, // 6 days: 24:00, whoever it is
		{priority.Problem, "", 1, theirs, "2026-06-19 17:00", "2026-06-25 00:00"},
		{priority.Problem, "", 2, own, "2026-06-23 16:30", "2026-07-09 16:30"},
	} {
		ticket := priority.Ticket{
			Kind: row.kind, Class: row.class, Priority: row.level, Provider: row.provider, Received: local("2026-06-18 15:30"),
		}
		j, err := presetRules().Judge(ticket, local("2026-06-18 15:30"))
		require.NoError(t, err)
		j = inStockholm(j)
		assert.Equal(t, local(row.response), j.Response.Due, "%+v", row)
		assert.Equal(t, local(row.resolution), j.Resolution.Due, "%+v", row)
	}

	// Used up at its closing, and not before the next opening exceeded.
	ticket := priority.Ticket{Kind: priority.Incident, Priority: 2, Provider: own, Received: local("2026-06-18 15:30"), Started: local("2026-06-19 08:00")}
	j, err := presetRules().Judge(ticket, local("2026-06-19 08:00"))
	require.NoError(t, err)
	assert.Equal(t, priority.Met, j.Response.State)
	assert.Equal(t, local("2026-06-19 08:00"), inStockholm(j).Response.Last)
	ticket.Started = local("2026-06-19 08:00").Add(1)
	j, err = presetRules().Judge(ticket, local("2026-06-19 08:01"))
	require.NoError(t, err)
	assert.Equal(t, priority.Breached, j.Response.State)
}

// A target of every level and kind runs out.
func TestJudgeDue(t *testing.T) {
	for _, row := range []struct {
		kind                 priority.Kind
		class                string
		level                priority.Level
		name, clause         string
		response, resolution string
	}{
		{priority.Incident, "", 1, "critical", "§4.3.1", "2026-05-11 16:15", "2026-05-12 14:45"},
		{priority.Incident, "", 2, "high", "§4.3.1", "2026-05-11 16:45", "2026-05-13 17:00"},
		{priority.Incident, "", 3, "medium", "§4.3.1", "2026-05-12 14:45", "2026-05-19 17:00"}, // Ascension Day on the 14th
		{priority.Incident, "", 4, "low", "§4.3.1", "2026-05-15 12:45", "2026-05-21 17:00"},
		{priority.Order, "question", 0, "question", "§4.4", "", "2026-05-13 17:00"},
		{priority.Order, "connection", 0, "connection", "§4.4", "", "2026-05-19 17:00"},
		{priority.Order, "permissions", 0, "permissions", "§4.4", "", ""},
		{priority.Order, "standard change", 0, "standard change", "§4.4", "", ""},
		{priority.Problem, "", 1, "critical", "§4.5", "2026-05-12 17:00", "2026-05-18 00:00"}, // 24:00 of a Sunday
		{priority.Problem, "", 2, "high", "§4.5", "2026-05-15 17:00", "2026-06-02 17:00"},
		{priority.Problem, "", 3, "medium", "§4.5", "2026-05-18 17:00", "2026-06-16 17:00"},
		{priority.Problem, "", 4, "low", "§4.5", "2026-05-26 17:00", "2026-08-04 17:00"},
	} {
		ticket := priority.Ticket{Kind: row.kind, Class: row.class, Priority: row.level, Received: local("2026-05-11 15:45")}
		j, err := presetRules().Judge(ticket, local("2026-05-11 15:45"))
		require.NoError(t, err)
		j = inStockholm(j)
		assert.Equal(t, row.name, j.Priority, "%+v", row)
		assert.Equal(t, row.level, j.Level, "%+v", row)
		assert.Equal(t, row.clause, j.Clause, "%+v", row)
		assert.Equal(t, local(row.response), j.Response.Due, "%+v", row)
		assert.Equal(t, local(row.resolution), j.Resolution.Due, "%+v", row)
	}
}

// §4.3: where a record has both a priority and an impact, the priority wins.
func TestJudgeGivenPriority(t *testing.T) {
	for _, impact := range []int{0, 1, 4, 5, -1} {
		ticket := priority.Ticket{Kind: priority.Incident, Impact: impact, Priority: 4, Received: local("2026-06-22 10:00")}
		j, err := presetRules().Judge(ticket, local("2026-06-22 10:00"))
		require.NoError(t, err)
		assert.Equal(t, "low", j.Priority, impact)
		assert.Equal(t, target("24 h"), j.Response.Target, impact)
	}
	// §4.5: that of a problem is always given.
	ticket := priority.Ticket{Kind: priority.Problem, Impact: 1, Priority: 2, Received: local("2026-06-22 10:00")}
	j, err := presetRules().Judge(ticket, local("2026-06-22 10:00"))
	require.NoError(t, err)
	assert.Equal(t, "high", j.Priority)
}

// §4.4: N/A is no target, not zero, and nothing to meet. §5: where nothing is reported back, closing stops.
func TestJudgeOrders(t *testing.T) {
	for _, row := range []struct {
		class, resolved, reportedBack, asOf string
		state                               priority.State
		done                                string
	}{
		{"question", "", "", "2026-06-22 17:00", priority.Running, ""},
		{"question", "", "", "2026-06-22 17:00:01", priority.Breached, ""},
		{"question", "2026-06-22 17:00", "", "2026-06-30 12:00", priority.Met, "2026-06-22 17:00"},
		{"question", "2026-06-22 17:00:01", "", "2026-06-30 12:00", priority.Breached, "2026-06-22 17:00:01"},
		{"question", "", "2026-06-22 17:00", "2026-06-30 12:00", priority.Met, "2026-06-22 17:00"},
		{"question", "2026-06-22 17:00", "2026-06-22 17:00:01", "2026-06-30 12:00", priority.Breached, "2026-06-22 17:00:01"},
		{"question", "2026-06-20 12:00", "", "2026-06-30 12:00", priority.Met, "2026-06-20 12:00"}, // on a holiday
		{"connection", "", "2026-06-25 17:00", "2026-06-30 12:00", priority.Met, "2026-06-25 17:00"},
		{"connection", "", "2026-06-25 17:00:01", "2026-06-30 12:00", priority.Breached, "2026-06-25 17:00:01"},
		{"permissions", "", "", "2026-12-31 12:00", priority.NoTarget, ""},
		{"permissions", "", "2026-12-31 12:00", "2026-12-31 12:00", priority.NoTarget, "2026-12-31 12:00"},
		{"standard change", "2026-12-31 12:00", "", "2026-12-31 12:00", priority.NoTarget, "2026-12-31 12:00"},
	} {
		ticket := priority.Ticket{
			Kind: priority.Order, Class: row.class, Impact: 9, Priority: 9, // an order has neither
			Received: local("2026-06-18 10:00"), Resolved: local(row.resolved), ReportedBack: local(row.reportedBack),
		}
		j, err := presetRules().Judge(ticket, local(row.asOf))
		require.NoError(t, err)
		assert.Equal(t, row.class, j.Priority)
		assert.Zero(t, j.Level)
		assert.Equal(t, priority.NoTarget, j.Response.State, "%+v", row)
		assert.Equal(t, row.state, j.Resolution.State, "%+v", row)
		assert.Equal(t, local(row.done), j.Resolution.Done, "%+v", row)
	}
}

func TestJudgeErrors(t *testing.T) {
	received := local("2026-06-18 15:30")
	incident := priority.Ticket{Number: "INC-1", Kind: priority.Incident, Impact: 2, Received: received}
	with := func(change func(*priority.Ticket)) priority.Ticket {
		ticket := incident
		change(&ticket)
		return ticket
	}
	for _, row := range []struct {
		name   string
		ticket priority.Ticket
		cause  error
	}{
		{"no kind", with(func(t *priority.Ticket) { t.Kind = "" }), sla.ErrNotJudged},
		{"unknown kind", with(func(t *priority.Ticket) { t.Kind = "change" }), sla.ErrNotJudged},
		{"a kind in other letters", with(func(t *priority.Ticket) { t.Kind = "Incident" }), sla.ErrNotJudged},
		{"order without a type", with(func(t *priority.Ticket) { t.Kind = priority.Order }), sla.ErrNotJudged},
		{"unknown type of order", with(func(t *priority.Ticket) { t.Kind, t.Class = priority.Order, "laptop" }), sla.ErrNotJudged},
		{"problem without priority", with(func(t *priority.Ticket) { t.Kind = priority.Problem }), sla.ErrNotJudged},

		{"impact 0", with(func(t *priority.Ticket) { t.Impact = 0 }), priority.ErrClass},
		{"impact 5", with(func(t *priority.Ticket) { t.Impact = 5 }), priority.ErrClass},
		{"impact -1", with(func(t *priority.Ticket) { t.Impact = -1 }), priority.ErrClass},
		{"security without impact", with(func(t *priority.Ticket) { t.Kind, t.Impact = priority.Security, 0 }), priority.ErrClass},
		{"priority 5", with(func(t *priority.Ticket) { t.Priority = 5 }), priority.ErrClass},
		{"priority -1", with(func(t *priority.Ticket) { t.Priority = -1 }), priority.ErrClass},
		{"priority 5 of a problem", with(func(t *priority.Ticket) { t.Kind, t.Priority = priority.Problem, 5 }), priority.ErrClass},

		{"never received", with(func(t *priority.Ticket) { t.Received = time.Time{} }), priority.ErrRecord},
		{"occurred after receipt", with(func(t *priority.Ticket) { t.Occurred = received.Add(1) }), priority.ErrRecord},
		{"started before receipt", with(func(t *priority.Ticket) { t.Started = received.Add(-1) }), priority.ErrRecord},
		{"resolved before start", with(func(t *priority.Ticket) { t.Started, t.Resolved = received.Add(2), received.Add(1) }), priority.ErrRecord},
		{"reported before resolved", with(func(t *priority.Ticket) { t.Resolved, t.ReportedBack = received.Add(2), received.Add(1) }), priority.ErrRecord},
		{"a pause without beginning", with(func(t *priority.Ticket) { t.Pauses = []servicetime.Pause{{To: received}} }), priority.ErrRecord},
		{"a pause backwards", with(func(t *priority.Ticket) {
			t.Pauses = []servicetime.Pause{{From: received, To: received.Add(-1)}}
		}), priority.ErrRecord},

		{"received after as-of", with(func(t *priority.Ticket) { t.Received = local("2026-06-18 17:00").Add(1) }), priority.ErrFuture},
		{"received before the range", with(func(t *priority.Ticket) { t.Received = local("1969-12-31 23:59:59") }), servicetime.ErrRange},
		{"occurred before the range", with(func(t *priority.Ticket) { t.Occurred = local("1969-12-31 23:59:59") }), servicetime.ErrRange},
	} {
		_, err := presetRules().Judge(row.ticket, local("2026-06-18 17:00"))
		require.ErrorIs(t, err, row.cause, row.name)
	}

	_, err := presetRules().Judge(incident, local("2201-01-01 00:00:01"))
	require.ErrorIs(t, err, servicetime.ErrRange)
	question := priority.Ticket{Kind: priority.Order, Class: "question", Received: local("2200-12-31 12:00")}
	_, err = presetRules().Judge(question, question.Received) // no second business day follows
	require.ErrorIs(t, err, servicetime.ErrRange)
	_, err = presetRules().Judge(with(func(t *priority.Ticket) { t.Received, t.Impact = question.Received, 3 }), question.Received)
	require.ErrorIs(t, err, servicetime.ErrNoOpenTime)

	// Working days of different length have no length to multiply.
	a := sla.SSBTEK()
	a.Readings.BusinessDays = servicetime.AsHours
	support := a.ServiceTimes["support"]
	support.Week = servicetime.MustWeek("mon-thu 08:00-17:00; fri 08:00-15:00")
	a.ServiceTimes["support"] = support
	_, err = a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, servicetime.ErrConvention)
	assert.Equal(t, "incidents.targets.high", faultsOf(t, err)[0].Path)
}

// What an agreement leaves out is not judged.
func TestJudgeWithoutRules(t *testing.T) {
	a := sla.SSBTEK()
	a.Incidents, a.Orders = nil, nil
	rules := mustCompile(a)
	received := local("2026-06-18 15:30")
	for _, ticket := range []priority.Ticket{
		{Kind: priority.Incident, Impact: 1, Received: received},
		{Kind: priority.Security, Impact: 1, Received: received},
		{Kind: priority.Order, Class: "question", Received: received},
	} {
		_, err := rules.Judge(ticket, received)
		require.ErrorIs(t, err, sla.ErrNotJudged, ticket.Kind)
	}
	_, err := rules.Judge(priority.Ticket{Kind: priority.Problem, Priority: 1, Received: received}, received)
	require.NoError(t, err)
}

// §4.11: security incidents have the levels and targets of incidents.
func TestJudgeSecurity(t *testing.T) {
	for impact := range 4 {
		ticket := priority.Ticket{
			Kind: priority.Incident, Impact: impact + 1, Received: local("2026-06-22 15:30"), Started: local("2026-06-22 16:00"),
			ReportedBack: local("2026-06-30 12:00"),
		}
		incident, err := presetRules().Judge(ticket, local("2026-07-01 00:00"))
		require.NoError(t, err)
		ticket.Kind = priority.Security
		security, err := presetRules().Judge(ticket, local("2026-07-01 00:00"))
		require.NoError(t, err)
		assert.Equal(t, incident, security)
	}
}

// The second axis of many other agreements is given with the ticket, and asks no clock.
func TestJudgeUrgency(t *testing.T) {
	a := sla.SSBTEK()
	a.Priority = sla.PriorityModel{
		Clause: "7", Levels: []string{"P1", "P2", "P3"}, SecondAxis: sla.ByUrgency,
		Matrix: [][]string{{"P1", "P1"}, {"P1", "P2"}, {"P2", "P3"}},
	}
	a.Problems = nil
	a.Incidents.Targets = map[string]priority.Targets{
		"P1": {Response: target("15 min")}, "P2": {Resolution: target("4 h")}, "P3": {},
	}
	rules := mustCompile(a)
	received := local("2026-06-22 10:00")
	for _, row := range []struct {
		urgency, impact int
		level           string
	}{
		{1, 1, "P1"}, {1, 2, "P1"}, {2, 1, "P1"}, {2, 2, "P2"}, {3, 1, "P2"}, {3, 2, "P3"},
	} {
		ticket := priority.Ticket{Kind: priority.Incident, Urgency: row.urgency, Impact: row.impact, Received: received}
		j, err := rules.Judge(ticket, received)
		require.NoError(t, err)
		assert.Equal(t, row.level, j.Priority)
	}
	for _, bad := range [][2]int{{0, 1}, {4, 1}, {-1, 1}, {1, 0}, {1, 3}} {
		ticket := priority.Ticket{Kind: priority.Incident, Urgency: bad[0], Impact: bad[1], Received: received}
		_, err := rules.Judge(ticket, received)
		require.ErrorIs(t, err, priority.ErrClass, "%v", bad)
	}
	_, err := rules.Judge(priority.Ticket{Kind: priority.Incident, Priority: 4, Received: received}, received)
	require.ErrorIs(t, err, priority.ErrClass)
}

// The readings of an agreement reach the clocks.
func TestJudgeReadings(t *testing.T) {
	ticket := priority.Ticket{
		Kind: priority.Incident, Priority: 2, Received: local("2026-06-18 16:30"),
		Pauses: []servicetime.Pause{{From: local("2026-06-18 16:45"), To: local("2026-06-19 09:00")}},
	}
	problem := priority.Ticket{Kind: priority.Problem, Priority: 1, Received: local("2026-06-18 16:30")}
	for _, row := range []struct {
		name                 string
		change               func(*sla.Agreement)
		ticket               priority.Ticket
		response, resolution string
	}{
		{"preset", func(*sla.Agreement) {}, ticket, "2026-06-19 08:30", "2026-06-22 17:00"},
		{"wall clock", func(a *sla.Agreement) { a.Readings.Hours = servicetime.WallClock }, ticket, "2026-06-18 17:30", "2026-06-22 17:00"},
		{"effective date is day 1", func(a *sla.Agreement) { a.Readings.BusinessDays = servicetime.InclEffectiveClose }, ticket, "2026-06-19 08:30", "2026-06-19 17:00"},
		{"pauses", func(a *sla.Agreement) { a.Readings.Pauses = sla.On }, ticket, "2026-06-19 08:30", "2026-06-23 09:15"},
		{"response pauses alone", func(a *sla.Agreement) { a.Readings.ResponsePauses = sla.On }, ticket, "2026-06-19 08:30", "2026-06-22 17:00"},
		{"both pauses", func(a *sla.Agreement) { a.Readings.Pauses, a.Readings.ResponsePauses = sla.On, sla.On }, ticket, "2026-06-19 09:45", "2026-06-23 09:15"},
		{"preset", func(*sla.Agreement) {}, problem, "2026-06-19 17:00", "2026-06-25 00:00"},
		{"same wall clock", func(a *sla.Agreement) { a.Readings.Days = servicetime.SameWallClock }, problem, "2026-06-19 17:00", "2026-06-24 16:30"},
	} {
		a := sla.SSBTEK()
		row.change(&a)
		j, err := mustCompile(a).Judge(row.ticket, local("2026-06-19 10:00"))
		require.NoError(t, err, row.name)
		j = inStockholm(j)
		assert.Equal(t, local(row.response), j.Response.Due, row.name)
		assert.Equal(t, local(row.resolution), j.Resolution.Due, row.name)
	}

	stops := sla.SSBTEK()
	stops.Incidents.StopsAt = priority.AtResolved
	ticket.Resolved, ticket.ReportedBack = local("2026-06-19 10:00"), local("2026-06-19 11:00")
	j, err := mustCompile(stops).Judge(ticket, local("2026-06-19 12:00"))
	require.NoError(t, err)
	assert.Equal(t, ticket.Resolved, j.Resolution.Done)
	j, err = presetRules().Judge(ticket, local("2026-06-19 12:00"))
	require.NoError(t, err)
	assert.Equal(t, ticket.ReportedBack, j.Resolution.Done)
}

// One Rules serves any number of goroutines; the race detector watches.
func TestRulesAreShared(t *testing.T) {
	rules := presetRules()
	ticket := priority.Ticket{Kind: priority.Incident, Impact: 2, Received: local("2026-06-18 15:30"), Provider: "Transportstyrelsen"}
	want, err := rules.Judge(ticket, local("2026-06-18 17:00"))
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				j, err := rules.Judge(ticket, local("2026-06-18 17:00"))
				if !assert.NoError(t, err) { //nolint:testifylint // require must not be called here
					return
				}
				assert.Equal(t, want, j)
			}
		})
	}
	group.Wait()
}

// A wrongFault is what Compile must say of an agreement.
type wrongFault struct {
	path, clause, code, value string
	cause                     error
}

func TestCompileFaults(t *testing.T) {
	opening := func(a *sla.Agreement, change func(*servicetime.Schedule)) {
		s := a.ServiceTimes["opening"]
		change(&s.Schedule)
		a.ServiceTimes["opening"] = s
	}
	week := func(w servicetime.Week) func(*sla.Agreement) {
		return func(a *sla.Agreement) { opening(a, func(s *servicetime.Schedule) { s.Week = w }) }
	}
	monday := servicetime.DaysOf(time.Monday)
	tests := []struct {
		name   string
		change func(*sla.Agreement)
		want   []wrongFault
	}{
		// references
		{"support of incidents", func(a *sla.Agreement) { a.Incidents.ServiceTime = "Support" }, []wrongFault{
			{"incidents.service_time", "§4.3.1", "not_found", "Support", sla.ErrUnknown},
		}},
		{"support of orders", func(a *sla.Agreement) { a.Orders.ServiceTime = "" }, []wrongFault{
			{"orders.service_time", "§4.4", "bad_request", "", sla.ErrMissing},
		}},
		{"support of problems", func(a *sla.Agreement) { a.Problems.ServiceTime = "x" }, []wrongFault{
			{"problems.service_time", "§4.5", "not_found", "x", sla.ErrUnknown},
		}},
		{"opening hours of timing", func(a *sla.Agreement) { a.Priority.Timing.ServiceTime = "x" }, []wrongFault{
			{"priority.timing.service_time", "§3.2", "not_found", "x", sla.ErrUnknown},
		}},
		{"support of a provider", func(a *sla.Agreement) {
			a.Providers["CSN"] = sla.Provider{Clause: "§9", ServiceTime: "x"}
			a.Orders, a.Problems = nil, nil
		}, []wrongFault{
			{"providers.CSN.service_time", "§9", "not_found", "x", sla.ErrUnknown},
		}},
		{"a service time is gone", func(a *sla.Agreement) {
			delete(a.ServiceTimes, "support")
			delete(a.Providers, "Transportstyrelsen")
		}, []wrongFault{
			{"incidents.service_time", "§4.3.1", "not_found", "support", sla.ErrUnknown},
			{"orders.service_time", "§4.4", "not_found", "support", sla.ErrUnknown},
			{"problems.service_time", "§4.5", "not_found", "support", sla.ErrUnknown},
		}},

		// levels
		{"level of a cell", func(a *sla.Agreement) { a.Priority.Matrix[1][2] = "Medium" }, []wrongFault{
			{"priority.matrix[1][2]", "§4.3", "not_found", "Medium", sla.ErrUnknown},
		}},
		{"an empty cell", func(a *sla.Agreement) { a.Priority.Matrix[3][0] = "" }, []wrongFault{
			{"priority.matrix[3][0]", "§4.3", "not_found", "", sla.ErrUnknown},
		}},
		{"level of a target", func(a *sla.Agreement) { a.Incidents.Targets["urgent"] = priority.Targets{} }, []wrongFault{
			{"incidents.targets.urgent", "§4.3.1", "not_found", "", sla.ErrUnknown},
		}},
		{"a level without targets", func(a *sla.Agreement) { delete(a.Problems.Targets, "low") }, []wrongFault{
			{"problems.targets.low", "§4.5", "bad_request", "", sla.ErrMissing},
		}},
		{"no targets", func(a *sla.Agreement) { a.Incidents.Targets = nil }, []wrongFault{
			{"incidents.targets.critical", "§4.3.1", "bad_request", "", sla.ErrMissing},
			{"incidents.targets.high", "§4.3.1", "bad_request", "", sla.ErrMissing},
			{"incidents.targets.medium", "§4.3.1", "bad_request", "", sla.ErrMissing},
			{"incidents.targets.low", "§4.3.1", "bad_request", "", sla.ErrMissing},
		}},
		{"a level renamed", func(a *sla.Agreement) { a.Priority.Levels[0] = "urgent" }, []wrongFault{
			{"priority.matrix[0][0]", "§4.3", "not_found", "critical", sla.ErrUnknown},
			{"incidents.targets.urgent", "§4.3.1", "bad_request", "", sla.ErrMissing},
			{"incidents.targets.critical", "§4.3.1", "not_found", "", sla.ErrUnknown},
			{"problems.targets.urgent", "§4.5", "bad_request", "", sla.ErrMissing},
			{"problems.targets.critical", "§4.5", "not_found", "", sla.ErrUnknown},
		}},
		{"four levels that are none", func(a *sla.Agreement) {
			for _, level := range []string{"d", "a", "c", "b"} {
				a.Problems.Targets[level] = priority.Targets{}
			}
		}, []wrongFault{
			{"problems.targets.a", "§4.5", "not_found", "", sla.ErrUnknown},
			{"problems.targets.b", "§4.5", "not_found", "", sla.ErrUnknown},
			{"problems.targets.c", "§4.5", "not_found", "", sla.ErrUnknown},
			{"problems.targets.d", "§4.5", "not_found", "", sla.ErrUnknown},
		}},
		{"a level without a name", func(a *sla.Agreement) {
			a.Priority.Levels = append(a.Priority.Levels, "")
			a.Incidents.Targets[""], a.Problems.Targets[""] = priority.Targets{}, priority.Targets{}
		}, []wrongFault{
			{"priority.levels[4]", "§4.3", "bad_request", "", sla.ErrMissing},
		}},
		{"a level twice", func(a *sla.Agreement) { a.Priority.Levels = append(a.Priority.Levels, "high") }, []wrongFault{
			{"priority.levels[4]", "§4.3", "bad_request", "high", servicetime.ErrText},
		}},

		// the matrix and its second axis
		{"a short row", func(a *sla.Agreement) { a.Priority.Matrix[2] = a.Priority.Matrix[2][:3] }, []wrongFault{
			{"priority.matrix", "§4.3", "bad_request", "", priority.ErrMatrix},
		}},
		{"a long row", func(a *sla.Agreement) { a.Priority.Matrix[3] = append(a.Priority.Matrix[3], "low") }, []wrongFault{
			{"priority.matrix", "§4.3", "bad_request", "", priority.ErrMatrix},
		}},
		{"an empty row", func(a *sla.Agreement) { a.Priority.Matrix[3] = nil }, []wrongFault{
			{"priority.matrix", "§4.3", "bad_request", "", priority.ErrMatrix},
		}},
		{"three rows for timing", func(a *sla.Agreement) { a.Priority.Matrix = a.Priority.Matrix[:3] }, []wrongFault{
			{"priority.matrix", "§4.3", "bad_request", "", priority.ErrMatrix},
		}},
		{"five rows for timing", func(a *sla.Agreement) { a.Priority.Matrix = append(a.Priority.Matrix, a.Priority.Matrix[0]) }, []wrongFault{
			{"priority.matrix", "§4.3", "bad_request", "", priority.ErrMatrix},
		}},
		{"no axis", func(a *sla.Agreement) { a.Priority.SecondAxis = 0 }, []wrongFault{
			{"priority.second_axis", "§4.3", "bad_request", "", sla.ErrMissing},
		}},
		{"an axis that is none", func(a *sla.Agreement) { a.Priority.SecondAxis = 3 }, []wrongFault{
			{"priority.second_axis", "§4.3", "bad_request", "", sla.ErrMissing},
		}},
		{"no timing", func(a *sla.Agreement) { a.Priority.Timing = nil }, []wrongFault{
			{"priority.timing", "§4.3", "bad_request", "", sla.ErrMissing},
		}},
		{"timing beside urgency", func(a *sla.Agreement) { a.Priority.SecondAxis = sla.ByUrgency }, []wrongFault{
			{"priority.timing", "§3.2", "bad_request", "", sla.ErrUnknown},
		}},
		{"critical from day 32", func(a *sla.Agreement) { a.Priority.Timing.CriticalFromDay = 32 }, []wrongFault{
			{"priority.timing", "§3.2", "bad_request", "", priority.ErrTiming},
		}},
		{"near by -1 days", func(a *sla.Agreement) { a.Priority.Timing.NearAfterDays = -1 }, []wrongFault{
			{"priority.timing", "§3.2", "bad_request", "", priority.ErrTiming},
		}},
		{"no precedence", func(a *sla.Agreement) { a.Priority.Timing.Precedence = 0 }, []wrongFault{
			{"priority.timing", "§3.2", "bad_request", "", priority.ErrTiming},
		}},
		{"no reading out of hours", func(a *sla.Agreement) { a.Priority.Timing.OutOfHours = 9 }, []wrongFault{
			{"priority.timing", "§3.2", "bad_request", "", priority.ErrTiming},
		}},
		{"a season of no days", func(a *sla.Agreement) { a.Priority.Timing.LowSeason = []priority.Season{{}} }, []wrongFault{
			{"priority.timing", "§3.2", "bad_request", "", priority.ErrTiming},
		}},

		// readings
		{"no readings", func(a *sla.Agreement) { a.Readings = sla.Readings{} }, []wrongFault{
			{"readings", "", "bad_request", "", sla.ErrMissing},
		}},
		{"readings that are none", func(a *sla.Agreement) {
			a.Readings.Pauses, a.Readings.ResponsePauses, a.Readings.Compliance = 3, 3, 3
		}, []wrongFault{
			{"readings.pauses", "", "bad_request", "", sla.ErrMissing},
			{"readings.response_pauses", "", "bad_request", "", sla.ErrMissing},
			{"readings.compliance", "", "bad_request", "", sla.ErrMissing},
		}},
		{"hours as business days", func(a *sla.Agreement) { a.Readings.Hours = servicetime.ExclDateClose }, []wrongFault{
			{"readings.hours", "", "bad_request", "EXCL_DATE_CLOSE", servicetime.ErrConvention},
		}},
		{"hours as days", func(a *sla.Agreement) { a.Readings.Hours = servicetime.NX24H }, []wrongFault{
			{"readings.hours", "", "bad_request", "N_X_24H", servicetime.ErrConvention},
		}},
		{"business days as days", func(a *sla.Agreement) { a.Readings.BusinessDays = servicetime.ExclMidnight }, []wrongFault{
			{"readings.business_days", "", "bad_request", "EXCL_MIDNIGHT", servicetime.ErrConvention},
		}},
		{"days as business days", func(a *sla.Agreement) { a.Readings.Days = servicetime.Cutoff(720) }, []wrongFault{
			{"readings.days", "", "bad_request", "CUTOFF_1200_CLOSE", servicetime.ErrConvention},
		}},
		{"days as hours", func(a *sla.Agreement) { a.Readings.Days = servicetime.WallClock }, []wrongFault{
			{"readings.days", "", "bad_request", "WALL_CLOCK", servicetime.ErrConvention},
		}},
		{"no stop", func(a *sla.Agreement) { a.Incidents.StopsAt, a.Orders.StopsAt = 0, 4 }, []wrongFault{
			{"incidents.stops_at", "§4.3.1", "bad_request", "", sla.ErrMissing},
			{"orders.stops_at", "§4.4", "bad_request", "", sla.ErrMissing},
		}},

		// zones
		{"no zone", func(a *sla.Agreement) { a.Zone = "" }, []wrongFault{{"time_zone", "", "not_found", "", servicetime.ErrZone}}},
		{"the machine's zone", func(a *sla.Agreement) { a.Zone = "Local" }, []wrongFault{{"time_zone", "", "not_found", "Local", servicetime.ErrZone}}},
		{"an unknown zone", func(a *sla.Agreement) { a.Zone = "Nowhere/Land" }, []wrongFault{
			{"time_zone", "", "not_found", "Nowhere/Land", servicetime.ErrZone},
		}},
		{"no zone of opening hours", func(a *sla.Agreement) { opening(a, func(s *servicetime.Schedule) { s.Zone = "" }) }, []wrongFault{
			{"service_times.opening.time_zone", "§4.1.1", "not_found", "", servicetime.ErrZone},
		}},
		{"the machine's zone of opening hours", func(a *sla.Agreement) { opening(a, func(s *servicetime.Schedule) { s.Zone = "Local" }) }, []wrongFault{
			{"service_times.opening.time_zone", "§4.1.1", "not_found", "Local", servicetime.ErrZone},
		}},
		{"an unknown zone of opening hours", func(a *sla.Agreement) { opening(a, func(s *servicetime.Schedule) { s.Zone = "Nowhere/Land" }) }, []wrongFault{
			{"service_times.opening.time_zone", "§4.1.1", "not_found", "Nowhere/Land", servicetime.ErrZone},
		}},

		// schedules
		{"never open", week(nil), []wrongFault{{"service_times.opening.week", "§4.1.1", "no_open_time", "", servicetime.ErrNoOpenTime}}},
		{"open on closed days alone", week(servicetime.Week{monday: {}}), []wrongFault{
			{"service_times.opening.week", "§4.1.1", "no_open_time", "", servicetime.ErrNoOpenTime},
		}},
		{"08:00-08:00", week(servicetime.Week{monday: {{Open: 480, Close: 480}}}), []wrongFault{
			{"service_times.opening.week.mon[0]", "§4.1.1", "bad_request", "", servicetime.ErrEmpty},
		}},
		{"a window of 25 h", week(servicetime.Week{monday: {{Open: 480, Close: 480 + 1441}}}), []wrongFault{
			{"service_times.opening.week.mon[0]", "§4.1.1", "bad_request", "", servicetime.ErrText},
		}},
		{"overlapping windows", week(servicetime.MustWeek("mon 08:00-12:00 11:59-17:00")), []wrongFault{
			{"service_times.opening.week.mon", "§4.1.1", "bad_request", "08:00-12:00 and 11:59-17:00", servicetime.ErrOverlap},
		}},
		{"a day twice", week(servicetime.Week{
			monday: {servicetime.MustWindow("08:00-12:00")},
			servicetime.DaysOf(time.Monday, time.Friday): {servicetime.MustWindow("13:00-17:00")},
		}), []wrongFault{
			{"service_times.opening.week.mon,fri", "§4.1.1", "bad_request", "mon", servicetime.ErrTwice},
		}},
		{"an extra opening backwards", func(a *sla.Agreement) {
			opening(a, func(s *servicetime.Schedule) {
				s.Extra = []servicetime.Opening{
					{From: local("2026-10-31 08:00"), To: local("2026-10-31 12:00")},
					{From: local("2026-10-31 18:00"), To: local("2026-10-31 17:00")},
				}
			})
		}, []wrongFault{
			{"service_times.opening.extra[1]", "§4.1.1", "bad_request", "2026-10-31 18:00:00 +0100 – 2026-10-31 17:00:00 +0100", servicetime.ErrBackwards},
		}},
		{"dates outside the range", func(a *sla.Agreement) {
			opening(a, func(s *servicetime.Schedule) {
				s.Dates = map[servicetime.Date][]servicetime.Window{servicetime.MustDate("1969-12-31"): nil}
				s.Breaks = map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2201-01-01"): {servicetime.MustWindow("12:00-13:00")}}
			})
		}, []wrongFault{
			{"service_times.opening.dates.1969-12-31", "§4.1.1", "out_of_range", "", servicetime.ErrRange},
			{"service_times.opening.breaks.2201-01-01", "§4.1.1", "out_of_range", "", servicetime.ErrRange},
		}},
		{"a set of holidays that nobody gave", func(a *sla.Agreement) {
			opening(a, func(s *servicetime.Schedule) { s.Holidays = servicetime.NewHolidays("XX", nil) })
		}, []wrongFault{
			{"service_times.opening.holidays", "§4.1.1", "not_found", "XX", servicetime.ErrHolidays},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := sla.SSBTEK()
			tt.change(&a)
			rules, err := a.Compile(time.LoadLocation)
			require.Error(t, err)
			assert.Nil(t, rules)
			assertFaults(t, tt.want, err)
		})
	}

	// All of them at once: what stands alone is reported beside everything else.
	t.Run("several at once", func(t *testing.T) {
		t.Parallel()
		a := sla.SSBTEK()
		a.Zone = "Local"
		week(servicetime.Week{monday: {{Open: 480, Close: 480}}, servicetime.DaysOf(time.Friday): {{Open: 480, Close: 600}, {Open: 540, Close: 700}}})(&a)
		a.Priority.Matrix[0][0] = "urgent"
		a.Priority.Matrix[3] = nil
		a.Priority.Timing.OutOfHours = 0
		a.Readings.Days, a.Readings.Pauses = 0, 0
		delete(a.Incidents.Targets, "high")
		a.Orders.ServiceTime, a.Orders.StopsAt = "x", 0
		_, err := a.Compile(time.LoadLocation)
		assertFaults(t, []wrongFault{
			{"time_zone", "", "not_found", "Local", servicetime.ErrZone},
			{"service_times.opening.week.mon[0]", "§4.1.1", "bad_request", "", servicetime.ErrEmpty},
			{"service_times.opening.week.fri", "§4.1.1", "bad_request", "08:00-10:00 and 09:00-11:40", servicetime.ErrOverlap},
			{"priority.matrix[0][0]", "§4.3", "not_found", "urgent", sla.ErrUnknown},
			{"priority.matrix", "§4.3", "bad_request", "", priority.ErrMatrix},
			{"priority.timing", "§3.2", "bad_request", "", priority.ErrTiming},
			{"readings.days", "", "bad_request", "", sla.ErrMissing},
			{"readings.pauses", "", "bad_request", "", sla.ErrMissing},
			{"incidents.targets.high", "§4.3.1", "bad_request", "", sla.ErrMissing},
			{"orders.service_time", "§4.4", "not_found", "x", sla.ErrUnknown},
			{"orders.stops_at", "§4.4", "bad_request", "", sla.ErrMissing},
		}, err)
	})
}

func assertFaults(t *testing.T, want []wrongFault, err error) {
	t.Helper()
	require.Error(t, err)
	faults := faultsOf(t, err)
	var found []string
	for _, f := range faults {
		found = append(found, fmt.Sprintf("%s %s %s %q", f.Path, f.Clause, f.Code, f.Value))
		assert.Zero(t, f.Line, "an agreement has no lines")
	}
	var wanted []string
	for _, w := range want {
		wanted = append(wanted, fmt.Sprintf("%s %s %s %q", w.path, w.clause, w.code, w.value))
		require.ErrorIs(t, err, w.cause)
	}
	require.Equal(t, strings.Join(wanted, "\n"), strings.Join(found, "\n"))
	for i, w := range want {
		require.ErrorIs(t, faults[i], w.cause, w.path)
	}
}

// The zero agreement agrees on nothing, and lacks its zone; one with a priority that says nothing lacks all of that. Neither panics.
func TestCompileNothing(t *testing.T) {
	_, err := sla.Agreement{}.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{{"time_zone", "", "not_found", "", servicetime.ErrZone}}, err)
	_, err = sla.Agreement{Priority: sla.PriorityModel{Levels: []string{}}}.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{
		{"time_zone", "", "not_found", "", servicetime.ErrZone},
		{"priority.matrix", "", "bad_request", "", priority.ErrMatrix},
		{"priority.second_axis", "", "bad_request", "", sla.ErrMissing},
		{"readings", "", "bad_request", "", sla.ErrMissing},
	}, err)
}

// A loader is asked for names alone, never for the machine's zone, and what it gives is not that zone.
func TestCompileAsksZones(t *testing.T) {
	asked := map[string]int{}
	a := fullAgreement()
	_, err := a.Compile(func(name string) (*time.Location, error) {
		asked[name]++
		return time.LoadLocation(name)
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"Australia/Lord_Howe": 2, "UTC": 2}, asked)

	for name, zones := range map[string]servicetime.Zones{
		"the machine's": func(string) (*time.Location, error) { return time.FixedZone("Local", 3600), nil },
		"none":          func(string) (*time.Location, error) { return nil, nil },
		"an error":      func(string) (*time.Location, error) { return time.UTC, errors.New("no database") },
	} {
		_, err := sla.SSBTEK().Compile(zones)
		require.ErrorIs(t, err, servicetime.ErrZone, name)
		assert.Len(t, faultsOf(t, err), 4, name) // the agreement's and those of three service times
	}

	a.Zone = "Local"
	_, err = a.Compile(func(name string) (*time.Location, error) {
		assert.NotEqual(t, "Local", name)
		return time.LoadLocation(name)
	})
	require.ErrorIs(t, err, servicetime.ErrZone)
}

// A set of holidays that the text names is given to Compile.
func TestCompileHolidays(t *testing.T) {
	text := strings.ReplaceAll(string(presetFile(t)), `"holidays": "SE"`, `"holidays": "Legoland"`)
	a, err := sla.Parse([]byte(text))
	require.NoError(t, err)
	_, err = a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, servicetime.ErrHolidays)
	assert.Len(t, faultsOf(t, err), 3)

	brickDay := func(year int) []servicetime.Holiday {
		return []servicetime.Holiday{{Date: servicetime.Date{Year: year, Month: time.June, Day: 19}, Name: "Brick Day"}}
	}
	other := servicetime.NewHolidays("Elsewhere", brickDay)
	_, err = a.Compile(time.LoadLocation, other)
	require.ErrorIs(t, err, servicetime.ErrHolidays)

	rules, err := a.Compile(time.LoadLocation, other, servicetime.NewHolidays("Legoland", brickDay))
	require.NoError(t, err)
	ticket := priority.Ticket{Kind: priority.Incident, Impact: 2, Received: local("2026-06-18 15:30")}
	j, err := rules.Judge(ticket, ticket.Received)
	require.NoError(t, err)
	j = inStockholm(j)
	assert.Equal(t, local("2026-06-22 14:30"), j.Response.Due) // Friday is closed
	assert.Equal(t, local("2026-06-26 17:00"), j.Resolution.Due)
}

// Rules under other readings are those of an agreement that says them, on the same calendars.
func TestWith(t *testing.T) {
	own := presetRules()
	a := sla.SSBTEK()
	a.Readings.Pauses, a.Readings.BusinessDays = sla.On, servicetime.InclEffectiveClose
	other, err := own.With(a.Readings)
	require.NoError(t, err)
	assert.Equal(t, a.Readings, other.Agreement().Readings)
	assert.Equal(t, sla.SSBTEK().Readings, own.Agreement().Readings)
	want := mustCompile(a)
	for _, ticket := range randomTickets(rand.New(rand.NewPCG(8, 1)), 200) {
		w, err1 := want.Judge(ticket, local("2026-04-10 00:00"))
		got, err2 := other.Judge(ticket, local("2026-04-10 00:00"))
		assert.Equal(t, err1, err2)
		assert.Equal(t, w.Resolution.String(), got.Resolution.String())
		assert.Equal(t, w.Response.String(), got.Response.String())
	}
	one, err := own.Calendar("support")
	require.NoError(t, err)
	same, err := other.Calendar("support")
	require.NoError(t, err)
	assert.Same(t, one, same)
	_, err = own.Calendar("night")
	require.ErrorIs(t, err, sla.ErrUnknown)
	require.ErrorContains(t, err, "support/Transportstyrelsen")

	a.Readings.Compliance, a.Readings.Days = 0, servicetime.AsHours
	_, err = own.With(a.Readings)
	assertFaults(t, []wrongFault{
		{"readings.days", "", "bad_request", "AS_HOURS", servicetime.ErrConvention},
		{"readings.compliance", "", "bad_request", "", sla.ErrMissing},
	}, err)
}
