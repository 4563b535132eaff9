package continuity_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// manyServices need up to three of those before them, in layers, and are listed in any order.
func manyServices(n int) []continuity.Service {
	random := rand.New(rand.NewPCG(7, 8))
	out := make([]continuity.Service, n)
	for i := range out {
		out[i] = continuity.Service{Name: "service-" + strconv.Itoa(i), Priority: 1 + random.IntN(5), Restart: servicetime.Duration(1+random.IntN(30)) * servicetime.Duration(time.Minute)}
		for range min(i, random.IntN(4)) {
			out[i].Needs = append(out[i].Needs, "service-"+strconv.Itoa(max(0, i-1-random.IntN(500))%max(i, 1)))
		}
	}
	random.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// 10,000 services are to take at most 50 ms.
func BenchmarkRestart(b *testing.B) {
	in := manyServices(10_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := continuity.Restart(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWithCrews(b *testing.B) {
	o, err := continuity.Restart(manyServices(10_000))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := o.WithCrews(20); err != nil {
			b.Fatal(err)
		}
	}
}

// A year of hourly backups.
func BenchmarkJudge(b *testing.B) {
	rule := continuity.Rule{Calendar: office(b), Objectives: continuity.Objectives{RPO: objective("2 h"), BackupEvery: objective("1 h")}}
	var rec continuity.Records
	start := at("2026-01-01 00:00")
	for i := range 8760 {
		data := start.Add(time.Duration(i) * time.Hour)
		rec.Backups = append(rec.Backups, continuity.Backup{DataAt: data, DoneAt: data.Add(10 * time.Minute), VerifiedAt: data.Add(10 * time.Minute)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rule.Judge(rec, servicetime.Span{}, at("2027-01-01 00:00")); err != nil {
			b.Fatal(err)
		}
	}
}

// A year's check of the promises of 10,000 services.
func BenchmarkChainConflicts(b *testing.B) {
	rule, in := continuity.Rule{Calendar: office(b)}, manyServices(10_000)
	for i := range in {
		in[i].RTO = objective([]string{"72 h", "1 working week", ""}[i%3])
	}
	for b.Loop() {
		if _, err := rule.ChainConflicts(in, servicetime.Year(2026)); err != nil {
			b.Fatal(err)
		}
	}
}
