package compliance_test

import (
	"fmt"

	"example.com/sla/compliance"
)

// The incidents of a month at two providers, against the 90 % of §4.3.1.
func Example() {
	goal := compliance.MustGoal("90%")

	north := compliance.Share{Met: 230, Total: 240}
	south := compliance.Share{Met: 182, Total: 207}
	both := north.Plus(south)

	fmt.Println("north:", north.Line("", goal))
	fmt.Println("south:", south.Line("", goal))
	fmt.Println("both: ", both.Line("", goal))

	// A month without incidents is neither met nor missed, and neither is a blank
	// in the agreement.
	fmt.Println("quiet:", compliance.Share{}.Line("", goal))
	fmt.Println("blank:", both.Line("", compliance.Goal{}))

	// In a program.
	if both.Verdict(goal) == compliance.Met {
		fmt.Println("goal", goal, "met,", both.MissesLeft(goal), "more could have been late")
	}

	// Two decimals would print 98.00 % for the second, beside "missed".
	precision := compliance.MustGoal("98%")
	for _, calls := range []compliance.Share{{Met: 98_000, Total: 100_000}, {Met: 97_999, Total: 100_000}} {
		fmt.Println(calls, "is", calls.Percent(precision), "%:", calls.Verdict(precision))
	}

	// Output:
	// north: 230 of 240, 95.83 %, goal 90 %: met, 14 misses left
	// south: 182 of 207, 87.92 %, goal 90 %: missed by 5
	// both:  412 of 447, 92.17 %, goal 90 %: met, 9 misses left
	// quiet: no data, goal 90 %
	// blank: 412 of 447, 92.17 %, goal not agreed
	// goal 90 % met, 9 more could have been late
	// 98000 of 100000 is 98.00 %: met
	// 97999 of 100000 is 97.999 %: missed
}

// Text from a file or a form is read by ParseGoal, and what a person writes by
// habit is refused with what to write instead.
func ExampleParseGoal() {
	for _, text := range []string{"99.95 %", "99,95 %", "99.95", "0.9995", "110%"} {
		goal, err := compliance.ParseGoal(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(goal)
	}

	// Output:
	// 99.95 %
	// compliance: goal "99,95 %": not a percentage, write "99.95%"
	// compliance: goal "99.95": not a percentage, write "99.95%"
	// compliance: goal "0.9995": not a percentage, write it as in "98%" or "99.95%"
	// compliance: goal "110%": not a percentage, 100% is the most
}

// A share that was read, not counted, is checked where it came in.
func ExampleShare_Check() {
	fmt.Println(compliance.Share{Met: 500, Total: 447}.Check())

	// Output:
	// compliance: "500 of 447": not a share, more are met than there are
}
