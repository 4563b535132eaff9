package priority

import (
	"cmp"
	"fmt"
	"iter"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// State is where a ticket's clock stands.
type State uint8

// The states. A target that is exceeded is breached, whether the clock still runs, is paused or has stopped.
const (
	NoTarget State = iota // there is no target (N/A): nothing to meet
	Running               // not done, and the target not exceeded
	Paused                // running, but as-of lies in a pause that counts
	Met                   // done within the target
	Breached              // the target is exceeded
)

var states = wordsOf[State]("state", "running", "paused", "met", "breached")

// String is running, paused, met, breached or no_target.
func (s State) String() string {
	if text := states.Text(s); text != "" {
		return text
	}
	return "no_target"
}

// MarshalText is the text form of String.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Rule is what tickets of one level and kind are judged by.
type Rule struct {
	Calendar *servicetime.Calendar // the support hours (§4.2.1)
	Targets  Targets

	// OutOfHours judges instead of the rule what is received while InHours is closed, or Calendar where that is nil; nil for no difference. Its own
	// OutOfHours is not asked.
	OutOfHours *Rule
	InHours    *servicetime.Calendar

	// Hours, BusinessDays and Days are the conventions for targets of each kind; only that of a target
	// in use must be named (§4.3.1, §4.5).
	Hours, BusinessDays, Days servicetime.Convention

	// PausesCount makes pauses move the due of the resolution and of updates, and with ResponsePausesCount of the
	// response too. Without, pauses are measured and change nothing (§3.3.1).
	PausesCount, ResponsePausesCount bool

	// ReopenedCounts lets the clocks run from a resolution until the ticket was opened again. Without, that stretch does
	// not count and moves a due as a pause does.
	ReopenedCounts bool

	// StopsAt is where the resolution clock stops.
	StopsAt Stop
}

// At is the rule for what is received at an instant: itself, or that for out of hours.
func (r *Rule) At(received time.Time) *Rule {
	if r.OutOfHours != nil && !cmp.Or(r.InHours, r.Calendar).Open(received) {
		return r.OutOfHours
	}
	return r
}

// Judgement is what became of a ticket as of an instant.
type Judgement struct {
	Response   Clock
	Resolution Clock
	Update     *Updates // nil where the rule has no target for updates
}

// Updates are how a ticket kept a target that recurs.
type Updates struct {
	// Clock is of the stretch that runs as of the instant, or was the last: from the latest update, or the receipt.
	Clock
	Made int // updates known
	Late int // stretches that exceeded the target, that of Clock among them; none that ended before its priority was in force
}

// Clock is one of a ticket's two clocks, with every figure from which its state follows.
type Clock struct {
	State      State
	Target     servicetime.Target
	Convention servicetime.Convention
	Level      Level // by which it is judged; 0 for a rule without levels
	// Instants are in the zone of the support hours.
	Received time.Time
	From     time.Time // where it begins: the receipt, a change of priority that restarts it, the last update
	Since    time.Time // when the level came into force: the receipt, or a change of priority
	Done     time.Time // zero while it runs
	Due      time.Time // zero without a target
	// Last is the last instant that meets the target: done at or before it is met. It is later
	// than Due where an hour target is used up exactly at closing (§4.3.1).
	Last time.Time

	// Elapsed is open support time from From until done or as-of, less what does not count: the pauses
	// if they count, the time closed until reopened unless it counts.
	Elapsed time.Duration
	// Gross is all open support time of the same stretch. Paused is that of it in pauses, whether or not they count;
	// Closed that between a resolution and a reopening, in which no pause is seen. Net time is Gross less both.
	Gross, Paused, Closed time.Duration
	// Left is the open support time from done or as-of until the due, 0 behind it.
	Left time.Duration
	// Over is the open support time from the due until done or as-of, less what does not count, for a
	// breached clock. It is 0 for one that was breached while the service was closed.
	Over time.Duration

	calendar *servicetime.Calendar
	standing standing
}

// standing is in what a clock may stand still, for its figures and for explanations.
type standing struct {
	pauses   []servicetime.Pause // of the ticket
	closed   []servicetime.Span  // of the ticket
	until    time.Time           // done or as-of: nothing behind it matters
	asOf     time.Time           // nothing behind it is known
	paused   bool                // pauses count
	reopened bool                // closed stretches count as any time
}

// Explain yields what the target consumed from where the clock begins until its due: why it is due then, whether or not
// the ticket was done before or after. The segments are those of [servicetime.Calendar.ExplainDue], and none without a
// target. Pauses are among them where the rule lets them move the due, and stretches closed until reopened; it reads those of the
// ticket that was judged.
func (c Clock) Explain() iter.Seq[servicetime.Segment] {
	if c.State == NoTarget {
		return nothing
	}
	segments, err := c.calendar.ExplainDue(c.From, c.Target, c.Convention, c.standing.moving(nil)...)
	return orNothing(segments, err)
}

// ExplainElapsed yields what became of the time until the clock stopped, or as-of: the counted segments sum to Elapsed.
func (c Clock) ExplainElapsed() iter.Seq[servicetime.Segment] {
	if c.calendar == nil {
		return nothing
	}
	segments, err := c.calendar.Explain(c.From, c.standing.until, c.standing.moving(nil)...)
	return orNothing(segments, err)
}

// At is the first instant at which a share of the target is used up, in percent from 1 to 100, as
// [servicetime.Calendar.Milestone] says: 50, 75 and 90 are the escalation levels of many desks. It is zero without a target, and for
// other shares.
func (c Clock) At(percent int) time.Time {
	if c.State == NoTarget {
		return time.Time{}
	}
	at, err := c.calendar.Milestone(c.From, c.Target, c.Convention, percent, c.standing.moving(nil)...)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Breach is the first instant at which the target is exceeded: for a clock that runs the forecast, if nothing stops it and a
// pause that holds as of now ends now. It is zero for one that is met or has no target.
//
// Where the priority has changed, a target is exceeded at the earliest when its priority came into force; and none is while the ticket is
// closed until reopened and that does not count, but when it is opened again.
func (c Clock) Breach() time.Time {
	if c.State == Met || c.State == NoTarget {
		return time.Time{}
	}
	at := c.Last.Add(1)
	if at.Before(c.Since) {
		at = c.Since
	}
	for _, shut := range c.standing.closed {
		if !c.standing.reopened && !shut.To.After(c.standing.asOf) && !at.Before(shut.From) && at.Before(shut.To) {
			at = shut.To.In(at.Location())
		}
	}
	return at
}

func nothing(func(servicetime.Segment) bool) {}

func orNothing(segments iter.Seq[servicetime.Segment], err error) iter.Seq[servicetime.Segment] {
	if err != nil {
		return nothing // unreachable: the clock was judged by the same
	}
	return segments
}

// Judge replays a ticket as of an instant: what lies after it is not known yet. The result depends on
// nothing else. Changes of priority are for a [Policy].
//
// It returns an error:
//   - wrapping [ErrRecord] if the record contradicts itself ([Ticket.Check]),
//   - wrapping [ErrFuture] if it was received after asOf,
//   - wrapping [ErrReading] if the rule does not name where resolution clocks stop,
//   - wrapping [servicetime.ErrRange], [servicetime.ErrNoOpenTime] or
//     [servicetime.ErrConvention] as [servicetime.Calendar.Deadline] does.
func (r *Rule) Judge(t *Ticket, asOf time.Time) (Judgement, error) {
	b := basis{rule: r.At(t.Received), from: t.Received, since: t.Received, asOf: asOf}
	var j Judgement
	err := judge(&j, t, asOf, func(time.Time) basis { return b })
	return j, err
}

// judge replays a ticket, each time by what holds when it was reached. It leaves the zero judgement where there is an error.
func judge(j *Judgement, t *Ticket, asOf time.Time, by func(until time.Time) basis) error {
	if err := t.Check(); err != nil {
		return err
	}
	if t.Received.After(asOf) {
		return fmt.Errorf("priority: ticket %q: %w", t.Number, ErrFuture)
	}
	b := by(asOf)
	stop := b.rule.StopsAt
	if stop == 0 {
		return fmt.Errorf("priority: where resolution clocks stop: %w", ErrReading)
	}
	started, until := t.Started, t.Started
	if started.IsZero() || started.After(asOf) {
		started, until = time.Time{}, asOf
	}
	if len(t.Changes) > 0 {
		b = by(until)
	}
	if err := b.clock(&j.Response, t, b.rule.Targets.Response, started, until, b.rule.PausesCount && b.rule.ResponsePausesCount); err != nil {
		*j = Judgement{}
		return fmt.Errorf("priority: ticket %q, response: %w", t.Number, err)
	}
	done := stop.asOf(t, asOf)
	if until = done; done.IsZero() {
		until = asOf
	}
	if len(t.Changes) > 0 {
		b = by(until)
	}
	if err := b.clock(&j.Resolution, t, b.rule.Targets.Resolution, done, until, b.rule.PausesCount); err != nil {
		*j = Judgement{}
		return fmt.Errorf("priority: ticket %q, resolution: %w", t.Number, err)
	}
	if !b.rule.Targets.Update.None() {
		var err error
		if j.Update, err = b.updates(t, done, until); err != nil {
			*j = Judgement{}
			return fmt.Errorf("priority: ticket %q, update: %w", t.Number, err)
		}
	}
	return nil
}

// updates judges each stretch from an update to the next.
func (b *basis) updates(t *Ticket, done, until time.Time) (*Updates, error) {
	u := &Updates{}
	next := *b
	for i := 0; ; i++ {
		stretchDone, stretchUntil := done, until
		more := i < len(t.Updates) && !t.Updates[i].After(until)
		if more {
			u.Made++
			switch at := t.Updates[i]; {
			case at.Before(b.from):
				continue // before the clock was restarted
			case at.Before(b.since):
				next.from = at // while another priority was in force
				continue
			}
			stretchDone, stretchUntil = t.Updates[i], t.Updates[i]
		}
		u.Clock = Clock{}
		if err := next.clock(&u.Clock, t, b.rule.Targets.Update, stretchDone, stretchUntil, b.rule.PausesCount); err != nil {
			return nil, err
		}
		if u.State == Breached {
			u.Late++
		}
		if !more {
			return u, nil
		}
		next.from = t.Updates[i]
	}
}

// moving are the pauses that move a due: those that count, as far as they are known, and what lies between a resolution
// and a reopening.
func (s standing) moving(room []servicetime.Pause) []servicetime.Pause {
	if s.paused {
		room = s.known(room)
	}
	if !s.reopened {
		room = s.shut(room)
	}
	return room
}

// known cuts pauses to what is known as of an instant: one that goes on then has lasted until then.
func (s standing) known(room []servicetime.Pause) []servicetime.Pause {
	for _, p := range s.pauses {
		if p.From.After(s.until) {
			continue
		}
		if p.To.IsZero() || p.To.After(s.until) {
			p.To = s.until
		}
		room = append(room, p)
	}
	return room
}

// shut are the stretches closed until reopened.
func (s standing) shut(room []servicetime.Pause) []servicetime.Pause {
	for _, c := range s.closed {
		if c.To.After(s.asOf) || c.From.After(s.until) {
			continue
		}
		if c.To.After(s.until) {
			c.To = s.until
		}
		room = append(room, servicetime.Pause{From: c.From, To: c.To, Reason: "resolved, and reopened"})
	}
	return room
}

// clock measures a time of a ticket that was reached at done, or runs as of until.
func (b *basis) clock(c *Clock, t *Ticket, target servicetime.Target, done, until time.Time, count bool) error {
	calendar := b.rule.Calendar
	loc := calendar.Location()
	c.Target, c.Level, c.calendar = target, b.level, calendar
	c.Received = t.Received.In(loc)
	c.From, c.Since = c.Received, c.Received // as of most
	if b.from != t.Received {
		c.From = b.from.In(loc)
	}
	if b.since != t.Received {
		c.Since = b.since.In(loc)
	}
	if !done.IsZero() {
		c.Done = done.In(loc)
	}
	c.standing = standing{pauses: t.Pauses, closed: t.Reopened, until: until, asOf: b.asOf, paused: count, reopened: b.rule.ReopenedCounts}
	var room [4]servicetime.Pause
	timer, err := calendar.Timer(c.standing.moving(room[:0])...)
	if err != nil {
		return err
	}
	if err := c.measure(&timer); err != nil {
		return err
	}
	if target.None() {
		return nil // §4.4: N/A is no target, not zero
	}
	c.Convention = b.rule.convention(target)
	deadline, err := timer.Deadline(b.from, target, c.Convention)
	if err != nil {
		return err
	}
	c.Due, c.Last = deadline.Due, deadline.Last
	switch {
	// §4.3.1: an hour target is met with elapsed ≤ target, a day target with done ≤ due; Last is both.
	case until.After(c.Last):
		c.State = Breached
	case !done.IsZero():
		c.State = Met
	case count && pausedAt(t.Pauses, until):
		c.State = Paused
	default:
		c.State = Running
	}
	if until.Before(c.Due) {
		c.Left, err = calendar.Elapsed(until, c.Due)
	} else if c.State == Breached {
		c.Over, err = timer.Elapsed(c.Due, until)
	}
	return err
}

// measure takes the times of a clock from its beginning until done or as-of.
func (c *Clock) measure(timer *servicetime.Timer) (err error) {
	if c.Elapsed, err = timer.Elapsed(c.From, c.standing.until); err != nil {
		return err
	}
	c.Gross = c.Elapsed
	if len(c.standing.pauses)+len(c.standing.closed) == 0 {
		return nil
	}
	if c.Gross, err = c.calendar.Elapsed(c.From, c.standing.until); err != nil {
		return err
	}
	var room [4]servicetime.Pause
	shut := c.standing.shut(room[:0])
	if len(shut) > 0 {
		open, err := c.calendar.Elapsed(c.From, c.standing.until, shut...)
		if err != nil {
			return err
		}
		c.Closed = c.Gross - open
	}
	net := c.Elapsed
	if !c.standing.paused || c.standing.reopened && len(shut) > 0 { // Elapsed counts some of both
		if net, err = c.calendar.Elapsed(c.From, c.standing.until, c.standing.known(shut)...); err != nil {
			return err
		}
	}
	c.Paused = c.Gross - c.Closed - net
	return nil
}

func (r *Rule) convention(t servicetime.Target) servicetime.Convention {
	for _, how := range [...]servicetime.Convention{r.Hours, r.BusinessDays, r.Days} {
		if how.Counts(t) {
			return how
		}
	}
	return 0
}

func pausedAt(pauses []servicetime.Pause, t time.Time) bool {
	for _, p := range pauses {
		if !t.Before(p.From) && (p.To.IsZero() || t.Before(p.To)) {
			return true
		}
	}
	return false
}

// Outcome is the verdict on one clock, and the instant at which it is settled: for a met one when it
// stopped, for a missed one the first instant at which the target is exceeded, whether or not
// it stopped later. A clock that runs has no verdict yet (NoData), one without a target has none (NoTarget);
// both have the zero instant.
func (c Clock) Outcome() (compliance.Verdict, time.Time) {
	switch c.State {
	case Met:
		return compliance.Met, c.Done
	case Breached:
		return compliance.Missed, c.Breach()
	case NoTarget:
		return compliance.NoTarget, time.Time{}
	}
	return compliance.NoData, time.Time{}
}

// Outcome is the verdict on a ticket that must meet both its times (§4.3.1), response and resolution, and the instant at
// which it is settled. One time missed is enough, at the first breach; a ticket with a time still running and
// none missed has no verdict yet (NoData) and the zero instant.
func (j Judgement) Outcome() (compliance.Verdict, time.Time) {
	a, at := j.Response.Outcome()
	b, bt := j.Resolution.Outcome()
	switch {
	case a == compliance.NoTarget:
		return b, bt
	case b == compliance.NoTarget:
		return a, at
	case a == compliance.Missed && b == compliance.Missed:
		return a, earlier(at, bt)
	case a == compliance.Missed:
		return a, at
	case b == compliance.Missed:
		return b, bt
	case a == compliance.NoData || b == compliance.NoData:
		return compliance.NoData, time.Time{}
	}
	if bt.Before(at) {
		bt = at
	}
	return compliance.Met, bt
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// String is the clock in a line: running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 6 h 30 min left.
func (c Clock) String() string {
	if c.State == NoTarget {
		return "no target"
	}
	due := fmt.Sprintf("%s: due %s, %s (%s)", c.State, formatInstant(c.Due), c.Target, c.Convention)
	switch {
	case c.State == Met:
		return fmt.Sprintf("%s, done %s, %s to spare", due, formatInstant(c.Done), servicetime.FormatDuration(c.Left))
	case c.State != Breached:
		return fmt.Sprintf("%s, %s left", due, servicetime.FormatDuration(c.Left))
	case c.Done.IsZero():
		return fmt.Sprintf("%s, not done, over by %s", due, servicetime.FormatDuration(c.Over))
	}
	return fmt.Sprintf("%s, done %s, over by %s", due, formatInstant(c.Done), servicetime.FormatDuration(c.Over))
}

// formatInstant writes an instant to the minute, or as fine as it is: 2026-06-19 14:30.
func formatInstant(t time.Time) string {
	switch {
	case t.Nanosecond() != 0:
		return t.Format("2006-01-02 15:04:05.999999999")
	case t.Second() != 0:
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}
