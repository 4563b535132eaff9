package continuity_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// judgeMonth judges a month as of an instant.
func judgeMonth(t *testing.T, rule continuity.Rule, rec continuity.Records, month, asOf string) continuity.Result {
	t.Helper()
	span, err := rule.Calendar.Span(servicetime.MustMonth(month))
	require.NoError(t, err)
	got, err := rule.Judge(rec, span, at(asOf))
	require.NoError(t, err)
	return got
}

// A disruption was asked whether it touches the period by its restoration alone, so that work that took too long
// to be normal again in the month after was missed in no month.
//
//	October                 | November
//	|--- disrupted ---|     |
//	                  |--- work normal again ---|     WRT 8 h
//	|-------------------------------------------|     MTPD 5 days
func TestBackToNormalInTheMonthAfter(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{
		RTO: objective("72 h"), RPO: objective("24 h"), WRT: objective("8 h"), MTPD: objective("5 days"), MBCO: compliance.MustGoal("30%"),
	}}
	d := continuity.Disruption{From: at("2026-10-29 10:00"), To: at("2026-10-31 20:00"), Normal: at("2026-11-06 20:00"), Kept: compliance.Share{Met: 1, Total: 10}}
	open := d
	open.Normal = time.Time{}
	for _, tt := range []struct {
		name, month, asOf          string
		d                          continuity.Disruption
		rto, rpo, wrt, mtpd, mbco  compliance.Verdict
		wrtSoFar, mtpdSoFar, judge bool
	}{
		{"so far", "2026-10", "2026-12-01 00:00", d, met, missed, met, met, missed, true, true, true},
		{"then too long", "2026-11", "2026-12-01 00:00", d, noData, noData, missed, missed, noData, false, false, true},
		{"normal since", "2026-12", "2027-01-01 00:00", d, noData, noData, noData, noData, noData, false, false, false},
		{"not normal yet", "2026-11", "2026-11-02 00:00", d, noData, noData, missed, met, noData, true, true, true},
		{"not shown", "2026-12", "2027-01-01 00:00", open, noData, noData, missed, missed, noData, true, true, true},
	} {
		got := judgeMonth(t, rule, continuity.Records{Disruptions: []continuity.Disruption{tt.d}}, tt.month, tt.asOf)
		assert.Equal(t,
			[]compliance.Verdict{tt.rto, tt.rpo, tt.wrt, tt.mtpd, tt.mbco},
			[]compliance.Verdict{got.RTO.Verdict, got.RPO.Verdict, got.WRT.Verdict, got.MTPD.Verdict, got.MBCO}, tt.name)
		assert.Equal(t, []bool{tt.wrtSoFar, tt.mtpdSoFar}, []bool{got.WRT.Worst.Ongoing, got.MTPD.Worst.Ongoing}, tt.name)
		assert.Equal(t, tt.judge, len(got.Disruptions) == 1, tt.name)
	}
	// Where neither is agreed nobody need say when work was normal again, and nothing runs on.
	rule.WRT, rule.MTPD = continuity.Objective{}, continuity.Objective{}
	got := judgeMonth(t, rule, continuity.Records{Disruptions: []continuity.Disruption{open}}, "2026-10", "2026-12-01 00:00")
	assert.Equal(t, 58*time.Hour, got.MTPD.Worst.Length)
	assert.Zero(t, got.WRT.Count)
	got = judgeMonth(t, rule, continuity.Records{Disruptions: []continuity.Disruption{open}}, "2026-11", "2026-12-01 00:00")
	assert.Empty(t, got.Disruptions)
}

// A month whose only copy was of its last day met "every 24 h": the time before the first copy was not judged.
// It is from the newest copy before the month, and unbounded without one; no data without any record at all.
func TestFirstCopyOnTheLastDay(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective("24 h"), RPO: objective("48 h")}}
	last := copyOf("2026-06-30 12:00", "2026-06-30 13:00", "2026-06-30 13:00")
	for _, tt := range []struct {
		name                string
		backups             []continuity.Backup
		frequency, exposure compliance.Verdict
		worst               continuity.Breach
		count               int64
	}{
		{"alone", []continuity.Backup{last}, missed, missed, continuity.Breach{At: at("2026-06-01 00:00"), Unbounded: true}, 2},
		{
			"one before",
			[]continuity.Backup{copyOf("2026-05-31 12:00", "2026-05-31 12:00", "2026-05-31 12:00"), last},
			missed, missed,
			continuity.Breach{At: at("2026-05-31 12:00"), Length: 720 * time.Hour},
			2,
		},
		{
			"a bad one before",
			[]continuity.Backup{copyOf("2026-05-31 12:00", "", ""), last},
			missed, missed,
			continuity.Breach{At: at("2026-06-01 00:00"), Unbounded: true},
			2,
		},
		{
			"bad ones alone",
			[]continuity.Backup{copyOf("2026-06-20 12:00", "", "")},
			missed, missed,
			continuity.Breach{At: at("2026-06-01 00:00"), Unbounded: true, Ongoing: true},
			1,
		},
		{"no record", nil, noData, noData, continuity.Breach{}, 0},
	} {
		got := judgeMonth(t, rule, continuity.Records{Backups: tt.backups}, "2026-06", "2026-07-01 00:00")
		assert.Equal(t, []compliance.Verdict{tt.frequency, tt.exposure}, []compliance.Verdict{got.BackupEvery.Verdict, got.Exposure.Verdict}, tt.name)
		assert.Equal(t, tt.worst, got.BackupEvery.Worst, tt.name)
		assert.Equal(t, tt.count, got.BackupEvery.Count, tt.name)
	}
}

// The first backup of all, after the period, turned the period's exposure from no data to missed.
// Records that begin after its end say nothing of it.
func TestBackupAfterThePeriod(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective("24 h"), RPO: objective("48 h")}}
	for _, data := range []string{"2026-07-01 00:00", "2026-07-20 02:00"} {
		rec := continuity.Records{Backups: []continuity.Backup{copyOf(data, data, data)}}
		got := judgeMonth(t, rule, rec, "2026-06", "2026-08-01 00:00")
		assert.Equal(t, judgeMonth(t, rule, continuity.Records{}, "2026-06", "2026-08-01 00:00"), got, data)
		assert.Equal(t, noData, got.Exposure.Verdict, data)
	}
}

// An RPO of last backup was met by a replica's data where there was no backup: its own data point stood in for the newest copy's.
// The objective is a backup, and without one it is missed, whatever else gave the data back.
func TestLastBackupWithoutCopy(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RPO: objective("last backup")}}
	for _, data := range []string{"", "2026-06-01 11:00", "2026-06-01 12:30"} {
		d := continuity.Disruption{From: at("2026-06-01 12:00"), To: at("2026-06-01 13:00"), DataAt: at(data)}
		test := continuity.Test{At: d.From, Restored: d.To, DataAt: d.DataAt}
		got := judge(t, rule, continuity.Records{Disruptions: []continuity.Disruption{d}, Tests: []continuity.Test{test}}, "2026-07-01 00:00")
		want := []continuity.Breach{{At: d.From, Unbounded: true}}
		assert.Equal(t, missed, got.RPO.Verdict, data)
		assert.Equal(t, want, got.RPO.Breaches, data)
		assert.Equal(t, want, got.TestRPO.Breaches, data)
		assert.Equal(t, data == "", got.Disruptions[0].NoCopy, data)
		assert.Equal(t, d.DataAt, got.Disruptions[0].DataAt, data)
	}
}

// In open hours a time used up at closing is kept until the next opening, and the night takes none of immediate. Promises were
// compared by the printed due all the same, so that the chain contradicted what Judge finds kept.
//
//	open         |08 ------ 17|             |08
//	database 9 h |------------|.............|     kept until 08:00
//	portal 9 h   |------------|.............|     kept until 08:00, half an hour behind the database: not
func TestChainConflictsInOpenHours(t *testing.T) {
	for _, tt := range []struct {
		name                    string
		restart                 int
		portal, database, hours string
		want                    []string
	}{
		{"together", 0, "9 h", "9 h", "SUPPORT_CLOCK", nil},
		{"at the opening", 0, "2 business days", "9 h", "SUPPORT_CLOCK", nil},
		{"at once", 0, "immediate", "immediate", "SUPPORT_CLOCK", nil},
		{
			"half an hour late", 30, "9 h", "9 h", "SUPPORT_CLOCK",
			[]string{"chain_over_promise: portal, behind database: 9 h: from 2026-01-02 00:00 asked by 2026-01-02 17:00, possible 2026-01-05 08:30"},
		},
		{
			"nothing by night, and half an hour by day", 30, "immediate", "", "SUPPORT_CLOCK",
			[]string{"chain_over_promise: portal, behind database: immediate: from 2026-01-02 08:00 asked by 2026-01-02 08:00, possible 2026-01-02 08:30"},
		},
		{
			"on the wall clock", 30, "9 h", "9 h", "WALL_CLOCK",
			[]string{"chain_over_promise: portal, behind database: 9 h: from 2026-01-02 00:00 asked by 2026-01-02 09:00, possible 2026-01-02 09:30"},
		},
	} {
		hours, err := servicetime.ParseConvention(tt.hours)
		require.NoError(t, err)
		rule := continuity.Rule{Calendar: office(t), Hours: hours}
		restart := servicetime.Duration(tt.restart) * servicetime.Duration(time.Minute)
		got, err := rule.ChainConflicts([]continuity.Service{
			{Name: "portal", Needs: []string{"database"}, Restart: restart, RTO: objective(tt.portal)},
			{Name: "database", RTO: objective(tt.database)},
		}, servicetime.MustDate("2026-01-02")) // a Friday
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.want, lines(got), tt.name)
		for _, c := range got {
			rule.RTO = c.Objectives[0]
			d := continuity.Disruption{From: c.From, To: c.Possible}
			assert.Equal(t, missed, judge(t, rule, continuity.Records{Disruptions: []continuity.Disruption{d}}, "2026-02-01 00:00").RTO.Verdict, tt.name)
		}
	}
}

// A chain of restarts that ends after the year 2200 had its instant in Possible, which is to be zero.
// Each restart is an instant on the way, and only that beyond 2262 was found.
func TestPossibleAfter2200(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t)}
	in := []continuity.Service{{Name: "a", Restart: servicetime.Duration(200 * 365 * 24 * time.Hour), RTO: objective("72 h")}}
	got, err := rule.ChainConflicts(in, servicetime.MustDate("2026-01-01"))
	require.NoError(t, err)
	require.Len(t, got, 1)
	assert.Zero(t, got[0].Possible)
	assert.Equal(t, []string{"chain_over_promise: a: 72 h: from 2026-01-01 00:00 asked by 2026-01-04 00:00, not before 2201"}, lines(got))
}

// The doc named late verification as all that a later run of an old month can change; it is four things.
// Records without them are judged alike by every run after the month.
func TestRandomLaterRun(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	start := at("2026-06-01 00:00")
	end := start.Add(50 * time.Minute)
	span := servicetime.Span{From: start.Add(20 * time.Minute), To: end}
	minute := func(from, n int) time.Time { return start.Add(time.Duration(from+random.IntN(n)) * time.Minute) }
	rule := continuity.Rule{Calendar: office(t), UseVerifies: true, Objectives: continuity.Objectives{
		RTO: objective("10 min"), RPO: objective("20 min"), WRT: objective("5 min"), MTPD: objective("12 min"), MBCO: compliance.MustGoal("30%"),
		BackupEvery: objective("15 min"), TestEvery: objective("30 min"),
	}}
	for range 2000 {
		var rec continuity.Records
		for _, b := range randomBackups(random, start) {
			if usable := b.DoneAt; b.VerifiedAt.After(end) || usable.After(end) {
				b.VerifiedAt = time.Time{} // not late
			}
			rec.Backups = append(rec.Backups, b)
		}
		for range random.IntN(4) {
			d := continuity.Disruption{From: minute(0, 60), PlanUsed: random.IntN(2) == 0, Kept: compliance.Share{Met: random.Int64N(10), Total: 10}}
			d.To = d.From.Add(time.Duration(random.IntN(30)) * time.Minute)
			d.Normal = d.To.Add(time.Duration(random.IntN(30)) * time.Minute)
			if !d.To.After(end) {
				d.DataAt = d.From.Add(-time.Duration(random.IntN(30)) * time.Minute)
			}
			test := continuity.Test{At: d.From}
			if !d.To.After(end) {
				test.Restored = d.To
			}
			rec.Disruptions, rec.Tests = append(rec.Disruptions, d), append(rec.Tests, test)
		}
		want, err := rule.Judge(rec, span, end)
		require.NoError(t, err)
		got, err := rule.Judge(rec, span, end.Add(time.Duration(random.IntN(90))*time.Minute))
		require.NoError(t, err)
		got.AsOf = want.AsOf
		require.Len(t, got.Disruptions, len(want.Disruptions))
		for i := range got.Disruptions { // how it ended after the first as-of the later run alone can show
			d := &got.Disruptions[i].Disruption
			if d.To.After(end) {
				d.To = time.Time{}
			}
			if d.Normal.After(end) {
				d.Normal = time.Time{}
			}
		}
		require.Equal(t, want, got)
	}
}

// Of two disruptions from one instant, one ended exactly at as-of and one that goes on, the first in the list was the worst.
// Records have no order: every permutation has the same result.
func TestOrderOfRecords(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RTO: objective("1 h"), RPO: objective("1 h"), WRT: objective("1 h"), MTPD: objective("1 h")}}
	from, now := at("2026-06-01 08:00"), at("2026-06-01 12:00")
	ended, open := continuity.Disruption{From: from, To: now}, continuity.Disruption{From: from}
	for _, in := range [][]continuity.Disruption{{ended, open}, {open, ended}} {
		got := judge(t, rule, continuity.Records{Disruptions: in}, "2026-06-01 12:00")
		assert.Equal(t, []continuity.Disruption{ended, open}, []continuity.Disruption{got.Disruptions[0].Disruption, got.Disruptions[1].Disruption})
		assert.Equal(t, continuity.Breach{At: from, Length: 4 * time.Hour, Ongoing: true}, got.RTO.Worst)
	}
	random := rand.New(rand.NewPCG(10, 11))
	few := func() time.Time { return from.Add(time.Duration(random.IntN(3)) * time.Hour) }
	maybe := func(not time.Time) time.Time {
		if random.IntN(2) == 0 {
			return time.Time{}
		}
		return not.Add(time.Duration(random.IntN(3)) * time.Hour)
	}
	for range 500 {
		rec := continuity.Records{Backups: randomBackups(random, from)}
		for range 4 {
			d := continuity.Disruption{From: few(), Name: string(rune('a' + random.IntN(3))), PlanUsed: random.IntN(2) == 0, Kept: compliance.Share{Met: random.Int64N(2), Total: 1}}
			if d.To = maybe(d.From); !d.To.IsZero() {
				d.Normal, d.DataAt = maybe(d.To), from
			}
			test := continuity.Test{At: few(), Failed: random.IntN(2) == 0, Name: d.Name}
			if !test.Failed {
				test.Restored = maybe(test.At)
			}
			rec.Disruptions, rec.Tests = append(rec.Disruptions, d), append(rec.Tests, test)
		}
		want := judge(t, rule, rec, "2026-06-01 12:00")
		random.Shuffle(4, func(i, j int) { rec.Disruptions[i], rec.Disruptions[j] = rec.Disruptions[j], rec.Disruptions[i] })
		random.Shuffle(4, func(i, j int) { rec.Tests[i], rec.Tests[j] = rec.Tests[j], rec.Tests[i] })
		slices.Reverse(rec.Backups)
		require.Equal(t, want, judge(t, rule, rec, "2026-06-01 12:00"))
	}
}

// A period without an instant, or of which none is known yet, had the exposure of the instant at its beginning.
// There is nothing in it to be judged.
func TestExposureOfNothing(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RPO: objective("1 h"), BackupEvery: objective("1 h")}}
	from := at("2026-06-10 00:00")
	for _, backups := range [][]continuity.Backup{nightly(1), nightly(-1), nil} {
		for _, to := range []time.Time{from, at("2026-07-01 00:00")} {
			got, err := rule.Judge(continuity.Records{Backups: backups}, servicetime.Span{From: from, To: to}, from)
			require.NoError(t, err)
			assert.Equal(t, []compliance.Verdict{noData, noData}, []compliance.Verdict{got.Exposure.Verdict, got.BackupEvery.Verdict})
			assert.Zero(t, got.Exposure.Count)
		}
	}
}

// The time from a bad first copy to the first usable one was counted only where it missed, so that a stricter objective had more
// to judge. What was measured is what it is, whatever is agreed.
func TestBackupCountWhateverIsAgreed(t *testing.T) {
	for _, tt := range []struct {
		backups []continuity.Backup
		want    int64
	}{
		{nightly(-1, 2, 3), 3},
		{nightly(-1, -2), 1},
		{nightly(1, 2), 2},
		{nil, 0},
	} {
		for _, every := range []string{"", "1 h", "24 h", "1000 h"} {
			rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective(every)}}
			got := judge(t, rule, continuity.Records{Backups: tt.backups}, "2026-06-03 12:00")
			assert.Equal(t, tt.want, got.BackupEvery.Count, every)
		}
	}
}

// The time since the last backup, copy or test was printed as one that had ended.
// It goes on, unless the next came exactly then.
func TestSoFarOfBackupsAndTests(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{BackupEvery: objective("24 h"), TestEvery: objective("2 days"), RPO: objective("24 h")}}
	rec := continuity.Records{Backups: nightly(1), Tests: []continuity.Test{{At: at("2026-06-01 02:00")}}}
	got := judge(t, rule, rec, "2026-06-03 02:00")
	assert.Equal(t, "objective 24 h: missed by 1 of 1, worst 2026-06-01 02:00, 48 h so far", got.BackupEvery.String())
	assert.Equal(t, "objective 24 h: missed by 1 of 1, worst 2026-06-01 02:00, 48 h so far", got.Exposure.String())
	assert.Equal(t, "objective 2 days: met by 1, worst 2026-06-01 02:00, 48 h so far", got.TestEvery.String())

	now := at("2026-06-03 02:00")
	rec.Backups = append(rec.Backups, continuity.Backup{DataAt: now, DoneAt: now, VerifiedAt: now})
	rec.Tests = append(rec.Tests, continuity.Test{At: now})
	got = judge(t, rule, rec, "2026-06-03 02:00")
	for _, o := range []continuity.Outcome{got.BackupEvery, got.Exposure, got.TestEvery} {
		assert.Equal(t, continuity.Breach{At: at("2026-06-01 02:00"), Length: 48 * time.Hour}, o.Worst)
	}
	got = judge(t, rule, continuity.Records{Backups: nightly(-1)}, "2026-06-03 02:00")
	assert.Equal(t, "objective 24 h: missed by 1 of 1, worst 2026-06-01 02:00, unbounded so far", got.Exposure.String())
}

// No period at all was a panic.
// It is an error, as one out of range.
func TestConflictsOfNoPeriod(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t)}
	_, err := rule.Conflicts(nil)
	require.ErrorIs(t, err, servicetime.ErrRange)
	_, err = rule.ChainConflicts(services("a 1 1"), nil)
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// A span to the end of the range walked every run of it: 120 million, minutes long, of which the first two days were known.
// Only runs by as-of are looked at; one whose copy may still come is pending also where the next is a week off.
func TestScheduleIsWalkedToAsOf(t *testing.T) {
	var windows []servicetime.Window
	for minute := range 1440 {
		windows = append(windows, servicetime.Window{Open: minute, Close: minute + 1})
	}
	s := continuity.Schedule{Runs: servicetime.Week{servicetime.DaysOf(0, 1, 2, 3, 4, 5, 6): windows}}
	span := servicetime.Span{From: at("1970-01-02 00:00"), To: at("2200-12-31 00:00")}
	got, err := s.In(office(t), nil, span, at("1970-01-04 00:00"))
	require.NoError(t, err)
	assert.Equal(t, "2881 runs: 0 done, 2880 missed, 1 pending", got.String())
	got, err = s.In(office(t), nil, span, at("1970-01-01 12:00"))
	require.NoError(t, err)
	assert.Zero(t, got.Count)

	begun := []continuity.Backup{copyOf("2026-06-01 02:00", "2026-06-01 03:00", "")}
	span = servicetime.Span{From: at("2026-06-01 00:00"), To: at("2200-12-31 00:00")}
	for asOf, want := range map[string]string{
		"2026-06-07 00:00": "1 runs: 0 done, 0 missed, 1 pending",
		"2026-06-08 02:00": "2 runs: 0 done, 1 missed, 1 pending",
	} {
		got, err = week("mon 02:00-03:00").In(office(t), begun, span, at(asOf))
		require.NoError(t, err)
		assert.Equal(t, want, got.String(), asOf)
	}
}

// A test that failed was said to have had no copy, though there was one that did not work.
// It returned to nothing, which says nothing of copies.
func TestFailedTestHasNoNoCopy(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RPO: objective("24 h")}}
	for _, backups := range [][]continuity.Backup{nightly(1), nil} {
		got := judge(t, rule, continuity.Records{Backups: backups, Tests: []continuity.Test{{At: at("2026-06-01 08:00"), Failed: true}}}, "2026-07-01 00:00")
		assert.False(t, got.Tests[0].NoCopy)
		assert.Zero(t, got.Tests[0].DataAt)
		assert.Equal(t, []continuity.Breach{{At: at("2026-06-01 08:00"), Unbounded: true}}, got.TestRPO.Breaches)
	}
}

// Data of after the return to it was taken for no loss.
// It is a wrong record; what is not known yet has no bound but itself.
func TestDataAfterTheReturn(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t)}
	from, to, asOf := at("2026-06-01 08:00"), at("2026-06-01 12:00"), "2026-06-02 00:00"
	bad := continuity.Records{
		Disruptions: []continuity.Disruption{{From: from, To: to, DataAt: to.Add(1)}, {From: from, DataAt: at(asOf).Add(1)}},
		Tests:       []continuity.Test{{At: from, Restored: to, DataAt: to.Add(1)}},
	}
	_, err := rule.Judge(bad, servicetime.Span{}, at(asOf))
	assert.Equal(t, []string{"disruptions[0].data_at", "disruptions[1].data_at", "tests[0].data_at"}, paths(t, err, servicetime.ErrBackwards))

	later := at("2026-06-10 08:00")
	good := continuity.Records{
		Disruptions: []continuity.Disruption{{From: from, To: to, DataAt: to}, {From: from, DataAt: at(asOf)}, {From: later, To: later.Add(2), DataAt: later.Add(1)}, {From: later, DataAt: later}},
		Tests:       []continuity.Test{{At: from, Restored: to, DataAt: to}, {At: later, Failed: true, DataAt: later}},
	}
	judge(t, rule, good, asOf)
}

// EU1182_HOURS counts from the next full hour, and was taken for hours here, where immediate and a length have none.
// Two readings are documented, and no more.
func TestHoursOfRegulation1182(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Hours: servicetime.EU1182Hours}
	assert.Equal(t, []string{"hours"}, paths(t, rule.Check(), continuity.ErrReading))
	for _, hours := range []servicetime.Convention{0, servicetime.WallClock, servicetime.SupportClock} {
		rule.Hours = hours
		require.NoError(t, rule.Check())
	}
}

// A copy whose data point was written with time.Date in the hour shown twice is none of a run in that hour.
// The doc says so: it is the second, and the run is at the first.
func TestDataAtInTheRepeatedHour(t *testing.T) {
	span, err := office(t).Span(servicetime.MustDate("2026-10-25"))
	require.NoError(t, err)
	data := time.Date(2026, 10, 25, 2, 30, 0, 0, stockholm)
	for _, tt := range []struct {
		data time.Time
		want string
	}{
		{data, "1 runs: 0 done, 1 missed, 0 pending"},
		{data.Add(-time.Hour), "1 runs: 1 done, 0 missed, 0 pending"},
	} {
		b := continuity.Backup{DataAt: tt.data, DoneAt: tt.data, VerifiedAt: tt.data}
		got, err := week("sun 02:30-03:00").In(office(t), []continuity.Backup{b}, span, span.To)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got.String())
	}
}

// The MBCO was judged of each disruption, and stood in no outcome.
// One that missed is enough.
func TestMBCO(t *testing.T) {
	good, bad, blank := compliance.Share{Met: 3, Total: 10}, compliance.Share{Met: 2, Total: 10}, compliance.Share{}
	for _, tt := range []struct {
		goal   string
		kept   []compliance.Share
		want   compliance.Verdict
		missed int64
		line   string
	}{
		{"", nil, notAgreed, 0, "MBCO: objective not agreed\n"},
		{"", []compliance.Share{bad}, notAgreed, 0, "MBCO: objective not agreed\n"},
		{"30%", nil, noData, 0, "MBCO: objective 30 %: no data\n"},
		{"30%", []compliance.Share{blank}, noData, 0, "MBCO: objective 30 %: no data\n"},
		{"30%", []compliance.Share{blank, good}, met, 0, "MBCO: objective 30 %: met\n"},
		{"30%", []compliance.Share{bad, good, blank, bad, good}, missed, 2, "MBCO: objective 30 %: missed by 2\n"},
	} {
		rule := continuity.Rule{Calendar: office(t)}
		require.NoError(t, rule.MBCO.UnmarshalText([]byte(tt.goal)))
		var rec continuity.Records
		for i, kept := range tt.kept {
			from := at("2026-06-01 08:00").AddDate(0, 0, i)
			rec.Disruptions = append(rec.Disruptions, continuity.Disruption{From: from, To: from.Add(time.Hour), Kept: kept})
		}
		got := judge(t, rule, rec, "2026-07-01 00:00")
		assert.Equal(t, tt.want, got.MBCO, tt.line)
		assert.Equal(t, tt.missed, got.MBCOMissed, tt.line)
		assert.Contains(t, got.String(), tt.line)
	}
}

// What was judged as of an instant handed back the record with how it ended after that.
func TestNothingOfAfterAsOf(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RTO: objective("72 h")}}
	rec := continuity.Records{
		Disruptions: []continuity.Disruption{{
			From: at("2026-10-05 10:00"), To: at("2026-10-08 10:00"), Normal: at("2026-10-09 10:00"), DataAt: at("2026-10-05 09:00"),
			Kept: compliance.Share{Met: 1, Total: 10}, Name: "power", Outcome: "restored", Actions: "a second feed",
		}},
		Tests: []continuity.Test{{
			At: at("2026-10-06 10:00"), Restored: at("2026-10-08 10:00"), DataAt: at("2026-10-06 09:00"), Name: "yearly", Outcome: "restored", Actions: "none",
		}},
	}
	before := judgeMonth(t, rule, rec, "2026-10", "2026-10-07 10:00")
	assert.Equal(t, continuity.Disruption{From: at("2026-10-05 10:00"), Kept: rec.Disruptions[0].Kept, Name: "power"}, before.Disruptions[0].Disruption)
	assert.Equal(t, continuity.Test{At: at("2026-10-06 10:00"), Name: "yearly"}, before.Tests[0].Test)
	restored := judgeMonth(t, rule, rec, "2026-10", "2026-10-08 10:00")
	assert.Equal(t, at("2026-10-08 10:00"), restored.Disruptions[0].Disruption.To)
	assert.Zero(t, restored.Disruptions[0].Disruption.Normal)
	assert.Equal(t, rec.Tests[0], restored.Tests[0].Test)
}
