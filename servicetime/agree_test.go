package servicetime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// agreePeriods are weeks around clock changes of many kinds, and some without.
var agreePeriods = []struct {
	zone, date string
	step       time.Duration
	what       string
}{
	{"Europe/Stockholm", "2026-03-29", time.Minute, "forward at 02:00"},
	{"Europe/Stockholm", "2026-10-25", time.Minute, "back at 03:00"},
	{"Europe/Stockholm", "2026-06-19", time.Minute, "Midsummer"},
	{"Europe/Stockholm", "2026-12-28", time.Minute, "Christmas and New Year"},
	{"Europe/Stockholm", "1970-02-10", time.Minute, "no summer time yet"},
	{"Europe/Stockholm", "2040-12-31", time.Minute, "a leap year after the zone's table ends"},
	{"Europe/Stockholm", "2099-03-29", time.Minute, ""},
	{"Europe/Stockholm", "2099-12-31", time.Minute, ""},
	{"Europe/Stockholm", "2196-12-31", time.Minute, ""},
	{"Europe/Dublin", "2026-03-29", time.Minute, "winter time is the exception"},
	{"Europe/Dublin", "2026-10-25", time.Minute, ""},
	{"Europe/Dublin", "2044-12-31", time.Minute, ""},
	{"America/New_York", "2026-03-08", time.Minute, ""},
	{"America/New_York", "2026-11-01", time.Minute, "back over 01:00"},
	{"America/Sao_Paulo", "2018-11-04", time.Minute, "no midnight"},
	{"America/Sao_Paulo", "2018-02-18", time.Minute, "back at midnight to the day before"},
	{"America/Santiago", "2026-09-06", time.Minute, "no midnight"},
	{"America/Santiago", "2026-04-05", time.Minute, "back at midnight"},
	{"America/Havana", "2026-03-08", time.Minute, "no midnight"},
	{"America/Havana", "2026-11-01", time.Minute, "midnight twice"},
	{"America/Goose_Bay", "2010-11-07", time.Minute, "back at 00:01: the day, the day before, the day"},
	{"America/Goose_Bay", "2010-03-14", time.Minute, "forward at 00:01"},
	{"America/Nuuk", "2026-03-28", time.Minute, "forward up to midnight"},
	{"Asia/Beirut", "2026-03-29", time.Minute, "no midnight"},
	{"Asia/Beirut", "2026-10-25", time.Minute, ""},
	{"Asia/Tehran", "2022-03-22", time.Minute, "no midnight"},
	{"Asia/Tehran", "2022-09-22", time.Minute, ""},
	{"Asia/Kathmandu", "1986-01-01", time.Minute, "a quarter of an hour"},
	{"Asia/Pyongyang", "2018-05-05", time.Minute, "forward up to midnight"},
	{"Australia/Lord_Howe", "2026-10-04", time.Minute, "half an hour"},
	{"Australia/Lord_Howe", "2026-04-05", time.Minute, ""},
	{"Antarctica/Troll", "2026-03-29", time.Minute, "two hours"},
	{"Antarctica/Troll", "2026-10-25", time.Minute, ""},
	{"Antarctica/Vostok", "1994-02-01", time.Minute, "seven hours back, on to the day before"},
	{"Antarctica/Casey", "2010-03-05", time.Minute, "three hours back, on to the day before"},
	{"Pacific/Apia", "2011-12-30", time.Minute, "a date that never was"},
	{"Pacific/Kwajalein", "1993-08-21", time.Minute, "a date that never was"},
	{"Pacific/Kiritimati", "1994-12-31", time.Minute, "a year that ends on its 364th day"},
	{"Africa/Casablanca", "2026-02-15", time.Minute, "Ramadan"},
	{"Africa/Casablanca", "2026-03-22", time.Minute, ""},
	{"Africa/Monrovia", "1972-01-07", 30 * time.Second, "44 min 30 s"},
	{"UTC", "2026-02-28", time.Minute, ""},
}

// TestAgree holds calendars against the slow reference, in whatever they both can answer.
func TestAgree(t *testing.T) {
	schedules, cases := 2, 25
	if *long {
		schedules = 100
	}
	swedish := swedishDates(t)
	for i, p := range agreePeriods {
		t.Run(p.zone+" "+p.date, func(t *testing.T) {
			t.Parallel()
			w := newSlowWall(t, p.zone, p.date, p.step)
			for n := range schedules {
				r := rand.New(rand.NewPCG(uint64(i), uint64(n)))
				agreeOn(t, r, w, swedish, cases)
			}
		})
	}
}

func agreeOn(t *testing.T, r *rand.Rand, w *slowWall, swedish func(int, bool) []string, cases int) {
	t.Helper()
	schedule, isHoliday := randomSchedule(r, w.loc.String(), w.middle/slowDay, swedish)
	a := agree{T: t, slow: newSlow(w, schedule, isHoliday), schedule: schedule}
	var err error
	a.c, err = servicetime.Compile(schedule, time.LoadLocation)
	if errors.Is(err, servicetime.ErrNoOpenTime) {
		a.same(slowElapsed(a.stretch, w.from, w.to), int64(0), "Compile")
		return
	}
	require.NoError(t, err)
	a.dates()
	for range cases {
		a.edges(a.instant(r, w.to))
		a.fromWall(time.Unix(w.middle/slowSecond+(r.Int64N(5*48)-2*48)*1800, r.Int64N(2)).UTC())
		from, to := a.instant(r, w.to), a.instant(r, w.to)
		a.spans(min(from, to), max(from, to))
		a.businessDays(r, from, to)
		for _, pauses := range [][]servicetime.Pause{nil, randomPauses(r, w.to, func() int64 { return a.instant(r, w.to) })} {
			a.elapsed(from, to, pauses)
			a.add(from, a.duration(r, from, pauses), pauses)
			a.due(r, max(w.from+3*slowDay, a.instant(r, w.to-14*slowDay)), pauses)
		}
	}
}

// agree compares one calendar with the reference. A difference ends the test, with all that is
// needed to see it again.
type agree struct {
	*testing.T
	*slow
	c        *servicetime.Calendar
	schedule servicetime.Schedule
}

func (a agree) same(want, got any, call string, args ...any) {
	a.Helper()
	if want == got {
		return
	}
	text, err := json.Marshal(a.schedule)
	require.NoError(a, err)
	a.Fatalf("%s\n%s\n got %v\nwant %v", text, fmt.Sprintf(call, args...), got, want)
}

// instant compares an instant, found or not, with what lies in the weeks or outside them.
func (a agree) sameInstant(want slowInstant, got time.Time, found bool, call string, args ...any) {
	a.Helper()
	v := got.UnixNano()
	switch {
	case want == slowBefore && (!found || v <= a.from):
	case want == slowAfter && (!found || v >= a.to-4*slowDay):
	case want == slowBefore || want == slowAfter || !found:
		a.same(fmt.Sprint("found: ", want), fmt.Sprint("found: ", found, " ", got), call, args...)
	default:
		a.same(a.time(int64(want)), got, call, args...)
	}
}

// time is an instant as a calendar returns it.
func (a agree) time(v int64) time.Time { return time.Unix(0, v).In(a.c.Location()) }

func (a agree) instant(r *rand.Rand, to int64) int64 {
	return randomInstant(r, a.from, to, a.middle, a.cuts)
}

// duration is open time to add: none, some days, or just so much that an edge is reached.
func (a agree) duration(r *rand.Rand, from int64, pauses []servicetime.Pause) int64 {
	switch r.IntN(5) {
	case 0:
		return r.Int64N(3) - 1
	case 1:
		return r.Int64N(8*slowDay) - 4*slowDay
	}
	return slowElapsed(a.stretches(pauses, false), from, a.instant(r, a.to)) + []int64{0, 0, 0, 1, -1}[r.IntN(5)]
}

func (a agree) dates() {
	for n := a.first; n <= a.last; n++ {
		date := slowDate(n)
		a.same(a.isBusinessDay(n), a.c.IsBusinessDay(date), "IsBusinessDay(%s)", date)
		closing, ok := a.c.Closing(date)
		a.same(a.isBusinessDay(n), ok, "Closing(%s)", date)
		if ok {
			a.same(a.time(a.slow.instant(n, a.closing[n])), closing, "Closing(%s)", date)
		}
		span, err := a.c.Span(date)
		require.NoError(a, err)
		a.same(a.time(a.slow.instant(n, 0)), span.From, "Span(%s).From", date)
		a.same(a.time(a.slow.instant(n+1, 0)), span.To, "Span(%s).To", date)
	}
}

func (a agree) edges(v int64) {
	t := a.time(v)
	a.same(a.isOpen(v), a.c.Open(t), "Open(%s)", t)
	date, _ := a.shown(v)
	a.same(slowDate(date), a.c.Date(t), "Date(%s)", t)
	got, ok := a.c.NextOpen(t)
	a.sameInstant(a.nextOpen(v), got, ok, "NextOpen(%s)", t)
	got, ok = a.c.NextClose(t)
	a.sameInstant(a.nextClose(v), got, ok, "NextClose(%s)", t)
	got, ok = a.c.PrevOpen(t)
	a.sameInstant(a.prevOpen(v), got, ok, "PrevOpen(%s)", t)
	got, ok = a.c.PrevClose(t)
	a.sameInstant(a.prevClose(v), got, ok, "PrevClose(%s)", t)
}

func (a agree) fromWall(wall time.Time) {
	date, seconds := wall.Unix()/86400, wall.Unix()%86400
	got, err := a.c.FromWall(wall)
	require.NoError(a, err)
	a.same(a.time(a.slow.instant(date, seconds)+int64(wall.Nanosecond())), got, "FromWall(%s)", wall)
}

func (a agree) spans(from, to int64) {
	var want []servicetime.Span
	for _, s := range a.stretch {
		s.from, s.to = max(from, s.from), min(to, s.to)
		if !s.counted || s.from >= s.to {
			continue
		}
		if n := len(want); n > 0 && want[n-1].To.UnixNano() == s.from {
			want[n-1].To = a.time(s.to)
			continue
		}
		want = append(want, servicetime.Span{From: a.time(s.from), To: a.time(s.to)})
	}
	spans, err := a.c.Spans(a.time(from), a.time(to))
	require.NoError(a, err)
	n := 0
	for got := range spans {
		if n < len(want) {
			a.same(want[n], got, "Spans(%s, %s)[%d]", a.time(from), a.time(to), n)
		}
		n++
	}
	a.same(len(want), n, "number of Spans(%s, %s)", a.time(from), a.time(to))

	dates := map[servicetime.Date]bool{}
	for _, s := range want {
		for t := s.From; t.Before(s.To); t = t.Add(30 * time.Minute) { // no date is shorter
			dates[a.c.Date(t)] = true
		}
		dates[a.c.Date(s.To.Add(-1))] = true
	}
	open, err := a.c.OpenDates(a.time(from), a.time(to))
	require.NoError(a, err)
	a.same(len(dates), open, "OpenDates(%s, %s)", a.time(from), a.time(to))
}

func (a agree) businessDays(r *rand.Rand, from, to int64) {
	first, _ := a.shown(from)
	last, _ := a.shown(to)
	first, last = min(max(first, a.first), a.last), min(max(last, a.first), a.last)
	date, other := slowDate(first), slowDate(last)

	n := r.IntN(25) - 12
	if want, ok := a.businessDay(first, n); ok && n != 0 {
		got, err := a.c.BusinessDay(date, n)
		require.NoError(a, err)
		a.same(slowDate(want), got, "BusinessDay(%s, %d)", date, n)
	}
	if want, ok := a.businessDay(first-1, 1); ok {
		got, err := a.c.Following(date)
		require.NoError(a, err)
		a.same(slowDate(want), got, "Following(%s)", date)
	}
	if want, ok := a.businessDay(first+1, -1); ok {
		got, err := a.c.Preceding(date)
		require.NoError(a, err)
		a.same(slowDate(want), got, "Preceding(%s)", date)
	}
	want := 0
	for d := min(first, last) + 1; d <= max(first, last); d++ {
		if a.isBusinessDay(d) {
			want++
		}
	}
	if last < first {
		want = -want
	}
	got, err := a.c.BusinessDaysBetween(date, other)
	require.NoError(a, err)
	a.same(want, got, "BusinessDaysBetween(%s, %s)", date, other)
}

func (a agree) elapsed(from, to int64, pauses []servicetime.Pause) {
	want := slowElapsed(a.stretches(pauses, false), from, to)
	got, err := a.c.Elapsed(a.time(from), a.time(to).UTC(), pauses...)
	require.NoError(a, err)
	a.same(time.Duration(want), got, "Elapsed(%s, %s, %v)", a.time(from), a.time(to), pauses)
	got, err = a.c.Elapsed(a.time(to), a.time(from), pauses...)
	require.NoError(a, err)
	a.same(time.Duration(-want), got, "Elapsed(%s, %s, %v)", a.time(to), a.time(from), pauses)
}

func (a agree) add(from, d int64, pauses []servicetime.Pause) {
	first, last := slowAdd(a.stretches(pauses, false), from, d)
	if d == 0 {
		first = slowInstant(from)
	}
	got, err := a.c.Add(a.time(from).UTC(), time.Duration(d), pauses...)
	a.sameInstant(first, got, a.found(err), "Add(%s, %s, %v)", a.time(from), time.Duration(d), pauses)
	got, err = a.c.AddLatest(a.time(from), time.Duration(d), pauses...)
	a.sameInstant(last, got, a.found(err), "AddLatest(%s, %s, %v)", a.time(from), time.Duration(d), pauses)
}

// found is whether there is an answer in the range; no other error may come.
func (a agree) found(err error) bool {
	a.Helper()
	if err != nil {
		require.ErrorIs(a, err, servicetime.ErrNoOpenTime)
	}
	return err == nil
}

func (a agree) due(r *rand.Rand, received int64, pauses []servicetime.Pause) {
	at := a.time(received)
	open, wall := a.clock(pauses, false), a.clock(pauses, true)
	minutes := 1 + r.IntN(4000)
	if d := a.duration(r, received, pauses) / (60 * slowSecond); d > 0 && r.IntN(2) == 0 {
		minutes = int(d)
	}
	target := servicetime.MustTarget(fmt.Sprintf("%d min", minutes))
	if r.IntN(3) == 0 {
		target = servicetime.MustTarget(fmt.Sprintf("%d h", minutes/60+1))
	}
	d, _ := target.Duration()
	a.deadline(at, target, servicetime.SupportClock, pauses, int64(d), open)
	a.deadline(at, target, servicetime.WallClock, pauses, int64(d), wall)

	n := 1 + r.IntN(8)
	target = servicetime.MustTarget(fmt.Sprintf("%d business days", n))
	for _, how := range []servicetime.Convention{
		servicetime.ExclDateClose, servicetime.ExclDateMidnight, servicetime.ExclEffectiveClose, servicetime.InclEffectiveClose,
		servicetime.SameTime, servicetime.Cutoff(0), servicetime.Cutoff(12 * 60), servicetime.Cutoff(r.IntN(1440)),
	} {
		a.dayDeadlines(at, target, n, how, pauses, open)
	}
	if a.fullDay != 0 {
		a.deadline(at, target, servicetime.AsHours, pauses, int64(n)*a.fullDay, open)
	} else {
		_, err := a.c.Due(at, target, servicetime.AsHours, pauses...)
		require.ErrorIs(a, err, servicetime.ErrConvention)
	}
	target = servicetime.MustTarget(fmt.Sprintf("%d days", n))
	for _, how := range []servicetime.Convention{servicetime.ExclMidnight, servicetime.SameWallClock, servicetime.NX24H} {
		a.dayDeadlines(at, target, n, how, pauses, wall)
	}
}

func (a agree) deadline(at time.Time, target servicetime.Target, how servicetime.Convention, pauses []servicetime.Pause, d int64, clock slowClock) {
	first, last := slowAdd(clock.unpaused, at.UnixNano(), d)
	got, err := a.c.Deadline(at, target, how, pauses...)
	a.sameInstant(first, got.Due, a.found(err), "Deadline(%s, %s, %s, %v).Due", at, target, how, pauses)
	a.sameInstant(last, got.Last, err == nil, "Deadline(%s, %s, %s, %v).Last", at, target, how, pauses)
}

func (a agree) dayDeadlines(at time.Time, target servicetime.Target, n int, how servicetime.Convention, pauses []servicetime.Pause, clock slowClock) {
	got, err := a.c.Deadline(at, target, how, pauses...)
	if errors.Is(err, servicetime.ErrRange) {
		err = servicetime.ErrNoOpenTime // the days run out of the range: no answer either
	}
	a.sameInstant(a.dayDeadline(at.UnixNano(), n, how, clock), got.Due, a.found(err), "Due(%s, %s, %s, %v)", at, target, how, pauses)
	a.same(got.Due, got.Last, "Deadline(%s, %s, %s, %v).Last", at, target, how, pauses)
	due, _ := a.c.Due(at, target, how, pauses...)
	a.same(got.Due, due, "Due(%s, %s, %s, %v)", at, target, how, pauses)
}
