package sla

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// MaxListed is how many missed tickets, and how many that were not judged, a report lists of each
// kind. It says how many more there are.
const MaxListed = 10_000

// A Month is a tally of the records of one calendar month as of an instant. Records come one by
// one, in any order, and are not kept, but for those that the report lists.
//
// A ticket belongs to the local month in which its outcome was settled (§4.3.1): a met one where its
// clock stopped, a missed one where its target was first exceeded. So a later run of an old
// month over the same records gives the same figures.
type Month struct {
	rules *Rules
	month servicetime.Month
	span  servicetime.Span
	asOf  time.Time
	kinds [len(kindNames)]ticketTally
}

// kindNames are the sections of a report in their order; the last is for kinds without rules.
var kindNames = [...]priority.Kind{priority.Incident, priority.Order, priority.Problem, ""}

// ticketTally is what a month holds of one kind of ticket.
type ticketTally struct {
	tickets   int64
	levels    priority.Tally
	classes   map[string]priority.Count // of orders
	elsewhere int64
	rejected  int64 // not judged in this month
	missed    list[MissedTicket]
	notJudged list[NotJudged]
}

// Month makes an empty tally of a month as of an instant: what happened after it is not known.
//
// It returns an error wrapping [servicetime.ErrRange] if the month or asOf does not lie in the
// years 1970 to 2200.
func (r *Rules) Month(month servicetime.Month, asOf time.Time) (*Month, error) {
	span, err := r.months.Span(month)
	if err != nil {
		return nil, fmt.Errorf("sla: %w", err)
	}
	if !r.months.Covers(asOf) {
		return nil, fmt.Errorf("sla: as of %s: %w", asOf.Format(time.RFC3339), servicetime.ErrRange)
	}
	m := &Month{rules: r, month: month, span: span, asOf: asOf.In(r.months.Location())}
	for i := range m.kinds {
		m.kinds[i].missed.compare, m.kinds[i].notJudged.compare = byBreach, byReceipt
	}
	return m, nil
}

// Ticket judges a ticket and counts it. One that cannot be judged is listed with the reason in the
// month of its receipt, or, where that is not known, in every month.
func (m *Month) Ticket(t priority.Ticket) {
	tally := m.kind(t.Kind)
	tally.tickets++
	if t.Received.After(m.asOf) {
		tally.elsewhere++ // nothing is known of it yet
		return
	}
	j, err := m.rules.Judge(t, m.asOf)
	if err != nil {
		m.reject(tally, NotJudged{t.Number, t.Received, err})
		return
	}
	m.count(tally, t, j)
}

// Reject counts a ticket that could not even be read, and why. It is listed with those that could not
// be judged. Without a reason it is [ErrNotJudged].
func (m *Month) Reject(kind priority.Kind, n NotJudged) {
	tally := m.kind(kind)
	tally.tickets++
	m.reject(tally, n)
}

func (m *Month) reject(tally *ticketTally, n NotJudged) {
	// An instant that no report covers is not known either, so that every ticket is listed somewhere.
	known := m.rules.months.Covers(n.Received)
	if known && (!m.has(n.Received) || n.Received.After(m.asOf)) {
		tally.elsewhere++
		return
	}
	if n.Err == nil {
		n.Err = ErrNotJudged
	}
	tally.rejected++
	tally.notJudged.add(n)
}

// kind is the tally of a kind of ticket.
func (m *Month) kind(kind priority.Kind) *ticketTally {
	if kind == priority.Security { // §4.11: in the figures of incidents
		kind = priority.Incident
	}
	i := slices.Index(kindNames[:], kind)
	if i < 0 {
		i = len(kindNames) - 1
	}
	return &m.kinds[i]
}

func (m *Month) has(t time.Time) bool { return !t.Before(m.span.From) && t.Before(m.span.To) }

// count adds the outcomes of a judged ticket.
func (m *Month) count(tally *ticketTally, t priority.Ticket, j Judgement) {
	missed := MissedTicket{Number: t.Number, Judgement: j}
	for _, o := range m.rules.outcomes(j) {
		switch {
		case o.verdict == compliance.NoData && t.Received.Before(m.span.To):
			// §4.3.1: neither met nor missed is in no month; it runs.
		case !m.has(o.at):
			tally.elsewhere++
			continue
		}
		if o.verdict == compliance.Missed && (missed.Breached.IsZero() || o.at.Before(missed.Breached)) {
			missed.Breached = o.at
		}
		if t.Kind != priority.Order {
			tally.levels.Add(j.Level, o.verdict)
			continue
		}
		if tally.classes == nil {
			tally.classes = map[string]priority.Count{}
		}
		count := tally.classes[j.Priority]
		count.Add(o.verdict)
		tally.classes[j.Priority] = count
	}
	if !missed.Breached.IsZero() {
		tally.missed.add(missed)
	}
}

// Merge adds what another tally of the same month has counted. The parts of a whole, merged in any
// order, report the same as the whole.
//
// It returns an error wrapping [ErrMerge] if the other is nil, the same, of other rules, another month or another as-of.
func (m *Month) Merge(o *Month) error {
	if o == nil || o == m {
		return fmt.Errorf("sla: %s with itself, or with none: %w", m.month, ErrMerge)
	}
	if m.rules != o.rules || m.month != o.month || !m.asOf.Equal(o.asOf) {
		return fmt.Errorf("sla: %s as of %s and %s as of %s: %w", m.month, m.asOf.Format(time.RFC3339), o.month, o.asOf.Format(time.RFC3339), ErrMerge)
	}
	for i := range m.kinds {
		m.kinds[i].merge(&o.kinds[i])
	}
	return nil
}

// ErrMerge is the cause where two tallies do not count the same.
var ErrMerge = errors.New("not tallies of the same")

func (t *ticketTally) merge(o *ticketTally) {
	t.tickets += o.tickets
	t.elsewhere += o.elsewhere
	t.rejected += o.rejected
	t.levels.Merge(&o.levels)
	if t.classes == nil && o.classes != nil {
		t.classes = map[string]priority.Count{}
	}
	for class, c := range o.classes {
		count := t.classes[class]
		count.Merge(c)
		t.classes[class] = count
	}
	t.missed.merge(&o.missed)
	t.notJudged.merge(&o.notJudged)
}

// list keeps the MaxListed first of what it is given, by an order that does not depend on when they came,
// and counts the others.
type list[T any] struct {
	compare func(a, b T) int
	kept    []T // up to twice as many, cut from time to time
	n       int64
}

func (l *list[T]) add(v T) {
	l.kept = append(l.kept, v)
	l.n++
	if len(l.kept) == 2*MaxListed {
		l.cut()
	}
}

func (l *list[T]) merge(o *list[T]) {
	n := l.n + o.n
	for _, v := range o.kept {
		l.add(v)
	}
	l.n = n
}

func (l *list[T]) cut() {
	slices.SortStableFunc(l.kept, l.compare)
	l.kept = slices.Clip(l.kept[:min(len(l.kept), MaxListed)])
}

// sorted returns what is kept, in order, and how many more there were.
func (l *list[T]) sorted() ([]T, int64) {
	l.cut()
	return slices.Clone(l.kept), l.n - int64(len(l.kept))
}

// byBreach is the order of missed tickets. Numbers should be distinct; where they are not, the figures decide.
func byBreach(a, b MissedTicket) int {
	return cmp.Or(a.Breached.Compare(b.Breached), strings.Compare(a.Number, b.Number),
		a.Resolution.Received.Compare(b.Resolution.Received), cmp.Compare(a.Level, b.Level),
		a.Response.Done.Compare(b.Response.Done), a.Resolution.Done.Compare(b.Resolution.Done))
}

// byReceipt is the order of tickets that were not judged.
func byReceipt(a, b NotJudged) int {
	return cmp.Or(a.Received.Compare(b.Received), strings.Compare(a.Number, b.Number), strings.Compare(a.Err.Error(), b.Err.Error()))
}
