package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/records"
)

// gathered is what a file gave, with its tickets.
type gathered struct {
	*records.Evidence
	Tickets []records.Placed
	Rejects []records.Reject
	reading *records.Tickets
	Latest  time.Time
}

// levelRules give the priorities of what changes on the way, by export.
var levelRules = map[string]func() *sla.Rules{
	"servicenow-own": sync.OnceValue(func() *sla.Rules {
		data, err := os.ReadFile("servicenow-own.agreement.json")
		if err != nil {
			panic(err)
		}
		a, err := sla.Parse(data)
		if err != nil {
			panic(err)
		}
		return mustRules(a)
	}),
	"": sync.OnceValue(func() *sla.Rules { return mustRules(sla.SSBTEK()) }),
}

func mustRules(a sla.Agreement) *sla.Rules {
	rules, err := a.Compile(time.LoadLocation)
	if err != nil {
		panic(err)
	}
	return rules
}

func gather(e *records.Export, source records.Source) (*gathered, error) {
	g, err := records.Inspect(e, source)
	if err != nil {
		return nil, err
	}
	name := ""
	if e.Values["urgency"] != nil {
		name = "servicenow-own"
	}
	if err := g.Survey(levelRules[name]().Level); err != nil {
		return nil, err
	}
	all := &gathered{reading: g, Latest: g.Latest}
	all.Evidence, err = g.Read(func(t records.Placed) error {
		all.Tickets = append(all.Tickets, t)
		return nil
	}, func(r records.Reject) { all.Rejects = append(all.Rejects, r) })
	if err != nil {
		return nil, err
	}
	return all, nil
}

// readTickets gathers what a text gives.
func readTickets(e *records.Export, file string, in io.Reader) (*gathered, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	return gather(e, records.Source{Name: file, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
}

// readFile gathers what a file gives, the built-in log where it is empty.
func readFile(e *records.Export, file string) (*gathered, error) {
	source, done, err := sourceOf(file)
	if err != nil {
		return nil, err
	}
	defer done()
	return gather(e, source)
}

// What a file gives is counted, whether or not it is kept.
func TestGatherCounts(t *testing.T) {
	export, err := records.LoadExport("servicenow-ssbtek")
	require.NoError(t, err)
	all, err := readFile(export, "")
	require.NoError(t, err)
	require.Len(t, all.Tickets, all.Read)
	require.Len(t, all.Rejects, all.Rejected)
}

// A pipe can be read once, and the report reads twice.
func TestPipe(t *testing.T) {
	program := filepath.Join(t.TempDir(), "report")
	build, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(build))
	for _, file := range []string{"-", "/dev/stdin"} {
		cmd := exec.Command(program, "-tickets", file, "-month", "2016-04")
		cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
		cmd.Stdin = io.MultiReader(strings.NewReader(flatHeader), strings.NewReader(flatA)) // no file: a pipe
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), "  "+file+": 1 rows, 0 of them bad; 1 tickets read")
	}
}

// The figures of a log of calls, recomputed by naive code: every composite call of the golden's month, in opening hours.
func TestCallsRecomputed(t *testing.T) {
	t.Parallel()
	text, err := reportOf("-calls", "testdata/calls.csv", "-month", "2026-10")
	require.NoError(t, err)
	file, err := os.Open("testdata/calls.csv")
	require.NoError(t, err)
	defer file.Close()
	in := csv.NewReader(file)
	in.Comma, in.FieldsPerRecord = ';', -1
	records, err := in.ReadAll()
	require.NoError(t, err)
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	require.NoError(t, err)
	first, second, answered, unanswered := 0, 0, 0, 0
	for _, r := range records[1:] {
		if len(r) != 6 || r[3] != "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, r[0])
		if ms, isNumber := strconv.ParseInt(r[0], 10, 64); isNumber == nil {
			at, err = time.UnixMilli(ms), nil
		}
		persons, isNumber := strconv.Atoi(r[1])
		if err != nil || isNumber != nil || persons < 1 || persons > 10 || strings.HasPrefix(r[2], "-") {
			continue
		}
		local := at.In(stockholm)
		if local.Format("2006-01") != "2026-10" || local.Hour() < 8 || local.Hour() >= 17 {
			continue // none lies on a weekend
		}
		ms, err := strconv.Atoi(r[2])
		if err != nil || r[4] != "" && r[4] != "0" && r[4] != "false" {
			unanswered++
			continue
		}
		answered++
		if ms <= 7000+1500*(persons-1) {
			first++
		}
		if ms <= 12000+1500*(persons-1) {
			second++
		}
	}
	assert.Equal(t, []int{5, 8, 9, 2}, []int{first, second, answered, unanswered})
	for _, line := range []string{
		fmt.Sprintf("within 7 s (+1.5 s a person): %d of %d in time", first, answered),
		fmt.Sprintf("within 12 s (+1.5 s a person): %d of %d in time", second, answered),
		fmt.Sprintf("Delivery precision, §4.10: %d of %d answered", answered, answered+unanswered),
	} {
		assert.Contains(t, text, line)
	}
	// Tickets and calls in one report.
	both, err := reportOf("-calls", "testdata/calls.csv", "-tickets", "testdata/kinds.csv", "-month", "2016-04")
	require.NoError(t, err)
	assert.Contains(t, both, "Incidents, §4.3.1: ")
	assert.Contains(t, both, "Delivery precision, §4.10: no data, goal 98 %")
}
