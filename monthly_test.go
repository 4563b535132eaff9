package sla_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/continuity"
	"example.com/sla/performance"
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

// A target has one name and one agreed figure, whether there are records or none.
func TestMonthlyTargetsWithoutRecords(t *testing.T) {
	t.Parallel()
	with := monthlyMonth(t, "2026-11-02T08:00:00+01:00")
	with.Call(performance.Call{At: at("2026-10-05T09:00:00+02:00"), Persons: 1, Answered: true, Response: time.Second})
	without, err := presetRules().Month(month("2026-10"), at("2026-11-02T08:00:00+01:00"))
	require.NoError(t, err)
	a, err := with.Monthly(nil)
	require.NoError(t, err)
	b, err := without.Monthly(nil)
	require.NoError(t, err)
	require.Len(t, b.Targets, len(a.Targets))
	for i, target := range a.Targets {
		none := b.Targets[i]
		assert.NotEqual(t, "met", none.Verdict.String(), none.Path)
		// What is not a figure of the month is the same.
		for _, one := range []*sla.MonthlyTarget{&target, &none} {
			one.Verdict, one.Met, one.Total, one.Value, one.Margin, one.SoFar, one.Unexcused, one.Trend, one.YearToDate = 0, 0, 0, 0, 0, false, nil, nil, nil
		}
		assert.Equal(t, target, none)
	}
}

// An interruption over the end of a month is listed in both, with its part in each; it began in one.
func TestMonthlyCarriedOver(t *testing.T) {
	t.Parallel()
	// Wednesday 30 September 16:00 to Thursday 1 October 09:00: 1 h in each month. Friday 30 October 16:30 to Monday 2 November 08:20: 30 and 20 min.
	outages := []availability.Outage{
		{From: at("2026-09-30T16:00:00+02:00"), To: at("2026-10-01T09:00:00+02:00"), Cause: "a storm"},
		{From: at("2026-10-14T10:00:00+02:00"), To: at("2026-10-14T10:10:00+02:00")},
		{From: at("2026-10-30T16:30:00+01:00"), To: at("2026-11-02T08:20:00+01:00"), Cause: "a flood"},
	}
	months := map[string]*sla.Monthly{}
	for _, name := range []string{"2026-09", "2026-10", "2026-11"} {
		m, err := presetRules().Month(month(name), at("2026-12-02T08:00:00+01:00"))
		require.NoError(t, err)
		for _, o := range outages {
			m.Outage(o)
		}
		p, err := m.Monthly(nil)
		require.NoError(t, err)
		months[name] = p
	}
	september, october, november := months["2026-09"], months["2026-10"], months["2026-11"]
	require.Len(t, september.Interruptions, 1)
	assert.Equal(t, []time.Duration{2 * time.Hour, time.Hour}, []time.Duration{september.Interruptions[0].Down, september.Interruptions[0].InMonth})
	assert.Nil(t, september.CarriedOver)

	require.Len(t, october.Interruptions, 2)
	assert.Equal(t, 10*time.Minute, october.Interruptions[0].InMonth)
	assert.Equal(t, []time.Duration{50 * time.Minute, 30 * time.Minute}, []time.Duration{october.Interruptions[1].Down, october.Interruptions[1].InMonth})
	require.NotNil(t, october.CarriedOver)
	assert.Equal(t, "2026-09-30 16:00", october.CarriedOver.Began.Format("2006-01-02 15:04"))
	assert.Equal(t, []string{"a storm"}, october.CarriedOver.Causes)
	assert.Equal(t, []time.Duration{2 * time.Hour, time.Hour}, []time.Duration{october.CarriedOver.Down, october.CarriedOver.InMonth})
	assert.Equal(t, 100*time.Minute, october.Availability.Down)
	assert.EqualValues(t, 2, october.Availability.Count, "it counts in September")

	assert.Empty(t, november.Interruptions)
	require.NotNil(t, november.CarriedOver)
	assert.Equal(t, []string{"a flood"}, november.CarriedOver.Causes)
	assert.Equal(t, 20*time.Minute, november.CarriedOver.InMonth)
}

// It is found however long ago it began, and however many there were before.
func TestMonthlyCarriedOverFromLongAgo(t *testing.T) {
	t.Parallel()
	for _, began := range []string{"2024-01-10T10:00:00+01:00", "2026-09-29T10:00:00+02:00"} {
		m, err := presetRules().Month(month("2026-10"), at("2026-12-02T08:00:00+01:00"))
		require.NoError(t, err)
		m.Outage(availability.Outage{From: at(began), To: at("2026-10-01T09:00:00+02:00")})
		if began > "2026" {
			for i := range availability.MaxListed + 10 { // long before, in opening hours
				from := at("2025-02-03T09:00:00+01:00").AddDate(0, 0, 7*(i/1000)).Add(time.Duration(i%1000) * 20 * time.Second)
				m.Outage(availability.Outage{From: from, To: from.Add(10 * time.Second)})
			}
		}
		p, err := m.Monthly(nil)
		require.NoError(t, err)
		require.NotNil(t, p.CarriedOver, began)
		assert.True(t, at(began).Equal(p.CarriedOver.Began), p.CarriedOver.Began)
		assert.Equal(t, time.Hour, p.CarriedOver.InMonth)
	}
}

// The parts in the month, of all interruptions and the one carried over, are the down time of the month.
func TestRandomMonthlyParts(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 13))
	carried := 0
	for range 200 {
		asOf := at("2026-10-20T00:00:00+02:00").Add(time.Duration(rng.IntN(60*24)) * time.Hour)
		m, err := presetRules().Month(month("2026-10"), asOf)
		require.NoError(t, err)
		for range rng.IntN(40) {
			from := at("2026-09-20T00:00:00+02:00").Add(time.Duration(rng.IntN(50*24*60)) * time.Minute)
			o := availability.Outage{From: from, To: from.Add(time.Duration(1+rng.IntN(3*24*60)) * time.Minute)}
			if rng.IntN(3) > 0 {
				o.To = from.Add(time.Duration(1+rng.IntN(300)) * time.Minute)
			}
			m.Outage(o)
		}
		for range rng.IntN(4) {
			from := at("2026-09-25T00:00:00+02:00").Add(time.Duration(rng.IntN(40*24)) * time.Hour)
			m.Window(availability.Window{PlannedFrom: from, PlannedTo: from.Add(3 * time.Hour), ActualTo: from.Add(5 * time.Hour), Decision: availability.Decided})
		}
		p, err := m.Monthly(nil)
		require.NoError(t, err)
		if p.Availability == nil {
			continue
		}
		var sum time.Duration
		for _, i := range p.Interruptions {
			sum += i.InMonth
			require.Positive(t, i.InMonth)
		}
		if p.CarriedOver != nil {
			carried++
			sum += p.CarriedOver.InMonth
			require.Positive(t, p.CarriedOver.InMonth)
			require.True(t, p.CarriedOver.From.Before(p.From))
			require.True(t, p.CarriedOver.To.After(p.From))
		}
		require.Equal(t, p.Availability.Down, sum)
	}
	assert.Greater(t, carried, 10)
}

// What does not count is told: an outage in the night, and what of a service window is excused.
func TestMonthlyOutsideHours(t *testing.T) {
	t.Parallel()
	p, err := monthlyMonth(t, "2026-11-02T08:00:00+01:00").Monthly(nil)
	require.NoError(t, err)
	require.Len(t, p.Outside, 1)
	assert.Equal(t, "2026-10-08T20:00:00+02:00", p.Outside[0].From.Format(time.RFC3339))
	require.Len(t, p.Windows, 1)
	assert.Equal(t, []time.Duration{30 * time.Minute, 0, 30 * time.Minute}, []time.Duration{p.Windows[0].Open, p.Windows[0].Excused, p.Windows[0].Down})

	m, err := presetRules().Month(month("2026-10"), at("2026-11-02T08:00:00+01:00"))
	require.NoError(t, err)
	for i := range sla.MaxExplained + 3 {
		m.Outage(availability.Outage{From: at("2026-10-08T20:00:00+02:00").Add(time.Duration(2*i) * time.Minute), To: at("2026-10-08T20:01:00+02:00").Add(time.Duration(2*i) * time.Minute)})
	}
	m.Window(availability.Window{PlannedFrom: at("2026-10-14T07:00:00+02:00"), PlannedTo: at("2026-10-14T09:00:00+02:00"), ActualTo: at("2026-10-14T10:00:00+02:00"), Announced: true, Decision: availability.Decided})
	m.Window(availability.Window{PlannedFrom: at("2026-10-15T08:00:00+02:00"), PlannedTo: at("2026-10-15T09:00:00+02:00"), Decision: availability.Undecided})
	p, err = m.Monthly(nil)
	require.NoError(t, err)
	assert.Len(t, p.Outside, sla.MaxExplained)
	assert.EqualValues(t, 3, p.MoreOutside)
	require.Len(t, p.Windows, 2)
	assert.Equal(t, []time.Duration{2 * time.Hour, 0}, []time.Duration{p.Windows[0].Excused, p.Windows[0].Down}, "the overrun was announced")
	assert.Equal(t, []time.Duration{0, time.Hour}, []time.Duration{p.Windows[1].Excused, p.Windows[1].Down}, "nobody decided")
}

// Copies that are not complete, or not found good, are counted.
func TestMonthlyBackups(t *testing.T) {
	t.Parallel()
	m, err := presetRules().Month(month("2026-10"), at("2026-11-02T08:00:00+01:00"))
	require.NoError(t, err)
	done := at("2026-10-05T23:30:00+02:00")
	for _, b := range []continuity.Backup{
		{DataAt: at("2026-09-30T23:00:00+02:00")}, // of another month
		{DataAt: at("2026-10-05T23:00:00+02:00"), DoneAt: done, VerifiedAt: done},
		{DataAt: at("2026-10-06T23:00:00+02:00")},
		{DataAt: at("2026-10-07T23:00:00+02:00"), DoneAt: at("2026-10-07T23:30:00+02:00")},
		{DataAt: at("2026-10-08T23:00:00+02:00"), DoneAt: at("2026-11-03T23:30:00+01:00")}, // after as-of
	} {
		m.Backup(b)
	}
	p, err := m.Monthly(nil)
	require.NoError(t, err)
	assert.Equal(t, &sla.MonthlyBackups{Copies: 4, NotDone: 2, NotVerified: 1}, p.Backups)
}

// Records of other months alone are none of the month.
func TestMonthlyRecordsOfOtherMonths(t *testing.T) {
	t.Parallel()
	m, err := presetRules().Month(month("2026-10"), at("2026-11-02T08:00:00+01:00"))
	require.NoError(t, err)
	m.Ticket(priority.Ticket{Number: "1", Kind: priority.Incident, Priority: 1, Received: at("2026-08-05T09:00:00+02:00"), Started: at("2026-08-05T09:10:00+02:00"), ReportedBack: at("2026-08-05T12:00:00+02:00")})
	m.Backup(continuity.Backup{DataAt: at("2026-08-05T23:00:00+02:00")})
	m.Disruption(continuity.Disruption{From: at("2026-08-05T09:00:00+02:00"), To: at("2026-08-05T10:00:00+02:00")})
	m.Test(continuity.Test{At: at("2026-08-05T09:00:00+02:00")})
	p, err := m.Monthly(nil)
	require.NoError(t, err)
	for _, c := range p.Content {
		assert.False(t, c.Records, c.Name)
	}
}
