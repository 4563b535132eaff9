package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"Räksmörgås §4.3 ✓", "Räksmörgås §4.3 ✓"},
		{"a\tb\r\nc\u2028d\u2029e", "a b  c d e"},
		{"\x00\x1b[31m\x7f\u0085", "\ufffd\ufffd[31m\ufffd\ufffd"},
		{"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c", strings.Repeat("\ufffd", 12)},
		{"a\u200bb\u200dc\ufeffd\u00ade", "a\ufffdb\ufffdc\ufffdd\ufffde"},
		{"\xff\xfe", "\ufffd\ufffd"},
		{"\U000e0041\ue000\U0010ffff", "\ufffd\ufffd\ufffd"},
		{strings.Repeat("å", longest), strings.Repeat("å", longest)},
		{strings.Repeat("å", 10_000), strings.Repeat("å", longest) + " … (+9700)"},
	} {
		assert.Equal(t, tt.want, clean(tt.in), "%q", tt.in)
	}
}
