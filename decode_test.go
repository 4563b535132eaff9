package sla_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// faultsOf lists the faults of an error, which must be nothing else.
func faultsOf(t testing.TB, err error) []*servicetime.Fault {
	t.Helper()
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*servicetime.Fault
		for _, part := range joined.Unwrap() {
			all = append(all, faultsOf(t, part)...)
		}
		return all
	}
	f, ok := err.(*servicetime.Fault) //nolint:errorlint // a fault that something wraps is what this looks for
	require.True(t, ok, "%T is no fault: %v", err, err)
	return []*servicetime.Fault{f}
}

// marked takes the marks ‸ out of a text and returns the places that they showed, as line:column in
// bytes, both from 1.
func marked(text string) (plain string, places []string) {
	line, column := 1, 1
	var b strings.Builder
	for i, part := range strings.Split(text, "‸") {
		if i > 0 {
			places = append(places, fmt.Sprintf("%d:%d", line, column))
		}
		for _, c := range []byte(part) {
			column++
			if c == '\n' {
				line, column = line+1, 1
			}
		}
		b.WriteString(part)
	}
	return b.String(), places
}

func place(f *servicetime.Fault) string { return fmt.Sprintf("%d:%d", f.Line, f.Column) }

// The text is JSON and not an agreement. A mark ‸ shows where.
func TestParseRefuses(t *testing.T) {
	tests := []struct {
		text  string
		path  string
		cause error
		code  string
	}{
		// no object
		{`‸null`, "", sla.ErrType, "bad_request"},
		{`‸true`, "", sla.ErrType, "bad_request"},
		{`‸"SSBTEK"`, "", sla.ErrType, "bad_request"},
		{"\n\t‸-1.5e3", "", sla.ErrType, "bad_request"},
		{` ‸[{"name":"x"}]`, "", sla.ErrType, "bad_request"},

		// fields that are not there, at several depths
		{`{‸"":1}`, "", sla.ErrField, "unknown_field"},
		{`{"name":"x",‸"goal":"90%"}`, "goal", sla.ErrField, "unknown_field"},
		{`{‸"clause":{"x":[1,{"y":null}]}}`, "clause", sla.ErrField, "unknown_field"},
		{`{"priority":{‸"axis":"timing"}}`, "priority.axis", sla.ErrField, "unknown_field"},
		{`{"priority":{"timing":{‸"low_seasons":[]}}}`, "priority.timing.low_seasons", sla.ErrField, "unknown_field"},
		{`{"service_times":{"support":{‸"zone":"UTC"}}}`, "service_times.support.zone", sla.ErrField, "unknown_field"},
		{`{"service_times":{"support":{‸"Schedule":{}}}}`, "service_times.support.Schedule", sla.ErrField, "unknown_field"},
		{`{"orders":{"targets":{"question":{‸"answer":"8 h"}}}}`, "orders.targets.question.answer", sla.ErrField, "unknown_field"},
		{"{\"service_times\":{\"s\":{\"extra\":[\n{},\n{‸\"until\":\"\"}]}}}", "service_times.s.extra[1].until", sla.ErrField, "unknown_field"},

		// fields in other letters
		{`{‸"Name":"x"}`, "Name", sla.ErrField, "unknown_field"},
		{`{"incidents":{‸"stops_At":"resolved"}}`, "incidents.stops_At", sla.ErrField, "unknown_field"},
		{`{"incidents":{"targets":{"high":{‸"RESPONSE":"8 h"}}}}`, "incidents.targets.high.RESPONSE", sla.ErrField, "unknown_field"},
		{`{‸"ſervice_times":{}}`, "ſervice_times", sla.ErrField, "unknown_field"}, // Go folds ſ to s

		// fields that stand twice
		{`{"name":"x",‸"name":"x"}`, "name", sla.ErrJSON, "bad_json"},
		{`{"name":"x",‸"n\u0061me":"y"}`, "name", sla.ErrJSON, "bad_json"},
		{`{"name":"x",‸"Name":"x"}`, "Name", sla.ErrJSON, "bad_json"},
		{`{"readings":{"pauses":"on","hours":"WALL_CLOCK",‸"pauses":"off"}}`, "readings.pauses", sla.ErrJSON, "bad_json"},
		{`{"service_times":{"s":{},‸"s":{}}}`, "service_times.s", sla.ErrJSON, "bad_json"},
		{`{"orders":{"targets":{"q":{},‸"q":{}}}}`, "orders.targets.q", sla.ErrJSON, "bad_json"},
		{`{"problems":{"targets":{"high":{"response":"8 h",‸"response":"8 h"}}}}`, "problems.targets.high.response", sla.ErrJSON, "bad_json"},
		{`{"service_times":{"s":{"week":{"sat,sun":[],‸"sun,sat":[]}}}}`, "service_times.s.week.sun,sat", sla.ErrJSON, "bad_json"},

		// null
		{`{"name":‸null}`, "name", sla.ErrType, "bad_request"},
		{`{"orders":‸null}`, "orders", sla.ErrType, "bad_request"},
		{`{"incidents":{"goal":‸null}}`, "incidents.goal", sla.ErrType, "bad_request"},
		{`{"service_times":{"s":{"holidays":‸null}}}`, "service_times.s.holidays", sla.ErrType, "bad_request"},
		{`{"priority":{"matrix":[["low"],‸null]}}`, "priority.matrix[1]", sla.ErrType, "bad_request"},
		{`{"priority":{"matrix":[["low",‸null]]}}`, "priority.matrix[0][1]", sla.ErrType, "bad_request"},

		// instants that are not RFC 3339, though Go reads them
		{`{"service_times":{"s":{"extra":[{"from":‸"2026-10-31T1:00:00Z"}]}}}`, "service_times.s.extra[0].from", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"extra":[{"to":‸"2026-10-31T12:00:00,5Z"}]}}}`, "service_times.s.extra[0].to", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"extra":[{"to":‸"2026-10-31T12:00:00+24:00"}]}}}`, "service_times.s.extra[0].to", servicetime.ErrText, "bad_request"},

		// another kind of value
		{`{"name":‸1}`, "name", sla.ErrType, "bad_request"},
		{`{"name":‸["x"]}`, "name", sla.ErrType, "bad_request"},
		{`{"service_times":‸[]}`, "service_times", sla.ErrType, "bad_request"},
		{`{"providers":{"P":‸"support"}}`, "providers.P", sla.ErrType, "bad_request"},
		{`{"priority":{"levels":‸"high"}}`, "priority.levels", sla.ErrType, "bad_request"},
		{`{"priority":{"levels":["high",‸2]}}`, "priority.levels[1]", sla.ErrType, "bad_request"},
		{`{"priority":{"second_axis":‸true}}`, "priority.second_axis", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":‸"§3.2"}}`, "priority.timing", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":{"critical_from_day":‸"20"}}}`, "priority.timing.critical_from_day", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":{"critical_from_day":‸20.5}}}`, "priority.timing.critical_from_day", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":{"critical_from_day":‸2e1}}}`, "priority.timing.critical_from_day", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":{"critical_from_day":‸20000000000000000000}}}`, "priority.timing.critical_from_day", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":{"low_season":[‸["07-01"]]}}}`, "priority.timing.low_season[0]", sla.ErrType, "bad_request"},
		{`{"priority":{"timing":{"low_season":[‸{"from":"07-01"}]}}}`, "priority.timing.low_season[0]", sla.ErrType, "bad_request"},
		{`{"incidents":{"goal":‸90}}`, "incidents.goal", sla.ErrType, "bad_request"},
		{`{"incidents":{"goal":‸0.9}}`, "incidents.goal", sla.ErrType, "bad_request"},
		{`{"incidents":{"targets":{"high":{"response":‸8}}}}`, "incidents.targets.high.response", sla.ErrType, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":‸"08:00-17:00"}}}}`, "service_times.s.week.mon", sla.ErrType, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":[‸800]}}}}`, "service_times.s.week.mon[0]", sla.ErrType, "bad_request"},
		{`{"service_times":{"s":{"extra":[{"from":‸1767225600}]}}}`, "service_times.s.extra[0].from", sla.ErrType, "bad_request"},

		// percentages
		{`{"incidents":{"goal":‸"90"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},
		{`{"incidents":{"goal":‸"0.9"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},
		{`{"incidents":{"goal":‸"90,5%"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},
		{`{"incidents":{"goal":‸"101%"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},
		{`{"incidents":{"goal":‸"-1%"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},
		{`{"incidents":{"goal":‸"1e1%"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},
		{`{"incidents":{"goal":‸"NaN%"}}`, "incidents.goal", compliance.ErrGoal, "bad_request"},

		// targets
		{`{"orders":{"targets":{"q":{"resolution":‸"30d"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"PT4H"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"2 businessdays"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"8h"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"8  h"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"1.5 h"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"-8 h"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"0 h"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"n/a"}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸""}}}}`, "orders.targets.q.resolution", servicetime.ErrText, "bad_request"},
		{`{"orders":{"targets":{"q":{"resolution":‸"1000001 h"}}}}`, "orders.targets.q.resolution", servicetime.ErrLimit, "bad_request"},

		// windows, days, dates
		{`{"service_times":{"s":{"week":{"mon":[‸"8:00-17:00"]}}}}`, "service_times.s.week.mon[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":["08:00-12:00",‸"13:00–17:00"]}}}}`, "service_times.s.week.mon[1]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":[‸"08:00-24:01"]}}}}`, "service_times.s.week.mon[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":[‸"08:60-17:00"]}}}}`, "service_times.s.week.mon[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":[‸"08:00"]}}}}`, "service_times.s.week.mon[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{"mon":[‸"08:00-08:00"]}}}}`, "service_times.s.week.mon[0]", servicetime.ErrEmpty, "bad_request"},
		{`{"service_times":{"s":{"week":{‸"Mon-Fri":[]}}}}`, "service_times.s.week.Mon-Fri", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{‸"mån":[]}}}}`, "service_times.s.week.mån", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{‸"mon-":[]}}}}`, "service_times.s.week.mon-", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{‸"":[]}}}}`, "service_times.s.week.", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"week":{‸"mon-wed,tue":[]}}}}`, "service_times.s.week.mon-wed,tue", servicetime.ErrTwice, "bad_request"},
		{`{"service_times":{"s":{"dates":{‸"2026-02-30":[]}}}}`, "service_times.s.dates.2026-02-30", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"breaks":{‸"24/12/2026":[]}}}}`, "service_times.s.breaks.24/12/2026", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"dates":{"2026-12-24":[‸"12:00-"]}}}}`, "service_times.s.dates.2026-12-24[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"holidays":‸""}}}`, "service_times.s.holidays", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"holidays":[‸"2026-02-30"]}}}`, "service_times.s.holidays[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"holidays":[‸"12-25"]}}}`, "service_times.s.holidays[0]", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"holidays":‸{"SE":true}}}}`, "service_times.s.holidays", servicetime.ErrText, "bad_request"},
		{`{"service_times":{"s":{"holidays":‸true}}}`, "service_times.s.holidays", servicetime.ErrText, "bad_request"},
		{`{"priority":{"timing":{"low_season":[["07-01",‸"02-30"]]}}}`, "priority.timing.low_season[0][1]", servicetime.ErrText, "bad_request"},

		// readings
		{`{"readings":{"hours":‸"support_clock"}}`, "readings.hours", servicetime.ErrText, "bad_request"},
		{`{"readings":{"business_days":‸""}}`, "readings.business_days", servicetime.ErrText, "bad_request"},
		{`{"readings":{"business_days":‸"CUTOFF_2400_CLOSE"}}`, "readings.business_days", servicetime.ErrText, "bad_request"},
		{`{"readings":{"pauses":‸"true"}}`, "readings.pauses", servicetime.ErrText, "bad_request"},
		{`{"readings":{"pauses":‸true}}`, "readings.pauses", sla.ErrType, "bad_request"},
		{`{"readings":{"compliance":‸"Both"}}`, "readings.compliance", servicetime.ErrText, "bad_request"},
		{`{"priority":{"second_axis":‸"impact"}}`, "priority.second_axis", servicetime.ErrText, "bad_request"},
		{`{"priority":{"timing":{"precedence":‸"first"}}}`, "priority.timing.precedence", servicetime.ErrText, "bad_request"},
		{`{"priority":{"timing":{"out_of_hours":‸""}}}`, "priority.timing.out_of_hours", servicetime.ErrText, "bad_request"},
		{`{"problems":{"stops_at":‸"closed"}}`, "problems.stops_at", servicetime.ErrText, "bad_request"},

		// columns are bytes, lines end with \n alone
		{`{"title":"Åtagande – §","name":‸1}`, "name", sla.ErrType, "bad_request"},
		{`{"title":"\"\\","name":‸1}`, "name", sla.ErrType, "bad_request"},
		{`{"service_times":{"\\\"":‸1}}`, `service_times.\"`, sla.ErrType, "bad_request"},
		{"{\r\n\t\"name\" :\r\n\r\n ‸1 }", "name", sla.ErrType, "bad_request"},
		{"{\r\"name\":‸1}", "name", sla.ErrType, "bad_request"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			text, want := marked(tt.text)
			a, err := sla.Parse([]byte(text))
			require.ErrorIs(t, err, tt.cause)
			assert.Zero(t, a)
			faults := faultsOf(t, err)
			require.Len(t, faults, 1)
			f := faults[0]
			require.ErrorIs(t, f.Err, tt.cause)
			assert.Equal(t, tt.path, f.Path)
			assert.Equal(t, tt.code, f.Code)
			assert.Equal(t, want, []string{place(f)})
			assert.Empty(t, f.Clause)
		})
	}
}

// What is no JSON has one fault, since nothing behind it can be understood.
func TestParseRefusesText(t *testing.T) {
	for _, text := range []string{
		"", " ", "\n\n", "\xef\xbb\xbf{}", "\x00", "x",
		`{`, `[`, `"`, `{"`, `{"name`, `{"name"`, `{"name":`, `{"name":"`, `{"name":"x"`, `{"name":"x",`, `{"name":"x\`, `{"name":"x\u00`, `{"priority":{"matrix":[["low"`,
		`{"name":NaN}`, `{"name":Infinity}`, `{"name":-}`, `{"name":+1}`, `{"name":01}`, `{"name":1.}`, `{"name":.5}`, `{"name":0x10}`, `{"name":1e}`,
		`{"name":nul}`, `{"name":True}`, `{"name":undefined}`,
		`{name:"x"}`, `{'name':"x"}`, `{"name":'x'}`, `{1:"x"}`, `{null:"x"}`, `{["name"]:"x"}`, `{{}:1}`,
		`{"name":"x",}`, `{,"name":"x"}`, `{"name":"x",,"title":"y"}`, `{"name":"x" "title":"y"}`, `{"name" "x"}`, `{"name"}`, `{"name":}`, `{"name"::"x"}`, `{"name":"x":"y"}`,
		`{"priority":{"levels":["a",]}}`, `{"priority":{"levels":[,"a"]}}`, `{"priority":{"levels":["a" "b"]}}`, `{"priority":{"levels":["a":"b"]}}`,
		`{"name":"x"]`, `{"priority":{"levels":["a"}}`, `]`, `}`, `,`, `:`,
		"{\"name\":\"a\nb\"}", "{\"name\":\"a\tb\"}", `{"name":"\x41"}`, `{"name":"\u12"}`, `{"name":"\`,
		"// an agreement\n{}", `{"name":/* x */"x"}`, `{} // x`, `# x`,
		"{}{}", "{} {}", "{}\n{}", `{}"x"`, `{} 1`, `{}]`, `{},`, "{}\x00", `{} x`, "{}\xef\xbb\xbf", `{"name":"x"}}`,
		"{\"name\":\"\xff\"}", "{\"na\xc3\":1}", "\xff", "{}\xc0\x80", "{\"name\":\"\xed\xa0\x80\"}", "\xff\xfe{\x00}\x00",
	} {
		t.Run(text, func(t *testing.T) {
			a, err := sla.Parse([]byte(text))
			require.ErrorIs(t, err, sla.ErrJSON)
			assert.Zero(t, a)
			faults := faultsOf(t, err)
			require.Len(t, faults, 1)
			assert.Equal(t, "bad_json", faults[0].Code)
			assert.Empty(t, faults[0].Path)
			assert.Positive(t, faults[0].Line)
			assert.Positive(t, faults[0].Column)
		})
	}
}

func TestParsePlacesInvalidUTF8(t *testing.T) {
	for _, row := range []string{
		"‸\xff", "{\"name\":\"‸\xff\"}", "{\n\"name\":\"Å‸\xc3\"}", "{}\n‸\xc0\x80", "{\"name\":\"‸\xed\xa0\x80\"}", "{‸\x80",
	} {
		text, want := marked(row)
		_, err := sla.Parse([]byte(text))
		require.ErrorIs(t, err, sla.ErrJSON, "%q", text)
		assert.Equal(t, want, []string{place(faultsOf(t, err)[0])}, "%q", text)
	}
}

// A beginning of the preset is refused, wherever it ends.
func TestParseRefusesTruncated(t *testing.T) {
	t.Parallel()
	data := presetFile(t)
	for n := 0; n < len(data)-1; n += 3 { // the last byte is a newline
		_, err := sla.Parse(data[:n])
		require.ErrorIs(t, err, sla.ErrJSON, "%d bytes", n)
		require.Len(t, faultsOf(t, err), 1)
	}
}

// One byte of the preset lost or changed, each in its turn, never panics and never makes a fault without a place.
func TestParseDamaged(t *testing.T) {
	t.Parallel()
	data := presetFile(t)
	check := func(damaged []byte) {
		if _, err := sla.Parse(damaged); err != nil {
			for _, f := range faultsOf(t, err) {
				require.Positive(t, f.Line, "%s", damaged)
				require.Positive(t, f.Column, "%s", damaged)
			}
		}
	}
	for i := range data {
		if i%2 == 0 {
			check(append(data[:i:i], data[i+1:]...))
		} else {
			check(append(append(data[:i:i], "\"{},[]:0n\\\xff"[i%11]), data[i+1:]...))
		}
	}
}

// One slip in the preset, found at its place.
func TestParsePlacesInPreset(t *testing.T) {
	for _, row := range []struct {
		old, slip string
		place     string
		path      string
		cause     error
	}{
		{`"title": {`, `"Title": {`, "3:3", "Title", sla.ErrField},
		{`"08:00-16:30"`, `"08:00-1630"`, "54:11", "service_times.support/Transportstyrelsen.week.mon-fri[0]", servicetime.ErrText},
		{`"second_axis": "timing"`, `"second_axis": "time"`, "68:20", "priority.second_axis", servicetime.ErrText},
		{`"critical_from_day": 20`, `"critical_from_day": "the 20th"`, "98:28", "priority.timing.critical_from_day", sla.ErrType},
		{`"8 h"`, `"8 hours"`, "119:23", "incidents.targets.critical.resolution", servicetime.ErrText},
		{`"6 days"`, `6`, "161:23", "problems.targets.critical.resolution", sla.ErrType},
		{`"compliance": "both"`, `"compliance": null`, "316:19", "readings.compliance", sla.ErrType},
	} {
		text := strings.Replace(string(presetFile(t)), row.old, row.slip, 1)
		_, err := sla.Parse([]byte(text))
		require.ErrorIs(t, err, row.cause, row.slip)
		faults := faultsOf(t, err)
		require.Len(t, faults, 1, row.slip)
		assert.Equal(t, row.place, place(faults[0]), row.slip)
		assert.Equal(t, row.path, faults[0].Path, row.slip)
	}
}

// A reader with ten slips gets ten faults, not ten runs.
func TestParseReportsAllFaults(t *testing.T) {
	text, want := marked(`{
  "name": ‸12,
  "time_zone": "Europe/Stockholm",
  "service_times": {
    "support": {"time_zone": "Europe/Stockholm", ‸"weeks": {}, "week": {"mon-fri": ["08:00-12:00", ‸"13-17"], ‸"weekend": []}}
  },
  "priority": {"levels": ["high", ‸false], "timing": {"critical_from_day": ‸null}},
  "incidents": {
    "goal": ‸"90",
    "targets": {"high": {"response": ‸"1 hour", "resolution": ‸"2"}, "low": ‸[]}
  },
  ‸"Orders": {},
  "readings": {"hours": ‸"BOTH"}
}`)
	_, err := sla.Parse([]byte(text))
	require.Error(t, err)
	var found, paths []string
	for _, f := range faultsOf(t, err) {
		found, paths = append(found, place(f)), append(paths, f.Path)
	}
	assert.Equal(t, want, found)
	assert.Equal(t, []string{
		"name",
		"service_times.support.weeks", "service_times.support.week.mon-fri[1]", "service_times.support.week.weekend",
		"priority.levels[1]", "priority.timing.critical_from_day",
		"incidents.goal", "incidents.targets.high.response", "incidents.targets.high.resolution", "incidents.targets.low",
		"Orders",
		"readings.hours",
	}, paths)
	for _, cause := range []error{sla.ErrType, sla.ErrField, servicetime.ErrText, compliance.ErrGoal} {
		require.ErrorIs(t, err, cause)
	}
}

func TestParseLimits(t *testing.T) {
	pad := func(n int) []byte { return []byte(strings.Repeat(" ", n-2) + "{}") }
	_, err := sla.Parse(pad(sla.MaxBytes))
	require.NoError(t, err)
	for _, text := range [][]byte{pad(sla.MaxBytes + 1), []byte(strings.Repeat("\xff", sla.MaxBytes+1))} {
		_, err = sla.Parse(text)
		require.ErrorIs(t, err, servicetime.ErrLimit)
		faults := faultsOf(t, err)
		require.Len(t, faults, 1)
		assert.Equal(t, "too_large", faults[0].Code)
		assert.Equal(t, "1:1", place(faults[0]))
	}

	nest := func(open, inner, shut string, n int) []byte {
		return []byte(strings.Repeat(open, n) + inner + strings.Repeat(shut, n))
	}
	for _, text := range [][]byte{nest("[", "", "]", sla.MaxDepth), nest("[", "1", "]", sla.MaxDepth), nest(`{"a":`, "{}", "}", sla.MaxDepth-1)} {
		_, err := sla.Parse(text)
		require.Error(t, err)
		require.NotErrorIs(t, err, servicetime.ErrLimit)
	}
	for _, text := range [][]byte{
		nest("[", "1", "]", sla.MaxDepth+1), nest("[", "", "]", sla.MaxDepth+2), nest(`{"a":`, "1", "}", sla.MaxDepth+1),
		nest(`[{"a":`, "1", "}]", 17), nest("[", "", "]", 500_000), nest(`{"a":`, "", "", 200_000),
	} {
		_, err := sla.Parse(text)
		require.ErrorIs(t, err, servicetime.ErrLimit)
		faults := faultsOf(t, err)
		require.Len(t, faults, 1)
		assert.Equal(t, "too_large", faults[0].Code)
	}
}

// Spellings of one value that JSON leaves to the writer.
func TestParseAccepts(t *testing.T) {
	want, err := sla.Parse([]byte(`{"name":"a/b","incidents":{"goal":"90%","targets":{"high":{}}}}`))
	require.NoError(t, err)
	assert.Equal(t, "a/b", want.Name)
	for _, text := range []string{
		"\r\n\t {\"name\" : \"a/b\" ,\n\"incidents\":{\"goal\":\"90.000 %\",\"targets\":{\"high\":{ }}} }\n \n",
		`{"n\u0061me":"a\/\u0062","incidents":{"targets":{"h\u0069gh":{}},"goal":"90 %"}}`,
	} {
		a, err := sla.Parse([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, a, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(presetFile(f))
	full, err := fullAgreement().Marshal()
	require.NoError(f, err)
	f.Add(full)
	for _, text := range []string{
		"", "{}", `{"name":null,"name":1}`, `[[[[`, `{"service_times":{"s":{"holidays":["2026-01-01","--02-29"],"dates":{"2026-12-24":[]}}}}`,
		`{"service_times":{"s":{"extra":[{"from":"2026-01-01T00:00:00.5+01:00","to":"2026-01-01T00:00:00Z"}]}}}`, "{\"name\":\"\\ud800\xff\"}",
		`{"priority":{"timing":{"low_season":[["02-29","01-01"]],"critical_from_day":-0}},"readings":{"business_days":"CUTOFF_0000_CLOSE"}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := sla.Parse(data)
		if err != nil {
			require.Zero(t, a)
			for _, fault := range faultsOf(t, err) {
				require.Positive(t, fault.Line)
				require.Positive(t, fault.Column)
				require.LessOrEqual(t, fault.Column, len(data)+1)
				require.NotEmpty(t, fault.Code)
			}
			return
		}
		written, err := a.Marshal()
		require.NoError(t, err)
		back, err := sla.Parse(written)
		require.NoError(t, err, "%s", written)
		again, err := back.Marshal()
		require.NoError(t, err)
		require.Equal(t, string(written), string(again))
	})
}
