package continuity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// From Friday 2026-10-23 12:00, before the night in which clocks go back.
func TestDue(t *testing.T) {
	calendar := office(t)
	from := time.Date(2026, 10, 23, 12, 0, 0, 0, calendar.Location())
	for _, row := range []struct {
		objective string
		hours     servicetime.Convention
		due       string
	}{
		{"immediate", 0, "2026-10-23 12:00"},
		{"last transaction", 0, "2026-10-23 12:00"},
		{"last backup", 0, ""},
		{"72 h", 0, "2026-10-26 11:00"},
		{"9 h", servicetime.SupportClock, "2026-10-26 12:00"},
		{"3 days", 0, "2026-10-26 12:00"},
		{"1 working week", 0, "2026-10-30 17:00"},
		{"1000000 h", 0, "2140-11-21 03:00"},
		{"1000000 days", 0, ""},
	} {
		due, ok := continuity.Rule{Calendar: calendar, Hours: row.hours}.Due(continuity.MustObjective(row.objective), from)
		assert.Equal(t, row.due != "", ok, row.objective)
		if ok {
			assert.Equal(t, row.due, due.Format("2006-01-02 15:04"), row.objective)
		}
	}
	_, ok := continuity.Rule{Calendar: calendar}.Due(continuity.Objective{}, from)
	assert.False(t, ok, "not agreed")
	_, ok = continuity.Rule{Calendar: calendar}.Due(continuity.MustObjective("1 h"), time.Time{})
	assert.False(t, ok, "a forgotten instant")
	_, ok = continuity.Rule{}.Due(continuity.MustObjective("1 h"), from)
	assert.False(t, ok, "no calendar")
}
