package monthly_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/monthly"
	"example.com/sla/examples/page"
	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

func ssbtek(t testing.TB) *sla.Rules {
	t.Helper()
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	return rules
}

func at(text string) time.Time {
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return v
}

func source(t testing.TB, m records.Memory) monthly.Source {
	t.Helper()
	f, err := records.OpenMemory(records.Options{}, m)
	require.NoError(t, err)
	return monthly.Source{Folder: f}
}

func reports(t testing.TB, job monthly.Job) []*page.Document {
	t.Helper()
	if job.Rules == nil {
		job.Rules = ssbtek(t)
	}
	documents, err := job.Documents()
	require.NoError(t, err)
	return documents
}

func incident(number, received, back string) priority.Ticket {
	return priority.Ticket{Number: number, Kind: priority.Incident, Priority: 2, Received: at(received), Started: at(received), ReportedBack: at(back)}
}

// The report of a month, as of the last instant of the tickets or the day after it.
func TestAsOf(t *testing.T) {
	t.Parallel()
	october := servicetime.MustMonth("2026-10")
	early := source(t, records.Memory{Tickets: []priority.Ticket{incident("1", "2026-10-05T09:00:00+02:00", "2026-10-05T11:00:00+02:00")}})
	late := source(t, records.Memory{Tickets: []priority.Ticket{incident("1", "2026-10-05T09:00:00+02:00", "2026-12-05T11:00:00+01:00")}})
	for _, tt := range []struct {
		job        monthly.Job
		from, asOf string
	}{
		{monthly.Job{Sources: []monthly.Source{early}}, "month", "2026-11-01T12:00:00Z"},
		{monthly.Job{Sources: []monthly.Source{early, late}}, "records", "2026-12-05T10:00:00Z"},
		{monthly.Job{Sources: []monthly.Source{late}, AsOf: at("2026-10-20T00:00:00Z")}, "given", "2026-10-20T00:00:00Z"},
	} {
		tt.job.Month = october
		d := reports(t, tt.job)
		require.Len(t, d, 1)
		assert.Equal(t, tt.from, d[0].AsOfFrom)
		assert.Equal(t, tt.asOf, d[0].AsOf.UTC().Format(time.RFC3339))
	}
}

// A year has a report of each of its months, each with the months before it as its trend.
func TestYear(t *testing.T) {
	t.Parallel()
	var tickets []priority.Ticket
	for m := range 12 {
		tickets = append(tickets, incident(fmt.Sprint(m), fmt.Sprintf("2026-%02d-05T09:00:00+01:00", m+1), fmt.Sprintf("2026-%02d-05T11:00:00+01:00", m+1)))
	}
	memory := source(t, records.Memory{Tickets: tickets, Files: map[string]string{"outages": "from,to\n"}})
	year := reports(t, monthly.Job{Sources: []monthly.Source{memory}, Month: servicetime.MustMonth("2026-06"), Year: true})
	require.Len(t, year, 6)
	for i, d := range year {
		assert.Equal(t, servicetime.Month{Year: 2026, Month: time.Month(i + 1)}, d.Month)
		assert.Len(t, d.Targets[0].Trend, 12)
		assert.EqualValues(t, i+1, d.Targets[0].YearToDate.Total)
	}
	alone := reports(t, monthly.Job{Sources: []monthly.Source{memory}, Month: servicetime.MustMonth("2026-06"), AsOf: year[5].AsOf})
	assert.Equal(t, year[5].Targets, alone[0].Targets, "the same in a year and alone")
	first := reports(t, monthly.Job{Sources: []monthly.Source{memory}, Month: servicetime.MustMonth("1970-02")})
	assert.Len(t, first[0].Targets[0].Trend, 2, "there are no months before 1970")
}

// What one source lacks another may have; what is made up is named; missed tickets are told.
func TestSources(t *testing.T) {
	t.Parallel()
	log := source(t, records.Memory{Tickets: []priority.Ticket{incident("1", "2026-10-05T09:00:00+02:00", "2026-10-15T11:00:00+02:00")}})
	made := source(t, records.Memory{Tickets: []priority.Ticket{}, Files: map[string]string{"outages": "from,to\n", "calls": "received,persons,response_ms\n"}})
	made.MadeUp = true
	var missed []string
	d := reports(t, monthly.Job{Sources: []monthly.Source{log, made}, Month: servicetime.MustMonth("2026-10"), Missed: func(m sla.MissedTicket) { missed = append(missed, m.Number) }})[0]
	assert.Equal(t, []string{"backups", "changes", "disruptions", "tests"}, d.Missing)
	assert.Equal(t, []string{"orders", "problems", "outages", "calls"}, d.MadeUp)
	assert.Equal(t, []string{"1"}, missed)
	require.Len(t, d.Inputs, 4)
	assert.EqualValues(t, 1, d.Inputs[0].Counted)
}

// What records cannot show is not judged, in both languages.
func TestNotes(t *testing.T) {
	t.Parallel()
	rules := ssbtek(t)
	bare := source(t, records.Memory{Files: map[string]string{"tickets": "number,kind,priority,received,resolved\n1,incident,2,2026-10-05T09:00:00+02:00,2026-10-05T11:00:00+02:00\n"}})
	d := reports(t, monthly.Job{Rules: rules, Sources: []monthly.Source{bare}, Month: servicetime.MustMonth("2026-10")})[0]
	require.Len(t, d.Notes, 2)
	for _, note := range d.Notes {
		assert.NotEmpty(t, note["en"])
		assert.NotEmpty(t, note["sv"])
	}
	assert.EqualValues(t, 1, d.Targets[0].Met, "its clock stops at resolved")
	assert.Equal(t, priority.AtReportedBack, rules.Agreement().Incidents.StopsAt, "the rules given are as they were")
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	_, err := monthly.Job{Rules: ssbtek(t), Month: servicetime.MustMonth("1969-12")}.Documents()
	require.ErrorIs(t, err, servicetime.ErrRange)
	broken := source(t, records.Memory{Files: map[string]string{"outages": "to\n"}})
	_, err = monthly.Job{Rules: ssbtek(t), Sources: []monthly.Source{broken}, Month: servicetime.MustMonth("2026-10")}.Documents()
	var file *records.FileError
	require.ErrorAs(t, err, &file)
	assert.Equal(t, "outages", file.Kind)
}
