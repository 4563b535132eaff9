package records

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// changeFields are the columns of a log in which a row is a change of one field of a ticket, with whether it needs them.
var changeFields = map[string]bool{"number": true, "at": true, "field": true, "old": false, "new": true}

// A fieldLog makes events of such a log: of each of its rows what the ticket was like from then on. Impact, urgency, priority and state are those of the instant, and
// what is not said again and again as it was last: a ticket has one resolution.
type fieldLog struct {
	sheet
	raw    map[string]int   // the columns of the file
	cells  map[string][]int // name in the column field → cells of an event
	varies []bool           // cells that change
	stamp  int              // the cell of the receipt where no field tells it, which is then that of the first row; else −1
	when   func(string) time.Time

	events []line // of the ticket at hand, not yet passed on
	ahead  line   // the first row of the next
	more   bool   // there is one
	end    error  // behind it
}

// layout gives the fields of a log's events their cells: number and at, then the others by name.
func (e *Export) layout() map[string]int {
	index := map[string]int{"number": 0, "at": 1}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		index[field] = len(index)
	}
	if _, told := index["received"]; !told {
		index["received"] = len(index)
	}
	return index
}

// fieldLog reads a sheet as a log of changes.
func (g *Tickets) fieldLog(s sheet) *fieldLog {
	l := &fieldLog{sheet: s, raw: g.raw, cells: map[string][]int{}, varies: make([]bool, len(g.index)), stamp: -1}
	for field, names := range g.Export.Fields {
		for _, name := range names {
			l.cells[name] = append(l.cells[name], g.index[field])
		}
		l.varies[g.index[field]] = slices.Contains([]string{"impact", "urgency", "priority", "state", "protected"}, field)
	}
	if _, told := g.Export.Fields["received"]; !told {
		l.stamp = g.index["received"]
	}
	l.when = func(text string) time.Time {
		t, _ := instant(text, g.Export.Layouts, g.wall) // the row's fault is told when it is parsed
		return t
	}
	return l
}

// next returns the next event; a row that has none passes as it is.
func (l *fieldLog) next() (line, error) {
	for len(l.events) == 0 {
		if l.end != nil {
			return line{}, l.end
		}
		if err := l.ticket(); err != nil {
			return line{}, err
		}
	}
	event := l.events[0]
	l.events = l.events[1:]
	return event, nil
}

// ticket reads the rows of a ticket, which stand together.
func (l *fieldLog) ticket() error {
	var rows []line
	if l.more {
		rows, l.more = append(rows, l.ahead), false
	}
	for {
		row, err := l.sheet.next()
		if errors.Is(err, io.EOF) {
			l.end = io.EOF
			break
		}
		if err != nil {
			return err
		}
		if row.cells == nil { // nobody knows whose it is
			l.events = append(l.events, row)
			continue
		}
		if len(rows) > 0 && l.text(&row, "number") != l.text(&rows[0], "number") {
			l.ahead, l.more = row, true
			break
		}
		rows = append(rows, row)
	}
	l.events = append(l.replay(rows), l.events...)
	return nil
}

func (l *fieldLog) text(row *line, column string) string {
	i, there := l.raw[column]
	if !there || i >= len(row.cells) || row.fault != nil && column != "number" && column != "at" { // what a bad row says is not believed
		return ""
	}
	return strings.TrimSpace(row.cells[i])
}

func (l *fieldLog) place(row *line, column string) place {
	if i, there := l.raw[column]; there && i < len(row.places) {
		return row.places[i]
	}
	return row.places[0]
}

// replay makes events of a ticket's rows, in the order of time.
func (l *fieldLog) replay(rows []line) []line {
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b line) int {
		x, y := l.when(l.text(&a, "at")), l.when(l.text(&b, "at"))
		if x.IsZero() || y.IsZero() {
			return 0 // one is no instant: its row is bad, and so the ticket
		}
		return x.Compare(y)
	})
	// How each field began: as its first change says, and else with what that made of it.
	now := make([]string, len(l.varies))
	known := make([]bool, len(l.varies))
	last := make([]string, len(l.varies))
	for i := range rows {
		for _, cell := range l.cells[l.text(&rows[i], "field")] {
			last[cell] = l.text(&rows[i], "new")
			if !known[cell] {
				known[cell], now[cell] = true, cmp.Or(l.text(&rows[i], "old"), last[cell])
			}
		}
	}
	if l.stamp >= 0 {
		last[l.stamp] = l.text(&rows[0], "at")
	}
	for cell, varies := range l.varies {
		if !varies {
			now[cell] = last[cell]
		}
	}
	var events []line
	for from := 0; from < len(rows); {
		at := l.when(l.text(&rows[from], "at"))
		to := from
		for to < len(rows) && l.when(l.text(&rows[to], "at")).Equal(at) {
			to++
		}
		faults := make([]error, to-from)
		for i := from; i < to; i++ { // what is written at one instant holds together
			for _, cell := range l.cells[l.text(&rows[i], "field")] {
				if !l.varies[cell] {
					continue
				}
				if old := l.text(&rows[i], "old"); old != "" && old != now[cell] {
					faults[i-from] = fmt.Errorf("%w: old %q, and it was %q", ErrDiffers, Clean(old), Clean(now[cell]))
				}
				now[cell] = l.text(&rows[i], "new")
			}
		}
		for i := from; i < to; i++ {
			events = append(events, l.event(&rows[i], now, faults[i-from]))
		}
		from = to
	}
	return events
}

// event is what a ticket is like behind a row.
func (l *fieldLog) event(row *line, now []string, fault error) line {
	event := line{cells: slices.Clone(now), places: make([]place, len(now)), fault: row.fault, at: row.at}
	if fault != nil {
		event.fault, event.at = fault, l.place(row, "old")
	}
	for cell := range event.places {
		event.places[cell] = l.place(row, "at")
	}
	event.cells[0], event.places[0] = l.text(row, "number"), l.place(row, "number")
	event.cells[1] = l.text(row, "at")
	for _, cell := range l.cells[l.text(row, "field")] {
		event.places[cell] = l.place(row, "new")
	}
	return event
}

// checkFields checks what a description says of a log of changes.
func (e *Export) checkFields(name string) error {
	for _, column := range slices.Sorted(maps.Keys(e.Columns)) {
		if _, known := changeFields[column]; !known {
			return fmt.Errorf("export %s: columns.%s: rows that are changes have no such field: they have number, at, field, old and new", name, column)
		}
	}
	for _, column := range slices.Sorted(maps.Keys(changeFields)) {
		if changeFields[column] && len(e.Columns[column]) == 0 {
			return fmt.Errorf("export %s: columns.%s: missing", name, column)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		if f, known := fields[field]; !known || !f.ofEvents || field == "number" || field == "at" {
			return fmt.Errorf("export %s: fields.%s: a ticket has no such field that changes", name, field)
		}
		if len(e.Fields[field]) == 0 || slices.Contains(e.Fields[field], "") {
			return fmt.Errorf("export %s: fields.%s: a name is missing", name, field)
		}
	}
	if len(e.Fields["state"]) == 0 {
		return fmt.Errorf("export %s: fields.state: missing", name)
	}
	return nil
}
