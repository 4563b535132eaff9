package servicetime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// The calendar of the desk protocol, with every field.
const everyField = `{"time_zone":"Europe/Stockholm",` +
	`"week":{"mon-fri":["08:00-17:00"],"sat,sun":["22:00-06:00"]},` +
	`"holidays":"SE",` +
	`"dates":{"2026-12-24":["08:00-12:00"],"2026-12-28":[]},` +
	`"breaks":{"2026-10-05":["12:00-13:00"]},` +
	`"extra":[{"from":"2026-10-10T08:00:00Z","to":"2026-10-10T10:30:00Z","reason":"release 12"}]}`

func TestScheduleJSON(t *testing.T) {
	for _, text := range []string{
		everyField,
		strings.Replace(everyField, `"SE"`, `"SE+eves"`, 1),
		strings.Replace(everyField, `"SE"`, `"NO"`, 1),
		strings.Replace(everyField, `"SE"`, `["2026-01-01","--12-25"]`, 1),
		strings.Replace(everyField, `"SE"`, `[]`, 1),
		strings.Replace(everyField, `"holidays":"SE",`, ``, 1),
		`{"time_zone":"UTC","week":{"mon-sun":["00:00-24:00"]}}`,
		`{"time_zone":"UTC","week":{"mon":["22:00-06:00","08:00-12:00"],"tue":[]}}`,
		`{"time_zone":"UTC","extra":[{"from":"2026-10-10T08:00:00Z","to":"2026-10-10T10:30:00Z"}]}`,
		`{"time_zone":""}`,
	} {
		var s, again servicetime.Schedule
		require.NoError(t, json.Unmarshal([]byte(text), &s), text)
		out, err := json.Marshal(s)
		require.NoError(t, err, text)
		assert.Equal(t, text, string(out))
		require.NoError(t, json.Unmarshal(out, &again), text)
		assert.Equal(t, s, again)
	}
}

// A literal and its JSON are the same data.
func TestScheduleOfJSON(t *testing.T) {
	want := servicetime.Schedule{
		Zone: "Europe/Stockholm",
		Week: servicetime.Week{
			servicetime.DaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday): {{Open: 480, Close: 1020}},
			servicetime.DaysOf(time.Saturday, time.Sunday):                                            {{Open: 1320, Close: 1800}},
		},
		Holidays: servicetime.Sweden,
		Dates: map[servicetime.Date][]servicetime.Window{
			{Year: 2026, Month: time.December, Day: 24}: {{Open: 480, Close: 720}},
			{Year: 2026, Month: time.December, Day: 28}: {},
		},
		Breaks: map[servicetime.Date][]servicetime.Window{{Year: 2026, Month: time.October, Day: 5}: {{Open: 720, Close: 780}}},
		Extra: []servicetime.Opening{{
			From:   time.Date(2026, 10, 10, 8, 0, 0, 0, time.UTC),
			To:     time.Date(2026, 10, 10, 10, 30, 0, 0, time.UTC),
			Reason: "release 12",
		}},
	}
	var got servicetime.Schedule
	require.NoError(t, json.Unmarshal([]byte(everyField), &got))
	assert.Equal(t, want, got)
}

func TestScheduleJSONFails(t *testing.T) {
	for _, row := range []struct {
		text  string
		cause error
	}{
		{`{"week":{"mon-fri":["08:00-08:00"]}}`, servicetime.ErrEmpty},
		{`{"week":{"mon-fri":["08:00"]}}`, servicetime.ErrText},
		{`{"week":{"weekdays":["08:00-17:00"]}}`, servicetime.ErrText},
		{`{"week":{"":["08:00-17:00"]}}`, servicetime.ErrText},
		{`{"week":{"mon,mon":["08:00-17:00"]}}`, servicetime.ErrTwice},
		{`{"dates":{"2026-02-29":[]}}`, servicetime.ErrText},
		{`{"breaks":{"5 October":["12:00-13:00"]}}`, servicetime.ErrText},
		{`{"holidays":["25 December"]}`, servicetime.ErrText},
		{`{"holidays":""}`, servicetime.ErrText},
	} {
		var s servicetime.Schedule
		require.ErrorIs(t, json.Unmarshal([]byte(row.text), &s), row.cause, row.text)
	}
	for _, text := range []string{`{"week":{"mon-fri":"08:00-17:00"}}`, `{"time_zone":1}`, `{"extra":[{"from":"2026-10-10T08:00:00"}]}`, `[]`} {
		var s servicetime.Schedule
		require.Error(t, json.Unmarshal([]byte(text), &s), text)
	}
	// encoding/json does not wrap the error of a key.
	for _, s := range []servicetime.Schedule{
		{Week: servicetime.Week{0: nil}},
		{Week: servicetime.Week{1: {{Open: 60, Close: 60}}}},
		{Dates: map[servicetime.Date][]servicetime.Window{{}: nil}},
	} {
		_, err := json.Marshal(s)
		assert.Error(t, err, "%v", s)
	}
}

// What every field does, on the dates that it names.
//
//	Mon 5 Oct       Sat 10 Oct                Thu 24 Dec     Fri 25 and Sat 26     Mon 28
//	08–12  13–17    10:00–12:30 (extra)       08–12          holidays              closed
//	    break       22 ------- 06
func TestCompileEveryField(t *testing.T) {
	var s servicetime.Schedule
	require.NoError(t, json.Unmarshal([]byte(everyField), &s))
	c, err := servicetime.Compile(s, time.LoadLocation)
	require.NoError(t, err)
	assert.Equal(t, "Europe/Stockholm", c.Location().String())
	for _, row := range []struct {
		date     string
		open     time.Duration // on the date
		business bool
		closing  string
	}{
		{"2026-10-05", 6*time.Hour + 8*time.Hour, true, "2026-10-05T17:00:00+02:00"}, // Sunday's night, then 08–12 and 13–17
		{"2026-10-06", 9 * time.Hour, true, "2026-10-06T17:00:00+02:00"},
		{"2026-10-10", 2*time.Hour + 150*time.Minute, true, "2026-10-11T06:00:00+02:00"},
		{"2026-10-11", 8 * time.Hour, true, "2026-10-12T06:00:00+02:00"},
		{"2026-12-24", 4 * time.Hour, true, "2026-12-24T12:00:00+01:00"},
		{"2026-12-25", 0, false, ""},
		{"2026-12-26", 0, false, ""}, // a holiday, though a Saturday
		{"2026-12-27", 2 * time.Hour, true, "2026-12-28T06:00:00+01:00"},
		{"2026-12-28", 6 * time.Hour, false, ""}, // the night of Sunday runs on into the closed date
		{"2026-12-29", 9 * time.Hour, true, "2026-12-29T17:00:00+01:00"},
	} {
		date := servicetime.MustDate(row.date)
		span, err := c.Span(date)
		require.NoError(t, err)
		open, err := c.Elapsed(span.From, span.To)
		require.NoError(t, err)
		assert.Equal(t, row.open, open, row.date)
		assert.Equal(t, row.business, c.IsBusinessDay(date), row.date)
		closing, ok := c.Closing(date)
		assert.Equal(t, row.business, ok, row.date)
		if ok {
			assert.Equal(t, row.closing, closing.Format(time.RFC3339), row.date)
		}
	}
}

// Rules meet: which wins.
func TestCompileOrder(t *testing.T) {
	date := servicetime.MustDate("2026-10-06") // a Tuesday
	always := servicetime.MustWeek("mon-sun 08:00-17:00")
	holiday, err := servicetime.HolidayDates("--10-06")
	require.NoError(t, err)
	w := func(texts ...string) (out []servicetime.Window) {
		for _, text := range texts {
			out = append(out, servicetime.MustWindow(text))
		}
		return out
	}
	dates := func(texts ...string) map[servicetime.Date][]servicetime.Window {
		return map[servicetime.Date][]servicetime.Window{date: w(texts...)}
	}
	extra := []servicetime.Opening{{From: clock(t, "2026-10-06T09:00:00Z"), To: clock(t, "2026-10-06T10:00:00Z")}}
	for _, row := range []struct {
		what     string
		s        servicetime.Schedule
		open     string // the openings of the date
		business bool
	}{
		{"week", servicetime.Schedule{Week: always}, "08:00-17:00", true},
		{"no window that day", servicetime.Schedule{Week: servicetime.MustWeek("mon 08:00-17:00")}, "", false},
		{"holiday over week", servicetime.Schedule{Week: always, Holidays: holiday}, "", false},
		{"date over holiday", servicetime.Schedule{Week: always, Holidays: holiday, Dates: dates("10:00-11:00")}, "10:00-11:00", true},
		{"date over week", servicetime.Schedule{Week: always, Dates: dates("10:00-11:00")}, "10:00-11:00", true},
		{"closed date over week", servicetime.Schedule{Week: always, Dates: dates()}, "", false},
		{"break in week", servicetime.Schedule{Week: always, Breaks: dates("12:00-13:00")}, "08:00-12:00 13:00-17:00", true},
		{"break in date", servicetime.Schedule{Week: always, Dates: dates("10:00-14:00"), Breaks: dates("12:00-13:00")}, "10:00-12:00 13:00-14:00", true},
		{"break over all", servicetime.Schedule{Week: always, Breaks: dates("00:00-24:00")}, "", false},
		{"break beside all", servicetime.Schedule{Week: always, Breaks: dates("17:00-08:00")}, "08:00-17:00", true},
		{"extra over break", servicetime.Schedule{Week: always, Breaks: dates("00:00-24:00"), Extra: extra}, "09:00-10:00", false},
		{"extra over holiday", servicetime.Schedule{Week: always, Holidays: holiday, Extra: extra}, "09:00-10:00", false},
		{"extra within week", servicetime.Schedule{Week: always, Extra: extra}, "08:00-17:00", true},
		{"touching windows", servicetime.Schedule{Week: servicetime.MustWeek("mon-sun 12:00-17:00 08:00-12:00")}, "08:00-17:00", true},
		{"night into a holiday", servicetime.Schedule{Week: servicetime.MustWeek("mon-sun 22:00-06:00"), Holidays: holiday}, "00:00-06:00", false},
		{"night into a closed date", servicetime.Schedule{Week: servicetime.MustWeek("mon-sun 22:00-06:00"), Dates: dates()}, "00:00-06:00", false},
		{"break in the tail of a night", servicetime.Schedule{Week: servicetime.MustWeek("mon-sun 22:00-06:00"), Breaks: dates("02:00-03:00")}, "00:00-02:00 03:00-06:00 22:00-24:00", true},
		{
			"break from the date before",
			servicetime.Schedule{
				Week:   servicetime.MustWeek("mon-sun 00:00-24:00"),
				Breaks: map[servicetime.Date][]servicetime.Window{date.AddDays(-1): w("23:00-01:00")},
			},
			"01:00-24:00", true,
		},
		{"night over a window of the next date", servicetime.Schedule{Week: servicetime.MustWeek("mon-sun 05:00-10:00 22:00-06:00")}, "00:00-10:00 22:00-24:00", true},
		{"yearly", servicetime.Schedule{Week: always, Holidays: listed(t, "--10-06", "--10-06", "2026-10-06")}, "", false},
		{"a set of a program", servicetime.Schedule{Week: always, Holidays: october6()}, "", false},
	} {
		row.s.Zone = "UTC"
		c, err := servicetime.Compile(row.s, time.LoadLocation)
		require.NoError(t, err, row.what)
		span, err := c.Span(date)
		require.NoError(t, err)
		spans, err := c.Spans(span.From, span.To)
		require.NoError(t, err)
		var open []string
		for s := range spans {
			end := s.To.Format("15:04")
			if s.To.Equal(span.To) {
				end = "24:00"
			}
			open = append(open, s.From.Format("15:04")+"-"+end)
		}
		assert.Equal(t, row.open, strings.Join(open, " "), row.what)
		assert.Equal(t, row.business, c.IsBusinessDay(date), row.what)
	}
}

func listed(t *testing.T, texts ...string) servicetime.Holidays {
	t.Helper()
	h, err := servicetime.HolidayDates(texts...)
	require.NoError(t, err)
	return h
}

// october6 is a set as a program makes it.
func october6() servicetime.Holidays {
	return servicetime.NewHolidays("6 October", func(year int) []servicetime.Holiday {
		return []servicetime.Holiday{{Date: servicetime.Date{Year: year, Month: time.October, Day: 6}, Name: "the sixth"}}
	})
}

// Compile asks for the zone once, and for a set of holidays by its name.
func TestCompileGivenHolidays(t *testing.T) {
	var s servicetime.Schedule
	require.NoError(t, json.Unmarshal([]byte(`{"time_zone":"UTC","week":{"mon-sun":["08:00-17:00"]},"holidays":"6 October"}`), &s))
	assert.Equal(t, "6 October", s.Holidays.Name())
	assert.Empty(t, s.Holidays.In(2026), "a name alone lists nothing")
	asked := 0
	c, err := servicetime.Compile(s, func(name string) (*time.Location, error) {
		asked++
		assert.Equal(t, "UTC", name)
		return time.UTC, nil
	}, servicetime.Sweden, october6())
	require.NoError(t, err)
	assert.Equal(t, 1, asked)
	assert.False(t, c.IsBusinessDay(servicetime.MustDate("2026-10-06")))
	assert.True(t, c.IsBusinessDay(servicetime.MustDate("2026-12-25")), "a set that is given and not named does nothing")

	out, err := json.Marshal(s)
	require.NoError(t, err)
	assert.JSONEq(t, `{"time_zone":"UTC","week":{"mon-sun":["08:00-17:00"]},"holidays":"6 October"}`, string(out))
}

// mutable is a schedule that compiles, to be made wrong in one place.
func mutable() servicetime.Schedule {
	return servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
		Dates:  map[servicetime.Date][]servicetime.Window{},
		Breaks: map[servicetime.Date][]servicetime.Window{},
	}
}

// wantFault is a fault that Compile reports.
type wantFault struct {
	path, code string
	cause      error
}

// faults lists what Compile found.
func faults(err error) []*servicetime.Fault {
	var out []*servicetime.Fault
	var walk func(error)
	walk = func(err error) {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				walk(e)
			}
			return
		}
		var f *servicetime.Fault
		if errors.As(err, &f) {
			out = append(out, f)
		}
	}
	walk(err)
	return out
}

func TestCompileFails(t *testing.T) {
	w := servicetime.MustWindow
	d := servicetime.MustDate
	mon, tue := servicetime.DaysOf(time.Monday), servicetime.DaysOf(time.Tuesday)
	at := func(text string) time.Time { return clock(t, text) }
	many := func(n int) (texts []string) {
		for i := range n {
			texts = append(texts, d("1980-01-01").AddDays(i*7).String())
		}
		return texts
	}
	for _, row := range []struct {
		what   string
		change func(s *servicetime.Schedule)
		loader func(string) (*time.Location, error) // nil: it must not be called
		want   []wantFault
	}{
		{"no zone", func(s *servicetime.Schedule) { s.Zone = "" }, nil, []wantFault{{"time_zone", "not_found", servicetime.ErrZone}}},
		{"the machine's zone", func(s *servicetime.Schedule) { s.Zone = "Local" }, nil, []wantFault{{"time_zone", "not_found", servicetime.ErrZone}}},
		{"unknown zone", func(s *servicetime.Schedule) { s.Zone = "Europe/Uppsala" }, time.LoadLocation, []wantFault{{"time_zone", "not_found", servicetime.ErrZone}}},
		{"no zone loaded", func(*servicetime.Schedule) {}, func(string) (*time.Location, error) { return nil, nil }, []wantFault{{"time_zone", "not_found", servicetime.ErrZone}}},
		{
			"the machine's zone loaded",
			func(*servicetime.Schedule) {},
			func(string) (*time.Location, error) { return time.FixedZone("Local", 3600), nil }, // time.Local has another name where TZ is set
			[]wantFault{{"time_zone", "not_found", servicetime.ErrZone}},
		},
		{
			"another zone loaded",
			func(*servicetime.Schedule) {},
			func(string) (*time.Location, error) { return time.LoadLocation("Asia/Tokyo") },
			[]wantFault{{"time_zone", "not_found", servicetime.ErrZone}},
		},
		{
			"unknown holidays",
			func(s *servicetime.Schedule) { require.NoError(t, s.Holidays.UnmarshalJSON([]byte(`"NO"`))) },
			time.LoadLocation,
			[]wantFault{{"holidays", "not_found", servicetime.ErrHolidays}},
		},
		{"nothing", func(s *servicetime.Schedule) { *s = servicetime.Schedule{Zone: "UTC"} }, time.LoadLocation, []wantFault{{"week", "no_open_time", servicetime.ErrNoOpenTime}}},
		{"days without windows", func(s *servicetime.Schedule) { s.Week = servicetime.Week{mon: nil, tue: {}} }, time.LoadLocation, []wantFault{{"week", "no_open_time", servicetime.ErrNoOpenTime}}},
		{
			"all that opens is cut",
			func(s *servicetime.Schedule) {
				s.Week = nil
				s.Dates[d("2026-10-05")] = []servicetime.Window{w("08:00-17:00")}
				s.Breaks[d("2026-10-05")] = []servicetime.Window{w("08:00-17:00")}
			},
			time.LoadLocation,
			[]wantFault{{"week", "no_open_time", servicetime.ErrNoOpenTime}},
		},
		{
			"a window on a date that never was",
			func(s *servicetime.Schedule) {
				s.Zone, s.Week = "Pacific/Apia", nil
				s.Dates[d("2011-12-30")] = []servicetime.Window{w("08:00-17:00")}
			},
			time.LoadLocation,
			[]wantFault{{"week", "no_open_time", servicetime.ErrNoOpenTime}},
		},
		{"empty window", func(s *servicetime.Schedule) { s.Week[mon<<5] = []servicetime.Window{{Open: 480, Close: 480}} }, nil, []wantFault{{"week.sat[0]", "bad_request", servicetime.ErrEmpty}}},
		{"zero window", func(s *servicetime.Schedule) { s.Week[1] = []servicetime.Window{w("08:00-12:00"), {}} }, nil, []wantFault{{"week.sun[1]", "bad_request", servicetime.ErrEmpty}}},
		{"window of more than a day", func(s *servicetime.Schedule) { s.Week[1] = []servicetime.Window{{Open: 0, Close: 1441}} }, nil, []wantFault{{"week.sun[0]", "bad_request", servicetime.ErrText}}},
		{"window that opens tomorrow", func(s *servicetime.Schedule) { s.Week[1] = []servicetime.Window{{Open: 1440, Close: 1500}} }, nil, []wantFault{{"week.sun[0]", "bad_request", servicetime.ErrText}}},
		{"window that opened yesterday", func(s *servicetime.Schedule) { s.Week[1] = []servicetime.Window{{Open: -60, Close: 60}} }, nil, []wantFault{{"week.sun[0]", "bad_request", servicetime.ErrText}}},
		{"window that closes before", func(s *servicetime.Schedule) { s.Week[1] = []servicetime.Window{{Open: 60, Close: 30}} }, nil, []wantFault{{"week.sun[0]", "bad_request", servicetime.ErrText}}},
		{"overlapping windows", func(s *servicetime.Schedule) { s.Week = servicetime.MustWeek("mon 08:00-12:00 11:00-17:00") }, nil, []wantFault{{"week.mon", "bad_request", servicetime.ErrOverlap}}},
		{"the same window twice", func(s *servicetime.Schedule) { s.Week = servicetime.MustWeek("mon 08:00-12:00 08:00-12:00") }, nil, []wantFault{{"week.mon", "bad_request", servicetime.ErrOverlap}}},
		{"a night over its own evening", func(s *servicetime.Schedule) { s.Week = servicetime.MustWeek("mon 22:00-06:00 23:00-24:00") }, nil, []wantFault{{"week.mon", "bad_request", servicetime.ErrOverlap}}},
		{
			"overlapping windows of a date",
			func(s *servicetime.Schedule) {
				s.Dates[d("2026-10-05")] = []servicetime.Window{w("13:00-17:00"), w("08:00-13:01")}
			},
			nil,
			[]wantFault{{"dates.2026-10-05", "bad_request", servicetime.ErrOverlap}},
		},
		{
			"overlapping breaks",
			func(s *servicetime.Schedule) {
				s.Breaks[d("2026-10-05")] = []servicetime.Window{w("13:00-17:00"), w("08:00-13:01")}
			},
			nil,
			[]wantFault{{"breaks.2026-10-05", "bad_request", servicetime.ErrOverlap}},
		},
		{
			"empty break",
			func(s *servicetime.Schedule) { s.Breaks[d("2026-10-05")] = []servicetime.Window{{}} },
			nil,
			[]wantFault{{"breaks.2026-10-05[0]", "bad_request", servicetime.ErrEmpty}},
		},
		{
			"a day in two entries",
			func(s *servicetime.Schedule) {
				s.Week = servicetime.Week{mon | tue: {w("08:00-17:00")}, tue: {w("08:00-17:00")}}
			},
			nil,
			[]wantFault{{"week.tue", "bad_request", servicetime.ErrTwice}},
		},
		{
			"a day in an entry without windows",
			func(s *servicetime.Schedule) { s.Week = servicetime.Week{mon | tue: {w("08:00-17:00")}, tue: nil} },
			nil,
			[]wantFault{{"week.tue", "bad_request", servicetime.ErrTwice}},
		},
		{"an entry without days", func(s *servicetime.Schedule) { s.Week[0] = []servicetime.Window{w("08:00-17:00")} }, nil, []wantFault{{"week.", "bad_request", servicetime.ErrText}}},
		{"an eighth day", func(s *servicetime.Schedule) { s.Week[128] = []servicetime.Window{w("08:00-17:00")} }, nil, []wantFault{{"week.", "bad_request", servicetime.ErrText}}},
		{"date before the range", func(s *servicetime.Schedule) { s.Dates[d("1969-12-31")] = nil }, nil, []wantFault{{"dates.1969-12-31", "out_of_range", servicetime.ErrRange}}},
		{"date after the range", func(s *servicetime.Schedule) { s.Dates[d("2201-01-01")] = nil }, nil, []wantFault{{"dates.2201-01-01", "out_of_range", servicetime.ErrRange}}},
		{"zero date", func(s *servicetime.Schedule) { s.Dates[servicetime.Date{}] = nil }, nil, []wantFault{{"dates.0000-00-00", "out_of_range", servicetime.ErrRange}}},
		{
			"date that does not exist",
			func(s *servicetime.Schedule) { s.Dates[servicetime.Date{Year: 2026, Month: 2, Day: 29}] = nil },
			nil,
			[]wantFault{{"dates.2026-02-29", "out_of_range", servicetime.ErrRange}},
		},
		{"break after the range", func(s *servicetime.Schedule) { s.Breaks[d("2201-01-01")] = nil }, nil, []wantFault{{"breaks.2201-01-01", "out_of_range", servicetime.ErrRange}}},
		{
			"extra opening that ends before it starts",
			func(s *servicetime.Schedule) {
				s.Extra = []servicetime.Opening{{From: at("2026-10-10T10:00:00Z"), To: at("2026-10-10T08:00:00Z")}}
			},
			nil,
			[]wantFault{{"extra[0]", "bad_request", servicetime.ErrBackwards}},
		},
		{
			"extra opening of no length",
			func(s *servicetime.Schedule) {
				s.Extra = []servicetime.Opening{{From: at("2026-10-10T10:00:00Z"), To: at("2026-10-10T10:00:00Z")}}
			},
			nil,
			[]wantFault{{"extra[0]", "bad_request", servicetime.ErrBackwards}},
		},
		{"extra opening without instants", func(s *servicetime.Schedule) { s.Extra = []servicetime.Opening{{}} }, nil, []wantFault{{"extra[0]", "bad_request", servicetime.ErrBackwards}}},
		{
			"extra opening without start",
			func(s *servicetime.Schedule) { s.Extra = []servicetime.Opening{{To: at("2026-10-10T10:00:00Z")}} },
			nil,
			[]wantFault{{"extra[0]", "out_of_range", servicetime.ErrRange}},
		},
		{
			"extra opening after the range",
			func(s *servicetime.Schedule) {
				s.Extra = []servicetime.Opening{{From: at("2200-10-10T10:00:00Z"), To: at("2202-10-10T10:00:00Z")}}
			},
			nil,
			[]wantFault{{"extra[0]", "out_of_range", servicetime.ErrRange}},
		},
		{
			"extra opening from half a second",
			func(s *servicetime.Schedule) {
				s.Extra = []servicetime.Opening{{From: at("2026-10-10T08:00:00.5Z"), To: at("2026-10-10T10:00:00Z")}}
			},
			nil,
			[]wantFault{{"extra[0]", "bad_request", servicetime.ErrFraction}},
		},
		{
			"extra opening to a nanosecond",
			func(s *servicetime.Schedule) {
				s.Extra = []servicetime.Opening{{From: at("2026-10-10T08:00:00Z"), To: at("2026-10-10T10:00:00.000000001Z")}}
			},
			nil,
			[]wantFault{{"extra[0]", "bad_request", servicetime.ErrFraction}},
		},
		{
			"10,001 windows",
			func(s *servicetime.Schedule) {
				for i := range 10_000 {
					s.Dates[d("1980-01-01").AddDays(i)] = nil // a closed date counts as one
				}
			},
			nil,
			[]wantFault{{"", "too_large", servicetime.ErrLimit}},
		},
		{
			"10,001 extra openings, and nothing else is looked at",
			func(s *servicetime.Schedule) { s.Zone, s.Extra = "", make([]servicetime.Opening, 10_000) },
			nil,
			[]wantFault{{"", "too_large", servicetime.ErrLimit}},
		},
		{
			"2,001 holidays",
			func(s *servicetime.Schedule) { s.Holidays = listed(t, many(2001)...) },
			nil,
			[]wantFault{{"holidays", "too_large", servicetime.ErrLimit}},
		},
		{
			"too many windows and holidays",
			func(s *servicetime.Schedule) {
				s.Extra, s.Holidays = make([]servicetime.Opening, 10_000), listed(t, many(2001)...)
			},
			nil,
			[]wantFault{{"", "too_large", servicetime.ErrLimit}, {"holidays", "too_large", servicetime.ErrLimit}},
		},
		{
			"a set of 367 holidays a year",
			func(s *servicetime.Schedule) {
				s.Holidays = servicetime.NewHolidays("all", func(int) []servicetime.Holiday { return make([]servicetime.Holiday, 367) })
			},
			time.LoadLocation,
			[]wantFault{{"holidays", "too_large", servicetime.ErrLimit}},
		},
		{
			"several at once",
			func(s *servicetime.Schedule) {
				s.Zone = "Local"
				s.Week = servicetime.Week{mon: {w("08:00-12:00"), w("11:00-17:00")}, mon | tue: {{}}}
				s.Dates[d("2201-01-01")] = []servicetime.Window{{Open: 5, Close: 5}}
				s.Breaks[d("1969-12-31")] = nil
				s.Extra = []servicetime.Opening{
					{From: at("2026-10-10T08:00:00Z"), To: at("2026-10-10T10:00:00Z")},
					{From: at("2026-10-10T10:00:00Z"), To: at("2026-10-10T08:00:00Z")},
					{From: at("2026-10-10T08:00:00.1Z"), To: at("2026-10-10T10:00:00Z")},
				}
			},
			nil,
			[]wantFault{
				{"time_zone", "not_found", servicetime.ErrZone},
				{"week.mon", "bad_request", servicetime.ErrOverlap},
				{"week.mon,tue", "bad_request", servicetime.ErrTwice},
				{"week.mon,tue[0]", "bad_request", servicetime.ErrEmpty},
				{"dates.2201-01-01", "out_of_range", servicetime.ErrRange},
				{"dates.2201-01-01[0]", "bad_request", servicetime.ErrEmpty},
				{"breaks.1969-12-31", "out_of_range", servicetime.ErrRange},
				{"extra[1]", "bad_request", servicetime.ErrBackwards},
				{"extra[2]", "bad_request", servicetime.ErrFraction},
			},
		},
	} {
		t.Run(row.what, func(t *testing.T) {
			s := mutable()
			row.change(&s)
			loader := row.loader
			if loader == nil {
				loader = func(name string) (*time.Location, error) {
					// A schedule that is too large is looked at no further, and these names are nobody's.
					if name == "" || name == "Local" || row.want[0].code == "too_large" {
						t.Errorf("%q is loaded", name)
					}
					return time.LoadLocation(name)
				}
			}
			c, err := servicetime.Compile(s, loader)
			assert.Nil(t, c)
			require.Error(t, err)
			found := faults(err)
			require.Len(t, found, len(row.want), "%v", err)
			for i, want := range row.want {
				assert.Equal(t, want.path, found[i].Path)
				assert.Equal(t, want.code, found[i].Code, want.path)
				require.ErrorIs(t, found[i], want.cause, want.path)
				assert.ErrorIs(t, err, want.cause)
			}
		})
	}
}

// The limits themselves are accepted.
func TestCompileLimits(t *testing.T) {
	s := mutable()
	for i := range servicetime.MaxWindows - 1 { // and one in the week
		s.Dates[servicetime.MustDate("1980-01-01").AddDays(i)] = nil
	}
	var texts []string
	for i := range servicetime.MaxHolidays {
		texts = append(texts, servicetime.MustDate("1980-01-01").AddDays(i*7).String())
	}
	s.Holidays = listed(t, texts...)
	c, err := servicetime.Compile(s, time.LoadLocation)
	require.NoError(t, err)
	assert.False(t, c.IsBusinessDay(servicetime.MustDate("1990-01-02")))

	// Every limit at once, each date with a rule of its own.
	c, err = servicetime.Compile(limits(), time.LoadLocation)
	require.NoError(t, err)
	spans, err := c.Spans(clock(t, "1980-01-01T00:00:00Z"), clock(t, "1981-01-01T00:00:00Z"))
	require.NoError(t, err)
	var sum time.Duration
	for span := range spans {
		sum += span.Duration()
	}
	open, err := c.Elapsed(clock(t, "1980-01-01T00:00:00Z"), clock(t, "1981-01-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, open, sum)
}

// The ends of the range are ends: an extra opening runs up to them, and the night before the first
// date is no part of it, but its tail is.
func TestCompileAtTheEndsOfTheRange(t *testing.T) {
	s := servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("wed 22:00-06:00")} // 1969-12-31 and 2200-12-31 are Wednesdays
	c, err := servicetime.Compile(s, time.LoadLocation)
	require.NoError(t, err)
	assert.True(t, c.Open(clock(t, "1970-01-01T00:00:00Z")))
	assert.True(t, c.Open(clock(t, "1970-01-01T05:59:59.999999999Z")))
	assert.False(t, c.Open(clock(t, "1970-01-01T06:00:00Z")))
	assert.True(t, c.Open(clock(t, "2200-12-31T23:59:59.999999999Z")))
	assert.False(t, c.Open(clock(t, "2201-01-01T00:00:00Z")))
	assert.False(t, c.IsBusinessDay(servicetime.MustDate("1970-01-01")))
	assert.True(t, c.IsBusinessDay(servicetime.MustDate("2200-12-31")))

	s = servicetime.Schedule{Zone: "UTC", Extra: []servicetime.Opening{
		{From: clock(t, "1970-01-01T00:00:00Z"), To: clock(t, "1970-01-01T00:00:01Z")},
		{From: clock(t, "2200-12-31T23:59:59Z"), To: clock(t, "2201-01-01T00:00:00Z")},
	}}
	c, err = servicetime.Compile(s, time.LoadLocation)
	require.NoError(t, err)
	open, err := c.Elapsed(clock(t, "1970-01-01T00:00:00Z"), clock(t, "2201-01-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, 2*time.Second, open)
	next, ok := c.NextOpen(clock(t, "1970-01-01T00:00:01Z"))
	assert.True(t, ok)
	assert.Equal(t, "2200-12-31T23:59:59Z", next.Format(time.RFC3339Nano))
}

// Holidays of the first and the last year of the range close; one on the date before the range closes the night
// that would reach into it.
func TestCompileHolidaysAtTheEndsOfTheRange(t *testing.T) {
	c, err := servicetime.Compile(servicetime.Schedule{
		Zone: "UTC", Week: servicetime.MustWeek("mon-sun 22:00-06:00"),
		Holidays: listed(t, "1969-12-31", "1970-01-02", "--12-25", "2200-12-30"),
	}, time.LoadLocation)
	require.NoError(t, err)
	assert.False(t, c.Open(clock(t, "1970-01-01T00:00:00Z")))
	assert.True(t, c.Open(clock(t, "1970-01-01T22:00:00Z")))
	for _, date := range []string{"1970-01-02", "1970-12-25", "2200-12-25", "2200-12-30"} {
		assert.False(t, c.IsBusinessDay(servicetime.MustDate(date)), date)
	}
	for _, date := range []string{"1970-01-01", "1970-01-03", "2200-12-31"} {
		assert.True(t, c.IsBusinessDay(servicetime.MustDate(date)), date)
	}

	// A set may close every date of every year.
	s := mutable()
	s.Holidays = servicetime.NewHolidays("all", func(year int) (days []servicetime.Holiday) {
		for d := (servicetime.Date{Year: year, Month: time.January, Day: 1}); d.Year == year; d = d.AddDays(1) {
			days = append(days, servicetime.Holiday{Date: d})
		}
		return days
	})
	_, err = servicetime.Compile(s, time.LoadLocation)
	assert.ErrorIs(t, err, servicetime.ErrNoOpenTime)
}

// What the loader says is wrong stays in the chain.
func TestCompileKeepsTheErrorOfTheLoader(t *testing.T) {
	offline := errors.New("no zones here")
	_, err := servicetime.Compile(mutable(), func(string) (*time.Location, error) { return nil, offline })
	require.ErrorIs(t, err, servicetime.ErrZone)
	assert.ErrorIs(t, err, offline)
}

// A fault says where, what and why; a program takes its fields.
func TestFault(t *testing.T) {
	for _, row := range []struct {
		fault servicetime.Fault
		text  string
	}{
		{servicetime.Fault{Err: servicetime.ErrLimit}, "too large"},
		{servicetime.Fault{Path: "time_zone", Err: servicetime.ErrZone}, "time_zone: no such time zone"},
		{servicetime.Fault{Path: "time_zone", Value: "Mars", Err: servicetime.ErrZone}, `time_zone "Mars": no such time zone`},
		{servicetime.Fault{Value: "Mars", Err: servicetime.ErrZone}, `"Mars": no such time zone`},
		{
			servicetime.Fault{Path: "week.mon[0]", Value: "8-17", Clause: "§4.1.1", Line: 3, Column: 14, Err: servicetime.ErrText},
			`3:14: week.mon[0] "8-17": §4.1.1: not in a known form`,
		},
	} {
		require.EqualError(t, &row.fault, row.text)
		assert.ErrorIs(t, fmt.Errorf("reading: %w", &row.fault), row.fault.Err)
	}
}

// Sets of Sweden at the ends of the range and where the law changed.
func TestSweden(t *testing.T) {
	names := func(h servicetime.Holidays, year int) []string {
		out := map[string]bool{}
		for _, d := range h.In(year) {
			out[d.Date.String()+" "+d.Name] = true
		}
		return slices.Sorted(maps.Keys(out))
	}
	assert.Equal(t, []string{
		"2026-01-01 Nyårsdagen", "2026-01-06 Trettondedag jul", "2026-04-03 Långfredagen", "2026-04-05 Påskdagen", "2026-04-06 Annandag påsk",
		"2026-05-01 Första maj", "2026-05-14 Kristi himmelsfärdsdag", "2026-05-24 Pingstdagen", "2026-06-06 Sveriges nationaldag", "2026-06-20 Midsommardagen",
		"2026-10-31 Alla helgons dag", "2026-12-25 Juldagen", "2026-12-26 Annandag jul",
	}, names(servicetime.Sweden, 2026))
	assert.Len(t, names(servicetime.SwedenWithEves, 2026), 16)
	assert.Contains(t, names(servicetime.Sweden, 2004), "2004-05-31 Annandag pingst")
	assert.NotContains(t, strings.Join(names(servicetime.Sweden, 2004), " "), "nationaldag")
	assert.Contains(t, names(servicetime.Sweden, 2005), "2005-06-06 Sveriges nationaldag")
	assert.NotContains(t, strings.Join(names(servicetime.Sweden, 2005), " "), "Annandag pingst")
	assert.Contains(t, names(servicetime.Sweden, 1970), "1970-03-29 Påskdagen")
	assert.Contains(t, names(servicetime.Sweden, 2200), "2200-04-06 Påskdagen")
	assert.Equal(t, "SE", servicetime.Sweden.Name())
	assert.Equal(t, "SE+eves", servicetime.SwedenWithEves.Name())
}

// The whole range against the law as arithmetic: Easter by the Gregorian rule, the Saturdays of Midsummer and
// All Saints, National Day from 2005, Whit Monday until 2004.
func TestSwedenOverTheWholeRange(t *testing.T) {
	for year := 1970; year <= 2200; year++ {
		easter := easterSunday(year)
		saturday := func(from time.Time) time.Time { return from.AddDate(0, 0, (6-int(from.Weekday())+7)%7) }
		day := func(m time.Month, d int) time.Time { return time.Date(year, m, d, 0, 0, 0, 0, time.UTC) }
		want := map[string]string{}
		eves := map[string]string{}
		put := func(to map[string]string, at time.Time, name string) { to[at.Format(time.DateOnly)+" "+name] = name }
		put(want, day(1, 1), "Nyårsdagen")
		put(want, day(1, 6), "Trettondedag jul")
		put(want, easter.AddDate(0, 0, -2), "Långfredagen")
		put(want, easter, "Påskdagen")
		put(want, easter.AddDate(0, 0, 1), "Annandag påsk")
		put(want, day(5, 1), "Första maj")
		put(want, easter.AddDate(0, 0, 39), "Kristi himmelsfärdsdag")
		put(want, easter.AddDate(0, 0, 49), "Pingstdagen")
		if year < 2005 {
			put(want, easter.AddDate(0, 0, 50), "Annandag pingst")
		} else {
			put(want, day(6, 6), "Sveriges nationaldag")
		}
		put(want, saturday(day(6, 20)), "Midsommardagen")
		put(want, saturday(day(10, 31)), "Alla helgons dag")
		put(want, day(12, 25), "Juldagen")
		put(want, day(12, 26), "Annandag jul")
		put(eves, saturday(day(6, 20)).AddDate(0, 0, -1), "Midsommarafton")
		put(eves, day(12, 24), "Julafton")
		put(eves, day(12, 31), "Nyårsafton")
		got := map[string]string{}
		for _, h := range servicetime.Sweden.In(year) {
			got[h.Date.String()+" "+h.Name] = h.Name
		}
		require.Equal(t, want, got)
		for _, h := range servicetime.SwedenWithEves.In(year) {
			got[h.Date.String()+" "+h.Name] = h.Name
		}
		maps.Copy(want, eves)
		require.Equal(t, want, got)
	}
}

// easterSunday is the anonymous Gregorian computus.
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return time.Date(year, time.Month(month), (h+l-7*m+33*month+19)%32, 0, 0, 0, 0, time.UTC)
}

// Two holidays on one date are one closed date: 1 May 2008 is Ascension Day too.
func TestSwedenTwoHolidaysOnOneDate(t *testing.T) {
	c := compiled(t, servicetime.Schedule{Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden})
	n, err := c.BusinessDaysBetween(servicetime.MustDate("2008-04-30"), servicetime.MustDate("2008-05-02"))
	require.NoError(t, err)
	assert.Equal(t, 1, n)
}
