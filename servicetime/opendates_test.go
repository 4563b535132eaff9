package servicetime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Where clocks go back over midnight a date comes again, and is counted once.
func TestOpenDatesAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone, week, from, to string
		dates                int
	}{
		// 00:01 on 7 November became 23:01 on the 6th.
		{"America/Goose_Bay", "mon-sun 00:00-24:00", "2010-11-06T12:00:00Z", "2010-11-07T12:00:00Z", 2},
		{"America/Goose_Bay", "mon-sun 23:30-24:00", "2010-11-06T12:00:00Z", "2010-11-07T12:00:00Z", 1},
		// 02:00 on 5 March became 23:00 on the 4th.
		{"Antarctica/Casey", "mon-sun 00:00-24:00", "2010-03-04T00:00:00Z", "2010-03-05T12:00:00Z", 2},
		// 30 December was left out.
		{"Pacific/Apia", "mon-sun 00:00-24:00", "2011-12-29T12:00:00Z", "2012-01-01T12:00:00Z", 4},
	} {
		c, err := servicetime.Compile(servicetime.Schedule{Zone: tt.zone, Week: servicetime.MustWeek(tt.week)}, time.LoadLocation)
		require.NoError(t, err)
		from, err := time.Parse(time.RFC3339, tt.from)
		require.NoError(t, err)
		to, err := time.Parse(time.RFC3339, tt.to)
		require.NoError(t, err)
		n, err := c.OpenDates(from, to)
		require.NoError(t, err)
		assert.Equal(t, tt.dates, n, "%s %s", tt.zone, tt.week)
	}
}
