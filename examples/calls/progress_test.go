package calls

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zeroes is an endless file.
type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) { return len(b), nil }

// A bar is drawn for what is large, and only then.
func TestProgress(t *testing.T) {
	tests := []struct {
		name       string
		size, read int64 // size is -1 if it is not known
		want       string
	}{
		{"small file", 1 << 20, 1 << 20, ""},
		{"small pipe", -1, large - 1<<20, ""},
		{"large file", large, large, "%"},
		{"large file, left early", 10 * large, large, "%"},
		{"large pipe", -1, 2 * large, "reading calls"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var drawn bytes.Buffer
			p := &progress{ReadCloser: io.NopCloser(io.LimitReader(zeroes{}, tt.read)), size: tt.size, to: &drawn}
			buf := make([]byte, 1<<20)
			for n := int64(0); n < tt.read; n += 1 << 20 {
				_, err := io.ReadFull(p, buf)
				require.NoError(t, err)
			}
			require.NoError(t, p.Close())
			if tt.want == "" {
				assert.Empty(t, drawn.String())
			} else {
				assert.Contains(t, drawn.String(), tt.want)
			}
		})
	}
}

// Where standard error is no terminal, a file is opened as it is.
func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "calls.csv")
	require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("x", 10)), 0o600))
	notTerminal, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer notTerminal.Close()

	in, err := Open(name, notTerminal)
	require.NoError(t, err)
	text, err := io.ReadAll(in)
	require.NoError(t, err)
	assert.Len(t, text, 10)
	require.NoError(t, in.Close())
	assert.IsType(t, &os.File{}, in)

	stdin, err := Open("-", notTerminal)
	require.NoError(t, err)
	assert.Same(t, os.Stdin, stdin)

	_, err = Open(name+".none", notTerminal)
	assert.ErrorIs(t, err, os.ErrNotExist)
}
