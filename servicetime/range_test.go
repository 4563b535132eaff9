package servicetime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// The range is the local dates 1970-01-01 to 2200-12-31, so its instants depend on the zone.
//
//	            1970-01-01 00:00                    2201-01-01 00:00
//	covered     |-----------------------------------|
//	in a span   |-----------------------------------|  its end too
func TestRange(t *testing.T) {
	for _, row := range []struct{ zone, first, end string }{
		{"UTC", "1970-01-01T00:00:00Z", "2201-01-01T00:00:00Z"},
		{"Europe/Stockholm", "1970-01-01T00:00:00+01:00", "2201-01-01T00:00:00+01:00"},
		{"America/New_York", "1970-01-01T00:00:00-05:00", "2201-01-01T00:00:00-05:00"},
		{"Asia/Kathmandu", "1970-01-01T00:00:00+05:30", "2201-01-01T00:00:00+05:45"},
		{"Pacific/Kiritimati", "1970-01-01T10:40:00Z", "2200-12-31T10:00:00Z"},
		{"Africa/Monrovia", "1970-01-01T00:44:30Z", "2201-01-01T00:00:00Z"},
	} {
		c := alwaysOpen(t, row.zone)
		first, end := clock(t, row.first), clock(t, row.end)
		for _, at := range []time.Time{first, first.Add(1), first.Add(time.Second), end.Add(-time.Second), end.Add(-1)} {
			assert.True(t, c.Covers(at), "%s %s", row.zone, at)
			assert.True(t, c.Open(at), "%s %s", row.zone, at)
		}
		for _, at := range []time.Time{first.Add(-1), first.Add(-time.Second), end, end.Add(1), end.Add(time.Second)} {
			assert.False(t, c.Covers(at), "%s %s", row.zone, at)
			assert.False(t, c.Open(at), "%s %s", row.zone, at)
			assert.Equal(t, servicetime.Date{}, c.Date(at), "%s %s", row.zone, at)
		}
		assert.Equal(t, servicetime.MustDate("1970-01-01"), c.Date(first), row.zone)
		assert.Equal(t, servicetime.MustDate("2200-12-31"), c.Date(end.Add(-1)), row.zone)

		all, err := c.Elapsed(first, end)
		require.NoError(t, err)
		assert.Equal(t, end.Sub(first), all, row.zone)
		span, err := c.Span(servicetime.MustDate("1970-01-01"))
		require.NoError(t, err)
		assert.True(t, span.From.Equal(first), row.zone)
		span, err = c.Span(servicetime.Year(2200))
		require.NoError(t, err)
		assert.True(t, span.To.Equal(end), row.zone)
		span, err = c.Span(ownPeriod{"1970-01-01", "2200-12-31"})
		require.NoError(t, err)
		assert.Equal(t, end.Sub(first), span.Duration(), row.zone)
	}
}

// Instants outside the range are errors, wherever they stand; a forgotten one is the zero time.
func TestRangeFails(t *testing.T) {
	c := compiled(t, office)
	in := clock(t, "2026-10-05T10:00:00+02:00")
	hour := servicetime.Pause{From: in, To: in.Add(time.Hour)}
	for _, out := range []time.Time{
		{},
		clock(t, "1969-07-20T20:17:00Z"), clock(t, "1969-12-31T23:59:59.999999999+01:00"),
		clock(t, "2201-01-01T00:00:00.000000001+01:00"), clock(t, "2201-06-01T00:00:00Z"), clock(t, "9999-12-31T00:00:00Z"),
		time.Unix(1<<62, 0), time.Unix(-1<<62, 0), // where seconds times 10⁹ overflow
		time.Unix(1<<34, 0), time.Unix(1<<55, 0), time.Unix(-1<<55, 0),
	} {
		for what, call := range map[string]func() error{
			"Elapsed from":         func() error { _, err := c.Elapsed(out, in); return err },
			"Elapsed to":           func() error { _, err := c.Elapsed(in, out); return err },
			"Elapsed from, paused": func() error { _, err := c.Elapsed(out, in, hour); return err },
			"Elapsed to, paused":   func() error { _, err := c.Elapsed(in, out, hour); return err },
			"Elapsed both":         func() error { _, err := c.Elapsed(out, out); return err },
			"Elapsed pause from": func() error {
				_, err := c.Elapsed(in, in, servicetime.Pause{From: out, To: in})
				return err
			},
			"Add":             func() error { _, err := c.Add(out, time.Hour); return err },
			"Add back":        func() error { _, err := c.Add(out, -time.Hour); return err },
			"Add nothing":     func() error { _, err := c.Add(out, 0); return err },
			"Add, paused":     func() error { _, err := c.Add(out, time.Hour, hour); return err },
			"AddLatest":       func() error { _, err := c.AddLatest(out, time.Hour); return err },
			"AddLatest, none": func() error { _, err := c.AddLatest(out, 0); return err },
			"Spans from":      func() error { _, err := c.Spans(out, in); return err },
			"Spans to":        func() error { _, err := c.Spans(in, out); return err },
			"Due in hours": func() error {
				_, err := c.Due(out, servicetime.MustTarget("8 h"), servicetime.SupportClock)
				return err
			},
			"Due in all time": func() error { _, err := c.Due(out, servicetime.MustTarget("8 h"), servicetime.WallClock); return err },
			"Due in business days": func() error {
				_, err := c.Due(out, servicetime.MustTarget("2 business days"), servicetime.ExclDateClose)
				return err
			},
			"Due in days": func() error { _, err := c.Due(out, servicetime.MustTarget("6 days"), servicetime.NX24H); return err },
			"FromWall":    func() error { _, err := c.FromWall(out); return err },
		} {
			if what == "FromWall" && c.Covers(out.Add(2*time.Hour)) {
				continue // another wall
			}
			require.ErrorIs(t, call(), servicetime.ErrRange, "%s %s", what, out)
		}
		assert.False(t, c.Open(out), "%s", out)
		assert.False(t, c.Covers(out), "%s", out)
		assert.Equal(t, servicetime.Date{}, c.Date(out), "%s", out)
		for what, edge := range map[string]func(time.Time) (time.Time, bool){
			"NextOpen": c.NextOpen, "NextClose": c.NextClose, "PrevOpen": c.PrevOpen, "PrevClose": c.PrevClose,
		} {
			got, ok := edge(out)
			assert.False(t, ok, "%s %s", what, out)
			assert.True(t, got.IsZero(), "%s %s", what, out)
		}
	}
}

// A pause that has not ended is one with a zero end; any other end outside the range is an error.
func TestRangePauseEnds(t *testing.T) {
	c := compiled(t, office)
	from, to := clock(t, "2026-10-05T10:00:00+02:00"), clock(t, "2026-10-05T16:00:00+02:00")
	at := from.Add(time.Hour)
	got, err := c.Elapsed(from, to, servicetime.Pause{From: at})
	require.NoError(t, err)
	assert.Equal(t, time.Hour, got)
	for _, end := range []time.Time{clock(t, "1969-01-01T00:00:00Z"), clock(t, "2201-06-01T00:00:00Z")} {
		_, err = c.Elapsed(from, to, servicetime.Pause{From: at, To: end})
		require.ErrorIs(t, err, servicetime.ErrRange, "%s", end)
	}
	_, err = c.Elapsed(from, to, servicetime.Pause{From: at, To: at.Add(-1)})
	require.ErrorIs(t, err, servicetime.ErrBackwards)
	_, err = c.Spans(to, from)
	assert.ErrorIs(t, err, servicetime.ErrBackwards)
}

func TestRangeDates(t *testing.T) {
	c := compiled(t, office)
	in := servicetime.MustDate("2026-10-05")
	for _, out := range []servicetime.Date{
		{},
		servicetime.MustDate("1969-12-31"), servicetime.MustDate("2201-01-01"), servicetime.MustDate("0001-01-01"), servicetime.MustDate("9999-12-31"),
		{Year: 2026, Month: 2, Day: 29},
		{Year: 2026, Month: 13, Day: 1},
		{Year: 1 << 40, Month: 1, Day: 1},
		{Year: 2026, Month: 1, Day: 1 << 40},
	} {
		assert.False(t, c.IsBusinessDay(out), "%v", out)
		_, ok := c.Closing(out)
		assert.False(t, ok, "%v", out)
		_, err := c.BusinessDay(out, 1)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", out)
		_, err = c.Following(out)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", out)
		_, err = c.Preceding(out)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", out)
		_, err = c.BusinessDaysBetween(out, in)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", out)
		_, err = c.BusinessDaysBetween(in, out)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", out)
		_, err = c.Span(out)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", out)
	}
	for _, p := range []servicetime.Period{
		servicetime.Month{},
		servicetime.Month{Year: 2026, Month: 13},
		servicetime.Month{Year: 1969, Month: 12},
		servicetime.Month{Year: 2201, Month: 1},
		servicetime.Year(0), servicetime.Year(-1), servicetime.Year(1969), servicetime.Year(2201),
		ownPeriod{"2026-10-05", "2026-10-04"},
		ownPeriod{"1969-12-31", "1970-01-01"},
		ownPeriod{"2200-12-31", "2201-01-01"},
	} {
		_, err := c.Span(p)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", p)
	}
	for _, row := range []struct {
		date string
		n    int
	}{
		{"2026-10-05", 0},
		{"2200-12-31", 1},
		{"1970-01-02", -1}, // the first business day: 1 January is a holiday
		{"2026-10-05", 100_000},
		{"2026-10-05", -100_000},
		{"2026-10-05", 1<<63 - 1},
		{"2026-10-05", -1 << 63},
	} {
		_, err := c.BusinessDay(servicetime.MustDate(row.date), row.n)
		require.ErrorIs(t, err, servicetime.ErrRange, "%v", row)
	}
	first, err := c.BusinessDay(servicetime.MustDate("1970-01-01"), 1)
	require.NoError(t, err)
	assert.Equal(t, servicetime.MustDate("1970-01-02"), first)
	last, err := c.BusinessDay(servicetime.MustDate("2200-12-30"), 1)
	require.NoError(t, err)
	assert.Equal(t, servicetime.MustDate("2200-12-31"), last)
	_, err = c.Preceding(servicetime.MustDate("1970-01-01"))
	require.ErrorIs(t, err, servicetime.ErrRange)
	all, err := c.BusinessDaysBetween(servicetime.MustDate("1970-01-01"), servicetime.MustDate("2200-12-31"))
	require.NoError(t, err)
	nth, err := c.BusinessDay(servicetime.MustDate("1970-01-01"), all)
	require.NoError(t, err)
	assert.Equal(t, servicetime.MustDate("2200-12-31"), nth)
	_, err = c.BusinessDay(servicetime.MustDate("1970-01-01"), all+1)
	assert.ErrorIs(t, err, servicetime.ErrRange)
}

// ownPeriod is a period that a program makes.
type ownPeriod struct{ first, last string }

func (p ownPeriod) Dates() (first, last servicetime.Date) {
	return servicetime.MustDate(p.first), servicetime.MustDate(p.last)
}
func (p ownPeriod) String() string { return p.first + "/" + p.last }

// Edges that the range does not hold are not found: a service that never closes has none.
func TestRangeEdges(t *testing.T) {
	always := alwaysOpen(t, "UTC")
	once, err := servicetime.Compile(servicetime.Schedule{Zone: "UTC", Dates: map[servicetime.Date][]servicetime.Window{
		servicetime.MustDate("2026-10-05"): {servicetime.MustWindow("08:00-17:00")},
	}}, time.LoadLocation)
	require.NoError(t, err)
	tail, err := servicetime.Compile(servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("wed 22:00-06:00")}, time.LoadLocation)
	require.NoError(t, err) // open at either end of the range
	for _, row := range []struct {
		what                                     string
		c                                        *servicetime.Calendar
		at                                       string
		nextOpen, nextClose, prevOpen, prevClose string
	}{
		{"always", always, "2026-10-05T10:00:00Z", "2026-10-05T10:00:00Z", "", "", ""},
		{"always", always, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "", "", ""},
		{"always", always, "2200-12-31T23:59:59.999999999Z", "2200-12-31T23:59:59.999999999Z", "", "", ""},
		{"always", always, "2201-01-01T00:00:00Z", "", "", "", ""},
		{"once", once, "1970-01-01T00:00:00Z", "2026-10-05T08:00:00Z", "2026-10-05T17:00:00Z", "", ""},
		{"once", once, "2026-10-05T07:59:59.999999999Z", "2026-10-05T08:00:00Z", "2026-10-05T17:00:00Z", "", ""},
		{"once", once, "2026-10-05T08:00:00Z", "2026-10-05T08:00:00Z", "2026-10-05T17:00:00Z", "", ""},
		{"once", once, "2026-10-05T08:00:00.000000001Z", "2026-10-05T08:00:00.000000001Z", "2026-10-05T17:00:00Z", "2026-10-05T08:00:00Z", ""},
		{"once", once, "2026-10-05T16:59:59.999999999Z", "2026-10-05T16:59:59.999999999Z", "2026-10-05T17:00:00Z", "2026-10-05T08:00:00Z", ""},
		{"once", once, "2026-10-05T17:00:00Z", "", "", "2026-10-05T08:00:00Z", "2026-10-05T17:00:00Z"},
		{"once", once, "2201-01-01T00:00:00Z", "", "", "2026-10-05T08:00:00Z", "2026-10-05T17:00:00Z"},
		{"tail", tail, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T06:00:00Z", "", ""},
		{"tail", tail, "1970-01-01T06:00:00Z", "1970-01-07T22:00:00Z", "1970-01-08T06:00:00Z", "", "1970-01-01T06:00:00Z"},
		{"tail", tail, "2200-12-31T23:00:00Z", "2200-12-31T23:00:00Z", "", "2200-12-31T22:00:00Z", "2200-12-25T06:00:00Z"},
	} {
		for _, edge := range []struct {
			what, want string
			of         func(time.Time) (time.Time, bool)
		}{
			{"NextOpen", row.nextOpen, row.c.NextOpen},
			{"NextClose", row.nextClose, row.c.NextClose},
			{"PrevOpen", row.prevOpen, row.c.PrevOpen},
			{"PrevClose", row.prevClose, row.c.PrevClose},
		} {
			got, ok := edge.of(clock(t, row.at))
			assert.Equal(t, edge.want != "", ok, "%s %s(%s): %s", row.what, edge.what, row.at, got)
			if ok {
				assert.Equal(t, edge.want, got.Format(time.RFC3339Nano), "%s %s(%s)", row.what, edge.what, row.at)
			}
		}
	}
}

// In a zone whose midnight is not that of UTC the last opening once ended a second early, and Spans up to the
// end of the range then yielded empty spans for ever.
func TestRangeSpansReachTheEnd(t *testing.T) {
	for _, zone := range zones {
		c := alwaysOpen(t, zone)
		month, err := c.Span(servicetime.MustMonth("2200-12"))
		require.NoError(t, err)
		spans, err := c.Spans(month.From, month.To)
		require.NoError(t, err)
		var got []servicetime.Span
		for s := range spans {
			if got = append(got, s); len(got) > 1 {
				break
			}
		}
		assert.Equal(t, []servicetime.Span{month}, got, zone)
		for _, at := range []time.Time{month.From, month.To.Add(-time.Second), month.To.Add(-1), month.To} {
			closed, ok := c.NextClose(at)
			assert.False(t, ok, "%s NextClose(%s) is %s", zone, at, closed)
			closed, ok = c.PrevClose(at)
			assert.False(t, ok, "%s PrevClose(%s) is %s", zone, at, closed)
			opened, ok := c.PrevOpen(at)
			assert.False(t, ok, "%s PrevOpen(%s) is %s", zone, at, opened)
		}
	}
}

// A target that uses up all the open time there is can still be counted; one more nanosecond cannot.
func TestRangeAdd(t *testing.T) {
	for _, week := range []string{"mon-fri 08:00-17:00", "mon-sun 00:00-24:00", "wed 22:00-06:00"} {
		c := compiled(t, servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek(week)})
		begin, end := clock(t, "1970-01-01T00:00:00Z"), clock(t, "2201-01-01T00:00:00Z")
		all, err := c.Elapsed(begin, end)
		require.NoError(t, err)

		last, err := c.Add(begin, all)
		require.NoError(t, err, week)
		open, err := c.Elapsed(begin, last)
		require.NoError(t, err)
		assert.Equal(t, all, open, week)
		paused := servicetime.Pause{From: end, To: end}
		again, err := c.Add(begin, all, paused)
		require.NoError(t, err, week)
		assert.Equal(t, last, again, week)

		for _, from := range []time.Time{begin, end} {
			for _, d := range []time.Duration{all + 1, -all - 1, 1<<63 - 1, -1 << 63} {
				_, err = c.Add(from, d)
				require.ErrorIs(t, err, servicetime.ErrNoOpenTime, "%s %s %s", week, from, d)
				_, err = c.Add(from, d, paused)
				require.ErrorIs(t, err, servicetime.ErrNoOpenTime, "%s %s %s", week, from, d)
				_, err = c.AddLatest(from, d)
				require.ErrorIs(t, err, servicetime.ErrNoOpenTime, "%s %s %s", week, from, d)
			}
		}
		_, err = c.AddLatest(begin, all)
		require.ErrorIs(t, err, servicetime.ErrNoOpenTime, "%s: no open time follows", week)
		first, err := c.AddLatest(end, -all)
		require.NoError(t, err)
		opening, ok := c.NextOpen(begin)
		require.True(t, ok)
		assert.Equal(t, opening, first, week)
	}
}
