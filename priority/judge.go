package priority

import (
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

var states = words[State]{"state", []string{"running", "paused", "met", "breached"}}

// String is running, paused, met, breached or no_target.
func (s State) String() string {
	if text := states.text(s); text != "" {
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

	// Hours, BusinessDays and Days are the conventions for targets of each kind; only that of a target
	// in use must be named (§4.3.1, §4.5).
	Hours, BusinessDays, Days servicetime.Convention

	// PausesCount makes pauses move the due of the resolution, and with ResponsePausesCount of the response
	// too. Without, pauses are measured and change nothing (§3.3.1).
	PausesCount, ResponsePausesCount bool

	// StopsAt is where the resolution clock stops.
	StopsAt Stop
}

// Judgement is what became of a ticket as of an instant.
type Judgement struct {
	Response   Clock
	Resolution Clock
}

// Clock is one of a ticket's two clocks, with every figure from which its state follows.
type Clock struct {
	State      State
	Target     servicetime.Target
	Convention servicetime.Convention
	// Instants are in the zone of the support hours.
	Received time.Time
	Done     time.Time // zero while it runs
	Due      time.Time // zero without a target
	// Last is the last instant that meets the target: done at or before it is met. It is later
	// than Due where an hour target is used up exactly at closing (§4.3.1).
	Last time.Time

	// Elapsed is open support time from receipt until done or as-of, less the pauses if they count.
	Elapsed time.Duration
	// Paused is the open support time of pauses in the same stretch, whether or not they count.
	Paused time.Duration
	// Left is the open support time from done or as-of until the due, 0 behind it.
	Left time.Duration
	// Over is the open support time from the due until done or as-of, less the pauses if they count,
	// for a breached clock. It is 0 for one that was breached while the service was closed.
	Over time.Duration

	// for Explain: whose hours, and the pauses that count, up to an instant
	calendar *servicetime.Calendar
	pauses   []servicetime.Pause
	until    time.Time
}

// Explain yields what the target consumed from receipt until its due: why it is due then, whether or not the ticket was done
// before or after. The segments are those of [servicetime.Calendar.ExplainDue], and none without a target. Pauses are among them
// where the rule lets them move the due; it reads those of the ticket that was judged.
func (c Clock) Explain() iter.Seq[servicetime.Segment] {
	if c.State != NoTarget {
		segments, err := c.calendar.ExplainDue(c.Received, c.Target, c.Convention, knownBy(c.pauses, c.until, nil)...)
		if err == nil {
			return segments
		}
	}
	return func(func(servicetime.Segment) bool) {}
}

// Judge replays a ticket as of an instant: what lies after it is not known yet. The result depends on
// nothing else.
//
// It returns an error:
//   - wrapping [ErrRecord] if the record contradicts itself ([Ticket.Check]),
//   - wrapping [ErrFuture] if it was received after asOf,
//   - wrapping [ErrReading] if the rule does not name where resolution clocks stop,
//   - wrapping [servicetime.ErrRange], [servicetime.ErrNoOpenTime] or
//     [servicetime.ErrConvention] as [servicetime.Calendar.Deadline] does.
func (r *Rule) Judge(t *Ticket, asOf time.Time) (Judgement, error) {
	if err := t.Check(); err != nil {
		return Judgement{}, err
	}
	if r.StopsAt == 0 {
		return Judgement{}, fmt.Errorf("priority: where resolution clocks stop: %w", ErrReading)
	}
	if t.Received.After(asOf) {
		return Judgement{}, fmt.Errorf("priority: ticket %q: %w", t.Number, ErrFuture)
	}
	response, err := r.clock(t, r.Targets.Response, t.Started, asOf, r.PausesCount && r.ResponsePausesCount)
	if err != nil {
		return Judgement{}, fmt.Errorf("priority: ticket %q, response: %w", t.Number, err)
	}
	resolution, err := r.clock(t, r.Targets.Resolution, r.StopsAt.of(t), asOf, r.PausesCount)
	if err != nil {
		return Judgement{}, fmt.Errorf("priority: ticket %q, resolution: %w", t.Number, err)
	}
	return Judgement{response, resolution}, nil
}

// knownBy cuts pauses to what is known as of an instant: one that goes on then has lasted until then.
func knownBy(pauses []servicetime.Pause, asOf time.Time, room []servicetime.Pause) []servicetime.Pause {
	for _, p := range pauses {
		if p.From.After(asOf) {
			continue
		}
		if p.To.IsZero() || p.To.After(asOf) {
			p.To = asOf
		}
		room = append(room, p)
	}
	return room
}

func (r *Rule) clock(t *Ticket, target servicetime.Target, done, asOf time.Time, count bool) (Clock, error) {
	if done.After(asOf) {
		done = time.Time{}
	}
	until := done
	if done.IsZero() {
		until = asOf
	}
	// What lies behind the stop neither moves its due nor what was left of it.
	var room [4]servicetime.Pause
	pauses := knownBy(t.Pauses, until, room[:0])
	counted := pauses
	if !count {
		counted = nil
	}
	loc := r.Calendar.Location()
	c := Clock{Target: target, Received: t.Received.In(loc), calendar: r.Calendar, until: until}
	if count {
		c.pauses = t.Pauses
	}
	if !done.IsZero() {
		c.Done = done.In(loc)
	}

	gross, err := r.Calendar.Elapsed(t.Received, until)
	if err != nil {
		return Clock{}, err
	}
	net := gross
	if len(pauses) > 0 {
		if net, err = r.Calendar.Elapsed(t.Received, until, pauses...); err != nil {
			return Clock{}, err
		}
	}
	c.Elapsed, c.Paused = gross, gross-net
	if count {
		c.Elapsed = net
	}
	if target.IsZero() {
		return c, nil // §4.4: N/A is no target, not zero
	}

	c.Convention = r.convention(target)
	deadline, err := r.Calendar.Deadline(t.Received, target, c.Convention, counted...)
	if err != nil {
		return Clock{}, err
	}
	c.Due, c.Last = deadline.Due, deadline.Last
	switch {
	// §4.3.1: an hour target is met with elapsed ≤ target, a day target with done ≤ due; Last is both.
	case until.After(c.Last):
		c.State = Breached
	case !done.IsZero():
		c.State = Met
	case count && pausedAt(t.Pauses, asOf):
		c.State = Paused
	default:
		c.State = Running
	}
	if until.Before(c.Due) {
		c.Left, err = r.Calendar.Elapsed(until, c.Due)
	} else if c.State == Breached {
		c.Over, err = r.Calendar.Elapsed(c.Due, until, counted...)
	}
	return c, err
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
		return compliance.Missed, c.Last.Add(1)
	case NoTarget:
		return compliance.NoTarget, time.Time{}
	}
	return compliance.NoData, time.Time{}
}

// Outcome is the verdict on a ticket that must meet both its times (§4.3.1), and the instant at which it
// is settled. One time missed is enough, at the first breach; a ticket with a time still running and
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
