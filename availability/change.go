package availability

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// NoticeBy is how the days of a notice count.
type NoticeBy uint8

// The readings of "at the latest four weeks before" (§4.6.4) and "at the latest two weeks before the meeting" (§4.1.2).
const (
	NoticeByDate    NoticeBy = iota + 1 // any time of the date so many days before: the preset's, and that of the zero value
	NoticeByWall                        // by the same time on the wall, so many days before
	NoticeByElapsed                     // at least so many times 24 hours before
)

var noticeBys = wordsOf[NoticeBy]("rule", "date", "wall", "elapsed")

// String is date, wall or elapsed; it is empty for the zero value.
func (n NoticeBy) String() string { return noticeBys.Text(n) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (n NoticeBy) MarshalText() ([]byte, error) { return noticeBys.Marshal(n) }

// UnmarshalText is the inverse of MarshalText.
func (n *NoticeBy) UnmarshalText(b []byte) (err error) {
	*n, err = noticeBys.Parse(b)
	return err
}

// latest is the date, and the instant, by which notice of something must be given.
func (n NoticeBy) latest(c *servicetime.Calendar, at time.Time, days int) (servicetime.Date, time.Time, error) {
	if err := covered(c, at); err != nil {
		return servicetime.Date{}, time.Time{}, err
	}
	at = at.In(c.Location())
	date := c.Date(at).AddDays(-days)
	if n.byDate() {
		span, err := c.Span(date)
		return date, span.To, err
	}
	// A day of UTC has 24 hours; a Duration does not hold all the days that a target may have.
	last := at.UTC().AddDate(0, 0, -days).In(c.Location())
	if n == NoticeByWall {
		hour, minute, second := at.Clock()
		var err error
		if last, err = c.FromWall(time.Date(date.Year, date.Month, date.Day, hour, minute, second, at.Nanosecond(), time.UTC)); err != nil {
			return servicetime.Date{}, time.Time{}, err
		}
	}
	return c.Date(last), last, covered(c, last)
}

// inTime reports whether something came by the instant that latest gives, which the date rule does not count.
func (n NoticeBy) inTime(last, came time.Time) bool {
	if n.byDate() {
		return came.Before(last)
	}
	return !came.After(last)
}

func (n NoticeBy) byDate() bool { return n != NoticeByWall && n != NoticeByElapsed }

func covered(c *servicetime.Calendar, t time.Time) error {
	if c == nil {
		return noCalendar()
	}
	if !c.Covers(t) {
		return fmt.Errorf("availability: %s: %w", t.Format(time.RFC3339Nano), servicetime.ErrRange)
	}
	return nil
}

// A Change is planned work on the service, or an acute repair (§4.6). The zero value is a change outside releases that affects the
// service, whose date is missing.
type Change struct {
	Number string `json:"number,omitempty"`
	// Acute is a repair that could not wait (§4.6.3): its windows are outages, until they ended or else were to end, whatever they say of a decision, and
	// no notice of it is asked.
	Acute bool `json:"acute,omitempty"`
	// InRelease is a change that a release brings (§4.6.1): no notice of it is asked.
	InRelease bool `json:"in_release,omitempty"`
	// Cancelled is a change that was called off: its windows excuse nothing, and no notice of it is asked.
	Cancelled bool `json:"cancelled,omitempty"`
	// NoEffect is a change that does not affect the service: no notice of it is asked.
	NoEffect bool `json:"no_effect,omitempty"`
	// Windows are when the work was planned, in any order. The change begins when the first does.
	Windows []Window `json:"windows,omitempty"`
	// On is the date of a change without windows, in the zone of the opening hours; it then begins with that date. With windows it says nothing.
	On servicetime.Date `json:"on,omitzero"`
	// Communicated is when the other party was told, and Verified when it had confirmed. Zero is not yet, or not shown.
	Communicated time.Time `json:"communicated,omitzero"`
	Verified     time.Time `json:"verified,omitzero"`
	Status       string    `json:"status,omitempty"`
	Outcome      string    `json:"outcome,omitempty"`
}

// ErrUndated is the cause where a change has neither a window nor a date.
var ErrUndated = errors.New("no window and no date")

// Check returns an error if:
//   - a window has a fault of [Window.Check],
//   - two windows overlap as planned: [servicetime.ErrOverlap],
//   - there is neither a window nor a date: [ErrUndated],
//   - the date does not exist, or lies outside the years 1970 to 2200, or an instant that is given does: [servicetime.ErrRange].
//
// Each is a [*servicetime.Fault] that names the field, such as windows[1].planned_to; they come all at once.
func (c *Change) Check() error {
	errs := c.windowFaults()
	noDate := c.On == servicetime.Date{}
	if noDate && len(c.Windows) == 0 {
		errs = append(errs, flaw("on", "", fmt.Errorf("availability: change: %w", ErrUndated)))
	}
	if !noDate && (!c.On.IsValid() || c.On.Year < 1970 || c.On.Year > 2200) {
		errs = append(errs, &servicetime.Fault{
			Path: "on", Code: "out_of_range", Value: c.On.String(), Err: fmt.Errorf("availability: date of a change: %w", servicetime.ErrRange),
		})
	}
	for _, given := range []struct {
		field string
		at    time.Time
	}{{"communicated", c.Communicated}, {"verified", c.Verified}} {
		if given.at.IsZero() {
			continue
		}
		if _, err := instant(given.at); err != nil {
			errs = append(errs, servicetime.FaultAt(given.field, given.at, err))
		}
	}
	return errors.Join(errs...)
}

// windowFaults are those of each window, and of each that overlaps one that began before it. An empty window overlaps none.
//
//	windows    |------|   |----|
//	              |--|    |---------|
//	faults        x       x
func (c *Change) windowFaults() []error {
	var errs []error
	type planned struct {
		stretch
		index int
	}
	var plan []planned
	for i := range c.Windows {
		s, _, err := c.Windows[i].stretches()
		if err != nil {
			errs = append(errs, servicetime.Nest(fmt.Sprintf("windows[%d]", i), err)...)
		} else if s.from < s.to {
			plan = append(plan, planned{s, i})
		}
	}
	slices.SortStableFunc(plan, func(a, b planned) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(plan); i++ {
		longest, p := &plan[i-1], &plan[i]
		if p.from < longest.to {
			errs = append(errs, servicetime.FaultAt(fmt.Sprintf("windows[%d].planned_from", p.index), c.Windows[p.index].PlannedFrom,
				fmt.Errorf("availability: %w: windows[%d] has not ended", servicetime.ErrOverlap, longest.index)))
		}
		if p.to < longest.to {
			*p = *longest // the one that reaches furthest so far
		}
	}
	return errs
}

// start is when the change begins.
func (c *Change) start(opening *servicetime.Calendar) (time.Time, error) {
	if len(c.Windows) == 0 {
		span, err := opening.Span(c.On)
		return span.From, err
	}
	first := c.Windows[0].PlannedFrom
	for _, w := range c.Windows[1:] {
		if w.PlannedFrom.Before(first) {
			first = w.PlannedFrom
		}
	}
	return first.In(opening.Location()), nil
}

// A NoticeRule says how long before a planned change it must be communicated (§4.6.4).
type NoticeRule struct {
	// Notice is a time in days: "28 days".
	Notice servicetime.Target `json:"notice"`
	// Rule is how the days count. The preset's, and that of the zero value, is by date.
	Rule NoticeBy `json:"rule,omitzero"`
}

// Check returns an error wrapping [ErrReading] if the notice is not in days, or the reading is none of those named. Each is a
// [*servicetime.Fault] that names the field; they come all at once.
func (r NoticeRule) Check() error {
	var errs []error
	if _, inDays := r.Notice.Days(); !inDays {
		errs = append(errs, flaw("notice", r.Notice.String(), fmt.Errorf("availability: notice: %w: give it in days, such as 28 days", ErrReading)))
	}
	if err := noticeBys.Check(r.Rule); err != nil {
		errs = append(errs, flaw("rule", "", err))
	}
	return errors.Join(errs...)
}

// Latest is the latest date on which a change at an instant can be communicated in time, in the zone of the calendar, and the end of that time: under the
// date rule the first instant of the next date, which is too late, under the others the last instant that is in time.
//
// It returns an error:
//   - those of [NoticeRule.Check],
//   - wrapping [servicetime.ErrRange] if one of the two instants lies outside the years 1970 to 2200.
func (r NoticeRule) Latest(c *servicetime.Calendar, change time.Time) (servicetime.Date, time.Time, error) {
	if err := r.Check(); err != nil {
		return servicetime.Date{}, time.Time{}, err
	}
	days, _ := r.Notice.Days() // it has been checked
	return r.Rule.latest(c, change, days)
}

// InTime reports whether a change at an instant was communicated in time.
//
// Its errors are those of Latest, also where the communication lies outside those years: a forgotten (zero) instant is not early.
func (r NoticeRule) InTime(c *servicetime.Calendar, change, communicated time.Time) (bool, error) {
	_, end, err := r.Latest(c, change)
	if err != nil {
		return false, err
	}
	if err := covered(c, communicated); err != nil {
		return false, err
	}
	return r.Rule.inTime(end, communicated), nil
}

// A NoticeJudgement is what a notice rule says of a change, as of an instant: what came after it is not known.
type NoticeJudgement struct {
	Rule   NoticeRule
	Change Change // as recorded
	// At is when the change begins.
	At time.Time
	// Verdict is of the communication alone: no target if none is asked, and no data while there is none and still time for it.
	Verdict compliance.Verdict
	// Latest and Before are those of [NoticeRule.Latest]; zero where no notice is asked.
	Latest servicetime.Date
	Before time.Time
	// Communicated and Verified are zero if that had not happened. When it was verified is listed, and not judged (an interpretation of §4.6.4).
	Communicated, Verified time.Time
	// OpenTime is how much of its windows, as planned, lies in opening hours: all plannable work should lie outside (§4.6.1).
	OpenTime time.Duration
	// NotShown says that a planned window has open time, and the record does not show whether it was decided (§4.1.2). It then is taken as decided.
	NotShown bool
}

// Judge judges whether a change was communicated in time, and looks for opening hours in its windows.
//
// It returns an error:
//   - those of [NoticeRule.Check] or else of [Change.Check],
//   - wrapping [servicetime.ErrRange] if an instant of it, or as-of, lies outside the years 1970 to 2200 in the zone of the opening hours.
func (r NoticeRule) Judge(opening *servicetime.Calendar, c Change, asOf time.Time) (NoticeJudgement, error) {
	if err := r.Check(); err != nil {
		return NoticeJudgement{}, err
	}
	if err := c.Check(); err != nil {
		return NoticeJudgement{}, err
	}
	if err := covered(opening, asOf); err != nil {
		return NoticeJudgement{}, err
	}
	j := NoticeJudgement{Rule: r, Change: c}
	var err error
	if j.At, err = c.start(opening); err != nil {
		return NoticeJudgement{}, err
	}
	if !c.Communicated.After(asOf) {
		j.Communicated = c.Communicated
	}
	if !c.Verified.After(asOf) {
		j.Verified = c.Verified
	}
	for _, w := range c.Windows {
		open, err := opening.Elapsed(w.PlannedFrom, w.PlannedTo)
		if err != nil {
			return NoticeJudgement{}, err
		}
		if c.Cancelled {
			continue
		}
		j.OpenTime += open
		j.NotShown = j.NotShown || open > 0 && w.Decision == NotShown && !c.Acute
	}
	// §4.6.4: planned changes outside releases that affect the service.
	if c.Acute || c.InRelease || c.NoEffect || c.Cancelled {
		j.Verdict = compliance.NoTarget
		return j, nil
	}
	if j.Latest, j.Before, err = r.Latest(opening, j.At); err != nil {
		return NoticeJudgement{}, err
	}
	switch came := j.Communicated; {
	case came.IsZero() && r.Rule.inTime(j.Before, asOf):
		j.Verdict = compliance.NoData
	case !came.IsZero() && r.Rule.inTime(j.Before, came):
		j.Verdict = compliance.Met
	default:
		j.Verdict = compliance.Missed
	}
	return j, nil
}

// String is the judgement in a line:
//
//	CHG7 on 2026-10-31: communicated 2026-10-02 09:00, at the latest 2026-10-03: met
//	CHG8 on 2026-10-31: not communicated, at the latest 2026-10-03: missed; 1 h in opening hours, decision not shown
//	CHG9 on 2026-10-31: not communicated yet, at the latest 2026-10-03
//	change on 2026-10-31: acute repair: no target
func (j NoticeJudgement) String() string {
	// To the minute, unless that could hide which came first.
	stamp := func(t time.Time) string {
		if t = t.In(j.At.Location()); t.Second() == 0 && t.Nanosecond() == 0 {
			return t.Format("2006-01-02 15:04")
		}
		return t.Format("2006-01-02 15:04:05.999999999")
	}
	text := cmp.Or(j.Change.Number, "change") + " on " + j.At.Format("2006-01-02") + ": "
	switch {
	case j.Change.Cancelled:
		text += "cancelled: "
	case j.Change.Acute:
		text += "acute repair: "
	case j.Change.InRelease:
		text += "in a release: "
	case j.Change.NoEffect:
		text += "no effect on the service: "
	default:
		latest := stamp(j.Before)
		if j.Rule.Rule.byDate() {
			latest = j.Latest.String()
		}
		switch {
		case !j.Communicated.IsZero():
			text += "communicated " + stamp(j.Communicated)
		case j.Verdict == compliance.NoData:
			text += "not communicated yet"
		default:
			text += "not communicated"
		}
		text += ", at the latest " + latest
		if j.Verdict != compliance.NoData {
			text += ": "
		}
	}
	if j.Verdict != compliance.NoData {
		text += j.Verdict.String()
	}
	if j.OpenTime > 0 {
		text += "; " + servicetime.FormatDuration(j.OpenTime) + " in opening hours"
	}
	if j.NotShown {
		text += ", decision not shown"
	}
	return text
}
