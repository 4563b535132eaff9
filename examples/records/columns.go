package records

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/examples/calls"
	"example.com/sla/servicetime"
)

// A changeRow is a change, and one of its windows.
type changeRow struct {
	availability.Change
	window availability.Window
}

// A use is a call of a user.
type use struct {
	received time.Time
	user     string
}

// The columns of each kind of file. Those of a change stand before those of its window.
var (
	outageColumns = []column[availability.Outage]{
		{"from", true, at(func(o *availability.Outage) *time.Time { return &o.From })},
		{"to", false, at(func(o *availability.Outage) *time.Time { return &o.To })},
		{"provider", false, text(func(o *availability.Outage) *string { return &o.Provider })},
		{"cause", false, text(func(o *availability.Outage) *string { return &o.Cause })},
		{"plan", false, text(func(o *availability.Outage) *string { return &o.Plan })},
		{"communicated", false, at(func(o *availability.Outage) *time.Time { return &o.Communicated })},
	}
	disturbanceColumns = []column[availability.Outage]{outageColumns[0], outageColumns[1]}

	windowColumns = windowsOf(true, func(w *availability.Window) *availability.Window { return w })
	changeColumns = append([]column[changeRow]{
		{"number", false, text(func(c *changeRow) *string { return &c.Number })},
		{"acute", false, yes(func(c *changeRow) *bool { return &c.Acute })},
		{"in_release", false, yes(func(c *changeRow) *bool { return &c.InRelease })},
		{"cancelled", false, yes(func(c *changeRow) *bool { return &c.Cancelled })},
		{"no_effect", false, yes(func(c *changeRow) *bool { return &c.NoEffect })},
		{"on", false, func(c *changeRow, s string) (err error) {
			c.On, err = servicetime.ParseDate(s)
			return err
		}},
		{"communicated", false, at(func(c *changeRow) *time.Time { return &c.Communicated })},
		{"verified", false, at(func(c *changeRow) *time.Time { return &c.Verified })},
		{"status", false, text(func(c *changeRow) *string { return &c.Status })},
		{"outcome", false, text(func(c *changeRow) *string { return &c.Outcome })},
	}, windowsOf(false, func(c *changeRow) *availability.Window { return &c.window })...)
	useColumns = []column[use]{
		{"received", true, at(func(u *use) *time.Time { return &u.received })},
		{"user", false, text(func(u *use) *string { return &u.user })},
	}
	disruptionColumns = []column[continuity.Disruption]{
		{"from", true, at(func(d *continuity.Disruption) *time.Time { return &d.From })},
		{"to", false, at(func(d *continuity.Disruption) *time.Time { return &d.To })},
		{"normal", false, at(func(d *continuity.Disruption) *time.Time { return &d.Normal })},
		{"data_at", false, at(func(d *continuity.Disruption) *time.Time { return &d.DataAt })},
		{"kept", false, func(d *continuity.Disruption, s string) (err error) {
			d.Kept, err = share(s)
			return err
		}},
		{"plan_used", false, yes(func(d *continuity.Disruption) *bool { return &d.PlanUsed })},
		{"name", false, text(func(d *continuity.Disruption) *string { return &d.Name })},
		{"cause", false, text(func(d *continuity.Disruption) *string { return &d.Cause })},
		{"outcome", false, text(func(d *continuity.Disruption) *string { return &d.Outcome })},
		{"actions", false, text(func(d *continuity.Disruption) *string { return &d.Actions })},
	}
	backupColumns = []column[continuity.Backup]{
		{"data_at", true, at(func(b *continuity.Backup) *time.Time { return &b.DataAt })},
		{"done_at", false, at(func(b *continuity.Backup) *time.Time { return &b.DoneAt })},
		{"verified_at", false, at(func(b *continuity.Backup) *time.Time { return &b.VerifiedAt })},
	}
	testColumns = []column[continuity.Test]{
		{"at", true, at(func(t *continuity.Test) *time.Time { return &t.At })},
		{"restored", false, at(func(t *continuity.Test) *time.Time { return &t.Restored })},
		{"failed", false, yes(func(t *continuity.Test) *bool { return &t.Failed })},
		{"data_at", false, at(func(t *continuity.Test) *time.Time { return &t.DataAt })},
		{"name", false, text(func(t *continuity.Test) *string { return &t.Name })},
		{"outcome", false, text(func(t *continuity.Test) *string { return &t.Outcome })},
		{"actions", false, text(func(t *continuity.Test) *string { return &t.Actions })},
	}
)

// windowsOf are the columns of a window, in a row of something.
func windowsOf[T any](needed bool, of func(*T) *availability.Window) []column[T] {
	return []column[T]{
		{"planned_from", needed, at(func(r *T) *time.Time { return &of(r).PlannedFrom })},
		{"planned_to", needed, at(func(r *T) *time.Time { return &of(r).PlannedTo })},
		{"actual_to", false, at(func(r *T) *time.Time { return &of(r).ActualTo })},
		{"announced", false, yes(func(r *T) *bool { return &of(r).Announced })},
		{"decided", false, func(r *T, s string) error {
			is, err := yesOrNo(s)
			if of(r).Decision = availability.Undecided; is {
				of(r).Decision = availability.Decided
			}
			return err
		}},
	}
}

// errOffset is the cause where a record that knows no zone has a local time.
var errOffset = fmt.Errorf("%w: a local time: write its offset from UTC behind it", ErrCell)

// at reads an instant into a field.
func at[T any](field func(*T) *time.Time) func(*T, string) error {
	return func(record *T, s string) error {
		t, err := instant(s, nil, nil)
		switch {
		case errors.Is(err, errNoZone):
			err = errOffset
		case errors.Is(err, errForm):
			err = errForm // without local times
		}
		*field(record) = t
		return err
	}
}

// text reads a text into a field.
func text[T any](field func(*T) *string) func(*T, string) error {
	return func(record *T, s string) error {
		*field(record) = strings.ToValidUTF8(s, "\uFFFD")
		return nil
	}
}

// yes reads a flag into a field.
func yes[T any](field func(*T) *bool) func(*T, string) error {
	return func(record *T, s string) (err error) {
		*field(record), err = yesOrNo(s)
		return err
	}
}

// share reads a share as it is written: 3 of 8.
func share(s string) (compliance.Share, error) {
	met, total, ok := strings.Cut(s, " of ")
	m, err1 := strconv.ParseInt(met, 10, 64)
	n, err2 := strconv.ParseInt(total, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return compliance.Share{}, fmt.Errorf(`%w: write a share as "3 of 8"`, ErrCell)
	}
	return compliance.Share{Met: m, Total: n}, nil
}

// Columns are the names of those that a file of a kind may have. Those of tickets are what their description says, and none here.
func Columns(kind string) []string {
	switch kind {
	case "outages":
		return namesOf(outageColumns)
	case "disturbances":
		return namesOf(disturbanceColumns)
	case "windows":
		return namesOf(windowColumns)
	case "changes":
		return namesOf(changeColumns)
	case "calls":
		return calls.Columns()
	case "users":
		return namesOf(useColumns)
	case "disruptions":
		return namesOf(disruptionColumns)
	case "backups":
		return namesOf(backupColumns)
	case "tests":
		return namesOf(testColumns)
	}
	return nil
}

func namesOf[T any](columns []column[T]) []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}
