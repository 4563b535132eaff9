package priority_test

import (
	"fmt"
	"time"
	_ "time/tzdata"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// An incident of the day before Midsummer, a critical one by §4.3, judged as of that day at 16:30, as of the
// eve, which is a business day, and as of the Monday after.
func Example() {
	support, err := servicetime.Compile(servicetime.Schedule{
		Zone:     "Europe/Stockholm",
		Week:     servicetime.MustWeek("mon-fri 08:00-17:00"),
		Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	rule := priority.Rule{
		Calendar: support,
		Targets: priority.Targets{
			Response:   servicetime.MustTarget("30 min"),
			Resolution: servicetime.MustTarget("8 h"),
		},
		Hours:   servicetime.SupportClock,
		StopsAt: priority.AtReportedBack,
	}

	zone := support.Location()
	ticket := priority.Ticket{
		Number:       "INC-1042",
		Kind:         priority.Incident,
		Received:     time.Date(2026, 6, 18, 15, 30, 0, 0, zone),
		Started:      time.Date(2026, 6, 18, 15, 48, 0, 0, zone),
		Resolved:     time.Date(2026, 6, 22, 9, 0, 0, 0, zone),
		ReportedBack: time.Date(2026, 6, 22, 9, 15, 0, 0, zone),
	}
	for _, asOf := range []time.Time{
		time.Date(2026, 6, 18, 16, 30, 0, 0, zone),
		time.Date(2026, 6, 19, 14, 30, 0, 0, zone),
		time.Date(2026, 6, 22, 12, 0, 0, 0, zone),
	} {
		j, err := rule.Judge(&ticket, asOf)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("as of", asOf.Format("2 January 15:04"))
		fmt.Println("  response  ", j.Response)
		fmt.Println("  resolution", j.Resolution)
		if verdict, settled := j.Outcome(); verdict != compliance.NoData {
			fmt.Println("  so the ticket is", verdict, "since", settled.Format("2 January 15:04:05.999999999"))
		}
	}

	// Output:
	// as of 18 June 16:30
	//   response   met: due 2026-06-18 16:00, 30 min (SUPPORT_CLOCK), done 2026-06-18 15:48, 12 min to spare
	//   resolution running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 7 h left
	// as of 19 June 14:30
	//   response   met: due 2026-06-18 16:00, 30 min (SUPPORT_CLOCK), done 2026-06-18 15:48, 12 min to spare
	//   resolution running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 0 s left
	// as of 22 June 12:00
	//   response   met: due 2026-06-18 16:00, 30 min (SUPPORT_CLOCK), done 2026-06-18 15:48, 12 min to spare
	//   resolution breached: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-22 09:15, over by 3 h 45 min
	//   so the ticket is missed since 19 June 14:30:00.000000001
}

// The matrix of §4.3: timing down, impact across.
func ExampleMatrix() {
	names := []string{"", "critical", "high", "medium", "low"}
	matrix := priority.Matrix{
		{1, 2, 3, 4},
		{2, 2, 3, 4},
		{3, 3, 3, 4},
		{4, 4, 4, 4},
	}
	fmt.Println(matrix.Check(4))

	level, err := matrix.Level(2, 1) // a base service is unavailable, in a critical period
	fmt.Println(names[level], err)

	_, err = matrix.Level(0, 1) // nobody gave the impact
	fmt.Println(err)

	// Output:
	// <nil>
	// high <nil>
	// priority: impact 0: no such class: 1 to 4
}

// Critical from the 20th on, three days before and the first two of a month close to it, low season in summer.
func ExampleTiming() {
	opening, err := servicetime.Compile(servicetime.Schedule{
		Zone:     "Europe/Stockholm",
		Week:     servicetime.MustWeek("mon-fri 08:00-17:00"),
		Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	timing := priority.Timing{
		CriticalFromDay: 20,
		NearBeforeDays:  3,
		NearAfterDays:   2,
		LowSeason:       []priority.Season{{{Month: time.July, Day: 1}, {Month: time.August, Day: 15}}},
		Precedence:      priority.CriticalFirst,
		OutOfHours:      priority.NextOpen,
	}
	if err := timing.Check(); err != nil {
		fmt.Println(err)
		return
	}
	for _, at := range []string{
		"2026-05-12 10:00", "2026-05-18 10:00", "2026-05-20 10:00", "2026-06-01 10:00", "2026-07-07 10:00", "2026-07-21 10:00",
		"2026-04-17 18:00", // a Friday after closing: it counts as Monday 20 April
	} {
		t, err := time.ParseInLocation("2006-01-02 15:04", at, opening.Location())
		if err != nil {
			fmt.Println(err)
			return
		}
		class, err := timing.Class(opening, t)
		fmt.Println(at, class, err)
	}

	// Output:
	// 2026-05-12 10:00 3 <nil>
	// 2026-05-18 10:00 2 <nil>
	// 2026-05-20 10:00 1 <nil>
	// 2026-06-01 10:00 2 <nil>
	// 2026-07-07 10:00 4 <nil>
	// 2026-07-21 10:00 1 <nil>
	// 2026-04-17 18:00 1 <nil>
}

// The incidents of a month, counted in two places and put together.
func ExampleTally() {
	var north, south priority.Tally
	for range 18 {
		north.Add(1, compliance.Met)
	}
	north.Add(2, compliance.Missed)
	south.Add(2, compliance.Met)
	south.Add(4, compliance.NoData) // still running, in no month yet

	north.Merge(&south)
	goal := compliance.MustGoal("90%")
	fmt.Println("high:", north.Level(2).Share().Line("", goal))
	fmt.Println("all: ", north.Pooled().Share().Line("", goal))

	// Output:
	// high: 1 of 2, 50.00 %, goal 90 %: missed by 1
	// all:  19 of 20, 95.00 %, goal 90 %: met, 1 miss left
}
