package servicetime

import (
	"fmt"
	"time"
)

// A Period is a run of whole local dates: a [Date], a [Month], a [Quarter], a [Year], or any [Dates].
// [Calendar.Span] turns it into instants of the calendar's zone.
type Period interface {
	// Dates returns the first and the last date of the period, both in it.
	Dates() (first, last Date)
	fmt.Stringer
}

// Dates is the period of the one date.
func (d Date) Dates() (first, last Date) { return d, d }

// A Month is a calendar month. The zero value is no month.
type Month struct {
	Year  int
	Month time.Month
}

// ParseMonth is the inverse of [Month.String]: it reads `2026-10`.
//
// It returns an error wrapping [ErrText] if the text has another form or names
// no month.
func ParseMonth(s string) (Month, error) {
	y, m, ok := 0, 0, len(s) == 7 && s[4] == '-'
	if ok {
		y, m = digits(s[0:4]), digits(s[5:7])
	}
	if !ok || y < 0 || m < 0 {
		return Month{}, textError("month", s, `write year and month as "2026-10"`)
	}
	month := Month{y, time.Month(m)}
	if !month.IsValid() {
		return Month{}, textError("month", s, "there is no such month")
	}
	return month, nil
}

// MustMonth is [ParseMonth] for literals; it panics where ParseMonth fails.
func MustMonth(s string) Month { return must(ParseMonth(s)) }

// IsValid reports whether the month exists.
func (m Month) IsValid() bool { return Date{m.Year, m.Month, 1}.IsValid() }

// String writes the month as ISO 8601 does: 2026-10.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// MarshalText is the text form of String. A month that does not exist is an error.
func (m Month) MarshalText() ([]byte, error) {
	if !m.IsValid() {
		return nil, textError("month", m.String(), "there is no such month")
	}
	return []byte(m.String()), nil
}

// UnmarshalText is [ParseMonth].
func (m *Month) UnmarshalText(b []byte) (err error) {
	*m, err = ParseMonth(string(b))
	return err
}

// Dates returns the first and the last date of the month.
func (m Month) Dates() (first, last Date) {
	return Date{m.Year, m.Month, 1}, Date{m.Year, m.Month, daysIn(m.Year, m.Month)}
}

// Add returns the month n months later, or earlier for negative n.
func (m Month) Add(n int) Month {
	k := m.Year*12 + int(m.Month) - 1 + n
	year := floorDiv(k, 12)
	return Month{year, time.Month(k-year*12) + 1}
}

// Quarter is the quarter of the year that the month lies in.
func (m Month) Quarter() Quarter { return Quarter{m.Year, (int(m.Month) + 2) / 3} }

// A Quarter is a quarter of a calendar year. The zero value is no quarter.
type Quarter struct {
	Year    int
	Quarter int // 1 to 4
}

// Dates returns the first and the last date of the quarter.
func (q Quarter) Dates() (first, last Date) {
	first, _ = Month{q.Year, time.Month(3*q.Quarter - 2)}.Dates()
	_, last = Month{q.Year, time.Month(3 * q.Quarter)}.Dates()
	return first, last
}

// String writes year and quarter: 2026-Q4.
func (q Quarter) String() string { return fmt.Sprintf("%04d-Q%d", q.Year, q.Quarter) }

// Dates are a run of local dates, both ends in it: the twelve months, or the 365 days, that end with some date.
type Dates struct{ First, Last Date }

// Dates returns both ends.
func (d Dates) Dates() (first, last Date) { return d.First, d.Last }

// String writes both ends as ISO 8601 does: 2025-11-01/2026-10-31.
func (d Dates) String() string { return d.First.String() + "/" + d.Last.String() }

// A Year is a calendar year. The zero value is no year.
type Year int

// Dates returns 1 January and 31 December.
func (y Year) Dates() (first, last Date) {
	return Date{int(y), time.January, 1}, Date{int(y), time.December, 31}
}

// String writes four digits: 2026.
func (y Year) String() string { return fmt.Sprintf("%04d", int(y)) }
