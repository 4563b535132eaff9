package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
	"example.com/sla/testdata/vectors"
)

const vectorFiles = "../../testdata/vectors"

// Every oracle case goes through the program, which is started as its users start it. Fields of a row that it cannot be asked for are named where the row is read.
func TestVectors(t *testing.T) {
	program, calendars := built(t), calendarTexts(t)
	files := []string{}
	for _, tc := range []struct {
		file    string
		rows    int // of the file, each with an answer
		answers int // as expected
		ask     func(*testing.T, *inquiry, map[string]object) []*inquiry
	}{
		{"availability.jsonl", 300, 900, askAvailability},
		{"bizdate_math.jsonl", 500, 1000, askBusinessDates},
		{"call_composition.jsonl", 267, 2136, askCallComposition},
		{"capacity.jsonl", 200, 400, askCapacity},
		{"composition.jsonl", 167, 668, askComposition},
		{"credits.jsonl", 200, 400, askCredits},
		{"deadline_bizdays.jsonl", 691, 6812, askBusinessDays},
		{"deadline_calendar.jsonl", 400, 3600, askCalendarDays},
		{"deadline_support.jsonl", 800, 1474, askSupportTime},
		{"dst_windows.jsonl", 120, 240, askClockChanges},
		{"elapsed.jsonl", 667, 1990, askElapsed},
		{"interruptions.jsonl", 134, 2010, askInterruptions},
		{"opening_hours.jsonl", 434, 1302, askOpeningHours},
		{"performance.jsonl", 234, 1583, askPerformance},
		{"priority.jsonl", 500, 4000, askPriority},
		{"procedural.jsonl", 378, 1635, askProcedures},
		{"ratios.jsonl", 267, 267, askRatios},
	} {
		files = append(files, filepath.Join(vectorFiles, tc.file))
		t.Run(tc.file, func(t *testing.T) {
			preset := &inquiry{program: program}
			others := tc.ask(t, preset, calendars)
			rows, answers := map[string]bool{}, 0
			for _, q := range append(others, preset) {
				for row, n := range q.run(t) {
					rows[row] = true
					answers += n
				}
			}
			assert.Len(t, rows, tc.rows)
			assert.Equal(t, tc.answers, answers)
		})
	}
	there, err := filepath.Glob(vectorFiles + "/*.jsonl")
	require.NoError(t, err)
	assert.Equal(t, there, files)
}

// calendarTexts are those of calendars.json as the protocol has them.
func calendarTexts(t *testing.T) map[string]object {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectorFiles, "calendars.json"))
	require.NoError(t, err)
	var defs map[string]struct {
		Windows          [][2]int
		Weekdays, Closed string
		Exceptions       map[string][][2]int
	}
	require.NoError(t, json.Unmarshal(text, &defs))
	windows := func(in [][2]int) []string {
		out := []string{}
		for _, w := range in {
			out = append(out, fmt.Sprintf("%02d:%02d-%02d:%02d", w[0]/60, w[0]%60, w[1]/60, w[1]%60))
		}
		return out
	}
	calendars := map[string]object{}
	for name, def := range defs {
		c := object{"time_zone": "Europe/Stockholm", "week": object{strings.ToLower(def.Weekdays): windows(def.Windows)}}
		switch def.Closed {
		case "public":
			c["holidays"] = "SE"
		case "public+eves":
			c["holidays"] = "SE+eves"
		default:
			require.Equal(t, "none", def.Closed, name)
		}
		dates := object{}
		for date, ws := range def.Exceptions {
			dates[date] = windows(ws)
		}
		if len(dates) > 0 {
			c["dates"] = dates
		}
		calendars[name] = c
	}
	return calendars
}

func stockholm(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Stockholm")
	require.NoError(t, err)
	return zone
}

// periodOf is a year, a month or a date: its first instant, and the first behind it.
func periodOf(t *testing.T, text string, zone *time.Location) (from, to time.Time) {
	t.Helper()
	for i, form := range []string{"2006", "2006-01", "2006-01-02"} {
		if first, err := time.ParseInLocation(form, text, zone); err == nil {
			step := [3]int{}
			step[i] = 1
			return first, first.AddDate(step[0], step[1], step[2])
		}
	}
	require.Fail(t, "no period", text)
	return from, to
}

// spansOf are stretches as answers have them, in the order of time.
func spansOf(in [][2]time.Time, zone *time.Location) []span {
	out := []span{}
	for _, s := range in {
		out = append(out, span{s[0].In(zone), s[1].In(zone)})
	}
	slices.SortFunc(out, func(a, b span) int { return a.From.Compare(b.From) })
	return out
}

// rounded is a percentage of an answer, which is rounded down to 4 decimals or more, half-up and down to fewer. Both are those of the exact share. Without data they are
// empty.
func rounded(t *testing.T, percent *string, decimals int) (halfUp, floor string) {
	t.Helper()
	if percent == nil {
		return "", ""
	}
	n, ok := new(big.Rat).SetString(*percent)
	require.True(t, ok, *percent)
	whole, fraction, _ := strings.Cut(*percent, ".")
	require.GreaterOrEqual(t, len(fraction), 4, *percent)
	return n.FloatString(decimals), whole + "." + fraction[:decimals]
}

func askElapsed(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	for _, row := range vectors.Rows[struct {
		ID, Cal  string
		From, To time.Time
		Pauses   any
		Elapsed  int64 `json:"elapsed_seconds"`
		NoPause  int64 `json:"elapsed_no_pause_seconds"`
	}](t, "elapsed.jsonl") {
		c := calendars[row.Cal]
		type elapsed struct{ Seconds int64 }
		// Where to lies before from the vectors give 0, and the program counts backwards.
		look(t, q, row.ID, object{"op": "elapsed", "calendar": c, "from": row.From, "to": row.To, "pauses": row.Pauses}, func(got elapsed) {
			assert.Equal(t, row.Elapsed, max(0, got.Seconds), row.ID)
		})
		look(t, q, row.ID, object{"op": "elapsed", "calendar": c, "from": row.From, "to": row.To}, func(got elapsed) {
			assert.Equal(t, row.NoPause, max(0, got.Seconds), row.ID)
		})
		if row.To.Before(row.From) {
			continue
		}
		look(t, q, row.ID, object{"op": "explain", "calendar": c, "from": row.From, "to": row.To, "pauses": row.Pauses}, func(got struct{ Segments []segment }) {
			var all, counted time.Duration
			for _, s := range got.Segments {
				all += s.To.Sub(s.From)
				if s.Counted {
					counted += s.To.Sub(s.From)
				}
			}
			assert.Equal(t, row.To.Sub(row.From), all, row.ID)
			assert.Equal(t, time.Duration(row.Elapsed)*time.Second, counted, row.ID)
		})
	}
	return nil
}

func askSupportTime(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	for _, row := range vectors.Rows[struct {
		ID, Cal, Received string
		Target            int `json:"target_seconds"`
		Pauses            any
		Earliest          string `json:"deadline_earliest"`
		Latest            string `json:"deadline_latest"`
	}](t, "deadline_support.jsonl") {
		q.ask(t, row.ID, object{"op": "add", "calendar": calendars[row.Cal], "from": row.Received, "seconds": row.Target, "pauses": row.Pauses},
			object{"earliest": row.Earliest, "latest": row.Latest})
		if row.Target > 0 && row.Target%60 == 0 { // a target is not 0, and has no seconds
			q.ask(t, row.ID, object{"op": "deadline", "calendar": calendars[row.Cal], "received": row.Received, "target": fmt.Sprint(row.Target/60, " min"), "pauses": row.Pauses},
				object{"due": row.Earliest, "rule": "SUPPORT_CLOCK"})
		}
	}
	return nil
}

func askBusinessDays(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	for _, row := range vectors.Rows[struct {
		ID, Cal, Received, Effective string
		N                            int
		ExclClose                    string `json:"excl_close"`
		ExclMidnight                 string `json:"excl_midnight"`
		EffExclClose                 string `json:"eff_excl_close"`
		InclClose                    string `json:"incl_close"`
		Cutoff12Close                string `json:"cutoff12_close"`
		SameTime                     string `json:"same_time"`
		HoursSeconds                 *int   `json:"hours_seconds"` // of calendars with one window
		HoursEarliest                string `json:"hours_earliest"`
		HoursLatest                  string `json:"hours_latest"`
	}](t, "deadline_bizdays.jsonl") {
		c := calendars[row.Cal]
		look(t, q, row.ID, object{"op": "open", "calendar": c, "at": row.Received}, func(got struct {
			Next string `json:"next_open"`
		},
		) {
			assert.Equal(t, row.Effective, got.Next, row.ID)
		})
		dues := [][2]string{
			{"EXCL_DATE_CLOSE", row.ExclClose},
			{"EXCL_DATE_MIDNIGHT", row.ExclMidnight},
			{"EXCL_EFFECTIVE_CLOSE", row.EffExclClose},
			{"INCL_EFFECTIVE_CLOSE", row.InclClose},
			{"CUTOFF_1200_CLOSE", row.Cutoff12Close},
			{"SAME_TIME", row.SameTime},
		}
		if row.HoursSeconds != nil {
			dues = append(dues, [2]string{"AS_HOURS", row.HoursEarliest})
			q.ask(t, row.ID, object{"op": "add", "calendar": c, "from": row.Received, "seconds": *row.HoursSeconds},
				object{"earliest": row.HoursEarliest, "latest": row.HoursLatest})
		}
		target := fmt.Sprint(row.N, " business days")
		for _, want := range dues {
			q.ask(t, row.ID, object{"op": "deadline", "calendar": c, "received": row.Received, "target": target, "rule": want[0]}, object{"due": want[1], "rule": want[0]})
		}
		q.ask(t, row.ID, object{"op": "deadline", "calendar": c, "received": row.Received, "target": target}, object{"due": row.ExclClose, "rule": "EXCL_DATE_CLOSE"})
	}
	return nil
}

func askCalendarDays(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	c := calendars["SE0817"]
	for _, row := range vectors.Rows[struct {
		ID, Received  string
		Days, Hours   int
		NX24H         string `json:"n_x_24h"`
		SameWallclock string `json:"same_wallclock"`
		ExclMidnight  string `json:"excl_midnight"`
		EU            string `json:"eu1182_midnight"`
		EUMin         string `json:"eu1182_min2wd_midnight"`
		SE            string `json:"se1930_last_date"`
		HoursElapsed  string `json:"hours_elapsed"`
		EUHours       string `json:"eu1182_hours_end"`
	}](t, "deadline_calendar.jsonl") {
		days, hours := fmt.Sprint(row.Days, " days"), fmt.Sprint(row.Hours, " h")
		for _, want := range []struct{ target, rule, due string }{
			{days, "N_X_24H", row.NX24H},
			{days, "SAME_WALLCLOCK", row.SameWallclock},
			{days, "EXCL_MIDNIGHT", row.ExclMidnight},
			{days, "EU1182_MIDNIGHT", row.EU},
			{days, "EU1182_MIN2WD_MIDNIGHT", row.EUMin},
			{hours, "WALL_CLOCK", row.HoursElapsed},
			{hours, "EU1182_HOURS", row.EUHours},
		} {
			q.ask(t, row.ID, object{"op": "deadline", "calendar": c, "received": row.Received, "target": want.target, "rule": want.rule}, object{"due": want.due, "rule": want.rule})
		}
		q.ask(t, row.ID, object{"op": "deadline", "calendar": c, "received": row.Received, "target": days}, object{"due": row.ExclMidnight, "rule": "EXCL_MIDNIGHT"})
		look(t, q, row.ID, object{"op": "deadline", "calendar": c, "received": row.Received, "target": days, "rule": "SE1930_CLOSE"}, func(got struct{ Due time.Time }) {
			assert.Equal(t, row.SE+" 17:00:00", got.Due.Format(time.DateTime), row.ID) // the calendar closes then
		})
	}
	return nil
}

func askOpeningHours(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	zone := stockholm(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal, Period string
		OpenDays        int         `json:"open_days"`
		OpenMinutes     int         `json:"open_minutes"`
		AllowedDown     json.Number `json:"allowed_down_98pct_seconds"`
	}](t, "opening_hours.jsonl") {
		from, to := periodOf(t, row.Period, zone)
		q.ask(t, row.ID, object{"op": "hours", "calendar": calendars[row.Cal], "from": from, "to": to}, object{"seconds": 60 * row.OpenMinutes, "days": row.OpenDays})
		q.ask(t, row.ID, object{
			"op": "days", "calendar": calendars[row.Cal],
			"date": from.AddDate(0, 0, -1).Format(time.DateOnly), "to": to.AddDate(0, 0, -1).Format(time.DateOnly),
		}, object{"between": row.OpenDays})
		q.ask(t, row.ID, object{"op": "compliance", "met": 60 * row.OpenMinutes, "total": 60 * row.OpenMinutes, "target": "98%"}, object{"misses_left": row.AllowedDown})
	}
	return nil
}

func askClockChanges(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	zone := stockholm(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal, Date string
		DaySeconds    int            `json:"day_seconds"`
		OpenSeconds   int            `json:"open_seconds"`
		Segments      [][2]time.Time `json:"segments_utc"`
	}](t, "dst_windows.jsonl") {
		from, to := periodOf(t, row.Date, zone)
		q.ask(t, row.ID, object{"op": "hours", "calendar": calendars["H24"], "from": from, "to": to}, object{"seconds": row.DaySeconds, "days": 1})
		q.ask(t, row.ID, object{"op": "hours", "calendar": calendars[row.Cal], "from": from, "to": to, "spans": true},
			object{"seconds": row.OpenSeconds, "spans": spansOf(row.Segments, zone)})
	}
	return nil
}

func askBusinessDates(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	for _, row := range vectors.Rows[struct { // weekday is of the date, no answer
		ID, Cal, Date, Other string
		IsBusinessDay        bool `json:"is_business_day"`
		N                    int
		NthAfter             string `json:"nth_after"`
		NthBefore            string `json:"nth_before"`
		Following            string `json:"roll_following"`
		Preceding            string `json:"roll_preceding"`
		Between              int    `json:"business_days_in_excl_date_incl_other"`
	}](t, "bizdate_math.jsonl") {
		q.ask(t, row.ID, object{"op": "days", "calendar": calendars[row.Cal], "date": row.Date, "n": row.N, "to": row.Other}, object{
			"date": row.NthAfter, "following": row.Following, "preceding": row.Preceding, "is_business_day": row.IsBusinessDay, "between": row.Between,
		})
		q.ask(t, row.ID, object{"op": "days", "calendar": calendars[row.Cal], "date": row.Date, "n": -row.N}, object{"date": row.NthBefore})
	}
	return nil
}

func askPriority(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	readings := []string{
		"critical_first.by_date", "critical_first.next_open", "critical_first.out_of_hours_is_4",
		"low_first.by_date", "low_first.next_open", "low_first.out_of_hours_is_4",
	}
	for _, row := range vectors.Rows[struct {
		ID, Cal, Received string
		InHours           bool `json:"in_hours"`
		Impact            int
		Config            object // its names are those of the options
		Result            map[string]struct {
			Time     int
			Priority string
		}
	}](t, "priority.jsonl") {
		q.ask(t, row.ID, object{"op": "open", "calendar": calendars[row.Cal], "at": row.Received}, object{"open": row.InHours})
		require.Equal(t, readings, slices.Sorted(maps.Keys(row.Result)), row.ID)
		for reading, want := range row.Result {
			options := maps.Clone(row.Config)
			options["precedence"], options["out_of_hours"], _ = strings.Cut(reading, ".")
			q.ask(t, row.ID, object{"op": "priority", "calendar": calendars[row.Cal], "impact": row.Impact, "at": row.Received, "options": options},
				object{"timing": want.Time, "priority": want.Priority})
		}
		// What the agreement says need not be said: its readings, and its opening hours.
		preset := object{"op": "priority", "impact": row.Impact, "at": row.Received, "options": row.Config}
		if row.Cal != "SE0817" {
			preset["calendar"] = calendars[row.Cal]
		}
		want := row.Result["critical_first.next_open"]
		q.ask(t, row.ID, preset, object{"timing": want.Time, "priority": want.Priority})
	}
	return nil
}

func askCallComposition(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	fill := func(many priority.ManyDown) *inquiry {
		return q.under(t, func(a *sla.Agreement) { a.Priority.Impact.ManyDown = many })
	}
	is1, is2 := fill(priority.ManyDownIs1), fill(priority.ManyDownIs2)
	const from, to = "2026-10-05T09:00:00+02:00", "2026-10-05T10:00:00+02:00"
	seconds := map[string]object{
		"available":                  {"available_seconds": 3600, "disturbed_seconds": 0, "unavailable_seconds": 0},
		"available_with_disturbance": {"available_seconds": 0, "disturbed_seconds": 3600, "unavailable_seconds": 0},
		"unavailable":                {"available_seconds": 0, "disturbed_seconds": 0, "unavailable_seconds": 3600},
	}
	for _, row := range vectors.Rows[struct {
		ID                             string
		Providers, Requested, Answered []string
		Fixed3                         string
		Capped                         string `json:"capped_min3_requested"`
		Literal                        string `json:"literal_zero"`
		Failed                         int
		ImpactLiteral                  *int `json:"impact_literal"`
		Is2                            int  `json:"impact_fill_up_is_2"`
		Is1                            int  `json:"impact_fill_up_is_1"`
	}](t, "call_composition.jsonl") {
		// One call has the class of an hour in which those are down that did not answer it.
		down := object{}
		for _, name := range row.Requested {
			if !slices.Contains(row.Answered, name) {
				down[name] = [][2]string{{from, to}}
			}
		}
		require.Len(t, down, row.Failed, row.ID)
		for quorum, class := range map[int]string{3: row.Capped, 1: row.Literal} {
			require.Contains(t, seconds, class, row.ID)
			q.ask(t, row.ID, object{
				"op": "composition", "calendar": calendars["H24"], "from": from, "to": to, "providers": row.Requested, "quorum": quorum, "down": down,
			}, seconds[class])
		}
		// A quorum that is above those asked cannot be asked for: it is capped.
		if len(row.Requested) >= 3 {
			assert.Equal(t, row.Capped, row.Fixed3, row.ID)
		} else {
			assert.Equal(t, "unavailable", row.Fixed3, row.ID)
		}

		preset := row.Is2
		if len(row.Answered) < 3 {
			preset = row.Is1
		}
		if row.ImpactLiteral != nil {
			assert.Equal(t, *row.ImpactLiteral, preset, row.ID)
		}
		for _, reading := range []struct {
			q      *inquiry
			impact int
		}{{q, preset}, {is1, row.Is1}, {is2, row.Is2}} {
			want := object{"impact": reading.impact}
			reading.q.ask(t, row.ID, object{"op": "impact", "total": len(row.Providers), "asked": len(row.Requested), "answered": len(row.Answered), "down": 0}, want)
			// The same of all services, where these are all.
			reading.q.ask(t, row.ID, object{"op": "impact", "total": len(row.Requested), "down": row.Failed}, want)
		}
	}
	return []*inquiry{is1, is2}
}

func askAvailability(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	type share struct {
		Num, Den int64
		HalfUp   string `json:"pct_half_up_2"`
		Floor    string `json:"pct_floor_2"` // half-even is a rounding that the program has not
		Meets    *bool  `json:"meets_98"`
	}
	for _, row := range vectors.Rows[struct {
		ID, Cal  string
		From     string `json:"period_from"`
		To       string `json:"period_to"`
		Outages  any
		Windows  []object `json:"service_windows"`
		Open     int64    `json:"open_seconds"`
		Excused  int64    `json:"excused_seconds"`
		Down     int64    `json:"down_seconds"`
		Incl     share
		Excl     share
		DownLe62 bool `json:"down_le_62h"`
	}](t, "availability.jsonl") {
		for _, w := range row.Windows {
			w["announced"] = w["overrun_announced"]
			delete(w, "overrun_announced")
		}
		request := object{"op": "availability", "calendar": calendars[row.Cal], "from": row.From, "to": row.To, "outages": row.Outages, "service_windows": row.Windows}
		target := maps.Clone(request)
		target["target"] = "98%"
		look(t, q, row.ID, target, func(got struct {
			Open    int64 `json:"open_seconds"`
			Down    int64 `json:"down_seconds"`
			Excused int64 `json:"excused_seconds"`
			Percent *string
			Without *string `json:"percent_without_excused"`
			Meets   *bool
		},
		) {
			assert.Equal(t, []int64{row.Open, row.Excused, row.Down}, []int64{got.Open, got.Excused, got.Down}, row.ID)
			incl := share{Num: got.Open - got.Down, Den: got.Open, Meets: got.Meets}
			excl := share{Num: got.Open - got.Down - got.Excused, Den: got.Open - got.Excused, Meets: row.Excl.Meets} // asked for below
			incl.HalfUp, incl.Floor = rounded(t, got.Percent, 2)
			excl.HalfUp, excl.Floor = rounded(t, got.Without, 2)
			assert.Equal(t, []share{row.Incl, row.Excl}, []share{incl, excl}, row.ID)
		})
		// The share without excused time has no verdict in that answer.
		q.ask(t, row.ID, object{"op": "compliance", "met": row.Excl.Num, "total": row.Excl.Den, "target": "98%"}, object{"meets": row.Excl.Meets})
		longest := maps.Clone(request)
		longest["max_down_seconds"] = 62 * 3600
		q.ask(t, row.ID, longest, object{"meets": row.DownLe62})
	}
	return nil
}

func askInterruptions(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	type answer struct {
		Meets         *bool
		Interruptions []span
	}
	zone := stockholm(t)
	for _, row := range vectors.Rows[struct {
		// No answer has counts without merging (raw_by_start), merged over gaps (merged_gap300_by_start), or by every month touched (open_by_touch).
		ID, Cal    string
		Year       int
		Outages    any
		Merged     map[string]int `json:"merged_by_start"`
		FirstDown  map[string]int `json:"open_by_first_down"`
		Total      int            `json:"open_year_total"`
		MonthsOver []string       `json:"months_over_4"`
		YearOver   bool           `json:"year_over_12"`
		Meets      bool           `json:"meets_4_per_month_and_12_per_year"`
	}](t, "interruptions.jsonl") {
		ask := func(cal string, from, to time.Time, limit int, answered func(got answer)) {
			look(t, q, row.ID, object{"op": "availability", "calendar": calendars[cal], "from": from, "to": to, "outages": row.Outages, "max_interruptions": limit}, answered)
		}
		// Outages reach over the ends of the year. Those of a service that never closes are counted without opening hours.
		before, _ := periodOf(t, fmt.Sprint(row.Year-1), zone)
		_, after := periodOf(t, fmt.Sprint(row.Year+1), zone)
		for _, reading := range []struct {
			cal  string
			want map[string]int
		}{{"H24", row.Merged}, {row.Cal, row.FirstDown}} {
			ask(reading.cal, before, after, 0, func(got answer) {
				months := map[string]int{}
				for _, i := range got.Interruptions {
					months[i.From.Format("2006-01")]++
				}
				assert.Equal(t, reading.want, months, "%s %s", row.ID, reading.cal)
			})
		}

		over, meets := []string{}, true
		for month := range 12 {
			name := fmt.Sprintf("%d-%02d", row.Year, month+1)
			from, to := periodOf(t, name, zone)
			ask(row.Cal, from, to, 4, func(got answer) {
				assert.Len(t, got.Interruptions, row.FirstDown[name], "%s %s", row.ID, name)
				if require.NotNil(t, got.Meets, row.ID); !*got.Meets {
					over, meets = append(over, name), false
				}
			})
		}
		from, to := periodOf(t, fmt.Sprint(row.Year), zone)
		ask(row.Cal, from, to, 12, func(got answer) {
			assert.Len(t, got.Interruptions, row.Total, row.ID)
			require.NotNil(t, got.Meets, row.ID)
			assert.Equal(t, row.YearOver, !*got.Meets, row.ID)
			assert.Equal(t, row.MonthsOver, over, row.ID) // the months have answered
			assert.Equal(t, row.Meets, meets && *got.Meets, row.ID)
		})
	}
	return nil
}

func askComposition(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	zone := stockholm(t)
	for _, row := range vectors.Rows[struct {
		ID, Cal, From, To string
		Quorum            int
		Providers, Down   any
		By                [9]int         `json:"open_seconds_by_up_count"`
		Full              int            `json:"full_seconds"`
		Disturbed         int            `json:"disturbed_seconds"`
		Gap               int            `json:"gap_1_2_seconds"`
		None              int            `json:"none_seconds"`
		Strict            int            `json:"unavailable_strict_lt3_seconds"`
		Literal           int            `json:"unavailable_literal_eq0_seconds"`
		Impact2           int            `json:"impact2_seconds"`
		Unlisted          int            `json:"impact_unlisted_5_7_down_seconds"`
		Impact1           int            `json:"impact1_seconds"`
		BelowQuorum       [][2]time.Time `json:"below_quorum_intervals_24x7"`
	}](t, "composition.jsonl") {
		request := func(cal string, quorum int) object {
			return object{"op": "composition", "calendar": calendars[cal], "from": row.From, "to": row.To, "providers": row.Providers, "quorum": quorum, "down": row.Down}
		}
		q.ask(t, row.ID, request(row.Cal, row.Quorum), object{
			"seconds_by_answering": row.By, "available_seconds": row.Full, "disturbed_seconds": row.Disturbed, "unavailable_seconds": row.Strict,
		})
		q.ask(t, row.ID, request(row.Cal, 1), object{"seconds_by_answering": row.By, "available_seconds": row.Full, "unavailable_seconds": row.Literal})
		q.ask(t, row.ID, request("H24", row.Quorum), object{"unavailable": spansOf(row.BelowQuorum, zone)})
		// Those of an impact are those of so many answering.
		look(t, q, row.ID, request(row.Cal, row.Quorum), func(got struct {
			By [9]int `json:"seconds_by_answering"`
		},
		) {
			sum := func(by []int) (sum int) {
				for _, n := range by {
					sum += n
				}
				return sum
			}
			assert.Equal(t, []int{row.Gap, row.None, row.Impact2, row.Unlisted, row.Impact1},
				[]int{sum(got.By[1:3]), got.By[0], sum(got.By[4:8]), sum(got.By[1:4]), got.By[0]}, row.ID)
		})
	}
	return nil
}

func askPerformance(t *testing.T, q *inquiry, _ map[string]object) []*inquiry {
	fail := q.under(t, func(a *sla.Agreement) { a.Performance.Unanswered = performance.UnansweredFail })
	each := q.under(t, func(a *sla.Agreement) {
		a.Performance.Unanswered, a.Performance.Groups = performance.UnansweredFail, performance.GroupsEach
	})
	type figures struct {
		Total, Within1, Within2 int
		OK90                    *bool
		OKRest                  *bool `json:"ok_rest"`
		OK                      *bool
	}
	for _, row := range vectors.Rows[struct {
		ID       string
		Calls    [][2]*int
		Rejected int
		Fails    figures         `json:"pooled_none_fails"`
		Excluded figures         `json:"pooled_none_excluded"`
		PerN     map[int]figures `json:"per_n_none_fails"`
		EveryN   *bool           `json:"ok_every_n"`
	}](t, "performance.jsonl") {
		within := func(f figures) object {
			return object{"within_first": f.Within1, "within_second": f.Within2, "meets_first": f.OK90, "meets_second": f.OKRest, "meets": f.OK}
		}
		counted := within(row.Excluded)
		counted["total"], counted["invalid"], counted["unanswered"] = row.Excluded.Total, row.Rejected, row.Fails.Total-row.Excluded.Total
		counted["precision"] = object{"met": row.Excluded.Total, "total": row.Fails.Total}
		q.ask(t, row.ID, object{"op": "performance", "calls": row.Calls}, counted)
		fail.ask(t, row.ID, object{"op": "performance", "calls": row.Calls}, within(row.Fails))
		for n, f := range row.PerN {
			calls := [][2]*int{}
			for _, call := range row.Calls {
				if *call[0] == n {
					calls = append(calls, call)
				}
			}
			require.Len(t, calls, f.Total, row.ID)
			fail.ask(t, row.ID, object{"op": "performance", "calls": calls}, within(f))
		}
		each.ask(t, row.ID, object{"op": "performance", "calls": row.Calls}, object{"meets": row.EveryN})
	}
	return []*inquiry{fail, each}
}

func askCapacity(t *testing.T, q *inquiry, _ map[string]object) []*inquiry {
	limits := []capacity.Limit{
		{Kind: capacity.Rate, Max: 3, Per: servicetime.MustDuration("1 s"), Model: capacity.Calendar},
		{Kind: capacity.Count, Max: 200, Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar},
	}
	limited := q.under(t, func(a *sla.Agreement) { a.Capacity.Limits = limits })
	type peak struct{ Peak int }
	type answer struct {
		Second  peak `json:"per_second"`
		Minute  peak `json:"per_minute"`
		Hour    peak `json:"per_hour"`
		Sliding peak `json:"sliding_second"`
		Sixty   peak `json:"sliding_minute"`
		AtOnce  peak `json:"concurrent"`
		Over    []struct {
			Limit string
			Peak  int
		}
	}
	for _, row := range vectors.Rows[struct { // no answer slides over an hour (max_sliding_3600s)
		ID      string
		Calls   [][2]int `json:"calls_ms"`
		Total   int
		Second  int  `json:"max_calendar_second"`
		Minute  int  `json:"max_calendar_minute"`
		Hour    int  `json:"max_calendar_hour"`
		Sliding int  `json:"max_sliding_1s"`
		Sixty   int  `json:"max_sliding_60s"`
		AtOnce  int  `json:"max_concurrent"`
		Over3   bool `json:"over_3_per_calendar_second"`
		Over3s  bool `json:"over_3_per_sliding_second"`
		Over200 bool `json:"over_200_calendar_minute"`
		OverAny bool `json:"over_200_sliding_minute"`
		OverAll bool `json:"over_200_concurrent"`
	}](t, "capacity.jsonl") {
		require.Len(t, row.Calls, row.Total, row.ID)
		look(t, q, row.ID, object{"op": "capacity", "calls": row.Calls}, func(got answer) {
			assert.Equal(t, []int{row.Second, row.Minute, row.Hour, row.Sliding, row.Sixty, row.AtOnce},
				[]int{got.Second.Peak, got.Minute.Peak, got.Hour.Peak, got.Sliding.Peak, got.Sixty.Peak, got.AtOnce.Peak}, row.ID)
			assert.Equal(t, []bool{row.Over3, row.Over3s, row.Over200, row.OverAny, row.OverAll},
				[]bool{got.Second.Peak > 3, got.Sliding.Peak > 3, got.Minute.Peak > 200, got.Sixty.Peak > 200, got.AtOnce.Peak > 200}, row.ID)
			assert.Equal(t, row.Minute > 180, len(got.Over) > 0, row.ID) // §4.7: 3 a second as the average of a minute, the lower limit
		})
		// The spells over a limit are those of windows of the calendar.
		look(t, limited, row.ID, object{"op": "capacity", "calls": row.Calls}, func(got answer) {
			want, most := map[string]int{}, map[string]int{}
			if row.Over3 {
				want[limits[0].String()] = row.Second
			}
			if row.Over200 {
				want[limits[1].String()] = row.Minute
			}
			for _, o := range got.Over {
				most[o.Limit] = max(most[o.Limit], o.Peak)
			}
			assert.Equal(t, want, most, row.ID)
		})
	}
	return []*inquiry{limited}
}

func askCredits(t *testing.T, q *inquiry, _ map[string]object) []*inquiry {
	always := object{"time_zone": "UTC", "week": object{"mon-sun": []string{"00:00-24:00"}}}
	for _, row := range vectors.Rows[struct {
		ID    string
		Tiers []struct {
			Below  string `json:"below_pct"`
			Credit int    `json:"credit_pct"`
		}
		Month        string
		MonthSeconds int    `json:"month_seconds"`
		DownSeconds  int    `json:"down_seconds"`
		Num          int    `json:"uptime_num"`
		Den          int    `json:"uptime_den"`
		HalfUp       string `json:"pct_half_up_3"`
		Credit       int    `json:"credit_pct"` // 0: none
	}](t, "credits.jsonl") {
		ladder := []object{}
		for _, tier := range row.Tiers {
			ladder = append(ladder, object{"below": tier.Below + "%", "credit": fmt.Sprint(tier.Credit, "%")})
		}
		var credit any
		if row.Credit > 0 {
			credit = fmt.Sprint(row.Credit, "%")
		}
		q.ask(t, row.ID, object{"op": "credit", "achieved": object{"met": row.Num, "total": row.Den}, "ladder": ladder}, object{"credit": credit})

		from, to := periodOf(t, row.Month, time.UTC)
		outage := [2]time.Time{from, from.Add(time.Duration(row.DownSeconds) * time.Second)}
		look(t, q, row.ID, object{"op": "availability", "calendar": always, "from": from, "to": to, "outages": [][2]time.Time{outage}}, func(got struct {
			Open    int `json:"open_seconds"`
			Down    int `json:"down_seconds"`
			Percent *string
		},
		) {
			assert.Equal(t, []int{row.MonthSeconds, row.DownSeconds, row.Num, row.Den}, []int{got.Open, got.Down, got.Open - got.Down, got.Open}, row.ID)
			halfUp, _ := rounded(t, got.Percent, 3)
			assert.Equal(t, row.HalfUp, halfUp, row.ID)
		})
	}
	return nil
}

func askRatios(t *testing.T, q *inquiry, _ map[string]object) []*inquiry {
	for _, row := range vectors.Rows[struct {
		ID         string
		Threshold  int `json:"threshold_pct"`
		Met, Total int
		Meets      *bool
		Misses     int    `json:"max_misses_allowed"`
		HalfUp1    string `json:"pct_half_up_1"`
		Floor1     string `json:"pct_floor_1"`
		HalfUp2    string `json:"pct_half_up_2"`
	}](t, "ratios.jsonl") {
		look(t, q, row.ID, object{"op": "compliance", "met": row.Met, "total": row.Total, "target": fmt.Sprint(row.Threshold, "%")}, func(got struct {
			Meets   *bool
			Percent *string
			Left    int `json:"misses_left"`
		},
		) {
			assert.Equal(t, row.Meets, got.Meets, row.ID)
			assert.Equal(t, row.Misses, got.Left+row.Total-row.Met, row.ID)
			halfUp1, floor1 := rounded(t, got.Percent, 1)
			halfUp2, _ := rounded(t, got.Percent, 2)
			assert.Equal(t, []string{row.HalfUp1, row.Floor1, row.HalfUp2}, []string{halfUp1, floor1, halfUp2}, row.ID)
		})
	}
	return nil
}

func askProcedures(t *testing.T, q *inquiry, calendars map[string]object) []*inquiry {
	zone := stockholm(t)
	decide := func(rule availability.NoticeBy, holiday availability.OnHoliday) *inquiry {
		return q.under(t, func(a *sla.Agreement) {
			a.Changes.Rule, a.Changes.Meetings.Rule, a.Changes.Meetings.Holiday = rule, rule, holiday
		})
	}
	byDateHold := decide(availability.NoticeByDate, availability.HoldMeeting)
	byWallHold := decide(availability.NoticeByWall, availability.HoldMeeting)
	byWallSkip := decide(availability.NoticeByWall, availability.SkipMeeting)
	byElapsed := decide(availability.NoticeByElapsed, availability.SkipMeeting)
	type rolled struct{ Following, Preceding string }
	for _, row := range vectors.Rows[struct {
		ID, Kind, Cal string

		Period  string
		AsIs    string `json:"as_is"`
		SE0817  rolled
		SE0817E rolled

		Request         string
		DateMeeting     time.Time `json:"date_rule_meeting"`
		DateMaterial    time.Time `json:"date_rule_material_due"`
		DateHoliday     bool      `json:"date_rule_is_public_holiday"`
		InstantMeeting  time.Time `json:"instant_rule_meeting"`
		InstantMaterial time.Time `json:"instant_rule_material_due"`
		InstantSkip     time.Time `json:"instant_rule_skip_holiday_meeting"`

		Change, Notice string
		LatestDate     string `json:"latest_date"`
		OKDate         bool   `json:"ok_date_rule"`
		LatestWall     string `json:"latest_instant_wall"`
		OKWall         bool   `json:"ok_wall_instant_rule"`
		Latest672h     string `json:"latest_instant_672h"`
		OK672h         bool   `json:"ok_672h_rule"`
	}](t, "procedural.jsonl") {
		switch row.Kind {
		case "report_due":
			q.ask(t, row.ID, object{"op": "procedure", "kind": row.Kind, "month": row.Period}, object{"due": row.AsIs, "business_day_before": row.SE0817.Preceding})
			q.ask(t, row.ID, object{"op": "days", "calendar": calendars["SE0817"], "date": row.AsIs}, object{"following": row.SE0817.Following, "preceding": row.SE0817.Preceding})
			q.ask(t, row.ID, object{"op": "days", "calendar": calendars["SE0817E"], "date": row.AsIs}, object{"following": row.SE0817E.Following, "preceding": row.SE0817E.Preceding})
		case "decision_meeting":
			q.ask(t, row.ID, object{"op": "days", "calendar": calendars[row.Cal], "date": row.DateMeeting.Format(time.DateOnly)}, object{"is_business_day": !row.DateHoliday})
			// The preset's reading has no column: the date rule's, stepped by a week over holidays, which lie no two in consecutive weeks.
			preset := row.DateMeeting.In(zone)
			if row.DateHoliday {
				preset = preset.AddDate(0, 0, 7)
			}
			for _, reading := range []struct {
				q           *inquiry
				first, held time.Time
				material    time.Time
			}{
				{q, row.DateMeeting, preset, preset.Add(-4 * time.Hour)}, // clocks change at night
				{byDateHold, row.DateMeeting, row.DateMeeting, row.DateMaterial},
				{byWallHold, row.InstantMeeting, row.InstantMeeting, row.InstantMaterial},
				{byWallSkip, row.InstantMeeting, row.InstantSkip, row.InstantSkip.Add(-4 * time.Hour)},
			} {
				skipped := []string{}
				for at := reading.first.In(zone); at.Before(reading.held); at = at.AddDate(0, 0, 7) {
					skipped = append(skipped, at.Format(time.DateOnly))
				}
				reading.q.ask(t, row.ID, object{"op": "procedure", "kind": row.Kind, "requested_at": row.Request},
					object{"meeting": reading.held.In(zone), "material_due": reading.material.In(zone), "skipped": skipped})
			}
		case "change_notice_4w":
			for _, reading := range []struct {
				q      *inquiry
				latest string // an answer has the date alone
				inTime bool
			}{
				{q, row.LatestDate, row.OKDate},
				{byWallSkip, row.LatestWall[:len(time.DateOnly)], row.OKWall},
				{byElapsed, row.Latest672h[:len(time.DateOnly)], row.OK672h},
			} {
				reading.q.ask(t, row.ID, object{"op": "procedure", "kind": "change_notice", "change_on": row.Change, "notice": row.Notice},
					object{"latest": reading.latest, "in_time": reading.inTime})
			}
			// By date the time of day does not matter.
			q.ask(t, row.ID, object{"op": "procedure", "kind": "change_notice", "change_on": row.Change[:len(time.DateOnly)], "notice": row.Notice},
				object{"latest": row.LatestDate, "in_time": row.OKDate})
		default:
			assert.Fail(t, "unknown kind", row.ID)
		}
	}
	return []*inquiry{byDateHold, byWallHold, byWallSkip, byElapsed}
}
