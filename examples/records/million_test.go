package records

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/calls/generate"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

var million = flag.Bool("million", false, "feed a million tickets and ten million calls")

const millionAsked = "RECORDS_MILLION"

func TestMain(m *testing.M) {
	if dir := os.Getenv(millionAsked); dir != "" {
		debug.SetMemoryLimit(48 << 20)
		q, err := feedMillion(dir)
		if err == nil {
			err = json.NewEncoder(os.Stdout).Encode(q)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func feedMillion(dir string) (*Quality, error) {
	a := sla.SSBTEK()
	a.Incidents.StopsAt, a.Problems.StopsAt = priority.AtResolved, priority.AtResolved
	rules, err := a.Compile(time.LoadLocation)
	if err != nil {
		return nil, err
	}
	f, err := Open(Options{}, dir)
	if err != nil {
		return nil, err
	}
	m, err := rules.Month(servicetime.MustMonth("2026-10"), utc("2026-11-15 12:00"))
	if err != nil {
		return nil, err
	}
	return f.Feed(rules, []*sla.Month{m}, nil)
}

// writeMillion writes tickets of October, a row each as JSON, of which every tenth is not resolved and every thousandth bad.
func writeMillion(path string, n int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	for i := range n {
		separator := ",\n"
		if i == 0 {
			separator = "["
		}
		received := utc("2026-10-01 00:00").Add(time.Duration(i) * 2 * time.Second)
		closed, number := fmt.Sprintf("%q", received.Add(time.Hour).Format(time.RFC3339)), fmt.Sprintf("%q", fmt.Sprint(i))
		if i%10 == 0 {
			closed = "null"
		}
		if i%1000 == 0 {
			number = `""`
		}
		fmt.Fprintf(w, `%s{"number": %s, "title": "made up", "priority": "2 normal", "created_at": %q, "first_response_at": %q, "close_at": %s}`,
			separator, number, received.Format(time.RFC3339), received.Add(time.Minute).Format(time.RFC3339), closed)
	}
	if _, err := w.WriteString("]\n"); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// A million tickets and ten million calls together take no more memory than a few. It takes a minute, and so a flag: go test ./records -million
func TestMillion(t *testing.T) {
	if !*million {
		return // with the flag in CI; nothing is left out that was asked for
	}
	dir := t.TempDir()
	require.NoError(t, writeMillion(filepath.Join(dir, "tickets.json"), 1_000_000))
	log, err := os.Create(filepath.Join(dir, "calls.csv"))
	require.NoError(t, err)
	require.NoError(t, generate.Write(log, 10_000_000, 1))
	require.NoError(t, log.Close())

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), millionAsked+"="+dir)
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	require.NoError(t, err)
	took := time.Since(start)
	var q Quality
	require.NoError(t, json.Unmarshal(out, &q))
	addsUp(t, &q)
	assert.Equal(t, [3]int64{1_000_000, 999_000, 1_000}, [3]int64{q.Files[0].Rows, q.Files[0].Counted, q.Files[0].Bad})
	assert.Len(t, q.Files[0].Faults, MaxFaults)
	assert.Equal(t, int64(10_000_000), q.Files[1].Counted+q.Files[1].Outside)
	if usage, is := cmd.ProcessState.SysUsage().(*syscall.Rusage); is && runtime.GOOS == "linux" {
		t.Logf("%s, at most %d MiB resident", took, usage.Maxrss/1024)
		assert.LessOrEqual(t, usage.Maxrss, int64(64*1024), "KiB resident")
	}
}
