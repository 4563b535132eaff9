package servicetime_test

import (
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
