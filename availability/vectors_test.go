package availability_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
	"example.com/sla/testdata/vectors"
)

// periodOf is a month, a quarter or a year.
func periodOf(t *testing.T, text string) servicetime.Period {
	t.Helper()
	if year, quarter, is := strings.Cut(text, "-Q"); is {
		first := servicetime.MustMonth(year + "-01")
		n, err := strconv.Atoi(quarter)
		require.NoError(t, err)
		return servicetime.Quarter{Year: first.Year, Quarter: n}
	}
	if len(text) == len("2026") {
		return servicetime.Year(servicetime.MustMonth(text + "-01").Year)
	}
	return servicetime.MustMonth(text)
}

func outagesOf(in [][2]time.Time) []availability.Outage {
	var out []availability.Outage
	for _, o := range in {
		out = append(out, availability.Outage{From: o[0], To: o[1]})
	}
	return out
}

// late is an as-of behind every row.
var late = time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC)

const second = int64(time.Second)

func TestVectorsAvailability(t *testing.T) {
	calendars := vectors.Calendars(t)
	type figures struct {
		Num, Den int64
		HalfUp   string `json:"pct_half_up_2"`
		Meets    *bool  `json:"meets_98"`
	}
	goal := compliance.MustGoal("98%")
	exactly, rounded := 0, 0
	for _, row := range vectors.Rows[struct {
		ID, Cal, Period string
		Outages         [][2]time.Time
		Windows         []struct {
			From      time.Time `json:"planned_from"`
			To        time.Time `json:"planned_to"`
			Actual    time.Time `json:"actual_to"`
			Announced bool      `json:"overrun_announced"`
		} `json:"service_windows"`
		OpenSeconds    int64 `json:"open_seconds"`
		ExcusedSeconds int64 `json:"excused_seconds"`
		DownSeconds    int64 `json:"down_seconds"`
		Incl, Excl     figures
		Le62           bool `json:"down_le_62h"`
	}](t, "availability.jsonl") {
		var windows []availability.Window
		for _, w := range row.Windows {
			windows = append(windows, availability.Window{PlannedFrom: w.From, PlannedTo: w.To, ActualTo: w.Actual, Announced: w.Announced})
		}
		rule := availability.Rule{Opening: calendars[row.Cal]}
		m, err := rule.Measure(periodOf(t, row.Period), late, outagesOf(row.Outages), windows)
		require.NoError(t, err, row.ID)
		assert.Equal(t, []int64{row.OpenSeconds * second, row.ExcusedSeconds * second, row.DownSeconds * second},
			[]int64{int64(m.Open), int64(m.Excused), int64(m.Down)}, row.ID)
		assert.Equal(t, m.Open, m.Up()+m.Down+m.Excused, row.ID)
		rule.Planned = availability.PlannedRemoved
		removed, err := rule.Measure(periodOf(t, row.Period), late, outagesOf(row.Outages), windows)
		require.NoError(t, err, row.ID)
		for _, side := range []struct {
			want figures
			got  compliance.Share
		}{{row.Incl, m.Share()}, {row.Excl, m.WithoutExcused()}, {row.Excl, removed.Share()}} {
			assert.Equal(t, compliance.Share{Met: side.want.Num * second, Total: side.want.Den * second}, side.got, row.ID)
			if side.want.Meets == nil {
				assert.Equal(t, compliance.NoData, side.got.Verdict(goal), row.ID)
				continue
			}
			assert.Equal(t, *side.want.Meets, side.got.Verdict(goal) == compliance.Met, row.ID)
			assert.Equal(t, side.want.HalfUp, side.got.Percent(compliance.Goal{}), row.ID)
			if 100*side.want.Num == 98*side.want.Den {
				exactly++
			}
			if side.want.HalfUp == "98.00" && !*side.want.Meets {
				rounded++
				assert.NotEqual(t, "98.00", side.got.Percent(goal), row.ID)
			}
		}
		longest := servicetime.MustDuration("62 h")
		assert.Equal(t, row.Le62, availability.Limit{Per: availability.PerYear, Down: &longest}.Judge(m).Verdict == compliance.Met, row.ID)
	}
	assert.Positive(t, exactly, "some lie exactly on 98 %")
	assert.Positive(t, rounded, "some round to 98.00 and fail")
}

func TestVectorsInterruptions(t *testing.T) {
	calendars := vectors.Calendars(t)
	four, twelve := int64(4), int64(12)
	for _, row := range vectors.Rows[struct {
		ID, Cal    string
		Year       int
		Outages    [][2]time.Time
		Raw        map[string]int64 `json:"raw_by_start"`
		Merged     map[string]int64 `json:"merged_by_start"`
		Gap300     map[string]int64 `json:"merged_gap300_by_start"`
		FirstDown  map[string]int64 `json:"open_by_first_down"`
		Total      int64            `json:"open_year_total"`
		MonthsOver []string         `json:"months_over_4"`
		YearOver   bool             `json:"year_over_12"`
		Meets      bool             `json:"meets_4_per_month_and_12_per_year"`
	}](t, "interruptions.jsonl") {
		outages := outagesOf(row.Outages)
		// The counts that ignore opening hours are those of a service that never closes, in months of the same zone.
		for _, reading := range []struct {
			rule availability.Rule
			want map[string]int64
		}{
			{availability.Rule{Opening: calendars["H24"]}, row.Merged},
			{availability.Rule{Opening: calendars["H24"], MinGap: servicetime.MustDuration("300 s")}, row.Gap300},
			{availability.Rule{Opening: calendars[row.Cal]}, row.FirstDown},
		} {
			for month := servicetime.MustMonth("2019-12"); month.Year < 2032; month = month.Add(1) {
				m, err := reading.rule.Measure(month, late, outages, nil)
				require.NoError(t, err, row.ID)
				assert.Equal(t, reading.want[month.String()], m.Count(), "%s %s", row.ID, month)
			}
		}
		rule := availability.Rule{Opening: calendars[row.Cal]}
		year, err := rule.Measure(servicetime.Year(row.Year), late, outages, nil)
		require.NoError(t, err)
		assert.Equal(t, row.Total, year.Count(), row.ID)
		verdict := availability.Limit{Per: availability.PerYear, Interruptions: &twelve}.Judge(year).Verdict
		assert.Equal(t, row.YearOver, verdict == compliance.Missed, row.ID)
		meets := verdict == compliance.Met
		over := []string{}
		for month := (servicetime.Month{Year: row.Year, Month: 1}); month.Year == row.Year; month = month.Add(1) {
			m, err := rule.Measure(month, late, outages, nil)
			require.NoError(t, err)
			if (availability.Limit{Per: availability.PerMonth, Interruptions: &four}).Judge(m).Verdict == compliance.Missed {
				over = append(over, month.String())
				meets = false
			}
		}
		assert.Equal(t, row.MonthsOver, over, row.ID)
		assert.Equal(t, row.Meets, meets, row.ID)
	}
}
