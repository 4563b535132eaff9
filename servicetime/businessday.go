package servicetime

import (
	"fmt"
	"time"
)

// A business day is a local date on which a window of the schedule opens, breaks taken off.
// The tail of a night window and an extra opening make none. A date that no clock in the zone
// ever showed is none.

// IsBusinessDay reports whether the date is a business day. It is not outside the range.
func (c *Calendar) IsBusinessDay(d Date) bool { return covers(d) && c.business.has(index(d)) }

// BusinessDay is the nth business day after the date, or before it for negative n. The date itself
// is never counted.
//
// It returns an error wrapping [ErrRange] if the date or the answer lies outside the range,
// or n is 0.
func (c *Calendar) BusinessDay(d Date, n int) (Date, error) {
	if err := checkDate(d); err != nil {
		return Date{}, err
	}
	if n == 0 {
		return Date{}, fmt.Errorf("servicetime: business day 0 after %s: %w: count from 1 or -1", d, ErrRange)
	}
	k := c.business.before(index(d)) + n
	if n > 0 {
		k = c.business.before(index(d)+1) + n - 1
	}
	i, ok := c.business.nth(k)
	if !ok {
		return Date{}, fmt.Errorf("servicetime: business day %d from %s: %w", n, d, ErrRange)
	}
	return dateOf(i + firstDay - 1), nil
}

// Following is the date itself if it is a business day, else the next one.
//
// It returns an error wrapping [ErrRange] if the date or the answer lies outside the range.
func (c *Calendar) Following(d Date) (Date, error) {
	if c.IsBusinessDay(d) {
		return d, nil
	}
	return c.BusinessDay(d, 1)
}

// Preceding is the date itself if it is a business day, else the one before.
//
// It returns an error wrapping [ErrRange] if the date or the answer lies outside the range.
func (c *Calendar) Preceding(d Date) (Date, error) {
	if c.IsBusinessDay(d) {
		return d, nil
	}
	return c.BusinessDay(d, -1)
}

// BusinessDaysBetween counts the business days in (from, to]: from is not counted, to is. It is
// negative when to lies before from.
//
// It returns an error wrapping [ErrRange] if a date lies outside the range.
func (c *Calendar) BusinessDaysBetween(from, to Date) (int, error) {
	for _, d := range []Date{from, to} {
		if err := checkDate(d); err != nil {
			return 0, err
		}
	}
	return c.business.before(index(to)+1) - c.business.before(index(from)+1), nil
}

// Closing is the instant at which the last window of a business day ends, even where the next
// date opens at that very instant (24:00 for a service that never closes). It is false
// for a date that is no business day. A night window of the last date ends with the range.
func (c *Calendar) Closing(d Date) (time.Time, bool) {
	if !c.IsBusinessDay(d) {
		return time.Time{}, false
	}
	return c.time(c.closingOf(d)), true
}

// closesBehind reports whether the last window of a business day ends behind the range.
func (c *Calendar) closesBehind(d Date) bool {
	return c.rule != nil && d.number() == lastDay && c.closing[c.rule[index(d)]] > daySeconds
}

func (c *Calendar) closingOf(d Date) int64 {
	if c.rule == nil { // a combination: where the last opening within the date ends
		x, _ := c.before(c.midnight(d.number() + 1))
		return c.at(x-1) + 1
	}
	return c.wallTime(d.number(), int64(c.closing[c.rule[index(d)]]))
}

// index is the place of a date in the tables, which begin the day before the range.
func index(d Date) int { return d.number() - firstDay + 1 }

func checkDate(d Date) error {
	if !covers(d) {
		return fmt.Errorf("servicetime: date %s: %w", d, ErrRange)
	}
	return nil
}
