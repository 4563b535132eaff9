package page

import (
	"cmp"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// targets is the table of the targets, one row each.
func (v *view) targets() []block {
	if len(v.d.Targets) == 0 {
		return []block{said(v.say("targets.none"))}
	}
	b := v.table(v.say("targets.caption"), v.columns("target", "verdict", "result>", "goal>", "margin>", "basis>", "year>", "months"))
	for i := range v.d.Targets {
		t := &v.d.Targets[i]
		name := text(strings.TrimSpace(v.targetName(t) + " " + clean(t.Clause)))
		year := ""
		if t.YearToDate != nil {
			year = v.percent(*t.YearToDate, t.Goal)
		}
		b.Table.Rows = append(b.Table.Rows, []cell{
			name, v.targetVerdict(t), figure(v.result(t)), figure(v.agreed(t)), figure(v.margin(t)), figure(v.basis(t)), figure(year), {Picture: v.spark(i, t)},
		})
	}
	b.Table.Class = "targets"
	return []block{b, said(v.say("targets.key"))}
}

func (v *view) targetVerdict(t *sla.MonthlyTarget) cell {
	c := v.verdict(t.Verdict)
	if t.Advisory {
		c.Verdict.Note = v.say("advisory")
	}
	if t.SoFar {
		c.Verdict.Note = strings.TrimPrefix(c.Verdict.Note+", "+v.say("so-far"), ", ")
	}
	return c
}

// isShare reports whether a target is a share of a total.
func isShare(t *sla.MonthlyTarget) bool { return !t.Goal.IsZero() }

// targetName is what a target is about, and for which period where that is not the month.
func (v *view) targetName(t *sla.MonthlyTarget) string {
	rule, _, _ := strings.Cut(t.Path, "[")
	name := ""
	switch rule {
	case "availability.limits":
		kind := t.Unit
		if isShare(t) {
			kind = "share"
		}
		if t.Longest {
			kind = "longest"
		}
		name = v.name("t", "availability."+kind) + " " + v.name("per", t.Per)
	case "performance.limits":
		if t.Response != nil {
			name = v.say("t.performance.limits", v.within(*t.Response))
		}
	case "capacity.limits":
		if t.Load != nil {
			name = v.say("t.capacity.limits", v.limitInWords(*t.Load))
		}
	}
	if name == "" {
		name = v.name("t", rule)
		if name == clean(rule) { // of an agreement that names more than this package knows
			name = v.name("section", t.Section)
		}
	}
	return name
}

// limitInWords is a limit of capacity in words.
func (v *view) limitInWords(l capacity.Limit) string {
	text, window := v.say("calls.at-most", v.number(l.Max)), cmp.Or(l.Window, l.Per)
	switch {
	case l.Per != 0:
		text += v.say("calls.per", v.unit(l.Per))
		if window != l.Per {
			text += v.say("calls.average", v.duration(time.Duration(window)))
		}
	case window != 0:
		text += v.say("calls.per", v.unit(window))
	default:
		text += v.say("calls.once")
	}
	return text
}

func (v *view) unit(d servicetime.Duration) string {
	switch time.Duration(d) {
	case time.Second:
		return v.say("second")
	case time.Minute:
		return v.say("minute")
	case time.Hour:
		return v.say("hour")
	case 24 * time.Hour:
		return v.say("day")
	}
	return v.duration(time.Duration(d))
}

// judged reports whether there is a figure to show.
func judged(v compliance.Verdict) bool { return v == compliance.Met || v == compliance.Missed }

func (v *view) result(t *sla.MonthlyTarget) string {
	switch {
	case !judged(t.Verdict):
		return "–"
	case isShare(t):
		return v.percent(compliance.Share{Met: t.Met, Total: t.Total}, t.Goal)
	case t.Section == "continuity":
		if o := v.objective(t); o != nil && o.Unbounded {
			return v.say("worst.unbounded")
		}
		return v.say("worst", v.duration(time.Duration(t.Value)))
	}
	return v.amount(t.Unit, t.Value)
}

func (v *view) objective(t *sla.MonthlyTarget) *sla.MonthlyObjective {
	for i := range v.d.Continuity {
		if "continuity."+v.d.Continuity[i].Name == t.Path {
			return &v.d.Continuity[i]
		}
	}
	return nil
}

// amount is a figure in the unit of a target.
func (v *view) amount(unit string, n int64) string {
	if unit == "time" {
		return v.duration(time.Duration(n))
	}
	return v.number(n) + space + v.unitOf(unit, n)
}

// unitOf is the unit of a number of things.
func (v *view) unitOf(unit string, n int64) string {
	if n == 1 || n == -1 {
		unit = one(unit, 1)
	}
	return strings.TrimSuffix(v.name("unit", unit), ".1")
}

func (v *view) agreed(t *sla.MonthlyTarget) string {
	switch {
	case isShare(t):
		return v.say("at-least", v.goal(t.Goal))
	case t.Objective != "":
		return v.units(t.Objective)
	}
	return v.say("at-most", v.amount(t.Unit, t.Allowed))
}

func (v *view) margin(t *sla.MonthlyTarget) string {
	if !judged(t.Verdict) {
		return "–"
	}
	unit := t.Unit
	if t.Section == "continuity" {
		unit = "times" // occasions that missed
	}
	if t.Margin > 0 {
		return "+" + v.amount(unit, t.Margin)
	}
	return v.amount(unit, t.Margin)
}

// basis is what the result is of: n of N, or one time of another.
func (v *view) basis(t *sla.MonthlyTarget) string {
	switch {
	case t.Section == "continuity":
		return v.say("of", v.number(t.Met), v.number(t.Total))
	case !isShare(t):
		return "–"
	case t.Unit == "time":
		return v.say("of", v.duration(time.Duration(t.Met)), v.duration(time.Duration(t.Total)))
	}
	return v.say("of", v.number(t.Met), v.number(t.Total)) + space + v.unitOf(t.Unit, t.Total)
}
