package performance_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/performance"
)

// Ten million calls, at the rate of so many a month and in the order of time but for two seconds, as from several servers. One in a thousand is not answered, one in ten
// takes longer than 7 s. They are made before the clock runs: those of a Monday from 06:00 to 13:26, which comes a hundred times.
const (
	benchCalls = 10_000_000
	benchParts = 100
)

func benchMonday() []performance.Call {
	random := rand.New(rand.NewPCG(1, 2))
	monday := time.Date(2026, 10, 5, 4, 0, 0, 0, time.UTC)
	calls := make([]performance.Call, benchCalls/benchParts)
	for i := range calls {
		calls[i] = performance.Call{
			At:       monday.Add(time.Duration(i)*(31*24*time.Hour/benchCalls) + time.Duration(random.Int64N(int64(2*time.Second)))),
			Response: time.Duration(random.ExpFloat64() * float64(3*time.Second)),
			Persons:  1 + int(random.ExpFloat64())%10,
			Answered: random.IntN(1000) > 0,
		}
	}
	return calls
}

func benchAdd(b *testing.B, rule performance.Rule, calls []performance.Call) {
	b.ReportAllocs()
	for b.Loop() {
		var t performance.Tally
		for range benchParts {
			for i := range calls {
				if err := t.Add(&rule, calls[i]); err != nil {
					b.Fatal(err)
				}
			}
		}
		r, err := t.Result(&rule)
		require.NoError(b, err)
		require.NotZero(b, r.Base.Total()+int64(len(r.Legs)))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchCalls, "ns/call")
}

func BenchmarkAdd(b *testing.B) { benchAdd(b, ssbtek(), benchMonday()) }

func BenchmarkAddOpening(b *testing.B) {
	rule := ssbtek()
	rule.Opening = office()
	benchAdd(b, rule, benchMonday())
}

// In no order at all: hardly a call comes in the hour of the one before.
func BenchmarkAddShuffled(b *testing.B) {
	rule := ssbtek()
	rule.Opening = office()
	calls := benchMonday()
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
	benchAdd(b, rule, calls)
}

// Each call is a leg to one of seven providers.
func BenchmarkAddLegs(b *testing.B) {
	calls := benchMonday()
	for i := range calls {
		calls[i].Provider = providers[i%len(providers)]
	}
	benchAdd(b, ssbtek(), calls)
}

// Two tallies of a month with ten million calls each.
func BenchmarkMerge(b *testing.B) {
	rule := ssbtek()
	var part performance.Tally
	for _, c := range benchMonday() {
		require.NoError(b, part.Add(&rule, c))
	}
	b.ReportAllocs()
	for b.Loop() {
		var sum performance.Tally
		require.NoError(b, sum.Merge(&part))
	}
}
