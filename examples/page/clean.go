package page

import (
	"fmt"
	"strings"
	"unicode"
)

// longest is how many characters of a text of a record are shown.
const longest = 300

// clean makes a text of a record harmless: what a page shows has no control characters, none that change the direction of text or are not to be seen, no line
// ends, and nothing that is not text. Each is shown as U+FFFD, and white space as a space. It is cut after many characters, and says how many more there were.
func clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		n++
		switch {
		case n > longest:
			continue
		case r == '\t' || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case unicode.In(r, unicode.C) || !unicode.IsGraphic(r):
			b.WriteRune(unicode.ReplacementChar)
		default:
			b.WriteRune(r)
		}
	}
	if n > longest {
		fmt.Fprintf(&b, " … (+%d)", n-longest)
	}
	return b.String()
}
