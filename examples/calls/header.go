package calls

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// A header is what the first row says.
type header struct {
	comma byte
	names []string
	roles []role
}

// A role is what a column is for.
type role uint8

const (
	unused role = iota
	received
	persons
	response
	provider
	failure
)

// columns are known by their names.
var columns = []struct {
	name   string
	role   role
	needed bool
}{
	{"received", received, true},
	{"persons", persons, true},
	{"response_ms", response, true},
	{"provider", provider, false},
	{"error", failure, false},
}

// open finds out about compression, encoding and separator, and reads the header.
func open(in io.Reader, size int, stats *Stats) (*splitter, *header, error) {
	buffered := bufio.NewReaderSize(in, 512) // of which a block that is larger makes no use
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(bufio.NewReaderSize(buffered, 1<<16))
		if err != nil {
			return nil, nil, err
		}
		buffered = bufio.NewReaderSize(unzipped, 512)
	}
	s := &splitter{in: buffered, size: size, line: 1}
	switch mark, _ := buffered.Peek(3); {
	case string(mark) == "\ufeff":
		s.bytes, _ = buffered.Discard(3)
		stats.Notes = append(stats.Notes, "a byte order mark, skipped")
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}), bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		return nil, nil, headerFault(1, 1, "", fmt.Errorf("%w but UTF-16: save the file as UTF-8", ErrEncoding))
	}
	h, err := s.header(stats)
	return s, h, err
}

func headerFault(line int64, column int, value string, err error) error {
	return &servicetime.Fault{Path: "header", Code: "bad_request", Value: value, Line: int(line), Column: column, Err: err}
}

// header reads the first row, which gives the splitter its comma.
func (s *splitter) header(stats *Stats) (*header, error) {
	h := &header{}
	for size := s.size; ; size = min(2*size, MaxRow) {
		s.rest = s.fill(s.rest, size)
		for n := lineEnd(s.rest); n > 0; n = lineEnd(s.rest) { // blank lines
			s.rest = s.rest[n:]
			s.line++
		}
		all := s.done != nil || len(s.rest) >= MaxRow
		first, _, whole := bytes.Cut(s.rest, []byte("\n"))
		if !whole && !all {
			continue
		}
		if at := bytes.IndexByte(first, '\r'); at >= 0 && at < len(first)-1 {
			return nil, headerFault(s.line, at+1, "", fmt.Errorf("%w: save the file with lines that end in LF or CRLF", ErrCR))
		}
		if at := bytes.IndexByte(first, 0); at >= 0 {
			return nil, headerFault(s.line, at+1, "", fmt.Errorf("%w: a NUL", ErrEncoding))
		}
		h.comma = ','
		if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
			h.comma = ';'
		}
		t := tokens{buf: s.rest, comma: h.comma}
		switch state := t.row(0); {
		case (state == quoting || state == unended) && !all:
			continue
		case (state == quoting || state == unended) && s.done != nil && !errors.Is(s.done, io.EOF):
			return nil, s.done
		case len(s.rest) == 0:
			return nil, headerFault(1, 1, "", fmt.Errorf("%w: the file is empty", ErrNoHeader))
		case state == misquoted || state == quoting:
			return nil, headerFault(s.line, t.bad+1, "", ErrQuote)
		case state == unended:
			return nil, headerFault(s.line, 1, "", ErrLong)
		}
		if err := h.read(&t, s.line, stats); err != nil {
			return nil, err
		}
		s.comma = h.comma
		s.line += int64(bytes.Count(s.rest[:t.next], []byte("\n")))
		s.rest = slices.Clone(s.rest[t.next:])
		return h, nil
	}
}

// read reads the names.
func (h *header) read(t *tokens, line int64, stats *Stats) error {
	var faults []error
	h.roles = make([]role, len(t.cells))
	for i, c := range t.cells {
		name := strings.TrimSpace(string(c.text(t.buf)))
		h.names = append(h.names, name)
		for _, known := range columns {
			if known.name == name {
				if slices.Contains(h.roles, known.role) {
					faults = append(faults, headerFault(line, c.from+1, name, ErrTwice))
				}
				h.roles[i] = known.role
			}
		}
	}
	var missing, others []string
	for _, known := range columns {
		switch found := slices.Contains(h.roles, known.role); {
		case !found && known.needed:
			faults = append(faults, headerFault(line, 1, known.name, fmt.Errorf("%w: there are %.60q", ErrColumn, h.names[:min(len(h.names), 20)])))
		case !found:
			missing = append(missing, known.name)
		}
	}
	for i, r := range h.roles {
		if r == unused {
			others = append(others, fmt.Sprintf("%.60q", h.names[i]))
		}
	}
	if h.comma == ';' {
		stats.Notes = append(stats.Notes, "cells are separated by semicolons")
	}
	if len(missing) > 0 {
		stats.Notes = append(stats.Notes, "not there are the columns "+strings.Join(missing, ", "))
	}
	if n := len(others); n > 20 {
		others = append(others[:20], fmt.Sprintf("%d more", n-20))
	}
	if len(others) > 0 {
		stats.Notes = append(stats.Notes, "not used are the columns "+strings.Join(others, ", "))
	}
	stats.Provider, stats.Error = slices.Contains(h.roles, provider), slices.Contains(h.roles, failure)
	return errors.Join(faults...)
}

// Columns are the names of those that are read.
func Columns() []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}
