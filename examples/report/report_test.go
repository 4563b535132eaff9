package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

var update = flag.Bool("update", false, "write the reports of testdata anew")

// reportOf runs the program with its arguments and returns what it prints.
func reportOf(args ...string) (string, error) {
	var out, diagnostics bytes.Buffer
	err := run(args, &out, &diagnostics)
	return out.String() + diagnostics.String(), err
}

// reportOn runs the program on a file of that content, in April 2016. The file is called in.csv in all that it prints.
func reportOn(t testing.TB, content string, args ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "in.csv")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	text, err := reportOf(append([]string{"-tickets", file, "-month", "2016-04"}, args...)...)
	if err != nil {
		err = inDir{err, dir}
	}
	return strings.ReplaceAll(text, file, "in.csv"), err
}

// inDir is an error whose text has lost the folder.
type inDir struct {
	error
	dir string
}

func (e inDir) Error() string {
	return strings.ReplaceAll(e.error.Error(), e.dir+string(filepath.Separator), "")
}
func (e inDir) Unwrap() error { return e.error }

// printed is what a reader finds in a report.
type printed struct {
	sentence map[string]string            // by section: Incidents
	groups   map[string]map[string][2]int // by section and level or type, and "all": met, missed
	sums     map[string][6]int            // by section: records, in the month, without target, running, of other months, not judged
	unknown  int                          // tickets of kinds without rules

	security     string // the sentence on security incidents
	securitySums [6]int

	rows, bad, read, unreadable int

	missed    [][]string // the cells of each line
	notJudged []string   // each with its number and all its faults
}

var (
	sectionLine = regexp.MustCompile(`^(Incidents|Security incidents|Orders|Problems), .+?: (.+)$`)
	sumLine     = regexp.MustCompile(`^Of (\d+) in the records: (\d+) in the month, (\d+) without target, (\d+) running, (\d+) of other months or later, (\d+) not judged\.$`)
	unknownLine = regexp.MustCompile(`^(\d+) tickets? .*has no rules for\.$`)
	recordsLine = regexp.MustCompile(`^  \S+: (\d+) rows, (\d+) of them bad; (\d+) tickets read, (\d+) not judged\.$`)
	cellEdge    = regexp.MustCompile(`  +`)
)

func numbers(texts []string) (out []int) {
	for _, s := range texts {
		n, _ := strconv.Atoi(s) // \d+
		out = append(out, n)
	}
	return out
}

// readReport finds the figures and the lists in the text of a report.
func readReport(text string) printed {
	p := printed{sentence: map[string]string{}, groups: map[string]map[string][2]int{}, sums: map[string][6]int{}}
	section, list := "", ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		cells := cellEdge.Split(strings.TrimSpace(line), -1)
		switch m := sectionLine.FindStringSubmatch(line); {
		case line == "Readings", strings.HasPrefix(line, "Sensitivity"): // a section without records has no table
			section = ""
		case m != nil:
			section = m[1]
			p.sentence[section], p.groups[section] = m[2], map[string][2]int{}
		case sumLine.MatchString(line):
			p.sums[section] = [6]int(numbers(sumLine.FindStringSubmatch(line)[1:]))
			section = ""
		case unknownLine.MatchString(line):
			p.unknown += numbers(unknownLine.FindStringSubmatch(line)[1:])[0]
		case recordsLine.MatchString(line):
			n := numbers(recordsLine.FindStringSubmatch(line)[1:])
			p.rows, p.bad, p.read, p.unreadable = n[0], n[1], n[2], n[3]
		case strings.HasPrefix(line, "Missed"), strings.HasPrefix(line, "Not judged"):
			list, _, _ = strings.Cut(line, ":")
		case section != "" && p.groups[section]["all"] != [2]int{} && line != "":
			// outcomes by provider stand under those of all
		case line == "" || cells[0] == "priority" || cells[0] == "type" || list == "Missed" && cells[0] == "number":
			// the edges of tables and lists
		case section != "":
			n := numbers(cells[len(cells)-3 : len(cells)-1])
			p.groups[section][cells[0]] = [2]int(n)
		case list == "Missed":
			p.missed = append(p.missed, cells)
		case list == "Not judged" && line[0] == ' ':
			p.notJudged[len(p.notJudged)-1] += "\n" + strings.TrimSpace(line)
		case list == "Not judged":
			p.notJudged = append(p.notJudged, line)
		}
	}
	// Security incidents are among the incidents: their section is kept apart, as it is in the report.
	const security = "Security incidents"
	p.security, p.securitySums = p.sentence[security], p.sums[security]
	delete(p.sentence, security)
	delete(p.groups, security)
	delete(p.sums, security)
	return p
}

// addsUp asserts that every ticket of the file is in one figure of the report, and in one only.
func (p printed) addsUp(t testing.TB) {
	t.Helper()
	tickets := p.unknown
	for section, sums := range p.sums {
		tickets += sums[0]
		assert.Equal(t, sums[0], sums[1]+sums[2]+sums[3]+sums[4]+sums[5], section)
		all := [2]int{}
		for name, group := range p.groups[section] {
			if name != "all" {
				all[0], all[1] = all[0]+group[0], all[1]+group[1]
			}
		}
		assert.Equal(t, p.groups[section]["all"], all, section)
		assert.Equal(t, sums[1], all[0]+all[1], section)
	}
	assert.Equal(t, p.read+p.unreadable, tickets, "tickets and rejects")
}

// missedTickets are the numbers of the tickets listed as missed, in their order: one that missed both its times has two lines.
func (p printed) missedTickets() []string {
	var out []string
	for _, line := range p.missed {
		out = append(out, line[0])
	}
	return slices.Compact(out)
}

// goldens are the reports of testdata, each with the arguments that print it.
var goldens = []struct {
	file string
	args []string
}{
	{"default.txt", []string{"-tickets", "built-in"}},
	{"kinds.txt", []string{"-tickets", "testdata/kinds.csv", "-month", "2016-04"}},
	{"calls.txt", []string{"-calls", "testdata/calls.csv", "-month", "2026-10"}},
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	var files []string
	for _, tt := range goldens {
		file := filepath.Join("testdata", tt.file)
		files = append(files, file)
		text, err := reportOf(tt.args...)
		require.NoError(t, err, tt.file)
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err, "write it with -update, and read it")
		require.Equal(t, string(want), text, tt.file)
		if !slices.Contains(tt.args, "-calls") {
			readReport(text).addsUp(t)
		}
	}
	files = append(files, logTotals)
	found, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	assert.ElementsMatch(t, files, found, "a golden that nothing prints")
}

const logTotals = "testdata/log-totals.txt"

// The totals of the real log, month by month: every incident is in one of them, or in the list of those not judged.
func TestLogTotals(t *testing.T) {
	t.Parallel()
	log := builtIn(t)
	var text strings.Builder
	settled, rejected := 0, 0
	for m := time.February; m <= time.December; m++ {
		month := servicetime.Month{Year: 2016, Month: m}
		p := log.month(t, month, log.evidence.Latest)
		sums := p.sums["Incidents"]
		fmt.Fprintf(&text, "%s: %s; %d not judged\n", month, p.sentence["Incidents"], sums[5])
		for _, level := range []string{"critical", "high", "medium", "low"} {
			fmt.Fprintf(&text, "  %-8s %4d met %4d missed\n", level, p.groups["Incidents"][level][0], p.groups["Incidents"][level][1])
		}
		settled, rejected = settled+sums[1], rejected+sums[5]
	}
	assert.Equal(t, 10_327, settled+rejected)
	if *update {
		require.NoError(t, os.WriteFile(logTotals, []byte(text.String()), 0o644))
	}
	want, err := os.ReadFile(logTotals)
	require.NoError(t, err, "write it with -update, and read it")
	assert.Equal(t, string(want), text.String())
}

// The program itself, elsewhere than in its folder and in other zones than the agreement's: Havana changes its
// clocks at midnight, Tokyo is a date ahead.
func TestProgram(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "report")
	build, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(build))
	start := func(zone string, args ...string) (stdout, stderr string, err error) {
		c := exec.Command(program, args...)
		c.Dir, c.Env = t.TempDir(), append(os.Environ(), "TZ="+zone)
		var out, diagnostics bytes.Buffer
		c.Stdout, c.Stderr = &out, &diagnostics
		err = c.Run()
		return out.String(), diagnostics.String(), err
	}
	want, err := os.ReadFile("testdata/default.txt")
	require.NoError(t, err)
	whole := ""
	for _, zone := range []string{"America/Havana", "Asia/Tokyo", "UTC"} {
		text, diagnostics, err := start(zone, "-tickets", "built-in")
		require.NoError(t, err, zone)
		assert.Empty(t, diagnostics, zone)
		require.Equal(t, string(want), text, zone)

		text, diagnostics, err = start(zone, "-format", "json")
		require.NoError(t, err, zone)
		assert.Empty(t, diagnostics, zone)
		whole = cmp.Or(whole, text)
		require.Equal(t, whole, text, "the whole report has the same bytes in every zone")
	}

	text, diagnostics, err := start("UTC", "-month", "2016-13")
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, 1, exit.ExitCode())
	assert.Empty(t, text)
	assert.Contains(t, diagnostics, `-month: servicetime: month "2016-13"`)
}

// testdata/kinds.csv has each kind of ticket, at the edges of its targets. What came of it, by hand:
//
//	I1     medium: started with 8 h used, reported back at the closing of the fifth business day: met
//	I2     medium: started at the opening that ends the eighth hour: met; reported back a minute behind closing: missed
//	I3     occurred on the 20th at 16:00, so critical: started a minute late: missed, though its 8 h are met
//	I4     impact 1, but priority 4 is given: low; reported back at the closing of the seventh business day: met
//	S1     security, Friday 22 April 17:30, next opening in the critical period: high; two business days: met
//	I5     Transportstyrelsen closes at 16:30: met 8 h the next day at 08:30; reported back at 16:45: missed
//	I6     running        I7  received in May
//	O1     five business days, resolved, never reported back: met        O2  two business days, on the third: missed
//	O3     no target      O4  a type without rules
//	P1     6 days: until 24:00 of the sixth: met        P2  a minute behind: missed        P3  a problem without priority
//	C1     a kind without rules
func TestKinds(t *testing.T) {
	t.Parallel()
	flat, err := os.ReadFile("testdata/kinds.csv")
	require.NoError(t, err)
	text, err := reportOn(t, string(flat))
	require.NoError(t, err)
	p := readReport(text)
	p.addsUp(t)
	assert.Equal(t, map[string][6]int{
		"Incidents": {8, 6, 0, 1, 1, 0},
		"Orders":    {4, 2, 1, 0, 0, 1},
		"Problems":  {3, 2, 0, 0, 0, 1},
	}, p.sums)
	assert.Equal(t, map[string][2]int{"critical": {0, 1}, "high": {1, 0}, "medium": {1, 2}, "low": {1, 0}, "all": {3, 3}}, p.groups["Incidents"])
	assert.Equal(t, map[string][2]int{"connection": {1, 0}, "permissions": {}, "question": {0, 1}, "standard change": {}, "all": {1, 1}}, p.groups["Orders"])
	assert.Equal(t, map[string][2]int{"critical": {1, 1}, "high": {}, "medium": {}, "low": {}, "all": {1, 1}}, p.groups["Problems"])
	assert.Equal(t, map[string]string{
		"Incidents": "3 of 6 in time, 50.00 %, goal 90 %: missed by 3",
		"Orders":    "1 of 2 in time, 50.00 %, goal 90 %: missed by 1",
		"Problems":  "1 of 2 in time, 50.00 %, goal 90 %: missed by 1",
	}, p.sentence)
	assert.Equal(t, [][]string{
		{"I2", "medium", "2016-04-04 09:00", "resolution", "5 business days", "2016-04-11 17:00", "2016-04-11 17:01", "0 s", "0 s", "§4.3.1"},
		{"I5", "medium", "2016-04-06 09:00", "resolution", "5 business days", "2016-04-13 16:30", "2016-04-13 16:45", "0 s", "0 s", "§4.3.1"},
		{"I3", "critical", "2016-04-21 08:00", "response", "30 min", "2016-04-21 08:30", "2016-04-21 08:31", "1 min", "0 s", "§4.3.1"},
		{"O2", "question", "2016-04-04 10:00", "resolution", "2 business days", "2016-04-06 17:00", "2016-04-07 08:00", "0 s", "0 s", "§4.4"},
		{"P2", "critical", "2016-04-01 09:00", "resolution", "6 days", "2016-04-08 00:00", "2016-04-08 00:01", "0 s", "0 s", "§4.5"},
	}, p.missed)
	assert.Equal(t, 1, p.unknown)
	assert.Len(t, p.notJudged, 3)
	assert.Contains(t, text, `ticket "O4": order type "transport"`)
	assert.Contains(t, text, `ticket "P3": a problem without a priority`)
	assert.Contains(t, text, `ticket "C1": kind "change"`)
	assert.NotContains(t, text, "no instant of reporting back")

	// The order of the rows has no say, but in the places of what the agreement has no rule for.
	lines := strings.SplitAfter(string(flat), "\n")
	slices.Reverse(lines[1 : len(lines)-1])
	reversed, err := reportOn(t, strings.Join(lines, ""))
	require.NoError(t, err)
	assert.Equal(t, withoutLines(text), withoutLines(reversed))
}

// withoutLines takes out of a report what depends on how a file is laid out: numbers of lines, unused columns.
func withoutLines(text string) string {
	text = regexp.MustCompile(`in\.csv:\d+(:1)?`).ReplaceAllString(text, "in.csv")
	return regexp.MustCompile(`(?m)^  in\.csv: not used are .*\n`).ReplaceAllString(text, "")
}

// §3.1.2: the same tickets from a system that does not know when a fix was reported back. Clocks stop at resolved,
// and the report says so: I2, I5, O2 and P2 were resolved in time. Blank cells are another matter: nobody has reported back.
func TestKindsWithoutReportedBack(t *testing.T) {
	t.Parallel()
	flat, err := os.ReadFile("testdata/kinds.csv")
	require.NoError(t, err)
	var without, blank strings.Builder
	for line := range strings.Lines(string(flat)) {
		row := line[:strings.LastIndexByte(line, ',')]
		without.WriteString(row + "\n")
		if blank.Len() == 0 {
			row = strings.TrimSuffix(line, "\n")
		} else {
			row += ","
		}
		blank.WriteString(row + "\n")
	}

	text, err := reportOn(t, without.String())
	require.NoError(t, err)
	assert.Contains(t, text, "\n  The records have no instant of reporting back: resolution clocks of incidents and problems stop at resolved.\n")
	p := readReport(text)
	p.addsUp(t)
	assert.Equal(t, map[string]string{
		"Incidents": "5 of 6 in time, 83.33 %, goal 90 %: missed by 1",
		"Orders":    "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left",
		"Problems":  "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left",
	}, p.sentence)

	text, err = reportOn(t, blank.String())
	require.NoError(t, err)
	assert.NotContains(t, text, "resolution clocks stop at resolved")
	p = readReport(text)
	p.addsUp(t)
	assert.Equal(t, map[string]string{
		"Incidents": "0 of 6 in time, 0.00 %, goal 90 %: missed by 6", // of orders, resolved will do (§4.4)
		"Orders":    "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left",
		"Problems":  "0 of 2 in time, 0.00 %, goal 90 %: missed by 2",
	}, p.sentence)
}

// The same tickets from a system that does not know when work was started: responses are not judged, and the report
// says so. I3 missed that one alone.
func TestKindsWithoutStarted(t *testing.T) {
	t.Parallel()
	flat, err := os.ReadFile("testdata/kinds.csv")
	require.NoError(t, err)
	var without strings.Builder
	for line := range strings.Lines(string(flat)) {
		cells := strings.Split(line, ",")
		without.WriteString(strings.Join(slices.Delete(cells, 9, 10), ","))
	}
	require.NotContains(t, without.String(), "started")
	text, err := reportOn(t, without.String())
	require.NoError(t, err)
	assert.Contains(t, text, "\n  The records have no instant of the start of work: response times are not judged.\n")
	p := readReport(text)
	p.addsUp(t)
	assert.Equal(t, map[string]string{
		"Incidents": "4 of 6 in time, 66.67 %, goal 90 %: missed by 2",
		"Orders":    "1 of 2 in time, 50.00 %, goal 90 %: missed by 1",
		"Problems":  "1 of 2 in time, 50.00 %, goal 90 %: missed by 1",
	}, p.sentence)
	assert.Equal(t, []string{"I2", "I5", "O2", "P2"}, p.missedTickets())
}

func TestMonthAndAsOf(t *testing.T) {
	t.Parallel()
	kinds := []string{"-tickets", "testdata/kinds.csv"}
	tests := []struct {
		args []string
		want []string
	}{
		{
			[]string{"-tickets", "built-in", "-month", "2016-05"}, // of the built-in log
			[]string{"Monthly report 2016-05: Underpinning Contract SSBTEK\n", "As of 2017-02-15 15:00 +0100, final.\n", "Incidents, §4.3.1: 1407 of 1875 in time"},
		},
		{
			append(kinds, "-month", "2016-04", "-as-of", "2016-05-01T00:00:00+02:00"), // the first instant after the month
			[]string{"Monthly report 2016-04:", "As of 2016-05-01 00:00 +0200, final.\n"},
		},
		{
			append(kinds, "-month", "2016-04", "-as-of", "2016-04-30T23:59:59+02:00"),
			[]string{"As of 2016-04-30 23:59 +0200, preliminary: the month has not ended.\n"},
		},
		{
			append(kinds, "-month", "2016-04", "-as-of", "2016-05-01T06:59:59+09:00"), // a date ahead, and still in April
			[]string{"As of 2016-04-30 23:59 +0200, preliminary: the month has not ended.\n"},
		},
		{
			append(kinds, "-month", "2016-04", "-as-of", "2016-04-05T08:00:00+02:00"), // O1 to O3 too are running, P1 and P2 have a response
			[]string{
				"Incidents, §4.3.1: no data, goal 90 %\n",
				"Of 8 in the records: 0 in the month, 0 without target, 2 running, 6 of other months or later, 0 not judged.\n",
				"Of 3 in the records: 0 in the month, 0 without target, 2 running, 0 of other months or later, 1 not judged.\n",
			},
		},
		{
			append(kinds, "-month", "2016-01"), // before all
			[]string{"Incidents, §4.3.1: no data, goal 90 %\n", "Of 8 in the records: 0 in the month, 0 without target, 0 running, 8 of other months or later, 0 not judged.\n"},
		},
		{
			append(kinds, "-month", "2016-05"), // as-of, the last instant in the file, lies in it
			[]string{"Incidents, §4.3.1: no data, goal 90 %\n", "As of 2016-05-02 09:00 +0200, preliminary: the month has not ended.\n"},
		},
		{
			append(kinds, "-month", "2016-05", "-as-of", "2016-07-01T00:00:00+02:00"), // I6 and I7 have missed
			[]string{"Incidents, §4.3.1: 0 of 2 in time, 0.00 %, goal 90 %: missed by 2\n", ", final.\n"},
		},
	}
	for _, tt := range tests {
		text, err := reportOf(tt.args...)
		require.NoError(t, err, tt.args)
		for _, want := range tt.want {
			assert.Contains(t, text, want, tt.args)
		}
		readReport(text).addsUp(t)
	}
}

// builtInLog is the built-in log, read once for the tests that ask it for many reports.
type builtInLog struct {
	evidence gathered
	rules    *sla.Rules
	page     ticketPage
}

var readBuiltIn = sync.OnceValues(func() (builtInLog, error) {
	export, err := records.LoadExport("servicenow-ssbtek")
	if err != nil {
		return builtInLog{}, err
	}
	evidence, err := readFile(export, "")
	if err != nil {
		return builtInLog{}, err
	}
	agreement := sla.SSBTEK()
	stops := records.StopAtResolved(&agreement)
	rules, err := agreement.Compile(time.LoadLocation)
	return builtInLog{*evidence, rules, ticketPage{agreement: agreement, reading: evidence.reading, evidence: evidence.Evidence, stopsAtResolved: stops}}, err
})

func builtIn(t testing.TB) builtInLog {
	t.Helper()
	log, err := readBuiltIn()
	require.NoError(t, err)
	return log
}

// month prints a month of the log, and reads the text.
func (l builtInLog) month(t testing.TB, month servicetime.Month, asOf time.Time) printed {
	t.Helper()
	m, err := l.rules.Month(month, asOf)
	require.NoError(t, err)
	for _, ticket := range l.evidence.Tickets {
		m.Ticket(ticket.Ticket)
	}
	for _, r := range l.evidence.Rejects {
		m.Reject(r.Kind, r.NotJudged)
	}
	l.page.Report = m.Report()
	l.page.sensitivity, err = l.rules.Sensitivity(month, asOf)
	require.NoError(t, err)
	var text bytes.Buffer
	writeText(&text, l.page)
	return readReport(text.String())
}

// §4.3.1: a later run of an old month gives the same figures: of tickets that were settled, none changes its
// month or its verdict, unless its priority changes afterwards, or it is reopened.
func TestLaterRunOfAnOldMonth(t *testing.T) {
	t.Parallel()
	log := builtIn(t)
	log.evidence.Tickets = slices.DeleteFunc(slices.Clone(log.evidence.Tickets), func(p records.Placed) bool { return len(p.Changes)+len(p.Reopened) > 0 })
	early := log.month(t, servicetime.MustMonth("2016-04"), time.Date(2016, 4, 30, 22, 0, 0, 0, time.UTC))
	late := log.month(t, servicetime.MustMonth("2016-04"), log.evidence.Latest)
	assert.Equal(t, early.groups, late.groups)
	assert.Equal(t, early.sentence, late.sentence)
	assert.Equal(t, early.missedTickets(), late.missedTickets())
	assert.NotEqual(t, early.sums, late.sums, "those that were running")
}

func TestOwnAgreement(t *testing.T) {
	t.Parallel()
	text, err := reportOf("-tickets", "built-in", "-agreement", "servicenow-own.agreement.json", "-export", "servicenow-own")
	require.NoError(t, err)
	assert.Contains(t, text, "Monthly report 2016-04: The priorities of the incident log: impact by urgency\n")
	assert.Contains(t, text, "Agreement ServiceNow 3 × 3, version 2016.")
	assert.Contains(t, text, "  A later impact or urgency changes the priority from that event on;")
	p := readReport(text)
	p.addsUp(t)
	assert.Equal(t, map[string][2]int{"critical": {}, "high": {}, "moderate": {}, "low": {}, "all": {}}, p.groups["Incidents"])
	assert.Equal(t, 10_327, p.sums["Incidents"][0])
	assert.NotZero(t, p.sums["Incidents"][2], "resolved in the month, without target")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	text, err := reportOf("-help")
	require.ErrorIs(t, err, flag.ErrHelp)
	for _, want := range []string{"-tickets file", "-export name", "-month month", "-agreement file", "-as-of instant", "-strict", "servicenow-ssbtek, servicenow-own, tickets"} {
		assert.Contains(t, text, want)
	}
}

func TestArgumentErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		return file
	}
	ssbtek, err := os.ReadFile("../../ssbtek.json")
	require.NoError(t, err)
	wrongType := write("type.json", "{\n  \"name\": 1\n}")
	notJSON := write("not.json", "{\n  \"name\" ")
	unknown := write("unknown.json", strings.Replace(string(ssbtek), `"goal"`, `"gaol"`, 1))
	incomplete := write("incomplete.json", strings.Replace(string(ssbtek), `"stops_at": "reported_back",`, "", 1))
	wrongRows := write("rows.json", `{"rows": "lines"}`)
	noNumber := write("number.json", `{"rows": "tickets", "kind": "incident", "columns": {"received": "opened"}}`)
	noState := write("state.json", `{"rows": "events", "kind": "incident", "columns": {"number": "n", "at": "a", "received": "r"}}`)
	noKind := write("kind.json", `{"rows": "tickets", "columns": {"number": "n", "received": "r"}}`)
	badState := write("means.json", `{"rows": "events", "kind": "incident", "columns": {"number": "n", "at": "a", "state": "s", "received": "r"}, "states": {"New": "old"}}`)
	badField := write("field.json", `{"rows": "tickets", "columns": {"number": "n", "at": "a"}}`)
	badKey := write("key.json", `{"rows": "tickets", "colums": {}}`)
	badZone := write("zone.json", `{"name": "mine", "rows": "tickets", "kind": "incident", "time_zone": "Europe/Atlantis", "columns": {"number": "n", "received": "r"}}`)
	noZone := write("local.json", `{"name": "mine", "rows": "tickets", "kind": "incident", "time_zone": "Local", "columns": {"number": "n", "received": "r"}}`)

	tests := []struct {
		args []string
		want string
	}{
		{[]string{"2016-05"}, `unexpected "2016-05": files are given with -records, -tickets, -calls, -export and -agreement`},
		{[]string{"-strict", "no"}, `unexpected "no"`},
		{[]string{"-mouth", "2016-05"}, "flag provided but not defined: -mouth"},
		{[]string{"-tickets", "built-in", "-month", "2016-13"}, `-month: servicetime: month "2016-13": not in a known form: there is no such month`},
		{[]string{"-tickets", "built-in", "-month", "2016-00"}, `-month: servicetime: month "2016-00": not in a known form: there is no such month`},
		{[]string{"-tickets", "built-in", "-month", "2016-4"}, `-month: servicetime: month "2016-4": not in a known form: write year and month as "2026-10"`},
		{[]string{"-tickets", "built-in", "-month", "april"}, `-month: servicetime: month "april": not in a known form: write year and month as "2026-10"`},
		{[]string{"-tickets", "built-in", "-month", "2016-04-01"}, `-month: servicetime: month "2016-04-01": not in a known form`},
		{[]string{"-tickets", "testdata/kinds.csv", "-month", "1969-12"}, "1969-12: outside the years 1970 to 2200"},
		{[]string{"-tickets", "testdata/kinds.csv", "-month", "2201-01"}, "2201-01: outside the years 1970 to 2200"},
		{[]string{"-tickets", "testdata/kinds.csv"}, "-month: missing: write the month of the report, such as 2016-05"},
		{[]string{"-tickets", "testdata/kinds.csv", "-month", "2016-04", "-as-of", "2016-04-20"}, `-as-of "2016-04-20": write an instant as "2016-05-01T00:00:00+02:00"`},
		{[]string{"-tickets", "testdata/kinds.csv", "-month", "2016-04", "-as-of", "2016-04-31T10:00:00Z"}, `-as-of "2016-04-31T10:00:00Z": write an instant`},
		{[]string{"-tickets", "testdata/kinds.csv", "-month", "2016-04", "-as-of", "2201-01-01T00:00:00Z"}, "as of 2201-01-01T00:00:00Z: outside the years 1970 to 2200"},
		{[]string{"-tickets", dir + "/none.csv", "-month", "2016-04"}, "-tickets: open " + dir + "/none.csv: "},
		{[]string{"-tickets", dir, "-month", "2016-04"}, "is a directory"},
		{[]string{"-agreement", dir + "/none.json"}, "-agreement: open " + dir + "/none.json: "},
		{[]string{"-calls", "testdata/calls.csv"}, "-month: missing: write the month of the report"},
		{[]string{"-calls", "testdata/calls.csv", "-month", "2026-10", "-export", "tickets"}, "-export: it says what the columns of -tickets mean"},
		{[]string{"-calls", "-", "-tickets", "-", "-month", "2026-10"}, "-calls and -tickets cannot both be standard input"},
		{[]string{"-calls", dir + "/none.csv", "-month", "2026-10"}, "-calls: open " + dir + "/none.csv: "},
		{[]string{"-calls", "testdata/kinds.csv", "-month", "2026-10"}, "testdata/kinds.csv:"},
		{[]string{"-calls", "testdata/calls.csv", "-month", "2026-10", "-strict"}, "5 bad rows of 22 in testdata/calls.csv, and -strict is set"},
		{[]string{"-agreement", notJSON}, ": not JSON: unexpected end of JSON input"},
		{[]string{"-agreement", wrongType}, wrongType + `:2:11: name "1": another kind of value: write a text`},
		{[]string{"-agreement", unknown}, unknown + `:114:5: incidents.gaol "gaol": §4.3.1: no such field: known are `},
		{[]string{"-tickets", "testdata/kinds.csv", "-month", "2016-04", "-agreement", incomplete}, ": incidents.stops_at: §4.3.1: missing: name where the clock stops"},
		{[]string{"-tickets", "built-in", "-export", "jira"}, "export: open jira: "},
		{[]string{"-tickets", "built-in", "-export", "jira"}, "built in are servicenow-ssbtek, servicenow-own, tickets"},
		{[]string{"-tickets", "built-in", "-export", notJSON}, "export " + notJSON + ": "},
		{[]string{"-tickets", "built-in", "-export", wrongRows}, "export " + wrongRows + `: rows "lines": write "tickets", "events" or "changes"`},
		{[]string{"-tickets", "built-in", "-export", noNumber}, "export " + noNumber + ": columns.number: missing"},
		{[]string{"-tickets", "built-in", "-export", noState}, "export " + noState + ": columns.state: missing"},
		{[]string{"-tickets", "built-in", "-export", noKind}, "export " + noKind + ": kind: missing, and there is no column for it"},
		{[]string{"-tickets", "built-in", "-export", badState}, "export " + badState + `: states.New "old": write "new", "work", "pause" or "resolved"`},
		{[]string{"-tickets", "built-in", "-export", badField}, "export " + badField + ": columns.at: rows that are tickets have no such field"},
		{[]string{"-tickets", "built-in", "-export", badKey}, "colums"},
		{[]string{"-tickets", "built-in", "-export", badZone}, `export mine: time_zone "Europe/Atlantis": no such time zone`},
		{[]string{"-tickets", "built-in", "-export", noZone}, `export mine: time_zone "Local": no such time zone`},
		{[]string{"-tickets", "built-in", "-export", "tickets"}, defaultLogName + `:1:1: no column "received" for received: there are ["number" "updated_at" `}, // not of this log
	}
	for _, tt := range tests {
		_, err := reportOf(tt.args...)
		require.Error(t, err, tt.args)
		assert.Contains(t, err.Error(), tt.want, tt.args)
	}
}

// A file without -export is read as the built-in description whose columns it has.
func TestExportIsFound(t *testing.T) {
	t.Parallel()
	text, err := reportOn(t, eventHeader+eventsA+eventsC)
	require.NoError(t, err)
	named, err := reportOn(t, eventHeader+eventsA+eventsC, "-export", "servicenow-ssbtek")
	require.NoError(t, err)
	assert.Equal(t, named, text)
	assert.Equal(t, "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left", readReport(text).sentence["Incidents"])

	_, err = reportOn(t, "a,b\n1,2\n")
	require.ErrorIs(t, err, records.ErrColumn)
	assert.ErrorContains(t, err, `no column "number"`)
}

// An export of a ticket system whose local times have no zone of their own, as CSV and as JSON.
func TestZone(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"glpi.csv", "glpi.json"} {
		text, err := reportOf("-tickets", "../records/testdata/"+file, "-export", "glpi", "-zone", "Europe/Stockholm", "-month", "2026-10", "-as-of", "2026-11-01T00:00:00Z")
		require.NoError(t, err, file)
		p := readReport(text)
		p.addsUp(t)
		assert.Equal(t, 2, p.read, file)
		found, err := reportOf("-tickets", "../records/testdata/"+file, "-zone", "Europe/Stockholm", "-month", "2026-10", "-as-of", "2026-11-01T00:00:00Z")
		require.NoError(t, err, file)
		assert.Equal(t, text, found, file)
		_, err = reportOf("-tickets", "../records/testdata/"+file, "-zone", "Sweden/Stockholm", "-month", "2026-10")
		require.ErrorContains(t, err, `time_zone "Sweden/Stockholm": no such time zone`)
	}
}
