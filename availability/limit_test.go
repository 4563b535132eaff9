package availability_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

func ptr[T any](v T) *T { return &v }

func duration(s string) *servicetime.Duration { return ptr(servicetime.MustDuration(s)) }

// The limits of §4.9.1, as the preset reads them.
func limits() []availability.Limit {
	return []availability.Limit{
		{Per: availability.PerMonth, Share: compliance.MustGoal("98%")},
		{Per: availability.PerYear, Share: compliance.MustGoal("98%")},
		{Per: availability.PerYear, Down: duration("62 h")},
		{Per: availability.PerMonth, Interruptions: ptr(int64(4))},
		{Per: availability.PerYear, Interruptions: ptr(int64(12))},
	}
}

// The cells of §4.9.1, each just met and just missed. October 2026 has 198 h of opening hours, 2 % of which are 3 h 57 min 36 s; 2026
// has 2,286 h, 2 % of which are 45 h 43 min 12 s.
func TestJudge(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	many := func(n int) (out []availability.Outage) {
		for i := range n {
			from := at("05 09:00").Add(time.Duration(i) * time.Minute)
			out = append(out, availability.Outage{From: from, To: from.Add(time.Second)})
		}
		return out
	}
	// so many hours of each opening, from the first week of the year on
	year := func(last string, n int) (out []availability.Outage) {
		for day := servicetime.MustDate("2026-01-07"); n > 0; day = day.AddDays(1) {
			if rule.Opening.IsBusinessDay(day) {
				span, err := rule.Opening.Span(day)
				require.NoError(t, err)
				out = append(out, availability.Outage{From: span.From.Add(8 * time.Hour), To: span.From.Add(17 * time.Hour)})
				n--
			}
		}
		out[len(out)-1].To = out[len(out)-1].From.Add(time.Duration(servicetime.MustDuration(last)))
		return out
	}
	for _, row := range []struct {
		name    string
		limit   int
		outages []availability.Outage
		want    string
		verdict compliance.Verdict
	}{
		{"98 % a month, nothing", 0, nil, "down 0 s of 198 h, 100.00 %, goal 98 %: met, 3 h 57 min 36 s left", compliance.Met},
		{"98 % a month, exactly", 0, outages("05 09:00:00 – 05 12:57:36"), "down 3 h 57 min 36 s of 198 h, 98.00 %, goal 98 %: met, 0 s left", compliance.Met},
		{"98 % a month, a second more", 0, outages("05 09:00:00 – 05 12:57:37"), "down 3 h 57 min 37 s of 198 h, 97.9999 %, goal 98 %: missed by 1 s", compliance.Missed},
		{"98 % a month, a nanosecond more", 0, outages("05 09:00:00 – 05 12:57:36.000000001"), "down 3 h 57 min 36.000000001 s of 198 h, 97.9999999999999 %, goal 98 %: missed by 0.000000001 s", compliance.Missed},
		{"98 % a year, exactly", 1, year("43 min 12 s", 6), "down 45 h 43 min 12 s of 2286 h, 98.00 %, goal 98 %: met, 0 s left", compliance.Met},
		{"98 % a year, a second more", 1, year("43 min 13 s", 6), "down 45 h 43 min 13 s of 2286 h, 97.99999 %, goal 98 %: missed by 1 s", compliance.Missed},
		{"62 h, exactly", 2, year("8 h", 7), "down 62 h, at most 62 h: met, 0 s left", compliance.Met},
		{"62 h, a second more", 2, year("8 h 1 s", 7), "down 62 h 1 s, at most 62 h: missed by 1 s", compliance.Missed},
		{"4 a month", 3, many(4), "4 interruptions, at most 4: met, 0 left", compliance.Met},
		{"5 a month", 3, many(5), "5 interruptions, at most 4: missed by 1", compliance.Missed},
		{"12 a year", 4, many(12), "12 interruptions, at most 12: met, 0 left", compliance.Met},
		{"13 a year", 4, many(13), "13 interruptions, at most 12: missed by 1", compliance.Missed},
	} {
		limit := limits()[row.limit]
		m, err := rule.Measure(limit.Per.Period(october), late, row.outages, nil)
		require.NoError(t, err)
		got := limit.Judge(m)
		assert.Equal(t, row.want, got.String(), row.name)
		assert.Equal(t, row.verdict, got.Verdict, row.name)
	}
	// Longest, over a night.
	longest := availability.Limit{Per: availability.PerQuarter, Longest: duration("8 h")}
	m, err := rule.Measure(longest.Per.Period(october), late, outages("05 12:00 – 06 11:00", "07 08:00 – 07 10:00"), nil)
	require.NoError(t, err)
	assert.Equal(t, "longest 8 h, at most 8 h: met, 0 s left", longest.Judge(m).String())
	m, err = rule.Measure(longest.Per.Period(october), late, outages("05 12:00 – 06 11:00:01"), nil)
	require.NoError(t, err)
	assert.Equal(t, "longest 8 h 0.000000001 s, at most 8 h: missed by 0.000000001 s", availability.Limit{Per: availability.PerQuarter, Longest: ptr(*longest.Longest)}.Judge(within(m, 8*time.Hour+1)).String())
	assert.Equal(t, compliance.Missed, longest.Judge(m).Verdict)
}

// within is a measurement with another longest interruption.
func within(m availability.Measurement, longest time.Duration) availability.Measurement {
	m.Longest = longest
	return m
}

// Both limits of a year are judged, and 98 % binds; the whole year's hours count, those to come included.
func TestJudgeBinds(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	var tally availability.Tally
	for _, o := range outages("05 09:00 – 05 12:00", "06 09:00 – 06 10:00") {
		require.NoError(t, tally.Outage(o))
	}
	got, err := tally.Judge(rule, limits(), october, at("15 12:00"))
	require.NoError(t, err)
	var lines []string
	for _, o := range got {
		line := o.String()
		if o.Binds {
			line += ", binds"
		}
		if !o.UsedUp.IsZero() {
			line += ", used up " + o.UsedUp.Format("2006-01-02 15:04:05.999999999")
		}
		lines = append(lines, line)
	}
	assert.Equal(t, []string{
		// 4 h of 94 h so far: the month's budget of 3 h 57 min 36 s is used up
		"down 4 h of 94 h so far, 95.74 %, goal 98 %: missed by 2 h 7 min 12 s",
		"down 4 h of 1795 h so far, 99.78 %, goal 98 %: met, 31 h 54 min left, binds",
		"down 4 h so far, at most 62 h: met, 58 h left",
		// 2 in 94 h: the fourth after 188 h, on the 21st business day
		"2 interruptions so far, at most 4: met, 2 left, used up 2026-10-29 16:00:00",
		"2 interruptions so far, at most 12: met, 10 left",
	}, lines)
	assert.Equal(t, 3*time.Hour+57*time.Minute+36*time.Second, got[0].Allowed)
	assert.Equal(t, 45*time.Hour+43*time.Minute+12*time.Second, got[1].Allowed)
	assert.Equal(t, 62*time.Hour, got[2].Allowed)
}

// If it goes on like this: the instant at which the budget is used up, on the opening hours.
func TestBurn(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	month := availability.Limit{Per: availability.PerMonth, Share: compliance.MustGoal("98%")}
	for _, row := range []struct {
		down string
		asOf string
		want string
	}{
		{"05 09:00:00 – 05 10:00:00", "14 17:00", ""},                              // 1 h in 90 h: 2 h 12 min in the month
		{"05 09:00:00 – 05 11:00:00", "14 17:00", "2026-10-28 15:12:00"},           // 2 h in 90 h: 3.96 h after 178.2 h
		{"05 09:00:00 – 05 12:00:00", "14 17:00", "2026-10-20 09:48:00"},           // 3 h in 90 h: after 118.8 h
		{"05 09:00:00 – 05 12:57:36", "14 17:00", ""},                              // just now
		{"05 09:00:00 – 05 12:57:37", "14 17:00", ""},                              // used up
		{"05 09:00:00 – 05 11:00:00", "31 23:59", ""},                              // no hours left, though the month has not ended
		{"05 09:00:00 – 05 09:00:00.000000001", "14 17:00", ""},                    // hardly ever
		{"05 09:00:00 – 05 11:00:00.000000001", "05 11:00", "2026-10-07 13:34:48"}, // 2 h in 21 h: after 41.58 h
	} {
		m, err := rule.Measure(october, at(row.asOf), outages(row.down), nil)
		require.NoError(t, err)
		got := ""
		if o := month.Judge(m); !o.UsedUp.IsZero() {
			got = o.UsedUp.Format("2006-01-02 15:04:05")
		}
		assert.Equal(t, row.want, got, "%s as of %s", row.down, row.asOf)
	}
}

func TestPers(t *testing.T) {
	for _, row := range []struct {
		per               availability.Per
		text, first, last string
	}{
		{availability.PerMonth, "month", "2026-02-01", "2026-02-28"},
		{availability.PerQuarter, "quarter", "2026-01-01", "2026-03-31"},
		{availability.PerYear, "year", "2026-01-01", "2026-12-31"},
		{availability.Rolling12Months, "rolling 12 months", "2025-03-01", "2026-02-28"},
		{availability.Rolling365Days, "rolling 365 days", "2025-03-01", "2026-02-28"},
	} {
		first, last := row.per.Period(servicetime.MustMonth("2026-02")).Dates()
		assert.Equal(t, row.first+" "+row.last, first.String()+" "+last.String(), row.text)
		assert.Equal(t, row.text, row.per.String())
	}
	first, _ := availability.Rolling365Days.Period(servicetime.MustMonth("2024-12")).Dates() // a leap year
	assert.Equal(t, "2024-01-02", first.String())
	var p availability.Per
	require.ErrorIs(t, p.UnmarshalText([]byte("week")), servicetime.ErrText)
	_, err := p.MarshalText()
	require.ErrorIs(t, err, servicetime.ErrText)
}

func TestLimitFails(t *testing.T) {
	for _, l := range []availability.Limit{
		{},
		{Share: compliance.MustGoal("98%")},
		{Per: availability.PerMonth},
		{Per: 9, Share: compliance.MustGoal("98%")},
		{Per: availability.PerMonth, Share: compliance.MustGoal("98%"), Down: duration("1 h")},
		{Per: availability.PerMonth, Down: duration("1 h"), Longest: duration("1 h")},
		{Per: availability.PerMonth, Down: ptr(servicetime.Duration(-1))},
		{Per: availability.PerMonth, Longest: ptr(servicetime.Duration(-1))},
		{Per: availability.PerMonth, Interruptions: ptr(int64(-1))},
	} {
		require.ErrorIs(t, l.Check(), availability.ErrLimit, l)
		_, err := (&availability.Tally{}).Judge(availability.Rule{Opening: opening(t)}, []availability.Limit{l}, october, late)
		require.ErrorIs(t, err, availability.ErrLimit, l)
	}
	// None at all is agreed by a limit of zero.
	none := availability.Limit{Per: availability.PerMonth, Interruptions: ptr(int64(0))}
	require.NoError(t, none.Check())
	_, err := (&availability.Tally{}).Judge(availability.Rule{}, limits(), october, late)
	require.ErrorIs(t, err, availability.ErrReading)
	_, err = (&availability.Tally{}).Judge(availability.Rule{Opening: opening(t)}, limits(), servicetime.Month{}, late)
	require.ErrorIs(t, err, servicetime.ErrRange)

	// A goal without its sign is refused where it is read.
	var read availability.Limit
	require.ErrorIs(t, json.Unmarshal([]byte(`{"per": "month", "share": "99.9"}`), &read), compliance.ErrGoal)
}

// Without open time no limit has a verdict.
func TestJudgeNoData(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	m, err := rule.Measure(servicetime.MustDate("2026-10-10"), late, outages("10 09:00 – 10 10:00"), nil)
	require.NoError(t, err)
	for _, l := range limits() {
		o := l.Judge(m)
		assert.Equal(t, compliance.NoData, o.Verdict)
		assert.Equal(t, "no open time, "+l.String(), o.String())
		assert.Equal(t, "no data, "+l.String(), availability.Outcome{Limit: l}.String())
	}
}

// Of two limits that allow the same the first binds; one interruption is enough for a forecast.
func TestJudgeTies(t *testing.T) {
	rule := availability.Rule{Opening: opening(t)}
	var tally availability.Tally
	require.NoError(t, tally.Outage(outage("05 09:00 – 05 09:01")))
	got, err := tally.Judge(rule, []availability.Limit{
		{Per: availability.PerMonth, Share: compliance.MustGoal("98%")},
		{Per: availability.PerMonth, Down: duration("3 h 57 min 36 s")},
		{Per: availability.PerMonth, Interruptions: ptr(int64(2))},
	}, october, at("07 09:00"))
	require.NoError(t, err)
	assert.True(t, got[0].Binds)
	assert.False(t, got[1].Binds)
	assert.Equal(t, "2026-10-13 10:00", got[2].UsedUp.Format("2006-01-02 15:04")) // 37 h so far: after 74 h, on the ninth business day

	// A limit that Check refuses prints, and has no verdict.
	assert.Equal(t, "no limit", availability.Limit{}.Judge(*got[0].Measurement).String())
	assert.Equal(t, compliance.NoData, availability.Limit{}.Judge(*got[0].Measurement).Verdict)
}
