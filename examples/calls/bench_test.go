package calls_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/examples/calls"
	"example.com/sla/examples/calls/generate"
	"example.com/sla/performance"
)

// BenchmarkRead reads logs from memory: on the caller's core alone, and with one more. encoding/csv takes the cells apart, and reads none of them.
func BenchmarkRead(b *testing.B) {
	const rows = 200_000
	var usual bytes.Buffer
	require.NoError(b, generate.Write(&usual, rows, 1))
	var rfc3339, quoted strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(usual.String(), "\n"), "\n") {
		ms, rest, _ := strings.Cut(line, ",")
		if n, err := strconv.ParseInt(ms, 10, 64); err == nil {
			ms = time.UnixMilli(n).In(time.FixedZone("", 2*60*60)).Format("2006-01-02T15:04:05.000Z07:00")
		}
		rfc3339.WriteString(ms + "," + rest + "\n")
		if i > 0 {
			line = `"` + strings.ReplaceAll(line, ",", `","`) + `"`
		}
		quoted.WriteString(line + "\n")
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write(usual.Bytes())
	require.NoError(b, err)
	require.NoError(b, w.Close())

	report := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
	}
	for _, bb := range []struct {
		name, text string
		workers    int
	}{
		{"one core", usual.String(), -1},
		{"two cores", usual.String(), 1},
		{"RFC 3339", rfc3339.String(), -1},
		{"quoted", quoted.String(), -1},
		{"gzip", zipped.String(), -1},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				_, err := calls.Read(strings.NewReader(bb.text), calls.Options{Workers: bb.workers}, func(rows []performance.Call) error {
					n += len(rows)
					return nil
				})
				if err != nil || n != rows {
					b.Fatal(n, err)
				}
			}
			report(b)
		})
	}
	b.Run("encoding/csv", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r := csv.NewReader(bytes.NewReader(usual.Bytes()))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
		report(b)
	})
}
