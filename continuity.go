package sla

import (
	"cmp"
	"fmt"
	"slices"
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
		order, err := continuity.Restart(r.Services)
		if err != nil {
			c.nest("continuity", r.Clause, err)
		}
		c.order = order
	}
}

// RestartOrder is the order in which the agreement's services are restarted, as in its continuity plan (§4.12).
//
// It returns an error wrapping [ErrNotJudged] if the agreement names none.
func (r *Rules) RestartOrder() (*continuity.Order, error) {
	if r.order == nil {
		return nil, fmt.Errorf("sla: restart order: %w", ErrNotJudged)
	}
	return r.order, nil
}

// MaxContinuityRecords is how many disruptions, backups and tests a month holds of each: they are needed from before the month on.
const MaxContinuityRecords = 100_000

// recoveries is what a month holds of continuity: all records, since a loss is judged by backups from before the month.
type recoveries struct {
	continuity.Records
	rejected  int64
	notJudged list[NotJudged]
}

func newRecoveries() recoveries {
	var r recoveries
	r.notJudged.compare = byReceipt
	return r
}

// Disruption counts a total interruption, of any time (§4.12). One that cannot be counted is listed with the reason.
func (m *Month) Disruption(d continuity.Disruption) {
	if m.recovered("disruption", d.From, len(m.back.Disruptions), continuity.Records{Disruptions: []continuity.Disruption{d}}) {
		m.back.Disruptions = append(m.back.Disruptions, d)
	}
}

// Backup counts a copy, of any time: the newest before a disruption may be from before the month.
func (m *Month) Backup(b continuity.Backup) {
	if m.recovered("backup", b.DataAt, len(m.back.Backups), continuity.Records{Backups: []continuity.Backup{b}}) {
		m.back.Backups = append(m.back.Backups, b)
	}
}

// Test counts an exercise of the continuity plan, of any time.
func (m *Month) Test(t continuity.Test) {
	if m.recovered("test", t.At, len(m.back.Tests), continuity.Records{Tests: []continuity.Test{t}}) {
		m.back.Tests = append(m.back.Tests, t)
	}
}

// recovered checks a record, and lists it if it cannot be counted.
func (m *Month) recovered(what string, at time.Time, n int, record continuity.Records) bool {
	rule := continuity.Rule{Calendar: m.rules.months}
	if m.rules.back != nil {
		rule = *m.rules.back
	}
	_, err := rule.Judge(record, m.span, m.asOf)
	if err == nil && n >= MaxContinuityRecords {
		err = fmt.Errorf("%d: %w: at most %d", n+1, servicetime.ErrLimit, MaxContinuityRecords)
	}
	if err != nil {
		m.back.rejected++
		m.back.notJudged.add(NotJudged{Received: at, Err: fmt.Errorf("sla: %s of %s: %w", what, at.Format(time.RFC3339), err)})
		return false
	}
	return true
}

func (r *recoveries) merge(o *recoveries) {
	r.Disruptions = append(r.Disruptions, o.Disruptions...)
	r.Backups = append(r.Backups, o.Backups...)
	r.Tests = append(r.Tests, o.Tests...)
	r.rejected += o.rejected
	r.notJudged.merge(&o.notJudged)
}

// inOrder are the records in an order that does not depend on when they came.
func (r *recoveries) inOrder() continuity.Records {
	sorted := continuity.Records{Disruptions: slices.Clone(r.Disruptions), Backups: slices.Clone(r.Backups), Tests: slices.Clone(r.Tests)}
	slices.SortStableFunc(sorted.Disruptions, func(a, b continuity.Disruption) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.Name, b.Name), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	slices.SortStableFunc(sorted.Backups, func(a, b continuity.Backup) int {
		return cmp.Or(a.DataAt.Compare(b.DataAt), a.DoneAt.Compare(b.DoneAt), a.VerifiedAt.Compare(b.VerifiedAt))
	})
	slices.SortStableFunc(sorted.Tests, func(a, b continuity.Test) int {
		return cmp.Or(a.At.Compare(b.At), a.Restored.Compare(b.Restored), cmp.Compare(a.Name, b.Name), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	return sorted
}

// A ContinuityReport is the section on continuity (§4.12). What is not agreed is measured, and not judged.
type ContinuityReport struct {
	Clause string
	Agreed bool // there are rules, if only a blank table
	// Verdict is missed if an objective is, met if one is met and none missed; not agreed where the table is blank.
	Verdict compliance.Verdict
	continuity.Result
	// Runs are the backups of the month against their schedule, if one is agreed.
	Runs *continuity.Runs

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
	records := m.back.inOrder()
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
	if rules.Backups != nil {
		if runs, err := rules.Backups.In(m.rules.back.Calendar, records.Backups, m.span, m.asOf); err == nil {
			r.Runs = &runs
		}
	}
	return r
}

type namedOutcome struct {
	name string
	of   *continuity.Outcome
}

// outcomes are those that are judged of a month.
func (r *ContinuityReport) outcomes() []namedOutcome {
	return []namedOutcome{
		{"RTO", &r.RTO},
		{"RPO", &r.RPO},
		{"backup frequency", &r.BackupEvery},
		{"test frequency", &r.TestEvery},
	}
}

// lines are the figures of the section.
func (r *ContinuityReport) lines(yield func(Line) bool) bool {
	if !r.Agreed {
		return true
	}
	for _, o := range r.outcomes() {
		if !yield(Line{r.Clause, "continuity, " + o.name, o.of.Verdict, o.of.String()}) {
			return false
		}
	}
	return true
}
