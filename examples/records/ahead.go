package records

// ahead reads a sheet's lines before they are asked for, beside what is done with those before: taking a file apart is as much work as reading what its
// cells say.
type ahead struct {
	batches chan []nextLine
	stop    chan struct{}
	batch   []nextLine
}

// nextLine is what a sheet's next said.
type nextLine struct {
	line line
	err  error
}

// newAhead begins to read. Whoever asked for it calls close before anything else reads the file.
func newAhead(s sheet) *ahead {
	// A batch ends with so many lines, or so many bytes in them.
	const lines, bytes = 128, 64 << 10
	a := &ahead{batches: make(chan []nextLine, 2), stop: make(chan struct{})}
	go func() {
		defer close(a.batches)
		for more := true; more; {
			batch := make([]nextLine, 0, lines)
			for size := 0; more && len(batch) < lines && size < bytes; {
				l, err := s.next()
				for _, cell := range l.cells {
					size += len(cell)
				}
				batch = append(batch, nextLine{l, err})
				more = err == nil
			}
			select {
			case a.batches <- batch:
			case <-a.stop:
				return
			}
		}
	}()
	return a
}

// next is that of the sheet; it is not called again after an error.
func (a *ahead) next() (line, error) {
	if len(a.batch) == 0 {
		a.batch = <-a.batches
	}
	l := a.batch[0]
	a.batch = a.batch[1:]
	return l.line, l.err
}

// close ends the reading, and waits until it has ended.
func (a *ahead) close() {
	close(a.stop)
	for range a.batches { // what was read and not asked for
	}
}
