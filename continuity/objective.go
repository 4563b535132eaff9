package continuity

import (
	"errors"
	"fmt"
	"strings"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// An Objective is one agreed time, or point, of continuity (§4.12): `immediate`, `72 h`, `1 working week`, `last transaction`. Objectives
// are equal (==) if their texts are; a working week is not equal to 5 business days, though it lasts as long.
//
// The zero value is not agreed, the blank of §4.12.1, which is not zero time: that is immediate.
type Objective struct {
	form  form
	weeks int32              // of workingWeeks
	time  servicetime.Target // of timed, and of workingWeeks in business days
}

type form uint8

const (
	timed form = iota + 1
	workingWeeks
	immediate
	lastTransaction
	lastBackup
)

// week is the business days of a working week.
const week = 5

var formNames = map[form]string{immediate: "immediate", lastTransaction: "last transaction", lastBackup: "last backup"}

// ParseObjective is the inverse of [Objective.String] for what is agreed. It reads the forms of [servicetime.ParseTarget] (`30 min`, `72 h`, `2
// business days`, `6 days`), `1 working week`, `2 working weeks`, `immediate`, `last transaction` and `last backup`.
//
// It returns an error:
//   - wrapping [servicetime.ErrText] if the text has another form, blank included,
//   - wrapping [servicetime.ErrLimit] if the number is over 1,000,000, or 200,000 weeks.
func ParseObjective(s string) (Objective, error) {
	for f, name := range formNames {
		if s == name {
			return Objective{form: f}, nil
		}
	}
	number, unit, _ := strings.Cut(s, " ")
	if unit != "working week" && unit != "working weeks" {
		t, err := servicetime.ParseTarget(s)
		if err == nil && t.None() { // what is not agreed is left out
			err = servicetime.ErrText
		}
		if err != nil {
			return Objective{}, objectiveError(s, err)
		}
		return Objective{form: timed, time: t}, nil
	}
	t, err := servicetime.ParseTarget(number + " days")
	n, _ := t.Days()
	if err == nil {
		t, err = servicetime.ParseTarget(fmt.Sprintf("%d business days", n*week))
	}
	if err != nil {
		return Objective{}, objectiveError(s, err)
	}
	return Objective{workingWeeks, int32(n), t}, nil
}

func objectiveError(s string, err error) error {
	cause, hint := servicetime.ErrText, `write "30 min", "72 h", "2 days", "2 business days", "1 working week", "immediate", "last transaction" or "last backup"`
	if errors.Is(err, servicetime.ErrLimit) {
		cause, hint = servicetime.ErrLimit, "at most 1000000, and 200000 weeks"
	}
	return fmt.Errorf("continuity: objective %.40q: %w: %s", s, cause, hint)
}

// MustObjective is [ParseObjective] for literals; it panics where ParseObjective fails.
func MustObjective(s string) Objective {
	o, err := ParseObjective(s)
	if err != nil {
		panic(err)
	}
	return o
}

// IsZero reports whether nothing is agreed.
func (o Objective) IsZero() bool { return o.form == 0 }

// String writes the objective as ParseObjective reads it, and "not agreed" for the zero value.
func (o Objective) String() string {
	switch o.form {
	case 0:
		return "not agreed"
	case timed:
		return o.time.String()
	case workingWeeks:
		if o.weeks == 1 {
			return "1 working week"
		}
		return fmt.Sprintf("%d working weeks", o.weeks)
	}
	return formNames[o.form]
}

// MarshalText is the text form of String; it is empty for what is not agreed.
func (o Objective) MarshalText() ([]byte, error) {
	if o.IsZero() {
		return nil, nil
	}
	return []byte(o.String()), nil
}

// UnmarshalText is the inverse of MarshalText: empty text is not agreed, anything else is read by [ParseObjective].
func (o *Objective) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*o = Objective{}
		return nil
	}
	read, err := ParseObjective(string(b))
	if err == nil {
		*o = read
	}
	return err
}

// Objectives are what is agreed for one service (§4.12.1). The zero value is the blank table of the agreement.
type Objectives struct {
	// RTO is how long a total interruption may last: a time, or immediate.
	RTO Objective `json:"rto,omitzero"`
	// RPO is the point in the data to return to: so long before the disruption, last transaction, or last backup.
	RPO Objective `json:"rpo,omitzero"`
	// BackupEvery and TestEvery are the longest times from one to the next.
	BackupEvery Objective `json:"backup_every,omitzero"`
	TestEvery   Objective `json:"test_every,omitzero"`
	// MTPD is the maximum tolerable period of disruption, from its start until work is back to normal. A time, or immediate.
	MTPD Objective `json:"mtpd,omitzero"`
	// WRT is the work recovery time, from the restoration until work is back to normal. A time, or immediate.
	WRT Objective `json:"wrt,omitzero"`
	// MBCO is the minimum business continuity objective: the least share of the service to keep up meanwhile.
	MBCO compliance.Goal `json:"mbco,omitzero"`
}

// ErrObjective is the cause where an objective is of a form that its place does not know: an RTO of last backup.
var ErrObjective = errors.New("no objective for this")

// Check returns an error wrapping [ErrObjective] if RTO, MTPD or WRT is a point in the data, RPO is immediate (write last transaction), or a
// frequency is no time. Each is a [*servicetime.Fault] that names the field; they come all at once.
func (o *Objectives) Check() error { return errors.Join(o.faults()...) }

func (o *Objectives) faults() (errs []error) {
	for _, place := range []struct {
		field  string
		value  Objective
		others []form // beside times
		hint   string
	}{
		{"rto", o.RTO, []form{immediate}, "a time, or immediate"},
		{"rpo", o.RPO, []form{lastTransaction, lastBackup}, "a time, last transaction, or last backup"},
		{"backup_every", o.BackupEvery, nil, "a time"},
		{"test_every", o.TestEvery, nil, "a time"},
		{"mtpd", o.MTPD, []form{immediate}, "a time, or immediate"},
		{"wrt", o.WRT, []form{immediate}, "a time, or immediate"},
	} {
		if !place.value.fits(place.others...) {
			errs = append(errs, flaw(place.field, place.value.String(), fmt.Errorf("continuity: %w: give %s", ErrObjective, place.hint)))
		}
	}
	return errs
}

// fits reports whether the objective is not agreed, a time, or of one of the other forms.
func (o Objective) fits(others ...form) bool {
	ok := o.form == 0 || o.form == timed || o.form == workingWeeks
	for _, f := range others {
		ok = ok || o.form == f
	}
	return ok
}
