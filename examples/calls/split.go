package calls

import (
	"bytes"
	"errors"
	"io"

	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// A block is some whole rows of the file, and what they say. Its space is used again.
type block struct {
	buf   []byte // ends in LF
	line  int64  // of its first byte
	plain bool   // there are no quotes and no NUL
	last  bool   // the file ends here
	open  bool   // without a line end of its own
	long  bool   // buf is the beginning of a row that is too long, and nothing else

	parsed     chan struct{}
	calls      sorted
	bad        int64
	faults     []*servicetime.Fault // at most MaxFaults
	moreFaults int64
	err        error // what follows is not known
}

// sorted are the composite calls, and the legs.
type sorted [2][]performance.Call

// pass passes them on.
func (s *sorted) pass(each func([]performance.Call) error) error {
	for _, calls := range s {
		if len(calls) > 0 {
			if err := each(calls); err != nil {
				return err
			}
		}
	}
	return nil
}

// room is kept behind the bytes of a block, so that what reads several at once need not ask if they are there.
const room = 64

// A splitter cuts a stream into blocks at ends of rows.
type splitter struct {
	in    io.Reader
	size  int    // of a block
	comma byte   // known once the header is
	rest  []byte // read, and not in a block
	line  int64  // of rest's first byte
	bytes int    // read
	done  error  // of in: io.EOF at its end
	open  bool   // the last line had no line end, and was given one
}

// fill reads until buf has so many bytes, or the stream is done.
func (s *splitter) fill(buf []byte, size int) []byte {
	buf = reserve(buf, size)
	for len(buf) < size && s.done == nil {
		var n int
		n, s.done = s.in.Read(buf[len(buf):size])
		buf = buf[:len(buf)+n]
		s.bytes += n
		if errors.Is(s.done, io.EOF) && len(buf) > 0 && buf[len(buf)-1] != '\n' {
			buf = append(buf, '\n')
			s.open = true
		}
	}
	return buf
}

// reserve makes sure that a buffer can hold so many bytes, a line end, and the room.
func reserve(buf []byte, size int) []byte {
	if need := max(size, len(buf)) + 1 + room; cap(buf) < need {
		return append(make([]byte, 0, need), buf...)
	}
	return buf
}

// next fills a block, and says if there was anything left. Rows before an error are in it.
func (s *splitter) next(b *block) (bool, error) {
	*b = block{buf: append(b.buf[:0], s.rest...), line: s.line, parsed: b.parsed, calls: sorted{b.calls[0][:0], b.calls[1][:0]}, faults: b.faults[:0]}
	s.rest = s.rest[:0]
	for size := min(max(s.size, 2*len(b.buf)), MaxRow); ; size = min(2*size, MaxRow) {
		b.buf = s.fill(b.buf, size)
		end, quote := len(b.buf), -1
		b.plain = plain(b.buf)
		if b.last = errors.Is(s.done, io.EOF); !b.last {
			end, quote = s.wholeRows(b)
		}
		switch {
		case end > 0:
			s.rest = append(s.rest, b.buf[end:]...)
			b.buf, b.open = b.buf[:end], s.open
			s.line += int64(bytes.Count(b.buf, []byte("\n")))
			return true, nil
		case s.done != nil:
			if b.last {
				return false, nil
			}
			return false, s.done
		case len(b.buf) < MaxRow:
		case quote >= 0:
			return false, b.located(0, quote, "", nil, errSwallowed)
		default:
			s.skipLine(b)
			return true, nil
		}
	}
}

// wholeRows returns the end of the last whole row, and where behind it a quote is open, or -1.
func (s *splitter) wholeRows(b *block) (end, quote int) {
	if b.plain {
		return bytes.LastIndexByte(b.buf, '\n') + 1, -1
	}
	for t := (tokens{buf: b.buf, comma: s.comma}); ; end = t.next {
		switch t.row(end) {
		case unended:
			return end, -1
		case quoting:
			return end, t.bad
		}
	}
}

// skipLine makes a block of the beginning of a row that is too long, and drops the rest of its line.
func (s *splitter) skipLine(b *block) {
	b.long = true
	for {
		s.rest = s.fill(s.rest[:0], s.size)
		if n := bytes.IndexByte(s.rest, '\n'); n >= 0 {
			s.rest = s.rest[n+1:]
			s.line++
			return
		}
		if s.done != nil {
			s.rest = s.rest[:0]
			return
		}
	}
}
