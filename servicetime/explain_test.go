package servicetime_test

import (
	"fmt"
	"maps"
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
		"Sat 2026-06-20  11:00–12:00  counted  1 h  extra opening: Migration",
		"Sat 2026-06-20  12:00–24:00  holiday  12 h  Midsommardagen",
		"Sun 2026-06-21  00:00–01:00  closed   1 h",
	}, explain(t, compile(s), "2026-06-19T07:00:00+02:00", "2026-06-21T01:00:00+02:00", pause, excused))
}

// A night shift on the days of both clock changes: segments say what the wall shows, and are as long as they were. Offsets
// stand where the wall alone would mislead.
func TestExplainClockChanges(t *testing.T) {
	t.Parallel()
	night := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("sat 22:00-06:00")})
	assert.Equal(t, []string{
		"Sat 2026-03-28  22:00–24:00  counted  2 h",
		"Sun 2026-03-29  00:00+01:00–06:00+02:00  counted  5 h",
		"Sun 2026-03-29  06:00–07:00  closed   1 h",
	}, explain(t, night, "2026-03-28T22:00:00+01:00", "2026-03-29T07:00:00+02:00"))
	assert.Equal(t, []string{
		"Sat 2026-10-24  22:00–24:00  counted  2 h",
		"Sun 2026-10-25  00:00+02:00–06:00+01:00  counted  7 h",
		"Sun 2026-10-25  06:00–07:00  closed   1 h",
	}, explain(t, night, "2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00+01:00"))
	fold := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("sun 01:00-02:30")})
	assert.Equal(t, []string{
		"Sun 2026-10-25  01:00–02:30  counted  1 h 30 min",
		"Sun 2026-10-25  02:30+02:00–02:00+01:00  closed   30 min",
		"Sun 2026-10-25  02:00–02:30  counted  30 min",
	}, explain(t, fold, "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+01:00"))
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
		return 10
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

func explainDue(t testing.TB, c *servicetime.Calendar, received, target string, how servicetime.Convention, pauses ...servicetime.Pause) (lines []string, summary string) {
	t.Helper()
	segments, err := c.ExplainDue(instant(received), servicetime.MustTarget(target), how, pauses...)
	require.NoError(t, err)
	for s := range segments {
		lines = append(lines, s.String())
	}
	return lines, servicetime.Summary(segments)
}

// A row for each way to count: what is counted, and which dates have a number.
//
//	Thu 18 June 15:30 received | Fri 19, an eve that is open | Sat 20 Midsommardagen | Sun 21 | Mon 22
func TestExplainDue(t *testing.T) {
	t.Parallel()
	const received = "2026-06-18T15:30:00+02:00"
	wait := servicetime.Pause{From: instant("2026-06-19T16:00:00+02:00"), To: instant("2026-06-22T09:00:00+02:00"), Reason: "Awaiting User Info"}
	for _, row := range []struct {
		target  string
		how     servicetime.Convention
		pauses  []servicetime.Pause
		lines   []string
		summary string
	}{
		{"90 min", servicetime.SupportClock, nil, []string{
			"Thu 2026-06-18  15:30–17:00  counted  1 h 30 min",
		}, "1 h 30 min counted"},
		{"2 business days", servicetime.ExclDateClose, nil, []string{
			"Thu 2026-06-18  15:30–17:00  counted  1 h 30 min",
			"Thu 2026-06-18  17:00–24:00  closed   7 h",
			"Fri 2026-06-19  00:00–08:00  closed   8 h  day 1",
			"Fri 2026-06-19  08:00–17:00  counted  9 h  day 1",
			"Fri 2026-06-19  17:00–24:00  closed   7 h  day 1",
			"Sat 2026-06-20  00:00–24:00  holiday  24 h  Midsommardagen",
			"Sun 2026-06-21  00:00–24:00  closed   24 h",
			"Mon 2026-06-22  00:00–08:00  closed   8 h  day 2",
			"Mon 2026-06-22  08:00–17:00  counted  9 h  day 2",
		}, "2 days: 19 h 30 min counted, 24 h holiday (Midsommardagen), 54 h closed"},
		{"1 business day", servicetime.InclEffectiveClose, nil, []string{
			"Thu 2026-06-18  15:30–17:00  counted  1 h 30 min  day 1",
		}, "1 day: 1 h 30 min counted"},
		// What lies behind the last day has no number: the pause moved the due there.
		{"1 business day", servicetime.ExclDateClose, []servicetime.Pause{wait}, []string{
			"Thu 2026-06-18  15:30–17:00  counted  1 h 30 min",
			"Thu 2026-06-18  17:00–24:00  closed   7 h",
			"Fri 2026-06-19  00:00–08:00  closed   8 h  day 1",
			"Fri 2026-06-19  08:00–16:00  counted  8 h  day 1",
			"Fri 2026-06-19  16:00–24:00  paused   8 h  Awaiting User Info  day 1",
			"Sat 2026-06-20  00:00–24:00  paused   24 h  Awaiting User Info",
			"Sun 2026-06-21  00:00–24:00  paused   24 h  Awaiting User Info",
			"Mon 2026-06-22  00:00–09:00  paused   9 h  Awaiting User Info",
			"Mon 2026-06-22  09:00–10:00  counted  1 h",
		}, "1 day: 10 h 30 min counted, 65 h paused (Awaiting User Info), 15 h closed"},
		{"9 h", servicetime.WallClock, nil, []string{
			"Thu 2026-06-18  15:30–24:00  counted  8 h 30 min",
			"Fri 2026-06-19  00:00–00:30  counted  30 min",
		}, "9 h counted"},
		{"1 h", servicetime.EU1182Hours, nil, []string{
			"Thu 2026-06-18  15:30–16:00  closed   30 min  hour of receipt",
			"Thu 2026-06-18  16:00–17:00  counted  1 h",
		}, "1 h counted, 30 min closed (hour of receipt)"},
		// Two days end on a Saturday that is a holiday: the due rolls to Monday, 24:00.
		{"2 days", servicetime.EU1182Midnight, nil, []string{
			"Thu 2026-06-18  15:30–24:00  counted  8 h 30 min",
			"Fri 2026-06-19  00:00–24:00  counted  24 h  day 1",
			"Sat 2026-06-20  00:00–24:00  counted  24 h  rolled over Midsommardagen  day 2",
			"Sun 2026-06-21  00:00–24:00  counted  24 h  rolled over Sunday",
			"Mon 2026-06-22  00:00–24:00  counted  24 h",
		}, "2 days: 104 h 30 min counted (rolled over Midsommardagen, Sunday)"},
		// Days are numbered from the date after the receipt, whatever it is.
		{"4 days", servicetime.SE1930Close, nil, []string{
			"Thu 2026-06-18  15:30–24:00  counted  8 h 30 min",
			"Fri 2026-06-19  00:00–24:00  counted  24 h  day 1",
			"Sat 2026-06-20  00:00–24:00  counted  24 h  day 2",
			"Sun 2026-06-21  00:00–24:00  counted  24 h  day 3",
			"Mon 2026-06-22  00:00–17:00  counted  17 h  day 4",
		}, "4 days: 97 h 30 min counted"},
		{"1 day", servicetime.SE1930Close, nil, []string{
			"Thu 2026-06-18  15:30–24:00  counted  8 h 30 min",
			"Fri 2026-06-19  00:00–24:00  counted  24 h  rolled over Midsommarafton  day 1",
			"Sat 2026-06-20  00:00–24:00  counted  24 h  rolled over Midsommardagen",
			"Sun 2026-06-21  00:00–24:00  counted  24 h  rolled over Sunday",
			"Mon 2026-06-22  00:00–17:00  counted  17 h",
		}, "1 day: 97 h 30 min counted (rolled over Midsommarafton, Midsommardagen, Sunday)"},
		{"1 day", servicetime.NX24H, nil, []string{
			"Thu 2026-06-18  15:30–24:00  counted  8 h 30 min",
			"Fri 2026-06-19  00:00–15:30  counted  15 h 30 min",
		}, "24 h counted"},
	} {
		t.Run(row.target+" "+row.how.String(), func(t *testing.T) {
			t.Parallel()
			lines, summary := explainDue(t, compile(office), received, row.target, row.how, row.pauses...)
			assert.Equal(t, row.lines, lines)
			assert.Equal(t, row.summary, summary)
		})
	}
}

// Received on a Friday: the days begin on a Saturday, which has a number though no due would lie on it.
func TestExplainDueOverWeekend(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]servicetime.Convention{"EXCL": servicetime.ExclMidnight, "EU": servicetime.EU1182Midnight, "EU2": servicetime.EU1182Min2WDMidnight, "SE": servicetime.SE1930Close} {
		segments, err := compile(office).ExplainDue(instant("2026-10-09T10:00:00+02:00"), servicetime.MustTarget("4 days"), how)
		require.NoError(t, err)
		var numbers []int
		for s := range segments {
			numbers = append(numbers, s.Day)
		}
		assert.Equal(t, []int{0, 1, 2, 3, 4}, numbers, name)
	}
}

// Lord Howe, clocks go back by half an hour at 02:00: the next full hour that the wall shows after 01:40 is the 02:00 behind
// the change, not the 01:30 that comes after 20 minutes.
func TestEU1182HoursInLordHowe(t *testing.T) {
	t.Parallel()
	c := compile(servicetime.Schedule{Zone: "Australia/Lord_Howe", Week: office.Week})
	for received, want := range map[string]string{
		"2019-04-07T01:40:00+11:00": "2019-04-07T03:00:00+10:30",
		"2019-04-07T01:40:00+10:30": "2019-04-07T03:00:00+10:30",
		"2019-04-07T00:40:00+11:00": "2019-04-07T01:30:00+10:30", // an hour from 01:00, of which the wall shows half
		"2019-10-06T01:40:00+10:30": "2019-10-06T04:00:00+11:00", // 02:00 is missing, and 02:30 no full hour
	} {
		due, err := c.Due(instant(received), servicetime.MustTarget("1 h"), servicetime.EU1182Hours)
		require.NoError(t, err)
		assert.True(t, instant(want).Equal(due), "%s: %s, want %s", received, due, want)
	}
}

// A receipt after closing, under a cutoff of that day: due before it was received, and nothing consumed.
func TestExplainDueBefore(t *testing.T) {
	t.Parallel()
	lines, summary := explainDue(t, compile(office), "2026-06-18T18:00:00+02:00", "1 business day", servicetime.Cutoff(20*60))
	assert.Empty(t, lines)
	assert.Empty(t, summary)
	_, err := compile(office).ExplainDue(instant("2026-06-18T18:00:00+02:00"), servicetime.MustTarget("8 h"), servicetime.ExclDateClose)
	require.ErrorIs(t, err, servicetime.ErrConvention)
}

// For any schedule, target, convention and pauses: what ExplainDue counts is what the target's clock showed from receipt to due, which
// for elapsed time is the target; and days are numbered in the order of their dates, up to the target.
func TestExplainDueCounts(t *testing.T) {
	t.Parallel()
	swedish := swedishDates(t)
	r := rand.New(rand.NewPCG(3, 141))
	for range 60 * cases() {
		zone := zones[r.IntN(len(zones))]
		near := time.Date(1985+r.IntN(60), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		s, _ := randomSchedule(r, zone, near.Unix()/86400, swedish)
		c, err := servicetime.Compile(s, time.LoadLocation)
		if err != nil {
			continue // no open time
		}
		received := near.Add(time.Duration(r.Int64N(int64(10 * 24 * time.Hour))))
		pauses := randomPauses(r, received.Add(20*24*time.Hour).UnixNano(), func() int64 { return received.UnixNano() + r.Int64N(int64(12*24*time.Hour)) })
		for name, how := range conventions {
			n := 1 + r.IntN(9)
			for _, unit := range []string{"min", "h", "business days", "days"} {
				target := servicetime.MustTarget(fmt.Sprint(n, " ", unit))
				if !how.Counts(target) {
					continue
				}
				for _, pauses := range [][]servicetime.Pause{nil, pauses} {
					due, err := c.Due(received, target, how, pauses...)
					if err != nil {
						continue
					}
					segments, err := c.ExplainDue(received, target, how, pauses...)
					require.NoError(t, err)
					at, sum := received, time.Duration(0)
					numbers := map[servicetime.Date]int{} // a date may come again, where clocks go back over midnight
					for segment := range segments {
						require.True(t, at.Equal(segment.From))
						if segment.Counted() {
							sum += segment.Duration()
						}
						if date := c.Date(segment.From); segment.Day != 0 {
							require.LessOrEqual(t, segment.Day, n, name)
							require.True(t, numbers[date] == 0 || numbers[date] == segment.Day, "%s: %s", name, date)
							numbers[date] = segment.Day
						}
						at = segment.To
					}
					dates := slices.SortedFunc(maps.Keys(numbers), servicetime.Date.Compare)
					require.True(t, slices.IsSortedFunc(dates, func(a, b servicetime.Date) int { return numbers[a] - numbers[b] }), "%s: %v", name, numbers)
					what := fmt.Sprintf("%+v: %s %s %s %v: due %s", s, received, target, name, pauses, due)
					d, isTime := target.Duration()
					switch {
					case isTime:
						require.Equal(t, d, sum, what)
					case due.Before(received):
						require.Zero(t, sum, what)
					case unit == "business days":
						elapsed, err := c.Elapsed(received, due, pauses...)
						require.NoError(t, err)
						require.Equal(t, elapsed, sum, what)
					case len(pauses) == 0:
						require.Equal(t, due.Sub(received), sum, what)
					}
				}
			}
		}
	}
}
