package servicetime_test

import (
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
	"example.com/sla/testdata/vectors"
)

func pausesOf(in [][2]time.Time) []servicetime.Pause {
	var out []servicetime.Pause
	for _, p := range in {
		out = append(out, servicetime.Pause{From: p[0], To: p[1]})
	}
	return out
}

func TestVectorsElapsed(t *testing.T) {
	calendars := vectors.Calendars(t)
	for _, row := range vectors.Rows[struct {
		ID                    string
		Cal                   string
		From                  time.Time `json:"from_utc"`
		To                    time.Time `json:"to_utc"`
		Pauses                [][2]time.Time
		ElapsedSeconds        int64 `json:"elapsed_seconds"`
		ElapsedNoPauseSeconds int64 `json:"elapsed_no_pause_seconds"`
	}](t, "elapsed.jsonl") {
		c := calendars[row.Cal]
		got, err := c.Elapsed(row.From, row.To, pausesOf(row.Pauses)...)
		require.NoError(t, err, row.ID)
		assert.Equal(t, time.Duration(row.ElapsedSeconds)*time.Second, max(0, got), row.ID)
		back, err := c.Elapsed(row.To, row.From, pausesOf(row.Pauses)...)
		require.NoError(t, err, row.ID)
		assert.Equal(t, -got, back, row.ID)
		got, err = c.Elapsed(row.From, row.To)
		require.NoError(t, err, row.ID)
		assert.Equal(t, time.Duration(row.ElapsedNoPauseSeconds)*time.Second, max(0, got), row.ID)
	}
}

func TestVectorsDeadlineSupport(t *testing.T) {
	calendars := vectors.Calendars(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal  string
		Received time.Time `json:"received_utc"`
		Target   int64     `json:"target_seconds"`
		Pauses   [][2]time.Time
		Earliest time.Time `json:"deadline_earliest"`
		Latest   time.Time `json:"deadline_latest"`
	}](t, "deadline_support.jsonl") {
		c, d, pauses := calendars[row.Cal], time.Duration(row.Target)*time.Second, pausesOf(row.Pauses)
		earliest, err := c.Add(row.Received, d, pauses...)
		require.NoError(t, err, row.ID)
		assert.True(t, earliest.Equal(row.Earliest), "%s: %s, want %s", row.ID, earliest, row.Earliest)
		latest, err := c.AddLatest(row.Received, d, pauses...)
		require.NoError(t, err, row.ID)
		assert.True(t, latest.Equal(row.Latest), "%s: %s, want %s", row.ID, latest, row.Latest)

		if target, err := servicetime.ParseTarget(minutesText(row.Target)); err == nil {
			deadline, err := c.Deadline(row.Received, target, servicetime.SupportClock, pauses...)
			require.NoError(t, err, row.ID)
			assert.Equal(t, servicetime.Deadline{Due: earliest, Last: latest}, deadline, row.ID)
		}
	}
}

// minutesText writes seconds as a target in minutes, or as none.
func minutesText(seconds int64) string {
	if seconds%60 != 0 {
		return ""
	}
	return big.NewInt(seconds/60).String() + " min"
}

func TestVectorsDeadlineBusinessDays(t *testing.T) {
	calendars := vectors.Calendars(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal       string
		Received      time.Time `json:"received_utc"`
		N             int
		Effective     time.Time
		ExclClose     time.Time  `json:"excl_close"`
		ExclMidnight  time.Time  `json:"excl_midnight"`
		EffExclClose  time.Time  `json:"eff_excl_close"`
		InclClose     time.Time  `json:"incl_close"`
		CutoffClose   time.Time  `json:"cutoff12_close"`
		SameTime      time.Time  `json:"same_time"`
		HoursSeconds  *int64     `json:"hours_seconds"`
		HoursEarliest *time.Time `json:"hours_earliest"`
		HoursLatest   *time.Time `json:"hours_latest"`
	}](t, "deadline_bizdays.jsonl") {
		c := calendars[row.Cal]
		effective, ok := c.NextOpen(row.Received)
		require.True(t, ok, row.ID)
		assert.True(t, effective.Equal(row.Effective), row.ID)

		target := servicetime.MustTarget(big.NewInt(int64(row.N)).String() + " business days")
		for _, want := range []struct {
			how servicetime.Convention
			due time.Time
		}{
			{servicetime.ExclDateClose, row.ExclClose},
			{servicetime.ExclDateMidnight, row.ExclMidnight},
			{servicetime.ExclEffectiveClose, row.EffExclClose},
			{servicetime.InclEffectiveClose, row.InclClose},
			{servicetime.Cutoff(12 * 60), row.CutoffClose},
			{servicetime.SameTime, row.SameTime},
		} {
			due, err := c.Due(row.Received, target, want.how)
			require.NoError(t, err, row.ID)
			assert.True(t, due.Equal(want.due), "%s %s: %s, want %s", row.ID, want.how, due, want.due)
		}
		if row.HoursSeconds == nil {
			continue
		}
		deadline, err := c.Deadline(row.Received, target, servicetime.AsHours)
		require.NoError(t, err, row.ID)
		assert.True(t, deadline.Due.Equal(*row.HoursEarliest), "%s: %s", row.ID, deadline.Due)
		assert.True(t, deadline.Last.Equal(*row.HoursLatest), "%s: %s", row.ID, deadline.Last)
	}
}

func TestVectorsDeadlineCalendarDays(t *testing.T) {
	c := vectors.Calendars(t)["SE0817"]
	for _, row := range vectors.Rows[struct {
		ID            string
		Received      time.Time `json:"received_utc"`
		Days          int
		NX24H         time.Time        `json:"n_x_24h"`
		SameWallclock time.Time        `json:"same_wallclock"`
		ExclMidnight  time.Time        `json:"excl_midnight"`
		EU            time.Time        `json:"eu1182_midnight"`
		EUMin         time.Time        `json:"eu1182_min2wd_midnight"`
		SE            servicetime.Date `json:"se1930_last_date"`
		Hours         int
		HoursElapsed  time.Time `json:"hours_elapsed"`
		EUHours       time.Time `json:"eu1182_hours_end"`
	}](t, "deadline_calendar.jsonl") {
		target := servicetime.MustTarget(big.NewInt(int64(row.Days)).String() + " days")
		for _, want := range []struct {
			how servicetime.Convention
			due time.Time
		}{
			{servicetime.NX24H, row.NX24H},
			{servicetime.SameWallClock, row.SameWallclock},
			{servicetime.ExclMidnight, row.ExclMidnight},
			{servicetime.EU1182Midnight, row.EU},
			{servicetime.EU1182Min2WDMidnight, row.EUMin},
		} {
			due, err := c.Due(row.Received, target, want.how)
			require.NoError(t, err, row.ID)
			assert.True(t, due.Equal(want.due), "%s %s: %s, want %s", row.ID, want.how, due, want.due)
		}
		due, err := c.Due(row.Received, target, servicetime.SE1930Close)
		require.NoError(t, err, row.ID)
		closing, ok := c.Closing(row.SE)
		require.True(t, ok, row.ID)
		assert.Equal(t, closing, due, row.ID)

		target = servicetime.MustTarget(big.NewInt(int64(row.Hours)).String() + " h")
		due, err = c.Due(row.Received, target, servicetime.EU1182Hours)
		require.NoError(t, err, row.ID)
		assert.True(t, due.Equal(row.EUHours), "%s: %s, want %s", row.ID, due, row.EUHours)
		due, err = c.Due(row.Received, target, servicetime.WallClock)
		require.NoError(t, err, row.ID)
		assert.True(t, due.Equal(row.HoursElapsed), "%s: %s, want %s", row.ID, due, row.HoursElapsed)
	}
}

func TestVectorsOpeningHours(t *testing.T) {
	calendars := vectors.Calendars(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal, Period string
		OpenDays        int   `json:"open_days"`
		OpenMinutes     int64 `json:"open_minutes"`
	}](t, "opening_hours.jsonl") {
		c := calendars[row.Cal]
		var period servicetime.Period
		if month, err := servicetime.ParseMonth(row.Period); err == nil {
			period = month
		} else {
			first, err := servicetime.ParseDate(row.Period + "-01-01")
			require.NoError(t, err, row.ID)
			period = servicetime.Year(first.Year)
		}
		span, err := c.Span(period)
		require.NoError(t, err, row.ID)
		open, err := c.Elapsed(span.From, span.To)
		require.NoError(t, err, row.ID)
		assert.Equal(t, time.Duration(row.OpenMinutes)*time.Minute, open, row.ID)
		var sum time.Duration
		spans, err := c.Spans(span.From, span.To)
		require.NoError(t, err, row.ID)
		for s := range spans {
			sum += s.Duration()
		}
		assert.Equal(t, open, sum, row.ID)
		first, last := period.Dates()
		n, err := c.BusinessDaysBetween(first.AddDays(-1), last)
		require.NoError(t, err, row.ID)
		assert.Equal(t, row.OpenDays, n, row.ID)
	}
}

func TestVectorsClockChanges(t *testing.T) {
	calendars := vectors.Calendars(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal     string
		Date        servicetime.Date
		DaySeconds  int64          `json:"day_seconds"`
		OpenSeconds int64          `json:"open_seconds"`
		Segments    [][2]time.Time `json:"segments_utc"`
	}](t, "dst_windows.jsonl") {
		c := calendars[row.Cal]
		day, err := c.Span(row.Date)
		require.NoError(t, err, row.ID)
		assert.Equal(t, time.Duration(row.DaySeconds)*time.Second, day.Duration(), row.ID)
		open, err := c.Elapsed(day.From, day.To)
		require.NoError(t, err, row.ID)
		assert.Equal(t, time.Duration(row.OpenSeconds)*time.Second, open, row.ID)
		var got [][2]time.Time
		spans, err := c.Spans(day.From, day.To)
		require.NoError(t, err, row.ID)
		for s := range spans {
			got = append(got, [2]time.Time{s.From.UTC(), s.To.UTC()})
		}
		assert.ElementsMatch(t, row.Segments, got, row.ID)
	}
}

func TestVectorsBusinessDates(t *testing.T) {
	calendars := vectors.Calendars(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal       string
		Date          servicetime.Date
		Weekday       string
		IsBusinessDay bool `json:"is_business_day"`
		N             int
		NthAfter      servicetime.Date `json:"nth_after"`
		NthBefore     servicetime.Date `json:"nth_before"`
		Following     servicetime.Date `json:"roll_following"`
		Preceding     servicetime.Date `json:"roll_preceding"`
		Other         servicetime.Date
		Between       int `json:"business_days_in_excl_date_incl_other"`
	}](t, "bizdate_math.jsonl") {
		c := calendars[row.Cal]
		assert.Equal(t, row.Weekday, row.Date.Weekday().String()[:3], row.ID)
		assert.Equal(t, row.IsBusinessDay, c.IsBusinessDay(row.Date), row.ID)
		date := func(d servicetime.Date, err error) servicetime.Date {
			require.NoError(t, err, row.ID)
			return d
		}
		assert.Equal(t, row.NthAfter, date(c.BusinessDay(row.Date, row.N)), row.ID)
		assert.Equal(t, row.NthBefore, date(c.BusinessDay(row.Date, -row.N)), row.ID)
		assert.Equal(t, row.Following, date(c.Following(row.Date)), row.ID)
		assert.Equal(t, row.Preceding, date(c.Preceding(row.Date)), row.ID)
		n, err := c.BusinessDaysBetween(row.Date, row.Other)
		require.NoError(t, err, row.ID)
		assert.Equal(t, row.Between, n, row.ID)
	}
}

func TestVectorsSwedishHolidays(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "testdata", "vectors", "se_holidays.csv"))
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)

	type day struct{ date, name string }
	want := map[string][]day{}
	for _, l := range lines[1:] {
		want[l[3]] = append(want[l[3]], day{l[0], l[1]})
	}
	var public, all []day
	for year := 1990; year <= 2100; year++ {
		for _, h := range servicetime.Sweden.In(year) {
			public = append(public, day{h.Date.String(), h.Name})
		}
		for _, h := range servicetime.SwedenWithEves.In(year) {
			all = append(all, day{h.Date.String(), h.Name})
		}
	}
	require.Len(t, want, 2)
	assert.ElementsMatch(t, want["public"], public)
	assert.ElementsMatch(t, append(want["public"], want["eve"]...), all)
}
