package servicetime_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Kiritimati's clocks were moved by 24 h 40 min between receipt and due, so N × 24 h ends behind the range on
// a date whose next date lies in it: the due was once 1970 or 2554, without an error.
func TestDueNX24HBehindTheRange(t *testing.T) {
	c := alwaysOpen(t, "Pacific/Kiritimati")
	_, err := c.Due(clock(t, "1975-06-15T23:30:00-10:40"), servicetime.MustTarget("82378 days"), servicetime.NX24H)
	assert.ErrorIs(t, err, servicetime.ErrRange)
}

// Days × open time of a day did not fit an int64 where windows of a date hold more than 24 hours.
func TestDueAsHoursOverflow(t *testing.T) {
	c := compiled(t, servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("mon-sun 00:00-23:59 23:59-23:58")})
	_, err := c.Due(clock(t, "2199-01-01T00:00:00Z"), servicetime.MustTarget("84369 business days"), servicetime.AsHours)
	assert.ErrorIs(t, err, servicetime.ErrNoOpenTime)
}

// Two spellings of the same days are one key to encoding/json, so the second list replaced the first.
func TestScheduleJSONDaysTwice(t *testing.T) {
	for _, text := range []string{
		`{"mon-wed":["08:00-17:00"],"mon,tue,wed":["10:00-11:00"]}`,
		`{"sat,sun":["08:00-17:00"],"sun,sat":[]}`,
		`{"mon":["08:00-12:00"],"mon":["13:00-17:00"]}`,
	} {
		var week servicetime.Week
		assert.ErrorIs(t, json.Unmarshal([]byte(text), &week), servicetime.ErrTwice, text)
	}
}

// All open time back from an instant ends where the range begins.
//
//	open    |   08 ---- 17      08 -|
//	        ^ first    ^ last (08)  ^ from
func TestAddBackToTheBeginning(t *testing.T) {
	for _, row := range []struct{ week, first, last string }{
		{"mon-fri 08:00-17:00", "1970-01-01T00:00:00Z", "1970-01-01T08:00:00Z"},
		{"mon-sun 00:00-24:00", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
	} {
		c := compiled(t, servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek(row.week)})
		from := clock(t, "1970-01-05T10:00:00Z")
		open, err := c.Elapsed(clock(t, row.first), from)
		require.NoError(t, err)
		first, err := c.Add(from, -open)
		require.NoError(t, err)
		assert.Equal(t, row.first, first.Format(time.RFC3339))
		last, err := c.AddLatest(from, -open)
		require.NoError(t, err)
		assert.Equal(t, row.last, last.Format(time.RFC3339))
	}
}

func TestAddNothingChecksPauses(t *testing.T) {
	c := compiled(t, office)
	at := clock(t, "2026-10-05T10:00:00+02:00")
	_, err := c.Add(at, 0, servicetime.Pause{From: at, To: at.Add(-time.Hour)})
	require.ErrorIs(t, err, servicetime.ErrBackwards)
	_, err = c.Add(at, 0, servicetime.Pause{To: at})
	assert.ErrorIs(t, err, servicetime.ErrRange)
}

// 1994-12-31 never was on Kiritimati; a machine there must know the same Swedish holidays.
func TestSwedenWhereverTheMachineIs(t *testing.T) {
	want := servicetime.SwedenWithEves.In(1994)
	was := cal.DefaultLoc
	t.Cleanup(func() { cal.DefaultLoc = was })
	var err error
	cal.DefaultLoc, err = time.LoadLocation("Pacific/Kiritimati")
	require.NoError(t, err)
	assert.Equal(t, want, servicetime.SwedenWithEves.In(1994))
}

// A set known by name alone is none, also when it is given to Compile.
func TestCompileGivenANameAlone(t *testing.T) {
	s := office
	require.NoError(t, s.Holidays.UnmarshalJSON([]byte(`"NO"`)))
	_, err := servicetime.Compile(s, time.LoadLocation, s.Holidays)
	require.ErrorIs(t, err, servicetime.ErrHolidays)
	_, err = servicetime.Compile(s, time.LoadLocation, servicetime.NewHolidays("NO", nil))
	assert.ErrorIs(t, err, servicetime.ErrHolidays)
}

func TestCompileReportsZoneAndHolidaysAndEveryWindow(t *testing.T) {
	s := office
	s.Zone = "Europe/Uppsala"
	require.NoError(t, s.Holidays.UnmarshalJSON([]byte(`"NO"`)))
	s.Week = servicetime.Week{servicetime.DaysOf(time.Monday): {{}, {Open: -1, Close: 3}}}
	_, err := servicetime.Compile(s, time.LoadLocation)
	var paths []string
	for _, f := range faults(err) {
		paths = append(paths, f.Path)
	}
	assert.Equal(t, []string{"week.mon[0]", "week.mon[1]", "time_zone", "holidays"}, paths)
}

func TestCompileExtraJustOutsideTheRange(t *testing.T) {
	for _, x := range []servicetime.Opening{
		{From: clock(t, "1969-12-30T16:00:00Z"), To: clock(t, "1969-12-30T18:00:00Z")},
		{From: clock(t, "2201-01-02T16:00:00Z"), To: clock(t, "2201-01-02T18:00:00Z")},
	} {
		s := office
		s.Extra = []servicetime.Opening{x}
		_, err := servicetime.Compile(s, time.LoadLocation)
		assert.ErrorIs(t, err, servicetime.ErrRange)
	}
}

func TestHolidaysJSONRoundTrip(t *testing.T) {
	var h servicetime.Holidays
	text, err := json.Marshal(h)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &h)) // "null" is written and not read
	assert.True(t, h.IsZero())
	_, err = json.Marshal(servicetime.NewHolidays("", func(int) []servicetime.Holiday { return nil }))
	assert.Error(t, err, "[] would be another schedule")
}

// The closing of the last date's night lies behind the range: an error, not the end of the range.
func TestDueNotClamped(t *testing.T) {
	c := compiled(t, servicetime.Schedule{Week: servicetime.MustWeek("mon-sun 22:00-06:00")})
	_, err := c.Due(clock(t, "2200-12-30T10:00:00+01:00"), servicetime.MustTarget("1 business day"), servicetime.ExclDateClose)
	assert.ErrorIs(t, err, servicetime.ErrRange)
}
