package capacity_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
)

// Ten million calls of a month, as a stream has them: 4 a second on average, of 7 s on average.
const month = 10_000_000

type record struct {
	at      time.Time
	lasting time.Duration
}

func benchCalls(n int) []record {
	random := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 9, 30, 22, 0, 0, 0, time.UTC)
	out := make([]record, n)
	for i := range out {
		at = at.Add(time.Duration(random.ExpFloat64() * 250e6)).Truncate(time.Millisecond)
		out[i] = record{at, time.Duration(2000+random.IntN(10000)) * time.Millisecond}
	}
	return out
}

// byEnd is the order in which an operator's log has them.
func byEnd(calls []record) []record {
	calls = slices.Clone(calls)
	slices.SortStableFunc(calls, func(a, b record) int {
		return cmp.Compare(a.at.Add(a.lasting).UnixNano(), b.at.Add(b.lasting).UnixNano())
	})
	return calls
}

func BenchmarkTallyAdd(b *testing.B) {
	calls := benchCalls(1 << 20)
	for _, bench := range []struct {
		name  string
		calls []record
	}{{"in order", calls}, {"by end", byEnd(calls)}} {
		instants := make([]time.Time, len(calls))
		for i, c := range bench.calls {
			instants[i] = c.at
		}
		b.Run(bench.name, func(b *testing.B) {
			var t capacity.Tally
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				t.Add(instants[i&(len(calls)-1)])
			}
		})
	}
}

func BenchmarkTallyResult(b *testing.B) {
	var t capacity.Tally
	for _, c := range benchCalls(1 << 20) {
		t.Add(c.at)
	}
	for b.Loop() {
		if t.Result().Calls != 1<<20 {
			b.Fatal("lost calls")
		}
	}
}

// A month of calls, and its rival: all starts and ends sorted, and swept once.
func BenchmarkTimeline(b *testing.B) {
	calls := benchCalls(month)
	ended := byEnd(calls)
	peak := int64(0)
	for _, bench := range []struct {
		name  string
		calls []record
	}{{"in order", calls}, {"by end", ended}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var t capacity.Timeline
				for i := range bench.calls {
					if err := t.Add(bench.calls[i].at, bench.calls[i].lasting); err != nil {
						b.Fatal(err)
					}
				}
				peak = t.Result().Concurrent.Count
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/month, "ns/call")
		})
	}
	b.Run("rival sort and sweep", func(b *testing.B) {
		for b.Loop() {
			starts, ends := make([]int64, month), make([]int64, month)
			for i, c := range ended {
				starts[i] = c.at.UnixNano()
				ends[i] = starts[i] + int64(c.lasting)
			}
			slices.Sort(starts)
			slices.Sort(ends)
			going, most := 0, 0
			for i, start := range starts {
				for ends[i-going] <= start {
					going--
				}
				going++
				most = max(most, going)
			}
			if peak > 0 { // of the others, where they ran
				require.EqualValues(b, peak, most)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/month, "ns/call")
	})
}
