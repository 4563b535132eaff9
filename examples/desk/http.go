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

// How long a client may take, and how many there may be.
const (
	headerTimeout  = 5 * time.Second
	clientTimeout  = 30 * time.Second // to send the next bytes, or to take some
	idleTimeout    = 2 * time.Minute
	stopTimeout    = 10 * time.Second
	maxConnections = 64
)

// serve answers over HTTP until the context ends, and then what has come.
func (d *desk) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: d.handler(ctx), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 16 << 10,
		ErrorLog: nil,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- server.Shutdown(final)
	}()
	if err := server.Serve(netutil.LimitListener(listener, maxConnections)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func (d *desk) handler(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"ok\":true}\n") // a client that is gone
	})
	mux.HandleFunc("POST /v1/ask", d.ask)
	mux.HandleFunc("POST /v1/lines", func(w http.ResponseWriter, r *http.Request) { d.lines(ctx, w, r) })
	return mux
}

// ask answers one object. The status is 200 for an answer, 413 for a request that is too large, and 400 for another error; the body is the protocol's.
func (d *desk) ask(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(clientTimeout)) // the server's connections have them
	_ = control.SetWriteDeadline(time.Now().Add(2 * clientTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxLine))
	var answer []byte
	status := http.StatusOK
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		status, answer = http.StatusRequestEntityTooLarge, d.line(nil, numbered{nil, 1})
	case err != nil:
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	default:
		var ok bool
		if answer, ok = d.answer(nil, body, 0); !ok {
			status = http.StatusBadRequest
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer) // a client that is gone
}

// lines answers lines as they come. A client that sends or takes nothing for a while is cut off, and all are when the desk stops.
func (d *desk) lines(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex()
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	ended := context.AfterFunc(ctx, func() { _ = control.SetReadDeadline(time.Now()) })
	defer ended()
	in := readerFunc(func(b []byte) (int, error) {
		if ctx.Err() == nil {
			_ = control.SetReadDeadline(time.Now().Add(clientTimeout))
		}
		return r.Body.Read(b)
	})
	out := writerFunc(func(b []byte) (int, error) {
		_ = control.SetWriteDeadline(time.Now().Add(clientTimeout))
		return w.Write(b)
	})
	_ = d.stream(in, out, control.Flush) // its error is the client's
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
