package servicetime_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Texts that are read as a value and written back the same.

func TestParseDate(t *testing.T) {
	for _, row := range []struct {
		text    string
		want    servicetime.Date
		weekday time.Weekday
	}{
		{"2026-10-31", servicetime.Date{Year: 2026, Month: time.October, Day: 31}, time.Saturday},
		{"2024-02-29", servicetime.Date{Year: 2024, Month: time.February, Day: 29}, time.Thursday},
		{"2000-02-29", servicetime.Date{Year: 2000, Month: time.February, Day: 29}, time.Tuesday},
		{"1970-01-01", servicetime.Date{Year: 1970, Month: time.January, Day: 1}, time.Thursday},
		{"1969-12-31", servicetime.Date{Year: 1969, Month: time.December, Day: 31}, time.Wednesday},
		{"2200-12-31", servicetime.Date{Year: 2200, Month: time.December, Day: 31}, time.Wednesday},
		{"0001-01-01", servicetime.Date{Year: 1, Month: time.January, Day: 1}, time.Monday},
		{"9999-12-31", servicetime.Date{Year: 9999, Month: time.December, Day: 31}, time.Friday},
	} {
		got, err := servicetime.ParseDate(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, got)
		assert.Equal(t, row.text, got.String())
		assert.Equal(t, row.weekday, got.Weekday(), row.text)
		assert.Equal(t, row.want, servicetime.MustDate(row.text))
	}
}

func TestParseDateFails(t *testing.T) {
	for _, text := range []string{
		"", "2026", "2026-10", "2026-10-3", "2026-1-31", "26-10-31", "20261031", "2026/10/31", "2026-10-31T00:00:00Z",
		" 2026-10-31", "2026-10-31 ", "2026-10-32", "2026-10-00", "2026-00-31", "2026-13-31", "2026-02-29", "1900-02-29", "2026-04-31",
		"0000-01-01", "-001-01-01", "+026-10-31", "2026-+1-31", "2026-10--1", "２０２６-10-31", "2026-1a-31", "today",
	} {
		got, err := servicetime.ParseDate(text)
		assert.Equal(t, servicetime.Date{}, got, text)
		require.ErrorIs(t, err, servicetime.ErrText, text)
	}
	assert.Panics(t, func() { servicetime.MustDate("30 February") })
}

// Date arithmetic against package time, over more than one cycle of 400 years.
func TestDateArithmetic(t *testing.T) {
	day := time.Date(1599, 12, 31, 0, 0, 0, 0, time.UTC)
	date := servicetime.MustDate("1599-12-31")
	for n := range 250_000 {
		if day.Format(time.DateOnly) != date.String() || day.Weekday() != date.Weekday() || !date.IsValid() {
			t.Fatalf("day %d is %s %s, want %s %s", n, date, date.Weekday(), day.Format(time.DateOnly), day.Weekday())
		}
		next := date.AddDays(1)
		if date.Compare(next) != -1 || next.Compare(date) != 1 || date.Compare(next.AddDays(-1)) != 0 || next.AddDays(-1) != date {
			t.Fatalf("%s and %s", date, next)
		}
		day, date = day.AddDate(0, 0, 1), next
	}
	assert.Equal(t, date, servicetime.MustDate("1599-12-31").AddDays(250_000))
	for _, d := range []servicetime.Date{
		{}, {Year: 2026}, {Year: 2026, Month: 2, Day: 29}, {Year: 2026, Month: 13, Day: 1}, {Year: 2026, Month: 1, Day: -1}, {Year: 10000, Month: 1, Day: 1},
	} {
		assert.False(t, d.IsValid(), "%#v", d)
		_, err := d.MarshalText()
		require.ErrorIs(t, err, servicetime.ErrText, "%#v", d)
	}
}

func TestParseMonth(t *testing.T) {
	for _, row := range []struct {
		text, first, last string
		want              servicetime.Month
	}{
		{"2026-10", "2026-10-01", "2026-10-31", servicetime.Month{Year: 2026, Month: time.October}},
		{"2026-02", "2026-02-01", "2026-02-28", servicetime.Month{Year: 2026, Month: time.February}},
		{"2024-02", "2024-02-01", "2024-02-29", servicetime.Month{Year: 2024, Month: time.February}},
		{"2100-02", "2100-02-01", "2100-02-28", servicetime.Month{Year: 2100, Month: time.February}},
		{"1970-01", "1970-01-01", "1970-01-31", servicetime.Month{Year: 1970, Month: time.January}},
		{"2200-12", "2200-12-01", "2200-12-31", servicetime.Month{Year: 2200, Month: time.December}},
	} {
		got, err := servicetime.ParseMonth(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, got)
		assert.Equal(t, row.text, got.String())
		first, last := got.Dates()
		assert.Equal(t, row.first, first.String())
		assert.Equal(t, row.last, last.String())
	}
}

func TestParseMonthFails(t *testing.T) {
	for _, text := range []string{"", "2026", "2026-1", "2026-00", "2026-13", "26-10", "2026/10", "2026-10-31", "0000-10", "2026-1x", " 2026-10"} {
		got, err := servicetime.ParseMonth(text)
		assert.Equal(t, servicetime.Month{}, got, text)
		require.ErrorIs(t, err, servicetime.ErrText, text)
	}
	assert.Panics(t, func() { servicetime.MustMonth("October") })
	_, err := servicetime.Month{}.MarshalText()
	assert.ErrorIs(t, err, servicetime.ErrText)
}

func TestYear(t *testing.T) {
	first, last := servicetime.Year(2026).Dates()
	assert.Equal(t, "2026-01-01", first.String())
	assert.Equal(t, "2026-12-31", last.String())
	assert.Equal(t, "2026", servicetime.Year(2026).String())
}

func TestParseWindow(t *testing.T) {
	for _, row := range []struct {
		text string
		want servicetime.Window
	}{
		{"08:00-17:00", servicetime.Window{Open: 480, Close: 1020}},
		{"00:00-24:00", servicetime.Window{Open: 0, Close: 1440}},
		{"00:00-00:01", servicetime.Window{Open: 0, Close: 1}},
		{"23:59-24:00", servicetime.Window{Open: 1439, Close: 1440}},
		{"22:00-06:00", servicetime.Window{Open: 1320, Close: 1800}},
		{"00:01-00:00", servicetime.Window{Open: 1, Close: 1440}}, // written 24:00
		{"12:00-11:59", servicetime.Window{Open: 720, Close: 1440 + 719}},
		{"23:59-23:58", servicetime.Window{Open: 1439, Close: 1440 + 1438}},
	} {
		got, err := servicetime.ParseWindow(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, got, row.text)
		if row.text != "00:01-00:00" {
			assert.Equal(t, row.text, got.String())
		}
		again, err := servicetime.ParseWindow(got.String())
		require.NoError(t, err, row.text)
		assert.Equal(t, got, again)
		assert.Equal(t, row.want, servicetime.MustWindow(row.text))
	}
}

func TestParseWindowFails(t *testing.T) {
	for _, row := range []struct {
		text  string
		cause error
	}{
		{"08:00-08:00", servicetime.ErrEmpty},
		{"00:00-00:00", servicetime.ErrEmpty},
		{"", servicetime.ErrText},
		{"-", servicetime.ErrText},
		{"08:00", servicetime.ErrText},
		{"08:00-", servicetime.ErrText},
		{"8:00-17:00", servicetime.ErrText},
		{"08.00-17.00", servicetime.ErrText},
		{"0800-1700", servicetime.ErrText},
		{"08:00 - 17:00", servicetime.ErrText},
		{"08:00-17:00 ", servicetime.ErrText},
		{"08:00–17:00", servicetime.ErrText}, // a dash of another length
		{"08:00-17:60", servicetime.ErrText},
		{"08:00-24:01", servicetime.ErrText},
		{"08:00-25:00", servicetime.ErrText},
		{"24:00-08:00", servicetime.ErrText},
		{"24:00-24:00", servicetime.ErrText},
		{"08:00:00-17:00:00", servicetime.ErrText},
		{"-8:00-17:00", servicetime.ErrText},
		{"+8:00-17:00", servicetime.ErrText},
		{"08:00-17:00-18:00", servicetime.ErrText},
		{"zz:zz-zz:zz", servicetime.ErrText},
		{"08:0z-17:00", servicetime.ErrText},
		{"0z:00-17:00", servicetime.ErrText},
		{"08:00-17:-1", servicetime.ErrText},
	} {
		got, err := servicetime.ParseWindow(row.text)
		assert.Equal(t, servicetime.Window{}, got, row.text)
		require.ErrorIs(t, err, row.cause, row.text)
	}
	assert.Panics(t, func() { servicetime.MustWindow("nine to five") })
	for _, w := range []servicetime.Window{{}, {Open: -1, Close: 60}, {Open: 1440, Close: 1500}, {Open: 60, Close: 30}, {Open: 60, Close: 1500}, {Open: 0, Close: 1441}} {
		_, err := w.MarshalText()
		assert.Error(t, err, "%#v", w)
	}
}

func TestParseDays(t *testing.T) {
	mon, tue, wed, thu := time.Monday, time.Tuesday, time.Wednesday, time.Thursday
	fri, sat, sun := time.Friday, time.Saturday, time.Sunday
	for _, row := range []struct {
		text    string
		want    servicetime.Days
		written string // if not as text
	}{
		{"mon", servicetime.DaysOf(mon), ""},
		{"sun", servicetime.DaysOf(sun), ""},
		{"mon-fri", servicetime.DaysOf(mon, tue, wed, thu, fri), ""},
		{"mon-sun", servicetime.DaysOf(mon, tue, wed, thu, fri, sat, sun), ""},
		{"sat,sun", servicetime.DaysOf(sat, sun), ""},
		{"mon-wed,fri", servicetime.DaysOf(mon, tue, wed, fri), ""},
		{"mon,wed,fri", servicetime.DaysOf(mon, wed, fri), ""},
		{"sun,mon", servicetime.DaysOf(sun, mon), "mon,sun"},
		{"mon-tue", servicetime.DaysOf(mon, tue), "mon,tue"},
		{"mon,tue,wed", servicetime.DaysOf(mon, tue, wed), "mon-wed"},
		{"fri-mon", servicetime.DaysOf(fri, sat, sun, mon), "mon,fri-sun"},
		{"sun-sat", servicetime.DaysOf(mon, tue, wed, thu, fri, sat, sun), "mon-sun"},
		{"wed-wed", servicetime.DaysOf(wed), "wed"},
	} {
		got, err := servicetime.ParseDays(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, got, row.text)
		if row.written == "" {
			row.written = row.text
		}
		assert.Equal(t, row.written, got.String())
		for d := range time.Weekday(7) {
			assert.Equal(t, row.want&servicetime.DaysOf(d) != 0, got.Has(d), "%s has %s", row.text, d)
		}
	}
	for set := servicetime.Days(1); set < 128; set++ {
		got, err := servicetime.ParseDays(set.String())
		require.NoError(t, err)
		assert.Equal(t, set, got)
	}
}

func TestParseDaysFails(t *testing.T) {
	for _, row := range []struct {
		text  string
		cause error
	}{
		{"", servicetime.ErrText},
		{"Mon", servicetime.ErrText},
		{"monday", servicetime.ErrText},
		{"mån", servicetime.ErrText},
		{"mon-", servicetime.ErrText},
		{"-fri", servicetime.ErrText},
		{"mon--fri", servicetime.ErrText},
		{"mon-wed-fri", servicetime.ErrText},
		{"mon, tue", servicetime.ErrText},
		{"mon,,tue", servicetime.ErrText},
		{",", servicetime.ErrText},
		{"weekdays", servicetime.ErrText},
		{"mon,mon", servicetime.ErrTwice},
		{"mon-fri,fri", servicetime.ErrTwice},
		{"sun,fri-mon", servicetime.ErrTwice},
	} {
		got, err := servicetime.ParseDays(row.text)
		assert.Zero(t, got, row.text)
		require.ErrorIs(t, err, row.cause, row.text)
	}
	for _, d := range []servicetime.Days{0, 128, 255} {
		_, err := d.MarshalText()
		assert.ErrorIs(t, err, servicetime.ErrText, "%d", d)
	}
}

func TestParseWeek(t *testing.T) {
	w := servicetime.MustWindow
	for _, row := range []struct {
		text    string
		want    servicetime.Week
		written string // if not as text
	}{
		{
			"mon-fri 08:00-17:00",
			servicetime.Week{0b0111110: {w("08:00-17:00")}},
			"",
		},
		{
			"mon-fri 08:00-12:00 13:00-17:00; sat 10:00-14:00",
			servicetime.Week{0b0111110: {w("08:00-12:00"), w("13:00-17:00")}, 0b1000000: {w("10:00-14:00")}},
			"",
		},
		{
			"mon-sun 22:00-06:00",
			servicetime.Week{0b1111111: {w("22:00-06:00")}},
			"",
		},
		{
			"  sun   00:00-24:00 ;mon 08:00-17:00",
			servicetime.Week{0b0000001: {w("00:00-24:00")}, 0b0000010: {w("08:00-17:00")}},
			"mon 08:00-17:00; sun 00:00-24:00",
		},
	} {
		got, err := servicetime.ParseWeek(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, got, row.text)
		if row.written == "" {
			row.written = row.text
		}
		assert.Equal(t, row.written, got.String())
		assert.Equal(t, row.want, servicetime.MustWeek(row.written))
	}
	closed := servicetime.Week{servicetime.DaysOf(time.Monday): {w("08:00-17:00")}, servicetime.DaysOf(time.Sunday): {}}
	assert.Equal(t, "mon 08:00-17:00", closed.String(), "closed days are left out")
}

func TestParseWeekFails(t *testing.T) {
	for _, row := range []struct {
		text  string
		cause error
	}{
		{"", servicetime.ErrText},
		{";", servicetime.ErrText},
		{"mon-fri", servicetime.ErrText},
		{"08:00-17:00", servicetime.ErrText},
		{"mon-fri 08:00-17:00;", servicetime.ErrText},
		{"mon-fri 8-17", servicetime.ErrText},
		{"weekdays 08:00-17:00", servicetime.ErrText},
		{"mon-fri 08:00-17:00, sat 10:00-14:00", servicetime.ErrText},
		{"mon-fri 08:00-08:00", servicetime.ErrEmpty},
		{"mon-fri 08:00-17:00; fri 08:00-16:00", servicetime.ErrTwice},
		{"mon 08:00-12:00; mon 13:00-17:00", servicetime.ErrTwice},
		{"mon,mon 08:00-17:00", servicetime.ErrTwice},
	} {
		got, err := servicetime.ParseWeek(row.text)
		assert.Nil(t, got, row.text)
		require.ErrorIs(t, err, row.cause, row.text)
	}
	assert.Panics(t, func() { servicetime.MustWeek("always") })
}

func TestParseTarget(t *testing.T) {
	for _, row := range []struct {
		text    string
		d       time.Duration // 0 for days
		written string        // if not as text
	}{
		{"1 min", time.Minute, ""},
		{"30 min", 30 * time.Minute, ""},
		{"1000000 min", 1_000_000 * time.Minute, ""},
		{"1 h", time.Hour, ""},
		{"8 h", 8 * time.Hour, ""},
		{"24 h", 24 * time.Hour, ""},
		{"1000000 h", 1_000_000 * time.Hour, ""},
		{"1 business day", 0, ""},
		{"2 business days", 0, ""},
		{"60 business days", 0, ""},
		{"1 day", 0, ""},
		{"6 days", 0, ""},
		{"1000000 days", 0, ""},
		{"1 business days", 0, "1 business day"},
		{"2 business day", 0, "2 business days"},
		{"1 days", 0, "1 day"},
		{"6 day", 0, "6 days"},
	} {
		got, err := servicetime.ParseTarget(row.text)
		require.NoError(t, err, row.text)
		if row.written == "" {
			row.written = row.text
		}
		assert.Equal(t, row.written, got.String())
		assert.False(t, got.IsZero())
		d, isTime := got.Duration()
		assert.Equal(t, row.d, d, row.text)
		assert.Equal(t, row.d != 0, isTime, row.text)
		assert.Equal(t, got, servicetime.MustTarget(row.written))
	}
	var none servicetime.Target
	assert.True(t, none.IsZero())
	assert.NotPanics(t, func() { _ = none.String() })
	text, err := none.MarshalText()
	require.NoError(t, err)
	assert.Empty(t, text)
}

func TestParseTargetFails(t *testing.T) {
	for _, row := range []struct {
		text  string
		cause error
	}{
		{"", servicetime.ErrText},
		{"8", servicetime.ErrText},
		{"h", servicetime.ErrText},
		{"8h", servicetime.ErrText},
		{"8 H", servicetime.ErrText},
		{"8 hours", servicetime.ErrText},
		{"8  h", servicetime.ErrText},
		{" 8 h", servicetime.ErrText},
		{"8 h ", servicetime.ErrText},
		{"8.5 h", servicetime.ErrText},
		{"8,5 h", servicetime.ErrText},
		{"-8 h", servicetime.ErrText},
		{"+8 h", servicetime.ErrText},
		{"٨ h", servicetime.ErrText},
		{"1e3 h", servicetime.ErrText},
		{"0 h", servicetime.ErrText},
		{"0 min", servicetime.ErrText},
		{"0 business days", servicetime.ErrText},
		{"0 days", servicetime.ErrText},
		{"2 businessdays", servicetime.ErrText},
		{"2 business  days", servicetime.ErrText},
		{"2 arbetsdagar", servicetime.ErrText},
		{"2 weeks", servicetime.ErrText},
		{"no target", servicetime.ErrText},
		{"1000001 h", servicetime.ErrLimit},
		{"1000001 business days", servicetime.ErrLimit},
		{"999999999 min", servicetime.ErrLimit},
		{"99999999999999999999 days", servicetime.ErrLimit},
	} {
		got, err := servicetime.ParseTarget(row.text)
		assert.True(t, got.IsZero(), row.text)
		require.ErrorIs(t, err, row.cause, row.text)
	}
	assert.Panics(t, func() { servicetime.MustTarget("soon") })
}

// conventions are all with a name, and some of the 1,440 with a cut-off.
var conventions = map[string]servicetime.Convention{
	"SUPPORT_CLOCK":        servicetime.SupportClock,
	"WALL_CLOCK":           servicetime.WallClock,
	"EXCL_DATE_CLOSE":      servicetime.ExclDateClose,
	"EXCL_DATE_MIDNIGHT":   servicetime.ExclDateMidnight,
	"EXCL_EFFECTIVE_CLOSE": servicetime.ExclEffectiveClose,
	"INCL_EFFECTIVE_CLOSE": servicetime.InclEffectiveClose,
	"SAME_TIME":            servicetime.SameTime,
	"AS_HOURS":             servicetime.AsHours,
	"EXCL_MIDNIGHT":        servicetime.ExclMidnight,
	"SAME_WALLCLOCK":       servicetime.SameWallClock,
	"N_X_24H":              servicetime.NX24H,
	"CUTOFF_0000_CLOSE":    servicetime.Cutoff(0),
	"CUTOFF_1200_CLOSE":    servicetime.Cutoff(12 * 60),
	"CUTOFF_1630_CLOSE":    servicetime.Cutoff(16*60 + 30),
	"CUTOFF_2359_CLOSE":    servicetime.Cutoff(23*60 + 59),
}

func TestParseConvention(t *testing.T) {
	for text, want := range conventions {
		got, err := servicetime.ParseConvention(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, text, got.String())
	}
	for m := range 1440 {
		got, err := servicetime.ParseConvention(servicetime.Cutoff(m).String())
		require.NoError(t, err)
		assert.Equal(t, servicetime.Cutoff(m), got)
	}
	for _, none := range []servicetime.Convention{0, 4, 10, 20, 27, 999, 2440, 65535} {
		assert.Empty(t, none.String(), "%d", none)
	}
}

func TestParseConventionFails(t *testing.T) {
	for _, text := range []string{
		"", "excl_date_close", "EXCL_DATE_CLOSE ", "EXCL DATE CLOSE", "CUTOFF_CLOSE", "CUTOFF_12_CLOSE", "CUTOFF_12:00_CLOSE", "CUTOFF_2400_CLOSE",
		"CUTOFF_1260_CLOSE", "CUTOFF_-100_CLOSE", "CUTOFF_+100_CLOSE", "CUTOFF_120z_CLOSE", "CUTOFF_1200_MIDNIGHT", "CUTOFF_1200", "CUTOFF_12000_CLOSE", "CUTOFF_hhmm_CLOSE", "8 h",
	} {
		got, err := servicetime.ParseConvention(text)
		assert.Zero(t, got, text)
		require.ErrorIs(t, err, servicetime.ErrText, text)
	}
	for _, m := range []int{-1, 1440, 1 << 40} {
		assert.Zero(t, servicetime.Cutoff(m), "%d", m)
	}
}

// Each convention counts one kind of target.
func TestConventionCounts(t *testing.T) {
	for text, c := range conventions {
		var kinds strings.Builder
		for _, target := range []string{"30 min", "8 h", "2 business days", "6 days"} {
			if c.Counts(servicetime.MustTarget(target)) {
				kinds.WriteString(target + ",")
			}
		}
		want := "2 business days,"
		switch text {
		case "SUPPORT_CLOCK", "WALL_CLOCK", "EU1182_HOURS":
			want = "30 min,8 h,"
		case "EXCL_MIDNIGHT", "SAME_WALLCLOCK", "N_X_24H", "EU1182_MIDNIGHT", "EU1182_MIN2WD_MIDNIGHT", "SE1930_CLOSE":
			want = "6 days,"
		}
		assert.Equal(t, want, kinds.String(), text)
		assert.False(t, c.Counts(servicetime.Target{}), text)
	}
	for _, c := range []servicetime.Convention{0, 4, 10, 20, 27, 999, 2440, 65535} {
		for _, target := range []string{"30 min", "8 h", "2 business days", "6 days"} {
			assert.False(t, c.Counts(servicetime.MustTarget(target)), "%d %s", c, target)
		}
	}
}

func TestHolidayDates(t *testing.T) {
	h, err := servicetime.HolidayDates("2026-01-01", "--12-25", "--02-29", "2026-12-25")
	require.NoError(t, err)
	dates := func(year int) string {
		var out []string
		for _, d := range h.In(year) {
			assert.Empty(t, d.Name)
			out = append(out, d.Date.String())
		}
		return strings.Join(out, " ")
	}
	assert.Equal(t, "2026-01-01 2026-12-25 2026-12-25", dates(2026))
	assert.Equal(t, "2028-12-25 2028-02-29", dates(2028))
	assert.Equal(t, "1970-12-25", dates(1970))
	assert.Empty(t, h.Name())
	assert.False(t, h.IsZero())
	assert.True(t, servicetime.Holidays{}.IsZero())
	assert.Empty(t, servicetime.Holidays{}.In(2026))
}

func TestHolidayDatesFails(t *testing.T) {
	for _, text := range []string{"", "SE", "12-25", "--1225", "--13-01", "--02-30", "--00-01", "--12-00", "---1-01", "2026-02-29", "--12-25 "} {
		got, err := servicetime.HolidayDates("2026-01-01", text)
		assert.True(t, got.IsZero(), text)
		require.ErrorIs(t, err, servicetime.ErrText, text)
	}
	// Each of several is reported.
	_, err := servicetime.HolidayDates("--13-01", "2026-01-01", "--14-01")
	require.ErrorIs(t, err, servicetime.ErrText)
	require.ErrorContains(t, err, "--13-01")
	assert.ErrorContains(t, err, "--14-01")
}

// Errors quote what they could not read, but a hostile text does not fill a log.
func TestErrorsAreShort(t *testing.T) {
	text := strings.Repeat("ö", 1<<16)
	for name, parse := range map[string]func(string) error{
		"date":       func(s string) error { _, err := servicetime.ParseDate(s); return err },
		"month":      func(s string) error { _, err := servicetime.ParseMonth(s); return err },
		"window":     func(s string) error { _, err := servicetime.ParseWindow(s); return err },
		"days":       func(s string) error { _, err := servicetime.ParseDays(s); return err },
		"week":       func(s string) error { _, err := servicetime.ParseWeek(s); return err },
		"target":     func(s string) error { _, err := servicetime.ParseTarget(s); return err },
		"convention": func(s string) error { _, err := servicetime.ParseConvention(s); return err },
		"holiday":    func(s string) error { _, err := servicetime.HolidayDates(s); return err },
		"holidays":   func(s string) error { return new(servicetime.Holidays).UnmarshalJSON([]byte(s)) },
	} {
		for _, s := range []string{text, strings.Repeat("9", 1<<16), strings.Repeat("9", 1<<16) + " h"} {
			err := parse(s)
			require.Error(t, err, name)
			assert.Less(t, len(err.Error()), 500, name)
		}
	}
}

// Every text form is the same in JSON, as a value and as a key.
func TestTextInJSON(t *testing.T) {
	type texts struct {
		Date       servicetime.Date
		Month      servicetime.Month
		Window     servicetime.Window
		Days       servicetime.Days
		Target     servicetime.Target
		Convention servicetime.Convention
		Holidays   servicetime.Holidays
		ByDate     map[servicetime.Date]int
	}
	for _, text := range []string{
		`{"Date":"2026-10-31","Month":"2026-10","Window":"22:00-06:00","Days":"mon-fri","Target":"2 business days",` +
			`"Convention":"CUTOFF_1200_CLOSE","Holidays":["2026-01-01","--12-25"],"ByDate":{"2026-10-31":1}}`,
		`{"Date":"1970-01-01","Month":"2200-12","Window":"00:00-24:00","Days":"sat,sun","Target":"30 min",` +
			`"Convention":"SUPPORT_CLOCK","Holidays":"SE","ByDate":null}`,
	} {
		var v texts
		require.NoError(t, json.Unmarshal([]byte(text), &v))
		again, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, text, string(again))
	}
}

func TestTextInJSONFails(t *testing.T) {
	for _, row := range []struct {
		into  any
		text  string
		cause error
	}{
		{new(servicetime.Date), `"2026-02-30"`, servicetime.ErrText},
		{new(servicetime.Month), `"2026-13"`, servicetime.ErrText},
		{new(servicetime.Window), `"08:00-08:00"`, servicetime.ErrEmpty},
		{new(servicetime.Days), `"mon,mon"`, servicetime.ErrTwice},
		{new(servicetime.Target), `"0 h"`, servicetime.ErrText},
		{new(servicetime.Target), `""`, servicetime.ErrText},
		{new(servicetime.Convention), `"NEXT_WEEK"`, servicetime.ErrText},
		{new(servicetime.Holidays), `""`, servicetime.ErrText},
		{new(servicetime.Holidays), `17`, servicetime.ErrText},
		{new(servicetime.Holidays), `{}`, servicetime.ErrText},
		{new(servicetime.Holidays), `[1]`, servicetime.ErrText},
		{new(servicetime.Holidays), `["--12-32"]`, servicetime.ErrText},
		{new(map[servicetime.Date]int), `{"31/10":1}`, servicetime.ErrText},
	} {
		assert.ErrorIs(t, json.Unmarshal([]byte(row.text), row.into), row.cause, "%T %s", row.into, row.text)
	}
}

func TestFormatDuration(t *testing.T) {
	for _, row := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 s"},
		{time.Second, "1 s"},
		{45*time.Minute + 36*time.Second, "45 min 36 s"},
		{3*time.Hour + 12*time.Minute, "3 h 12 min"},
		{198 * time.Hour, "198 h"},
		{time.Hour + time.Second, "1 h 1 s"},
		{500 * time.Millisecond, "0.5 s"},
		{time.Minute + 1, "1 min 0.000000001 s"},
		{90*time.Second + 250*time.Millisecond, "1 min 30.25 s"},
		{-3*time.Hour - 12*time.Minute, "−3 h 12 min"},
		{-1, "−0.000000001 s"},
		{1<<63 - 1, "2562047 h 47 min 16.854775807 s"},
		{-1 << 63, "−2562047 h 47 min 16.854775808 s"},
	} {
		assert.Equal(t, row.want, servicetime.FormatDuration(row.d))
	}
}

func TestParseDuration(t *testing.T) {
	for _, row := range []struct {
		text, back string
		want       time.Duration
	}{
		{"0 s", "0 s", 0},
		{"62 h", "62 h", 62 * time.Hour},
		{"45 min 36 s", "45 min 36 s", 45*time.Minute + 36*time.Second},
		{"3 h 12 min", "3 h 12 min", 3*time.Hour + 12*time.Minute},
		{"1 h 1 s", "1 h 1 s", time.Hour + time.Second},
		{"1.5 s", "1.5 s", 1500 * time.Millisecond},
		{"0.000000001 s", "0.000000001 s", 1},
		{"90 s", "1 min 30 s", 90 * time.Second},
		{"4000000000 s", "1111111 h 6 min 40 s", 4_000_000_000 * time.Second},
		{"120 min", "2 h", 2 * time.Hour},
		{"2562047 h 47 min 16.854775807 s", "2562047 h 47 min 16.854775807 s", math.MaxInt64},
	} {
		got, err := servicetime.ParseDuration(row.text)
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, time.Duration(got), row.text)
		assert.Equal(t, row.back, got.String())
		back, err := servicetime.ParseDuration(row.back)
		require.NoError(t, err)
		assert.Equal(t, got, back)
		var text servicetime.Duration
		marshalled, err := got.MarshalText()
		require.NoError(t, err)
		require.NoError(t, text.UnmarshalText(marshalled))
		assert.Equal(t, got, text)
	}
}

func TestParseDurationFails(t *testing.T) {
	for _, text := range []string{
		"", " ", "62", "62h", "62 hours", "1h30m", "PT4H", "30d", "30 days", "1 d", "-1 h", "+1 h", "01 h", "1.5 h", "1,5 s", "1. s", ".5 s", "1.0000000001 s",
		"30 min 1 h", "999999999 min 999999999 min", "9999999999999 h 1 h", "1 h 1 h", "1 h  1 s", " 1 h", "1 h ", "1 h 30", "h", "h 1", "１ h", "1e3 s", "NaN s", "4.5.6 s",
	} {
		got, err := servicetime.ParseDuration(text)
		assert.Zero(t, got, text)
		require.ErrorIs(t, err, servicetime.ErrText, text)
	}
	for _, text := range []string{"2562048 h", "2562047 h 47 min 16.854775808 s", "1000000000 h", "99999999999999999999 s", "9223372037 s"} {
		_, err := servicetime.ParseDuration(text)
		require.ErrorIs(t, err, servicetime.ErrLimit, text)
	}
	_, err := servicetime.Duration(-1).MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
	assert.Panics(t, func() { servicetime.MustDuration("62") })
}

// Periods: the dates that they are, and what stands beside them.
func TestPeriods(t *testing.T) {
	for _, row := range []struct {
		period            servicetime.Period
		text, first, last string
	}{
		{servicetime.MustMonth("2026-02"), "2026-02", "2026-02-01", "2026-02-28"},
		{servicetime.Quarter{Year: 2026, Quarter: 1}, "2026-Q1", "2026-01-01", "2026-03-31"},
		{servicetime.Quarter{Year: 2026, Quarter: 4}, "2026-Q4", "2026-10-01", "2026-12-31"},
		{servicetime.MustMonth("2026-12").Quarter(), "2026-Q4", "2026-10-01", "2026-12-31"},
		{servicetime.MustMonth("2026-07").Quarter(), "2026-Q3", "2026-07-01", "2026-09-30"},
		{servicetime.Year(2024), "2024", "2024-01-01", "2024-12-31"},
		{servicetime.Dates{First: servicetime.MustDate("2025-11-01"), Last: servicetime.MustDate("2026-10-31")}, "2025-11-01/2026-10-31", "2025-11-01", "2026-10-31"},
		{servicetime.MustDate("2026-10-31"), "2026-10-31", "2026-10-31", "2026-10-31"},
	} {
		first, last := row.period.Dates()
		assert.Equal(t, row.text, row.period.String())
		assert.Equal(t, row.first, first.String(), row.text)
		assert.Equal(t, row.last, last.String(), row.text)
	}
	for _, row := range []struct {
		month string
		n     int
		want  string
	}{
		{"2026-10", 0, "2026-10"}, {"2026-10", 3, "2027-01"}, {"2026-10", -10, "2025-12"}, {"2026-01", -1, "2025-12"}, {"2026-10", -11, "2025-11"}, {"2026-12", 12, "2027-12"},
	} {
		assert.Equal(t, row.want, servicetime.MustMonth(row.month).Add(row.n).String(), "%s + %d", row.month, row.n)
	}
	// A quarter that does not exist has no span.
	c, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00")}, time.LoadLocation)
	require.NoError(t, err)
	for _, q := range []servicetime.Quarter{{}, {2026, 0}, {2026, 5}} {
		_, err := c.Span(q)
		require.ErrorIs(t, err, servicetime.ErrRange, q.String())
	}
}

func TestTargetDays(t *testing.T) {
	n, ok := servicetime.MustTarget("28 days").Days()
	assert.True(t, ok)
	assert.Equal(t, 28, n)
	for _, text := range []string{"28 business days", "28 h", "28 min"} {
		_, ok := servicetime.MustTarget(text).Days()
		assert.False(t, ok, text)
	}
	_, ok = servicetime.Target{}.Days()
	assert.False(t, ok)
}
