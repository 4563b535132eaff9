package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
)

// A hostileLine is a line, and the code of its answer, empty if it has one.
type hostileLine struct{ code, line string }

// hostileLines are those of testdata/hostile.txt, a code and a line in each row, and some that are too large for a file.
func hostileLines(t testing.TB) []hostileLine {
	data, err := os.ReadFile("testdata/hostile.txt")
	require.NoError(t, err)
	var all []hostileLine
	for row := range strings.Lines(string(data)) {
		code, line, is := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		require.True(t, is)
		all = append(all, hostileLine{code, line})
	}
	require.Greater(t, len(all), 700)
	return append(all, largeLines()...)
}

func largeLines() []hostileLine {
	const support = `{"time_zone":"Europe/Stockholm","week":{"mon-fri":["08:00-17:00"]},`
	date := func(i int) string { return time.Date(1990, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
	list := func(n int, one func(i int) string) string {
		texts := make([]string, n)
		for i := range texts {
			texts[i] = one(i)
		}
		return strings.Join(texts, ",")
	}
	open := func(more string) string {
		return `{"op":"open","calendar":` + support + more + `},"at":"2026-10-05T09:00:00Z"}`
	}
	ask := func(op, more string) string { return `{"op":"` + op + `",` + more + `}` }
	year := `"from":"1971-01-01T00:00:00Z","to":"2199-12-31T00:00:00Z"`
	return []hostileLine{
		{"too_large", `{"id":"` + strings.Repeat("x", MaxLine) + `"}`},
		{"too_large", open(`"extra":[` + strings.Repeat(`{"from":"2026-10-05T09:00:00Z","to":"2026-10-05T10:00:00Z"},`, 1_000_000) + `]`)}, // a million windows
		{"too_large", open(`"dates":{` + list(11_000, func(i int) string { return `"` + date(i) + `":["08:00-17:00"]` }) + `}`)},
		{"too_large", open(`"holidays":[` + list(2_001, func(i int) string { return `"` + date(i) + `"` }) + `]`)},
		{"", open(`"dates":{` + list(9_900, func(i int) string {
			return fmt.Sprintf(`"%s":["%02d:%02d-%02d:%02d"]`, date(i), i%12, i%60, 12+i%11, i%59)
		}) + `}`)}, // nearly all that is allowed
		{"too_large", ask("hours", `"spans":true,"calendar":"opening",`+year)},
		{"too_large", ask("explain", `"calendar":"opening",`+year)},
		{"", ask("hours", `"calendar":"opening",`+year)},
		{"too_large", ask("capacity", `"calls":[`+list(20_000, func(i int) string { return fmt.Sprintf("[%d,1]", i*3_600_000) })+`]`)},
		{"", ask("capacity", `"calls":[`+list(40_000, func(i int) string { return fmt.Sprintf("[%d,%d]", 1_791_000_000_000+i, i*1000) })+`]`)},
		{"", ask("elapsed", `"calendar":"support",`+year+`,"pauses":[`+list(15_000, func(i int) string { return `["` + date(i) + `T09:00:00Z","` + date(i+3) + `T08:00:00Z"]` })+`]`)},
		{"", ask("availability", `"calendar":"opening",`+year+`,"outages":[`+list(15_000, func(i int) string { return `["` + date(i) + `T09:00:00Z","` + date(i) + `T10:00:00Z"]` })+`]`)},
		{"", ask("performance", `"calls":[`+strings.TrimSuffix(strings.Repeat("[1,null],", 100_000), ",")+`]`)},
		{"bad_json", strings.Repeat("[", MaxLine)},
		{"bad_json", strings.Repeat(`{"a":`, MaxLine/5)},
		{"bad_request", ask("restart_order", `"services":[`+list(15_000, func(i int) string { return fmt.Sprintf(`{"name":"%d","needs":["%d"]}`, i, (i+1)%15_000) })+`]`)},
		{"bad_request", ask("add", `"calendar":"support","from":"2026-10-05T09:00:00Z","seconds":`+strings.Repeat("9", 1_000_000))},
		{"too_large", ask("review", `"year":2026,"agreement":{"name":"large","time_zone":"UTC","service_times":{`+list(17, func(i int) string { return fmt.Sprintf(`"%d":{}`, i) })+`}}`)},
		{"", ask("review", `"year":2026,"agreement":{"name":"large","time_zone":"UTC","service_times":{`+list(16, func(i int) string { return fmt.Sprintf(`"%d":`, i) + strings.TrimSuffix(support, ",") + "}" })+`}}`)},
		{"too_large", ask("report", `"month":"2026-10","records":{"tests":[`+list(1_001, func(int) string { return `{"at":"2026-10-05T09:00:00Z"}` })+`]}`)},
		{"too_large", ask("report", `"month":"2026-10","records":{"backups":"data_at`+strings.Repeat(`\n2026-10-05T09:00:00Z`, 1_001)+`"}`)},
		{"", ask("report", `"month":"2026-10","records":{"outages":"from`+strings.Repeat(`\n`, 400_000)+`"}`)},
		{"", ask("report", `"month":"2026-10","records":{"outages":"from`+strings.Repeat(`\nx`, maxRecords)+`"}`)},
		{"too_large", ask("report", `"month":"2026-10","records":{"outages":"from`+strings.Repeat(`\nx`, 2*maxRecords)+`"}`)},
		{"", ask("report", `"month":"2026-10","records":{"tickets":[`+list(maxRecords, func(int) string { return `{}` })+`]}`)},
		{"too_large", ask("report", `"month":"2026-10","records":{"tickets":[`+list(maxRecords+1, func(int) string { return `{}` })+`]}`)},
		{"too_large", ask("report", `"month":"2026-10","records":{"outages":[`+list(maxRecords+1, func(int) string { return `{}` })+`]}`)},
		{"unknown_field", ask("report", `"month":"2026-10","records":{"outages":[{`+list(20_000, func(i int) string { return fmt.Sprintf(`"%d":1`, i) })+`}]}`)},
		{"bad_json", strings.Repeat("\x00", 100_000)},
		{"unknown_op", ask(strings.Repeat("x", 1_000_000), `"a":1`)},
	}
}

func ssbtekDesk(t testing.TB) *desk {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	return newDesk(rules)
}

// Each of many hostile lines is answered with its code, in its place, and the lines behind them as if they had not been.
func TestHostileLines(t *testing.T) {
	lines := hostileLines(t)
	const fine = `{"id":"fine","op":"open","calendar":"opening","at":"2026-10-05T09:00:00+02:00"}`
	var in, out bytes.Buffer
	in.WriteString("\ufeff")
	for _, l := range lines {
		in.WriteString(l.line + "\n\r\n" + fine + "\r\n")
	}
	require.NoError(t, ssbtekDesk(t).stream(&in, &out, func() error { return nil }))
	answers := strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, answers, 2*len(lines))
	for i, l := range lines {
		var answer struct {
			OK    bool `json:"ok"`
			Error struct {
				Code    string
				Message string
				Line    int
			}
		}
		require.NoError(t, json.Unmarshal([]byte(answers[2*i]), &answer), answers[2*i])
		shown := l.line[:min(len(l.line), 300)]
		assert.Equal(t, l.code, answer.Error.Code, "%s\n%s", shown, answer.Error.Message)
		assert.Equal(t, l.code == "", answer.OK, shown)
		if l.code != "" {
			assert.Equal(t, 3*i+1, answer.Error.Line, shown)
			assert.NotEmpty(t, answer.Error.Message, shown)
			assert.Less(t, len(answers[2*i]), 3000, shown)
		}
		assert.Contains(t, answers[2*i+1], `"id":"fine","ok":true,"open":true`)
	}
}

// BenchmarkHostile answers each hostile line by itself, and tells how long the slowest takes.
func BenchmarkHostile(b *testing.B) {
	lines := hostileLines(b)
	d := ssbtekDesk(b)
	var worst time.Duration
	var which string
	var n int64
	for b.Loop() {
		for _, l := range lines {
			start := time.Now()
			err := d.stream(strings.NewReader(l.line), &bytes.Buffer{}, func() error { return nil })
			if took := time.Since(start); took > worst {
				worst, which = took, l.line
			}
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(worst.Seconds()*1000, "ms-worst")
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(n), "µs/line")
	b.Logf("the slowest: %.100s", which)
}
