package continuity

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"example.com/sla/servicetime"
)

// Code names a contradiction of objectives.
type Code uint8

// The contradictions.
const (
	RTOOverMTPD       Code = iota + 1 // RTO and WRT together are longer than the MTPD
	BackupsTooRare                    // the next backup may be due later than the RPO allows
	BackupsCannotGive                 // no frequency of backups gives the last transaction: something else must
	LastBackupUndated                 // last backup, with no frequency agreed, may be of any age
	ChainOverPromise                  // a service is promised sooner than what it needs can be there
)

var codes = wordsOf[Code]("code", "rto_over_mtpd", "backups_too_rare", "backups_cannot_give_rpo", "last_backup_undated", "chain_over_promise")

// String is rto_over_mtpd, backups_too_rare, backups_cannot_give_rpo, last_backup_undated or chain_over_promise; it is empty for the zero value.
func (c Code) String() string { return codes.Text(c) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (c Code) MarshalText() ([]byte, error) { return codes.Marshal(c) }

// UnmarshalText is the inverse of MarshalText.
func (c *Code) UnmarshalText(b []byte) (err error) {
	*c, err = codes.Parse(b)
	return err
}

// A Conflict is a contradiction of objectives, with the first instant of the period that was found to show it: a time in hours and one in business
// days compare differently over a weekend.
type Conflict struct {
	Code Code
	// Objectives are those that contradict each other: what is asked first, then what it cannot be with.
	Objectives []Objective
	// Service is the one promised too much, and Chain what it waits for, the first to be restarted first and itself last, of ChainOverPromise; of
	// a longer chain the last 100.
	Service string
	Chain   []string
	// From is the start of a disruption, or a data point, with which it shows. Asked is by when the first objective asks for it, and Possible
	// when the others allow it, zero if that is after the year 2200. All are zero where it does not depend on when.
	From, Asked, Possible time.Time
}

// String is the conflict in a line:
//
//	rto_over_mtpd: 72 h; 1 working week, 8 h: from 2026-01-02 00:00 asked by 2026-01-05 00:00, possible 2026-01-12 01:00
//	last_backup_undated: last backup; not agreed
//	chain_over_promise: portal, behind storage, database: 1 h: from 2026-01-01 00:00 asked by 2026-01-01 01:00, possible 2026-01-01 02:00
func (c Conflict) String() string {
	text := c.Code.String() + ": "
	if n := len(c.Chain); n > 0 {
		behind := ""
		if n > 1 {
			behind = ", behind " + strings.Join(c.Chain[:n-1], ", ")
		}
		text += c.Service + behind + ": "
	}
	// What is asked, and what it cannot be with.
	if len(c.Objectives) > 0 {
		text += c.Objectives[0].String()
	}
	if len(c.Objectives) > 1 {
		with := make([]string, 0, len(c.Objectives)-1)
		for _, o := range c.Objectives[1:] {
			with = append(with, o.String())
		}
		text += "; " + strings.Join(with, ", ")
	}
	if c.From.IsZero() {
		return text
	}
	possible := "not before 2201"
	if !c.Possible.IsZero() {
		possible = "possible " + stamp(c.Possible)
	}
	return fmt.Sprintf("%s: from %s asked by %s, %s", text, stamp(c.From), stamp(c.Asked), possible)
}

// Conflicts are the contradictions of the rule's objectives. Times of different kinds are compared at the first and the last second of each date of a
// period, such as a [servicetime.Year], and under SUPPORT_CLOCK at its first open instant too; what is not agreed contradicts nothing.
//
//   - RTO and then WRT must be used up by the time that MTPD is.
//   - From each data point the next backup must be due by the time that the RPO is used up. How long the copying takes is left out: it only makes
//     things worse.
//   - An RPO of last transaction needs more than backups, and one of last backup says nothing without a frequency.
//
// It returns an error:
//   - those of [Rule.Check],
//   - wrapping [servicetime.ErrRange] if there is no period, or it does not lie in the years 1970 to 2200.
func (r Rule) Conflicts(period servicetime.Period) ([]Conflict, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	n := r.named()
	starts, err := n.starts(period)
	if err != nil {
		return nil, err
	}
	var out []Conflict
	compare := func(c Conflict, asked, possible func(from int64) int64) {
		for _, from := range starts {
			if a, p := asked(from), possible(from); p > a {
				c.From, c.Asked, c.Possible = n.time(from), n.time(a), n.time(p)
				out = append(out, c)
				return
			}
		}
	}
	used := func(c clock, o Objective) func(int64) int64 {
		return func(from int64) int64 {
			if o.IsZero() || from == forever {
				return from
			}
			due, _ := c.deadline(from, o)
			return due
		}
	}
	if !n.MTPD.IsZero() {
		rto, wrt := used(n.recovery(), n.RTO), used(n.recovery(), n.WRT)
		compare(Conflict{Code: RTOOverMTPD, Objectives: []Objective{n.MTPD, n.RTO, n.WRT}},
			used(n.recovery(), n.MTPD), func(from int64) int64 { return wrt(rto(from)) })
	}
	switch every := n.BackupEvery; {
	case n.RPO.form == lastBackup && every.IsZero():
		out = append(out, Conflict{Code: LastBackupUndated, Objectives: []Objective{n.RPO, every}})
	case n.RPO.form == lastTransaction && !every.IsZero():
		out = append(out, Conflict{Code: BackupsCannotGive, Objectives: []Objective{n.RPO, every}})
	case n.RPO.form != lastBackup && !n.RPO.IsZero() && !every.IsZero():
		compare(Conflict{Code: BackupsTooRare, Objectives: []Objective{n.RPO, every}}, used(n.data(), n.RPO), used(n.data(), every))
	}
	return out, nil
}

// starts are the first and the last second of each date, and the first open instant where the clock runs by it.
func (r *Rule) starts(period servicetime.Period) ([]int64, error) {
	if period == nil {
		return nil, fmt.Errorf("continuity: no period: %w", servicetime.ErrRange)
	}
	if _, err := r.Calendar.Span(period); err != nil {
		return nil, err
	}
	var out []int64
	first, last := period.Dates()
	for date := first; date.Compare(last) <= 0; date = date.AddDays(1) {
		span, err := r.Calendar.Span(date)
		if err != nil {
			return nil, err // unreachable: the whole period is in range
		}
		if !span.From.Before(span.To) {
			continue // no clock in the zone showed the date
		}
		out = append(out, span.From.UnixNano())
		// In closed time a restart costs nothing, so that what is promised at once shows its length in open time alone.
		if open, ok := r.Calendar.NextOpen(span.From); ok && r.Hours == servicetime.SupportClock && open.Before(span.To) {
			out = append(out, open.UnixNano())
		}
		out = append(out, span.To.UnixNano()-int64(time.Second))
	}
	return out, nil
}

// ChainConflicts finds services whose own RTO is shorter than the longest chain of what they need: of restarts, one behind the other, each beginning
// when what it needs is there, and of what is promised for that, where it is promised later: until the last instant that keeps it, as [Rule.Judge] has
// it. Services without an RTO promise what their chain allows. There is at most one for each service, by place in the list; the dates are those of
// [Rule.Conflicts]. The objectives of the rule itself have no part in it.
//
// Its errors are those of [Restart] and of [Rule.Conflicts].
func (r Rule) ChainConflicts(services []Service, period servicetime.Period) ([]Conflict, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	g, err := newGraph(services)
	if err != nil {
		return nil, err
	}
	order, err := g.order()
	if err != nil {
		return nil, err
	}
	n := r.named()
	starts, err := n.starts(period)
	if err != nil {
		return nil, err
	}
	found := make([]*Conflict, len(services))
	there := make([]int64, len(services)) // when each can be relied on
	via := make([]int, len(services))     // what that is due to; -1 is the promise for it, or that it needs nothing
	for _, from := range starts {
		type deadline struct{ due, last int64 }
		asked := map[Objective]deadline{}
		for _, v := range order {
			s := &services[v]
			chain := -1
			begin := from
			for _, p := range g.waits[v][:g.needs[v]] {
				if chain < 0 || there[p] > begin {
					chain, begin = p, there[p]
				}
			}
			via[v], there[v] = chain, n.plus(begin, int64(s.Restart))
			if s.RTO.IsZero() {
				continue
			}
			by, known := asked[s.RTO]
			if !known {
				by.due, by.last = n.recovery().deadline(from, s.RTO)
				asked[s.RTO] = by
			}
			if there[v] <= by.last {
				via[v], there[v] = -1, by.last
				continue
			}
			if found[v] == nil {
				found[v] = &Conflict{
					Code: ChainOverPromise, Objectives: []Objective{s.RTO}, Service: s.Name, Chain: g.chain(v, via),
					From: n.time(from), Asked: n.time(by.due), Possible: n.time(there[v]),
				}
			}
		}
	}
	var out []Conflict
	for _, c := range found {
		if c != nil {
			out = append(out, *c)
		}
	}
	return out, nil
}

// chain are the names of what a service waits for, and its own.
func (g *graph) chain(v int, via []int) []string {
	var names []string
	for ; v >= 0 && len(names) < maxNamed; v = via[v] {
		names = append(names, g.services[v].Name)
	}
	slices.Reverse(names)
	return names
}

// plus adds a time to an instant; what comes after the year 2200 is forever.
func (r *Rule) plus(v, d int64) int64 {
	if v > math.MaxInt64-d || !r.Calendar.Covers(time.Unix(0, v+d)) {
		return forever
	}
	return v + d
}
