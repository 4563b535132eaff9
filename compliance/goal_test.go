package compliance

import (
	"cmp"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var goals = []struct {
	text   string // any accepted form
	plain  string // MarshalText
	people string // String
	units  uint64 // billionths of a percent
}{
	{"0%", "0%", "0 %", 0},
	{"0.0%", "0%", "0 %", 0},
	{"0.000000001%", "0.000000001%", "0.000000001 %", 1},
	{"0.5%", "0.5%", "0.5 %", 500_000_000},
	{"1%", "1%", "1 %", 1_000_000_000},
	{"9%", "9%", "9 %", 9_000_000_000},
	{"90%", "90%", "90 %", 90_000_000_000},
	{"98%", "98%", "98 %", 98_000_000_000},
	{"98 %", "98%", "98 %", 98_000_000_000},
	{"98.0%", "98%", "98 %", 98_000_000_000},
	{"98.50%", "98.5%", "98.5 %", 98_500_000_000},
	{"98.05 %", "98.05%", "98.05 %", 98_050_000_000},
	{"99.99%", "99.99%", "99.99 %", 99_990_000_000},
	{"99.999999999%", "99.999999999%", "99.999999999 %", 99_999_999_999},
	{"100%", "100%", "100 %", 100_000_000_000},
	{"100.000000000 %", "100%", "100 %", 100_000_000_000},
}

func TestParseGoal(t *testing.T) {
	for _, row := range goals {
		g, err := ParseGoal(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, Goal{agreed: true, units: row.units}, g, row.text)
		assert.Equal(t, row.people, g.String())
		text, err := g.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, row.plain, string(text))
		assert.False(t, g.IsZero(), row.text)

		for _, inverse := range []string{row.people, row.plain} {
			back, err := ParseGoal(inverse)
			require.NoError(t, err, inverse)
			assert.Equal(t, g, back, inverse)
		}
	}
}

// The whole message is the row: what it proposes is what a person will type next.
func TestParseGoalRefuses(t *testing.T) {
	const form = `write it as in "98%" or "99.95%"`
	for _, row := range []struct{ text, quoted, why string }{
		{"", `""`, form},
		{" ", `" "`, form},
		{"%", `"%"`, form},
		{" %", `" %"`, form},
		{"not agreed", `"not agreed"`, form},
		{"N/A", `"N/A"`, form},

		{"99.9", `"99.9"`, `write "99.9%"`},
		{"98", `"98"`, `write "98%"`},
		{"100", `"100"`, `write "100%"`},
		{"0.98", `"0.98"`, form}, // a fraction, or a very low goal?
		{"0,98", `"0,98"`, form},
		{"1", `"1"`, form},
		{"1.5", `"1.5"`, `write "1.5%"`},

		{"99,9%", `"99,9%"`, `write "99.9%"`},
		{"99,9", `"99,9"`, `write "99.9%"`},
		{"99,9 %", `"99,9 %"`, `write "99.9%"`},
		{"9,9,9%", `"9,9,9%"`, form},
		{"1,000.5%", `"1,000.5%"`, form},

		{"+98%", `"+98%"`, `write "98%"`},
		{"-98%", `"-98%"`, form},
		{"-0%", `"-0%"`, form},
		{"--98%", `"--98%"`, form},
		{"98e0%", `"98e0%"`, form},
		{"9.8e1%", `"9.8e1%"`, form},
		{"0x62%", `"0x62%"`, form},
		{"9_8%", `"9_8%"`, form},
		{"NaN", `"NaN"`, form},
		{"NaN%", `"NaN%"`, form},
		{"Inf%", `"Inf%"`, form},
		{".5%", `".5%"`, form},
		{"98.%", `"98.%"`, form},
		{".%", `".%"`, form},
		{"9.8.1%", `"9.8.1%"`, form},
		{"098%", `"098%"`, form},
		{"00%", `"00%"`, form},
		{"98%%", `"98%%"`, form},
		{"%98", `"%98"`, form},
		{"98 percent", `"98 percent"`, form},
		{">=98%", `">=98%"`, form},

		{"9 8%", `"9 8%"`, form},
		{"98. 5%", `"98. 5%"`, form},
		{" 98%", `" 98%"`, `write "98%"`},
		{"98% ", `"98% "`, `write "98%"`},
		{"98%\n", `"98%\n"`, `write "98%"`},
		{"98  %", `"98  %"`, `write "98%"`},
		{"98\t%", `"98\t%"`, `write "98%"`},
		{"98\u00a0%", `"98\u00a0%"`, `write "98%"`},
		{"98\x00%", `"98\x00%"`, form},
		{"98％", `"98％"`, form}, // full-width sign
		{"９８%", `"９８%"`, form}, // full-width digits
		{"٩٨%", `"٩٨%"`, form}, // Arabic-Indic digits
		{"98٪", `"98٪"`, form}, // Arabic sign
		{"−98%", `"−98%"`, form},
		{"\xff\xfe", `"\xff\xfe"`, form},

		{"100.000000001%", `"100.000000001%"`, "100% is the most"},
		{"101%", `"101%"`, "100% is the most"},
		{"999%", `"999%"`, "100% is the most"},
		{"1000%", `"1000%"`, "100% is the most"},
		{"18446744073709551616%", `"18446744073709551616%"`, "100% is the most"}, // 2⁶⁴
		{"99.9999999999%", `"99.9999999999%"`, "at most 9 decimals"},
		{"98.0000000000%", `"98.0000000000%"`, "at most 9 decimals"},
		{strings.Repeat("9", 1_000_000) + "%", `"` + strings.Repeat("9", 40) + `"…`, "100% is the most"},
		{"1." + strings.Repeat("0", 1_000_000) + "%", `"1.` + strings.Repeat("0", 38) + `"…`, "at most 9 decimals"},
	} {
		g, err := ParseGoal(row.text)
		require.ErrorIs(t, err, ErrGoal, row.quoted)
		require.EqualError(t, err, "compliance: goal "+row.quoted+": not a percentage, "+row.why)
		assert.True(t, g.IsZero(), row.quoted)

		kept := MustGoal("90%")
		if row.text != "" { // blank text is a goal: not agreed
			require.ErrorIs(t, kept.UnmarshalText([]byte(row.text)), ErrGoal, row.quoted)
			assert.Equal(t, MustGoal("90%"), kept, row.quoted)
		}
	}
}

func TestMustGoal(t *testing.T) {
	assert.Equal(t, Goal{agreed: true, units: 98_000_000_000}, MustGoal("98%"))
	assert.PanicsWithError(t, `compliance: goal "98": not a percentage, write "98%"`, func() { MustGoal("98") })
}

func TestGoalBlankIsNotZeroPercent(t *testing.T) {
	var blank Goal
	assert.True(t, blank.IsZero())
	assert.Equal(t, "not agreed", blank.String())
	assert.NotEqual(t, MustGoal("0%"), blank)

	text, err := blank.MarshalText()
	require.NoError(t, err)
	assert.Empty(t, text)

	g := MustGoal("90%")
	require.NoError(t, g.UnmarshalText(nil))
	assert.Equal(t, blank, g)
}

func TestGoalCompare(t *testing.T) {
	inOrder := []Goal{{}, MustGoal("0%"), MustGoal("0.000000001%"), MustGoal("98%"), MustGoal("98.000000001%"), MustGoal("100%")}
	for i, a := range inOrder {
		for j, b := range inOrder {
			assert.Equal(t, cmp.Compare(i, j), a.Compare(b), "%v and %v", a, b)
		}
	}
	assert.Zero(t, MustGoal("98.0%").Compare(MustGoal("98 %")))
}

func TestGoalAppendText(t *testing.T) {
	b, err := MustGoal("99.95 %").AppendText([]byte("goal "))
	require.NoError(t, err)
	assert.Equal(t, "goal 99.95%", string(b))

	b, err = Goal{}.AppendText([]byte("goal "))
	require.NoError(t, err)
	assert.Equal(t, "goal ", string(b))
}

func TestGoalJSON(t *testing.T) {
	type terms struct {
		Incidents Goal `json:"incidents"`
		Recovery  Goal `json:"recovery,omitzero"`
	}
	for _, row := range []struct {
		terms terms
		json  string
	}{
		{terms{}, `{"incidents":""}`},
		{terms{MustGoal("90%"), MustGoal("0%")}, `{"incidents":"90%","recovery":"0%"}`},
	} {
		out, err := json.Marshal(row.terms)
		require.NoError(t, err)
		assert.Equal(t, row.json, string(out))

		var in terms
		require.NoError(t, json.Unmarshal(out, &in))
		assert.Equal(t, row.terms, in)
	}

	var in terms
	require.ErrorIs(t, json.Unmarshal([]byte(`{"incidents":"90"}`), &in), ErrGoal)
	assert.Error(t, json.Unmarshal([]byte(`{"incidents":90}`), &in), "a number has no sign")
}

func FuzzParseGoal(f *testing.F) {
	for _, row := range goals {
		f.Add(row.text)
	}
	for _, text := range []string{"", "%", "99.9", "99,9%", "+1%", "1e2%", "101%", "9 8%", "98\u00a0%", "1.0000000000%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := ParseGoal(s)
		if err != nil {
			require.ErrorIs(t, err, ErrGoal)
			require.True(t, g.IsZero())
			require.Less(t, len(err.Error()), 400, "the quote is bounded")
			return
		}
		require.False(t, g.IsZero())
		require.LessOrEqual(t, len(s), len("100.000000000 %"))

		text, err := g.MarshalText()
		require.NoError(t, err)
		for _, inverse := range []string{string(text), g.String()} {
			back, err := ParseGoal(inverse)
			require.NoError(t, err)
			require.Equal(t, g, back)
		}
		// Against another reader of decimals.
		require.Zero(t, slowGoal(s).Cmp(slowGoal(string(text))), "%q reads as %q", s, text)
	})
}
