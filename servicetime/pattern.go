package servicetime

import (
	"encoding/binary"
	"math"
)

// The table under a calendar. It has days of 86,400 seconds, which begin at midnight while the zone
// keeps the offset that it keeps longest (for Stockholm, in summer). Each day of the range is one
// number: the open seconds before it, and its pattern. A pattern is a row of cells of 4,096 seconds: a cell holds the open seconds of
// the day before it, and its window, or where its windows are if it has more than one. Equal
// patterns and equal lists are stored once: a Monday to Friday calendar of 231 years has about
// twenty patterns.
//
//	day      84,372 of         before (33 bits) | pattern (31)               8 bytes
//	cell     22 a pattern  0 | before (17 bits) |         from (12) | to (13)
//	                       1 | before (17 bits) | number of windows (12) | index of the first (32)
//	window                     from, to, and before within the cell          6 bytes
//	starts   8 a pattern       from, and before within the day, of its windows: the way back
const (
	nanos       = 1_000_000_000
	patternBits = 31
	patternMask = 1<<patternBits - 1
	cellShift   = 12
	cellMask    = 1<<cellShift - 1
	dayCells    = (daySeconds + cellMask) >> cellShift
	cellList    = 1 << 63
	cellBefore  = 44 // and with beforeMask
	beforeMask  = 1<<17 - 1
	cellCount   = 32
	cellFrom    = 13
	cellTo      = 1<<13 - 1
	dayStarts   = 8
	dayPad      = 4
)

// cellWindow is open in [from, to), in seconds of its cell, in which before seconds were open
// before it.
type cellWindow struct{ from, to, before uint16 }

// dayStart is where a window of a day begins, in seconds, and the open seconds of the day before
// it. A day with more than dayStarts windows has none and is searched by cells.
type dayStart struct{ from, before uint32 }

const noStart = math.MaxUint32

// patterns numbers distinct days while compiling.
type patterns struct {
	cells   []uint64
	windows []cellWindow
	starts  [][dayStarts]dayStart
	open    []int64 // open seconds of each pattern
	ids     map[[dayCells]uint64]uint32
	lists   map[string]uint64
	room    []byte
	list    []cellWindow
}

// add numbers a day whose windows are given in seconds of the day, in order and apart.
func (p *patterns) add(day []stretch) uint32 {
	var row [dayCells]uint64
	var open int64
	next := 0
	for i := range row {
		from, to := int64(i)<<cellShift, int64(i+1)<<cellShift
		row[i] = uint64(open) << cellBefore
		before := open
		p.list = p.list[:0]
		for next < len(day) && day[next].from < to {
			a, b := max(day[next].from, from)-from, min(day[next].to, to)-from
			p.list = append(p.list, cellWindow{uint16(a), uint16(b), uint16(open - before)})
			open += b - a
			if day[next].to > to {
				break // the rest of the window is the next cell's
			}
			next++
		}
		switch len(p.list) {
		case 0:
		case 1:
			row[i] |= uint64(p.list[0].from)<<cellFrom | uint64(p.list[0].to)
		default:
			row[i] |= p.intern()
		}
	}
	id, known := p.ids[row]
	if !known {
		id = uint32(len(p.open))
		p.ids[row] = id
		p.cells = append(p.cells, row[:]...)
		p.starts = append(p.starts, startsOf(day))
		p.open = append(p.open, open)
	}
	return id
}

// intern stores the list of a cell, once.
func (p *patterns) intern() uint64 {
	p.room = p.room[:0]
	for _, w := range p.list {
		p.room = binary.LittleEndian.AppendUint32(p.room, uint32(w.from)<<16|uint32(w.to))
	}
	where, known := p.lists[string(p.room)]
	if !known {
		where = cellList | uint64(len(p.list))<<cellCount | uint64(len(p.windows))
		p.windows = append(p.windows, p.list...)
		p.lists[string(p.room)] = where
	}
	return where
}

func startsOf(day []stretch) (starts [dayStarts]dayStart) {
	var open int64
	for i := range starts {
		starts[i] = dayStart{0, noStart}
		if len(day) <= dayStarts && i < len(day) {
			starts[i] = dayStart{uint32(day[i].from), uint32(open)}
			open += day[i].to - day[i].from
		}
	}
	return starts
}

// secondsBefore is the open seconds before a second of the range, counted from base, and
// whether the service is open during it.
func (c *Calendar) secondsBefore(sec uint64) (before int64, open bool) {
	day := sec / daySeconds
	s := uint32(sec - day*daySeconds)
	e := c.days[day]
	cell := c.cells[uint32(e&patternMask)*dayCells+s>>cellShift]
	before = int64(e>>patternBits) + int64(cell>>cellBefore&beforeMask)
	r := s & cellMask
	from, to := uint32(cell>>cellFrom)&cellMask, uint32(cell&cellTo)
	if cell >= cellList {
		ws := c.windows[uint32(cell):][:cell>>cellCount&cellMask]
		// The last window that begins at or before r, or the first. Lists of a few are the rule.
		i := 0
		if len(ws) > dayStarts {
			i = search(len(ws), func(i int) bool { return uint32(ws[i].from) <= r })
		} else {
			for i+1 < len(ws) && uint32(ws[i+1].from) <= r {
				i++
			}
		}
		before += int64(ws[i].before)
		from, to = uint32(ws[i].from), uint32(ws[i].to)
	}
	if r < from {
		return before, false
	}
	return before + int64(min(r, to)-from), r < to
}

// second is the inverse of secondsBefore for open seconds: the one with x open seconds before
// it, for 0 ≤ x < total.
func (c *Calendar) second(x int64) int64 {
	k := x >> c.shift
	lo, hi := int(c.inverse[k]), int(c.inverse[k+1])
	for hi-lo > dayPad {
		if mid := int(uint(lo+hi) >> 1); int64(c.days[mid]>>patternBits) <= x {
			lo = mid
		} else {
			hi = mid
		}
	}
	// No branch from here on depends on x. Beyond hi more open time lies before a day than x.
	day := lo
	for i, e := range c.days[lo+1 : lo+1+dayPad] {
		if int64(e>>patternBits) <= x {
			day = lo + 1 + i
		}
	}
	e := c.days[day]
	rest := uint32(x - int64(e>>patternBits))
	starts := &c.starts[e&patternMask]
	if starts[0].before == noStart {
		return int64(day)*daySeconds + c.secondByCells(uint32(e&patternMask), rest)
	}
	i := 0
	for j := 1; j < dayStarts; j++ {
		if starts[j].before <= rest {
			i = j
		}
	}
	return int64(day)*daySeconds + int64(starts[i].from+rest-starts[i].before)
}

// secondByCells is the second of the day with so many open ones before it.
func (c *Calendar) secondByCells(pattern, rest uint32) int64 {
	row := c.cells[pattern*dayCells:][:dayCells]
	i := search(dayCells, func(i int) bool { return uint32(row[i]>>cellBefore&beforeMask) <= rest })
	cell := row[i]
	rest -= uint32(cell >> cellBefore & beforeMask)
	if cell < cellList {
		return int64(i)<<cellShift + int64(uint32(cell>>cellFrom)&cellMask+rest)
	}
	ws := c.windows[uint32(cell):][:cell>>cellCount&cellMask]
	w := ws[search(len(ws), func(i int) bool { return uint32(ws[i].before) <= rest })]
	return int64(i)<<cellShift + int64(w.from) + int64(rest) - int64(w.before)
}

// search returns the last index below n at which ok holds, 0 if there is none; ok holds up to
// some index and not beyond.
func search(n int, ok func(int) bool) int {
	lo := 0
	for hi := n - 1; lo < hi; {
		if mid := int(uint(lo+hi+1) >> 1); ok(mid) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// setInverse builds the index of second: one entry for each 2^shift open seconds.
func (c *Calendar) setInverse() {
	const entries = 1 << 16
	total := c.totalSeconds()
	for total>>c.shift >= entries {
		c.shift++
	}
	c.inverse = make([]uint32, total>>c.shift+2)
	day := 0
	for k := range c.inverse {
		for day+dayPad+1 < len(c.days) && int64(c.days[day+1]>>patternBits) <= int64(k)<<c.shift {
			day++
		}
		c.inverse[k] = uint32(day)
	}
}

// totalSeconds is the open time of the whole range.
func (c *Calendar) totalSeconds() int64 { return int64(c.days[len(c.days)-1] >> patternBits) }
