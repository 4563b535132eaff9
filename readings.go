package sla

import (
	"fmt"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// Axis is the second axis of a priority matrix.
type Axis uint8

// The second axes.
const (
	ByTiming  Axis = iota + 1 // how close to critical times: computed from an instant (§4.3)
	ByUrgency                 // given with the ticket
)

// Switch is a reading that is on or off.
type Switch uint8

// The positions of a switch; the zero value is neither.
const (
	Off Switch = iota + 1
	On
)

// Counting is what a share of tickets counts.
type Counting uint8

// The readings of "the agreed times" (§4.3.1).
const (
	Both Counting = iota + 1 // a ticket meets all its times or has missed: the preset's
	Each                     // every time is counted by itself
)

// CountedIn is the month in which a ticket counts.
type CountedIn uint8

// The readings of the month (§4.3.1).
const (
	// BySettled counts a met ticket where its clock stopped, a missed one where its target was first exceeded: the
	// preset's, under which a later run of an old month gives the same, but for tickets reopened or given another priority
	// since. Under the others an old month grows as its tickets are done.
	BySettled    CountedIn = iota + 1
	ByResolution           // where the resolution clock stopped; until then a ticket runs, exceeded or not
	ByReceipt              // where it was received, once its outcome is settled
)

// ProblemPriority is where the priority of a problem comes from.
type ProblemPriority uint8

// The readings of §4.5. A priority that is given wins.
const (
	Given        ProblemPriority = iota + 1 // given with the ticket: the preset's
	WorstFactors                            // else from the incident matrix and the worst of each three factors
)

var (
	countedIns        = []string{"settled", "resolution", "receipt"}
	problemPriorities = []string{"given", "worst_factors"}
)

// String is settled, resolution or receipt; it is empty for the zero value.
func (c CountedIn) String() string { return word(countedIns, c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c CountedIn) MarshalText() ([]byte, error) { return marshalWord("counted in", countedIns, c) }

// UnmarshalText is the inverse of MarshalText.
func (c *CountedIn) UnmarshalText(b []byte) (err error) {
	*c, err = parseWord[CountedIn]("counted in", countedIns, b)
	return err
}

// String is given or worst_factors; it is empty for the zero value.
func (p ProblemPriority) String() string { return word(problemPriorities, p) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (p ProblemPriority) MarshalText() ([]byte, error) {
	return marshalWord("problem priority", problemPriorities, p)
}

// UnmarshalText is the inverse of MarshalText.
func (p *ProblemPriority) UnmarshalText(b []byte) (err error) {
	*p, err = parseWord[ProblemPriority]("problem priority", problemPriorities, b)
	return err
}

var (
	axes      = []string{"timing", "urgency"}
	switches  = []string{"off", "on"}
	countings = []string{"both", "each"}
)

// String is timing or urgency; it is empty for the zero value.
func (a Axis) String() string { return word(axes, a) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (a Axis) MarshalText() ([]byte, error) { return marshalWord("second axis", axes, a) }

// UnmarshalText is the inverse of MarshalText.
func (a *Axis) UnmarshalText(b []byte) (err error) {
	*a, err = parseWord[Axis]("second axis", axes, b)
	return err
}

// String is off or on; it is empty for the zero value.
func (s Switch) String() string { return word(switches, s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s Switch) MarshalText() ([]byte, error) { return marshalWord("switch", switches, s) }

// UnmarshalText is the inverse of MarshalText.
func (s *Switch) UnmarshalText(b []byte) (err error) {
	*s, err = parseWord[Switch]("switch", switches, b)
	return err
}

// String is both or each; it is empty for the zero value.
func (c Counting) String() string { return word(countings, c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c Counting) MarshalText() ([]byte, error) { return marshalWord("compliance", countings, c) }

// UnmarshalText is the inverse of MarshalText.
func (c *Counting) UnmarshalText(b []byte) (err error) {
	*c, err = parseWord[Counting]("compliance", countings, b)
	return err
}

func word[T ~uint8](names []string, v T) string {
	if v == 0 || int(v) > len(names) {
		return ""
	}
	return names[v-1]
}

func marshalWord[T ~uint8](what string, names []string, v T) ([]byte, error) {
	text := word(names, v)
	if text == "" {
		return nil, fmt.Errorf("sla: %s %d: %w: name %s", what, v, servicetime.ErrText, strings.Join(names, " or "))
	}
	return []byte(text), nil
}

func parseWord[T ~uint8](what string, names []string, b []byte) (T, error) {
	i := slices.Index(names, string(b))
	if i < 0 {
		return 0, fmt.Errorf("sla: %s %q: %w: write %s", what, b, servicetime.ErrText, strings.Join(names, " or "))
	}
	return T(i + 1), nil
}
