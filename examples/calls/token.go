package calls

import "bytes"

// A cell is where in a buffer a row's cell stands, without its quotes.
type cell struct {
	from, to int
	escaped  bool // it has doubled quotes or line ends, which text takes out
}

// text is what the cell says.
func (c cell) text(buf []byte) []byte {
	s := buf[c.from:c.to]
	if c.escaped {
		s = bytes.ReplaceAll(s, []byte(`""`), []byte(`"`))
		s = bytes.ReplaceAll(s, []byte("\r\n"), []byte("\n"))
	}
	return s
}

// tokens are the cells of a row.
type tokens struct {
	buf   []byte
	comma byte
	cells []cell
	next  int // the row's end: the beginning of the next one
	bad   int // of a row that is misquoted or quoting: where
}

// A state is how a row ends.
type state uint8

const (
	whole     state = iota
	misquoted       // a quote stands where none may; the row ends with the line of that quote
	unended         // the buffer ends before the row
	quoting         // the buffer ends within quotes
)

// row takes the row apart that begins at a place. It is what encoding/csv does, field by field.
func (t *tokens) row(at int) state {
	t.cells = t.cells[:0]
	for {
		c := cell{from: at}
		if at < len(t.buf) && t.buf[at] == '"' {
			c.from++
			open := at
			for at = c.from; ; at += 2 {
				n := bytes.IndexByte(t.buf[at:], '"')
				if n < 0 {
					t.bad = open
					return quoting
				}
				if at += n; at+1 >= len(t.buf) || t.buf[at+1] != '"' {
					break
				}
				c.escaped = true
			}
			c.to = at
			c.escaped = c.escaped || bytes.IndexByte(t.buf[c.from:c.to], '\r') >= 0
			at++
		} else {
			for at < len(t.buf) && t.buf[at] != t.comma && t.buf[at] != '\n' {
				if t.buf[at] == '"' {
					return t.misquoted(at)
				}
				at++
			}
			c.to = at
			if at < len(t.buf) && t.buf[at] == '\n' && c.to > c.from && t.buf[c.to-1] == '\r' {
				c.to--
			}
		}
		if at < len(t.buf) && t.buf[at] == '\r' && at+1 < len(t.buf) && t.buf[at+1] == '\n' { // behind a quote
			at++
		}
		switch {
		case at >= len(t.buf), t.buf[at] == '\r' && at+1 >= len(t.buf):
			return unended
		case t.buf[at] == t.comma:
			t.cells = append(t.cells, c)
			at++
		case t.buf[at] == '\n':
			t.cells = append(t.cells, c)
			t.next = at + 1
			return whole
		default:
			return t.misquoted(at - 1)
		}
	}
}

func (t *tokens) misquoted(at int) state {
	n := bytes.IndexByte(t.buf[at:], '\n')
	if n < 0 {
		return unended
	}
	t.bad, t.next = at, at+n+1
	return misquoted
}

// lineEnd returns the length of a line end at the beginning of a buffer, or 0.
func lineEnd(buf []byte) int {
	switch {
	case bytes.HasPrefix(buf, []byte("\n")):
		return 1
	case bytes.HasPrefix(buf, []byte("\r\n")):
		return 2
	}
	return 0
}
