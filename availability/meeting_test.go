package availability_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/availability"
	"example.com/sla/servicetime"
	"example.com/sla/testdata/vectors"
)

// thursdays are the meetings of §4.1.2 in the preset's reading.
var thursdays = availability.Meetings{Weekday: servicetime.DaysOf(time.Thursday), At: 13 * 60, MaterialBy: 9 * 60, NoticeDays: 14}

// weekdays is a schedule from Monday to Friday.
func weekdays(t *testing.T, zone string, holidays servicetime.Holidays) *servicetime.Calendar {
	t.Helper()
	c, err := servicetime.Compile(servicetime.Schedule{Zone: zone, Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: holidays}, time.LoadLocation)
	require.NoError(t, err)
	return c
}

// onWall reads a wall time of Stockholm; the times of the rows exist once.
func onWall(t *testing.T, text string) time.Time {
	t.Helper()
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	require.NoError(t, err)
	at, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", text, stockholm)
	require.NoError(t, err)
	return at
}

func TestTimeOfDay(t *testing.T) {
	for text, want := range map[string]availability.TimeOfDay{"00:00": 0, "09:00": 540, "13:00": 780, "23:59": 1439} {
		var got availability.TimeOfDay
		require.NoError(t, got.UnmarshalText([]byte(text)))
		assert.Equal(t, want, got)
		assert.Equal(t, text, got.String())
		written, err := got.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, text, string(written))
	}
	for _, text := range []string{"", ":", "9:00", "09:0", "24:00", "13:60", "13.00", "+1:00", "13:00:00", " 13:00", "-1:00", "1300", "009:00"} {
		got := availability.TimeOfDay(1)
		require.ErrorIs(t, got.UnmarshalText([]byte(text)), servicetime.ErrText, text)
		assert.Equal(t, availability.TimeOfDay(1), got, "left as it was")
	}
	for _, bad := range []availability.TimeOfDay{-1, 1440} {
		_, err := bad.MarshalText()
		require.ErrorIs(t, err, servicetime.ErrText)
		assert.Empty(t, bad.String())
	}
}

func TestMeetingsText(t *testing.T) {
	const text = `{"weekday":"thu","at":"13:00","material_by":"09:00","notice_days":14,"rule":"wall","holiday":"hold"}`
	var m availability.Meetings
	require.NoError(t, json.Unmarshal([]byte(text), &m))
	want := thursdays
	want.Rule, want.Holiday = availability.NoticeByWall, availability.HoldMeeting
	assert.Equal(t, want, m)
	written, err := json.Marshal(m)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(written))

	written, err = json.Marshal(thursdays)
	require.NoError(t, err)
	assert.JSONEq(t, `{"weekday":"thu","at":"13:00","material_by":"09:00","notice_days":14}`, string(written))
	require.Error(t, json.Unmarshal([]byte(`{"holiday":"move"}`), &m))
	require.Error(t, json.Unmarshal([]byte(`{"rule":""}`), &m))
	for _, h := range []availability.OnHoliday{0, 3} {
		_, err = h.MarshalText()
		require.ErrorIs(t, err, servicetime.ErrText)
		assert.Empty(t, h.String())
	}
}

func TestMeetingsCheck(t *testing.T) {
	require.NoError(t, thursdays.Check())
	require.NoError(t, availability.Meetings{Weekday: servicetime.DaysOf(time.Sunday), At: 1}.Check())
	assert.Equal(t, []string{"weekday", "at"}, pathsCausedBy(t, availability.Meetings{}.Check(), availability.ErrReading))
	bad := availability.Meetings{Weekday: servicetime.DaysOf(time.Monday, time.Thursday), At: 1440, NoticeDays: 367, Rule: 4, Holiday: 3}
	assert.Equal(t, []string{"weekday", "at", "notice_days", "rule", "holiday"}, pathsCausedBy(t, bad.Check(), availability.ErrReading))
	late := thursdays
	late.MaterialBy, late.NoticeDays = 13*60+1, -1
	assert.Equal(t, []string{"material_by", "notice_days"}, pathsCausedBy(t, late.Check(), availability.ErrReading))

	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	_, err := bad.First(opening, onWall(t, "2026-10-01 08:00:00"))
	require.ErrorIs(t, err, availability.ErrReading)
	_, _, err = bad.Last(opening, servicetime.MustDate("2026-10-31"))
	require.ErrorIs(t, err, availability.ErrReading)
}

func TestMeetingsFirst(t *testing.T) {
	// Thursdays      04-23  04-30  05-07  [05-14]  05-21
	//                              Ascension Day
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	eves := weekdays(t, "Europe/Stockholm", servicetime.SwedenWithEves)
	with := func(rule availability.NoticeBy, holiday availability.OnHoliday) availability.Meetings {
		m := thursdays
		m.Rule, m.Holiday = rule, holiday
		return m
	}
	none := thursdays
	none.NoticeDays = 0
	for _, tt := range []struct {
		name     string
		meetings availability.Meetings
		business *servicetime.Calendar
		request  string
		want     string
	}{
		{"the last instant of the date", thursdays, opening, "2026-04-23 23:59:59.999999999", "Thu 2026-05-07 13:00, material by 09:00"},
		{"the date after", thursdays, opening, "2026-04-24 00:00:00", "Thu 2026-05-21 13:00, material by 09:00, none on 2026-05-14"},
		{"the date after, held anyway", with(0, availability.HoldMeeting), opening, "2026-04-24 00:00:00", "Thu 2026-05-14 13:00, material by 09:00"},
		{"by the wall, in time", with(availability.NoticeByWall, 0), opening, "2026-04-23 13:00:00", "Thu 2026-05-07 13:00, material by 09:00"},
		{"by the wall, late", with(availability.NoticeByWall, availability.SkipMeeting), opening, "2026-04-23 13:00:00.000000001", "Thu 2026-05-21 13:00, material by 09:00, none on 2026-05-14"},
		{"by the wall, over a change of clocks", with(availability.NoticeByWall, 0), opening, "2026-03-19 13:00:00", "Thu 2026-04-02 13:00, material by 09:00"},
		{"elapsed, over a change of clocks", with(availability.NoticeByElapsed, 0), opening, "2026-03-19 12:00:00", "Thu 2026-04-02 13:00, material by 09:00"},
		{"elapsed, late", with(availability.NoticeByElapsed, 0), opening, "2026-03-19 12:00:00.000000001", "Thu 2026-04-09 13:00, material by 09:00"},
		{"an eve is a meeting day", thursdays, opening, "2026-12-10 08:00:00", "Thu 2026-12-24 13:00, material by 09:00"},
		{"unless the eves are closed", thursdays, eves, "2026-12-10 08:00:00", "Thu 2027-01-07 13:00, material by 09:00, none on 2026-12-24 and 2026-12-31"},
		{"no notice, until the meeting begins", none, opening, "2026-10-01 13:00:00", "Thu 2026-10-01 13:00, material by 09:00"},
		{"no notice, behind it", none, opening, "2026-10-01 13:00:00.000000001", "Thu 2026-10-08 13:00, material by 09:00"},
		{"the first day of the range", thursdays, opening, "1970-01-01 00:00:00", "Thu 1970-01-15 13:00, material by 09:00"},
	} {
		got, err := tt.meetings.First(tt.business, onWall(t, tt.request))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.want, got.String(), tt.name)
	}
}

func TestMeetingsLast(t *testing.T) {
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	eves := weekdays(t, "Europe/Stockholm", servicetime.SwedenWithEves)
	byWall, hold := thursdays, thursdays
	byWall.Rule, hold.Holiday = availability.NoticeByWall, availability.HoldMeeting
	for _, tt := range []struct {
		name      string
		meetings  availability.Meetings
		business  *servicetime.Calendar
		wanted    string
		want, ask string
	}{
		{"a Saturday", thursdays, opening, "2026-10-31", "Thu 2026-10-29 13:00, material by 09:00", "2026-10-16 00:00:00"},
		{"a Friday", thursdays, opening, "2026-10-30", "Thu 2026-10-29 13:00, material by 09:00", "2026-10-16 00:00:00"},
		{"a Thursday is not before itself", thursdays, opening, "2026-10-29", "Thu 2026-10-22 13:00, material by 09:00", "2026-10-09 00:00:00"},
		{"by the wall", byWall, opening, "2026-10-31", "Thu 2026-10-29 13:00, material by 09:00", "2026-10-15 13:00:00"},
		{"behind Ascension Day", thursdays, opening, "2026-05-16", "Thu 2026-05-07 13:00, material by 09:00, none on 2026-05-14", "2026-04-24 00:00:00"},
		{"held on Ascension Day", hold, opening, "2026-05-16", "Thu 2026-05-14 13:00, material by 09:00", "2026-05-01 00:00:00"},
		{"two in their order", thursdays, eves, "2027-01-02", "Thu 2026-12-17 13:00, material by 09:00, none on 2026-12-24 and 2026-12-31", "2026-12-04 00:00:00"},
	} {
		got, ask, err := tt.meetings.Last(tt.business, servicetime.MustDate(tt.wanted))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.want, got.String(), tt.name)
		assert.True(t, ask.Equal(onWall(t, tt.ask)), "%s: %s", tt.name, ask)
	}
}

func TestMeetingsRange(t *testing.T) {
	opening := weekdays(t, "Europe/Stockholm", servicetime.Sweden)
	sundays := thursdays
	sundays.Weekday = servicetime.DaysOf(time.Sunday) // which are never a business day
	for _, request := range []time.Time{{}, onWall(t, "1969-12-31 23:59:59"), onWall(t, "2200-12-25 08:00:00"), onWall(t, "2201-01-01 00:00:00")} {
		_, err := thursdays.First(opening, request)
		require.ErrorIs(t, err, servicetime.ErrRange, request)
	}
	_, err := sundays.First(opening, onWall(t, "1970-01-01 00:00:00"))
	require.ErrorIs(t, err, servicetime.ErrRange)
	// Two weeks before Wednesday 1970-01-14 no calendar covers; the meeting after it is the first.
	wednesdays := thursdays
	wednesdays.Weekday = servicetime.DaysOf(time.Wednesday)
	first, err := wednesdays.First(opening, onWall(t, "1970-01-01 00:00:00"))
	require.NoError(t, err)
	assert.Equal(t, "Wed 1970-01-21 13:00, material by 09:00", first.String())
	for _, wanted := range []servicetime.Date{
		{},
		{Year: 2026, Month: 2, Day: 30},
		{Year: 1 << 62, Month: 1, Day: 1},
		servicetime.MustDate("9999-12-31"),
		servicetime.MustDate("1970-01-01"), // its meeting was before
		servicetime.MustDate("1970-01-10"), // its notice was
	} {
		_, _, err := thursdays.Last(opening, wanted)
		require.ErrorIs(t, err, servicetime.ErrRange, wanted)
	}
	_, _, err = sundays.Last(opening, servicetime.MustDate("2200-12-31"))
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// meetingReadings are all of §4.1.2, and no notice.
func meetingReadings(weekday time.Weekday) []availability.Meetings {
	var out []availability.Meetings
	for _, days := range []int{0, 14} {
		for _, rule := range []availability.NoticeBy{availability.NoticeByDate, availability.NoticeByWall, availability.NoticeByElapsed} {
			for _, holiday := range []availability.OnHoliday{availability.SkipMeeting, availability.HoldMeeting} {
				out = append(out, availability.Meetings{
					Weekday: servicetime.DaysOf(weekday), At: 13 * 60, MaterialBy: 9 * 60, NoticeDays: days, Rule: rule, Holiday: holiday,
				})
			}
		}
	}
	return out
}

// A request is in time for the meeting that it is given, and for none before: all meetings of a year one by one, each with its notice worked out
// anew. Then what Last says of the date behind each meeting agrees.
func TestMeetingsLaw(t *testing.T) {
	stockholm := weekdays(t, "Europe/Stockholm", servicetime.SwedenWithEves)
	random := rand.New(rand.NewPCG(4, 12))
	for _, m := range meetingReadings(time.Thursday) {
		type held struct {
			at, from time.Time // from: the first instant that is late
			business bool
		}
		var all []held
		zone := stockholm.Location()
		for day := time.Date(2026, 1, 1, 13, 0, 0, 0, zone); day.Year() < 2028; day = day.AddDate(0, 0, 7) {
			from := day.AddDate(0, 0, -m.NoticeDays).Add(1)
			switch {
			case m.NoticeDays == 0:
			case m.Rule == availability.NoticeByElapsed:
				from = day.Add(-14*24*time.Hour + 1)
			case m.Rule == availability.NoticeByDate:
				from = time.Date(day.Year(), day.Month(), day.Day()-13, 0, 0, 0, 0, zone)
			}
			all = append(all, held{day, from, stockholm.IsBusinessDay(stockholm.Date(day))})
		}
		requests := make([]time.Time, 0, 600)
		for range 400 {
			requests = append(requests, all[3].from.Add(time.Duration(random.Int64N(int64(365*24*time.Hour)))))
		}
		for _, h := range all[3:60] {
			requests = append(requests, h.from, h.from.Add(-1))
		}
		for _, request := range requests {
			var want time.Time
			var skipped []servicetime.Date
			for _, h := range all {
				if !request.Before(h.from) {
					continue // late for it
				}
				if h.business || m.Holiday == availability.HoldMeeting {
					want = h.at
					break
				}
				skipped = append(skipped, stockholm.Date(h.at))
			}
			got, err := m.First(stockholm, request)
			require.NoError(t, err)
			require.True(t, got.At.Equal(want), "%+v: %s: %s, want %s", m, request, got, want)
			require.Equal(t, skipped, got.Skipped, "%+v: %s", m, request)
			require.Equal(t, 4*time.Hour, got.At.Sub(got.MaterialDue))
		}
		for wanted := servicetime.MustDate("2026-03-01"); wanted.Year < 2027; wanted = wanted.AddDays(1) {
			lastAgrees(t, m, stockholm, wanted)
		}
	}
}

// lastAgrees holds Last against First: who asks in time comes to that meeting, and who asks an instant later to none before the wanted date.
func lastAgrees(t *testing.T, m availability.Meetings, business *servicetime.Calendar, wanted servicetime.Date) {
	t.Helper()
	last, ask, err := m.Last(business, wanted)
	require.NoError(t, err)
	if m.Rule == availability.NoticeByDate && m.NoticeDays > 0 {
		ask = ask.Add(-1)
	}
	first, err := m.First(business, ask)
	require.NoError(t, err)
	require.True(t, first.At.Equal(last.At), "%+v: wanted %s, asked %s: %s, not %s", m, wanted, ask, first, last)
	require.Negative(t, business.Date(last.At).Compare(wanted), "%+v: %s", m, wanted)
	late, err := m.First(business, ask.Add(1))
	require.NoError(t, err)
	require.GreaterOrEqual(t, business.Date(late.At).Compare(wanted), 0, "%+v: wanted %s, asked after %s: %s", m, wanted, ask, late)
}

// A date that no clock showed moves a wall time of it to the next date, which must not hide the meeting from who asks then.
func TestMeetingsMissingDate(t *testing.T) {
	apia := weekdays(t, "Pacific/Apia", servicetime.Holidays{})
	for _, m := range meetingReadings(time.Friday) {
		for _, wanted := range []string{"2012-01-07", "2012-01-14", "2012-01-21"} { // 2011-12-30 is two weeks before 2012-01-13
			lastAgrees(t, m, apia, servicetime.MustDate(wanted))
		}
	}
}

func TestVectorsDecisionMeeting(t *testing.T) {
	calendars := vectors.Calendars(t)
	count, skipped := 0, 0
	for _, row := range vectors.Rows[struct {
		ID, Kind, Cal   string
		Request         time.Time
		RequestUTC      time.Time `json:"request_utc"`
		DateMeeting     time.Time `json:"date_rule_meeting"`
		DateMaterial    time.Time `json:"date_rule_material_due"`
		DateHoliday     bool      `json:"date_rule_is_public_holiday"`
		InstantMeeting  time.Time `json:"instant_rule_meeting"`
		InstantMaterial time.Time `json:"instant_rule_material_due"`
		InstantSkip     time.Time `json:"instant_rule_skip_holiday_meeting"`
	}](t, "procedural.jsonl") {
		if row.Kind != "decision_meeting" {
			continue
		}
		count++
		business := calendars[row.Cal]
		require.True(t, row.Request.Equal(row.RequestUTC), row.ID)
		assert.Equal(t, row.DateHoliday, !business.IsBusinessDay(business.Date(row.DateMeeting)), row.ID)
		// The preset's reading has no column: the date rule's, stepped by a week until it is a business day.
		preset := row.DateMeeting.In(business.Location())
		for !business.IsBusinessDay(business.Date(preset)) {
			preset = preset.AddDate(0, 0, 7)
		}
		for _, reading := range []struct {
			rule     availability.NoticeBy
			holiday  availability.OnHoliday
			meeting  time.Time
			material time.Time // zero: the same date as the meeting
			from     time.Time // the first that it could have been
		}{
			{0, 0, preset, time.Time{}, row.DateMeeting},
			{availability.NoticeByDate, availability.HoldMeeting, row.DateMeeting, row.DateMaterial, row.DateMeeting},
			{availability.NoticeByWall, availability.HoldMeeting, row.InstantMeeting, row.InstantMaterial, row.InstantMeeting},
			{availability.NoticeByWall, availability.SkipMeeting, row.InstantSkip, time.Time{}, row.InstantMeeting},
		} {
			m := thursdays
			m.Rule, m.Holiday = reading.rule, reading.holiday
			got, err := m.First(business, row.Request)
			require.NoError(t, err, row.ID)
			assert.True(t, got.At.Equal(reading.meeting), "%s: %s", row.ID, got)
			material := reading.material
			if material.IsZero() {
				material = reading.meeting.In(business.Location()).Add(-4 * time.Hour) // clocks change at night
			}
			assert.True(t, got.MaterialDue.Equal(material), "%s: %s", row.ID, got)
			weeks := business.Date(reading.from)
			for _, date := range got.Skipped {
				assert.Equal(t, weeks, date, row.ID)
				weeks = weeks.AddDays(7)
				skipped++
			}
			assert.Equal(t, business.Date(got.At), weeks, row.ID)
		}
	}
	assert.Equal(t, 167, count)
	assert.Positive(t, skipped)
}

func ExampleMeetings() {
	business, err := servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	meetings := availability.Meetings{Weekday: servicetime.DaysOf(time.Thursday), At: 13 * 60, MaterialBy: 9 * 60, NoticeDays: 14}

	// The service shall be open on a Saturday.
	meeting, ask, err := meetings.Last(business, servicetime.MustDate("2026-10-31"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("ask before:    ", ask.Format("Mon 2006-01-02 15:04"))
	fmt.Println("material by:   ", meeting.MaterialDue.Format("Mon 2006-01-02 15:04"))
	fmt.Println("decided:       ", meeting.At.Format("Mon 2006-01-02 15:04"))

	// Two weeks after this request the next Thursday is Ascension Day.
	meeting, err = meetings.First(business, time.Date(2026, 4, 27, 10, 0, 0, 0, business.Location()))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("asked 27 April:", meeting)
	// Output:
	// ask before:     Fri 2026-10-16 00:00
	// material by:    Thu 2026-10-29 09:00
	// decided:        Thu 2026-10-29 13:00
	// asked 27 April: Thu 2026-05-21 13:00, material by 09:00, none on 2026-05-14
}
