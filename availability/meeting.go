package availability

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/sla/servicetime"
)

// A TimeOfDay is a time on the wall, in minutes after midnight: 0 to 1439. The zero value is 00:00.
type TimeOfDay int

const dayMinutes = 24 * 60

// String is the time as 13:00; it is empty for what is no time of a day.
func (t TimeOfDay) String() string {
	if t < 0 || t >= dayMinutes {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60)
}

// MarshalText is the text form of String; what is no time of a day has none, which is an error wrapping [servicetime.ErrText].
func (t TimeOfDay) MarshalText() ([]byte, error) {
	text := t.String()
	if text == "" {
		return nil, fmt.Errorf("availability: time of day %d: %w: minutes after midnight are 0 to 1439", int(t), servicetime.ErrText)
	}
	return []byte(text), nil
}

// UnmarshalText is the inverse of MarshalText: it reads 00:00 to 23:59, always with five characters.
//
// It returns an error wrapping [servicetime.ErrText] if the text has another form, and leaves t as it was.
func (t *TimeOfDay) UnmarshalText(b []byte) error {
	hour, minute, _ := strings.Cut(string(b), ":")
	h, errHour := strconv.ParseUint(hour, 10, 8)
	m, errMinute := strconv.ParseUint(minute, 10, 8)
	if errHour != nil || errMinute != nil || len(hour) != 2 || len(minute) != 2 || h > 23 || m > 59 {
		return fmt.Errorf("availability: time of day %.20q: %w: write 13:00", b, servicetime.ErrText)
	}
	*t = TimeOfDay(h*60 + m)
	return nil
}

// OnHoliday is what becomes of a meeting whose date is no business day.
type OnHoliday uint8

// The readings of §4.1.2, which says Thursdays and no more.
const (
	SkipMeeting OnHoliday = iota + 1 // there is none; the next one that is a business day takes the requests: the preset's, and that of the zero value
	HoldMeeting                      // it is held
)

var onHolidays = wordsOf[OnHoliday]("holiday", "skip", "hold")

// String is skip or hold; it is empty for the zero value.
func (h OnHoliday) String() string { return onHolidays.Text(h) }

// MarshalText is the text form of String; the zero value has none, which is an error.
func (h OnHoliday) MarshalText() ([]byte, error) { return onHolidays.Marshal(h) }

// UnmarshalText is the inverse of MarshalText.
func (h *OnHoliday) UnmarshalText(b []byte) (err error) {
	*h, err = onHolidays.Parse(b)
	return err
}

// Meetings are the weekly meetings that decide on extra opening and extended service windows (§4.1.2). SSBTEK's are on Thursdays at 13:00,
// the material by 09:00, two weeks' notice:
//
//	Meetings{Weekday: servicetime.DaysOf(time.Thursday), At: 13 * 60, MaterialBy: 9 * 60, NoticeDays: 14}
//
// Its methods take the calendar whose business days count; times are on the wall of that calendar's zone, and a time that the wall shows
// twice, or never, is the instant of [servicetime.Calendar.FromWall].
type Meetings struct {
	// Weekday is the one day of the week on which they are.
	Weekday servicetime.Days `json:"weekday"`
	// At is when they begin. 00:00 is none.
	At TimeOfDay `json:"at"`
	// MaterialBy is by when the material must be there, on the date of the meeting. The zero value is its first instant.
	MaterialBy TimeOfDay `json:"material_by"`
	// NoticeDays is how many calendar days before the meeting a request must have arrived, 0 to 366. With 0 it may come until the meeting begins,
	// whatever the rule, and after the material was due: for an extended service window, "as early as possible" (§4.1.2), no figure is agreed.
	NoticeDays int `json:"notice_days,omitzero"`
	// Rule is how the days count. The preset's, and that of the zero value, is by date.
	Rule NoticeBy `json:"rule,omitzero"`
	// Holiday is what becomes of a meeting on a date that is no business day.
	Holiday OnHoliday `json:"holiday,omitzero"`
}

// maxNotice bounds the notice of a meeting, in days.
const maxNotice = 366

// Check returns an error wrapping [ErrReading] if:
//   - there is no weekday, or more than one,
//   - the meeting has no time, or its material is due after it,
//   - the notice is not 0 to 366 days,
//   - a reading is none of those named.
//
// Each is a [*servicetime.Fault] that names the field; they come all at once.
func (m Meetings) Check() error {
	var errs []error
	note := func(field, value, why string) {
		errs = append(errs, flaw(field, value, fmt.Errorf("availability: %w: %s", ErrReading, why)))
	}
	if _, one := m.weekday(); !one {
		note("weekday", m.Weekday.String(), "name one day, such as thu")
	}
	if m.At <= 0 || m.At >= dayMinutes {
		note("at", m.At.String(), "give the time of the meeting, such as 13:00")
	} else if m.MaterialBy < 0 || m.MaterialBy > m.At {
		note("material_by", m.MaterialBy.String(), "the material is due by the meeting")
	}
	if m.NoticeDays < 0 || m.NoticeDays > maxNotice {
		note("notice_days", strconv.Itoa(m.NoticeDays), "it is 0 to 366 days")
	}
	if err := noticeBys.Check(m.Rule); err != nil {
		errs = append(errs, flaw("rule", "", err))
	}
	if err := onHolidays.Check(m.Holiday); err != nil {
		errs = append(errs, flaw("holiday", "", err))
	}
	return errors.Join(errs...)
}

// weekday is the day of the week, and false if there is not just one.
func (m Meetings) weekday() (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if m.Weekday == servicetime.DaysOf(day) {
			return day, true
		}
	}
	return 0, false
}

// A Meeting is when one is held.
type Meeting struct {
	At          time.Time
	MaterialDue time.Time
	// Skipped are the dates without a meeting, because they are no business days, that were passed over to come to this one, in their order.
	Skipped []servicetime.Date
}

// String is the meeting in a line: Thu 2026-05-21 13:00, material by 09:00, none on 2026-05-14.
func (m Meeting) String() string {
	text := m.At.Format("Mon 2006-01-02 15:04") + ", material by " + m.MaterialDue.Format("15:04")
	if len(m.Skipped) == 0 {
		return text
	}
	var dates []string
	for _, date := range m.Skipped {
		dates = append(dates, date.String())
	}
	return text + ", none on " + strings.Join(dates, " and ")
}

// First is the first meeting that can take a request (§4.1.2).
//
// It returns an error:
//   - those of [Meetings.Check],
//   - wrapping [servicetime.ErrRange] if the request or the meeting lies outside the years 1970 to 2200, as where no such weekday is a
//     business day.
func (m Meetings) First(business *servicetime.Calendar, requested time.Time) (Meeting, error) {
	if err := m.Check(); err != nil {
		return Meeting{}, err
	}
	if err := covered(business, requested); err != nil {
		return Meeting{}, err
	}
	// From the date before on: elapsed days may begin on it, and so may wall times on a date that no clock showed (Apia 2011-12-30).
	from := business.Date(requested).AddDays(-1)
	if from.Year < 1970 {
		from = business.Date(requested)
	}
	var skipped []servicetime.Date
	for date := m.onOrAfter(from.AddDays(m.NoticeDays)); ; date = date.AddDays(7) {
		meeting, last, err := m.on(business, date)
		switch {
		case err != nil:
			return Meeting{}, err
		case !m.by().inTime(last, requested):
		case !m.held(business, date):
			skipped = append(skipped, date)
		default:
			meeting.Skipped = skipped
			return meeting, nil
		}
	}
}

// Last is the last meeting on a date before the one on which an extra opening is wanted, and by when to ask for it (§4.1.2). Under the date rule
// that is the instant before which to ask, the end of the date so many days before the meeting: the first instant of the next date. Under the
// others it is the last instant in time.
//
// It returns an error:
//   - those of [Meetings.Check],
//   - wrapping [servicetime.ErrRange] if the date does not exist, or if it, the meeting or that instant lies outside the years 1970 to 2200.
func (m Meetings) Last(business *servicetime.Calendar, wanted servicetime.Date) (Meeting, time.Time, error) {
	if err := m.Check(); err != nil {
		return Meeting{}, time.Time{}, err
	}
	if business == nil {
		return Meeting{}, time.Time{}, noCalendar()
	}
	if _, err := business.Span(wanted); err != nil {
		return Meeting{}, time.Time{}, err
	}
	var skipped []servicetime.Date
	for date := m.onOrAfter(wanted.AddDays(-7)); ; date = date.AddDays(-7) {
		meeting, last, err := m.on(business, date)
		if err != nil {
			return Meeting{}, time.Time{}, err
		}
		if m.held(business, date) {
			slices.Reverse(skipped)
			meeting.Skipped = skipped
			return meeting, last, nil
		}
		skipped = append(skipped, date)
	}
}

// onOrAfter is the first date of the weekday that is not before another.
func (m Meetings) onOrAfter(date servicetime.Date) servicetime.Date {
	weekday, _ := m.weekday()
	return date.AddDays(int(weekday-date.Weekday()+7) % 7)
}

// held reports whether there is a meeting on a date of the weekday.
func (m Meetings) held(business *servicetime.Calendar, date servicetime.Date) bool {
	return m.Holiday == HoldMeeting || business.IsBusinessDay(date)
}

func (m Meetings) by() NoticeBy {
	if m.NoticeDays == 0 {
		return NoticeByWall // by date a request could come after the meeting
	}
	return m.Rule
}

// on is the meeting of a date, held or not, and the end of its notice.
func (m Meetings) on(c *servicetime.Calendar, date servicetime.Date) (meeting Meeting, last time.Time, err error) {
	wall := func(t TimeOfDay) (time.Time, error) {
		return c.FromWall(time.Date(date.Year, date.Month, date.Day, 0, int(t), 0, 0, time.UTC))
	}
	if meeting.At, err = wall(m.At); err != nil {
		return Meeting{}, time.Time{}, err
	}
	if meeting.MaterialDue, err = wall(m.MaterialBy); err != nil {
		return Meeting{}, time.Time{}, err
	}
	_, last, err = m.by().latest(c, meeting.At, m.NoticeDays)
	return meeting, last, err
}
