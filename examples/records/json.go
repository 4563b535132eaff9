package records

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonSheet is a file of JSON: an array of objects, or an object with a member that is one. It is read token by token; a row is an object, and its cells are
// what stands at the paths that an export names, by field in the order of their names.
type jsonSheet struct {
	*stream
	in     *jsontext.Decoder
	lines  *newlines
	list   string
	fields []string
	wanted map[string][]cellAt
	within map[string]bool // paths that lead to one that is wanted
	seen   []bool          // fields that some row had
	ranks  []int           // of the name that a cell of this row has
	rows   int
}

// A cellAt is what a path is for: a field, and how many names of it are preferred.
type cellAt struct{ cell, rank int }

func openJSON(e *Export, s *stream) (*jsonSheet, error) {
	j := &jsonSheet{
		stream: s, lines: &newlines{in: s}, list: e.List, fields: slices.Sorted(maps.Keys(e.Columns)),
		wanted: map[string][]cellAt{}, within: map[string]bool{},
	}
	j.seen, j.ranks = make([]bool, len(j.fields)), make([]int, len(j.fields))
	for i, field := range j.fields {
		for rank, path := range e.Columns[field] {
			j.wanted[path] = append(j.wanted[path], cellAt{i, rank})
			for at := range path {
				if path[at] == '.' {
					j.within[path[:at]] = true
				}
			}
		}
	}
	// Whatever a name stands twice for, or a text is, is a matter of its row.
	j.in = jsontext.NewDecoder(j.lines, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if top, err := j.in.ReadToken(); err != nil {
		return nil, j.wrong(err)
	} else if top.Kind() == '[' {
		return j, nil
	}
	if j.list == "" {
		return nil, fmt.Errorf("%s:1:1: %w: the file is one JSON object, and the export names no list in it", s.file, ErrColumn)
	}
	for j.in.PeekKind() != '}' {
		name, err := j.in.ReadToken()
		if err != nil {
			return nil, j.wrong(err)
		}
		if name.String() == j.list && j.in.PeekKind() == '[' {
			_, err = j.in.ReadToken()
			return j, j.wrong(err)
		}
		if err := j.skip(); err != nil {
			return nil, j.wrong(err)
		}
	}
	return nil, fmt.Errorf("%s:1:1: %w: the file is one JSON object, and has no list %q", s.file, ErrColumn, j.list)
}

// skip passes over a value of any length.
func (j *jsonSheet) skip() error {
	for depth := j.in.StackDepth(); ; {
		j.row()
		if _, err := j.in.ReadToken(); err != nil {
			return err
		}
		if j.in.StackDepth() <= depth {
			return nil
		}
	}
}

// wrong gives what is wrong with the JSON its place in the file.
func (j *jsonSheet) wrong(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrLong):
		return j.located(j.rows, ErrLong)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s: behind row %d: %w", j.file, j.rows, io.ErrUnexpectedEOF)
	case errors.As(err, &syntax):
		at := j.lines.at(syntax.ByteOffset)
		return fmt.Errorf("%s:%d:%d: not JSON: %w", j.file, at.line, at.column, syntax.Err)
	}
	return j.located(j.rows, err)
}

func (j *jsonSheet) next() (line, error) {
	j.row()
	kind, at := j.peek()
	if kind == ']' {
		if err := j.end(); err != nil {
			return line{}, err
		}
		return line{}, io.EOF
	}
	if kind != '{' {
		if err := j.in.SkipValue(); err != nil {
			return line{}, j.wrong(err)
		}
		j.rows++
		return line{places: []place{at}, fault: fmt.Errorf("%w: a row is an object", ErrCell), at: at}, nil
	}
	l := line{cells: make([]string, len(j.fields)), places: make([]place, len(j.fields))}
	for i := range l.places {
		l.places[i], j.ranks[i] = at, -1
	}
	if err := j.object(&l, ""); err != nil {
		return line{}, j.wrong(err)
	}
	j.rows++
	return l, nil
}

// peek is what comes next, and where it stands.
func (j *jsonSheet) peek() (jsontext.Kind, place) {
	kind := j.in.PeekKind()
	ahead := 0
	for _, c := range j.in.UnreadBuffer() {
		if !strings.ContainsRune(" \t\r\n,:", rune(c)) {
			break
		}
		ahead++
	}
	return kind, j.lines.at(j.in.InputOffset() + int64(ahead))
}

func (j *jsonSheet) object(l *line, path string) error {
	if _, err := j.in.ReadToken(); err != nil {
		return err
	}
	for j.in.PeekKind() != '}' {
		name, err := j.in.ReadToken()
		if err != nil {
			return err
		}
		if err := j.value(l, path+name.String()); err != nil {
			return err
		}
	}
	_, err := j.in.ReadToken()
	return err
}

func (j *jsonSheet) array(l *line, path string) error {
	if _, err := j.in.ReadToken(); err != nil {
		return err
	}
	for i := 0; j.in.PeekKind() != ']'; i++ {
		if err := j.value(l, path+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	_, err := j.in.ReadToken()
	return err
}

// value reads what stands at a path.
func (j *jsonSheet) value(l *line, path string) error {
	kind, at := j.peek()
	cells := j.wanted[path]
	for _, c := range cells {
		j.seen[c.cell] = true
	}
	switch {
	case kind == '{' && j.within[path]:
		return j.object(l, path+".")
	case kind == '[' && j.within[path]:
		return j.array(l, path+".")
	case len(cells) == 0:
		return j.in.SkipValue()
	case kind == '{' || kind == '[':
		l.at, l.fault = at, fmt.Errorf("%w: %s is no text, number, true or false", ErrCell, path)
		return j.in.SkipValue()
	}
	token, err := j.in.ReadToken()
	if err != nil {
		return err
	}
	text := ""
	if kind != 'n' {
		text = token.String()
	}
	for _, c := range cells {
		switch rank := j.ranks[c.cell]; {
		case rank == c.rank:
			l.at, l.fault = at, fmt.Errorf("%w: %s stands twice", ErrCell, path)
		case rank < 0 || text != "" && (c.rank < rank || l.cells[c.cell] == ""):
			l.cells[c.cell], l.places[c.cell], j.ranks[c.cell] = text, at, c.rank
		}
	}
	return nil
}

// end reads what is behind the rows.
func (j *jsonSheet) end() error {
	for {
		j.row()
		token, err := j.in.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && j.in.StackDepth() == 0:
			return nil
		case err != nil:
			return j.wrong(err)
		case token.Kind() == '"' && token.String() == j.list && j.in.StackDepth() == 1 && j.isName():
			return fmt.Errorf("%s: behind row %d: %s stands twice", j.file, j.rows, j.list)
		case j.in.StackDepth() == 0:
			// The top is closed: nothing may follow.
			if _, err := j.in.ReadToken(); !errors.Is(err, io.EOF) {
				return fmt.Errorf("%s: behind row %d: text behind the end", j.file, j.rows)
			}
			return nil
		}
	}
}

// isName reports whether the last token was the name of a member.
func (j *jsonSheet) isName() bool {
	_, n := j.in.StackIndex(j.in.StackDepth())
	return n%2 == 1
}

// newlines counts the lines of a text as it is read. It remembers those that are read ahead.
type newlines struct {
	in    io.Reader
	read  int64
	ahead []int64 // offsets of what follows a line end
	line  int
	from  int64 // of the line
}

func (n *newlines) Read(b []byte) (int, error) {
	count, err := n.in.Read(b)
	for i, c := range b[:count] {
		if c == '\n' {
			n.ahead = append(n.ahead, n.read+int64(i)+1)
		}
	}
	n.read += int64(count)
	return count, err
}

// at is the place of an offset, which is not before one that was asked for.
func (n *newlines) at(offset int64) place {
	passed := 0
	for passed < len(n.ahead) && n.ahead[passed] <= offset {
		n.from = n.ahead[passed]
		passed++
	}
	n.ahead = n.ahead[passed:]
	n.line += passed
	return place{n.line + 1, int(max(offset-n.from, 0)) + 1}
}
