package main

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// logRows are the events of the built-in log, without their header.
func logRows(t testing.TB) [][]string {
	t.Helper()
	plain, err := gzip.NewReader(strings.NewReader(defaultLog))
	require.NoError(t, err)
	rows, err := csv.NewReader(plain).ReadAll()
	require.NoError(t, err)
	return rows[1:]
}

// A matrix that is not SSBTEK's, found in a real log: impact by urgency, 3 × 3. The agreement gives every one of its
// events the priority that it was recorded with.
func TestOwnMatrix(t *testing.T) {
	t.Parallel()
	export, err := records.LoadExport("servicenow-own")
	require.NoError(t, err)
	rules, err := loadRules("servicenow-own.agreement.json", "")
	require.NoError(t, err)
	names := map[string]string{"1 - Critical": "critical", "2 - High": "high", "3 - Moderate": "moderate", "4 - Low": "low"}
	asOf := time.Date(2017, 3, 1, 0, 0, 0, 0, time.UTC)

	rows, cells := 0, map[[2]string]int{}
	for _, row := range logRows(t) {
		impact, urgency := row[3], row[4]
		j, err := rules.Judge(priority.Ticket{
			Number: row[0], Kind: export.Kind, Received: asOf,
			Impact: export.Values["impact"][impact], Urgency: export.Values["urgency"][urgency],
		}, asOf)
		require.NoError(t, err, row)
		require.Equal(t, names[row[5]], j.Priority, row)
		rows++
		cells[[2]string{impact, urgency}]++
	}
	assert.Equal(t, 59_798, rows)
	assert.Equal(t, map[[2]string]int{
		{"1 - High", "1 - High"}: 1_031, {"1 - High", "2 - Medium"}: 529, // high impact with low urgency: not once
		{"2 - Medium", "1 - High"}: 670, {"2 - Medium", "2 - Medium"}: 55_673, {"2 - Medium", "3 - Low"}: 77,
		{"3 - Low", "1 - High"}: 7, {"3 - Low", "2 - Medium"}: 215, {"3 - Low", "3 - Low"}: 1_596,
	}, cells)
}

// Impact and urgency change on the way: at every event of the log the priority in force is the one that the log itself
// writes down, and a ticket is reopened as often as the log counts.
func TestLogHistory(t *testing.T) {
	t.Parallel()
	levels := map[string]priority.Level{"1 - Critical": 1, "2 - High": 2, "3 - Moderate": 3, "4 - Low": 4}
	events := map[string][][]string{}
	for _, row := range logRows(t) {
		events[row[0]] = append(events[row[0]], row)
	}
	export, err := records.LoadExport("servicenow-own")
	require.NoError(t, err)
	evidence, err := readFile(export, "")
	require.NoError(t, err)
	require.Len(t, evidence.Tickets, 9_632)
	rules := levelRules["servicenow-own"]()
	local, err := servicetime.Compile(servicetime.Schedule{Zone: export.Zone, Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	changed, reopened := 0, 0
	for _, ticket := range evidence.Tickets {
		first, err := rules.Level(ticket.Ticket)
		require.NoError(t, err)
		for i, row := range events[ticket.Number] {
			wall, err := time.Parse("2006-01-02T15:04", row[1])
			require.NoError(t, err)
			at, err := local.FromWall(wall)
			require.NoError(t, err)
			if i+1 < len(events[ticket.Number]) && events[ticket.Number][i+1][1] == row[1] {
				continue // another event of the same minute follows
			}
			level := first
			for _, c := range ticket.Changes {
				if !c.At.After(at) {
					level = c.Priority
				}
			}
			require.Equal(t, levels[row[5]], level, "%s at %s", ticket.Number, row[1])
		}
		if len(ticket.Changes) > 0 {
			changed++
		}
		if len(ticket.Reopened) > 0 {
			reopened++
		}
		last := events[ticket.Number][len(events[ticket.Number])-1]
		require.Equal(t, last[6], strconv.Itoa(len(ticket.Reopened)), ticket.Number)
	}
	assert.Equal(t, [2]int{168, 112}, [2]int{changed, reopened})
}

// What data/README.md says of the log.
func TestLogReadme(t *testing.T) {
	t.Parallel()
	numbers, unresolved, months := map[string]bool{}, map[string]bool{}, map[string]bool{}
	rows := logRows(t)
	resolved := ""
	for _, row := range rows {
		numbers[row[0]] = true
		if row[8] == "" {
			unresolved[row[0]] = true
		}
		months[row[7][:7]] = true
		resolved = max(resolved, row[8])
	}
	assert.Equal(t, map[string]bool{"2016-02": true, "2016-03": true, "2016-04": true, "2016-05": true}, months)
	assert.Equal(t, "2017-02", resolved[:7])
	readme, err := os.ReadFile("data/README.md")
	require.NoError(t, err)
	text := strings.Join(strings.Fields(string(readme)), " ")
	for _, want := range []string{
		"59,798 events of 10,327 incidents opened from February to May 2016, resolved until February 2017",
		fmt.Sprintf("`resolved_at` is empty for %d", len(unresolved)),
		"Claudio Amaral, Marcelo Fantinato, Sarajane Peres", "UCI Machine Learning Repository", "CC BY 4.0",
	} {
		assert.Contains(t, text, want)
	}
	assert.Equal(t, [2]int{59_798, 10_327}, [2]int{len(rows), len(numbers)})
}
