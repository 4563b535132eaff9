package calls

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// Causes with what would be right. They are made once: a file may have millions of bad rows.
var (
	errSwallowed = fmt.Errorf("%w: it is opened here and not closed as it should be in this line: which rows it swallowed is not known", ErrQuote)
	errUnclosed  = fmt.Errorf("%w: a quote is not closed at the end of the file", ErrCutOff)
	errNUL       = fmt.Errorf("%w: a NUL", ErrEncoding)
	errPersons   = fmt.Errorf("%w: write how many persons", ErrNumber)
	errResponse  = fmt.Errorf("%w: write milliseconds, or nothing for a call that was not answered", ErrNumber)
	errDay       = fmt.Errorf("%w: a response of more than 24 h", ErrLarge)
)

// maxResponse in milliseconds is a day: what is longer was no call.
const maxResponse = 24 * 60 * 60 * 1000

// maxValue is how many bytes of a bad cell are kept.
const maxValue = 200

// A parser reads rows. It belongs to one goroutine.
type parser struct {
	*header
	instants  instants
	providers interner
	tokens    tokens

	usual   bool   // the columns are the usual ones, in their order, with commas
	front   uint64 // the first five digits of the last received that usualRow read
	stretch int64  // and what they say, in seconds
}

func newParser(h *header) *parser {
	return &parser{
		header: h, providers: interner{known: map[string]string{}}, tokens: tokens{comma: h.comma},
		usual: h.comma == ',' && slices.Equal(h.roles, []role{received, persons, response, provider, failure}),
	}
}

// parse reads the rows of a block.
func (p *parser) parse(b *block) {
	if b.long {
		b.bad++
		if hasCR(b.buf) {
			b.fault(0, 0, "", b.buf, fmt.Errorf("%w: %w", ErrCR, ErrLong))
		} else {
			b.fault(0, 0, "", b.buf, ErrLong)
		}
		return
	}
	for i := range b.calls {
		b.calls[i] = slices.Grow(b.calls[i], len(b.buf)/20) // few rows are shorter
	}
	p.tokens.buf = b.buf
	roomy := b.buf[:len(b.buf)+room]
	for at := 0; at < len(b.buf); {
		next := 0
		if b.plain || plain(b.buf[at:at+bytes.IndexByte(b.buf[at:], '\n')]) {
			if p.usual {
				next = p.usualRow(roomy, at, &b.calls)
			}
			if next == 0 {
				next = p.fast(roomy, at, &b.calls)
			}
		}
		if next > 0 {
			at = next
			continue
		}
		if n := lineEnd(b.buf[at:]); n > 0 { // a blank line
			at += n
			continue
		}
		row, next, good := p.slow(b, at)
		switch {
		case b.err != nil:
			return
		case good:
			*b.calls.add(row.Provider) = row
		default:
			b.bad++
		}
		at = next
	}
}

// add makes room for a call.
func (s *sorted) add(provider string) *performance.Call {
	calls := &s[0]
	if provider != "" {
		calls = &s[1]
	}
	if len(*calls) == cap(*calls) {
		*calls = slices.Grow(*calls, 1)
	}
	*calls = (*calls)[:len(*calls)+1]
	return &(*calls)[len(*calls)-1]
}

// usualRow reads, as fast does, a row of the usual columns with Unix milliseconds of 13 digits and fewer than 100 persons, and returns 0
// for others. Most logs are such, and with so much at known places it takes half the time.
func (p *parser) usualRow(buf []byte, at int, to *sorted) int {
	b := buf[at : at+32]
	front, back := word(b, 0)^'0'*ones, word(b, 5)^'0'*ones // the first and the last eight of the digits
	n := uint64(b[14] - '0')
	if notDigits(front)|notDigits(back) != 0 || b[13] != ',' || n > 9 {
		return 0
	}
	at += 16
	if b[15] != ',' { // of two digits, as few
		unit := uint64(b[15] - '0')
		if unit > 9 || b[16] != ',' {
			return 0
		}
		n = 10*n + unit
		at++
	}
	if front<<24 != p.front { // 100 000 s
		stretch := int64(number(front << 24))
		if stretch*100_000 > endSeconds-100_000 {
			return 0
		}
		p.front, p.stretch = front<<24, stretch*100_000
	}
	late := number(back)
	x := word(buf, at) ^ '0'*ones
	ms, end := uint64(0), at+4
	if buf[end] == ',' && notDigits(x<<32) == 0 { // a second to ten, as most
		ms = number(x << 32)
	} else if ms, end = digits(buf, at); ms > maxResponse || end == at+8 || buf[end] != ',' {
		return 0
	}
	given := end > at
	end++
	name := ""
	if buf[end] != ',' {
		known := false
		if name, end, known = p.providers.read(buf, end); !known || buf[end] != ',' {
			return 0
		}
	}
	end++
	broken := false
	if buf[end] != '\n' { // as few
		from := end
		end = textEnd(buf, end, ',')
		broken = failed(buf[from:end])
		if buf[end] == '\r' {
			end++
		}
		if buf[end] != '\n' {
			return 0
		}
	}
	row := to.add(name)
	row.At = time.Unix(p.stretch+int64(late/1000), int64(late%1000*1e6)).UTC()
	fill(row, ms, n, given && !broken, name)
	return end + 1
}

// fast reads a row without quotes and without anything unusual, and returns where the next one begins, or 0 if it is not such a row.
// What differs from row to row is read without branches, eight bytes at once: a branch that goes either way costs more than a
// number. The buffer ends in LF, where every cell stops, and has room behind it.
func (p *parser) fast(buf []byte, at int, to *sorted) int {
	var (
		sec, nano int64
		ms, n     uint64
		name      string
		is, given bool
		broken    bool
	)
	last := len(p.roles) - 1
	for i, r := range p.roles {
		from := at
		switch r {
		case received:
			if sec, nano, at = p.instants.scan(buf, at); at == 0 {
				return 0
			}
		case persons:
			if n = uint64(buf[at] - '0'); n <= 9 && buf[at+1] == p.comma { // as most
				at++
			} else if n, at = digits(buf, at); at == from || at-from == 8 {
				return 0
			}
		case response:
			if ms, at = digits(buf, at); ms > maxResponse || at-from == 8 {
				return 0
			}
			given = at > from
		case provider:
			at = textEnd(buf, at, p.comma)
			if name, is = p.providers.get(buf, from, at); !is {
				return 0
			}
		case failure:
			if c := buf[at]; c != p.comma && c != '\n' { // as few
				at = textEnd(buf, at, p.comma)
				broken = failed(buf[from:at])
			}
		default:
			at = textEnd(buf, at, p.comma)
		}
		if i < last {
			if buf[at] != p.comma {
				return 0
			}
			at++
		}
	}
	if buf[at] == '\r' {
		at++
	}
	if buf[at] != '\n' {
		return 0
	}
	row := to.add(name)
	row.At = time.Unix(sec, nano).UTC()
	fill(row, ms, n, given && !broken, name)
	return at + 1
}

// fill makes a row a call, but for its instant, field by field: a literal would be made elsewhere, and copied.
func fill(row *performance.Call, ms, persons uint64, answered bool, provider string) {
	row.Response = time.Duration(ms) * time.Millisecond
	row.Persons = int(persons)
	row.Answered = answered
	row.Fault, row.Over = 0, false
	row.Provider = provider
}

// failed reads the error column.
func failed(text []byte) bool {
	if len(text) == 0 || len(text) == 1 && text[0] == '0' {
		return false
	}
	text = bytes.TrimSpace(text)
	return len(text) > 0 && string(text) != "0" && !bytes.EqualFold(text, []byte("false"))
}

// slow reads any row, and finds all that is wrong with it.
func (p *parser) slow(b *block, at int) (row performance.Call, next int, good bool) {
	t := &p.tokens
	switch t.row(at) {
	case quoting: // the file ends
		if bytes.IndexByte(b.buf[at:len(b.buf)-1], '\n') >= 0 {
			b.fail(at, t.bad)
			return row, 0, false
		}
		b.fault(at, t.bad, "", nil, errUnclosed)
		return row, len(b.buf), false
	case misquoted:
		if n := bytes.IndexByte(b.buf[at:], '\n'); at+n < t.bad {
			b.fail(at, t.bad)
			return row, 0, false
		}
		b.fault(at, t.bad, "", nil, ErrQuote)
		return row, t.next, false
	}
	if len(t.cells) != len(p.roles) { // which is which, nobody knows
		text, cause := b.buf[at:t.next], ErrCells
		switch {
		case hasCR(text):
			cause = ErrCR
		case b.open && t.next == len(b.buf) && len(t.cells) < len(p.roles):
			cause = ErrCutOff
		}
		b.fault(at, at, "", bytes.TrimRight(text, "\r\n"), fmt.Errorf("%w: %d cells of %d", cause, len(t.cells), len(p.roles)))
		return row, t.next, false
	}
	good = true
	broken := false
	for i, c := range t.cells {
		text := c.text(b.buf)
		if err := p.cell(p.roles[i], bytes.TrimSpace(text), &row); err != nil {
			b.fault(at, c.from, p.names[i], text, err)
			good = false
		}
		broken = broken || p.roles[i] == failure && failed(text)
	}
	row.Answered = row.Answered && !broken
	return row, t.next, good
}

// plain says that a text has neither quotes nor NUL, which no row has that is read fast.
func plain(text []byte) bool { return bytes.IndexByte(text, '"') < 0 && bytes.IndexByte(text, 0) < 0 }

// hasCR says that a row has a CR that is not of its line end.
func hasCR(row []byte) bool { return bytes.IndexByte(bytes.TrimRight(row, "\r\n"), '\r') >= 0 }

// cell reads one cell.
func (p *parser) cell(r role, text []byte, row *performance.Call) error {
	switch {
	case bytes.IndexByte(text, 0) >= 0:
		return errNUL
	case bytes.IndexByte(text, '\r') >= 0 && r != unused && r != failure: // whose text nobody reads
		return ErrCR
	}
	switch r {
	case received:
		at, err := p.instants.parse(text)
		row.At = at
		return err
	case persons:
		if len(text) == 0 {
			return ErrMissing
		}
		n, err := strconv.ParseInt(string(text), 10, 32)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return ErrLarge
		case err != nil:
			return errPersons
		}
		row.Persons = int(n)
	case response:
		if len(text) == 0 {
			return nil
		}
		ms, err := strconv.ParseInt(string(text), 10, 64) // out of range it is the end of the range
		switch {
		case err != nil && !errors.Is(err, strconv.ErrRange):
			return errResponse
		case ms < 0:
			return ErrNegative
		case ms > maxResponse:
			return errDay
		}
		row.Response, row.Answered = time.Duration(ms)*time.Millisecond, true
	case provider:
		row.Provider = p.providers.add(text)
	}
	return nil
}

// fault keeps what is wrong with the row that begins at from.
func (b *block) fault(from, at int, column string, value []byte, err error) {
	if len(b.faults) == MaxFaults {
		b.moreFaults++
		return
	}
	b.faults = append(b.faults, b.located(from, at, column, value, err))
}

// fail ends the reading: a quote in a row has swallowed line ends.
func (b *block) fail(from, at int) { b.err = b.located(from, at, "", nil, errSwallowed) }

func (b *block) located(from, at int, column string, value []byte, err error) *servicetime.Fault {
	code := "bad_request"
	switch {
	case errors.Is(err, servicetime.ErrRange):
		code = "out_of_range"
	case errors.Is(err, ErrLarge), errors.Is(err, ErrLong):
		code = "too_large"
	}
	return &servicetime.Fault{
		Path: column, Code: code, Value: string(value[:min(len(value), maxValue)]), Err: err,
		Line:   int(b.line) + bytes.Count(b.buf[:at], []byte("\n")),
		Column: at - from - bytes.LastIndexByte(b.buf[from:at], '\n'),
	}
}
