package priority

import (
	"errors"
	"fmt"

	"example.com/sla/compliance"
)

// ManyDown is the reading of a hole in §4.3: five or more base services down, but not all, are in no class.
type ManyDown uint8

// The readings of five or more down.
const (
	// ManyDownByQuorum is impact 1 where fewer services answer than the quorum, so that the service is unavailable
	// (§4.9), else 2: the preset's.
	ManyDownByQuorum ManyDown = iota + 1
	ManyDownIs1               // always 1: fill up
	ManyDownIs2               // always 2: fill down
)

var manyDowns = wordsOf[ManyDown]("five or more down", "by_quorum", "is_1", "is_2")

// String is by_quorum, is_1 or is_2; it is empty for the zero value.
func (m ManyDown) String() string { return manyDowns.Text(m) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (m ManyDown) MarshalText() ([]byte, error) { return manyDowns.Marshal(m) }

// UnmarshalText is the inverse of MarshalText.
func (m *ManyDown) UnmarshalText(b []byte) (err error) {
	*m, err = manyDowns.Parse(b)
	return err
}

// ImpactRule derives the impact of an incident from what was observed (§4.3).
type ImpactRule struct {
	// ManyDown is the reading of five or more base services down, but not all.
	ManyDown ManyDown `json:"five_or_more_down,omitzero"`
	// Quorum is how many base services must answer for the service to be available (§4.9), at least 1. Where
	// fewer are asked, it is their number.
	Quorum int `json:"quorum"`
	// Most is the share of calls that must be exceeded for "most calls" to time out: 50 % in the preset, since
	// flertalet may be most or several.
	Most compliance.Goal `json:"most,omitzero"`
}

// Check returns an error wrapping [ErrReading] if a reading is not named, the quorum is less than 1, or there is no share
// for most.
func (r ImpactRule) Check() error {
	switch {
	case r.ManyDown.String() == "":
		return fmt.Errorf("priority: five or more down: %w: one of %v", ErrReading, manyDowns.Names)
	case r.Quorum < 1:
		return fmt.Errorf("priority: quorum %d: %w: 1 or more", r.Quorum, ErrReading)
	case r.Most.IsZero():
		return fmt.Errorf("priority: most calls: %w: a share such as 50%%", ErrReading)
	}
	return nil
}

// An Observation is what is known of an incident: of the base services, of one composite call, or of many calls. Zero
// values say nothing.
type Observation struct {
	Total int `json:"total"` // base services, N
	Down  int `json:"down"`  // of them

	Asked    int `json:"asked,omitempty"`    // base services asked in one call
	Answered int `json:"answered,omitempty"` // of those

	NoCallAnswered bool             `json:"no_call_answered,omitempty"`
	TimedOut       compliance.Share `json:"timed_out,omitzero"` // calls that timed out, Met, of all, Total
	SingleFailures bool             `json:"single_failures,omitempty"`
}

// ErrObserved is the cause where an observation cannot be: more services down than there are.
var ErrObserved = errors.New("cannot have been observed")

// Impact is the class of an observation with the reason, the worst of all that hold; it is 0 for no incident.
//
// It returns an error:
//   - wrapping [ErrObserved] if a number is negative, or there are more down, answered or timed out than there are,
//   - and those of Check.
func (r ImpactRule) Impact(o Observation) (impact int, why string, err error) {
	if err := r.Check(); err != nil {
		return 0, "", err
	}
	switch {
	case o.Total < 0 || o.Down < 0 || o.Asked < 0 || o.Answered < 0:
		return 0, "", fmt.Errorf("priority: %w: a negative number of services", ErrObserved)
	case o.Down > o.Total:
		return 0, "", fmt.Errorf("priority: %w: %d services down of %d", ErrObserved, o.Down, o.Total)
	case o.Answered > o.Asked:
		return 0, "", fmt.Errorf("priority: %w: %d services answered of %d asked", ErrObserved, o.Answered, o.Asked)
	case o.Asked > o.Total && o.Total > 0:
		return 0, "", fmt.Errorf("priority: %w: %d services asked of %d", ErrObserved, o.Asked, o.Total)
	}
	if err := o.TimedOut.Check(); err != nil {
		return 0, "", fmt.Errorf("priority: %w: calls timed out: %w", ErrObserved, err)
	}
	// Worst wins: the classes stand in their order.
	down, downWhy := r.services(o.Total, o.Down, "base services down")
	failed, failedWhy := r.services(o.Asked, o.Asked-o.Answered, "base services asked did not answer")
	switch {
	case o.NoCallAnswered:
		return 1, "no call is answered", nil
	case down == 1:
		return 1, downWhy, nil
	case failed == 1:
		return 1, failedWhy, nil
	case down == 2:
		return 2, downWhy, nil
	case failed == 2:
		return 2, failedWhy, nil
	case r.most(o.TimedOut):
		return 3, fmt.Sprintf("%s calls timed out, more than %s", o.TimedOut, r.Most), nil
	case o.TimedOut.Met > 0:
		return 4, fmt.Sprintf("%s calls timed out, not more than %s", o.TimedOut, r.Most), nil
	case o.SingleFailures:
		return 4, "single calls fail", nil
	}
	return 0, "no incident", nil
}

// services is the class of so many of all base services down: 1, 2, or 0 for none.
func (r ImpactRule) services(all, down int, what string) (int, string) {
	why := fmt.Sprintf("%d of %d %s", down, all, what)
	switch {
	case down == 0:
		return 0, ""
	// §4.3 impact 1: total interruption.
	case down == all:
		return 1, why
	// §4.3 impact 2: one to four, even where the service is then unavailable.
	case down <= 4:
		return 2, why
	// The hole, which the text leaves open.
	case r.ManyDown == ManyDownIs1, r.ManyDown == ManyDownByQuorum && all-down < min(r.Quorum, all):
		return 1, why + " (" + r.ManyDown.String() + ")"
	}
	return 2, why + " (" + r.ManyDown.String() + ")"
}

// most reports whether more calls timed out than the share that is most.
func (r ImpactRule) most(s compliance.Share) bool { return s.Total > 0 && s.Exceeds(r.Most) }

// Factors are the two times three factors of a problem (§4.5), each a class from 1, the worst; 0 is not
// known.
type Factors struct {
	// What it does: the share of users, the effect on the business, the severity for security.
	Users    int `json:"users,omitempty"`
	Business int `json:"business,omitempty"`
	Security int `json:"security,omitempty"`
	// When it hurts: the quality of the workaround with the likelihood of recurrence, critical business time, the
	// interest of media or security.
	Recurrence   int `json:"recurrence,omitempty"`
	CriticalTime int `json:"critical_time,omitempty"`
	Attention    int `json:"attention,omitempty"`
}

// Worst is the worst known factor of each three, 0 where none is known: the impact and the timing of
// the matrix.
func (f Factors) Worst() (impact, timing int) {
	return worst(f.Users, f.Business, f.Security), worst(f.Recurrence, f.CriticalTime, f.Attention)
}

func worst(classes ...int) int {
	w := 0
	for _, c := range classes {
		if c != 0 && (w == 0 || c < w) {
			w = c
		}
	}
	return w
}
