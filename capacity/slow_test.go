package capacity_test

import (
	"math/rand/v2"
	"slices"
	"time"

	"example.com/sla/capacity"
)

// A slow, obviously right oracle: of every call, look at all calls.

func byStart(calls []record) []record {
	calls = slices.Clone(calls)
	slices.SortStableFunc(calls, func(a, b record) int { return a.at.Compare(b.at) })
	return calls
}

// slowSliding is the fullest [t, t+w) with t at a call.
func slowSliding(calls []record, w time.Duration) (peak capacity.Peak) {
	for _, first := range byStart(calls) {
		n := int64(0)
		for _, c := range calls {
			if !c.at.Before(first.at) && c.at.Before(first.at.Add(w)) {
				n++
			}
		}
		if n > peak.Count {
			peak = capacity.Peak{Count: n, At: first.at.UTC()}
		}
	}
	return peak
}

// slowConcurrent is the most calls that occupy an instant; it can only be one at which a call starts.
func slowConcurrent(calls []record) (peak capacity.Peak) {
	for _, at := range byStart(calls) {
		n := int64(0)
		for _, c := range calls {
			if !c.at.After(at.at) && c.at.Add(c.lasting).After(at.at) {
				n++
			}
		}
		if n > peak.Count {
			peak = capacity.Peak{Count: n, At: at.at.UTC()}
		}
	}
	return peak
}

// slowCalendar is the fullest window of the clock.
func slowCalendar(calls []record, w time.Duration) (peak capacity.Peak) {
	counts := map[int64]int64{}
	floor := func(t time.Time) int64 {
		v, n := t.UnixNano(), int64(w)
		return v - (v%n+n)%n
	}
	for _, c := range calls {
		counts[floor(c.at)]++
	}
	for _, c := range byStart(calls) {
		if n := counts[floor(c.at)]; n > peak.Count {
			peak = capacity.Peak{Count: n, At: time.Unix(0, floor(c.at)).UTC()}
		}
	}
	return peak
}

// slowBucket is the fullest level of a bucket that takes one of each call and loses max in per, in units of 1/per: exact while these fit.
func slowBucket(calls []record, limit capacity.Limit) (peak capacity.Peak) {
	per := int64(limit.Per)
	level, most := int64(0), int64(0)
	var last time.Time
	for i, c := range byStart(calls) {
		if i > 0 {
			level = max(0, level-int64(c.at.Sub(last))*limit.Max)
		}
		last = c.at
		level += per
		if level > most {
			most, peak = level, capacity.Peak{Count: (level + per - 1) / per, At: c.at.UTC()}
		}
	}
	return peak
}

// slowMean is how many calls were going on, summed over the millisecond between the first and the last start.
func slowMean(calls []record) float64 {
	calls = byStart(calls)
	first, last := calls[0].at, calls[len(calls)-1].at
	going, steps := 0, 0
	for at := first; at.Before(last); at = at.Add(time.Millisecond) {
		for _, c := range calls {
			if !c.at.After(at) && c.at.Add(c.lasting).After(at) {
				going++
			}
		}
		steps++
	}
	return float64(going) / float64(steps)
}

// randomCalls come in bursts and lulls, many at one instant or a window apart, in no order, and some last no time.
func randomCalls(random *rand.Rand, n int) []record {
	gaps := []time.Duration{0, 0, 0, 1, time.Millisecond, 250 * time.Millisecond, time.Second - 1, time.Second, time.Second + 1, 20 * time.Second, time.Minute - 1, time.Minute, time.Hour}
	lasts := []time.Duration{0, 1, 500 * time.Millisecond, time.Second, 7 * time.Second, 12 * time.Second, 90 * time.Second, 3 * time.Hour}
	wide := 4 + random.IntN(len(gaps)-3)
	at := time.Date(2026, 10, 26, 8, 30, random.IntN(60), 0, time.UTC)
	if random.IntN(20) == 0 {
		at = time.Date(1969, 12, 31, 23, 58, 30, 0, time.UTC)
	}
	var out []record
	for range n {
		at = at.Add(gaps[random.IntN(wide)])
		out = append(out, record{at, lasts[random.IntN(len(lasts))]})
	}
	return out
}
