package availability

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sla/servicetime"
)

// A State is what monitoring saw of a service (§4.9). The zero value names none.
type State uint8

// The states.
const (
	Up       State = iota + 1
	Down           // it could not be used
	Degraded       // available with disturbance
	Unknown        // not observed: the check itself failed, or was off
)

// UnknownAs is what time counts as in which the state is not known.
type UnknownAs uint8

// The readings of unknown time.
const (
	UnknownRemoved UnknownAs = iota + 1 // it is taken off the opening hours, as [Tally.Unknown] has it: that of the zero value
	UnknownUp                           // as up
	UnknownDown                         // as down
	UnknownLast                         // as the last known state before it; it is removed where there is none
)

// SliceDown is which slices of time are down. There is none for the zero value: slices need one of these, and exact time none.
type SliceDown uint8

// The readings of a slice that is down in part.
const (
	SliceAny   SliceDown = iota + 1 // one with any down time in it is down, all of it
	SliceWhole                      // one is down only if it is down throughout
)

// Begins is the instant at which an outage begins that takes several failures to confirm.
type Begins uint8

// The readings of when an outage begins.
const (
	BeginsFirstFailure Begins = iota + 1 // with the first of them: that of the zero value, since downtime starts with the outage (§4.9.1)
	BeginsConfirmation                   // with the one that confirms it; the time before counts as up
)

var (
	states          = wordsOf[State]("state", "up", "down", "degraded", "unknown")
	unknownReadings = wordsOf[UnknownAs]("unknown", "removed", "up", "down", "last")
	sliceReadings   = wordsOf[SliceDown]("slice_down", "any", "whole")
	beginReadings   = wordsOf[Begins]("begins", "first_failure", "confirmation")
)

// String is up, down, degraded or unknown; it is empty for the zero value.
func (s State) String() string { return states.Text(s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s State) MarshalText() ([]byte, error) { return states.Marshal(s) }

// UnmarshalText is the inverse of MarshalText.
func (s *State) UnmarshalText(b []byte) (err error) {
	*s, err = states.Parse(b)
	return err
}

// String is removed, up, down or last; it is empty for the zero value.
func (u UnknownAs) String() string { return unknownReadings.Text(u) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (u UnknownAs) MarshalText() ([]byte, error) { return unknownReadings.Marshal(u) }

// UnmarshalText is the inverse of MarshalText.
func (u *UnknownAs) UnmarshalText(b []byte) (err error) {
	*u, err = unknownReadings.Parse(b)
	return err
}

// String is any or whole; it is empty for the zero value.
func (s SliceDown) String() string { return sliceReadings.Text(s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s SliceDown) MarshalText() ([]byte, error) { return sliceReadings.Marshal(s) }

// UnmarshalText is the inverse of MarshalText.
func (s *SliceDown) UnmarshalText(b []byte) (err error) {
	*s, err = sliceReadings.Parse(b)
	return err
}

// String is first_failure or confirmation; it is empty for the zero value.
func (b Begins) String() string { return beginReadings.Text(b) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (b Begins) MarshalText() ([]byte, error) { return beginReadings.Marshal(b) }

// UnmarshalText is the inverse of MarshalText.
func (b *Begins) UnmarshalText(text []byte) (err error) {
	*b, err = beginReadings.Parse(text)
	return err
}

// An Event says that from an instant on a service is in a state, until the next event. Samples (the same state again and again) and
// transitions are both events. A state holds however long the next one takes: where checks stopped, add an event that is [Unknown].
//
// Events come in any order. Of several at one instant the last in the list holds, and the others are as if they were not there.
type Event struct {
	At    time.Time `json:"at"`
	State State     `json:"state"`
}

// Sampling says how events are read as time that was down, degraded and not observed. The zero value takes them as they are: exact to
// the nanosecond, every failure an outage from its instant on, and unknown what nothing is known of. Nothing of it stands in the agreement.
//
// It is applied in this order: the initial state, unknown as last, confirmation, unknown as up or down, slices.
type Sampling struct {
	// Initial is the state from the start of what is observed until the first event; zero is unknown. One that is down is an outage
	// without being confirmed, and the failures that follow are of it.
	Initial State `json:"initial,omitzero"`
	// Unknown is what unknown time counts as; zero is removed.
	Unknown UnknownAs `json:"unknown,omitzero"`
	// Slice is the length of slices of which each has one state: whole seconds that divide a day, such as 1 min or 5 min. They are cut on
	// the clock of UTC, from 1970-01-01: those of 1, 3, 5 and 15 minutes are the local clock's too, in all zones of today. One
	// that lies over an edge of what is observed is cut there. 0 is exact.
	Slice servicetime.Duration `json:"slice,omitzero"`
	// SliceDown is which slices are down. Of down, degraded, unknown, up, the states in their order, a slice is wholly the first that occurs in it
	// under any, and the last under whole: half down and half degraded, it is down under any, and degraded under whole.
	SliceDown SliceDown `json:"slice_down,omitzero"`
	// Confirm is how many down events must follow each other to be an outage; fewer count as up. 0 and 1: the first is one. An up
	// or a degraded event between them ends the row. An unknown one neither ends nor confirms it, whatever unknown time counts as: this
	// is an interpretation, since a check that failed saw no recovery; where it shall end the row, give it as up.
	Confirm int `json:"confirm,omitzero"`
	// Begins is when an outage begins; zero is first_failure.
	Begins Begins `json:"begins,omitzero"`
}

// Check returns an error wrapping [ErrReading] if:
//   - a reading is none of those named,
//   - the slice is negative, or not a whole number of seconds that divides a day,
//   - there are slices without saying which are down, or the reverse,
//   - the number of events that confirm is negative.
func (s Sampling) Check() error {
	const day = servicetime.Duration(24 * time.Hour)
	if err := cmp.Or(states.Check(s.Initial), unknownReadings.Check(s.Unknown), sliceReadings.Check(s.SliceDown), beginReadings.Check(s.Begins)); err != nil {
		return err
	}
	switch {
	case s.Slice < 0, s.Slice%servicetime.Duration(time.Second) != 0, s.Slice > 0 && day%s.Slice != 0:
		return fmt.Errorf("availability: slice %s: %w: whole seconds that divide a day, or 0", time.Duration(s.Slice), ErrReading)
	case s.Slice > 0 && s.SliceDown == 0:
		return fmt.Errorf("availability: slice_down: %w: slices are down by one of %s", ErrReading, strings.Join(sliceReadings.Names, ", "))
	case s.Slice == 0 && s.SliceDown != 0:
		return fmt.Errorf("availability: slice_down %s: %w: there are no slices", s.SliceDown, ErrReading)
	case s.Confirm < 0:
		return fmt.Errorf("availability: confirm %d: %w: a number of events", s.Confirm, ErrReading)
	}
	return nil
}

// String is every policy in a line, those left to their zero value included:
//
//	initial unknown, unknown removed, exact, outage begins at first_failure
//	initial up, unknown last, slices of 5 min down by any, outage confirmed by 3 events, begins at confirmation
func (s Sampling) String() string {
	slice, confirmed := "exact", ""
	if s.Slice != 0 {
		slice = fmt.Sprintf("slices of %s down by %s", s.Slice, s.SliceDown)
	}
	if s.Confirm > 1 {
		confirmed = fmt.Sprintf("confirmed by %d events, ", s.Confirm)
	}
	return fmt.Sprintf("initial %s, unknown %s, %s, outage %sbegins at %s", cmp.Or(s.Initial, Unknown), cmp.Or(s.Unknown, UnknownRemoved), slice,
		confirmed, cmp.Or(s.Begins, BeginsFirstFailure))
}

// Observe adds to a tally what the events say of a span. Those before it tell the state at its start; those at its end or behind it are
// not known yet, and confirm nothing: so of two spans that touch the first does not know the failures that the second confirms. The last state holds to the end of the span, so let it end as of the report, at the latest. What it adds of
// an instant is one state, and an outage that it sees at the end of the span has ended there.
//
// It returns an error:
//   - that of [Sampling.Check],
//   - and every fault of the events and the span, all at once, each a [*servicetime.Fault] with its path, such as events[3].at: wrapping
//     [servicetime.ErrRange] for an instant outside the years 1970 to 2200, [servicetime.ErrText] for a state that is none,
//     [servicetime.ErrBackwards] for a span that ends before it starts. It then adds nothing.
func (s Sampling) Observe(t *Tally, events []Event, span servicetime.Span) error {
	if err := s.Check(); err != nil {
		return err
	}
	seen, within, err := readEvents(events, span)
	if err != nil {
		return err
	}
	given := len(seen) == 0 || seen[0].at > within.from // the initial state is
	if given {
		seen = slices.Insert(seen, 0, change{within.from, cmp.Or(s.Initial, Unknown)})
	}
	if s.Unknown == UnknownLast {
		seen = lastKnown(seen)
	}
	s.confirm(seen, given)

	var held [Unknown + 1]pile // by state
	for i, c := range seen {
		to := within.to
		if i+1 < len(seen) {
			to = seen[i+1].at
		}
		state := c.state
		switch {
		case state == Unknown && s.Unknown == UnknownUp:
			state = Up
		case state == Unknown && s.Unknown == UnknownDown:
			state = Down
		}
		if from := max(c.at, within.from); from < to {
			held[state].add(stretch{from, to})
		}
	}
	if s.Slice > 0 {
		s.slice(&held, within)
	}
	for _, add := range []struct {
		to *pile
		of State
	}{{&t.down, Down}, {&t.degraded, Degraded}, {&t.unknown, Unknown}} {
		for _, x := range held[add.of].line() {
			add.to.add(x)
		}
	}
	return nil
}

// A change is an event that holds, in nanoseconds.
type change struct {
	at    int64
	state State
}

// readEvents are the events before the end of the span, in order and one at an instant.
func readEvents(events []Event, span servicetime.Span) (seen []change, within stretch, err error) {
	var faults []error
	edge := func(path string, t time.Time) int64 {
		v, err := instant(t)
		if err != nil {
			faults = append(faults, servicetime.FaultAt(path, t, err))
		}
		return v
	}
	within = stretch{edge("span.from", span.From), edge("span.to", span.To)}
	if len(faults) == 0 && within.to < within.from {
		faults = append(faults, servicetime.FaultAt("span.to", span.To, backwards(span.From)))
	}
	seen = make([]change, 0, len(events)+1) // and the initial state
	for i, e := range events {
		at, err := instant(e.At)
		if err != nil {
			faults = append(faults, servicetime.FaultAt(fmt.Sprintf("events[%d].at", i), e.At, err))
		}
		if _, err := states.Marshal(e.State); err != nil {
			faults = append(faults, &servicetime.Fault{Path: fmt.Sprintf("events[%d].state", i), Code: "bad_request", Value: fmt.Sprintf("%d", e.State), Err: err})
		}
		if at < within.to {
			seen = append(seen, change{at, e.State})
		}
	}
	if len(faults) > 0 {
		return nil, within, errors.Join(faults...)
	}
	slices.SortStableFunc(seen, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	out := seen[:0]
	for i, c := range seen {
		if i+1 == len(seen) || seen[i+1].at > c.at {
			out = append(out, c)
		}
	}
	return out, within, nil
}

// lastKnown leaves out, in place, what is unknown behind a known state: that one holds on.
func lastKnown(seen []change) []change {
	known := false
	return slices.DeleteFunc(seen, func(c change) bool {
		known = known || c.state != Unknown
		return known && c.state == Unknown
	})
}

// confirm makes up what is down but no outage, in place. Given says that the first is the initial state, which needs no confirmation.
//
//	events          DUDDD.D.   D down, U unknown, . up; Confirm 3
//	first_failure   DUDDD...   the unknown one stays unknown
//	confirmation    .U.DD...
func (s Sampling) confirm(seen []change, given bool) {
	if s.Confirm <= 1 {
		return
	}
	n, first := 0, 0 // down events in the row so far, and where it began
	dismiss := func(to int) {
		for i := first; i < to; i++ {
			if seen[i].state == Down {
				seen[i].state = Up
			}
		}
	}
	for i, c := range seen {
		switch c.state {
		case Unknown:
		case Down:
			if n == 0 {
				first = i
			}
			n++
			if given && i == 0 {
				n = s.Confirm
			} else if n == s.Confirm && s.Begins == BeginsConfirmation {
				dismiss(i)
			}
		default:
			if n < s.Confirm {
				dismiss(i)
			}
			n, first = 0, i
		}
	}
	if n < s.Confirm {
		dismiss(len(seen))
	}
}

// slice gives each slice one state: that of the first, in the order of SliceDown, which has time in it.
//
//	slices  |-----|-----|-----|-----|--|   the last is cut at the end of the span
//	down        |---|            |-----|
//	any     |-----------|     |--------|
//	whole                           |--|
func (s Sampling) slice(held *[Unknown + 1]pile, within stretch) {
	order := []State{Down, Degraded, Unknown, Up}
	if s.SliceDown == SliceWhole {
		slices.Reverse(order)
	}
	n := int64(s.Slice)
	floor := func(v int64) int64 { return v - (v%n+n)%n } // a span may begin before 1970
	var taken []line
	for _, state := range order {
		var grown pile
		for _, x := range held[state].line() {
			grown.add(stretch{max(floor(x.from), within.from), min(floor(x.to+n-1), within.to)})
		}
		free := grown.line().less(taken...)
		held[state].set(free)
		taken = append(taken, free)
	}
}
