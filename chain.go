package sla

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// ReviewChain finds where an underpinning contract allows more than the agreement that it underpins, or says nothing of what that promises: opening hours, targets of
// tickets by kind and level, goals, availability, performance, delivery precision, capacity and continuity, one by one. Levels and order types are matched by their
// names; due times are compared for receipts at all hours of the year, and at the edges of their hours, each by its own calendar. Of a service that the agreement
// has figures of its own for, those are compared with the contract's for the service of that name, or else with the contract itself. Where the contract reads
// otherwise what both have (readings, what counts as down or as answered, where a clock stops, the matrix), that is a finding too: which of them is looser nobody can tell.
// Clauses are of the agreement, then of the contract.
//
// It does not compare credits, problems' and orders' hours of single providers, changes, and what the report holds. That several contracts together compose to what the
// agreement promises it does not see: compare each.
//
// It returns an error wrapping [servicetime.ErrRange] if the year does not lie in 1970 to 2200.
func ReviewChain(agreement, underpinning *Rules, year int) ([]Finding, error) {
	v, err := agreement.reviewer(year)
	if err != nil {
		return nil, err
	}
	under, err := underpinning.reviewer(year)
	if err != nil {
		return nil, err
	}
	c := chain{reviewer: v, under: under}
	c.validity()
	if err := c.readings(); err != nil {
		return nil, err
	}
	c.sections()
	for _, name := range slices.Sorted(maps.Keys(agreement.services)) {
		of, contract := *v, *under
		of.Rules, of.prefix, of.service, of.findings = agreement.services[name], "services."+name+".", name, nil
		of.own = agreement.agreement.Services[name].sections()
		if rules := underpinning.services[name]; rules != nil {
			contract.Rules = rules
		}
		c := chain{reviewer: &of, under: &contract}
		c.sections()
		v.findings = append(v.findings, of.findings...)
	}
	sortFindings(v.findings)
	return v.findings, nil
}

func (c *chain) sections() {
	c.tickets()
	c.availability()
	c.performance()
	c.capacity()
	c.continuity()
}

// validity finds dates on which the agreement holds and the contract does not.
func (c *chain) validity() {
	a, b := c.agreement.Valid, c.under.agreement.Valid
	if compareFrom(b, a) > 0 || compareTo(b, a) < 0 {
		c.found("underpinning-looser", "valid", say("the agreement holds %s, the contract %s", "avtalet gäller %s, underleverantörens %s", a, b))
	}
}

// readings finds what both have and read otherwise.
func (c *chain) readings() error {
	changes, err := Diff(c.agreement, c.under.agreement)
	if err != nil {
		return err
	}
	for _, change := range changes {
		read := slices.ContainsFunc(otherReadings, func(path string) bool {
			return change.Path == path || strings.HasPrefix(change.Path, path+".") || strings.HasPrefix(change.Path, path+"[")
		})
		if read && change.Old != "" && change.New != "" {
			c.found("underpinning-reads-otherwise", change.Path, say("%[1]s: %[2]s is promised, %[3]s is underpinned", "%[1]s: %[2]s är utlovat, %[3]s är underbyggt", change.Path, change.Old, change.New), change.Clause)
		}
	}
	return nil
}

// otherReadings are those that decide what a figure is of.
var otherReadings = []string{
	"readings", "priority.matrix", "incidents.stops_at", "orders.stops_at", "problems.stops_at",
	"availability.min_gap", "availability.min_length", "availability.cluster", "availability.planned", "availability.degraded", "availability.weight",
	"performance.unanswered", "performance.hours", "performance.precision_hours", "performance.groups", "performance.over_capacity",
	"continuity.hours", "continuity.business_days", "continuity.days",
}

// chain compares what is promised with what is under it.
type chain struct {
	*reviewer
	under *reviewer
}

func (c *chain) looser(path string, promised, under any, what string, clauses ...string) {
	c.found("underpinning-looser", path, say("%[1]s: %[2]v is promised, %[3]v is underpinned", "%[1]s: %[2]v är utlovat, %[3]v är underbyggt", what, promised, under), clauses...)
}

func (c *chain) missing(path string, promised any, clauses ...string) {
	c.found("underpinning-missing", path, say("%s: %v is promised, nothing is underpinned", "%s: %v är utlovat, inget är underbyggt", path, promised), clauses...)
}

func (c *chain) tickets() {
	for _, kind := range []struct {
		kind             priority.Kind
		path             string
		promised, lender *TicketRules
	}{
		{priority.Incident, "incidents", c.agreement.Incidents, c.under.agreement.Incidents},
		{priority.Order, "orders", c.agreement.Orders, c.under.agreement.Orders},
		{priority.Problem, "problems", c.agreement.Problems, c.under.agreement.Problems},
	} {
		if kind.promised == nil {
			continue
		}
		if kind.lender == nil {
			c.missing(kind.path, word(kind.path), kind.promised.Clause)
			continue
		}
		clauses := []string{kind.promised.Clause, kind.lender.Clause}
		switch {
		case kind.lender.Goal.IsZero() && !kind.promised.Goal.IsZero():
			c.missing(kind.path+".goal", goalText(kind.promised.Goal), clauses...)
		case kind.lender.Goal.Compare(kind.promised.Goal) < 0:
			c.looser(kind.path+".goal", goalText(kind.promised.Goal), goalText(kind.lender.Goal), kind.path+".goal", clauses...)
		}
		promised, lender := c.rulesOf(kind.kind), c.under.rulesOf(kind.kind)
		for _, name := range slices.Sorted(maps.Keys(promised)) {
			for _, what := range []string{"response", "resolution", "update"} {
				a := timed{name, what, promised[name]}
				target := a.target(promised[name])
				if target.None() {
					continue
				}
				path := kind.path + ".targets." + name + "." + what
				b := timed{name, what, lender[name]}
				if b.rule == nil || b.target(b.rule).None() {
					c.missing(path, target, clauses...)
					continue
				}
				if at, dueUnder, duePromised, found := c.later(b, a); found {
					c.found("underpinning-looser", path, say(
						"%s: received %s, %s is due %s as promised, %s %s as underpinned", "%s: mottaget %s ska %s ske senast %s som utlovat, %s %s som underbyggt",
						path, at.Format(reviewed), a.at(at), duePromised.Format(reviewed), b.at(at), dueUnder.In(at.Location()).Format(reviewed)), clauses...)
				}
			}
		}
	}
}

// rulesOf are those of a kind of ticket by level, or order type.
func (v *reviewer) rulesOf(kind priority.Kind) map[string]*priority.Rule {
	of := map[string]*priority.Rule{}
	k := v.kinds[kind]
	for name, rule := range k.byClass {
		of[name] = &rule
	}
	for i := range k.policy.Rules {
		of[v.agreement.Priority.Levels[i]] = &k.policy.Rules[i]
	}
	return of
}

func goalText(g compliance.Goal) figure {
	if g.IsZero() {
		return "none" // of a share that is measured and not judged
	}
	return figure(g.String())
}

func (c *chain) availability() {
	a, b := c.agreement.Availability, c.under.agreement.Availability
	switch {
	case a == nil:
		return
	case b == nil:
		c.missing("availability", word("availability"), a.Clause)
		return
	}
	opening, lender := c.calendars[a.ServiceTime], c.under.calendars[b.ServiceTime]
	if without, err := servicetime.Except(opening, lender); err == nil && c.open(without) > 0 {
		c.found("underpinning-looser", "availability.service_time", say(
			"%s of the %s of promised opening hours in %d are not in those that are underpinned", "%s av de %s utlovade öppettid under %d är inte i den underbyggda",
			hours(c.open(without)), hours(c.open(opening)), c.year), a.Clause, b.Clause)
	}
	for i, l := range a.Limits {
		path := fmt.Sprintf("availability.limits[%d]", i)
		clauses := []string{cmp.Or(l.Clause, a.Clause)}
		kept, of := false, []availability.Limit{}
		for _, m := range b.Limits {
			if sameFigure(l, m) && (l.Per == m.Per || l.Longest != nil) {
				of = append(of, m)
				kept = kept || !looserLimit(m, l)
			}
			kept = kept || tighterOver(m, l)
		}
		switch {
		case kept:
		case len(of) == 0:
			c.missing(path, l, clauses...)
		default:
			c.looser(path, l, of[0], path, append(clauses, cmp.Or(of[0].Clause, b.Clause))...)
		}
	}
}

// tighterOver reports whether a limit for a shorter period, reached every time, keeps one for a longer.
func tighterOver(m, l availability.Limit) bool {
	if !sameFigure(l, m) || monthsOf(m.Per) >= monthsOf(l.Per) {
		return false
	}
	times := int64(monthsOf(l.Per) / monthsOf(m.Per))
	switch {
	case l.Interruptions != nil:
		return *m.Interruptions <= *l.Interruptions/times
	case l.Down != nil:
		return int64(*m.Down) <= int64(*l.Down)/times
	}
	return !l.Share.IsZero() && m.Share.Compare(l.Share) >= 0
}

func sameFigure(l, m availability.Limit) bool {
	return l.Share.IsZero() == m.Share.IsZero() && (l.Down == nil) == (m.Down == nil) && (l.Interruptions == nil) == (m.Interruptions == nil) && (l.Longest == nil) == (m.Longest == nil)
}

// looserLimit reports whether a limit allows more than another one of the same figure.
func looserLimit(m, l availability.Limit) bool {
	switch {
	case l.Down != nil:
		return *m.Down > *l.Down
	case l.Interruptions != nil:
		return *m.Interruptions > *l.Interruptions
	case l.Longest != nil:
		return *m.Longest > *l.Longest
	}
	return m.Share.Compare(l.Share) < 0
}

func (c *chain) performance() {
	a, b := c.agreement.Performance, c.under.agreement.Performance
	switch {
	case a == nil:
		return
	case b == nil:
		c.missing("performance", word("performance"), a.Clause)
		return
	}
	if b.MaxPersons < a.MaxPersons {
		c.looser("performance.max_persons", a.MaxPersons, b.MaxPersons, "performance.max_persons", a.Clause, b.Clause)
	}
	if b.Precision.Compare(a.Precision) < 0 {
		c.looser("performance.precision", goalText(a.Precision), goalText(b.Precision), "performance.precision", a.PrecisionClause, b.PrecisionClause)
	}
	for i, l := range a.Limits {
		kept := slices.ContainsFunc(b.Limits, func(m performance.Limit) bool {
			return m.Share.Compare(l.Share) >= 0 && m.For(1) <= l.For(1) && m.For(a.MaxPersons) <= l.For(a.MaxPersons)
		})
		path := fmt.Sprintf("performance.limits[%d]", i)
		switch {
		case kept:
		case len(b.Limits) == 0:
			c.missing(path, l, a.Clause)
		default:
			// The one with the same share, else the strictest, shows it best.
			m := slices.MinFunc(b.Limits, func(x, y performance.Limit) int {
				same := func(m performance.Limit) int {
					return -cmp.Compare(0, max(m.Share.Compare(l.Share), -m.Share.Compare(l.Share)))
				}
				return cmp.Or(same(x)-same(y), cmp.Compare(x.Within, y.Within))
			})
			c.looser(path, l, m, path, a.Clause, b.Clause)
		}
	}
}

func (c *chain) capacity() {
	a, b := c.agreement.Capacity, c.under.agreement.Capacity
	if a == nil {
		return
	}
	for i, l := range a.Limits {
		if l.Advisory {
			continue
		}
		path := fmt.Sprintf("capacity.limits[%d]", i)
		if b == nil {
			c.missing(path, l, a.Clause)
			continue
		}
		found := false
		for _, m := range b.Limits {
			concurrent := l.Kind == capacity.Concurrency
			if m.Advisory || concurrent != (m.Kind == capacity.Concurrency) || m.Model != l.Model || !concurrent && cmp.Or(m.Window, m.Per) != cmp.Or(l.Window, l.Per) {
				continue
			}
			if found = true; m.Allowed() < l.Allowed() || l.Model >= capacity.Bucket && m.Max*int64(cmp.Or(l.Per, 1)) < l.Max*int64(cmp.Or(m.Per, 1)) { // whatever others allow: all of them bind
				c.looser(path, l, m, path, cmp.Or(l.Clause, a.Clause), cmp.Or(m.Clause, b.Clause))
			}
		}
		if !found {
			c.missing(path, l, cmp.Or(l.Clause, a.Clause))
		}
	}
}

func (c *chain) continuity() {
	a, b := c.agreement.Continuity, c.under.agreement.Continuity
	if a == nil || a.Objectives == (continuity.Objectives{}) {
		return
	}
	if b == nil {
		c.missing("continuity", word("continuity"), a.Clause)
		return
	}
	for _, o := range []struct {
		name           string
		promised, lent continuity.Objective
	}{
		{"rto", a.RTO, b.RTO},
		{"rpo", a.RPO, b.RPO},
		{"backup_every", a.BackupEvery, b.BackupEvery},
		{"test_every", a.TestEvery, b.TestEvery},
		{"mtpd", a.MTPD, b.MTPD},
		{"wrt", a.WRT, b.WRT},
	} {
		path := "continuity." + o.name
		switch {
		case o.promised.IsZero() || o.promised == o.lent:
		case o.lent.IsZero():
			c.missing(path, o.promised, a.Clause, b.Clause)
		case c.longer(o.lent, o.promised):
			c.looser(path, o.promised, o.lent, path, a.Clause, b.Clause)
		}
	}
}

// longer reports whether what is underpinned may take longer than what is promised, from any instant of the year.
func (c *chain) longer(lent, promised continuity.Objective) bool {
	for t := range c.samples() {
		a, timed := c.back.Due(promised, t)
		b, lentTimed := c.under.back.Due(lent, t)
		if timed && (!lentTimed || b.After(a)) { // the last backup may be of any age
			return true
		}
	}
	return false
}

// Review is [Versions.Check] as findings.
func (v Versions) Review() []Finding {
	var findings []Finding
	for _, m := range v.Check() {
		code, text := "versions-gap", say("%[1]s: no version holds %[2]s, between %[3]q and %[4]q", "%[1]s: ingen version gäller %[2]s, mellan %[3]q och %[4]q", m.Agreement, m.Dates, m.Earlier, m.Later)
		if m.Overlap {
			code, text = "versions-overlap", say("%[1]s: %[3]q and %[4]q both hold, %[2]s", "%[1]s: %[3]q och %[4]q gäller båda, %[2]s", m.Agreement, m.Dates, m.Earlier, m.Later)
		}
		r := reviewer{}
		r.found(code, "valid", text)
		findings = append(findings, r.findings...)
	}
	return findings
}
