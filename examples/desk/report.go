package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla/examples/monthly"
	"example.com/sla/examples/page"
	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

type reportRequest struct {
	Month     servicetime.Month `json:"month"`
	AsOf      instant           `json:"as_of"`
	Records   *reportRecords    `json:"records"`
	Zone      string            `json:"time_zone"`
	Agreement jsontext.Value    `json:"agreement"`
	Service   string            `json:"service"`
}

// maxRecords is how many records of a kind a report of a request has, and maxContinuity how many disruptions, backups and tests: every month of its trend judges all of
// them.
const (
	maxRecords    = 10_000
	maxContinuity = 1000
)

func tooManyRecords(kind string, n int) error {
	most := maxRecords
	if slices.Contains([]string{"disruptions", "backups", "tests"}, kind) {
		most = maxContinuity
	}
	if n <= most {
		return nil
	}
	return &wrong{code: "too_large", err: fmt.Errorf("%d records: at most %d", n, most)}
}

// reportRecords are those of a request, by kind. A kind that is not there is not known of.
type reportRecords struct {
	Tickets      recordList `json:"tickets"`
	Outages      recordList `json:"outages"`
	Disturbances recordList `json:"disturbances"`
	Windows      recordList `json:"windows"`
	Changes      recordList `json:"changes"`
	Calls        recordList `json:"calls"`
	Users        recordList `json:"users"`
	Disruptions  recordList `json:"disruptions"`
	Backups      recordList `json:"backups"`
	Tests        recordList `json:"tests"`
}

// kinds are the lists by kind.
func (r *reportRecords) kinds() map[string]recordList {
	return map[string]recordList{
		"tickets": r.Tickets, "outages": r.Outages, "disturbances": r.Disturbances, "windows": r.Windows, "changes": r.Changes, "calls": r.Calls, "users": r.Users,
		"disruptions": r.Disruptions, "backups": r.Backups, "tests": r.Tests,
	}
}

// A recordList is the text of a file, or a list of records.
type recordList struct{ raw jsontext.Value }

func (l *recordList) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	value, err := in.ReadValue()
	if err != nil {
		return err
	}
	switch value.Kind() {
	case 'n':
		return nil
	case '"', '[':
		l.raw = value.Clone()
		return nil
	}
	return errors.New("write a list of records, or the text of a file")
}

// text is the file that the list is, or would be.
func (l recordList) text(kind string) (string, error) {
	if l.raw.Kind() == '"' {
		var text string
		err := json.Unmarshal(l.raw, &text)
		return text, cmp.Or(err, tooManyRecords(kind, strings.Count(strings.TrimRight(text, "\r\n"), "\n")))
	}
	var rows []map[string]jsontext.Value
	if err := json.Unmarshal(l.raw, &rows); err != nil {
		return "", err
	}
	if err := tooManyRecords(kind, len(rows)); err != nil {
		return "", err
	}
	columns := records.Columns(kind)
	var out strings.Builder
	w := csv.NewWriter(&out)
	_ = w.Write(columns) // to a builder
	cells := make([]string, len(columns))
	for i, row := range rows {
		at := fmt.Sprintf("[%d]", i)
		if row == nil {
			return "", in(at, errors.New("null: write an object"))
		}
		clear(cells)
		for _, name := range slices.Sorted(maps.Keys(row)) { // so that of two faults the same one is told
			value := row[name]
			column := slices.Index(columns, name)
			if column < 0 {
				return "", &wrong{code: "unknown_field", field: at + "." + clip(name), err: fmt.Errorf("there is no such field: there are %s", strings.Join(columns, ", "))}
			}
			switch value.Kind() {
			case 'n':
			case '"':
				if err := json.Unmarshal(value, &cells[column]); err != nil {
					return "", in(at+"."+name, err)
				}
				cells[column] = strings.NewReplacer("\r", " ", "\n", " ").Replace(cells[column]) // a record is a line
			case '0', 't', 'f':
				cells[column] = string(value)
			default:
				return "", in(at+"."+name, errors.New("write a text, a number, true or false"))
			}
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return out.String(), nil
}

// memory is the records as the report reads them, with the names of the agreement's priorities.
func (r *reportRecords) memory(levels []string) (m records.Memory, err error) {
	m.Files = map[string]string{}
	lists := r.kinds()
	for _, kind := range records.Kinds() {
		switch list := lists[kind]; {
		case list.raw == nil:
		case kind == "tickets" && list.raw.Kind() == '[':
			if m.Tickets, err = list.tickets(levels); err != nil {
				return m, in("records.tickets", err)
			}
		default:
			if m.Files[kind], err = list.text(kind); err != nil {
				return m, in("records."+kind, err)
			}
		}
	}
	return m, nil
}

func (l recordList) tickets(levels []string) ([]priority.Ticket, error) {
	var list []*ticket
	if err := json.Unmarshal(l.raw, &list, json.RejectUnknownMembers(true)); err != nil {
		return nil, err
	}
	if err := tooManyRecords("tickets", len(list)); err != nil {
		return nil, err
	}
	all := make([]priority.Ticket, 0, len(list))
	for i, t := range list {
		at := fmt.Sprintf("[%d]", i)
		if t == nil {
			return nil, in(at, errors.New("null: write an object"))
		}
		one, err := t.record(levels)
		if err != nil {
			return nil, in(at, err)
		}
		all = append(all, one)
	}
	return all, nil
}

func opReport(d *desk, r *reportRequest) (any, error) {
	switch {
	case r.Month == (servicetime.Month{}):
		return nil, missing("month")
	case r.Records == nil:
		return nil, missing("records")
	}
	if r.Zone != "" {
		if _, err := servicetime.Compile(servicetime.Schedule{Zone: r.Zone, Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation); err != nil {
			return nil, err
		}
	}
	rules, err := d.rulesOf(r.Agreement)
	if err != nil {
		return nil, err
	}
	file := d.file
	if r.Agreement.Kind() == '{' {
		file = page.FileOf("agreement", r.Agreement)
	} else if r.Agreement.Kind() == '"' { // the built-in one
		file = nil
	}
	if rules, err = monthly.Service(rules, r.Service); err != nil {
		return nil, in("service", err)
	}
	asOf := r.AsOf.Time
	if asOf.IsZero() {
		asOf = monthly.After(r.Month)
	}
	if _, err := rules.Month(r.Month, asOf); err != nil {
		return nil, in("month", err)
	}
	memory, err := r.Records.memory(rules.Agreement().Priority.Levels)
	if err != nil {
		return nil, err
	}
	folder, err := records.OpenMemory(records.Options{Zone: r.Zone}, memory)
	if err != nil {
		return nil, ofFile(err)
	}
	job := monthly.Job{Rules: rules, Sources: []monthly.Source{{Folder: folder}}, Month: r.Month, AsOf: r.AsOf.Time, AgreementFile: file}
	documents, err := job.Documents()
	if err != nil {
		return nil, ofFile(err)
	}
	document := documents[0]
	lists := r.Records.kinds()
	for i := range document.Inputs { // a list is known by its own bytes, not by those of the file that it would be
		in := &document.Inputs[i]
		if raw := lists[in.Kind].raw; raw.Kind() == '[' {
			sum := sha256.Sum256(raw)
			in.SHA256 = hex.EncodeToString(sum[:])
		}
	}
	out, err := stdjson.Marshal(document) // as [page.JSON] does, on one line
	return jsontext.Value(out), err
}

// ofFile says in which field of a request the file is that cannot be read.
func ofFile(err error) error {
	var file *records.FileError
	if errors.As(err, &file) {
		return &wrong{code: "bad_request", field: "records." + file.Kind, err: err}
	}
	return in("records", err)
}
