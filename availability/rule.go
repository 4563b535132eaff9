package availability

import (
	"cmp"
	"errors"
	"fmt"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// Planned is what planned work, and other excused time, counts as.
type Planned uint8

// The readings of §4.6.1, which does not say whether excused time stays in the base.
const (
	PlannedUp         Planned = iota + 1 // it counts as up: the preset's, and that of the zero value
	PlannedRemoved                       // it is taken off the opening hours
	PlannedAsObserved                    // nothing is excused: an outage in it is downtime, as an undecided window or an unannounced overrun is
)

// DegradedAs is what time with disturbance counts as (§4.9).
type DegradedAs uint8

// The readings of degraded time.
const (
	DegradedUp       DegradedAs = iota + 1 // as up: the preset's, and that of the zero value
	DegradedDown                           // as down, interruptions included
	DegradedWeighted                       // as up in part, by Rule.Weight, and no interruption
)

var (
	plannedReadings  = wordsOf[Planned]("planned", "as_up", "removed", "as_observed")
	degradedReadings = wordsOf[DegradedAs]("degraded", "up", "down", "weighted")
)

// String is as_up, removed or as_observed; it is empty for the zero value.
func (p Planned) String() string { return plannedReadings.Text(p) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (p Planned) MarshalText() ([]byte, error) { return plannedReadings.Marshal(p) }

// UnmarshalText is the inverse of MarshalText.
func (p *Planned) UnmarshalText(b []byte) (err error) {
	*p, err = plannedReadings.Parse(b)
	return err
}

// String is up, down or weighted; it is empty for the zero value.
func (d DegradedAs) String() string { return degradedReadings.Text(d) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (d DegradedAs) MarshalText() ([]byte, error) { return degradedReadings.Marshal(d) }

// UnmarshalText is the inverse of MarshalText.
func (d *DegradedAs) UnmarshalText(b []byte) (err error) {
	*d, err = degradedReadings.Parse(b)
	return err
}

// A Rule says what counts as down, and as an interruption. With opening hours alone it is the preset's reading of §4.9: every
// outage counts, excused time is up, disturbance is up.
type Rule struct {
	// Opening is when the service shall be available (§4.1.1).
	Opening *servicetime.Calendar `json:"-"`
	// Periods is the calendar in whose zone months and years are; nil is that of Opening.
	Periods *servicetime.Calendar `json:"-"`
	// MinGap: outages with less time than this between them are one interruption. What lies between them is not down. 0 joins
	// only those that touch.
	MinGap servicetime.Duration `json:"min_gap,omitzero"`
	// MinLength: an outage counts, as down and as an interruption, if it is at least so long, on the wall clock and with those
	// that touch it.
	MinLength servicetime.Duration `json:"min_length,omitzero"`
	// Cluster: shorter outages count too, together as one interruption, where each lies with the next within so much time, from the start
	// of the one to the end of the other.
	Cluster servicetime.Duration `json:"cluster,omitzero"`
	// Planned is what excused time counts as.
	Planned Planned `json:"planned,omitzero"`
	// Degraded is what disturbance counts as.
	Degraded DegradedAs `json:"degraded,omitzero"`
	// Weight is the share of degraded time that counts as up, where it is weighted.
	Weight compliance.Goal `json:"weight,omitzero"`
}

// named is the rule with its zero readings named.
func (r *Rule) named() Rule {
	n := *r
	n.Planned, n.Degraded = cmp.Or(r.Planned, PlannedUp), cmp.Or(r.Degraded, DegradedUp)
	return n
}

// String is every reading in a line, those left to their zero value included:
//
//	planned as_up, degraded up
//	planned removed, degraded weighted 50 %, gaps under 5 min joined, at least 1 min long, or within 2 min of another
func (r Rule) String() string {
	n := r.named()
	text := fmt.Sprintf("planned %s, degraded %s", n.Planned, n.Degraded)
	if !n.Weight.IsZero() {
		text += " " + n.Weight.String()
	}
	if n.MinGap > 0 {
		text += ", gaps under " + n.MinGap.String() + " joined"
	}
	if n.MinLength > 0 {
		text += ", at least " + n.MinLength.String() + " long"
	}
	if n.Cluster > 0 {
		text += ", or within " + n.Cluster.String() + " of another"
	}
	return text
}

// span is a period in its zone.
func (r *Rule) span(p servicetime.Period) (servicetime.Span, error) {
	if r.Periods != nil {
		return r.Periods.Span(p)
	}
	return r.Opening.Span(p)
}

// Check returns an error wrapping [ErrReading] if:
//   - there are no opening hours,
//   - a reading is none of those named,
//   - a duration is negative, or outages cluster though all of them count,
//   - degraded time is weighted without a weight, or has a weight and is not.
//
// Each is a [*servicetime.Fault] that names the field; they come all at once.
func (r *Rule) Check() error {
	if r.Opening == nil {
		return noCalendar()
	}
	return r.CheckReadings()
}

// CheckReadings is Check without the opening hours.
func (r *Rule) CheckReadings() error {
	var errs []error
	refuse := func(field, value, why string) {
		errs = append(errs, flaw(field, value, fmt.Errorf("availability: %w: %s", ErrReading, why)))
	}
	for _, reading := range []struct {
		field string
		err   error
	}{{"planned", plannedReadings.Check(r.Planned)}, {"degraded", degradedReadings.Check(r.Degraded)}} {
		if reading.err != nil {
			errs = append(errs, flaw(reading.field, "", reading.err))
		}
	}
	for _, d := range []struct {
		field string
		value servicetime.Duration
	}{{"min_gap", r.MinGap}, {"min_length", r.MinLength}, {"cluster", r.Cluster}} {
		if d.value < 0 {
			refuse(d.field, d.value.String(), "it is negative")
		}
	}
	if r.Cluster > 0 && r.MinLength == 0 {
		refuse("cluster", r.Cluster.String(), "without min_length every outage counts")
	}
	switch weighted := r.Degraded == DegradedWeighted; {
	case weighted && r.Weight.IsZero():
		refuse("weight", "", "degraded time is weighted by a share such as 50%")
	case !weighted && !r.Weight.IsZero():
		refuse("weight", r.Weight.String(), "degraded time is not weighted")
	}
	return errors.Join(errs...)
}

// counted are the stretches of down time that are long enough, and those that stand together; skipped are the others. Both end at cut.
//
//	long enough     |--------|
//	alone                        |-|            skipped
//	together                           |-| |-|
//	                                   |-----|  cluster
func (r *Rule) counted(down line, cut int64) (counted, skipped line) {
	if r.MinLength <= 1 {
		return down, nil
	}
	end := func(s stretch) int64 { return min(s.to, cut) }
	near := func(i, j int) bool {
		return i >= 0 && j < len(down) && r.Cluster > 0 && down[j].from < cut && end(down[j])-down[i].from <= int64(r.Cluster)
	}
	for i, s := range down {
		if end(s)-s.from >= int64(r.MinLength) || near(i-1, i) || near(i, i+1) {
			counted = append(counted, s)
		} else {
			skipped = append(skipped, s)
		}
	}
	return counted, skipped
}

// together reports whether two stretches that count, one behind the other, are one interruption as of an instant.
func (r *Rule) together(a, b stretch, cut int64) bool {
	return b.from-a.to < int64(r.MinGap) || r.Cluster > 0 && min(b.to, cut)-a.from <= int64(r.Cluster)
}
