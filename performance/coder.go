package performance

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"example.com/sla/servicetime"
)

// ErrTally is the cause where bytes are not those of a tally.
var ErrTally = errors.New("not a tally")

// tallyVersion is the first byte of the binary form.
const tallyVersion = 1

// MarshalBinary writes the tally for UnmarshalBinary of this or another machine. Equal tallies have equal bytes. The error is always nil.
func (t *Tally) MarshalBinary() ([]byte, error) {
	// A version; the terms; the vectors, of which only cells that are not 0, each by how far it is from the one before and its count; of each histogram
	// the longest response too, -1 where there is none, and of each leg the name.
	b := []byte{tallyVersion, byte(t.terms.maxPersons)}
	if t.terms.maxPersons == 0 {
		return b, nil
	}
	b = append(b, byte(t.terms.n))
	for _, l := range t.terms.limits[:t.terms.n] {
		b = binary.AppendUvarint(b, uint64(l.within))
		b = binary.AppendUvarint(b, uint64(l.perPerson))
	}
	b = appendName(b, t.terms.zone)
	b = appendVector(b, t.cells)
	for _, h := range t.times {
		if h == nil {
			b = binary.AppendVarint(b, -1)
			continue
		}
		b = binary.AppendVarint(b, int64(h.max))
		b = appendVector(b, h.buckets[:])
	}
	names := t.cut()
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = appendName(b, name)
		b = appendVector(b, t.legs[name])
	}
	return appendVector(b, t.others), nil
}

func appendName(b []byte, name string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(name))), name...)
}

func appendVector(b []byte, v vector) []byte {
	n := 0
	for _, m := range v {
		if m != 0 {
			n++
		}
	}
	b = binary.AppendUvarint(b, uint64(n))
	last := -1
	for i, m := range v {
		if m != 0 {
			b = binary.AppendUvarint(b, uint64(i-last-1))
			b = binary.AppendUvarint(b, uint64(m))
			last = i
		}
	}
	return b
}

// UnmarshalBinary is the inverse of MarshalBinary. On an error the tally is left as it was.
//
// It returns an error wrapping [ErrTally] if the bytes are not those of a tally.
func (t *Tally) UnmarshalBinary(b []byte) error {
	if len(b) < 2 || b[0] != tallyVersion {
		return fmt.Errorf("performance: %w: it does not begin with version %d", ErrTally, tallyVersion)
	}
	r := reader{bytes.NewReader(b[2:]), nil}
	read := Tally{}
	if persons := int(b[1]); persons > 0 {
		r.tally(&read, persons)
	}
	if r.err == nil && r.Len() > 0 {
		r.err = fmt.Errorf("%d bytes behind its end", r.Len())
	}
	if r.err == nil {
		r.err = read.check()
	}
	if r.err != nil {
		return fmt.Errorf("performance: %w: %w", ErrTally, r.err)
	}
	*t = read
	return nil
}

// A reader reads the binary form, and keeps the first error.
type reader struct {
	*bytes.Reader
	err error
}

func (r *reader) tally(t *Tally, persons int) {
	ts := terms{maxPersons: persons, n: int(r.number(MaxLimits))}
	for i := range ts.n {
		ts.limits[i].within = servicetime.Duration(r.number(math.MaxInt64))
		ts.limits[i].perPerson = servicetime.Duration(r.number(math.MaxInt64))
	}
	ts.zone = r.name()
	if r.err == nil {
		r.err = t.begin(ts)
	}
	if r.err != nil {
		return
	}
	r.vector(t.cells)
	for i := range t.times {
		longest, err := binary.ReadVarint(r)
		if err != nil {
			r.fail(err)
		}
		if longest >= 0 && r.err == nil {
			t.times[i] = &histogram{max: time.Duration(longest)}
			r.vector(t.times[i].buckets[:])
		}
	}
	legs := r.number(MaxProviders)
	for range legs {
		name := r.name()
		if r.err != nil {
			return
		}
		if _, there := t.legs[name]; there || name == "" {
			r.err = errors.New("a provider without a name, or twice")
			return
		}
		r.vector(t.leg(name))
	}
	others := t.newLeg()
	if r.vector(others); !others.isZero() {
		t.others = others
	}
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = fmt.Errorf("it ends too early: %w", err)
	}
}

func (r *reader) number(most uint64) uint64 {
	v, err := binary.ReadUvarint(r)
	if err != nil {
		r.fail(err)
	}
	if r.err == nil && v > most {
		r.err = fmt.Errorf("%d: at most %d", v, most)
	}
	if r.err != nil {
		return 0
	}
	return v
}

func (r *reader) name() string {
	name := make([]byte, r.number(uint64(r.Len()))) // so that no room is made for what is not there
	if _, err := io.ReadFull(r, name); err != nil {
		r.fail(err)
	}
	if r.err == nil && !utf8.Valid(name) {
		r.err = errors.New("a name that is not UTF-8")
	}
	return string(name)
}

func (r *reader) vector(v vector) {
	at := -1
	for range r.number(uint64(len(v))) {
		at += 1 + int(r.number(uint64(len(v))))
		n := r.number(math.MaxInt64)
		if r.err == nil && (at >= len(v) || n == 0) {
			r.err = errors.New("a count of nothing")
		}
		if r.err != nil {
			return
		}
		v[at] = int64(n)
	}
}

// begin gives an empty tally terms that have been read.
func (t *Tally) begin(ts terms) error {
	rule := ts.rule()
	if err := rule.Check(); err != nil {
		return err
	}
	return t.start(ts)
}

// check refuses counts that no calls can have made.
func (t *Tally) check() error {
	if t.calls() > math.MaxInt64 {
		return fmt.Errorf("%w: more than %d calls", servicetime.ErrLimit, math.MaxInt64)
	}
	if t.terms.maxPersons == 0 {
		return nil
	}
	n := t.terms.outcomes()
	var answered [places]uint64
	closed := false
	for hour := range hoursOfDay {
		for place := range places {
			for persons := 1; persons <= t.terms.maxPersons; persons++ {
				cell := t.cells[t.terms.group(hour, place, persons):][:n]
				answered[place] += total(cell[:n-faultKinds])
				closed = closed || place&placeOpen == 0 && !cell.isZero()
			}
		}
	}
	for _, l := range t.legs {
		closed = closed || !l[:placeOpen*n].isZero()
	}
	if t.others != nil {
		closed = closed || !t.others[:placeOpen*n].isZero()
	}
	if closed && t.terms.zone == "" {
		return errors.New("calls outside opening hours, of which there are none")
	}
	for place, h := range t.times {
		if h == nil && answered[place] == 0 {
			continue
		}
		if h == nil || h.max > maxResponse || total(h.buckets[:]) != answered[place] || h.last() != bucketOf(millis(h.max)) {
			return errors.New("responses that are not those of the answered calls")
		}
	}
	if !t.others.isZero() && len(t.legs) < MaxProviders {
		return errors.New("legs of other providers, where there is room for their names")
	}
	return nil
}

// tallyText is the text form.
type tallyText struct {
	Limits     []Limit     `json:"limits,omitempty"`
	MaxPersons int         `json:"max_persons,omitzero"`
	Zone       string      `json:"zone,omitempty"`
	Calls      []cellText  `json:"calls,omitempty"`
	Responses  []timesText `json:"responses,omitempty"`
	Invalid    Invalid     `json:"invalid,omitzero"`
	Legs       []legText   `json:"legs,omitempty"`
	OtherLegs  legText     `json:"other_legs,omitzero"`
}

// cellText is a cell that is not empty; of a leg the hour and the persons are 0.
type cellText struct {
	Hour    int     `json:"hour,omitzero"`
	Open    bool    `json:"open,omitzero"`
	Over    bool    `json:"over,omitzero"`
	Persons int     `json:"persons,omitzero"`
	Counts  []int64 `json:"counts"`
}

type timesText struct {
	Open    bool                 `json:"open,omitzero"`
	Over    bool                 `json:"over,omitzero"`
	Max     servicetime.Duration `json:"max"`
	Buckets [][]int64            `json:"buckets"`
}

type legText struct {
	Provider string     `json:"provider,omitempty"`
	Calls    []cellText `json:"calls,omitempty"`
	Invalid  Invalid    `json:"invalid,omitzero"`
}

func (l *legText) IsZero() bool {
	return l.Provider == "" && len(l.Calls) == 0 && l.Invalid == Invalid{}
}

func placeOf(open, over bool) (place int) {
	if open {
		place |= placeOpen
	}
	if over {
		place |= placeOver
	}
	return place
}

// MarshalJSON writes the tally for people and programs: its limits, and the cells that are not empty, such as
//
//	{"hour": 8, "open": true, "persons": 2, "counts": [0, 3, 0, 91, 2, 1, 0]}
//
// The counts of two limits are the answered calls within none, within the first alone, the second alone, and both; then the unanswered ones whose
// fault is not known, the operator's, a provider's. A bucket of responses is the most milliseconds, and how many. Equal tallies have equal texts.
func (t *Tally) MarshalJSON() ([]byte, error) {
	rule := t.terms.rule()
	text := tallyText{Limits: rule.Limits, MaxPersons: rule.MaxPersons, Zone: t.terms.zone}
	if t.terms.maxPersons == 0 {
		return json.Marshal(text)
	}
	n := t.terms.outcomes()
	for hour := range hoursOfDay {
		for place := range places {
			for persons := 1; persons <= t.terms.maxPersons; persons++ {
				if cell := t.cells[t.terms.group(hour, place, persons):][:n]; !cell.isZero() {
					text.Calls = append(text.Calls, cellText{hour, place&placeOpen != 0, place&placeOver != 0, persons, cell})
				}
			}
		}
	}
	text.Invalid = invalidOf(t.cells)
	for place, h := range t.times {
		if h == nil {
			continue
		}
		times := timesText{Open: place&placeOpen != 0, Over: place&placeOver != 0, Max: servicetime.Duration(h.max)}
		for i, m := range h.buckets {
			if m != 0 {
				times.Buckets = append(times.Buckets, []int64{int64(most(i)), m})
			}
		}
		text.Responses = append(text.Responses, times)
	}
	for _, name := range t.cut() {
		text.Legs = append(text.Legs, t.legText(name, t.legs[name]))
	}
	if t.others != nil {
		text.OtherLegs = t.legText("", t.others)
	}
	return json.Marshal(text)
}

func (t *Tally) legText(name string, l leg) legText {
	n := t.terms.outcomes()
	text := legText{Provider: name, Invalid: invalidOf(l)}
	for place := range places {
		if cell := l[place*n:][:n]; !cell.isZero() {
			text.Calls = append(text.Calls, cellText{Open: place&placeOpen != 0, Over: place&placeOver != 0, Counts: cell})
		}
	}
	return text
}

// UnmarshalJSON is the inverse of MarshalJSON; it takes the cells in any order. On an error the tally is left as it was.
//
// It returns an error wrapping [ErrTally] if the text has another form, a key that is none of those or stands twice, text behind its end, or
// counts that no calls can have made.
func (t *Tally) UnmarshalJSON(b []byte) error {
	read := Tally{}
	err := strict(b)
	if err == nil {
		text := tallyText{}
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		if err = dec.Decode(&text); err == nil {
			err = read.read(&text)
		}
	}
	if err == nil {
		err = read.check()
	}
	if err != nil {
		return fmt.Errorf("performance: %w: %w", ErrTally, err)
	}
	*t = read
	return nil
}

// read fills an empty tally.
func (t *Tally) read(text *tallyText) error {
	if text.isEmpty() {
		return nil
	}
	rule := Rule{Limits: text.Limits, MaxPersons: text.MaxPersons}
	if err := rule.Check(); err != nil {
		return err
	}
	ts := rule.terms()
	ts.zone = text.Zone
	if err := t.start(ts); err != nil {
		return err
	}
	n := ts.outcomes()
	for _, c := range text.Calls {
		if c.Hour < 0 || c.Hour >= hoursOfDay || c.Persons < 1 || c.Persons > ts.maxPersons {
			return fmt.Errorf("calls of hour %d about %d persons", c.Hour, c.Persons)
		}
		if err := fill(t.cells[ts.group(c.Hour, placeOf(c.Open, c.Over), c.Persons):][:n], c.Counts); err != nil {
			return err
		}
	}
	for _, times := range text.Responses {
		to := &t.times[placeOf(times.Open, times.Over)]
		if *to != nil {
			return errTwice
		}
		*to = &histogram{max: time.Duration(times.Max)}
		for _, b := range times.Buckets {
			if len(b) != 2 || b[0] < 0 || b[0] > int64(most(lastBucket)) || b[0] != int64(most(bucketOf(uint64(b[0])))) {
				return fmt.Errorf("bucket %d: not the most milliseconds of one, and a count", b)
			}
			if err := fill((*to).buckets[bucketOf(uint64(b[0])):][:1], b[1:]); err != nil {
				return err
			}
		}
	}
	if err := fillInvalid(t.cells, text.Invalid); err != nil {
		return err
	}
	if len(text.Legs) > MaxProviders {
		return fmt.Errorf("legs of more than %d providers", MaxProviders)
	}
	for _, l := range text.Legs {
		if _, there := t.legs[l.Provider]; there || l.Provider == "" {
			return errors.New("a provider without a name, or twice")
		}
		if err := t.fillLeg(t.leg(l.Provider), &l); err != nil {
			return err
		}
	}
	if text.OtherLegs.IsZero() {
		return nil
	}
	if text.OtherLegs.Provider != "" {
		return errors.New("other legs with a name")
	}
	t.others = t.newLeg()
	return t.fillLeg(t.others, &text.OtherLegs)
}

func (text *tallyText) isEmpty() bool {
	return len(text.Limits)+len(text.Calls)+len(text.Responses)+len(text.Legs) == 0 && text.MaxPersons == 0 && text.Zone == "" &&
		text.Invalid == Invalid{} && text.OtherLegs.IsZero()
}

var errTwice = errors.New("the same cell twice")

// fill puts counts where none are yet.
func fill(to vector, counts []int64) error {
	if len(counts) != len(to) {
		return fmt.Errorf("%d counts, not %d", len(counts), len(to))
	}
	if !to.isZero() {
		return errTwice
	}
	for _, n := range counts {
		if n < 0 {
			return fmt.Errorf("a count of %d", n)
		}
	}
	copy(to, counts)
	return nil
}

func fillInvalid(to vector, i Invalid) error {
	return fill(to[len(to)-reasons:], []int64{invalidAt: i.At, invalidPersons: i.Persons, invalidResponse: i.Response})
}

func (t *Tally) fillLeg(to leg, text *legText) error {
	n := t.terms.outcomes()
	for _, c := range text.Calls {
		if c.Hour != 0 || c.Persons != 0 {
			return errors.New("a leg by hour or group size")
		}
		if err := fill(to[placeOf(c.Open, c.Over)*n:][:n], c.Counts); err != nil {
			return err
		}
	}
	return fillInvalid(to, text.Invalid)
}

// tallyKeys are all keys of the text form. Package json takes them in any case.
var tallyKeys = []string{
	"limits", "within", "per_person", "max_persons", "zone", "calls", "hour", "open", "over", "persons", "counts", "responses", "max", "buckets",
	"invalid", "at", "response", "legs", "provider", "other_legs",
}

// strict reads an object, and refuses what package json would take in silence: keys in another case, keys that stand twice, null, text behind
// the end.
func strict(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if token, err := dec.Token(); token != json.Delim('{') {
		return errors.Join(errors.New("write an object"), err)
	}
	type level struct {
		seen map[string]bool // nil in a list
		key  bool            // one comes next
	}
	levels := []level{{map[string]bool{}, true}}
	for len(levels) > 0 {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		in := &levels[len(levels)-1]
		key, isKey := token.(string)
		switch delim, _ := token.(json.Delim); {
		case delim == '}' || delim == ']':
			levels = levels[:len(levels)-1]
			continue
		case in.key && isKey:
			if in.seen[key] || !slices.Contains(tallyKeys, key) {
				return fmt.Errorf("key %.40q: none of those, or it stands twice", key)
			}
			in.seen[key], in.key = true, false
			continue
		case token == nil:
			return errors.New("null")
		case delim == '{':
			in.key = in.seen != nil
			levels = append(levels, level{map[string]bool{}, true})
			continue
		case delim == '[':
			in.key = in.seen != nil
			levels = append(levels, level{})
			continue
		}
		in.key = in.seen != nil
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text behind its end")
	}
	return nil
}
