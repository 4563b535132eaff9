package capacity_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
	"example.com/sla/servicetime"
)

const (
	count       = capacity.Count
	rate        = capacity.Rate
	concurrency = capacity.Concurrency
	calendar    = capacity.Calendar
	sliding     = capacity.Sliding
	bucket      = capacity.Bucket
	gcra        = capacity.GCRA
)

func TestLimit(t *testing.T) {
	for _, row := range []struct {
		limit   capacity.Limit
		allowed int64
		text    string
		data    string
	}{
		{
			capacity.Limit{Clause: "§4.7.1", Kind: count, Max: 200, Window: perMinute, Model: calendar},
			200,
			"at most 200 calls per calendar minute", `{"clause":"§4.7.1","kind":"count","max":200,"window":"1 min","model":"calendar"}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 3, Per: perSecond, Window: perMinute, Model: calendar, Advisory: true},
			180,
			"at most 3 calls per second on average over a calendar minute (advisory)",
			`{"kind":"rate","max":3,"per":"1 s","window":"1 min","model":"calendar","advisory":true}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 10, Per: perHour, Window: 7 * perMinute, Model: sliding}, 1, // 1.17
			"at most 10 calls per hour on average over any 7 min", `{"kind":"rate","max":10,"per":"1 h","window":"7 min","model":"sliding"}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 8, Per: perSecond, Model: sliding},
			8,
			"at most 8 calls in any second", `{"kind":"rate","max":8,"per":"1 s","model":"sliding"}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 8, Per: perSecond, Model: bucket},
			8,
			"at most 8 calls per second after bursts of 8 (bucket)", `{"kind":"rate","max":8,"per":"1 s","model":"bucket"}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 8, Per: perSecond, Model: gcra},
			1,
			"at most 8 calls per second, evenly spaced (gcra)", `{"kind":"rate","max":8,"per":"1 s","model":"gcra"}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 8, Per: perSecond, Model: gcra, Burst: 3},
			3,
			"at most 8 calls per second after bursts of 3 (gcra)", `{"kind":"rate","max":8,"per":"1 s","model":"gcra","burst":3}`,
		},
		{
			capacity.Limit{Kind: count, Max: 1, Window: 24 * perHour, Model: sliding},
			1,
			"at most 1 call in any day", `{"kind":"count","max":1,"window":"24 h","model":"sliding"}`,
		},
		{
			capacity.Limit{Kind: concurrency, Max: 36},
			36,
			"at most 36 calls at once", `{"kind":"concurrency","max":36}`,
		},
		{
			capacity.Limit{Kind: rate, Max: 86_400_000_000_000, Per: 24 * perHour, Window: 24 * perHour, Model: sliding},
			86_400_000_000_000, // the largest
			"at most 86400000000000 calls in any day",
			`{"kind":"rate","max":86400000000000,"per":"24 h","window":"24 h","model":"sliding"}`,
		},
	} {
		require.NoError(t, row.limit.Check(), row.text)
		assert.Equal(t, row.allowed, row.limit.Allowed(), row.text)
		assert.Equal(t, row.text, row.limit.String())
		data, err := json.Marshal(row.limit)
		require.NoError(t, err)
		assert.Equal(t, row.data, string(data))
		var read capacity.Limit
		require.NoError(t, json.Unmarshal(data, &read))
		assert.Equal(t, row.limit, read)
	}
}

func TestLimitFaults(t *testing.T) {
	for _, row := range []struct {
		limit capacity.Limit
		paths []string
	}{
		{capacity.Limit{}, []string{"kind"}},
		{capacity.Limit{Kind: 9, Max: 1}, []string{"kind"}},
		{capacity.Limit{Kind: concurrency}, []string{"max"}},
		{capacity.Limit{Kind: concurrency, Max: 1, Model: calendar}, []string{"kind"}},
		{capacity.Limit{Kind: concurrency, Max: -1, Window: perMinute}, []string{"kind", "max"}},
		{capacity.Limit{Kind: count, Max: 200}, []string{"model", "window"}},
		{capacity.Limit{Kind: count, Max: 200, Window: perMinute, Model: 9}, []string{"model"}},
		{capacity.Limit{Kind: count, Window: perMinute, Model: calendar}, []string{"max"}},
		{capacity.Limit{Kind: count, Max: 1, Window: perMinute, Model: bucket}, []string{"model", "window"}},
		{capacity.Limit{Kind: count, Max: 1, Per: perSecond, Window: perMinute, Model: calendar}, []string{"per"}},
		{capacity.Limit{Kind: count, Max: 1, Window: -perMinute, Model: sliding}, []string{"window"}},
		{capacity.Limit{Kind: count, Max: 1, Window: 25 * perHour, Model: sliding}, []string{"window"}},
		{capacity.Limit{Kind: count, Max: 1, Window: 24 * perHour, Model: calendar}, []string{"window"}},
		{capacity.Limit{Kind: count, Max: 1, Window: 7 * perSecond, Model: calendar}, []string{"window"}},
		{capacity.Limit{Kind: count, Max: 1, Window: perSecond / 2, Model: calendar}, []string{"window"}},
		{capacity.Limit{Kind: count, Max: 1, Window: perSecond, Model: sliding, Burst: 1}, []string{"burst"}},
		{capacity.Limit{Kind: count, Max: 1e10, Window: perSecond, Model: sliding}, []string{"max"}},
		{capacity.Limit{Kind: rate, Max: 3, Window: perMinute, Model: sliding}, []string{"per"}},
		{capacity.Limit{Kind: rate, Max: 3, Per: perSecond, Window: perMinute, Model: bucket}, []string{"window"}},
		{capacity.Limit{Kind: rate, Max: 3, Per: perSecond, Model: bucket, Burst: -1}, []string{"burst"}},
		{capacity.Limit{Kind: rate, Max: 3, Per: perSecond, Model: bucket, Burst: math.MaxInt64}, []string{"burst"}},
		{capacity.Limit{Kind: rate, Max: 3, Per: perHour, Window: perMinute, Model: sliding}, []string{"max"}}, // a twentieth of a call
		{capacity.Limit{Kind: rate, Max: 0, Per: 1, Window: -1, Model: 0, Burst: 1}, []string{"model", "per", "window", "burst", "max"}},
	} {
		err := row.limit.Check()
		require.ErrorIs(t, err, capacity.ErrLimit, row.limit)
		var paths []string
		for _, one := range err.(interface{ Unwrap() []error }).Unwrap() {
			fault := (*servicetime.Fault)(nil)
			require.ErrorAs(t, one, &fault)
			paths = append(paths, fault.Path)
		}
		assert.Equal(t, row.paths, paths, row.limit)
		_, err = capacity.NewLimiter(row.limit)
		require.ErrorIs(t, err, capacity.ErrLimit, row.limit)
	}
	_, err := capacity.NewLimiter(capacity.Limit{Kind: concurrency, Max: 1})
	require.ErrorIs(t, err, capacity.ErrLimit)
}

func TestWords(t *testing.T) {
	var k capacity.Kind
	var m capacity.Model
	require.ErrorIs(t, k.UnmarshalText([]byte("speed")), servicetime.ErrText)
	require.ErrorIs(t, m.UnmarshalText(nil), servicetime.ErrText)
	_, err := k.MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
	_, err = m.MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
}

// slowLimiter remembers every admitted call, and with it as many exact arrival times as GCRA needs.
type slowLimiter struct {
	limit    capacity.Limit
	admitted []int64
	tat      int64 // GCRA's theoretical arrival time, in units of 1/Max nanoseconds
}

func (s *slowLimiter) allow(at int64) bool {
	n, window := int64(0), int64(s.limit.Window)
	if s.limit.Kind == rate && window == 0 {
		window = int64(s.limit.Per)
	}
	floor := at - (at%window+window)%window
	for _, a := range s.admitted {
		if s.limit.Model == calendar && a >= floor || s.limit.Model == sliding && at-a < window {
			n++
		}
	}
	switch s.limit.Model {
	case calendar, sliding:
		if n >= s.limit.Allowed() {
			return false
		}
	default:
		// ITU-T I.371: not earlier than the theoretical arrival time less the tolerance of the burst.
		arrival, interval := at*s.limit.Max, int64(s.limit.Per)
		tolerance := (s.limit.Allowed() - 1) * interval
		if arrival < s.tat-tolerance {
			return false
		}
		s.tat = max(arrival, s.tat) + interval
	}
	s.admitted = append(s.admitted, at)
	return true
}

// Every model against a slow one: of the bucket too, so that the two accounts are one rule.
func TestLimiterAgainstSlow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	limits := []capacity.Limit{
		{Kind: count, Max: 3, Window: perMinute, Model: calendar},
		{Kind: rate, Max: 2, Per: perSecond, Model: calendar},
		{Kind: count, Max: 3, Window: perMinute, Model: sliding},
		{Kind: rate, Max: 3, Per: perSecond, Window: 10 * perSecond, Model: sliding},
		{Kind: rate, Max: 3, Per: perSecond, Model: bucket},
		{Kind: rate, Max: 7, Per: perMinute, Model: bucket, Burst: 2},
		{Kind: rate, Max: 7, Per: perMinute, Model: gcra, Burst: 2},
		{Kind: rate, Max: 3, Per: perSecond, Model: gcra},
	}
	for range 100 {
		calls := randomCalls(random, 100)
		for _, limit := range limits {
			m, err := capacity.NewLimiter(limit)
			require.NoError(t, err)
			slow, base := slowLimiter{limit: limit}, calls[0].at.Truncate(time.Hour)
			refused := false
			for _, c := range calls {
				ok, err := m.Allow(c.at)
				require.NoError(t, err)
				require.Equal(t, slow.allow(int64(c.at.Sub(base))), ok, "%s: %s", limit, c.at)
				refused = refused || !ok
			}
			// A limit is met if and only if a limiter would have refused none.
			tl, err := capacity.NewTimeline(limit)
			require.NoError(t, err)
			for _, c := range calls {
				require.NoError(t, tl.Add(c.at, 0))
			}
			outcomes, err := capacity.Judge([]capacity.Limit{limit}, tally(calls), tl)
			require.NoError(t, err)
			require.Equal(t, !refused, outcomes[0].Peak.Count <= limit.Allowed(), limit)
		}
	}
}

func TestLimiterRefuses(t *testing.T) {
	m, err := capacity.NewLimiter(capacity.Limit{Kind: count, Max: 2, Window: perMinute, Model: calendar})
	require.NoError(t, err)
	for _, step := range []struct {
		at    time.Time
		ok    bool
		cause error
	}{
		{at("08:00:10"), true, nil},
		{at("08:00:09"), false, capacity.ErrOrder},
		{time.Time{}, false, servicetime.ErrRange},
		{at("08:00:10"), true, nil},
		{at("08:00:59.999999999"), false, nil},
		{at("08:01:00"), true, nil},
	} {
		ok, err := m.Allow(step.at)
		require.ErrorIs(t, err, step.cause)
		assert.Equal(t, step.ok, ok, step.at)
	}
}
