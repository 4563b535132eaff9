package page

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

const (
	space = "\u00a0" // no line ends between a figure and its unit
	minus = "\u2212"
)

// number is a count with its thousands apart: 1 234 in Swedish, 1,234 in English.
func (l lang) number(n int64) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		digits, sign = rest, minus
	}
	return sign + l.grouped(digits)
}

// grouped puts the thousands of digits apart.
func (l lang) grouped(digits string) string {
	mark := ","
	if l == swedish {
		mark = space
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return digits
}

// signed is a number with its sign, + too: a margin.
func (l lang) signed(n int64) string {
	if n > 0 {
		return "+" + l.number(n)
	}
	return l.number(n)
}

// decimals has a decimal comma in Swedish.
func (l lang) decimals(s string) string {
	if l == swedish {
		return strings.ReplaceAll(s, ".", ",")
	}
	return s
}

// percent is a share as [compliance.Share.Percent] rounds it, which is never to the other side of the goal. Without data it is empty.
func (l lang) percent(s compliance.Share, g compliance.Goal) string {
	text := s.Percent(g)
	if text == "" {
		return ""
	}
	return l.decimals(text) + space + "%"
}

// goal is the least share, 98.5 %.
func (l lang) goal(g compliance.Goal) string {
	return strings.ReplaceAll(l.decimals(g.String()), " ", space)
}

var leading = regexp.MustCompile(`^\d{4,}`)

// duration is 3 h 12 min; hours are the largest unit.
func (l lang) duration(d time.Duration) string {
	text, negative := strings.CutPrefix(servicetime.FormatDuration(d), "-")
	text = leading.ReplaceAllStringFunc(l.decimals(text), l.grouped)
	if negative {
		text = minus + text
	}
	return strings.ReplaceAll(text, " ", space)
}

// clock is an instant in the zone in which the document has it: to the minute, and to the second where it has seconds.
func (v *view) clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	text := t.Format(time.DateOnly) + space + timeOfDay(t)
	_, offset := t.Zone()
	_, from := v.d.From.Zone()
	_, to := v.d.To.Zone()
	switch offset {
	case from, to: // local
	case 0:
		text += space + "UTC"
	default:
		text += space + t.Format("-07:00")
	}
	return text
}

// timeOfDay has seconds where there are some.
func timeOfDay(t time.Time) string {
	if t.Second() != 0 {
		return t.Format(time.TimeOnly)
	}
	return t.Format("15:04")
}

// hours is a stretch of one local date: 08:00–17:00, and 17:00–24:00 where it ends with the date.
func (v *view) hours(s servicetime.Span) string {
	to := timeOfDay(s.To)
	if s.To.Format(time.DateOnly) != s.From.Format(time.DateOnly) {
		to = "24:00"
	}
	return timeOfDay(s.From) + "–" + to
}

// zone tells the offsets of the month from UTC.
func (v *view) zone() string {
	from, to := "UTC"+v.d.From.Format("-07:00"), "UTC"+v.d.To.Format("-07:00")
	if from == to {
		return v.signs(from)
	}
	return v.signs(from + " – " + to)
}

func (v *view) signs(s string) string { return strings.ReplaceAll(s, "-", minus) }

// target is 2 business days, in the language.
func (l lang) target(t servicetime.Target) string {
	if d, elapsed := t.Duration(); elapsed {
		return l.duration(d)
	}
	if t.None() {
		return l.say("target.none")
	}
	return l.units(t.String())
}

var swedishUnits = strings.NewReplacer(
	"business days", "arbetsdagar", "business day", "arbetsdag", "working weeks", "arbetsveckor", "working week", "arbetsvecka",
	"immediate", "omedelbart", "last transaction", "senaste transaktion", "last backup", "senaste säkerhetskopia",
	"days", "dagar", "day", "dag", "none", "ingen", "N/A", "inget (N/A)",
)

// units is a time in words, such as an objective, in the language.
func (l lang) units(s string) string {
	s = clean(s)
	if l == swedish {
		s = swedishUnits.Replace(l.decimals(s))
	}
	return strings.ReplaceAll(s, " ", space)
}

// within is a limit of response times as it is agreed: 7 s + 1.5 s for each further person.
func (l lang) within(limit performance.Limit) string {
	within := l.duration(time.Duration(limit.Within))
	if limit.PerPerson == 0 {
		return within
	}
	return l.say("person", within, l.duration(time.Duration(limit.PerPerson)))
}
