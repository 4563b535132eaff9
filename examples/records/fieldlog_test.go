package records

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A log of changes tells a ticket's history: A changes its priority, waits, is resolved and goes on; B's rows stand in no order, and its priority was 4 before
// anybody said so.
//
//	A  new |--| work |--| pause |--| work |--| resolved |--| work |--| resolved
//	   9:00   9:30      11:00      13:00     14:00         15:00     16:00
func TestFieldLog(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/changes.csv")
	require.NoError(t, err)
	csv := string(content)
	var rows []string
	for row := range strings.Lines(csv) {
		cells := strings.Split(strings.TrimSpace(row), ",")
		if cells[0] != "ticket" {
			rows = append(rows, `{"new":"`+cells[4]+`","old":"`+cells[3]+`","field":"`+cells[2]+`","time":"`+cells[1]+`","ticket":"`+cells[0]+`"}`)
		}
	}
	for name, content := range map[string]string{"log.csv": csv, "log.json": "[" + strings.Join(rows, ",\n") + "]"} {
		g, err := InspectAs("", "", textSource(name, content))
		require.NoError(t, err, name)
		assert.Equal(t, "changes", g.Export.Rows)
		assert.True(t, g.Head.NoReportedBack)
		got := tell(t, g)
		assert.Empty(t, got.Faults)
		assert.Equal(t, [3]int{13, 2, 0}, [3]int{got.Rows, got.Read, got.BadRows}, name)
		require.Len(t, got.tickets, 2)
		a, b := got.tickets[0], got.tickets[1]
		for i := range a.Pauses {
			a.Pauses[i].To = a.Pauses[i].To.UTC()
		}
		for i := range a.Reopened {
			a.Reopened[i] = servicetime.Span{From: a.Reopened[i].From.UTC(), To: a.Reopened[i].To.UTC()}
		}
		for i := range a.Changes {
			a.Changes[i].At = a.Changes[i].At.UTC()
		}
		assert.Equal(t, priority.Ticket{
			Number: "A", Kind: priority.Incident, Priority: 3, Received: utc("2026-10-05 07:00"), Started: utc("2026-10-05 07:30"), Resolved: utc("2026-10-05 14:00"),
			Pauses:   []servicetime.Pause{{From: utc("2026-10-05 09:00"), To: utc("2026-10-05 11:00"), Reason: "pause"}},
			Changes:  []priority.Change{{At: utc("2026-10-05 08:00"), Priority: 2}},
			Reopened: []servicetime.Span{{From: utc("2026-10-05 12:00"), To: utc("2026-10-05 13:00")}},
		}, a)
		assert.Equal(t, priority.Level(4), b.Priority)
		assert.Equal(t, utc("2026-10-06 07:00"), b.Received)
		assert.Equal(t, utc("2026-10-06 08:00"), b.Resolved)
		require.Len(t, b.Changes, 1)
		assert.Equal(t, priority.Level(1), b.Changes[0].Priority)
	}
}

// What such a log cannot say, each where it stands, and with it its ticket.
func TestFieldLogFaults(t *testing.T) {
	t.Parallel()
	const good = "A,2026-10-05T09:00:00Z,priority,,3\nA,2026-10-05T09:00:00Z,state,,new\nA,2026-10-05T10:00:00Z,state,new,resolved\n"
	for _, row := range []struct {
		name, rows   string
		read         int
		line, column int
	}{
		{"another old value", good + "A,2026-10-05T11:00:00Z,state,work,pause\n", 0, 5, 30},
		{"no such state", good + "A,2026-10-05T11:00:00Z,state,resolved,gone\n", 0, 5, 39},
		{"no such priority", good + "B,2026-10-05T11:00:00Z,priority,,high\n", 1, 5, 34},
		{"no instant", good + "A,yesterday,state,resolved,work\n", 0, 5, 3},
		{"no ticket", ",2026-10-05T11:00:00Z,state,,new\n" + good, 1, 2, 1},
		{"a cell too few", good + "A,2026-10-05T11:00:00Z,state\n", 0, 2, 1}, // perhaps it is protected: no more is said of the ticket
		{"the number again", good + "B,2026-10-05T09:00:00Z,priority,,3\n" + good, 1, 6, 1},
	} {
		g, err := InspectAs("changes", "", textSource("log.csv", "ticket,time,field,old,new\n"+row.rows))
		require.NoError(t, err, row.name)
		got := tell(t, g)
		assert.Equal(t, row.read, got.Read, row.name)
		assert.Equal(t, strings.Count(row.rows, "\n"), got.Rows, row.name)
		if assert.NotEmpty(t, got.Faults, row.name) {
			assert.Equal(t, [2]int{row.line, row.column}, [2]int{got.Faults[0].Line, got.Faults[0].Column}, row.name)
		}
	}
	// A log without old values, and without a ticket.
	g, err := InspectAs("", "", textSource("log.csv", "ticket;time;field;new\n"))
	require.NoError(t, err)
	assert.Empty(t, tell(t, g).tickets)
}

// A description of such a log says of which fields its rows are.
func TestFieldLogDescriptions(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		`{"rows": "changes", "kind": "incident", "columns": {"number": "n", "at": "t", "field": "f", "new": "v", "state": "s"}}`:                                                 "columns.state",
		`{"rows": "changes", "kind": "incident", "columns": {"number": "n", "at": "t", "field": "f"}}`:                                                                           "columns.new: missing",
		`{"rows": "changes", "kind": "incident", "columns": {"number": "n", "at": "t", "field": "f", "new": "v"}}`:                                                               "fields.state: missing",
		`{"rows": "changes", "kind": "incident", "columns": {"number": "n", "at": "t", "field": "f", "new": "v"}, "fields": {"state": "s", "started": "x"}}`:                     "fields.started",
		`{"rows": "changes", "kind": "incident", "columns": {"number": "n", "at": "t", "field": "f", "new": "v"}, "fields": {"state": []}}`:                                      "fields.state: a name is missing",
		`{"rows": "changes", "columns": {"number": "n", "at": "t", "field": "f", "new": "v"}, "fields": {"state": "s"}}`:                                                         "kind: missing",
		`{"rows": "events", "kind": "incident", "columns": {"number": "n"}, "fields": {"state": "s"}}`:                                                                           "fields: they are of rows that are changes",
		`{"rows": "changes", "kind": "incident", "columns": {"number": "n", "at": "t", "field": "f", "new": "v"}, "fields": {"state": "s"}, "delays": {"resolved": "received"}}`: "delays.resolved",
	} {
		file := t.TempDir() + "/e.json"
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := LoadExport(file)
		assert.ErrorContains(t, err, why)
	}
}
