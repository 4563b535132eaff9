package records

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// A column of a file of records: its name, which is that of the field in JSON, whether each row needs it, and what its text, which is not empty, does to a
// record.
type column[T any] struct {
	name   string
	needed bool
	read   func(record *T, text string) error
}

// A recordRow is a row of such a file.
type recordRow[T any] struct {
	record T
	line   line
	index  map[string]int // of the columns
	faults []error
}

// cell is the text of a column, and where it stands.
func (w *recordRow[T]) cell(name string) (string, place) {
	i, there := w.index[name]
	if !there || i >= len(w.line.cells) {
		return "", w.line.places[0]
	}
	return strings.TrimSpace(w.line.cells[i]), w.line.places[i]
}

func (w *recordRow[T]) fault(name string, err error) {
	text, at := w.cell(name)
	w.faults = append(w.faults, &servicetime.Fault{Path: name, Code: "bad_request", Value: text, Line: at.line, Column: at.column, Err: err})
}

// contradicts takes over the faults of a record, each where its field stands.
func (w *recordRow[T]) contradicts(err error) {
	for _, fault := range faultsOf(err) {
		placed := *fault
		placed.Path = placed.Path[strings.LastIndexByte(placed.Path, '.')+1:]
		_, at := w.cell(placed.Path)
		placed.Line, placed.Column = at.line, at.column
		w.faults = append(w.faults, &placed)
	}
}

// faultsOf takes apart what [errors.Join] put together. What is no fault of data is one without a path.
func faultsOf(err error) []*servicetime.Fault {
	if err == nil {
		return nil
	}
	if joined, is := err.(interface{ Unwrap() []error }); is {
		var faults []*servicetime.Fault
		var texts []string
		for _, one := range joined.Unwrap() {
			faults = append(faults, faultsOf(one)...)
			texts = append(texts, one.Error())
		}
		if strings.Join(texts, "\n") == err.Error() { // and not one text with several causes
			return faults
		}
	}
	var fault *servicetime.Fault
	if errors.As(err, &fault) && (fault.Line > 0 || fault.Error() == err.Error()) { // alone, or with the name of its file before it
		return []*servicetime.Fault{fault}
	}
	return []*servicetime.Fault{{Code: "bad_request", Err: err}}
}

// readRows reads a file of CSV row by row, the bad ones too.
//
// It returns an error if the file cannot be unpacked or read to its end, has no header, lacks a column that is needed or has one twice.
func readRows[T any](file *File, in io.Reader, columns []column[T], each func(*recordRow[T])) error {
	s, err := openStream(file.Name, in, sha256.New())
	if err != nil {
		return err
	}
	sheet, err := openCSV(s)
	if err != nil {
		return err
	}
	index, notes, err := indexOf(file.Name, sheet.header, columns)
	if err != nil {
		return err
	}
	file.Notes = append(slices.Clone(s.notes), notes...)
	for {
		l, err := sheet.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		row := &recordRow[T]{line: l, index: index}
		switch {
		case l.fault != nil:
			row.faults = []error{&servicetime.Fault{Code: "bad_request", Line: l.at.line, Column: l.at.column, Err: l.fault}}
		default:
			parse(row, columns)
		}
		each(row)
	}
	file.SHA256, err = s.hash()
	return err
}

// parse reads the cells of a row. It goes on after a fault, so that all are found.
func parse[T any](row *recordRow[T], columns []column[T]) {
	for i := range columns {
		c := &columns[i]
		text, _ := row.cell(c.name)
		if text == "" {
			if c.needed {
				row.fault(c.name, ErrMissing)
			}
			continue
		}
		if err := c.read(&row.record, text); err != nil {
			row.fault(c.name, err)
		}
	}
}

// indexOf finds the columns in a header.
func indexOf[T any](file string, header []string, columns []column[T]) (index map[string]int, notes []string, err error) {
	index = map[string]int{}
	var missing, unused []string
	for _, c := range columns {
		i := slices.Index(header, c.name)
		switch {
		case i < 0 && c.needed:
			return nil, nil, fmt.Errorf("%s:1:1: %w %q: there are %s", file, ErrColumn, c.name, Clean(fmt.Sprintf("%q", header)))
		case i < 0:
			missing = append(missing, c.name)
			continue
		case slices.Contains(header[i+1:], c.name):
			return nil, nil, fmt.Errorf("%s:1:1: column %q stands twice", file, c.name)
		}
		index[c.name] = i
	}
	for _, name := range header {
		if _, used := index[name]; !used {
			unused = append(unused, name)
		}
	}
	if len(missing) > 0 {
		notes = append(notes, "1:1: there are no columns "+strings.Join(missing, ", "))
	}
	if len(unused) > 0 {
		notes = append(notes, "1:1: not used are the columns "+Clean(strings.Join(unused, ", ")))
	}
	return index, notes, nil
}
