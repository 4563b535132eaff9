package main

import (
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

// BenchmarkLog reads and judges the built-in log: gzip is how it comes, plain leaves the unpacking out, read the judging
// too, and run is the whole program.
func BenchmarkLog(b *testing.B) {
	export, err := records.LoadExport("servicenow-ssbtek")
	require.NoError(b, err)
	agreement := sla.SSBTEK()
	records.StopAtResolved(&agreement)
	rules, err := agreement.Compile(time.LoadLocation)
	require.NoError(b, err)
	unzipped, err := gzip.NewReader(strings.NewReader(defaultLog))
	require.NoError(b, err)
	unpacked, err := io.ReadAll(unzipped)
	require.NoError(b, err)
	plain := string(unpacked)

	read := func(b *testing.B, content string) *gathered {
		e, err := readTickets(export, defaultLogName, strings.NewReader(content))
		require.NoError(b, err)
		require.Equal(b, 59_798, e.Rows)
		return e
	}
	judge := func(b *testing.B, e *gathered) {
		m, err := rules.Month(servicetime.MustMonth(defaultMonth), e.Latest)
		require.NoError(b, err)
		for _, ticket := range e.Tickets {
			m.Ticket(ticket.Ticket)
		}
		for _, r := range e.Rejects {
			m.Reject(r.Kind, r.NotJudged)
		}
		require.EqualValues(b, 3_855, m.Report().Incidents.Share.Total)
	}
	evidence := read(b, defaultLog)
	for _, bb := range []struct {
		name string
		once func(b *testing.B)
	}{
		{"gzip", func(b *testing.B) { judge(b, read(b, defaultLog)) }},
		{"plain", func(b *testing.B) { judge(b, read(b, plain)) }},
		{"read", func(b *testing.B) { read(b, plain) }},
		{"judge", func(b *testing.B) { judge(b, evidence) }},
		{"run", func(b *testing.B) { require.NoError(b, run(nil, io.Discard, io.Discard)) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bb.once(b)
			}
			b.ReportMetric(float64(evidence.Rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
