package performance

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/sla/servicetime"
)

// A Tally counts calls, one by one and in any order. It keeps none of them, and is as large after ten million as after one. The tallies of any
// parts of the calls, merged in any order, equal the tally of the whole, bit for bit.
//
// The limits, the largest group and the opening hours of the rule are applied when a call is added; goals and readings when the result is asked for, so
// that one tally answers all of them.
//
// The zero value is ready. A tally is not safe for several goroutines, and a copy of one shares its counts.
type Tally struct {
	terms  terms
	cells  vector             // by hour of the day, closed or open, in or over capacity, group size, outcome; then invalid calls by reason
	times  [places]*histogram // of answered calls: closed or open, in or over capacity; nil without any
	legs   map[string]leg     // by provider, at most twice MaxProviders
	others leg                // those behind the first MaxProviders

	// What follows is no part of the value.
	rule    *Rule // the last one, whose terms have been compared
	opening *servicetime.Calendar
	first   int64 // the years of the rule, in seconds
	end     int64
	sizes   []size // by persons - 1
	here    cursor
	recent  [32]recentLeg // so that a few providers in turn cost no search
}

type recentLeg struct {
	provider string
	leg      leg
}

// A size is a group size.
type size struct {
	limits [MaxLimits]time.Duration // -1 where there is none
	cell   int                      // where its outcomes begin, from the first of its place
}

// A vector is a row of counts.
type vector []int64

func (v vector) add(o vector) {
	for i, n := range o {
		v[i] += n
	}
}

func (v vector) isZero() bool { return !slices.ContainsFunc(v, func(n int64) bool { return n != 0 }) }

// leg is what is counted of a provider: closed or open, in or over capacity, outcome; then invalid legs by reason.
type leg = vector

// An outcome of a valid call is the set of limits that its answer was within, as bits, or behind those the fault of no answer.
const (
	faultUnknown = iota
	faultKinds   = faultUnknown + 1 + int(FaultProvider)
)

// outcomes is how many there are.
func (ts *terms) outcomes() int { return 1<<ts.n + faultKinds }

// valid is how many cells the valid calls have.
func (ts *terms) valid() int { return ts.group(hoursOfDay, 0, 1) }

const hoursOfDay = 24

// A place is where a call lies: closed or open, in or over capacity.
const (
	placeOver = 1
	placeOpen = 2
	places    = 4
)

// The reasons of invalid calls, in their order behind the valid ones. A call that has several counts for the first.
const (
	invalidAt = iota
	invalidPersons
	invalidResponse
	reasons
)

// A cursor is the stretch of time, in seconds, in which the last call lay: all of it is in one hour of the wall clock, and open or closed. So
// calls that come roughly in the order of time cost one comparison.
//
//	hours     08:00 |-------------| 09:00 |-------------|
//	open                |-------------------------------|
//	cursors         |---|---------|       |-------------|
type cursor struct {
	from  int64
	span  uint64 // 0 is nowhere
	hour  int
	place int        // placeOpen or 0
	cells vector     // of calls in capacity
	times *histogram // of them, nil without any
}

// ErrTerms is the cause where a tally counts under other limits, another largest group or another zone.
var ErrTerms = errors.New("not counted under the same terms")

// Add counts calls, fastest some hundred at once. One that is invalid counts for its first reason, at, persons or response, and is judged by nothing; [Call.Check] says why.
// Give the rule by the same pointer, and do not change it: then it is looked at only once.
//
// It returns an error, and counts nothing:
//   - that of [Rule.Check],
//   - wrapping [ErrTerms] if the tally has counted under other limits, another largest group or another zone. That opening hours of one
//     zone differ it cannot tell.
func (t *Tally) Add(rule *Rule, calls ...Call) error {
	if rule != t.rule || rule.Opening != t.opening {
		if err := t.use(rule); err != nil {
			return err
		}
	}
	here, sizes, more := &t.here, t.sizes, t.terms.n > 2
	for i := range calls {
		c := &calls[i]
		if at := c.At.Unix(); uint64(at-here.from) >= here.span {
			if !t.move(at) {
				t.reject(c, invalidAt)
				continue
			}
		}
		size := uint(c.Persons - 1)
		switch {
		case size >= uint(len(sizes)): // §4.8
			t.reject(c, invalidPersons)
			continue
		case uint64(c.Response) > uint64(maxResponse): // negative ones too
			t.reject(c, invalidResponse)
			continue
		}
		of := &sizes[size]
		// §4.8: each call against its own limits, inclusive. No branch could foresee it.
		within := bit(c.Response <= of.limits[0]) | bit(c.Response <= of.limits[1])<<1
		if more {
			within |= bit(c.Response <= of.limits[2])<<2 | bit(c.Response <= of.limits[3])<<3
		}
		h := here.times
		if !c.Answered || c.Over || c.Provider != "" || h == nil {
			t.addRare(c, of, within)
			continue
		}
		here.cells[of.cell+within]++
		h.buckets[bucketOf(millis(c.Response))]++
		if c.Response > h.max {
			h.max = c.Response
		}
	}
	return nil
}

func bit(is bool) int {
	if is {
		return 1
	}
	return 0
}

// addRare adds a valid call of the rarer kinds.
func (t *Tally) addRare(c *Call, of *size, within int) {
	outcome := within
	if !c.Answered { // §4.10: an error is no answer
		outcome = 1<<t.terms.n + faultUnknown
		if c.Fault <= FaultProvider {
			outcome = 1<<t.terms.n + int(c.Fault)
		}
	}
	place := t.here.place
	if c.Over {
		place |= placeOver
	}
	if c.Provider != "" { // §3.1.2: verdicts are on the composite
		t.leg(c.Provider)[place*t.terms.outcomes()+outcome]++
		return
	}
	t.cells[t.terms.group(t.here.hour, place, 1)+of.cell+outcome]++
	if !c.Answered {
		return
	}
	if t.times[place] == nil {
		t.times[place] = new(histogram)
	}
	t.times[place].add(c.Response)
	t.here.times = t.times[t.here.place]
}

// reject counts an invalid call.
func (t *Tally) reject(c *Call, reason int) {
	to := t.cells
	if c.Provider != "" {
		to = t.leg(c.Provider)
	}
	to[len(to)-reasons+reason]++
}

// group is the first of the cells of a group size.
func (ts *terms) group(hour, place, persons int) int {
	return ((hour*places+place)*ts.maxPersons + persons - 1) * ts.outcomes()
}

// use makes the rule the one that calls are counted under.
func (t *Tally) use(rule *Rule) error {
	if err := rule.Check(); err != nil {
		return err
	}
	if err := t.start(rule.terms()); err != nil {
		return err
	}
	t.rule, t.opening, t.here = rule, rule.Opening, cursor{}
	t.first, t.end = rule.years()
	return nil
}

// start gives a tally its terms, which must be those that it has, if any.
func (t *Tally) start(ts terms) error {
	if t.terms == ts {
		return nil
	}
	if t.terms.maxPersons != 0 {
		return fmt.Errorf("performance: a tally under %s, and a rule or a tally under %s: %w", &t.terms, &ts, ErrTerms)
	}
	t.terms = ts
	t.cells = make(vector, ts.valid()+reasons)
	t.sizes = make([]size, ts.maxPersons)
	limits := ts.rule().Limits
	for i := range t.sizes {
		t.sizes[i] = size{[MaxLimits]time.Duration{-1, -1, -1, -1}, i * ts.outcomes()}
		for k, l := range limits {
			t.sizes[i].limits[k] = l.For(i + 1)
		}
	}
	return nil
}

// String is the terms in an error: 7 s (+1.5 s a person), 12 s (+1.5 s a person), at most 10 persons, Europe/Stockholm.
func (ts *terms) String() string {
	var text strings.Builder
	for _, l := range ts.rule().Limits {
		fmt.Fprintf(&text, "%s, ", l)
	}
	fmt.Fprintf(&text, "at most %d persons", ts.maxPersons)
	if ts.zone != "" {
		text.WriteString(", " + ts.zone)
	}
	return text.String()
}

// move moves the cursor to an instant. It is false, and the cursor stays, where no call can be.
func (t *Tally) move(second int64) bool {
	if second < t.first || second >= t.end {
		return false
	}
	const hour = 3600
	opening := t.opening
	if opening == nil {
		t.point(second-second%hour, second-second%hour+hour, int(second/hour%hoursOfDay), placeOpen)
		return true
	}
	at := time.Unix(second, 0).In(opening.Location())
	_, minutes, seconds := at.Clock()
	from := second - int64(minutes)*60 - int64(seconds)
	to := from + hour
	cut := func(begin, end time.Time, begins, ends bool) {
		if begins {
			from = max(from, begin.Unix())
		}
		if ends {
			to = min(to, end.Unix())
		}
	}
	begin, end := at.ZoneBounds() // where the wall clock is changed
	cut(begin, end, !begin.IsZero(), !end.IsZero())
	place := 0
	var begins, ends bool
	if opening.Open(at) {
		place = placeOpen
		begin, begins = opening.PrevOpen(at.Add(1)) // at the latest now
		end, ends = opening.NextClose(at)
	} else {
		begin, begins = opening.PrevClose(at)
		end, ends = opening.NextOpen(at)
	}
	cut(begin, end, begins, ends)
	t.point(from, to, at.Hour(), place)
	return true
}

// point makes the cursor one.
func (t *Tally) point(from, to int64, hour, place int) {
	t.here = cursor{from, uint64(to - from), hour, place, t.cells[t.terms.group(hour, place, 1):t.terms.group(hour, place|placeOver, 1)], t.times[place]}
}

// MaxProviders is how many providers a tally tells apart, the first by name; the others are one.
const MaxProviders = 1000

// leg is what is counted of a provider. A name among the first MaxProviders has been since it was first seen, so that its count is whole, in
// any order and from any parts.
func (t *Tally) leg(provider string) leg {
	// Names of a few providers seldom agree in length and both ends.
	n := len(provider)
	recent := &t.recent[(n+int(provider[0])*7+int(provider[n-1])*5)%len(t.recent)]
	if recent.provider == provider {
		return recent.leg
	}
	l, ok := t.legs[provider]
	if ok {
		*recent = recentLeg{provider, l}
		return l
	}
	if !utf8.ValidString(provider) { // which the text form could not hold
		return t.leg(strings.ToValidUTF8(provider, "\uFFFD"))
	}
	if len(t.legs) == 2*MaxProviders {
		t.cut()
	}
	if t.legs == nil {
		t.legs = map[string]leg{}
	}
	l = t.newLeg()
	t.legs[strings.Clone(provider)] = l // and not the line of a file that it may be part of
	return l
}

func (t *Tally) newLeg() leg { return make(leg, places*t.terms.outcomes()+reasons) }

// cut moves the providers behind the first to the others, and returns those that stay, in order.
func (t *Tally) cut() []string {
	clear(t.recent[:])
	names := slices.Sorted(maps.Keys(t.legs))
	kept := names[:min(len(names), MaxProviders)]
	for _, name := range names[len(kept):] {
		if t.others == nil {
			t.others = t.newLeg()
		}
		t.others.add(t.legs[name])
		delete(t.legs, name)
	}
	return kept
}

// Merge adds what another tally has counted.
//
// It returns an error, and adds nothing:
//   - wrapping [ErrTerms] if the other is nil, the same, or has counted under other limits, another largest group or another zone. That opening hours of
//     one zone differ it cannot tell,
//   - wrapping [servicetime.ErrLimit] if both together have counted more than 2⁶³−1 calls, which counting does not reach.
func (t *Tally) Merge(o *Tally) error {
	if o == nil || o == t {
		return fmt.Errorf("performance: a tally with itself, or with none: %w", ErrTerms)
	}
	if o.terms.maxPersons == 0 {
		return nil
	}
	if t.calls()+o.calls() > math.MaxInt64 {
		return fmt.Errorf("performance: merged tallies: %w: more than %d calls", servicetime.ErrLimit, math.MaxInt64)
	}
	if err := t.start(o.terms); err != nil {
		return err
	}
	t.cells.add(o.cells)
	for i, theirs := range o.times {
		if theirs == nil {
			continue
		}
		if t.times[i] == nil {
			t.times[i] = new(histogram)
		}
		t.times[i].merge(theirs)
	}
	for name, l := range o.legs {
		t.leg(name).add(l)
	}
	if o.others != nil {
		if t.others == nil {
			t.others = t.newLeg()
		}
		t.others.add(o.others)
	}
	return nil
}

// calls is how many have been counted, invalid ones and legs included.
func (t *Tally) calls() uint64 {
	all := []vector{t.cells, t.others}
	for _, l := range t.legs {
		all = append(all, l)
	}
	return total(all...)
}

// total is the sum of all counts, none of them negative, or some number over 2⁶³−1 if it is.
func total(all ...vector) (n uint64) {
	for _, v := range all {
		for _, m := range v {
			if n += uint64(m); n > math.MaxInt64 {
				return n
			}
		}
	}
	return n
}
