package continuity_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// nightly are copies at 02:00, usable at 03:00, of days of June 2026; a negative day was not verified.
func nightly(days ...int) (out []continuity.Backup) {
	for _, day := range days {
		data := time.Date(2026, 6, max(day, -day), 2, 0, 0, 0, stockholm)
		b := continuity.Backup{DataAt: data, DoneAt: data.Add(time.Hour), VerifiedAt: data.Add(time.Hour)}
		if day < 0 {
			b.VerifiedAt = time.Time{}
		}
		out = append(out, b)
	}
	return out
}

// The frequency is from data point to data point, up to as-of; exposure from a data point to when the next copy is usable.
func TestBackups(t *testing.T) {
	for _, tt := range []struct {
		name       string
		every, rpo string
		backups    []continuity.Backup
		asOf       string

		frequency compliance.Verdict
		gap       string // the worst, and where it begins
		gapAt     string
		exposure  compliance.Verdict
		loss      string
		lossAt    string
	}{
		{"every night", "1 day", "25 h", nightly(1, 2, 3), "2026-06-03 12:00", met, "24 h", "2026-06-01 02:00", met, "25 h", "2026-06-01 02:00"},
		{"one more second", "1 day", "24 h", nightly(1, 2, 3), "2026-06-04 02:00:01", missed, "24 h 1 s", "2026-06-03 02:00", missed, "25 h", "2026-06-01 02:00"},
		{"one failed", "1 day", "49 h", nightly(1, 2, -3, 4), "2026-06-04 12:00", missed, "48 h", "2026-06-02 02:00", met, "49 h", "2026-06-02 02:00"},
		{"in any order", "2 days", "48 h", nightly(4, -3, 1, 2), "2026-06-04 12:00", met, "48 h", "2026-06-02 02:00", missed, "49 h", "2026-06-02 02:00"},
		{"one, and long ago", "7 days", "72 h", nightly(1), "2026-06-05 02:00", met, "96 h", "2026-06-01 02:00", missed, "96 h", "2026-06-01 02:00"},
		{"not yet usable", "1 day", "24 h", nightly(1, 2), "2026-06-02 02:30", missed, "24 h 30 min", "2026-06-01 02:00", missed, "24 h 30 min", "2026-06-01 02:00"},
		{"none", "1 day", "24 h", nil, "2026-06-02 02:30", noData, "", "", noData, "", ""},
		{"none yet", "1 day", "24 h", nightly(3), "2026-06-02 02:30", noData, "", "", noData, "", ""},
		{"none that is good", "1 day", "24 h", nightly(-1, -2), "2026-06-02 02:00", missed, "unbounded", "2026-06-01 02:00", missed, "unbounded", "2026-06-01 02:00"},
		{"none that is good, too long", "1 day", "last backup", nightly(-1, -2), "2026-06-02 02:01", missed, "unbounded", "2026-06-01 02:00", missed, "unbounded", "2026-06-01 02:00"},
		{"bad ones first", "1 day", "last backup", nightly(-1, -2, 3), "2026-06-03 12:00", missed, "48 h", "2026-06-01 02:00", met, "10 h", "2026-06-03 02:00"},
		{"a bad one first", "1 day", "last backup", nightly(-1, 2), "2026-06-02 12:00", met, "24 h", "2026-06-01 02:00", met, "10 h", "2026-06-02 02:00"},
		{"every transaction", "1 day", "last transaction", nightly(1, 2), "2026-06-02 12:00", met, "24 h", "2026-06-01 02:00", missed, "25 h", "2026-06-01 02:00"},
		{"business days", "1 business day", "1 business day", nightly(5, 8), "2026-06-08 17:00", met, "72 h", "2026-06-05 02:00", met, "73 h", "2026-06-05 02:00"},
	} {
		rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective(tt.every), RPO: objective(tt.rpo)}}
		got := judge(t, rule, continuity.Records{Backups: tt.backups}, tt.asOf)
		text := func(b continuity.Breach) string {
			switch {
			case b.At.IsZero():
				return ""
			case b.Unbounded:
				return "unbounded"
			}
			return servicetime.FormatDuration(b.Length)
		}
		assert.Equal(t, tt.frequency, got.BackupEvery.Verdict, tt.name)
		assert.Equal(t, tt.gap, text(got.BackupEvery.Worst), tt.name)
		assert.Equal(t, at(tt.gapAt), got.BackupEvery.Worst.At, tt.name)
		assert.Equal(t, tt.exposure, got.Exposure.Verdict, tt.name)
		assert.Equal(t, tt.loss, text(got.Exposure.Worst), tt.name)
		assert.Equal(t, at(tt.lossAt), got.Exposure.Worst.At, tt.name)
	}
}

// A daily copy is a day after the one before also where that is 23 or 25 hours; 24 h are not.
func TestBackupsWhereClocksChange(t *testing.T) {
	for _, tt := range []struct {
		every, day string
		want       compliance.Verdict
		gap        time.Duration
	}{
		{"1 day", "2026-10-24", met, 25 * time.Hour},
		{"24 h", "2026-10-24", missed, 25 * time.Hour},
		{"1 day", "2026-03-28", met, 23 * time.Hour},
		{"24 h", "2026-03-28", met, 23 * time.Hour},
	} {
		rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective(tt.every)}}
		var backups []continuity.Backup
		for i := range 2 {
			data := at(tt.day+" 04:00").AddDate(0, 0, i)
			backups = append(backups, continuity.Backup{DataAt: data, DoneAt: data, VerifiedAt: data})
		}
		got, err := rule.Judge(continuity.Records{Backups: backups}, servicetime.Span{}, backups[1].DataAt)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got.BackupEvery.Verdict, "%v", tt)
		assert.Equal(t, tt.gap, got.BackupEvery.Worst.Length, "%v", tt)
	}
}

// Of a period, what was before its first copy is unbounded, and what runs over its end is as long as it is there.
//
//	period          |--------------------|
//	usable    u1         u2                     u3
//	exposure  |----------|---------------|
func TestBackupsInPeriod(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective("1 day"), RPO: objective("25 h")}}
	span := servicetime.Span{From: at("2026-06-10 00:00"), To: at("2026-06-12 00:00")}
	for _, tt := range []struct {
		name                string
		backups             []continuity.Backup
		frequency, exposure compliance.Verdict
		gap, loss           continuity.Breach
		gaps, losses        int64
	}{
		{
			"every night", nightly(8, 9, 10, 11, 12), met, met,
			continuity.Breach{At: at("2026-06-09 02:00"), Length: 24 * time.Hour},
			continuity.Breach{At: at("2026-06-09 02:00"), Length: 25 * time.Hour},
			3, 3,
		},
		{
			"the last one before", nightly(8, 9), missed, missed,
			continuity.Breach{At: at("2026-06-09 02:00"), Length: 70 * time.Hour, Ongoing: true},
			continuity.Breach{At: at("2026-06-09 02:00"), Length: 70 * time.Hour, Ongoing: true},
			1, 1,
		},
		{
			"nothing before", nightly(10, 11, 12), missed, missed,
			continuity.Breach{At: at("2026-06-10 00:00"), Unbounded: true},
			continuity.Breach{At: at("2026-06-10 00:00"), Unbounded: true},
			3, 3,
		},
		{
			"none that is good", nightly(-8, 12), missed, missed,
			continuity.Breach{At: at("2026-06-10 00:00"), Unbounded: true, Ongoing: true},
			continuity.Breach{At: at("2026-06-10 00:00"), Unbounded: true, Ongoing: true},
			1, 1,
		},
		{"only behind", nightly(12), noData, noData, continuity.Breach{}, continuity.Breach{}, 0, 0},
	} {
		got, err := rule.Judge(continuity.Records{Backups: tt.backups}, span, at("2026-06-20 00:00"))
		require.NoError(t, err)
		assert.Equal(t, []compliance.Verdict{tt.frequency, tt.exposure}, []compliance.Verdict{got.BackupEvery.Verdict, got.Exposure.Verdict}, tt.name)
		assert.Equal(t, tt.gap, got.BackupEvery.Worst, tt.name)
		assert.Equal(t, tt.loss, got.Exposure.Worst, tt.name)
		assert.Equal(t, []int64{tt.gaps, tt.losses}, []int64{got.BackupEvery.Count, got.Exposure.Count}, tt.name)
	}
	got, err := rule.Judge(continuity.Records{Backups: nightly(8)}, span, at("2026-06-09 00:00"))
	require.NoError(t, err)
	assert.Equal(t, noData, got.Exposure.Verdict, "nothing of the period is known yet")
}

// Lists are bounded, counts are not.
func TestMaxListed(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RTO: objective("immediate")}}
	var rec continuity.Records
	for i := range continuity.MaxListed + 5 {
		from := at("2026-01-01 00:00").Add(time.Duration(i) * time.Minute)
		rec.Disruptions = append(rec.Disruptions, continuity.Disruption{From: from, To: from.Add(time.Second)})
	}
	got := judge(t, rule, rec, "2026-07-01 00:00")
	assert.Len(t, got.RTO.Breaches, continuity.MaxListed)
	assert.Equal(t, int64(5), got.RTO.MoreBreaches)
	assert.Equal(t, int64(continuity.MaxListed+5), got.RTO.Missed())
}

// slowLoss is the achieved RPO by asking every copy; −1 is without end.
func slowLoss(backups []continuity.Backup, v time.Time) time.Duration {
	loss := time.Duration(-1)
	for _, b := range backups {
		if b.DoneAt.IsZero() || b.VerifiedAt.IsZero() || b.DoneAt.After(v) || b.VerifiedAt.After(v) {
			continue
		}
		if d := v.Sub(b.DataAt); loss < 0 || d < loss {
			loss = d
		}
	}
	return loss
}

// randomBackups are on whole minutes of a day; some never were complete, or verified.
func randomBackups(random *rand.Rand, start time.Time) (out []continuity.Backup) {
	minute := func(from, n int) time.Time { return start.Add(time.Duration(from+random.IntN(n)) * time.Minute) }
	for range random.IntN(8) {
		b := continuity.Backup{DataAt: minute(0, 60)}
		offset := int(b.DataAt.Sub(start) / time.Minute)
		if random.IntN(6) > 0 {
			b.DoneAt = minute(offset, 20)
			offset = int(b.DoneAt.Sub(start) / time.Minute)
		}
		if random.IntN(6) > 0 {
			b.VerifiedAt = minute(offset, 20)
		}
		out = append(out, b)
	}
	return out
}

// The worst loss of a period is the supremum over its instants: with records on whole minutes, that of the last nanosecond of every minute, and a nanosecond.
func TestRandomExposure(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 12))
	cal := office(t)
	start := at("2026-06-01 00:00")
	rule := continuity.Rule{Calendar: cal, Objectives: continuity.Objectives{RPO: objective("15 min")}}
	for range 3000 {
		backups := randomBackups(random, start)
		from, asOf := random.IntN(70), random.IntN(100)
		to := from + 1 + random.IntN(40)
		span := servicetime.Span{From: start.Add(time.Duration(from) * time.Minute), To: start.Add(time.Duration(to) * time.Minute)}
		now := start.Add(time.Duration(asOf) * time.Minute)
		got, err := rule.Judge(continuity.Records{Backups: backups}, span, now)
		require.NoError(t, err)
		worst, none, known := time.Duration(0), false, false
		for _, b := range backups {
			known = known || !b.DataAt.After(now) && b.DataAt.Before(span.To)
		}
		for m := from; m < min(to, asOf); m++ {
			loss := slowLoss(backups, start.Add(time.Duration(m+1)*time.Minute-1))
			none = none || loss < 0
			worst = max(worst, loss+1)
		}
		switch {
		case !known || asOf <= from:
			assert.Equal(t, noData, got.Exposure.Verdict)
		default:
			assert.Equal(t, none, got.Exposure.Worst.Unbounded)
			if !none {
				assert.Equal(t, worst, got.Exposure.Worst.Length)
			}
			assert.Equal(t, none || worst > 15*time.Minute, got.Exposure.Verdict == missed)
		}
	}
}

// LossAt is what asking every copy says. A copy more, or one that is usable earlier, never makes it worse, and all that is only known later changes nothing.
func TestRandomLoss(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	start := at("2026-06-01 00:00")
	rule := continuity.Rule{Calendar: office(t)}
	loss := func(backups []continuity.Backup, v time.Time) time.Duration {
		d, ok, err := rule.LossAt(backups, v)
		require.NoError(t, err)
		if !ok {
			return 1 << 62
		}
		return d
	}
	for range 3000 {
		backups := randomBackups(random, start)
		v := start.Add(time.Duration(random.IntN(100)) * time.Minute)
		was := loss(backups, v)
		if slow := slowLoss(backups, v); slow >= 0 {
			assert.Equal(t, slow, was)
		} else {
			assert.Equal(t, time.Duration(1<<62), was)
		}
		assert.LessOrEqual(t, loss(append(backups, randomBackups(random, start)...), v), was)
		sooner := append([]continuity.Backup{}, backups...)
		for i, b := range sooner {
			if !b.DoneAt.IsZero() && !b.VerifiedAt.IsZero() {
				sooner[i].DoneAt = b.DataAt
				sooner[i].VerifiedAt = b.DataAt.Add(b.VerifiedAt.Sub(b.DataAt) / 2)
			}
		}
		assert.LessOrEqual(t, loss(sooner, v), was)
		assert.Equal(t, was, loss(knownBackups(backups, v), v))
	}
}

// knownBackups are the records as they were at an instant.
func knownBackups(backups []continuity.Backup, v time.Time) (out []continuity.Backup) {
	for _, b := range backups {
		if b.DataAt.After(v) {
			continue
		}
		b.DoneAt, b.VerifiedAt = upTo(b.DoneAt, v), upTo(b.VerifiedAt, v)
		out = append(out, b)
	}
	return out
}

// upTo is an instant if it is known by another.
func upTo(t, v time.Time) time.Time {
	if t.After(v) {
		return time.Time{}
	}
	return t
}

// What came after as-of is not known: the result is that of the records as they were.
func TestRandomAsOf(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	cal := office(t)
	start := at("2026-06-01 00:00")
	minute := func(from, n int) time.Time { return start.Add(time.Duration(from+random.IntN(n)) * time.Minute) }
	for range 3000 {
		rule := continuity.Rule{Calendar: cal, UseVerifies: random.IntN(2) == 0, Objectives: continuity.Objectives{
			RTO: objective("10 min"), RPO: objective([]string{"20 min", "last backup", "last transaction"}[random.IntN(3)]), WRT: objective("5 min"), MTPD: objective("12 min"),
			BackupEvery: objective("15 min"), TestEvery: objective("30 min"),
		}}
		rec := continuity.Records{Backups: randomBackups(random, start)}
		for range random.IntN(4) {
			d := continuity.Disruption{From: minute(0, 60), PlanUsed: random.IntN(2) == 0}
			offset := int(d.From.Sub(start) / time.Minute)
			if random.IntN(3) > 0 {
				d.To = minute(offset, 30)
				d.DataAt = minute(0, int(d.To.Sub(start)/time.Minute)+1)
				if random.IntN(2) > 0 {
					d.Normal = d.To.Add(time.Duration(random.IntN(10)) * time.Minute)
				}
			}
			rec.Disruptions = append(rec.Disruptions, d)
			test := continuity.Test{At: d.From}
			if !d.To.IsZero() {
				test.Restored = d.To
			}
			rec.Tests = append(rec.Tests, test)
		}
		now := minute(0, 90)
		span := servicetime.Span{}
		if random.IntN(2) == 0 {
			span.From = minute(0, 60)
			span.To = span.From.Add(time.Duration(random.IntN(40)) * time.Minute)
		}
		was := continuity.Records{Backups: knownBackups(rec.Backups, now)}
		for _, d := range rec.Disruptions {
			if d.From.After(now) {
				continue
			}
			if d.To, d.Normal = upTo(d.To, now), upTo(d.Normal, now); d.To.IsZero() {
				d.DataAt = time.Time{}
			}
			was.Disruptions = append(was.Disruptions, d)
		}
		for _, one := range rec.Tests {
			if one.Restored = upTo(one.Restored, now); !one.At.After(now) {
				was.Tests = append(was.Tests, one)
			}
		}
		got, err := rule.Judge(rec, span, now)
		require.NoError(t, err)
		want, err := rule.Judge(was, span, now)
		require.NoError(t, err)
		assert.Equal(t, want.String(), got.String())
		if len(want.Disruptions) == 0 {
			assert.Empty(t, got.Disruptions)
		}
		for i, d := range want.Disruptions {
			assert.Equal(t, d.Recovery, got.Disruptions[i].Recovery)
		}
		for i, one := range want.Tests {
			assert.Equal(t, one.Recovery, got.Tests[i].Recovery)
		}
	}
}
