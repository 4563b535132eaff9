package compliance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const huge = math.MaxInt64 // 9223372036854775807

// shares feeds every test of a share against a goal; goal "" is not agreed.
var shares = []struct {
	met, total int64
	goal       string
	verdict    Verdict
	left       int64
	percent    string
	line       string
}{
	// §4.3.1
	{412, 447, "90%", Met, 9, "92.17", "412 of 447, 92.17 %, goal 90 %: met, 9 misses left"},
	{403, 447, "90%", Met, 0, "90.16", "403 of 447, 90.16 %, goal 90 %: met, 0 misses left"},
	{404, 447, "90%", Met, 1, "90.38", "404 of 447, 90.38 %, goal 90 %: met, 1 miss left"},
	{402, 447, "90%", Missed, -1, "89.93", "402 of 447, 89.93 %, goal 90 %: missed by 1"},
	{400, 447, "90%", Missed, -3, "89.49", "400 of 447, 89.49 %, goal 90 %: missed by 3"},
	{9, 10, "90%", Met, 0, "90.00", "9 of 10, 90.00 %, goal 90 %: met, 0 misses left"},
	{8, 9, "90%", Missed, -1, "88.89", "8 of 9, 88.89 %, goal 90 %: missed by 1"},
	{0, 1, "90%", Missed, -1, "0.00", "0 of 1, 0.00 %, goal 90 %: missed by 1"},
	{1, 1, "90%", Met, 0, "100.00", "1 of 1, 100.00 %, goal 90 %: met, 0 misses left"},
	{0, 0, "90%", NoData, 0, "", "no data, goal 90 %"},

	// §4.10
	{49, 50, "98%", Met, 0, "98.00", "49 of 50, 98.00 %, goal 98 %: met, 0 misses left"},
	{48, 49, "98%", Missed, -1, "97.96", "48 of 49, 97.96 %, goal 98 %: missed by 1"},

	// Two decimals would say the opposite.
	{97_996, 100_000, "98%", Missed, -4, "97.996", "97996 of 100000, 97.996 %, goal 98 %: missed by 4"},
	{97_995, 100_000, "98%", Missed, -5, "97.995", "97995 of 100000, 97.995 %, goal 98 %: missed by 5"},
	{97_994, 100_000, "98%", Missed, -6, "97.99", "97994 of 100000, 97.99 %, goal 98 %: missed by 6"},
	{9_799_999, 10_000_000, "98%", Missed, -1, "97.99999", "9799999 of 10000000, 97.99999 %, goal 98 %: missed by 1"},
	{99_999, 100_000, "100%", Missed, -1, "99.999", "99999 of 100000, 99.999 %, goal 100 %: missed by 1"},
	{99_999, 100_000, "99%", Met, 999, "100.00", "99999 of 100000, 100.00 %, goal 99 %: met, 999 misses left"},
	{1, 100_000, "0.001%", Met, 0, "0.001", "1 of 100000, 0.001 %, goal 0.001 %: met, 0 misses left"},
	{1, 100_000, "0.002%", Missed, -1, "0.00", "1 of 100000, 0.00 %, goal 0.002 %: missed by 1"},
	{99_984, 100_000, "99.984%", Met, 0, "99.984", "99984 of 100000, 99.984 %, goal 99.984 %: met, 0 misses left"},
	{66_667, 100_000, "66.667%", Met, 0, "66.67", "66667 of 100000, 66.67 %, goal 66.667 %: met, 0 misses left"},
	{2, 3, "66.666666666%", Met, 0, "66.67", "2 of 3, 66.67 %, goal 66.666666666 %: met, 0 misses left"},
	{2, 3, "66.666666667%", Missed, -1, "66.6666666667", "2 of 3, 66.6666666667 %, goal 66.666666667 %: missed by 1"},
	{1, 3, "33.333333333%", Met, 0, "33.333333333", "1 of 3, 33.333333333 %, goal 33.333333333 %: met, 0 misses left"},
	{1, 3, "33.333333334%", Missed, -1, "33.33", "1 of 3, 33.33 %, goal 33.333333334 %: missed by 1"},

	// The ends of the scale.
	{0, 5, "0%", Met, 0, "0.00", "0 of 5, 0.00 %, goal 0 %: met, 0 misses left"},
	{5, 5, "0%", Met, 5, "100.00", "5 of 5, 100.00 %, goal 0 %: met, 5 misses left"},
	{5, 5, "100%", Met, 0, "100.00", "5 of 5, 100.00 %, goal 100 %: met, 0 misses left"},
	{4, 5, "100%", Missed, -1, "80.00", "4 of 5, 80.00 %, goal 100 %: missed by 1"},
	{0, 0, "0%", NoData, 0, "", "no data, goal 0 %"},
	{0, 0, "100%", NoData, 0, "", "no data, goal 100 %"},
	{huge, huge, "100%", Met, 0, "100.00", "9223372036854775807 of 9223372036854775807, 100.00 %, goal 100 %: met, 0 misses left"},
	{huge, huge, "0%", Met, huge, "100.00", "9223372036854775807 of 9223372036854775807, 100.00 %, goal 0 %: met, 9223372036854775807 misses left"},
	{0, huge, "100%", Missed, -huge, "0.00", "0 of 9223372036854775807, 0.00 %, goal 100 %: missed by 9223372036854775807"},
	{huge - 1, huge, "100%", Missed, -1, "99.99999999999999999", "9223372036854775806 of 9223372036854775807, 99.99999999999999999 %, goal 100 %: missed by 1"},
	// goal × total = met + 10⁻¹¹, the smallest gap there is at the largest such
	// total: all 28 decimals of the proof are needed.
	{
		9_038_904_561_867_766_279, 9_223_372_001_999_999_999, "97.999999999%", Missed, -1, "97.9999999989999999999999999999",
		"9038904561867766279 of 9223372001999999999, 97.9999999989999999999999999999 %, goal 97.999999999 %: missed by 1",
	},

	// Not agreed comes before no data: there is nothing to have data for.
	{412, 447, "", NotAgreed, 0, "92.17", "412 of 447, 92.17 %, goal not agreed"},
	{447, 447, "", NotAgreed, 0, "100.00", "447 of 447, 100.00 %, goal not agreed"},
	{99_999, 100_000, "", NotAgreed, 0, "100.00", "99999 of 100000, 100.00 %, goal not agreed"},
	{0, 0, "", NotAgreed, 0, "", "no data, goal not agreed"},

	// Impossible, and so never met, not even against 0 %.
	{500, 447, "90%", NoData, 0, "", "no data (impossible share 500 of 447), goal 90 %"},
	{1, 0, "90%", NoData, 0, "", "no data (impossible share 1 of 0), goal 90 %"},
	{-1, 447, "0%", NoData, 0, "", "no data (impossible share -1 of 447), goal 0 %"},
	{-2, -1, "0%", NoData, 0, "", "no data (impossible share -2 of -1), goal 0 %"},
	{-1, -2, "90%", NoData, 0, "", "no data (impossible share -1 of -2), goal 90 %"},
	{0, -1, "90%", NoData, 0, "", "no data (impossible share 0 of -1), goal 90 %"},
	{math.MinInt64, huge, "0%", NoData, 0, "", "no data (impossible share -9223372036854775808 of 9223372036854775807), goal 0 %"},
	{huge, math.MinInt64, "0%", NoData, 0, "", "no data (impossible share 9223372036854775807 of -9223372036854775808), goal 0 %"},
	{500, 447, "", NotAgreed, 0, "", "no data (impossible share 500 of 447), goal not agreed"},
}

func TestShare(t *testing.T) {
	for _, row := range shares {
		s := Share{row.met, row.total}
		var g Goal
		require.NoError(t, g.UnmarshalText([]byte(row.goal)))
		assert.Equal(t, row.verdict, s.Verdict(g), row.line)
		assert.Equal(t, row.left, s.MissesLeft(g), row.line)
		assert.Equal(t, row.percent, s.Percent(g), row.line)
		assert.Equal(t, row.line, s.Line("", g))
		if row.verdict == Met || row.verdict == Missed {
			agrees(t, s, row.goal)
		}
	}
}

// §4.3.1 §4.4 §4.10
func TestShareVectors(t *testing.T) {
	lines, err := os.ReadFile("../testdata/vectors/ratios.jsonl")
	require.NoError(t, err)
	clauses := map[string]string{"incident_90": "90%", "order_90": "90%", "delivery_98": "98%"}
	rows := 0
	for in := bufio.NewScanner(bytes.NewReader(lines)); in.Scan(); rows++ {
		var row struct {
			ID      string
			Rule    string
			Goal    int     `json:"threshold_pct"`
			Meets   *bool   // null: no data
			Allowed int64   `json:"max_misses_allowed"`
			Percent *string `json:"pct_half_up_2"`
			Share
		}
		require.NoError(t, json.Unmarshal(in.Bytes(), &row))
		goal := fmt.Sprintf("%d%%", row.Goal)
		require.Equal(t, clauses[row.Rule], goal, row.ID)
		g := MustGoal(goal)
		require.NoError(t, row.Check(), row.ID)

		if row.Meets == nil {
			assert.Equal(t, NoData, row.Verdict(g), row.ID)
			assert.Nil(t, row.Percent, row.ID)
			assert.Empty(t, row.Share.Percent(Goal{}), row.ID)
		} else {
			assert.Equal(t, map[bool]Verdict{true: Met, false: Missed}[*row.Meets], row.Verdict(g), row.ID)
			require.NotNil(t, row.Percent, row.ID)
			assert.Equal(t, *row.Percent, row.Share.Percent(Goal{}), row.ID)
			agrees(t, row.Share, goal)
		}
		misses := row.Total - row.Met
		assert.Equal(t, row.Allowed-misses, row.MissesLeft(g), row.ID)
	}
	require.Equal(t, 267, rows)
}

func TestShareCheck(t *testing.T) {
	for _, s := range []Share{{}, {0, 1}, {1, 1}, {412, 447}, {huge, huge}} {
		require.NoError(t, s.Check(), s.String())
	}
	for _, row := range []struct {
		share Share
		text  string
	}{
		{Share{500, 447}, `compliance: "500 of 447": not a share, more are met than there are`},
		{Share{1, 0}, `compliance: "1 of 0": not a share, more are met than there are`},
		{Share{-1, 447}, `compliance: "-1 of 447": not a share, a count is negative`},
		{Share{0, -1}, `compliance: "0 of -1": not a share, a count is negative`},
		{Share{-2, -1}, `compliance: "-2 of -1": not a share, a count is negative`},
	} {
		require.ErrorIs(t, row.share.Check(), ErrShare)
		assert.EqualError(t, row.share.Check(), row.text)
	}
}

func TestSharePlus(t *testing.T) {
	impossible := Share{-1, -1}
	for _, row := range []struct{ a, b, sum Share }{
		{Share{}, Share{}, Share{}},
		{Share{412, 447}, Share{}, Share{412, 447}},
		{Share{412, 447}, Share{88, 100}, Share{500, 547}},
		{Share{0, huge - 1}, Share{1, 1}, Share{1, huge}},
		{Share{huge, huge}, Share{}, Share{huge, huge}},

		{Share{0, huge}, Share{0, 1}, impossible},
		{Share{huge, huge}, Share{huge, huge}, impossible},
		{Share{5, 3}, Share{}, impossible},
		{Share{5, 3}, Share{0, 10}, impossible}, // 5 of 13 would look fine
		{Share{-1, 3}, Share{9, 9}, impossible},
		{impossible, Share{9, 9}, impossible},
		{impossible, impossible, impossible},
	} {
		assert.Equal(t, row.sum, row.a.Plus(row.b), "%v plus %v", row.a, row.b)
		assert.Equal(t, row.sum, row.b.Plus(row.a), "%v plus %v", row.b, row.a)
	}
}

func TestSharePlusInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	share := func() Share {
		total := randomTotal(r)
		return Share{Met: r.Int64N(total) - r.Int64N(2), Total: total}
	}
	for range 2_000 {
		a, b, c := share(), share(), share()
		require.Equal(t, a.Plus(b).Plus(c), a.Plus(b.Plus(c)), "%v, %v, %v", a, b, c)
	}
}

// One more met never makes anything worse: not the verdict, not what is left, not
// the printed number, even where the two print with different decimals.
func TestShareMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 8))
	for range 5_000 {
		text := randomGoal(r)
		g, s := MustGoal(text), randomShare(r, text)
		if s.Met == s.Total {
			continue
		}
		better := Share{s.Met + 1, s.Total}
		require.False(t, s.Verdict(g) == Met && better.Verdict(g) == Missed, "%v, goal %v", s, g)
		require.Equal(t, s.MissesLeft(g)+1, better.MissesLeft(g), "%v, goal %v", s, g)
		require.LessOrEqual(t, slowGoal(s.Percent(g)).Cmp(slowGoal(better.Percent(g))), 0, "%v, goal %v", s, g)
	}
	// A higher goal never makes a missed share met.
	for range 5_000 {
		low, high := randomGoal(r), randomGoal(r)
		if slowGoal(low).Cmp(slowGoal(high)) > 0 {
			low, high = high, low
		}
		s := randomShare(r, high)
		require.GreaterOrEqual(t, s.MissesLeft(MustGoal(low)), s.MissesLeft(MustGoal(high)), "%v, goals %s, %s", s, low, high)
	}
}

func TestShareJSON(t *testing.T) {
	out, err := json.Marshal(Share{412, 447})
	require.NoError(t, err)
	assert.Equal(t, `{"met":412,"total":447}`, string(out))

	var in Share
	require.NoError(t, json.Unmarshal(out, &in))
	assert.Equal(t, Share{412, 447}, in)
	assert.Error(t, json.Unmarshal([]byte(`{"met":9223372036854775808}`), &in))
}

func TestShareVerdictAllocatesNothing(t *testing.T) {
	g := MustGoal("99.95%")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_ = Share{huge - 1, huge}.Verdict(g)
		_ = Share{huge - 1, huge}.MissesLeft(g)
		_ = Share{1, 2}.Plus(Share{3, 4})
	}))
}

func BenchmarkShareVerdict(b *testing.B) {
	for _, s := range []Share{{412, 447}, {huge - 1, huge}} {
		b.Run(s.String(), func(b *testing.B) {
			g := MustGoal("90%")
			b.ReportAllocs()
			for b.Loop() {
				s.Verdict(g)
			}
		})
	}
}

func TestLineSaysWhat(t *testing.T) {
	goal := MustGoal("90%")
	assert.Equal(t, "412 of 447 in time, 92.17 %, goal 90 %: met, 9 misses left", Share{Met: 412, Total: 447}.Line("in time", goal))
	assert.Equal(t, "no data, goal 90 %", Share{}.Line("in time", goal))
}

// More than half is not half: exceeding is strict, and reaching is not.
func TestExceeds(t *testing.T) {
	for _, row := range []struct {
		met, total int64
		goal       string
		exceeds    bool
	}{
		{0, 0, "0%", false},
		{0, 10, "0%", false},
		{1, 10, "0%", true},
		{5, 10, "50%", false},
		{6, 10, "50%", true},
		{1, 1, "50%", true},
		{1, 3, "33.333333333%", true},
		{1, 3, "33.333333334%", false},
		{10, 10, "100%", false},
		{math.MaxInt64/2 + 1, math.MaxInt64, "50%", true},
		{math.MaxInt64 / 2, math.MaxInt64, "50%", false},
		{math.MaxInt64, math.MaxInt64, "99.999999999%", true},
		{11, 10, "50%", false}, // no share
	} {
		s := Share{Met: row.met, Total: row.total}
		goal := MustGoal(row.goal)
		assert.Equal(t, row.exceeds, s.Exceeds(goal), "%s > %s", s, goal)
		if row.exceeds {
			assert.Equal(t, Met, s.Verdict(goal))
		}
		assert.False(t, s.Exceeds(Goal{}))
	}
}

// Rounded down, a share never prints as more than it is.
func TestFloor(t *testing.T) {
	for _, row := range []struct {
		met, total int64
		want       string
	}{
		{0, 0, ""},
		{2, 1, ""},
		{0, 7, "0.0000"},
		{7, 7, "100.0000"},
		{59, 60, "98.3333"},
		{2, 3, "66.6666"},
		{979999, 1000000, "97.9999"},
		{9799999, 10000000, "97.9999"},
		{98, 100, "98.0000"},
		{math.MaxInt64 - 1, math.MaxInt64, "99.9999"},
		{1, math.MaxInt64, "0.0000"},
	} {
		assert.Equal(t, row.want, Share{row.met, row.total}.Floor(), "%d of %d", row.met, row.total)
	}
}
