package availability_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

var long = flag.Bool("long", false, "measure more random cases second by second: minutes")

// slowCase is what a measurement is made from. Everything lies on whole seconds.
type slowCase struct {
	rule              availability.Rule
	span              servicetime.Span
	asOf              time.Time
	outages           []availability.Outage
	windows           []availability.Window
	degraded, unknown []servicetime.Span
}

// slowFigures are a measurement in seconds.
type slowFigures struct {
	Open, Rest, Down, Excused, Degraded, Removed, Short, Longest int64
	Interruptions                                                []string
}

func figuresOf(m *availability.Measurement) slowFigures {
	s := func(d time.Duration) int64 { return int64(d / time.Second) }
	f := slowFigures{
		Open: s(m.Open), Rest: s(m.Rest), Down: s(m.Down), Excused: s(m.Excused), Degraded: s(m.Degraded), Removed: s(m.Removed),
		Short: s(m.Short), Longest: s(m.Longest),
	}
	for _, i := range m.Interruptions {
		f.Interruptions = append(f.Interruptions, fmt.Sprintf("%d to %d, down %d, ongoing %t", i.From.Unix(), i.To.Unix(), s(i.Down), i.Ongoing))
	}
	return f
}

// slow measures second by second, from a while before the span to a while behind it: one flag a second for each thing that may be true.
func slow(c slowCase) slowFigures {
	const day = 24 * 3600
	first := c.span.From.Unix() - 4*day
	last := max(c.span.To.Unix(), c.asOf.Unix()) + 4*day
	asOf := c.asOf.Unix()
	n := last - first
	open, down, excused := make([]bool, n), make([]bool, n), make([]bool, n)
	degraded, unknown := make([]bool, n), make([]bool, n)
	opening, err := c.rule.Opening.Spans(time.Unix(first, 0), time.Unix(last, 0))
	if err != nil {
		panic(err)
	}
	mark := func(flags []bool, from, to time.Time) {
		end := min(last, asOf) // nothing is known of what comes after
		if !to.IsZero() {
			end = min(end, to.Unix())
		}
		for v := max(from.Unix(), first); v < end; v++ {
			flags[v-first] = true
		}
	}
	for s := range opening {
		for v := s.From.Unix(); v < s.To.Unix(); v++ {
			open[v-first] = true
		}
	}
	for _, o := range c.outages {
		mark(down, o.From, o.To)
	}
	// What goes on behind as-of.
	goesOn := func(at int64) bool {
		for _, o := range c.outages {
			if o.From.Unix() < asOf && at == asOf && (o.To.IsZero() || o.To.Unix() > asOf) {
				return true
			}
		}
		for _, w := range c.windows {
			end := later(w.PlannedTo, w.ActualTo)
			from := w.PlannedTo
			if w.Decision == availability.Undecided {
				from = w.PlannedFrom
			} else if w.Announced {
				continue
			}
			if from.Unix() < asOf && at == asOf && end.Unix() > asOf {
				return true
			}
		}
		for _, d := range c.degraded {
			if c.rule.Degraded == availability.DegradedDown && d.From.Unix() < asOf && at == asOf && (d.To.IsZero() || d.To.Unix() > asOf) {
				return true
			}
		}
		return false
	}
	for _, w := range c.windows {
		end := later(w.PlannedTo, w.ActualTo)
		switch {
		case w.Decision == availability.Undecided:
			mark(down, w.PlannedFrom, end)
		case w.Announced:
			mark(excused, w.PlannedFrom, end)
		default:
			mark(excused, w.PlannedFrom, w.PlannedTo)
			mark(down, w.PlannedTo, end)
		}
	}
	for _, s := range c.degraded {
		mark(degraded, s.From, s.To)
	}
	for _, s := range c.unknown {
		mark(unknown, s.From, s.To)
	}
	if c.rule.Planned == availability.PlannedAsObserved {
		excused = make([]bool, n)
	}
	if c.rule.Degraded == availability.DegradedDown {
		for i := range down {
			down[i] = down[i] || degraded[i]
			degraded[i] = false
		}
	}
	// Runs of down seconds, and which of them are long enough or stand together.
	type run struct{ from, to int64 }
	var runs []run
	for i := range n {
		if down[i] {
			if k := len(runs); k > 0 && runs[k-1].to == i {
				runs[k-1].to++
			} else {
				runs = append(runs, run{i, i + 1})
			}
		}
	}
	cluster, minLength, minGap := int64(time.Duration(c.rule.Cluster)/time.Second), int64(time.Duration(c.rule.MinLength)/time.Second), int64(time.Duration(c.rule.MinGap)/time.Second)
	near := func(a, b run) bool { return cluster > 0 && b.to-a.from <= cluster }
	var counted []run
	short := make([]bool, n)
	for i, r := range runs {
		if r.to-r.from >= minLength || i > 0 && near(runs[i-1], r) || i+1 < len(runs) && near(r, runs[i+1]) {
			counted = append(counted, r)
			continue
		}
		for v := r.from; v < r.to; v++ {
			down[v], short[v] = false, true
		}
	}

	var f slowFigures
	in := func(v int64) bool { return v+first >= c.span.From.Unix() && v+first < c.span.To.Unix() }
	for v := range n {
		if !in(v) || !open[v] {
			continue
		}
		if v+first >= asOf {
			f.Rest++
			continue
		}
		f.Open++
		switch {
		case excused[v]:
			f.Excused++
			continue
		case down[v]:
			f.Down++
		case degraded[v]:
			f.Degraded++
		case unknown[v]:
			f.Removed++
			f.Open--
		}
		if short[v] {
			f.Short++
		}
	}
	if c.rule.Degraded == availability.DegradedWeighted {
		f.Down = -1 // not in seconds
	}
	for i := 0; i < len(counted); {
		from, to, total := int64(-1), int64(-1), int64(0)
		sofar, here := int64(0), false // to the end of the span
		j := i
		for ; j == i || j < len(counted) && (counted[j].from-counted[j-1].to < minGap || near(counted[j-1], counted[j])); j++ {
			for v := counted[j].from; v < counted[j].to; v++ {
				if open[v] && !excused[v] {
					if from < 0 {
						from = v
					}
					to = v + 1
					total++
					if v+first < c.span.To.Unix() {
						sofar++
						here = here || in(v)
					}
				}
			}
		}
		ongoing := goesOn(counted[j-1].to + first)
		i = j
		if here {
			f.Longest = max(f.Longest, sofar)
		}
		if from >= 0 && in(from) {
			f.Interruptions = append(f.Interruptions, fmt.Sprintf("%d to %d, down %d, ongoing %t", from+first, to+first, total, ongoing))
		}
	}
	return f
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// randomCase is a few days of some month with what may happen in them; many edges coincide.
func randomCase(random *rand.Rand, opening []*servicetime.Calendar) slowCase {
	start := time.Date(2026, time.Month(3+7*random.IntN(2)), 20+random.IntN(8), random.IntN(24), 0, 0, 0, time.UTC) // around a change of clocks
	days := 1 + random.IntN(4)
	at := func() time.Time {
		v := start.Add(time.Duration(random.IntN((days+4)*24*12)-24*24) * 5 * time.Minute)
		switch random.IntN(4) {
		case 0:
			return v.Add(time.Duration(random.IntN(120)-60) * time.Second)
		case 1:
			return v.Truncate(time.Hour)
		}
		return v
	}
	lengths := []time.Duration{0, time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour, 9 * time.Hour, 30 * time.Hour}
	span := func() servicetime.Span {
		from := at()
		return servicetime.Span{From: from, To: from.Add(lengths[random.IntN(len(lengths))])}
	}
	c := slowCase{
		rule: availability.Rule{Opening: opening[random.IntN(len(opening))], Planned: availability.Planned(random.IntN(4)), Degraded: availability.DegradedAs(random.IntN(4))},
		span: servicetime.Span{From: start, To: start.Add(time.Duration(days) * 24 * time.Hour)},
		asOf: start.Add(time.Duration(random.IntN((days+2)*24*60)-12*60) * time.Minute),
	}
	if c.rule.Degraded == availability.DegradedWeighted {
		c.rule.Weight = compliance.MustGoal("37.5%")
	}
	if random.IntN(2) == 0 {
		c.asOf = c.span.To.Add(5 * 24 * time.Hour)
	}
	if random.IntN(3) == 0 {
		c.rule.MinGap = servicetime.Duration(lengths[random.IntN(6)])
	}
	if random.IntN(3) == 0 {
		c.rule.MinLength = servicetime.Duration(lengths[1+random.IntN(5)])
		if random.IntN(2) == 0 {
			c.rule.Cluster = servicetime.Duration(2*time.Duration(c.rule.MinLength) + lengths[random.IntN(4)])
		}
	}
	for range random.IntN(12) {
		s := span()
		o := availability.Outage{From: s.From, To: s.To}
		if random.IntN(15) == 0 {
			o.To = time.Time{}
		}
		c.outages = append(c.outages, o)
	}
	for range random.IntN(4) {
		s := span()
		w := availability.Window{PlannedFrom: s.From, PlannedTo: s.To, Announced: random.IntN(2) == 0, Decision: availability.Decision(random.IntN(3))}
		if random.IntN(4) > 0 {
			w.ActualTo = s.From.Add(lengths[random.IntN(len(lengths))])
		}
		c.windows = append(c.windows, w)
	}
	for range random.IntN(4) {
		c.degraded = append(c.degraded, span())
	}
	for range random.IntN(3) {
		c.unknown = append(c.unknown, span())
	}
	return c
}

func (c slowCase) tally(t *testing.T) *availability.Tally {
	t.Helper()
	var tally availability.Tally
	for _, o := range c.outages {
		require.NoError(t, tally.Outage(o))
	}
	for _, w := range c.windows {
		require.NoError(t, tally.Window(w))
	}
	for _, s := range c.degraded {
		require.NoError(t, tally.Degraded(s.From, s.To))
	}
	for _, s := range c.unknown {
		require.NoError(t, tally.Unknown(s.From, s.To))
	}
	return &tally
}

func (c slowCase) measure(t *testing.T) availability.Measurement {
	t.Helper()
	m, err := c.tally(t).Result(c.rule, c.span, c.asOf)
	require.NoError(t, err)
	return m
}

func (c slowCase) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "span %s as of %s\nrule %+v\n", c.span, c.asOf.Format(time.RFC3339), c.rule)
	for _, o := range c.outages {
		fmt.Fprintf(&text, "outage %s %s\n", o.From.Format(time.RFC3339), o.To.Format(time.RFC3339))
	}
	for _, w := range c.windows {
		fmt.Fprintf(&text, "window %s %s actual %s announced %t decision %d\n", w.PlannedFrom.Format(time.RFC3339), w.PlannedTo.Format(time.RFC3339), w.ActualTo.Format(time.RFC3339), w.Announced, w.Decision)
	}
	return text.String() + fmt.Sprint("degraded ", c.degraded, "\nunknown ", c.unknown)
}

// randomCalendars are openings with nights, splits and Stockholm's holidays, and one that never closes.
func randomCalendars(t testing.TB) []*servicetime.Calendar {
	t.Helper()
	var out []*servicetime.Calendar
	for _, week := range []string{"mon-fri 08:00-17:00", "mon-sun 00:00-24:00", "mon-fri 08:00-12:00 13:00-17:00; sat,sun 22:00-06:00", "sun 01:30-07:00"} {
		c, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek(week), Holidays: servicetime.Sweden}, time.LoadLocation)
		require.NoError(t, err)
		out = append(out, c)
	}
	return out
}

func TestAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	calendars := randomCalendars(t)
	n := 60
	if *long {
		n = 5000
	}
	for i := range n {
		c := randomCase(random, calendars)
		m := c.measure(t)
		got := figuresOf(&m)
		require.Equal(t, m.Open, m.Up()+m.Down+m.Excused)
		if c.rule.Degraded == availability.DegradedWeighted {
			got.Down = -1
		}
		require.Equal(t, slow(c), got, "case %d\n%s", i, c)
	}
}

// Laws: what must hold whatever happened.
func TestLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	calendars := randomCalendars(t)
	for i := range 1000 {
		c := randomCase(random, calendars)
		if c.rule.Degraded == availability.DegradedWeighted {
			c.rule.Degraded, c.rule.Weight = availability.DegradedUp, compliance.Goal{}
		}
		m := c.measure(t)

		// Any split of the records, merged in any order, is the whole; and so is the whole merged with itself.
		var parts [3]slowCase
		for k := range parts {
			parts[k] = slowCase{rule: c.rule}
		}
		for _, o := range c.outages {
			p := &parts[random.IntN(3)]
			if !o.To.IsZero() && o.To.Sub(o.From) > 2*time.Second && random.IntN(2) == 0 { // cut in two
				cut := o.From.Add(time.Duration(1+random.IntN(int(o.To.Sub(o.From)/time.Second)-1)) * time.Second)
				p.outages = append(p.outages, availability.Outage{From: o.From, To: cut})
				o.From = cut
				p = &parts[random.IntN(3)]
			}
			p.outages = append(p.outages, o)
		}
		for _, w := range c.windows {
			p := &parts[random.IntN(3)]
			p.windows = append(p.windows, w)
		}
		for _, s := range c.degraded {
			p := &parts[random.IntN(3)]
			p.degraded = append(p.degraded, s)
		}
		for _, s := range c.unknown {
			p := &parts[random.IntN(3)]
			p.unknown = append(p.unknown, s)
		}
		var sum availability.Tally
		for _, k := range random.Perm(3) {
			slices.Reverse(parts[k].outages)
			sum.Merge(parts[k].tally(t))
		}
		sum.Merge(c.tally(t))
		merged, err := sum.Result(c.rule, c.span, c.asOf)
		require.NoError(t, err)
		require.Equal(t, m, merged, "case %d\n%s", i, c)

		// Both texts give it back.
		data, err := sum.MarshalBinary()
		require.NoError(t, err)
		var back availability.Tally
		require.NoError(t, back.UnmarshalBinary(data))
		again, err := back.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, data, again)
		text, err := sum.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalJSON(text))
		read, err := back.Result(c.rule, c.span, c.asOf)
		require.NoError(t, err)
		require.Equal(t, m, read)

		// Two halves of a period have its open, down and excused time together.
		if c.rule.MinLength == 0 {
			middle := c.span.From.Add(time.Duration(random.Int64N(int64(c.span.Duration()))))
			a, err := sum.Result(c.rule, servicetime.Span{From: c.span.From, To: middle}, c.asOf)
			require.NoError(t, err)
			b, err := sum.Result(c.rule, servicetime.Span{From: middle, To: c.span.To}, c.asOf)
			require.NoError(t, err)
			both, err := a.Plus(b)
			require.NoError(t, err)
			assert.Equal(t, [...]time.Duration{m.Open, m.Rest, m.Down, m.Excused, m.Degraded, m.Removed},
				[...]time.Duration{both.Open, both.Rest, both.Down, both.Excused, both.Degraded, both.Removed}, "case %d\n%s", i, c)
			assert.Equal(t, m.Count(), both.Count())
		}

		// Announcing an overrun never lowers availability.
		for k := range c.windows {
			announced := c
			announced.windows = slices.Clone(c.windows)
			announced.windows[k].Announced = true
			better := announced.measure(t)
			require.False(t, less(better.Share(), m.Share()), "case %d window %d\n%s", i, k, c)
		}

		// Adding an outage never raises it.
		worse := c
		from := c.span.From.Add(time.Duration(random.IntN(200)) * 13 * time.Minute)
		worse.outages = append(slices.Clone(c.outages), availability.Outage{From: from, To: from.Add(time.Duration(random.IntN(7200)) * time.Second)})
		w := worse.measure(t)
		require.False(t, less(m.Share(), w.Share()), "case %d\n%s", i, c)
	}
}

// less compares two shares; no data is neither less nor more.
func less(a, b compliance.Share) bool {
	if a.Total == 0 || b.Total == 0 {
		return false
	}
	return big.NewRat(a.Met, a.Total).Cmp(big.NewRat(b.Met, b.Total)) < 0
}
