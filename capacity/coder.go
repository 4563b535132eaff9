package capacity

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/big"
	"slices"
	"time"
	"unicode/utf8"

	"example.com/sla/servicetime"
)

// ErrTally is the cause where bytes or text are not those of a tally, a timeline or users.
var ErrTally = errors.New("not a tally")

// The first bytes of the binary forms.
const (
	tallyVersion    = 1
	timelineVersion = 2
	usersVersion    = 3
)

func refuse(format string, a ...any) error {
	return fmt.Errorf("capacity: %w: %w", ErrTally, fmt.Errorf(format, a...))
}

// A codec writes numbers or reads them: what has one order of fields for both cannot disagree with itself.
type codec struct {
	b       []byte
	reading bool
	err     error
}

// u codes a number that is not negative.
func (c *codec) u(v *int64) {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, uint64(*v))
		return
	}
	n, size := binary.Uvarint(c.b)
	if c.err == nil && (size <= 0 || n > math.MaxInt64) {
		c.err = refuse("it ends too early, or a number is too large")
	}
	if c.err == nil {
		*v, c.b = int64(n), c.b[size:]
	}
}

// i codes any number.
func (c *codec) i(v *int64) {
	if !c.reading {
		c.b = binary.AppendVarint(c.b, *v)
		return
	}
	n, size := binary.Varint(c.b)
	if c.err == nil && size <= 0 {
		c.err = refuse("it ends too early, or a number is too large")
	}
	if c.err == nil {
		*v, c.b = n, c.b[size:]
	}
}

// list codes how many there are, and each. No room is made for what is not there.
func list[T any](c *codec, all *[]T, each func(*T)) {
	n := int64(len(*all))
	c.u(&n)
	if c.reading {
		if n > int64(len(c.b)) && c.err == nil {
			c.err = refuse("it ends too early")
		}
		*all = nil
		for range n {
			if c.err != nil {
				return
			}
			var v T
			each(&v)
			*all = append(*all, v)
		}
		return
	}
	for i := range *all {
		each(&(*all)[i])
	}
}

// instants codes instants, of which each tells only how far it is from the one before.
func (c *codec) instants(all *[]int64) {
	before := int64(0)
	list(c, all, func(v *int64) {
		gap := *v - before
		c.i(&gap)
		*v = before + gap
		before = *v
	})
}

// begin codes the version.
func (c *codec) begin(version byte) {
	if !c.reading {
		c.b = append(c.b, version)
		return
	}
	if len(c.b) == 0 || c.b[0] != version {
		c.err = refuse("it does not begin with version %d", version)
		return
	}
	c.b = c.b[1:]
}

// end is the error of all that was read.
func (c *codec) end() error {
	if c.err == nil && len(c.b) > 0 {
		c.err = refuse("%d bytes behind its end", len(c.b))
	}
	return c.err
}

// MarshalBinary writes the tally for UnmarshalBinary of this or another machine. Equal tallies have equal bytes. The error is always nil.
func (t *Tally) MarshalBinary() ([]byte, error) {
	c := codec{}
	c.begin(tallyVersion)
	t.code(&c)
	return c.b, nil
}

// UnmarshalBinary is the inverse of MarshalBinary. On an error the tally is left as it was.
//
// It returns an error wrapping [ErrTally] if the bytes are not those of a tally.
func (t *Tally) UnmarshalBinary(b []byte) error {
	c := codec{b: b, reading: true}
	c.begin(tallyVersion)
	var read Tally
	read.code(&c)
	if err := c.end(); err != nil {
		return err
	}
	if read.outside > mostCalls || read.beyond > mostCalls {
		return refuse("calls outside or beyond are more than can be")
	}
	*t = read
	return nil
}

// mostCalls is more than any machine counts of one kind, so that the sums of as many as are read fit an int64.
const mostCalls = 1 << 48

// code is of the hours, each by how far it is from the one before, and of their seconds with calls in the same way.
func (t *Tally) code(c *codec) {
	c.u(&t.outside)
	c.u(&t.beyond)
	next := int64(firstSecond) // the earliest that can follow
	hours := 0
	list(c, &t.pages, func(p *page) {
		gap, used := (p.from-next)/pageSeconds, int64(0)
		for _, n := range p.calls {
			used += int64(min(n, 1))
		}
		c.u(&gap)
		c.u(&used)
		if c.reading && c.err == nil {
			hours++
			if gap > (lastSecond-next)/pageSeconds || used < 1 || hours > MaxHours {
				c.err = refuse("an hour that there cannot be")
				return
			}
			*p = page{next + gap*pageSeconds, make([]uint32, pageSeconds)}
		}
		next = p.from + pageSeconds
		i := int64(0)
		for range used {
			skip := int64(0)
			for !c.reading && p.calls[i+skip] == 0 {
				skip++
			}
			if c.u(&skip); skip >= pageSeconds-i {
				c.err = refuse("a second behind the end of its hour")
				return
			}
			i += skip
			n := int64(p.calls[i])
			if c.u(&n); c.err != nil || n < 1 || n > math.MaxUint32 {
				c.err = cmp.Or(c.err, refuse("a second without calls, or with too many"))
				return
			}
			p.calls[i] = uint32(n)
			i++
		}
	})
}

// tallyText is a tally in the form of its text.
type tallyText struct {
	Outside int64      `json:"outside"`
	Beyond  int64      `json:"beyond"`
	Hours   []hourText `json:"hours"`
}

type hourText struct {
	Hour  time.Time `json:"hour"`
	Calls []int64   `json:"calls"` // second of the hour, calls in it, the next second, …
}

// MarshalJSON writes the tally for people and programs: {"outside": 0, "beyond": 0, "hours": [{"hour": "2026-10-26T08:00:00Z", "calls": [1867, 9, 1868, 4]}]}: of an hour
// each second that has calls, and how many it has. Equal tallies have equal texts.
func (t *Tally) MarshalJSON() ([]byte, error) {
	text := tallyText{Outside: t.outside, Beyond: t.beyond, Hours: make([]hourText, 0, len(t.pages))}
	for _, p := range t.pages {
		h := hourText{Hour: time.Unix(p.from, 0).UTC()}
		for i, n := range p.calls {
			if n > 0 {
				h.Calls = append(h.Calls, int64(i), int64(n))
			}
		}
		text.Hours = append(text.Hours, h)
	}
	return json.Marshal(text)
}

// UnmarshalJSON is the inverse of MarshalJSON; it takes the keys in any order. On an error the tally is left as it was.
//
// It returns an error wrapping [ErrTally] if the text has another form, a key that is none of those or stands twice, or text behind its end; and
// [servicetime.ErrRange] or [servicetime.ErrLimit] if an hour lies outside the years 1970 to 2200, or there are more than [MaxHours].
func (t *Tally) UnmarshalJSON(b []byte) error {
	var text tallyText
	if err := strict(b, &text, "outside", "beyond", "hours", "hour", "calls"); err != nil {
		return err
	}
	if text.Outside < 0 || text.Beyond < 0 || text.Outside > mostCalls || text.Beyond > mostCalls {
		return refuse("calls outside or beyond are negative, or more than can be")
	}
	if len(text.Hours) > MaxHours {
		return refuse("hours: %w: %d, at most %d", servicetime.ErrLimit, len(text.Hours), MaxHours)
	}
	read := Tally{outside: text.Outside, beyond: text.Beyond}
	last := int64(math.MinInt64)
	for i, h := range text.Hours {
		from := h.Hour.Unix()
		switch {
		case from < firstSecond || from > lastSecond:
			return refuse("hours[%d]: %w", i, servicetime.ErrRange)
		case from%pageSeconds != 0 || h.Hour.Nanosecond() != 0 || from <= last || len(h.Calls) == 0 || len(h.Calls)%2 != 0:
			return refuse("hours[%d]: whole hours with calls, in order, each once", i)
		}
		last = from
		read.turn(from)
		second := int64(-1)
		for pair := range slices.Chunk(h.Calls, 2) {
			if pair[0] <= second || pair[0] >= pageSeconds || pair[1] < 1 || pair[1] > math.MaxUint32 {
				return refuse("hours[%d].calls: a second of the hour and a number of calls, in order", i)
			}
			second = pair[0]
			read.calls[second] = uint32(pair[1])
		}
	}
	*t = read
	return nil
}

// MarshalBinary writes the users for UnmarshalBinary of this or another machine. Equal ones have equal bytes. The error is always nil.
func (u *Users) MarshalBinary() ([]byte, error) {
	c := codec{}
	c.begin(usersVersion)
	text := u.text()
	text.code(&c)
	return c.b, nil
}

// UnmarshalBinary is the inverse of MarshalBinary. On an error the users are left as they were.
//
// It returns an error wrapping [ErrTally] if the bytes are not those of users.
func (u *Users) UnmarshalBinary(b []byte) error {
	c := codec{b: b, reading: true}
	c.begin(usersVersion)
	var text usersText
	text.code(&c)
	if err := c.end(); err != nil {
		return err
	}
	return text.into(u)
}

// usersText are users in the form of their text.
type usersText struct {
	Others int64  `json:"others"`
	Users  []User `json:"users"` // by name; the one without a name too
}

func (u *Users) text() usersText {
	u.prune()
	text := usersText{Others: u.others, Users: make([]User, 0, len(u.calls))}
	for _, name := range slices.Sorted(maps.Keys(u.calls)) {
		text.Users = append(text.Users, User{name, u.calls[name]})
	}
	return text
}

func (text *usersText) code(c *codec) {
	c.u(&text.Others)
	list(c, &text.Users, func(user *User) {
		n := int64(len(user.Name))
		c.u(&n)
		if c.reading {
			if n > int64(len(c.b)) {
				c.err = errors.Join(c.err, refuse("it ends too early"))
				return
			}
			user.Name, c.b = string(c.b[:n]), c.b[n:]
		} else {
			c.b = append(c.b, user.Name...)
		}
		c.u(&user.Calls)
	})
}

func (text *usersText) into(u *Users) error {
	if len(text.Users) > MaxUsers {
		return refuse("users: %w: %d, at most %d", servicetime.ErrLimit, len(text.Users), MaxUsers)
	}
	if text.Others < 0 || text.Others > mostCalls {
		return refuse("calls of others are negative, or more than can be")
	}
	read := Users{others: text.Others}
	for i, user := range text.Users {
		if user.Calls < 1 || user.Calls > mostCalls || i > 0 && user.Name <= text.Users[i-1].Name || !utf8.ValidString(user.Name) {
			return refuse("users[%d]: users with calls, by name, each once", i)
		}
		read.add(user.Name, user.Calls)
	}
	*u = read
	return nil
}

// MarshalJSON writes the users for people and programs: {"others": 0, "users": [{"name": "Malmö", "calls": 412}]}, by name. Equal ones have equal texts.
func (u *Users) MarshalJSON() ([]byte, error) { return json.Marshal(u.text()) }

// UnmarshalJSON is the inverse of MarshalJSON; it takes the keys in any order. On an error the users are left as they were.
//
// It returns an error wrapping [ErrTally] if the text has another form, a key that is none of those or stands twice, or text behind its end; and
// [servicetime.ErrLimit] if there are more than [MaxUsers].
func (u *Users) UnmarshalJSON(b []byte) error {
	var text usersText
	if err := strict(b, &text, "others", "users", "name", "calls"); err != nil {
		return err
	}
	return text.into(u)
}

// MarshalBinary writes the timeline for UnmarshalBinary of this or another machine, as if no call could come late any more. Timelines of the same calls have equal
// bytes. The error is always nil.
func (t *Timeline) MarshalBinary() ([]byte, error) {
	c := codec{}
	c.begin(timelineVersion)
	t.settled().code(&c)
	return c.b, nil
}

// UnmarshalBinary is the inverse of MarshalBinary. On an error the timeline is left as it was.
//
// It returns an error wrapping [ErrTally] if the bytes are not those of a timeline.
func (t *Timeline) UnmarshalBinary(b []byte) error {
	c := codec{b: b, reading: true}
	c.begin(timelineVersion)
	var s stretch
	s.code(&c)
	if err := c.end(); err != nil {
		return err
	}
	return s.into(t)
}

// code is of a stretch that has settled.
func (s *stretch) code(c *codec) {
	c.u(&s.refused)
	c.u(&s.calls)
	c.i(&s.first)
	c.i(&s.last)
	hi, lo := int64(s.busy.hi), int64(s.busy.lo)
	c.u(&hi)
	c.i(&lo)
	s.busy = sum{uint64(hi), uint64(lo)}
	c.instants(&s.head)
	c.instants(&s.recent)
	c.instants(&s.reached)
	c.instants(&s.ends)
	list(c, &s.windows, func(w *window) {
		c.u(&w.length)
		c.u(&w.peak)
		c.i(&w.at)
	})
	list(c, &s.buckets, func(b *bucket) {
		c.u(&b.calls)
		c.u(&b.per)
		for _, l := range []*level{&b.level, &b.peak, &b.net, &b.netPeak} {
			c.i(&l.calls)
			c.u(&l.part)
		}
		c.i(&b.peakAt)
		c.i(&b.netsAt)
	})
}

// into checks a stretch that was read, and makes it a timeline. What passes may not be true of any calls, but nothing can fail on it.
func (s *stretch) into(t *Timeline) error {
	const most = 1 << 53 // so that sums fit, and all programs can read them
	in := func(v, from, to int64) bool { return from <= v && v <= to }
	if !in(s.refused, 0, most) || !in(s.calls, 0, most) || s.busy.hi > uint64(s.calls) {
		return refuse("a number of calls is too large")
	}
	if s.window(nanos) == nil || s.window(int64(time.Minute)) == nil {
		return refuse("windows: a second and a minute are always measured")
	}
	few := min(s.calls, 1) // there is a peak if there are calls
	for i, w := range s.windows {
		if !in(w.length, int64(shortest), int64(longest)) || i > 0 && w.length <= s.windows[i-1].length || !in(w.peak, few, s.calls) || !in(w.at, s.first, s.last) {
			return refuse("windows[%d]", i)
		}
	}
	for i, b := range s.buckets {
		parts := true
		for _, l := range []level{b.level, b.peak, b.netPeak, b.net} {
			parts = parts && in(l.part, 0, b.per-1) && in(l.calls, (firstSecond-lastSecond)*nanos, s.calls)
		}
		whole := in(b.level.calls, few, s.calls) && in(b.peak.calls, few, s.calls) && in(b.netPeak.calls, few, s.calls)
		if !parts || !whole || !in(b.per, int64(shortest), int64(longest)) || !in(b.calls, 1, b.per) || !in(b.peakAt, s.first, s.last) || !in(b.netsAt, s.first, s.last) {
			return refuse("buckets[%d]", i)
		}
		if i > 0 && (b.per < s.buckets[i-1].per || b.per == s.buckets[i-1].per && b.calls <= s.buckets[i-1].calls) {
			return refuse("buckets[%d]: in order of unit and rate, each once", i)
		}
	}
	if s.calls == 0 {
		if s.first != 0 || s.last != 0 || s.busy != (sum{}) || len(s.head)+len(s.recent)+len(s.reached)+len(s.ends) > 0 ||
			slices.ContainsFunc(s.buckets, func(b bucket) bool { return b != bucket{drain: b.drain} }) {
			return refuse("without calls there is nothing")
		}
		*t = Timeline{stretch: *s}
		return nil
	}
	if !in(s.first, firstNano, s.last) || s.last > lastSecond*nanos {
		return refuse("first and last: %w", servicetime.ErrRange)
	}
	for _, l := range []struct {
		name     string
		all      []int64
		from, to int64
	}{
		{"head", s.head, s.first, min(s.last, s.first+s.longest()-1)},
		{"recent", s.recent, max(s.first, s.last-s.longest()+1), s.last},
		{"reached", s.reached, s.first, s.last},
		{"ends", s.ends, s.last + 1, lastSecond * nanos},
	} {
		if n := len(l.all); !slices.IsSorted(l.all) || int64(n) > s.calls || n > 0 && (l.all[0] < l.from || l.all[n-1] > l.to) {
			return refuse("%s: instants of the stretch, in order", l.name)
		}
	}
	if len(s.head) == 0 || s.head[0] != s.first || len(s.recent) == 0 || s.recent[len(s.recent)-1] != s.last || len(s.ends) > len(s.reached) {
		return refuse("its edges are not those of its calls")
	}
	within := s.busy
	for _, end := range s.ends {
		if within.hi == 0 && within.lo < uint64(end-s.last) {
			return refuse("calls last less than they go on")
		}
		within = within.less(end - s.last)
	}
	*t = Timeline{stretch: *s}
	t.newest = max(s.last-firstNano, 0)
	return nil
}

// timelineText is a timeline in the form of its text.
type timelineText struct {
	Refused int64        `json:"refused"`
	Calls   int64        `json:"calls"`
	First   *time.Time   `json:"first"`
	Last    *time.Time   `json:"last"`
	Busy    *big.Int     `json:"busy_ns"`
	Head    []time.Time  `json:"head"`
	Recent  []time.Time  `json:"recent"`
	Reached []time.Time  `json:"reached"`
	Ends    []time.Time  `json:"ends"`
	Windows []windowText `json:"windows"`
	Buckets []bucketText `json:"buckets"`
}

type windowText struct {
	Window servicetime.Duration `json:"window"`
	Peak   int64                `json:"peak"`
	At     *time.Time           `json:"at"`
}

type bucketText struct {
	Max       int64                `json:"max"`
	Per       servicetime.Duration `json:"per"`
	Level     []int64              `json:"level"` // whole calls, and a part of one in nanoseconds of per
	Peak      []int64              `json:"peak"`
	PeakAt    *time.Time           `json:"peak_at"`
	Net       []int64              `json:"net"`
	NetPeak   []int64              `json:"net_peak"`
	NetPeakAt *time.Time           `json:"net_peak_at"`
}

// MarshalJSON writes the timeline for people and programs, as if no call could come late any more: the peaks of its windows, when so many calls first went on at
// once (reached), what it needs of its edges (head, recent, ends), instants in UTC. Timelines of the same calls have equal texts.
func (t *Timeline) MarshalJSON() ([]byte, error) {
	s := t.settled()
	at := func(v int64) *time.Time {
		if s.calls == 0 {
			return nil
		}
		u := time.Unix(0, v).UTC()
		return &u
	}
	all := func(in []int64) []time.Time {
		out := make([]time.Time, 0, len(in))
		for _, v := range in {
			out = append(out, *at(v))
		}
		return out
	}
	busy := new(big.Int).SetUint64(s.busy.hi)
	busy.Lsh(busy, 64).Add(busy, new(big.Int).SetUint64(s.busy.lo))
	text := timelineText{
		Refused: s.refused, Calls: s.calls, First: at(s.first), Last: at(s.last), Busy: busy,
		Head: all(s.head), Recent: all(s.recent), Reached: all(s.reached), Ends: all(s.ends),
		Windows: []windowText{}, Buckets: []bucketText{},
	}
	for _, w := range s.windows {
		text.Windows = append(text.Windows, windowText{servicetime.Duration(w.length), w.peak, at(w.at)})
	}
	pair := func(l level) []int64 { return []int64{l.calls, l.part} }
	for _, b := range s.buckets {
		text.Buckets = append(text.Buckets, bucketText{
			b.calls, servicetime.Duration(b.per), pair(b.level), pair(b.peak), at(b.peakAt), pair(b.net), pair(b.netPeak), at(b.netsAt),
		})
	}
	return json.Marshal(text)
}

// UnmarshalJSON is the inverse of MarshalJSON; it takes the keys in any order. On an error the timeline is left as it was.
//
// It returns an error wrapping [ErrTally] if the text has another form, a key that is none of those or stands twice, or text behind its end, or cannot be
// that of any calls.
func (t *Timeline) UnmarshalJSON(b []byte) error {
	var text timelineText
	if err := strict(b, &text, "refused", "calls", "first", "last", "busy_ns", "head", "recent", "reached", "ends", "windows", "buckets", "window", "peak", "at",
		"max", "per", "level", "peak_at", "net", "net_peak", "net_peak_at"); err != nil {
		return err
	}
	var errs []error
	at := func(v *time.Time) int64 {
		if v == nil {
			return 0
		}
		out, err := instant(*v)
		if err != nil && v.Unix() != lastSecond { // a call may end there
			errs = append(errs, refuse("%w", err))
		}
		return out
	}
	all := func(in []time.Time) (out []int64) {
		for i := range in {
			out = append(out, at(&in[i]))
		}
		return out
	}
	pair := func(in []int64) level {
		if len(in) != 2 {
			errs = append(errs, refuse("a level is two numbers"))
			return level{}
		}
		return level{in[0], in[1]}
	}
	if text.Busy == nil || text.Busy.Sign() < 0 || text.Busy.BitLen() > 127 {
		return refuse("busy_ns: a number of nanoseconds")
	}
	busy := sum{lo: new(big.Int).And(text.Busy, new(big.Int).SetUint64(math.MaxUint64)).Uint64()}
	busy.hi = new(big.Int).Rsh(text.Busy, 64).Uint64()
	s := stretch{
		refused: text.Refused, calls: text.Calls, first: at(text.First), last: at(text.Last), busy: busy,
		head: all(text.Head), recent: all(text.Recent), reached: all(text.Reached), ends: all(text.Ends),
	}
	for _, w := range text.Windows {
		s.windows = append(s.windows, window{int64(w.Window), w.Peak, at(w.At)})
	}
	for _, b := range text.Buckets {
		s.buckets = append(s.buckets, bucket{
			drain: drain{b.Max, int64(b.Per)}, level: pair(b.Level), peak: pair(b.Peak), peakAt: at(b.PeakAt),
			net: pair(b.Net), netPeak: pair(b.NetPeak), netsAt: at(b.NetPeakAt),
		})
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	return s.into(t)
}

// strict reads an object whose keys, at whatever depth, are the given ones, each once, and nothing behind it: encoding/json would also take
// a key twice, or in other letters.
func strict(b []byte, into any, keys ...string) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	var inside []map[string]bool // the keys so far of each object, nil for a list
	isKey := false
	for first := true; first || len(inside) > 0; first = false {
		token, err := dec.Token()
		if err != nil {
			return refuse("%w", err)
		}
		if first && token != json.Delim('{') {
			return refuse("write an object")
		}
		switch token {
		case json.Delim('{'):
			inside, isKey = append(inside, map[string]bool{}), true
			continue
		case json.Delim('['):
			inside = append(inside, nil)
		case json.Delim('}'), json.Delim(']'):
			inside = inside[:len(inside)-1]
		default:
			if key, _ := token.(string); isKey {
				seen := inside[len(inside)-1]
				if seen[key] || !slices.Contains(keys, key) {
					return refuse("key %q: each of %q once", key, keys)
				}
				seen[key], isKey = true, false
				continue
			}
		}
		isKey = len(inside) > 0 && inside[len(inside)-1] != nil
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return refuse("text behind its end")
	}
	dec = json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return refuse("%w", err)
	}
	return nil
}
