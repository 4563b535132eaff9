// Command review prints what the rules of an agreement contradict and leave open, and what changed since another version of it.
//
//	go run ./examples/review                                   # the review of SSBTEK, this year's figures
//	go run ./examples/review -year 2027 mine.yaml              # of another agreement
//	go run ./examples/review -under provider.yaml mine.yaml    # and where the contract under it allows more
//	go run ./examples/review -since old.yaml mine.yaml         # and what changed
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"example.com/sla"
	"example.com/sla/examples/agreements"
)

func main() {
	err := run(os.Args[1:], time.Now().Year(), os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, thisYear int, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("review", flag.ContinueOnError)
	flags.SetOutput(stderr)
	year := flags.Int("year", thisYear, "whose figures show the findings")
	language := flags.String("lang", "en", "of the texts: en or sv")
	under := flags.String("under", "", "`file` of the contract that underpins the agreement")
	since := flags.String("since", "", "`file` of a former version")
	flags.Usage = func() {
		fmt.Fprint(stderr, "usage: review [flags] [file of an agreement, .json or .yaml; without one SSBTEK]\n\n")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 1 {
		return fmt.Errorf("one agreement at a time, not %q: give flags before the file", flags.Args())
	}
	if *language != "en" && *language != "sv" {
		return fmt.Errorf("-lang %q: write en or sv", *language)
	}
	rules, err := load(flags.Arg(0))
	if err != nil {
		return err
	}
	findings, err := rules.Review(*year)
	if err != nil {
		return fmt.Errorf("-year: %w", err)
	}
	a := rules.Agreement()
	say := func(en, sv string, args ...any) {
		fmt.Fprintf(stdout, map[string]string{"en": en, "sv": sv}[*language]+"\n\n", args...)
	}
	title := func(a sla.Agreement) string { return printable(a.Title.In(*language)) }
	say("%s, version %s, reviewed with the figures of %d", "%s, version %s, granskat med siffror för %d", title(a), printable(a.Version), *year)
	table(stdout, findings, *language)
	if *under != "" {
		contract, err := load(*under)
		if err != nil {
			return err
		}
		looser, err := sla.ReviewChain(rules, contract, *year)
		if err != nil {
			return err
		}
		say("\nUnder it: %s", "\nUnder det: %s", title(contract.Agreement()))
		table(stdout, looser, *language)
	}
	if *since == "" {
		return nil
	}
	old, err := load(*since)
	if err != nil {
		return err
	}
	changes, err := sla.Diff(old.Agreement(), a)
	if err != nil {
		return err
	}
	if both := (sla.Versions{old, rules}).Review(); len(both) > 0 {
		fmt.Fprintln(stdout)
		table(stdout, both, *language)
	}
	say("\nChanged since version %s: %d", "\nÄndrat sedan version %s: %d", printable(old.Agreement().Version), len(changes))
	for _, c := range changes {
		fmt.Fprintln(stdout, c)
	}
	return nil
}

func load(name string) (*sla.Rules, error) {
	if name == "" {
		return sla.SSBTEK().Compile(time.LoadLocation)
	}
	return agreements.Load(name, time.LoadLocation)
}

// table prints findings, in a row each. An agreement is data from anywhere: control characters in its texts are not printed.
func table(w io.Writer, findings []sla.Finding, language string) {
	if len(findings) == 0 {
		fmt.Fprintln(w, map[string]string{"en": "Nothing was found.", "sv": "Inget hittades."}[language])
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(t, "%s\t%s\t%s\n", printable(strings.Join(f.Clauses, ", ")), f.Code, printable(f.Text.In(language)))
	}
	_ = t.Flush() // an error of w is that of the next write too
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
