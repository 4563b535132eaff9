package performance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/testdata/vectors"
)

// vectorFigures are the verdicts null without calls.
type vectorFigures struct {
	Total, Within1, Within2 int64
	OK90                    *bool
	OKRest                  *bool `json:"ok_rest"`
	OK                      *bool
}

func ok(v compliance.Verdict) *bool {
	if v == compliance.NoData {
		return nil
	}
	is := v == compliance.Met
	return &is
}

func figuresOf(outcomes []performance.Outcome, verdict compliance.Verdict) vectorFigures {
	return vectorFigures{
		Total: outcomes[0].Share.Total, Within1: outcomes[0].Share.Met, Within2: outcomes[1].Share.Met,
		OK90: ok(outcomes[0].Verdict), OKRest: ok(outcomes[1].Verdict), OK: ok(verdict),
	}
}

func TestVectorsPerformance(t *testing.T) {
	exactly, rejected, none := 0, 0, 0
	for _, row := range vectors.Rows[struct {
		ID       string
		Calls    [][2]*int64
		Rejected int64
		Fails    vectorFigures         `json:"pooled_none_fails"`
		Excluded vectorFigures         `json:"pooled_none_excluded"`
		PerN     map[int]vectorFigures `json:"per_n_none_fails"`
		EveryN   *bool                 `json:"ok_every_n"`
	}](t, "performance.jsonl") {
		rule := ssbtek()
		var tally performance.Tally
		for i, c := range row.Calls {
			call := performance.Call{At: time.Date(2026, 10, 5, 8, 0, i, 0, time.UTC), Persons: int(*c[0])}
			if c[1] != nil {
				call.Answered, call.Response = true, time.Duration(*c[1])*time.Millisecond
			}
			require.NoError(t, tally.Add(&rule, call))
		}
		preset, err := tally.Result(&rule)
		require.NoError(t, err)
		assert.Equal(t, row.Excluded, figuresOf(preset.Outcomes, preset.Verdict), row.ID)
		assert.Equal(t, performance.Invalid{Persons: row.Rejected}, preset.Invalid, row.ID)

		rule.Unanswered = performance.UnansweredFail
		fails, err := tally.Result(&rule)
		require.NoError(t, err)
		assert.Equal(t, row.Fails, figuresOf(fails.Outcomes, fails.Verdict), row.ID)
		// Both totals together are the delivery precision.
		assert.Equal(t, compliance.Share{Met: row.Excluded.Total, Total: row.Fails.Total}, fails.Precision.Share, row.ID)

		rule.Groups = performance.GroupsEach
		each, err := tally.Result(&rule)
		require.NoError(t, err)
		groups := map[int]vectorFigures{}
		for _, g := range each.Groups {
			verdict := max(g.Outcomes[0].Verdict, g.Outcomes[1].Verdict) // missed is the last
			groups[g.Persons] = figuresOf(g.Outcomes, verdict)
		}
		assert.Equal(t, row.PerN, groups, row.ID)
		assert.Equal(t, row.EveryN, ok(each.Verdict), row.ID)

		if row.Fails.Total > 0 && 10*row.Fails.Within1 == 9*row.Fails.Total {
			exactly++
		}
		if row.Rejected > 0 {
			rejected++
		}
		if row.Fails.Total == 0 {
			none++
		}
	}
	assert.Positive(t, exactly, "some lie exactly on 90 %")
	assert.Positive(t, rejected, "some have invalid calls")
	assert.Positive(t, none, "some have no calls")
}
