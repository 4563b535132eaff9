package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/se"

	"example.com/sla/servicetime"
)

// A question is asked of each library that can be asked it. An answer of its own function has the library's own
// form; those of the libraries in JavaScript are in rivals.cjs, under the same id.
type question struct {
	id    string
	text  string
	right string // and why it is
	sla   func() string
	cal   func() string
	js    bool   // whether the libraries in JavaScript are asked too
	zone  string // the machine's own time zone; Europe/Stockholm where it is empty
}

var questions = []question{
	{
		id: "closing", text: "08:00–17:00: open at 17:00:00?",
		right: "no: windows are half-open, or a minute before closing is 61 seconds",
		sla: func() string {
			return yes(office("mon-fri 08:00-17:00").Open(at(2026, 10, 5, 17, 0)))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkHours(8*time.Hour, 17*time.Hour)
			return yes(c.IsWorkTime(at(2026, 10, 5, 17, 0)))
		},
		js: true,
	},
	{
		id: "quarter", text: "12:15–12:45: open at 12:50?",
		right: "no",
		sla: func() string {
			return yes(office("mon-fri 12:15-12:45").Open(at(2026, 10, 5, 12, 50)))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkHours(12*time.Hour+15*time.Minute, 12*time.Hour+45*time.Minute)
			return yes(c.IsWorkTime(at(2026, 10, 5, 12, 50)))
		},
		js: true,
	},
	{
		id: "behind", text: "12:15–12:45: open time from 12:50 to 12:55?",
		right: "none",
		sla: func() string {
			return elapsed(office("mon-fri 12:15-12:45"), at(2026, 10, 5, 12, 50), at(2026, 10, 5, 12, 55))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkHours(12*time.Hour+15*time.Minute, 12*time.Hour+45*time.Minute)
			return servicetime.FormatDuration(c.WorkHoursInRange(at(2026, 10, 5, 12, 50), at(2026, 10, 5, 12, 55)))
		},
	},
	{
		id: "spring", text: "Open all day: how long is Sunday 2026-03-29 in Stockholm?",
		right: "23 h: clocks go forward",
		sla: func() string {
			return elapsed(office("mon-sun 00:00-24:00"), at(2026, 3, 29, 0, 0), at(2026, 3, 30, 0, 0))
		},
		cal: func() string {
			return servicetime.FormatDuration(always().WorkHoursInRange(at(2026, 3, 29, 0, 0), at(2026, 3, 30, 0, 0)))
		},
		js: true,
	},
	{
		id: "autumn", text: "Open all day: how long is Sunday 2026-10-25 in Stockholm?",
		right: "25 h: clocks go back",
		sla: func() string {
			return elapsed(office("mon-sun 00:00-24:00"), at(2026, 10, 25, 0, 0), at(2026, 10, 26, 0, 0))
		},
		cal: func() string {
			return servicetime.FormatDuration(always().WorkHoursInRange(at(2026, 10, 25, 0, 0), at(2026, 10, 26, 0, 0)))
		},
		js: true,
	},
	{
		id: "opens", text: "08:00–17:00 every day: when does it open on 2026-03-29?",
		right: "08:00",
		sla: func() string {
			open, _ := office("mon-sun 08:00-17:00").NextOpen(at(2026, 3, 29, 0, 0))
			return open.Format("15:04")
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkday(time.Sunday, true)
			c.SetWorkHours(8*time.Hour, 17*time.Hour)
			return c.WorkdayStart(at(2026, 3, 29, 0, 0)).Format("15:04")
		},
	},
	{
		id: "night", text: "22:00–06:00 every night: open time from 22:00 to 06:00?",
		right: "8 h",
		sla: func() string {
			return elapsed(office("mon-sun 22:00-06:00"), at(2026, 10, 5, 22, 0), at(2026, 10, 6, 6, 0))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkHours(22*time.Hour, 6*time.Hour)
			return servicetime.FormatDuration(c.WorkHoursInRange(at(2026, 10, 5, 22, 0), at(2026, 10, 6, 6, 0)))
		},
		js: true,
	},
	{
		id: "never", text: "No working days at all: an hour from now?",
		right: "an error: there is no such instant",
		sla: func() string {
			_, err := servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm"}, time.LoadLocation)
			return "error: " + err.Error()
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			for day := range time.Weekday(7) {
				c.SetWorkday(day, false)
			}
			return c.AddWorkHours(at(2026, 10, 5, 10, 0), time.Hour).String()
		},
		js: true,
	},
	{
		id: "seconds", text: "08:00–17:00: open time from 16:00:30 to 08:00:30 the next day?",
		right: "1 h",
		sla: func() string {
			return elapsed(office("mon-fri 08:00-17:00"), at(2026, 10, 5, 16, 0).Add(30*time.Second), at(2026, 10, 6, 8, 0).Add(30*time.Second))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkHours(8*time.Hour, 17*time.Hour)
			return servicetime.FormatDuration(c.WorkHoursInRange(at(2026, 10, 5, 16, 0).Add(30*time.Second), at(2026, 10, 6, 8, 0).Add(30*time.Second)))
		},
		js: true,
	},
	{
		id: "backwards", text: "08:00–17:00: open time from Tuesday 09:00 back to Monday 16:00?",
		right: "−2 h: a record that runs backwards can be seen",
		sla: func() string {
			return elapsed(office("mon-fri 08:00-17:00"), at(2026, 10, 6, 9, 0), at(2026, 10, 5, 16, 0))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.SetWorkHours(8*time.Hour, 17*time.Hour)
			return servicetime.FormatDuration(c.WorkHoursInRange(at(2026, 10, 6, 9, 0), at(2026, 10, 5, 16, 0)))
		},
		js: true,
	},
	{
		id: "utc", text: "08:00–17:00 in Stockholm: open at 07:30 UTC (09:30 there), an instant in UTC?",
		right: "yes: an instant is the same in any zone",
		sla: func() string {
			return yes(office("mon-fri 08:00-17:00").Open(at(2026, 7, 6, 9, 30).UTC()))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.Locations = []*time.Location{stockholm}
			c.SetWorkHours(8*time.Hour, 17*time.Hour)
			return yes(c.IsWorkTime(at(2026, 7, 6, 9, 30).UTC()))
		},
	},
	{
		id: "eves", text: "Sweden: is Midsummer Eve, Friday 2026-06-19, a public holiday?",
		right: "no: no public holiday by law 1989:253, though many employers close",
		sla: func() string {
			return yes(!swedish().IsBusinessDay(servicetime.MustDate("2026-06-19")))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.AddHoliday(se.Holidays...)
			return yes(!c.IsWorkday(at(2026, 6, 19, 12, 0)))
		},
	},
	{
		id: "1990", text: "Sweden: was National Day, Wednesday 1990-06-06, a public holiday?",
		right: "no: it is one since 2005",
		sla: func() string {
			return yes(!swedish().IsBusinessDay(servicetime.MustDate("1990-06-06")))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.AddHoliday(se.Holidays...)
			return yes(!c.IsWorkday(at(1990, 6, 6, 12, 0)))
		},
	},
	{
		id: "2004", text: "Sweden: was Whit Monday, 2004-05-31, a public holiday?",
		right: "yes: it was one until 2004",
		sla: func() string {
			return yes(!swedish().IsBusinessDay(servicetime.MustDate("2004-05-31")))
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.AddHoliday(se.Holidays...)
			return yes(!c.IsWorkday(at(2004, 5, 31, 12, 0)))
		},
	},
	{
		id: "havana", text: "On a machine whose own zone is Havana: is 1994-04-03 Easter Sunday?",
		right: "yes, whatever the machine's zone",
		zone:  "America/Havana",
		sla: func() string {
			return yes(swedishHoliday("1994-04-03") == "Påskdagen")
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.AddHoliday(aa.Easter)
			actual, _, _ := c.IsHoliday(at(1994, 4, 3, 12, 0))
			return yes(actual)
		},
	},
	{
		id: "goroutines", text: "A calendar with its cache, asked by 64 goroutines: as if by one?",
		right: "yes",
		sla: func() string {
			c := swedish()
			return together(func(day time.Time) string { return yes(c.Open(day)) })
		},
		cal: func() string {
			c := cal.NewBusinessCalendar()
			c.AddHoliday(se.Holidays...)
			c.Cacheable = true
			return together(func(day time.Time) string { return yes(c.IsWorkTime(day)) })
		},
	},
}

var stockholm, _ = time.LoadLocation("Europe/Stockholm") // the programs embed time/tzdata

// at is a wall time in Stockholm.
func at(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, stockholm)
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func office(week string) *servicetime.Calendar {
	return must(servicetime.Compile(servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek(week)}, time.LoadLocation))
}

func swedish() *servicetime.Calendar {
	return must(servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation))
}

func swedishHoliday(date string) string {
	day := must(swedish().Span(servicetime.MustDate(date)))
	for s := range must(swedish().Explain(day.From, day.To)) {
		return s.Name
	}
	return ""
}

// always is open all day, every day: the rival's own way to say so.
func always() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.SetWorkday(time.Saturday, true)
	c.SetWorkday(time.Sunday, true)
	c.SetWorkHours(0, 24*time.Hour)
	return c
}

func elapsed(c *servicetime.Calendar, from, to time.Time) string {
	return servicetime.FormatDuration(must(c.Elapsed(from, to)))
}

// together asks about 1,000 days at once from 64 goroutines.
func together(ask func(day time.Time) string) string {
	day := func(i int) time.Time { return at(2026, 1, 1, 12, 0).AddDate(0, 0, i) }
	var answers [64]strings.Builder
	var all sync.WaitGroup
	for g := range answers {
		all.Go(func() {
			for i := range 1000 {
				answers[g].WriteString(ask(day(i)))
			}
		})
	}
	all.Wait()
	var alone strings.Builder
	for i := range 1000 {
		alone.WriteString(ask(day(i)))
	}
	for g := range answers {
		if answers[g].String() != alone.String() {
			return "no"
		}
	}
	return "yes"
}

// must is for calls that cannot fail on the values of the questions.
func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprint("a question is wrong: ", err))
	}
	return v
}
