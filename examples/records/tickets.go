package records

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
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
	ErrCell      = errors.New("not readable")
	ErrMissing   = errors.New("missing")
	ErrDuplicate = errors.New("a number that stands twice")
	ErrDiffers   = errors.New("differs from what the ticket's earlier rows say")
	ErrColumn    = errors.New("no column") // the file is another export
	ErrProtected = errors.New("a protected record with faults, of which no more is said")
)

// A Source is a file that can be read again: what stands twice in it is known only at its end.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Evidence is what a file gave. Its tickets went where they were asked for; none is kept.
type Evidence struct {
	File     string
	Rows     int
	BadRows  int // with a fault
	Read     int // tickets
	Rejected int // that could not be made out, or judged
	Notes    []string
	// NoReportedBack and NoStarted say that the file has no column for these instants.
	NoReportedBack, NoStarted bool

	faults   []string // the first lines of what is wrong, as many as a person reads
	unlisted int      // and how many more
}

// A Placed ticket knows where in the file it stands.
type Placed struct {
	priority.Ticket
	at     place
	latest time.Time
}

// A Reject is a ticket of a bad row, as far as it could be read.
type Reject struct {
	Kind priority.Kind
	sla.NotJudged
}

// A sink takes tickets as they are read.
type sink struct {
	ticket func(Placed)
	reject func(Reject)
}

// A Tickets is a file with what must be known of it before its tickets can be judged: what its header says, which numbers stand
// twice, and its last instant.
type Tickets struct {
	export *Export
	source Source
	wall   *servicetime.Calendar
	seed   maphash.Seed
	// level gives the priority that a change of impact makes; from the rules, which depend on the header.
	level func(priority.Ticket) (priority.Level, error)

	head  Evidence        // of the header alone
	twice map[uint64]bool // hashes of numbers that come again
	// protected are hashes of numbers of which a row is protected: then no row of it is told.
	protected map[uint64]bool

	Latest time.Time // the last instant of the tickets that can be read
	last   Placed    // the ticket that has it
}

// inspect reads the header. Its error is for a file that cannot be read at all, ErrColumn among them if it is not such an export.
func inspect(e *Export, source Source) (*Tickets, error) {
	wall, err := e.wall()
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", e.Name, err)
	}
	g := &Tickets{export: e, source: source, wall: wall, seed: maphash.MakeSeed(), protected: map[uint64]bool{}}
	in, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it is only read
	r := g.reader(sink{})
	_, err = r.open(in)
	g.head = r.Evidence
	return g, err
}

// survey finds the numbers that come again, and the last instant. It keeps 8 bytes a ticket.
func (g *Tickets) survey() error {
	r := g.reader(sink{ticket: g.newest, reject: func(Reject) {}})
	r.surveys = true
	if err := r.pass(); err != nil {
		return err
	}
	slices.Sort(r.numbers)
	g.twice = map[uint64]bool{}
	for i, n := range r.numbers {
		if i > 0 && n == r.numbers[i-1] {
			g.twice[n] = true
		}
	}
	if len(g.twice) == 0 {
		return nil
	}
	// The last instant may be one of a ticket that does not count after all.
	g.Latest, g.last = time.Time{}, Placed{}
	return g.reader(sink{ticket: g.newest, reject: func(Reject) {}}).pass()
}

func (g *Tickets) newest(t Placed) {
	if t.latest.After(g.Latest) {
		g.Latest, g.last = t.latest, t
	}
}

// read gives every ticket of the file to a sink. Bad rows do not stop it.
func (g *Tickets) read(to sink) (*Evidence, error) {
	r := g.reader(to)
	err := r.pass()
	return &r.Evidence, err
}

func (g *Tickets) reader(to sink) *reader {
	return &reader{
		Tickets: g, Evidence: Evidence{File: g.source.Name}, sink: to,
		seen: map[string]int{}, held: map[string]*heldTicket{}, said: map[string]string{},
	}
}

// rejected counts a ticket that turned out to be bad, and passes it on.
func (r *reader) rejected(t Placed, err error) {
	r.Rejected++
	r.note(err)
	r.sink.reject(Reject{t.Kind, sla.NotJudged{Number: t.Number, Received: t.Received, Err: err}})
}

// note keeps the first lines of what is wrong.
func (e *Evidence) note(err error) {
	const most = 20
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if len(e.faults) < most {
			e.faults = append(e.faults, Clean(line))
		} else {
			e.unlisted++
		}
	}
}

// pass reads the file once.
func (r *reader) pass() error {
	in, err := r.source.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it is only read
	lines, err := r.open(in)
	if err != nil {
		return err
	}
	var block, pending []row // the events of one ticket; rows behind them that may be its own
	flush := func() {
		if len(block) > 0 {
			r.ticket(block)
		}
		for i := range pending {
			r.ticket(pending[i : i+1])
		}
		block, pending = block[:0], pending[:0]
	}
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		row := row{cells: cells, places: make([]place, len(cells)), ticket: priority.Ticket{Kind: r.export.Kind}}
		for i := range cells {
			row.places[i].line, row.places[i].column = lines.FieldPos(i)
		}
		var syntax *csv.ParseError
		switch {
		case errors.As(err, &syntax):
			// A quote that is not closed swallows line after line: what follows is not known, so nothing is.
			if syntax.Line > syntax.StartLine {
				return fmt.Errorf("%s:%d:1: a quote is opened in this row and not closed as it should be: lines to %d cannot be read: %w", r.File, syntax.StartLine, syntax.Line, syntax.Err)
			}
			row.cells, row.places = nil, []place{{syntax.Line, syntax.Column}}
			row.fault(row.places[0], "", "", fmt.Errorf("%w: %w", ErrCell, syntax.Err))
		case err != nil:
			return fmt.Errorf("%s: behind row %d: %w", r.File, r.Rows, err)
		}
		r.Rows++
		r.parse(&row)
		switch {
		case r.export.Rows == "tickets" || len(block) > 0 && row.number != "" && row.number != block[0].number:
			flush()
			block = append(block, row)
		case row.number == "" && len(block) > 0:
			// Nobody knows whose it is. Between two events of one ticket it is taken as that ticket's.
			pending = append(pending, row)
		default:
			block = append(append(block, pending...), row)
			pending = pending[:0]
		}
	}
	flush()
	r.release()
	return nil
}

// A heldTicket is one of an event log whose number comes again: none of its parts is the whole.
type heldTicket struct {
	Placed
	faults []error
}

// release passes on what was held.
func (r *reader) release() {
	for _, number := range r.order {
		switch held := r.held[number]; {
		case len(held.faults) > 0:
			r.rejected(held.Placed, errors.Join(held.faults...))
		default:
			r.Read++
			r.sink.ticket(held.Placed)
		}
	}
}

type reader struct {
	*Tickets
	Evidence
	sink    sink
	surveys bool
	numbers []uint64               // hashes, of a survey
	index   map[string]int         // field → cell
	header  int                    // number of cells
	seen    map[string]int         // line of a number that comes again
	held    map[string]*heldTicket // by number
	order   []string               // of those held
	said    map[string]string      // of the events of a ticket so far, by field
	started place                  // of the event that started the last ticket
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
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s:1:1: the file is empty: a header is needed", r.File)
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("%s:%d:%d: header: %w", r.File, syntax.Line, syntax.Column, syntax.Err)
	case err != nil:
		return nil, fmt.Errorf("%s: header: %w", r.File, err)
	}
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
	}
	r.header = len(header)
	r.index = map[string]int{}
	var missing []string
	for _, field := range slices.Sorted(maps.Keys(r.export.Columns)) {
		column := r.export.Columns[field]
		i := slices.Index(header, column)
		if i < 0 {
			if !fields[field].needed && r.export.Rows == "tickets" {
				if field != "protected" { // none is flagged
					missing = append(missing, column) // a flat export leaves out what it does not have
				}
				continue
			}
			return nil, fmt.Errorf("%s:1:1: %w %q for %s: there are %s", r.File, ErrColumn, column, field, Clean(fmt.Sprintf("%q", header)))
		}
		if slices.Contains(header[i+1:], column) {
			return nil, fmt.Errorf("%s:1:1: column %q stands twice", r.File, column)
		}
		r.index[field] = i
	}
	if len(missing) > 0 {
		r.Notes = append(r.Notes, "1:1: there are no columns "+strings.Join(missing, ", "))
	}
	var unused []string
	for i, name := range header {
		if !slices.Contains(slices.Collect(maps.Values(r.index)), i) {
			unused = append(unused, name)
		}
	}
	if len(unused) > 0 {
		r.Notes = append(r.Notes, "1:1: not used are the columns "+Clean(strings.Join(unused, ", ")))
	}
	_, reported := r.index["reported_back"]
	_, resolved := r.index["resolved"]
	if !reported && !resolved {
		return nil, fmt.Errorf("%s:1:1: no column says when tickets were resolved or reported back", r.File)
	}
	if _, kind := r.index["kind"]; !kind && r.export.Kind == "" {
		return nil, fmt.Errorf("%s:1:1: no column says what kind tickets are, and the export names none", r.File)
	}
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
	latest   time.Time
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
		w.fault(w.places[0], "", "", fmt.Errorf("%w: %d cells, the header has %d", ErrCell, len(w.cells), r.header))
		_, w.ticket.Protected = r.index["protected"] // its cells may be others than they seem
	}
	text := func(field string, needed bool) string {
		s, at, there := r.cell(w, field)
		if s == "" && needed && there {
			w.fault(at, field, "", ErrMissing)
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
		if t.After(w.latest) {
			w.latest = t
		}
		return t
	}
	class := func(field string) int {
		s := text(field, false)
		if s == "" {
			return 0
		}
		values := r.export.Values[field]
		n, known := values[s]
		if values == nil {
			var err error
			n, err = strconv.Atoi(s)
			known = err == nil && n >= 1
		}
		if !known {
			why := fmt.Errorf("%w: write a whole number from 1", ErrCell)
			if values != nil {
				why = fmt.Errorf("%w: known are %q", ErrCell, slices.Sorted(maps.Keys(values)))
			}
			_, at, _ := r.cell(w, field)
			w.fault(at, field, s, why)
		}
		return n
	}
	w.number = text("number", true)
	protected := w.ticket.Protected
	w.ticket = priority.Ticket{
		Protected: protected, Number: w.number, Kind: cmp.Or(priority.Kind(text("kind", true)), r.export.Kind),
		Class: text("class", false), Provider: text("provider", false),
		Impact: class("impact"), Urgency: class("urgency"), Priority: priority.Level(class("priority")),
		Occurred: instant("occurred", false), Received: instant("received", r.export.Rows == "tickets"), Started: instant("started", false),
		Resolved: instant("resolved", false), ReportedBack: instant("reported_back", false),
	}
	w.closed = instant("closed", false)
	if s := text("protected", false); s != "" {
		is, err := strconv.ParseBool(s)
		w.ticket.Protected = protected || is || err != nil // until somebody knows
		if err != nil {
			_, at, _ := r.cell(w, "protected")
			w.fault(at, "protected", "", fmt.Errorf("%w: write true or false", ErrCell))
		}
	}
	if r.export.Rows == "events" {
		w.at = instant("at", true)
		if w.rawState = text("state", true); w.rawState != "" {
			if w.state = r.export.States[w.rawState]; w.state == "" {
				_, at, _ := r.cell(w, "state")
				w.fault(at, "state", w.rawState, fmt.Errorf("%w: known are %q", ErrCell, slices.Sorted(maps.Keys(r.export.States))))
			}
		}
	}
}

// layouts of local times.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"}

// instant reads RFC 3339, or a local time in the export's zone, of the years 1970 to 2200.
func (r *reader) instant(s string) (time.Time, error) {
	local := -1
	for i, layout := range layouts {
		if len(s) == len(layout) && s[10] == layout[10] {
			local = i
		}
	}
	layout := time.RFC3339
	if local >= 0 {
		layout = layouts[local]
	}
	t, err := time.Parse(layout, s)
	switch {
	case err != nil && strings.Contains(err.Error(), "out of range"):
		return time.Time{}, fmt.Errorf("%w: no such date or time of day", ErrCell)
	case err != nil:
		return time.Time{}, fmt.Errorf(`%w: write an instant as "2016-04-30T10:00:00+02:00", or a local time as "2016-04-30 10:00"`, ErrCell)
	case t.Year() < 1970 || t.Year() > 2200:
		return time.Time{}, fmt.Errorf("%w: %w", ErrCell, servicetime.ErrRange)
	case local < 0:
		return t, nil
	case r.wall == nil:
		return time.Time{}, fmt.Errorf("%w: a local time, and the export names no time_zone", ErrCell)
	}
	return r.wall.FromWall(t)
}

// ticket makes a ticket of its rows: one, or all its events.
func (r *reader) ticket(rows []row) {
	first := &rows[0]
	number, at, _ := r.cell(first, "number")
	hash := maphash.String(r.seed, number)
	if r.surveys && number != "" {
		r.numbers = append(r.numbers, hash)
	}
	for i := range rows {
		if rows[i].ticket.Protected && number != "" {
			r.protected[hash] = true
		}
		first.ticket.Protected = first.ticket.Protected || rows[i].ticket.Protected || r.protected[hash]
	}
	again := number != "" && r.twice[hash]
	if held := r.held[number]; again && held != nil {
		first.fault(at, "number", number, fmt.Errorf("%w: first at line %d", ErrDuplicate, held.at.line))
		held.faults = append(held.faults, r.withhold(first, r.faults(rows))...)
		return
	}
	if again && r.export.Rows == "tickets" {
		if line, there := r.seen[number]; there {
			first.fault(at, "number", number, fmt.Errorf("%w: first at line %d", ErrDuplicate, line))
		} else {
			r.seen[number] = at.line
		}
	}
	t := first.ticket
	clear(r.said)
	for i := range rows[1:] {
		r.same(first, &rows[i+1])
		first.learn(&t, &rows[i+1])
	}
	if r.export.Rows == "events" {
		if _, at, there := r.cell(first, "received"); there && t.Received.IsZero() && len(first.faults) == 0 {
			first.fault(at, "received", "", ErrMissing)
		}
		r.events(&t, rows)
	}
	// A ticket that is closed was resolved at some instant, or reported back.
	if !first.closed.IsZero() && t.Resolved.IsZero() && t.ReportedBack.IsZero() {
		if _, at, there := r.cell(first, "resolved"); there {
			first.fault(at, "resolved", "", fmt.Errorf("%w: the ticket was closed %s, and nobody knows when it was resolved", ErrMissing, first.closed.Format("2006-01-02 15:04")))
		}
	}
	placed := Placed{t, rows[0].places[0], time.Time{}}
	for i := range rows {
		if rows[i].latest.After(placed.latest) {
			placed.latest = rows[i].latest
		}
	}
	faults := r.faults(rows)
	if len(faults) == 0 {
		if err := t.Check(); err != nil {
			r.BadRows++
			faults = append(faults, fmt.Errorf("%s:%w", r.File, r.locate(err, rows)))
		}
	}
	faults = r.withhold(first, faults)
	switch {
	case again && r.export.Rows == "events":
		r.held[number] = &heldTicket{Placed: placed, faults: faults}
		r.order = append(r.order, number)
	case len(faults) > 0:
		r.rejected(placed, errors.Join(faults...))
	default:
		r.Read++
		r.sink.ticket(placed)
	}
}

// withhold leaves of the faults of a protected record no more than their place and fields (§4.11).
func (r *reader) withhold(first *row, faults []error) []error {
	if !first.ticket.Protected || len(faults) == 0 {
		return faults
	}
	var names []string
	for _, err := range faults {
		if fault := (*servicetime.Fault)(nil); errors.As(err, &fault) && fault.Path != "" && !slices.Contains(names, fault.Path) {
			names = append(names, fault.Path)
		}
	}
	at := first.places[0]
	return []error{fmt.Errorf("%s:%d:%d: %w (%s)", r.File, at.line, at.column, ErrProtected, strings.Join(names, ", "))}
}

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

// faults counts the bad rows among some, and lists their faults with the file.
func (r *reader) faults(rows []row) []error {
	var faults []error
	for i := range rows {
		if len(rows[i].faults) > 0 {
			r.BadRows++
		}
		for _, err := range rows[i].faults {
			faults = append(faults, fmt.Errorf("%s:%w", r.File, err))
		}
	}
	return faults
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
