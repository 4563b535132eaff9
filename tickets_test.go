package sla_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// §4.11: security incidents are in the figures of incidents, and listed apart under their own clause.
func TestSecurityApart(t *testing.T) {
	security := solved("S-1", 1, false)
	security.Kind = priority.Security
	unknown := priority.Ticket{Number: "S-2", Kind: priority.Security, Received: local("2026-06-01 08:00")} // no impact
	r := evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"), solved("1", 1, true), solved("2", 1, true), security, unknown)
	assert.Equal(t, compliance.Share{Met: 2, Total: 3}, r.Incidents.Share)
	assert.Equal(t, int64(4), r.Incidents.Tickets)
	assert.Equal(t, int64(1), r.Incidents.Rejected)
	assert.Equal(t, compliance.Share{Met: 0, Total: 1}, r.Security.Share)
	assert.Equal(t, "§4.11", r.Security.Clause)
	assert.Equal(t, int64(2), r.Security.Tickets)
	assert.Equal(t, "S-1", r.Security.Missed[0].Number)
	assert.Equal(t, "S-2", r.Security.NotJudged[0].Number)
	var names []string
	for l := range r.Lines() {
		names = append(names, l.Clause+" "+l.Name)
	}
	assert.Contains(t, names, "§4.11 security incidents")
	assert.Contains(t, names, "§4.11 security incidents, critical")

	// An agreement that says nothing of security has them under the clause of incidents.
	a := sla.SSBTEK()
	a.Security = nil
	r = evaluate(t, mustCompile(a), "2026-06", local("2026-07-01 00:00"), security)
	assert.Equal(t, "§4.3.1", r.Security.Clause)
}

// Outcomes by provider, those without one under a name of their own.
func TestProviders(t *testing.T) {
	of := func(provider string, ticket priority.Ticket) priority.Ticket {
		ticket.Provider = provider
		return ticket
	}
	r := evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"),
		of("CSN", solved("1", 1, true)), of("CSN", solved("2", 1, false)), of("AF", solved("3", 2, true)), solved("4", 3, true))
	var got []string
	for _, g := range r.Incidents.ByProvider() {
		got = append(got, fmt.Sprint(g.Name, " ", g.Share()))
	}
	assert.Equal(t, []string{"(none) 1 of 1", "AF 1 of 1", "CSN 1 of 2"}, got)
	var lines []string
	for l := range r.Lines() {
		if strings.Contains(l.Name, "provider") {
			lines = append(lines, l.String())
		}
	}
	assert.Equal(t, []string{
		"§4.3.1 incidents, provider (none): 1 of 1 in time, 100.00 %",
		"§4.3.1 incidents, provider AF: 1 of 1 in time, 100.00 %",
		"§4.3.1 incidents, provider CSN: 1 of 2 in time, 50.00 %",
	}, lines)
	r = evaluate(t, presetRules(), "2026-06", local("2026-07-01 00:00"), solved("4", 3, true))
	assert.Empty(t, r.Incidents.ByProvider(), "no ticket names one")
}

// More providers than a report tells apart: the first by name are whole, whatever the order, and from any parts.
func TestProvidersAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var tickets []priority.Ticket
	const names = 2*sla.MaxProviders + 300
	for i := range 3 * names {
		ticket := solved(fmt.Sprint(i), 1, i%2 == 0)
		ticket.Provider = fmt.Sprintf("P%04d", i%names)
		tickets = append(tickets, ticket)
	}
	rules := presetRules()
	asOf := local("2026-07-01 00:00")
	want := evaluate(t, rules, "2026-06", asOf, tickets...)
	require.Len(t, want.Incidents.Providers, sla.MaxProviders)
	var sum int64
	for i, g := range want.Incidents.Providers {
		require.Equal(t, fmt.Sprintf("P%04d", i), g.Name)
		require.Equal(t, int64(3), g.Share().Total)
		sum += g.Share().Total
	}
	assert.Equal(t, int64(len(tickets)), sum+want.Incidents.OtherProviders.Share().Total)
	assert.Equal(t, "(others)", want.Incidents.ByProvider()[sla.MaxProviders].Name)

	r.Shuffle(len(tickets), func(i, j int) { tickets[i], tickets[j] = tickets[j], tickets[i] })
	whole, err := rules.Month(month("2026-06"), asOf)
	require.NoError(t, err)
	for part := range slices.Chunk(tickets, 700) {
		m, err := rules.Month(month("2026-06"), asOf)
		require.NoError(t, err)
		for _, ticket := range part {
			m.Ticket(ticket)
		}
		require.NoError(t, whole.Merge(m))
	}
	got := whole.Report()
	assert.Equal(t, want.Incidents.Providers, got.Incidents.Providers)
	assert.Equal(t, want.Incidents.OtherProviders, got.Incidents.OtherProviders)
}

// The month of a ticket under three readings: received in May, exceeded in June, reported back in July; and one not yet.
func TestCountedIn(t *testing.T) {
	missed := priority.Ticket{Number: "1", Kind: priority.Incident, Priority: 1, Received: local("2026-05-29 16:00"), Started: local("2026-05-29 16:10"), ReportedBack: local("2026-07-01 09:00")}
	open := missed
	open.Number, open.ReportedBack = "2", time.Time{}
	met := missed
	met.Number, met.ReportedBack = "3", local("2026-06-01 09:00")
	for _, row := range []struct {
		reading sla.CountedIn
		shares  [3]compliance.Share // May, June, July
		running [3]int64
	}{
		{sla.BySettled, [3]compliance.Share{{}, {Met: 1, Total: 3}, {}}, [3]int64{}},
		{sla.ByResolution, [3]compliance.Share{{}, {Met: 1, Total: 1}, {Met: 0, Total: 1}}, [3]int64{1, 1, 1}},
		{sla.ByReceipt, [3]compliance.Share{{Met: 1, Total: 3}, {}, {}}, [3]int64{}},
	} {
		a := sla.SSBTEK()
		a.Readings.CountedIn = row.reading
		rules := mustCompile(a)
		for i, m := range []string{"2026-05", "2026-06", "2026-07"} {
			r := evaluate(t, rules, m, local("2026-09-01 00:00"), missed, open, met)
			assert.Equal(t, row.shares[i], r.Incidents.Share, "%s %s", row.reading, m)
			assert.Equal(t, row.running[i], r.Incidents.Running, "%s %s", row.reading, m)
			assert.Equal(t, int64(3), r.Incidents.Share.Total+r.Incidents.Running+r.Incidents.Elsewhere, "%s %s", row.reading, m)
		}
	}
}

// §4.11: no text of a protected record is in any output, but its number.
func TestProtected(t *testing.T) {
	const secret = "Anna, Storgatan 1"
	base := priority.Ticket{
		Number: "INC-7", Kind: priority.Incident, Impact: 1, Protected: true,
		Received: local("2026-06-01 08:00"), Started: local("2026-06-01 09:30"), ReportedBack: local("2026-06-04 09:00"),
		Pauses: []servicetime.Pause{{From: local("2026-06-01 10:00"), To: local("2026-06-01 11:00"), Reason: secret}},
	}
	a := sla.SSBTEK()
	a.Readings.Pauses = sla.On
	rules := mustCompile(a)
	asOf := local("2026-07-01 00:00")

	j, err := rules.Judge(base, asOf)
	require.NoError(t, err)
	var all strings.Builder
	for _, c := range []priority.Clock{j.Response, j.Resolution} {
		fmt.Fprintln(&all, c, servicetime.Summary(c.Explain()), servicetime.Summary(c.ExplainElapsed()))
	}
	assert.Contains(t, all.String(), "1 h paused", "the pause is there, its reason is not")
	assert.Equal(t, secret, base.Pauses[0].Reason, "the caller's record is as it was")

	bad := base
	bad.Kind = secret
	order := base
	order.Kind, order.Class = priority.Order, secret
	backwards := base
	backwards.ReportedBack = local("2026-05-01 08:00")
	noClass := base
	noClass.Impact = 77
	for path, ticket := range map[string]priority.Ticket{"kind": bad, "class": order, "reported_back": backwards, "impact": noClass} {
		_, err := rules.Judge(ticket, asOf)
		require.Error(t, err, path)
		fmt.Fprintln(&all, err)
		assert.Contains(t, err.Error(), "INC-7")
	}
	_, err = rules.Judge(backwards, asOf)
	require.ErrorIs(t, err, priority.ErrRecord)
	var fault *servicetime.Fault
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, "reported_back", fault.Path)
	assert.Empty(t, fault.Value)

	r := evaluate(t, rules, "2026-06", asOf, base, bad, order, backwards, noClass)
	for _, s := range []sla.TicketReport{r.Incidents, r.Orders, r.Unknown} {
		for _, m := range s.Missed {
			fmt.Fprintln(&all, m.Number, m.Priority, servicetime.Summary(m.Resolution.Explain()))
		}
		for _, n := range s.NotJudged {
			fmt.Fprintln(&all, n.Number, n.Err)
		}
	}
	for l := range r.Lines() {
		fmt.Fprintln(&all, l)
	}
	assert.NotContains(t, all.String(), "Anna")
	assert.NotContains(t, all.String(), "77")
}

func TestImpactFromObservations(t *testing.T) {
	impact, why, clause, err := presetRules().Impact(priority.Observation{Total: 8, Down: 6})
	require.NoError(t, err)
	assert.Equal(t, 1, impact)
	assert.Equal(t, "6 of 8 base services down (by_quorum)", why)
	assert.Equal(t, "§4.3", clause)
	a := sla.SSBTEK()
	a.Priority.Impact = nil
	_, _, _, err = mustCompile(a).Impact(priority.Observation{})
	require.ErrorIs(t, err, sla.ErrNotJudged)
}

// §4.5: given wins; derived from the worst of each three factors where the agreement reads it so.
func TestProblemFactors(t *testing.T) {
	a := sla.SSBTEK()
	a.Readings.ProblemPriority = sla.WorstFactors
	derived := mustCompile(a)
	problem := priority.Ticket{Kind: priority.Problem, Received: local("2026-06-01 08:00"), Factors: priority.Factors{Users: 3, Security: 2, Recurrence: 1}}
	j, err := derived.Judge(problem, local("2026-06-01 09:00"))
	require.NoError(t, err)
	assert.Equal(t, "high", j.Priority, "impact 2, timing 1")
	problem.Priority = 4
	j, err = derived.Judge(problem, local("2026-06-01 09:00"))
	require.NoError(t, err)
	assert.Equal(t, "low", j.Priority)

	problem.Priority = 0
	_, err = presetRules().Judge(problem, local("2026-06-01 09:00"))
	require.ErrorIs(t, err, sla.ErrNotJudged, "the preset asks for it")
	problem.Factors = priority.Factors{}
	_, err = derived.Judge(problem, local("2026-06-01 09:00"))
	require.ErrorIs(t, err, sla.ErrNotJudged)
	problem.Factors = priority.Factors{Users: 1}
	_, err = derived.Judge(problem, local("2026-06-01 09:00"))
	require.ErrorIs(t, err, priority.ErrClass, "nothing is known of when it hurts")
}

// A calendar per priority, other targets out of hours, updates, and a provider for some kinds only: all of it data.
func TestOwnHours(t *testing.T) {
	a := sla.SSBTEK()
	always := sla.ServiceTime{Schedule: servicetime.Schedule{Zone: a.Zone, Week: servicetime.MustWeek("mon-sun 00:00-24:00")}}
	a.ServiceTimes["always"] = always
	a.Incidents.ServiceTimes = map[string]string{"critical": "always"}
	a.Incidents.OutOfHours = &sla.OutOfHours{ServiceTime: "always", Targets: map[string]priority.Targets{
		"high": {Response: target("4 h"), Update: target("2 h")},
	}}
	a.Providers = map[string]sla.Provider{"Transportstyrelsen": {ServiceTime: "support/Transportstyrelsen", Kinds: []priority.Kind{priority.Order}}}
	rules := mustCompile(a)
	for _, row := range []struct {
		level    priority.Level
		provider string
		received string
		response string
	}{
		{1, "", "2026-06-03 20:00", "2026-06-03 20:30"},
		{2, "", "2026-06-03 20:00", "2026-06-04 00:00"},
		{2, "", "2026-06-03 10:00", "2026-06-03 11:00"},
		{3, "", "2026-06-03 20:00", "2026-06-04 16:00"},
		{3, "Transportstyrelsen", "2026-06-03 20:00", "2026-06-04 16:00"}, // its hours are for orders
	} {
		j, err := rules.Judge(priority.Ticket{Kind: priority.Incident, Priority: row.level, Provider: row.provider, Received: local(row.received)}, local(row.received))
		require.NoError(t, err)
		assert.True(t, j.Response.Due.Equal(local(row.response)), "%v: %s", row, j.Response.Due)
	}
	j, err := rules.Judge(priority.Ticket{Kind: priority.Incident, Priority: 2, Received: local("2026-06-03 20:00")}, local("2026-06-03 21:00"))
	require.NoError(t, err)
	assert.True(t, j.Update.Due.Equal(local("2026-06-03 22:00")))
	assert.Equal(t, priority.NoTarget, j.Resolution.State, "it has targets of its own out of hours, and none for the resolution")

	order := priority.Ticket{Kind: priority.Order, Class: "question", Provider: "Transportstyrelsen", Received: local("2026-06-03 10:00")}
	j, err = rules.Judge(order, local("2026-06-03 11:00"))
	require.NoError(t, err)
	assert.True(t, j.Resolution.Due.Equal(local("2026-06-05 16:30")), "%s", j.Resolution.Due)
}

func TestOwnHoursFaults(t *testing.T) {
	a := sla.SSBTEK()
	a.Incidents.ServiceTimes = map[string]string{"critical": "nowhere", "huge": "support"}
	a.Incidents.OutOfHours = &sla.OutOfHours{ServiceTime: "", Targets: map[string]priority.Targets{"small": {}}}
	a.Providers = map[string]sla.Provider{"X": {Clause: "x", ServiceTime: "support", Kinds: []priority.Kind{"incidents"}}}
	a.Priority.Impact.Quorum = 0
	_, err := a.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{
		{"priority.impact", "§4.3", "bad_request", "", priority.ErrReading},
		{"providers.X.kinds[0]", "x", "not_found", "incidents", sla.ErrUnknown},
		{"incidents.out_of_hours.service_time", "§4.3.1", "bad_request", "", sla.ErrMissing},
		{"incidents.service_times.critical", "§4.3.1", "not_found", "nowhere", sla.ErrUnknown},
		{"incidents.service_times.huge", "§4.3.1", "not_found", "", sla.ErrUnknown},
		{"incidents.out_of_hours.targets.small", "§4.3.1", "not_found", "", sla.ErrUnknown},
	}, err)
}

// The table of other readings is what as many agreements, each compiled by itself, say of the same records; and how many
// tickets each changes, counted one by one.
func TestSensitivity(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 31))
	tickets := randomTickets(r, 600)
	for i := range tickets {
		addHistory(r, &tickets[i])
	}
	asOf := local("2026-04-10 00:00")
	own := presetRules()
	whole, err := own.Sensitivity(month("2026-02"), asOf)
	require.NoError(t, err)
	parts := [2]*sla.Sensitivity{}
	for i := range parts {
		parts[i], err = own.Sensitivity(month("2026-02"), asOf)
		require.NoError(t, err)
	}
	for i, ticket := range tickets {
		whole.Ticket(ticket)
		parts[i%2].Ticket(ticket)
	}
	require.NoError(t, parts[1].Merge(parts[0]))
	require.ErrorIs(t, whole.Merge(whole), sla.ErrMerge)
	require.ErrorIs(t, whole.Merge(nil), sla.ErrMerge)

	section := map[priority.Kind]func(*sla.Report) sla.TicketReport{
		priority.Incident: func(r *sla.Report) sla.TicketReport { return r.Incidents },
		priority.Order:    func(r *sla.Report) sla.TicketReport { return r.Orders },
		priority.Problem:  func(r *sla.Report) sla.TicketReport { return r.Problems },
		priority.Security: func(r *sla.Report) sla.TicketReport { return r.Security },
	}
	type readings struct {
		days, hours servicetime.Convention
		compliance  sla.Counting
	}
	compiled := map[readings]*sla.Rules{}
	rulesOf := func(r readings) *sla.Rules {
		if compiled[r] == nil {
			a := sla.SSBTEK()
			a.Readings.BusinessDays, a.Readings.Hours, a.Readings.Compliance = r.days, r.hours, r.compliance
			compiled[r] = mustCompile(a)
		}
		return compiled[r]
	}
	changes := int64(0)
	for kind, of := range section {
		table := whole.Of(kind)
		assert.Equal(t, table, parts[1].Of(kind))
		require.Len(t, table, 2*2*7)
		assert.True(t, table[0].Own)
		for i, v := range table {
			assert.Equal(t, i == 0, v.Own)
			rules := rulesOf(readings{v.BusinessDays, v.Hours, v.Compliance})
			s := of(evaluate(t, rules, "2026-02", asOf, tickets...))
			require.Equal(t, s.Share, v.Share, "%s", v)
			require.Equal(t, s.Verdict, v.Verdict, "%s", v)
			base := rulesOf(readings{servicetime.ExclDateClose, servicetime.SupportClock, v.Compliance})
			require.Equal(t, naiveChanged(rules, base, kind, tickets, asOf), v.Changed, "%s", v)
			changes += v.Changed
		}
	}
	assert.Greater(t, changes, int64(100))
	assert.Empty(t, whole.Of("change"))
}

// addHistory gives some tickets a change of priority or a reopening.
func addHistory(r *rand.Rand, ticket *priority.Ticket) {
	at := ticket.Received.Add(time.Duration(r.Int64N(int64(72 * time.Hour))))
	switch r.IntN(5) {
	case 0:
		ticket.Changes = []priority.Change{{At: at, Priority: priority.Level(1 + r.IntN(4))}}
	case 1:
		ticket.Reopened = []servicetime.Span{{From: at, To: at.Add(time.Duration(r.Int64N(int64(72 * time.Hour))))}}
	}
}

// naiveChanged counts the tickets of which two months of one ticket each differ.
func naiveChanged(a, b *sla.Rules, kind priority.Kind, tickets []priority.Ticket, asOf time.Time) (n int64) {
	for _, ticket := range tickets {
		if ticket.Kind != kind && (kind != priority.Incident || ticket.Kind != priority.Security) {
			continue
		}
		var texts [2]string
		for i, rules := range []*sla.Rules{a, b} {
			j, err := rules.Judge(ticket, asOf)
			if err != nil {
				continue
			}
			in := func(c interface {
				Outcome() (compliance.Verdict, time.Time)
			},
			) string {
				v, at := c.Outcome()
				if v == compliance.NoTarget {
					at = j.Resolution.Done
				}
				if at.IsZero() || at.In(stockholm).Format("2006-01") != "2026-02" {
					return "-"
				}
				return v.String()
			}
			texts[i] = in(j.Judgement)
			if rules.Agreement().Readings.Compliance == sla.Each && (!j.Response.Target.None() || !j.Resolution.Target.None()) {
				texts[i] = in(j.Response) + in(j.Resolution)
			}
		}
		if texts[0] != texts[1] {
			n++
		}
	}
	return n
}

// A convention that cannot count a target has no row.
func TestSensitivityUncountable(t *testing.T) {
	a := sla.SSBTEK()
	support := a.ServiceTimes["support"]
	support.Week = servicetime.MustWeek("mon-thu 08:00-17:00; fri 08:00-16:00")
	a.ServiceTimes["support"] = support
	s, err := mustCompile(a).Sensitivity(month("2026-06"), local("2026-07-01 00:00"))
	require.NoError(t, err)
	assert.Len(t, s.Of(priority.Incident), 2*2*6)
	_, err = presetRules().Sensitivity(servicetime.Month{Year: 1900, Month: 1}, local("2026-07-01 00:00"))
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// A ticket's record reads and writes as JSON, with all that happened on the way.
func TestTicketJSON(t *testing.T) {
	const text = `{"number":"1","kind":"incident","received":"2026-06-01T08:00:00Z","changes":[{"at":"2026-06-01T09:00:00Z","priority":2}],` +
		`"reopened":[{"from":"2026-06-01T10:00:00Z","to":"2026-06-01T11:00:00Z"}],"updates":["2026-06-01T09:30:00Z"],"factors":{"users":1},"protected":true}`
	var ticket priority.Ticket
	require.NoError(t, json.Unmarshal([]byte(text), &ticket))
	again, err := json.Marshal(ticket)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(again))
}

// A level whose clock runs at all hours has other targets out of office hours; and priorities come with the tickets where there is no matrix.
func TestOutsideOtherHours(t *testing.T) {
	always := sla.ServiceTime{Schedule: servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}}
	a := sla.SSBTEK()
	a.OpenPoints, a.Problems, a.Orders, a.Providers = nil, nil, nil, nil
	a.Priority = sla.PriorityModel{Clause: "1", Levels: []string{"P1"}}
	a.ServiceTimes["always"] = always
	a.Incidents = &sla.TicketRules{
		Clause: "1", ServiceTime: "always", StopsAt: priority.AtResolved, Targets: map[string]priority.Targets{"P1": {Response: target("15 min")}},
		OutOfHours: &sla.OutOfHours{ServiceTime: "always", Outside: "opening", Targets: map[string]priority.Targets{"P1": {Response: target("30 min")}}},
	}
	rules, err := a.Compile(time.LoadLocation)
	require.NoError(t, err)
	for received, due := range map[string]string{
		"2026-10-05T07:59:59+02:00": "2026-10-05T08:29:59+02:00",
		"2026-10-05T08:00:00+02:00": "2026-10-05T08:15:00+02:00",
		"2026-10-05T16:59:59+02:00": "2026-10-05T17:14:59+02:00",
		"2026-10-05T17:00:00+02:00": "2026-10-05T17:30:00+02:00",
		"2026-10-04T12:00:00+02:00": "2026-10-04T12:30:00+02:00",
	} {
		j, err := rules.Judge(priority.Ticket{Kind: priority.Incident, Priority: 1, Received: at(received)}, at(received))
		require.NoError(t, err)
		assert.Equal(t, due, j.Response.Due.Format(time.RFC3339), received)
	}
	_, err = rules.Judge(priority.Ticket{Kind: priority.Incident, Impact: 1, Urgency: 1, Received: at("2026-10-05T08:00:00+02:00")}, at("2026-10-05T08:00:00+02:00"))
	require.ErrorIs(t, err, sla.ErrNotJudged)

	a.Incidents.OutOfHours.Outside = "nowhere"
	_, err = a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, sla.ErrUnknown)
	a.Incidents.OutOfHours.Outside = ""
	a.Priority.Matrix = [][]string{{"P1"}}
	_, err = a.Compile(time.LoadLocation)
	require.ErrorIs(t, err, sla.ErrMissing, "a matrix needs its axis")
}

// The month in which a ticket counts is the one whose report has it.
func TestCountsIn(t *testing.T) {
	for _, counted := range []sla.CountedIn{sla.BySettled, sla.ByResolution, sla.ByReceipt} {
		a := sla.SSBTEK()
		a.Readings.CountedIn = counted
		rules := mustCompile(a)
		asOf := local("2026-04-10 00:00")
		n := 0
		for _, ticket := range randomTickets(rand.New(rand.NewPCG(4, 32)), 300) {
			j, err := rules.Judge(ticket, asOf)
			if err != nil || ticket.Received.After(asOf) {
				continue
			}
			in, counts := rules.CountsIn(j)
			verdict, _ := j.Outcome()
			for m := month("2025-12"); m != month("2026-05"); m = m.Add(1) {
				tally, err := rules.Month(m, asOf)
				require.NoError(t, err)
				tally.Judged(ticket, j)
				r := tally.Report()
				total := r.Incidents.Share.Total + r.Orders.Share.Total + r.Problems.Share.Total
				if verdict == compliance.Met || verdict == compliance.Missed {
					assert.Equal(t, counts && in == m, total == 1, "%s %s", ticket.Number, m)
				}
				n += int(total)
			}
		}
		assert.Greater(t, n, 50)
	}
}
