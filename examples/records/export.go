package records

import (
	"embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// An Export says what the columns of one ticket system's export mean. It is data: another system, or another
// reading of the same one, is another file.
type Export struct {
	Name  string   `json:"name"`
	Notes []string `json:"notes"` // printed with the report: source, licence, readings

	// Rows is "tickets" for one row a ticket, or "events" for a log in which a ticket's events stand together.
	Rows string `json:"rows"`
	// Kind is what every ticket is, where no column says so.
	Kind priority.Kind `json:"kind"`
	// Zone is that of local times. Without it every time must carry its offset.
	Zone string `json:"time_zone"`

	// Columns maps fields to the header's names. Fields are those of a ticket, and of an event log: at,
	// state, closed.
	Columns map[string]string `json:"columns"`
	// Values maps a column's texts to classes, by field: impact, urgency, priority. Without it they are numbers.
	Values map[string]map[string]int `json:"values"`
	// States says of each state of an event log whether it is new, work, pause or resolved. A ticket that goes on behind a
	// resolved state was reopened.
	States map[string]string `json:"states"`
}

// fields are what an export can give, with whether it must, for tickets and for events.
var fields = map[string]struct{ ofTickets, ofEvents, needed bool }{
	"number":        {true, true, true},
	"kind":          {true, true, false},
	"class":         {true, true, false},
	"provider":      {true, true, false},
	"impact":        {true, true, false},
	"urgency":       {true, true, false},
	"priority":      {true, true, false},
	"occurred":      {true, true, false},
	"received":      {true, true, true},
	"started":       {true, false, false},
	"resolved":      {true, true, false},
	"reported_back": {true, true, false},
	"closed":        {true, true, false},
	"protected":     {true, true, false},
	"at":            {false, true, true},
	"state":         {false, true, true},
}

//go:embed exports
var exports embed.FS

// LoadExport reads an export's description from a file, or one of those built in.
func LoadExport(name string) (*Export, error) {
	data, err := exports.ReadFile("exports/" + name + ".json")
	if err != nil {
		if data, err = os.ReadFile(name); err != nil {
			return nil, fmt.Errorf("export: %w; built in are servicenow-ssbtek, servicenow-own, tickets", err)
		}
	}
	e := &Export{}
	// This reader refuses what encoding/json lets pass: keys that stand twice or in other letters, and text
	// behind the end.
	if err := json.Unmarshal(data, e, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("export %s: %w", name, err)
	}
	return e, e.check(name)
}

func (e *Export) check(name string) error {
	if e.Rows != "tickets" && e.Rows != "events" {
		return fmt.Errorf(`export %s: rows %q: write "tickets" or "events"`, name, e.Rows)
	}
	for _, field := range slices.Sorted(maps.Keys(e.Columns)) {
		f, known := fields[field]
		if !known || e.Rows == "tickets" && !f.ofTickets || e.Rows == "events" && !f.ofEvents {
			return fmt.Errorf("export %s: columns.%s: rows that are %s have no such field", name, field, e.Rows)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		f := fields[field]
		ours := e.Rows == "tickets" && f.ofTickets || e.Rows == "events" && f.ofEvents
		if ours && f.needed && e.Columns[field] == "" {
			return fmt.Errorf("export %s: columns.%s: missing", name, field)
		}
	}
	if e.Kind == "" && e.Columns["kind"] == "" {
		return fmt.Errorf("export %s: kind: missing, and there is no column for it", name)
	}
	for _, field := range slices.Sorted(maps.Keys(e.Values)) {
		if field != "impact" && field != "urgency" && field != "priority" {
			return fmt.Errorf("export %s: values.%s: only impact, urgency and priority have classes", name, field)
		}
		for _, text := range slices.Sorted(maps.Keys(e.Values[field])) {
			if e.Values[field][text] < 1 {
				return fmt.Errorf("export %s: values.%s.%s: %d: classes count from 1", name, field, text, e.Values[field][text])
			}
		}
	}
	for _, state := range slices.Sorted(maps.Keys(e.States)) {
		means := e.States[state]
		if means != "new" && means != "work" && means != "pause" && means != "resolved" {
			return fmt.Errorf(`export %s: states.%s %q: write "new", "work", "pause" or "resolved"`, name, state, means)
		}
	}
	return nil
}

// wall is a calendar in the export's zone, which turns its local times into instants; nil if
// it has none.
func (e *Export) wall() (*servicetime.Calendar, error) {
	if e.Zone == "" {
		return nil, nil
	}
	return servicetime.Compile(servicetime.Schedule{Zone: e.Zone, Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
}
