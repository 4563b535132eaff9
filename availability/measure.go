package availability

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// MaxListed is how many interruptions a measurement lists. It says how many more there are.
const MaxListed = 10_000

// A Measurement is when a service was up in a period, up to as-of. Of each instant of the opening hours one thing is true, the first that applies:
// excused, down, degraded, unknown, up.
//
//	Open = Up + Down + Excused
//
// with Degraded a part of Up (under weighted of both), and what is Removed not in Open. All are open time; durations are exact.
type Measurement struct {
	Rule Rule
	// Span is what was measured: the period, up to as-of.
	Span servicetime.Span
	// Whole is the period, and Rest its opening hours after as-of, which are no time yet.
	Whole servicetime.Span
	Rest  time.Duration

	Open     time.Duration // opening hours, but for what is Removed
	Down     time.Duration // that counts, with Weighted
	Weighted time.Duration // the part of Degraded that counts as down where it is weighted
	Excused  time.Duration // in planned windows and announced overruns, down or not
	Degraded time.Duration // with disturbance
	Removed  time.Duration // nothing was observed
	// Short are outages that were too short to count: in all else as if they had not been.
	Short time.Duration

	// Interruptions are the first [MaxListed] that began in the period: those whose first open, unexcused instant lies in it.
	Interruptions     []Interruption
	MoreInterruptions int64
	// Interrupted is the Down of all of them, which time carried over from an earlier period has no part in.
	Interrupted time.Duration
	// Longest is the most open, unexcused time of one interruption that was down in the period: from its beginning, in whichever period that
	// lies, to the end of this one. So one that runs over the end of a month is found in the month in which it grows too long, and a later
	// run of an old month says the same.
	Longest time.Duration
	// Disturbances are the first [MaxListed] spells of degraded time that have open time, at all hours: see [Uncovered].
	Disturbances     []servicetime.Span
	MoreDisturbances int64

	pooled bool // of several services or periods, on no one calendar
}

// An Interruption is one unplanned loss of a service, however many outages touch in it, and however many nights and excused windows it spans.
type Interruption struct {
	Began time.Time `json:"began"` // the start of its first outage, at night or not
	From  time.Time `json:"from"`  // its first open, unexcused instant
	To    time.Time `json:"to"`    // the end of its last one, up to as-of
	// Down is the open, unexcused time of the whole of it, which may run over the end of the period.
	Down time.Duration `json:"down"`
	// Ongoing says that it had not ended as of the instant.
	Ongoing bool `json:"ongoing,omitempty"`
}

// String is the interruption in a line: 2026-10-05 16:30 – 2026-10-06 08:30, down 1 h.
func (i Interruption) String() string {
	const minute = "2006-01-02 15:04"
	to := i.To.Format(minute)
	if i.Ongoing {
		to = "not ended"
	}
	return fmt.Sprintf("%s – %s, down %s", i.From.Format(minute), to, servicetime.FormatDuration(i.Down))
}

// Measure measures one service in a period as of an instant, from all its outages and service windows. It
// takes those too that began before the period, or go on behind it: what began before is another period's interruption.
//
// It returns an error:
//   - those of [Rule.Check],
//   - wrapping [servicetime.ErrRange] if the period or as-of does not lie in the years 1970 to 2200,
//   - and every fault of the records, all at once, each a [*servicetime.Fault] with its path, such as outages[3].to:
//     those of [Outage.Check] and [Window.Check], and [ErrOutside] for a window that has no instant in the period. A [Tally] takes the
//     windows of any time.
func (r Rule) Measure(period servicetime.Period, asOf time.Time, outages []Outage, windows []Window) (Measurement, error) {
	if err := r.Check(); err != nil {
		return Measurement{}, err
	}
	span, err := r.span(period)
	if err != nil {
		return Measurement{}, err
	}
	var t Tally
	var faults []error
	for i := range outages {
		if err := t.Outage(outages[i]); err != nil {
			faults = append(faults, servicetime.Nest(fmt.Sprintf("outages[%d]", i), err)...)
		}
	}
	for i := range windows {
		w := &windows[i]
		if err := t.Window(*w); err != nil {
			faults = append(faults, servicetime.Nest(fmt.Sprintf("service_windows[%d]", i), err)...)
			continue
		}
		if end := later(w.PlannedTo, w.ActualTo); !end.After(span.From) && end.After(w.PlannedFrom) || !w.PlannedFrom.Before(span.To) {
			faults = append(faults, &servicetime.Fault{
				Path: fmt.Sprintf("service_windows[%d]", i), Code: "bad_request", Value: w.PlannedFrom.Format(time.RFC3339),
				Err: fmt.Errorf("availability: %w %s: it ends %s", ErrOutside, period, end.Format(time.RFC3339)),
			})
		}
	}
	if len(faults) > 0 {
		return Measurement{}, errors.Join(faults...)
	}
	return t.Result(r, span, asOf)
}

// ErrOutside is the cause where a record has no instant in the period.
var ErrOutside = errors.New("outside the period")

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// measure is one pass over the lines of a tally.
//
//	open         |-----------|      |-----------|      |-----------|
//	outages   |-------|          |------------------------|
//	excused                             |----|
//	down         |----|             |---|    |--|      |--|
//	             1st                2nd, of which excused time and the night are not down
func (t *Tally) measure(rule *Rule, period stretch, asOf time.Time) Measurement {
	zone := rule.Opening.Location()
	now := min(max(asOf.UnixNano(), period.from), period.to)
	cut := asOf.UnixNano() // an outage of the period that goes on behind it is known to its end
	m := Measurement{Rule: rule.named(), Whole: spanOf(period, zone), Span: spanOf(stretch{period.from, now}, zone)}

	excused, degraded, unknown := t.excused.line(), t.degraded.line(), t.unknown.line()
	if rule.Planned == PlannedAsObserved {
		excused = nil
	}
	down := t.down.line()
	if rule.Degraded == DegradedDown {
		down, degraded = down.plus(degraded), nil
	}
	down, short := rule.counted(down, cut)
	total := func(l line) time.Duration {
		clock := newMeter(rule.Opening)
		var sum int64
		for _, s := range l {
			sum += clock.of(s)
		}
		return time.Duration(sum)
	}
	m.Rest = total(line{{now, period.to}})
	m.Open = total(line{{period.from, now}})
	m.Excused = total(excused.within(period.from, now))
	if len(short) > 0 {
		m.Short = total(short.within(period.from, now).less(excused))
	}
	if len(degraded)+len(unknown) > 0 {
		known := down.within(period.from, now)
		spells := degraded.within(period.from, now).less(excused, known)
		m.Degraded = total(spells)
		m.disturbances(spells)
		m.Removed = total(unknown.within(period.from, now).less(excused, known, degraded))
		m.Open -= m.Removed
	}
	m.interruptions(down, excused, period, now, cut)
	if rule.Degraded == DegradedWeighted {
		// ⌈weight × degraded⌉ counts as up, so that the rest is a whole number too.
		m.Weighted = time.Duration(compliance.Share{Met: int64(m.Degraded), Total: int64(m.Degraded)}.MissesLeft(rule.Weight))
		m.Down += m.Weighted
	}
	return m
}

// disturbances lists degraded spells.
func (m *Measurement) disturbances(spells line) {
	clock := newMeter(m.Rule.Opening)
	for _, s := range spells {
		switch {
		case clock.of(s) == 0:
		case len(m.Disturbances) == MaxListed:
			m.MoreDisturbances++
		default:
			m.Disturbances = append(m.Disturbances, spanOf(s, m.Rule.Opening.Location()))
		}
	}
}

// interruptions sums what is down, and finds where interruptions begin.
func (m *Measurement) interruptions(down, excused line, period stretch, now, cut int64) {
	rule := &m.Rule
	// The first stretch that reaches into the period, and those before it that are one interruption with it.
	i := down.behind(period.from)
	for i > 0 && i < len(down) && rule.together(down[i-1], down[i], cut) {
		i--
	}
	clock, cuts := newMeter(rule.Opening), cutter{line: excused}
	alone := rule.MinGap == 0 && rule.Cluster == 0
	for i < len(down) && down[i].from < now {
		if s := down[i]; alone && s.from >= clock.here.from && s.to <= clock.here.to {
			// What most are: all closed, or all open, unexcused, and in what is measured.
			if !clock.open { // the night, and all that lies in it
				i += down[i:].behind(clock.here.to)
				continue
			}
			if s.from >= period.from && s.to <= now && cuts.clear(s) {
				took := s.to - s.from
				m.Down += time.Duration(took)
				m.Longest = max(m.Longest, time.Duration(took))
				m.list(&interruption{stretch: s, began: s.from, open: took})
				i++
				continue
			}
		}
		one := interruption{began: down[i].from}
		for ; ; i++ {
			s := down[i]
			if one.ongoing = s.to > cut; one.ongoing {
				s.to = cut
			}
			if cuts.clear(s) {
				m.piece(s, period.from, now, clock, &one)
			} else {
				cuts.cut(s, func(p stretch) { m.piece(p, period.from, now, clock, &one) })
			}
			if i+1 == len(down) || down[i+1].from >= cut || !rule.together(down[i], down[i+1], cut) {
				i++
				break
			}
		}
		if one.here {
			m.Longest = max(m.Longest, time.Duration(one.sofar))
		}
		// §4.9.1: without open, unexcused time it is no interruption.
		if one.open > 0 && one.from >= period.from && one.from < period.to {
			m.list(&one)
		}
	}
}

// interruption is one that is being measured: from its first open, unexcused instant to the end of the last stretch with any.
type interruption struct {
	stretch
	began   int64
	open    int64
	sofar   int64 // of it, to the end of what is measured
	here    bool  // some of it lies in what is measured
	ongoing bool
}

// piece adds an unexcused piece of an interruption.
func (m *Measurement) piece(s stretch, from, to int64, clock *meter, one *interruption) {
	open := clock.of(s)
	if open == 0 {
		return
	}
	if one.open == 0 {
		one.from = clock.firstOpen(s)
	}
	one.open += open
	one.to = s.to
	if s.to > to { // over the end of what is measured
		if s.to = to; s.from >= s.to {
			return
		}
		open = newMeter(m.Rule.Opening).of(s)
	}
	one.sofar += open
	if s.from < from { // over its beginning
		if s.from = from; s.from >= s.to {
			return
		}
		open = newMeter(m.Rule.Opening).of(s)
	}
	one.here = one.here || open > 0
	m.Down += time.Duration(open)
}

// list counts an interruption, and lists it among the first.
func (m *Measurement) list(one *interruption) {
	m.Interrupted += time.Duration(one.open)
	if len(m.Interruptions) == MaxListed {
		m.MoreInterruptions++
		return
	}
	opening := m.Rule.Opening
	span := spanOf(one.stretch, opening.Location())
	if last := span.To.Add(-1); !opening.Open(last) {
		span.To, _ = opening.PrevClose(last)
	}
	if len(m.Interruptions) == cap(m.Interruptions) {
		m.Interruptions = slices.Grow(m.Interruptions, min(MaxListed, 4*len(m.Interruptions)+16)) // few, or very many
	}
	m.Interruptions = append(m.Interruptions, Interruption{
		Began: time.Unix(0, one.began).In(opening.Location()), From: span.From, To: span.To, Down: time.Duration(one.open), Ongoing: one.ongoing,
	})
}

func spanOf(s stretch, zone *time.Location) servicetime.Span {
	return servicetime.Span{From: time.Unix(0, s.from).In(zone), To: time.Unix(0, s.to).In(zone)}
}

// SoFar reports whether the period had not ended as of the instant.
func (m Measurement) SoFar() bool { return m.Span.To.Before(m.Whole.To) }

// Up is the open time that was neither down nor excused.
func (m Measurement) Up() time.Duration { return m.Open - m.Down - m.Excused }

// Count is how many interruptions began in the period.
func (m Measurement) Count() int64 { return int64(len(m.Interruptions)) + m.MoreInterruptions }

// Share is the availability: nanoseconds that count as up, of those of the base. It is no data without open time.
func (m Measurement) Share() compliance.Share {
	if m.Rule.Planned == PlannedRemoved {
		return m.WithoutExcused()
	}
	return compliance.Share{Met: int64(m.Open - m.Down), Total: int64(m.Open)}
}

// WithoutExcused is the share of the time that was not excused, which is printed beside. Under [PlannedRemoved] it is Share.
func (m Measurement) WithoutExcused() compliance.Share {
	return compliance.Share{Met: int64(m.Open - m.Excused - m.Down), Total: int64(m.Open - m.Excused)}
}

// Left is how much longer the service could have been down in what was measured with the goal still met. It is negative where the goal is missed,
// and 0 without open time or goal.
func (m Measurement) Left(g compliance.Goal) time.Duration {
	return time.Duration(m.Share().MissesLeft(g))
}

// MTBF is the mean time between failures: the time that the service was up or excused, for each interruption. It is false without any.
func (m Measurement) MTBF() (time.Duration, bool) { return m.mean(m.Up() + m.Excused) }

// MTRS is the mean time to restore the service: the open time that an interruption which began in the period took, all of it. It is false without any.
func (m Measurement) MTRS() (time.Duration, bool) { return m.mean(m.Interrupted) }

func (m Measurement) mean(d time.Duration) (time.Duration, bool) {
	if m.Count() == 0 {
		return 0, false
	}
	return d / time.Duration(m.Count()), true
}

// Plus pools two services, or two periods of one: it adds their times and interruptions. Up and down are then service-hours, and the span
// is that of both. Two parts of one period that are measured apart pool to the whole, but for an interruption over
// their edge, whose length each part knows only to its own as-of, and for the fraction of a nanosecond that weighted time is rounded by; give both
// tallies to [Tally.Merge] instead. The zero Measurement adds nothing.
//
// It returns an error:
//   - wrapping [ErrReading] if the rules differ in more than the opening hours,
//   - wrapping [servicetime.ErrLimit] if the sum is over 292 years.
func (m Measurement) Plus(o Measurement) (Measurement, error) {
	switch {
	case m.Rule.Opening == nil:
		return o, nil
	case o.Rule.Opening == nil:
		return m, nil
	}
	a, b := m.Rule, o.Rule
	a.Opening, b.Opening, a.Periods, b.Periods = nil, nil, nil, nil
	if a != b {
		return Measurement{}, fmt.Errorf("availability: measurements under two rules: %w", ErrReading)
	}
	// Of each the sum fits, since a calendar has 231 years.
	if m.Open+m.Rest+m.Removed+o.Open+o.Rest+o.Removed < 0 {
		return Measurement{}, fmt.Errorf("availability: pooled opening hours: %w: over 292 years", servicetime.ErrLimit)
	}
	sum := m
	sum.Span, sum.Whole = hull(m.Span, o.Span), hull(m.Whole, o.Whole)
	sum.Rest += o.Rest
	sum.Open += o.Open
	sum.pooled = true
	sum.Interrupted += o.Interrupted
	sum.Down += o.Down
	sum.Weighted += o.Weighted
	sum.Excused += o.Excused
	sum.Degraded += o.Degraded
	sum.Removed += o.Removed
	sum.Short += o.Short
	sum.Longest = max(m.Longest, o.Longest)
	sum.Interruptions = slices.Concat(m.Interruptions, o.Interruptions)
	slices.SortStableFunc(sum.Interruptions, func(a, b Interruption) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.Down, b.Down))
	})
	sum.Disturbances = slices.Concat(m.Disturbances, o.Disturbances)
	slices.SortStableFunc(sum.Disturbances, func(a, b servicetime.Span) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	sum.MoreDisturbances += o.MoreDisturbances
	if n := len(sum.Disturbances); n > MaxListed {
		sum.Disturbances = sum.Disturbances[:MaxListed]
		sum.MoreDisturbances += int64(n - MaxListed)
	}
	sum.MoreInterruptions += o.MoreInterruptions
	if n := len(sum.Interruptions); n > MaxListed {
		sum.Interruptions = sum.Interruptions[:MaxListed]
		sum.MoreInterruptions += int64(n - MaxListed)
	}
	return sum, nil
}

func hull(a, b servicetime.Span) servicetime.Span {
	if b.From.Before(a.From) {
		a.From = b.From
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	return a
}

// String says it in a line: down 3 h 12 min of 198 h, 98.38 %, 2 interruptions. What was excused, degraded, removed or too short follows, where there is any;
// the percentage is rounded to two decimals: where there is a goal, [Outcome.String] has as many as its verdict needs.
func (m Measurement) String() string {
	share := m.Share()
	switch {
	case m.Rule.Opening == nil:
		return "no data"
	case share.Total == 0:
		return "no open time"
	}
	parts := []string{fmt.Sprintf("down %s of %s", servicetime.FormatDuration(m.Down), servicetime.FormatDuration(time.Duration(share.Total))), share.Percent(compliance.Goal{}) + " %"}
	parts = append(parts, plural(m.Count(), "interruption"))
	for _, part := range []struct {
		time time.Duration
		text string
	}{
		{m.Excused, "excused"}, {m.Degraded, "with disturbance"}, {m.Removed, "not observed"}, {m.Short, "too short to count"},
	} {
		if part.time > 0 {
			parts = append(parts, servicetime.FormatDuration(part.time)+" "+part.text)
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
