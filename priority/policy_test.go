package priority_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// incidentPolicy is §4.3.1 under a reading of changes.
func incidentPolicy(c priority.Changing) priority.Policy {
	return priority.Policy{
		Rules:    []priority.Rule{incidentRules["critical"], incidentRules["high"], incidentRules["medium"], incidentRules["low"]},
		Changing: c,
	}
}

func judgePolicy(t *testing.T, p priority.Policy, ticket priority.Ticket, first priority.Level, asOf time.Time) priority.Judgement {
	t.Helper()
	j, err := p.Judge(&ticket, first, asOf)
	require.NoError(t, err, "%+v as of %s", ticket, asOf)
	return j
}

// What a change of priority does, under the three readings. All tickets are received on Tuesday at 08:00; support is 8 to 17.
func TestChanges(t *testing.T) {
	type clock struct {
		state  priority.State
		level  priority.Level
		due    string
		breach string // of what is breached or will be
	}
	change := func(text string, to priority.Level) priority.Change {
		return priority.Change{At: at(text), Priority: to}
	}
	const (
		dueCritical = "2026-03-10 08:30"
		dueLow      = "2026-03-12 14:00"
	)
	for _, row := range []struct {
		name                   string
		first                  priority.Level
		changes                []priority.Change
		started, back, asOf    string
		response               bool // what is looked at, else the resolution
		inForce, ignored, anew clock
	}{
		{
			"before a change it is not known", low,
			[]priority.Change{change("2026-03-10 10:00", critical)},
			"", "", "2026-03-10 09:59", true,
			clock{priority.Running, low, dueLow, dueLow},
			clock{priority.Running, low, dueLow, dueLow},
			clock{priority.Running, low, dueLow, dueLow},
		},
		{
			"raised: exceeded from the change on, at which it is in force", low,
			[]priority.Change{change("2026-03-10 10:00", critical)},
			"", "", "2026-03-10 10:00", true,
			clock{priority.Breached, critical, dueCritical, "2026-03-10 10:00"},
			clock{priority.Running, low, dueLow, dueLow},
			clock{priority.Running, critical, "2026-03-10 10:30", "2026-03-10 10:30"},
		},
		{
			"lowered after the breach, and not begun: no breach any more", critical,
			[]priority.Change{change("2026-03-10 08:50", low)},
			"", "", "2026-03-10 09:00", true,
			clock{priority.Running, low, dueLow, dueLow},
			clock{priority.Breached, critical, dueCritical, dueCritical},
			clock{priority.Running, low, "2026-03-12 14:50", "2026-03-12 14:50"},
		},
		{
			"begun before the change: judged by what was in force", critical,
			[]priority.Change{change("2026-03-10 08:50", low)},
			"2026-03-10 08:40", "", "2026-03-10 09:00", true,
			clock{priority.Breached, critical, dueCritical, dueCritical},
			clock{priority.Breached, critical, dueCritical, dueCritical},
			clock{priority.Breached, critical, dueCritical, dueCritical},
		},
		{
			"twice: the last in force", low,
			[]priority.Change{change("2026-03-10 09:00", high), change("2026-03-10 12:00", critical)},
			"", "2026-03-10 16:30", "2026-03-20 12:00", false,
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
			clock{priority.Met, low, "2026-03-19 17:00", ""},
			clock{priority.Met, critical, "2026-03-11 11:00", ""},
		},
		{
			"to the same priority is no change", critical,
			[]priority.Change{change("2026-03-10 12:00", critical)},
			"", "2026-03-10 16:30", "2026-03-20 12:00", false,
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
		},
		{
			"after the stop it changes nothing", critical,
			[]priority.Change{change("2026-03-11 12:00", low)},
			"", "2026-03-10 16:30", "2026-03-20 12:00", false,
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
			clock{priority.Breached, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
		},
		{
			"to a target in days", critical,
			[]priority.Change{change("2026-03-10 12:00", high)},
			"", "", "2026-03-10 13:00", false,
			clock{priority.Running, high, "2026-03-12 17:00", "2026-03-12 17:00"},
			clock{priority.Running, critical, "2026-03-10 16:00", "2026-03-10 16:00"},
			clock{priority.Running, high, "2026-03-12 17:00", "2026-03-12 17:00"},
		},
	} {
		for changing, want := range map[priority.Changing]clock{
			priority.ChangeInForce: row.inForce, priority.ChangeIgnored: row.ignored, priority.ChangeRestarts: row.anew,
		} {
			name := row.name + ", " + changing.String()
			ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Changes: row.changes}
			if row.started != "" {
				ticket.Started = at(row.started)
			}
			if row.back != "" {
				ticket.ReportedBack = at(row.back)
			}
			j := judgePolicy(t, incidentPolicy(changing), ticket, row.first, at(row.asOf))
			c := j.Resolution
			if row.response {
				c = j.Response
			}
			assert.Equal(t, want.state, c.State, name)
			assert.Equal(t, want.level, c.Level, name)
			assert.True(t, c.Due.Equal(at(want.due)), "%s: due %s", name, c.Due)
			switch {
			case want.breach == "":
				assert.Zero(t, c.Breach(), name)
			case at(want.breach).Equal(c.Last): // exceeded a nanosecond later
				assert.True(t, c.Breach().Equal(c.Last.Add(1)), "%s: breach %s", name, c.Breach())
			case want.breach == want.due && c.Last.After(c.Due): // used up at closing
				assert.True(t, c.Breach().Equal(c.Last.Add(1)), "%s: breach %s", name, c.Breach())
			default:
				assert.True(t, c.Breach().Equal(at(want.breach)), "%s: breach %s", name, c.Breach())
			}
		}
	}
}

func TestPolicyRefuses(t *testing.T) {
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Changes: []priority.Change{{At: at("2026-03-10 09:00"), Priority: 5}}}
	p := incidentPolicy(priority.ChangeInForce)
	_, err := p.Judge(&ticket, low, at("2026-03-11 08:00"))
	require.ErrorIs(t, err, priority.ErrClass)
	ticket.Changes[0].Priority = 1
	for _, first := range []priority.Level{-1, 0, 5} {
		_, err = p.Judge(&ticket, first, at("2026-03-11 08:00"))
		require.ErrorIs(t, err, priority.ErrClass)
	}
	p.Changing = 0
	_, err = p.Judge(&ticket, low, at("2026-03-11 08:00"))
	require.ErrorIs(t, err, priority.ErrReading)
	ticket.Changes = nil
	_, err = p.Judge(&ticket, low, at("2026-03-11 08:00"))
	require.NoError(t, err, "what changes do is asked where there are any")
}

// The readings are three rules of their own, each as if the ticket had been another one.
func TestChangesLaws(t *testing.T) {
	r := random(43)
	moved := 0
	for range 600 {
		ticket := randomTicket(r)
		for range 1 + r.IntN(3) {
			ticket.Changes = append(ticket.Changes, priority.Change{At: randomInstant(r, ticket.Received, 10), Priority: priority.Level(1 + r.IntN(4))})
		}
		slices.SortFunc(ticket.Changes, func(a, b priority.Change) int { return a.At.Compare(b.At) })
		first := priority.Level(1 + r.IntN(4))
		asOf := randomAsOf(r, &ticket)
		rules := incidentPolicy(priority.ChangeInForce).Rules
		bare := ticket
		bare.Changes = nil
		inForce := func(until time.Time) (level priority.Level, since time.Time) {
			level, since = first, ticket.Received
			for _, c := range ticket.Changes {
				if !c.At.After(until) && c.Priority != level {
					level, since = c.Priority, c.At
				}
			}
			return level, since
		}
		until := asOf
		if done := ticket.ReportedBack; !done.IsZero() && !done.After(asOf) {
			until = done
		}
		level, since := inForce(until)

		j := judgePolicy(t, incidentPolicy(priority.ChangeIgnored), ticket, first, asOf)
		want := judge(t, rules[first-1], bare, asOf)
		want.Response.Level, want.Resolution.Level = first, first
		require.Equal(t, plain(want), plain(j))

		j = judgePolicy(t, incidentPolicy(priority.ChangeInForce), ticket, first, asOf)
		want = judge(t, rules[level-1], bare, asOf)
		want.Resolution.Level, want.Resolution.Since = level, since.In(support.Location())
		require.Equal(t, plainClock(want.Resolution), plainClock(j.Resolution))

		j = judgePolicy(t, incidentPolicy(priority.ChangeRestarts), ticket, first, asOf)
		bare.Received, bare.Started, bare.Resolved = since, time.Time{}, time.Time{}
		want = judge(t, rules[level-1], bare, asOf)
		want.Resolution.Level, want.Resolution.Received = level, ticket.Received.In(support.Location())
		require.Equal(t, plainClock(want.Resolution), plainClock(j.Resolution))
		if level != first {
			moved++
		}
	}
	assert.Greater(t, moved, 100)
}

// Resolved at 10:00, opened again at 14:00, reported back at last on Wednesday at 09:00; 8 h, a pause from 13:00 to 15:00.
//
//	open       8|--------------------------------|17   8|------
//	closed            10|-----------|14
//	paused                      13|-----|15
//	counted     |------|            |------------|      |--|9
func TestReopened(t *testing.T) {
	ticket := priority.Ticket{
		Received: at("2026-03-10 08:00"), Resolved: at("2026-03-11 08:50"), ReportedBack: at("2026-03-11 09:00"),
		Reopened: []servicetime.Span{{From: at("2026-03-10 10:00"), To: at("2026-03-10 14:00")}},
		Pauses:   pauses("2026-03-10 13:00 – 2026-03-10 15:00"),
	}
	for _, row := range []struct {
		name             string
		paused, reopened bool // count
		asOf             string
		state            priority.State
		done, due        string
		elapsed, gross   time.Duration
		pausedFor, shut  time.Duration
	}{
		{"not counted", false, false, "2026-03-12 08:00", priority.Met, "2026-03-11 09:00", "2026-03-11 11:00", 6 * h, 10 * h, 1 * h, 4 * h},
		{"counted", false, true, "2026-03-12 08:00", priority.Breached, "2026-03-11 09:00", "2026-03-10 16:00", 10 * h, 10 * h, 1 * h, 4 * h},
		{"not counted, and pauses count", true, false, "2026-03-12 08:00", priority.Met, "2026-03-11 09:00", "2026-03-11 12:00", 5 * h, 10 * h, 1 * h, 4 * h},
		{"counted, and pauses count", true, true, "2026-03-12 08:00", priority.Met, "2026-03-11 09:00", "2026-03-11 09:00", 8 * h, 10 * h, 1 * h, 4 * h},
		{"before the reopening it is resolved", false, false, "2026-03-10 13:59", priority.Met, "2026-03-10 10:00", "2026-03-10 16:00", 2 * h, 2 * h, 0, 0},
		{"the same where it counts: nobody knows yet", false, true, "2026-03-10 13:59", priority.Met, "2026-03-10 10:00", "2026-03-10 16:00", 2 * h, 2 * h, 0, 0},
		{"from the reopening on it runs", false, false, "2026-03-10 14:00", priority.Running, "", "2026-03-11 11:00", 2 * h, 6 * h, 0, 4 * h},
		{"before it was resolved", false, false, "2026-03-10 09:00", priority.Running, "", "2026-03-10 16:00", 1 * h, 1 * h, 0, 0},
	} {
		r := rule("", "8 h")
		r.PausesCount, r.ReopenedCounts = row.paused, row.reopened
		j, err := r.Judge(&ticket, at(row.asOf))
		require.NoError(t, err)
		c := j.Resolution
		assert.Equal(t, row.state, c.State, row.name)
		if row.done == "" {
			assert.Zero(t, c.Done, row.name)
		} else {
			assert.True(t, c.Done.Equal(at(row.done)), "%s: done %s", row.name, c.Done)
		}
		assert.True(t, c.Due.Equal(at(row.due)), "%s: due %s", row.name, c.Due)
		assert.Equal(t, row.elapsed, c.Elapsed, row.name)
		assert.Equal(t, row.gross, c.Gross, row.name)
		assert.Equal(t, row.pausedFor, c.Paused, row.name)
		assert.Equal(t, row.shut, c.Closed, row.name)
		var sum time.Duration
		for s := range c.ExplainElapsed() {
			if s.Counted() {
				sum += s.Duration()
			}
		}
		assert.Equal(t, c.Elapsed, sum, row.name)
	}
	r := rule("", "8 h")
	j, err := r.Judge(&ticket, at("2026-03-12 08:00"))
	require.NoError(t, err)
	assert.Equal(t, "8 h counted, 4 h paused (resolved, and reopened), 15 h closed", servicetime.Summary(j.Resolution.Explain()))
	assert.Equal(t, "6 h counted, 4 h paused (resolved, and reopened), 15 h closed", servicetime.Summary(j.Resolution.ExplainElapsed()))
}

// A stretch closed until reopened is a pause of a rule whose pauses count, whatever the target.
func TestReopenedIsAPause(t *testing.T) {
	r := random(44)
	for range 500 {
		rule, ticket := randomRule(r), randomTicket(r)
		rule.PausesCount, rule.ResponsePausesCount = true, true
		ticket.Pauses, ticket.Resolved = nil, time.Time{}
		asPause := ticket
		last := ticket.Received
		for range 1 + r.IntN(2) {
			s := servicetime.Span{From: randomInstant(r, last, 3)}
			s.To = randomInstant(r, s.From, 3)
			if done := ticket.ReportedBack; !done.IsZero() && s.To.After(done) {
				break
			}
			ticket.Reopened = append(ticket.Reopened, s)
			asPause.Pauses = append(asPause.Pauses, servicetime.Pause{From: s.From, To: s.To})
			last = s.To
		}
		asOf := randomAsOf(r, &ticket)
		if slices.ContainsFunc(ticket.Reopened, func(s servicetime.Span) bool { return !asOf.Before(s.From) && asOf.Before(s.To) }) {
			continue // then it is resolved, and not paused
		}
		got, err := rule.Judge(&ticket, asOf)
		require.NoError(t, err)
		want := judge(t, rule, asPause, asOf)
		for i, c := range []*priority.Clock{&got.Response, &got.Resolution, &want.Response, &want.Resolution} {
			if i < 2 {
				c.Paused, c.Closed = c.Closed, c.Paused
			}
		}
		require.Equal(t, plain(want), plain(got), "%+v as of %s", ticket, asOf)
	}
}

// A target of 2 h from each update to the next, on the ticket's own calendar.
func TestUpdates(t *testing.T) {
	r := rule("", "5 business days")
	r.Targets.Update = servicetime.MustTarget("2 h")
	ticket := priority.Ticket{
		Received: at("2026-03-10 08:00"), ReportedBack: at("2026-03-11 09:30"),
		Updates: []time.Time{at("2026-03-10 09:30"), at("2026-03-10 12:30"), at("2026-03-10 16:00")},
	}
	for _, row := range []struct {
		name, asOf string
		made, late int
		state      priority.State
		from, due  string
	}{
		{"the first is due from the receipt on", "2026-03-10 09:00", 0, 0, priority.Running, "2026-03-10 08:00", "2026-03-10 10:00"},
		{"from the update on", "2026-03-10 09:30", 1, 0, priority.Running, "2026-03-10 09:30", "2026-03-10 11:30"},
		{"late while it is awaited", "2026-03-10 12:00", 1, 1, priority.Breached, "2026-03-10 09:30", "2026-03-10 11:30"},
		{"late, and over", "2026-03-10 13:00", 2, 1, priority.Running, "2026-03-10 12:30", "2026-03-10 14:30"},
		{"over a night", "2026-03-11 08:30", 3, 2, priority.Running, "2026-03-10 16:00", "2026-03-11 09:00"},
		{"at the due", "2026-03-11 09:00", 3, 2, priority.Running, "2026-03-10 16:00", "2026-03-11 09:00"},
		{"the last before the stop is late too", "2026-03-12 08:30", 3, 3, priority.Breached, "2026-03-10 16:00", "2026-03-11 09:00"},
	} {
		j := judge(t, r, ticket, at(row.asOf))
		require.NotNil(t, j.Update, row.name)
		assert.Equal(t, row.made, j.Update.Made, row.name)
		assert.Equal(t, row.late, j.Update.Late, row.name)
		assert.Equal(t, row.state, j.Update.State, row.name)
		assert.True(t, j.Update.From.Equal(at(row.from)), "%s: from %s", row.name, j.Update.From)
		assert.True(t, j.Update.Due.Equal(at(row.due)), "%s: due %s", row.name, j.Update.Due)
	}
	// Updates have no part in the verdict of §4.3.1, and rules without the target have none.
	j := judge(t, r, ticket, at("2026-03-12 08:30"))
	verdict, _ := j.Outcome()
	assert.Equal(t, "met", verdict.String())
	assert.Nil(t, judge(t, rule("", "8 h"), ticket, at("2026-03-12 08:30")).Update)

	// A priority that restarts the clocks restarts this one.
	p := priority.Policy{Rules: []priority.Rule{r, r}, Changing: priority.ChangeRestarts}
	ticket.Changes = []priority.Change{{At: at("2026-03-10 12:00"), Priority: 2}}
	j = judgePolicy(t, p, ticket, 1, at("2026-03-10 12:15"))
	assert.True(t, j.Update.Due.Equal(at("2026-03-10 14:00")), "%s", j.Update.Due)
	assert.Equal(t, 1, j.Update.Made)
	assert.Zero(t, j.Update.Late)
}

// Other targets on another clock for what is received while support is closed.
func TestOutOfHours(t *testing.T) {
	always := compile("Europe/Stockholm", "mon-sun 00:00-24:00", servicetime.Holidays{})
	r := rule("30 min", "8 h")
	out := rule("60 min", "12 h")
	out.Calendar = always
	r.OutOfHours = &out
	for received, dues := range map[string][2]string{
		"2026-03-10 08:00":    {"2026-03-10 08:30", "2026-03-10 16:00"},
		"2026-03-10 16:59:59": {"2026-03-11 08:29:59", "2026-03-11 15:59:59"},
		"2026-03-10 17:00":    {"2026-03-10 18:00", "2026-03-11 05:00"},
		"2026-03-14 12:00":    {"2026-03-14 13:00", "2026-03-15 00:00"}, // a Saturday
	} {
		j, err := r.Judge(&priority.Ticket{Received: at(received)}, at(received))
		require.NoError(t, err)
		assert.True(t, j.Response.Due.Equal(at(dues[0])), "%s: %s", received, j.Response.Due)
		assert.True(t, j.Resolution.Due.Equal(at(dues[1])), "%s: %s", received, j.Resolution.Due)
	}
}

// Levels at a share of the target, and the forecast, at any time in a ticket's life.
func TestMilestonesAndForecast(t *testing.T) {
	r := counting(rule("", "8 h"), false)
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), ReportedBack: at("2026-03-11 15:00"), Pauses: pauses("2026-03-10 10:00 – 2026-03-10 12:00")}
	for _, row := range []struct {
		asOf, half, most, due, breach string
	}{
		{"2026-03-10 09:00", "2026-03-10 12:00", "2026-03-10 15:12", "2026-03-10 16:00", "2026-03-10 16:00:00.000000001"},
		{"2026-03-10 11:00", "2026-03-10 13:00", "2026-03-10 16:12", "2026-03-10 17:00", "2026-03-11 08:00:00.000000001"}, // were the pause to end now
		{"2026-03-10 13:00", "2026-03-10 14:00", "2026-03-11 08:12", "2026-03-11 09:00", "2026-03-11 09:00:00.000000001"},
		{"2026-03-12 13:00", "2026-03-10 14:00", "2026-03-11 08:12", "2026-03-11 09:00", "2026-03-11 09:00:00.000000001"},
	} {
		c := judge(t, r, ticket, at(row.asOf)).Resolution
		assert.True(t, c.At(50).Equal(at(row.half)), "%s: 50 %% %s", row.asOf, c.At(50))
		assert.True(t, c.At(90).Equal(at(row.most)), "%s: 90 %% %s", row.asOf, c.At(90))
		assert.True(t, c.At(100).Equal(at(row.due)), "%s: 100 %% %s", row.asOf, c.At(100))
		assert.True(t, c.Breach().Equal(at(row.breach)), "%s: breach %s", row.asOf, c.Breach())
		assert.Zero(t, c.At(101))
		assert.Zero(t, c.At(0))
	}
	none := judge(t, rule("", ""), ticket, at("2026-03-12 13:00")).Resolution
	assert.Zero(t, none.At(50))
	assert.Zero(t, none.Breach())
	ticket.ReportedBack = at("2026-03-10 09:30")
	ticket.Pauses = nil
	assert.Zero(t, judge(t, r, ticket, at("2026-03-12 13:00")).Resolution.Breach(), "met")
}

// What happened on the way must be in order, each fault with its place.
func TestHistoryFaults(t *testing.T) {
	received := at("2026-03-10 08:00")
	early, late := at("2026-03-10 07:00"), at("2026-03-10 12:00")
	for path, ticket := range map[string]priority.Ticket{
		"changes[0].at":       {Changes: []priority.Change{{At: early, Priority: 1}}},
		"changes[1].at":       {Changes: []priority.Change{{At: late, Priority: 1}, {At: received, Priority: 2}}},
		"changes[0].priority": {Changes: []priority.Change{{At: late}}},
		"changes":             {Kind: priority.Order, Changes: []priority.Change{{At: late, Priority: 1}}},
		"reopened[0].from":    {Reopened: []servicetime.Span{{From: early, To: late}}},
		"reopened[0].to":      {Reopened: []servicetime.Span{{From: late, To: received}}},
		"reopened[1].from":    {Reopened: []servicetime.Span{{From: received, To: late}, {From: received, To: late}}},
		"resolved":            {Reopened: []servicetime.Span{{From: received, To: late}}, Resolved: received},
		"reported_back":       {Reopened: []servicetime.Span{{From: received, To: late}}, ReportedBack: received},
		"updates[0]":          {Updates: []time.Time{early}},
		"updates[1]":          {Updates: []time.Time{late, received}},
	} {
		ticket.Received = received
		err := ticket.Check()
		require.ErrorIs(t, err, priority.ErrRecord, path)
		var fault *servicetime.Fault
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, path, fault.Path)
	}
}

// A target exceeded while the ticket was closed is so when it is opened again: until then it was resolved in time.
func TestBreachWhileClosed(t *testing.T) {
	ticket := priority.Ticket{
		Received: at("2026-04-22 09:00"), ReportedBack: at("2026-05-05 16:00"),
		Reopened: []servicetime.Span{{From: at("2026-04-29 17:00"), To: at("2026-05-05 09:00")}},
	}
	r := rule("", "5 business days") // due exactly when it was resolved
	j, err := r.Judge(&ticket, at("2026-06-01 00:00"))
	require.NoError(t, err)
	verdict, when := j.Outcome()
	assert.Equal(t, "missed", verdict.String())
	assert.True(t, when.Equal(at("2026-05-05 09:00")), "%s", when)

	// A change of priority in the stretch exceeds no sooner.
	ticket = priority.Ticket{
		Received: at("2026-04-27 09:00"), ReportedBack: at("2026-05-04 16:00"),
		Reopened: []servicetime.Span{{From: at("2026-04-29 10:00"), To: at("2026-05-04 09:00")}},
		Changes:  []priority.Change{{At: at("2026-04-30 12:00"), Priority: 1}},
	}
	p := judgePolicy(t, incidentPolicy(priority.ChangeInForce), ticket, 3, at("2026-06-01 00:00"))
	assert.True(t, p.Resolution.Breach().Equal(at("2026-05-04 09:00")), "%s", p.Resolution.Breach())

	// Where the stretch counts, the clock ran on.
	r.ReopenedCounts = true
	ticket.Changes = nil
	ticket.Received, ticket.Reopened[0].From = at("2026-04-22 09:00"), at("2026-04-29 16:00")
	j, err = r.Judge(&ticket, at("2026-06-01 00:00"))
	require.NoError(t, err)
	assert.True(t, j.Resolution.Breach().Equal(at("2026-04-29 17:00:00.000000001")), "%s", j.Resolution.Breach())
}

// A change that is not known yet makes no fault, and updates made while no target for them was in force are not late.
func TestChangeNotKnownYet(t *testing.T) {
	ticket := priority.Ticket{Received: at("2026-03-10 08:00"), Changes: []priority.Change{{At: at("2026-03-12 08:00"), Priority: 9}}}
	judgePolicy(t, incidentPolicy(priority.ChangeInForce), ticket, 3, at("2026-03-11 08:00"))

	p := incidentPolicy(priority.ChangeInForce)
	p.Rules[0].Targets.Update = servicetime.MustTarget("1 h")
	ticket = priority.Ticket{
		Received: at("2026-03-10 08:00"), ReportedBack: at("2026-03-10 14:30"),
		Changes: []priority.Change{{At: at("2026-03-10 12:30"), Priority: 1}},
		Updates: []time.Time{at("2026-03-10 09:30"), at("2026-03-10 11:00"), at("2026-03-10 13:00")},
	}
	j := judgePolicy(t, p, ticket, 3, at("2026-03-11 08:00"))
	assert.Equal(t, 3, j.Update.Made)
	assert.Equal(t, 2, j.Update.Late, "from 11:00 to 13:00, and from 13:00 to the end")
}
