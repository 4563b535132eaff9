package capacity

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"
)

// MaxHours is how many hours with calls a tally holds, more than a year of them: 144 MB.
const MaxHours = 10_000

// The range of instants, a day wider than that of every calendar (the local dates 1970 to 2200).
const (
	firstSecond = -24 * 3600
	lastSecond  = 7_289_654_400 + 24*3600
	pageSeconds = 3600 // of which both are multiples
	nanos       = int64(time.Second)
	firstNano   = firstSecond * nanos
)

// A Tally counts calls per second of the clock, and so per minute and hour. Calls come one by one, in any order, fastest in rough order of time. The
// tallies of any parts of the calls, merged in any order, are bit for bit the tally of the whole, however the parts were cut.
//
// It grows with the hours that have calls, 14 KiB each, and not with the calls. Of more than [MaxHours] it keeps the earliest, and counts the calls of all
// later ones apart, whatever order they came in. A second that has more than 2³²−1 calls has 2³²−1.
//
// The zero value is ready. A tally is not safe for several goroutines, and not to be copied after its first call.
type Tally struct {
	calls   []uint32 // those of the page in hand, none or one for each of its seconds
	from    int64    // the second at which it begins
	pages   []page   // by hour
	outside int64
	beyond  int64
}

// A page is an hour of calls.
type page struct {
	from  int64 // its first second since 1970-01-01 UTC
	calls []uint32
}

// Add counts a call that came at an instant, at whatever hour: the limits of §4.7 know no opening hours. One outside the years 1970 to 2200, such as a forgotten
// (zero) one, is counted apart.
func (t *Tally) Add(at time.Time) {
	// The commonest case first: the hour of the call before.
	sec := at.Unix()
	if i := uint64(sec - t.from); i < uint64(len(t.calls)) {
		if n := &t.calls[i]; *n < math.MaxUint32 {
			*n++
		}
		return
	}
	t.addSlow(sec)
}

func (t *Tally) addSlow(sec int64) {
	switch {
	case sec < firstSecond || sec > lastSecond:
		t.outside++
	case t.turn(sec - (sec-firstSecond)%pageSeconds):
		t.calls[sec-t.from]++
	default:
		t.beyond++
	}
}

// turn takes the page of an hour in hand, and reports whether there is room for it.
func (t *Tally) turn(from int64) bool {
	i, found := slices.BinarySearchFunc(t.pages, from, func(p page, from int64) int { return cmp.Compare(p.from, from) })
	if !found {
		if i == MaxHours {
			return false
		}
		p := page{from: from}
		if len(t.pages) == MaxHours { // the latest hour gives way
			last := t.pages[MaxHours-1]
			t.pages = t.pages[:MaxHours-1]
			t.beyond += last.sum()
			clear(last.calls)
			p.calls = last.calls
		} else {
			p.calls = make([]uint32, pageSeconds)
		}
		t.pages = slices.Insert(t.pages, i, p)
	}
	t.from, t.calls = from, t.pages[i].calls
	return true
}

func (p page) sum() int64 {
	var sum int64
	for _, n := range p.calls {
		sum += int64(n)
	}
	return sum
}

// Merge adds the calls of another tally.
func (t *Tally) Merge(o *Tally) {
	t.outside += o.outside
	t.beyond += o.beyond
	for _, p := range o.pages {
		if !t.turn(p.from) {
			t.beyond += p.sum()
			continue
		}
		mine := t.calls[:len(p.calls)]
		for i, n := range p.calls {
			if n > 0 {
				mine[i] = uint32(min(uint64(mine[i])+uint64(n), math.MaxUint32))
			}
		}
	}
}

// A Volume is how many calls there were, and the most of them in a second, a minute and an hour of the clock (UTC).
type Volume struct {
	Calls  int64 `json:"calls"`
	Second Peak  `json:"per_second"`
	Minute Peak  `json:"per_minute"`
	Hour   Peak  `json:"per_hour"`
	// Outside are calls outside the years 1970 to 2200, and Beyond those of hours after the first [MaxHours]. Neither are in Calls, nor in a peak.
	Outside int64 `json:"outside,omitzero"`
	Beyond  int64 `json:"beyond,omitzero"`
}

// Result is the volume of what was counted so far.
func (t *Tally) Result() Volume {
	v := Volume{Outside: t.outside, Beyond: t.beyond}
	for _, p := range t.pages {
		hour := int64(0)
		for i := int64(0); i < pageSeconds; i += 60 {
			minute := int64(0)
			for k, n := range p.calls[i : i+60] {
				minute += int64(n)
				if int64(n) > v.Second.Count {
					v.Second.raise(int64(n), (p.from+i+int64(k))*nanos)
				}
			}
			v.Minute.raise(minute, (p.from+i)*nanos)
			hour += minute
		}
		v.Hour.raise(hour, p.from*nanos)
		v.Calls += hour
	}
	return v
}

// String is the volume in a line:
//
//	10432 calls; most in a second 9 at 2026-10-26 08:31:07 UTC, in a minute 214 at 2026-10-26 08:31:00 UTC, in an hour 2877 at 2026-10-26 08:00:00 UTC
func (v Volume) String() string {
	text := "no calls"
	if v.Calls > 0 {
		text = fmt.Sprintf("%d calls; most in a second %s, in a minute %s, in an hour %s", v.Calls, v.Second, v.Minute, v.Hour)
	}
	if v.Outside > 0 {
		text += fmt.Sprintf("; %d outside the years 1970 to 2200", v.Outside)
	}
	if v.Beyond > 0 {
		text += fmt.Sprintf("; %d beyond the first %d hours", v.Beyond, MaxHours)
	}
	return text
}

// raise takes a count that came later than all before.
func (p *Peak) raise(n, at int64) {
	if n > p.Count {
		*p = Peak{n, time.Unix(0, at).UTC()}
	}
}

// windows yields the first second and the count of each calendar window that has calls. Its length divides an hour.
func (t *Tally) windows(seconds int64) iter.Seq2[int64, int64] {
	return func(yield func(from, n int64) bool) {
		for _, p := range t.pages {
			for i := int64(0); i < pageSeconds; i += seconds {
				n := page{calls: p.calls[i : i+seconds]}.sum()
				if n > 0 && !yield(p.from+i, n) {
					return
				}
			}
		}
	}
}

// judge fills in what a calendar limit says of the calls.
//
//	limit      - - - - - - - -
//	           |   |█|█|   |█|
//	calls    |█|█|_|█|█|_|█|█|█|
//	over         |---|   |-|     touching windows are one spell
func (t *Tally) judge(o *Outcome) {
	allowed, window := o.Allowed(), int64(o.window())/nanos
	last := int64(math.MinInt64) // the end of the spell so far, listed or not
	having := map[int64]int64{}  // windows by their count
	total := int64(0)
	for from, n := range t.windows(window) {
		o.Peak.raise(n, from*nanos)
		having[n]++
		total++
		if n <= allowed {
			continue
		}
		o.TimeOver += time.Duration(window * nanos)
		o.CallsOver += n - allowed
		end := time.Unix(from+window, 0).UTC()
		switch {
		case from != last && len(o.Over) == MaxListed:
			o.MoreOver++
		case from != last:
			o.Over = append(o.Over, Excess{time.Unix(from, 0).UTC(), end, n})
		case o.MoreOver == 0:
			e := &o.Over[len(o.Over)-1]
			e.To, e.Peak = end, max(e.Peak, n)
		}
		last = from + window
	}
	if total == 0 {
		return
	}
	o.Verdict = atMost(o.Peak.Count, allowed)
	seen := int64(0)
	for _, n := range slices.Sorted(maps.Keys(having)) {
		before := seen
		seen += having[n]
		for _, p := range []struct {
			percent int64
			to      *int64
		}{{95, &o.P95}, {99, &o.P99}} {
			if rank := (total*p.percent + 99) / 100; before < rank && rank <= seen {
				*p.to = n
			}
		}
	}
}
