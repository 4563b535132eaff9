package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/monthly"
	"example.com/sla/examples/page"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

// folder is a made-up month, with all kinds of records and some bad rows.
const folder = "../records/testdata/folder"

func reportOf(t *testing.T, request map[string]any) *page.Document {
	t.Helper()
	line, err := json.Marshal(request)
	require.NoError(t, err)
	answer := ask(t, ssbtekDesk(t), string(line))
	require.Empty(t, failed(t, answer), answer)
	var d page.Document
	require.NoError(t, json.Unmarshal([]byte(answer), &d))
	return &d
}

// document is the report of the folder, made as the report program does.
func document(t *testing.T) *page.Document {
	t.Helper()
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	f, err := records.Open(records.Options{}, folder)
	require.NoError(t, err)
	job := monthly.Job{Rules: rules, Sources: []monthly.Source{{Folder: f}}, Month: servicetime.MustMonth("2026-10")}
	documents, err := job.Documents()
	require.NoError(t, err)
	return documents[0]
}

func assertSame(t *testing.T, want, got *page.Document) {
	t.Helper()
	a, err := json.MarshalIndent(want, "", " ")
	require.NoError(t, err)
	b, err := json.MarshalIndent(got, "", " ")
	require.NoError(t, err)
	assert.Equal(t, string(a), string(b))
}

// Files in a request give the report that they give in a folder.
func TestReportOfFiles(t *testing.T) {
	files := map[string]string{}
	for _, kind := range records.Kinds() {
		text, err := os.ReadFile(filepath.Join(folder, kind+".csv"))
		require.NoError(t, err)
		files[kind] = string(text)
	}
	got, want := reportOf(t, map[string]any{"op": "report", "month": "2026-10", "records": files}), document(t)
	for i := range want.Inputs {
		want.Inputs[i].Name = want.Inputs[i].Kind
	}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(strings.NewReplacer(".csv:", ":").Replace(string(text))), want))
	assert.Equal(t, []string{"notes.txt"}, want.Unused)
	want.Unused = nil // there are no other files in a request
	assertSame(t, want, got)
}

// Lists in a request give the figures of the files that they would be.
func TestReportOfLists(t *testing.T) {
	lists := map[string]any{}
	for _, kind := range records.Kinds() {
		text, err := os.ReadFile(filepath.Join(folder, kind+".csv"))
		require.NoError(t, err)
		r := csv.NewReader(strings.NewReader(string(text)))
		if strings.Contains(strings.SplitN(string(text), "\n", 2)[0], ";") {
			r.Comma = ';'
		}
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		require.NoError(t, err)
		list := []map[string]any{}
		for _, row := range rows[1:] {
			one := map[string]any{}
			for i, cell := range row {
				known := kind == "tickets" || strings.Contains(","+strings.Join(records.Columns(kind), ",")+",", ","+rows[0][i]+",")
				if cell = strings.TrimSpace(cell); cell != "" && known {
					one[rows[0][i]] = cell
				}
			}
			list = append(list, one)
		}
		lists[kind] = list
	}
	tickets := lists["tickets"].([]map[string]any) //nolint:forcetypeassert // made above
	for _, one := range tickets {
		one["impact"] = json.Number(strings.ReplaceAll(one["impact"].(string), "high", "9")) //nolint:forcetypeassert // a cell
		delete(one, "protected")
	}
	got, want := reportOf(t, map[string]any{"op": "report", "month": "2026-10", "records": lists}), document(t)
	assert.Equal(t, want.Targets, got.Targets)
	assert.Equal(t, want.Summary, got.Summary)
	require.Len(t, got.Inputs, len(want.Inputs))
	for i, in := range got.Inputs {
		w := want.Inputs[i]
		assert.Equal(t, []int64{w.Rows, w.Counted, w.Outside, w.Bad}, []int64{in.Rows, in.Counted, in.Outside, in.Bad}, in.Kind)
	}
	assert.NotEmpty(t, got.Targets)
}

// What a report is asked for besides records.
func TestReportRequest(t *testing.T) {
	d := reportOf(t, map[string]any{"op": "report", "month": "1970-03", "records": map[string]any{}})
	assert.Equal(t, "1970-03", d.Month.String(), "without the months before 1970")
	assert.Equal(t, []string{"backups", "calls", "changes", "disruptions", "outages", "tests", "tickets"}, d.Missing)
	asOf := time.Date(2026, 10, 10, 0, 0, 0, 0, time.UTC)
	d = reportOf(t, map[string]any{"op": "report", "month": "2026-10", "as_of": asOf, "records": map[string]any{}})
	assert.True(t, asOf.Equal(d.AsOf))
	assert.True(t, d.Preliminary)
	const received = "number,kind,impact,received,reported_back\n1,incident,1,2026-10-05 09:00,2026-10-05 10:00\n"
	d = reportOf(t, map[string]any{"op": "report", "month": "2026-10", "time_zone": "Europe/Stockholm", "records": map[string]any{"tickets": received}})
	assert.EqualValues(t, 1, d.Inputs[0].Counted)
	d = reportOf(t, map[string]any{"op": "report", "month": "2026-10", "agreement": "ssbtek", "records": map[string]any{"tickets": received}})
	assert.EqualValues(t, 1, d.Inputs[0].Bad, "a local time without a zone")
}

func TestReportRefuses(t *testing.T) {
	many := `{"at":"2026-10-05T09:00:00Z"}` + strings.Repeat(`,{"at":"2026-10-05T09:00:00Z"}`, maxContinuity)
	desk := ssbtekDesk(t)
	for _, tt := range []struct{ request, code, field string }{
		{`"records":{}`, "bad_request", "month"},
		{`"month":"2026-10"`, "bad_request", "records"},
		{`"month":"2026-10","records":null`, "bad_request", "records"},
		{`"month":"1969-12","records":{}`, "out_of_range", "month"},
		{`"month":"2201-12","records":{}`, "out_of_range", "month"},
		{`"month":"2026-10","records":{"outage":[]}`, "unknown_field", "records.outage"},
		{`"month":"2026-10","records":{"outages":7}`, "bad_request", "records.outages"},
		{`"month":"2026-10","records":{"outages":[7]}`, "bad_request", "records.outages[0]"},
		{`"month":"2026-10","records":{"outages":[null]}`, "bad_request", "records.outages[0]"},
		{`"month":"2026-10","records":{"outages":[{"from":["x"]}]}`, "bad_request", "records.outages[0].from"},
		{`"month":"2026-10","records":{"outages":[{},{"colour":"red"}]}`, "unknown_field", "records.outages[1].colour"},
		{`"month":"2026-10","records":{"tests":[7],"backups":[7],"outages":[{"z":1,"b":1,"a":1}]}`, "unknown_field", "records.outages[0].a"},
		{`"month":"2026-10","records":{"outages":"a,b\n"}`, "bad_request", "records.outages"},
		{`"month":"2026-10","records":{"outages":""}`, "bad_request", "records.outages"},
		{`"month":"2026-10","records":{"tickets":"a,b\n"}`, "bad_request", "records.tickets"},
		{`"month":"2026-10","records":{"tickets":[null]}`, "bad_request", "records.tickets[0]"},
		{`"month":"2026-10","records":{"tickets":[{"colour":"red"}]}`, "unknown_field", "records.tickets[0].colour"},
		{`"month":"2026-10","records":{"tickets":[{},{"received":"noon"}]}`, "bad_request", "records.tickets[1].received"},
		{`"month":"2026-10","records":{"tickets":[{"priority":"urgent"}]}`, "not_found", "records.tickets[0].priority"},
		{`"month":"2026-10","time_zone":"Mars","records":{}`, "not_found", "time_zone"},
		{`"month":"2026-10","records":{},"agreement":"ours"`, "not_found", "agreement"},
		{`"month":"2026-10","records":{"tests":[` + many + `]}`, "too_large", "records.tests"},
	} {
		f := failed(t, ask(t, desk, `{"op":"report",`+tt.request+`}`))
		assert.Equal(t, tt.code, f.Code, "%.100s: %s", tt.request, f.Message)
		assert.Equal(t, tt.field, f.Field, "%.100s: %s", tt.request, f.Message)
	}
}
