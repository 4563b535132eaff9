package availability_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/servicetime"
	"example.com/sla/testdata/vectors"
)

// monday is at a second of Monday 2026-10-05, from 08:00 in Stockholm.
func monday(second int) time.Time {
	return time.Date(2026, 10, 5, 6, 0, second, 0, time.UTC)
}

func mondaySpan(from, to int) servicetime.Span {
	return servicetime.Span{From: monday(from), To: monday(to)}
}

func mondayOutage(provider string, from, to int) availability.Outage {
	return availability.Outage{Provider: provider, From: monday(from), To: monday(to)}
}

// faultPaths are the paths of all faults of an error.
func faultPaths(t *testing.T, err error) []string {
	t.Helper()
	require.Error(t, err)
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	var paths []string
	for _, part := range parts {
		var f *servicetime.Fault
		require.ErrorAs(t, part, &f)
		assert.Contains(t, []string{"bad_request", "not_found", "out_of_range", "too_large"}, f.Code)
		paths = append(paths, f.Path)
	}
	return paths
}

func TestVectorsComposition(t *testing.T) {
	calendars := vectors.Calendars(t)
	unavailable, severalSpells := 0, 0
	for _, row := range vectors.Rows[struct {
		ID, Cal     string
		From, To    time.Time
		Quorum      int
		Providers   []string
		Down        map[string][][2]time.Time
		By          []int64        `json:"open_seconds_by_up_count"`
		Full        int64          `json:"full_seconds"`
		Disturbed   int64          `json:"disturbed_seconds"`
		Gap         int64          `json:"gap_1_2_seconds"`
		None        int64          `json:"none_seconds"`
		Strict      int64          `json:"unavailable_strict_lt3_seconds"`
		Literal     int64          `json:"unavailable_literal_eq0_seconds"`
		Impact2     int64          `json:"impact2_seconds"`
		Unlisted    int64          `json:"impact_unlisted_5_7_down_seconds"`
		Impact1     int64          `json:"impact1_seconds"`
		BelowQuorum [][2]time.Time `json:"below_quorum_intervals_24x7"`
	}](t, "composition.jsonl") {
		var outages []availability.Outage
		for provider, spans := range row.Down {
			for _, s := range spans {
				outages = append(outages, availability.Outage{Provider: provider, From: s[0], To: s[1]})
			}
		}
		span := servicetime.Span{From: row.From, To: row.To}
		compose := func(need int) *availability.Composite {
			c, err := availability.Quorum{Need: need}.Among(availability.Providers(row.Providers...)...).Compose(outages)
			require.NoError(t, err, row.ID)
			return c
		}
		strict := compose(row.Quorum)
		a, err := strict.Measure(calendars[row.Cal], span)
		require.NoError(t, err, row.ID)
		var by []int64
		sum := func(by []time.Duration) (sum int64) {
			for _, d := range by {
				sum += int64(d)
			}
			return sum / second
		}
		for _, d := range a.By {
			require.Zero(t, int64(d)%second, row.ID)
			by = append(by, int64(d)/second)
		}
		assert.Equal(t, row.By, by, row.ID)
		assert.Equal(t, []int64{row.Full, row.Disturbed, row.Strict}, []int64{int64(a.Available) / second, int64(a.Disturbed) / second, int64(a.Unavailable) / second}, row.ID)
		assert.Equal(t, []int64{row.Gap, row.None, row.Impact2, row.Unlisted, row.Impact1}, []int64{sum(a.By[1:3]), sum(a.By[:1]), sum(a.By[4:8]), sum(a.By[1:4]), sum(a.By[:1])}, row.ID)

		literal, err := compose(1).Measure(calendars[row.Cal], span)
		require.NoError(t, err, row.ID)
		assert.Equal(t, row.Literal*second, int64(literal.Unavailable), row.ID)
		assert.Equal(t, a.By, literal.By, row.ID)

		spans, err := strict.Spans(availability.Unavailable, span)
		require.NoError(t, err, row.ID)
		below := [][2]time.Time{}
		for _, s := range spans {
			below = append(below, [2]time.Time{s.From.UTC(), s.To.UTC()})
		}
		assert.Equal(t, row.BelowQuorum, below, row.ID)

		// The tally of it says the same.
		var tally availability.Tally
		strict.AddTo(&tally)
		m, err := tally.Result(availability.Rule{Opening: calendars[row.Cal]}, span, late)
		require.NoError(t, err, row.ID)
		assert.Equal(t, []time.Duration{a.Available + a.Disturbed, a.Disturbed, a.Unavailable}, []time.Duration{m.Up(), m.Degraded, m.Down}, row.ID)
		if row.Strict > 0 {
			unavailable++
		}
		if len(below) > 1 {
			severalSpells++
		}
	}
	assert.Positive(t, unavailable, "some are unavailable in opening hours")
	assert.Positive(t, severalSpells, "some have several stretches")
}

func TestVectorsCallComposition(t *testing.T) {
	texts := map[string]availability.Condition{
		"available": availability.Available, "available_with_disturbance": availability.Disturbed, "unavailable": availability.Unavailable,
	}
	differ := 0
	for _, row := range vectors.Rows[struct {
		ID                             string
		Providers, Requested, Answered []string
		Fixed3                         string
		Capped                         string `json:"capped_min3_requested"`
		Literal                        string `json:"literal_zero"`
		Failed                         int
		// impact_literal and the two ways to fill its hole are priorities: package priority reads them.
	}](t, "call_composition.jsonl") {
		asked, answered := len(row.Requested), len(row.Answered)
		assert.Subset(t, row.Providers, row.Requested, row.ID)
		assert.Subset(t, row.Requested, row.Answered, row.ID)
		assert.Equal(t, row.Failed, asked-answered, row.ID)
		var failed []availability.Outage
		for _, name := range row.Requested {
			if !slices.Contains(row.Answered, name) {
				failed = append(failed, mondayOutage(name, 0, 1))
			}
		}
		for _, reading := range []struct {
			quorum availability.Quorum
			want   string
		}{
			{availability.Quorum{Need: 3}, row.Capped},
			{availability.Quorum{Need: 3, Fixed: true}, row.Fixed3},
			{availability.Quorum{Need: 1}, row.Literal},
		} {
			want := texts[reading.want]
			require.NotZero(t, want, row.ID)
			got, err := reading.quorum.Condition(asked, answered)
			require.NoError(t, err, row.ID)
			assert.Equal(t, want, got, row.ID)

			// The outages of those that did not answer make the same of the services that the call asked.
			composite, err := reading.quorum.Among(availability.Providers(row.Requested...)...).Compose(failed)
			if reading.quorum.Of(asked) > asked {
				require.ErrorIs(t, err, availability.ErrQuorum, row.ID)
				continue
			}
			require.NoError(t, err, row.ID)
			spells, err := composite.Spells(mondaySpan(0, 1))
			require.NoError(t, err, row.ID)
			assert.Equal(t, []availability.Spell{{Span: mondaySpan(0, 1), Answering: answered, Condition: want}}, spells, row.ID)
		}
		if row.Fixed3 != row.Capped {
			differ++
		}
	}
	assert.Positive(t, differ, "some ask fewer than three")
}

func TestQuorumCondition(t *testing.T) {
	capped, fixed, literal := availability.Quorum{Need: 3}, availability.Quorum{Need: 3, Fixed: true}, availability.Quorum{Need: 1}
	for _, tc := range []struct {
		asked, answered        int
		capped, fixed, literal string
	}{
		{8, 8, "available", "available", "available"},
		{8, 7, "disturbed", "disturbed", "disturbed"},
		{8, 3, "disturbed", "disturbed", "disturbed"},
		{8, 2, "unavailable", "unavailable", "disturbed"},
		{8, 1, "unavailable", "unavailable", "disturbed"},
		{8, 0, "unavailable", "unavailable", "unavailable"},
		{4, 3, "disturbed", "disturbed", "disturbed"},
		{3, 3, "available", "available", "available"},
		{3, 2, "unavailable", "unavailable", "disturbed"},
		{2, 2, "available", "unavailable", "available"}, // all that were asked
		{2, 1, "unavailable", "unavailable", "disturbed"},
		{1, 1, "available", "unavailable", "available"},
		{1, 0, "unavailable", "unavailable", "unavailable"},
	} {
		var got []string
		for _, q := range []availability.Quorum{capped, fixed, literal} {
			condition, err := q.Condition(tc.asked, tc.answered)
			require.NoError(t, err)
			got = append(got, condition.String())
		}
		assert.Equal(t, []string{tc.capped, tc.fixed, tc.literal}, got, "%d of %d", tc.answered, tc.asked)
	}
}

func TestQuorumConditionFails(t *testing.T) {
	preset := availability.Quorum{Need: 3}
	for _, tc := range []struct {
		name            string
		quorum          availability.Quorum
		asked, answered int
		path            string
		want            error
	}{
		{"zero quorum", availability.Quorum{}, 8, 8, "", availability.ErrQuorum},
		{"negative quorum", availability.Quorum{Need: -3}, 8, 8, "", availability.ErrQuorum},
		{"fixed, zero", availability.Quorum{Fixed: true}, 8, 8, "", availability.ErrQuorum},
		{"none asked", preset, 0, 0, "asked", availability.ErrAnswers},
		{"negative asked", preset, -1, -1, "asked", availability.ErrAnswers},
		{"negative answered", preset, 8, -1, "answered", availability.ErrAnswers},
		{"more than asked", preset, 8, 9, "answered", availability.ErrAnswers},
	} {
		condition, err := tc.quorum.Condition(tc.asked, tc.answered)
		require.ErrorIs(t, err, tc.want, tc.name)
		assert.Zero(t, condition, tc.name)
		if tc.path != "" {
			assert.Equal(t, []string{tc.path}, faultPaths(t, err), tc.name)
		}
	}
}

func TestConditionText(t *testing.T) {
	for condition, text := range map[availability.Condition]string{availability.Available: "available", availability.Disturbed: "disturbed", availability.Unavailable: "unavailable"} {
		assert.Equal(t, text, condition.String())
		b, err := condition.MarshalText()
		require.NoError(t, err)
		var back availability.Condition
		require.NoError(t, back.UnmarshalText(b))
		assert.Equal(t, condition, back)
	}
	_, err := availability.Condition(0).MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
	var c availability.Condition
	require.ErrorIs(t, c.UnmarshalText([]byte("full")), servicetime.ErrText)
	assert.Empty(t, availability.Condition(4).String())
}

func TestQuorumEvents(t *testing.T) {
	preset := availability.Quorum{Need: 3}
	events, err := preset.Events([]availability.Call{
		{At: monday(0), Asked: 8, Answered: 8},
		{At: monday(20), Asked: 8, Answered: 2},
		{At: monday(10), Asked: 8, Answered: 3},
		{At: monday(30), Asked: 2, Answered: 2},
	})
	require.NoError(t, err)
	assert.Equal(t, []availability.Event{
		{At: monday(0), State: availability.Up},
		{At: monday(20), State: availability.Down},
		{At: monday(10), State: availability.Degraded},
		{At: monday(30), State: availability.Up},
	}, events)

	// calls      8 of 8   3 of 8   2 of 8   2 of 2
	// seconds    0        10       20       30      60
	// tally      up       degraded down     up
	var tally availability.Tally
	require.NoError(t, availability.Sampling{}.Observe(&tally, events, mondaySpan(0, 60)))
	m, err := tally.Result(availability.Rule{Opening: hours("mon-sun 00:00-24:00")}, mondaySpan(0, 60), monday(60))
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{10 * time.Second, 10 * time.Second, 50 * time.Second}, []time.Duration{m.Down, m.Degraded, m.Up()})

	none, err := preset.Events(nil)
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestQuorumEventsFail(t *testing.T) {
	_, err := availability.Quorum{}.Events(nil)
	require.ErrorIs(t, err, availability.ErrQuorum)

	events, err := availability.Quorum{Need: 3}.Events([]availability.Call{
		{At: monday(0), Asked: 8, Answered: 9},
		{At: monday(0), Asked: 8, Answered: 8},
		{Asked: 0},
		{At: monday(0), Asked: 2, Answered: -1},
	})
	assert.Nil(t, events)
	require.ErrorIs(t, err, availability.ErrAnswers)
	require.ErrorIs(t, err, servicetime.ErrRange)
	assert.Equal(t, []string{"calls[0].answered", "calls[2].at", "calls[2].asked", "calls[3].answered"}, faultPaths(t, err))
}

// line10 is the condition of each of the ten seconds of a composition, a letter each: a, d, u.
func line10(t *testing.T, c availability.Composition, outages ...availability.Outage) string {
	t.Helper()
	composite, err := c.Compose(outages)
	require.NoError(t, err)
	spells, err := composite.Spells(mondaySpan(0, 10))
	require.NoError(t, err)
	var line strings.Builder
	for _, s := range spells {
		line.WriteString(strings.Repeat(s.Condition.String()[:1], int(s.Duration()/time.Second)))
	}
	return line.String()
}

func TestComposition(t *testing.T) {
	abcd := availability.Providers("A", "B", "C", "D")
	a, b, c, d := abcd[0], abcd[1], abcd[2], abcd[3]
	series, parallel := availability.Series, availability.Parallel
	// seconds     0123456789
	// A           .###......
	// B           ..###.....
	// C           ...###....
	// D           ....####.#    the last one goes on
	// answering   4321123343
	outages := []availability.Outage{
		mondayOutage("D", 4, 8),
		{Provider: "D", From: monday(9)},
		mondayOutage("A", 1, 4), mondayOutage("B", 2, 5), mondayOutage("C", 3, 6),
	}
	for _, tc := range []struct {
		name string
		of   availability.Composition
		want string
	}{
		{"series", series(abcd...), "auuuuuuuau"},
		{"parallel", parallel(abcd...), "adddddddad"},
		{"3 of 4", availability.Composition{Quorum: 3, Members: abcd}, "aduuuuddad"},
		{"2 of 4", availability.Composition{Quorum: 2, Members: abcd}, "adduudddad"},
		{"the preset's", availability.Quorum{Need: 3}.Among(abcd...), "aduuuuddad"},
		{"series of parallels", series(parallel(a, b), parallel(c, d)), "aduuuuddad"},
		{"series of crossed parallels", series(parallel(a, c), parallel(b, d)), "adduudddad"},
		{"parallel of series", parallel(series(a, b), series(c, d)), "adduudddad"},
		{"parallel of crossed series", parallel(series(a, c), series(b, d)), "aduuuuddad"},
		{"series with a group that is disturbed", series(a, availability.Composition{Quorum: 1, Members: abcd[1:]}), "auuuudddad"},
		{"groups of one", series(parallel(availability.Composition{Quorum: 3, Members: abcd})), "aduuuuddad"},
	} {
		assert.Equal(t, tc.want, line10(t, tc.of, outages...), tc.name)
	}
	assert.Equal(t, "auuuaaaaaa", line10(t, a, outages[2]), "a provider alone")
	assert.Equal(t, "auuuaaaaaa", line10(t, availability.Quorum{Need: 3}.Among(a, b), outages[2]), "the preset's of two")
	assert.Equal(t, "aaaaaaaaaa", line10(t, series(abcd...)), "no outages")
	assert.Equal(t, "aaaaaaaaaa", line10(t, series(abcd...), mondayOutage("A", 5, 5)), "an empty outage")
	assert.Equal(t, "aauuuuuaaa", line10(t, series(abcd...), mondayOutage("A", 2, 5), mondayOutage("A", 3, 4), mondayOutage("A", 4, 7)), "what two cover counts once")
	assert.Equal(t, "uuuuuuuuuu", line10(t, series(abcd...), mondayOutage("A", -100, 100)), "over the span")
	assert.Equal(t, "aaaaaaaaaa", line10(t, series(abcd...), mondayOutage("A", -100, 0), mondayOutage("B", 10, 20)), "beside the span")
}

func TestCompositionNames(t *testing.T) {
	c := availability.Composition{Quorum: 2, Members: []availability.Composition{
		{Provider: "A"}, availability.Series(availability.Providers("B", "C")...), availability.Parallel(availability.Providers("D")...),
	}}
	assert.Equal(t, []string{"A", "B", "C", "D"}, c.Names())
	assert.Equal(t, []string{"A"}, (&availability.Composition{Provider: "A"}).Names())
	assert.Empty(t, (&availability.Composition{}).Names())
}

func TestCompositionOfItself(t *testing.T) {
	// seconds     0123456789
	// itself      ...##.....
	// A           ....##....
	c := availability.Parallel(availability.Providers("A", "B")...)
	composite, err := c.Compose([]availability.Outage{mondayOutage("", 3, 5), mondayOutage("A", 4, 6)})
	require.NoError(t, err)
	spells, err := composite.Spells(mondaySpan(0, 10))
	require.NoError(t, err)
	assert.Equal(t, []availability.Spell{
		{Span: mondaySpan(0, 3), Answering: 2, Condition: availability.Available},
		{Span: mondaySpan(3, 5), Answering: 0, Condition: availability.Unavailable},
		{Span: mondaySpan(5, 6), Answering: 1, Condition: availability.Disturbed},
		{Span: mondaySpan(6, 10), Answering: 2, Condition: availability.Available},
	}, spells)
	assert.Equal(t, "2026-10-05 06:00:05 +0000 – 2026-10-05 06:00:06 +0000: disturbed, 1 answering", spells[2].String())
}

func TestCompositeAnswering(t *testing.T) {
	// A group is one member: it answers while it is disturbed.
	//
	// seconds     0123456789
	// N1          .###......
	// N2          ..##......
	// S           .....###..
	// north       adduaaaaaa    parallel
	// answering   2222122211
	c := availability.Parallel(availability.Parallel(availability.Providers("N1", "N2")...), availability.Composition{Provider: "S"})
	composite, err := c.Compose([]availability.Outage{mondayOutage("N1", 1, 4), mondayOutage("N2", 2, 4), mondayOutage("S", 5, 8)})
	require.NoError(t, err)
	spells, err := composite.Spells(mondaySpan(0, 10))
	require.NoError(t, err)
	assert.Equal(t, []availability.Spell{
		{Span: mondaySpan(0, 1), Answering: 2, Condition: availability.Available},
		{Span: mondaySpan(1, 2), Answering: 2, Condition: availability.Disturbed},
		{Span: mondaySpan(2, 4), Answering: 1, Condition: availability.Disturbed},
		{Span: mondaySpan(4, 5), Answering: 2, Condition: availability.Available},
		{Span: mondaySpan(5, 8), Answering: 1, Condition: availability.Disturbed},
		{Span: mondaySpan(8, 10), Answering: 2, Condition: availability.Available},
	}, spells)

	spans, err := composite.Spans(availability.Disturbed, mondaySpan(0, 10))
	require.NoError(t, err)
	assert.Equal(t, []servicetime.Span{mondaySpan(1, 4), mondaySpan(5, 8)}, spans)
	spans, err = composite.Spans(availability.Available, mondaySpan(0, 10))
	require.NoError(t, err)
	assert.Equal(t, []servicetime.Span{mondaySpan(0, 1), mondaySpan(4, 5), mondaySpan(8, 10)}, spans)
	spans, err = composite.Spans(availability.Unavailable, mondaySpan(0, 10))
	require.NoError(t, err)
	assert.Empty(t, spans)
	spells, err = composite.Spells(mondaySpan(3, 3))
	require.NoError(t, err)
	assert.Empty(t, spells, "an empty span")
}

// Of a condition within opening hours, only what is open:
//
//	unavailable   |-----------|        |---|
//	open             |--|  |-----------------|
//	both             |--|  |--|        |---|
func TestOpenSpans(t *testing.T) {
	const h = 60 * 60 // from 06:00
	opening, err := servicetime.Compile(servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("mon 08:00-09:00 11:00-16:00")}, time.LoadLocation)
	require.NoError(t, err)
	composite, err := availability.Series(availability.Providers("A")...).Compose([]availability.Outage{mondayOutage("A", 1*h, 6*h), mondayOutage("A", 8*h, 9*h)})
	require.NoError(t, err)
	spans, err := composite.OpenSpans(availability.Unavailable, opening, mondaySpan(0, 18*h))
	require.NoError(t, err)
	assert.Equal(t, []servicetime.Span{mondaySpan(2*h, 3*h), mondaySpan(5*h, 6*h), mondaySpan(8*h, 9*h)}, spans)
	_, err = composite.OpenSpans(availability.Unavailable, opening, servicetime.Span{})
	require.ErrorIs(t, err, servicetime.ErrRange)
}

func TestCompositeToTheNanosecond(t *testing.T) {
	// One ends at the instant at which the other begins: the service is never up between, and never twice down. Then there is one nanosecond.
	c := availability.Series(availability.Providers("A", "B")...)
	composite, err := c.Compose([]availability.Outage{
		{Provider: "A", From: monday(1), To: monday(2).Add(1)},
		{Provider: "B", From: monday(2).Add(1), To: monday(3)},
		{Provider: "A", From: monday(3).Add(1), To: monday(4)},
	})
	require.NoError(t, err)
	spans, err := composite.Spans(availability.Unavailable, mondaySpan(0, 10))
	require.NoError(t, err)
	assert.Equal(t, []servicetime.Span{mondaySpan(1, 3), {From: monday(3).Add(1), To: monday(4)}}, spans)
	a, err := composite.Measure(hours("mon-sun 00:00-24:00"), servicetime.Span{From: monday(2).Add(7), To: monday(4).Add(-5)})
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{0, 2*time.Second - 13, 1}, a.By)
	assert.Equal(t, []time.Duration{1, 0, 2*time.Second - 13}, []time.Duration{a.Available, a.Disturbed, a.Unavailable})
}

func TestCompositeOverTheMonthsEdge(t *testing.T) {
	// An interruption belongs to the month of its first open second, also where a month's report takes all outages.
	//
	// month       September  |  October
	// A              |--------------|        Wednesday 30th 16:00 to Thursday 1st 09:00
	// B                         |------      from Thursday 1st 08:30, not ended
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return v
	}
	composite, err := availability.Parallel(availability.Series(availability.Providers("A", "B")...)).Compose([]availability.Outage{
		{Provider: "A", From: at("2026-09-30T16:00:00+02:00"), To: at("2026-10-01T09:00:00+02:00")},
		{Provider: "B", From: at("2026-10-01T08:30:00+02:00")},
	})
	require.NoError(t, err)
	var tally availability.Tally
	composite.AddTo(&tally)
	rule := availability.Rule{Opening: hours(officeHours)}
	asOf := at("2026-10-01T10:00:00+02:00")
	for month, want := range map[string]struct {
		count int64
		down  time.Duration
	}{"2026-09": {1, time.Hour}, "2026-10": {0, 2 * time.Hour}} {
		span, err := rule.Opening.Span(servicetime.MustMonth(month))
		require.NoError(t, err)
		m, err := tally.Result(rule, span, asOf)
		require.NoError(t, err)
		assert.Equal(t, want.count, m.Count(), month)
		assert.Equal(t, want.down, m.Down, month)
		for _, i := range m.Interruptions {
			assert.True(t, i.Ongoing)
			assert.Equal(t, 3*time.Hour, i.Down)
		}
	}
}

func TestCompositionCheckFails(t *testing.T) {
	leaf := availability.Composition{Provider: "A"}
	deep := func(n int) availability.Composition { // n levels, the provider included
		c := leaf
		for range n - 1 {
			c = availability.Parallel(c)
		}
		return c
	}
	wide := func(n int) availability.Composition {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprint(i))
		}
		return availability.Series(availability.Providers(names...)...)
	}
	require.NoError(t, deep(availability.MaxDepth).Check())
	require.NoError(t, wide(availability.MaxProviders).Check())
	itself := make([]availability.Composition, 2) // a slice that holds itself, which no text can
	itself[0] = availability.Parallel(itself...)
	itself[1] = availability.Parallel(itself...)

	for _, tc := range []struct {
		name  string
		of    availability.Composition
		want  error
		paths []string
	}{
		{"zero", availability.Composition{}, availability.ErrComposition, []string{"provider"}},
		{"a quorum of nobody", availability.Composition{Quorum: 1}, availability.ErrComposition, []string{"members"}},
		{"a provider with a quorum", availability.Composition{Provider: "A", Quorum: 1}, availability.ErrComposition, []string{"provider"}},
		{"a provider with members", availability.Composition{Provider: "A", Members: []availability.Composition{leaf}}, availability.ErrComposition, []string{"provider"}},
		{"no quorum", availability.Composition{Members: []availability.Composition{leaf}}, availability.ErrQuorum, []string{"quorum"}},
		{"negative quorum", availability.Composition{Quorum: -1, Members: []availability.Composition{leaf}}, availability.ErrQuorum, []string{"quorum"}},
		{"quorum over n", availability.Composition{Quorum: 2, Members: []availability.Composition{leaf}}, availability.ErrQuorum, []string{"quorum"}},
		{"fixed quorum over n", availability.Quorum{Need: 3, Fixed: true}.Among(leaf), availability.ErrQuorum, []string{"quorum"}},
		{"series of none", availability.Series(), availability.ErrComposition, []string{"provider"}},
		{"twice", availability.Series(leaf, availability.Parallel(leaf)), servicetime.ErrTwice, []string{"members[1].members[0].provider"}},
		{
			"all at once",
			availability.Composition{Quorum: 4, Members: []availability.Composition{
				{}, leaf, {Quorum: 0, Members: []availability.Composition{leaf, {}}},
			}},
			availability.ErrQuorum,
			[]string{"quorum", "members[0].provider", "members[2].quorum", "members[2].members[0].provider", "members[2].members[1].provider"},
		},
		{"too deep", deep(availability.MaxDepth + 1), servicetime.ErrLimit, []string{strings.TrimSuffix(strings.Repeat("members[0].", availability.MaxDepth), ".")}},
		{"too wide", wide(availability.MaxProviders + 1), servicetime.ErrLimit, []string{"members"}},
		{"too wide in a group", availability.Parallel(wide(availability.MaxProviders + 1)), servicetime.ErrLimit, []string{"members"}},
		{"of itself", availability.Parallel(itself...), servicetime.ErrLimit, nil},
	} {
		err := tc.of.Check()
		require.ErrorIs(t, err, tc.want, tc.name)
		if paths := faultPaths(t, err); tc.paths != nil {
			assert.Equal(t, tc.paths, paths, tc.name)
		}
		composite, err := tc.of.Compose(nil)
		require.ErrorIs(t, err, tc.want, tc.name)
		assert.Nil(t, composite, tc.name)
	}
}

func TestComposeFails(t *testing.T) {
	c := availability.Series(availability.Providers("A", "B")...)
	composite, err := c.Compose([]availability.Outage{
		mondayOutage("C", 0, 1),
		mondayOutage("A", 0, 1),
		mondayOutage("A", 2, 1),
		{Provider: "a", To: monday(1)},
		{Provider: "B", From: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)},
	})
	assert.Nil(t, composite)
	for _, want := range []error{availability.ErrProvider, servicetime.ErrBackwards, servicetime.ErrRange} {
		require.ErrorIs(t, err, want)
	}
	assert.Equal(t, []string{"outages[0].provider", "outages[2].to", "outages[3].provider", "outages[3].from", "outages[4].from"}, faultPaths(t, err))
}

func TestCompositeSpanFails(t *testing.T) {
	composite, err := availability.Series(availability.Providers("A")...).Compose(nil)
	require.NoError(t, err)
	h24 := hours("mon-sun 00:00-24:00")
	for _, tc := range []struct {
		name string
		of   *availability.Composite
		span servicetime.Span
		want error
	}{
		{"backwards", composite, mondaySpan(1, 0), servicetime.ErrBackwards},
		{"no start", composite, servicetime.Span{To: monday(0)}, servicetime.ErrRange},
		{"no end", composite, servicetime.Span{From: monday(0)}, servicetime.ErrRange},
		{"too late", composite, servicetime.Span{From: monday(0), To: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)}, servicetime.ErrRange},
		{"not composed", &availability.Composite{}, mondaySpan(0, 1), availability.ErrComposition},
	} {
		spells, err := tc.of.Spells(tc.span)
		require.ErrorIs(t, err, tc.want, tc.name)
		assert.Empty(t, spells, tc.name)
		spans, err := tc.of.Spans(availability.Available, tc.span)
		require.ErrorIs(t, err, tc.want, tc.name)
		assert.Empty(t, spans, tc.name)
		a, err := tc.of.Measure(h24, tc.span)
		require.ErrorIs(t, err, tc.want, tc.name)
		assert.Zero(t, a, tc.name)
	}
	_, err = composite.Measure(nil, mondaySpan(0, 1))
	require.ErrorIs(t, err, availability.ErrReading)
}

func TestCompositionJSON(t *testing.T) {
	c := availability.Series(availability.Composition{Provider: "web"}, availability.Parallel(availability.Providers("north", "south")...))
	b, err := json.Marshal(c)
	require.NoError(t, err)
	assert.JSONEq(t, `{"quorum":2,"members":[{"provider":"web"},{"quorum":1,"members":[{"provider":"north"},{"provider":"south"}]}]}`, string(b))
	var back availability.Composition
	require.NoError(t, json.Unmarshal(b, &back))
	assert.Equal(t, c, back)
	b, err = json.Marshal(availability.Quorum{Need: 3})
	require.NoError(t, err)
	assert.JSONEq(t, `{"need":3}`, string(b))
}

// A draw is a number from 0 to n-1, from a generator or the bytes of a fuzzer.
type draw func(n int) int

// drawnSeconds is the span of a drawn case, before and behind which some outages lie.
const drawnSeconds = 60

// composition draws a tree of at most so many levels, whose providers are new.
func (d draw) composition(levels int, names *[]string) availability.Composition {
	if levels == 1 || d(3) == 0 {
		name := fmt.Sprint("P", len(*names))
		*names = append(*names, name)
		return availability.Composition{Provider: name}
	}
	var members []availability.Composition
	for range 1 + d(4) {
		members = append(members, d.composition(levels-1, names))
	}
	return availability.Composition{Quorum: 1 + d(len(members)), Members: members}
}

// outages draws some, of which few are of the composite service itself, and few go on.
func (d draw) outages(names []string) []availability.Outage {
	var out []availability.Outage
	for range d(12) {
		from := d(drawnSeconds+20) - 10
		o := mondayOutage(names[d(len(names))], from, from+d(20))
		switch d(20) {
		case 0:
			o.Provider = ""
		case 1:
			o.To = time.Time{}
		}
		out = append(out, o)
	}
	return out
}

// slowCondition is that of a node at an instant, straight from its definition.
func slowCondition(c availability.Composition, down func(provider string) bool) (is availability.Condition, answering int) {
	if c.Provider != "" {
		if down(c.Provider) {
			return availability.Unavailable, 0
		}
		return availability.Available, 1
	}
	full := 0
	for _, member := range c.Members {
		is, _ := slowCondition(member, down)
		if is != availability.Unavailable {
			answering++
		}
		if is == availability.Available {
			full++
		}
	}
	switch {
	case answering < c.Quorum:
		return availability.Unavailable, answering
	case full < len(c.Members):
		return availability.Disturbed, answering
	}
	return availability.Available, answering
}

// slowLine is the condition and the number of answers of each second.
func slowLine(c availability.Composition, outages []availability.Outage) (line []availability.Spell) {
	for s := range drawnSeconds {
		down := func(provider string) bool {
			return slices.ContainsFunc(outages, func(o availability.Outage) bool {
				return o.Provider == provider && !monday(s).Before(o.From) && (o.To.IsZero() || monday(s).Before(o.To))
			})
		}
		is, answering := slowCondition(c, down)
		if down("") {
			is, answering = availability.Unavailable, 0
		}
		line = append(line, availability.Spell{Span: mondaySpan(s, s+1), Answering: answering, Condition: is})
	}
	return line
}

// fastLine is the same of the code under test.
func fastLine(t *testing.T, c availability.Composition, outages []availability.Outage) (line []availability.Spell) {
	t.Helper()
	composite, err := c.Compose(outages)
	require.NoError(t, err)
	spells, err := composite.Spells(mondaySpan(0, drawnSeconds))
	require.NoError(t, err)
	from := monday(0)
	for i, s := range spells {
		require.Equal(t, from, s.From, "spells touch")
		from = s.To
		if i > 0 {
			require.NotEqual(t, availability.Spell{Span: s.Span, Answering: spells[i-1].Answering, Condition: spells[i-1].Condition}, s, "spells are the longest")
		}
		for at := s.From; at.Before(s.To); at = at.Add(time.Second) {
			line = append(line, availability.Spell{Span: servicetime.Span{From: at, To: at.Add(time.Second)}, Answering: s.Answering, Condition: s.Condition})
		}
	}
	return line
}

// checkDrawn compares a drawn case with the slow reference, and holds the laws of compositions against it.
func (d draw) checkDrawn(t *testing.T) {
	t.Helper()
	var names []string
	c := d.composition(4, &names)
	outages := d.outages(names)
	line := fastLine(t, c, outages)
	require.Equal(t, slowLine(c, outages), line, "%+v %+v", c, outages)

	// One more outage is nowhere better.
	for s, more := range fastLine(t, c, append(d.outages(names), outages...)) {
		require.GreaterOrEqual(t, more.Condition, line[s].Condition)
		require.LessOrEqual(t, more.Answering, line[s].Answering)
	}
	// The order does not matter.
	backwards := slices.Clone(outages)
	slices.Reverse(backwards)
	require.Equal(t, line, fastLine(t, c, backwards))
	// A group of one is its member, but for the number.
	for s, one := range fastLine(t, availability.Series(c), outages) {
		require.Equal(t, line[s].Condition, one.Condition)
	}
	// A larger quorum is nowhere better; series is the largest, parallel the least.
	if n := len(c.Members); n > 0 {
		c.Quorum = 1
		less := fastLine(t, c, outages)
		require.Equal(t, less, fastLine(t, availability.Parallel(c.Members...), outages))
		for c.Quorum < n {
			c.Quorum++
			greater := fastLine(t, c, outages)
			for s := range less {
				require.GreaterOrEqual(t, greater[s].Condition, less[s].Condition)
			}
			less = greater
		}
		require.Equal(t, less, fastLine(t, availability.Series(c.Members...), outages))
	}
}

func TestCompositionRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	for range 150 {
		draw(r.IntN).checkDrawn(t)
	}
}

func FuzzComposition(f *testing.F) {
	r := rand.New(rand.NewPCG(4, 9))
	for range 8 {
		seed := make([]byte, 60)
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		f.Add(seed, `{"quorum":2,"members":[{"provider":"A"},{"quorum":1,"members":[{"provider":"B"}]}]}`)
	}
	f.Add([]byte{}, `{"quorum":9,"members":[{},{"provider":"A","quorum":-1},{"members":[{"provider":"A"},{"provider":"A"}]}]}`)
	f.Fuzz(func(t *testing.T, bytes []byte, text string) {
		draw(func(n int) int {
			if len(bytes) == 0 {
				return 0
			}
			b := int(bytes[0])
			bytes = bytes[1:]
			return b % n
		}).checkDrawn(t)

		// Whatever a text says is composed or has faults with paths.
		var c availability.Composition
		if json.Unmarshal([]byte(text), &c) != nil {
			return
		}
		composite, err := c.Compose(nil)
		if err != nil {
			assert.NotContains(t, faultPaths(t, err), "")
			return
		}
		spells, err := composite.Spells(mondaySpan(0, 1))
		require.NoError(t, err)
		members := max(len(c.Members), 1)
		assert.Equal(t, []availability.Spell{{Span: mondaySpan(0, 1), Answering: members, Condition: availability.Available}}, spells)
	})
}

func TestUncovered(t *testing.T) {
	opening := hours(officeHours)
	hour := func(h int) int { return (h - 8) * 3600 } // of Monday
	span := func(from, to int) servicetime.Span { return mondaySpan(hour(from), hour(to)) }
	spans := func(s ...servicetime.Span) []servicetime.Span { return s }
	open := servicetime.Span{From: monday(hour(9))}
	for _, tc := range []struct {
		name                 string
		disturbed, incidents []servicetime.Span
		want                 []servicetime.Span
	}{
		{"nothing", nil, nil, nil},
		{"no disturbance", nil, spans(span(9, 10)), nil},
		{"no incident", spans(span(9, 10)), nil, spans(span(9, 10))},
		// disturbed      |----|
		// incidents   |----|
		{"begun before", spans(span(9, 11)), spans(span(8, 10)), nil},
		// disturbed   |----|
		// incidents      |----|
		{"begun in it", spans(span(9, 11)), spans(span(10, 12)), nil},
		// disturbed   |------|
		// incidents     |--|
		{"within", spans(span(9, 12)), spans(span(10, 11)), nil},
		{"an instant of it", spans(span(9, 12)), spans(span(10, 10)), nil},
		// disturbed      |--|
		// incidents   |--|
		{"touches the start", spans(span(9, 10)), spans(span(8, 9)), nil},
		{"touches the end", spans(span(9, 10)), spans(span(10, 11)), nil},
		// disturbed        |--|
		// incidents   |--|      |--|
		{"before and behind", spans(span(11, 12)), spans(span(13, 14), span(9, 10)), spans(span(11, 12))},
		// disturbed                   |--|
		// incidents   |------------------------|
		//                |--|                      begins later, ends sooner
		{"a long one", spans(span(14, 15)), spans(span(10, 11), span(9, 16)), nil},
		{"still open", spans(span(14, 15)), spans(open), nil},
		{"still open, but later", spans(span(8, 8), mondaySpan(0, 10)), spans(open), spans(mondaySpan(0, 10))},
		{"at night", spans(span(18, 20), span(-1, 7)), nil, nil},
		{"whole, with its night", spans(span(16, 20)), nil, spans(span(16, 20))},
		{"touches the opening hours", spans(span(7, 8), span(17, 18)), nil, nil},
		{"in their order", spans(span(14, 15), span(9, 10), span(11, 12)), spans(span(9, 9)), spans(span(14, 15), span(11, 12))},
		{"goes on", spans(open), nil, spans(open)},
		{"goes on, covered later", spans(open), spans(span(15, 16)), nil},
	} {
		got, err := availability.Uncovered(tc.disturbed, tc.incidents, opening)
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.want, got, tc.name)
	}
}

func TestUncoveredRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 4))
	opening := hours(officeHours) // from second 0
	for range 500 {
		spans := func() (out []servicetime.Span) {
			for range r.IntN(6) {
				from := r.IntN(60) - 20
				s := mondaySpan(from, from+r.IntN(10))
				if r.IntN(20) == 0 {
					s.To = time.Time{}
				}
				out = append(out, s)
			}
			return out
		}
		disturbed, incidents := spans(), spans()
		var want []servicetime.Span
		for _, d := range disturbed {
			covered := slices.ContainsFunc(incidents, func(i servicetime.Span) bool {
				return (d.To.IsZero() || !i.From.After(d.To)) && (i.To.IsZero() || !i.To.Before(d.From))
			})
			open := d.To.IsZero() || d.To.After(monday(0)) && d.To.After(d.From)
			if open && !covered {
				want = append(want, d)
			}
		}
		got, err := availability.Uncovered(disturbed, incidents, opening)
		require.NoError(t, err)
		require.Equal(t, want, got, "%v %v", disturbed, incidents)
	}
}

func TestUncoveredFails(t *testing.T) {
	_, err := availability.Uncovered(nil, nil, nil)
	require.ErrorIs(t, err, availability.ErrReading)
	got, err := availability.Uncovered([]servicetime.Span{mondaySpan(1, 0), {}}, []servicetime.Span{mondaySpan(0, 1), mondaySpan(3, 2)}, hours("mon-sun 00:00-24:00"))
	assert.Empty(t, got)
	require.ErrorIs(t, err, servicetime.ErrBackwards)
	require.ErrorIs(t, err, servicetime.ErrRange)
	assert.Equal(t, []string{"disturbed[0].to", "disturbed[1].from", "incidents[1].to"}, faultPaths(t, err))
}

const officeHours = "mon-fri 08:00-17:00" // §4.1.1

// hours are open in Stockholm but for public holidays.
func hours(week string) *servicetime.Calendar {
	opening, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek(week), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		panic(err)
	}
	return opening
}

// Three of eight answer: the service is available with disturbance. When a sixth goes down it is unavailable.
func ExampleComposition() {
	opening := hours(officeHours)
	at := func(hour, minute int) time.Time {
		return time.Date(2026, 10, 5, hour, minute, 0, 0, opening.Location())
	}
	service := availability.Quorum{Need: 3}.Among(availability.Providers("AF", "CSN", "FK", "SKV", "SO", "TNS", "MIV", "PM")...)
	var outages []availability.Outage
	for _, name := range []string{"AF", "CSN", "FK", "SKV", "SO"} {
		outages = append(outages, availability.Outage{Provider: name, From: at(9, 0), To: at(11, 30)})
	}
	outages = append(outages, availability.Outage{Provider: "TNS", From: at(10, 0), To: at(10, 45)})

	composite, err := service.Compose(outages)
	if err != nil {
		fmt.Println(err)
		return
	}
	day := servicetime.Span{From: at(8, 0), To: at(17, 0)}
	spells, err := composite.Spells(day)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range spells {
		fmt.Printf("%s–%s  %d of 8  %s\n", s.From.Format("15:04"), s.To.Format("15:04"), s.Answering, s.Condition)
	}
	answering, err := composite.Measure(opening, day)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answering)
	// Output:
	// 08:00–09:00  8 of 8  available
	// 09:00–10:00  3 of 8  disturbed
	// 10:00–10:45  2 of 8  unavailable
	// 10:45–11:30  3 of 8  disturbed
	// 11:30–17:00  8 of 8  available
	// available 6 h 30 min, disturbed 1 h 45 min, unavailable 45 min
}

// A tally takes what was composed, and measures it against the limits of §4.9.1.
func ExampleComposite_AddTo() {
	opening := hours(officeHours)
	at := func(hour int) time.Time { return time.Date(2026, 10, 5, hour, 0, 0, 0, opening.Location()) }
	// Both halls stand behind one network.
	service := availability.Series(
		availability.Composition{Provider: "network"},
		availability.Parallel(availability.Providers("north", "south")...),
	)
	composite, err := service.Compose([]availability.Outage{
		{Provider: "north", From: at(9), To: at(12)},
		{Provider: "network", From: at(11), To: at(13)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var tally availability.Tally
	composite.AddTo(&tally)
	m, err := tally.Result(availability.Rule{Opening: opening}, servicetime.Span{From: at(8), To: at(17)}, at(17))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.String())
	fmt.Println(m.Interruptions[0])
	// Output:
	// down 2 h of 9 h, 77.78 %, 1 interruption, 2 h with disturbance
	// 2026-10-05 11:00 – 2026-10-05 13:00, down 2 h
}

// A composite call asks those services that the case needs.
func ExampleQuorum_Condition() {
	preset := availability.Quorum{Need: 3}
	for _, call := range [][2]int{{8, 8}, {8, 3}, {8, 2}, {2, 2}, {2, 1}} {
		condition, err := preset.Condition(call[0], call[1])
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d of %d answered: %s\n", call[1], call[0], condition)
	}
	// Output:
	// 8 of 8 answered: available
	// 3 of 8 answered: disturbed
	// 2 of 8 answered: unavailable
	// 2 of 2 answered: available
	// 1 of 2 answered: unavailable
}

// §4.9: where the service is available with disturbance an incident must be registered.
func ExampleUncovered() {
	opening := hours(officeHours)
	at := func(hour, minute int) time.Time {
		return time.Date(2026, 10, 5, hour, minute, 0, 0, opening.Location())
	}
	composite, err := availability.Quorum{Need: 3}.Among(availability.Providers("AF", "CSN", "FK", "SKV")...).Compose([]availability.Outage{
		{Provider: "CSN", From: at(9, 10), To: at(9, 40)},
		{Provider: "FK", From: at(14, 5), To: at(14, 20)},
		{Provider: "AF", From: at(22, 0), To: at(23, 0)}, // at night
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	disturbed, err := composite.Spans(availability.Disturbed, servicetime.Span{From: at(0, 0), To: at(24, 0)})
	if err != nil {
		fmt.Println(err)
		return
	}
	incidents := []servicetime.Span{{From: at(9, 15), To: at(9, 50)}}
	uncovered, err := availability.Uncovered(disturbed, incidents, opening)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range uncovered {
		fmt.Printf("%s–%s with disturbance, and no incident\n", s.From.Format("15:04"), s.To.Format("15:04"))
	}
	// Output:
	// 14:05–14:20 with disturbance, and no incident
}
