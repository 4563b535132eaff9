package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
)

// batchLines and batchBytes are how much of what has come is answered at once, by one goroutine.
const (
	batchLines = 64
	batchBytes = 64 << 10
)

// A batch is some lines that came together, and their answers.
type batch struct {
	lines []numbered
	done  chan []byte
}

// A numbered line counts from 1; one that is too long has no text.
type numbered struct {
	text []byte
	n    int64
}

// stream answers each line that comes in, in their order, until the end of input. What has come is answered by several goroutines; answers are flushed when no further
// input waits. Memory does not grow with the number of lines.
func (d *desk) stream(in io.Reader, out io.Writer, flush func() error) error {
	workers := runtime.GOMAXPROCS(0)
	work, ordered := make(chan *batch), make(chan *batch, 2*workers)
	for range workers {
		go func() {
			for b := range work {
				var answers []byte
				for _, line := range b.lines {
					answers = d.line(answers, line)
				}
				b.done <- answers
			}
		}()
	}
	written := make(chan error, 1)
	stop := make(chan struct{}) // nobody takes answers any more
	go func() { written <- write(ordered, out, flush, stop) }()
	err := read(in, func(b *batch) bool {
		select {
		case ordered <- b:
		case <-stop:
			return false
		}
		work <- b
		return true
	})
	close(work)
	close(ordered)
	if failed := <-written; failed != nil {
		return failed
	}
	return err
}

// line answers one.
func (d *desk) line(to []byte, l numbered) []byte {
	if l.text == nil {
		return refusal(to, null, &wrong{code: "too_large", err: fmt.Errorf("a line of more than %d bytes", MaxLine)}, l.n)
	}
	to, _ = d.answer(to, l.text, l.n)
	return to
}

// write writes the answers of batches in their order. After an error it says so, and takes the rest without writing.
func write(ordered <-chan *batch, out io.Writer, flush func() error, stop chan<- struct{}) error {
	var failed error
	for b := range ordered {
		answers := <-b.done
		if failed != nil {
			continue
		}
		_, failed = out.Write(answers)
		if failed == nil && len(ordered) == 0 {
			failed = flush()
		}
		if failed != nil {
			close(stop)
		}
	}
	return failed
}

// read passes on what comes, in batches of what is there, until the end, an error, or until nobody takes it.
func read(in io.Reader, pass func(*batch) bool) error {
	const buffer = 64 << 10
	r := bufio.NewReaderSize(in, buffer)
	if head, err := r.Peek(3); err == nil && bytes.Equal(head, []byte("\ufeff")) {
		_, _ = r.Discard(len(head)) // they are there
	}
	var n int64
	for {
		b := &batch{done: make(chan []byte, 1)}
		size := 0
		var failed error
		for len(b.lines) < batchLines && size < batchBytes {
			text, long, err := nextLine(r)
			if err != nil && !errors.Is(err, io.EOF) { // of a line that was cut off nothing is answered
				failed = err
				break
			}
			if n++; long {
				b.lines = append(b.lines, numbered{nil, n})
			} else if len(bytes.TrimSpace(text)) > 0 {
				b.lines = append(b.lines, numbered{text, n})
				size += len(text)
			}
			if failed = err; err != nil || !waits(r) {
				break
			}
		}
		if len(b.lines) > 0 && !pass(b) {
			return nil
		}
		if errors.Is(failed, io.EOF) {
			return nil
		}
		if failed != nil {
			return failed
		}
	}
}

// waits reports whether a whole line is there already.
func waits(r *bufio.Reader) bool {
	there, _ := r.Peek(r.Buffered())
	return bytes.IndexByte(there, '\n') >= 0
}

// nextLine reads to the end of a line, or of the input; of one that is too long it keeps nothing.
func nextLine(r *bufio.Reader) (text []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			text = append(text, part...)
			if len(bytes.TrimRight(text, "\r\n")) > MaxLine {
				text, long = nil, true
			}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return text, long, err
	}
}
