package servicetime_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Laws that hold for every schedule, over the whole range.

// law is one schedule under test.
type law struct {
	*testing.T
	c        *servicetime.Calendar
	schedule servicetime.Schedule
}

func (l law) broken(format string, args ...any) {
	l.Helper()
	text, err := json.Marshal(l.schedule)
	require.NoError(l, err)
	l.Fatalf("%s\n"+format, append([]any{string(text)}, args...)...)
}

func (l law) elapsed(from, to time.Time, pauses ...servicetime.Pause) time.Duration {
	l.Helper()
	d, err := l.c.Elapsed(from, to, pauses...)
	require.NoError(l, err)
	return d
}

func TestLaws(t *testing.T) {
	schedules, cases := 60, 30
	if *long {
		schedules, cases = 2000, 200
	}
	swedish := swedishDates(t)
	for _, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			for n := range schedules/len(zones) + 1 {
				r := rand.New(rand.NewPCG(uint64(n), uint64(len(zone))))
				near := int64(365*28) + r.Int64N(365*200) // a day of the years 1998 to 2198
				s, _ := randomSchedule(r, zone, near, swedish)
				c, err := servicetime.Compile(s, time.LoadLocation)
				if errors.Is(err, servicetime.ErrNoOpenTime) {
					continue
				}
				require.NoError(t, err)
				l := law{t, c, s}
				for range cases {
					l.hold(r, near*slowDay)
				}
			}
		})
	}
}

func (l law) hold(r *rand.Rand, middle int64) {
	first, err := l.c.Span(servicetime.MustDate("1970-01-01"))
	require.NoError(l, err)
	end, err := l.c.Span(servicetime.MustDate("2200-12-31"))
	require.NoError(l, err)
	from, to := first.From.UnixNano(), end.To.UnixNano()
	near := func() int64 {
		switch r.IntN(8) {
		case 0:
			return from + r.Int64N(to-from)
		case 1:
			return from + r.Int64N(10*slowDay)
		case 2:
			return to - 1 - r.Int64N(10*slowDay)
		}
		return min(max(from, middle+r.Int64N(20*slowDay)-10*slowDay), to-1)
	}
	some := func() time.Time { return time.Unix(0, near()).In(l.c.Location()) }
	a, b, m := some(), some(), some()
	pauses := randomPauses(r, to, near)
	d := l.elapsed(a, b, pauses...)

	// Elapsed is signed and adds up over a split.
	if back := l.elapsed(b, a, pauses...); back != -d {
		l.broken("Elapsed(%s, %s, %v) is %s, and back %s", a, b, pauses, d, back)
	}
	if sum := l.elapsed(a, m, pauses...) + l.elapsed(m, b, pauses...); sum != d {
		l.broken("Elapsed(%s, %s, %v) is %s, but over %s %s", a, b, pauses, d, m, sum)
	}
	// A timer that has read the pauses says the same.
	timer, err := l.c.Timer(pauses...)
	require.NoError(l, err)
	if timed, err := timer.Elapsed(a, b); err != nil || timed != d {
		l.broken("Timer(%v).Elapsed(%s, %s) is %s, %v, and Elapsed %s", pauses, a, b, timed, err, d)
	}
	for name, how := range conventions {
		for _, text := range []string{"90 min", "3 business days", "6 days"} {
			target := servicetime.MustTarget(text)
			want, wantErr := l.c.Deadline(a, target, how, pauses...)
			got, err := timer.Deadline(a, target, how)
			if got != want || (err == nil) != (wantErr == nil) {
				l.broken("Timer(%v).Deadline(%s, %s, %s) is %v, %v, and Deadline %v, %v", pauses, a, text, name, got, err, want, wantErr)
			}
		}
	}
	// It is no longer than all time, and a pause makes it shorter or leaves it.
	whole := l.elapsed(a, b)
	if b.After(a) && (d < 0 || d > whole || whole > b.Sub(a)) {
		l.broken("Elapsed(%s, %s, %v) is %s of %s", a, b, pauses, d, whole)
	}
	// Open is elapsed time of the next nanosecond.
	if l.c.Open(a) != (l.elapsed(a, a.Add(1)) == 1) {
		l.broken("Open(%s) is %v", a, l.c.Open(a))
	}

	// Add and AddLatest are its inverses: the first and the last.
	l.inverse(a, d, pauses)
	l.inverse(a, d+1, pauses)
	l.inverse(a, time.Duration(r.Int64N(60*slowDay)-30*slowDay), pauses)
	l.inverse(a, 0, pauses)

	l.later(r, a, pauses, servicetime.Pause{From: minTime(b, m), To: maxTime(b, m)})
	l.edges(a)
	l.sum(a, a.Add(30*24*time.Hour))
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (l law) inverse(a time.Time, d time.Duration, pauses []servicetime.Pause) {
	first, err := l.c.Add(a, d, pauses...)
	if err != nil {
		require.ErrorIs(l, err, servicetime.ErrNoOpenTime)
	} else {
		if back := l.elapsed(a, first, pauses...); back != d {
			l.broken("Add(%s, %s, %v) is %s, after %s", a, d, pauses, first, back)
		}
		if before := first.Add(-1); d != 0 && l.c.Covers(before) && l.elapsed(a, before, pauses...) == d {
			l.broken("Add(%s, %s, %v) is %s and not the first", a, d, pauses, first)
		}
		if d == 0 && !first.Equal(a) {
			l.broken("Add(%s, 0, %v) is %s", a, pauses, first)
		}
	}
	last, err := l.c.AddLatest(a, d, pauses...)
	if err != nil {
		require.ErrorIs(l, err, servicetime.ErrNoOpenTime)
		return
	}
	if back := l.elapsed(a, last, pauses...); back != d {
		l.broken("AddLatest(%s, %s, %v) is %s, after %s", a, d, pauses, last, back)
	}
	if after := last.Add(1); l.c.Covers(after) && l.elapsed(a, after, pauses...) == d {
		l.broken("AddLatest(%s, %s, %v) is %s and not the last", a, d, pauses, last)
	}
	if !first.IsZero() && last.Before(first) {
		l.broken("Add(%s, %s, %v) is %s, AddLatest %s", a, d, pauses, first, last)
	}
}

// later: one more pause never makes a target due earlier, under any convention.
func (l law) later(r *rand.Rand, received time.Time, pauses []servicetime.Pause, more servicetime.Pause) {
	for name, how := range conventions {
		target := servicetime.MustTarget([]string{"1 min", "8 h", "100 h"}[r.IntN(3)])
		if !how.Counts(target) {
			target = servicetime.MustTarget([]string{"1 business day", "3 business days", "40 business days"}[r.IntN(3)])
		}
		if !how.Counts(target) {
			target = servicetime.MustTarget([]string{"1 day", "6 days", "100 days"}[r.IntN(3)])
		}
		before, err := l.c.Deadline(received, target, how, pauses...)
		if err != nil {
			continue
		}
		if before.Last.Before(before.Due) {
			l.broken("Deadline(%s, %s, %s, %v) is %s, last %s", received, target, name, pauses, before.Due, before.Last)
		}
		// Milestones come in order, none behind the due.
		last := minTime(received, before.Due)
		for _, percent := range []int{1, 50, 75, 99, 100} {
			at, err := l.c.Milestone(received, target, how, percent, pauses...)
			require.NoError(l, err)
			if at.Before(last) || at.After(before.Due) {
				l.broken("Milestone(%s, %s, %s, %d, %v) is %s, after %s, due %s", received, target, name, percent, pauses, at, last, before.Due)
			}
			last = at
		}
		after, err := l.c.Deadline(received, target, how, append(pauses[:len(pauses):len(pauses)], more)...)
		if err != nil {
			require.ErrorIs(l, err, servicetime.ErrNoOpenTime)
			continue
		}
		if after.Due.Before(before.Due) || after.Last.Before(before.Last) {
			l.broken("Deadline(%s, %s, %s, %v) is %v, with %v %v", received, target, name, pauses, before, more, after)
		}
	}
}

func (l law) edges(at time.Time) {
	if open, ok := l.c.NextOpen(at); ok && (open.Before(at) || !l.c.Open(open) || l.elapsed(at, open) != 0) {
		l.broken("NextOpen(%s) is %s", at, open)
	}
	if closed, ok := l.c.NextClose(at); ok && (!closed.After(at) || l.c.Open(closed) || !l.c.Open(closed.Add(-1))) {
		l.broken("NextClose(%s) is %s", at, closed)
	}
	if open, ok := l.c.PrevOpen(at); ok && (!open.Before(at) || !l.c.Open(open) || l.c.Open(open.Add(-1))) {
		l.broken("PrevOpen(%s) is %s", at, open)
	}
	if closed, ok := l.c.PrevClose(at); ok && (closed.After(at) || l.c.Open(closed) || !l.c.Open(closed.Add(-1))) {
		l.broken("PrevClose(%s) is %s", at, closed)
	}
}

// sum: spans are in order and apart, open, and as long as the open time.
func (l law) sum(from, to time.Time) {
	if !l.c.Covers(to) {
		return
	}
	spans, err := l.c.Spans(from, to)
	require.NoError(l, err)
	var sum time.Duration
	var last time.Time
	for s := range spans {
		if !s.From.Before(s.To) || !last.IsZero() && !s.From.After(last) || l.elapsed(s.From, s.To) != s.Duration() {
			l.broken("Spans(%s, %s): %s after %s", from, to, s, last)
		}
		sum, last = sum+s.Duration(), s.To
	}
	if open := l.elapsed(from, to); open != sum {
		l.broken("Spans(%s, %s) are %s, Elapsed %s", from, to, sum, open)
	}
	for range spans { // a caller may stop, and begin again
		break
	}
}

// Where only the week decides and clocks never change, all repeats after seven days.
func TestLawOfTheWeek(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 7))
	const week = 7 * 24 * time.Hour
	held := 0
	for range 30 * cases() {
		s := servicetime.Schedule{Zone: []string{"UTC", "Asia/Tokyo", "Etc/GMT+9", "Asia/Kolkata"}[r.IntN(4)], Week: servicetime.Week{}}
		for d := range time.Weekday(7) {
			s.Week[servicetime.DaysOf(d)] = randomWindows(r)
		}
		c, err := servicetime.Compile(s, time.LoadLocation)
		if errors.Is(err, servicetime.ErrOverlap) || errors.Is(err, servicetime.ErrNoOpenTime) {
			continue // a night window may meet the next date's
		}
		require.NoError(t, err)
		l := law{t, c, s}
		held++
		for range 50 {
			from := time.Date(1980+r.IntN(200), 1, 1, 0, 0, r.IntN(365*86400), r.IntN(1e9), time.UTC)
			to := from.Add(time.Duration(r.Int64N(int64(5 * week))))
			shift := week * time.Duration(1+r.IntN(100))
			if d := l.elapsed(from, to); d != l.elapsed(from.Add(shift), to.Add(shift)) {
				l.broken("Elapsed(%s, %s) is %s, and %s later %s", from, to, d, shift, l.elapsed(from.Add(shift), to.Add(shift)))
			}
			for name, how := range conventions {
				for _, text := range []string{"100 min", "9 business days", "9 days"} {
					target := servicetime.MustTarget(text)
					if !how.Counts(target) {
						continue
					}
					due, err := c.Deadline(from, target, how)
					later, again := c.Deadline(from.Add(shift), target, how)
					same := (err == nil) == (again == nil)
					if err == nil && again == nil {
						same = due.Due.Add(shift).Equal(later.Due) && due.Last.Add(shift).Equal(later.Last)
					}
					// lag 1930:173 rolls over eves, which are dates of the year.
					if !same && how != servicetime.SE1930Close {
						l.broken("Deadline(%s, %s, %s) is %s, and %s later %s", from, target, name, due, shift, later)
					}
				}
			}
		}
	}
	assert.Greater(t, held, 10)
}

// Business days: the nth and their number are inverses.
func TestLawsOfBusinessDays(t *testing.T) {
	swedish := swedishDates(t)
	r := rand.New(rand.NewPCG(7, 7))
	for range 10 {
		s, _ := randomSchedule(r, "Europe/Stockholm", 20000, swedish)
		c, err := servicetime.Compile(s, time.LoadLocation)
		if err != nil {
			continue
		}
		for range 500 {
			date := slowDate(int64(1 + r.IntN(84_000)))
			n := r.IntN(4000) - 2000
			nth, err := c.BusinessDay(date, n)
			if err != nil {
				require.ErrorIs(t, err, servicetime.ErrRange)
				continue
			}
			assert.True(t, c.IsBusinessDay(nth), "%s", nth)
			between, err := c.BusinessDaysBetween(date, nth)
			require.NoError(t, err)
			if n < 0 && !c.IsBusinessDay(date) {
				between-- // (to, from] leaves out the nth and holds nothing in its place
			}
			assert.Equal(t, n, between, "%s %d %s", date, n, nth)
			back, err := c.BusinessDaysBetween(nth, date)
			require.NoError(t, err)
			if n < 0 && !c.IsBusinessDay(date) {
				back++
			}
			assert.Equal(t, -n, back)
		}
	}
}

// Judging allocates nothing: a ticket has two pauses, or none.
func TestNoAllocations(t *testing.T) {
	c := compiled(t, office)
	from, to := clock(t, "2026-10-05T10:00:00+02:00"), clock(t, "2026-12-05T10:00:00+01:00")
	paused := []servicetime.Pause{
		{From: from.Add(20 * time.Hour), To: from.Add(50 * time.Hour), Reason: "waiting for the operator"},
		{From: from.Add(time.Hour), To: from.Add(3 * time.Hour), Reason: "waiting for the reporter"},
	}
	hours, days := servicetime.MustTarget("8 h"), servicetime.MustTarget("5 business days")
	for what, call := range map[string]func(pauses []servicetime.Pause){
		"Open":                   func([]servicetime.Pause) { c.Open(from) },
		"Date":                   func([]servicetime.Pause) { c.Date(from) },
		"Elapsed":                func(p []servicetime.Pause) { _, _ = c.Elapsed(from, to, p...) },
		"Add":                    func(p []servicetime.Pause) { _, _ = c.Add(from, 8*time.Hour, p...) },
		"Add back":               func(p []servicetime.Pause) { _, _ = c.Add(to, -8*time.Hour, p...) },
		"AddLatest":              func(p []servicetime.Pause) { _, _ = c.AddLatest(from, 8*time.Hour, p...) },
		"Deadline of hours":      func(p []servicetime.Pause) { _, _ = c.Deadline(from, hours, servicetime.SupportClock, p...) },
		"Deadline of all time":   func(p []servicetime.Pause) { _, _ = c.Deadline(from, hours, servicetime.WallClock, p...) },
		"Deadline of days":       func(p []servicetime.Pause) { _, _ = c.Deadline(from, days, servicetime.ExclDateClose, p...) },
		"Deadline at the time":   func(p []servicetime.Pause) { _, _ = c.Deadline(from, days, servicetime.SameTime, p...) },
		"Deadline with a cutoff": func(p []servicetime.Pause) { _, _ = c.Deadline(from, days, servicetime.Cutoff(720), p...) },
	} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { call(nil) }), what)
		assert.Zero(t, testing.AllocsPerRun(100, func() { call(paused) }), "%s with two pauses", what)
	}
	before := append([]servicetime.Pause(nil), paused...)
	_, err := c.Elapsed(from, to, paused...)
	require.NoError(t, err)
	assert.Equal(t, before, paused, "the caller's pauses keep their order")
}

// One calendar serves any number of goroutines, the race detector watching.
func TestConcurrent(t *testing.T) {
	c := compiled(t, office)
	from := clock(t, "2026-10-05T10:00:00+02:00")
	paused := []servicetime.Pause{
		{From: from.Add(20 * time.Hour), To: from.Add(50 * time.Hour)},
		{From: from.Add(time.Hour), To: from.Add(3 * time.Hour)},
	}
	type answers struct {
		elapsed       time.Duration
		add, latest   time.Time
		due           servicetime.Deadline
		next, closing time.Time
		nth           servicetime.Date
		spans         int
	}
	ask := func(from time.Time) (a answers) {
		a.elapsed, _ = c.Elapsed(from, from.Add(1000*time.Hour), paused...)
		a.add, _ = c.Add(from, 40*time.Hour, paused...)
		a.latest, _ = c.AddLatest(from, -40*time.Hour, paused...)
		a.due, _ = c.Deadline(from, servicetime.MustTarget("5 business days"), servicetime.ExclDateClose, paused...)
		a.next, _ = c.NextClose(from)
		a.nth, _ = c.BusinessDay(c.Date(from), 60)
		a.closing, _ = c.Closing(a.nth)
		spans, _ := c.Spans(from, from.Add(1000*time.Hour))
		for range spans {
			a.spans++
		}
		return a
	}
	var want [50]answers
	for i := range want {
		want[i] = ask(from.Add(time.Duration(i) * 77 * time.Minute))
	}
	var all sync.WaitGroup
	for g := range 64 {
		all.Go(func() {
			for i := range want {
				i = (i + g) % len(want)
				assert.Equal(t, want[i], ask(from.Add(time.Duration(i)*77*time.Minute)))
			}
		})
	}
	all.Wait()
}
