package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla"
)

// gathered is what a file gave, with its tickets.
type gathered struct {
	*Evidence
	Tickets []Placed
	Rejects []Reject
	reading *Reading
	Latest  time.Time
	last    Placed
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

func gather(e *Export, source Source) (*gathered, error) {
	g, err := inspect(e, source)
	if err != nil {
		return nil, err
	}
	name := ""
	if e.Values["urgency"] != nil {
		name = "servicenow-own"
	}
	g.level = levelRules[name]().Level
	if err := g.survey(); err != nil {
		return nil, err
	}
	all := &gathered{reading: g, Latest: g.Latest, last: g.last}
	all.Evidence, err = g.read(sink{
		ticket: func(t Placed) { all.Tickets = append(all.Tickets, t) },
		reject: func(r Reject) { all.Rejects = append(all.Rejects, r) },
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// readTickets gathers what a text gives.
func readTickets(e *Export, file string, in io.Reader) (*gathered, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	return gather(e, Source{file, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
}

// readFile gathers what a file gives, the built-in log where it is empty.
func readFile(e *Export, file string) (*gathered, error) {
	source, done, err := sourceOf(file)
	if err != nil {
		return nil, err
	}
	defer done()
	return gather(e, source)
}

// What a file gives is counted, whether or not it is kept.
func TestGatherCounts(t *testing.T) {
	export, err := loadExport("servicenow-ssbtek")
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
