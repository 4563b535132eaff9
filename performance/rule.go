package performance

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// Unanswered is what calls without an answer count as in the share within a limit. In the delivery precision they always are misses.
type Unanswered uint8

// The readings of §4.8, which speaks of calls that are answered within a time.
const (
	UnansweredExcluded Unanswered = iota + 1 // they are left out: the preset's, and that of the zero value
	UnansweredFail                           // they are within no limit
)

// Hours is which calls are judged, by when they were received.
type Hours uint8

// The readings of §4.8 and §4.10, which do not say.
const (
	HoursOpening Hours = iota + 1 // those received in opening hours: the preset's, and that of the zero value
	HoursAll                      // all
)

// Groups is whether calls about one person, two, and so on are judged together.
type Groups uint8

// The readings of §4.8, which names the limits of each group size, and one percentage.
const (
	GroupsPooled Groups = iota + 1 // together, each call against its own limits: the preset's, and that of the zero value
	GroupsEach                     // every group size that has calls must reach the goal by itself
)

// OverCapacity is what calls beyond the agreed capacity count as.
type OverCapacity uint8

// The readings of §4.7, which does not say what exceeding it means.
const (
	OverCapacityIn  OverCapacity = iota + 1 // they are judged as all others: the preset's, and that of the zero value
	OverCapacityOut                         // they are judged against no limit; in the delivery precision they stay
)

var (
	unanswereds    = wordsOf[Unanswered]("unanswered", "excluded", "fail")
	hourss         = wordsOf[Hours]("hours", "opening", "all")
	groupss        = wordsOf[Groups]("groups", "pooled", "each")
	overCapacities = wordsOf[OverCapacity]("over_capacity", "in", "out")
)

// String is excluded or fail; it is empty for the zero value.
func (u Unanswered) String() string { return unanswereds.Text(u) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (u Unanswered) MarshalText() ([]byte, error) { return unanswereds.Marshal(u) }

// UnmarshalText is the inverse of MarshalText.
func (u *Unanswered) UnmarshalText(b []byte) (err error) {
	*u, err = unanswereds.Parse(b)
	return err
}

// String is opening or all; it is empty for the zero value.
func (h Hours) String() string { return hourss.Text(h) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (h Hours) MarshalText() ([]byte, error) { return hourss.Marshal(h) }

// UnmarshalText is the inverse of MarshalText.
func (h *Hours) UnmarshalText(b []byte) (err error) {
	*h, err = hourss.Parse(b)
	return err
}

// String is pooled or each; it is empty for the zero value.
func (g Groups) String() string { return groupss.Text(g) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (g Groups) MarshalText() ([]byte, error) { return groupss.Marshal(g) }

// UnmarshalText is the inverse of MarshalText.
func (g *Groups) UnmarshalText(b []byte) (err error) {
	*g, err = groupss.Parse(b)
	return err
}

// String is in or out; it is empty for the zero value.
func (o OverCapacity) String() string { return overCapacities.Text(o) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (o OverCapacity) MarshalText() ([]byte, error) { return overCapacities.Marshal(o) }

// UnmarshalText is the inverse of MarshalText.
func (o *OverCapacity) UnmarshalText(b []byte) (err error) {
	*o, err = overCapacities.Parse(b)
	return err
}

// A Limit is how fast which share of the calls must be answered (§4.8): within 7 s and 1.5 s for each further person, 90 % of them.
type Limit struct {
	// Within is how long the answer to a call about one person may take, inclusive.
	Within servicetime.Duration `json:"within"`
	// PerPerson is what each further person adds to it.
	PerPerson servicetime.Duration `json:"per_person,omitzero"`
	// Share is how many of the calls must be within the limit; zero is not agreed: it is measured, and not judged.
	Share compliance.Goal `json:"share,omitzero"`
}

// For is how long the answer to a call about so many persons may take, inclusive. Persons count from 1.
func (l Limit) For(persons int) time.Duration {
	return time.Duration(l.Within) + time.Duration(persons-1)*time.Duration(l.PerPerson)
}

// String is the time, without the share: 7 s (+1.5 s a person).
func (l Limit) String() string {
	if l.PerPerson == 0 {
		return l.Within.String()
	}
	return fmt.Sprintf("%s (+%s a person)", l.Within, l.PerPerson)
}

// A Rule says what calls are judged by (§4.8, §4.10).
type Rule struct {
	// Limits are at most [MaxLimits], in any order. Each is judged by itself.
	Limits []Limit `json:"limits,omitempty"`
	// MaxPersons is the most persons in a call, 1 to [MaxGroup]; calls about more are invalid.
	MaxPersons int `json:"max_persons"`
	// Precision is the least delivery precision: answered calls, of all (§4.10). Zero is not agreed.
	Precision compliance.Goal `json:"precision,omitzero"`
	// Opening is when the service is open (§4.1.1), and the zone of the hours of the day. Without it every call counts as
	// received in opening hours, and hours are those of UTC.
	Opening *servicetime.Calendar `json:"-"`
	// Unanswered is what calls without an answer count as in the share within a limit.
	Unanswered Unanswered `json:"unanswered,omitzero"`
	// Hours is which calls are judged, by when they were received.
	Hours Hours `json:"hours,omitzero"`
	// PrecisionHours is Hours for the delivery precision; zero is the same as Hours. The letter of §4.10, all calls, is all.
	PrecisionHours Hours `json:"precision_hours,omitzero"`
	// Groups is whether group sizes are judged together.
	Groups Groups `json:"groups,omitzero"`
	// OverCapacity is what calls beyond the agreed capacity count as.
	OverCapacity OverCapacity `json:"over_capacity,omitzero"`
}

// The largest rule: a tally grows with it.
const (
	MaxLimits = 4
	MaxGroup  = 100 // the largest MaxPersons of a rule
)

// ErrLimit is the cause where a limit allows no time at all, or too much to be one.
var ErrLimit = errors.New("not a limit")

// Check returns an error if:
//   - a limit is not longer than 0, adds less than 0 a person, or is longer than the years 1970 to 2200 for the largest group: [ErrLimit],
//   - there are more than [MaxLimits], or MaxPersons is more than [MaxGroup]: [servicetime.ErrLimit],
//   - MaxPersons is less than 1: [ErrPersons],
//   - a reading is none of those named: [ErrReading].
//
// Each is a [*servicetime.Fault] that names the field, such as limits[1].within; they come all at once.
func (r *Rule) Check() error {
	var errs []error
	if r.MaxPersons < 1 {
		errs = append(errs, flaw("max_persons", strconv.Itoa(r.MaxPersons), fmt.Errorf("performance: largest group: %w: 1 to %d", ErrPersons, MaxGroup)))
	}
	if r.MaxPersons > MaxGroup {
		errs = append(errs, flaw("max_persons", strconv.Itoa(r.MaxPersons), fmt.Errorf("performance: largest group: %w: at most %d", servicetime.ErrLimit, MaxGroup)))
	}
	if len(r.Limits) > MaxLimits {
		errs = append(errs, flaw("limits", strconv.Itoa(len(r.Limits)), fmt.Errorf("performance: limits: %w: at most %d", servicetime.ErrLimit, MaxLimits)))
	}
	for i, l := range r.Limits[:min(len(r.Limits), MaxLimits)] {
		field := func(name string, d servicetime.Duration, why string) {
			errs = append(errs, flaw(fmt.Sprintf("limits[%d].%s", i, name), d.String(), fmt.Errorf("performance: %w: %s", ErrLimit, why)))
		}
		const most = servicetime.Duration(maxResponse)
		if l.Within <= 0 || l.Within > most {
			field("within", l.Within, "longer than 0, and within the years 1970 to 2200")
		} else if l.PerPerson > (most-l.Within)/MaxGroup {
			field("per_person", l.PerPerson, "the limit of the largest group is longer than the years 1970 to 2200")
		}
		if l.PerPerson < 0 {
			field("per_person", l.PerPerson, "from 0 on")
		}
	}
	for _, reading := range []struct {
		field string
		err   error
	}{
		{"unanswered", unanswereds.Check(r.Unanswered)},
		{"hours", hourss.Check(r.Hours)},
		{"precision_hours", hourss.Check(r.PrecisionHours)},
		{"groups", groupss.Check(r.Groups)},
		{"over_capacity", overCapacities.Check(r.OverCapacity)},
	} {
		if reading.err != nil {
			errs = append(errs, flaw(reading.field, "", reading.err))
		}
	}
	return errors.Join(errs...)
}

// years are the first second in which a call can be, and the one behind the last.
func (r *Rule) years() (first, end int64) {
	if r.Opening == nil {
		return 0, endSecond
	}
	all, err := r.Opening.Span(servicetime.Dates{First: servicetime.Date{Year: 1970, Month: 1, Day: 1}, Last: servicetime.Date{Year: 2200, Month: 12, Day: 31}})
	if err != nil {
		return 0, 0 // unreachable: every calendar has these two dates
	}
	return all.From.Unix(), all.To.Unix()
}

// terms are what calls are counted by, which a tally cannot change later; all else of a rule is applied to the counts.
type terms struct {
	limits     [MaxLimits]limitTerms
	n          int // of the limits
	maxPersons int // 0 is no terms yet
	zone       string
}

type limitTerms struct{ within, perPerson servicetime.Duration }

func (r *Rule) terms() terms {
	ts := terms{n: len(r.Limits), maxPersons: r.MaxPersons}
	for i, l := range r.Limits {
		ts.limits[i] = limitTerms{l.Within, l.PerPerson}
	}
	if r.Opening != nil {
		ts.zone = r.Opening.Location().String()
	}
	return ts
}

// rule has the terms, and no goals.
func (ts *terms) rule() Rule {
	r := Rule{MaxPersons: ts.maxPersons}
	for _, l := range ts.limits[:ts.n] {
		r.Limits = append(r.Limits, Limit{Within: l.within, PerPerson: l.perPerson})
	}
	return r
}
