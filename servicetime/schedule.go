package servicetime

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The largest schedule that Compile accepts.
const (
	MaxWindows  = 10_000 // windows of week, dates, breaks and extra together; a closed date counts as one
	MaxHolidays = 2_000  // dates in a list of holidays
)

// A Schedule says, as data, when a service is open. Its openings are
//
//	((rule of the date − breaks) ∪ extra openings)
//
// where the rule of a date is its entry in Dates, else nothing on a holiday, else its day of
// the week. [Compile] turns it into a [Calendar].
type Schedule struct {
	// Zone is the IANA name of the time zone: Europe/Stockholm. "" and "Local", which
	// depend on the machine, are refused.
	Zone string `json:"time_zone"`
	// Week holds the windows of each day of the week; a day not named is closed.
	Week Week `json:"week,omitempty"`
	// Holidays are closed, whatever the week says of their day. A night window of the
	// day before runs on into them.
	Holidays Holidays `json:"holidays,omitzero"`
	// Dates replaces the rule of single dates, holidays included. An empty list closes the date.
	Dates map[Date][]Window `json:"dates,omitempty"`
	// Breaks cuts wall time out: the window 12:00-13:00 of a date is closed on it,
	// whichever date's window it is cut from.
	Breaks map[Date][]Window `json:"breaks,omitempty"`
	// Extra is opened last. It makes no date a business day.
	Extra []Opening `json:"extra,omitempty"`
}

// An Opening is an extra opening, half-open [From, To), on whole seconds, with its reason.
type Opening struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason,omitempty"`
}

// check lists all that is wrong with the data, before any work is spent on it. A schedule that is too
// large is looked at no further.
func (s Schedule) check() (faults []error, tooLarge bool) {
	add := func(path, value string, err error) {
		faults = append(faults, &Fault{Path: path, Code: code(err), Value: value, Err: err})
	}
	if n := s.windows(); n > MaxWindows {
		add("", "", fmt.Errorf("schedule of %d windows: %w: at most %d", n, ErrLimit, MaxWindows))
	}
	if s.Holidays.set != nil && len(s.Holidays.set.list) > MaxHolidays {
		add("holidays", "", fmt.Errorf("list of %d: %w: at most %d", len(s.Holidays.set.list), ErrLimit, MaxHolidays))
	}
	if len(faults) > 0 {
		return faults, true
	}
	if s.Zone == "" || s.Zone == "Local" {
		add("time_zone", s.Zone, fmt.Errorf("%w: name one, such as Europe/Stockholm; the machine's own is not a reading", ErrZone))
	}
	var seen Days
	for _, days := range s.Week.keys() {
		path := "week." + days.String()
		if _, err := days.MarshalText(); err != nil {
			add(path, "", err)
		}
		if both := seen & days; both != 0 {
			add(path, both.String(), ErrTwice)
		}
		seen |= days
		checkWindows(func() string { return path }, s.Week[days], add)
	}
	for _, of := range []struct {
		path  string
		dates map[Date][]Window
	}{{"dates", s.Dates}, {"breaks", s.Breaks}} {
		for _, date := range slices.SortedFunc(maps.Keys(of.dates), byDate) {
			path := func() string { return of.path + "." + date.String() }
			if !date.IsValid() || !inRange(date.number()) {
				add(path(), "", ErrRange)
			}
			checkWindows(path, of.dates[date], add)
		}
	}
	for i, x := range s.Extra {
		var err error
		switch {
		case !x.From.Before(x.To):
			err = ErrBackwards
		case x.From.Nanosecond() != 0 || x.To.Nanosecond() != 0:
			err = ErrFraction
		case x.From.Unix() < zoneFrom || x.To.Unix() > zoneTo:
			err = ErrRange
		}
		if err != nil {
			add(fmt.Sprintf("extra[%d]", i), Span{x.From, x.To}.String(), err)
		}
	}
	return faults, false
}

func (s Schedule) windows() int {
	n := len(s.Extra)
	for _, ws := range s.Week {
		n += len(ws)
	}
	for _, dates := range []map[Date][]Window{s.Dates, s.Breaks} {
		for _, ws := range dates {
			n += max(1, len(ws))
		}
	}
	return n
}

// checkWindows looks at the windows of one date, whose path is asked for when something is wrong. Touching ones are one window;
// overlapping ones are a slip of the pen.
func checkWindows(path func() string, ws []Window, add func(path, value string, err error)) {
	bad := false
	for i, w := range ws {
		if err := w.check(); err != nil {
			add(fmt.Sprintf("%s[%d]", path(), i), "", err)
			bad = true
		}
	}
	if bad || len(ws) < 2 {
		return
	}
	sorted := sortedWindows(ws)
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Open < sorted[i-1].Close {
			add(path(), sorted[i-1].String()+" and "+sorted[i].String(), ErrOverlap)
		}
	}
}

func byDate(a, b Date) int {
	return cmp.Or(a.Year-b.Year, int(a.Month-b.Month), a.Day-b.Day)
}

func sortedWindows(ws []Window) []Window {
	return slices.SortedFunc(slices.Values(ws), func(a, b Window) int { return a.Open - b.Open })
}
