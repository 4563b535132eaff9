package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// A server answers over HTTP.
type server struct {
	*desk
	header time.Duration // for a client to send the header of a request
	client time.Duration // to send the next bytes of its body, or to take some of the answer
	idle   time.Duration // until the next request
	stop   time.Duration // for what has been asked when the desk stops
}

func newServer(d *desk) *server {
	return &server{desk: d, header: 5 * time.Second, client: 30 * time.Second, idle: 2 * time.Minute, stop: 10 * time.Second}
}

const (
	maxConnections = 64
	maxHeader      = 16 << 10
)

// serve answers until the context ends, and then what has been asked.
func (s *server) serve(ctx context.Context, listener net.Listener) error {
	web := &http.Server{Handler: s.handler(ctx), ReadHeaderTimeout: s.header, IdleTimeout: s.idle, MaxHeaderBytes: maxHeader}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.stop)
		defer cancel()
		stopped <- web.Shutdown(final)
	}()
	if err := web.Serve(netutil.LimitListener(listener, maxConnections)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func (s *server) handler(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"ok\":true}\n") // a client that is gone
	})
	mux.HandleFunc("POST /v1/ask", s.ask)
	mux.HandleFunc("POST /v1/lines", func(w http.ResponseWriter, r *http.Request) { s.lines(ctx, w, r) })
	return mux
}

// ask answers one object. The status is 200 for an answer, 413 for a request that is too large, and 400 for another error; the body is the protocol's.
func (s *server) ask(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(s.client)) // connections of a server have them
	_ = control.SetWriteDeadline(time.Now().Add(2 * s.client))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxLine))
	var answer []byte
	status := http.StatusOK
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		status, answer = http.StatusRequestEntityTooLarge, s.line(nil, numbered{nil, 0})
	case err != nil:
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	default:
		var ok bool
		if answer, ok = s.answer(nil, body, 0); !ok {
			status = http.StatusBadRequest
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer) // a client that is gone
}

// lines answers lines as they come. A client that sends or takes nothing for a while is cut off, and all are when the desk stops.
func (s *server) lines(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex()
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	ended := context.AfterFunc(ctx, func() { _ = control.SetReadDeadline(time.Now()) })
	defer ended()
	in := readerFunc(func(b []byte) (int, error) {
		if ctx.Err() == nil {
			_ = control.SetReadDeadline(time.Now().Add(s.client))
		}
		return r.Body.Read(b)
	})
	out := writerFunc(func(b []byte) (int, error) {
		_ = control.SetWriteDeadline(time.Now().Add(s.client))
		return w.Write(b)
	})
	if err := s.stream(in, out, control.Flush); err != nil && ctx.Err() == nil {
		panic(http.ErrAbortHandler) // the connection is cut, so that no client takes what it has for the whole
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
