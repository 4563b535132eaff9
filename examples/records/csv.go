package records

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A csvSheet is a file of CSV, separated by commas or semicolons.
type csvSheet struct {
	*stream
	lines  *csv.Reader
	header []string
	rows   int
}

// openCSV finds out about line ends and separator, and reads the header.
func openCSV(s *stream) (*csvSheet, error) {
	head, err := s.Peek(readAhead)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	first, _, isLine := bytes.Cut(head, []byte("\n"))
	if at := bytes.IndexByte(first, '\r'); at >= 0 && at < len(first)-1 || at >= 0 && !isLine {
		return nil, fmt.Errorf("%s:1:%d: lines end in CR alone: save the file with LF or CRLF", s.file, at+1)
	}
	c := &csvSheet{stream: s, lines: csv.NewReader(s.Reader)}
	c.lines.FieldsPerRecord = -1
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		c.lines.Comma = ';'
		s.notes = append(s.notes, "1:1: cells are separated by semicolons")
	}
	header, err := c.lines.Read()
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s:1:1: the file is empty: a header is needed", s.file)
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("%s:%d:%d: header: %w", s.file, syntax.Line, syntax.Column, syntax.Err)
	case err != nil:
		return nil, fmt.Errorf("%s: header: %w", s.file, err)
	}
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
	}
	c.header = header
	return c, nil
}

func (c *csvSheet) next() (line, error) {
	c.row()
	cells, err := c.lines.Read()
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return line{}, io.EOF
	case errors.As(err, &syntax):
		// A quote that is not closed swallows line after line: what follows is not known, so nothing is.
		if syntax.Line > syntax.StartLine {
			return line{}, fmt.Errorf("%s:%d:1: a quote is opened in this row and not closed as it should be: lines to %d cannot be read: %w", c.file, syntax.StartLine, syntax.Line, syntax.Err)
		}
		c.rows++
		at := place{syntax.Line, syntax.Column}
		return line{places: []place{at}, fault: fmt.Errorf("%w: %w", ErrCell, syntax.Err), at: at}, nil
	case err != nil:
		return line{}, c.located(c.rows, err)
	}
	c.rows++
	l := line{cells: cells, places: make([]place, len(cells))}
	for i := range cells {
		l.places[i].line, l.places[i].column = c.lines.FieldPos(i)
	}
	if len(cells) != len(c.header) {
		l.at, l.fault = l.places[0], fmt.Errorf("%w: %d cells, the header has %d", ErrCell, len(cells), len(c.header))
	}
	return l, nil
}
