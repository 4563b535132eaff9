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
		date := calcDate(d.day, year).AddDays(d.shift)
		days = append(days, Holiday{date, d.name, d.eve})
	}
	return days
}

// calcDate reads the date, and nothing else, of the library's answer. Its instant is a
// midnight of the machine's zone, where midnights may be missing (Havana), so the
// date is read at noon.
func calcDate(h *cal.Holiday, year int) Date {
	actual, _ := h.Calc(year)
	y, m, d := actual.Add(12 * time.Hour).Date()
	return Date{y, m, d}
}
