package priority

import (
	"fmt"
	"time"

	"example.com/sla/servicetime"
)

// Kind is what a ticket is about.
type Kind string

// The kinds of §4.3 to §4.5 and §4.11. Tickets of another kind are not judged.
const (
	Incident Kind = "incident"
	Order    Kind = "order"
	Problem  Kind = "problem"
	Security Kind = "security" // a security incident: judged as an incident
)

// A Ticket is the record of one matter. Of its instants only Received is needed; one that is
// zero has not been reached.
type Ticket struct {
	Number   string `json:"number"`
	Kind     Kind   `json:"kind"`
	Class    string `json:"class,omitempty"`    // the type of an order
	Impact   int    `json:"impact,omitempty"`   // from 1; 0 not given
	Urgency  int    `json:"urgency,omitempty"`  // from 1; 0 not given; used where the second axis of the matrix is urgency
	Priority Level  `json:"priority,omitempty"` // given priority; it wins over impact. 0 not given
	Provider string `json:"provider,omitempty"` // whose support hours count; empty, or a name that the agreement does not have, for the agreement's own

	Occurred     time.Time           `json:"occurred,omitzero"` // timing is that of the occurrence, else of the receipt
	Received     time.Time           `json:"received"`
	Started      time.Time           `json:"started,omitzero"`
	Resolved     time.Time           `json:"resolved,omitzero"`
	ReportedBack time.Time           `json:"reported_back,omitzero"`
	Pauses       []servicetime.Pause `json:"pauses,omitempty"`

	// Changes of the priority on the way, in order (§4.3). Orders have none.
	Changes []Change `json:"changes,omitempty"`
	// Reopened are the stretches, in order, from a resolution until the ticket was opened again. Resolved and
	// ReportedBack are then those of the last time.
	Reopened []servicetime.Span `json:"reopened,omitempty"`
	// Updates are the instants, in order, at which the reporter was told how it goes.
	Updates []time.Time `json:"updates,omitempty"`
	// Factors are those from which the priority of a problem may be derived (§4.5).
	Factors Factors `json:"factors,omitzero"`
	// Protected marks a record of a person with protected identity (§4.11): no text of it, but its number, is in any
	// result or error.
	Protected bool `json:"protected,omitempty"`
}

// A Change gives a ticket another priority from an instant on.
type Change struct {
	At       time.Time `json:"at"`
	Priority Level     `json:"priority"`
}

// Check returns an error wrapping [ErrRecord], and a [*servicetime.Fault] whose Path is the JSON name
// of the field, if:
//   - the ticket was never received,
//   - it occurred after it was received,
//   - its instants run backwards (received, started, resolved, reported back; changes, reopenings, updates),
//   - a pause has no beginning, or ends before it starts,
//   - a change gives no priority, or an order has one.
func (t *Ticket) Check() error {
	if t.Received.IsZero() {
		return t.fault("received", "", "it has no instant of receipt")
	}
	if t.Occurred.After(t.Received) {
		return t.fault("occurred", withOffset(t.Occurred), "after it was received, "+withOffset(t.Received))
	}
	last, name := t.Received, "received"
	for i, at := range [...]time.Time{t.Started, t.Resolved, t.ReportedBack} {
		if at.IsZero() {
			continue
		}
		if at.Before(last) {
			return t.fault([...]string{"started", "resolved", "reported_back"}[i], withOffset(at), "before it was "+name+", "+withOffset(last))
		}
		last, name = at, [...]string{"started", "resolved", "reported back"}[i]
	}
	for i, p := range t.Pauses {
		if p.From.IsZero() {
			return t.fault(fmt.Sprintf("pauses[%d]", i), "", "it has no beginning")
		}
		if !p.To.IsZero() && p.To.Before(p.From) {
			return t.fault(fmt.Sprintf("pauses[%d]", i), withOffset(p.To), "it ends before it starts, "+withOffset(p.From))
		}
	}
	if len(t.Changes)+len(t.Reopened)+len(t.Updates) == 0 {
		return nil // as most
	}
	return t.checkHistory()
}

// checkHistory is Check of what happened on the way: each list in order, from the receipt on.
func (t *Ticket) checkHistory() error {
	if t.Kind == Order && len(t.Changes) > 0 {
		return t.fault("changes", "", "an order has no priority")
	}
	inOrder := func(list string, i int, part string, at, last time.Time) error {
		if !at.Before(last) {
			return nil
		}
		value, before := "", "the one before, "
		if !at.IsZero() {
			value = withOffset(at)
		}
		if i == 0 && part != ".to" {
			before = "it was received, "
		}
		return t.fault(fmt.Sprintf("%s[%d]%s", list, i, part), value, "before "+before+withOffset(last))
	}
	last := t.Received
	for i, c := range t.Changes {
		if err := inOrder("changes", i, ".at", c.At, last); err != nil {
			return err
		}
		if c.Priority < 1 {
			return t.fault(fmt.Sprintf("changes[%d].priority", i), fmt.Sprint(int(c.Priority)), "priorities count from 1")
		}
		last = c.At
	}
	last = t.Received
	for i, s := range t.Reopened {
		if err := inOrder("reopened", i, ".from", s.From, last); err != nil {
			return err
		}
		if err := inOrder("reopened", i, ".to", s.To, s.From); err != nil {
			return err
		}
		last = s.To
	}
	for i, at := range [...]time.Time{t.Resolved, t.ReportedBack} {
		if !at.IsZero() && at.Before(last) && len(t.Reopened) > 0 {
			return t.fault([...]string{"resolved", "reported_back"}[i], withOffset(at), "before it was reopened, "+withOffset(last))
		}
	}
	last = t.Received
	for i, at := range t.Updates {
		if err := inOrder("updates", i, "", at, last); err != nil {
			return err
		}
		last = at
	}
	return nil
}

// withOffset writes an instant so that two in different zones can be compared.
func withOffset(t time.Time) string { return formatInstant(t) + t.Format(" -0700") }

func (t *Ticket) fault(path, value, why string) error {
	return fmt.Errorf("priority: ticket %q: %w", t.Number, &servicetime.Fault{
		Path: path, Code: "bad_request", Value: value, Err: fmt.Errorf("%w: %s", ErrRecord, why),
	})
}

// Stop is the instant at which a resolution clock stops.
type Stop uint8

// The readings of §3.1.2 and §3.3.1, and of §5 for orders.
const (
	AtReportedBack Stop = iota + 1 // fixed and reported back: the preset's for incidents and problems
	AtResolved                     // fixed: for evidence that has no other instant
	// AtReportedBackOrResolved is reported back where the record has that instant, else resolved: the preset's for
	// orders. It looks at the whole record, so that an old month stays as it was however late it is
	// run; a record that gains the instant later may change its outcome.
	AtReportedBackOrResolved
)

var stops = wordsOf[Stop]("stops_at", "reported_back", "resolved", "reported_back_or_resolved")

// String is the name of the reading; it is empty for the zero value.
func (s Stop) String() string { return stops.Text(s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s Stop) MarshalText() ([]byte, error) { return stops.Marshal(s) }

// UnmarshalText is the inverse of MarshalText.
func (s *Stop) UnmarshalText(b []byte) (err error) {
	*s, err = stops.Parse(b)
	return err
}

// asOf is the instant at which a ticket's resolution clock has stopped as of another, zero if it runs. In a stretch
// that ends with a reopening nobody knows that yet: the clock has stopped where it begins.
func (s Stop) asOf(t *Ticket, asOf time.Time) time.Time {
	for _, closed := range t.Reopened {
		if !asOf.Before(closed.From) && asOf.Before(closed.To) {
			return closed.From
		}
	}
	if done := s.of(t); !done.After(asOf) {
		return done
	}
	return time.Time{}
}

// of is the instant of a ticket at which its resolution clock stops, zero if it is not reached.
func (s Stop) of(t *Ticket) time.Time {
	if s == AtResolved || s == AtReportedBackOrResolved && t.ReportedBack.IsZero() {
		return t.Resolved
	}
	return t.ReportedBack
}
