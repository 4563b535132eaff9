// Package vectors gives tests the oracle cases of this folder, whose README says what each field means.
package vectors

import (
	"bufio"
	"embed"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

//go:embed *.jsonl *.json
var files embed.FS

// Rows reads every line of a file.
func Rows[T any](t testing.TB, name string) []T {
	t.Helper()
	f, err := files.Open(name)
	require.NoError(t, err)
	var out []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row), lines.Text())
		out = append(out, row)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, out)
	return out
}

// Calendars compiles calendars.json.
func Calendars(t testing.TB) map[string]*servicetime.Calendar {
	t.Helper()
	data, err := files.ReadFile("calendars.json")
	require.NoError(t, err)
	var defs map[string]struct {
		Windows          [][2]int
		Weekdays, Closed string
		Exceptions       map[servicetime.Date][][2]int
	}
	require.NoError(t, json.Unmarshal(data, &defs))
	sets := map[string]servicetime.Holidays{"none": {}, "public": servicetime.Sweden, "public+eves": servicetime.SwedenWithEves}
	windows := func(in [][2]int) []servicetime.Window {
		out := []servicetime.Window{}
		for _, w := range in {
			out = append(out, servicetime.Window{Open: w[0], Close: w[1]})
		}
		return out
	}
	calendars := map[string]*servicetime.Calendar{}
	for name, def := range defs {
		days, err := servicetime.ParseDays(strings.ToLower(def.Weekdays))
		require.NoError(t, err)
		require.Contains(t, sets, def.Closed)
		s := servicetime.Schedule{
			Zone: "Europe/Stockholm", Week: servicetime.Week{days: windows(def.Windows)}, Holidays: sets[def.Closed],
			Dates: map[servicetime.Date][]servicetime.Window{},
		}
		for date, ws := range def.Exceptions {
			s.Dates[date] = windows(ws)
		}
		calendars[name], err = servicetime.Compile(s, time.LoadLocation)
		require.NoError(t, err, name)
	}
	return calendars
}
