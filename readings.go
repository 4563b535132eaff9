package sla

import (
	"example.com/sla/internal/words"
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
	countedIns        = wordsOf[CountedIn]("counted in", "settled", "resolution", "receipt")
	problemPriorities = wordsOf[ProblemPriority]("problem priority", "given", "worst_factors")
)

// String is settled, resolution or receipt; it is empty for the zero value.
func (c CountedIn) String() string { return countedIns.Text(c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c CountedIn) MarshalText() ([]byte, error) { return countedIns.Marshal(c) }

// UnmarshalText is the inverse of MarshalText.
func (c *CountedIn) UnmarshalText(b []byte) (err error) {
	*c, err = countedIns.Parse(b)
	return err
}

// String is given or worst_factors; it is empty for the zero value.
func (p ProblemPriority) String() string { return problemPriorities.Text(p) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (p ProblemPriority) MarshalText() ([]byte, error) {
	return problemPriorities.Marshal(p)
}

// UnmarshalText is the inverse of MarshalText.
func (p *ProblemPriority) UnmarshalText(b []byte) (err error) {
	*p, err = problemPriorities.Parse(b)
	return err
}

var (
	axes      = wordsOf[Axis]("second axis", "timing", "urgency")
	switches  = wordsOf[Switch]("switch", "off", "on")
	countings = wordsOf[Counting]("compliance", "both", "each")
)

// wordsOf are the names of a small enumeration of this package.
func wordsOf[T ~uint8](what string, names ...string) words.Set[T] {
	return words.Set[T]{Package: "sla", What: what, Names: names, ErrText: servicetime.ErrText}
}

// String is timing or urgency; it is empty for the zero value.
func (a Axis) String() string { return axes.Text(a) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (a Axis) MarshalText() ([]byte, error) { return axes.Marshal(a) }

// UnmarshalText is the inverse of MarshalText.
func (a *Axis) UnmarshalText(b []byte) (err error) {
	*a, err = axes.Parse(b)
	return err
}

// String is off or on; it is empty for the zero value.
func (s Switch) String() string { return switches.Text(s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s Switch) MarshalText() ([]byte, error) { return switches.Marshal(s) }

// UnmarshalText is the inverse of MarshalText.
func (s *Switch) UnmarshalText(b []byte) (err error) {
	*s, err = switches.Parse(b)
	return err
}

// String is both or each; it is empty for the zero value.
func (c Counting) String() string { return countings.Text(c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c Counting) MarshalText() ([]byte, error) { return countings.Marshal(c) }

// UnmarshalText is the inverse of MarshalText.
func (c *Counting) UnmarshalText(b []byte) (err error) {
	*c, err = countings.Parse(b)
	return err
}
