package availability

import (
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

// noCalendar is the error where a calendar is nil.
func noCalendar() error {
	return fmt.Errorf("availability: opening hours: %w: give a compiled calendar", ErrReading)
}
