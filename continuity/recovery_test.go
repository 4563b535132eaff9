package continuity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

const (
	noData    = compliance.NoData
	notAgreed = compliance.NotAgreed
	met       = compliance.Met
	missed    = compliance.Missed
)

// The example levels of §4.12, each at its figure and beyond. 2026: Midsummer's Day is Saturday 20 June, Good Friday 3 April, Easter Monday 6 April; clocks go
// forward on Sunday 29 March and back on Sunday 25 October.
func TestRTO(t *testing.T) {
	const late = "2027-01-01 00:00"
	for _, tt := range []struct {
		rto, from, to, asOf string
		want                compliance.Verdict
		length, due         string
	}{
		// "omedelbart"
		{"immediate", "2026-06-01 10:00", "2026-06-01 10:00", late, met, "0 s", "2026-06-01 10:00"},
		{"immediate", "2026-06-01 10:00", "2026-06-01 10:00:01", late, missed, "1 s", "2026-06-01 10:00"},
		{"immediate", "2026-06-01 10:00", "", "2026-06-01 10:00", met, "0 s", "2026-06-01 10:00"},
		{"immediate", "2026-06-01 10:00", "", "2026-06-01 10:01", missed, "1 min", "2026-06-01 10:00"},
		// "inom 72 timmar": on the wall clock, over a weekend
		{"72 h", "2026-06-05 16:00", "2026-06-08 16:00", late, met, "72 h", "2026-06-08 16:00"},
		{"72 h", "2026-06-05 16:00", "2026-06-08 16:00:01", late, missed, "72 h 1 s", "2026-06-08 16:00"},
		{"72 h", "2026-03-27 16:00", "2026-03-30 17:00", late, met, "72 h", "2026-03-30 17:00"},
		{"72 h", "2026-03-27 16:00", "2026-03-30 17:00:01", late, missed, "72 h 1 s", "2026-03-30 17:00"},
		{"72 h", "2026-10-23 16:00", "2026-10-26 15:00", late, met, "72 h", "2026-10-26 15:00"},
		{"72 h", "2026-10-23 16:00", "2026-10-26 15:00:01", late, missed, "72 h 1 s", "2026-10-26 15:00"},
		// "inom 1 arbetsvecka": 5 business days, the date of the start not counted, at closing
		{"1 working week", "2026-06-01 08:00", "2026-06-08 17:00", late, met, "177 h", "2026-06-08 17:00"},
		{"1 working week", "2026-06-01 08:00", "2026-06-08 17:00:01", late, missed, "177 h 1 s", "2026-06-08 17:00"},
		{"1 working week", "2026-06-06 12:00", "2026-06-12 17:00", late, met, "149 h", "2026-06-12 17:00"},
		{"1 working week", "2026-03-30 12:00", "2026-04-08 17:00", late, met, "221 h", "2026-04-08 17:00"}, // Easter
		{"1 working week", "2026-03-30 12:00", "2026-04-08 17:00:01", late, missed, "221 h 1 s", "2026-04-08 17:00"},
		{"2 working weeks", "2026-06-01 08:00", "2026-06-15 17:00:01", late, missed, "345 h 1 s", "2026-06-15 17:00"},
		{"5 business days", "2026-06-01 08:00", "2026-06-08 17:00", late, met, "177 h", "2026-06-08 17:00"},
		// other times
		{"30 min", "2026-06-01 10:00", "2026-06-01 10:30", late, met, "30 min", "2026-06-01 10:30"},
		{"1 day", "2026-10-24 12:00", "2026-10-25 12:00", late, met, "25 h", "2026-10-25 12:00"},
		{"1 day", "2026-10-24 12:00", "2026-10-25 12:00:01", late, missed, "25 h 1 s", "2026-10-25 12:00"},
		{"1 day", "2026-03-28 12:00", "2026-03-29 12:00:01", late, missed, "23 h 1 s", "2026-03-29 12:00"},
		// not ended as of, and ended only later
		{"72 h", "2026-06-01 10:00", "", "2026-06-04 10:00", met, "72 h", "2026-06-04 10:00"},
		{"72 h", "2026-06-01 10:00", "", "2026-06-04 10:00:01", missed, "72 h 1 s", "2026-06-04 10:00"},
		{"72 h", "2026-06-01 10:00", "2026-06-09 10:00", "2026-06-02 10:00", met, "24 h", "2026-06-04 10:00"},
		// not agreed is measured, and neither met nor missed
		{"", "2026-06-01 10:00", "2026-06-09 10:00", late, notAgreed, "192 h", ""},
		// an end that no calendar covers is not reached
		{"1000000 days", "2026-06-01 10:00", "2026-06-09 10:00", late, met, "192 h", ""},
		{"1000000 business days", "2026-06-01 10:00", "2026-06-09 10:00", late, met, "192 h", ""},
	} {
		name := tt.rto + " " + tt.from + " " + tt.to
		rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RTO: objective(tt.rto)}}
		got := judge(t, rule, continuity.Records{Disruptions: []continuity.Disruption{{From: at(tt.from), To: at(tt.to)}}}, tt.asOf)
		require.Len(t, got.Disruptions, 1, name)
		one := got.Disruptions[0]
		assert.Equal(t, tt.want, one.RTO, name)
		assert.Equal(t, tt.want, got.RTO.Verdict, name)
		assert.Equal(t, tt.length, servicetime.FormatDuration(one.Length), name)
		assert.Equal(t, at(tt.due), one.Due, name)
		ongoing := tt.to == "" || at(tt.asOf).Before(at(tt.to))
		assert.Equal(t, ongoing, one.Ongoing, name)
		want := continuity.Breach{At: at(tt.from), Length: one.Length, Ongoing: ongoing}
		assert.Equal(t, want, got.RTO.Worst, name)
		assert.Equal(t, int64(1), got.RTO.Count, name)
		if tt.want == missed {
			assert.Equal(t, []continuity.Breach{want}, got.RTO.Breaches, name)
		} else {
			assert.Empty(t, got.RTO.Breaches, name)
		}
	}
}

// In opening hours the night takes no time (an option of §4.12's reading).
//
//	open       Mon |08------17|    Tue |08------17|
//	disrupted               |-------------|          16:00 to 09:00: 2 h
//	disrupted                  |---|                 20:00 to 07:00: none
func TestRTOInOpeningHours(t *testing.T) {
	for _, tt := range []struct {
		rto, from, to string
		want          compliance.Verdict
		length        string
	}{
		{"2 h", "2026-06-01 16:00", "2026-06-02 09:00", met, "2 h"},
		{"2 h", "2026-06-01 16:00", "2026-06-02 09:00:01", missed, "2 h 1 s"},
		{"1 h", "2026-06-01 16:00", "2026-06-02 08:00", met, "1 h"}, // used up at closing, and met until the next opening
		{"1 h", "2026-06-01 16:00", "2026-06-02 08:00:01", missed, "1 h 1 s"},
		{"immediate", "2026-06-01 20:00", "2026-06-02 07:00", met, "0 s"},
		{"immediate", "2026-06-01 20:00", "2026-06-02 08:00", met, "0 s"},
		{"immediate", "2026-06-01 20:00", "2026-06-02 08:00:01", missed, "1 s"},
		{"immediate", "2026-06-01 16:59", "2026-06-02 07:00", missed, "1 min"},
		{"1 working week", "2026-06-01 08:00", "2026-06-08 17:00", met, "54 h"},
		{"immediate", "2200-12-31 18:00", "2200-12-31 20:00", met, "0 s"}, // no opening follows
	} {
		rule := continuity.Rule{Calendar: office(t), Hours: servicetime.SupportClock, Objectives: continuity.Objectives{RTO: objective(tt.rto)}}
		got := judge(t, rule, continuity.Records{Disruptions: []continuity.Disruption{{From: at(tt.from), To: at(tt.to)}}}, "2200-12-31 23:00")
		assert.Equal(t, tt.want, got.RTO.Verdict, "%v", tt)
		assert.Equal(t, tt.length, servicetime.FormatDuration(got.Disruptions[0].Length), "%v", tt)
	}
}

// How days count is an option.
func TestConventions(t *testing.T) {
	for _, tt := range []struct {
		rule continuity.Rule
		rto  string
		due  string
	}{
		{continuity.Rule{}, "2 days", "2026-10-26 15:00"},
		{continuity.Rule{Days: servicetime.ExclMidnight}, "2 days", "2026-10-27 00:00"},
		{continuity.Rule{Days: servicetime.NX24H}, "2 days", "2026-10-26 14:00"},
		{continuity.Rule{}, "1 working week", "2026-10-30 17:00"},
		{continuity.Rule{BusinessDays: servicetime.InclEffectiveClose}, "1 working week", "2026-10-30 17:00"},
		{continuity.Rule{BusinessDays: servicetime.ExclEffectiveClose}, "1 working week", "2026-11-02 17:00"},
		{continuity.Rule{BusinessDays: servicetime.ExclDateMidnight}, "1 working week", "2026-10-31 00:00"},
	} {
		tt.rule.Calendar, tt.rule.RTO = office(t), objective(tt.rto)
		got := judge(t, tt.rule, continuity.Records{Disruptions: []continuity.Disruption{{From: at("2026-10-24 15:00")}}}, "2026-10-24 16:00")
		assert.Equal(t, at(tt.due), got.Disruptions[0].Due, "%v", tt)
	}
}

// The points to return to of §4.12. Data is lost from the data point of the newest copy that is usable by the start.
//
//	copies     d1---u1            d2---u2
//	disrupted            |              |
//	lost       |---------|        |-----|
func TestRPO(t *testing.T) {
	backups := []continuity.Backup{
		copyOf("2026-06-01 02:00", "2026-06-01 02:40", "2026-06-01 03:00"),
		copyOf("2026-06-02 02:00", "2026-06-02 02:40", ""), // not verified
		copyOf("2026-06-03 02:00", "", ""),                 // not complete
		copyOf("2026-06-04 02:00", "2026-06-04 02:40", "2026-06-04 02:40"),
		copyOf("2026-05-31 02:00", "2026-06-04 05:00", "2026-06-04 05:00"), // an old one, found again
	}
	for _, tt := range []struct {
		rpo, from, data string
		want            compliance.Verdict
		loss            string
	}{
		// "till senaste sparade transaktion"
		{"last transaction", "2026-06-01 03:00", "", missed, "1 h"},
		{"last transaction", "2026-06-01 12:00", "2026-06-01 12:00", met, "0 s"}, // of a replica
		{"last transaction", "2026-06-01 12:00", "2026-06-01 11:59:59", missed, "1 s"},
		{"last transaction", "2026-06-01 12:00", "2026-06-01 12:05", met, "0 s"},
		{"last transaction", "2026-06-01 02:59:59", "", missed, "none"},
		// "till senast tagna säkerhetskopia"
		{"last backup", "2026-06-01 03:00", "", met, "1 h"},
		{"last backup", "2026-06-04 02:00", "", met, "72 h"},
		{"last backup", "2026-06-01 02:59:59", "", missed, "none"}, // none was usable yet
		{"last backup", "2026-06-04 12:00", "2026-06-04 02:00", met, "10 h"},
		{"last backup", "2026-06-04 12:00", "2026-06-01 02:00", missed, "82 h"}, // it came back with an older one
		// a time
		{"1 h", "2026-06-01 03:00", "", met, "1 h"},
		{"1 h", "2026-06-01 03:00:01", "", missed, "1 h 1 s"},
		{"72 h", "2026-06-04 02:00", "", met, "72 h"},
		{"72 h", "2026-06-04 02:00:01", "", missed, "72 h 1 s"},
		{"72 h", "2026-06-04 02:39:59", "", missed, "72 h 39 min 59 s"},
		{"72 h", "2026-06-04 02:40", "", met, "40 min"},
		{"72 h", "2026-06-04 06:00", "", met, "4 h"}, // the newest data counts, not the newest copy
		{"1 h", "2026-06-01 02:30", "", missed, "none"},
		{"1 h", "2026-06-01 02:30", "2026-06-01 02:00", met, "30 min"},
		{"1 business day", "2026-06-02 17:00", "", met, "39 h"},
		{"1 business day", "2026-06-02 17:00:01", "", missed, "39 h 1 s"},
		{"", "2026-06-02 17:00", "", notAgreed, "39 h"},
		{"", "2026-06-01 02:30", "", notAgreed, "none"},
	} {
		rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RPO: objective(tt.rpo)}}
		d := continuity.Disruption{From: at(tt.from), To: at("2026-06-30 12:00"), DataAt: at(tt.data)}
		got := judge(t, rule, continuity.Records{Disruptions: []continuity.Disruption{d}, Backups: backups}, "2026-07-01 00:00")
		one := got.Disruptions[0]
		assert.Equal(t, tt.want, one.RPO, "%v", tt)
		assert.Equal(t, tt.want, got.RPO.Verdict, "%v", tt)
		loss := servicetime.FormatDuration(one.Loss)
		if one.NoCopy {
			loss = "none"
			assert.Zero(t, one.Loss)
			assert.Zero(t, one.DataAt)
		} else if tt.data == "" {
			assert.Equal(t, at(tt.from).Add(-one.Loss), one.DataAt)
		}
		assert.Equal(t, tt.loss, loss, "%v", tt)
		assert.Equal(t, continuity.Breach{At: at(tt.from), Length: one.Loss, Unbounded: one.NoCopy}, got.RPO.Worst, "%v", tt)
		if tt.data == "" {
			direct, ok, err := rule.LossAt(backups, at(tt.from))
			require.NoError(t, err)
			assert.Equal(t, one.Loss, direct)
			assert.Equal(t, !one.NoCopy, ok)
		}
	}
}

func copyOf(data, done, verified string) continuity.Backup {
	return continuity.Backup{DataAt: at(data), DoneAt: at(done), VerifiedAt: at(verified)}
}

// judge judges all records.
func judge(t *testing.T, rule continuity.Rule, rec continuity.Records, asOf string) continuity.Result {
	t.Helper()
	got, err := rule.Judge(rec, servicetime.Span{}, at(asOf))
	require.NoError(t, err)
	return got
}

// MTPD runs to the day when work is normal again, WRT from the restoration.
//
//	disrupted   |-----------|
//	work again              |--------|
//	            RTO 8 h     WRT 4 h
//	            MTPD 12 h
func TestBackToNormal(t *testing.T) {
	objectives := continuity.Objectives{RTO: objective("8 h"), WRT: objective("4 h"), MTPD: objective("12 h"), MBCO: compliance.MustGoal("30%")}
	for _, tt := range []struct {
		name, to, normal, asOf string
		kept                   compliance.Share
		rto, wrt, mtpd, mbco   compliance.Verdict
		length                 string // of the MTPD
	}{
		{"in time", "2026-06-01 16:00", "2026-06-01 20:00", "2026-06-02 00:00", compliance.Share{Met: 3, Total: 10}, met, met, met, met, "12 h"},
		{"work late", "2026-06-01 16:00", "2026-06-01 20:01", "2026-06-02 00:00", compliance.Share{Met: 2, Total: 10}, met, missed, missed, missed, "12 h 1 min"},
		{"made up for", "2026-06-01 17:00", "2026-06-01 20:00", "2026-06-02 00:00", compliance.Share{}, missed, met, met, noData, "12 h"},
		{"not shown", "2026-06-01 16:00", "", "2026-06-01 20:00", compliance.Share{}, met, met, met, noData, "12 h"},
		{"not shown, long", "2026-06-01 16:00", "", "2026-06-01 20:01", compliance.Share{}, met, missed, missed, noData, "12 h 1 min"},
		{"still down", "", "", "2026-06-01 15:00", compliance.Share{}, met, noData, met, noData, "7 h"},
		{"not normal yet", "2026-06-01 16:00", "2026-06-01 20:01", "2026-06-01 20:00", compliance.Share{}, met, met, met, noData, "12 h"},
	} {
		rule := continuity.Rule{Calendar: office(t), Objectives: objectives}
		d := continuity.Disruption{From: at("2026-06-01 08:00"), To: at(tt.to), Normal: at(tt.normal), Kept: tt.kept}
		got := judge(t, rule, continuity.Records{Disruptions: []continuity.Disruption{d}}, tt.asOf)
		one := got.Disruptions[0]
		assert.Equal(t, []compliance.Verdict{tt.rto, tt.wrt, tt.mtpd, tt.mbco}, []compliance.Verdict{one.RTO, one.WRT, one.MTPD, one.MBCO}, tt.name)
		assert.Equal(t, []compliance.Verdict{tt.rto, tt.wrt, tt.mtpd, tt.mbco}, []compliance.Verdict{got.RTO.Verdict, got.WRT.Verdict, got.MTPD.Verdict, got.MBCO}, tt.name)
		assert.Equal(t, tt.length, servicetime.FormatDuration(got.MTPD.Worst.Length), tt.name)
		if d.Normal.After(at(tt.asOf)) { // which is not known yet
			d.Normal = time.Time{}
		}
		assert.Equal(t, d, one.Disruption, tt.name)
	}
}

// The blank table: everything is measured, and nothing is met or missed.
func TestNotAgreed(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t)}
	for _, rec := range []continuity.Records{{}, {
		Disruptions: []continuity.Disruption{{From: at("2026-06-01 08:00"), To: at("2026-06-20 08:00"), Normal: at("2026-06-21 08:00"), Kept: compliance.Share{Met: 1, Total: 2}}},
		Backups:     []continuity.Backup{copyOf("2026-05-01 02:00", "2026-05-01 03:00", "2026-05-01 03:00")},
		Tests:       []continuity.Test{{At: at("2020-01-01 08:00"), Restored: at("2020-01-03 08:00")}, {At: at("2021-01-01 08:00"), Failed: true}},
	}} {
		got := judge(t, rule, rec, "2026-07-01 00:00")
		for _, o := range []continuity.Outcome{got.RTO, got.RPO, got.WRT, got.MTPD, got.BackupEvery, got.Exposure, got.TestEvery, got.TestRTO, got.TestRPO} {
			assert.Equal(t, notAgreed, o.Verdict)
			assert.Empty(t, o.Breaches)
			assert.Equal(t, len(rec.Tests) > 0, o.Count > 0)
		}
		assert.Equal(t, notAgreed, got.Verification.Verdict)
		for _, d := range got.Disruptions {
			assert.Equal(t, []compliance.Verdict{notAgreed, notAgreed, notAgreed, notAgreed, notAgreed}, []compliance.Verdict{d.RTO, d.RPO, d.WRT, d.MTPD, d.MBCO})
		}
		for _, one := range got.Tests {
			assert.Equal(t, []compliance.Verdict{notAgreed, notAgreed}, []compliance.Verdict{one.RTO, one.RPO})
		}
	}
}

// Tests are judged as real events, and kept apart from them.
func TestTests(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{RTO: objective("8 h"), RPO: objective("24 h"), TestEvery: objective("365 days")}}
	backups := []continuity.Backup{copyOf("2026-06-01 02:00", "2026-06-01 03:00", "2026-06-01 03:00")}
	for _, tt := range []struct {
		name     string
		test     continuity.Test
		asOf     string
		rto, rpo compliance.Verdict
		noCopy   bool
	}{
		{"restored", continuity.Test{At: at("2026-06-01 08:00"), Restored: at("2026-06-01 16:00")}, "2026-07-01 00:00", met, met, false},
		{"too late", continuity.Test{At: at("2026-06-02 08:00"), Restored: at("2026-06-02 16:01")}, "2026-07-01 00:00", missed, missed, false},
		{"its own data", continuity.Test{At: at("2026-06-02 08:00"), Restored: at("2026-06-02 09:00"), DataAt: at("2026-06-02 07:00")}, "2026-07-01 00:00", met, met, false},
		{"no copy", continuity.Test{At: at("2026-06-01 02:30"), Restored: at("2026-06-01 03:00")}, "2026-07-01 00:00", met, missed, true},
		{"failed", continuity.Test{At: at("2026-06-01 08:00"), Failed: true}, "2026-07-01 00:00", missed, missed, false},
		{"at a desk", continuity.Test{At: at("2026-06-01 08:00")}, "2026-07-01 00:00", noData, noData, false},
		{"going on", continuity.Test{At: at("2026-06-01 08:00"), Restored: at("2026-06-01 18:00")}, "2026-06-01 10:00", noData, noData, false},
	} {
		got := judge(t, rule, continuity.Records{Backups: backups, Tests: []continuity.Test{tt.test}}, tt.asOf)
		require.Len(t, got.Tests, 1)
		one := got.Tests[0]
		if tt.test.Restored.After(at(tt.asOf)) { // which is not known yet
			tt.test.Restored = time.Time{}
		}
		assert.Equal(t, tt.test, one.Test)
		assert.Equal(t, []compliance.Verdict{tt.rto, tt.rpo}, []compliance.Verdict{one.RTO, one.RPO}, tt.name)
		assert.Equal(t, []compliance.Verdict{tt.rto, tt.rpo}, []compliance.Verdict{got.TestRTO.Verdict, got.TestRPO.Verdict}, tt.name)
		assert.Equal(t, tt.noCopy, one.NoCopy, tt.name)
		assert.False(t, one.Ongoing, tt.name)
		assert.Equal(t, []compliance.Verdict{noData, noData}, []compliance.Verdict{got.RTO.Verdict, got.RPO.Verdict}, "no real event")
		assert.Equal(t, met, got.TestEvery.Verdict, tt.name)
	}
}

// A period takes what touches it, to its own end.
//
//	June        |-----------------------|
//	disrupted |---|  |---|           |------|   |---|
//	judged    |---|  |---|           |--|
func TestPeriod(t *testing.T) {
	cal := office(t)
	june, err := cal.Span(servicetime.MustMonth("2026-06"))
	require.NoError(t, err)
	july, err := cal.Span(servicetime.MustMonth("2026-07"))
	require.NoError(t, err)
	rule := continuity.Rule{Calendar: cal, Objectives: continuity.Objectives{RTO: objective("10 h"), RPO: objective("24 h")}}
	rec := continuity.Records{Disruptions: []continuity.Disruption{
		{From: at("2026-06-30 16:00"), To: at("2026-07-01 16:00"), Name: "over the end"},
		{From: at("2026-05-31 20:00"), To: at("2026-06-01 06:00"), Name: "from May"},
		{From: at("2026-06-10 08:00"), To: at("2026-06-10 12:00"), Name: "within"},
		{From: at("2026-05-01 08:00"), To: june.From, Name: "before"},
		{From: july.From, To: at("2026-07-02 08:00"), Name: "behind"},
	}, Backups: []continuity.Backup{copyOf("2026-06-09 12:00", "2026-06-09 13:00", "2026-06-09 13:00")}}
	names := func(r continuity.Result) (out []string) {
		for _, d := range r.Disruptions {
			out = append(out, d.Disruption.Name)
		}
		return out
	}
	got, err := rule.Judge(rec, june, at("2026-08-01 00:00"))
	require.NoError(t, err)
	assert.Equal(t, []string{"from May", "within", "over the end"}, names(got))
	assert.Equal(t, met, got.RTO.Verdict, "the last is 8 h long at the end of June")
	assert.Equal(t, 10*time.Hour, got.RTO.Worst.Length)
	assert.True(t, got.Disruptions[2].Ongoing)
	assert.Equal(t, noData, got.Disruptions[0].RPO, "it was judged in May")
	assert.Equal(t, int64(2), got.RPO.Count)
	assert.Equal(t, missed, got.RPO.Verdict)
	assert.Equal(t, june, got.Span)

	got, err = rule.Judge(rec, july, at("2026-08-01 00:00"))
	require.NoError(t, err)
	assert.Equal(t, []string{"over the end", "behind"}, names(got))
	assert.Equal(t, int64(2), got.RTO.Missed())
	assert.Equal(t, []continuity.Breach{{At: at("2026-06-30 16:00"), Length: 24 * time.Hour}, {At: july.From, Length: 32 * time.Hour}}, got.RTO.Breaches)

	got, err = rule.Judge(rec, july, at("2026-06-30 20:00"))
	require.NoError(t, err)
	assert.Empty(t, names(got), "nothing of July is known yet")
	assert.Equal(t, noData, got.RTO.Verdict)
	assert.Equal(t, servicetime.Span{From: july.From, To: july.From}, got.Span)
}

func TestJudgeFails(t *testing.T) {
	rule := continuity.Rule{Calendar: office(t)}
	early := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)
	rec := continuity.Records{
		Disruptions: []continuity.Disruption{
			{},
			{From: at("2026-06-01 08:00"), To: at("2026-06-01 07:00"), Normal: at("2026-06-01 09:00")},
			{From: at("2026-06-01 08:00"), Normal: at("2026-06-01 09:00")},
			{From: at("2026-06-01 08:00"), To: at("2026-06-01 09:00"), Normal: at("2026-06-01 08:59"), DataAt: early, Kept: compliance.Share{Met: 2, Total: 1}},
		},
		Backups: []continuity.Backup{
			{},
			copyOf("2026-06-01 02:00", "2026-06-01 01:00", "2026-06-01 03:00"), copyOf("2026-06-01 02:00", "2026-06-01 03:00", "2026-06-01 02:59"),
			copyOf("2026-06-01 02:00", "", "2026-06-01 01:00"),
			{DataAt: at("2026-06-01 02:00"), DoneAt: early},
		},
		Tests: []continuity.Test{
			{},
			{At: at("2026-06-01 08:00"), Restored: at("2026-06-01 07:00")},
			{At: at("2026-06-01 08:00"), Restored: at("2026-06-01 09:00"), Failed: true},
			{At: at("2026-06-01 08:00"), DataAt: early},
		},
	}
	_, err := rule.Judge(rec, servicetime.Span{From: at("2026-06-02 00:00"), To: at("2026-06-01 00:00")}, time.Time{})
	assert.Equal(t, []string{
		"as_of", "span.to",
		"disruptions[0].from", "disruptions[1].to", "disruptions[2].normal", "disruptions[3].normal", "disruptions[3].data_at", "disruptions[3].kept",
		"backups[0].data_at", "backups[1].done_at", "backups[2].verified_at", "backups[3].verified_at", "backups[4].done_at",
		"tests[0].at", "tests[1].restored", "tests[2].restored", "tests[3].data_at",
	}, paths(t, err, nil))
	for _, cause := range []error{servicetime.ErrRange, servicetime.ErrBackwards, continuity.ErrNotRestored, compliance.ErrShare} {
		require.ErrorIs(t, err, cause)
	}
	_, err = rule.Judge(continuity.Records{}, servicetime.Span{From: at("2026-06-02 00:00")}, at("2026-06-02 00:00"))
	assert.Equal(t, []string{"span.to"}, paths(t, err, servicetime.ErrRange))
	_, _, err = rule.LossAt(rec.Backups, time.Time{})
	assert.Equal(t, []string{"at", "[0].data_at", "[1].done_at", "[2].verified_at", "[3].verified_at", "[4].done_at"}, paths(t, err, nil))
}
