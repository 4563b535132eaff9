package continuity_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

func TestConflicts(t *testing.T) {
	for _, tt := range []struct {
		name                        string
		rto, wrt, mtpd, rpo, backup string
		want                        []string
	}{
		{name: "the blank table"},
		{name: "some blank", rto: "72 h", wrt: "8 h", rpo: "4 h"},
		{name: "just fits", rto: "72 h", wrt: "8 h", mtpd: "80 h", rpo: "24 h", backup: "24 h"},
		{name: "RTO and WRT", rto: "72 h", wrt: "9 h", mtpd: "80 h", want: []string{
			"rto_over_mtpd: 80 h; 72 h, 9 h: from 2026-01-01 00:00 asked by 2026-01-04 08:00, possible 2026-01-04 09:00",
		}},
		{name: "WRT alone", wrt: "9 h", mtpd: "8 h", want: []string{
			"rto_over_mtpd: 8 h; not agreed, 9 h: from 2026-01-01 00:00 asked by 2026-01-01 08:00, possible 2026-01-01 09:00",
		}},
		{name: "at once", rto: "immediate", wrt: "immediate", mtpd: "immediate"},
		{name: "a week is not 72 h", rto: "1 working week", mtpd: "72 h", want: []string{
			"rto_over_mtpd: 72 h; 1 working week, not agreed: from 2026-01-01 00:00 asked by 2026-01-04 00:00, possible 2026-01-09 17:00",
		}},
		{name: "nor always 8 days", rto: "1 working week", mtpd: "9 days", want: []string{ // over two weekends and Epiphany
			"rto_over_mtpd: 9 days; 1 working week, not agreed: from 2026-01-02 00:00 asked by 2026-01-11 00:00, possible 2026-01-12 17:00",
		}},
		{name: "but within 15", rto: "1 working week", mtpd: "15 days"},
		{name: "hours within a week", rto: "72 h", wrt: "1 business day", mtpd: "1 working week"},
		{name: "too rare", rpo: "4 h", backup: "24 h", want: []string{
			"backups_too_rare: 4 h; 24 h: from 2026-01-01 00:00 asked by 2026-01-01 04:00, possible 2026-01-02 00:00",
		}},
		{name: "a day of 25 hours", rpo: "24 h", backup: "1 day", want: []string{
			"backups_too_rare: 24 h; 1 day: from 2026-10-24 23:59:59 asked by 2026-10-25 22:59:59, possible 2026-10-25 23:59:59",
		}},
		{name: "no copy gives it", rpo: "last transaction", backup: "1 h", want: []string{"backups_cannot_give_rpo: last transaction; 1 h"}},
		{name: "a replica may", rpo: "last transaction"},
		{name: "of any age", rpo: "last backup", want: []string{"last_backup_undated: last backup; not agreed"}},
		{name: "per day or week", rpo: "last backup", backup: "1 day"},
		{name: "both", rto: "2 h", mtpd: "1 h", rpo: "1 h", backup: "2 h", want: []string{
			"rto_over_mtpd: 1 h; 2 h, not agreed: from 2026-01-01 00:00 asked by 2026-01-01 01:00, possible 2026-01-01 02:00",
			"backups_too_rare: 1 h; 2 h: from 2026-01-01 00:00 asked by 2026-01-01 01:00, possible 2026-01-01 02:00",
		}},
		{name: "never", rto: "1000000 days", mtpd: "72 h", want: []string{
			"rto_over_mtpd: 72 h; 1000000 days, not agreed: from 2026-01-01 00:00 asked by 2026-01-04 00:00, not before 2201",
		}},
	} {
		rule := continuity.Rule{Calendar: office(t), Objectives: continuity.Objectives{
			RTO: objective(tt.rto), WRT: objective(tt.wrt), MTPD: objective(tt.mtpd), RPO: objective(tt.rpo), BackupEvery: objective(tt.backup),
		}}
		got, err := rule.Conflicts(servicetime.Year(2026))
		require.NoError(t, err, tt.name)
		if len(tt.want) == 0 {
			assert.Empty(t, lines(got), tt.name)
			continue
		}
		assert.Equal(t, tt.want, lines(got), tt.name)
	}
	// No clock in Apia showed 2011-12-30.
	apia := calendar(t, servicetime.Schedule{Zone: "Pacific/Apia", Week: servicetime.MustWeek("mon-sun 00:00-24:00")})
	rule := continuity.Rule{Calendar: apia, Objectives: continuity.Objectives{RPO: objective("1 h"), BackupEvery: objective("2 h")}}
	got, err := rule.Conflicts(servicetime.MustDate("2011-12-30"))
	require.NoError(t, err)
	assert.Empty(t, got, "nothing begins on it")

	rule = continuity.Rule{Calendar: office(t)}
	_, err = rule.Conflicts(servicetime.Year(1960))
	require.ErrorIs(t, err, servicetime.ErrRange)
	_, err = rule.ChainConflicts(nil, servicetime.Year(1960))
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// A service cannot promise less than the longest chain of what it needs.
func TestChainConflicts(t *testing.T) {
	rto := func(in []continuity.Service, promises map[string]string) []continuity.Service {
		for i := range in {
			in[i].RTO = objective(promises[in[i].Name])
		}
		return in
	}
	const chain = "portal 1 30 search mail ; search 1 30 database ; mail 1 10 ; database 1 60 | clock ; clock 1 600" // portal is up after 2 h
	for _, tt := range []struct {
		name     string
		promises map[string]string
		want     []string
	}{
		{"nothing promised", nil, nil},
		{"just enough", map[string]string{"portal": "2 h"}, nil},
		{"restarts take longer", map[string]string{"portal": "119 min", "mail": "10 min"}, []string{
			"chain_over_promise: portal, behind database, search: 119 min: from 2026-01-01 00:00 asked by 2026-01-01 01:59, possible 2026-01-01 02:00",
		}},
		{"its own restart takes longer", map[string]string{"mail": "immediate"}, []string{
			"chain_over_promise: mail: immediate: from 2026-01-01 00:00 asked by 2026-01-01 00:00, possible 2026-01-01 00:10",
		}},
		{"what it needs is promised later", map[string]string{"portal": "24 h", "database": "72 h"}, []string{
			"chain_over_promise: portal, behind database, search: 24 h: from 2026-01-01 00:00 asked by 2026-01-02 00:00, possible 2026-01-04 01:00",
		}},
		{"and so much later", map[string]string{"portal": "73 h", "database": "72 h"}, nil},
		{"both", map[string]string{"portal": "24 h", "search": "1 h", "database": "30 min"}, []string{
			"chain_over_promise: search, behind database: 1 h: from 2026-01-01 00:00 asked by 2026-01-01 01:00, possible 2026-01-01 01:30",
			"chain_over_promise: database: 30 min: from 2026-01-01 00:00 asked by 2026-01-01 00:30, possible 2026-01-01 01:00",
		}},
		{"a working week", map[string]string{"portal": "8 days", "mail": "1 working week"}, []string{
			"chain_over_promise: portal, behind mail: 8 days: from 2026-01-01 00:00 asked by 2026-01-09 00:00, possible 2026-01-09 17:30",
		}},
		{"order alone is no need", map[string]string{"database": "1 h"}, nil},
	} {
		rule := continuity.Rule{Calendar: office(t)}
		got, err := rule.ChainConflicts(rto(services(chain), tt.promises), servicetime.Year(2026))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.want, lines(got), tt.name)
	}
	rule := continuity.Rule{Calendar: office(t)}
	_, err := rule.ChainConflicts(services("a 1 1 b"), servicetime.Year(2026))
	require.ErrorIs(t, err, continuity.ErrNoService)
	_, err = rule.ChainConflicts(services("a 1 1 a"), servicetime.Year(2026))
	require.ErrorIs(t, err, continuity.ErrCycle)

	got, err := rule.ChainConflicts([]continuity.Service{{Name: "a", Restart: math.MaxInt64, RTO: objective("72 h")}}, servicetime.MustDate("2026-01-01"))
	require.NoError(t, err)
	assert.Equal(t, []string{"chain_over_promise: a: 72 h: from 2026-01-01 00:00 asked by 2026-01-04 00:00, not before 2201"}, lines(got))

	long := make([]continuity.Service, 200)
	for i := range long {
		long[i] = continuity.Service{Name: strconv.Itoa(i), Restart: 1}
		if i > 0 {
			long[i].Needs = []string{strconv.Itoa(i - 1)}
		}
	}
	long[199].RTO = objective("immediate")
	got, err = rule.ChainConflicts(long, servicetime.MustDate("2026-01-01"))
	require.NoError(t, err)
	require.Len(t, got, 1)
	assert.Len(t, got[0].Chain, 100)
	assert.Equal(t, "199", got[0].Chain[99])
}
