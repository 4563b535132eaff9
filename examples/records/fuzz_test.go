package records

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
)

// Whatever the bytes, nothing panics, and each row of a file that can be read to its end is in one figure, a bad one with its place.
func FuzzRecords(f *testing.F) {
	kinds := []string{"outages", "disturbances", "windows", "changes", "users", "disruptions", "backups", "tests", "calls"}
	for i, kind := range kinds {
		data, err := os.ReadFile("testdata/folder/" + kind + ".csv")
		require.NoError(f, err)
		text := string(data)
		for _, seed := range []string{
			text, "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"), strings.ReplaceAll(text, ",", ";"), packed(f, text), text[:len(text)/2], text + text,
			strings.ReplaceAll(text, "2026", "9999"), strings.ReplaceAll(text, ",", ",\""), "", "\n", "\"", "\x1f\x8b", strings.Repeat(text[:strings.Index(text, "\n")+1], 3),
		} {
			f.Add(uint8(i), []byte(seed))
		}
	}
	rules := ssbtek(f)
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		folder, err := Open(Options{}, folder(t, map[string]string{kinds[int(kind)%len(kinds)] + ".csv": string(data)}))
		require.NoError(t, err)
		q, err := folder.Feed(rules, months(t, rules), nil)
		if err != nil {
			require.Nil(t, q)
			require.Contains(t, err.Error(), ".csv")
			return
		}
		addsUp(t, q)
	})
}

// The same of tickets in JSON: what was read of them is checked, and each is a ticket or a reject.
func FuzzJSON(f *testing.F) {
	systems := []string{"servicenow-incident", "jira-service-management", "zammad", "glpi", "servicenow-ssbtek", "changes"}
	for i, file := range []string{"servicenow", "jira", "zammad", "glpi"} {
		data, err := os.ReadFile("testdata/" + file + ".json")
		require.NoError(f, err)
		text := string(data)
		for _, seed := range []string{
			text, "\ufeff" + text, packed(f, text), text[:len(text)/2], strings.ReplaceAll(text, ":", ","), strings.ReplaceAll(text, "\"", ""), text + text,
			strings.ReplaceAll(text, "2026", "0000"), strings.ReplaceAll(text, "{", "[{"), "[]", "[", "{", "[{}]", "[[]]", `{"issues": [null]}`,
		} {
			f.Add(uint8(i), []byte(seed))
		}
	}
	f.Add(uint8(5), []byte(`[{"ticket": "A", "time": "2026-10-05T07:00:00Z", "field": "state", "new": "new"}, {"ticket": "A", "time": "2026-10-05T08:00:00Z", "field": "state", "old": "new", "new": "resolved"}]`))
	f.Add(uint8(4), []byte(`[{"number": "A", "updated_at": "2016-04-04T09:00", "state": "New", "impact": "2 - Medium", "opened_at": "2016-04-04T09:00", "resolved_at": "", "closed_at": ""}]`))
	rules := ssbtek(f)
	f.Fuzz(func(t *testing.T, system uint8, data []byte) {
		if len(data) > 0 && data[0] != '[' && data[0] != '{' {
			data = append([]byte{'['}, data...)
		}
		g, err := InspectAs(systems[int(system)%len(systems)], "Europe/Stockholm", textSource("in.json", string(data)))
		if err == nil {
			err = g.Survey(rules.Level)
		}
		if err != nil {
			require.Contains(t, err.Error(), "in.json")
			return
		}
		tickets, rejects, rows := 0, 0, 0
		e, err := g.Read(func(p Placed) error {
			require.NoError(t, p.Check())
			require.NotEmpty(t, p.Number)
			require.NotEqual(t, priority.Kind(""), p.Kind)
			require.False(t, p.Latest.After(g.Latest))
			for _, at := range []time.Time{p.Received, p.Started, p.Resolved} {
				require.False(t, at.After(p.Latest))
			}
			tickets++
			rows += p.Rows
			return nil
		}, func(Reject) { rejects++ })
		require.NoError(t, err)
		require.Equal(t, [2]int{e.Read, e.Rejected}, [2]int{tickets, rejects})
		require.Equal(t, e.Rows, rows+e.BadRows+e.Dropped)
		require.GreaterOrEqual(t, e.Dropped, 0)
		require.GreaterOrEqual(t, len(e.Faults)+e.MoreFaults, rejects)
		for _, fault := range e.Faults {
			require.Positive(t, fault.Line)
			require.Positive(t, fault.Column)
			require.Equal(t, Clean(fault.Text), fault.Text)
		}
	})
}
