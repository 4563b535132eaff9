package priority

import (
	"fmt"
	"time"
)

// Changing is the reading of a priority that changes on the way (§4.3): which targets hold, and from when
// they count.
type Changing uint8

// The readings of a change of priority.
const (
	// ChangeInForce: each time is judged by the priority in force when it was reached, or as of now while it runs;
	// the clock goes on. The preset's. A change may so settle anew what an earlier report has counted.
	ChangeInForce  Changing = iota + 1
	ChangeIgnored           // the targets of the first priority
	ChangeRestarts          // the targets of the priority in force, counted from the change
)

var changings = wordsOf[Changing]("priority change", "in_force", "first", "restart")

// String is in_force, first or restart; it is empty for the zero value.
func (c Changing) String() string { return changings.Text(c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c Changing) MarshalText() ([]byte, error) { return changings.Marshal(c) }

// UnmarshalText is the inverse of MarshalText.
func (c *Changing) UnmarshalText(b []byte) (err error) {
	*c, err = changings.Parse(b)
	return err
}

// A Policy is what tickets of one kind are judged by, whatever their level and its changes.
type Policy struct {
	Rules    []Rule // by level, from level 1
	Changing Changing
}

// Judge replays a ticket that was first given a level, as of an instant.
//
// It returns an error:
//   - wrapping [ErrClass] if the level, or one of a change known as of the instant, is not among the rules,
//   - wrapping [ErrReading] if the policy does not name what a change does,
//   - and those of [Rule.Judge].
func (p *Policy) Judge(t *Ticket, first Level, asOf time.Time) (Judgement, error) {
	if len(t.Changes) > 0 && p.Changing.String() == "" {
		return Judgement{}, fmt.Errorf("priority: what a change of priority does: %w", ErrReading)
	}
	if first < 1 || int(first) > len(p.Rules) {
		return Judgement{}, fmt.Errorf("priority: ticket %q: level %d: %w: 1 to %d", t.Number, first, ErrClass, len(p.Rules))
	}
	for i, c := range t.Changes {
		if int(c.Priority) > len(p.Rules) && !c.At.After(asOf) {
			return Judgement{}, fmt.Errorf("priority: ticket %q: changes[%d].priority %d: %w: 1 to %d", t.Number, i, c.Priority, ErrClass, len(p.Rules))
		}
	}
	var j Judgement
	err := judge(&j, t, asOf, func(until time.Time) basis { return p.basis(t, first, until, asOf) })
	return j, err
}

// basis is by what a time is judged that was reached at an instant.
func (p *Policy) basis(t *Ticket, first Level, until, asOf time.Time) basis {
	b := basis{level: first, from: t.Received, since: t.Received, asOf: asOf}
	if p.Changing != ChangeIgnored {
		for _, c := range t.Changes {
			if c.At.After(until) {
				break
			}
			if c.Priority != b.level { // to the same priority is no change
				b.level, b.since = c.Priority, c.At
			}
		}
		if p.Changing == ChangeRestarts {
			b.from = b.since
		}
	}
	b.rule = p.Rules[b.level-1].At(b.from)
	return b
}

// basis is a rule, and from when it counts.
type basis struct {
	rule  *Rule
	level Level
	from  time.Time // the clock's beginning: the receipt, or a change that restarts it
	since time.Time // when the level came into force
	asOf  time.Time
}
