package priority_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// whole is a record with every instant.
func whole() priority.Ticket {
	return priority.Ticket{
		Number: "INC-17", Kind: priority.Incident, Impact: 2, Provider: "Transportstyrelsen",
		Occurred: at("2026-03-10 07:30"), Received: at("2026-03-10 08:00"), Started: at("2026-03-10 08:10"),
		Resolved: at("2026-03-10 11:00"), ReportedBack: at("2026-03-10 11:05"),
		Pauses: pauses("2026-03-10 09:00 – 2026-03-10 10:00", "2026-03-10 10:30 –"),
	}
}

func TestTicketCheck(t *testing.T) {
	for i, change := range []func(*priority.Ticket){
		func(*priority.Ticket) {},
		func(x *priority.Ticket) { *x = priority.Ticket{Received: x.Received} },
		func(x *priority.Ticket) { x.Occurred = time.Time{} },
		func(x *priority.Ticket) { x.Occurred = x.Received },
		func(x *priority.Ticket) { x.Started = time.Time{} },
		func(x *priority.Ticket) { x.Resolved = time.Time{} },
		func(x *priority.Ticket) { x.Started, x.Resolved = time.Time{}, time.Time{} },
		func(x *priority.Ticket) { x.ReportedBack = time.Time{} },
		func(x *priority.Ticket) { x.Started, x.Resolved, x.ReportedBack = x.Received, x.Received, x.Received },
		func(x *priority.Ticket) { x.Received = x.Received.UTC() }, // an instant is one in any zone
		func(x *priority.Ticket) { x.Pauses = nil },
		func(x *priority.Ticket) { x.Pauses = pauses("2026-03-10 09:00 – 2026-03-10 09:00") },
		func(x *priority.Ticket) { x.Pauses = pauses("2020-03-10 09:00 – 2040-03-10 09:00") },
		func(x *priority.Ticket) {
			x.Pauses = pauses("2026-03-10 09:00 –", "2026-03-10 09:00 –", "2026-03-09 09:00 – 2026-03-12 09:00")
		},
	} {
		ticket := whole()
		change(&ticket)
		assert.NoError(t, ticket.Check(), "%d: %+v", i, ticket)
	}
}

func TestTicketCheckRefuses(t *testing.T) {
	for _, row := range []struct {
		name, path string
		change     func(*priority.Ticket)
	}{
		{"nothing at all", "received", func(x *priority.Ticket) { *x = priority.Ticket{} }},
		{"never received", "received", func(x *priority.Ticket) { x.Received = time.Time{} }},
		{"occurred after receipt", "occurred", func(x *priority.Ticket) { x.Occurred = x.Received.Add(1) }},
		{"started before receipt", "started", func(x *priority.Ticket) { x.Started = x.Received.Add(-1) }},
		{"started before it occurred", "started", func(x *priority.Ticket) { x.Started = x.Occurred.Add(-1) }},
		{"resolved before the start", "resolved", func(x *priority.Ticket) { x.Resolved = x.Started.Add(-1) }},
		{"resolved before receipt, no start", "resolved", func(x *priority.Ticket) { x.Started, x.Resolved = time.Time{}, x.Received.Add(-1) }},
		{"reported back before resolved", "reported_back", func(x *priority.Ticket) { x.ReportedBack = x.Resolved.Add(-1) }},
		{"reported back before the start, not resolved", "reported_back", func(x *priority.Ticket) {
			x.Resolved, x.ReportedBack = time.Time{}, x.Started.Add(-1)
		}},
		{"reported back before receipt, nothing else", "reported_back", func(x *priority.Ticket) {
			x.Started, x.Resolved, x.ReportedBack = time.Time{}, time.Time{}, x.Received.Add(-1)
		}},
		{"a pause ends before it starts", "pauses[0]", func(x *priority.Ticket) { x.Pauses[0].To = x.Pauses[0].From.Add(-1) }},
		{"the last pause ends before it starts", "pauses[1]", func(x *priority.Ticket) { x.Pauses[1].To = x.Pauses[1].From.Add(-time.Hour) }},
		{"a pause without a start", "pauses[0]", func(x *priority.Ticket) { x.Pauses[0].From = time.Time{} }},
		{"a pause without anything", "pauses[1]", func(x *priority.Ticket) { x.Pauses[1] = servicetime.Pause{} }},
	} {
		ticket := whole()
		row.change(&ticket)
		err := ticket.Check()
		require.ErrorIs(t, err, priority.ErrRecord, row.name)
		var fault *servicetime.Fault
		require.ErrorAs(t, err, &fault, row.name)
		assert.Equal(t, row.path, fault.Path, row.name)
		assert.Equal(t, "bad_request", fault.Code, row.name)

		r := rule("30 min", "8 h")
		j, err := r.Judge(&ticket, at("2026-04-10 08:00"))
		require.ErrorIs(t, err, priority.ErrRecord, row.name)
		assert.Zero(t, j, row.name)
		// A record is whole or it is not: what contradicts itself later is refused now.
		if !ticket.Received.IsZero() {
			_, err = r.Judge(&ticket, ticket.Received)
			require.ErrorIs(t, err, priority.ErrRecord, row.name)
		}
	}
}

func TestTicketJSON(t *testing.T) {
	const text = `{
		"number": "INC-17", "kind": "incident", "impact": 2, "provider": "Transportstyrelsen",
		"occurred": "2026-03-10T07:30:00+01:00", "received": "2026-03-10T08:00:00+01:00", "started": "2026-03-10T08:10:00+01:00",
		"resolved": "2026-03-10T11:00:00+01:00", "reported_back": "2026-03-10T11:05:00+01:00",
		"pauses": [
			{"from": "2026-03-10T09:00:00+01:00", "to": "2026-03-10T10:00:00+01:00"},
			{"from": "2026-03-10T10:30:00+01:00"}
		]}`
	got, err := json.Marshal(whole())
	require.NoError(t, err)
	assert.JSONEq(t, text, string(got))
	var back priority.Ticket
	require.NoError(t, json.Unmarshal([]byte(text), &back))
	r, asOf := counting(rule("30 min", "8 h"), true), at("2026-03-10 10:45")
	want, have := whole(), back
	wantJ, err := r.Judge(&want, asOf)
	require.NoError(t, err)
	haveJ, err := r.Judge(&have, asOf)
	require.NoError(t, err)
	assert.Equal(t, wantJ.Resolution.State, haveJ.Resolution.State)
	assert.Equal(t, wantJ.Resolution.Due, haveJ.Resolution.Due)
	assert.Equal(t, wantJ.Resolution.Elapsed, haveJ.Resolution.Elapsed)

	// What has not been reached is left out.
	got, err = json.Marshal(priority.Ticket{Number: "REQ-3", Kind: priority.Order, Class: "question", Received: at("2026-03-10 08:00").UTC()})
	require.NoError(t, err)
	assert.JSONEq(t, `{"number": "REQ-3", "kind": "order", "class": "question", "received": "2026-03-10T07:00:00Z"}`, string(got))
}
