package availability_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/servicetime"
)

// alwaysOpen never closes, in UTC.
var alwaysOpen = sync.OnceValue(func() *servicetime.Calendar {
	c, err := servicetime.Compile(servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	if err != nil {
		panic(err)
	}
	return c
})

var stateOfLetter = map[rune]availability.State{
	'.': availability.Up, 'D': availability.Down, 'd': availability.Degraded, 'U': availability.Unknown,
}

// eventsOf reads a drawing of events: a letter at its second behind start, _ for none.
func eventsOf(start time.Time, drawing string) []availability.Event {
	var out []availability.Event
	for i, letter := range drawing {
		if state := stateOfLetter[letter]; state != 0 {
			out = append(out, availability.Event{At: start.Add(time.Duration(i) * time.Second), State: state})
		}
	}
	return out
}

// observed measures what a sampling says of a span that never closes.
func observed(t *testing.T, s availability.Sampling, events []availability.Event, span servicetime.Span) availability.Measurement {
	t.Helper()
	var tally availability.Tally
	require.NoError(t, s.Observe(&tally, events, span), "%s", s)
	m, err := tally.Result(availability.Rule{Opening: alwaysOpen(), Degraded: availability.DegradedUp}, span, late)
	require.NoError(t, err)
	return m
}

// drawn is what a sampling says of each second of a span, each asked for by itself.
func drawn(t *testing.T, s availability.Sampling, events []availability.Event, span servicetime.Span) string {
	t.Helper()
	var tally availability.Tally
	require.NoError(t, s.Observe(&tally, events, span), "%s", s)
	var out strings.Builder
	for at := span.From; at.Before(span.To); at = at.Add(time.Second) {
		m, err := tally.Result(availability.Rule{Opening: alwaysOpen()}, servicetime.Span{From: at, To: at.Add(time.Second)}, late)
		require.NoError(t, err)
		switch time.Second {
		case m.Down:
			out.WriteByte('D')
		case m.Degraded:
			out.WriteByte('d')
		case m.Removed:
			out.WriteByte('U')
		default:
			assert.Equal(t, time.Second, m.Up(), "no second is of two states")
			out.WriteByte('.')
		}
	}
	return out.String()
}

func TestSamplingObserve(t *testing.T) {
	const (
		initUp, initDown, initDegraded = availability.Up, availability.Down, availability.Degraded
		last, asUp, asDown             = availability.UnknownLast, availability.UnknownUp, availability.UnknownDown
		confirmation                   = availability.BeginsConfirmation
		sliceAny, sliceWhole           = availability.SliceAny, availability.SliceWhole
	)
	four := servicetime.MustDuration("4 s")
	type policy = availability.Sampling
	// A letter of events is one at its second; what stands before the | comes before the span, which is as long as want. Slices of 4 s begin with the span.
	for _, row := range []struct {
		name         string
		policy       policy
		events, want string
	}{
		{"as they are", policy{}, "|D___.___d_U_D__.", "DDDD....ddUUDDD."},
		{"samples", policy{}, "|DDDD.......ddUU", "DDDD.......ddUU"},
		{"none", policy{}, "|", "UUUU"},
		{"behind the span", policy{}, "|.__D", "..."},
		{"at its end", policy{}, "|.___D", "...."},

		{"initial unknown", policy{Initial: availability.Unknown}, "|___D_.", "UUUDD.."},
		{"initial up", policy{Initial: initUp}, "|___D_.", "...DD.."},
		{"initial down", policy{Initial: initDown}, "|___d_.", "DDDdd.."},
		{"initial degraded", policy{Initial: initDegraded}, "|___D_.", "dddDD.."},
		{"initial, none", policy{Initial: initDown}, "|", "DDDD"},
		{"an event at the start is no initial state", policy{Initial: initDown}, "|.__D_.", "...DD.."},
		{"an event before it neither", policy{Initial: initDown}, "D.___|___D_.", "...DD.."},
		{"state at the start", policy{}, ".D___|___.", "DDD."},

		{"unknown removed", policy{Unknown: availability.UnknownRemoved}, "|.__U__D__U__.", "...UUUDDDUUU."},
		{"unknown up", policy{Unknown: asUp}, "|.__U__D__U__.", "......DDD...."},
		{"unknown down", policy{Unknown: asDown}, "|.__U__D__U__.", "...DDDDDDDDD."},
		{"unknown last", policy{Unknown: last}, "|.__U__D__U__.", "......DDDDDD."},
		{"unknown last, degraded", policy{Unknown: last}, "|d__U_U_.", "ddddddd."},
		{"unknown last, none before", policy{Unknown: last}, "|__U__.", "UUUUU."},
		{"unknown last of the initial state", policy{Unknown: last, Initial: initDown}, "|__U__.", "DDDDD."},
		{"unknown last of before the span", policy{Unknown: last}, "D_U__|__U__.", "DDDDD."},
		{"unknown last, and the initial state does not matter", policy{Unknown: last, Initial: initDown}, "U|__.", "UU."},
		{"initial unknown as up", policy{Unknown: asUp}, "|__D", "..D"},
		{"initial unknown as down", policy{Unknown: asDown}, "|__.", "DD."},

		{"confirm 0", policy{}, "|.D.", ".D."},
		{"confirm 1", policy{Confirm: 1}, "|.D.", ".D."},
		{"confirm 1, at confirmation", policy{Confirm: 1, Begins: confirmation}, "|.D.", ".D."},
		{"confirm 2", policy{Confirm: 2}, "|._D_._D_D_._", "......DDDD.."},
		{"confirm 2, first_failure", policy{Confirm: 2, Begins: availability.BeginsFirstFailure}, "|._D_D_D_.", "..DDDDDD."},
		{"confirm 2, at confirmation", policy{Confirm: 2, Begins: confirmation}, "|._D_D_D_.", "....DDDD."},
		{"confirm 3, not as of the end", policy{Confirm: 3}, "|._D_D__D", "......."},
		{"confirm 3, in the last second", policy{Confirm: 3}, "|._D_D__D", "..DDDDDD"},
		{"confirmed from before the span", policy{Confirm: 3, Begins: confirmation}, "DD|__D__", "..DDD"},
		{"confirmed before the span", policy{Confirm: 2, Begins: confirmation}, "DD|__D__", "DDDDD"},
		{"degraded ends the row", policy{Confirm: 2}, "|D_d_D_.", "..dd..."},
		{"unknown does not", policy{Confirm: 2}, "|D_U_D_.", "DDUUDD."},
		{"unknown does not, at confirmation", policy{Confirm: 2, Begins: confirmation}, "|D_U_D_.", "..UUDD."},
		{"unknown does not confirm", policy{Confirm: 2}, "|D_U_U_.", "..UUUU."},
		{"unknown as up does not end the row", policy{Confirm: 2, Unknown: asUp}, "|D_U_D_.", "DD..DD."},
		{"unknown as down does not confirm", policy{Confirm: 2, Unknown: asDown}, "|D_U_.", "..DD."},
		{"unknown as last does not confirm", policy{Confirm: 2, Unknown: last}, "|D_U_.", "....."},
		{"unknown as last of what is confirmed", policy{Confirm: 2, Unknown: last}, "|D_U_D_.", "DDDDDD."},
		{"unknown as last, at confirmation", policy{Confirm: 2, Unknown: last, Begins: confirmation}, "|D_U_D_.", "....DD."},
		{"initial down needs none", policy{Confirm: 3, Initial: initDown, Begins: confirmation}, "|__D_U_D_.", "DDDDUUDD."},
		{"initial down ends", policy{Confirm: 2, Initial: initDown}, "|__._D_.", "DD....."},
		{"the initial state is not down from before the span", policy{Confirm: 2, Initial: initDown}, "D|__.", "..."},

		{"slices any", policy{Slice: four, SliceDown: sliceAny}, "|._D__.__d_.__U_.", "DDDDDDDDddddUUUU"},
		{"slices any, the worst of each", policy{Slice: four, SliceDown: sliceAny}, "|Ud._DU__Ud__U__", "ddddDDDDddddUUU"},
		{"slices any, cut at the end", policy{Slice: four, SliceDown: sliceAny}, "|.____________D_", "............DDD"},
		{"slices whole", policy{Slice: four, SliceDown: sliceWhole}, "|.__D____.__.__D", "....DDDD........"},
		{"slices whole, the mildest of each", policy{Slice: four, SliceDown: sliceWhole}, "|Dd__DU__dU__D._", "ddddUUUUUUUU..."},
		{"slices whole, down throughout what is cut", policy{Slice: four, SliceDown: sliceWhole}, "|._______.__D__", "............DDD"},
		{"slices whole, not throughout", policy{Slice: four, SliceDown: sliceWhole}, "|.____________D", "..............."},
		{"slices, unknown as up", policy{Slice: four, SliceDown: sliceAny, Unknown: asUp}, "|D___U___U_D_U__", "DDDD....DDDD..."},
		{"slices, unknown as down", policy{Slice: four, SliceDown: sliceWhole, Unknown: asDown}, "|D_U_.___UD__U._", "DDDD....DDDD..."},
		{"slices, unknown as last", policy{Slice: four, SliceDown: sliceWhole, Unknown: last}, "|D_U_.___D_U____", "DDDD....DDDDDDD"},
		{"slices, initial", policy{Slice: four, SliceDown: sliceAny, Initial: initDown}, "|_._____D.", "DDDDDDDD.."},
		{"slices, confirmed first", policy{Slice: four, SliceDown: sliceAny, Confirm: 2}, "|.D.______D_D_._", "........DDDDDDDD"},
		{"slices, at confirmation", policy{Slice: four, SliceDown: sliceAny, Confirm: 2, Begins: confirmation}, "|.D______D__.___", "........DDDD...."},
		{"slices, all policies", policy{
			Initial: initUp, Unknown: last, Slice: four, SliceDown: sliceWhole, Confirm: 2, Begins: confirmation,
		}, "|__D__U__D_U_____d", "........DDDDDDDDdddd"},
	} {
		start := time.Date(2026, 10, 5, 9, 1, 0, 0, time.UTC)
		before, in, _ := strings.Cut(row.events, "|")
		events := slices.Concat(eventsOf(start.Add(-time.Duration(len(before))*time.Second), before), eventsOf(start, in))
		span := servicetime.Span{From: start, To: start.Add(time.Duration(len(row.want)) * time.Second)}
		assert.Equal(t, row.want, drawn(t, row.policy, events, span), row.name)
		slices.Reverse(events)
		kept := slices.Clone(events)
		assert.Equal(t, row.want, drawn(t, row.policy, events, span), "%s, in any order", row.name)
		assert.Equal(t, kept, events, "the caller's list is not touched")
	}
}

// Several events at one instant: the last in the list holds, and the others confirm and end nothing.
func TestSamplingObserveOneInstant(t *testing.T) {
	start := time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)
	span := servicetime.Span{From: start, To: start.Add(6 * time.Second)}
	at := func(s int, state availability.State) availability.Event {
		return availability.Event{At: start.Add(time.Duration(s) * time.Second), State: state}
	}
	for _, row := range []struct {
		events []availability.Event
		want   string
	}{
		{[]availability.Event{at(0, availability.Down), at(2, availability.Down), at(2, availability.Up)}, "......"},
		{[]availability.Event{at(0, availability.Down), at(2, availability.Up), at(2, availability.Down)}, "DDDDDD"},
		{[]availability.Event{at(2, availability.Up), at(0, availability.Down), at(2, availability.Down)}, "DDDDDD"},
		{[]availability.Event{at(0, availability.Up), at(2, availability.Down), at(2, availability.Down)}, "......"},
	} {
		assert.Equal(t, row.want, drawn(t, availability.Sampling{Confirm: 2}, row.events, span), row.events)
	}
}

// Slices lie on the clock of UTC, whatever the zone and wherever the span begins.
//
//	slices     09:00    09:05    09:10    09:15
//	span          |-------------------------|      09:02 to 09:17 less a nanosecond
//	down             ||               |---------
//	any           |--|                |-----|
//	whole                                  |-|
func TestSamplingSliceClock(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	require.NoError(t, err)
	at := func(h, m, s, ns int) time.Time { return time.Date(2026, 10, 5, h, m, s, ns, stockholm) }
	events := []availability.Event{
		{At: at(9, 0, 0, 0), State: availability.Up},
		{At: at(9, 3, 0, 0), State: availability.Down},
		{At: at(9, 3, 0, 1), State: availability.Up},
		{At: at(9, 14, 59, 999_999_999), State: availability.Down},
	}
	span := servicetime.Span{From: at(9, 2, 0, 0), To: at(9, 16, 59, 999_999_999)}
	five := servicetime.MustDuration("5 min")
	for _, row := range []struct {
		policy availability.Sampling
		want   string
		count  int64
	}{
		{availability.Sampling{}, "2 min 0.000000001 s", 2},
		{availability.Sampling{Slice: five, SliceDown: availability.SliceAny}, "9 min 59.999999999 s", 2},
		{availability.Sampling{Slice: five, SliceDown: availability.SliceWhole}, "1 min 59.999999999 s", 1},
		{availability.Sampling{Slice: servicetime.MustDuration("24 h"), SliceDown: availability.SliceAny}, "14 min 59.999999999 s", 1},
		{availability.Sampling{Slice: servicetime.MustDuration("24 h"), SliceDown: availability.SliceWhole}, "0 s", 0},
	} {
		m := observed(t, row.policy, events, span)
		assert.Equal(t, row.want, servicetime.FormatDuration(m.Down), "%s", row.policy)
		assert.Equal(t, row.count, m.Count(), "%s", row.policy)
	}

	// The local dates of 1970 begin before it in UTC.
	first := time.Date(1970, 1, 1, 0, 0, 0, 0, stockholm)
	var tally availability.Tally
	require.NoError(t, availability.Sampling{Slice: five, SliceDown: availability.SliceAny}.Observe(&tally, []availability.Event{
		{At: first, State: availability.Up},
		{At: first.Add(7 * time.Minute), State: availability.Down},
		{At: first.Add(8 * time.Minute), State: availability.Up},
	}, servicetime.Span{From: first, To: first.Add(time.Hour)}))
	calendar, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	m, err := tally.Result(availability.Rule{Opening: calendar}, servicetime.Span{From: first, To: first.Add(time.Hour)}, late)
	require.NoError(t, err)
	require.Len(t, m.Interruptions, 1)
	assert.Equal(t, "1970-01-01 00:05 – 1970-01-01 00:10, down 5 min", m.Interruptions[0].String())
}

// The work depends on the events, not on the slices, of which these are six thousand million.
func TestSamplingSlicesOfCenturies(t *testing.T) {
	span := servicetime.Span{From: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), To: late}
	m := observed(t, availability.Sampling{Slice: servicetime.MustDuration("1 s"), SliceDown: availability.SliceWhole, Initial: availability.Down}, nil, span)
	assert.Equal(t, span.To.Sub(span.From), m.Down)
}

func TestSamplingObserveRefuses(t *testing.T) {
	at := time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)
	day := servicetime.Span{From: at, To: at.Add(24 * time.Hour)}
	good := availability.Event{At: at, State: availability.Down}
	type faults = map[string]error
	for _, row := range []struct {
		name   string
		events []availability.Event
		span   servicetime.Span
		want   faults
	}{
		{"all at once", []availability.Event{
			good,
			{State: availability.Up},
			{At: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)},
			{At: at.Add(48 * time.Hour), State: 5}, // behind the span, and checked
		}, day, faults{
			"events[1].at": servicetime.ErrRange, "events[2].at": servicetime.ErrRange, "events[2].state": servicetime.ErrText, "events[3].state": servicetime.ErrText,
		}},
		{"no span", []availability.Event{good}, servicetime.Span{}, faults{"span.from": servicetime.ErrRange, "span.to": servicetime.ErrRange}},
		{"no end", []availability.Event{good}, servicetime.Span{From: at}, faults{"span.to": servicetime.ErrRange}},
		{"backwards", []availability.Event{good, {At: at}}, servicetime.Span{From: day.To, To: at}, faults{
			"span.to": servicetime.ErrBackwards, "events[1].state": servicetime.ErrText,
		}},
	} {
		var tally availability.Tally
		err := availability.Sampling{Initial: availability.Down}.Observe(&tally, row.events, row.span)
		require.Error(t, err, row.name)
		joined, ok := err.(interface{ Unwrap() []error })
		require.True(t, ok, row.name)
		got := faults{}
		for _, part := range joined.Unwrap() {
			var f *servicetime.Fault
			require.ErrorAs(t, part, &f, row.name)
			require.ErrorIs(t, f, row.want[f.Path], "%s: %s", row.name, f.Path)
			assert.Equal(t, map[bool]string{true: "out_of_range", false: "bad_request"}[errors.Is(f, servicetime.ErrRange)], f.Code, f.Path)
			got[f.Path] = row.want[f.Path]
		}
		assert.Equal(t, row.want, got, row.name)
		assert.Equal(t, availability.Tally{}, tally, "%s: nothing is added", row.name)
	}

	var tally availability.Tally
	require.ErrorIs(t, availability.Sampling{Confirm: -1}.Observe(&tally, []availability.Event{good}, day), availability.ErrReading)
	assert.Equal(t, availability.Tally{}, tally)
	require.NoError(t, availability.Sampling{}.Observe(&tally, []availability.Event{good}, servicetime.Span{From: at, To: at}))
	assert.Equal(t, availability.Tally{}, tally, "an empty span holds nothing")
}

// Every policy stands in the text and in JSON.
func TestSamplingText(t *testing.T) {
	five := servicetime.MustDuration("5 min")
	for _, row := range []struct {
		policy     availability.Sampling
		text, json string
	}{
		{availability.Sampling{}, "initial unknown, unknown removed, exact, outage begins at first_failure", `{}`},
		{
			availability.Sampling{Initial: availability.Up, Unknown: availability.UnknownLast, Slice: five, SliceDown: availability.SliceAny, Confirm: 3, Begins: availability.BeginsConfirmation},
			"initial up, unknown last, slices of 5 min down by any, outage confirmed by 3 events, begins at confirmation",
			`{"initial":"up","unknown":"last","slice":"5 min","slice_down":"any","confirm":3,"begins":"confirmation"}`,
		},
		{
			availability.Sampling{Initial: availability.Down, Unknown: availability.UnknownUp, Slice: servicetime.MustDuration("1 min"), SliceDown: availability.SliceWhole},
			"initial down, unknown up, slices of 1 min down by whole, outage begins at first_failure",
			`{"initial":"down","unknown":"up","slice":"1 min","slice_down":"whole"}`,
		},
		{
			availability.Sampling{Initial: availability.Degraded, Unknown: availability.UnknownDown, Begins: availability.BeginsFirstFailure},
			"initial degraded, unknown down, exact, outage begins at first_failure",
			`{"initial":"degraded","unknown":"down","begins":"first_failure"}`,
		},
		{
			availability.Sampling{Initial: availability.Unknown, Unknown: availability.UnknownRemoved, Confirm: 1},
			"initial unknown, unknown removed, exact, outage begins at first_failure",
			`{"initial":"unknown","unknown":"removed","confirm":1}`,
		},
	} {
		require.NoError(t, row.policy.Check(), row.text)
		assert.Equal(t, row.text, row.policy.String())
		data, err := json.Marshal(row.policy)
		require.NoError(t, err, row.text)
		assert.JSONEq(t, row.json, string(data))
		var again availability.Sampling
		require.NoError(t, json.Unmarshal(data, &again), row.json)
		assert.Equal(t, row.policy, again)
	}

	event := availability.Event{At: time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC), State: availability.Degraded}
	data, err := json.Marshal(event)
	require.NoError(t, err)
	assert.JSONEq(t, `{"at":"2026-10-05T09:00:00Z","state":"degraded"}`, string(data))
	var again availability.Event
	require.NoError(t, json.Unmarshal(data, &again))
	assert.Equal(t, event, again)
	_, err = json.Marshal(availability.Event{At: event.At})
	require.ErrorIs(t, err, servicetime.ErrText, "the zero state has no text")
	for _, bad := range []string{`{"initial":"Up"}`, `{"unknown":""}`, `{"slice_down":"all"}`, `{"begins":"first failure"}`, `{"slice":"5"}`} {
		require.ErrorIs(t, json.Unmarshal([]byte(bad), new(availability.Sampling)), servicetime.ErrText, bad)
	}
}

func TestSamplingCheckRefuses(t *testing.T) {
	const second = servicetime.Duration(time.Second)
	for _, s := range []availability.Sampling{
		{Initial: 5},
		{Unknown: 5},
		{Slice: second, SliceDown: 3},
		{Begins: 3},
		{Slice: -second, SliceDown: availability.SliceAny},
		{Slice: second / 2, SliceDown: availability.SliceAny},
		{Slice: 7 * second, SliceDown: availability.SliceAny},
		{Slice: 48 * 3600 * second, SliceDown: availability.SliceAny},
		{Slice: 60 * second},
		{SliceDown: availability.SliceWhole},
		{Confirm: -1},
	} {
		require.ErrorIs(t, s.Check(), availability.ErrReading, "%+v", s)
	}
}

// slowStates is the state of each second of a span by the words of the documentation: each is asked for by itself, and searches the events.
func slowStates(s availability.Sampling, events []availability.Event, from, to int64) []availability.State {
	// The events that hold: second → state.
	holds := map[int64]availability.State{}
	first, beforeStart := to, false
	for _, e := range events {
		if at := e.At.Unix(); at < to {
			holds[at] = e.State // a later one in the list replaces it
			first = min(first, at)
			beforeStart = beforeStart || at <= from
		}
	}
	initial := s.Initial
	if initial == 0 {
		initial = availability.Unknown
	}
	// down is a failure, or the time behind it: is it an outage?
	down := func(at int64) availability.State {
		n := 1
		for b := at - 1; ; b-- { // back to the start of the row
			if b < first {
				if !beforeStart && initial == availability.Down {
					return availability.Down
				}
				break
			}
			if state := holds[b]; state == availability.Down {
				n++
			} else if state == availability.Up || state == availability.Degraded {
				break
			}
		}
		if s.Begins != availability.BeginsConfirmation {
			for b := at + 1; b < to; b++ { // and on to its end
				if state := holds[b]; state == availability.Down {
					n++
				} else if state == availability.Up || state == availability.Degraded {
					break
				}
			}
		}
		if n < s.Confirm {
			return availability.Up
		}
		return availability.Down
	}
	at := func(second int64) availability.State {
		wasUnknown := false
		for ; second >= first; second-- {
			switch state := holds[second]; state {
			case 0:
				continue
			case availability.Unknown:
				if s.Unknown == availability.UnknownLast {
					wasUnknown = true
					continue
				}
				return state
			case availability.Down:
				return down(second)
			default:
				return state
			}
		}
		if wasUnknown && beforeStart {
			return availability.Unknown
		}
		return initial
	}
	exact := make([]availability.State, to-from)
	for i := range exact {
		exact[i] = at(from + int64(i))
		if exact[i] == availability.Unknown && s.Unknown == availability.UnknownUp {
			exact[i] = availability.Up
		}
		if exact[i] == availability.Unknown && s.Unknown == availability.UnknownDown {
			exact[i] = availability.Down
		}
	}
	if s.Slice == 0 {
		return exact
	}
	n := int64(time.Duration(s.Slice) / time.Second)
	worse := []availability.State{availability.Up, availability.Unknown, availability.Degraded, availability.Down}
	sliced := make([]availability.State, len(exact))
	for i := range sliced {
		var ranks []int
		for j := range exact {
			if (from+int64(i))/n == (from+int64(j))/n {
				ranks = append(ranks, slices.Index(worse, exact[j]))
			}
		}
		sliced[i] = worse[slices.Max(ranks)]
		if s.SliceDown == availability.SliceWhole {
			sliced[i] = worse[slices.Min(ranks)]
		}
	}
	return sliced
}

func randomSampling(r *rand.Rand) availability.Sampling {
	s := availability.Sampling{
		Initial: availability.State(r.IntN(5)), Unknown: availability.UnknownAs(r.IntN(5)),
		Confirm: r.IntN(5), Begins: availability.Begins(r.IntN(3)),
	}
	if r.IntN(2) == 0 {
		s.Slice = []servicetime.Duration{servicetime.MustDuration("1 s"), servicetime.MustDuration("5 s"), servicetime.MustDuration("20 s")}[r.IntN(3)]
		s.SliceDown = availability.SliceDown(1 + r.IntN(2))
	}
	return s
}

// randomEvents are up to n events in random order from 40 seconds before start to 40 behind end, some at one instant.
func randomEvents(r *rand.Rand, n int, start time.Time, seconds int) []availability.Event {
	var events []availability.Event
	for range r.IntN(n + 1) {
		events = append(events, availability.Event{
			At:    start.Add(time.Duration(r.IntN(seconds+80)-40) * time.Second),
			State: []availability.State{availability.Up, availability.Down, availability.Down, availability.Degraded, availability.Unknown}[r.IntN(5)],
		})
	}
	return events
}

func TestSamplingObserveSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	for range 3000 {
		s := randomSampling(r)
		start := time.Date(2026, 10, 5, 9, 0, r.IntN(60), 0, time.UTC)
		seconds := r.IntN(80)
		events := randomEvents(r, 24, start, seconds)
		span := servicetime.Span{From: start, To: start.Add(time.Duration(seconds) * time.Second)}

		want := map[availability.State]time.Duration{}
		outages, was := int64(0), availability.Up
		for _, state := range slowStates(s, events, span.From.Unix(), span.To.Unix()) {
			want[state] += time.Second
			if state == availability.Down && was != state {
				outages++
			}
			was = state
		}
		m := observed(t, s, events, span)
		require.Equal(t, []time.Duration{want[availability.Down], want[availability.Degraded], want[availability.Unknown]},
			[]time.Duration{m.Down, m.Degraded, m.Removed}, "%s\n%+v\n%s", s, s, events)
		require.Equal(t, outages, m.Count(), "%s\n%+v\n%s", s, s, events)
		require.Equal(t, span.Duration(), m.Open+m.Removed)
	}
}

// Saying again what holds already changes nothing, where one failure is an outage.
func TestSamplesAreTransitions(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	for range 500 {
		s := randomSampling(r)
		s.Confirm = r.IntN(2)
		start := time.Date(2026, 10, 5, 9, 0, r.IntN(60), 0, time.UTC)
		span := servicetime.Span{From: start, To: start.Add(80 * time.Second)}
		transitions := randomEvents(r, 12, start, 80)
		// One of each instant, in order, so that each can be said again halfway to the next.
		slices.SortFunc(transitions, func(a, b availability.Event) int { return a.At.Compare(b.At) })
		transitions = slices.CompactFunc(transitions, func(a, b availability.Event) bool { return a.At.Equal(b.At) })
		var samples []availability.Event
		for i, e := range transitions {
			next := span.To
			if i+1 < len(transitions) {
				next = transitions[i+1].At
			}
			samples = append(samples, e, availability.Event{At: e.At.Add(max(0, next.Sub(e.At)/2)), State: e.State})
		}
		var a, b availability.Tally
		require.NoError(t, s.Observe(&a, transitions, span))
		require.NoError(t, s.Observe(&b, samples, span))
		require.Equal(t, a, b, "%s\n%s", s, transitions)
	}
}

// Bytes become policies and events, good and bad ones: seven of policy, then two of each event.
func FuzzStates(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x50\x10\x02\x20\x01"))
	f.Add([]byte("\x01\x04\x3c\x01\x02\x02\xff\x10\x02\x20\x02\x20\x04\x40\x01\x30\x03"))
	f.Add([]byte("\x02\x03\x05\x02\x03\x01\x40\xff\x09\x00\x02"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		head := [7]byte{}
		data = data[copy(head[:], data):]
		s := availability.Sampling{
			Initial: availability.State(head[0]), Unknown: availability.UnknownAs(head[1]), Slice: servicetime.Duration(head[2]) * servicetime.Duration(time.Second),
			SliceDown: availability.SliceDown(head[3]), Confirm: int(int8(head[4])), Begins: availability.Begins(head[5]),
		}
		start := time.Date(2026, 10, 5, 9, 0, 3, 0, time.UTC)
		span := servicetime.Span{From: start, To: start.Add(time.Duration(head[6]) * time.Second)}
		var events []availability.Event
		for ; len(data) > 1; data = data[2:] {
			e := availability.Event{At: start.Add(time.Duration(int8(data[0])) * 1_700 * time.Millisecond), State: availability.State(data[1])}
			if data[0] == 0xff {
				e.At = time.Time{}
			}
			events = append(events, e)
		}
		var tally availability.Tally
		if err := s.Observe(&tally, events, span); err != nil {
			assert.True(t, errors.Is(err, availability.ErrReading) || errors.Is(err, servicetime.ErrRange) || errors.Is(err, servicetime.ErrText), "%v", err)
			assert.Equal(t, availability.Tally{}, tally)
			return
		}
		require.NoError(t, s.Check())
		m, err := tally.Result(availability.Rule{Opening: alwaysOpen()}, span, late)
		require.NoError(t, err)
		assert.Equal(t, span.Duration(), m.Open+m.Removed)
		assert.LessOrEqual(t, m.Down+m.Degraded, m.Open)
	})
}

// The checks of a morning, a minute apart: one failed alone at 09:10, three in a row from 09:30 on, and the probe was off from 10:00 to 10:30.
func ExampleSampling_Observe() {
	office, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00")}, time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2026, 10, 5, 9, 0, 0, 0, office.Location())
	var checks []availability.Event
	for minute := range 120 {
		state := availability.Up
		switch {
		case minute == 10, minute >= 30 && minute < 33:
			state = availability.Down
		case minute >= 60 && minute < 90:
			state = availability.Unknown
		}
		checks = append(checks, availability.Event{At: nine.Add(time.Duration(minute) * time.Minute), State: state})
	}
	morning := servicetime.Span{From: nine, To: nine.Add(2 * time.Hour)}
	for _, policy := range []availability.Sampling{
		{},
		{Unknown: availability.UnknownUp, Confirm: 3, Begins: availability.BeginsConfirmation},
		{Unknown: availability.UnknownDown, Slice: servicetime.MustDuration("5 min"), SliceDown: availability.SliceAny},
	} {
		var tally availability.Tally
		if err := policy.Observe(&tally, checks, morning); err != nil {
			fmt.Println(err)
			return
		}
		m, err := tally.Result(availability.Rule{Opening: office}, morning, morning.To)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(policy)
		fmt.Println("   ", m.String())
	}
	// Output:
	// initial unknown, unknown removed, exact, outage begins at first_failure
	//     down 4 min of 1 h 30 min, 95.56 %, 2 interruptions, 30 min not observed
	// initial unknown, unknown up, exact, outage confirmed by 3 events, begins at confirmation
	//     down 1 min of 2 h, 99.17 %, 1 interruption
	// initial unknown, unknown down, slices of 5 min down by any, outage begins at first_failure
	//     down 40 min of 2 h, 66.67 %, 3 interruptions
}
