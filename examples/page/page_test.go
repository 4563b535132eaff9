package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"html"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/examples/page"
	"example.com/sla/servicetime"
)

var update = flag.Bool("update", false, "write the goldens anew")

var languages = []string{"sv", "en"}

// A form is a way to write a document.
type form struct {
	name  string
	write func(io.Writer, *page.Document, string) error
}

var forms = []form{
	{"report.%.html", page.HTML},
	{"report.%.txt", page.Text},
	{"targets.%.csv", page.TargetsCSV},
	{"missed.%.csv", page.MissedCSV},
	{"index.%.html", func(w io.Writer, d *page.Document, language string) error { return page.Index(w, year(d), language) }},
}

// year is a document as that of several months, the last first, which an index puts in order.
func year(d *page.Document) []*page.Document {
	var docs []*page.Document
	for n := range 12 {
		other := *d
		other.Month = d.Month.Add(2 - n)
		docs = append(docs, &other)
	}
	return docs
}

func written(t testing.TB, f form, d *page.Document, language string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f.write(&b, d, language))
	return b.String()
}

func TestGoldens(t *testing.T) {
	d := sample(t)
	seen := map[string]bool{}
	for _, language := range languages {
		for _, f := range forms {
			name := strings.ReplaceAll(f.name, "%", language)
			seen[name] = true
			got := written(t, f, d, language)
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o755))
				require.NoError(t, os.WriteFile(filepath.Join("testdata", name), []byte(got), 0o644))
			}
			want, err := os.ReadFile(filepath.Join("testdata", name))
			require.NoError(t, err)
			assert.Equal(t, string(want), got, name)
		}
	}
	files, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, file := range files {
		assert.True(t, seen[file.Name()], "%s is no golden", file.Name())
	}
}

// What is made from the JSON form is the same.
func TestFromJSON(t *testing.T) {
	d := sample(t)
	var b bytes.Buffer
	require.NoError(t, page.JSON(&b, d))
	var back page.Document
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	for _, language := range languages {
		for _, f := range forms {
			assert.Equal(t, written(t, f, d, language), written(t, f, &back, language), f.name)
		}
	}
}

// fill puts a text wherever a value has one.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(text)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem(), text)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, text)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if v.Type().Elem().Kind() == reflect.String {
				v.SetMapIndex(key, reflect.ValueOf(text).Convert(v.Type().Elem()))
			} else {
				fill(v.MapIndex(key), text)
			}
		}
	}
}

// filled is the sample with a text wherever it has one. It is read from JSON, so that it shares no map with the agreement.
func filled(t testing.TB, text string) *page.Document {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, page.JSON(&b, sample(t)))
	var d page.Document
	require.NoError(t, json.Unmarshal(b.Bytes(), &d))
	fill(reflect.ValueOf(&d), text)
	return &d
}

var hostileTexts = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>'`,
	`</style><style>*{}`,
	`</title></svg><script>`,
	`=HYPERLINK("http://x")`,
	"+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\x00=1",
	"javascript:alert(1)", "http://x/", "//x/",
	"\x00\x01\x07\x08\x1b[31m\x1b]0;x\x07\x7f\u0080\u009b31m",
	"\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c\u2028\u2029\ufeff\u200b",
	"\xff\xfe\xed\xa0\x80",
	"%s%d", "{{.}}", "${x}", "`",
	strings.Repeat("W", 10_000),
	strings.Repeat("<\u202e", 5_000),
}

// Texts of records come out harmless wherever they stand: as text in HTML, without characters that a terminal or a reader would obey, and as no formula.
func TestHostile(t *testing.T) {
	for _, text := range hostileTexts {
		d := filled(t, text)
		for _, language := range languages {
			for _, f := range forms {
				got := written(t, f, d, language)
				for i, r := range got {
					if r != '\n' && r != '\t' && r != '\r' && unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) {
						require.Fail(t, "not a character to show", "%s of %.40q: %U at %d", f.name, text, r, i)
					}
				}
				require.NotContains(t, got, "%!", f.name) // the mark of a wrong argument of Sprintf
				switch {
				case strings.HasSuffix(f.name, ".html"):
					harmlessHTML(t, got)
				case strings.HasSuffix(f.name, ".csv"):
					harmlessCSV(t, got)
				default:
					assert.NotContains(t, got, "\t")
					assert.NotContains(t, got, "\r")
				}
				assert.Less(t, len(got), 2_000_000)
			}
		}
	}
}

// harmlessHTML reads the tags of a page one by one: they are those of the template, with the attributes that it gives them.
func harmlessHTML(t *testing.T, got string) {
	t.Helper()
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got)
	require.Len(t, style, 2)
	sum := sha256.Sum256([]byte(style[1]))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	require.Contains(t, html.UnescapeString(got), `http-equiv="Content-Security-Policy" content="`+policy+`"`)

	rest := strings.Replace(got, style[1], "", 1)
	tag := regexp.MustCompile(`^<(?:!DOCTYPE html|/?([a-zA-Z0-9]+)((?: [a-zA-Z0-9:-]+="[^"<>]*")*)/?)>`)
	attribute := regexp.MustCompile(`([a-zA-Z0-9:-]+)="([^"]*)"`)
	ids := map[string]bool{}
	var links []string
	for i := strings.IndexByte(rest, '<'); i >= 0; i = strings.IndexByte(rest, '<') {
		m := tag.FindStringSubmatch(rest[i:])
		require.NotNil(t, m, "no tag of the template: %.80q", rest[i:])
		assert.NotContains(t, []string{"script", "img", "iframe", "object", "embed", "link", "form", "base", "foreignobject"}, strings.ToLower(m[1]))
		for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
			name, value := a[1], html.UnescapeString(a[2])
			switch {
			case name == "href":
				links = append(links, value)
			case name == "id":
				assert.False(t, ids[value], "id %q twice", value)
				ids[value] = true
			case name == "style", name == "src", strings.HasPrefix(name, "on"):
				assert.Fail(t, "an attribute that the page has not", name)
			}
		}
		rest = rest[i+len(m[0]):]
	}
	for _, link := range links {
		if !regexp.MustCompile(`^[0-9]{4}-[0-9]{2}\.html$`).MatchString(link) {
			require.Equal(t, "#", link[:1])
			assert.True(t, ids[link[1:]], "link to nothing: %s", link)
		}
	}
}

func harmlessCSV(t *testing.T, got string) {
	t.Helper()
	require.True(t, strings.HasSuffix(got, "\r\n"))
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	require.NoError(t, err)
	number := regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)
	for _, row := range rows {
		for _, cell := range row {
			if cell = strings.TrimLeft(cell, " \u00a0"); cell != "" && !number.MatchString(cell) {
				assert.NotContains(t, "=+-@\t\r", cell[:1], "%q", cell)
			}
		}
	}
}

var space = strings.NewReplacer("\u00a0", " ", "\u2212", "-")

// rowsOf are the cells of the table with a class, read without knowing how it was written.
func rowsOf(page, class string) [][]string {
	_, rest, _ := strings.Cut(page, `<table class="`+class+`">`)
	body, _, _ := strings.Cut(rest, "</table>")
	_, body, _ = strings.Cut(body, "<tbody>")
	var rows [][]string
	for _, row := range strings.Split(body, "<tr>")[1:] {
		var cells []string
		for _, cell := range regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`).FindAllStringSubmatch(row, -1) {
			text := regexp.MustCompile(`(?s)<title.*?</title>|<[^>]*>`).ReplaceAllString(cell[1], "")
			cells = append(cells, strings.TrimSpace(space.Replace(html.UnescapeString(text))))
		}
		rows = append(rows, cells)
	}
	return rows
}

// Every figure of the table of targets is the document's, computed anew and written naively.
func TestTargetsTable(t *testing.T) {
	d := sample(t)
	for _, language := range languages {
		rows := rowsOf(written(t, forms[0], d, language), "wide targets")
		require.Len(t, rows, len(d.Targets))
		sv := language == "sv"
		pick := func(swedish, english string) string {
			if sv {
				return swedish
			}
			return english
		}
		grouped := func(n int64) string {
			s := strconv.FormatInt(n, 10)
			return regexp.MustCompile(`(\d)(\d{3})$`).ReplaceAllString(s, "${1}"+pick(" ", ",")+"${2}")
		}
		duration := func(n int64) string {
			sign := ""
			if n < 0 {
				sign, n = "-", -n
			}
			seconds := n / int64(time.Second)
			var parts []string
			if h := seconds / 3600; h > 0 {
				parts = append(parts, grouped(h)+" h")
			}
			if m := seconds / 60 % 60; m > 0 {
				parts = append(parts, strconv.FormatInt(m, 10)+" min")
			}
			if s := seconds % 60; s > 0 || len(parts) == 0 {
				parts = append(parts, strconv.FormatInt(s, 10)+" s")
			}
			return sign + strings.Join(parts, " ")
		}
		units := map[string][2]string{
			"tickets": {"ärende(n)?", "tickets?"}, "changes": {"ändring(ar)?", "changes?"}, "calls": {"anrop", "calls?"}, "peak": {"anrop", "calls?"}, "interruptions": {"avbrott", "interruptions?"},
		}
		amount := func(unit string, n int64) string {
			if unit == "time" {
				return regexp.QuoteMeta(duration(n))
			}
			return regexp.QuoteMeta(grouped(n)) + " " + pick(units[unit][0], units[unit][1])
		}
		verdicts := map[compliance.Verdict]string{
			compliance.Met: pick("✓ uppfyllt", "✓ met"), compliance.Missed: pick("✗ missat", "✗ missed"), compliance.NoData: pick("○ inga data", "○ no data"),
		}
		for i, target := range d.Targets {
			row := rows[i]
			require.Len(t, row, 8)
			assert.True(t, strings.HasSuffix(row[0], " "+target.Clause), row[0])
			assert.Equal(t, verdicts[target.Verdict], strings.Join(strings.Fields(row[1])[:len(strings.Fields(verdicts[target.Verdict]))], " "))
			assert.Equal(t, target.SoFar, strings.Contains(row[1], pick("hittills", "so far")))
			assert.Equal(t, target.Advisory, strings.Contains(row[1], pick("vägledande", "advisory")))
			if target.Verdict == compliance.NoData {
				assert.Equal(t, "–", row[2])
				assert.Equal(t, "–", row[4])
				continue
			}
			margin := amount(target.Unit, target.Margin)
			if target.Margin > 0 {
				margin = `\+` + margin
			}
			assert.Regexp(t, "^"+margin+"$", row[4], target.Path)
			if target.Goal.IsZero() {
				assert.Regexp(t, "^"+amount(target.Unit, target.Value)+"$", row[2], target.Path)
				assert.Regexp(t, "^"+pick("högst ", "at most ")+amount(target.Unit, target.Allowed)+"$", row[3], target.Path)
				continue
			}
			// The printed percentage is within what it was rounded by, and on the verdict's side of the goal.
			printed, ok := new(big.Rat).SetString(strings.Replace(strings.TrimSuffix(row[2], " %"), ",", ".", 1))
			require.True(t, ok, row[2])
			exact := big.NewRat(target.Met*100, target.Total)
			assert.LessOrEqual(t, new(big.Rat).Abs(new(big.Rat).Sub(printed, exact)).Cmp(big.NewRat(1, 200)), 0, target.Path)
			text, err := target.Goal.MarshalText()
			require.NoError(t, err)
			goal, ok := new(big.Rat).SetString(strings.TrimSuffix(string(text), "%"))
			require.True(t, ok)
			assert.Equal(t, target.Verdict == compliance.Met, printed.Cmp(goal) >= 0, target.Path)
			assert.Equal(t, pick("minst ", "at least ")+strings.Replace(strings.TrimSuffix(string(text), "%"), ".", pick(",", "."), 1)+" %", row[3])
			basis := regexp.QuoteMeta(duration(target.Met)+pick(" av ", " of ")) + amount("time", target.Total)
			if target.Unit != "time" {
				basis = regexp.QuoteMeta(grouped(target.Met)+pick(" av ", " of ")) + amount(target.Unit, target.Total)
			}
			assert.Regexp(t, "^"+basis+"$", row[5], target.Path)
		}
	}
}

// A share that misses by a hair is not printed as one that meets.
func TestNoRoundingToMet(t *testing.T) {
	d := sample(t)
	d.Targets = d.Targets[:1]
	target := &d.Targets[0]
	target.Goal, target.Met, target.Total, target.Margin, target.Verdict = compliance.MustGoal("98%"), 97_999_999, 100_000_000, -1, compliance.Missed
	rows := rowsOf(written(t, forms[0], d, "sv"), "wide targets")
	require.Len(t, rows, 1)
	assert.Equal(t, "97,999999 %", rows[0][2])
}

// What is explained sums to what was judged, and the page says so.
func TestExplained(t *testing.T) {
	d := sample(t)
	got := space.Replace(written(t, forms[1], d, "en"))
	n := 0
	for _, tickets := range d.Tickets {
		for _, missed := range tickets.Missed {
			for _, c := range missed.Clocks {
				text := servicetime.FormatDuration(c.Elapsed)
				assert.Contains(t, got, "The counted parts are "+text+" together; the ticket took "+text+".")
				n++
			}
		}
	}
	assert.Equal(t, 3, n)
}

// The head says what must be known before a figure is read.
func TestHead(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*page.Document)
		want   string
		not    string
	}{
		{"as it is", func(*page.Document) {}, "3 of 13 targets are missed, 8 are met and 2 have no data; the report is final.", "Preliminary"},
		{"made up", func(*page.Document) {}, "! Made-up records: tickets, outages, calls.", ""},
		{"nothing made up", func(d *page.Document) { d.MadeUp = nil }, "", "Made-up"},
		{"missing", func(*page.Document) {}, "! No records were given of: orders, problems, backups.", ""},
		{"nothing missing", func(d *page.Document) { d.Missing = nil }, "", "No records were given"},
		{"incomplete", func(*page.Document) {}, "! Not complete. Required sections without records: Orders §4.4, Problems §4.5.", "Complete:"},
		{"complete", func(d *page.Document) { d.Complete = true }, "Complete: every required section has records.", "Not complete"},
		{"preliminary", func(d *page.Document) { d.Preliminary = true }, "the report is preliminary.", "final."},
		{"one", func(d *page.Document) {
			d.Summary.Targets, d.Summary.Met, d.Summary.Missed, d.Summary.NoData = 3, 1, 1, 1
		}, "1 of 3 targets is missed, 1 is met and 1 has no data", ""},
		{"due", func(*page.Document) {}, "The report is due on 2026-11-10 (§5).", "Warning"},
		{
			"due on a Saturday",
			func(d *page.Document) {
				d.Due.Date, d.Due.BusinessDay = servicetime.MustDate("2026-10-10"), servicetime.MustDate("2026-10-09")
			},
			"! Warning: 2026-10-10 is no business day. The business day on or before it is 2026-10-09.", "",
		},
		{"no due", func(d *page.Document) { d.Due = nil }, "", "The report is due"},
		{"rows that do not add up", func(d *page.Document) { d.Inputs[0].Rows = 7 }, "✗ does not add up: +2", "✓ adds up"},
		{"rows that add up", func(*page.Document) {}, "✓ adds up", "does not add up"},
		{"more missed", func(d *page.Document) { d.Tickets[0].More = 1234 }, "Incidents: and 1,234 more tickets, which are not shown.", ""},
		{"by another party", func(*page.Document) {}, "Another party reports this section (§4.8)", ""},
		{"not agreed", func(*page.Document) {}, "That this section be in the report is not agreed (§4.7)", ""},
	} {
		d := sample(t)
		tt.change(d)
		got := space.Replace(written(t, forms[1], d, "en"))
		assert.Contains(t, got, tt.want, tt.name)
		if tt.not != "" {
			assert.NotContains(t, got, tt.not, tt.name)
		}
	}
}

// A document without anything in it is a page too.
func TestEmpty(t *testing.T) {
	for _, language := range languages {
		for _, f := range forms[:4] {
			got := written(t, f, &page.Document{}, language)
			if strings.HasSuffix(f.name, ".html") {
				harmlessHTML(t, got)
			}
		}
		var b bytes.Buffer
		require.NoError(t, page.Index(&b, nil, language))
		harmlessHTML(t, b.String())
	}
}

// The index has every month in order, with a link to its page, and every verdict.
func TestIndex(t *testing.T) {
	d := sample(t)
	got := written(t, forms[4], d, "en")
	at := 0
	for n := -9; n <= 2; n++ {
		month := d.Month.Add(n)
		next := strings.Index(got[at:], `<a href="`+page.FileName(month)+`">`+month.String()+`</a>`)
		require.GreaterOrEqual(t, next, 0, month)
		at += next
	}
	rows := rowsOf(got, "wide index")
	require.Len(t, rows, len(d.Targets))
	for i, row := range rows {
		require.Len(t, row, 13)
		for _, cell := range row[1:] {
			assert.Contains(t, cell, d.Targets[i].Verdict.String())
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestErrors(t *testing.T) {
	d := sample(t)
	for _, f := range forms {
		for _, language := range []string{"", "SV", "de", "sv-SE"} {
			var b bytes.Buffer
			require.ErrorIs(t, f.write(&b, d, language), page.ErrLanguage, f.name)
			assert.Zero(t, b.Len())
		}
		assert.ErrorIs(t, f.write(brokenWriter{}, d, "sv"), errBroken, f.name)
	}
}
