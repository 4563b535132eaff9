package availability_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/servicetime"
)

// A million events: the beginnings and the ends of half a million outages, of a second to a minute, over a year, by start; and a hundred service windows.
const events = 1_000_000

func benchOutages() []servicetime.Span {
	random := rand.New(rand.NewPCG(1, 2))
	year := time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)
	seconds := int64(365 * 24 * 3600)
	out := make([]servicetime.Span, events/2)
	for i := range out {
		from := year.Add(time.Duration(random.Int64N(seconds)) * time.Second)
		out[i] = servicetime.Span{From: from, To: from.Add(time.Duration(1+random.IntN(60)) * time.Second)}
	}
	slices.SortFunc(out, func(a, b servicetime.Span) int { return a.From.Compare(b.From) })
	return out
}

func benchWindows() []availability.Window {
	var out []availability.Window
	for i := range 100 {
		from := time.Date(2026, 1, 1, 14, 0, 0, 0, time.UTC).AddDate(0, 0, 3*i)
		out = append(out, availability.Window{PlannedFrom: from, PlannedTo: from.Add(2 * time.Hour), ActualTo: from.Add(3 * time.Hour), Announced: i%2 == 0})
	}
	return out
}

func benchMeasure(b *testing.B, outages []servicetime.Span) {
	opening, windows := opening(b), benchWindows()
	span, err := opening.Span(servicetime.Year(2026))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		var t availability.Tally
		for _, w := range windows {
			if err := t.Window(w); err != nil {
				b.Fatal(err)
			}
		}
		for i := range outages {
			if err := t.Down(outages[i].From, outages[i].To); err != nil {
				b.Fatal(err)
			}
		}
		m, err := t.Result(availability.Rule{Opening: opening}, span, span.To)
		if err != nil || m.Down == 0 {
			b.Fatal(m, err)
		}
	}
	perOutage := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(len(outages))
	b.ReportMetric(perOutage, "ns/outage")
	b.ReportMetric(perOutage/2, "ns/event")
}

func BenchmarkSorted(b *testing.B) { benchMeasure(b, benchOutages()) }

// The same far apart, so that hardly any touch.
func BenchmarkSortedApart(b *testing.B) {
	outages := benchOutages()
	for i := range outages {
		outages[i].To = outages[i].From.Add(time.Second)
	}
	benchMeasure(b, outages)
}

func BenchmarkUnsorted(b *testing.B) {
	outages := benchOutages()
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(outages), func(i, j int) { outages[i], outages[j] = outages[j], outages[i] })
	benchMeasure(b, outages)
}

// BenchmarkWallClock is for scale: what Icinga DB's SQL function get_sla_ok_percent does for each event, in the clearest Go: a walk over the
// ordered rows of state changes and downtimes of one service, on the wall clock, without opening hours.
func BenchmarkWallClock(b *testing.B) {
	type kind int
	const (
		stateChange kind = iota
		downtimeStart
		downtimeEnd
		end
	)
	type row struct {
		at    time.Time
		kind  kind
		state int
	}
	var rows []row
	for _, o := range benchOutages() { // two rows each, as there
		rows = append(rows, row{o.From, stateChange, 2}, row{o.To, stateChange, 0})
	}
	for _, w := range benchWindows() {
		rows = append(rows, row{w.PlannedFrom, downtimeStart, 0}, row{w.PlannedTo, downtimeEnd, 0})
	}
	from := time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)
	to := from.AddDate(1, 0, 0)
	rows = append(rows, row{to, end, 0})
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(b.kind, a.kind)) })
	b.ReportAllocs()
	for b.Loop() {
		var problem time.Duration
		state, downtimes, last := 0, 0, from
		for _, r := range rows {
			if state > 1 && downtimes == 0 {
				problem += r.at.Sub(last)
			}
			last = r.at
			switch r.kind {
			case stateChange:
				state = r.state
			case downtimeStart:
				downtimes++
			case downtimeEnd:
				downtimes--
			}
		}
		if percent := 100 * float64(to.Sub(from)-problem) / float64(to.Sub(from)); percent <= 0 {
			b.Fatal(percent)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/event")
}
