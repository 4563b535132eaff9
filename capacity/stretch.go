package capacity

import (
	"math/bits"
	"slices"
	"sort"
	"time"
)

// A stretch is what is known of calls in the order of time, and enough of its two edges to put another before or behind it.
type stretch struct {
	refused     int64
	calls       int64
	first, last int64   // starts, in nanoseconds
	head        []int64 // the starts less than the longest window behind the first
	recent      []int64 // the starts less than the longest window before the last, and maybe some before these
	windows     []window
	reached     []int64 // when the calls at once first were 1, 2, 3, …
	// ends are those of all calls going on, and maybe of some that have ended, no more than ever went on at once.
	ends    []int64
	hand    int // the place in ends that was taken last
	ordered int // for how many more calls ends is a heap, the earliest on top
	buckets []bucket
	busy    sum
}

// A window slides over the calls.
type window struct {
	length int64
	peak   int64
	at     int64 // the start of the first call of the earliest fullest one
}

// A bucket takes one of every call, and drains.
type bucket struct {
	drain
	level level // after the last call
	peak  level
	// What the level would be without a bottom, and its peak: a bucket that was filled to c before the first call is at max(level, c + net) after the last, and has
	// its peak at max(peak, c + netPeak).
	net, netPeak   level
	peakAt, netsAt int64 // the first instants
}

func (s *stretch) init() {
	if s.windows == nil {
		s.windows = []window{{length: nanos}, {length: int64(time.Minute)}}
	}
}

func (s *stretch) window(length int64) *window {
	for i := range s.windows {
		if s.windows[i].length == length {
			return &s.windows[i]
		}
	}
	return nil
}

func (s *stretch) bucket(d drain) *bucket {
	for i := range s.buckets {
		if s.buckets[i].drain == d {
			return &s.buckets[i]
		}
	}
	return nil
}

func (w *window) result() Peak {
	p := Peak{}
	p.raise(w.peak, w.at)
	return p
}

func (s *stretch) concurrent() Peak {
	p := Peak{}
	if n := len(s.reached); n > 0 {
		p.raise(int64(n), s.reached[n-1])
	}
	return p
}

func (s *stretch) longest() int64 { return s.windows[len(s.windows)-1].length }

func (s *stretch) clone() stretch {
	c := *s
	c.head, c.recent, c.windows = slices.Clone(s.head), slices.Clone(s.recent), slices.Clone(s.windows)
	c.reached, c.ends, c.buckets = slices.Clone(s.reached), slices.Clone(s.ends), slices.Clone(s.buckets)
	return c
}

// take adds calls, in order, none before the last.
func (s *stretch) take(calls []call) {
	if len(calls) == 0 {
		return
	}
	if s.calls == 0 {
		s.first, s.last = calls[0].start, calls[0].start
	}
	edge := s.first + s.longest()
	for i := 0; i < len(calls) && calls[i].start < edge; i++ {
		s.head = append(s.head, calls[i].start)
	}
	for i := range s.buckets {
		s.buckets[i].take(calls, s.last, s.calls == 0)
	}
	from := len(s.recent)
	for i := range calls {
		s.recent = append(s.recent, calls[i].start)
		s.busy.add(calls[i].lasting)
	}
	for i := range s.windows {
		s.windows[i].slide(s.recent, from)
	}
	for i := range calls {
		if calls[i].lasting > 0 { // one of no time occupies nothing
			s.occupy(calls[i].start, calls[i].start+calls[i].lasting)
		}
	}
	s.calls += int64(len(calls))
	s.last = calls[len(calls)-1].start
	if old := len(s.recent) - len(s.tail()); old > len(s.recent)/2 {
		s.recent = s.recent[:copy(s.recent, s.recent[old:])]
	}
}

// slide looks at the windows that end with each call from an index on. Only one that is fuller than all before matters: whether the peak and one more call lie
// within its length is one comparison.
//
//	peak 3        | | |    |   |  | |
//	window                  |-------|   the fourth last lies within: peak 4
func (w *window) slide(starts []int64, from int) {
	// A window that could be fuller has its first call in starts: what is no longer there lies a whole window behind.
	if w.peak > int64(len(starts)) {
		return
	}
	peak := int(w.peak)
	for k := max(from, peak); k < len(starts); k++ {
		if begin := starts[k-peak]; starts[k]-begin < w.length {
			peak++
			w.at = begin
		}
	}
	w.peak = int64(peak)
}

// probes is how many places occupy looks at before it puts them in order.
const probes = 64

// occupy adds a call to those at once. There are as many places as ever were occupied at once: if a call in one of them has ended, this one takes its place; if none
// has, there are more at once than ever. Most often a few looks find one that has ended. Where they do not, the places are made a heap for as many calls as
// there are places, so that no order of calls takes longer than the logarithm of their number.
func (s *stretch) occupy(start, end int64) {
	if s.ordered == 0 {
		n, hand := len(s.ends), s.hand
		for range min(n, probes) {
			if hand++; hand >= n {
				hand = 0
			}
			if s.ends[hand] <= start {
				s.ends[hand], s.hand = end, hand
				return
			}
		}
		if n <= probes {
			s.grow(start, end)
			return
		}
		slices.Sort(s.ends) // which is a heap
		s.ordered = n
	}
	s.ordered--
	ends, i := s.ends, 0
	if ends[0] > start {
		s.grow(start, end)
		ends = s.ends
		for i = len(ends) - 1; i > 0 && ends[(i-1)/2] > end; i = (i - 1) / 2 {
			ends[i] = ends[(i-1)/2]
		}
		ends[i] = end
		return
	}
	for child := 1; child < len(ends); child = 2*i + 1 {
		if child+1 < len(ends) && ends[child+1] < ends[child] {
			child++
		}
		if ends[child] >= end {
			break
		}
		ends[i] = ends[child]
		i = child
	}
	ends[i] = end
}

// grow adds a place.
func (s *stretch) grow(start, end int64) {
	if len(s.ends) == len(s.reached) {
		s.reached = append(s.reached, start)
	}
	s.ends = append(s.ends, end)
}

// going are the ends of the calls that go on behind the last start, in order.
func (s *stretch) going() []int64 {
	var out []int64
	for _, end := range s.ends {
		if end > s.last {
			out = append(out, end)
		}
	}
	slices.Sort(out)
	return out
}

// tail are the starts less than the longest window before the last.
func (s *stretch) tail() []int64 {
	return s.recent[sort.Search(len(s.recent), func(i int) bool { return s.recent[i] > s.last-s.longest() }):]
}

// take adds calls to a bucket whose last call was at an instant.
func (b *bucket) take(calls []call, last int64, first bool) {
	one := level{calls: 1}
	for i := range calls {
		gone := b.of(calls[i].start - last)
		last = calls[i].start
		if b.level = b.minus(b.level, gone); b.level.calls < 0 {
			b.level = level{}
		}
		b.level.calls++
		b.net = b.plus(b.minus(b.net, gone), one)
		if b.level.over(b.peak) {
			b.peak, b.peakAt = b.level, last
		}
		if first || b.net.over(b.netPeak) {
			b.netPeak, b.netsAt = b.net, last
		}
		first = false
	}
}

// alike reports whether two stretches measure the same.
func (s *stretch) alike(o *stretch) bool {
	return slices.EqualFunc(s.windows, o.windows, func(a, b window) bool { return a.length == b.length }) &&
		slices.EqualFunc(s.buckets, o.buckets, func(a, b bucket) bool { return a.drain == b.drain })
}

// settle leaves out what the calls to come need not know.
func (s *stretch) settle() {
	s.ends, s.recent = s.going(), slices.Clone(s.tail())
	s.hand, s.ordered = 0, 0
}

// then is this stretch with one behind it that measures the same, and starts when or after it ends.
func (s *stretch) then(o *stretch) stretch {
	sum := s.clone()
	sum.settle()
	switch {
	case o.calls == 0:
		sum.refused += o.refused
		return sum
	case s.calls == 0:
		sum = o.clone()
		sum.settle()
		sum.refused += s.refused
		return sum
	}
	sum.refused += o.refused
	sum.calls += o.calls
	sum.last = o.last
	sum.busy = s.busy.plus(o.busy)
	for _, start := range o.head {
		if start < s.first+s.longest() {
			sum.head = append(sum.head, start)
		}
	}
	sum.recent = append(sum.recent, o.tail()...)

	// Over the seam only what lies less than a window from it can be in one.
	seam := append(slices.Clone(s.tail()), o.head...)
	for i := range sum.windows {
		w := &sum.windows[i]
		w.slide(seam, len(s.tail()))
		if theirs := o.windows[i]; theirs.peak > w.peak {
			w.peak, w.at = theirs.peak, theirs.at
		}
	}
	// Of what went on over the seam the most is left at the instant at which so many of the others first went on.
	carried, left := s.going(), 0
	for i, at := range o.reached {
		for left < len(carried) && carried[left] <= at {
			left++
		}
		for i+1+len(carried)-left > len(sum.reached) {
			sum.reached = append(sum.reached, at)
		}
	}
	sum.ends = append(sum.ends, o.going()...)
	sum.settle()
	for i := range sum.buckets {
		sum.buckets[i].then(&o.buckets[i], o.first-s.last)
	}
	return sum
}

// then puts a bucket behind this one, whose first call comes so long after the last of this.
func (b *bucket) then(o *bucket, gap int64) {
	carried := b.after(b.level, gap)
	if rest := b.plus(carried, o.netPeak); rest.over(b.peak) && !o.peak.over(rest) {
		b.peakAt = o.netsAt
		if rest == o.peak {
			b.peakAt = min(o.netsAt, o.peakAt)
		}
		b.peak = rest
	} else if o.peak.over(b.peak) {
		b.peak, b.peakAt = o.peak, o.peakAt
	}
	before := b.minus(b.net, b.of(gap))
	if top := b.plus(before, o.netPeak); top.over(b.netPeak) {
		b.netPeak, b.netsAt = top, o.netsAt
	}
	b.net = b.plus(before, o.net)
	if b.level = b.plus(carried, o.net); o.level.over(b.level) {
		b.level = o.level
	}
}

// A sum of durations, in nanoseconds, which may be longer than the 292 years of an int64.
type sum struct{ hi, lo uint64 }

func (s *sum) add(d int64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(d), 0)
	s.hi += carry
}

func (s sum) plus(o sum) sum {
	lo, carry := bits.Add64(s.lo, o.lo, 0)
	return sum{s.hi + o.hi + carry, lo}
}

func (s sum) less(d int64) sum {
	lo, borrow := bits.Sub64(s.lo, uint64(d), 0)
	return sum{s.hi - borrow, lo}
}

func (s sum) seconds() float64 { return (float64(s.hi)*(1<<64) + float64(s.lo)) / 1e9 }

// over is the mean of so many durations: not more than the longest.
func (s sum) over(n int64) time.Duration {
	if s.hi >= uint64(n) {
		return 0 // unreachable: each fits an int64
	}
	q, _ := bits.Div64(s.hi, s.lo, uint64(n))
	return time.Duration(q)
}
