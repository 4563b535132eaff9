package records

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/examples/calls"
	"example.com/sla/priority"
)

// ErrBadRows is the cause where bad rows are an error.
var ErrBadRows = errors.New("bad rows")

// ErrNothing is the cause where no file is one of records.
var ErrNothing = errors.New("no records")

const ticketsKind = "tickets"

// kinds are the files of a folder by their names, in the order in which they are read. Without those that are not part of it a report is whole too.
var kinds = []struct {
	name string
	part bool
}{
	{ticketsKind, true},
	{"outages", true},
	{"disturbances", false},
	{"windows", false}, // those of changes stand there
	{"changes", true},
	{"calls", true},
	{"users", false},
	{"disruptions", true},
	{"backups", true},
	{"tests", true},
}

// exportName is the description of the tickets beside it.
const exportName = "tickets.export.json"

// Options are how a folder is read. The zero value is as its files say.
type Options struct {
	// Export is the description of the tickets, a name or a file; empty is tickets.export.json beside them, else the first built in whose columns they have.
	Export string
	// Zone is that of local times of tickets, if it is not empty.
	Zone string
	// Strict makes bad rows an error.
	Strict bool
}

// A Folder is the files of records, which [Folder.Feed] reads.
type Folder struct {
	// Tickets are nil without such a file. What they lack is known, and after [Folder.Survey] their last instant.
	Tickets *Tickets

	options    Options
	sources    map[string]Source // by kind
	export     string            // the description beside the tickets
	given      []priority.Ticket // where there is no file of them; nil is none known
	unused     []string
	moreUnused int
	surveyed   bool
}

// Open finds the files of records by their names, in folders or as files: tickets.csv, tickets.json, and as CSV outages, disturbances, windows, changes, calls, users,
// disruptions, backups and tests; each may be gzip, with .gz behind its name. tickets.export.json says what the columns of the tickets mean. Of the tickets it
// reads the header.
//
// It returns an error if:
//   - a path does not exist, or what has the name of such a file is none;
//   - two files are of one kind;
//   - there is none: [ErrNothing];
//   - the tickets or their description cannot be read: see [Inspect] and [LoadExport].
func Open(o Options, paths ...string) (*Folder, error) {
	f := &Folder{options: o, sources: map[string]Source{}}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if kind := kindOf(path); !info.IsDir() || kind != "" {
			if err := f.add(path); err != nil {
				return nil, err
			}
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if err := f.add(filepath.Join(path, entry.Name())); err != nil {
				return nil, err
			}
		}
	}
	if len(f.sources) == 0 {
		return nil, fmt.Errorf("%w: %s: known are %s", ErrNothing, strings.Join(paths, ", "), "tickets.csv, tickets.json, outages.csv, disturbances.csv, windows.csv, changes.csv, calls.csv, users.csv, disruptions.csv, backups.csv, tests.csv, each also with .gz")
	}
	return f, f.inspect()
}

// inspect reads the header of the tickets.
func (f *Folder) inspect() (err error) {
	source, there := f.sources[ticketsKind]
	export := f.export
	if export != "" && (!there || f.options.Export != "") {
		f.notUsed(export)
		export = ""
	}
	if there {
		if f.Tickets, err = InspectAs(cmp.Or(f.options.Export, export), f.options.Zone, source); err != nil {
			return &FileError{ticketsKind, err}
		}
	}
	return nil
}

// kindOf is the kind of records that a file has by its name, "" for another.
func kindOf(path string) string {
	name := filepath.Base(path)
	if name == exportName {
		return exportName
	}
	name = strings.TrimSuffix(name, ".gz")
	for _, kind := range kinds {
		if name == kind.name+".csv" || name == "tickets.json" && kind.name == ticketsKind {
			return kind.name
		}
	}
	return ""
}

// add takes a file in.
func (f *Folder) add(path string) error {
	kind := kindOf(path)
	if kind == "" {
		f.notUsed(path)
		return nil
	}
	info, err := os.Stat(path) // of what a link leads to
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: it is no file", Clean(path))
	case kind == exportName && f.export != "":
		return fmt.Errorf("%s: there is %s too: leave one of them out", Clean(path), Clean(f.export))
	case kind == exportName:
		f.export = path
		return nil
	}
	if other, there := f.sources[kind]; there {
		return fmt.Errorf("%s: there is %s too: leave one of them out", Clean(path), other.path)
	}
	open := func() (io.ReadCloser, error) { return calls.Open(path, os.Stderr) }
	if kind == ticketsKind { // which are read several times
		open = func() (io.ReadCloser, error) { return os.Open(path) }
	}
	f.sources[kind] = Source{Name: Clean(filepath.Base(path)), Open: open, path: Clean(path)}
	return nil
}

func (f *Folder) notUsed(path string) {
	const most = 100
	if len(f.unused) == most {
		f.moreUnused++
		return
	}
	f.unused = append(f.unused, Clean(filepath.Base(path)))
}

// A FileError is the error of a file that cannot be read, with its kind. Its text is that of the error, which names the file.
type FileError struct {
	Kind string
	Err  error
}

func (e *FileError) Error() string { return e.Err.Error() }

// Unwrap returns the error.
func (e *FileError) Unwrap() error { return e.Err }

// Survey reads the tickets once, for the last instant that they name, zero if there is none. Feed does it else.
//
// Its errors are those of [Tickets.Survey].
func (f *Folder) Survey(rules *sla.Rules) (last time.Time, err error) {
	if f.Tickets == nil {
		for i := range f.given {
			last = later(last, lastOf(&f.given[i]))
		}
		return last, nil
	}
	if !f.surveyed {
		f.surveyed = true
		if err = f.Tickets.Survey(rules.Level); err != nil {
			return last, &FileError{ticketsKind, err}
		}
	}
	return f.Tickets.Latest, nil
}

// Feed reads the files and counts each record in each of the months, which are of those rules. No record is kept. Each file is read once, and tickets and
// changes twice; tickets three times where the last instant is of one whose number comes again. Of a file of outages without a bad row the months learn that
// there were no others ([sla.Month.Observed]). Judged, if it is not nil, is given each ticket that has a judgement as well, for what a month does not count, such as a
// [sla.Sensitivity].
//
// It returns an error:
//   - a [FileError] if a file cannot be read to its end, has no header, or lacks a column that is needed or has one twice, or changes while it is read ([ErrChanged]): what the months have counted is
//     then of no use;
//   - wrapping [ErrBadRows], with the quality, if Strict is set and there are any.
func (f *Folder) Feed(rules *sla.Rules, months []*sla.Month, judged func(priority.Ticket)) (*Quality, error) {
	fd, err := newFeed(f, rules, months, judged)
	if err != nil {
		return nil, err
	}
	q := &Quality{Unused: f.unused, MoreUnused: f.moreUnused}
	for _, kind := range kinds {
		source, there := f.sources[kind.name]
		switch {
		case kind.name == ticketsKind && f.given != nil:
			file := File{Name: kind.name, Kind: kind.name}
			if err := fd.givenTickets(&file); err != nil {
				return nil, err
			}
			q.Files = append(q.Files, file)
			continue
		case !there && kind.part:
			q.Missing = append(q.Missing, kind.name)
		}
		if !there {
			continue
		}
		file := File{Name: source.Name, Kind: kind.name}
		if err := fd.read(source, &file); err != nil {
			return nil, &FileError{kind.name, err}
		}
		q.Files = append(q.Files, file)
	}
	if f.options.Strict && q.Bad() > 0 {
		return q, q.refuse()
	}
	return q, nil
}

// refuse is the error of Strict: as many bad rows as a person reads.
func (q *Quality) refuse() error {
	const most = 20
	var lines []string
	more := int64(0)
	for i := range q.Files {
		f := &q.Files[i]
		for _, fault := range f.Faults {
			lines = append(lines, f.Name+":"+fault.String())
		}
		more += f.MoreFaults
	}
	if len(lines) > most {
		more += int64(len(lines) - most)
		lines = lines[:most]
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	return fmt.Errorf("%d %w, and they are to be an error:\n%s", q.Bad(), ErrBadRows, strings.Join(lines, "\n"))
}
