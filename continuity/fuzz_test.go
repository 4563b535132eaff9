package continuity_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

func FuzzParseObjective(f *testing.F) {
	for _, s := range []string{
		"immediate", "72 h", "1 working week", "2 working weeks", "last transaction", "last backup", "30 min", "6 days", "2 business days",
		"", "0 h", "1  h", "01 h", "200001 working weeks", "9999999999 h", "working weeks", "-1 days",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, err := continuity.ParseObjective(s)
		if err != nil {
			assert.True(t, errors.Is(err, servicetime.ErrText) || errors.Is(err, servicetime.ErrLimit), "%v", err)
			assert.True(t, o.IsZero())
			return
		}
		again, err := continuity.ParseObjective(o.String())
		require.NoError(t, err)
		assert.Equal(t, o, again)
		text, err := o.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, o.String(), string(text))
	})
}

// Each byte is a record, or part of one; whatever they are, an outcome agrees with itself.
func FuzzJudge(f *testing.F) {
	f.Add([]byte{1, 10, 200, 3}, []byte{0, 1, 2, 30, 40, 50}, uint8(60), uint8(0), uint8(50), "72 h", "last backup")
	f.Add([]byte{5, 5, 9, 0}, []byte{9, 0, 0, 7, 8, 0}, uint8(255), uint8(255), uint8(3), "immediate", "last transaction")
	f.Add([]byte{}, []byte{}, uint8(0), uint8(0), uint8(0), "", "1 working week")
	f.Fuzz(func(t *testing.T, events, copies []byte, now, from, length uint8, rto, rpo string) {
		var rule continuity.Rule
		rule.Calendar = office(t)
		if rule.RTO.UnmarshalText([]byte(rto)) != nil || rule.RPO.UnmarshalText([]byte(rpo)) != nil || rule.Check() != nil {
			return
		}
		rule.WRT, rule.MTPD, rule.BackupEvery, rule.TestEvery = rule.RTO, rule.RTO, objective("3 h"), objective("1 business day")
		hour := func(b byte) time.Time { return at("2026-06-01 00:00").Add(time.Duration(b) * time.Hour) }
		maybe := func(b byte) time.Time {
			if b == 0 {
				return time.Time{}
			}
			return hour(b)
		}
		var rec continuity.Records
		for i := 0; i+3 < len(events); i += 4 {
			a, b, c, d := events[i], events[i+1], events[i+2], events[i+3]
			rec.Disruptions = append(rec.Disruptions, continuity.Disruption{From: hour(a), To: maybe(b), Normal: maybe(c), DataAt: maybe(d), PlanUsed: a&1 > 0})
			rec.Tests = append(rec.Tests, continuity.Test{At: hour(d), Restored: maybe(c), Failed: b&1 > 0, DataAt: maybe(b)})
		}
		for i := 0; i+2 < len(copies); i += 3 {
			rec.Backups = append(rec.Backups, continuity.Backup{DataAt: hour(copies[i]), DoneAt: maybe(copies[i+1]), VerifiedAt: maybe(copies[i+2])})
		}
		span := servicetime.Span{From: hour(from), To: hour(from).Add(time.Duration(length) * time.Hour)}
		if length == 0 {
			span = servicetime.Span{}
		}
		got, err := rule.Judge(rec, span, hour(now))
		if err != nil {
			for _, path := range paths(t, err, nil) {
				assert.NotEmpty(t, path)
			}
			return
		}
		for _, o := range []continuity.Outcome{got.RTO, got.RPO, got.WRT, got.MTPD, got.BackupEvery, got.Exposure, got.TestEvery, got.TestRTO, got.TestRPO} {
			assert.Equal(t, o.Missed() > 0, o.Verdict == missed)
			assert.LessOrEqual(t, o.Missed(), o.Count)
			assert.Equal(t, o.Objective.IsZero(), o.Verdict == notAgreed)
			if !o.Objective.IsZero() {
				assert.Equal(t, o.Count == 0, o.Verdict == compliance.NoData)
			}
			for _, b := range o.Breaches {
				assert.GreaterOrEqual(t, b.Length, time.Duration(0))
				assert.False(t, b.Unbounded && !o.Worst.Unbounded)
				assert.True(t, o.Worst.Unbounded || b.Length <= o.Worst.Length)
			}
		}
		for _, d := range got.Disruptions {
			assert.False(t, d.Until.Before(d.Disruption.From))
			assert.False(t, d.Until.After(hour(now)))
		}
		assert.NotEmpty(t, got.String())
		runs, err := week("mon-fri 02:00-03:00; sat,sun 04:00-05:00").In(rule.Calendar, rec.Backups, servicetime.Span{From: hour(from), To: hour(from).Add(time.Duration(length) * time.Hour)}, hour(now))
		require.NoError(t, err)
		assert.Equal(t, runs.Count, runs.Done+runs.Pending+int64(len(runs.Missed)))
	})
}

// Each byte is a relation of two of sixteen services. What has no cycle is put in an order that keeps them all.
func FuzzRestart(f *testing.F) {
	f.Add([]byte{0x10, 0x21, 0x32}, uint8(2))
	f.Add([]byte{0x10, 0x01}, uint8(0))
	f.Add([]byte{0x10, 0x00, 0xff}, uint8(16))
	f.Fuzz(func(t *testing.T, relations []byte, crews uint8) {
		in := make([]continuity.Service, 15) // the sixteenth is not known
		for i := range in {
			in[i] = continuity.Service{Name: strconv.Itoa(i), Priority: i % 4, Restart: servicetime.Duration(i)}
		}
		for i, b := range relations {
			if from, to := int(b>>4), strconv.Itoa(int(b&15)); from < len(in) && i%3 > 0 {
				in[from].Needs = append(in[from].Needs, to)
			} else if from < len(in) {
				in[from].After = append(in[from].After, to)
			}
		}
		o, err := continuity.Restart(in)
		if err != nil {
			paths(t, err, nil)
			assert.True(t, errors.Is(err, continuity.ErrCycle) || errors.Is(err, continuity.ErrNoService), "%v", err)
			return
		}
		require.Len(t, o.Names, len(in))
		place := map[string]int{}
		for i, name := range o.Names {
			place[name] = i
		}
		require.Len(t, place, len(in))
		for _, s := range in {
			for _, name := range waits(in, s) {
				assert.Less(t, place[name], place[s.Name])
			}
		}
		if crews > 0 {
			steps, total, err := o.WithCrews(int(crews))
			require.NoError(t, err)
			assert.Len(t, steps, len(in))
			assert.GreaterOrEqual(t, total, o.Total)
		}
	})
}
