package availability

import (
	"errors"
	"fmt"
	"time"

	"example.com/sla/servicetime"
)

// An Outage is the half-open stretch [From, To) in which a service could not be used (§4.9): no answer at all, or an error that
// it cannot be reached. An acute repair is one too (§4.6.3). Outages may come in any order, overlap and touch: what
// two of them cover counts once, and outages that touch are one interruption.
type Outage struct {
	From time.Time `json:"from"`
	// To is zero while the outage goes on: it then counts to as-of.
	To time.Time `json:"to,omitzero"`
	// Provider is whose base service it was; empty is the composite service itself.
	Provider string `json:"provider,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Plan     string `json:"plan,omitempty"` // of action, against another
	// Communicated is when the operator was told (§4.1.1); zero is not shown.
	Communicated time.Time `json:"communicated,omitzero"`
}

// Check returns an error wrapping [servicetime.ErrBackwards] if the outage ends before it starts, or [servicetime.ErrRange] if
// an instant lies outside the years 1970 to 2200 in every zone, or From is not known. Both are a [*servicetime.Fault] that
// names the field.
func (o *Outage) Check() error {
	_, err := stretchOf(o.From, o.To)
	return err
}

// Decision is whether planned work in opening hours was decided as an extended service window (§4.1.2).
type Decision uint8

// The decisions. The zero value is one that the record does not show: it is taken as decided, and a report lists it.
const (
	NotShown  Decision = iota
	Decided            // excused
	Undecided          // downtime, all of it
)

// MarshalJSON writes true for Decided and false for Undecided; NotShown has no text, which is an error: it is left out.
func (d Decision) MarshalJSON() ([]byte, error) {
	switch d {
	case Decided:
		return []byte("true"), nil
	case Undecided:
		return []byte("false"), nil
	}
	return nil, fmt.Errorf("availability: decision %d: %w: leave it out", d, servicetime.ErrText)
}

// UnmarshalJSON is the inverse of MarshalJSON. It returns an error wrapping [servicetime.ErrText] for all but true and false.
func (d *Decision) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true":
		*d = Decided
	case "false":
		*d = Undecided
	default:
		return fmt.Errorf("availability: decided %.20q: %w: write true or false", b, servicetime.ErrText)
	}
	return nil
}

// A Window is a service window: planned work (§4.6.1). Of time within it that is open:
//
//	planned      |-----------|                excused if decided, else down
//	actual       |------|                     an early finish does not shorten it
//	actual       |----------------|           the overrun is down,
//	announced                |----|           or excused if it was announced and the window decided
//
// Excused time wins over an outage in it.
type Window struct {
	PlannedFrom time.Time `json:"planned_from"`
	PlannedTo   time.Time `json:"planned_to"`
	// ActualTo is when the work ended; zero is as planned. Of work that goes on beyond its plan give the instant as of which you ask.
	ActualTo time.Time `json:"actual_to,omitzero"`
	// Announced says that the overrun was announced by the agreed routines.
	Announced bool `json:"announced,omitempty"`
	// Decision is true or false in JSON, and left out where it is not shown.
	Decision Decision `json:"decided,omitzero"`
}

// Check returns an error if:
//   - an instant lies outside the years 1970 to 2200, or the planned ones are not known: [servicetime.ErrRange],
//   - the plan ends before it starts, or the work did: [servicetime.ErrBackwards].
//
// Each is a [*servicetime.Fault] that names the field; they come all at once.
func (w *Window) Check() error {
	_, _, err := w.stretches()
	return err
}

// stretches are the planned window and its overrun, which may be empty.
func (w *Window) stretches() (planned, overrun stretch, err error) {
	var errs []error
	note := func(field string, t time.Time) int64 {
		v, err := instant(t)
		if err != nil {
			errs = append(errs, servicetime.FaultAt(field, t, err))
		}
		return v
	}
	planned = stretch{note("planned_from", w.PlannedFrom), note("planned_to", w.PlannedTo)}
	overrun = stretch{planned.to, planned.to}
	if !w.ActualTo.IsZero() {
		overrun.to = note("actual_to", w.ActualTo)
	}
	if len(errs) == 0 && planned.to < planned.from {
		errs = append(errs, servicetime.FaultAt("planned_to", w.PlannedTo, backwards(w.PlannedFrom)))
	}
	if len(errs) == 0 && overrun.to < planned.from {
		errs = append(errs, servicetime.FaultAt("actual_to", w.ActualTo, backwards(w.PlannedFrom)))
	}
	return planned, overrun, errors.Join(errs...)
}
