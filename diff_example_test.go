package sla_test

import (
	"fmt"
	"log"
	"time"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// The parties have agreed on more: what is it, clause by clause?
func ExampleDiff() {
	old, updated := sla.SSBTEK(), sla.SSBTEK()
	updated.Version = "2027-01-01"
	updated.Incidents.Goal = compliance.MustGoal("95%")
	updated.Availability.Limits[0].Share = compliance.MustGoal("99%")
	longest := servicetime.MustDuration("4 h")
	updated.Availability.Limits = append(updated.Availability.Limits[:1:1],
		append([]availability.Limit{{Clause: "§4.9.2", Per: availability.PerMonth, Longest: &longest}}, updated.Availability.Limits[1:]...)...)
	updated.Orders.Targets["question"] = priority.Targets{Resolution: servicetime.MustTarget("2 business days")}
	updated.Security = nil
	updated.Readings.Pauses = sla.On

	changes, err := sla.Diff(old, updated)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range changes {
		fmt.Println(c)
	}
	// Output:
	// version: 2026-11-27 -> 2027-01-01
	// §4.3.1 incidents.goal: 90% -> 95%
	// §4.4 orders.targets.question.response: removed N/A
	// §4.11 security: removed {"clause":"§4.11"}
	// §4.9.1 availability.limits[0].share: 98% -> 99%
	// §4.9.2 availability.limits[1]: added {"clause":"§4.9.2","per":"month","longest":"4 h"}
	// readings.pauses: off -> on
}

// Would last month have been good enough under the new agreement? A medium incident shall be answered in 4 h, not 8 h, and 95 % of them all in time, not 90 %.
func ExampleCompareMonth() {
	updated := sla.SSBTEK()
	updated.Incidents.Goal = compliance.MustGoal("95%")
	medium := updated.Incidents.Targets["medium"]
	medium.Response = servicetime.MustTarget("4 h")
	updated.Incidents.Targets["medium"] = medium

	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	next, err := updated.Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	var records sla.Records
	for day := 1; day <= 10; day++ { // a medium incident a day; that of the 4th has its answer after 5 h, the others after one
		received := time.Date(2026, 6, day, 6, 0, 0, 0, time.UTC) // 08:00 in Stockholm
		started := received.Add(time.Hour)
		if day == 4 {
			started = received.Add(5 * time.Hour)
		}
		records.Tickets = append(records.Tickets, priority.Ticket{
			Number: fmt.Sprint("INC-", day), Kind: priority.Incident, Priority: 3,
			Received: received, Started: started, ReportedBack: received.Add(24 * time.Hour),
		})
	}
	c, err := sla.CompareMonth(rules, next, servicetime.MustMonth("2026-06"), records, at("2026-07-01T00:00:00+02:00"))
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range c.Lines {
		fmt.Println(l)
	}
	for _, t := range c.Tickets {
		fmt.Println(t)
		fmt.Println("  was", t.Old)
		fmt.Println("  is ", t.New)
	}
	// Output:
	// §4.3.1 incidents: met -> missed: 10 of 10 in time, 100.00 %, goal 90 %: met, 1 miss left -> 9 of 10 in time, 90.00 %, goal 95 %: missed by 1
	// §4.3.1 incidents, medium: 10 of 10 in time, 100.00 % -> 9 of 10 in time, 90.00 %
	// §4.11 security incidents: no data, goal 90 % -> no data, goal 95 %
	// incident INC-4, response: met -> breached
	//   was met: due 2026-06-04 16:00, 8 h (SUPPORT_CLOCK), done 2026-06-04 13:00, 3 h to spare
	//   is  breached: due 2026-06-04 12:00, 4 h (SUPPORT_CLOCK), done 2026-06-04 13:00, over by 1 h
}

// Which version counts on a date, and are there dates on which none does, or two?
func ExampleVersions() {
	version := func(name, from, to string) *sla.Rules {
		a := sla.SSBTEK()
		a.Version, a.Valid.From = name, servicetime.MustDate(from)
		if to != "" {
			a.Valid.To = servicetime.MustDate(to)
		}
		rules, err := a.Compile(time.LoadLocation)
		if err != nil {
			log.Fatal(err)
		}
		return rules
	}
	versions := sla.Versions{version("2025", "2025-01-01", "2025-12-31"), version("2026", "2026-02-01", "2026-12-31"), version("2026b", "2026-12-01", "")}
	for _, m := range versions.Check() {
		fmt.Println(m)
	}
	rules, err := versions.At(servicetime.MustDate("2026-03-01"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rules.Agreement().Version)
	for _, date := range []string{"2026-01-15", "2026-12-24"} {
		_, err = versions.At(servicetime.MustDate(date))
		fmt.Println(err)
	}
	// Output:
	// SSBTEK: no version holds 2026-01-01 – 2026-01-31, between "2025" and "2026"
	// SSBTEK: "2026" and "2026b" both hold, 2026-12-01 – 2026-12-31
	// 2026
	// sla: version on 2026-01-15: names nothing in the agreement: there are SSBTEK "2025" (2025-01-01 – 2025-12-31), SSBTEK "2026" (2026-02-01 – 2026-12-31), SSBTEK "2026b" (from 2026-12-01)
	// sla: version on 2026-12-24: more than one version holds: SSBTEK "2026" (2026-02-01 – 2026-12-31), SSBTEK "2026b" (from 2026-12-01)
}
