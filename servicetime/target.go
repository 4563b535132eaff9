package servicetime

import (
	"fmt"
	"strings"
	"time"
)

// A Target is a time within which something must be done: `30 min`, `8 h`, `2 business days`,
// `6 days`. Elapsed time, business days and calendar days are three kinds that are never
// converted into each other; how days count is a [Convention].
//
// The zero value is one that the agreement does not name. N/A is agreed not to be one. Neither is a target of zero, which there is none of.
type Target struct {
	n    int32
	unit unit
}

type unit uint8

const (
	minutes unit = iota + 1
	hours
	businessDays
	days
	notApplicable
)

// maxTarget bounds the number in a target.
const maxTarget = 1_000_000

// ParseTarget is the inverse of [Target.String]: it reads a whole number from 1 to
// 1,000,000, a space, and min, h, business day, business days, day or days; or N/A.
//
// It returns an error:
//   - wrapping [ErrText] if the text has another form,
//   - wrapping [ErrLimit] if the number is larger.
func ParseTarget(s string) (Target, error) {
	const forms = `write "30 min", "8 h", "2 business days", "6 days" or "N/A"`
	if s == "N/A" {
		return Target{unit: notApplicable}, nil
	}
	number, word, _ := strings.Cut(s, " ")
	n := digits(number)
	var u unit
	switch word {
	case "min":
		u = minutes
	case "h":
		u = hours
	case "business day", "business days":
		u = businessDays
	case "day", "days":
		u = days
	}
	switch {
	case n < 0 && len(number) > 8 && strings.Trim(number, "0123456789") == "", n > maxTarget:
		return Target{}, fmt.Errorf("servicetime: target %q: %w: at most %d", shorten(s), ErrLimit, maxTarget)
	case len(number) > 1 && number[0] == '0' && n >= 0:
		return Target{}, textError("target", s, "leave out the leading zero")
	case n == 0 && u != 0:
		return Target{}, textError("target", s, "a target is at least 1; no target is left out")
	case n < 0 || u == 0:
		return Target{}, textError("target", s, forms)
	}
	return Target{int32(n), u}, nil
}

// MustTarget is [ParseTarget] for literals; it panics where ParseTarget fails.
func MustTarget(s string) Target { return must(ParseTarget(s)) }

// IsZero reports whether the agreement does not name a target.
func (t Target) IsZero() bool { return t.unit == 0 }

// None reports whether there is nothing to judge: no target is named, or N/A.
func (t Target) None() bool { return t.unit == 0 || t.unit == notApplicable }

// String writes the target as ParseTarget reads it, and "no target" for the zero value.
func (t Target) String() string {
	plural := "s"
	if t.n == 1 {
		plural = ""
	}
	switch t.unit {
	case minutes:
		return fmt.Sprintf("%d min", t.n)
	case hours:
		return fmt.Sprintf("%d h", t.n)
	case businessDays:
		return fmt.Sprintf("%d business day%s", t.n, plural)
	case days:
		return fmt.Sprintf("%d day%s", t.n, plural)
	case notApplicable:
		return "N/A"
	}
	return "no target"
}

// MarshalText is the text form of String; it is empty for no target.
func (t Target) MarshalText() ([]byte, error) {
	if t.IsZero() {
		return nil, nil
	}
	return []byte(t.String()), nil
}

// UnmarshalText is [ParseTarget].
func (t *Target) UnmarshalText(b []byte) (err error) {
	*t, err = ParseTarget(string(b))
	return err
}

// Days is the number of a target in calendar days, such as the notice of a change. It is false for other targets: business days and elapsed time
// are none.
func (t Target) Days() (int, bool) { return int(t.n), t.unit == days }

// Duration is the length of a target in minutes or hours; it is false for one in days, which
// has none.
func (t Target) Duration() (time.Duration, bool) {
	switch t.unit {
	case minutes:
		return time.Duration(t.n) * time.Minute, true
	case hours:
		return time.Duration(t.n) * time.Hour, true
	}
	return 0, false
}

// A Convention says how the time of a target counts. Each names the kind of target that it is
// for. The zero value names none.
type Convention uint16

// Conventions for targets in minutes and hours.
const (
	SupportClock Convention = iota + 1 // SUPPORT_CLOCK: the calendar's open time
	WallClock                          // WALL_CLOCK: all time
	EU1182Hours                        // EU1182_HOURS: all time, from the next full hour of the wall clock (Regulation 1182/71 art. 3(1): the hour of the event is not counted)
)

// Conventions for targets in business days. Closing is the end of the last window of
// that date; effective is the receipt, or the next opening if it comes out of hours.
const (
	ExclDateClose      Convention = iota + 11 // EXCL_DATE_CLOSE: the date of receipt is not counted; closing of the Nth business day after it
	ExclDateMidnight                          // EXCL_DATE_MIDNIGHT: the same date, 24:00
	ExclEffectiveClose                        // EXCL_EFFECTIVE_CLOSE: the date of the effective receipt is not counted; closing of the Nth business day after it
	InclEffectiveClose                        // INCL_EFFECTIVE_CLOSE: the date of the effective receipt is day 1; closing of day N
	SameTime                                  // SAME_TIME: the Nth business day after the effective receipt, at its wall time
	AsHours                                   // AS_HOURS: N times the open time of a full working day, on the calendar's open time
)

// Conventions for targets in calendar days.
const (
	ExclMidnight  Convention = iota + 21 // EXCL_MIDNIGHT: the date of receipt is not counted; 24:00 of the Nth date after it
	SameWallClock                        // SAME_WALLCLOCK: the Nth date after receipt, at its wall time
	NX24H                                // N_X_24H: N times 24 hours of all time

	// EU1182Midnight is EU1182_MIDNIGHT: as ExclMidnight, rolled to the next date that is no Saturday, Sunday or public
	// holiday (Regulation 1182/71 art. 3(4)). EU1182Min2WDMidnight is EU1182_MIN2WD_MIDNIGHT: that, and two days or more
	// hold at least two working days (art. 3(5)), counted after the date of receipt. Public holidays are those of the calendar.
	EU1182Midnight
	EU1182Min2WDMidnight
	// SE1930Close is SE1930_CLOSE: the Nth date after receipt, rolled to the next that is no Saturday, Sunday, public holiday,
	// Midsummer Eve, Christmas Eve or New Year's Eve (lag 1930:173 § 2); at its closing, 24:00 if it has none.
	SE1930Close
)

// cutoff is added to the minutes after midnight of a CUTOFF_hhmm_CLOSE.
const cutoff Convention = 1000

// Cutoff is CUTOFF_hhmm_CLOSE: a receipt before that wall time on a business day makes the date
// day 1, any other the next business day; closing of day N. Minutes are after midnight, 0 to
// 1439; others give no convention.
func Cutoff(minutes int) Convention {
	if minutes < 0 || minutes >= dayMinutes {
		return 0
	}
	return cutoff + Convention(minutes)
}

var conventionNames = map[Convention]string{
	SupportClock: "SUPPORT_CLOCK", WallClock: "WALL_CLOCK",
	ExclDateClose: "EXCL_DATE_CLOSE", ExclDateMidnight: "EXCL_DATE_MIDNIGHT",
	ExclEffectiveClose: "EXCL_EFFECTIVE_CLOSE", InclEffectiveClose: "INCL_EFFECTIVE_CLOSE",
	SameTime: "SAME_TIME", AsHours: "AS_HOURS",
	EU1182Hours: "EU1182_HOURS", EU1182Midnight: "EU1182_MIDNIGHT", EU1182Min2WDMidnight: "EU1182_MIN2WD_MIDNIGHT", SE1930Close: "SE1930_CLOSE",
	ExclMidnight: "EXCL_MIDNIGHT", SameWallClock: "SAME_WALLCLOCK", NX24H: "N_X_24H",
}

// ParseConvention is the inverse of [Convention.String]: it reads EXCL_DATE_CLOSE,
// CUTOFF_1200_CLOSE and the others.
//
// It returns an error wrapping [ErrText] if there is none of that name.
func ParseConvention(s string) (Convention, error) {
	for c := SupportClock; c < cutoff; c++ {
		if name, known := conventionNames[c]; known && name == s {
			return c, nil
		}
	}
	if hhmm, ok := strings.CutPrefix(s, "CUTOFF_"); ok {
		if hhmm, ok = strings.CutSuffix(hhmm, "_CLOSE"); ok && len(hhmm) == 4 {
			if m := timeOfDay(hhmm[:2] + ":" + hhmm[2:]); m >= 0 && m < dayMinutes {
				return Cutoff(m), nil
			}
		}
	}
	return 0, textError("convention", s, "known are SUPPORT_CLOCK, WALL_CLOCK, EU1182_HOURS; EXCL_DATE_CLOSE, EXCL_DATE_MIDNIGHT, EXCL_EFFECTIVE_CLOSE, INCL_EFFECTIVE_CLOSE, CUTOFF_hhmm_CLOSE, SAME_TIME, AS_HOURS; EXCL_MIDNIGHT, SAME_WALLCLOCK, N_X_24H, EU1182_MIDNIGHT, EU1182_MIN2WD_MIDNIGHT, SE1930_CLOSE")
}

// String writes the convention's name; that of the zero value is empty.
func (c Convention) String() string {
	if c >= cutoff && c < cutoff+dayMinutes {
		m := int(c - cutoff)
		return fmt.Sprintf("CUTOFF_%02d%02d_CLOSE", m/60, m%60)
	}
	return conventionNames[c]
}

// MarshalText is the text form of String.
func (c Convention) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is [ParseConvention].
func (c *Convention) UnmarshalText(b []byte) (err error) {
	*c, err = ParseConvention(string(b))
	return err
}

// Counts reports whether the convention is one for targets of that kind.
func (c Convention) Counts(t Target) bool {
	switch t.unit {
	case minutes, hours:
		return c >= SupportClock && c <= EU1182Hours
	case businessDays:
		return c >= ExclDateClose && c <= AsHours || c >= cutoff && c < cutoff+dayMinutes
	case days:
		return c >= ExclMidnight && c <= SE1930Close
	}
	return false
}
