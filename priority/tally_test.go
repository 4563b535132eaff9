package priority_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/priority"
)

func TestCount(t *testing.T) {
	var c priority.Count
	for _, v := range []compliance.Verdict{
		compliance.Met, compliance.Met, compliance.Met, compliance.Missed, compliance.Missed,
		compliance.NoTarget, compliance.NoData, compliance.NoData, compliance.NoData, compliance.NoData,
	} {
		c.Add(v)
	}
	assert.Equal(t, priority.Count{Met: 3, Missed: 2, Running: 4, NoTarget: 1}, c)
	// Neither what runs nor what has no target is in the share.
	assert.Equal(t, compliance.Share{Met: 3, Total: 5}, c.Share())

	c.Merge(priority.Count{Met: 10, Missed: 20, Running: 30, NoTarget: 40})
	assert.Equal(t, priority.Count{Met: 13, Missed: 22, Running: 34, NoTarget: 41}, c)
	c.Merge(priority.Count{})
	assert.Equal(t, compliance.Share{Met: 13, Total: 35}, c.Share())

	// No incident is no data, not 100 %.
	assert.Equal(t, compliance.NoData, priority.Count{}.Share().Verdict(compliance.MustGoal("90%")))
	assert.Equal(t, compliance.NoData, priority.Count{Running: 3, NoTarget: 3}.Share().Verdict(compliance.MustGoal("90%")))
}

func TestTally(t *testing.T) {
	var tally priority.Tally // the zero value is ready
	assert.Equal(t, priority.Count{}, tally.Pooled())
	assert.Equal(t, priority.Count{}, tally.Level(1))
	tally.Merge(&priority.Tally{})
	assert.Equal(t, priority.Count{}, tally.Pooled())

	for _, x := range []struct {
		level   priority.Level
		verdict compliance.Verdict
	}{
		{critical, compliance.Met},
		{critical, compliance.Missed},
		{low, compliance.Met},
		{low, compliance.Met},
		{low, compliance.NoData},
		{high, compliance.NoTarget},
		{0, compliance.Met}, // no level
		{-1, compliance.Missed},
		{100, compliance.Missed},
		{1 << 40, compliance.NoData},
		{99, compliance.Met},
	} {
		tally.Add(x.level, x.verdict)
	}
	for level, want := range map[priority.Level]priority.Count{
		critical: {Met: 1, Missed: 1},
		high:     {NoTarget: 1},
		medium:   {},
		low:      {Met: 2, Running: 1},
		0:        {Met: 1, Missed: 2, Running: 1},
		99:       {Met: 1},
		98:       {},
		-1:       {},
		100:      {},
		1 << 40:  {},
	} {
		assert.Equal(t, want, tally.Level(level), "level %d", level)
	}
	assert.Equal(t, priority.Count{Met: 5, Missed: 3, Running: 2, NoTarget: 1}, tally.Pooled())
	assert.Equal(t, compliance.Share{Met: 5, Total: 8}, tally.Pooled().Share())

	// Merged with itself it is twice itself.
	tally.Merge(&tally)
	assert.Equal(t, priority.Count{Met: 10, Missed: 6, Running: 4, NoTarget: 2}, tally.Pooled())
	assert.Equal(t, priority.Count{Met: 4, Running: 2}, tally.Level(low))

	// What another program wrote can have more levels than there are.
	merged := priority.Tally{}
	merged.Merge(&priority.Tally{Levels: slices.Repeat([]priority.Count{{Met: 1}}, 150)})
	assert.Equal(t, priority.Count{Met: 150}, merged.Pooled())
	assert.Equal(t, priority.Count{Met: 51}, merged.Level(0))
}

// Whatever the parts and whatever the order, merged they are the whole.
func TestTallyMerge(t *testing.T) {
	r := random(29)
	levels := []priority.Level{-7, 0, 1, 2, 3, 4, 9, 99, 100}
	for range 300 {
		parts := make([]priority.Tally, 1+r.IntN(6))
		var whole priority.Tally
		var n int64
		for range r.IntN(60) {
			level, verdict := levels[r.IntN(1+r.IntN(len(levels)))], compliance.Verdict(r.IntN(5))
			parts[r.IntN(len(parts))].Add(level, verdict)
			whole.Add(level, verdict)
			n++
		}
		pooled := whole.Pooled()
		require.Equal(t, n, pooled.Met+pooled.Missed+pooled.Running+pooled.NoTarget)

		// Merge two at a time until one is left: any order and any grouping.
		for len(parts) > 1 {
			i, j := r.IntN(len(parts)), r.IntN(len(parts)-1)
			if j >= i {
				j++
			}
			before := priority.Tally{Levels: slices.Clone(parts[j].Levels)}
			parts[i].Merge(&parts[j])
			require.Equal(t, before.Pooled(), parts[j].Pooled(), "what is merged is as it was")
			parts = slices.Delete(parts, j, j+1)
		}
		require.Equal(t, whole, parts[0])
	}
}

func TestTallyJSON(t *testing.T) {
	var tally priority.Tally
	tally.Add(critical, compliance.Met)
	tally.Add(high, compliance.Missed)
	tally.Add(high, compliance.NoData)
	text, err := json.Marshal(tally)
	require.NoError(t, err)
	assert.JSONEq(t, `{"levels": [
		{"met": 0, "missed": 0, "running": 0, "no_target": 0},
		{"met": 1, "missed": 0, "running": 0, "no_target": 0},
		{"met": 0, "missed": 1, "running": 1, "no_target": 0}]}`, string(text))
	var back priority.Tally
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, tally, back)
}
