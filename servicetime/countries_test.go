package servicetime_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/us"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Dates by the law of the country, written out by hand.
func TestCountries(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		holidays []*cal.Holiday
		year     int
		want     []string
	}{
		// Lov om 1 og 17 mai, lov om helligdager; Easter was on 5 April 2026.
		{"NO", no.Holidays, 2026, []string{
			"2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-17", "2026-05-25",
			"2026-12-25", "2026-12-26",
		}},
		// Store bededag is no holiday since 2024; Grundlovsdag, which the list has, closes shops and is none by law.
		{"DK", slices.DeleteFunc(slices.Clone(dk.Holidays), func(h *cal.Holiday) bool { return h == dk.Grundlovsdag }), 2026, []string{
			"2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25", "2026-12-25", "2026-12-26",
		}},
		// England and Wales: Boxing Day on a Saturday is moved to Monday 28 December.
		{"GB", gb.Holidays, 2026, []string{
			"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
		}},
		// 5 U.S.C. § 6103: Independence Day on a Saturday is observed on Friday 3 July.
		{"US", us.Holidays, 2026, []string{
			"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12",
			"2026-11-11", "2026-11-26", "2026-12-25",
		}},
	} {
		set := servicetime.FromCal(row.name, row.holidays...)
		assert.Equal(t, row.name, set.Name())
		c, err := servicetime.Compile(servicetime.Schedule{
			Zone: "UTC", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: set,
		}, time.LoadLocation)
		require.NoError(t, err)
		var got []string
		for d := (servicetime.Date{Year: row.year, Month: time.January, Day: 1}); d.Year == row.year; d = d.AddDays(1) {
			if weekday := d.Weekday(); weekday != time.Saturday && weekday != time.Sunday && !c.IsBusinessDay(d) {
				got = append(got, d.String())
			}
		}
		var want []string // those on weekdays
		for _, text := range row.want {
			if weekday := servicetime.MustDate(text).Weekday(); weekday != time.Saturday && weekday != time.Sunday {
				want = append(want, text)
			}
		}
		assert.Equal(t, want, got, row.name)
	}
}
