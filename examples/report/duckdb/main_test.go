package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/examples/calls/generate"
)

var hundred = flag.Bool("hundred", false, "read a hundred million rows from a pipe")

// generated is the environment variable by which a test makes a process that writes a log: how many rows.
const generated = "DUCKDB_GENERATED"

func TestMain(m *testing.M) {
	if rows, err := strconv.ParseInt(os.Getenv(generated), 10, 64); err == nil {
		if err := generate.Write(os.Stdout, rows, 1); err != nil {
			os.Exit(1)
		}
		return
	}
	if answered() {
		return
	}
	os.Exit(m.Run())
}

// Both find the same, on one core and on all.
func TestAgree(t *testing.T) {
	if err := installed("."); err != nil {
		t.Skip(err)
	}
	var out bytes.Buffer
	require.NoError(t, compare(&out, ".", 100_000, 1, 1))
	assert.Contains(t, out.String(), "They agree")
}

// What DuckDB found of the composite calls, where it is not there to ask.
func TestFigures(t *testing.T) {
	var log bytes.Buffer
	require.NoError(t, generate.Write(&log, 100_000, 1))
	for _, workers := range []int{-1, 2} {
		a, err := figures(bytes.NewReader(log.Bytes()), workers)
		require.NoError(t, err)
		require.Len(t, a.Answers, 9)
		assert.Equal(t, Answer{
			Calls: 49_961, Answered: 48_499, Unanswered: 952, Invalid: 510, Within: []int64{46_814, 48_323},
			Second: &Busiest{1, 1_790_812_803}, Minute: &Busiest{3, 1_790_812_800},
		}, a.Answers[0])
	}
}

// A hundred million rows from a pipe take no more memory than one: go test ./report/duckdb -run Hundred -hundred
func TestHundredMillion(t *testing.T) {
	if !*hundred {
		return // with the flag in CI; nothing is left out that was asked for
	}
	const rows = 100_000_000
	log, in, err := os.Pipe()
	require.NoError(t, err)
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), generated+"="+strconv.Itoa(rows))
	writer.Stdout, writer.Stderr = in, os.Stderr
	require.NoError(t, writer.Start())
	require.NoError(t, in.Close()) // it is the writer's now

	a, err := askOurs(log, 0)
	require.NoError(t, err)
	require.NoError(t, writer.Wait())
	require.NoError(t, log.Close())
	n := int64(0)
	for _, answer := range a.Answers {
		n += answer.Calls
	}
	assert.Equal(t, int64(rows), n)
	t.Logf("%d rows: %.1f ns a row with their making, at most %d MiB resident", n, float64(a.Took.Nanoseconds())/rows, a.memory>>20)
	if runtime.GOOS == "linux" {
		assert.LessOrEqual(t, a.memory, int64(64<<20), "bytes resident")
	}
}
