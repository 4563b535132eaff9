package page

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"example.com/sla"

	"example.com/sla/compliance"
)

// guarded is a text for a spreadsheet, which would compute one that begins as a formula does, after white space too: an apostrophe in front makes it text.
func guarded(s string) string { return quoted(s, clean(s)) }

// named is guarded for a text that is clean.
func named(s string) string { return quoted(s, s) }

func quoted(was, s string) string {
	formula := strings.TrimLeftFunc(s, unicode.IsSpace)
	if formula != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(formula)[0]) || was != "" && strings.ContainsRune("\t\r\n", rune(was[0])) {
		return "'" + s
	}
	return s
}

// seconds is a time as a figure, in full.
func (l lang) seconds(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	text := strconv.FormatInt(int64(d/time.Second), 10)
	if part := d % time.Second; part != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%09d", part), "0")
	}
	return sign + l.decimals(text)
}

// TargetsCSV writes the table of the targets for spreadsheets, by RFC 4180. Times are in seconds, and figures plain: their decimal mark is that of the language,
// and one below zero begins with a hyphen. Texts that begin as a formula does get an apostrophe in front.
//
// Its errors are those of [HTML].
func TargetsCSV(w io.Writer, d *Document, language string) error {
	l, err := languageOf(language)
	if err != nil {
		return err
	}
	v := &view{lang: l, d: d}
	rows := [][]string{v.heads("month", "path", "clause", "target", "verdict", "note", "period", "unit", "met>", "total>", "percent>", "goal>", "value>", "allowed-csv>", "margin>")}
	for i := range d.Targets {
		t := &d.Targets[i]
		amount := func(n int64) string {
			if t.Unit == "time" && t.Section != "continuity" {
				return l.seconds(time.Duration(n))
			}
			return strconv.FormatInt(n, 10)
		}
		var notes []string
		if t.Advisory {
			notes = append(notes, l.say("advisory"))
		}
		if t.SoFar {
			notes = append(notes, l.say("so-far"))
		}
		met, total, percent, agreed, value, allowed, left := "", "", "", guarded(t.Objective), "", "", ""
		switch {
		case isShare(t):
			met, total, percent, agreed = amount(t.Met), amount(t.Total), l.decimals(compliance.Share{Met: t.Met, Total: t.Total}.Percent(t.Goal)), l.goal(t.Goal)
		case t.Section == "continuity":
			met, total, value = amount(t.Met), amount(t.Total), l.seconds(time.Duration(t.Value))
		default:
			value, allowed = amount(t.Value), amount(t.Allowed)
		}
		if judged(t.Verdict) {
			left = amount(t.Margin)
		}
		rows = append(rows, []string{
			d.Month.String(), guarded(t.Path), guarded(t.Clause), named(v.targetName(t)), l.word(t.Verdict), strings.Join(notes, ", "), named(l.name("per", t.Per)),
			named(l.name("unit", t.Unit)), met, total, percent, agreed, value, allowed, left,
		})
	}
	return writeCSV(w, rows)
}

// A MissedWriter writes missed times of tickets as they come, as [MissedCSV] does.
type MissedWriter struct {
	v   *view
	csv *csv.Writer
}

// NewMissedWriter writes the header. Of the document it needs the month and the agreement.
//
// Its errors are those of [HTML].
func NewMissedWriter(w io.Writer, d *Document, language string) (*MissedWriter, error) {
	l, err := languageOf(language)
	if err != nil {
		return nil, err
	}
	m := &MissedWriter{v: &view{lang: l, d: d}, csv: csv.NewWriter(w)}
	m.csv.UseCRLF = true
	heads := m.v.heads("month", "kind", "number", "level", "clock", "goal", "received", "due", "done")
	for _, key := range []string{"c.elapsed", "c.over-by", "c.paused"} {
		heads = append(heads, l.say("c.seconds", l.say(key)))
	}
	return m, m.csv.Write(append(heads, l.say("c.clause")))
}

// Write writes a row for each time that a ticket missed.
func (m *MissedWriter) Write(kind, clause string, t sla.MonthlyMissed) error {
	instant := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	l := m.v.lang
	for _, c := range t.Clocks {
		err := m.csv.Write([]string{
			m.v.d.Month.String(), named(l.name("kind", kind)), guarded(t.Number), named(m.v.label(t.Level)), named(l.name("clock", c.Name)), l.target(c.Target),
			instant(t.Received), instant(c.Due), instant(c.Done), l.seconds(c.Elapsed), l.seconds(c.Over), l.seconds(c.Paused), guarded(clause),
		})
		if err != nil {
			return fmt.Errorf("page: %w", err)
		}
	}
	return nil
}

// Flush writes what is held back, and returns the first error of writing.
func (m *MissedWriter) Flush() error {
	m.csv.Flush()
	return m.csv.Error()
}

// MissedCSV writes the missed times of tickets, one a row, as [TargetsCSV] writes its rows. Instants are those of ISO 8601, with their offset from UTC.
//
// Its errors are those of [HTML].
func MissedCSV(w io.Writer, d *Document, language string) error {
	m, err := NewMissedWriter(w, d, language)
	if err != nil {
		return err
	}
	for _, t := range d.Tickets {
		for _, missed := range t.Missed {
			if err := m.Write(string(t.Kind), t.Clause, missed); err != nil {
				return err
			}
		}
	}
	return m.Flush()
}

func (v *view) heads(keys ...string) []string {
	var out []string
	for _, c := range v.columns(keys...) {
		out = append(out, c.Text)
	}
	return out
}

func writeCSV(w io.Writer, rows [][]string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}
