package sla_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// Rules never change, whatever happens to the agreement that they were compiled from or that they return.
func TestRegressionRulesNeverChange(t *testing.T) {
	a := sla.SSBTEK()
	rules := mustCompile(a)
	ticket := priority.Ticket{Kind: priority.Incident, Impact: 1, Received: local("2026-06-10 10:00")}
	want, err := rules.Judge(ticket, ticket.Received)
	require.NoError(t, err)
	m, err := rules.Month(month("2026-06"), local("2026-07-01 00:00"))
	require.NoError(t, err)
	report := m.Report()
	for _, x := range []sla.Agreement{a, rules.Agreement()} {
		x.Priority.Timing.CriticalFromDay = 1
		x.Priority.Levels[0], x.Priority.Levels[2] = "first", "third"
		x.Incidents.Clause, x.Incidents.Goal = "§9", compliance.Goal{}
	}
	j, err := rules.Judge(ticket, ticket.Received)
	require.NoError(t, err)
	assert.Equal(t, want, j)
	assert.Equal(t, report, m.Report())
}

// A tally counts 99 levels; tickets of a hundredth vanish from the share.
func TestRegressionHundredLevels(t *testing.T) {
	a := sla.SSBTEK()
	a.Priority = sla.PriorityModel{SecondAxis: sla.ByUrgency, Matrix: [][]string{{"1"}}}
	a.Incidents.Targets, a.Problems = map[string]priority.Targets{}, nil
	for i := range 100 {
		level := fmt.Sprint(i + 1)
		a.Priority.Levels = append(a.Priority.Levels, level)
		a.Incidents.Targets[level] = priority.Targets{Resolution: target("1 h")}
	}
	rules, err := a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, servicetime.ErrLimit)
	if err != nil {
		return
	}
	report := evaluate(t, rules, "2026-06", local("2026-07-01 00:00"), priority.Ticket{Kind: priority.Incident, Priority: 100, Received: local("2026-06-10 10:00")})
	assert.Equal(t, compliance.Share{Met: 0, Total: 1}, report.Incidents.Share)
}

// Where the text stops being JSON.
func TestRegressionParsePlacesSyntax(t *testing.T) {
	for _, row := range []string{
		"{\n  \"name\": \"x\",\n  \"title\": ‸y\n}", "{\n  \"name\": \"a‸\nb\"}", "{\n  \"name\": \"x\"\n  ‸\"title\": \"y\"\n}",
		`{"name":‸NaN}`, `{"name": nul‸}`, `{"name":‸'x'}`, `{"name":‸+1}`, `{"name":-‸}`, `{"name":1.‸}`, `{"name":0‸1}`, `{"name":"\‸x41"}`,
		`{‸name:"x"}`, `{‸1:"x"}`, `{"name":"x",‸}`, `{"name":"x" ‸"title":"y"}`, `{"name" ‸"x"}`, `{"name":"x"‸]`, `{"priority":{"levels":["a",‸]}}`, `{"priority":{"levels":["a" ‸"b"]}}`,
		`{} ‸{}`, `{} ‸"x"`, `{} ‸x`, `{}‸}`, "{}\n\n‸[]", `{"name":"x"} ‸12`,
		`{"name":"x"‸`, `{"name":‸`, `‸`, "\n \n ‸",
	} {
		text, want := marked(row)
		_, err := sla.Parse([]byte(text))
		require.ErrorIs(t, err, sla.ErrJSON, text)
		if got := place(faultsOf(t, err)[0]); got != want[0] {
			t.Errorf("%q: at %s, want %s", text, got, want[0])
		}
	}
}

func TestRegressionDepth(t *testing.T) {
	_, err := sla.Parse([]byte(strings.Repeat("[", 33) + strings.Repeat("]", 33)))
	assert.ErrorIs(t, err, servicetime.ErrLimit)
}

// Parse reads back what Marshal writes, also where something is left out.
func TestRegressionMarshalLeftOut(t *testing.T) {
	noTargets := sla.SSBTEK()
	noTargets.Orders.Targets = nil
	closed := sla.SSBTEK()
	s := closed.ServiceTimes["opening"]
	s.Dates = map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2026-12-24"): nil}
	closed.ServiceTimes["opening"] = s
	twoCases := sla.SSBTEK()
	twoCases.Orders.Targets["Question"] = priority.Targets{}
	for name, a := range map[string]sla.Agreement{"nothing": {}, "no targets": noTargets, "closed date": closed, "names in two cases": twoCases} {
		if name != "nothing" {
			mustCompile(a)
		}
		data, err := a.Marshal()
		if err != nil {
			continue // refused is right too
		}
		_, err = sla.Parse(data)
		assert.NoError(t, err, name)
	}
}

// A provider's fault is one fault, with and without rules for tickets.
func TestRegressionProvider(t *testing.T) {
	a := sla.SSBTEK()
	a.Providers["X"] = sla.Provider{Clause: "§9", ServiceTime: "nope"}
	want := []wrongFault{{"providers.X.service_time", "§9", "not_found", "nope", sla.ErrUnknown}}
	_, err := a.Compile(time.LoadLocation)
	assert.Len(t, faultsOf(t, err), 1)
	a.Incidents, a.Orders, a.Problems = nil, nil, nil
	_, err = a.Compile(time.LoadLocation)
	assertFaults(t, want, err)
}

func TestRegressionPathOfWholeSchedule(t *testing.T) {
	a := sla.SSBTEK()
	s := a.ServiceTimes["opening"]
	s.Extra = make([]servicetime.Opening, servicetime.MaxWindows+1)
	a.ServiceTimes["opening"] = s
	_, err := a.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{{"service_times.opening", "§4.1.1", "too_large", "", servicetime.ErrLimit}}, err)
}

// What was received after as-of is not known, right or wrong.
func TestRegressionFuture(t *testing.T) {
	asOf := local("2026-06-10 00:00")
	for _, ticket := range []priority.Ticket{
		{Kind: priority.Incident, Impact: 2, Received: local("2026-06-20 09:00")},
		{Kind: priority.Incident, Impact: 9, Received: local("2026-06-20 09:00")},
		{Kind: priority.Order, Class: "laptop", Received: local("2026-06-20 09:00")},
		{Kind: "change", Received: local("2026-06-20 09:00")},
	} {
		for kind, s := range sections(evaluate(t, presetRules(), "2026-06", asOf, ticket)) {
			assert.Zero(t, s.Rejected, "%s: %+v", kind, ticket)
		}
	}
}

// Under the reading "each" a ticket whose response was missed in May is in June's list for its resolution.
func TestRegressionMissedAt(t *testing.T) {
	a := sla.SSBTEK()
	a.Readings.Compliance = sla.Each
	report := evaluate(t, mustCompile(a), "2026-06", local("2026-07-01 00:00"),
		priority.Ticket{Number: "early", Kind: priority.Incident, Priority: 2, Received: local("2026-06-01 09:00")}, // missed from 1 June on
		priority.Ticket{Number: "late", Kind: priority.Incident, Priority: 2, Received: local("2026-05-29 15:00")},  // 29 May and 2 June
	)
	require.Len(t, report.Incidents.Missed, 2)
	for _, m := range report.Incidents.Missed {
		assert.Equal(t, time.June, m.Breached.In(stockholm).Month(), m.Number)
	}
	assert.Equal(t, "early late", figuresOf(report.Incidents).MissedNumbers)
}

// A month is the same in whatever order its records come, also where numbers are not given.
func TestRegressionTies(t *testing.T) {
	one := priority.Ticket{Kind: priority.Incident, Priority: 1, Received: local("2026-06-10 09:00")}
	two := priority.Ticket{Kind: priority.Incident, Priority: 2, Received: local("2026-06-10 08:30")}
	asOf := local("2026-07-01 00:00")
	assert.Equal(t, evaluate(t, presetRules(), "2026-06", asOf, one, two), evaluate(t, presetRules(), "2026-06", asOf, two, one))
}

func TestRegressionRejectNil(t *testing.T) {
	m, err := presetRules().Month(month("2026-06"), local("2026-07-01 00:00"))
	require.NoError(t, err)
	m.Reject(priority.Incident, sla.NotJudged{})
	m.Reject(priority.Incident, sla.NotJudged{})
	assert.NotPanics(t, func() { m.Report() })
}

// A group says how many run and how many have nothing to meet.
func TestRegressionGroups(t *testing.T) {
	report := evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"),
		priority.Ticket{Kind: priority.Incident, Priority: 4, Received: local("2026-06-30 09:00")},
		priority.Ticket{Kind: priority.Order, Class: "permissions", Received: local("2026-06-10 09:00"), ReportedBack: local("2026-06-10 09:00")},
	)
	for _, s := range []sla.TicketReport{report.Incidents, report.Orders} {
		var running, noTarget int64
		for _, g := range s.Groups {
			running, noTarget = running+g.Running, noTarget+g.NoTarget
		}
		assert.Equal(t, s.Running, running)
		assert.Equal(t, s.NoTarget, noTarget)
	}
}

// §4.4: N/A is no target; it is neither "not agreed" nor 0 of 0.
func TestRegressionLineWithoutTarget(t *testing.T) {
	report := evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"))
	i := slices.IndexFunc(slices.Collect(report.Lines()), func(l sla.Line) bool { return l.Name == "orders, permissions" })
	assert.Equal(t, compliance.NoTarget, slices.Collect(report.Lines())[i].Verdict)
}

func TestRegressionTimeCause(t *testing.T) {
	_, err := sla.Parse([]byte(`{"service_times":{"s":{"extra":[{"from":"2026-01-01"}]}}}`))
	require.ErrorIs(t, err, servicetime.ErrText)
}

func TestRegressionJudgeErrorIsZero(t *testing.T) {
	j, err := presetRules().Judge(priority.Ticket{Kind: priority.Incident, Impact: 2, Received: local("2026-06-10 09:00")}, local("2026-06-01 00:00"))
	require.ErrorIs(t, err, priority.ErrFuture)
	assert.Zero(t, j)
}

func TestRegressionNotAgreed(t *testing.T) {
	a := sla.SSBTEK()
	a.Orders = nil
	report := evaluate(t, mustCompile(a), "2026-06", local("2026-07-01 00:00"))
	assert.Equal(t, compliance.NotAgreed, report.Orders.Verdict)
}

// Every bad date of a list is a fault with its own place.
func TestRegressionHolidayPlaces(t *testing.T) {
	text, want := marked(`{"service_times":{"s":{"holidays":["2026-01-01",‸"2026-02-30",‸"x"]}}}`)
	_, err := sla.Parse([]byte(text))
	var got []string
	for _, f := range faultsOf(t, err) {
		got = append(got, place(f))
	}
	assert.Equal(t, want, got)
}

// A later run of an old month gives the same figures, also for an order that is reported back after it is resolved.
func TestRegressionOrderNeverChanges(t *testing.T) {
	order := priority.Ticket{
		Kind: priority.Order, Class: "question", Received: local("2026-01-26 09:00"),
		Resolved: local("2026-01-27 09:00"), ReportedBack: local("2026-02-03 09:00"),
	}
	before := evaluate(t, presetRules(), "2026-01", local("2026-02-01 00:00"), order).Orders
	after := evaluate(t, presetRules(), "2026-01", local("2026-03-01 00:00"), order).Orders
	assert.Equal(t, before.Share, after.Share)
}
