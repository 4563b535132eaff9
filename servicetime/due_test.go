package servicetime_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Cases of §4.3.1 and §4.5 worked out by hand.

// dueCalendars are in Europe/Stockholm, closed on public holidays by law unless they say otherwise.
var dueCalendars = map[string]servicetime.Schedule{
	"office":  {Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden},
	"eves":    {Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.SwedenWithEves},
	"24x7":    {Week: servicetime.MustWeek("mon-sun 00:00-24:00")},
	"night":   {Week: servicetime.MustWeek("mon-sun 22:00-06:00")},
	"weekday": {Week: servicetime.MustWeek("mon-fri 22:00-06:00")}, // nights, the last on Saturday morning
	"sunday":  {Week: servicetime.MustWeek("sun 01:00-04:00")},
	"edge":    {Week: servicetime.MustWeek("sun 02:30-03:30")}, // an edge in the hour that is missing or comes twice
	"lunch":   {Week: servicetime.MustWeek("mon-fri 08:00-12:00 13:00-17:00"), Holidays: servicetime.Sweden},
	"uneven":  {Week: servicetime.MustWeek("mon-thu 08:00-17:00; fri 08:00-16:00")},
	"saturday": {
		Week: servicetime.MustWeek("mon-fri 08:00-17:00"),
		Extra: []servicetime.Opening{{
			From: time.Date(2026, 10, 3, 8, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 3, 10, 0, 0, 0, time.UTC), // Saturday 10:00–12:00
		}},
	},
}

// dueCalendar compiles each of them once.
func dueCalendar(t testing.TB, name string) *servicetime.Calendar {
	t.Helper()
	if c, ok := dueCompiled.Load(name); ok {
		return c.(*servicetime.Calendar)
	}
	s, ok := dueCalendars[name]
	require.True(t, ok, name)
	c := compiled(t, s)
	dueCompiled.Store(name, c)
	return c
}

var dueCompiled sync.Map

func compiled(t testing.TB, s servicetime.Schedule) *servicetime.Calendar {
	t.Helper()
	if s.Zone == "" {
		s.Zone = "Europe/Stockholm"
	}
	c, err := servicetime.Compile(s, time.LoadLocation)
	require.NoError(t, err)
	return c
}

// clock reads an instant, and "" as the zero time.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// pausesBetween reads "from/to from/to"; an end that is missing has not come yet.
func pausesBetween(t testing.TB, text string) []servicetime.Pause {
	t.Helper()
	var out []servicetime.Pause
	for p := range strings.FieldsSeq(text) {
		from, to, _ := strings.Cut(p, "/")
		out = append(out, servicetime.Pause{From: clock(t, from), To: clock(t, to)})
	}
	return out
}

// dueRow is a case. Last is written where it is not the due.
type dueRow struct {
	calendar, received, target, how, due, last string
}

func runDue(t *testing.T, rows []dueRow, pauses string) {
	t.Helper()
	for _, row := range rows {
		c := dueCalendar(t, row.calendar)
		how, err := servicetime.ParseConvention(row.how)
		require.NoError(t, err)
		got, err := c.Deadline(clock(t, row.received), servicetime.MustTarget(row.target), how, pausesBetween(t, pauses)...)
		require.NoError(t, err, "%v", row)
		last := row.last
		if last == "" {
			last = row.due
		}
		assert.Equal(t, row.due, got.Due.Format(time.RFC3339Nano), "%v", row)
		assert.Equal(t, last, got.Last.Format(time.RFC3339Nano), "%v: last", row)
		due, err := c.Due(clock(t, row.received), servicetime.MustTarget(row.target), how, pausesBetween(t, pauses)...)
		require.NoError(t, err)
		assert.Equal(t, got.Due, due)
	}
}

// The tables of §4.3.1 (incidents), §4.4 (orders) and §4.5 (problems), received on
// Monday 5 October 2026 at 10:00.
//
//	Mon 5 ... Fri 9 | Mon 12 ... Fri 16 | Mon 19 ... Fri 23 | Mon 26 ... (winter time from the 25th)
//	0         4     | 5          9      | 10         14     | 15         business days after receipt
func TestDueTargetsOfTheAgreement(t *testing.T) {
	const received = "2026-10-05T10:00:00+02:00"
	runDue(t, []dueRow{
		{"office", received, "30 min", "SUPPORT_CLOCK", "2026-10-05T10:30:00+02:00", ""}, // response
		{"office", received, "60 min", "SUPPORT_CLOCK", "2026-10-05T11:00:00+02:00", ""},
		{"office", received, "8 h", "SUPPORT_CLOCK", "2026-10-06T09:00:00+02:00", ""},
		{"office", received, "24 h", "SUPPORT_CLOCK", "2026-10-07T16:00:00+02:00", ""},              // 7 + 9 + 8
		{"office", received, "2 business days", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00", ""}, // resolution
		{"office", received, "5 business days", "EXCL_DATE_CLOSE", "2026-10-12T17:00:00+02:00", ""},
		{"office", received, "7 business days", "EXCL_DATE_CLOSE", "2026-10-14T17:00:00+02:00", ""},
		{"office", received, "1 business day", "EXCL_DATE_CLOSE", "2026-10-06T17:00:00+02:00", ""}, // problems
		{"office", received, "6 days", "EXCL_MIDNIGHT", "2026-10-12T00:00:00+02:00", ""},           // 24:00 of Sunday 11
		{"office", received, "3 business days", "EXCL_DATE_CLOSE", "2026-10-08T17:00:00+02:00", ""},
		{"office", received, "15 business days", "EXCL_DATE_CLOSE", "2026-10-26T17:00:00+01:00", ""},
		{"office", received, "4 business days", "EXCL_DATE_CLOSE", "2026-10-09T17:00:00+02:00", ""},
		{"office", received, "25 business days", "EXCL_DATE_CLOSE", "2026-11-09T17:00:00+01:00", ""},
		{"office", received, "10 business days", "EXCL_DATE_CLOSE", "2026-10-19T17:00:00+02:00", ""},
		{"office", received, "60 business days", "EXCL_DATE_CLOSE", "2026-12-29T17:00:00+01:00", ""}, // 12 weeks and Christmas Day
		{"eves", received, "60 business days", "EXCL_DATE_CLOSE", "2026-12-30T17:00:00+01:00", ""},   // and Christmas Eve
	}, "")
}

// Friday, one second before closing.
//
//	Fri 2             Mon 5             Tue 6             Wed 7
//	08 ------- 17     08 ------- 17     08 ------- 17     08 ------- 17
//	         ^ 16:59:59
func TestDueReceivedFridayBeforeClosing(t *testing.T) {
	const received = "2026-10-02T16:59:59+02:00"
	runDue(t, []dueRow{
		{"office", received, "30 min", "SUPPORT_CLOCK", "2026-10-05T08:29:59+02:00", ""},
		{"office", received, "30 min", "WALL_CLOCK", "2026-10-02T17:29:59+02:00", ""},
		{"office", received, "8 h", "SUPPORT_CLOCK", "2026-10-05T15:59:59+02:00", ""},
		{"office", received, "24 h", "WALL_CLOCK", "2026-10-03T16:59:59+02:00", ""},
		{"office", received, "2 business days", "EXCL_DATE_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_DATE_MIDNIGHT", "2026-10-07T00:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_EFFECTIVE_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", received, "2 business days", "INCL_EFFECTIVE_CLOSE", "2026-10-05T17:00:00+02:00", ""}, // Friday is day 1
		{"office", received, "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-02T17:00:00+02:00", ""},  // one second later
		{"office", received, "2 business days", "CUTOFF_1200_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", received, "2 business days", "CUTOFF_1700_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"office", received, "2 business days", "SAME_TIME", "2026-10-06T16:59:59+02:00", ""},
		{"office", received, "2 business days", "AS_HOURS", "2026-10-06T16:59:59+02:00", ""}, // 1 s + 9 h + 8:59:59
		{"office", received, "3 days", "EXCL_MIDNIGHT", "2026-10-06T00:00:00+02:00", ""},
		{"office", received, "3 days", "SAME_WALLCLOCK", "2026-10-05T16:59:59+02:00", ""},
		{"office", received, "3 days", "N_X_24H", "2026-10-05T16:59:59+02:00", ""},
	}, "")
}

// Friday at closing: the half-open window is closed, so the effective receipt is on Monday 08:00.
//
//	Fri 2             Mon 5             Tue 6             Wed 7
//	08 ------- 17     08 ------- 17     08 ------- 17     08 ------- 17
//	           ^ 17:00:00
func TestDueReceivedFridayAtClosing(t *testing.T) {
	const received = "2026-10-02T17:00:00+02:00"
	runDue(t, []dueRow{
		{"office", received, "30 min", "SUPPORT_CLOCK", "2026-10-05T08:30:00+02:00", ""},
		{"office", received, "9 h", "SUPPORT_CLOCK", "2026-10-05T17:00:00+02:00", "2026-10-06T08:00:00+02:00"},
		{"office", received, "2 business days", "EXCL_DATE_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_DATE_MIDNIGHT", "2026-10-07T00:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_EFFECTIVE_CLOSE", "2026-10-07T17:00:00+02:00", ""},
		{"office", received, "2 business days", "INCL_EFFECTIVE_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", received, "2 business days", "CUTOFF_1200_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", received, "2 business days", "CUTOFF_1700_CLOSE", "2026-10-06T17:00:00+02:00", ""}, // not before 17:00
		{"office", received, "2 business days", "CUTOFF_1701_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"office", received, "2 business days", "SAME_TIME", "2026-10-07T08:00:00+02:00", ""},
		{"office", received, "2 business days", "AS_HOURS", "2026-10-06T17:00:00+02:00", "2026-10-07T08:00:00+02:00"},
	}, "")
}

// A cut-off is not reached one nanosecond before it.
//
//	Fri 2             Mon 5             Tue 6
//	08 ---|--- 17     08 ------- 17     08 ------- 17
//	      ^ 12:00
func TestDueCutoff(t *testing.T) {
	runDue(t, []dueRow{
		{"office", "2026-10-02T11:59:59.999999999+02:00", "2 business days", "CUTOFF_1200_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"office", "2026-10-02T12:00:00+02:00", "2 business days", "CUTOFF_1200_CLOSE", "2026-10-06T17:00:00+02:00", ""},
		{"office", "2026-10-02T00:00:00+02:00", "1 business day", "CUTOFF_0000_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"office", "2026-10-02T07:00:00+02:00", "1 business day", "CUTOFF_0730_CLOSE", "2026-10-02T17:00:00+02:00", ""},  // before opening
		{"office", "2026-10-03T11:59:59+02:00", "2 business days", "CUTOFF_1200_CLOSE", "2026-10-06T17:00:00+02:00", ""}, // Saturday is no business day
		{"lunch", "2026-10-02T12:00:00+02:00", "1 business day", "CUTOFF_1300_CLOSE", "2026-10-02T17:00:00+02:00", ""},
	}, "")
}

// Monday evening, out of hours on a business day.
//
//	Mon 5             Tue 6             Wed 7             Thu 8
//	08 ------- 17     08 ------- 17     08 ------- 17     08 ------- 17
//	              ^ 18:00
func TestDueReceivedMondayEvening(t *testing.T) {
	const received = "2026-10-05T18:00:00+02:00"
	runDue(t, []dueRow{
		{"office", received, "30 min", "SUPPORT_CLOCK", "2026-10-06T08:30:00+02:00", ""},
		{"office", received, "8 h", "SUPPORT_CLOCK", "2026-10-06T16:00:00+02:00", ""},
		{"office", received, "9 h", "SUPPORT_CLOCK", "2026-10-06T17:00:00+02:00", "2026-10-07T08:00:00+02:00"},
		{"office", received, "9 h", "WALL_CLOCK", "2026-10-06T03:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_DATE_MIDNIGHT", "2026-10-08T00:00:00+02:00", ""},
		{"office", received, "2 business days", "EXCL_EFFECTIVE_CLOSE", "2026-10-08T17:00:00+02:00", ""},
		{"office", received, "2 business days", "INCL_EFFECTIVE_CLOSE", "2026-10-07T17:00:00+02:00", ""},
		{"office", received, "2 business days", "CUTOFF_1200_CLOSE", "2026-10-07T17:00:00+02:00", ""},
		{"office", received, "2 business days", "SAME_TIME", "2026-10-08T08:00:00+02:00", ""},
		{"office", received, "2 business days", "AS_HOURS", "2026-10-07T17:00:00+02:00", "2026-10-08T08:00:00+02:00"},
	}, "")
}

// A lunch is no closing: used up at 12:00, met until 13:00.
//
//	Mon 5                        Tue 6
//	08 ---- 12    13 ---- 17     08 ---- 12    13 ---- 17
//	 ^ 09:00
func TestDueOverLunch(t *testing.T) {
	const received = "2026-10-05T09:00:00+02:00"
	runDue(t, []dueRow{
		{"lunch", received, "3 h", "SUPPORT_CLOCK", "2026-10-05T12:00:00+02:00", "2026-10-05T13:00:00+02:00"},
		{"lunch", received, "7 h", "SUPPORT_CLOCK", "2026-10-05T17:00:00+02:00", "2026-10-06T08:00:00+02:00"},
		{"lunch", received, "8 h", "SUPPORT_CLOCK", "2026-10-06T09:00:00+02:00", ""},
		{"lunch", received, "1 business day", "EXCL_DATE_CLOSE", "2026-10-06T17:00:00+02:00", ""}, // its last window, not its first
		{"lunch", received, "1 business day", "AS_HOURS", "2026-10-06T09:00:00+02:00", ""},
		{"lunch", "2026-10-05T12:30:00+02:00", "1 business day", "SAME_TIME", "2026-10-06T13:00:00+02:00", ""},
	}, "")
}

// An extra opening counts as open time, and makes no business day.
//
//	Fri 2          Sat 3           Mon 5          Tue 6
//	08 ---- 17     10 -- 12        08 ---- 17     08 ---- 17
//	               (extra)
func TestDueInExtraOpening(t *testing.T) {
	const received = "2026-10-03T11:00:00+02:00" // Saturday
	runDue(t, []dueRow{
		{"saturday", received, "8 h", "SUPPORT_CLOCK", "2026-10-05T15:00:00+02:00", ""},
		{"saturday", received, "1 h", "SUPPORT_CLOCK", "2026-10-03T12:00:00+02:00", "2026-10-05T08:00:00+02:00"},
		{"saturday", received, "1 business day", "EXCL_DATE_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"saturday", received, "1 business day", "EXCL_EFFECTIVE_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"saturday", received, "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-05T17:00:00+02:00", ""}, // Saturday cannot be day 1
		{"saturday", received, "1 business day", "CUTOFF_1200_CLOSE", "2026-10-05T17:00:00+02:00", ""},
		{"saturday", received, "1 business day", "SAME_TIME", "2026-10-05T11:00:00+02:00", ""},
		{"saturday", received, "1 business day", "AS_HOURS", "2026-10-05T16:00:00+02:00", ""}, // 1 h on Saturday, 8 h on Monday
	}, "")
}

// The day before Midsummer Eve, which is a business day by law and not with the eves.
//
//	        Thu 18          Fri 19         Sat 20 and Sun 21    Mon 22
//	office  08 --|-- 17     08 ---- 17     Midsummer Day        08 ---- 17
//	eves    08 --|-- 17                    Midsummer Day        08 ---- 17
//	             ^ 15:30
func TestDueBeforeMidsummer(t *testing.T) {
	const received = "2026-06-18T15:30:00+02:00"
	runDue(t, []dueRow{
		{"office", received, "8 h", "SUPPORT_CLOCK", "2026-06-19T14:30:00+02:00", ""}, // 1:30 + 6:30
		{"eves", received, "8 h", "SUPPORT_CLOCK", "2026-06-22T14:30:00+02:00", ""},
		{"office", received, "90 min", "SUPPORT_CLOCK", "2026-06-18T17:00:00+02:00", "2026-06-19T08:00:00+02:00"},
		{"eves", received, "90 min", "SUPPORT_CLOCK", "2026-06-18T17:00:00+02:00", "2026-06-22T08:00:00+02:00"},
		{"office", received, "1 business day", "EXCL_DATE_CLOSE", "2026-06-19T17:00:00+02:00", ""},
		{"eves", received, "1 business day", "EXCL_DATE_CLOSE", "2026-06-22T17:00:00+02:00", ""},
		{"office", received, "5 business days", "EXCL_DATE_CLOSE", "2026-06-25T17:00:00+02:00", ""}, // 19, 22, 23, 24, 25
		{"eves", received, "5 business days", "EXCL_DATE_CLOSE", "2026-06-26T17:00:00+02:00", ""},   // 22, 23, 24, 25, 26
		{"office", received, "5 business days", "INCL_EFFECTIVE_CLOSE", "2026-06-24T17:00:00+02:00", ""},
		{"eves", received, "5 business days", "INCL_EFFECTIVE_CLOSE", "2026-06-25T17:00:00+02:00", ""},
		{"eves", "2026-06-19T10:00:00+02:00", "1 business day", "EXCL_EFFECTIVE_CLOSE", "2026-06-23T17:00:00+02:00", ""}, // effective on the 22nd
		{"eves", "2026-06-19T10:00:00+02:00", "1 business day", "CUTOFF_1200_CLOSE", "2026-06-22T17:00:00+02:00", ""},
		{"office", "2026-06-19T10:00:00+02:00", "1 business day", "CUTOFF_1200_CLOSE", "2026-06-19T17:00:00+02:00", ""},
	}, "")
}

// 23 December. Christmas Day is a Friday, Epiphany (6 January) a Wednesday.
//
//	        Wed 23   Thu 24   Fri 25 .. Sun 27   Mon 28   29   30   Thu 31   Fri 1 .. Sun 3   Mon 4   5   Wed 6   Thu 7   Fri 8
//	office  0        1                           2        3    4    5                         6       7           8       9
//	eves    0                                    1        2    3                              4       5           6       7
func TestDueBeforeChristmas(t *testing.T) {
	const received = "2026-12-23T10:00:00+01:00"
	runDue(t, []dueRow{
		{"office", received, "5 business days", "EXCL_DATE_CLOSE", "2026-12-31T17:00:00+01:00", ""},
		{"eves", received, "5 business days", "EXCL_DATE_CLOSE", "2027-01-05T17:00:00+01:00", ""},
		{"office", received, "7 business days", "EXCL_DATE_CLOSE", "2027-01-05T17:00:00+01:00", ""},
		{"eves", received, "7 business days", "EXCL_DATE_CLOSE", "2027-01-08T17:00:00+01:00", ""},
		{"office", received, "5 business days", "EXCL_DATE_MIDNIGHT", "2027-01-01T00:00:00+01:00", ""},
		{"office", received, "8 business days", "SAME_TIME", "2027-01-07T10:00:00+01:00", ""},
		{"office", received, "2 business days", "AS_HOURS", "2026-12-28T10:00:00+01:00", ""},
		{"eves", received, "2 business days", "AS_HOURS", "2026-12-29T10:00:00+01:00", ""},
		{"office", "2026-12-23T16:00:00+01:00", "8 h", "SUPPORT_CLOCK", "2026-12-24T15:00:00+01:00", ""},
		{"eves", "2026-12-23T16:00:00+01:00", "8 h", "SUPPORT_CLOCK", "2026-12-28T15:00:00+01:00", ""},
		{"office", received, "6 days", "EXCL_MIDNIGHT", "2026-12-30T00:00:00+01:00", ""}, // calendar days know no holiday
		{"eves", received, "6 days", "SAME_WALLCLOCK", "2026-12-29T10:00:00+01:00", ""},
	}, "")
}

// Sunday 29 March 2026: clocks go from 02:00 to 03:00.
//
//	        Sat 28                   Sun 29                    Mon 30
//	24x7    ------------------------|-----|-------------------|------
//	night   -- 06           22 -----|-----|- 06 (7 h)   22 ---|---
//	                                     02 → 03
func TestDueClocksGoForward(t *testing.T) {
	const noon = "2026-03-28T12:00:00+01:00"
	const evening = "2026-03-28T21:00:00+01:00"
	runDue(t, []dueRow{
		{"24x7", noon, "24 h", "SUPPORT_CLOCK", "2026-03-29T13:00:00+02:00", ""}, // 24 hours, one of them skipped by the wall
		{"24x7", noon, "24 h", "WALL_CLOCK", "2026-03-29T13:00:00+02:00", ""},
		{"24x7", noon, "1 day", "N_X_24H", "2026-03-29T13:00:00+02:00", ""},
		{"24x7", noon, "1 day", "SAME_WALLCLOCK", "2026-03-29T12:00:00+02:00", ""},
		{"24x7", "2026-03-28T02:30:00+01:00", "1 day", "SAME_WALLCLOCK", "2026-03-29T03:30:00+02:00", ""}, // 02:30 is missing
		{"24x7", "2026-03-28T02:00:00+01:00", "1 day", "SAME_WALLCLOCK", "2026-03-29T03:00:00+02:00", ""},
		{"24x7", noon, "1 day", "EXCL_MIDNIGHT", "2026-03-30T00:00:00+02:00", ""},
		{"24x7", noon, "1 business day", "EXCL_DATE_CLOSE", "2026-03-30T00:00:00+02:00", ""}, // closing of 24×7 is 24:00
		{"24x7", noon, "1 business day", "EXCL_DATE_MIDNIGHT", "2026-03-30T00:00:00+02:00", ""},
		{"24x7", noon, "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-03-29T00:00:00+01:00", ""},
		{"24x7", noon, "1 business day", "SAME_TIME", "2026-03-29T12:00:00+02:00", ""},
		{"24x7", noon, "1 business day", "AS_HOURS", "2026-03-29T13:00:00+02:00", ""},
		{"24x7", "2026-03-28T02:30:00+01:00", "1 business day", "SAME_TIME", "2026-03-29T03:30:00+02:00", ""},

		{"night", evening, "7 h", "SUPPORT_CLOCK", "2026-03-29T06:00:00+02:00", "2026-03-29T22:00:00+02:00"},
		{"night", evening, "8 h", "SUPPORT_CLOCK", "2026-03-29T23:00:00+02:00", ""},
		{"night", evening, "1 business day", "EXCL_DATE_CLOSE", "2026-03-30T06:00:00+02:00", ""}, // Sunday's window closes on Monday
		{"night", evening, "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-03-29T06:00:00+02:00", ""},
		{"night", evening, "1 business day", "EXCL_DATE_MIDNIGHT", "2026-03-30T00:00:00+02:00", ""},
		{"night", evening, "1 business day", "SAME_TIME", "2026-03-29T22:00:00+02:00", ""},
		{"night", evening, "1 business day", "AS_HOURS", "2026-03-29T23:00:00+02:00", ""}, // 8 h, the length of a full night

		{"sunday", noon, "2 h", "SUPPORT_CLOCK", "2026-03-29T04:00:00+02:00", "2026-04-05T01:00:00+02:00"}, // 01–02 and 03–04
		{"edge", noon, "30 min", "SUPPORT_CLOCK", "2026-03-29T03:30:00+02:00", "2026-04-05T02:30:00+02:00"},
		{"edge", noon, "1 business day", "EXCL_DATE_CLOSE", "2026-03-29T03:30:00+02:00", ""},
	}, "")
}

// Sunday 25 October 2026: clocks go from 03:00 to 02:00.
//
//	        Sat 24                   Sun 25                    Mon 26
//	24x7    ------------------------|-----|-------------------|------
//	night   -- 06           22 -----|-----|- 06 (9 h)   22 ---|---
//	                                     03 → 02
func TestDueClocksGoBack(t *testing.T) {
	const noon = "2026-10-24T12:00:00+02:00"
	const evening = "2026-10-24T21:00:00+02:00"
	runDue(t, []dueRow{
		{"24x7", noon, "24 h", "SUPPORT_CLOCK", "2026-10-25T11:00:00+01:00", ""},
		{"24x7", noon, "24 h", "WALL_CLOCK", "2026-10-25T11:00:00+01:00", ""},
		{"24x7", noon, "1 day", "N_X_24H", "2026-10-25T11:00:00+01:00", ""},
		{"24x7", noon, "1 day", "SAME_WALLCLOCK", "2026-10-25T12:00:00+01:00", ""},
		{"24x7", "2026-10-24T02:30:00+02:00", "1 day", "SAME_WALLCLOCK", "2026-10-25T02:30:00+02:00", ""}, // the first of two
		{"24x7", "2026-10-25T02:30:00+01:00", "1 day", "SAME_WALLCLOCK", "2026-10-26T02:30:00+01:00", ""},
		{"24x7", "2026-10-25T02:30:00+02:00", "1 day", "SAME_WALLCLOCK", "2026-10-26T02:30:00+01:00", ""},
		{"24x7", "2026-10-25T02:30:00+02:00", "1 day", "N_X_24H", "2026-10-26T01:30:00+01:00", ""},
		{"24x7", noon, "1 day", "EXCL_MIDNIGHT", "2026-10-26T00:00:00+01:00", ""},
		{"24x7", noon, "1 business day", "EXCL_DATE_CLOSE", "2026-10-26T00:00:00+01:00", ""},
		{"24x7", noon, "1 business day", "SAME_TIME", "2026-10-25T12:00:00+01:00", ""},
		{"24x7", noon, "1 business day", "AS_HOURS", "2026-10-25T11:00:00+01:00", ""},
		{"24x7", "2026-10-25T02:30:00+02:00", "30 min", "SUPPORT_CLOCK", "2026-10-25T02:00:00+01:00", ""}, // the wall says 02:00 again
		{"24x7", "2026-10-25T02:30:00+02:00", "90 min", "SUPPORT_CLOCK", "2026-10-25T03:00:00+01:00", ""},

		{"night", evening, "8 h", "SUPPORT_CLOCK", "2026-10-25T05:00:00+01:00", ""},
		{"night", evening, "9 h", "SUPPORT_CLOCK", "2026-10-25T06:00:00+01:00", "2026-10-25T22:00:00+01:00"},
		{"night", evening, "1 business day", "EXCL_DATE_CLOSE", "2026-10-26T06:00:00+01:00", ""},
		{"night", evening, "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-25T06:00:00+01:00", ""},
		{"night", evening, "1 business day", "AS_HOURS", "2026-10-25T05:00:00+01:00", ""},
		// Received in Saturday's night, on Sunday's date: that date's own window is the next.
		{"night", "2026-10-25T02:30:00+01:00", "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-26T06:00:00+01:00", ""},
		{"night", "2026-10-25T02:30:00+02:00", "1 business day", "SAME_TIME", "2026-10-26T02:30:00+01:00", ""},

		{"sunday", noon, "4 h", "SUPPORT_CLOCK", "2026-10-25T04:00:00+01:00", "2026-11-01T01:00:00+01:00"}, // 02–03 counts twice
		{"sunday", noon, "2 h", "SUPPORT_CLOCK", "2026-10-25T02:00:00+01:00", ""},
		// 02:30–03:30 opens twice: 02:30–03:00 summer time, 02:30–03:30 winter time.
		{"edge", noon, "30 min", "SUPPORT_CLOCK", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"edge", noon, "90 min", "SUPPORT_CLOCK", "2026-10-25T03:30:00+01:00", "2026-11-01T02:30:00+01:00"},
		{"edge", noon, "1 business day", "EXCL_DATE_CLOSE", "2026-10-25T03:30:00+01:00", ""},
	}, "")
}

// Nights of Monday to Friday: Saturday morning is Friday's, and Saturday no business day.
//
//	Thu 1         Fri 2         Sat 3         Sun 4         Mon 5         Tue 6
//	       22 ----|-- 06  22 ---|-- 06                             22 ----|-- 06
func TestDueInTheTailOfANight(t *testing.T) {
	const received = "2026-10-03T02:00:00+02:00" // Saturday
	runDue(t, []dueRow{
		{"weekday", received, "4 h", "SUPPORT_CLOCK", "2026-10-03T06:00:00+02:00", "2026-10-05T22:00:00+02:00"},
		{"weekday", received, "8 h", "SUPPORT_CLOCK", "2026-10-06T02:00:00+02:00", ""},
		{"weekday", received, "1 business day", "EXCL_DATE_CLOSE", "2026-10-06T06:00:00+02:00", ""}, // Monday's
		{"weekday", received, "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-06T06:00:00+02:00", ""},
		{"weekday", received, "1 business day", "CUTOFF_1200_CLOSE", "2026-10-06T06:00:00+02:00", ""},
		{"weekday", received, "1 business day", "SAME_TIME", "2026-10-05T02:00:00+02:00", ""},
		{"weekday", "2026-10-02T23:00:00+02:00", "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-03T06:00:00+02:00", ""},
		{"weekday", "2026-10-02T02:00:00+02:00", "1 business day", "INCL_EFFECTIVE_CLOSE", "2026-10-03T06:00:00+02:00", ""}, // Thursday's night, Friday's date
	}, "")
}

// Received Monday 5 October at 10:00. Two business days end on Wednesday 7 at 17:00, with 7 + 9 + 9 hours
// of open time before; a pause in those moves the due to where 25 hours have gone unpaused.
//
//	Mon 5             Tue 6             Wed 7             Thu 8
//	08 -|----- 17     08 ------- 17     08 ------- 17     08 ------- 17
//	    received                                 due₀
func TestDuePausesMoveDays(t *testing.T) {
	const received = "2026-10-05T10:00:00+02:00"
	const days2 = "2 business days"
	for _, row := range []struct {
		what, pauses, how, due string
	}{
		{"two hours", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-08T10:00:00+02:00"},
		{"one nanosecond", "2026-10-06T09:00:00+02:00/2026-10-06T09:00:00.000000001+02:00", "EXCL_DATE_CLOSE", "2026-10-08T08:00:00.000000001+02:00"},
		{"wholly out of hours", "2026-10-06T17:00:00+02:00/2026-10-07T08:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00"},
		{"over a night", "2026-10-06T16:00:00+02:00/2026-10-07T09:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-08T10:00:00+02:00"},
		{"a whole day", "2026-10-06T00:00:00+02:00/2026-10-07T00:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-08T17:00:00+02:00"},
		{"before receipt", "2026-10-05T08:00:00+02:00/2026-10-05T10:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00"},
		{"over the receipt", "2026-10-05T09:00:00+02:00/2026-10-05T11:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-08T09:00:00+02:00"},
		{"from the due on", "2026-10-07T17:00:00+02:00/2026-10-08T12:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00"},
		{"of no length", "2026-10-06T09:00:00+02:00/2026-10-06T09:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00"},
		// One hour before due₀ moves the due to Thursday 09:00, and the pause goes on until 10:00.
		{"over the due", "2026-10-07T16:00:00+02:00/2026-10-08T10:00:00+02:00", "EXCL_DATE_CLOSE", "2026-10-08T11:00:00+02:00"},
		// The first moves the due to Thursday 10:00, the second begins before that.
		{
			"one behind the due", "2026-10-08T09:00:00+02:00/2026-10-08T12:00:00+02:00 2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00",
			"EXCL_DATE_CLOSE", "2026-10-08T13:00:00+02:00",
		},
		{
			"overlapping, counted once", "2026-10-06T10:00:00+02:00/2026-10-06T12:00:00+02:00 2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00",
			"EXCL_DATE_CLOSE", "2026-10-08T11:00:00+02:00",
		},
		{
			"one in the other, twice", "2026-10-06T10:00:00+02:00/2026-10-06T11:00:00+02:00 2026-10-06T09:00:00+02:00/2026-10-06T13:00:00+02:00 2026-10-06T10:00:00+02:00/2026-10-06T11:00:00+02:00",
			"EXCL_DATE_CLOSE", "2026-10-08T12:00:00+02:00",
		},
		{"out of hours, due at midnight", "2026-10-06T17:00:00+02:00/2026-10-07T08:00:00+02:00", "EXCL_DATE_MIDNIGHT", "2026-10-08T00:00:00+02:00"},
		{"after closing, due at midnight", "2026-10-07T18:00:00+02:00/2026-10-08T12:00:00+02:00", "EXCL_DATE_MIDNIGHT", "2026-10-08T00:00:00+02:00"},
		{"two hours, due at midnight", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "EXCL_DATE_MIDNIGHT", "2026-10-08T10:00:00+02:00"},
		{"two hours", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "EXCL_EFFECTIVE_CLOSE", "2026-10-08T10:00:00+02:00"},
		{"two hours", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "INCL_EFFECTIVE_CLOSE", "2026-10-07T10:00:00+02:00"},
		{"two hours", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "CUTOFF_1200_CLOSE", "2026-10-07T10:00:00+02:00"},
		{"two hours", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "SAME_TIME", "2026-10-07T12:00:00+02:00"},
		{"out of hours", "2026-10-06T17:00:00+02:00/2026-10-07T08:00:00+02:00", "SAME_TIME", "2026-10-07T10:00:00+02:00"},
		{"two hours", "2026-10-06T09:00:00+02:00/2026-10-06T11:00:00+02:00", "AS_HOURS", "2026-10-07T12:00:00+02:00"},
		{"out of hours", "2026-10-06T17:00:00+02:00/2026-10-07T08:00:00+02:00", "AS_HOURS", "2026-10-07T10:00:00+02:00"},
	} {
		t.Run(row.how+" "+row.what, func(t *testing.T) {
			runDue(t, []dueRow{{"office", received, days2, row.how, row.due, ""}}, row.pauses)
		})
	}
}

// Calendar days run on the wall clock, so a pause in the night moves them too.
//
//	Mon 5 | Tue 6 | Wed 7 | Thu 8 | Fri 9 | Sat 10 | Sun 11 | Mon 12
//	  ^ 10:00                                              due₀ at 24:00
func TestDuePausesMoveCalendarDays(t *testing.T) {
	const received = "2026-10-05T10:00:00+02:00"
	for _, row := range []struct {
		what, received, pauses, how, due string
	}{
		{"in the night", received, "2026-10-06T20:00:00+02:00/2026-10-06T22:00:00+02:00", "EXCL_MIDNIGHT", "2026-10-12T02:00:00+02:00"},
		{"on Sunday", received, "2026-10-11T00:00:00+02:00/2026-10-12T00:00:00+02:00", "EXCL_MIDNIGHT", "2026-10-13T00:00:00+02:00"},
		{"over the due", received, "2026-10-11T23:00:00+02:00/2026-10-12T08:00:00+02:00", "EXCL_MIDNIGHT", "2026-10-12T09:00:00+02:00"},
		{"from the due on", received, "2026-10-12T00:00:00+02:00/2026-10-13T00:00:00+02:00", "EXCL_MIDNIGHT", "2026-10-12T00:00:00+02:00"},
		{"before receipt", received, "2026-10-05T00:00:00+02:00/2026-10-05T10:00:00+02:00", "EXCL_MIDNIGHT", "2026-10-12T00:00:00+02:00"},
		{"in the night", received, "2026-10-06T20:00:00+02:00/2026-10-06T22:00:00+02:00", "SAME_WALLCLOCK", "2026-10-11T12:00:00+02:00"},
		{"in the night", received, "2026-10-06T20:00:00+02:00/2026-10-06T22:00:00+02:00", "N_X_24H", "2026-10-11T12:00:00+02:00"},
		{"over the clock change", "2026-10-20T10:00:00+02:00", "2026-10-25T02:00:00+02:00/2026-10-25T03:00:00+01:00", "EXCL_MIDNIGHT", "2026-10-27T02:00:00+01:00"},
	} {
		t.Run(row.how+" "+row.what, func(t *testing.T) {
			runDue(t, []dueRow{{"office", row.received, "6 days", row.how, row.due, ""}}, row.pauses)
		})
	}
}

// Hours: a pause at the end of the day leaves the due, and moves the last instant that meets it.
//
//	Mon 5             Tue 6
//	08 ------- 17     08 --|---- 17
//	^ received   |---------|
func TestDuePausesMoveHours(t *testing.T) {
	const received = "2026-10-05T08:00:00+02:00"
	for _, row := range []struct {
		what, pauses, target, how, due, last string
	}{
		{"at noon", "2026-10-05T12:00:00+02:00/2026-10-05T13:00:00+02:00", "8 h", "SUPPORT_CLOCK", "2026-10-05T17:00:00+02:00", "2026-10-06T08:00:00+02:00"},
		{"in the evening", "2026-10-05T18:00:00+02:00/2026-10-05T20:00:00+02:00", "10 h", "SUPPORT_CLOCK", "2026-10-06T09:00:00+02:00", ""},
		{"from closing on", "2026-10-05T17:00:00+02:00/2026-10-06T10:00:00+02:00", "9 h", "SUPPORT_CLOCK", "2026-10-05T17:00:00+02:00", "2026-10-06T10:00:00+02:00"},
		{"from the due on", "2026-10-05T16:00:00+02:00/2026-10-05T16:30:00+02:00", "8 h", "SUPPORT_CLOCK", "2026-10-05T16:00:00+02:00", "2026-10-05T16:30:00+02:00"},
		{"in the evening", "2026-10-05T18:00:00+02:00/2026-10-05T20:00:00+02:00", "12 h", "WALL_CLOCK", "2026-10-05T22:00:00+02:00", ""},
		{"from the due on", "2026-10-05T20:00:00+02:00/2026-10-05T21:00:00+02:00", "12 h", "WALL_CLOCK", "2026-10-05T20:00:00+02:00", "2026-10-05T21:00:00+02:00"},
		{"in the evening and at noon", "2026-10-05T18:00:00+02:00/2026-10-05T20:00:00+02:00 2026-10-05T12:00:00+02:00/2026-10-05T13:00:00+02:00", "12 h", "WALL_CLOCK", "2026-10-05T23:00:00+02:00", ""},
	} {
		t.Run(row.how+" "+row.what, func(t *testing.T) {
			runDue(t, []dueRow{{"office", received, row.target, row.how, row.due, row.last}}, row.pauses)
		})
	}
}

func TestDueFails(t *testing.T) {
	const received = "2026-10-05T10:00:00+02:00"
	for _, row := range []struct {
		what, calendar, received, target, how, pauses string
		cause                                         error
	}{
		{"no convention", "office", received, "2 business days", "", "", servicetime.ErrConvention},
		{"no convention", "office", received, "8 h", "", "", servicetime.ErrConvention},
		{"of days, for hours", "office", received, "8 h", "EXCL_DATE_CLOSE", "", servicetime.ErrConvention},
		{"of hours, for days", "office", received, "2 business days", "SUPPORT_CLOCK", "", servicetime.ErrConvention},
		{"of business days, for calendar days", "office", received, "6 days", "EXCL_DATE_CLOSE", "", servicetime.ErrConvention},
		{"of calendar days, for business days", "office", received, "6 business days", "EXCL_MIDNIGHT", "", servicetime.ErrConvention},
		{"no target", "office", received, "", "EXCL_DATE_CLOSE", "", servicetime.ErrConvention},
		{"working days differ", "uneven", received, "2 business days", "AS_HOURS", "", servicetime.ErrConvention},
		{"zero time", "office", "", "8 h", "SUPPORT_CLOCK", "", servicetime.ErrRange},
		{"zero time", "office", "", "2 business days", "EXCL_DATE_CLOSE", "", servicetime.ErrRange},
		{"before the range", "office", "1969-12-31T10:00:00+01:00", "2 business days", "EXCL_DATE_CLOSE", "", servicetime.ErrRange},
		{"after the range", "office", "2201-01-01T10:00:00+01:00", "6 days", "EXCL_MIDNIGHT", "", servicetime.ErrRange},
		{"received at the end of the range", "office", "2201-01-01T00:00:00+01:00", "2 business days", "EXCL_DATE_CLOSE", "", servicetime.ErrRange},
		{"received at the end of the range", "office", "2201-01-01T00:00:00+01:00", "6 days", "SAME_WALLCLOCK", "", servicetime.ErrRange},
		{"received at the end of the range", "office", "2201-01-01T00:00:00+01:00", "8 h", "SUPPORT_CLOCK", "", servicetime.ErrNoOpenTime},
		{"days run out", "office", received, "1000000 business days", "EXCL_DATE_CLOSE", "", servicetime.ErrRange},
		{"days run out", "office", received, "80000 business days", "EXCL_DATE_CLOSE", "", servicetime.ErrRange},
		{"days run out", "office", received, "1000000 days", "N_X_24H", "", servicetime.ErrRange},
		{"days run out", "office", received, "80000 days", "EXCL_MIDNIGHT", "", servicetime.ErrRange},
		{"days run out", "office", "2200-12-31T10:00:00+01:00", "1 day", "SAME_WALLCLOCK", "", servicetime.ErrRange},
		{"days run out", "office", "2200-12-31T10:00:00+01:00", "1 day", "N_X_24H", "", servicetime.ErrRange},
		{"days run out", "office", "2200-12-31T10:00:00+01:00", "1 business day", "EXCL_DATE_CLOSE", "", servicetime.ErrRange},
		{"hours run out", "office", received, "1000000 h", "SUPPORT_CLOCK", "", servicetime.ErrNoOpenTime},
		{"hours run out", "office", "2200-12-31T10:00:00+01:00", "8 h", "SUPPORT_CLOCK", "", servicetime.ErrNoOpenTime},
		{"hours run out", "office", "2200-12-31T10:00:00+01:00", "24 h", "WALL_CLOCK", "", servicetime.ErrNoOpenTime},
		{"hours run out", "office", "2200-12-30T10:00:00+01:00", "5 business days", "AS_HOURS", "", servicetime.ErrNoOpenTime},
		{"pause ends before it starts", "office", received, "8 h", "SUPPORT_CLOCK", "2026-10-06T10:00:00+02:00/2026-10-06T09:00:00+02:00", servicetime.ErrBackwards},
		{"pause ends before it starts", "office", received, "2 business days", "EXCL_DATE_CLOSE", "2026-10-06T10:00:00+02:00/2026-10-06T09:00:00+02:00", servicetime.ErrBackwards},
		{"pause starts at the zero time", "office", received, "6 days", "EXCL_MIDNIGHT", "/2026-10-06T09:00:00+02:00", servicetime.ErrRange},
		{"pause has not ended", "office", received, "8 h", "SUPPORT_CLOCK", "2026-10-05T11:00:00+02:00/", servicetime.ErrNoOpenTime},
		{"pause has not ended", "office", received, "2 business days", "EXCL_DATE_CLOSE", "2026-10-06T11:00:00+02:00/", servicetime.ErrNoOpenTime},
		{"pause has not ended", "office", received, "6 days", "EXCL_MIDNIGHT", "2026-10-06T20:00:00+02:00/", servicetime.ErrNoOpenTime},
	} {
		t.Run(row.how+" "+row.what, func(t *testing.T) {
			c := dueCalendar(t, row.calendar)
			var how servicetime.Convention
			var target servicetime.Target
			if row.how != "" {
				require.NoError(t, how.UnmarshalText([]byte(row.how)))
			}
			if row.target != "" {
				target = servicetime.MustTarget(row.target)
			}
			got, err := c.Deadline(clock(t, row.received), target, how, pausesBetween(t, row.pauses)...)
			require.ErrorIs(t, err, row.cause)
			assert.Equal(t, servicetime.Deadline{}, got)
			due, err := c.Due(clock(t, row.received), target, how, pausesBetween(t, row.pauses)...)
			require.ErrorIs(t, err, row.cause)
			assert.True(t, due.IsZero())
		})
	}
}

// A pause that has not ended moves no due that lies before it.
func TestDueBeforeAnOpenPause(t *testing.T) {
	runDue(t, []dueRow{
		{"office", "2026-10-05T10:00:00+02:00", "8 h", "SUPPORT_CLOCK", "2026-10-06T09:00:00+02:00", ""},
		{"office", "2026-10-05T10:00:00+02:00", "2 business days", "EXCL_DATE_CLOSE", "2026-10-07T17:00:00+02:00", ""},
		{"office", "2026-10-01T10:00:00+02:00", "6 days", "EXCL_MIDNIGHT", "2026-10-08T00:00:00+02:00", ""},
	}, "2026-10-08T12:00:00+02:00/")
}

// Where the clock does not tick again there is no next opening, and a due met to the last is met to the
// end of the range.
//
//	open    08 ---- 17|
//	2200-12-31        ^ due     | end of the range
func TestDueAtTheEndOfTheRange(t *testing.T) {
	runDue(t, []dueRow{
		{"office", "2200-12-31T16:00:00+01:00", "1 h", "SUPPORT_CLOCK", "2200-12-31T17:00:00+01:00", "2201-01-01T00:00:00+01:00"},
		{"24x7", "2200-12-31T16:00:00+01:00", "8 h", "SUPPORT_CLOCK", "2201-01-01T00:00:00+01:00", ""},
		{"office", "2200-12-31T16:00:00+01:00", "8 h", "WALL_CLOCK", "2201-01-01T00:00:00+01:00", ""},
		{"office", "2200-12-31T10:00:00+01:00", "1 business day", "INCL_EFFECTIVE_CLOSE", "2200-12-31T17:00:00+01:00", ""},
		{"office", "2200-12-30T10:00:00+01:00", "1 business day", "EXCL_DATE_MIDNIGHT", "2201-01-01T00:00:00+01:00", ""},
		{"office", "2200-12-30T10:00:00+01:00", "1 day", "EXCL_MIDNIGHT", "2201-01-01T00:00:00+01:00", ""},
		{"office", "1970-01-01T00:00:00+01:00", "1 h", "SUPPORT_CLOCK", "1970-01-02T09:00:00+01:00", ""}, // New Year's Day is a holiday
		{"24x7", "1970-01-01T00:00:00+01:00", "1 business day", "EXCL_DATE_CLOSE", "1970-01-03T00:00:00+01:00", ""},
	}, "")
}

// Days may run over the whole range, and 24-hour days end on the instant where it ends: Santiago's clocks are
// an hour ahead of July's in December, so 23:00 becomes 24:00.
func TestDueDaysOverTheWholeRange(t *testing.T) {
	utc, santiago := alwaysOpen(t, "UTC"), alwaysOpen(t, "America/Santiago")
	for _, row := range []struct {
		c                          *servicetime.Calendar
		received, target, how, due string
	}{
		{utc, "1970-01-01T10:00:00Z", "84370 days", "SAME_WALLCLOCK", "2200-12-31T10:00:00Z"},
		{utc, "1970-01-01T10:00:00Z", "84370 days", "N_X_24H", "2200-12-31T10:00:00Z"},
		{utc, "1970-01-01T10:00:00Z", "84370 days", "EXCL_MIDNIGHT", "2201-01-01T00:00:00Z"},
		{utc, "1970-01-01T10:00:00Z", "84370 business days", "EXCL_DATE_CLOSE", "2201-01-01T00:00:00Z"},
		{utc, "1970-01-01T10:00:00Z", "84370 business days", "AS_HOURS", "2200-12-31T10:00:00Z"},
		{santiago, "2200-07-15T22:59:59-04:00", "169 days", "N_X_24H", "2200-12-31T23:59:59-03:00"},
		{santiago, "2200-07-15T23:00:00-04:00", "169 days", "N_X_24H", "2201-01-01T00:00:00-03:00"},
	} {
		how, err := servicetime.ParseConvention(row.how)
		require.NoError(t, err)
		due, err := row.c.Due(clock(t, row.received), servicetime.MustTarget(row.target), how)
		require.NoError(t, err, "%v", row)
		assert.Equal(t, row.due, due.Format(time.RFC3339), "%v", row)
	}
	for _, row := range []struct {
		c             *servicetime.Calendar
		received, how string
		target        string
	}{
		{utc, "1970-01-01T10:00:00Z", "SAME_WALLCLOCK", "84371 days"},
		{utc, "1970-01-01T10:00:00Z", "EXCL_DATE_CLOSE", "84371 business days"},
		{utc, "1970-01-02T10:00:00Z", "EXCL_MIDNIGHT", "84370 days"},
		{santiago, "2200-07-15T23:00:00.000000001-04:00", "N_X_24H", "169 days"},
	} {
		how, err := servicetime.ParseConvention(row.how)
		require.NoError(t, err)
		_, err = row.c.Due(clock(t, row.received), servicetime.MustTarget(row.target), how)
		assert.ErrorIs(t, err, servicetime.ErrRange, "%v", row)
	}
}

// A row for each kind of clock: what is due when, and what has been used up on the way.
func TestMilestone(t *testing.T) {
	c := compile(office)
	wait := servicetime.Pause{From: instant("2026-10-05T11:00:00+02:00"), To: instant("2026-10-05T13:00:00+02:00")}
	for _, row := range []struct {
		target  string
		how     servicetime.Convention
		pauses  []servicetime.Pause
		percent map[int]string
	}{
		{"8 h", servicetime.SupportClock, nil, map[int]string{
			1: "2026-10-05 10:04:48", 50: "2026-10-05 14:00:00", 75: "2026-10-05 16:00:00", 90: "2026-10-06 08:12:00", 100: "2026-10-06 09:00:00",
		}},
		{"8 h", servicetime.SupportClock, []servicetime.Pause{wait}, map[int]string{
			50: "2026-10-05 16:00:00", 75: "2026-10-06 09:00:00", 100: "2026-10-06 11:00:00",
		}},
		{"8 h", servicetime.WallClock, nil, map[int]string{50: "2026-10-05 14:00:00", 100: "2026-10-05 18:00:00"}},
		{"2 h", servicetime.EU1182Hours, nil, map[int]string{50: "2026-10-05 12:00:00", 100: "2026-10-05 13:00:00"}},
		// Seven hours on Monday and two days of nine: half of 25 hours is half past one on Tuesday.
		{"2 business days", servicetime.ExclDateClose, nil, map[int]string{50: "2026-10-06 13:30:00", 100: "2026-10-07 17:00:00"}},
		{"1 business day", servicetime.ExclDateMidnight, nil, map[int]string{50: "2026-10-06 09:00:00", 100: "2026-10-07 00:00:00"}},
		{"1 day", servicetime.ExclMidnight, nil, map[int]string{50: "2026-10-06 05:00:00", 100: "2026-10-07 00:00:00"}},
	} {
		for percent, want := range row.percent {
			at, err := c.Milestone(instant("2026-10-05T10:00:00+02:00"), servicetime.MustTarget(row.target), row.how, percent, row.pauses...)
			require.NoError(t, err)
			assert.Equal(t, want, at.Format("2006-01-02 15:04:05"), "%s %s %d %%", row.target, row.how, percent)
		}
	}
	for _, percent := range []int{-1, 0, 101} {
		_, err := c.Milestone(instant("2026-10-05T10:00:00+02:00"), servicetime.MustTarget("8 h"), servicetime.SupportClock, percent)
		require.ErrorIs(t, err, servicetime.ErrLimit)
	}
	_, err := c.Milestone(instant("2026-10-05T10:00:00+02:00"), servicetime.MustTarget("8 h"), servicetime.NX24H, 50)
	require.ErrorIs(t, err, servicetime.ErrConvention)
	before, err := c.Milestone(instant("2026-10-05T18:00:00+02:00"), servicetime.MustTarget("1 business day"), servicetime.Cutoff(1200), 50)
	require.NoError(t, err)
	assert.Equal(t, "2026-10-05 17:00:00", before.Format("2006-01-02 15:04:05"), "due before its receipt")
}
