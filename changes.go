package sla

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// ChangeRules say when changes must be communicated (§4.6.4), and when extra opening and extended windows are decided (§4.1.2).
type ChangeRules struct {
	Clause string `json:"clause"`
	// ServiceTime names the opening hours, outside which plannable work lies.
	ServiceTime string `json:"service_time"`
	// The reading rule must be named.
	availability.NoticeRule
	// Goal is the share of the changes that must be communicated in time; left out, none is agreed. §4.6.4 names no share, since every one must be: 100 % in
	// the preset is that.
	Goal     compliance.Goal `json:"goal,omitzero"`
	Meetings *MeetingRules   `json:"meetings,omitempty"`
}

// MeetingRules are [availability.Meetings] with their clause and the service time whose business days count.
type MeetingRules struct {
	Clause      string `json:"clause"`
	ServiceTime string `json:"service_time"`
	// The readings rule and holiday must be named.
	availability.Meetings
}

func (r *ChangeRules) clone() *ChangeRules {
	if r == nil {
		return nil
	}
	c := *r
	c.Meetings = copied(r.Meetings)
	return &c
}

// changes compiles the rules of §4.6 and §4.1.2.
func (c *compiler) changes() {
	r := c.agreement.Changes
	if r == nil {
		return
	}
	c.changesOpening = c.calendar("changes.service_time", r.Clause, r.ServiceTime)
	if err := r.Check(); err != nil {
		c.nest("changes", r.Clause, err)
	}
	named := func(path, clause, text string) {
		if text == "" {
			c.fault(path, clause, "bad_request", "", fmt.Errorf("%w: a reading must be named", ErrMissing))
		}
	}
	named("changes.rule", r.Clause, r.Rule.String())
	if m := r.Meetings; m != nil {
		c.meetingDays = c.calendar("changes.meetings.service_time", m.Clause, m.ServiceTime)
		if err := m.Check(); err != nil {
			c.nest("changes.meetings", m.Clause, err)
		}
		named("changes.meetings.rule", m.Clause, m.Rule.String())
		named("changes.meetings.holiday", m.Clause, m.Holiday.String())
	}
}

// FirstMeeting is the first decision meeting that can take a request for extra opening or an extended service window (§4.1.2).
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no meetings,
//   - and those of [availability.Meetings.First].
func (r *Rules) FirstMeeting(requested time.Time) (availability.Meeting, error) {
	if r.meetingDays == nil {
		return availability.Meeting{}, fmt.Errorf("sla: decision meetings: %w", ErrNotJudged)
	}
	return r.agreement.Changes.Meetings.First(r.meetingDays, requested)
}

// LastMeeting is the last decision meeting before a date on which extra opening is wanted, and by when to ask for it (§4.1.2).
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement has no meetings,
//   - and those of [availability.Meetings.Last].
func (r *Rules) LastMeeting(wanted servicetime.Date) (meeting availability.Meeting, ask time.Time, err error) {
	if r.meetingDays == nil {
		return availability.Meeting{}, time.Time{}, fmt.Errorf("sla: decision meetings: %w", ErrNotJudged)
	}
	return r.agreement.Changes.Meetings.Last(r.meetingDays, wanted)
}

// changeTally is what a month holds of changes.
type changeTally struct {
	changes, elsewhere, rejected int64
	met, missed, running, none   int64
	listed                       list[JudgedChange]
	notJudged                    list[NotJudged]
}

func newChangeTally() changeTally {
	var t changeTally
	t.listed.compare, t.notJudged.compare = byChange, byReceipt
	return t
}

// byChange is the order of changes. Numbers should be distinct; where they are not, the whole record decides.
func byChange(a, b JudgedChange) int {
	if c := cmp.Or(a.At.Compare(b.At), strings.Compare(a.Change.Number, b.Change.Number)); c != 0 {
		return c
	}
	return strings.Compare(fmt.Sprint(a.Change), fmt.Sprint(b.Change))
}

// Change counts a change: its windows in the availability of the composite service, and itself in the month in which it begins. One that cannot be counted is
// listed with the reason.
func (m *Month) Change(c availability.Change) {
	t := &m.changes
	t.changes++
	rules := m.rules.agreement.Changes
	var j availability.NoticeJudgement
	err := c.Check()
	if err == nil && rules != nil {
		j, err = rules.Judge(m.rules.changesOpening, c, m.asOf)
	}
	if err != nil {
		m.rejectChange(c, err)
		return
	}
	_ = m.up.composite.Change(c) // it has been checked
	for _, w := range c.Windows {
		if !c.Acute && !c.Cancelled {
			m.listWindow(c.Number, w)
		}
	}
	if !m.has(j.At) {
		t.elsewhere++
		return
	}
	switch j.Verdict {
	case compliance.Met:
		t.met++
	case compliance.Missed:
		t.missed++
	case compliance.NoTarget:
		t.none++
	default:
		t.running++
	}
	t.listed.add(JudgedChange{j, !c.Cancelled && m.critical(c.Windows)})
}

func (m *Month) rejectChange(c availability.Change, err error) {
	m.changes.rejected++
	m.changes.notJudged.add(NotJudged{Number: c.Number, Err: fmt.Errorf("sla: change %q: %w", c.Number, err)})
}

// critical reports whether a window, as planned, lies in a critical period (§3.2).
func (m *Month) critical(windows []availability.Window) bool {
	timing := m.rules.agreement.Priority.Timing
	if timing == nil {
		return false
	}
	for _, w := range windows {
		// The last instant of the plan is the one before its end. A period that a window spans whole has its first date in it.
		last := m.rules.months.Date(w.PlannedTo.Add(-1))
		for date := m.rules.months.Date(w.PlannedFrom); date.Compare(last) <= 0; date = firstOfNextMonth(date) {
			end := last
			if _, monthEnd := (servicetime.Month{Year: date.Year, Month: date.Month}).Dates(); monthEnd.Compare(last) < 0 {
				end = monthEnd
			}
			if timing.Critical(end) { // a critical period runs to the end of its month
				return true
			}
		}
	}
	return false
}

func firstOfNextMonth(d servicetime.Date) servicetime.Date {
	first, _ := servicetime.Month{Year: d.Year, Month: d.Month}.Add(1).Dates()
	return first
}

func (t *changeTally) merge(o *changeTally) {
	t.changes += o.changes
	t.elsewhere += o.elsewhere
	t.rejected += o.rejected
	t.met += o.met
	t.missed += o.missed
	t.running += o.running
	t.none += o.none
	t.listed.merge(&o.listed)
	t.notJudged.merge(&o.notJudged)
}

// A ChangeReport is the section on planned changes (§4.6). Changes are counted in the month in which they begin: Share, NoTarget, Running, Elsewhere and
// Rejected add up to Changes.
type ChangeReport struct {
	Clause  string
	Agreed  bool // there are rules
	Goal    compliance.Goal
	Share   compliance.Share // communicated in time, of those of which notice was asked
	Verdict compliance.Verdict

	Changes   int64 // given to the month
	NoTarget  int64 // in a release, acute, without effect, or cancelled
	Running   int64 // not communicated yet, and still time for it
	Elsewhere int64 // of other months
	Rejected  int64

	Listed        []JudgedChange // the first [MaxListed] of the month, by their beginning
	MoreListed    int64
	NotJudged     []NotJudged
	MoreNotJudged int64
}

// A JudgedChange is a change of the month, with what a reader must know of it.
type JudgedChange struct {
	availability.NoticeJudgement
	// Critical says that a window lies in a critical period (§3.2).
	Critical bool
}

// String is the judgement in a line, with the critical period.
func (j JudgedChange) String() string {
	if j.Critical {
		return j.NoticeJudgement.String() + "; in a critical period"
	}
	return j.NoticeJudgement.String()
}

func (m *Month) changeReport() ChangeReport {
	t := &m.changes
	r := ChangeReport{
		Verdict: compliance.NotAgreed,
		Changes: t.changes, NoTarget: t.none, Running: t.running, Elsewhere: t.elsewhere, Rejected: t.rejected,
		Share: compliance.Share{Met: t.met, Total: t.met + t.missed},
	}
	r.Listed, r.MoreListed = t.listed.sorted()
	r.NotJudged, r.MoreNotJudged = t.notJudged.sorted()
	if rules := m.rules.agreement.Changes; rules != nil {
		r.Agreed, r.Clause, r.Goal = true, rules.Clause, rules.Goal
		r.Verdict = r.Share.Verdict(rules.Goal)
	}
	return r
}

// String is the sentence of the section: "3 of 4 communicated in time, 75.00 %, goal 100 %: missed by 1".
func (r *ChangeReport) String() string { return r.Share.Line("communicated in time", r.Goal) }
