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
		return stretch{}, servicetime.FaultAt("from", from, err)
	}
	b := ongoing
	if !to.IsZero() {
		if b, err = instant(to); err != nil {
			return stretch{}, servicetime.FaultAt("to", to, err)
		}
		if b < a {
			return stretch{}, servicetime.FaultAt("to", to, backwards(from))
		}
	}
	return stretch{a, b}, nil
}

// A line is a set of instants: stretches in order and apart.
type line []stretch

// pile is a line that is being gathered. What comes in the order of its start is joined at once; what comes too late is put aside, and sorted
// when there is as much of it.
type pile struct {
	full []line  // in order
	room line    // behind them, of which the first n are in use
	n    int     // all but the last one
	last stretch // empty before the first
	late []stretch
}

// maxRoom is how many stretches are made room for at once: what is full is not copied.
const maxRoom = 1 << 13

// add adds a stretch; an empty one adds nothing.
//
//	pile   |-----|   |----|
//	add           |-----|
//	       |-----||-------|    touching ones are one
func (p *pile) add(s stretch) {
	if s.from >= s.to {
		return
	}
	last := p.last
	if last.from >= last.to {
		p.last = s
		return
	}
	if s.from < last.from {
		p.addLate(s)
		return
	}
	if p.n == len(p.room) {
		if p.n > 0 {
			p.full = append(p.full, p.room)
		}
		p.room, p.n = make(line, min(max(2*p.n, 16), maxRoom)), 0
	}
	// Whether a stretch begins behind the last one no branch can foresee: it is 1 if it does, and the last one is done; else its end moves.
	p.room[p.n] = last
	behind := int64(uint64(last.to-s.from) >> 63)
	p.n += int(behind)
	p.last = stretch{last.from + (s.from-last.from)*behind, max(last.to, s.to)}
}

// addLate adds a stretch, not empty, of which nobody knows whether it is late. It is for what comes beside others that are in order.
func (p *pile) addLate(s stretch) {
	if p.late = append(p.late, s); len(p.late) > 4096+2*p.n+2*maxRoom*len(p.full) { // or fewer
		p.line()
	}
}

// line is what has been gathered.
func (p *pile) line() line {
	if len(p.late) > 0 {
		slices.SortFunc(p.late, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
		// In place: the line moves behind the room that what was late may take, and is merged with it from the front.
		n, k := len(p.inOrder()), len(p.late)
		room := slices.Grow(p.room[:n], k)[:n+k]
		copy(room[k:], room[:n])
		p.set(merged(room[:0], room[k:], p.late))
	}
	return p.inOrder()
}

// inOrder is what has been gathered but for what came late.
func (p *pile) inOrder() line {
	if p.last.from >= p.last.to {
		return nil
	}
	if len(p.full) > 0 || p.n == len(p.room) {
		all := slices.Concat(append(p.full, p.room[:p.n], make(line, 1+len(p.late)))...)
		p.full, p.room, p.n = nil, all, len(all)-1-len(p.late)
	}
	p.room[p.n] = p.last
	return p.room[: p.n+1 : p.n+1]
}

// set makes the pile of a line.
func (p *pile) set(l line) {
	*p = pile{}
	if n := len(l) - 1; n >= 0 {
		*p = pile{room: l[:cap(l)], n: n, last: l[n]}
	}
}

func (p *pile) merge(o *pile) {
	theirs := o.line()
	mine := p.inOrder()
	switch {
	case len(theirs) == 0:
	case len(mine) > 0 && len(theirs) >= len(mine)/8 && theirs[0].from < p.last.from:
		p.set(p.line().plus(theirs))
	default: // parts that follow each other; and a few are cheaper put aside
		for _, s := range theirs {
			p.add(s)
		}
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

// plus is what lies in the line or in others, which come in order and may overlap. Where there are few others it copies most of the line as it is.
func (l line) plus(others []stretch) line {
	return merged(make(line, 0, len(l)+len(others)), l, others)
}

// merged appends both to what is there.
func merged(sum, l line, others []stretch) line {
	for len(others) > 0 {
		// All of the line that begins before the next of the others: only its first ones can touch what is there already.
		before := l.before(others[0].from)
		for before > 0 && sum.reaches(l[0]) {
			sum = sum.join(l[0])
			l, before = l[1:], before-1
		}
		sum = append(sum, l[:before]...)
		l = l[before:]
		sum = sum.join(others[0])
		others = others[1:]
	}
	for len(l) > 0 && sum.reaches(l[0]) {
		sum = sum.join(l[0])
		l = l[1:]
	}
	return append(sum, l...)
}

// reaches reports whether the last stretch touches one that does not begin before it.
func (l line) reaches(s stretch) bool { return len(l) > 0 && s.from <= l[len(l)-1].to }

// join adds a stretch that does not begin before the last one.
func (l line) join(s stretch) line {
	if !l.reaches(s) {
		return append(l, s)
	}
	last := &l[len(l)-1]
	last.to = max(last.to, s.to)
	return l
}

// before is how many stretches begin before an instant; few are found at once.
func (l line) before(v int64) int {
	for i, s := range l[:min(8, len(l))] {
		if s.from >= v {
			return i
		}
	}
	n, _ := slices.BinarySearchFunc(l, v, func(s stretch, v int64) int { return cmp.Compare(s.from, v) })
	return n
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

// firstOpen is the first open instant of a stretch that has one, and was asked for last.
func (m *meter) firstOpen(s stretch) int64 {
	if m.open && m.here.from <= s.from {
		return s.from
	}
	next, _ := m.calendar.NextOpen(time.Unix(0, max(s.from, m.first)))
	return next.UnixNano()
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
