package priority_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// The levels of §4.3.
const (
	critical priority.Level = iota + 1
	high
	medium
	low
)

var levelNames = map[priority.Level]string{critical: "critical", high: "high", medium: "medium", low: "low"}

// ssbtek is the matrix of §4.3: timing down, impact across.
var ssbtek = priority.Matrix{
	{critical, high, medium, low},
	{high, high, medium, low},
	{medium, medium, medium, low},
	{low, low, low, low},
}

// threeByThree is a matrix of another agreement: urgency down, impact across, five levels.
var threeByThree = priority.Matrix{
	{1, 2, 3},
	{2, 3, 4},
	{3, 4, 5},
}

func TestMatrixLevel(t *testing.T) {
	for _, row := range []struct {
		impact, timing int
		want           priority.Level
	}{
		{1, 1, critical},
		{2, 1, high},
		{3, 1, medium},
		{4, 1, low},
		{1, 2, high},
		{2, 2, high},
		{3, 2, medium},
		{4, 2, low},
		{1, 3, medium},
		{2, 3, medium},
		{3, 3, medium},
		{4, 3, low},
		{1, 4, low},
		{2, 4, low},
		{3, 4, low},
		{4, 4, low},
	} {
		got, err := ssbtek.Level(row.impact, row.timing)
		require.NoError(t, err)
		assert.Equal(t, row.want, got, "impact %d, timing %d", row.impact, row.timing)
	}

	for _, row := range []struct {
		impact, urgency int
		want            priority.Level
	}{
		{1, 1, 1},
		{2, 1, 2},
		{3, 1, 3},
		{1, 2, 2},
		{2, 2, 3},
		{3, 2, 4},
		{1, 3, 3},
		{2, 3, 4},
		{3, 3, 5},
	} {
		got, err := threeByThree.Level(row.impact, row.urgency)
		require.NoError(t, err)
		assert.Equal(t, row.want, got, "impact %d, urgency %d", row.impact, row.urgency)
	}

	// The first index is the second axis.
	oblong := priority.Matrix{{1, 1, 2}, {2, 3, 3}}
	got, err := oblong.Level(3, 1)
	require.NoError(t, err)
	assert.Equal(t, priority.Level(2), got)
	_, err = oblong.Level(1, 3)
	assert.ErrorIs(t, err, priority.ErrClass)
}

func TestMatrixLevelRefuses(t *testing.T) {
	const least, most = -1 << 63, 1<<63 - 1
	for _, row := range []struct {
		matrix         priority.Matrix
		impact, second int
	}{
		{ssbtek, 0, 1},
		{ssbtek, 1, 0},
		{ssbtek, 0, 0},
		{ssbtek, -1, 1},
		{ssbtek, 1, -1},
		{ssbtek, 5, 1},
		{ssbtek, 1, 5},
		{ssbtek, 5, 5},
		{ssbtek, least, most},
		{ssbtek, most, least},
		{threeByThree, 4, 3},
		{threeByThree, 3, 4},
		{nil, 1, 1},
		{priority.Matrix{{}}, 1, 1},
		{priority.Matrix{{1}, {}}, 1, 2},
	} {
		got, err := row.matrix.Level(row.impact, row.second)
		require.ErrorIs(t, err, priority.ErrClass, "impact %d, second axis %d of %v", row.impact, row.second, row.matrix)
		assert.Zero(t, got)
	}
}

func TestMatrixCheck(t *testing.T) {
	for _, row := range []struct {
		matrix priority.Matrix
		levels int
	}{
		{ssbtek, 4},
		{ssbtek, 5}, // a level that no cell gives is no fault
		{threeByThree, 5},
		{priority.Matrix{{1}}, 1},
		{priority.Matrix{{1, 2, 3, 4, 5}}, 5},
		{priority.Matrix{{2}, {1}, {2}}, 2},
	} {
		assert.NoError(t, row.matrix.Check(row.levels), "%v of %d levels", row.matrix, row.levels)
	}
}

func TestMatrixCheckRefuses(t *testing.T) {
	for _, row := range []struct {
		matrix priority.Matrix
		levels int
	}{
		{nil, 4},
		{priority.Matrix{}, 4},
		{priority.Matrix{nil}, 4},
		{priority.Matrix{{}, {}}, 4},
		{priority.Matrix{{}, {1}}, 4},
		{priority.Matrix{{1, 2}, {3}}, 4},        // a hole
		{priority.Matrix{{1}, {2, 3}}, 4},        // a cell too many
		{priority.Matrix{{1, 2}, {3, 4}, {}}, 4}, // a row forgotten
		{priority.Matrix{{1, 2}, {0, 3}}, 4},     // a cell left out
		{priority.Matrix{{1, 2}, {3, -1}}, 4},
		{priority.Matrix{{1, 2}, {3, 5}}, 4},
		{ssbtek, 3},
		{ssbtek, 0},
		{ssbtek, -1},
	} {
		assert.ErrorIs(t, row.matrix.Check(row.levels), priority.ErrMatrix, "%v of %d levels", row.matrix, row.levels)
	}
}

// Whatever passes Check gives one of the levels for each pair of classes, and none beside them.
func TestMatrixIsTotal(t *testing.T) {
	r := random(3)
	passed := 0
	for range 3000 {
		levels := 1 + r.IntN(6)
		m := make(priority.Matrix, r.IntN(5))
		width := r.IntN(5)
		for i := range m {
			n := width
			if r.IntN(20) == 0 {
				n = r.IntN(5)
			}
			m[i] = make([]priority.Level, n)
			for j := range m[i] {
				m[i][j] = priority.Level(1 + r.IntN(levels))
				if r.IntN(40) == 0 {
					m[i][j] = priority.Level(r.IntN(levels+3) - 1)
				}
			}
		}
		if m.Check(levels) != nil {
			continue
		}
		passed++
		require.NotEmpty(t, m)
		for second := -1; second <= len(m)+2; second++ {
			for impact := -1; impact <= len(m[0])+2; impact++ {
				got, err := m.Level(impact, second)
				if second >= 1 && second <= len(m) && impact >= 1 && impact <= len(m[0]) {
					require.NoError(t, err, "%v", m)
					require.True(t, got >= 1 && int(got) <= levels, "%v: level %d of %d", m, got, levels)
					require.Equal(t, m[second-1][impact-1], got)
				} else {
					require.ErrorIs(t, err, priority.ErrClass, "%v", m)
				}
			}
		}
	}
	assert.Greater(t, passed, 1000)
}

// N/A is left out of the text, and read from nothing.
func TestTargetsJSON(t *testing.T) {
	for _, row := range []struct {
		targets priority.Targets
		text    string
	}{
		{priority.Targets{}, `{}`},
		{priority.Targets{Resolution: servicetime.MustTarget("5 business days")}, `{"resolution":"5 business days"}`},
		{
			priority.Targets{Response: servicetime.MustTarget("30 min"), Resolution: servicetime.MustTarget("8 h")},
			`{"response":"30 min","resolution":"8 h"}`,
		},
	} {
		text, err := json.Marshal(row.targets)
		require.NoError(t, err)
		assert.JSONEq(t, row.text, string(text))
		var back priority.Targets
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, row.targets, back)
	}
}
