package records

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"time"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/continuity"
	"example.com/sla/examples/calls"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A feed is a folder on its way into months.
type feed struct {
	*Folder
	rules  *sla.Rules
	months []*sla.Month
	judged func(priority.Ticket) // is told of tickets too
	spans  []servicetime.Span
	asOf   []time.Time
	latest int // the month that had the last instant, which most often has the next
	// checks finds what is wrong with records of continuity, whatever is agreed.
	checks continuity.Rule
}

func newFeed(f *Folder, rules *sla.Rules, months []*sla.Month, judged func(priority.Ticket)) (*feed, error) {
	fd := &feed{Folder: f, rules: rules, months: months, judged: judged}
	for _, m := range months {
		r := m.Report()
		fd.spans, fd.asOf = append(fd.spans, r.Span), append(fd.asOf, r.AsOf)
	}
	always, err := servicetime.Compile(servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	fd.checks.Calendar = always
	return fd, err
}

// read reads a file of its kind.
func (f *feed) read(source Source, file *File) error {
	if file.Kind == ticketsKind {
		return f.tickets(file)
	}
	in, err := source.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it is only read
	switch file.Kind {
	case "outages":
		err = readRecords(f, file, in, outageColumns, (*availability.Outage).Check, func(o *availability.Outage) { each(f, (*sla.Month).Outage, *o) },
			func(o *availability.Outage) (from, to time.Time) { return o.From, o.To })
		if err == nil && file.Bad == 0 {
			each(f, (*sla.Month).Observed, &availability.Tally{})
		}
	case "disturbances":
		err = readRecords(f, file, in, disturbanceColumns, (*availability.Outage).Check, func(o *availability.Outage) {
			for _, m := range f.months {
				m.Disturbance(o.From, o.To)
			}
		}, func(o *availability.Outage) (from, to time.Time) { return o.From, o.To })
	case "windows":
		err = readRecords(f, file, in, windowColumns, (*availability.Window).Check, func(w *availability.Window) { each(f, (*sla.Month).Window, *w) },
			func(w *availability.Window) (from, to time.Time) {
				return w.PlannedFrom, later(w.PlannedTo, w.ActualTo)
			})
	case "changes":
		err = f.changes(source, file, in)
	case "calls":
		err = f.calls(file, in)
	case "users":
		err = readRecords(f, file, in, useColumns, func(*use) error { return nil }, f.user,
			func(u *use) (from, to time.Time) { return u.received, u.received })
	case "disruptions":
		err = readRecords(f, file, in, disruptionColumns,
			func(d *continuity.Disruption) error {
				return f.check(continuity.Records{Disruptions: []continuity.Disruption{*d}})
			},
			func(d *continuity.Disruption) { each(f, (*sla.Month).Disruption, *d) },
			func(d *continuity.Disruption) (from, to time.Time) { return d.From, later(d.To, d.Normal) })
	case "backups":
		err = readRecords(f, file, in, backupColumns,
			func(b *continuity.Backup) error { return f.check(continuity.Records{Backups: []continuity.Backup{*b}}) },
			func(b *continuity.Backup) { each(f, (*sla.Month).Backup, *b) },
			func(b *continuity.Backup) (from, to time.Time) {
				return b.DataAt, later(b.DataAt, later(b.DoneAt, b.VerifiedAt))
			})
	case "tests":
		err = readRecords(f, file, in, testColumns,
			func(t *continuity.Test) error { return f.check(continuity.Records{Tests: []continuity.Test{*t}}) },
			func(t *continuity.Test) { each(f, (*sla.Month).Test, *t) },
			func(t *continuity.Test) (from, to time.Time) { return t.At, later(t.At, t.Restored) })
	}
	return err
}

// each tells every month of a record.
func each[T any](f *feed, tell func(*sla.Month, T), record T) {
	for _, m := range f.months {
		tell(m, record)
	}
}

// check finds what a record of continuity contradicts.
func (f *feed) check(r continuity.Records) error {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := f.checks.Judge(r, servicetime.Span{From: day, To: day.AddDate(0, 0, 1)}, day.AddDate(0, 0, 1))
	return err
}

// touches reports whether something of a stretch, which goes on where to is zero, lies in one of the months, and not after as-of.
func (f *feed) touches(from, to time.Time) bool {
	for i, span := range f.spans {
		if from.Before(span.To) && !from.After(f.asOf[i]) && (to.IsZero() || !to.Before(span.From)) {
			return true
		}
	}
	return false
}

// has reports whether an instant lies in one of the months, and not after as-of.
func (f *feed) has(t time.Time) bool {
	in := func(i int) bool {
		return !t.Before(f.spans[i].From) && t.Before(f.spans[i].To) && !t.After(f.asOf[i])
	}
	if f.latest < len(f.spans) && in(f.latest) {
		return true
	}
	for i := range f.spans {
		if in(i) {
			f.latest = i
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// readRecords reads a file in which each row is a record. One that contradicts itself is told to the months, which list it, and is bad.
func readRecords[T any](f *feed, file *File, in io.Reader, columns []column[T], check func(*T) error, tell func(*T), stretch func(*T) (from, to time.Time)) error {
	return readRows(file, in, columns, func(row *recordRow[T]) {
		file.Rows++
		if len(row.faults) > 0 {
			file.bad(row.faults)
			return
		}
		tell(&row.record)
		if err := check(&row.record); err != nil {
			row.contradicts(err)
			file.bad(row.faults)
		} else if f.touches(stretch(&row.record)) {
			file.Counted++
		} else {
			file.Outside++
		}
	})
}

// user counts a call of a user in the months that it lies in.
func (f *feed) user(u *use) {
	for i, m := range f.months {
		if s := f.spans[i]; !u.received.Before(s.From) && u.received.Before(s.To) && !u.received.After(f.asOf[i]) {
			m.User(u.user)
		}
	}
}

// calls reads the log of calls.
func (f *feed) calls(file *File, in io.Reader) error {
	sum := sha256.New()
	raw := io.TeeReader(in, sum)
	var outside int64
	stats, err := calls.Read(raw, calls.Options{}, func(some []performance.Call) error {
		for i := range some {
			if !f.has(some[i].At) {
				outside++
			}
		}
		for _, m := range f.months {
			m.Call(some...)
		}
		return nil
	})
	if err == nil {
		_, err = io.Copy(io.Discard, raw)
	}
	if err != nil {
		var faults []error
		for _, fault := range faultsOf(err) {
			between := ":"
			if fault.Line == 0 {
				between = ": "
			}
			faults = append(faults, fmt.Errorf("%s%s%w", file.Name, between, fault))
		}
		return errors.Join(faults...)
	}
	file.SHA256 = hex.EncodeToString(sum.Sum(nil))
	file.Rows, file.Outside = stats.Rows, outside
	file.Counted = stats.Rows - stats.Bad - outside
	file.Notes = stats.Notes
	for _, fault := range stats.Faults {
		file.Faults = append(file.Faults, printed(fault))
	}
	file.Bad, file.MoreFaults = stats.Bad, stats.MoreFaults
	return nil
}

// tickets judges each ticket as it comes.
func (f *feed) tickets(file *File) error {
	if _, err := f.Survey(f.rules); err != nil {
		return err
	}
	evidence, err := f.Tickets.Read(func(t Placed) error { return f.ticket(file, t) }, f.reject)
	if err != nil {
		return err
	}
	file.SHA256, file.Export = evidence.Sum, f.Tickets.Export.Name
	file.Rows, file.Bad, file.Dropped = int64(evidence.Rows), int64(evidence.BadRows), int64(evidence.Dropped)
	file.Faults, file.MoreFaults = evidence.Faults, int64(evidence.MoreFaults)
	file.Notes = slices.Concat(evidence.Notes, f.Tickets.Export.Notes)
	return nil
}

// ticket judges a ticket. It returns the error if there is no rule for it, of which the months know.
func (f *feed) ticket(file *File, t Placed) error {
	var failed error
	var j sla.Judgement
	var judged time.Time // as of which j is: most often all months have one
	for i, m := range f.months {
		if t.Received.After(f.asOf[i]) {
			m.Judged(t.Ticket, sla.Judgement{})
			continue
		}
		if !f.asOf[i].Equal(judged) {
			if j, failed = f.rules.Judge(t.Ticket, f.asOf[i]); failed != nil && t.Protected { // §4.11
				failed = ErrProtected
			}
			judged = f.asOf[i]
		}
		if err := failed; err != nil { // there is no rule for it
			m.Reject(t.Kind, sla.NotJudged{Number: t.Number, Received: t.Received, Err: fmt.Errorf("%s:%d:%d: %w", file.Name, t.Line, t.Column, err)})
			continue
		}
		m.Judged(t.Ticket, j)
	}
	if failed != nil {
		return failed
	}
	if f.judged != nil {
		f.judged(t.Ticket)
	}
	if f.touches(t.Received, later(t.Resolved, t.ReportedBack)) {
		file.Counted += int64(t.Rows)
	} else {
		file.Outside += int64(t.Rows)
	}
	return nil
}

func (f *feed) reject(r Reject) {
	for _, m := range f.months {
		m.Reject(r.Kind, r.NotJudged)
	}
}

// Causes of bad changes.
var (
	errChangeDiffers = errors.New("differs from what the change's earlier rows say")
	errChangeLong    = errors.New("a change of more than 10,000 rows")
)

// maxWindows is how many rows a change may have.
const maxWindows = 10_000

// changes reads a file in which a change with several windows is several rows, one behind the other, with its number. A number that comes again further on is
// none of a change: nobody knows which is whole.
func (f *feed) changes(source Source, file *File, in io.Reader) error {
	seed := maphash.MakeSeed()
	var numbers []uint64
	last := ""
	if err := readRows(file, in, changeColumns, func(row *recordRow[changeRow]) {
		number, _ := row.cell("number")
		if number != "" && number != last {
			numbers = append(numbers, maphash.String(seed, number))
		}
		last = number
	}); err != nil {
		return err
	}
	first := file.SHA256
	slices.Sort(numbers)
	again := map[uint64]bool{}
	for i, n := range numbers {
		if i > 0 && n == numbers[i-1] {
			again[n] = true
		}
	}
	second, err := source.Open()
	if err != nil {
		return err
	}
	defer func() { _ = second.Close() }() // it is only read
	var block []*recordRow[changeRow]
	over := int64(0) // rows beyond those of the block
	flush := func() {
		if len(block) > 0 {
			f.change(file, block, over)
		}
		block, over = block[:0], 0
	}
	number := ""
	err = readRows(file, second, changeColumns, func(row *recordRow[changeRow]) {
		file.Rows++
		now, _ := row.cell("number")
		if now == "" || now != number {
			flush()
		}
		number = now
		if again[maphash.String(seed, now)] && now != "" {
			row.fault("number", ErrDuplicate)
		}
		if len(block) == maxWindows {
			row.fault("number", errChangeLong)
			over++
			file.bad(row.faults)
			return
		}
		block = append(block, row)
	})
	flush()
	if err == nil && file.SHA256 != first {
		err = fmt.Errorf("%s: %w", file.Name, ErrChanged)
	}
	return err
}

// change counts a change of its rows, of which more were too many.
func (f *feed) change(file *File, rows []*recordRow[changeRow], over int64) {
	var merged changeRow
	said := map[string]string{}
	var placed []*recordRow[changeRow] // by window
	from, to := time.Time{}, time.Time{}
	for _, row := range rows {
		for _, c := range changeColumns[:len(changeColumns)-len(windowColumns)] {
			now, _ := row.cell(c.name)
			switch before := said[c.name]; {
			case now == "" || len(row.line.cells) == 0:
			case before == "":
				said[c.name] = now
				_ = c.read(&merged, now) // its fault is the row's
			case before != now:
				row.fault(c.name, fmt.Errorf("%w: %q", errChangeDiffers, Clean(before)))
			}
		}
		if w := row.record.window; w != (availability.Window{}) {
			merged.Windows = append(merged.Windows, w)
			placed = append(placed, row)
			if from.IsZero() || w.PlannedFrom.Before(from) {
				from = w.PlannedFrom
			}
			to = later(to, later(w.PlannedTo, w.ActualTo))
		}
	}
	readable := over == 0 && !slices.ContainsFunc(rows, func(row *recordRow[changeRow]) bool { return len(row.faults) > 0 })
	if readable {
		for _, fault := range faultsOf(merged.Check()) {
			var i int
			row := rows[0]
			if n, _ := fmt.Sscanf(fault.Path, "windows[%d]", &i); n == 1 && i < len(placed) {
				row = placed[i]
			}
			row.contradicts(fault)
		}
		each(f, (*sla.Month).Change, merged.Change)
	}
	bad := int64(0)
	for _, row := range rows {
		if len(row.faults) > 0 {
			file.bad(row.faults)
			bad++
		}
	}
	if len(placed) == 0 && merged.On.IsValid() {
		from = time.Date(merged.On.Year, merged.On.Month, merged.On.Day, 12, 0, 0, 0, time.UTC)
		to = from
	}
	switch n := int64(len(rows)); {
	case bad > 0 || over > 0:
		file.Dropped += n - bad
	case f.touches(from, to):
		file.Counted += n
	default:
		file.Outside += n
	}
}
