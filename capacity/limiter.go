package capacity

import (
	"errors"
	"fmt"
	"math/bits"
	"time"

	"example.com/sla/servicetime"
)

// ErrOrder is the cause where a call comes earlier than the order of time allows.
var ErrOrder = errors.New("not in the order of time")

// A Limiter says of each call, in the order of time, whether it is within a limit: which calls are beyond an agreed capacity, or which to refuse. A call that is
// refused takes no place in a window or a bucket: of a minute with 250 calls, a calendar limit of 200 admits the first 200.
//
//	calendar   counts the window of the clock anew: two windows' calls may come within one, around an edge
//	sliding    admits what is fewer than Max in the window that ends with the call, itself included; it remembers as many instants
//	bucket     admits what finds a token: there are Burst at first and at most, and one more in each Per/Max
//	gcra       admits what is not ahead of its theoretical arrival time by more than Burst−1 intervals Per/Max
//
// The last two are two accounts of one rule. A limiter comes from [NewLimiter], and is not safe for several goroutines.
type Limiter struct {
	limit   Limit
	allowed int64
	last    int64 // when the call before came
	window  int64 // calendar: the number of the window
	count   int64 // calendar: admitted in it
	log     []int64
	next    int   // sliding: the place of the oldest in the log, once it is full
	fill    level // bucket, gcra: what the burst has not got back yet
	drain   drain
}

// NewLimiter makes a limiter that has not seen a call.
//
// It returns an error: those of [Limit.Check], and one wrapping [ErrLimit] for concurrency, which instants alone do not tell.
func NewLimiter(l Limit) (*Limiter, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	if l.Kind == Concurrency {
		return nil, &servicetime.Fault{Path: "kind", Code: "bad_request", Value: l.Kind.String(), Err: fmt.Errorf("capacity: %w: a limiter has a count or a rate", ErrLimit)}
	}
	m := &Limiter{limit: l, allowed: l.Allowed(), last: firstNano}
	m.window = -1
	if l.bucket() {
		m.drain = drain{l.Max, int64(l.Per)}
	}
	return m, nil
}

// Allow reports whether a call that comes at an instant is within the limit, and takes its place if it is. Calls may come at one instant.
//
// It returns an error, and takes no place:
//   - wrapping [ErrOrder] if it comes before the call that was asked for last,
//   - wrapping [servicetime.ErrRange] if it lies outside the years 1970 to 2200.
func (m *Limiter) Allow(at time.Time) (bool, error) {
	t, err := instant(at)
	if err != nil {
		return false, err
	}
	if m.allowed == 0 {
		return false, fmt.Errorf("capacity: %w: make a limiter with NewLimiter", ErrLimit)
	}
	if t < m.last {
		return false, fmt.Errorf("capacity: %s: %w: the one before came %s", stamp(t), ErrOrder, stamp(m.last))
	}
	before := m.last
	m.last = t
	switch m.limit.Model {
	case Calendar:
		w := int64(m.limit.window())
		// A day before 1970 is a multiple of every window.
		if number := (t - firstNano) / w; number != m.window {
			m.window, m.count = number, 0
		}
		if m.count == m.allowed {
			return false, nil
		}
		m.count++
	case Sliding:
		if int64(len(m.log)) < m.allowed {
			m.log = append(m.log, t)
			break
		}
		if t-m.log[m.next] < int64(m.limit.window()) {
			return false, nil
		}
		m.log[m.next] = t
		if m.next++; m.next == len(m.log) {
			m.next = 0
		}
	default:
		m.fill = m.drain.after(m.fill, t-before)
		if m.fill.calls > m.allowed-1 || m.fill.calls == m.allowed-1 && m.fill.part > 0 {
			return false, nil
		}
		m.fill.calls++
	}
	return true, nil
}

// instant turns a time into nanoseconds since 1970-01-01 UTC.
func instant(t time.Time) (int64, error) {
	sec, part := t.Unix(), int64(t.Nanosecond())
	if sec < firstSecond || sec > lastSecond || sec == lastSecond && part > 0 {
		return 0, outside(t)
	}
	return sec*nanos + part, nil
}

func outside(t time.Time) error {
	if t.IsZero() {
		return fmt.Errorf("capacity: the zero time: %w", servicetime.ErrRange)
	}
	return fmt.Errorf("capacity: %s: %w", t.Format(time.RFC3339Nano), servicetime.ErrRange)
}

// stamp writes an instant for an error.
func stamp(v int64) string { return time.Unix(0, v).UTC().Format(time.RFC3339Nano) }

// A level is what is in a bucket, in calls and a part of one: calls + part/per, with 0 ≤ part < per. It may be negative, then the part
// still adds.
type level struct {
	calls int64
	part  int64
}

// A drain empties a bucket by so many calls in so many nanoseconds, at most one in each. So what it drains in the whole range of
// instants fits an int64.
type drain struct{ calls, per int64 }

// of is how much goes in a time.
func (d drain) of(dt int64) level {
	hi, lo := bits.Mul64(uint64(d.calls), uint64(dt))
	calls, part := bits.Div64(hi, lo, uint64(d.per))
	return level{int64(calls), int64(part)}
}

func (d drain) plus(a, b level) level {
	sum := level{a.calls + b.calls, a.part + b.part}
	if sum.part >= d.per {
		sum.part -= d.per
		sum.calls++
	}
	return sum
}

func (d drain) minus(a, b level) level {
	diff := level{a.calls - b.calls, a.part - b.part}
	if diff.part < 0 {
		diff.part += d.per
		diff.calls--
	}
	return diff
}

// after is a level after a time without calls: a bucket is not emptier than empty.
func (d drain) after(l level, dt int64) level {
	if l = d.minus(l, d.of(dt)); l.calls < 0 {
		return level{}
	}
	return l
}

func (l level) over(o level) bool { return l.calls > o.calls || l.calls == o.calls && l.part > o.part }

// up is the level in whole calls.
func (l level) up() int64 {
	if l.part > 0 {
		return l.calls + 1
	}
	return l.calls
}
