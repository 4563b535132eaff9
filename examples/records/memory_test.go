package records

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// Files in memory are read as those of a folder.
func TestMemory(t *testing.T) {
	t.Parallel()
	rules := ssbtek(t)
	want, fromFiles := feedAll(t, "testdata/folder")
	paths, err := filepath.Glob("testdata/folder/*.csv")
	require.NoError(t, err)
	m := Memory{Files: map[string]string{}}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		m.Files[strings.TrimSuffix(filepath.Base(path), ".csv")] = string(text)
	}
	f, err := OpenMemory(Options{}, m)
	require.NoError(t, err)
	got := months(t, rules)
	q, err := f.Feed(rules, got, nil)
	require.NoError(t, err)
	addsUp(t, q)
	require.Len(t, q.Files, len(fromFiles.Files))
	for i, file := range q.Files {
		assert.Equal(t, fromFiles.Files[i].SHA256, file.SHA256, file.Kind)
		assert.Equal(t, fromFiles.Files[i].Faults, file.Faults, file.Kind)
	}
	for i := range want {
		a, b := want[i].Report(), got[i].Report()
		assert.Equal(t, a.Availability, b.Availability)
		assert.Equal(t, a.Calls, b.Calls)
		assert.Equal(t, a.Incidents.Groups, b.Incidents.Groups)
	}
}

// Tickets in memory count as those of a file do.
func TestMemoryTickets(t *testing.T) {
	t.Parallel()
	rules := ssbtek(t)
	var tickets []priority.Ticket
	f, err := Open(Options{}, "testdata/folder/tickets.csv")
	require.NoError(t, err)
	want := months(t, rules)
	_, err = f.Feed(rules, want, func(t priority.Ticket) { tickets = append(tickets, t) })
	require.NoError(t, err)
	latest, err := f.Survey(rules)
	require.NoError(t, err)
	tickets = append(tickets, tickets[0], priority.Ticket{Number: "X", Kind: priority.Incident, Received: utc("2026-10-05 09:00")}, priority.Ticket{Number: "Y", Kind: priority.Incident})
	tickets = append(tickets, priority.Ticket{Number: "P", Kind: priority.Incident, Impact: 77, Protected: true, Class: "secret", Received: utc("2026-10-05 09:00")})

	m, err := OpenMemory(Options{}, Memory{Tickets: tickets})
	require.NoError(t, err)
	last, err := m.Survey(rules)
	require.NoError(t, err)
	assert.Equal(t, latest.UTC(), last.UTC())
	got := months(t, rules)
	judged := 0
	q, err := m.Feed(rules, got, func(priority.Ticket) { judged++ })
	require.NoError(t, err)
	addsUp(t, q)
	assert.Equal(t, len(tickets)-4, judged)
	for i := range want {
		assert.Equal(t, want[i].Report().Incidents.Groups, got[i].Report().Incidents.Groups)
	}
	require.Len(t, q.Files, 1)
	file := q.Files[0]
	assert.EqualValues(t, 4, file.Bad)
	var faults []string
	for _, fault := range file.Faults {
		faults = append(faults, fault.String())
	}
	require.Len(t, faults, 4, faults)
	assert.Equal(t, `4:1: number "I1": a number that stands twice: first at line 1`, faults[0])
	assert.True(t, strings.HasPrefix(faults[1], "5:1: "), faults[1])
	assert.True(t, strings.HasPrefix(faults[2], "6:1: priority: ticket \"Y\": received"), faults[2])
	assert.True(t, strings.HasPrefix(faults[3], "7:1: "), faults[3])
	assert.NotContains(t, faults[3], "77", "of a protected record nothing is told")
	for _, m := range got {
		for _, n := range m.Report().Incidents.NotJudged {
			assert.NotContains(t, n.Err.Error(), "77")
		}
	}
	assert.Equal(t, slices.DeleteFunc(Kinds(), func(k string) bool {
		return slices.Contains([]string{"tickets", "disturbances", "windows", "users"}, k)
	}), q.Missing)
}

// The last instant of a ticket in memory is any that it names.
func TestMemoryLatest(t *testing.T) {
	t.Parallel()
	at, late := utc("2026-10-05 09:00"), utc("2026-12-05 09:00")
	for name, change := range map[string]func(*priority.Ticket){
		"occurred": func(t *priority.Ticket) { t.Occurred = late }, "received": func(t *priority.Ticket) { t.Received = late },
		"started": func(t *priority.Ticket) { t.Started = late }, "resolved": func(t *priority.Ticket) { t.Resolved = late },
		"reported": func(t *priority.Ticket) { t.ReportedBack = late },
		"pause":    func(t *priority.Ticket) { t.Pauses = []servicetime.Pause{{From: at, To: late}} },
		"change":   func(t *priority.Ticket) { t.Changes = []priority.Change{{At: late}} },
		"reopened": func(t *priority.Ticket) { t.Reopened = []servicetime.Span{{From: at, To: late}} },
		"update":   func(t *priority.Ticket) { t.Updates = append(t.Updates, late) },
	} {
		ticket := priority.Ticket{Received: at}
		change(&ticket)
		m, err := OpenMemory(Options{}, Memory{Tickets: []priority.Ticket{ticket}})
		require.NoError(t, err)
		last, err := m.Survey(ssbtek(t))
		require.NoError(t, err)
		assert.Equal(t, late, last, name)
	}
}

func TestMemoryRefuses(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]Memory{
		"outage: there are tickets, outages": {Files: map[string]string{"outage": "from,to\n"}},
		"tickets: they are given twice":      {Files: map[string]string{"tickets": "number\n"}, Tickets: []priority.Ticket{}},
		`tickets:1:1: `:                      {Files: map[string]string{"tickets": "number\n"}},
	} {
		_, err := OpenMemory(Options{}, m)
		require.ErrorContains(t, err, want)
	}
	f, err := OpenMemory(Options{}, Memory{Tickets: []priority.Ticket{}}) // there were none
	require.NoError(t, err)
	rules := ssbtek(t)
	q, err := f.Feed(rules, []*sla.Month{months(t, rules)[0]}, nil)
	require.NoError(t, err)
	assert.NotContains(t, q.Missing, "tickets")
	assert.Zero(t, q.Files[0].Rows)
}
