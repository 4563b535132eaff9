package servicetime

import (
	"fmt"
	"time"
)

// A Deadline is the end of a target's time.
type Deadline struct {
	// Due is the first instant at which the target is used up: the printed due.
	Due time.Time
	// Last is the last instant that still meets the target. For a target in days it is Due. For one that
	// counts elapsed time it is the last instant with elapsed ≤ target: used up exactly at closing,
	// that is the next opening (met at 08:00:00 the day after, though due at 17:00:00). Where the
	// clock does not tick again in the range, it is the end of the range.
	Last time.Time
}

// Due is the Due of [Calendar.Deadline].
func (c *Calendar) Due(received time.Time, t Target, how Convention, pauses ...Pause) (time.Time, error) {
	d, err := c.Deadline(received, t, how, pauses...)
	return d.Due, err
}

// Deadline computes when a target counted from the receipt is used up under a convention
// (§4.3.1, §4.5). Pauses move it by the paused time on the target's own clock:
// the calendar's open time, or all time for WALL_CLOCK and calendar days.
//
// A pause moves a target in days only if it holds time of that clock between receipt and the due
// without pauses; then the due is the first instant at which the unpaused time since
// receipt equals the time up to that due.
//
// It returns an error:
//   - wrapping [ErrConvention] if the convention is none for the target, or is AS_HOURS and
//     working days differ in length,
//   - wrapping [ErrNoOpenTime] if the target cannot be used up in the range, as under a pause that has not ended,
//   - wrapping [ErrRange] if an instant or a date on the way lies outside the range,
//   - wrapping [ErrBackwards] if a pause ends before it starts.
func (c *Calendar) Deadline(received time.Time, t Target, how Convention, pauses ...Pause) (Deadline, error) {
	var room [4]pause
	ps, err := c.pauses(pauses, room[:0])
	if err != nil {
		return Deadline{}, err
	}
	return clock{c, allTime(t, how), ps}.deadlineOf(received, t, how)
}

// deadlineOf is Deadline on the target's own clock, its pauses read.
func (k clock) deadlineOf(received time.Time, t Target, how Convention) (Deadline, error) {
	if !how.Counts(t) {
		name := how.String()
		if name == "" {
			name = "none"
		}
		return Deadline{}, fmt.Errorf("servicetime: target %s under convention %s: %w", t, name, ErrConvention)
	}
	v, err := k.instant("received", received)
	if err != nil {
		return Deadline{}, err
	}
	if d, isTime := t.Duration(); isTime {
		if how == EU1182Hours {
			v = k.nextHour(v)
		}
		return k.deadline(v, int64(d), received)
	}
	if int(t.n) > lastDay-firstDay { // more days than the range has; their sums would not fit
		return Deadline{}, fmt.Errorf("servicetime: target %s: %w", t, ErrRange)
	}
	if how == AsHours {
		if k.fullDay == 0 {
			return Deadline{}, fmt.Errorf("servicetime: target %s under convention %s: %w: working days differ in length", t, how, ErrConvention)
		}
		if int64(t.n) > (k.end-k.from)/int64(k.fullDay) { // and the product fits
			return Deadline{}, k.unreachable(k.fullDay, received)
		}
		return k.deadline(v, int64(t.n)*int64(k.fullDay), received)
	}
	due, err := k.dayDue(v, int(t.n), how)
	if err != nil {
		return Deadline{}, err
	}
	if len(k.pauses) > 0 {
		base := k.unpaused(v)
		target := k.unpaused(due) - base
		now := k.reading(v)
		if k.reading(due)-now < target {
			moved, ok := k.first(now + target)
			if !ok {
				return Deadline{}, k.unreachable(time.Duration(target), received)
			}
			due = moved
		}
	}
	return Deadline{k.time(due), k.time(due)}, nil
}

// Milestone is the first instant at which a share of a target's time is used up, in percent from 1 to 100: the escalation
// levels of a desk. For a target in days it is that share of its own clock's time from receipt to due; 100 % is the Due
// of [Calendar.Deadline], as is every share of a target that is due before its receipt.
//
// Its errors are those of Deadline, and one wrapping [ErrLimit] for another share.
func (c *Calendar) Milestone(received time.Time, t Target, how Convention, percent int, pauses ...Pause) (time.Time, error) {
	if percent < 1 || percent > 100 {
		return time.Time{}, fmt.Errorf("servicetime: %d %% of a target: %w: 1 to 100", percent, ErrLimit)
	}
	due, err := c.Due(received, t, how, pauses...)
	if err != nil || percent == 100 {
		return due, err
	}
	var room [4]pause
	ps, err := c.pauses(pauses, room[:0])
	if err != nil {
		return time.Time{}, err // unreachable: Due has read them
	}
	k := clock{c, allTime(t, how), ps}
	v := received.UnixNano()
	if how == EU1182Hours {
		v = c.nextHour(v)
	}
	whole := k.reading(due.UnixNano()) - k.reading(v)
	if whole <= 0 {
		return due, nil
	}
	// whole × percent does not fit 63 bits, its parts do; part of a nanosecond counts as one.
	at, ok := k.first(k.reading(v) + whole/100*int64(percent) + (whole%100*int64(percent)+99)/100)
	if !ok {
		return time.Time{}, k.unreachable(time.Duration(whole), received)
	}
	return c.time(at), nil
}

// allTime reports whether the clock of a target runs at all times, and not with the calendar.
func allTime(t Target, how Convention) bool {
	return how == WallClock || how == EU1182Hours || t.unit == days
}

// deadline of elapsed time.
func (k clock) deadline(v, d int64, received time.Time) (Deadline, error) {
	if d > k.end-k.from {
		return Deadline{}, k.unreachable(time.Duration(d), received)
	}
	x := k.reading(v) + d
	due, ok := k.first(x)
	if !ok {
		return Deadline{}, k.unreachable(time.Duration(d), received)
	}
	last, ok := k.last(x)
	if !ok {
		last = k.end
	}
	return Deadline{k.time(due), k.time(last)}, nil
}

// dayDue is the due of a target in days, without pauses.
func (c *Calendar) dayDue(v int64, n int, how Convention) (int64, error) {
	effective, last, err := c.lastDate(v, n, how)
	if err != nil {
		return 0, err
	}
	switch how {
	case ExclMidnight, EU1182Midnight, EU1182Min2WDMidnight, ExclDateMidnight:
		return c.midnight(last.number() + 1), nil
	case SameWallClock, SameTime:
		return c.sameTime(effective, last), nil
	case SE1930Close:
		if !c.IsBusinessDay(last) {
			return c.midnight(last.number() + 1), nil
		}
		return c.closingOf(last), nil
	case NX24H:
		due := v + int64(n)*daySeconds*nanos
		if due > c.end {
			return 0, fmt.Errorf("servicetime: %d days from %s: %w", n, c.Date(c.time(v)), ErrRange)
		}
		return due, nil
	}
	due := c.closingOf(last)
	if due == c.end && c.closesBehind(last) {
		return 0, fmt.Errorf("servicetime: closing of %s: %w", last, ErrRange)
	}
	return due, nil
}

// lastDate is the date of day n of a target in days, and the instant from which the
// convention counts: the receipt, or the next opening after it.
func (c *Calendar) lastDate(v int64, n int, how Convention) (effective int64, last Date, err error) {
	effective = v
	date := dateOf(c.day(int64(floorDiv(int(v), nanos))))
	if !covers(date) {
		return 0, Date{}, fmt.Errorf("servicetime: received %s: %w", date, ErrRange)
	}
	if how >= ExclMidnight && how <= SE1930Close {
		last, err = c.rolled(date, n, how)
		return effective, last, err
	}
	if how == ExclEffectiveClose || how == InclEffectiveClose || how == SameTime {
		x, _ := c.before(v)
		if x >= c.total() {
			return 0, Date{}, clock{Calendar: c}.unreachable(0, c.time(v))
		}
		effective = max(v, c.at(x))
		date = dateOf(c.day(int64(floorDiv(int(effective), nanos))))
	}
	if how == InclEffectiveClose || how >= cutoff && c.beforeCutoff(v, date, how) {
		// The date itself is day 1, or the first business day after it is.
		if last, err = c.Following(date); err == nil && n > 1 {
			last, err = c.BusinessDay(last, n-1)
		}
	} else {
		last, err = c.BusinessDay(date, n)
	}
	return effective, last, err
}

// nextHour is the first instant after v at which the wall shows a full hour.
func (c *Calendar) nextHour(v int64) int64 {
	const hour = 3600
	sec := int64(floorDiv(int(v), nanos))
	next := sec + hour - c.zone.wall(sec)%hour
	// Clocks that change by half an hour show another time then (Lord Howe).
	for z := c.zone.at(sec); z+1 < len(c.zone) && c.zone[z].to <= next; z++ {
		sec = c.zone[z].to
		if next = sec; c.zone.wall(sec)%hour != 0 {
			next += hour - c.zone.wall(sec)%hour
		}
	}
	return next * nanos
}

// rolled is the nth date after a date, rolled as the convention says.
func (c *Calendar) rolled(date Date, n int, how Convention) (Date, error) {
	last := date.AddDays(n)
	// Art. 3(5): the working days of a period of two days or more, which begins after the date of receipt.
	if how == EU1182Min2WDMidnight && n >= 2 {
		working := 0
		for d := date.AddDays(1); working < 2 && covers(d); d = d.AddDays(1) {
			if !c.isFree(d, how) {
				working++
			}
			if working == 2 && last.Compare(d) < 0 {
				last = d
			}
		}
	}
	for c.isFree(last, how) && covers(last) {
		last = last.AddDays(1)
	}
	return last, checkDate(last)
}

// isFree reports whether a convention rolls over a date: it is no working day.
func (c *Calendar) isFree(d Date, how Convention) bool {
	switch {
	case how < EU1182Midnight:
		return false
	case d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || c.isPublicHoliday(d):
		return true
	}
	return how == SE1930Close && isSwedishEve(d)
}

// isSwedishEve reports whether the date is Midsummer Eve, Christmas Eve or New Year's Eve, which
// lag 1930:173 § 2 treats as holidays.
func isSwedishEve(d Date) bool {
	return d.Month == time.December && (d.Day == 24 || d.Day == 31) ||
		d.Month == time.June && d.Day >= 19 && d.Day <= 25 && d.Weekday() == time.Friday
}

// beforeCutoff reports whether a receipt makes its own date day 1.
func (c *Calendar) beforeCutoff(v int64, date Date, how Convention) bool {
	wall := c.zone.wall(int64(floorDiv(int(v), nanos))) - int64(date.number())*daySeconds
	return c.IsBusinessDay(date) && wall < int64(how-cutoff)*60
}

// sameTime is the instant at which the wall on a date shows what it shows at v.
func (c *Calendar) sameTime(v int64, on Date) int64 {
	sec := int64(floorDiv(int(v), nanos))
	wall := c.zone.wall(sec)
	return c.wallTime(on.number(), wall-int64(floorDiv(int(wall), daySeconds))*daySeconds) + v - sec*nanos
}
