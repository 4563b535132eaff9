package main

import (
	"bytes"
	"encoding"
	stdjson "encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/continuity"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

var updateProtocol = flag.Bool("update-protocol", false, "write the answers of PROTOCOL.md anew")

const (
	calendarTable = "The calendar" + " calendar"

	pageFile   = "PROTOCOL.md"
	schemaFile = "protocol.schema.json"
	schemaID   = "https://example.com/sla/examples/desk/protocol.schema.json"
)

// requestTypes are what the operations read.
var requestTypes = map[string]reflect.Type{
	"open": reflect.TypeFor[openRequest](), "elapsed": reflect.TypeFor[spanRequest](), "add": reflect.TypeFor[addRequest](), "hours": reflect.TypeFor[hoursRequest](),
	"explain": reflect.TypeFor[spanRequest](), "days": reflect.TypeFor[daysRequest](), "deadline": reflect.TypeFor[deadlineRequest](),
	"priority": reflect.TypeFor[priorityRequest](), "impact": reflect.TypeFor[priority.Observation](), "ticket": reflect.TypeFor[ticketRequest](), "compliance": reflect.TypeFor[shareRequest](),
	"availability": reflect.TypeFor[availabilityRequest](), "composition": reflect.TypeFor[compositionRequest](), "performance": reflect.TypeFor[performanceRequest](),
	"capacity": reflect.TypeFor[capacityRequest](), "credit": reflect.TypeFor[creditRequest](),
	"continuity": reflect.TypeFor[continuityRequest](), "restart_order": reflect.TypeFor[restartRequest](),
	"review": reflect.TypeFor[reviewRequest](), "procedure": reflect.TypeFor[procedureRequest](), "report": reflect.TypeFor[reportRequest](),
}

// optionTypes are what the options of an operation are read into.
var optionTypes = map[string]reflect.Type{"priority": reflect.TypeFor[priority.Timing](), "ticket": reflect.TypeFor[sla.Readings]()}

// A protocolPage is PROTOCOL.md as the tests read it.
type protocolPage struct {
	examples []example
	tables   map[string][]field // by section and heading: "open request"
	codes    []string
}

// An example is a request with its answer, in blocks behind <!-- example: op -->.
type example struct {
	op              string
	request, answer string
	excerpt         bool // the answer has more
	from, to        int  // of the answer in the page
}

// A field is a row of a table.
type field struct{ name, kind, needed string }

var (
	exampleForm = regexp.MustCompile("<!-- example: (\\w+) -->\n```json request\n((?s).*?)```\n```json (answer|excerpt)\n((?s).*?)```\n")
	headingForm = regexp.MustCompile("^#+ `?([^`]+)`?$")
	nameForm    = regexp.MustCompile("`([^`]+)`")
)

func protocol(t testing.TB) (*protocolPage, string) {
	t.Helper()
	data, err := os.ReadFile(pageFile)
	require.NoError(t, err)
	text := string(data)
	page := &protocolPage{tables: map[string][]field{}}
	for _, at := range exampleForm.FindAllStringSubmatchIndex(text, -1) {
		page.examples = append(page.examples, example{text[at[2]:at[3]], text[at[4]:at[5]], text[at[8]:at[9]], text[at[6]:at[7]] == "excerpt", at[8], at[9]})
	}
	assert.Equal(t, strings.Count(text, "```json"), 2*len(page.examples), "a block of JSON is no example")
	section, table := "", ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if heading := headingForm.FindStringSubmatch(line); heading != nil {
			section = heading[1]
		}
		if !strings.HasPrefix(line, "|") {
			table = ""
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case table == "":
			table = cells[0]
		case strings.HasPrefix(cells[0], "---"):
		case table == "code":
			page.codes = append(page.codes, strings.Trim(cells[0], "`"))
		case slices.Contains([]string{"request", "answer", "error", "calendar"}, table):
			for _, name := range nameForm.FindAllStringSubmatch(cells[0], -1) {
				page.tables[section+" "+table] = append(page.tables[section+" "+table], field{name[1], cells[1], cells[2]})
			}
		}
	}
	return page, text
}

// names are those of the rows, sorted.
func names(fields []field) []string {
	var all []string
	for _, f := range fields {
		all = append(all, f.name)
	}
	slices.Sort(all)
	return all
}

// A protocolSchema is protocol.schema.json.
type protocolSchema struct {
	root     map[string]any
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

func schema(t testing.TB) *protocolSchema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	require.NoError(t, err)
	root := value(t, string(data))
	s := &protocolSchema{root.(map[string]any), jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}} //nolint:forcetypeassert // an object
	require.NoError(t, s.compiler.AddResource(schemaID, root))
	return s
}

// value is JSON as the validator takes it: numbers are exact.
func value(t testing.TB, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err, text)
	return v
}

// check validates a text against a place of the schema; "" is the whole.
func (s *protocolSchema) check(t testing.TB, place, text string) error {
	t.Helper()
	if s.compiled[place] == nil {
		compiled, err := s.compiler.Compile(schemaID + "#" + place)
		require.NoError(t, err)
		s.compiled[place] = compiled
	}
	return s.compiled[place].Validate(value(t, text))
}

// at is the part of the schema at a place.
func (s *protocolSchema) at(place string) map[string]any {
	part := s.root
	for _, name := range strings.Split(place, "/")[1:] {
		part, _ = part[name].(map[string]any)
	}
	return part
}

// properties are the paths of all fields below a part, and whether they may be null; but for those of calendars and records, which stand by themselves.
func (s *protocolSchema) properties(part map[string]any, path string, found map[string]bool) {
	if ref, is := part["$ref"].(string); is && ref != "#/$defs/calendar" && (path == "ticket" || ref != "#/$defs/ticket") && !strings.HasPrefix(ref, "#/$defs/record_") {
		s.properties(s.at(strings.TrimPrefix(ref, "#")), path, found)
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		all, _ := part[key].([]any)
		for _, one := range all {
			s.properties(one.(map[string]any), path, found) //nolint:forcetypeassert // a schema
		}
	}
	fields, _ := part["properties"].(map[string]any)
	for name, inner := range fields {
		if path != "" {
			name = path + "." + name
		}
		part := inner.(map[string]any) //nolint:forcetypeassert // a schema
		found[name] = nullable(part)
		s.properties(part, name, found)
	}
	if items, is := part["items"].(map[string]any); is {
		s.properties(items, path+"[]", found)
	}
}

// nullable reports whether null is a value of a part.
func nullable(part map[string]any) bool {
	kinds, _ := part["type"].([]any)
	choices, _ := part["anyOf"].([]any)
	return slices.Contains(kinds, any("null")) || slices.ContainsFunc(choices, func(one any) bool {
		return reflect.DeepEqual(one, map[string]any{"type": "null"})
	})
}

// fieldsOf are the paths of all fields that a type reads.
func fieldsOf(typ reflect.Type, path string, found map[string]bool) {
	p := reflect.PointerTo(typ)
	if slices.ContainsFunc([]reflect.Type{reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[stdjson.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}, p.Implements) {
		return // it reads itself: a value, or a list that stands for an object
	}
	switch typ.Kind() {
	case reflect.Pointer:
		fieldsOf(typ.Elem(), path, found)
	case reflect.Slice, reflect.Array:
		fieldsOf(typ.Elem(), path+"[]", found)
	case reflect.Struct:
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous && name == "" {
				fieldsOf(f.Type, path, found)
				continue
			}
			if path != "" {
				name = path + "." + name
			}
			found[name] = true
			fieldsOf(f.Type, name, found)
		}
	}
}

// compact is a text of JSON on one line.
func compact(t testing.TB, text string) string {
	t.Helper()
	v := jsontext.Value(text)
	require.NoError(t, v.Compact(), text)
	return string(v)
}

// pretty is JSON as the page has it: what fits in a line stands in one.
func pretty(t testing.TB, text, indent string) string {
	t.Helper()
	const width = 150
	v := jsontext.Value(text)
	require.NoError(t, v.Format(jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true)))
	in := jsontext.NewDecoder(bytes.NewReader(v))
	open, err := in.ReadToken()
	require.NoError(t, err)
	if kind := open.Kind(); kind != '{' && kind != '[' || len(v)+len(indent) <= width {
		return string(v)
	}
	// One inner value on a line, but for short ones: these stand together.
	var b strings.Builder
	b.WriteString(open.String())
	end := map[jsontext.Kind]jsontext.Kind{'{': '}', '[': ']'}[open.Kind()]
	room := width - len(indent) - 1
	for first := true; in.PeekKind() != end; first = false {
		part := ""
		if end == '}' {
			name, err := in.ReadValue()
			require.NoError(t, err)
			part = string(name) + ": "
		}
		inner, err := in.ReadValue()
		require.NoError(t, err)
		part += pretty(t, string(inner), indent+" ")
		switch {
		case first:
			room -= len(part)
		case len(part)+2 <= room && end == '}' && !strings.HasPrefix(string(inner), "["):
			b.WriteString(", ")
			room -= len(part) + 2
		default:
			b.WriteString(",\n " + indent)
			room = width - len(indent) - 1 - len(part)
		}
		if strings.Contains(part, "\n") {
			room = 0
		}
		b.WriteString(part)
	}
	b.WriteString(string(end))
	return b.String()
}

// failed is the error of an answer, empty if it has none.
func failed(t testing.TB, answer string) (f failure) {
	t.Helper()
	var a struct{ Error failure }
	require.NoError(t, stdjson.Unmarshal([]byte(answer), &a))
	return a.Error
}

// excerpt is what a part of an answer names: some fields of objects, and the first items of lists.
func excerpt(t testing.TB, part, whole jsontext.Value) jsontext.Value {
	t.Helper()
	var b []byte
	switch part.Kind() {
	case '{':
		in := jsontext.NewDecoder(bytes.NewReader(part))
		_, err := in.ReadToken()
		require.NoError(t, err)
		var fields map[string]jsontext.Value
		require.NoError(t, json.Unmarshal(whole, &fields))
		b = append(b, '{')
		for in.PeekKind() != '}' {
			name, err := in.ReadToken()
			require.NoError(t, err)
			key := name.String()
			inner, err := in.ReadValue()
			require.NoError(t, err)
			require.Contains(t, fields, key)
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = append(append(strconv.AppendQuote(b, key), ':'), excerpt(t, inner.Clone(), fields[key])...)
		}
		return append(b, '}')
	case '[':
		var parts, all []jsontext.Value
		require.NoError(t, json.Unmarshal(part, &parts))
		require.NoError(t, json.Unmarshal(whole, &all))
		require.LessOrEqual(t, len(parts), len(all))
		b = append(b, '[')
		for i, inner := range parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, excerpt(t, inner, all[i])...)
		}
		return append(b, ']')
	}
	return whole
}

// The answers of the page are those of the program, and request and answer are what the schema says.
func TestProtocolExamples(t *testing.T) {
	d := ssbtekDesk(t)
	page, text := protocol(t)
	s := schema(t)
	for _, e := range slices.Backward(page.examples) { // the last first, so that the places of those before stay
		request := compact(t, e.request)
		answer := ask(t, d, request)
		told := answer
		if e.excerpt {
			told = string(excerpt(t, jsontext.Value(e.answer), jsontext.Value(answer)))
		}
		if *updateProtocol {
			text = text[:e.from] + pretty(t, told, "") + "\n" + text[e.to:]
			e.answer = told
		}
		assert.Equal(t, compact(t, e.answer), told, request)

		var named struct{ Op string }
		require.NoError(t, stdjson.Unmarshal([]byte(request), &named))
		assert.Equal(t, e.op, named.Op, request)
		switch failed(t, answer).Code {
		case "":
			require.NoError(t, s.check(t, "", request), request)
			require.NoError(t, s.check(t, "/$defs/answers/"+e.op, answer), answer)
		case "bad_request":
			require.Error(t, s.check(t, "", request), request)
			require.NoError(t, s.check(t, "/$defs/error", answer), answer)
		default: // no rule of JSON is broken
			require.NoError(t, s.check(t, "", request), request)
			require.NoError(t, s.check(t, "/$defs/error", answer), answer)
		}
	}
	if *updateProtocol {
		require.NoError(t, os.WriteFile(pageFile, []byte(text), 0o644))
	}
}

// Every operation has a section with an example, and a place in the schema.
func TestProtocolOperations(t *testing.T) {
	page, _ := protocol(t)
	s := schema(t)
	d := ssbtekDesk(t)
	all := slices.Sorted(maps.Keys(operations))
	assert.Equal(t, all, slices.Sorted(maps.Keys(requestTypes)))
	assert.Equal(t, all, slices.Sorted(maps.Keys(s.at("/$defs/requests"))))
	assert.Equal(t, all, slices.Sorted(maps.Keys(s.at("/$defs/answers"))))
	var listed []string
	for _, name := range s.at("/properties/op")["enum"].([]any) { //nolint:forcetypeassert // a list of texts
		listed = append(listed, name.(string))
	}
	slices.Sort(listed)
	assert.Equal(t, all, listed)
	worked := map[string]bool{}
	for _, e := range page.examples {
		if failed(t, ask(t, d, compact(t, e.request))).Code == "" {
			worked[e.op] = true
		}
	}
	for _, op := range all {
		assert.NotEmpty(t, page.tables[op+" request"], op)
		assert.True(t, len(page.tables[op+" answer"]) > 0 || op == "report", op) // a report is described by its own schema
		assert.True(t, worked[op], "%s has no example", op)
	}
}

// The tables, the schema and the program have the same fields.
func TestProtocolFields(t *testing.T) {
	page, _ := protocol(t)
	s := schema(t)
	common := names(page.tables["Lines request"])
	assert.Equal(t, []string{"id", "op"}, common)
	assert.Equal(t, []string{"id", "ok"}, names(page.tables["Lines answer"]))
	sorted := func(found map[string]bool, less ...string) []string {
		for _, name := range less {
			require.Contains(t, found, name)
			delete(found, name)
		}
		return slices.Sorted(maps.Keys(found))
	}
	for op, typ := range requestTypes {
		documented, reads := map[string]bool{}, map[string]bool{}
		s.properties(s.at("/$defs/requests/"+op), "", documented)
		assert.Equal(t, sorted(documented, "id", "op"), names(page.tables[op+" request"]), "requests of %s: schema, page", op)
		fieldsOf(typ, "", reads)
		if options := optionTypes[op]; options != nil {
			fieldsOf(options, "options", reads)
		}
		assert.Equal(t, names(page.tables[op+" request"]), sorted(reads), "requests of %s: page, program", op)

		required := s.at("/$defs/requests/" + op)["required"].([]any) //nolint:forcetypeassert // a list
		for _, f := range page.tables[op+" request"] {
			if !strings.Contains(f.name, ".") {
				assert.Equal(t, slices.Contains(required, any(f.name)), f.needed == "yes", "%s of %s is needed", f.name, op)
			}
		}

		answered := map[string]bool{}
		s.properties(s.at("/$defs/answers/"+op), "", answered)
		assert.Equal(t, sorted(answered, "id", "ok"), slices.Compact(names(page.tables[op+" answer"])), "answers of %s: schema, page", op)
		for _, f := range page.tables[op+" answer"] {
			if f.kind != "" {
				assert.Equal(t, answered[f.name], strings.HasSuffix(f.kind, " or null"), "%s of %s may be null", f.name, op)
			}
		}
	}
	calendars, reads, errs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.properties(s.at("/$defs/service_time"), "", calendars)
	fieldsOf(reflect.TypeFor[sla.ServiceTime](), "", reads)
	assert.Equal(t, sorted(calendars), names(page.tables[calendarTable]))
	assert.Equal(t, sorted(reads), names(page.tables[calendarTable]))
	s.properties(s.at("/$defs/error/properties/error"), "", errs)
	assert.Equal(t, sorted(errs), names(page.tables["Errors error"]))
	reads = map[string]bool{}
	fieldsOf(reflect.TypeFor[failure](), "", reads)
	assert.Equal(t, sorted(reads), names(page.tables["Errors error"]))
}

// rarely are fields of answers that no example shows: they need hundreds of rows, or thousands.
var rarely = []string{
	"over[].limit", "over[].from", "over[].to", "over[].peak", "more_interruptions", "rto.more_breaches", "rpo.more_breaches", "backup_every.more_breaches", "test_every.more_breaches",
}

// The examples show every field of an answer.
func TestProtocolExamplesAreWhole(t *testing.T) {
	page, _ := protocol(t)
	shown := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				shown[path+name] = true
				walk(path+name+".", inner)
			}
		case []any:
			for _, inner := range v {
				walk(strings.TrimSuffix(path, ".")+"[].", inner)
			}
		}
	}
	for _, e := range page.examples {
		walk(e.op+" ", value(t, e.answer))
	}
	for op := range operations {
		for _, f := range page.tables[op+" answer"] {
			few := strings.Contains(f.name, "breaches[]") // not every objective is missed
			assert.True(t, shown[op+" "+f.name] || few || slices.Contains(rarely, f.name), "no answer to %s has %s", op, f.name)
		}
	}
}

// The page and the schema list the codes that the sources have.
func TestProtocolCodes(t *testing.T) {
	page, _ := protocol(t)
	used := map[string]bool{}
	literal := func(e ast.Expr) {
		if text, is := e.(*ast.BasicLit); is && text.Kind == token.STRING {
			code, err := strconv.Unquote(text.Value)
			require.NoError(t, err)
			used[code] = true
		}
	}
	for _, dir := range []string{".", "../../servicetime"} {
		files, err := filepath.Glob(dir + "/*.go")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.KeyValueExpr: // wrong{code: "…"}, failure{Code: "…"}
					if key, is := n.Key.(*ast.Ident); is && (key.Name == "code" || key.Name == "Code") {
						literal(n.Value)
					}
				case *ast.AssignStmt: // f.Code, f.Message = "…", "…"
					for i, to := range n.Lhs {
						if to, is := to.(*ast.SelectorExpr); is && to.Sel.Name == "Code" && i < len(n.Rhs) {
							literal(n.Rhs[i])
						}
					}
				case *ast.CallExpr: // codeOf(err, "…")
					if f, is := n.Fun.(*ast.Ident); is && f.Name == "codeOf" {
						literal(n.Args[1])
					}
				case *ast.FuncDecl: // the tables of codes by cause
					if n.Name.Name == "codeOf" || dir != "." && n.Name.Name == "code" {
						ast.Inspect(n.Body, func(n ast.Node) bool {
							switch n := n.(type) {
							case *ast.CompositeLit:
								if len(n.Elts) == 2 {
									literal(n.Elts[1])
								}
							case *ast.ReturnStmt:
								literal(n.Results[0])
							}
							return true
						})
					}
				}
				return true
			})
		}
	}
	assert.Equal(t, slices.Sorted(maps.Keys(used)), slices.Sorted(slices.Values(page.codes)))
	var listed []string
	for _, code := range schema(t).at("/$defs/error/properties/error/properties/code")["enum"].([]any) { //nolint:forcetypeassert // a list of texts
		listed = append(listed, code.(string))
	}
	assert.Equal(t, page.codes, listed)
}

// The limits of the page are those of the program.
func TestProtocolLimits(t *testing.T) {
	_, text := protocol(t)
	_, limits, _ := strings.Cut(text, "### Limits")
	limits, _, _ = strings.Cut(limits, "##")
	for _, n := range []int{
		MaxLine, maxListed, maxHours, maxServiceTimes, maxRecords, maxContinuity, servicetime.MaxWindows, servicetime.MaxHolidays, availability.MaxListed, continuity.MaxListed, continuity.MaxServices,
		continuity.MaxRelations, int(maxSeconds),
	} {
		assert.Contains(t, limits, thousands(n))
	}
}

// thousands writes 1048576 as 1,048,576.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// A slip is a request with one thing wrong.
type slip struct{ path, request string }

// slips are an example with each of its fields renamed, left out, or of another kind.
func slips(t testing.TB, request string) []slip {
	t.Helper()
	var all []slip
	root := value(t, request)
	add := func(path string) {
		b, err := stdjson.Marshal(root)
		require.NoError(t, err)
		all = append(all, slip{path, string(b)})
	}
	others := []any{nil, true, -1, 1.5, "", "x", "2026-02-30T08:00:00Z", map[string]any{"x": 1}, []any{}, []any{nil}, []any{[]any{}}}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range maps.Clone(v) {
				at := path + "." + name
				delete(v, name)
				add(at + " left out")
				v[name+"_"] = inner
				add(at + " renamed")
				delete(v, name+"_")
				for _, other := range others {
					v[name] = other
					add(fmt.Sprintf("%s = %v", at, other))
				}
				v[name] = inner
				walk(at, inner)
			}
		case []any:
			for i, inner := range v {
				at := fmt.Sprintf("%s[%d]", path, i)
				for _, other := range others {
					v[i] = other
					add(fmt.Sprintf("%s = %v", at, other))
				}
				v[i] = inner
				walk(at, inner)
			}
		}
	}
	walk("", root)
	return all
}

// lenient are slips that the program answers, though the page and the schema do not allow them.
var lenient = []*regexp.Regexp{
	regexp.MustCompile(`^priority\.options\.\w+ = <nil>`),                          // null is 0, not the agreement's
	regexp.MustCompile(`^impact\.timed_out\.(met|total) `),                         // null, or left out, is 0
	regexp.MustCompile(`^(availability\.target|continuity\.objectives\.\w+) = $`),  // an empty text is none
	regexp.MustCompile(`^report\.records\.tickets\[0\]\.(kind|priority|received)`), // such a ticket stands in the report
}

// unsaid are slips that the schema does not know of: what is in an agreement, and what one field demands of another.
var unsaid = regexp.MustCompile(`^(review\.agreement|restart_order\.services|impact\.(total|asked) |ticket\.ticket\.(impact|priority) |report\.records\.\w+ = )`)

// What the schema refuses, the program refuses; what the program answers, the schema takes. All answers are of the schema's form, errors too.
func TestProtocolSlips(t *testing.T) {
	d := ssbtekDesk(t)
	page, _ := protocol(t)
	s := schema(t)
	n := 0
	for _, e := range page.examples {
		for _, slip := range slips(t, compact(t, e.request)) {
			if strings.HasSuffix(slip.path, ".year left out") || strings.Contains(slip.path, ".year = <nil>") || strings.Contains(slip.path, ".year renamed") {
				continue // the answer depends on the day
			}
			n++
			answer := ask(t, d, slip.request)
			code := failed(t, answer).Code
			refused := s.check(t, "", slip.request)
			if code == "" {
				if refused != nil && !slices.ContainsFunc(lenient, func(form *regexp.Regexp) bool { return form.MatchString(e.op + slip.path) }) {
					t.Errorf("%s%s: the program answers, and the schema says %v", e.op, slip.path, refused)
				}
				if refused != nil {
					continue
				}
				place := "/$defs/answers/" + e.op
				require.NoError(t, s.check(t, place, answer), slip.request)
				continue
			}
			require.NoError(t, s.check(t, "/$defs/error", answer), answer)
			if (code == "bad_request" || code == "unknown_field") && refused == nil && !unsaid.MatchString(e.op+slip.path) {
				t.Errorf("%s%s: the schema takes it, and the program says %s", e.op, slip.path, answer)
			}
		}
	}
	assert.Greater(t, n, 3000)
}

// Every answer to a hostile line has the form of the schema, and no line that is answered is refused by it.
func TestProtocolHostileLines(t *testing.T) {
	d := ssbtekDesk(t)
	s := schema(t)
	long := 0 // answers with fields that no example shows
	for _, h := range hostileLines(t) {
		answer := string(d.line(nil, numbered{[]byte(h.line), 1}))
		if len(h.line) > MaxLine {
			answer = string(d.line(nil, numbered{nil, 1}))
		}
		if f := failed(t, answer); f.Code != "" {
			require.NoError(t, s.check(t, "/$defs/error", answer), answer)
			continue
		}
		var named struct{ Op string }
		require.NoError(t, stdjson.Unmarshal([]byte(h.line), &named))
		if named.Op != "report" { // where a bad record is no error
			require.NoError(t, s.check(t, "", h.line), h.line)
		}
		require.NoError(t, s.check(t, "/$defs/answers/"+named.Op, answer), h.line)
		long += strings.Count(answer, `"more_interruptions":`) + strings.Count(answer, `"over":[{`)
	}
	assert.GreaterOrEqual(t, long, 2)
}
