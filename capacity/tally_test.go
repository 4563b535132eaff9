package capacity_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
	"example.com/sla/compliance"
)

func tally(calls []record) *capacity.Tally {
	t := &capacity.Tally{}
	for _, c := range calls {
		t.Add(c.at)
	}
	return t
}

func bytesOf(t testing.TB, tally *capacity.Tally) []byte {
	t.Helper()
	b, err := tally.MarshalBinary()
	require.NoError(t, err)
	return b
}

func TestTallyAgainstSlow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		calls := randomCalls(random, random.IntN(80))
		random.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
		v := tally(calls).Result()
		require.Equal(t, capacity.Volume{
			Calls: int64(len(calls)), Second: slowCalendar(calls, time.Second), Minute: slowCalendar(calls, time.Minute), Hour: slowCalendar(calls, time.Hour),
		}, v)
	}
}

// Any split into shards, merged in any order, is bit for bit the whole.
func TestTallyMerge(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for range 100 {
		calls := randomCalls(random, 200)
		calls = append(calls, record{}, record{at: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)})
		shards := make([]capacity.Tally, 1+random.IntN(6))
		for _, c := range calls {
			shards[random.IntN(len(shards))].Add(c.at)
		}
		var sum capacity.Tally
		for _, i := range random.Perm(len(shards)) {
			before := bytesOf(t, &shards[i])
			sum.Merge(&shards[i])
			require.Equal(t, before, bytesOf(t, &shards[i]), "what is merged stays")
		}
		require.Equal(t, bytesOf(t, tally(calls)), bytesOf(t, &sum))
		require.EqualValues(t, 2, sum.Result().Outside)
	}
}

func TestTallyRange(t *testing.T) {
	var tl capacity.Tally
	for _, in := range []time.Time{
		time.Date(1969, 12, 31, 22, 30, 0, 0, time.UTC), // 1970 in the east
		time.Date(2200, 12, 31, 23, 59, 59, 999, time.UTC),
		time.Date(2201, 1, 1, 10, 0, 0, 0, time.UTC), // 2200 in the west
	} {
		tl.Add(in)
	}
	for _, out := range []time.Time{{}, time.Date(1969, 12, 30, 23, 59, 59, 0, time.UTC), time.Date(2201, 1, 2, 0, 0, 1, 0, time.UTC), time.Unix(1<<62, 0), time.Unix(-1<<62, 0)} {
		tl.Add(out)
	}
	v := tl.Result()
	assert.EqualValues(t, 3, v.Calls)
	assert.EqualValues(t, 5, v.Outside)
}

// Of more hours than a tally holds the earliest stay, whatever order they came in.
func TestTallyHours(t *testing.T) {
	const extra = 50
	start := at("00:00:00").AddDate(-1, 0, 0)
	var whole capacity.Tally
	var parts [2]capacity.Tally
	for i := range capacity.MaxHours + extra {
		whole.Add(start.Add(time.Duration(i) * time.Hour)) // first in order, and then in any
	}
	for i, hour := range rand.New(rand.NewPCG(3, 3)).Perm(capacity.MaxHours + extra) {
		call := start.Add(time.Duration(hour) * time.Hour)
		whole.Add(call)
		parts[i%2].Add(call)
		parts[i%2].Add(call)
	}
	v := whole.Result()
	assert.EqualValues(t, 2*capacity.MaxHours, v.Calls)
	assert.EqualValues(t, 2*extra, v.Beyond)
	assert.Equal(t, start, v.Second.At)
	parts[0].Merge(&parts[1])
	assert.Equal(t, bytesOf(t, &whole), bytesOf(t, &parts[0]))
}

// A second has room for 2³²−1 calls, and says no more.
func TestTallyFull(t *testing.T) {
	var tl, read capacity.Tally
	require.NoError(t, tl.UnmarshalJSON([]byte(`{"outside":0,"beyond":0,"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[1,4294967294]}]}`)))
	for range 3 {
		tl.Add(at("08:00:01"))
	}
	assert.Equal(t, int64(1<<32-1), tl.Result().Calls)
	require.NoError(t, read.UnmarshalBinary(bytesOf(t, &tl)))
	read.Merge(&tl)
	assert.Equal(t, int64(1<<32-1), read.Result().Second.Count)
}

// limit 2     |   |██ |██ |   |   |██ |
// calls       | 2 | 3 | 5 | 1 | 0 | 3 |
// over            |-------|       |---|
func TestJudgeCalendar(t *testing.T) {
	var tl capacity.Tally
	for minute, n := range []int{2, 3, 5, 1, 0, 3} {
		for i := range n {
			tl.Add(at("08:57:00").Add(time.Duration(minute)*time.Minute + time.Duration(7*i)*time.Second))
		}
	}
	limit := capacity.Limit{Kind: capacity.Count, Max: 2, Window: perMinute, Model: capacity.Calendar}
	outcomes, err := capacity.Judge([]capacity.Limit{limit}, &tl, nil)
	require.NoError(t, err)
	assert.Equal(t, capacity.Outcome{
		Limit: limit, Verdict: compliance.Missed, Peak: capacity.Peak{Count: 5, At: at("08:59:00")}, P95: 5, P99: 5,
		Over: []capacity.Excess{
			{From: at("08:58:00"), To: at("09:00:00"), Peak: 5}, // over the edge of an hour
			{From: at("09:02:00"), To: at("09:03:00"), Peak: 3},
		},
		TimeOver: 3 * time.Minute, CallsOver: 1 + 3 + 1,
	}, outcomes[0])
}

// The nearest rank over the windows with calls: of 20 windows p95 is the 19th, of 100 p99 is the 99th.
func TestJudgePercentiles(t *testing.T) {
	for _, row := range []struct {
		windows  int
		p95, p99 int64
	}{{1, 1, 1}, {19, 19, 19}, {20, 19, 20}, {21, 20, 21}, {100, 95, 99}, {101, 96, 100}, {200, 190, 198}} {
		var tl capacity.Tally
		for i := range row.windows {
			for range i + 1 {
				tl.Add(at("00:00:00").Add(time.Duration(3*i) * time.Minute)) // two without calls between
			}
		}
		outcomes, err := capacity.Judge([]capacity.Limit{{Kind: capacity.Count, Max: 1000, Window: perMinute, Model: capacity.Calendar}}, &tl, nil)
		require.NoError(t, err)
		assert.Equal(t, []int64{row.p95, row.p99}, []int64{outcomes[0].P95, outcomes[0].P99}, row.windows)
	}
}

// Spells are listed up to a bound; what is over is counted beyond it.
func TestJudgeBounded(t *testing.T) {
	const spells = capacity.MaxListed + 500
	var tl capacity.Tally
	for i := range spells {
		for second := range 1 + i%2 { // every other spell is two seconds
			second := at("00:00:00").Add(time.Duration(4*i+second) * time.Second)
			tl.Add(second)
			tl.Add(second)
		}
	}
	outcomes, err := capacity.Judge([]capacity.Limit{{Kind: capacity.Count, Max: 1, Window: perSecond, Model: capacity.Calendar}}, &tl, nil)
	require.NoError(t, err)
	o := outcomes[0]
	assert.Len(t, o.Over, capacity.MaxListed)
	assert.EqualValues(t, 500, o.MoreOver)
	assert.Equal(t, spells*3/2*time.Second, o.TimeOver)
	assert.EqualValues(t, spells*3/2, o.CallsOver)
}

func TestUsers(t *testing.T) {
	var u, v capacity.Users
	for name, n := range map[string]int{"Malmö": 3, "Lund": 5, "": 2, "Kiruna": 3} {
		for i := range n {
			[]*capacity.Users{&u, &v}[i%2].Add(name)
		}
	}
	v.Add("\xff\xfe") // not UTF-8
	u.Merge(&v)
	assert.Equal(t, capacity.Usage{
		Users: []capacity.User{{Name: "Lund", Calls: 5}, {Name: "Kiruna", Calls: 3}, {Name: "Malmö", Calls: 3}, {Name: "\uFFFD", Calls: 1}}, Calls: 14, Unnamed: 2,
	}, u.Result())
	assert.Equal(t, capacity.Usage{}, (&capacity.Users{}).Result())
}

// Of more users than there is room for, those whose names sort first stay, whatever order they came in.
func TestUsersMany(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	names := random.Perm(2*capacity.MaxUsers + 100)
	shards := make([]capacity.Users, 3)
	var whole capacity.Users
	name := func(i int) string { return string(rune('a'+i%26)) + time.Duration(i).String() }
	for _, i := range append(names, names[:100]...) {
		whole.Add(name(i))
		shards[random.IntN(3)].Add(name(i))
	}
	shards[2].Merge(&shards[0])
	shards[2].Merge(&shards[1])
	want, err := whole.MarshalBinary()
	require.NoError(t, err)
	got, err := shards[2].MarshalBinary()
	require.NoError(t, err)
	assert.Equal(t, want, got)
	r := whole.Result()
	assert.Len(t, r.Users, capacity.MaxUsers)
	assert.EqualValues(t, 2*capacity.MaxUsers+200, r.Calls)
	assert.Greater(t, r.Others, int64(capacity.MaxUsers))
}
