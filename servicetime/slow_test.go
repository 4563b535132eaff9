package servicetime_test

import (
	"flag"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

var long = flag.Bool("long", false, "run the exhaustive tests: minutes instead of seconds")

// The slow reference: a flag for each minute of a few weeks says whether the wall opens the service
// in it, and every answer is a walk over what the flags say. It takes from the package the data
// of a schedule and nothing else, and from package time what the clocks show.

// slowWall is what the clocks of a zone show in each step of a few weeks. Instants are in nanoseconds
// since 1970-01-01 UTC.
type slowWall struct {
	loc      *time.Location
	from, to int64
	step     int64   // in nanoseconds
	middle   int64   // about the instant for which the weeks were chosen
	wall     []int64 // what the wall shows as each step begins, in seconds after its 1970-01-01 00:00
}

const (
	slowSecond = int64(time.Second)
	slowHour   = int64(time.Hour)
	slowDay    = 24 * slowHour
)

// newSlowWall takes 37 days around a date. A step is a minute, or half of one where the
// clocks were half a minute off.
func newSlowWall(t *testing.T, zone, date string, step time.Duration) *slowWall {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	middle, err := time.ParseInLocation("2006-01-02", date, time.UTC)
	require.NoError(t, err)
	w := &slowWall{
		loc: loc, step: int64(step), middle: middle.UnixNano(),
		from: middle.AddDate(0, 0, -16).UnixNano(), to: middle.AddDate(0, 0, 21).UnixNano(),
	}
	for v := w.from; v < w.to; v += w.step {
		w.wall = append(w.wall, wallSeconds(w.at(v)))
		if n := len(w.wall); n > 1 && w.wall[n-1]-w.wall[n-2] != w.step/slowSecond {
			require.Equal(t, w.wall[n-2]+w.step/slowSecond-1, wallSeconds(w.at(v-slowSecond)),
				"%s: clocks change within the step that ends at %s: choose a shorter one", zone, w.at(v))
		}
	}
	return w
}

// wallSeconds are the seconds from 1970-01-01 00:00 on the wall to what it shows at an instant.
func wallSeconds(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC).Unix()
}

func (w *slowWall) at(v int64) time.Time { return time.Unix(0, v).In(w.loc) }

// shown is the wall at an instant: the number of its date and the seconds since its midnight.
func (w *slowWall) shown(v int64) (date, seconds int64) {
	i := (v - w.from) / w.step
	wall := w.wall[i] + (v-w.from-i*w.step)/slowSecond
	return wall / 86400, wall % 86400
}

// instant is the first instant at which the wall shows the seconds after the midnight of a date. If
// it never shows them, it is the instant at which the clocks would, had they not been moved.
func (w *slowWall) instant(date, seconds int64) int64 {
	wall, step := date*86400+seconds, w.step/slowSecond
	// No wall is further from UTC than 15 hours.
	first := max(0, (wall*slowSecond-15*slowHour-w.from)/w.step)
	for i := int(first); i < len(w.wall); i++ {
		begin := w.from + int64(i)*w.step
		switch {
		case w.wall[i] <= wall && wall < w.wall[i]+step:
			return begin + (wall-w.wall[i])*slowSecond
		case wall < w.wall[i]:
			return begin + (wall-w.wall[i-1]-step)*slowSecond
		}
	}
	return w.to
}

// slowDate is the date of a day number.
func slowDate(date int64) servicetime.Date {
	y, m, d := time.Unix(date*86400, 0).UTC().Date()
	return servicetime.Date{Year: y, Month: m, Day: d}
}

// slow judges a schedule over the weeks of a slowWall.
type slow struct {
	*slowWall
	open          []bool          // of each step, extra openings aside
	extra         [][2]int64      // instants
	closing       map[int64]int64 // of each business day: seconds after its midnight
	first, last   int64           // dates that lie in the weeks, with their night windows
	fullDay       int64           // open time of each working day of the week; 0 if they differ
	cuts          []int64         // instants at which open changes, or an extra opening begins or ends
	stretch       []slowStretch   // without pauses
	opens, closes []int64         // where openings begin and end; touching ones are one
}

// slowStretch is time that wholly counts, or wholly does not.
type slowStretch struct {
	from, to int64
	counted  bool
}

func newSlow(w *slowWall, s servicetime.Schedule, isHoliday func(date int64) bool) *slow {
	z := &slow{slowWall: w, closing: map[int64]int64{}}
	rule := func(date int64) []servicetime.Window {
		if windows, ok := s.Dates[slowDate(date)]; ok {
			return windows
		}
		if isHoliday(date) {
			return nil
		}
		weekday := time.Unix(date*86400, 0).UTC().Weekday()
		for days, windows := range s.Week {
			if days>>weekday&1 == 1 {
				return windows
			}
		}
		return nil
	}

	// Minutes of the wall, from a few dates before the weeks to a few after.
	begin, end := w.wall[0]/86400-3, w.wall[len(w.wall)-1]/86400+4
	opened, cut := make([]bool, (end-begin)*1440), make([]bool, (end-begin)*1440)
	paint := func(minutes []bool, date int64, windows []servicetime.Window) {
		for _, window := range windows {
			for m := window.Open; m < window.Close; m++ {
				minutes[(date-begin)*1440+int64(m)] = true
			}
		}
	}
	for date := begin; date < end-1; date++ {
		paint(opened, date, rule(date))
		paint(cut, date, s.Breaks[slowDate(date)])
	}

	shown := map[int64]bool{}
	for _, wall := range w.wall {
		m := wall/60 - begin*1440
		z.open = append(z.open, opened[m] && !cut[m])
		shown[wall/86400] = true
	}
	z.first, z.last = w.wall[0]/86400+1, w.wall[len(w.wall)-1]/86400-3
	for date := z.first; date <= z.last; date++ {
		for _, window := range rule(date) {
			for m := window.Open; m < window.Close; m++ {
				if shown[date] && !cut[(date-begin)*1440+int64(m)] {
					z.closing[date] = max(z.closing[date], int64(m+1)*60)
				}
			}
		}
	}
	z.fullDay = slowFullDay(s.Week)

	for _, x := range s.Extra {
		z.extra = append(z.extra, [2]int64{x.From.UnixNano(), x.To.UnixNano()})
		z.cuts = append(z.cuts, x.From.UnixNano(), x.To.UnixNano())
	}
	for i := 1; i < len(z.open); i++ {
		if z.open[i] != z.open[i-1] {
			z.cuts = append(z.cuts, w.from+int64(i)*w.step)
		}
	}
	slices.Sort(z.cuts)
	z.stretch = z.stretches(nil, false)
	for i, after := range z.stretch[1:] {
		switch before := z.stretch[i]; {
		case after.counted && !before.counted:
			z.opens = append(z.opens, after.from)
		case !after.counted && before.counted:
			z.closes = append(z.closes, after.from)
		}
	}
	return z
}

func slowFullDay(week servicetime.Week) int64 {
	var full int64
	for _, windows := range week {
		var sum int64
		for _, w := range windows {
			sum += int64(w.Close-w.Open) * 60 * slowSecond
		}
		switch {
		case sum == 0:
		case full == 0:
			full = sum
		case full != sum:
			return 0
		}
	}
	return full
}

func (z *slow) isOpen(v int64) bool {
	for _, x := range z.extra {
		if x[0] <= v && v < x[1] {
			return true
		}
	}
	return z.open[(v-z.from)/z.step]
}

// stretches cuts the weeks wherever something begins or ends. What counts is open time, or
// all time of the wall clock, outside pauses.
//
//	open      |--------|      |-----|
//	paused         |------------|
//	cut       |    |   |      | |   |
//	counted   |----|            |---|
func (z *slow) stretches(pauses []servicetime.Pause, wallClock bool) []slowStretch {
	cuts := append([]int64{z.from, z.to}, z.cuts...)
	for _, p := range pauses {
		cuts = append(cuts, p.From.UnixNano())
		if !p.To.IsZero() {
			cuts = append(cuts, p.To.UnixNano())
		}
	}
	slices.Sort(cuts)
	var out []slowStretch
	for i, v := range cuts {
		if v < z.from || v >= z.to || v == cuts[i+1] {
			continue
		}
		counted := wallClock || z.isOpen(v)
		for _, p := range pauses {
			if p.From.UnixNano() <= v && (p.To.IsZero() || v < p.To.UnixNano()) {
				counted = false
			}
		}
		out = append(out, slowStretch{v, cuts[i+1], counted})
	}
	return out
}

// slowInstant is an answer that may lie outside the weeks: before them at math.MinInt64, and
// after them at math.MaxInt64.
type slowInstant int64

const (
	slowBefore slowInstant = math.MinInt64
	slowAfter  slowInstant = math.MaxInt64
)

func slowElapsed(stretches []slowStretch, from, to int64) int64 {
	if to < from {
		return -slowElapsed(stretches, to, from)
	}
	var sum int64
	for _, s := range stretches {
		if s.counted {
			sum += max(0, min(to, s.to)-max(from, s.from))
		}
	}
	return sum
}

// slowAdd is the first and the last instant t with slowElapsed(from, t) = d.
func slowAdd(stretches []slowStretch, from, d int64) (first, last slowInstant) {
	begin, end := stretches[0].from, stretches[len(stretches)-1].to
	first, last = slowAfter, slowBefore
	left := d + slowElapsed(stretches, begin, from) // to count from the beginning on
	if left < 0 {
		return slowBefore, slowBefore
	}
	for _, s := range stretches {
		switch {
		case !s.counted && left == 0:
			first, last = min(first, slowInstant(s.from)), slowInstant(s.to)
		case s.counted && left <= s.to-s.from && left >= 0:
			first, last = min(first, slowInstant(s.from+left)), slowInstant(s.from+left)
		}
		if s.counted {
			left -= s.to - s.from
		}
	}
	if first == slowInstant(begin) { // or before
		first = slowBefore
	}
	if first == slowAfter || last == slowInstant(end) { // or after
		last = slowAfter
	}
	return first, last
}

// Edges, where touching openings are one.

func (z *slow) nextOpen(v int64) slowInstant {
	if z.isOpen(v) {
		return slowInstant(v)
	}
	for _, edge := range z.opens {
		if edge >= v {
			return slowInstant(edge)
		}
	}
	return slowAfter
}

func (z *slow) nextClose(v int64) slowInstant {
	for _, edge := range z.closes {
		if edge > v {
			return slowInstant(edge)
		}
	}
	return slowAfter
}

func (z *slow) prevOpen(v int64) slowInstant {
	at := slowBefore
	for _, edge := range z.opens {
		if edge < v {
			at = slowInstant(edge)
		}
	}
	return at
}

func (z *slow) prevClose(v int64) slowInstant {
	at := slowBefore
	for _, edge := range z.closes {
		if edge <= v {
			at = slowInstant(edge)
		}
	}
	return at
}

// Business days, by stepping from date to date. They are false outside the weeks.

func (z *slow) isBusinessDay(date int64) bool {
	_, ok := z.closing[date]
	return ok
}

func (z *slow) businessDay(date int64, n int) (int64, bool) {
	step := int64(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		date += step
		if date < z.first || date > z.last {
			return 0, false
		}
		if z.isBusinessDay(date) {
			n--
		}
	}
	return date, true
}

// countFrom is day n where day 1 is the date itself, or the next business day.
func (z *slow) countFrom(date int64, n int) (int64, bool) { return z.businessDay(date-1, n) }

// dayDue is the due of a target in days, without pauses.
func (z *slow) dayDue(received int64, n int, how servicetime.Convention) slowInstant {
	date, seconds := z.shown(received)
	fraction := received % slowSecond
	effective := z.nextOpen(received)
	switch how {
	case servicetime.ExclEffectiveClose, servicetime.InclEffectiveClose, servicetime.SameTime:
		if effective == slowAfter {
			return slowAfter
		}
		date, seconds = z.shown(int64(effective))
		fraction = int64(effective) % slowSecond
	}
	last, ok := int64(0), true
	switch how {
	case servicetime.ExclMidnight, servicetime.SameWallClock:
		last = date + int64(n)
	case servicetime.NX24H:
		return slowInstant(received + int64(n)*slowDay)
	case servicetime.ExclDateClose, servicetime.ExclDateMidnight, servicetime.ExclEffectiveClose, servicetime.SameTime:
		last, ok = z.businessDay(date, n)
	case servicetime.InclEffectiveClose:
		last, ok = z.countFrom(date, n)
	default:
		cutoff := slowCutoff(how)
		if z.isBusinessDay(date) && seconds < cutoff {
			last, ok = z.countFrom(date, n)
		} else {
			last, ok = z.businessDay(date, n)
		}
	}
	if !ok {
		return slowAfter
	}
	switch how {
	case servicetime.ExclMidnight, servicetime.ExclDateMidnight:
		return slowInstant(z.instant(last+1, 0))
	case servicetime.SameWallClock, servicetime.SameTime:
		return slowInstant(z.instant(last, seconds) + fraction)
	}
	return slowInstant(z.instant(last, z.closing[last]))
}

// slowCutoff reads hhmm from CUTOFF_hhmm_CLOSE, as seconds.
func slowCutoff(how servicetime.Convention) int64 {
	t, err := time.Parse("CUTOFF_1504_CLOSE", how.String())
	if err != nil {
		panic(err)
	}
	return int64(t.Hour()*3600 + t.Minute()*60)
}

// slowClock is what a target's clock counts, without and with pauses.
type slowClock struct{ all, unpaused []slowStretch }

func (z *slow) clock(pauses []servicetime.Pause, wallClock bool) slowClock {
	return slowClock{z.stretches(nil, wallClock), z.stretches(pauses, wallClock)}
}

// dayDeadline is dayDue moved by pauses that hold counted time before it.
func (z *slow) dayDeadline(received int64, n int, how servicetime.Convention, clock slowClock) slowInstant {
	due := z.dayDue(received, n, how)
	if due == slowAfter || int64(due) >= z.to {
		return slowAfter
	}
	target := slowElapsed(clock.all, received, int64(due))
	if int64(due) <= received || slowElapsed(clock.unpaused, received, int64(due)) == target {
		return due
	}
	first, _ := slowAdd(clock.unpaused, received, target)
	return first
}
