package servicetime

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Causes of errors, to be asked for with errors.Is. Every error of this package
// wraps one of them.
var (
	ErrText       = errors.New("not in a known form")             // a text that ParseX cannot read, or that names nothing
	ErrRange      = errors.New("outside the years 1970 to 2200")  // an instant or a date that no calendar covers; a forgotten (zero) instant is one
	ErrBackwards  = errors.New("ends before it starts")           // a pause, a span or an extra opening
	ErrNoOpenTime = errors.New("no open time")                    // a calendar without any, or too little of it left for a target
	ErrEmpty      = errors.New("an empty window")                 // 08:00-08:00
	ErrOverlap    = errors.New("overlapping windows")             // two windows of one date
	ErrTwice      = errors.New("named twice")                     // a weekday in two entries of a week
	ErrFraction   = errors.New("not on a whole second")           // an edge of an extra opening
	ErrZone       = errors.New("no such time zone")               // also "" and "Local", which would depend on the machine
	ErrHolidays   = errors.New("no such set of holidays")         // a name that nobody gave to Compile
	ErrLimit      = errors.New("too large")                       // MaxWindows, MaxHolidays, the largest target
	ErrConvention = errors.New("not a convention for the target") // none named, or one that counts another kind of time
)

// A Fault is one thing wrong with data: where, what, and why. Compile and the
// readers of files return all that they find, joined by errors.Join.
type Fault struct {
	Path   string // where in the value: week.mon-fri[1]
	Clause string // the clause of the agreement, where there is one: §4.2.1
	Code   string // for programs: bad_request, unknown_field, not_found, no_open_time, out_of_range, too_large, bad_json
	Value  string // what stood there
	Line   int    // in the file, from 1; 0 where there is none
	Column int    // in bytes, from 1; 0 where there is none
	Err    error  // why; unwraps to the sentinel
}

// Error says where, what and why.
func (f *Fault) Error() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", f.Line, f.Column)
	}
	if f.Path != "" {
		b.WriteString(f.Path)
		if f.Value == "" {
			b.WriteString(": ")
		} else {
			b.WriteByte(' ')
		}
	}
	if f.Value != "" {
		fmt.Fprintf(&b, "%q: ", shorten(f.Value))
	}
	if f.Clause != "" {
		b.WriteString(f.Clause + ": ")
	}
	b.WriteString(f.Err.Error())
	return b.String()
}

// Unwrap gives errors.Is the cause.
func (f *Fault) Unwrap() error { return f.Err }

// FaultAt is the fault of an instant that is wrong, or not there: a zero one is not quoted.
func FaultAt(path string, at time.Time, err error) *Fault {
	f := &Fault{Path: path, Code: code(err), Err: err}
	if !at.IsZero() {
		f.Value = at.Format(time.RFC3339Nano)
	}
	return f
}

// Nest returns the faults of a part of a value, which err is or joins, as those of the whole: with the path of the part before their own. What is no
// fault stays as it is, and so does err.
func Nest(path string, err error) []error {
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = slices.Clone(joined.Unwrap())
	}
	for i, part := range parts {
		if inner := (*Fault)(nil); errors.As(part, &inner) {
			copied := *inner
			copied.Path = path + "." + inner.Path
			parts[i] = &copied
		}
	}
	return parts
}

// code returns the protocol's word for an error of this package.
func code(err error) string {
	switch {
	case errors.Is(err, ErrNoOpenTime):
		return "no_open_time"
	case errors.Is(err, ErrRange):
		return "out_of_range"
	case errors.Is(err, ErrZone), errors.Is(err, ErrHolidays):
		return "not_found"
	case errors.Is(err, ErrLimit):
		return "too_large"
	}
	return "bad_request"
}

// textError is the error of every ParseX: what, the text itself, and what would be right.
func textError(what, text, why string) error {
	return fmt.Errorf("servicetime: %s %q: %w: %s", what, shorten(text), ErrText, why)
}

// shorten keeps a hostile text from filling a log.
func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
