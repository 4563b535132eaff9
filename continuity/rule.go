package continuity

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"time"

	"example.com/sla/servicetime"
)

// A Rule is the objectives of a service, and how their time counts. With a calendar alone it is the preset's reading of §4.12, and nothing is agreed.
type Rule struct {
	Objectives
	// Calendar has the business days, the zone, and the opening hours where they count.
	Calendar *servicetime.Calendar `json:"-"`
	// Hours is how minutes and hours of RTO, WRT and MTPD count. WALL_CLOCK is the preset's, and that of the zero value; under SUPPORT_CLOCK they
	// run in the calendar's open time, and so does the length of a disruption. There is no other. Those of RPO and of frequencies are on the wall clock.
	Hours servicetime.Convention `json:"hours,omitzero"`
	// BusinessDays is how business days and working weeks count. EXCL_DATE_CLOSE is the preset's, and that of the zero value.
	BusinessDays servicetime.Convention `json:"business_days,omitzero"`
	// Days is how calendar days count. The zero value is SAME_WALLCLOCK, so that a daily backup at 02:00 keeps 1 day also where clocks change; §4.12 has no
	// calendar days, and SAME_WALLCLOCK is an interpretation.
	Days servicetime.Convention `json:"days,omitzero"`
	// UseVerifies counts a real use of the continuity plan as a test of it. §4.12 does not say.
	UseVerifies bool `json:"use_verifies,omitzero"`
}

// ErrReading is the cause where a rule has no calendar, or a convention that is none for its kind of time.
var ErrReading = errors.New("not a reading of the rule")

// Check returns an error:
//   - wrapping [ErrReading] if there is no calendar, or a convention is none for its kind of time,
//   - those of [Objectives.Check].
//
// Each is a [*servicetime.Fault] that names the field; they come all at once.
func (r *Rule) Check() error {
	var errs []error
	if r.Calendar == nil {
		errs = append(errs, flaw("calendar", "", fmt.Errorf("continuity: %w: give a compiled calendar", ErrReading)))
	}
	n := r.named()
	for _, reading := range []struct {
		field string
		how   servicetime.Convention
		kind  servicetime.Target
	}{
		{"hours", n.Hours, oneHour}, {"business_days", n.BusinessDays, oneBusinessDay}, {"days", n.Days, oneDay},
	} {
		if reading.how.Counts(reading.kind) && !r.uneven(reading.how) && reading.how != servicetime.EU1182Hours {
			continue
		}
		errs = append(errs, flaw(reading.field, reading.how.String(), fmt.Errorf("continuity: %w: no convention for %s", ErrReading, reading.kind)))
	}
	return errors.Join(append(errs, r.faults()...)...)
}

var (
	oneHour        = servicetime.MustTarget("1 h")
	oneBusinessDay = servicetime.MustTarget("1 business day")
	oneDay         = servicetime.MustTarget("1 day")
)

// uneven reports whether AS_HOURS is asked of a calendar whose working days differ in length.
func (r *Rule) uneven(how servicetime.Convention) bool {
	if r.Calendar == nil || how != servicetime.AsHours {
		return false
	}
	_, err := r.Calendar.Due(time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC), oneBusinessDay, how)
	return errors.Is(err, servicetime.ErrConvention)
}

// named is the rule with its zero readings named.
func (r *Rule) named() Rule {
	n := *r
	n.Hours = cmp.Or(r.Hours, servicetime.WallClock)
	n.BusinessDays = cmp.Or(r.BusinessDays, servicetime.ExclDateClose)
	n.Days = cmp.Or(r.Days, servicetime.SameWallClock)
	return n
}

// forever is an instant that does not come.
const forever int64 = math.MaxInt64

// A clock judges objectives; its rule is named and checked. Instants are nanoseconds, all in the range of the calendar, or forever.
type clock struct {
	rule  *Rule
	hours servicetime.Convention
}

// recovery is the clock of RTO, WRT and MTPD, and data that of RPO and frequencies.
func (r *Rule) recovery() clock { return clock{r, r.Hours} }
func (r *Rule) data() clock     { return clock{r, servicetime.WallClock} }

// elapsed is the time of the clock from one instant to a later one.
func (c clock) elapsed(from, to int64) time.Duration {
	if c.hours != servicetime.SupportClock {
		return time.Duration(to - from)
	}
	d, err := c.rule.Calendar.Elapsed(time.Unix(0, from), time.Unix(0, to))
	if err != nil {
		return 0 // unreachable: both are in range
	}
	return d
}

// deadline is when a time from an instant is used up, and the last instant that keeps it; forever where neither comes in the range.
func (c clock) deadline(from int64, o Objective) (due, last int64) {
	how := c.rule.Days
	if o.form == immediate {
		if c.hours != servicetime.SupportClock {
			return from, from
		}
		// The night does not count, so that what begins and ends in it took no time.
		at := time.Unix(0, from)
		next, ok := c.rule.Calendar.NextOpen(at)
		if !ok {
			return from, forever
		}
		return from, next.UnixNano()
	}
	if o.time.IsZero() {
		return forever, forever
	}
	if _, inHours := o.time.Duration(); inHours {
		how = c.hours
	} else if _, inDays := o.time.Days(); !inDays {
		// §4.12: a working week is 5 business days, due as EXCL_DATE_CLOSE.
		how = c.rule.BusinessDays
	}
	d, err := c.rule.Calendar.Deadline(time.Unix(0, from), o.time, how)
	if err != nil {
		return forever, forever // it is used up after the year 2200
	}
	return d.Due.UnixNano(), d.Last.UnixNano()
}

// keeps reports whether what took from one instant to another kept a time.
func (c clock) keeps(from, to int64, o Objective) bool {
	_, last := c.deadline(from, o)
	return to <= last
}

// time is an instant as results have it: in the zone of the calendar, and zero for one that does not come.
func (r *Rule) time(v int64) time.Time {
	if v == forever {
		return time.Time{}
	}
	return time.Unix(0, v).In(r.Calendar.Location())
}

// nanos is an instant that has been checked, or forever for none.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return forever
	}
	return t.UnixNano()
}

// A reader gathers the faults of records.
type reader struct {
	rule *Rule
	asOf time.Time // zero if it is not known, or wrong
	errs []error
}

// instant checks one that must be there.
func (r *reader) instant(path string, t time.Time) bool {
	if r.rule.Calendar.Covers(t) {
		return true
	}
	r.errs = append(r.errs, servicetime.FaultAt(path, t, fmt.Errorf("continuity: %w", servicetime.ErrRange)))
	return false
}

// later checks one that may be missing, and lies at or after another if both are right.
func (r *reader) later(path string, t time.Time, first time.Time, ok bool) bool {
	if t.IsZero() {
		return ok
	}
	if !r.instant(path, t) {
		return false
	}
	if ok && t.Before(first) {
		r.errs = append(r.errs, servicetime.FaultAt(path, t, fmt.Errorf("continuity: %w: it starts at %s", servicetime.ErrBackwards, first.Format(time.RFC3339Nano))))
		return false
	}
	return ok
}

// dataAt checks a data point that may be missing, and is none of after the return to it; zero is no bound.
func (r *reader) dataAt(path string, t, back time.Time, ok bool) {
	if !t.IsZero() && r.instant(path, t) && ok && !back.IsZero() && t.After(back) {
		r.errs = append(r.errs, servicetime.FaultAt(path, t, fmt.Errorf("continuity: %w: no data of after %s", servicetime.ErrBackwards, back.Format(time.RFC3339Nano))))
	}
}

// flaw is a fault of data that is no instant.
func flaw(path, value string, err error) *servicetime.Fault {
	return &servicetime.Fault{Path: path, Code: "bad_request", Value: value, Err: err}
}

// Due is when a time that is agreed runs out from an instant, under the rule's readings; that of immediate and of last transaction is the instant itself. It is
// false where there is none: not agreed, last backup, an instant outside the years of the calendar, or a time that is not used up by the year 2200.
func (r Rule) Due(o Objective, from time.Time) (time.Time, bool) {
	if r.Calendar == nil || !r.Calendar.Covers(from) || o.IsZero() || o.form == lastBackup {
		return time.Time{}, false
	}
	if o.form == immediate || o.form == lastTransaction {
		return from.In(r.Calendar.Location()), true
	}
	named := r.named()
	due, _ := named.recovery().deadline(from.UnixNano(), o)
	return named.time(due), due != forever
}
