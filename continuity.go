package sla

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// ContinuityRules say how a service comes back (§4.12). What is blank in the agreement is left out, and not agreed.
type ContinuityRules struct {
	Clause string `json:"clause"`
	// ServiceTime names the calendar whose business days count, and its open time where hours run in it.
	ServiceTime string `json:"service_time"`
	// The readings hours, business_days and days must be named.
	continuity.Rule
	// Backups says when they are to be taken; left out, nothing is agreed.
	Backups *continuity.Schedule `json:"backups,omitempty"`
	// Services are restarted in an order of their own.
	Services []continuity.Service `json:"services,omitempty"`
}

func (r *ContinuityRules) clone() *ContinuityRules {
	c := copied(r)
	if c == nil {
		return nil
	}
	if c.Backups = copied(r.Backups); c.Backups != nil {
		c.Backups.Runs = clonedWindows(c.Backups.Runs)
	}
	c.Services = slices.Clone(r.Services)
	for i := range c.Services {
		s := &c.Services[i]
		s.Needs, s.After = slices.Clone(s.Needs), slices.Clone(s.After)
	}
	return c
}

// continuity compiles the rules of §4.12.
func (c *compiler) continuity() {
	r := c.agreement.Continuity
	if r == nil {
		return
	}
	rule := r.Rule
	rule.Calendar = c.calendar("continuity.service_time", r.Clause, r.ServiceTime)
	c.back = &rule
	for _, reading := range []struct {
		path string
		how  servicetime.Convention
	}{
		{"continuity.hours", r.Hours}, {"continuity.business_days", r.BusinessDays}, {"continuity.days", r.Days},
	} {
		if reading.how == 0 {
			c.fault(reading.path, r.Clause, "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
		}
	}
	if rule.Calendar != nil {
		if err := rule.Check(); err != nil {
			c.nest("continuity", r.Clause, err)
		}
	}
	if r.Backups != nil {
		if err := r.Backups.Check(); err != nil {
			c.nest("continuity.backups", r.Clause, err)
		}
	}
	if len(r.Services) > 0 {
		if _, err := continuity.Restart(r.Services); err != nil {
			c.nest("continuity", r.Clause, err)
		}
	}
}

// RestartOrder is the order in which the agreement's services are restarted, as in its continuity plan (§4.12).
//
// It returns an error wrapping [ErrNotJudged] if the agreement names none.
func (r *Rules) RestartOrder() (*continuity.Order, error) {
	rules := r.agreement.Continuity
	if rules == nil || len(rules.Services) == 0 {
		return nil, fmt.Errorf("sla: restart order: %w", ErrNotJudged)
	}
	return continuity.Restart(rules.Services)
}

// ContinuityConflicts are what the objectives of continuity contradict in a period, such as a [servicetime.Year]: each other, and the chains of services.
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no rules of continuity,
//   - and those of [continuity.Rule.Conflicts].
func (r *Rules) ContinuityConflicts(period servicetime.Period) ([]continuity.Conflict, error) {
	if r.back == nil {
		return nil, fmt.Errorf("sla: conflicts of continuity: %w", ErrNotJudged)
	}
	conflicts, err := r.back.Conflicts(period)
	if err != nil {
		return nil, err
	}
	chains, err := r.back.ChainConflicts(r.agreement.Continuity.Services, period)
	return append(conflicts, chains...), err
}

// MaxContinuityRecords is how many disruptions, backups and tests a month holds of each, the newest: they are needed from before the month on.
const MaxContinuityRecords = 100_000

// recoveries is what a month holds of continuity: records of any time, since a loss is judged by backups from before the month.
type recoveries struct {
	disruptions list[continuity.Disruption]
	backups     list[continuity.Backup]
	tests       list[continuity.Test]
	rejected    int64
	notJudged   list[NotJudged]
}

// newRecoveries are in an order that does not depend on when records came, the newest first. Where two are of one time the whole record decides.
func newRecoveries() recoveries {
	var r recoveries
	r.notJudged.compare = byReceipt
	r.disruptions = list[continuity.Disruption]{most: MaxContinuityRecords, compare: func(a, b continuity.Disruption) int {
		return firstOf(b.From.Compare(a.From), func() int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}}
	r.backups = list[continuity.Backup]{most: MaxContinuityRecords, compare: func(a, b continuity.Backup) int {
		return cmp.Or(b.DataAt.Compare(a.DataAt), b.DoneAt.Compare(a.DoneAt), b.VerifiedAt.Compare(a.VerifiedAt))
	}}
	r.tests = list[continuity.Test]{most: MaxContinuityRecords, compare: func(a, b continuity.Test) int {
		return firstOf(b.At.Compare(a.At), func() int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}}
	return r
}

func firstOf(c int, otherwise func() int) int {
	if c != 0 {
		return c
	}
	return otherwise()
}

// Disruption counts a total interruption (§4.12): one that starts before the end of the month, and not after as-of. One that cannot be counted is listed with
// the reason.
func (m *Month) Disruption(d continuity.Disruption) {
	if !m.later(d.From, 0) && m.recovered("disruption", d.From, continuity.Records{Disruptions: []continuity.Disruption{d}}) {
		m.back.disruptions.add(d)
	}
}

// Backup counts a copy of any time before the end of the month: the newest before a disruption may be from long before.
func (m *Month) Backup(b continuity.Backup) {
	// A run of the last day may begin on the next.
	if !m.later(b.DataAt, 24*time.Hour) && m.recovered("backup", b.DataAt, continuity.Records{Backups: []continuity.Backup{b}}) {
		m.back.backups.add(b)
	}
}

// Test counts an exercise of the continuity plan, of any time before the end of the month.
func (m *Month) Test(t continuity.Test) {
	if !m.later(t.At, 0) && m.recovered("test", t.At, continuity.Records{Tests: []continuity.Test{t}}) {
		m.back.tests.add(t)
	}
}

// later reports whether a record starts after as-of, or so long after the month: it is not looked at, and pushes out none that is.
func (m *Month) later(at time.Time, after time.Duration) bool {
	return at.After(m.asOf) || !at.Before(m.span.To.Add(after))
}

// recovered checks a record, and lists it if it cannot be counted.
func (m *Month) recovered(what string, at time.Time, record continuity.Records) bool {
	rule := continuity.Rule{Calendar: m.rules.months}
	if m.rules.back != nil {
		rule = *m.rules.back
	}
	if _, err := rule.Judge(record, m.span, m.asOf); err != nil {
		m.back.rejected++
		m.back.notJudged.add(NotJudged{Received: at, Err: fmt.Errorf("sla: %s of %s: %w", what, at.Format(time.RFC3339), err)})
		return false
	}
	return true
}

func (r *recoveries) merge(o *recoveries) {
	r.disruptions.merge(&o.disruptions)
	r.backups.merge(&o.backups)
	r.tests.merge(&o.tests)
	r.rejected += o.rejected
	r.notJudged.merge(&o.notJudged)
}

// A ContinuityReport is the section on continuity (§4.12). What is not agreed is measured, and not judged.
type ContinuityReport struct {
	Clause string
	Agreed bool // there are rules, if only a blank table
	// Verdict is missed if an objective is, met if one is met and none missed, and no data if backups or tests are agreed and there are none; not agreed where the table is blank. Exposure and tests have verdicts of their own, and no
	// part in it: no data was lost, and no real event was late.
	Verdict compliance.Verdict
	continuity.Result
	// Runs are the backups of the month against their schedule, if one is agreed.
	Runs *continuity.Runs

	// Beyond are records that are older than the newest [MaxContinuityRecords] of their kind, and are not looked at.
	Beyond        int64
	Rejected      int64
	NotJudged     []NotJudged
	MoreNotJudged int64
}

func (m *Month) continuity() ContinuityReport {
	r := ContinuityReport{Verdict: compliance.NotAgreed, Rejected: m.back.rejected}
	r.NotJudged, r.MoreNotJudged = m.back.notJudged.sorted()
	rules := m.rules.agreement.Continuity
	if rules == nil {
		return r
	}
	r.Agreed, r.Clause = true, rules.Clause
	var records continuity.Records
	var beyond [3]int64
	records.Disruptions, beyond[0] = m.back.disruptions.sorted()
	records.Backups, beyond[1] = m.back.backups.sorted()
	records.Tests, beyond[2] = m.back.tests.sorted()
	r.Beyond = beyond[0] + beyond[1] + beyond[2]
	r.Result, _ = m.rules.back.Judge(records, m.span, m.asOf) // each record has been checked
	for _, o := range r.outcomes() {
		if o.of.Objective.IsZero() {
			continue
		}
		if r.Verdict == compliance.NotAgreed {
			r.Verdict = compliance.NoData
		}
		r.Verdict = worse(r.Verdict, o.of.Verdict)
	}
	if !r.Rule.MBCO.IsZero() {
		if r.Verdict == compliance.NotAgreed {
			r.Verdict = compliance.NoData
		}
		r.Verdict = worse(r.Verdict, r.MBCO)
	}
	// No disruption is harmless; no backup, or no test, where one is agreed is not.
	for _, o := range []*continuity.Outcome{&r.BackupEvery, &r.TestEvery} {
		if !o.Objective.IsZero() && o.Verdict == compliance.NoData && r.Verdict == compliance.Met {
			r.Verdict = compliance.NoData
		}
	}
	if rules.Backups != nil {
		if runs, err := rules.Backups.In(m.rules.back.Calendar, records.Backups, m.span, m.asOf); err == nil {
			r.Runs = &runs
		}
	}
	return r
}

type namedOutcome struct {
	path, name string // in the document, and for people
	of         *continuity.Outcome
}

// outcomes are those that are judged of a month.
func (r *ContinuityReport) outcomes() []namedOutcome {
	return []namedOutcome{
		{"rto", "RTO", &r.RTO},
		{"rpo", "RPO", &r.RPO},
		{"backup_every", "backup frequency", &r.BackupEvery},
		{"test_every", "test frequency", &r.TestEvery},
		{"wrt", "WRT", &r.WRT},
		{"mtpd", "MTPD", &r.MTPD},
	}
}

// lines are the figures of the section: the table of §4.12.1, what is agreed beyond it, and what happened beside.
func (r *ContinuityReport) lines(yield func(Line) bool) bool {
	if !r.Agreed {
		return true
	}
	lines := make([]Line, 0, 10)
	for i, o := range r.outcomes() {
		if i < 4 || !o.of.Objective.IsZero() {
			lines = append(lines, Line{r.Clause, "continuity, " + o.name, o.of.Verdict, o.of.String()})
		}
	}
	if !r.Rule.MBCO.IsZero() {
		text := "objective " + r.Rule.MBCO.String() + ": " + r.MBCO.String()
		if r.MBCOMissed > 0 {
			text += fmt.Sprintf(" by %d", r.MBCOMissed)
		}
		lines = append(lines, Line{r.Clause, "continuity, MBCO", r.MBCO, text})
	}
	for _, o := range []namedOutcome{{"", "exposure", &r.Exposure}, {"", "RTO in tests", &r.TestRTO}, {"", "RPO in tests", &r.TestRPO}} {
		if o.of.Count > 0 {
			lines = append(lines, Line{r.Clause, "continuity, " + o.name + " (advisory)", o.of.Verdict, o.of.String()})
		}
	}
	if r.Runs != nil {
		lines = append(lines, Line{r.Clause, "continuity, backup runs", compliance.NotAgreed, r.Runs.String()})
	}
	for _, l := range lines {
		if !yield(l) {
			return false
		}
	}
	return true
}
