package availability_test

import (
	"encoding/json"
	"fmt"
	"math"
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

// fourWeeks is the notice of §4.6.4 in the preset's reading.
var fourWeeks = availability.NoticeRule{Notice: servicetime.MustTarget("28 days")}

func plannedWindow(t *testing.T, from, to string, decision availability.Decision) availability.Window {
	t.Helper()
	return availability.Window{PlannedFrom: onWall(t, from), PlannedTo: onWall(t, to), Decision: decision}
}

func TestNoticeRuleText(t *testing.T) {
	for _, text := range []string{
		`{"notice":"28 days"}`, `{"notice":"28 days","rule":"date"}`, `{"notice":"1 day","rule":"wall"}`, `{"notice":"28 days","rule":"elapsed"}`,
	} {
		var r availability.NoticeRule
		require.NoError(t, json.Unmarshal([]byte(text), &r))
		require.NoError(t, r.Check())
		written, err := json.Marshal(r)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(written))
	}
	for _, n := range []availability.NoticeBy{0, 4} {
		_, err := n.MarshalText()
		require.ErrorIs(t, err, servicetime.ErrText)
		assert.Empty(t, n.String())
	}
	var n availability.NoticeBy
	assert.ErrorIs(t, n.UnmarshalText([]byte("instant")), servicetime.ErrText)
}

func TestNoticeRuleCheck(t *testing.T) {
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	change := onWall(t, "2026-10-31 22:00:00")
	for _, tt := range []struct {
		rule availability.NoticeRule
		want []string
	}{
		{availability.NoticeRule{}, []string{"notice"}},
		{availability.NoticeRule{Notice: servicetime.MustTarget("672 h"), Rule: availability.NoticeByElapsed}, []string{"notice"}},
		{availability.NoticeRule{Notice: servicetime.MustTarget("20 business days"), Rule: 4}, []string{"notice", "rule"}},
	} {
		assert.Equal(t, tt.want, pathsCausedBy(t, tt.rule.Check(), availability.ErrReading))
		_, _, err := tt.rule.Latest(opening, change)
		require.ErrorIs(t, err, availability.ErrReading)
		_, err = tt.rule.InTime(opening, change, change)
		require.ErrorIs(t, err, availability.ErrReading)
		_, err = tt.rule.Judge(opening, availability.Change{On: servicetime.MustDate("2026-10-31")}, change)
		require.ErrorIs(t, err, availability.ErrReading)
	}
}

func TestNoticeRuleLatest(t *testing.T) {
	// Clocks go back on 2026-10-25, so that four weeks before a change on 2026-10-31 are 28 days of 24 hours and one hour more.
	//
	//	10-02         10-03                  10-04
	//	|             |                      |
	//	|-------------|------date rule-------)        before 10-04 00:00
	//	|-------------|------wall-----]               22:00
	//	|-------------|------elapsed-----]            23:00 (672 h)
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	change := onWall(t, "2026-10-31 22:00:00")
	for _, tt := range []struct {
		rule      availability.NoticeBy
		change    time.Time
		date, end string
		inclusive bool
	}{
		{0, change, "2026-10-03", "2026-10-04 00:00:00", false},
		{availability.NoticeByDate, change.UTC(), "2026-10-03", "2026-10-04 00:00:00", false},
		{availability.NoticeByDate, onWall(t, "2026-10-31 00:00:00"), "2026-10-03", "2026-10-04 00:00:00", false},
		{availability.NoticeByDate, onWall(t, "2026-10-31 23:59:59"), "2026-10-03", "2026-10-04 00:00:00", false},
		{availability.NoticeByWall, change.UTC(), "2026-10-03", "2026-10-03 22:00:00", true},
		{availability.NoticeByElapsed, change.UTC(), "2026-10-03", "2026-10-03 23:00:00", true},
		{availability.NoticeByWall, change.Add(time.Hour + 1), "2026-10-03", "2026-10-03 23:00:00.000000001", true},
		{availability.NoticeByElapsed, change.Add(time.Hour + 1), "2026-10-04", "2026-10-04 00:00:00.000000001", true},
		// 02:30 four weeks before did not exist: later by the gap.
		{availability.NoticeByWall, onWall(t, "2026-04-26 02:30:00"), "2026-03-29", "2026-03-29 03:30:00", true},
	} {
		rule := availability.NoticeRule{Notice: servicetime.MustTarget("28 days"), Rule: tt.rule}
		date, end, err := rule.Latest(opening, tt.change)
		require.NoError(t, err)
		assert.Equal(t, tt.date, date.String(), "%s", tt.rule)
		assert.True(t, end.Equal(onWall(t, tt.end)), "%s: %s", tt.rule, end)
		for _, at := range []struct {
			came time.Time
			want bool
		}{{end.Add(-1), true}, {end, tt.inclusive}, {end.Add(1), false}} {
			got, err := rule.InTime(opening, tt.change, at.came)
			require.NoError(t, err)
			assert.Equal(t, at.want, got, "%s: %s", tt.rule, at.came)
		}
	}
}

func TestNoticeRuleRange(t *testing.T) {
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	change := onWall(t, "2026-10-31 22:00:00")
	for _, rule := range []availability.NoticeBy{availability.NoticeByDate, availability.NoticeByWall, availability.NoticeByElapsed} {
		for _, notice := range []string{"28 days", "1000000 days"} {
			r := availability.NoticeRule{Notice: servicetime.MustTarget(notice), Rule: rule}
			for _, at := range []time.Time{{}, onWall(t, "1970-01-28 12:00:00"), onWall(t, "2201-01-01 00:00:00")} {
				_, _, err := r.Latest(opening, at)
				require.ErrorIs(t, err, servicetime.ErrRange, "%s %s", rule, at)
			}
			_, err := r.InTime(opening, change, time.Time{})
			require.ErrorIs(t, err, servicetime.ErrRange, "a forgotten instant is not early")
		}
		r := availability.NoticeRule{Notice: servicetime.MustTarget("1000000 days"), Rule: rule}
		_, _, err := r.Latest(opening, change)
		require.ErrorIs(t, err, servicetime.ErrRange)
	}
}

func TestVectorsChangeNotice(t *testing.T) {
	opening := vectors.Calendars(t)["SE0817"]
	count, differ := 0, 0
	for _, row := range vectors.Rows[struct {
		ID, Kind, Change, Notice string
		ChangeUTC                time.Time        `json:"change_utc"`
		NoticeUTC                time.Time        `json:"notice_utc"`
		LatestDate               servicetime.Date `json:"latest_date"`
		OKDate                   bool             `json:"ok_date_rule"`
		LatestWall               string           `json:"latest_instant_wall"`
		OKWall                   bool             `json:"ok_wall_instant_rule"`
		Latest672h               string           `json:"latest_instant_672h"`
		OK672h                   bool             `json:"ok_672h_rule"`
	}](t, "procedural.jsonl") {
		if row.Kind != "change_notice_4w" {
			continue
		}
		count++
		assert.Equal(t, row.Change, row.ChangeUTC.In(opening.Location()).Format(time.RFC3339), row.ID)
		assert.Equal(t, row.Notice, row.NoticeUTC.In(opening.Location()).Format(time.RFC3339), row.ID)
		if row.OKDate != row.OKWall || row.OKWall != row.OK672h {
			differ++
		}
		for _, reading := range []struct {
			rule   availability.NoticeBy
			latest string
			inTime bool
		}{
			{availability.NoticeByDate, row.LatestDate.AddDays(1).String(), row.OKDate},
			{availability.NoticeByWall, row.LatestWall, row.OKWall},
			{availability.NoticeByElapsed, row.Latest672h, row.OK672h},
		} {
			rule := availability.NoticeRule{Notice: servicetime.MustTarget("28 days"), Rule: reading.rule}
			date, end, err := rule.Latest(opening, row.ChangeUTC)
			require.NoError(t, err, row.ID)
			if reading.rule == availability.NoticeByDate {
				assert.Equal(t, row.LatestDate, date, row.ID)
				assert.Equal(t, reading.latest+"T00:00:00", end.Format("2006-01-02T15:04:05"), row.ID)
			} else {
				assert.Equal(t, reading.latest, end.Format(time.RFC3339), row.ID)
				assert.Equal(t, opening.Date(end), date, row.ID)
			}
			inTime, err := rule.InTime(opening, row.ChangeUTC, row.NoticeUTC)
			require.NoError(t, err, row.ID)
			assert.Equal(t, reading.inTime, inTime, "%s %s", row.ID, reading.rule)

			c := availability.Change{
				Windows:      []availability.Window{{PlannedFrom: row.ChangeUTC, PlannedTo: row.ChangeUTC.Add(time.Hour)}},
				Communicated: row.NoticeUTC,
			}
			j, err := rule.Judge(opening, c, late)
			require.NoError(t, err, row.ID)
			want := compliance.Missed
			if reading.inTime {
				want = compliance.Met
			}
			assert.Equal(t, want, j.Verdict, "%s %s", row.ID, reading.rule)
			assert.Equal(t, date, j.Latest, row.ID)
			assert.Equal(t, end, j.Before, row.ID)
		}
	}
	assert.Equal(t, 167, count)
	assert.Positive(t, differ, "some are in time under one rule alone")
}

func TestChangeText(t *testing.T) {
	const text = `{"number":"CHG7","in_release":true,"windows":[{"planned_from":"2026-10-31T22:00:00Z","planned_to":"2026-10-31T23:00:00Z"}],
		"communicated":"2026-10-01T09:00:00Z","verified":"2026-10-02T09:00:00Z","status":"closed","outcome":"done"}`
	var c availability.Change
	require.NoError(t, json.Unmarshal([]byte(text), &c))
	require.NoError(t, c.Check())
	written, err := json.Marshal(c)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(written))
	written, err = json.Marshal(availability.Change{Acute: true, NoEffect: true, On: servicetime.MustDate("2026-10-31")})
	require.NoError(t, err)
	assert.JSONEq(t, `{"acute":true,"no_effect":true,"on":"2026-10-31"}`, string(written))
}

func TestChangeCheck(t *testing.T) {
	good := func(from, to string) availability.Window {
		return plannedWindow(t, "2026-10-31 "+from+":00", "2026-10-31 "+to+":00", availability.NotShown)
	}
	backwards, unknown := good("10:00", "09:00"), good("10:00", "11:00")
	unknown.PlannedTo = time.Time{}
	overrun := good("10:00", "11:00")
	overrun.ActualTo = onWall(t, "2026-10-31 11:30:00")
	for _, c := range []availability.Change{
		{On: servicetime.MustDate("1970-01-01")},
		{On: servicetime.MustDate("2200-12-31"), Acute: true},
		{Windows: []availability.Window{good("11:00", "12:00"), overrun, good("10:00", "10:00"), good("10:30", "10:30")}}, // touching, run over, empty
	} {
		require.NoError(t, c.Check())
	}
	for _, tt := range []struct {
		name   string
		change availability.Change
		cause  error
		want   []string
	}{
		{"nothing", availability.Change{}, availability.ErrUndated, []string{"on"}},
		{"no such date", availability.Change{On: servicetime.Date{Year: 2026, Month: 2, Day: 30}}, servicetime.ErrRange, []string{"on"}},
		{"before the range", availability.Change{On: servicetime.MustDate("1969-12-31")}, servicetime.ErrRange, []string{"on"}},
		{
			"all at once",
			availability.Change{
				On: servicetime.Date{Year: math.MaxInt}, Windows: []availability.Window{good("10:00", "11:00"), unknown, unknown},
				Communicated: onWall(t, "1960-01-01 00:00:00"), Verified: onWall(t, "2300-01-01 00:00:00"),
			},
			servicetime.ErrRange,
			[]string{"windows[1].planned_to", "windows[2].planned_to", "on", "communicated", "verified"},
		},
		{"backwards", availability.Change{Windows: []availability.Window{good("10:00", "11:00"), backwards}}, servicetime.ErrBackwards, []string{"windows[1].planned_to"}},
		{
			// 0 |-----------|
			// 1    |--|
			// 2           |---|
			// 3                |--|
			// 4 |-----------|
			"overlapping",
			availability.Change{Windows: []availability.Window{
				good("10:00", "14:00"), good("11:00", "12:00"), good("13:30", "14:30"), good("14:30", "15:00"), good("10:00", "14:00"),
			}},
			servicetime.ErrOverlap,
			[]string{"windows[4].planned_from", "windows[1].planned_from", "windows[2].planned_from"},
		},
	} {
		assert.Equal(t, tt.want, pathsCausedBy(t, tt.change.Check(), tt.cause), tt.name)
		_, err := fourWeeks.Judge(weekdays(t, "Europe/Stockholm", servicetime.Sweden), tt.change, late)
		require.ErrorIs(t, err, tt.cause, tt.name)
	}
}

// Windows overlap if and only if one is faulted, by each against each.
func TestChangeOverlapLaw(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 6))
	start := onWall(t, "2026-10-31 00:00:00")
	overlapping := 0
	for range 2000 {
		var c availability.Change
		for range 1 + random.IntN(5) {
			from := start.Add(time.Duration(random.IntN(20)) * time.Hour)
			c.Windows = append(c.Windows, availability.Window{PlannedFrom: from, PlannedTo: from.Add(time.Duration(random.IntN(5)) * time.Hour)})
		}
		want := map[string]bool{} // each that begins within another, the later listed of two that begin at once
		for i, a := range c.Windows {
			for j, b := range c.Windows {
				within := a.PlannedFrom.After(b.PlannedFrom) || a.PlannedFrom.Equal(b.PlannedFrom) && i > j
				if within && a.PlannedFrom.Before(b.PlannedTo) && a.PlannedFrom.Before(a.PlannedTo) {
					want[fmt.Sprintf("windows[%d].planned_from", i)] = true
				}
			}
		}
		err := c.Check()
		if len(want) == 0 {
			require.NoError(t, err)
			continue
		}
		overlapping++
		got := map[string]bool{}
		for _, path := range pathsCausedBy(t, err, servicetime.ErrOverlap) {
			got[path] = true
		}
		require.Equal(t, want, got, "%v", c.Windows)
	}
	assert.Positive(t, overlapping)
}

func TestNoticeRuleJudge(t *testing.T) {
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	night := plannedWindow(t, "2026-10-31 22:00:00", "2026-11-01 02:00:00", availability.NotShown)
	// open        Friday |08----------17|
	// windows  |06---09|           |16----18|
	morning := plannedWindow(t, "2026-10-30 06:00:00", "2026-10-30 09:00:00", availability.Decided)
	evening := plannedWindow(t, "2026-10-30 16:00:00", "2026-10-30 18:00:00", availability.NotShown)
	undecided := evening
	undecided.Decision = availability.Undecided
	at := func(text string) time.Time { return onWall(t, text) }
	byWall := availability.NoticeRule{Notice: fourWeeks.Notice, Rule: availability.NoticeByWall}
	for _, tt := range []struct {
		name   string
		rule   availability.NoticeRule
		change availability.Change
		asOf   string
		want   compliance.Verdict
		line   string
	}{
		{
			"in time", fourWeeks,
			availability.Change{Number: "CHG7", Windows: []availability.Window{night}, Communicated: at("2026-10-03 23:59:00")},
			"2026-11-05 08:00:00", compliance.Met, "CHG7 on 2026-10-31: communicated 2026-10-03 23:59, at the latest 2026-10-03: met",
		},
		{
			"late", fourWeeks,
			availability.Change{Windows: []availability.Window{night}, Communicated: at("2026-10-04 00:00:00")},
			"2026-11-05 08:00:00", compliance.Missed, "change on 2026-10-31: communicated 2026-10-04 00:00, at the latest 2026-10-03: missed",
		},
		{
			"late by a second, by the wall", byWall,
			availability.Change{Windows: []availability.Window{night}, Communicated: at("2026-10-03 22:00:01")},
			"2026-11-05 08:00:00", compliance.Missed, "change on 2026-10-31: communicated 2026-10-03 22:00:01, at the latest 2026-10-03 22:00: missed",
		},
		{
			"not yet, and time left", fourWeeks,
			availability.Change{Windows: []availability.Window{night}},
			"2026-10-03 23:59:59.999999999", compliance.NoData, "change on 2026-10-31: not communicated yet, at the latest 2026-10-03",
		},
		{
			"not yet, and too late", fourWeeks,
			availability.Change{Windows: []availability.Window{night}},
			"2026-10-04 00:00:00", compliance.Missed, "change on 2026-10-31: not communicated, at the latest 2026-10-03: missed",
		},
		{
			"not yet, by the wall", byWall,
			availability.Change{Windows: []availability.Window{night}},
			"2026-10-03 22:00:00", compliance.NoData, "change on 2026-10-31: not communicated yet, at the latest 2026-10-03 22:00",
		},
		{
			"too late, by the wall", byWall,
			availability.Change{Windows: []availability.Window{night}},
			"2026-10-03 22:00:00.000000001", compliance.Missed, "change on 2026-10-31: not communicated, at the latest 2026-10-03 22:00: missed",
		},
		{
			"communicated after as-of", fourWeeks,
			availability.Change{Windows: []availability.Window{night}, Communicated: at("2026-10-02 09:00:00"), Verified: at("2026-10-02 10:00:00")},
			"2026-10-02 08:59:59", compliance.NoData, "change on 2026-10-31: not communicated yet, at the latest 2026-10-03",
		},
		{
			"late after as-of is missed by then", fourWeeks,
			availability.Change{Windows: []availability.Window{night}, Communicated: at("2026-10-20 09:00:00")},
			"2026-10-10 08:00:00", compliance.Missed, "change on 2026-10-31: not communicated, at the latest 2026-10-03: missed",
		},
		{
			"by its date", fourWeeks,
			availability.Change{On: servicetime.MustDate("2026-10-31"), Communicated: at("2026-10-03 12:00:00")},
			"2026-11-05 08:00:00", compliance.Met, "change on 2026-10-31: communicated 2026-10-03 12:00, at the latest 2026-10-03: met",
		},
		{
			"the first window counts, not the date", fourWeeks,
			availability.Change{On: servicetime.MustDate("2026-11-30"), Windows: []availability.Window{night, morning}, Communicated: at("2026-10-03 00:00:00")},
			"2026-11-05 08:00:00", compliance.Missed, "change on 2026-10-30: communicated 2026-10-03 00:00, at the latest 2026-10-02: missed; 1 h in opening hours",
		},
		{
			"open time, decision not shown", fourWeeks,
			availability.Change{Windows: []availability.Window{evening, morning}, Communicated: at("2026-10-02 00:00:00")},
			"2026-11-05 08:00:00", compliance.Met, "change on 2026-10-30: communicated 2026-10-02 00:00, at the latest 2026-10-02: met; 2 h in opening hours, decision not shown",
		},
		{
			"open time, undecided", fourWeeks,
			availability.Change{Windows: []availability.Window{undecided}, InRelease: true},
			"2026-11-05 08:00:00", compliance.NoTarget, "change on 2026-10-30: in a release: no target; 1 h in opening hours",
		},
		{
			"an acute repair asks for no decision", fourWeeks,
			availability.Change{Windows: []availability.Window{evening}, Acute: true, Communicated: at("2026-10-30 15:00:00")},
			"2026-11-05 08:00:00", compliance.NoTarget, "change on 2026-10-30: acute repair: no target; 1 h in opening hours",
		},
		{
			"no effect, in the first days of the range", fourWeeks,
			availability.Change{On: servicetime.MustDate("1970-01-05"), NoEffect: true},
			"2026-11-05 08:00:00", compliance.NoTarget, "change on 1970-01-05: no effect on the service: no target",
		},
	} {
		j, err := tt.rule.Judge(opening, tt.change, at(tt.asOf))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.want, j.Verdict, tt.name)
		assert.Equal(t, tt.line, j.String(), tt.name)
		assert.Equal(t, tt.change, j.Change, tt.name)
		known := func(v time.Time) time.Time {
			if v.After(at(tt.asOf)) {
				return time.Time{}
			}
			return v
		}
		assert.Equal(t, known(tt.change.Communicated), j.Communicated, tt.name)
		assert.Equal(t, known(tt.change.Verified), j.Verified, tt.name)
		assert.Equal(t, tt.want == compliance.NoTarget, j.Before.IsZero(), tt.name)
	}

	for _, tt := range []struct {
		change availability.Change
		asOf   time.Time
	}{
		{availability.Change{On: servicetime.MustDate("2026-10-31")}, time.Time{}},
		{availability.Change{On: servicetime.MustDate("1970-01-28")}, late},                                                         // its notice was before
		{availability.Change{Windows: []availability.Window{{PlannedFrom: time.Unix(-7200, 0), PlannedTo: time.Unix(0, 0)}}}, late}, // within the day by which records are wider
		{availability.Change{Windows: []availability.Window{{PlannedFrom: time.Unix(-7200, 0), PlannedTo: time.Unix(0, 0)}}, Acute: true}, late},
	} {
		_, err := fourWeeks.Judge(opening, tt.change, tt.asOf)
		require.ErrorIs(t, err, servicetime.ErrRange)
	}
}

// A verdict never changes back: from no data it goes to met or missed as time passes, and stays.
func TestNoticeRuleJudgeLaw(t *testing.T) {
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	random := rand.New(rand.NewPCG(46, 4))
	start := onWall(t, "2026-09-20 00:00:00")
	for range 500 {
		rule := availability.NoticeRule{Notice: fourWeeks.Notice, Rule: availability.NoticeBy(random.IntN(4))}
		c := availability.Change{On: servicetime.MustDate("2026-10-31"), Communicated: start.Add(time.Duration(random.Int64N(int64(30 * 24 * time.Hour))))}
		inTime, err := rule.InTime(opening, onWall(t, "2026-10-31 00:00:00"), c.Communicated)
		require.NoError(t, err)
		before := compliance.NoData
		for day := range 60 {
			j, err := rule.Judge(opening, c, start.AddDate(0, 0, day))
			require.NoError(t, err)
			if before != compliance.NoData {
				require.Equal(t, before, j.Verdict, "%+v %s", rule, c.Communicated)
			}
			before = j.Verdict
		}
		require.Equal(t, inTime, before == compliance.Met, "%+v %s", rule, c.Communicated)
	}
}

func ExampleNoticeRule() {
	opening, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, opening.Location())
	}
	rule := availability.NoticeRule{Notice: servicetime.MustTarget("28 days")} // §4.6.4
	asOf := at(time.November, 10, 8)
	for _, c := range []availability.Change{
		{
			Number: "CHG7", Communicated: at(time.October, 2, 9),
			Windows: []availability.Window{{PlannedFrom: at(time.October, 31, 20), PlannedTo: at(time.October, 31, 23)}},
		},
		{
			Number: "CHG8", Communicated: at(time.October, 23, 9),
			Windows: []availability.Window{{PlannedFrom: at(time.November, 6, 16), PlannedTo: at(time.November, 6, 19)}},
		},
		{Number: "CHG9", On: servicetime.MustDate("2026-12-19")},
		{Number: "CHG10", On: servicetime.MustDate("2026-11-03"), Acute: true},
	} {
		j, err := rule.Judge(opening, c, asOf)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(j)
	}
	// Output:
	// CHG7 on 2026-10-31: communicated 2026-10-02 09:00, at the latest 2026-10-03: met
	// CHG8 on 2026-11-06: communicated 2026-10-23 09:00, at the latest 2026-10-09: missed; 1 h in opening hours, decision not shown
	// CHG9 on 2026-12-19: not communicated yet, at the latest 2026-11-21
	// CHG10 on 2026-11-03: acute repair: no target
}
