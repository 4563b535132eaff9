package records

import (
	"cmp"
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

// MaxFaults is how many faults of a file are kept. All are counted.
const MaxFaults = 100

// Evidence is what a file gave. Its tickets went where they were asked for; none is kept.
type Evidence struct {
	File     string
	Rows     int
	BadRows  int // with a fault
	Dropped  int // without, of tickets of which another row has one
	Read     int // tickets
	Rejected int // that could not be made out, or judged
	Notes    []string
	// NoReportedBack and NoStarted say that the file has no column for these instants.
	NoReportedBack, NoStarted bool
	// Faults are the first MaxFaults, and MoreFaults how many there are besides.
	Faults     []Fault
	MoreFaults int
	// Sum is the SHA-256 of the file as it was read, in hexadecimal; empty of what was not read to its end.
	Sum string
}

// A Fault is one thing wrong with a row. Its texts are fit to print: see [Clean].
type Fault struct {
	Line   int    `json:"line"`
	Column int    `json:"column"` // in bytes, from 1
	Field  string `json:"field,omitempty"`
	Text   string `json:"text"` // the field again, its value and why
}

// String is the fault in a line, which a file's name and a colon may stand before: 3:13: impact "high": not readable.
func (f Fault) String() string { return fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Text) }

// A Placed ticket knows where in the file it stands.
type Placed struct {
	priority.Ticket
	Line, Column int
	// Rows are how many it is told in.
	Rows int
	// Latest is the last instant that they name.
	Latest time.Time
}

// A Reject is a ticket of a bad row, as far as it could be read.
type Reject struct {
	Kind priority.Kind
	sla.NotJudged
}

// Tickets are a file with what must be known of it before its tickets can be judged: what its header says, which numbers stand
// twice, and its last instant.
type Tickets struct {
	Export *Export
	Head   Evidence // of the header alone

	Latest time.Time // the last instant of the tickets that can be read
	Last   Placed    // the ticket that has it

	source Source
	wall   *servicetime.Calendar
	seed   maphash.Seed
	// level gives the priority that a change of impact makes; from the rules, which depend on the header.
	level func(priority.Ticket) (priority.Level, error)

	sum   string          // of the file, as it was surveyed
	index map[string]int  // field → cell
	raw   map[string]int  // of a log of changes: column → cell of the file
	twice map[uint64]bool // hashes of numbers that come again
	// protected are hashes of numbers of which a row is protected: then no row of it is told.
	protected map[uint64]bool
}

// InspectAs reads the header of a file as the export that is named, else as the first of the built-in ones whose columns it has; zone, if it is not empty, is
// that of local times.
//
// It returns an error if there is no such export, or else those of [Inspect].
func InspectAs(export, zone string, source Source) (*Tickets, error) {
	names := builtIn
	if export != "" {
		names = []string{export}
	}
	var failed error
	for _, name := range names {
		description, err := LoadExport(name)
		if err != nil {
			return nil, err
		}
		description.Zone = cmp.Or(zone, description.Zone)
		tickets, err := Inspect(description, source)
		if err == nil {
			return tickets, nil
		}
		failed = cmp.Or(failed, err)
		if !errors.Is(err, ErrColumn) {
			break
		}
	}
	return nil, failed
}

// Inspect reads the header: of JSON, the names in the first 1,000 rows.
//
// It returns an error if the zone of the export does not exist, the file cannot be opened or unpacked, is empty, or has no such columns: [ErrColumn].
func Inspect(e *Export, source Source) (*Tickets, error) {
	wall, err := e.wall()
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", e.Name, err)
	}
	g := &Tickets{Export: e, source: source, wall: wall, seed: maphash.MakeSeed(), protected: map[uint64]bool{}, index: map[string]int{}, Head: Evidence{File: source.Name}}
	in, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it is only read
	sheet, stream, err := openSheet(e, source.Name, in, false)
	if err != nil {
		return nil, err
	}
	g.Head.Notes = stream.notes
	switch s := sheet.(type) {
	case *csvSheet:
		err = g.csvColumns(s)
	case *jsonSheet:
		err = g.jsonColumns(s)
	}
	if err != nil {
		return nil, err
	}
	if e.Rows == "changes" {
		g.raw, g.index = g.index, e.layout()
	}
	_, reported := g.index["reported_back"]
	_, resolved := g.index["resolved"]
	if resolved = resolved || g.resolvedByState(); !reported && !resolved {
		return nil, fmt.Errorf("%s:1:1: no column says when tickets were resolved or reported back", source.Name)
	}
	if _, kind := g.index["kind"]; !kind && e.Kind == "" {
		return nil, fmt.Errorf("%s:1:1: no column says what kind tickets are, and the export names none", source.Name)
	}
	_, started := g.index["started"]
	g.Head.NoReportedBack, g.Head.NoStarted = !reported, !started && !e.isLog()
	return g, nil
}

// resolvedByState reports whether only the states of a log tell when tickets were resolved.
func (g *Tickets) resolvedByState() bool {
	_, told := g.index["resolved"]
	return !told && g.Export.isLog() && slices.Contains(slices.Collect(maps.Values(g.Export.States)), "resolved")
}

// csvColumns finds the columns in a header.
func (g *Tickets) csvColumns(s *csvSheet) error {
	for _, field := range slices.Sorted(maps.Keys(g.Export.Columns)) {
		for _, column := range g.Export.Columns[field] {
			i := slices.Index(s.header, column)
			if i < 0 {
				continue
			}
			if slices.Contains(s.header[i+1:], column) {
				return fmt.Errorf("%s:1:1: column %q stands twice", s.file, column)
			}
			g.index[field] = i
			break
		}
	}
	if err := g.lacks(s.header); err != nil {
		return err
	}
	var unused []string
	used := slices.Collect(maps.Values(g.index))
	for i, name := range s.header {
		if !slices.Contains(used, i) {
			unused = append(unused, name)
		}
	}
	if len(unused) > 0 {
		g.Head.Notes = append(g.Head.Notes, "1:1: not used are the columns "+Clean(strings.Join(unused, ", ")))
	}
	return nil
}

// jsonColumns finds out what the first rows have. Without a row nothing is missing.
func (g *Tickets) jsonColumns(s *jsonSheet) error {
	const most = 1000
	for s.rows < most && slices.Contains(s.seen, false) {
		_, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	var there []string
	for i, field := range s.fields {
		if s.seen[i] || s.rows == 0 {
			g.index[field] = i
			there = append(there, g.Export.Columns[field].String())
		}
	}
	return g.lacks(there)
}

// lacks notes the columns that are not there, or returns the error of one that is needed.
func (g *Tickets) lacks(header []string) error {
	var missing []string
	for _, field := range slices.Sorted(maps.Keys(g.Export.Columns)) {
		names := g.Export.Columns[field]
		_, there := g.index[field]
		switch {
		case there || slices.Contains(quiet, field):
		case !fields[field].needed && g.Export.Rows == "tickets":
			missing = append(missing, names[0]) // a flat export leaves out what it does not have
		default:
			return fmt.Errorf("%s:1:1: %w %q for %s: there are %s", g.source.Name, ErrColumn, names.String(), field, Clean(fmt.Sprintf("%q", header)))
		}
	}
	if len(missing) > 0 {
		g.Head.Notes = append(g.Head.Notes, "1:1: there are no columns "+strings.Join(missing, ", "))
	}
	return nil
}

// Survey finds the numbers that come again, and the last instant. It keeps 8 bytes a ticket. The file is read once, and once more where the last instant is
// of a ticket whose number comes again. Level is that of the rules ([sla.Rules.Level]), for impacts that change on the way.
//
// It returns an error if the file cannot be read to its end.
func (g *Tickets) Survey(level func(priority.Ticket) (priority.Level, error)) error {
	g.level = level
	r := g.reader(g.newest, func(Reject) {})
	r.surveys, r.sums = true, true
	if err := r.pass(); err != nil {
		return err
	}
	g.sum = r.Sum
	slices.Sort(r.numbers)
	g.twice = map[uint64]bool{}
	for i, n := range r.numbers {
		if i > 0 && n == r.numbers[i-1] {
			g.twice[n] = true
		}
	}
	if !g.twice[maphash.String(g.seed, g.Last.Number)] {
		return nil
	}
	// The last instant may be one of a ticket that does not count after all.
	g.Latest, g.Last = time.Time{}, Placed{}
	return g.reader(g.newest, func(Reject) {}).pass()
}

func (g *Tickets) newest(t Placed) error {
	if t.Latest.After(g.Latest) {
		g.Latest, g.Last = t.Latest, t
	}
	return nil
}

// Read reads the file, after [Tickets.Survey], and passes its tickets on. Bad rows do not stop it. An error of ticket says that it cannot be judged: it is
// counted as rejected, and listed with its place; ticket itself tells whoever else must know.
//
// It returns an error if the file cannot be read to its end, or is another than was surveyed: [ErrChanged].
func (g *Tickets) Read(ticket func(Placed) error, reject func(Reject)) (*Evidence, error) {
	r := g.reader(ticket, reject)
	r.sums = true
	err := r.pass()
	if err == nil && r.Sum != g.sum {
		err = fmt.Errorf("%s: %w", r.File, ErrChanged)
	}
	return &r.Evidence, err
}

func (g *Tickets) reader(ticket func(Placed) error, reject func(Reject)) *reader {
	head := g.Head
	head.Notes = slices.Clone(head.Notes)
	return &reader{
		Tickets: g, Evidence: head, give: ticket, reject: reject,
		seen: map[string]int{}, held: map[string]*heldTicket{}, said: map[string]string{},
	}
}

type reader struct {
	*Tickets
	Evidence
	give    func(Placed) error
	reject  func(Reject)
	surveys bool
	sums    bool
	numbers []uint64               // hashes, of a survey
	seen    map[string]int         // line of a number that comes again
	held    map[string]*heldTicket // by number
	order   []string               // of those held
	said    map[string]string      // of the events of a ticket so far, by field
	started place                  // of the event that started the last ticket
	waited  int                    // tickets that waited, nobody knows when
}

// accepted passes a ticket on.
func (r *reader) accepted(t Placed) {
	err := r.give(t)
	if err == nil {
		r.Evidence.Read++
		return
	}
	r.BadRows++
	r.Rejected++
	r.Dropped += t.Rows - 1
	r.note(err, place{t.Line, t.Column})
}

// rejected counts a ticket that turned out to be bad, in so many of its rows, and passes it on.
func (r *reader) rejected(t Placed, bad int, err error) {
	r.Rejected++
	r.Dropped += t.Rows - bad
	r.note(err, place{t.Line, t.Column})
	r.reject(Reject{t.Kind, sla.NotJudged{Number: t.Number, Received: t.Received, Err: err}})
}

// note keeps the first of what is wrong, each where it stands, or else there.
func (e *Evidence) note(err error, there place) {
	for _, fault := range faultsOf(err) {
		if len(e.Faults) == MaxFaults {
			e.MoreFaults++
			continue
		}
		placed := *fault
		if placed.Line == 0 {
			placed.Line, placed.Column = there.line, there.column
		}
		e.Faults = append(e.Faults, printed(&placed))
	}
}

// pass reads the file once.
func (r *reader) pass() error {
	in, err := r.source.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it is only read
	sheet, _, err := openSheet(r.Export, r.File, in, r.sums)
	if err != nil {
		return err
	}
	if r.Export.Rows == "changes" {
		sheet = r.fieldLog(sheet)
	}
	lines := newAhead(sheet)
	defer lines.close()
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
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		row := row{line: line, ticket: priority.Ticket{Kind: r.Export.Kind}}
		r.Rows++
		r.parse(&row)
		switch {
		case r.Export.Rows == "tickets" || len(block) > 0 && row.number != "" && row.number != block[0].number:
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
	if r.waited > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("1:1: %d tickets waited at times that the file does not tell: no pause is made of it", r.waited))
	}
	if r.sums {
		r.Sum, err = sheet.hash()
	}
	return err
}

// A heldTicket is one of an event log whose number comes again: none of its parts is the whole.
type heldTicket struct {
	Placed
	bad    int // rows
	faults []error
}

// release passes on what was held.
func (r *reader) release() {
	for _, number := range r.order {
		switch held := r.held[number]; {
		case len(held.faults) > 0:
			r.rejected(held.Placed, held.bad, errors.Join(held.faults...))
		default:
			r.accepted(held.Placed)
		}
	}
}

// row is a line of the file, and what its cells say.
type row struct {
	line
	faults []error

	number   string
	state    string // new, work or pause
	at       time.Time
	closed   time.Time
	ticket   priority.Ticket
	rawState string
	latest   time.Time
}

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

// text is a cell's text, which may be needed.
func (r *reader) text(w *row, field string, needed bool) string {
	s, at, there := r.cell(w, field)
	if s == "" && needed && there {
		w.fault(at, field, "", ErrMissing)
	}
	return s
}

// instant is a cell's instant, where it is one of its own.
func (r *reader) instant(w *row, field string, needed bool) time.Time {
	s := r.text(w, field, needed)
	if _, after := r.Export.Delays[field]; after || s == "" {
		return time.Time{}
	}
	t, err := instant(s, r.Export.Layouts, r.wall)
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

// class is a cell's class.
func (r *reader) class(w *row, field string) int {
	s := r.text(w, field, false)
	if s == "" {
		return 0
	}
	values := r.Export.Values[field]
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

// kind is a cell's kind, or that of all tickets.
func (r *reader) kind(w *row) priority.Kind {
	s := r.text(w, "kind", r.Export.Rows != "changes" || r.Export.Kind == "") // a log need not say what most are
	switch kind, known := r.Export.Kinds[s]; {
	case known:
		return kind
	case s != "" && r.Export.Kinds != nil:
		_, at, _ := r.cell(w, "kind")
		w.fault(at, "kind", s, fmt.Errorf("%w: known are %q", ErrCell, slices.Sorted(maps.Keys(r.Export.Kinds))))
		return r.Export.Kind
	}
	return cmp.Or(priority.Kind(s), r.Export.Kind)
}

// parse reads the cells of a row. It goes on after a fault, so that all are found.
func (r *reader) parse(w *row) {
	if w.line.fault != nil {
		w.fault(w.line.at, "", "", w.line.fault)
	}
	if w.cells == nil {
		return
	}
	if w.line.fault != nil && !errors.Is(w.line.fault, ErrDiffers) {
		_, w.ticket.Protected = r.index["protected"] // its cells may be others than they seem
	}
	w.number = r.text(w, "number", true)
	protected := w.ticket.Protected
	w.ticket = priority.Ticket{
		Protected: protected, Number: w.number, Kind: r.kind(w),
		Class: r.text(w, "class", false), Provider: r.text(w, "provider", false),
		Impact: r.class(w, "impact"), Urgency: r.class(w, "urgency"), Priority: priority.Level(r.class(w, "priority")),
		Occurred: r.instant(w, "occurred", false), Received: r.instant(w, "received", r.Export.Rows == "tickets"), Started: r.instant(w, "started", false),
		Resolved: r.instant(w, "resolved", false), ReportedBack: r.instant(w, "reported_back", false),
	}
	w.closed = r.instant(w, "closed", false)
	if from := r.instant(w, "paused_from", false); !from.IsZero() {
		w.ticket.Pauses = []servicetime.Pause{{From: from}}
	}
	r.delays(w)
	if s := r.text(w, "protected", false); s != "" {
		is, err := yesOrNo(s)
		w.ticket.Protected = protected || is || err != nil // until somebody knows
		if err != nil {
			_, at, _ := r.cell(w, "protected")
			w.fault(at, "protected", "", err)
		}
	}
	if r.Export.isLog() {
		w.at = r.instant(w, "at", true)
		if w.rawState = r.text(w, "state", r.Export.Rows == "events"); w.rawState != "" {
			if w.state = r.Export.States[w.rawState]; w.state == "" {
				_, at, _ := r.cell(w, "state")
				w.fault(at, "state", w.rawState, fmt.Errorf("%w: known are %q", ErrCell, slices.Sorted(maps.Keys(r.Export.States))))
			}
		}
	}
}

// delays reads the instants that are told as seconds after another, and how long the ticket waited.
func (r *reader) delays(w *row) {
	if _, waits := r.index["waited"]; len(r.Export.Delays) == 0 && !waits {
		return // as most
	}
	of := map[string]*time.Time{
		"occurred": &w.ticket.Occurred, "received": &w.ticket.Received, "started": &w.ticket.Started,
		"resolved": &w.ticket.Resolved, "reported_back": &w.ticket.ReportedBack, "closed": &w.closed,
	}
	seconds := func(field string) time.Duration {
		s, at, _ := r.cell(w, field)
		if s == "" {
			return 0
		}
		d, err := delay(s)
		if err != nil {
			w.fault(at, field, s, err)
		}
		return d
	}
	for _, field := range slices.Sorted(maps.Keys(r.Export.Delays)) {
		after, d := r.Export.Delays[field], seconds(field)
		if d == 0 || of[after].IsZero() {
			continue
		}
		t := of[after].Add(d)
		if t.Year() > 2200 {
			s, at, _ := r.cell(w, field)
			w.fault(at, field, s, fmt.Errorf("%w: %w", ErrCell, servicetime.ErrRange))
			continue
		}
		*of[field] = t
		if t.After(w.latest) {
			w.latest = t
		}
	}
	if seconds("waited") > 0 {
		r.waited++
	}
}

// ticket makes a ticket of its rows: one, or all its events.
func (r *reader) ticket(rows []row) {
	first, before := &rows[0], r.BadRows
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
		first.fault(at, "number", number, fmt.Errorf("%w: first at line %d", ErrDuplicate, held.Line))
		held.faults = append(held.faults, r.withhold(first, r.faults(rows))...)
		held.Rows += len(rows)
		held.bad += r.BadRows - before
		return
	}
	if again && r.Export.Rows == "tickets" {
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
	if r.Export.isLog() {
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
	placed := Placed{Ticket: t, Line: rows[0].places[0].line, Column: rows[0].places[0].column, Rows: len(rows)}
	for i := range rows {
		if rows[i].latest.After(placed.Latest) {
			placed.Latest = rows[i].latest
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
	case again && r.Export.isLog():
		r.held[number] = &heldTicket{Placed: placed, bad: r.BadRows - before, faults: faults}
		r.order = append(r.order, number)
	case len(faults) > 0:
		r.rejected(placed, r.BadRows-before, errors.Join(faults...))
	default:
		r.accepted(placed)
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
	return []error{fmt.Errorf("%s:%w", r.File, &servicetime.Fault{
		Code: "bad_request", Line: at.line, Column: at.column, Err: fmt.Errorf("%w (%s)", ErrProtected, strings.Join(names, ", ")),
	})}
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

// StopAtResolved changes the rules that stop at reporting back, and reports whether there were any: for evidence that has no such instant (§3.1.2).
func StopAtResolved(a *sla.Agreement) bool {
	changed := false
	for _, rules := range []*sla.TicketRules{a.Incidents, a.Problems} {
		if rules != nil && rules.StopsAt == priority.AtReportedBack {
			rules.StopsAt = priority.AtResolved
			changed = true
		}
	}
	return changed
}

// DropResponses takes the targets for responses out of the rules, and reports whether there were any: where the evidence has no start of work, nobody knows whether a
// response was in time.
func DropResponses(a *sla.Agreement) bool {
	changed := false
	for _, rules := range []*sla.TicketRules{a.Incidents, a.Orders, a.Problems} {
		if rules == nil {
			continue
		}
		for name, targets := range rules.Targets {
			changed = changed || !targets.Response.IsZero()
			targets.Response = servicetime.Target{}
			rules.Targets[name] = targets
		}
	}
	return changed
}
