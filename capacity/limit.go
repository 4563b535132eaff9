package capacity

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// Kind is what a limit counts.
type Kind uint8

// The kinds, which §4.7 mixes in one cell: "3 calls/second or at most 200 simultaneous calls/minute".
const (
	Count       Kind = iota + 1 // so many calls in each window
	Rate                        // so many calls per unit of time: on average over each window, or as a bucket drains
	Concurrency                 // so many calls at once
)

// Model is how the windows of a limit lie.
type Model uint8

// The models.
const (
	Calendar Model = iota + 1 // windows follow each other on the clock: each whole minute by itself
	Sliding                   // a window begins at every call
	// Bucket is a token bucket: the calls of Limit.Burst may come at once, and then as fast as the rate.
	Bucket
	// GCRA is the generic cell rate algorithm: calls come evenly spaced, each at the earliest a rate's interval after the one before.
	// With the same Burst it admits the same calls as Bucket; it differs in the burst of a limit that names none.
	GCRA
)

var (
	kinds  = wordsOf[Kind]("kind", "count", "rate", "concurrency")
	models = wordsOf[Model]("model", "calendar", "sliding", "bucket", "gcra")
)

// String is count, rate or concurrency; it is empty for the zero value.
func (k Kind) String() string { return kinds.Text(k) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (k Kind) MarshalText() ([]byte, error) { return kinds.Marshal(k) }

// UnmarshalText is the inverse of MarshalText.
func (k *Kind) UnmarshalText(b []byte) (err error) {
	*k, err = kinds.Parse(b)
	return err
}

// String is calendar, sliding, bucket or gcra; it is empty for the zero value.
func (m Model) String() string { return models.Text(m) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (m Model) MarshalText() ([]byte, error) { return models.Marshal(m) }

// UnmarshalText is the inverse of MarshalText.
func (m *Model) UnmarshalText(b []byte) (err error) {
	*m, err = models.Parse(b)
	return err
}

// A Limit is one agreed figure of capacity (§4.7). It is reached, and still met, at the figure itself. The zero value is none.
//
//	Limit{Kind: Count, Max: 200, Window: minute, Model: Calendar}           at most 200 calls per calendar minute
//	Limit{Kind: Rate, Max: 3, Per: second, Window: minute, Model: Calendar} at most 3 calls per second on average over a calendar minute
//	Limit{Kind: Rate, Max: 8, Per: second, Model: Bucket, Burst: 20}        at most 8 calls per second after bursts of 20 (bucket)
//	Limit{Kind: Concurrency, Max: 36}                                       at most 36 calls at once
type Limit struct {
	Clause string `json:"clause,omitempty"`
	Kind   Kind   `json:"kind,omitzero"`
	// Max is the most calls: in each window, per Per, or at once. It is 1 or more.
	Max int64 `json:"max"`
	// Per is the unit of a rate, 1 ms to 24 h, in which there is at most one call a nanosecond.
	Per servicetime.Duration `json:"per,omitzero"`
	// Window is 1 ms to 24 h; in the calendar model whole seconds that divide an hour, so that it is the same window in every zone that is whole hours
	// from UTC. For a rate, 0 reads as Per. A bucket has none, nor has concurrency.
	Window servicetime.Duration `json:"window,omitzero"`
	// Model is how the windows lie. Concurrency has none.
	Model Model `json:"model,omitzero"`
	// Burst is how many calls may come at once to a bucket. 0 reads as Max under bucket, and as 1 under gcra.
	Burst int64 `json:"burst,omitzero"`
	// Advisory is a limit that is reported and does not bind.
	Advisory bool `json:"advisory,omitzero"`
}

// ErrLimit is the cause where a limit lacks what its kind and model need, or has what they do not know.
var ErrLimit = errors.New("not a limit")

const (
	shortest = servicetime.Duration(time.Millisecond)
	longest  = servicetime.Duration(24 * time.Hour)
)

// Check returns an error wrapping [ErrLimit] if:
//   - there is no kind; or no model where there must be one,
//   - the maximum is below 1, or more than one call a nanosecond, or a rate allows less than one call in its window,
//   - the window or the unit of a rate is missing, too short, too long, or no calendar window,
//   - the burst is negative, or more than 10¹²,
//   - it has a unit, a window, a model or a burst that its kind and model do not know.
//
// Each is a [*servicetime.Fault] that names the field; they come all at once.
func (l Limit) Check() error {
	var errs []error
	refuse := func(field string, value any, why string) {
		errs = append(errs, &servicetime.Fault{Path: field, Code: "bad_request", Value: fmt.Sprint(value), Err: fmt.Errorf("capacity: %w: %s", ErrLimit, why)})
	}
	span := func(field string, d servicetime.Duration) {
		if d < shortest || d > longest {
			refuse(field, d, "give it from 1 ms to 24 h")
		}
	}
	if l.Kind.String() == "" {
		refuse("kind", "", "one of "+strings.Join(kinds.Names, ", "))
		return errors.Join(errs...) // what else must be there depends on it
	}
	if l.Kind == Concurrency {
		if l.Per != 0 || l.Window != 0 || l.Model != 0 || l.Burst != 0 {
			refuse("kind", l.Kind, "concurrency has neither per, window, model nor burst")
		}
		if l.Max < 1 {
			refuse("max", l.Max, "at least 1 call")
		}
		return errors.Join(errs...)
	}
	bucket := l.bucket()
	switch {
	case l.Model.String() == "":
		refuse("model", "", "one of "+strings.Join(models.Names, ", "))
	case bucket && l.Kind == Count:
		refuse("model", l.Model, "a bucket is of a rate")
	}
	switch {
	case l.Kind == Rate:
		span("per", l.Per)
	case l.Per != 0:
		refuse("per", l.Per, "only a rate has a unit")
	}
	switch {
	case bucket && l.Window != 0:
		refuse("window", l.Window, "a bucket has none")
	case !bucket && (l.Kind == Count || l.Window != 0):
		span("window", l.Window)
	}
	if w := l.window(); l.Model == Calendar && w > 0 && (w%servicetime.Duration(time.Second) != 0 || servicetime.Duration(time.Hour)%w != 0) {
		refuse("window", w, "a calendar window is whole seconds that divide an hour")
	}
	switch {
	case l.Burst != 0 && !bucket:
		refuse("burst", l.Burst, "only a bucket has a burst")
	case l.Burst < 0 || l.Burst > 1e12:
		refuse("burst", l.Burst, "from 1 to 10¹²")
	}
	switch unit := l.unit(); {
	case l.Max < 1:
		refuse("max", l.Max, "at least 1 call")
	case unit > 0 && l.Max > int64(unit):
		refuse("max", l.Max, "at most one call a nanosecond")
	case len(errs) == 0 && l.Allowed() < 1:
		refuse("max", l.Max, fmt.Sprintf("that is less than one call in %s", l.window()))
	}
	return errors.Join(errs...)
}

func (l Limit) bucket() bool { return l.Model == Bucket || l.Model == GCRA }

// window is what a count or a rate is counted in.
func (l Limit) window() servicetime.Duration {
	if l.Kind == Rate {
		return cmp.Or(l.Window, l.Per)
	}
	return l.Window
}

// unit is the time that Max is of.
func (l Limit) unit() servicetime.Duration {
	if l.Kind == Rate {
		return l.Per
	}
	return l.Window
}

// Allowed is the highest count that meets the limit: calls in a window, at once, or in a bucket. 3 calls per second on average over a minute allow 180. It
// is 0 for a limit with a fault of Check that leaves it without a figure.
func (l Limit) Allowed() int64 {
	switch {
	case l.Kind == Rate && l.Model == Bucket:
		return cmp.Or(l.Burst, l.Max)
	case l.Kind == Rate && l.Model == GCRA:
		return cmp.Or(l.Burst, 1)
	case l.Kind == Rate:
		if l.Max <= 0 || l.Max > int64(l.Per) || l.window() < 0 {
			return 0
		}
		// Not more than the window's nanoseconds, since there is at most one call in each.
		hi, lo := bits.Mul64(uint64(l.Max), uint64(l.window()))
		n, _ := bits.Div64(hi, lo, uint64(l.Per))
		return int64(n)
	}
	return l.Max
}

// String is what was agreed: at most 200 calls per calendar minute.
func (l Limit) String() string {
	text := fmt.Sprintf("at most %d calls", l.Max)
	if l.Max == 1 {
		text = "at most 1 call"
	}
	window := cmp.Or(unitNames[l.window()], l.window().String())
	averaged := l.Kind == Rate && (l.bucket() || l.window() != l.Per)
	if averaged {
		text += " per " + cmp.Or(unitNames[l.Per], l.Per.String())
	}
	switch {
	case l.Kind == Concurrency:
		text += " at once"
	case l.bucket() && l.Allowed() > 1:
		text += fmt.Sprintf(" after bursts of %d (%s)", l.Allowed(), l.Model)
	case l.bucket():
		text += fmt.Sprintf(", evenly spaced (%s)", l.Model)
	case !averaged && l.Model == Calendar:
		text += " per calendar " + window
	case !averaged:
		text += " in any " + window
	case l.Model == Calendar:
		text += " on average over a calendar " + window
	default:
		text += " on average over any " + window
	}
	if l.Advisory {
		text += " (advisory)"
	}
	return text
}

var unitNames = map[servicetime.Duration]string{
	servicetime.Duration(time.Second): "second", servicetime.Duration(time.Minute): "minute", servicetime.Duration(time.Hour): "hour", longest: "day",
}

// A Peak is the highest count, and the first instant at which it was reached: that at which the calendar window or the sliding one begins, or
// at which the call came that made it. The zero value is that of no calls.
type Peak struct {
	Count int64     `json:"peak"`
	At    time.Time `json:"at,omitzero"` // in UTC
}

// String is the peak in a line: 214 at 2026-10-26 08:31:00 UTC.
func (p Peak) String() string {
	if p.At.IsZero() {
		return fmt.Sprint(p.Count)
	}
	return fmt.Sprintf("%d at %s UTC", p.Count, p.At.UTC().Format("2006-01-02 15:04:05.999999999"))
}

// An Excess is a spell of windows that follow each other, each with more calls than a limit allows.
type Excess struct {
	From time.Time `json:"from"` // in UTC
	To   time.Time `json:"to"`
	Peak int64     `json:"peak"` // of the window with the most calls
}

// String is the spell in a line: 2026-10-26 08:31:00 – 08:33:00 UTC, peak 214.
func (e Excess) String() string {
	const date = "2006-01-02 "
	from, to := e.From.UTC(), e.To.UTC()
	end := to.Format(date + time.TimeOnly)
	if from.Format(date) == to.Format(date) {
		end = to.Format(time.TimeOnly)
	}
	return fmt.Sprintf("%s – %s UTC, peak %d", from.Format(date+time.TimeOnly), end, e.Peak)
}

// MaxListed is how many spells over a limit an outcome lists. It says how many more there are.
const MaxListed = 10_000

// An Outcome is what a limit says of calls.
type Outcome struct {
	Limit
	// Verdict is met if the peak is at most Allowed, and no data without calls, or where the timeline refused some and the others do not miss it. That of an
	// advisory limit binds nobody.
	Verdict compliance.Verdict
	// Peak is the most calls in a window of the limit, at once, or in its bucket, part of a call rounded up. The bucket here is one that takes every call:
	// the limit is met if and only if a [Limiter] would have refused none.
	Peak Peak

	// The others are of calendar limits alone; they are zero elsewhere, since parts of a stream do not tell them.

	// P95 and P99 are so that 95 % and 99 % of the windows with calls have no more: the nearest rank. Windows without calls do not take part, so
	// that quiet nights do not hide busy days.
	P95, P99 int64
	// Over are the first [MaxListed] spells over the limit. Exceeding it flags them, and exempts nothing (§4.7).
	Over     []Excess
	MoreOver int64
	// TimeOver is the length of all windows over the limit.
	TimeOver time.Duration
	// CallsOver is how many calls these windows have beyond what is allowed: in a minute from the 201st on.
	CallsOver int64
}

// String is the outcome in a line:
//
//	at most 200 calls per calendar minute: peak 214 at 2026-10-26 08:31:00 UTC: missed by 14, over it for 2 min; p95 120, p99 187
//	at most 36 calls at once: peak 21 at 2026-10-26 08:31:04.5 UTC: met, 15 left
func (o Outcome) String() string {
	text := o.Limit.String() + ": "
	switch left := o.Allowed() - o.Peak.Count; o.Verdict {
	case compliance.Met:
		text += fmt.Sprintf("peak %s: met, %d left", o.Peak, left)
	case compliance.Missed:
		text += fmt.Sprintf("peak %s: missed by %d", o.Peak, -left)
	default:
		return text + o.Verdict.String()
	}
	if o.TimeOver > 0 {
		text += ", over it for " + servicetime.FormatDuration(o.TimeOver)
	}
	if o.P95 > 0 {
		text += fmt.Sprintf("; p95 %d, p99 %d", o.P95, o.P99)
	}
	return text
}

// ErrMeasured is the cause where a timeline did not measure what is asked of it: it must be told before the calls come (see [NewTimeline]).
var ErrMeasured = errors.New("not measured")

// Judge applies limits to what was gathered of one stream of calls, each in its order: the calendar ones to the tally, the others to the timeline, which
// may be nil if there are none.
//
// It returns an error: every fault of [Limit.Check], and one wrapping [ErrMeasured] for each limit that the timeline does not measure; all at once, each
// a [*servicetime.Fault] with its path, such as limits[1].max.
func Judge(limits []Limit, t *Tally, tl *Timeline) ([]Outcome, error) {
	var errs []error
	var settled *stretch
	if tl != nil {
		settled = tl.settled()
	}
	out := make([]Outcome, len(limits))
	for i, l := range limits {
		path := fmt.Sprintf("limits[%d]", i)
		if err := l.Check(); err != nil {
			errs = append(errs, servicetime.Nest(path, err)...)
			continue
		}
		o := Outcome{Limit: l}
		if l.Kind != Concurrency && l.Model == Calendar {
			if t == nil {
				t = &Tally{}
			}
			t.judge(&o)
		} else {
			peak, measured := settled.peak(l)
			if !measured {
				errs = append(errs, &servicetime.Fault{Path: path, Code: "bad_request", Value: l.String(), Err: fmt.Errorf("capacity: %w: give it to NewTimeline", ErrMeasured)})
			}
			o.Peak, o.Verdict = peak, settled.verdict(peak.Count, l.Allowed())
			if o.Verdict == compliance.Met && settled.refused > 0 {
				o.Verdict = compliance.NoData // a peak that lacks calls proves nothing
			}
		}
		out[i] = o
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

func atMost(peak, limit int64) compliance.Verdict {
	if peak <= limit {
		return compliance.Met
	}
	return compliance.Missed
}
