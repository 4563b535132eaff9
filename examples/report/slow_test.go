package main

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// The slow program: the same months from the same log, with nothing of the code under test. Instants are minutes on the
// wall clock since slowEpoch, and its clock of support hours is a list with an entry for each of them. It knows no zones: clocks
// change on Sunday nights, and the log has one instant in the hours that are missing or repeated, a closing.

var slowEpoch = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	slowDays = 2 * 366
	day      = 24 * 60
	never    = -1
)

// Public holidays by law (§4.1.1), from the calendars of those years.
var slowHolidays = []string{
	"2016-01-01", "2016-01-06", "2016-03-25", "2016-03-27", "2016-03-28", "2016-05-01", "2016-05-05", "2016-05-15",
	"2016-06-06", "2016-06-25", "2016-11-05", "2016-12-25", "2016-12-26",
	"2017-01-01", "2017-01-06", "2017-04-14", "2017-04-16", "2017-04-17", "2017-05-01", "2017-05-25", "2017-06-04",
	"2017-06-06", "2017-06-24", "2017-11-04", "2017-12-25", "2017-12-26",
}

// slowSupport is, for each minute, how many minutes of support came before it; slowMonths is the month of each date.
var slowSupport, slowMonths = func() (before []int, months []string) {
	n := 0
	for date := range slowDays {
		t := slowTime(date * day)
		months = append(months, t.Format("2006-01"))
		business := slowBusinessDay(date)
		for m := range day {
			before = append(before, n)
			if business && m >= 8*60 && m < 17*60 {
				n++
			}
		}
	}
	return before, months
}()

func slowTime(m int) time.Time { return slowEpoch.Add(time.Duration(m) * time.Minute) }

func slowBusinessDay(date int) bool {
	t := slowTime(date * day)
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && !slices.Contains(slowHolidays, t.Format("2006-01-02"))
}

func slowElapsed(from, to int) int { return slowSupport[to] - slowSupport[from] }

func slowOpen(m int) bool { return slowElapsed(m, m+1) == 1 }

func slowMonth(m int) string { return slowMonths[m/day] }

func slowMinute(t testing.TB, s string) int {
	if s == "" {
		return never
	}
	at, err := time.Parse("2006-01-02T15:04", s)
	require.NoError(t, err)
	return int(at.Sub(slowEpoch) / time.Minute)
}

// slowTicket is an incident of the log.
type slowTicket struct {
	number                      string
	received, started, resolved int
	priorities                  []slowChange // the first is that of the receipt
	pauses                      [][2]int
	closed                      [][2]int // from a resolution until it was reopened
	unreadable                  bool
}

type slowChange struct {
	at       int
	priority string
}

// slowClock is one time of a ticket as of an instant: response, resolution.
type slowClock struct {
	name, priority, target string
	due                    int // the printed one
	last                   int // the last minute that meets the target
	since                  int // when the priority came into force
	done, until            int
	closed                 [][2]int // as far as it is known, and matters
}

// slowLog reads the log, and the last instant in it.
func slowLog(t testing.TB) (tickets []slowTicket, latest int) {
	f, err := os.Open("data/servicenow-incidents.csv.gz")
	require.NoError(t, err)
	defer f.Close()
	plain, err := gzip.NewReader(f)
	require.NoError(t, err)
	rows, err := csv.NewReader(plain).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"number", "updated_at", "state", "impact", "urgency", "priority", "reopen_count", "opened_at", "resolved_at", "closed_at"}, rows[0])
	rows = rows[1:]
	for _, row := range rows {
		for _, i := range []int{1, 7, 8, 9} {
			latest = max(latest, slowMinute(t, row[i]))
		}
	}
	seen := map[string]bool{}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n][0] == rows[0][0] {
			n++
		}
		require.False(t, seen[rows[0][0]], "the events of %s stand together", rows[0][0])
		seen[rows[0][0]] = true
		tickets = append(tickets, slowIncident(t, rows[:n]))
		rows = rows[n:]
	}
	return tickets, latest
}

// slowIncident makes a ticket of its events. Started is the first event that is not new; a pause lasts from an event that
// awaits something until the next event of another state; it is closed from a Resolved until a state that is neither that nor
// Closed. Each event has an impact, and so a priority, until the next.
func slowIncident(t testing.TB, rows [][]string) slowTicket {
	first := rows[0]
	ticket := slowTicket{
		number: first[0], started: never,
		received: slowMinute(t, first[7]), resolved: slowMinute(t, first[8]),
	}
	ticket.priorities = []slowChange{{ticket.received, slowPriority(first[3], ticket.received)}}
	// Closed, and nobody knows when it was resolved.
	ticket.unreadable = ticket.resolved == never && first[9] != ""

	type event struct {
		at            int
		state, impact string
	}
	var events []event
	for _, row := range rows {
		require.Equal(t, first[7:], row[7:], "%s: opened, resolved and closed are those of the incident", first[0])
		events = append(events, event{slowMinute(t, row[1]), row[2], row[3]})
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	from, waiting := never, ""
	shut := never
	for _, e := range events {
		switch over := e.state == "Resolved" || e.state == "Closed"; {
		case over && shut == never:
			shut = e.at
		case !over && shut != never:
			ticket.closed = append(ticket.closed, [2]int{shut, e.at})
			shut = never
		}
		if e.at <= ticket.received {
			ticket.priorities[0].priority = slowPriority(e.impact, ticket.received)
		} else {
			ticket.priorities = append(ticket.priorities, slowChange{e.at, slowPriority(e.impact, ticket.received)})
		}
	}
	for _, e := range append(events, event{len(slowSupport) - 1, "the end of the log", ""}) {
		if waiting != "" && e.state != waiting {
			ticket.pauses = append(ticket.pauses, [2]int{from, e.at})
			waiting = ""
		}
		switch e.state {
		case "New", "the end of the log":
			continue
		case "Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence":
			if waiting == "" {
				from, waiting = e.at, e.state
			}
		case "Active", "Resolved", "Closed":
		default:
			ticket.unreadable = true
		}
		if ticket.started == never {
			ticket.started = e.at
		}
	}
	// Instants that run backwards.
	if ticket.started != never && ticket.started < ticket.received ||
		ticket.resolved != never && ticket.resolved < max(ticket.received, ticket.started) {
		ticket.unreadable = true
	}
	return ticket
}

// slowPriority is the matrix of §4.3 in those of its cells that the log can reach: impact 1, 3 and 4, timing 1 and 3.
func slowPriority(impact string, received int) string {
	at := received
	for !slowOpen(at) {
		at++ // out of hours: the class of the next opening
	}
	critical := slowTime(at).Day() >= 20 // §3.2
	switch {
	case impact == "1 - High" && critical:
		return "critical"
	case impact == "1 - High", impact == "2 - Medium":
		return "medium"
	}
	return "low"
}

// slowTargets of §4.3.1: hours of support until the response, business days until the resolution, but for critical
// ones, whose response is due in half an hour and resolution in hours.
var slowTargets = map[string]struct {
	response, resolution         int // minutes, business days
	responseText, resolutionText string
}{
	"critical": {30, 8 * 60, "30 min", "8 h"},
	"medium":   {8 * 60, 5, "8 h", "5 business days"},
	"low":      {24 * 60, 7, "24 h", "7 business days"},
}

// clocks are both times as of an instant, each by the priority in force when it was reached, or as of then.
func (s slowTicket) clocks(asOf int) [2]slowClock {
	var known [][2]int
	resolved := s.resolved
	for _, c := range s.closed {
		if c[1] <= asOf {
			known = append(known, c)
		} else if c[0] <= asOf {
			resolved = c[0] // nobody knows yet that it will be reopened
		}
	}
	return [2]slowClock{s.clock("response", s.started, asOf, known), s.clock("resolution", resolved, asOf, known)}
}

func (s slowTicket) clock(name string, done, asOf int, known [][2]int) slowClock {
	c := slowClock{name: name, done: done, until: done}
	if done == never || done > asOf {
		c.done, c.until = never, asOf
	}
	for _, k := range known {
		if k[0] < c.until {
			c.closed = append(c.closed, [2]int{k[0], min(k[1], c.until)})
		}
	}
	for _, p := range s.priorities {
		if p.at <= c.until && p.priority != c.priority {
			c.priority, c.since = p.priority, p.at
		}
	}
	targets := slowTargets[c.priority]
	switch {
	case name == "response":
		c.target = targets.responseText
		c.due, c.last = c.hours(s.received, targets.response)
	case c.priority == "critical":
		c.target = targets.resolutionText
		c.due, c.last = c.hours(s.received, targets.resolution)
	default:
		c.target = targets.resolutionText
		c.due = slowBusinessDays(s.received, targets.resolution)
		if whole := slowElapsed(s.received, c.due); c.elapsed(s.received, c.due) < whole {
			c.due, _ = c.hours(s.received, whole)
		}
		c.last = c.due
	}
	return c
}

// elapsed is support time that is not closed.
func (c slowClock) elapsed(from, to int) int {
	n := slowElapsed(from, to)
	for _, k := range c.closed {
		if a, b := max(k[0], from), min(k[1], to); a < b {
			n -= slowElapsed(a, b)
		}
	}
	return n
}

// breach is twice the minute at which the target was exceeded, and one more where it is just after it; not while it was
// closed, but when it was opened again.
func (c slowClock) breach() int {
	at := max(2*c.last+1, 2*c.since)
	for _, k := range c.closed {
		if 2*k[0] <= at && at < 2*k[1] {
			at = 2 * k[1]
		}
	}
	return at
}

// hours is the first minute at which a target is used up, and the last at which no more is: over night, the next opening.
func (c slowClock) hours(received, target int) (due, last int) {
	due = received
	for c.elapsed(received, due) < target {
		due++
	}
	last = due
	for c.elapsed(received, last+1) <= target {
		last++
	}
	return due, last
}

// slowBusinessDays is the closing of the nth business day after the date of receipt.
func slowBusinessDays(received, n int) int {
	date := received / day
	for n > 0 {
		date++
		if slowBusinessDay(date) {
			n--
		}
	}
	return date*day + 17*60
}

// slowReport are the figures of a month as a reader finds them in the text.
type slowReport struct {
	groups  map[string][2]int
	sums    [6]int
	missed  [][]string
	numbers []string
}

// slowEvaluate judges all tickets. One counts as met if both its times are, in the month in which the last of them was
// done; it is missed in the month in which its first target was exceeded; else it is running (§4.3.1).
func slowEvaluate(tickets []slowTicket, month string, asOf int) slowReport {
	r := slowReport{groups: map[string][2]int{"critical": {}, "high": {}, "medium": {}, "low": {}, "all": {}}}
	r.sums[0] = len(tickets)
	count := func(priority string, what int) {
		for _, name := range []string{priority, "all"} {
			n := r.groups[name]
			n[what]++
			r.groups[name] = n
		}
		r.sums[1]++
	}
	type line struct {
		breach int
		number string
		cells  [][]string
	}
	var missed []line
	for _, s := range tickets {
		if s.unreadable {
			if slowMonth(s.received) == month {
				r.sums[5]++
			} else {
				r.sums[4]++
			}
			continue
		}
		if s.received > asOf {
			r.sums[4]++
			continue
		}
		breach, done, cells := never, 0, [][]string(nil)
		running := false
		clocks := s.clocks(asOf)
		priority := clocks[1].priority
		for _, c := range clocks {
			running = running || c.done == never
			done = max(done, c.done)
			if c.until > c.last {
				if slowMonth(c.breach()/2) == month { // a breach in another month is listed there
					cells = append(cells, s.line(c, priority))
				}
				if breach == never || c.breach() < breach {
					breach = c.breach()
				}
			}
		}
		switch {
		case breach != never && slowMonth(breach/2) == month:
			count(priority, 1)
			missed = append(missed, line{breach, s.number, cells})
		case breach == never && running && slowMonth(s.received) <= month:
			r.sums[3]++
		case breach == never && !running && slowMonth(done) == month:
			count(priority, 0)
		default:
			r.sums[4]++
		}
	}
	slices.SortFunc(missed, func(a, b line) int { return cmp.Or(cmp.Compare(a.breach, b.breach), cmp.Compare(a.number, b.number)) })
	for _, m := range missed {
		r.missed = append(r.missed, m.cells...)
		r.numbers = append(r.numbers, m.number)
	}
	return r
}

// line is how a missed target is listed.
func (s slowTicket) line(c slowClock, priority string) []string {
	done := "not done"
	if c.done != never {
		done = slowText(c.done)
	}
	paused := 0
	for _, p := range s.pauses {
		if from, to := max(p[0], s.received), min(p[1], c.until); from < to {
			paused += c.elapsed(from, to)
		}
	}
	cells := []string{
		s.number, priority, slowText(s.received), c.name, c.target, slowText(c.due), done,
		slowDuration(c.elapsed(c.due, c.until)), slowDuration(paused), "§4.3.1",
	}
	if c.since != s.received {
		cells = append(cells, "as "+c.priority+" since "+slowText(c.since))
	}
	return cells
}

func slowText(m int) string { return slowTime(m).Format("2006-01-02 15:04") }

func slowDuration(minutes int) string {
	switch h, m := minutes/60, minutes%60; {
	case minutes == 0:
		return "0 s"
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	default:
		return fmt.Sprintf("%d h %d min", h, m)
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	tickets, latest := slowLog(t)
	require.Len(t, tickets, 10_327)
	log := builtIn(t)

	// Every month with a ticket in it, as of the last instant of the log: each figure, and each missed ticket with
	// all that its line says.
	inMonth := 0
	for m := time.February; m <= time.December; m++ {
		month := servicetime.Month{Year: 2016, Month: m}
		want := slowEvaluate(tickets, month.String(), latest)
		got := log.month(t, month, log.evidence.Latest)
		got.addsUp(t)
		assert.Equal(t, want.sums, got.sums["Incidents"], month)
		assert.Equal(t, want.groups, got.groups["Incidents"], month)
		assert.Equal(t, want.numbers, got.missedTickets(), month)
		sameLines(t, want.missed, got.missed)
		assert.Len(t, got.notJudged, want.sums[5], month)
		inMonth += want.sums[1]
	}
	assert.Equal(t, 9_632, inMonth, "each judged ticket was settled in one of these months")

	// As of instants in and about the month some tickets are running, and what is done later is not known.
	tickets = slices.DeleteFunc(tickets, func(s slowTicket) bool { return s.unreadable })
	log.evidence.Rejects = nil
	for _, asOf := range []string{
		"2016-03-25T12:00+01:00", "2016-04-04T08:00+02:00", "2016-04-20T11:11+02:00", "2016-05-01T00:00+02:00", "2016-05-09T17:00+02:00",
	} {
		want := slowEvaluate(tickets, "2016-04", slowMinute(t, asOf[:len("2016-03-25T12:00")]))
		at, err := time.Parse("2006-01-02T15:04-07:00", asOf)
		require.NoError(t, err)
		got := log.month(t, servicetime.MustMonth("2016-04"), at)
		assert.Equal(t, want.sums, got.sums["Incidents"], asOf)
		assert.NotZero(t, want.sums[3], asOf)
		assert.Equal(t, want.groups, got.groups["Incidents"], asOf)
		assert.Equal(t, want.numbers, got.missedTickets(), asOf)
		sameLines(t, want.missed, got.missed)
	}
}

// sameLines compares lists line by line: a difference is one line, not a thousand.
func sameLines(t testing.TB, want, got [][]string) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		require.Equal(t, want[i], got[i])
	}
	require.Len(t, got, len(want))
}
