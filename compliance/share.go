package compliance

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
)

// ErrShare is the cause of every error about the counts of a share.
var ErrShare = errors.New("not a share")

// Share is how many of a number of things met what was asked of them: 412 of 447.
// The zero Share is no data.
//
// Any two counts can be written down, but only 0 ≤ Met ≤ Total is a share; one
// that is not is impossible, and has no verdict but no data. [Share.Check] tells.
type Share struct {
	Met   int64 `json:"met"`
	Total int64 `json:"total"`
}

// Check returns an error wrapping [ErrShare] if:
//   - a count is negative
//   - more are met than there are
func (s Share) Check() error {
	switch {
	case s.Met < 0 || s.Total < 0:
		return fmt.Errorf("compliance: %q: %w, a count is negative", s, ErrShare)
	case s.Met > s.Total:
		return fmt.Errorf("compliance: %q: %w, more are met than there are", s, ErrShare)
	}
	return nil
}

// possible is Check without the words.
func (s Share) possible() bool { return 0 <= s.Met && s.Met <= s.Total }

// Verdict judges the share: is met ⁄ total ≥ goal? It is exact, and never
// [NoTarget].
func (s Share) Verdict(g Goal) Verdict {
	switch {
	// §4.12 a blank in the agreement: whatever happened, there is no verdict.
	case g.IsZero():
		return NotAgreed
	// §4.3.1 nothing happened: no data, not 100 %.
	// A share that cannot be is nothing that happened either. Missed would be a
	// claim too, which a wrong record upstream must not make.
	case s.Total == 0 || !s.possible():
		return NoData
	// §4.3.1 §4.4 §4.5 §4.8 §4.9 §4.10 reaching the goal exactly is enough.
	case s.Met >= g.needs(s.Total):
		return Met
	}
	return Missed
}

// Exceeds reports whether met ⁄ total > goal, strictly: more than half. It is false without data or goal.
func (s Share) Exceeds(g Goal) bool {
	if g.IsZero() || s.Total == 0 || !s.possible() {
		return false
	}
	// met × 10¹¹ > units × total
	hi, lo := bits.Mul64(uint64(s.Met), fullGoal)
	goalHi, goalLo := bits.Mul64(g.units, uint64(s.Total))
	return hi > goalHi || hi == goalHi && lo > goalLo
}

// MissesLeft returns met − ⌈goal × total⌉: how many of those met could have been
// missed with the goal still met. It is negative where the goal is missed, by as
// many as had to be met and were not.
//
// It has a meaning where the verdict is [Met] or [Missed], and is 0 elsewhere.
func (s Share) MissesLeft(g Goal) int64 {
	if g.IsZero() || !s.possible() {
		return 0
	}
	return s.Met - g.needs(s.Total)
}

// Percent returns the share in percent for printing, without a sign: "92.17". It
// is rounded half-up to two decimals, and to the fewest more with which the printed
// number is on the verdict's side of the goal: at or above it if and only if the
// goal is met. So 99999 of 100000 is "100.00" against no goal or 99 %, and "99.999"
// against 100 %. Give the zero [Goal] where there is none.
//
// It is empty where there is no data. Never compute with it.
func (s Share) Percent(g Goal) string {
	if s.Total == 0 || !s.possible() {
		return ""
	}
	exact := big.NewRat(s.Met, s.Total)
	exact.Mul(exact, big.NewRat(100, 1))
	if g.IsZero() {
		return exact.FloatString(2)
	}
	goal := new(big.Rat).SetFrac64(int64(g.units), onePercent)
	met := s.Verdict(g) == Met

	// It ends with at most 28 decimals, far fewer for most shares:
	//
	//   - met: the goal has nine decimals, so with nine or more it is one of the
	//     numbers that can be printed, and rounding what is at or above such a
	//     number does not lead below it.
	//   - missed: goal − exact = (units × total − 10¹¹ × met) ⁄ (10⁹ × total), whose
	//     numerator is a positive integer. So the gap is at least 1 ⁄ (10⁹ × total),
	//     over 10⁻⁹ × 2⁻⁶³ > 1.08 × 10⁻²⁸, and rounding to 28 decimals adds at most
	//     0.5 × 10⁻²⁸. A test has a share that needs all of them.
	for decimals := 2; ; decimals++ {
		text := exact.FloatString(decimals)
		printed, _ := new(big.Rat).SetString(text) // a decimal number, by construction
		if (printed.Cmp(goal) >= 0) == met {
			return text
		}
	}
}

// Floor returns the share in percent, without a sign, rounded down to 4 decimals: "98.3333". What prints as 98.0000 is at least 98 %.
//
// It is empty where there is no data. Never compute with it.
func (s Share) Floor() string {
	if s.Total == 0 || !s.possible() {
		return ""
	}
	const units = 100 * 10_000
	n := new(big.Int).Mul(big.NewInt(s.Met), big.NewInt(units))
	whole, rest := new(big.Int).QuoRem(n.Quo(n, big.NewInt(s.Total)), big.NewInt(10_000), new(big.Int))
	return fmt.Sprintf("%d.%04d", whole, rest)
}

// Plus returns the share of both together, for shares of different things: two
// machines, two days. It is commutative and associative, and the zero Share adds
// nothing to a possible one.
//
// An impossible part makes the sum impossible, -1 of -1, so that adding more cannot
// hide it. So does a total over 2⁶³−1, which counting records does not reach.
func (s Share) Plus(o Share) Share {
	// Of two possible shares the total overflows whenever met does, and an
	// overflown total is negative.
	sum := Share{Met: s.Met + o.Met, Total: s.Total + o.Total}
	if !s.possible() || !o.possible() || sum.Total < 0 {
		return Share{Met: -1, Total: -1}
	}
	return sum
}

// String returns "412 of 447".
func (s Share) String() string { return fmt.Sprintf("%d of %d", s.Met, s.Total) }

// Line returns the share, the goal and the verdict for people. What says what was met, such as "in time", and
// may be empty:
//
//	412 of 447 in time, 92.17 %, goal 90 %: met, 9 misses left
//	402 of 447, 89.93 %, goal 90 %: missed by 1
//	412 of 447, 92.17 %, goal not agreed
//	no data, goal 90 %
//	no data (impossible share 500 of 447), goal 90 %
func (s Share) Line(what string, g Goal) string {
	goal := "goal " + g.String()
	switch {
	case !s.possible():
		return fmt.Sprintf("no data (impossible share %v), %s", s, goal)
	case s.Total == 0:
		return "no data, " + goal
	}
	if what != "" {
		what = " " + what
	}
	line := fmt.Sprintf("%v%s, %s %%, %s", s, what, s.Percent(g), goal)
	left := s.MissesLeft(g)
	switch s.Verdict(g) {
	case Met:
		misses := "misses"
		if left == 1 {
			misses = "miss"
		}
		return fmt.Sprintf("%s: met, %d %s left", line, left, misses)
	case Missed:
		return fmt.Sprintf("%s: missed by %d", line, -left)
	}
	return line
}
