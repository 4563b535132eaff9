package sla_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/priority"
)

// October 2026 with an incident in time and one late, an outage of an hour and a half over lunch and one in the night, and a window that overran.
func monthlyMonth(t *testing.T, asOf string) *sla.Month {
	t.Helper()
	m, err := presetRules().Month(month("2026-10"), at(asOf))
	require.NoError(t, err)
	m.Ticket(priority.Ticket{Number: "1", Kind: priority.Incident, Priority: 1, Received: at("2026-10-05T09:00:00+02:00"), Started: at("2026-10-05T09:10:00+02:00"), ReportedBack: at("2026-10-05T12:00:00+02:00")})
	m.Ticket(priority.Ticket{Number: "2", Kind: priority.Incident, Priority: 2, Received: at("2026-10-06T09:00:00+02:00"), Started: at("2026-10-06T10:30:00+02:00"), ReportedBack: at("2026-10-06T12:00:00+02:00")})
	m.Outage(availability.Outage{From: at("2026-10-07T11:30:00+02:00"), To: at("2026-10-07T13:00:00+02:00"), Cause: "a cable", Plan: "two cables"})
	m.Outage(availability.Outage{From: at("2026-10-08T20:00:00+02:00"), To: at("2026-10-08T21:00:00+02:00")})
	m.Window(availability.Window{PlannedFrom: at("2026-10-15T05:00:00+02:00"), PlannedTo: at("2026-10-15T08:00:00+02:00"), ActualTo: at("2026-10-15T08:30:00+02:00")})
	return m
}

func TestMonthly(t *testing.T) {
	p, err := monthlyMonth(t, "2026-11-02T08:00:00+01:00").Monthly(nil)
	require.NoError(t, err)
	targets := map[string]sla.MonthlyTarget{}
	for _, row := range p.Targets {
		targets[row.Path] = row
	}
	// Two of two incidents have response and resolution; the second was half an hour late.
	incidents := targets["incidents.goal"]
	assert.Equal(t, "missed", incidents.Verdict.String())
	assert.Equal(t, []int64{1, 2, -1}, []int64{incidents.Met, incidents.Total, incidents.Margin})
	// 22 days of 9 h; 2 h down: 1 h 30 min and the overrun.
	share := targets["availability.limits[0]"]
	assert.Equal(t, []int64{int64(196 * time.Hour), int64(198 * time.Hour)}, []int64{share.Met, share.Total})
	assert.Equal(t, "met", share.Verdict.String())
	assert.Equal(t, int64(198*time.Hour/50-2*time.Hour), share.Margin)
	interruptions := targets["availability.limits[3]"]
	assert.Equal(t, []int64{2, 4, 2}, []int64{interruptions.Value, interruptions.Allowed, interruptions.Margin})
	assert.False(t, p.Complete, "no orders, problems or changes were told of")
	assert.Equal(t, "2026-11-10", p.Due.Date.String())

	require.Len(t, p.Days, 31)
	down := map[string]time.Duration{}
	var open, sum time.Duration
	for _, d := range p.Days {
		open += d.Open
		sum += d.Down
		if d.Down > 0 {
			down[d.Date.String()] = d.Down
		}
	}
	assert.Equal(t, p.Availability.Open, open)
	assert.Equal(t, p.Availability.Down, sum)
	assert.Equal(t, map[string]time.Duration{"2026-10-07": 90 * time.Minute, "2026-10-15": 30 * time.Minute}, down)

	require.Len(t, p.Interruptions, 2)
	assert.Equal(t, []string{"a cable"}, p.Interruptions[0].Causes)
	for _, i := range p.Interruptions {
		var counted time.Duration
		for _, s := range i.Segments {
			if s.Counted() {
				counted += s.To.Sub(s.From)
			}
		}
		assert.Equal(t, i.Down, counted)
	}
	require.Len(t, p.Tickets[0].Missed, 1)
	missed := p.Tickets[0].Missed[0]
	assert.Equal(t, "2", missed.Number)
	require.Len(t, missed.Clocks, 1)
	clock := missed.Clocks[0]
	assert.Equal(t, "response", clock.Name)
	assert.Equal(t, 30*time.Minute, clock.Over)
	var counted time.Duration
	for _, s := range clock.Segments {
		if s.Counted() {
			counted += s.To.Sub(s.From)
		}
	}
	assert.Equal(t, clock.Elapsed, counted)

	// Ten minutes and three hours of the critical one; an hour and a half and three hours of the high one.
	critical, high := p.Tickets[0].Groups[0], p.Tickets[0].Groups[1]
	assert.Equal(t, []time.Duration{10 * time.Minute, 3 * time.Hour}, []time.Duration{critical.Response.Mean(), critical.Resolution.Mean()})
	assert.Equal(t, []time.Duration{90 * time.Minute, 3 * time.Hour}, []time.Duration{high.Response.Longest, high.Resolution.Longest})

	// The summary counts what binds: the three ticket goals, changes, five of availability, three of calls, one of capacity.
	assert.Equal(t, 13, p.Summary.Targets)
	assert.Equal(t, p.Summary.Targets, p.Summary.Met+p.Summary.Missed+p.Summary.NoData)
	assert.Equal(t, 1, p.Summary.Missed)
}

// Trend and year to date are of the reports that are given, one a month.
func TestMonthlyTrend(t *testing.T) {
	var history []*sla.Report
	for _, name := range []string{"2025-10", "2025-12", "2026-03", "2026-09"} {
		m, err := presetRules().Month(month(name), at("2026-11-02T08:00:00+01:00"))
		require.NoError(t, err)
		day := name + "-05T09:00:00+02:00"
		m.Ticket(priority.Ticket{Number: name, Kind: priority.Incident, Priority: 1, Received: at(day), Started: at(day), ReportedBack: at(day)})
		history = append(history, m.Report())
	}
	p, err := monthlyMonth(t, "2026-11-02T08:00:00+01:00").Monthly(nil, history...)
	require.NoError(t, err)
	var months []string
	for _, point := range p.Targets[0].Trend {
		months = append(months, point.Month.String())
	}
	assert.Equal(t, []string{"2025-12", "2026-03", "2026-09", "2026-10"}, months, "twelve months, of which some are not known")
	assert.Equal(t, int64(4), p.Targets[0].YearToDate.Total, "one in March, one in September, two in October")
}

// The same records give the same bytes, and the JSON form has everything.
func TestMonthlyJSON(t *testing.T) {
	var first string
	for range 2 {
		p, err := monthlyMonth(t, "2026-10-20T08:00:00+02:00").Monthly(nil)
		require.NoError(t, err)
		data, err := json.Marshal(p)
		require.NoError(t, err)
		if first != "" {
			assert.Equal(t, first, string(data))
		}
		first = string(data)
		var back sla.Monthly
		require.NoError(t, json.Unmarshal(data, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		assert.JSONEq(t, first, string(again), "nothing is lost")
		assert.True(t, back.Preliminary)
	}
}
