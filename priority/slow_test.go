package priority_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// contradiction is what is wrong with a judgement: whatever the record, its figures must follow from each
// other. It is empty where nothing is.
func contradiction(r *priority.Rule, ticket *priority.Ticket, asOf time.Time, j priority.Judgement) string {
	var stop time.Time
	switch r.StopsAt {
	case priority.AtReportedBack:
		stop = ticket.ReportedBack
	case priority.AtResolved:
		stop = ticket.Resolved
	case priority.AtReportedBackOrResolved:
		if stop = ticket.ReportedBack; stop.IsZero() {
			stop = ticket.Resolved
		}
	}
	if text := clockContradiction(r, ticket, asOf, j.Response, r.Targets.Response, ticket.Started, r.PausesCount && r.ResponsePausesCount); text != "" {
		return "response: " + text
	}
	if text := clockContradiction(r, ticket, asOf, j.Resolution, r.Targets.Resolution, stop, r.PausesCount); text != "" {
		return "resolution: " + text
	}
	verdict, settled := j.Outcome()
	if (verdict == compliance.Met || verdict == compliance.Missed) == settled.IsZero() || settled.After(asOf) {
		return fmt.Sprintf("outcome %s, settled %s", verdict, settled)
	}
	return ""
}

func clockContradiction(r *priority.Rule, ticket *priority.Ticket, asOf time.Time, c priority.Clock, target servicetime.Target, stop time.Time, count bool) string {
	if stop.After(asOf) {
		stop = time.Time{}
	}
	until := stop
	if stop.IsZero() {
		until = asOf
	}
	paused := false
	for _, p := range ticket.Pauses {
		open := p.To.IsZero()
		paused = paused || !asOf.Before(p.From) && (open || asOf.Before(p.To))
	}
	gross, err := r.Calendar.Elapsed(ticket.Received, until)
	switch {
	case err != nil:
		return err.Error()
	case !c.Received.Equal(ticket.Received) || !c.Done.Equal(stop) || c.Target != target:
		return fmt.Sprintf("received %s, done %s, target %s", c.Received, c.Done, c.Target)
	case c.Elapsed < 0 || c.Paused < 0 || c.Left < 0 || c.Over < 0:
		return fmt.Sprintf("less than nothing: elapsed %s, paused %s, left %s, over %s", c.Elapsed, c.Paused, c.Left, c.Over)
	case count && c.Elapsed+c.Paused != gross, !count && c.Elapsed != gross, c.Paused > gross:
		return fmt.Sprintf("elapsed %s, paused %s of %s, pauses count: %t", c.Elapsed, c.Paused, gross, count)
	case target.IsZero():
		if c.State != priority.NoTarget || !c.Due.IsZero() || !c.Last.IsZero() || c.Left != 0 || c.Over != 0 {
			return fmt.Sprintf("no target, and yet %+v", c)
		}
		return ""
	case !c.Convention.Counts(target):
		return fmt.Sprintf("convention %s for %s", c.Convention, target)
	case c.Due.Before(c.Received) || c.Last.Before(c.Due):
		return fmt.Sprintf("received %s, due %s, last %s", c.Received, c.Due, c.Last)
	}

	want := priority.Running
	switch {
	case until.After(c.Last):
		want = priority.Breached
	case !stop.IsZero():
		want = priority.Met
	case count && paused:
		want = priority.Paused
	}
	switch {
	case c.State != want:
		return fmt.Sprintf("%s, not %s: until %s, last %s", c.State, want, until, c.Last)
	case c.Left > 0 && !until.Before(c.Due), c.Over > 0 && c.State != priority.Breached:
		return fmt.Sprintf("%s, left %s, over %s: until %s, due %s", c.State, c.Left, c.Over, until, c.Due)
	}

	// A target of elapsed time has a second way to its state.
	limit, isTime := target.Duration()
	switch {
	case !isTime && !c.Last.Equal(c.Due) && c.Convention != servicetime.AsHours:
		return fmt.Sprintf("due %s, last %s", c.Due, c.Last)
	case !isTime || c.Convention != servicetime.SupportClock:
		return ""
	case (c.Elapsed > limit) != (c.State == priority.Breached):
		return fmt.Sprintf("%s, elapsed %s of %s", c.State, c.Elapsed, limit)
	case c.Over != max(0, c.Elapsed-limit):
		return fmt.Sprintf("over by %s, elapsed %s of %s", c.Over, c.Elapsed, limit)
	case c.Left != max(0, limit-c.Elapsed):
		return fmt.Sprintf("left %s, elapsed %s of %s", c.Left, c.Elapsed, limit)
	}
	return ""
}

// randomInstant is within so many days, on the hour, the minute or the nanosecond, and often at an edge of the
// opening hours.
func randomInstant(r *rand.Rand, from time.Time, days int) time.Time {
	t := from.Add(time.Duration(r.Int64N(int64(days) * int64(24*h))))
	switch r.IntN(5) {
	case 0:
		t = t.Truncate(time.Hour)
	case 1, 2:
		t = t.Truncate(time.Minute)
	case 3:
		y, month, d := t.In(support.Location()).Date()
		t = time.Date(y, month, d, []int{0, 8, 17}[r.IntN(3)], 0, 0, r.IntN(3)-1, support.Location())
	}
	if t.Before(from) {
		t = from
	}
	return t.In(support.Location())
}

// randomTicket is a record that does not contradict itself, of the weeks around a change of the clocks and Easter.
func randomTicket(r *rand.Rand) priority.Ticket {
	ticket := priority.Ticket{Received: randomInstant(r, at("2026-03-16 00:00"), 20)}
	last := ticket.Received
	for _, field := range []*time.Time{&ticket.Started, &ticket.Resolved, &ticket.ReportedBack} {
		if r.IntN(4) > 0 {
			last = randomInstant(r, last, 1+r.IntN(1+r.IntN(9)))
			*field = last
		}
	}
	for range r.IntN(6) {
		p := servicetime.Pause{From: randomInstant(r, ticket.Received.AddDate(0, 0, -1), 1+r.IntN(10))}
		switch r.IntN(6) {
		case 0:
		case 1:
			p.To = p.From
		default:
			p.To = randomInstant(r, p.From, 1+r.IntN(3))
		}
		ticket.Pauses = append(ticket.Pauses, p)
	}
	return ticket
}

// randomRule has targets of each kind under any convention, or none.
func randomRule(r *rand.Rand) priority.Rule {
	choose := func(texts ...string) servicetime.Target {
		text := texts[r.IntN(len(texts))]
		if text == "" {
			return servicetime.Target{}
		}
		return servicetime.MustTarget(text)
	}
	some := func(list ...servicetime.Convention) servicetime.Convention { return list[r.IntN(len(list))] }
	calendars := []*servicetime.Calendar{support, support, withEves, always}
	return priority.Rule{
		Calendar: calendars[r.IntN(len(calendars))],
		Targets: priority.Targets{
			Response:   choose("", "30 min", "60 min", "8 h", "24 h", "1 business day"),
			Resolution: choose("", "8 h", "9 h", "24 h", "2 business days", "5 business days", "1 day", "6 days"),
		},
		Hours: some(servicetime.SupportClock, servicetime.SupportClock, servicetime.WallClock),
		BusinessDays: some(servicetime.ExclDateClose, servicetime.ExclDateMidnight, servicetime.ExclEffectiveClose,
			servicetime.InclEffectiveClose, servicetime.Cutoff(12*60), servicetime.SameTime, servicetime.AsHours),
		Days:        some(servicetime.ExclMidnight, servicetime.SameWallClock, servicetime.NX24H),
		PausesCount: r.IntN(3) > 0, ResponsePausesCount: r.IntN(2) > 0,
		StopsAt: priority.Stop(1 + r.IntN(3)),
	}
}

// randomAsOf is at or after the receipt, often at an instant of the record.
func randomAsOf(r *rand.Rand, ticket *priority.Ticket) time.Time {
	instants := lifetime(ticket)
	return instants[r.IntN(len(instants))]
}

// lifetime lists instants from the receipt on: seven hours apart for weeks, and a nanosecond around those of the record.
func lifetime(ticket *priority.Ticket) []time.Time {
	var list []time.Time
	for n := range 60 {
		list = append(list, ticket.Received.Add(time.Duration(n)*7*h))
	}
	marks := []time.Time{ticket.Received, ticket.Started, ticket.Resolved, ticket.ReportedBack}
	for _, p := range ticket.Pauses {
		marks = append(marks, p.From, p.To)
	}
	for _, mark := range marks {
		for _, t := range []time.Time{mark.Add(-1), mark, mark.Add(1)} {
			if !mark.IsZero() && !t.Before(ticket.Received) {
				list = append(list, t)
			}
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// knownAt is what a record says as of an instant.
func knownAt(ticket priority.Ticket, asOf time.Time) priority.Ticket {
	for _, field := range []*time.Time{&ticket.Started, &ticket.Resolved, &ticket.ReportedBack} {
		if field.After(asOf) {
			*field = time.Time{}
		}
	}
	var ps []servicetime.Pause
	for _, p := range ticket.Pauses {
		if p.From.After(asOf) {
			continue
		}
		if p.To.After(asOf) {
			p.To = time.Time{}
		}
		ps = append(ps, p)
	}
	ticket.Pauses = ps
	return ticket
}

// Each hour of the life of a ticket its figures follow from each other.
func TestEveryHour(t *testing.T) {
	r := random(12)
	seen := map[priority.State]int{}
	for range 150 {
		rule, ticket := randomRule(r), randomTicket(r)
		for n := range 24 * 20 {
			asOf := ticket.Received.Add(time.Duration(n) * h)
			j, err := rule.Judge(&ticket, asOf)
			require.NoError(t, err)
			if text := contradiction(&rule, &ticket, asOf, j); text != "" {
				require.Fail(t, text, "%+v as of %s under %+v", ticket, asOf, rule)
			}
			seen[j.Resolution.State]++
		}
	}
	for _, state := range []priority.State{priority.NoTarget, priority.Running, priority.Paused, priority.Met, priority.Breached} {
		assert.Greater(t, seen[state], 500, state)
	}
}

// The slow reference: a flag for each minute of ten weeks says whether support is open in it, and a ticket whose instants
// lie on minutes is replayed by walking over them. It takes the data of the record and of the rule, and no answer
// of the package under test or of servicetime.
type slow struct {
	calendar *servicetime.Calendar
	from     time.Time
	open     []bool
	date     []string // of each minute, local
}

// newSlow opens the windows, in minutes after midnight, of weekdays that are not closed.
func newSlow(windows [][2]int, weekdays []time.Weekday, closed ...string) *slow {
	schedule := servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.Week{}, Dates: map[servicetime.Date][]servicetime.Window{}}
	for _, w := range windows {
		days := servicetime.DaysOf(weekdays...)
		schedule.Week[days] = append(schedule.Week[days], servicetime.Window{Open: w[0], Close: w[1]})
	}
	for _, date := range closed {
		schedule.Dates[servicetime.MustDate(date)] = nil
	}
	s := &slow{calendar: mustCompile(schedule), from: at("2026-03-01 00:00")}
	for t := s.from; t.Before(at("2026-05-11 00:00")); t = t.Add(time.Minute) {
		minute := t.Hour()*60 + t.Minute()
		date := t.Format(time.DateOnly)
		isOpen := false
		for _, w := range windows {
			isOpen = isOpen || w[0] <= minute && minute < w[1]
		}
		s.open = append(s.open, isOpen && slices.Contains(weekdays, t.Weekday()) && !slices.Contains(closed, date))
		s.date = append(s.date, date)
	}
	return s
}

func (s *slow) minute(t time.Time) int {
	n := int(t.Sub(s.from) / time.Minute)
	if !s.at(n).Equal(t) {
		panic(t)
	}
	return n
}

func (s *slow) at(minute int) time.Time { return s.from.Add(time.Duration(minute) * time.Minute) }

// pauses are the minutes [from, to) of each pause, as far as it is known at an instant.
func (s *slow) pauses(ps []servicetime.Pause, asOf int) [][2]int {
	var out [][2]int
	for _, p := range ps {
		from, to := s.minute(p.From), asOf
		if !p.To.IsZero() {
			to = min(to, s.minute(p.To))
		}
		out = append(out, [2]int{from, to})
	}
	return out
}

func pausedIn(ps [][2]int, minute int) bool {
	for _, p := range ps {
		if p[0] <= minute && minute < p[1] {
			return true
		}
	}
	return false
}

// count is how many minutes of [from, to) are open, or any, and not paused.
func (s *slow) count(from, to int, wall bool, ps [][2]int) int {
	n := 0
	for minute := from; minute < to; minute++ {
		if (wall || s.open[minute]) && !pausedIn(ps, minute) {
			n++
		}
	}
	return n
}

// usedUp walks until so many minutes have counted; last is where the next one that counts begins.
func (s *slow) usedUp(from, minutes int, wall bool, ps [][2]int) (due, last int) {
	n, minute := 0, from
	for ; n < minutes; minute++ {
		if (wall || s.open[minute]) && !pausedIn(ps, minute) {
			n++
		}
	}
	due = minute
	for !wall && !s.open[minute] || pausedIn(ps, minute) {
		minute++
	}
	return due, minute
}

// dayDue is the due under EXCL_DATE_CLOSE, or EXCL_MIDNIGHT for calendar days.
func (s *slow) dayDue(received, days int, calendarDays bool) int {
	minute := received
	for {
		// To the next local date.
		date := s.date[minute]
		for s.date[minute] == date {
			minute++
		}
		closing := -1
		for m, date := minute, s.date[minute]; s.date[m] == date; m++ {
			if s.open[m] || calendarDays {
				closing = m + 1
			}
		}
		if closing >= 0 {
			days--
		}
		if days == 0 {
			return closing
		}
	}
}

// clock replays one clock, with the target n of a unit: m minutes, b business days, d days.
func (s *slow) clock(ticket *priority.Ticket, n int, unit byte, how servicetime.Convention, done, asOf time.Time, count bool) priority.Clock {
	c := priority.Clock{Received: ticket.Received, From: ticket.Received, Since: ticket.Received}
	until := asOf
	if !done.IsZero() && !done.After(asOf) {
		c.Done, until = done, done
	}
	from, to := s.minute(ticket.Received), s.minute(until)
	ps := s.pauses(ticket.Pauses, to)
	gross, net := s.count(from, to, false, nil), s.count(from, to, false, ps)
	counted := ps
	if !count {
		counted, net = nil, gross
	}
	c.Elapsed, c.Gross = time.Duration(net)*m, time.Duration(gross)*m
	c.Paused = time.Duration(gross-s.count(from, to, false, ps)) * m

	wall := how == servicetime.WallClock || unit == 'd'
	var due, last int
	if unit == 'm' {
		due, last = s.usedUp(from, n, wall, counted)
	} else {
		due = s.dayDue(from, n, unit == 'd')
		if whole := s.count(from, due, wall, nil); s.count(from, due, wall, counted) < whole {
			due, _ = s.usedUp(from, whole, wall, counted)
		}
		last = due
	}
	c.Due, c.Last = s.at(due), s.at(last)
	c.Left = time.Duration(s.count(to, due, false, nil)) * m
	switch {
	case to > last:
		c.State = priority.Breached
		c.Over = time.Duration(s.count(due, to, false, counted)) * m
	case !c.Done.IsZero():
		c.State = priority.Met
	case count && pausedIn(s.pauses(ticket.Pauses, to+1), to):
		c.State = priority.Paused
	default:
		c.State = priority.Running
	}
	return c
}

// ticket is a random record on whole minutes.
func (s *slow) ticket(r *rand.Rand, units []time.Duration) priority.Ticket {
	from := at("2026-03-09 00:00")
	minute := func(from time.Time, within time.Duration) time.Time {
		t := from.Add(time.Duration(r.Int64N(int64(within/time.Minute))) * time.Minute)
		if r.IntN(3) == 0 { // often on the hour, where windows have their edges
			if t = t.Truncate(time.Hour); t.Before(from) {
				t = from
			}
		}
		return t
	}
	ticket := priority.Ticket{Received: minute(from, 25*24*h)}
	last := ticket.Received
	for _, field := range []*time.Time{&ticket.Started, &ticket.Resolved, &ticket.ReportedBack} {
		if r.IntN(5) > 0 {
			last = minute(last, units[r.IntN(len(units))])
			*field = last
		}
	}
	for range r.IntN(5) {
		p := servicetime.Pause{From: minute(ticket.Received.Add(-24*h), 7*24*h)}
		if r.IntN(5) > 0 {
			p.To = minute(p.From, units[r.IntN(len(units))])
		}
		ticket.Pauses = append(ticket.Pauses, p)
	}
	return ticket
}

func TestAgainstSlow(t *testing.T) {
	workdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	office := newSlow([][2]int{{8 * 60, 17 * 60}}, workdays, "2026-04-03", "2026-04-06", "2026-05-01")
	shifts := newSlow([][2]int{{150, 7 * 60}, {8 * 60, 12*60 + 30}, {13 * 60, 24 * 60}}, // 02:30 is there once too few
		[]time.Weekday{time.Tuesday, time.Wednesday, time.Saturday, time.Sunday}, "2026-03-17")
	r := random(45)
	seen := map[string]int{}
	for range 900 {
		s := office
		if r.IntN(4) == 0 {
			s = shifts
		}
		ticket := s.ticket(r, []time.Duration{h, 9 * h, 48 * h, 120 * h})
		asOf := ticket.Received.Add(time.Duration(r.IntN(60*24*14)) * m)
		n, unit, how := 0, byte('m'), servicetime.SupportClock
		rule := priority.Rule{Calendar: s.calendar, PausesCount: r.IntN(3) > 0, ResponsePausesCount: r.IntN(2) > 0, StopsAt: priority.AtReportedBack}
		target := ""
		switch r.IntN(5) {
		case 0:
			n, unit, how = 1+r.IntN(5), 'b', servicetime.ExclDateClose
			target = fmt.Sprintf("%d business days", n)
		case 1:
			n, unit, how = 1+r.IntN(7), 'd', servicetime.ExclMidnight
			target = fmt.Sprintf("%d days", n)
		default:
			if n = []int{30, 60, 480, 1440, 1 + r.IntN(1500)}[r.IntN(5)]; r.IntN(4) == 0 {
				how = servicetime.WallClock
			}
			target = fmt.Sprintf("%d min", n)
		}
		rule.Hours, rule.BusinessDays, rule.Days = how, how, how // that of the target is found
		rule.Targets.Resolution = servicetime.MustTarget(target)
		rule.Targets.Response = rule.Targets.Resolution

		j, err := rule.Judge(&ticket, asOf)
		require.NoError(t, err)
		for _, x := range []struct {
			got   priority.Clock
			done  time.Time
			count bool
		}{
			{j.Response, ticket.Started, rule.PausesCount && rule.ResponsePausesCount},
			{j.Resolution, ticket.ReportedBack, rule.PausesCount},
		} {
			want := s.clock(&ticket, n, unit, how, x.done, asOf, x.count)
			want.Target, want.Convention = rule.Targets.Resolution, how
			name := fmt.Sprintf("%s %s, pauses count: %t, done %s, as of %s: %+v", target, how, x.count, x.done, asOf, ticket)
			require.True(t, x.got.Due.Equal(want.Due), "due %s, want %s: %s", x.got.Due, want.Due, name)
			require.True(t, x.got.Last.Equal(want.Last), "last %s, want %s: %s", x.got.Last, want.Last, name)
			want.Due, want.Last = x.got.Due, x.got.Last
			require.Equal(t, want, plainClock(x.got), name)
			seen[fmt.Sprintf("%c %s", unit, want.State)]++
		}
	}
	for _, unit := range "mbd" {
		for _, state := range []priority.State{priority.Running, priority.Paused, priority.Met, priority.Breached} {
			assert.Greater(t, seen[fmt.Sprintf("%c %s", unit, state)], 10, "%c %s", unit, state)
		}
	}
}

// FuzzTicket reads a record and an instant from anywhere, and judges by each of the targets of §4.3.1, with pauses
// that count and that do not.
func FuzzTicket(f *testing.F) {
	ticket, err := json.Marshal(whole())
	require.NoError(f, err)
	for _, seed := range []struct {
		text string
		sec  int64
		nano int64
	}{
		{string(ticket), at("2026-03-10 10:45").Unix(), 0},
		{`{"received": "2026-01-30T09:00:00+01:00"}`, at("2026-02-02 08:00").Unix(), 1},
		{`{"received": "2026-10-25T02:30:00.5+02:00", "pauses": [{"from": "2026-10-25T02:30:00+01:00"}]}`, at("2026-10-27 08:00").Unix(), 999_999_999},
		{`{"received": "1970-01-01T00:00:00+01:00", "reported_back": "2200-12-31T23:59:59Z"}`, at("2200-12-31 23:00").Unix(), 0},
		{`{"received": "2200-12-30T10:00:00Z"}`, at("2201-01-01 00:00").Unix(), 0},
		{`{"received": "0001-01-01T00:00:00Z"}`, 0, 0},
		{`{"received": "2026-03-10T09:00:00Z", "pauses": [{"from": "9999-12-31T23:59:59Z"}, {"to": "2026-03-10T09:00:00Z"}]}`, 1 << 62, 1 << 62},
		{`{"received": "2026-03-10T09:00:00Z", "started": "2026-03-09T09:00:00Z"}`, 1 << 40, 0},
		{`{}`, -1 << 63, -1 << 63},
	} {
		f.Add([]byte(seed.text), seed.sec, seed.nano)
	}
	f.Fuzz(func(t *testing.T, text []byte, sec, nano int64) {
		var ticket priority.Ticket
		if json.Unmarshal(text, &ticket) != nil {
			return
		}
		asOf := time.Unix(sec, nano)
		for _, r := range incidentRules {
			for _, count := range []bool{false, true} {
				r.PausesCount, r.ResponsePausesCount = count, count
				for r.StopsAt = priority.AtReportedBack; r.StopsAt <= priority.AtReportedBackOrResolved; r.StopsAt++ {
					j, err := r.Judge(&ticket, asOf)
					if err != nil {
						require.Zero(t, j)
						known := slices.ContainsFunc([]error{
							priority.ErrRecord, priority.ErrFuture, servicetime.ErrRange, servicetime.ErrNoOpenTime,
						}, func(cause error) bool { return errors.Is(err, cause) })
						require.True(t, known, "%v", err)
						require.Equal(t, ticket.Check() != nil, errors.Is(err, priority.ErrRecord), "%v", err)
						continue
					}
					require.Empty(t, contradiction(&r, &ticket, asOf, j), "%+v as of %s", ticket, asOf)
					_ = j.Response.String()
					_ = j.Resolution.String()
				}
			}
		}
	})
}
