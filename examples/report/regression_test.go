package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const met1 = "1 of 1 in time, 100.00 %, goal 90 %: met, 0 misses left"

func TestRegressions(t *testing.T) {
	log := []string{"-export", "servicenow-ssbtek"}
	const ev = ",2 - Medium,,,0,2016-04-04T09:00,2016-04-05T10:00,2016-04-06T10:00\n"
	write := func(t *testing.T, name, text string) string {
		file := t.TempDir() + "/" + name
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	text := func(t *testing.T, content string, args ...string) string {
		text, err := reportOn(t, content, args...)
		require.NoError(t, err)
		return text
	}
	fails := func(t *testing.T, why, content string, args ...string) {
		_, err := reportOn(t, content, args...)
		assert.Error(t, err, why)
	}
	for name, f := range map[string]func(t *testing.T){
		"01a events apart": func(t *testing.T) {
			out := text(t, eventHeader+"A,2016-04-04T09:10,New"+ev+eventsC+"A,2016-04-04T09:30,Active"+ev, log...)
			assert.Equal(t, met1, readReport(out).sentence["Incidents"])
		},
		"01b a row that is no CSV among events": func(t *testing.T) {
			out := text(t, eventHeader+"A,2016-04-04T09:10,New"+ev+"A,2016-04-04T09:20,Aw\"ait"+ev+"A,2016-04-04T09:30,Active"+ev+eventsC, log...)
			assert.Equal(t, met1, readReport(out).sentence["Incidents"])
		},
		"01c a row without a number among events": func(t *testing.T) {
			out := text(t, eventHeader+"A,2016-04-04T09:10,New"+ev+",2016-04-04T09:20,Active"+ev+"A,2016-04-04T09:30,Active"+ev+eventsC, log...)
			assert.Equal(t, met1, readReport(out).sentence["Incidents"])
		},
		"02a as-of of a bad row": func(t *testing.T) {
			out := text(t, flatHeader+flatA+"B,incident,,3,,,,,2016-04-05T07:00:00Z,2016-04-05T08:00:00Z,,\n"+
				"C,incident,,3,,,,,2116-04-05T07:00:00Z,2016-04-05T07:00:00Z,,\n")
			assert.Equal(t, met1, readReport(out).sentence["Incidents"])
			assert.Contains(t, out, "preliminary")
		},
		"02b year 9999": func(t *testing.T) {
			_, err := reportOn(t, flatHeader+flatA+"B,incident,,3,,,,,2016-04-05T07:00:00Z,2016-04-05T08:00:00Z,9999-12-31T00:00:00Z,\n")
			assert.NoError(t, err)
		},
		"03 a header with a space": func(t *testing.T) {
			out, err := reportOn(t, strings.Replace(flatHeader, ",resolved,reported_back", ", resolved, reported_back", 1)+flatA+flatC+"I,incident,,3,,,,,2016-05-02T07:00:00Z,,,\n")
			assert.True(t, err != nil || readReport(out).sentence["Incidents"] == "2 of 2 in time, 100.00 %, goal 90 %: met, 0 misses left", readReport(out).sentence["Incidents"])
		},
		"03b no column that stops a clock": func(t *testing.T) {
			fails(t, "", "number,kind,impact,received,started\nA,incident,3,2016-04-04T07:00:00Z,2016-04-04T08:00:00Z\n")
		},
		"03c no column kind": func(t *testing.T) {
			fails(t, "", "number,impact,received,started,resolved\nA,3,2016-04-04T07:00:00Z,2016-04-04T08:00:00Z,2016-04-04T08:00:00Z\n")
		},
		"03d closed, no column resolved": func(t *testing.T) {
			mine := write(t, "m.json", `{"name": "m", "rows": "tickets", "kind": "incident", "columns": {"number": "n", "impact": "i", "received": "r", "started": "s", "resolved": "done", "closed": "c"}}`)
			out, err := reportOn(t, "n,i,r,s,c\nA,3,2016-04-04T07:00:00Z,2016-04-04T08:00:00Z,2016-04-05T08:00:00Z\nB,3,2016-04-24T07:00:00Z,,\n", "-export", mine)
			assert.True(t, err != nil || !strings.Contains(out, "not done"))
		},
		"04 unterminated quote": func(t *testing.T) {
			_, err := reportOn(t, flatHeader+flatA+"\"B,incident,,3,,,,,2016-04-04T07:00:00Z,,,\n"+flatC+strings.ReplaceAll(flatC, "C", "D"))
			assert.ErrorContains(t, err, "in.csv:3:1: a quote is opened in this row")
		},
		"05 rejects behind as-of": func(t *testing.T) {
			out := text(t, eventHeader+eventsA+
				"H,2016-04-20T09:00,Active,2 - Medium,,,0,2016-04-20T09:00,,2016-04-26T10:00\n",
				"-export", "servicenow-ssbtek", "-as-of", "2016-04-05T12:00:00+02:00")
			assert.Equal(t, [6]int{2, 1, 0, 0, 1, 0}, readReport(out).sums["Incidents"])
		},
		"06 strict and place of what has no rule": func(t *testing.T) {
			for _, row := range []string{"B,incident,,5,,", "B,Incident,,3,,", "B,incident,,3,,5", "B,order,transport,,,"} {
				row += ",,,2016-04-04T07:00:00Z,,,\n"
				assert.Contains(t, text(t, flatHeader+flatA+row), "in.csv:3:", row)
				fails(t, row, flatHeader+flatA+row, "-strict")
			}
		},
		"07 kind of a row that is no CSV": func(t *testing.T) {
			assert.NotContains(t, text(t, eventHeader+eventsA+"B\"x,2016-04-04T09:10,New"+ev, log...), "no rules for")
		},
		"08 each adds up": func(t *testing.T) {
			data, err := os.ReadFile("../../ssbtek.json")
			require.NoError(t, err)
			s := readReport(text(t, flatHeader+flatA+flatC, "-agreement", write(t, "each.json", strings.Replace(string(data), `"compliance": "both"`, `"compliance": "each"`, 1)))).sums["Incidents"]
			assert.Equal(t, s[0], s[1]+s[2]+s[3]+s[4]+s[5])
		},
		"09 control characters": func(t *testing.T) {
			const rest = ",incident,,3,,,,,2016-04-04T07:00:00Z,2016-04-04T08:00:00Z,2016-04-25T08:00:00Z,2016-04-25T09:00:00Z\n"
			for _, number := range []string{"B\xff", "\"B\tb\"", "\"B\nb\"", "B\x1b[31m", "B\vb", "B\x00"} {
				out := text(t, flatHeader+"A"+rest+number+rest+"C"+rest)
				p := readReport(out)
				assert.True(t, len(p.missed) == 3 && len(p.missed[1]) == 10 && len(p.missed[2]) == 10 && !strings.ContainsAny(out, "\x1b\x00\v") && !strings.Contains(out, "\xff"), "%q", number)
			}
		},
		"09b 1 MB": func(t *testing.T) {
			mega := strings.Repeat("x", 1<<20)
			assert.Less(t, len(text(t, flatHeader+mega+",incident,,x,x,x,,,2016-04-04,,,\n"+flatA)), 10_000)
			assert.Less(t, len(text(t, eventHeader+strings.Replace(eventsA, "2016-04-04T09:00", mega, 1), "-export", "servicenow-ssbtek", "-as-of", "2016-05-05T00:00:00Z")), 10_000)
			_, err := reportOn(t, mega+",kind,received\n")
			assert.Less(t, len(err.Error()), 10_000)
		},
		"10 list grows": func(t *testing.T) {
			b := flatHeader + "B,incident,,3,,,,,2016-04-28T07:00:00Z,,,\n"
			early, late := text(t, b, "-as-of", "2016-05-01T00:00:00+02:00"), text(t, b, "-as-of", "2016-06-01T00:00:00+02:00")
			assert.Len(t, readReport(late).missed, len(readReport(early).missed), late)
		},
		"11 third duplicate": func(t *testing.T) {
			assert.Contains(t, text(t, flatHeader+flatA+flatA+flatA), `in.csv:4:1: number "A": a number that stands twice: first at line 2`)
		},
		"12 known are []": func(t *testing.T) {
			assert.NotContains(t, text(t, flatHeader+flatA+"B,incident,,x,,,,,2016-04-04T07:00:00Z,,,\n"), "known are []")
		},
		"13 place in the header": func(t *testing.T) {
			_, err := reportOn(t, "num\"ber,kind,received\n")
			assert.ErrorContains(t, err, "in.csv:1:4: ")
		},
		"14 export strict": func(t *testing.T) {
			data, err := os.ReadFile("../records/exports/tickets.json")
			require.NoError(t, err)
			for from, to := range map[string]string{"\n}\n": "\n}\n} x", `"rows": "tickets"`: `"rows": "events", "rows": "tickets"`, `"rows"`: `"ROWS"`, `"columns"`: `"values": {"impakt": {"Stor": 1}}, "columns"`, `"columns": `: `"values": {"impact": {"3": 0}}, "columns": `} {
				fails(t, to, flatHeader+flatA, "-export", write(t, "e.json", strings.Replace(string(data), from, to, 1)))
			}
		},
		"15 nothing to judge": func(t *testing.T) {
			_, err := reportOn(t, flatHeader+"A,incident,,3,,,,,04/04/2016 09:00,,,\n")
			if err != nil {
				assert.ErrorContains(t, err, "in.csv:2:19: ")
			}
		},
		"15b no rows": func(t *testing.T) { text(t, flatHeader) },
		"16 year 1900": func(t *testing.T) {
			assert.Contains(t, text(t, flatHeader+flatA+"B,incident,,3,,,,,1900-04-04T07:00:00Z,,,\n"), "\nB  ")
		},
		"17 zero": func(t *testing.T) {
			assert.Contains(t, text(t, flatHeader+flatA+"B,incident,,3,,0,,,2016-04-04T07:00:00Z,,,\n"), `in.csv:3:16: priority "0"`)
		},
		"18 place of started": func(t *testing.T) {
			assert.Contains(t, text(t, eventHeader+eventsC+"B,2016-04-04T09:30,Active"+ev+"B,2016-04-04T08:30,Active"+ev, log...), `in.csv:4:3: started "2016-04-04 08:30`)
		},
	} {
		t.Run(name, f)
	}
}
