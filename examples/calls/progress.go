package calls

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// large is the size in bytes from which a file takes long enough that a person wants to see it move.
const large = 64 << 20

// Open opens a file, or standard input for "-". While a large one is read, a progress bar is on to if that is a terminal:
// os.Stderr of a program. A pipe shows how much of it there was; it is large once that much has come.
func Open(name string, to *os.File) (io.ReadCloser, error) {
	in := os.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		in = file
	}
	if !term.IsTerminal(int(to.Fd())) {
		return in, nil
	}
	size := int64(-1) // a pipe's
	if info, err := in.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return &progress{ReadCloser: in, size: size, to: to}, nil
}

// A progress is a file that shows how far it was read.
type progress struct {
	io.ReadCloser
	size, read int64 // size is -1 if it is not known
	to         io.Writer
	bar        *progressbar.ProgressBar // nil until it is worth one
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.read += int64(n)
	if p.bar == nil && max(p.size, p.read) >= large {
		p.bar = progressbar.NewOptions64(p.size,
			progressbar.OptionSetWriter(p.to), progressbar.OptionShowBytes(true), progressbar.OptionSetDescription("reading calls"),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if p.bar != nil {
		_ = p.bar.Set64(p.read) // a bar that cannot be drawn is no reason to stop
		if err != nil {
			_ = p.bar.Finish()
		}
	}
	return n, err
}

// Close takes the bar away, if the file was not read to its end.
func (p *progress) Close() error {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
	return p.ReadCloser.Close()
}
