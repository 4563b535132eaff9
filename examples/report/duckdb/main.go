// Command duckdb asks this library and DuckDB the same of one log of calls, checks that they agree, and measures both in one run. From
// the root of the repository:
//
//	npm ci --prefix examples/report/duckdb              # DuckDB, once; needs Node
//	go run ./examples/report/duckdb                     # 10 million rows: about a minute
//	go run ./examples/report/duckdb -write > calls.csv  # the log alone
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"example.com/sla/capacity"
	"example.com/sla/examples/calls"
	"example.com/sla/examples/calls/generate"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

func main() {
	if answered() {
		return
	}
	log.SetFlags(0)
	log.SetPrefix("duckdb: ")
	rows := flag.Int64("rows", 10_000_000, "rows of the log")
	seed := flag.Uint64("seed", 1, "of its random numbers")
	write := flag.Bool("write", false, "write the log to standard output, and ask nothing")
	runs := flag.Int("runs", 3, "how often each is asked; the fastest counts")
	dir := flag.String("duckdb", "examples/report/duckdb", "the folder of ask.mjs and its node_modules")
	flag.Parse()
	var err error
	if *write {
		err = generate.Write(os.Stdout, *rows, *seed)
	} else {
		err = compare(os.Stdout, *dir, *rows, *seed, *runs)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// An Answer is what was found of the composite calls, or of the legs of a provider.
type Answer struct {
	Provider   string   `json:"provider"`
	Calls      int64    `json:"calls"`
	Answered   int64    `json:"answered"`
	Unanswered int64    `json:"unanswered"`
	Invalid    int64    `json:"invalid"` // 0 or 11 persons
	Within     []int64  `json:"within,omitempty"`
	Second     *Busiest `json:"second,omitempty"`
	Minute     *Busiest `json:"minute,omitempty"`
}

// A Busiest is the second or minute of the clock with the most calls, the first of them.
type Busiest struct {
	Peak int64 `json:"peak"`
	From int64 `json:"from"` // Unix seconds
}

// Answers are all of them, and what they took.
type Answers struct {
	By      string        `json:"by"`
	Took    time.Duration `json:"took"`
	Answers []Answer      `json:"answers"`

	memory int64 // bytes resident at most, of its process; 0 if the system does not say
}

// The rule of §4.8, at all hours: opening hours are nothing that DuckDB knows.
var rule = performance.Rule{
	Limits: []performance.Limit{
		{Within: 7 * servicetime.Duration(time.Second), PerPerson: 1500 * servicetime.Duration(time.Millisecond)},
		{Within: 12 * servicetime.Duration(time.Second), PerPerson: 1500 * servicetime.Duration(time.Millisecond)},
	},
	MaxPersons: 10,
	Hours:      performance.HoursAll,
}

// figures reads a log, and finds what is asked. The result has more: groups, hours, percentiles.
func figures(in io.Reader, workers int) (Answers, error) {
	start := time.Now()
	type part struct {
		judged performance.Tally
		volume capacity.Tally
	}
	var parts []*part
	stats, err := calls.ReadParts(in, calls.Options{Workers: workers}, func() func([]performance.Call) error {
		p := &part{}
		parts = append(parts, p)
		return func(some []performance.Call) error {
			if some[0].Provider == "" { // and so are all of them
				for i := range some {
					p.volume.Add(some[i].At)
				}
			}
			return p.judged.Add(&rule, some...)
		}
	})
	if err != nil {
		return Answers{}, err
	}
	all := parts[0] // there is one worker at least
	for _, p := range parts[1:] {
		if err := all.judged.Merge(&p.judged); err != nil {
			return Answers{}, err
		}
		all.volume.Merge(&p.volume)
	}
	if stats.Bad > 0 {
		return Answers{}, fmt.Errorf("%d bad rows: %w", stats.Bad, stats.Faults[0])
	}
	r, err := all.judged.Result(&rule)
	if err != nil {
		return Answers{}, err
	}
	v := all.volume.Result()
	composite := answer("", r.Base, r.Invalid)
	composite.Within = r.Base.Within
	composite.Second = &Busiest{v.Second.Count, v.Second.At.Unix()}
	composite.Minute = &Busiest{v.Minute.Count, v.Minute.At.Unix()}
	a := Answers{By: "sla", Answers: []Answer{composite}}
	for _, leg := range r.Legs {
		a.Answers = append(a.Answers, answer(leg.Provider, leg.Count, leg.Invalid))
	}
	a.Took = time.Since(start)
	return a, nil
}

func answer(provider string, c performance.Count, invalid performance.Invalid) Answer {
	return Answer{
		Provider: provider, Calls: c.Total() + invalid.Total(), Answered: c.Answered, Unanswered: c.Unanswered.Total(), Invalid: invalid.Total(),
	}
}

// asked is the environment variable by which the program asks itself in a process of its own, whose memory is then known: how many
// goroutines parse. The log is its standard input.
const asked = "DUCKDB_ASKED"

// answered answers what the process was started for, if it was.
func answered() bool {
	workers, err := strconv.Atoi(os.Getenv(asked))
	if err != nil {
		return false
	}
	if workers < 0 {
		runtime.GOMAXPROCS(1) // one core for all, the garbage collector too
	}
	a, err := figures(os.Stdin, workers)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(a)
	}
	if err != nil {
		log.Fatal(err)
	}
	return true
}

// ask runs a command that prints answers, with a log as its standard input.
func ask(cmd *exec.Cmd, in *os.File) (a Answers, err error) {
	cmd.Stdin, cmd.Stderr = in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return a, fmt.Errorf("%s: %w", cmd, err)
	}
	if usage, is := cmd.ProcessState.SysUsage().(*syscall.Rusage); is && runtime.GOOS == "linux" {
		a.memory = usage.Maxrss * 1024
	}
	return a, json.Unmarshal(out, &a)
}

// askOurs asks this library of what a file or pipe holds.
func askOurs(in *os.File, workers int) (Answers, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", asked, workers))
	return ask(cmd, in)
}

// askDuckDB asks DuckDB; with 0 threads it takes as many as it likes.
func askDuckDB(dir, file string, threads int) (Answers, error) {
	return ask(exec.Command("node", filepath.Join(dir, "ask.mjs"), file, strconv.Itoa(threads)), nil)
}

// installed reports what is missing to ask DuckDB.
func installed(dir string) error {
	if _, err := exec.LookPath("node"); err != nil {
		return fmt.Errorf("DuckDB needs Node: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@duckdb", "node-api")); err != nil {
		return fmt.Errorf("DuckDB is not installed: npm ci --prefix %s", dir)
	}
	return nil
}

var errDiffer = errors.New("the answers differ")

// compare makes a log, asks both, and prints how long they took. Each run asks all, so that a busy machine is busy for all.
func compare(out io.Writer, dir string, rows int64, seed uint64, runs int) (err error) {
	if err := installed(dir); err != nil {
		return err
	}
	file, err := os.CreateTemp("", "calls-*.csv")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.Remove(file.Name())) }()
	defer func() { _ = file.Close() }() // it is only read from here on
	if err := generate.Write(file, rows, seed); err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d rows, %d MB\n\n", rows, info.Size()/1_000_000)

	ours := func(workers int) func() (Answers, error) {
		return func() (Answers, error) {
			if _, err := file.Seek(0, io.SeekStart); err != nil {
				return Answers{}, err
			}
			return askOurs(file, workers)
		}
	}
	theirs := func(threads int) func() (Answers, error) {
		return func() (Answers, error) { return askDuckDB(dir, file.Name(), threads) }
	}
	contests := []struct {
		cores        string
		ours, theirs func() (Answers, error)
		best         [2]Answers
	}{
		{cores: "one core", ours: ours(-1), theirs: theirs(1)},
		{cores: fmt.Sprintf("%d cores", runtime.NumCPU()), ours: ours(0), theirs: theirs(0)},
	}
	var first []Answer
	for range max(runs, 1) {
		for i := range contests {
			c := &contests[i]
			for k, ask := range []func() (Answers, error){c.ours, c.theirs} {
				a, err := ask()
				if err != nil {
					return err
				}
				if first == nil {
					first = a.Answers
				}
				if !reflect.DeepEqual(first, a.Answers) {
					return fmt.Errorf("%w:\n%s %+v\n%s %+v", errDiffer, "sla", text(first), a.By, text(a.Answers))
				}
				if c.best[k].Took == 0 || a.Took < c.best[k].Took {
					c.best[k] = a
				}
			}
		}
	}
	fmt.Fprintf(out, "They agree: %s\n\n", text(first))
	for _, c := range contests {
		for _, a := range c.best {
			fmt.Fprintf(out, "%-8s  %-24s %6.2f s  %6.1f ns a row  %5d MiB\n",
				c.cores, a.By, a.Took.Seconds(), float64(a.Took.Nanoseconds())/float64(rows), a.memory>>20)
		}
		fmt.Fprintf(out, "%-8s  ratio %.1f ×\n\n", c.cores, float64(c.best[1].Took)/float64(c.best[0].Took))
	}
	return nil
}

func text(answers []Answer) string {
	b, _ := json.Marshal(answers) // numbers and names
	return string(b)
}
