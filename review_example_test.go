package sla_test

import (
	"fmt"
	"log"
	"time"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// An agreement from nothing: one service time, three priorities, and an availability of 99.5 % a month.
const desk = `{
  "name": "Desk",
  "title": {"sv": "Ett eget avtal", "en": "An agreement of our own"},
  "version": "1",
  "time_zone": "Europe/Stockholm",
  "service_times": {
    "office": {"clause": "1", "time_zone": "Europe/Stockholm", "week": {"mon-fri": ["08:00-17:00"]}, "holidays": "SE"}
  },
  "priority": {
    "clause": "2", "levels": ["P1", "P2", "P3"], "second_axis": "urgency",
    "matrix": [["P1", "P2"], ["P2", "P3"]]
  },
  "incidents": {
    "clause": "3", "service_time": "office", "goal": "90%", "stops_at": "resolved",
    "targets": {
      "P1": {"response": "30 min", "resolution": "8 h"},
      "P2": {"response": "4 h", "resolution": "3 business days"},
      "P3": {"response": "N/A", "resolution": "2 business days"}
    }
  },
  "availability": {
    "clause": "4", "service_time": "office", "planned": "as_up", "degraded": "up",
    "limits": [{"per": "month", "share": "99.5%"}, {"per": "month", "interruptions": 2}, {"per": "year", "interruptions": 12}]
  },
  "readings": {
    "hours": "SUPPORT_CLOCK", "business_days": "EXCL_DATE_CLOSE", "days": "EXCL_MIDNIGHT", "pauses": "off", "response_pauses": "off", "reopened_counts": "off",
    "priority_changes": "in_force", "problem_priority": "given", "compliance": "both", "counted_in": "settled"
  }
}`

// Read, review and apply an agreement.
func ExampleLoad() {
	rules, err := sla.Load([]byte(desk), time.LoadLocation)
	if err != nil {
		log.Fatal(err) // every fault with its line
	}
	findings, err := rules.Review(2026)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range findings {
		fmt.Println(f)
	}

	at := func(s string) time.Time {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			log.Fatal(err)
		}
		return t
	}
	asOf := at("2026-11-02T08:00:00+01:00")
	report, err := rules.Evaluate(servicetime.MustMonth("2026-10"), sla.Records{
		Tickets: []priority.Ticket{{
			Number: "1", Kind: priority.Incident, Impact: 1, Urgency: 1,
			Received: at("2026-10-05T09:00:00+02:00"), Started: at("2026-10-05T09:10:00+02:00"), Resolved: at("2026-10-05T16:00:00+02:00"),
		}},
		Outages: []availability.Outage{{From: at("2026-10-05T09:00:00+02:00"), To: at("2026-10-05T10:30:00+02:00")}},
	}, asOf)
	if err != nil {
		log.Fatal(err)
	}
	for line := range report.Lines() {
		fmt.Println(line)
	}
	// Output:
	// 3 targets-not-monotone: the resolution of P2, 3 business days, received 2026-01-01 02:30 is due 2026-01-07 17:00, after that of P3, 2 business days, 2026-01-05 17:00
	// 4 period-limits-disagree: 2 interruptions a month, 12 times, are 24, but 12 a year are allowed: the shorter limit, reached every time, breaks the longer in number 7
	// 3 incidents: 1 of 1 in time, 100.00 %, goal 90 %: met, 0 misses left
	// 3 incidents, P1: 1 of 1 in time, 100.00 %
	// 3 incidents, P2: no data
	// 3 incidents, P3: no data
	// 3 security incidents: no data, goal 90 %
	// 4 availability, month: down 1 h 30 min of 198 h, 99.24 %, goal 99.5 %: missed by 30 min 36 s
	// 4 reliability, month: 1 interruption, at most 2: met, 1 left
	// 4 reliability, year: 1 interruption so far, at most 12: met, 11 left
}

// The same findings are in Swedish too.
func ExampleRules_Review() {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	findings, err := rules.Review(2026)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(findings), "findings")
	for _, f := range findings {
		if f.Clauses[0] == "§4.9.1" {
			fmt.Println(f)
			fmt.Println(f.Suggestion.In("en"))
		}
	}
	fmt.Println(findings[25].Text.In("sv"))
	// Output:
	// 33 findings
	// §4.9.1 availability-limits-disagree: 98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 62 h allow 97.29 %: 98 % binds
	// Agree on one of them.
	// §4.9.1 period-limits-disagree: 4 interruptions a month, 12 times, are 48, but 12 a year are allowed: the shorter limit, reached every time, breaks the longer in number 4
	// Say that both hold, or make them agree.
	// §4.9.1 quorum-gap: no answer is unavailable, 3 or more are with disturbance, 1 to 2 answers are in no class; read as unavailable
	// Say that fewer answers than needed are unavailable.
	// 98 % av 2286 h tillåter 45 h 43 min 12 s otillgänglighet under 2026, 62 h tillåter 97,29 %: 98 % gäller
}

// A contract of a provider under the agreement that it underpins.
func ExampleReviewChain() {
	agreement := sla.SSBTEK()
	contract := sla.SSBTEK()
	contract.Incidents.Targets["critical"] = priority.Targets{Response: servicetime.MustTarget("45 min"), Resolution: servicetime.MustTarget("8 h")}
	promised, err := agreement.Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	under, err := contract.Compile(time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	findings, err := sla.ReviewChain(promised, under, 2026)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	// Output:
	// §4.3.1 underpinning-looser: incidents.targets.critical.response: received 2026-01-01 02:30, 30 min is due 2026-01-02 08:30 as promised, 45 min 2026-01-02 08:45 as underpinned
}
