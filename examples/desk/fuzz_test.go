package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever the bytes, each line that is not blank has one answer, which is a JSON object, and the process stays up.
func FuzzLines(f *testing.F) {
	for _, l := range hostileLines(f)[:700] {
		f.Add([]byte(l.line))
	}
	f.Add([]byte("\ufeff" + fine + "\r\n\r\n" + fine))
	d := ssbtekDesk(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		require.NoError(t, d.stream(bytes.NewReader(data), &out, func() error { return nil }))
		lines := 0
		for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		answers := bytes.SplitAfter(out.Bytes(), []byte("\n"))
		require.Len(t, answers, lines+1)
		for _, answer := range answers[:lines] {
			var a struct {
				OK    *bool
				Error *struct{ Code, Message string }
			}
			require.NoError(t, json.Unmarshal(answer, &a), string(answer))
			require.NotNil(t, a.OK)
			require.Equal(t, *a.OK, a.Error == nil)
		}
	})
}
