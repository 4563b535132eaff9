package sla

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// ErrAmbiguous is the cause where two versions of an agreement hold on one date.
var ErrAmbiguous = errors.New("more than one version holds")

// Versions are the versions of an agreement, in any order: [Agreement.Valid] says when each holds. The dates are local ones, in whatever zone.
type Versions []*Rules

// At is the version that holds on a date.
//
// It returns an error:
//   - wrapping [servicetime.ErrRange] if there is no such date in the years 1970 to 2200,
//   - wrapping [ErrUnknown] if no version holds,
//   - wrapping [ErrAmbiguous] if more than one does.
func (v Versions) At(date servicetime.Date) (*Rules, error) {
	if !date.IsValid() {
		return nil, fmt.Errorf("sla: version on %s: %w", date, servicetime.ErrRange)
	}
	var hold Versions
	for _, r := range v {
		if r.agreement.Valid.Holds(date) {
			hold = append(hold, r)
		}
	}
	switch len(hold) {
	case 0:
		return nil, fmt.Errorf("sla: version on %s: %w: there are %s", date, ErrUnknown, v.told())
	case 1:
		return hold[0], nil
	}
	return nil, fmt.Errorf("sla: version on %s: %w: %s", date, ErrAmbiguous, hold.told())
}

// told lists the versions, and when each holds.
func (v Versions) told() string {
	texts := make([]string, len(v))
	for i, r := range v {
		a := &r.agreement
		texts[i] = fmt.Sprintf("%s %q (%s)", a.Name, a.Version, a.Valid)
	}
	return cmp.Or(strings.Join(texts, ", "), "none")
}

// A Mismatch is where two versions of an agreement overlap, or leave a gap between them.
type Mismatch struct {
	Agreement string // its name
	Overlap   bool   // both hold; else none does
	// Dates are those from and to which it is so, both included. An overlap may be open at either end.
	Dates Validity
	// Earlier and Later are the versions. An overlap has the one that begins first in Earlier; of two that begin together the one that
	// ends first.
	Earlier, Later string
}

// String is the mismatch in a line: SSBTEK: no version holds 2026-01-01 – 2026-01-31, between "2025" and "2026".
func (m Mismatch) String() string {
	if m.Overlap {
		return fmt.Sprintf("%s: %q and %q both hold, %s", m.Agreement, m.Earlier, m.Later, m.Dates)
	}
	return fmt.Sprintf("%s: no version holds %s, between %q and %q", m.Agreement, m.Dates, m.Earlier, m.Later)
}

// Check finds the dates on which two versions hold, and those between versions on which none does. Agreements of other names are checked each by
// itself. What comes before the first version and after the last is no gap. Three versions that hold on one date are three overlaps.
//
// The mismatches are in the order of the agreements' names, then by their first date.
//
//	2025   |------|
//	2026            |-----------
//	2026b               |-----------
//	gap            ||
//	overlap             |-------
func (v Versions) Check() []Mismatch {
	sorted := slices.Clone(v)
	slices.SortStableFunc(sorted, func(a, b *Rules) int {
		return cmp.Or(strings.Compare(a.agreement.Name, b.agreement.Name),
			compareFrom(a.agreement.Valid, b.agreement.Valid), compareTo(a.agreement.Valid, b.agreement.Valid),
			strings.Compare(a.agreement.Version, b.agreement.Version))
	})
	var out []Mismatch
	for i, r := range sorted {
		later := &r.agreement
		var last *Agreement // of those that begin before, the one that ends last
		for _, before := range sorted[:i] {
			earlier := &before.agreement
			if earlier.Name != later.Name {
				continue
			}
			if last == nil || compareTo(last.Valid, earlier.Valid) <= 0 {
				last = earlier
			}
			// It does not begin after the later one, so that they have a date in common if it has not ended before.
			if !endsBefore(earlier.Valid, later.Valid) {
				both := Validity{From: later.Valid.From, To: later.Valid.To}
				if compareTo(earlier.Valid, later.Valid) < 0 {
					both.To = earlier.Valid.To
				}
				out = append(out, Mismatch{later.Name, true, both, earlier.Version, later.Version})
			}
		}
		if last == nil || !endsBefore(last.Valid, later.Valid) {
			continue
		}
		if gap := (Validity{From: last.Valid.To.AddDays(1), To: later.Valid.From.AddDays(-1)}); gap.From.Compare(gap.To) <= 0 {
			out = append(out, Mismatch{later.Name, false, gap, last.Version, later.Version})
		}
	}
	slices.SortStableFunc(out, func(a, b Mismatch) int {
		return cmp.Or(strings.Compare(a.Agreement, b.Agreement), compareFrom(a.Dates, b.Dates), compareTo(a.Dates, b.Dates),
			strings.Compare(a.Earlier, b.Earlier), strings.Compare(a.Later, b.Later))
	})
	return out
}

// endsBefore reports whether the first has ended when the second begins.
func endsBefore(a, b Validity) bool {
	open := servicetime.Date{}
	return a.To != open && b.From != open && a.To.Compare(b.From) < 0
}

// compareFrom orders by the first date; the open beginning, which is the zero date, comes first.
func compareFrom(a, b Validity) int { return a.From.Compare(b.From) }

// compareTo orders by the last date; the open end comes last.
func compareTo(a, b Validity) int {
	open := servicetime.Date{}
	switch {
	case a.To == b.To:
		return 0
	case a.To == open:
		return 1
	case b.To == open:
		return -1
	}
	return a.To.Compare(b.To)
}
