package sla

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// limits reviews availability and reliability (§4.9).
func (v *reviewer) limits() {
	a := v.agreement.Availability
	if a == nil {
		return
	}
	for i, l := range a.Limits {
		for k, m := range a.Limits {
			path := fmt.Sprintf("availability.limits[%d]", i)
			clauses := []string{cmp.Or(l.Clause, a.Clause), cmp.Or(m.Clause, a.Clause)}
			switch {
			case !l.Share.IsZero() && m.Down != nil && l.Per == m.Per:
				v.shareAgainstDown(path, clauses, l, m)
			case l.Interruptions != nil && m.Interruptions != nil && monthsOf(l.Per) < monthsOf(m.Per):
				v.overPeriods(path, clauses, l, m, *l.Interruptions, *m.Interruptions, interruptions("interruption", "s"), interruptions("avbrott", ""))
			case l.Down != nil && m.Down != nil && monthsOf(l.Per) < monthsOf(m.Per):
				v.overPeriods(path, clauses, l, m, int64(*l.Down), int64(*m.Down), downtime("downtime"), downtime("otillgänglighet"))
			case i != k && sameFigure(l, m) && (l.Per == m.Per || l.Longest != nil) && (looserLimit(l, m) || k < i && !looserLimit(m, l)):
				v.neverBinds(path, clauses, l, m) // the length of an interruption is that of the whole of it, in whichever period
			case !l.Share.IsZero() && !m.Share.IsZero() && monthsOf(l.Per) > monthsOf(m.Per) && l.Share.Compare(m.Share) < 0:
				v.neverBinds(path, clauses, l, m) // each part of a period has that share, and so has the whole
			}
		}
	}
	if q := a.Quorum; q != nil && q.Need > 1 {
		answers := say("1 answer is", "1 svar är")
		if q.Need > 2 {
			answers = say("1 to %d answers are", "1 till %d svar är", q.Need-1)
		}
		v.found("quorum-gap", "availability.quorum", Text{
			"en": fmt.Sprintf("no answer is unavailable, %d or more are with disturbance, %s in no class; read as unavailable", q.Need, answers["en"]),
			"sv": fmt.Sprintf("inget svar är otillgänglig, %d eller fler är med störning, %s i ingen klass; läses som otillgänglig", q.Need, answers["sv"]),
		}, a.Clause)
	}
	v.credits(a)
}

func monthsOf(per availability.Per) int {
	return map[availability.Per]int{availability.PerMonth: 1, availability.PerQuarter: 3, availability.PerYear: 12, availability.Rolling12Months: 12, availability.Rolling365Days: 12}[per]
}

func down(open time.Duration, goal compliance.Goal) time.Duration {
	return time.Duration(compliance.Share{Met: int64(open), Total: int64(open)}.MissesLeft(goal))
}

// shareAgainstDown compares the downtime that a share allows in the periods of the year with one in hours.
func (v *reviewer) shareAgainstDown(path string, clauses []string, share, limit availability.Limit) {
	opening := v.calendars[v.agreement.Availability.ServiceTime]
	var least, most, open time.Duration
	for month := 1; month <= 12; month += monthsOf(share.Per) {
		from := v.span.From.AddDate(0, month-1, 0)
		o, err := opening.Elapsed(from, from.AddDate(0, monthsOf(share.Per), 0))
		if err != nil || o == 0 {
			continue
		}
		if d := down(o, share.Share); least == 0 || d < least {
			least = d
		}
		if d := down(o, share.Share); d > most {
			most, open = d, o
		}
	}
	allowed := time.Duration(*limit.Down)
	if least == allowed && most == allowed || open == 0 {
		return
	}
	percent := figure(compliance.Share{Met: int64(open - min(allowed, open)), Total: int64(open)}.Percent(compliance.Goal{}) + " %")
	goal, binds := figure(share.Share.String()), figure(share.Share.String())
	if most > allowed {
		if binds = hours(allowed); least < allowed {
			binds = "now the one, now the other"
		}
	}
	if least == most {
		v.found("availability-limits-disagree", path, say(
			"%s of %s allows %s of downtime in %d, %s allow %s: %s binds", "%s av %s tillåter %s otillgänglighet under %d, %s tillåter %s: %s gäller",
			goal, hours(open), hours(most), v.year, hours(allowed), percent, binds), clauses...)
		return
	}
	v.found("availability-limits-disagree", path, say(
		"%s allows %s to %s of downtime a %s in %d, the limit in hours is %s: %s binds", "%s tillåter %s till %s otillgänglighet per %s under %d, gränsen i timmar är %s: %s gäller",
		goal, hours(least), hours(most), share.Per, v.year, hours(allowed), binds), clauses...)
}

// overPeriods compares a limit for a short period with one for a longer.
func (v *reviewer) overPeriods(path string, clauses []string, short, long availability.Limit, a, b int64, en, sv func(int64) string) {
	times := int64(monthsOf(long.Per) / monthsOf(short.Per))
	if a > 1<<62/times {
		return // it never binds, and has no figure
	}
	sum := a * times
	bare := func(figure string) string { return figure[:strings.LastIndexByte(figure, ' ')] } // without what it is of
	text := func(format string, write func(int64) string, in func(availability.Per) string) string {
		return fmt.Sprintf(format, write(a), in(short.Per), times, bare(write(sum)), bare(write(b)), in(long.Per), b/max(a, 1)+1, bare(write(a)), write(b))
	}
	english := func(per availability.Per) string { return per.String() }
	swedish := func(per availability.Per) string { return string(swedishWords[word(per.String())]) }
	switch {
	case sum > b:
		v.found("period-limits-disagree", path, Text{
			"en": text("%[1]s a %[2]s, %[3]d times, are %[4]s, but %[5]s a %[6]s are allowed: the shorter limit, reached every time, breaks the longer in number %[7]d", en, english),
			"sv": text("%[1]s per %[2]s, %[3]d gånger, är %[4]s, men %[5]s per %[6]s är tillåtet: den kortare gränsen, nådd varje gång, bryter den längre i nummer %[7]d", sv, swedish),
		}, clauses...)
	case sum < b:
		v.found("limit-never-binds", path, Text{
			"en": text("%[9]s a %[6]s are never reached: %[8]s a %[2]s, %[3]d times, are %[4]s", en, english),
			"sv": text("%[9]s per %[6]s nås aldrig: %[8]s per %[2]s, %[3]d gånger, är %[4]s", sv, swedish),
		}, clauses...)
	}
}

func interruptions(what, plural string) func(int64) string {
	return func(n int64) string {
		if n == 1 {
			return "1 " + what
		}
		return fmt.Sprintf("%d %s%s", n, what, plural)
	}
}

func downtime(what string) func(int64) string {
	return func(n int64) string { return servicetime.FormatDuration(time.Duration(n)) + " " + what }
}

func (v *reviewer) neverBinds(path string, clauses []string, loose, strict availability.Limit) {
	v.found("limit-never-binds", path, say("%s is never missed first: %s is", "%s missas aldrig först: det gör %s", loose, strict), clauses...)
}

// credits finds gaps between a goal and the ladder below it.
func (v *reviewer) credits(a *AvailabilityRules) {
	var goal compliance.Goal
	for _, l := range a.Limits {
		if l.Per == availability.PerMonth && l.Share.Compare(goal) > 0 {
			goal = l.Share
		}
	}
	if len(a.Credits) == 0 || goal.IsZero() {
		return
	}
	steps := slices.Clone(a.Credits)
	slices.SortFunc(steps, func(x, y availability.Step) int { return y.Below.Compare(x.Below) })
	switch top := steps[0].Below; top.Compare(goal) {
	case -1:
		v.found("credit-gap", "availability.credits", say("a month from %s up to %s misses the goal without a credit", "en månad från %s upp till %s missar målet utan ersättning", figure(top.String()), figure(goal.String())), a.Clause)
	case 1:
		v.found("credit-above-goal", "availability.credits", say("a month from %s up to %s meets the goal and has a credit", "en månad från %s upp till %s når målet och ger ersättning", figure(goal.String()), figure(top.String())), a.Clause)
	}
	for i := 1; i < len(steps); i++ {
		above, err := compliance.ParseGoal(strings.ReplaceAll(steps[i-1].Credit, " ", ""))
		below, err2 := compliance.ParseGoal(strings.ReplaceAll(steps[i].Credit, " ", ""))
		if err == nil && err2 == nil && below.Compare(above) <= 0 {
			v.found("credit-not-rising", "availability.credits", say("below %s the credit is %s, below %s, which is worse, %s", "under %s är ersättningen %s, under %s, som är värre, %s",
				figure(steps[i-1].Below.String()), figure(above.String()), figure(steps[i].Below.String()), figure(below.String())), a.Clause)
		}
	}
}

// calls reviews performance, precision and capacity (§4.7, §4.8, §4.10).
func (v *reviewer) calls() {
	if p := v.agreement.Performance; p != nil {
		for i, l := range p.Limits {
			if l.Share == compliance.MustGoal("100%") && !p.Precision.IsZero() && p.Precision.Compare(l.Share) < 0 {
				v.found("all-calls-against-precision", fmt.Sprintf("performance.limits[%d].share", i), say(
					"%s of the calls within %s, but %s answered is enough: what is not answered is within no limit, and read as %s",
					"%s av anropen inom %s, men %s besvarade räcker: det som inte besvaras är inom ingen gräns, och läses som %s",
					figure(l.Share.String()), hours(time.Duration(l.Within)), figure(p.Precision.String()), p.Unanswered), p.Clause, p.PrecisionClause)
			}
			for k, m := range p.Limits {
				slower := l.Within > m.Within || l.Within == m.Within && (l.Share.Compare(m.Share) < 0 || k < i)
				if i != k && slower && l.PerPerson >= m.PerPerson && !l.Share.IsZero() && l.Share.Compare(m.Share) <= 0 {
					v.found("limit-never-binds", fmt.Sprintf("performance.limits[%d]", i), say(
						"%s within %s is never missed first: %s within %s is", "%s inom %s missas aldrig först: det gör %s inom %s",
						figure(l.Share.String()), hours(time.Duration(l.Within)), figure(m.Share.String()), hours(time.Duration(m.Within))), p.Clause)
				}
			}
		}
	}
	v.load()
}

// load compares limits of capacity in one unit.
func (v *reviewer) load() {
	c := v.agreement.Capacity
	if c == nil {
		return
	}
	var rates []capacity.Limit
	for _, l := range c.Limits {
		if l.Kind != capacity.Concurrency {
			rates = append(rates, l)
		}
	}
	perMinute := func(l capacity.Limit) *big.Rat {
		return big.NewRat(l.Max*int64(time.Minute), int64(cmp.Or(l.Per, l.Window)))
	}
	for i := 1; i < len(rates); i++ {
		if perMinute(rates[i]).Cmp(perMinute(rates[0])) == 0 {
			continue
		}
		var parts []string
		for _, l := range rates {
			minute := perMinute(l)
			second, hour := new(big.Rat).Mul(minute, big.NewRat(1, 60)), new(big.Rat).Mul(minute, big.NewRat(60, 1))
			parts = append(parts, fmt.Sprintf("%s/s = %s/min = %s/h", short(second), short(minute), short(hour)))
		}
		text := figure(strings.Join(parts, "; "))
		little := Text{}
		if p := v.agreement.Performance; p != nil && len(p.Limits) > 0 {
			// Little's law: calls at once are their rate times how long each takes.
			shortest, longest := p.Limits[0].Within, p.Limits[0].Within
			for _, l := range p.Limits {
				shortest, longest = min(shortest, l.Within), max(longest, l.Within)
			}
			rate := slices.MinFunc(rates, func(a, b capacity.Limit) int { return perMinute(a).Cmp(perMinute(b)) })
			at := func(d servicetime.Duration) figure {
				return figure(short(new(big.Rat).Mul(perMinute(rate), big.NewRat(int64(d), int64(time.Minute)))))
			}
			little = say("; of calls of %[1]s to %[2]s that is %[3]s to %[4]s at once", "; av anrop på %[1]s till %[2]s är det %[3]s till %[4]s samtidiga",
				hours(time.Duration(shortest)), hours(time.Duration(longest)), at(shortest), at(longest))
		}
		text2 := say("the limits differ: %s", "gränserna skiljer sig: %s", text)
		v.found("capacity-limits-disagree", "capacity.limits", Text{"en": text2["en"] + little["en"], "sv": text2["sv"] + little["sv"]}, c.Clause)
		return
	}
}

// short writes a number with at most two decimals.
func short(r *big.Rat) string {
	return strings.TrimSuffix(strings.TrimRight(r.FloatString(2), "0"), ".")
}

// recovery reviews continuity (§4.12).
func (v *reviewer) recovery() {
	c := v.agreement.Continuity
	if c == nil {
		return
	}
	if c.Objectives == (continuity.Objectives{}) {
		v.found("continuity-blank", "continuity", say("RTO, RPO and the frequency of backups are blank: they are not agreed, and have no verdict",
			"RTO, RPO och frekvens för säkerhetskopiering är tomma: de är inte avtalade och har inget utfall"), c.Clause)
		return
	}
	conflicts, err := v.ContinuityConflicts(servicetime.Year(v.year))
	if err != nil {
		return // the rules have been compiled, and the year is one of theirs
	}
	for _, conflict := range conflicts {
		var objectives []string
		for _, o := range conflict.Objectives {
			objectives = append(objectives, o.String())
		}
		v.found("continuity-"+strings.ReplaceAll(conflict.Code.String(), "_", "-"), "continuity", Text{
			"en": conflict.String(),
			"sv": fmt.Sprintf("%s går inte ihop%s", strings.Join(objectives, " och "), map[bool]string{true: ": " + conflict.Service}[conflict.Service != ""]),
		}, c.Clause)
	}
}

// content reviews what belongs in the monthly report (§5.1).
func (v *reviewer) content() {
	r := v.agreement.Report
	if r == nil {
		return
	}
	a := &v.agreement
	rules := map[string]struct {
		there  bool
		clause string
	}{
		"incidents": {there: a.Incidents != nil}, "orders": {there: a.Orders != nil}, "problems": {there: a.Problems != nil},
		"changes": {there: a.Changes != nil}, "availability": {there: a.Availability != nil}, "security": {there: a.Security != nil},
		"performance": {there: a.Performance != nil}, "capacity": {there: a.Capacity != nil}, "continuity": {there: a.Continuity != nil},
	}
	for _, name := range Sections() {
		path := "report.content." + name
		rule := rules[name]
		if rule.there {
			_, rule.clause = v.clauseOf(name)
		}
		switch need := r.Content[name]; {
		case need == NotRequired && rule.there:
			v.found("not-agreed-with-rules", path, say("%s is not agreed as content of the report, but has rules", "%s är inte avtalat innehåll i rapporten, men har regler", word(name)), r.ContentClause, rule.clause)
		case need == Required && !rule.there:
			v.found("required-without-rules", path, say("%s is required in the report, but the agreement has no rules for it", "%s krävs i rapporten, men avtalet har inga regler för det", word(name)), r.ContentClause)
		}
	}
}

// sections are those that a service has of its own.
func (s Service) sections() map[string]bool {
	return map[string]bool{
		"incidents": s.Incidents != nil, "orders": s.Orders != nil, "problems": s.Problems != nil, "availability": s.Availability != nil,
		"performance": s.Performance != nil, "capacity": s.Capacity != nil, "continuity": s.Continuity != nil,
	}
}
