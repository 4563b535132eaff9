package availability

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// Per is the period that a limit holds for.
type Per uint8

// The periods. The rolling ones end with the month that is reported.
const (
	PerMonth Per = iota + 1
	PerQuarter
	PerYear
	Rolling12Months
	Rolling365Days
)

var pers = wordsOf[Per]("per", "month", "quarter", "year", "rolling 12 months", "rolling 365 days")

// String is month, quarter, year, rolling 12 months or rolling 365 days; it is empty for the zero value.
func (p Per) String() string { return pers.Text(p) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (p Per) MarshalText() ([]byte, error) { return pers.Marshal(p) }

// UnmarshalText is the inverse of MarshalText.
func (p *Per) UnmarshalText(b []byte) (err error) {
	*p, err = pers.Parse(b)
	return err
}

// Period is the period that a report of a month judges: the quarter or calendar year in which the month lies, the twelve months or 365 days that end with it.
func (p Per) Period(month servicetime.Month) servicetime.Period {
	_, last := month.Dates()
	switch p {
	case PerQuarter:
		return month.Quarter()
	case PerYear:
		return servicetime.Year(month.Year)
	case Rolling12Months:
		first, _ := month.Add(-11).Dates()
		return servicetime.Dates{First: first, Last: last}
	case Rolling365Days:
		return servicetime.Dates{First: last.AddDays(-364), Last: last}
	}
	return month
}

// A Limit is one agreed figure for a period (§4.9.1): exactly one of Share, Down, Interruptions and Longest is set.
type Limit struct {
	Clause string `json:"clause,omitempty"`
	Per    Per    `json:"per,omitzero"`
	// Share is the least availability.
	Share compliance.Goal `json:"share,omitzero"`
	// Down is the most down time.
	Down *servicetime.Duration `json:"down,omitempty"`
	// Interruptions is the most of them.
	Interruptions *int64 `json:"interruptions,omitempty"`
	// Longest is the most down time of one interruption.
	Longest *servicetime.Duration `json:"longest,omitempty"`
}

// ErrLimit is the cause where a limit has no period, or not just one figure.
var ErrLimit = errors.New("not a limit")

// Check returns an error wrapping [ErrLimit] if the limit has no period, no figure or more than one, or a negative one.
func (l Limit) Check() error {
	figures, negative := 0, false
	if !l.Share.IsZero() {
		figures++
	}
	for _, d := range []*servicetime.Duration{l.Down, l.Longest} {
		if d != nil {
			figures++
			negative = negative || *d < 0
		}
	}
	if l.Interruptions != nil {
		figures++
		negative = negative || *l.Interruptions < 0
	}
	switch {
	case l.Per.String() == "":
		return fmt.Errorf("availability: per: %w: one of %v", ErrLimit, pers.Names)
	case figures != 1:
		return fmt.Errorf("availability: %d figures: %w: give one of share, down, interruptions, longest", figures, ErrLimit)
	case negative:
		return fmt.Errorf("availability: %w: a figure is negative", ErrLimit)
	}
	return nil
}

// An Outcome is what a limit says of a measurement. Before the end of the period it is of the time so far.
type Outcome struct {
	Limit
	Measurement *Measurement
	// Verdict is no data without open time.
	Verdict compliance.Verdict
	// Left is what could still be down, and LeftCount how many interruptions there could still be, with the limit met, in what was measured:
	// a share is of the hours so far, the others are of the whole period. They are negative where it is missed.
	Left      time.Duration
	LeftCount int64
	// Allowed is the down time that the limit allows in the whole period, its hours to come included, of which no service window is known yet; of longest the limit
	// itself. It is 0 where interruptions are limited.
	Allowed time.Duration
	// UsedUp is when the whole period's budget, Allowed or the number of interruptions, will be used up if it goes on like this: down
	// time, or interruptions, at the rate of the open time so far. It is zero if the budget lasts to the end of the period, or is used
	// up already, or the period has ended, of pooled measurements, and for longest.
	UsedUp time.Time
	// Binds says that of several limits on the down time of one period this is the strictest: see [Tally.Judge].
	Binds bool
}

// Judge applies the limit to a measurement of its period. A limit that Check refuses has no verdict, or that of one of its figures.
func (l Limit) Judge(m Measurement) Outcome {
	o := Outcome{Limit: l, Measurement: &m}
	if m.Share().Total == 0 {
		return o
	}
	used, allowed := int64(m.Down), int64(0)
	switch {
	case !l.Share.IsZero():
		// §4.9.1: so much of the opening hours so far; what it allows is of the whole period's.
		o.Verdict, o.Left = m.Share().Verdict(l.Share), m.Left(l.Share)
		base := m.Share().Total + int64(m.Rest)
		o.Allowed = time.Duration(compliance.Share{Met: base, Total: base}.MissesLeft(l.Share))
		allowed = int64(o.Allowed)
	case l.Down != nil:
		o.Allowed = time.Duration(*l.Down)
		o.Left = o.Allowed - m.Down
		o.Verdict = atMost(int64(m.Down), int64(o.Allowed))
		allowed = int64(o.Allowed)
	case l.Longest != nil:
		o.Allowed = time.Duration(*l.Longest)
		o.Left = o.Allowed - m.Longest
		o.Verdict = atMost(int64(m.Longest), int64(o.Allowed))
		return o
	case l.Interruptions != nil:
		o.LeftCount = *l.Interruptions - m.Count()
		o.Verdict = atMost(m.Count(), *l.Interruptions)
		used, allowed = m.Count(), *l.Interruptions
	}
	if m.SoFar() && !m.pooled && used > 0 && used < allowed {
		o.UsedUp = m.usedUp(used, allowed)
	}
	return o
}

func atMost(is, limit int64) compliance.Verdict {
	if is <= limit {
		return compliance.Met
	}
	return compliance.Missed
}

// usedUp is the instant of the period at which used, which took the open time so far, has grown to allowed, zero if none.
func (m *Measurement) usedUp(used, allowed int64) time.Time {
	hi, lo := bits.Mul64(uint64(m.Open), uint64(allowed))
	if hi >= uint64(used) {
		return time.Time{} // in more than 292 years
	}
	open, _ := bits.Div64(hi, lo, uint64(used))
	if open > math.MaxInt64 || open > uint64(m.Open+m.Rest) {
		return time.Time{}
	}
	// What was removed so far is open, but no time.
	t, err := m.Rule.Opening.Add(m.Whole.From, time.Duration(open)+m.Removed)
	if err != nil {
		return time.Time{} // unreachable: the period has so much open time
	}
	return t
}

// String is what was agreed: at least 98 %, at most 62 h down, at most 4 interruptions, at most 8 h at a time.
func (l Limit) String() string {
	switch {
	case l.Down != nil:
		return fmt.Sprintf("at most %s down", l.Down)
	case l.Longest != nil:
		return fmt.Sprintf("at most %s at a time", l.Longest)
	case l.Interruptions != nil:
		return "at most " + plural(*l.Interruptions, "interruption")
	}
	return "at least " + l.Share.String()
}

// String is the outcome in a line; one without a measurement is no data.
//
//	down 3 h 12 min of 198 h, 98.38 %, goal 98 %: met, 45 min 36 s left
//	down 5 h so far, at most 62 h: met, 57 h left
//	5 interruptions, at most 4: missed by 1
//	longest 9 h 30 min, at most 8 h: missed by 1 h 30 min
func (o Outcome) String() string {
	if o.Measurement == nil {
		return "no data, " + o.Limit.String()
	}
	soFar := ""
	if o.Measurement.SoFar() {
		soFar = " so far"
	}
	var text, left string
	switch {
	case o.Measurement.Share().Total == 0:
		return "no open time" + soFar + ", " + o.Limit.String()
	case !o.Share.IsZero():
		share := o.Measurement.Share()
		text = fmt.Sprintf("down %s of %s%s, %s %%, goal %s", servicetime.FormatDuration(o.Measurement.Down), servicetime.FormatDuration(time.Duration(share.Total)), soFar, share.Percent(o.Share), o.Share)
	case o.Down != nil:
		text = fmt.Sprintf("down %s%s, at most %s", servicetime.FormatDuration(o.Measurement.Down), soFar, o.Down)
	case o.Longest != nil:
		text = fmt.Sprintf("longest %s%s, at most %s", servicetime.FormatDuration(o.Measurement.Longest), soFar, o.Longest)
	case o.Interruptions == nil:
		return "no limit" // as Check says
	default:
		text = fmt.Sprintf("%s%s, at most %d", plural(o.Measurement.Count(), "interruption"), soFar, *o.Interruptions)
	}
	if o.Verdict == compliance.Missed {
		left = fmt.Sprintf("missed by %s", servicetime.FormatDuration(-o.Left))
		if o.Interruptions != nil {
			left = fmt.Sprintf("missed by %d", -o.LeftCount)
		}
		return text + ": " + left
	}
	left = servicetime.FormatDuration(o.Left)
	if o.Interruptions != nil {
		left = fmt.Sprint(o.LeftCount)
	}
	return text + ": met, " + left + " left"
}

// Judge applies limits to a tally, in their order, each to its period of a month's report, as of an instant. Of the limits on the down time of one period, a share or a
// duration, the one that allows least binds: of 98 % and 62 h a year, the 98 %.
//
// It returns an error:
//   - that of [Limit.Check], of the first limit that has one,
//   - and those of [Tally.Result].
func (t *Tally) Judge(rule Rule, limits []Limit, month servicetime.Month, asOf time.Time) ([]Outcome, error) {
	if err := rule.Check(); err != nil {
		return nil, err
	}
	measured := map[Per]Measurement{}
	binding, bounding := map[Per]int{}, map[Per]int{} // the strictest, and how many there are
	var out []Outcome
	for i, l := range limits {
		if err := l.Check(); err != nil {
			return nil, err
		}
		m, done := measured[l.Per]
		if !done {
			span, err := rule.span(l.Per.Period(month))
			if err != nil {
				return nil, err
			}
			if m, err = t.Result(rule, span, asOf); err != nil {
				return nil, err
			}
			measured[l.Per] = m
		}
		out = append(out, l.Judge(m))
		if l.Share.IsZero() && l.Down == nil {
			continue
		}
		bounding[l.Per]++
		if first, there := binding[l.Per]; !there || out[i].Allowed < out[first].Allowed {
			binding[l.Per] = i
		}
	}
	for per, i := range binding {
		out[i].Binds = bounding[per] > 1
	}
	return out, nil
}
