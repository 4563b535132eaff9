package continuity

import (
	"example.com/sla/internal/words"
	"example.com/sla/servicetime"
)

// wordsOf are the names of a small enumeration of this package.
func wordsOf[T ~uint8](what string, names ...string) words.Set[T] {
	return words.Set[T]{Package: "continuity", What: what, Names: names, ErrText: servicetime.ErrText}
}
