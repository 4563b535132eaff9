package agreements

import (
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/fi"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/us"

	"example.com/sla/servicetime"
)

// Holidays are the sets that an agreement can name beside those of package servicetime: DE, those of all of Germany, without those of single states; DK;
// FI; GB, England and Wales; NO; and US, the federal ones. Give them to [sla.Agreement.Compile] where [Load] does not: to compile an agreement that was changed.
//
// They are what github.com/rickar/cal/v2 lists today. Denmark's has Grundlovsdag, which is none by law, and the eves of Finland are marked as such; see
// [servicetime.FromCal] for what else it reads.
func Holidays() []servicetime.Holidays {
	return []servicetime.Holidays{
		servicetime.FromCal("DE", de.Holidays...),
		servicetime.FromCal("DK", dk.Holidays...),
		servicetime.FromCal("FI", fi.Holidays...),
		servicetime.FromCal("GB", gb.Holidays...),
		servicetime.FromCal("NO", no.Holidays...),
		servicetime.FromCal("US", us.Holidays...),
	}
}

// countries are the names of Holidays.
func countries() []string {
	var names []string
	for _, set := range Holidays() {
		names = append(names, set.Name())
	}
	return names
}
