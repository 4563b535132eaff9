package sla_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// at is an instant in an example.
func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// The first code of README.md.
func Example() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	j, err := rules.Judge(priority.Ticket{
		Kind:     priority.Incident,
		Impact:   2,
		Received: at("2026-06-18T15:30:00+02:00"), // the day before Midsummer Eve
	}, at("2026-06-18T17:00:00+02:00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(j.Priority)
	fmt.Println(j.Response)
	fmt.Println(j.Resolution.Due)
	for s := range j.Response.Explain() {
		fmt.Println(s)
	}
	// Output:
	// medium
	// running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 6 h 30 min left
	// 2026-06-25 17:00:00 +0200 CEST
	// Thu 2026-06-18  15:30–17:00  counted  1 h 30 min
	// Thu 2026-06-18  17:00–24:00  closed   7 h
	// Fri 2026-06-19  00:00–08:00  closed   8 h
	// Fri 2026-06-19  08:00–14:30  counted  6 h 30 min
}

// The second.
func Example_clock() {
	support, err := servicetime.Compile(servicetime.Schedule{
		Zone:     "Europe/Stockholm",
		Week:     servicetime.MustWeek("mon-fri 08:00-12:00 13:00-17:00"),
		Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	received := at("2026-04-30T16:00:00+02:00") // the day before 1 May, a Friday
	worked, _ := support.Elapsed(received, at("2026-05-05T10:00:00+02:00"))
	due, _ := support.Add(received, 8*time.Hour)
	closing, _ := support.Due(received, servicetime.MustTarget("2 business days"), servicetime.ExclDateClose)
	fmt.Println(servicetime.FormatDuration(worked))
	fmt.Println(due)
	fmt.Println(closing)
	// Output:
	// 11 h
	// 2026-05-04 16:00:00 +0200 CEST
	// 2026-05-05 17:00:00 +0200 CEST
}

// The third.
func Example_availability() {
	opening, err := servicetime.Compile(servicetime.Schedule{
		Zone:     "Europe/Stockholm",
		Week:     servicetime.MustWeek("mon-fri 08:00-17:00"),
		Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	rule := availability.Rule{Opening: opening}
	m, err := rule.Measure(servicetime.MustMonth("2026-10"), at("2026-11-02T08:00:00+01:00"), []availability.Outage{
		{From: at("2026-10-06T10:15:00+02:00"), To: at("2026-10-06T12:45:00+02:00")},
		{From: at("2026-10-20T16:40:00+02:00"), To: at("2026-10-21T08:22:00+02:00")},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	goal := compliance.MustGoal("98%")
	fmt.Println(m)
	fmt.Println(m.Share().Verdict(goal), servicetime.FormatDuration(m.Left(goal)), "left")
	for _, i := range m.Interruptions {
		fmt.Println(i)
	}

	// Output:
	// down 3 h 12 min of 198 h, 98.38 %, 2 interruptions
	// met 45 min 36 s left
	// 2026-10-06 10:15 – 2026-10-06 12:45, down 2 h 30 min
	// 2026-10-20 16:40 – 2026-10-21 08:22, down 42 min
}

// The fourth.
func Example_review() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	findings, err := rules.Review(2026)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range findings[24:27] {
		fmt.Println(f)
	}

	// Output:
	// §4.8, §4.10 all-calls-against-precision: 100 % of the calls within 12 s, but 98 % answered is enough: what is not answered is within no limit, and read as excluded
	// §4.9.1 availability-limits-disagree: 98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 62 h allow 97.29 %: 98 % binds
	// §4.9.1 period-limits-disagree: 4 interruptions a month, 12 times, are 48, but 12 a year are allowed: the shorter limit, reached every time, breaks the longer in number 4
}

// README.md shows code that is compiled, and output that is checked: here, and in the golden of the report.
func TestReadmeIsTested(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var tested strings.Builder
	for _, name := range []string{"readme_test.go", "examples/report/testdata/default.txt"} {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		tested.WriteString(unindent(string(data)))
	}
	blocks := strings.Split(string(readme), "```")
	require.Greater(t, len(blocks), 10)
	for i := 1; i < len(blocks); i += 2 {
		language, code, _ := strings.Cut(blocks[i], "\n")
		if language == "sh" {
			continue
		}
		assert.Contains(t, tested.String(), unindent(code), "README.md shows what no test runs")
	}
}

// The table of examples/README.md leads to files and examples that are there.
func TestExamplesAreThere(t *testing.T) {
	readme, err := os.ReadFile("examples/README.md")
	require.NoError(t, err)
	var code strings.Builder
	links := regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(string(readme), -1)
	require.NotEmpty(t, links)
	for _, link := range links {
		path := filepath.Join("examples", link[1])
		_, err := os.Stat(path)
		require.NoError(t, err)
		if strings.HasSuffix(path, ".go") {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			code.Write(data)
		}
	}
	names := regexp.MustCompile("`(Example\\w*)`").FindAllStringSubmatch(string(readme), -1)
	require.NotEmpty(t, names)
	for _, name := range names {
		assert.Contains(t, code.String(), "func "+name[1]+"() {")
	}
}

// unindent takes off what a comment or a function puts before a line.
func unindent(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimSpace(line), "// ")
	}
	return strings.Join(lines, "\n")
}
