package records

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// ssbtek are the rules of the preset, whose clocks stop at resolved: no system has an instant of reporting back.
func ssbtek(t testing.TB) *sla.Rules {
	t.Helper()
	a := sla.SSBTEK()
	a.Incidents.StopsAt, a.Problems.StopsAt = priority.AtResolved, priority.AtResolved
	rules, err := a.Compile(time.LoadLocation)
	require.NoError(t, err)
	return rules
}

func textSource(name, content string) Source {
	return Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func fileSource(path string) Source {
	return Source{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// told is what a file of tickets gives, in UTC.
type told struct {
	*Evidence
	reading *Tickets
	tickets []priority.Ticket
	rejects []Reject
}

func tell(t testing.TB, g *Tickets) told {
	t.Helper()
	require.NoError(t, g.Survey(ssbtek(t).Level))
	all := told{reading: g}
	var err error
	all.Evidence, err = g.Read(func(p Placed) error {
		for _, at := range []*time.Time{&p.Occurred, &p.Received, &p.Started, &p.Resolved, &p.ReportedBack} {
			if !at.IsZero() {
				*at = at.UTC()
			}
		}
		for i := range p.Pauses {
			p.Pauses[i].From = p.Pauses[i].From.UTC()
		}
		all.tickets = append(all.tickets, p.Ticket)
		return nil
	}, func(r Reject) { all.rejects = append(all.rejects, r) })
	require.NoError(t, err)
	return all
}

func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// The same ticket in the exports of four systems, and what else each of them says. Every file is found by its columns.
func TestSystems(t *testing.T) {
	t.Parallel()
	const stockholm = "Europe/Stockholm"
	tests := []struct {
		file, zone, name string
		first            priority.Ticket // without its instants, which are the same
		second           priority.Ticket
		faults           []string
	}{
		{
			"servicenow.csv", stockholm, "ServiceNow",
			priority.Ticket{Number: "INC0010001", Impact: 1, Urgency: 2, Priority: 2},
			priority.Ticket{Number: "INC0010002", Impact: 3, Urgency: 3, Priority: 4},
			[]string{`4:112: priority "9 - Unheard of": not readable: known are`},
		},
		{
			"servicenow.json", "UTC", "ServiceNow",
			priority.Ticket{Number: "INC0010001", Impact: 1, Urgency: 2, Priority: 2},
			priority.Ticket{Number: "INC0010002", Impact: 3, Urgency: 3, Priority: 4},
			[]string{`7:132: priority "9": not readable: known are`},
		},
		{
			"jira.csv", stockholm, "Jira Service Management",
			priority.Ticket{Number: "SD-1", Priority: 2},
			priority.Ticket{Number: "SD-2", Priority: 4},
			[]string{`4:43: kind "[System] Change": not readable: known are`, `4:87: resolved "31/Nov/26 10:00 AM": not readable: no such date`},
		},
		{
			"jira.json", "", "Jira Service Management",
			priority.Ticket{Number: "SD-1", Priority: 2},
			priority.Ticket{Number: "SD-2", Priority: 4},
			[]string{`11:27: kind "[System] Change": not readable: known are`, `11:138: resolved "2026-11-31T10:00:00.000+0200": not readable: no such date`},
		},
		{
			"zammad.csv", "", "Zammad",
			priority.Ticket{Number: "65001", Priority: 2},
			priority.Ticket{Number: "65002", Priority: 4},
			[]string{`4:20: priority "4 highest": not readable: known are ["1 low" "2 normal" "3 high"]`},
		},
		{
			"zammad.json", "", "Zammad",
			priority.Ticket{Number: "65001", Priority: 2},
			priority.Ticket{Number: "65002", Priority: 4},
			[]string{`5:44: priority "4 highest": not readable: known are ["1 low" "2 normal" "3 high"]`},
		},
		{
			"glpi.csv", stockholm, "GLPI",
			priority.Ticket{Number: "1", Priority: 2},
			priority.Ticket{Number: "2", Priority: 4, Pauses: []servicetime.Pause{{From: utc("2026-10-26 07:00")}}},
			[]string{`4:79: kind "3": not readable: known are ["1" "2"]`, `4:54: started "1.5": not readable: write whole seconds`},
		},
		{
			"glpi.json", stockholm, "GLPI",
			priority.Ticket{Number: "1", Priority: 2},
			priority.Ticket{Number: "2", Priority: 4, Pauses: []servicetime.Pause{{From: utc("2026-10-26 07:00")}}},
			[]string{`6:145: kind "3": not readable: known are ["1" "2"]`, `6:96: started "1.5": not readable: write whole seconds`},
		},
	}
	rules := ssbtek(t)
	asOf := utc("2026-11-01 00:00")
	var want sla.Judgement
	for i, tt := range tests {
		g, err := InspectAs("", tt.zone, fileSource("testdata/"+tt.file))
		require.NoError(t, err, tt.file)
		assert.Contains(t, g.Export.Name, tt.name, tt.file)
		got := tell(t, g)
		tt.first.Kind, tt.second.Kind = priority.Incident, priority.Incident
		tt.first.Received, tt.first.Started, tt.first.Resolved = utc("2026-10-05 07:00"), utc("2026-10-05 07:30"), utc("2026-10-06 09:15")
		tt.second.Received = utc("2026-10-25 00:30") // the first of the two half past two
		assert.Equal(t, []priority.Ticket{tt.first, tt.second}, got.tickets, tt.file)
		require.Len(t, got.Faults, len(tt.faults), tt.file)
		for i, fault := range tt.faults {
			assert.Contains(t, got.Faults[i].String(), fault, tt.file)
		}
		assert.Equal(t, [4]int{3, 1, 2, 1}, [4]int{got.Rows, got.BadRows, got.Read, got.Rejected}, tt.file)

		j, err := rules.Judge(got.tickets[0], asOf)
		require.NoError(t, err, tt.file)
		if i == 0 {
			want = j
		}
		assert.Equal(t, want, j, tt.file)
	}
}

// A local time has no instant without a zone.
func TestNoZone(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"servicenow.csv", "servicenow.json", "jira.csv", "glpi.csv", "glpi.json"} {
		g, err := InspectAs("", "", fileSource("testdata/"+file))
		require.NoError(t, err, file)
		got := tell(t, g)
		assert.Empty(t, got.tickets, file)
		assert.Contains(t, got.Faults[0].Text, "a local time, and the export names no time_zone", file)
	}
	_, err := InspectAs("", "Europe/Atlantis", fileSource("testdata/glpi.csv"))
	assert.ErrorContains(t, err, `time_zone "Europe/Atlantis": no such time zone`)
}

// Instants that an export's clocks show twice, or not at all.
func TestClockChanges(t *testing.T) {
	t.Parallel()
	g, err := InspectAs("glpi", "Europe/Stockholm", textSource("glpi.csv", "id,type,date,solvedate\n"+
		"1,1,2026-03-29 02:30:00,2026-03-29 03:00:00\n"+ // missing: moved by the gap, to half past three; so resolved before it was received
		"2,1,2026-03-29 02:00:00,2026-03-29 03:30:00\n"+
		"3,1,2026-10-25 02:30:00,2026-10-25 03:00:00\n"))
	require.NoError(t, err)
	got := tell(t, g)
	require.Len(t, got.tickets, 2)
	assert.Equal(t, utc("2026-03-29 01:00"), got.tickets[0].Received)
	assert.Equal(t, 90*time.Minute, got.tickets[1].Resolved.Sub(got.tickets[1].Received))
	assert.Contains(t, got.Faults[0].Text, "the record contradicts itself")
}

func TestJSONFaults(t *testing.T) {
	t.Parallel()
	const (
		head = `[{"number": "A", "created_at": "2026-10-05T07:00:00Z", "close_at": "2026-10-05T08:00:00Z", "priority": "1 low"},` + "\n"
		tail = "\n" + `{"number": "C", "created_at": "2026-10-05T07:00:00Z", "close_at": "2026-10-05T08:00:00Z"}]`
	)
	rows := []struct{ row, want string }{
		{`null,`, "2:1: not readable: a row is an object"},
		{`[1, {"number": "B"}],`, "2:1: not readable: a row is an object"},
		{`"number",`, "2:1: not readable: a row is an object"},
		{`{},`, "2:1: number: missing"},
		{`{"number": null, "created_at": "2026-10-05T07:00:00Z"},`, "2:12: number: missing"},
		{`{"number": "B", "number": "A", "created_at": "2026-10-05T07:00:00Z"},`, "2:27: not readable: number stands twice"},
		{`{"number": "B", "created_at": 1791180000},`, `2:31: received "1791180000": not readable`},
		{`{"number": "B", "created_at": true},`, `2:31: received "true": not readable`},
		{`{"number": "B", "created_at": {"a": [1]}},`, "2:31: not readable: created_at is no text"},
		{`{"number": "B\u0000\u001b", "created_at": "\u0000"},`, `2:43: received "\x00": not readable`},
		{"{\"number\": \"B\", \"created_at\": \"\xff\"},", "2:31: received \"\uFFFD\": not readable"},
		{`{"number": "A", "created_at": "2026-10-05T07:00:00Z"},`, `2:12: number "A": a number that stands twice: first at line 1`},
		{`{"number": "B", "created_at": "` + strings.Repeat("x", 10_000) + `"},`, `2:31: received "xxx`},
	}
	for _, tt := range rows {
		g, err := InspectAs("zammad", "", textSource("z.json", head+tt.row+tail))
		require.NoError(t, err, tt.row)
		got := tell(t, g)
		assert.Equal(t, [4]int{3, 1, 2, 1}, [4]int{got.Rows, got.BadRows, got.Read, got.Rejected}, tt.row)
		require.NotEmpty(t, got.Faults, tt.row)
		assert.True(t, strings.HasPrefix(got.Faults[0].String(), tt.want), got.Faults[0].String())
	}

	// Files that cannot be read to their end. The first rows are its header, so that it is found at once.
	files := []struct{ content, want string }{
		{head, "z.json:2:1: not JSON: unexpected EOF"},
		{head[:60], "z.json:1:61: not JSON: unexpected EOF"},
		{head + "{]", "z.json:2:2: not JSON: "},
		{head + `{"number": "B", "x": ` + strings.Repeat("[", 20_000), "z.json:2:"},
		{head + `{"number": "` + strings.Repeat("x", MaxRow+4*readAhead), "z.json: behind row 1: a row of 4 MiB or more"},
		{head + `{},` + tail + " []", "z.json: behind row 3: text behind the end"},
		{head + `{},` + tail + " x", "z.json: behind row 3: text behind the end"},
		{`{"issues": []}`, "z.json:1:1: no column: the file is one JSON object, and the export names no list in it"},
		{`[{"id": 1}]`, `z.json:1:1: no column "number" for number: there are []`},
		{`[`, "unexpected EOF"},
	}
	for _, tt := range files {
		g, err := InspectAs("zammad", "", textSource("z.json", tt.content))
		if err == nil {
			err = g.Survey(ssbtek(t).Level)
		}
		require.ErrorContains(t, err, tt.want, tt.content[:min(len(tt.content), 200)])
	}
	for _, content := range []string{`{"a": [1, {"issues": [2]}], "issues": [], "issues": []}`, `{"result": []}`, `{"issues": 1}`, `{}`, `{`} {
		g, err := InspectAs("jira-service-management", "", textSource("j.json", content))
		if err == nil {
			err = g.Survey(ssbtek(t).Level)
		}
		require.ErrorContains(t, err, "j.json", content)
	}

	// No row: nothing happened, and nothing is missing.
	g, err := InspectAs("jira-service-management", "", textSource("j.json", "\ufeff \n"+`{"a": [1, {"issues": [2]}], "issues": [], "b": {"issues": 3}}`))
	require.NoError(t, err)
	assert.Zero(t, tell(t, g).Rows)
	assert.False(t, g.Head.NoStarted)
}

// A log of events can be JSON too.
func TestJSONEvents(t *testing.T) {
	t.Parallel()
	g, err := InspectAs("servicenow-ssbtek", "", textSource("log.json", `[
		{"number": "A", "updated_at": "2016-04-04T09:00", "state": "New", "impact": "2 - Medium", "opened_at": "2016-04-04T09:00", "resolved_at": "", "closed_at": ""},
		{"number": "A", "updated_at": "2016-04-04T09:30", "state": "Active", "impact": "2 - Medium", "resolved_at": "2016-04-05T09:30"}
	]`))
	require.NoError(t, err)
	got := tell(t, g)
	require.Len(t, got.tickets, 1)
	assert.Equal(t, utc("2016-04-04 07:30"), got.tickets[0].Started)
	assert.Equal(t, utc("2016-04-05 07:30"), got.tickets[0].Resolved)
}

// Rows that are never to end, packed: no more of them is held than a row may have.
func TestBombs(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]string{"a cell": "x", "blank lines": "\n", "a quote": "\"\n\",", "separators": ","} {
		packed := packedRepeat(t, "number,kind,received,resolved\nA,incident,", fill, 64<<20)
		g, err := InspectAs("tickets", "", textSource("in.csv.gz", packed))
		require.NoError(t, err, name)
		require.ErrorIs(t, g.Survey(ssbtek(t).Level), ErrLong, name)
	}
	packed := packedRepeat(t, `[{"number": "A", "created_at": "2026-10-05T07:00:00Z", "close_at": "`, " ", 64<<20)
	_, err := InspectAs("zammad", "", textSource("in.json.gz", packed))
	assert.ErrorIs(t, err, ErrLong)
}

func TestExportFaults(t *testing.T) {
	t.Parallel()
	const base = `{"name": "n", "rows": "tickets", "kind": "incident", "columns": {"number": "n", "received": ["r", "s"], "resolved": "d", "paused_from": "p"}`
	for more, want := range map[string]string{
		`"layouts": ["02/01/06"]`:                                    `layouts[0] "02/01/06"`,
		`"layouts": ["2006-01-02 03:04"]`:                            "layouts[0]",
		`"layouts": ["2006-01-02 15:04 MST"]`:                        "layouts[0]",
		`"delays": {"started": "received"}`:                          "delays.started: it has no column",
		`"delays": {"paused_from": "received"}`:                      "delays.paused_from: it has no column, or is no instant",
		`"delays": {"resolved": "closed"}`:                           `delays.resolved "closed"`,
		`"delays": {"resolved": "received", "received": "resolved"}`: "is no instant that a column gives",
		`"kinds": {"1": ""}`:                                         "kinds.1: missing",
		`"columns": {}`:                                              "duplicate",
		`"values": {"class": {"a": 1}}`:                              "values.class: only impact",
	} {
		file := t.TempDir() + "/e.json"
		require.NoError(t, os.WriteFile(file, []byte(base+", "+more+"}"), 0o600))
		_, err := LoadExport(file)
		require.ErrorContains(t, err, want, more)
	}
	file := t.TempDir() + "/e.json"
	require.NoError(t, os.WriteFile(file, []byte(`{"rows": "tickets", "kind": "incident", "columns": {"number": "n", "received": []}}`), 0o600))
	_, err := LoadExport(file)
	assert.ErrorContains(t, err, "columns.received: a name is missing")
}

// Every description that is built in can be read, says where what it describes comes from, and is one that a file is compared with, or its other reading.
func TestExports(t *testing.T) {
	t.Parallel()
	files, err := exports.ReadDir("exports")
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".json")
		names = append(names, name)
		e, err := LoadExport(name)
		require.NoError(t, err, name)
		assert.NotEmpty(t, e.Notes, name)
		if e.Rows == "events" {
			assert.Contains(t, strings.Join(e.Notes, " "), "CC BY 4.0", name)
		}
		same, err := LoadExport("exports/" + f.Name()) // as a file
		require.NoError(t, err, name)
		assert.Equal(t, e, same, name)
	}
	assert.ElementsMatch(t, append([]string{"servicenow-own"}, builtIn...), names)
	_, err = LoadExport("none")
	for _, name := range names {
		assert.ErrorContains(t, err, name)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a\uFFFDb\uFFFDÅ\uFFFD", Clean("a\x00b\xff\xfeÅ\n"))
	assert.Equal(t, strings.Repeat("Å", 200)+"…", Clean(strings.Repeat("Å", 201)))
	assert.Equal(t, strings.Repeat("Å", 200), Clean(strings.Repeat("Å", 200)))
}

// A file that grows between the two readings.
func TestChanged(t *testing.T) {
	t.Parallel()
	content := "number,kind,received,resolved\nA,incident,2026-10-05T07:00:00Z,\n"
	g, err := InspectAs("tickets", "", Source{Name: "in.csv", Open: func() (io.ReadCloser, error) {
		content += "B,incident,2026-10-05T07:00:00Z,\n"
		return io.NopCloser(strings.NewReader(content)), nil
	}})
	require.NoError(t, err)
	require.NoError(t, g.Survey(ssbtek(t).Level))
	_, err = g.Read(func(Placed) error { return nil }, func(Reject) {})
	assert.ErrorIs(t, err, ErrChanged)
}
