package performance

import (
	"fmt"
	"math/bits"
	"time"

	"example.com/sla/servicetime"
)

// A histogram counts response times by the millisecond that they take up, rounded up: exact below 256 ms, and from there on in buckets of which
// each is at most 1/128 as wide as its least value. It is for reading alone; no verdict comes from it.
type histogram struct {
	buckets [lastBucket + 1]int64
	max     time.Duration // exact
}

// lastBucket is the bucket of maxResponse, which takes 43 bits.
const lastBucket = (43-8)<<7 + 255

func (h *histogram) add(d time.Duration) {
	h.buckets[bucketOf(millis(d))]++
	h.max = max(h.max, d)
}

// millis rounds up.
func millis(d time.Duration) uint64 { return uint64(d+time.Millisecond-1) / uint64(time.Millisecond) }

func (h *histogram) merge(o *histogram) {
	for i, n := range o.buckets {
		h.buckets[i] += n
	}
	h.max = max(h.max, o.max)
}

// bucketOf is the bucket of a number of milliseconds: its eight highest bits, and how many lie below them.
//
//	0 … 255      buckets 0 … 255    of 1 ms
//	256 … 511            256 … 383     2 ms
//	512 … 1023           384 … 511     4 ms
func bucketOf(ms uint64) int {
	low := bits.Len64(ms|128) - 8
	return low<<7 + int(ms>>(low&63)) // low is at most 56, which the compiler does not see
}

// most is the largest number of milliseconds in a bucket.
func most(bucket int) uint64 {
	low := max(bucket>>7-1, 0)
	return uint64(bucket-low<<7+1)<<low - 1
}

// last is the last bucket that is not empty, -1 if all are.
func (h *histogram) last() int {
	for i := lastBucket; i >= 0; i-- {
		if h.buckets[i] != 0 {
			return i
		}
	}
	return -1
}

// A Bin is how many answered calls took at most so long, and longer than the bin before: whole milliseconds up to 255 ms, above that with an error of less than 1/128. No
// verdict comes from it.
type Bin struct {
	Most  time.Duration `json:"most"`
	Calls int64         `json:"calls"`
}

// bins are those that have calls.
func (h *histogram) bins() []Bin {
	var bins []Bin
	for i, n := range h.buckets {
		if n > 0 {
			bins = append(bins, Bin{time.Duration(most(i)) * time.Millisecond, n})
		}
	}
	return bins
}

// Percentiles are response times of answered calls, for reading: no verdict comes from them. A percentile is the time that so many percent of the calls took
// at most, by nearest rank, and is never too low: it is rounded up to a whole millisecond, and above 255 ms by less than 1/128 more.
// Max is exact. They are 0 without calls.
type Percentiles struct {
	P50 time.Duration `json:"p50"`
	P90 time.Duration `json:"p90"`
	P95 time.Duration `json:"p95"`
	P99 time.Duration `json:"p99"`
	Max time.Duration `json:"max"`
}

func (h *histogram) percentiles() Percentiles {
	p := Percentiles{Max: h.max}
	n := total(h.buckets[:])
	for _, part := range []struct {
		to      *time.Duration
		percent uint64
	}{{&p.P50, 50}, {&p.P90, 90}, {&p.P95, 95}, {&p.P99, 99}} {
		// The nearest rank is ⌈percent × n ⁄ 100⌉.
		hi, lo := bits.Mul64(part.percent, n)
		rank, rest := bits.Div64(hi, lo, 100)
		if rest > 0 {
			rank++
		}
		var sum uint64
		for i, m := range h.buckets {
			if sum += uint64(m); m > 0 && sum >= rank {
				*part.to = min(time.Duration(most(i))*time.Millisecond, h.max)
				break
			}
		}
	}
	return p
}

// String is the percentiles in a line, with their error: p50 1.287 s, p90 6.527 s, p95 7.103 s, p99 9.983 s (each less than 1 ms + 1/128 too high), max 11.8 s.
func (p Percentiles) String() string {
	f := servicetime.FormatDuration
	return fmt.Sprintf("p50 %s, p90 %s, p95 %s, p99 %s (each less than 1 ms + 1/128 too high), max %s", f(p.P50), f(p.P90), f(p.P95), f(p.P99), f(p.Max))
}
