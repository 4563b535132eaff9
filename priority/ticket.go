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
}

// Check returns an error wrapping [ErrRecord], and a [*servicetime.Fault] whose Path is the JSON name
// of the field, if:
//   - the ticket was never received,
//   - it occurred after it was received,
//   - its instants run backwards (received, started, resolved, reported back),
//   - a pause has no beginning, or ends before it starts.
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

var stops = words[Stop]{"stops_at", []string{"reported_back", "resolved", "reported_back_or_resolved"}}

// String is the name of the reading; it is empty for the zero value.
func (s Stop) String() string { return stops.text(s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s Stop) MarshalText() ([]byte, error) { return stops.marshal(s) }

// UnmarshalText is the inverse of MarshalText.
func (s *Stop) UnmarshalText(b []byte) (err error) {
	*s, err = stops.parse(string(b))
	return err
}

// of is the instant of a ticket at which its resolution clock stops, zero if it is not reached.
func (s Stop) of(t *Ticket) time.Time {
	if s == AtResolved || s == AtReportedBackOrResolved && t.ReportedBack.IsZero() {
		return t.Resolved
	}
	return t.ReportedBack
}
