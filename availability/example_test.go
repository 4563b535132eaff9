package availability_test

import (
	"fmt"
	"log"
	"time"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// An operator: was it up? Opening hours are Monday to Friday 08:00–17:00 (§4.1.1).
func Example() {
	opening, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	rule := availability.Rule{Opening: opening}
	october := servicetime.MustMonth("2026-10")
	asOf := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

	outages := []availability.Outage{
		{From: at("06 10:15"), To: at("06 12:45"), Cause: "full disk"},
		{From: at("20 16:40"), To: at("21 08:22"), Cause: "lost power"},
	}
	m, err := rule.Measure(october, asOf, outages, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m)
	for _, i := range m.Interruptions {
		fmt.Println(" ", i)
	}
	goal := compliance.MustGoal("98%")
	fmt.Println(m.Share().Verdict(goal), m.Left(goal))

	// Output:
	// down 3 h 12 min of 198 h, 98.38 %, 2 interruptions
	//   2026-10-06 10:15 – 2026-10-06 12:45, down 2 h 30 min
	//   2026-10-20 16:40 – 2026-10-21 08:22, down 42 min
	// met 45m36s
}

// A month with one long, one nightly and one flapping outage (§4.9.1): what each costs.
//
//	open      Mon 5 |08------17|  Tue 6 |08------17|  Wed 7 |08------17|
//	long                |------------------|             from 14:00 to 10:00: one interruption
//	nightly                                          |-| from 19:00 to 23:00: none
//	flapping                                              || || ||  09:00, 09:02, 09:04: three, of a minute each
func ExampleRule_Measure() {
	opening := office()
	always, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	outages := []availability.Outage{
		{From: at("05 14:00"), To: at("06 10:00")},
		{From: at("06 19:00"), To: at("06 23:00")},
		{From: at("07 09:00"), To: at("07 09:01")},
		{From: at("07 09:02"), To: at("07 09:03")},
		{From: at("07 09:04"), To: at("07 09:05")},
	}
	asOf := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	for _, rule := range []availability.Rule{
		{Opening: opening},
		{Opening: opening, MinGap: servicetime.MustDuration("5 min")}, // flapping is one interruption
		{Opening: opening, MinLength: servicetime.MustDuration("5 min")},
		{Opening: always}, // a monitor without opening hours
	} {
		m, err := rule.Measure(servicetime.MustMonth("2026-10"), asOf, outages, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m)
	}

	// Output:
	// down 5 h 3 min of 198 h, 97.45 %, 4 interruptions
	// down 5 h 3 min of 198 h, 97.45 %, 2 interruptions
	// down 5 h of 198 h, 97.47 %, 1 interruption, 3 min too short to count
	// down 24 h 3 min of 745 h, 96.77 %, 5 interruptions
}

// §4.9.1 has two limits on the same year, 98 % and 62 h, which never agree: both are judged, and 98 % binds. In the middle of the year each says what is left,
// and when it is used up if it goes on like this.
func ExampleTally_Judge() {
	hours, times := servicetime.MustDuration("62 h"), int64(12)
	limits := []availability.Limit{
		{Clause: "§4.9.1", Per: availability.PerYear, Share: compliance.MustGoal("98%")},
		{Clause: "§4.9.1", Per: availability.PerYear, Down: &hours},
		{Clause: "§4.9.1", Per: availability.PerYear, Interruptions: &times},
	}
	var year availability.Tally
	for _, day := range []int{11, 12, 13} { // of March, three whole days
		if err := year.Down(time.Date(2026, 3, day, 7, 0, 0, 0, time.UTC), time.Date(2026, 3, day, 16, 0, 0, 0, time.UTC)); err != nil {
			log.Fatal(err)
		}
	}
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	outcomes, err := year.Judge(availability.Rule{Opening: office()}, limits, servicetime.MustMonth("2026-06"), asOf)
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range outcomes {
		fmt.Println(o)
		if o.Allowed > 0 {
			fmt.Printf("  allows %s in the year, binds: %t\n", servicetime.FormatDuration(o.Allowed), o.Binds)
		}
		if !o.UsedUp.IsZero() {
			fmt.Println("  if it goes on like this, used up on", o.UsedUp.Format("2006-01-02"))
		}
	}

	// Output:
	// down 27 h of 1107 h so far, 97.56 %, goal 98 %: missed by 4 h 51 min 36 s
	//   allows 45 h 43 min 12 s in the year, binds: true
	//   if it goes on like this, used up on 2026-10-28
	// down 27 h so far, at most 62 h: met, 35 h left
	//   allows 62 h in the year, binds: false
	// 3 interruptions so far, at most 12: met, 9 left
}

// A service window that overran (§4.6.1): planned from 05:00 to 08:00, and done at 09:30. Of what lies in opening hours the plan is excused, and so
// is the overrun if it was announced; else it is downtime.
//
//	open                    |08------------
//	planned       |05-------|
//	actual        |05------------|09:30
//	down                    |----|
func ExampleWindow() {
	rule := availability.Rule{Opening: office()}
	window := availability.Window{
		PlannedFrom: at("05 05:00"), PlannedTo: at("05 08:00"), ActualTo: at("05 09:30"), Decision: availability.Decided,
	}
	for _, announced := range []bool{false, true} {
		window.Announced = announced
		m, err := rule.Measure(servicetime.MustDate("2026-10-05"), at("06 00:00"), nil, []availability.Window{window})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("announced %t: %v\n", announced, m)
	}

	// Output:
	// announced false: down 1 h 30 min of 9 h, 83.33 %, 1 interruption
	// announced true: down 0 s of 9 h, 100.00 %, 0 interruptions, 1 h 30 min excused
}

// Two sites tally the same service by themselves, and one of them sends its tally to the other. What both saw counts once.
func ExampleTally_Merge() {
	var north, south availability.Tally
	for _, err := range []error{
		north.Outage(availability.Outage{From: at("05 09:00"), To: at("05 10:00")}),
		south.Outage(availability.Outage{From: at("05 09:30"), To: at("05 10:30")}),
		south.Outage(availability.Outage{From: at("07 16:00")}), // it has not ended
	} {
		if err != nil {
			log.Fatal(err)
		}
	}
	sent, err := south.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	var received availability.Tally
	if err := received.UnmarshalBinary(sent); err != nil {
		log.Fatal(err)
	}
	north.Merge(&received)

	opening := office()
	span, err := opening.Span(servicetime.MustMonth("2026-10"))
	if err != nil {
		log.Fatal(err)
	}
	m, err := north.Result(availability.Rule{Opening: opening}, span, at("08 09:00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m)
	fmt.Println(m.Interruptions[1])

	// Output:
	// down 3 h 30 min of 46 h, 92.39 %, 2 interruptions
	// 2026-10-07 16:00 – not ended, down 2 h
}

// Bad records are told all at once, each with its place.
func ExampleRule_Measure_faults() {
	rule := availability.Rule{Opening: office()}
	_, err := rule.Measure(servicetime.MustMonth("2026-10"), at("31 00:00"), []availability.Outage{
		{From: at("05 10:00"), To: at("05 09:00")},
		{To: at("05 09:00")},
	}, []availability.Window{
		{PlannedFrom: at("05 05:00").AddDate(0, 3, 0), PlannedTo: at("05 08:00").AddDate(0, 3, 0)},
	})
	fmt.Println(err)

	// Output:
	// outages[0].to "2026-10-05T09:00:00+02:00": availability: ends before it starts: it starts at 2026-10-05T10:00:00+02:00
	// outages[1].from: availability: the zero time: outside the years 1970 to 2200
	// service_windows[0] "2027-01-05T05:00:00+02:00": availability: outside the period 2026-10: it ends 2027-01-05T08:00:00+02:00
}

// office are opening hours in Stockholm.
func office() *servicetime.Calendar {
	c, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	return c
}
