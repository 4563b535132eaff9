package performance_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// monday is an instant of 2026-10-05 in Stockholm, where it is open from 08:00 to 17:00.
func monday(t *testing.T, clock string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Stockholm")
	require.NoError(t, err)
	at, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", "2026-10-05 "+clock, zone)
	require.NoError(t, err)
	return at
}

func result(t *testing.T, rule performance.Rule, calls ...performance.Call) performance.Result {
	t.Helper()
	r, err := tallyOf(t, &rule, calls).Result(&rule)
	require.NoError(t, err)
	return r
}

// Every threshold of §4.8, in milliseconds: one less, itself, one more.
func TestThresholds(t *testing.T) {
	rule := ssbtek()
	for _, row := range []struct {
		persons     int
		first, last int64
	}{
		{1, 7000, 12_000},
		{2, 8500, 13_500},
		{3, 10_000, 15_000},
		{4, 11_500, 16_500},
		{5, 13_000, 18_000},
		{6, 14_500, 19_500},
		{7, 16_000, 21_000},
		{8, 17_500, 22_500},
		{9, 19_000, 24_000},
		{10, 20_500, 25_500},
	} {
		for _, edge := range []struct {
			ms          int64
			first, last int64
		}{
			{row.first - 1, 1, 1},
			{row.first, 1, 1},
			{row.first + 1, 0, 1},
			{row.last - 1, 0, 1},
			{row.last, 0, 1},
			{row.last + 1, 0, 0},
		} {
			r := result(t, rule, performance.Call{At: monday(t, "08:00:00"), Persons: row.persons, Response: time.Duration(edge.ms) * time.Millisecond, Answered: true})
			assert.Equal(t, []int64{edge.first, edge.last}, r.Base.Within, "%d persons, %d ms", row.persons, edge.ms)
			assert.Equal(t, r.Base, r.Groups[0].Count)
			assert.Equal(t, row.persons, r.Groups[0].Persons)
		}
		assert.Equal(t, time.Duration(row.first)*time.Millisecond, rule.Limits[0].For(row.persons))
		assert.Equal(t, time.Duration(row.last)*time.Millisecond, rule.Limits[1].For(row.persons))
	}
}

func TestNanosecondOver(t *testing.T) {
	r := result(t, ssbtek(), performance.Call{At: monday(t, "08:00:00"), Persons: 1, Response: 7*time.Second + 1, Answered: true})
	assert.Equal(t, []int64{0, 1}, r.Base.Within)
	assert.Equal(t, 7*time.Second+1, r.Percentiles.Max)
}

// At the edges of opening hours:
//
//	open       |08:00------------17:00|
//	calls     ||                     ||
func TestOpeningEdges(t *testing.T) {
	rule := ssbtek()
	rule.Opening = office()
	for _, row := range []struct {
		clock string
		in    int64
		hour  int
	}{
		{"07:59:59.999999999", 0, 0},
		{"08:00:00", 1, 8},
		{"08:59:59.999", 1, 8},
		{"09:00:00", 1, 9},
		{"16:59:59", 1, 16},
		{"16:59:59.999", 1, 16}, // the last second is open to its end
		{"16:59:59.999999999", 1, 16},
		{"17:00:00", 0, 0},
	} {
		// Answered when the service has closed.
		r := result(t, rule, performance.Call{At: monday(t, row.clock), Persons: 1, Response: 11 * time.Second, Answered: true})
		assert.Equal(t, row.in, r.Base.Answered, row.clock)
		assert.Equal(t, 1-row.in, r.OutsideHours, row.clock)
		assert.Equal(t, row.in, r.Hours[row.hour].Answered, row.clock)
	}
}

// The hours of the day are those of the wall: the one that comes twice is one, the one that is missing has none.
func TestHoursOfTheDay(t *testing.T) {
	rule := ssbtek()
	rule.Opening = calendar("Europe/Stockholm", "mon-sun 00:00-24:00")
	minutes := func(from time.Time, hours int) (calls []performance.Call) {
		for i := range hours * 60 {
			calls = append(calls, performance.Call{At: from.Add(time.Duration(i) * time.Minute), Persons: 1, Answered: true})
		}
		return calls
	}
	for _, row := range []struct {
		name string
		from time.Time
		want [6]int64
	}{
		{"no change", time.Date(2026, 10, 5, 22, 0, 0, 0, time.UTC), [6]int64{60, 60, 60, 60, 60, 60}},
		{"2026-10-25 back", time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), [6]int64{60, 60, 120, 60, 60, 0}},
		{"2026-03-29 forward", time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC), [6]int64{60, 60, 0, 60, 60, 60}},
	} {
		r := result(t, rule, minutes(row.from, 6)...)
		var got [6]int64
		for hour := range got {
			got[hour] = r.Hours[hour].Answered
		}
		assert.Equal(t, row.want, got, row.name)
	}
	rule.Opening = nil
	r := result(t, rule, minutes(time.Date(2026, 10, 5, 22, 0, 0, 0, time.UTC), 1)...)
	assert.Equal(t, int64(60), r.Hours[22].Answered, "without opening hours they are those of UTC")
}

func TestCallCheck(t *testing.T) {
	rule := ssbtek()
	stockholm := ssbtek()
	stockholm.Opening = office()
	good := performance.Call{At: time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC), Persons: 1, Response: time.Second, Answered: true}
	for _, row := range []struct {
		name   string
		rule   performance.Rule
		change func(*performance.Call)
		count  performance.Invalid
		causes map[string]error // by path
	}{
		{"good", rule, func(*performance.Call) {}, performance.Invalid{}, nil},
		{"no time at all", rule, func(c *performance.Call) { c.Response = 0 }, performance.Invalid{}, nil},
		{"the longest", rule, func(c *performance.Call) { c.Response = 7_289_654_400 * time.Second }, performance.Invalid{}, nil},
		{"the first instant", rule, func(c *performance.Call) { c.At = time.Unix(0, 0) }, performance.Invalid{}, nil},
		{"the first of Stockholm", stockholm, func(c *performance.Call) { c.At = time.Unix(-3600, 0) }, performance.Invalid{}, nil},
		{"the last instant", rule, func(c *performance.Call) { c.At = time.Date(2200, 12, 31, 23, 59, 59, 999_999_999, time.UTC) }, performance.Invalid{}, nil},
		{"a fault of no name", rule, func(c *performance.Call) { c.Answered, c.Fault = false, 99 }, performance.Invalid{}, nil},

		{"0 persons", rule, func(c *performance.Call) { c.Persons = 0 }, performance.Invalid{Persons: 1}, map[string]error{"persons": performance.ErrPersons}},
		{"11 persons", rule, func(c *performance.Call) { c.Persons = 11 }, performance.Invalid{Persons: 1}, map[string]error{"persons": performance.ErrPersons}},
		{"least persons", rule, func(c *performance.Call) { c.Persons = math.MinInt }, performance.Invalid{Persons: 1}, map[string]error{"persons": performance.ErrPersons}},
		{"most persons", rule, func(c *performance.Call) { c.Persons = math.MaxInt }, performance.Invalid{Persons: 1}, map[string]error{"persons": performance.ErrPersons}},
		{"negative response", rule, func(c *performance.Call) { c.Response = -1 }, performance.Invalid{Response: 1}, map[string]error{"response": performance.ErrResponse}},
		{"absurd response", rule, func(c *performance.Call) { c.Response = math.MaxInt64 }, performance.Invalid{Response: 1}, map[string]error{"response": performance.ErrResponse}},
		{"negative, unanswered", rule, func(c *performance.Call) { c.Response, c.Answered = -1, false }, performance.Invalid{Response: 1}, map[string]error{"response": performance.ErrResponse}},
		{"forgotten instant", rule, func(c *performance.Call) { c.At = time.Time{} }, performance.Invalid{At: 1}, map[string]error{"at": servicetime.ErrRange}},
		{"before 1970", rule, func(c *performance.Call) { c.At = time.Unix(0, -1) }, performance.Invalid{At: 1}, map[string]error{"at": servicetime.ErrRange}},
		{"after 2200", rule, func(c *performance.Call) { c.At = time.Date(2201, 1, 1, 0, 0, 0, 0, time.UTC) }, performance.Invalid{At: 1}, map[string]error{"at": servicetime.ErrRange}},
		{"after 2200 in Stockholm", stockholm, func(c *performance.Call) { c.At = time.Date(2200, 12, 31, 23, 0, 0, 0, time.UTC) }, performance.Invalid{At: 1}, map[string]error{"at": servicetime.ErrRange}},
		{"all at once", rule, func(c *performance.Call) { *c = performance.Call{Response: -1} }, performance.Invalid{At: 1}, map[string]error{"at": servicetime.ErrRange, "persons": performance.ErrPersons, "response": performance.ErrResponse}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := good
			row.change(&c)
			err := c.Check(&row.rule)
			assertFaults(t, row.causes, err)

			r := result(t, row.rule, good, c)
			assert.Equal(t, row.count, r.Invalid)
			assert.Equal(t, 2-r.Invalid.Total(), r.Base.Total()+r.OutsideHours)

			// A leg's is the leg's.
			c.Provider = "CSN"
			r = result(t, row.rule, good, c)
			assert.Equal(t, performance.Invalid{}, r.Invalid)
			require.Len(t, r.Legs, 1)
			assert.Equal(t, row.count, r.Legs[0].Invalid)
			assert.Equal(t, int64(1), r.Base.Total())
		})
	}
}

// assertFaults asserts that an error is exactly these faults.
func assertFaults(t *testing.T, causes map[string]error, err error) {
	t.Helper()
	if len(causes) == 0 {
		require.NoError(t, err)
		return
	}
	require.Error(t, err)
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	paths := map[string]bool{}
	for _, part := range joined.Unwrap() {
		var fault *servicetime.Fault
		require.ErrorAs(t, part, &fault)
		require.Contains(t, causes, fault.Path)
		require.ErrorIs(t, fault, causes[fault.Path])
		assert.NotEmpty(t, fault.Code)
		paths[fault.Path] = true
	}
	assert.Len(t, paths, len(causes))
}

func TestCallText(t *testing.T) {
	c := performance.Call{
		At: time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC), Response: 1500 * time.Millisecond, Persons: 2, Provider: "CSN", Fault: performance.FaultProvider, Over: true,
	}
	text, err := json.Marshal(c)
	require.NoError(t, err)
	assert.JSONEq(t, `{"at":"2026-10-05T08:00:00Z","response":1500000000,"persons":2,"answered":false,"provider":"CSN","fault":"provider","over":true}`, string(text))
	var back performance.Call
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, c, back)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"fault":"nobody"}`), &back), servicetime.ErrText)
}

// A fault tells deviations apart, and moves no verdict (§4.10).
func TestDeviations(t *testing.T) {
	rule := ssbtek()
	at := monday(t, "10:00:00")
	var calls []performance.Call
	for i := range 100 {
		calls = append(calls, performance.Call{At: at, Persons: 1, Response: time.Second, Answered: i >= 3, Fault: performance.Fault(i)})
	}
	r := result(t, rule, calls...)
	assert.Equal(t, performance.Deviations{Unknown: 1, Operator: 1, Provider: 1}, r.Precision.Deviations)
	assert.Equal(t, compliance.Share{Met: 97, Total: 100}, r.Precision.Share)
	assert.Equal(t, compliance.Missed, r.Precision.Verdict)
	assert.Equal(t, int64(-1), r.Precision.Left)
	assert.Equal(t, compliance.Met, r.Verdict, "the limits are another matter")
	assert.Equal(t, r.Precision.Deviations, r.Groups[0].Unanswered)
	assert.Equal(t, r.Precision.Deviations, r.Hours[8].Unanswered)

	r = result(t, rule, calls[1:]...)
	assert.Equal(t, compliance.Missed, r.Precision.Verdict, "97 of 99")
	r = result(t, rule, calls[2:]...)
	assert.Equal(t, compliance.Met, r.Precision.Verdict, "97 of 98")
	assert.Zero(t, r.Precision.Left)
	r = result(t, rule, calls[0])
	assert.Equal(t, compliance.NoData, r.Verdict, "nothing but an unanswered call")
	assert.Equal(t, compliance.Missed, r.Precision.Verdict)
}

func TestErrorsAreApart(t *testing.T) {
	causes := []error{performance.ErrPersons, performance.ErrResponse, performance.ErrLimit, performance.ErrReading, performance.ErrTerms, performance.ErrTally}
	for i, a := range causes {
		for k, b := range causes {
			assert.Equal(t, i == k, errors.Is(a, b))
		}
	}
}
