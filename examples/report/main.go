// Command report turns the records of a month into the monthly report of an agreement, or its parts on tickets and on calls alone.
//
//	go run ./examples/report
//
// prints April 2016 of a real incident log, with made-up records of everything else, under the SSBTEK agreement. See -help for other files.
package main

import (
	"bufio"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"example.com/sla"
	"example.com/sla/examples/agreements"
	"example.com/sla/examples/monthly"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

//go:embed data/servicenow-incidents.csv.gz
var defaultLog string

const (
	builtInName    = "built-in"
	defaultLogName = "data/servicenow-incidents.csv.gz"
	defaultMonth   = "2016-04"
)

// keepSmall asks the collector to work harder before the program grows over so many MiB: what it keeps of millions of tickets is
// less, and what it reads of them soon garbage. GOMEMLIMIT says otherwise.
func keepSmall(mebibytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(mebibytes << 20)
	}
}

func main() {
	keepSmall(46)
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const help = `report prints the monthly report of an agreement, or, with -tickets and -calls, its parts on tickets and on calls alone.

Without flags it is of the built-in month: a real incident log, and made-up records of everything else. With -records it is of a folder of files,
which README.md in examples/records describes, and -month. It is as of the last instant that the tickets name, or of the day after the month where that is later.

A file of tickets is CSV in UTF-8, separated by commas or
semicolons, plain or gzip, with a header:

  number,kind,class,impact,urgency,priority,provider,occurred,received,started,resolved,reported_back,protected

Needed are number, kind, received and one of resolved and reported_back. Kinds are incident, order, problem and
security; class is the type of an order; impact, urgency and priority are numbers from 1. Instants are RFC 3339
with their offset: 2016-04-30T10:00:00+02:00. protected is true or false: of a protected record no text is printed.
JSON, an array of objects with these names, is read too.
Of two rows with one number the first counts. A log of events (-export, see README.md in examples/records) also tells of
changes of priority, pauses and reopenings; a ticket's events stand together, and one whose number comes again further on is
not judged. Local times, where an export names their zone, are the first of two that clocks show, and later by the
gap where clocks went forward over them. Bad rows are listed in the report. The file is read twice, and its tickets are not kept, so that it may be
of any size.

A file of calls (-calls) is CSV too, with the columns received (RFC 3339 with offset, or Unix ms), persons, response_ms (empty when unanswered), and
where there are such provider and error; see README.md beside this program. It is read once, in the order in which calls were received, and
needs -month. Without -tickets the report is of calls alone. Unless -as-of says otherwise, it is then as of the day after the month, and with both
files as of that or the last instant of the tickets, whichever is later.

The exit status is 1 if there is no report.

`

// errBadRows is the cause where bad rows are an error.
var errBadRows = errors.New("bad rows")

// run is main with its surroundings as arguments.
func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	tickets := flags.String("tickets", "", "`file` of tickets, CSV, plain or gzip, for the part on tickets alone; - is standard input, and built-in the built-in incident log")
	callsFile := flags.String("calls", "", "`file` of calls, CSV, plain or gzip; - is standard input")
	export := flags.String("export", "", "what the columns of -tickets mean: `name` of a built-in description (servicenow-ssbtek, servicenow-own, tickets, servicenow-incident, jira-service-management, zammad, glpi, changes) or a file (default: the first whose columns the file has)")
	zone := flags.String("zone", "", "the time `zone` of local times in -tickets, such as Europe/Stockholm, where -export names none, or another")
	monthText := flags.String("month", "", "the `month`, such as 2016-05 (default "+defaultMonth+" for the built-in log)")
	agreementFile := flags.String("agreement", "", "`file` of an agreement, JSON or YAML by its extension (default: SSBTEK)")
	asOfText := flags.String("as-of", "", "judge as of this `instant`, RFC 3339 (default: the last instant in the file)")
	strict := flags.Bool("strict", false, "make bad rows an error")
	folder := flags.String("records", "", "`folder` of records, for the whole monthly report: see README.md in examples/records (default: the built-in month)")
	format := flags.String("format", "text", "of the whole report: text, html, json or csv")
	language := flags.String("lang", "en", "of the whole report: en or sv")
	year := flags.Bool("year", false, "all months of the year, up to -month, into -out")
	out := flags.String("out", "", "`folder` to write the whole report to, in every format, with an index page")
	missed := flags.String("missed", "", "`file` to write all missed tickets of the whole report to, as CSV")
	service := flags.String("service", "", "the `name` of the service of an agreement that has several")
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
		return fmt.Errorf("unexpected %q: files are given with -records, -tickets, -calls, -export and -agreement", flags.Arg(0))
	}
	set := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { set[f.Name] = true })
	if *tickets == "" && *callsFile == "" {
		if *out != "" && set["format"] {
			return errors.New("-format: -out writes all of them")
		}
		keepSmall(72) // the lists of twelve months, and two readings of them
		job := monthlyJob{
			records: *folder, agreement: *agreementFile, export: *export, zone: *zone, month: *monthText, year: *year, asOf: *asOfText, strict: *strict,
			format: *format, language: *language, out: *out, missed: *missed, service: *service,
		}
		return job.run(stdout)
	}
	callsAlone := *callsFile != "" && *tickets == ""
	for _, name := range []string{"records", "format", "lang", "year", "out", "missed"} {
		if set[name] {
			return fmt.Errorf("-%s: it is of the whole report, and -tickets and -calls ask for a part: put the files in a folder for -records, or leave it out", name)
		}
	}
	switch {
	case *callsFile == "-" && *tickets == "-":
		return errors.New("-calls and -tickets cannot both be standard input")
	case callsAlone && *export != "":
		return errors.New("-export: it says what the columns of -tickets mean, which is missing")
	case callsAlone && *zone != "":
		return errors.New("-zone: it is of local times in -tickets, which is missing")
	case *tickets == builtInName:
		*tickets = ""
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
	own, err := loadRules(*agreementFile, *service)
	if err != nil {
		return err
	}
	agreement := own.Agreement()
	if callsAlone {
		return reportCalls(*callsFile, agreement, *agreementFile, month, *asOfText, *strict, stdout)
	}
	source, done, err := sourceOf(*tickets)
	if err != nil {
		return err
	}
	defer done()
	reading, err := records.InspectAs(*export, *zone, source)
	if err != nil {
		return err
	}
	// §3.1.2: where the evidence has no column for reporting back, the clock stops at resolved.
	stopsAtResolved := reading.Head.NoReportedBack && records.StopAtResolved(&agreement)
	noResponse := reading.Head.NoStarted && records.DropResponses(&agreement)
	rules, err := agreement.Compile(time.LoadLocation, agreements.Holidays()...)
	if err != nil {
		return located("agreement "+orDefault(*agreementFile, agreement.Name)+": ", err)
	}
	if err := reading.Survey(rules.Level); err != nil {
		return err
	}
	asOf, err := asOf(*asOfText, reading, month)
	if err != nil {
		return err
	}
	if *callsFile != "" && *asOfText == "" && asOf.Before(monthly.After(month)) {
		asOf = monthly.After(month) // the last ticket says nothing of the calls behind it
	}
	found := *asOfText == "" && (reading.Latest.IsZero() || asOf.Equal(reading.Latest))
	p := ticketPage{agreement: agreement, reading: reading, asOfFound: found, stopsAtResolved: stopsAtResolved, noResponse: noResponse}
	if err := p.judge(rules, month, asOf, *callsFile); err != nil {
		return err
	}
	switch {
	case *strict && p.evidence.BadRows > 0:
		return refuse(p.evidence, "and -strict is set")
	case *strict && p.calls != nil && p.calls.Bad > 0:
		return p.calls.refuse()
	case p.evidence.Read == 0 && p.evidence.Rejected > 0 && *asOfText == "":
		return refuse(p.evidence, "and nothing else that can be judged")
	}
	w := bufio.NewWriter(stdout)
	writeText(w, p)
	return w.Flush()
}

// judge reads the tickets and judges each as it comes: none is kept, but for those that the report lists.
func (p *ticketPage) judge(rules *sla.Rules, month servicetime.Month, asOf time.Time, callsFile string) error {
	m, err := rules.Month(month, asOf)
	if err != nil {
		return err
	}
	other, err := rules.Sensitivity(month, asOf)
	if err != nil {
		return err
	}
	p.evidence, err = p.reading.Read(func(t records.Placed) error {
		if t.Received.After(asOf) {
			m.Judged(t.Ticket, sla.Judgement{})
			return nil
		}
		j, err := rules.Judge(t.Ticket, asOf)
		if err != nil && t.Protected { // §4.11
			err = records.ErrProtected
		}
		if err != nil { // there is no rule for it
			m.Reject(t.Kind, sla.NotJudged{
				Number: t.Number, Received: t.Received, Err: fmt.Errorf("%s:%d:%d: %w", p.reading.Head.File, t.Line, t.Column, err),
			})
			return err
		}
		m.Judged(t.Ticket, j)
		other.Ticket(t.Ticket)
		return nil
	}, func(r records.Reject) { m.Reject(r.Kind, r.NotJudged) })
	if err != nil {
		return err
	}
	if callsFile != "" {
		if p.calls, err = readCalls(callsFile, m); err != nil {
			return err
		}
	}
	p.Report, p.sensitivity = m.Report(), other
	return nil
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// loadRules are those of an agreement, or of one of its services.
func loadRules(file, service string) (*sla.Rules, error) {
	var rules *sla.Rules
	var err error
	if file == "" {
		rules, err = sla.SSBTEK().Compile(time.LoadLocation)
	} else {
		rules, err = agreements.Load(file, time.LoadLocation)
	}
	if err != nil {
		if fault := (*servicetime.Fault)(nil); !errors.As(err, &fault) { // each fault names the file
			err = fmt.Errorf("-agreement: %w", err)
		}
		return nil, err
	}
	if rules, err = monthly.Service(rules, service); err != nil {
		return nil, fmt.Errorf("-service: %w", err)
	}
	return rules, nil
}

// located puts a text before each fault.
func located(before string, err error) error {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = before + line
	}
	return errors.New(strings.Join(lines, "\n"))
}

// sourceOf is a file, or the built-in log. What cannot be read twice, standard input or a pipe, is copied first; done removes
// the copy.
func sourceOf(file string) (source records.Source, done func(), err error) {
	done = func() {}
	if file == "" {
		return records.Source{Name: defaultLogName, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(defaultLog)), nil }}, done, nil
	}
	path := file
	if info, err := os.Stat(file); file == "-" || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		if path, err = spool(file); err != nil {
			return records.Source{}, done, fmt.Errorf("-tickets: %w", err)
		}
		done = func() { _ = os.Remove(path) } // a temporary file
	}
	return records.Source{Name: file, Open: func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("-tickets: %w", err)
		}
		return f, nil
	}}, done, nil
}

// spool copies what can be read once into a temporary file.
func spool(file string) (path string, err error) {
	in := os.Stdin
	if file != "-" {
		if in, err = os.Open(file); err != nil {
			return "", err
		}
		defer func() { _ = in.Close() }() // it was only read
	}
	out, err := os.CreateTemp("", "tickets-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		_ = os.Remove(out.Name()) // the copy is of no use
		return "", err
	}
	return out.Name(), nil
}

// asOf is the instant as of which the month is judged: that of the flag, else the last one in the file, else
// the end of the month.
func asOf(text string, g *records.Tickets, month servicetime.Month) (time.Time, error) {
	switch {
	case text != "":
		return parseAsOf(text)
	case !g.Latest.IsZero():
		return g.Latest, nil
	}
	return monthly.After(month), nil
}

func parseAsOf(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf(`-as-of %q: write an instant as "2016-05-01T00:00:00+02:00"`, text)
	}
	return t, nil
}

// refuse is the error of bad rows: as many of them as a person reads.
func refuse(e *records.Evidence, why string) error {
	var lines strings.Builder
	for i, fault := range e.Faults {
		if i == shown {
			break
		}
		fmt.Fprintf(&lines, "\n%s:%s", e.File, fault)
	}
	if more := max(0, len(e.Faults)-shown) + e.MoreFaults; more > 0 {
		fmt.Fprintf(&lines, "\n… and %d more", more)
	}
	return fmt.Errorf("%d %w of %d in %s, %s:%s", e.BadRows, errBadRows, e.Rows, e.File, why, &lines)
}
