package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ask is the answer to one request.
func ask(t testing.TB, d *desk, request string) string {
	t.Helper()
	answer, _ := d.answer(nil, []byte(request), 1)
	return strings.TrimSuffix(string(answer), "\n")
}

// Where an error is, as the request writes it.
func TestFields(t *testing.T) {
	d := ssbtekDesk(t)
	for request, field := range map[string]string{
		`{"op":"elapsed","calendar":"support","from":"2026-10-05T09:00:00Z","to":"2026-10-05T09:00:00Z","pauses":[["2026-10-05T09:00:00Z",null],["5 October",null]]}`:             "pauses[1].from",
		`{"op":"elapsed","calendar":"support","from":"2026-10-05T09:00:00Z","to":"2026-10-05T09:00:00Z","pauses":[["2026-10-05T09:00:00Z","2026-10-05T08:00:00Z"]]}`:              "pauses[0].to",
		`{"op":"ticket","as_of":"2026-10-05T09:00:00Z","ticket":{"number":"1","kind":"incident","impact":2,"received":"2026-10-05T09:00:00Z","changes":[{"at":1}]}}`:              "ticket.changes[0].at",
		`{"op":"ticket","as_of":"2026-10-05T09:00:00Z","ticket":{"number":"1","kind":"incident","impact":2,"received":"2026-10-05T09:00:00Z","resolved":"2026-10-04T09:00:00Z"}}`: "ticket.resolved",
		`{"op":"open","at":"2026-10-05T09:00:00Z","calendar":{"time_zone":"UTC","week":{"mon":["8-17"]}}}`:                                                                        "calendar.week",
		`{"op":"open","at":"2026-10-05T09:00:00Z","calendar":{"time_zone":"UTC","wek":{}}}`:                                                                                       "calendar.wek",
		`{"op":"availability","calendar":"opening","from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z","outages":[["2026-10-05T09:00:00Z","2026-10-04T09:00:00Z"]]}`:        "outages[0].to",
		`{"op":"composition","calendar":"opening","from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z","providers":["A"],"quorum":1,"down":{"A":[[1,2]]}}`:                   "down.A[0].from",
		`{"op":"review","year":2026,"agreement":{"time_zone":"UTC","open_points":[{"code":"A","clauses":["§1"],"text":{"en":"?"}}]}}`:                                             "agreement.open_points[0].code",
		`{"op":"restart_order","services":[{"name":"a","needs":["b"]}]}`:                                                                                                          "services[0].needs[0]",
	} {
		var answer struct{ Error failure }
		require.NoError(t, json.Unmarshal([]byte(ask(t, d, request)), &answer))
		assert.Equal(t, field, answer.Error.Field, "%s\n%s", request, answer.Error.Message)
	}
}

// Numbers of seconds are exact.
func TestSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "-0": 0, "1": time.Second, "0.25": 250 * time.Millisecond, "-1.5": -1500 * time.Millisecond, "1e3": 1000 * time.Second, "1.000000001": time.Second + 1,
		"-0.000000001": -1, "9223372036.854775807": 1<<63 - 1, "25E-1": 2500 * time.Millisecond,
	} {
		got, err := parseSeconds(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		again, err := parseSeconds(string(appendSeconds(nil, got)))
		require.NoError(t, err)
		assert.Equal(t, got, again, text)
	}
	for _, text := range []string{"0.0000000001", "9223372037", "1e400", "1e-400", "-9223372036.9", strings.Repeat("9", 100)} {
		_, err := parseSeconds(text)
		require.Error(t, err, text)
	}
	assert.Equal(t, "-0.5", string(appendSeconds(nil, -time.Second/2)))
}

// A stream of many different calendars keeps no more than the bound, and what is asked again is not made again.
func TestCache(t *testing.T) {
	c := newCache[int](1000)
	made := 0
	get := func(key string) int {
		n, err := c.get(key, func() (int, int64, error) {
			made++
			return made, 100, nil
		})
		require.NoError(t, err)
		require.LessOrEqual(t, c.bytes, c.most)
		return n
	}
	assert.Equal(t, []int{1, 2, 1, 3, 1}, []int{get("a"), get("b"), get("a"), get("c"), get("a")})
	get("d") // the bound is three
	assert.Equal(t, 1, get("a"), "the last used are kept")
	assert.Equal(t, 5, get("b"))
	for i := range 10_000 {
		get(fmt.Sprint(i))
	}
	assert.LessOrEqual(t, len(c.byKey), 3)
	assert.Equal(t, len(c.byKey), c.order.Len())
	_, err := c.get("wrong", func() (int, int64, error) { return 0, 0, errMissing })
	require.ErrorIs(t, err, errMissing)
	large, err := c.get("large", func() (int, int64, error) { return 7, 2000, nil })
	require.NoError(t, err)
	assert.Equal(t, 7, large)
	assert.Nil(t, c.byKey["large"])

	d := ssbtekDesk(t)
	for i := range 100 {
		at := fmt.Sprintf("%02d:%02d", i%12, i%60)
		answer := ask(t, d, `{"op":"open","calendar":{"time_zone":"UTC","week":{"mon-fri":["`+at+`-17:00"]}},"at":"2026-10-05T16:00:00Z"}`)
		require.Contains(t, answer, `"open":true`)
		require.LessOrEqual(t, d.calendars.bytes, int64(cacheBytes))
	}
	assert.NotEmpty(t, d.calendars.byKey)
	assert.Less(t, len(d.calendars.byKey), 40)
}

// Answers come in the order of the lines, however many, and lines of any ends.
func TestStream(t *testing.T) {
	var in, out bytes.Buffer
	in.WriteString("\ufeff")
	for i := range 5000 {
		fmt.Fprintf(&in, `{"id":%d,"op":"compliance","met":%d,"total":5000,"target":"90%%"}`, i, i)
		in.WriteString([]string{"\n", "\r\n", "\n \t\r\n", "\n\n"}[i%4])
	}
	in.WriteString(`{"id":"last","op":"compliance","met":1,"total":1,"target":"90%"}`) // without an end
	flushed := 0
	require.NoError(t, ssbtekDesk(t).stream(&in, &out, func() error { flushed++; return nil }))
	lines := strings.Split(out.String(), "\n")
	require.Len(t, lines, 5002)
	for i := range 5000 {
		require.True(t, strings.HasPrefix(lines[i], fmt.Sprintf(`{"id":%d,"ok":true,`, i)), lines[i])
	}
	assert.Contains(t, lines[5000], `"id":"last"`)
	assert.Positive(t, flushed)
	// Only a mark before the first line is one.
	assert.Contains(t, ask(t, ssbtekDesk(t), "\ufeff"+fine), "bad_json")
}

// A line is answered before the next one comes.
func TestFlush(t *testing.T) {
	in, feed := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(t.Context(), nil, in, out, io.Discard) }()
	b := make([]byte, 1000)
	for range 3 {
		_, err := io.WriteString(feed, fine+"\n")
		require.NoError(t, err)
		n, err := answers.Read(b)
		require.NoError(t, err)
		assert.True(t, bytes.HasSuffix(b[:n], []byte("}\n")))
	}
	require.NoError(t, feed.Close())
	require.NoError(t, <-done)
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

// Where nobody takes the answers, or the input breaks off, the desk ends and says so.
func TestBroken(t *testing.T) {
	in := strings.NewReader(strings.Repeat(fine+"\n", 100_000))
	err := run(t.Context(), nil, in, failing{}, io.Discard)
	require.ErrorContains(t, err, "nobody reads")
	broken := io.MultiReader(strings.NewReader(fine+"\n"), iotestErr{})
	var out bytes.Buffer
	require.ErrorContains(t, run(t.Context(), nil, broken, &out, io.Discard), "torn")
	assert.Contains(t, out.String(), `"ok":true`, "what had come is answered")
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, errors.New("torn") }

func TestArguments(t *testing.T) {
	var out, help bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-version"}, nil, &out, io.Discard))
	assert.Regexp(t, `^sla \S+\nzone data of go1\.\S+, embedded\nprotocol 1\n$`, out.String())
	require.Error(t, run(t.Context(), []string{"-help"}, nil, io.Discard, &help))
	assert.Contains(t, help.String(), "-agreement")
	for why, args := range map[string][]string{
		"-help lists the flags": {"-nothing"},
		`unexpected "x"`:        {"x"},
		"no such file":          {"-agreement", "nowhere.json"},
		"listen tcp":            {"-http", "256.0.0.1:1"},
	} {
		require.ErrorContains(t, run(context.Background(), args, strings.NewReader(""), io.Discard, io.Discard), why)
	}
	out.Reset()
	require.NoError(t, run(t.Context(), []string{"-agreement", "../agreements/goteborg.json"}, strings.NewReader(`{"op":"review","year":2026}`), &out, io.Discard))
	assert.Contains(t, out.String(), `"ok":true`)
}

// What a request lacks or gets wrong, and where.
func TestFaults(t *testing.T) {
	d := ssbtekDesk(t)
	for _, tt := range []struct{ request, code, field string }{
		{`"op":"credit","achieved":{"total":5},"ladder":[{"below":"90%","credit":"50%"}]`, "bad_request", "achieved.met"},
		{`"op":"credit","achieved":{"met":5},"ladder":[{"below":"90%","credit":"50%"}]`, "bad_request", "achieved.total"},
		{`"op":"capacity","calls":[[null,100]]`, "bad_request", "calls[0].start_ms"},
		{`"op":"performance","calls":[[null,100]]`, "bad_request", "calls[0].persons"},
		{`"op":"ticket","as_of":"2026-10-06T09:00:00Z","ticket":{"kind":"incident","impact":4,"priority":0,"received":"2026-10-05T09:00:00Z"}`, "bad_request", "ticket.priority"},
		{`"op":"ticket","as_of":"2026-10-06T09:00:00Z","ticket":{"kind":"incident","impact":4,"priority":"","received":"2026-10-05T09:00:00Z"}`, "bad_request", "ticket.priority"},
		{`"op":"ticket","as_of":"2026-10-06T09:00:00Z","ticket":{"kind":"incident","impact":4,"received":"2026-10-05T09:00:00Z","reopened":[["2026-10-05T10:00:00Z",null]]}`, "bad_request", "ticket.reopened[0].to"},
		{`"op":"ticket","as_of":"2026-10-06T09:00:00Z","options":{"hours":"EXCL_DATE_CLOSE"},"ticket":{"kind":"incident","impact":4,"received":"2026-10-05T09:00:00Z"}`, "bad_request", "options.hours"},
		{`"op":"availability","calendar":"opening","from":"2026-10-06T09:00:00Z","to":"2026-10-05T09:00:00Z","outages":[],"service_windows":[]`, "bad_request", "to"},
		{`"op":"composition","calendar":"opening","from":"2026-10-06T09:00:00Z","to":"2026-10-05T09:00:00Z","providers":["A"],"quorum":1,"down":{}`, "bad_request", "to"},
		{`"op":"composition","calendar":"opening","from":"2026-10-05T09:00:00Z","to":"2026-10-06T09:00:00Z","providers":["A","A"],"quorum":1,"down":{}`, "bad_request", "providers[1]"},
		{`"op":"open","calendar":"opening","at":"2026-05-04T09:00:00+24:00"`, "bad_request", "at"},
		{`"op":"open","calendar":"opening","at":"2026-05-04T09:00:00+02:60"`, "bad_request", "at"},
		{`"op":"review","year":0`, "out_of_range", "year"},
	} {
		f := failed(t, ask(t, d, "{"+tt.request+"}"))
		assert.Equal(t, []string{tt.code, tt.field}, []string{f.Code, f.Field}, "%s: %s", tt.request, f.Message)
	}
}

// Of a protected ticket an error repeats nothing (§4.11).
func TestProtectedFaults(t *testing.T) {
	d := ssbtekDesk(t)
	for _, fault := range []string{
		`"received":"Anna Svensson"`, `"received":"2026-10-05T09:00:00Z","priority":"Anna Svensson"`, `"received":"2026-10-05T09:00:00Z","Anna Svensson":1`,
		`"received":"2026-10-05T09:00:00Z","priority":1,"updates":["Anna Svensson"]`, `"received":"2026-10-05T09:00:00Z","priority":1,"pauses":[["Anna Svensson",null]]`,
	} {
		ticket := `{"number":"N1","kind":"incident","protected":true,` + fault + `}`
		for _, request := range []string{
			`{"op":"ticket","as_of":"2026-10-31T00:00:00Z","ticket":` + ticket + `}`, `{"op":"report","month":"2026-10","records":{"tickets":[` + ticket + `]}}`,
		} {
			answer := ask(t, d, request)
			assert.NotEmpty(t, failed(t, answer).Message, request)
			assert.NotContains(t, answer, "Svensson", request)
		}
	}
}
