package servicetime_test

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// Random schedules, instants and pauses, near a date, from a seed. Their edges lie near midnight and
// near the hours at which clocks change more often than not.

// randomSchedule returns a schedule and, of each date, whether its holidays hold it.
func randomSchedule(r *rand.Rand, zone string, near int64, swedish func(year int, eves bool) []string) (servicetime.Schedule, func(date int64) bool) {
	s := servicetime.Schedule{
		Zone: zone, Week: servicetime.Week{},
		Dates:  map[servicetime.Date][]servicetime.Window{},
		Breaks: map[servicetime.Date][]servicetime.Window{},
	}
	// Some days share windows, some have their own, some are closed.
	groups := [3]servicetime.Days{}
	for d := range time.Weekday(7) {
		if g := r.IntN(5); g < 3 {
			groups[g] |= servicetime.DaysOf(d)
		} else if r.IntN(2) == 0 {
			groups[0] |= servicetime.DaysOf(d)
		}
	}
	for _, days := range groups {
		if days != 0 {
			s.Week[days] = randomWindows(r)
		}
	}
	someDate := func() servicetime.Date { return slowDate(near + int64(r.IntN(12)) - 6) }
	for range r.IntN(4) {
		s.Dates[someDate()] = randomWindows(r)
	}
	for range r.IntN(4) {
		s.Breaks[someDate()] = randomWindows(r)
	}
	for range r.IntN(4) {
		from := time.Unix((near-8)*86400+r.Int64N(16*86400), 0)
		length := 1 + r.Int64N([]int64{90, 7200, 86400, 5 * 86400}[r.IntN(4)])
		x := servicetime.Opening{From: from.UTC(), To: from.Add(time.Duration(length) * time.Second).UTC()}
		if r.IntN(2) == 0 { // on whole minutes
			x.From = x.From.Truncate(time.Minute)
			x.To = x.To.Truncate(time.Minute).Add(time.Minute)
		}
		s.Extra = append(s.Extra, x)
	}

	var texts []string
	switch r.IntN(4) {
	case 0, 1:
		for range r.IntN(6) {
			text := someDate().String()
			if r.IntN(2) == 0 {
				text = "--" + text[5:]
			}
			texts = append(texts, text)
		}
		s.Holidays, _ = servicetime.HolidayDates(texts...)
	case 2:
		if year := slowDate(near).Year; 1991 <= year && year < 2100 {
			s.Holidays = servicetime.Sweden
			eves := r.IntN(2) == 0
			if eves {
				s.Holidays = servicetime.SwedenWithEves
			}
			texts = slices.Concat(swedish(year-1, eves), swedish(year, eves), swedish(year+1, eves))
		}
	}
	return s, func(date int64) bool {
		text := slowDate(date).String()
		return slices.Contains(texts, text) || slices.Contains(texts, "--"+text[5:])
	}
}

// swedishDates reads the holidays of Sweden from the vectors, as dates by year.
func swedishDates(t *testing.T) func(year int, eves bool) []string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "vectors", "se_holidays.csv"))
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	type key struct {
		year string
		eves bool
	}
	dates := map[key][]string{}
	for _, l := range lines[1:] {
		year := l[0][:4]
		dates[key{year, true}] = append(dates[key{year, true}], l[0])
		if l[3] == "public" {
			dates[key{year, false}] = append(dates[key{year, false}], l[0])
		}
	}
	return func(year int, eves bool) []string {
		return dates[key{servicetime.Year(year).String(), eves}]
	}
}

// randomWindows are the windows of a date, in any order.
func randomWindows(r *rand.Rand) []servicetime.Window {
	out := []servicetime.Window{}
	switch r.IntN(9) {
	case 0:
	case 1:
		out = append(out, servicetime.Window{Open: 8 * 60, Close: 17 * 60})
	case 2:
		out = append(out, servicetime.Window{Open: 0, Close: 1440})
	case 3:
		out = append(out, servicetime.Window{Open: 22 * 60, Close: 30 * 60})
	case 4: // touching
		out = append(out, servicetime.Window{Open: 8 * 60, Close: 12 * 60}, servicetime.Window{Open: 12 * 60, Close: 17 * 60})
	case 5: // many, more than one in an hour
		length, gap := 1+r.IntN(40), 1+r.IntN(40)
		for m := r.IntN(60); m+length <= 1440; m += length + gap {
			out = append(out, servicetime.Window{Open: m, Close: m + length})
		}
	default:
		var edges []int
		for range 2 * (1 + r.IntN(4)) {
			edges = append(edges, randomMinute(r))
		}
		slices.Sort(edges)
		edges = slices.Compact(edges)
		for i := 0; i+1 < len(edges); i += 2 {
			out = append(out, servicetime.Window{Open: edges[i], Close: edges[i+1]})
		}
		// Perhaps a night window behind the others.
		if last := edges[len(edges)-1]; last < 1440 && r.IntN(2) == 0 {
			open := last + r.IntN(1440-last)
			if end := r.IntN(1440); end < open {
				out = append(out, servicetime.Window{Open: open, Close: 1440 + end})
			}
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// randomMinute is a minute of the day, most often a half hour between 23:00 and 05:00.
func randomMinute(r *rand.Rand) int {
	switch r.IntN(6) {
	case 0:
		return r.IntN(1441)
	case 1:
		return r.IntN(97) * 15
	case 2:
		return 1440 - r.IntN(3)*30
	}
	return r.IntN(11) * 30
}

// randomInstant lies in [from, to): anywhere, near the middle, or at an edge.
func randomInstant(r *rand.Rand, from, to, middle int64, edges []int64) int64 {
	var v int64
	switch n := r.IntN(6); {
	case n == 0:
		v = from + r.Int64N(to-from)
	case n == 1:
		v = (from + r.Int64N(to-from)) / slowSecond * slowSecond
	case n == 2 || len(edges) == 0:
		v = middle + (r.Int64N(6*24*60)-3*24*60)*60*slowSecond
	default:
		v = edges[r.IntN(len(edges))] + []int64{0, 0, 0, 1, -1, slowSecond, -slowSecond, 30 * 60 * slowSecond}[r.IntN(8)]
	}
	return min(max(v, from), to-1)
}

// randomPauses overlap, touch, are empty or still open, come in any order and end by last.
func randomPauses(r *rand.Rand, last int64, instant func() int64) []servicetime.Pause {
	var out []servicetime.Pause
	if r.IntN(3) == 0 {
		return nil
	}
	for range 1 + r.IntN(6) {
		a, b := instant(), instant()
		if n := r.IntN(8); n == 0 {
			b = a
		} else if n < 6 { // a short one
			b = min(last, a+r.Int64N([]int64{slowSecond, slowHour, 10 * slowHour, 3 * slowDay}[r.IntN(4)]))
		}
		p := servicetime.Pause{From: time.Unix(0, min(a, b)).UTC(), To: time.Unix(0, max(a, b)).UTC()}
		if r.IntN(40) == 0 {
			p.To = time.Time{}
		}
		out = append(out, p)
	}
	return out
}
