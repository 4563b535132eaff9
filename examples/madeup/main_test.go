package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// unzipped is the text of a file: compressors may differ.
func unzipped(t *testing.T, name string, data []byte) string {
	t.Helper()
	if filepath.Ext(name) != ".gz" {
		return string(data)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	return string(text)
}

// The records that the report is shown with are those that the program makes, on every machine.
func TestMadeUpRecords(t *testing.T) {
	const dir = "../report/data/made-up"
	files, err := made(servicetime.MustMonth("2016-04"), 1, 2500)
	require.NoError(t, err)
	for name, data := range files {
		committed, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err, "go run ./examples/madeup -dir examples/report/data/made-up")
		assert.Equal(t, unzipped(t, name, data), unzipped(t, name, committed), name)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, len(files)+1, "and README.md")
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	require.NoError(t, write(dir, servicetime.MustMonth("2026-10"), 7, 10))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, len(headers))
}
