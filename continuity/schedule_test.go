package continuity_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

func week(text string) continuity.Schedule {
	return continuity.Schedule{Runs: servicetime.MustWeek(text)}
}

func lines[T interface{ String() string }](values []T) (out []string) {
	for _, v := range values {
		out = append(out, v.String())
	}
	return out
}

// A copy is that of a run if its data point lies in the run's jitter.
//
//	jitter   |----|         |----|         |----|
//	data     d1              d2                 d3     the third is too late
func TestScheduleJitter(t *testing.T) {
	span := servicetime.Span{From: at("2026-06-01 00:00"), To: at("2026-06-02 00:00")}
	for _, tt := range []struct {
		data string
		want string
	}{
		{"2026-06-01 02:00", "1 runs: 1 done, 0 missed, 0 pending"},
		{"2026-06-01 02:29:59", "1 runs: 1 done, 0 missed, 0 pending"},
		{"2026-06-01 02:30", "1 runs: 0 done, 1 missed, 0 pending"},
		{"2026-06-01 01:59:59", "1 runs: 0 done, 1 missed, 0 pending"},
	} {
		got, err := week("mon-sun 02:00-02:30").In(office(t), []continuity.Backup{copyOf(tt.data, tt.data, tt.data)}, span, at("2026-07-01 00:00"))
		require.NoError(t, err)
		assert.Equal(t, tt.want, got.String(), tt.data)
	}
}

// Before a run's time is over it is pending, and so is its copy until the next run.
func TestScheduleStates(t *testing.T) {
	const data, done, verified = "2026-06-01 02:10", "2026-06-01 03:00", "2026-06-01 04:00"
	span := servicetime.Span{From: at("2026-06-01 00:00"), To: at("2026-06-02 00:00")}
	for _, tt := range []struct {
		backups []continuity.Backup
		asOf    string
		want    string
		missed  []string
	}{
		{nil, "2026-06-01 01:59", "0 runs: 0 done, 0 missed, 0 pending", nil},
		{nil, "2026-06-01 02:00", "1 runs: 0 done, 0 missed, 1 pending", nil},
		{nil, "2026-06-01 02:29", "1 runs: 0 done, 0 missed, 1 pending", nil},
		{nil, "2026-06-01 02:30", "1 runs: 0 done, 1 missed, 0 pending", []string{"2026-06-01 02:00 missing"}},
		{[]continuity.Backup{copyOf(data, done, verified)}, "2026-06-01 02:05", "1 runs: 0 done, 0 missed, 1 pending", nil},
		{[]continuity.Backup{copyOf(data, done, verified)}, "2026-06-01 02:30", "1 runs: 0 done, 0 missed, 1 pending", nil},
		{[]continuity.Backup{copyOf(data, done, verified)}, "2026-06-01 03:59", "1 runs: 0 done, 0 missed, 1 pending", nil},
		{[]continuity.Backup{copyOf(data, done, verified)}, "2026-06-01 04:00", "1 runs: 1 done, 0 missed, 0 pending", nil},
		{[]continuity.Backup{copyOf(data, done, "")}, "2026-06-02 01:59", "1 runs: 0 done, 0 missed, 1 pending", nil},
		{[]continuity.Backup{copyOf(data, done, "")}, "2026-06-02 02:00", "1 runs: 0 done, 1 missed, 0 pending", []string{"2026-06-01 02:00 unverified"}},
		{[]continuity.Backup{copyOf(data, "", "")}, "2026-06-02 02:00", "1 runs: 0 done, 1 missed, 0 pending", []string{"2026-06-01 02:00 incomplete"}},
		{[]continuity.Backup{copyOf(data, done, ""), copyOf("2026-06-01 02:20", "", "")}, "2026-06-02 02:00", "1 runs: 0 done, 1 missed, 0 pending", []string{"2026-06-01 02:00 unverified"}},
		{[]continuity.Backup{copyOf(data, "", ""), copyOf("2026-06-01 02:20", done, verified)}, "2026-06-02 02:00", "1 runs: 1 done, 0 missed, 0 pending", nil}, // tried again
	} {
		got, err := week("mon-sun 02:00-02:30").In(office(t), tt.backups, span, at(tt.asOf))
		require.NoError(t, err)
		assert.Equal(t, tt.want, got.String(), "%v", tt)
		assert.Equal(t, tt.missed, lines(got.Missed), "%v", tt)
	}
}

// A date has each run once, whether it has 23 hours or 25, or its run is at an hour that is missing or shown twice.
func TestScheduleWhereClocksChange(t *testing.T) {
	hourly := servicetime.Week{servicetime.DaysOf(0, 1, 2, 3, 4, 5, 6): nil}
	for hour := range 24 {
		for days := range hourly {
			hourly[days] = append(hourly[days], servicetime.Window{Open: hour * 60, Close: hour*60 + 10})
		}
	}
	saoPaulo := calendar(t, servicetime.Schedule{Zone: "America/Sao_Paulo", Week: servicetime.MustWeek("mon-sun 00:00-24:00")})
	apia := calendar(t, servicetime.Schedule{Zone: "Pacific/Apia", Week: servicetime.MustWeek("mon-sun 00:00-24:00")})
	for _, tt := range []struct {
		name     string
		calendar *servicetime.Calendar
		schedule continuity.Schedule
		date     servicetime.Date
		runs     int64
		first    string // in UTC
	}{
		{"a day", office(t), continuity.Schedule{Runs: hourly}, servicetime.MustDate("2026-06-01"), 24, "2026-05-31 22:00"},
		{"23 hours", office(t), continuity.Schedule{Runs: hourly}, servicetime.MustDate("2026-03-29"), 23, "2026-03-28 23:00"},
		{"25 hours", office(t), continuity.Schedule{Runs: hourly}, servicetime.MustDate("2026-10-25"), 24, "2026-10-24 22:00"},
		{"in the missing hour", office(t), week("sun 02:30-03:00"), servicetime.MustDate("2026-03-29"), 1, "2026-03-29 01:30"}, // 03:30
		{"in the hour shown twice", office(t), week("sun 02:30-03:00"), servicetime.MustDate("2026-10-25"), 1, "2026-10-25 00:30"},
		{"a missing midnight", saoPaulo, week("mon-sun 00:00-00:30"), servicetime.MustDate("2018-11-04"), 1, "2018-11-04 03:00"},
		{"a missing date", apia, week("mon-sun 12:00-13:00"), servicetime.MustDate("2011-12-30"), 0, ""},
		{"the date before", apia, week("mon-sun 12:00-13:00"), servicetime.MustDate("2011-12-29"), 1, "2011-12-29 22:00"},
		{"the date behind", apia, week("mon-sun 12:00-13:00"), servicetime.MustDate("2011-12-31"), 1, "2011-12-30 22:00"},
		{"the first date", office(t), week("mon-sun 12:00-13:00"), servicetime.MustDate("1970-01-01"), 1, "1970-01-01 11:00"},
		{"the last date", office(t), week("mon-sun 12:00-13:00"), servicetime.MustDate("2200-12-30"), 1, "2200-12-30 11:00"},
		{"the last run of all", office(t), week("mon 12:00-13:00"), servicetime.MustDate("2200-12-29"), 1, "2200-12-29 11:00"},
		{"another day", office(t), week("mon 12:00-13:00"), servicetime.MustDate("2026-06-02"), 0, ""},
	} {
		span, err := tt.calendar.Span(tt.date)
		require.NoError(t, err, tt.name)
		got, err := tt.schedule.In(tt.calendar, nil, span, span.To)
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.runs, got.Count, tt.name)
		require.Len(t, got.Missed, int(tt.runs), tt.name)
		if tt.runs > 0 {
			assert.Equal(t, tt.first, got.Missed[0].At.UTC().Format("2006-01-02 15:04"), tt.name)
		}
	}
}

func TestScheduleMaxListed(t *testing.T) {
	var windows []servicetime.Window
	for minute := range 1440 {
		windows = append(windows, servicetime.Window{Open: minute, Close: minute + 1})
	}
	s := continuity.Schedule{Runs: servicetime.Week{servicetime.DaysOf(0, 1, 2, 3, 4, 5, 6): windows}}
	got, err := s.In(office(t), nil, servicetime.Span{From: at("2026-06-01 00:00"), To: at("2026-06-09 00:00")}, at("2026-07-01 00:00"))
	require.NoError(t, err)
	assert.Len(t, got.Missed, continuity.MaxListed)
	assert.Equal(t, int64(8*1440-continuity.MaxListed), got.MoreMissed)
	assert.Equal(t, int64(8*1440), got.Count)
}

func TestScheduleFails(t *testing.T) {
	mon := servicetime.DaysOf(time.Monday)
	for _, tt := range []struct {
		runs  servicetime.Week
		paths []string
		cause error
	}{
		{nil, []string{"runs"}, servicetime.ErrEmpty},
		{servicetime.Week{mon: nil}, []string{"runs"}, servicetime.ErrEmpty},
		{servicetime.Week{mon: {{Open: 60, Close: 60}, {Open: 60, Close: 59}}}, []string{"runs.mon[0]", "runs.mon[1]"}, servicetime.ErrEmpty},
		{servicetime.Week{mon: {{Open: -1, Close: 60}, {Open: 1440, Close: 1450}, {Open: 60, Close: 1501}}}, []string{"runs.mon[0]", "runs.mon[1]", "runs.mon[2]"}, servicetime.ErrText},
		{servicetime.Week{mon: {{Open: 60, Close: 90}}, servicetime.DaysOf(1, 2): {{Open: 60, Close: 90}}}, []string{"runs.mon,tue"}, servicetime.ErrTwice},
		{servicetime.Week{mon: make([]servicetime.Window, 1441)}, []string{"runs.mon"}, servicetime.ErrLimit},
	} {
		assert.Equal(t, tt.paths, paths(t, continuity.Schedule{Runs: tt.runs}.Check(), tt.cause))
		_, err := continuity.Schedule{Runs: tt.runs}.In(office(t), nil, servicetime.Span{}, time.Time{})
		require.ErrorIs(t, err, tt.cause)
	}
	s := week("mon 02:00-03:00")
	require.NoError(t, s.Check())
	_, err := s.In(office(t), []continuity.Backup{{}}, servicetime.Span{}, time.Time{})
	assert.Equal(t, []string{"as_of", "span.from", "span.to", "backups[0].data_at"}, paths(t, err, servicetime.ErrRange))
	_, err = s.In(office(t), nil, servicetime.Span{From: at("2026-06-02 00:00"), To: at("2026-06-01 00:00")}, at("2026-06-01 00:00"))
	assert.Equal(t, []string{"span.to"}, paths(t, err, servicetime.ErrBackwards))
}

// Every name of an enumeration reads back, and the zero value has none.
func TestWords(t *testing.T) {
	for i, name := range []string{"missing", "incomplete", "unverified"} {
		state := continuity.State(i + 1)
		text, err := state.MarshalText()
		require.NoError(t, err)
		var back continuity.State
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, name, state.String())
		assert.Equal(t, state, back)
	}
	for i, name := range []string{"rto_over_mtpd", "backups_too_rare", "backups_cannot_give_rpo", "last_backup_undated", "chain_over_promise"} {
		code := continuity.Code(i + 1)
		text, err := code.MarshalText()
		require.NoError(t, err)
		var back continuity.Code
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, name, code.String())
		assert.Equal(t, code, back)
	}
	for _, n := range []uint8{0, 6, 255} {
		assert.Empty(t, continuity.State(n).String(), strconv.Itoa(int(n)))
		_, err := continuity.State(n).MarshalText()
		require.ErrorIs(t, err, servicetime.ErrText)
		_, err = continuity.Code(n).MarshalText()
		require.ErrorIs(t, err, servicetime.ErrText)
	}
	var s continuity.State
	require.ErrorIs(t, s.UnmarshalText([]byte("ready")), servicetime.ErrText)
	var c continuity.Code
	require.ErrorIs(t, c.UnmarshalText(nil), servicetime.ErrText)
}
