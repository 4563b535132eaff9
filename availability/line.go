package availability

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"example.com/sla/servicetime"
)

// A stretch is the half-open [from, to) in nanoseconds since 1970-01-01 UTC, which holds the whole range of a calendar in
// an int64.
type stretch struct{ from, to int64 }

const nanos = int64(time.Second)

// The range of records, a day wider than that of every calendar (the local dates 1970 to 2200).
const (
	firstSecond = -24 * 3600
	lastSecond  = 7_289_654_400 + 24*3600
	ongoing     = (lastSecond + 1) * nanos // the end of what has none yet: behind all records, and far enough from the largest int64
)

// instant turns a time into nanoseconds.
func instant(t time.Time) (int64, error) {
	sec := t.Unix()
	if sec < firstSecond || sec > lastSecond {
		if t.IsZero() {
			return 0, fmt.Errorf("availability: the zero time: %w", servicetime.ErrRange)
		}
		return 0, fmt.Errorf("availability: %s: %w", t.Format(time.RFC3339Nano), servicetime.ErrRange)
	}
	return sec*nanos + int64(t.Nanosecond()), nil
}

// stretchOf reads a span; a zero end is one that has not come.
func stretchOf(from, to time.Time) (stretch, error) {
	a, err := instant(from)
	if err != nil {
		return stretch{}, fault("from", from, err)
	}
	b := ongoing
	if !to.IsZero() {
		if b, err = instant(to); err != nil {
			return stretch{}, fault("to", to, err)
		}
		if b < a {
			return stretch{}, fault("to", to, backwards(from))
		}
	}
	return stretch{a, b}, nil
}

// A line is a set of instants: stretches in order and apart.
type line []stretch

// pile is a line that is being gathered. What comes in the order of its start is joined at once; what comes too late is put aside, and sorted
// when there is as much of it.
type pile struct {
	line
	late []stretch
}

// add adds a stretch; an empty one adds nothing.
//
//	pile   |-----|   |----|
//	add           |-----|
//	       |-----||-------|    touching ones are one
func (p *pile) add(s stretch) {
	if s.from >= s.to {
		return
	}
	n := len(p.line)
	if n+1 >= cap(p.line) {
		p.line = slices.Grow(p.line, max(n, 16)) // twice as much: append alone grows long slices by a quarter
	}
	if n == 0 {
		p.line = append(p.line, s)
		return
	}
	last := p.line[n-1]
	if s.from < last.from {
		if p.late = append(p.late, s); len(p.late) > 4096+2*n {
			p.tidy()
		}
		return
	}
	// Whether a stretch begins behind the last one no branch can foresee: it is 1 if it does, and the new one's place; else the
	// last one's end moves.
	behind := int64(uint64(last.to-s.from) >> 63)
	p.line = p.line[:n+int(behind)]
	p.line[len(p.line)-1] = stretch{last.from + (s.from-last.from)*behind, max(last.to, s.to)}
}

// tidy makes the pile a line.
func (p *pile) tidy() {
	if len(p.late) > 0 {
		slices.SortFunc(p.late, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
		p.line = p.plus(p.late)
		p.late = nil
	}
}

func (p *pile) merge(o *pile) {
	p.tidy()
	o.tidy()
	switch {
	case len(o.line) == 0:
	case len(p.line) == 0 || p.line[len(p.line)-1].from <= o.line[0].from: // parts that follow each other
		for _, s := range o.line {
			p.add(s)
		}
	default:
		p.line = p.plus(o.line)
	}
}

// within is the part of a line in [from, to).
func (l line) within(from, to int64) line {
	l = l[l.behind(from):]
	var out line
	for _, s := range l {
		if s.from >= to {
			break
		}
		out = append(out, stretch{max(s.from, from), min(s.to, to)})
	}
	return out
}

// behind is the index of the first stretch that ends behind an instant.
func (l line) behind(v int64) int {
	i, _ := slices.BinarySearchFunc(l, v, func(s stretch, v int64) int {
		if s.to <= v {
			return -1
		}
		return 1
	})
	return i
}

// less is the line without what others cover of it.
//
//	line    |-----------|    |-----|
//	others     |--|        |----|
//	less    |--|  |-----|       |--|
func (l line) less(others ...line) line {
	for _, o := range others {
		if len(o) == 0 {
			continue
		}
		var out line
		c := cutter{line: o}
		for _, s := range l {
			c.cut(s, func(piece stretch) { out = append(out, piece) })
		}
		l = out
	}
	return l
}

// plus is what lies in the line or in others, which come in order and may overlap. Few others cost little.
func (l line) plus(others []stretch) line {
	sum := pile{line: make(line, 0, len(l)+len(others)+2)}
	for _, o := range others {
		// All that begins before it, of which only the first can touch what is there already.
		before, _ := slices.BinarySearchFunc(l, o.from, func(s stretch, from int64) int { return cmp.Compare(s.from, from) })
		for before > 0 && len(sum.line) > 0 && l[0].from <= sum.line[len(sum.line)-1].to {
			sum.add(l[0])
			l, before = l[1:], before-1
		}
		sum.line = append(sum.line, l[:before]...)
		l = l[before:]
		sum.add(o)
	}
	for len(l) > 0 && len(sum.line) > 0 && l[0].from <= sum.line[len(sum.line)-1].to {
		sum.add(l[0])
		l = l[1:]
	}
	sum.line = append(sum.line, l...)
	return sum.line
}

// cutter cuts what a line covers out of stretches that come in order.
type cutter struct {
	line
	next int // all before it end before the stretches to come
}

func (c *cutter) cut(s stretch, yield func(stretch)) {
	for c.next < len(c.line) && c.line[c.next].to <= s.from {
		c.next++
	}
	from := s.from
	for _, x := range c.line[c.next:] {
		if x.from >= s.to {
			break
		}
		if from < x.from {
			yield(stretch{from, x.from})
		}
		from = max(from, x.to)
	}
	if from < s.to {
		yield(stretch{from, s.to})
	}
}

// clear reports whether nothing is cut out of the stretch, which comes in order.
func (c *cutter) clear(s stretch) bool {
	for c.next < len(c.line) && c.line[c.next].to <= s.from {
		c.next++
	}
	return c.next == len(c.line) || c.line[c.next].from >= s.to
}

// A meter tells the open time of stretches, fast where they come in order: it remembers the opening, or the closed time, in which the last one lay.
type meter struct {
	calendar *servicetime.Calendar
	here     stretch
	open     bool
	first    int64 // the range of the calendar
	end      int64
}

func newMeter(c *servicetime.Calendar) *meter {
	first, _ := c.Span(servicetime.Date{Year: 1970, Month: time.January, Day: 1}) // every calendar has these two
	last, _ := c.Span(servicetime.Date{Year: 2200, Month: time.December, Day: 31})
	return &meter{calendar: c, first: first.From.UnixNano(), end: last.To.UnixNano()}
}

// at moves to the opening or the closed time that an instant of the range lies in.
func (m *meter) at(v int64) {
	t := time.Unix(0, v)
	m.open = m.calendar.Open(t)
	m.here = stretch{v, m.end}
	edge, follows := m.calendar.NextClose(t)
	if !m.open {
		edge, follows = m.calendar.NextOpen(t)
	}
	if follows {
		m.here.to = edge.UnixNano()
	}
}

// of is the open time in a stretch of the range. What lies outside is no open time.
func (m *meter) of(s stretch) int64 {
	if s.from < m.here.from || s.to > m.here.to {
		return m.slow(s)
	}
	if m.open {
		return s.to - s.from
	}
	return 0
}

func (m *meter) slow(s stretch) int64 {
	s = stretch{max(s.from, m.first), min(s.to, m.end)}
	if s.from >= s.to {
		return 0
	}
	var sum int64
	if s.from >= m.here.from && s.from < m.here.to { // it begins in what is known
		if m.open {
			sum = m.here.to - s.from
		}
		s.from = m.here.to
	}
	if m.at(s.from); s.to <= m.here.to {
		if m.open {
			sum += s.to - s.from
		}
		return sum
	}
	open, err := m.calendar.Elapsed(time.Unix(0, s.from), time.Unix(0, s.to))
	if err != nil {
		return sum // unreachable: the stretch lies in the range
	}
	m.at(s.to - 1)
	return sum + int64(open)
}
