package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

var faultLine = regexp.MustCompile(`^in\.csv:[1-9]\d*:[1-9]\d*: .`)

// Whatever the bytes, nothing panics, and every row of a file that can be read at all is a ticket or part of one, or
// is rejected with a place and a reason; a report of it adds up.
func FuzzRead(f *testing.F) {
	kinds, err := os.ReadFile("testdata/kinds.csv")
	require.NoError(f, err)
	flat, events := flatHeader+flatA+flatC, eventHeader+eventsA+eventsC
	for _, seed := range []string{
		"", "\n", "\r", "\ufeff", "\x1f\x8b", "number\n", flatHeader, eventHeader, string(kinds), flat, events,
		"\ufeff" + flat, strings.ReplaceAll(flat, ",", ";"), strings.ReplaceAll(flat, "\n", "\r\n"), strings.ReplaceAll(flat, "\n", "\r"),
		string(gzipped(f, flat)), string(gzipped(f, events)), string(gzipped(f, events)[:30]),
		flatHeader + flatA + flatA + flatA, eventHeader + eventsA + eventsC + eventsA,
		flatHeader + "\"" + flatA + flatC, flatHeader + flatA + "B\"\n" + flatC, flatHeader + flatA + "B\n,\n" + flatC,
		eventHeader + eventsA + eventsC[1:] + eventsC[1:] + eventsC, // twice no number
		eventHeader + eventsA[:100] + "\"x\"y\n" + eventsA[100:],
		strings.ReplaceAll(flat, "2016-04", "9999-12"), strings.ReplaceAll(flat, "2016-04-04", "0001-01-01"), strings.ReplaceAll(events, "2016-04", "2016-03-27T02"),
		strings.ReplaceAll(events, "Active", "Awaiting Vendor"), strings.ReplaceAll(events, "Active", "-100"),
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	tickets, err := records.LoadExport("tickets")
	require.NoError(f, err)
	log, err := records.LoadExport("servicenow-ssbtek")
	require.NoError(f, err)
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, data []byte, isLog bool) {
		export := tickets
		if isLog {
			export = log
		}
		e, err := readTickets(export, "in.csv", bytes.NewReader(data))
		if err != nil {
			require.Nil(t, e)
			require.Contains(t, err.Error(), "in.csv")
			return
		}
		wantRows, want := slowNumbers(t, export, data, e)
		require.Equal(t, wantRows, e.Rows)
		var numbers []string
		for _, ticket := range e.Tickets {
			require.NoError(t, ticket.Check())
			require.NotContains(t, numbers, ticket.Number, "judged twice")
			require.NotEmpty(t, ticket.Number)
			for _, at := range []time.Time{ticket.Occurred, ticket.Received, ticket.Started, ticket.Resolved, ticket.ReportedBack} {
				require.False(t, at.After(e.Latest))
			}
			numbers = append(numbers, ticket.Number)
		}
		for _, r := range e.Rejects {
			for line := range strings.SplitSeq(r.Err.Error(), "\n") {
				require.Regexp(t, faultLine, line)
			}
			numbers = append(numbers, r.Number)
		}
		slices.Sort(numbers)
		require.Equal(t, want, numbers, "each ticket is in Tickets or Rejects")
		require.LessOrEqual(t, len(e.Rejects), e.BadRows)
		require.LessOrEqual(t, e.BadRows, e.Rows)
		if !isLog {
			require.Len(t, e.Rejects, e.BadRows)
		}
		reportAddsUp(t, rules, e)
	})
}

// slowNumbers are the rows of a file, and the numbers of its tickets in order: of a log, each once. A row that is no CSV, or
// has no number, is one of its own, but between two events of one ticket.
func slowNumbers(t testing.TB, export *records.Export, data []byte, e *gathered) (rows int, numbers []string) {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(bytes.NewReader(data))
		require.NoError(t, err)
		data, err = io.ReadAll(unzipped)
		require.NoError(t, err)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	if strings.Contains(strings.Join(e.Notes, " "), "semicolons") {
		in.Comma = ';'
	}
	header, err := in.Read()
	require.NoError(t, err)
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
	}
	column := slices.Index(header, export.Columns["number"][0])
	last, unknown := "", 0
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		rows++
		number := ""
		if err == nil && column < len(cells) {
			number = strings.TrimSpace(cells[column])
		}
		switch {
		case export.Rows == "tickets":
			numbers = append(numbers, number)
		case number == "":
			unknown++
		default:
			if number != last {
				numbers = append(numbers, make([]string, unknown)...)
			}
			if !slices.Contains(numbers, number) {
				numbers = append(numbers, number)
			}
			last, unknown = number, 0
		}
	}
	numbers = append(numbers, make([]string, unknown)...)
	slices.Sort(numbers)
	return rows, numbers
}

// reportAddsUp asserts that each ticket and each reject is in one figure of the report.
func reportAddsUp(t testing.TB, rules *sla.Rules, e *gathered) {
	month, asOf := servicetime.MustMonth("2016-04"), time.Date(2016, 4, 30, 12, 0, 0, 0, time.UTC)
	m, err := rules.Month(month, asOf)
	require.NoError(t, err)
	other, err := rules.Sensitivity(month, asOf)
	require.NoError(t, err)
	for _, ticket := range e.Tickets {
		m.Ticket(ticket.Ticket)
		other.Ticket(ticket.Ticket)
	}
	for _, r := range e.Rejects {
		m.Reject(r.Kind, r.NotJudged)
	}
	r := m.Report()
	tickets := 0
	for _, s := range []sla.TicketReport{r.Incidents, r.Orders, r.Problems, r.Unknown} {
		tickets += int(s.Tickets)
		require.Equal(t, s.Tickets, s.Share.Total+s.NoTarget+s.Running+s.Elsewhere+s.Rejected, s.Kind)
		require.Len(t, s.NotJudged, int(s.Rejected), s.Kind)
	}
	require.Equal(t, len(e.Tickets)+len(e.Rejects), tickets)
	var text bytes.Buffer
	writeText(&text, ticketPage{Report: r, sensitivity: other, agreement: rules.Agreement(), reading: e.reading, evidence: e.Evidence})
	require.Contains(t, text.String(), "Monthly report 2016-04: ")
}
