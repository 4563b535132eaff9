package servicetime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const dayMinutes = 24 * 60

// A Window is a daily stretch of opening, half-open: open at Open, closed at Close.
// Both are minutes after the midnight with which the window's date begins. A
// window past midnight closes on the next date (22:00-06:00 is 1320 to 1800) and belongs
// wholly to the date on which it opens. The zero value is an empty window, which Compile
// refuses.
type Window struct {
	Open  int // 0 to 1439
	Close int // Open+1 to 1440, or past it by less than Open
}

// ParseWindow is the inverse of [Window.String]: it reads `08:00-17:00`,
// `00:00-24:00` or `22:00-06:00`.
//
// It returns an error:
//   - wrapping [ErrText] if the text has another form or names no time of day,
//   - wrapping [ErrEmpty] if both times are the same.
func ParseWindow(s string) (Window, error) {
	from, to, ok := strings.Cut(s, "-")
	w := Window{timeOfDay(from), timeOfDay(to)}
	switch {
	case !ok || w.Open < 0 || w.Close < 0 || w.Open == dayMinutes:
		return Window{}, textError("window", s, `write "08:00-17:00", "00:00-24:00" or "22:00-06:00"`)
	case w.Open == w.Close:
		return Window{}, fmt.Errorf("servicetime: window %q: %w: a whole day is 00:00-24:00", s, ErrEmpty)
	case w.Close < w.Open:
		w.Close += dayMinutes
	}
	return w, nil
}

// MustWindow is [ParseWindow] for literals; it panics where ParseWindow fails.
func MustWindow(s string) Window { return must(ParseWindow(s)) }

// timeOfDay reads a time of day as minutes after midnight; -1 if it is none. 24:00 is one.
func timeOfDay(s string) int {
	if len(s) != 5 || s[2] != ':' {
		return -1
	}
	h, m := digits(s[:2]), digits(s[3:])
	if h < 0 || m < 0 || m > 59 || h*60+m > dayMinutes {
		return -1
	}
	return h*60 + m
}

// String writes the window as ParseWindow reads it. Midnight at its end is 24:00.
func (w Window) String() string {
	end := w.Close
	if end > dayMinutes {
		end -= dayMinutes
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.Open/60, w.Open%60, end/60, end%60)
}

// MarshalText is the text form of String.
func (w Window) MarshalText() ([]byte, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	return []byte(w.String()), nil
}

// UnmarshalText is [ParseWindow].
func (w *Window) UnmarshalText(b []byte) (err error) {
	*w, err = ParseWindow(string(b))
	return err
}

// check refuses what a literal can hold and a text cannot.
func (w Window) check() error {
	switch {
	case w.Open == w.Close:
		return fmt.Errorf("servicetime: window %d to %d min: %w: a whole day is 00:00-24:00", w.Open, w.Close, ErrEmpty)
	case w.Open < 0 || w.Open >= dayMinutes || w.Close < w.Open || w.Close > dayMinutes && w.Close-dayMinutes >= w.Open:
		return fmt.Errorf("servicetime: window %d to %d min: %w: it opens at 0 to 1439 min and closes within the 24 h after", w.Open, w.Close, ErrText)
	}
	return nil
}

// Days is a set of days of the week. The zero value is empty, which is no key of a [Week].
type Days uint8

// DaysOf returns the set of the weekdays.
func DaysOf(days ...time.Weekday) Days {
	var set Days
	for _, d := range days {
		set |= 1 << d
	}
	return set
}

var dayNames = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// weekdayOf is the weekday of dayNames[i]: the week of a schedule begins on Monday.
func weekdayOf(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

// ParseDays is the inverse of [Days.String]: it reads `mon-fri`, `sat,sun`, `mon-wed,fri`.
// A range may run over the end of the week (`fri-mon`).
//
// It returns an error:
//   - wrapping [ErrText] if a part names no day of the week,
//   - wrapping [ErrTwice] if a day is in two parts.
func ParseDays(s string) (Days, error) {
	var set Days
	for part := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from := slices.Index(dayNames[:], first)
		to := from
		if isRange {
			to = slices.Index(dayNames[:], last)
		}
		if from < 0 || to < 0 {
			return 0, textError("days", s, `write mon, tue, wed, thu, fri, sat, sun as "mon-fri" or "sat,sun"`)
		}
		for i := from; ; i = (i + 1) % 7 {
			d := DaysOf(weekdayOf(i))
			if set&d != 0 {
				return 0, fmt.Errorf("servicetime: days %q: %s: %w", shorten(s), dayNames[i], ErrTwice)
			}
			set |= d
			if i == to {
				break
			}
		}
	}
	return set, nil
}

// Has reports whether the set holds the day.
func (d Days) Has(w time.Weekday) bool { return d&(1<<w) != 0 }

// String writes the set in the order of the week, three days and more in a row as a range.
func (d Days) String() string {
	var parts []string
	for i := 0; i < 7; i++ {
		if !d.Has(weekdayOf(i)) {
			continue
		}
		j := i
		for j+1 < 7 && d.Has(weekdayOf(j+1)) {
			j++
		}
		if j-i >= 2 {
			parts = append(parts, dayNames[i]+"-"+dayNames[j])
			i = j
			continue
		}
		parts = append(parts, dayNames[i])
	}
	return strings.Join(parts, ",")
}

// MarshalText is the text form of String. An empty set is an error.
func (d Days) MarshalText() ([]byte, error) {
	if d == 0 || d > 0x7f {
		return nil, textError("days", fmt.Sprint(uint8(d)), "it names no days of the week")
	}
	return []byte(d.String()), nil
}

// UnmarshalText is [ParseDays].
func (d *Days) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDays(string(b))
	return err
}

// A Week holds the windows of each day of the week. A day that no key names is closed; a
// day that two keys name is an error when compiling.
type Week map[Days][]Window

// ParseWeek is the inverse of [Week.String]. It reads days, a space, and their windows;
// further days stand behind a semicolon: `mon-fri 08:00-12:00 13:00-17:00; sat 10:00-14:00`.
//
// It returns an error wrapping [ErrText], [ErrEmpty] or [ErrTwice] as [ParseDays] and
// [ParseWindow] do. Overlapping windows are found when compiling.
func ParseWeek(s string) (Week, error) {
	week := Week{}
	var seen Days
	for entry := range strings.SplitSeq(s, ";") {
		words := strings.Fields(entry)
		if len(words) < 2 {
			return nil, textError("week", s, `write days and windows as "mon-fri 08:00-12:00 13:00-17:00; sat 10:00-14:00"`)
		}
		days, err := ParseDays(words[0])
		if err != nil {
			return nil, err
		}
		if seen&days != 0 {
			return nil, fmt.Errorf("servicetime: week %q: %s: %w", shorten(s), seen&days, ErrTwice)
		}
		seen |= days
		for _, word := range words[1:] {
			w, err := ParseWindow(word)
			if err != nil {
				return nil, err
			}
			week[days] = append(week[days], w)
		}
	}
	return week, nil
}

// MustWeek is [ParseWeek] for literals; it panics where ParseWeek fails.
func MustWeek(s string) Week { return must(ParseWeek(s)) }

// String writes the week as ParseWeek reads it, without its closed days.
func (w Week) String() string {
	var parts []string
	for _, days := range w.keys() {
		if len(w[days]) == 0 {
			continue
		}
		var part strings.Builder
		part.WriteString(days.String())
		for _, window := range w[days] {
			part.WriteString(" " + window.String())
		}
		parts = append(parts, part.String())
	}
	return strings.Join(parts, "; ")
}

// UnmarshalJSON reads an object of days and windows. It returns an error wrapping [ErrTwice] if two keys name
// the same days, in whatever order: encoding/json alone would keep one of them.
func (w *Week) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		if token == nil && err == nil {
			*w = nil // null
			return nil
		}
		return textError("week", string(b), `write an object such as {"mon-fri": ["08:00-17:00"]}`)
	}
	week := Week{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		days, err := ParseDays(fmt.Sprint(key))
		if err != nil {
			return err
		}
		if _, again := week[days]; again {
			return fmt.Errorf("servicetime: week: %s: %w", days, ErrTwice)
		}
		var windows []Window
		if err := dec.Decode(&windows); err != nil {
			return err
		}
		week[days] = windows
	}
	*w = week
	return nil
}

// keys returns the sets of days in the order of their first day from Monday.
func (w Week) keys() []Days {
	first := func(d Days) int {
		for i := range 7 {
			if d.Has(weekdayOf(i)) {
				return i
			}
		}
		return 7
	}
	return slices.SortedFunc(maps.Keys(w), func(a, b Days) int {
		if d := first(a) - first(b); d != 0 {
			return d
		}
		return int(a) - int(b)
	})
}
