package capacity_test

import (
	"fmt"
	"log"
	"time"

	"example.com/sla/capacity"
	"example.com/sla/servicetime"
)

// The limits of the agreement (§4.7): 200 calls per calendar minute bind, 3 per second on average advise.
func ssbtek() []capacity.Limit {
	return []capacity.Limit{
		{Clause: "§4.7.1", Kind: capacity.Count, Max: 200, Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar},
		{
			Clause: "§4.7.1", Kind: capacity.Rate, Max: 3, Per: servicetime.MustDuration("1 s"), Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar,
			Advisory: true,
		},
		{Clause: "§4.7.1", Kind: capacity.Concurrency, Max: 36, Advisory: true},
	}
}

// An operator: how much was it? Two calls a second all morning, and a burst of four a second from 08:31:10 to 08:32:30, all of 5 s. On the clock the burst exceeds 200 a
// minute in one minute alone; in the minute that begins with it there are 240.
//
//	minute     08:30   08:31   08:32   08:33
//	burst              10|-----------|30
//	calls      120     220     180     120       the limit is 200
func Example() {
	var tally capacity.Tally
	var timeline capacity.Timeline
	burst := servicetime.Span{From: at("08:31:10"), To: at("08:32:30")}
	for t := at("08:00:00"); t.Before(at("12:00:00")); t = t.Add(250 * time.Millisecond) {
		if t.Nanosecond()%500_000_000 != 0 && (t.Before(burst.From) || !t.Before(burst.To)) {
			continue // two a second
		}
		tally.Add(t)
		if err := timeline.Add(t, 5*time.Second); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(tally.Result())
	fmt.Println(timeline.Result())

	outcomes, err := capacity.Judge(ssbtek(), &tally, &timeline)
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range outcomes {
		fmt.Println(o.Clause, o)
		for _, e := range o.Over {
			fmt.Println("  over it", e)
		}
	}
	fmt.Println(outcomes[0].CallsOver, "calls from the 201st of their minute on")

	// Output:
	// 28960 calls; most in a second 4 at 2026-10-26 08:31:10 UTC, in a minute 220 at 2026-10-26 08:31:00 UTC, in an hour 7360 at 2026-10-26 08:00:00 UTC
	// 28960 calls; most in any second 4 at 2026-10-26 08:31:10 UTC, in any minute 240 at 2026-10-26 08:31:10 UTC, at once 20 at 2026-10-26 08:31:14.75 UTC; mean concurrency 10.05, by Little's law 10.06
	// §4.7.1 at most 200 calls per calendar minute: peak 220 at 2026-10-26 08:31:00 UTC: missed by 20, over it for 1 min; p95 120, p99 120
	//   over it 2026-10-26 08:31:00 – 08:32:00 UTC, peak 220
	// §4.7.1 at most 3 calls per second on average over a calendar minute (advisory): peak 220 at 2026-10-26 08:31:00 UTC: missed by 40, over it for 1 min; p95 120, p99 120
	//   over it 2026-10-26 08:31:00 – 08:32:00 UTC, peak 220
	// §4.7.1 at most 36 calls at once (advisory): peak 20 at 2026-10-26 08:31:14.75 UTC: met, 16 left
	// 20 calls from the 201st of their minute on
}

// The same load under four models of "8 per second": how many does each refuse? Every third second, eight calls come in the tenth before its edge, and eight
// in the tenth behind it.
//
//	calendar   |        ||||||||:||||||||        |   eight in each of two seconds: all admitted
//	sliding    |        ||||||||:........        |   eight in one second
//	bucket     |        ||||||||:.......|        |   a token came back on the way
//	gcra       |        |.......:.|......        |   one in each 125 ms
func ExampleLimiter() {
	var calls []time.Time
	for i := range 20 {
		edge := at("08:00:01").Add(time.Duration(3*i) * time.Second)
		for j := -8; j < 8; j++ {
			calls = append(calls, edge.Add(time.Duration(j)*10*time.Millisecond))
		}
	}
	second := servicetime.MustDuration("1 s")
	for _, limit := range []capacity.Limit{
		{Kind: capacity.Rate, Max: 8, Per: second, Model: capacity.Calendar},
		{Kind: capacity.Rate, Max: 8, Per: second, Model: capacity.Sliding},
		{Kind: capacity.Rate, Max: 8, Per: second, Model: capacity.Bucket},
		{Kind: capacity.Rate, Max: 8, Per: second, Model: capacity.GCRA},
	} {
		limiter, err := capacity.NewLimiter(limit)
		if err != nil {
			log.Fatal(err)
		}
		refused := 0
		for _, t := range calls {
			ok, err := limiter.Allow(t)
			if err != nil {
				log.Fatal(err)
			}
			if !ok {
				refused++
			}
		}
		fmt.Printf("%-55s %d of %d refused\n", limit, refused, len(calls))
	}

	// Output:
	// at most 8 calls per calendar second                     0 of 320 refused
	// at most 8 calls in any second                           160 of 320 refused
	// at most 8 calls per second after bursts of 8 (bucket)   140 of 320 refused
	// at most 8 calls per second, evenly spaced (gcra)        280 of 320 refused
}

// Shards of a stream in any split: counts merge into the whole.
func ExampleTally_Merge() {
	var whole, a, b capacity.Tally
	for i := range 1000 {
		t := at("08:00:00").Add(time.Duration(i*i%7919) * time.Second)
		whole.Add(t)
		if i%3 == 0 {
			a.Add(t)
		} else {
			b.Add(t)
		}
	}
	a.Merge(&b)
	fmt.Println(a.Result() == whole.Result(), a.Result().Minute)

	// Output:
	// true 21 at 2026-10-26 08:00:00 UTC
}

// Stretches of a stream, cut at an instant: sliding windows and calls at once reach over the cut.
//
//	calls    | | |:| | |    four in the second around the cut
func ExampleTimeline_Merge() {
	var before, after capacity.Timeline
	for i := range 3 {
		for _, add := range []struct {
			to *capacity.Timeline
			at time.Time
		}{{&before, at("07:59:59.1").Add(time.Duration(i) * 300 * time.Millisecond)}, {&after, at("08:00:00").Add(time.Duration(i) * 300 * time.Millisecond)}} {
			if err := add.to.Add(add.at, 2*time.Second); err != nil {
				log.Fatal(err)
			}
		}
	}
	fmt.Println("before", before.Result().Second, "– at once", before.Result().Concurrent)
	fmt.Println("after ", after.Result().Second, "– at once", after.Result().Concurrent)
	if err := before.Merge(&after); err != nil {
		log.Fatal(err)
	}
	fmt.Println("both  ", before.Result().Second, "– at once", before.Result().Concurrent)
	fmt.Println(after.Merge(&before))

	// Output:
	// before 3 at 2026-10-26 07:59:59.1 UTC – at once 3 at 2026-10-26 07:59:59.7 UTC
	// after  3 at 2026-10-26 08:00:00 UTC – at once 3 at 2026-10-26 08:00:00.6 UTC
	// both   4 at 2026-10-26 07:59:59.1 UTC – at once 6 at 2026-10-26 08:00:00.6 UTC
	// capacity: merge: not in the order of time: 2026-10-26T08:00:00Z to 2026-10-26T08:00:00.6Z and 2026-10-26T07:59:59.1Z to 2026-10-26T08:00:00.6Z interleave
}

// What the figures of §4.7 mean together, and how many servers they take.
func ExampleLittle() {
	low, high := capacity.Little(3, time.Second, 7*time.Second), capacity.Little(3, time.Second, 12*time.Second)
	fmt.Printf("3 calls a second of 7 to 12 s: %.0f to %.0f at once\n", low, high)
	for _, load := range []float64{low, high} {
		blocked, err := capacity.ServersB(load, 0.01)
		if err != nil {
			log.Fatal(err)
		}
		waiting, err := capacity.ServersC(load, 0.01)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.0f erlangs: %d servers turn away at most 1 %% of the calls, %d let at most 1 %% wait\n", load, blocked, waiting)
	}

	// Output:
	// 3 calls a second of 7 to 12 s: 21 to 36 at once
	// 21 erlangs: 31 servers turn away at most 1 % of the calls, 34 let at most 1 % wait
	// 36 erlangs: 48 servers turn away at most 1 % of the calls, 52 let at most 1 % wait
}

// The busiest minute of each month: when will it be at 200?
func ExampleGrow() {
	var months []capacity.Monthly
	for i, peak := range []int64{96, 101, 99, 108, 112, 110, 160, 121, 119, 128, 133, 130} { // an odd July
		months = append(months, capacity.Monthly{Month: servicetime.MustMonth("2026-01").Add(i), Figure: peak})
	}
	growth, err := capacity.Grow(months)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(growth)
	forecast, err := growth.Reaches(200)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(forecast)
	_, err = capacity.Grow(months[:3])
	fmt.Println(err)

	// Output:
	// +3.472 a month (95 %: +2.75 to +4) over 12 months, 2026-01 to 2026-12
	// 200 in 2028-07, between 2028-04 and 2029-02
	// months: capacity: no growth to tell: 3 months are too few, it takes 5
}

// Who called how often (§5).
func ExampleUsers() {
	var users capacity.Users
	for _, name := range []string{"Malmö", "Lund", "Malmö", "", "Kiruna", "Malmö"} {
		users.Add(name)
	}
	fmt.Println(users.Result())

	// Output:
	// 6 calls of 3 users, the most 3 of Malmö; 1 without a user
}
