package compliance

import (
	"errors"
	"fmt"
	"strings"
)

// ErrVerdict is the cause of every error about the text of a verdict.
var ErrVerdict = errors.New("not a verdict")

// Verdict answers whether what was agreed was kept. The zero Verdict is [NoData];
// only [Met] is good news, and only [Missed] is a breach.
type Verdict uint8

// The verdicts. No share is judged NoTarget: that is for what has no goal to reach.
const (
	NoData    Verdict = iota // nothing to judge: no incident is not 100 % (§4.3.1)
	NotAgreed                // the agreement is blank (§4.12)
	NoTarget                 // the agreement says N/A (§4.4)
	Met
	Missed
)

var verdicts = [...]string{"no data", "not agreed", "no target", "met", "missed"}

// String returns the verdict for people, "no data".
func (v Verdict) String() string {
	if int(v) < len(verdicts) {
		return verdicts[v]
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText returns the verdict for programs: no_data, not_agreed, no_target, met
// or missed. It returns an error wrapping [ErrVerdict] if v is none of the five.
func (v Verdict) MarshalText() ([]byte, error) {
	if int(v) >= len(verdicts) {
		return nil, fmt.Errorf("compliance: %v: %w", v, ErrVerdict)
	}
	return []byte(v.token()), nil
}

// UnmarshalText is the inverse of [Verdict.MarshalText]. It returns an error wrapping
// [ErrVerdict] if the text is anything else, empty included, and leaves v as it was.
func (v *Verdict) UnmarshalText(text []byte) error {
	for known := range Verdict(len(verdicts)) {
		if known.token() == string(text) {
			*v = known
			return nil
		}
	}
	return fmt.Errorf("compliance: verdict %s: %w, write no_data, not_agreed, no_target, met or missed", quote(string(text)), ErrVerdict)
}

func (v Verdict) token() string { return strings.ReplaceAll(v.String(), " ", "_") }
