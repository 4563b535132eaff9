package servicetime

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// A Span is the half-open stretch of time [From, To): From is in it, To is not.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Duration is the real time from From to To.
func (s Span) Duration() time.Duration { return s.To.Sub(s.From) }

// String writes both instants, in the zone that they carry.
func (s Span) String() string {
	return s.From.Format("2006-01-02 15:04:05 -0700") + " – " + s.To.Format("2006-01-02 15:04:05 -0700")
}

// A Pause is the half-open stretch [From, To) in which a clock stands still, with
// its reason. A zero To is a pause that has not ended, under which no target is ever used up: end it at
// the instant as of which you ask. Pauses may come in any order and overlap; what two of them
// cover counts once. An empty one (From = To) has no effect.
//
// One that is Excused is called so in explanations; in all else it is a pause.
type Pause struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to,omitzero"`
	Reason  string    `json:"reason,omitempty"`
	Excused bool      `json:"excused,omitempty"`
}

// stretch is a span of instants as nanoseconds since 1970-01-01 UTC, which
// holds the whole range of a calendar (1970–2200) in an int64.
type stretch struct{ from, to int64 }

func byFrom(a, b stretch) int { return cmp.Compare(a.from, b.from) }

// pause is a stretch in which a clock stands still, with the open time before it and in it.
type pause struct {
	stretch
	before, open int64
}

// pauses turns pauses into stretches that are in order and do not touch.
// The caller lends the room, so that a few pauses cost no allocation.
//
//	in     |------|        |--|
//	            |-----|    |-----|
//	out    |----------|    |-----|
func (c *Calendar) pauses(ps []Pause, room []pause) ([]pause, error) {
	inOrder := true // as most are
	for i := range ps {
		p := &ps[i]
		from, err := c.instant("pause from", p.From)
		if err != nil {
			return nil, err
		}
		to := c.end
		if !p.To.IsZero() {
			if to, err = c.instant("pause to", p.To); err != nil {
				return nil, err
			}
		}
		if to < from {
			return nil, fmt.Errorf("servicetime: pause %s: %w", Span{p.From, p.To}, ErrBackwards)
		}
		if from < to {
			inOrder = inOrder && (len(room) == 0 || room[len(room)-1].from <= from)
			room = append(room, pause{stretch: stretch{from, to}})
		}
	}
	if !inOrder {
		slices.SortFunc(room, func(a, b pause) int { return cmp.Compare(a.from, b.from) })
	}
	out := room[:0]
	for _, p := range room {
		if n := len(out); n > 0 && p.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, p.to)
			continue
		}
		out = append(out, p)
	}
	for i := range out {
		p := &out[i]
		p.before, _ = c.before(p.from)
		behind, _ := c.before(p.to)
		p.open = behind - p.before
	}
	return out, nil
}

// merge joins stretches that touch or overlap, in place; they come ordered by from.
func merge(in []stretch) []stretch {
	out := in[:0]
	for _, s := range in {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
