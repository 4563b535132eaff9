package sla

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// A Finding is a contradiction between rules of an agreement, or a gap between them. It is no fault: the agreement is judged all the same, as its readings say.
type Finding struct {
	// Code is one of [FindingCodes], or that of an [OpenPoint] of the agreement.
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Clauses  []string `json:"clauses"`
	// Path is the rule in the agreement's document, the first of those involved.
	Path string `json:"path,omitempty"`
	// Text is what was found, with the figures that show it, and Suggestion what to agree on, in English and Swedish.
	Text       Text `json:"text"`
	Suggestion Text `json:"suggestion"`
}

// Severity is what kind of finding one is.
type Severity string

// The severities.
const (
	Contradiction Severity = "contradiction" // two rules that cannot both be kept, or read
	Gap           Severity = "gap"           // something that no rule says
	Remark        Severity = "remark"        // a rule without an effect
	Open          Severity = "open"          // an [OpenPoint], which the agreement declares itself
)

// String is the finding in a line:
//
//	§4.9.1 availability-limits-disagree: 98 % of 2259 h allows 45 h 10 min 48 s of downtime in 2026, 62 h allow 97.26 %: 98 % binds
func (f Finding) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", strings.Join(f.Clauses, ", "), f.Code, f.Text.In("en")))
}

// A FindingCode is a code with what it finds and what to agree on.
type FindingCode struct {
	Code       string
	Severity   Severity
	Finds      string
	Suggestion Text
}

// FindingCodes are the codes of all findings but those of the open points that an agreement declares itself. REVIEW.md shows an example of each.
func FindingCodes() []FindingCode {
	codes := slices.Clone(findingCodes)
	for i := range codes {
		codes[i].Suggestion = maps.Clone(codes[i].Suggestion)
	}
	return codes
}

// Review finds what the rules of the agreement contradict or leave open, with the figures of a calendar year, in the order of the clauses. What its services have of
// their own is reviewed for each.
//
// It returns an error wrapping [servicetime.ErrRange] if the year does not lie in 1970 to 2200.
func (r *Rules) Review(year int) ([]Finding, error) {
	r.kept.mu.Lock()
	known, findings := r.kept.year == year && year != 0, r.kept.findings
	r.kept.mu.Unlock()
	if !known {
		var err error
		if findings, err = r.review(year); err != nil {
			return nil, err
		}
		r.kept.mu.Lock()
		r.kept.year, r.kept.findings = year, findings
		r.kept.mu.Unlock()
	}
	copied := slices.Clone(findings)
	for i := range copied {
		f := &copied[i]
		f.Clauses, f.Text, f.Suggestion = slices.Clone(f.Clauses), maps.Clone(f.Text), maps.Clone(f.Suggestion)
	}
	return copied, nil
}

func (r *Rules) review(year int) ([]Finding, error) {
	v, err := r.reviewer(year)
	if err != nil {
		return nil, err
	}
	v.tickets()
	v.timing()
	v.providers()
	v.limits()
	v.calls()
	v.recovery()
	v.content()
	v.openPoints()
	for _, name := range slices.Sorted(maps.Keys(r.services)) {
		of := *v
		of.Rules, of.prefix, of.service, of.findings = r.services[name], "services."+name+".", name, nil
		of.own = r.agreement.Services[name].sections()
		of.tickets()
		of.providers()
		of.limits()
		of.calls()
		of.recovery()
		v.findings = append(v.findings, of.findings...)
	}
	sortFindings(v.findings)
	return v.findings, nil
}

// reviewer gathers findings.
type reviewer struct {
	*Rules
	year     int
	span     servicetime.Span // of the year
	prefix   string           // of paths, for a service
	service  string           // its name
	own      map[string]bool  // the sections that a service has of its own; nil is all
	findings []Finding
}

func (r *Rules) reviewer(year int) (*reviewer, error) {
	span, err := r.months.Span(servicetime.Year(year))
	if err != nil {
		return nil, fmt.Errorf("sla: review of %d: %w", year, err)
	}
	return &reviewer{Rules: r, year: year, span: span}, nil
}

// found adds a finding. Its clauses are those that are named, each once.
func (v *reviewer) found(code, path string, text Text, clauses ...string) {
	if section, _, _ := strings.Cut(path, "."); v.own != nil && !v.own[section] {
		return // told of the agreement
	}
	if v.service != "" {
		text = Text{"en": v.service + ": " + text["en"], "sv": v.service + ": " + text["sv"]}
	}
	f := Finding{Code: code, Path: v.prefix + path, Text: text}
	for _, clause := range clauses {
		if clause != "" && !slices.Contains(f.Clauses, clause) {
			f.Clauses = append(f.Clauses, clause)
		}
	}
	for _, c := range findingCodes {
		if c.Code == code {
			f.Severity, f.Suggestion = c.Severity, maps.Clone(c.Suggestion)
		}
	}
	v.findings = append(v.findings, f)
}

// say is a text in both languages, of the same arguments.
func say(en, sv string, args ...any) Text {
	english, swedish := slices.Clone(args), slices.Clone(args)
	for i, arg := range args {
		switch arg := arg.(type) {
		case availability.Limit:
			english[i], swedish[i] = limitIn(arg)
		case performance.Limit:
			text := fmt.Sprintf("%s within %s", goalText(arg.Share), arg)
			english[i], swedish[i] = text, strings.NewReplacer("none", "ingen", "within", "inom", "a person", "per person", ".", ",").Replace(text)
		case capacity.Limit:
			swedish[i] = fmt.Sprintf("högst %d anrop", arg.Max)
			if per := cmp.Or(arg.Per, arg.Window); per != 0 {
				swedish[i] = fmt.Sprintf("högst %d anrop per %s", arg.Max, per)
			}
		case figure:
			swedish[i] = strings.ReplaceAll(string(arg), ".", ",")
		case servicetime.Target:
			swedish[i] = swedishTarget.Replace(arg.String())
		case word:
			swedish[i] = cmp.Or(swedishWords[arg], arg)
		case availability.Per:
			swedish[i] = cmp.Or(swedishWords[word(arg.String())], word(arg.String()))
		}
	}
	return Text{"en": fmt.Sprintf(en, english...), "sv": fmt.Sprintf(sv, swedish...)}
}

// A figure is a number with its unit, which has a decimal comma in Swedish.
type figure string

var swedishTarget = strings.NewReplacer("business days", "arbetsdagar", "business day", "arbetsdag", "days", "dagar", "day", "dag", "no target", "inget mål")

// A word is one of the library's own, such as a section.
type word string

var swedishWords = map[word]word{
	"response": "responsen", "resolution": "åtgärden", "update": "uppdateringen",
	"month": "månad", "quarter": "kvartal", "year": "år", "rolling 12 months": "rullande 12 månader", "rolling 365 days": "rullande 365 dagar",
	"incidents": "incidenter", "orders": "beställningar", "problems": "problem", "changes": "ändringar", "availability": "tillgänglighet", "security": "säkerhet",
	"performance": "prestanda", "capacity": "kapacitet", "continuity": "kontinuitet",
}

// limitIn is a limit of availability with its period, in English and Swedish.
func limitIn(l availability.Limit) (en, sv string) {
	en = fmt.Sprintf("%s a %s", l, l.Per)
	switch {
	case l.Down != nil:
		sv = fmt.Sprintf("högst %s otillgänglighet", l.Down)
	case l.Interruptions != nil:
		sv = fmt.Sprintf("högst %d avbrott", *l.Interruptions)
	case l.Longest != nil:
		sv = fmt.Sprintf("högst %s per avbrott", l.Longest)
	default:
		sv = fmt.Sprintf("minst %s", l.Share)
	}
	return en, strings.ReplaceAll(sv, ".", ",") + " per " + string(swedishWords[word(l.Per.String())])
}

func hours(d time.Duration) figure { return figure(servicetime.FormatDuration(d)) }

// open is the open time of a calendar in the year.
func (v *reviewer) open(c *servicetime.Calendar) time.Duration {
	d, err := c.Elapsed(v.span.From, v.span.To)
	if err != nil {
		return 0 // a year that the calendar's zone does not have wholly
	}
	return d
}

// sortFindings sorts by clause, as numbers, then by code and path.
func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(compareClauses(strings.Join(a.Clauses, " "), strings.Join(b.Clauses, " ")), strings.Compare(a.Code, b.Code), strings.Compare(a.Path, b.Path))
	})
}

// compareClauses compares texts, and numbers in them as numbers: §4.9 comes before §4.10.
func compareClauses(a, b string) int {
	for a != "" && b != "" {
		i, j := digitsOf(a), digitsOf(b)
		if i > 0 && j > 0 {
			m, _ := strconv.Atoi(a[:min(i, 9)])
			n, _ := strconv.Atoi(b[:min(j, 9)])
			if m != n {
				return cmp.Compare(m, n)
			}
			a, b = a[i:], b[j:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digitsOf(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// openPoints tells those that the agreement declares, with the reading that was chosen.
func (v *reviewer) openPoints() {
	for i, p := range v.agreement.OpenPoints {
		path := fmt.Sprintf("open_points[%d]", i)
		if p.Path == "" {
			v.declared(p, path, Text{})
			continue
		}
		value, there := v.at(p.Path)
		if !there {
			v.found("open-point-stale", path, say("the reading of %q is said to be at %s, where nothing is", "läsningen av %q sägs finnas på %s, där inget finns", p.Code, p.Path), p.Clauses...)
			continue
		}
		read := Text{}
		if len(value) <= 60 && !strings.ContainsAny(value, "{[") {
			value = strings.Trim(value, `"`)
			read = say(" (%s: %s)", " (%s: %s)", p.Path, value)
		}
		if name, is := strings.CutSuffix(strings.TrimPrefix(p.Path, "service_times."), ".holidays"); is {
			if days, lost := v.closedBy(name); days > 0 {
				read = say(" (%s: %s, %d days, %s of %d)", " (%s: %s, %d dagar, %s av %d)", p.Path, value, days, hours(lost), v.year)
			}
		}
		v.declared(p, p.Path, read)
	}
}

func (v *reviewer) declared(p OpenPoint, path string, read Text) {
	text := Text{}
	for _, language := range []string{"en", "sv"} {
		text[language] = strings.TrimSuffix(p.Text.In(language), ".") + read[language] // as findings end
	}
	v.findings = append(v.findings, Finding{
		Code: p.Code, Severity: Open, Clauses: slices.Clone(p.Clauses), Path: path, Text: text,
		Suggestion: Text{"en": "Agree on it in words or figures.", "sv": "Kom överens om det i ord eller siffror."},
	})
}

// closedBy is how many dates, and how much open time, the holidays of a service time close in the year.
func (v *reviewer) closedBy(name string) (days int, lost time.Duration) {
	with := v.calendars[name]
	if with == nil {
		return 0, 0
	}
	s := v.agreement.ServiceTimes[name].Schedule
	s.Holidays = servicetime.Holidays{}
	without, err := servicetime.Compile(s, func(string) (*time.Location, error) { return with.Location(), nil })
	if err != nil {
		return 0, 0 // it has been compiled with them
	}
	lost = v.open(without) - v.open(with)
	for d, last := (servicetime.Date{Year: v.year, Month: time.January, Day: 1}), (servicetime.Date{Year: v.year, Month: time.December, Day: 31}); d.Compare(last) <= 0; d = d.AddDays(1) {
		if without.IsBusinessDay(d) && !with.IsBusinessDay(d) {
			days++
		}
	}
	return days, lost
}
