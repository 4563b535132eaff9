package continuity_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// Overdue or not, as of an instant; and whether a test was late before.
//
//	tests   t1        t2            t3
//	period  |---------|             |---------|
//	                  |---------|xxx          |xxx as of here
func TestVerification(t *testing.T) {
	tests := func(texts ...string) (out []continuity.Test) {
		for _, text := range texts {
			out = append(out, continuity.Test{At: at(text)})
		}
		return out
	}
	for _, tt := range []struct {
		name, every string
		tests       []continuity.Test
		asOf        string
		line        string
		verdict     compliance.Verdict // of the next test
		all         compliance.Verdict // of all of them
		worst       string
	}{
		{"never", "365 days", nil, "2026-06-01 00:00", "never tested, every 365 days", noData, noData, ""},
		{"not yet", "365 days", tests("2026-06-02 09:00"), "2026-06-01 00:00", "never tested, every 365 days", noData, noData, ""},
		{"in time", "365 days", tests("2025-06-01 09:00"), "2026-06-01 09:00", "last tested 2025-06-01 09:00, every 365 days, next by 2026-06-01 09:00: met", met, met, "8760 h"},
		{"overdue", "365 days", tests("2025-06-01 09:00"), "2026-06-01 09:01", "last tested 2025-06-01 09:00, every 365 days, next by 2026-06-01 09:00: missed", missed, missed, "8760 h 1 min"},
		{
			"late before", "90 days", tests("2026-06-01 09:00", "2025-12-01 09:00", "2026-02-01 09:00"), "2026-07-01 00:00",
			"last tested 2026-06-01 09:00, every 90 days, next by 2026-08-30 09:00: met", met, missed, "2879 h",
		},
		{"not agreed", "", tests("2025-06-01 09:00"), "2026-06-01 09:00", "last tested 2025-06-01 09:00, period not agreed", notAgreed, notAgreed, "8760 h"},
		{"not agreed, never", "", nil, "2026-06-01 09:00", "never tested, period not agreed", notAgreed, notAgreed, ""},
		{"never again", "1000000 h", tests("2150-06-01 09:00"), "2150-06-01 09:00", "last tested 2150-06-01 09:00, every 1000000 h: met", met, met, "0 s"},
	} {
		rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{TestEvery: objective(tt.every)}}
		got := judge(t, rule, continuity.Records{Tests: tt.tests}, tt.asOf)
		assert.Equal(t, tt.line, got.Verification.String(), tt.name)
		assert.Equal(t, tt.verdict, got.Verification.Verdict, tt.name)
		assert.Equal(t, tt.all, got.TestEvery.Verdict, tt.name)
		if tt.worst != "" {
			assert.Equal(t, tt.worst, servicetime.FormatDuration(got.TestEvery.Worst.Length), tt.name)
			assert.Equal(t, at(tt.asOf).Sub(got.Verification.Last), got.Verification.Age, tt.name)
		}
	}
}

// A real use of the plan is no test of it, unless the rule says so.
func TestUseVerifies(t *testing.T) {
	rec := continuity.Records{
		Tests: []continuity.Test{{At: at("2025-01-01 09:00")}, {At: at("2026-03-01 09:00")}},
		Disruptions: []continuity.Disruption{
			{From: at("2025-10-01 09:00"), To: at("2025-10-01 10:00"), PlanUsed: true},
			{From: at("2026-05-01 09:00"), To: at("2026-05-01 10:00")},
		},
	}
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{TestEvery: objective("365 days")}}
	got := judge(t, rule, rec, "2026-06-01 00:00")
	assert.Equal(t, missed, got.TestEvery.Verdict)
	assert.Equal(t, int64(2), got.TestEvery.Count)
	rule.UseVerifies = true
	got = judge(t, rule, rec, "2026-06-01 00:00")
	assert.Equal(t, met, got.TestEvery.Verdict)
	assert.Equal(t, int64(3), got.TestEvery.Count)
	assert.Equal(t, at("2026-03-01 09:00"), got.Verification.Last)
}

// A month says what was overdue at its end, and what began to be in it.
func TestVerificationOfMonth(t *testing.T) {
	cal := office(t)
	rule := continuity.Rule{Calendar: cal, Objectives: continuity.Objectives{TestEvery: objective("90 days")}}
	rec := continuity.Records{Tests: []continuity.Test{{At: at("2026-03-10 09:00")}, {At: at("2026-06-20 09:00")}, {At: at("2026-07-01 09:00")}}}
	for _, tt := range []struct {
		month        string
		verdict, all compliance.Verdict
		last         string
		held         int
	}{
		{"2026-02", noData, noData, "", 0},
		{"2026-03", met, met, "2026-03-10 09:00", 1},
		{"2026-05", met, met, "2026-03-10 09:00", 0},
		{"2026-06", met, missed, "2026-06-20 09:00", 1}, // ten days late
		{"2026-07", met, met, "2026-07-01 09:00", 1},
		{"2026-10", missed, missed, "2026-07-01 09:00", 0},
	} {
		span, err := cal.Span(servicetime.MustMonth(tt.month))
		require.NoError(t, err)
		got, err := rule.Judge(rec, span, at("2027-01-01 00:00"))
		require.NoError(t, err)
		assert.Equal(t, tt.verdict, got.Verification.Verdict, tt.month)
		assert.Equal(t, tt.all, got.TestEvery.Verdict, tt.month)
		assert.Equal(t, at(tt.last), got.Verification.Last, tt.month)
		assert.Len(t, got.Tests, tt.held, tt.month)
	}
}
