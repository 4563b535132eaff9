package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

// Rows of the built-in export "tickets". A and C are good and met; what is wrong with a file stands between them.
const (
	flatHeader = "number,kind,class,impact,urgency,priority,provider,occurred,received,started,resolved,reported_back\n"
	flatA      = "A,incident,,3,,,,,2016-04-04T07:00:00Z,2016-04-04T08:00:00Z,2016-04-05T08:00:00Z,2016-04-05T09:00:00Z\n"
	flatC      = "C,incident,,3,,,,,2016-04-06T07:00:00Z,2016-04-06T08:00:00Z,2016-04-07T08:00:00Z,2016-04-07T09:00:00Z\n"
)

func TestBadTickets(t *testing.T) {
	t.Parallel()
	mega := strings.Repeat("x", 1<<20)
	tests := []struct {
		name, row string
		number    string // as it is listed
		want      string
	}{
		// cells
		{"number missing", ",incident,,3,,,,,2016-04-04T07:00:00Z,,,", "(no number)", "in.csv:3:1: number: missing"},
		{"number blank", "  ,incident,,3,,,,,2016-04-04T07:00:00Z,,,", "(no number)", "in.csv:3:1: number: missing"},
		{"kind missing", "B,,,3,,,,,2016-04-04T07:00:00Z,,,", "B", "in.csv:3:3: kind: missing"},
		{"received missing", "B,incident,,3,,,,,,,,", "B", "in.csv:3:19: received: missing"},
		{"impact of another system", "B,incident,,high,,,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:13: impact "high": not readable`},
		{"impact no whole number", "B,incident,,3.0,,,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:13: impact "3.0": not readable`},
		{"urgency", "B,incident,,3,U2,,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:15: urgency "U2": not readable`},
		{"priority", "B,incident,,3,,P1,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:16: priority "P1": not readable`},
		{"two faults", "B,incident,,x,,,,,2016-04-04,,,", "B", "in.csv:3:13: impact \"x\": not readable"},
		{"two faults, the other", "B,incident,,x,,,,,2016-04-04,,,", "B", "\nin.csv:3:19: received \"2016-04-04\": not readable: write an instant as"},

		// instants
		{"31 April", "B,incident,,3,,,,,2016-04-31T07:00:00Z,,,", "B", `in.csv:3:19: received "2016-04-31T07:00:00Z": not readable: no such date or time of day`},
		{"29 February", "B,incident,,3,,,,,2016-04-04T07:00:00Z,,2017-02-29T07:00:00Z,", "B", `in.csv:3:41: resolved "2017-02-29T07:00:00Z": not readable: no such date`},
		{"25:00", "B,incident,,3,,,,,2016-04-04T25:00:00Z,,,", "B", `in.csv:3:19: received "2016-04-04T25:00:00Z": not readable: no such date or time of day`},
		{"24:00", "B,incident,,3,,,,,2016-04-04T24:00:00Z,,,", "B", `in.csv:3:19: received "2016-04-04T24:00:00Z": not readable: no such date or time of day`},
		{"second 60", "B,incident,,3,,,,,2016-04-04T07:00:60Z,,,", "B", `in.csv:3:19: received "2016-04-04T07:00:60Z": not readable: no such date or time of day`},
		{"month 13, local", "B,incident,,3,,,,,2016-13-04 07:00,,,", "B", `in.csv:3:19: received "2016-13-04 07:00": not readable: no such date or time of day`},
		{"no zone", "B,incident,,3,,,,,2016-04-04T07:00:00,,,", "B", `in.csv:3:19: received "2016-04-04T07:00:00": not readable: a local time, and the export names no time_zone`},
		{"no zone, with a space", "B,incident,,3,,,,,2016-04-04 07:00,,,", "B", `in.csv:3:19: received "2016-04-04 07:00": not readable: a local time, and the export names no time_zone`},
		{"a date alone", "B,incident,,3,,,,,2016-04-04,,,", "B", `in.csv:3:19: received "2016-04-04": not readable: write an instant as "2016-04-30T10:00:00+02:00"`},
		{"day first", "B,incident,,3,,,,,04/04/2016 07:00,,,", "B", `in.csv:3:19: received "04/04/2016 07:00": not readable: write an instant`},
		{"a name for a zone", "B,incident,,3,,,,,2016-04-04T07:00:00 CEST,,,", "B", `in.csv:3:19: received "2016-04-04T07:00:00 CEST": not readable: write an instant`},
		{"occurred, not received", "B,incident,,3,,,,2016-04-31T07:00:00Z,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:18: occurred "2016-04-31T07:00:00Z": not readable`},
		{"the zero instant", "B,incident,,3,,,,,0001-01-01T00:00:00Z,,,", "B", `in.csv:3:19: received "0001-01-01T00:00:00Z": not readable: outside the years 1970 to 2200`},

		// instants that run backwards
		{"started before received", "B,incident,,3,,,,,2016-04-04T07:00:00Z,2016-04-04T06:59:00Z,,", "B", `in.csv:3:40: started "2016-04-04 06:59 … the record contradicts itself: before it was received, 2016-04-04 07:00`},
		{"resolved before received", "B,incident,,3,,,,,2016-04-04T07:00:00Z,,2016-04-03T07:00:00Z,", "B", `in.csv:3:41: resolved "2016-04-03 07:00 … the record contradicts itself: before it was received, 2016-04-04 07:00`},
		{"resolved before started", "B,incident,,3,,,,,2016-04-04T07:00:00Z,2016-04-04T08:00:00Z,2016-04-04T07:30:00Z,", "B", `in.csv:3:61: resolved "2016-04-04 07:30 … the record contradicts itself: before it was started, 2016-04-04 08:00`},
		{"reported back before resolved", "B,incident,,3,,,,,2016-04-04T07:00:00Z,,2016-04-04T08:00:00Z,2016-04-04T07:30:00Z", "B", `in.csv:3:62: reported_back "2016-04-04 07:30 … the record contradicts itself: before it was resolved, 2016-04-04 08:00`},
		{"occurred after received", "B,incident,,3,,,,2016-04-04T07:01:00Z,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:18: occurred "2016-04-04 07:01 … the record contradicts itself: after it was received, 2016-04-04 07:00`},

		// rows
		{"a number twice", strings.TrimSuffix(flatA, "\n"), "A", `in.csv:3:1: number "A": a number that stands twice: first at line 2`},
		{"the header again", strings.TrimSuffix(flatHeader, "\n"), "number", `in.csv:3:61: received "received": not readable`},
		{"a cell too few", "B,incident,,3,,,,,2016-04-04T07:00:00Z,,", "B", "in.csv:3:1: not readable: 11 cells, the header has 12"},
		{"a cell too many", "B,incident,,3,,,,,2016-04-04T07:00:00Z,,,,", "B", "in.csv:3:1: not readable: 13 cells, the header has 12"},
		{"one cell", "B", "B", "in.csv:3:1: not readable: 1 cells, the header has 12"},
		{"a space", " ", "(no number)", "in.csv:3:1: not readable: 1 cells, the header has 12"},
		{"semicolons", "B;incident;;3;;;;;2016-04-04T07:00:00Z;;;", "B;incident;;3;;;;;2016-04-04T07:00:00Z;;;", "in.csv:3:1: not readable: 1 cells, the header has 12"},
		{"a quote in a cell", `B"x,incident,,3,,,,,2016-04-04T07:00:00Z,,,`, "(no number)", `in.csv:3:2: not readable: bare " in non-quoted-field`},
		{"text behind a quote", `"B"x,incident,,3,,,,,2016-04-04T07:00:00Z,,,`, "(no number)", `in.csv:3:3: not readable: extraneous or missing " in quoted-field`},

		// bytes
		{"NUL in an instant", "B,incident,,3,,,,,2016-04-04T07:00:00Z\x00,,,", "B", `in.csv:3:19: received "2016-04-04T07:00:00Z\x00": not readable`},
		{"NUL for an impact", "B,incident,,\x00,,,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:13: impact "\x00": not readable`},
		{"no UTF-8", "B,incident,,\xe5,,,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:13: impact "\xe5": not readable`},
		{"a CR in a cell", "B,incident,,3\r,,,,,2016-04-04\r07:00:00,,,", "B", `in.csv:3:20: received "2016-04-04\r07:00:00": not readable`},
		{"1 MB for an impact", "B,incident,," + mega + ",,,,,2016-04-04T07:00:00Z,,,", "B", `in.csv:3:13: impact "` + mega[:60] + `…": not readable`},
		{"1 MB for an instant", "B,incident,,3,,,,," + mega + ",,,", "B", `in.csv:3:19: received "` + mega[:60] + `…": not readable`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			badFile(t, flatHeader+flatA+tt.row+"\n"+flatC, tt.number, tt.want)
		})
	}

	// A quote that nothing closes, where nothing follows that it could swallow.
	badFile(t, flatHeader+flatA+flatC+`"B,incident,,3,,,,,2016-04-04T07:00:00Z,,,`+"\n", "(no number)", `not readable: extraneous or missing " in quoted-field`)
}

// badFile asserts that of three tickets in a file two are judged, and the third is counted and listed, and with -strict
// is the reason why there is no report.
func badFile(t *testing.T, content, number, want string, args ...string) {
	t.Helper()
	text, err := reportOn(t, content, args...)
	require.NoError(t, err)
	assert.Less(t, len(text), 10_000)
	p := readReport(text)
	p.addsUp(t)
	assert.Equal(t, [2]int{2, 1}, [2]int{p.read, p.unreadable}, "tickets read, not readable")
	assert.GreaterOrEqual(t, p.bad, 1)
	assert.Equal(t, "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left", p.sentence["Incidents"])
	require.Len(t, p.notJudged, 1)
	assert.Equal(t, number, strings.TrimSpace(p.notJudged[0][:len(number)+2]))
	says(t, p.notJudged[0], want)

	text, err = reportOn(t, content, append(args, "-strict")...)
	require.ErrorIs(t, err, errBadRows)
	assert.Empty(t, text)
	assert.Contains(t, err.Error(), fmt.Sprintf("%d bad rows of %d in in.csv, and -strict is set:\n", p.bad, p.rows))
	says(t, err.Error(), want)
}

// says asserts that a text has the parts of another, between which … stands for what else is said.
func says(t testing.TB, text, want string) {
	t.Helper()
	for part := range strings.SplitSeq(want, " … ") {
		assert.Contains(t, text, part)
	}
}

// Rows of the incident log. A has its two events in lines 2 and 3.
const (
	eventHeader = "number,updated_at,state,impact,urgency,priority,reopen_count,opened_at,resolved_at,closed_at\n"
	eventsA     = "A,2016-04-04T09:10,New,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n" +
		"A,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"
	eventsC = "C,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"
)

func TestBadEvents(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rows, want string }{
		{"unknown state", "B,2016-04-04T09:30,-100,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n", `in.csv:4:20: state "-100": not readable: known are ["Active" "Awaiting Evidence" `},
		{"state missing", "B,2016-04-04T09:30,,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n", "in.csv:4:20: state: missing"},
		{"instant missing", "B,,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n", "in.csv:4:3: at: missing"},
		{"impact", "B,2016-04-04T09:30,Active,4 - None,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n", `in.csv:4:27: impact "4 - None": not readable: known are ["1 - High" "2 - Medium" "3 - Low"]`},
		{"received missing", "B,2016-04-04T09:30,Active,2 - Medium,,,0,,2016-04-05T10:00,2016-04-06T10:00\n", "in.csv:4:42: received: missing"},
		{"31 April", "B,2016-04-31T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n", `in.csv:4:3: at "2016-04-31T09:30": not readable: no such date or time of day`},
		{"closed, never resolved", "B,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,,2016-04-06T10:00\n", "in.csv:4:59: resolved: missing: the ticket was closed 2016-04-06 10:00, and nobody knows when it was resolved"},
		{"started before received", "B,2016-04-04T08:59,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n", `in.csv:4:3: started "2016-04-04 08:59 … the record contradicts itself: before it was received, 2016-04-04 09:00`},
		{"resolved before received", "B,2016-04-04T09:30,New,2 - Medium,,,0,2016-04-04T09:00,2016-04-03T10:00,2016-04-06T10:00\n", `in.csv:4:56: resolved "2016-04-03 10:00 … the record contradicts itself: before it was received, 2016-04-04 09:00`},
		{"a cell too few", "B,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00\n", "in.csv:4:1: not readable: 9 cells, the header has 10"},

		// one bad event makes the ticket a bad one
		{
			"the first is good",
			"B,2016-04-04T09:10,New,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n" +
				"B,2016-04-04T09:30,-100,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n",
			`in.csv:5:20: state "-100": not readable`,
		},
		{
			"the last is good",
			"B,2016-04-04T09:10,-100,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n" +
				"B,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n",
			`in.csv:4:20: state "-100": not readable`,
		},
		{
			"two are bad",
			"B,2016-04-04T09:10,-100,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n" +
				"B,2016-04-04 25:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n",
			"\nin.csv:5:3: at \"2016-04-04 25:30\": not readable: no such date or time of day",
		},
		{
			"received differs",
			"B,2016-04-04T09:10,New,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n" +
				"B,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:01,2016-04-05T10:00,2016-04-06T10:00\n",
			`in.csv:5:42: received "2016-04-04T09:01": differs from what the ticket's earlier rows say: "2016-04-04T09:00"`,
		},
		{
			"resolved differs",
			"B,2016-04-04T09:10,New,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T11:00,\n" +
				"B,2016-04-04T09:30,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,\n",
			`in.csv:5:59: resolved "2016-04-05T10:00": differs from what the ticket's earlier rows say: "2016-04-05T11:00"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			badFile(t, eventHeader+eventsA+tt.rows+eventsC, "B", tt.want, "-export", "servicenow-ssbtek")
		})
	}
}

// A log in which a ticket's events do not stand together has no first event of it and no last: it is listed.
func TestEventsApart(t *testing.T) {
	t.Parallel()
	content := eventHeader + eventsA + eventsC + "A,2016-04-05T10:00,Resolved,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"
	const want = `in.csv:5:1: number "A": a number that stands twice: first at line 2`
	text, err := reportOn(t, content, "-export", "servicenow-ssbtek")
	require.NoError(t, err)
	readReport(text).addsUp(t)
	assert.Contains(t, text, "\nA  "+want+"\n")
	_, err = reportOn(t, content, "-export", "servicenow-ssbtek", "-strict")
	require.ErrorIs(t, err, errBadRows)
	assert.Contains(t, err.Error(), want)
}

// A ticket is started by its first event that is not new, and paused from an event that pauses it until one of another
// state. The rows of A come in another order than their instants.
//
//	09:00      10:00      11:00      12:00      13:00      14:00
//	New        Vendor     the same   User Info  Active     Problem …
//	           |------ paused -------|- paused -|          |- paused …
//
// Many events of B have one instant: their order is that of the rows, the last of which pauses it until 15:00.
func TestEvents(t *testing.T) {
	t.Parallel()
	const of = ",2 - Medium,,,0,2016-04-04T09:00,,\n"
	var content strings.Builder
	content.WriteString(eventHeader +
		"A,2016-04-04T09:00,New" + of + "A,2016-04-04T14:00,Awaiting Problem" + of + "A,2016-04-04T13:00,Active" + of +
		"A,2016-04-04T11:00,Awaiting Vendor" + of + "A,2016-04-04T10:00,Awaiting Vendor" + of + "A,2016-04-04T12:00,Awaiting User Info" + of)
	for n := range 50 { // a sort that is not stable is so for some lengths only
		b := fmt.Sprintf("B%d,2016-04-04T", n)
		content.WriteString(strings.Repeat(b+"14:00,Active"+of+b+"13:00,New"+of, n) + b + "14:00,Awaiting Evidence" + of + b + "15:00,Active" + of)
	}
	export, err := records.LoadExport("servicenow-ssbtek")
	require.NoError(t, err)
	e, err := readTickets(export, "in.csv", strings.NewReader(content.String()))
	require.NoError(t, err)
	require.Empty(t, e.Rejects)
	require.Len(t, e.Tickets, 51)
	hour := func(h int) time.Time { return time.Date(2016, 4, 4, h-2, 0, 0, 0, time.UTC) }

	a := e.Tickets[0]
	assert.True(t, hour(10).Equal(a.Started), a.Started)
	require.Len(t, a.Pauses, 3)
	for i, want := range []servicetime.Pause{
		{From: hour(10), To: hour(12), Reason: "Awaiting Vendor"},
		{From: hour(12), To: hour(13), Reason: "Awaiting User Info"},
		{From: hour(14), Reason: "Awaiting Problem"},
	} {
		assert.True(t, want.From.Equal(a.Pauses[i].From), a.Pauses[i])
		assert.True(t, want.To.Equal(a.Pauses[i].To), a.Pauses[i])
		assert.Equal(t, want.Reason, a.Pauses[i].Reason)
	}

	for _, b := range e.Tickets[1:] {
		require.Len(t, b.Pauses, 1, b.Number)
		assert.Equal(t, time.Hour, b.Pauses[0].To.Sub(b.Pauses[0].From), b.Number)
	}
	assert.True(t, hour(15).Equal(e.Latest), e.Latest)
}

// Rows are counted, not tickets: B has two bad ones.
func TestBadRowsOfOneTicket(t *testing.T) {
	t.Parallel()
	text, err := reportOn(t, eventHeader+eventsA+
		"B,2016-04-04T09:10,-100,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"+
		"B,2016-04-04T09:20,Active,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"+
		"B,2016-04-04T09:30,,2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"+
		eventsC, "-export", "servicenow-ssbtek")
	require.NoError(t, err)
	assert.Contains(t, text, "in.csv: 6 rows, 2 of them bad; 2 tickets read, 1 not judged.\n")
}

// What an agreement has no rule for can be read; it is counted, listed with the reason, and the others are judged.
func TestNotJudged(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, row, want string }{
		{"impact 5", "B,incident,,5,,,,,2016-04-04T07:00:00Z,,,", "impact 5: no such class: 1 to 4"},
		{"impact -1", "B,incident,,-1,,,,,2016-04-04T07:00:00Z,,,", `impact "-1": not readable: write a whole number from 1`},
		{"no impact", "B,incident,,,,,,,2016-04-04T07:00:00Z,,,", "neither its priority nor its impact is given: no such class: 1 to 4"},
		{"priority 5", "B,incident,,3,,5,,,2016-04-04T07:00:00Z,,,", "priority 5: no such class: 1 to 4"},
		{"a type of order", "B,order,transport,,,,,,2016-04-04T07:00:00Z,,,", `order type "transport": no rule`},
		{"no type of order", "B,order,,,,,,,2016-04-04T07:00:00Z,,,", `order type "": no rule`},
		{"a problem without priority", "B,problem,,1,,,,,2016-04-04T07:00:00Z,,,", "a problem without a priority: no rule"},
		{"a kind", "B,change,,3,,,,,2016-04-04T07:00:00Z,,,", `kind "change": no rule`},
		{"a kind in other letters", "B,Incident,,3,,,,,2016-04-04T07:00:00Z,,,", `kind "Incident": no rule`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, err := reportOn(t, flatHeader+flatA+tt.row+"\n"+flatC)
			require.NoError(t, err)
			p := readReport(text)
			p.addsUp(t)
			assert.Equal(t, "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left", p.sentence["Incidents"])
			require.Len(t, p.notJudged, 1)
			assert.Contains(t, p.notJudged[0], tt.want)
		})
	}
}

// Files that cannot be read at all.
func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	packed := string(gzipped(t, flatHeader+strings.Repeat(flatA, 10_000)))
	log := []string{"-export", "servicenow-ssbtek"}
	tests := []struct {
		name, content string
		args          []string
		want          string
	}{
		{"empty", "", nil, "in.csv:1:1: the file is empty: a header is needed"},
		{"blank lines", "\n\r\n\n", nil, "in.csv:1:1: the file is empty: a header is needed"},
		{"a byte order mark", "\ufeff", nil, "in.csv:1:1: the file is empty: a header is needed"},
		{"a packed nothing", string(gzipped(t, "")), nil, "in.csv:1:1: the file is empty: a header is needed"},
		{"no column received", "number,kind\nA,incident\n", nil, `in.csv:1:1: no column "received" for received: there are ["number" "kind"]`},
		{"no column number", "Number,kind,received\nA,incident,2016-04-04T07:00:00Z\n", nil, `in.csv:1:1: no column "number" for number: there are ["Number" "kind" "received"]`},
		{"no column of a log", strings.Replace(eventHeader, "resolved_at", "resolved", 1) + eventsA, log, `in.csv:1:1: no column "resolved_at" for resolved: there are ["number" "updated_at" `},
		{"another export", flatHeader + flatA, log, `in.csv:1:1: no column "updated_at" for at: there are ["number" "kind" `},
		{"a column twice", "number,kind,received,received\nA,incident,2016-04-04T07:00:00Z,\n", nil, `in.csv:1:1: column "received" stands twice`},
		{"an optional column twice", "number,impact,kind,received,impact\nA,1,incident,2016-04-04T07:00:00Z,3\n", nil, `in.csv:1:1: column "impact" stands twice`},
		{"CR alone", strings.ReplaceAll(flatHeader+flatA, "\n", "\r"), nil, "in.csv:1:100: lines end in CR alone: save the file with LF or CRLF"},
		{"tabs", strings.ReplaceAll(flatHeader+flatA, ",", "\t"), nil, `in.csv:1:1: no column "number" for number: there are ["number\tkind\t`},
		{"UTF-16", "\xff\xfen\x00u\x00m\x00b\x00e\x00r\x00,\x00k\x00i\x00n\x00d\x00\n\x00", nil, `in.csv:1:1: no column "number" for number`},
		{"a quote in the header", `num"ber,kind,received` + "\n" + flatA, nil, `bare " in non-quoted-field`},
		{"gzip, cut in a row", packed[:len(packed)-20], nil, ": unexpected EOF"},
		{"gzip, cut in its header", packed[:6], nil, ": unexpected EOF"},
		{"gzip, cut behind its first bytes", packed[:2], nil, "in.csv: "},
		{"gzip, another checksum", packed[:len(packed)-8] + "\x00\x00\x00\x00" + packed[len(packed)-4:], nil, ": gzip: invalid checksum"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, err := reportOn(t, tt.content, tt.args...)
			require.Error(t, err)
			assert.Empty(t, text)
			assert.Contains(t, err.Error(), tt.want)
			assert.NotErrorIs(t, err, errBadRows)
		})
	}

	// A file without a row can be read: nothing happened.
	text, err := reportOn(t, flatHeader, "-as-of", "2016-05-01T00:00:00+02:00")
	require.NoError(t, err)
	assert.Contains(t, text, "Incidents, §4.3.1: no data, goal 90 %\n")
	assert.Contains(t, text, "in.csv: 0 rows, 0 of them bad; 0 tickets read, 0 not judged.")
}

// The same tickets, written by other programs, are the same report but for a note on the file.
func TestFormsOfFiles(t *testing.T) {
	t.Parallel()
	flat, err := os.ReadFile("testdata/kinds.csv")
	require.NoError(t, err)
	plain := string(flat)
	want, err := reportOn(t, plain)
	require.NoError(t, err)
	const (
		mark       = "  in.csv:1:1: a byte order mark, skipped.\n"
		semicolons = "  in.csv:1:1: cells are separated by semicolons.\n"
	)
	crlf := strings.ReplaceAll(plain, "\n", "\r\n")
	tests := []struct {
		name, content string
		notes         []string
	}{
		{"BOM", "\ufeff" + plain, []string{mark}},
		{"semicolons", strings.ReplaceAll(plain, ",", ";"), []string{semicolons}},
		{"CRLF", crlf, nil},
		{"Excel", "\ufeff" + strings.ReplaceAll(crlf, ",", ";"), []string{mark, semicolons}},
		{"gzip", string(gzipped(t, plain)), nil},
		{"gzip in two parts", string(gzipped(t, plain[:500])) + string(gzipped(t, plain[500:])), nil},
		{"Excel, gzip", string(gzipped(t, "\ufeff"+strings.ReplaceAll(crlf, ",", ";"))), []string{mark, semicolons}},
		{"no end of line at the end", strings.TrimSuffix(plain, "\n"), nil},
		{"blank lines", strings.ReplaceAll(plain, "\n", "\n\n"), nil},
		{"quotes", `"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(plain, "\n"), ",", `","`), "\n", "\"\n\"") + "\"\n", nil},
		{"spaces about the cells", regexp.MustCompile(`(?m)^(I\d|O\d|P\d|S\d|C\d),`).ReplaceAllString(plain, " $1\t,"), nil},
		{"times in UTC with fractions", strings.ReplaceAll(plain, "T07:00:00Z", "T07:00:00.000Z"), nil},
		{"a column more", strings.ReplaceAll(plain, "\n", ",\"Åsa's; with \"\"quotes\"\"\nand lines\"\n"), nil},
		{"64 kB in a column more of each row", strings.ReplaceAll(plain, "\n", ","+strings.Repeat("x", 1<<16)+"\n"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, err := reportOn(t, tt.content)
			require.NoError(t, err)
			for _, note := range tt.notes {
				assert.Contains(t, text, note)
				text = strings.Replace(text, note, "", 1)
			}
			assert.Equal(t, withoutLines(want), withoutLines(text))
		})
	}
}

func gzipped(t testing.TB, content string) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return packed.Bytes()
}

// A log as it grows: what is known only later stands blank in the first rows, and later ones need not repeat it. Who the
// provider is does not change on the way.
func TestLogThatGrows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/log.json", []byte(`{
		"name": "log", "rows": "events", "kind": "incident",
		"columns": {"number": "number", "at": "at", "state": "state", "received": "received", "reported_back": "back", "priority": "priority", "provider": "provider"},
		"states": {"new": "new", "work": "work", "done": "resolved"}}`), 0o600))
	text, err := reportOn(t, "number,at,state,received,back,priority,provider\n"+
		"E1,2016-04-04T07:00:00Z,new,2016-04-04T07:00:00Z,,1,\n"+
		"E1,2016-04-04T07:10:00Z,work,,,1,CSN\n"+
		"E1,2016-04-04T09:00:00Z,done,,2016-04-04T09:00:00Z,1,\n"+
		"E2,2016-04-04T07:00:00Z,new,2016-04-04T07:00:00Z,,1,CSN\n"+
		"E2,2016-04-04T07:10:00Z,work,2016-04-04T07:00:00Z,,1,AF\n",
		"-export", dir+"/log.json", "-as-of", "2016-05-01T00:00:00Z")
	require.NoError(t, err)
	p := readReport(text)
	assert.Equal(t, "1 of 1 in time, 100.00 %, goal 90 %: met, 0 misses left", p.sentence["Incidents"])
	assert.Contains(t, text, "CSN")
	assert.Contains(t, text, `provider "AF": differs from what the ticket's earlier rows say: "CSN"`)
}

// §4.11: no text of a protected record is printed, but its number; nor of one of which nobody knows whether it is.
func TestProtectedRows(t *testing.T) {
	t.Parallel()
	header := strings.TrimSuffix(flatHeader, "\n") + ",protected\n"
	flat := header +
		"P1,incident,,1,,,Anna AB,,2016-04-04T07:00:00Z,,,,true\n" + // a provider that the agreement does not name
		"P2,incident,,Anna,,,,,2016-04-04T07:00:00Z,,,,true\n" +
		"P3,Anna,,3,,,,,2016-04-04T07:00:00Z,,,,1\n" +
		"P4,order,Anna,,,,,,2016-04-04T07:00:00Z,,,,true\n" +
		"P5,incident,,3,,,,,Anna,,,,perhaps\n" +
		"P6,incident,,3,,,,,Anna, Storgatan 1,2016-04-04T07:00:00Z,,,,true\n" +
		"P1,incident,,3,,,,,Anna,,,,false\n" + // another row of that number
		"P8,incident,,3,,,,,2016-04-04T07:00:00Z,,,,false\n"
	text, err := reportOn(t, flat, "-as-of", "2016-05-01T00:00:00Z")
	require.NoError(t, err)
	assert.NotContains(t, text, "Anna")
	assert.Contains(t, text, "of which no more is said (received, protected)", "which cells")
	for _, number := range []string{"P1", "P2", "P3", "P4", "P5", "P6"} {
		assert.Contains(t, text, number)
	}
	_, err = reportOn(t, flat, "-strict")
	require.ErrorIs(t, err, errBadRows)
	assert.NotContains(t, err.Error(), "Anna")

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/log.json", []byte(`{
		"name": "log", "rows": "events", "kind": "incident",
		"columns": {"number": "number", "at": "at", "state": "state", "received": "received", "resolved": "resolved", "protected": "protected", "impact": "impact"},
		"states": {"new": "new", "work": "work", "waiting for Anna": "pause"}}`), 0o600))
	text, err = reportOn(t, "number,at,state,received,resolved,protected,impact\n"+
		"E1,2016-04-04T07:00:00Z,new,2016-04-04T07:00:00Z,,false,1\n"+
		"E1,2016-04-04T08:00:00Z,waiting for Anna,2016-04-04T07:00:00Z,,true,1\n"+
		"E2,2016-04-04T07:00:00Z,new,2016-04-04T07:00:00Z,,true,1\n"+
		"E2,2016-04-04T08:00:00Z,Anna calls,2016-04-04T07:00:00Z,,true,1\n",
		"-export", dir+"/log.json", "-as-of", "2016-05-01T00:00:00Z")
	require.NoError(t, err)
	assert.NotContains(t, text, "Anna")
	assert.Contains(t, text, "E1")
	assert.Contains(t, text, "E2")
}

// -strict changes nothing where nothing is bad.
func TestStrictGood(t *testing.T) {
	t.Parallel()
	want, err := reportOn(t, flatHeader+flatA+flatC)
	require.NoError(t, err)
	text, err := reportOn(t, flatHeader+flatA+flatC, "-strict")
	require.NoError(t, err)
	assert.Equal(t, want, text)
}

// -strict names as many faults as a person reads, and how many more there are.
func TestStrictLog(t *testing.T) {
	t.Parallel()
	evidence := builtIn(t).evidence
	err := refuse(evidence.Evidence, "and -strict is set")
	require.ErrorIs(t, err, errBadRows)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 22)
	assert.Equal(t, "695 bad rows of 59798 in data/servicenow-incidents.csv.gz, and -strict is set:", lines[0])
	assert.Contains(t, lines[1], `data/servicenow-incidents.csv.gz:134:12: started "2016-02-29 07:14`)
	assert.Equal(t, "… and 675 more", lines[21])
}

// A description of one's own: Swedish columns, words for classes, local times of a zone, and one kind for all.
func TestOwnExport(t *testing.T) {
	t.Parallel()
	export := `{
		"name": "mitt system", "notes": ["En rad per ärende."], "rows": "tickets", "kind": "incident", "time_zone": "Europe/Stockholm",
		"columns": {"number": "Ärende", "impact": "Påverkan", "received": "Inkom", "started": "Påbörjad", "resolved": "Löst", "closed": "Stängd"},
		"values": {"impact": {"Stor": 1, "Liten": 4}}
	}`
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/mine.json", []byte(export), 0o600))
	text, err := reportOn(t, "Ärende;Påverkan;Inkom;Påbörjad;Löst;Stängd\n"+
		"1;Stor;2016-04-21 09:00;2016-04-21 09:30;2016-04-22 08:00;2016-04-25 08:00\n"+ // critical, used up at 17:00, met until 08:00
		"2;Liten;2016-04-21T09:00:00;2016-04-21T10:00;2016-04-28 17:00;\n"+ // the fifth of seven business days
		"3;Mellan;2016-04-21 09:00;;;\n"+
		"4;Liten;2016-04-21 09:00;;;2016-04-25 08:00\n"+
		"5;Liten;2016-04-21 09:00;;2016-04-21 11:00;2016-04-25 08:00\n", // resolved, never started
		"-export", dir+"/mine.json")
	require.NoError(t, err)
	assert.Contains(t, text, "  En rad per ärende.\n")
	p := readReport(text)
	p.addsUp(t)
	assert.Equal(t, [6]int{5, 3, 0, 0, 0, 2}, p.sums["Incidents"])
	assert.Equal(t, map[string][2]int{"critical": {1, 0}, "high": {}, "medium": {}, "low": {1, 1}, "all": {2, 1}}, p.groups["Incidents"])
	assert.Equal(t, [][]string{
		{"5", "low", "2016-04-21 09:00", "response", "24 h", "2016-04-25 15:00", "not done", "29 h", "0 s", "§4.3.1"},
	}, p.missed)
	assert.Equal(t, []string{
		`3  in.csv:4:3: impact "Mellan": not readable: known are ["Liten" "Stor"]`,
		"4  in.csv:5:27: resolved: missing: the ticket was closed 2016-04-25 08:00, and nobody knows when it was resolved",
	}, p.notJudged)
}
