package continuity_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// office are Swedish office hours, whose business days are those of §4.12: Monday to Friday that is no public holiday.
func office(tb testing.TB) *servicetime.Calendar {
	tb.Helper()
	c, err := compiled()
	require.NoError(tb, err)
	return c
}

var compiled = sync.OnceValues(func() (*servicetime.Calendar, error) {
	return servicetime.Compile(servicetime.Schedule{
		Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden,
	}, time.LoadLocation)
})

func calendar(tb testing.TB, s servicetime.Schedule) *servicetime.Calendar {
	tb.Helper()
	c, err := servicetime.Compile(s, time.LoadLocation)
	require.NoError(tb, err)
	return c
}

var stockholm = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return zone
}()

// at reads 2026-10-05 16:30 in Stockholm; empty is the zero time.
func at(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", (text + ":00")[:len("2006-01-02 15:04:05")], stockholm)
	if err != nil {
		panic(err)
	}
	return t
}

// objective reads one that may be blank.
func objective(text string) (o continuity.Objective) {
	if err := o.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return o
}

func TestParseObjective(t *testing.T) {
	for _, text := range []string{
		"immediate", "72 h", "1 working week", // RTO, §4.12
		"last transaction", "last backup", // RPO, §4.12
		"1 min", "30 min", "1 day", "6 days", "1 business day", "2 business days", "2 working weeks", "200000 working weeks", "1000000 h",
	} {
		o, err := continuity.ParseObjective(text)
		require.NoError(t, err, text)
		assert.Equal(t, text, o.String())
		assert.False(t, o.IsZero())
		again, err := continuity.ParseObjective(o.String())
		require.NoError(t, err)
		assert.Equal(t, o, again)
	}
	assert.Equal(t, "1 working week", continuity.MustObjective("1 working weeks").String())
	assert.NotEqual(t, continuity.MustObjective("5 business days"), continuity.MustObjective("1 working week"))
}

func TestParseObjectiveFails(t *testing.T) {
	for text, cause := range map[string]error{
		"":                     servicetime.ErrText, // blank is not agreed: it is no text of an objective
		"not agreed":           servicetime.ErrText,
		"Immediate":            servicetime.ErrText,
		"0 h":                  servicetime.ErrText, // that is immediate
		"0 working weeks":      servicetime.ErrText,
		"-1 working weeks":     servicetime.ErrText,
		"working week":         servicetime.ErrText,
		"1 week":               servicetime.ErrText,
		"72h":                  servicetime.ErrText,
		"last backup ":         servicetime.ErrText,
		"1000001 h":            servicetime.ErrLimit,
		"200001 working weeks": servicetime.ErrLimit,
		"9999999999999 days":   servicetime.ErrLimit,
	} {
		o, err := continuity.ParseObjective(text)
		require.ErrorIs(t, err, cause, text)
		assert.True(t, o.IsZero())
		assert.Panics(t, func() { continuity.MustObjective(text) })
	}
}

// The table of §4.12.1 is blank, and reads back as blank; a full one reads back as it is.
func TestObjectivesJSON(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`{"rto":"72 h","rpo":"last backup","backup_every":"1 day","test_every":"365 days","mtpd":"1 working week","wrt":"immediate","mbco":"30%"}`,
	} {
		var o continuity.Objectives
		require.NoError(t, json.Unmarshal([]byte(text), &o))
		require.NoError(t, o.Check())
		back, err := json.Marshal(o)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(back))
	}
	var o continuity.Objectives
	require.NoError(t, json.Unmarshal([]byte(`{"rto":""}`), &o))
	assert.Equal(t, continuity.Objectives{}, o)
	kept := continuity.MustObjective("72 h")
	require.ErrorIs(t, kept.UnmarshalText([]byte("72")), servicetime.ErrText)
	assert.Equal(t, continuity.MustObjective("72 h"), kept, "a fault leaves it as it was")
	text, err := continuity.Objective{}.MarshalText()
	require.NoError(t, err)
	assert.Empty(t, text)
	assert.Equal(t, "not agreed", continuity.Objective{}.String())
}

func TestObjectivesFails(t *testing.T) {
	point, now := objective("last backup"), objective("immediate")
	o := continuity.Objectives{RTO: point, RPO: now, BackupEvery: now, TestEvery: point, MTPD: objective("last transaction"), WRT: point, MBCO: compliance.MustGoal("30%")}
	assert.Equal(t, []string{"rto", "rpo", "backup_every", "test_every", "mtpd", "wrt"}, paths(t, o.Check(), continuity.ErrObjective))
}

func TestRuleFails(t *testing.T) {
	rule := continuity.Rule{
		Objectives:   continuity.Objectives{RTO: objective("last backup")},
		Hours:        servicetime.ExclDateClose,
		BusinessDays: servicetime.SameWallClock, Days: servicetime.WallClock,
	}
	assert.Equal(t, []string{"calendar", "hours", "business_days", "days", "rto"}, paths(t, rule.Check(), nil))
	require.ErrorIs(t, rule.Check(), continuity.ErrReading)
	require.ErrorIs(t, rule.Check(), continuity.ErrObjective)
	for _, err := range failures(rule) {
		require.ErrorIs(t, err, continuity.ErrReading)
	}
	uneven := calendar(t, servicetime.Schedule{Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-thu 08:00-17:00; fri 08:00-12:00")})
	rule = continuity.Rule{Calendar: uneven, BusinessDays: servicetime.AsHours}
	assert.Equal(t, []string{"business_days"}, paths(t, rule.Check(), continuity.ErrReading))
	rule.Calendar = office(t)
	require.NoError(t, rule.Check())
}

// failures are what everything that a rule does says of a wrong one.
func failures(r continuity.Rule) []error {
	_, judge := r.Judge(continuity.Records{}, servicetime.Span{}, at("2026-01-01 00:00"))
	_, _, loss := r.LossAt(nil, at("2026-01-01 00:00"))
	_, conflicts := r.Conflicts(servicetime.Year(2026))
	_, chains := r.ChainConflicts(nil, servicetime.Year(2026))
	_, runs := continuity.Schedule{Runs: servicetime.MustWeek("mon 02:00-03:00")}.In(nil, nil, servicetime.Span{}, time.Time{})
	return []error{judge, loss, conflicts, chains, runs}
}

// paths are those of all faults, each of which has the cause, a code and a message.
func paths(t *testing.T, err error, cause error) (out []string) {
	t.Helper()
	require.Error(t, err)
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	for _, part := range parts {
		var f *servicetime.Fault
		require.ErrorAs(t, part, &f)
		assert.Contains(t, []string{"bad_request", "out_of_range", "too_large"}, f.Code)
		require.Error(t, f.Err)
		if cause != nil {
			require.ErrorIs(t, part, cause)
		}
		out = append(out, f.Path)
	}
	return out
}
