package sla_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// A plug-in of a ticket system: when is this incident due, and why? The same ticket before anything
// is done, when it is answered, and when it is reported back.
func ExampleRules_Judge() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	ticket := priority.Ticket{
		Number:       "INC-1017",
		Kind:         priority.Incident,
		Impact:       2,                               // one to four base services are down
		Received:     at("2026-06-18T15:30:00+02:00"), // the day before Midsummer Eve
		Started:      at("2026-06-19T09:15:00+02:00"),
		Resolved:     at("2026-06-25T16:50:00+02:00"),
		ReportedBack: at("2026-06-25T17:10:00+02:00"),
	}
	for _, asOf := range []string{"2026-06-18T17:00:00+02:00", "2026-06-19T09:15:00+02:00", "2026-06-25T17:10:00+02:00"} {
		j, err := rules.Judge(ticket, at(asOf))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(asOf[:16], j.Clause, j.Priority)
		fmt.Println("  response  ", j.Response)
		fmt.Println("  resolution", j.Resolution)
	}

	ticket.Impact = 5
	if _, err := rules.Judge(ticket, at("2026-06-25T17:10:00+02:00")); errors.Is(err, priority.ErrClass) {
		fmt.Println(err)
	}

	// Output:
	// 2026-06-18T17:00 §4.3.1 medium
	//   response   running: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), 6 h 30 min left
	//   resolution running: due 2026-06-25 17:00, 5 business days (EXCL_DATE_CLOSE), 45 h left
	// 2026-06-19T09:15 §4.3.1 medium
	//   response   met: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-19 09:15, 5 h 15 min to spare
	//   resolution running: due 2026-06-25 17:00, 5 business days (EXCL_DATE_CLOSE), 43 h 45 min left
	// 2026-06-25T17:10 §4.3.1 medium
	//   response   met: due 2026-06-19 14:30, 8 h (SUPPORT_CLOCK), done 2026-06-19 09:15, 5 h 15 min to spare
	//   resolution breached: due 2026-06-25 17:00, 5 business days (EXCL_DATE_CLOSE), done 2026-06-25 17:10, over by 0 s
	// sla: ticket "INC-1017": priority: impact 5: no such class: 1 to 4
}

// The incidents of a month, in time or not, with what is late and what could not be judged.
func ExampleRules_Evaluate() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	incident := func(number string, impact int, received, started, reportedBack string) priority.Ticket {
		return priority.Ticket{
			Number: number, Kind: priority.Incident, Impact: impact,
			Received: at(received), Started: at(started), ReportedBack: at(reportedBack),
		}
	}
	records := sla.Records{Tickets: []priority.Ticket{
		incident("INC-1", 1, "2026-06-22T08:05:00+02:00", "2026-06-22T08:20:00+02:00", "2026-06-22T11:40:00+02:00"),
		incident("INC-2", 2, "2026-06-23T10:00:00+02:00", "2026-06-23T10:30:00+02:00", "2026-06-26T09:00:00+02:00"), // due on the 25th
		incident("INC-3", 2, "2026-06-10T14:00:00+02:00", "2026-06-11T09:00:00+02:00", "2026-06-15T12:00:00+02:00"),
		incident("INC-4", 4, "2026-06-01T09:00:00+02:00", "2026-06-02T13:00:00+02:00", "2026-06-05T10:00:00+02:00"),
		incident("INC-5", 9, "2026-06-04T09:00:00+02:00", "2026-06-04T13:00:00+02:00", "2026-06-05T10:00:00+02:00"),
	}}
	report, err := rules.Evaluate(servicetime.MustMonth("2026-06"), records, at("2026-07-01T00:00:00+02:00"))
	if err != nil {
		log.Fatal(err)
	}
	for line := range report.Lines() {
		if line.Clause == "§4.3.1" { // there are orders and problems too
			fmt.Println(line)
		}
	}
	for _, m := range report.Incidents.Missed {
		fmt.Printf("%s, %s: %s\n", m.Number, m.Priority, m.Resolution)
	}
	for _, n := range report.Incidents.NotJudged {
		fmt.Println(n.Err)
	}

	// Output:
	// §4.3.1 incidents: 3 of 4 in time, 75.00 %, goal 90 %: missed by 1
	// §4.3.1 incidents, critical: 1 of 1 in time, 100.00 %
	// §4.3.1 incidents, high: 0 of 1 in time, 0.00 %
	// §4.3.1 incidents, medium: 1 of 1 in time, 100.00 %
	// §4.3.1 incidents, low: 1 of 1 in time, 100.00 %
	// INC-2, high: breached: due 2026-06-25 17:00, 2 business days (EXCL_DATE_CLOSE), done 2026-06-26 09:00, over by 1 h
	// sla: ticket "INC-5": priority: impact 9: no such class: 1 to 4
}

// Outages, a service window and a change of a month, against the month's limits and those of the year so far.
func ExampleRules_Evaluate_availability() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	report, err := rules.Evaluate(servicetime.MustMonth("2026-10"), sla.Records{
		Outages: []availability.Outage{
			{From: at("2026-10-06T10:15:00+02:00"), To: at("2026-10-06T12:45:00+02:00"), Cause: "full disk", Plan: "watch the disk"},
			{From: at("2026-10-20T16:40:00+02:00"), To: at("2026-10-21T08:22:00+02:00"), Cause: "lost power"},
			{From: at("2026-03-02T08:00:00+01:00"), To: at("2026-03-06T17:00:00+01:00"), Cause: "lost network"},
		},
		Changes: []availability.Change{{
			Number: "CHG-7", Communicated: at("2026-09-25T10:00:00+02:00"),
			Windows: []availability.Window{{
				PlannedFrom: at("2026-10-22T05:00:00+02:00"), PlannedTo: at("2026-10-22T08:00:00+02:00"), ActualTo: at("2026-10-22T08:30:00+02:00"),
			}},
		}},
	}, at("2026-11-02T08:00:00+01:00"))
	if err != nil {
		log.Fatal(err)
	}
	for line := range report.Lines() {
		if line.Clause == "§4.9.1" || line.Clause == "§4.6.4" { // there are tickets too
			fmt.Println(line)
		}
	}
	for _, i := range report.Availability.Interruptions {
		fmt.Println(i, i.Causes(), i.Plans())
	}
	for _, c := range report.Changes.Listed {
		fmt.Println(c)
	}

	// Output:
	// §4.9.1 availability, month: down 3 h 42 min of 198 h, 98.13 %, goal 98 %: met, 15 min 36 s left
	// §4.9.1 availability, year: down 48 h 42 min of 1899 h so far, 97.44 %, goal 98 %: missed by 10 h 43 min 12 s
	// §4.9.1 unavailability, year: down 48 h 42 min so far, at most 62 h: met, 13 h 18 min left
	// §4.9.1 reliability, month: 3 interruptions, at most 4: met, 1 left
	// §4.9.1 reliability, year: 4 interruptions so far, at most 12: met, 8 left
	// §4.6.4 changes: 0 of 1 communicated in time, 0.00 %, goal 100 %: missed by 1
	// 2026-10-06 10:15 – 2026-10-06 12:45, down 2 h 30 min [full disk] [watch the disk]
	// 2026-10-20 16:40 – 2026-10-21 08:22, down 42 min [lost power] []
	// 2026-10-22 08:00 – 2026-10-22 08:30, down 30 min [] []
	// CHG-7 on 2026-10-22: communicated 2026-09-25 10:00, at the latest 2026-09-24: missed; in a critical period
}

// A text with slips: all are reported at once, each with its place.
func ExampleParse() {
	_, err := sla.Parse([]byte(`{
  "name": "Desk",
  "time_zone": "Europe/Stockholm",
  "service_times": {
    "support": {"clause": "2.1", "time_zone": "Europe/Stockholm", "week": {"mon-fri": ["8-17"]}}
  },
  "incidents": {
    "clause": "3.1",
    "Goal": "90%",
    "targets": {"high": {"response": "PT1H", "resolution": "2 business days"}}
  }
}`))
	fmt.Println(err)

	var fault *servicetime.Fault
	if errors.As(err, &fault) {
		fmt.Println("first in line", fault.Line, "at", fault.Path)
	}

	// Output:
	// 5:88: service_times.support.week.mon-fri[0] "8-17": 2.1: servicetime: window "8-17": not in a known form: write "08:00-17:00", "00:00-24:00" or "22:00-06:00"
	// 9:5: incidents.Goal "Goal": 3.1: no such field: write "goal"
	// 10:38: incidents.targets.high.response "PT1H": 3.1: servicetime: target "PT1H": not in a known form: write "30 min", "8 h", "2 business days", "6 days" or "N/A"
	// first in line 5 at service_times.support.week.mon-fri[0]
}

// Rules that do not fit together: Compile names the clause of each.
func ExampleAgreement_Compile() {
	agreement := sla.SSBTEK()
	agreement.Priority.Matrix[0][0] = "urgent"
	agreement.Incidents.ServiceTime = "office"
	agreement.Orders.StopsAt = 0
	agreement.Readings.Hours = servicetime.ExclDateClose

	_, err := agreement.Compile(time.LoadLocation)
	fmt.Println(err)
	fmt.Println(errors.Is(err, sla.ErrUnknown), errors.Is(err, sla.ErrMissing), errors.Is(err, servicetime.ErrConvention))

	// Output:
	// priority.matrix[0][0] "urgent": §4.3: names nothing in the agreement: levels are ["critical" "high" "medium" "low"]
	// readings.hours "EXCL_DATE_CLOSE": not a convention for the target: it must count targets such as "1 h"
	// incidents.service_time "office": §4.3.1: names nothing in the agreement: service times are ["opening" "support" "support/Transportstyrelsen"]
	// orders.stops_at: §4.4: missing: name where the clock stops
	// true true true
}

// What does the agreement make of observations? Six of eight base services are down: a hole in the text, and the
// reading that fills it.
func ExampleRules_Impact() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	for _, down := range []int{1, 5, 6, 8} {
		impact, why, clause, err := rules.Impact(priority.Observation{Total: 8, Down: down})
		fmt.Println(clause, impact, why, err)
	}
	// Output:
	// §4.3 2 1 of 8 base services down <nil>
	// §4.3 2 5 of 8 base services down (by_quorum) <nil>
	// §4.3 1 6 of 8 base services down (by_quorum) <nil>
	// §4.3 1 8 of 8 base services down <nil>
}

// A ticket whose priority is raised on the way, and that is opened again after a first resolution: each time is judged by the
// priority in force when it was reached, and what lies between resolution and reopening does not count.
func ExampleRules_Judge_history() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	j, err := rules.Judge(priority.Ticket{
		Kind: priority.Incident, Priority: 3,
		Received:     at("2026-06-01T08:00:00+02:00"),
		Started:      at("2026-06-01T09:00:00+02:00"),
		Changes:      []priority.Change{{At: at("2026-06-01T12:00:00+02:00"), Priority: 1}}, // medium becomes critical
		Reopened:     []servicetime.Span{{From: at("2026-06-01T14:00:00+02:00"), To: at("2026-06-02T10:00:00+02:00")}},
		Resolved:     at("2026-06-02T11:30:00+02:00"),
		ReportedBack: at("2026-06-02T12:00:00+02:00"),
	}, at("2026-06-03T08:00:00+02:00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(j.Response)
	fmt.Println(j.Resolution)
	for s := range j.Resolution.ExplainElapsed() {
		fmt.Println(s)
	}
	// Output:
	// met: due 2026-06-01 16:00, 8 h (SUPPORT_CLOCK), done 2026-06-01 09:00, 7 h to spare
	// met: due 2026-06-02 12:00, 8 h (SUPPORT_CLOCK), done 2026-06-02 12:00, 0 s to spare
	// Mon 2026-06-01  08:00–14:00  counted  6 h
	// Mon 2026-06-01  14:00–24:00  paused   10 h  resolved, and reopened
	// Tue 2026-06-02  00:00–10:00  paused   10 h  resolved, and reopened
	// Tue 2026-06-02  10:00–12:00  counted  2 h
}

// Which readings change how many verdicts? One table from the same records.
func ExampleRules_Sensitivity() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	s, err := rules.Sensitivity(servicetime.MustMonth("2026-06"), at("2026-07-01T00:00:00+02:00"))
	if err != nil {
		log.Fatal(err)
	}
	s.Ticket(priority.Ticket{ // received after closing, two business days: done on the second or the third
		Kind: priority.Incident, Priority: 2, Received: at("2026-06-01T18:00:00+02:00"),
		Started: at("2026-06-02T08:10:00+02:00"), ReportedBack: at("2026-06-04T09:00:00+02:00"),
	})
	for _, v := range s.Of(priority.Incident)[:4] {
		fmt.Println(v)
	}
	// Output:
	// EXCL_DATE_CLOSE, SUPPORT_CLOCK, both: 0 of 1, missed (0 change)
	// EXCL_DATE_MIDNIGHT, SUPPORT_CLOCK, both: 0 of 1, missed (0 change)
	// EXCL_EFFECTIVE_CLOSE, SUPPORT_CLOCK, both: 1 of 1, met (1 change)
	// INCL_EFFECTIVE_CLOSE, SUPPORT_CLOCK, both: 0 of 1, missed (0 change)
}
