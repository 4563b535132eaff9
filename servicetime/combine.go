package servicetime

import (
	"fmt"
	"slices"
)

// Both is open where both calendars are: support within opening hours.
//
//	a       |-----|   |-----|
//	b           |-------|
//	both        |-|   |-|
//
// The zones of the two must have the same name. The result answers as fast as a compiled schedule. A
// business day of it is a date with open time, and closes where the last opening within the date ends. Its
// holidays are those of both. It explains open time as open, wherever it comes from.
//
// It returns an error:
//   - wrapping [ErrZone] if the zones differ,
//   - wrapping [ErrNoOpenTime] if nothing is open.
func Both(a, b *Calendar) (*Calendar, error) {
	return combine(a, b, func(a, b bool) bool { return a && b })
}

// Either is open where one of the calendars is, or both: two desks that answer for each other. (An extra opening is
// better one of the schedule, where it has its reason and makes no business day.)
//
//	a       |-----|   |-----|
//	b           |-------|
//	either  |---------------|
//
// Otherwise it is as [Both].
func Either(a, b *Calendar) (*Calendar, error) {
	return combine(a, b, func(a, b bool) bool { return a || b })
}

// Except is open where a is and b is not: the part of the opening hours without support.
//
//	a       |-----|   |-----|
//	b           |-------|
//	except  |---|       |---|
//
// Otherwise it is as [Both].
func Except(a, b *Calendar) (*Calendar, error) {
	return combine(a, b, func(a, b bool) bool { return a && !b })
}

func combine(a, b *Calendar, open func(a, b bool) bool) (*Calendar, error) {
	if a.loc.String() != b.loc.String() || !slices.Equal(a.zone, b.zone) {
		return nil, fmt.Errorf("servicetime: calendars of %s and %s: %w: combined calendars have one", a.loc, b.loc, ErrZone)
	}
	c := &Calendar{
		loc: a.loc, zone: a.zone, from: a.from, end: a.end, fromSec: a.fromSec, endSec: a.endSec,
		base: a.base, baseSec: a.baseSec, days: make([]uint64, len(a.days)),
	}
	p := patterns{lists: map[string]uint64{}, ids: map[[dayCells]uint64]uint32{}}
	closed := p.add(nil)
	known := map[[2]uint32]uint32{}
	var sum int64
	for i := range c.days[:len(c.days)-dayPad] {
		key := [2]uint32{uint32(a.days[i] & patternMask), uint32(b.days[i] & patternMask)}
		id, done := known[key]
		if !done {
			id = p.add(sweep(a.windowsOf(key[0]), b.windowsOf(key[1]), open))
			known[key] = id
		}
		c.days[i] = uint64(sum)<<patternBits | uint64(id)
		sum += p.open[id]
	}
	if sum == 0 {
		return nil, fmt.Errorf("servicetime: combined calendars: %w", ErrNoOpenTime)
	}
	for i := len(c.days) - dayPad; i < len(c.days); i++ {
		c.days[i] = uint64(sum)<<patternBits | uint64(closed)
	}
	c.cells, c.windows, c.starts = slices.Clip(p.cells), slices.Clip(p.windows), slices.Clip(p.starts)
	c.setInverse()
	c.addHolidays(a)
	c.addHolidays(b)

	c.business = newDayset(lastDay - firstDay + 3)
	next, _ := c.before(c.midnight(firstDay))
	for day := firstDay; day <= lastDay; day++ {
		before := next
		if next, _ = c.before(c.midnight(day + 1)); next > before {
			c.business.add(day - firstDay + 1)
		}
	}
	c.business.count()
	return c, nil
}

// windowsOf lists the windows of a pattern in seconds of the day.
func (c *Calendar) windowsOf(pattern uint32) []stretch {
	var out []stretch
	for i, cell := range c.cells[pattern*dayCells:][:dayCells] {
		from := int64(i) << cellShift
		if cell >= cellList {
			for _, w := range c.windows[uint32(cell):][:cell>>cellCount&cellMask] {
				out = append(out, stretch{from + int64(w.from), from + int64(w.to)})
			}
		} else if to := int64(cell & cellTo); to > 0 {
			out = append(out, stretch{from + int64(cell>>cellFrom&cellMask), from + to})
		}
	}
	return merge(out)
}

// sweep lists where open holds of being in a and being in b, both in order and apart.
func sweep(a, b []stretch, open func(a, b bool) bool) []stretch {
	var edges []int64
	for _, s := range slices.Concat(a, b) {
		edges = append(edges, s.from, s.to)
	}
	slices.Sort(edges)
	var out []stretch
	for i := 1; i < len(edges); i++ {
		from, to := edges[i-1], edges[i]
		for len(a) > 0 && a[0].to <= from {
			a = a[1:]
		}
		for len(b) > 0 && b[0].to <= from {
			b = b[1:]
		}
		inA, inB := len(a) > 0 && a[0].from <= from, len(b) > 0 && b[0].from <= from
		if from < to && open(inA, inB) {
			out = append(out, stretch{from, to})
		}
	}
	return merge(out)
}

// addHolidays takes over the holidays of another calendar.
func (c *Calendar) addHolidays(of *Calendar) {
	for _, h := range of.holidays {
		name := of.names[h.name]
		id := slices.Index(c.names, name)
		if id < 0 {
			id = len(c.names)
			c.names = append(c.names, name)
		}
		h.name = uint32(id)
		c.holidays = append(c.holidays, h)
	}
	sortDays(c.holidays)
	c.holidays = slices.Clip(slices.Compact(c.holidays)) // what is the same in both
}
