// Command report turns the records of a month into the monthly report of an agreement: now, its part on tickets.
//
//	go run ./examples/report
//
// prints April 2016 of a real incident log under the SSBTEK agreement. See -help for other files.
package main

import (
	"bufio"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"example.com/sla"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

//go:embed data/servicenow-incidents.csv.gz
var defaultLog string

const (
	defaultLogName = "data/servicenow-incidents.csv.gz"
	defaultMonth   = "2016-04"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const help = `report prints the ticket part of an agreement's monthly report.

Without flags it reads the built-in incident log. A file of tickets is CSV in UTF-8, separated by commas or
semicolons, plain or gzip, with a header:

  number,kind,class,impact,urgency,priority,provider,occurred,received,started,resolved,reported_back

Needed are number, kind, received and one of resolved and reported_back. Kinds are incident, order, problem and
security; class is the type of an order; impact, urgency and priority are numbers from 1. Instants are RFC 3339
with their offset: 2016-04-30T10:00:00+02:00. Of two rows with one number the first counts. Bad rows are listed in
the report. The exit status is 1 if there is no report.

`

// errBadRows is the cause where bad rows are an error.
var errBadRows = errors.New("bad rows")

// run is main with its surroundings as arguments.
func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	tickets := flags.String("tickets", "", "`file` of tickets, CSV, plain or gzip (default: the built-in incident log)")
	export := flags.String("export", "", "what the columns of -tickets mean: `name` of a built-in description (servicenow-ssbtek, servicenow-own, tickets) or a file (default: the one of tickets and servicenow-ssbtek whose columns the file has)")
	monthText := flags.String("month", "", "the `month`, such as 2016-05 (default "+defaultMonth+" for the built-in log)")
	agreementFile := flags.String("agreement", "", "`file` of an agreement, JSON (default: SSBTEK)")
	asOfText := flags.String("as-of", "", "judge as of this `instant`, RFC 3339 (default: the last instant in the file)")
	strict := flags.Bool("strict", false, "make bad rows an error")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, help)
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		return err
	case err != nil:
		return fmt.Errorf("%w; -help lists the flags", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected %q: files are given with -tickets, -export and -agreement", flags.Arg(0))
	}
	if *tickets == "" {
		*monthText = orDefault(*monthText, defaultMonth)
		*export = orDefault(*export, "servicenow-ssbtek")
	}
	if *monthText == "" {
		return errors.New("-month: missing: write the month of the report, such as 2016-05")
	}
	month, err := servicetime.ParseMonth(*monthText)
	if err != nil {
		return fmt.Errorf("-month: %w", err)
	}
	agreement, err := loadAgreement(*agreementFile)
	if err != nil {
		return err
	}
	description, evidence, err := read(*export, *tickets)
	if err != nil {
		return err
	}
	// §3.1.2: where the evidence has no column for reporting back, the clock stops at resolved.
	stopsAtResolved := evidence.NoReportedBack && stopAtResolved(&agreement)
	noResponse := evidence.NoStarted && dropResponses(&agreement)
	rules, err := agreement.Compile(time.LoadLocation)
	if err != nil {
		return located("agreement "+orDefault(*agreementFile, agreement.Name)+": ", err)
	}
	asOf, err := asOf(*asOfText, evidence, month)
	if err != nil {
		return err
	}
	findUnruled(rules, evidence, asOf)
	if *strict && evidence.BadRows > 0 {
		return refuse(evidence, "and -strict is set")
	}
	m, err := rules.Month(month, asOf)
	if err != nil {
		return err
	}
	for _, t := range evidence.Tickets {
		m.Ticket(t.Ticket)
	}
	for _, r := range evidence.Rejects {
		m.Reject(r.Kind, r.NotJudged)
	}
	out := bufio.NewWriter(stdout)
	writeText(out, page{m.Report(), agreement, evidence, description, *asOfText == "", stopsAtResolved, noResponse})
	return out.Flush()
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func loadAgreement(file string) (sla.Agreement, error) {
	if file == "" {
		return sla.SSBTEK(), nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return sla.Agreement{}, fmt.Errorf("-agreement: %w", err)
	}
	a, err := sla.Parse(data)
	if err != nil {
		return a, located(file+":", err)
	}
	return a, nil
}

// located puts a text before each fault.
func located(before string, err error) error {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = before + line
	}
	return errors.New(strings.Join(lines, "\n"))
}

// read reads a file as the export that is named, else as the first of the built-in ones whose columns it has.
func read(export, file string) (*Export, *Evidence, error) {
	var failed error
	for _, name := range []string{"tickets", "servicenow-ssbtek"} {
		description, err := loadExport(orDefault(export, name))
		if err != nil {
			return nil, nil, err
		}
		evidence, err := readFile(description, file)
		if err == nil {
			return description, evidence, nil
		}
		if failed == nil {
			failed = err
		}
		if export != "" || !errors.Is(err, errColumn) {
			break
		}
	}
	return nil, nil, failed
}

func readFile(e *Export, file string) (*Evidence, error) {
	if file == "" {
		return readTickets(e, defaultLogName, strings.NewReader(defaultLog))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("-tickets: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return readTickets(e, file, f)
}

// asOf is the instant as of which the month is judged: that of the flag, else the last one in the file, else
// the end of the month.
func asOf(text string, e *Evidence, month servicetime.Month) (time.Time, error) {
	switch {
	case text != "":
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return t, fmt.Errorf(`-as-of %q: write an instant as "2016-05-01T00:00:00+02:00"`, text)
		}
		return t, nil
	case !e.Latest.IsZero():
		return e.Latest, nil
	case len(e.Rejects) > 0:
		return time.Time{}, refuse(e, "and nothing else that can be judged")
	}
	return time.Date(month.Year, month.Month+1, 1, 12, 0, 0, 0, time.UTC), nil
}

// findUnruled moves tickets that the agreement has no rule for to the rejects, with their place in the file.
func findUnruled(rules *sla.Rules, e *Evidence, asOf time.Time) {
	ruled := e.Tickets[:0]
	for _, t := range e.Tickets {
		if _, err := rules.Judge(t.Ticket, asOf); err != nil && !errors.Is(err, priority.ErrFuture) {
			e.BadRows++
			e.reject(t, fmt.Errorf("%s:%d:%d: %w", e.File, t.at.line, t.at.column, err))
			continue
		}
		ruled = append(ruled, t)
	}
	e.Tickets = ruled
}

// refuse lists the bad rows, as many as a person reads.
func refuse(e *Evidence, why string) error {
	const most = 20
	var lines []string
	for _, r := range e.Rejects {
		for line := range strings.SplitSeq(r.Err.Error(), "\n") {
			lines = append(lines, clean(line))
		}
	}
	more := ""
	if len(lines) > most {
		more = fmt.Sprintf("\n… and %d more", len(lines)-most)
		lines = lines[:most]
	}
	return fmt.Errorf("%d %w of %d in %s, %s:\n%s%s", e.BadRows, errBadRows, e.Rows, e.File, why, strings.Join(lines, "\n"), more)
}

// stopAtResolved changes the rules that stop at reporting back, and reports whether there were any.
func stopAtResolved(a *sla.Agreement) bool {
	changed := false
	for _, rules := range []*sla.TicketRules{a.Incidents, a.Problems} {
		if rules != nil && rules.StopsAt == priority.AtReportedBack {
			rules.StopsAt = priority.AtResolved
			changed = true
		}
	}
	return changed
}

// dropResponses takes the targets for responses out of the rules, and reports whether there were any: where
// the evidence has no column for the start of work, nobody knows whether a response was in time.
func dropResponses(a *sla.Agreement) bool {
	changed := false
	for _, rules := range []*sla.TicketRules{a.Incidents, a.Orders, a.Problems} {
		if rules == nil {
			continue
		}
		for name, targets := range rules.Targets {
			changed = changed || !targets.Response.IsZero()
			targets.Response = servicetime.Target{}
			rules.Targets[name] = targets
		}
	}
	return changed
}
