package calls_test

import (
	"fmt"
	"strings"

	"example.com/sla/examples/calls"
	"example.com/sla/performance"
)

// A log with a call that was not answered, one about eleven persons, and two rows that cannot be read.
func Example() {
	log := strings.NewReader(`received;persons;response_ms;provider;remark
2026-10-05T08:00:00.250+02:00;3;4210;;
1791180000250;1;;Försäkringskassan;"no answer;
again and again"
2026-10-05 08:00:01Z;11;900;;
2026-10-05T08:00:01;1;NaN;;
1791180002000;1;9`)
	stats, err := calls.Read(log, calls.Options{}, func(rows []performance.Call) error {
		for _, row := range rows {
			fmt.Printf("%s: %d persons, answered %t after %s, provider %q\n",
				row.At.Format("15:04:05.000"), row.Persons, row.Answered, row.Response, row.Provider)
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%d rows, %d of them bad\n", stats.Rows, stats.Bad)
	for _, fault := range stats.Faults {
		fmt.Println(fault)
	}
	for _, note := range stats.Notes {
		fmt.Println(note)
	}
	// Output:
	// 06:00:00.250: 3 persons, answered true after 4.21s, provider ""
	// 08:00:01.000: 11 persons, answered true after 900ms, provider ""
	// 06:00:00.250: 1 persons, answered false after 0s, provider "Försäkringskassan"
	// 5 rows, 2 of them bad
	// 6:1: received "2026-10-05T08:00:01": a local time without offset: write "2026-10-05T08:00:00+02:00"
	// 6:23: response_ms "NaN": not a whole number: write milliseconds, or nothing for a call that was not answered
	// 7:1: "1791180002000;1;9": the last row is cut off: 3 cells of 5
	// cells are separated by semicolons
	// not there are the columns error
	// not used are the columns "remark"
	// the last row has no line end: it may be cut off
}
