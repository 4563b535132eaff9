package sla

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/sla/servicetime"
)

// Limits on the text of an agreement, enforced before any work is spent on it.
const (
	MaxBytes = 1 << 20 // 1 MiB
	MaxDepth = 32      // of objects and lists in each other
)

// Causes of errors in the text of an agreement, to be asked for with errors.Is.
var (
	ErrJSON    = errors.New("not JSON")                       // also a key that stands twice, and text behind the end
	ErrField   = errors.New("no such field")                  // also one in other letters: "Goal"
	ErrType    = errors.New("another kind of value")          // a number where a text belongs
	ErrMissing = errors.New("missing")                        // a rule, a reading or a reference that must be there
	ErrUnknown = errors.New("names nothing in the agreement") // a service time, a level, a provider
)

// decode reads JSON strictly into the value that into points to. Unlike encoding/json alone it refuses unknown
// fields, fields in other letters, fields that stand twice, null, and text behind the end. It
// returns all faults, each a *servicetime.Fault with path, line and column.
func decode(data []byte, into any) error {
	d := decoder{data: data}
	root, err := d.parse()
	if err != nil {
		return err
	}
	d.assign(root, reflect.ValueOf(into).Elem(), "")
	d.clauses(root)
	return errors.Join(d.faults...)
}

// clauses gives the faults the clause of the innermost object that they lie in and that names one.
func (d *decoder) clauses(root node) {
	for _, err := range d.faults {
		if f := err.(*servicetime.Fault); f.Clause == "" { //nolint:errorlint,forcetypeassert // made by fault
			_, f.Clause, _ = root.find(f.Path)
		}
	}
}

// find is the value at a path, the clause that holds there, and what is left of the path where there is no such value: then it is the innermost one
// around it that there is.
func (n *node) find(path string) (found *node, clause, rest string) {
	for found = n; ; found, path = n, rest {
		for _, f := range found.fields {
			if text, isText := f.value.token.(string); isText && f.name == "clause" {
				clause = text
			}
		}
		if n, rest = found.step(path); n == nil {
			return found, clause, path
		}
	}
}

// step is the value that a path begins with, and the rest of the path.
func (n *node) step(path string) (next *node, rest string) {
	if index, behind, is := strings.Cut(strings.TrimPrefix(path, "["), "]"); is && strings.HasPrefix(path, "[") {
		if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(n.items) {
			return &n.items[i], strings.TrimPrefix(behind, ".")
		}
		return nil, path
	}
	longest := 0
	for i := range n.fields { // names may hold points: the longest that fits is the one
		f := &n.fields[i]
		behind, is := strings.CutPrefix(path, f.name)
		if is && len(f.name) > longest && (behind == "" || behind[0] == '.' || behind[0] == '[') {
			next, rest, longest = &f.value, strings.TrimPrefix(behind, "."), len(f.name)
		}
	}
	return next, rest
}

type decoder struct {
	data   []byte
	lines  []int // where each line begins
	faults []error
}

// node is a value of the text with the place where it begins.
type node struct {
	offset, end int
	token       json.Token // a scalar, or the opening delimiter
	fields      []field    // of an object
	items       []node     // of a list
}

type field struct {
	name   string
	offset int
	value  node
}

// maxFaults is how many faults are told: a text with more has another mistake than each of them.
const maxFaults = 100

func (d *decoder) fault(path, code, value string, offset int, err error) {
	if len(d.faults) >= maxFaults {
		return
	}
	if d.lines == nil {
		d.lines = []int{0}
		for i, b := range d.data {
			if b == '\n' {
				d.lines = append(d.lines, i+1)
			}
		}
	}
	line := sort.SearchInts(d.lines, offset+1)
	d.faults = append(d.faults, &servicetime.Fault{
		Path: path, Code: code, Value: value, Line: line, Column: offset - d.lines[line-1] + 1, Err: err,
	})
}

// parse reads the whole text into a tree. A text that is no JSON has one fault: what follows it cannot be
// understood.
func (d *decoder) parse() (node, error) {
	fail := func(code string, offset int, err error) (node, error) {
		d.fault("", code, "", offset, err)
		return node{}, d.faults[0]
	}
	if len(d.data) > MaxBytes {
		return fail("too_large", 0, fmt.Errorf("%d bytes: %w: at most %d", len(d.data), servicetime.ErrLimit, MaxBytes))
	}
	if bytes.HasPrefix(d.data, []byte("\ufeff")) {
		return fail("bad_json", 0, fmt.Errorf("%w: a byte order mark: save the text without it", ErrJSON))
	}
	for i := 0; i < len(d.data); {
		r, size := utf8.DecodeRune(d.data[i:])
		if r == utf8.RuneError && size == 1 {
			return fail("bad_json", i, fmt.Errorf("%w: a byte that is not UTF-8", ErrJSON))
		}
		i += size
	}
	depth := fmt.Errorf("nested deeper than %d: %w", MaxDepth, servicetime.ErrLimit)
	// The whole is checked first, because only this check knows the place of a fault.
	var raw json.RawMessage
	if err := json.Unmarshal(d.data, &raw); err != nil {
		var syntax *json.SyntaxError
		offset := len(d.data)
		if errors.As(err, &syntax) && !strings.Contains(err.Error(), "unexpected end") {
			offset = int(syntax.Offset) - 1 // it counts the byte that is wrong
		}
		if strings.Contains(err.Error(), "max depth") {
			return fail("too_large", offset, depth)
		}
		return fail("bad_json", offset, fmt.Errorf("%w: %w", ErrJSON, err))
	}
	dec := json.NewDecoder(bytes.NewReader(d.data))
	dec.UseNumber()
	root, err := d.node(dec, 0)
	if errors.Is(err, servicetime.ErrLimit) {
		return fail("too_large", int(dec.InputOffset())-1, depth)
	}
	if err != nil {
		return fail("bad_json", int(dec.InputOffset()), fmt.Errorf("%w: %w", ErrJSON, err))
	}
	return root, nil
}

func (d *decoder) node(dec *json.Decoder, depth int) (node, error) {
	n := node{}
	token, err := dec.Token()
	if err != nil {
		return n, err
	}
	if _, opens := token.(json.Delim); opens && depth == MaxDepth {
		return n, servicetime.ErrLimit
	}
	n.end = int(dec.InputOffset())
	n.offset = n.end - tokenLength(d.data[:n.end], token)
	n.token = token
	switch token {
	case json.Delim('{'):
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return n, err
			}
			end := int(dec.InputOffset())
			name, _ := key.(string) // the decoder lets nothing else be a key
			value, err := d.node(dec, depth+1)
			if err != nil {
				return n, err
			}
			n.fields = append(n.fields, field{name, end - tokenLength(d.data[:end], key), value})
		}
	case json.Delim('['):
		for dec.More() {
			item, err := d.node(dec, depth+1)
			if err != nil {
				return n, err
			}
			n.items = append(n.items, item)
		}
	default:
		return n, nil
	}
	_, err = dec.Token() // the closing delimiter
	n.end = int(dec.InputOffset())
	return n, err
}

// tokenLength is how many bytes the token at the end of data takes.
func tokenLength(data []byte, token json.Token) int {
	switch token := token.(type) {
	case string: // from its end back to the quote that no backslash precedes
		for i := len(data) - 2; i >= 0; i-- {
			if data[i] != '"' {
				continue
			}
			slashes := 0
			for j := i - 1; j >= 0 && data[j] == '\\'; j-- {
				slashes++
			}
			if slashes%2 == 0 {
				return len(data) - i
			}
		}
	case json.Number:
		return len(token)
	case bool:
		return len(strconv.FormatBool(token))
	case nil:
		return len("null")
	}
	return 1
}

// assign stores a node in a value of the type that belongs there.
func (d *decoder) assign(n node, v reflect.Value, path string) {
	text, isText := n.token.(string)
	wrong := func(want string) {
		d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: write %s", ErrType, want))
	}
	if n.token == nil {
		wrong("a value, or leave the field out")
		return
	}
	if words, is := v.Addr().Interface().(*Text); is {
		d.assignWords(words, n, path)
		return
	}
	if v.Kind() == reflect.Map { // its keys have places of their own
		d.assignMap(n, v, path)
		return
	}
	switch u := v.Addr().Interface().(type) {
	case json.Unmarshaler:
		if _, isTime := v.Addr().Interface().(encoding.TextUnmarshaler); !isTime {
			if _, isHolidays := u.(*servicetime.Holidays); isHolidays && d.badDates(n, path) {
				return
			}
			for _, err := range parts(u.UnmarshalJSON(d.data[n.offset:n.end])) {
				d.fault(path, "bad_request", d.raw(n), n.offset, err)
			}
			return
		}
		d.assignText(u.(encoding.TextUnmarshaler), n, path)
		return
	case encoding.TextUnmarshaler:
		d.assignText(u, n, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.assign(n, v.Elem(), path)
	case reflect.String:
		if !isText {
			wrong("a text")
			return
		}
		v.SetString(text)
	case reflect.Bool:
		is, isBool := n.token.(bool)
		if !isBool {
			wrong("true or false")
			return
		}
		v.SetBool(is)
	case reflect.Int, reflect.Int64:
		number, isNumber := n.token.(json.Number)
		i, err := strconv.ParseInt(string(number), 10, 64)
		if !isNumber || err != nil {
			wrong("a whole number")
			return
		}
		v.SetInt(i)
	case reflect.Slice:
		if n.token != json.Delim('[') {
			wrong("a list")
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
		for i, item := range n.items {
			d.assign(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Array:
		if n.token != json.Delim('[') || len(n.items) != v.Len() {
			wrong(fmt.Sprintf("a list of %d", v.Len()))
			return
		}
		for i, item := range n.items {
			d.assign(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		d.assignStruct(n, v, path)
	default:
		panic("sla: no rule to decode " + v.Type().String()) // a mistake in this package's types, which a test walks
	}
}

func (d *decoder) assignText(u encoding.TextUnmarshaler, n node, path string) {
	text, isText := n.token.(string)
	if !isText {
		d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: write a text", ErrType))
		return
	}
	if text == "" {
		d.fault(path, "bad_request", "", n.offset, fmt.Errorf("%w: an empty text: leave the field out", servicetime.ErrText))
		return
	}
	err := u.UnmarshalText([]byte(text))
	// Package time reads more than RFC 3339 has: 1:00, a comma, an offset of +24:00.
	if _, isTime := u.(*time.Time); isTime && (err != nil || !rfc3339.MatchString(text)) {
		err = fmt.Errorf("%w: write an instant as \"2026-10-31T12:00:00+01:00\"", servicetime.ErrText)
	}
	if err != nil {
		d.fault(path, "bad_request", text, n.offset, err)
	}
}

// assignWords stores a text for all languages, or one for each.
func (d *decoder) assignWords(t *Text, n node, path string) {
	text := func(language string, n node, path string) {
		s, isText := n.token.(string)
		switch {
		case !isText:
			d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: write a text, or an object of texts by language", ErrType))
		case strings.TrimSpace(s) == "":
			d.fault(path, "bad_request", s, n.offset, fmt.Errorf("%w: an empty text: leave the field out", servicetime.ErrText))
		default:
			(*t)[language] = s
		}
	}
	*t = Text{}
	if n.token != json.Delim('{') {
		text("", n, path)
		return
	}
	for _, f := range d.distinct(n, path, strings.Clone) {
		if len(f.name) != 2 || strings.Trim(f.name, "abcdefghijklmnopqrstuvwxyz") != "" {
			d.fault(join(path, f.name), "unknown_field", f.name, f.offset, fmt.Errorf("%w: a language has two letters, such as \"sv\" and \"en\"", ErrField))
			continue
		}
		text(f.name, f.value, join(path, f.name))
	}
	if len(*t) == 0 && len(n.fields) == 0 {
		d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: no text in any language: leave the field out", servicetime.ErrText))
	}
}

var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

func (d *decoder) assignMap(n node, v reflect.Value, path string) {
	if n.token != json.Delim('{') {
		d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: write an object", ErrType))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, f := range d.distinct(n, path, strings.Clone) {
		key := reflect.New(v.Type().Key()).Elem()
		if u, ok := key.Addr().Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(f.name)); err != nil {
				d.fault(join(path, f.name), "bad_request", f.name, f.offset, err)
				continue
			}
		} else {
			key.SetString(f.name)
		}
		// Two texts may be one key: "sat,sun" and "sat-sun".
		if v.MapIndex(key).IsValid() {
			d.fault(join(path, f.name), "bad_json", f.name, f.offset, fmt.Errorf("%w: it stands twice", ErrJSON))
			continue
		}
		value := reflect.New(v.Type().Elem()).Elem()
		d.assign(f.value, value, join(path, f.name))
		v.SetMapIndex(key, value)
	}
}

func (d *decoder) assignStruct(n node, v reflect.Value, path string) {
	if n.token != json.Delim('{') {
		d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: write an object", ErrType))
		return
	}
	known, names := structFields(v)
	for _, f := range d.distinct(n, path, strings.ToLower) {
		if target, ok := known[f.name]; ok {
			d.assign(f.value, target, join(path, f.name))
			continue
		}
		why := "known are " + strings.Join(names, ", ")
		if i := slices.IndexFunc(names, func(s string) bool { return strings.EqualFold(s, f.name) }); i >= 0 {
			why = fmt.Sprintf("write %q", names[i])
		}
		d.fault(join(path, f.name), "unknown_field", f.name, f.offset, fmt.Errorf("%w: %s", ErrField, why))
	}
}

// distinct reports fields that stand twice, once folded, and returns the others.
func (d *decoder) distinct(n node, path string, fold func(string) string) []field {
	seen := map[string]bool{}
	out := n.fields[:0:0]
	for _, f := range n.fields {
		folded := fold(f.name)
		if seen[folded] {
			d.fault(join(path, f.name), "bad_json", f.name, f.offset, fmt.Errorf("%w: it stands twice", ErrJSON))
			continue
		}
		seen[folded] = true
		out = append(out, f)
	}
	return out
}

// structFields lists the fields of a struct by their JSON names, those of an embedded one among them.
func structFields(v reflect.Value) (map[string]reflect.Value, []string) {
	known := map[string]reflect.Value{}
	var names []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			inner, more := structFields(v.Field(i))
			for _, name := range more {
				known[name] = inner[name]
			}
			names = append(names, more...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		known[name] = v.Field(i)
		names = append(names, name)
	}
	return known, names
}

// badDates reports each date of a list of holidays that is none, at its own place.
func (d *decoder) badDates(n node, path string) bool {
	before := len(d.faults)
	for i, item := range n.items {
		if text, isText := item.token.(string); isText {
			if _, err := servicetime.HolidayDates(text); err != nil {
				d.fault(fmt.Sprintf("%s[%d]", path, i), "bad_request", text, item.offset, err)
			}
		}
	}
	return len(d.faults) > before
}

// parts are the errors that were joined into one.
func parts(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func (d *decoder) raw(n node) string { return string(d.data[n.offset:n.end]) }

func join(path, name string) string {
	if path == "" || strings.HasPrefix(name, "[") { // an item of a list
		return path + name
	}
	return path + "." + name
}
