package compliance

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVerdictText(t *testing.T) {
	for _, row := range []struct {
		verdict         Verdict
		people, program string
	}{
		{0, "no data", "no_data"},
		{NoData, "no data", "no_data"},
		{NotAgreed, "not agreed", "not_agreed"},
		{NoTarget, "no target", "no_target"},
		{Met, "met", "met"},
		{Missed, "missed", "missed"},
	} {
		assert.Equal(t, row.people, row.verdict.String())
		text, err := row.verdict.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, row.program, string(text))

		back := Verdict(9)
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, row.verdict, back)
	}
}

func TestVerdictTextRefuses(t *testing.T) {
	for _, text := range []string{"", "Met", "met ", "no data", "nodata", "Verdict(9)", "0", "true"} {
		v := Missed
		require.ErrorIs(t, v.UnmarshalText([]byte(text)), ErrVerdict, text)
		assert.Equal(t, Missed, v, text)
	}
	v := Missed
	require.EqualError(t, v.UnmarshalText([]byte("passed")),
		`compliance: verdict "passed": not a verdict, write no_data, not_agreed, no_target, met or missed`)
	assert.Less(t, len(v.UnmarshalText([]byte(strings.Repeat("met", 1_000_000))).Error()), 200)

	for _, v := range []Verdict{5, 9, 255} {
		_, err := v.MarshalText()
		require.ErrorIs(t, err, ErrVerdict)
	}
	assert.Equal(t, "Verdict(9)", Verdict(9).String())
}

func TestVerdictJSON(t *testing.T) {
	out, err := json.Marshal(map[string]Verdict{"incidents": Met, "orders": NoData})
	require.NoError(t, err)
	assert.JSONEq(t, `{"incidents":"met","orders":"no_data"}`, string(out))

	var v Verdict
	assert.Error(t, json.Unmarshal([]byte(`3`), &v), "the number behind a verdict is nobody's business")
}
