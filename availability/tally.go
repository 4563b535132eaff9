package availability

import (
	"time"

	"example.com/sla/servicetime"
)

// A Tally gathers when one service was down, degraded, not observed, and excused. Records come one by one, in any order, and are not
// kept: what touches is one stretch, so that a tally is as large as there are separate ones. The tallies of any parts of the records,
// merged in any order, are the tally of the whole, however the parts were cut, and even where they overlap.
//
// It knows neither opening hours nor periods: [Tally.Result] measures any period of it under any rule.
//
// The zero value is ready. A tally must not be copied once it is in use: a copy would share what it has gathered; Merge it into another. It is not safe for several
// goroutines, nor is Result.
type Tally struct {
	down, excused, degraded, unknown pile
}

// Outage adds an outage.
//
// Its errors are those of [Outage.Check]; it then adds nothing.
func (t *Tally) Outage(o Outage) error { return t.Down(o.From, o.To) }

// Down adds an outage of which nothing is known but when: a zero end has not come.
//
// Its errors are those of [Outage.Check]; it then adds nothing.
func (t *Tally) Down(from, to time.Time) error { return addTo(&t.down, from, to) }

// Degraded adds time with disturbance (§4.9), which matters where the service is neither down nor excused. A zero end has not come.
//
// Its errors are those of [Outage.Check]; it then adds nothing.
func (t *Tally) Degraded(from, to time.Time) error { return addTo(&t.degraded, from, to) }

// Unknown adds time of which nothing was observed: it is taken off the opening hours, where no other record covers it. A zero end
// has not come.
//
// Its errors are those of [Outage.Check]; it then adds nothing.
func (t *Tally) Unknown(from, to time.Time) error { return addTo(&t.unknown, from, to) }

func addTo(p *pile, from, to time.Time) error {
	// The commonest case first, without what an error would need.
	a, b := from.Unix(), to.Unix()
	if a >= firstSecond && a < b && b <= lastSecond {
		p.add(stretch{a*nanos + int64(from.Nanosecond()), b*nanos + int64(to.Nanosecond())})
		return nil
	}
	s, err := stretchOf(from, to)
	if err == nil {
		p.add(s)
	}
	return err
}

// Window adds a service window: what of it is excused, and what is down (§4.6.1).
//
// Its errors are those of [Window.Check]; it then adds nothing.
func (t *Tally) Window(w Window) error {
	planned, overrun, err := w.stretches()
	if err != nil {
		return err
	}
	// §4.6.1: planned and decided is excused, and so is the overrun if it was announced, else that is down. An early finish does not shorten the plan.
	excused, down := planned, overrun
	switch {
	case w.Decision == Undecided: // the whole is downtime, announced or not
		excused, down = stretch{}, stretch{planned.from, max(planned.to, overrun.to)}
	case w.Announced:
		excused, down = stretch{planned.from, max(planned.to, overrun.to)}, stretch{}
	}
	t.excused.add(excused)
	if down.from < down.to {
		t.down.addLate(down) // so that outages stay in their order, whichever come first
	}
	return nil
}

// Change adds the windows of a change (§4.6): those of an acute repair are outages, those of one that was cancelled are nothing.
//
// Its errors are those of [Change.Check]; it then adds nothing.
func (t *Tally) Change(c Change) error {
	if err := c.Check(); err != nil || c.Cancelled {
		return err
	}
	for _, w := range c.Windows { // which have been checked
		if !c.Acute {
			_ = t.Window(w)
			continue
		}
		// §4.6.3: an outage, as long as the repair took, or else was to take.
		to := w.ActualTo
		if to.IsZero() {
			to = w.PlannedTo
		}
		_ = t.Down(w.PlannedFrom, to)
	}
	return nil
}

// Spans are the stretches of one state, Down, Degraded or Unknown, in order and apart, at all hours; the end of one that goes on is zero. Down is by
// outages and windows, excused or not; of the others too all is there that was added, also where the service was down. There are none of Up.
func (t *Tally) Spans(of State) []servicetime.Span {
	var all line
	switch of {
	case Down:
		all = t.down.line()
	case Degraded:
		all = t.degraded.line()
	case Unknown:
		all = t.unknown.line()
	}
	out := make([]servicetime.Span, 0, len(all))
	for _, s := range all {
		span := spanOf(s, time.UTC)
		if s.to == ongoing {
			span.To = time.Time{}
		}
		out = append(out, span)
	}
	return out
}

// Merge adds what another tally has gathered.
func (t *Tally) Merge(o *Tally) {
	theirs := o.piles()
	for i, p := range t.piles() {
		p.merge(theirs[i])
	}
}

// piles are the parts of a tally.
func (t *Tally) piles() [4]*pile { return [...]*pile{&t.down, &t.excused, &t.degraded, &t.unknown} }

// Result measures the service in a span as of an instant: what came after it is not known, and is no time yet.
//
// It returns an error:
//   - that of [Rule.Check],
//   - wrapping [servicetime.ErrRange] if the span or as-of lies outside the years 1970 to 2200,
//   - wrapping [servicetime.ErrBackwards] if the span ends before it starts.
func (t *Tally) Result(rule Rule, span servicetime.Span, asOf time.Time) (Measurement, error) {
	if err := rule.Check(); err != nil {
		return Measurement{}, err
	}
	for _, v := range []time.Time{span.From, span.To, asOf} {
		if _, err := rule.Opening.Elapsed(v, v); err != nil {
			return Measurement{}, err
		}
	}
	whole, err := stretchOf(span.From, span.To)
	if err != nil {
		return Measurement{}, err
	}
	return t.measure(&rule, whole, asOf), nil
}
