package performance_test

import (
	"fmt"
	"log"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// A stream: was it fast, and did it answer? Calls come one by one and are not kept.
func Example() {
	person := servicetime.MustDuration("1.5 s")
	rule := performance.Rule{
		Limits: []performance.Limit{
			{Within: servicetime.MustDuration("7 s"), PerPerson: person, Share: compliance.MustGoal("90%")},
			{Within: servicetime.MustDuration("12 s"), PerPerson: person, Share: compliance.MustGoal("100%")},
		},
		MaxPersons: 10,
		Precision:  compliance.MustGoal("98%"),
		Opening:    office(),
	}
	monday := time.Date(2026, 10, 5, 8, 0, 0, 0, rule.Opening.Location())
	var t performance.Tally
	for i := range 500 {
		c := performance.Call{At: monday.Add(time.Duration(i) * 80 * time.Second), Persons: 1 + i%3, Response: 2100 * time.Millisecond, Answered: true}
		switch {
		case i%12 == 0:
			c.Response = 11_800 * time.Millisecond
		case i%125 == 1:
			c.Answered, c.Fault = false, performance.FaultProvider
		case i == 7:
			c.Persons = 11
		}
		if err := t.Add(&rule, c); err != nil {
			log.Fatal(err)
		}
	}
	r, err := t.Result(&rule)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)
	fmt.Println(r.Percentiles)
	fmt.Println(r.Precision.Deviations)
	for _, g := range r.Groups {
		fmt.Printf("about %d: %v within %s\n", g.Persons, g.Share(0, rule.Unanswered), rule.Limits[0].For(g.Persons))
	}

	// Output:
	// within 7 s (+1.5 s a person): 91.50 %, goal 90 %: met; slowest 11.8 s: met; 400 of 404 answered, 99.01 %, goal 98 %: met, 4 misses left; left out: 1 invalid, 95 outside opening hours
	// p50 2.111 s, p90 2.111 s, p95 11.8 s, p99 11.8 s (each less than 1 ms + 1/128 too high), max 11.8 s
	// 4 unanswered: 0 by the operator's fault, 4 by a provider's, 0 not known
	// about 1: 100 of 134 within 7s
	// about 2: 132 of 132 within 8.5s
	// about 3: 134 of 134 within 10s
}

// The two limits of §4.8 for every group size.
func ExampleLimit_For() {
	rule := ssbtek()
	fmt.Println("persons   90 %     all")
	for persons := 1; persons <= rule.MaxPersons; persons++ {
		fmt.Printf("%-6d  %5.1f s  %5.1f s\n", persons, rule.Limits[0].For(persons).Seconds(), rule.Limits[1].For(persons).Seconds())
	}

	// Output:
	// persons   90 %     all
	// 1         7.0 s   12.0 s
	// 2         8.5 s   13.5 s
	// 3        10.0 s   15.0 s
	// 4        11.5 s   16.5 s
	// 5        13.0 s   18.0 s
	// 6        14.5 s   19.5 s
	// 7        16.0 s   21.0 s
	// 8        17.5 s   22.5 s
	// 9        19.0 s   24.0 s
	// 10       20.5 s   25.5 s
}

// A month exactly on 90 %, which is enough; one slower call, and it is missed.
func ExampleTally_Result() {
	rule := ssbtek()
	rule.Precision = compliance.Goal{}
	var month performance.Tally
	add := func(n int, response time.Duration) {
		for i := range n {
			c := performance.Call{At: time.Date(2026, 10, 1+i%31, 9, 0, 0, 0, time.UTC), Persons: 1, Response: response, Answered: true}
			if err := month.Add(&rule, c); err != nil {
				log.Fatal(err)
			}
		}
	}
	add(9000, 7*time.Second) // 7 s is within 7 s
	add(1000, 7*time.Second+time.Millisecond)
	for range 2 {
		r, err := month.Result(&rule)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r)
		fmt.Println("left:", r.Outcomes[0].Left)
		add(1, 12*time.Second)
	}

	// Output:
	// within 7 s (+1.5 s a person): 90.00 %, goal 90 %: met; slowest 7.001 s: met
	// left: 0
	// within 7 s (+1.5 s a person): 89.99 %, goal 90 %: missed by 1; slowest 12 s: met
	// left: -1
}

// Where the text is silent the rule names a reading, and one tally answers all of them.
func ExampleRule() {
	rule := ssbtek()
	rule.Opening = office()
	var t performance.Tally
	add := func(n int, c performance.Call) {
		for range n {
			if err := t.Add(&rule, c); err != nil {
				log.Fatal(err)
			}
		}
	}
	day := time.Date(2026, 10, 5, 10, 0, 0, 0, rule.Opening.Location())
	night := day.Add(12 * time.Hour)
	add(80, performance.Call{At: day, Persons: 1, Response: 3 * time.Second, Answered: true})
	add(4, performance.Call{At: day, Persons: 1, Response: 8 * time.Second, Answered: true})
	add(14, performance.Call{At: day, Persons: 2, Response: 8 * time.Second, Answered: true})
	add(2, performance.Call{At: day, Persons: 2, Response: 9 * time.Second, Answered: true, Over: true})
	add(2, performance.Call{At: day, Persons: 1, Response: 30 * time.Second, Fault: performance.FaultOperator})
	add(10, performance.Call{At: night, Persons: 1, Response: 15 * time.Second, Answered: true})

	for _, reading := range []struct {
		name string
		set  func(*performance.Rule)
	}{
		{"the preset", func(*performance.Rule) {}},
		{"unanswered fail", func(r *performance.Rule) { r.Unanswered = performance.UnansweredFail }},
		{"all hours", func(r *performance.Rule) { r.Hours = performance.HoursAll }},
		{"each group", func(r *performance.Rule) { r.Groups = performance.GroupsEach }},
		{"over capacity out", func(r *performance.Rule) { r.OverCapacity = performance.OverCapacityOut }},
	} {
		other := rule
		reading.set(&other)
		r, err := t.Result(&other)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n  %v\n", reading.name, r)
	}

	// Output:
	// the preset
	//   within 7 s (+1.5 s a person): 94.00 %, goal 90 %: met; slowest 9 s: met; 100 of 102 answered, 98.04 %, goal 98 %: met, 0 misses left; left out: 10 outside opening hours
	// unanswered fail
	//   within 7 s (+1.5 s a person): 92.16 %, goal 90 %: met; 2 not within 12 s (+1.5 s a person), slowest 9 s: missed; 100 of 102 answered, 98.04 %, goal 98 %: met, 0 misses left; left out: 10 outside opening hours
	// all hours
	//   within 7 s (+1.5 s a person): 85.45 %, goal 90 %: missed by 5; 10 not within 12 s (+1.5 s a person), slowest 15 s: missed; 110 of 112 answered, 98.21 %, goal 98 %: met, 0 misses left
	// each group
	//   within 7 s (+1.5 s a person): 94.00 %, goal 90 % of each group size: missed at size 2; within 12 s (+1.5 s a person): 100.00 %, goal 100 % of each group size: met; 100 of 102 answered, 98.04 %, goal 98 %: met, 0 misses left; left out: 10 outside opening hours
	// over capacity out
	//   within 7 s (+1.5 s a person): 95.92 %, goal 90 %: met; slowest 8 s: met; 100 of 102 answered, 98.04 %, goal 98 %: met, 0 misses left; left out: 10 outside opening hours, 2 beyond capacity
}

// Two machines count half of the calls each, and one sends its tally to the other. The sum is, bit for bit, what one would have counted.
func ExampleTally_Merge() {
	rule := ssbtek()
	var north, south, whole performance.Tally
	for i := range 1000 {
		c := performance.Call{At: time.Date(2026, 10, 5, 8, 0, i, 0, time.UTC), Persons: 1, Response: time.Duration(i*i) * 10 * time.Microsecond, Answered: true}
		half := &north
		if i%3 == 0 {
			half = &south
		}
		for _, t := range []*performance.Tally{half, &whole} {
			if err := t.Add(&rule, c); err != nil {
				log.Fatal(err)
			}
		}
	}
	sent, err := south.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	var received performance.Tally
	if err := received.UnmarshalBinary(sent); err != nil {
		log.Fatal(err)
	}
	if err := north.Merge(&received); err != nil {
		log.Fatal(err)
	}
	for _, t := range []*performance.Tally{&north, &whole} {
		r, err := t.Result(&rule)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r)
	}

	// Output:
	// within 7 s (+1.5 s a person): 83.70 %, goal 90 %: missed by 63; slowest 9.98001 s: met; 1000 of 1000 answered, 100.00 %, goal 98 %: met, 20 misses left
	// within 7 s (+1.5 s a person): 83.70 %, goal 90 %: missed by 63; slowest 9.98001 s: met; 1000 of 1000 answered, 100.00 %, goal 98 %: met, 20 misses left
}

// The text form of a tally.
func ExampleTally_MarshalJSON() {
	rule := ssbtek()
	rule.Opening = office()
	var t performance.Tally
	for _, c := range []performance.Call{
		{At: time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC), Persons: 2, Response: 8600 * time.Millisecond, Answered: true},
		{At: time.Date(2026, 10, 5, 8, 31, 0, 0, time.UTC), Persons: 2, Fault: performance.FaultProvider},
		{At: time.Date(2026, 10, 5, 8, 31, 0, 0, time.UTC), Persons: 2, Fault: performance.FaultProvider, Provider: "CSN"},
	} {
		if err := t.Add(&rule, c); err != nil {
			log.Fatal(err)
		}
	}
	text, err := t.MarshalJSON()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))

	// Output:
	// {"limits":[{"within":"7 s","per_person":"1.5 s"},{"within":"12 s","per_person":"1.5 s"}],"max_persons":10,"zone":"Europe/Stockholm","calls":[{"hour":10,"open":true,"persons":2,"counts":[0,0,1,0,0,0,1]}],"responses":[{"open":true,"max":"8.6 s","buckets":[[8639,1]]}],"legs":[{"provider":"CSN","calls":[{"open":true,"counts":[0,0,0,0,0,0,1]}]}]}
}

// Bad records are counted apart; Check says what is wrong with one, all at once.
func ExampleCall_Check() {
	rule := ssbtek()
	c := performance.Call{At: time.Date(3026, 10, 5, 8, 30, 0, 0, time.UTC), Persons: 11, Response: -time.Second, Answered: true}
	fmt.Println(c.Check(&rule))

	var t performance.Tally
	if err := t.Add(&rule, c); err != nil {
		log.Fatal(err)
	}
	r, err := t.Result(&rule)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)

	// Output:
	// at "3026-10-05T08:30:00Z": performance: start of a call: outside the years 1970 to 2200
	// persons "11": performance: persons: not a group size: 1 to 10
	// response "-1s": performance: response: not a response time: from 0 on, and within the years 1970 to 2200
	// no calls; left out: 1 invalid
}
