package servicetime

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
)

// Sweden is the set "SE": the public holidays of lag (1989:253) om allmänna helgdagar, as it
// reads today, over the whole range, with National Day from 2005 and Whit Monday until 2004.
// Sundays that are holidays for being Sundays alone are left to the week.
var Sweden = NewHolidays("SE", func(year int) []Holiday { return swedish(year, false) })

// SwedenWithEves is the set "SE+eves": Sweden, and Midsummer Eve, Christmas Eve and New Year's
// Eve, which are no public holidays but on which many are closed.
var SwedenWithEves = NewHolidays("SE+eves", func(year int) []Holiday { return swedish(year, true) })

// swedishDays names the days of Sweden here, because names differ between versions of
// the library that computes the dates.
var swedishDays = []struct {
	name        string
	day         *cal.Holiday
	shift       int // days after the library's
	first, last int // years; 0 is no limit
	eve         bool
}{
	{name: "Nyårsdagen", day: se.Nyarsdagen},
	{name: "Trettondedag jul", day: se.TrettondedagJul},
	{name: "Långfredagen", day: se.Langfredagen},
	{name: "Påskdagen", day: se.Paskdagen},
	{name: "Annandag påsk", day: se.AnnandagPask},
	{name: "Första maj", day: se.ForstaMaj},
	{name: "Kristi himmelsfärdsdag", day: se.KristiHimmelsfardsdag},
	{name: "Pingstdagen", day: se.Pingstdagen},
	{name: "Annandag pingst", day: se.Pingstdagen, shift: 1, last: 2004},
	{name: "Sveriges nationaldag", day: se.Nationaldagen, first: 2005},
	{name: "Midsommarafton", day: se.Midsommarafton, eve: true},
	{name: "Midsommardagen", day: se.Midsommardagen},
	{name: "Alla helgons dag", day: se.AllaHelgonsDag},
	{name: "Julafton", day: se.Julafton, eve: true},
	{name: "Juldagen", day: se.Juldagen},
	{name: "Annandag jul", day: se.AnnandagJul},
	{name: "Nyårsafton", day: se.Nyarsafton, eve: true},
}

func swedish(year int, eves bool) []Holiday {
	days := make([]Holiday, 0, len(swedishDays))
	for _, d := range swedishDays {
		if d.eve && !eves || year < d.first || d.last != 0 && year > d.last {
			continue
		}
		actual, _ := d.day.Calc(year)
		days = append(days, Holiday{dateAtNoon(d.day, actual).AddDays(d.shift), d.name, d.eve})
	}
	return days
}

// dateAtNoon reads the date, and nothing else, of the library's answer. Its instant is a
// midnight of the machine's zone, where midnights may be missing (Havana), so the
// date is read at noon. Where a whole date is missing (Kiritimati 1994-12-31) a
// holiday on a fixed date says itself which it is.
func dateAtNoon(h *cal.Holiday, midnight time.Time) Date {
	y, m, d := midnight.Add(12 * time.Hour).Date()
	date := Date{y, m, d}
	if fixed := (Date{y, h.Month, h.Day}); h.Offset == 0 && fixed.IsValid() {
		if apart := date.number() - fixed.number(); apart == 1 || apart == -1 {
			return fixed
		}
	}
	return date
}

// FromCal makes a set from holidays of github.com/rickar/cal/v2, whose packages list those of many
// countries:
//
//	norway := servicetime.FromCal("NO", no.Holidays...)
//
// Give it to [Compile] or to a [Schedule]. A holiday that is observed on another date as well, such as a substitute
// for a weekend, is closed on both. Holidays that the library does not call public are marked as eves. Lists
// of some countries go back further than their law: check those years that matter.
func FromCal(name string, holidays ...*cal.Holiday) Holidays {
	return NewHolidays(name, func(year int) []Holiday {
		var days []Holiday
		for _, h := range holidays {
			actual, observed := h.Calc(year)
			if actual.IsZero() {
				continue // not in that year
			}
			day := Holiday{dateAtNoon(h, actual), h.Name, h.Type == cal.ObservanceOther}
			days = append(days, day)
			if !observed.IsZero() && !observed.Equal(actual) {
				y, m, d := observed.Add(12 * time.Hour).Date()
				day.Date, day.Name = Date{y, m, d}, h.Name+" (observed)"
				days = append(days, day)
			}
		}
		return days
	})
}
