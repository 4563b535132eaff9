package performance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

func TestEmpty(t *testing.T) {
	var tally, other performance.Tally
	require.NoError(t, tally.Merge(&other))
	for _, rule := range []performance.Rule{ssbtek(), {MaxPersons: 1}} {
		r, err := tally.Result(&rule)
		require.NoError(t, err)
		assert.Equal(t, "no calls", r.String())
		assert.Equal(t, compliance.NoData == r.Verdict, len(rule.Limits) > 0)
		assert.NotEqual(t, compliance.Met, r.Precision.Verdict)
		assert.Zero(t, r.Percentiles)
	}
}

// What a tally was counted under it keeps, and goes with no other.
func TestTermsFail(t *testing.T) {
	call := performance.Call{At: monday(t, "10:00:00"), Persons: 1, Response: time.Second, Answered: true}
	stockholm := ssbtek()
	stockholm.Opening = office()
	for _, row := range []struct {
		name    string
		a, b    performance.Rule
		differs bool
	}{
		{"the same", ssbtek(), ssbtek(), false},
		{"other goals and readings", ssbtek(), func() performance.Rule {
			r := ssbtek()
			r.Limits[0].Share, r.Precision, r.Hours, r.Groups = compliance.MustGoal("50%"), compliance.Goal{}, performance.HoursAll, performance.GroupsEach
			return r
		}(), false},
		{"the same hours, compiled again", stockholm, func() performance.Rule {
			r := ssbtek()
			r.Opening = office()
			return r
		}(), false},
		{"another time", ssbtek(), func() performance.Rule {
			r := ssbtek()
			r.Limits[0].Within++
			return r
		}(), true},
		{"another time a person", ssbtek(), func() performance.Rule {
			r := ssbtek()
			r.Limits[1].PerPerson++
			return r
		}(), true},
		{"one limit less", ssbtek(), func() performance.Rule {
			r := ssbtek()
			r.Limits = r.Limits[:1]
			return r
		}(), true},
		{"another order", ssbtek(), func() performance.Rule {
			r := ssbtek()
			slices.Reverse(r.Limits)
			return r
		}(), true},
		{"another group", ssbtek(), func() performance.Rule {
			r := ssbtek()
			r.MaxPersons = 9
			return r
		}(), true},
		{"opening hours, and none", stockholm, ssbtek(), true},
		{"another zone", stockholm, func() performance.Rule {
			r := ssbtek()
			r.Opening = calendar("Europe/Helsinki", "mon-fri 08:00-17:00")
			return r
		}(), true},
	} {
		t.Run(row.name, func(t *testing.T) {
			a, b := tallyOf(t, &row.a, []performance.Call{call}), tallyOf(t, &row.b, []performance.Call{call})
			before := bytesOf(t, a)
			_, asked := a.Result(&row.b)
			added := tallyOf(t, &row.a, []performance.Call{call}).Add(&row.b, call)
			merged := a.Merge(b)
			for _, err := range []error{asked, added, merged} {
				if row.differs {
					require.ErrorIs(t, err, performance.ErrTerms)
				} else {
					require.NoError(t, err)
				}
			}
			assert.Equal(t, row.differs, bytes.Equal(before, bytesOf(t, a)))
		})
	}
	rule := ssbtek()
	tally := tallyOf(t, &rule, []performance.Call{call})
	require.ErrorIs(t, tally.Merge(tally), performance.ErrTerms)
	require.ErrorIs(t, tally.Merge(nil), performance.ErrTerms)

	// A rule that is changed behind the pointer is noticed when the result is asked for.
	rule.Limits[0].Within *= 2
	require.NoError(t, tally.Add(&rule, call))
	_, err := tally.Result(&rule)
	require.ErrorIs(t, err, performance.ErrTerms)
	rule.Opening = office()
	require.ErrorIs(t, tally.Add(&rule, call), performance.ErrTerms)
}

// Two calls, one after the other and across every edge, count as each of them by itself.
//
//	hours       |--------|--------|--------|
//	open           |---------|
//	calls       x b  a     x      x
func TestTwoCalls(t *testing.T) {
	for _, row := range []struct {
		zone, week string
		from       string
	}{
		{"Europe/Stockholm", "mon-sun 08:30-09:15", "2026-10-05T08:00:00+02:00"},
		{"Europe/Stockholm", "mon-sun 00:00-24:00", "2026-10-25T01:30:00+02:00"},    // clocks go back
		{"Australia/Lord_Howe", "mon-sun 00:00-24:00", "2026-10-04T01:00:00+10:30"}, // by half an hour forward
		{"Australia/Lord_Howe", "mon-sun 00:00-24:00", "2026-04-05T01:00:00+11:00"}, // and back
		{"Asia/Kathmandu", "mon-sun 08:30-09:15", "2026-10-05T08:00:00+05:45"},
	} {
		from, err := time.Parse(time.RFC3339, row.from)
		require.NoError(t, err)
		rule := performance.Rule{MaxPersons: 1, Opening: calendar(row.zone, row.week)}
		var calls []performance.Call
		for quarter := range 8 {
			for _, second := range []int{-1, 0, 1} {
				at := from.Add(time.Duration(quarter)*15*time.Minute + time.Duration(second)*time.Second)
				calls = append(calls, performance.Call{At: at, Persons: 1})
			}
		}
		for _, a := range calls {
			first := tallyOf(t, &rule, []performance.Call{a})
			for _, b := range calls {
				want := tallyOf(t, &rule, []performance.Call{b})
				require.NoError(t, want.Merge(first))
				assert.Equal(t, bytesOf(t, want), bytesOf(t, tallyOf(t, &rule, []performance.Call{a, b})), "%s, %s", a.At, b.At)
			}
		}
	}
}

// After one of each kind has come, no call costs an allocation: not in another hour, over a clock change, or of a known provider.
func TestNoAllocations(t *testing.T) {
	rule := ssbtek()
	rule.Opening = office()
	d := draw{rand.New(rand.NewPCG(1, 1))}
	calls := d.calls(rule, 5000)
	tally := tallyOf(t, &rule, calls)
	assert.Zero(t, testing.AllocsPerRun(1, func() { // all of them together: the mean of many is rounded down
		for i := range calls {
			if err := tally.Add(&rule, calls[i]); err != nil {
				t.Error(err)
			}
		}
	}))
}

// A tally is as large after many calls as after few.
func TestSize(t *testing.T) {
	rule := ssbtek()
	rule.Opening = office()
	d := draw{rand.New(rand.NewPCG(1, 1))}
	calls := d.calls(rule, 2000)
	one := len(bytesOf(t, tallyOf(t, &rule, calls)))
	ten := len(bytesOf(t, tallyOf(t, &rule, slices.Repeat(calls, 10))))
	assert.Less(t, ten, one*3/2, "counts have one digit more")
}

// Providers beyond the first by name are one, whatever the order and the parts.
func TestManyProviders(t *testing.T) {
	rule := ssbtek()
	const n = 3*performance.MaxProviders + 7
	var calls []performance.Call
	for i := range n {
		for range 1 + i%3 {
			calls = append(calls, performance.Call{At: monday(t, "10:00:00"), Persons: 1 + i%11, Response: time.Second, Answered: true, Provider: fmt.Sprintf("%05d", i)})
		}
	}
	want := bytesOf(t, tallyOf(t, &rule, calls))
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		random.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
		parts := make([]performance.Tally, 3)
		for i, c := range calls {
			require.NoError(t, parts[i%3].Add(&rule, c))
		}
		_, err := parts[0].Result(&rule) // which tells only the first apart already
		require.NoError(t, err)
		require.NoError(t, parts[2].Merge(&parts[0]))
		bytesOf(t, &parts[1])
		require.NoError(t, parts[2].Merge(&parts[1]))
		require.Equal(t, want, bytesOf(t, &parts[2]))
	}
	r := result(t, rule, calls...)
	require.Len(t, r.Legs, performance.MaxProviders)
	assert.Equal(t, "00000", r.Legs[0].Provider)
	assert.Equal(t, "00999", r.Legs[len(r.Legs)-1].Provider)
	sum := r.OtherLegs.Total() + r.OtherLegs.Invalid.Total()
	for _, l := range r.Legs {
		sum += l.Total() + l.Invalid.Total()
	}
	assert.Equal(t, int64(len(calls)), sum)
	assert.Zero(t, r.Base.Total(), "they are no part of the composite")

	// Both forms keep the others.
	tally := tallyOf(t, &rule, calls)
	text, err := tally.MarshalJSON()
	require.NoError(t, err)
	var read performance.Tally
	require.NoError(t, read.UnmarshalJSON(text))
	assert.Equal(t, want, bytesOf(t, &read))
	require.NoError(t, read.UnmarshalBinary(want))
	assert.Equal(t, want, bytesOf(t, &read))
}

// A name that no text can hold is made one that can.
func TestProviderNotUTF8(t *testing.T) {
	rule := ssbtek()
	tally := tallyOf(t, &rule, []performance.Call{
		{At: monday(t, "10:00:00"), Persons: 1, Provider: "C\xffN"}, {At: monday(t, "10:00:00"), Persons: 1, Provider: "C\uFFFDN"},
	})
	r, err := tally.Result(&rule)
	require.NoError(t, err)
	require.Len(t, r.Legs, 1)
	assert.Equal(t, int64(2), r.Legs[0].Unanswered.Unknown)
	text, err := tally.MarshalJSON()
	require.NoError(t, err)
	var read performance.Tally
	require.NoError(t, read.UnmarshalJSON(text))
	assert.Equal(t, bytesOf(t, tally), bytesOf(t, &read))
}

// Percentiles over the whole range of responses keep their stated error; those of few and short ones are exact.
func TestPercentiles(t *testing.T) {
	rule := ssbtek()
	random := rand.New(rand.NewPCG(5, 6))
	for _, largest := range []time.Duration{time.Millisecond, 100 * time.Millisecond, 255 * time.Millisecond, 256 * time.Millisecond, time.Second, time.Minute, 24 * time.Hour, 7_289_654_400 * time.Second} {
		for _, n := range []int{1, 2, 10, 99, 100, 101, 1000} {
			var calls []performance.Call
			var responses []time.Duration
			for range n {
				d := time.Duration(random.Int64N(int64(largest) + 1))
				responses = append(responses, d)
				calls = append(calls, performance.Call{At: monday(t, "10:00:00"), Persons: 1, Response: d, Answered: true})
			}
			slices.Sort(responses)
			p := result(t, rule, calls...).Percentiles
			checkPercentiles(t, responses, p)
			if n == 1 {
				assert.Equal(t, performance.Percentiles{P50: p.Max, P90: p.Max, P95: p.Max, P99: p.Max, Max: responses[0]}, p)
			}
		}
	}
	var calls []performance.Call
	for ms := range 200 { // 1 to 200
		calls = append(calls, performance.Call{At: monday(t, "10:00:00"), Persons: 1, Response: time.Duration(ms+1) * time.Millisecond, Answered: true})
	}
	const ms = time.Millisecond
	assert.Equal(t, performance.Percentiles{P50: 100 * ms, P90: 180 * ms, P95: 190 * ms, P99: 198 * ms, Max: 200 * ms}, result(t, rule, calls...).Percentiles)
}

// No verdict comes from the histogram: 7 s, which its bucket makes 7.039 s, is within 7 s.
func TestVerdictIsExact(t *testing.T) {
	at := monday(t, "10:00:00")
	r := result(t, ssbtek(), performance.Call{At: at, Persons: 1, Response: 7 * time.Second, Answered: true}, performance.Call{At: at, Persons: 1, Response: 12 * time.Second, Answered: true})
	assert.Greater(t, r.Percentiles.P50, 7*time.Second)
	assert.Equal(t, []int64{1, 2}, r.Base.Within)
}

// Limits in any order, and one within the other for some group sizes alone.
func TestLimitsThatCross(t *testing.T) {
	rule := performance.Rule{MaxPersons: 3, Limits: []performance.Limit{
		{Within: servicetime.MustDuration("5 s"), Share: compliance.MustGoal("50%")},
		{Within: servicetime.MustDuration("4 s"), PerPerson: servicetime.MustDuration("1 s"), Share: compliance.MustGoal("50%")}, // 4, 5, 6
	}}
	var calls []performance.Call
	for persons := 1; persons <= 3; persons++ {
		for seconds := 4; seconds <= 6; seconds++ {
			calls = append(calls, performance.Call{At: monday(t, "10:00:00"), Persons: persons, Response: time.Duration(seconds) * time.Second, Answered: true})
		}
	}
	r := result(t, rule, calls...)
	assert.Equal(t, []int64{6, 6}, r.Base.Within)
	for i, want := range [][]int64{{2, 1}, {2, 2}, {2, 3}} {
		assert.Equal(t, want, r.Groups[i].Within)
	}
}

func TestString(t *testing.T) {
	at, night := monday(t, "10:00:00"), monday(t, "20:00:00")
	some := func(n int, c performance.Call) []performance.Call { return slices.Repeat([]performance.Call{c}, n) }
	answered := func(n, persons int, ms int64) []performance.Call {
		return some(n, performance.Call{At: at, Persons: persons, Response: time.Duration(ms) * time.Millisecond, Answered: true})
	}
	unanswered := some(3, performance.Call{At: at, Persons: 1})
	for _, row := range []struct {
		want   string
		change func(*performance.Rule)
		calls  [][]performance.Call
	}{
		{
			"within 7 s (+1.5 s a person): 91.20 %, goal 90 %: met; slowest 11.8 s: met",
			func(r *performance.Rule) { r.Precision = compliance.Goal{} },
			[][]performance.Call{answered(912, 1, 3000), answered(88, 1, 11_800)},
		},
		{
			"within 7 s (+1.5 s a person): 89.99 %, goal 90 %: missed by 1; 3 not within 12 s (+1.5 s a person), slowest 14.2 s: missed; " +
				"10000 of 10003 answered, 99.97 %, goal 98 %: met, 197 misses left",
			func(*performance.Rule) {},
			[][]performance.Call{answered(8999, 1, 3000), answered(998, 1, 11_800), answered(3, 1, 14_200), unanswered},
		},
		{ // a share that rounds to the goal, and misses it
			"within 7 s (+1.5 s a person): 89.999 %, goal 90 %: missed by 1; slowest 11.8 s: met",
			func(r *performance.Rule) { r.Precision = compliance.Goal{} },
			[][]performance.Call{answered(89_999, 1, 3000), answered(10_001, 1, 11_800)},
		},
		{
			"within 7 s (+1.5 s a person): 94.00 %, goal 90 % of each group size: missed at size 2, 5; within 12 s (+1.5 s a person): 100.00 %, goal 100 % of each group size: met",
			func(r *performance.Rule) { r.Groups, r.Precision = performance.GroupsEach, compliance.Goal{} },
			[][]performance.Call{answered(94, 1, 3000), answered(3, 2, 13_000), answered(3, 5, 18_000)},
		},
		{
			"within 7 s (+1.5 s a person): no data, goal 90 %; within 12 s (+1.5 s a person): no data, goal 100 %; 0 of 3 answered, 0.00 %, goal 98 %: missed by 3",
			func(*performance.Rule) {},
			[][]performance.Call{unanswered},
		},
		{
			"within 7 s (+1.5 s a person): 100.00 %, goal not agreed; slowest 3 s: met",
			func(r *performance.Rule) { r.Limits[0].Share, r.Precision = compliance.Goal{}, compliance.Goal{} },
			[][]performance.Call{answered(1, 1, 3000)},
		},
		{
			"1 of 1 answered, 100.00 %, goal not agreed",
			func(r *performance.Rule) { r.Limits, r.Precision = nil, compliance.Goal{} },
			[][]performance.Call{answered(1, 1, 3000)},
		},
		{
			"slowest 3 s: met; left out: 2 invalid, 4 outside opening hours, 1 beyond capacity",
			func(r *performance.Rule) {
				r.Limits, r.Precision, r.OverCapacity = r.Limits[1:], compliance.Goal{}, performance.OverCapacityOut
			},
			[][]performance.Call{
				answered(1, 1, 3000), answered(2, 11, 3000), some(4, performance.Call{At: night, Persons: 1}),
				some(1, performance.Call{At: at, Persons: 1, Over: true}),
			},
		},
		{
			"no calls; left out: 4 outside opening hours",
			func(*performance.Rule) {},
			[][]performance.Call{some(4, performance.Call{At: night, Persons: 1})},
		},
	} {
		rule := ssbtek()
		rule.Opening = office()
		row.change(&rule)
		assert.Equal(t, row.want, result(t, rule, slices.Concat(row.calls...)...).String())
	}
}

// fullTally has a count of every kind.
func fullTally(t *testing.T) *performance.Tally {
	t.Helper()
	rule := ssbtek()
	rule.Opening = office()
	d := draw{rand.New(rand.NewPCG(9, 9))}
	return tallyOf(t, &rule, slices.Concat(d.calls(rule, 300), d.calls(rule, 300), d.calls(rule, 300)))
}

func TestTexts(t *testing.T) {
	full := fullTally(t)
	for _, tally := range []*performance.Tally{{}, full} {
		binary := bytesOf(t, tally)
		text, err := json.Marshal(tally)
		require.NoError(t, err)
		for range 2 { // also over what was there
			read := *fullTally(t)
			require.NoError(t, read.UnmarshalBinary(binary))
			assert.Equal(t, binary, bytesOf(t, &read))
			read = *fullTally(t)
			require.NoError(t, json.Unmarshal(text, &read))
			assert.Equal(t, binary, bytesOf(t, &read))
		}
	}
	empty, err := json.Marshal(&performance.Tally{})
	require.NoError(t, err)
	assert.JSONEq(t, `{}`, string(empty))

	// What has been read goes on counting.
	rule := ssbtek()
	rule.Opening = office()
	var read performance.Tally
	require.NoError(t, read.UnmarshalBinary(bytesOf(t, full)))
	call := performance.Call{At: monday(t, "10:00:00"), Persons: 3, Response: time.Second, Answered: true}
	require.NoError(t, read.Add(&rule, call))
	require.NoError(t, full.Add(&rule, call))
	assert.Equal(t, bytesOf(t, full), bytesOf(t, &read))
}

func TestBinaryFails(t *testing.T) {
	good := bytesOf(t, fullTally(t))
	var tally performance.Tally
	require.NoError(t, tally.UnmarshalBinary([]byte{1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0}), "no limits, one person, no zone, no counts")
	tally = performance.Tally{}
	for n := range good {
		require.ErrorIs(t, tally.UnmarshalBinary(good[:n]), performance.ErrTally, "%d bytes", n)
	}
	require.ErrorIs(t, tally.UnmarshalBinary(append(slices.Clone(good), 0)), performance.ErrTally)
	for _, b := range [][]byte{
		nil,
		{0, 0},
		{2, 0},
		{1, 0, 0},
		{1, 101, 0},
		{1, 255},
		{1, 1, 5},
		{1, 1, 0},
		{1, 1, 1, 0, 0},
		{1, 1, 0, 0, 1, 200, 1},                 // a cell behind the last
		{1, 1, 0, 1, 0xff, 0, 1, 1, 1, 1, 0, 0}, // a zone that is not UTF-8
		{1, 1, 1, 0, 0, 0},                      // a limit of no time
		{1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0}, // a count of 0
		{1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0}, // a provider without a name
		append([]byte{1, 1, 0, 0}, bytes.Repeat([]byte{0xff}, 40)...),
	} {
		require.ErrorIs(t, tally.UnmarshalBinary(b), performance.ErrTally, "%v", b)
	}
	assert.Equal(t, bytesOf(t, &performance.Tally{}), bytesOf(t, &tally), "it is left as it was")

	// Every single byte changed: refused, or another tally.
	for i := range good {
		changed := slices.Clone(good)
		changed[i] ^= 1
		if err := tally.UnmarshalBinary(changed); err != nil {
			require.ErrorIs(t, err, performance.ErrTally)
		} else {
			assert.NotEqual(t, good, bytesOf(t, &tally), "byte %d", i)
		}
	}
}

func TestJSONFails(t *testing.T) {
	const head = `{"limits":[{"within":"7 s"}],"max_persons":2,"zone":"UTC",`
	const one = `"calls":[{"hour":8,"open":true,"persons":1,"counts":[0,1,0,0,0]}],"responses":[{"open":true,"max":"6 s","buckets":[[6015,1]]}]`
	var tally performance.Tally
	require.NoError(t, tally.UnmarshalJSON([]byte(head+one+"}")), "it is good but for what is changed")
	want := bytesOf(t, &tally)
	most := fmt.Sprint(math.MaxInt64)
	var manyLegs strings.Builder
	manyLegs.WriteString(`{"provider":"A"}`)
	for i := range performance.MaxProviders {
		fmt.Fprintf(&manyLegs, `,{"provider":"%d"}`, i)
	}
	for _, text := range []string{
		``, `null`, `[]`, `1`, `"a"`, `{`, `{}{}`, `{} x`, `{"a":1}`, `{"zone":"UTC"}`, `{"max_persons":0,"zone":"UTC"}`, `{"calls":[{"counts":[0]}]}`,
		`{"limits":[{"within":"7 s"}]}`, `{"max_persons":101}`, `{"max_persons":-1}`, `{"max_persons":2,"limits":[{"within":"0 s"}]}`, `{"max_persons":2,"limits":[{"within":"7"}]}`,
		`{"max_persons":2,"limits":[{"within":"7 s","share":"90%"}]}`, // goals are of rules
		`{"max_persons":2,"limits":[` + strings.Repeat(`{"within":"7 s"},`, 4) + `{"within":"7 s"}]}`,
		`{"max_persons":2,"MAX_PERSONS":2}`, `{"Max_Persons":2}`, `{"max_persons":2,"max_persons":2}`, `{"max_persons":null}`, `{"max_persons":2.5}`, `{"max_persons":1e400}`,
		`{"max_persons":2,"hour":8}`, // a key of another place
		head + one + `,"calls":[]}`,
		head + `"calls":[{"hour":24,"open":true,"persons":1,"counts":[0,0,1,0,0]}]}`,
		head + `"calls":[{"hour":-1,"open":true,"persons":1,"counts":[0,0,1,0,0]}]}`,
		head + `"calls":[{"hour":8,"open":true,"persons":0,"counts":[0,0,1,0,0]}]}`,
		head + `"calls":[{"hour":8,"open":true,"persons":3,"counts":[0,0,1,0,0]}]}`,
		head + `"calls":[{"hour":8,"open":true,"persons":1,"counts":[0,0,1,0]}]}`,
		head + `"calls":[{"hour":8,"open":true,"persons":1,"counts":[0,0,1,0,0,0]}]}`,
		head + `"calls":[{"hour":8,"open":true,"persons":1,"counts":[0,0,-1,0,0]}]}`,
		head + `"calls":[{"hour":8,"hour":8,"open":true,"persons":1,"counts":[0,0,1,0,0]}]}`,
		head + `"calls":[{"hour":8,"persons":1,"counts":[0,0,1,0,0]},{"hour":8,"persons":1,"counts":[0,0,1,0,0]}]}`, // twice
		head + `"calls":[{"hour":8,"persons":1,"counts":[0,1,0,0,0]}]}`,                                             // answered, without a response
		head + `"responses":[{"open":true,"max":"6 s","buckets":[[6015,1]]}]}`,                                      // a response, of no call
		head + strings.Replace(one, "6015", "6014", 1) + `}`,                                                        // no bucket
		head + strings.Replace(one, "6015", "6047", 1) + `}`,                                                        // not that of the longest
		head + strings.Replace(one, "6015", "-1", 1) + `}`,
		head + strings.Replace(one, "6015", most, 1) + `}`,
		head + strings.Replace(one, "[6015,1]", "[6015,1,1]", 1) + `}`,
		head + strings.Replace(one, "[6015,1]", "[6015]", 1) + `}`,
		head + strings.Replace(one, "[6015,1]", "[]", 1) + `}`,
		head + strings.Replace(one, `"responses":[`, `"responses":[{"open":true,"max":"1 s","buckets":[]},`, 1) + `}`,
		head + strings.Replace(one, "[6015,1]", "[6015,1],[6015,1]", 1) + `}`,
		head + strings.Replace(one, "[6015,1]", "[6015,2]", 1) + `}`,
		head + strings.Replace(one, "6 s", "2000000 h", 1) + `}`,
		head + strings.Replace(strings.Replace(one, "6 s", "2024904 h 1 s", 1), "6015", "7318624272383", 1) + `}`, // longer than can be
		head + strings.Replace(one, "[6015,1]", "", 1) + `}`,
		head + `"responses":[{"max":"0 s","buckets":[]}]}`,
		head + `"responses":[{"max":"0 s","buckets":[]},{"max":"0 s","buckets":[]}]}`,
		head + `"legs":[` + manyLegs.String() + `]}`,
		head + strings.Replace(one, "6 s", "2562047 h", 1) + `}`,
		head + strings.Replace(one, `"responses":[{"open":true,`, `"responses":[{`, 1) + `}`,
		head + one + `,"invalid":{"at":-1,"persons":0,"response":0}}`,
		head + one + `,"invalid":{"at":` + most + `,"persons":` + most + `,"response":` + most + `}}`, // more than can be
		head + `"legs":[{"provider":"","calls":[{"counts":[0,0,1,0,0]}]}]}`,
		head + `"legs":[{"provider":"A"},{"provider":"A"}]}`,
		head + `"legs":[{"provider":"A","calls":[{"hour":1,"counts":[0,0,1,0,0]}]}]}`,
		head + `"legs":[{"provider":"A","calls":[{"counts":[0,0,1]}]}]}`,
		head + `"legs":[{"provider":"A","invalid":{"at":-1,"persons":0,"response":0}}]}`,
		head + `"other_legs":{"calls":[{"counts":[0,0,1,0,0]}]}}`, // there is room for their names
		head + `"other_legs":{"provider":"A"}}`,
		`{"max_persons":2,"calls":[{"hour":8,"persons":1,"counts":[0,1,0,0]}]}`,      // closed, without opening hours
		`{"max_persons":2,"legs":[{"provider":"A","calls":[{"counts":[1,0,0,0]}]}]}`, // a leg too
		head + `"calls":` + strings.Repeat(`[`, 20_000) + strings.Repeat(`]`, 20_000) + `}`,
	} {
		require.ErrorIs(t, tally.UnmarshalJSON([]byte(text)), performance.ErrTally, "%.300s", text)
	}
	assert.Equal(t, want, bytesOf(t, &tally), "it is left as it was")
	// In another order of keys and cells it is the same tally.
	require.NoError(t, tally.UnmarshalJSON([]byte(` {"zone": "UTC", "max_persons": 2, `+one+`, "limits": [{"per_person": "0 s", "within": "7 s"}]}`)))
	assert.Equal(t, want, bytesOf(t, &tally))
}

// Tallies that are too large to be added are refused, and left as they were.
func TestMergeTooLarge(t *testing.T) {
	read := func() *performance.Tally {
		var tally performance.Tally
		require.NoError(t, tally.UnmarshalJSON(fmt.Appendf(nil, `{"max_persons":1,"invalid":{"at":%d,"persons":0,"response":0}}`, math.MaxInt64)))
		return &tally
	}
	a := read()
	require.ErrorIs(t, a.Merge(read()), servicetime.ErrLimit)
	assert.Equal(t, bytesOf(t, read()), bytesOf(t, a))
}

func FuzzTallyText(f *testing.F) {
	f.Add([]byte{1, 0})
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"limits":[{"within":"7 s"}],"max_persons":2,"zone":"UTC","calls":[{"hour":8,"open":true,"persons":1,"counts":[0,1,0,0,0]}],"responses":[{"open":true,"max":"6 s","buckets":[[6015,1]]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func(*performance.Tally, []byte) error{(*performance.Tally).UnmarshalBinary, (*performance.Tally).UnmarshalJSON} {
			var tally performance.Tally
			if err := read(&tally, b); err != nil {
				require.ErrorIs(t, err, performance.ErrTally)
				continue
			}
			binary := bytesOf(t, &tally)
			text, err := tally.MarshalJSON()
			require.NoError(t, err)
			var again performance.Tally
			require.NoError(t, again.UnmarshalBinary(binary))
			require.Equal(t, binary, bytesOf(t, &again))
			require.NoError(t, again.UnmarshalJSON(text), string(text))
			require.Equal(t, binary, bytesOf(t, &again))
		}
	})
}

// A provider that has moved to the others is not counted where it was before.
func TestTallyManyProviders(t *testing.T) {
	rule := performance.Rule{MaxPersons: 10}
	var tally performance.Tally
	name := func(i int) string { return fmt.Sprintf("p%05d", i) }
	add := func(i int) {
		require.NoError(t, tally.Add(&rule, performance.Call{At: time.Unix(1_790_000_000, 0), Persons: 1, Answered: true, Provider: name(i)}))
	}
	const n = 2*performance.MaxProviders + 1
	for i := range n {
		add(i)
		add(n - 1) // the last by name, again and again
	}
	r, err := tally.Result(&rule)
	require.NoError(t, err)
	assert.Len(t, r.Legs, performance.MaxProviders)
	sum := r.OtherLegs.Total()
	for _, l := range r.Legs {
		sum += l.Total()
	}
	assert.Equal(t, int64(2*n), sum)

	// The others of a part, in a tally that has none.
	var empty performance.Tally
	require.NoError(t, empty.Merge(&tally))
	again, err := empty.Result(&rule)
	require.NoError(t, err)
	assert.Equal(t, r.OtherLegs, again.OtherLegs)
}
