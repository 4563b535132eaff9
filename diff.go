package sla

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A Change is one difference between two versions of an agreement.
type Change struct {
	// Path is where it is in the document: availability.limits[0].share. That of a removed value is in the old document.
	Path string
	// Clause is the one that holds there; empty where there is none, as in labels.
	Clause string
	// Old and New are the values: a text as it is, a list of texts or numbers with commas, other values as JSON. A text that is empty, holds what does not
	// print, or looks like JSON, is JSON too, in quotes. Old is empty for an added value, New for a removed one.
	Old, New string
}

// String is the change in a line: §4.9.1 availability.limits[0].share: 98% -> 99%.
func (c Change) String() string {
	where := headed(c.Clause, c.Path)
	switch {
	case c.Old == "":
		return where + ": added " + c.New
	case c.New == "":
		return where + ": removed " + c.Old
	}
	return where + ": " + c.Old + " -> " + c.New
}

// headed is what a line begins with: the clause, if there is one, and a name.
func headed(clause, name string) string { return strings.TrimPrefix(clause+" "+name, " ") }

// Diff is what changed from one version of an agreement to another: nothing if their documents are the same, else the changes in the order of the
// documents, what was removed at a place before what was added there.
//
//   - Objects are compared field by field. A field that only one has is one change, whatever is in it: a section, a service time. A name is a field too, so
//     that another name is a removal and an addition.
//   - Items of a list that both have stay what they are, in their order, so that one inserted is one addition. Those between them are changed ones: first those
//     that are alike (in clause, first value and names of fields), then what is left, in order. An item moved is a removal and an addition.
//   - A list of lists that has not become longer or shorter is a table, as the priority matrix is, and compared row by row.
//   - A short list of scalars is one value: a row, the windows of a day.
//
// It returns an error if:
//   - a version has no document, as [Agreement.Marshal] says,
//   - its document is deeper than [MaxDepth], wrapping [servicetime.ErrLimit].
func Diff(old, updated Agreement) ([]Change, error) {
	a, err := documentOf(old)
	if err != nil {
		return nil, err
	}
	b, err := documentOf(updated)
	if err != nil {
		return nil, err
	}
	var d differ
	d.compare(a, b)
	return d.changes, nil
}

// place is a value of a document, where it is, and the clause that holds there.
type place struct {
	of           *decoder
	node         *node
	path, clause string
}

func documentOf(a Agreement) (place, error) {
	data, err := a.Marshal()
	if err != nil {
		return place{}, err
	}
	var text bytes.Buffer
	if err := json.Compact(&text, data); err != nil { // so that equal values have equal bytes
		return place{}, fmt.Errorf("sla: agreement %q: %w", a.Name, err)
	}
	// Parse would refuse what takes more bytes written than it took when it was read.
	d := &decoder{data: text.Bytes()}
	dec := json.NewDecoder(bytes.NewReader(d.data))
	dec.UseNumber()
	root, err := d.node(dec, 0)
	if err != nil {
		return place{}, fmt.Errorf("sla: agreement %q: nested deeper than %d: %w", a.Name, MaxDepth, err)
	}
	return place{of: d, node: &root}, nil
}

// raw is the value as JSON.
func (p place) raw() string { return p.of.raw(*p.node) }

// text is the value for people; it is never empty.
func (p place) text() string {
	if s, isText := p.node.token.(string); isText && plain(s) {
		return s
	}
	if p.node.token != json.Delim('[') || len(p.node.items) == 0 {
		return p.raw()
	}
	texts := make([]string, len(p.node.items))
	for i, item := range p.node.items {
		texts[i] = place{of: p.of, node: &item}.text()
		if isNested(item) || !plain(texts[i]) || strings.Contains(texts[i], ", ") {
			return p.raw()
		}
	}
	return strings.Join(texts, ", ")
}

// plain reports whether a text can stand as it is: in one line, and not to be taken for JSON.
func plain(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && !strings.ContainsRune(`"{[`, rune(s[0])) && !strings.ContainsFunc(s, notPrinted)
}

func notPrinted(r rune) bool { return !unicode.IsPrint(r) }

// scalars reports whether no item of a list is an object or a list.
func (p place) scalars() bool { return !slices.ContainsFunc(p.node.items, isNested) }

func isNested(n node) bool {
	_, is := n.token.(json.Delim)
	return is
}

func (p place) item(i int) place { return p.enter(&p.node.items[i], fmt.Sprintf("[%d]", i), p.clause) }

// field is the value of a field. Its clause may stand beside it: that of precision, and of precision_hours, in precision_clause.
func (p place) field(i int) place {
	name, clause := p.node.fields[i].name, p.clause
	for _, f := range p.node.fields {
		if of, is := strings.CutSuffix(f.name, "_clause"); is && (name == of || strings.HasPrefix(name, of+"_")) {
			text, _ := f.value.token.(string)
			clause = cmp.Or(text, clause)
		}
	}
	return p.enter(&p.node.fields[i].value, name, clause)
}

// enter is a value in this one. One that names its clause, or its clauses, is under it.
func (p place) enter(n *node, name, clause string) place {
	for _, f := range n.fields {
		switch f.name {
		case "clause":
			text, _ := f.value.token.(string)
			clause = cmp.Or(text, clause)
		case "clauses":
			var all []string
			for _, item := range f.value.items {
				text, _ := item.token.(string)
				all = append(all, text)
			}
			clause = cmp.Or(strings.Join(all, ", "), clause)
		}
	}
	return place{of: p.of, node: n, path: join(p.path, name), clause: clause}
}

// alike is the same for items that are probably versions of one: the names of their fields, their clause, and the first other value, such as the code
// of an open point or the period of a limit. It is empty for what is no object.
func (p place) alike() string {
	if p.node.token != json.Delim('{') {
		return ""
	}
	var names, values []string
	for _, f := range p.node.fields {
		names = append(names, f.name)
		if f.name == "clause" || len(values) == 0 && !isNested(f.value) {
			values = append(values, p.of.raw(f.value))
		}
	}
	return fmt.Sprintf("%q %q", names, values)
}

// shortList is how many bytes of JSON a list of scalars may have to be compared as one value.
const shortList = 120

type differ struct{ changes []Change }

// compare gathers the differences of two values at one place.
func (d *differ) compare(a, b place) {
	old, updated := a.raw(), b.raw()
	switch {
	case old == updated:
	case a.node.token != b.node.token || !isNested(*a.node):
		d.changed(a, b)
	case a.node.token == json.Delim('{'):
		d.sideBySide(matchFields(a.node.fields, b.node.fields), len(b.node.fields), a.field, b.field)
	case a.scalars() && b.scalars() && max(len(old), len(updated)) <= shortList:
		d.changed(a, b)
	default:
		d.sideBySide(matchItems(a, b), len(b.node.items), a.item, b.item)
	}
}

func (d *differ) changed(a, b place) {
	c := Change{Path: b.path, Clause: b.clause, Old: a.text(), New: b.text()}
	if c.Old == c.New { // such as the text "SE" and a list of it
		c.Old, c.New = a.raw(), b.raw()
	}
	d.changes = append(d.changes, c)
}

func (d *differ) sideBySide(to []int, n int, old, updated func(int) place) {
	sideBySide(to, n, func(i, j int) {
		switch {
		case j < 0:
			a := old(i)
			d.changes = append(d.changes, Change{Path: a.path, Clause: a.clause, Old: a.text()})
		case i < 0:
			b := updated(j)
			d.changes = append(d.changes, Change{Path: b.path, Clause: b.clause, New: b.text()})
		default:
			d.compare(old(i), updated(j))
		}
	})
}

// sideBySide visits the items of two lists in the order of both. Item i of the first is item to[i] of the second, which has n; -1 is none.
func sideBySide(to []int, n int, visit func(i, j int)) {
	taken := make([]bool, n)
	for _, j := range to {
		if j >= 0 {
			taken[j] = true
		}
	}
	next := 0
	added := func(until int) {
		for ; next < until; next++ {
			if !taken[next] {
				visit(-1, next)
			}
		}
	}
	for i, j := range to {
		added(j) // those before it; none if it is -1
		visit(i, j)
	}
	added(n)
}

// matchFields pairs fields by their names.
func matchFields(old, updated []field) []int {
	at := make(map[string]int, len(updated))
	for j, f := range updated {
		at[f.name] = j
	}
	to := unmatched(len(old))
	for i, f := range old {
		if j, there := at[f.name]; there {
			to[i] = j
		}
	}
	return to
}

func unmatched(n int) []int { return slices.Repeat([]int{-1}, n) }

// matchItems pairs the items of two lists: those that are equal, between them those that are alike, and between those the others, in order.
func matchItems(a, b place) []int {
	n, m := len(a.node.items), len(b.node.items)
	to := unmatched(n)
	if n != m || slices.ContainsFunc(slices.Concat(a.node.items, b.node.items), func(i node) bool { return i.token != json.Delim('[') }) {
		for _, key := range []func(place) string{place.raw, place.alike} {
			old, updated := make([]string, n), make([]string, m)
			for i := range old {
				old[i] = key(a.item(i))
			}
			for j := range updated {
				updated[j] = key(b.item(j))
			}
			gaps(to, m, func(i, j, iEnd, jEnd int) {
				for k, at := range align(old[i:iEnd], updated[j:jEnd]) {
					if at >= 0 {
						to[i+k] = j + at
					}
				}
			})
		}
	}
	gaps(to, m, func(i, j, iEnd, jEnd int) {
		for ; i < iEnd && j < jEnd; i, j = i+1, j+1 {
			to[i] = j
		}
	})
	return to
}

// gaps visits what lies between matched items, which are in order: a stretch of the first list, and one of the second, which has n items. Visit may match
// them.
func gaps(to []int, n int, visit func(i, j, iEnd, jEnd int)) {
	i, j := 0, 0
	for iEnd := range len(to) + 1 {
		jEnd := n
		if iEnd < len(to) {
			jEnd = to[iEnd]
		}
		if jEnd >= 0 {
			visit(i, j, iEnd, jEnd)
			i, j = iEnd+1, jEnd+1
		}
	}
}

// align matches equal keys of two lists, in order; an empty one matches nothing. It is the longest common subsequence where the keys of a list differ
// from each other; of keys that stand more than once, the first of one list can only be the first of the other, and so on. So its work is
// n log n, however large the lists are.
func align(old, updated []string) []int {
	if slices.Compare(old, updated) > 0 { // of several that are longest the same one on the way back
		to := unmatched(len(old))
		for j, i := range align(updated, old) {
			if i >= 0 {
				to[i] = j
			}
		}
		return to
	}
	to := unmatched(len(old))
	first, n, m := 0, len(old), len(updated)
	for ; first < n && first < m && old[first] == updated[first] && old[first] != ""; first++ {
		to[first] = first
	}
	for ; first < n && first < m && old[n-1] == updated[m-1] && old[n-1] != ""; n, m = n-1, m-1 {
		to[n-1] = m - 1
	}
	places := map[string][]int{}
	for j := first; j < m; j++ {
		places[updated[j]] = append(places[updated[j]], j)
	}
	delete(places, "")
	// The longest rising run of places: ends[k] is the item that ends one of k+1 at the lowest place, before[i] the one ahead of item i.
	place, before := make([]int, n), make([]int, n)
	var ends []int
	for i := first; i < n; i++ {
		left := places[old[i]]
		if len(left) == 0 {
			continue
		}
		place[i], places[old[i]] = left[0], left[1:]
		k, _ := slices.BinarySearchFunc(ends, place[i], func(end, at int) int { return cmp.Compare(place[end], at) })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		}
		ends[k] = i
	}
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			to[i] = place[i]
		}
	}
	return to
}

// A Comparison is what two versions of an agreement make of the same records of a month.
type Comparison struct {
	// Lines are those of the reports that are not the same, in their order.
	Lines []VerdictChange
	// Tickets are those whose verdict changes: the first MaxListed changes, in the order of the records.
	Tickets     []TicketChange
	MoreTickets int64 // changes beyond them
}

// A VerdictChange is a line of the report that one version does not have as the other does.
type VerdictChange struct {
	Clause, Name string // of the updated version, if it has the line
	Old, New     Line   // the zero Line where there is none
}

// String is the change in a line: §4.3.1 incidents: met -> missed: 9 of 10 in time, … -> 9 of 10 in time, ….
func (c VerdictChange) String() string {
	head := headed(c.Clause, c.Name)
	switch {
	case c.Old == Line{}:
		return fmt.Sprintf("%s: added, %s: %s", head, c.New.Verdict, c.New.Text)
	case c.New == Line{}:
		return fmt.Sprintf("%s: removed, %s: %s", head, c.Old.Verdict, c.Old.Text)
	case c.Old.Verdict == c.New.Verdict:
		return fmt.Sprintf("%s: %s -> %s", head, c.Old.Text, c.New.Text)
	}
	return fmt.Sprintf("%s: %s -> %s: %s -> %s", head, c.Old.Verdict, c.New.Verdict, c.Old.Text, c.New.Text)
}

// A TicketChange is a clock of a ticket that has another state under another version, or a ticket that only one version judges.
type TicketChange struct {
	Number string
	Kind   priority.Kind
	// Clock is response, resolution or update; empty where only one version judges the ticket.
	Clock    string
	Old, New priority.Clock // with all figures; a clock without a target has the state NoTarget
	// OldErr and NewErr say why a version does not judge the ticket.
	OldErr, NewErr error
}

// String is the change in a line: incident INC-4, response: met -> breached.
func (c TicketChange) String() string {
	ticket := string(c.Kind) + " " + c.Number
	switch {
	case c.OldErr != nil:
		return ticket + ": not judged -> judged: " + c.OldErr.Error()
	case c.NewErr != nil:
		return ticket + ": judged -> not judged: " + c.NewErr.Error()
	}
	states := strings.ReplaceAll(fmt.Sprintf("%s -> %s", c.Old.State, c.New.State), "_", " ") // no_target
	return ticket + ", " + c.Clock + ": " + states
}

// CompareMonth evaluates the same records under two versions of an agreement, and tells what is not the same: lines of the report, and tickets that count in the
// month under one of the versions. Those of a service are compared by the rules of [Rules.Service].
//
// Lines are told apart by clause and name, and by the name alone where its clause has changed; another order of the same lines is no change.
//
// Its errors are those of [Rules.Evaluate].
func CompareMonth(old, updated *Rules, month servicetime.Month, records Records, asOf time.Time) (*Comparison, error) {
	a, err := old.Evaluate(month, records, asOf)
	if err != nil {
		return nil, err
	}
	b, err := updated.Evaluate(month, records, asOf)
	if err != nil {
		return nil, err
	}
	var c Comparison
	c.lines(slices.Collect(a.Lines()), slices.Collect(b.Lines()))
	for i := range records.Tickets {
		c.ticket(judgedBy(a, old, records.Tickets[i]), judgedBy(b, updated, records.Tickets[i]))
	}
	return &c, nil
}

func (c *Comparison) lines(old, updated []Line) {
	sideBySide(matchLines(old, updated), len(updated), func(i, j int) {
		var v VerdictChange
		if i >= 0 {
			v.Old = old[i]
			v.Clause, v.Name = v.Old.Clause, v.Old.Name
		}
		if j >= 0 {
			v.New = updated[j]
			v.Clause, v.Name = v.New.Clause, v.New.Name
		}
		if v.Old.Verdict != v.New.Verdict || v.Old.Text != v.New.Text || i < 0 || j < 0 {
			c.Lines = append(c.Lines, v)
		}
	})
}

// matchLines pairs lines that are equal, then those of one clause and name, then those of one name, which may stand more than once.
func matchLines(old, updated []Line) []int {
	to, taken := unmatched(len(old)), make([]bool, len(updated))
	for _, key := range []func(l Line) Line{
		func(l Line) Line { return l },
		func(l Line) Line { return Line{Clause: l.Clause, Name: l.Name} },
		func(l Line) Line { return Line{Name: l.Name} },
	} {
		free := map[Line][]int{}
		for j, l := range updated {
			if !taken[j] {
				free[key(l)] = append(free[key(l)], j)
			}
		}
		for i, l := range old {
			if left := free[key(l)]; to[i] < 0 && len(left) > 0 {
				to[i], free[key(l)] = left[0], left[1:]
				taken[left[0]] = true
			}
		}
	}
	return to
}

// judged is a ticket as one version sees it.
type judged struct {
	ticket    priority.Ticket
	judgement Judgement
	err       error
	counts    bool // in the month
}

func judgedBy(report *Report, rules *Rules, t priority.Ticket) judged {
	j := judged{ticket: t}
	if t.Received.After(report.AsOf) {
		return j // nothing is known of it yet
	}
	in := func(at time.Time) bool { return !at.Before(report.Span.From) && at.Before(report.Span.To) }
	if j.err = rules.judge(&j.judgement, &t, report.AsOf); j.err != nil {
		// It is listed as not judged in the month of its receipt, and in every month where that is not known.
		j.counts = in(t.Received) || !rules.months.Covers(t.Received)
		return j
	}
	outcomes, n := rules.outcomes(&j.judgement)
	for _, o := range outcomes[:n] {
		j.counts = j.counts || in(o.at) || o.verdict == compliance.NoData && t.Received.Before(report.Span.To)
	}
	return j
}

func (c *Comparison) ticket(old, updated judged) {
	add := func(t TicketChange) {
		if len(c.Tickets) == MaxListed {
			c.MoreTickets++
			return
		}
		t.Number, t.Kind = old.ticket.Number, old.ticket.Kind
		c.Tickets = append(c.Tickets, t)
	}
	switch {
	case !old.counts && !updated.counts, old.err != nil && updated.err != nil:
		return
	case old.err != nil || updated.err != nil:
		add(TicketChange{OldErr: old.err, NewErr: updated.err})
		return
	}
	a, b := &old.judgement, &updated.judgement
	for _, clock := range []TicketChange{
		{Clock: "response", Old: a.Response, New: b.Response},
		{Clock: "resolution", Old: a.Resolution, New: b.Resolution},
		{Clock: "update", Old: updates(a), New: updates(b)},
	} {
		if clock.Old.State != clock.New.State {
			add(clock)
		}
	}
}

// updates is the clock of the updates, the zero clock where there is no target for them.
func updates(j *Judgement) priority.Clock {
	if j.Update == nil {
		return priority.Clock{}
	}
	return j.Update.Clock
}
