package continuity_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// businessDays are Monday to Friday that is no public holiday.
func businessDays() *servicetime.Calendar {
	c, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// A fire on Friday afternoon, as of the same evening: the service is still down, and nobody knows yet that it will be back on Sunday.
func Example() {
	rule := continuity.Rule{Calendar: businessDays(), Objectives: continuity.Objectives{
		RTO:         continuity.MustObjective("72 h"),
		RPO:         continuity.MustObjective("24 h"),
		BackupEvery: continuity.MustObjective("1 day"),
		TestEvery:   continuity.MustObjective("365 days"),
	}}
	records := continuity.Records{
		Disruptions: []continuity.Disruption{{From: at("2026-06-05 16:00"), To: at("2026-06-07 18:30"), Cause: "fire", PlanUsed: true}},
		Backups: []continuity.Backup{
			{DataAt: at("2026-06-03 22:00"), DoneAt: at("2026-06-03 22:50"), VerifiedAt: at("2026-06-03 23:10")},
			{DataAt: at("2026-06-04 22:00"), DoneAt: at("2026-06-04 22:50"), VerifiedAt: at("2026-06-04 23:10")},
		},
		Tests: []continuity.Test{{At: at("2026-03-02 09:00"), Restored: at("2026-03-02 15:00"), DataAt: at("2026-03-01 22:00")}},
	}
	r, err := rule.Judge(records, servicetime.Span{}, at("2026-06-05 20:00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)

	// Output:
	// RTO: objective 72 h: met by 1, worst 2026-06-05 16:00, 4 h so far
	// RPO: objective 24 h: met by 1, worst 2026-06-05 16:00, 18 h
	// WRT: objective not agreed
	// MTPD: objective not agreed: 1 measured, worst 2026-06-05 16:00, 4 h so far
	// MBCO: objective not agreed
	// backups: objective 1 day: met by 2, worst 2026-06-03 22:00, 24 h
	// exposure: objective 24 h: missed by 1 of 2, worst 2026-06-03 22:00, 25 h 10 min
	// RTO in tests: objective 72 h: met by 1, worst 2026-03-02 09:00, 6 h
	// RPO in tests: objective 24 h: met by 1, worst 2026-03-02 09:00, 11 h
	// tests: objective 365 days: met by 1, worst 2026-03-02 09:00, 2290 h so far
	// plan: last tested 2026-03-02 09:00, every 365 days, next by 2027-03-02 09:00: met
}

// The table of §4.12.1 is blank in the agreement: what happened is measured, and has no verdict.
func ExampleObjectives() {
	var blank continuity.Objectives
	fmt.Println("RTO:", blank.RTO)
	fmt.Println("RPO:", blank.RPO)
	fmt.Println("backup every:", blank.BackupEvery)

	rule := continuity.Rule{Calendar: businessDays(), Objectives: blank}
	r, err := rule.Judge(continuity.Records{
		Disruptions: []continuity.Disruption{{From: at("2026-06-01 08:00"), To: at("2026-06-09 08:00")}},
	}, servicetime.Span{}, at("2026-07-01 00:00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.RTO)
	fmt.Println(r.RPO)

	// Output:
	// RTO: not agreed
	// RPO: not agreed
	// backup every: not agreed
	// objective not agreed: 1 measured, worst 2026-06-01 08:00, 192 h
	// objective not agreed: 1 measured, worst 2026-06-01 08:00, unbounded
}

// The levels that §4.12 names as examples, on the same disruption: from Friday at 16:00 to Tuesday at 09:00, restored from the last backup, of 02:00 the same day.
func ExampleRule_Judge() {
	records := continuity.Records{
		Disruptions: []continuity.Disruption{{From: at("2026-06-05 16:00"), To: at("2026-06-09 09:00")}},
		Backups:     []continuity.Backup{{DataAt: at("2026-06-05 02:00"), DoneAt: at("2026-06-05 03:00"), VerifiedAt: at("2026-06-05 03:00")}},
	}
	for _, level := range []struct{ rto, rpo string }{
		{"immediate", "last transaction"},
		{"72 h", "last backup"},
		{"1 working week", "last backup"},
	} {
		rule := continuity.Rule{Calendar: businessDays(), Objectives: continuity.Objectives{
			RTO: continuity.MustObjective(level.rto), RPO: continuity.MustObjective(level.rpo),
		}}
		r, err := rule.Judge(records, servicetime.Span{}, at("2026-07-01 00:00"))
		if err != nil {
			log.Fatal(err)
		}
		d := r.Disruptions[0]
		fmt.Printf("RTO %s: due %s, %s\n", level.rto, d.Due.Format("Mon 2006-01-02 15:04"), d.RTO)
		fmt.Printf("RPO %s: %s lost, %s\n", level.rpo, servicetime.FormatDuration(d.Loss), d.RPO)
	}

	// Output:
	// RTO immediate: due Fri 2026-06-05 16:00, missed
	// RPO last transaction: 14 h lost, missed
	// RTO 72 h: due Mon 2026-06-08 16:00, missed
	// RPO last backup: 14 h lost, met
	// RTO 1 working week: due Fri 2026-06-12 17:00, met
	// RPO last backup: 14 h lost, met
}

// A week of nightly backups, of which that of Wednesday failed: so long as nobody needed it nothing was lost, but two days could have been.
func ExampleSchedule_In() {
	var backups []continuity.Backup
	for day := 1; day <= 7; day++ {
		data := time.Date(2026, 6, day, 2, 5, 0, 0, stockholm)
		b := continuity.Backup{DataAt: data, DoneAt: data.Add(40 * time.Minute), VerifiedAt: data.Add(50 * time.Minute)}
		if data.Weekday() == time.Wednesday {
			b.VerifiedAt = time.Time{}
		}
		backups = append(backups, b)
	}
	span, asOf := servicetime.Span{From: at("2026-06-01 00:00"), To: at("2026-06-08 00:00")}, at("2026-06-08 00:00")
	calendar := businessDays()

	schedule := continuity.Schedule{Runs: servicetime.MustWeek("mon-sun 02:00-02:30")}
	runs, err := schedule.In(calendar, backups, span, asOf)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(runs)
	for _, run := range runs.Missed {
		fmt.Println(" ", run)
	}

	rule := continuity.Rule{Calendar: calendar, Objectives: continuity.Objectives{
		RPO: continuity.MustObjective("26 h"), BackupEvery: continuity.MustObjective("1 day"),
	}}
	r, err := rule.Judge(continuity.Records{Backups: backups}, servicetime.Span{}, asOf)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("backups:", r.BackupEvery)
	fmt.Println("exposure:", r.Exposure)
	fmt.Println("RPO:", r.RPO)
	loss, _, err := rule.LossAt(backups, at("2026-06-03 12:00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("a disruption at noon on Wednesday would have cost", servicetime.FormatDuration(loss))

	// Output:
	// 7 runs: 6 done, 1 missed, 0 pending
	//   2026-06-03 02:00 unverified
	// backups: objective 1 day: missed by 1 of 6, worst 2026-06-02 02:05, 48 h
	// exposure: objective 26 h: missed by 1 of 6, worst 2026-06-02 02:05, 48 h 50 min
	// RPO: objective 26 h: no data
	// a disruption at noon on Wednesday would have cost 33 h 55 min
}

// The composite service asks its base services, so that they are restarted first, the most urgent before the others. Statistics come after the composite service and are not needed by it.
func ExampleRestart() {
	const minute = servicetime.Duration(time.Minute)
	services := []continuity.Service{
		{Name: "composite", Priority: 1, Needs: []string{"benefits", "pensions", "students"}, Restart: 15 * minute},
		{Name: "statistics", Priority: 3, Needs: []string{"database"}, After: []string{"composite"}, Restart: 10 * minute},
		{Name: "students", Priority: 2, Needs: []string{"network"}, Restart: 20 * minute},
		{Name: "pensions", Priority: 2, Needs: []string{"network"}, Restart: 30 * minute},
		{Name: "benefits", Priority: 1, Needs: []string{"network", "database"}, Restart: 30 * minute},
		{Name: "database", Priority: 1, Needs: []string{"network"}, Restart: 45 * minute},
		{Name: "network", Priority: 1, Restart: 5 * minute},
	}
	order, err := continuity.Restart(services)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("order:", order.Names)
	for i, wave := range order.Waves {
		fmt.Printf("wave %d: %v\n", i+1, wave)
	}
	fmt.Println("critical path:", order.CriticalPath, servicetime.FormatDuration(order.Total))
	for _, s := range order.Steps {
		if s.Slack > 0 {
			fmt.Println("slack of", s.Name, servicetime.FormatDuration(s.Slack))
		}
	}
	for crews := 1; crews <= 3; crews++ {
		_, total, err := order.WithCrews(crews)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("crews:", crews, servicetime.FormatDuration(total))
	}

	// Output:
	// order: [network database benefits students pensions composite statistics]
	// wave 1: [network]
	// wave 2: [database students pensions]
	// wave 3: [benefits]
	// wave 4: [composite]
	// wave 5: [statistics]
	// critical path: [network database benefits composite statistics] 1 h 45 min
	// slack of students 55 min
	// slack of pensions 45 min
	// crews: 1 2 h 35 min
	// crews: 2 1 h 45 min
	// crews: 3 1 h 45 min
}

// Services that wait for each other have no order; the error names the path.
func ExampleRestart_cycle() {
	_, err := continuity.Restart([]continuity.Service{
		{Name: "login", Needs: []string{"directory"}},
		{Name: "directory", Needs: []string{"network"}},
		{Name: "network", Needs: []string{"login"}},
	})
	fmt.Println(errors.Is(err, continuity.ErrCycle))
	fmt.Println(err)

	// Output:
	// true
	// services[0] "login": continuity: services wait for each other: "login" needs "directory" needs "network" needs "login"
}

// What is restarted with a service, and what does not run without it.
func ExampleBlocked() {
	services := []continuity.Service{
		{Name: "composite", Needs: []string{"pensions"}},
		{Name: "statistics", After: []string{"pensions"}},
		{Name: "pensions", Needs: []string{"network"}},
		{Name: "network"},
	}
	needed, err := continuity.Needed(services, "composite")
	if err != nil {
		log.Fatal(err)
	}
	blocked, err := continuity.Blocked(services, "pensions")
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range needed {
		fmt.Println("restart", s.Name)
	}
	for _, s := range blocked {
		fmt.Println("does not run without pensions:", s.Name)
	}

	// Output:
	// restart composite
	// restart pensions
	// restart network
	// does not run without pensions: composite
	// does not run without pensions: pensions
}

// An agreement that contradicts itself.
func ExampleRule_Conflicts() {
	rule := continuity.Rule{Calendar: businessDays(), Objectives: continuity.Objectives{
		RTO: continuity.MustObjective("1 working week"), WRT: continuity.MustObjective("8 h"), MTPD: continuity.MustObjective("5 days"),
		RPO: continuity.MustObjective("4 h"), BackupEvery: continuity.MustObjective("1 day"),
		MBCO: compliance.MustGoal("30%"),
	}}
	conflicts, err := rule.Conflicts(servicetime.Year(2026))
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range conflicts {
		fmt.Println(c)
	}

	// Output:
	// rto_over_mtpd: 5 days; 1 working week, 8 h: from 2026-01-01 00:00 asked by 2026-01-06 00:00, possible 2026-01-10 01:00
	// backups_too_rare: 4 h; 1 day: from 2026-01-01 00:00 asked by 2026-01-01 04:00, possible 2026-01-02 00:00
}
