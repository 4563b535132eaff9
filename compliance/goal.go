package compliance

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// ErrGoal is the cause of every error about the text of a goal.
var ErrGoal = errors.New("not a percentage")

// Goal is the percentage that a share must reach, from 0 % to 100 %, exact to nine
// decimals. It is not a time to keep: that is a target.
//
// The zero Goal is "not agreed", the blank in an agreement; it differs from 0 %.
// Goals of the same percentage are equal (==), however they were written.
type Goal struct {
	agreed bool
	units  uint64 // of a billionth of a percent
}

const (
	maxDecimals = 9
	onePercent  = 1_000_000_000 // units: 10^maxDecimals
	fullGoal    = 100 * onePercent
	maxQuoted   = 40 // bytes of a text that an error repeats
)

// ParseGoal reads a percentage such as "98%", "98 %" or "99.95%": digits, at most
// nine decimals after a point, and the sign, with at most one space before it. It
// is the inverse of [Goal.String] and [Goal.MarshalText] for an agreed goal; blank
// text is an error here, unlike in [Goal.UnmarshalText].
//
// It returns an error wrapping [ErrGoal] if:
//   - the sign is missing: "0.98" may be meant as 98 % or as 0.98 %
//   - the number is not plain: empty, signed, with an exponent, leading zeros, a
//     decimal comma, other spaces, or digits that are not ASCII
//   - it is over 100 %, or has more than nine decimals, even if they are zeros
func ParseGoal(s string) (Goal, error) {
	g, fault := parseGoal(s)
	if fault == "" {
		return g, nil
	}
	if plain, ok := plainGoal(s); ok {
		fault = "write " + strconv.Quote(plain)
	}
	return Goal{}, fmt.Errorf("compliance: goal %s: %w, %s", quote(s), ErrGoal, fault)
}

// MustGoal is [ParseGoal] for literals; it panics where ParseGoal returns an error.
func MustGoal(s string) Goal {
	g, err := ParseGoal(s)
	if err != nil {
		panic(err)
	}
	return g
}

// parseGoal returns the goal, or what is wrong with the text.
func parseGoal(s string) (g Goal, fault string) {
	number, signed := strings.CutSuffix(s, "%")
	whole, fraction, pointed := strings.Cut(strings.TrimSuffix(number, " "), ".")
	switch {
	case !signed || !isDigits(whole) || pointed && !isDigits(fraction),
		len(whole) > 1 && whole[0] == '0': // 098%: what was it before someone edited it?
		return Goal{}, `write it as in "98%" or "99.95%"`
	case len(fraction) > maxDecimals:
		return Goal{}, "at most 9 decimals"
	case len(whole) > len("100"):
		return Goal{}, "100% is the most"
	}
	// At most twelve digits are left, which always fit.
	units, _ := strconv.ParseUint(whole+fraction+strings.Repeat("0", maxDecimals-len(fraction)), 10, 64)
	if units > fullGoal {
		return Goal{}, "100% is the most"
	}
	return Goal{agreed: true, units: units}, ""
}

// plainGoal guesses what a refused text was meant to be, for the error to propose:
// a sign forgotten, a decimal comma, spaces pasted along (a no-break space is what
// Swedish text has before the sign). It proposes nothing for a bare number up to
// one, which is as likely a fraction.
func plainGoal(s string) (plain string, ok bool) {
	number, signed := strings.CutSuffix(strings.TrimSpace(s), "%")
	number = strings.TrimPrefix(strings.TrimSpace(number), "+")
	plain = strings.Replace(number, ",", ".", 1) + "%"
	g, fault := parseGoal(plain)
	return plain, fault == "" && (signed || g.units > onePercent)
}

// quote quotes the input in an error, and no more of it than a person would read.
func quote(s string) string {
	if len(s) > maxQuoted {
		return strconv.Quote(s[:maxQuoted]) + "…"
	}
	return strconv.Quote(s)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// IsZero reports whether no goal is agreed. It is false for a goal of 0 %, and lets
// the JSON option omitzero leave out just what is not agreed.
func (g Goal) IsZero() bool { return !g.agreed }

// Compare returns -1, 0 or +1 as g is lower than, the same as or higher than o. What is not agreed is lower than any goal.
func (g Goal) Compare(o Goal) int {
	if g.agreed != o.agreed {
		if g.agreed {
			return +1
		}
		return -1
	}
	return cmp.Compare(g.units, o.units)
}

// String returns the goal for people, "98.5 %", or "not agreed".
func (g Goal) String() string {
	if g.IsZero() {
		return NotAgreed.String()
	}
	return g.number() + " %"
}

// MarshalText returns the canonical text, "98.5%", without trailing zeros; it is
// empty for the zero Goal. The error is always nil.
func (g Goal) MarshalText() ([]byte, error) { return g.AppendText(nil) }

// AppendText appends the text of [Goal.MarshalText] to b.
func (g Goal) AppendText(b []byte) ([]byte, error) {
	if g.IsZero() {
		return b, nil
	}
	return append(append(b, g.number()...), '%'), nil
}

// UnmarshalText is the inverse of [Goal.MarshalText]: empty text is the zero Goal,
// anything else is read by [ParseGoal]. On an error g is left as it was.
func (g *Goal) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*g = Goal{}
		return nil
	}
	parsed, err := ParseGoal(string(text))
	if err != nil {
		return err
	}
	*g = parsed
	return nil
}

// number is the percentage without its sign, as short as it can be.
func (g Goal) number() string {
	whole := strconv.FormatUint(g.units/onePercent, 10)
	fraction := g.units % onePercent
	if fraction == 0 {
		return whole
	}
	return whole + strings.TrimRight(fmt.Sprintf(".%0*d", maxDecimals, fraction), "0")
}

// needs returns ⌈goal × total⌉, how many of total must be met, for total ≥ 0. It
// is at most total.
func (g Goal) needs(total int64) int64 {
	// units × total < 2³⁷ × 2⁶³, so the upper half is below 2³⁶ < fullGoal, which
	// is what Div64 asks for.
	hi, lo := bits.Mul64(g.units, uint64(total))
	need, rest := bits.Div64(hi, lo, fullGoal)
	if rest > 0 {
		need++
	}
	return int64(need)
}
