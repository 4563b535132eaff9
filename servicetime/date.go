package servicetime

import (
	"fmt"
	"time"
)

// A Date is a day of the proleptic Gregorian calendar, without a zone and
// without a time. The zero value is no date.
//
// Dates are compared with ==, and ordered by [Date.Compare].
type Date struct {
	Year  int        // 1 to 9999
	Month time.Month // January = 1
	Day   int        // 1 to 31
}

// ParseDate is the inverse of [Date.String]: it reads `2026-10-31`.
//
// It returns an error wrapping [ErrText] if the text has another form or names
// a date that does not exist (30 February).
func ParseDate(s string) (Date, error) {
	y, m, d, ok := 0, 0, 0, len(s) == 10 && s[4] == '-' && s[7] == '-'
	if ok {
		y, m, d = digits(s[0:4]), digits(s[5:7]), digits(s[8:10])
	}
	if !ok || y < 0 || m < 0 || d < 0 {
		return Date{}, textError("date", s, `write year, month and day as "2026-10-31"`)
	}
	date := Date{y, time.Month(m), d}
	if !date.IsValid() {
		return Date{}, textError("date", s, "there is no such date")
	}
	return date, nil
}

// MustDate is [ParseDate] for literals; it panics where ParseDate fails.
func MustDate(s string) Date { return must(ParseDate(s)) }

// IsValid reports whether the date exists.
func (d Date) IsValid() bool {
	return d.Year >= 1 && d.Year <= 9999 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

// String writes the date as ISO 8601 does: 2026-10-31.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalText is the text form of String. A date that does not exist is an error.
func (d Date) MarshalText() ([]byte, error) {
	if !d.IsValid() {
		return nil, textError("date", d.String(), "there is no such date")
	}
	return []byte(d.String()), nil
}

// UnmarshalText is [ParseDate].
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return weekday(d.number()) }

// AddDays returns the date n calendar days later, or earlier for negative n.
func (d Date) AddDays(n int) Date { return dateOf(d.number() + n) }

// Compare returns -1, 0 or +1 as d lies before, is or lies after other.
func (d Date) Compare(other Date) int {
	a, b := d.number(), other.number()
	switch {
	case a < b:
		return -1
	case a > b:
		return +1
	}
	return 0
}

// number counts days from 1970-01-01, which is 0. The year begins in March here,
// so that the leap day is its last and months have a closed form.
func (d Date) number() int {
	y, m := d.Year, int(d.Month)
	if m <= 2 {
		y--
		m += 12
	}
	era := floorDiv(y, 400)
	yearOfEra := y - era*400
	dayOfYear := (153*(m-3)+2)/5 + d.Day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// dateOf is the inverse of number.
func dateOf(n int) Date {
	n += 719468
	era := floorDiv(n, 146097)
	dayOfEra := n - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153
	date := Date{era*400 + yearOfEra, time.Month(m + 3), dayOfYear - (153*m+2)/5 + 1}
	if date.Month > 12 {
		date.Month -= 12
		date.Year++
	}
	return date
}

// weekday is that of a day number: 1970-01-01 was a Thursday.
func weekday(n int) time.Weekday { return time.Weekday((n%7 + 7 + int(time.Thursday)) % 7) }

func daysIn(year int, m time.Month) int {
	switch m {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// digits reads a number of decimal digits alone, and is -1 for anything else.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || n > 1e8 {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	if s == "" {
		return -1
	}
	return n
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
