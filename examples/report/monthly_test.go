package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/examples/agreements"
	"example.com/sla/examples/monthly"
	"example.com/sla/examples/page"
	"example.com/sla/servicetime"
)

var updateMonthly = flag.Bool("update-monthly", false, "write the goldens of the whole report anew")

func monthlyOf(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	require.NoError(t, run(args, &out, &errs), errs.String())
	return out.String()
}

func documentOf(t *testing.T, args ...string) *page.Document {
	t.Helper()
	var d page.Document
	require.NoError(t, json.Unmarshal([]byte(monthlyOf(t, append(args, "-format", "json")...)), &d))
	return &d
}

// The default month, in each form. The goldens are packed: zcat shows them.
func TestMonthlyGoldens(t *testing.T) {
	for name, args := range map[string][]string{
		"month.txt":     {"-format", "text"},
		"month.sv.txt":  {"-format", "text", "-lang", "sv"},
		"month.json":    {"-format", "json"},
		"month.html":    {"-format", "html"},
		"month.sv.html": {"-format", "html", "-lang", "sv"},
		"month.csv":     {"-format", "csv"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.ReplaceAll(monthlyOf(t, args...), runtime.Version(), "GO")
			golden := filepath.Join("testdata", name+".gz")
			if *updateMonthly {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, err := io.WriteString(z, got)
				require.NoError(t, err)
				require.NoError(t, z.Close())
				require.NoError(t, os.WriteFile(golden, b.Bytes(), 0o644))
			}
			f, err := os.Open(golden)
			require.NoError(t, err, "go test ./report -run MonthlyGoldens -update-monthly")
			defer func() { _ = f.Close() }() // it is only read
			z, err := gzip.NewReader(f)
			require.NoError(t, err)
			want, err := io.ReadAll(z)
			require.NoError(t, err)
			if string(want) != got { // of megabytes a difference is told by its line
				w, g := strings.Split(string(want), "\n"), strings.Split(got, "\n")
				for i := range min(len(w), len(g)) {
					require.Equal(t, w[i], g[i], "%s:%d", name, i+1)
				}
				require.Len(t, g, len(w), name)
			}
		})
	}
}

// rows reads a made-up file, packed or not, without its header.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	const dir = "data/made-up"
	data, err := os.ReadFile(filepath.Join(dir, name))
	if os.IsNotExist(err) {
		data, err = os.ReadFile(filepath.Join(dir, name+".gz"))
		require.NoError(t, err)
		z, zerr := gzip.NewReader(bytes.NewReader(data))
		require.NoError(t, zerr)
		data, err = io.ReadAll(z)
	}
	require.NoError(t, err)
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	return all[1:]
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return v
}

// openMinute reports whether a minute of April 2016 lies in the opening hours: no public holiday of it is a weekday.
func openMinute(at time.Time) bool {
	day := at.Weekday()
	return day != time.Saturday && day != time.Sunday && at.Hour() >= 8 && at.Hour() < 17
}

// Every target of the default month, counted again from the records by the letter, minute by minute and call by call; incidents are in slow_test.go.
func TestMonthlyAgainstNaive(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Stockholm")
	require.NoError(t, err)
	from, to := time.Date(2016, 4, 1, 0, 0, 0, 0, zone), time.Date(2016, 5, 1, 0, 0, 0, 0, zone)
	inMonth := func(v time.Time) bool { return !v.Before(from) && v.Before(to) }
	targets := map[string]struct{ met, total, value int64 }{}

	// Availability: excused is the planned window, which wins; down are outages of the composite service and the overrun that was not announced.
	type span struct{ from, to time.Time }
	var down, excused []span
	for _, r := range rows(t, "outages.csv") {
		if r[2] == "" {
			down = append(down, span{instant(t, r[0]), instant(t, r[1])})
		}
	}
	for _, r := range rows(t, "windows.csv") {
		excused = append(excused, span{instant(t, r[0]), instant(t, r[1])})
		down = append(down, span{instant(t, r[1]), instant(t, r[2])})
	}
	in := func(spans []span, at time.Time) bool {
		return slices.ContainsFunc(spans, func(s span) bool { return !at.Before(s.from) && at.Before(s.to) })
	}
	var open, lost, interruptions int64
	was := false // down in the open minute before, or without a break since
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		is := in(down, at)
		if openMinute(at) {
			open++
			if is && !in(excused, at) {
				lost++
				if !was {
					interruptions++
				}
				was = true
			}
		}
		if !is {
			was = false
		}
	}
	minutes := int64(time.Minute)
	targets["availability.limits[0]"] = struct{ met, total, value int64 }{(open - lost) * minutes, open * minutes, 0}
	targets["availability.limits[3]"] = struct{ met, total, value int64 }{0, 0, interruptions}

	// Calls.
	var answered, all, fast, slow int64
	perMinute := map[int64]int64{}
	for _, r := range rows(t, "calls.csv") {
		at := instant(t, r[0]).In(zone)
		if !inMonth(at) {
			continue
		}
		perMinute[at.Unix()/60]++
		if !openMinute(at) {
			continue
		}
		all++
		if r[4] != "" || r[2] == "" {
			continue
		}
		answered++
		persons, err := strconv.Atoi(r[1])
		require.NoError(t, err)
		ms, err := strconv.Atoi(r[2])
		require.NoError(t, err)
		if ms <= 7000+1500*(persons-1) {
			fast++
		}
		if ms <= 12000+1500*(persons-1) {
			slow++
		}
	}
	var peak int64
	for _, n := range perMinute {
		peak = max(peak, n)
	}
	targets["performance.limits[0]"] = struct{ met, total, value int64 }{fast, answered, 0}
	targets["performance.limits[1]"] = struct{ met, total, value int64 }{slow, answered, 0}
	targets["performance.precision"] = struct{ met, total, value int64 }{answered, all, 0}
	targets["capacity.limits[0]"] = struct{ met, total, value int64 }{0, 0, peak}
	targets["capacity.limits[1]"] = struct{ met, total, value int64 }{0, 0, peak}

	// Changes: communicated on a date four weeks before, or earlier.
	var inTime, changes int64
	for _, r := range rows(t, "changes.csv") {
		at := instant(t, r[1])
		if !inMonth(at) {
			continue
		}
		changes++
		latest := time.Date(at.Year(), at.Month(), at.Day()-28, 23, 59, 59, 0, zone)
		if !instant(t, r[4]).After(latest) {
			inTime++
		}
	}
	targets["changes.goal"] = struct{ met, total, value int64 }{inTime, changes, 0}

	// Orders: 2 or 5 working days behind the date of receipt, until closing; in the month in which they were done, or in which the due had passed.
	holidays := map[string]bool{}
	for _, year := range []int{2015, 2016} {
		for _, h := range servicetime.Sweden.In(year) {
			holidays[h.Date.String()] = true
		}
	}
	working := func(at time.Time) bool {
		return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && !holidays[at.Format(time.DateOnly)]
	}
	var met, judged int64
	for _, r := range rows(t, "tickets.csv") {
		days := map[string]int{"question": 2, "connection": 5}[r[2]]
		if r[1] != "order" || days == 0 {
			continue
		}
		received, done := instant(t, r[5]).In(zone), instant(t, r[8])
		due := time.Date(received.Year(), received.Month(), received.Day(), 17, 0, 0, 0, zone)
		for n := 0; n < days; {
			if due = due.AddDate(0, 0, 1); working(due) {
				n++
			}
		}
		switch {
		case !done.After(due) && inMonth(done):
			met, judged = met+1, judged+1
		case done.After(due) && inMonth(due):
			judged++
		}
	}
	targets["orders.goal"] = struct{ met, total, value int64 }{met, judged, 0}

	d := documentOf(t)
	seen := 0
	for _, row := range d.Targets {
		want, counted := targets[row.Path]
		if !counted {
			continue
		}
		seen++
		assert.Equal(t, want, struct{ met, total, value int64 }{row.Met, row.Total, row.Value}, row.Path)
		if want.total > 0 {
			verdict := compliance.Share{Met: want.met, Total: want.total}.Verdict(row.Goal)
			assert.Equal(t, verdict, row.Verdict, row.Path)
		}
	}
	assert.Equal(t, len(targets), seen)
	assert.EqualValues(t, 2774, d.Targets[0].Met, "as slow_test.go counts the real incidents")
	assert.EqualValues(t, 3855, d.Targets[0].Total)
}

// A record that is changed changes the figures that it is in, and no other.
func TestMonthlyMutated(t *testing.T) {
	whole := t.TempDir()
	require.NoError(t, os.CopyFS(whole, os.DirFS("data/made-up")))
	figures := func(dir string) map[string]string {
		d := documentOf(t, "-records", dir, "-month", "2016-04", "-as-of", "2016-05-09T08:00:00+02:00")
		out := map[string]string{}
		for _, row := range d.Targets {
			text, err := json.Marshal(row)
			require.NoError(t, err)
			out[row.Path] = string(text)
		}
		return out
	}
	before := figures(whole)
	for _, tt := range []struct {
		file, old, changed string
		paths              []string
	}{
		{"outages.csv", "from,to,provider,cause,plan,communicated\n", "from,to,provider,cause,plan,communicated\n2016-04-05T10:00:00+02:00,2016-04-05T10:10:00+02:00,,new,,\n", []string{
			"availability.limits[0]", "availability.limits[1]", "availability.limits[2]", "availability.limits[3]", "availability.limits[4]",
		}},
		{"outages.csv", "from,to,provider,cause,plan,communicated\n", "from,to,provider,cause,plan,communicated\n2016-04-05T20:00:00+02:00,2016-04-05T20:10:00+02:00,,at night,,\n", nil},
		{"windows.csv", "2016-04-14T10:00:00+02:00,false", "2016-04-14T10:00:00+02:00,true", []string{
			"availability.limits[0]", "availability.limits[1]", "availability.limits[2]", "availability.limits[3]", "availability.limits[4]",
		}},
		{"changes.csv", "CHG2016-04-1,2016-04-0", "CHG2016-04-1,2016-05-0", []string{"changes.goal"}},
		{"backups.csv", "2016-04-14T02:00:00+02:00", "2016-04-14T02:01:00+02:00", nil}, // nothing is agreed
		{"tickets.csv", "order,question", "order,permissions", []string{"orders.goal"}},
	} {
		t.Run(tt.file+" "+tt.changed[:min(len(tt.changed), 60)], func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.CopyFS(dir, os.DirFS(whole)))
			name := filepath.Join(dir, tt.file)
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			n := 1
			if tt.file == "tickets.csv" {
				n = -1
			}
			changed := strings.Replace(string(text), tt.old, tt.changed, n)
			require.NotEqual(t, string(text), changed)
			require.NoError(t, os.WriteFile(name, []byte(changed), 0o600))
			after := figures(dir)
			require.Len(t, after, len(before))
			var differ []string
			for path, was := range before {
				if after[path] != was {
					differ = append(differ, path)
				}
			}
			slices.Sort(differ)
			assert.Equal(t, tt.paths, differ)
		})
	}
}

// A year has a page for each month up to the last, and an index.
func TestMonthlyYear(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "year")
	missed := filepath.Join(t.TempDir(), "missed.csv")
	assert.Empty(t, monthlyOf(t, "-year", "-out", dir, "-lang", "sv", "-missed", missed))
	for _, name := range []string{"index.html", "2016-01.html", "2016-02.json", "2016-03.csv", "2016-04.txt"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Positive(t, info.Size())
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 4*4+1)
	index, err := os.ReadFile(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	assert.Contains(t, string(index), `href="2016-03.html"`)
	one := documentOf(t)
	var last page.Document
	data, err := os.ReadFile(filepath.Join(dir, "2016-04.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &last))
	assert.Equal(t, one.Targets, last.Targets, "the same in a year and alone")
	text, err := os.ReadFile(missed)
	require.NoError(t, err)
	times := 1 // the header
	for _, kind := range one.Tickets {
		for _, ticket := range kind.Missed {
			times += len(ticket.Clocks)
		}
	}
	assert.Equal(t, times, strings.Count(string(text), "\n"), "a row for each time that was missed")
}

func TestMonthlyRefuses(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-month", "2016-05"}, "-month: the built-in records are of 2016-04"},
		{[]string{"-records", "data/made-up"}, "-month: missing"},
		{[]string{"-records", "data/made-up", "-month", "April"}, "-month: "},
		{[]string{"-records", "nowhere", "-month", "2016-04"}, "nowhere"},
		{[]string{"-records", "testdata", "-month", "2016-04"}, ""},
		{[]string{"-format", "pdf"}, `-format "pdf": write text, html, json or csv`},
		{[]string{"-lang", "da"}, `-lang "da": write en or sv`},
		{[]string{"-year"}, "-year: name the folder"},
		{[]string{"-as-of", "yesterday"}, "-as-of"},
	} {
		var out, errs bytes.Buffer
		err := run(tt.args, &out, &errs)
		if tt.want == "" {
			continue
		}
		require.ErrorContains(t, err, tt.want)
		assert.Empty(t, out.String())
	}
}

// folderOf writes files into a folder.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// What is wrong or missing stands at the top, and each fault names its file.
func TestMonthlyTellsFirst(t *testing.T) {
	dir := folderOf(t, map[string]string{
		"notes.txt":   "hello",
		"outages.csv": "from,to\n2026-10-06T10:00:00+02:00,2026-10-06T10:30:00+02:00\nyesterday,\n",
		"tickets.csv": "number,kind,impact,received,resolved\n1,incident,,2026-10-06T10:00:00+02:00,\n2,mail,1,2026-10-06T10:00:00+02:00,\n",
	})
	text := monthlyOf(t, "-records", dir, "-month", "2026-10")
	top, rest, _ := strings.Cut(text, "\nTargets\n")
	assert.Contains(t, top, "! 3 of 4 rows could not be used: see Data quality.")
	assert.Contains(t, top, "The instant is that of the day after the month.")
	for _, fault := range []string{
		`* outages.csv:3:1: from "yesterday": not readable`,
		`* tickets.csv:2:1: sla: ticket "1": neither its priority nor its impact is given`,
		`* tickets.csv:3:1: sla: ticket "2": kind "mail": no rule`,
		"Not used are the files: notes.txt.",
	} {
		assert.Contains(t, rest, fault)
	}
	d := documentOf(t, "-records", dir, "-month", "2026-10", "-as-of", "2026-10-20T00:00:00+02:00")
	assert.Equal(t, []string{"notes.txt"}, d.Unused)
	assert.Equal(t, "given", d.AsOfFrom)
	assert.Nil(t, d.AgreementFile)
	late := folderOf(t, map[string]string{"tickets.csv": "number,kind,impact,received,reported_back\n1,incident,1,2026-10-06T10:00:00+02:00,2026-12-24T10:00:00+01:00\n"})
	assert.Equal(t, "records", documentOf(t, "-records", late, "-month", "2026-10").AsOfFrom)

	swedish := monthlyOf(t, "-records", dir, "-month", "2026-10", "-lang", "sv")
	assert.Contains(t, swedish, "! 3 av 4 rader kunde inte användas")
	assert.Contains(t, swedish, "Uppgifterna har ingen tidpunkt för återrapportering")
	assert.NotContains(t, swedish, "The records have no")

	assert.Contains(t, monthlyOf(t, "-records", late, "-month", "2025-10"), "! No record is of the month 2025-10: see Data quality.")
	assert.NotContains(t, monthlyOf(t, "-records", late, "-month", "2026-10"), "No record is of the month")
}

// A ticket that is done too late while no time counted is missed, and over by none.
func TestMonthlyOverByNone(t *testing.T) {
	dir := folderOf(t, map[string]string{"tickets.csv": "number,kind,priority,received,started,reported_back\n1,incident,2,2026-10-05T09:00:00+02:00,2026-10-05T09:10:00+02:00,2026-10-07T17:00:00.4+02:00\n"})
	assert.Contains(t, monthlyOf(t, "-records", dir, "-month", "2026-10"), "0 s that count")
	assert.Contains(t, monthlyOf(t, "-records", dir, "-month", "2026-10", "-lang", "sv"), "0 s som räknas")
}

// The bytes of the agreement's file are told beside those of the agreement.
func TestMonthlyAgreementFile(t *testing.T) {
	text, err := sla.SSBTEK().Marshal()
	require.NoError(t, err)
	dir := folderOf(t, map[string]string{"own.json": string(text) + "\n", "outages.csv": "from,to\n"})
	d := documentOf(t, "-records", dir, "-month", "2026-10", "-agreement", filepath.Join(dir, "own.json"))
	sum := sha256.Sum256(append(text, '\n'))
	assert.Equal(t, &page.File{Name: "own.json", SHA256: hex.EncodeToString(sum[:])}, d.AgreementFile)
	html := monthlyOf(t, "-records", dir, "-month", "2026-10", "-agreement", filepath.Join(dir, "own.json"), "-format", "html")
	assert.Contains(t, html, hex.EncodeToString(sum[:]))
}

// Of an agreement with several services the report is of one.
func TestMonthlyService(t *testing.T) {
	const file = "../agreements/aws-compute.json"
	rules, err := agreements.Load(file, time.LoadLocation)
	require.NoError(t, err)
	names := slices.Sorted(maps.Keys(rules.Agreement().Services))
	require.NotEmpty(t, names)
	dir := folderOf(t, map[string]string{"outages.csv": "from,to\n2026-10-06T10:00:00Z,2026-10-06T12:00:00Z\n"})
	var out, errs bytes.Buffer
	err = run([]string{"-records", dir, "-month", "2026-10", "-agreement", file}, &out, &errs)
	require.ErrorContains(t, err, "-service: name one of the agreement's services: "+strings.Join(names, ", "))
	err = run([]string{"-records", dir, "-month", "2026-10", "-agreement", file, "-service", "nothing"}, &out, &errs)
	require.ErrorContains(t, err, `-service: sla: service "nothing"`)
	for _, name := range names {
		d := documentOf(t, "-records", dir, "-month", "2026-10", "-agreement", file, "-service", name)
		require.NotNil(t, d.Availability, name)
		assert.Equal(t, 2*time.Hour, d.Availability.Down)
		assert.Contains(t, monthlyOf(t, "-records", dir, "-month", "2026-10", "-agreement", file, "-service", name), d.Agreement.Title.In("en"))
	}
	_, err = monthly.Service(mustSSBTEK(t), "nothing")
	require.ErrorIs(t, err, sla.ErrUnknown)
}

func mustSSBTEK(t *testing.T) *sla.Rules {
	t.Helper()
	rules, err := loadRules("", "")
	require.NoError(t, err)
	return rules
}

// A flag without an effect is an error.
func TestMonthlyRefusesFlags(t *testing.T) {
	dir := folderOf(t, map[string]string{"outages.csv": "from,to\n"})
	calls := folderOf(t, map[string]string{"calls.csv": "received,persons,response_ms\n"})
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-tickets", "built-in", "-format", "html"}, "-format: it is of the whole report"},
		{[]string{"-tickets", "built-in", "-lang", "sv"}, "-lang: it is of the whole report"},
		{[]string{"-tickets", "built-in", "-year"}, "-year: it is of the whole report"},
		{[]string{"-tickets", "built-in", "-out", dir}, "-out: it is of the whole report"},
		{[]string{"-tickets", "built-in", "-missed", filepath.Join(dir, "m.csv")}, "-missed: it is of the whole report"},
		{[]string{"-tickets", "built-in", "-records", dir}, "-records: it is of the whole report"},
		{[]string{"-calls", filepath.Join(calls, "calls.csv"), "-month", "2026-10", "-zone", "UTC"}, "-zone: it is of local times in -tickets"},
		{[]string{"-records", dir, "-month", "2026-10", "-zone", "UTC"}, "-export, -zone: there are no tickets in"},
		{[]string{"-records", dir, "-month", "2026-10", "-export", "glpi"}, "-export, -zone: there are no tickets in"},
		{[]string{"-zone", "UTC"}, "-export, -zone: the built-in records need none"},
		{[]string{"-records", dir, "-month", "2026-10", "-out", dir, "-format", "html"}, "-format: -out writes all of them"},
	} {
		var out, errs bytes.Buffer
		require.ErrorContains(t, run(tt.args, &out, &errs), tt.want)
		assert.Empty(t, out.String())
	}
}

// Of a protected ticket that cannot be judged nothing is told but its number and its place (§4.11).
func TestProtectedNotJudged(t *testing.T) {
	dir := folderOf(t, map[string]string{"tickets.csv": "number,kind,impact,received,resolved,reported_back,protected\nP1,incident,7654,2026-10-05T09:00:00+02:00,,,true\n"})
	for _, args := range [][]string{{"-records", dir, "-month", "2026-10"}, {"-tickets", filepath.Join(dir, "tickets.csv"), "-month", "2026-10", "-as-of", "2026-11-01T00:00:00Z"}} {
		text := monthlyOf(t, args...)
		assert.Contains(t, text, "P1")
		assert.Contains(t, text, "a protected record with faults")
		assert.NotContains(t, text, "7654")
	}
}
