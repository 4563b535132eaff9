package sla_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

func diff(t testing.TB, old, updated sla.Agreement) []sla.Change {
	t.Helper()
	changes, err := sla.Diff(old, updated)
	require.NoError(t, err)
	return changes
}

func changeTexts(changes []sla.Change) (out []string) {
	for _, c := range changes {
		out = append(out, c.String())
	}
	return out
}

func TestDiff(t *testing.T) {
	limit := func(per availability.Per, share string) availability.Limit {
		return availability.Limit{Per: per, Share: compliance.MustGoal(share)}
	}
	sections := func(a *sla.Agreement) {
		*a = sla.Agreement{Name: "A", Version: "1", Zone: "UTC", Availability: &sla.AvailabilityRules{
			Clause: "1", ServiceTime: "x", Rule: availability.Rule{Planned: availability.PlannedUp, Degraded: availability.DegradedUp},
		}}
	}
	for _, row := range []struct {
		name   string
		base   func(*sla.Agreement) // of both, on the preset
		change func(*sla.Agreement)
		want   []string
	}{
		{"nothing", nil, func(*sla.Agreement) {}, nil},
		{"added section", func(a *sla.Agreement) { a.Security = nil }, func(a *sla.Agreement) { a.Security = &sla.SecurityRules{Clause: "§4.11"} }, []string{
			`§4.11 security: added {"clause":"§4.11"}`,
		}},
		{"removed section", nil, func(a *sla.Agreement) { a.Capacity.Limits, a.Continuity = nil, nil }, []string{
			`§4.7 capacity.limits: removed [{"kind":"count","max":200,"window":"1 min","model":"calendar"},{"kind":"rate","max":3,"per":"1 s","window":"1 min","model":"calendar","advisory":true}]`,
			`§4.12.1 continuity: removed {"clause":"§4.12.1","service_time":"opening","hours":"WALL_CLOCK","business_days":"EXCL_DATE_CLOSE","days":"SAME_WALLCLOCK"}`,
		}},
		{"changed target", nil, func(a *sla.Agreement) {
			a.Incidents.Targets["medium"] = priority.Targets{Response: target("4 h"), Resolution: target("5 business days")}
		}, []string{`§4.3.1 incidents.targets.medium.response: 8 h -> 4 h`}},
		{"changed goal", nil, func(a *sla.Agreement) { a.Incidents.Goal = compliance.MustGoal("95%") }, []string{`§4.3.1 incidents.goal: 90% -> 95%`}},
		{"no goal any more", nil, func(a *sla.Agreement) { a.Orders.Goal = compliance.Goal{} }, []string{`§4.4 orders.goal: removed 90%`}},
		{"a goal of nothing", nil, func(a *sla.Agreement) { a.Orders.Goal = compliance.MustGoal("0%") }, []string{`§4.4 orders.goal: 90% -> 0%`}},
		{"N/A is not left out", nil, func(a *sla.Agreement) {
			a.Orders.Targets["question"] = priority.Targets{Resolution: target("2 business days")}
		}, []string{`§4.4 orders.targets.question.response: removed N/A`}},
		{"left out is not N/A", nil, func(a *sla.Agreement) { a.Orders.Targets["permissions"] = priority.Targets{Response: target("N/A")} }, []string{
			`§4.4 orders.targets.permissions.response: added N/A`,
		}},
		{"a type without targets", nil, func(a *sla.Agreement) { a.Orders.Targets["laptop"] = priority.Targets{} }, []string{`§4.4 orders.targets.laptop: added {}`}},
		{"renamed service time", nil, func(a *sla.Agreement) {
			a.ServiceTimes["help"] = a.ServiceTimes["support"]
			delete(a.ServiceTimes, "support")
			a.Problems.ServiceTime = "help"
		}, []string{
			`§4.2.1 service_times.help: added {"clause":"§4.2.1","time_zone":"Europe/Stockholm","week":{"mon-fri":["08:00-17:00"]},"holidays":"SE"}`,
			`§4.2.1 service_times.support: removed {"clause":"§4.2.1","time_zone":"Europe/Stockholm","week":{"mon-fri":["08:00-17:00"]},"holidays":"SE"}`,
			`§4.5 problems.service_time: support -> help`,
		}},
		{"other hours", nil, func(a *sla.Agreement) {
			s := a.ServiceTimes["opening"]
			s.Week = servicetime.MustWeek("mon-thu 08:00-12:00 13:00-17:00; fri 08:00-17:00")
			a.ServiceTimes["opening"] = s
		}, []string{
			`§4.1.1 service_times.opening.week.mon-fri: removed 08:00-17:00`,
			`§4.1.1 service_times.opening.week.fri: added 08:00-17:00`,
			`§4.1.1 service_times.opening.week.mon-thu: added 08:00-12:00, 13:00-17:00`,
		}},
		{"windows of a day", nil, func(a *sla.Agreement) {
			s := a.ServiceTimes["opening"]
			s.Week = servicetime.MustWeek("mon-fri 08:00-12:00 13:00-17:00")
			a.ServiceTimes["opening"] = s
		}, []string{`§4.1.1 service_times.opening.week.mon-fri: 08:00-17:00 -> 08:00-12:00, 13:00-17:00`}},
		{"a date that is closed", nil, func(a *sla.Agreement) {
			s := a.ServiceTimes["opening"]
			s.Dates = map[servicetime.Date][]servicetime.Window{servicetime.MustDate("2026-12-24"): {}}
			a.ServiceTimes["opening"] = s
		}, []string{`§4.1.1 service_times.opening.dates: added {"2026-12-24":[]}`}},
		{"a list of holidays for a set", nil, func(a *sla.Agreement) {
			s := a.ServiceTimes["opening"]
			s.Holidays, _ = servicetime.HolidayDates("--12-24", "--12-25")
			a.ServiceTimes["opening"] = s
		}, []string{`§4.1.1 service_times.opening.holidays: SE -> --12-24, --12-25`}},
		{"inserted limit", nil, func(a *sla.Agreement) {
			a.Availability.Limits = slices.Insert(a.Availability.Limits, 1, limit(availability.PerQuarter, "98.5%"))
		}, []string{`§4.9.1 availability.limits[1]: added {"per":"quarter","share":"98.5%"}`}},
		{"inserted and changed limit", nil, func(a *sla.Agreement) { // the one behind the insertion is still the one of the year
			a.Availability.Limits[1].Share = compliance.MustGoal("99%")
			a.Availability.Limits = slices.Insert(a.Availability.Limits, 1, limit(availability.PerQuarter, "98.5%"))
		}, []string{
			`§4.9.1 availability.limits[1]: added {"per":"quarter","share":"98.5%"}`,
			`§4.9.1 availability.limits[2].share: 98% -> 99%`,
		}},
		{"the first of a list", sections, func(a *sla.Agreement) {
			a.Availability.Limits = []availability.Limit{limit(availability.PerMonth, "98%")}
		}, []string{`1 availability.limits: added [{"per":"month","share":"98%"}]`}},
		{"removed limit", nil, func(a *sla.Agreement) { a.Availability.Limits = slices.Delete(a.Availability.Limits, 0, 1) }, []string{
			`§4.9.1 availability.limits[0]: removed {"clause":"§4.9.1","per":"month","share":"98%"}`,
		}},
		{"reordered limits", nil, func(a *sla.Agreement) { // one moved
			l := a.Availability.Limits
			a.Availability.Limits = []availability.Limit{l[1], l[2], l[3], l[0], l[4]}
		}, []string{
			`§4.9.1 availability.limits[0]: removed {"clause":"§4.9.1","per":"month","share":"98%"}`,
			`§4.9.1 availability.limits[3]: added {"clause":"§4.9.1","per":"month","share":"98%"}`,
		}},
		{"a limit of another clause", nil, func(a *sla.Agreement) { a.Availability.Limits[4].Clause = "§4.9.3" }, []string{
			`§4.9.3 availability.limits[4].clause: §4.9.1 -> §4.9.3`,
		}},
		{"a clause that is not named", nil, func(a *sla.Agreement) { a.Security.Clause = "" }, []string{`security.clause: §4.11 -> ""`}},
		{"a section of another clause", sections, func(a *sla.Agreement) {
			a.Availability.Clause, a.Availability.Planned = "2", availability.PlannedRemoved
		}, []string{
			`2 availability.clause: 1 -> 2`, `2 availability.planned: as_up -> removed`,
		}},
		{"a row of the matrix", nil, func(a *sla.Agreement) { a.Priority.Matrix[0][1] = "low" }, []string{
			`§4.3 priority.matrix[0]: critical, high, medium, low -> critical, low, medium, low`,
		}},
		{"rows of the matrix in another order", func(a *sla.Agreement) { a.Priority.Matrix[1][1] = "critical" }, func(a *sla.Agreement) {
			a.Priority.Matrix[0], a.Priority.Matrix[1] = a.Priority.Matrix[1], a.Priority.Matrix[0]
		}, []string{
			`§4.3 priority.matrix[0]: critical, high, medium, low -> high, critical, medium, low`,
			`§4.3 priority.matrix[1]: high, critical, medium, low -> critical, high, medium, low`,
		}},
		{"a row more", nil, func(a *sla.Agreement) {
			a.Priority.Matrix = slices.Insert(a.Priority.Matrix, 0, []string{"high", "critical", "low", "medium"})
		}, []string{`§4.3 priority.matrix[0]: added high, critical, low, medium`}},
		{"changed title in one language", nil, func(a *sla.Agreement) { a.Title["en"] = "Support Agreement" }, []string{
			`title.en: Underpinning Contract SSBTEK -> Support Agreement`,
		}},
		{"one title for all languages", nil, func(a *sla.Agreement) { a.Title = sla.Text{"": "SSBTEK"} }, []string{
			`title: {"en":"Underpinning Contract SSBTEK","sv":"Underpinning Contract SSBTEK"} -> SSBTEK`,
		}},
		{"texts to be taken for something else", nil, func(a *sla.Agreement) {
			a.Source, a.Name, a.Version, a.Parties[0].Name, a.Parties[1].Name = `"Flertalet"`, "[]", "", " A", "a, b"
			a.Capacity.Users, a.OpenPoints[0].Clauses = "{", []string{"§1, §2"}
		}, []string{
			`name: SSBTEK -> "[]"`, `version: 2026-11-27 -> ""`, `source: Underpinning Contract SSBTEK, the Swedish text -> "\"Flertalet\""`,
			`§2 parties[0].name: added " A"`, `§2 parties[1].name: added a, b`, `§4.7 capacity.users: 290 municipalities, number of handlers not set -> "{"`,
			`§1, §2 open_points[0].clauses: §1 -> ["§1, §2"]`,
		}},
		{"a text of two lines", nil, func(a *sla.Agreement) { a.Source = "one\ntwo" }, []string{`source: Underpinning Contract SSBTEK, the Swedish text -> "one\ntwo"`}},
		{"new provider", nil, func(a *sla.Agreement) {
			a.Providers["CSN"] = sla.Provider{Clause: "§4.2.2", ServiceTime: "support"}
			a.Providers["St. Erik [1]"] = sla.Provider{ServiceTime: "support"}
		}, []string{
			`§4.2.2 providers.CSN: added {"clause":"§4.2.2","service_time":"support"}`,
			`providers.St. Erik [1]: added {"clause":"","service_time":"support"}`,
		}},
		{"new party", nil, func(a *sla.Agreement) {
			a.Parties = slices.Insert(a.Parties, 1, sla.Party{Clause: "§2.2", Role: "customer"})
		}, []string{
			`§2.2 parties[1]: added {"clause":"§2.2","role":"customer"}`,
		}},
		{"a party is named", nil, func(a *sla.Agreement) { a.Parties[1].Name = "CSN" }, []string{`§2 parties[1].name: added CSN`}},
		{"changed reading", nil, func(a *sla.Agreement) {
			a.Readings.BusinessDays, a.Readings.Pauses = servicetime.InclEffectiveClose, sla.On
		}, []string{`readings.business_days: EXCL_DATE_CLOSE -> INCL_EFFECTIVE_CLOSE`, `readings.pauses: off -> on`}},
		{"a clause of its own beside it", nil, func(a *sla.Agreement) {
			a.Performance.Precision, a.Performance.MaxPersons = compliance.MustGoal("99%"), 12
		}, []string{
			`§4.8 performance.max_persons: 10 -> 12`, `§4.10 performance.precision: 98% -> 99%`,
		}},
		{"content of the report", nil, func(a *sla.Agreement) { a.Report.Content["capacity"] = sla.Required }, []string{`§5.1 report.content.capacity: not_agreed -> required`}},
		{"open points", nil, func(a *sla.Agreement) {
			a.OpenPoints[1].Text["en"] = "Names are blank."
			a.OpenPoints[2].Clauses = []string{"§5"}
			a.OpenPoints = slices.Delete(a.OpenPoints, 0, 1)
		}, []string{
			`§1 open_points[0]: removed {"code":"annex-not-in-hand","clauses":["§1"],"text":{"en":"The number of providers, N, is in annex 1, which is not in hand.","sv":"Antalet uppgiftslämnare N står i bilaga 1, som inte är till hands."}}`,
			`§2, §7 open_points[0].text.en: Names, roles and the table of contacts are blank in the text. No verdict depends on them. -> Names are blank.`,
			`§5 open_points[1].clauses: §3.1.2, §5 -> §5`,
		}},
		{"duties", nil, func(a *sla.Agreement) {
			a.Duties = slices.Insert(a.Duties, 2, sla.Duty{Clause: "§9", Text: sla.Text{"": "Be kind."}})
			a.Duties[1].Text["en"] = "Critical times govern stand-by."
		}, []string{
			`§3.2 duties[1].text.en: Critical times govern service windows and stand-by. -> Critical times govern stand-by.`,
			`§9 duties[2]: added {"clause":"§9","text":"Be kind."}`,
		}},
		{"valid", nil, func(a *sla.Agreement) { a.Version, a.Valid = "2027", valid("2027-01-01 -") }, []string{
			`version: 2026-11-27 -> 2027`, `valid: added {"from":"2027-01-01"}`,
		}},
		{"a service", nil, func(a *sla.Agreement) {
			a.Services = map[string]sla.Service{"gold": {Clause: "§8", Capacity: &sla.CapacityRules{Clause: "§8.1", Users: "3"}}}
		}, []string{`services: added {"gold":{"clause":"§8","capacity":{"clause":"§8.1","users":"3"}}}`}},
	} {
		old, updated := sla.SSBTEK(), sla.SSBTEK()
		if row.base != nil {
			row.base(&old)
			row.base(&updated)
		}
		row.change(&updated)
		there := diff(t, old, updated)
		assert.Equal(t, row.want, changeTexts(there), row.name)
		assertMirrored(t, there, diff(t, updated, old), row.name)
	}
}

// Groups in groups: the provider that is new, and the quorum that changed.
func TestDiffComposition(t *testing.T) {
	old, updated := fullAgreement(), fullAgreement()
	inner := &updated.Availability.Composition.Members[1]
	inner.Quorum, inner.Members = 1, append([]availability.Composition{{Provider: "D"}}, inner.Members...)
	assert.Equal(t, []string{
		`8 availability.composition.members[1].quorum: 2 -> 1`,
		`8 availability.composition.members[1].members[0]: added {"provider":"D"}`,
	}, changeTexts(diff(t, old, updated)))
}

// A list of dates too long to be one value: a date more is one addition.
func TestDiffLongList(t *testing.T) {
	var dates []string
	for day := range 365 {
		dates = append(dates, servicetime.MustDate("2026-01-01").AddDays(day).String())
	}
	with := func(dates ...string) sla.Agreement {
		a := sla.SSBTEK()
		s := a.ServiceTimes["opening"]
		var err error
		s.Holidays, err = servicetime.HolidayDates(dates...)
		require.NoError(t, err)
		a.ServiceTimes["opening"] = s
		return a
	}
	less := slices.Delete(slices.Clone(dates), 99, 100)
	less[200] = "--07-21"
	assert.Equal(t, []string{
		"§4.1.1 service_times.opening.holidays[99]: removed 2026-04-10",
		"§4.1.1 service_times.opening.holidays[200]: 2026-07-21 -> --07-21",
	}, changeTexts(diff(t, with(dates...), with(less...))))
	assert.Len(t, diff(t, with(dates...), with(dates[:2]...)), 363)
}

// A set of holidays that has the name of a date is told from a list of that date.
func TestDiffSameText(t *testing.T) {
	of := func(holidays string) sla.Agreement {
		a, err := sla.Parse([]byte(`{"name":"A","version":"1","time_zone":"UTC","service_times":{"x":{"clause":"1","time_zone":"UTC","holidays":` + holidays + `}}}`))
		require.NoError(t, err)
		return a
	}
	assert.Equal(t, []string{`1 service_times.x.holidays: "--12-24" -> ["--12-24"]`}, changeTexts(diff(t, of(`"--12-24"`), of(`["--12-24"]`))))
}

// What an agreement as large as Parse reads becomes when it is turned around.
func TestDiffLargest(t *testing.T) {
	const n = 20_000
	old := sla.Agreement{Name: "A", Version: "1", Zone: "UTC"}
	for i := range n {
		old.Duties = append(old.Duties, sla.Duty{Clause: fmt.Sprint(i % (n / 2)), Text: sla.Text{"": "x"}})
	}
	updated := old
	updated.Duties = slices.Clone(old.Duties)
	slices.Reverse(updated.Duties)
	assert.NotEmpty(t, diff(t, old, updated))
}

func TestDiffRefuses(t *testing.T) {
	deep, empty := sla.SSBTEK(), sla.SSBTEK()
	c := availability.Composition{Provider: "A"}
	for range 16 {
		c = availability.Composition{Quorum: 1, Members: []availability.Composition{c}}
	}
	deep.Availability.Composition = &c
	empty.ServiceTimes["x"] = sla.ServiceTime{Schedule: servicetime.Schedule{Week: servicetime.Week{servicetime.DaysOf(time.Monday): {{Open: 480, Close: 480}}}}}
	for _, row := range []struct {
		name string
		bad  sla.Agreement
		want error
	}{
		{"too deep", deep, servicetime.ErrLimit},
		{"no text", empty, servicetime.ErrEmpty},
	} {
		_, err := sla.Diff(row.bad, sla.SSBTEK())
		require.ErrorIs(t, err, row.want, row.name)
		_, err = sla.Diff(sla.SSBTEK(), row.bad)
		require.ErrorIs(t, err, row.want, row.name)
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

// assertMirrored asserts that one way is the other way back. A changed item has its place in the updated list, and its clause there.
func assertMirrored(t testing.TB, there, back []sla.Change, name string) {
	t.Helper()
	texts := func(changes []sla.Change, swap bool) (out []string) {
		for _, c := range changes {
			if c.Old != "" && c.New != "" {
				c.Path, c.Clause = index.ReplaceAllString(c.Path, "[]"), ""
			}
			if swap {
				c.Old, c.New = c.New, c.Old
			}
			out = append(out, c.String())
		}
		slices.Sort(out)
		return out
	}
	assert.Equal(t, texts(there, false), texts(back, true), name)
}

// Random edits of the preset: nothing is told of equal documents, something of others, the way back mirrors the way there, and
// what is told is the whole difference.
func TestDiffRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 27))
	full, err := fullAgreement().Marshal()
	require.NoError(t, err)
	different := 0
	for round := range 100 {
		data := presetFile(t)
		if round%2 == 0 {
			data = full
		}
		a, b := edited(r, data, r.IntN(5)), edited(r, data, r.IntN(5))
		there, back := diff(t, a, b), diff(t, b, a)
		checkDiff(t, a, b, there)
		assertMirrored(t, there, back, fmt.Sprint(round))
		if len(there) > 0 {
			different++
		}
		if t.Failed() {
			t.Fatal(strings.Join(changeTexts(there), "\n"))
		}
	}
	assert.Greater(t, different, 50)
}

// checkDiff asserts that there are changes if and only if the documents differ, and that they lead from one to the other: what they take away and bring is what
// only one of the documents has.
func checkDiff(t testing.TB, a, b sla.Agreement, changes []sla.Change) {
	t.Helper()
	old, err := a.Marshal()
	require.NoError(t, err)
	updated, err := b.Marshal()
	require.NoError(t, err)
	require.Equal(t, string(old) == string(updated), changes == nil)
	count := map[string]int{}
	countWords(count, decoded(t, old), 1)
	countWords(count, decoded(t, updated), -1)
	for _, c := range changes {
		require.NotEqual(t, c.Old, c.New)
		for text, n := range map[string]int{c.Old: -1, c.New: 1} {
			var value any = text
			if strings.ContainsAny(text[:min(1, len(text))], `{["`) {
				value = decoded(t, []byte(text))
			}
			countWords(count, value, n)
		}
	}
	for word, n := range count {
		require.Zero(t, n, "%q", word)
	}
}

func decoded(t testing.TB, data []byte) (v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(data, &v), "%s", data)
	return v
}

// countWords adds n to each text of a value; one with commas may be a list.
func countWords(count map[string]int, v any, n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, value := range v {
			countWords(count, value, n)
		}
	case []any:
		for _, value := range v {
			countWords(count, value, n)
		}
	case nil: // a duty without a text
		count["null"] += n
	default:
		for word := range strings.SplitSeq(fmt.Sprint(v), ", ") {
			if word != "" {
				count[word] += n
			}
		}
	}
}

// edited is an agreement with a number of random edits of its document that leave it readable.
func edited(r *rand.Rand, data []byte, edits int) sla.Agreement {
	a, err := sla.Parse(data)
	if err != nil {
		panic(err)
	}
	for edits > 0 {
		var doc any
		if err := json.Unmarshal(data, &doc); err != nil {
			panic(err)
		}
		changed, err := json.Marshal(edit(r, doc))
		if err != nil {
			panic(err)
		}
		b, err := sla.Parse(changed)
		if err != nil {
			continue
		}
		a, data, edits = b, changed, edits-1
	}
	return a
}

// edit changes something in a value: itself, or what is in it.
func edit(r *rand.Rand, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return v
		}
		names := slices.Sorted(maps.Keys(v))
		name, other := names[r.IntN(len(names))], names[r.IntN(len(names))]
		switch r.IntN(12) {
		case 0:
			delete(v, name)
		case 1:
			v[name] = v[other]
		case 2:
			v[name+"x"] = v[name] // a name of a level, a service time
		default:
			v[name] = edit(r, v[name])
		}
	case []any:
		if len(v) == 0 {
			return v
		}
		i, j := r.IntN(len(v)), r.IntN(len(v))
		switch r.IntN(10) {
		case 0:
			return slices.Delete(v, i, i+1)
		case 1:
			return slices.Insert(v, i, v[j])
		case 2:
			v[i], v[j] = v[j], v[i]
		case 3:
			return slices.Insert(slices.Delete(v, i, i+1), min(j, len(v)-1), v[i])
		default:
			v[i] = edit(r, v[i])
		}
	case string:
		others := []string{"90%", "2 h", "3 business days", "N/A", "off", "on", "support", "§9", "other", "x, y", "high"}
		return others[r.IntN(len(others))]
	case float64:
		return v + 1
	case bool:
		return !v
	}
	return v
}

func compareJune(t *testing.T, updated sla.Agreement, records sla.Records) *sla.Comparison {
	t.Helper()
	c, err := sla.CompareMonth(presetRules(), mustCompile(updated), month("2026-06"), records, local("2026-07-01 00:00"))
	require.NoError(t, err)
	return c
}

// Lines of the report that are not the same, those that went and those that came, in the order of the reports.
func TestCompareMonthLines(t *testing.T) {
	outages := []availability.Outage{outage("2026-06-02 08:00", "2026-06-02 11:00")}
	for _, row := range []struct {
		name   string
		change func(*sla.Agreement)
		want   []string
	}{
		{"nothing", func(*sla.Agreement) {}, nil},
		{"what no report shows", func(a *sla.Agreement) { a.Version, a.Title, a.Duties = "2", nil, nil }, nil},
		{"another goal", func(a *sla.Agreement) { a.Availability.Limits[0].Share = compliance.MustGoal("99%") }, []string{
			"§4.9.1 availability, month: met -> missed: down 3 h of 198 h, 98.48 %, goal 98 %: met, 57 min 36 s left -> " +
				"down 3 h of 198 h, 98.48 %, goal 99 %: missed by 1 h 1 min 12 s",
		}},
		{"limits in another order", func(a *sla.Agreement) { slices.Reverse(a.Availability.Limits) }, nil},
		{"a limit more and one less", func(a *sla.Agreement) {
			longest := servicetime.MustDuration("2 h")
			a.Availability.Limits[0] = availability.Limit{Per: availability.PerMonth, Longest: &longest}
		}, []string{
			"§4.9.1 availability, month: removed, met: down 3 h of 198 h, 98.48 %, goal 98 %: met, 57 min 36 s left",
			"§4.9.1 longest interruption, month: added, missed: longest 3 h, at most 2 h: missed by 1 h",
		}},
		{"another clause", func(a *sla.Agreement) {
			a.Availability.Limits[0].Clause, a.Availability.Limits[0].Share = "§4.9.4", compliance.MustGoal("98.1%")
			a.Availability.Limits[3].Clause = "§4.9.5" // the same sentence
		}, []string{
			"§4.9.4 availability, month: down 3 h of 198 h, 98.48 %, goal 98 %: met, 57 min 36 s left -> " +
				"down 3 h of 198 h, 98.48 %, goal 98.1 %: met, 45 min 43.2 s left",
		}},
		{"a section less", func(a *sla.Agreement) { a.Changes, a.Report = nil, nil }, []string{"§4.6.4 changes: removed, no data: no data, goal 100 %"}},
	} {
		updated := sla.SSBTEK()
		row.change(&updated)
		var got []string
		for _, l := range compareJune(t, updated, sla.Records{Outages: outages}).Lines {
			got = append(got, l.String())
		}
		assert.Equal(t, row.want, got, row.name)
	}
}

// Tickets whose verdict changes, of those that count in the month.
func TestCompareMonthTickets(t *testing.T) {
	of := func(kind priority.Kind, class string, ticket priority.Ticket) priority.Ticket {
		ticket.Kind, ticket.Class = kind, class
		return ticket
	}
	received := func(at string, ticket priority.Ticket) priority.Ticket {
		ticket.Received = local(at)
		return ticket
	}
	open := priority.Ticket{Number: "OPEN", Kind: priority.Incident, Priority: 3, Received: local("2026-06-30 09:00")}
	secret := solved("SECRET", 3, true)
	secret.Protected, secret.Provider, secret.Kind = true, "Anna", priority.Security
	records := sla.Records{Tickets: []priority.Ticket{
		solved("LOW", 4, true), solved("MEDIUM", 3, true), solved("LATE", 3, false), secret, open,
		received("2026-05-29 08:00", priority.Ticket{Number: "MAY", Kind: priority.Incident, Priority: 3, Started: local("2026-05-29 10:00"), ReportedBack: local("2026-05-29 12:00")}),
		received("2026-07-01 08:00", priority.Ticket{Number: "JULY", Kind: priority.Incident, Priority: 3}),
		of(priority.Order, "question", priority.Ticket{Number: "ORDER", Received: local("2026-06-01 08:00"), Started: local("2026-06-01 09:00"), Resolved: local("2026-06-01 10:00")}),
		of(priority.Order, "laptop", priority.Ticket{Number: "LAPTOP", Received: local("2026-06-01 08:00"), Started: local("2026-06-01 09:00"), Resolved: local("2026-06-01 10:00")}),
		of(priority.Order, "laptop", priority.Ticket{Number: "MAY LAPTOP", Received: local("2026-05-04 08:00"), Started: local("2026-05-04 09:00"), Resolved: local("2026-05-04 10:00")}),
		of(priority.Order, "chair", priority.Ticket{Number: "CHAIR", Received: local("2026-06-01 08:00")}),
	}}
	medium := func(targets priority.Targets) func(*sla.Agreement) {
		return func(a *sla.Agreement) { a.Incidents.Targets["medium"] = targets }
	}
	for _, row := range []struct {
		name   string
		change func(*sla.Agreement)
		want   []string
	}{
		{"nothing", func(*sla.Agreement) {}, nil},
		{"another goal", func(a *sla.Agreement) { a.Incidents.Goal = compliance.MustGoal("100%") }, nil},
		// Answered after half an hour, reported back after 8; LATE keeps its response.
		{"shorter resolution", medium(priority.Targets{Response: target("8 h"), Resolution: target("6 h")}), []string{
			"incident MEDIUM, resolution: met -> breached", "security SECRET, resolution: met -> breached", "incident OPEN, resolution: running -> breached",
		}},
		{"longer resolution", medium(priority.Targets{Response: target("8 h"), Resolution: target("20 business days")}), []string{
			"incident LATE, resolution: breached -> met",
		}},
		{"no resolution", medium(priority.Targets{Response: target("8 h")}), []string{
			"incident MEDIUM, resolution: met -> no target", "incident LATE, resolution: breached -> no target",
			"security SECRET, resolution: met -> no target", "incident OPEN, resolution: running -> no target",
		}},
		{"N/A instead of left out", func(a *sla.Agreement) { a.Orders.Targets["permissions"] = priority.Targets{Response: target("N/A")} }, nil},
		{"a target instead of N/A", func(a *sla.Agreement) {
			a.Orders.Targets["question"] = priority.Targets{Response: target("30 min"), Resolution: target("2 business days")}
		}, []string{"order ORDER, response: no target -> breached"}},
		{"a target for updates", medium(priority.Targets{Response: target("8 h"), Resolution: target("5 business days"), Update: target("2 h")}), []string{
			"incident MEDIUM, update: no target -> breached", "incident LATE, update: no target -> breached",
			"security SECRET, update: no target -> breached", "incident OPEN, update: no target -> breached",
		}},
		{"a type more", func(a *sla.Agreement) { a.Orders.Targets["laptop"] = priority.Targets{Resolution: target("1 h")} }, []string{
			`order LAPTOP: not judged -> judged: sla: ticket "LAPTOP": order type "laptop": no rule`,
		}},
		{"a type less", func(a *sla.Agreement) { delete(a.Orders.Targets, "question") }, []string{
			`order ORDER: judged -> not judged: sla: ticket "ORDER": order type "question": no rule`,
		}},
	} {
		updated := sla.SSBTEK()
		row.change(&updated)
		c := compareJune(t, updated, records)
		var got []string
		for _, l := range c.Tickets {
			got = append(got, l.String())
		}
		assert.Equal(t, row.want, got, row.name)
		assert.Zero(t, c.MoreTickets, row.name)
		assert.NotContains(t, fmt.Sprintf("%+v", c), "Anna", "§4.11")
	}
}

// The list is bounded, and says how many more there are.
func TestCompareMonthIsBounded(t *testing.T) {
	updated := sla.SSBTEK()
	updated.Incidents.Targets["low"] = priority.Targets{Response: target("10 min"), Resolution: target("7 business days")}
	records := sla.Records{Tickets: slices.Repeat([]priority.Ticket{solved("1", 4, true)}, sla.MaxListed+3)}
	c := compareJune(t, updated, records)
	assert.Len(t, c.Tickets, sla.MaxListed)
	assert.Equal(t, int64(3), c.MoreTickets)
}

func TestCompareMonthRefuses(t *testing.T) {
	_, err := sla.CompareMonth(presetRules(), presetRules(), servicetime.Month{}, sla.Records{}, local("2026-07-01 00:00"))
	require.ErrorIs(t, err, servicetime.ErrRange)
	_, err = sla.CompareMonth(presetRules(), presetRules(), month("2026-06"), sla.Records{}, time.Time{})
	require.ErrorIs(t, err, servicetime.ErrRange)
}

// Diff never panics, and is nothing exactly for equal documents.
func FuzzDiff(f *testing.F) {
	for _, seed := range [][2]string{ // small ones, which the engine changes a thousand times faster than the preset
		{`{"name":"A","version":"1","time_zone":"UTC"}`, `{"name":"A","title":{"sv":"å"},"duties":[{"text":"x"}],"version":"","time_zone":"UTC"}`},
		{`{"parties":[{"role":"a"},{"role":"b","clause":"1"},{"role":"b"}]}`, `{"parties":[{"role":"b"},{"role":"a","name":"\u2028"},{"role":"b"},{"role":"b"}]}`},
		{`{"priority":{"levels":["P1","P2"],"matrix":[["P1"],["P2"],["P1"]]}}`, `{"priority":{"levels":["P2, P1"],"matrix":[["P2"],["P1"],[]]}}`},
		{`{"service_times":{"a.b":{"week":{"mon-fri":["08:00-17:00"]},"holidays":"SE"}}}`, `{"service_times":{"a":{"clause":"2"},"a.b":{"week":{"mon":["08:00-12:00","13:00-17:00"]},"holidays":["--12-24"]}}}`},
		{`{"availability":{"clause":"1","limits":[{"per":"month","share":"98%"},{"per":"year","down":"62 h"}]}}`, `{"availability":{"limits":[{"per":"year","down":"60 h"},{"per":"month","share":"99%"}]}}`},
		{`{"open_points":[{"code":"a","clauses":["1","2"],"text":"x"},{"code":"b","clauses":[],"text":{"en":"y"}}]}`, `{"open_points":[{"code":"b","clauses":["2"],"text":{"en":"z"}}]}`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		a, err := sla.Parse([]byte(x))
		if err != nil {
			return
		}
		b, err := sla.Parse([]byte(y))
		if err != nil {
			return
		}
		there, err := sla.Diff(a, b)
		if err != nil {
			return
		}
		old, err := a.Marshal()
		require.NoError(t, err)
		updated, err := b.Marshal()
		require.NoError(t, err)
		assert.Equal(t, string(old) == string(updated), len(there) == 0)
		back, err := sla.Diff(b, a)
		require.NoError(t, err)
		assertMirrored(t, there, back, "")
	})
}
