package main

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"example.com/sla"
	"example.com/sla/examples/agreements"
	"example.com/sla/examples/page"
	"example.com/sla/examples/records"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// The default month: real incidents, and made-up records of everything else.
//
//go:embed data/made-up/*.csv data/made-up/*.gz
var madeUp embed.FS

// A monthlyJob is what the monthly report is asked for.
type monthlyJob struct {
	records   []string // folders and files; none is the default month
	agreement string
	export    string
	zone      string
	month     servicetime.Month
	year      bool // all months of its year, up to it
	asOf      string
	strict    bool
	format    string
	language  string
	out       string // folder
	missed    string // file of all missed tickets that are listed

	ticket func(priority.Ticket) // is given each ticket that has a judgement
}

// run reads the records once into each of twelve months and more, and writes the report of the last, or of each of a year.
func (job *monthlyJob) run(stdout io.Writer) error {
	agreement, err := loadAgreement(job.agreement)
	if err != nil {
		return err
	}
	sources, done, err := job.sources()
	if err != nil {
		return err
	}
	defer done()
	var notes []string
	for _, s := range sources {
		if s.folder.Tickets == nil {
			continue
		}
		// §3.1.2: where the evidence has no column for reporting back, the clock stops at resolved.
		if s.folder.Tickets.Head.NoReportedBack && stopAtResolved(&agreement) {
			notes = append(notes, "The records have no instant of reporting back: resolution clocks of incidents and problems stop at resolved.")
		}
		if s.folder.Tickets.Head.NoStarted && dropResponses(&agreement) {
			notes = append(notes, "The records have no start of work: responses are not judged.")
		}
	}
	rules, err := agreement.Compile(time.LoadLocation, agreements.Holidays()...)
	if err != nil {
		return located("agreement "+orDefault(job.agreement, agreement.Name)+": ", err)
	}
	asOf, err := job.instant(rules, sources)
	if err != nil {
		return err
	}
	months, err := job.months(rules, asOf)
	if err != nil {
		return err
	}
	return job.write(months, sources, rules, notes, stdout)
}

// start checks what was asked for.
func (job *monthlyJob) start(folder, month string, stdout io.Writer) error {
	if folder == "" {
		month = orDefault(month, defaultMonth)
	} else {
		job.records = []string{folder}
	}
	if month == "" {
		return errors.New("-month: missing: write the month of the report, such as 2016-05")
	}
	var err error
	if job.month, err = servicetime.ParseMonth(month); err != nil {
		return fmt.Errorf("-month: %w", err)
	}
	if folder == "" && month != defaultMonth {
		return errors.New("-month: the built-in records are of " + defaultMonth + ": give others with -records, -tickets or -calls")
	}
	if formats[job.format] == nil {
		return fmt.Errorf("-format %q: write text, html, json or csv", job.format)
	}
	if job.language != "en" && job.language != "sv" {
		return fmt.Errorf("-lang %q: write en or sv", job.language)
	}
	if job.year && job.out == "" {
		return errors.New("-year: name the folder for its pages with -out")
	}
	return job.run(stdout)
}

// source is a folder of records, and whether they are made up.
type source struct {
	folder *records.Folder
	madeUp bool
}

// sources opens the records. The default month lies in a temporary folder, which done removes.
func (job *monthlyJob) sources() (all []source, done func(), err error) {
	done = func() {}
	options := records.Options{Export: job.export, Zone: job.zone, Strict: job.strict, Ticket: func(t priority.Ticket) { job.ticket(t) }}
	if len(job.records) > 0 {
		folder, err := records.Open(options, job.records...)
		return []source{{folder: folder}}, done, err
	}
	dir, err := os.MkdirTemp("", "report-*")
	if err != nil {
		return nil, done, err
	}
	done = func() { _ = os.RemoveAll(dir) }
	incidentLog, never := filepath.Join(dir, "tickets.csv.gz"), filepath.Join(dir, "made-up")
	made, err := fs.Sub(madeUp, "data/made-up")
	if err == nil {
		err = errors.Join(os.WriteFile(incidentLog, []byte(defaultLog), 0o600), os.CopyFS(never, made))
	}
	if err != nil {
		return nil, done, err
	}
	options.Export = orDefault(job.export, "servicenow-ssbtek")
	incidents, err := records.Open(options, incidentLog)
	if err != nil {
		return nil, done, err
	}
	options.Export = "tickets"
	others, err := records.Open(options, never)
	return []source{{incidents, false}, {others, true}}, done, err
}

// instant is that as of which all months are judged: that of the flag, else the last one of the tickets, else the end of the month.
func (job *monthlyJob) instant(rules *sla.Rules, sources []source) (time.Time, error) {
	if job.asOf != "" {
		return asOf(job.asOf, &records.Tickets{}, job.month)
	}
	latest := afterMonth(job.month)
	for _, s := range sources {
		if err := s.folder.Survey(rules); err != nil {
			return latest, err
		}
		if t := s.folder.Tickets; t != nil && t.Latest.After(latest) {
			latest = t.Latest
		}
	}
	return latest, nil
}

// aMonth is one that is counted, and whether it is reported, not only for the trend.
type aMonth struct {
	*sla.Month
	name        servicetime.Month
	reported    bool
	sensitivity *sla.Sensitivity
}

// months are those that are counted: the reported ones, and eleven before each.
func (job *monthlyJob) months(rules *sla.Rules, asOf time.Time) ([]aMonth, error) {
	first := job.month
	if job.year {
		first = servicetime.Month{Year: job.month.Year, Month: time.January}
	}
	var months []aMonth
	for name := first.Add(-11); ; name = name.Add(1) {
		m, err := rules.Month(name, asOf)
		if err != nil {
			return nil, err
		}
		one := aMonth{Month: m, name: name, reported: !before(name, first)}
		if one.reported {
			if one.sensitivity, err = rules.Sensitivity(name, asOf); err != nil {
				return nil, err
			}
		}
		if months = append(months, one); name == job.month {
			return months, nil
		}
	}
}

func before(a, b servicetime.Month) bool {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month)) < 0
}

// write counts the records, and writes what was asked for.
func (job *monthlyJob) write(months []aMonth, sources []source, rules *sla.Rules, notes []string, stdout io.Writer) error {
	all := make([]*sla.Month, len(months))
	for i, m := range months {
		all[i] = m.Month
	}
	var inputs []page.Input
	var made []string
	missing := map[string]int{}
	// Other readings are tried beside the reading of the records, some tickets at once.
	batches, done := make(chan []priority.Ticket, 4), make(chan struct{})
	go func() {
		defer close(done)
		for batch := range batches {
			for _, m := range months {
				for i := 0; m.reported && i < len(batch); i++ {
					m.sensitivity.Ticket(batch[i])
				}
			}
		}
	}()
	const atOnce = 500
	var batch []priority.Ticket
	job.ticket = func(t priority.Ticket) {
		if batch = append(batch, t); len(batch) == atOnce {
			batches <- batch
			batch = make([]priority.Ticket, 0, atOnce)
		}
	}
	finish := sync.OnceFunc(func() {
		batches <- batch
		close(batches)
		<-done
	})
	defer finish()
	closeMissed, err := job.tellMissed(months[len(months)-1], rules)
	if err != nil {
		return err
	}
	for _, s := range sources {
		quality, err := s.folder.Feed(rules, all)
		if err != nil {
			return err
		}
		for _, f := range quality.Files {
			inputs = append(inputs, inputOf(f))
			switch {
			case s.madeUp && f.Kind == "tickets": // incidents are real
				made = append(made, "orders", "problems")
			case s.madeUp:
				made = append(made, f.Kind)
			}
		}
		for _, kind := range quality.Missing {
			missing[kind]++
		}
	}
	var absent []string
	for kind, n := range missing {
		if n == len(sources) {
			absent = append(absent, kind)
		}
	}
	slices.Sort(absent)
	finish()
	if err := closeMissed(); err != nil {
		return fmt.Errorf("-missed: %w", err)
	}
	var history []*sla.Report
	for _, m := range months {
		history = append(history, figuresOf(m.Month))
	}
	var documents []*page.Document
	for _, m := range months {
		if !m.reported {
			continue
		}
		value, err := m.Monthly(m.sensitivity, history...)
		if err != nil {
			return err
		}
		library, zones := versions()
		documents = append(documents, &page.Document{Monthly: *value, MadeUp: made, Inputs: inputs, Missing: absent, Notes: notes, Library: library, ZoneData: zones})
	}
	return job.render(documents, stdout)
}

// figuresOf is the report of a month without its lists of tickets, of which twelve months would be most of the memory.
func figuresOf(m *sla.Month) *sla.Report {
	r := m.Report()
	for _, s := range []*sla.TicketReport{&r.Incidents, &r.Orders, &r.Problems, &r.Security, &r.Unknown} {
		s.Missed, s.NotJudged = nil, nil
	}
	return r
}

// tellMissed has every missed ticket of a month written to the file that was asked for, as it is found: however many there are, in the order of the records.
func (job *monthlyJob) tellMissed(m aMonth, rules *sla.Rules) (done func() error, err error) {
	if job.missed == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(job.missed)
	if err != nil {
		return nil, fmt.Errorf("-missed: %w", err)
	}
	a := rules.Agreement()
	d := &page.Document{Monthly: sla.Monthly{Month: m.name, Agreement: sla.MonthlyAgreement{Labels: a.Labels}}}
	w, err := page.NewMissedWriter(f, d, job.language)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	m.EachMissed(func(t sla.MissedTicket) {
		err = cmp.Or(err, w.Write(string(t.Kind), t.Clause, t.Monthly(false)))
	})
	return func() error { return errors.Join(err, w.Flush(), f.Close()) }, nil
}

func inputOf(f records.File) page.Input {
	in := page.Input{
		Name: f.Name, Kind: f.Kind, SHA256: f.SHA256, Rows: f.Rows, Counted: f.Counted, Outside: f.Outside, Bad: f.Bad + f.Dropped, MoreFaults: f.MoreFaults, Notes: f.Notes,
	}
	for _, fault := range f.Faults {
		in.Faults = append(in.Faults, fault.String())
	}
	return in
}

// formats are how a document is written, and the end of its file's name.
var formats = map[string]func(w io.Writer, d *page.Document, language string) error{
	"text": page.Text,
	"html": page.HTML,
	"json": func(w io.Writer, d *page.Document, _ string) error { return page.JSON(w, d) },
	"csv":  page.TargetsCSV,
}

// render writes one document to standard output, or all into a folder, with an index.
func (job *monthlyJob) render(documents []*page.Document, stdout io.Writer) error {
	last := documents[len(documents)-1]
	if job.out == "" {
		return formats[job.format](stdout, last, job.language)
	}
	if err := os.MkdirAll(job.out, 0o755); err != nil {
		return err
	}
	for _, d := range documents {
		for form, write := range formats {
			name := filepath.Join(job.out, d.Month.String()+"."+map[bool]string{true: "txt", false: form}[form == "text"])
			if err := writeFile(name, func(w io.Writer) error { return write(w, d, job.language) }); err != nil {
				return err
			}
		}
	}
	return writeFile(filepath.Join(job.out, "index.html"), func(w io.Writer) error { return page.Index(w, documents, job.language) })
}

// writeFile writes a file whole, or not at all.
func writeFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// versions are those of the library and of the zone data.
func versions() (library, zones string) {
	library = "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "example.com/sla" && dep.Replace == nil {
				library = dep.Version
			}
		}
	}
	return library, runtime.Version()
}
