// Package monthly makes monthly reports of records: it reads them once into each of the months, and gives a document for each that is reported. What the
// documents look like is the business of package page.
package monthly

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sla"
	"example.com/sla/examples/agreements"
	"example.com/sla/examples/page"
	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// trend is how many months a report looks back over, its own among them.
const trend = 12

// A Job is what a report is asked for. Rules, sources and month are needed.
type Job struct {
	Rules   *sla.Rules
	Sources []Source
	Month   servicetime.Month
	// Year asks for a report of each month of the year, up to it.
	Year bool
	// AsOf is the instant as of which all months are judged. Zero is the last one of the tickets, or, if that is later, noon (UTC) of the day after the month.
	AsOf time.Time
	// AgreementFile is told in the report, if it is not nil.
	AgreementFile *page.File
	// Missed, if it is not nil, is given each missed ticket of the month as it is found.
	Missed func(sla.MissedTicket)
}

// A Source is a folder of records.
type Source struct {
	*records.Folder
	// MadeUp says so of them, which a report says of itself.
	MadeUp bool
}

// Documents reads the records, and returns the report of the month, or of each month of the year up to it. Its errors are those of [records.Folder.Survey] and
// [records.Folder.Feed], and of a month outside the years 1970 to 2200.
func (job Job) Documents() ([]*page.Document, error) {
	rules, notes, err := job.rules()
	if err != nil {
		return nil, err
	}
	asOf, asOfFrom, err := job.asOf(rules)
	if err != nil {
		return nil, err
	}
	months, err := job.months(rules, asOf)
	if err != nil {
		return nil, err
	}
	inputs, err := job.read(rules, months)
	if err != nil {
		return nil, err
	}
	var history []*sla.Report
	for _, m := range months {
		history = append(history, figuresOf(m.Month))
	}
	inputs.Notes, inputs.AsOfFrom, inputs.AgreementFile = notes, asOfFrom, job.AgreementFile
	inputs.Library, inputs.ZoneData = Versions()
	var documents []*page.Document
	for _, m := range months {
		if m.sensitivity == nil {
			continue
		}
		value, err := m.Monthly(m.sensitivity, history...)
		if err != nil {
			return nil, err
		}
		d := inputs
		d.Monthly = *value
		documents = append(documents, &d)
	}
	return documents, nil
}

// rules are those of the agreement, but for what the records cannot show, with notes of what that is.
func (job *Job) rules() (rules *sla.Rules, notes []sla.Text, err error) {
	agreement := job.Rules.Agreement()
	for _, s := range job.Sources {
		if s.Tickets == nil {
			continue
		}
		// §3.1.2: where the evidence has no column for reporting back, the clock stops at resolved.
		if s.Tickets.Head.NoReportedBack && records.StopAtResolved(&agreement) {
			notes = append(notes, sla.Text{
				"en": "The records have no instant of reporting back: resolution clocks of incidents and problems stop at resolved.",
				"sv": "Uppgifterna har ingen tidpunkt för återrapportering: åtgärdstiden för incidenter och problem slutar när de är lösta.",
			})
		}
		if s.Tickets.Head.NoStarted && records.DropResponses(&agreement) {
			notes = append(notes, sla.Text{
				"en": "The records have no start of work: responses are not judged.",
				"sv": "Uppgifterna har ingen tidpunkt för påbörjat arbete: inställelsetider bedöms inte.",
			})
		}
	}
	if len(notes) == 0 {
		return job.Rules, nil, nil
	}
	rules, err = agreement.Compile(time.LoadLocation, agreements.Holidays()...)
	return rules, notes, err
}

// asOf is that as of which all months are judged, and where it is from.
func (job *Job) asOf(rules *sla.Rules) (latest time.Time, from string, err error) {
	if !job.AsOf.IsZero() {
		return job.AsOf, "given", nil
	}
	latest, from = After(job.Month), "month"
	for _, s := range job.Sources {
		last, err := s.Survey(rules)
		if err != nil {
			return latest, from, err
		}
		if last.After(latest) {
			latest, from = last, "records"
		}
	}
	return latest, from, nil
}

// After is an instant behind a month in every zone.
func After(m servicetime.Month) time.Time {
	return time.Date(m.Year, m.Month+1, 1, 12, 0, 0, 0, time.UTC)
}

// aMonth is one that is counted. Without sensitivity it is not reported, and is there for the trend.
type aMonth struct {
	*sla.Month
	name        servicetime.Month
	sensitivity *sla.Sensitivity
}

// months are those that are counted: the reported ones, and eleven before.
func (job *Job) months(rules *sla.Rules, asOf time.Time) ([]aMonth, error) {
	first := job.Month
	if job.Year {
		first.Month = time.January
	}
	var months []aMonth
	reported := false
	for name := first.Add(1 - trend); ; name = name.Add(1) {
		reported = reported || name == first
		m, err := rules.Month(name, asOf)
		switch {
		case err != nil && reported:
			return nil, err
		case err != nil: // before 1970
			continue
		}
		one := aMonth{Month: m, name: name}
		if reported {
			if one.sensitivity, err = rules.Sensitivity(name, asOf); err != nil {
				return nil, err
			}
		}
		if months = append(months, one); name == job.Month {
			return months, nil
		}
	}
}

// read counts the records in the months, and says what they were like in a document that has nothing else.
func (job *Job) read(rules *sla.Rules, months []aMonth) (inputs page.Document, err error) {
	all := make([]*sla.Month, len(months))
	for i, m := range months {
		all[i] = m.Month
	}
	if job.Missed != nil {
		months[len(months)-1].EachMissed(job.Missed)
	}
	judge, finish := otherReadings(months)
	defer finish()
	missing := map[string]int{}
	for _, s := range job.Sources {
		quality, err := s.Feed(rules, all, judge)
		if err != nil {
			return inputs, err
		}
		for i := range quality.Files {
			f := &quality.Files[i]
			inputs.Inputs = append(inputs.Inputs, inputOf(f))
			switch {
			case s.MadeUp && f.Kind == "tickets": // incidents are real
				inputs.MadeUp = append(inputs.MadeUp, "orders", "problems")
			case s.MadeUp:
				inputs.MadeUp = append(inputs.MadeUp, f.Kind)
			}
		}
		for _, kind := range quality.Missing {
			missing[kind]++
		}
		inputs.Unused, inputs.MoreUnused = append(inputs.Unused, quality.Unused...), inputs.MoreUnused+quality.MoreUnused
	}
	for kind, n := range missing {
		if n == len(job.Sources) {
			inputs.Missing = append(inputs.Missing, kind)
		}
	}
	slices.Sort(inputs.Missing)
	return inputs, nil
}

// otherReadings tries them on each ticket beside the reading of the records, some tickets at once.
func otherReadings(months []aMonth) (judge func(priority.Ticket), finish func()) {
	const atOnce = 500
	batches, done := make(chan []priority.Ticket, 4), make(chan struct{})
	go func() {
		defer close(done)
		for batch := range batches {
			for _, m := range months {
				for i := 0; m.sensitivity != nil && i < len(batch); i++ {
					m.sensitivity.Ticket(batch[i])
				}
			}
		}
	}()
	var batch []priority.Ticket
	judge = func(t priority.Ticket) {
		if batch = append(batch, t); len(batch) == atOnce {
			batches <- batch
			batch = make([]priority.Ticket, 0, atOnce)
		}
	}
	return judge, sync.OnceFunc(func() {
		batches <- batch
		close(batches)
		<-done
	})
}

// figuresOf is the report of a month without its lists of tickets, of which twelve months would be most of the memory.
func figuresOf(m *sla.Month) *sla.Report {
	r := m.Report()
	for _, s := range []*sla.TicketReport{&r.Incidents, &r.Orders, &r.Problems, &r.Security, &r.Unknown} {
		s.Missed, s.NotJudged = nil, nil
	}
	return r
}

func inputOf(f *records.File) page.Input {
	in := page.Input{
		Name: f.Name, Kind: f.Kind, SHA256: f.SHA256, Rows: f.Rows, Counted: f.Counted, Outside: f.Outside, Bad: f.Bad + f.Dropped, MoreFaults: f.MoreFaults, Notes: f.Notes,
	}
	for _, fault := range f.Faults {
		in.Faults = append(in.Faults, f.Name+":"+fault.String())
	}
	return in
}

// ErrService is the cause where an agreement has services, and none is named that has figures.
var ErrService = errors.New("name one of the agreement's services")

// Service is the rules of one of an agreement's services, or the agreement's own where none is named.
//
// It returns an error wrapping [ErrService] if the agreement has figures for its services alone, and none is named, and that of [sla.Rules.Service].
func Service(rules *sla.Rules, name string) (*sla.Rules, error) {
	if name != "" {
		return rules.Service(name)
	}
	a := rules.Agreement()
	if len(a.Services) > 0 && a.Incidents == nil && a.Orders == nil && a.Problems == nil && a.Changes == nil && a.Availability == nil && a.Performance == nil && a.Capacity == nil && a.Continuity == nil {
		return nil, fmt.Errorf("%w: %s", ErrService, strings.Join(slices.Sorted(maps.Keys(a.Services)), ", "))
	}
	return rules, nil
}

// Versions are those of the library and of the zone data.
func Versions() (library, zones string) {
	library = "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "example.com/sla" && dep.Replace == nil {
				library = dep.Version
			}
		}
	}
	return library, runtime.Version()
}
