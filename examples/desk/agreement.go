package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla"
	"example.com/sla/examples/agreements"
	"example.com/sla/servicetime"
)

// maxServiceTimes is how many service times an agreement of a request has: each takes some milliseconds.
const maxServiceTimes = 16

// rulesOf are those of the agreement that a request brings, else the desk's. "ssbtek" is the built-in one.
func (d *desk) rulesOf(raw jsontext.Value) (*sla.Rules, error) {
	if raw == nil || raw.Kind() == 'n' {
		return d.rules, nil
	}
	if raw.Kind() == '"' {
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return nil, in("agreement", err)
		}
		if name != "ssbtek" {
			return nil, &wrong{code: "not_found", field: "agreement", err: errors.New(`by its name there is "ssbtek"; give another as an object`)}
		}
		return sla.SSBTEK().Compile(time.LoadLocation)
	}
	var size struct {
		ServiceTimes map[string]jsontext.Value `json:"service_times"`
	}
	if err := json.Unmarshal(raw, &size); err == nil && len(size.ServiceTimes) > maxServiceTimes {
		return nil, &wrong{code: "too_large", field: "agreement.service_times", err: fmt.Errorf("%d: at most %d in an agreement of a request", len(size.ServiceTimes), maxServiceTimes)}
	}
	rules, err := sla.Load(raw, time.LoadLocation, agreements.Holidays()...)
	return rules, in("agreement", err)
}

type reviewRequest struct {
	Agreement jsontext.Value `json:"agreement"`
	Year      *int           `json:"year"`
}

func opReview(d *desk, r *reviewRequest) (any, error) {
	rules, err := d.rulesOf(r.Agreement)
	if err != nil {
		return nil, err
	}
	year := time.Now().Year()
	if r.Year != nil {
		year = *r.Year
	}
	found, err := rules.Review(year)
	if err != nil {
		return nil, in("year", err)
	}
	type finding struct {
		Clause   string       `json:"clause"`
		Code     string       `json:"code"`
		Severity sla.Severity `json:"severity"`
		Message  string       `json:"message"`
	}
	out := struct {
		Findings []finding `json:"findings"`
	}{[]finding{}}
	for _, f := range found {
		out.Findings = append(out.Findings, finding{strings.Join(f.Clauses, ", "), f.Code, f.Severity, f.Text.In("en")})
	}
	return out, nil
}

type procedureRequest struct {
	Kind        string            `json:"kind"`
	Month       servicetime.Month `json:"month"`
	RequestedAt instant           `json:"requested_at"`
	Date        servicetime.Date  `json:"date"`
	ChangeOn    string            `json:"change_on"`
	Notice      instant           `json:"notice"`
}

func opProcedure(d *desk, r *procedureRequest) (any, error) {
	switch r.Kind {
	case "report_due":
		if r.Month == (servicetime.Month{}) {
			return nil, missing("month")
		}
		due, business, err := d.rules.ReportDue(r.Month)
		return struct {
			Due               servicetime.Date `json:"due"`
			BusinessDayBefore servicetime.Date `json:"business_day_before"`
		}{due, business}, in("month", err)
	case "decision_meeting":
		if err := needed(nil, item{"requested_at", r.RequestedAt}); err != nil {
			return nil, err
		}
		m, err := d.rules.FirstMeeting(r.RequestedAt.Time)
		if m.Skipped == nil {
			m.Skipped = []servicetime.Date{}
		}
		return struct {
			Meeting     time.Time          `json:"meeting"`
			MaterialDue time.Time          `json:"material_due"`
			Skipped     []servicetime.Date `json:"skipped"`
		}{m.At, m.MaterialDue, m.Skipped}, in("requested_at", err)
	case "opening_wanted":
		if r.Date == (servicetime.Date{}) {
			return nil, missing("date")
		}
		m, ask, err := d.rules.LastMeeting(r.Date)
		return struct {
			Meeting   time.Time `json:"meeting"`
			AskBefore time.Time `json:"ask_before"`
		}{m.At, ask}, in("date", err)
	case "change_notice":
		return d.changeNotice(r)
	case "":
		return nil, missing("kind")
	}
	return nil, &wrong{code: "bad_request", field: "kind", err: errors.New("write report_due, decision_meeting, opening_wanted or change_notice")}
}

// changeNotice is by when a change must be communicated (§4.6.4): on a date it is its first instant.
func (d *desk) changeNotice(r *procedureRequest) (any, error) {
	rules := d.agreement.Changes
	if rules == nil {
		return nil, &wrong{code: "not_agreed", err: errors.New("the agreement has no rules for changes")}
	}
	if r.ChangeOn == "" {
		return nil, missing("change_on")
	}
	opening, err := d.rules.Calendar(rules.ServiceTime)
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339, r.ChangeOn)
	if err != nil {
		date, err := servicetime.ParseDate(r.ChangeOn)
		if err != nil {
			return nil, &wrong{code: "bad_request", field: "change_on", err: errors.New(`write a date, "2026-10-31", or an instant, "2026-10-31T08:00:00+01:00"`)}
		}
		whole, err := opening.Span(date)
		if err != nil {
			return nil, in("change_on", err)
		}
		at = whole.From
	}
	latest, _, err := rules.Latest(opening, at)
	if err != nil {
		return nil, in("change_on", err)
	}
	out := struct {
		Latest servicetime.Date `json:"latest"`
		InTime *bool            `json:"in_time,omitzero"`
	}{Latest: latest}
	if !r.Notice.IsZero() {
		inTime, err := rules.InTime(opening, at, r.Notice.Time)
		if err != nil {
			return nil, in("notice", err)
		}
		out.InTime = &inTime
	}
	return out, nil
}
