package priority

import (
	"fmt"
	"time"

	"example.com/sla/servicetime"
)

// Timing is the rule of the second axis of §4.3: how close to critical times (§3.2) an
// incident occurred.
//
//	1  in a critical period        2  close to one
//	3  outside critical times      4  low season
//
// A critical period is, in every month, from one day to the end. All dates are local dates of
// the opening hours' zone. The zero value is invalid: both readings must be named.
type Timing struct {
	// CriticalFromDay is the day of the month with which a critical period begins, 1 to 31; 0 is never.
	CriticalFromDay int `json:"critical_from_day"`
	// NearBeforeDays is how many calendar days before that day are close to it, 0 to 31. A month without
	// that day has none.
	NearBeforeDays int `json:"near_before_days"`
	// NearAfterDays is how many days from the first of a month are close to the period that ended, 0 to 31.
	NearAfterDays int `json:"near_after_days"`
	// LowSeason lists ranges of days of the year.
	LowSeason []Season `json:"low_season,omitempty"`
	// Precedence says which class wins where two apply.
	Precedence Precedence `json:"precedence,omitzero"`
	// OutOfHours says which class an instant outside the opening hours has.
	OutOfHours OutOfHours `json:"out_of_hours,omitzero"`
}

// Precedence is the order in which classes are tried.
type Precedence uint8

// The readings of §4.3, which has no word on it.
const (
	CriticalFirst Precedence = iota + 1 // critical, near, low season, normal: the preset's
	LowFirst                            // low season, critical, near, normal
)

// OutOfHours is the class of an instant outside the opening hours.
type OutOfHours uint8

// The readings of §4.3, whose classes 1 to 3 ask for opening hours while 4 does not.
const (
	NextOpen      OutOfHours = iota + 1 // the class of the date of the next opening: the preset's
	ByDate                              // the class of its own date
	OutOfHoursIs4                       // class 4
)

var (
	precedences = wordsOf[Precedence]("precedence", "critical_first", "low_first")
	outOfHours  = wordsOf[OutOfHours]("out_of_hours", "next_open", "by_date", "out_of_hours_is_4")
)

// String is the name of the reading; it is empty for the zero value.
func (p Precedence) String() string { return precedences.Text(p) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (p Precedence) MarshalText() ([]byte, error) { return precedences.Marshal(p) }

// UnmarshalText is the inverse of MarshalText.
func (p *Precedence) UnmarshalText(b []byte) (err error) {
	*p, err = precedences.Parse(b)
	return err
}

// String is the name of the reading; it is empty for the zero value.
func (o OutOfHours) String() string { return outOfHours.Text(o) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (o OutOfHours) MarshalText() ([]byte, error) { return outOfHours.Marshal(o) }

// UnmarshalText is the inverse of MarshalText.
func (o *OutOfHours) UnmarshalText(b []byte) (err error) {
	*o, err = outOfHours.Parse(b)
	return err
}

// A Season is a range of days of the year, both ends in it; it may run over New Year. Its text is
// two days, in JSON ["07-01", "08-15"].
type Season [2]YearDay

// A YearDay is a day of every year.
type YearDay struct {
	Month time.Month
	Day   int
}

// String writes month and day: 07-01.
func (d YearDay) String() string { return fmt.Sprintf("%02d-%02d", int(d.Month), d.Day) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (d YearDay) MarshalText() ([]byte, error) {
	return []byte(d.String()), new(YearDay).UnmarshalText([]byte(d.String()))
}

// UnmarshalText is the inverse of MarshalText. It returns an error wrapping
// [servicetime.ErrText] if the text is no day of a year.
func (d *YearDay) UnmarshalText(b []byte) error {
	date, err := servicetime.ParseDate("2000-" + string(b)) // a leap year, so that 02-29 is one
	if err != nil {
		return fmt.Errorf("priority: day of the year %q: %w: write month and day as \"07-01\"", string(b), servicetime.ErrText)
	}
	*d = YearDay{date.Month, date.Day}
	return nil
}

func (d YearDay) before(e YearDay) bool {
	return d.Month < e.Month || d.Month == e.Month && d.Day < e.Day
}

// has reports whether the date lies in the season.
func (s Season) has(date servicetime.Date) bool {
	d := YearDay{date.Month, date.Day}
	if s[1].before(s[0]) { // over New Year
		return !d.before(s[0]) || !s[1].before(d)
	}
	return !d.before(s[0]) && !s[1].before(d)
}

// Check returns an error wrapping [ErrTiming] if a number is out of range or a reading
// is not named.
func (t Timing) Check() error {
	for _, n := range []struct {
		name  string
		value int
	}{
		{"critical_from_day", t.CriticalFromDay},
		{"near_before_days", t.NearBeforeDays},
		{"near_after_days", t.NearAfterDays},
	} {
		if n.value < 0 || n.value > 31 {
			return fmt.Errorf("priority: %s %d: %w: 0 to 31", n.name, n.value, ErrTiming)
		}
	}
	if t.Precedence.String() == "" || t.OutOfHours.String() == "" {
		return fmt.Errorf("priority: %w: precedence and out_of_hours must be named", ErrTiming)
	}
	for _, s := range t.LowSeason {
		for _, d := range s {
			if err := new(YearDay).UnmarshalText([]byte(d.String())); err != nil {
				return fmt.Errorf("priority: low season: %w: %w", ErrTiming, err)
			}
		}
	}
	return nil
}

// Class returns the timing of an instant, 1 to 4, against the opening hours.
//
// It returns an error:
//   - wrapping [ErrTiming] if a reading is not named,
//   - wrapping [servicetime.ErrRange] if the instant lies outside the range of the calendar, or no
//     opening follows in it where one is asked for.
func (t Timing) Class(opening *servicetime.Calendar, at time.Time) (int, error) {
	if t.Precedence == 0 || t.OutOfHours == 0 {
		return 0, fmt.Errorf("priority: %w: precedence and out_of_hours must be named", ErrTiming)
	}
	if !opening.Covers(at) {
		return 0, fmt.Errorf("priority: timing of %s: %w", at.Format(time.RFC3339Nano), servicetime.ErrRange)
	}
	if !opening.Open(at) {
		switch t.OutOfHours {
		case OutOfHoursIs4:
			return 4, nil
		case NextOpen:
			next, ok := opening.NextOpen(at)
			if !ok {
				return 0, fmt.Errorf("priority: no opening after %s: %w", at.Format(time.RFC3339Nano), servicetime.ErrRange)
			}
			at = next
		}
	}
	return t.class(opening.Date(at)), nil
}

// Critical reports whether a date lies in a critical period (§3.2), in low season or not.
func (t Timing) Critical(d servicetime.Date) bool {
	// From around the 20th to the end of the month, every such date, business day or not.
	return t.CriticalFromDay > 0 && d.Day >= t.CriticalFromDay
}

// class is that of a date, which is all that the classes look at.
func (t Timing) class(d servicetime.Date) int {
	low := false
	for _, s := range t.LowSeason {
		low = low || s.has(d)
	}
	from := t.CriticalFromDay
	switch {
	case low && t.Precedence == LowFirst:
		return 4
	case t.Critical(d):
		return 1
	case from > 0 && d.Day >= from-t.NearBeforeDays && from <= lastDay(d) || from > 0 && d.Day <= t.NearAfterDays:
		return 2
	case low:
		return 4
	}
	return 3
}

// lastDay is the last day of the date's month.
func lastDay(d servicetime.Date) int {
	_, last := servicetime.Month{Year: d.Year, Month: d.Month}.Dates()
	return last.Day
}
