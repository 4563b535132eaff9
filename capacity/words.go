package capacity

import (
	"fmt"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// words are the names of a small enumeration whose values count from 1, with 0 for none named.
type words[T ~uint8] struct {
	what  string
	names []string
}

func (w words[T]) text(v T) string {
	if v == 0 || int(v) > len(w.names) {
		return ""
	}
	return w.names[v-1]
}

func (w words[T]) marshal(v T) ([]byte, error) {
	text := w.text(v)
	if text == "" {
		return nil, fmt.Errorf("capacity: %s %d: %w: name one of %s", w.what, v, servicetime.ErrText, strings.Join(w.names, ", "))
	}
	return []byte(text), nil
}

func (w words[T]) parse(s []byte) (T, error) {
	i := slices.Index(w.names, string(s))
	if i < 0 {
		return 0, fmt.Errorf("capacity: %s %q: %w: write %s", w.what, s, servicetime.ErrText, strings.Join(w.names, ", "))
	}
	return T(i + 1), nil
}
