package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/calls/generate"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

var million = flag.Bool("million", false, "judge a million tickets in a stream, and report on as many and ten million calls")

// A million tickets are the log 104 times, each time with other numbers, and at the end one ticket again.
const repeats = 104

func millionSource() records.Source {
	return records.Source{Name: "million.csv", Open: func() (io.ReadCloser, error) {
		out, in := io.Pipe()
		go func() { _ = in.CloseWithError(writeMillion(in)) }()
		return out, nil
	}}
}

func writeMillion(out io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<16)
	var again []byte
	for k := range repeats {
		plain, err := gzip.NewReader(strings.NewReader(defaultLog))
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(plain)
		for n := 0; lines.Scan(); n++ {
			number, rest, _ := bytes.Cut(lines.Bytes(), []byte(","))
			switch {
			case n > 0:
				fmt.Fprintf(w, "%s-%d,%s\n", number, k, rest)
			case k == 0:
				fmt.Fprintf(w, "%s\n", lines.Bytes())
			}
			if k == 0 && n == 1 {
				again = fmt.Appendf(nil, "%s-%d,%s\n", number, k, rest)
			}
		}
	}
	if _, err := w.Write(again); err != nil {
		return err
	}
	return w.Flush()
}

// millionFigures are what a process of its own finds in the stream.
type millionFigures struct {
	Read, Rejected, Rows     int
	Met, Total               int64
	Missed, MoreMissed       int64
	NotJudged, MoreNotJudged int64
	Apart                    string
	Reading, Judging         time.Duration // all of it; judging alone
}

const (
	millionAsked = "REPORT_MILLION"
	stream       = "stream"
)

func TestMain(m *testing.M) {
	switch dir := os.Getenv(millionAsked); dir {
	case "":
		os.Exit(m.Run())
	case stream:
		keepSmall(46)
		figures, err := judgeMillion()
		if err == nil {
			err = json.NewEncoder(os.Stdout).Encode(figures)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default: // the whole report of the records in a folder
		os.Args = []string{"report", "-records", dir, "-month", "2026-10", "-format", "html"}
		main()
	}
}

func judgeMillion() (f millionFigures, err error) {
	export, err := records.LoadExport("servicenow-ssbtek")
	if err != nil {
		return f, err
	}
	agreement := sla.SSBTEK()
	records.StopAtResolved(&agreement)
	rules, err := agreement.Compile(time.LoadLocation)
	if err != nil {
		return f, err
	}
	reading, err := records.Inspect(export, millionSource())
	if err != nil {
		return f, err
	}
	if err := reading.Survey(rules.Level); err != nil {
		return f, err
	}
	m, err := rules.Month(servicetime.MustMonth("2016-04"), reading.Latest)
	if err != nil {
		return f, err
	}
	start := time.Now()
	evidence, err := reading.Read(func(t records.Placed) error {
		start := time.Now()
		m.Ticket(t.Ticket)
		f.Judging += time.Since(start)
		return nil
	}, func(r records.Reject) {
		if strings.Contains(r.Err.Error(), records.ErrDuplicate.Error()) {
			f.Apart = r.Number
		}
		m.Reject(r.Kind, r.NotJudged)
	})
	if err != nil {
		return f, err
	}
	f.Reading = time.Since(start)
	s := m.Report().Incidents
	f.Read, f.Rejected, f.Rows = evidence.Read, evidence.Rejected, evidence.Rows
	f.Met, f.Total = s.Share.Met, s.Share.Total
	f.Missed, f.MoreMissed = int64(len(s.Missed)), s.MoreMissed
	f.NotJudged, f.MoreNotJudged = int64(len(s.NotJudged)), s.MoreNotJudged
	return f, nil
}

// A million tickets, read and judged in a stream, take no more memory than one month of them: the lists are bounded, and a number that
// stands twice, a million tickets apart, is found. It takes minutes, and so a flag: go test ./report -million
func TestMillion(t *testing.T) {
	if !*million {
		return // with the flag in CI; nothing is left out that was asked for
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), millionAsked+"="+stream)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var f millionFigures
	require.NoError(t, json.Unmarshal(out, &f))

	assert.Equal(t, 59_798*repeats+1, f.Rows)
	assert.Equal(t, 9_632*repeats-1, f.Read)
	assert.Equal(t, 695*repeats+1, f.Rejected)
	assert.Equal(t, int64(2_774*repeats), f.Met)
	assert.Equal(t, int64(3_855*repeats), f.Total)
	assert.Equal(t, int64(sla.MaxListed), f.Missed)
	assert.Equal(t, int64(1_081*repeats-sla.MaxListed), f.MoreMissed)
	assert.Equal(t, int64(sla.MaxListed), f.NotJudged)
	assert.Equal(t, int64(218*repeats-sla.MaxListed), f.MoreNotJudged)
	assert.Equal(t, "INC0000057-0", f.Apart)
	if usage, is := cmd.ProcessState.SysUsage().(*syscall.Rusage); is && runtime.GOOS == "linux" {
		t.Logf("%d tickets: reading and judging %s, judging alone %s a ticket (two readings of the clock among it), at most %d MiB resident",
			f.Read, f.Reading, f.Judging/time.Duration(f.Read), usage.Maxrss/1024)
		assert.LessOrEqual(t, usage.Maxrss, int64(64*1024), "KiB resident")
	}
}

// writeMonth fills a folder with records of October 2026: so many tickets, received in it and the weeks before, and so many calls.
func writeMonth(dir string, tickets int, calls int64) error {
	file, err := os.Create(filepath.Join(dir, "tickets.csv"))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	fmt.Fprintln(w, "number,kind,priority,received,started,resolved,reported_back")
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(9, 0))
	for i := range tickets {
		received := time.Date(2026, 9, 10, 0, 0, 0, 0, stockholm).Add(time.Duration(random.IntN(50*24*60)) * time.Minute)
		started := received.Add(time.Duration(random.IntN(180)) * time.Minute)
		resolved := started.Add(time.Duration(random.IntN(4*24*60)) * time.Minute)
		fmt.Fprintf(w, "INC%07d,incident,%d,%s,%s,%s,%[5]s\n", i, 1+random.IntN(4), received.Format(time.RFC3339), started.Format(time.RFC3339), resolved.Format(time.RFC3339))
	}
	if err := errors.Join(w.Flush(), file.Close()); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(dir, "calls.csv"))
	if err != nil {
		return err
	}
	return errors.Join(generate.Write(log, calls, 1), log.Close())
}

// pageOf is the page of the records in a folder, by a process of its own.
func pageOf(dir string) (page []byte, resident int64, err error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), millionAsked+"="+dir)
	cmd.Stderr = os.Stderr
	page, err = cmd.Output()
	if usage, is := cmd.ProcessState.SysUsage().(*syscall.Rusage); is && runtime.GOOS == "linux" {
		resident = usage.Maxrss // KiB
	}
	return page, resident, err
}

// The whole report of a million tickets and ten million calls, with the twelve months of its trend, takes 96 MiB. It takes a minute with the writing of the
// records, and so a flag: go test ./report -run MillionReport -million
func TestMillionReport(t *testing.T) {
	if !*million {
		return // with the flag in CI; nothing is left out that was asked for
	}
	dir := t.TempDir()
	require.NoError(t, writeMonth(dir, 1_000_000, 10_000_000))
	start := time.Now()
	page, resident, err := pageOf(dir)
	require.NoError(t, err)
	t.Logf("%s, at most %d MiB resident", time.Since(start), resident/1024)
	assert.LessOrEqual(t, resident, int64(96*1024), "KiB resident")
	assert.Contains(t, string(page), "10,000,000", "calls read")
	assert.Contains(t, string(page), "1,000,000", "tickets read")
}

// BenchmarkMillionReport is the same report, with its start, its reading and its writing.
func BenchmarkMillionReport(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, writeMonth(dir, 1_000_000, 10_000_000))
	for b.Loop() {
		_, resident, err := pageOf(dir)
		require.NoError(b, err)
		b.ReportMetric(float64(resident)/1024, "MiB-resident")
	}
}
