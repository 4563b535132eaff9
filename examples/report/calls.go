package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/examples/agreements"
	"example.com/sla/examples/calls"
	"example.com/sla/examples/records"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// callLog is what a file of calls told.
type callLog struct {
	name string
	calls.Stats
}

// readCalls counts the calls of a file; - is standard input. A large file shows on standard error, if that is a terminal, how far it has come.
func readCalls(name string, m *sla.Month) (*callLog, error) {
	in, err := calls.Open(name, os.Stderr)
	if err != nil {
		return nil, fmt.Errorf("-calls: %w", err)
	}
	defer func() { _ = in.Close() }() // it was only read
	stats, err := calls.Read(in, calls.Options{}, func(some []performance.Call) error {
		m.Call(some...)
		return nil
	})
	if err != nil {
		return nil, located(name+":", err)
	}
	return &callLog{name, stats}, nil
}

// reportCalls is the report of calls alone, as of the instant given, else after the month.
func reportCalls(name string, agreement sla.Agreement, agreementFile string, month servicetime.Month, asOfText string, strict bool, stdout io.Writer) error {
	rules, err := agreement.Compile(time.LoadLocation, agreements.Holidays()...)
	if err != nil {
		return located("agreement "+orDefault(agreementFile, agreement.Name)+": ", err)
	}
	asOf, err := asOf(asOfText, &records.Tickets{}, month)
	if err != nil {
		return err
	}
	m, err := rules.Month(month, asOf)
	if err != nil {
		return err
	}
	log, err := readCalls(name, m)
	if err != nil {
		return err
	}
	if strict && log.Bad > 0 {
		return log.refuse()
	}
	out := bufio.NewWriter(stdout)
	report := m.Report()
	writeTitle(out, report, agreement.Title.In("en"))
	fmt.Fprintf(out, "Of calls alone: no tickets were given.\n\n")
	writeCalls(out, &report.Calls, log)
	return out.Flush()
}

// refuse is the error of -strict.
func (l *callLog) refuse() error {
	err := fmt.Errorf("%d %w of %d in %s, and -strict is set", l.Bad, errBadRows, l.Rows, l.name)
	for _, fault := range l.Faults {
		err = fmt.Errorf("%w\n%s:%w", err, l.name, fault)
	}
	return err
}

// writeCalls prints performance, delivery precision and capacity (§4.7, §4.8, §4.10), and what the log was like.
func writeCalls(w io.Writer, r *sla.CallReport, log *callLog) {
	p, c := &r.Performance, &r.Capacity
	if p.Agreed {
		fmt.Fprintf(w, "Performance, %s: %s\n\n", p.Clause, p.Verdict)
		for i, o := range p.Outcomes {
			fmt.Fprintf(w, "  within %s: %s\n", o.Limit, p.OutcomeText(i))
		}
		if p.Base.Answered > 0 {
			fmt.Fprintf(w, "  response times: %s\n", p.Percentiles)
		}
		fmt.Fprintf(w, "  left out: %d outside opening hours, %d beyond capacity, %d invalid (%d of an impossible instant, %d of persons, %d of response)\n",
			p.OutsideHours, p.BeyondCapacity, p.Invalid.Total(), p.Invalid.At, p.Invalid.Persons, p.Invalid.Response)
		writeGroups(w, p)
		fmt.Fprintf(w, "\nDelivery precision, %s: %s\n", p.PrecisionClause, p.Precision.Share.Line("answered", p.Rule.Precision))
		if p.Precision.Deviations.Total() > 0 {
			fmt.Fprintf(w, "  deviations: %s\n", p.Precision.Deviations)
		}
		fmt.Fprintln(w)
	}
	if c.Agreed {
		fmt.Fprintf(w, "Capacity, %s: %s\n\n", c.Clause, c.Verdict)
	} else {
		fmt.Fprintf(w, "Capacity: not agreed\n\n")
	}
	for _, o := range c.Limits {
		fmt.Fprintf(w, "  %s\n", o)
		for i, e := range o.Over {
			if i == shown {
				fmt.Fprintf(w, "    … and %d more\n", int64(len(o.Over)-shown)+o.MoreOver)
				break
			}
			fmt.Fprintf(w, "    %s\n", e)
		}
	}
	fmt.Fprintf(w, "  %s\n", c.Volume)
	if c.FlowUnknown {
		fmt.Fprintf(w, "  Sliding peaks and concurrency are not known: parts of the log interleave.\n")
	} else {
		fmt.Fprintf(w, "  %s\n", c.Flow)
	}
	if c.Users != "" {
		fmt.Fprintf(w, "  users, as agreed: %s\n", c.Users)
	}
	fmt.Fprintf(w, "\nCalls\n  %s: %d rows, %d of them bad; %d of other months or later.\n", clean(log.name), log.Rows, log.Bad, r.Elsewhere)
	if r.NotInFlow > 0 {
		fmt.Fprintf(w, "  %d came too late for what depends on their order, or lasted an impossible time; they are in all other figures, and limits that need them are not known to be met.\n", r.NotInFlow)
	}
	if r.Unmeasured > 0 {
		fmt.Fprintf(w, "  %d were not answered, and the log does not say how long they took: concurrency is higher than it is told.\n", r.Unmeasured)
	}
	if r.LateForCapacity > 0 {
		fmt.Fprintf(w, "  %d came too late to tell whether they were beyond capacity; they count as within.\n", r.LateForCapacity)
	}
	for _, note := range log.Notes {
		fmt.Fprintf(w, "  %s\n", clean(note))
	}
	for i, fault := range log.Faults {
		if i == shown {
			break
		}
		fmt.Fprintf(w, "  %s:%s\n", clean(log.name), clean(fault.Error()))
	}
	if more := int64(max(0, len(log.Faults)-shown)) + log.MoreFaults; more > 0 {
		fmt.Fprintf(w, "  … and %d more faults\n", more)
	}
	fmt.Fprintln(w)
}

// shown is how many of a list the text shows.
const shown = 20

// writeGroups is a table of the group sizes that have calls, and of the providers.
func writeGroups(w io.Writer, p *sla.PerformanceReport) {
	if len(p.Groups)+len(p.Legs) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	var head strings.Builder
	head.WriteString("\n  persons\tanswered\tunanswered\t")
	for _, o := range p.Outcomes {
		head.WriteString("within " + servicetime.FormatDuration(o.Limit.For(1)) + " …\t")
	}
	fmt.Fprintln(t, head.String())
	row := func(name string, c *performance.Count) {
		fmt.Fprintf(t, "  %s\t%d\t%d\t", name, c.Answered, c.Unanswered.Total())
		for i := range p.Outcomes {
			fmt.Fprintf(t, "%s\t", percent(c.Share(i, p.Rule.Unanswered), compliance.Goal{}))
		}
		fmt.Fprintln(t)
	}
	for i := range p.Groups {
		row(fmt.Sprint(p.Groups[i].Persons), &p.Groups[i].Count)
	}
	row("all", &p.Base)
	for i := range p.Legs[:min(len(p.Legs), shown)] {
		row("provider "+clean(p.Legs[i].Provider), &p.Legs[i].Count)
	}
	if more := len(p.Legs) - shown; more > 0 || p.OtherLegs.Total() > 0 {
		rest := performance.Count{Within: make([]int64, len(p.Outcomes))}
		for _, l := range append(p.Legs[min(len(p.Legs), shown):], p.OtherLegs) {
			rest.Answered += l.Answered
			rest.Unanswered.Unknown += l.Unanswered.Total()
			for i := range l.Within {
				rest.Within[i] += l.Within[i]
			}
		}
		row("other providers", &rest)
	}
	_ = t.Flush()
}
