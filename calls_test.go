package sla_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// §4.8 §4.10
func TestPresetPerformance(t *testing.T) {
	second := servicetime.MustDuration
	assert.Equal(t, &sla.PerformanceRules{
		Clause: "§4.8", PrecisionClause: "§4.10", ServiceTime: "opening",
		Rule: performance.Rule{
			Limits: []performance.Limit{
				{Within: second("7 s"), PerPerson: second("1.5 s"), Share: compliance.MustGoal("90%")},
				{Within: second("12 s"), PerPerson: second("1.5 s"), Share: compliance.MustGoal("100%")},
			},
			MaxPersons: 10, Precision: compliance.MustGoal("98%"),
			Unanswered: performance.UnansweredExcluded, Hours: performance.HoursOpening, PrecisionHours: performance.HoursOpening,
			Groups: performance.GroupsPooled, OverCapacity: performance.OverCapacityIn,
		},
	}, sla.SSBTEK().Performance)
}

// §4.7
func TestPresetCapacity(t *testing.T) {
	assert.Equal(t, &sla.CapacityRules{
		Clause: "§4.7", Users: "290 municipalities, number of handlers not set",
		Limits: []capacity.Limit{
			{Kind: capacity.Count, Max: 200, Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar},
			{Kind: capacity.Rate, Max: 3, Per: servicetime.MustDuration("1 s"), Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar, Advisory: true},
		},
	}, sla.SSBTEK().Capacity)
}

// answered is a call about one person.
func answered(at string, response time.Duration) performance.Call {
	return performance.Call{At: local(at), Persons: 1, Response: response, Answered: true}
}

func callLines(r *sla.Report) (out []string) {
	for line := range r.Lines() {
		switch line.Clause {
		case "§4.7", "§4.8", "§4.10":
			out = append(out, line.String()+" ["+line.Verdict.String()+"]")
		}
	}
	return out
}

func TestReportCalls(t *testing.T) {
	var calls []performance.Call
	for i := range 10 { // one second apart; the last is a millisecond too slow
		response := 7 * time.Second
		if i == 9 {
			response += time.Millisecond
		}
		calls = append(calls, answered("2026-10-05 09:00", response))
		calls[i].At = calls[i].At.Add(time.Duration(i) * time.Second)
	}
	failed := performance.Call{At: local("2026-10-05 09:10"), Persons: 1, Response: 30 * time.Second, Fault: performance.FaultProvider}
	leg := answered("2026-10-05 09:11", 20*time.Second)
	leg.Provider = "CSN"
	calls = append(calls, failed, leg,
		answered("2026-10-05 16:59:59", 7*time.Second),
		answered("2026-10-05 17:00", 40*time.Second), // out of hours
		performance.Call{At: local("2026-10-06 09:00"), Persons: 11, Answered: true},
		answered("2026-11-02 09:00", time.Second), // another month
	)
	r := octoberReport(t, presetRules(), sla.Records{Calls: calls})
	assert.Equal(t, []string{
		"§4.8 performance, within 7 s (+1.5 s a person): 10 of 11 in time, 90.91 %, goal 90 %: met, 0 misses left [met]",
		"§4.8 performance, within 12 s (+1.5 s a person): 11 of 11 in time, 100.00 %, goal 100 %: met, 0 misses left [met]",
		"§4.10 delivery precision: 11 of 12 answered, 91.67 %, goal 98 %: missed by 1; deviations: 1 unanswered: 0 by the operator's fault, 1 by a provider's, 0 not known [missed]",
		"§4.7 capacity: at most 200 calls per calendar minute: peak 10 at 2026-10-05 07:00:00 UTC: met, 190 left; p95 10, p99 10 [met]",
		"§4.7 capacity (advisory): at most 3 calls per second on average over a calendar minute (advisory): peak 10 at 2026-10-05 07:00:00 UTC: met, 170 left; p95 10, p99 10 [met]",
	}, callLines(r))
	c := r.Calls
	assert.Equal(t, []int64{16, 1, 0}, []int64{c.Calls, c.Elsewhere, c.NotInFlow})
	assert.Equal(t, int64(1), c.Performance.Invalid.Total())
	assert.Equal(t, int64(1), c.Performance.OutsideHours)
	require.Len(t, c.Performance.Legs, 1)
	assert.Equal(t, int64(14), c.Capacity.Volume.Calls, "calls at all hours count, legs do not")
	assert.Equal(t, int64(7), c.Capacity.Flow.Concurrent.Count, "one that ends when another starts is not going on with it")
	assert.Equal(t, compliance.Met, c.Capacity.Verdict)

	// Without rules: volume and flow are reported, and nothing is judged.
	bare := sla.SSBTEK()
	bare.Performance, bare.Capacity = nil, nil
	r = octoberReport(t, mustCompile(bare), sla.Records{Calls: calls})
	assert.Empty(t, callLines(r))
	assert.Equal(t, compliance.NotAgreed, r.Calls.Performance.Verdict)
	assert.Equal(t, compliance.NotAgreed, r.Calls.Capacity.Verdict)
	assert.Equal(t, int64(14), r.Calls.Capacity.Volume.Calls)
}

// A burst over 200 a minute flags the minute and exempts nothing; under the other reading the calls from the 201st on leave the base.
func TestReportOverCapacity(t *testing.T) {
	var calls []performance.Call
	for i := range 250 {
		c := answered("2026-10-05 09:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * 200 * time.Millisecond)
		if i >= 200 {
			c.Response = time.Minute
		}
		calls = append(calls, c)
	}
	r := octoberReport(t, presetRules(), sla.Records{Calls: calls})
	assert.Equal(t, compliance.Missed, r.Calls.Capacity.Verdict)
	assert.Equal(t, int64(50), r.Calls.Capacity.Limits[0].CallsOver)
	assert.Equal(t, compliance.Missed, r.Calls.Performance.Verdict)

	out := sla.SSBTEK()
	out.Performance.OverCapacity = performance.OverCapacityOut
	rules := mustCompile(out)
	r = octoberReport(t, rules, sla.Records{Calls: calls})
	assert.Equal(t, compliance.Met, r.Calls.Performance.Verdict)
	assert.Equal(t, int64(50), r.Calls.Performance.BeyondCapacity)
	assert.Equal(t, int64(250), r.Calls.Performance.Precision.Share.Total, "in the delivery precision they stay")

	// Nobody knows which of a minute are over where two parts share it.
	var parts [2]*sla.Month
	for i := range parts {
		var err error
		parts[i], err = rules.Month(month("2026-10"), local("2026-11-01 00:00"))
		require.NoError(t, err)
	}
	for i, c := range calls {
		parts[i/125].Call(c)
	}
	require.ErrorIs(t, parts[0].Merge(parts[1]), sla.ErrMerge)
	next, err := rules.Month(month("2026-10"), local("2026-11-01 00:00"))
	require.NoError(t, err)
	next.Call(answered("2026-10-05 09:01", time.Second))
	require.NoError(t, next.Merge(parts[0]))
	assert.Equal(t, int64(126), next.Report().Calls.Performance.Base.Total())
}

// The parts of a month are the whole: any parts in all but the order of calls, parts that follow each other in that too.
func TestMonthMergesCalls(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	rules := presetRules()
	newMonth := func() *sla.Month {
		m, err := rules.Month(month("2026-10"), local("2026-11-01 00:00"))
		require.NoError(t, err)
		return m
	}
	for range 20 {
		whole, shards, following := newMonth(), [3]*sla.Month{newMonth(), newMonth(), newMonth()}, [3]*sla.Month{newMonth(), newMonth(), newMonth()}
		at := local("2026-10-05 16:30")
		for i := range 300 {
			at = at.Add(time.Duration(random.IntN(30_000)) * time.Millisecond)
			c := performance.Call{At: at, Persons: random.IntN(12), Response: time.Duration(random.IntN(20_000)) * time.Millisecond, Answered: random.IntN(20) > 0}
			for _, m := range []*sla.Month{whole, shards[random.IntN(3)], following[i/100]} {
				m.Call(c)
				m.User(string(rune('a' + i%5)))
			}
		}
		want := whole.Report().Calls
		require.Len(t, want.Capacity.Usage.Users, 5)
		require.NoError(t, following[1].Merge(following[0]))
		require.NoError(t, following[1].Merge(following[2]))
		require.Equal(t, want, following[1].Report().Calls)

		require.NoError(t, shards[0].Merge(shards[2]))
		require.NoError(t, shards[0].Merge(shards[1]))
		got := shards[0].Report().Calls
		assert.True(t, got.Capacity.FlowUnknown)
		assert.Zero(t, got.Capacity.Flow)
		assert.Equal(t, int64(300), got.NotInFlow)
		got.Capacity.FlowUnknown, got.Capacity.Flow, got.NotInFlow = false, want.Capacity.Flow, 0
		require.Equal(t, want, got)
	}
}

// What comes far too late is in all figures but those that depend on the order of calls, and the report says so.
func TestCallsOutOfOrder(t *testing.T) {
	m, err := presetRules().Month(month("2026-10"), local("2026-11-01 00:00"))
	require.NoError(t, err)
	for i := range 5000 {
		c := answered("2026-10-05 09:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * time.Second)
		m.Call(c)
	}
	m.Call(answered("2026-10-05 09:00", time.Second))
	r := m.Report().Calls
	assert.Equal(t, int64(1), r.NotInFlow)
	assert.Equal(t, int64(5001), r.Performance.Base.Total())
	assert.Equal(t, int64(5001), r.Capacity.Volume.Calls)
	assert.Equal(t, int64(5000), r.Capacity.Flow.Calls)
}

func TestCompileCallFaults(t *testing.T) {
	a := sla.SSBTEK()
	a.Performance.ServiceTime = "x"
	a.Performance.Unanswered, a.Performance.Hours, a.Performance.PrecisionHours, a.Performance.Groups, a.Performance.OverCapacity = 0, 0, 0, 0, 0
	a.Performance.Limits[1].Within = 0
	a.Performance.MaxPersons = 0
	a.Capacity.Limits[0].Max = 0
	_, err := a.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{
		{"performance.service_time", "§4.8", "not_found", "x", sla.ErrUnknown},
		{"performance.unanswered", "§4.8", "bad_request", "", sla.ErrMissing},
		{"performance.hours", "§4.8", "bad_request", "", sla.ErrMissing},
		{"performance.precision_hours", "§4.8", "bad_request", "", sla.ErrMissing},
		{"performance.groups", "§4.8", "bad_request", "", sla.ErrMissing},
		{"performance.over_capacity", "§4.8", "bad_request", "", sla.ErrMissing},
		{"performance.max_persons", "§4.8", "out_of_range", "0", performance.ErrPersons},
		{"performance.limits[1].within", "§4.8", "out_of_range", "0 s", performance.ErrLimit},
		{"capacity.limits[0].max", "§4.7", "bad_request", "0", capacity.ErrLimit},
	}, err)

	a = sla.SSBTEK()
	a.Performance.OverCapacity = performance.OverCapacityOut
	a.Capacity = nil
	_, err = a.Compile(time.LoadLocation)
	assertFaults(t, []wrongFault{{"performance.over_capacity", "§4.8", "bad_request", "out", sla.ErrMissing}}, err)

	rules := presetRules()
	changed := rules.Agreement()
	changed.Performance.Limits[0].Within = 1
	changed.Capacity.Limits[0].Max = 1
	assert.Equal(t, sla.SSBTEK(), rules.Agreement())
}

// slidingRules are SSBTEK with a sliding limit and one of concurrency that bind.
func slidingRules() sla.Agreement {
	a := sla.SSBTEK()
	a.Capacity.Limits = append(a.Capacity.Limits,
		capacity.Limit{Kind: capacity.Count, Max: 50, Window: servicetime.MustDuration("1 min"), Model: capacity.Sliding},
		capacity.Limit{Kind: capacity.Concurrency, Max: 36})
	return a
}

// A peak that does not know all calls proves no limit met: newest first, most calls come too late.
func TestCapacityNotKnown(t *testing.T) {
	rules := mustCompile(slidingRules())
	var calls []performance.Call
	for i := range 2000 {
		c := answered("2026-10-05 09:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * 2 * time.Second)
		calls = append(calls, c)
	}
	r := octoberReport(t, rules, sla.Records{Calls: calls}).Calls
	assert.Equal(t, compliance.Met, r.Capacity.Verdict)
	for i := range calls {
		calls[i].At, calls[len(calls)-1-i].At = calls[len(calls)-1-i].At, calls[i].At
		if i == len(calls)/2 {
			break
		}
	}
	r = octoberReport(t, rules, sla.Records{Calls: calls}).Calls
	assert.Positive(t, r.NotInFlow)
	assert.Equal(t, compliance.NoData, r.Capacity.Verdict)
	assert.Equal(t, compliance.Met, r.Capacity.Limits[0].Verdict, "the clock's minutes know all of them")
	assert.Equal(t, compliance.NoData, r.Capacity.Limits[2].Verdict)

	// Calls of which nobody knows how long they took occupied something.
	failed := performance.Call{At: local("2026-10-05 09:00"), Persons: 1}
	r = octoberReport(t, rules, sla.Records{Calls: []performance.Call{failed, failed}}).Calls
	assert.Equal(t, int64(2), r.Unmeasured)
	assert.Equal(t, compliance.NoData, r.Capacity.Limits[3].Verdict)
	assert.Equal(t, compliance.NoData, r.Capacity.Verdict)
	// An impossible duration is missing too, and a forgotten instant is of no month.
	failed.Response = -1
	r = octoberReport(t, rules, sla.Records{Calls: []performance.Call{failed, {Persons: 1}}}).Calls
	assert.Equal(t, int64(1), r.NotInFlow)
	assert.Equal(t, int64(1), r.Performance.Invalid.At)
	assert.Zero(t, r.Elsewhere)
}

// Which calls are beyond capacity does not depend on the order of a log that is a little out of order, nor on parts.
func TestOverCapacityOutOfOrder(t *testing.T) {
	a := sla.SSBTEK()
	a.Performance.OverCapacity = performance.OverCapacityOut
	rules := mustCompile(a)
	random := rand.New(rand.NewPCG(21, 22))
	var calls []performance.Call
	for i := range 400 * 60 { // each minute 400, for an hour
		c := answered("2026-10-05 09:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * 150 * time.Millisecond)
		calls = append(calls, c)
	}
	want := octoberReport(t, rules, sla.Records{Calls: calls}).Calls
	assert.Equal(t, int64(200*60), want.Performance.BeyondCapacity)
	for i := 0; i < len(calls); i += 200 { // up to half a minute
		block := calls[i : i+200]
		random.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
	}
	got := octoberReport(t, rules, sla.Records{Calls: calls}).Calls
	assert.Equal(t, want.Performance, got.Performance)

	// What comes behind a merge meets a window that is as full as it was.
	first, second := newOctober(t, rules), newOctober(t, rules)
	for i := range 200 {
		c := answered("2026-10-05 09:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * 100 * time.Millisecond)
		second.Call(c)
	}
	require.NoError(t, first.Merge(second))
	for range 100 {
		first.Call(answered("2026-10-05 09:00:30", time.Second))
	}
	assert.Equal(t, int64(100), first.Report().Calls.Performance.BeyondCapacity)
}

func newOctober(t *testing.T, rules *sla.Rules) *sla.Month {
	t.Helper()
	m, err := rules.Month(month("2026-10"), local("2026-11-01 00:00"))
	require.NoError(t, err)
	return m
}

// Reports in between, and a merge into another, change nothing: under over_capacity out calls still come late, and still take their places.
func TestCallReportsChangeNothing(t *testing.T) {
	a := sla.SSBTEK()
	a.Performance.OverCapacity = performance.OverCapacityOut
	rules := mustCompile(a)
	quiet, watched, other := newOctober(t, rules), newOctober(t, rules), newOctober(t, rules)
	feed := func(c performance.Call) {
		quiet.Call(c)
		watched.Call(c)
		watched.Report()
	}
	feed(answered("2026-10-05 09:00:59", time.Second))
	for i := range 300 {
		c := answered("2026-10-05 09:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * 100 * time.Millisecond)
		feed(c)
	}
	require.NoError(t, other.Merge(watched))
	want := quiet.Report().Calls
	assert.Equal(t, int64(101), want.Performance.BeyondCapacity)
	assert.Zero(t, want.LateForCapacity)
	assert.Equal(t, want, watched.Report().Calls)
	assert.Equal(t, want, other.Report().Calls)

	// What comes far too late is said.
	for i := range 20_000 {
		c := answered("2026-10-05 10:00", time.Second)
		c.At = c.At.Add(time.Duration(i) * time.Second)
		quiet.Call(c)
	}
	quiet.Call(answered("2026-10-05 09:00", time.Second))
	assert.Equal(t, int64(1), quiet.Report().Calls.LateForCapacity)
}

// What was received after as-of is not known, and edges of the month are those of its zone.
func TestCallsAsOf(t *testing.T) {
	m, err := presetRules().Month(month("2026-10"), local("2026-10-05 10:00"))
	require.NoError(t, err)
	for _, at := range []string{"2026-09-30 23:59:59", "2026-10-01 00:00", "2026-10-05 10:00", "2026-10-05 10:00:01", "2026-11-01 00:00"} {
		m.Call(answered(at, time.Second))
	}
	r := m.Report().Calls
	assert.Equal(t, []int64{5, 3, 2}, []int64{r.Calls, r.Elsewhere, r.Capacity.Volume.Calls})
	last := newOctober(t, presetRules())
	last.Call(answered("2026-10-31 23:59:59", time.Second))
	last.Call(answered("2026-11-01 00:00", time.Second))
	assert.Equal(t, int64(1), last.Report().Calls.Elsewhere)
	require.NoError(t, last.Merge(newOctober(t, presetRules())))
	assert.Equal(t, int64(1), last.Report().Calls.Elsewhere)
}

// Which calls were under way nobody knows how long: unanswered ones without a duration, and no others.
func TestCallsUnmeasured(t *testing.T) {
	m := newOctober(t, presetRules())
	for _, c := range []performance.Call{
		{At: local("2026-10-05 09:00"), Persons: 1},
		{At: local("2026-10-05 09:00"), Persons: 1, Response: time.Second},
		{At: local("2026-10-05 09:00"), Persons: 1, Answered: true},
		{At: local("2026-10-05 09:00"), Persons: 1, Provider: "CSN"},
		{At: local("2026-10-05 09:00"), Persons: 1, Answered: true, Response: 25 * time.Hour}, // a slip, and under way for a day
	} {
		m.Call(c)
	}
	r := m.Report().Calls
	assert.Equal(t, int64(1), r.Unmeasured)
	assert.Equal(t, int64(1), r.NotInFlow)
	other := newOctober(t, presetRules())
	other.Call(performance.Call{At: local("2026-10-06 09:00"), Persons: 1})
	require.NoError(t, m.Merge(other))
	assert.Equal(t, int64(2), m.Report().Calls.Unmeasured)
}

// The limit beyond which calls are left out is the first that binds by the clock, wherever it stands; other limits are measured too.
func TestOverCapacityLimit(t *testing.T) {
	a := sla.SSBTEK()
	a.Performance.OverCapacity = performance.OverCapacityOut
	minute := servicetime.MustDuration("1 min")
	a.Capacity.Limits = []capacity.Limit{
		{Kind: capacity.Concurrency, Max: 1},
		{Kind: capacity.Count, Max: 2, Window: minute, Model: capacity.Calendar, Advisory: true},
		{Kind: capacity.Count, Max: 3, Window: minute, Model: capacity.Sliding},
		{Kind: capacity.Rate, Max: 1, Per: minute, Model: capacity.Bucket, Burst: 2},
		{Kind: capacity.Count, Max: 5, Window: minute, Model: capacity.Calendar},
	}
	var calls []performance.Call
	for i := range 7 {
		c := answered("2026-10-05 09:00", 0)
		c.At = c.At.Add(time.Duration(i) * time.Second)
		calls = append(calls, c)
	}
	r := octoberReport(t, mustCompile(a), sla.Records{Calls: calls}).Calls
	assert.Equal(t, int64(2), r.Performance.BeyondCapacity)
	var verdicts []compliance.Verdict
	for _, o := range r.Capacity.Limits {
		verdicts = append(verdicts, o.Verdict)
	}
	const met, missed = compliance.Met, compliance.Missed
	assert.Equal(t, []compliance.Verdict{met, missed, missed, missed, missed}, verdicts)

	// Advisory limits alone bind nobody.
	a.Performance.OverCapacity = performance.OverCapacityIn
	a.Capacity.Limits = a.Capacity.Limits[1:2]
	r = octoberReport(t, mustCompile(a), sla.Records{Calls: calls}).Calls
	assert.Equal(t, compliance.NotAgreed, r.Capacity.Verdict)
	assert.Equal(t, missed, r.Capacity.Limits[0].Verdict)
}

// Where each group size is judged by itself the line says which of them miss.
func TestOutcomeText(t *testing.T) {
	a := sla.SSBTEK()
	a.Performance.Groups = performance.GroupsEach
	var calls []performance.Call
	for range 100 {
		calls = append(calls, answered("2026-10-05 09:00", time.Second))
	}
	slow := answered("2026-10-05 09:00", time.Minute)
	slow.Persons = 2
	r := octoberReport(t, mustCompile(a), sla.Records{Calls: append(calls, slow)})
	assert.Equal(t, "§4.8 performance, within 7 s (+1.5 s a person): 100 of 101 in time, goal 90 % of each group size: missed with 2 persons [missed]", callLines(r)[0])
}

// Users have a line where the month was told of them.
func TestUsersLine(t *testing.T) {
	m := newOctober(t, presetRules())
	m.User("Umeå")
	m.User("Malmö")
	m.User("Umeå")
	assert.Contains(t, callLines(m.Report())[3], "§4.7 users: 3 calls of 2 users")
}
