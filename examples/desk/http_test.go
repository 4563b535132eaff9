package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fine = `{"id":7,"op":"open","calendar":"opening","at":"2026-10-05T09:00:00+02:00"}`

// serving is a desk over HTTP, and its stop, which gives what serve returned.
func serving(t *testing.T, s *server) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- s.serve(ctx, listener) }()
	stop = func() error {
		cancel()
		return <-served
	}
	return "http://" + listener.Addr().String(), stop
}

func post(t *testing.T, url, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Close = true // a connection that is kept may be cut off before it is used again
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(b)
}

// The same objects, and a status beside them.
func TestAsk(t *testing.T) {
	url, stop := serving(t, newServer(ssbtekDesk(t)))
	for _, row := range []struct {
		body   string
		status int
		answer string
	}{
		{fine, 200, `{"id":7,"ok":true,"open":true,"next_open":"2026-10-05T09:00:00+02:00","next_close":"2026-10-05T17:00:00+02:00","prev_open":"2026-10-05T08:00:00+02:00","prev_close":"2026-10-02T17:00:00+02:00"}`},
		{`{"id":8,"op":"nothing"}`, 400, `"code":"unknown_op"`},
		{"", 400, `"code":"bad_json"`},
		{fine + fine, 400, `"code":"bad_json"`},
		{`{"id":"` + strings.Repeat("x", MaxLine) + `"}`, 413, `"code":"too_large"`},
	} {
		status, answer := post(t, url+"/v1/ask", row.body)
		assert.Equal(t, row.status, status, answer)
		assert.Contains(t, answer, row.answer)
	}
	status, _ := post(t, url+"/v1/nothing", fine)
	assert.Equal(t, http.StatusNotFound, status)
	for path, status := range map[string]int{"/healthz": http.StatusOK, "/v1/ask": http.StatusMethodNotAllowed} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, http.NoBody)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		assert.Equal(t, status, response.StatusCode, path)
		require.NoError(t, response.Body.Close())
	}
	require.NoError(t, stop())
}

// Lines are answered as they come, while the request is still being sent; when the desk stops, what has come is answered first.
func TestLinesOverHTTP(t *testing.T) {
	url, stop := serving(t, newServer(ssbtekDesk(t)))
	in, out := io.Pipe()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/lines", in)
	require.NoError(t, err)
	go func() { _, _ = io.WriteString(out, fine+"\n") }()
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	answers := bufio.NewReader(response.Body)
	line, err := answers.ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, line, `"id":7,"ok":true`)
	_, err = io.WriteString(out, "\n"+strings.Replace(fine, "open", "close", 1)+"\n")
	require.NoError(t, err)
	line, err = answers.ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, line, `"code":"unknown_op"`)
	assert.Contains(t, line, `"line":3`)

	require.NoError(t, stop())
	_, err = answers.ReadString('\n')
	require.ErrorIs(t, err, io.EOF)
	_ = out.Close()
	require.NoError(t, response.Body.Close())
	_, err = http.DefaultClient.Do(request.Clone(t.Context())) //nolint:bodyclose // there is none
	require.Error(t, err)
}

// A client that sends nothing, or stops within a header or a body, is cut off, and does not keep others waiting.
func TestSlowClients(t *testing.T) {
	s := newServer(ssbtekDesk(t))
	s.header, s.client, s.idle = time.Second/2, time.Second/2, time.Second/2
	url, stop := serving(t, s)
	address := strings.TrimPrefix(url, "http://")
	for name, sent := range map[string]string{
		"nothing":         "",
		"header":          "POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Le",
		"body":            "POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
		"lines":           "POST /v1/lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
		"kept alive":      "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
		"header too long": "GET /healthz HTTP/1.1\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
	} {
		connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		require.NoError(t, err)
		require.NoError(t, connection.SetDeadline(time.Now().Add(time.Minute)))
		_, _ = io.WriteString(connection, sent) // the last is not taken whole
		status, _ := post(t, url+"/v1/ask", fine)
		assert.Equal(t, http.StatusOK, status, name)
		_, err = io.Copy(io.Discard, connection)
		if err != nil {
			assert.NotContains(t, err.Error(), "i/o timeout", name)
		}
		_ = connection.Close()
	}
	require.NoError(t, stop())
}

// A client that takes no answers is cut off too: its answers are bounded, and what is asked after it is answered.
func TestClientThatTakesNothing(t *testing.T) {
	s := newServer(ssbtekDesk(t))
	s.client = 200 * time.Millisecond
	url, stop := serving(t, s)
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	_, err = io.WriteString(connection, "POST /v1/lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
	require.NoError(t, err)
	chunk := bytes.Repeat([]byte(fine+"\n"), 500)
	require.NoError(t, connection.SetWriteDeadline(time.Now().Add(time.Minute)))
	for err == nil { // until it is cut off
		_, err = io.WriteString(connection, strconv.FormatInt(int64(len(chunk)), 16)+"\r\n"+string(chunk)+"\r\n")
	}
	assert.NotContains(t, err.Error(), "i/o timeout")
	status, _ := post(t, url+"/v1/ask", fine)
	assert.Equal(t, http.StatusOK, status)
	require.NoError(t, stop())
}

// Of a line that stops half way nothing is answered, and the answers do not end as whole ones do.
func TestHalfALine(t *testing.T) {
	s := newServer(ssbtekDesk(t))
	s.client = time.Second / 2
	url, stop := serving(t, s)
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	require.NoError(t, connection.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(connection, "POST /v1/lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n")
	require.NoError(t, err)
	text, err := io.ReadAll(connection)
	if err == nil {
		assert.NotContains(t, string(text), "unexpected")
		assert.False(t, strings.HasSuffix(string(text), "0\r\n\r\n"), string(text))
	}
	require.NoError(t, stop())
}
