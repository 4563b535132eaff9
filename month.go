package sla

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
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
// month over the same records gives the same figures, unless a ticket was opened again afterwards, or got
// another priority, or another reading of the month is chosen ([CountedIn]).
type Month struct {
	rules   *Rules
	month   servicetime.Month
	span    servicetime.Span
	asOf    time.Time
	kinds   [len(kindNames)]ticketTally
	up      uptime
	changes changeTally
	calls   callTally
	back    recoveries

	eachMissed func(MissedTicket)
}

// kindNames are the sections of a report in their order; the last is for kinds without rules. Security
// incidents are in the section of incidents too.
var kindNames = [...]priority.Kind{priority.Incident, priority.Order, priority.Problem, priority.Security, ""}

// The sections, by index of kindNames.
const (
	incidents = iota
	orders
	problems
	security
	otherKinds
)

// ticketTally is what a month holds of one kind of ticket.
type ticketTally struct {
	tickets   int64
	levels    priority.Tally
	classes   map[string]priority.Count // of orders
	providers named
	taken     map[string]taken // by level, or type of order
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
	m := &Month{rules: r, month: month, span: span, asOf: asOf.In(r.months.Location()), up: newUptime(), changes: newChangeTally(), calls: r.newCallTally(span), back: newRecoveries()}
	for i := range m.kinds {
		m.kinds[i].missed.compare, m.kinds[i].notJudged.compare = byBreach, byReceipt
	}
	return m, nil
}

// Ticket judges a ticket and counts it. One that cannot be judged is listed with the reason in the
// month of its receipt, or, where that is not known, in every month.
func (m *Month) Ticket(t priority.Ticket) {
	var j Judgement
	if !t.Received.After(m.asOf) { // else nothing is known of it yet
		if err := m.rules.judge(&j, &t, m.asOf); err != nil {
			m.incident(&t) // it was registered
			m.Reject(t.Kind, NotJudged{t.Number, t.Received, err})
			return
		}
	}
	m.judged(&t, &j)
}

// Judged counts a ticket with the judgement that [Rules.Judge] has of it as of the month's own instant. A program that
// wants to say more about a ticket that cannot be judged, such as its line in a file, asks Judge itself and gives it to
// Judged or to Reject; else Ticket does.
func (m *Month) Judged(t priority.Ticket, j Judgement) {
	m.rules.withhold(&t)
	m.judged(&t, &j)
}

func (m *Month) judged(t *priority.Ticket, j *Judgement) {
	tallies, n := m.tallies(t.Kind)
	for i, tally := range tallies[:n] {
		tally.tickets++
		if t.Received.After(m.asOf) {
			tally.elsewhere++
			continue
		}
		if missed, is := m.count(tally, t, j); is && i == 0 && m.eachMissed != nil {
			m.eachMissed(missed)
		}
	}
	if !t.Received.After(m.asOf) {
		m.incident(t)
	}
}

// Reject counts a ticket that could not even be read, and why. It is listed with those that could not
// be judged. Without a reason it is [ErrNotJudged].
func (m *Month) Reject(kind priority.Kind, n NotJudged) {
	if n.Err == nil {
		n.Err = ErrNotJudged
	}
	// An instant that no report covers is not known either, so that every ticket is listed somewhere.
	known := m.rules.months.Covers(n.Received)
	tallies, count := m.tallies(kind)
	for _, tally := range tallies[:count] {
		tally.tickets++
		if known && (!m.has(n.Received) || n.Received.After(m.asOf)) {
			tally.elsewhere++
			continue
		}
		tally.rejected++
		tally.notJudged.add(n)
	}
}

// tallies are those that count a kind of ticket.
func (m *Month) tallies(kind priority.Kind) (tallies [2]*ticketTally, n int) {
	kinds := kindsOf(kind)
	for i, k := range kinds {
		tallies[i] = &m.kinds[k]
	}
	return tallies, len(kinds)
}

// kindsOf are the sections in which a kind of ticket counts, by index of kindNames, its own last.
func kindsOf(kind priority.Kind) []int {
	switch kind {
	case priority.Incident:
		return sectionIncidents[:]
	case priority.Order:
		return sectionOrders[:]
	case priority.Problem:
		return sectionProblems[:]
	case priority.Security: // §4.11: in the figures of incidents, and apart
		return sectionsSecurity[:]
	}
	return sectionOthers[:]
}

var (
	sectionIncidents = [...]int{incidents}
	sectionOrders    = [...]int{orders}
	sectionProblems  = [...]int{problems}
	sectionsSecurity = [...]int{incidents, security}
	sectionOthers    = [...]int{otherKinds}
)

func (m *Month) has(t time.Time) bool { return !t.Before(m.span.From) && t.Before(m.span.To) }

// EachMissed has a function told of each ticket that counts as missed in the month, when it does: also of those that the report does not list. Nil tells none. Merge
// tells of none again.
func (m *Month) EachMissed(told func(MissedTicket)) { m.eachMissed = told }

// count adds the outcomes of a judged ticket, and reports whether it missed.
func (m *Month) count(tally *ticketTally, t *priority.Ticket, j *Judgement) (missed MissedTicket, is bool) {
	if m.rules.agreement.Readings.Compliance == Both && !m.asOf.Before(m.span.From) && ofAnother(m.span, t) {
		tally.elsewhere++ // its one outcome
		return missed, false
	}
	var breached time.Time
	counted := false
	outcomes, n := m.rules.outcomes(j)
	for _, o := range outcomes[:n] {
		switch {
		case o.verdict == compliance.NoData && t.Received.Before(m.span.To):
			// §4.3.1: neither met nor missed is in no month; it runs.
		case !m.has(o.at):
			tally.elsewhere++
			continue
		}
		if o.verdict == compliance.Missed && (breached.IsZero() || o.at.Before(breached)) {
			breached = o.at
		}
		counted = true
		tally.providers.add(t.Provider, o.verdict)
		if t.Kind != priority.Order {
			tally.levels.Add(o.level, o.verdict)
			continue
		}
		if tally.classes == nil {
			tally.classes = map[string]priority.Count{}
		}
		count := tally.classes[j.Priority]
		count.Add(o.verdict)
		tally.classes[j.Priority] = count
	}
	if counted {
		tally.take(j)
	}
	if !breached.IsZero() {
		missed, is = MissedTicket{Number: t.Number, Kind: t.Kind, Breached: breached, Judgement: *j}, true
		tally.missed.add(missed)
	}
	return missed, is
}

// Merge adds what another tally of the same month has counted. The parts of a whole, merged in any
// order, report the same as the whole.
//
// It returns an error wrapping [ErrMerge] if the other is nil, the same, of other rules, another month or another as-of, or if calls beyond capacity
// are left out (§4.7) and both have calls of one of its windows. It then adds nothing.
//
// Figures that depend on the order of calls (sliding peaks, concurrency) are known of parts that follow each other and are merged with their neighbours first, and
// else said not to be.
func (m *Month) Merge(o *Month) error {
	if o == nil || o == m {
		return fmt.Errorf("sla: %s with itself, or with none: %w", m.month, ErrMerge)
	}
	if m.rules != o.rules || m.month != o.month || !m.asOf.Equal(o.asOf) {
		return fmt.Errorf("sla: %s as of %s and %s as of %s: %w", m.month, m.asOf.Format(time.RFC3339), o.month, o.asOf.Format(time.RFC3339), ErrMerge)
	}
	if !m.calls.mergeable(&o.calls) {
		return fmt.Errorf("sla: %s: calls beyond capacity are left out, and both parts have calls in one window, or in between: %w", m.month, ErrMerge)
	}
	for i := range m.kinds {
		m.kinds[i].merge(&o.kinds[i])
	}
	m.up.merge(&o.up)
	m.changes.merge(&o.changes)
	m.calls.merge(&o.calls, m.rules.fast)
	m.back.merge(&o.back)
	return nil
}

// ErrMerge is the cause where two tallies do not count the same.
var ErrMerge = errors.New("not tallies of the same")

func (t *ticketTally) merge(o *ticketTally) {
	t.tickets += o.tickets
	t.elsewhere += o.elsewhere
	t.rejected += o.rejected
	t.levels.Merge(&o.levels)
	t.providers.merge(&o.providers)
	if t.classes == nil && o.classes != nil {
		t.classes = map[string]priority.Count{}
	}
	if t.taken == nil && o.taken != nil {
		t.taken = map[string]taken{}
	}
	for name, theirs := range o.taken {
		sum := t.taken[name]
		sum.response.merge(theirs.response)
		sum.resolution.merge(theirs.resolution)
		t.taken[name] = sum
	}
	for class, c := range o.classes {
		count := t.classes[class]
		count.Merge(c)
		t.classes[class] = count
	}
	t.missed.merge(&o.missed)
	t.notJudged.merge(&o.notJudged)
}

// A Taken is how long tickets took, those that are done: open support time on the target's clock (§5).
type Taken struct {
	Tickets int64         `json:"tickets"`
	Seconds int64         `json:"seconds"` // of all together, each rounded down
	Longest time.Duration `json:"longest"`
}

// Mean is the average, rounded down to the second; 0 of none.
func (t Taken) Mean() time.Duration {
	if t.Tickets == 0 {
		return 0
	}
	return time.Duration(t.Seconds/t.Tickets) * time.Second
}

func (t *Taken) add(c *priority.Clock) {
	if !c.Done.IsZero() {
		t.merge(Taken{1, int64(c.Elapsed / time.Second), c.Elapsed})
	}
}

func (t *Taken) merge(o Taken) {
	t.Tickets += o.Tickets
	t.Seconds += o.Seconds
	t.Longest = max(t.Longest, o.Longest)
}

// taken is that of both times of tickets.
type taken struct{ response, resolution Taken }

func (t *ticketTally) take(j *Judgement) {
	if t.taken == nil {
		t.taken = map[string]taken{}
	}
	sum := t.taken[j.Priority]
	sum.response.add(&j.Response)
	sum.resolution.add(&j.Resolution)
	t.taken[j.Priority] = sum
}

// MaxProviders is how many providers a report tells apart, the first by name; the others are one.
const MaxProviders = 1000

// named counts by name, and keeps the MaxProviders first: a name among them has been since it was first seen, so that its
// count is whole, in any order and from any parts.
type named struct {
	counts map[string]priority.Count
	others priority.Count
}

func (n *named) add(name string, v compliance.Verdict) {
	count := n.counts[name]
	count.Add(v)
	n.set(name, count)
}

func (n *named) set(name string, count priority.Count) {
	if n.counts == nil {
		n.counts = map[string]priority.Count{}
	}
	n.counts[name] = count
	if len(n.counts) == 2*MaxProviders {
		n.cut()
	}
}

func (n *named) merge(o *named) {
	for name, count := range o.counts {
		count.Merge(n.counts[name])
		n.set(name, count)
	}
	n.others.Merge(o.others)
}

// cut moves the names behind the first to the others.
func (n *named) cut() {
	names := slices.Sorted(maps.Keys(n.counts))
	for _, name := range names[min(len(names), MaxProviders):] {
		n.others.Merge(n.counts[name])
		delete(n.counts, name)
	}
}

// list keeps the first of what it is given, MaxListed unless it says otherwise, by an order that does not depend on when they came,
// and counts the others.
type list[T any] struct {
	compare func(a, b T) int
	most    int // 0 is MaxListed
	kept    []T // a quarter more, cut from time to time
	full    bool
	n       int64
}

func (l *list[T]) limit() int { return cmp.Or(l.most, MaxListed) }

func (l *list[T]) add(v T) {
	l.n++
	if l.full && l.compare(v, l.kept[l.limit()-1]) >= 0 {
		return // so many come before it already
	}
	l.kept = append(l.kept, v)
	if len(l.kept) == l.limit()+l.limit()/4 {
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
	if len(l.kept) >= l.limit() {
		clear(l.kept[l.limit():]) // and what they hold
		l.kept, l.full = l.kept[:l.limit()], true
	}
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
