package servicetime_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Every second counts the same in a combination as in its parts, and combinations obey the laws of sets.
func TestCombine(t *testing.T) {
	t.Parallel()
	day := compile(office)
	night := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 16:30-02:30"), Holidays: servicetime.SwedenWithEves})
	dense := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek(benchWeeks[8])})
	r := rand.New(rand.NewPCG(31, 2))
	for _, pair := range [][2]*servicetime.Calendar{{day, night}, {night, day}, {day, dense}, {dense, night}} {
		a, b := pair[0], pair[1]
		both, err := servicetime.Both(a, b)
		require.NoError(t, err)
		either, err := servicetime.Either(a, b)
		require.NoError(t, err)
		except, err := servicetime.Except(a, b)
		require.NoError(t, err)
		for range 3000 {
			from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(400 * 24 * time.Hour))))
			to := from.Add(time.Duration(r.Int64N(int64(40 * 24 * time.Hour))))
			assert.Equal(t, a.Open(from) && b.Open(from), both.Open(from), from)
			assert.Equal(t, a.Open(from) || b.Open(from), either.Open(from), from)
			assert.Equal(t, a.Open(from) && !b.Open(from), except.Open(from), from)
			elapsed := func(c *servicetime.Calendar) time.Duration {
				d, err := c.Elapsed(from, to)
				require.NoError(t, err)
				return d
			}
			require.Equal(t, elapsed(a)+elapsed(b), elapsed(either)+elapsed(both), "%s %s", from, to)
			require.Equal(t, elapsed(a), elapsed(both)+elapsed(except), "%s %s", from, to)
			due, err := both.Add(from, time.Hour)
			require.NoError(t, err)
			worked, err := both.Elapsed(from, due)
			require.NoError(t, err)
			require.Equal(t, time.Hour, worked)
		}
	}
}

func TestCombineBusinessDays(t *testing.T) {
	t.Parallel()
	extra := office
	extra.Extra = []servicetime.Opening{{From: instant("2026-10-24T10:00:00+02:00"), To: instant("2026-10-24T14:00:00+02:00")}}
	saturday := servicetime.MustDate("2026-10-24")
	assert.False(t, compile(extra).IsBusinessDay(saturday), "an extra opening makes no business day")

	weekend := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("sat 10:00-14:00")})
	either, err := servicetime.Either(compile(office), weekend)
	require.NoError(t, err)
	assert.True(t, either.IsBusinessDay(saturday), "a date with open time")
	closing, ok := either.Closing(saturday)
	require.True(t, ok)
	assert.Equal(t, "2026-10-24 14:00:00 +0200 CEST", closing.String())
	assert.False(t, either.IsBusinessDay(servicetime.MustDate("2026-10-25")))

	segments, err := either.Explain(instant("2026-06-20T00:00:00+02:00"), instant("2026-06-21T00:00:00+02:00"))
	require.NoError(t, err)
	assert.Equal(t, "4 h counted, 20 h holiday (Midsommardagen)", servicetime.Summary(segments))
}

func TestCombineRefuses(t *testing.T) {
	t.Parallel()
	day := compile(office)
	_, err := servicetime.Both(day, compile(servicetime.Schedule{Zone: "Europe/Helsinki", Week: office.Week}))
	require.ErrorIs(t, err, servicetime.ErrZone)
	_, err = servicetime.Except(day, day)
	require.ErrorIs(t, err, servicetime.ErrNoOpenTime)
}

// set is a calendar of the algebra, or nil for the empty one, which cannot be compiled.
type set struct{ c *servicetime.Calendar }

func combined(t *testing.T, op func(a, b *servicetime.Calendar) (*servicetime.Calendar, error), a, b set) set {
	t.Helper()
	c, err := op(a.c, b.c)
	if err != nil {
		require.ErrorIs(t, err, servicetime.ErrNoOpenTime)
		return set{}
	}
	return set{c}
}

// spans lists what is open in a stretch, and the open time of all of the range behind it.
func (s set) spans(t *testing.T, from, to time.Time) (spans []servicetime.Span, rest time.Duration) {
	t.Helper()
	if s.c == nil {
		return nil, 0
	}
	seq, err := s.c.Spans(from, to)
	require.NoError(t, err)
	for span := range seq {
		spans = append(spans, servicetime.Span{From: span.From.UTC(), To: span.To.UTC()})
	}
	rest, err = s.c.Elapsed(to, instant("2200-12-30T00:00:00Z"))
	require.NoError(t, err)
	return spans, rest
}

// The spans of three random schedules obey the laws of sets, in any zone.
//
//	a        |-------|     |-------|
//	b            |------------|
//	c        |--|       |-------------|
//	a∖(b∪c)     |-|                        = (a∖b)∖c
func TestSetLaws(t *testing.T) {
	t.Parallel()
	swedish := swedishDates(t)
	r := rand.New(rand.NewPCG(5, 55))
	for n := range 12 * cases() {
		zone := zones[n%len(zones)]
		near := time.Date(1985+r.IntN(60), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		var sets [3]set
		var schedules [3]servicetime.Schedule
		empty := false
		for i := range sets {
			schedules[i], _ = randomSchedule(r, zone, near.Unix()/86400, swedish)
			c, err := servicetime.Compile(schedules[i], time.LoadLocation)
			empty = empty || err != nil
			sets[i] = set{c}
		}
		if empty {
			continue
		}
		a, b, c := sets[0], sets[1], sets[2]
		// The empty set has no calendar: the laws are said for it here.
		both := func(x, y set) set {
			if x.c == nil || y.c == nil {
				return set{}
			}
			return combined(t, servicetime.Both, x, y)
		}
		either := func(x, y set) set {
			switch {
			case x.c == nil:
				return y
			case y.c == nil:
				return x
			}
			return combined(t, servicetime.Either, x, y)
		}
		except := func(x, y set) set {
			if x.c == nil || y.c == nil {
				return x
			}
			return combined(t, servicetime.Except, x, y)
		}
		from, to := near.AddDate(0, 0, -12), near.AddDate(0, 0, 12)
		for law, sides := range map[string][2]set{
			"a∩b = b∩a":             {both(a, b), both(b, a)},
			"a∪b = b∪a":             {either(a, b), either(b, a)},
			"(a∩b)∩c = a∩(b∩c)":     {both(both(a, b), c), both(a, both(b, c))},
			"(a∪b)∪c = a∪(b∪c)":     {either(either(a, b), c), either(a, either(b, c))},
			"a∩(b∪c) = (a∩b)∪(a∩c)": {both(a, either(b, c)), either(both(a, b), both(a, c))},
			"a∪(b∩c) = (a∪b)∩(a∪c)": {either(a, both(b, c)), both(either(a, b), either(a, c))},
			"a∖(b∪c) = (a∖b)∖c":     {except(a, either(b, c)), except(except(a, b), c)},
			"a∖(b∩c) = (a∖b)∪(a∖c)": {except(a, both(b, c)), either(except(a, b), except(a, c))},
			"a∪(a∩b) = a":           {either(a, both(a, b)), a},
			"a∩a = a":               {both(a, a), a},
			"a∖a = ∅":               {except(a, a), {}},
			"(a∖b)∪(a∩b) = a":       {either(except(a, b), both(a, b)), a},
			"(a∖b)∩b = ∅":           {both(except(a, b), b), {}},
		} {
			left, leftRest := sides[0].spans(t, from, to)
			right, rightRest := sides[1].spans(t, from, to)
			if !assert.Equal(t, left, right, law) || !assert.Equal(t, leftRest, rightRest, law) {
				text, err := json.Marshal(schedules)
				require.NoError(t, err)
				t.Fatalf("%s", text)
			}
		}
	}
}
