package records_test

import (
	"fmt"
	"time"

	"example.com/sla"
	"example.com/sla/examples/records"
	"example.com/sla/servicetime"
)

// A folder of a month's records, some of which are bad.
func Example() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		panic(err)
	}
	folder, err := records.Open(records.Options{}, "testdata/folder")
	if err != nil {
		panic(err)
	}
	month, err := rules.Month(servicetime.MustMonth("2026-10"), time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	quality, err := folder.Feed(rules, []*sla.Month{month}, nil)
	if err != nil {
		panic(err)
	}
	for _, f := range quality.Files {
		fmt.Printf("%s: %d rows: %d counted, %d outside, %d bad, %d dropped\n", f.Name, f.Rows, f.Counted, f.Outside, f.Bad, f.Dropped)
	}
	fmt.Println(quality.Files[4].Name + ":" + quality.Files[4].Faults[1].String())
	report := month.Report()
	fmt.Println(report.Incidents.String())
	fmt.Println("availability:", report.Availability.Verdict)
	// Output:
	// tickets.csv: 5 rows: 2 counted, 1 outside, 2 bad, 0 dropped
	// outages.csv: 4 rows: 1 counted, 1 outside, 2 bad, 0 dropped
	// disturbances.csv: 2 rows: 1 counted, 0 outside, 1 bad, 0 dropped
	// windows.csv: 2 rows: 1 counted, 0 outside, 1 bad, 0 dropped
	// changes.csv: 8 rows: 3 counted, 1 outside, 2 bad, 2 dropped
	// calls.csv: 5 rows: 3 counted, 1 outside, 1 bad, 0 dropped
	// users.csv: 4 rows: 3 counted, 1 outside, 0 bad, 0 dropped
	// disruptions.csv: 2 rows: 1 counted, 0 outside, 1 bad, 0 dropped
	// backups.csv: 3 rows: 1 counted, 1 outside, 1 bad, 0 dropped
	// tests.csv: 2 rows: 1 counted, 0 outside, 1 bad, 0 dropped
	// changes.csv:8:6: acute "perhaps": not readable: write true or false
	// 1 of 2 in time, 50.00 %, goal 90 %: missed by 1
	// availability: met
}
