package sla

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
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
	return errors.Join(d.faults...)
}

type decoder struct {
	data   []byte
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

func (d *decoder) fault(path, code, value string, offset int, err error) {
	line := 1 + bytes.Count(d.data[:offset], []byte("\n"))
	column := offset - bytes.LastIndexByte(d.data[:offset], '\n')
	d.faults = append(d.faults, &servicetime.Fault{
		Path: path, Code: code, Value: value, Line: line, Column: column, Err: err,
	})
}

// parse reads the whole text into a tree. A text that is no JSON has one fault: what follows cannot be understood.
func (d *decoder) parse() (node, error) {
	fail := func(code string, offset int, err error) (node, error) {
		d.fault("", code, "", min(max(offset, 0), len(d.data)), err)
		return node{}, d.faults[0]
	}
	if len(d.data) > MaxBytes {
		return fail("too_large", 0, fmt.Errorf("%d bytes: %w: at most %d", len(d.data), servicetime.ErrLimit, MaxBytes))
	}
	for i := 0; i < len(d.data); {
		r, size := utf8.DecodeRune(d.data[i:])
		if r == utf8.RuneError && size == 1 {
			return fail("bad_json", i, fmt.Errorf("%w: a byte that is not UTF-8", ErrJSON))
		}
		i += size
	}
	dec := json.NewDecoder(bytes.NewReader(d.data))
	dec.UseNumber()
	root, err := d.node(dec, 0)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = fmt.Errorf("%w: text behind the end", ErrJSON)
		}
	}
	if err != nil {
		offset := int(dec.InputOffset())
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			offset = int(syntax.Offset) - 1
		}
		code := "bad_json"
		if errors.Is(err, servicetime.ErrLimit) {
			code = "too_large"
		} else if !errors.Is(err, ErrJSON) {
			err = fmt.Errorf("%w: %w", ErrJSON, err)
		}
		return fail(code, offset, err)
	}
	return root, nil
}

func (d *decoder) node(dec *json.Decoder, depth int) (node, error) {
	if depth > MaxDepth {
		return node{}, fmt.Errorf("nested %d deep: %w: at most %d", depth, servicetime.ErrLimit, MaxDepth)
	}
	n := node{}
	token, err := dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return n, err
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
	switch u := v.Addr().Interface().(type) {
	case json.Unmarshaler:
		if _, isTime := v.Addr().Interface().(encoding.TextUnmarshaler); !isTime {
			if err := u.UnmarshalJSON(d.data[n.offset:n.end]); err != nil {
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
	case reflect.Int, reflect.Int64:
		number, isNumber := n.token.(json.Number)
		i, err := strconv.ParseInt(string(number), 10, 32)
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
	case reflect.Map:
		d.assignMap(n, v, path)
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
	if err := u.UnmarshalText([]byte(text)); err != nil {
		d.fault(path, "bad_request", text, n.offset, err)
	}
}

func (d *decoder) assignMap(n node, v reflect.Value, path string) {
	if n.token != json.Delim('{') {
		d.fault(path, "bad_request", d.raw(n), n.offset, fmt.Errorf("%w: write an object", ErrType))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, f := range d.distinct(n, path) {
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
	for _, f := range d.distinct(n, path) {
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

// distinct reports fields that stand twice, or twice but for the case of letters, and returns the others.
func (d *decoder) distinct(n node, path string) []field {
	seen := map[string]bool{}
	out := n.fields[:0:0]
	for _, f := range n.fields {
		folded := strings.ToLower(f.name)
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
		known[name] = v.Field(i)
		names = append(names, name)
	}
	return known, names
}

func (d *decoder) raw(n node) string { return string(d.data[n.offset:n.end]) }

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
