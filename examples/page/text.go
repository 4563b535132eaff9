package page

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// widest is how many characters a column of a table is filled to; a longer cell moves the rest of its line.
const widest = 44

// Text writes the report as plain text, with the same content as [HTML] but for the pictures, whose figures are in tables. Its lines are harmless in a terminal.
//
// Its errors are those of [HTML].
func Text(w io.Writer, d *Document, language string) error {
	l, err := languageOf(language)
	if err != nil {
		return err
	}
	v := newView(d, l)
	var b bytes.Buffer
	for _, notice := range v.Notices {
		b.WriteString("! " + notice + "\n")
	}
	b.WriteString(v.Title + "\n" + strings.Repeat("=", utf8.RuneCountInString(v.Title)) + "\n\n" + v.Sentence + "\n")
	for _, lead := range v.Lead {
		b.WriteString(lead + "\n")
	}
	for _, s := range v.Sections {
		b.WriteString("\n" + s.Title + "\n" + strings.Repeat("-", utf8.RuneCountInString(s.Title)) + "\n")
		writeBlocks(&b, s.Blocks)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

func writeBlocks(b *bytes.Buffer, blocks []block) {
	for _, block := range blocks {
		switch {
		case block.Text != "":
			b.WriteString(block.Text + "\n")
		case block.List != nil:
			for _, c := range block.List {
				b.WriteString("  * " + c.plain() + "\n")
			}
		case block.Table != nil:
			block.Table.write(b)
		case block.Details != nil:
			d := block.Details
			if len(d.Blocks) != 1 { // a table alone says the same itself
				b.WriteString("\n" + d.Summary + "\n")
			}
			writeBlocks(b, d.Blocks)
		}
	}
}

// plain is a cell in a line: the verdict with its sign, and the months of a small picture as words.
func (c *cell) plain() string {
	switch {
	case c.Verdict != nil:
		return strings.TrimSuffix(c.Verdict.Sign+" "+c.Verdict.Word+", "+c.Verdict.Note, ", ")
	case c.Picture != nil:
		return c.Picture.Title
	}
	return c.Text
}

func (t *table) write(b *bytes.Buffer) {
	rows := make([][]string, 1, len(t.Rows)+1)
	for _, h := range t.Head {
		rows[0] = append(rows[0], h.Text)
	}
	for _, r := range t.Rows {
		var row []string
		for i := range r {
			row = append(row, r[i].plain())
		}
		rows = append(rows, row)
	}
	widths := make([]int, len(t.Head))
	for _, row := range rows {
		for i, s := range row {
			if n := utf8.RuneCountInString(s); n <= widest {
				widths[i] = max(widths[i], n)
			}
		}
	}
	b.WriteString("\n")
	if !t.Quiet {
		b.WriteString(t.Caption + "\n")
	}
	for _, row := range rows {
		var line strings.Builder
		for i, s := range row {
			fill := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(s)))
			if t.Head[i].Right {
				s = fill + s
			} else {
				s += fill
			}
			line.WriteString("  " + s)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}
