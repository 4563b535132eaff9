package availability

import (
	"errors"

	"example.com/sla/internal/words"
	"example.com/sla/servicetime"
)

// ErrReading is the cause where a rule names no such reading, or lacks what its reading needs.
var ErrReading = errors.New("not a reading of the rule")

// wordsOf are the names of a small enumeration of this package.
func wordsOf[T ~uint8](what string, names ...string) words.Set[T] {
	return words.Set[T]{Package: "availability", What: what, Names: names, ErrText: servicetime.ErrText, ErrReading: ErrReading}
}
