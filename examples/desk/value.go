package main

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla/servicetime"
)

// An instant is RFC 3339 with an offset. The zero value is that of a field that is not there.
type instant struct{ time.Time }

func (t *instant) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	token, err := in.ReadToken()
	if err != nil {
		return err
	}
	if token.Kind() == 'n' {
		*t = instant{}
		return nil
	}
	if token.Kind() != '"' {
		return errors.New(`write an instant as "2026-10-31T08:00:00+01:00"`)
	}
	s := token.String()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || strings.ContainsRune(s, ',') || !offset(s) {
		return fmt.Errorf(`instant %q: write one that exists, with its seconds and its offset from UTC, as "2026-10-31T08:00:00+01:00"`, clip(s))
	}
	if at.IsZero() { // which is no instant elsewhere
		return &wrong{code: "out_of_range", err: servicetime.ErrRange}
	}
	t.Time = at
	return nil
}

// offset reports whether an instant ends in an offset of a day that exists: time.Parse takes +24:00 too.
func offset(s string) bool {
	const form = "+01:00"
	if strings.HasSuffix(s, "Z") {
		return true
	}
	end := s[max(0, len(s)-len(form)):]
	return len(end) == len(form) && end[1:3] < "24" && end[4:] < "60"
}

// when is an instant of an answer, null if there is none.
func when(t time.Time, ok bool) *time.Time {
	if !ok || t.IsZero() {
		return nil
	}
	return &t
}

// seconds are a duration: in JSON a number of seconds, with its fraction to the nanosecond.
type seconds time.Duration

func (s seconds) MarshalJSONTo(out *jsontext.Encoder) error {
	return out.WriteValue(appendSeconds(nil, time.Duration(s)))
}

func appendSeconds(b []byte, d time.Duration) []byte {
	whole, rest := int64(d/time.Second), int64(d%time.Second)
	if rest == 0 {
		return strconv.AppendInt(b, whole, 10)
	}
	if d < 0 {
		b, whole, rest = append(b, '-'), -whole, -rest
	}
	b = strconv.AppendInt(b, whole, 10)
	return append(b, strings.TrimRight(fmt.Sprintf(".%09d", rest), "0")...)
}

func (s *seconds) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	value, err := in.ReadValue()
	if err != nil {
		return err
	}
	if value.Kind() != '0' {
		return errors.New("write a duration as a number of seconds: 3600, 0.25")
	}
	d, err := parseSeconds(string(value))
	*s = seconds(d)
	return err
}

// parseSeconds reads a number of JSON exactly: a fraction beyond the nanosecond, or over 292 years, is an error.
func parseSeconds(s string) (time.Duration, error) {
	const longest = 40 // digits and all
	exponent := strings.ContainsAny(s, "eE")
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && !exponent && n >= -maxSeconds && n <= maxSeconds {
		return time.Duration(n) * time.Second, nil
	}
	if len(s) > longest {
		return 0, errSeconds
	}
	if exponent { // 1e400 is not worked out
		if f, err := strconv.ParseFloat(s, 64); err != nil || f > 1e10 || f < -1e10 || f != 0 && f < 1e-10 && f > -1e-10 {
			return 0, errSeconds
		}
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, errSeconds
	}
	r.Mul(r, big.NewRat(int64(time.Second), 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, errSeconds
	}
	return time.Duration(r.Num().Int64()), nil
}

const maxSeconds = int64(1<<63-1) / int64(time.Second)

var errSeconds = errors.New("seconds: from -9223372036 to 9223372036, with at most nine decimals")

// A pause is [from, to], or [from, to, reason]; to may be null.
type pause servicetime.Pause

func (p *pause) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	var from, to instant
	var reason string
	err := tuple(in, "a pause is [from, to] or [from, to, reason]", item{"from", &from}, item{"to", &to}, item{"reason", &reason})
	*p = pause{From: from.Time, To: to.Time, Reason: reason}
	return backwards(from, to, err)
}

func pausesOf(in []pause) []servicetime.Pause {
	out := make([]servicetime.Pause, 0, len(in))
	for _, p := range in {
		out = append(out, servicetime.Pause(p))
	}
	return out
}

// A stretch is [from, to]; where to is null it goes on.
type stretch servicetime.Span

func (s *stretch) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	var from, to instant
	err := tuple(in, "a stretch is [from, to]", item{"from", &from}, item{"to", &to})
	*s = stretch{From: from.Time, To: to.Time}
	return backwards(from, to, err)
}

// backwards is the error of what ends before it starts, or has no start.
func backwards(from, to instant, err error) error {
	switch {
	case err != nil:
		return err
	case from.IsZero():
		return &wrong{code: "bad_request", field: "from", err: errMissing}
	case !to.IsZero() && to.Before(from.Time):
		return &wrong{code: "bad_request", field: "to", err: servicetime.ErrBackwards}
	}
	return nil
}

// An item of a list that stands for an object: its name, and where it goes.
type item struct {
	name string
	into any
}

// tuple reads a list of some items, of which the first two are needed.
func tuple(in *jsontext.Decoder, form string, items ...item) error {
	const needed = 2
	if in.PeekKind() != '[' {
		if _, err := in.ReadValue(); err != nil {
			return err
		}
		return errors.New(form)
	}
	if _, err := in.ReadToken(); err != nil {
		return err
	}
	pointer := in.StackPointer()
	n := 0
	for ; in.PeekKind() != ']'; n++ {
		if n == len(items) {
			return &json.SemanticError{JSONPointer: pointer, Err: errors.New(form)}
		}
		if err := json.UnmarshalDecode(in, items[n].into); err != nil {
			if syntax := (*jsontext.SyntacticError)(nil); errors.As(err, &syntax) {
				return err
			}
			return &json.SemanticError{JSONPointer: pointer, Err: &wrong{code: "bad_request", field: items[n].name, err: errors.New(failureOf(err).Message)}}
		}
	}
	if n < needed {
		return &json.SemanticError{JSONPointer: pointer, Err: errors.New(form)}
	}
	_, err := in.ReadToken()
	return err
}

// A stretch of an answer.
type span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// A segment of an answer.
type segment struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Counted bool      `json:"counted"`
	Kind    string    `json:"kind"`
	Name    string    `json:"name,omitempty"`
}

// maxListed is how many spans or segments an answer has.
const maxListed = 50_000

func tooMany(what string) error {
	return &wrong{code: "too_large", err: fmt.Errorf("more than %d %s: ask for a shorter stretch", maxListed, what)}
}
