package servicetime

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Holidays says which dates are public holidays: a set with a name, such as [Sweden], or
// a list of dates. The zero value has no holiday.
//
// Two holidays on one date are one closed date. In JSON a set is its name ("SE") and a list its
// texts (["2026-01-01", "--12-25"]).
type Holidays struct{ set *holidaySet }

// Holiday is a date with its name, which may be empty.
type Holiday struct {
	Date Date
	Name string
	Eve  bool // closed by custom, no public holiday: conventions that roll over public holidays do not roll over it
}

// holidaySet stands behind a pointer so that schedules stay comparable as data. One with a
// name and neither function nor list waits for Compile to be given the set.
type holidaySet struct {
	name string
	days func(year int) []Holiday
	list []yearDay
}

// yearDay is a date, or with year 0 that month and day of every year.
type yearDay struct {
	year  int
	month time.Month
	day   int
}

// NewHolidays makes a set from its name and a pure function that lists the holidays of a
// year. Compile calls the function once for each year from 1969 to 2200 and accepts up to
// 366 days a year; dates that do not exist or lie outside the range are passed over.
func NewHolidays(name string, days func(year int) []Holiday) Holidays {
	return Holidays{&holidaySet{name: name, days: days}}
}

// HolidayDates makes a list from texts: `2026-01-01` is the one date, `--12-25` that day of
// every year.
//
// It returns an error wrapping [ErrText] for each text that is neither.
func HolidayDates(texts ...string) (Holidays, error) {
	set := &holidaySet{list: make([]yearDay, 0, len(texts))}
	var errs []error
	for _, s := range texts {
		d, err := parseYearDay(s)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		set.list = append(set.list, d)
	}
	if len(errs) > 0 {
		return Holidays{}, errors.Join(errs...)
	}
	return Holidays{set}, nil
}

func parseYearDay(s string) (yearDay, error) {
	if d, err := ParseDate(s); err == nil {
		return yearDay{d.Year, d.Month, d.Day}, nil
	}
	if len(s) == 7 && s[:2] == "--" && s[4] == '-' {
		d := Date{2000, time.Month(digits(s[2:4])), digits(s[5:7])} // a leap year, so that --02-29 is one
		if d.IsValid() {
			return yearDay{0, d.Month, d.Day}, nil
		}
	}
	return yearDay{}, textError("holiday", s, `write a date as "2026-01-01", or "--12-25" for every year`)
}

func (d yearDay) String() string {
	if d.year == 0 {
		return fmt.Sprintf("--%02d-%02d", int(d.month), d.day)
	}
	return Date{d.year, d.month, d.day}.String()
}

// IsZero reports whether there is no set and no list.
func (h Holidays) IsZero() bool { return h.set == nil }

// Name is the name of the set, empty for a list.
func (h Holidays) Name() string {
	if h.set == nil {
		return ""
	}
	return h.set.name
}

// In lists the holidays of a year. It is empty for a set known by name alone, which only
// [Compile] can resolve.
func (h Holidays) In(year int) []Holiday {
	if h.set == nil {
		return nil
	}
	if h.set.days != nil {
		return h.set.days(year)
	}
	var days []Holiday
	for _, d := range h.set.list {
		date := Date{year, d.month, d.day}
		if (d.year == 0 || d.year == year) && date.IsValid() {
			days = append(days, Holiday{Date: date})
		}
	}
	return days
}

// resolve finds the set of a bare name among those that a program gave to Compile.
func (h Holidays) resolve(sets []Holidays) (Holidays, error) {
	if h.set == nil || h.set.days != nil || h.set.name == "" {
		return h, nil
	}
	for _, s := range sets {
		if s.Name() == h.set.name && s.set.days != nil {
			return s, nil
		}
	}
	return h, fmt.Errorf("%w: known are %q and %q, others are given to Compile", ErrHolidays, Sweden.Name(), SwedenWithEves.Name())
}

// MarshalJSON writes the name of a set or the texts of a list.
func (h Holidays) MarshalJSON() ([]byte, error) {
	switch {
	case h.set == nil:
		return []byte("null"), nil
	case h.set.name != "":
		return json.Marshal(h.set.name)
	case h.set.days != nil:
		return nil, textError("holidays", "", "a set without a name has no text")
	}
	texts := make([]string, len(h.set.list))
	for i, d := range h.set.list {
		texts[i] = d.String()
	}
	return json.Marshal(texts)
}

// UnmarshalJSON is the inverse of MarshalJSON. A name is kept as it is; whether there
// is such a set is known when compiling.
func (h *Holidays) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*h = Holidays{}
		return nil
	}
	var name string
	if json.Unmarshal(b, &name) == nil {
		switch name {
		case "":
			return textError("holidays", "", "write the name of a set, a list of dates, or leave it out")
		case Sweden.Name():
			*h = Sweden
		case SwedenWithEves.Name():
			*h = SwedenWithEves
		default:
			*h = Holidays{&holidaySet{name: name}}
		}
		return nil
	}
	var texts []string
	if err := json.Unmarshal(b, &texts); err != nil {
		return textError("holidays", string(b), `write the name of a set ("SE") or a list of dates (["2026-01-01", "--12-25"])`)
	}
	list, err := HolidayDates(texts...)
	if err == nil {
		*h = list
	}
	return err
}
