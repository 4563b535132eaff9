package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"example.com/sla/servicetime"
)

//go:embed page.html.tmpl
var pageTemplate string

//go:embed page.css
var pageCSS string

var templates = template.Must(template.New("page").Parse(pageTemplate))

// A sheet is what a template is filled with.
type sheet struct {
	Lang, Title, Hash, Skip, Contents string
	CSS                               template.CSS
	Notices                           []string
	View                              *view
	Blocks                            []block
}

func newSheet(l lang, title string) *sheet {
	sum := sha256.Sum256([]byte(pageCSS))
	return &sheet{Lang: string(l), Title: title, Hash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]), CSS: template.CSS(pageCSS)} //nolint:gosec // it is our own
}

// write fills a template, and writes nothing if that fails.
func (s *sheet) write(w io.Writer, name string) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, s); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

// HTML writes the report as one page in Swedish ("sv") or English ("en"). It needs no script and asks for nothing: its Content-Security-Policy allows its own style
// and nothing else. The same document gives the same bytes.
//
// It returns an error if:
//   - the language is another: [ErrLanguage],
//   - the writer does.
func HTML(w io.Writer, d *Document, language string) error {
	l, err := languageOf(language)
	if err != nil {
		return err
	}
	v := newView(d, l)
	s := newSheet(l, v.Title)
	s.View, s.Notices, s.Skip, s.Contents = v, v.Notices, l.say("skip"), l.say("contents")
	return s.write(w, "page")
}

// FileName is what the page of a month is called: 2026-10.html.
func FileName(month servicetime.Month) string { return month.String() + ".html" }

// Index writes a page of the targets by month, with links to the pages of the months by their [FileName]. The documents come in any order.
//
// Its errors are those of [HTML].
func Index(w io.Writer, docs []*Document, language string) error {
	l, err := languageOf(language)
	if err != nil {
		return err
	}
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b *Document) int {
		return cmp.Or(cmp.Compare(a.Month.Year, b.Month.Year), cmp.Compare(a.Month.Month, b.Month.Month))
	})
	return newIndex(docs, l).write(w, "index")
}

// newIndex has a row a target and a column a month. A target is known by its rule, and named as in the last month that has it.
func newIndex(docs []*Document, l lang) *sheet {
	var paths, years, madeUp []string
	names, verdicts := map[string]string{}, map[string]map[servicetime.Month]cell{}
	v := &view{lang: l, captions: map[string]int{}}
	b := v.table(l.say("index.caption"), v.columns("target"))
	for _, d := range docs {
		v := &view{lang: l, d: d}
		years, madeUp = append(years, strconv.Itoa(d.Month.Year)), append(madeUp, d.MadeUp...)
		b.Table.Head = append(b.Table.Head, column{Text: d.Month.String(), Href: FileName(d.Month)})
		for i := range d.Targets {
			t := &d.Targets[i]
			if verdicts[t.Path] == nil {
				paths, verdicts[t.Path] = append(paths, t.Path), map[servicetime.Month]cell{}
			}
			names[t.Path] = strings.TrimSpace(v.targetName(t) + " " + clean(t.Clause))
			verdicts[t.Path][d.Month] = v.targetVerdict(t)
		}
	}
	for _, path := range paths {
		row := []cell{text(names[path])}
		for _, d := range docs {
			c, there := verdicts[path][d.Month]
			if !there {
				c = text("")
			}
			row = append(row, c)
		}
		b.Table.Rows = append(b.Table.Rows, row)
	}
	b.Table.Class = "index"
	title := l.say("title.index", strings.Join(slices.Compact(years), ", "))
	if len(docs) > 0 {
		title += ", " + clean(cmp.Or(docs[len(docs)-1].Agreement.Title.In(string(l)), docs[len(docs)-1].Agreement.Name))
	}
	s := newSheet(l, strings.TrimSpace(title))
	s.Blocks = []block{said(l.say("index.none"))}
	if len(docs) > 0 {
		s.Blocks = []block{b, said(l.say("index.key"))}
	}
	if len(madeUp) > 0 {
		s.Notices = []string{l.say("made-up", l.names("records", madeUp))}
	}
	return s
}
