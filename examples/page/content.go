package page

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A view is the content of a report in the order in which it is read; HTML and text are two ways to write it. All its texts are clean.
type view struct {
	lang
	d        *Document
	Title    string
	Sentence string
	Lead     []string
	Notices  []string // what must be known before a figure is read
	Sections []section
	ids      int
	captions map[string]int // how often
}

type section struct {
	ID, Title string
	Blocks    []block
}

// A block is one of its fields.
type block struct {
	Text    string
	List    []cell
	Table   *table
	Picture *picture
	Details *details
}

type table struct {
	ID, Caption string
	Head        []column
	Rows        [][]cell
	Narrow      bool // it fits a telephone without scrolling
	Quiet       bool // its caption says what the heading above it does
	Class       string
}

type column struct {
	Text  string
	Right bool // a figure
	Href  string
}

// A cell is a text, or a verdict with one, and what belongs to it.
type cell struct {
	Text    string
	ID      string
	Href    string
	Lang    string // where it is not that of the page
	Verdict *verdict
	Code    bool
	Right   bool
	Time    bool // an instant, which is not to be broken
	Picture *picture
}

// A verdict may have a note: advisory, so far.
type verdict struct{ Class, Sign, Word, Note string }

// tick is what is right or wrong, and no verdict of the agreement.
func tick(class, sign, word string) cell {
	return cell{Verdict: &verdict{Class: class, Sign: sign, Word: word}}
}

type details struct {
	ID, Summary string
	Blocks      []block
}

// A picture has its text alternatives in it. Small ones stand in a cell.
type picture struct {
	SVG   template.HTML
	Title string
	Desc  string
}

func text(s string) cell { return cell{Text: s} }

func (v *view) text(s string) cell { return cell{Text: clean(s)} }

// english is a text of a program, which is in English.
func (v *view) english(s string) cell {
	c := cell{Text: clean(s)}
	if v.lang != english {
		c.Lang = string(english)
	}
	return c
}

func figure(s string) cell { return cell{Text: s, Right: true} }

func (v *view) count(n int64) cell { return figure(v.number(n)) }

func (v *view) long(d time.Duration) cell { return figure(v.duration(d)) }

func (v *view) when(t time.Time) cell { return instant(v.clock(t)) }

func instant(s string) cell { return cell{Text: s, Time: true} }

// signs are shapes, so that no verdict is told by colour alone.
var signs = map[compliance.Verdict]string{compliance.Met: "✓", compliance.Missed: "✗", compliance.NoData: "○", compliance.NotAgreed: "–", compliance.NoTarget: "–"}

var verdictKeys = map[compliance.Verdict]string{
	compliance.Met: "met", compliance.Missed: "missed", compliance.NoData: "no_data", compliance.NotAgreed: "not_agreed", compliance.NoTarget: "no_target",
}

func (l lang) word(v compliance.Verdict) string { return l.say("verdict." + verdictKeys[v]) }

func (l lang) verdict(v compliance.Verdict) cell {
	return cell{Verdict: &verdict{Class: verdictKeys[v], Sign: signs[v], Word: l.word(v)}}
}

// columns are the heads of a table by their keys; one that ends in ">" is of figures.
func (v *view) columns(keys ...string) []column {
	head := make([]column, len(keys))
	for i, key := range keys {
		key, right := strings.CutSuffix(key, ">")
		head[i] = column{Text: v.say("c." + key), Right: right}
	}
	return head
}

// table is a region of the page, named by its caption, so that no two are the same.
func (v *view) table(caption string, head []column) block {
	if v.captions[caption]++; v.captions[caption] > 1 {
		caption += " (" + strconv.Itoa(v.captions[caption]) + ")"
	}
	v.ids++
	return block{Table: &table{ID: "table-" + strconv.Itoa(v.ids), Caption: caption, Head: head}}
}

// small is a table that fits a telephone.
func (v *view) small(caption string, head []column, rows ...[]cell) block {
	v.ids++
	return block{Table: &table{ID: "table-" + strconv.Itoa(v.ids), Caption: caption, Head: head, Rows: rows, Narrow: true}}
}

func fold(id, summary string, blocks ...block) block {
	return block{Details: &details{id, summary, blocks}}
}

func said(s string) block { return block{Text: s} }

func (v *view) label(name string) string {
	if label, there := v.d.Agreement.Labels[name]; there {
		return clean(label.In(string(v.lang)))
	}
	return clean(name)
}

func newView(d *Document, l lang) *view {
	v := &view{lang: l, d: d, captions: map[string]int{}}
	v.head()
	for _, s := range []struct {
		name, of string // of is the section of the report (§5.1)
		blocks   func() []block
	}{
		{"targets", "", v.targets},
		{"days", "availability", v.days},
		{"responses", "performance", v.responses},
		{"load", "capacity", v.load},
		{"tickets", "", v.tickets},
		{"changes", "changes", v.changes},
		{"continuity", "continuity", v.continuity},
		{"missed", "", v.missed},
		{"excluded", "", v.excluded},
		{"quality", "", v.quality},
		{"completeness", "", v.completeness},
		{"findings", "", v.findings},
		{"sensitivity", "", v.sensitivity},
		{"trace", "", v.trace},
		{"duties", "", v.duties},
		{"sign", "", v.sign},
	} {
		blocks := s.blocks()
		for _, c := range d.Content {
			switch {
			case c.Name != s.of:
			case c.Requirement == sla.ByOther:
				blocks = slices.Insert(blocks, 0, said(v.say("by-other", cmp.Or(clean(c.Clause), "–"))))
			case c.Requirement == sla.NotRequired:
				blocks = slices.Insert(blocks, 0, said(v.say("not-agreed", cmp.Or(clean(c.Clause), "–"))))
			}
		}
		if len(blocks) == 0 {
			blocks = []block{said(v.say("none"))}
		}
		title := v.say("h." + s.name)
		for i := range blocks {
			if t := blocks[i].Table; t != nil {
				t.Quiet = t.Caption == title
			}
		}
		v.Sections = append(v.Sections, section{s.name, title, blocks})
	}
	return v
}

// summary is the report in one sentence.
func (v *view) summary() string {
	s, state := v.d.Summary, "final"
	if v.d.Preliminary {
		state = "preliminary"
	}
	count := func(key string, n int64) string { return v.say(one(key, n), v.number(n)) }
	missed := v.say(one("summary", int64(s.Missed)), v.number(int64(s.Missed)), v.number(int64(s.Targets)))
	return v.say("summary.whole", missed, count("summary.met", int64(s.Met)), count("summary.nodata", int64(s.NoData)), v.say(state))
}

func (v *view) head() {
	d := v.d
	title := cmp.Or(d.Agreement.Title.In(string(v.lang)), d.Agreement.Name)
	v.Title = v.say("title", d.Month.String()) + ", " + clean(title)
	v.Sentence = v.summary()
	v.Lead = append(v.Lead, v.say("as-of", v.clock(d.AsOf), v.zone()))
	if d.AsOfFrom != "" {
		v.Lead = append(v.Lead, v.name("as-of", d.AsOfFrom))
	}
	if len(d.MadeUp) > 0 {
		v.Notices = append(v.Notices, v.say("made-up", v.names("records", d.MadeUp)))
	}
	if d.Preliminary {
		v.Notices = append(v.Notices, v.say("preliminary.notice"))
	}
	if len(d.Missing) > 0 {
		v.Notices = append(v.Notices, v.say("missing", v.names("records", d.Missing)))
	}
	if none := !slices.ContainsFunc(d.Content, func(c sla.MonthlySection) bool { return c.Records }); none && len(d.Content) > 0 {
		v.Notices = append(v.Notices, v.say("empty", d.Month.String()))
	}
	var rows, bad int64
	for _, f := range d.Inputs {
		rows, bad = rows+f.Rows, bad+f.Bad
	}
	if bad > 0 {
		v.Notices = append(v.Notices, v.say(one("bad-rows", bad), v.number(bad), v.number(rows)))
	}
	if d.Complete {
		v.Lead = append(v.Lead, v.say("complete"))
	} else {
		var without []string
		for _, c := range d.Content {
			if c.Requirement == sla.Required && !c.Records {
				without = append(without, strings.TrimSpace(v.name("section", c.Name)+" "+clean(c.Clause)))
			}
		}
		v.Notices = append(v.Notices, v.say("incomplete", strings.Join(without, ", ")))
	}
	if due := d.Due; due != nil {
		v.Lead = append(v.Lead, v.say("due", due.Date.String(), clean(due.Clause)))
		if due.Date != due.BusinessDay {
			v.Notices = append(v.Notices, v.say("due.no-business", due.Date.String(), due.BusinessDay.String()))
		}
	}
}

func (v *view) tickets() []block {
	var out []block
	for _, t := range v.d.Tickets {
		kind := v.name("kind", string(t.Kind))
		for _, groups := range []struct {
			caption string
			head    string
			of      []sla.MonthlyGroup
		}{{kind + " " + clean(t.Clause), "group", t.Groups}, {kind + " " + v.say("tickets.providers"), "provider", t.Providers}} {
			if len(groups.of) == 0 {
				continue
			}
			b := v.table(groups.caption, v.columns(groups.head, "met>", "missed>", "running>", "response>", "mean>", "longest>", "resolution>", "mean>", "longest>"))
			for _, g := range groups.of {
				row := []cell{text(v.label(g.Name)), v.count(g.Met), v.count(g.Missed), v.count(g.Running)}
				row = append(append(row, v.taken(g.Targets.Response, &g.Response)...), v.taken(g.Targets.Resolution, &g.Resolution)...)
				b.Table.Rows = append(b.Table.Rows, row)
			}
			if groups.head == "provider" {
				for i := range b.Table.Rows {
					b.Table.Rows[i] = b.Table.Rows[i][:4]
				}
				b.Table.Head = b.Table.Head[:4]
			}
			out = append(out, b)
		}
	}
	if len(v.d.Tickets) > 0 {
		b := v.table(v.say("tickets.counts"), v.columns("kind", "tickets>", "running>", "no-target>", "elsewhere>", "rejected>"))
		for _, t := range v.d.Tickets {
			b.Table.Rows = append(b.Table.Rows, []cell{
				text(v.name("kind", string(t.Kind))), v.count(t.Tickets), v.count(t.Running), v.count(t.NoTarget), v.count(t.Elsewhere), v.count(t.Rejected),
			})
		}
		out = append(out, b)
	}
	return out
}

// taken is a target, and what the tickets that are done took of it on average and at most.
func (v *view) taken(target servicetime.Target, t *sla.Taken) []cell {
	mean, longest := figure("–"), figure("–")
	if t.Tickets > 0 {
		mean, longest = v.long(t.Mean()), v.long(t.Longest)
	}
	return []cell{figure(v.target(target)), mean, longest}
}

// missed lists every missed time; what explains one is under the table.
func (v *view) missed() []block {
	list := v.table(v.say("missed.caption"), v.columns("number", "clock", "level", "received", "due", "done", "elapsed>", "over-by>", "paused>", "clause"))
	var more, explained []block
	for _, t := range v.d.Tickets {
		for _, m := range t.Missed {
			for _, c := range m.Clocks {
				done := v.when(c.Done)
				if c.Done.IsZero() {
					done.Text = v.say("not-done")
				}
				number := v.text(m.Number)
				name := v.name("clock", c.Name)
				if len(c.Segments) > 0 {
					id := "explained-" + strconv.Itoa(len(explained)+1)
					number.Href = "#" + id
					summary := v.say("missed.explain", number.Text, name, v.duration(c.Elapsed), v.target(c.Target))
					explained = append(explained, fold(id, summary, v.segments(c.Segments), said(v.say("missed.sum", v.duration(counted(c.Segments)), v.duration(c.Elapsed)))))
				}
				over := v.long(c.Over)
				if c.Over == 0 { // between the due time and the end no time counted
					over.Text = v.say("missed.closed")
				}
				list.Table.Rows = append(list.Table.Rows, []cell{
					number, text(name), text(v.label(m.Level)), v.when(m.Received), v.when(c.Due), done, v.long(c.Elapsed), over, v.long(c.Paused), v.text(t.Clause),
				})
			}
		}
		if t.More > 0 {
			more = append(more, said(v.say("missed.more", v.name("kind", string(t.Kind)), v.number(t.More))))
		}
	}
	if len(list.Table.Rows) == 0 && len(more) == 0 {
		return []block{said(v.say("missed.none"))}
	}
	out := append([]block{list}, more...)
	if len(explained) > 0 {
		out = append(append(out, said(v.say("missed.explained")+":")), explained...)
	}
	return out
}

// counted is the sum of the segments that count.
func counted(segments []servicetime.Segment) time.Duration {
	var sum time.Duration
	for _, s := range segments {
		if s.Counted() {
			sum += s.Duration()
		}
	}
	return sum
}

func (v *view) segments(segments []servicetime.Segment) block {
	b := v.small(v.say("explain.caption"), v.columns("date", "clock", "kind", "length>", "counted"))
	for _, s := range segments {
		kind := v.name("segment", s.Kind.String())
		if s.Name != "" {
			kind += ": " + clean(s.Name)
		}
		b.Table.Rows = append(b.Table.Rows, []cell{
			instant(s.From.Format(time.DateOnly)), text(v.hours(s.Span)), text(kind), v.long(s.Duration()), text(v.yes(s.Counted())),
		})
	}
	return b
}

func (v *view) yes(yes bool) string {
	if yes {
		return v.say("yes")
	}
	return v.say("no")
}

func (v *view) changes() []block {
	if len(v.d.Changes) == 0 {
		return nil
	}
	b := v.table(v.say("h.changes"), v.columns("change", "verdict", "at", "latest", "told", "verified", "opentime>", "outcome", "note"))
	for _, c := range v.d.Changes {
		latest := ""
		if c.Latest.IsValid() {
			latest = c.Latest.String()
		}
		var notes []string
		if c.Critical {
			notes = append(notes, v.say("critical"))
		}
		if c.NotShown {
			notes = append(notes, v.say("c.decided")+": "+v.say("not-shown"))
		}
		outcome := strings.TrimSpace(clean(c.Status) + " " + clean(c.Outcome))
		b.Table.Rows = append(b.Table.Rows, []cell{
			v.text(c.Number), v.verdict(c.Verdict), v.when(c.At), instant(latest), v.when(c.Communicated), v.when(c.Verified), v.long(c.OpenTime), text(outcome),
			text(strings.Join(notes, ", ")),
		})
	}
	return []block{b}
}

func (v *view) continuity() []block {
	var out []block
	if len(v.d.Continuity) > 0 {
		b := v.table(v.say("h.continuity"), v.columns("objective", "verdict", "goal", "count>", "missed>", "worst>"))
		for _, o := range v.d.Continuity {
			agreed := v.units(o.Objective)
			if o.Objective == "" {
				agreed = v.word(compliance.NotAgreed)
			}
			b.Table.Rows = append(b.Table.Rows, []cell{
				text(v.name("t", "continuity."+o.Name)), v.verdict(o.Verdict), text(agreed), v.count(o.Count), v.count(o.Missed), figure(v.worst(&o)),
			})
		}
		out = append(out, b)
	}
	if copies := v.d.Backups; copies != nil {
		b := v.small(v.say("backups.caption"), v.columns("figure", "count>"))
		for _, r := range []struct {
			key string
			n   int64
		}{{"copies", copies.Copies}, {"not-done", copies.NotDone}, {"not-verified", copies.NotVerified}, {"runs", copies.Runs}, {"runs-missed", copies.Missed}} {
			if r.key != "runs" && r.key != "runs-missed" || copies.Runs > 0 {
				b.Table.Rows = append(b.Table.Rows, []cell{text(v.say("backups." + r.key)), v.count(r.n)})
			}
		}
		out = append(out, b)
	}
	if len(v.d.Tests) > 0 {
		b := v.table(v.say("tests.caption"), v.columns("name", "at", "restored", "length>", "loss>", "outcome", "actions"))
		b.Table.Head = slices.Insert(b.Table.Head, 1, column{Text: "RTO"}, column{Text: "RPO"})
		for _, t := range v.d.Tests {
			b.Table.Rows = append(b.Table.Rows, []cell{
				v.text(t.Name), v.verdict(t.RTO), v.verdict(t.RPO), v.when(t.At), v.when(t.Restored), v.long(t.Length), v.long(t.Loss), v.text(t.Outcome), v.text(t.Actions),
			})
		}
		out = append(out, b)
	}
	return out
}

func (v *view) worst(o *sla.MonthlyObjective) string {
	switch {
	case o.Unbounded:
		return v.say("worst.unbounded")
	case o.Count == 0:
		return "–"
	}
	return v.duration(o.Worst)
}

// excluded is the time that no target counts, with the reason, and what the results are without it.
func (v *view) excluded() []block {
	var out []block
	up := v.d.Availability
	if up != nil {
		out = append(out, said(v.say("excluded.total", v.duration(up.Excused), clean(up.Clause))))
	}
	if len(v.d.Windows) > 0 {
		b := v.table(v.say("excluded.windows"), v.columns("planned", "to", "ended", "opentime>", "excused>", "window-down>", "reason", "decided", "clause"))
		for _, w := range v.d.Windows {
			reason := v.say("excluded.service-window")
			if w.Change != "" {
				reason += " " + clean(w.Change)
			}
			if w.Critical {
				reason += ", " + v.say("critical")
			}
			decided, clause := v.say("not-shown"), ""
			if text, err := w.Decision.MarshalJSON(); err == nil {
				switch string(text) {
				case "true":
					decided = v.say("yes")
				case "false":
					decided = v.say("no")
				}
			}
			if up != nil {
				clause = up.Clause
			}
			b.Table.Rows = append(b.Table.Rows, []cell{v.when(w.PlannedFrom), v.when(w.PlannedTo), v.when(w.ActualTo), v.long(w.Open), v.long(w.Excused), v.long(w.Down), text(reason), text(decided), v.text(clause)})
		}
		out = append(out, b)
	}
	b := v.table(v.say("excluded.results"), v.columns("target", "verdict", "result>", "as-down>", "without>"))
	for i := range v.d.Targets {
		t := &v.d.Targets[i]
		if t.Unexcused == nil {
			continue
		}
		down := compliance.Share{Met: t.Unexcused.Met, Total: t.Total} // as if nothing had been excused
		b.Table.Rows = append(b.Table.Rows, []cell{
			text(v.targetName(t)), v.verdict(down.Verdict(t.Goal)), figure(v.result(t)), figure(v.timeShare(down, t.Goal)), figure(v.timeShare(*t.Unexcused, t.Goal)),
		})
	}
	if len(b.Table.Rows) > 0 {
		out = append(out, b)
	}
	if len(out) == 0 {
		out = append(out, said(v.say("excluded.none")))
	}
	return out
}

// timeShare is a share of a time, with the times.
func (v *view) timeShare(s compliance.Share, g compliance.Goal) string {
	percent := v.percent(s, g)
	if percent == "" {
		return "–"
	}
	return percent + " (" + v.say("of", v.duration(time.Duration(s.Met)), v.duration(time.Duration(s.Total))) + ")"
}

// quality is what became of the rows that were read.
func (v *view) quality() []block {
	var out, faults []block
	var notes []cell
	if len(v.d.Inputs) > 0 {
		b := v.table(v.say("quality.files"), v.columns("file", "sum", "kind", "rows>", "counted>", "outside>", "bad>"))
		var bad []cell
		for _, f := range v.d.Inputs {
			name := clean(f.Name)
			sum := tick("met", "✓", v.say("quality.adds"))
			if rest := f.Rows - f.Counted - f.Outside - f.Bad; rest != 0 {
				sum = tick("missed", "✗", v.say("quality.differs", v.signed(rest)))
			}
			b.Table.Rows = append(b.Table.Rows, []cell{text(name), sum, text(v.name("records", f.Kind)), v.count(f.Rows), v.count(f.Counted), v.count(f.Outside), v.count(f.Bad)})
			for _, fault := range f.Faults {
				bad = append(bad, v.english(fault))
			}
			if f.MoreFaults > 0 {
				bad = append(bad, text(v.say("quality.more", name, v.number(f.MoreFaults))))
			}
			for _, note := range f.Notes {
				notes = append(notes, v.english(f.Name+": "+note))
			}
		}
		out = append(out, b)
		if len(bad) > 0 {
			faults = append(faults, said(v.say("quality.faults")+":"), block{List: bad})
		}
	}
	if len(v.d.NotJudged) > 0 {
		b := v.table(v.say("quality.judged"), v.columns("section", "number", "received", "why"))
		for _, n := range v.d.NotJudged {
			b.Table.Rows = append(b.Table.Rows, []cell{text(v.name("section", n.Section)), v.text(n.Number), v.when(n.Received), v.english(n.Why)})
		}
		out = append(out, b)
	}
	out = append(out, faults...)
	for _, note := range v.d.Notes {
		notes = append(notes, v.text(note.In(string(v.lang))))
	}
	if len(v.d.Unused) > 0 {
		names := strings.Join(v.d.Unused, ", ")
		if v.d.MoreUnused > 0 {
			names += v.say("quality.more-unused", v.number(int64(v.d.MoreUnused)))
		}
		notes = append(notes, text(v.say("quality.unused", clean(names))))
	}
	if len(notes) > 0 {
		out = append(out, said(v.say("quality.notes")+":"), block{List: notes})
	}
	return out
}

func (v *view) completeness() []block {
	b := v.table(v.say("h.completeness"), v.columns("section", "records", "required", "clause"))
	for _, c := range v.d.Content {
		records := tick("no_data", "○", v.say("verdict.no_data"))
		switch {
		case c.Records:
			records = tick("met", "✓", v.say("yes"))
		case c.Requirement == sla.Required:
			records = tick("missed", "✗", v.say("no"))
		}
		required := "–"
		if c.Requirement != 0 {
			required = v.name("requirement", c.Requirement.String())
		}
		b.Table.Rows = append(b.Table.Rows, []cell{text(v.name("section", c.Name)), records, text(required), v.text(c.Clause)})
	}
	if len(b.Table.Rows) == 0 {
		return nil
	}
	return []block{b}
}

func (v *view) findings() []block {
	var more []block
	if v.d.OtherFindings > 0 {
		more = []block{said(v.say("findings.other", v.number(int64(v.d.OtherFindings))))}
	}
	if len(v.d.Findings) == 0 {
		return append([]block{said(v.say("findings.none"))}, more...)
	}
	b := v.table(v.say("h.findings"), v.columns("clause", "severity", "finding", "suggestion"))
	b.Table.Class = "prose"
	for _, f := range v.d.Findings {
		b.Table.Rows = append(b.Table.Rows, []cell{v.text(strings.Join(f.Clauses, ", ")), v.text(v.say("severity." + string(f.Severity))), v.text(f.Text.In(string(v.lang))), v.text(f.Suggestion.In(string(v.lang)))})
	}
	return append([]block{b}, more...)
}

// sensitivity says which readings give another verdict, and folds the tables.
func (v *view) sensitivity() []block {
	var kinds []priority.Kind
	of := map[priority.Kind][]sla.MonthlyVariant{}
	for _, s := range v.d.Sensitivity {
		if of[s.Kind] == nil {
			kinds = append(kinds, s.Kind)
		}
		of[s.Kind] = append(of[s.Kind], s)
	}
	if len(kinds) == 0 {
		return []block{said(v.say("sensitivity.none"))}
	}
	var out []block
	for _, kind := range kinds {
		rows, name := of[kind], v.name("kind", string(kind))
		if !slices.ContainsFunc(rows, func(r sla.MonthlyVariant) bool { return r.Total > 0 }) {
			out = append(out, said(v.say("sensitivity.no-data", name)))
			continue
		}
		var own compliance.Verdict
		var goal compliance.Goal
		for _, t := range v.d.Targets {
			if t.Path == string(kind)+"s.goal" {
				goal = t.Goal
			}
		}
		for _, r := range rows {
			if r.Own {
				own = r.Verdict
			}
		}
		other := int64(0)
		b := v.table(v.say("sensitivity.table", name), v.columns("days", "verdict", "hours", "counting", "share>", "basis>", "changed>", "note"))
		for _, r := range rows {
			if r.Verdict != own {
				other++
			}
			note, share := "", compliance.Share{Met: r.Met, Total: r.Total}
			if r.Own {
				note = v.say("sensitivity.own")
			}
			b.Table.Rows = append(b.Table.Rows, []cell{
				{Text: clean(r.BusinessDays.String()), Code: true},
				v.verdict(r.Verdict),
				{Text: clean(r.Hours.String()), Code: true},
				text(v.name("counting", r.Compliance.String())),
				figure(cmp.Or(v.percent(share, goal), "–")),
				figure(v.say("of", v.number(r.Met), v.number(r.Total))),
				v.count(r.Changed),
				text(note),
			})
		}
		sentence := v.say("sensitivity.same", name, v.number(int64(len(rows))), v.word(own))
		if other > 0 {
			sentence = v.say("sensitivity.differ", name, v.number(other), v.number(int64(len(rows))), v.word(own))
		}
		out = append(out, said(sentence), fold("", b.Table.Caption, b))
	}
	return out
}

// trace is what the report was made from, to the byte.
func (v *view) trace() []block {
	d, a := v.d, v.d.Agreement
	row := func(key, value string, code bool) []cell {
		return []cell{text(v.say("trace." + key)), {Text: clean(value), Code: code}}
	}
	rows := [][]cell{row("agreement", cmp.Or(a.Title.In(string(v.lang)), a.Name), false), row("version", a.Version, false)}
	if a.Source != "" {
		rows = append(rows, row("source", a.Source, false))
	}
	rows = append(rows, row("sha", a.SHA256, true))
	if f := d.AgreementFile; f != nil {
		rows = append(rows, row("file", f.Name, false), row("file-sha", f.SHA256, true))
	}
	rows = append(rows, row("library", d.Library, false), row("zones", d.ZoneData, false),
		row("format", strconv.Itoa(d.Format), false), row("span", v.say("trace.span.text", d.From.Format(time.RFC3339), d.To.Format(time.RFC3339)), false))
	out := []block{v.small(v.say("trace.caption"), v.columns("what", "value"), rows...)}
	if len(d.Inputs) > 0 {
		b := v.small(v.say("trace.inputs"), v.columns("file", "sha"))
		for _, f := range d.Inputs {
			b.Table.Rows = append(b.Table.Rows, []cell{v.text(f.Name), {Text: clean(f.SHA256), Code: true}})
		}
		out = append(out, b)
	}
	r := d.Readings
	b := v.small(v.say("trace.readings"), v.columns("what", "value"))
	for _, reading := range []struct{ key, value string }{
		{"hours", r.Hours.String()},
		{"business_days", r.BusinessDays.String()},
		{"days", r.Days.String()},
		{"pauses", r.Pauses.String()},
		{"response_pauses", r.ResponsePauses.String()},
		{"reopened_counts", r.ReopenedCounts.String()},
		{"priority_changes", r.PriorityChanges.String()},
		{"problem_priority", r.ProblemPriority.String()},
		{"compliance", r.Compliance.String()},
		{"counted_in", r.CountedIn.String()},
	} {
		if reading.value != "" {
			b.Table.Rows = append(b.Table.Rows, []cell{text(v.say("reading." + reading.key)), {Text: clean(reading.value), Code: true}})
		}
	}
	if len(b.Table.Rows) > 0 {
		out = append(out, b)
	}
	return out
}

func (v *view) duties() []block {
	if len(v.d.Duties) == 0 {
		return nil
	}
	b := v.small(v.say("h.duties"), v.columns("clause", "duty"))
	b.Table.Class = "prose"
	for _, duty := range v.d.Duties {
		b.Table.Rows = append(b.Table.Rows, []cell{v.text(duty.Clause), v.text(duty.Text.In(string(v.lang)))})
	}
	return []block{b}
}

func (v *view) sign() []block {
	empty := text("")
	b := v.small(v.say("sign.caption"), v.columns("party", "name", "date", "signature"))
	for _, p := range v.d.Agreement.Parties {
		role := p.Title.In(string(v.lang))
		if role == "" {
			role = p.Role
		}
		b.Table.Rows = append(b.Table.Rows, []cell{v.text(role), v.text(p.Name), empty, empty})
	}
	if len(b.Table.Rows) == 0 {
		b.Table.Rows = [][]cell{{text(v.say("sign.supplier")), empty, empty, empty}, {text(v.say("sign.customer")), empty, empty, empty}}
	}
	b.Table.Class = "sign"
	return []block{b}
}

// peakRow is a peak with the instant at which it was first reached.
func (v *view) peakRow(key string, p capacity.Peak) []cell {
	return []cell{text(v.say("load." + key)), v.count(p.Count), v.when(p.At)}
}
