package records

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A Memory is records that stand in no file.
type Memory struct {
	// Tickets are as they were recorded; nil is none known.
	Tickets []priority.Ticket
	// Files are the texts of files of CSV by kind, "outages" and so on; "tickets" instead of Tickets.
	Files map[string]string
}

// OpenMemory takes records that stand in no file. It returns an error as [Open] does, if a kind is none, or if there are tickets and a file of them.
func OpenMemory(o Options, m Memory) (*Folder, error) {
	f := &Folder{options: o, sources: map[string]Source{}, given: m.Tickets}
	for kind, text := range m.Files {
		switch {
		case !slices.Contains(Kinds(), kind):
			return nil, fmt.Errorf("%s: there are %s", Clean(kind), strings.Join(Kinds(), ", "))
		case kind == ticketsKind && f.given != nil:
			return nil, errors.New("tickets: they are given twice")
		}
		f.sources[kind] = Source{Name: kind, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	}
	return f, f.inspect()
}

// Kinds are those of records, by the names of their files.
func Kinds() []string {
	var names []string
	for _, kind := range kinds {
		names = append(names, kind.name)
	}
	return names
}

// givenTickets judges tickets that stand in no file: the line of each is its place in the list. Of two with one number the first counts.
func (f *feed) givenTickets(file *File) error {
	sum := sha256.New()
	places := map[string]int{}
	for i := range f.given {
		t := &f.given[i]
		text, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("%s: %d: %w", file.Name, i+1, err)
		}
		sum.Write(append(text, '\n'))
		file.Rows++
		at, twice := places[t.Number]
		fault := t.Check()
		if twice && t.Number != "" {
			fault = errors.Join(fault, &servicetime.Fault{Path: "number", Value: Clean(t.Number), Code: "bad_request", Err: fmt.Errorf("%w: first at line %d", ErrDuplicate, at)})
		} else {
			places[t.Number] = i + 1
		}
		if fault != nil && t.Protected { // §4.11
			fault = ErrProtected
		}
		if fault == nil {
			if fault = f.ticket(file, Placed{Ticket: *t, Line: i + 1, Column: 1, Rows: 1}); fault == nil {
				continue
			}
		} else {
			f.reject(Reject{t.Kind, sla.NotJudged{Number: t.Number, Received: t.Received, Err: fmt.Errorf("%s:%d:1: %w", file.Name, i+1, fault)}})
		}
		var placed []error
		for _, one := range faultsOf(fault) {
			copied := *one
			copied.Line, copied.Column = i+1, 1
			placed = append(placed, &copied)
		}
		file.bad(placed)
	}
	file.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// lastOf is the last instant that a ticket names.
func lastOf(t *priority.Ticket) time.Time {
	last := later(later(later(t.Received, t.Started), later(t.Resolved, t.ReportedBack)), t.Occurred)
	for _, p := range t.Pauses {
		last = later(last, later(p.From, p.To))
	}
	for _, c := range t.Changes {
		last = later(last, c.At)
	}
	for _, s := range t.Reopened {
		last = later(last, later(s.From, s.To))
	}
	for _, u := range t.Updates {
		last = later(last, u)
	}
	return last
}
