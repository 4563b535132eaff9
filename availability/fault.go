package availability

import (
	"errors"
	"fmt"
	"time"

	"example.com/sla/servicetime"
)

// flaw is a fault of data that is no instant.
func flaw(path, value string, err error) *servicetime.Fault {
	return &servicetime.Fault{Path: path, Code: "bad_request", Value: value, Err: err}
}

// backwards is the cause where something ends before it starts.
func backwards(start time.Time) error {
	return fmt.Errorf("availability: %w: it starts at %s", servicetime.ErrBackwards, start.Format(time.RFC3339Nano))
}

func fault(path string, value time.Time, err error) *servicetime.Fault {
	code := "bad_request"
	if errors.Is(err, servicetime.ErrRange) {
		code = "out_of_range"
	}
	text := ""
	if !value.IsZero() {
		text = value.Format(time.RFC3339Nano)
	}
	return &servicetime.Fault{Path: path, Code: code, Value: text, Err: err}
}

// noCalendar is the error where a calendar is nil.
func noCalendar() error {
	return fmt.Errorf("availability: opening hours: %w: give a compiled calendar", ErrReading)
}

// nest puts a path before those of faults.
func nest(path string, err error) []error {
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	for i, part := range parts {
		if inner := (*servicetime.Fault)(nil); errors.As(part, &inner) {
			copied := *inner
			copied.Path = path + "." + inner.Path
			parts[i] = &copied
		}
	}
	return parts
}
