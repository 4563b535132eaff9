package capacity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/testdata/vectors"
)

func TestVectorsCapacity(t *testing.T) {
	limits := []capacity.Limit{
		{Kind: rate, Max: 3, Per: perSecond, Model: calendar},
		{Kind: rate, Max: 3, Per: perSecond, Model: sliding},
		{Kind: count, Max: 200, Window: perMinute, Model: calendar},
		{Kind: count, Max: 200, Window: perMinute, Model: sliding},
		{Kind: concurrency, Max: 200},
		{Kind: count, Max: 1, Window: perHour, Model: sliding},
	}
	for _, row := range vectors.Rows[struct {
		ID    string
		Calls [][2]int64 `json:"calls_ms"`
		Total int64

		Second  int64 `json:"max_calendar_second"`
		Minute  int64 `json:"max_calendar_minute"`
		Hour    int64 `json:"max_calendar_hour"`
		Sliding int64 `json:"max_sliding_1s"`
		Sixty   int64 `json:"max_sliding_60s"`
		Long    int64 `json:"max_sliding_3600s"`
		AtOnce  int64 `json:"max_concurrent"`

		Over3   bool `json:"over_3_per_calendar_second"`
		Over3s  bool `json:"over_3_per_sliding_second"`
		Over200 bool `json:"over_200_calendar_minute"`
		OverAny bool `json:"over_200_sliding_minute"`
		OverAll bool `json:"over_200_concurrent"`
	}](t, "capacity.jsonl") {
		var calls []record
		for _, c := range row.Calls {
			calls = append(calls, record{time.UnixMilli(c[0]), time.Duration(c[1]) * time.Millisecond})
		}
		v := tally(calls).Result() // in their own order
		assert.Equal(t, capacity.Volume{
			Calls: row.Total, Second: slowCalendar(calls, time.Second), Minute: slowCalendar(calls, time.Minute), Hour: slowCalendar(calls, time.Hour),
		}, v, row.ID)
		assert.Equal(t, []int64{row.Second, row.Minute, row.Hour}, []int64{v.Second.Count, v.Minute.Count, v.Hour.Count}, row.ID)

		// The rows' calls lie in no order at all, hours apart: sorted first.
		tl, err := capacity.NewTimeline(limits...)
		require.NoError(t, err)
		for _, c := range byStart(calls) {
			require.NoError(t, tl.Add(c.at, c.lasting))
		}
		f := tl.Result()
		assert.Equal(t, []int64{row.Total, row.Sliding, row.Sixty, row.AtOnce}, []int64{f.Calls, f.Second.Count, f.Minute.Count, f.Concurrent.Count}, row.ID)

		outcomes, err := capacity.Judge(limits, tally(calls), tl)
		require.NoError(t, err)
		for i, over := range []bool{row.Over3, row.Over3s, row.Over200, row.OverAny, row.OverAll} {
			want := compliance.Met
			switch {
			case over:
				want = compliance.Missed
			case row.Total == 0: // not over, but nothing to judge
				want = compliance.NoData
			}
			assert.Equal(t, want, outcomes[i].Verdict, "%s: %s", row.ID, outcomes[i])
		}
		assert.Equal(t, row.Long, outcomes[5].Peak.Count, row.ID)
	}
}
