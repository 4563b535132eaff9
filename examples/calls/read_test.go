package calls_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/examples/calls"
	"example.com/sla/examples/calls/generate"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

var received = time.Date(2026, time.October, 5, 6, 0, 0, 250_000_000, time.UTC)

// Every form of a file gives the same rows.
func TestForms(t *testing.T) {
	const text = "received,persons,response_ms,provider,error\n" +
		"1791180000250,3,4210,,\n" +
		"2026-10-05T08:00:00.25+02:00,1,,fk,timeout\n"
	want := []performance.Call{
		{At: received, Persons: 3, Response: 4210 * time.Millisecond, Answered: true},
		{At: received, Persons: 1, Provider: "fk", Answered: false},
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())

	tests := []struct {
		name, text string
		notes      []string
	}{
		{"plain", text, nil},
		{"gzip", zipped.String(), nil},
		{"byte order mark", "\ufeff" + text, []string{"a byte order mark, skipped"}},
		{"semicolons", strings.ReplaceAll(text, ",", ";"), []string{"cells are separated by semicolons"}},
		{"CRLF", strings.ReplaceAll(text, "\n", "\r\n"), nil},
		{"no last line end", strings.TrimSuffix(text, "\n"), []string{"the last row has no line end: it may be cut off"}},
		{
			"other columns, in another order",
			"x,provider, response_ms ,error,Persons,received,persons\n1,,4210,,,1791180000250,3\n,fk,,timeout,,2026-10-05T08:00:00.25+02:00,1\n",
			[]string{`not used are the columns "x", "Persons"`},
		},
		{"quotes", "\"received\",\"persons\",\"response_ms\",\"provider\",\"error\"\n\"1791180000250\",\"3\",\"4210\",\"\",\"\"\n\"2026-10-05T08:00:00.25+02:00\",\"1\",\"\",\"fk\",\"time\"\"out\"", []string{"the last row has no line end: it may be cut off"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range []calls.Options{{Workers: -1}, {Workers: 3}, calls.Blocks(5, 1)} {
				rows, stats, err := read(tt.text, o)
				require.NoError(t, err)
				assert.Equal(t, want, rows)
				assert.Equal(t, tt.notes, stats.Notes)
				assert.True(t, stats.Provider && stats.Error)
				assert.Equal(t, int64(2), stats.Rows)
				assert.Zero(t, stats.Bad)
				assert.Empty(t, stats.Faults)
			}
		})
	}
}

// Without the columns that may be missing, and with a last line end, a byte more or less is no matter.
func TestFewColumns(t *testing.T) {
	const text = "received,persons,response_ms\n1791180000250,3,4210\n"
	rows, stats, err := read(text, calls.Options{})
	require.NoError(t, err)
	assert.Equal(t, []performance.Call{{At: received, Persons: 3, Response: 4210 * time.Millisecond, Answered: true}}, rows)
	assert.Equal(t, calls.Stats{Rows: 1, Bytes: int64(len(text)), Notes: []string{"not there are the columns provider, error"}}, stats)
}

// What the columns say of an answer.
func TestAnswered(t *testing.T) {
	tests := []struct {
		response, failure string
		answered          bool
	}{
		{"4210", "", true},
		{"0", "", true},
		{"4210", "0", true},
		{"4210", " False ", true},
		{"4210", "FALSE", true},
		{"4210", "1", false},
		{"4210", "true", false},
		{"4210", "no answer", false},
		{"4210", "null", false},
		{"", "", false},
		{"", "timeout", false},
	}
	for _, tt := range tests {
		rows, _, err := read("received,persons,response_ms,error\n1791180000250,1,"+tt.response+","+tt.failure+"\n", calls.Options{})
		require.NoError(t, err)
		require.Len(t, rows, 1)
		assert.Equal(t, tt.answered, rows[0].Answered, "%+v", tt)
	}
}

// Numbers of persons that the agreement counts as invalid are delivered: they can be read.
func TestPersons(t *testing.T) {
	rows, stats, err := read("received,persons,response_ms\n1791180000250,0,1\n1791180000250,11,1\n1791180000250,-1,1\n1791180000250,2147483647,1\n", calls.Options{})
	require.NoError(t, err)
	assert.Zero(t, stats.Bad)
	var persons []int
	for _, row := range rows {
		persons = append(persons, row.Persons)
	}
	assert.Equal(t, []int{0, 11, -1, 1<<31 - 1}, persons)
}

type wantFault struct {
	line, column int
	path, value  string
	cause        error
}

func faultsOf(stats calls.Stats) []wantFault {
	var out []wantFault
	for _, f := range stats.Faults {
		out = append(out, wantFault{f.Line, f.Column, f.Path, f.Value, f.Err})
	}
	return out
}

// Bad rows stand between good ones, which are read.
func TestBadRows(t *testing.T) {
	const good = "1791180000250,3,4210,fk,"
	long := strings.Repeat("x", calls.MaxRow)
	tests := []struct {
		name, row string
		want      []wantFault
	}{
		{"NaN", "1791180000250,1,NaN,,", []wantFault{{3, 17, "response_ms", "NaN", calls.ErrNumber}}},
		{"fraction", "1791180000250,1,12.5,,", []wantFault{{3, 17, "response_ms", "12.5", calls.ErrNumber}}},
		{"exponent", "1791180000250,1,1e3,,", []wantFault{{3, 17, "response_ms", "1e3", calls.ErrNumber}}},
		{"negative response", "1791180000250,1,-1,,", []wantFault{{3, 17, "response_ms", "-1", calls.ErrNegative}}},
		{"absurd response", "1791180000250,1,86400001,,", []wantFault{{3, 17, "response_ms", "86400001", calls.ErrLarge}}},
		{"response that overflows", "1791180000250,1,99999999999999999999,,", []wantFault{{3, 17, "response_ms", "99999999999999999999", calls.ErrLarge}}},
		{"no persons", "1791180000250,,1,,", []wantFault{{3, 15, "persons", "", calls.ErrMissing}}},
		{"persons that are a word", "1791180000250,three,1,,", []wantFault{{3, 15, "persons", "three", calls.ErrNumber}}},
		{"persons that overflow", "1791180000250,2147483648,1,,", []wantFault{{3, 15, "persons", "2147483648", calls.ErrLarge}}},
		{"no instant", ",1,1,,", []wantFault{{3, 1, "received", "", calls.ErrMissing}}},
		{"date alone", "2026-10-05,1,1,,", []wantFault{{3, 1, "received", "2026-10-05", calls.ErrInstant}}},
		{"local time", "2026-10-05T08:00:00,1,1,,", []wantFault{{3, 1, "received", "2026-10-05T08:00:00", calls.ErrOffset}}},
		{"local time without seconds", "2026-10-05 08:00,1,1,,", []wantFault{{3, 1, "received", "2026-10-05 08:00", calls.ErrOffset}}},
		{"30 February", "2026-02-30T08:00:00Z,1,1,,", []wantFault{{3, 1, "received", "2026-02-30T08:00:00Z", calls.ErrNoTime}}},
		{"24:00", "2026-10-05T24:00:00Z,1,1,,", []wantFault{{3, 1, "received", "2026-10-05T24:00:00Z", calls.ErrNoTime}}},
		{"1969", "1969-12-31T23:59:59Z,1,1,,", []wantFault{{3, 1, "received", "1969-12-31T23:59:59Z", servicetime.ErrRange}}},
		{"2201", "7289654400000,1,1,,", []wantFault{{3, 1, "received", "7289654400000", servicetime.ErrRange}}},
		{"microseconds", "1791180000250000,1,1,,", []wantFault{{3, 1, "received", "1791180000250000", servicetime.ErrRange}}},
		{"negative", "-1791180000250,1,1,,", []wantFault{{3, 1, "received", "-1791180000250", servicetime.ErrRange}}},
		{"seconds", "1791180000,1,1,,", []wantFault{{3, 1, "received", "1791180000", calls.ErrSeconds}}},
		{"spreadsheet's number", `"1,79118E+12",1,1,,`, []wantFault{{3, 2, "received", "1,79118E+12", calls.ErrInstant}}},
		{"long instant", strings.Repeat("1", 70) + ",1,1,,", []wantFault{{3, 1, "received", strings.Repeat("1", 70), calls.ErrInstant}}},
		{"everything", "x,y,z,,", []wantFault{
			{3, 1, "received", "x", calls.ErrInstant}, {3, 3, "persons", "y", calls.ErrNumber}, {3, 5, "response_ms", "z", calls.ErrNumber},
		}},
		{"too few cells", "1791180000250,1,1", []wantFault{{3, 1, "", "1791180000250,1,1", calls.ErrCells}}},
		{"too many cells", "1791180000250,1,1,,,", []wantFault{{3, 1, "", "1791180000250,1,1,,,", calls.ErrCells}}},
		{"a quote within a cell", `1791180000250,1,1,f"k,`, []wantFault{{3, 20, "", "", calls.ErrQuote}}},
		{"more behind a quote", `1791180000250,1,1,"f"k,`, []wantFault{{3, 21, "", "", calls.ErrQuote}}},
		{"the second line of a row", "1791180000250,1,1,\"f\nk\",x,", []wantFault{{3, 1, "", "1791180000250,1,1,\"f\nk\",x,", calls.ErrCells}}},
		{"NUL", "1791180000250,1,1,f\x00,\x00", []wantFault{{3, 19, "provider", "f\x00", calls.ErrEncoding}, {3, 22, "error", "\x00", calls.ErrEncoding}}},
		{"CR", "1791180000250,1,1,f\rk,", []wantFault{{3, 19, "provider", "f\rk", calls.ErrCR}}},
		{"CR alone between rows", good + "\r" + good, []wantFault{{3, 1, "", good + "\r" + good, calls.ErrCR}}},
		{"a long cell", "1791180000250,1,1,," + long, []wantFault{{3, 1, "", "1791180000250,1,1,," + long[:181], calls.ErrLong}}},
		{"a long line of CR", strings.Repeat(good+"\r", calls.MaxRow/20), []wantFault{{3, 1, "", strings.Repeat(good+"\r", 20)[:200], calls.ErrCR}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := append(slices.Clip(tt.want), wantFault{5 + strings.Count(tt.row, "\n"), 1, "", "a row behind", calls.ErrCells})
			for _, o := range []calls.Options{{}, {Workers: -1}, calls.Blocks(1, 1)} {
				rows, stats, err := read(header+"\n"+good+"\n"+tt.row+"\n"+good+"\na row behind\n", o)
				require.NoError(t, err)
				require.Len(t, rows, 2)
				assert.Equal(t, int64(4), stats.Rows)
				assert.Equal(t, int64(2), stats.Bad)
				require.Len(t, stats.Faults, len(want))
				for i, got := range faultsOf(stats) {
					require.ErrorIs(t, got.cause, want[i].cause)
					got.cause = want[i].cause
					assert.Equal(t, want[i], got)
				}
			}
		})
	}
}

// A last row without its line end is taken as it is, if it has all its cells.
func TestCutOff(t *testing.T) {
	const good = header + "\n1791180000250,3,4210,fk,\n"
	tests := []struct {
		name, rest string
		want       []wantFault
	}{
		{"few cells", "1791180000250,3,42", []wantFault{{3, 1, "", "1791180000250,3,42", calls.ErrCutOff}}},
		{"within quotes", `1791180000250,3,4210,"f`, []wantFault{{3, 22, "", "", calls.ErrCutOff}}},
		{"within quotes, with a line end", "1791180000250,3,4210,\"f\n", []wantFault{{3, 22, "", "", calls.ErrCutOff}}},
		{"too many cells", "1791180000250,3,4210,,,", []wantFault{{3, 1, "", "1791180000250,3,4210,,,", calls.ErrCells}}},
		{"too few cells with a line end", "1791180000250,3,42\n", []wantFault{{3, 1, "", "1791180000250,3,42", calls.ErrCells}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range []calls.Options{{}, calls.Blocks(1, -1)} {
				rows, stats, err := read(good+tt.rest, o)
				require.NoError(t, err)
				assert.Len(t, rows, 1)
				require.Len(t, stats.Faults, 1)
				got := faultsOf(stats)[0]
				require.ErrorIs(t, got.cause, tt.want[0].cause)
				got.cause = tt.want[0].cause
				assert.Equal(t, tt.want[0], got)
			}
		})
	}
}

// What makes all that follows unknown ends the reading; what came before was delivered.
func TestErrors(t *testing.T) {
	const rows = "\n1791180000250,3,4210,fk,\n1791180000250,3,4210,fk,\n"
	swallowing := rows + "1791180000250,3,4210,\"fk,\n"
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := io.WriteString(w, header+strings.Repeat(rows, 100))
	require.NoError(t, err)
	require.NoError(t, w.Close())

	tests := []struct {
		name, text string
		want       []wantFault // of each fault, without its text
		rows       int
	}{
		{"empty", "", []wantFault{{1, 1, "header", "", calls.ErrNoHeader}}, 0},
		{"blank", "\n\r\n", []wantFault{{1, 1, "header", "", calls.ErrNoHeader}}, 0},
		{"needed columns", "received,person,provider" + rows, []wantFault{
			{1, 1, "header", "persons", calls.ErrColumn}, {1, 1, "header", "response_ms", calls.ErrColumn},
		}, 0},
		{"columns twice", "received,persons,response_ms,provider,received,provider" + rows, []wantFault{
			{1, 39, "header", "received", calls.ErrTwice}, {1, 48, "header", "provider", calls.ErrTwice},
		}, 0},
		{"no header", strings.TrimPrefix(rows, "\n"), []wantFault{
			{1, 1, "header", "received", calls.ErrColumn}, {1, 1, "header", "persons", calls.ErrColumn}, {1, 1, "header", "response_ms", calls.ErrColumn},
		}, 0},
		{"UTF-16, little end first", "\xff\xfer\x00", []wantFault{{1, 1, "header", "", calls.ErrEncoding}}, 0},
		{"UTF-16, big end first", "\xfe\xff\x00r", []wantFault{{1, 1, "header", "", calls.ErrEncoding}}, 0},
		{"UTF-16 without a mark", "r\x00e\x00\n\x00", []wantFault{{1, 2, "header", "", calls.ErrEncoding}}, 0},
		{"CR alone", strings.ReplaceAll(header+rows, "\n", "\r"), []wantFault{{1, len(header) + 1, "header", "", calls.ErrCR}}, 0},
		{"a quote in the header", `received,per"sons` + rows, []wantFault{{1, 13, "header", "", calls.ErrQuote}}, 0},
		{"an open quote in the header", "\n" + `received,"persons` + rows, []wantFault{{2, 10, "header", "", calls.ErrQuote}}, 0},
		{"a long header", strings.Repeat("x", calls.MaxRow), []wantFault{{1, 1, "header", "", calls.ErrLong}}, 0},
		{"a quote that swallows the rest", header + swallowing + rows, []wantFault{{4, 22, "", "", calls.ErrQuote}}, 2},
		{"a quote that swallows a row", header + swallowing + "1791180000250,3,4210,\"fk,\n", []wantFault{{5, 22, "", "", calls.ErrQuote}}, 2},
		{"a quote that swallows a MiB", header + swallowing + strings.Repeat(rows, calls.MaxRow/40), []wantFault{{4, 22, "", "", calls.ErrQuote}}, 2},
		{"no gzip", "\x1f\x8bx", []wantFault{{cause: io.ErrUnexpectedEOF}}, 0},
		{"gzip that is cut off", zipped.String()[:zipped.Len()-20], []wantFault{{cause: io.ErrUnexpectedEOF}}, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range []calls.Options{{}, {Workers: -1}, calls.Blocks(3, 2)} {
				rows, stats, err := read(tt.text, o)
				require.Error(t, err)
				if tt.rows >= 0 {
					assert.Len(t, rows, tt.rows)
				} else {
					assert.NotEmpty(t, rows)
				}
				assert.Equal(t, int64(len(rows)), stats.Rows)
				faults := flatten(err)
				require.Len(t, faults, len(tt.want))
				for i, err := range faults {
					require.ErrorIs(t, err, tt.want[i].cause)
					var f *servicetime.Fault
					if errors.As(err, &f) {
						got := wantFault{f.Line, f.Column, f.Path, f.Value, tt.want[i].cause}
						assert.Equal(t, tt.want[i], got)
					} else {
						assert.Zero(t, tt.want[i].line)
					}
				}
			}
		})
	}
}

// flatten takes a joined error apart.
func flatten(err error) []error {
	if joined, is := err.(interface{ Unwrap() []error }); is {
		return joined.Unwrap()
	}
	return []error{err}
}

// The first faults are kept, in the order of the file, however blocks come to be parsed; all are counted.
func TestManyFaults(t *testing.T) {
	text := header + "\n" + strings.Repeat("1791180000250,x,-1,,\n", 1000) + "1791180000250,1,1,,\n"
	for _, o := range []calls.Options{{}, {Workers: -1}, calls.Blocks(64, 3)} {
		rows, stats, err := read(text, o)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		assert.Equal(t, int64(1001), stats.Rows)
		assert.Equal(t, int64(1000), stats.Bad)
		assert.Equal(t, int64(2000-calls.MaxFaults), stats.MoreFaults)
		require.Len(t, stats.Faults, calls.MaxFaults)
		for i, f := range stats.Faults {
			assert.Equal(t, 2+i/2, f.Line)
		}
	}
}

// What takes the rows may stop, and what gives the bytes may fail; blocks of both lie in between.
func TestStops(t *testing.T) {
	text := header + "\n" + strings.Repeat("1791180000250,1,1,,\n", 1000)
	stop := errors.New("stop")
	for _, o := range []calls.Options{{Workers: -1}, calls.Blocks(100, -1), calls.Blocks(100, 3)} {
		stats, err := calls.Read(strings.NewReader(text), o, func([]performance.Call) error { return stop })
		require.ErrorIs(t, err, stop)
		assert.Positive(t, stats.Rows)

		n := 0
		stats, err = calls.Read(io.MultiReader(strings.NewReader(text+"1791180"), iotest.ErrReader(stop)), o, func(rows []performance.Call) error {
			n += len(rows)
			return nil
		})
		require.ErrorIs(t, err, stop)
		assert.Equal(t, 1000, n)
		assert.Equal(t, int64(1000), stats.Rows, "what was not read to its end is no row")

		stats, err = calls.Read(iotest.OneByteReader(strings.NewReader(text)), o, func([]performance.Call) error { return nil })
		require.NoError(t, err)
		assert.Equal(t, int64(1000), stats.Rows)
	}
}

// Where every row names another provider, they are read all the same.
func TestManyProviders(t *testing.T) {
	var text strings.Builder
	text.WriteString(header + "\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "1791180000250,1,1,provider %d,\n", i)
	}
	rows, _, err := read(text.String(), calls.Options{})
	require.NoError(t, err)
	require.Len(t, rows, 5000)
	for i, row := range rows {
		assert.Equal(t, fmt.Sprintf("provider %d", i), row.Provider)
	}
}

// What is read of a provider across two lines says nothing about rows without quotes.
func TestProviderWithLineEnd(t *testing.T) {
	sameAsSlow(t, header+"\n1791180000250,1,1,\"a\nb\",\n1791180000250,1,1,a\nb,1,1,,\n1791180000250,1,1,\"a,b\",\n1791180000250,1,1,a,b,\n")
}

// The parts of a log are the whole, and an error of one ends the reading.
func TestReadParts(t *testing.T) {
	var log bytes.Buffer
	require.NoError(t, generate.Write(&log, 20_000, 3))
	var want []performance.Call
	whole, err := calls.Read(bytes.NewReader(log.Bytes()), calls.Options{Workers: -1}, func(rows []performance.Call) error {
		want = append(want, rows...)
		return nil
	})
	require.NoError(t, err)
	sort := func(calls []performance.Call) {
		slices.SortFunc(calls, func(a, b performance.Call) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Persons, b.Persons), cmp.Compare(a.Response, b.Response))
		})
	}
	sort(want)
	for _, workers := range []int{-1, 0, 1, 3} {
		var parts []*[]performance.Call
		stats, err := calls.ReadParts(bytes.NewReader(log.Bytes()), calls.Options{Workers: workers}, func() func([]performance.Call) error {
			mine := &[]performance.Call{}
			parts = append(parts, mine)
			return func(rows []performance.Call) error {
				*mine = append(*mine, rows...)
				return nil
			}
		})
		require.NoError(t, err)
		assert.Equal(t, whole, stats)
		var got []performance.Call
		for _, part := range parts {
			got = append(got, *part...)
		}
		sort(got)
		require.Equal(t, want, got, workers)
	}
	stop := errors.New("stop")
	_, err = calls.ReadParts(bytes.NewReader(log.Bytes()), calls.Options{Workers: 2}, func() func([]performance.Call) error {
		return func([]performance.Call) error { return stop }
	})
	require.ErrorIs(t, err, stop)
}
