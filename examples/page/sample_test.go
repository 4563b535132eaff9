package page_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/examples/page"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// sample is October 2026 of SSBTEK with something in most sections, and texts that would harm a page that believed them.
func sample(t testing.TB) *page.Document {
	t.Helper()
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	asOf := at("2026-11-02T08:00:00+01:00")
	month := servicetime.MustMonth("2026-10")
	m, err := rules.Month(month, asOf)
	require.NoError(t, err)
	sensitivity, err := rules.Sensitivity(month, asOf)
	require.NoError(t, err)
	hostile := `<script>alert(1)</script>=HYPERLINK("http://x")` + "\x00\x1b[31m\u202e"
	for i, number := range []string{"INC1", "INC2", hostile, "INC4"} {
		received := at("2026-10-05T09:00:00+02:00").AddDate(0, 0, i)
		ticket := priority.Ticket{Number: number, Kind: priority.Incident, Priority: priority.Level(i%4 + 1), Received: received, Started: received.Add(20 * time.Minute), ReportedBack: received.Add(time.Duration(2+100*i) * time.Hour)}
		m.Ticket(ticket)
		sensitivity.Ticket(ticket)
	}
	m.Outage(availability.Outage{From: at("2026-10-07T11:30:00+02:00"), To: at("2026-10-07T13:00:00+02:00"), Cause: hostile, Plan: "two cables", Communicated: at("2026-10-07T11:40:00+02:00")})
	m.Outage(availability.Outage{From: at("2026-10-20T16:40:00+02:00"), To: at("2026-10-21T08:22:00+02:00")})
	m.Outage(availability.Outage{From: at("2026-10-13T10:00:00+02:00"), To: at("2026-10-13T10:30:00+02:00"), Provider: "CSN"})
	m.Window(availability.Window{PlannedFrom: at("2026-10-15T05:00:00+02:00"), PlannedTo: at("2026-10-15T08:30:00+02:00"), ActualTo: at("2026-10-15T09:00:00+02:00"), Decision: availability.Decided})
	m.Change(availability.Change{Number: "CHG1", Windows: []availability.Window{{PlannedFrom: at("2026-10-24T06:00:00+02:00"), PlannedTo: at("2026-10-24T10:00:00+02:00")}}, Communicated: at("2026-10-10T10:00:00+02:00"), Outcome: hostile})
	for i := range 4000 {
		m.Call(performance.Call{At: at("2026-10-05T08:00:00+02:00").Add(time.Duration(i) * 50 * time.Second), Persons: 1 + i%4, Answered: i%97 != 0, Response: time.Duration(800+i*i%9000) * time.Millisecond})
	}
	var history []*sla.Report
	for n := -5; n < 0; n++ {
		h, err := rules.Month(month.Add(n), asOf)
		require.NoError(t, err)
		h.Observed(&availability.Tally{})
		history = append(history, h.Report())
	}
	monthly, err := m.Monthly(sensitivity, history...)
	require.NoError(t, err)
	return &page.Document{
		Monthly: *monthly, MadeUp: []string{"tickets", "outages", "calls"}, Missing: []string{"orders", "problems", "backups"},
		Inputs:  []page.Input{{Name: hostile + ".csv", Kind: "tickets", SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Rows: 5, Counted: 4, Bad: 1, Faults: []string{hostile}}},
		Library: "(devel)", ZoneData: "2026a", Notes: []sla.Text{{"en": hostile, "sv": hostile}},
		Unused: []string{hostile, "notes.txt"}, MoreUnused: 7, AsOfFrom: "given", AgreementFile: &page.File{Name: hostile, SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	}
}

// The same document has the same bytes, and is read back whole.
func TestJSON(t *testing.T) {
	var first, again bytes.Buffer
	require.NoError(t, page.JSON(&first, sample(t)))
	var back page.Document
	require.NoError(t, json.Unmarshal(first.Bytes(), &back))
	require.NoError(t, page.JSON(&again, &back))
	require.Equal(t, first.String(), again.String())
}
