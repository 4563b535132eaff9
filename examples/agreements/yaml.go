package agreements

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"example.com/sla"
	"example.com/sla/servicetime"
)

// errYAML is the cause where a text is not YAML, or uses what agreements do not.
var errYAML = errors.New("not YAML for an agreement")

// loadYAML is sla.Load for YAML: the text becomes JSON, and the places of faults those of the text.
func loadYAML(text []byte, zones servicetime.Zones, sets ...servicetime.Holidays) (*sla.Rules, error) {
	d := document{text: text}
	root, err := d.parse()
	if err != nil {
		return nil, err
	}
	d.convert(root, "", 0)
	if len(d.faults) > 0 {
		return nil, errors.Join(d.faults...)
	}
	if len(d.json) > sla.MaxBytes {
		return nil, &servicetime.Fault{
			Code: "too_large", Line: 1, Column: 1,
			Err: fmt.Errorf("%d bytes as JSON: %w: at most %d", len(d.json), servicetime.ErrLimit, sla.MaxBytes),
		}
	}
	rules, err := sla.Load(d.json, zones, sets...)
	if err == nil {
		return rules, nil
	}
	for _, fault := range faultsOf(err) {
		// The JSON is one line, so that a column in it is an offset.
		t := d.tokens[sort.Search(len(d.tokens)-1, func(i int) bool { return d.tokens[i+1].json >= fault.Column })]
		fault.Line, fault.Column = d.placeOf(d.offset(t.line, t.column))
		if t.plain && errors.Is(fault, sla.ErrType) && strings.HasSuffix(fault.Err.Error(), "write a text") {
			fault.Err = fmt.Errorf("%w, here in quotes", fault.Err)
		}
		d.faults = append(d.faults, fault)
	}
	return nil, errors.Join(d.faults...)
}

// A document is a text of YAML on its way to JSON.
type document struct {
	text   []byte
	json   []byte
	tokens []token
	faults []error
}

// A token of the JSON knows where in the YAML it stood.
type token struct {
	json         int  // offset
	line, column int  // as the YAML library counts, from 1
	plain        bool // a number or a boolean, which quotes would make a text
}

// maxFaults is how many faults are told, as in package sla: a text with more has another mistake than each of them.
const maxFaults = 100

func (d *document) fault(path, value string, offset int, why string) *servicetime.Fault {
	line, column := d.placeOf(offset)
	return &servicetime.Fault{Path: path, Code: "bad_yaml", Value: value, Line: line, Column: column, Err: fmt.Errorf("%w: %s", errYAML, why)}
}

// note adds the fault of a node.
func (d *document) note(n *yaml.Node, path, value, why string) {
	if len(d.faults) < maxFaults {
		d.faults = append(d.faults, d.fault(path, value, d.offset(n.Line, n.Column), why))
	}
}

// parse reads the one document of the text. What is no YAML has one fault, since nothing behind it can be understood.
func (d *document) parse() (*yaml.Node, error) {
	if i, why := d.unreadable(); i >= 0 {
		return nil, d.fault("", "", i, why)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(d.text))
	if err != nil {
		return nil, d.refused(err)
	}
	var first, next yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil, d.fault("", "", 0, "nothing stands in it")
	case err != nil:
		return nil, d.refused(err)
	}
	switch err := loader.Load(&next); {
	case err == nil:
		return nil, d.fault("", "", d.offset(next.Line, next.Column), "a second document: write each agreement to a file of its own")
	case !errors.Is(err, io.EOF):
		return nil, d.refused(err)
	}
	return first.Content[0], nil
}

// unreadable finds the first byte that the YAML library would refuse without a place, or take for another encoding; -1 is none.
func (d *document) unreadable() (offset int, why string) {
	for i := 0; i < len(d.text); {
		r, size := utf8.DecodeRune(d.text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return i, "a byte that is not UTF-8"
		case r == '\uFEFF' && i == 0:
			return i, "a byte order mark: leave it out"
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == '\uFFFE', r == '\uFFFF':
			return i, fmt.Sprintf(`a control character: write it as "\u%04x", in double quotes`, r)
		}
		i += size
	}
	return -1, ""
}

// refused is the fault of a text that the library cannot read.
func (d *document) refused(err error) error {
	var load *yaml.LoadError
	if !errors.As(err, &load) || load.Mark.Line == 0 {
		return d.fault("", "", 0, err.Error()) // unreachable: unreadable has found what has no place
	}
	why, at := load.Message, d.offset(load.Mark.Line, load.Mark.Column)
	if begun := load.ContextMark; load.ContextMsg != "" && begun.Line > 0 && begun != load.Mark {
		line, column := d.placeOf(d.offset(begun.Line, begun.Column))
		why = fmt.Sprintf("%s from %d:%d: %s", load.ContextMsg, line, column, why)
	} else if load.ContextMsg != "" {
		why = load.ContextMsg + ": " + why
	}
	// What people most often mean.
	switch {
	case bytes.HasPrefix(d.text[at:], []byte("\t")):
		why += ": a tab: indent with spaces"
	case strings.Contains(why, "cannot start any token"):
		why += ": a text that begins with it stands in quotes"
	case strings.Contains(why, "unknown anchor"):
		why += ": an alias: write out what it stands for"
	case strings.Contains(why, "mapping values are not allowed"):
		why += `: a text with ": " in it stands in quotes`
	}
	return d.fault("", "", at, why)
}

// convert writes a node as JSON.
func (d *document) convert(n *yaml.Node, path string, depth int) {
	d.refuse(n, path)
	d.tokens = append(d.tokens, token{json: len(d.json), line: n.Line, column: n.Column})
	items := n.Content
	if depth == sla.MaxDepth {
		items = nil // sla.Load refuses the whole by the brackets alone
	}
	switch n.Kind {
	case yaml.MappingNode:
		d.json = append(d.json, '{')
		for i := 0; i+1 < len(items); i += 2 {
			if i > 0 {
				d.json = append(d.json, ',')
			}
			name := d.key(items[i], path)
			d.json = append(d.json, ':')
			d.convert(items[i+1], join(path, name), depth+1)
		}
		d.json = append(d.json, '}')
	case yaml.SequenceNode:
		d.json = append(d.json, '[')
		for i, item := range items {
			if i > 0 {
				d.json = append(d.json, ',')
			}
			d.convert(item, fmt.Sprintf("%s[%d]", path, i), depth+1)
		}
		d.json = append(d.json, ']')
	case yaml.ScalarNode:
		text, plain := scalar(n)
		d.json = append(d.json, text...)
		d.tokens[len(d.tokens)-1].plain = plain
	default: // an alias, which has been refused
		d.json = append(d.json, "null"...)
	}
}

// key writes the key of an object. One that stands twice is left for sla.Load to refuse.
func (d *document) key(n *yaml.Node, path string) (name string) {
	d.refuse(n, path)
	text, plain := scalar(n)
	switch {
	case n.Kind == yaml.AliasNode: // refused
	case n.Kind != yaml.ScalarNode:
		d.note(n, path, "", "a key that is a list or an object: write a text")
	case n.Tag == "!!merge" && n.Style == 0:
		d.note(n, join(path, n.Value), n.Value, "a merge key: write out what it stands for")
	case n.Value == "" && n.Style == 0:
		d.note(n, path, "", "an empty key: write a text before the colon")
	case plain:
		d.note(n, join(path, n.Value), n.Value, fmt.Sprintf("a key is a text: write %q, in quotes", n.Value))
	}
	d.tokens = append(d.tokens, token{json: len(d.json), line: n.Line, column: n.Column})
	d.json = append(d.json, text...)
	return n.Value
}

// refuse refuses what YAML can say and JSON cannot.
func (d *document) refuse(n *yaml.Node, path string) {
	switch {
	case n.Kind == yaml.AliasNode:
		d.note(n, path, "*"+n.Value, "an alias: write out what it stands for")
	case n.Anchor != "":
		d.note(n, path, "&"+n.Anchor, "an anchor: leave it out, and write out what its aliases stand for")
	case n.Style&yaml.TaggedStyle != 0 || n.Tag == "!":
		d.note(n, path, n.Tag, "a tag: leave it out, and write a text that looks like something else in quotes")
	}
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// scalar is the JSON of a scalar. Plain ones are what the core schema of YAML 1.2 makes of them, but that numbers are those of JSON: quotes make them
// texts.
func scalar(n *yaml.Node) (text []byte, plain bool) {
	if n.Style&^yaml.TaggedStyle == 0 {
		switch n.Value {
		case "", "~", "null", "Null", "NULL":
			return []byte("null"), true
		case "true", "True", "TRUE":
			return []byte("true"), true
		case "false", "False", "FALSE":
			return []byte("false"), true
		}
		if number.MatchString(n.Value) {
			return []byte(n.Value), true
		}
	}
	text, err := jsontext.AppendQuote(nil, n.Value)
	if err != nil {
		return []byte("null"), false // unreachable: the text is UTF-8
	}
	return text, false
}

// placeOf is the line and column of an offset, counted as package sla does.
func (d *document) placeOf(offset int) (line, column int) {
	before := d.text[:offset]
	return bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')
}

// breaks are the ends of lines of YAML 1.1, by which the library counts.
var breaks = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

// offset is that of a place of the library, which counts columns in characters.
func (d *document) offset(line, column int) int {
	start := 0
	if line > 1 {
		if ends := breaks.FindAllIndex(d.text, line-1); len(ends) > 0 {
			start = ends[len(ends)-1][1]
		}
	}
	for ; column > 1 && start < len(d.text); column-- {
		_, size := utf8.DecodeRune(d.text[start:])
		start += size
	}
	return start
}

// join is the path of a field, as package sla writes it.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
