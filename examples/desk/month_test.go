package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// requestOf is the request about a ticket.
func requestOf(t *testing.T, ticket *priority.Ticket, asOf time.Time) string {
	t.Helper()
	member := map[string]any{"number": ticket.Number, "kind": ticket.Kind, "received": ticket.Received}
	for name, value := range map[string]any{"class": ticket.Class, "provider": ticket.Provider} {
		if value != "" {
			member[name] = value
		}
	}
	for name, value := range map[string]int{"impact": ticket.Impact, "urgency": ticket.Urgency, "priority": int(ticket.Priority)} {
		if value != 0 {
			member[name] = value
		}
	}
	for name, value := range map[string]time.Time{"occurred": ticket.Occurred, "started": ticket.Started, "resolved": ticket.Resolved, "reported_back": ticket.ReportedBack} {
		if !value.IsZero() {
			member[name] = value
		}
	}
	end := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t
	}
	for _, p := range ticket.Pauses {
		pauses, _ := member["pauses"].([]any)
		member["pauses"] = append(pauses, []any{p.From, end(p.To), p.Reason})
	}
	for _, s := range ticket.Reopened {
		reopened, _ := member["reopened"].([]any)
		member["reopened"] = append(reopened, []any{s.From, s.To})
	}
	if len(ticket.Changes) > 0 {
		member["changes"] = ticket.Changes
	}
	if ticket.Protected {
		member["protected"] = true
	}
	line, err := json.Marshal(map[string]any{"op": "ticket", "ticket": member, "as_of": asOf})
	require.NoError(t, err)
	return string(line) + "\n"
}

// The tickets of the monthly report's default month have, asked one by one, the verdicts of the report.
func TestTicketsOfTheReport(t *testing.T) {
	agreement := sla.SSBTEK()
	agreement.Incidents.StopsAt, agreement.Problems.StopsAt = priority.AtResolved, priority.AtResolved // the log has no instant of reporting back
	document, err := agreement.Marshal()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "agreement.json")
	require.NoError(t, os.WriteFile(file, document, 0o600))
	rules, err := agreement.Compile(time.LoadLocation)
	require.NoError(t, err)

	month := servicetime.MustMonth("2016-04")
	asOf := time.Date(2017, 2, 1, 0, 0, 0, 0, time.UTC)
	tally, err := rules.Month(month, asOf)
	require.NoError(t, err)
	var lines []string
	for export, path := range map[string]string{"servicenow-ssbtek": "../report/data/servicenow-incidents.csv.gz", "tickets": "../report/data/made-up/tickets.csv.gz"} {
		if _, err := os.Stat(path); err != nil {
			path = strings.TrimSuffix(path, ".gz")
		}
		source := records.Source{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
		tickets, err := records.InspectAs(export, "", source)
		require.NoError(t, err)
		require.NoError(t, tickets.Survey(rules.Level))
		_, err = tickets.Read(func(p records.Placed) error {
			tally.Ticket(p.Ticket)
			lines = append(lines, requestOf(t, &p.Ticket, asOf))
			return nil
		}, func(records.Reject) {})
		require.NoError(t, err)
	}
	type count struct{ met, total int64 }
	got := map[priority.Kind]count{}
	i := 0
	through(t, built(t), func(w io.Writer) error {
		for _, line := range lines {
			if _, err := io.WriteString(w, line); err != nil {
				return err
			}
		}
		return nil
	}, func(answer []byte) {
		var a struct {
			OK       bool
			Met      *bool
			CountsIn string `json:"counts_in"`
			Error    failure
		}
		require.NoError(t, json.Unmarshal(answer, &a))
		var request struct {
			Ticket struct{ Kind priority.Kind }
		}
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &request))
		if i++; !a.OK || a.Met == nil || a.CountsIn != month.String() {
			return
		}
		c := got[request.Ticket.Kind]
		c.total++
		if *a.Met {
			c.met++
		}
		got[request.Ticket.Kind] = c
	}, "-agreement", file)
	require.Equal(t, len(lines), i)
	require.Greater(t, i, 9_600)

	report := tally.Report()
	security := got[priority.Security]
	incidents := got[priority.Incident]
	for name, row := range map[string]struct {
		section sla.TicketReport
		got     count
	}{
		"incidents": {report.Incidents, count{incidents.met + security.met, incidents.total + security.total}},
		"orders":    {report.Orders, got[priority.Order]}, "problems": {report.Problems, got[priority.Problem]}, "security": {report.Security, security},
	} {
		assert.Equal(t, fmt.Sprint(row.section.Share), fmt.Sprint(row.got.met, " of ", row.got.total), name)
		assert.Equal(t, name != "security", row.got.total > 0, name) // the month has none
	}
	assert.EqualValues(t, 3855, incidents.total)
}
