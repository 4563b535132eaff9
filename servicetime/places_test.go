package servicetime_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Strange places, by name and date: what opens when the wall clock jumps. The policy is in doc.go.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, zone, week string
		date             string   // all openings that begin on it, or on the next instants until the day after
		want             []string // from – to, with the offsets
	}{
		{"Sao Paulo, no midnight: 00:00 → 01:00", "America/Sao_Paulo", "sun 00:00-02:00", "2018-11-04", []string{
			"2018-11-04 01:00:00 -0200 – 2018-11-04 02:00:00 -0200",
		}},
		{"Sao Paulo, midnight is late: 24:00 → 23:00, the last hour twice", "America/Sao_Paulo", "sat 23:00-24:00", "2018-02-17", []string{
			"2018-02-17 23:00:00 -0200 – 2018-02-18 00:00:00 -0300",
		}},
		{"Sao Paulo, the last half hour twice, apart", "America/Sao_Paulo", "sat 23:00-23:30", "2018-02-17", []string{
			"2018-02-17 23:00:00 -0200 – 2018-02-17 23:30:00 -0200", "2018-02-17 23:00:00 -0300 – 2018-02-17 23:30:00 -0300",
		}},
		{"Santiago, no midnight", "America/Santiago", "sun 00:00-02:00", "2019-09-08", []string{
			"2019-09-08 01:00:00 -0300 – 2019-09-08 02:00:00 -0300",
		}},
		{"Havana, no midnight", "America/Havana", "sun 00:30-02:00", "2019-03-10", []string{
			"2019-03-10 01:00:00 -0400 – 2019-03-10 02:00:00 -0400",
		}},
		{"Havana, midnight twice: 01:00 → 00:00", "America/Havana", "sun 00:00-00:30", "2019-11-03", []string{
			"2019-11-03 00:00:00 -0400 – 2019-11-03 00:30:00 -0400", "2019-11-03 00:00:00 -0500 – 2019-11-03 00:30:00 -0500",
		}},
		{"Beirut, no midnight", "Asia/Beirut", "sun 00:00-24:00", "2020-03-29", []string{
			"2020-03-29 01:00:00 +0300 – 2020-03-30 00:00:00 +0300",
		}},
		{"Lord Howe, half an hour twice: 02:00 → 01:30", "Australia/Lord_Howe", "sun 01:30-02:00", "2019-04-07", []string{
			"2019-04-07 01:30:00 +1100 – 2019-04-07 02:00:00 +1030",
		}},
		{"Lord Howe, half an hour missing: 02:00 → 02:30", "Australia/Lord_Howe", "sun 02:00-02:30; sat 10:00-11:00", "2019-10-06", nil},
		{"Apia, a day missing: a night window jumps over it", "Pacific/Apia", "thu 22:00-06:00", "2011-12-29", []string{
			"2011-12-29 22:00:00 -1000 – 2011-12-31 00:00:00 +1400",
		}},
		{"Apia, the window of the missing Friday never opens, its tail does", "Pacific/Apia", "fri 22:00-06:00", "2011-12-31", []string{
			"2011-12-31 00:00:00 +1400 – 2011-12-31 06:00:00 +1400",
		}},
		{"Stockholm, an edge in the gap: 02:00 → 03:00", "Europe/Stockholm", "sun 02:30-07:00", "2026-03-29", []string{
			"2026-03-29 03:00:00 +0200 – 2026-03-29 07:00:00 +0200",
		}},
		{"Stockholm, an edge in the fold: 03:00 → 02:00", "Europe/Stockholm", "sun 02:30-07:00", "2026-10-25", []string{
			"2026-10-25 02:30:00 +0200 – 2026-10-25 02:00:00 +0100", "2026-10-25 02:30:00 +0100 – 2026-10-25 07:00:00 +0100",
		}},
		{"Stockholm, a leap year's end behind the zone table", "Europe/Stockholm", "mon-sun 00:00-24:00", "2040-12-31", []string{
			"2040-12-31 00:00:00 +0100 – 2041-01-01 00:00:00 +0100",
		}},
		{"Stockholm, the first summer time of 1980", "Europe/Stockholm", "sun 01:00-04:00", "1980-04-06", []string{
			"1980-04-06 01:00:00 +0100 – 1980-04-06 04:00:00 +0200",
		}},
		{"Stockholm, a night over the change forward", "Europe/Stockholm", "sat 22:00-06:00; sun 23:00-24:00", "2026-03-29", []string{
			"2026-03-29 00:00:00 +0100 – 2026-03-29 06:00:00 +0200", "2026-03-29 23:00:00 +0200 – 2026-03-30 00:00:00 +0200",
		}},
		{"Stockholm, a night over the change back", "Europe/Stockholm", "sat 22:00-06:00; sun 23:00-24:00", "2026-10-25", []string{
			"2026-10-25 00:00:00 +0200 – 2026-10-25 06:00:00 +0100", "2026-10-25 23:00:00 +0100 – 2026-10-26 00:00:00 +0100",
		}},
		{"Stockholm, 24×7 on a day of 25 hours", "Europe/Stockholm", "mon-sun 00:00-24:00", "2026-10-25", []string{
			"2026-10-25 00:00:00 +0200 – 2026-10-26 00:00:00 +0100",
		}},
		{"Stockholm, the first day of the range", "Europe/Stockholm", "thu 00:00-08:00", "1970-01-01", []string{
			"1970-01-01 00:00:00 +0100 – 1970-01-01 08:00:00 +0100",
		}},
		{"Stockholm, the last day of the range: its night ends with it", "Europe/Stockholm", "wed 22:00-06:00", "2200-12-31", []string{
			"2200-12-31 22:00:00 +0100 – 2201-01-01 00:00:00 +0100",
		}},
		{"New York, the rule of 2006: forward in April", "America/New_York", "sun 01:00-04:00", "2006-04-02", []string{
			"2006-04-02 01:00:00 -0500 – 2006-04-02 04:00:00 -0400",
		}},
		{"New York, the rule of 2007: forward in March", "America/New_York", "sun 01:00-04:00", "2007-03-11", []string{
			"2007-03-11 01:00:00 -0500 – 2007-03-11 04:00:00 -0400",
		}},
		{"New York, no change any more on that Sunday of April", "America/New_York", "sun 01:00-04:00", "2007-04-01", []string{
			"2007-04-01 01:00:00 -0400 – 2007-04-01 04:00:00 -0400",
		}},
		{"Sao Paulo, a midnight again since 2019", "America/Sao_Paulo", "sun 00:00-02:00", "2019-11-03", []string{
			"2019-11-03 00:00:00 -0300 – 2019-11-03 02:00:00 -0300",
		}},
		{"Monrovia, 44 min 30 s from UTC", "Africa/Monrovia", "mon 08:00-09:00", "1971-03-01", []string{
			"1971-03-01 08:00:00 -0044 – 1971-03-01 09:00:00 -0044",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := compile(servicetime.Schedule{Zone: row.zone, Week: servicetime.MustWeek(row.week)})
			span, err := c.Span(servicetime.MustDate(row.date))
			require.NoError(t, err)
			to := span.To
			if row.date == "2011-12-29" || row.date == "2018-02-17" { // one goes on into the next date
				to = to.Add(12 * time.Hour)
			}
			spans, err := c.Spans(span.From, to)
			require.NoError(t, err)
			var got []string
			for s := range spans {
				got = append(got, s.String())
			}
			assert.Equal(t, row.want, got)
		})
	}
}

// Behind the end of a zone's table, the last days of leap years are days like others.
func TestEndsOfLeapYears(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Stockholm", "America/Santiago", "Australia/Lord_Howe"} {
		c := compile(servicetime.Schedule{Zone: zone, Week: servicetime.MustWeek("mon-sun 08:00-17:00")})
		years := 0
		for year := 2040; year <= 2196; year += 4 {
			if year%100 == 0 && year%400 != 0 {
				continue
			}
			years++
			eve := servicetime.Date{Year: year, Month: time.December, Day: 31}
			day, err := c.Span(eve)
			require.NoError(t, err)
			assert.Equal(t, 24*time.Hour, day.Duration(), "%s %s", zone, eve)
			open, err := c.Elapsed(day.From.Add(-24*time.Hour), day.To.Add(24*time.Hour))
			require.NoError(t, err)
			assert.Equal(t, 27*time.Hour, open, "%s %s", zone, eve)
			closing, ok := c.Closing(eve)
			require.True(t, ok)
			assert.Equal(t, 17*time.Hour, closing.Sub(day.From), "%s %s", zone, eve)
		}
		assert.Equal(t, 39, years)
	}
}

// The zone of the machine has no say, even where it has no midnight on some holiday (Havana, Easter 1994).
func TestMachineZone(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/Havana", "America/Sao_Paulo", "Asia/Tokyo"} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestVectors|^TestCountries$|^TestPlaces$")
		cmd.Env = append(os.Environ(), "TZ="+zone)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", zone, out)
		assert.Contains(t, string(out), "PASS")
	}
}

// A single second of opening a year is found, counted and added like any other.
func TestOneSecondAYear(t *testing.T) {
	t.Parallel()
	s := servicetime.Schedule{Zone: "Europe/Stockholm"}
	for year := 1970; year <= 2200; year++ {
		at := time.Date(year, 7, 1, 12, 0, 0, 0, time.UTC)
		s.Extra = append(s.Extra, servicetime.Opening{From: at, To: at.Add(time.Second)})
	}
	c := compile(s)
	due, err := c.Add(instant("1971-01-01T00:00:00Z"), 100*time.Second)
	require.NoError(t, err)
	assert.Equal(t, "2070-07-01 14:00:01 +0200 CEST", due.String())
	next, ok := c.NextOpen(due)
	require.True(t, ok)
	assert.Equal(t, "2071-07-01 14:00:00 +0200 CEST", next.String())
	before, ok := c.PrevClose(next)
	require.True(t, ok)
	assert.True(t, before.Equal(due))
	_, err = c.Add(instant("2200-01-01T00:00:00Z"), 2*time.Second)
	require.ErrorIs(t, err, servicetime.ErrNoOpenTime)
}

// Holidays on both sides of a night window leave the tail of the night that opened before them, and no more.
func TestNightBetweenHolidays(t *testing.T) {
	t.Parallel()
	holidays, err := servicetime.HolidayDates("2026-12-25", "2026-12-27")
	require.NoError(t, err)
	c := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 22:00-06:00"), Holidays: holidays})
	spans, err := c.Spans(instant("2026-12-24T12:00:00+01:00"), instant("2026-12-28T12:00:00+01:00"))
	require.NoError(t, err)
	var got []string
	for s := range spans {
		got = append(got, s.From.Format("02 15:04")+"–"+s.To.Format("02 15:04"))
	}
	assert.Equal(t, []string{"24 22:00–25 06:00", "26 22:00–27 06:00"}, got)
}
