// Command desk gives the rules of an agreement to programs in any language: JSON lines on standard input and output, or the same objects over HTTP. PROTOCOL.md beside it
// says what it understands.
//
//	go build -o desk ./examples/desk
//	echo '{"id": 1, "op": "open", "calendar": "opening", "at": "2026-10-05T09:00:00+02:00"}' | ./desk
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"example.com/sla"
	"example.com/sla/examples/agreements"
	"example.com/sla/examples/monthly"
	"example.com/sla/examples/page"
)

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(48 << 20) // what answers leave behind is garbage soon
	}
	err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "desk:", err)
		os.Exit(1)
	}
}

const help = `desk answers requests about an agreement, a JSON object a line, on standard output.

Each line of standard input is a request, {"id": 1, "op": "ticket", …}; its answer is a line of standard output, in the same order.
At the end of input it ends. With -http it answers the same objects: POST /v1/ask (one), POST /v1/lines (lines, as they come), GET /healthz.
PROTOCOL.md beside the program says what there is to ask.

`

// run is main with its surroundings as arguments.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("desk", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	address := flags.String("http", "", "answer over HTTP on this `address`, such as 127.0.0.1:8080")
	file := flags.String("agreement", "", "`file` of the agreement of requests that name none, JSON or YAML (default: SSBTEK)")
	version := flags.Bool("version", false, "print the versions of library and zone data")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, help)
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		return err
	case err != nil:
		return fmt.Errorf("%w; -help lists the flags", err)
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected %q: requests come on standard input", flags.Arg(0))
	case *version:
		library, zones := monthly.Versions()
		_, err := fmt.Fprintf(stdout, "sla %s\nzone data of %s, embedded\nprotocol 1\n", library, zones)
		return err
	}
	rules, err := load(*file)
	if err != nil {
		return err
	}
	d := newDesk(rules)
	if *file != "" {
		text, err := os.ReadFile(*file)
		if err != nil {
			return err
		}
		d.file = page.FileOf(filepath.Base(*file), text)
	}
	if *address != "" {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp", *address)
		if err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM) // else they end the program at once, as others
		defer stop()
		fmt.Fprintf(stderr, "desk: http://%s\n", listener.Addr())
		return newServer(d).serve(ctx, listener)
	}
	out := bufio.NewWriterSize(stdout, 64<<10)
	return d.stream(stdin, out, out.Flush)
}

func load(file string) (*sla.Rules, error) {
	if file == "" {
		return sla.SSBTEK().Compile(time.LoadLocation)
	}
	return agreements.Load(file, time.LoadLocation)
}
