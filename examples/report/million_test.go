package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

var million = flag.Bool("million", false, "judge a million tickets in a stream")

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

const millionAsked = "REPORT_MILLION"

func TestMain(m *testing.M) {
	if os.Getenv(millionAsked) != "" {
		keepSmall(48)
		figures, err := judgeMillion()
		if err == nil {
			err = json.NewEncoder(os.Stdout).Encode(figures)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func judgeMillion() (f millionFigures, err error) {
	export, err := records.LoadExport("servicenow-ssbtek")
	if err != nil {
		return f, err
	}
	agreement := sla.SSBTEK()
	stopAtResolved(&agreement)
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
	cmd.Env = append(os.Environ(), millionAsked+"=1")
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
