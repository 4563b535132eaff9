package sla_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
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

var updateReview = flag.Bool("update-review", false, "write the tables of REVIEW.md anew")

func review(t *testing.T, a sla.Agreement) []sla.Finding {
	t.Helper()
	rules, err := a.Compile(time.LoadLocation)
	require.NoError(t, err)
	findings, err := rules.Review(2026)
	require.NoError(t, err)
	return findings
}

func codesOf(findings []sla.Finding) []string {
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	return codes
}

// The contradictions and gaps that the reading of the agreement names, clause by clause: each is found, and nothing else.
func TestReviewOfSSBTEK(t *testing.T) {
	findings := review(t, sla.SSBTEK())
	want := []struct{ code, clauses, text string }{
		{"annex-not-in-hand", "§1", "N, is in annex 1"},
		{"contacts-blank", "§2, §7", "blank"},
		{"start-of-ticket", "§3.1.2, §3.3.1", "provider's"},
		{"end-of-call", "§3.1.2, §5", "acknowledged (§3.1.2) or delivered (§5)"},
		{"reported-back-to-whom", "§3.1.2, §5", "(incidents.stops_at: reported_back)"},
		{"start-of-call", "§3.1.2, §5", "in SHS only (§5)"},
		{"critical-around", "§3.2", "(priority.timing.critical_from_day: 20)"},
		{"whose-availability", "§3.3.1, §4.9", "composite"},
		{"zone-not-stated", "§4.1.1", "(time_zone: Europe/Stockholm)"},
		{"extended-window-notice", "§4.1.2", "as early as possible"},
		// Half an hour of 254 working days.
		{"provider-hours-shorter", "§4.2.1", "Transportstyrelsen has no support in 127 h of the 2286 h of support in 2026"},
		// Of 2026's public holidays seven are no Saturday or Sunday: New Year's Day, Epiphany, Good Friday, Easter Monday, 1 May, Ascension Day, Christmas Day.
		{"support-without-holidays", "§4.2.1, §4.1.1", "(service_times.support.holidays: SE, 7 days, 63 h of 2026)"},
		{"provider-hours-without-heading", "§4.2.1, §4.4", "for all tickets"},
		{"impact-gap", "§4.3", "five or more base services down, but not all, are in no impact: of 8, 5 to 7; read as by_quorum"},
		{"some-calls-fail", "§4.3", "impact 4"},
		{"timing-out-of-hours", "§4.3", "6474 h of 8760 h in 2026 lie outside"},
		{"most-or-several", "§4.3, §1", "(priority.impact.most: 50%)"},
		{"timing-without-figures", "§4.3, §3.2", "timing never is 2 (close to a critical period) or 4 (low season)"},
		{"quorum-and-impact", "§4.3, §4.9.1", "they agree only for 7 base services"},
		{"no-target", "§4.4", "Permission administration, Pre-approved standard change"},
		{"days-among-business-days", "§4.5", "critical.resolution 6 days in calendar days, 7 others in business days"},
		{"incidents-under-problems", "§4.5", "(problems.goal: 90%)"},
		{"capacity-limits-disagree", "§4.7", "3.33/s = 200/min = 12000/h; 3/s = 180/min = 10800/h; of calls of 7 s to 12 s that is 21 to 36 at once"},
		{"users-not-set", "§4.7", "not set"},
		{"all-calls-against-precision", "§4.8, §4.10", "100 % of the calls within 12 s, but 98 % answered is enough"},
		// 254 days of 9 h; a fiftieth of them is 45.72 h; (2286 − 62) ÷ 2286 = 97.288 %.
		{"availability-limits-disagree", "§4.9.1", "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 62 h allow 97.29 %: 98 % binds"},
		{"period-limits-disagree", "§4.9.1", "4 interruptions a month, 12 times, are 48, but 12 a year are allowed: the shorter limit, reached every time, breaks the longer in number 4"},
		{"quorum-gap", "§4.9.1", "3 or more are with disturbance, 1 to 2 answers are in no class"},
		{"precision-formula", "§4.10, §5", "divides a share by a share"},
		{"continuity-test-period", "§4.12", "without a figure"},
		{"continuity-blank", "§4.12.1", "RTO, RPO and the frequency of backups are blank"},
		{"not-agreed-with-rules", "§5.1, §4.7", "capacity"},
		{"not-agreed-with-rules", "§5.1, §4.12.1", "continuity"},
	}
	var codes []string
	for i, w := range want {
		codes = append(codes, w.code)
		if i < len(findings) {
			f := findings[i]
			assert.Equal(t, w.clauses, strings.Join(f.Clauses, ", "), w.code)
			assert.Contains(t, f.Text.In("en"), w.text, w.code)
			assert.NotEmpty(t, f.Text["sv"], w.code)
			assert.NotEmpty(t, f.Suggestion["sv"], w.code)
			assert.NotEmpty(t, f.Path, w.code)
		}
	}
	assert.Equal(t, codes, codesOf(findings))
}

// The yearly hours of §4.9.1, of which the agreement's reading says 2 268 to 2 304 h, of which 62 h are 97.27 to 97.31 %.
func TestReviewYears(t *testing.T) {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	for year, want := range map[int]string{
		2020: "98 % of 2295 h allows 45 h 54 min of downtime in 2020, 62 h allow 97.30 %: 98 % binds",
		2021: "98 % of 2304 h allows 46 h 4 min 48 s of downtime in 2021, 62 h allow 97.31 %: 98 % binds",
		2022: "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2022, 62 h allow 97.29 %: 98 % binds",
		2023: "98 % of 2268 h allows 45 h 21 min 36 s of downtime in 2023, 62 h allow 97.27 %: 98 % binds",
		2024: "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2024, 62 h allow 97.29 %: 98 % binds",
		2025: "98 % of 2268 h allows 45 h 21 min 36 s of downtime in 2025, 62 h allow 97.27 %: 98 % binds",
		2026: "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 62 h allow 97.29 %: 98 % binds",
		2027: "98 % of 2304 h allows 46 h 4 min 48 s of downtime in 2027, 62 h allow 97.31 %: 98 % binds",
		2028: "98 % of 2268 h allows 45 h 21 min 36 s of downtime in 2028, 62 h allow 97.27 %: 98 % binds",
		2029: "98 % of 2277 h allows 45 h 32 min 24 s of downtime in 2029, 62 h allow 97.28 %: 98 % binds",
		2030: "98 % of 2277 h allows 45 h 32 min 24 s of downtime in 2030, 62 h allow 97.28 %: 98 % binds",
	} {
		findings, err := rules.Review(year)
		require.NoError(t, err)
		found := false
		for _, f := range findings {
			found = found || strings.Contains(f.Text.In("en"), want)
		}
		assert.True(t, found, "%d: %v", year, findings)
	}
	for _, year := range []int{1969, 2201, -1, 1 << 40} {
		_, err := rules.Review(year)
		require.ErrorIs(t, err, servicetime.ErrRange, year)
	}
}

// sound is the agreement with everything mended: nothing is found in it.
func sound() sla.Agreement {
	a := sla.SSBTEK()
	a.OpenPoints, a.Providers = nil, nil
	a.Priority.SecondAxis, a.Priority.Timing, a.Priority.Impact = sla.ByUrgency, nil, nil
	delete(a.Orders.Targets, "permissions")
	delete(a.Orders.Targets, "standard change")
	a.Problems.Targets["critical"] = priority.Targets{Response: target("1 business day"), Resolution: target("4 business days")}
	a.Availability.Quorum = nil
	a.Availability.Limits = []availability.Limit{
		{Per: availability.PerMonth, Share: compliance.MustGoal("98%")},
		{Per: availability.PerMonth, Interruptions: pointer(int64(4))},
	}
	a.Performance.Limits[1].Share = compliance.MustGoal("98%")
	a.Capacity.Limits = a.Capacity.Limits[:1]
	a.Continuity.RTO, a.Continuity.RPO, a.Continuity.BackupEvery = continuity.MustObjective("8 h"), continuity.MustObjective("24 h"), continuity.MustObjective("12 h")
	delete(a.Report.Content, "capacity")
	delete(a.Report.Content, "continuity")
	return a
}

func TestReviewOfASoundAgreement(t *testing.T) {
	assert.Empty(t, review(t, sound()))
}

type breach struct {
	code string
	text string // of the finding
	what func(a *sla.Agreement)
}

// breaches each break one thing in a sound agreement.
var breaches = []breach{
	{"all-calls-against-precision", "100 % of the calls within 12 s, but 98 % answered is enough: what is not answered is within no limit, and read as excluded", func(a *sla.Agreement) {
		a.Performance.Limits[1].Share = compliance.MustGoal("100%")
	}},
	{"availability-limits-disagree", "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 62 h allow 97.29 %: 98 % binds", func(a *sla.Agreement) {
		a.Availability.Limits = []availability.Limit{{Per: availability.PerYear, Share: compliance.MustGoal("98%")}, {Per: availability.PerYear, Down: pointer(servicetime.MustDuration("62 h"))}}
	}},
	{"availability-limits-disagree", "98 % allows 3 h 25 min 12 s to 4 h 8 min 24 s of downtime a month in 2026, the limit in hours is 3 h 50 min: now the one, now the other binds", func(a *sla.Agreement) {
		a.Availability.Limits = append(a.Availability.Limits, availability.Limit{Per: availability.PerMonth, Down: pointer(servicetime.MustDuration("3 h 50 min"))})
	}},
	{"availability-limits-disagree", "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 40 h allow 98.25 %: 40 h binds", func(a *sla.Agreement) {
		a.Availability.Limits = []availability.Limit{{Per: availability.Rolling12Months, Share: compliance.MustGoal("98%")}, {Per: availability.Rolling12Months, Down: pointer(servicetime.MustDuration("40 h"))}}
	}},
	{"capacity-limits-disagree", "the limits differ: 3.33/s = 200/min = 12000/h; 4/s = 240/min = 14400/h; of calls of 7 s to 12 s that is 23.33 to 40 at once", func(a *sla.Agreement) {
		a.Capacity.Limits = append(a.Capacity.Limits, capacity.Limit{Kind: capacity.Rate, Max: 4, Per: servicetime.MustDuration("1 s"), Model: capacity.Sliding})
	}},
	{"continuity-backups-cannot-give-rpo", "last transaction", func(a *sla.Agreement) {
		a.Continuity.RPO = continuity.MustObjective("last transaction")
	}},
	{"continuity-backups-too-rare", "48 h", func(a *sla.Agreement) {
		a.Continuity.BackupEvery = continuity.MustObjective("48 h")
	}},
	{"continuity-blank", "RTO, RPO and the frequency of backups are blank: they are not agreed, and have no verdict", func(a *sla.Agreement) {
		a.Continuity.Objectives = continuity.Objectives{}
	}},
	{"continuity-chain-over-promise", "web", func(a *sla.Agreement) {
		a.Continuity.Services = []continuity.Service{
			{Name: "database", Restart: servicetime.MustDuration("6 h"), RTO: continuity.MustObjective("8 h")},
			{Name: "web", Restart: servicetime.MustDuration("1 h"), RTO: continuity.MustObjective("4 h"), Needs: []string{"database"}},
		}
	}},
	{"continuity-last-backup-undated", "last backup", func(a *sla.Agreement) {
		a.Continuity.RPO, a.Continuity.BackupEvery = continuity.MustObjective("last backup"), continuity.Objective{}
	}},
	{"continuity-rto-over-mtpd", "4 h", func(a *sla.Agreement) {
		a.Continuity.MTPD = continuity.MustObjective("4 h")
	}},
	{"credit-above-goal", "a month from 98 % up to 99 % meets the goal and has a credit", func(a *sla.Agreement) {
		a.Availability.Credits = availability.Ladder{{Below: compliance.MustGoal("99%"), Credit: "10%"}}
	}},
	{"credit-gap", "a month from 97 % up to 98 % misses the goal without a credit", func(a *sla.Agreement) {
		a.Availability.Credits = availability.Ladder{{Below: compliance.MustGoal("97%"), Credit: "10%"}}
	}},
	{"credit-not-rising", "below 98 % the credit is 30 %, below 95 %, which is worse, 10 %", func(a *sla.Agreement) {
		a.Availability.Credits = availability.Ladder{{Below: compliance.MustGoal("95%"), Credit: "10 %"}, {Below: compliance.MustGoal("98%"), Credit: "30%"}}
	}},
	{"days-among-business-days", "critical.resolution 6 days in calendar days, 7 others in business days; calendar days are read as EXCL_MIDNIGHT", func(a *sla.Agreement) {
		a.Problems.Targets["critical"] = priority.Targets{Response: target("1 business day"), Resolution: target("6 days")}
	}},
	{"impact-gap", "five or more base services down, but not all, are in no impact: of 8, 5 to 7; read as is_2", func(a *sla.Agreement) {
		a.Priority.Impact = &sla.ImpactRules{ImpactRule: priority.ImpactRule{ManyDown: priority.ManyDownIs2, Quorum: 3, Most: compliance.MustGoal("50%")}}
	}},
	{"limit-never-binds", "60 interruptions a year are never reached: 4 a month, 12 times, are 48", func(a *sla.Agreement) {
		a.Availability.Limits = append(a.Availability.Limits, availability.Limit{Per: availability.PerYear, Interruptions: pointer(int64(60))})
	}},
	{"limit-never-binds", "at least 97 % a month is never missed first: at least 98 % a month is", func(a *sla.Agreement) {
		a.Availability.Limits = append(a.Availability.Limits, availability.Limit{Per: availability.PerMonth, Share: compliance.MustGoal("97%")})
	}},
	{"limit-never-binds", "at most 5 interruptions a month is never missed first: at most 4 interruptions a month is", func(a *sla.Agreement) {
		a.Availability.Limits = append(a.Availability.Limits, availability.Limit{Per: availability.PerMonth, Interruptions: pointer(int64(5))})
	}},
	{"limit-never-binds", "at most 3 h at a time a month is never missed first: at most 2 h at a time a year is", func(a *sla.Agreement) {
		a.Availability.Limits = append(a.Availability.Limits,
			availability.Limit{Per: availability.PerMonth, Longest: pointer(servicetime.MustDuration("3 h"))}, availability.Limit{Per: availability.PerYear, Longest: pointer(servicetime.MustDuration("2 h"))})
	}},
	{"limit-never-binds", "90 % within 8 s is never missed first: 90 % within 7 s is", func(a *sla.Agreement) {
		a.Performance.Limits = append(a.Performance.Limits, performance.Limit{Within: servicetime.MustDuration("8 s"), PerPerson: servicetime.MustDuration("1.5 s"), Share: compliance.MustGoal("90%")})
	}},
	{"matrix-not-monotone", "row 2, impact 2 gives high, and impact 1, which is worse, gives medium", func(a *sla.Agreement) {
		a.Priority.Matrix[1][0] = "medium"
	}},
	{"matrix-not-monotone", "row 3, impact 1 gives critical, and row 2, which is worse, gives high", func(a *sla.Agreement) {
		a.Priority.Matrix[2] = []string{"critical", "medium", "medium", "low"}
	}},
	{"no-open-time", "never has no open time in 2026: no target runs on it", func(a *sla.Agreement) {
		a.ServiceTimes["never"] = sla.ServiceTime{Schedule: servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon 00:00-24:00"), Dates: closedMondays(2026)}}
	}},
	{"no-target", "laptop: no target is agreed, so that they are listed and not judged", func(a *sla.Agreement) {
		a.Orders.Targets["laptop"] = priority.Targets{}
	}},
	{"not-agreed-with-rules", "capacity is not agreed as content of the report, but has rules", func(a *sla.Agreement) {
		a.Report.Content["capacity"] = sla.NotRequired
	}},
	{"open-point-stale", "the reading of \"x\" is said to be at security.goal, where nothing is", func(a *sla.Agreement) {
		a.OpenPoints = []sla.OpenPoint{{Code: "x", Clauses: []string{"§1"}, Text: sla.Text{"en": "?"}, Path: "security.goal"}}
	}},
	{"period-limits-disagree", "4 interruptions a month, 12 times, are 48, but 12 a year are allowed: the shorter limit, reached every time, breaks the longer in number 4", func(a *sla.Agreement) {
		a.Availability.Limits = append(a.Availability.Limits, availability.Limit{Per: availability.PerYear, Interruptions: pointer(int64(12))})
	}},
	{"period-limits-disagree", "4 h downtime a month, 3 times, are 12 h, but 10 h a quarter are allowed: the shorter limit, reached every time, breaks the longer in number 3", func(a *sla.Agreement) {
		a.Availability.Limits = []availability.Limit{{Per: availability.PerMonth, Down: pointer(servicetime.MustDuration("4 h"))}, {Per: availability.PerQuarter, Down: pointer(servicetime.MustDuration("10 h"))}}
	}},
	{"provider-hours-shorter", "P has no support in 127 h of the 2286 h of support in 2026", func(a *sla.Agreement) {
		a.Providers = map[string]sla.Provider{"P": {ServiceTime: "support/Transportstyrelsen"}}
	}},
	{"quorum-and-impact", "impact 2 is up to 4 down, with disturbance is 1 or more up: they agree only for 5 base services; of 4, 4 down are impact 2 and unavailable", func(a *sla.Agreement) {
		a.Priority.Impact = &sla.ImpactRules{ImpactRule: priority.ImpactRule{ManyDown: priority.ManyDownIs2, Quorum: 1, Most: compliance.MustGoal("50%")}}
		a.Availability.Quorum = &availability.Quorum{Need: 1}
	}},
	{"quorum-gap", "no answer is unavailable, 2 or more are with disturbance, 1 answer is in no class; read as unavailable", func(a *sla.Agreement) {
		a.Availability.Quorum = &availability.Quorum{Need: 2}
	}},
	{"required-without-rules", "security is required in the report, but the agreement has no rules for it", func(a *sla.Agreement) {
		a.Security = nil
	}},
	{"response-over-resolution", "question: the response, 3 business days, of a ticket received 2026-01-01 02:30 is due 2026-01-07 17:00, after its resolution, 2 business days, 2026-01-05 17:00", func(a *sla.Agreement) {
		a.Orders.Targets["question"] = priority.Targets{Response: target("3 business days"), Resolution: target("2 business days")}
	}},
	{"target-missing", "high: no response is agreed, but medium, which is lower, has 8 h", func(a *sla.Agreement) {
		a.Incidents.Targets["high"] = priority.Targets{Resolution: target("2 business days")}
	}},
	{"targets-not-monotone", "the response of critical, 2 h, received 2026-01-01 02:30 is due 2026-01-02 10:00, after that of high, 60 min, 2026-01-02 09:00", func(a *sla.Agreement) {
		a.Incidents.Targets["critical"] = priority.Targets{Response: target("2 h"), Resolution: target("8 h")}
	}},
	{"timing-out-of-hours", "timing 1 to 3 ask for opening hours: 6474 h of 8760 h in 2026 lie outside, where only low season has a class; read as by_date", func(a *sla.Agreement) {
		a.Priority.SecondAxis, a.Priority.Timing = sla.ByTiming, &sla.TimingRule{ServiceTime: "opening", Timing: priority.Timing{
			CriticalFromDay: 20, NearBeforeDays: 2, LowSeason: []priority.Season{{{Month: time.July, Day: 1}, {Month: time.July, Day: 31}}},
			Precedence: priority.CriticalFirst, OutOfHours: priority.ByDate,
		}}
	}},
	{"timing-without-figures", "without a figure timing never is 4 (low season)", func(a *sla.Agreement) {
		a.ServiceTimes["always"] = sla.ServiceTime{Schedule: servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}}
		a.Priority.SecondAxis, a.Priority.Timing = sla.ByTiming, &sla.TimingRule{ServiceTime: "always", Timing: priority.Timing{
			CriticalFromDay: 20, NearBeforeDays: 2, Precedence: priority.CriticalFirst, OutOfHours: priority.ByDate,
		}}
	}},
}

// closedMondays closes every Monday of a year.
func closedMondays(year int) map[servicetime.Date][]servicetime.Window {
	closed := map[servicetime.Date][]servicetime.Window{}
	for d := (servicetime.Date{Year: year, Month: time.January, Day: 1}); d.Year == year; d = d.AddDays(1) {
		if d.Weekday() == time.Monday {
			closed[d] = nil
		}
	}
	return closed
}

// Each breach is found, with its figures, and nothing beside it.
func TestReviewFinds(t *testing.T) {
	for _, b := range breaches {
		t.Run(b.code+" "+b.text, func(t *testing.T) {
			a := sound()
			b.what(&a)
			findings := review(t, a)
			found := false
			for _, f := range findings {
				if b.code != "quorum-and-impact" || f.Code != "impact-gap" { // no impact is without its gap
					assert.Equal(t, b.code, f.Code, f)
				}
				found = found || strings.Contains(f.Text.In("en"), b.text)
			}
			assert.True(t, found, "%v", findings)
		})
	}
}

// What a service has of its own is reviewed by itself; what it shares is told once.
func TestReviewOfServices(t *testing.T) {
	a := sound()
	a.Orders.Targets["laptop"] = priority.Targets{}
	gold := *a.Availability
	gold.Clause, gold.Limits = "gold", append(gold.Limits, availability.Limit{Per: availability.PerYear, Interruptions: pointer(int64(12))})
	a.Services = map[string]sla.Service{"gold": {Availability: &gold}, "plain": {}}
	findings := review(t, a)
	require.Equal(t, []string{"period-limits-disagree", "no-target"}, codesOf(findings))
	assert.Equal(t, "services.gold.availability.limits[1]", findings[0].Path)
	assert.Contains(t, findings[0].Text["sv"], "gold: 4 avbrott per månad")
}

// Every code is documented, has an example, and is found by a test.
func TestFindingCodes(t *testing.T) {
	examples := map[string]string{}
	for _, b := range breaches {
		if examples[b.code] == "" {
			a := sound()
			b.what(&a)
			for _, f := range review(t, a) {
				if f.Code == b.code {
					examples[b.code] = f.Text.In("en")
				}
			}
		}
	}
	for _, row := range chainBreaches {
		if examples[row.code] == "" {
			examples[row.code] = row.text
		}
	}
	for _, f := range versionFindings(t) {
		examples[f.Code] = f.Text.In("en")
	}
	var table, ssbtek strings.Builder
	table.WriteString("| code | severity | finds | for example | what to do |\n|---|---|---|---|---|\n")
	var last string
	for _, c := range sla.FindingCodes() {
		assert.Less(t, last, c.Code, "in order, each once")
		last = c.Code
		assert.Contains(t, []sla.Severity{sla.Contradiction, sla.Gap, sla.Remark}, c.Severity, c.Code)
		assert.NotEmpty(t, examples[c.Code], "an example of %s", c.Code)
		assert.NotEmpty(t, c.Suggestion["en"], c.Code)
		assert.NotEmpty(t, c.Suggestion["sv"], c.Code)
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s |\n", c.Code, c.Severity, strings.NewReplacer("[", "`", "]", "`").Replace(c.Finds), examples[c.Code], c.Suggestion["en"])
		delete(examples, c.Code)
	}
	assert.Empty(t, examples, "without a code")
	ssbtek.WriteString("| clause | code | severity | what is found | what to do |\n|---|---|---|---|---|\n")
	for _, f := range review(t, sla.SSBTEK()) {
		fmt.Fprintf(&ssbtek, "| %s | `%s` | %s | %s | %s |\n", strings.Join(f.Clauses, ", "), f.Code, f.Severity, f.Text.In("en"), f.Suggestion.In("en"))
	}
	doc, err := os.ReadFile("REVIEW.md")
	require.NoError(t, err)
	want := between(t, between(t, doc, "codes", table.String()), "ssbtek", ssbtek.String())
	if *updateReview {
		require.NoError(t, os.WriteFile("REVIEW.md", want, 0o644))
	}
	assert.Equal(t, string(want), string(doc), "go test . -run FindingCodes -update-review")
}

// between puts a text between the marks of a name.
func between(t *testing.T, doc []byte, name, text string) []byte {
	t.Helper()
	before, rest, is := bytes.Cut(doc, []byte("<!-- "+name+" -->\n"))
	require.True(t, is, name)
	_, after, is := bytes.Cut(rest, []byte("<!-- /"+name+" -->\n"))
	require.True(t, is, name)
	return fmt.Appendf(nil, "%s<!-- %s -->\n%s<!-- /%s -->\n%s", before, name, text, name, after)
}

// A review that is asked for again is the same, whatever became of the first.
func TestReviewAgain(t *testing.T) {
	t.Parallel()
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	first, err := rules.Review(2026)
	require.NoError(t, err)
	want, err := json.Marshal(first)
	require.NoError(t, err)
	for i := range first {
		clear(first[i].Text)
		clear(first[i].Suggestion)
		clear(first[i].Clauses)
	}
	other, err := rules.Review(2027)
	require.NoError(t, err)
	assert.NotEmpty(t, first)
	assert.NotEqual(t, first, other)
	for range 2 {
		again, err := rules.Review(2026)
		require.NoError(t, err)
		got, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got))
	}
	_, err = rules.Review(0)
	assert.ErrorIs(t, err, servicetime.ErrRange)
}
