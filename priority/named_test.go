package priority_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
)

// A reading that the text leaves open is never picked silently: a rule that does not name it judges nothing.
func TestReadingsMustBeNamed(t *testing.T) {
	r := rule("", "8 h")
	r.StopsAt = 0
	_, err := r.Judge(&priority.Ticket{Received: at("2026-06-18 15:30")}, at("2026-06-22 12:00"))
	require.ErrorIs(t, err, priority.ErrReading)

	for _, timing := range []priority.Timing{
		{CriticalFromDay: 20},
		{CriticalFromDay: 20, Precedence: priority.CriticalFirst},
		{CriticalFromDay: 20, OutOfHours: priority.ByDate},
	} {
		_, err := timing.Class(support, at("2026-06-18 15:30"))
		require.ErrorIs(t, err, priority.ErrTiming, "%+v", timing)
	}
	for _, zero := range []interface{ MarshalText() ([]byte, error) }{
		priority.Precedence(0), priority.OutOfHours(0), priority.Stop(0), priority.YearDay{},
	} {
		_, err := zero.MarshalText()
		assert.Error(t, err, "%T", zero)
	}
}

// Days before a critical day are close to it only where the month has that day.
func TestNearNeedsTheCriticalDay(t *testing.T) {
	timing := priority.Timing{CriticalFromDay: 31, NearBeforeDays: 3, Precedence: priority.CriticalFirst, OutOfHours: priority.ByDate}
	for _, row := range []struct {
		at    string
		class int
	}{
		{"2026-04-28 10:00", 3}, {"2026-04-30 10:00", 3}, // April has 30 days
		{"2026-03-27 10:00", 3}, {"2026-03-28 10:00", 2}, {"2026-03-30 10:00", 2}, {"2026-03-31 10:00", 1},
	} {
		class, err := timing.Class(support, at(row.at))
		require.NoError(t, err)
		assert.Equal(t, row.class, class, row.at)
	}
}

// A line shows all instants in one zone, whatever the record carried.
func TestClockStringInOneZone(t *testing.T) {
	ticket := priority.Ticket{Received: at("2026-06-18 15:30").UTC(), ReportedBack: at("2026-06-19 15:30").UTC()}
	c := judge(t, rule("", "8 h"), ticket, at("2026-06-22 12:00")).Resolution
	assert.Equal(t, "breached: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-19 15:30, over by 1 h", c.String())

	ticket = priority.Ticket{Received: at("2026-06-18 15:30").UTC(), Started: at("2026-06-18 15:00").In(time.FixedZone("", 7200))}
	assert.ErrorContains(t, ticket.Check(), `started "2026-06-18 15:00 +0200": the record contradicts itself: before it was received, 2026-06-18 13:30 +0000`)
}
