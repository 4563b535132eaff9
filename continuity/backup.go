package continuity

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"
)

// A Backup is a copy of the data.
type Backup struct {
	// DataAt is the instant that the data stands for: that of the snapshot, or at which the copy began. Of a local time that is shown twice time.Date
	// gives the second in Europe/Stockholm, while a [Schedule] expects the first.
	DataAt time.Time `json:"data_at"`
	// DoneAt is when the copy was complete; zero is not yet, or never.
	DoneAt time.Time `json:"done_at,omitzero"`
	// VerifiedAt is when it was found to be good; zero is not yet, or never. Where verification is part of the copying give DoneAt.
	VerifiedAt time.Time `json:"verified_at,omitzero"`
}

// read notes the faults of a backup.
func (b *Backup) read(r *reader, path string) {
	ok := r.instant(path+".data_at", b.DataAt)
	ok = r.later(path+".done_at", b.DoneAt, b.DataAt, ok)
	if b.DoneAt.IsZero() {
		r.later(path+".verified_at", b.VerifiedAt, b.DataAt, ok)
		return
	}
	r.later(path+".verified_at", b.VerifiedAt, b.DoneAt, ok)
}

// usable is when the copy is both complete and verified, or forever.
func (b *Backup) usable() int64 { return max(nanos(b.DoneAt), nanos(b.VerifiedAt)) }

// A held copy is the newest one from its usable instant on.
type held struct{ data, usable int64 }

// ledger is what is known of backups as of an instant.
type ledger struct {
	known  bool   // there is a record of before the end of the period, of whatever outcome
	first  int64  // the earliest data point of any such record
	points []held // the usable copies, by data point
	newest []held // those of them that were the newest when they became usable, by that instant and by data point
}

// newLedger reads backups that have been checked, as of an instant, for a period that ends at another.
//
//	data points   d1      d2    d3
//	usable            u1           u3     u2
//	newest            |------------|---------->   d1, d3: at u2 there was a newer one
func newLedger(backups []Backup, asOf, to int64) ledger {
	l := ledger{first: forever}
	for i := range backups {
		b := &backups[i]
		data := b.DataAt.UnixNano()
		if data > asOf {
			continue
		}
		if data < to {
			l.known, l.first = true, min(l.first, data)
		}
		if usable := b.usable(); usable <= asOf {
			l.points = append(l.points, held{data, usable})
		}
	}
	slices.SortFunc(l.points, func(a, b held) int { return cmp.Or(cmp.Compare(a.data, b.data), cmp.Compare(a.usable, b.usable)) })
	order := slices.Clone(l.points)
	slices.SortStableFunc(order, func(a, b held) int { return cmp.Or(cmp.Compare(a.usable, b.usable), cmp.Compare(b.data, a.data)) })
	for _, h := range order {
		if n := len(l.newest); n == 0 || h.data > l.newest[n-1].data {
			l.newest = append(l.newest, h)
		}
	}
	return l
}

// at is the data point of the newest copy usable by an instant; false if there is none.
func (l *ledger) at(v int64) (data int64, ok bool) {
	i := sort.Search(len(l.newest), func(i int) bool { return l.newest[i].usable > v })
	if i == 0 {
		return 0, false
	}
	return l.newest[i-1].data, true
}

// LossAt is the achieved RPO at an instant: how far back the data point of the newest copy lies that was completed and verified by then. It is
// false if there was none, and all would be lost.
//
// It returns an error:
//   - those of [Rule.Check],
//   - and every fault of the backups and the instant, all at once, each a [*servicetime.Fault] with its path, such as [3].done_at: those of [Rule.Judge].
func (r Rule) LossAt(backups []Backup, at time.Time) (time.Duration, bool, error) {
	if err := r.Check(); err != nil {
		return 0, false, err
	}
	read := reader{rule: &r}
	read.instant("at", at)
	for i := range backups {
		backups[i].read(&read, fmt.Sprintf("[%d]", i))
	}
	if err := read.err(); err != nil {
		return 0, false, err
	}
	v := at.UnixNano()
	l := newLedger(backups, v, forever)
	data, ok := l.at(v)
	if !ok {
		return 0, false, nil
	}
	return time.Duration(v - data), true, nil
}

// frequency judges the times from each data point to the next, and from the last to the end. What no record shows has not been, once there is one: with
// no copy by the beginning of the period the time before the first is unbounded, as its exposure is.
func (j *judge) frequency(l *ledger) Outcome {
	o := Outcome{Objective: j.rule.BackupEvery}
	points := make([]int64, 0, len(l.points))
	for _, h := range l.points {
		points = append(points, h.data)
	}
	first, begin := forever, j.from
	if len(points) > 0 {
		first = points[0]
	}
	if j.whole {
		begin = l.first
	}
	switch {
	case !l.known || j.end <= j.from || first <= begin:
	case j.whole && first < forever:
		// What was before the records is not known: the time since the first attempt is the least it can be.
		points = append([]int64{begin}, points...)
	default:
		j.add(&o, Breach{At: j.rule.time(begin), Unbounded: true, Ongoing: first > j.end}, false)
	}
	j.gaps(&o, points)
	return o
}

// gaps judges the times between points, in order, and from the last to the end.
//
//	period         |-----------------|
//	points    p1        p2       p3          p4
//	judged    |---------|
//	                    |--------|
//	                             |---|            as long as it is at the end of the period
func (j *judge) gaps(o *Outcome, points []int64) {
	c := j.rule.data()
	for i, p := range points {
		next := forever
		if i+1 < len(points) {
			next = points[i+1]
		}
		to := min(next, j.end)
		if !j.touches(p, to) {
			continue
		}
		j.add(o, Breach{At: j.rule.time(p), Length: time.Duration(to - p), Ongoing: next > to}, c.keeps(p, to, o.Objective))
	}
}

// exposure judges what could have been lost at the worst instant that each copy was the newest.
func (j *judge) exposure(l *ledger) Outcome {
	o := Outcome{Objective: j.rule.RPO}
	if !l.known || j.end <= j.from {
		return o
	}
	begin, first := j.from, forever
	if len(l.newest) > 0 {
		first = l.newest[0].usable
	}
	switch {
	case j.whole && first < forever:
		begin = first // what was before the records is not known
	case j.whole:
		begin = l.first
	}
	if first > begin {
		j.add(&o, Breach{At: j.rule.time(begin), Unbounded: true, Ongoing: first > j.end}, false)
	}
	for i, h := range l.newest {
		next := forever
		if i+1 < len(l.newest) {
			next = l.newest[i+1].usable
		}
		to := min(next, j.end)
		if h.usable >= j.to || h.usable < begin && to <= begin {
			continue
		}
		j.add(&o, Breach{At: j.rule.time(h.data), Length: time.Duration(to - h.data), Ongoing: next > to}, j.returns(h.data, to, h.data))
	}
	return o
}

// returns reports whether coming back to a data point from an instant keeps the RPO, where the newest usable copy has a data point of its own.
func (j *judge) returns(data, at, newest int64) bool {
	if data >= at {
		return true
	}
	switch o := j.rule.RPO; o.form {
	case lastTransaction:
		return false
	case lastBackup:
		return data >= newest
	default:
		return j.rule.data().keeps(data, at, o)
	}
}
