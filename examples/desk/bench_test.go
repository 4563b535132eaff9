package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var millions = flag.Bool("millions", false, "ten million lines through the built program")

// built is the program, built as its users do.
func built(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "desk")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return file
}

// ticketLines are requests about different tickets of October 2026, each with a pause.
func ticketLines(n int) []string {
	random := rand.New(rand.NewPCG(10, 0))
	lines := make([]string, n)
	for i := range lines {
		received := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(28*24*60)) * time.Minute)
		at := func(minutes int) string {
			return received.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339)
		}
		lines[i] = fmt.Sprintf(`{"id":%d,"op":"ticket","ticket":{"number":"INC%07d","kind":"incident","impact":%d,"received":"%s","started":"%s","resolved":"%s","reported_back":"%s","pauses":[["%s","%s","waits"]]},"as_of":"2026-12-01T00:00:00+01:00"}`+"\n",
			i, i, 1+random.IntN(4), at(0), at(random.IntN(100)), at(200), at(200+random.IntN(4000)), at(120), at(160))
	}
	return lines
}

// through writes lines to the program as fast as it takes them, and passes its answers on.
func through(t testing.TB, program string, write func(io.Writer) error, each func(answer []byte), args ...string) *os.ProcessState {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	written := make(chan error, 1)
	go func() {
		w := bufio.NewWriterSize(in, 64<<10)
		err := write(w)
		if err == nil {
			err = w.Flush()
		}
		_ = in.Close()
		written <- err
	}()
	answers := bufio.NewScanner(out)
	answers.Buffer(nil, 16<<20)
	for answers.Scan() {
		each(answers.Bytes())
	}
	require.NoError(t, answers.Err())
	require.NoError(t, <-written)
	require.NoError(t, cmd.Wait())
	return cmd.ProcessState
}

// BenchmarkTickets asks the built program about tickets over JSON lines.
func BenchmarkTickets(b *testing.B) {
	program, lines := built(b), ticketLines(10_000)
	n := 0
	b.ResetTimer()
	through(b, program, func(w io.Writer) error {
		for i := range b.N {
			if _, err := io.WriteString(w, lines[i%len(lines)]); err != nil {
				return err
			}
		}
		return nil
	}, func(answer []byte) {
		if n++; !strings.Contains(string(answer), `"ok":true`) {
			b.Errorf("%s", answer)
		}
	})
	require.Equal(b, b.N, n)
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkHTTP asks the built program a thousand times a second, for a second each time, and tells how long 99 of 100 answers take at most.
func BenchmarkHTTP(b *testing.B) {
	cmd := exec.CommandContext(b.Context(), built(b), "-http", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	said, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(b, err)
	url := strings.TrimSpace(strings.TrimPrefix(said, "desk: ")) + "/v1/ask"
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32, MaxConnsPerHost: 32}}
	lines := ticketLines(1000)
	ask := func(line string) error {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader(line))
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d", response.StatusCode)
		}
		return nil
	}
	for _, line := range lines[:100] { // connections
		require.NoError(b, ask(line))
	}
	var mu sync.Mutex
	var took []time.Duration
	for b.Loop() {
		var all sync.WaitGroup
		tick := time.NewTicker(time.Millisecond)
		for _, line := range lines {
			<-tick.C
			all.Go(func() {
				start := time.Now()
				err := ask(line)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					b.Error(err)
				}
				took = append(took, time.Since(start))
			})
		}
		tick.Stop()
		all.Wait()
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-p50")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "ms-p99")
	require.NoError(b, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(b, cmd.Wait())
}

// Ten million lines, among them ten thousand different calendars, take no more memory than a few. It takes a minute or two, and so a flag: go test ./desk -run TenMillion -millions
func TestTenMillionLines(t *testing.T) {
	if !*millions {
		return // with the flag in CI; nothing is left out that was asked for
	}
	const total, calendars = 10_000_000, 10_000
	program, lines := built(t), ticketLines(10_000)
	n, ok := 0, 0
	state := through(t, program, func(w io.Writer) error {
		for i := range total {
			var err error
			switch {
			case i%(total/calendars) == 0:
				k := i / (total / calendars)
				_, err = fmt.Fprintf(w, `{"op":"open","calendar":{"time_zone":"Europe/Stockholm","week":{"mon-fri":["%02d:%02d-17:00"],"sat":["08:%02d-12:00"]}},"at":"2026-10-05T09:00:00Z"}`+"\n", k/60%16, k%60, k/960)
			case i%20 == 1:
				_, err = io.WriteString(w, lines[i/20%len(lines)])
			default:
				_, err = io.WriteString(w, `{"op":"compliance","met":9,"total":10,"target":"90%"}`+"\n")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, func(answer []byte) {
		n++
		if strings.Contains(string(answer), `"ok":true`) {
			ok++
		}
	})
	assert.Equal(t, [2]int{total, total}, [2]int{n, ok})
	if usage, is := state.SysUsage().(*syscall.Rusage); is && runtime.GOOS == "linux" {
		t.Logf("%d lines, at most %d MiB resident", n, usage.Maxrss/1024)
		assert.LessOrEqual(t, usage.Maxrss, int64(64*1024), "KiB resident")
	}
}
