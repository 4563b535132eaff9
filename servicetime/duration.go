package servicetime

import (
	"strconv"
	"strings"
	"time"
)

// FormatDuration writes elapsed time as people read it: 3 h 12 min, 45 min 36 s, 0 s. Hours
// are the largest unit, since a day of support time and a calendar day are different things.
// Nothing is rounded: fractions of a second are written out.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0 s"
	}
	var parts []string
	rest := uint64(d)
	if d < 0 {
		parts = append(parts, "−")
		rest = -rest // also right for the smallest duration
	}
	for _, u := range []struct {
		size uint64
		name string
	}{{uint64(time.Hour), " h"}, {uint64(time.Minute), " min"}, {uint64(time.Second), " s"}} {
		n := rest / u.size
		rest -= n * u.size
		text := strconv.FormatUint(n, 10)
		if u.size == uint64(time.Second) && rest > 0 {
			fraction := strconv.FormatUint(nanos+rest, 10)[1:]
			text += "." + strings.TrimRight(fraction, "0")
		} else if n == 0 {
			continue
		}
		parts = append(parts, text+u.name)
	}
	return strings.Replace(strings.Join(parts, " "), "− ", "−", 1)
}
