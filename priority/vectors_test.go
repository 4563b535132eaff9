package priority_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/testdata/vectors"
)

func TestVectorsPriority(t *testing.T) {
	calendars := vectors.Calendars(t)
	f, err := os.Open(filepath.Join("..", "testdata", "vectors", "priority.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	rows, readings := 0, map[string]int{}
	for lines.Scan() {
		var row struct {
			ID, Cal  string
			Received time.Time `json:"received_utc"`
			InHours  bool      `json:"in_hours"`
			Impact   int
			Config   struct {
				CriticalFromDay int               `json:"critical_from_day"`
				NearBeforeDays  int               `json:"near_before_days"`
				NearAfterDays   int               `json:"near_after_days"`
				LowSeason       []priority.Season `json:"low_season"`
			}
			Result map[string]struct {
				Time     int
				Priority string
			}
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		rows++
		calendar := calendars[row.Cal]
		require.NotNil(t, calendar, row.ID)
		assert.Equal(t, row.InHours, calendar.Open(row.Received), row.ID)
		for reading, want := range row.Result {
			readings[reading]++
			precedence, outOfHours, _ := strings.Cut(reading, ".")
			timing := priority.Timing{
				CriticalFromDay: row.Config.CriticalFromDay,
				NearBeforeDays:  row.Config.NearBeforeDays,
				NearAfterDays:   row.Config.NearAfterDays,
				LowSeason:       row.Config.LowSeason,
			}
			require.NoError(t, timing.Precedence.UnmarshalText([]byte(precedence)), row.ID)
			require.NoError(t, timing.OutOfHours.UnmarshalText([]byte(outOfHours)), row.ID)
			require.NoError(t, timing.Check(), row.ID)
			class, err := timing.Class(calendar, row.Received)
			require.NoError(t, err, row.ID)
			assert.Equal(t, want.Time, class, "%s %s", row.ID, reading)
			level, err := ssbtek.Level(row.Impact, class)
			require.NoError(t, err, row.ID)
			assert.Equal(t, want.Priority, levelNames[level], "%s %s", row.ID, reading)
		}
	}
	require.NoError(t, lines.Err())
	require.NotZero(t, rows)
	assert.Equal(t, map[string]int{
		"critical_first.next_open": rows, "critical_first.by_date": rows, "critical_first.out_of_hours_is_4": rows,
		"low_first.next_open": rows, "low_first.by_date": rows, "low_first.out_of_hours_is_4": rows,
	}, readings)
}
