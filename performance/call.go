package performance

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"example.com/sla/servicetime"
)

// Fault is who kept a call from being answered, where the record says. The zero value is not known, and so is a value that is not named.
type Fault uint8

// The two parties. A fault moves no verdict (§4.10): it tells the deviations apart.
const (
	FaultOperator Fault = iota + 1 // the operator, driftleverantör
	FaultProvider                  // a data provider, uppgiftslämnare
)

var faults = wordsOf[Fault]("fault", "operator", "provider")

// String is operator or provider; it is empty for the zero value.
func (f Fault) String() string { return faults.Text(f) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (f Fault) MarshalText() ([]byte, error) { return faults.Marshal(f) }

// UnmarshalText is the inverse of MarshalText.
func (f *Fault) UnmarshalText(b []byte) (err error) {
	*f, err = faults.Parse(b)
	return err
}

// A Call is one question about one or more persons, or a leg of it to one base service (§3.1.2).
type Call struct {
	// At is when the operator's record says that it started. Its fraction of a second never matters: opening hours and hours of the day
	// end on whole seconds.
	At time.Time `json:"at"`
	// Response is how long the answer took, exact to the nanosecond: 7 s and a nanosecond is over 7 s. Of a call that was not
	// answered it says nothing, but may not be negative.
	Response time.Duration `json:"response,omitzero"`
	// Persons is how many the call asks about: 1 to the most of the rule.
	Persons int `json:"persons"`
	// Answered is false for an error, which is no answer (§4.10). Whether an answer of some base services is one is not decided here.
	Answered bool `json:"answered"`
	// Fault is whose it was that there was no answer; of an answered call it says nothing.
	Fault Fault `json:"fault,omitzero"`
	// Over says that the call came beyond the agreed capacity (§4.7).
	Over bool `json:"over,omitempty"`
	// Provider is whose base service a leg goes to; empty is the composite call itself.
	Provider string `json:"provider,omitempty"`
}

// Causes of invalid calls; the third is [servicetime.ErrRange].
var (
	ErrPersons  = errors.New("not a group size")    // fewer than 1, or more than the rule's most (§4.8)
	ErrResponse = errors.New("not a response time") // negative, or longer than the years 1970 to 2200
)

// The years 1970 to 2200 in UTC; a response is no longer than they are.
const (
	endSecond   = 7_289_654_400 // 2201-01-01
	maxResponse = endSecond * time.Second
)

// Check says why a call is invalid under a rule: a tally counts it apart, and judges it by nothing.
//
// It returns an error if:
//   - At lies outside the years 1970 to 2200, in the zone of the opening hours: [servicetime.ErrRange],
//   - Persons is less than 1 or more than the rule's most: [ErrPersons],
//   - Response is negative, or longer than all those years, answered or not: [ErrResponse].
//
// Each is a [*servicetime.Fault] that names the field; they come all at once.
func (c *Call) Check(rule *Rule) error {
	var errs []error
	if first, end := rule.years(); c.At.Unix() < first || c.At.Unix() >= end {
		value := ""
		if !c.At.IsZero() {
			value = c.At.Format(time.RFC3339Nano)
		}
		errs = append(errs, flaw("at", value, fmt.Errorf("performance: start of a call: %w", servicetime.ErrRange)))
	}
	if c.Persons < 1 || c.Persons > rule.MaxPersons {
		errs = append(errs, flaw("persons", strconv.Itoa(c.Persons), fmt.Errorf("performance: persons: %w: 1 to %d", ErrPersons, rule.MaxPersons)))
	}
	if c.Response < 0 || c.Response > maxResponse {
		errs = append(errs, flaw("response", c.Response.String(), fmt.Errorf("performance: response: %w: from 0 on, and within the years 1970 to 2200", ErrResponse)))
	}
	return errors.Join(errs...)
}

func flaw(path, value string, err error) *servicetime.Fault {
	code := "bad_request"
	switch {
	case errors.Is(err, servicetime.ErrRange), errors.Is(err, ErrPersons), errors.Is(err, ErrResponse), errors.Is(err, ErrLimit):
		code = "out_of_range"
	case errors.Is(err, servicetime.ErrLimit):
		code = "too_large"
	}
	return &servicetime.Fault{Path: path, Code: code, Value: value, Err: err}
}
