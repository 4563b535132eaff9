package calls_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/examples/calls"
	"example.com/sla/performance"
)

// The reference: encoding/csv takes the rows apart, and package time and strconv read their cells.

type slowLog struct {
	rows  []performance.Call
	bad   int64
	fatal bool
}

var (
	rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
	unixMS  = regexp.MustCompile(`^\d{12,15}$`)
)

func slowInstant(s string) (time.Time, bool) {
	var t time.Time
	switch {
	case unixMS.MatchString(s):
		ms, _ := strconv.ParseInt(s, 10, 64)
		t = time.UnixMilli(ms).UTC()
	case rfc3339.MatchString(s):
		var err error
		if t, err = time.Parse(time.RFC3339, strings.ToUpper(strings.Replace(s, " ", "T", 1))); err != nil {
			return time.Time{}, false
		}
	default:
		return time.Time{}, false
	}
	t = t.UTC()
	return t, t.Year() >= 1970 && t.Year() <= 2200
}

// slowRow reads the cells of a row, by the names of their columns.
func slowRow(header, cells []string) (row performance.Call, good bool) {
	if len(cells) != len(header) {
		return row, false
	}
	good = true
	failed := false
	for i, cell := range cells {
		if strings.Contains(cell, "\x00") {
			good = false
		}
		cell = strings.TrimSpace(cell)
		switch header[i] {
		case "received":
			at, is := slowInstant(cell)
			row.At, good = at, good && is
		case "persons":
			n, err := strconv.ParseInt(cell, 10, 32)
			row.Persons, good = int(n), good && err == nil
		case "response_ms":
			if cell != "" {
				n, err := strconv.ParseInt(cell, 10, 64)
				row.Response, row.Answered = time.Duration(n)*time.Millisecond, true
				good = good && err == nil && n >= 0 && n <= 24*60*60*1000
			}
		case "provider":
			row.Provider, good = cell, good && !strings.Contains(cell, "\r")
		case "error":
			failed = cell != "" && cell != "0" && !strings.EqualFold(cell, "false")
		}
	}
	row.Answered = row.Answered && !failed
	return row, good
}

// slowRead reads a log whose header is one line, in commas.
func slowRead(t *testing.T, text string) (l slowLog) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	require.NoError(t, err)
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	for {
		from := r.InputOffset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return l
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			if took := strings.TrimLeft(text[from:r.InputOffset()], "\r\n"); strings.Contains(took[:len(took)-1], "\n") {
				l.fatal = true
				return l
			}
			l.bad++
			continue
		}
		require.NoError(t, err)
		row, good := slowRow(header, cells)
		if !good {
			l.bad++
			continue
		}
		l.rows = append(l.rows, row)
	}
}

// read reads a text, in blocks of a size: its composite calls, and then its legs, each in order.
func read(text string, o calls.Options) ([]performance.Call, calls.Stats, error) {
	var all []performance.Call
	stats, err := calls.Read(strings.NewReader(text), o, func(rows []performance.Call) error {
		all = append(all, rows...)
		return nil
	})
	slices.SortStableFunc(all, legsLast)
	return all, stats, err
}

func legsLast(a, b performance.Call) int {
	leg := func(c performance.Call) int { return min(len(c.Provider), 1) }
	return leg(a) - leg(b)
}

// sameAsSlow compares a log with the reference, however it is cut into blocks.
func sameAsSlow(t *testing.T, text string) {
	t.Helper()
	want := slowRead(t, text)
	slices.SortStableFunc(want.rows, legsLast)
	for _, o := range []calls.Options{{}, calls.Blocks(1, -1), calls.Blocks(7, 2), calls.Blocks(64, 1), calls.Blocks(100, -1)} {
		rows, stats, err := read(text, o)
		if want.fatal {
			require.ErrorIs(t, err, calls.ErrQuote, "%+v", o)
		} else {
			require.NoError(t, err, "%+v", o)
		}
		require.Equal(t, want.rows, rows, "%+v", o)
		require.Equal(t, want.bad, stats.Bad, "%+v", o)
		require.Equal(t, int64(len(rows))+want.bad, stats.Rows, "%+v", o)
		assert.Equal(t, min(want.bad, calls.MaxFaults) == 0, len(stats.Faults) == 0)
	}
}

// usual says that a header is one that the reference can read too: what is wrong with headers is tested elsewhere.
func usual(header string) bool {
	_, _, err := read(header+"\n", calls.Options{})
	return err == nil && !strings.ContainsAny(header, ";\"\r\n") && strings.TrimSpace(header) != "" &&
		!bytes.HasPrefix([]byte(header), []byte{0x1f, 0x8b}) && !strings.HasPrefix(header, "\ufeff")
}
