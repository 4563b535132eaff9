package sla_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// §4.12.1: the table is blank. Only how time counts is read.
func TestPresetContinuity(t *testing.T) {
	assert.Equal(t, &sla.ContinuityRules{
		Clause: "§4.12.1", ServiceTime: "opening",
		Rule: continuity.Rule{Hours: servicetime.WallClock, BusinessDays: servicetime.ExclDateClose, Days: servicetime.SameWallClock},
	}, sla.SSBTEK().Continuity)
}

func continuityLines(r *sla.Report) (out []string) {
	for line := range r.Lines() {
		if line.Clause == "§4.12.1" {
			out = append(out, line.String()+" ["+line.Verdict.String()+"]")
		}
	}
	return out
}

func backup(data, done string) continuity.Backup {
	return continuity.Backup{DataAt: local(data), DoneAt: local(done), VerifiedAt: local(done)}
}

// agreed is SSBTEK with the table filled in.
func agreed() sla.Agreement {
	a := sla.SSBTEK()
	a.Continuity.Objectives = continuity.Objectives{
		RTO: continuity.MustObjective("8 h"), RPO: continuity.MustObjective("24 h"), BackupEvery: continuity.MustObjective("1 day"), TestEvery: continuity.MustObjective("365 days"),
	}
	a.Continuity.Backups = &continuity.Schedule{Runs: servicetime.MustWeek("mon-sun 02:00-02:30")}
	return a
}

// A month with a total interruption: not judged where nothing is agreed, and judged with the newest copy from before the month.
func TestReportContinuity(t *testing.T) {
	records := sla.Records{Continuity: continuity.Records{
		Disruptions: []continuity.Disruption{{From: local("2026-10-01 12:00"), To: local("2026-10-01 21:00"), Name: "D1"}},
		Backups:     []continuity.Backup{backup("2026-09-30 02:00", "2026-09-30 03:00"), backup("2026-10-02 02:00", "2026-10-02 03:00")},
		Tests:       []continuity.Test{{At: local("2026-05-05 09:00"), Restored: local("2026-05-05 12:00")}},
	}}
	r := octoberReport(t, presetRules(), records)
	assert.Equal(t, compliance.NotAgreed, r.Continuity.Verdict)
	assert.Equal(t, "§4.12.1 continuity, RTO: objective not agreed: 1 measured, worst 2026-10-01 12:00, 9 h [not agreed]", continuityLines(r)[0])

	r = octoberReport(t, mustCompile(agreed()), records)
	assert.Equal(t, []string{
		"§4.12.1 continuity, RTO: objective 8 h: missed by 1 of 1, worst 2026-10-01 12:00, 9 h [missed]",
		"§4.12.1 continuity, RPO: objective 24 h: missed by 1 of 1, worst 2026-10-01 12:00, 34 h [missed]",
	}, continuityLines(r)[:2])
	assert.Equal(t, compliance.Missed, r.Continuity.Verdict)
	require.NotNil(t, r.Continuity.Runs)
	assert.Equal(t, compliance.Met, r.Continuity.TestEvery.Verdict)

	none := sla.SSBTEK()
	none.Continuity = nil
	r = octoberReport(t, mustCompile(none), records)
	assert.Empty(t, continuityLines(r))
	assert.Equal(t, compliance.NotAgreed, r.Continuity.Verdict)

	bad := sla.Records{Continuity: continuity.Records{
		Disruptions: []continuity.Disruption{{From: local("2026-10-01 12:00"), To: local("2026-10-01 11:00")}},
		Backups:     []continuity.Backup{{DoneAt: local("2026-10-01 11:00")}},
		Tests:       []continuity.Test{{}},
	}}
	r = octoberReport(t, mustCompile(agreed()), bad)
	assert.Equal(t, int64(3), r.Continuity.Rejected)
	require.ErrorIs(t, errAt(r.Continuity.NotJudged, "disruption"), servicetime.ErrBackwards)
	require.ErrorIs(t, errAt(r.Continuity.NotJudged, "backup"), servicetime.ErrRange)
	require.ErrorIs(t, errAt(r.Continuity.NotJudged, "test"), servicetime.ErrRange)
}

// The parts of a month, merged in any order, are the whole.
func TestMonthMergesContinuity(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	rules := mustCompile(agreed())
	newMonth := func() *sla.Month {
		m, err := rules.Month(month("2026-10"), local("2026-11-01 00:00"))
		require.NoError(t, err)
		return m
	}
	whole, parts := newMonth(), [2]*sla.Month{newMonth(), newMonth()}
	for range 100 {
		at := local("2026-09-20 00:00").Add(time.Duration(random.IntN(40*24)) * time.Hour)
		length := time.Duration(1+random.IntN(30)) * time.Hour
		for _, m := range []*sla.Month{whole, parts[random.IntN(2)]} {
			m.Disruption(continuity.Disruption{From: at, To: at.Add(length)})
			m.Backup(continuity.Backup{DataAt: at, DoneAt: at.Add(length), VerifiedAt: at.Add(length)})
			m.Test(continuity.Test{At: at, Restored: at.Add(length)})
		}
	}
	require.NoError(t, parts[1].Merge(parts[0]))
	require.Equal(t, whole.Report().Continuity, parts[1].Report().Continuity)
}

func TestRestartOrder(t *testing.T) {
	a := sla.SSBTEK()
	a.Continuity.Services = []continuity.Service{{Name: "composite", Needs: []string{"database", "network"}}, {Name: "database", Needs: []string{"network"}}, {Name: "network"}}
	order, err := mustCompile(a).RestartOrder()
	require.NoError(t, err)
	assert.Equal(t, []string{"network", "database", "composite"}, order.Names)
	_, err = presetRules().RestartOrder()
	require.ErrorIs(t, err, sla.ErrNotJudged)

	a.Continuity.Services[2].Needs = []string{"composite"}
	_, err = a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, continuity.ErrCycle)
}

func TestCompileContinuityFaults(t *testing.T) {
	a := sla.SSBTEK()
	a.Continuity.Hours, a.Continuity.BusinessDays, a.Continuity.Days = 0, 0, 0
	a.Continuity.RPO = continuity.MustObjective("immediate")
	a.Continuity.Backups = &continuity.Schedule{}
	_, err := a.Compile(time.LoadLocation)
	for _, want := range []string{"continuity.hours", "continuity.business_days", "continuity.days", "continuity.rpo", "continuity.backups"} {
		require.ErrorContains(t, err, want)
	}
	a = sla.SSBTEK()
	a.Continuity.ServiceTime = "x"
	_, err = a.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{{"continuity.service_time", "§4.12.1", "not_found", "x", sla.ErrUnknown}}, err)

	rules := mustCompile(agreed())
	changed := rules.Agreement()
	changed.Continuity.Backups.Runs[servicetime.DaysOf(time.Monday)] = nil
	changed.Continuity.RTO = continuity.Objective{}
	assert.Equal(t, agreed(), rules.Agreement())
}

// Of more records than a month holds the newest count, in one month as in merged parts.
func TestContinuityIsBounded(t *testing.T) {
	rules := mustCompile(agreed())
	whole, parts := newOctober(t, rules), [2]*sla.Month{newOctober(t, rules), newOctober(t, rules)}
	start := local("2026-10-01 00:00")
	for i := range sla.MaxContinuityRecords + 30_000 {
		at := start.Add(time.Duration(i) * 10 * time.Second)
		b := continuity.Backup{DataAt: at, DoneAt: at.Add(time.Second), VerifiedAt: at.Add(time.Second)}
		whole.Backup(b)
		parts[i%2].Backup(b)
	}
	require.NoError(t, parts[0].Merge(parts[1]))
	want := whole.Report().Continuity
	require.Equal(t, want, parts[0].Report().Continuity)
	assert.Equal(t, int64(30_000), want.Beyond)
	assert.Zero(t, want.Rejected)
}

// What is agreed beyond the text's table has its part in the verdict, and its line.
func TestContinuityBeyondTheTable(t *testing.T) {
	a := sla.SSBTEK()
	a.Continuity.WRT, a.Continuity.MTPD = continuity.MustObjective("8 h"), continuity.MustObjective("5 days")
	a.Continuity.MBCO = compliance.MustGoal("30%")
	r := octoberReport(t, mustCompile(a), sla.Records{Continuity: continuity.Records{Disruptions: []continuity.Disruption{
		{From: local("2026-10-05 10:00"), To: local("2026-10-06 20:00"), Normal: local("2026-10-20 20:00"), Kept: compliance.Share{Met: 10, Total: 100}},
	}}})
	assert.Equal(t, compliance.Missed, r.Continuity.Verdict)
	assert.Equal(t, []string{
		"§4.12.1 continuity, WRT: objective 8 h: missed by 1 of 1, worst 2026-10-06 20:00, 336 h [missed]",
		"§4.12.1 continuity, MTPD: objective 5 days: missed by 1 of 1, worst 2026-10-05 10:00, 370 h [missed]",
		"§4.12.1 continuity, MBCO: objective 30 %: missed by 1 [missed]",
	}, continuityLines(r)[4:7])
}

func TestContinuityConflicts(t *testing.T) {
	a := agreed()
	a.Continuity.MTPD = continuity.MustObjective("1 h")
	conflicts, err := mustCompile(a).ContinuityConflicts(servicetime.Year(2026))
	require.NoError(t, err)
	require.NotEmpty(t, conflicts)
	assert.Equal(t, "rto_over_mtpd", conflicts[0].Code.String())

	none := sla.SSBTEK()
	none.Continuity = nil
	_, err = mustCompile(none).ContinuityConflicts(servicetime.Year(2026))
	require.ErrorIs(t, err, sla.ErrNotJudged)

	// Who changes an order changes his own.
	a.Continuity.Services = []continuity.Service{{Name: "a"}}
	rules := mustCompile(a)
	order, err := rules.RestartOrder()
	require.NoError(t, err)
	order.Names[0] = "b"
	order, err = rules.RestartOrder()
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, order.Names)
}

// What comes after as-of, or after the month, is not looked at, and pushes out nothing that is; the lines tell what happened beside the table.
func TestContinuityAsOf(t *testing.T) {
	// Not at 02:00, which the wall shows twice on 25 October.
	early := agreed()
	early.Continuity.Backups = &continuity.Schedule{Runs: servicetime.MustWeek("mon-sun 01:00-01:30")}
	m := newOctober(t, mustCompile(early))
	for day := local("2026-09-30 01:00"); day.Before(local("2026-11-01 00:00")); day = day.AddDate(0, 0, 1) {
		m.Backup(continuity.Backup{DataAt: day, DoneAt: day.Add(30 * time.Minute), VerifiedAt: day.Add(time.Hour)})
	}
	m.Test(continuity.Test{At: local("2026-10-20 09:00"), Restored: local("2026-10-20 19:00")})
	m.Disruption(continuity.Disruption{From: local("2026-10-21 09:00"), To: local("2026-10-21 10:00")})
	want := m.Report().Continuity
	assert.Equal(t, compliance.Met, want.Verdict)
	for i := range sla.MaxContinuityRecords {
		at := local("2026-12-01 00:00").Add(time.Duration(i) * time.Second)
		m.Backup(continuity.Backup{DataAt: at, DoneAt: at, VerifiedAt: at})
	}
	m.Test(continuity.Test{At: local("2026-11-01 00:00")})
	m.Disruption(continuity.Disruption{From: local("2026-11-01 00:00")})
	require.Equal(t, want, m.Report().Continuity)
	lines := continuityLines(m.Report())
	assert.Contains(t, lines[4], "continuity, exposure (advisory): objective 24 h: ")
	assert.Equal(t, "§4.12.1 continuity, RTO in tests (advisory): objective 8 h: missed by 1 of 1, worst 2026-10-20 09:00, 10 h [missed]", lines[5])
	assert.Contains(t, lines[len(lines)-1], "continuity, backup runs: 31 runs: ")

	// Agreed backups and tests of which there are none are no good news, whatever else is met.
	a := agreed()
	a.Continuity.RPO = continuity.Objective{}
	bare := newOctober(t, mustCompile(a))
	bare.Disruption(continuity.Disruption{From: local("2026-10-21 09:00"), To: local("2026-10-21 10:00")})
	assert.Equal(t, compliance.NoData, bare.Report().Continuity.Verdict)

	// The parts of a month tell together what could not be counted.
	rules := mustCompile(agreed())
	one, two := newOctober(t, rules), newOctober(t, rules)
	one.Test(continuity.Test{})
	two.Backup(continuity.Backup{})
	require.NoError(t, one.Merge(two))
	assert.Equal(t, int64(2), one.Report().Continuity.Rejected)
	assert.Len(t, one.Report().Continuity.NotJudged, 2)
}
