package agreements_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

const (
	schemaFile = "../../agreement.schema.json"
	schemaID   = "https://example.com/sla/agreement.schema.json"
	fullFile   = "testdata/full.json" // has a value in every field that there is
)

// compiled is the schema at a place of agreement.schema.json; "" is the whole.
func compiled(t *testing.T, place string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource(schemaID, value(t, read(t, schemaFile))))
	schema, err := c.Compile(schemaID + place)
	require.NoError(t, err)
	return schema
}

// value is JSON as the validator takes it: numbers are exact.
func value(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	return v
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(data)
}

// loads is what Parse and Compile say.
func loads(text string) error {
	_, err := sla.Load([]byte(text), time.LoadLocation)
	return err
}

func TestSchemaAcceptsAgreements(t *testing.T) {
	schema := compiled(t, "")
	preset, err := sla.SSBTEK().Marshal()
	require.NoError(t, err)
	require.NoError(t, schema.Validate(value(t, string(preset))))

	files, err := filepath.Glob("../report/*.agreement.json")
	require.NoError(t, err)
	files = append(files, fullFile)
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case strings.HasSuffix(name, ".json"):
			files = append(files, name)
		}
		return nil
	}))
	assert.Greater(t, len(files), 1)
	for _, file := range files {
		text := read(t, file)
		require.NoError(t, schema.Validate(value(t, text)), file)
		_, err := sla.Parse([]byte(text))
		require.NoError(t, err, file)
	}
}

// The beginnings of agreements that have one service time, with and without a name.
const (
	named    = `{"time_zone":"UTC","service_times":{"s":{"time_zone":"UTC","week":{"mon":["08:00-16:00"]}}},`
	nameless = `{"time_zone":"UTC","service_times":{"":{"time_zone":"UTC","week":{"mon":["08:00-16:00"]}}},`
)

// What Parse and Compile take without, the schema does not demand.
func TestSchemaAccepts(t *testing.T) {
	schema := compiled(t, "")
	const readings = `{"hours":"WALL_CLOCK","business_days":"SAME_TIME","days":"N_X_24H","pauses":"on","response_pauses":"off","reopened_counts":"on",` +
		`"priority_changes":"first","problem_priority":"given","compliance":"each","counted_in":"receipt"}`
	for _, text := range []string{
		`{"time_zone":"UTC"}`,
		`{"time_zone":"UTC","title":"x","priority":{},"readings":{},"services":{},"labels":{},"duties":[],"valid":{},"parties":[]}`,
		`{"time_zone":"UTC","priority":{"clause":""},"readings":{"hours":"WALL_CLOCK"},"capacity":{},"security":{},"services":{"a":{}}}`,
		// each ticket comes with its priority
		`{"time_zone":"UTC","priority":{"levels":["P1"],"matrix":[]},"readings":` + readings + `}`,
		named + `"services":{"a":{"orders":{"service_time":"s","stops_at":"resolved"}}},"priority":{"levels":["P1"]},"readings":` + readings + `}`,
		// the service time without a name is the one that is left out
		nameless + `"report":{"due_day":1},"providers":{"P":{}},"services":{"a":{"availability":{"planned":"as_up","degraded":"up"}}}}`,
		nameless + `"continuity":{"hours":"WALL_CLOCK","business_days":"AS_HOURS","days":"N_X_24H"}}`,
		nameless + `"availability":{"planned":"as_up","degraded":"up","composition":{"provider":"P","members":[]}}}`,
		nameless + `"changes":{"notice":"1 day","rule":"date","meetings":{"weekday":"mon","at":"00:01","rule":"date","holiday":"skip"}}}`,
	} {
		require.NoError(t, loads(text), text)
		require.NoError(t, schema.Validate(value(t, text)), text)
	}
}

// What one part demands of another.
func TestSchemaRefusesParts(t *testing.T) {
	schema := compiled(t, "")
	const orders = `{"service_time":"s","stops_at":"resolved"}`
	for _, row := range []string{
		`{}`,
		`{"time_zone":""}`,
		`{"time_zone":"Local"}`,
		`{"time_zone":"UTC","service_times":{"s":{"week":{"mon":["08:00-16:00"]}}}}`,
		`{"time_zone":"UTC","service_times":{"s":{"time_zone":"UTC","holidays":"SE"}}}`,
		`{"time_zone":"UTC","service_times":{"s":{"time_zone":"","week":{"mon":["08:00-16:00"]}}}}`,
		named + `"orders":` + orders + `}`,
		named + `"orders":` + orders + `,"readings":{},"priority":{}}`,
		named + `"services":{"a":{},"b":{"orders":` + orders + `}}}`,
		named + `"report":{"due_day":1}}`,
		`{"time_zone":"UTC","report":{"due_day":1}}`,
		`{"time_zone":"UTC","providers":{"P":{}}}`,
		`{"time_zone":"UTC","services":{"a":{"availability":{"planned":"as_up","degraded":"up"}}}}`,
		`{"time_zone":"UTC","priority":{"matrix":[["P1"]]}}`,
		`{"time_zone":"UTC","priority":{"levels":["P1"],"matrix":[["P1"]]}}`,
		`{"time_zone":"UTC","priority":{"levels":["P1"],"second_axis":"urgency"}}`,
		`{"time_zone":"UTC","priority":{"levels":["P1"],"impact":{"five_or_more_down":"is_1","quorum":1,"most":"50%"}}}`,
		`{"time_zone":"UTC","priority":{"second_axis":"urgency"}}`,
		`{"time_zone":"UTC","priority":{"timing":{"precedence":"low_first","out_of_hours":"by_date"}}}`,
		named + `"report":{"due_day":1,"service_time":"s","content":{"tickets":"required"}}}`,
		named + `"providers":{"P":{"service_time":"s","kinds":["security"]}}}`,
		named + `"availability":{"service_time":"s","planned":"as_up","degraded":"up","composition":{"quorum":1}}}`,
	} {
		require.Error(t, loads(row), row)
		require.Error(t, schema.Validate(value(t, row)), row)
	}
}

// One slip in the full agreement, which the schema and Parse both refuse.
func TestSchemaRefuses(t *testing.T) {
	schema := compiled(t, "")
	full := read(t, fullFile)
	for _, row := range []struct{ old, slip string }{
		// fields
		{`"name": "a"`, `"nom": "a"`},
		{`"name": "a"`, `"$schema": "agreement.schema.json", "name": "a"`},
		{`{`, `{"$schema": "agreement.schema.json",`},
		{`{`, `{"": 1,`},
		{`{`, `{"x-note": "mine",`},
		{`"version"`, `"Version"`},
		{`"time_zone": "Australia/Lord_Howe",`, `"time_zone": "Australia/Lord_Howe", "timezone": "UTC",`},
		{`"stops_at"`, `"stopsAt"`},
		{`"stops_at"`, `"stops_At"`},
		{`"goal": "0%"`, `"share": "0%"`},
		{`"critical_from_day"`, `"critical_day"`},
		{`"min_gap": "30 s"`, `"Rule": {"min_gap": "30 s"}`},
		{`"use_verifies": true`, `"Objectives": {}`},
		{`"week": {`, `"Schedule": {}, "week": {`},
		{`"max_persons": 5`, `"max_persons": 5, "opening": "day"`},
		{`"response": "1 min"`, `"Response": "1 min"`},

		// null
		{`"1 a"`, `null`},
		{`"Guld"`, `null`},
		{`"99.999999999%"`, `null`},
		{`"SE+eves"`, `null`},
		{`{"en": "Be kind."}`, `null`},
		{`["1"]`, `null`},

		// another kind of value
		{`"1 a"`, `1`},
		{`"1 a"`, `["1 a"]`},
		{`"critical_from_day": 1`, `"critical_from_day": "1"`},
		{`"critical_from_day": 1`, `"critical_from_day": 1.5`},
		{`"critical_from_day": 1`, `"critical_from_day": true`},
		{`"max_persons": 5`, `"max_persons": "5"`},
		{`"advisory": true`, `"advisory": "true"`},
		{`"use_verifies": true`, `"use_verifies": 1`},
		{`"99.999999999%"`, `90`},
		{`"99.999999999%"`, `0.9`},
		{`"1 min"`, `1`},
		{`"pauses": "on"`, `"pauses": true`},
		{`["P2", "P2"]`, `"P2"`},
		{`["12-20", "02-29"]`, `["12-20"]`},
		{`["12-20", "02-29"]`, `["12-20", "02-29", "03-01"]`},
		{`["12-20", "02-29"]`, `{"from": "12-20", "to": "02-29"}`},
		{`["08:00-12:00", "13:00-17:00"]`, `"08:00-12:00"`},
		{`["22:00-06:00"]`, `[2200]`},
		{`"2026-10-31T08:00:00Z"`, `1793347200`},
		{`"holidays": "SE+eves"`, `"holidays": {"SE": true}`},
		{`"holidays": "SE+eves"`, `"holidays": true`},
		{`"Guld"`, `["Guld"]`},
		{`["1"]`, `"1"`},

		// shares
		{`"99.999999999%"`, `"90"`},
		{`"99.999999999%"`, `"0.9"`},
		{`"99.999999999%"`, `"90,5%"`},
		{`"99.999999999%"`, `"101%"`},
		{`"99.999999999%"`, `"99.9999999999%"`},
		{`"99.999999999%"`, `"-1%"`},
		{`"99.999999999%"`, `"90  %"`},
		{`"99.999999999%"`, `""`},

		// times
		{`"1 min"`, `"PT4H"`},
		{`"1 min"`, `"30d"`},
		{`"1 min"`, `"8h"`},
		{`"1 min"`, `"1.5 h"`},
		{`"1 min"`, `"0 h"`},
		{`"1 min"`, `"n/a"`},
		{`"1 min"`, `"1000001 h"`},
		{`"1 min"`, `"immediate"`},
		{`"1 min"`, `""`},
		{`"0.25 s"`, `"250 ms"`},
		{`"0.25 s"`, `"0.25s"`},
		{`"0.25 s"`, `"1 day"`},
		{`"0.25 s"`, `"-1 s"`},
		{`"4 h 30 min"`, `"30 min 4 h"`},
		{`"4 h 30 min"`, `"4.5 h"`},
		{`"2 working weeks"`, `"2 weeks"`},
		{`"2 working weeks"`, `"Immediate"`},

		// windows, days, dates, instants
		{`"22:00-06:00"`, `"22:00"`},
		{`"22:00-06:00"`, `"8:00-17:00"`},
		{`"22:00-06:00"`, `"22:00–06:00"`},
		{`"22:00-06:00"`, `"08:00-24:01"`},
		{`"22:00-06:00"`, `"24:00-06:00"`},
		{`"sat,sun"`, `"Sat,Sun"`},
		{`"sat,sun"`, `"lör"`},
		{`"sat,sun"`, `"sat,"`},
		{`"sat,sun"`, `""`},
		{`"weekday": "fri"`, `"weekday": "friday"`},
		{`"at": "10:30"`, `"at": "10.30"`},
		{`"at": "10:30"`, `"at": "24:00"`},
		{`"to": "2026-12-31"`, `"to": "2026-11-31"`},
		{`"to": "2026-12-31"`, `"to": "31/12/2026"`},
		{`"2026-12-24"`, `"2026-02-29"`},
		{`"--12-25"`, `"12-25"`},
		{`"SE+eves"`, `""`},
		{`"02-29"`, `"02-30"`},
		{`"2026-10-31T08:00:00Z"`, `"2026-10-31"`},
		{`"2026-10-31T08:00:00Z"`, `"2026-10-31T08:00:00"`},
		{`"2026-10-31T08:00:00Z"`, `"2026-10-31 08:00:00Z"`},

		// words
		{`"second_axis": "timing"`, `"second_axis": "impact"`},
		{`"planned": "removed"`, `"planned": "Removed"`},
		{`"per": "quarter"`, `"per": "week"`},
		{`"kind": "count"`, `"kind": "calls"`},
		{`"incidents": "required"`, `"incidents": "yes"`},
		{`"business_days": "CUTOFF_1230_CLOSE"`, `"business_days": "CUTOFF_2400_CLOSE"`},
		{`"business_days": "CUTOFF_1230_CLOSE"`, `"business_days": "cutoff_1230_close"`},
		{`"business_days": "CUTOFF_1230_CLOSE"`, `"business_days": ""`},

		// texts by language
		{`{"en": "Be kind."}`, `{"eng": "Be kind."}`},
		{`{"en": "Be kind."}`, `{"EN": "Be kind."}`},
		{`{"en": "Be kind."}`, `{"": "Be kind."}`},
		{`{"en": "Be kind."}`, `{"en": " "}`},
		{`{"en": "Be kind."}`, `{}`},
		{`"Guld"`, `"\t"`},
	} {
		text := slipped(t, full, row.old, row.slip)
		_, err := sla.Parse([]byte(text))
		require.Error(t, err, row.slip)
		require.Error(t, schema.Validate(value(t, text)), row.slip)
	}
}

// slipped is a text with a slip instead of the first place of old, both without regard to space.
func slipped(t *testing.T, text, old, slip string) string {
	t.Helper()
	var v json.RawMessage
	for _, s := range []*string{&text, &old} {
		if json.Unmarshal([]byte(*s), &v) == nil {
			b, err := json.Marshal(v)
			require.NoError(t, err)
			*s = string(b)
		}
	}
	old = strings.ReplaceAll(strings.ReplaceAll(old, `": `, `":`), `, "`, `,"`)
	require.Contains(t, text, old)
	return strings.Replace(text, old, slip, 1)
}

// What a schema cannot say, or could only at too great a length, is left to Parse.
func TestParseKnowsMore(t *testing.T) {
	schema := compiled(t, "")
	full := read(t, fullFile)
	for _, row := range []struct{ old, slip string }{
		{`"critical_from_day": 1`, `"critical_from_day": 1e0`}, // to a schema it is the same number
		{`"critical_from_day": 1`, `"critical_from_day": 1.0`},
		{`"critical_from_day": 1`, `"critical_from_day": 20000000000000000000`},
		{`"22:00-06:00"`, `"08:00-08:00"`},
		{`"sat,sun"`, `"sat,sat"`},
		{`"sat,sun"`, `"sun-tue,sat-sun"`},
		{`"0.25 s"`, `"9999999 h"`},
	} {
		text := slipped(t, full, row.old, row.slip)
		_, err := sla.Parse([]byte(text))
		require.Error(t, err, row.slip)
		require.NoError(t, schema.Validate(value(t, text)), row.slip)
	}
}

// A place is an object in a document, and the part of the schema that it is judged by.
type place struct {
	path   string
	object map[string]any
	def    string // the definition that the part is, with properties
	fields map[string]any
}

// places are all objects of the full agreement that have fields, not keys of their own.
func places(t *testing.T, root any) []place {
	t.Helper()
	schema, _ := value(t, read(t, schemaFile)).(map[string]any)
	defs, _ := schema["$defs"].(map[string]any)
	var found []place
	var walk func(path, def string, part map[string]any, v any)
	walk = func(path, def string, part map[string]any, v any) {
		if ref, is := part["$ref"].(string); is {
			def = strings.TrimPrefix(ref, "#/$defs/")
			part, is = defs[def].(map[string]any)
			require.True(t, is, ref)
		}
		switch v := v.(type) {
		case map[string]any:
			fields, _ := part["properties"].(map[string]any)
			if fields != nil {
				found = append(found, place{path, v, def, fields})
			}
			for key, v := range v {
				inner, is := fields[key].(map[string]any)
				if !is {
					inner, _ = part["additionalProperties"].(map[string]any) // nil where there are languages
				}
				walk(path+"."+key, def+"."+key, inner, v)
			}
		case []any:
			items, _ := part["items"].(map[string]any)
			for i, v := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), def, items, v)
			}
		}
	}
	walk("", "sla.Agreement", schema, root)
	return found
}

// Every property of the schema is in the full agreement, and none has another name.
func TestSchemaRefusesRenamed(t *testing.T) {
	schema := compiled(t, "")
	root := value(t, read(t, fullFile))
	seen := map[string]bool{}
	for _, p := range places(t, root) {
		for name := range p.fields {
			seen[p.def+"."+name] = seen[p.def+"."+name] || p.object[name] != nil
		}
		for name, v := range maps.Clone(p.object) {
			delete(p.object, name)
			for _, other := range []string{name + "s", name + "_", strings.ToUpper(name[:1]) + name[1:]} {
				if p.fields[other] != nil { // service_times
					continue
				}
				p.object[other] = v
				require.Error(t, schema.Validate(root), "%s.%s", p.path, other)
				_, err := sla.Parse(marshalled(t, root))
				require.ErrorIs(t, err, sla.ErrField, "%s.%s", p.path, other)
				delete(p.object, other)
			}
			p.object[name] = v
		}
	}
	assert.Greater(t, len(seen), 100)
	for property, is := range seen {
		assert.True(t, is, "%s is not in %s", property, fullFile)
	}
	require.NoError(t, schema.Validate(root))
}

func marshalled(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

// What the schema demands, Compile does, wherever it is missing; and what Compile misses, the schema does, but for what depends on far parts.
func TestSchemaDemands(t *testing.T) {
	schema := compiled(t, "")
	root := value(t, read(t, fullFile))
	require.NoError(t, loads(string(marshalled(t, root))))
	asked := map[string]bool{}
	var missed []string
	for _, p := range places(t, root) {
		for name, v := range maps.Clone(p.object) {
			property := p.def + "." + name
			delete(p.object, name)
			if schema.Validate(root) != nil {
				require.Error(t, loads(string(marshalled(t, root))), "%s.%s", p.path, name)
			} else if !asked[property] {
				asked[property] = true
				if loads(string(marshalled(t, root))) != nil {
					missed = append(missed, property)
				}
			}
			p.object[name] = v
		}
	}
	slices.Sort(missed)
	assert.Equal(t, []string{
		"sla.Agreement.capacity",           // performance.over_capacity is out
		"sla.Agreement.service_times",      // others refer to them
		"sla.AvailabilityRules.min_length", // there is a cluster
		"sla.CapacityRules.limits",         // as capacity
	}, slices.Compact(missed))
}

// textTypes are the types that have a text, by their definition in the schema, and how each is read.
var textTypes = map[string]func(text string) error{
	"availability.DegradedAs":  reads[availability.DegradedAs],
	"availability.NoticeBy":    reads[availability.NoticeBy],
	"availability.OnHoliday":   reads[availability.OnHoliday],
	"availability.Per":         reads[availability.Per],
	"availability.Planned":     reads[availability.Planned],
	"availability.TimeOfDay":   reads[availability.TimeOfDay],
	"capacity.Kind":            reads[capacity.Kind],
	"capacity.Model":           reads[capacity.Model],
	"compliance.Goal":          reads[compliance.Goal],
	"continuity.Objective":     reads[continuity.Objective],
	"performance.Groups":       reads[performance.Groups],
	"performance.Hours":        reads[performance.Hours],
	"performance.OverCapacity": reads[performance.OverCapacity],
	"performance.Unanswered":   reads[performance.Unanswered],
	"priority.Changing":        reads[priority.Changing],
	"priority.ManyDown":        reads[priority.ManyDown],
	"priority.OutOfHours":      reads[priority.OutOfHours],
	"priority.Precedence":      reads[priority.Precedence],
	"priority.Stop":            reads[priority.Stop],
	"priority.YearDay":         reads[priority.YearDay],
	"servicetime.Convention":   reads[servicetime.Convention],
	"servicetime.Date":         reads[servicetime.Date],
	"servicetime.Days":         reads[servicetime.Days],
	"servicetime.Duration":     reads[servicetime.Duration],
	"servicetime.Target":       reads[servicetime.Target],
	"servicetime.Window":       reads[servicetime.Window],
	"sla.Axis":                 reads[sla.Axis],
	"sla.CountedIn":            reads[sla.CountedIn],
	"sla.Counting":             reads[sla.Counting],
	"sla.ProblemPriority":      reads[sla.ProblemPriority],
	"sla.Requirement":          reads[sla.Requirement],
	"sla.Switch":               reads[sla.Switch],
	"time.Time":                reads[time.Time],
	// Any name is read, of which Compile knows some. It is not asked about what is none.
	"priority.Kind": func(text string) error {
		if !slices.Contains([]string{"incident", "order", "problem", "security", "change"}, text) {
			return sla.ErrUnknown
		}
		return loads(`{"time_zone":"UTC","service_times":{"":{"time_zone":"UTC","week":{"mon":["08:00-16:00"]}}},"providers":{"":{"kinds":[` + fmt.Sprintf("%q", text) + `]}}}`)
	},
	"servicetime.Holidays": func(text string) error {
		return new(servicetime.Holidays).UnmarshalJSON(fmt.Appendf(nil, "[%q]", text))
	},
	"sla.Text": func(text string) error {
		_, err := sla.Parse(fmt.Appendf(nil, `{"title":{"en":%q}}`, text))
		return err
	},
}

func reads[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](text string) error {
	if text == "" {
		return servicetime.ErrText // as Parse does: what is not agreed is left out
	}
	return P(new(T)).UnmarshalText([]byte(text))
}

// asValue is a text as the value that a document has of it.
func asValue(def, text string) any {
	switch def {
	case "servicetime.Holidays":
		return []any{text}
	case "sla.Text":
		return map[string]any{"en": text}
	}
	return text
}

// differing are the texts of which schema and type do not say the same.
var differing = map[string][]string{
	"time.Time":            {"2026-10-31T1:00:00Z", "2026-10-31T12:00:00,5Z", "2026-10-31T12:00:00+01:60", "2026-10-31T12:00:00+24:00"}, // Go reads more than RFC 3339 has (go.dev/issue/54580); sla.Parse does not
	"servicetime.Duration": {"10000000 h", "99999999999999999999 h"},                                                                    // over 292 years
	"servicetime.Days":     {"mon-mon,mon", "mon-wed,tue"},                                                                              // twice
	"servicetime.Window":   {"07:07-07:07"},                                                                                             // empty
}

// Of every text the schema says what the type does, whatever it was written for.
func TestSchemaTexts(t *testing.T) {
	schema, _ := value(t, read(t, schemaFile)).(map[string]any)
	defs, _ := schema["$defs"].(map[string]any)
	texts := []string{
		"", " ", "0", "1", "null", "true", "é", "mon\n", " mon", "mon ",
		"0%", "00%", "00.5%", "0.0%", "0.000000000%", "0.0000000000%", "1%", "9%", "10%", "90%", "90 %", "90  %", "90\u00a0%", "090%", "99.%", ".5%", "99.95%", "99,95%",
		"99.999999999%", "100%", "100 %", "100.0%", "100.000000000%", "100.0000000000%", "100.1%", "101%", "110%", "1000%", "-1%", "+1%", "1e1%", "%", "90", "90%%", "９%",
		"1 min", "30 min", "60 minutes", "8 h", "8h", "8  h", "08 h", "0000000000008 h", "0 h", "00 h", "-8 h", "1.5 h", "8 H", "1 hour", "1 d", "1 day", "2 day", "1 days", "6 days",
		"1 business day", "2 business days", "2 business day", "2  business days", "2 Business days", "2 businessdays", "N/A", "n/a", "NA", "no target",
		"999999 h", "1000000 h", "1000001 h", "2000000 h", "10000000 h", "99999999999999999999 h", "1 min ", " 1 min", "1\tmin", "1 month", "1 week", "min", " min", "30d", "PT4H",
		"immediate", "Immediate", "last transaction", "last backup", "last", "last  backup", "1 working week", "2 working week", "2 working weeks", "0 working weeks",
		"99999 working weeks", "100000 working weeks", "199999 working weeks", "200000 working weeks", "200001 working weeks", "300000 working weeks", "007 working weeks", "working week", "not agreed",
		"0 s", "1 s", "90 s", "01 s", "1.5 s", "1. s", ".5 s", "0.5 s", "1,5 s", "1.123456789 s", "1.1234567890 s", "250 ms", "0 min", "1.5 min", "45 min 36 s", "36 s 45 min", "1 min 1 min", "62 h",
		"3 h 12 min", "3 h 12 min 0.5 s", "3 h 1 s", "3 h  1 s", "3 h1 s", "3h 12min", "0 h 0 min 0 s", "1.5 h 1 s", "1 h 30", "-1 s", "−1 s", "2562047 h",
		"08:00-17:00", "8:00-17:00", "08:00-1700", "08:00–17:00", "08:00 - 17:00", "00:00-24:00", "24:00-00:00", "08:00-24:00", "08:00-24:01", "08:00-25:00", "22:00-06:00", "08:60-17:00", "08:00-17:60",
		"08:00", "00:00", "23:59", "24:00", "12:60", "1:00", "13.00", "13:00:00", "+1:00", "29:00", "-08:00",
		"mon", "sun", "mon-mon", "mon-fri", "fri-mon", "sat,sun", "mon-wed,fri", "mon,tue-wed,sat-sun", "mon-", "-mon", "mon,", ",mon", "mon,,tue", "mon-wed-fri", "mon-mon,mon", "mon-wed,tue", "Mon", "monday", "mån", "mon, tue", "mon–fri",
		"SUPPORT_CLOCK", "support_clock", "CUTOFF_CLOSE", "CUTOFF_12_CLOSE", "CUTOFF_1200", "CUTOFF_12000_CLOSE", "CUTOFF_12:00_CLOSE", "CUTOFF_1260_CLOSE", "EXCL_DATE_CLOSE ",
		"07-01", "7-1", "--12-25", "--02-29", "--02-30", "--1-1", "--13-01", "-12-25", "12-25", "2026-10-31", "2026-1-1", "20261031", "2026/10/31", "02026-10-31", "-2026-10-31", "2026-10-31 ", "26-10-31",
		"2026-10-31T12:00:00Z", "2026-10-31T12:00:00z", "2026-10-31t12:00:00Z", "2026-10-31T12:00:00", "2026-10-31T12:00Z", "2026-10-31 12:00:00Z", "2026-10-31T24:00:00Z", "2026-10-31T23:59:60Z", "2026-10-31T12:00:00.5Z",
		"2026-10-31T12:00:00,5Z", "2026-10-31T12:00:00.Z", "2026-10-31T12:00:00.1234567890123Z", "2026-10-31T12:00:00+01:00", "2026-10-31T12:00:00-11:30", "2026-10-31T12:00:00+0100", "2026-10-31T12:00:00+24:00",
		"2026-10-31T12:00:00+23:59", "2026-10-31T12:00:00+01:60", "2026-02-29T12:00:00Z", "2024-02-29T12:00:00Z", "2026-10-31T1:00:00Z", "2026-10-31T12:00:00 Z",
		"incident", "order", "problem", "security", "change",
	}
	for _, year := range []int{0, 1, 4, 9, 10, 99, 100, 400, 999, 1000, 1900, 1970, 1996, 2000, 2002, 2004, 2018, 2026, 2028, 2096, 2100, 2200, 9996, 9999} {
		for month := range 14 {
			for _, day := range []int{0, 1, 9, 10, 19, 20, 28, 29, 30, 31, 32, 40} {
				texts = append(texts, fmt.Sprintf("%04d-%02d-%02d", year, month, day), fmt.Sprintf("%02d-%02d", month, day), fmt.Sprintf("--%02d-%02d", month, day))
			}
		}
	}
	for hour := range 26 {
		for _, minute := range []int{0, 1, 9, 10, 30, 59, 60, 61, 99} {
			texts = append(texts, fmt.Sprintf("%02d:%02d", hour, minute), fmt.Sprintf("CUTOFF_%02d%02d_CLOSE", hour, minute), fmt.Sprintf("%02d:%02d-07:07", hour, minute), fmt.Sprintf("07:07-%02d:%02d", hour, minute))
		}
	}
	texts = append(texts, "07:07-07:07")
	// Every word of one enumeration is tried on all others, in several spellings.
	for _, def := range defs {
		words := fmt.Sprint(def)
		for _, word := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("[]:, ", r) }) {
			texts = append(texts, word, strings.ToUpper(word), strings.ToLower(word))
		}
		all, _ := def.(map[string]any)["enum"].([]any)
		for _, word := range all {
			texts = append(texts, word.(string), word.(string)+"s", strings.ReplaceAll(word.(string), "_", " ")) //nolint:forcetypeassert // enumerations are of texts
		}
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)

	for name, def := range defs {
		if _, isStruct := def.(map[string]any)["properties"]; !isStruct {
			assert.NotNil(t, textTypes[name], "%s: no test of its text", name)
		}
	}
	for name, parse := range textTypes {
		part := compiled(t, "#/$defs/"+name)
		accepted := 0
		for _, text := range texts {
			err := parse(text)
			if err == nil {
				accepted++
			}
			if slices.Contains(differing[name], text) {
				assert.NotEqual(t, err == nil, part.Validate(asValue(name, text)) == nil, "%s %q: %v", name, text, err)
				continue
			}
			assert.Equal(t, err == nil, part.Validate(asValue(name, text)) == nil, "%s %q: %v", name, text, err)
		}
		assert.Greater(t, accepted, 1, name)
	}
	// A set is known by any name, which Compile looks up.
	holidays := compiled(t, "#/$defs/servicetime.Holidays")
	require.NoError(t, holidays.Validate("NO"))
	require.NoError(t, holidays.Validate([]any{}))
	require.Error(t, holidays.Validate(""))
}
