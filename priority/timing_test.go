package priority_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// preset is the timing of the agreement: what has no figure in §4.3 does not occur.
var preset = priority.Timing{CriticalFromDay: 20, Precedence: priority.CriticalFirst, OutOfHours: priority.NextOpen}

// season reads a range of days from texts such as 07-01.
func season(from, to string) priority.Season {
	var s priority.Season
	for i, text := range []string{from, to} {
		if err := s[i].UnmarshalText([]byte(text)); err != nil {
			panic(err)
		}
	}
	return s
}

func TestTimingClass(t *testing.T) {
	near := preset
	near.NearBeforeDays, near.NearAfterDays = 3, 2
	only := func(day, before, after int, seasons ...priority.Season) priority.Timing {
		return priority.Timing{
			CriticalFromDay: day, NearBeforeDays: before, NearAfterDays: after, LowSeason: seasons,
			Precedence: priority.CriticalFirst, OutOfHours: priority.ByDate,
		}
	}
	summer, newYear, leap := season("07-01", "08-15"), season("12-24", "01-06"), season("02-29", "02-29")
	for _, row := range []struct {
		timing priority.Timing
		at     string
		want   int
	}{
		// The preset: 20th to the end of each month, and the rest.
		{preset, "2026-03-02 10:00", 3},
		{preset, "2026-03-19 16:59:59.999999999", 3},
		{preset, "2026-03-20 08:00", 1},
		{preset, "2026-03-31 16:59:59", 1},
		{preset, "2026-04-01 08:00", 3},
		{preset, "2026-02-27 12:00", 1},
		{preset, "2026-03-02 08:00", 3},
		// Out of hours it is the class of the next opening's date.
		{preset, "2026-03-19 17:00", 1},       // Thursday at closing: Friday 20
		{preset, "2026-03-20 07:59:59", 1},    // the same date
		{preset, "2026-03-31 17:00", 3},       // Tuesday at closing: 1 April
		{preset, "2026-02-27 17:00", 3},       // Friday: Monday 2 March
		{preset, "2026-02-28 12:00", 3},       // Saturday: Monday 2 March
		{preset, "2026-06-20 12:00", 1},       // Saturday: Monday 22
		{preset, "2026-09-19 12:00", 1},       // Saturday: Monday 21
		{preset, "2026-12-31 17:00", 3},       // New Year's Eve: Monday 4 January
		{preset, "2026-05-13 17:00", 3},       // the day before Ascension: Friday 15
		{preset, "2027-03-25 17:00", 1},       // before Easter: Tuesday 30
		{preset, "2026-10-25 02:30 +0200", 1}, // the hour that comes twice, a Sunday
		{preset, "2026-10-25 02:30 +0100", 1},

		// Near: three days before the 20th, the first two days of a month.
		{near, "2026-03-16 12:00", 3},
		{near, "2026-03-17 08:00", 2},
		{near, "2026-03-19 16:59", 2},
		{near, "2026-03-20 08:00", 1},
		{near, "2026-04-01 08:00", 2},
		{near, "2026-04-02 16:59", 2},
		{near, "2026-06-03 08:00", 3},
		{near, "2026-01-02 12:00", 2}, // after New Year's Day
		{near, "2026-02-28 12:00", 2}, // Saturday: Monday 2 March

		// Calendar days are counted, not business days.
		{only(20, 3, 2), "2026-05-16 12:00", 3}, // Saturday
		{only(20, 3, 2), "2026-05-17 12:00", 2}, // Sunday
		{only(20, 3, 2), "2026-05-01 12:00", 2}, // a public holiday
		{only(20, 3, 2), "2026-05-02 12:00", 2}, // Saturday
		{only(20, 3, 2), "2026-05-03 12:00", 3}, // Sunday
		{only(20, 3, 2), "2026-05-30 12:00", 1}, // Saturday
		{only(20, 3, 2), "2026-05-31 23:59:59.999999999", 1},
		{only(20, 3, 2), "2026-06-01 00:00", 2},
		{only(20, 0, 0), "2026-05-19 23:59:59.999999999", 3},
		{only(20, 0, 0), "2026-05-20 00:00", 1},
		{only(20, 0, 0), "2026-06-01 00:00", 3},

		// Near before that reaches the first of the month: the day before is critical already.
		{only(3, 5, 0), "2026-03-31 12:00", 1},
		{only(3, 5, 0), "2026-04-01 12:00", 2},
		{only(3, 5, 0), "2026-04-02 12:00", 2},
		{only(3, 5, 0), "2026-04-03 12:00", 1},
		{only(31, 31, 0), "2026-03-01 12:00", 2},
		{only(20, 31, 0), "2026-03-01 12:00", 2},
		{only(20, 0, 31), "2026-03-19 12:00", 2},
		{only(20, 19, 0), "2026-03-01 12:00", 2},
		{only(20, 18, 0), "2026-03-01 12:00", 3},
		{only(1, 31, 31), "2026-03-01 12:00", 1}, // always
		{only(1, 31, 31), "2026-02-28 12:00", 1},

		// Critical from the last day of long months: short ones have no such day.
		{only(31, 0, 0), "2026-03-30 12:00", 3},
		{only(31, 0, 0), "2026-03-31 12:00", 1},
		{only(31, 0, 0), "2026-04-30 12:00", 3},
		{only(31, 0, 0), "2026-02-28 12:00", 3},
		{only(31, 2, 0), "2026-03-28 12:00", 3},
		{only(31, 2, 0), "2026-03-29 12:00", 2},
		{only(29, 0, 0), "2024-02-29 12:00", 1},
		{only(29, 0, 0), "2026-02-28 12:00", 3},

		// Never critical, and so never near.
		{only(0, 31, 31), "2026-03-01 12:00", 3},
		{only(0, 31, 31), "2026-03-20 12:00", 3},
		{only(0, 31, 31), "2026-03-31 12:00", 3},
		{only(0, 31, 31, summer), "2026-07-01 12:00", 4},

		// Low season, both ends in it.
		{only(0, 0, 0, summer), "2026-06-30 23:59:59.999999999", 3},
		{only(0, 0, 0, summer), "2026-07-01 00:00", 4},
		{only(0, 0, 0, summer), "2026-08-15 23:59:59.999999999", 4},
		{only(0, 0, 0, summer), "2026-08-16 00:00", 3},
		{only(0, 0, 0, newYear), "2026-12-23 12:00", 3},
		{only(0, 0, 0, newYear), "2026-12-24 12:00", 4},
		{only(0, 0, 0, newYear), "2026-12-31 12:00", 4},
		{only(0, 0, 0, newYear), "2027-01-01 12:00", 4},
		{only(0, 0, 0, newYear), "2027-01-06 12:00", 4},
		{only(0, 0, 0, newYear), "2027-01-07 12:00", 3},
		{only(0, 0, 0, newYear), "2027-07-07 12:00", 3},
		{only(0, 0, 0, leap), "2024-02-29 12:00", 4},
		{only(0, 0, 0, leap), "2024-02-28 12:00", 3},
		{only(0, 0, 0, leap), "2024-03-01 12:00", 3},
		{only(0, 0, 0, leap), "2026-02-28 12:00", 3}, // it is no other day's stand-in
		{only(0, 0, 0, leap), "2026-03-01 12:00", 3},
		{only(0, 0, 0, season("02-20", "02-29")), "2026-02-28 12:00", 4},
		{only(0, 0, 0, season("02-29", "03-02")), "2026-03-01 12:00", 4},
		{only(0, 0, 0, season("03-01", "02-28")), "2024-02-29 12:00", 3}, // all but the leap day
		{only(0, 0, 0, season("03-01", "02-28")), "2024-02-28 12:00", 4},
		{only(0, 0, 0, season("03-01", "02-28")), "2024-03-01 12:00", 4},
		{only(0, 0, 0, season("01-01", "12-31")), "2024-02-29 12:00", 4},
		{only(0, 0, 0, season("07-15", "07-15")), "2026-07-15 12:00", 4},
		{only(0, 0, 0, season("07-15", "07-15")), "2026-07-16 12:00", 3},
		{only(0, 0, 0, season("07-15", "07-14")), "2026-07-14 12:00", 4}, // the whole year
		{only(0, 0, 0, summer, newYear), "2026-07-10 12:00", 4},
		{only(0, 0, 0, summer, newYear), "2027-01-04 12:00", 4},
		{only(0, 0, 0, summer, newYear), "2026-11-10 12:00", 3},
	} {
		require.NoError(t, row.timing.Check())
		got, err := row.timing.Class(support, at(row.at))
		require.NoError(t, err)
		assert.Equal(t, row.want, got, "%s %+v", row.at, row.timing)
	}
}

// July has a low season over all of it, days 20 to 31 critical, 17 to 19 and 1 to 2 near. Each
// instant has its class under the six readings.
func TestTimingReadings(t *testing.T) {
	timing := priority.Timing{
		CriticalFromDay: 20, NearBeforeDays: 3, NearAfterDays: 2,
		LowSeason: []priority.Season{season("07-01", "07-31")},
	}
	const criticalFirst, lowFirst = priority.CriticalFirst, priority.LowFirst
	for _, row := range []struct {
		at         string
		precedence priority.Precedence
		// of the next opening, of the date, 4
		nextOpen, byDate, is4 int
	}{
		{"2026-07-01 10:00", criticalFirst, 2, 2, 2},
		{"2026-07-01 10:00", lowFirst, 4, 4, 4},
		{"2026-07-03 10:00", criticalFirst, 4, 4, 4},
		{"2026-07-03 10:00", lowFirst, 4, 4, 4},
		{"2026-07-17 10:00", criticalFirst, 2, 2, 2},
		{"2026-07-17 10:00", lowFirst, 4, 4, 4},
		{"2026-07-20 10:00", criticalFirst, 1, 1, 1},
		{"2026-07-20 10:00", lowFirst, 4, 4, 4},
		{"2026-06-22 10:00", criticalFirst, 1, 1, 1},
		{"2026-06-22 10:00", lowFirst, 1, 1, 1},
		{"2026-08-03 10:00", criticalFirst, 3, 3, 3},
		{"2026-08-03 10:00", lowFirst, 3, 3, 3},

		// Friday 17, after closing: the next opening is Monday 20.
		{"2026-07-17 17:00", criticalFirst, 1, 2, 4},
		{"2026-07-17 17:00", lowFirst, 4, 4, 4},
		// Tuesday 30 June, after closing: the next opening is in the low season.
		{"2026-06-30 17:00", criticalFirst, 2, 1, 4},
		{"2026-06-30 17:00", lowFirst, 4, 1, 4},
		// Friday 31 July, after closing: the next opening is Monday 3 August.
		{"2026-07-31 17:00", criticalFirst, 3, 1, 4},
		{"2026-07-31 17:00", lowFirst, 3, 4, 4},
		// Saturday 1 August: near by its date, not by Monday's.
		{"2026-08-01 12:00", criticalFirst, 3, 2, 4},
		{"2026-08-01 12:00", lowFirst, 3, 2, 4},
	} {
		timing.Precedence = row.precedence
		for reading, want := range map[priority.OutOfHours]int{
			priority.NextOpen: row.nextOpen, priority.ByDate: row.byDate, priority.OutOfHoursIs4: row.is4,
		} {
			timing.OutOfHours = reading
			require.NoError(t, timing.Check())
			got, err := timing.Class(support, at(row.at))
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s %s %s", row.at, row.precedence, reading)
		}
	}
}

// Dates are local: 22:30 UTC in summer is the next date in Stockholm and the same in São Paulo.
func TestTimingDatesAreLocal(t *testing.T) {
	timing := priority.Timing{CriticalFromDay: 20, Precedence: priority.CriticalFirst, OutOfHours: priority.ByDate}
	instant := time.Date(2026, 7, 19, 22, 30, 0, 0, time.UTC)
	for _, row := range []struct {
		calendar *servicetime.Calendar
		want     int
	}{
		{support, 1},
		{saoPaulo, 3},
	} {
		got, err := timing.Class(row.calendar, instant)
		require.NoError(t, err)
		assert.Equal(t, row.want, got, row.calendar.Location())
	}
}

func TestTimingClassRefuses(t *testing.T) {
	byDate, is4 := preset, preset
	byDate.OutOfHours, is4.OutOfHours = priority.ByDate, priority.OutOfHoursIs4
	for _, timing := range []priority.Timing{preset, byDate, is4} {
		for _, instant := range []time.Time{
			{},
			at("1969-12-31 12:00"),
			at("2201-01-01 00:00"),
			at("2300-01-01 12:00"),
		} {
			got, err := timing.Class(support, instant)
			require.ErrorIs(t, err, servicetime.ErrRange, instant)
			assert.Zero(t, got)
		}
	}

	// No opening follows: only the reading that asks for one fails.
	last := at("2026-03-10 17:00")
	_, err := preset.Class(oneDay, last)
	require.ErrorIs(t, err, servicetime.ErrRange)
	got, err := byDate.Class(oneDay, last)
	require.NoError(t, err)
	assert.Equal(t, 3, got)
	got, err = is4.Class(oneDay, last)
	require.NoError(t, err)
	assert.Equal(t, 4, got)
}

func TestTimingCheck(t *testing.T) {
	for _, change := range []func(*priority.Timing){
		func(*priority.Timing) {},
		func(x *priority.Timing) { x.CriticalFromDay = 0 },
		func(x *priority.Timing) { x.CriticalFromDay = 31 },
		func(x *priority.Timing) { x.NearBeforeDays, x.NearAfterDays = 31, 31 },
		func(x *priority.Timing) { x.Precedence = priority.LowFirst },
		func(x *priority.Timing) { x.OutOfHours = priority.OutOfHoursIs4 },
		func(x *priority.Timing) {
			x.LowSeason = []priority.Season{season("02-29", "02-29"), season("12-24", "01-06")}
		},
	} {
		timing := preset
		change(&timing)
		assert.NoError(t, timing.Check(), "%+v", timing)
	}
}

func TestTimingCheckRefuses(t *testing.T) {
	day := func(month time.Month, day int) priority.YearDay { return priority.YearDay{Month: month, Day: day} }
	low := func(from, to priority.YearDay) func(*priority.Timing) {
		return func(x *priority.Timing) {
			x.LowSeason = []priority.Season{season("07-01", "08-15"), {from, to}}
		}
	}
	for i, change := range []func(*priority.Timing){
		func(x *priority.Timing) { *x = priority.Timing{} },
		func(x *priority.Timing) { x.CriticalFromDay = -1 },
		func(x *priority.Timing) { x.CriticalFromDay = 32 },
		func(x *priority.Timing) { x.NearBeforeDays = -1 },
		func(x *priority.Timing) { x.NearBeforeDays = 32 },
		func(x *priority.Timing) { x.NearAfterDays = -1 },
		func(x *priority.Timing) { x.NearAfterDays = 32 },
		func(x *priority.Timing) { x.Precedence = 0 },
		func(x *priority.Timing) { x.Precedence = 3 },
		func(x *priority.Timing) { x.OutOfHours = 0 },
		func(x *priority.Timing) { x.OutOfHours = 4 },
		low(priority.YearDay{}, priority.YearDay{}),
		low(day(7, 1), priority.YearDay{}), // the second day was forgotten
		low(priority.YearDay{}, day(7, 1)),
		low(day(2, 30), day(3, 1)),
		low(day(3, 1), day(4, 31)),
		low(day(13, 1), day(12, 1)),
		low(day(-1, 1), day(12, 1)),
		low(day(1, -1), day(12, 1)),
		low(day(1, 0), day(12, 1)),
		low(day(1, 101), day(12, 1)),
	} {
		timing := preset
		change(&timing)
		assert.ErrorIs(t, timing.Check(), priority.ErrTiming, "%d: %+v", i, timing)
	}
}

// text is what the named readings have in common.
type text interface {
	encoding.TextMarshaler
	fmt.Stringer
}

func TestTextForms(t *testing.T) {
	for _, row := range []struct {
		value text
		back  encoding.TextUnmarshaler
		want  string
	}{
		{priority.CriticalFirst, new(priority.Precedence), "critical_first"},
		{priority.LowFirst, new(priority.Precedence), "low_first"},
		{priority.NextOpen, new(priority.OutOfHours), "next_open"},
		{priority.ByDate, new(priority.OutOfHours), "by_date"},
		{priority.OutOfHoursIs4, new(priority.OutOfHours), "out_of_hours_is_4"},
		{priority.AtReportedBack, new(priority.Stop), "reported_back"},
		{priority.AtResolved, new(priority.Stop), "resolved"},
		{priority.AtReportedBackOrResolved, new(priority.Stop), "reported_back_or_resolved"},
		{priority.YearDay{Month: 7, Day: 1}, new(priority.YearDay), "07-01"},
		{priority.YearDay{Month: 2, Day: 29}, new(priority.YearDay), "02-29"},
		{priority.YearDay{Month: 12, Day: 31}, new(priority.YearDay), "12-31"},
	} {
		assert.Equal(t, row.want, row.value.String())
		got, err := row.value.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, row.want, string(got))
		require.NoError(t, row.back.UnmarshalText(got))
		switch back := row.back.(type) {
		case *priority.Precedence:
			assert.Equal(t, row.value, *back)
		case *priority.OutOfHours:
			assert.Equal(t, row.value, *back)
		case *priority.Stop:
			assert.Equal(t, row.value, *back)
		case *priority.YearDay:
			assert.Equal(t, row.value, *back)
		}
	}

	for state, want := range map[priority.State]string{
		priority.NoTarget: "no_target", priority.Running: "running", priority.Paused: "paused",
		priority.Met: "met", priority.Breached: "breached",
	} {
		assert.Equal(t, want, state.String())
		got, err := state.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}

	// A reading that nobody named has no name.
	assert.Empty(t, priority.Precedence(0).String())
	assert.Empty(t, priority.Precedence(3).String())
	assert.Empty(t, priority.OutOfHours(0).String())
	assert.Empty(t, priority.OutOfHours(4).String())
	assert.Empty(t, priority.Stop(0).String())
	assert.Empty(t, priority.Stop(4).String())
}

func TestTextFormsRefuse(t *testing.T) {
	for _, row := range []struct {
		into  encoding.TextUnmarshaler
		texts []string
	}{
		{new(priority.Precedence), []string{"", "critical", "Critical_First", "critical_first ", "next_open", "low-first"}},
		{new(priority.OutOfHours), []string{"", "4", "NextOpen", "next open", "low_first", "out_of_hours_is_5"}},
		{new(priority.Stop), []string{"", "reported", "Resolved", "resolved_or_reported_back", " resolved"}},
		{new(priority.YearDay), []string{
			"", "07", "7-1", "07-1", "7-01", "07-01 ", " 07-01", "07/01", "0701", "02-30", "04-31", "13-01", "00-01", "01-00",
			"-1-01", "+7-01", "2000-07-01", "07-01-01", "０7-01", "jul-1", "07-0a",
		}},
	} {
		for _, text := range row.texts {
			assert.ErrorIs(t, row.into.UnmarshalText([]byte(text)), servicetime.ErrText, "%T %q", row.into, text)
		}
	}
}

// A timing is data.
func TestTimingJSON(t *testing.T) {
	const text = `{
		"critical_from_day": 20, "near_before_days": 3, "near_after_days": 2,
		"low_season": [["07-01", "08-15"], ["12-24", "01-06"]],
		"precedence": "low_first", "out_of_hours": "by_date"}`
	var timing priority.Timing
	require.NoError(t, json.Unmarshal([]byte(text), &timing))
	assert.Equal(t, priority.Timing{
		CriticalFromDay: 20, NearBeforeDays: 3, NearAfterDays: 2,
		LowSeason: []priority.Season{
			{{Month: time.July, Day: 1}, {Month: time.August, Day: 15}},
			{{Month: time.December, Day: 24}, {Month: time.January, Day: 6}},
		},
		Precedence: priority.LowFirst, OutOfHours: priority.ByDate,
	}, timing)
	back, err := json.Marshal(timing)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(back))

	for _, text := range []string{
		`{"precedence": "first"}`, `{"precedence": ""}`, `{"out_of_hours": "4"}`, `{"low_season": [["07-01", "08-32"]]}`,
	} {
		require.ErrorIs(t, json.Unmarshal([]byte(text), new(priority.Timing)), servicetime.ErrText, text)
	}
	// A range with one end is no range.
	require.NoError(t, json.Unmarshal([]byte(`{"low_season": [["07-01"]], "precedence": "low_first", "out_of_hours": "by_date"}`), &timing))
	assert.ErrorIs(t, timing.Check(), priority.ErrTiming)
}

// slowSeason walks the days of a leap year, round and round, from the first of a season to its last.
func slowSeason(s priority.Season) map[string]bool {
	in := map[string]bool{}
	for d := time.Date(2000, s[0].Month, s[0].Day, 0, 0, 0, 0, time.UTC); ; d = d.AddDate(0, 0, 1) {
		if d.Year() > 2000 {
			d = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		in[d.Format("01-02")] = true
		if d.Month() == s[1].Month && d.Day() == s[1].Day {
			return in
		}
	}
}

// slowClass tries the classes in the words of the agreement on a date.
func slowClass(x priority.Timing, seasons []map[string]bool, date time.Time) int {
	isCritical := func(d time.Time) bool { return x.CriticalFromDay > 0 && d.Day() >= x.CriticalFromDay }
	isNear := x.CriticalFromDay > 0 && date.Day() <= x.NearAfterDays
	for n := 1; n <= x.NearBeforeDays; n++ {
		isNear = isNear || x.CriticalFromDay > 0 && date.AddDate(0, 0, n).Day() == x.CriticalFromDay
	}
	isLow := false
	for _, s := range seasons {
		isLow = isLow || s[date.Format("01-02")]
	}
	switch {
	case x.Precedence == priority.LowFirst && isLow:
		return 4
	case isCritical(date):
		return 1
	case isNear:
		return 2
	case isLow:
		return 4
	}
	return 3
}

// Every date of a leap year and the one after, under random rules. The critical day is one that
// every month has.
func TestTimingAgainstSlow(t *testing.T) {
	r := random(43)
	for range 100 {
		x := priority.Timing{
			CriticalFromDay: r.IntN(29), NearBeforeDays: r.IntN(32), NearAfterDays: r.IntN(32),
			Precedence: priority.Precedence(1 + r.IntN(2)), OutOfHours: priority.ByDate,
		}
		if r.IntN(2) == 0 {
			x.NearBeforeDays, x.NearAfterDays = r.IntN(5), r.IntN(5)
		}
		var seasons []map[string]bool
		for range r.IntN(3) {
			var s priority.Season
			for i := range s {
				d := time.Date(2000, 1, 1+r.IntN(366), 0, 0, 0, 0, time.UTC)
				s[i] = priority.YearDay{Month: d.Month(), Day: d.Day()}
			}
			x.LowSeason = append(x.LowSeason, s)
			seasons = append(seasons, slowSeason(s))
		}
		require.NoError(t, x.Check())
		for d := time.Date(2028, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() < 2030; d = d.AddDate(0, 0, 1) {
			got, err := x.Class(support, d)
			require.NoError(t, err)
			require.Equal(t, slowClass(x, seasons, d), got, "%s %+v", d.Format(time.DateOnly), x)
		}
	}
}

func FuzzYearDay(f *testing.F) {
	for _, text := range []string{"07-01", "02-29", "02-30", "12-31", "00-00", "1-1", "", "-1-01", "07-01x", "２-01", "01-\x00a"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		day := priority.YearDay{Month: 13, Day: 99}
		if err := day.UnmarshalText(text); err != nil {
			require.ErrorIs(t, err, servicetime.ErrText)
			require.Equal(t, priority.YearDay{Month: 13, Day: 99}, day, "%q", text)
			return
		}
		// What is read is a day of a leap year, and is written as it was.
		date := time.Date(2000, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
		require.Equal(t, string(text), date.Format("01-02"))
		require.Equal(t, string(text), day.String())
		x := preset
		x.LowSeason = []priority.Season{{day, day}}
		require.NoError(t, x.Check())
	})
}
