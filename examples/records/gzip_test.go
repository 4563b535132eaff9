package records

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func packed(t testing.TB, content string) string {
	t.Helper()
	return packedRepeat(t, content, "", 0)
}

// packedRepeat packs a text, and behind it a text again and again, to so many bytes.
func packedRepeat(t testing.TB, content, again string, size int) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(content))
	require.NoError(t, err)
	if size > 0 {
		block := []byte(strings.Repeat(again, 1<<16/len(again)))
		for n := 0; n < size; n += len(block) {
			_, err := w.Write(block)
			require.NoError(t, err)
		}
	}
	require.NoError(t, w.Close())
	return b.String()
}
