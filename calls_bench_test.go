package sla_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"example.com/sla"
	"example.com/sla/capacity"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// benchCalls are a million calls of a month, roughly in the order of time: as they were received, give or take some seconds.
func benchCalls() []performance.Call {
	random := rand.New(rand.NewPCG(1, 1))
	start := local("2026-10-01 00:00")
	out := make([]performance.Call, 100_000)
	for i := range out {
		out[i] = performance.Call{
			At:      start.Add(time.Duration(i)*2600*time.Millisecond + time.Duration(random.IntN(9000))*time.Millisecond),
			Persons: 1 + random.IntN(10), Response: time.Duration(random.IntN(14_000)) * time.Millisecond, Answered: random.IntN(50) > 0,
		}
	}
	return out
}

// BenchmarkCalls judges calls: both limits, the delivery precision, and the peaks per second and minute; a whole month's tally counts sliding peaks and concurrency too.
func BenchmarkCalls(b *testing.B) {
	calls := benchCalls()
	report := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(calls)), "ns/call")
	}
	rule := presetRules().Agreement().Performance.Rule
	for _, open := range []string{"without opening hours", "with opening hours"} {
		b.Run(open, func(b *testing.B) {
			if open == "with opening hours" {
				rule.Opening = openingHours(b)
			}
			b.ReportAllocs()
			var fast performance.Tally
			var much capacity.Tally
			for b.Loop() {
				for some := range slices.Chunk(calls, 1000) {
					if err := fast.Add(&rule, some...); err != nil {
						b.Fatal(err)
					}
					for i := range some {
						much.Add(some[i].At)
					}
				}
			}
			report(b)
		})
	}
	b.Run("month", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, err := presetRules().Month(month("2026-10"), local("2026-11-01 00:00"))
			if err != nil {
				b.Fatal(err)
			}
			for i := range calls {
				m.Call(calls[i])
			}
		}
		report(b)
	})
}

func openingHours(b *testing.B) *servicetime.Calendar {
	b.Helper()
	c, err := servicetime.Compile(sla.SSBTEK().ServiceTimes["opening"].Schedule, time.LoadLocation)
	if err != nil {
		b.Fatal(err)
	}
	return c
}
