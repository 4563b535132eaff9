package sla_test

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

var updateSchema = flag.Bool("update", false, "write agreement.schema.json, and the full agreement that it is tested with, anew")

// The schema is generated from the types that Parse reads, so that editors know what it knows. That an independent validator agrees with
// Parse is tested where there may be one: in examples/agreements.
func TestSchema(t *testing.T) {
	g := newSchemaGenerator()
	schema := g.document()
	require.Empty(t, strings.Join(g.faults, "\n"))
	full, err := fullAgreement().Marshal()
	require.NoError(t, err)
	for _, file := range []struct {
		name string
		want []byte
	}{
		{"agreement.schema.json", indented(t, schema)},
		{"examples/agreements/testdata/full.json", full},
	} {
		if *updateSchema {
			require.NoError(t, os.MkdirAll(filepath.Dir(file.name), 0o755))
			require.NoError(t, os.WriteFile(file.name, file.want, 0o644))
		}
		have, err := os.ReadFile(file.name)
		require.NoError(t, err)
		assert.Equal(t, string(file.want), string(have), "%s is old: go test . -run TestSchema -update", file.name)
	}
}

func indented(t *testing.T, v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(v))
	return b.Bytes()
}

// Every type that an agreement can hold is in the schema, and every property is explained.
func TestSchemaCovers(t *testing.T) {
	g := newSchemaGenerator()
	data := indented(t, g.document())
	require.Empty(t, g.faults)
	type def struct {
		Description string
		Properties  map[string]struct{ Description string }
	}
	var schema struct {
		def
		Defs map[string]def `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(data, &schema))
	schema.Defs["sla.Agreement"] = schema.def

	found := map[string]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		_, reads := reflect.New(typ).Interface().(encoding.TextUnmarshaler)
		switch {
		case found[typ.String()]:
		case reads || typ == reflect.TypeFor[sla.Text]() || typ == reflect.TypeFor[servicetime.Holidays]():
			found[typ.String()] = true
			assert.NotEmpty(t, schema.Defs[typ.String()].Description, typ)
		case typ.Kind() == reflect.Map:
			walk(typ.Key())
			walk(typ.Elem())
		case typ.Kind() == reflect.Pointer, typ.Kind() == reflect.Slice, typ.Kind() == reflect.Array:
			walk(typ.Elem())
		case typ.Kind() == reflect.Struct:
			found[typ.String()] = true
			assert.NotEmpty(t, schema.Defs[typ.String()].Description, typ)
			for _, f := range reflect.VisibleFields(typ) {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "-" || f.Anonymous {
					continue
				}
				assert.NotEmpty(t, schema.Defs[typ.String()].Properties[name].Description, "%s.%s", typ, f.Name)
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[sla.Agreement]())
	assert.Greater(t, len(found), 50)
	for name := range schema.Defs {
		assert.True(t, found[name] || name == "priority.Kind", "%s is in the schema, and in no agreement", name)
	}
}

// What the generator does not know it refuses; it does not guess.
func TestSchemaRefuses(t *testing.T) {
	type (
		named    string
		untagged struct{ A string }
		inner    struct {
			X float64 `json:"x"`
		}
		outer struct {
			A inner `json:"a"`
		}
	)
	for _, typ := range []reflect.Type{
		reflect.TypeFor[float64](), reflect.TypeFor[uint8](), reflect.TypeFor[any](), reflect.TypeFor[func()](), reflect.TypeFor[[]chan int](),
		reflect.TypeFor[named](), reflect.TypeFor[priority.Level](), reflect.TypeFor[map[int]string](), reflect.TypeFor[map[named]string](),
		reflect.TypeFor[untagged](), reflect.TypeFor[outer](),
		reflect.TypeFor[compliance.Verdict](), reflect.TypeFor[servicetime.Month](), reflect.TypeFor[continuity.State](), reflect.TypeFor[*performance.Tally](),
	} {
		g := newSchemaGenerator()
		g.schema(typ)
		assert.NotEmpty(t, g.faults, typ)
	}
}

// Patterns are in the part that RE2, ECMA-262 and others have in common: no look-ahead, no classes but ranges.
const (
	yearPattern = `([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})` // not 0000
	leapPattern = `([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)`
	// dayPattern is a day of every year, but for 29 February.
	dayPattern  = `((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))`
	datePattern = `(` + yearPattern + `-` + dayPattern + `|` + leapPattern + `-02-29)`
	timePattern = `([01][0-9]|2[0-3]):[0-5][0-9]`
	hourPattern = `(0|[1-9][0-9]*)`
	secPattern  = `(0|[1-9][0-9]*)(\.[0-9]{1,9})? s`
	// aMillion is 1 to 1,000,000.
	aMillion      = `([1-9][0-9]{0,5}|1000000)`
	targetPattern = aMillion + ` (min|h|business days?|days?)`
	weekdays      = `(mon|tue|wed|thu|fri|sat|sun)`
)

// schemaTexts are the types that have a text, and the schema of it.
var schemaTexts = map[reflect.Type]func(g *schemaGenerator) object{
	reflect.TypeFor[sla.Axis]():                 enumeration[sla.Axis],
	reflect.TypeFor[sla.Switch]():               enumeration[sla.Switch],
	reflect.TypeFor[sla.Counting]():             enumeration[sla.Counting],
	reflect.TypeFor[sla.CountedIn]():            enumeration[sla.CountedIn],
	reflect.TypeFor[sla.ProblemPriority]():      enumeration[sla.ProblemPriority],
	reflect.TypeFor[sla.Requirement]():          enumeration[sla.Requirement],
	reflect.TypeFor[priority.Stop]():            enumeration[priority.Stop],
	reflect.TypeFor[priority.Changing]():        enumeration[priority.Changing],
	reflect.TypeFor[priority.Precedence]():      enumeration[priority.Precedence],
	reflect.TypeFor[priority.OutOfHours]():      enumeration[priority.OutOfHours],
	reflect.TypeFor[priority.ManyDown]():        enumeration[priority.ManyDown],
	reflect.TypeFor[availability.Planned]():     enumeration[availability.Planned],
	reflect.TypeFor[availability.DegradedAs]():  enumeration[availability.DegradedAs],
	reflect.TypeFor[availability.Per]():         enumeration[availability.Per],
	reflect.TypeFor[availability.NoticeBy]():    enumeration[availability.NoticeBy],
	reflect.TypeFor[availability.OnHoliday]():   enumeration[availability.OnHoliday],
	reflect.TypeFor[performance.Unanswered]():   enumeration[performance.Unanswered],
	reflect.TypeFor[performance.Hours]():        enumeration[performance.Hours],
	reflect.TypeFor[performance.Groups]():       enumeration[performance.Groups],
	reflect.TypeFor[performance.OverCapacity](): enumeration[performance.OverCapacity],
	reflect.TypeFor[capacity.Kind]():            enumeration[capacity.Kind],
	reflect.TypeFor[capacity.Model]():           enumeration[capacity.Model],
	reflect.TypeFor[priority.Kind]():            ticketKinds,
	reflect.TypeFor[servicetime.Convention]():   conventions,

	reflect.TypeFor[compliance.Goal]():    text(`(0|[1-9][0-9]?)(\.[0-9]{1,9})? ?%|100(\.0{1,9})? ?%`, "98%", "99.95%", "100%"),
	reflect.TypeFor[servicetime.Target](): text(`N/A|`+targetPattern, "30 min", "8 h", "2 business days", "6 days", "N/A"),
	reflect.TypeFor[servicetime.Duration](): text(hourPattern+` h( `+hourPattern+` min)?( `+secPattern+`)?|`+hourPattern+` min( `+secPattern+`)?|`+secPattern,
		"62 h", "45 min 36 s", "1.5 s"),
	reflect.TypeFor[continuity.Objective](): text(`immediate|last (transaction|backup)|`+targetPattern+`|([1-9][0-9]{0,4}|1[0-9]{5}|200000) working weeks?`,
		"72 h", "1 working week", "immediate", "last transaction", "last backup"),
	reflect.TypeFor[servicetime.Window]():     text(timePattern+`-(`+timePattern+`|24:00)`, "08:00-17:00", "00:00-24:00", "22:00-06:00"),
	reflect.TypeFor[servicetime.Days]():       text(weekdays+`(-`+weekdays+`)?(,`+weekdays+`(-`+weekdays+`)?)*`, "mon-fri", "sat,sun", "mon-wed,fri"),
	reflect.TypeFor[servicetime.Date]():       text(datePattern, "2026-10-31"),
	reflect.TypeFor[priority.YearDay]():       text(dayPattern+`|02-29`, "07-01"),
	reflect.TypeFor[availability.TimeOfDay](): text(timePattern, "13:00", "09:00"),
	reflect.TypeFor[time.Time](): func(*schemaGenerator) object {
		return append(object{{"description", "An instant, with its distance from UTC."}},
			text(datePattern+`T`+timePattern+`:[0-5][0-9](\.[0-9]+)?(Z|[+-]`+timePattern+`)`, "2026-10-31T12:00:00+01:00")(nil)...)
	},

	reflect.TypeFor[servicetime.Holidays](): func(*schemaGenerator) object {
		names := []string{servicetime.Sweden.Name(), servicetime.SwedenWithEves.Name()}
		return object{{"anyOf", []object{
			{{"type", "string"}, {"minLength", 1}, {"examples", names}},
			{
				{"type", "array"},
				{"items", object{{"type", "string"}, {"pattern", `^(` + datePattern + `|--(` + dayPattern + `|02-29))$`}, {"examples", []string{"2026-01-01", "--12-25"}}}},
			},
		}}, {"examples", []any{names[0], []string{"2026-01-01", "--12-25"}}}}
	},
	reflect.TypeFor[sla.Text](): func(*schemaGenerator) object {
		words := object{{"type", "string"}, {"pattern", `\S`}}
		return object{{"anyOf", []object{
			words,
			{{"type", "object"}, {"propertyNames", object{{"pattern", `^[a-z]{2}$`}}}, {"additionalProperties", words}, {"minProperties", 1}},
		}}, {"examples", []any{"Support hours", map[string]string{"en": "Support hours", "sv": "Supporttid"}}}}
	},
}

// text is the schema of a text of one form.
func text(pattern string, examples ...string) func(*schemaGenerator) object {
	return func(*schemaGenerator) object {
		return object{{"type", "string"}, {"pattern", "^(" + pattern + ")$"}, {"examples", examples}}
	}
}

// enumeration has the texts that the type itself gives its values, and explains each by the comment of its constant.
func enumeration[T interface {
	~uint8
	encoding.TextMarshaler
}](g *schemaGenerator) object {
	var words []string
	for v := 1; v < 256; v++ {
		if b, err := T(v).MarshalText(); err == nil {
			words = append(words, string(b))
		}
	}
	return g.words(reflect.TypeFor[T](), words)
}

func conventions(g *schemaGenerator) object {
	const cutoff = `^CUTOFF_([01][0-9]|2[0-3])[0-5][0-9]_CLOSE$`
	var words []string
	for v := servicetime.Convention(1); v != 0; v++ { // all of 16 bits
		if name := v.String(); name != "" && !strings.HasPrefix(name, "CUTOFF_") {
			words = append(words, name)
		}
	}
	return object{{"anyOf", []object{
		g.words(reflect.TypeFor[servicetime.Convention](), words),
		{{"type", "string"}, {"pattern", cutoff}, {"examples", []string{servicetime.Cutoff(12 * 60).String()}}},
	}}}
}

// ticketKinds are those of the kinds of tickets that Compile lets a provider have hours for.
func ticketKinds(g *schemaGenerator) object {
	var words []string
	for _, c := range g.of(reflect.TypeFor[priority.Kind]()).constants["Kind"] {
		a := sla.SSBTEK()
		a.Providers["x"] = sla.Provider{ServiceTime: "support", Kinds: []priority.Kind{priority.Kind(c.value)}}
		if _, err := a.Compile(time.LoadLocation); err == nil {
			words = append(words, c.value)
		}
	}
	return object{{"type", "string"}, {"enum", words}}
}

// schemaDemands are what Compile refuses to be left out of an object, whatever else the agreement says. More is in whole.
var schemaDemands = map[string]object{
	"sla.Agreement":       {required("time_zone")},
	"sla.ServiceTime":     {required("time_zone"), {"anyOf", each("week", "dates", "extra")}},
	"servicetime.Opening": {required("from", "to")},
	"sla.Party":           {required("role")},
	"sla.Duty":            {required("text")},
	"sla.OpenPoint":       {required("code", "clauses", "text")},
	// One without any rule is none at all; one of levels alone has each ticket come with its own.
	"sla.PriorityModel": {
		{"dependentRequired", object{
			{"second_axis", []string{"levels", "matrix"}},
			{"matrix", []string{"levels"}},
			{"timing", []string{"levels", "second_axis", "matrix"}},
			{"impact", []string{"levels", "second_axis", "matrix"}},
		}},
		{"allOf", []object{
			where("second_axis", object{{"const", "timing"}}, "timing"),
			where("matrix", object{{"minItems", 1}}, "second_axis"),
		}},
	},
	"sla.TimingRule":           {required("precedence", "out_of_hours")},
	"sla.ImpactRules":          {required("five_or_more_down", "quorum", "most")},
	"sla.TicketRules":          {required("stops_at")},
	"sla.AvailabilityRules":    append(where("degraded", object{{"const", "weighted"}}, "weight"), required("planned", "degraded")),
	"availability.Limit":       {required("per"), {"oneOf", each("share", "down", "interruptions", "longest")}},
	"availability.Quorum":      {required("need")},
	"availability.Composition": {{"anyOf", []object{{required("provider")}, {required("quorum", "members")}}}},
	"availability.Step":        {required("below", "credit")},
	"sla.ChangeRules":          {required("notice", "rule")},
	"sla.MeetingRules":         {required("weekday", "at", "rule", "holiday")},
	"sla.PerformanceRules":     {required("max_persons", "unanswered", "hours", "precision_hours", "groups", "over_capacity")},
	"performance.Limit":        {required("within")},
	"capacity.Limit":           {required("kind", "max"), {"allOf", []object{where("kind", object{{"const", "count"}}, "model", "window"), where("kind", object{{"const", "rate"}}, "model", "per")}}},
	"sla.ContinuityRules":      {required("hours", "business_days", "days")},
	"continuity.Schedule":      {required("runs")},
	"continuity.Service":       {required("name")},
	"sla.ReportRules":          {required("due_day")},
}

func required(names ...string) member { return member{"required", names} }

// each demands one name in each schema.
func each(names ...string) (out []object) {
	for _, name := range names {
		out = append(out, object{required(name)})
	}
	return out
}

// where demands names if a field has some value.
func where(field string, is object, names ...string) object {
	return object{
		{"if", object{required(field), {"properties", object{{field, is}}}}},
		{"then", object{required(names...)}},
	}
}

// whole is what Compile demands of parts by what is in others.
func whole() member {
	readings := reflect.TypeFor[sla.Readings]()
	all := make([]string, readings.NumField())
	for i := range all {
		all[i], _, _ = strings.Cut(readings.Field(i).Tag.Get("json"), ",")
	}
	targets := object{{"properties", object{{"incidents", object{required("targets")}}, {"problems", object{required("targets")}}}}} // of every level
	// Where tickets of these kinds are judged, also those of one service: that none of the services has any is not so.
	judged := func(names ...string) member {
		kinds := each(names...)
		return member{"if", object{{"anyOf", append(kinds, object{{"not", object{{"properties", object{
			{"services", object{{"additionalProperties", object{{"not", object{{"anyOf", kinds}}}}}}},
		}}}}})}}}
	}
	levels := object{
		judged("incidents", "problems"), // orders have no priority
		{"then", object{required("priority"), {"properties", object{
			{"priority", object{required("levels")}},
			{"services", object{{"additionalProperties", targets}}},
		}}, {"allOf", []object{targets}}}},
	}
	tickets := object{
		judged("incidents", "orders", "problems"),
		{"then", object{required("readings"), {"properties", object{{"readings", object{required(all...)}}}}}},
	}
	// A service time that is left out is the one without a name. Few agreements have such a one.
	here := object{required("service_time")}
	with := func(part string) object { return object{here[0], {"properties", object{{part, here}}}} }
	sections := object{
		{"incidents", with("out_of_hours")},
		{"orders", with("out_of_hours")},
		{"problems", with("out_of_hours")},
		{"availability", here},
		{"performance", here},
		{"continuity", here},
	}
	serviceTimes := object{
		{"if", object{{"properties", object{{"service_times", object{{"not", object{required("")}}}}}}}},
		{"then", object{{"properties", append(slices.Clone(sections),
			member{"priority", object{{"properties", object{{"timing", here}}}}},
			member{"changes", with("meetings")}, member{"report", here},
			member{"providers", object{{"additionalProperties", here}}},
			member{"services", object{{"additionalProperties", object{{"properties", sections}}}}},
		)}}},
	}
	return member{"allOf", []object{levels, tickets, serviceTimes}}
}

// schemaFields is what single fields know beyond their types.
var schemaFields = map[string]object{
	"sla.Agreement.Zone":        zoneName,
	"servicetime.Schedule.Zone": zoneName,
	"sla.ReportRules.Content":   {{"propertyNames", object{{"enum", sla.Sections()}}}},
}

var zoneName = object{{"minLength", 1}, {"not", object{{"const", "Local"}}}, {"examples", []string{"Europe/Stockholm"}}}

// schemaComments explain fields that have no comment, and whose types are plain.
var schemaComments = map[string]string{
	"Clause":      "Clause is where the agreement says so: §4.3.1.",
	"ServiceTime": "ServiceTime is the name of one of service_times.",
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schemaGenerator gathers the definitions of the types that it comes to.
type schemaGenerator struct {
	defs     map[string]object
	packages map[string]packageComments
	faults   []string
}

func newSchemaGenerator() *schemaGenerator {
	return &schemaGenerator{defs: map[string]object{}, packages: map[string]packageComments{}}
}

// document is the schema of an agreement.
func (g *schemaGenerator) document() object {
	typ := reflect.TypeFor[sla.Agreement]()
	root := g.object(typ)
	delete(g.defs, typ.String())
	defs := make(object, 0, len(g.defs))
	for name, def := range g.defs {
		defs = append(defs, member{name, def})
	}
	slices.SortFunc(defs, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	out := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "https://example.com/sla/agreement.schema.json"},
		{"title", "Service-level agreement"},
		{"description", g.of(typ).types[typ.Name()] + "\n\nAn editor that knows this schema completes and explains the fields. It is pointed at the schema by its own " +
			"settings, by the name of the file: an agreement has no field \"$schema\", and sla.Parse refuses one."},
	}
	return append(append(out, root[1:]...), whole(), member{"$defs", defs})
}

func (g *schemaGenerator) fail(format string, args ...any) {
	g.faults = append(g.faults, fmt.Sprintf(format, args...))
}

// schema is that of a type: by reference where the type has a name of its own.
func (g *schemaGenerator) schema(typ reflect.Type) object {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	text, known := schemaTexts[typ]
	_, reads := reflect.New(typ).Interface().(interface{ UnmarshalJSON(b []byte) error })
	_, readsText := reflect.New(typ).Interface().(encoding.TextUnmarshaler)
	switch {
	case known:
		return g.define(typ, func() object {
			if typ.PkgPath() == "time" {
				return text(g)
			}
			return append(object{{"description", g.of(typ).types[typ.Name()]}}, text(g)...)
		})
	case typ.Kind() == reflect.Map: // as Parse does: its keys are read one by one, whatever the type itself reads
		out := object{{"type", "object"}}
		if key := typ.Key(); key != reflect.TypeFor[string]() {
			if _, known := schemaTexts[key]; !known {
				g.fail("%s: no rule for its keys", typ)
			}
			out = append(out, member{"propertyNames", g.schema(key)})
		}
		return append(out, member{"additionalProperties", g.schema(typ.Elem())})
	case reads, readsText:
		g.fail("%s: no rule for its text", typ)
		return nil
	}
	switch typ {
	case reflect.TypeFor[string]():
		return object{{"type", "string"}}
	case reflect.TypeFor[bool]():
		return object{{"type", "boolean"}}
	case reflect.TypeFor[int](), reflect.TypeFor[int64]():
		return object{{"type", "integer"}}
	}
	switch typ.Kind() {
	case reflect.Slice:
		return object{{"type", "array"}, {"items", g.schema(typ.Elem())}}
	case reflect.Array:
		return object{{"type", "array"}, {"items", g.schema(typ.Elem())}, {"minItems", typ.Len()}, {"maxItems", typ.Len()}}
	case reflect.Struct:
		return g.define(typ, func() object { return g.object(typ) })
	}
	g.fail("%s: no rule for it", typ)
	return nil
}

// define makes the definition of a type, once: a type may hold itself.
func (g *schemaGenerator) define(typ reflect.Type, read func() object) object {
	if _, there := g.defs[typ.String()]; !there {
		g.defs[typ.String()] = nil
		g.defs[typ.String()] = read()
	}
	return object{{"$ref", "#/$defs/" + typ.String()}}
}

func (g *schemaGenerator) object(typ reflect.Type) object {
	out := object{
		{"description", g.of(typ).types[typ.Name()]}, {"type", "object"}, {"properties", g.properties(typ)}, {"additionalProperties", false},
	}
	return append(out, schemaDemands[typ.String()]...)
}

// properties are the fields of a struct, those of an embedded one among them.
func (g *schemaGenerator) properties(typ reflect.Type) object {
	var out object
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			out = append(out, g.properties(f.Type)...)
		case name == "":
			g.fail("%s.%s: it has no name in JSON", typ, f.Name)
		case name != "-":
			property := append(object{{"description", g.explained(typ, f)}}, g.schema(f.Type)...)
			out = append(out, member{name, append(property, schemaFields[typ.String()+"."+f.Name]...)})
		}
	}
	return out
}

// explained is the comment of a field, else that of its type.
func (g *schemaGenerator) explained(in reflect.Type, f reflect.StructField) string {
	if own := g.of(in).fields[in.Name()+"."+f.Name]; own != "" {
		return own
	}
	typ := f.Type
	for typ.PkgPath() == "" && (typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map) {
		typ = typ.Elem()
	}
	ofType := ""
	if typ.PkgPath() != "" && typ.PkgPath() != "time" {
		ofType = g.of(typ).types[typ.Name()]
	}
	text := cmp.Or(ofType, schemaComments[f.Name], g.of(in).types[in.Name()])
	if text == "" {
		g.fail("%s.%s: nothing explains it", in, f.Name)
	}
	return text
}

// words is the schema of an enumeration, each word explained by the comment of its constant, as far as the editor shows it.
func (g *schemaGenerator) words(typ reflect.Type, words []string) object {
	out := object{{"type", "string"}, {"enum", words}}
	var comments []string
	for _, c := range g.of(typ).constants[typ.Name()] {
		comments = append(comments, c.comment)
	}
	if len(comments) != len(words) {
		g.fail("%s: %d texts, and %d constants", typ, len(words), len(comments))
	}
	if strings.Join(comments, "") != "" {
		out = append(out, member{"enumDescriptions", comments}) // an extension that VS Code knows, and validators pass over
	}
	return out
}

// packageComments are those of one package.
type packageComments struct {
	types     map[string]string
	fields    map[string]string              // by Type.Field
	constants map[string][]explainedConstant // by type, in the order of their values
}

type explainedConstant struct{ value, comment string } // the value of a text

// of reads the sources of the package that a type is of.
func (g *schemaGenerator) of(typ reflect.Type) packageComments {
	path := typ.PkgPath()
	if read, there := g.packages[path]; there {
		return read
	}
	p := packageComments{map[string]string{}, map[string]string{}, map[string][]explainedConstant{}}
	g.packages[path] = p
	dir := "." + strings.TrimPrefix(strings.TrimSuffix(path, "_test"), ownModule)
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		g.fail("%s: no sources in %s", path, dir)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			g.fail("%v", err)
			continue
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.GenDecl); ok {
				p.read(decl)
			}
		}
	}
	return p
}

func (p packageComments) read(decl *ast.GenDecl) {
	constant := "" // the type of those that do not name theirs
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			p.types[spec.Name.Name] = cmp.Or(plain(spec.Doc), plain(decl.Doc))
			if s, ok := spec.Type.(*ast.StructType); ok {
				p.readFields(spec.Name.Name, s)
			}
		case *ast.ValueSpec:
			if spec.Type != nil || spec.Values != nil {
				name, _ := spec.Type.(*ast.Ident)
				if constant = ""; name != nil {
					constant = name.Name
				}
			}
			if decl.Tok != token.CONST || constant == "" || !spec.Names[0].IsExported() {
				continue
			}
			c := explainedConstant{comment: cmp.Or(plain(spec.Doc), plain(spec.Comment))}
			if len(spec.Values) == 1 {
				if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
					c.value, _ = strconv.Unquote(literal.Value) // what is no text has none
				}
			}
			p.constants[constant] = append(p.constants[constant], c)
		}
	}
}

func (p packageComments) readFields(of string, s *ast.StructType) {
	above := ""
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			text := plain(f.Doc)
			if line := plain(f.Comment); text == "" && line != "" {
				text = name.Name + ", " + line // it goes on where the name ends
			}
			// Incidents, Orders and Problems have one comment: that of the first, which names them all.
			if text == "" && slices.Contains(strings.FieldsFunc(above, func(r rune) bool { return strings.ContainsRune(" ,.\n", r) }), name.Name) {
				text = above
			} else {
				above = text
			}
			p.fields[of+"."+name.Name] = text
		}
	}
}

// plain is a comment without the marks of links, each paragraph a line.
func plain(group *ast.CommentGroup) string {
	p := comment.Parser{
		LookupPackage: func(name string) (string, bool) { return name, true },
		LookupSym:     func(string, string) bool { return true },
	}
	printer := comment.Printer{TextWidth: -1}
	return strings.TrimSpace(string(printer.Text(p.Parse(group.Text()))))
}
