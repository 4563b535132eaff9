// Package words gives small enumerations their texts: values count from 1, each with a name, and 0 is none named.
package words

import (
	"fmt"
	"slices"
	"strings"
)

// A Set is the names of one enumeration.
type Set[T ~uint8] struct {
	Package string // before the text of every error
	What    string // is named: "priority change"
	Names   []string
	// ErrText is what errors of texts wrap, and ErrReading that of Check.
	ErrText, ErrReading error
}

// Text is the name of a value; it is empty for 0, and for what has none.
func (s Set[T]) Text(v T) string {
	if v == 0 || int(v) > len(s.Names) {
		return ""
	}
	return s.Names[v-1]
}

// Marshal is the text form of Text; what has no name is an error.
func (s Set[T]) Marshal(v T) ([]byte, error) {
	text := s.Text(v)
	if text == "" {
		return nil, fmt.Errorf("%s: %s %d: %w: name one of %s", s.Package, s.What, v, s.ErrText, s)
	}
	return []byte(text), nil
}

// Parse is the inverse of Marshal.
func (s Set[T]) Parse(b []byte) (T, error) {
	i := slices.Index(s.Names, string(b))
	if i < 0 {
		return 0, fmt.Errorf("%s: %s %.60q: %w: write %s", s.Package, s.What, b, s.ErrText, s)
	}
	return T(i + 1), nil
}

// Check refuses what is neither named nor left to its zero value.
func (s Set[T]) Check(v T) error {
	if int(v) > len(s.Names) {
		return fmt.Errorf("%s: %s %d: %w: one of %s", s.Package, s.What, v, s.ErrReading, s)
	}
	return nil
}

// String lists the names.
func (s Set[T]) String() string { return strings.Join(s.Names, ", ") }
