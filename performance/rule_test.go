package performance_test

import (
	"encoding"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

func TestWords(t *testing.T) {
	type word interface {
		encoding.TextMarshaler
		String() string
	}
	for _, row := range []struct {
		named []word
		no    []word
		read  encoding.TextUnmarshaler
		texts []string
	}{
		{[]word{performance.UnansweredExcluded, performance.UnansweredFail}, []word{performance.Unanswered(0), performance.Unanswered(3)}, new(performance.Unanswered), []string{"excluded", "fail"}},
		{[]word{performance.HoursOpening, performance.HoursAll}, []word{performance.Hours(0), performance.Hours(3)}, new(performance.Hours), []string{"opening", "all"}},
		{[]word{performance.GroupsPooled, performance.GroupsEach}, []word{performance.Groups(0), performance.Groups(3)}, new(performance.Groups), []string{"pooled", "each"}},
		{[]word{performance.OverCapacityIn, performance.OverCapacityOut}, []word{performance.OverCapacity(0), performance.OverCapacity(3)}, new(performance.OverCapacity), []string{"in", "out"}},
		{[]word{performance.FaultOperator, performance.FaultProvider}, []word{performance.Fault(0), performance.Fault(3)}, new(performance.Fault), []string{"operator", "provider"}},
	} {
		for i, text := range row.texts {
			b, err := row.named[i].MarshalText()
			require.NoError(t, err)
			assert.Equal(t, text, string(b))
			assert.Equal(t, text, row.named[i].String())
			require.NoError(t, row.read.UnmarshalText(b))
			assert.Equal(t, text, row.read.(word).String())
		}
		for _, none := range row.no {
			_, err := none.MarshalText()
			require.ErrorIs(t, err, servicetime.ErrText)
			assert.Empty(t, none.String())
		}
		for _, text := range []string{"", "Excluded", "opening ", "\xff"} {
			require.ErrorIs(t, row.read.UnmarshalText([]byte(text)), servicetime.ErrText, text)
		}
	}
}

func TestRuleText(t *testing.T) {
	const text = `{"limits":[{"within":"7 s","per_person":"1.5 s","share":"90%"},{"within":"12 s","per_person":"1.5 s","share":"100%"}],"max_persons":10,"precision":"98%"}`
	got, err := json.Marshal(ssbtek())
	require.NoError(t, err)
	assert.JSONEq(t, text, string(got))
	var back performance.Rule
	require.NoError(t, json.Unmarshal(got, &back))
	assert.Equal(t, ssbtek(), back)

	rule := ssbtek()
	rule.Unanswered, rule.Hours, rule.PrecisionHours = performance.UnansweredFail, performance.HoursOpening, performance.HoursAll
	rule.Groups, rule.OverCapacity = performance.GroupsEach, performance.OverCapacityOut
	got, err = json.Marshal(rule)
	require.NoError(t, err)
	assert.Contains(t, string(got), `"unanswered":"fail","hours":"opening","precision_hours":"all","groups":"each","over_capacity":"out"`)
	assert.Equal(t, "7 s (+1.5 s a person)", rule.Limits[0].String())
	assert.Equal(t, "3 s", performance.Limit{Within: servicetime.MustDuration("3 s")}.String())
}

func TestRuleCheck(t *testing.T) {
	const most = servicetime.Duration(7_289_654_400 * time.Second)
	for _, row := range []struct {
		name   string
		change func(*performance.Rule)
		causes map[string]error
	}{
		{"the preset", func(*performance.Rule) {}, nil},
		{"no limits", func(r *performance.Rule) { r.Limits = nil }, nil},
		{"share not agreed", func(r *performance.Rule) { r.Limits[0].Share = compliance.Goal{} }, nil},
		{"four limits", func(r *performance.Rule) { r.Limits = append(r.Limits, r.Limits...) }, nil},
		{"the largest group", func(r *performance.Rule) { r.MaxPersons = performance.MaxGroup }, nil},
		{"the longest limit", func(r *performance.Rule) { r.Limits[0].Within, r.Limits[0].PerPerson = most, 0 }, nil},
		{"the longest for a group", func(r *performance.Rule) {
			r.Limits[0].Within, r.Limits[0].PerPerson = 1, (most-1)/performance.MaxGroup
		}, nil},

		{"five limits", func(r *performance.Rule) { r.Limits = append(r.Limits, append(r.Limits, r.Limits[0])...) }, map[string]error{"limits": servicetime.ErrLimit}},
		{"no group", func(r *performance.Rule) { r.MaxPersons = 0 }, map[string]error{"max_persons": performance.ErrPersons}},
		{"a negative group", func(r *performance.Rule) { r.MaxPersons = -1 }, map[string]error{"max_persons": performance.ErrPersons}},
		{"too large a group", func(r *performance.Rule) { r.MaxPersons = performance.MaxGroup + 1 }, map[string]error{"max_persons": servicetime.ErrLimit}},
		{"no time", func(r *performance.Rule) { r.Limits[1].Within = 0 }, map[string]error{"limits[1].within": performance.ErrLimit}},
		{"negative", func(r *performance.Rule) { r.Limits[1].Within, r.Limits[1].PerPerson = -1, -1 }, map[string]error{"limits[1].within": performance.ErrLimit, "limits[1].per_person": performance.ErrLimit}},
		{"too long", func(r *performance.Rule) { r.Limits[0].Within = most + 1 }, map[string]error{"limits[0].within": performance.ErrLimit}},
		{"too long for a group", func(r *performance.Rule) { r.Limits[0].PerPerson = math.MaxInt64 }, map[string]error{"limits[0].per_person": performance.ErrLimit}},
		{"readings", func(r *performance.Rule) {
			r.Unanswered, r.Hours, r.PrecisionHours, r.Groups, r.OverCapacity = 3, 3, 3, 3, 3
		}, map[string]error{
			"unanswered": performance.ErrReading, "hours": performance.ErrReading, "precision_hours": performance.ErrReading,
			"groups": performance.ErrReading, "over_capacity": performance.ErrReading,
		}},
		{"all at once", func(r *performance.Rule) { *r = performance.Rule{Limits: make([]performance.Limit, 2), Hours: 200} }, map[string]error{
			"limits[0].within": performance.ErrLimit, "limits[1].within": performance.ErrLimit, "max_persons": performance.ErrPersons, "hours": performance.ErrReading,
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			rule := ssbtek()
			row.change(&rule)
			assertFaults(t, row.causes, rule.Check())

			var tally performance.Tally
			call := performance.Call{At: monday(t, "10:00:00"), Persons: 1, Answered: true}
			assertFaults(t, row.causes, tally.Add(&rule, call))
			_, err := tally.Result(&rule)
			assertFaults(t, row.causes, err)
			if row.causes == nil {
				return
			}
			// It has counted nothing, and takes a good rule.
			good := ssbtek()
			require.NoError(t, tally.Add(&good, call))
			r, err := tally.Result(&good)
			require.NoError(t, err)
			assert.Equal(t, int64(1), r.Base.Answered)
		})
	}
}

// The readings, one at a time, of the same calls.
func TestReadings(t *testing.T) {
	base := ssbtek()
	base.Opening = office()
	day, night := monday(t, "10:00:00"), monday(t, "22:00:00")
	call := func(n int, at time.Time, persons int, response time.Duration, answered, over bool) (out []performance.Call) {
		for range n {
			out = append(out, performance.Call{At: at, Persons: persons, Response: response, Answered: answered, Over: over})
		}
		return out
	}
	var calls []performance.Call
	for _, some := range [][]performance.Call{
		call(95, day, 1, 7*time.Second, true, false),
		call(1, day, 2, 8*time.Second, true, false),
		call(1, day, 2, 9*time.Second, true, false),
		call(3, day, 1, 13*time.Second, true, true),
		call(2, day, 1, 0, false, false),
		call(10, night, 1, 11*time.Second, true, false),
		call(5, night, 1, 0, false, false),
	} {
		calls = append(calls, some...)
	}
	share := func(met, total int64) compliance.Share { return compliance.Share{Met: met, Total: total} }
	for _, row := range []struct {
		name                   string
		change                 func(*performance.Rule)
		first, last, precision compliance.Share
		verdicts               [2]compliance.Verdict
		outside, beyond        int64
	}{
		{"the preset", func(*performance.Rule) {}, share(96, 100), share(97, 100), share(100, 102), [2]compliance.Verdict{compliance.Met, compliance.Missed}, 15, 0},
		{"as named", func(r *performance.Rule) {
			r.Unanswered, r.Hours, r.PrecisionHours = performance.UnansweredExcluded, performance.HoursOpening, performance.HoursOpening
			r.Groups, r.OverCapacity = performance.GroupsPooled, performance.OverCapacityIn
		}, share(96, 100), share(97, 100), share(100, 102), [2]compliance.Verdict{compliance.Met, compliance.Missed}, 15, 0},
		{"unanswered fail", func(r *performance.Rule) { r.Unanswered = performance.UnansweredFail }, share(96, 102), share(97, 102), share(100, 102), [2]compliance.Verdict{compliance.Met, compliance.Missed}, 15, 0},
		{"all hours", func(r *performance.Rule) { r.Hours = performance.HoursAll }, share(96, 110), share(107, 110), share(110, 117), [2]compliance.Verdict{compliance.Missed, compliance.Missed}, 0, 0},
		{"all hours of the precision", func(r *performance.Rule) { r.PrecisionHours = performance.HoursAll }, share(96, 100), share(97, 100), share(110, 117), [2]compliance.Verdict{compliance.Met, compliance.Missed}, 15, 0},
		{"all hours but of the precision", func(r *performance.Rule) {
			r.Hours, r.PrecisionHours = performance.HoursAll, performance.HoursOpening
		}, share(96, 110), share(107, 110), share(100, 102), [2]compliance.Verdict{compliance.Missed, compliance.Missed}, 0, 0},
		{"each group", func(r *performance.Rule) { r.Groups = performance.GroupsEach }, share(96, 100), share(97, 100), share(100, 102), [2]compliance.Verdict{compliance.Missed, compliance.Missed}, 15, 0},
		{"over capacity out", func(r *performance.Rule) { r.OverCapacity = performance.OverCapacityOut }, share(96, 97), share(97, 97), share(100, 102), [2]compliance.Verdict{compliance.Met, compliance.Met}, 15, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			rule := base
			row.change(&rule)
			r := result(t, rule, calls...)
			assert.Equal(t, row.first, r.Outcomes[0].Share)
			assert.Equal(t, row.last, r.Outcomes[1].Share)
			assert.Equal(t, row.precision, r.Precision.Share)
			got := [2]compliance.Verdict{r.Outcomes[0].Verdict, r.Outcomes[1].Verdict}
			assert.Equal(t, row.verdicts, got)
			assert.Equal(t, max(row.verdicts[0], row.verdicts[1]), r.Verdict)
			assert.Equal(t, []int64{row.outside, row.beyond}, []int64{r.OutsideHours, r.BeyondCapacity})
		})
	}
}
