package sla_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/servicetime"
)

// valid reads "2026-01-01 2026-12-31", in which an open end is "-".
func valid(text string) (v sla.Validity) {
	from, to, _ := strings.Cut(text, " ")
	if from != "-" {
		v.From = servicetime.MustDate(from)
	}
	if to != "-" {
		v.To = servicetime.MustDate(to)
	}
	return v
}

// version is an agreement of a name without any rules, which is quickly compiled.
func version(agreement, name, dates string) *sla.Rules {
	return mustCompile(sla.Agreement{Name: agreement, Version: name, Valid: valid(dates), Zone: "Europe/Stockholm"})
}

func versions(dates ...string) (out sla.Versions) {
	for i, d := range dates {
		out = append(out, version("A", string(rune('a'+i)), d))
	}
	return out
}

func TestVersionsCheck(t *testing.T) {
	gap := func(dates, earlier, later string) sla.Mismatch {
		return sla.Mismatch{Agreement: "A", Dates: valid(dates), Earlier: earlier, Later: later}
	}
	overlap := func(dates, earlier, later string) sla.Mismatch {
		return sla.Mismatch{Agreement: "A", Overlap: true, Dates: valid(dates), Earlier: earlier, Later: later}
	}
	for _, row := range []struct {
		name     string
		versions []string // a, b, c
		want     []sla.Mismatch
	}{
		{"none", nil, nil},
		{"one", []string{"2026-01-01 2026-12-31"}, nil},
		{"one, always", []string{"- -"}, nil},
		{"touching", []string{"2025-01-01 2025-12-31", "2026-01-01 2026-12-31"}, nil},
		{"touching, the later first", []string{"2026-01-01 2026-12-31", "2025-01-01 2025-12-31"}, nil},
		{"touching, open ends", []string{"- 2025-12-31", "2026-01-01 -"}, nil},
		{"touching, a leap day", []string{"2024-01-01 2024-02-28", "2024-02-29 2024-02-29", "2024-03-01 -"}, nil},
		{"a day's overlap", []string{"2025-01-01 2025-12-31", "2025-12-31 2026-12-31"}, []sla.Mismatch{overlap("2025-12-31 2025-12-31", "a", "b")}},
		{"a day's gap", []string{"2025-01-01 2025-12-30", "2026-01-01 2026-12-31"}, []sla.Mismatch{gap("2025-12-31 2025-12-31", "a", "b")}},
		{"a gap, the later first", []string{"2026-02-01 -", "- 2025-12-31"}, []sla.Mismatch{gap("2026-01-01 2026-01-31", "b", "a")}},
		{"the first was never ended", []string{"2025-01-01 -", "2026-01-01 -"}, []sla.Mismatch{overlap("2026-01-01 -", "a", "b")}},
		{"neither begins", []string{"- 2025-12-31", "- 2026-12-31"}, []sla.Mismatch{overlap("- 2025-12-31", "a", "b")}},
		{"one within the other", []string{"2025-01-01 2027-12-31", "2026-01-01 2026-12-31"}, []sla.Mismatch{overlap("2026-01-01 2026-12-31", "a", "b")}},
		{"the same dates twice", []string{"2026-01-01 2026-12-31", "2026-01-01 2026-12-31"}, []sla.Mismatch{overlap("2026-01-01 2026-12-31", "a", "b")}},
		{"both always", []string{"- -", "- -"}, []sla.Mismatch{overlap("- -", "a", "b")}},
		{"within always", []string{"2026-01-01 2026-12-31", "- -"}, []sla.Mismatch{overlap("2026-01-01 2026-12-31", "b", "a")}},
		// a   |---------------------|
		// b       |----|                 ends before a, so that there is no gap behind it
		// c                 |------------
		{"three, one within", []string{"2024-01-01 2026-12-31", "2024-06-01 2024-12-31", "2026-07-01 -"}, []sla.Mismatch{
			overlap("2024-06-01 2024-12-31", "a", "b"), overlap("2026-07-01 2026-12-31", "a", "c"),
		}},
		// a   |------|
		// b            |------|
		// c                 |------
		{"three, a gap and an overlap", []string{"2024-01-01 2024-12-31", "2025-02-01 2025-12-31", "2025-12-01 -"}, []sla.Mismatch{
			gap("2025-01-01 2025-01-31", "a", "b"), overlap("2025-12-01 2025-12-31", "b", "c"),
		}},
		{"three on one day", []string{"2026-01-01 2026-06-30", "2026-06-30 -", "2026-06-30 2026-06-30"}, []sla.Mismatch{
			overlap("2026-06-30 2026-06-30", "a", "b"), overlap("2026-06-30 2026-06-30", "a", "c"), overlap("2026-06-30 2026-06-30", "c", "b"),
		}},
		// a   |------|
		// b     |--------|
		// c                 |----
		{"a gap behind the one that ends last", []string{"2024-01-01 2024-06-30", "2024-03-01 2024-12-31", "2025-02-01 -"}, []sla.Mismatch{
			overlap("2024-03-01 2024-06-30", "a", "b"), gap("2025-01-01 2025-01-31", "b", "c"),
		}},
	} {
		assert.Equal(t, row.want, versions(row.versions...).Check(), row.name)
	}
}

// The same version twice, and agreements of two names, which do not overlap each other.
func TestVersionsCheckNames(t *testing.T) {
	a := version("A", "1", "2026-01-01 -")
	b := version("B", "1", "2026-01-01 2026-12-31")
	c := version("B", "2", "2027-01-02 -")
	assert.Equal(t, []sla.Mismatch{
		{Agreement: "A", Overlap: true, Dates: valid("2026-01-01 -"), Earlier: "1", Later: "1"},
		{Agreement: "B", Dates: valid("2027-01-01 2027-01-01"), Earlier: "1", Later: "2"},
	}, sla.Versions{c, a, b, a}.Check())
}

func TestVersionsAt(t *testing.T) {
	all := versions("- 2025-12-31", "2026-01-01 2026-06-30", "2026-07-02 2026-12-31", "2026-12-31 -")
	for _, row := range []struct{ date, want string }{
		{"1970-01-01", "a"},
		{"2025-12-31", "a"},
		{"2026-01-01", "b"},
		{"2026-06-30", "b"},
		{"2026-07-02", "c"},
		{"2026-12-30", "c"},
		{"2027-01-01", "d"},
		{"2200-12-31", "d"},
	} {
		rules, err := all.At(servicetime.MustDate(row.date))
		require.NoError(t, err, row.date)
		assert.Equal(t, row.want, rules.Agreement().Version, row.date)
	}
}

func TestVersionsAtRefuses(t *testing.T) {
	all := versions("2025-01-01 2026-06-30", "2026-07-02 2026-12-31", "2026-12-31 2027-12-31")
	for _, row := range []struct {
		name     string
		versions sla.Versions
		date     servicetime.Date
		want     error
	}{
		{"a gap", all, servicetime.MustDate("2026-07-01"), sla.ErrUnknown},
		{"before the first", all, servicetime.MustDate("2024-12-31"), sla.ErrUnknown},
		{"after the last", all, servicetime.MustDate("2028-01-01"), sla.ErrUnknown},
		{"no versions", nil, servicetime.MustDate("2026-07-01"), sla.ErrUnknown},
		{"an overlap", all, servicetime.MustDate("2026-12-31"), sla.ErrAmbiguous},
		{"the same twice", sla.Versions{all[0], all[0]}, servicetime.MustDate("2026-01-01"), sla.ErrAmbiguous},
		{"a date forgotten", versions("- -"), servicetime.Date{}, servicetime.ErrRange},
		{"no such date", versions("- -"), servicetime.Date{Year: 2026, Month: time.February, Day: 29}, servicetime.ErrRange},
	} {
		_, err := row.versions.At(row.date)
		assert.ErrorIs(t, err, row.want, row.name)
	}
}

// Check says of a date what At does: an overlap where it is ambiguous, a gap where it is unknown between versions. In any order of the versions.
func TestVersionsCheckAgreesWithAt(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	first := servicetime.MustDate("2026-01-01")
	for range 100 {
		var all sla.Versions
		begun, ended := 40, -1 // the days between the first version and the last
		for i := range 1 + r.IntN(4) {
			a := sla.Agreement{Name: "A", Version: string(rune('a' + i)), Zone: "UTC"}
			from, to := r.IntN(30), 0
			to = from + r.IntN(10)
			if a.Valid.From = first.AddDays(from); r.IntN(6) == 0 {
				a.Valid.From, from = servicetime.Date{}, 0
			}
			if a.Valid.To = first.AddDays(to); r.IntN(6) == 0 {
				a.Valid.To, to = servicetime.Date{}, 40
			}
			begun, ended = min(begun, from), max(ended, to)
			all = append(all, mustCompile(a))
		}
		found := all.Check()
		for day := range 40 {
			date := first.AddDays(day)
			overlaps, isGap := 0, false
			for _, m := range found {
				if m.Dates.Holds(date) && m.Overlap {
					overlaps++
				}
				isGap = isGap || m.Dates.Holds(date) && !m.Overlap
			}
			_, err := all.At(date)
			switch {
			case overlaps > 0:
				require.ErrorIs(t, err, sla.ErrAmbiguous, "%s %v", date, found)
			case isGap:
				require.ErrorIs(t, err, sla.ErrUnknown, "%s %v", date, found)
			case day >= begun && day <= ended:
				require.NoError(t, err, "%s %v", date, found)
			}
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		require.Equal(t, found, all.Check())
		require.True(t, slices.IsSortedFunc(found, func(a, b sla.Mismatch) int { return a.Dates.From.Compare(b.Dates.From) }))
	}
}
