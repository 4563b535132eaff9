package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// ticketPage is what a report is printed from.
type ticketPage struct {
	*sla.Report
	sensitivity     *sla.Sensitivity
	agreement       sla.Agreement
	reading         *records.Tickets
	evidence        *records.Evidence
	calls           *callLog // nil without a file
	asOfFound       bool     // as-of is the last instant of the records
	stopsAtResolved bool     // where the agreement says reported back
	noResponse      bool     // responses are left out
}

func writeText(w io.Writer, p ticketPage) {
	writeTitle(w, p.Report, p.agreement.Title.In("en"))
	if p.asOfFound && !p.reading.Latest.IsZero() {
		fmt.Fprintf(w, "As-of is the last instant in the records, of ticket %s (%s:%d).\n", clean(p.reading.Last.Number), p.evidence.File, p.reading.Last.Line)
	}
	if p.asOfFound && p.reading.Latest.IsZero() {
		fmt.Fprintf(w, "As-of is a day after the month, since no ticket in the records names an instant.\n")
	}
	fmt.Fprintln(w)
	for _, section := range []*sla.TicketReport{&p.Incidents, &p.Security, &p.Orders, &p.Problems, &p.Unknown} {
		if section.Tickets > 0 || section.Agreed {
			writeTickets(w, section)
		}
	}
	if p.calls != nil {
		writeCalls(w, &p.Calls, p.calls)
	}
	writeReadings(w, p)
	writeSensitivity(w, p)
	writeEvidence(w, p)
	for _, section := range []*sla.TicketReport{&p.Incidents, &p.Orders, &p.Problems, &p.Unknown} {
		writeMissed(w, section, p.Span, p.agreement.Priority.Levels)
		writeNotJudged(w, section)
	}
}

func writeTitle(w io.Writer, r *sla.Report, agreement string) {
	title := fmt.Sprintf("Monthly report %s: %s", r.Month, agreement)
	fmt.Fprintf(w, "%s\n%s\n", title, strings.Repeat("=", len([]rune(title))))
	state := "final"
	if r.Preliminary {
		state = "preliminary: the month has not ended"
	}
	fmt.Fprintf(w, "Agreement %s, version %s. As of %s, %s.\n", r.Agreement, r.Version, r.AsOf.Format("2006-01-02 15:04 -0700"), state)
}

// clean makes a text from a file harmless to print.
func clean(s string) string { return records.Clean(s) }

func writeTickets(w io.Writer, s *sla.TicketReport) {
	if !s.Agreed {
		kind := "unknown"
		if s.Kind != "" {
			kind = string(s.Kind) + "s"
		}
		fmt.Fprintf(w, "%d tickets (%s) are of a kind that the agreement has no rules for.\n\n", s.Tickets, kind)
		return
	}
	name, apart := s.Name(), ""
	if s.Kind == priority.Security {
		apart = " (among the incidents, and here apart)"
	}
	fmt.Fprintf(w, "%s%s, %s%s: %s\n\n", strings.ToUpper(name[:1]), name[1:], s.Clause, apart, s)
	if s.Tickets == 0 {
		return
	}
	group := "priority"
	if s.Kind == priority.Order {
		group = "type"
	}
	width := len(group) // of the first column, which is aligned left
	for _, g := range slices.Concat(s.Groups, s.ByProvider()) {
		width = max(width, utf8.RuneCountInString(clean(g.Name)))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%-*s\tresponse\tresolution\tmet\tmissed\tin time\t\n", width, group)
	for _, g := range s.Groups {
		fmt.Fprintf(t, "%-*s\t%s\t%s\t%d\t%d\t%s\t\n", width, g.Name, target(g.Targets.Response), target(g.Targets.Resolution), g.Met, g.Missed, percent(g.Share(), compliance.Goal{}))
	}
	fmt.Fprintf(t, "%-*s\t\t\t%d\t%d\t%s\t\n", width, "all", s.Share.Met, s.Share.Total-s.Share.Met, percent(s.Share, s.Goal))
	if providers := s.ByProvider(); len(providers) > 0 {
		fmt.Fprintf(t, "\t\t\t\t\t\t\n")
		for _, g := range providers {
			fmt.Fprintf(t, "%-*s\t\t\t%d\t%d\t%s\t\n", width, clean(g.Name), g.Met, g.Missed, percent(g.Share(), compliance.Goal{}))
		}
	}
	_ = t.Flush()
	// Under the reading "each" a ticket has an outcome for each of its times.
	outcomes := s.Share.Total + s.NoTarget + s.Running + s.Elsewhere + s.Rejected
	fmt.Fprintf(w, "\nOf %d in the records: %d in the month, %d without target, %d running, %d of other months or later, %d not judged.\n\n",
		outcomes, s.Share.Total, s.NoTarget, s.Running, s.Elsewhere, s.Rejected)
	if outcomes != s.Tickets {
		fmt.Fprintf(w, "(Of %d tickets, each time of which counts by itself.)\n\n", s.Tickets)
	}
}

func target(t servicetime.Target) string {
	if t.IsZero() {
		return "-"
	}
	return t.String()
}

func percent(s compliance.Share, g compliance.Goal) string {
	if text := s.Percent(g); text != "" {
		return text + " %"
	}
	return "no data"
}

func writeReadings(w io.Writer, p ticketPage) {
	r := p.Readings
	fmt.Fprintf(w, "Readings\n")
	fmt.Fprintf(w, "  A ticket counts in the month in which its clock stopped, or in which its target was first exceeded.\n")
	fmt.Fprintf(w, "  Hours run as %s, business days as %s, days as %s. \"Over by\" counts open time.\n", r.Hours, r.BusinessDays, r.Days)
	fmt.Fprintf(w, "  Pauses move a due: %s. A ticket meets its times: %s.\n", r.Pauses, r.Compliance)
	for _, k := range []struct {
		name  string
		rules *sla.TicketRules
	}{{"incidents", p.agreement.Incidents}, {"orders", p.agreement.Orders}, {"problems", p.agreement.Problems}} {
		if k.rules != nil {
			fmt.Fprintf(w, "  Resolution clocks of %s stop at: %s (%s).\n", k.name, k.rules.StopsAt, k.rules.Clause)
		}
	}
	if p.stopsAtResolved {
		fmt.Fprintf(w, "  The records have no instant of reporting back: resolution clocks of incidents and problems stop at resolved.\n")
	}
	if p.noResponse {
		fmt.Fprintf(w, "  The records have no instant of the start of work: response times are not judged.\n")
	}
	fmt.Fprintln(w)
}

// writeSensitivity shows which readings change a verdict, and of how many tickets.
func writeSensitivity(w io.Writer, p ticketPage) {
	for _, s := range []*sla.TicketReport{&p.Incidents, &p.Orders, &p.Problems} {
		table := p.sensitivity.Of(s.Kind)
		if s.Share.Total == 0 || len(table) == 0 {
			continue
		}
		fmt.Fprintf(w, "Sensitivity: %s under other readings (the first row is the agreement's)\n\n", s.Name())
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(t, "  business days\thours\ttimes\tin time\tof\tpercent\tverdict\ttickets that change\n")
		for _, v := range table {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%d\t%d\t%s\t%s\t%d\n", v.BusinessDays, v.Hours, v.Compliance, v.Share.Met, v.Share.Total, percent(v.Share, s.Goal), v.Verdict, v.Changed)
		}
		_ = t.Flush()
		fmt.Fprintln(w)
	}
}

func writeEvidence(w io.Writer, p ticketPage) {
	e := p.evidence
	fmt.Fprintf(w, "Records\n  %s: %d rows, %d of them bad; %d tickets read, %d not judged.\n", e.File, e.Rows, e.BadRows, e.Read, e.Rejected)
	for _, note := range e.Notes {
		fmt.Fprintf(w, "  %s:%s.\n", e.File, note)
	}
	for _, note := range p.reading.Export.Notes {
		fmt.Fprintf(w, "  %s\n", note)
	}
	fmt.Fprintln(w)
}

func writeMissed(w io.Writer, s *sla.TicketReport, month servicetime.Span, levels []string) {
	if len(s.Missed) == 0 {
		return
	}
	fmt.Fprintf(w, "Missed: %ss that exceeded a target in the month, by the instant of the breach (%s)\n\n", s.Kind, s.Clause)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "number\tpriority\treceived\ttime\ttarget\tdue\tdone\tover by\tpaused\tclause\tnote\n")
	for _, m := range s.Missed {
		for _, c := range []struct {
			name string
			priority.Clock
		}{{"response", m.Response}, {"resolution", m.Resolution}} {
			// A breach in another month is listed there: so a later run lists the same.
			if v, at := c.Outcome(); v != compliance.Missed || at.Before(month.From) || !at.Before(month.To) {
				continue
			}
			done := "not done"
			if !c.Done.IsZero() {
				done = minute(c.Done, c.Due.Location())
			}
			note := ""
			if !c.Since.Equal(c.Received) {
				note = "\tas " + clean(levels[c.Level-1]) + " since " + minute(c.Since, c.Due.Location())
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s%s\n", clean(m.Number), clean(m.Priority), minute(c.Received, c.Due.Location()), c.name, c.Target,
				minute(c.Due, c.Due.Location()), done, servicetime.FormatDuration(c.Over), servicetime.FormatDuration(c.Paused), m.Clause, note)
		}
	}
	_ = t.Flush()
	if s.MoreMissed > 0 {
		fmt.Fprintf(w, "… and %d more tickets\n", s.MoreMissed)
	}
	fmt.Fprintln(w)
}

func minute(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01-02 15:04") }

func writeNotJudged(w io.Writer, s *sla.TicketReport) {
	if len(s.NotJudged) == 0 {
		return
	}
	kind := string(s.Kind)
	if kind == "" {
		kind = "ticket"
	}
	fmt.Fprintf(w, "Not judged: %ss received in the month, or nobody knows when\n\n", kind)
	for _, n := range s.NotJudged {
		number := clean(n.Number)
		if number == "" {
			number = "(no number)"
		}
		for line := range strings.SplitSeq(n.Err.Error(), "\n") {
			fmt.Fprintf(w, "%s  %s\n", number, clean(line))
			number = strings.Repeat(" ", utf8.RuneCountInString(number))
		}
	}
	if s.MoreNotJudged > 0 {
		fmt.Fprintf(w, "… and %d more\n", s.MoreNotJudged)
	}
	fmt.Fprintln(w)
}
