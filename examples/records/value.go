package records

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"example.com/sla/servicetime"
)

// Causes of bad rows, and of files that cannot be read.
var (
	ErrCell      = errors.New("not readable")
	ErrMissing   = errors.New("missing")
	ErrDuplicate = errors.New("a number that stands twice")
	ErrDiffers   = errors.New("differs from what the ticket's earlier rows say")
	ErrColumn    = errors.New("no column") // the file is another export
	ErrProtected = errors.New("a protected record with faults, of which no more is said")
	ErrLong      = errors.New("a row of 4 MiB or more")
	ErrChanged   = errors.New("the file has changed since it was read first")
)

// Clean makes a text from a file harmless to print: without control characters, and not longer than a line.
func Clean(s string) string {
	const most = 200
	n := 0
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if n++; n > most {
			return b.String() + "…"
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// layouts of local times.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"}

// errNoZone is the cause where a time names no offset, and the export no zone.
var errNoZone = fmt.Errorf("%w: a local time, and the export names no time_zone", ErrCell)

// errForm is the cause where a text is no time at all.
var errForm = fmt.Errorf(`%w: write an instant as "2016-04-30T10:00:00+02:00"`, ErrCell)

// instant reads RFC 3339, a local time in a zone, or one of an export's own layouts, of the years 1970 to 2200.
func instant(s string, own []string, wall *servicetime.Calendar) (time.Time, error) {
	layout, local := time.RFC3339, false
	for _, l := range layouts {
		if len(s) == len(l) && s[10] == l[10] {
			layout, local = l, true
		}
	}
	t, err := time.Parse(layout, s)
	for _, l := range own {
		if err == nil {
			break
		}
		var failed error
		if t, failed = time.Parse(l, s); failed == nil {
			err, local = nil, !strings.Contains(l, "07")
		} else if outOfRange(failed) {
			err = failed
		}
	}
	switch {
	case outOfRange(err):
		return time.Time{}, fmt.Errorf("%w: no such date or time of day", ErrCell)
	case err != nil:
		var like strings.Builder
		for _, l := range own {
			fmt.Fprintf(&like, ", or %q", time.Date(2016, 4, 30, 10, 0, 0, 0, time.UTC).Format(l))
		}
		return time.Time{}, fmt.Errorf(`%w, or a local time as "2016-04-30 10:00"%s`, errForm, like.String())
	case t.Year() < 1970 || t.Year() > 2200:
		return time.Time{}, fmt.Errorf("%w: %w", ErrCell, servicetime.ErrRange)
	case !local:
		return t, nil
	case wall == nil:
		return time.Time{}, errNoZone
	}
	return wall.FromWall(t)
}

func outOfRange(err error) bool { return err != nil && strings.Contains(err.Error(), "out of range") }

// delay reads whole seconds.
func delay(s string) (time.Duration, error) {
	const most = 200 * 366 * 24 * 60 * 60 // longer than the years that are read, and within a Duration
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%w: write whole seconds", ErrCell)
	}
	return time.Duration(n) * time.Second, nil
}

// yesOrNo reads true or false, yes or no.
func yesOrNo(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	is, err := strconv.ParseBool(s)
	if err != nil {
		return false, fmt.Errorf("%w: write true or false", ErrCell)
	}
	return is, nil
}
