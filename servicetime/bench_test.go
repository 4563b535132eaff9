package servicetime_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Rivals run in the same benchmark, so that a ratio is one run's:
//
//	go test -run '^$' -bench . ./servicetime

var benchSpans = []struct {
	name string
	days int
	d    time.Duration
}{
	{"hour", 0, time.Hour}, {"day", 1, 0}, {"month", 30, 0}, {"year", 365, 0}, {"10years", 3652, 0},
}

var benchWeeks = map[int]string{
	1: "mon-fri 08:00-17:00",
	8: "mon-sun 01:00-02:00 04:00-05:00 07:00-08:00 10:00-11:00 13:00-14:00 16:00-17:00 19:00-20:00 22:00-23:00",
}

func benchCalendar(b *testing.B, windows int) *servicetime.Calendar {
	b.Helper()
	c, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek(benchWeeks[windows]), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	require.NoError(b, err)
	return c
}

// rival is rickar/cal's business calendar on the same hours, with its cache filled.
func rival(b *testing.B) *cal.BusinessCalendar {
	b.Helper()
	c := cal.NewBusinessCalendar()
	c.SetWorkHours(8*time.Hour, 17*time.Hour)
	for _, h := range se.Holidays {
		if h.Type == cal.ObservancePublic {
			c.AddHoliday(h)
		}
	}
	c.Cacheable = true
	return c
}

// benchStarts spreads receipts over ten years of opening hours, the repeated one being the first.
func benchStarts(c *servicetime.Calendar) []time.Time {
	r := rand.New(rand.NewPCG(1, 2))
	base := time.Date(2020, 1, 1, 0, 0, 0, 0, c.Location())
	starts := make([]time.Time, 4096)
	for i := range starts {
		starts[i], _ = c.NextOpen(base.Add(time.Duration(r.Int64N(int64(10 * 365 * 24 * time.Hour)))))
	}
	return starts
}

func BenchmarkElapsed(b *testing.B) {
	for _, windows := range []int{1, 8} {
		c := benchCalendar(b, windows)
		starts := benchStarts(c)
		for _, span := range benchSpans {
			ends := make([]time.Time, len(starts))
			for i, s := range starts {
				ends[i] = s.AddDate(0, 0, span.days).Add(span.d)
			}
			b.Run(fmt.Sprintf("windows=%d/span=%s/at=repeated", windows, span.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, _ = c.Elapsed(starts[0], ends[0])
				}
			})
			b.Run(fmt.Sprintf("windows=%d/span=%s/at=random", windows, span.name), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					_, _ = c.Elapsed(starts[i%4096], ends[i%4096])
					i++
				}
			})
			if windows == 1 {
				r := rival(b)
				b.Run(fmt.Sprintf("windows=%d/span=%s/rival=rickar-cal", windows, span.name), func(b *testing.B) {
					b.ReportAllocs()
					r.WorkHoursInRange(starts[0], ends[0])
					for b.Loop() {
						r.WorkHoursInRange(starts[0], ends[0])
					}
				})
			}
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	for _, windows := range []int{1, 8} {
		c := benchCalendar(b, windows)
		starts := benchStarts(c)
		for _, span := range benchSpans {
			d, err := c.Elapsed(starts[0], starts[0].AddDate(0, 0, span.days).Add(span.d))
			require.NoError(b, err)
			d = max(d, time.Hour)
			b.Run(fmt.Sprintf("windows=%d/span=%s/at=repeated", windows, span.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, _ = c.Add(starts[0], d)
				}
			})
			b.Run(fmt.Sprintf("windows=%d/span=%s/at=random", windows, span.name), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					_, _ = c.Add(starts[i%4096], d)
					i++
				}
			})
			if windows == 1 {
				r := rival(b)
				b.Run(fmt.Sprintf("windows=%d/span=%s/rival=rickar-cal", windows, span.name), func(b *testing.B) {
					b.ReportAllocs()
					r.AddWorkHours(starts[0], d)
					for b.Loop() {
						r.AddWorkHours(starts[0], d)
					}
				})
			}
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, windows := range []int{1, 8} {
		c := benchCalendar(b, windows)
		starts := benchStarts(c)
		b.Run(fmt.Sprintf("windows=%d/at=repeated", windows), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Open(starts[0])
			}
		})
		b.Run(fmt.Sprintf("windows=%d/at=random", windows), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				c.Open(starts[i%4096])
				i++
			}
		})
	}
	c, r := benchCalendar(b, 1), rival(b)
	at := benchStarts(c)[0]
	b.Run("windows=1/rival=rickar-cal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.IsWorkTime(at)
		}
	})
}

func BenchmarkDeadline(b *testing.B) {
	c := benchCalendar(b, 1)
	starts := benchStarts(c)
	for _, bm := range []struct {
		target string
		how    servicetime.Convention
	}{{"8 h", servicetime.SupportClock}, {"5 business days", servicetime.ExclDateClose}} {
		for _, pauses := range []int{0, 2} {
			target := servicetime.MustTarget(bm.target)
			b.Run(fmt.Sprintf("target=%s/pauses=%d", bm.target, pauses), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					at := starts[i%4096]
					i++
					ps := [2]servicetime.Pause{
						{From: at.Add(time.Hour), To: at.Add(3 * time.Hour)},
						{From: at.Add(20 * time.Hour), To: at.Add(50 * time.Hour)},
					}
					_, _ = c.Deadline(at, target, bm.how, ps[:pauses]...)
				}
			})
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	office := servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek(benchWeeks[1]), Holidays: servicetime.Sweden,
	}
	for _, bm := range []struct {
		name string
		s    servicetime.Schedule
	}{
		{"office", office}, {"limits", limits()}, {"dense", denseWeek()},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := servicetime.Compile(bm.s, time.LoadLocation); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size(b, bm.s)), "B-kept")
		})
	}
}

// size is the memory that a compiled calendar keeps.
func size(tb testing.TB, s servicetime.Schedule) uint64 {
	tb.Helper()
	kept := make([]*servicetime.Calendar, 4)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range kept {
		c, err := servicetime.Compile(s, time.LoadLocation)
		require.NoError(tb, err)
		kept[i] = c
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	n := uint64(len(kept))
	runtime.KeepAlive(kept)
	return (after.HeapAlloc - before.HeapAlloc) / n
}

// limits is a schedule at every limit: 10,000 windows over the week, dates, breaks and extra
// openings, and 2,000 listed holidays.
func limits() servicetime.Schedule {
	s := servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.Week{},
		Dates: map[servicetime.Date][]servicetime.Window{}, Breaks: map[servicetime.Date][]servicetime.Window{},
	}
	for d := range time.Weekday(7) {
		for i := range 144 {
			s.Week[servicetime.DaysOf(d)] = append(s.Week[servicetime.DaysOf(d)], servicetime.Window{Open: i * 10, Close: i*10 + 4 + int(d)%3})
		}
	}
	first := servicetime.MustDate("1980-01-01")
	var holidays []string
	for i := range 2000 {
		holidays = append(holidays, first.AddDays(i*31+5).String())
	}
	s.Holidays, _ = servicetime.HolidayDates(holidays...)
	for i := range 3000 {
		s.Dates[first.AddDays(i*20)] = []servicetime.Window{{Open: 60 + i%600, Close: 700 + i%700}}
		s.Breaks[first.AddDays(i*20+7)] = []servicetime.Window{{Open: 100 + i%900, Close: 1100 + i%300}}
	}
	at := time.Date(1980, 1, 10, 0, 0, 0, 0, time.UTC)
	for i := range servicetime.MaxWindows - 7*144 - 2*3000 {
		from := at.AddDate(0, 0, i*20).Add(time.Duration(i%80000) * time.Second)
		s.Extra = append(s.Extra, servicetime.Opening{From: from, To: from.Add(77 * time.Second)})
	}
	return s
}

// denseWeek has a window every other minute of the week, and 4,960 dates of their own.
func denseWeek() servicetime.Schedule {
	s := servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.Week{}, Dates: map[servicetime.Date][]servicetime.Window{}}
	for d := range time.Weekday(7) {
		for i := range 720 {
			s.Week[servicetime.DaysOf(d)] = append(s.Week[servicetime.DaysOf(d)], servicetime.Window{Open: i * 2, Close: i*2 + 1})
		}
	}
	first := servicetime.MustDate("1980-01-01")
	for i := range 4960 {
		s.Dates[first.AddDays(i*10)] = []servicetime.Window{{Open: 60 + i%600, Close: 700 + i%700}}
	}
	return s
}
