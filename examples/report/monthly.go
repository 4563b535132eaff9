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

	"example.com/sla"
	"example.com/sla/examples/monthly"
	"example.com/sla/examples/page"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

// The default month: real incidents, and made-up records of everything else.
//
//go:embed data/made-up/*.csv data/made-up/*.gz
var madeUp embed.FS

// A monthlyJob is what the monthly report is asked for on the command line.
type monthlyJob struct {
	records   string // folder; empty is the default month
	agreement string
	export    string
	zone      string
	month     string
	year      bool // all months of its year, up to it
	asOf      string
	strict    bool
	format    string
	language  string
	out       string // folder
	missed    string // file of all missed tickets that are listed
	service   string
}

// run writes the report of the month, or of each of a year.
func (job *monthlyJob) run(stdout io.Writer) error {
	var err error
	what := monthly.Job{Year: job.year}
	if what.Month, err = job.check(); err != nil {
		return err
	}
	if job.asOf != "" {
		if what.AsOf, err = parseAsOf(job.asOf); err != nil {
			return err
		}
	}
	if what.Rules, err = loadRules(job.agreement, job.service); err != nil {
		return err
	}
	if job.agreement != "" {
		text, err := os.ReadFile(job.agreement)
		if err != nil {
			return fmt.Errorf("-agreement: %w", err)
		}
		what.AgreementFile = page.FileOf(filepath.Base(job.agreement), text)
	}
	sources, done, err := job.sources()
	if err != nil {
		return err
	}
	defer done()
	what.Sources = sources
	closeMissed, err := job.tellMissed(&what)
	if err != nil {
		return err
	}
	documents, err := what.Documents()
	if err := errors.Join(err, closeMissed()); err != nil {
		return err
	}
	return job.render(documents, stdout)
}

// check finds the month, and what does not go together.
func (job *monthlyJob) check() (servicetime.Month, error) {
	text := job.month
	if job.records == "" {
		text = orDefault(text, defaultMonth)
	}
	if text == "" {
		return servicetime.Month{}, errors.New("-month: missing: write the month of the report, such as 2016-05")
	}
	month, err := servicetime.ParseMonth(text)
	switch {
	case err != nil:
		return month, fmt.Errorf("-month: %w", err)
	case job.records == "" && text != defaultMonth:
		return month, errors.New("-month: the built-in records are of " + defaultMonth + ": give others with -records, -tickets or -calls")
	case formats[job.format] == nil:
		return month, fmt.Errorf("-format %q: write text, html, json or csv", job.format)
	case job.language != "en" && job.language != "sv":
		return month, fmt.Errorf("-lang %q: write en or sv", job.language)
	case job.year && job.out == "":
		return month, errors.New("-year: name the folder for its pages with -out")
	case job.records == "" && job.export+job.zone != "":
		return month, errors.New("-export, -zone: the built-in records need none: give others with -records")
	}
	return month, nil
}

// sources opens the records. The default month lies in a temporary folder, which done removes.
func (job *monthlyJob) sources() (all []monthly.Source, done func(), err error) {
	done = func() {}
	options := records.Options{Export: job.export, Zone: job.zone, Strict: job.strict}
	if job.records != "" {
		folder, err := records.Open(options, job.records)
		if err == nil && folder.Tickets == nil && job.export+job.zone != "" {
			err = fmt.Errorf("-export, -zone: there are no tickets in %s", job.records)
		}
		return []monthly.Source{{Folder: folder}}, done, err
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
	options.Export = "servicenow-ssbtek"
	incidents, err := records.Open(options, incidentLog)
	if err != nil {
		return nil, done, err
	}
	options.Export = "tickets"
	others, err := records.Open(options, never)
	return []monthly.Source{{Folder: incidents}, {Folder: others, MadeUp: true}}, done, err
}

// tellMissed has every missed ticket of a month written to the file that was asked for, as it is found: however many there are, in the order of the records.
func (job *monthlyJob) tellMissed(what *monthly.Job) (done func() error, err error) {
	if job.missed == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(job.missed)
	if err != nil {
		return nil, fmt.Errorf("-missed: %w", err)
	}
	d := &page.Document{Monthly: sla.Monthly{Month: what.Month, Agreement: sla.MonthlyAgreement{Labels: what.Rules.Agreement().Labels}}}
	w, err := page.NewMissedWriter(f, d, job.language)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	what.Missed = func(t sla.MissedTicket) {
		err = cmp.Or(err, w.Write(string(t.Kind), t.Clause, t.Monthly(false)))
	}
	return func() error {
		if err := errors.Join(err, w.Flush(), f.Close()); err != nil {
			return fmt.Errorf("-missed: %w", err)
		}
		return nil
	}, nil
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
