package availability_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
	"example.com/sla/testdata/vectors"
)

func ladderOf(pairs ...string) availability.Ladder {
	var l availability.Ladder
	for i := 0; i < len(pairs); i += 2 {
		l = append(l, availability.Step{Below: compliance.MustGoal(pairs[i]), Credit: pairs[i+1]})
	}
	return l
}

func TestLadderCredit(t *testing.T) {
	// |--- 100% ----|---- 30% ----|--- 10% ---|--- none ---|
	// 0 %          95 %          99 %      99.99 %      100 %
	const month = 30 * 24 * int64(time.Hour)
	steps := ladderOf("99.99%", "10%", "99%", "30%", "95%", "100%")
	for _, tt := range []struct {
		name string
		down time.Duration
		want string
	}{
		{"never down", 0, ""},
		{"99.99 % exactly", 259200 * time.Millisecond, ""},
		{"a nanosecond below 99.99 %", 259200*time.Millisecond + 1, "10%"},
		{"99 % exactly", 7*time.Hour + 12*time.Minute, "10%"},
		{"a nanosecond below 99 %", 7*time.Hour + 12*time.Minute + 1, "30%"},
		{"95 % exactly", 36 * time.Hour, "30%"},
		{"a nanosecond below 95 %", 36*time.Hour + 1, "100%"},
		{"never up", time.Duration(month), "100%"},
	} {
		achieved := compliance.Share{Met: month - int64(tt.down), Total: month}
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
			step, due := availability.Ladder{steps[order[0]], steps[order[1]], steps[order[2]]}.Credit(achieved)
			assert.Equal(t, tt.want, step.Credit, tt.name)
			assert.Equal(t, tt.want != "", due, tt.name)
		}
	}
}

func TestLadderNoCredit(t *testing.T) {
	steps := ladderOf("99.99%", "10%", "100%", "1%")
	down := compliance.Share{Met: 0, Total: 1}
	for _, tt := range []struct {
		name   string
		ladder availability.Ladder
		share  compliance.Share
	}{
		{"no data", steps, compliance.Share{}},
		{"an impossible share", steps, compliance.Share{Met: 2, Total: 1}},
		{"100 %", steps, compliance.Share{Met: 1, Total: 1}},
		{"no ladder", nil, down},
		{"no bound", availability.Ladder{{Credit: "10%"}}, down},
		{"nothing is below 0 %", ladderOf("0%", "10%"), down},
	} {
		step, due := tt.ladder.Credit(tt.share)
		assert.False(t, due, tt.name)
		assert.Zero(t, step, tt.name)
	}
}

// Against the smallest bound above, in fractions; and a worse share never has a larger bound.
func TestLadderLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	hundred := big.NewRat(100, 1)
	for range 100 {
		var l availability.Ladder
		var bounds []*big.Rat
		for i := range random.IntN(5) {
			text := fmt.Sprintf("%d.%d", 90+random.IntN(10), 1+random.IntN(9))
			bound, ok := new(big.Rat).SetString(text)
			require.True(t, ok)
			bounds = append(bounds, bound)
			l = append(l, availability.Step{Below: compliance.MustGoal(text + "%"), Credit: fmt.Sprint(i)})
		}
		total := int64(1 + random.IntN(400))
		highest := big.NewRat(0, 1) // bound so far, from the worst share up; 101 once there is no credit
		for met := range total + 1 {
			achieved := new(big.Rat).Mul(big.NewRat(met, total), hundred)
			want := -1
			for i, b := range bounds {
				if achieved.Cmp(b) < 0 && (want < 0 || b.Cmp(bounds[want]) < 0) {
					want = i
				}
			}
			step, due := l.Credit(compliance.Share{Met: met, Total: total})
			require.Equal(t, want >= 0, due, "%d of %d in %v", met, total, l)
			bound := big.NewRat(101, 1)
			if due {
				require.Equal(t, l[want], step, "%d of %d in %v", met, total, l)
				bound = bounds[want]
			}
			require.LessOrEqual(t, highest.Cmp(bound), 0, "%d of %d in %v", met, total, l)
			highest = bound
		}
	}
}

func TestLadderCheck(t *testing.T) {
	hundred := make(availability.Ladder, 100)
	for i := range hundred {
		hundred[i] = availability.Step{Below: compliance.MustGoal(fmt.Sprintf("%d%%", i+1)), Credit: "1"}
	}
	for _, good := range []availability.Ladder{nil, ladderOf("0.000000001%", "100%", "100%", "1%"), hundred} {
		require.NoError(t, good.Check())
	}
	bad := availability.Ladder{
		{Credit: "10%"},
		{Below: compliance.MustGoal("99%"), Credit: " "},
		{Below: compliance.MustGoal("99.0%"), Credit: "30%"},
		{Below: compliance.MustGoal("0%"), Credit: ""},
	}
	assert.Equal(t, []string{"[0].below", "[1].credit", "[2].below", "[3].below", "[3].credit"},
		pathsCausedBy(t, bad.Check(), availability.ErrLadder))
	assert.Equal(t, []string{""}, pathsCausedBy(t, append(hundred, bad...).Check(), availability.ErrLadder))
}

// pathsCausedBy are those of faults, which all have the cause.
func pathsCausedBy(t *testing.T, err, cause error) []string {
	t.Helper()
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	var out []string
	for _, part := range parts {
		var fault *servicetime.Fault
		require.ErrorAs(t, part, &fault)
		require.ErrorIs(t, fault, cause, fault.Path)
		assert.NotEmpty(t, fault.Code)
		out = append(out, fault.Path)
	}
	return out
}

func TestVectorsCredits(t *testing.T) {
	utc, err := servicetime.Compile(servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}, time.LoadLocation)
	require.NoError(t, err)
	schemes, none := map[string]int{}, 0
	for _, row := range vectors.Rows[struct {
		ID, Scheme string
		Tiers      []struct {
			Below  json.RawMessage `json:"below_pct"` // a number, or a string
			Credit json.RawMessage `json:"credit_pct"`
		}
		Month        servicetime.Month
		MonthSeconds int64           `json:"month_seconds"`
		DownSeconds  int64           `json:"down_seconds"`
		Num          int64           `json:"uptime_num"`
		Den          int64           `json:"uptime_den"`
		HalfUp       string          `json:"pct_half_up_3"`
		Credit       json.RawMessage `json:"credit_pct"` // 0 is none
	}](t, "credits.jsonl") {
		schemes[row.Scheme]++
		var l availability.Ladder
		for _, tier := range row.Tiers {
			bound, err := compliance.ParseGoal(plainJSON(tier.Below) + "%")
			require.NoError(t, err, row.ID)
			l = append(l, availability.Step{Below: bound, Credit: plainJSON(tier.Credit) + "%"})
		}
		require.NoError(t, l.Check(), row.ID)

		first, _ := row.Month.Dates()
		start := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC)
		outage := availability.Outage{From: start, To: start.Add(time.Duration(row.DownSeconds * second))}
		m, err := availability.Rule{Opening: utc}.Measure(row.Month, late, []availability.Outage{outage}, nil)
		require.NoError(t, err, row.ID)
		assert.Equal(t, row.MonthSeconds*second, int64(m.Open), row.ID)
		assert.Equal(t, compliance.Share{Met: row.Num * second, Total: row.Den * second}, m.Share(), row.ID)
		assert.Equal(t, row.HalfUp, big.NewRat(100*row.Num, row.Den).FloatString(3), row.ID) // the row by itself: it rounds half-up too

		step, due := l.Credit(m.Share())
		if plainJSON(row.Credit) == "0" {
			none++
			assert.False(t, due, row.ID)
			continue
		}
		assert.True(t, due, row.ID)
		assert.Equal(t, plainJSON(row.Credit)+"%", step.Credit, row.ID)
	}
	assert.Len(t, schemes, 2)
	assert.Positive(t, none)
}

// plainJSON is the text of a JSON number or string.
func plainJSON(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

func ExampleLadder() {
	var credits availability.Ladder
	err := json.Unmarshal([]byte(`[
		{"below": "99.99%", "credit": "10%"},
		{"below": "99%", "credit": "30%"},
		{"below": "95%", "credit": "100%"}]`), &credits)
	if err := errors.Join(err, credits.Check()); err != nil {
		fmt.Println(err)
		return
	}
	for _, minutesDown := range []int64{3, 5, 600} {
		month := compliance.Share{Met: 30*24*60 - minutesDown, Total: 30 * 24 * 60}
		if step, due := credits.Credit(month); due {
			fmt.Printf("down %d min: below %s, credit %s\n", minutesDown, step.Below, step.Credit)
		} else {
			fmt.Printf("down %d min: no credit\n", minutesDown)
		}
	}
	// Output:
	// down 3 min: no credit
	// down 5 min: below 99.99 %, credit 10%
	// down 600 min: below 99 %, credit 30%
}
