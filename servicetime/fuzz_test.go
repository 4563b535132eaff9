package servicetime_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// What is read is written as a text that reads as the same value; what is not read has a cause.

func FuzzParseWindow(f *testing.F) {
	for _, s := range []string{"08:00-17:00", "00:00-24:00", "22:00-06:00", "08:00-08:00", "24:00-24:00", "8-17", "", "-", "08:00-17:00-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := servicetime.ParseWindow(s)
		if err != nil {
			assert.True(t, errors.Is(err, servicetime.ErrText) || errors.Is(err, servicetime.ErrEmpty), "%v", err)
			return
		}
		again, err := servicetime.ParseWindow(w.String())
		require.NoError(t, err)
		assert.Equal(t, w, again)
		text, err := w.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, w.String(), string(text))
		assert.True(t, 0 <= w.Open && w.Open < 1440 && w.Open < w.Close && w.Close-w.Open <= 1440 && (w.Close <= 1440 || w.Close-1440 < w.Open), "%v", w)
	})
}

func FuzzParseWeek(f *testing.F) {
	for _, s := range []string{
		"mon-fri 08:00-17:00", "mon-fri 08:00-12:00 13:00-17:00; sat 10:00-14:00", "fri-mon 22:00-06:00", "mon,wed 00:00-24:00;sun 08:00-09:00",
		"", ";", "mon", "mon 08:00-08:00", "mon,mon 08:00-17:00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		week, err := servicetime.ParseWeek(s)
		if err != nil {
			assert.True(t, errors.Is(err, servicetime.ErrText) || errors.Is(err, servicetime.ErrEmpty) || errors.Is(err, servicetime.ErrTwice), "%v", err)
			return
		}
		again, err := servicetime.ParseWeek(week.String())
		require.NoError(t, err)
		assert.Equal(t, week, again)
		text, err := json.Marshal(week)
		require.NoError(t, err)
		var decoded servicetime.Week
		require.NoError(t, json.Unmarshal(text, &decoded))
		assert.Equal(t, week, decoded)
	})
}

func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"30 min", "8 h", "1 business day", "2 business days", "6 days", "0 h", "1000000 min", "1000001 min", "99999999999 days", "h", "", " "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := servicetime.ParseTarget(s)
		if err != nil {
			assert.True(t, errors.Is(err, servicetime.ErrText) || errors.Is(err, servicetime.ErrLimit), "%v", err)
			assert.True(t, target.IsZero())
			return
		}
		assert.False(t, target.IsZero())
		again, err := servicetime.ParseTarget(target.String())
		require.NoError(t, err)
		assert.Equal(t, target, again)
		if d, ok := target.Duration(); ok {
			assert.True(t, d >= time.Minute && d <= 1_000_000*time.Hour, "%s", d)
		}
	})
}

func FuzzParseConvention(f *testing.F) {
	for name := range conventions {
		f.Add(name)
	}
	f.Add("")
	f.Add("CUTOFF_2400_CLOSE")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := servicetime.ParseConvention(s)
		if err != nil {
			require.ErrorIs(t, err, servicetime.ErrText)
			assert.Zero(t, c)
			return
		}
		assert.Equal(t, s, c.String())
		counted := 0
		for _, target := range []string{"1 min", "1 business day", "1 day"} {
			if c.Counts(servicetime.MustTarget(target)) {
				counted++
			}
		}
		assert.Equal(t, 1, counted, s)
	})
}

// FuzzSchedule reads a schedule as JSON and asks the calendar everything: nothing panics or hangs,
// and what has an inverse agrees with it.
func FuzzSchedule(f *testing.F) {
	for _, s := range []string{
		everyField,
		`{"time_zone":"UTC","week":{"mon-sun":["00:00-24:00"]}}`,
		`{"time_zone":"Australia/Lord_Howe","week":{"mon-sun":["22:00-06:00","01:30-02:15"]}}`,
		`{"time_zone":"Pacific/Apia","week":{"fri":["00:00-24:00"]},"dates":{"2011-12-30":["22:00-06:00"]}}`,
		`{"time_zone":"America/Sao_Paulo","week":{"sun":["00:00-00:30"]},"breaks":{"2018-11-03":["23:00-02:00"]},"holidays":["--11-04"]}`,
		`{"time_zone":"UTC","extra":[{"from":"2026-10-10T08:00:00Z","to":"2026-10-10T08:00:01Z"}]}`,
		`{"time_zone":"Europe/Stockholm","week":{"mon":["08:00-12:00","11:00-17:00"]}}`,
		`{"time_zone":"Local"}`,
		`{}`,
		``,
	} {
		f.Add([]byte(s), int64(1_791_187_200_000_000_000), int64(8*time.Hour), int64(3*time.Hour))
		f.Add([]byte(s), int64(0), int64(-time.Hour), int64(1))
		f.Add([]byte(s), int64(7_289_654_400_000_000_000-1), int64(1), int64(-time.Hour))
		f.Add([]byte(s), int64(7_289_654_400_000_000_000), int64(72), int64(-time.Hour)) // the end of the range
	}
	f.Fuzz(func(t *testing.T, data []byte, at, d, pause int64) {
		var s servicetime.Schedule
		if json.Unmarshal(data, &s) != nil {
			return
		}
		c, err := servicetime.Compile(s, time.LoadLocation)
		if err != nil {
			for _, fault := range faults(err) {
				assert.NotEmpty(t, fault.Code)
				require.Error(t, fault.Unwrap())
			}
			assert.NotEmpty(t, faults(err), "%v", err)
			return
		}
		text, err := json.Marshal(s)
		require.NoError(t, err)
		var again servicetime.Schedule
		require.NoError(t, json.Unmarshal(text, &again))
		second, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(text), string(second))

		l := law{t, c, s}
		from := time.Unix(0, at)
		if !c.Covers(from) {
			_, err := c.Due(from, servicetime.MustTarget("6 days"), servicetime.NX24H)
			assert.ErrorIs(t, err, servicetime.ErrRange)
			return
		}
		var pauses []servicetime.Pause
		if to := from.Add(time.Duration(pause)); c.Covers(to) {
			pauses = append(pauses, servicetime.Pause{From: minTime(from, to), To: maxTime(from, to)})
		}
		l.inverse(from, time.Duration(d), nil)
		l.inverse(from, time.Duration(d), pauses)
		l.edges(from)
		l.sum(from, from.Add(100*time.Hour))
		for name, how := range conventions {
			for _, target := range []string{"8 h", "2 business days", "6 days"} {
				due, err := c.Deadline(from, servicetime.MustTarget(target), how, pauses...)
				if err == nil && due.Last.Before(due.Due) {
					l.broken("Deadline(%s, %s, %s, %v) is %v", from, target, name, pauses, due)
				}
				segments, again := c.ExplainDue(from, servicetime.MustTarget(target), how, pauses...)
				require.Equal(t, err == nil, again == nil)
				if err == nil && due.Due.Before(from.Add(100*24*time.Hour)) {
					at := from
					for s := range segments {
						require.True(t, s.From.Equal(at) && s.From.Before(s.To), "%s: %s", at, s)
						at = s.To
					}
					require.True(t, at.Equal(maxTime(from, due.Due)))
				}
			}
		}
		either, err := servicetime.Either(c, c)
		end := maxTime(from, instant("2200-12-30T00:00:00Z"))
		require.NoError(t, err)
		require.Equal(t, l.elapsed(from, end), law{t, either, s}.elapsed(from, end))
	})
}
