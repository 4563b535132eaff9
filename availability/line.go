package availability

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"example.com/sla/servicetime"
)

// A stretch is the half-open [from, to) in nanoseconds since 1970-01-01 UTC, which holds the whole range of a calendar in
// an int64.
type stretch struct{ from, to int64 }

// ongoing is the end of what has none yet.
const ongoing = math.MaxInt64

// The range of records, a day wider than that of every calendar (the local dates 1970 to 2200).
const (
	firstSecond = -24 * 3600
	lastSecond  = 7_289_654_400 + 24*3600
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
	return sec*int64(time.Second) + int64(t.Nanosecond()), nil
}

// stretchOf reads a span; a zero end is one that has not come.
func stretchOf(from, to time.Time) (stretch, error) {
	a, err := instant(from)
	if err != nil {
		return stretch{}, fault("from", from, err)
	}
	b := int64(ongoing)
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

// pile is a line that is being gathered: stretches come in any order, and what comes in order costs no sorting.
type pile struct {
	line
	loose bool // some lie out of order, or overlap
	tight int  // how many there were when it was last a line
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
	if n := len(p.line); n > 0 {
		last := &p.line[n-1]
		switch {
		case s.from < last.from:
			p.loose = true
		case s.from <= last.to:
			last.to = max(last.to, s.to)
			return
		}
	}
	p.line = append(p.line, s)
	if p.loose && len(p.line) > 2*p.tight+4096 {
		p.tidy() // so that what overlaps does not heap up
	}
}

// tidy makes the pile a line.
func (p *pile) tidy() {
	if p.loose {
		slices.SortFunc(p.line, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
		p.line = join(p.line, 0)
		p.loose = false
	}
	p.tight = len(p.line)
}

func (p *pile) merge(o *pile) {
	o.tidy()
	p.tidy()
	for _, s := range o.line {
		p.add(s)
	}
	p.tidy()
}

// join makes stretches that touch, overlap, or have a gap of less than gap between them one, in place. They come in order.
func join(in line, gap int64) line {
	out := in[:0]
	for _, s := range in {
		if n := len(out); n > 0 && (s.from <= out[n-1].to || s.from-out[n-1].to < gap) {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
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

// plus is what lies in one of two lines.
func (l line) plus(o line) line {
	p := pile{line: slices.Concat(l, o), loose: true}
	p.tidy()
	return p.line
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
	edge, any := m.calendar.NextClose(t)
	if !m.open {
		edge, any = m.calendar.NextOpen(t)
	}
	if any {
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

// edges are the first open instant in a stretch that has one, and the end of the last.
func (m *meter) edges(s stretch) (from, to time.Time) {
	s = stretch{max(s.from, m.first), min(s.to, m.end)}
	from, _ = m.calendar.NextOpen(time.Unix(0, s.from))
	if to = time.Unix(0, s.to); !m.calendar.Open(time.Unix(0, s.to-1)) {
		to, _ = m.calendar.PrevClose(time.Unix(0, s.to-1))
	}
	zone := m.calendar.Location()
	return from.In(zone), to.In(zone)
}
