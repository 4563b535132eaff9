package agreements

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"example.com/sla"
	"example.com/sla/servicetime"
)

var update = flag.Bool("update", false, "write testdata/ssbtek.yaml anew from ssbtek.json")

const (
	presetFile = "../../ssbtek.json"
	twinFile   = "testdata/ssbtek.yaml"
)

// The YAML twin of the preset is the same agreement.
func TestTwinOfPreset(t *testing.T) {
	if *update {
		writeTwin(t)
	}
	rules, err := Load(twinFile, time.LoadLocation)
	require.NoError(t, err)
	assert.Equal(t, sla.SSBTEK(), rules.Agreement(), "if the preset has changed: go test ./agreements -run Twin -update")
}

// writeTwin writes the preset as a person would: short lists and objects on a line, and no quotes about dates and windows.
func writeTwin(t *testing.T) {
	text, err := os.ReadFile(presetFile)
	require.NoError(t, err)
	var root yaml.Node
	require.NoError(t, yaml.Load(text, &root))
	var restyle func(n *yaml.Node)
	restyle = func(n *yaml.Node) {
		n.Style = 0
		if short, err := yaml.Dump(n, yaml.WithLineWidth(-1)); err == nil && len(short) < 80 {
			n.Style = yaml.FlowStyle
		}
		for _, c := range n.Content {
			restyle(c)
			if c.Kind != yaml.ScalarNode || n.Kind == yaml.DocumentNode {
				n.Style = 0
			}
		}
	}
	restyle(&root)
	text, err = yaml.Dump(&root, yaml.WithLineWidth(-1))
	require.NoError(t, err)
	text = regexp.MustCompile(`'([0-9:-]+)'`).ReplaceAll(text, []byte("$1"))
	text = append([]byte("# The preset SSBTEK, ../../../ssbtek.json, in YAML: a test holds the two together.\n"), text...)
	require.NoError(t, os.WriteFile(twinFile, text, 0o644)) //nolint:gosec // it is for everyone to read
}

// marked takes the marks ‸ out of a text and returns the places that they showed, as line:column in bytes, both from 1.
func marked(text string) (plain string, places []string) {
	line, column := 1, 1
	var b strings.Builder
	for i, part := range strings.Split(text, "‸") {
		if i > 0 {
			places = append(places, fmt.Sprintf("%d:%d", line, column))
		}
		for _, c := range []byte(part) {
			column++
			if c == '\n' {
				line, column = line+1, 1
			}
		}
		b.WriteString(part)
	}
	return b.String(), places
}

func loadText(text string) (*sla.Rules, error) {
	return loadYAML([]byte(text), time.LoadLocation, Holidays()...)
}

// A mark ‸ shows where each fault is; want are the faults in the order of the text, behind their places.
func TestYAMLRefuses(t *testing.T) {
	const zone = "time_zone: UTC\n" // what every agreement needs
	for _, row := range []struct {
		text string
		want []string
	}{
		// no YAML, which has one fault
		{"‸", []string{"not YAML for an agreement: nothing stands in it"}},
		{"‸# a comment\n", []string{"not YAML for an agreement: nothing stands in it"}},
		{"‸\ufeffname: x\n", []string{"not YAML for an agreement: a byte order mark: leave it out"}},
		{"‸\xff\xfen\x00", []string{"not YAML for an agreement: a byte that is not UTF-8"}},
		{"name: å\ntitle: å‸\xc3\n", []string{"not YAML for an agreement: a byte that is not UTF-8"}},
		{"name: å\ntitle: å‸\x07\n", []string{`not YAML for an agreement: a control character: write it as "\u0007", in double quotes`}},
		{"name: x‸\x00", []string{`not YAML for an agreement: a control character: write it as "\u0000", in double quotes`}},
		{"orders:\n‸\tclause: 1\n", []string{"not YAML for an agreement: while scanning for the next token: found character that cannot start any token: a tab: indent with spaces"}},
		{"duties:\n-‸\tclause: 1\n", []string{"not YAML for an agreement: found a tab character where an indentation space is expected: a tab: indent with spaces"}},
		{"name: ‸@home\n", []string{"not YAML for an agreement: while scanning for the next token: found character that cannot start any token: a text that begins with it stands in quotes"}},
		{"name: ‸%x\n", []string{"not YAML for an agreement: while scanning for the next token: found character that cannot start any token: a text that begins with it stands in quotes"}},
		{"name: å‸: b\n", []string{`not YAML for an agreement: mapping values are not allowed in this context: a text with ": " in it stands in quotes`}},
		{"name: x\n  title‸: y\n", []string{`not YAML for an agreement: mapping values are not allowed in this context: a text with ": " in it stands in quotes`}},
		{"name: \"å\n‸", []string{"not YAML for an agreement: while scanning a quoted scalar from 1:7: found unexpected end of stream"}},
		{"name: å\r\ntitle: \"å‸\\z\"\r\n", []string{"not YAML for an agreement: while scanning a quoted scalar from 2:8: found unknown escape character"}},
		{"levels: [a,\n‸", []string{"not YAML for an agreement: while parsing a flow node: did not find expected node content"}},
		{"orders: {clause: å}‸}\n", []string{"not YAML for an agreement: while parsing a block mapping from 1:1: did not find expected key"}},
		{"- a\n‸name: x\n", []string{"not YAML for an agreement: while parsing a block collection from 1:1: did not find expected '-' indicator"}},
		{"name: ‸*none\n", []string{"not YAML for an agreement: unknown anchor 'none' referenced: an alias: write out what it stands for"}},
		{strings.Repeat("[", 10_000) + "‸[", []string{"not YAML for an agreement: while increasing flow level: exceeded max depth of 10000"}},

		// several documents
		{"name: x\n‸---\nname: y\n", []string{"not YAML for an agreement: a second document: write each agreement to a file of its own"}},
		{"name: x\n...\n‸name: y\n", []string{"not YAML for an agreement: a second document: write each agreement to a file of its own"}},
		{"---\nname: x\n‸---\n", []string{"not YAML for an agreement: a second document: write each agreement to a file of its own"}},
		{"name: x\n---\nname: ‸@y\n", []string{"not YAML for an agreement: while scanning for the next token: found character that cannot start any token: a text that begins with it stands in quotes"}},

		// YAML that agreements do not use: all of it at once
		{"å: ‸&a x\nb: ‸*a\n‸<<: ‸*a\nc:\n  - ‸!!str 8\n  - ‸! 8\n  - ‸!mine {d: 1}\n‸&k e: f\n", []string{
			`å "&a": not YAML for an agreement: an anchor: leave it out, and write out what its aliases stand for`,
			`b "*a": not YAML for an agreement: an alias: write out what it stands for`,
			`<< "<<": not YAML for an agreement: a merge key: write out what it stands for`,
			`<< "*a": not YAML for an agreement: an alias: write out what it stands for`,
			`c[0] "!!str": not YAML for an agreement: a tag: leave it out, and write a text that looks like something else in quotes`,
			`c[1] "!": not YAML for an agreement: a tag: leave it out, and write a text that looks like something else in quotes`,
			`c[2] "!mine": not YAML for an agreement: a tag: leave it out, and write a text that looks like something else in quotes`,
			`"&k": not YAML for an agreement: an anchor: leave it out, and write out what its aliases stand for`,
		}},
		{"orders:\n  targets: ‸&t\n    q: {}\n", []string{
			`orders.targets "&t": not YAML for an agreement: an anchor: leave it out, and write out what its aliases stand for`,
		}},
		{"incidents:\n  targets:\n    ‸1: {}\n    \"2\": {}\n    ‸true: {}\n    ‸~: {}\n    ‸: {}\n    ? ‸[a]\n    : {}\n    2026-12-31: {}\n    no: {}\n", []string{
			`incidents.targets.1 "1": not YAML for an agreement: a key is a text: write "1", in quotes`,
			`incidents.targets.true "true": not YAML for an agreement: a key is a text: write "true", in quotes`,
			`incidents.targets.~ "~": not YAML for an agreement: a key is a text: write "~", in quotes`,
			`incidents.targets: not YAML for an agreement: an empty key: write a text before the colon`,
			`incidents.targets: not YAML for an agreement: a key that is a list or an object: write a text`,
		}},
		{"a: ‸&b [x]\n? ‸*b\n: c\n", []string{
			`a "&b": not YAML for an agreement: an anchor: leave it out, and write out what its aliases stand for`,
			`"*b": not YAML for an agreement: an alias: write out what it stands for`,
		}},

		// what package sla refuses, at its place in the YAML
		{zone + "‸Name: x\n", []string{`Name "Name": no such field: write "name"`}},
		{zone + "name: å\nversion: x\n‸name: å\n", []string{`name "name": not JSON: it stands twice`}},
		{zone + "security: {clause: x, ‸\"clause\": y, ? ‸Clause : z, ‸'section': 1}\n", []string{
			`security.clause "clause": y: not JSON: it stands twice`,
			`security.Clause "Clause": y: not JSON: it stands twice`,
			`security.section "section": y: no such field: known are clause`,
		}},
		{zone + "name:‸ \ntitle: ‸~\nsource: ‸NULL\nversion: ‸null\nlabels:\n  å:‸\n", []string{
			`name "null": another kind of value: write a value, or leave the field out`,
			`title "null": another kind of value: write a value, or leave the field out`,
			`source "null": another kind of value: write a value, or leave the field out`,
			`version "null": another kind of value: write a value, or leave the field out`,
			`labels.å "null": another kind of value: write a value, or leave the field out`,
		}},
		{zone + "name: ‸1\nversion: ‸2.0\nsource: ‸true\nservice_times: {å: {clause: ‸-0e+1}}\n", []string{
			`name "1": another kind of value: write a text, here in quotes`,
			`version "2.0": another kind of value: write a text, here in quotes`,
			`source "true": another kind of value: write a text, here in quotes`,
			`service_times.å.clause "-0e+1": another kind of value: write a text, here in quotes`,
		}},
		{zone + "report: {due_day: ‸0x0a}\nservice_times:\n  s: {week: {mon: [‸8:00-17:00, ‸08:00, ‸1_000]}}\n", []string{
			`report.due_day "\"0x0a\"": another kind of value: write a whole number`,
			`service_times.s.week.mon[0] "8:00-17:00": servicetime: window "8:00-17:00": not in a known form: write "08:00-17:00"`,
			`service_times.s.week.mon[1] "08:00": servicetime: window "08:00": not in a known form: write "08:00-17:00"`,
			`service_times.s.week.mon[2] "1_000": servicetime: window "1_000": not in a known form: write "08:00-17:00"`,
		}},
		{zone + "priority:\n  timing:\n    critical_from_day: ‸010\n    near_after_days: ‸+1\n    near_before_days: ‸.5\n", []string{
			`priority.timing.critical_from_day "\"010\"": another kind of value: write a whole number`,
			`priority.timing.near_after_days "\"+1\"": another kind of value: write a whole number`,
			`priority.timing.near_before_days "\".5\"": another kind of value: write a whole number`,
		}},
		{zone + "readings: {pauses: ‸true, response_pauses: ‸yes, reopened_counts: off}\n", []string{
			`readings.pauses "true": another kind of value: write a text, here in quotes`,
			`readings.response_pauses "yes": sla: switch "yes": not in a known form: write off, on`,
		}},
		{zone + "name: |\n  å\n  b\ntitle: >-\n  c\n\n  d\nsource: 'e\n  f'\nversion: \"g\\\n  h\"\n‸i: j\n", []string{`i "i": no such field: known are name`}},
		{"name: 'b\u2028c'\r\n‸å: d\r" + zone, []string{`å "å": no such field: known are name`}}, // breaks of YAML, and lines that \n ends
		{zone + "service_times:\n  s:\n    week: {mon: [08:00-17:00]}\n    time_zone: UTC\n    holidays: ‸XX\n", []string{
			`service_times.s.holidays "XX": no such set of holidays: known are "SE" and "SE+eves", others are given to Compile`,
		}},
		{strings.Repeat("[", sla.MaxDepth) + "‸[" + strings.Repeat("]", sla.MaxDepth+1), []string{"nested deeper than 32: too large"}},
		{zone + "report: {service_time: å, due_day: ‸0}\nvalid: {from: 2026-12-31, to: ‸2026-01-01}\nservice_times: {å: {time_zone: UTC, week: {mon: [08:00-17:00]}}}\n", []string{
			`report.due_day "0": not in a known form: write a day that every month has, 1 to 28`,
			`valid.to "2026-01-01": ends before it starts: it ends before it begins, 2026-12-31`,
		}},
	} {
		t.Run(row.text[:min(len(row.text), 60)], func(t *testing.T) {
			t.Parallel()
			text, places := marked(row.text)
			rules, err := loadText(text)
			require.Error(t, err)
			assert.Nil(t, rules)
			require.Len(t, places, len(row.want), "%v", err)
			var want []string
			for i, place := range places {
				want = append(want, place+": "+row.want[i])
			}
			// What is written is told there; what an excerpt lacks beside it is told too.
			var got []string
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if strings.Contains(line, ": missing: ") || strings.Contains(line, "not a priority matrix: it has no cell") || strings.Contains(line, "time_zone: no such time zone") {
					continue
				}
				if i := len(got); i < len(want) && strings.HasPrefix(line, want[i]) {
					line = want[i] // what is known is a longer list
				}
				got = append(got, line)
			}
			assert.Equal(t, strings.Join(want, "\n"), strings.Join(got, "\n"))
		})
	}
}

// What YAML 1.1 made of plain texts, and the styles in which YAML writes one.
func TestYAMLScalars(t *testing.T) {
	rules, err := loadText(`
time_zone: UTC
name: no
version: 1_000
source: |
  å: "#1"
  b
valid: {from: 2026-12-31, to: 2026-12-31}
service_times:
  on: {clause: 08:00, time_zone: UTC, week: {sun: [22:00-06:00, 12:00-13:00]}, dates: {2026-12-24: []}, breaks: {2026-12-23: [00:00-24:00]}, holidays: [2026-12-25, --12-26]}
labels:
  yes: {no: Norge, sv: "off"}
  0x10: .5
  "1": '010'
  "true": ~x
  2026-12-31: 2026-12-31
  "\u00e5\tä": >-
    c
    d
  "<<": +1
capacity: {limits: [{kind: concurrency, max: 36, advisory: True}]}
report: {clause: 12:30:45, service_time: on, due_day: 20}
`)
	require.NoError(t, err)
	a := rules.Agreement()
	assert.Equal(t, "no", a.Name)
	assert.Equal(t, "1_000", a.Version)
	assert.Equal(t, "å: \"#1\"\nb\n", a.Source)
	assert.Equal(t, "2026-12-31 – 2026-12-31", a.Valid.String())
	on := a.ServiceTimes["on"]
	assert.Equal(t, "08:00", on.Clause)
	assert.Equal(t, servicetime.MustWeek("sun 22:00-06:00 12:00-13:00"), on.Week)
	assert.Equal(t, map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2026-12-24"): {}}, on.Dates)
	assert.Equal(t, map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2026-12-23"): {servicetime.MustWindow("00:00-24:00")}}, on.Breaks)
	assert.Equal(t, map[string]sla.Text{
		"yes": {"no": "Norge", "sv": "off"}, "0x10": {"": ".5"}, "1": {"": "010"}, "true": {"": "~x"}, "2026-12-31": {"": "2026-12-31"}, "å\tä": {"": "c d"}, "<<": {"": "+1"},
	}, a.Labels)
	assert.True(t, a.Capacity.Limits[0].Advisory)
	assert.Equal(t, "12:30:45", a.Report.Clause)
	assert.Equal(t, 20, a.Report.DueDay)
}

// However hostile a text, it takes no longer than its size: one that expands, nests, or is all of one character.
func TestYAMLIsBounded(t *testing.T) {
	t.Parallel()
	var laughs strings.Builder
	laughs.WriteString("a: &a [x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c <= 'z'; c++ {
		fmt.Fprintf(&laughs, "%c: &%c [%[3]s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	_, err := loadText(laughs.String())
	require.ErrorIs(t, err, errYAML)
	assert.Len(t, faultsOf(err), maxFaults)

	fill := func(part string) string { return strings.Repeat(part, sla.MaxBytes/4/len(part)) }
	for _, text := range []string{
		fill("["), fill("{"), fill("- "), fill("? "), fill("a: "), fill("{a: "), fill("#\n"), fill("\n"), fill("a: 1\n"), fill("\""), fill("'"), fill("&a "), fill("!a "), fill("- x\n"),
		fill("a"), fill("|\n"), fill("---\n"), "{" + fill("å: ~, "), "[" + fill("1,"), "å: \"" + fill("\\a"), "a: [\n" + fill("# b\n"), fill("- # b\n"), fill("a:\n# b\n"), fill("%a\n"), fill("*a "), fill("...\n"),
	} {
		_, err := loadText(text)
		require.Error(t, err, "%.20q", text)
		assert.LessOrEqual(t, len(faultsOf(err)), maxFaults, "%.20q", text)
	}
}

// JSON is YAML: the same faults at the same places, wherever the YAML library takes the text for the same.
func FuzzYAML(f *testing.F) {
	for _, name := range []string{presetFile, twinFile} {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(text)
	}
	for _, text := range []string{
		`{"name":null,"name":1}`, "{\"time_zone\":\"UTC\",\r\n\t\"name\" : [ 1 , true ]}", `{"Å\u00e5\/":{"b":[[],{}]}}`, "[[[[", "a: &x b\n<<: *x\n? [c]\n: !!str d\n", "- |\n  a\n- >-\n  b\n---\n",
		"{\"a\u2028\":1,\"b\":\"\u0085\"}", `{"a":"\ud83d\ude00\b\f\n\r\t\"\\","c":-0.5e+3}`, "name: x\n\tb: 1", `{"labels":{"P1":{"swe":1,"sv":""}},"valid":{"to":1}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := loadYAML(text, time.LoadLocation, Holidays()...)
		lines := bytes.Split(text, []byte("\n"))
		yamlFaults := map[string]bool{}
		if err != nil {
			for _, fault := range faultsOf(err) {
				require.NotEmpty(t, fault.Code, err)
				require.Positive(t, fault.Line, err)
				require.LessOrEqual(t, fault.Line, len(lines), err)
				require.Positive(t, fault.Column, err)
				require.LessOrEqual(t, fault.Column, len(lines[fault.Line-1])+1, err)
				yamlFaults[fault.Code] = true
			}
		}
		_, jsonErr := sla.Load(text, time.LoadLocation, Holidays()...)
		if yamlFaults["bad_yaml"] || bytes.ContainsAny(text, "\r\u0085\u2028\u2029") { // these break a text of YAML
			return
		}
		if jsonErr == nil {
			require.NoError(t, err)
			return
		}
		jsonFaults := faultsOf(jsonErr)
		if len(jsonFaults) == 1 && jsonFaults[0].Path == "" && (jsonFaults[0].Code == "bad_json" || jsonFaults[0].Code == "too_large") {
			return // no JSON, which YAML may well be
		}
		require.Error(t, err)
		places := func(faults []*servicetime.Fault) (all []string) {
			for _, fault := range faults {
				all = append(all, fmt.Sprintf("%d:%d %s %s", fault.Line, fault.Column, fault.Path, fault.Code))
			}
			return all
		}
		require.Equal(t, places(jsonFaults), places(faultsOf(err)))
	})
}
