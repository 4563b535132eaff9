package availability_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

var compileOpening = sync.OnceValues(func() (*servicetime.Calendar, error) {
	return servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
})

// opening are the opening hours of §4.1.1.
func opening(t testing.TB) *servicetime.Calendar {
	t.Helper()
	c, err := compileOpening()
	require.NoError(t, err)
	return c
}

// at reads local time of October 2026, day 05 is a Monday: "05 16:30". It knows summer time alone.
func at(s string) time.Time {
	layout := "02 15:04"
	if strings.Count(s, ":") == 2 {
		layout = "02 15:04:05.999999999"
	}
	t, err := time.Parse("2006-01-"+layout+" -07:00", "2026-10-"+s+" +02:00")
	if err != nil {
		panic(err)
	}
	return t
}

// outage is "05 16:30 – 06 08:30", without an end "05 16:30 –".
func outage(s string) availability.Outage {
	from, to, _ := strings.Cut(s, " –")
	o := availability.Outage{From: at(from)}
	if to != "" {
		o.To = at(strings.TrimSpace(to))
	}
	return o
}

func outages(ss ...string) (out []availability.Outage) {
	for _, s := range ss {
		out = append(out, outage(s))
	}
	return out
}

// window is planned as an outage is written, and ended at actual.
func window(planned, actual string, announced bool, decision availability.Decision) availability.Window {
	o := outage(planned)
	w := availability.Window{PlannedFrom: o.From, PlannedTo: o.To, Announced: announced, Decision: decision}
	if actual != "" {
		w.ActualTo = at(actual)
	}
	return w
}

var october = servicetime.MustMonth("2026-10")

// The opening hours are 22 days of 9 h. The week from Monday 5 October:
//
//	open    05 |08-----17|  06 |08-----17|  07 |08-----17|  08 |08-----17|  09 |08-----17|  10  11
func TestMeasure(t *testing.T) {
	const none, decided, undecided = availability.NotShown, availability.Decided, availability.Undecided
	for _, row := range []struct {
		name    string
		outages []availability.Outage
		windows []availability.Window
		want    string // the line of the measurement
		breaks  string // the interruptions
	}{
		{"nothing happened", nil, nil, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},

		//	open       |---------|        |---------|
		//	outage          |---|
		{"one outage", outages("05 09:00 – 05 10:30"), nil, "down 1 h 30 min of 198 h, 99.24 %, 1 interruption", "05 09:00–05 10:30 1h30m0s"},
		//	outage                 |----|
		{"an outage at night", outages("05 17:00 – 06 08:00"), nil, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},
		{"an outage on a Saturday", outages("10 08:00 – 10 17:00"), nil, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},
		//	outage          |---------------|
		{"one over a night is one", outages("05 16:30 – 06 08:30"), nil, "down 1 h of 198 h, 99.49 %, 1 interruption", "05 16:30–06 08:30 1h0m0s"},
		{"one that ends at night", outages("05 16:30 – 05 23:00"), nil, "down 30 min of 198 h, 99.75 %, 1 interruption", "05 16:30–05 17:00 30m0s"},
		{"one that begins at night", outages("05 23:00 – 06 08:30"), nil, "down 30 min of 198 h, 99.75 %, 1 interruption", "06 08:00–06 08:30 30m0s"},
		{"one over a week", outages("05 16:00 – 12 09:00"), nil, "down 38 h of 198 h, 80.81 %, 1 interruption", "05 16:00–12 09:00 38h0m0s"},
		//	outages    |---|---|
		{"touching ones are one", outages("05 09:00 – 05 10:00", "05 10:00 – 05 10:30"), nil, "down 1 h 30 min of 198 h, 99.24 %, 1 interruption", "05 09:00–05 10:30 1h30m0s"},
		//	outages    |---|
		//	             |-----|
		{"overlapping ones count once", outages("05 09:30 – 05 10:30", "05 09:00 – 05 10:00"), nil, "down 1 h 30 min of 198 h, 99.24 %, 1 interruption", "05 09:00–05 10:30 1h30m0s"},
		{"one within another", outages("05 09:00 – 05 10:30", "05 09:30 – 05 09:40"), nil, "down 1 h 30 min of 198 h, 99.24 %, 1 interruption", "05 09:00–05 10:30 1h30m0s"},
		{"a second apart are two", outages("05 09:00 – 05 10:00", "05 10:00:01 – 05 10:30"), nil, "down 1 h 29 min 59 s of 198 h, 99.24 %, 2 interruptions", "05 09:00–05 10:00 1h0m0s, 05 10:00–05 10:30 29m59s"},
		{"a nanosecond is one", outages("05 09:00 – 05 09:00:00.000000001"), nil, "down 0.000000001 s of 198 h, 100.00 %, 1 interruption", "05 09:00–05 09:00 1ns"},
		{"an empty one is none", outages("05 09:00 – 05 09:00"), nil, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},

		// Over the edges of the month: the interruption belongs to the month of its first open second.
		{"from before", []availability.Outage{{From: at("01 10:00").AddDate(0, 0, -1), To: at("01 09:00")}}, nil, "down 1 h of 198 h, 99.49 %, 0 interruptions", ""},
		{"from before, but at night", []availability.Outage{{From: at("01 18:00").AddDate(0, 0, -1), To: at("01 09:00")}}, nil, "down 1 h of 198 h, 99.49 %, 1 interruption", "01 08:00–01 09:00 1h0m0s"},
		{"in another month", []availability.Outage{{From: at("01 10:00").AddDate(0, 0, -1), To: at("01 11:00").AddDate(0, 0, -1)}}, nil, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},

		// Service windows, §4.6.1.
		{"a window at night", nil, []availability.Window{window("05 18:00 – 05 22:00", "05 22:00", false, none)}, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},
		{"decided, in opening hours", nil, []availability.Window{window("05 15:00 – 05 18:00", "", false, decided)}, "down 0 s of 198 h, 100.00 %, 0 interruptions, 2 h excused", ""},
		{"decision not shown is taken as decided", nil, []availability.Window{window("05 15:00 – 05 18:00", "", false, none)}, "down 0 s of 198 h, 100.00 %, 0 interruptions, 2 h excused", ""},
		{"undecided", nil, []availability.Window{window("05 15:00 – 05 18:00", "", false, undecided)}, "down 2 h of 198 h, 98.99 %, 1 interruption", "05 15:00–05 17:00 2h0m0s"},
		{"undecided, announced overrun", nil, []availability.Window{window("05 14:00 – 05 15:00", "05 16:00", true, undecided)}, "down 2 h of 198 h, 98.99 %, 1 interruption", "05 14:00–05 16:00 2h0m0s"},
		{"undecided, early finish", nil, []availability.Window{window("05 14:00 – 05 16:00", "05 15:00", false, undecided)}, "down 2 h of 198 h, 98.99 %, 1 interruption", "05 14:00–05 16:00 2h0m0s"},
		//	planned  |------|
		//	actual   |-----------|
		{"overrun into opening hours", nil, []availability.Window{window("05 04:00 – 05 08:00", "05 09:30", false, decided)}, "down 1 h 30 min of 198 h, 99.24 %, 1 interruption", "05 08:00–05 09:30 1h30m0s"},
		{"overrun before opening", nil, []availability.Window{window("05 04:00 – 05 06:00", "05 08:00", false, decided)}, "down 0 s of 198 h, 100.00 %, 0 interruptions", ""},
		{"announced overrun", nil, []availability.Window{window("05 04:00 – 05 08:00", "05 09:30", true, decided)}, "down 0 s of 198 h, 100.00 %, 0 interruptions, 1 h 30 min excused", ""},
		{"early finish does not shorten", outages("05 10:30 – 05 11:00"), []availability.Window{window("05 10:00 – 05 11:00", "05 10:15", false, decided)}, "down 0 s of 198 h, 100.00 %, 0 interruptions, 1 h excused", ""},
		//	outage         |-------|
		{"overrun merged with an outage that it touches", outages("05 09:30 – 05 10:00"), []availability.Window{window("05 04:00 – 05 08:00", "05 09:30", false, decided)}, "down 2 h of 198 h, 98.99 %, 1 interruption", "05 08:00–05 10:00 2h0m0s"},
		//	excused          |---|
		//	outage       |-----------|
		{"excused time wins, and does not split", outages("05 10:00 – 05 15:00"), []availability.Window{window("05 12:00 – 05 13:00", "", false, decided)}, "down 4 h of 198 h, 97.98 %, 1 interruption, 1 h excused", "05 10:00–05 15:00 4h0m0s"},
		{"an outage without an unexcused second", outages("05 12:00 – 05 13:00", "05 16:00 – 05 16:30"), []availability.Window{window("05 12:00 – 05 13:00", "", false, decided)}, "down 30 min of 198 h, 99.75 %, 1 interruption, 1 h excused", "05 16:00–05 16:30 30m0s"},
		{"excused at its start and end", outages("05 10:00 – 05 15:00"), []availability.Window{window("05 09:00 – 05 11:00", "", false, decided), window("05 14:00 – 05 16:00", "", false, decided)}, "down 3 h of 198 h, 98.48 %, 1 interruption, 4 h excused", "05 11:00–05 14:00 3h0m0s"},
		{"one window's plan excuses another's overrun", nil, []availability.Window{window("05 09:00 – 05 10:00", "05 12:00", false, decided), window("05 11:00 – 05 13:00", "", false, decided)}, "down 1 h of 198 h, 99.49 %, 1 interruption, 3 h excused", "05 10:00–05 11:00 1h0m0s"},
	} {
		m, err := availability.Rule{Opening: opening(t)}.Measure(october, late, row.outages, row.windows)
		require.NoError(t, err, row.name)
		assert.Equal(t, row.want, m.String(), row.name)
		assert.Equal(t, row.breaks, listed(m), row.name)
		assert.Equal(t, m.Open, m.Up()+m.Down+m.Excused, row.name)
		assert.False(t, m.SoFar())
	}
}

func listed(m availability.Measurement) string {
	var out []string
	for _, i := range m.Interruptions {
		end := i.To.Format("02 15:04")
		if i.Ongoing {
			end = "not ended"
		}
		out = append(out, i.From.Format("02 15:04")+"–"+end+" "+i.Down.String())
	}
	return strings.Join(out, ", ")
}

// As of an instant in the month: its future is no time yet, and of an outage that goes on only what has been is known.
func TestMeasureAsOf(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	for _, row := range []struct {
		asOf, want, breaks string
		rest               time.Duration
	}{
		{"01 08:00", "no open time", "", 198 * time.Hour},
		{"05 09:00", "down 0 s of 19 h, 100.00 %, 0 interruptions", "", 179 * time.Hour}, // it begins at this instant
		{"05 10:00", "down 1 h of 20 h, 95.00 %, 1 interruption", "05 09:00–not ended 1h0m0s", 178 * time.Hour},
		{"05 20:00", "down 8 h of 27 h, 70.37 %, 1 interruption", "05 09:00–not ended 8h0m0s", 171 * time.Hour},
		{"06 09:00", "down 8 h 30 min of 28 h, 69.64 %, 1 interruption", "05 09:00–06 08:30 8h30m0s", 170 * time.Hour},
		{"08 08:00", "down 8 h 30 min of 45 h, 81.11 %, 1 interruption", "05 09:00–06 08:30 8h30m0s", 153 * time.Hour},
		{"08 09:00", "down 9 h 30 min of 46 h, 79.35 %, 2 interruptions", "05 09:00–06 08:30 8h30m0s, 08 08:00–not ended 1h0m0s", 152 * time.Hour},
	} {
		m, err := rule.Measure(october, at(row.asOf), outages("05 09:00 – 06 08:30", "08 08:00 –"), nil)
		require.NoError(t, err, row.asOf)
		assert.Equal(t, row.want, m.String(), row.asOf)
		assert.Equal(t, row.breaks, listed(m), row.asOf)
		assert.Equal(t, row.rest, m.Rest, row.asOf)
		assert.True(t, m.SoFar(), row.asOf)
	}
	before, err := rule.Measure(october, at("01 00:00").AddDate(0, 0, -30), outages("05 09:00 –"), nil)
	require.NoError(t, err)
	assert.Equal(t, compliance.NoData, before.Share().Verdict(compliance.MustGoal("98%")))
}

// A gap shorter than the least, outages too short, and several that stand together.
func TestMeasureMerges(t *testing.T) {
	always, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	d := servicetime.MustDuration
	for _, row := range []struct {
		name    string
		rule    availability.Rule
		outages []availability.Outage
		down    time.Duration
		short   time.Duration
		breaks  string
	}{
		{"gap of 5 min", availability.Rule{MinGap: d("5 min")}, outages("05 09:00 – 05 09:10", "05 09:14:59 – 05 09:20"), 15*time.Minute + time.Second, 0, "05 09:00–05 09:20 15m1s"},
		{"gap of 5 min, exactly", availability.Rule{MinGap: d("5 min")}, outages("05 09:00 – 05 09:10", "05 09:15 – 05 09:20"), 15 * time.Minute, 0, "05 09:00–05 09:10 10m0s, 05 09:15–05 09:20 5m0s"},
		{"a chain of gaps", availability.Rule{MinGap: d("5 min")}, outages("05 09:00 – 05 09:01", "05 09:05 – 05 09:06", "05 09:10 – 05 09:11"), 3 * time.Minute, 0, "05 09:00–05 09:11 3m0s"},
		{"from 5 min up", availability.Rule{MinLength: d("5 min")}, outages("05 09:00 – 05 09:05", "05 10:00 – 05 10:04:59"), 5 * time.Minute, 4*time.Minute + 59*time.Second, "05 09:00–05 09:05 5m0s"},
		{"two that touch are long enough", availability.Rule{MinLength: d("5 min")}, outages("05 09:00 – 05 09:03", "05 09:03 – 05 09:05"), 5 * time.Minute, 0, "05 09:00–05 09:05 5m0s"},
		// 60 s, or several within 120 s
		{"cluster", availability.Rule{MinLength: d("60 s"), Cluster: d("120 s")}, outages("05 09:00:00 – 05 09:00:10", "05 09:01:50 – 05 09:02:00", "05 10:00:00 – 05 10:00:10", "05 10:01:50 – 05 10:02:01"), 20 * time.Second, 21 * time.Second, "05 09:00–05 09:02 20s"},
		{"a chain of clusters", availability.Rule{MinLength: d("60 s"), Cluster: d("120 s")}, outages("05 09:00:00 – 05 09:00:10", "05 09:01:50 – 05 09:02:00", "05 09:03:40 – 05 09:03:50"), 30 * time.Second, 0, "05 09:00–05 09:03 30s"},
		{"long enough and near", availability.Rule{MinLength: d("60 s"), Cluster: d("120 s")}, outages("05 09:00:00 – 05 09:01:10", "05 09:01:50 – 05 09:02:00"), 80 * time.Second, 0, "05 09:00–05 09:02 1m20s"},
	} {
		row.rule.Opening = always
		m, err := row.rule.Measure(october, late, row.outages, nil)
		require.NoError(t, err, row.name)
		assert.Equal(t, row.down, m.Down, row.name)
		assert.Equal(t, row.short, m.Short, row.name)
		assert.Equal(t, row.breaks, listed(m), row.name)
	}
}

// What planned, degraded and unknown time counts as.
func TestMeasurePolicies(t *testing.T) {
	calendar := opening(t)
	for _, row := range []struct {
		rule availability.Rule
		want string
		excl string // without what is excused
	}{
		{availability.Rule{}, "down 1 h of 193 h, 99.48 %, 1 interruption, 2 h excused, 3 h with disturbance, 5 h not observed", "190 h of 191 h"},
		{availability.Rule{Planned: availability.PlannedUp, Degraded: availability.DegradedUp}, "down 1 h of 193 h, 99.48 %, 1 interruption, 2 h excused, 3 h with disturbance, 5 h not observed", "190 h of 191 h"},
		{availability.Rule{Planned: availability.PlannedRemoved}, "down 1 h of 191 h, 99.48 %, 1 interruption, 2 h excused, 3 h with disturbance, 5 h not observed", "190 h of 191 h"},
		{availability.Rule{Planned: availability.PlannedAsObserved}, "down 2 h of 193 h, 98.96 %, 1 interruption, 3 h with disturbance, 5 h not observed", "191 h of 193 h"},
		{availability.Rule{Degraded: availability.DegradedDown}, "down 4 h of 193 h, 97.93 %, 1 interruption, 2 h excused, 5 h not observed", "187 h of 191 h"},
		{availability.Rule{Degraded: availability.DegradedWeighted, Weight: compliance.MustGoal("25%")}, "down 3 h 15 min of 193 h, 98.32 %, 1 interruption, 2 h excused, 3 h with disturbance, 5 h not observed", "187 h 45 min of 191 h"},
	} {
		row.rule.Opening = calendar
		var tally availability.Tally
		//	excused     10-----12
		//	outage         11-----13
		//	degraded                 13-----------16
		//	unknown                                  07 08--------13
		require.NoError(t, tally.Window(window("05 10:00 – 05 12:00", "", false, availability.Decided)))
		require.NoError(t, tally.Outage(outage("05 11:00 – 05 13:00")))
		require.NoError(t, tally.Degraded(at("05 13:00"), at("05 16:00")))
		require.NoError(t, tally.Degraded(at("05 11:30"), at("05 12:30"))) // within the outage and the window
		require.NoError(t, tally.Unknown(at("07 00:00"), at("07 13:00")))
		require.NoError(t, tally.Unknown(at("05 09:30"), at("05 09:30")))
		span, err := calendar.Span(october)
		require.NoError(t, err)
		m, err := tally.Result(row.rule, span, late)
		require.NoError(t, err)
		assert.Equal(t, row.want, m.String())
		without := m.WithoutExcused()
		assert.Equal(t, row.excl, servicetime.FormatDuration(time.Duration(without.Met))+" of "+servicetime.FormatDuration(time.Duration(without.Total)))
	}
}

// MTBF and MTRS, of three interruptions and of none.
func TestMeans(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	m, err := rule.Measure(october, late, outages("05 09:00 – 05 10:00", "06 09:00 – 06 11:00", "07 09:00 – 07 12:00"), nil)
	require.NoError(t, err)
	between, ok := m.MTBF()
	assert.True(t, ok)
	assert.Equal(t, 64*time.Hour, between) // 192 h up
	restore, ok := m.MTRS()
	assert.True(t, ok)
	assert.Equal(t, 2*time.Hour, restore)
	assert.Equal(t, 3*time.Hour, m.Longest)

	m, err = rule.Measure(october, late, nil, nil)
	require.NoError(t, err)
	_, ok = m.MTBF()
	assert.False(t, ok)
	_, ok = m.MTRS()
	assert.False(t, ok)
}

// Bad records are told all at once, each with its place.
func TestMeasureFails(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	year := time.Date(2250, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := rule.Measure(october, late, []availability.Outage{
		outage("05 09:00 – 05 08:00"),
		outage("05 09:00 – 05 09:30"),
		{To: at("05 09:00")},
		{From: at("05 09:00"), To: year},
	}, []availability.Window{
		window("05 09:00 – 05 08:00", "", false, availability.Decided),
		window("05 09:00 – 05 10:00", "05 08:00", false, availability.Decided),
		{PlannedTo: year, ActualTo: year},
		window("05 09:00 – 05 10:00", "", false, availability.Decided),
		{PlannedFrom: at("01 00:00").AddDate(0, 2, 0), PlannedTo: at("01 02:00").AddDate(0, 2, 0)},
		{PlannedFrom: at("01 00:00").AddDate(0, -2, 0), PlannedTo: at("01 02:00").AddDate(0, -2, 0)},
	})
	var got []string
	var causes []error
	for _, part := range err.(interface{ Unwrap() []error }).Unwrap() {
		fault := (*servicetime.Fault)(nil)
		require.ErrorAs(t, part, &fault)
		got = append(got, fault.Path)
		causes = append(causes, fault)
	}
	want := []struct {
		path  string
		cause error
	}{
		{"outages[0].to", servicetime.ErrBackwards},
		{"outages[2].from", servicetime.ErrRange},
		{"outages[3].to", servicetime.ErrRange},
		{"service_windows[0].planned_to", servicetime.ErrBackwards},
		{"service_windows[1].actual_to", servicetime.ErrBackwards},
		{"service_windows[2].planned_from", servicetime.ErrRange},
		{"service_windows[2].planned_to", servicetime.ErrRange},
		{"service_windows[2].actual_to", servicetime.ErrRange},
		{"service_windows[4]", availability.ErrOutside},
		{"service_windows[5]", availability.ErrOutside},
	}
	require.Len(t, got, len(want), got)
	for i, w := range want {
		assert.Equal(t, w.path, got[i])
		require.ErrorIs(t, causes[i], w.cause, w.path)
	}

	// A tally is as it was after a bad record.
	var tally availability.Tally
	require.NoError(t, tally.Outage(outage("05 09:00 – 05 09:30")))
	require.ErrorIs(t, tally.Outage(outage("05 09:00 – 05 08:00")), servicetime.ErrBackwards)
	require.ErrorIs(t, tally.Degraded(time.Time{}, at("05 08:00")), servicetime.ErrRange)
	require.ErrorIs(t, tally.Unknown(at("05 08:00"), year), servicetime.ErrRange)
	require.ErrorIs(t, tally.Window(window("05 09:00 – 05 08:00", "", false, availability.Decided)), servicetime.ErrBackwards)
	span := servicetime.Span{From: at("05 00:00"), To: at("06 00:00")}
	m, err := tally.Result(rule, span, late)
	require.NoError(t, err)
	assert.Equal(t, "down 30 min of 9 h, 94.44 %, 1 interruption", m.String())

	for _, bad := range []struct {
		span servicetime.Span
		asOf time.Time
		want error
	}{
		{servicetime.Span{From: span.To, To: span.From}, late, servicetime.ErrBackwards},
		{servicetime.Span{}, late, servicetime.ErrRange},
		{servicetime.Span{From: span.From}, late, servicetime.ErrRange},
		{span, time.Time{}, servicetime.ErrRange},
		{span, year, servicetime.ErrRange},
	} {
		_, err := tally.Result(rule, bad.span, bad.asOf)
		require.ErrorIs(t, err, bad.want)
	}
	// Each alone is enough, and a tally is then as it was.
	for _, row := range []struct {
		outage availability.Outage
		cause  error
	}{
		{outage("05 09:00 – 05 08:00"), servicetime.ErrBackwards},
		{availability.Outage{To: at("05 09:00")}, servicetime.ErrRange},
		{availability.Outage{From: at("05 09:00"), To: year}, servicetime.ErrRange},
	} {
		_, err := rule.Measure(october, late, []availability.Outage{row.outage}, nil)
		require.ErrorIs(t, err, row.cause)
		var empty availability.Tally
		require.ErrorIs(t, empty.Outage(row.outage), row.cause)
		assert.Equal(t, availability.Tally{}, empty)
	}
	_, err = rule.Measure(october, late, nil, []availability.Window{window("05 09:00 – 05 08:00", "", false, availability.Decided)})
	require.ErrorIs(t, err, servicetime.ErrBackwards)
	// A window whose overrun alone reaches into the period has an instant in it; one that ends with the instant before has not.
	before := availability.Window{PlannedFrom: at("01 00:00").AddDate(0, 0, -1), PlannedTo: at("01 00:00").Add(-time.Hour), ActualTo: at("01 09:00")}
	m, err = rule.Measure(october, late, nil, []availability.Window{before})
	require.NoError(t, err)
	assert.Equal(t, time.Hour, m.Down)
	before.ActualTo = at("01 00:00")
	_, err = rule.Measure(october, late, nil, []availability.Window{before})
	require.ErrorIs(t, err, availability.ErrOutside)
	_, err = rule.Measure(servicetime.MustMonth("2201-01"), late, nil, nil)
	require.ErrorIs(t, err, servicetime.ErrRange)
}

func TestRuleFails(t *testing.T) {
	calendar := opening(t)
	half := compliance.MustGoal("50%")
	for _, rule := range []availability.Rule{
		{},
		{Opening: calendar, Planned: 9},
		{Opening: calendar, Degraded: 9},
		{Opening: calendar, MinGap: -1},
		{Opening: calendar, MinLength: -1},
		{Opening: calendar, Cluster: -1},
		{Opening: calendar, Cluster: 1},
		{Opening: calendar, Degraded: availability.DegradedWeighted},
		{Opening: calendar, Weight: half},
	} {
		require.ErrorIs(t, rule.Check(), availability.ErrReading)
		_, err := rule.Measure(october, late, nil, nil)
		require.ErrorIs(t, err, availability.ErrReading)
	}
	var p availability.Planned
	require.ErrorIs(t, p.UnmarshalText([]byte("AS_UP")), servicetime.ErrText)
	_, err := p.MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
	var d availability.DegradedAs
	require.ErrorIs(t, d.UnmarshalText([]byte("")), servicetime.ErrText)
	_, err = d.MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
}

// Two services as one: service-hours.
func TestPlus(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	a, err := rule.Measure(october, late, outages("06 09:00 – 06 10:00"), nil)
	require.NoError(t, err)
	b, err := rule.Measure(october, late, outages("05 09:00 – 05 11:00", "07 09:00 – 07 10:00"), nil)
	require.NoError(t, err)
	sum, err := a.Plus(b)
	require.NoError(t, err)
	assert.Equal(t, "down 4 h of 396 h, 98.99 %, 3 interruptions", sum.String())
	assert.Equal(t, "05 09:00–05 11:00 2h0m0s, 06 09:00–06 10:00 1h0m0s, 07 09:00–07 10:00 1h0m0s", listed(sum))
	assert.Equal(t, 2*time.Hour, sum.Longest)

	other, err := availability.Rule{Opening: opening(t), Planned: availability.PlannedRemoved}.Measure(october, late, nil, nil)
	require.NoError(t, err)
	_, err = a.Plus(other)
	require.ErrorIs(t, err, availability.ErrReading)
	whole, err := rule.Opening.Span(servicetime.Dates{First: servicetime.MustDate("1970-01-01"), Last: servicetime.MustDate("2200-12-31")})
	require.NoError(t, err)
	always, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	var tally availability.Tally
	all, err := tally.Result(availability.Rule{Opening: always}, whole, whole.To)
	require.NoError(t, err)
	_, err = all.Plus(all)
	require.ErrorIs(t, err, servicetime.ErrLimit)
}

// Every second out of two is down: more interruptions than are listed.
func TestManyInterruptions(t *testing.T) {
	var tally availability.Tally
	start := at("05 08:00")
	for i := range availability.MaxListed + 10 {
		require.NoError(t, tally.Down(start.Add(time.Duration(2*i)*time.Second), start.Add(time.Duration(2*i+1)*time.Second)))
	}
	m, err := tally.Result(availability.Rule{Opening: opening(t)}, servicetime.Span{From: at("05 00:00"), To: at("06 00:00")}, late)
	require.NoError(t, err)
	assert.Len(t, m.Interruptions, availability.MaxListed)
	assert.Equal(t, int64(10), m.MoreInterruptions)
	assert.Equal(t, int64(availability.MaxListed+10), m.Count())
	twice, err := m.Plus(m)
	require.NoError(t, err)
	assert.Len(t, twice.Interruptions, availability.MaxListed)
	assert.Equal(t, 2*m.Count(), twice.Count())
}

func TestTallyTexts(t *testing.T) {
	var tally availability.Tally
	require.NoError(t, tally.Outage(outage("05 09:00 – 05 09:30:00.5")))
	require.NoError(t, tally.Outage(outage("07 09:00 –")))
	require.NoError(t, tally.Window(window("05 10:00 – 05 11:00", "05 12:00", false, availability.Decided)))
	require.NoError(t, tally.Degraded(at("06 09:00"), at("06 10:00")))
	text, err := tally.MarshalJSON()
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"down": [["2026-10-05T07:00:00Z", "2026-10-05T07:30:00.5Z"], ["2026-10-05T09:00:00Z", "2026-10-05T10:00:00Z"], ["2026-10-07T07:00:00Z", null]],
		"excused": [["2026-10-05T08:00:00Z", "2026-10-05T09:00:00Z"]],
		"degraded": [["2026-10-06T07:00:00Z", "2026-10-06T08:00:00Z"]], "unknown": []
	}`, string(text))

	kept := text
	for _, bad := range []string{
		"", "{", "[]", `{"up": []}`, `{"down": [["2026-10-05T07:00:00Z"]]}`, `{"down": [["2026-10-05T07:00:00Z", null]]} x`, `{"down": [], "down": []}`, `{"Down": []}`, `{"down": []`, `{"down": {}}`, `null`, `{"down": [["2026-10-05T09:00:00Z", "2026-10-05T08:00:00Z"]]}`,
		`{"down": [[null, "2026-10-05T08:00:00Z"]]}`, `{"down": [["yesterday", null]]}`,
	} {
		err := tally.UnmarshalJSON([]byte(bad))
		require.Error(t, err, bad)
		assert.True(t, errors.Is(err, availability.ErrTally) || errors.Is(err, servicetime.ErrBackwards) || errors.Is(err, servicetime.ErrRange), bad)
	}
	text, err = tally.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, kept, text)

	data, err := tally.MarshalBinary()
	require.NoError(t, err)
	for n := range data {
		require.ErrorIs(t, tally.UnmarshalBinary(data[:n]), availability.ErrTally, n)
	}
	require.ErrorIs(t, tally.UnmarshalBinary(append(data, 0)), availability.ErrTally)
	require.ErrorIs(t, tally.UnmarshalBinary([]byte{2, 0, 0, 0, 0}), availability.ErrTally)
	require.NoError(t, tally.UnmarshalBinary([]byte{1, 0, 0, 0, 0}))
	assert.Equal(t, availability.Tally{}, tally)
	require.NoError(t, tally.UnmarshalBinary(data))
	text, err = tally.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, kept, text)
}

func FuzzTally(f *testing.F) {
	var seed availability.Tally
	if err := errors.Join(seed.Outage(outage("05 09:00 – 05 09:30")), seed.Outage(outage("07 09:00 –"))); err != nil {
		f.Fatal(err)
	}
	data, err := seed.MarshalBinary()
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte{1, 0, 0, 0, 0})
	calendar := opening(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var tally availability.Tally
		if err := tally.UnmarshalBinary(data); err != nil {
			require.ErrorIs(t, err, availability.ErrTally)
			return
		}
		again, err := tally.MarshalBinary()
		require.NoError(t, err)
		var back availability.Tally
		require.NoError(t, back.UnmarshalBinary(again))
		for _, state := range []availability.State{availability.Down, availability.Degraded, availability.Unknown} {
			assert.Equal(t, tally.Spans(state), back.Spans(state))
		}
		text, err := tally.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalJSON(text))
		for _, rule := range []availability.Rule{{Opening: calendar}, {Opening: calendar, MinLength: 60, Cluster: 120, MinGap: 7, Planned: availability.PlannedRemoved, Degraded: availability.DegradedDown}} {
			m, err := tally.Result(rule, servicetime.Span{From: at("01 00:00"), To: at("31 00:00")}, at("20 10:00"))
			require.NoError(t, err)
			require.Equal(t, m.Open, m.Up()+m.Down+m.Excused)
			require.GreaterOrEqual(t, m.Up(), time.Duration(0))
			read, err := back.Result(rule, m.Whole, at("20 10:00"))
			require.NoError(t, err)
			require.Equal(t, m, read)
		}
	})
}

// An outage that has not ended, in the first hours of the range east of Greenwich: what comes behind it is in it.
func TestOngoingBefore1970UTC(t *testing.T) {
	var tally availability.Tally
	start := time.Unix(-7200, 0)
	require.NoError(t, tally.Down(start, time.Time{}))
	require.NoError(t, tally.Down(start.Add(time.Minute), start.Add(2*time.Minute)))
	assert.Equal(t, []servicetime.Span{{From: start.UTC()}}, tally.Spans(availability.Down))
}

// What only instants at edges tell.
func TestMeasureEdges(t *testing.T) {
	calendar := opening(t)
	always, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	d := servicetime.MustDuration
	for _, row := range []struct {
		name    string
		rule    availability.Rule
		asOf    time.Time
		outages []availability.Outage
		windows []availability.Window
		breaks  string
	}{
		// As of 09:01:30 the second has lasted 20 s: within the cluster, whatever became of it.
		{"a cluster as of", availability.Rule{Opening: calendar, MinLength: d("60 s"), Cluster: d("120 s")}, at("05 09:01:30"), outages("05 09:00:00 – 05 09:00:10", "05 09:01:10 – 05 12:00"), nil, "05 09:00–not ended 30s"},
		{"excused at the end", availability.Rule{Opening: calendar}, late, outages("05 15:00 – 05 20:00"), []availability.Window{window("05 16:00 – 05 17:00", "", false, availability.Decided)}, "05 15:00–05 16:00 1h0m0s"},
		{"ends exactly at as-of", availability.Rule{Opening: calendar}, at("05 10:00"), outages("05 09:00 – 05 10:00"), nil, "05 09:00–05 10:00 1h0m0s"},
		{"a gap through the night", availability.Rule{Opening: calendar, MinGap: d("16 h")}, late, outages("05 16:59 – 05 17:01", "05 20:00 – 05 20:01", "06 08:00 – 06 08:01"), nil, "05 16:59–06 08:01 2m0s"},
		{"a gap over the month's edge", availability.Rule{Opening: calendar, MinGap: d("16 h")}, late, []availability.Outage{{From: at("01 16:59").AddDate(0, 0, -1), To: at("01 17:00").AddDate(0, 0, -1)}, outage("01 08:00 – 01 08:01")}, nil, ""},
		{"from the end of the month", availability.Rule{Opening: always}, late, []availability.Outage{{From: at("31 23:00").Add(2 * time.Hour), To: at("31 23:00").Add(3 * time.Hour)}}, nil, ""},
		{"the last second of the month", availability.Rule{Opening: always}, late, []availability.Outage{{From: at("31 23:00").Add(2*time.Hour - time.Second), To: at("31 23:00").Add(2 * time.Hour)}}, nil, "31 23:59–01 00:00 1s"},
	} {
		m, err := row.rule.Measure(october, row.asOf, row.outages, row.windows)
		require.NoError(t, err, row.name)
		assert.Equal(t, row.breaks, listed(m), row.name)
	}
	// Began is the start of the first outage, at night or not.
	m, err := availability.Rule{Opening: calendar}.Measure(october, late, outages("05 18:00 – 05 23:00", "05 23:00 – 06 09:00"), nil)
	require.NoError(t, err)
	assert.True(t, m.Interruptions[0].Began.Equal(at("05 18:00")))
	// Time carried over from another month is no part of the mean to restore.
	m, err = availability.Rule{Opening: calendar}.Measure(october, late, []availability.Outage{{From: at("01 09:00").AddDate(0, 0, -1), To: at("02 17:00")}, outage("05 09:00 – 05 10:00")}, nil)
	require.NoError(t, err)
	mean, ok := m.MTRS()
	assert.True(t, ok)
	assert.Equal(t, time.Hour, mean)
	assert.Equal(t, 26*time.Hour, m.Longest) // 8 h in September
}

// Disturbances with opening hours alone are listed.
func TestDisturbances(t *testing.T) {
	var tally availability.Tally
	require.NoError(t, tally.Degraded(at("05 18:00"), at("05 20:00")))
	require.NoError(t, tally.Degraded(at("06 16:59:59"), at("06 20:00")))
	m, err := tally.Result(availability.Rule{Opening: opening(t)}, servicetime.Span{From: at("05 00:00"), To: at("08 00:00")}, late)
	require.NoError(t, err)
	require.Len(t, m.Disturbances, 1)
	assert.True(t, m.Disturbances[0].From.Equal(at("06 16:59:59")))
	assert.True(t, m.Disturbances[0].To.Equal(at("06 20:00")))
	twice, err := m.Plus(m)
	require.NoError(t, err)
	assert.Len(t, twice.Disturbances, 2)
	assert.Equal(t, 2*time.Second, twice.Degraded)
}

// An acute repair is an outage until it ended; a change that was cancelled is nothing, and one with a fault adds nothing.
func TestTallyChange(t *testing.T) {
	w := window("05 10:00 – 05 14:00", "05 11:00", true, availability.Decided)
	for _, row := range []struct {
		change availability.Change
		want   string
	}{
		{availability.Change{Windows: []availability.Window{w}}, "down 0 s of 9 h, 100.00 %, 0 interruptions, 4 h excused"},
		{availability.Change{Acute: true, Windows: []availability.Window{w}}, "down 1 h of 9 h, 88.89 %, 1 interruption"},
		{availability.Change{Acute: true, Windows: []availability.Window{window("05 10:00 – 05 14:00", "", false, availability.NotShown)}}, "down 4 h of 9 h, 55.56 %, 1 interruption"},
		{availability.Change{Acute: true, Windows: []availability.Window{window("05 10:00 – 05 11:00", "05 12:00", false, availability.NotShown)}}, "down 2 h of 9 h, 77.78 %, 1 interruption"},
		{availability.Change{Cancelled: true, Windows: []availability.Window{w}}, "down 0 s of 9 h, 100.00 %, 0 interruptions"},
	} {
		var tally availability.Tally
		require.NoError(t, tally.Change(row.change))
		m, err := tally.Result(availability.Rule{Opening: opening(t)}, servicetime.Span{From: at("05 00:00"), To: at("06 00:00")}, late)
		require.NoError(t, err)
		assert.Equal(t, row.want, m.String())
	}
	var tally availability.Tally
	require.ErrorIs(t, tally.Change(availability.Change{Windows: []availability.Window{w, window("05 10:00 – 05 09:00", "", false, availability.NotShown)}}), servicetime.ErrBackwards)
	assert.Equal(t, availability.Tally{}, tally)
}

// The parts of a pool that differ, each way round.
func TestPlusUnequal(t *testing.T) {
	rule := availability.Rule{Opening: opening(t), MinLength: servicetime.MustDuration("5 min")}
	a, err := rule.Measure(october, late, outages("05 09:00 – 05 12:00", "06 09:00 – 06 09:01"), nil)
	require.NoError(t, err)
	b, err := rule.Measure(servicetime.MustMonth("2026-09"), late, outages("05 09:00 – 05 09:02"), nil)
	require.NoError(t, err)
	for _, pair := range [][2]availability.Measurement{{a, b}, {b, a}} {
		sum, err := pair[0].Plus(pair[1])
		require.NoError(t, err)
		assert.Equal(t, a.Open+b.Open, sum.Open)
		assert.Equal(t, time.Minute, sum.Short)
		assert.Equal(t, 3*time.Hour, sum.Longest)
		assert.True(t, sum.Span.From.Equal(b.Span.From))
		assert.True(t, sum.Span.To.Equal(a.Span.To))
		assert.True(t, sum.Whole.From.Equal(b.Whole.From))
		assert.True(t, sum.Whole.To.Equal(a.Whole.To))
	}
	for _, pair := range [][2]availability.Measurement{{a, {}}, {{}, a}} { // nothing measured adds nothing
		sum, err := pair[0].Plus(pair[1])
		require.NoError(t, err)
		assert.Equal(t, a, sum)
	}
	// A pool lies on no one calendar, so that nothing can be said of when its budget is used up.
	running, err := availability.Rule{Opening: opening(t)}.Measure(october, at("14 17:00"), outages("05 09:00 – 05 11:00"), nil)
	require.NoError(t, err)
	limit := availability.Limit{Per: availability.PerMonth, Share: compliance.MustGoal("98%")}
	assert.False(t, limit.Judge(running).UsedUp.IsZero())
	pool, err := running.Plus(running)
	require.NoError(t, err)
	assert.True(t, limit.Judge(pool).UsedUp.IsZero())
}

func TestRuleString(t *testing.T) {
	d := servicetime.MustDuration
	assert.Equal(t, "planned as_up, degraded up", availability.Rule{}.String())
	assert.Equal(t, "planned removed, degraded weighted 50 %, gaps under 5 min joined, at least 1 min long, or within 2 min of another", availability.Rule{
		Planned: availability.PlannedRemoved, Degraded: availability.DegradedWeighted, Weight: compliance.MustGoal("50%"),
		MinGap: d("5 min"), MinLength: d("60 s"), Cluster: d("120 s"),
	}.String())
}
