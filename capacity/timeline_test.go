package capacity_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

const (
	perSecond = servicetime.Duration(time.Second)
	perMinute = servicetime.Duration(time.Minute)
	perHour   = servicetime.Duration(time.Hour)
)

// at reads a time of 26 October 2026 UTC: "08:31:07.25".
func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05.999999999", "2026-10-26 "+s)
	if err != nil {
		panic(err)
	}
	return t
}

// call is "08:31:07 7s".
func call(start, lasting string) record {
	d, err := time.ParseDuration(lasting)
	if err != nil {
		panic(err)
	}
	return record{at(start), d}
}

// measured are limits that no timeline measures by itself.
var measured = []capacity.Limit{
	{Kind: capacity.Count, Max: 300, Window: perHour, Model: capacity.Sliding},
	{Kind: capacity.Rate, Max: 8, Per: perSecond, Model: capacity.Bucket},
	{Kind: capacity.Rate, Max: 7, Per: perMinute, Model: capacity.GCRA},
	{Kind: capacity.Rate, Max: 3, Per: perSecond, Window: perMinute, Model: capacity.Sliding},
}

func timeline(t testing.TB, calls []record) *capacity.Timeline {
	t.Helper()
	tl, err := capacity.NewTimeline(measured...)
	require.NoError(t, err)
	for _, c := range calls {
		require.NoError(t, tl.Add(c.at, c.lasting))
	}
	return tl
}

func peaks(t testing.TB, tl *capacity.Timeline) []capacity.Peak {
	t.Helper()
	f := tl.Result()
	outcomes, err := capacity.Judge(measured, &capacity.Tally{}, tl)
	require.NoError(t, err)
	out := []capacity.Peak{f.Second, f.Minute, f.Concurrent}
	for _, o := range outcomes {
		out = append(out, o.Peak)
	}
	return out
}

func slowPeaks(calls []record) []capacity.Peak {
	return []capacity.Peak{
		slowSliding(calls, time.Second), slowSliding(calls, time.Minute), slowConcurrent(calls),
		slowSliding(calls, time.Hour), slowBucket(calls, measured[1]), slowBucket(calls, measured[2]), slowSliding(calls, time.Minute),
	}
}

func TestTimeline(t *testing.T) {
	for _, row := range []struct {
		name                       string
		calls                      []record
		second, minute, concurrent int64
	}{
		{"none", nil, 0, 0, 0},
		{"one of no time", []record{call("08:00:00", "0s")}, 1, 1, 0},
		{"one", []record{call("08:00:00", "1ns")}, 1, 1, 1},
		//	|--|
		//	   |--|
		{"one ends where another starts", []record{call("08:00:00", "1s"), call("08:00:01", "1s")}, 1, 2, 1},
		//	|--|
		//	  |--|
		{"a nanosecond together", []record{call("08:00:00", "1s"), call("08:00:00.999999999", "1s")}, 2, 2, 2},
		//	||      |-|
		//	         |
		{"at one instant, one of no time", []record{call("08:00:00", "1s"), call("08:00:00", "1s"), call("08:00:00", "0s")}, 3, 3, 2},
		//	 59.5 | 00.4    over an edge of the clock
		{"over an edge", []record{call("08:00:59.5", "0s"), call("08:00:59.6", "0s"), call("08:01:00.4", "0s"), call("08:01:00.5", "0s")}, 3, 4, 0},
		//	|------|
		//	 ||  ||      the long one goes on beside the others
		{"a long one", []record{call("08:00:00", "5m"), call("08:01:00", "1s"), call("08:02:00", "1s"), call("08:02:00.5", "2s")}, 2, 2, 3},
	} {
		f := timeline(t, row.calls).Result()
		assert.Equal(t, []int64{int64(len(row.calls)), row.second, row.minute, row.concurrent}, []int64{f.Calls, f.Second.Count, f.Minute.Count, f.Concurrent.Count}, row.name)
	}
}

// Peaks and instants are those of the oracle, in whatever order the calls come.
func TestTimelineAgainstSlow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		calls := randomCalls(random, 1+random.IntN(80))
		want := slowPeaks(calls)
		require.Equal(t, want, peaks(t, timeline(t, calls)))
		if calls[len(calls)-1].at.Sub(calls[0].at) <= capacity.Lateness {
			random.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
			require.Equal(t, want, peaks(t, timeline(t, calls)), "shuffled")
		}
	}
}

// Many thousand calls, more at once than are looked at one by one, in the order of their ends, against a sorted sweep.
func TestTimelineLarge(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for _, longest := range []time.Duration{time.Second, 10 * time.Second, 90 * time.Second} {
		var calls []record
		start := at("08:00:00")
		for i := range 20_000 {
			start = start.Add(time.Duration(random.IntN(20)) * time.Millisecond)
			if i%5000 > 4000 {
				start = start.Add(-time.Duration(random.IntN(10)) * time.Millisecond)
			}
			calls = append(calls, record{start, time.Duration(random.Int64N(int64(longest)))})
		}
		ended := byEnd(calls)
		slices.SortStableFunc(calls, func(a, b record) int { return a.at.Compare(b.at) })
		var ends []int64
		for _, c := range calls {
			ends = append(ends, c.at.UnixNano()+int64(c.lasting))
		}
		slices.Sort(ends)
		gone, most, second, from := 0, 0, 0, 0
		for i, c := range calls {
			for gone < len(ends) && ends[gone] <= c.at.UnixNano() {
				gone++
			}
			for !calls[from].at.After(c.at.Add(-time.Second)) {
				from++
			}
			most, second = max(most, i+1-gone), max(second, i+1-from)
		}
		f := timeline(t, ended).Result()
		assert.EqualValues(t, most, f.Concurrent.Count)
		assert.EqualValues(t, second, f.Second.Count)
		assert.Zero(t, f.Refused)
		assert.Equal(t, f, timeline(t, calls).Result())
	}
}

// Calls that hang while short ones come and go: the worst for the places of those at once, and yet right.
func TestTimelineHanging(t *testing.T) {
	var tl capacity.Timeline
	start := at("08:00:00")
	for i := range 5000 {
		require.NoError(t, tl.Add(start.Add(time.Duration(i)), time.Hour))
	}
	for i := range 50_000 {
		require.NoError(t, tl.Add(start.Add(time.Duration(1+i)*time.Millisecond), time.Millisecond))
	}
	f := tl.Result()
	assert.Equal(t, capacity.Peak{Count: 5001, At: start.Add(time.Millisecond)}, f.Concurrent)
	assert.Equal(t, capacity.Peak{Count: 5999, At: start}, f.Second)
}

func TestTimelineMean(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		var calls []record
		start := at("08:00:00")
		for range 2 + random.IntN(30) {
			start = start.Add(time.Duration(1+random.IntN(200)) * time.Millisecond)
			calls = append(calls, record{start, time.Duration(random.IntN(3000)) * time.Millisecond})
		}
		assert.InDelta(t, slowMean(calls), timeline(t, calls).Result().Measured, 1e-9)
	}
	//	|----|          |----|   4 s of calls in 10 s, 2 s of which lie behind the last start
	f := timeline(t, []record{call("08:00:00", "2s"), call("08:00:10", "2s")}).Result()
	assert.Equal(t, 2*time.Second, f.Mean)
	assert.InDelta(t, 0.4, f.Little, 1e-12)
	assert.InDelta(t, 0.2, f.Measured, 1e-12)
	assert.Equal(t, servicetime.Span{From: at("08:00:00"), To: at("08:00:10")}, f.Span)
	assert.Zero(t, timeline(t, []record{call("08:00:00", "2s")}).Result().Little, "a span of no length has no rate")
}

// Calls whose durations together are more than an int64 holds.
func TestTimelineBusyForLong(t *testing.T) {
	var tl capacity.Timeline
	const year = 365 * 24 * time.Hour
	for range 10 {
		require.NoError(t, tl.Add(at("08:00:00"), 100*year))
	}
	require.NoError(t, tl.Add(at("08:00:01"), 100*year))
	assert.Equal(t, 100*year, tl.Result().Mean)
	assert.InDelta(t, 10, tl.Result().Measured, 1e-6)
}

func TestTimelineRefuses(t *testing.T) {
	var tl capacity.Timeline
	for i := range 5000 {
		require.NoError(t, tl.Add(at("08:00:00").Add(time.Duration(i)*time.Second), time.Second))
	}
	for _, row := range []struct {
		at      time.Time
		lasting time.Duration
		cause   error
	}{
		{at("08:00:01"), time.Second, capacity.ErrOrder},
		{time.Time{}, time.Second, servicetime.ErrRange},
		{time.Date(2201, 2, 1, 0, 0, 0, 0, time.UTC), time.Second, servicetime.ErrRange},
		{time.Date(2200, 2, 1, 0, 0, 0, 0, time.UTC), 1<<63 - 1, servicetime.ErrRange},
		{at("10:00:00"), -1, servicetime.ErrBackwards},
	} {
		require.ErrorIs(t, tl.Add(row.at, row.lasting), row.cause)
	}
	newest := at("08:00:00").Add(4999 * time.Second)
	require.NoError(t, tl.Add(newest.Add(-capacity.Lateness), time.Second), "just not too late")
	f := tl.Result()
	assert.EqualValues(t, 5, f.Refused)
	assert.EqualValues(t, 5001, f.Calls)
	assert.Equal(t, f, tl.Result(), "reading it changes nothing")
	require.NoError(t, tl.Add(newest.Add(-time.Second), time.Second), "nor does it end the wait")
}

func binaryOf(t testing.TB, tl *capacity.Timeline) []byte {
	t.Helper()
	b, err := tl.MarshalBinary()
	require.NoError(t, err)
	return b
}

// Any split into stretches, merged in any grouping, is bit for bit the whole.
//
//	whole    | || |||   |  | || |
//	parts    | |      empty     |
//	           | |||   |  | ||        an instant with two calls may be cut
func TestTimelineMerge(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		calls := randomCalls(random, 1+random.IntN(60))
		whole := binaryOf(t, timeline(t, calls))
		var parts []*capacity.Timeline
		for rest := calls; ; {
			n := random.IntN(min(len(rest), 12) + 1)
			parts = append(parts, timeline(t, rest[:n]))
			if rest = rest[n:]; len(rest) == 0 {
				break
			}
		}
		for len(parts) > 1 {
			i := random.IntN(len(parts) - 1)
			a, b := parts[i], parts[i+1]
			if random.IntN(2) == 0 { // the later one may take the earlier one in as well
				a, b = b, a
			}
			before := binaryOf(t, b)
			require.NoError(t, a.Merge(b))
			require.Equal(t, before, binaryOf(t, b), "what is merged stays")
			if random.IntN(4) == 0 { // by way of another machine
				var read capacity.Timeline
				require.NoError(t, read.UnmarshalBinary(binaryOf(t, a)))
				a = &read
			}
			parts = slices.Replace(parts, i, i+2, a)
		}
		require.Equal(t, whole, binaryOf(t, parts[0]))
		require.Equal(t, slowPeaks(calls), peaks(t, parts[0]))
	}
}

// A timeline goes on after a merge, and after it was read, as if it were one.
func TestTimelineGoesOn(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		calls := randomCalls(random, 3+random.IntN(60))
		i := 1 + random.IntN(len(calls)-2)
		j := i + random.IntN(len(calls)-i)
		tl := timeline(t, calls[:i])
		require.NoError(t, tl.Merge(timeline(t, calls[i:j])))
		var read capacity.Timeline
		text, err := tl.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, read.UnmarshalJSON(text), string(text))
		for _, c := range calls[j:] {
			require.NoError(t, read.Add(c.at, c.lasting))
		}
		require.Equal(t, binaryOf(t, timeline(t, calls)), binaryOf(t, &read))
	}
}

func TestTimelineMergeRefuses(t *testing.T) {
	a := timeline(t, []record{call("08:00:00", "1s"), call("08:00:02", "1s")})
	b := timeline(t, []record{call("08:00:01", "1s"), call("08:00:03", "1s")})
	before := binaryOf(t, a)
	require.ErrorIs(t, a.Merge(b), capacity.ErrOrder)
	require.ErrorIs(t, a.Merge(a), capacity.ErrOrder)
	var other capacity.Timeline
	require.ErrorIs(t, a.Merge(&other), capacity.ErrMeasured)
	assert.Equal(t, before, binaryOf(t, a))

	// The order of the limits, or one given twice, is no difference.
	turned, err := capacity.NewTimeline(measured[3], measured[2], measured[1], measured[1], measured[0])
	require.NoError(t, err)
	require.NoError(t, a.Merge(turned))
	assert.Equal(t, before, binaryOf(t, a))
}

func TestJudge(t *testing.T) {
	calls := []record{call("08:00:00", "2s"), call("08:00:00.5", "2s"), call("08:00:59.9", "2s")}
	var tally capacity.Tally
	limits := []capacity.Limit{
		{Kind: capacity.Count, Max: 2, Window: perMinute, Model: capacity.Calendar},
		{Kind: capacity.Count, Max: 3, Window: perMinute, Model: capacity.Sliding, Advisory: true},
		{Kind: capacity.Concurrency, Max: 1},
		{Kind: capacity.Rate, Max: 1, Per: perSecond, Model: capacity.GCRA},
		{Kind: capacity.Rate, Max: 1, Per: perSecond, Model: capacity.Bucket, Burst: 2},
	}
	tl, err := capacity.NewTimeline(limits...)
	require.NoError(t, err)
	outcomes, err := capacity.Judge(limits, &tally, tl)
	require.NoError(t, err)
	for _, o := range outcomes {
		assert.Equal(t, compliance.NoData, o.Verdict, o)
	}
	for _, c := range calls {
		tally.Add(c.at)
		require.NoError(t, tl.Add(c.at, c.lasting))
	}
	outcomes, err = capacity.Judge(limits, &tally, tl)
	require.NoError(t, err)
	for i, want := range []struct {
		verdict compliance.Verdict
		peak    int64
		at      string
	}{
		{compliance.Missed, 3, "08:00:00"},
		{compliance.Met, 3, "08:00:00"},
		{compliance.Missed, 2, "08:00:00.5"},
		{compliance.Missed, 2, "08:00:00.5"}, // 1.5 calls, rounded up
		{compliance.Met, 2, "08:00:00.5"},
	} {
		assert.Equal(t, want.verdict, outcomes[i].Verdict, outcomes[i])
		assert.Equal(t, capacity.Peak{Count: want.peak, At: at(want.at)}, outcomes[i].Peak, outcomes[i])
	}

	_, err = capacity.Judge(limits, &tally, nil)
	require.ErrorIs(t, err, capacity.ErrMeasured)
	_, err = capacity.Judge(limits[:1], &tally, nil)
	require.NoError(t, err)
	_, err = capacity.Judge(append(limits, capacity.Limit{}), &tally, &capacity.Timeline{})
	require.ErrorIs(t, err, capacity.ErrMeasured)
	require.ErrorIs(t, err, capacity.ErrLimit)
	_, err = capacity.NewTimeline(capacity.Limit{})
	require.ErrorIs(t, err, capacity.ErrLimit)
}

// The order in which limits are given does not show, not in a merge either.
func TestTimelineLimitOrder(t *testing.T) {
	long := capacity.Limit{Kind: capacity.Count, Max: 5, Window: servicetime.MustDuration("10 min"), Model: capacity.Sliding}
	short := capacity.Limit{Kind: capacity.Count, Max: 5, Window: servicetime.MustDuration("5 min"), Model: capacity.Sliding}
	start := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	for _, limits := range [][]capacity.Limit{{long, short}, {short, long}} {
		var parts [2]*capacity.Timeline
		for i := range parts {
			var err error
			parts[i], err = capacity.NewTimeline(limits...)
			require.NoError(t, err)
		}
		for i := range 20 { // one a minute, in two parts
			require.NoError(t, parts[i/10].Add(start.Add(time.Duration(i)*time.Minute), time.Second))
		}
		require.NoError(t, parts[0].Merge(parts[1]))
		out, err := capacity.Judge([]capacity.Limit{long, short}, nil, parts[0])
		require.NoError(t, err)
		assert.Equal(t, []int64{10, 5}, []int64{out[0].Peak.Count, out[1].Peak.Count})
	}
	var tl capacity.Timeline
	require.ErrorIs(t, tl.Merge(nil), capacity.ErrOrder)
	require.ErrorIs(t, tl.Merge(&tl), capacity.ErrOrder)
	_, err := (&capacity.Limiter{}).Allow(start)
	require.ErrorIs(t, err, capacity.ErrLimit)
}
