package availability

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/sla/servicetime"
)

// Condition is what a composite service is where some of its members answer and others do not (§4.9).
type Condition uint8

// The conditions, from the best to the worst. The zero value is none of them.
const (
	Available   Condition = iota + 1 // all answer
	Disturbed                        // available with disturbance: a quorum answers
	Unavailable                      // fewer answer
)

var conditions = wordsOf[Condition]("condition", "available", "disturbed", "unavailable")

// String is available, disturbed or unavailable; it is empty for the zero value.
func (c Condition) String() string { return conditions.Text(c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c Condition) MarshalText() ([]byte, error) { return conditions.Marshal(c) }

// UnmarshalText is the inverse of MarshalText.
func (c *Condition) UnmarshalText(b []byte) (err error) {
	*c, err = conditions.Parse(b)
	return err
}

// Causes of errors of a composition.
var (
	ErrQuorum      = errors.New("not a quorum")                     // less than 1, or over the number of members
	ErrComposition = errors.New("not a provider or a group")        // a node is neither, or both
	ErrProvider    = errors.New("no such provider")                 // an outage names one that is not in the composition
	ErrAnswers     = errors.New("an impossible number of services") // none asked, or more answered than were asked
)

// A Quorum is how many of those asked must answer for the service to be available (§4.9). The preset's is 3. Of one and two answers the
// agreement says nothing: a need of 1 reads it by the letter, and only no answer at all is then unavailable. The zero value is no quorum.
type Quorum struct {
	// Need is the number, 1 or more. Where fewer are asked it is all of them: the preset's interpretation, which Fixed changes.
	Need int `json:"need"`
	// Fixed: where fewer than Need are asked the service is unavailable, though all of them answer.
	Fixed bool `json:"fixed,omitempty"`
}

// Check returns an error wrapping [ErrQuorum] if Need is less than 1.
func (q Quorum) Check() error {
	if q.Need < 1 {
		return fmt.Errorf("availability: need %d: %w: at least 1", q.Need, ErrQuorum)
	}
	return nil
}

// Of is how many of so many asked must answer: Need, or all of them where fewer than Need are asked and it is not Fixed.
func (q Quorum) Of(asked int) int {
	if q.Fixed {
		return q.Need
	}
	return min(q.Need, asked)
}

// Condition is that of one composite call, by how many services it asked and how many of them answered.
//
// It returns an error:
//   - that of [Quorum.Check],
//   - wrapping [ErrAnswers] if none was asked, or a number is negative, or more answered than were asked. It is a
//     [*servicetime.Fault] that names the field.
func (q Quorum) Condition(asked, answered int) (Condition, error) {
	if err := q.Check(); err != nil {
		return 0, err
	}
	impossible := func(field string, n int, why string) error {
		return &servicetime.Fault{
			Path: field, Code: "bad_request", Value: strconv.Itoa(n),
			Err: fmt.Errorf("availability: %w: %s", ErrAnswers, why),
		}
	}
	switch {
	case asked < 1:
		return 0, impossible("asked", asked, "a call asks at least 1")
	case answered < 0 || answered > asked:
		return 0, impossible("answered", answered, fmt.Sprintf("of %d asked", asked))
	// §4.9: three or more, capped at the number asked; fewer are unavailable.
	case answered < q.Of(asked):
		return Unavailable, nil
	case answered < asked:
		return Disturbed, nil
	}
	return Available, nil
}

// A Call is one composite call: to how many base services it was split, and how many of them answered. An error is no answer (§4.10).
type Call struct {
	At       time.Time `json:"at"`
	Asked    int       `json:"asked"`
	Answered int       `json:"answered"`
}

// Events turns calls, in any order, into what was observed of the composite service: up where it was available, degraded with disturbance, down
// where it was unavailable. [Sampling.Observe] makes stretches of them: a call speaks for the service until the next one, and of
// calls at one instant the last in the list does.
//
// It returns an error:
//   - that of [Quorum.Check],
//   - and every fault of the calls, all at once, each a [*servicetime.Fault] with its path, such as calls[3].answered:
//     those of [Quorum.Condition], and [servicetime.ErrRange] for an instant outside the years 1970 to 2200.
func (q Quorum) Events(calls []Call) ([]Event, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	seen := [...]State{Available: Up, Disturbed: Degraded, Unavailable: Down}
	events := make([]Event, 0, len(calls))
	var faults []error
	for i, call := range calls {
		if _, err := instant(call.At); err != nil {
			faults = append(faults, servicetime.FaultAt(fmt.Sprintf("calls[%d].at", i), call.At, err))
		}
		condition, err := q.Condition(call.Asked, call.Answered)
		if err != nil {
			faults = append(faults, servicetime.Nest(fmt.Sprintf("calls[%d]", i), err)...)
		}
		events = append(events, Event{At: call.At, State: seen[condition]})
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return events, nil
}

// The largest composition that [Composition.Check] accepts.
const (
	MaxDepth     = 32 // of groups in groups, the provider included
	MaxProviders = 1_000
)

// A Composition says how services make up a composite one, as a tree: a node is a provider, or a group of nodes with a quorum.
//
//	Composition{Quorum: 3, Members: Providers("AF", "CSN", "FK", "SKV")}    3 of 4 must answer
//	Series(Providers("web", "database")...)                                 all must
//	Parallel(Providers("north", "south")...)                                one is enough
//
// A group is unavailable where fewer members than its quorum answer, available where all are, else disturbed. A member that is unavailable
// does not answer; one that is disturbed answers, and its group is disturbed at best. The zero value is no composition.
type Composition struct {
	// Provider is the name of a provider; empty is a group.
	Provider string `json:"provider,omitempty"`
	// Quorum is how many of the members must answer, from 1 to all of them.
	Quorum  int           `json:"quorum,omitzero"`
	Members []Composition `json:"members,omitempty"`
}

// Providers are the members of a group that has no groups in it.
func Providers(names ...string) []Composition {
	members := make([]Composition, 0, len(names))
	for _, name := range names {
		members = append(members, Composition{Provider: name})
	}
	return members
}

// Series is the group all of whose members must answer. It is never disturbed but through a member that is.
func Series(members ...Composition) Composition {
	return Composition{Quorum: len(members), Members: members}
}

// Parallel is the group one of whose members is enough.
func Parallel(members ...Composition) Composition {
	return Composition{Quorum: 1, Members: members}
}

// Among is the group that the quorum makes of all members (§4.9). A fixed one over their number is no quorum of them, as [Composition.Check] says.
func (q Quorum) Among(members ...Composition) Composition {
	return Composition{Quorum: q.Of(len(members)), Members: members}
}

// Check returns all faults at once, each a [*servicetime.Fault] with its path, such as members[2].members[0].provider. They wrap:
//   - [ErrComposition] if a node is neither a provider nor a group with members, or is both,
//   - [ErrQuorum] if a quorum is less than 1, or over the number of members,
//   - [servicetime.ErrTwice] if a provider is named twice,
//   - [servicetime.ErrLimit] if the tree is deeper than [MaxDepth], or has more providers than [MaxProviders]: nothing behind them is looked at.
func (c Composition) Check() error {
	k := checker{seen: map[string]bool{}}
	k.check(&c, "", 1)
	return errors.Join(k.faults...)
}

// Names are the providers of a composition that has been checked, in their order.
func (c *Composition) Names() []string {
	if c.Provider != "" {
		return []string{c.Provider}
	}
	var names []string
	for i := range c.Members {
		names = append(names, c.Members[i].Names()...)
	}
	return names
}

// checker gathers the faults of a composition.
type checker struct {
	seen   map[string]bool
	leaves int // ends of branches, whatever they are, so that a slice that holds itself comes to an end
	faults []error
}

func (k *checker) note(path, code, value string, err error) {
	k.faults = append(k.faults, &servicetime.Fault{Path: path, Code: code, Value: value, Err: err})
}

// check looks at a node whose fields have paths that begin with at.
func (k *checker) check(c *Composition, at string, depth int) {
	group := c.Quorum != 0 || len(c.Members) > 0
	deep := depth > MaxDepth
	if deep || len(c.Members) == 0 || c.Provider != "" {
		if k.leaves++; k.leaves > MaxProviders {
			return
		}
	}
	switch {
	case deep:
		k.note(strings.TrimSuffix(at, "."), "too_large", "", fmt.Errorf("availability: %w: over %d deep", servicetime.ErrLimit, MaxDepth))
	case c.Provider != "" && group:
		k.note(at+"provider", "bad_request", c.Provider, fmt.Errorf("availability: %w: it is both", ErrComposition))
	case c.Provider != "" && k.seen[c.Provider]:
		k.note(at+"provider", "bad_request", c.Provider, fmt.Errorf("availability: %w: its outages would count as two", servicetime.ErrTwice))
	case c.Provider != "":
		k.seen[c.Provider] = true
	case !group:
		k.note(at+"provider", "bad_request", "", fmt.Errorf("availability: %w: it has no name and no members", ErrComposition))
	case len(c.Members) == 0:
		k.note(at+"members", "bad_request", "", fmt.Errorf("availability: %w: a quorum of no members", ErrComposition))
	default:
		if n := len(c.Members); c.Quorum < 1 || c.Quorum > n {
			k.note(at+"quorum", "bad_request", strconv.Itoa(c.Quorum), fmt.Errorf("availability: %w: it is from 1 to %d, the number of members", ErrQuorum, n))
		}
		for i := range c.Members {
			if k.leaves > MaxProviders {
				break
			}
			k.check(&c.Members[i], fmt.Sprintf("%smembers[%d].", at, i), depth+1)
		}
		if depth == 1 && k.leaves > MaxProviders {
			k.note("members", "too_large", "", fmt.Errorf("availability: %w: over %d providers", servicetime.ErrLimit, MaxProviders))
		}
	}
}

// A Composite is the condition of a composite service over all time, as its providers' outages make it. It knows neither opening hours nor periods. It
// never changes. The zero value is none: [Composition.Compose] makes them.
type Composite struct {
	members int    // of the topmost group
	steps   []step // in order; before the first all answer
}

// A step is a change of the number of members that answer, or of the condition.
type step struct {
	at int64
	state
}

type state struct {
	answering int
	condition Condition
}

// Compose makes the composite service's outages and disturbances from those of its providers, in any order. An outage without a provider is
// one of the composite service itself, in front of the providers: none of them then answers through it. One without an end goes on.
//
// It returns an error:
//   - those of [Composition.Check],
//   - and every fault of the outages, all at once, each a [*servicetime.Fault] with its path, such as outages[3].provider:
//     those of [Outage.Check], and [ErrProvider] if the provider is not in the composition.
func (c Composition) Compose(outages []Outage) (*Composite, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Provider != "" {
		c = Parallel(c)
	}
	// The service is in series with what stands in front of it.
	var s sweep
	s.leaves = map[string]int{}
	s.plant(&Composition{Quorum: 2, Members: []Composition{{}, c}}, -1)
	const front, root = 1, 2

	type edge struct {
		at   int64
		leaf int
		down int // 1 begins, -1 ends
	}
	edges := make([]edge, 0, 2*len(outages))
	var faults []error
	for i := range outages {
		o := &outages[i]
		leaf, known := s.leaves[o.Provider]
		if !known {
			faults = append(faults, &servicetime.Fault{
				Path: fmt.Sprintf("outages[%d].provider", i), Code: "not_found", Value: o.Provider,
				Err: fmt.Errorf("availability: %w in the composition", ErrProvider),
			})
		}
		when, err := stretchOf(o.From, o.To)
		if err != nil {
			faults = append(faults, servicetime.Nest(fmt.Sprintf("outages[%d]", i), err)...)
		}
		if when.from < when.to {
			edges = append(edges, edge{when.from, leaf, 1})
			if when.to != ongoing {
				edges = append(edges, edge{when.to, leaf, -1})
			}
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })

	all := &Composite{members: len(c.Members)}
	last := all.before()
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ { // all of an instant, so that outages that touch are one
			s.add(edges[i].leaf, edges[i].down)
		}
		now := state{s.nodes[root].answering(), s.nodes[0].condition}
		if s.nodes[front].condition == Unavailable {
			now.answering = 0
		}
		if now != last {
			all.steps = append(all.steps, step{at, now})
			last = now
		}
	}
	return all, nil
}

// before is the state before the first outage.
func (c *Composite) before() state { return state{c.members, Available} }

// sweep is a composition at one instant.
type sweep struct {
	nodes  []node // parents before their members
	leaves map[string]int
}

type node struct {
	parent    int // -1 above the root
	quorum    int
	members   [Unavailable + 1]int // by condition
	down      int                  // outages of a leaf that go on
	condition Condition
}

// plant adds a node and all below it.
func (s *sweep) plant(c *Composition, parent int) {
	here := len(s.nodes)
	n := node{parent: parent, quorum: c.Quorum, condition: Available}
	n.members[Available] = len(c.Members)
	s.nodes = append(s.nodes, n)
	if len(c.Members) == 0 {
		s.leaves[c.Provider] = here
	}
	for i := range c.Members {
		s.plant(&c.Members[i], here)
	}
}

// add begins or ends an outage of a leaf, and moves those above it whose condition changes.
func (s *sweep) add(leaf, down int) {
	n := &s.nodes[leaf]
	n.down += down
	is := Available
	if n.down > 0 {
		is = Unavailable
	}
	for n.condition != is {
		was := n.condition
		n.condition = is
		if n.parent < 0 {
			return
		}
		n = &s.nodes[n.parent]
		n.members[was]--
		n.members[is]++
		is = n.composed()
	}
}

func (n *node) answering() int { return n.members[Available] + n.members[Disturbed] }

// composed is the condition of a group.
func (n *node) composed() Condition {
	switch {
	// §4.9: fewer than the quorum.
	case n.answering() < n.quorum:
		return Unavailable
	case n.members[Disturbed]+n.members[Unavailable] > 0:
		return Disturbed
	}
	return Available
}

// AddTo adds the composite service's outages and disturbances to a tally, whole, so that one belongs to the month in which it began.
func (c *Composite) AddTo(t *Tally) {
	for i, s := range c.steps {
		when := stretch{s.at, ongoing}
		if i+1 < len(c.steps) {
			when.to = c.steps[i+1].at
		}
		switch s.condition {
		case Unavailable:
			t.down.add(when)
		case Disturbed:
			t.degraded.add(when)
		}
	}
}

// A Spell is a stretch in which the same number of members answer, in the same condition.
type Spell struct {
	servicetime.Span
	// Answering is how many members of the topmost group answer: a group in it is one member.
	Answering int       `json:"answering"`
	Condition Condition `json:"condition"`
}

// String is the spell in a line: 2026-10-05 09:10:00 +0200 – 2026-10-05 09:40:00 +0200: disturbed, 3 answering.
func (s Spell) String() string {
	return fmt.Sprintf("%s: %s, %d answering", s.Span, s.Condition, s.Answering)
}

// Spells are what becomes of each instant of a span, at all hours: they are in order, touch, and are together the span. What goes on ends
// with it, so give a span that ends at as-of. Instants are in the zone of its start.
//
// It returns an error:
//   - wrapping [servicetime.ErrRange] if the span lies outside the years 1970 to 2200, or has no end,
//   - wrapping [servicetime.ErrBackwards] if it ends before it starts,
//   - wrapping [ErrComposition] for the zero Composite.
func (c *Composite) Spells(span servicetime.Span) ([]Spell, error) {
	var spells []Spell
	err := c.within(span, func(s stretch, is state) {
		spells = append(spells, Spell{spanOf(s, span.From.Location()), is.answering, is.condition})
	})
	return spells, err
}

// Spans are the longest stretches of one condition in a span, at all hours, however the number of members that answer changes in them.
//
//	answering      8    5    4    2    1    3    8
//	disturbed         |---------|         |----|
//	unavailable                 |---------|
//
// Its errors are those of [Composite.Spells].
func (c *Composite) Spans(is Condition, span servicetime.Span) ([]servicetime.Span, error) {
	spells, err := c.Spells(span)
	var spans []servicetime.Span
	for i, s := range spells {
		switch {
		case s.Condition != is:
		case i > 0 && spells[i-1].Condition == is:
			spans[len(spans)-1].To = s.To
		default:
			spans = append(spans, s.Span)
		}
	}
	return spans, err
}

// OpenSpans are those of one condition within the opening hours, cut to them, in their order.
//
// Its errors are those of [Composite.Spells], and of [servicetime.Calendar.Spans].
func (c *Composite) OpenSpans(is Condition, opening *servicetime.Calendar, span servicetime.Span) ([]servicetime.Span, error) {
	all, err := c.Spans(is, span)
	if err != nil {
		return nil, err
	}
	var open []servicetime.Span
	for _, s := range all {
		parts, err := opening.Spans(s.From, s.To)
		if err != nil {
			return nil, err
		}
		open = slices.AppendSeq(open, parts)
	}
	return open, nil
}

// within yields the stretches of a span and their states, in order.
func (c *Composite) within(span servicetime.Span, yield func(stretch, state)) error {
	if c.members == 0 {
		return fmt.Errorf("availability: a composite service that was not composed: %w", ErrComposition)
	}
	whole, err := stretchOf(span.From, span.To)
	if err == nil && whole.to == ongoing { // a span has an end
		_, err = instant(span.To)
		err = servicetime.FaultAt("to", span.To, err)
	}
	if err != nil {
		return errors.Join(servicetime.Nest("span", err)...)
	}
	next, _ := slices.BinarySearchFunc(c.steps, whole.from+1, func(s step, v int64) int { return cmp.Compare(s.at, v) })
	is := c.before()
	if next > 0 {
		is = c.steps[next-1].state
	}
	for ; next < len(c.steps) && c.steps[next].at < whole.to; next++ {
		to := c.steps[next].at
		yield(stretch{whole.from, to}, is)
		whole.from, is = to, c.steps[next].state
	}
	if whole.from < whole.to {
		yield(whole, is)
	}
	return nil
}

// An Answering is how much of the opening hours how many members of a composite service answered. Durations are exact.
type Answering struct {
	Span servicetime.Span
	// By is the open time by the number of members of the topmost group that answer, from none to all.
	By []time.Duration
	// Together these are the opening hours.
	Available, Disturbed, Unavailable time.Duration
}

// String says it in a line: available 190 h, disturbed 5 h, unavailable 3 h.
func (a Answering) String() string {
	return fmt.Sprintf("available %s, disturbed %s, unavailable %s",
		servicetime.FormatDuration(a.Available), servicetime.FormatDuration(a.Disturbed), servicetime.FormatDuration(a.Unavailable))
}

// Measure measures the opening hours of a span. What goes on ends with it, so give a span that ends at as-of.
//
// Its errors are those of [Composite.Spells], and one wrapping [ErrReading] if there are no opening hours.
func (c *Composite) Measure(opening *servicetime.Calendar, span servicetime.Span) (Answering, error) {
	if err := (&Rule{Opening: opening}).Check(); err != nil {
		return Answering{}, err
	}
	a := Answering{Span: span, By: make([]time.Duration, c.members+1)}
	clock := newMeter(opening)
	err := c.within(span, func(s stretch, is state) {
		open := time.Duration(clock.of(s))
		a.By[is.answering] += open
		switch is.condition {
		case Available:
			a.Available += open
		case Disturbed:
			a.Disturbed += open
		case Unavailable:
			a.Unavailable += open
		}
	})
	if err != nil {
		return Answering{}, err
	}
	return a, nil
}

// Uncovered are the spells of disturbance with open time that no incident covers, whole and in their order: §4.9 asks that one be registered. That an incident
// covers a spell that it overlaps or touches is an interpretation; give incidents that begin earlier, or end later, to allow for delay. Both may
// come in any order and overlap. A zero end has not come.
//
//	opening hours   |--------------------------|
//	disturbed         |-----|   |--|  |--|         |--|
//	incidents            |---|           |-----|
//	uncovered                   |--|
//
// It returns an error:
//   - wrapping [ErrReading] if there are no opening hours,
//   - and every fault of the spans, all at once, each a [*servicetime.Fault] with its path, such as incidents[3].to: wrapping
//     [servicetime.ErrRange] for an instant outside the years 1970 to 2200, or a start that is not known,
//     [servicetime.ErrBackwards] for a span that ends before it starts.
func Uncovered(disturbed, incidents []servicetime.Span, opening *servicetime.Calendar) ([]servicetime.Span, error) {
	if err := (&Rule{Opening: opening}).Check(); err != nil {
		return nil, err
	}
	var faults []error
	read := func(what string, spans []servicetime.Span) []stretch {
		out := make([]stretch, 0, len(spans))
		for i, s := range spans {
			when, err := stretchOf(s.From, s.To)
			if err != nil {
				faults = append(faults, servicetime.Nest(fmt.Sprintf("%s[%d]", what, i), err)...)
			}
			out = append(out, when)
		}
		return out
	}
	spells, covers := read("disturbed", disturbed), read("incidents", incidents)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	slices.SortFunc(covers, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for i := range covers[min(1, len(covers)):] { // each ends with the last to end of those that begin no later
		covers[i+1].to = max(covers[i].to, covers[i+1].to)
	}
	clock := newMeter(opening)
	var out []servicetime.Span
	for i, s := range spells {
		begun, _ := slices.BinarySearchFunc(covers, s.to, func(c stretch, to int64) int {
			if c.from <= to {
				return -1
			}
			return 1
		})
		// §4.9: an incident must be registered.
		if covered := begun > 0 && covers[begun-1].to >= s.from; !covered && clock.of(s) > 0 {
			out = append(out, disturbed[i])
		}
	}
	return out, nil
}
