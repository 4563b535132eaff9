package servicetime

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"
)

// The range of every calendar: the local dates 1970-01-01 to 2200-12-31, as day numbers.
// Nanoseconds since 1970 reach over it in an int64.
var (
	firstDay = Date{1970, time.January, 1}.number()
	lastDay  = Date{2200, time.December, 31}.number()
)

func inRange(day int) bool { return firstDay <= day && day <= lastDay }

// Zones loads a time zone by its IANA name: [time.LoadLocation] does.
type Zones = func(name string) (*time.Location, error)

// Compile turns a schedule into a calendar. It asks zones for the zone, once, and looks up the
// name of a set of holidays, other than those of this package, among sets.
//
// It returns all faults of the schedule at once, each a [*Fault], joined. They wrap:
//   - [ErrLimit] if the schedule is larger than [MaxWindows] and [MaxHolidays] allow
//     (then nothing else is looked at),
//   - [ErrZone] if the zone is "", "Local" or unknown, or the loader returns one of another name,
//   - [ErrHolidays] if no such set was given,
//   - [ErrEmpty], [ErrText], [ErrOverlap] if windows are wrong,
//   - [ErrTwice] if two entries of the week name one day,
//   - [ErrBackwards], [ErrFraction] if an extra opening is wrong,
//   - [ErrRange] if a date or an extra opening lies outside the range,
//   - [ErrNoOpenTime] if all this is right and the service is never open.
func Compile(s Schedule, zones Zones, sets ...Holidays) (*Calendar, error) {
	faults, tooLarge := s.check()
	if tooLarge {
		return nil, errors.Join(faults...)
	}
	loc, err := s.load(zones)
	if err != nil {
		faults = append(faults, err)
	}
	holidays, err := s.Holidays.resolve(sets)
	if err != nil {
		faults = append(faults, &Fault{Path: "holidays", Code: code(err), Value: s.Holidays.Name(), Err: err})
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	c := &Calendar{loc: loc, zone: newZone(loc)}
	c.from = c.zone.instant(int64(firstDay)*daySeconds) * nanos
	c.end = c.zone.instant(int64(lastDay+1)*daySeconds) * nanos
	c.fromSec, c.endSec = c.from/nanos, c.end/nanos
	for i, x := range s.Extra {
		if x.To.Unix() <= c.fromSec || x.From.Unix() >= c.endSec {
			faults = append(faults, &Fault{Path: fmt.Sprintf("extra[%d]", i), Code: code(ErrRange), Value: Span{x.From, x.To}.String(), Err: ErrRange})
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if err := c.setHolidays(holidays); err != nil {
		return nil, err
	}
	c.setRules(s)
	c.setDays(s.Extra)
	for _, x := range s.Extra {
		c.extra = append(c.extra, named{stretch{x.From.Unix() * nanos, x.To.Unix() * nanos}, KindExtra, x.Reason})
	}
	if c.total() == 0 {
		return nil, &Fault{Path: "week", Code: code(ErrNoOpenTime), Err: fmt.Errorf("%w: no window of the schedule is ever open", ErrNoOpenTime)}
	}
	c.setInverse()
	c.fullDay = fullDay(s.Week)
	return c, nil
}

// load asks for the zone. A name that check refused is not asked for.
func (s Schedule) load(zones Zones) (*time.Location, error) {
	if s.Zone == "" || s.Zone == "Local" {
		return nil, nil
	}
	fail := func(why error) error {
		return &Fault{Path: "time_zone", Code: code(ErrZone), Value: s.Zone, Err: why}
	}
	if zones == nil {
		return nil, fail(fmt.Errorf("%w: no loader was given; time.LoadLocation is one", ErrZone))
	}
	loc, err := zones(s.Zone)
	switch {
	case err != nil:
		return nil, fail(fmt.Errorf("%w: %w", ErrZone, err))
	// A loader that hands out another zone, such as the machine's own, would make figures depend on it.
	case loc == nil || loc.String() != s.Zone:
		return nil, fail(fmt.Errorf("%w: the loader returned %q", ErrZone, loc))
	}
	for _, at := range []int64{zoneFrom, 0, zoneTo} {
		if east := eastAt(loc, at); east < -daySeconds || east > daySeconds {
			return nil, fail(fmt.Errorf("%w: it is %d s from UTC", ErrZone, east))
		}
	}
	return loc, nil
}

// A rule is what a date opens: windows in wall seconds after its midnight, in order,
// apart from each other, the last of them perhaps running on into the next date.
type rule []stretch

// rules numbers distinct rules; 0 is the closed one.
type rules struct {
	list []rule
	ids  map[string]uint16
	key  []byte
}

func (r *rules) add(windows rule) uint16 {
	r.key = r.key[:0]
	for _, w := range windows {
		r.key = binary.LittleEndian.AppendUint64(r.key, uint64(w.from)<<32|uint64(w.to))
	}
	id, known := r.ids[string(r.key)]
	if !known {
		id = uint16(len(r.list)) // MaxWindows allows for fewer than 2^16: a break changes three dates
		r.list = append(r.list, windows)
		r.ids[string(r.key)] = id
	}
	return id
}

func ruleOf(windows []Window) rule {
	var out rule
	for _, w := range sortedWindows(windows) {
		out = append(out, stretch{int64(w.Open) * 60, int64(w.Close) * 60})
	}
	return merge(out)
}

// setRules gives every local date its rule, and marks the business days. Dates are
// indexed from the day before the range, whose night window reaches into it.
func (c *Calendar) setRules(s Schedule) {
	r := rules{ids: map[string]uint16{}}
	r.add(nil)
	var week [7]uint16
	for days, windows := range s.Week {
		for d := range time.Weekday(7) {
			if days.Has(d) {
				week[d] = r.add(ruleOf(windows))
			}
		}
	}
	c.rule = make([]uint16, lastDay-firstDay+3)
	for i, w := 0, weekday(firstDay-1); i < len(c.rule)-1; i++ {
		c.rule[i] = week[w]
		w = (w + 1) % 7
	}
	for _, h := range c.holidays {
		c.rule[int(h.day)-firstDay+1] = 0
	}
	for date, windows := range s.Dates {
		c.rule[date.number()-firstDay+1] = r.add(ruleOf(windows))
	}
	c.applyBreaks(&r, s.Breaks)

	c.closing = make([]int32, len(r.list))
	for id, windows := range r.list {
		if len(windows) > 0 {
			c.closing[id] = int32(windows[len(windows)-1].to)
		}
	}
	c.rules = r.list
	c.business = newDayset(len(c.rule))
	for i, id := range c.rule[:len(c.rule)-1] {
		if i > 0 && id != 0 {
			c.business.add(i)
		}
	}
	// A date that no clock showed is no business day.
	for _, i := range c.zone.skipped() {
		c.business.remove(i - firstDay + 1)
	}
	c.business.count()
}

// applyBreaks cuts breaks out of the windows of their own date, of the night before that
// reach into it, and, for breaks past midnight, of the next date.
func (c *Calendar) applyBreaks(r *rules, breaks map[Date][]Window) {
	if len(breaks) == 0 {
		return
	}
	c.uncut = slices.Clone(c.rule)
	cut := map[int]rule{} // by index of the date
	for date, windows := range breaks {
		cut[date.number()-firstDay+1] = ruleOf(windows)
	}
	// All cuts are seen before any rule changes, since a date may be cut from both sides.
	changed := map[int]uint16{}
	var holes []stretch
	for center := range cut {
		for i := max(0, center-1); i <= center+1 && i < len(c.rule); i++ {
			if _, done := changed[i]; done || c.rule[i] == 0 {
				continue
			}
			holes = holes[:0]
			for j := -1; j <= 1; j++ {
				for _, b := range cut[i+j] {
					holes = append(holes, stretch{b.from + int64(j)*daySeconds, b.to + int64(j)*daySeconds})
				}
			}
			slices.SortFunc(holes, byFrom)
			changed[i] = r.cut(c.rule[i], merge(holes))
		}
	}
	for i, id := range changed {
		c.rule[i] = id
	}
}

// cut returns the rule less the holes, which are in order and apart.
//
//	rule   |--------|    |-----|
//	holes     |--|    |----|
//	cut    |--|  |--|      |---|
func (r *rules) cut(id uint16, holes []stretch) uint16 {
	windows := r.list[id]
	if !meet(windows, holes) {
		return id
	}
	out := make(rule, 0, len(windows)+len(holes))
	for _, w := range windows {
		for _, h := range holes {
			if h.to <= w.from || w.to <= h.from {
				continue
			}
			if w.from < h.from {
				out = append(out, stretch{w.from, h.from})
			}
			w.from = min(h.to, w.to)
		}
		if w.from < w.to {
			out = append(out, w)
		}
	}
	return r.add(out)
}

// meet reports whether a stretch of a overlaps one of b; both are in order and apart.
func meet(a, b []stretch) bool {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].to <= b[0].from:
			a = a[1:]
		case b[0].to <= a[0].from:
			b = b[1:]
		default:
			return true
		}
	}
	return false
}

// setDays computes, for each day of the table, its pattern and the open time before it.
func (c *Calendar) setDays(extra []Opening) {
	p := patterns{lists: map[string]uint64{}, ids: map[[dayCells]uint64]uint32{}}
	closed := p.add(nil)
	full := p.add([]stretch{{0, daySeconds}})
	added := extras(extra)

	east := c.zone.longest()
	first := floorDiv(int(c.fromSec+east), daySeconds)
	last := floorDiv(int(c.endSec+east)-1, daySeconds)
	c.baseSec = int64(first)*daySeconds - east
	c.base = c.baseSec * nanos
	c.days = make([]uint64, last-first+1+dayPad)

	type key struct {
		east    int64
		a, b, c uint16
	}
	cache := map[key]uint32{}
	var recent [64]struct {
		key
		id uint32
		ok bool
	}
	var open int64
	var room []stretch
	z := 0
	for i := range c.days[:len(c.days)-dayPad] {
		from := c.baseSec + int64(i)*daySeconds
		to := from + daySeconds
		for c.zone[z].to <= from {
			z++
		}
		for len(added) > 0 && added[0].to <= from {
			added = added[1:]
		}
		var id uint32
		switch {
		case len(added) > 0 && added[0].from <= from && to <= added[0].to && from >= c.fromSec && to <= c.endSec:
			id = full
		case i == 0 || i == last-first || c.zone[z].to < to || len(added) > 0 && added[0].from < to:
			room = c.openings(room[:0], from, to, z, c.rule, added)
			id = p.add(room)
		default:
			// One offset and no extra opening: the day depends on three rules alone.
			day := floorDiv(int(from+c.zone[z].east), daySeconds) - firstDay + 1
			k := key{c.zone[z].east, at(c.rule, day-1), at(c.rule, day), at(c.rule, day+1)}
			slot := &recent[(uint64(k.a)+uint64(k.b)*3+uint64(k.c)*7+uint64(k.east/900)*11)%64]
			if slot.ok && slot.key == k {
				id = slot.id
				break
			}
			known := false
			if id, known = cache[k]; !known {
				if k.a|k.b|k.c == 0 {
					id = closed
				} else {
					room = c.openings(room[:0], from, to, z, c.rule, nil)
					id = p.add(room)
				}
				cache[k] = id
			}
			slot.key, slot.id, slot.ok = k, id, true
		}
		c.days[i] = uint64(open)<<patternBits | uint64(id)
		open += p.open[id]
	}
	for i := last - first + 1; i < len(c.days); i++ {
		c.days[i] = uint64(open)<<patternBits | uint64(closed)
	}
	c.cells, c.windows, c.starts = slices.Clip(p.cells), slices.Clip(p.windows), slices.Clip(p.starts)
}

// at is the rule of a date, the closed one outside the range.
func at(rules []uint16, i int) uint16 {
	if i < 0 || i >= len(rules) {
		return 0
	}
	return rules[i]
}

// openings lists what is open in the seconds [from, to) of UTC, counted from from, in
// order and apart. Within each stretch of the zone a wall time is one instant, so a
// window of the wall is cut to what the wall shows there:
//
//	wall of the date    |-------- window --------|
//	stretch, on the wall      |------------------------|
//	open                      |------------------|
func (c *Calendar) openings(out []stretch, from, to int64, z int, rules []uint16, added []stretch) []stretch {
	lo, hi := max(from, c.fromSec), min(to, c.endSec)
	inOrder := true
	add := func(a, b int64) {
		switch n := len(out); {
		case a >= b:
		case n == 0 || a-from > out[n-1].to:
			out = append(out, stretch{a - from, b - from})
		case a-from >= out[n-1].from:
			out[n-1].to = max(out[n-1].to, b-from)
		default:
			out = append(out, stretch{a - from, b - from})
			inOrder = false
		}
	}
	for ; z < len(c.zone) && c.zone[z].from < to; z++ {
		s := c.zone[z]
		u0, u1 := max(lo, s.from), min(hi, s.to)
		first := floorDiv(int(u0+s.east), daySeconds) - 1 // its night window may reach here
		for day := first; int64(day)*daySeconds < u1+s.east; day++ {
			midnight := int64(day)*daySeconds - s.east
			windows := c.rules[at(rules, day-firstDay+1)]
			if n := len(windows); n == 0 || midnight+windows[n-1].to <= u0 {
				continue
			}
			for _, w := range windows {
				if midnight+w.from >= u1 {
					break
				}
				add(max(u0, midnight+w.from), min(u1, midnight+w.to))
			}
		}
	}
	for _, x := range added {
		if x.from >= to {
			break
		}
		add(max(lo, x.from), min(hi, x.to))
	}
	if inOrder {
		return out
	}
	// Few are out of place: extra openings, or the tail of a night. Each finds its place from behind.
	for i := 1; i < len(out); i++ {
		s, j := out[i], i
		for ; j > 0 && out[j-1].from > s.from; j-- {
			out[j] = out[j-1]
		}
		out[j] = s
	}
	return merge(out)
}

func extras(in []Opening) []stretch {
	out := make([]stretch, 0, len(in))
	for _, x := range in {
		out = append(out, stretch{x.From.Unix(), x.To.Unix()})
	}
	slices.SortFunc(out, byFrom)
	return merge(out)
}

// setHolidays lists the holidays of the range, and of the day before it.
func (c *Calendar) setHolidays(holidays Holidays) error {
	ids := map[string]uint32{}
	for year := 1969; year <= 2200; year++ {
		days := holidays.In(year)
		if len(days) > 366 {
			return &Fault{Path: "holidays", Code: code(ErrLimit), Value: holidays.Name(), Err: fmt.Errorf("%d days in %d: %w: at most 366", len(days), year, ErrLimit)}
		}
		for _, h := range days {
			n := h.Date.number()
			if !h.Date.IsValid() || n != firstDay-1 && !inRange(n) {
				continue
			}
			id, known := ids[h.Name]
			if !known {
				id = uint32(len(c.names))
				ids[h.Name] = id
				c.names = append(c.names, h.Name)
			}
			c.holidays = append(c.holidays, dayName{int32(n), id, h.Eve})
		}
	}
	sortDays(c.holidays)
	c.holidays = slices.Clip(c.holidays)
	return nil
}

// sortDays puts holidays in order, a public holiday before an eve on the same date.
func sortDays(days []dayName) {
	rank := func(d dayName) int32 {
		if d.eve {
			return 2*d.day + 1
		}
		return 2 * d.day
	}
	slices.SortStableFunc(days, func(a, b dayName) int { return cmp.Compare(rank(a), rank(b)) })
}

// dayName is a holiday: the number of its date and the index of its name.
type dayName struct {
	day  int32
	name uint32
	eve  bool
}

// holiday is the name of the holiday on a date, the first where there are two, and whether it is one.
func (c *Calendar) holiday(day int) (string, bool) {
	i := c.holidayAt(day)
	if i == len(c.holidays) || int(c.holidays[i].day) != day {
		return "", false
	}
	return c.names[c.holidays[i].name], true
}

// holidayAt is the index of the first holiday on or after a date.
func (c *Calendar) holidayAt(day int) int {
	return sort.Search(len(c.holidays), func(i int) bool { return int(c.holidays[i].day) >= day })
}

// isPublicHoliday reports whether the date is a holiday of the calendar's set, and no eve.
func (c *Calendar) isPublicHoliday(d Date) bool {
	i := c.holidayAt(d.number())
	return i < len(c.holidays) && int(c.holidays[i].day) == d.number() && !c.holidays[i].eve
}

// fullDay is the open time of a working day where every working day of the week has the
// same, else 0.
func fullDay(w Week) time.Duration {
	var full int64
	for _, windows := range w {
		var sum int64
		for _, s := range ruleOf(windows) {
			sum += s.to - s.from
		}
		if sum == 0 {
			continue
		}
		if full != 0 && full != sum {
			return 0
		}
		full = sum
	}
	return time.Duration(full * nanos)
}
