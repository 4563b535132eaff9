package capacity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// Lateness is how far behind the newest call one may come to a timeline and still be in time: calls are often recorded when they end.
const Lateness = 2 * time.Minute

// A Timeline gathers what depends on the order of calls: how many came within a second or a minute that begins at any of them, how many were going on at
// once, and how full a bucket became. Calls need not come in order: they wait until none that is in time can come before them (see [Lateness]).
// What comes later than that is refused rather than counted wrong; sort such records first.
//
//	calls       |--|            a call that lasts no time occupies nothing;
//	              |----|        one that ends when another starts is not going on with it
//	                 |--|
//	at once     1 2 1 2 1
//
// The timelines of stretches of time that follow each other, merged in any order of merging that leaves no gap for another, are bit for bit that of the
// whole; those of stretches that interleave cannot be merged.
//
// It grows with the highest peaks, not with the number of calls: by 8 to 16 bytes for each call of the highest peak in its longest window and at once, and
// by 16 for each that waits.
//
// The zero value is ready, and measures the sliding second and minute, and concurrency; [NewTimeline] measures more. A timeline is
// not safe for several goroutines, and not to be copied after its first call.
type Timeline struct {
	stretch
	waiting  []call // at most as many as cap allows before they are looked at
	newest   int64  // the latest start so far, behind firstNano
	unsorted bool
}

// A call starts at an instant, in nanoseconds, and occupies [start, start+lasting).
type call struct{ start, lasting int64 }

// NewTimeline makes a timeline that also measures what limits need: their sliding windows and their buckets. The calendar ones need a [Tally].
//
// Its errors are those of [Limit.Check], each with its path, such as limits[1].max.
func NewTimeline(limits ...Limit) (*Timeline, error) {
	var errs []error
	t := &Timeline{}
	t.init()
	for i, l := range limits {
		if err := l.Check(); err != nil {
			errs = append(errs, servicetime.Nest(fmt.Sprintf("limits[%d]", i), err)...)
			continue
		}
		switch {
		case l.bucket():
			if d := (drain{l.Max, int64(l.Per)}); t.bucket(d) == nil {
				t.buckets = append(t.buckets, bucket{drain: d})
			}
		case l.Model == Sliding:
			if w := int64(l.window()); t.window(w) == nil {
				t.windows = append(t.windows, window{length: w})
			}
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	// In an order of their own, so that the order of limits does not show.
	slices.SortFunc(t.windows, func(a, b window) int { return cmp.Compare(a.length, b.length) })
	slices.SortFunc(t.buckets, func(a, b bucket) int {
		return cmp.Or(cmp.Compare(a.per, b.per), cmp.Compare(a.calls, b.calls))
	})
	return t, nil
}

// Add adds a call that starts at an instant and lasts so long: of an unanswered call, until its error (§3.1.2).
//
// It returns an error, and counts the call as refused and nothing else:
//   - wrapping [ErrOrder] if the call comes too late. One that comes at most [Lateness] behind the newest never does, unless
//     the timeline was merged or read in between: it then does if it starts before the last one there,
//   - wrapping [servicetime.ErrRange] if it starts or ends outside the years 1970 to 2200,
//   - wrapping [servicetime.ErrBackwards] if it lasts less than no time.
func (t *Timeline) Add(at time.Time, lasting time.Duration) error {
	// The commonest case first, without what an error would need.
	sec := at.Unix()
	start := sec*nanos + int64(at.Nanosecond())
	if sec < firstSecond || sec >= lastSecond || uint64(lasting) > uint64(lastSecond*nanos-start) || start < t.last && t.calls > 0 {
		if err := t.refusal(at, lasting); err != nil {
			t.refused++
			return err
		}
	}
	if len(t.waiting) == cap(t.waiting) {
		t.advance()
	}
	t.waiting = append(t.waiting, call{start, int64(lasting)})
	if late := start - firstNano; late < t.newest {
		t.unsorted = true
	} else {
		t.newest = late
	}
	return nil
}

// refusal is why a call is not taken, nil if it is.
func (t *Timeline) refusal(at time.Time, lasting time.Duration) error {
	start, err := instant(at)
	switch {
	case err != nil:
		return err
	case lasting < 0:
		return fmt.Errorf("capacity: a call at %s lasts %s: %w", stamp(start), lasting, servicetime.ErrBackwards)
	case int64(lasting) > lastSecond*nanos-start:
		return fmt.Errorf("capacity: a call at %s lasts %s: %w", stamp(start), lasting, servicetime.ErrRange)
	case t.calls > 0 && start < t.last:
		return fmt.Errorf("capacity: a call at %s: %w: it comes too late behind one at %s", stamp(start), ErrOrder, stamp(t.newest+firstNano))
	}
	return nil
}

// advance takes the calls before which no other can come any more, and makes room.
func (t *Timeline) advance() {
	t.init()
	if t.unsorted {
		inOrder(t.waiting)
		t.unsorted = false
	}
	done, _ := slices.BinarySearchFunc(t.waiting, t.newest+firstNano-int64(Lateness), func(c call, v int64) int { return cmp.Compare(c.start, v) })
	t.take(t.waiting[:done])
	rest := t.waiting[done:]
	if len(rest) > cap(t.waiting)/2 || cap(t.waiting) == 0 {
		t.waiting = append(make([]call, 0, max(1024, 2*cap(t.waiting))), rest...)
		return
	}
	t.waiting = t.waiting[:copy(t.waiting, rest)]
}

// inOrder sorts calls by start. Most come nearly in order, which shifting a few finishes soonest.
func inOrder(calls []call) {
	shifts := 16 * len(calls)
	for i := 1; i < len(calls); i++ {
		c, j := calls[i], i
		for ; j > 0 && calls[j-1].start > c.start; j-- {
			calls[j] = calls[j-1]
		}
		calls[j] = c
		if shifts -= i - j; shifts < 0 {
			slices.SortFunc(calls, func(a, b call) int { return cmp.Compare(a.start, b.start) })
			return
		}
	}
}

// settled is the timeline as if none could wait: a copy, so that more may come.
func (t *Timeline) settled() *stretch {
	s := t.clone()
	s.init()
	rest := slices.Clone(t.waiting)
	inOrder(rest)
	s.take(rest)
	s.settle()
	return &s
}

// Merge adds the calls of another timeline, all of which start when or after those of this one did, or all when or before they did.
//
// It returns an error, and adds nothing:
//   - wrapping [ErrOrder] if their stretches of time interleave, or the other is nil or the same,
//   - wrapping [ErrMeasured] if the two do not measure the same windows and buckets.
func (t *Timeline) Merge(o *Timeline) error {
	if o == nil || o == t {
		return fmt.Errorf("capacity: merge: %w: a timeline with itself, or with none", ErrOrder)
	}
	a, b := t.settled(), o.settled()
	if !a.alike(b) {
		return fmt.Errorf("capacity: merge: %w: make both timelines with the same limits", ErrMeasured)
	}
	switch {
	case a.calls == 0 || b.calls == 0 || a.last <= b.first:
	case b.last <= a.first:
		a, b = b, a
	default:
		return fmt.Errorf("capacity: merge: %w: %s to %s and %s to %s interleave", ErrOrder, stamp(a.first), stamp(a.last), stamp(b.first), stamp(b.last))
	}
	*t = Timeline{stretch: a.then(b)}
	t.newest = max(t.last-firstNano, 0)
	return nil
}

// A Flow is what the order of calls tells (§4.7, §5): peaks that no clock's window shows, and how many calls were going on at once.
type Flow struct {
	Calls int64 `json:"calls"`
	// Span is from the first start to the last one.
	Span servicetime.Span `json:"span,omitzero"`
	// Second and Minute are the most calls in a second, and in a minute, that begins at any of them.
	Second Peak `json:"sliding_second"`
	Minute Peak `json:"sliding_minute"`
	// Concurrent is the most calls at once.
	Concurrent Peak `json:"concurrent"`
	// Mean is how long a call lasted on average, rounded down to the nanosecond.
	Mean time.Duration `json:"mean"`
	// Little is the mean concurrency by Little's law, the rate of calls in the span times Mean, and Measured the one that was seen in the span, over time: a
	// self-check. They differ by what of the calls runs over the end of the span; where that is much, the span is too short for a mean.
	// Both are for reading, and 0 for a span of no length.
	Little   float64 `json:"little"`
	Measured float64 `json:"measured"`
	// Refused is how many calls Add refused.
	Refused int64 `json:"refused,omitzero"`
}

// Result is the flow of the calls so far, those that wait included. More may come.
func (t *Timeline) Result() Flow {
	s := t.settled()
	f := Flow{Calls: s.calls, Refused: s.refused, Concurrent: s.concurrent()}
	f.Second = s.window(nanos).result()
	f.Minute = s.window(int64(time.Minute)).result()
	if s.calls == 0 {
		return f
	}
	f.Span = servicetime.Span{From: time.Unix(0, s.first).UTC(), To: time.Unix(0, s.last).UTC()}
	f.Mean = s.busy.over(s.calls)
	if length := s.last - s.first; length > 0 {
		f.Little = s.busy.seconds() / (float64(length) / 1e9)
		within := s.busy
		for _, end := range s.ends {
			within = within.less(end - s.last)
		}
		f.Measured = within.seconds() / (float64(length) / 1e9)
	}
	return f
}

// String is the flow in a line:
//
//	10432 calls; most in any second 12 at 2026-10-26 08:31:07.25 UTC, in any minute 231 at 2026-10-26 08:31:02.5 UTC, at once 31 at
//	2026-10-26 08:31:09 UTC; mean concurrency 7.85, by Little's law 7.86
func (f Flow) String() string {
	text := "no calls"
	if f.Calls > 0 {
		text = fmt.Sprintf("%d calls; most in any second %s, in any minute %s, at once %s; mean concurrency %.2f, by Little's law %.2f",
			f.Calls, f.Second, f.Minute, f.Concurrent, f.Measured, f.Little)
	}
	if f.Refused > 0 {
		text += fmt.Sprintf("; %d refused", f.Refused)
	}
	return text
}

// peak is that of a limit; it is not measured where the timeline was not told to, or is none.
func (s *stretch) peak(l Limit) (Peak, bool) {
	switch {
	case s == nil:
		return Peak{}, false
	case l.Kind == Concurrency:
		return s.concurrent(), true
	case l.bucket():
		b := s.bucket(drain{l.Max, int64(l.Per)})
		if b == nil {
			return Peak{}, false
		}
		p := Peak{}
		p.raise(b.peak.up(), b.peakAt)
		return p, true
	}
	w := s.window(int64(l.window()))
	if w == nil {
		return Peak{}, false
	}
	return w.result(), true
}

// verdict is no data without calls: no call at once may be calls that last no time.
func (s *stretch) verdict(peak, allowed int64) compliance.Verdict {
	if s == nil || s.calls == 0 {
		return compliance.NoData
	}
	return atMost(peak, allowed)
}
