package servicetime_test

import (
	"fmt"
	"log"
	"time"
	_ "time/tzdata"

	"example.com/sla/servicetime"
)

// office is the support time of §4.2.1: Monday to Friday 08:00–17:00, closed on Swedish public holidays.
var office = servicetime.Schedule{
	Zone:     "Europe/Stockholm",
	Week:     servicetime.MustWeek("mon-fri 08:00-17:00"),
	Holidays: servicetime.Sweden,
}

func compile(s servicetime.Schedule) *servicetime.Calendar {
	c, err := servicetime.Compile(s, time.LoadLocation)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// instant is a time in an example.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		log.Fatal(err)
	}
	return t
}

// A ticket comes in on Thursday afternoon, a public holiday follows on Saturday.
//
//	Thu 18 June     Fri 19 June        Sat 20 June      Mon 22 June
//	08 ----|17:00   08 ---------17     Midsummer Day    08 ------ 17
//	   ^15:30            ^14:30
//	   received          due: 8 h
func Example() {
	support := compile(office)
	received := instant("2026-06-18T15:30:00+02:00")

	due, err := support.Due(received, servicetime.MustTarget("8 h"), servicetime.SupportClock)
	fmt.Println(due, err)

	due, err = support.Due(received, servicetime.MustTarget("2 business days"), servicetime.ExclDateClose)
	fmt.Println(due, err)
	// Output:
	// 2026-06-19 14:30:00 +0200 CEST <nil>
	// 2026-06-22 17:00:00 +0200 CEST <nil>
}

// The opening hours of a month (§4.1.1): the days and hours of October 2026, the change of
// clocks in it falling on a Sunday.
func ExampleCalendar_Spans_month() {
	opening := compile(office)
	october, err := opening.Span(servicetime.MustMonth("2026-10"))
	if err != nil {
		log.Fatal(err)
	}
	spans, err := opening.Spans(october.From, october.To)
	if err != nil {
		log.Fatal(err)
	}
	var sum time.Duration
	days := 0
	for s := range spans {
		days++
		sum += s.Duration()
	}
	fmt.Println(days, "days,", servicetime.FormatDuration(sum))
	// Output:
	// 22 days, 198 h
}

// Midsummer Eve is no public holiday; one switch closes it, Christmas Eve and New Year's Eve. This is what it
// costs in a month.
func ExampleSchedule_eves() {
	eves := office
	eves.Holidays = servicetime.SwedenWithEves
	for _, s := range []servicetime.Schedule{office, eves} {
		c := compile(s)
		for _, month := range []string{"2026-06", "2026-12"} {
			span, err := c.Span(servicetime.MustMonth(month))
			if err != nil {
				log.Fatal(err)
			}
			open, err := c.Elapsed(span.From, span.To)
			fmt.Println(s.Holidays.Name(), month, servicetime.FormatDuration(open), err)
		}
	}
	// Output:
	// SE 2026-06 198 h <nil>
	// SE 2026-12 198 h <nil>
	// SE+eves 2026-06 189 h <nil>
	// SE+eves 2026-12 180 h <nil>
}

// A deadline over Midsummer: the eve is a working day of the agreement, the day is a holiday.
//
//	Thu 18       Fri 19       Sat 20           Sun 21   Mon 22
//	--|15:30     day 1        Midsommardagen            day 2 ----|17:00
func ExampleCalendar_ExplainDue() {
	support := compile(office)
	received, target := instant("2026-06-18T15:30:00+02:00"), servicetime.MustTarget("2 business days")
	segments, err := support.ExplainDue(received, target, servicetime.ExclDateClose)
	if err != nil {
		log.Fatal(err)
	}
	for s := range segments {
		fmt.Println(s)
	}
	fmt.Println(servicetime.Summary(segments))
	// Output:
	// Thu 2026-06-18  15:30–17:00  counted  1 h 30 min
	// Thu 2026-06-18  17:00–24:00  closed   7 h
	// Fri 2026-06-19  00:00–08:00  closed   8 h  day 1
	// Fri 2026-06-19  08:00–17:00  counted  9 h  day 1
	// Fri 2026-06-19  17:00–24:00  closed   7 h  day 1
	// Sat 2026-06-20  00:00–24:00  holiday  24 h  Midsommardagen
	// Sun 2026-06-21  00:00–24:00  closed   24 h
	// Mon 2026-06-22  00:00–08:00  closed   8 h  day 2
	// Mon 2026-06-22  08:00–17:00  counted  9 h  day 2
	// 2 days: 19 h 30 min counted, 24 h holiday (Midsommardagen), 54 h closed
}

// A deadline over the autumn change: an operator that never closes answers within 8 hours, of which the wall shows
// seven, since 02:00 to 03:00 comes twice.
func ExampleCalendar_Add_autumn() {
	always := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")})
	received := instant("2026-10-24T23:00:00+02:00")
	due, err := always.Add(received, 8*time.Hour)
	fmt.Println(due, err)
	sunday, err := always.Span(servicetime.MustDate("2026-10-25"))
	fmt.Println(servicetime.FormatDuration(sunday.Duration()), err)
	// Output:
	// 2026-10-25 06:00:00 +0100 CET <nil>
	// 25 h <nil>
}

// An extra opening on a Saturday (§4.1.2): hours run, with their reason, and it makes no business day.
func ExampleOpening() {
	extended := office
	extended.Extra = []servicetime.Opening{{
		From: instant("2026-10-24T10:00:00+02:00"), To: instant("2026-10-24T14:00:00+02:00"), Reason: "Term starts",
	}}
	opening := compile(extended)
	received := instant("2026-10-23T16:00:00+02:00")
	due, err := opening.Due(received, servicetime.MustTarget("4 h"), servicetime.SupportClock)
	fmt.Println(due, err)
	due, err = opening.Due(received, servicetime.MustTarget("1 business day"), servicetime.ExclDateClose)
	fmt.Println(due, err)
	segments, err := opening.Explain(instant("2026-10-24T00:00:00+02:00"), instant("2026-10-25T00:00:00+02:00"))
	if err != nil {
		log.Fatal(err)
	}
	for s := range segments {
		fmt.Println(s)
	}
	// Output:
	// 2026-10-24 13:00:00 +0200 CEST <nil>
	// 2026-10-26 17:00:00 +0100 CET <nil>
	// Sat 2026-10-24  00:00–10:00  closed   10 h
	// Sat 2026-10-24  10:00–14:00  counted  4 h  extra opening: Term starts
	// Sat 2026-10-24  14:00–24:00  closed   10 h
}

// An hour used up exactly at closing is due at closing, and exceeded only after the next opening.
func ExampleCalendar_Deadline() {
	d, err := compile(office).Deadline(instant("2026-01-30T16:30:00+01:00"), servicetime.MustTarget("30 min"), servicetime.SupportClock)
	fmt.Println(d.Due, err)
	fmt.Println(d.Last)
	// Output:
	// 2026-01-30 17:00:00 +0100 CET <nil>
	// 2026-02-02 08:00:00 +0100 CET
}

// Waiting for someone else moves a due by the paused support time: the nights of a pause do not count.
func ExampleCalendar_Add_pauses() {
	support := compile(office)
	received := instant("2026-03-02T10:00:00+01:00")
	waiting := servicetime.Pause{
		From: instant("2026-03-02T16:00:00+01:00"), To: instant("2026-03-03T09:00:00+01:00"), Reason: "Awaiting User Info",
	}
	due, err := support.Add(received, 8*time.Hour, waiting)
	fmt.Println(due, err)
	// Output:
	// 2026-03-03 11:00:00 +0100 CET <nil>
}

// A night shift is an hour longer when clocks go back, and belongs to the date on which it opens.
func ExampleCalendar_Spans() {
	nights := compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("sat 22:00-06:00")})
	spans, err := nights.Spans(instant("2026-10-24T00:00:00+02:00"), instant("2026-10-26T00:00:00+01:00"))
	if err != nil {
		log.Fatal(err)
	}
	for s := range spans {
		fmt.Println(s, servicetime.FormatDuration(s.Duration()))
	}
	fmt.Println(nights.IsBusinessDay(servicetime.MustDate("2026-10-25")))
	// Output:
	// 2026-10-24 22:00:00 +0200 – 2026-10-25 06:00:00 +0100 9 h
	// false
}

// All faults of a schedule are found at once.
func ExampleCompile() {
	_, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Local",
		Week: servicetime.Week{
			servicetime.DaysOf(time.Monday): {servicetime.MustWindow("08:00-12:00"), servicetime.MustWindow("11:00-17:00")},
		},
		Extra: []servicetime.Opening{{From: instant("2026-10-24T12:00:00+02:00"), To: instant("2026-10-24T10:00:00+02:00")}},
	}, time.LoadLocation)
	fmt.Println(err)
	// Output:
	// time_zone "Local": no such time zone: name one, such as Europe/Stockholm; the machine's own is not a reading
	// week.mon "08:00-12:00 and 11:00-17:00": overlapping windows
	// extra[0] "2026-10-24 12:00:00 +0200 – 2026-10-24 10:00:00 +0200": ends before it starts
}

// Why is this due then? Eight hours from Thursday afternoon, with a wait in between.
func ExampleCalendar_Explain() {
	support := compile(office)
	received := instant("2026-06-18T15:30:00+02:00")
	waiting := servicetime.Pause{
		From: instant("2026-06-19T10:00:00+02:00"), To: instant("2026-06-19T11:00:00+02:00"), Reason: "Awaiting User Info",
	}
	due, err := support.Due(received, servicetime.MustTarget("8 h"), servicetime.SupportClock, waiting)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("due", due)
	segments, err := support.Explain(received, due, waiting)
	if err != nil {
		log.Fatal(err)
	}
	for s := range segments {
		fmt.Println(s)
	}
	fmt.Println(servicetime.Summary(segments))
	// Output:
	// due 2026-06-19 15:30:00 +0200 CEST
	// Thu 2026-06-18  15:30–17:00  counted  1 h 30 min
	// Thu 2026-06-18  17:00–24:00  closed   7 h
	// Fri 2026-06-19  00:00–08:00  closed   8 h
	// Fri 2026-06-19  08:00–10:00  counted  2 h
	// Fri 2026-06-19  10:00–11:00  paused   1 h  Awaiting User Info
	// Fri 2026-06-19  11:00–15:30  counted  4 h 30 min
	// 8 h counted, 1 h paused (Awaiting User Info), 15 h closed
}

// The last half hour of the opening hours has no support from a provider whose day ends at 16:30 (§4.2.1).
func ExampleExcept() {
	provider := office
	provider.Week = servicetime.MustWeek("mon-fri 08:00-16:30")
	alone, err := servicetime.Except(compile(office), compile(provider))
	if err != nil {
		log.Fatal(err)
	}
	span, err := alone.Span(servicetime.MustMonth("2026-10"))
	if err != nil {
		log.Fatal(err)
	}
	open, err := alone.Elapsed(span.From, span.To)
	fmt.Println(servicetime.FormatDuration(open), err)
	// Output:
	// 11 h <nil>
}

// One matter, asked more than once: a timer reads its pauses once.
func ExampleCalendar_Timer() {
	received := instant("2026-03-02T10:00:00+01:00")
	timer, err := compile(office).Timer(servicetime.Pause{From: instant("2026-03-02T16:00:00+01:00"), To: instant("2026-03-03T09:00:00+01:00")})
	if err != nil {
		log.Fatal(err)
	}
	worked, err := timer.Elapsed(received, instant("2026-03-03T10:00:00+01:00"))
	fmt.Println(servicetime.FormatDuration(worked), err)
	due, err := timer.Deadline(received, servicetime.MustTarget("8 h"), servicetime.SupportClock)
	fmt.Println(due.Due, err)
	// Output:
	// 7 h <nil>
	// 2026-03-03 11:00:00 +0100 CET <nil>
}

// The escalation levels of a desk: when half, three quarters and all of a target are used up.
func ExampleCalendar_Milestone() {
	support := compile(office)
	for _, percent := range []int{50, 75, 90, 100} {
		at, err := support.Milestone(instant("2026-06-18T15:30:00+02:00"), servicetime.MustTarget("8 h"), servicetime.SupportClock, percent)
		fmt.Println(percent, "%", at, err)
	}
	// Output:
	// 50 % 2026-06-19 10:30:00 +0200 CEST <nil>
	// 75 % 2026-06-19 12:30:00 +0200 CEST <nil>
	// 90 % 2026-06-19 13:42:00 +0200 CEST <nil>
	// 100 % 2026-06-19 14:30:00 +0200 CEST <nil>
}
