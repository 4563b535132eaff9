package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// Causes of bad rows.
var (
	errCell      = errors.New("not readable")
	errMissing   = errors.New("missing")
	errDuplicate = errors.New("a number that stands twice")
	errDiffers   = errors.New("differs from the ticket's first row")
)

// Evidence is what a file gave.
type Evidence struct {
	File    string
	Rows    int
	BadRows int // with a fault
	Tickets []priority.Ticket
	// Rejects are tickets that could not be made out, each with all its faults.
	Rejects []Reject
	Latest  time.Time // the last instant seen
	Notes   []string  // on the file itself
	// NoReportedBack and NoStarted say that the file has no column for these instants.
	NoReportedBack, NoStarted bool
}

// A Reject is a ticket of a bad row, as far as it could be read.
type Reject struct {
	Kind priority.Kind
	sla.NotJudged
}

// readTickets reads an export. Bad rows do not stop it; its error is for a file that cannot be read at all.
func readTickets(e *Export, file string, in io.Reader) (*Evidence, error) {
	wall, err := e.wall()
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", e.Name, err)
	}
	r := &reader{Evidence: Evidence{File: file}, export: e, wall: wall, seen: map[string]int{}}
	lines, err := r.open(in)
	if err != nil {
		return nil, err
	}
	var block []row
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		row := row{cells: cells, places: make([]place, len(cells))}
		for i := range cells {
			row.places[i].line, row.places[i].column = lines.FieldPos(i)
		}
		var syntax *csv.ParseError
		switch {
		case errors.As(err, &syntax):
			row.cells = nil
			row.fault(place{syntax.Line, syntax.Column}, "", "", fmt.Errorf("%w: %w", errCell, syntax.Err))
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		r.Rows++
		r.parse(&row)
		if len(block) > 0 && (e.Rows == "tickets" || block[0].number != row.number || row.number == "") {
			r.ticket(block)
			block = block[:0]
		}
		block = append(block, row)
	}
	if len(block) > 0 {
		r.ticket(block)
	}
	return &r.Evidence, nil
}

type reader struct {
	Evidence
	export *Export
	wall   *servicetime.Calendar
	index  map[string]int // field → cell
	header int            // number of cells
	seen   map[string]int // number → line
}

// open finds out about compression, byte order mark, line ends and separator, and reads the header.
func (r *reader) open(in io.Reader) (*csv.Reader, error) {
	buffered := bufio.NewReaderSize(in, 1<<16)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.File, err)
		}
		buffered = bufio.NewReaderSize(unzipped, 1<<16)
	}
	if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
		r.Notes = append(r.Notes, "1:1: a byte order mark, skipped")
	}
	head, err := buffered.Peek(1 << 16)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", r.File, err)
	}
	first, _, isLine := bytes.Cut(head, []byte("\n"))
	if at := bytes.IndexByte(first, '\r'); at >= 0 && at < len(first)-1 || at >= 0 && !isLine {
		return nil, fmt.Errorf("%s:1:%d: lines end in CR alone: save the file with LF or CRLF", r.File, at+1)
	}
	lines := csv.NewReader(buffered)
	lines.FieldsPerRecord = -1
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		lines.Comma = ';'
		r.Notes = append(r.Notes, "1:1: cells are separated by semicolons")
	}
	header, err := lines.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1:1: the file is empty: a header is needed", r.File)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: header: %w", r.File, err)
	}
	r.header = len(header)
	r.index = map[string]int{}
	for _, field := range slices.Sorted(maps.Keys(r.export.Columns)) {
		column := r.export.Columns[field]
		i := slices.Index(header, column)
		if i < 0 {
			if !fields[field].needed && r.export.Rows == "tickets" {
				continue // a flat export leaves out what it does not have
			}
			return nil, fmt.Errorf("%s:1:1: no column %q for %s: there are %q", r.File, column, field, header)
		}
		if slices.Contains(header[i+1:], column) {
			return nil, fmt.Errorf("%s:1:1: column %q stands twice", r.File, column)
		}
		r.index[field] = i
	}
	_, reported := r.index["reported_back"]
	_, started := r.index["started"]
	r.NoReportedBack, r.NoStarted = !reported, !started && r.export.Rows == "tickets"
	return lines, nil
}

// row is a line of the file, and what its cells say.
type row struct {
	cells  []string
	places []place
	faults []error

	number   string
	state    string // new, work or pause
	at       time.Time
	closed   time.Time
	ticket   priority.Ticket
	rawState string
}

type place struct{ line, column int }

func (w *row) fault(at place, field, value string, err error) {
	w.faults = append(w.faults, &servicetime.Fault{Path: field, Code: "bad_request", Value: value, Line: at.line, Column: at.column, Err: err})
}

// cell returns a field's text and place.
func (r *reader) cell(w *row, field string) (string, place, bool) {
	i, there := r.index[field]
	if !there || i >= len(w.cells) {
		return "", place{}, false
	}
	return strings.TrimSpace(w.cells[i]), w.places[i], true
}

// parse reads the cells of a row. It goes on after a fault, so that all are found.
func (r *reader) parse(w *row) {
	if w.cells == nil {
		return
	}
	if len(w.cells) != r.header {
		w.fault(w.places[0], "", "", fmt.Errorf("%w: %d cells, the header has %d", errCell, len(w.cells), r.header))
	}
	text := func(field string, needed bool) string {
		s, at, there := r.cell(w, field)
		if s == "" && needed && there {
			w.fault(at, field, "", errMissing)
		}
		return s
	}
	instant := func(field string, needed bool) time.Time {
		s := text(field, needed)
		if s == "" {
			return time.Time{}
		}
		t, err := r.instant(s)
		if err != nil {
			_, at, _ := r.cell(w, field)
			w.fault(at, field, s, err)
			return time.Time{}
		}
		if t.After(r.Latest) {
			r.Latest = t
		}
		return t
	}
	class := func(field string) int {
		s := text(field, false)
		if s == "" {
			return 0
		}
		n, known := r.export.Values[field][s]
		if r.export.Values[field] == nil {
			var err error
			n, err = strconv.Atoi(s)
			known = err == nil
		}
		if !known {
			_, at, _ := r.cell(w, field)
			w.fault(at, field, s, fmt.Errorf("%w: known are %q", errCell, slices.Sorted(maps.Keys(r.export.Values[field]))))
		}
		return n
	}
	w.number = text("number", true)
	w.ticket = priority.Ticket{
		Number: w.number, Kind: cmp.Or(priority.Kind(text("kind", true)), r.export.Kind),
		Class: text("class", false), Provider: text("provider", false),
		Impact: class("impact"), Urgency: class("urgency"), Priority: priority.Level(class("priority")),
		Occurred: instant("occurred", false), Received: instant("received", true), Started: instant("started", false),
		Resolved: instant("resolved", false), ReportedBack: instant("reported_back", false),
	}
	w.closed = instant("closed", false)
	if r.export.Rows == "events" {
		w.at = instant("at", true)
		if w.rawState = text("state", true); w.rawState != "" {
			if w.state = r.export.States[w.rawState]; w.state == "" {
				_, at, _ := r.cell(w, "state")
				w.fault(at, "state", w.rawState, fmt.Errorf("%w: known are %q", errCell, slices.Sorted(maps.Keys(r.export.States))))
			}
		}
	}
}

// layouts of local times.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"}

// instant reads RFC 3339, or a local time in the export's zone.
func (r *reader) instant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err == nil {
		return t, nil
	}
	outOfRange := strings.Contains(err.Error(), "out of range")
	for _, layout := range layouts {
		local, err := time.Parse(layout, s)
		outOfRange = outOfRange || err != nil && strings.Contains(err.Error(), "out of range")
		if err != nil {
			continue
		}
		if r.wall == nil {
			return time.Time{}, fmt.Errorf("%w: a local time, and the export names no time_zone", errCell)
		}
		return r.wall.FromWall(local)
	}
	if outOfRange {
		return time.Time{}, fmt.Errorf("%w: no such date or time of day", errCell)
	}
	return time.Time{}, fmt.Errorf(`%w: write an instant as "2016-04-30T10:00:00+02:00", or a local time as "2016-04-30 10:00"`, errCell)
}

// ticket makes a ticket of its rows: one, or all its events.
func (r *reader) ticket(rows []row) {
	first := &rows[0]
	number, at, _ := r.cell(first, "number")
	if line, again := r.seen[number]; again && number != "" {
		first.fault(at, "number", number, fmt.Errorf("%w: first at line %d", errDuplicate, line))
	}
	r.seen[number] = at.line
	t := first.ticket
	for i := range rows[1:] {
		r.same(first, &rows[i+1])
	}
	if r.export.Rows == "events" {
		r.events(&t, rows)
	}
	// A ticket that is closed was resolved at some instant, or reported back.
	if !first.closed.IsZero() && t.Resolved.IsZero() && t.ReportedBack.IsZero() {
		if _, at, there := r.cell(first, "resolved"); there {
			first.fault(at, "resolved", "", fmt.Errorf("%w: the ticket was closed %s, and nobody knows when it was resolved", errMissing, first.closed.Format("2006-01-02 15:04")))
		}
	}
	var faults []error
	for i := range rows {
		if len(rows[i].faults) > 0 {
			r.BadRows++
			faults = append(faults, rows[i].faults...)
		}
	}
	if len(faults) == 0 {
		err := t.Check()
		if err == nil {
			r.Tickets = append(r.Tickets, t)
			return
		}
		r.BadRows++
		faults = append(faults, r.locate(err, rows))
	}
	for i, err := range faults {
		faults[i] = fmt.Errorf("%s:%w", r.File, err)
	}
	r.Rejects = append(r.Rejects, Reject{t.Kind, sla.NotJudged{Number: t.Number, Received: t.Received, Err: errors.Join(faults...)}})
}

// same checks that the events of a ticket agree on what they repeat.
func (r *reader) same(first, other *row) {
	for _, field := range []string{"received", "resolved", "closed", "occurred", "reported_back", "kind"} {
		a, _, there := r.cell(first, field)
		b, at, also := r.cell(other, field)
		if there && also && a != b {
			other.fault(at, field, b, fmt.Errorf("%w: %q", errDiffers, a))
		}
	}
}

// events reads a ticket's history: it is started by its first event that is not new, and paused from an event
// that pauses it until the next that does not.
func (r *reader) events(t *priority.Ticket, rows []row) {
	events := slices.Clone(rows)
	slices.SortStableFunc(events, func(a, b row) int { return a.at.Compare(b.at) })
	for _, event := range events {
		if t.Started.IsZero() && event.state != "new" {
			t.Started = event.at
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
		for i := range rows {
			if rows[i].state != "new" {
				_, at, _ = r.cell(&rows[i], "at")
				break
			}
		}
	}
	placed.Line, placed.Column = at.line, at.column
	return &placed
}
