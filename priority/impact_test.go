package priority_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/priority"
)

func impactRule(many priority.ManyDown) priority.ImpactRule {
	return priority.ImpactRule{ManyDown: many, Quorum: 3, Most: compliance.MustGoal("50%")}
}

// Every class of §4.3, the hole in three readings, and what wins over what.
func TestImpact(t *testing.T) {
	type impacts struct{ byQuorum, is1, is2 int }
	same := func(n int) impacts { return impacts{n, n, n} }
	calls := func(timedOut, of int64) compliance.Share { return compliance.Share{Met: timedOut, Total: of} }
	for _, row := range []struct {
		name string
		o    priority.Observation
		want impacts
		why  string // under by_quorum
	}{
		{"nothing", priority.Observation{}, same(0), "no incident"},
		{"all up", priority.Observation{Total: 8}, same(0), "no incident"},
		{"one down", priority.Observation{Total: 8, Down: 1}, same(2), "1 of 8 base services down"},
		{"four down", priority.Observation{Total: 8, Down: 4}, same(2), "4 of 8 base services down"},
		{"four of six: unavailable, and impact 2 by the letter", priority.Observation{Total: 6, Down: 4}, same(2), "4 of 6 base services down"},
		{"five down: the hole, three answer", priority.Observation{Total: 8, Down: 5}, impacts{2, 1, 2}, "5 of 8 base services down (by_quorum)"},
		{"six down: the hole, two answer", priority.Observation{Total: 8, Down: 6}, impacts{1, 1, 2}, "6 of 8 base services down (by_quorum)"},
		{"five of seven down: two answer", priority.Observation{Total: 7, Down: 5}, impacts{1, 1, 2}, "5 of 7 base services down (by_quorum)"},
		{"all down", priority.Observation{Total: 8, Down: 8}, same(1), "8 of 8 base services down"},
		{"all of one", priority.Observation{Total: 1, Down: 1}, same(1), "1 of 1 base services down"},
		{"four of six down and no call answered", priority.Observation{Total: 6, Down: 4, NoCallAnswered: true}, same(1), "no call is answered"},
		{"a call to two, one answered", priority.Observation{Total: 8, Asked: 2, Answered: 1}, same(2), "1 of 2 base services asked did not answer"},
		{"a call to two, none answered", priority.Observation{Total: 8, Asked: 2}, same(1), "2 of 2 base services asked did not answer"},
		{"exactly half of the calls timed out", priority.Observation{TimedOut: calls(50, 100)}, same(4), "50 of 100 calls timed out, not more than 50 %"},
		{"over half of the calls timed out", priority.Observation{TimedOut: calls(51, 100)}, same(3), "51 of 100 calls timed out, more than 50 %"},
		{"one call timed out", priority.Observation{TimedOut: calls(1, 100)}, same(4), "1 of 100 calls timed out, not more than 50 %"},
		{"none timed out", priority.Observation{TimedOut: calls(0, 100)}, same(0), "no incident"},
		{"single failures", priority.Observation{SingleFailures: true}, same(4), "single calls fail"},
		{"worst wins: down over timed out", priority.Observation{Total: 8, Down: 1, TimedOut: calls(99, 100), SingleFailures: true}, same(2), "1 of 8 base services down"},
		{"worst wins: timed out over single failures", priority.Observation{Total: 8, TimedOut: calls(99, 100), SingleFailures: true}, same(3), "99 of 100 calls timed out, more than 50 %"},
		{"worst wins: a call without any answer over one down", priority.Observation{Total: 8, Down: 1, Asked: 3}, same(1), "3 of 3 base services asked did not answer"},
	} {
		for many, want := range map[priority.ManyDown]int{priority.ManyDownByQuorum: row.want.byQuorum, priority.ManyDownIs1: row.want.is1, priority.ManyDownIs2: row.want.is2} {
			got, why, err := impactRule(many).Impact(row.o)
			require.NoError(t, err, row.name)
			assert.Equal(t, want, got, "%s %s", row.name, many)
			if many == priority.ManyDownByQuorum {
				assert.Equal(t, row.why, why, row.name)
			}
		}
	}
}

func TestImpactRefuses(t *testing.T) {
	for name, o := range map[string]priority.Observation{
		"more down than there are":      {Total: 3, Down: 4},
		"more answered than asked":      {Total: 3, Asked: 1, Answered: 2},
		"more asked than there are":     {Total: 3, Asked: 4},
		"less than none":                {Total: 3, Down: -1},
		"more timed out than there are": {TimedOut: compliance.Share{Met: 2, Total: 1}},
	} {
		_, _, err := impactRule(priority.ManyDownByQuorum).Impact(o)
		require.ErrorIs(t, err, priority.ErrObserved, name)
	}
	for name, r := range map[string]priority.ImpactRule{
		"no reading": {Quorum: 3, Most: compliance.MustGoal("50%")},
		"no quorum":  {ManyDown: priority.ManyDownIs1, Most: compliance.MustGoal("50%")},
		"no most":    {ManyDown: priority.ManyDownIs1, Quorum: 3},
	} {
		_, _, err := r.Impact(priority.Observation{})
		require.ErrorIs(t, err, priority.ErrReading, name)
	}
}

// One composite call each, under both ways to fill the hole and the preset's.
func TestVectorsCallImpact(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "testdata", "vectors", "call_composition.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	rows, holes := 0, 0
	for lines.Scan() {
		var row struct {
			ID                             string
			Providers, Requested, Answered []string
			Failed                         int
			Literal                        *int `json:"impact_literal"`
			Is2                            int  `json:"impact_fill_up_is_2"`
			Is1                            int  `json:"impact_fill_up_is_1"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		o := priority.Observation{Total: len(row.Providers), Asked: len(row.Requested), Answered: len(row.Answered)}
		want := map[priority.ManyDown]int{priority.ManyDownIs1: row.Is1, priority.ManyDownIs2: row.Is2, priority.ManyDownByQuorum: row.Is2}
		if len(row.Answered) < 3 {
			want[priority.ManyDownByQuorum] = row.Is1
		}
		for many, impact := range want {
			got, why, err := impactRule(many).Impact(o)
			require.NoError(t, err)
			assert.Equal(t, impact, got, "%s %s: %s", row.ID, many, why)
			if row.Literal != nil {
				assert.Equal(t, *row.Literal, got, row.ID)
			}
		}
		assert.Equal(t, row.Failed, len(row.Requested)-len(row.Answered))
		rows++
		if row.Literal == nil {
			holes++
		}
	}
	require.NoError(t, lines.Err())
	assert.Greater(t, rows, 200)
	assert.Greater(t, holes, 10)
}

// The worst known factor of each three (§4.5).
func TestFactors(t *testing.T) {
	for _, row := range []struct {
		f              priority.Factors
		impact, timing int
	}{
		{priority.Factors{}, 0, 0},
		{priority.Factors{Users: 4, Business: 2, Security: 3, Recurrence: 3, CriticalTime: 4, Attention: 2}, 2, 2},
		{priority.Factors{Users: 1, Recurrence: 4}, 1, 4},
		{priority.Factors{Security: 3, Attention: 1}, 3, 1},
		{priority.Factors{Business: 2}, 2, 0},
	} {
		impact, timing := row.f.Worst()
		assert.Equal(t, row.impact, impact)
		assert.Equal(t, row.timing, timing)
	}
}
