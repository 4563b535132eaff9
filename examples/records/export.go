package records

import (
	"embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
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

	// Rows is "tickets" for one row a ticket, "events" for a log in which a ticket's events stand together, each with all its fields, or "changes" for one in which a
	// row is a change of one field, with the ticket, the instant, and what it was and is.
	Rows string `json:"rows"`
	// Kind is what every ticket is, where no column says so.
	Kind priority.Kind `json:"kind"`
	// Zone is that of local times. Without it every time must carry its offset.
	Zone string `json:"time_zone"`
	// Layouts are forms of dates and times besides those that are always read, as package time writes them: "02/Jan/06 3:04 PM". One
	// without an offset is local.
	Layouts []string `json:"layouts"`
	// List is the member of a JSON object that holds the rows; a JSON array holds them itself.
	List string `json:"list"`

	// Columns maps fields to the header's names, or to paths of a JSON object. Fields are those of a ticket, and of an event log: at,
	// state, closed. Those of a log of changes are number, at, field, old and new.
	Columns map[string]Names `json:"columns"`
	// Fields maps the fields of a ticket to their names in the column field of a log of changes.
	Fields map[string]Names `json:"fields"`
	// Values maps a column's texts to classes, by field: impact, urgency, priority. Without it they are numbers.
	Values map[string]map[string]int `json:"values"`
	// Kinds maps a column's texts to kinds. Without it they are kinds.
	Kinds map[string]priority.Kind `json:"kinds"`
	// Delays say of fields that their columns are whole seconds after another field; 0 is not yet.
	Delays map[string]string `json:"delays"`
	// States says of each state of an event log whether it is new, work, pause or resolved. A ticket that goes on behind a
	// resolved state was reopened.
	States map[string]string `json:"states"`
}

// Names are those that a column may have, the preferred one first. In JSON one name is a text.
type Names []string

// UnmarshalJSON reads a text, or an array of them.
func (n *Names) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(n))
	}
	*n = Names{""}
	return json.Unmarshal(b, &(*n)[0])
}

// String is the names as a reader is told of them.
func (n Names) String() string { return strings.Join(n, " or ") }

// fields are what an export can give, with whether it must, for tickets and for events.
var fields = map[string]struct{ ofTickets, ofEvents, needed, instant bool }{
	"number":        {true, true, true, false},
	"kind":          {true, true, false, false},
	"class":         {true, true, false, false},
	"provider":      {true, true, false, false},
	"impact":        {true, true, false, false},
	"urgency":       {true, true, false, false},
	"priority":      {true, true, false, false},
	"occurred":      {true, true, false, true},
	"received":      {true, true, true, true},
	"started":       {true, false, false, true},
	"resolved":      {true, true, false, true},
	"reported_back": {true, true, false, true},
	"closed":        {true, true, false, true},
	"paused_from":   {true, false, false, true},
	"waited":        {true, false, false, false},
	"protected":     {true, true, false, false},
	"at":            {false, true, true, true},
	"state":         {false, true, true, false},
}

// quiet are fields whose lack says nothing: of tickets that do not have them no system has a column.
var quiet = []string{"protected", "paused_from", "waited", "old"}

//go:embed exports
var exports embed.FS

// builtIn are the names of the descriptions with which a file is compared, in this order. Of servicenow-own servicenow-ssbtek has all columns.
var builtIn = []string{"tickets", "servicenow-ssbtek", "servicenow-incident", "jira-service-management", "zammad", "glpi", "changes"}

// LoadExport reads an export's description from a file, or one of those built in: servicenow-ssbtek, servicenow-own, tickets, servicenow-incident,
// jira-service-management, zammad, glpi, changes.
//
// It returns an error if there is no such file, it is not JSON, or it does not say what it must; the error names the field.
func LoadExport(name string) (*Export, error) {
	data, err := exports.ReadFile("exports/" + name + ".json")
	if err != nil {
		if data, err = os.ReadFile(name); err != nil {
			return nil, fmt.Errorf("export: %w; built in are servicenow-ssbtek, servicenow-own, tickets, servicenow-incident, jira-service-management, zammad, glpi, changes", err)
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
	if e.Rows != "tickets" && e.Rows != "events" && e.Rows != "changes" {
		return fmt.Errorf(`export %s: rows %q: write "tickets", "events" or "changes"`, name, e.Rows)
	}
	if e.Rows != "changes" && len(e.Fields) > 0 {
		return fmt.Errorf("export %s: fields: they are of rows that are changes, and these are %s", name, e.Rows)
	}
	columns := e.checkColumns
	if e.Rows == "changes" {
		columns = e.checkFields
	}
	if err := columns(name); err != nil {
		return err
	}
	if e.Kind == "" && len(e.named("kind")) == 0 {
		return fmt.Errorf("export %s: kind: missing, and there is no column for it", name)
	}
	return e.checkValues(name)
}

// isLog reports whether a ticket has several rows.
func (e *Export) isLog() bool { return e.Rows != "tickets" }

// named are the names of a ticket's field.
func (e *Export) named(field string) Names {
	if e.Rows == "changes" {
		return e.Fields[field]
	}
	return e.Columns[field]
}

func (e *Export) checkColumns(name string) error {
	for _, field := range slices.Sorted(maps.Keys(e.Columns)) {
		f, known := fields[field]
		if !known || e.Rows == "tickets" && !f.ofTickets || e.Rows == "events" && !f.ofEvents {
			return fmt.Errorf("export %s: columns.%s: rows that are %s have no such field", name, field, e.Rows)
		}
		if len(e.Columns[field]) == 0 || slices.Contains(e.Columns[field], "") {
			return fmt.Errorf("export %s: columns.%s: a name is missing", name, field)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		f := fields[field]
		ours := e.Rows == "tickets" && f.ofTickets || e.Rows == "events" && f.ofEvents
		if ours && f.needed && len(e.Columns[field]) == 0 {
			return fmt.Errorf("export %s: columns.%s: missing", name, field)
		}
	}
	return nil
}

// checkValues checks what texts are said to mean.
func (e *Export) checkValues(name string) error {
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
	for _, text := range slices.Sorted(maps.Keys(e.Kinds)) {
		if e.Kinds[text] == "" {
			return fmt.Errorf("export %s: kinds.%s: missing", name, text)
		}
	}
	for _, state := range slices.Sorted(maps.Keys(e.States)) {
		means := e.States[state]
		if means != "new" && means != "work" && means != "pause" && means != "resolved" {
			return fmt.Errorf(`export %s: states.%s %q: write "new", "work", "pause" or "resolved"`, name, state, means)
		}
	}
	return e.checkTimes(name)
}

// checkTimes checks layouts and delays.
func (e *Export) checkTimes(name string) error {
	at := time.Date(2026, 10, 5, 21, 34, 0, 0, time.UTC)
	for i, layout := range e.Layouts {
		if again, err := time.Parse(layout, at.Format(layout)); err != nil || !again.Equal(at) || strings.Contains(layout, "MST") {
			return fmt.Errorf(`export %s: layouts[%d] %q: write 2 January 2006, 15:04, in the file's form, with no name of a zone: "02/Jan/06 3:04 PM"`, name, i, layout)
		}
	}
	timed := func(field string) bool {
		return len(e.Columns[field]) > 0 && e.Rows != "changes" && fields[field].instant && field != "at" && field != "paused_from"
	}
	for _, field := range slices.Sorted(maps.Keys(e.Delays)) {
		after := e.Delays[field]
		_, chained := e.Delays[after]
		switch {
		case !timed(field):
			return fmt.Errorf("export %s: delays.%s: it has no column, or is no instant of a ticket", name, field)
		case !timed(after) || chained:
			return fmt.Errorf("export %s: delays.%s %q: it has no column, or is no instant that a column gives", name, field, after)
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
