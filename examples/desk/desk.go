package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla"
	"example.com/sla/examples/page"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// MaxLine is the longest request, in bytes.
const MaxLine = 1 << 20

// A desk answers requests about one agreement, or about calendars that they bring. Any number of goroutines may ask it.
type desk struct {
	rules     *sla.Rules
	agreement sla.Agreement
	calendars *cache[*servicetime.Calendar]
	file      *page.File // of the agreement, nil for the built-in one

	mu       sync.Mutex
	readings map[sla.Readings]*sla.Rules // the agreement under other ones
}

// cacheBytes bounds what compiled calendars of requests hold.
const cacheBytes = 24 << 20

func newDesk(rules *sla.Rules) *desk {
	return &desk{rules: rules, agreement: rules.Agreement(), calendars: newCache[*servicetime.Calendar](cacheBytes), readings: map[sla.Readings]*sla.Rules{}}
}

// under is the agreement under other readings.
func (d *desk) under(r sla.Readings) (*sla.Rules, error) {
	if r == d.agreement.Readings {
		return d.rules, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if rules := d.readings[r]; rules != nil {
		return rules, nil
	}
	rules, err := d.rules.With(r)
	if err != nil {
		return nil, err
	}
	const most = 64 // sets of readings
	if len(d.readings) == most {
		clear(d.readings)
	}
	d.readings[r] = rules
	return rules, nil
}

// An operation reads its request, a line, and says what the answer holds.
type operation func(d *desk, line []byte) (any, error)

// operations are those of the protocol, by name.
var operations = map[string]operation{
	"open": op(opOpen), "elapsed": op(opElapsed), "add": op(opAdd), "hours": op(opHours), "explain": op(opExplain), "days": op(opDays), "deadline": op(opDeadline),
	"priority": op(opPriority), "impact": op(opImpact), "ticket": op(opTicket), "compliance": op(opCompliance),
	"availability": op(opAvailability), "composition": op(opComposition), "performance": op(opPerformance), "capacity": op(opCapacity), "credit": op(opCredit),
	"continuity": op(opContinuity), "restart_order": op(opRestartOrder),
	"review": op(opReview), "procedure": op(opProcedure), "report": op(opReport),
}

// An envelope is what every request has.
type envelope struct {
	ID jsontext.Value `json:"id"`
	Op string         `json:"op"`
}

// op makes an operation of a function of its request.
func op[T any](answer func(*desk, *T) (any, error)) operation {
	return func(d *desk, line []byte) (any, error) {
		var in struct {
			envelope
			In T `json:",embed"`
		}
		if err := json.Unmarshal(line, &in, json.RejectUnknownMembers(true)); err != nil {
			return nil, err
		}
		return answer(d, &in.In)
	}
}

// answer appends the answer to a request, a line, which is the nth, and a newline. It is false for an error.
func (d *desk) answer(to, line []byte, n int64) ([]byte, bool) {
	id, name, err := identify(line)
	var out any
	if err == nil {
		answer, known := operations[name]
		switch {
		case known:
			out, err = answer(d, line)
		case name == "":
			err = &wrong{code: "bad_request", field: "op", err: errMissing}
		default:
			err = &wrong{code: "unknown_op", field: "op", err: fmt.Errorf("%q: there are %s", clip(name), strings.Join(slices.Sorted(maps.Keys(operations)), ", "))}
		}
	}
	if err == nil {
		var body []byte
		if body, err = json.Marshal(out, json.Deterministic(true)); err == nil {
			to = append(to, `{"id":`...)
			to = append(to, id...)
			to = append(to, `,"ok":true`...)
			if len(body) > 2 {
				to = append(to, ',')
			}
			return append(append(to, body[1:]...), '\n'), true
		}
	}
	if isProtected(name, line) {
		f := failureOf(err)
		if f.Code == "unknown_field" {
			f.Field = ""
		}
		err = &wrong{code: f.Code, field: f.Field, err: errProtected}
	}
	return refusal(to, id, err, n), false
}

// errProtected is all that is said of a fault of a protected record (§4.11).
var errProtected = errors.New("a protected record with a fault, of which no more is said")

// isProtected reports whether a request about tickets has a protected one, as far as it can be read.
func isProtected(op string, line []byte) bool {
	type protected struct {
		Protected bool `json:"protected"`
	}
	switch op {
	case "ticket":
		var r struct {
			Ticket protected `json:"ticket"`
		}
		_ = json.Unmarshal(line, &r)
		return r.Ticket.Protected
	case "report":
		var r struct {
			Records struct {
				Tickets []protected `json:"tickets"`
			} `json:"records"`
		}
		_ = json.Unmarshal(line, &r)
		return slices.ContainsFunc(r.Records.Tickets, func(t protected) bool { return t.Protected })
	}
	return false
}

// refusal appends the answer that is an error.
func refusal(to []byte, id jsontext.Value, err error, n int64) []byte {
	f := failureOf(err)
	f.Line = n
	body, _ := json.Marshal(struct { //nolint:errchkjson // texts and a number
		ID    jsontext.Value `json:"id"`
		OK    bool           `json:"ok"`
		Error failure        `json:"error"`
	}{id, false, f})
	return append(append(to, body...), '\n')
}

var null = jsontext.Value("null")

// identify finds the id and the operation of a request, and whether it is one JSON object. The id is known also where what follows it is none.
func identify(line []byte) (id jsontext.Value, op string, err error) {
	in := jsontext.NewDecoder(bytes.NewReader(line))
	id = null
	if in.PeekKind() != '{' {
		if _, err := in.ReadValue(); err != nil {
			return id, "", err
		}
		return id, "", &wrong{code: "bad_request", err: errors.New(`a request is an object: {"id": 1, "op": "open", …}`)}
	}
	if _, err := in.ReadToken(); err != nil {
		return id, "", err
	}
	for in.PeekKind() != '}' {
		name, err := in.ReadToken()
		if err != nil {
			return id, "", err
		}
		field := name.String()
		value, err := in.ReadValue()
		if err != nil {
			return id, "", err
		}
		switch field {
		case "id":
			id = slices.Clone(value)
			if err := id.Compact(); err != nil {
				return null, "", err
			}
		case "op":
			if value.Kind() != '"' {
				return id, "", &wrong{code: "bad_request", field: "op", err: errors.New("it is a text")}
			}
			if err := json.Unmarshal(value, &op); err != nil {
				return id, "", err
			}
		}
	}
	if _, err := in.ReadToken(); err != nil {
		return id, "", err
	}
	if _, err := in.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("text behind the object")
		}
		return id, "", &wrong{code: "bad_json", err: err}
	}
	return id, op, nil
}

// A wrong is an error with its place in the request.
type wrong struct {
	code, field string
	err         error
}

func (w *wrong) Error() string { return w.err.Error() }
func (w *wrong) Unwrap() error { return w.err }

var errMissing = errors.New("missing")

// missing is the error of a field that is needed.
func missing(field string) error {
	return &wrong{code: "bad_request", field: field, err: errMissing}
}

// in says in which field of the request an error is.
func in(field string, err error) error {
	if err == nil {
		return nil
	}
	f := failureOf(err)
	switch {
	case f.Field == "":
		f.Field = field
	case field != "" && f.Field[0] != '[':
		f.Field = field + "." + f.Field
	default:
		f.Field = field + f.Field
	}
	return &wrong{code: f.Code, field: f.Field, err: errors.New(f.Message)}
}

// A failure is an error as the protocol tells it.
type failure struct {
	Code    string `json:"code"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
	Line    int64  `json:"line,omitzero"`
}

// failureOf finds code and field of an error: the first where there are several, whose texts are all told.
func failureOf(err error) failure {
	var (
		w        *wrong
		fault    *servicetime.Fault
		semantic *json.SemanticError
		syntax   *jsontext.SyntacticError
	)
	switch {
	case errors.As(err, &syntax):
		f := failure{Code: "bad_json", Field: fieldOf(syntax.JSONPointer), Message: syntax.Err.Error()}
		if errors.Is(err, jsontext.ErrDuplicateName) {
			f.Message = "it stands twice"
		}
		return f
	case errors.Is(err, io.EOF):
		return failure{Code: "bad_json", Message: "there is no object"}
	case errors.As(err, &semantic):
		f := failure{Code: "bad_request", Field: fieldOf(semantic.JSONPointer), Message: kindText(semantic)}
		if errors.Is(err, json.ErrUnknownName) {
			f.Code, f.Message = "unknown_field", "there is no such field"
		} else if semantic.Err != nil {
			inner := failureOf(semantic.Err)
			f.Code, f.Message = inner.Code, inner.Message
			if inner.Field != "" {
				f.Field += "." + inner.Field
			}
		}
		return f
	case errors.As(err, &w):
		return failure{Code: w.code, Field: w.field, Message: text(w.err)}
	case errors.As(err, &fault):
		return failure{Code: codeOf(fault, fault.Code), Field: fault.Path, Message: text(err)}
	}
	return failure{Code: codeOf(err, "bad_request"), Message: text(err)}
}

// codeOf is the code of an error by its cause, where it has one that says more.
func codeOf(err error, otherwise string) string {
	for _, cause := range []struct {
		err  error
		code string
	}{
		{servicetime.ErrNoOpenTime, "no_open_time"},
		{servicetime.ErrRange, "out_of_range"},
		{servicetime.ErrLimit, "too_large"},
		{sla.ErrNotJudged, "not_agreed"},
		{sla.ErrUnknown, "not_found"},
		{priority.ErrFuture, "out_of_range"},
	} {
		if errors.Is(err, cause.err) {
			return cause.code
		}
	}
	return otherwise
}

// text is an error's, on one line and of bounded length.
func text(err error) string {
	const most = 1000
	s := strings.ReplaceAll(err.Error(), "\n", "; ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func clip(s string) string {
	const most = 40
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// kindText says what a value is and should be.
func kindText(e *json.SemanticError) string {
	is := map[jsontext.Kind]string{'n': "null", 'f': "false", 't': "true", '"': "a text", '0': "a number", '{': "an object", '[': "a list"}[e.JSONKind]
	t := e.GoType
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	should := ""
	switch {
	case t == nil:
	case t.Kind() == reflect.Bool:
		should = "true or false"
	case t.Kind() == reflect.String:
		should = "a text"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		should = "a whole number"
	case t.Kind() == reflect.Slice:
		should = "a list"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		should = "an object"
	}
	switch {
	case is == "" || is == should:
		return "it cannot be read here"
	case should == "":
		return is + " cannot be read here"
	}
	return is + ": write " + should
}

// fieldOf turns a JSON pointer into a path: pauses[1].from.
func fieldOf(p jsontext.Pointer) string {
	const most = 200
	var b strings.Builder
	for token := range p.Tokens() {
		if b.Len() > most {
			b.WriteString("…")
			break
		}
		if token = clip(token); token != "" && strings.Trim(token, "0123456789") == "" {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return b.String()
}
