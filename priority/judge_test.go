package priority_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

var (
	support  = compile("Europe/Stockholm", "mon-fri 08:00-17:00", servicetime.Sweden)
	withEves = compile("Europe/Stockholm", "mon-fri 08:00-17:00", servicetime.SwedenWithEves)
	saoPaulo = compile("America/Sao_Paulo", "mon-fri 08:00-17:00", servicetime.Holidays{})
	always   = compile("Europe/Stockholm", "mon-sun 00:00-24:00", servicetime.Holidays{})

	// oneDay is open on Tuesday 2026-03-10, and never again.
	oneDay = mustCompile(servicetime.Schedule{
		Zone:  "Europe/Stockholm",
		Dates: map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2026-03-10"): {servicetime.MustWindow("08:00-17:00")}},
	})
)

func compile(zone, week string, holidays servicetime.Holidays) *servicetime.Calendar {
	return mustCompile(servicetime.Schedule{Zone: zone, Week: servicetime.MustWeek(week), Holidays: holidays})
}

func mustCompile(s servicetime.Schedule) *servicetime.Calendar {
	c, err := servicetime.Compile(s, time.LoadLocation)
	if err != nil {
		panic(err)
	}
	return c
}

// at is an instant in Stockholm: 2026-01-30 17:00, with seconds or their fractions if need be. An
// offset tells apart what the clocks show twice. An empty text is the zero instant.
func at(text string) time.Time { return in(support, text) }

func in(c *servicetime.Calendar, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02 15:04 -0700"} {
		if t, err := time.ParseInLocation(layout, text, c.Location()); err == nil {
			return t
		}
	}
	panic(text)
}

// pauses reads "2026-03-10 09:00 – 2026-03-10 11:00"; one that has not ended is "2026-03-10 09:00 –".
func pauses(texts ...string) []servicetime.Pause {
	var ps []servicetime.Pause
	for _, text := range texts {
		from, to, _ := strings.Cut(text, " –")
		ps = append(ps, servicetime.Pause{From: at(from), To: at(strings.TrimSpace(to))})
	}
	return ps
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 31)) }

// rule is the preset's for a pair of targets; an empty text is N/A.
func rule(response, resolution string) priority.Rule {
	r := priority.Rule{
		Calendar: support,
		Hours:    servicetime.SupportClock, BusinessDays: servicetime.ExclDateClose, Days: servicetime.ExclMidnight,
		StopsAt: priority.AtReportedBack,
	}
	if response != "" {
		r.Targets.Response = servicetime.MustTarget(response)
	}
	if resolution != "" {
		r.Targets.Resolution = servicetime.MustTarget(resolution)
	}
	return r
}

// incidentRules are the targets of §4.3.1, problemRules those of §4.5.
var (
	incidentRules = map[string]priority.Rule{
		"critical": rule("30 min", "8 h"),
		"high":     rule("60 min", "2 business days"),
		"medium":   rule("8 h", "5 business days"),
		"low":      rule("24 h", "7 business days"),
	}
	problemRules = map[string]priority.Rule{
		"critical": rule("1 business day", "6 days"),
		"high":     rule("3 business days", "15 business days"),
		"medium":   rule("4 business days", "25 business days"),
		"low":      rule("10 business days", "60 business days"),
	}
)

func judge(t *testing.T, r priority.Rule, ticket priority.Ticket, asOf time.Time) priority.Judgement {
	t.Helper()
	j, err := r.Judge(&ticket, asOf)
	require.NoError(t, err, "%+v as of %s", ticket, asOf)
	require.Empty(t, contradiction(&r, &ticket, asOf, j), "%+v as of %s", ticket, asOf)
	return j
}

// plain is a judgement without what it keeps for explanations: two are alike in all that they say.
func plain(j priority.Judgement) priority.Judgement {
	return priority.Judgement{Response: plainClock(j.Response), Resolution: plainClock(j.Resolution)}
}

func plainClock(c priority.Clock) priority.Clock {
	return priority.Clock{
		State: c.State, Target: c.Target, Convention: c.Convention, Level: c.Level, Received: c.Received, From: c.From, Since: c.Since,
		Done: c.Done, Due: c.Due, Last: c.Last, Elapsed: c.Elapsed, Gross: c.Gross, Paused: c.Paused, Closed: c.Closed, Left: c.Left, Over: c.Over,
	}
}

// edges holds a clock to its due to the nanosecond, whatever it is of a ticket: done at the due is met, and done
// or still open a nanosecond later is not.
func edges(t *testing.T, r priority.Rule, received, due time.Time, done func(*priority.Ticket, time.Time), clock func(priority.Judgement) priority.Clock) {
	t.Helper()
	after := due.Add(1)
	for _, row := range []struct {
		done, asOf time.Time
		want       priority.State
	}{
		{time.Time{}, received, priority.Running},
		{time.Time{}, due, priority.Running},
		{time.Time{}, after, priority.Breached},
		{due, due, priority.Met},
		{due, due.Add(-1), priority.Running}, // not known yet
		{due, due.AddDate(1, 0, 0), priority.Met},
		{received, received, priority.Met},
		{after, due, priority.Running},
		{after, after, priority.Breached},
		{after, due.AddDate(1, 0, 0), priority.Breached},
	} {
		ticket := priority.Ticket{Received: received}
		done(&ticket, row.done)
		c := clock(judge(t, r, ticket, row.asOf))
		assert.Equal(t, row.want, c.State, "done %s, due %s, as of %s", row.done, due, row.asOf)
		assert.True(t, c.Due.Equal(due), "due %s, want %s", c.Due, due)
		assert.True(t, c.Last.Equal(due), "last %s, want %s", c.Last, due)
	}
}

func startedAt(t *priority.Ticket, v time.Time)      { t.Started = v }
func reportedBackAt(t *priority.Ticket, v time.Time) { t.ReportedBack = v }

func response(j priority.Judgement) priority.Clock   { return j.Response }
func resolution(j priority.Judgement) priority.Clock { return j.Resolution }

// A cell is a row of a table of the agreement for one receipt.
type cell struct {
	priority, received, response, resolution string
}

func testCells(t *testing.T, rules map[string]priority.Rule, calendar *servicetime.Calendar, cells []cell) {
	t.Helper()
	for _, row := range cells {
		t.Run(row.priority+" "+row.received, func(t *testing.T) {
			r := rules[row.priority]
			r.Calendar = calendar
			edges(t, r, in(calendar, row.received), in(calendar, row.response), startedAt, response)
			edges(t, r, in(calendar, row.received), in(calendar, row.resolution), reportedBackAt, resolution)
		})
	}
}

// Every cell of the targets of §4.3.1. None is used up exactly at closing: that is a test of its own.
func TestIncidents(t *testing.T) {
	testCells(t, incidentRules, support, []cell{
		// A Tuesday: 7 h are left of it.
		{"critical", "2026-03-10 10:00", "2026-03-10 10:30", "2026-03-11 09:00"},
		{"high", "2026-03-10 10:00", "2026-03-10 11:00", "2026-03-12 17:00"},
		{"medium", "2026-03-10 10:00", "2026-03-11 09:00", "2026-03-17 17:00"},
		{"low", "2026-03-10 10:00", "2026-03-12 16:00", "2026-03-19 17:00"},

		// The last second of a Friday counts as a second, and as no day.
		{"critical", "2026-03-13 16:59:59", "2026-03-16 08:29:59", "2026-03-16 15:59:59"},
		{"high", "2026-03-13 16:59:59", "2026-03-16 08:59:59", "2026-03-17 17:00"},
		{"medium", "2026-03-13 16:59:59", "2026-03-16 15:59:59", "2026-03-20 17:00"},
		{"low", "2026-03-13 16:59:59", "2026-03-18 13:59:59", "2026-03-24 17:00"},

		// Fractions are kept.
		{"critical", "2026-03-13 16:59:59.999999999", "2026-03-16 08:29:59.999999999", "2026-03-16 15:59:59.999999999"},
		{"high", "2026-03-13 16:59:59.999999999", "2026-03-16 08:59:59.999999999", "2026-03-17 17:00"},

		// A Monday after closing: its date is not counted, though no support was left of it.
		{"critical", "2026-03-16 18:00", "2026-03-17 08:30", "2026-03-17 16:00"},
		{"high", "2026-03-16 18:00", "2026-03-17 09:00", "2026-03-18 17:00"},
		{"medium", "2026-03-16 18:00", "2026-03-17 16:00", "2026-03-23 17:00"},
		{"low", "2026-03-16 18:00", "2026-03-19 14:00", "2026-03-25 17:00"},

		// The Thursday before Midsummer: the eve is a business day by law.
		{"critical", "2026-06-18 15:30", "2026-06-18 16:00", "2026-06-19 14:30"},
		{"high", "2026-06-18 15:30", "2026-06-18 16:30", "2026-06-22 17:00"},
		{"medium", "2026-06-18 15:30", "2026-06-19 14:30", "2026-06-25 17:00"},
		{"low", "2026-06-18 15:30", "2026-06-23 12:30", "2026-06-29 17:00"},

		// 23 December, a Wednesday: closed on 25 and 26 December, 1 and 6 January.
		{"critical", "2026-12-23 15:00", "2026-12-23 15:30", "2026-12-24 14:00"},
		{"high", "2026-12-23 15:00", "2026-12-23 16:00", "2026-12-28 17:00"},
		{"medium", "2026-12-23 15:00", "2026-12-24 14:00", "2026-12-31 17:00"},
		{"low", "2026-12-23 15:00", "2026-12-29 12:00", "2027-01-05 17:00"},

		// The Sunday on which clocks go forward, and Easter after it.
		{"critical", "2026-03-29 01:30", "2026-03-30 08:30", "2026-03-30 16:00"},
		{"high", "2026-03-29 01:30", "2026-03-30 09:00", "2026-03-31 17:00"},
		{"medium", "2026-03-29 01:30", "2026-03-30 16:00", "2026-04-07 17:00"},
		{"low", "2026-03-29 01:30", "2026-04-01 14:00", "2026-04-09 17:00"},

		// The Sunday on which they go back: 02:30 is there twice.
		{"critical", "2026-10-25 02:30 +0200", "2026-10-26 08:30", "2026-10-26 16:00"},
		{"high", "2026-10-25 02:30 +0200", "2026-10-26 09:00", "2026-10-27 17:00"},
		{"medium", "2026-10-25 02:30 +0200", "2026-10-26 16:00", "2026-10-30 17:00"},
		{"low", "2026-10-25 02:30 +0200", "2026-10-28 14:00", "2026-11-03 17:00"},
		{"critical", "2026-10-25 02:30 +0100", "2026-10-26 08:30", "2026-10-26 16:00"},
		{"high", "2026-10-25 02:30 +0100", "2026-10-26 09:00", "2026-10-27 17:00"},
		{"medium", "2026-10-25 02:30 +0100", "2026-10-26 16:00", "2026-10-30 17:00"},
		{"low", "2026-10-25 02:30 +0100", "2026-10-28 14:00", "2026-11-03 17:00"},
	})
}

// With the eves closed too, Midsummer Eve is no business day.
func TestIncidentsWithEves(t *testing.T) {
	testCells(t, incidentRules, withEves, []cell{
		{"critical", "2026-06-18 15:30", "2026-06-18 16:00", "2026-06-22 14:30"},
		{"high", "2026-06-18 15:30", "2026-06-18 16:30", "2026-06-23 17:00"},
		{"medium", "2026-06-18 15:30", "2026-06-22 14:30", "2026-06-26 17:00"},
		{"low", "2026-06-18 15:30", "2026-06-24 12:30", "2026-06-30 17:00"},
		{"critical", "2026-12-23 15:00", "2026-12-23 15:30", "2026-12-28 14:00"},
		{"high", "2026-12-23 15:00", "2026-12-23 16:00", "2026-12-29 17:00"},
	})
}

// On Sunday 2015-10-18 no clock in São Paulo showed 00:00 to 00:59.
func TestMissingMidnight(t *testing.T) {
	testCells(t, incidentRules, saoPaulo, []cell{
		{"critical", "2015-10-16 16:00", "2015-10-16 16:30", "2015-10-19 15:00"},
		{"high", "2015-10-16 15:00", "2015-10-16 16:00", "2015-10-20 17:00"},
		{"critical", "2015-10-18 01:00", "2015-10-19 08:30", "2015-10-19 16:00"},
	})

	// 24:00 of the Saturday is the first instant of the Sunday.
	r := rule("", "1 day")
	r.Calendar = saoPaulo
	due := time.Date(2015, 10, 18, 3, 0, 0, 0, time.UTC)
	edges(t, r, in(saoPaulo, "2015-10-16 16:00"), due, reportedBackAt, resolution)
}

// Every cell of the targets of §4.5.
func TestProblems(t *testing.T) {
	testCells(t, problemRules, support, []cell{
		// A Tuesday. Until June: Good Friday, Easter Monday, 1 May, Ascension Day.
		{"critical", "2026-03-10 10:00", "2026-03-11 17:00", "2026-03-17 00:00"},
		{"high", "2026-03-10 10:00", "2026-03-13 17:00", "2026-03-31 17:00"},
		{"medium", "2026-03-10 10:00", "2026-03-16 17:00", "2026-04-16 17:00"},
		{"low", "2026-03-10 10:00", "2026-03-24 17:00", "2026-06-08 17:00"},

		// 6 days are calendar days, until 24:00 of the sixth, wherever it falls.
		{"critical", "2026-03-10 00:00", "2026-03-11 17:00", "2026-03-17 00:00"},
		{"critical", "2026-03-10 23:59:59.999999999", "2026-03-11 17:00", "2026-03-17 00:00"},
		{"critical", "2026-03-13 16:59:59", "2026-03-16 17:00", "2026-03-20 00:00"},
		{"critical", "2026-03-16 18:00", "2026-03-17 17:00", "2026-03-23 00:00"}, // Sunday 24:00
		{"critical", "2026-02-22 12:00", "2026-02-23 17:00", "2026-03-01 00:00"}, // the last of a month
		{"critical", "2024-02-23 12:00", "2024-02-26 17:00", "2024-03-01 00:00"}, // a leap day
		{"critical", "2026-06-18 15:30", "2026-06-19 17:00", "2026-06-25 00:00"},
		{"critical", "2026-12-23 15:00", "2026-12-24 17:00", "2026-12-30 00:00"},
		{"critical", "2026-12-25 15:00", "2026-12-28 17:00", "2027-01-01 00:00"}, // a public holiday
		{"critical", "2026-03-23 15:00", "2026-03-24 17:00", "2026-03-30 00:00"}, // a day of 23 h
		{"critical", "2026-10-19 15:00", "2026-10-20 17:00", "2026-10-26 00:00"}, // a day of 25 h
		{"critical", "2026-10-25 02:30 +0200", "2026-10-26 17:00", "2026-11-01 00:00"},
	})
}

// §4.4: N/A is no target, not zero. The clock is read all the same.
func TestOrders(t *testing.T) {
	for _, row := range []struct {
		resolution, received, due string
	}{
		{"5 business days", "2026-03-10 10:00", "2026-03-17 17:00"},
		{"5 business days", "2026-03-13 16:59:59", "2026-03-20 17:00"},
		{"5 business days", "2026-06-18 15:30", "2026-06-25 17:00"},
		{"5 business days", "2026-12-23 15:00", "2026-12-31 17:00"},
		{"2 business days", "2026-03-10 10:00", "2026-03-12 17:00"},
		{"2 business days", "2026-03-16 18:00", "2026-03-18 17:00"},
		{"2 business days", "2026-03-29 01:30", "2026-03-31 17:00"},
		{"2 business days", "2026-10-25 02:30 +0100", "2026-10-27 17:00"},
	} {
		r := rule("", row.resolution)
		r.StopsAt = priority.AtReportedBackOrResolved
		edges(t, r, at(row.received), at(row.due), reportedBackAt, resolution)
		edges(t, r, at(row.received), at(row.due), func(t *priority.Ticket, v time.Time) { t.Resolved = v }, resolution)

		ticket := priority.Ticket{Received: at(row.received)}
		c := judge(t, r, ticket, at(row.due).AddDate(1, 0, 0)).Response
		assert.Equal(t, priority.NoTarget, c.State)
		assert.Zero(t, c.Due)
		assert.Zero(t, c.Last)
	}

	ticket := priority.Ticket{
		Received: at("2026-03-10 10:00"), Started: at("2026-03-10 12:00"), ReportedBack: at("2026-03-11 10:00"),
		Pauses: pauses("2026-03-10 11:00 – 2026-03-10 11:30"),
	}
	j := judge(t, rule("", ""), ticket, at("2026-04-01 10:00"))
	assert.Equal(t, priority.Judgement{
		Response: priority.Clock{
			Received: ticket.Received, From: ticket.Received, Since: ticket.Received, Done: ticket.Started,
			Elapsed: 2 * time.Hour, Gross: 2 * time.Hour, Paused: 30 * time.Minute,
		},
		Resolution: priority.Clock{
			Received: ticket.Received, From: ticket.Received, Since: ticket.Received, Done: ticket.ReportedBack,
			Elapsed: 9 * time.Hour, Gross: 9 * time.Hour, Paused: 30 * time.Minute,
		},
	}, plain(j))
}

// A target that is used up exactly at closing is due then, and met until the next opening.
func TestUsedUpAtClosing(t *testing.T) {
	for _, row := range []struct {
		target, received, due, last string
	}{
		{"30 min", "2026-03-10 16:30", "2026-03-10 17:00", "2026-03-11 08:00"},
		{"60 min", "2026-03-13 16:00", "2026-03-13 17:00", "2026-03-16 08:00"},
		{"8 h", "2026-01-30 09:00", "2026-01-30 17:00", "2026-02-02 08:00"},
		{"24 h", "2026-01-28 11:00", "2026-01-30 17:00", "2026-02-02 08:00"},
		{"8 h", "2026-12-24 09:00", "2026-12-24 17:00", "2026-12-28 08:00"},
		{"8 h", "2026-12-31 09:00", "2026-12-31 17:00", "2027-01-04 08:00"},
		{"8 h", "2026-06-19 09:00", "2026-06-19 17:00", "2026-06-22 08:00"},
		{"8 h", "2026-03-27 09:00", "2026-03-27 17:00", "2026-03-30 08:00"}, // clocks go forward between
		{"8 h", "2026-10-23 09:00", "2026-10-23 17:00", "2026-10-26 08:00"},
	} {
		r := rule("", row.target)
		due, last := at(row.due), at(row.last)
		for _, x := range []struct {
			done, asOf time.Time
			want       priority.State
		}{
			{time.Time{}, due, priority.Running},
			{time.Time{}, due.Add(1), priority.Running},
			{time.Time{}, last, priority.Running},
			{time.Time{}, last.Add(1), priority.Breached},
			{due, last, priority.Met},
			{due.Add(1), last, priority.Met},
			{last.Add(-time.Hour), last, priority.Met},
			{last, last, priority.Met},
			{last, last.AddDate(0, 1, 0), priority.Met},
			{last.Add(1), last, priority.Running},
			{last.Add(1), last.Add(1), priority.Breached},
			{last.Add(1), last.AddDate(0, 1, 0), priority.Breached},
		} {
			ticket := priority.Ticket{Received: at(row.received), ReportedBack: x.done}
			c := judge(t, r, ticket, x.asOf).Resolution
			assert.Equal(t, x.want, c.State, "%s %s done %s as of %s", row.target, row.received, x.done, x.asOf)
			assert.True(t, c.Due.Equal(due), "due %s", c.Due)
			assert.True(t, c.Last.Equal(last), "last %s", c.Last)
			assert.Zero(t, c.Left)
			if x.want == priority.Breached {
				assert.Equal(t, time.Duration(1), c.Over)
			} else {
				assert.Zero(t, c.Over)
			}
		}
	}

	// The due of a day target at closing is the last instant: 08:00:00 of the next day is too late.
	ticket := priority.Ticket{Received: at("2026-01-28 11:00"), ReportedBack: at("2026-02-02 08:00")}
	c := judge(t, rule("", "2 business days"), ticket, at("2026-02-02 08:00")).Resolution
	assert.Equal(t, priority.Breached, c.State)
	assert.True(t, c.Last.Equal(at("2026-01-30 17:00")), c.Last)
	assert.Zero(t, c.Over) // it was breached while the service was closed

	// No opening follows: it cannot be exceeded.
	r := rule("", "30 min")
	r.Calendar = oneDay
	c = judge(t, r, priority.Ticket{Received: at("2026-03-10 16:30")}, at("2100-01-01 12:00")).Resolution
	assert.Equal(t, priority.Running, c.State)
	assert.True(t, c.Due.Equal(at("2026-03-10 17:00")), c.Due)
	assert.True(t, c.Last.Equal(at("2201-01-01 00:00")), c.Last)
}

// Every field of a clock, in each state. Received on Tuesday 10 March 08:00, 8 h of support: due 16:00.
func TestClock(t *testing.T) {
	received, due := at("2026-03-10 08:00"), at("2026-03-10 16:00")
	eight := servicetime.MustTarget("8 h")
	for _, row := range []struct {
		name, done, asOf string
		want             priority.Clock
	}{
		{"as it is received", "", "2026-03-10 08:00", priority.Clock{State: priority.Running, Left: 8 * time.Hour}},
		{"running", "", "2026-03-10 12:30", priority.Clock{State: priority.Running, Elapsed: 4*time.Hour + 30*time.Minute, Left: 3*time.Hour + 30*time.Minute}},
		{"on the due", "", "2026-03-10 16:00", priority.Clock{State: priority.Running, Elapsed: 8 * time.Hour}},
		{"just exceeded", "", "2026-03-10 16:00:00.000000001", priority.Clock{State: priority.Breached, Elapsed: 8*time.Hour + 1, Over: 1}},
		{"long exceeded", "", "2026-03-12 09:00", priority.Clock{State: priority.Breached, Elapsed: 19 * time.Hour, Over: 11 * time.Hour}},
		{"met", "2026-03-10 10:00", "2026-03-12 09:00", priority.Clock{State: priority.Met, Elapsed: 2 * time.Hour, Left: 6 * time.Hour}},
		{"met to the nanosecond", "2026-03-10 16:00", "2026-03-12 09:00", priority.Clock{State: priority.Met, Elapsed: 8 * time.Hour}},
		{"missed by one", "2026-03-10 16:00:00.000000001", "2026-03-12 09:00", priority.Clock{State: priority.Breached, Elapsed: 8*time.Hour + 1, Over: 1}},
		{"missed", "2026-03-11 10:00", "2026-03-12 09:00", priority.Clock{State: priority.Breached, Elapsed: 11 * time.Hour, Over: 3 * time.Hour}},
		{"done later than as-of", "2026-03-10 13:00", "2026-03-10 12:00", priority.Clock{State: priority.Running, Elapsed: 4 * time.Hour, Left: 4 * time.Hour}},
	} {
		ticket := priority.Ticket{Received: received, ReportedBack: at(row.done)}
		want := row.want
		want.From, want.Since, want.Gross = received, received, want.Elapsed
		want.Received, want.Due, want.Last, want.Target, want.Convention = received, due, due, eight, servicetime.SupportClock
		if row.done <= row.asOf {
			want.Done = at(row.done)
		}
		assert.Equal(t, want, plainClock(judge(t, rule("", "8 h"), ticket, at(row.asOf)).Resolution), row.name)
	}
}

// One target under the conventions of each kind: the rule picks the one that counts it.
func TestConventions(t *testing.T) {
	for _, row := range []struct {
		target     string
		convention servicetime.Convention
		due, last  string
	}{
		{"8 h", servicetime.SupportClock, "2026-03-13 16:00", "2026-03-13 16:00"},
		{"8 h", servicetime.WallClock, "2026-03-13 16:00", "2026-03-13 16:00"},
		{"24 h", servicetime.SupportClock, "2026-03-17 14:00", "2026-03-17 14:00"},
		{"24 h", servicetime.WallClock, "2026-03-14 08:00", "2026-03-14 08:00"},
		{"2 business days", servicetime.ExclDateClose, "2026-03-17 17:00", "2026-03-17 17:00"},
		{"2 business days", servicetime.ExclDateMidnight, "2026-03-18 00:00", "2026-03-18 00:00"},
		{"2 business days", servicetime.InclEffectiveClose, "2026-03-16 17:00", "2026-03-16 17:00"},
		{"2 business days", servicetime.Cutoff(12 * 60), "2026-03-16 17:00", "2026-03-16 17:00"},
		{"2 business days", servicetime.SameTime, "2026-03-17 08:00", "2026-03-17 08:00"},
		{"2 business days", servicetime.AsHours, "2026-03-16 17:00", "2026-03-17 08:00"}, // it counts elapsed time
		{"6 days", servicetime.ExclMidnight, "2026-03-20 00:00", "2026-03-20 00:00"},
		{"6 days", servicetime.SameWallClock, "2026-03-19 08:00", "2026-03-19 08:00"},
		{"6 days", servicetime.NX24H, "2026-03-19 08:00", "2026-03-19 08:00"},
	} {
		r := rule("", row.target)
		for _, field := range []*servicetime.Convention{&r.Hours, &r.BusinessDays, &r.Days} {
			*field = 0 // only that of a target in use must be named
		}
		switch target := r.Targets.Resolution; {
		case servicetime.SupportClock.Counts(target):
			r.Hours = row.convention
		case servicetime.ExclDateClose.Counts(target):
			r.BusinessDays = row.convention
		default:
			r.Days = row.convention
		}
		c := judge(t, r, priority.Ticket{Received: at("2026-03-13 08:00")}, at("2026-03-13 08:00")).Resolution
		assert.Equal(t, row.convention, c.Convention)
		assert.True(t, c.Due.Equal(at(row.due)), "%s %s: due %s", row.target, row.convention, c.Due)
		assert.True(t, c.Last.Equal(at(row.last)), "%s %s: last %s", row.target, row.convention, c.Last)
	}
}

// §3.1.2: the resolution clock stops where the reading says, the response clock at the start.
func TestStopsAt(t *testing.T) {
	const started, resolved, back = "2026-03-10 08:30", "2026-03-10 10:00", "2026-03-10 12:00"
	const reportedBack, atResolved, either = priority.AtReportedBack, priority.AtResolved, priority.AtReportedBackOrResolved
	for _, row := range []struct {
		stops                   priority.Stop
		started, resolved, back string
		asOf, response, want    string // where the clocks stopped; empty while they run
	}{
		{reportedBack, "", "", "", "2026-03-10 14:00", "", ""},
		{reportedBack, started, "", "", "2026-03-10 14:00", started, ""},
		{reportedBack, started, resolved, "", "2026-03-10 14:00", started, ""}, // fixed is not reported back
		{reportedBack, started, resolved, back, "2026-03-10 14:00", started, back},
		{reportedBack, started, "", back, "2026-03-10 14:00", started, back},
		{reportedBack, "", "", back, "2026-03-10 14:00", "", back}, // a start that is missing is not reached
		{atResolved, started, resolved, "", "2026-03-10 14:00", started, resolved},
		{atResolved, started, resolved, back, "2026-03-10 14:00", started, resolved},
		{atResolved, started, "", back, "2026-03-10 14:00", started, ""},
		{either, started, resolved, "", "2026-03-10 14:00", started, resolved},
		{either, started, resolved, back, "2026-03-10 14:00", started, back},
		{either, started, "", back, "2026-03-10 14:00", started, back},
		{either, started, "", "", "2026-03-10 14:00", started, ""},

		// What lies after as-of is not known yet.
		{reportedBack, started, resolved, back, "2026-03-10 08:29:59.999999999", "", ""},
		{reportedBack, started, resolved, back, "2026-03-10 08:30", started, ""},
		{reportedBack, started, resolved, back, "2026-03-10 11:59:59.999999999", started, ""},
		{reportedBack, started, resolved, back, "2026-03-10 12:00", started, back},
		{atResolved, started, resolved, back, "2026-03-10 09:59:59.999999999", started, ""},
		{atResolved, started, resolved, back, "2026-03-10 10:00", started, resolved},
	} {
		r := rule("60 min", "8 h")
		r.StopsAt = row.stops
		ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Started: at(row.started), Resolved: at(row.resolved), ReportedBack: at(row.back)}
		j := judge(t, r, ticket, at(row.asOf))
		assert.Equal(t, at(row.response), j.Response.Done, "response: %+v", row)
		assert.Equal(t, at(row.want), j.Resolution.Done, "resolution: %+v", row)
	}
}

func TestJudgeRefuses(t *testing.T) {
	const received = "2026-03-10 10:00"
	unnamed := rule("30 min", "8 h")
	unnamed.Hours = 0
	wrongKind := rule("30 min", "8 h")
	wrongKind.Hours = servicetime.ExclDateClose
	short := rule("30 min", "24 h")
	short.Calendar = oneDay
	mixed := rule("", "2 business days")
	mixed.BusinessDays = servicetime.AsHours
	mixed.Calendar = mustCompile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-thu 08:00-17:00; fri 08:00-16:00")})
	for _, row := range []struct {
		name   string
		rule   priority.Rule
		ticket priority.Ticket
		asOf   string
		want   error
	}{
		{"never received", rule("30 min", "8 h"), priority.Ticket{}, received, priority.ErrRecord},
		{"received later", rule("30 min", "8 h"), priority.Ticket{Received: at("2026-03-10 10:00:00.000000001")}, received, priority.ErrFuture},
		{"no as-of", rule("30 min", "8 h"), priority.Ticket{Received: at(received)}, "", priority.ErrFuture},
		{"received before the range", rule("30 min", "8 h"), priority.Ticket{Received: at("1969-12-31 10:00")}, received, servicetime.ErrRange},
		{"as of behind the range", rule("30 min", "8 h"), priority.Ticket{Received: at(received)}, "2201-01-02 00:00", servicetime.ErrRange},
		{"paused before the range", rule("30 min", "8 h"), priority.Ticket{Received: at(received), Pauses: pauses("1969-01-01 10:00 – 1969-01-02 10:00")}, received, servicetime.ErrRange},
		{"due behind the range", rule("", "7 business days"), priority.Ticket{Received: at("2200-12-30 10:00")}, "2200-12-30 10:00", servicetime.ErrRange},
		{"no convention", unnamed, priority.Ticket{Received: at(received)}, received, servicetime.ErrConvention},
		{"another kind's convention", wrongKind, priority.Ticket{Received: at(received)}, received, servicetime.ErrConvention},
		{"days of different length as hours", mixed, priority.Ticket{Received: at(received)}, received, servicetime.ErrConvention},
		{"too little open time left", short, priority.Ticket{Received: at(received)}, received, servicetime.ErrNoOpenTime},
	} {
		j, err := row.rule.Judge(&row.ticket, at(row.asOf))
		require.ErrorIs(t, err, row.want, row.name)
		assert.Zero(t, j, row.name)
	}
	j := judge(t, rule("30 min", "8 h"), priority.Ticket{Received: at(received)}, at(received))
	assert.Equal(t, priority.Running, j.Response.State, "received at as-of")
}

// The number of the ticket leads a reader of the error to the record.
func TestErrorsNameTheTicket(t *testing.T) {
	r := rule("30 min", "8 h")
	for _, ticket := range []priority.Ticket{
		{Number: "INC-17"},
		{Number: "INC-17", Received: at("2026-03-10 10:00"), Started: at("2026-03-10 09:00")},
		{Number: "INC-17", Received: at("2027-03-10 10:00")},
		{Number: "INC-17", Received: at("1960-03-10 10:00")},
	} {
		_, err := r.Judge(&ticket, at("2026-04-10 10:00"))
		assert.ErrorContains(t, err, `"INC-17"`)
	}
}

// A pause more than fits the room that Judge lends, and the record is still as it was.
func TestJudgeKeepsTheRecord(t *testing.T) {
	r := rule("30 min", "8 h")
	r.PausesCount, r.ResponsePausesCount = true, true
	for n := range 8 {
		ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Started: at("2026-03-10 08:10")}
		for i := range n {
			from := at("2026-03-10 16:00").Add(-time.Duration(i) * time.Hour)
			ticket.Pauses = append(ticket.Pauses, servicetime.Pause{From: from, To: from.Add(90 * time.Minute), Reason: "reporter"})
		}
		if n > 0 {
			ticket.Pauses[n/2].To = time.Time{}
		}
		before := ticket
		before.Pauses = slices.Clone(ticket.Pauses)
		judge(t, r, ticket, at("2026-03-10 14:30"))
		assert.Equal(t, before, ticket)
	}
}

func TestClockString(t *testing.T) {
	for _, row := range []struct {
		target, done, asOf, want string
	}{
		{"", "", "2026-06-19 12:00", "no target"},
		{"8 h", "", "2026-06-18 16:30", "running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 7 h left"},
		{"8 h", "2026-06-19 14:00", "2026-06-22 12:00", "met: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-19 14:00, 30 min to spare"},
		{"8 h", "2026-06-19 14:30:01", "2026-06-22 12:00", "breached: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-19 14:30:01, over by 1 s"},
		{"8 h", "2026-06-19 14:30:00.5", "2026-06-22 12:00", "breached: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-19 14:30:00.5, over by 0.5 s"},
		{"8 h", "", "2026-06-22 08:45", "breached: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), not done, over by 3 h 15 min"},
		{"1 business day", "", "2026-06-18 16:30", "running: due 2026-06-19 17:00, 1 business day (EXCL_DATE_CLOSE), 9 h 30 min left"},
		{"6 days", "", "2026-06-25 00:00:01", "breached: due 2026-06-25 00:00, 6 days (EXCL_MIDNIGHT), not done, over by 0 s"},
	} {
		ticket := priority.Ticket{Received: at("2026-06-18 15:30"), ReportedBack: at(row.done)}
		assert.Equal(t, row.want, judge(t, rule("", row.target), ticket, at(row.asOf)).Resolution.String())
	}
	r := rule("", "8 h")
	r.PausesCount = true
	ticket := priority.Ticket{Received: at("2026-06-18 15:30"), Pauses: pauses("2026-06-18 16:00 –")}
	assert.Equal(t, "paused: due 2026-06-19 15:00, 8 h (SUPPORT_CLOCK), 7 h 30 min left", judge(t, r, ticket, at("2026-06-18 16:30")).Resolution.String())
}
