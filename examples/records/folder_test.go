package records

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// months are that of testdata/folder and the one behind it, both as of the middle of that.
func months(t testing.TB, rules *sla.Rules) []*sla.Month {
	t.Helper()
	var months []*sla.Month
	for _, month := range []string{"2026-10", "2026-11"} {
		m, err := rules.Month(servicetime.MustMonth(month), utc("2026-11-15 12:00"))
		require.NoError(t, err)
		months = append(months, m)
	}
	return months
}

func feedAll(t testing.TB, paths ...string) ([]*sla.Month, *Quality) {
	t.Helper()
	rules := ssbtek(t)
	months := months(t, rules)
	f, err := Open(Options{}, paths...)
	require.NoError(t, err)
	q, err := f.Feed(rules, months, nil)
	require.NoError(t, err)
	addsUp(t, q)
	return months, q
}

func addsUp(t testing.TB, q *Quality) {
	t.Helper()
	for i := range q.Files {
		f := &q.Files[i]
		require.Equal(t, f.Rows, f.Counted+f.Outside+f.Bad+f.Dropped, f.Name)
		require.GreaterOrEqual(t, f.Dropped, int64(0), f.Name)
		require.GreaterOrEqual(t, int64(len(f.Faults))+f.MoreFaults, min(f.Bad, 1), f.Name)
		require.LessOrEqual(t, len(f.Faults), MaxFaults, f.Name)
		require.Len(t, f.SHA256, 64, f.Name)
		for _, fault := range f.Faults {
			require.Positive(t, fault.Line, f.Name)
			require.Positive(t, fault.Column, f.Name)
			require.NotEmpty(t, fault.Text, f.Name)
			require.Equal(t, Clean(fault.Text), fault.Text, f.Name)
		}
	}
}

// Every kind of record of a made-up month, with what is wrong with some.
func TestFolder(t *testing.T) {
	t.Parallel()
	var seen []string
	rules := ssbtek(t)
	both := months(t, rules)
	folder, err := Open(Options{}, "testdata/folder")
	require.NoError(t, err)
	q, err := folder.Feed(rules, both, func(t priority.Ticket) { seen = append(seen, t.Number) })
	require.NoError(t, err)
	addsUp(t, q)
	assert.Equal(t, []string{"I1", "I2", "I5"}, seen)
	assert.Equal(t, []string{"notes.txt"}, q.Unused)
	assert.Empty(t, q.Missing)

	type figures struct{ rows, counted, outside, bad, dropped int64 }
	want := []struct {
		kind string
		figures
		faults []string
	}{
		{"tickets", figures{5, 2, 1, 2, 0}, []string{
			`4:1: sla: ticket "I3": priority: impact 9: no such class: 1 to 4`,
			`5:14: impact "high": not readable: write a whole number from 1`,
		}},
		{"outages", figures{4, 1, 1, 2, 0}, []string{
			"3:27: to \"2026-10-20T09:00:00+02:00\": availability: ends before it starts",
			`5:1: from "yesterday": not readable: write an instant as "2016-04-30T10:00:00+02:00"`,
		}},
		{"disturbances", figures{2, 1, 0, 1, 0}, []string{"3:27: to \"2026-10-19T09:00:00+02:00\": availability: ends before it starts"}},
		{"windows", figures{2, 1, 0, 1, 0}, []string{"3:27: planned_to: missing"}},
		{"changes", figures{8, 3, 1, 2, 2}, []string{
			`6:18: planned_from "2026-10-21T21:00:00+02:00": availability: overlapping windows`, // the window overlaps the one above
			`8:6: acute "perhaps": not readable: write true or false`,
		}},
		{"calls", figures{5, 4, 0, 1, 0}, []string{`5:1: received "2026-10-05 09:00:03": a local time without offset`}},
		{"users", figures{4, 4, 0, 0, 0}, nil},
		{"disruptions", figures{2, 1, 0, 1, 0}, []string{`3:55: kept "3/8": not readable: write a share as "3 of 8"`}},
		{"backups", figures{3, 1, 1, 1, 0}, []string{`4:27: done_at "2026-10-14T22:30:00+02:00": `}},
		{"tests", figures{2, 1, 0, 1, 0}, []string{"3:27: restored "}},
	}
	require.Len(t, q.Files, len(want))
	for i, w := range want {
		f := q.Files[i]
		assert.Equal(t, w.kind, f.Kind)
		got := figures{f.Rows, f.Counted, f.Outside, f.Bad, f.Dropped}
		assert.Equal(t, w.figures, got, f.Name)
		if assert.Len(t, f.Faults, len(w.faults), "%s: %v", f.Name, f.Faults) {
			for i, fault := range w.faults {
				assert.True(t, strings.HasPrefix(f.Faults[i].String(), fault), f.Faults[i].String())
			}
		}
	}
	assert.Equal(t, "one row a ticket, columns named as the fields of a ticket", q.Files[0].Export)
	assert.Contains(t, q.Files[1].Notes, "1:1: cells are separated by semicolons")
	assert.Contains(t, q.Files[5].Notes, `not used are the columns "machine"`)

	october, november := both[0].Report(), both[1].Report()
	assert.EqualValues(t, 5, october.Incidents.Tickets)
	require.ErrorContains(t, october.Incidents.NotJudged[0].Err, "tickets.csv:4:1: ")
	assert.NotEqual(t, compliance.NoData, october.Availability.Verdict)
	assert.Equal(t, 90*time.Minute, october.Availability.Month.Degraded)
	assert.EqualValues(t, 1, october.Calls.Elsewhere)
	assert.EqualValues(t, 3, november.Calls.Elsewhere)
	assert.Equal(t, capacity.Usage{Users: []capacity.User{{Name: "Storköping", Calls: 2}}, Calls: 3, Unnamed: 1}, october.Calls.Capacity.Usage)
	assert.Len(t, october.Continuity.Disruptions, 1)
	assert.EqualValues(t, 1, october.Continuity.Rejected-1, "a backup and a test")

	text, err := json.Marshal(q)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"name":"users.csv","kind":"users","sha256":"`)

	f, err := Open(Options{Strict: true}, "testdata/folder")
	require.NoError(t, err)
	strict, err := f.Feed(rules, months(t, rules), nil)
	require.ErrorIs(t, err, ErrBadRows)
	assert.Equal(t, q, strict)
	assert.ErrorContains(t, err, "12 bad rows, and they are to be an error:\ntickets.csv:4:1: ")
}

// What each column of each kind says.
func TestColumns(t *testing.T) {
	t.Parallel()
	at := utc("2026-10-05 07:00")
	assert.Equal(t, []availability.Outage{
		{From: at, To: at.Add(time.Hour), Provider: "fk", Cause: "a, \"b\"\nc", Plan: "d", Communicated: at.Add(time.Minute)},
		{From: at},
	}, rowsOf(t, outageColumns, "plan,from,to,provider,cause,communicated\n"+
		"d,2026-10-05T09:00:00+02:00,2026-10-05T08:00:00Z,fk,\"a, \"\"b\"\"\nc\",2026-10-05T07:01:00Z\n,2026-10-05T07:00:00Z,,,,\n"))
	assert.Equal(t, []availability.Window{
		{PlannedFrom: at, PlannedTo: at.Add(time.Hour), ActualTo: at.Add(2 * time.Hour), Announced: true, Decision: availability.Decided},
		{PlannedFrom: at, PlannedTo: at.Add(time.Hour), Decision: availability.Undecided},
		{PlannedFrom: at, PlannedTo: at.Add(time.Hour)},
	}, rowsOf(t, windowColumns, "planned_from;planned_to;actual_to;announced;decided\n"+
		"2026-10-05T07:00:00Z;2026-10-05T08:00:00Z;2026-10-05T09:00:00Z;Yes;TRUE\n2026-10-05T07:00:00Z;2026-10-05T08:00:00Z;;no;no\n2026-10-05T07:00:00Z;2026-10-05T08:00:00Z;;;\n"))
	assert.Equal(t, []changeRow{{
		Change: availability.Change{
			Number: "C", Acute: true, InRelease: true, Cancelled: true, NoEffect: true, On: servicetime.Date{Year: 2026, Month: 10, Day: 5},
			Communicated: at, Verified: at, Status: "s", Outcome: "o",
		},
		window: availability.Window{PlannedFrom: at, PlannedTo: at},
	}}, rowsOf(t, changeColumns, "number,acute,in_release,cancelled,no_effect,on,communicated,verified,status,outcome,planned_from,planned_to\n"+
		"C,yes,yes,yes,yes,2026-10-05,2026-10-05T07:00:00Z,2026-10-05T07:00:00Z,s,o,2026-10-05T07:00:00Z,2026-10-05T07:00:00Z\n"))
	assert.Equal(t, []continuity.Disruption{{
		From: at, To: at, Normal: at, DataAt: at, Kept: compliance.Share{Met: 3, Total: 8}, PlanUsed: true, Name: "n", Cause: "c", Outcome: "o", Actions: "a",
	}}, rowsOf(t, disruptionColumns, "from,to,normal,data_at,kept,plan_used,name,cause,outcome,actions\n"+
		"2026-10-05T07:00:00Z,2026-10-05T07:00:00Z,2026-10-05T07:00:00Z,2026-10-05T07:00:00Z,3 of 8,yes,n,c,o,a\n"))
	assert.Equal(t, []continuity.Backup{{DataAt: at, DoneAt: at, VerifiedAt: at}},
		rowsOf(t, backupColumns, "data_at,done_at,verified_at\n2026-10-05T07:00:00Z,2026-10-05T07:00:00Z,2026-10-05T07:00:00Z\n"))
	assert.Equal(t, []continuity.Test{{At: at, Restored: at, Failed: true, DataAt: at, Name: "n", Outcome: "o", Actions: "a"}},
		rowsOf(t, testColumns, "at,restored,failed,data_at,name,outcome,actions\n2026-10-05T07:00:00Z,2026-10-05T07:00:00Z,yes,2026-10-05T07:00:00Z,n,o,a\n"))
	assert.Equal(t, []use{{received: at, user: "u"}}, rowsOf(t, useColumns, "user,received\nu,2026-10-05T07:00:00Z\n"))
}

// rowsOf reads rows without a fault, their instants in UTC.
func rowsOf[T any](t *testing.T, columns []column[T], content string) (records []T) {
	t.Helper()
	err := readRows(&File{Name: "in.csv"}, strings.NewReader(strings.ReplaceAll(content, "T09:00:00+02:00", "T07:00:00Z")), columns, func(row *recordRow[T]) {
		require.Empty(t, row.faults)
		records = append(records, row.record)
	})
	require.NoError(t, err)
	return records
}

// folder writes files, and returns where they are.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	return dir
}

// A file of outages without any says that there were none; without the file nobody knows, nor with a row that cannot be read.
func TestObserved(t *testing.T) {
	t.Parallel()
	const header = "from,to,provider,cause,plan,communicated\n"
	for content, want := range map[string]compliance.Verdict{
		header:              compliance.Met,
		header + "x,,,,,\n": compliance.NoData,
	} {
		both, q := feedAll(t, folder(t, map[string]string{"outages.csv": content}))
		assert.Equal(t, want, both[0].Report().Availability.Verdict)
		assert.Equal(t, []string{"tickets", "changes", "calls", "disruptions", "backups", "tests"}, q.Missing)
	}
}

// Changes of several rows.
func TestChanges(t *testing.T) {
	t.Parallel()
	const header = "number,on,status,planned_from,planned_to\n"
	window := func(hour string) string { return "2026-10-05T" + hour + ":00:00Z,2026-10-05T" + hour + ":30:00Z\n" }
	tests := []struct {
		name, rows string
		counted    int64
		bad        int64
		dropped    int64
		want       string
	}{
		{"two windows", "A,,s," + window("20") + "A,,s," + window("21"), 2, 0, 0, ""},
		{"two changes", "A,,," + window("20") + "B,,," + window("21"), 2, 0, 0, ""},
		{"no numbers", ",,," + window("20") + ",,," + window("20"), 2, 0, 0, ""},
		{"they differ", "A,,s," + window("20") + "A,,t," + window("21"), 0, 1, 1, `3:4: status "t": differs from what the change's earlier rows say: "s"`},
		{"one comes again", "A,,," + window("20") + "B,,," + window("21") + "A,,," + window("22"), 1, 2, 0, `2:1: number "A": a number that stands twice`},
		{"they overlap", "A,,," + window("20") + "A,,," + window("20"), 0, 1, 1, `3:5: planned_from "2026-10-05T20:00:00Z": `},
		{"no date", "A,,,,\n", 0, 1, 0, "2:3: on: "},
		{"a window without end", "A,,,2026-10-05T20:00:00Z,\n", 0, 1, 0, "2:26: planned_to: "},
		{"no CSV between two", "A,,," + window("20") + "A\"x\n" + "A,,," + window("21"), 0, 3, 0, `2:1: number "A": a number that stands twice`},
		{"a cell too few", "A,,s\n", 0, 1, 0, "2:1: not readable: 3 cells, the header has 5"},
	}
	for _, tt := range tests {
		_, q := feedAll(t, folder(t, map[string]string{"changes.csv": header + tt.rows}))
		f := q.Files[0]
		assert.Equal(t, [3]int64{tt.counted, tt.bad, tt.dropped}, [3]int64{f.Counted, f.Bad, f.Dropped}, tt.name)
		if tt.want == "" {
			assert.Empty(t, f.Faults, tt.name)
		} else if assert.NotEmpty(t, f.Faults, tt.name) {
			assert.True(t, strings.HasPrefix(f.Faults[0].String(), tt.want), "%s: %s", tt.name, f.Faults[0])
		}
	}
	long := header + strings.Repeat("A,2026-10-05,,,\n", maxWindows+3)
	_, q := feedAll(t, folder(t, map[string]string{"changes.csv": long}))
	assert.Equal(t, [2]int64{3, maxWindows}, [2]int64{q.Files[0].Bad, q.Files[0].Dropped})
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	const outages = "from,to\n"
	dir := func(files map[string]string, folders ...string) []string {
		d := folder(t, files)
		for _, name := range folders {
			require.NoError(t, os.Mkdir(filepath.Join(d, name), 0o700))
		}
		return []string{d}
	}
	two := dir(map[string]string{"outages.csv": outages, "outages.csv.gz": packed(t, outages)})
	tests := []struct {
		paths []string
		want  string
	}{
		{[]string{"testdata/none"}, "no such file"},
		{dir(nil), "no records"},
		{dir(map[string]string{"notes.txt": "", "Outages.csv": outages, "outages.json": "[]"}), "no records"},
		{dir(map[string]string{"tickets.export.json": "{}"}), "no records"},
		{dir(nil, "outages.csv"), "outages.csv: it is no file"},
		{append(dir(nil), dir(nil, "tickets.csv")[0]+"/tickets.csv"), "tickets.csv: it is no file"},
		{two, "outages.csv.gz: there is "},
		{dir(map[string]string{"tickets.csv": ""}), "tickets.csv:1:1: the file is empty: a header is needed"},
		{dir(map[string]string{"tickets.csv.gz": "\x1f\x8b"}), "tickets.csv.gz: "},
		{dir(map[string]string{"tickets.csv": "a,b\n"}), `tickets.csv:1:1: no column "number" for number`},
		{dir(map[string]string{"tickets.csv": "a,b\n", "tickets.export.json": "{"}), "tickets.export.json: "},
	}
	for _, tt := range tests {
		_, err := Open(Options{}, tt.paths...)
		require.ErrorContains(t, err, tt.want)
	}

	// What is wrong with the other files is found as they are read.
	rules := ssbtek(t)
	for content, want := range map[string]string{
		"":                                  "outages.csv:1:1: the file is empty: a header is needed",
		"from,from\n":                       `outages.csv:1:1: column "from" stands twice`,
		"from,to,to\n":                      `outages.csv:1:1: column "to" stands twice`,
		"to\n":                              `outages.csv:1:1: no column "from": there are ["to"]`,
		"[{\"from\": 1}]":                   `outages.csv:1:3: header: `,
		"from,to\n\"2026-10-05T07:00\n\n\n": "outages.csv:2:1: a quote is opened in this row",
		packed(t, outages)[:20]:             "outages.csv: ",
		"from,\x00<script>\n" + strings.Repeat("x", MaxRow+4*readAhead): "outages.csv: behind row 0: a row of 4 MiB or more",
	} {
		f, err := Open(Options{}, folder(t, map[string]string{"outages.csv": content}))
		require.NoError(t, err)
		_, err = f.Feed(rules, months(t, rules), nil)
		require.ErrorContains(t, err, want)
	}
	for content, want := range map[string]string{"": "calls.csv:", "received,received\n": "\ncalls.csv:1:", packed(t, outages)[:12]: "calls.csv: "} {
		f, err := Open(Options{}, folder(t, map[string]string{"calls.csv": content}))
		require.NoError(t, err)
		_, err = f.Feed(rules, months(t, rules), nil)
		require.ErrorContains(t, err, want)
	}
}

// Texts that are to do harm where they are printed.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"<script>alert(1)</script>", "=HYPERLINK(\"\"x\"\")", "\x1b[31m", "\x00", "\xff\xfe", strings.Repeat("x", 10_000), "\u202e", "a\tb"} {
		dir := folder(t, map[string]string{
			"outages.csv": "from,provider,cause," + strings.ReplaceAll(text, `"`, "") + "\n\"" + text + "\",\"" + text + "\",\"" + text + "\",\n2026-10-05T07:00:00Z,,\"" + text + "\",\n",
			"tickets.csv": "number,kind,received,resolved\n\"" + text + "\",\"" + text + "\",\"" + text + "\",\n",
		})
		_, q := feedAll(t, dir)
		for _, f := range q.Files {
			assert.NotEmpty(t, f.Faults)
			for _, note := range f.Notes {
				assert.Equal(t, strings.ToValidUTF8(note, ""), note)
				assert.Less(t, len(note), 1000)
				assert.NotContains(t, note, "\x1b")
			}
		}
	}
}

// Described by a file beside them, in a zone, and packed.
func TestDescribed(t *testing.T) {
	t.Parallel()
	glpi, err := os.ReadFile("testdata/glpi.json")
	require.NoError(t, err)
	export, err := os.ReadFile("exports/glpi.json")
	require.NoError(t, err)
	dir := folder(t, map[string]string{"tickets.json.gz": packed(t, string(glpi)), "tickets.export.json": strings.Replace(string(export), "GLPI", "ours", 1)})
	f, err := Open(Options{Zone: "Europe/Stockholm"}, dir)
	require.NoError(t, err)
	rules := ssbtek(t)
	last, err := f.Survey(rules)
	require.NoError(t, err)
	assert.Equal(t, f.Tickets.Latest, last)
	assert.Equal(t, utc("2026-10-26 07:00"), f.Tickets.Latest.UTC())
	assert.Equal(t, "2", f.Tickets.Last.Number)
	q, err := f.Feed(rules, months(t, rules), nil)
	require.NoError(t, err)
	addsUp(t, q)
	assert.True(t, strings.HasPrefix(q.Files[0].Export, "ours"))
	assert.Contains(t, q.Files[0].Notes, "1:1: 1 tickets waited at times that the file does not tell: no pause is made of it")

	f, err = Open(Options{Export: "glpi", Zone: "Europe/Stockholm"}, dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"tickets.export.json"}, f.unused)
}
