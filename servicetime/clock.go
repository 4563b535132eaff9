package servicetime

import (
	"fmt"
	"slices"
	"time"
)

// Elapsed is the open time in [from, to), less what pauses cover of it. It is negative when to
// lies before from: Elapsed(a, b) = −Elapsed(b, a).
//
// It returns an error:
//   - wrapping [ErrRange] if an instant lies outside the range,
//   - wrapping [ErrBackwards] if a pause ends before it starts.
func (c *Calendar) Elapsed(from, to time.Time, pauses ...Pause) (time.Duration, error) {
	if len(pauses) == 0 {
		if a, _, ok := c.read(from); ok {
			if b, _, ok := c.read(to); ok {
				return time.Duration(b - a), nil
			}
		}
	}
	var room [4]pause
	ps, err := c.pauses(pauses, room[:0])
	if err != nil {
		return 0, err
	}
	return clock{c, false, ps}.elapsed(from, to)
}

// elapsed is Elapsed for pauses that have been read.
func (k clock) elapsed(from, to time.Time) (time.Duration, error) {
	a, err := k.instant("from", from)
	if err != nil {
		return 0, err
	}
	b, err := k.instant("to", to)
	if err != nil {
		return 0, err
	}
	return time.Duration(k.reading(b) - k.reading(a)), nil
}

// read is the open time before an instant, whether it is open at it, and whether the instant
// lies in the range; the shortest way for the commonest questions.
func (c *Calendar) read(t time.Time) (x int64, open, ok bool) {
	sec := t.Unix()
	if sec < c.fromSec || sec >= c.endSec {
		return 0, false, false
	}
	x, open = c.secondsBefore(uint64(sec - c.baseSec))
	x *= nanos
	if open {
		x += int64(t.Nanosecond())
	}
	return x, open, true
}

// Add is the first instant t with Elapsed(from, t, pauses...) = d: an hour that is used up exactly
// at closing is used up at closing. Negative d goes back. Add of 0 is from.
//
// It returns an error:
//   - wrapping [ErrNoOpenTime] if there is no such instant in the range,
//   - and those of [Calendar.Elapsed].
func (c *Calendar) Add(from time.Time, d time.Duration, pauses ...Pause) (time.Time, error) {
	return c.add(from, d, pauses, false)
}

// AddLatest is the last instant t with Elapsed(from, t, pauses...) = d: an hour that is used up
// exactly at closing is exceeded only after the next opening. With negative d it is the
// latest instant to begin at.
//
// Its errors are those of [Calendar.Add]; it also wraps [ErrNoOpenTime] where no open time
// follows, so that there is no last instant.
func (c *Calendar) AddLatest(from time.Time, d time.Duration, pauses ...Pause) (time.Time, error) {
	return c.add(from, d, pauses, true)
}

func (c *Calendar) add(from time.Time, d time.Duration, pauses []Pause, latest bool) (time.Time, error) {
	if len(pauses) == 0 && d > 0 && !latest {
		if x, _, ok := c.read(from); ok && int64(d) <= c.total()-x {
			x += int64(d) - 1
			sec := x / nanos
			return time.Unix(c.baseSec+c.second(sec), x-sec*nanos+1).In(c.loc), nil
		}
	}
	a, err := c.instant("from", from)
	if err != nil {
		return time.Time{}, err
	}
	var room [4]pause
	ps, err := c.pauses(pauses, room[:0])
	if err != nil {
		return time.Time{}, err
	}
	if d == 0 && !latest {
		return c.time(a), nil
	}
	k := clock{c, false, ps}
	if d > time.Duration(c.total()) || d < -time.Duration(c.total()) {
		return time.Time{}, k.unreachable(d, from) // and the sum below fits an int64
	}
	x := k.reading(a) + int64(d)
	v, ok := int64(0), false
	if latest {
		v, ok = k.last(x)
	} else {
		v, ok = k.first(x)
	}
	if !ok {
		return time.Time{}, k.unreachable(d, from)
	}
	return c.time(v), nil
}

// unreachable says that the range has not so much time, and what may be the reason.
func (k clock) unreachable(d time.Duration, from time.Time) error {
	why := ""
	if n := len(k.pauses); n > 0 && k.pauses[n-1].to == k.end {
		why = fmt.Sprintf(": the pause from %s has no end", k.time(k.pauses[n-1].from).Format(time.RFC3339))
	}
	return fmt.Errorf("servicetime: the range has not %s from %s: %w%s", FormatDuration(d), from.Format(time.RFC3339Nano), ErrNoOpenTime, why)
}

// A Timer is the clock of one matter: it runs while the calendar is open, and stands still in the matter's pauses. It answers as the
// calendar does when it is given the same pauses, which it reads only once. It does not change, and its zero value is none.
type Timer struct {
	calendar *Calendar
	n        int
	few      [4]pause
	many     []pause // where few is too small
}

// Timer makes a clock with pauses.
//
// Its errors are those of [Calendar.Elapsed].
func (c *Calendar) Timer(pauses ...Pause) (Timer, error) {
	t := Timer{calendar: c}
	if len(pauses) == 0 {
		return t, nil
	}
	ps, err := c.pauses(pauses, t.few[:0])
	if err != nil {
		return Timer{}, err
	}
	if t.n = len(ps); len(pauses) > len(t.few) { // perhaps no longer in few
		t.many = slices.Clone(ps)
	}
	return t, nil
}

// Elapsed is [Calendar.Elapsed] with the timer's pauses.
func (t *Timer) Elapsed(from, to time.Time) (time.Duration, error) {
	if t.n == 0 {
		return t.calendar.Elapsed(from, to)
	}
	return t.clock(false).elapsed(from, to)
}

// Deadline is [Calendar.Deadline] with the timer's pauses.
func (t *Timer) Deadline(received time.Time, target Target, how Convention) (Deadline, error) {
	return t.clock(allTime(target, how)).deadlineOf(received, target, how)
}

func (t *Timer) clock(wall bool) clock {
	if t.many != nil {
		return clock{t.calendar, wall, t.many}
	}
	return clock{t.calendar, wall, t.few[:t.n]}
}

// clock is a hand that moves while a calendar is open, or with wall at all times, and stands
// still in pauses. Everything that counts time is its reading and its two inverses.
//
//	open      |-------|     |-------|     |------
//	paused        |-----------|
//	reading   /---_____________/----_____/------
//	x         ----^ first        last ^
type clock struct {
	*Calendar
	wall   bool
	pauses []pause // in order and apart
}

// unpaused is the counted time before an instant, were there no pauses.
func (k clock) unpaused(v int64) int64 {
	if k.wall {
		return v - k.from
	}
	x, _ := k.before(v)
	return x
}

// stands is the unpaused reading at which the clock stops for a pause, and how much of it the pause holds.
func (k clock) stands(p *pause) (at, held int64) {
	if k.wall {
		return p.from - k.from, p.to - p.from
	}
	return p.before, p.open
}

// reading is the counted time before an instant.
func (k clock) reading(v int64) int64 {
	now := k.unpaused(v)
	x := now
	for i := range k.pauses {
		p := &k.pauses[i]
		if p.from >= v {
			break
		}
		at, held := k.stands(p)
		x -= min(held, now-at)
	}
	return x
}

// first is the first instant at which the clock reads x.
func (k clock) first(x int64) (int64, bool) {
	for i := range k.pauses {
		at, held := k.stands(&k.pauses[i])
		if x <= at {
			break
		}
		x += held // x becomes what an unpaused clock would read
	}
	if x == 0 {
		return k.from, true
	}
	return k.unread(x-1, 1)
}

// last is the last instant at which the clock reads x.
func (k clock) last(x int64) (int64, bool) {
	for i := range k.pauses {
		at, held := k.stands(&k.pauses[i])
		if x < at {
			break
		}
		x += held
	}
	return k.unread(x, 0)
}

// unread is the instant of the counted nanosecond number x, plus after.
func (k clock) unread(x, after int64) (int64, bool) {
	switch {
	case x < 0 || k.wall && x >= k.end-k.from || !k.wall && x >= k.total():
		return 0, false
	case k.wall:
		return k.from + x + after, true
	}
	return k.at(x) + after, true
}
