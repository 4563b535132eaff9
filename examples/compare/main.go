// Command compare asks this library and others the same questions, measures them in one run, and writes both tables of
// COMPARE.md. From the root of the repository:
//
//	npm ci --prefix examples/compare    # the libraries in JavaScript, once; needs Node
//	go run ./examples/compare           # about a minute
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"

	"example.com/sla/servicetime"
)

// The libraries, in the order of the columns.
const (
	ours    = "sla"
	rickar  = "rickar/cal"
	dayjs   = "dayjs-business-time"
	momentB = "moment-business-time"
)

var libraries = []string{ours, rickar, dayjs, momentB}

func main() {
	if answered() {
		return
	}
	log.SetFlags(0)
	log.SetPrefix("compare: ")
	file := flag.String("o", "COMPARE.md", "the file with the tables to rewrite")
	dir := flag.String("rivals", "examples/compare", "the folder of rivals.cjs and its node_modules")
	flag.Parse()
	if err := run(*file, *dir); err != nil {
		log.Fatal(err)
	}
}

func run(file, dir string) error {
	if err := installed(dir); err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	log.Printf("asking %d questions …", len(questions))
	answers, err := answersTable(dir)
	if err != nil {
		return err
	}
	log.Print("measuring …")
	numbers, err := numbersTable(dir)
	if err != nil {
		return err
	}
	out, err := replaceTable(string(text), "answers", answers)
	if err != nil {
		return err
	}
	if out, err = replaceTable(out, "numbers", numbers); err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
		return err
	}
	log.Printf("%s: both tables are rewritten", file)
	return nil
}

// installed reports what is missing to ask the libraries in JavaScript.
func installed(dir string) error {
	if _, err := exec.LookPath("node"); err != nil {
		return fmt.Errorf("the libraries in JavaScript need Node: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", dayjs)); err != nil {
		return fmt.Errorf("the libraries in JavaScript are not installed: npm ci --prefix %s", dir)
	}
	return nil
}

// replaceTable puts a table between the marks of its name, which stay.
func replaceTable(text, name, table string) (string, error) {
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	head, rest, found := strings.Cut(text, begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("no %s and %s to write the table between", strings.TrimSpace(begin), end)
	}
	return head + begin + table + end + tail, nil
}

// patience is the CPU time that an answer may take, so that a busy machine changes none. Those that come take milliseconds.
const patience = 3 * time.Second

// asked is the environment variable by which the program asks itself one question in a process of its own, since some
// answers never come: library, space, question.
const asked = "COMPARE_ASKED"

// answered answers the question that the process was started for, if it was.
func answered() bool {
	library, id, is := strings.Cut(os.Getenv(asked), " ")
	if !is {
		return false
	}
	for _, q := range questions {
		switch {
		case q.id == id && library == ours:
			fmt.Println(q.sla())
		case q.id == id && library == rickar:
			fmt.Println(q.cal())
		}
	}
	return true
}

// answer asks a library a question.
func answer(q question, library, dir string) (string, error) {
	var args []string
	switch library {
	case ours, rickar:
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		args = []string{self}
	default:
		if !q.js {
			return "", nil
		}
		args = []string{"node", filepath.Join(dir, "rivals.cjs"), "ask", library, q.id}
	}
	zone := q.zone
	if zone == "" {
		zone = "Europe/Stockholm"
	}
	limited := fmt.Sprintf(`ulimit -t %d && exec "$@"`, patience/time.Second)
	cmd := exec.Command("sh", append([]string{"-c", limited, "sh"}, args...)...)
	cmd.Env = append(os.Environ(), asked+"="+library+" "+q.id, "TZ="+zone)
	out, err := cmd.Output()
	if err != nil {
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			if !failed.Exited() && failed.UserTime()+failed.SystemTime() > patience/2 { // killed; its time is counted more coarsely than the limit is
				return fmt.Sprintf("none within %s", servicetime.FormatDuration(patience)), nil
			}
			err = fmt.Errorf("%w: %s", err, failed.Stderr)
		}
		return "", fmt.Errorf("%s, %s: %w", library, q.id, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// answersTable asks everyone everything, a library beside the other.
func answersTable(dir string) (string, error) {
	type cell struct {
		text string
		err  error
	}
	cells := make([][]cell, len(questions))
	var all sync.WaitGroup
	for i, q := range questions {
		cells[i] = make([]cell, len(libraries))
		for j, library := range libraries {
			all.Go(func() { cells[i][j].text, cells[i][j].err = answer(q, library, dir) })
		}
	}
	all.Wait()
	var b strings.Builder
	fmt.Fprintf(&b, "| question | right | %s |\n|---|---|---|---|---|---|\n", strings.Join(libraries, " | "))
	for i, q := range questions {
		fmt.Fprintf(&b, "| %s | %s |", q.text, q.right)
		for _, c := range cells[i] {
			if c.err != nil {
				return "", c.err
			}
			if c.text == "" {
				c.text = "(not asked)"
			}
			fmt.Fprintf(&b, " %s |", c.text)
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// A measured span: all begin on Wednesday 2020-01-08, 10:00.
type measured struct {
	Span    string `json:"span"`
	To      string `json:"to"`
	Minutes int64  `json:"minutes"` // the open time in it
}

var measuredFrom = time.Date(2020, 1, 8, 10, 0, 0, 0, stockholm)

// nanoseconds of one call.
type nanoseconds struct {
	Elapsed float64 `json:"elapsed"`
	Add     float64 `json:"add"`
}

func numbersTable(dir string) (string, error) {
	c, r := swedish(), cal.NewBusinessCalendar()
	r.SetWorkHours(8*time.Hour, 17*time.Hour)
	r.Cacheable = true
	for _, h := range se.Holidays {
		if h.Type == cal.ObservancePublic {
			r.AddHoliday(h)
		}
	}
	var spans []measured
	var mine, theirs []nanoseconds
	for _, s := range []struct {
		name string
		to   time.Time
	}{
		{"1 hour", measuredFrom.Add(time.Hour)},
		{"1 day", measuredFrom.AddDate(0, 0, 1)},
		{"1 month", measuredFrom.AddDate(0, 1, 0)},
		{"1 year", measuredFrom.AddDate(1, 0, 0)},
		{"10 years", measuredFrom.AddDate(10, 0, 0)},
	} {
		open, err := c.Elapsed(measuredFrom, s.to)
		if err != nil {
			return "", err
		}
		spans = append(spans, measured{s.name, s.to.Format("2006-01-02T15:04:05"), int64(open / time.Minute)})
		mine = append(mine, nanoseconds{
			measure(func() { _, _ = c.Elapsed(measuredFrom, s.to) }),
			measure(func() { _, _ = c.Add(measuredFrom, open) }),
		})
		theirs = append(theirs, nanoseconds{
			measure(func() { r.WorkHoursInRange(measuredFrom, s.to) }),
			measure(func() { r.AddWorkHours(measuredFrom, open) }),
		})
	}
	js, node, err := measureJS(dir, spans)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s/%s, %d CPUs; %s; Node %s; rickar/cal %s.\n\n", time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), node, version("github.com/rickar/cal/v2"))
	fmt.Fprintf(&b, "| what | span | %s | times faster than rickar/cal |\n|---|---|--:|--:|--:|--:|--:|\n", strings.Join(libraries, " | "))
	for _, what := range []struct {
		name string
		of   func(nanoseconds) float64
	}{
		{"elapsed", func(n nanoseconds) float64 { return n.Elapsed }},
		{"add", func(n nanoseconds) float64 { return n.Add }},
	} {
		for i, s := range spans {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", what.name, s.Span,
				human(what.of(mine[i])), human(what.of(theirs[i])), human(what.of(js[dayjs][s.Span])), human(what.of(js[momentB][s.Span])),
				factor(what.of(theirs[i])/what.of(mine[i])))
		}
	}
	return b.String(), nil
}

// measure is how long a call takes, in nanoseconds.
func measure(call func()) float64 {
	call() // fills a cache
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			call()
		}
	})
	return float64(r.T.Nanoseconds()) / float64(r.N)
}

func measureJS(dir string, spans []measured) (map[string]map[string]nanoseconds, string, error) {
	arg, err := json.Marshal(spans)
	if err != nil {
		return nil, "", err
	}
	cmd := exec.Command("node", filepath.Join(dir, "rivals.cjs"), "measure", string(arg))
	cmd.Env = append(os.Environ(), "TZ=Europe/Stockholm")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, "", err
	}
	var out map[string]map[string]nanoseconds
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, "", err
	}
	node, err := exec.Command("node", "--version").Output()
	return out, strings.TrimSpace(string(node)), err
}

// human writes a time with three digits.
func human(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.3g ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	}
	return fmt.Sprintf("%.3g ms", ns/1e6)
}

// factor writes a ratio with two digits, rounded down.
func factor(x float64) string {
	step := 1
	for x >= 100 {
		x /= 10
		step *= 10
	}
	return fmt.Sprintf("%d ×", int(x)*step)
}

// version is that of a module in the program.
func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, m := range info.Deps {
		if m.Path == module {
			return m.Version
		}
	}
	return "?"
}
