package servicetime_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

func explain(t testing.TB, c *servicetime.Calendar, from, to string, pauses ...servicetime.Pause) []string {
	t.Helper()
	segments, err := c.Explain(instant(from), instant(to), pauses...)
	require.NoError(t, err)
	var lines []string
	for s := range segments {
		lines = append(lines, s.String())
	}
	return lines
}

// Each kind in its place, and each winning over those below it.
//
//	Fri 19 June, 8-17 with a break 12-13        Sat 20 June, Midsommardagen, extra opening 10-12
//	counted 8-12 | break | counted 13-15 | paused 15 ......... 11 | extra 11-12 | holiday
func TestExplainKinds(t *testing.T) {
	t.Parallel()
	s := office
	s.Breaks = map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2026-06-19"): {servicetime.MustWindow("12:00-13:00")}}
	s.Extra = []servicetime.Opening{
		{From: instant("2026-06-20T10:00:00+02:00"), To: instant("2026-06-20T12:00:00+02:00"), Reason: "Migration"},
		{From: instant("2026-06-19T16:00:00+02:00"), To: instant("2026-06-19T16:30:00+02:00"), Reason: "within hours"},
	}
	pause := servicetime.Pause{From: instant("2026-06-19T15:00:00+02:00"), To: instant("2026-06-20T11:00:00+02:00"), Reason: "Awaiting User Info"}
	excused := servicetime.Pause{From: instant("2026-06-19T09:00:00+02:00"), To: instant("2026-06-19T09:30:00+02:00"), Reason: "Service window", Excused: true}
	assert.Equal(t, []string{
		"Fri 2026-06-19  07:00–08:00  closed   1 h",
		"Fri 2026-06-19  08:00–09:00  counted  1 h",
		"Fri 2026-06-19  09:00–09:30  excused  30 min  Service window",
		"Fri 2026-06-19  09:30–12:00  counted  2 h 30 min",
		"Fri 2026-06-19  12:00–13:00  break    1 h",
		"Fri 2026-06-19  13:00–15:00  counted  2 h",
		"Fri 2026-06-19  15:00–24:00  paused   9 h  Awaiting User Info",
		"Sat 2026-06-20  00:00–11:00  paused   11 h  Awaiting User Info",
		"Sat 2026-06-20  11:00–12:00  counted  1 h  Migration",
		"Sat 2026-06-20  12:00–24:00  holiday  12 h  Midsommardagen",
		"Sun 2026-06-21  00:00–01:00  closed   1 h",
	}, explain(t, compile(s), "2026-06-19T07:00:00+02:00", "2026-06-21T01:00:00+02:00", pause, excused))
}

// A night shift on the days of both clock changes: segments say what the wall shows, and are as long as they were.
func TestExplainClockChanges(t *testing.T) {
	t.Parallel()
	night := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("sat 22:00-06:00")})
	assert.Equal(t, []string{
		"Sat 2026-03-28  22:00–24:00  counted  2 h",
		"Sun 2026-03-29  00:00–06:00  counted  5 h",
		"Sun 2026-03-29  06:00–07:00  closed   1 h",
	}, explain(t, night, "2026-03-28T22:00:00+01:00", "2026-03-29T07:00:00+02:00"))
	assert.Equal(t, []string{
		"Sat 2026-10-24  22:00–24:00  counted  2 h",
		"Sun 2026-10-25  00:00–06:00  counted  7 h",
		"Sun 2026-10-25  06:00–07:00  closed   1 h",
	}, explain(t, night, "2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00+01:00"))
}

// For any schedule, span and pauses: segments are in order, touch, lie within one local date each, are together the span, and the
// counted ones sum to Elapsed; each counted one is open.
func TestExplainPartitions(t *testing.T) {
	t.Parallel()
	swedish := swedishDates(t)
	r := rand.New(rand.NewPCG(7, 31))
	zones := []string{"Europe/Stockholm", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "America/Goose_Bay", "UTC"}
	for range 400 * cases() {
		zone := zones[r.IntN(len(zones))]
		near := time.Date(1985+r.IntN(60), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		if zone == "Pacific/Apia" {
			near = time.Date(2011, 12, 30, 0, 0, 0, 0, time.UTC)
		}
		s, _ := randomSchedule(r, zone, near.Unix()/86400, swedish)
		c, err := servicetime.Compile(s, time.LoadLocation)
		if err != nil {
			continue // no open time
		}
		from := near.Add(time.Duration(r.Int64N(int64(10 * 24 * time.Hour))))
		to := from.Add(time.Duration(r.Int64N(int64(10 * 24 * time.Hour))))
		pauses := randomPauses(r, to.UnixNano(), func() int64 { return from.UnixNano() + r.Int64N(int64(12*24*time.Hour)) })
		segments, err := c.Explain(from, to, pauses...)
		require.NoError(t, err)
		at, sum := from, time.Duration(0)
		for segment := range segments {
			require.True(t, at.Equal(segment.From), "%+v: %s does not go on from %s", s, segment, at)
			require.True(t, segment.From.Before(segment.To), "%s", segment)
			require.Equal(t, c.Date(segment.From), c.Date(segment.To.Add(-1)), "%s", segment)
			if segment.Counted() {
				sum += segment.Duration()
				require.True(t, c.Open(segment.From), "%s", segment)
			}
			at = segment.To
		}
		require.True(t, at.Equal(to) || from.Equal(to))
		elapsed, err := c.Elapsed(from, to, pauses...)
		require.NoError(t, err)
		require.Equal(t, elapsed, sum, "%+v from %s to %s, %+v", s, from, to, pauses)
	}
}

// cases is how many times as much the long run does.
func cases() int {
	if *long {
		return 50
	}
	return 1
}

func TestExplainStops(t *testing.T) {
	t.Parallel()
	segments, err := compile(office).Explain(instant("1970-01-02T00:00:00Z"), instant("2200-12-30T00:00:00Z"))
	require.NoError(t, err)
	n := 0
	for range segments {
		if n++; n == 3 {
			break
		}
	}
	assert.Equal(t, 3, n)
	first := slices.Collect(func(yield func(servicetime.Segment) bool) {
		for s := range segments {
			if !yield(s) || s.To.Year() > 1970 {
				return
			}
		}
	})
	assert.Equal(t, "Fri 1970-01-02  01:00–08:00  closed   7 h", first[0].String(), "an iterator can be used again")
}

func TestExplainRefuses(t *testing.T) {
	t.Parallel()
	c := compile(office)
	_, err := c.Explain(instant("2026-06-19T07:00:00+02:00"), instant("2026-06-18T07:00:00+02:00"))
	require.ErrorIs(t, err, servicetime.ErrBackwards)
	_, err = c.Explain(time.Time{}, instant("2026-06-18T07:00:00+02:00"))
	require.ErrorIs(t, err, servicetime.ErrRange)
	_, err = c.Explain(instant("2026-06-17T07:00:00+02:00"), instant("2026-06-18T07:00:00+02:00"),
		servicetime.Pause{From: instant("2026-06-17T07:00:00+02:00"), To: instant("2026-06-16T07:00:00+02:00")})
	require.ErrorIs(t, err, servicetime.ErrBackwards)
}
