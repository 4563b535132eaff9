package priority_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
)

// counting makes a rule one whose pauses move the due of the resolution, and of the response if asked.
func counting(r priority.Rule, response bool) priority.Rule {
	r.PausesCount, r.ResponsePausesCount = true, response
	return r
}

// Figures of a clock that pauses are about.
type figures struct {
	state           priority.State
	due, last       string
	elapsed, paused time.Duration
	left, over      time.Duration
}

func assertFigures(t *testing.T, want figures, c priority.Clock, name string) {
	t.Helper()
	assert.Equal(t, want.state, c.State, name)
	assert.True(t, c.Due.Equal(at(want.due)), "%s: due %s, want %s", name, c.Due, want.due)
	assert.True(t, c.Last.Equal(at(want.last)), "%s: last %s, want %s", name, c.Last, want.last)
	assert.Equal(t, want.elapsed, c.Elapsed, "%s: elapsed", name)
	assert.Equal(t, want.paused, c.Paused, "%s: paused", name)
	assert.Equal(t, want.left, c.Left, "%s: left", name)
	assert.Equal(t, want.over, c.Over, "%s: over", name)
}

const h, m = time.Hour, time.Minute

// Three pauses, of which two overlap, on a Tuesday; 8 h of support from 08:00.
//
//	open      8|-----------------------------------|17  8|----
//	paused         |-------|
//	                   |-------|   |---|
//	counted    |---|           |---|   |-----------|     |-----------|11
func TestPausesOverlap(t *testing.T) {
	ps := pauses("2026-03-10 13:00 – 2026-03-10 14:00", "2026-03-10 10:00 – 2026-03-10 12:00", "2026-03-10 09:00 – 2026-03-10 11:00")
	for _, row := range []struct {
		name, done, asOf string
		on, off          figures
	}{
		{
			"before them", "", "2026-03-10 08:30",
			figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 30 * m, 0, 7*h + 30*m, 0},
			figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 30 * m, 0, 7*h + 30*m, 0},
		},
		{
			"as the first begins", "", "2026-03-10 09:00",
			figures{priority.Paused, "2026-03-10 16:00", "2026-03-10 16:00", 1 * h, 0, 7 * h, 0},
			figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 1 * h, 0, 7 * h, 0},
		},
		{
			"in both", "", "2026-03-10 10:30", // it has lasted until now: how long it will is not known
			figures{priority.Paused, "2026-03-11 08:30", "2026-03-11 08:30", 1 * h, 1*h + 30*m, 7 * h, 0},
			figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 2*h + 30*m, 1*h + 30*m, 5*h + 30*m, 0},
		},
		{
			"as the second ends", "", "2026-03-10 12:00",
			figures{priority.Running, "2026-03-11 10:00", "2026-03-11 10:00", 1 * h, 3 * h, 7 * h, 0},
			figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 4 * h, 3 * h, 4 * h, 0},
		},
		{
			"at closing", "", "2026-03-10 17:00",
			figures{priority.Running, "2026-03-11 11:00", "2026-03-11 11:00", 5 * h, 4 * h, 3 * h, 0},
			figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 9 * h, 4 * h, 0, 1 * h},
		},
		{
			"used up", "", "2026-03-11 11:00",
			figures{priority.Running, "2026-03-11 11:00", "2026-03-11 11:00", 8 * h, 4 * h, 0, 0},
			figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 12 * h, 4 * h, 0, 4 * h},
		},
		{
			"exceeded", "", "2026-03-11 11:00:00.000000001",
			figures{priority.Breached, "2026-03-11 11:00", "2026-03-11 11:00", 8*h + 1, 4 * h, 0, 1},
			figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 12*h + 1, 4 * h, 0, 4*h + 1},
		},
		{
			"done as it is used up", "2026-03-11 11:00", "2026-03-20 10:00",
			figures{priority.Met, "2026-03-11 11:00", "2026-03-11 11:00", 8 * h, 4 * h, 0, 0},
			figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 12 * h, 4 * h, 0, 4 * h},
		},
		{
			"done at closing", "2026-03-10 17:00", "2026-03-20 10:00",
			figures{priority.Met, "2026-03-11 11:00", "2026-03-11 11:00", 5 * h, 4 * h, 3 * h, 0},
			figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 9 * h, 4 * h, 0, 1 * h},
		},
	} {
		ticket := priority.Ticket{Received: at("2026-03-10 08:00"), ReportedBack: at(row.done), Pauses: ps}
		r := rule("", "8 h")
		assertFigures(t, row.off, judge(t, r, ticket, at(row.asOf)).Resolution, row.name+", off")
		assertFigures(t, row.on, judge(t, counting(r, false), ticket, at(row.asOf)).Resolution, row.name+", on")
	}
}

// A pause that has not ended.
//
//	open      8|-----------|17  8|-----------|17  8|----
//	paused        |-------------------------------------
func TestPauseOpen(t *testing.T) {
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Pauses: pauses("2026-03-10 10:00 –")}
	on := counting(rule("", "8 h"), false)
	assertFigures(t, figures{priority.Paused, "2026-03-11 09:00", "2026-03-11 09:00", 2 * h, 2 * h, 6 * h, 0},
		judge(t, on, ticket, at("2026-03-10 12:00")).Resolution, "on, at noon")
	assertFigures(t, figures{priority.Paused, "2026-03-11 14:00", "2026-03-11 14:00", 2 * h, 7 * h, 6 * h, 0},
		judge(t, on, ticket, at("2026-03-10 23:00")).Resolution, "on, at night")
	assertFigures(t, figures{priority.Paused, "2026-03-12 15:00", "2026-03-12 15:00", 2 * h, 17 * h, 6 * h, 0},
		judge(t, on, ticket, at("2026-03-12 09:00")).Resolution, "on, days later")

	off := rule("", "8 h")
	assertFigures(t, figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 4 * h, 2 * h, 4 * h, 0},
		judge(t, off, ticket, at("2026-03-10 12:00")).Resolution, "off, at noon")
	assertFigures(t, figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 19 * h, 17 * h, 0, 11 * h},
		judge(t, off, ticket, at("2026-03-12 09:00")).Resolution, "off, days later")
}

// A pause that ends after the ticket is done counts until then: work may end while the record still waits.
//
//	open      8|-----------------------------------|17
//	paused         10|-------------------|15
//	done                 12|
func TestPauseEndsAfterDone(t *testing.T) {
	on, off := counting(rule("", "8 h"), false), rule("", "8 h")
	for _, end := range []string{" 2026-03-10 15:00", " 2026-03-12 09:00", ""} {
		ticket := priority.Ticket{
			Received: at("2026-03-10 08:00"), ReportedBack: at("2026-03-10 12:00"),
			Pauses: pauses("2026-03-10 10:00 –" + end),
		}
		for _, asOf := range []string{"2026-03-10 12:00", "2026-03-10 13:00", "2026-03-10 15:00", "2026-03-13 10:00"} {
			// Six hours are left, counted from when it was done.
			assertFigures(t, figures{priority.Met, "2026-03-11 09:00", "2026-03-11 09:00", 2 * h, 2 * h, 6 * h, 0},
				judge(t, on, ticket, at(asOf)).Resolution, "on")
			assertFigures(t, figures{priority.Met, "2026-03-10 16:00", "2026-03-10 16:00", 4 * h, 2 * h, 4 * h, 0},
				judge(t, off, ticket, at(asOf)).Resolution, "off")
		}
	}

	// One that begins after the target is used up wins nothing.
	for _, end := range []string{" 2026-03-10 16:50", " 2026-03-12 09:00", ""} {
		ticket := priority.Ticket{
			Received: at("2026-03-10 08:00"), ReportedBack: at("2026-03-10 16:45"),
			Pauses: pauses("2026-03-10 16:30 –" + end),
		}
		assertFigures(t, figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 8*h + 30*m, 15 * m, 0, 30 * m},
			judge(t, on, ticket, at("2026-03-13 10:00")).Resolution, "late")
	}
}

// Breached wins over paused.
func TestBreachedWinsOverPaused(t *testing.T) {
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Pauses: pauses("2026-03-10 16:30 –")}
	on := counting(rule("30 min", "8 h"), true)
	j := judge(t, on, ticket, at("2026-03-12 12:00"))
	assertFigures(t, figures{priority.Breached, "2026-03-10 16:00", "2026-03-10 16:00", 8*h + 30*m, 13*h + 30*m, 0, 30 * m}, j.Resolution, "resolution")
	assertFigures(t, figures{priority.Breached, "2026-03-10 08:30", "2026-03-10 08:30", 8*h + 30*m, 13*h + 30*m, 0, 8 * h}, j.Response, "response")

	// Paused as the target is used up: it is not exceeded, however long it lasts.
	ticket.Pauses = pauses("2026-03-10 16:00 –")
	assertFigures(t, figures{priority.Paused, "2026-03-10 16:00", "2026-03-12 12:00", 8 * h, 14 * h, 0, 0},
		judge(t, on, ticket, at("2026-03-12 12:00")).Resolution, "used up")
	ticket.Pauses = pauses("2026-03-10 16:00 – 2026-03-12 12:00")
	assertFigures(t, figures{priority.Breached, "2026-03-10 16:00", "2026-03-12 12:00", 8*h + 1, 14 * h, 0, 1},
		judge(t, on, ticket, at("2026-03-12 12:00:00.000000001")).Resolution, "exceeded")
}

// §3.1.2: the response clock has a switch of its own, which alone does nothing.
func TestResponsePauses(t *testing.T) {
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Pauses: pauses("2026-03-10 09:00 – 2026-03-10 12:00")}
	moved := figures{priority.Paused, "2026-03-11 09:00", "2026-03-11 09:00", 1 * h, 2 * h, 7 * h, 0}
	same := figures{priority.Running, "2026-03-10 16:00", "2026-03-10 16:00", 3 * h, 2 * h, 5 * h, 0}
	for _, row := range []struct {
		name                         string
		pauses, responsePauses       bool
		wantResponse, wantResolution figures
	}{
		{"off, off", false, false, same, same},
		{"off, response on", false, true, same, same},
		{"on, response off", true, false, same, moved},
		{"on, on", true, true, moved, moved},
	} {
		r := rule("8 h", "8 h")
		r.PausesCount, r.ResponsePausesCount = row.pauses, row.responsePauses
		j := judge(t, r, ticket, at("2026-03-10 11:00"))
		assertFigures(t, row.wantResponse, j.Response, row.name)
		assertFigures(t, row.wantResolution, j.Resolution, row.name)
	}
}

// Where they do not count, the only trace of pauses is their length.
func TestPausesOffChangeNothing(t *testing.T) {
	r := random(331)
	moved := 0
	for range 400 {
		rule, ticket := randomRule(r), randomTicket(r)
		rule.PausesCount = false
		bare := ticket
		bare.Pauses = nil
		for range 4 {
			asOf := randomAsOf(r, &ticket)
			with, without := judge(t, rule, ticket, asOf), judge(t, rule, bare, asOf)
			if with.Resolution.Paused != 0 || with.Response.Paused != 0 {
				moved++
			}
			with.Response.Paused, with.Resolution.Paused = 0, 0
			require.Equal(t, plain(without), plain(with))
		}
	}
	assert.Greater(t, moved, 100, "pauses that were measured")
}

// §3.1.2: a day target moves only by pauses that hold time of its own clock before its due.
func TestPausesOfDayTargets(t *testing.T) {
	for _, row := range []struct {
		name, target, received, due string
		pauses                      []string
	}{
		{"none", "2 business days", "2026-03-10 10:00", "2026-03-12 17:00", nil},
		{"two hours", "2 business days", "2026-03-10 10:00", "2026-03-13 10:00", []string{"2026-03-11 13:00 – 2026-03-11 15:00"}},
		{"on the day of receipt", "2 business days", "2026-03-10 10:00", "2026-03-13 10:00", []string{"2026-03-10 13:00 – 2026-03-10 15:00"}},
		{"at night", "2 business days", "2026-03-10 10:00", "2026-03-12 17:00", []string{"2026-03-10 17:00 – 2026-03-11 08:00"}},
		{"from closing of the due", "2 business days", "2026-03-10 10:00", "2026-03-12 17:00", []string{"2026-03-12 17:00 – 2026-03-16 12:00"}},
		{"its last second", "2 business days", "2026-03-10 10:00", "2026-03-13 08:00:01", []string{"2026-03-12 16:59:59 – 2026-03-12 23:00"}},
		{"over the due", "2 business days", "2026-03-10 10:00", "2026-03-16 10:00", []string{"2026-03-12 16:00 – 2026-03-16 09:00"}},
		{"before receipt", "2 business days", "2026-03-10 10:00", "2026-03-12 17:00", []string{"2026-03-09 10:00 – 2026-03-10 10:00"}},
		{"over the receipt", "2 business days", "2026-03-10 10:00", "2026-03-13 09:00", []string{"2026-03-10 09:00 – 2026-03-10 11:00"}},
		{"a whole day", "2 business days", "2026-03-10 10:00", "2026-03-13 17:00", []string{"2026-03-11 00:00 – 2026-03-12 00:00"}},
		{"a whole Friday", "2 business days", "2026-03-12 10:00", "2026-03-17 17:00", []string{"2026-03-13 08:00 – 2026-03-13 17:00"}},
		{"the second begins before the moved due", "2 business days", "2026-03-10 10:00", "2026-03-13 12:00", []string{
			"2026-03-11 13:00 – 2026-03-11 15:00", "2026-03-13 09:00 – 2026-03-13 11:00",
		}},
		{"the second begins at the moved due", "2 business days", "2026-03-10 10:00", "2026-03-13 10:00", []string{
			"2026-03-11 13:00 – 2026-03-11 15:00", "2026-03-13 10:00 – 2026-03-13 11:00",
		}},

		// Calendar days run at all hours.
		{"Saturday night", "6 days", "2026-03-10 10:00", "2026-03-17 12:00", []string{"2026-03-14 20:00 – 2026-03-15 08:00"}},
		{"from midnight of the due", "6 days", "2026-03-10 10:00", "2026-03-17 00:00", []string{"2026-03-17 00:00 – 2026-03-17 08:00"}},
		{"the last minute", "6 days", "2026-03-10 10:00", "2026-03-17 08:01", []string{"2026-03-16 23:59 – 2026-03-17 08:00"}},
		{"the night of 7 h", "6 days", "2026-03-24 10:00", "2026-03-31 07:00", []string{"2026-03-28 23:00 – 2026-03-29 07:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := counting(rule("", row.target), false)
			due := at(row.due)
			ps := pauses(row.pauses...)
			known := at("2026-04-30 12:00")
			for _, x := range []struct {
				done time.Time
				want priority.State
			}{{due, priority.Met}, {due.Add(1), priority.Breached}, {time.Time{}, priority.Breached}} {
				ticket := priority.Ticket{Received: at(row.received), ReportedBack: x.done, Pauses: ps}
				c := judge(t, r, ticket, known).Resolution
				assert.Equal(t, x.want, c.State)
				assert.True(t, c.Due.Equal(due), "due %s", c.Due)
				assert.True(t, c.Last.Equal(due), "last %s", c.Last)
			}
		})
	}
}

// Pauses of hour targets at the edges of receipt, of closing and of the target.
func TestPausesOfHourTargets(t *testing.T) {
	for _, row := range []struct {
		name, due, last string
		pauses          []string
	}{
		{"none", "2026-03-10 16:00", "2026-03-10 16:00", nil},
		{"empty", "2026-03-10 16:00", "2026-03-10 16:00", []string{"2026-03-10 10:00 – 2026-03-10 10:00"}},
		{"before receipt", "2026-03-10 16:00", "2026-03-10 16:00", []string{"2026-03-09 10:00 – 2026-03-10 08:00"}},
		{"over receipt", "2026-03-10 16:30", "2026-03-10 16:30", []string{"2026-03-09 10:00 – 2026-03-10 08:30"}},
		{"up to closing", "2026-03-10 17:00", "2026-03-11 08:00", []string{"2026-03-10 12:00 – 2026-03-10 13:00"}},
		{"as it is used up", "2026-03-10 16:00", "2026-03-10 16:30", []string{"2026-03-10 16:00 – 2026-03-10 16:30"}},
		{"as it is used up, overnight", "2026-03-10 16:00", "2026-03-11 10:00", []string{"2026-03-10 16:00 – 2026-03-11 10:00"}},
		{"a nanosecond before", "2026-03-10 16:30:00.000000001", "2026-03-10 16:30:00.000000001", []string{"2026-03-10 15:59:59.999999999 – 2026-03-10 16:30"}},
		{"a nanosecond after", "2026-03-10 16:00", "2026-03-10 16:00", []string{"2026-03-10 16:00:00.000000001 – 2026-03-10 16:30"}},
		{"touching", "2026-03-11 08:00:00.000000001", "2026-03-11 08:00:00.000000001", []string{
			"2026-03-10 12:00 – 2026-03-10 12:30", "2026-03-10 12:30 – 2026-03-10 13:00", "2026-03-10 14:00 – 2026-03-10 14:00:00.000000001",
		}},
		{"one in another", "2026-03-11 08:00:01", "2026-03-11 08:00:01", []string{
			"2026-03-10 12:00 – 2026-03-10 13:00:01", "2026-03-10 12:30 – 2026-03-10 12:40",
		}},
		{"a weekend in the middle of the week", "2026-03-13 16:00", "2026-03-13 16:00", []string{"2026-03-10 08:00 – 2026-03-13 08:00"}},
	} {
		r := counting(rule("", "8 h"), false)
		ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Pauses: pauses(row.pauses...)}
		known := at("2026-04-30 12:00")
		c := judge(t, r, ticket, known).Resolution
		assert.True(t, c.Due.Equal(at(row.due)), "%s: due %s", row.name, c.Due)
		assert.True(t, c.Last.Equal(at(row.last)), "%s: last %s", row.name, c.Last)
		ticket.ReportedBack = at(row.last)
		assert.Equal(t, priority.Met, judge(t, r, ticket, known).Resolution.State, row.name)
		ticket.ReportedBack = at(row.last).Add(1)
		assert.Equal(t, priority.Breached, judge(t, r, ticket, known).Resolution.State, row.name)
	}
}
