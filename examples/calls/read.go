package calls

import (
	"errors"
	"io"
	"runtime"
	"sync"

	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

const (
	// MaxRow is the size in bytes, with its line end, from which a row is too long to be one.
	MaxRow = 1 << 20
	// MaxFaults is how many faults are kept. All are counted.
	MaxFaults = 100

	blockSize = 64 << 10 // of rows read at once: with what they say it fits a core's cache, and handing it over costs little
)

// Causes of errors and of bad rows, besides [servicetime.ErrRange].
var (
	ErrNoHeader = errors.New("no header")                    // an empty file
	ErrColumn   = errors.New("no such column")               // one that is needed
	ErrTwice    = errors.New("a column that stands twice")   // in the header
	ErrEncoding = errors.New("not UTF-8")                    // UTF-16, or NUL
	ErrCR       = errors.New("a CR that ends no line")       // the file's lines end in CR alone, or a row's
	ErrQuote    = errors.New("a quote that is out of place") // within a cell, before more of it, or never closed
	ErrLong     = errors.New("a row of 1 MiB or more")       // no line end is in sight
	ErrCells    = errors.New("not as many cells as columns") // of a whole row
	ErrCutOff   = errors.New("the last row is cut off")      // it has neither its line end nor all its cells
	ErrMissing  = errors.New("missing")                      // a cell that is needed is empty
	ErrNumber   = errors.New("not a whole number")           // NaN, a fraction, a word
	ErrNegative = errors.New("negative")                     // a response
	ErrLarge    = errors.New("too large")                    // a response of more than a day, a number of persons beyond 32 bits
	ErrInstant  = errors.New("not an instant")               // neither RFC 3339 nor Unix milliseconds
	ErrOffset   = errors.New("a local time without offset")  // which zone's, nobody knows
	ErrNoTime   = errors.New("no such date or time of day")  // 30 February, 24:00
	ErrSeconds  = errors.New("too few digits for Unix milliseconds")
)

// Options are how to read. The zero value uses every core.
type Options struct {
	// Workers is how many goroutines parse beside the caller's, which then only reads and takes rows. 0 is one for each core but the
	// caller's, and at most 4, which give more than it can take; with one core, or below 0, the caller's goroutine does it all.
	Workers int

	block int // bytes; 0 is blockSize
}

// Stats are what a reading came upon.
type Stats struct {
	Rows  int64 // with the bad ones, without header and blank lines
	Bad   int64 // rows that were left out
	Bytes int64 // of CSV, unpacked
	// Faults are the first MaxFaults, in the order of the file, and MoreFaults how many there are besides.
	Faults     []*servicetime.Fault
	MoreFaults int64
	// Provider and Error say that the file has these columns.
	Provider, Error bool
	// Notes are lines about the file: a byte order mark, semicolons, columns that are not used or not there, a missing last line end.
	Notes []string
}

// Read reads a log and passes its calls on, some thousand at once: composite calls and legs apart, since other things are asked of them, each in the
// order of the file. At is in UTC; Response is 0 if it is not known, and of an error the time until it; Persons are any number; Answered is where there is a
// response and no error. The calls are the callee's until it returns: it may change them, and keeps none. Their strings it may keep. An error of it ends the
// reading and is returned as it is.
//
// It returns an error, each a [*servicetime.Fault] where there is a place to tell, wrapping:
//   - [ErrNoHeader], [ErrColumn], [ErrTwice], [ErrEncoding], [ErrCR], [ErrQuote] or [ErrLong] if the header cannot be read;
//   - [ErrQuote] if a cell in quotes holds a line end and is not closed as it should be, or not within [MaxRow]: which rows it swallowed, nobody
//     knows;
//   - what reading and unpacking give, [io.ErrUnexpectedEOF] for a gzip file that is cut off.
//
// The stats count what came before it.
func Read(in io.Reader, o Options, each func(calls []performance.Call) error) (Stats, error) {
	if o.Workers == 0 {
		o.Workers = min(runtime.GOMAXPROCS(0)-1, 4)
	}
	return read(in, o, each, nil)
}

// ReadParts is Read for what merges from any parts: each worker passes the calls that it parses to a callee of its own, which part makes for it, in no order
// of the file. So nothing waits for another's rows. With Workers 0 there is one for each core.
//
// Its errors are those of Read; of those of several callees it returns one.
func ReadParts(in io.Reader, o Options, part func() (each func(calls []performance.Call) error)) (Stats, error) {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Workers < 0 {
		return read(in, o, part(), nil)
	}
	return read(in, o, nil, part)
}

func read(in io.Reader, o Options, each func(calls []performance.Call) error, part func() func(calls []performance.Call) error) (Stats, error) {
	if o.block == 0 {
		o.block = blockSize
	}
	var stats Stats
	s, h, err := open(in, o.block, &stats)
	if err != nil {
		return stats, err
	}
	take := func(b *block) error {
		stats.add(b)
		if each != nil {
			if err := b.calls.pass(each); err != nil {
				return err
			}
		}
		return b.err
	}
	if o.Workers <= 0 {
		err = sequential(s, h, take)
	} else {
		err = parallel(s, h, o.Workers, take, part)
	}
	stats.Bytes = int64(s.bytes)
	return stats, err
}

func sequential(s *splitter, h *header, take func(*block) error) error {
	p := newParser(h)
	b := &block{}
	for {
		more, err := s.next(b)
		if more {
			p.parse(b)
			if err := take(b); err != nil {
				return err
			}
		}
		if err != nil || !more {
			return err
		}
	}
}

// parallel reads and takes in the caller's goroutine, so that no other ever waits for the file or outlives the call. Where there are parts the workers take
// the rows themselves.
func parallel(s *splitter, h *header, workers int, take func(*block) error, part func() func(calls []performance.Call) error) error {
	var wait sync.WaitGroup
	inFlight := 8 * workers // so many that a worker which has to wait for its core holds nobody up
	jobs := make(chan *block, inFlight)
	defer wait.Wait()
	defer close(jobs)
	for range workers {
		each := func([]performance.Call) error { return nil }
		if part != nil {
			each = part()
		}
		wait.Go(func() {
			p := newParser(h)
			for b := range jobs {
				p.parse(b)
				if err := b.calls.pass(each); err != nil {
					b.err = err
				}
				b.parsed <- struct{}{}
			}
		})
	}
	var err error
	queue := make([]*block, 0, inFlight) // in the order of the file
	free := make([]*block, inFlight)
	for i := range free {
		free[i] = &block{parsed: make(chan struct{}, 1)}
	}
	for more := true; more || len(queue) > 0; {
		if more && len(free) > 0 {
			b := free[len(free)-1]
			if more, err = s.next(b); more {
				free = free[:len(free)-1]
				jobs <- b
				queue = append(queue, b)
				more = err == nil
			}
			continue
		}
		b := queue[0]
		<-b.parsed
		if err := take(b); err != nil {
			return err
		}
		copy(queue, queue[1:])
		queue = queue[:len(queue)-1]
		free = append(free, b)
	}
	return err
}

// add counts a block.
func (s *Stats) add(b *block) {
	s.Rows += int64(len(b.calls[0])+len(b.calls[1])) + b.bad
	s.Bad += b.bad
	room := min(MaxFaults-len(s.Faults), len(b.faults))
	s.Faults = append(s.Faults, b.faults[:room]...)
	s.MoreFaults += int64(len(b.faults)-room) + b.moreFaults
	if b.open {
		s.Notes = append(s.Notes, "the last row has no line end: it may be cut off")
	}
}
