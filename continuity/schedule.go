package continuity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"example.com/sla/servicetime"
)

// A Schedule says when backups are taken, by the wall clock: `mon-fri 22:00-22:30; sat 02:00-04:00` is a run at 22:00 from Monday to Friday, whose
// copy begins within half an hour (its jitter), and one on Saturday.
//
// A date has each of its runs once, however many hours it has: one in an hour that is shown twice is at the first, and one in an hour that is missing
// is later by the gap, as is the end of its jitter. Two that then fall on one instant are one run.
//
//	wall     01:00  02:00  04:00     2026-03-29, clocks go forward at 02:00
//	hourly   r1     r2=r3  r4        23 runs
type Schedule struct {
	Runs servicetime.Week `json:"runs"`
}

// maxRuns bounds the runs of a date: one a minute.
const maxRuns = 24 * 60

// Check returns an error:
//   - wrapping [servicetime.ErrTwice] if two entries name one day,
//   - wrapping [servicetime.ErrEmpty] if there is no run, or one without time to begin in,
//   - wrapping [servicetime.ErrText] if a time is none,
//   - wrapping [servicetime.ErrLimit] if a date has more than 1,440 runs.
//
// Each is a [*servicetime.Fault] that names the entry, such as runs.mon-fri[1]; they come all at once.
func (s Schedule) Check() error {
	_, err := s.days()
	return err
}

// days are the runs of each day of the week.
func (s Schedule) days() (days [7][]servicetime.Window, err error) {
	var errs []error
	note := func(path, value string, cause error) {
		errs = append(errs, flaw(path, value, fmt.Errorf("continuity: %w", cause)))
	}
	keys := make([]servicetime.Days, 0, len(s.Runs))
	for key := range s.Runs {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	total, named := 0, servicetime.Days(0)
	for _, key := range keys {
		path := "runs." + key.String()
		if len(s.Runs[key]) > maxRuns {
			note(path, fmt.Sprintf("%d runs", len(s.Runs[key])), servicetime.ErrLimit)
			continue
		}
		if named&key != 0 {
			note(path, key.String(), servicetime.ErrTwice)
		}
		named |= key
		for i, w := range s.Runs[key] {
			switch at := fmt.Sprintf("%s[%d]", path, i); {
			case w.Open < 0 || w.Open >= maxRuns || w.Close > w.Open+maxRuns:
				note(at, "", servicetime.ErrText)
			case w.Close <= w.Open:
				note(at, w.String(), servicetime.ErrEmpty)
			default:
				total++
			}
		}
		for day := range days {
			if key.Has(time.Weekday(day)) {
				days[day] = append(days[day], s.Runs[key]...)
			}
		}
	}
	if total == 0 && len(errs) == 0 {
		note("runs", "", servicetime.ErrEmpty)
	}
	return days, errors.Join(errs...)
}

// State is what became of a run of a backup schedule that was missed.
type State uint8

// The states.
const (
	RunMissing    State = iota + 1 // no copy was begun
	RunIncomplete                  // a copy was begun, and is not complete
	RunUnverified                  // a copy is complete, and not verified
)

// runDone is a copy that is complete and verified: such a run is not listed.
const runDone State = 0

var states = wordsOf[State]("state", "missing", "incomplete", "unverified")

// String is missing, incomplete or unverified; it is empty for the zero value.
func (s State) String() string { return states.Text(s) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (s State) MarshalText() ([]byte, error) { return states.Marshal(s) }

// UnmarshalText is the inverse of MarshalText.
func (s *State) UnmarshalText(b []byte) (err error) {
	*s, err = states.Parse(b)
	return err
}

// A Run is one backup that was to be taken.
type Run struct {
	At     time.Time // when it was to begin
	Before time.Time // the end of its jitter
	State  State
}

// String is the run in a line: 2026-10-07 02:00 missing.
func (r Run) String() string { return stamp(r.At) + " " + r.State.String() }

// Runs are the runs of a schedule in a period, as of an instant.
type Runs struct {
	// Count is how many were to begin in the period by as-of. Pending are those of them whose copy may still begin, or become usable before the next run.
	Count, Done, Pending int64
	// Missed are the first [MaxListed] others, in order.
	Missed     []Run
	MoreMissed int64
}

// String is the runs in a line: 7 runs: 6 done, 1 missed, 0 pending.
func (r Runs) String() string {
	return fmt.Sprintf("%d runs: %d done, %d missed, %d pending", r.Count, r.Done, int64(len(r.Missed))+r.MoreMissed, r.Pending)
}

// In finds the copies of the runs that were to begin in a span, by a calendar's wall clock, as of an instant. A copy is that of a run if its data
// point lies in the time in which the run may begin; the best of several counts. The work grows with the part of the span that lies before as-of: runs
// behind it are neither counted nor looked at.
//
// It returns an error:
//   - those of [Schedule.Check], or one wrapping [ErrReading] without a calendar,
//   - and every fault of the backups, the span and as-of, all at once, each a [*servicetime.Fault] with its path, such as backups[3].done_at:
//     those of [Rule.Judge].
func (s Schedule) In(c *servicetime.Calendar, backups []Backup, span servicetime.Span, asOf time.Time) (Runs, error) {
	rule := Rule{Calendar: c}
	if err := rule.Check(); err != nil {
		return Runs{}, err
	}
	days, err := s.days()
	if err != nil {
		return Runs{}, err
	}
	read := reader{rule: &rule}
	read.instant("as_of", asOf)
	ok := read.instant("span.from", span.From)
	if read.instant("span.to", span.To) {
		read.later("span.to", span.To, span.From, ok)
	}
	for i := range backups {
		backups[i].read(&read, fmt.Sprintf("backups[%d]", i))
	}
	if err := read.err(); err != nil {
		return Runs{}, err
	}
	now := asOf.UnixNano()
	sorted := slices.Clone(backups)
	slices.SortStableFunc(sorted, func(a, b Backup) int { return a.DataAt.Compare(b.DataAt) })

	var out Runs
	var last *Run // whose state is not known before the next is
	settle := func(next int64) {
		if last == nil {
			return
		}
		last.State = stateOf(sorted, *last, now)
		soon := last.State != runDone && now < next
		if last.State == RunMissing {
			soon = now < last.Before.UnixNano()
		}
		out.Count++
		switch {
		case last.State == runDone:
			out.Done++
		case soon:
			out.Pending++
		case len(out.Missed) == MaxListed:
			out.MoreMissed++
		default:
			out.Missed = append(out.Missed, *last)
		}
		last = nil
	}
	// A gap moves a run by up to a day; a week later there is another run, which tells what is still pending.
	end := c.Date(span.To)
	if asOf.Before(span.To) {
		end = c.Date(asOf)
	}
	end = end.AddDays(9)
	for date := c.Date(span.From).AddDays(-2); date.Compare(end) <= 0; date = date.AddDays(1) {
		for _, run := range runsOf(c, date, days[date.Weekday()]) {
			settle(run.At.UnixNano())
			if !run.At.Before(span.To) {
				return out, nil
			}
			if !run.At.Before(span.From) && run.At.UnixNano() <= now {
				last = &run
			}
		}
	}
	settle(forever)
	return out, nil
}

// runsOf are the runs of a date, in order.
func runsOf(c *servicetime.Calendar, date servicetime.Date, windows []servicetime.Window) []Run {
	whole, err := c.Span(date)
	if err != nil || !whole.From.Before(whole.To) {
		return nil // outside the range, or no clock in the zone showed the date
	}
	runs := make([]Run, 0, len(windows))
	for _, w := range windows {
		at, err := c.FromWall(time.Date(date.Year, date.Month, date.Day, 0, w.Open, 0, 0, time.UTC))
		if err != nil {
			continue // over the end of the range
		}
		runs = append(runs, Run{At: at, Before: at.Add(time.Duration(w.Close-w.Open) * time.Minute)})
	}
	slices.SortFunc(runs, func(a, b Run) int { return cmp.Or(a.At.Compare(b.At), b.Before.Compare(a.Before)) })
	return slices.CompactFunc(runs, func(a, b Run) bool { return a.At.Equal(b.At) })
}

// stateOf is the best that became of the copies of a run, from backups by data point.
func stateOf(backups []Backup, run Run, now int64) State {
	state := RunMissing
	i := sort.Search(len(backups), func(i int) bool { return !backups[i].DataAt.Before(run.At) })
	for ; i < len(backups) && backups[i].DataAt.Before(run.Before) && backups[i].DataAt.UnixNano() <= now; i++ {
		switch b := &backups[i]; {
		case b.usable() <= now:
			return runDone
		case nanos(b.DoneAt) <= now:
			state = RunUnverified
		case state == RunMissing:
			state = RunIncomplete
		}
	}
	return state
}
