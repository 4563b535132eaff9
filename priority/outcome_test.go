package priority_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// localMonth is the month in which an outcome counts.
func localMonth(t time.Time) string { return t.In(support.Location()).Format("2006-01") }

// §4.3.1: used up on Friday 30 January 17:00 and done on Monday 2 February 08:00:00 is met, in February.
func TestOutcomeOverTheWeekend(t *testing.T) {
	r := rule("30 min", "8 h")
	monday := at("2026-02-02 08:00")
	for _, row := range []struct {
		done time.Time
		want compliance.Verdict
		at   time.Time
	}{
		{at("2026-01-30 17:00"), compliance.Met, at("2026-01-30 17:00")},
		{monday, compliance.Met, monday},
		{monday.Add(1), compliance.Missed, monday.Add(1)},
		{at("2026-03-05 10:00"), compliance.Missed, monday.Add(1)}, // first breach, not the stop
		{time.Time{}, compliance.Missed, monday.Add(1)},
	} {
		ticket := priority.Ticket{Received: at("2026-01-30 09:00"), Started: at("2026-01-30 09:10"), ReportedBack: row.done}
		j := judge(t, r, ticket, at("2026-06-01 12:00"))
		verdict, settled := j.Outcome()
		assert.Equal(t, row.want, verdict)
		assert.True(t, settled.Equal(row.at), "settled %s, want %s", settled, row.at)
		if !row.done.Equal(at("2026-01-30 17:00")) {
			assert.Equal(t, "2026-02", localMonth(settled))
		}
	}
}

// The first instant at which a target is exceeded is one nanosecond after the last that meets it.
func TestOutcomeBreach(t *testing.T) {
	for _, row := range []struct {
		target, received, last, month string
	}{
		{"8 h", "2026-03-10 08:00", "2026-03-10 16:00", "2026-03"},
		{"8 h", "2026-01-30 09:00", "2026-02-02 08:00", "2026-02"}, // used up in January
		{"8 h", "2026-01-30 08:59:59.999999999", "2026-01-30 16:59:59.999999999", "2026-01"},
		{"24 h", "2026-02-25 11:00", "2026-03-02 08:00", "2026-03"},
		{"2 business days", "2026-03-10 10:00", "2026-03-12 17:00", "2026-03"},
		{"2 business days", "2026-01-28 10:00", "2026-01-30 17:00", "2026-01"}, // closed: no second to spare
		{"6 days", "2026-01-24 12:00", "2026-01-31 00:00", "2026-01"},
		{"6 days", "2026-01-25 12:00", "2026-02-01 00:00", "2026-02"}, // 24:00 of 31 January is the next month's
		{"6 days", "2026-02-22 12:00", "2026-03-01 00:00", "2026-03"},
		{"6 days", "2026-12-25 12:00", "2027-01-01 00:00", "2027-01"},
	} {
		r := rule("", row.target)
		last := at(row.last)
		ticket := priority.Ticket{Received: at(row.received)}
		verdict, settled := judge(t, r, ticket, last).Outcome()
		assert.Equal(t, compliance.NoData, verdict, "%s %s", row.target, row.received)
		assert.Zero(t, settled)
		for _, done := range []time.Time{{}, last.Add(1), last.AddDate(0, 3, 0)} {
			ticket.ReportedBack = done
			for _, asOf := range []time.Time{last.Add(1), last.AddDate(0, 1, 0), last.AddDate(1, 0, 0)} {
				verdict, settled := judge(t, r, ticket, asOf).Outcome()
				assert.Equal(t, compliance.Missed, verdict, "%s %s", row.target, row.received)
				assert.True(t, settled.Equal(last.Add(1)), "%s %s: settled %s", row.target, row.received, settled)
				assert.Equal(t, row.month, localMonth(settled), "%s %s", row.target, row.received)
			}
		}
		ticket.ReportedBack = last
		verdict, settled = judge(t, r, ticket, last.AddDate(1, 0, 0)).Outcome()
		assert.Equal(t, compliance.Met, verdict, "%s %s", row.target, row.received)
		assert.True(t, settled.Equal(last), "%s %s: settled %s", row.target, row.received, settled)
	}

	// Where midnight is missing, 24:00 of Saturday 2015-10-17 is 01:00 of the Sunday.
	r := rule("", "1 day")
	r.Calendar = saoPaulo
	_, settled := judge(t, r, priority.Ticket{Received: in(saoPaulo, "2015-10-16 16:00")}, in(saoPaulo, "2015-10-20 12:00")).Outcome()
	assert.True(t, settled.Equal(time.Date(2015, 10, 18, 3, 0, 0, 1, time.UTC)), settled)
}

// A ticket must meet both its times: all pairs of what the two clocks can say. Received on Tuesday 08:00, response
// within 60 min, resolution within 8 h.
func TestOutcomeOfBoth(t *testing.T) {
	for _, row := range []struct {
		name                    string
		response, resolution    string
		started, reported, asOf string
		want                    compliance.Verdict
		settled                 string
	}{
		{"both run", "60 min", "8 h", "", "", "2026-03-10 08:30", compliance.NoData, ""},
		{"responded, resolution runs", "60 min", "8 h", "2026-03-10 08:30", "", "2026-03-10 12:00", compliance.NoData, ""},
		{"both met", "60 min", "8 h", "2026-03-10 08:30", "2026-03-10 12:00", "2026-03-11 12:00", compliance.Met, "2026-03-10 12:00"},
		{"both met at once", "60 min", "8 h", "2026-03-10 08:30", "2026-03-10 08:30", "2026-03-11 12:00", compliance.Met, "2026-03-10 08:30"},
		{"response missed, resolution runs", "60 min", "8 h", "", "", "2026-03-10 12:00", compliance.Missed, "2026-03-10 09:00:00.000000001"},
		{"response late, resolution runs", "60 min", "8 h", "2026-03-10 10:00", "", "2026-03-10 12:00", compliance.Missed, "2026-03-10 09:00:00.000000001"},
		{"response late, resolution met", "60 min", "8 h", "2026-03-10 10:00", "2026-03-10 11:00", "2026-03-10 12:00", compliance.Missed, "2026-03-10 09:00:00.000000001"},
		{"response met, resolution missed", "60 min", "8 h", "2026-03-10 08:30", "", "2026-03-11 12:00", compliance.Missed, "2026-03-10 16:00:00.000000001"},
		{"both missed, the earlier counts", "60 min", "8 h", "", "", "2026-03-20 12:00", compliance.Missed, "2026-03-10 09:00:00.000000001"},
		{"both missed, the other earlier", "2 business days", "8 h", "", "", "2026-03-20 12:00", compliance.Missed, "2026-03-10 16:00:00.000000001"},
		{"resolution met, no start", "60 min", "8 h", "", "2026-03-10 08:30", "2026-03-10 08:45", compliance.NoData, ""},
		{"resolution missed, response runs", "2 business days", "8 h", "", "", "2026-03-11 10:00", compliance.Missed, "2026-03-10 16:00:00.000000001"},
		{"no response target, runs", "", "8 h", "", "", "2026-03-10 12:00", compliance.NoData, ""},
		{"no response target, met", "", "8 h", "", "2026-03-10 12:00", "2026-03-20 12:00", compliance.Met, "2026-03-10 12:00"},
		{"no response target, started later than met", "", "8 h", "2026-03-10 11:00", "2026-03-10 12:00", "2026-03-20 12:00", compliance.Met, "2026-03-10 12:00"},
		{"no response target, missed", "", "8 h", "", "", "2026-03-20 12:00", compliance.Missed, "2026-03-10 16:00:00.000000001"},
		{"no resolution target, runs", "60 min", "", "", "", "2026-03-10 08:30", compliance.NoData, ""},
		{"no resolution target, met", "60 min", "", "2026-03-10 08:30", "2026-03-12 12:00", "2026-03-20 12:00", compliance.Met, "2026-03-10 08:30"},
		{"no resolution target, missed", "60 min", "", "2026-03-10 10:30", "", "2026-03-20 12:00", compliance.Missed, "2026-03-10 09:00:00.000000001"},
		{"no target", "", "", "2026-03-10 08:30", "2026-03-10 12:00", "2026-03-20 12:00", compliance.NoTarget, ""},
		{"no target, open", "", "", "", "", "2026-03-20 12:00", compliance.NoTarget, ""},
	} {
		ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Started: at(row.started), ReportedBack: at(row.reported)}
		verdict, settled := judge(t, rule(row.response, row.resolution), ticket, at(row.asOf)).Outcome()
		assert.Equal(t, row.want, verdict, row.name)
		assert.True(t, settled.Equal(at(row.settled)), "%s: settled %s, want %s", row.name, settled, row.settled)
	}

	// Where the resolution stops at resolved, a later report back settles nothing.
	r := rule("8 h", "60 min")
	r.StopsAt = priority.AtResolved
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Started: at("2026-03-10 08:20"), Resolved: at("2026-03-10 08:40"), ReportedBack: at("2026-03-10 16:00")}
	verdict, settled := judge(t, r, ticket, at("2026-03-20 12:00")).Outcome()
	assert.Equal(t, compliance.Met, verdict)
	assert.True(t, settled.Equal(at("2026-03-10 08:40")), settled)
}

// The pieces alone: a clock says its own verdict, and a judgement with clocks of any order picks the right instant.
func TestOutcomeOfClocks(t *testing.T) {
	early, late := at("2026-03-10 09:00"), at("2026-03-10 16:00")
	met := func(at time.Time) priority.Clock {
		return priority.Clock{State: priority.Met, Done: at, Last: at.Add(h)}
	}
	missed := func(last time.Time) priority.Clock {
		return priority.Clock{State: priority.Breached, Done: last.Add(h), Last: last}
	}
	running, paused, none := priority.Clock{State: priority.Running, Last: late}, priority.Clock{State: priority.Paused, Last: late}, priority.Clock{}
	for _, row := range []struct {
		a, b priority.Clock
		want compliance.Verdict
		at   time.Time
	}{
		{met(early), met(late), compliance.Met, late},
		{met(early), missed(late), compliance.Missed, late.Add(1)},
		{met(late), missed(early), compliance.Missed, early.Add(1)},
		{met(early), running, compliance.NoData, time.Time{}},
		{met(early), paused, compliance.NoData, time.Time{}},
		{met(early), none, compliance.Met, early},
		{missed(early), missed(late), compliance.Missed, early.Add(1)},
		{missed(early), running, compliance.Missed, early.Add(1)},
		{missed(early), paused, compliance.Missed, early.Add(1)},
		{missed(early), none, compliance.Missed, early.Add(1)},
		{running, paused, compliance.NoData, time.Time{}},
		{running, none, compliance.NoData, time.Time{}},
		{paused, none, compliance.NoData, time.Time{}},
		{none, none, compliance.NoTarget, time.Time{}},
	} {
		for _, j := range []priority.Judgement{{Response: row.a, Resolution: row.b}, {Response: row.b, Resolution: row.a}} {
			verdict, settled := j.Outcome()
			assert.Equal(t, row.want, verdict, "%s and %s", j.Response.State, j.Resolution.State)
			assert.Equal(t, row.at, settled, "%s and %s", j.Response.State, j.Resolution.State)
		}
	}
	verdict, settled := priority.Judgement{}.Outcome()
	assert.Equal(t, compliance.NoTarget, verdict)
	assert.Zero(t, settled)
}

// What is settled stays: a later run of an old month gives the same figures. And it was settled between
// the last run that did not know and the first that did.
func TestOutcomeStays(t *testing.T) {
	r := random(90)
	settledTickets := map[compliance.Verdict]int{}
	for range 600 {
		rule, ticket := randomRule(r), randomTicket(r)
		type view struct {
			name    string
			outcome func(priority.Judgement) (compliance.Verdict, time.Time)
		}
		for _, v := range []view{
			{"both", priority.Judgement.Outcome},
			{"response", func(j priority.Judgement) (compliance.Verdict, time.Time) { return j.Response.Outcome() }},
			{"resolution", func(j priority.Judgement) (compliance.Verdict, time.Time) { return j.Resolution.Outcome() }},
		} {
			var before time.Time
			var verdict compliance.Verdict
			var settled time.Time
			for _, asOf := range lifetime(&ticket) {
				j, err := rule.Judge(&ticket, asOf)
				require.NoError(t, err)
				got, at := v.outcome(j)
				if verdict != compliance.NoData {
					require.Equal(t, verdict, got, "%s of %+v as of %s", v.name, ticket, asOf)
					require.True(t, at.Equal(settled), "%s of %+v as of %s: %s, was %s", v.name, ticket, asOf, at, settled)
					continue
				}
				if got == compliance.Met || got == compliance.Missed {
					require.False(t, at.After(asOf), "%s of %+v as of %s: settled %s", v.name, ticket, asOf, at)
					require.True(t, at.After(before), "%s of %+v: settled %s, not known at %s", v.name, ticket, at, before)
				} else {
					require.Zero(t, at)
				}
				before, verdict, settled = asOf, got, at
			}
			settledTickets[verdict]++
		}
	}
	for _, verdict := range []compliance.Verdict{compliance.Met, compliance.Missed, compliance.NoTarget} {
		assert.Greater(t, settledTickets[verdict], 50, verdict)
	}
}

// The same record and instant always give the same judgement, in whatever order the pauses are listed.
func TestJudgeIsPure(t *testing.T) {
	r := random(91)
	for range 200 {
		rule, ticket := randomRule(r), randomTicket(r)
		asOf := randomAsOf(r, &ticket)
		first := judge(t, rule, ticket, asOf)
		shuffled := ticket
		shuffled.Pauses = append([]servicetime.Pause(nil), ticket.Pauses...)
		r.Shuffle(len(shuffled.Pauses), func(i, j int) {
			shuffled.Pauses[i], shuffled.Pauses[j] = shuffled.Pauses[j], shuffled.Pauses[i]
		})
		for _, again := range []priority.Ticket{ticket, shuffled} {
			require.Equal(t, plain(first), plain(judge(t, rule, again, asOf)), "%+v as of %s", ticket, asOf)
		}
	}
}

// As of an instant the record is as good as one that ends there.
func TestJudgeKnowsNothingLater(t *testing.T) {
	r := random(92)
	cut := 0
	for range 400 {
		rule, ticket := randomRule(r), randomTicket(r)
		// The one reading that looks at the whole record: AtReportedBackOrResolved says so.
		if rule.StopsAt == priority.AtReportedBackOrResolved {
			rule.StopsAt = priority.AtResolved
		}
		for _, asOf := range lifetime(&ticket) {
			known := knownAt(ticket, asOf)
			if len(known.Pauses) != len(ticket.Pauses) || known.ReportedBack != ticket.ReportedBack {
				cut++
			}
			whole, err := rule.Judge(&ticket, asOf)
			require.NoError(t, err)
			part, err := rule.Judge(&known, asOf)
			require.NoError(t, err)
			require.Equal(t, plain(part), plain(whole), "%+v as of %s", ticket, asOf)
		}
	}
	assert.Greater(t, cut, 1000)
}

// Why a clock is due when it is: what counts is the target, pauses only where they count, and nothing without a target.
func TestExplain(t *testing.T) {
	r := random(141)
	explained := 0
	for range 300 {
		rule, ticket := randomRule(r), randomTicket(r)
		asOf := randomAsOf(r, &ticket)
		j := judge(t, rule, ticket, asOf)
		for _, c := range []priority.Clock{j.Response, j.Resolution} {
			segments := slices.Collect(c.Explain())
			if c.State == priority.NoTarget {
				assert.Empty(t, segments)
				continue
			}
			var sum time.Duration
			for _, s := range segments {
				if s.Counted() {
					sum += s.Duration()
				}
				assert.True(t, rule.PausesCount || s.Kind != servicetime.KindPaused)
			}
			if d, isTime := c.Target.Duration(); isTime {
				assert.Equal(t, d, sum)
				explained++
			}
			if len(segments) > 0 {
				assert.True(t, segments[0].From.Equal(c.Received))
				assert.True(t, segments[len(segments)-1].To.Equal(c.Due))
			}
		}
	}
	assert.Greater(t, explained, 50)
	assert.Empty(t, slices.Collect(priority.Clock{}.Explain()))
}
