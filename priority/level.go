package priority

import (
	"errors"
	"fmt"

	"example.com/sla/servicetime"
)

// Causes of errors, to be asked for with errors.Is.
var (
	ErrMatrix  = errors.New("not a priority matrix")         // rows of different length, a level out of range, no cell at all
	ErrClass   = errors.New("no such class")                 // an impact, an urgency or a timing outside the matrix
	ErrTiming  = errors.New("not a rule for timing")         // a day out of range, a reading that is not named
	ErrRecord  = errors.New("the record contradicts itself") // resolved before received, and the like
	ErrFuture  = errors.New("received after the as-of instant")
	ErrReading = errors.New("a reading must be named") // one that the text leaves open, of a rule
)

// Level is a priority: 1 is the highest, 0 is none. How many there are and what they are
// called is the agreement's.
type Level int

// A Matrix gives the level of a ticket from two classes, each counted from 1: its impact, and a
// second axis, which is timing in §4.3 and urgency in many other agreements.
//
//	m[second-1][impact-1]
//
// A matrix that passes Check has a level for every pair of classes.
type Matrix [][]Level

// Check returns an error wrapping [ErrMatrix] if the matrix has no cell, rows of different
// length, or a level outside 1 to levels.
func (m Matrix) Check(levels int) error {
	if len(m) == 0 || len(m[0]) == 0 {
		return fmt.Errorf("priority: %w: it has no cell", ErrMatrix)
	}
	for i, row := range m {
		if len(row) != len(m[0]) {
			return fmt.Errorf("priority: %w: row %d has %d cells, row 1 has %d", ErrMatrix, i+1, len(row), len(m[0]))
		}
		for j, level := range row {
			if level < 1 || int(level) > levels {
				return fmt.Errorf("priority: %w: row %d, impact %d has level %d of %d", ErrMatrix, i+1, j+1, level, levels)
			}
		}
	}
	return nil
}

// Level returns the level of an impact and a class of the second axis.
//
// It returns an error wrapping [ErrClass] if one of them is outside the matrix; 0, a class that
// nobody gave, is.
func (m Matrix) Level(impact, second int) (Level, error) {
	if second < 1 || second > len(m) {
		return 0, fmt.Errorf("priority: class %d of the second axis: %w: 1 to %d", second, ErrClass, len(m))
	}
	row := m[second-1]
	if impact < 1 || impact > len(row) {
		return 0, fmt.Errorf("priority: impact %d: %w: 1 to %d", impact, ErrClass, len(row))
	}
	return row[impact-1], nil
}

// Targets are the times of one level. A zero target is none (N/A), which is not zero time.
type Targets struct {
	Response   servicetime.Target `json:"response,omitzero"`
	Resolution servicetime.Target `json:"resolution,omitzero"`
	// Update recurs: from each update to the next, until the resolution clock stops.
	Update servicetime.Target `json:"update,omitzero"`
}
