package availability

import (
	"cmp"
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
	PlannedAsObserved                    // nothing is excused: an outage in it is downtime
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
	planneds    = words[Planned]{"planned", []string{"as_up", "removed", "as_observed"}}
	degradedAss = words[DegradedAs]{"degraded", []string{"up", "down", "weighted"}}
)

// String is as_up, removed or as_observed; it is empty for the zero value.
func (p Planned) String() string { return planneds.text(p) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (p Planned) MarshalText() ([]byte, error) { return planneds.marshal(p) }

// UnmarshalText is the inverse of MarshalText.
func (p *Planned) UnmarshalText(b []byte) (err error) {
	*p, err = planneds.parse(b)
	return err
}

// String is up, down or weighted; it is empty for the zero value.
func (d DegradedAs) String() string { return degradedAss.text(d) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (d DegradedAs) MarshalText() ([]byte, error) { return degradedAss.marshal(d) }

// UnmarshalText is the inverse of MarshalText.
func (d *DegradedAs) UnmarshalText(b []byte) (err error) {
	*d, err = degradedAss.parse(b)
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

// span is a period in its zone.
func (r *Rule) span(p servicetime.Period) (servicetime.Span, error) {
	if r.Periods != nil {
		return r.Periods.Span(p)
	}
	return r.Opening.Span(p)
}

// Check returns an error wrapping [ErrReading] if:
//   - there are no opening hours, or a reading is none of those named,
//   - a duration is negative,
//   - degraded time is weighted without a weight, or has a weight and is not.
func (r *Rule) Check() error {
	if r.Opening == nil {
		return noCalendar()
	}
	return r.CheckReadings()
}

// CheckReadings is Check without the opening hours.
func (r *Rule) CheckReadings() error {
	if err := planneds.check(r.Planned); err != nil {
		return err
	}
	if err := degradedAss.check(r.Degraded); err != nil {
		return err
	}
	switch {
	case r.MinGap < 0 || r.MinLength < 0 || r.Cluster < 0:
		return fmt.Errorf("availability: %w: a duration is negative", ErrReading)
	case r.Cluster > 0 && r.MinLength == 0:
		return fmt.Errorf("availability: cluster: %w: without min_length every outage counts", ErrReading)
	case r.Degraded == DegradedWeighted && r.Weight.IsZero():
		return fmt.Errorf("availability: weight: %w: degraded time is weighted by a share such as 50%%", ErrReading)
	case r.Degraded != DegradedWeighted && !r.Weight.IsZero():
		return fmt.Errorf("availability: weight: %w: degraded time is not weighted", ErrReading)
	}
	return nil
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
