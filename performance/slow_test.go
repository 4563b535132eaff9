package performance_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// ssbtek is §4.8 and §4.10, without opening hours.
func ssbtek() performance.Rule {
	person := servicetime.MustDuration("1.5 s")
	return performance.Rule{
		Limits: []performance.Limit{
			{Within: servicetime.MustDuration("7 s"), PerPerson: person, Share: compliance.MustGoal("90%")},
			{Within: servicetime.MustDuration("12 s"), PerPerson: person, Share: compliance.MustGoal("100%")},
		},
		MaxPersons: 10,
		Precision:  compliance.MustGoal("98%"),
	}
}

// office are opening hours in Stockholm (§4.1.1).
func office() *servicetime.Calendar { return calendar("Europe/Stockholm", "mon-fri 08:00-17:00") }

func calendar(zone, week string) *servicetime.Calendar {
	c, err := servicetime.Compile(servicetime.Schedule{
		Zone: zone, Week: servicetime.MustWeek(week), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		panic(err)
	}
	return c
}

var providers = []string{"AF", "CSN", "FK", "MIV", "PM", "SKV", "TS"}

// percents are the goals of the random rules; -1 is not agreed.
var percents = []int64{-1, 0, 50, 90, 98, 100}

func goalOf(percent int64) compliance.Goal {
	if percent < 0 {
		return compliance.Goal{}
	}
	return compliance.MustGoal(map[int64]string{0: "0%", 50: "50%", 90: "90%", 98: "98%", 100: "100%"}[percent])
}

func percentOf(g compliance.Goal) int64 {
	return percents[slices.IndexFunc(percents, func(p int64) bool { return goalOf(p) == g })]
}

// slowVerdict counts by hand.
func slowVerdict(s compliance.Share, g compliance.Goal) (compliance.Verdict, int64) {
	percent := percentOf(g)
	needs := (percent*s.Total + 99) / 100
	switch {
	case percent < 0:
		return compliance.NotAgreed, 0
	case s.Total == 0:
		return compliance.NoData, 0
	case 100*s.Met >= percent*s.Total:
		return compliance.Met, s.Met - needs
	}
	return compliance.Missed, s.Met - needs
}

// slow asks each question by a pass of its own over all calls. It returns the response times behind the percentiles too.
func slow(rule performance.Rule, calls []performance.Call) (performance.Result, []time.Duration) {
	zone := time.UTC
	if rule.Opening != nil {
		zone = rule.Opening.Location()
	}
	reason := func(c performance.Call) string {
		switch year := c.At.In(zone).Year(); {
		case year < 1970 || year > 2200:
			return "at"
		case c.Persons < 1 || c.Persons > rule.MaxPersons:
			return "persons"
		case c.Response < 0 || c.Response > 7_289_654_400*time.Second:
			return "response"
		}
		return ""
	}
	open := func(c performance.Call) bool { return rule.Opening == nil || rule.Opening.Open(c.At) }
	in := func(c performance.Call) bool { return rule.Hours == performance.HoursAll || open(c) }
	capacity := func(c performance.Call) bool { return rule.OverCapacity != performance.OverCapacityOut || !c.Over }
	inPrecision := func(c performance.Call) bool {
		return cmp.Or(rule.PrecisionHours, rule.Hours) == performance.HoursAll || open(c)
	}
	count := func(which func(performance.Call) bool) performance.Count {
		n := performance.Count{Within: make([]int64, len(rule.Limits))}
		for _, c := range calls {
			switch {
			case reason(c) != "" || !which(c):
			case c.Answered:
				n.Answered++
				for i, l := range rule.Limits {
					limit := int64(l.Within)
					for person := 2; person <= c.Persons; person++ {
						limit += int64(l.PerPerson)
					}
					if int64(c.Response) <= limit {
						n.Within[i]++
					}
				}
			case c.Fault == performance.FaultOperator:
				n.Unanswered.Operator++
			case c.Fault == performance.FaultProvider:
				n.Unanswered.Provider++
			default:
				n.Unanswered.Unknown++
			}
		}
		return n
	}
	invalid := func(provider string) (n performance.Invalid) {
		for _, c := range calls {
			if c.Provider != provider {
				continue
			}
			switch reason(c) {
			case "at":
				n.At++
			case "persons":
				n.Persons++
			case "response":
				n.Response++
			}
		}
		return n
	}
	outcomes := func(n performance.Count) (out []performance.Outcome) {
		for i, l := range rule.Limits {
			o := performance.Outcome{Limit: l, Share: compliance.Share{Met: n.Within[i], Total: n.Answered}}
			if rule.Unanswered == performance.UnansweredFail {
				o.Share.Total += n.Unanswered.Unknown + n.Unanswered.Operator + n.Unanswered.Provider
			}
			o.Verdict, o.Left = slowVerdict(o.Share, l.Share)
			out = append(out, o)
		}
		return out
	}
	judged := func(c performance.Call) bool { return c.Provider == "" && in(c) && capacity(c) }

	r := performance.Result{Rule: rule, Base: count(judged), Invalid: invalid("")}
	r.Outcomes = outcomes(r.Base)
	r.OutsideHours = total(count(func(c performance.Call) bool { return c.Provider == "" && !in(c) }))
	r.BeyondCapacity = total(count(func(c performance.Call) bool { return c.Provider == "" && in(c) && !capacity(c) }))
	for hour := range r.Hours {
		r.Hours[hour] = count(func(c performance.Call) bool { return judged(c) && c.At.In(zone).Hour() == hour })
	}
	for persons := 1; persons <= rule.MaxPersons; persons++ {
		g := performance.Group{Persons: persons, Count: count(func(c performance.Call) bool { return judged(c) && c.Persons == persons })}
		if rule.Groups == performance.GroupsEach {
			g.Outcomes = outcomes(g.Count)
		}
		if total(g.Count) > 0 {
			r.Groups = append(r.Groups, g)
		}
	}
	for _, name := range providers {
		leg := performance.Leg{Provider: name, Invalid: invalid(name)}
		leg.Count = count(func(c performance.Call) bool { return c.Provider == name && in(c) && capacity(c) })
		if slices.ContainsFunc(calls, func(c performance.Call) bool { return c.Provider == name }) {
			r.Legs = append(r.Legs, leg)
		}
	}
	r.OtherLegs.Within = make([]int64, len(rule.Limits))
	if rule.Groups == performance.GroupsEach {
		for i := range r.Outcomes {
			verdicts, lefts := map[compliance.Verdict]bool{}, []int64{}
			for _, g := range r.Groups {
				if g.Outcomes[i].Share.Total > 0 {
					verdicts[g.Outcomes[i].Verdict] = true
					lefts = append(lefts, g.Outcomes[i].Left)
				}
			}
			o := &r.Outcomes[i]
			switch {
			case verdicts[compliance.Missed]:
				o.Verdict = compliance.Missed
			case verdicts[compliance.Met]:
				o.Verdict = compliance.Met
			}
			if len(lefts) > 0 {
				o.Left = slices.Min(lefts)
			}
		}
	}
	r.Verdict = compliance.NotAgreed
	for _, verdict := range []compliance.Verdict{compliance.NoData, compliance.Met, compliance.Missed} { // the later ones win
		for _, o := range r.Outcomes {
			if o.Verdict == verdict {
				r.Verdict = verdict
			}
		}
	}
	precision := count(func(c performance.Call) bool { return c.Provider == "" && inPrecision(c) })
	r.Precision.Share = compliance.Share{Met: precision.Answered, Total: total(precision)}
	r.Precision.Deviations = precision.Unanswered
	r.Precision.Verdict, r.Precision.Left = slowVerdict(r.Precision.Share, rule.Precision)

	var responses []time.Duration
	for _, c := range calls {
		if reason(c) == "" && judged(c) && c.Answered {
			responses = append(responses, c.Response)
		}
	}
	slices.Sort(responses)
	return r, responses
}

func total(c performance.Count) int64 {
	return c.Answered + c.Unanswered.Unknown + c.Unanswered.Operator + c.Unanswered.Provider
}

// checkTimes holds the bins to theirs: each response lies in the first that is not below it, which is less than 1 ms + 1/128 above it.
func checkTimes(t *testing.T, sorted []time.Duration, bins []performance.Bin) {
	t.Helper()
	for _, b := range bins {
		require.Positive(t, b.Calls)
		require.GreaterOrEqual(t, int64(len(sorted)), b.Calls)
		for _, response := range sorted[:b.Calls] {
			require.LessOrEqual(t, response, b.Most)
			require.Less(t, b.Most, response+time.Millisecond+response/128+1)
		}
		sorted = sorted[b.Calls:]
	}
	require.Empty(t, sorted)
}

// checkPercentiles holds them to their stated error: never too low, and less than 1 ms + 1/128 too high.
func checkPercentiles(t *testing.T, sorted []time.Duration, p performance.Percentiles) {
	t.Helper()
	if len(sorted) == 0 {
		assert.Zero(t, p)
		return
	}
	assert.Equal(t, sorted[len(sorted)-1], p.Max)
	for _, part := range []struct {
		percent int
		is      time.Duration
	}{{50, p.P50}, {90, p.P90}, {95, p.P95}, {99, p.P99}} {
		exact := sorted[(part.percent*len(sorted)+99)/100-1]
		assert.GreaterOrEqual(t, part.is, exact, "p%d", part.percent)
		above := (exact+time.Millisecond-1)/time.Millisecond*time.Millisecond - exact // to the whole millisecond
		assert.LessOrEqual(t, part.is-exact, above+(exact+above)/128, "p%d", part.percent)
		assert.LessOrEqual(t, part.is, p.Max)
	}
}

// A draw makes random cases of a source.
type draw struct{ *rand.Rand }

func pick[T any](d draw, of ...T) T { return of[d.IntN(len(of))] }

var calendars = []*servicetime.Calendar{
	nil,
	office(),
	calendar("Europe/Stockholm", "mon-sun 08:30-09:15 22:00-06:00"),
	calendar("Europe/Stockholm", "mon-sun 00:00-24:00"),
	calendar("Australia/Lord_Howe", "mon-sun 01:30-02:30 11:00-12:45"), // clocks go by half an hour
	calendar("Asia/Kathmandu", "mon-fri 09:00-17:00"),                  // 5 h 45 min
}

func (d draw) rule() performance.Rule {
	r := performance.Rule{
		MaxPersons: pick(d, 1, 2, 10, 10, 17), Precision: goalOf(pick(d, percents...)), Opening: pick(d, calendars...),
		Unanswered: performance.Unanswered(d.IntN(3)), Hours: performance.Hours(d.IntN(3)), PrecisionHours: performance.Hours(d.IntN(3)),
		Groups: performance.Groups(d.IntN(3)), OverCapacity: performance.OverCapacity(d.IntN(3)),
	}
	for range d.IntN(performance.MaxLimits + 1) {
		r.Limits = append(r.Limits, performance.Limit{
			Within: servicetime.Duration(1+d.IntN(20)) * servicetime.Duration(time.Second), PerPerson: pick(d, 0, servicetime.MustDuration("1.5 s")),
			Share: goalOf(pick(d, percents...)),
		})
	}
	return r
}

// other is the rule with other goals and readings.
func (d draw) other(r performance.Rule) performance.Rule {
	o := d.rule()
	o.Limits, o.MaxPersons, o.Opening = slices.Clone(r.Limits), r.MaxPersons, r.Opening
	for i := range o.Limits {
		o.Limits[i].Share = goalOf(pick(d, percents...))
	}
	return o
}

// calls come roughly in the order of time, near edges of opening hours and clock changes, and now and then from anywhere.
func (d draw) calls(r performance.Rule, n int) []performance.Call {
	now := pick(d,
		time.Date(2026, 10, 5, 5, 55, 0, 0, time.UTC),    // a Monday before it opens in Stockholm
		time.Date(2026, 10, 5, 14, 58, 0, 0, time.UTC),   // and before it closes
		time.Date(2026, 10, 24, 23, 55, 0, 0, time.UTC),  // clocks go back
		time.Date(2026, 3, 29, 0, 55, 0, 0, time.UTC),    // and forward
		time.Date(2026, 10, 3, 15, 0, 0, 0, time.UTC),    // those of Lord Howe forward
		time.Date(2026, 4, 4, 14, 30, 0, 0, time.UTC),    // and back
		time.Date(2200, 12, 31, 22, 59, 50, 0, time.UTC), // the end of the range in Stockholm
		time.Date(1969, 12, 31, 22, 55, 0, 0, time.UTC),  // and its beginning
	)
	var out []performance.Call
	for range n {
		now = now.Add(time.Duration(d.IntN(int(pick(d, time.Second, time.Minute, time.Hour)))))
		c := performance.Call{
			At: now.Add(-time.Duration(d.IntN(int(3 * time.Second)))), Persons: 1 + d.IntN(r.MaxPersons), Answered: d.IntN(8) > 0,
			Fault: performance.Fault(d.IntN(4)), Over: d.IntN(6) == 0,
		}
		c.Response = pick(d, time.Duration(d.IntN(int(20*time.Second))), 0, time.Nanosecond, time.Duration(d.IntN(int(300*time.Millisecond))))
		if len(r.Limits) > 0 && d.IntN(2) == 0 {
			c.Response = pick(d, r.Limits...).For(c.Persons) + pick(d, -time.Millisecond, -1, 0, 1, time.Millisecond)
		}
		if d.IntN(4) == 0 {
			c.Provider = pick(d, providers...)
		}
		switch d.IntN(30) {
		case 0:
			c.At = pick(d, time.Time{}, time.Unix(1<<40, 0), time.Unix(-1<<40, 0), time.Date(2201, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(-1, 0))
		case 1:
			c.Persons = pick(d, 0, -1, r.MaxPersons+1, 1<<62, -1<<63)
		case 2:
			c.Response = pick[time.Duration](d, -1, -1<<63, 1<<63-1, 7_289_654_400*time.Second, 7_289_654_400*time.Second+1, 1000*time.Hour)
		}
		out = append(out, c)
	}
	return out
}

// tallyOf adds calls one by one.
func tallyOf(t *testing.T, rule *performance.Rule, calls []performance.Call) *performance.Tally {
	t.Helper()
	var tally performance.Tally
	for _, c := range calls {
		require.NoError(t, tally.Add(rule, c))
	}
	return &tally
}

func bytesOf(t *testing.T, tally *performance.Tally) []byte {
	t.Helper()
	b, err := tally.MarshalBinary()
	require.NoError(t, err)
	return b
}

// checkDrawn holds a random case to the reference, under two rules, and its merged parts to the whole.
func (d draw) checkDrawn(t *testing.T) {
	t.Helper()
	rule := d.rule()
	calls := d.calls(rule, d.IntN(60))
	whole := tallyOf(t, &rule, calls)
	for _, r := range []performance.Rule{rule, d.other(rule)} {
		got, err := whole.Result(&r)
		require.NoError(t, err)
		want, responses := slow(r, calls)
		checkPercentiles(t, responses, got.Percentiles)
		checkTimes(t, responses, got.Times)
		want.Percentiles, want.Times = got.Percentiles, got.Times
		require.Equal(t, want, got)
		require.NotEmpty(t, got.String())
	}

	// Any split, each part in an order of its own, some sent as bytes or text, merged in any order.
	parts := make([]performance.Tally, 1+d.IntN(5))
	for _, i := range d.Perm(len(calls)) {
		require.NoError(t, parts[d.IntN(len(parts))].Add(&rule, calls[i]))
	}
	for len(parts) > 1 {
		last := &parts[len(parts)-1]
		switch d.IntN(3) {
		case 0:
			var sent performance.Tally
			require.NoError(t, sent.UnmarshalBinary(bytesOf(t, last)))
			last = &sent
		case 1:
			text, err := last.MarshalJSON()
			require.NoError(t, err)
			var sent performance.Tally
			require.NoError(t, sent.UnmarshalJSON(text), string(text))
			last = &sent
		}
		parts = parts[:len(parts)-1]
		require.NoError(t, parts[d.IntN(len(parts))].Merge(last))
	}
	require.Equal(t, bytesOf(t, whole), bytesOf(t, &parts[0]))
	a, err := whole.MarshalJSON()
	require.NoError(t, err)
	b, err := parts[0].MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
}

func TestRandom(t *testing.T) {
	d := draw{rand.New(rand.NewPCG(4, 8))}
	for range 400 {
		d.checkDrawn(t)
	}
}

func FuzzTally(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, seed*seed)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) { draw{rand.New(rand.NewPCG(a, b))}.checkDrawn(t) })
}
