package servicetime

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// Kind says what a [Segment] of time is.
type Kind uint8

// The kinds, each winning over those below it where two apply.
const (
	KindExcused Kind = iota + 1 // in a pause that is marked so; not counted
	KindPaused                  // in a pause, which gives its reason, the earliest of two; not counted
	KindOpen                    // in a window of the schedule; counted
	KindExtra                   // in an extra opening, which gives its reason; counted
	KindBreak                   // cut out by a break; not counted
	KindHoliday                 // on a public holiday, with its name, also on a date that is closed anyway; not counted
	KindClosed                  // not counted
)

var kindNames = [...]string{"", "excused", "paused", "open", "extra", "break", "holiday", "closed"}

// String is open, extra, paused, excused, break, holiday or closed; it is empty for the zero value.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// MarshalText is the text form of String.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText is the inverse of MarshalText. It returns an error wrapping [ErrText] for other texts.
func (k *Kind) UnmarshalText(b []byte) error {
	i := slices.Index(kindNames[:], string(b))
	if i <= 0 {
		return textError("kind", string(b), "write one of "+strings.Join(kindNames[1:], ", "))
	}
	*k = Kind(i)
	return nil
}

// A Segment is a stretch of one kind within one local date.
type Segment struct {
	Span
	Kind Kind `json:"kind"`
	// Name is that of the holiday, the reason of a pause or an extra opening, and what a due rolls over.
	Name string `json:"name,omitempty"`
	// Day numbers the dates that a target in days counts, from 1: see [Calendar.ExplainDue]. 0 for other dates.
	Day int `json:"day,omitempty"`
}

// Counted reports whether the clock runs in the segment.
func (s Segment) Counted() bool { return s.Kind == KindOpen || s.Kind == KindExtra }

// String is a line of a table: Thu 2026-06-18  15:30–17:00  counted  1 h 30 min. Where clocks change within the
// segment, both times have their offset from UTC: 02:30+02:00–02:00+01:00 is half an hour.
func (s Segment) String() string {
	word, name := s.Kind.String(), s.Name
	if s.Counted() {
		word = "counted"
	}
	switch {
	case s.Kind == KindExtra:
		name = "  " + strings.TrimSuffix("extra opening: "+name, ": ")
	case s.Kind == KindOpen && name != "":
		name = "  rolled over " + name
	case name != "":
		name = "  " + name
	}
	if s.Day > 0 {
		name += fmt.Sprintf("  day %d", s.Day)
	}
	layout, zone := "15:04", ""
	if s.From.Second() != 0 || s.To.Second() != 0 || s.From.Nanosecond() != 0 || s.To.Nanosecond() != 0 {
		layout = "15:04:05.999999999"
	}
	_, before := s.From.Zone()
	if _, after := s.To.Zone(); before != after {
		zone = "-07:00"
	}
	end := s.To.Format(layout)
	if s.From.YearDay() != s.To.YearDay() {
		end = "24:00" // a segment ends with its date
	}
	if zone != "" {
		end += s.To.Format(zone)
	}
	return fmt.Sprintf("%s  %s–%s  %-7s  %s%s", s.From.Format("Mon 2006-01-02"), s.From.Format(layout+zone), end, word, FormatDuration(s.Duration()), name)
}

// Explain yields what becomes of each instant of [from, to): segments in order, cut at local midnights,
// which together are the span. The counted ones sum to Elapsed(from, to, pauses...).
//
// Nothing is computed before it is asked for. Its errors are those of [Calendar.Elapsed], and one
// wrapping [ErrBackwards] if to lies before from.
func (c *Calendar) Explain(from, to time.Time, pauses ...Pause) (iter.Seq[Segment], error) {
	span, err := c.stretch(from, to)
	if err != nil {
		return nil, err
	}
	if _, err := c.pauses(pauses, nil); err != nil {
		return nil, err
	}
	return c.explain(span, counting{}, pauses), nil
}

// ExplainDue yields what was consumed from the receipt until a target is due: why it is due then. The counted
// segments sum to the time of the target's own clock from receipt to due; for a target in minutes, hours or AS_HOURS that is
// the target. Where all time counts (WALL_CLOCK, EU1182_HOURS, targets in calendar days) only pauses do not, and the hour of
// receipt under EU1182_HOURS.
//
// For a target in days the segments carry the number of their date, if the convention counts it: the date of receipt of
// EXCL conventions has none, though the clock runs in it, nor has what lies behind day N, where a pause or a roll moved the
// due. A Saturday, Sunday or holiday over which a due rolls is named. AS_HOURS and N_X_24H count no dates.
//
// A pause is shown whole, also where it is closed anyway; only its open part moves a due. A due before the receipt, as
// CUTOFF and INCL conventions have it, consumed nothing.
//
// Its errors are those of [Calendar.Deadline].
func (c *Calendar) ExplainDue(received time.Time, t Target, how Convention, pauses ...Pause) (iter.Seq[Segment], error) {
	deadline, err := c.Deadline(received, t, how, pauses...)
	if err != nil {
		return nil, err
	}
	span := stretch{received.UnixNano(), deadline.Due.UnixNano()}
	count := counting{how: how, wall: allTime(t, how)}
	if how == EU1182Hours {
		count.from = c.nextHour(span.from)
	}
	switch {
	case t.unit == businessDays && how != AsHours:
		_, first, err := c.lastDate(span.from, 1, how)
		if err != nil {
			return nil, err // unreachable: day n has been found
		}
		count.first, count.n, count.business = first, int(t.n), true
	case t.unit == days && how != NX24H:
		count.first, count.n = c.Date(received).AddDays(1), int(t.n)
	}
	return c.explain(span, count, pauses), nil
}

// counting is how a target's clock runs, beside the pauses. The zero value is open time.
type counting struct {
	how      Convention
	wall     bool  // all time
	from     int64 // with wall: from this instant on
	first    Date  // day 1 of a target in days
	n        int   // its days
	business bool  // only business days have numbers
}

// number is the number of a date among the days of a target, 0 for others.
func (k counting) number(c *Calendar, date int) int {
	n := date - k.first.number() + 1
	if k.n == 0 || n < 1 {
		return 0
	}
	if k.business {
		i := date - firstDay + 1
		if !c.business.has(i) {
			return 0
		}
		n = c.business.before(i+1) - c.business.before(index(k.first))
	}
	if n > k.n {
		return 0
	}
	return n
}

// rolls names a date over which the due of a target in calendar days rolls: it is day N or later, and free.
func (k counting) rolls(c *Calendar, date int) string {
	if k.how < EU1182Midnight || k.how > SE1930Close || date < k.first.number()+k.n-1 || !c.isFree(dateOf(date), k.how) {
		return ""
	}
	if name, is := c.holiday(date); is && name != "" {
		return name
	}
	if d := dateOf(date); isSwedishEve(d) {
		return map[time.Month]string{time.June: "Midsommarafton"}[d.Month] + map[int]string{24: "Julafton", 31: "Nyårsafton"}[d.Day]
	}
	return dateOf(date).Weekday().String()
}

// explain walks over a span whose ends and pauses are known to be right.
func (c *Calendar) explain(span stretch, count counting, pauses []Pause) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		e := explainer{Calendar: c, counting: count, pauses: newLayer(c.named(pauses)), extra: newLayer(c.extra)}
		for v := span.from; v < span.to; {
			date, end := c.dateEnd(v)
			end = min(end, span.to)
			if !e.date(date, v, end, yield) {
				return
			}
			v = end
		}
		if !e.last.From.IsZero() {
			yield(e.last)
		}
	}
}

// dateEnd is the local date at an instant, and the instant at which the wall next shows another
// one, or shows other times of it since clocks changed.
func (c *Calendar) dateEnd(v int64) (date int, end int64) {
	sec := int64(floorDiv(int(v), nanos))
	offset := c.zone[c.zone.at(sec)]
	date = floorDiv(int(sec+offset.east), daySeconds)
	return date, min(int64(date+1)*daySeconds-offset.east, offset.to) * nanos
}

// A named stretch has a kind and a name.
type named struct {
	stretch
	kind Kind
	name string
}

func (c *Calendar) named(pauses []Pause) []named {
	out := make([]named, 0, len(pauses))
	for _, p := range pauses {
		n := named{stretch{p.From.UnixNano(), c.end}, KindPaused, p.Reason}
		if !p.To.IsZero() {
			n.to = p.To.UnixNano()
		}
		if p.Excused {
			n.kind = KindExcused
		}
		out = append(out, n)
	}
	return out
}

// A layer holds named stretches, which may overlap, and walks over them once.
type layer struct {
	ahead, here []named
}

func newLayer(all []named) layer {
	ahead := slices.Clone(all)
	slices.SortStableFunc(ahead, func(a, b named) int { return cmp.Compare(a.from, b.from) })
	return layer{ahead: ahead}
}

// within returns those that overlap [from, to), which moves forward from call to call.
func (l *layer) within(from, to int64) []named {
	l.here = slices.DeleteFunc(l.here, func(n named) bool { return n.to <= from })
	for len(l.ahead) > 0 && l.ahead[0].from < to {
		if l.ahead[0].to > from {
			l.here = append(l.here, l.ahead[0])
		}
		l.ahead = l.ahead[1:]
	}
	return l.here
}

// explainer is a walk of Explain.
type explainer struct {
	*Calendar
	counting
	pauses, extra layer
	parts         []named
	edges         []edge
	room          []stretch
	last          Segment // not yielded yet, since it may go on
	day           int     // its date
}

// edge is where a part begins or ends.
type edge struct {
	at   int64
	part int
}

// date explains a piece of one local date, within one offset of the zone.
//
//	closed    |-----------------------------------|
//	open          |--------------------|
//	paused              |-----|    |---------|
//	segments  |---|-----|-----|----|---------|-----|
func (e *explainer) date(day int, from, to int64, yield func(Segment) bool) bool {
	e.parts = append(e.parts[:0], named{stretch{from, to}, KindClosed, ""})
	if name, is := e.holiday(day); is {
		e.parts[0] = named{stretch{from, to}, KindHoliday, name}
	}
	e.parts = append(e.parts, e.pauses.within(from, to)...)
	switch {
	case e.wall:
		e.parts[0] = named{stretch{from, to}, KindClosed, "hour of receipt"} // seen before counting.from alone
		if start := max(from, e.counting.from); start < to {
			e.parts = append(e.parts, named{stretch{start, to}, KindOpen, e.rolls(e.Calendar, day)})
		}
	case e.rule == nil: // a combination has openings and no rules
		e.spans(from, to)
	default:
		e.parts = append(e.parts, e.extra.within(from, to)...)
		e.windows(from, to, KindOpen, e.rule)
		if e.uncut != nil {
			e.windows(from, to, KindBreak, e.uncut)
		}
	}
	number := e.number(e.Calendar, day)

	e.edges = e.edges[:0]
	for i, p := range e.parts {
		e.edges = append(e.edges, edge{max(p.from, from), i}, edge{min(p.to, to), i})
	}
	slices.SortFunc(e.edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var here []int // the parts that hold at an instant
	for i, x := range e.edges {
		if k := slices.Index(here, x.part); k >= 0 {
			here = slices.Delete(here, k, k+1)
		} else {
			here = append(here, x.part)
		}
		if i+1 == len(e.edges) || e.edges[i+1].at == x.at {
			continue
		}
		best := slices.MinFunc(here, func(a, b int) int {
			return cmp.Or(cmp.Compare(e.parts[a].kind, e.parts[b].kind), cmp.Compare(a, b))
		})
		if !e.add(Segment{Span{e.time(x.at), e.time(e.edges[i+1].at)}, e.parts[best].kind, e.parts[best].name, number}, day, yield) {
			return false
		}
	}
	return true
}

// windows adds what the rules of dates open within [from, to).
func (e *explainer) windows(from, to int64, kind Kind, rules []uint16) {
	first, last := floorDiv(int(from), nanos), floorDiv(int(to)+nanos-1, nanos)
	e.room = e.openings(e.room[:0], int64(first), int64(last), e.zone.at(int64(first)), rules, nil)
	for _, s := range e.room {
		s = stretch{max(from, (int64(first)+s.from)*nanos), min(to, (int64(first)+s.to)*nanos)}
		e.parts = append(e.parts, named{s, kind, ""})
	}
}

// spans adds the openings within [from, to).
func (e *explainer) spans(from, to int64) {
	for v := from; v < to; {
		x, _ := e.before(v)
		if x >= e.total() {
			return
		}
		open := max(v, e.at(x))
		v = e.closedAt(e.closedBefore(open))
		if open < to {
			e.parts = append(e.parts, named{stretch{open, min(v, to)}, KindOpen, ""})
		}
	}
}

// add joins a segment to the one before it where that goes on, and yields the one before where not.
func (e *explainer) add(s Segment, day int, yield func(Segment) bool) bool {
	if e.last.Kind == s.Kind && e.last.Name == s.Name && e.day == day && e.last.To.Equal(s.From) {
		e.last.To = s.To
		return true
	}
	done := e.last
	e.last, e.day = s, day
	return done.From.IsZero() || yield(done)
}

// Summary says in a line what a clock did in a span: 8 h counted, 24 h holiday (Midsommardagen), 15 h closed. What was counted
// comes first, then what was paused, excused, break, holiday, closed, each with the names that occur, in their order. Before all
// stands the highest number of a date where a target in days was explained: 2 days: 19 h 30 min counted. It is empty for no segments.
func Summary(segments iter.Seq[Segment]) string {
	var sums [len(kindNames)]time.Duration
	var names [len(kindNames)][]string
	days := 0
	for s := range segments {
		sums[s.Kind] += s.Duration()
		days = max(days, s.Day)
		if s.Name != "" && !slices.Contains(names[s.Kind], s.Name) {
			names[s.Kind] = append(names[s.Kind], s.Name)
		}
	}
	listed := func(kind Kind) string { return strings.Join(names[kind], ", ") }

	var parts []string
	if counted := sums[KindOpen] + sums[KindExtra]; counted > 0 {
		var notes []string
		if sums[KindExtra] > 0 {
			notes = append(notes, strings.TrimSuffix(FormatDuration(sums[KindExtra])+" of it extra: "+listed(KindExtra), ": "))
		}
		if len(names[KindOpen]) > 0 {
			notes = append(notes, "rolled over "+listed(KindOpen))
		}
		parts = append(parts, FormatDuration(counted)+" counted"+inBrackets(strings.Join(notes, "; ")))
	}
	for _, kind := range []Kind{KindPaused, KindExcused, KindBreak, KindHoliday, KindClosed} {
		if sums[kind] > 0 {
			parts = append(parts, FormatDuration(sums[kind])+" "+kind.String()+inBrackets(listed(kind)))
		}
	}
	switch text := strings.Join(parts, ", "); days {
	case 0:
		return text
	case 1:
		return "1 day: " + text
	default:
		return fmt.Sprintf("%d days: %s", days, text)
	}
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}
