package sla_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

type chainBreach struct {
	code, text string
	what       func(promised, under *sla.Agreement)
}

// chainBreaches each loosen one thing in a contract that underpins itself, or promise more.
var chainBreaches = []chainBreach{
	{"underpinning-looser", "incidents.targets.critical.response: received 2026-01-01 02:30, 30 min is due 2026-01-02 08:30 as promised, 45 min 2026-01-02 08:45 as underpinned", func(_, under *sla.Agreement) {
		under.Incidents.Targets["critical"] = priority.Targets{Response: target("45 min"), Resolution: target("8 h")}
	}},
	// The same figure, on shorter hours.
	{"underpinning-looser", "problems.targets.low.resolution: received", func(promised, _ *sla.Agreement) {
		promised.ServiceTimes["all"] = sla.ServiceTime{Schedule: servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}}
		promised.Problems.ServiceTime = "all"
	}},
	{"underpinning-looser", "incidents.goal: 90 % is promised, 85 % is underpinned", func(_, under *sla.Agreement) { under.Incidents.Goal = compliance.MustGoal("85%") }},
	{"underpinning-looser", "127 h of the 2286 h of promised opening hours in 2026 are not in those that are underpinned", func(_, under *sla.Agreement) {
		under.Availability.ServiceTime = "support/Transportstyrelsen"
	}},
	{"underpinning-looser", "availability.limits[0]: at least 98 % a month is promised, at least 97 % a month is underpinned", func(_, under *sla.Agreement) {
		under.Availability.Limits[0].Share = compliance.MustGoal("97%")
	}},
	{"underpinning-looser", "availability.limits[1]: at most 4 interruptions a month is promised, at most 5 interruptions a month is underpinned", func(_, under *sla.Agreement) {
		under.Availability.Limits[1].Interruptions = pointer(int64(5))
	}},
	{"underpinning-looser", "is underpinned", func(promised, under *sla.Agreement) {
		promised.Availability.Limits = []availability.Limit{{Per: availability.PerYear, Down: pointer(servicetime.MustDuration("62 h"))}}
		under.Availability.Limits = []availability.Limit{{Per: availability.PerYear, Down: pointer(servicetime.MustDuration("70 h"))}}
	}},
	{"underpinning-looser", "performance.limits[0]: 90 % within 7 s (+1.5 s a person) is promised, 90 % within 8 s (+1.5 s a person) is underpinned", func(_, under *sla.Agreement) { under.Performance.Limits[0].Within = servicetime.MustDuration("8 s") }},
	{"underpinning-looser", "performance.precision: 98 % is promised, 97 % is underpinned", func(_, under *sla.Agreement) { under.Performance.Precision = compliance.MustGoal("97%") }},
	{"underpinning-looser", "performance.max_persons: 10 is promised, 8 is underpinned", func(_, under *sla.Agreement) { under.Performance.MaxPersons = 8 }},
	{"underpinning-looser", "capacity.limits[0]: at most 200 calls per calendar minute is promised, at most 150 calls per calendar minute is underpinned", func(_, under *sla.Agreement) { under.Capacity.Limits[0].Max = 150 }},
	{"underpinning-looser", "continuity.rto: 8 h is promised, 2 business days is underpinned", func(_, under *sla.Agreement) { under.Continuity.RTO = continuity.MustObjective("2 business days") }},
	{"underpinning-looser", "continuity.rpo: 24 h is promised, last backup is underpinned", func(_, under *sla.Agreement) { under.Continuity.RPO = continuity.MustObjective("last backup") }},

	{"underpinning-looser", "incidents.targets.high.response: received 2026-01-01 02:30, 60 min is due", func(_, under *sla.Agreement) {
		lunch := under.ServiceTimes["support"]
		lunch.Week = servicetime.MustWeek("mon-fri 08:00-12:10 12:25-17:15")
		under.ServiceTimes["lunch"] = lunch
		under.Incidents.ServiceTime = "lunch"
		under.Incidents.Targets["high"] = priority.Targets{Response: target("61 min"), Resolution: target("2 business days")}
	}},
	{"underpinning-looser", "incidents.targets.critical.response: received 2026-01-02 12:10, 30 min is due 2026-01-02 12:40 as promised, 30 min 2026-01-02 12:55 as underpinned", func(_, under *sla.Agreement) {
		lunch := under.ServiceTimes["support"]
		lunch.Week = servicetime.MustWeek("mon-fri 08:00-12:10 12:25-17:15")
		under.ServiceTimes["lunch"] = lunch
		under.Incidents.ServiceTimes = map[string]string{"critical": "lunch"}
	}},
	{"underpinning-looser", "the agreement holds from 2026-01-01, the contract from 2026-06-01", func(promised, under *sla.Agreement) {
		promised.Valid.From, under.Valid.From = servicetime.MustDate("2026-01-01"), servicetime.MustDate("2026-06-01")
	}},
	{"underpinning-looser", "gold: availability.limits[0]: at least 99.9 % a month is promised, at least 98 % a month is underpinned", func(promised, _ *sla.Agreement) {
		gold := *promised.Availability
		gold.Limits = []availability.Limit{{Per: availability.PerMonth, Share: compliance.MustGoal("99.9%")}}
		promised.Services = map[string]sla.Service{"gold": {Availability: &gold}}
	}},
	{"underpinning-reads-otherwise", "readings.pauses: off is promised, on is underpinned", func(_, under *sla.Agreement) { under.Readings.Pauses = sla.On }},
	{"underpinning-reads-otherwise", "performance.unanswered: excluded is promised, fail is underpinned", func(_, under *sla.Agreement) { under.Performance.Unanswered = performance.UnansweredFail }},

	{"underpinning-missing", "incidents.goal: 90 % is promised, nothing is underpinned", func(_, under *sla.Agreement) { under.Incidents.Goal = compliance.Goal{} }},
	{"underpinning-missing", "orders.targets.question.resolution: 2 business days is promised, nothing is underpinned", func(_, under *sla.Agreement) { delete(under.Orders.Targets, "question") }},
	{"underpinning-missing", "problems: problems is promised, nothing is underpinned", func(_, under *sla.Agreement) { under.Problems = nil }},
	{"underpinning-missing", "availability.limits[1]: at most 4 interruptions a month is promised, nothing is underpinned", func(_, under *sla.Agreement) {
		under.Availability.Limits = under.Availability.Limits[:1]
	}},
	{"underpinning-missing", "availability: availability is promised", func(_, under *sla.Agreement) { under.Availability = nil }},
	{"underpinning-missing", "performance: performance is promised", func(_, under *sla.Agreement) { under.Performance = nil }},
	{"underpinning-missing", "capacity.limits[0]: at most 200 calls per calendar minute is promised, nothing is underpinned", func(_, under *sla.Agreement) { under.Capacity = nil }},
	{"underpinning-missing", "continuity.backup_every: 12 h is promised, nothing is underpinned", func(_, under *sla.Agreement) { under.Continuity.BackupEvery = continuity.Objective{} }},
	{"underpinning-missing", "continuity: continuity is promised", func(_, under *sla.Agreement) { under.Continuity = nil }},
}

func compiledBoth(t *testing.T, a, b sla.Agreement) (promised, under *sla.Rules) {
	t.Helper()
	promised, err := a.Compile(time.LoadLocation)
	require.NoError(t, err)
	under, err = b.Compile(time.LoadLocation)
	require.NoError(t, err)
	return promised, under
}

func TestReviewChain(t *testing.T) {
	for _, row := range chainBreaches {
		t.Run(row.text, func(t *testing.T) {
			a, b := sound(), sound()
			row.what(&a, &b)
			promised, under := compiledBoth(t, a, b)
			findings, err := sla.ReviewChain(promised, under, 2026)
			require.NoError(t, err)
			found := false
			for _, f := range findings {
				assert.Equal(t, row.code, f.Code, f)
				found = found || strings.Contains(f.Text.In("en"), row.text)
			}
			assert.True(t, found, "%v", findings)
		})
	}
}

// An agreement underpins itself, and one that promises nothing.
func TestReviewChainHolds(t *testing.T) {
	for _, a := range []sla.Agreement{sound(), sla.SSBTEK()} {
		for _, b := range []sla.Agreement{a, {Zone: "Europe/Stockholm"}} {
			promised, under := compiledBoth(t, b, a)
			findings, err := sla.ReviewChain(promised, under, 2026)
			require.NoError(t, err)
			assert.Empty(t, findings)
		}
	}
	promised, under := compiledBoth(t, sound(), sound())
	_, err := sla.ReviewChain(promised, under, 1900)
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// What is stricter underpins too.
func TestReviewChainStricter(t *testing.T) {
	strict := sound()
	strict.Incidents.Targets["critical"] = priority.Targets{Response: target("15 min"), Resolution: target("4 h"), Update: target("1 h")}
	strict.Incidents.Goal = compliance.MustGoal("95%")
	strict.Availability.Limits[0].Share = compliance.MustGoal("99.5%")
	strict.Capacity.Limits[0].Max = 500
	strict.Availability.Limits = append(strict.Availability.Limits, availability.Limit{Per: availability.PerYear, Longest: pointer(servicetime.MustDuration("1 h"))})
	strict.Performance.Limits[0].Share = compliance.MustGoal("95%")
	strict.Continuity.RTO = continuity.MustObjective("immediate")
	agreement := sound()
	agreement.Availability.Limits = append(agreement.Availability.Limits,
		availability.Limit{Per: availability.PerYear, Interruptions: pointer(int64(50))}, // 4 a month are 48
		availability.Limit{Per: availability.PerMonth, Longest: pointer(servicetime.MustDuration("2 h"))})
	agreement.Capacity.Limits[0] = capacity.Limit{Kind: capacity.Rate, Max: 3, Per: servicetime.MustDuration("1 s"), Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar}
	promised, under := compiledBoth(t, agreement, strict)
	findings, err := sla.ReviewChain(promised, under, 2026)
	require.NoError(t, err)
	assert.Empty(t, findings)
}

func versionFindings(t *testing.T) []sla.Finding {
	t.Helper()
	version := func(name, from, to string) *sla.Rules {
		a := sound()
		a.Version, a.Valid.From = name, servicetime.MustDate(from)
		if to != "" {
			a.Valid.To = servicetime.MustDate(to)
		}
		rules, err := a.Compile(time.LoadLocation)
		require.NoError(t, err)
		return rules
	}
	return sla.Versions{version("1", "2024-01-01", "2024-12-31"), version("2", "2025-02-01", "2025-12-31"), version("3", "2025-12-01", "")}.Review()
}

func TestReviewVersions(t *testing.T) {
	findings := versionFindings(t)
	require.Equal(t, []string{"versions-gap", "versions-overlap"}, codesOf(findings))
	assert.Equal(t, `SSBTEK: no version holds 2025-01-01 – 2025-01-31, between "1" and "2"`, findings[0].Text.In("en"))
	assert.Equal(t, `SSBTEK: "2" and "3" both hold, 2025-12-01 – 2025-12-31`, findings[1].Text.In("en"))
	assert.Empty(t, sla.Versions{}.Review())
}
