package compliance

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The slow reference: fractions of any size, and long division with pen and paper.
// It takes goals as text and shares as numbers, and nothing else from the package.

// slowGoal returns the goal as a fraction of one.
func slowGoal(text string) *big.Rat {
	g, ok := new(big.Rat).SetString(strings.TrimRight(text, " %"))
	if !ok {
		panic(text)
	}
	return g.Quo(g, big.NewRat(100, 1))
}

func slowMet(s Share, goal string) bool {
	return big.NewRat(s.Met, s.Total).Cmp(slowGoal(goal)) >= 0
}

// slowMissesLeft is met − ⌈goal × total⌉; −⌊−x⌋ is ⌈x⌉.
func slowMissesLeft(s Share, goal string) int64 {
	x := slowGoal(goal)
	x.Mul(x, new(big.Rat).SetInt64(s.Total))
	x.Neg(x)
	floor := new(big.Int).Div(x.Num(), x.Denom()) // Euclidean: down, for a positive divisor
	return floor.Add(floor, big.NewInt(s.Met)).Int64()
}

// slowPercent divides 100 × met by total digit by digit, and rounds half-up by
// looking at the remainder.
func slowPercent(s Share, decimals int) string {
	total := big.NewInt(s.Total)
	n := new(big.Int).Mul(big.NewInt(s.Met), big.NewInt(100))
	digits := new(big.Int) // all printed digits as one number
	rest := new(big.Int)
	digits.DivMod(n, total, rest)
	for range decimals {
		digit := new(big.Int)
		rest.Mul(rest, big.NewInt(10))
		digit.DivMod(rest, total, rest)
		digits.Mul(digits, big.NewInt(10)).Add(digits, digit)
	}
	if rest.Lsh(rest, 1).Cmp(total) >= 0 {
		digits.Add(digits, big.NewInt(1))
	}
	text := digits.String()
	if missing := decimals + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	return text[:len(text)-decimals] + "." + text[len(text)-decimals:]
}

// agrees holds everything the package says about a possible share and an agreed
// goal against the slow reference.
func agrees(t *testing.T, s Share, goal string) {
	t.Helper()
	g := MustGoal(goal)
	met := slowMet(s, goal)
	if met {
		require.Equal(t, Met, s.Verdict(g), "%v, goal %s", s, goal)
	} else {
		require.Equal(t, Missed, s.Verdict(g), "%v, goal %s", s, goal)
	}
	left := s.MissesLeft(g)
	require.Equal(t, slowMissesLeft(s, goal), left, "%v, goal %s", s, goal)
	require.Equal(t, met, left >= 0, "%v, goal %s", s, goal)
	require.Equal(t, slowPercent(s, 2), s.Percent(Goal{}), "%v", s)

	// The printed percentage is the share rounded to its decimals, does not
	// contradict, and every shorter one does.
	printed := s.Percent(g)
	_, fraction, _ := strings.Cut(printed, ".")
	decimals := len(fraction)
	require.GreaterOrEqual(t, decimals, 2, "%v, goal %s: %s", s, goal, printed)
	require.LessOrEqual(t, decimals, 28, "%v, goal %s: %s", s, goal, printed)
	require.Equal(t, slowPercent(s, decimals), printed, "%v, goal %s", s, goal)
	reaches := func(text string) bool { return slowGoal(text).Cmp(slowGoal(goal)) >= 0 }
	require.Equal(t, met, reaches(printed), "%v, goal %s: %s", s, goal, printed)
	for shorter := 2; shorter < decimals; shorter++ {
		text := slowPercent(s, shorter)
		require.NotEqual(t, met, reaches(text), "%v, goal %s: %s would do", s, goal, text)
	}
}

// randomTotal is from 1 to 2⁶³−1, of any length in bits.
func randomTotal(r *rand.Rand) int64 { return r.Int64N(math.MaxInt64)>>r.IntN(63) + 1 }

// randomGoal has any number of decimals, and is often close to 0 or 100.
func randomGoal(r *rand.Rand) string {
	units := r.Uint64N(fullGoal + 1)
	switch r.IntN(4) {
	case 0:
		units = fullGoal - units>>r.IntN(37)
	case 1:
		units >>= r.IntN(37)
	}
	coarse := uint64(1)
	for range r.IntN(maxDecimals + 1) {
		coarse *= 10
	}
	text, _ := Goal{agreed: true, units: units / coarse * coarse}.MarshalText()
	return string(text)
}

// randomShare is anywhere, or within a few of just reaching the goal, where the
// mistakes are.
func randomShare(r *rand.Rand, goal string) Share {
	total := randomTotal(r)
	met := r.Int64N(total)
	if r.IntN(4) > 0 {
		needs := -slowMissesLeft(Share{Total: total}, goal)
		met = max(0, needs-2) + r.Int64N(5)
	}
	return Share{Met: min(met, total), Total: total}
}

func TestAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 31))
	for range 20_000 {
		goal := randomGoal(r)
		agrees(t, randomShare(r, goal), goal)
	}
}

// Every share of a small total, with goals that small totals reach exactly or not.
func TestAgainstSlowSmall(t *testing.T) {
	for _, goal := range []string{"0%", "0.000000001%", "12.5%", "33.333333333%", "50%", "66.67%", "90%", "98%", "99.999999999%", "100%"} {
		for total := int64(1); total <= 40; total++ {
			for met := int64(0); met <= total; met++ {
				agrees(t, Share{met, total}, goal)
			}
		}
	}
}

func FuzzShare(f *testing.F) {
	f.Add(int64(412), int64(447), uint64(90*onePercent))
	f.Add(int64(math.MaxInt64-1), int64(math.MaxInt64), uint64(fullGoal))
	f.Add(int64(-1), int64(0), uint64(0))
	f.Add(int64(500), int64(447), uint64(1))
	f.Fuzz(func(t *testing.T, met, total int64, units uint64) {
		s, g := Share{met, total}, Goal{agreed: true, units: units % (fullGoal + 1)}
		if s.Check() == nil && total > 0 {
			text, _ := g.MarshalText()
			agrees(t, s, string(text))
			return
		}
		require.Equal(t, NoData, s.Verdict(g))
		require.Zero(t, s.MissesLeft(g))
		require.Empty(t, s.Percent(g))
	})
}
