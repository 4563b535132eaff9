package servicetime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

var zones = []string{
	"Africa/Casablanca", "Africa/Monrovia", "America/Goose_Bay", "America/Havana", "America/New_York", "America/Nuuk",
	"America/Santiago", "America/Sao_Paulo", "Antarctica/Troll", "Antarctica/Vostok", "Asia/Beirut", "Asia/Kathmandu", "Asia/Tehran",
	"Australia/Lord_Howe", "Europe/Dublin", "Europe/Stockholm", "Pacific/Apia", "Pacific/Kiritimati", "UTC",
}

func alwaysOpen(t testing.TB, zone string) *servicetime.Calendar {
	t.Helper()
	c, err := servicetime.Compile(servicetime.Schedule{Zone: zone, Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	return c
}

// dateAt is the local date as package time knows it.
func dateAt(t time.Time) servicetime.Date {
	y, m, d := t.Date()
	return servicetime.Date{Year: y, Month: m, Day: d}
}

// The calendar lists the clock changes of a zone once; package time is asked at each instant. They must
// agree on the date everywhere in the range. Behind the end of a zone's table (2037) time.Time.ZoneBounds
// is wrong on the last day of leap years, so the days around New Year are walked hour by hour.
func TestZoneDates(t *testing.T) {
	for _, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			c := alwaysOpen(t, zone)
			from := time.Date(1970, 1, 1, 0, 0, 0, 0, c.Location())
			to := time.Date(2201, 1, 1, 0, 0, 0, 0, c.Location())
			step := 29 * time.Hour
			if *long {
				step = time.Hour
			}
			same := func(at time.Time) {
				if want, got := dateAt(at), c.Date(at); want != got {
					t.Fatalf("Date(%s) is %s, want %s", at, got, want)
				}
			}
			for at := from; at.Before(to); at = at.Add(step) {
				same(at)
			}
			for year := 1971; year <= 2200; year++ {
				newYear := time.Date(year, 1, 1, 0, 0, 0, 0, c.Location())
				for h := -27 * time.Hour; h <= 27*time.Hour; h += time.Hour {
					same(newYear.Add(h))
					same(newYear.Add(h - 1))
				}
			}
			for _, change := range clockChanges(from, to) {
				for h := -26 * time.Hour; h <= 26*time.Hour; h += 30 * time.Minute {
					same(change.Add(h))
					same(change.Add(h - 1))
				}
			}
		})
	}
}

// clockChanges are the first instants with another offset, found without Time.ZoneBounds: offsets are
// compared every five hours, then halved. (Some zones change for four weeks alone, none for five hours.)
func clockChanges(from, to time.Time) []time.Time {
	var out []time.Time
	offset := func(t time.Time) int { _, o := t.Zone(); return o }
	every := 5 * 24 * time.Hour
	if *long {
		every = 5 * time.Hour
	}
	for at := from; at.Before(to); at = at.Add(every) {
		lo, hi := at, at.Add(every)
		if offset(lo) == offset(hi) {
			continue
		}
		for hi.Sub(lo) > time.Second {
			if mid := lo.Add(hi.Sub(lo) / 2).Truncate(time.Second); offset(mid) == offset(lo) {
				lo = mid
			} else {
				hi = mid
			}
		}
		out = append(out, hi)
	}
	return out
}

// A date begins with the first instant at which the wall shows it or a later one, and ends where
// the next begins. So the dates of the range leave nothing out and count nothing twice.
func TestZoneMidnights(t *testing.T) {
	for _, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			c := alwaysOpen(t, zone)
			last := servicetime.MustDate("2200-12-31")
			step := 11
			if *long {
				step = 1
			}
			changes := map[servicetime.Date]bool{}
			for _, at := range clockChanges(time.Date(1970, 1, 3, 0, 0, 0, 0, c.Location()), time.Date(2200, 12, 29, 0, 0, 0, 0, c.Location())) {
				for n := -2; n <= 2; n++ {
					changes[dateAt(at).AddDays(n)] = true
				}
			}
			for i, date := 0, servicetime.MustDate("1970-01-01"); date.Compare(last) <= 0; i, date = i+1, date.AddDays(1) {
				if !nearNewYear(date) && !changes[date] && i%step != 0 {
					continue
				}
				span, err := c.Span(date)
				require.NoError(t, err)
				end := time.Date(2201, 1, 1, 0, 0, 0, 0, c.Location())
				if date != last {
					next, err := c.Span(date.AddDays(1))
					require.NoError(t, err)
					end = next.From
				}
				if !span.To.Equal(end) || span.To.Before(span.From) {
					t.Fatalf("Span(%s) is %s, but the next date begins at %s", date, span, end)
				}
				if dateAt(span.From).Compare(date) < 0 {
					t.Fatalf("Span(%s) is %s: it begins on the date before", date, span)
				}
				for _, early := range []time.Duration{1, time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 7 * time.Hour, 12 * time.Hour} {
					if dateAt(span.From.Add(-early)).Compare(date) >= 0 {
						t.Fatalf("Span(%s) is %s, but %s before is %s", date, span, early, span.From.Add(-early))
					}
				}
			}
		})
	}
}

func nearNewYear(d servicetime.Date) bool {
	return d.Month == time.December && d.Day >= 30 || d.Month == time.January && d.Day <= 2
}

// A window of the wall clock opens on every date as package time shows it, behind the end of the
// zone's table too: 08:00-16:00 is open at 08:00:00 and closed one nanosecond before.
func TestZoneWindows(t *testing.T) {
	for _, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			c, err := servicetime.Compile(servicetime.Schedule{Zone: zone, Week: servicetime.MustWeek("mon-sun 08:00-16:00")}, time.LoadLocation)
			require.NoError(t, err)
			step := 11
			if *long {
				step = 1
			}
			for i, date := 0, servicetime.MustDate("1970-01-01"); date.Year <= 2200; i, date = i+1, date.AddDays(1) {
				if !nearNewYear(date) && i%step != 0 {
					continue
				}
				open := time.Date(date.Year, date.Month, date.Day, 8, 0, 0, 0, c.Location())
				closed := time.Date(date.Year, date.Month, date.Day, 16, 0, 0, 0, c.Location())
				if dateAt(open) != date || dateAt(closed) != date {
					continue // a date that never was
				}
				if c.Open(open.Add(-1)) || !c.Open(open) || !c.Open(closed.Add(-1)) || c.Open(closed) {
					t.Fatalf("%s is not open from %s to %s", date, open, closed)
				}
			}
		})
	}
}

// A wall time is the first of two instants where clocks went back, and later by the gap where they
// went forward over it.
//
//	Stockholm, 2026-03-29      01:59 | 03:00    02:30 is 03:30
//	Stockholm, 2026-10-25      02:00 ... 02:59 | 02:00 ... 02:59    02:30 is the first
func TestFromWall(t *testing.T) {
	for _, row := range []struct{ zone, wall, want string }{
		{"Europe/Stockholm", "2026-10-05T08:00:00Z", "2026-10-05T08:00:00+02:00"},
		{"Europe/Stockholm", "2026-10-05T08:00:00+09:00", "2026-10-05T08:00:00+02:00"}, // the zone that it carries is not asked
		{"Europe/Stockholm", "2026-10-05T08:00:00.123456789-03:30", "2026-10-05T08:00:00.123456789+02:00"},
		{"Europe/Stockholm", "2026-03-29T01:59:59Z", "2026-03-29T01:59:59+01:00"},
		{"Europe/Stockholm", "2026-03-29T02:00:00Z", "2026-03-29T03:00:00+02:00"},
		{"Europe/Stockholm", "2026-03-29T02:30:00.5Z", "2026-03-29T03:30:00.5+02:00"},
		{"Europe/Stockholm", "2026-03-29T03:00:00Z", "2026-03-29T03:00:00+02:00"},
		{"Europe/Stockholm", "2026-10-25T01:59:59Z", "2026-10-25T01:59:59+02:00"},
		{"Europe/Stockholm", "2026-10-25T02:00:00Z", "2026-10-25T02:00:00+02:00"},
		{"Europe/Stockholm", "2026-10-25T02:59:59.9Z", "2026-10-25T02:59:59.9+02:00"},
		{"Europe/Stockholm", "2026-10-25T03:00:00Z", "2026-10-25T03:00:00+01:00"},
		{"Europe/Stockholm", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+01:00"},
		{"Europe/Stockholm", "2200-12-31T23:59:59.999999999Z", "2200-12-31T23:59:59.999999999+01:00"},
		{"America/Sao_Paulo", "2018-11-04T00:00:00Z", "2018-11-04T01:00:00-02:00"}, // no midnight
		{"America/Havana", "2026-11-01T00:30:00Z", "2026-11-01T00:30:00-04:00"},    // half past midnight twice
		{"Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-04T02:45:00+11:00"},
		{"Africa/Monrovia", "1972-01-07T00:10:00Z", "1972-01-07T00:54:30Z"},
		{"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-31T12:00:00+14:00"}, // a date that never was
		{"Pacific/Apia", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00-11:00"},
		{"Pacific/Kiritimati", "2200-12-31T23:59:59Z", "2200-12-31T23:59:59+14:00"},
	} {
		got, err := alwaysOpen(t, row.zone).FromWall(clock(t, row.wall))
		require.NoError(t, err, "%v", row)
		assert.Equal(t, row.want, got.Format(time.RFC3339Nano), "%v", row)
		assert.Equal(t, row.zone, got.Location().String())
	}
	for _, zone := range zones {
		c := alwaysOpen(t, zone)
		for _, wall := range []string{"1969-12-31T23:59:59.999999999Z", "2201-01-01T00:00:00Z", "1969-12-30T00:00:00Z", "2201-01-02T00:00:01Z", "0001-01-01T00:00:00Z"} {
			_, err := c.FromWall(clock(t, wall))
			assert.ErrorIs(t, err, servicetime.ErrRange, "%s %s", zone, wall)
		}
	}
}
