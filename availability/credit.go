package availability

import (
	"errors"
	"fmt"
	"strings"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// ErrLadder is the cause where a ladder of service credits is none.
var ErrLadder = errors.New("not a ladder of service credits")

// maxSteps bounds a ladder.
const maxSteps = 100

// A Step is a service credit and the availability below which it is due.
type Step struct {
	// Below is the bound, over 0 % and at most 100 %. What reaches it exactly is not below it.
	Below compliance.Goal `json:"below"`
	// Credit is the agreement's text, such as "10%". Nothing is computed with it.
	Credit string `json:"credit"`
}

// A Ladder is the service credits of an agreement, in any order of steps:
//
//	below 99.99 %: 10%, below 99 %: 30%, below 95 %: 100%
//
//	0 %           95 %          99 %      99.99 %      100 %
//	|--- 100% ----|---- 30% ----|--- 10% ---|--- none ---|
//
// The zero value has no step, and so no credit. The SSBTEK contract has none.
type Ladder []Step

// Check returns an error wrapping [ErrLadder] if the ladder has more than 100 steps (then nothing else is looked at), or if:
//   - a step has no bound, or one of 0 %, which nothing is below,
//   - two steps have the same bound,
//   - a step has no credit.
//
// Each is a [*servicetime.Fault] with its path, such as [2].below; they come all at once.
func (l Ladder) Check() error {
	if len(l) > maxSteps {
		return &servicetime.Fault{
			Code: "too_large", Value: fmt.Sprintf("%d steps", len(l)),
			Err: fmt.Errorf("availability: %w: at most %d steps", ErrLadder, maxSteps),
		}
	}
	var errs []error
	note := func(i int, field, value, why string) {
		errs = append(errs, flaw(fmt.Sprintf("[%d].%s", i, field), value, fmt.Errorf("availability: %w: %s", ErrLadder, why)))
	}
	first, nothing := map[compliance.Goal]int{}, compliance.MustGoal("0%")
	for i, s := range l {
		j, twice := first[s.Below]
		switch {
		case s.Below.IsZero():
			note(i, "below", "", "a step has a bound, such as 99.9%")
		case s.Below.Compare(nothing) == 0:
			note(i, "below", s.Below.String(), "nothing is below it")
		case twice:
			note(i, "below", s.Below.String(), fmt.Sprintf("[%d] has the same bound", j))
		default:
			first[s.Below] = i
		}
		if strings.TrimSpace(s.Credit) == "" {
			note(i, "credit", s.Credit, `a step has a credit, such as "10%"`)
		}
	}
	return errors.Join(errs...)
}

// Credit is the step with the smallest bound that is above what was achieved, strictly and exactly: 99.99 % achieved is not below 99.99 %.
// It is false if there is none, or no data. Of steps with the same bound, which Check refuses, it is the first.
func (l Ladder) Credit(achieved compliance.Share) (Step, bool) {
	var due Step
	for _, s := range l {
		if achieved.Verdict(s.Below) == compliance.Missed && (due.Below.IsZero() || s.Below.Compare(due.Below) < 0) {
			due = s
		}
	}
	return due, !due.Below.IsZero()
}
