package records

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
)

// MaxRow is the size in bytes, unpacked, from which a row is too long to be one. So a file takes no more memory than that, whatever it unpacks to.
const MaxRow = 4 << 20

const readAhead = 1 << 16

// A Source is a file that can be read again: what stands twice in it is known only at its end.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)

	path string // of a file of a folder, as it is told
}

// A stream is a file's text: unpacked, without byte order mark, and with an end to each row.
type stream struct {
	*bufio.Reader
	file  string
	raw   io.Reader
	sum   hash.Hash // nil if nobody asks
	mark  int64     // where the row begins, as far as is known
	read  int64
	notes []string
	in    io.Reader
}

// openStream finds out about compression and byte order mark.
func openStream(file string, in io.Reader, sum hash.Hash) (*stream, error) {
	s := &stream{file: file, raw: in, sum: sum}
	if sum != nil {
		s.raw = io.TeeReader(in, sum)
	}
	packed := bufio.NewReaderSize(s.raw, readAhead)
	s.in = packed
	if magic, _ := packed.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(packed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		s.in = unzipped
	}
	s.Reader = bufio.NewReaderSize(limited{s}, readAhead)
	if mark, _ := s.Peek(3); string(mark) == "\ufeff" {
		_, _ = s.Discard(3)
		s.notes = append(s.notes, "1:1: a byte order mark, skipped")
	}
	return s, nil
}

// row says that a row ends here, or hereabouts.
func (s *stream) row() { s.mark = s.read }

// hash is the SHA-256 of the file's bytes, packed as they are, which are read to their end.
func (s *stream) hash() (string, error) {
	if _, err := io.Copy(io.Discard, s.raw); err != nil {
		return "", fmt.Errorf("%s: %w", s.file, err)
	}
	return hex.EncodeToString(s.sum.Sum(nil)), nil
}

// limited is a stream's unpacked bytes, which end where a row is too long.
type limited struct{ *stream }

func (l limited) Read(b []byte) (int, error) {
	if l.read-l.mark > MaxRow+readAhead {
		return 0, ErrLong
	}
	n, err := l.in.Read(b)
	l.read += int64(n)
	return n, err
}

// A place is where a cell stands, both from 1; the column counts bytes.
type place struct{ line, column int }

// A line is what a file says of one record, or one event: cells, and where they stand.
type line struct {
	cells  []string // nil if they are not known
	places []place  // at least one
	fault  error    // of the row as a whole, and where
	at     place
}

// A sheet is a file that is read row by row.
type sheet interface {
	// next returns the next row, and [io.EOF] behind the last. Another error is for what makes all that follows unknown.
	next() (line, error)
	// hash is that of the file, once it was read to its end.
	hash() (string, error)
}

// openSheet opens a file as CSV or, if it begins like it, as JSON, with the layout of an export.
func openSheet(e *Export, file string, in io.Reader, sum bool) (sheet, *stream, error) {
	var digest hash.Hash
	if sum {
		digest = sha256.New()
	}
	s, err := openStream(file, in, digest)
	if err != nil {
		return nil, nil, err
	}
	if isJSON(s.Reader) {
		j, err := openJSON(e, s)
		return j, s, err
	}
	c, err := openCSV(s)
	return c, s, err
}

// isJSON reports whether a text begins with a bracket, as no header does.
func isJSON(in *bufio.Reader) bool {
	for n := 64; n <= readAhead; n *= 32 {
		head, err := in.Peek(n)
		if text := bytes.TrimLeft(head, " \t\r\n"); len(text) > 0 {
			return slices.Contains([]byte("[{"), text[0])
		} else if err != nil {
			return false
		}
	}
	return false
}

// located gives an error of reading its file, and the row behind which it came.
func (s *stream) located(row int, err error) error {
	if errors.Is(err, ErrLong) {
		return fmt.Errorf("%s: behind row %d: %w: is a quote opened there, and not closed?", s.file, row, err)
	}
	return fmt.Errorf("%s: behind row %d: %w", s.file, row, err)
}
