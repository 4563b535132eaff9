package sla

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// tickets reviews priorities and the targets of tickets.
func (v *reviewer) tickets() {
	if v.own == nil {
		v.matrixOrder()
		v.emptyServiceTimes()
	}
	for _, k := range []struct {
		kind  priority.Kind
		path  string
		rules *TicketRules
	}{
		{priority.Incident, "incidents", v.agreement.Incidents},
		{priority.Order, "orders", v.agreement.Orders},
		{priority.Problem, "problems", v.agreement.Problems},
	} {
		if k.rules != nil {
			v.targets(k.path, k.rules, v.kinds[k.kind])
		}
	}
}

// matrixOrder finds where a worse impact, or a worse class of the second axis, gives a lower priority.
func (v *reviewer) matrixOrder() {
	p := v.agreement.Priority
	for i, row := range v.matrix {
		for j, level := range row {
			report := func(worse priority.Level, at string) {
				v.found("matrix-not-monotone", fmt.Sprintf("priority.matrix[%d][%d]", i, j), say(
					"row %d, impact %d gives %s, and %s, which is worse, gives %s", "rad %d, påverkan %d ger %s, och %s, som är värre, ger %s",
					i+1, j+1, p.Levels[level-1], at, p.Levels[worse-1]), p.Clause)
			}
			if j > 0 && row[j-1] > level {
				report(row[j-1], fmt.Sprintf("impact %d", j))
			}
			if i > 0 && v.matrix[i-1][j] > level {
				report(v.matrix[i-1][j], fmt.Sprintf("row %d", i))
			}
		}
	}
}

// emptyServiceTimes finds service times on which no target can ever be met, since they never open.
func (v *reviewer) emptyServiceTimes() {
	for _, name := range slices.Sorted(maps.Keys(v.agreement.ServiceTimes)) {
		s := v.agreement.ServiceTimes[name]
		if v.open(v.calendars[name]) == 0 {
			v.found("no-open-time", "service_times."+name, say(
				"%s has no open time in %d: no target runs on it", "%s har ingen öppen tid %d: inget mål löper på den", name, v.year), s.Clause)
		}
	}
}

// A timed is one target of a level, or order type, with what it runs on.
type timed struct {
	name, what string // critical, response
	rule       *priority.Rule
}

func (t timed) target(rule *priority.Rule) servicetime.Target {
	switch t.what {
	case "response":
		return rule.Targets.Response
	case "update":
		return rule.Targets.Update
	}
	return rule.Targets.Resolution
}

// at is the target of a ticket received at an instant.
func (t timed) at(received time.Time) servicetime.Target { return t.target(t.rule.At(received)) }

// due is when a ticket received at an instant must be done; none where there is no target. It is the last instant that meets it, so that one used up
// at closing and one used up at the next opening are the same.
func (t timed) due(received time.Time) (due time.Time, has bool) {
	rule := t.rule.At(received)
	target := t.target(rule)
	if target.None() {
		return time.Time{}, false
	}
	how := rule.Hours
	switch {
	case rule.BusinessDays.Counts(target):
		how = rule.BusinessDays
	case rule.Days.Counts(target):
		how = rule.Days
	}
	d, err := rule.Calendar.Deadline(received, target, how)
	if err != nil {
		return time.Time{}, false // it is not used up by 2200: no-open-time
	}
	return d.Last, true
}

// samples are instants of receipt: four of each date of the year, in and out of most hours.
func (v *reviewer) samples() iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for t := v.span.From; t.Before(v.span.To); t = t.Add(6 * time.Hour) {
			if !yield(t.Add(2*time.Hour + 30*time.Minute)) { // 02:30, 08:30, 14:30, 20:30
				return
			}
		}
	}
}

// receipts are the samples, and where due times may change their order: at the edges of the hours of both, a target before an edge, and where a convention
// cuts the day.
func (v *reviewer) receipts(a, b timed) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for t := range v.samples() {
			if !yield(t) {
				return
			}
		}
		var lengths []time.Duration
		var cuts []time.Duration
		for _, t := range []timed{a, b} {
			for _, rule := range []*priority.Rule{t.rule, t.rule.OutOfHours} {
				if rule == nil {
					continue
				}
				if d, is := t.target(rule).Duration(); is {
					lengths = append(lengths, d)
				}
				if minute, is := cutoffOf(rule.BusinessDays); is {
					cuts = append(cuts, minute-time.Minute, minute, minute+time.Minute)
				}
			}
		}
		for _, cut := range cuts {
			for t := v.span.From; t.Before(v.span.To); t = t.AddDate(0, 0, 1) {
				if !yield(t.Add(cut)) {
					return
				}
			}
		}
		for _, c := range calendarsOf(a, b) {
			edge, open := v.span.From, c.Open(v.span.From)
			for n := 0; n < maxEdges && edge.Before(v.span.To); n++ {
				next, there := c.NextOpen(edge)
				if open {
					next, there = c.NextClose(edge)
				}
				if !there {
					break
				}
				edge, open = next, !open
				for _, at := range []time.Duration{0, 1} {
					if !yield(edge.Add(-at)) {
						return
					}
				}
				for _, d := range lengths {
					if !yield(edge.Add(-d)) || !yield(edge.Add(-d/2)) {
						return
					}
				}
			}
		}
	}
}

// cutoffOf is the time of day of a CUTOFF_hhmm_CLOSE.
func cutoffOf(how servicetime.Convention) (time.Duration, bool) {
	var h, m int
	if text := how.String(); len(text) < 11 || !strings.HasPrefix(text, "CUTOFF_") {
		return 0, false
	} else if _, err := fmt.Sscanf(text[len("CUTOFF_"):], "%2d%2d_CLOSE", &h, &m); err != nil {
		return 0, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, true
}

// maxEdges bounds the openings and closings of a year that are looked at: of ten windows a day.
const maxEdges = 2 * 10 * 366

// calendarsOf are those that the due times depend on, each once.
func calendarsOf(of ...timed) []*servicetime.Calendar {
	var all []*servicetime.Calendar
	for _, t := range of {
		for _, rule := range []*priority.Rule{t.rule, t.rule.OutOfHours} {
			if rule == nil {
				continue
			}
			for _, c := range []*servicetime.Calendar{rule.Calendar, rule.InHours} {
				if c != nil && !slices.Contains(all, c) {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// later finds the first receipt of which a is due later than b, of those that both have: the regular ones first.
func (v *reviewer) later(a, b timed) (at, dueA, dueB time.Time, found bool) {
	for t := range v.receipts(a, b) {
		dueA, hasA := a.due(t)
		dueB, hasB := b.due(t)
		if hasA && hasB && dueA.After(dueB) {
			return t.In(v.span.From.Location()), dueA, dueB, true
		}
	}
	return at, dueA, dueB, false
}

const reviewed = "2006-01-02 15:04"

// targets reviews those of one kind of ticket.
func (v *reviewer) targets(path string, rules *TicketRules, k *kindRules) {
	var names []string
	of := map[string]*priority.Rule{}
	if k.kind == priority.Order {
		names = slices.Sorted(maps.Keys(k.byClass))
		for _, name := range names {
			rule := k.byClass[name]
			of[name] = &rule
		}
	} else {
		names = v.agreement.Priority.Levels
		for i, name := range names {
			of[name] = &k.policy.Rules[i]
		}
	}
	v.untargeted(path, rules, names)
	v.mixedDays(path, rules, names)
	for _, name := range names {
		response, resolution := timed{name, "response", of[name]}, timed{name, "resolution", of[name]}
		if at, a, b, found := v.later(response, resolution); found {
			v.found("response-over-resolution", path+".targets."+name, say(
				"%s: the response, %s, of a ticket received %s is due %s, after its resolution, %s, %s",
				"%s: responsen, %s, för ett ärende mottaget %s ska ske senast %s, efter åtgärden, %s, %s",
				name, response.at(at), at.Format(reviewed), a.Format(reviewed), resolution.at(at), b.Format(reviewed)), rules.Clause)
		}
	}
	if k.kind == priority.Order {
		return // whose types have no order
	}
	for _, what := range []string{"response", "resolution", "update"} {
		for i := 1; i < len(names); i++ {
			higher, lower := timed{names[i-1], what, of[names[i-1]]}, timed{names[i], what, of[names[i]]}
			at, a, b, found := v.later(higher, lower)
			switch {
			case found:
				v.found("targets-not-monotone", path+".targets."+names[i-1], say(
					"the %[1]s of %[2]s, %[3]s, received %[4]s is due %[5]s, after that of %[6]s, %[7]s, %[8]s",
					"%[1]s för %[2]s, %[3]s, mottagen %[4]s ska ske senast %[5]s, efter den för %[6]s, %[7]s, %[8]s",
					word(what), names[i-1], higher.at(at), at.Format(reviewed), a.Format(reviewed), names[i], lower.at(at), b.Format(reviewed)), rules.Clause)
			case higher.target(of[names[i-1]]).IsZero() && rules.Targets[names[i-1]] != (priority.Targets{}) && !lower.target(of[names[i]]).None():
				v.found("target-missing", path+".targets."+names[i-1], say(
					"%[1]s: no %[2]s is agreed, but %[3]s, which is lower, has %[4]s",
					"%[1]s: %[2]s är inte avtalad, men %[3]s, som är lägre, har %[4]s", names[i-1], word(what), names[i], lower.target(of[names[i]])), rules.Clause)
			}
		}
	}
}

// untargeted finds levels and order types without any target.
func (v *reviewer) untargeted(path string, rules *TicketRules, names []string) {
	var without []string
	for _, name := range names {
		if rules.Targets[name] == (priority.Targets{}) {
			without = append(without, name)
		}
	}
	if len(without) > 0 {
		v.found("no-target", path+".targets."+without[0], Text{
			"en": v.labels(without, "en") + ": no target is agreed, so that they are listed and not judged",
			"sv": v.labels(without, "sv") + ": inget mål är avtalat, så att de listas och inte bedöms",
		}, rules.Clause)
	}
}

// labels are what a report calls the names.
func (v *reviewer) labels(names []string, language string) string {
	var labels []string
	for _, name := range names {
		labels = append(labels, cmp.Or(v.agreement.Labels[name].In(language), name))
	}
	return strings.Join(labels, ", ")
}

// mixedDays finds targets in calendar days among those in business days.
func (v *reviewer) mixedDays(path string, rules *TicketRules, names []string) {
	var calendar []string
	business := 0
	for _, name := range names {
		t := rules.Targets[name]
		for _, part := range []struct {
			what   string
			target servicetime.Target
		}{{"response", t.Response}, {"resolution", t.Resolution}} {
			switch {
			case strings.HasSuffix(part.target.String(), "business day"), strings.HasSuffix(part.target.String(), "business days"):
				business++
			case servicetime.ExclMidnight.Counts(part.target):
				calendar = append(calendar, fmt.Sprintf("%s.%s %s", name, part.what, part.target))
			}
		}
	}
	if len(calendar) == 0 || business == 0 {
		return
	}
	v.found("days-among-business-days", path+".targets", say(
		"%s in calendar days, %d others in business days; calendar days are read as %s", "%s i kalenderdagar, %d andra i arbetsdagar; kalenderdagar läses som %s",
		strings.Join(calendar, ", "), business, v.agreement.Readings.Days), rules.Clause)
}

// timing reviews the second axis of the matrix, and the impact (§4.3).
func (v *reviewer) timing() {
	p := v.agreement.Priority
	if t := p.Timing; t != nil {
		var en, sv []string
		if t.NearBeforeDays == 0 && t.NearAfterDays == 0 {
			en, sv = append(en, "2 (close to a critical period)"), append(sv, "2 (nära en kritisk period)")
		}
		if len(t.LowSeason) == 0 && t.OutOfHours != priority.OutOfHoursIs4 {
			en, sv = append(en, "4 (low season)"), append(sv, "4 (lågsäsong)")
		}
		if len(en) > 0 {
			v.found("timing-without-figures", "priority.timing", Text{
				"en": "without a figure timing never is " + strings.Join(en, " or "),
				"sv": "utan siffra är tidpunkten aldrig " + strings.Join(sv, " eller "),
			}, p.Clause, t.Clause)
		}
		if year, open := v.span.To.Sub(v.span.From), v.open(v.opening); open < year {
			v.found("timing-out-of-hours", "priority.timing.out_of_hours", say(
				"timing 1 to 3 ask for opening hours: %s of %s in %d lie outside, where only low season has a class; read as %s",
				"tidpunkt 1 till 3 förutsätter öppettid: %s av %s under %d ligger utanför, där bara lågsäsong har en klass; läses som %s",
				hours(year-open), hours(year), v.year, t.OutOfHours), p.Clause)
		}
	}
	impact := p.Impact
	if impact == nil {
		return
	}
	v.found("impact-gap", "priority.impact.five_or_more_down", say(
		"five or more base services down, but not all, are in no impact: of 8, 5 to 7; read as %s", "fem eller fler bastjänster nere, men inte alla, är i ingen påverkan: av 8, 5 till 7; läses som %s",
		impact.ManyDown), impact.Clause)
	// Impact 2 is up to 4 down, and "with disturbance" at least Need up: of N both are one class only if N − 4 = Need.
	if a := v.agreement.Availability; a != nil && a.Quorum != nil {
		n := 4 + a.Quorum.Need
		v.found("quorum-and-impact", "availability.quorum", say(
			"impact 2 is up to 4 down, with disturbance is %[1]d or more up: they agree only for %[2]d base services; of %[3]d, 4 down are impact 2 and unavailable",
			"påverkan 2 är upp till 4 nere, med störning är %[1]d eller fler uppe: de stämmer bara för %[2]d bastjänster; av %[3]d är 4 nere påverkan 2 och otillgänglig",
			a.Quorum.Need, n, n-1), impact.Clause, a.Clause)
	}
}

// providers finds those whose support hours are shorter than those that they are instead of (§4.2.1).
func (v *reviewer) providers() {
	for _, name := range slices.Sorted(maps.Keys(v.agreement.Providers)) {
		p := v.agreement.Providers[name]
		own := v.calendars[p.ServiceTime]
		var most time.Duration
		var of, section string
		for _, k := range []struct {
			kind  priority.Kind
			path  string
			rules *TicketRules
		}{{priority.Incident, "incidents", v.agreement.Incidents}, {priority.Order, "orders", v.agreement.Orders}, {priority.Problem, "problems", v.agreement.Problems}} {
			if k.rules == nil || len(p.Kinds) > 0 && !slices.Contains(p.Kinds, k.kind) || v.own != nil && !v.own[k.path] {
				continue
			}
			for _, name := range append(slices.Sorted(maps.Values(k.rules.ServiceTimes)), k.rules.ServiceTime) {
				without, err := servicetime.Except(v.calendars[name], own)
				if err != nil {
					continue // calendars of two zones are not compared
				}
				if lost := v.open(without); lost > most {
					most, of, section = lost, name, k.path
				}
			}
		}
		if most > 0 {
			path := "providers." + name
			if v.own != nil {
				path = section + ".service_time"
			}
			v.found("provider-hours-shorter", path, say(
				"%s has no support in %s of the %s of %s in %d", "%s har ingen support i %s av de %s i %s under %d",
				name, hours(most), hours(v.open(v.calendars[of])), of, v.year), p.Clause, v.agreement.ServiceTimes[of].Clause)
		}
	}
}
