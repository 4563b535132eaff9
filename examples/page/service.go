package page

import (
	"strconv"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/performance"
)

// days is the time of the month day by day, and every interruption with what it consists of.
func (v *view) days() []block {
	d := v.d
	var out []block
	if up := d.Availability; up != nil {
		var rows [][]cell
		for _, r := range []struct {
			key  string
			time time.Duration
		}{
			{"open", up.Open}, {"up", up.Up}, {"down", up.Down}, {"excused", up.Excused}, {"degraded", up.Degraded}, {"removed", up.Removed}, {"rest", up.Rest},
		} {
			rows = append(rows, []cell{text(v.say("time." + r.key)), v.long(r.time)})
		}
		rows = append(rows, []cell{text(v.say("time.count")), v.count(up.Count)})
		if up.Credit != "" {
			rows = append(rows, []cell{text(v.say("time.credit")), {Text: clean(up.Credit), Right: true}})
		}
		out = append(out, v.small(v.say("days.month")+" "+clean(up.Clause), v.columns("figure", "value>"), rows...))
	}
	if len(d.Days) > 0 {
		out = append(out, block{Picture: v.strip()}, block{Picture: v.timeline()})
		b := v.table(v.say("days.table"), v.columns("date", "open>", "down>", "excused>", "degraded>", "note"))
		for _, day := range d.Days {
			note := clean(day.Holiday)
			if note == "" && day.Open == 0 {
				note = v.say("days.noopen")
			}
			b.Table.Rows = append(b.Table.Rows, []cell{
				instant(day.Date.String()), v.long(day.Open), v.long(day.Down), v.long(day.Excused), v.long(day.Degraded), text(note),
			})
		}
		out = append(out, fold("", b.Table.Caption, b))
	}
	if len(d.Interruptions) > 0 || d.CarriedOver != nil {
		out = append(out, v.interruptions()...)
	}
	if d.MoreDown > 0 {
		out = append(out, said(v.say("days.more", v.number(d.MoreDown))))
	}
	if len(d.Outside) > 0 {
		b := v.table(v.say("days.outside"), v.columns("from", "to", "provider", "cause"))
		for _, o := range d.Outside {
			to := v.clock(o.To)
			if o.To.IsZero() {
				to = v.say("ongoing")
			}
			b.Table.Rows = append(b.Table.Rows, []cell{v.when(o.From), instant(to), v.text(o.Provider), v.text(o.Cause)})
		}
		out = append(out, b)
		if d.MoreOutside > 0 {
			out = append(out, said(v.say("load.more", v.number(d.MoreOutside))))
		}
	}
	if len(d.Windows) > 0 {
		b := v.table(v.say("days.windows"), v.columns("planned", "to", "ended", "opentime>"))
		for _, w := range d.Windows {
			b.Table.Rows = append(b.Table.Rows, []cell{v.when(w.PlannedFrom), v.when(w.PlannedTo), v.when(w.ActualTo), v.long(w.Open)})
		}
		out = append(out, b)
	}
	if len(d.Disturbances) > 0 {
		b := v.small(v.say("days.uncovered"), v.columns("from", "to", "length>"))
		for _, s := range d.Disturbances {
			b.Table.Rows = append(b.Table.Rows, []cell{v.when(s.From), v.when(s.To), v.long(s.Duration())})
		}
		out = append(out, b)
	}
	if len(d.Providers) > 0 {
		b := v.table(v.say("days.providers"), v.columns("provider", "open>", "down>", "times>"))
		for _, p := range d.Providers {
			b.Table.Rows = append(b.Table.Rows, []cell{v.text(p.Name), v.long(p.Open), v.long(p.Down), v.count(p.Count)})
		}
		out = append(out, b)
	}
	return out
}

func (v *view) interruptions() []block {
	b := v.table(v.say("days.interruptions"), v.columns("nr", "began", "from", "to", "down>", "in-month>", "cause", "plan", "told"))
	var explained []block
	var sum time.Duration
	row := func(nr string, x *sla.MonthlyInterruption) {
		number, to, told := text(nr), v.clock(x.To), v.clock(x.Communicated)
		if x.Ongoing {
			to += ", " + v.say("ongoing")
		}
		if told == "" {
			told = v.say("not-shown")
		}
		if len(x.Segments) > 0 {
			id := "interruption-" + strconv.Itoa(len(explained)+1)
			number.Href = "#" + id
			sum := counted(x.Segments)
			explained = append(explained, fold(id, v.say("days.explain", nr, v.clock(x.From), to, v.duration(x.Down)),
				v.segments(x.Segments), said(v.say("days.sum", v.duration(sum), v.duration(x.Down), v.duration(sum-x.Down)))))
		}
		b.Table.Rows = append(b.Table.Rows, []cell{
			number, v.when(x.Began), v.when(x.From), instant(to), v.long(x.Down), v.long(x.InMonth), v.text(strings.Join(x.Causes, "; ")), v.text(strings.Join(x.Plans, "; ")), instant(told),
		})
		sum += x.InMonth
	}
	if x := v.d.CarriedOver; x != nil {
		row(v.say("carried-over"), x)
	}
	for i := range v.d.Interruptions {
		row(strconv.Itoa(i+1), &v.d.Interruptions[i])
	}
	out := []block{b}
	if up := v.d.Availability; up != nil && v.d.MoreDown == 0 {
		out = append(out, said(v.say("days.together", v.duration(sum), v.duration(up.Down))))
	}
	return append(out, explained...)
}

// responses is how fast calls were answered.
func (v *view) responses() []block {
	p := v.d.Performance
	if p == nil {
		return nil
	}
	h := histogramOf(p)
	out := []block{{Picture: v.distribution(p, &h)}}
	bins := v.small(v.say("responses.table"), v.columns("time", "calls>"))
	for i, n := range h.counts {
		from, to := h.by*time.Duration(i), h.by*time.Duration(i+1)
		name := v.say("responses.bin", v.duration(from), v.duration(to))
		if i == 0 {
			name = v.say("responses.first", v.duration(to))
		}
		bins.Table.Rows = append(bins.Table.Rows, []cell{text(name), v.count(n)})
	}
	bins.Table.Rows = append(bins.Table.Rows, []cell{text(v.say("responses.longer", v.duration(h.end()))), v.count(h.longer)})
	out = append(out, fold("", bins.Table.Caption, bins))

	times := v.small(v.say("responses.percentiles"), v.columns("figure", "time>"))
	for _, r := range []struct {
		part string
		time time.Duration
	}{{"50", p.Percentiles.P50}, {"90", p.Percentiles.P90}, {"95", p.Percentiles.P95}, {"99", p.Percentiles.P99}} {
		times.Table.Rows = append(times.Table.Rows, []cell{text(v.say("responses.p", r.part)), v.long(r.time)})
	}
	times.Table.Rows = append(times.Table.Rows, []cell{text(v.say("responses.max")), v.long(p.Percentiles.Max)})
	out = append(out, times)

	persons := v.table(v.say("responses.persons"), v.callColumns("persons", p.Limits))
	for _, g := range p.Groups {
		persons.Table.Rows = append(persons.Table.Rows, v.callRow(strconv.Itoa(g.Persons), g.Count, len(p.Limits)))
	}
	persons.Table.Rows = append(persons.Table.Rows, v.callRow(v.say("responses.all"), p.Base, len(p.Limits)))
	out = append(out, persons)
	if len(p.Legs) > 0 {
		legs := v.table(v.say("responses.legs"), v.callColumns("provider", p.Limits))
		for _, leg := range p.Legs {
			legs.Table.Rows = append(legs.Table.Rows, v.callRow(clean(leg.Provider), leg.Count, len(p.Limits)))
		}
		out = append(out, legs)
	}
	counts := v.small(v.say("responses.counts"), v.columns("figure", "calls>"))
	for _, r := range []struct {
		key string
		n   int64
	}{
		{"outside", p.OutsideHours},
		{"beyond-cap", p.BeyondCapacity},
		{"invalid", p.Invalid.Total()},
		{"dev-unknown", p.Deviations.Unknown},
		{"dev-operator", p.Deviations.Operator},
		{"dev-provider", p.Deviations.Provider},
	} {
		counts.Table.Rows = append(counts.Table.Rows, []cell{text(v.say("responses." + r.key)), v.count(r.n)})
	}
	return append(out, counts)
}

func (v *view) callColumns(first string, limits []performance.Limit) []column {
	head := v.columns(first, "answered>")
	for _, l := range limits {
		head = append(head, column{Text: v.say("c.within", v.within(l)), Right: true})
	}
	return append(head, v.columns("unanswered>")...)
}

func (v *view) callRow(name string, c performance.Count, limits int) []cell {
	row := []cell{text(name), v.count(c.Answered)}
	for i := range limits {
		n := "–"
		if i < len(c.Within) {
			n = v.number(c.Within[i])
		}
		row = append(row, figure(n))
	}
	return append(row, v.count(c.Unanswered.Total()))
}

// load is how many calls there were, against what the service is made for.
func (v *view) load() []block {
	c := v.d.Capacity
	if c == nil {
		return nil
	}
	var out []block
	if c.Users != "" {
		out = append(out, said(v.say("load.agreed-users", clean(c.Users))))
	}
	if p := v.d.Performance; p != nil {
		out = append(out, block{Picture: v.dayOfHours(&p.Hours)})
		b := v.small(v.say("load.picture"), v.columns("hour", "calls>"))
		for i := range p.Hours {
			b.Table.Rows = append(b.Table.Rows, []cell{text(hour(i)), v.count(p.Hours[i].Total())})
		}
		out = append(out, fold("", b.Table.Caption, b))
	}
	limits := v.table(v.say("load.limits")+" "+clean(c.Clause), v.columns("limit", "peak>", "allowed>"))
	limits.Table.Head = append(append(limits.Table.Head, column{Text: "p95", Right: true}, column{Text: "p99", Right: true}), v.columns("over>", "calls-over>", "at")...)
	spells := v.table(v.say("load.spells"), v.columns("limit", "from", "to", "peak>"))
	var more []block
	for _, l := range c.Limits {
		name := v.limitInWords(l.Limit)
		if l.Limit.Advisory {
			name += ", " + v.say("advisory")
		}
		limits.Table.Rows = append(limits.Table.Rows, []cell{
			text(name), v.count(l.Peak.Count), v.count(l.Limit.Allowed()), v.count(l.P95), v.count(l.P99), v.long(l.TimeOver), v.count(l.CallsOver), v.when(l.Peak.At),
		})
		for _, over := range l.Over {
			spells.Table.Rows = append(spells.Table.Rows, []cell{text(name), v.when(over.From), v.when(over.To), v.count(over.Peak)})
		}
		if l.MoreOver > 0 {
			more = append(more, said(v.say("load.more", v.number(l.MoreOver))))
		}
	}
	if len(limits.Table.Rows) > 0 {
		out = append(out, limits)
	}
	if len(spells.Table.Rows) > 0 {
		out = append(append(out, spells), more...)
	}
	peaks := v.small(v.say("load.peaks"), v.columns("figure", "calls>", "at"),
		[]cell{text(v.say("load.calls")), v.count(c.Volume.Calls), text("")},
		v.peakRow("second", c.Volume.Second), v.peakRow("minute", c.Volume.Minute), v.peakRow("hour", c.Volume.Hour),
		v.peakRow("slide-second", c.Flow.Second), v.peakRow("slide-minute", c.Flow.Minute), v.peakRow("concurrent", c.Flow.Concurrent))
	out = append(out, peaks)
	if len(c.Usage.Users) > 0 {
		users := v.small(v.say("load.users"), v.columns("user", "calls>"))
		for _, u := range c.Usage.Users {
			users.Table.Rows = append(users.Table.Rows, []cell{v.text(u.Name), v.count(u.Calls)})
		}
		out = append(out, fold("", users.Table.Caption, users))
	}
	return out
}

func hour(i int) string {
	return time.Date(2000, 1, 1, i, 0, 0, 0, time.UTC).Format("15:04")
}
