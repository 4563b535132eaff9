package sla_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

func month(s string) servicetime.Month { return servicetime.MustMonth(s) }

// evaluate is Evaluate for months that are right.
func evaluate(t *testing.T, rules *sla.Rules, m string, asOf time.Time, tickets ...priority.Ticket) *sla.Report {
	t.Helper()
	report, err := rules.Evaluate(month(m), sla.Records{Tickets: tickets}, asOf)
	require.NoError(t, err)
	return report
}

// figures are those of one section, in a form that tests can write down and recompute.
type figures struct {
	Tickets, Running, NoTarget, Elsewhere, Rejected int64
	Met, Missed                                     map[string]int64 // by group, without zeros
	MissedNumbers, NotJudged                        string           // in the order of the report
}

func figuresOf(s sla.TicketReport) figures {
	f := figures{
		Tickets: s.Tickets, Running: s.Running, NoTarget: s.NoTarget, Elsewhere: s.Elsewhere, Rejected: s.Rejected,
		Met: map[string]int64{}, Missed: map[string]int64{},
	}
	for _, g := range s.Groups {
		if g.Met > 0 {
			f.Met[g.Name] = g.Met
		}
		if g.Missed > 0 {
			f.Missed[g.Name] = g.Missed
		}
	}
	var numbers []string
	for _, m := range s.Missed {
		numbers = append(numbers, m.Number)
	}
	f.MissedNumbers, numbers = strings.Join(numbers, " "), nil
	for _, n := range s.NotJudged {
		numbers = append(numbers, n.Number)
	}
	f.NotJudged = strings.Join(numbers, " ")
	return f
}

func sections(r *sla.Report) map[priority.Kind]sla.TicketReport {
	return map[priority.Kind]sla.TicketReport{
		priority.Incident: r.Incidents, priority.Order: r.Orders, priority.Problem: r.Problems, "": r.Unknown,
	}
}

// requireSame compares reports deeply, and shows the figures of two that differ: all of them, with their time
// zones, would fill a screen for each ticket.
func requireSame(t *testing.T, want, got *sla.Report, what string) {
	t.Helper()
	if reflect.DeepEqual(want, got) {
		return
	}
	for kind, s := range sections(want) {
		require.Equal(t, figuresOf(s), figuresOf(sections(got)[kind]), "%s: %s", what, kind)
	}
	require.Fail(t, "the figures are the same, the tickets in the lists are not", what)
}

// §4.3.1: a met ticket counts where its clock stopped, a missed one where its target was first exceeded,
// and a running one nowhere. The eight hours of the first are used up on Friday 30 January at closing and not
// exceeded before Monday 2 February after 08:00:00.
//
//	support   |--- Fri 30 Jan ---|            |--- Mon 2 Feb ---
//	target    |------- 8 h ------|............|
//	                                          ^ met, in February
//	                                           ^ first breach, in February
func TestMonthOfOutcome(t *testing.T) {
	critical := func(done string) priority.Ticket {
		return priority.Ticket{
			Kind: priority.Incident, Priority: 1, Received: local("2026-01-30 09:00"), Started: local("2026-01-30 09:30"), ReportedBack: local(done),
		}
	}
	high := func(done string) priority.Ticket { // due on Friday 30 January at 17:00
		return priority.Ticket{
			Kind: priority.Incident, Priority: 2, Received: local("2026-01-28 09:00"), Started: local("2026-01-28 10:00"), ReportedBack: local(done),
		}
	}
	problem := func(done string) priority.Ticket { // due on Saturday 31 January at 24:00
		return priority.Ticket{
			Kind: priority.Problem, Priority: 1, Received: local("2026-01-25 12:00"), Started: local("2026-01-26 08:00"), ReportedBack: local(done),
		}
	}
	unstarted := critical("2026-02-02 08:00")
	unstarted.Started = time.Time{}
	const (
		none = iota
		met
		missed
		running
	)
	for _, row := range []struct {
		name      string
		ticket    priority.Ticket
		asOf      string
		jan, feb  int
		marchAlso int
	}{
		{"used up at closing, done then", critical("2026-01-30 17:00"), "2026-04-01 00:00", met, none, none},
		{"used up at closing, done on Sunday", critical("2026-02-01 12:00"), "2026-04-01 00:00", none, met, none},
		{"used up at closing, done on Saturday in January", critical("2026-01-31 23:59:59"), "2026-04-01 00:00", met, none, none},
		{"used up at closing, done at the opening", critical("2026-02-02 08:00"), "2026-04-01 00:00", none, met, none},
		{"done one second after the opening", critical("2026-02-02 08:00:01"), "2026-04-01 00:00", none, missed, none},
		{"done in March", critical("2026-03-03 12:00"), "2026-04-01 00:00", none, missed, none},
		{"never done", critical(""), "2026-04-01 00:00", none, missed, none},
		{"never done, as of the month's end", critical(""), "2026-02-01 00:00", running, running, running},
		{"never done, as of the opening", critical(""), "2026-02-02 08:00", running, running, running},
		{"never done, as of a second later", critical(""), "2026-02-02 08:00:01", none, missed, none},
		{"done later than as-of", critical("2026-02-02 08:00"), "2026-02-01 00:00", running, running, running},

		{"day target met", high("2026-01-30 17:00"), "2026-04-01 00:00", met, none, none},
		{"day target missed by a second", high("2026-01-30 17:00:01"), "2026-04-01 00:00", missed, none, none},
		{"day target missed in January, done in March", high("2026-03-02 12:00"), "2026-04-01 00:00", missed, none, none},
		{"day target running", high(""), "2026-01-30 17:00", running, running, running},
		{"day target missed as of a second later", high(""), "2026-01-30 17:00:01", missed, none, none},

		{"due of 24:00 met in January", problem("2026-01-31 23:59:59"), "2026-04-01 00:00", met, none, none},
		{"due of 24:00 met at 00:00:00", problem("2026-02-01 00:00"), "2026-04-01 00:00", none, met, none},
		{"due of 24:00 missed", problem("2026-02-01 00:00:01"), "2026-04-01 00:00", none, missed, none},
		{"due of 24:00 running at 00:00:00", problem(""), "2026-02-01 00:00", running, running, running},

		// One time missed is enough, and the first of them: the response of 30 min.
		{"both missed, the first in January", unstarted, "2026-04-01 00:00", missed, none, none},
	} {
		t.Run(row.name, func(t *testing.T) {
			for m, want := range map[string]int{"2025-12": none, "2026-01": row.jan, "2026-02": row.feb, "2026-03": row.marchAlso} {
				report := evaluate(t, presetRules(), m, local(row.asOf), row.ticket)
				s := sections(report)[row.ticket.Kind]
				counts := [...]int64{met: s.Share.Met, missed: s.Share.Total - s.Share.Met, running: s.Running}
				counts[none] = s.Elsewhere
				var wanted [4]int64
				wanted[want] = 1
				assert.Equal(t, wanted, counts, m)
				assert.Len(t, s.Missed, int(counts[missed]), m)
				assert.Empty(t, s.NotJudged)
			}
		})
	}
}

// Months are those of the zone: 31 March 22:00 UTC is in April.
func TestMonthIsLocal(t *testing.T) {
	utc := func(s string) time.Time { return at(s + "Z") }
	for _, row := range []struct{ done, month string }{
		{"2026-03-31T21:59:59.999999999", "2026-03"},
		{"2026-03-31T22:00:00", "2026-04"},
		{"2025-12-31T22:59:59", "2025-12"},
		{"2025-12-31T23:00:00", "2026-01"},
	} {
		done := utc(row.done)
		ticket := priority.Ticket{Kind: priority.Order, Class: "connection", Received: done.Add(-time.Hour), ReportedBack: done}
		for _, m := range []string{"2025-12", "2026-01", "2026-02", "2026-03", "2026-04"} {
			report := evaluate(t, presetRules(), m, utc("2026-06-01T00:00:00"), ticket)
			var want int64
			if m == row.month {
				want = 1
			}
			assert.Equal(t, compliance.Share{Met: want, Total: want}, report.Orders.Share, "%s in %s", row.done, m)
		}
	}

	// The same instants elsewhere.
	a := sla.SSBTEK()
	a.Zone = "UTC"
	ticket := priority.Ticket{Kind: priority.Order, Class: "connection", Received: utc("2026-03-31T12:00:00"), ReportedBack: utc("2026-03-31T22:00:00")}
	report := evaluate(t, mustCompile(a), "2026-03", utc("2026-06-01T00:00:00"), ticket)
	assert.Equal(t, int64(1), report.Orders.Share.Met)
	assert.Equal(t, "2026-03-01 00:00:00 +0000 – 2026-04-01 00:00:00 +0000", report.Span.String())
}

func TestReportHead(t *testing.T) {
	report := evaluate(t, presetRules(), "2026-03", at("2026-06-01T00:00:00Z"))
	assert.Equal(t, "SSBTEK", report.Agreement)
	assert.Equal(t, sla.SSBTEK().Version, report.Version)
	assert.Equal(t, month("2026-03"), report.Month)
	assert.Equal(t, "2026-03-01 00:00:00 +0100 – 2026-04-01 00:00:00 +0200", report.Span.String())
	assert.Equal(t, "2026-06-01T02:00:00+02:00", report.AsOf.Format(time.RFC3339))
	assert.Equal(t, sla.SSBTEK().Readings, report.Readings)
	for kind, clause := range map[priority.Kind]string{priority.Incident: "§4.3.1", priority.Order: "§4.4", priority.Problem: "§4.5"} {
		s := sections(report)[kind]
		assert.Equal(t, kind, s.Kind)
		assert.True(t, s.Agreed)
		assert.Equal(t, clause, s.Clause)
		assert.Equal(t, compliance.MustGoal("90%"), s.Goal)
	}
	assert.False(t, report.Unknown.Agreed)

	for asOf, preliminary := range map[string]bool{
		"2026-02-01 00:00": true, "2026-03-31 23:59:59": true, "2026-04-01 00:00": false, "2026-12-01 00:00": false,
	} {
		assert.Equal(t, preliminary, evaluate(t, presetRules(), "2026-03", local(asOf)).Preliminary, asOf)
	}
	last := local("2026-04-01 00:00").Add(-1)
	assert.True(t, evaluate(t, presetRules(), "2026-03", last).Preliminary)
}

func TestMonthRefuses(t *testing.T) {
	for _, m := range []servicetime.Month{{}, {Year: 2026}, {Year: 2026, Month: 13}, {Year: 1969, Month: 12}, {Year: 2201, Month: 1}, {Year: -1, Month: 1}} {
		_, err := presetRules().Month(m, local("2026-04-01 00:00"))
		require.ErrorIs(t, err, servicetime.ErrRange, m)
		_, err = presetRules().Evaluate(m, sla.Records{}, local("2026-04-01 00:00"))
		require.ErrorIs(t, err, servicetime.ErrRange, m)
	}
	for _, asOf := range []time.Time{{}, local("1969-12-31 23:59:59"), local("2201-01-01 00:00")} {
		_, err := presetRules().Month(month("2026-03"), asOf)
		require.ErrorIs(t, err, servicetime.ErrRange, asOf)
		_, err = presetRules().Evaluate(month("2026-03"), sla.Records{}, asOf)
		require.ErrorIs(t, err, servicetime.ErrRange, asOf)
	}
	for _, m := range []string{"1970-01", "2200-12"} {
		_, err := presetRules().Month(month(m), local("2200-12-31 23:59:59"))
		require.NoError(t, err, m)
	}
}

// solved is an incident of a priority that met both its times, or missed the second.
func solved(number string, level priority.Level, met bool) priority.Ticket {
	ticket := priority.Ticket{
		Number: number, Kind: priority.Incident, Priority: level, Received: local("2026-06-01 08:00"),
		Started: local("2026-06-01 08:30"), ReportedBack: local("2026-06-01 16:00"),
	}
	if !met {
		ticket.ReportedBack = local("2026-06-25 12:00")
	}
	return ticket
}

// §4.3.1: 90 % exactly is enough, one less of any number is not, and nothing is neither. No incident
// is no data, not 100 %.
func TestMonthVerdict(t *testing.T) {
	for _, row := range []struct {
		met, missed int
		verdict     compliance.Verdict
		text        string
	}{
		{0, 0, compliance.NoData, "no data, goal 90 %"},
		{1, 0, compliance.Met, "1 of 1 in time, 100.00 %, goal 90 %: met, 0 misses left"},
		{0, 1, compliance.Missed, "0 of 1 in time, 0.00 %, goal 90 %: missed by 1"},
		{9, 1, compliance.Met, "9 of 10 in time, 90.00 %, goal 90 %: met, 0 misses left"},
		{8, 1, compliance.Missed, "8 of 9 in time, 88.89 %, goal 90 %: missed by 1"},
		{17, 2, compliance.Missed, "17 of 19 in time, 89.47 %, goal 90 %: missed by 1"},
		{18, 2, compliance.Met, "18 of 20 in time, 90.00 %, goal 90 %: met, 0 misses left"},
		{19, 1, compliance.Met, "19 of 20 in time, 95.00 %, goal 90 %: met, 1 miss left"},
		{27, 3, compliance.Met, "27 of 30 in time, 90.00 %, goal 90 %: met, 0 misses left"},
		{89, 10, compliance.Missed, "89 of 99 in time, 89.90 %, goal 90 %: missed by 1"},
	} {
		var tickets []priority.Ticket
		for i := range row.met + row.missed {
			tickets = append(tickets, solved("", priority.Level(i%4+1), i < row.met))
		}
		s := evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"), tickets...).Incidents
		assert.Equal(t, compliance.Share{Met: int64(row.met), Total: int64(row.met + row.missed)}, s.Share)
		assert.Equal(t, row.verdict, s.Verdict, row.text)
		assert.Equal(t, row.text, s.String())
	}

	// A goal that is not agreed has no verdict, whatever happened.
	a := sla.SSBTEK()
	a.Incidents.Goal = compliance.Goal{}
	s := evaluate(t, mustCompile(a), "2026-06", local("2026-07-01 00:00"), solved("", 1, true)).Incidents
	assert.Equal(t, compliance.NotAgreed, s.Verdict)
	assert.Equal(t, compliance.Share{Met: 1, Total: 1}, s.Share)
}

// Both: a ticket meets all its times or has missed. Each: every time counts by itself, in its own month.
func TestMonthCounting(t *testing.T) {
	each := sla.SSBTEK()
	each.Readings.Compliance = sla.Each
	eachRules := mustCompile(each)
	tickets := []priority.Ticket{
		solved("both met", 2, true),
		{
			Number: "response in May, resolution in June", Kind: priority.Incident, Priority: 2, Received: local("2026-05-29 15:00"),
			Started: local("2026-05-29 15:30"), ReportedBack: local("2026-06-01 12:00"),
		},
		{
			Number: "response met, resolution missed", Kind: priority.Incident, Priority: 2, Received: local("2026-06-01 09:00"),
			Started: local("2026-06-01 09:30"),
		},
		{
			Number: "response missed, resolution met", Kind: priority.Incident, Priority: 3, Received: local("2026-06-08 09:00"),
			Started: local("2026-06-09 12:00"), ReportedBack: local("2026-06-09 13:00"),
		},
		{
			Number: "response met, resolution running", Kind: priority.Incident, Priority: 4, Received: local("2026-06-29 09:00"),
			Started: local("2026-06-29 12:00"),
		},
		{Number: "both missed", Kind: priority.Incident, Priority: 1, Received: local("2026-06-15 09:00")},
		{Number: "order", Kind: priority.Order, Class: "question", Received: local("2026-06-15 09:00"), ReportedBack: local("2026-06-15 09:01")},
		{Number: "nothing to meet", Kind: priority.Order, Class: "permissions", Received: local("2026-06-15 09:00"), ReportedBack: local("2026-06-15 09:01")},
		{Number: "nothing to meet yet", Kind: priority.Order, Class: "permissions", Received: local("2026-06-15 09:00")},
	}
	asOf := local("2026-07-01 00:00")

	report := evaluate(t, presetRules(), "2026-06", asOf, tickets...)
	assert.Equal(t, figures{
		Tickets: 6, Running: 1,
		Met: map[string]int64{"high": 2}, Missed: map[string]int64{"high": 1, "medium": 1, "critical": 1},
		MissedNumbers: "response met, resolution missed response missed, resolution met both missed",
	}, figuresOf(report.Incidents))
	orders := figures{Tickets: 3, Running: 1, NoTarget: 1, Met: map[string]int64{"question": 1}, Missed: map[string]int64{}}
	assert.Equal(t, orders, figuresOf(report.Orders))

	report = evaluate(t, eachRules, "2026-06", asOf, tickets...)
	assert.Equal(t, figures{
		Tickets: 6, Running: 1, Elsewhere: 1, // the response of May
		Met:    map[string]int64{"high": 4, "medium": 1, "low": 1},
		Missed: map[string]int64{"high": 1, "medium": 1, "critical": 2},

		MissedNumbers: "response met, resolution missed response missed, resolution met both missed",
	}, figuresOf(report.Incidents))
	assert.Equal(t, compliance.Share{Met: 6, Total: 10}, report.Incidents.Share)
	assert.Equal(t, orders, figuresOf(report.Orders))

	report = evaluate(t, eachRules, "2026-05", asOf, tickets...)
	assert.Equal(t, compliance.Share{Met: 1, Total: 1}, report.Incidents.Share)
	assert.Equal(t, int64(11), report.Incidents.Elsewhere)
}

// What cannot be judged is listed with the reason in the month of its receipt, or in all where that
// is not known.
func TestMonthNotJudged(t *testing.T) {
	tickets := []priority.Ticket{
		{Number: "c", Kind: priority.Incident, Impact: 0, Received: local("2026-06-10 09:00")},
		{Number: "b", Kind: priority.Incident, Impact: 2, Received: local("2026-06-10 09:00"), Started: local("2026-06-10 08:59")},
		{Number: "a", Kind: priority.Security, Impact: 7, Received: local("2026-06-30 23:59:59")},
		{Number: "z", Kind: priority.Incident, Impact: 2},
		{Number: "july", Kind: priority.Incident, Impact: 7, Received: local("2026-07-01 00:00")},
		{Number: "o", Kind: priority.Order, Class: "laptop", Received: local("2026-06-01 00:00")},
		{Number: "p", Kind: priority.Problem, Impact: 1, Received: local("2026-06-01 00:00")},
		{Number: "u", Kind: "change", Received: local("2026-06-02 00:00")},
		{Number: "v", Received: local("2026-06-01 00:00")},
		{Number: "future", Kind: priority.Incident, Impact: 2, Received: local("2026-08-01 00:00").Add(1)},
	}
	asOf := local("2026-08-01 00:00")
	june := evaluate(t, presetRules(), "2026-06", asOf, tickets...)
	for kind, want := range map[priority.Kind]figures{
		priority.Incident: {Tickets: 6, Elsewhere: 2, Rejected: 4, NotJudged: "z b c a"}, // by receipt and number
		priority.Order:    {Tickets: 1, Rejected: 1, NotJudged: "o"},
		priority.Problem:  {Tickets: 1, Rejected: 1, NotJudged: "p"},
		"":                {Tickets: 2, Rejected: 2, NotJudged: "v u"},
	} {
		want.Met, want.Missed = map[string]int64{}, map[string]int64{}
		assert.Equal(t, want, figuresOf(sections(june)[kind]), kind)
	}
	var causes []error
	for _, s := range []sla.TicketReport{june.Incidents, june.Orders, june.Problems, june.Unknown} {
		for _, n := range s.NotJudged {
			causes = append(causes, n.Err)
		}
	}
	for i, want := range []error{
		priority.ErrRecord, priority.ErrRecord, priority.ErrClass, priority.ErrClass,
		sla.ErrNotJudged, sla.ErrNotJudged, sla.ErrNotJudged, sla.ErrNotJudged,
	} {
		require.ErrorIs(t, causes[i], want)
	}
	assert.Equal(t, local("2026-06-10 09:00"), june.Incidents.NotJudged[1].Received)
	assert.Zero(t, june.Incidents.NotJudged[0].Received)

	july := evaluate(t, presetRules(), "2026-07", asOf, tickets...)
	assert.Equal(t, "z july", figuresOf(july.Incidents).NotJudged)
	assert.Empty(t, july.Unknown.NotJudged)
	assert.Equal(t, compliance.NoData, july.Incidents.Verdict)

	// A kind without rules has its section still.
	a := sla.SSBTEK()
	a.Orders = nil
	none := evaluate(t, mustCompile(a), "2026-06", asOf, priority.Ticket{Number: "q", Kind: priority.Order, Class: "question", Received: local("2026-06-01 00:00")})
	assert.False(t, none.Orders.Agreed)
	assert.Equal(t, "q", figuresOf(none.Orders).NotJudged)
}

// A record that could not even be read counts like one that could not be judged.
func TestMonthReject(t *testing.T) {
	m, err := presetRules().Month(month("2026-06"), local("2026-07-01 00:00"))
	require.NoError(t, err)
	unread := errors.New("no such date")
	m.Reject(priority.Incident, sla.NotJudged{Number: "june", Received: local("2026-06-10 09:00"), Err: unread})
	m.Reject(priority.Security, sla.NotJudged{Number: "unknown", Err: unread})
	m.Reject(priority.Incident, sla.NotJudged{Number: "may", Received: local("2026-05-10 09:00"), Err: unread})
	m.Reject("", sla.NotJudged{Number: "row 7", Err: unread})
	m.Reject("change", sla.NotJudged{Number: "row 8", Err: unread})
	report := m.Report()
	assert.Equal(t, figures{
		Tickets: 3, Elsewhere: 1, Rejected: 2, NotJudged: "unknown june", Met: map[string]int64{}, Missed: map[string]int64{},
	}, figuresOf(report.Incidents))
	assert.Equal(t, []sla.NotJudged{{Number: "row 7", Err: unread}, {Number: "row 8", Err: unread}}, report.Unknown.NotJudged)
	assert.Equal(t, int64(2), report.Unknown.Rejected)
}

// The missed are in the order of their breach, whatever the order of the records.
func TestMonthMissedList(t *testing.T) {
	late := func(number, received string, level priority.Level) priority.Ticket {
		return priority.Ticket{Number: number, Kind: priority.Incident, Priority: level, Received: local(received)}
	}
	tickets := []priority.Ticket{
		late("d", "2026-06-10 09:00", 3), // 8 h: 10 June 17:00, exceeded on the 11th at 08:00
		late("b", "2026-06-10 12:00", 2), // 60 min
		late("a", "2026-06-10 16:30", 1), // 30 min, exceeded on the 11th at 08:00 too
		late("c", "2026-06-10 12:30", 1), // 30 min, at the same time as b
	}
	want := []struct{ number, at string }{
		{"b", "2026-06-10 13:00"}, {"c", "2026-06-10 13:00"}, {"a", "2026-06-11 08:00"}, {"d", "2026-06-11 08:00"},
	}
	r := rand.New(rand.NewPCG(5, 1))
	for range 24 {
		r.Shuffle(len(tickets), func(i, j int) { tickets[i], tickets[j] = tickets[j], tickets[i] })
		report := evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"), tickets...)
		require.Len(t, report.Incidents.Missed, len(want))
		for i, m := range report.Incidents.Missed {
			assert.Equal(t, want[i].number, m.Number)
			assert.True(t, m.Breached.Equal(local(want[i].at).Add(1)), "%s at %s", m.Number, m.Breached)
			assert.Equal(t, "§4.3.1", m.Clause)
			assert.Equal(t, priority.Breached, m.Response.State)
		}
		assert.Zero(t, report.Incidents.MoreMissed)
	}
}

// A report lists the first MaxListed and says how many more there are, whatever the order and the parts.
func TestMonthListsAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 1))
	for _, row := range []struct{ n, parts int }{
		{sla.MaxListed, 1},
		{sla.MaxListed + 1, 3},
		{2*sla.MaxListed + 1, 1},
		{3*sla.MaxListed + 7, 3},
	} {
		t.Run(fmt.Sprintf("%d in %d parts", row.n, row.parts), func(t *testing.T) {
			n := row.n
			// Two in each second from 08:00, missed 30 min later or never judged.
			open := local("2026-06-10 08:00")
			tickets := make([]priority.Ticket, n)
			for i := range tickets {
				tickets[i] = priority.Ticket{
					Number: fmt.Sprintf("%06d", i), Kind: priority.Incident, Priority: 1, Received: open.Add(time.Duration(i/2) * time.Second),
				}
			}
			r.Shuffle(n, func(i, j int) { tickets[i], tickets[j] = tickets[j], tickets[i] })
			months := make([]*sla.Month, row.parts)
			for i := range months {
				var err error
				months[i], err = presetRules().Month(month("2026-06"), local("2026-07-01 00:00"))
				require.NoError(t, err)
			}
			for i, ticket := range tickets {
				months[i*i%row.parts].Ticket(ticket)
				ticket.Priority = 9
				months[i%row.parts].Ticket(ticket)
			}
			for _, m := range months[1:] {
				require.NoError(t, months[0].Merge(m))
			}

			s := months[0].Report().Incidents
			listed := min(n, sla.MaxListed)
			require.Len(t, s.Missed, listed)
			require.Len(t, s.NotJudged, listed)
			for i := range listed {
				if number := fmt.Sprintf("%06d", i); s.Missed[i].Number != number || s.NotJudged[i].Number != number {
					require.Equal(t, number, s.Missed[i].Number)
					require.Equal(t, number, s.NotJudged[i].Number)
				}
			}
			assert.Equal(t, int64(n-listed), s.MoreMissed)
			assert.Equal(t, int64(n-listed), s.MoreNotJudged)
			assert.Equal(t, compliance.Share{Total: int64(n)}, s.Share)
			assert.Equal(t, int64(2*n), s.Tickets)
			assert.Equal(t, int64(n), s.Rejected)

			// A report asked for on the way changes nothing.
			assert.True(t, reflect.DeepEqual(s, months[0].Report().Incidents))
			months[0].Ticket(priority.Ticket{Number: "first", Kind: priority.Incident, Priority: 1, Received: local("2026-06-09 08:00")})
			s = months[0].Report().Incidents
			assert.Equal(t, "first", s.Missed[0].Number)
			assert.Equal(t, int64(n+1-min(n+1, sla.MaxListed)), s.MoreMissed)
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	base := func() *sla.Month {
		m, err := presetRules().Month(month("2026-06"), local("2026-07-01 00:00"))
		require.NoError(t, err)
		return m
	}
	otherMonth, err := presetRules().Month(month("2026-07"), local("2026-07-01 00:00"))
	require.NoError(t, err)
	otherAsOf, err := presetRules().Month(month("2026-06"), local("2026-07-01 00:00").Add(1))
	require.NoError(t, err)
	otherRules, err := mustCompile(sla.SSBTEK()).Month(month("2026-06"), local("2026-07-01 00:00"))
	require.NoError(t, err)
	for name, other := range map[string]*sla.Month{"month": otherMonth, "as-of": otherAsOf, "rules": otherRules} {
		m := base()
		m.Ticket(solved("1", 1, true))
		other.Ticket(solved("2", 1, true))
		before := m.Report()
		require.ErrorIs(t, m.Merge(other), sla.ErrMerge, name)
		requireSame(t, before, m.Report(), name)
	}
	sameInstant, err := presetRules().Month(month("2026-06"), local("2026-07-01 00:00").UTC())
	require.NoError(t, err)
	require.NoError(t, base().Merge(sameInstant))
}

// The lines of a report, literally. Order types without a target and problems are left out of this agreement.
func TestLines(t *testing.T) {
	a := sla.SSBTEK()
	delete(a.Orders.Targets, "permissions")
	delete(a.Orders.Targets, "standard change")
	a.Problems = nil
	tickets := []priority.Ticket{
		solved("1", 1, true), solved("2", 1, true), solved("3", 1, false), solved("4", 2, true), solved("5", 3, true), solved("6", 4, true),
		solved("7", 3, true), solved("8", 3, true), solved("9", 3, true), solved("10", 3, true), solved("11", 3, true),
		{Kind: priority.Order, Class: "question", Received: local("2026-06-01 08:00")},
		{Kind: priority.Order, Class: "connection", Received: local("2026-06-01 08:00"), Resolved: local("2026-06-08 17:00")},
	}
	report := evaluate(t, mustCompile(a), "2026-06", local("2026-07-01 00:00"), tickets...)
	lines := slices.Collect(report.Lines())
	assert.Equal(t, []sla.Line{
		{Clause: "§4.3.1", Name: "incidents", Verdict: compliance.Met, Text: "10 of 11 in time, 90.91 %, goal 90 %: met, 0 misses left"},
		{Clause: "§4.3.1", Name: "incidents, critical", Verdict: compliance.NotAgreed, Text: "2 of 3 in time, 66.67 %"},
		{Clause: "§4.3.1", Name: "incidents, high", Verdict: compliance.NotAgreed, Text: "1 of 1 in time, 100.00 %"},
		{Clause: "§4.3.1", Name: "incidents, medium", Verdict: compliance.NotAgreed, Text: "6 of 6 in time, 100.00 %"},
		{Clause: "§4.3.1", Name: "incidents, low", Verdict: compliance.NotAgreed, Text: "1 of 1 in time, 100.00 %"},
		{Clause: "§4.4", Name: "orders", Verdict: compliance.Missed, Text: "1 of 2 in time, 50.00 %, goal 90 %: missed by 1"},
		{Clause: "§4.4", Name: "orders, connection", Verdict: compliance.NotAgreed, Text: "1 of 1 in time, 100.00 %"},
		{Clause: "§4.4", Name: "orders, question", Verdict: compliance.NotAgreed, Text: "0 of 1 in time, 0.00 %"},
		{Clause: "§4.11", Name: "security incidents", Verdict: compliance.NoData, Text: "no data, goal 90 %"},
		// Nobody has said whether the service was up.
		{Clause: "§4.9.1", Name: "availability, month", Verdict: compliance.NoData, Text: "no data, at least 98 %"},
		{Clause: "§4.9.1", Name: "availability, year", Verdict: compliance.NoData, Text: "no data, at least 98 %"},
		{Clause: "§4.9.1", Name: "unavailability, year", Verdict: compliance.NoData, Text: "no data, at most 62 h down"},
		{Clause: "§4.9.1", Name: "reliability, month", Verdict: compliance.NoData, Text: "no data, at most 4 interruptions"},
		{Clause: "§4.9.1", Name: "reliability, year", Verdict: compliance.NoData, Text: "no data, at most 12 interruptions"},
		{Clause: "§4.6.4", Name: "changes", Verdict: compliance.NoData, Text: "no data, goal 100 %"},
		{Clause: "§4.8", Name: "performance, within 7 s (+1.5 s a person)", Verdict: compliance.NoData, Text: "no data, goal 90 %"},
		{Clause: "§4.8", Name: "performance, within 12 s (+1.5 s a person)", Verdict: compliance.NoData, Text: "no data, goal 100 %"},
		{Clause: "§4.10", Name: "delivery precision", Verdict: compliance.NoData, Text: "no data, goal 98 %"},
		{Clause: "§4.7", Name: "capacity", Verdict: compliance.NoData, Text: "at most 200 calls per calendar minute: no data"},
		{Clause: "§4.7", Name: "capacity (advisory)", Verdict: compliance.NoData, Text: "at most 3 calls per second on average over a calendar minute (advisory): no data"},
		{Clause: "§4.12.1", Name: "continuity, RTO", Verdict: compliance.NotAgreed, Text: "objective not agreed"},
		{Clause: "§4.12.1", Name: "continuity, RPO", Verdict: compliance.NotAgreed, Text: "objective not agreed"},
		{Clause: "§4.12.1", Name: "continuity, backup frequency", Verdict: compliance.NotAgreed, Text: "objective not agreed"},
		{Clause: "§4.12.1", Name: "continuity, test frequency", Verdict: compliance.NotAgreed, Text: "objective not agreed"},
	}, lines)
	assert.Equal(t, "§4.3.1 incidents: 10 of 11 in time, 90.91 %, goal 90 %: met, 0 misses left", lines[0].String())

	// Whoever has seen enough stops.
	for i := range lines {
		var some []sla.Line
		for l := range report.Lines() {
			if some = append(some, l); len(some) == i+1 {
				break
			}
		}
		assert.Equal(t, lines[:i+1], some)
	}
	assert.Equal(t, lines, slices.Collect(report.Lines()), "the same report, the same lines")
}

// randomTicket lies around the first months of 2026, often on an edge: of support, of a day, of a month.
// About one in eight is wrong in some way.
func randomTicket(r *rand.Rand, number int) priority.Ticket {
	start := local("2026-01-01 00:00")
	ticket := priority.Ticket{
		Number:   fmt.Sprintf("%05d", number),
		Kind:     []priority.Kind{priority.Incident, priority.Incident, priority.Security, priority.Order, priority.Problem, "change"}[r.IntN(6)],
		Class:    []string{"connection", "question", "permissions", "standard change", "laptop"}[r.IntN(5)],
		Impact:   r.IntN(40)%5 + r.IntN(2)*r.IntN(2),
		Provider: []string{"", "CSN", "Transportstyrelsen"}[r.IntN(3)],
	}
	if r.IntN(3) == 0 || ticket.Kind == priority.Problem {
		ticket.Priority = priority.Level(r.IntN(25)%5 + r.IntN(2)*r.IntN(2))
	}
	later := func(from time.Time) time.Time {
		to := from.Add([]time.Duration{
			0, 1, time.Duration(r.Int64N(int64(time.Hour))), time.Duration(r.IntN(10)) * time.Hour,
			time.Duration(r.Int64N(int64(48 * time.Hour))), time.Duration(r.IntN(12)) * 24 * time.Hour,
			time.Duration(r.Int64N(int64(60 * 24 * time.Hour))),
		}[r.IntN(7)])
		y, m, d := to.In(stockholm).Date()
		if edge := []time.Time{
			to, to, to, to.Truncate(time.Minute),
			time.Date(y, m, d, 8, 0, 0, 0, stockholm), time.Date(y, m, d, 8, 0, 0, 1, stockholm),
			time.Date(y, m, d, 16, 30, 0, 0, stockholm), time.Date(y, m, d, 17, 0, 0, 0, stockholm),
			time.Date(y, m, d+1, 0, 0, 0, 0, stockholm), time.Date(y, m+1, 1, 0, 0, 0, -r.IntN(2), stockholm),
		}[r.IntN(10)]; edge.After(from) {
			return edge
		}
		return from
	}
	ticket.Received = later(start.Add(time.Duration(r.Int64N(int64(75 * 24 * time.Hour)))))
	if r.IntN(4) == 0 {
		ticket.Occurred = ticket.Received.Add(-time.Duration(r.Int64N(int64(72 * time.Hour))))
	}
	last := ticket.Received
	for _, t := range []*time.Time{&ticket.Started, &ticket.Resolved, &ticket.ReportedBack} {
		if r.IntN(6) > 0 {
			last = later(last)
			*t = last
		}
	}
	for r.IntN(3) == 0 {
		p := servicetime.Pause{From: later(ticket.Received)}
		if r.IntN(4) > 0 {
			p.To = later(p.From)
		}
		ticket.Pauses = append(ticket.Pauses, p)
	}
	switch r.IntN(40) {
	case 0:
		ticket.Received = time.Time{}
	case 1:
		ticket.Started = ticket.Received.Add(-1)
	}
	return ticket
}

func randomTickets(r *rand.Rand, n int) []priority.Ticket {
	tickets := make([]priority.Ticket, n)
	for i := range tickets {
		tickets[i] = randomTicket(r, i)
	}
	return tickets
}

// readingRules are the preset's rules under every reading that a month depends on.
func readingRules() map[string]*sla.Rules {
	rules := map[string]*sla.Rules{}
	for _, counting := range []sla.Counting{sla.Both, sla.Each} {
		for _, pauses := range []sla.Switch{sla.Off, sla.On} {
			a := sla.SSBTEK()
			a.Readings.Compliance, a.Readings.Pauses, a.Readings.ResponsePauses = counting, pauses, pauses
			rules[fmt.Sprintf("%s, pauses %s", counting, pauses)] = mustCompile(a)
		}
	}
	return rules
}

var testMonths = []string{"2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"}

// Reports recomputed with simple code from what Judge says of each ticket.
func TestMonthAgainstNaive(t *testing.T) {
	t.Parallel()
	for name, rules := range readingRules() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(4, 31))
			tickets := randomTickets(r, 1500)
			for _, asOf := range []time.Time{local("2026-02-01 00:00"), local("2026-03-17 08:00").Add(1), local("2026-12-31 12:00")} {
				for _, m := range testMonths {
					report := evaluate(t, rules, m, asOf, tickets...)
					for kind, s := range sections(report) {
						want := naiveFigures(rules, m, kind, tickets, asOf)
						got := figuresOf(s)
						got.MissedNumbers = sortWords(got.MissedNumbers)
						got.NotJudged = sortWords(got.NotJudged)
						require.Equal(t, want, got, "%s of %s as of %s", kind, m, asOf)
					}
				}
			}
		})
	}
}

func sortWords(s string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Fields(s))), " ")
}

// sectionOf is the section of a report in which a ticket is counted.
func sectionOf(ticket priority.Ticket) priority.Kind {
	switch ticket.Kind {
	case priority.Incident, priority.Security:
		return priority.Incident
	case priority.Order, priority.Problem:
		return ticket.Kind
	}
	return ""
}

// naiveFigures counts the tickets of one section one by one.
func naiveFigures(rules *sla.Rules, m string, kind priority.Kind, tickets []priority.Ticket, asOf time.Time) figures {
	f := figures{Met: map[string]int64{}, Missed: map[string]int64{}}
	monthOf := func(t time.Time) string { return t.In(stockholm).Format("2006-01") }
	var missed, notJudged []string
	for _, ticket := range tickets {
		if sectionOf(ticket) != kind {
			continue
		}
		f.Tickets++
		j, err := rules.Judge(ticket, asOf)
		if err != nil {
			if !ticket.Received.After(asOf) && (ticket.Received.IsZero() || monthOf(ticket.Received) == m) {
				f.Rejected++
				notJudged = append(notJudged, ticket.Number)
			} else {
				f.Elsewhere++
			}
			continue
		}

		// Every time with a target: when it was missed or met, or neither.
		var misses, mets []time.Time
		running := 0
		for _, c := range []priority.Clock{j.Response, j.Resolution} {
			switch {
			case c.Target.None():
			case !c.Done.IsZero() && !c.Done.After(c.Last):
				mets = append(mets, c.Done)
			case !c.Done.IsZero() || asOf.After(c.Last):
				misses = append(misses, c.Last.Add(1))
			default:
				running++
			}
		}
		slices.SortFunc(misses, time.Time.Compare)
		slices.SortFunc(mets, time.Time.Compare)
		if rules.Agreement().Readings.Compliance == sla.Both {
			switch {
			case len(misses) > 0: // at the first breach
				misses, mets, running = misses[:1], nil, 0
			case running > 0:
				mets, running = nil, 1
			case len(mets) > 0: // when the last of them stopped
				mets = mets[len(mets)-1:]
			}
		}
		if len(misses)+len(mets)+running == 0 { // no target: it counts when it stops
			switch {
			case j.Resolution.Done.IsZero():
				running = 1
			case monthOf(j.Resolution.Done) == m:
				f.NoTarget++
			default:
				f.Elsewhere++
			}
		}
		if monthOf(ticket.Received) <= m {
			f.Running += int64(running)
		} else {
			f.Elsewhere += int64(running)
		}
		for _, at := range mets {
			if monthOf(at) == m {
				f.Met[j.Priority]++
			} else {
				f.Elsewhere++
			}
		}
		listed := false
		for _, at := range misses {
			if monthOf(at) != m {
				f.Elsewhere++
				continue
			}
			f.Missed[j.Priority]++
			if !listed {
				missed = append(missed, ticket.Number)
			}
			listed = true
		}
	}
	f.MissedNumbers, f.NotJudged = sortWords(strings.Join(missed, " ")), sortWords(strings.Join(notJudged, " "))
	return f
}

// Figures add up, and each section's share is the sum of its groups.
func TestMonthAddsUp(t *testing.T) {
	t.Parallel()
	for name, rules := range readingRules() {
		r := rand.New(rand.NewPCG(90, 2))
		for range 40 {
			tickets := randomTickets(r, 40)
			asOf := local("2026-01-15 12:00").Add(time.Duration(r.Int64N(int64(120 * 24 * time.Hour))))
			for _, m := range testMonths {
				report := evaluate(t, rules, m, asOf, tickets...)
				var all int64
				for kind, s := range sections(report) {
					all += s.Tickets
					var met, missed int64
					for _, g := range s.Groups {
						met, missed = met+g.Met, missed+g.Missed
					}
					require.Equal(t, compliance.Share{Met: met, Total: met + missed}, s.Share, name)
					if s.Agreed {
						require.Equal(t, s.Share.Verdict(s.Goal), s.Verdict, name)
					}
					require.Equal(t, int64(len(s.NotJudged))+s.MoreNotJudged, s.Rejected, name)
					outcomes := met + missed + s.Running + s.NoTarget + s.Elsewhere + s.Rejected
					if rules.Agreement().Readings.Compliance == sla.Both {
						require.Equal(t, s.Tickets, outcomes, name)
						require.Equal(t, missed, int64(len(s.Missed))+s.MoreMissed, name)
						require.True(t, slices.IsSortedFunc(s.Missed, func(a, b sla.MissedTicket) int { return a.Breached.Compare(b.Breached) }))
						continue
					}
					var want int64
					for _, ticket := range tickets {
						if sectionOf(ticket) != kind {
							continue
						}
						want++ // one that is not judged, or has no target, is one
						if j, err := rules.Judge(ticket, asOf); err == nil && !j.Response.Target.None() && !j.Resolution.Target.None() {
							want++
						}
					}
					require.Equal(t, want, outcomes, "%s %s %s %+v", name, kind, m, figuresOf(s))
				}
				require.Equal(t, int64(len(tickets)), all, "every ticket is in one section")
			}
		}
	}
}

// A later run of an old month gives the same figures: what is settled stays where it is, and nothing
// is settled in a month that is over.
func TestMonthNeverChanges(t *testing.T) {
	t.Parallel()
	for name, rules := range readingRules() {
		r := rand.New(rand.NewPCG(7, 7))
		for range 30 {
			tickets := randomTickets(r, 30)
			for i, ticket := range tickets {
				// An order that is closed and reported back later may change: priority.AtReportedBackOrResolved.
				if ticket.Kind == priority.Order && !ticket.ReportedBack.IsZero() {
					tickets[i].Resolved = time.Time{}
				}
			}
			for _, m := range testMonths[1:4] {
				first, err := rules.Month(month(m), local("2026-12-31 00:00"))
				require.NoError(t, err)
				asOf := first.Report().Span.To
				want := settled(evaluate(t, rules, m, asOf, tickets...))
				for range 4 {
					asOf = asOf.Add([]time.Duration{1, time.Hour, 24 * time.Hour, 30 * 24 * time.Hour}[r.IntN(4)])
					require.Equal(t, want, settled(evaluate(t, rules, m, asOf, tickets...)), "%s: %s as of %s", name, m, asOf)
				}
			}
		}
	}
}

// settled are the figures that belong to a month; what runs, and what is of another month, changes.
func settled(r *sla.Report) map[priority.Kind]figures {
	out := map[priority.Kind]figures{}
	for kind, s := range sections(r) {
		f := figuresOf(s)
		f.Running, f.Elsewhere = 0, 0
		out[kind] = f
	}
	return out
}

// The parts of any split, merged in any order, report the same as the whole, and a month is the same in
// whatever order its records come.
func TestMonthMerge(t *testing.T) {
	t.Parallel()
	for name, rules := range readingRules() {
		r := rand.New(rand.NewPCG(2, 2026))
		for range 60 {
			tickets := randomTickets(r, 1+r.IntN(60))
			m := testMonths[r.IntN(len(testMonths))]
			asOf := local("2026-01-15 12:00").Add(time.Duration(r.Int64N(int64(120 * 24 * time.Hour))))
			unread := sla.NotJudged{Number: "unread", Received: local("2026-02-03 04:05"), Err: errors.New("unread")}
			kinds := []priority.Kind{priority.Incident, priority.Problem, "?"}

			whole, err := rules.Month(month(m), asOf)
			require.NoError(t, err)
			for _, ticket := range tickets {
				whole.Ticket(ticket)
			}
			for _, kind := range kinds {
				whole.Reject(kind, unread)
			}
			want := whole.Report()

			parts := make([]*sla.Month, 1+r.IntN(5))
			for i := range parts {
				parts[i], err = rules.Month(month(m), asOf)
				require.NoError(t, err)
			}
			r.Shuffle(len(tickets), func(i, j int) { tickets[i], tickets[j] = tickets[j], tickets[i] })
			for _, kind := range kinds {
				parts[r.IntN(len(parts))].Reject(kind, unread)
			}
			for _, ticket := range tickets {
				parts[r.IntN(len(parts))].Ticket(ticket)
			}
			for len(parts) > 1 {
				i := r.IntN(len(parts) - 1)
				others := parts[i+1].Report()
				require.NoError(t, parts[i].Merge(parts[i+1]))
				requireSame(t, others, parts[i+1].Report(), name+": the one merged from")
				parts = slices.Delete(parts, i+1, i+2)
			}
			requireSame(t, want, parts[0].Report(), name)
			requireSame(t, want, whole.Report(), name+": asked again")
		}
	}
}

// Evaluate is the loop over the records.
func TestEvaluateIsTheLoop(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	tickets := randomTickets(r, 400)
	for _, m := range testMonths {
		asOf := local("2026-04-01 00:00")
		loop, err := presetRules().Month(month(m), asOf)
		require.NoError(t, err)
		for _, ticket := range tickets {
			loop.Ticket(ticket)
		}
		requireSame(t, loop.Report(), evaluate(t, presetRules(), m, asOf, tickets...), m)
	}
}

// The tickets that the properties above use show every outcome in every section, or they would prove little.
func TestRandomTicketsShowEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 31))
	tickets := randomTickets(r, 1500)
	asOf := local("2026-03-17 08:00").Add(1)
	seen := map[string]bool{}
	for _, m := range testMonths {
		for kind, s := range sections(evaluate(t, presetRules(), m, asOf, tickets...)) {
			f := figuresOf(s)
			for what, n := range map[string]int64{
				"met": s.Share.Met, "missed": s.Share.Total - s.Share.Met, "running": f.Running, "no target": f.NoTarget,
				"elsewhere": f.Elsewhere, "rejected": f.Rejected,
			} {
				if n > 0 {
					seen[fmt.Sprintf("%s %s", kind, what)] = true
				}
			}
			for name := range f.Met {
				seen[fmt.Sprintf("%s met %s", kind, name)] = true
			}
			for name := range f.Missed {
				seen[fmt.Sprintf("%s missed %s", kind, name)] = true
			}
		}
	}
	var want []string
	for kind, groups := range map[priority.Kind][]string{
		priority.Incident: {"critical", "high", "medium", "low"}, priority.Problem: {"critical", "high", "medium", "low"},
		priority.Order: {"connection", "question"}, "": nil,
	} {
		want = append(want, fmt.Sprintf("%s elsewhere", kind), fmt.Sprintf("%s rejected", kind))
		if kind != "" {
			want = append(want, fmt.Sprintf("%s met", kind), fmt.Sprintf("%s missed", kind), fmt.Sprintf("%s running", kind))
		}
		for _, g := range groups {
			want = append(want, fmt.Sprintf("%s met %s", kind, g), fmt.Sprintf("%s missed %s", kind, g))
		}
	}
	want = append(want, "order no target")
	assert.Equal(t, slices.Sorted(slices.Values(want)), slices.Sorted(maps.Keys(seen)))
}
