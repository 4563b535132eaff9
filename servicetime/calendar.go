package servicetime

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"time"
)

// A Calendar is a compiled [Schedule]. It never changes, any number of goroutines may use one,
// and each of its answers takes the same time however far apart the instants lie.
//
// It covers the local dates 1970-01-01 to 2200-12-31 in its zone. Instants that it returns
// are in its zone.
type Calendar struct {
	loc     *time.Location
	zone    zone
	from    int64 // the range [from, end), nanoseconds since 1970-01-01 UTC, whole seconds
	end     int64
	fromSec int64 // the same in seconds
	endSec  int64
	fullDay time.Duration

	// the clock: pattern.go
	base    int64    // the beginning of days[0]
	baseSec int64    // the same in seconds
	days    []uint64 // dayPad more than there are days: those hold the total
	cells   []uint64
	windows []cellWindow
	starts  [][dayStarts]dayStart
	inverse []uint32 // by open seconds >> shift: the last day with no more before it
	shift   uint

	// the dates, indexed from the day before the range
	rule     []uint16
	rules    []rule
	closing  []int32 // of each rule: the end of its last window in wall seconds
	business dayset

	// for explanations alone
	uncut    []uint16  // the rules before breaks; nil without breaks
	holidays []dayName // in order
	names    []string
	extra    []named
}

// Location is the time zone of the calendar.
func (c *Calendar) Location() *time.Location { return c.loc }

// Covers reports whether the instant lies in the range of the calendar.
func (c *Calendar) Covers(t time.Time) bool {
	sec := t.Unix()
	return sec >= c.fromSec && sec < c.endSec
}

// Date is the local date at an instant, in the zone of the calendar. It is the zero Date
// outside the range.
func (c *Calendar) Date(t time.Time) Date {
	if !c.Covers(t) {
		return Date{}
	}
	return dateOf(c.day(t.Unix()))
}

// FromWall is the instant at which a wall clock in the zone shows the date and time that wall
// shows, whatever zone wall carries: the way to read a local time that a file gives without a
// zone. It is the first of two where clocks went back, and later by the gap where they
// went forward over it.
//
// It returns an error wrapping [ErrRange] if the instant lies outside the range.
func (c *Calendar) FromWall(wall time.Time) (time.Time, error) {
	_, east := wall.Zone()
	sec := wall.Unix() + int64(east)
	if sec < c.fromSec-daySeconds || sec > c.endSec+daySeconds {
		return time.Time{}, fmt.Errorf("servicetime: wall time %s: %w", wall.Format("2006-01-02 15:04:05"), ErrRange)
	}
	v := c.zone.instant(sec)*nanos + int64(wall.Nanosecond())
	if v < c.from || v >= c.end {
		return time.Time{}, fmt.Errorf("servicetime: wall time %s: %w", wall.Format("2006-01-02 15:04:05"), ErrRange)
	}
	return c.time(v), nil
}

// Span turns a period into the instants [first midnight, midnight after the last).
// A midnight that is missing is the first instant after the gap.
//
// It returns an error wrapping [ErrRange] if the period does not exist or does not lie in
// the range.
func (c *Calendar) Span(p Period) (Span, error) {
	first, last := p.Dates()
	if !covers(first) || !covers(last) || last.Compare(first) < 0 {
		return Span{}, fmt.Errorf("servicetime: period %s: %w", p, ErrRange)
	}
	return Span{c.time(c.midnight(first.number())), c.time(c.midnight(last.number() + 1))}, nil
}

// Open reports whether the service is open at the instant. It is not outside the range.
func (c *Calendar) Open(t time.Time) bool {
	_, open, _ := c.read(t)
	return open
}

// NextOpen is the first instant at or after t at which the service is open: t itself
// when it is. It is false if there is none in the range.
func (c *Calendar) NextOpen(t time.Time) (time.Time, bool) {
	v, err := c.instant("", t)
	if err != nil {
		return time.Time{}, false
	}
	x, _ := c.before(v)
	if x >= c.total() {
		return time.Time{}, false
	}
	return c.time(max(v, c.at(x))), true
}

// NextClose is the first instant after t at which an opening ends. It is false if there is
// none in the range: a service that never closes has none.
func (c *Calendar) NextClose(t time.Time) (time.Time, bool) {
	v, err := c.instant("", t)
	if err != nil {
		return time.Time{}, false
	}
	x, _ := c.before(v)
	if x >= c.total() {
		return time.Time{}, false
	}
	closing := c.closedAt(c.closedBefore(max(v, c.at(x))))
	return c.time(closing), closing < c.end
}

// PrevOpen is the last instant before t at which an opening begins. It is false if there is
// none in the range.
func (c *Calendar) PrevOpen(t time.Time) (time.Time, bool) {
	v, err := c.instant("", t)
	if err != nil {
		return time.Time{}, false
	}
	x, _ := c.before(v)
	if x == 0 {
		return time.Time{}, false
	}
	last := c.at(x - 1) // the last open nanosecond before t
	closed := c.closedBefore(last)
	if closed == 0 {
		return time.Time{}, false // open since before the range
	}
	return c.time(c.closedAt(closed-1) + 1), true
}

// PrevClose is the last instant at or before t at which an opening ends. It is false if there
// is none in the range.
func (c *Calendar) PrevClose(t time.Time) (time.Time, bool) {
	v, err := c.instant("", t)
	if err != nil {
		return time.Time{}, false
	}
	if v == c.end {
		v--
	}
	x, open := c.before(v)
	if open {
		closed := c.closedBefore(v)
		if closed == 0 {
			return time.Time{}, false
		}
		x, _ = c.before(c.closedAt(closed - 1))
	}
	if x == 0 {
		return time.Time{}, false
	}
	return c.time(c.at(x-1) + 1), true
}

// Spans yields the openings within [from, to), cut to it, in order. Touching ones are one.
//
// It returns an error:
//   - wrapping [ErrRange] if from or to lies outside the range,
//   - wrapping [ErrBackwards] if to lies before from.
func (c *Calendar) Spans(from, to time.Time) (iter.Seq[Span], error) {
	s, err := c.stretch(from, to)
	if err != nil {
		return nil, err
	}
	return func(yield func(Span) bool) {
		for v := s.from; v < s.to; {
			x, _ := c.before(v)
			if x >= c.total() {
				return
			}
			open := max(v, c.at(x))
			if open >= s.to {
				return
			}
			v = min(s.to, c.closedAt(c.closedBefore(open)))
			if !yield(Span{c.time(open), c.time(v)}) {
				return
			}
		}
	}, nil
}

// OpenDates is on how many local dates there is open time within [from, to).
//
// Its errors are those of Spans.
func (c *Calendar) OpenDates(from, to time.Time) (int, error) {
	s, err := c.stretch(from, to)
	if err != nil {
		return 0, err
	}
	n := 0
	var seen []int // the last dates, of which clocks that go back over a midnight show some again
	for v := s.from; v < s.to; {
		x, _ := c.before(v)
		if x >= c.total() {
			break
		}
		open := max(v, c.at(x))
		if open >= s.to {
			break
		}
		// Until the wall shows midnight, or clocks are changed.
		sec := floorDiv(int(open), nanos)
		here := c.zone[c.zone.at(int64(sec))]
		day := floorDiv(sec+int(here.east), daySeconds)
		if !slices.Contains(seen, day) {
			n++
			const most = 4 // days that clocks may be set back
			seen = append(seen[max(0, len(seen)-most):], day)
		}
		v = max(open+1, min(here.to, int64(day+1)*daySeconds-here.east)*nanos)
	}
	return n, nil
}

// instant turns a time into nanoseconds since 1970-01-01 UTC. The end of the range counts as
// in it, since spans end there.
func (c *Calendar) instant(what string, t time.Time) (int64, error) {
	sec := t.Unix()
	if sec < c.fromSec || sec >= c.endSec && (sec > c.endSec || t.Nanosecond() > 0) {
		if t.IsZero() {
			return 0, fmt.Errorf("servicetime: %s is the zero time: %w", what, ErrRange)
		}
		return 0, fmt.Errorf("servicetime: %s %s: %w", what, t.Format(time.RFC3339Nano), ErrRange)
	}
	return sec*nanos + int64(t.Nanosecond()), nil
}

// stretch turns the ends of a span, which may not run backwards, into a stretch.
func (c *Calendar) stretch(from, to time.Time) (stretch, error) {
	a, err := c.instant("from", from)
	if err != nil {
		return stretch{}, err
	}
	b, err := c.instant("to", to)
	if err != nil {
		return stretch{}, err
	}
	if b < a {
		return stretch{}, fmt.Errorf("servicetime: span %s: %w", Span{from, to}, ErrBackwards)
	}
	return stretch{a, b}, nil
}

// time is the inverse of instant.
func (c *Calendar) time(v int64) time.Time {
	sec := int64(uint64(v-c.base) / nanos)
	return time.Unix(c.baseSec+sec, v-c.base-sec*nanos).In(c.loc)
}

// day is the number of the local date at an instant in UTC seconds.
func (c *Calendar) day(sec int64) int { return floorDiv(int(c.zone.wall(sec)), daySeconds) }

// midnight is the instant with which a local date begins.
func (c *Calendar) midnight(day int) int64 { return c.wallTime(day, 0) }

// wallTime is the instant at which the wall shows so many seconds after the midnight of a
// date, kept within the range.
func (c *Calendar) wallTime(day int, seconds int64) int64 {
	return min(max(c.zone.instant(int64(day)*daySeconds+seconds)*nanos, c.from), c.end)
}

func covers(d Date) bool { return d.IsValid() && inRange(d.number()) }

// before returns the open time before an instant of the range, in nanoseconds, and whether the
// service is open at it.
func (c *Calendar) before(v int64) (open int64, isOpen bool) {
	u := uint64(v - c.base)
	sec := u / nanos
	x, isOpen := c.secondsBefore(sec)
	if isOpen {
		return x*nanos + int64(u-sec*nanos), true
	}
	return x * nanos, false
}

// total is the open time of the whole range.
func (c *Calendar) total() int64 { return c.totalSeconds() * nanos }

// at is the inverse of before for open instants: the instant of the open nanosecond
// number x, for 0 ≤ x < total. So the first instant with x before it is at(x-1)+1, and the last
// is at(x): between them the service is closed.
func (c *Calendar) at(x int64) int64 {
	sec := x / nanos
	return c.base + c.second(sec)*nanos + x - sec*nanos
}

// closedBefore is the closed time between the beginning of the range and an instant.
func (c *Calendar) closedBefore(v int64) int64 {
	x, _ := c.before(v)
	return v - c.from - x
}

// closedAt is the instant of the closed nanosecond number x, the end of the range if there is
// none. Edges are its only use, so it has no table of its own: it searches the days.
func (c *Calendar) closedAt(x int64) int64 {
	if x >= c.closedBefore(c.end) {
		return c.end
	}
	// The last instant with no more than x of closed time before it, first by day, then by second.
	day := sort.Search(len(c.days)-dayPad, func(i int) bool {
		v := c.base + int64(i)*daySeconds*nanos
		return v > c.from && c.closedBefore(v) > x
	}) - 1
	lo := max(c.from, c.base+int64(day)*daySeconds*nanos)
	n := sort.Search(daySeconds, func(i int) bool {
		v := lo + int64(i+1)*nanos
		return v >= c.end || c.closedBefore(v) > x
	})
	v := lo + int64(n)*nanos
	return v + x - c.closedBefore(v)
}
