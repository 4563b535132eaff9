package servicetime

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Duration is elapsed time as agreements write it: `62 h`, `45 min 36 s`, `1.5 s`. It is not a target: it says how
// long something may be, not by when, and it has no days. The zero value is no time at all.
type Duration time.Duration

// ParseDuration is the inverse of [Duration.String]: it reads whole hours (h) and minutes (min), and seconds (s) with at most
// nine decimals, each at most once and in this order, with one space between: `3 h 12 min`, `90 s`, `0.5 s`.
//
// It returns an error:
//   - wrapping [ErrText] if the text has another form; days are none, since a day of opening hours and a calendar day
//     differ,
//   - wrapping [ErrLimit] if it is longer than 292 years.
func ParseDuration(s string) (Duration, error) {
	const forms = `write "62 h", "45 min 36 s" or "1.5 s"`
	words := strings.Split(s, " ")
	if len(words)%2 != 0 {
		return 0, textError("duration", s, forms)
	}
	var sum uint64
	units := durationUnits[:]
	tooLong := false
	for i := 0; i < len(words); i += 2 {
		whole, fraction, pointed := strings.Cut(words[i], ".")
		for len(units) > 0 && units[0].name != " "+words[i+1] {
			units = units[1:]
		}
		if strings.Trim(whole, "0123456789") != "" || whole == "" || len(whole) > 1 && whole[0] == '0' || len(units) == 0 ||
			pointed && (words[i+1] != "s" || digits(fraction) < 0 || len(fraction) > 9) {
			return 0, textError("duration", s, forms)
		}
		n, err := strconv.ParseUint(whole, 10, 63)
		if err != nil || n > math.MaxInt64/units[0].size {
			n, tooLong = 0, true
		}
		sum += n * units[0].size
		if pointed {
			sum += uint64(digits(fraction + strings.Repeat("0", 9-len(fraction))))
		}
		if sum > math.MaxInt64 { // so that the next sum fits
			sum, tooLong = 0, true
		}
		units = units[1:]
	}
	if tooLong {
		return 0, fmt.Errorf("servicetime: duration %q: %w: at most 292 years", shorten(s), ErrLimit)
	}
	return Duration(sum), nil
}

// MustDuration is [ParseDuration] for literals; it panics where ParseDuration fails.
func MustDuration(s string) Duration { return must(ParseDuration(s)) }

// String is [FormatDuration].
func (d Duration) String() string { return FormatDuration(time.Duration(d)) }

// MarshalText is the text form of String. A negative duration has none, which is an error.
func (d Duration) MarshalText() ([]byte, error) {
	if d < 0 {
		return nil, textError("duration", d.String(), "it is negative")
	}
	return []byte(d.String()), nil
}

// UnmarshalText is [ParseDuration].
func (d *Duration) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDuration(string(b))
	return err
}

// durationUnits are the units of a duration, the largest first.
var durationUnits = [...]struct {
	size uint64
	name string
}{{uint64(time.Hour), " h"}, {uint64(time.Minute), " min"}, {uint64(time.Second), " s"}}

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
	for _, u := range durationUnits {
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
