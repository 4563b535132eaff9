package records

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// learn takes over instants of a later event that were not known at the first.
func (w *row) learn(t *priority.Ticket, later *row) {
	for _, field := range [...]struct{ known, now *time.Time }{
		{&t.Occurred, &later.ticket.Occurred},
		{&t.Received, &later.ticket.Received},
		{&t.Resolved, &later.ticket.Resolved},
		{&t.ReportedBack, &later.ticket.ReportedBack},
		{&w.closed, &later.closed},
	} {
		if field.known.IsZero() {
			*field.known = *field.now
		}
	}
	if t.Provider == "" {
		t.Provider = later.ticket.Provider
	}
}

// same checks that the events of a ticket agree on what they repeat. A blank is not known yet, or not said again.
func (r *reader) same(first, other *row) {
	for _, field := range []string{"received", "resolved", "closed", "occurred", "reported_back", "kind", "class", "provider"} {
		said := r.said[field]
		b, at, _ := r.cell(other, field)
		if a, _, _ := r.cell(first, field); said == "" {
			said = a
		}
		if said != "" && b != "" && said != b {
			other.fault(at, field, b, fmt.Errorf("%w: %q", ErrDiffers, Clean(said)))
		}
		if said == "" {
			said = b
		}
		r.said[field] = said
	}
}

// events reads a ticket's history: it is started by its first event that is not new, paused from an event that pauses it until
// the next that does not, and closed from a resolved one until it goes on.
func (r *reader) events(t *priority.Ticket, rows []row) {
	events := slices.Clone(rows)
	slices.SortStableFunc(events, func(a, b row) int { return a.at.Compare(b.at) })
	var closed time.Time
	for _, event := range events {
		if event.state == "" {
			continue // of a log of changes, before its state is known
		}
		if t.Started.IsZero() && event.state != "new" {
			t.Started = event.at
			_, r.started, _ = r.cell(&event, "at")
		}
		n := len(t.Pauses)
		paused := n > 0 && t.Pauses[n-1].To.IsZero()
		switch {
		case event.state == "pause" && paused && t.Pauses[n-1].Reason == event.rawState:
		case event.state == "pause" && paused:
			t.Pauses[n-1].To = event.at
			fallthrough
		case event.state == "pause":
			t.Pauses = append(t.Pauses, servicetime.Pause{From: event.at, Reason: event.rawState})
		case paused:
			t.Pauses[n-1].To = event.at
		}
		switch {
		case event.state == "resolved" && closed.IsZero():
			closed = event.at
		case event.state != "resolved" && !closed.IsZero():
			t.Reopened = append(t.Reopened, servicetime.Span{From: closed, To: event.at})
			closed = time.Time{}
		}
	}
	if r.resolvedByState() {
		t.Resolved = closed
	}
	r.changes(t, rows, events)
}

// changes reads what the history changes of impact, urgency or priority. Until the receipt it is how the ticket began.
func (r *reader) changes(t *priority.Ticket, rows, events []row) {
	same := func(a, b *priority.Ticket) bool {
		return a.Impact == b.Impact && a.Urgency == b.Urgency && a.Priority == b.Priority
	}
	if !slices.ContainsFunc(events, func(event row) bool { return !same(&event.ticket, t) }) {
		return // as most
	}
	now := *t
	was, err := r.level(now)
	if err != nil {
		return // it cannot be judged, and Judge says why
	}
	for i := range events {
		event := &events[i]
		if same(&event.ticket, &now) {
			continue
		}
		now.Impact, now.Urgency, now.Priority = event.ticket.Impact, event.ticket.Urgency, event.ticket.Priority
		if !event.at.After(t.Received) {
			t.Impact, t.Urgency, t.Priority = now.Impact, now.Urgency, now.Priority
		}
		level, err := r.level(now)
		switch {
		case err != nil:
			_, at, _ := r.cell(event, "at")
			rows[0].fault(at, "at", event.at.Format("2006-01-02 15:04"), fmt.Errorf("%w: %w", ErrCell, err))
			return
		case level != was && event.at.After(t.Received):
			t.Changes = append(t.Changes, priority.Change{At: event.at, Priority: level})
		}
		was = level
	}
}

// locate gives a fault of a record its place in the file.
func (r *reader) locate(err error, rows []row) error {
	var fault *servicetime.Fault
	if !errors.As(err, &fault) {
		return err
	}
	placed := *fault
	at := rows[0].places[0]
	if _, there, ok := r.cell(&rows[0], fault.Path); ok {
		at = there
	} else if fault.Path == "started" { // of an event log: the first event that is not new
		at = r.started
	}
	placed.Line, placed.Column = at.line, at.column
	return &placed
}
