package capacity_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
	"example.com/sla/servicetime"
)

// §4.7, §4.8: 3 calls a second of 7 to 12 s are 21 to 36 at once.
func TestLittle(t *testing.T) {
	assert.InDelta(t, 21, capacity.Little(3, time.Second, 7*time.Second), 1e-12)
	assert.InDelta(t, 36, capacity.Little(180, time.Minute, 12*time.Second), 1e-12)
	assert.Zero(t, capacity.Little(3, 0, time.Second))
}

// Figures of printed Erlang tables, and the formulas by their definition.
func TestErlang(t *testing.T) {
	for _, row := range []struct {
		servers int
		load, b float64
	}{
		{1, 1, 0.5},
		{2, 1, 0.2},
		{5, 1.36, 0.01},
		{10, 4.46, 0.01},
		{20, 12.0, 0.01},
		{100, 84.1, 0.01},
	} {
		b, err := capacity.ErlangB(row.servers, row.load)
		require.NoError(t, err)
		assert.InDelta(t, row.b, b, 0.0005, row.servers)
	}
	for servers := 0; servers <= 30; servers++ {
		for _, load := range []float64{0, 0.3, 1, 5, 21, 29.5, 36} {
			// B = (aⁿ/n!) / Σ aᵏ/k!
			term, sum := 1.0, 1.0
			for k := 1; k <= servers; k++ {
				term *= load / float64(k)
				sum += term
			}
			b, err := capacity.ErlangB(servers, load)
			require.NoError(t, err)
			assert.InDelta(t, term/sum, b, 1e-12)

			// C = (aⁿ/n! · n/(n−a)) / (Σ k<n + that)
			c, err := capacity.ErlangC(servers, load)
			require.NoError(t, err)
			want := 1.0
			if n := float64(servers); load < n {
				wait := term * n / (n - load)
				want = wait / (sum - term + wait)
			} else if load == 0 {
				want = 0
			}
			assert.InDelta(t, want, c, 1e-12, "%d servers, load %v", servers, load)
		}
	}
}

func TestServers(t *testing.T) {
	for _, load := range []float64{0, 0.5, 21, 36, 1000} {
		for _, share := range []float64{0.001, 0.01, 0.2, 1} {
			for _, kind := range []struct {
				servers func(load, share float64) (int, error)
				busy    func(servers int, load float64) (float64, error)
			}{{capacity.ServersB, capacity.ErlangB}, {capacity.ServersC, capacity.ErlangC}} {
				n, err := kind.servers(load, share)
				require.NoError(t, err)
				enough, err := kind.busy(n, load)
				require.NoError(t, err)
				assert.LessOrEqual(t, enough, share)
				if n > 0 {
					fewer, err := kind.busy(n-1, load)
					require.NoError(t, err)
					assert.Greater(t, fewer, share)
				}
			}
		}
	}
}

func TestSizingFaults(t *testing.T) {
	for _, load := range []float64{-1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := capacity.ErlangB(1, load)
		require.ErrorIs(t, err, capacity.ErrSizing)
		_, err = capacity.ServersC(load, 0.1)
		require.ErrorIs(t, err, capacity.ErrSizing)
	}
	for _, servers := range []int{-1, capacity.MaxServers + 1} {
		_, err := capacity.ErlangC(servers, 1)
		require.ErrorIs(t, err, capacity.ErrSizing)
	}
	for _, share := range []float64{0, -0.1, 1.1, math.NaN()} {
		_, err := capacity.ServersB(1, share)
		require.ErrorIs(t, err, capacity.ErrSizing)
	}
	_, err := capacity.ServersB(1e9, 0.01)
	require.ErrorIs(t, err, capacity.ErrSizing)
	b, err := capacity.ErlangB(10, math.MaxFloat64)
	require.NoError(t, err)
	assert.InDelta(t, 1, b, 1e-12)
}

func monthly(first string, figures ...int64) (out []capacity.Monthly) {
	for i, f := range figures {
		out = append(out, capacity.Monthly{Month: servicetime.MustMonth(first).Add(i), Figure: f})
	}
	return out
}

func TestGrow(t *testing.T) {
	const none = "0000-00"
	for _, row := range []struct {
		name             string
		months           []capacity.Monthly
		slope, low, high float64
		figure           int64
		month            string
		earliest, latest string
	}{
		// 100, 110, … 140 in May: 200 six months on.
		{"a line", monthly("2026-01", 100, 110, 120, 130, 140), 10, 10, 10, 200, "2026-11", "2026-11", "2026-11"},
		{"between two months", monthly("2026-01", 100, 110, 120, 130, 140), 10, 10, 10, 201, "2026-12", "2026-12", "2026-12"},
		{"reached already", monthly("2026-01", 100, 110, 120, 130, 140), 10, 10, 10, 140, "2026-05", "2026-05", "2026-05"},
		{"long ago", monthly("2026-01", 100, 110, 120, 130, 140), 10, 10, 10, 0, "2026-05", "2026-05", "2026-05"},
		{"flat", monthly("2026-01", 7, 7, 7, 7, 7, 7), 0, 0, 0, 8, none, none, none},
		{"falling", monthly("2026-01", 50, 40, 30, 20, 10), -10, -10, -10, 60, none, none, none},
		{"falling, still over it", monthly("2026-01", 50, 40, 30, 20, 10), -10, -10, -10, 5, "2026-05", "2026-05", "2026-05"},
		{"too far", monthly("2026-01", 100, 110, 120, 130, 140), 10, 10, 10, 100 + 10*245, none, none, none},
		{"just within", monthly("2026-01", 100, 110, 120, 130, 140), 10, 10, 10, 100 + 10*244, "2046-05", "2046-05", "2046-05"},
		// Without the odd month a line; n = 8, σ = √(8·7·21/18) = 8.08, ranks (28 ± 15.84)/2 = 6 and 22 of 28: 2 and 2.
		{"an odd month", monthly("2026-01", 10, 12, 14, 16, 900, 20, 22, 24), 2, 2, 2, 30, "2026-11", "2026-11", "2026-11"},
		// Slopes 1, 1, 1, 3; 1, 1, 5/3; 1, 2; 3 over five months, so the range is all of them. The line goes through (3, 3) with slope 1.
		{"five months", monthly("2026-01", 1, 2, 3, 4, 7), 1, 1, 3, 12, "2026-12", "2026-06", "2026-12"},
		{"no month between", []capacity.Monthly{
			{Month: servicetime.MustMonth("2026-12"), Figure: 220},
			{Month: servicetime.MustMonth("2026-01"), Figure: 110},
			{Month: servicetime.MustMonth("2026-03"), Figure: 130},
			{Month: servicetime.MustMonth("2026-04"), Figure: 140},
			{Month: servicetime.MustMonth("2026-08"), Figure: 180},
		}, 10, 10, 10, 250, "2027-03", "2027-03", "2027-03"},
	} {
		g, err := capacity.Grow(row.months)
		require.NoError(t, err, row.name)
		assert.InDeltaSlice(t, []float64{row.slope, row.low, row.high}, []float64{g.PerMonth, g.Low, g.High}, 1e-12, row.name)
		f, err := g.Reaches(row.figure)
		require.NoError(t, err, row.name)
		assert.Equal(t, []string{row.month, row.earliest, row.latest}, []string{f.Month.String(), f.Earliest.String(), f.Latest.String()}, row.name)
	}
}

// The definition, in floats: all slopes sorted, their median, and the ranks of Sen's range.
func TestGrowAgainstSlow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		var months []capacity.Monthly
		at := 0
		for range 5 + random.IntN(40) {
			at += 1 + random.IntN(3)*random.IntN(2)
			months = append(months, capacity.Monthly{Month: servicetime.MustMonth("2000-01").Add(at), Figure: int64(100 + at*random.IntN(7) + random.IntN(40))})
		}
		number := func(m capacity.Monthly) float64 { return float64(m.Month.Year*12 + int(m.Month.Month)) }
		var slopes []float64
		var xs, ys []float64
		ties := map[int64]int{}
		for i, a := range months {
			xs, ys = append(xs, number(a)), append(ys, float64(a.Figure))
			ties[a.Figure]++
			for _, b := range months[i+1:] {
				slopes = append(slopes, float64(b.Figure-a.Figure)/(number(b)-number(a)))
			}
		}
		median := func(v []float64) float64 {
			slices.Sort(v)
			return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
		}
		slope := median(slopes)
		n := float64(len(months))
		variance := n * (n - 1) * (2*n + 5)
		for _, k := range ties {
			k := float64(k)
			variance -= k * (k - 1) * (2*k + 5)
		}
		half := 1.959964 * math.Sqrt(variance/18)
		pairs := float64(len(slopes))
		low := slopes[max(0, int(math.Round((pairs-half)/2))-1)]
		high := slopes[min(len(slopes)-1, int(math.Round((pairs+half)/2)))]

		random.Shuffle(len(months), func(i, j int) { months[i], months[j] = months[j], months[i] })
		g, err := capacity.Grow(months)
		require.NoError(t, err)
		require.InDeltaSlice(t, []float64{slope, low, high}, []float64{g.PerMonth, g.Low, g.High}, 1e-9)

		figure := int64(100 + random.IntN(2000))
		f, err := g.Reaches(figure)
		require.NoError(t, err)
		last := number(capacity.Monthly{Month: g.Last})
		for _, line := range []struct {
			slope float64
			month servicetime.Month
		}{{slope, f.Month}, {high, f.Earliest}, {low, f.Latest}} {
			value := func(ahead int) float64 { return median(ys) + line.slope*(last+float64(ahead)-median(xs)) }
			ahead := 0
			for ahead <= capacity.MaxHorizon && value(ahead) < float64(figure)-1e-6 {
				ahead++
			}
			want := servicetime.Month{}
			if ahead <= capacity.MaxHorizon {
				want = g.Last.Add(ahead)
			}
			require.Equal(t, want, line.month)
		}
	}
}

// The largest figures over the longest time fit.
func TestGrowLarge(t *testing.T) {
	var months []capacity.Monthly
	for i := range capacity.MaxMonths {
		figure := int64(i%2) * capacity.MaxFigure
		if i == capacity.MaxMonths-1 {
			figure = capacity.MaxFigure - 1
		}
		months = append(months, capacity.Monthly{Month: servicetime.MustMonth("2000-01").Add(i), Figure: figure})
	}
	g, err := capacity.Grow(months)
	require.NoError(t, err)
	assert.InDelta(t, 0, g.PerMonth, 1)
	f, err := g.Reaches(capacity.MaxFigure)
	require.NoError(t, err)
	assert.False(t, f.Month.IsValid())
}

func TestGrowFaults(t *testing.T) {
	five := monthly("2026-01", 1, 2, 3, 4, 5)
	for _, row := range []struct {
		months []capacity.Monthly
		cause  error
	}{
		{nil, capacity.ErrGrowth},
		{five[:4], capacity.ErrGrowth},
		{append(monthly("2026-03", 7), five...), capacity.ErrGrowth},
		{append(monthly("2076-01", 7), five...), capacity.ErrGrowth},
		{append(monthly("2026-06", -1), five...), capacity.ErrGrowth},
		{append(monthly("2026-06", capacity.MaxFigure+1), five...), capacity.ErrGrowth},
		{append(monthly("1969-12", 7), five...), servicetime.ErrRange},
		{append([]capacity.Monthly{{}}, five...), servicetime.ErrRange},
	} {
		_, err := capacity.Grow(row.months)
		require.ErrorIs(t, err, row.cause)
	}
	_, err := capacity.Grow([]capacity.Monthly{{}, {Month: servicetime.MustMonth("2026-01"), Figure: -1}})
	require.ErrorIs(t, err, capacity.ErrGrowth)
	require.ErrorIs(t, err, servicetime.ErrRange, "all at once")
	_, err = capacity.Growth{}.Reaches(1)
	require.ErrorIs(t, err, capacity.ErrGrowth)
	g, err := capacity.Grow(five)
	require.NoError(t, err)
	_, err = g.Reaches(-1)
	require.ErrorIs(t, err, capacity.ErrGrowth)
}
