package sla_test

import (
	"os"
	"reflect"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// presetFile is the agreement that the package embeds.
func presetFile(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("ssbtek.json")
	require.NoError(t, err)
	return data
}

func TestPresetIsItsFile(t *testing.T) {
	data := presetFile(t)
	parsed, err := sla.Parse(data)
	require.NoError(t, err)
	assert.Equal(t, parsed, sla.SSBTEK())

	written, err := sla.SSBTEK().Marshal()
	require.NoError(t, err)
	assert.Equal(t, string(data), string(written))
}

// Who changes the preset changes a copy.
func TestPresetIsFresh(t *testing.T) {
	a := sla.SSBTEK()
	a.Priority.Levels[0] = "P1"
	a.Priority.Matrix[0][0] = "P1"
	a.Priority.Timing.CriticalFromDay = 1
	a.Incidents.Clause = ""
	delete(a.ServiceTimes, "support")
	assert.NotEqual(t, a, sla.SSBTEK())
	assert.Equal(t, 20, sla.SSBTEK().Priority.Timing.CriticalFromDay)
}

func TestPresetCompiles(t *testing.T) {
	rules, err := sla.SSBTEK().Compile(time.LoadLocation)
	require.NoError(t, err)
	assert.Equal(t, sla.SSBTEK(), rules.Agreement())
}

func TestPresetName(t *testing.T) {
	a := sla.SSBTEK()
	assert.Equal(t, "SSBTEK", a.Name)
	assert.Equal(t, "Underpinning Contract SSBTEK", a.Title.In("sv"))
	assert.NotEmpty(t, a.Version)
	assert.Equal(t, "Europe/Stockholm", a.Zone)
}

// §4.1.1 §4.2.1
func TestPresetServiceTimes(t *testing.T) {
	a := sla.SSBTEK()
	rows := []struct{ name, clause, week string }{
		{"opening", "§4.1.1", "mon-fri 08:00-17:00"},
		{"support", "§4.2.1", "mon-fri 08:00-17:00"},
		{"support/Transportstyrelsen", "§4.2.1", "mon-fri 08:00-16:30"},
	}
	require.Len(t, a.ServiceTimes, len(rows))
	for _, row := range rows {
		assert.Equal(t, sla.ServiceTime{
			Clause: row.clause,
			Schedule: servicetime.Schedule{
				Zone: "Europe/Stockholm", Week: servicetime.MustWeek(row.week), Holidays: servicetime.Sweden,
			},
		}, a.ServiceTimes[row.name], row.name)
	}
	assert.Equal(t, map[string]sla.Provider{
		"Transportstyrelsen": {Clause: "§4.2.1", ServiceTime: "support/Transportstyrelsen"},
	}, a.Providers)
}

// §4.3: rows are timing, columns impact.
func TestPresetMatrix(t *testing.T) {
	p := sla.SSBTEK().Priority
	assert.Equal(t, "§4.3", p.Clause)
	assert.Equal(t, sla.ByTiming, p.SecondAxis)
	assert.Equal(t, []string{"critical", "high", "medium", "low"}, p.Levels)
	assert.Equal(t, [][]string{
		{"critical", "high", "medium", "low"},
		{"high", "high", "medium", "low"},
		{"medium", "medium", "medium", "low"},
		{"low", "low", "low", "low"},
	}, p.Matrix)
}

// §3.2 §4.3: critical from the 20th; "close to" and "low season" have no figures and are not set.
func TestPresetTiming(t *testing.T) {
	assert.Equal(t, &sla.TimingRule{
		Clause: "§3.2", ServiceTime: "opening",
		Timing: priority.Timing{
			CriticalFromDay: 20, NearBeforeDays: 0, NearAfterDays: 0, LowSeason: nil,
			Precedence: priority.CriticalFirst, OutOfHours: priority.NextOpen,
		},
	}, sla.SSBTEK().Priority.Timing)
}

func TestPresetTargets(t *testing.T) {
	a := sla.SSBTEK()
	const none = "" // N/A
	tests := []struct {
		kind                priority.Kind
		rules               *sla.TicketRules
		clause, serviceTime string
		stopsAt             priority.Stop
		targets             []struct{ name, response, resolution string }
	}{
		{
			priority.Incident, a.Incidents, "§4.3.1", "support", priority.AtReportedBack,
			[]struct{ name, response, resolution string }{
				{"critical", "30 min", "8 h"},
				{"high", "60 min", "2 business days"},
				{"medium", "8 h", "5 business days"},
				{"low", "24 h", "7 business days"},
			},
		},
		{
			priority.Order, a.Orders, "§4.4", "support", priority.AtReportedBackOrResolved,
			[]struct{ name, response, resolution string }{
				{"connection", "N/A", "5 business days"},
				{"question", "N/A", "2 business days"},
				{"permissions", none, none},
				{"standard change", none, none},
			},
		},
		{
			priority.Problem, a.Problems, "§4.5", "support", priority.AtReportedBack,
			[]struct{ name, response, resolution string }{
				{"critical", "1 business day", "6 days"},
				{"high", "3 business days", "15 business days"},
				{"medium", "4 business days", "25 business days"},
				{"low", "10 business days", "60 business days"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			require.NotNil(t, tt.rules)
			assert.Equal(t, tt.clause, tt.rules.Clause)
			assert.Equal(t, tt.serviceTime, tt.rules.ServiceTime)
			assert.Equal(t, tt.stopsAt, tt.rules.StopsAt)
			assert.Equal(t, compliance.MustGoal("90%"), tt.rules.Goal)

			assert.Len(t, tt.rules.Targets, len(tt.targets))
			for _, row := range tt.targets {
				targets, there := tt.rules.Targets[row.name]
				assert.True(t, there, row.name)
				assert.Equal(t, target(row.response), targets.Response, row.name)
				assert.Equal(t, target(row.resolution), targets.Resolution, row.name)
			}
		})
	}
}

// target is MustTarget with no target for an empty text.
func target(s string) servicetime.Target {
	if s == "" {
		return servicetime.Target{}
	}
	return servicetime.MustTarget(s)
}

func TestPresetReadings(t *testing.T) {
	assert.Equal(t, sla.Readings{
		Hours:           servicetime.SupportClock,  // §4.3.1
		BusinessDays:    servicetime.ExclDateClose, // §4.3.1
		Days:            servicetime.ExclMidnight,  // §4.5
		Pauses:          sla.Off,                   // §3.3.1
		ResponsePauses:  sla.Off,                   // §3.3.1
		ReopenedCounts:  sla.Off,                   // §3.3.1
		PriorityChanges: priority.ChangeInForce,    // §4.3
		ProblemPriority: sla.Given,                 // §4.5
		Compliance:      sla.Both,                  // §4.3.1
		CountedIn:       sla.BySettled,             // §4.3.1
	}, sla.SSBTEK().Readings)
}

func TestPresetImpact(t *testing.T) {
	assert.Equal(t, &sla.ImpactRules{Clause: "§4.3", ImpactRule: priority.ImpactRule{
		ManyDown: priority.ManyDownByQuorum, Quorum: 3, Most: compliance.MustGoal("50%"),
	}}, sla.SSBTEK().Priority.Impact)
	assert.Equal(t, &sla.SecurityRules{Clause: "§4.11"}, sla.SSBTEK().Security)
}

// fullAgreement has a value in every field that there is, and none of the preset's.
func fullAgreement() sla.Agreement {
	dates, err := servicetime.HolidayDates("2026-05-25", "--12-25")
	if err != nil {
		panic(err)
	}
	day := servicetime.MustDate
	hour := func(h int) time.Time { return time.Date(2026, 10, 31, h, 0, 0, 0, time.UTC) }
	return sla.Agreement{
		Name: "N<&>1", Title: sla.Text{"": "Åtaganden \"två\"\n"}, Version: "1\u2028", Zone: "Australia/Lord_Howe",
		Source: "a page, 2026-11-23", Valid: sla.Validity{From: day("2026-01-01"), To: day("2026-12-31")},
		Parties: []sla.Party{{Clause: "0", Role: "operator", Name: "A/S", Title: sla.Text{"sv": "drift", "en": "operations"}}, {Role: "customer"}},
		ServiceTimes: map[string]sla.ServiceTime{
			"day": {Clause: "1 a", Schedule: servicetime.Schedule{
				Zone:     "Australia/Lord_Howe",
				Week:     servicetime.MustWeek("mon-wed,fri 08:00-12:00 13:00-17:00; sat,sun 22:00-06:00"),
				Holidays: dates,
				Dates: map[servicetime.Date][]servicetime.Window{
					day("2026-10-30"): {servicetime.MustWindow("00:00-24:00")},
					day("2026-12-24"): {},
				},
				Breaks: map[servicetime.Date][]servicetime.Window{day("2026-10-29"): {servicetime.MustWindow("12:00-13:00")}},
				Extra:  []servicetime.Opening{{From: hour(8), To: hour(10), Reason: "release"}, {From: hour(12), To: hour(13)}},
			}},
			"all": {Clause: "1 b", Schedule: servicetime.Schedule{Zone: "UTC", Week: servicetime.MustWeek("mon-sun 00:00-24:00")}},
			"set": {Schedule: servicetime.Schedule{
				Zone: "UTC", Week: servicetime.MustWeek("mon 10:00-11:00"), Holidays: servicetime.SwedenWithEves,
			}},
		},
		Priority: sla.PriorityModel{
			Clause: "2", Levels: []string{"P1", "P2", "P3", "P4"}, SecondAxis: sla.ByTiming,
			Matrix: [][]string{{"P1", "P2"}, {"P2", "P2"}, {"P3", "P3"}, {"P4", "P3"}},
			Timing: &sla.TimingRule{
				Clause: "2.1", ServiceTime: "day",
				Timing: priority.Timing{
					CriticalFromDay: 1, NearBeforeDays: 31, NearAfterDays: 2,
					LowSeason: []priority.Season{
						{{Month: time.July, Day: 1}, {Month: time.August, Day: 15}},
						{{Month: time.December, Day: 20}, {Month: time.February, Day: 29}},
					},
					Precedence: priority.LowFirst, OutOfHours: priority.OutOfHoursIs4,
				},
			},
			Impact: &sla.ImpactRules{Clause: "2.1", ImpactRule: priority.ImpactRule{ManyDown: priority.ManyDownIs2, Quorum: 1, Most: compliance.MustGoal("33.3%")}},
		},
		Incidents: &sla.TicketRules{
			Clause: "3", ServiceTime: "all", Goal: compliance.MustGoal("99.999999999%"), StopsAt: priority.AtResolved,
			Targets: map[string]priority.Targets{
				"P1": {Response: target("1 min"), Resolution: target("1000000 h"), Update: target("30 min")},
				"P2": {Response: target("1 business day")},
				"P3": {Resolution: target("2 days")},
				"P4": {},
			},
			ServiceTimes: map[string]string{"P3": "day"},
			OutOfHours:   &sla.OutOfHours{ServiceTime: "all", Outside: "day", Targets: map[string]priority.Targets{"P1": {Response: target("2 h")}, "P4": {}}},
		},
		Security: &sla.SecurityRules{Clause: "7"},
		Orders: &sla.TicketRules{
			Clause: "4", ServiceTime: "set", StopsAt: priority.AtReportedBackOrResolved,
			Targets: map[string]priority.Targets{"laptop": {Resolution: target("1 day")}, "": {}},
		},
		Problems: &sla.TicketRules{
			Clause: "5", ServiceTime: "day", Goal: compliance.MustGoal("0%"), StopsAt: priority.AtReportedBack,
			Targets: map[string]priority.Targets{"P1": {}, "P2": {}, "P3": {}, "P4": {}},
		},
		Availability: &sla.AvailabilityRules{
			Clause: "8", ServiceTime: "all",
			Rule: availability.Rule{
				MinGap: servicetime.MustDuration("30 s"), MinLength: servicetime.MustDuration("60 s"), Cluster: servicetime.MustDuration("2 min"),
				Planned: availability.PlannedRemoved, Degraded: availability.DegradedWeighted, Weight: compliance.MustGoal("37.5%"),
			},
			Limits: []availability.Limit{
				{Clause: "8.1", Per: availability.Rolling12Months, Share: compliance.MustGoal("99.95%")},
				{Per: availability.PerQuarter, Down: pointer(servicetime.MustDuration("4 h 30 min"))},
				{Per: availability.PerMonth, Interruptions: pointer(int64(0))},
				{Per: availability.Rolling365Days, Longest: pointer(servicetime.MustDuration("0.5 s"))},
			},
			Quorum: &availability.Quorum{Need: 2, Fixed: true},
			Composition: &availability.Composition{Quorum: 1, Members: []availability.Composition{
				{Provider: "A/S"}, {Quorum: 2, Members: availability.Providers("B", "C")},
			}},
			Credits: availability.Ladder{{Below: compliance.MustGoal("99%"), Credit: "10%"}},
		},
		Changes: &sla.ChangeRules{
			Clause: "9", ServiceTime: "day", Goal: compliance.MustGoal("95%"),
			NoticeRule: availability.NoticeRule{Notice: target("10 days"), Rule: availability.NoticeByElapsed},
			Meetings: &sla.MeetingRules{Clause: "9.1", ServiceTime: "day", Meetings: availability.Meetings{
				Weekday: servicetime.DaysOf(time.Friday), At: 10*60 + 30, MaterialBy: 8 * 60, NoticeDays: 7,
				Rule: availability.NoticeByWall, Holiday: availability.HoldMeeting,
			}},
		},
		Performance: &sla.PerformanceRules{
			Clause: "11", PrecisionClause: "11.1", ServiceTime: "day",
			Rule: performance.Rule{
				Limits:     []performance.Limit{{Within: servicetime.MustDuration("0.25 s"), PerPerson: servicetime.MustDuration("0.1 s"), Share: compliance.MustGoal("95%")}},
				MaxPersons: 5, Precision: compliance.MustGoal("99%"), Unanswered: performance.UnansweredFail, Hours: performance.HoursAll,
				PrecisionHours: performance.HoursAll, Groups: performance.GroupsEach, OverCapacity: performance.OverCapacityOut,
			},
		},
		Capacity: &sla.CapacityRules{Clause: "12", Users: "12 offices", Limits: []capacity.Limit{
			{Clause: "12.1", Kind: capacity.Count, Max: 9, Window: servicetime.MustDuration("1 min"), Model: capacity.Calendar},
			{Kind: capacity.Rate, Max: 8, Per: servicetime.MustDuration("1 s"), Model: capacity.Bucket, Burst: 20, Advisory: true},
		}},
		Continuity: &sla.ContinuityRules{
			Clause: "13", ServiceTime: "day",
			Rule: continuity.Rule{
				Objectives: continuity.Objectives{
					RTO: continuity.MustObjective("72 h"), RPO: continuity.MustObjective("last transaction"), BackupEvery: continuity.MustObjective("1 day"),
					TestEvery: continuity.MustObjective("365 days"), MTPD: continuity.MustObjective("2 working weeks"), WRT: continuity.MustObjective("8 h"),
					MBCO: compliance.MustGoal("30%"),
				},
				Hours: servicetime.SupportClock, BusinessDays: servicetime.ExclDateMidnight, Days: servicetime.NX24H, UseVerifies: true,
			},
			Backups: &continuity.Schedule{Runs: servicetime.MustWeek("mon-sun 02:00-02:30")},
			Services: []continuity.Service{
				{Name: "a", Priority: 1, Restart: servicetime.MustDuration("5 min"), RTO: continuity.MustObjective("immediate")},
				{Name: "b", Needs: []string{"a"}, After: []string{"c"}},
				{Name: "c"},
			},
		},
		Report: &sla.ReportRules{
			Clause: "10", ServiceTime: "all", DueDay: 28, ContentClause: "10.1",
			Content: map[string]sla.Requirement{"incidents": sla.Required, "performance": sla.ByOther, "capacity": sla.NotRequired},
		},
		Services: map[string]sla.Service{
			"gold": {
				Clause: "14", Title: sla.Text{"en": "Gold"},
				Incidents: &sla.TicketRules{Clause: "14.1", ServiceTime: "all", StopsAt: priority.AtResolved, Targets: map[string]priority.Targets{
					"P1": {Response: target("N/A"), Resolution: target("4 h")}, "P2": {}, "P3": {}, "P4": {},
				}},
				Orders:       &sla.TicketRules{ServiceTime: "day", StopsAt: priority.AtResolved},
				Problems:     &sla.TicketRules{ServiceTime: "day", StopsAt: priority.AtResolved, Targets: map[string]priority.Targets{"P1": {}, "P2": {}, "P3": {}, "P4": {}}},
				Availability: &sla.AvailabilityRules{Clause: "14.2", ServiceTime: "all", Rule: availability.Rule{Planned: availability.PlannedUp, Degraded: availability.DegradedUp}},
				Performance:  &sla.PerformanceRules{ServiceTime: "all", Rule: performance.Rule{MaxPersons: 1, Unanswered: performance.UnansweredFail, Hours: performance.HoursAll, PrecisionHours: performance.HoursAll, Groups: performance.GroupsPooled, OverCapacity: performance.OverCapacityIn}},
				Capacity:     &sla.CapacityRules{Users: "3"},
				Continuity: &sla.ContinuityRules{ServiceTime: "day", Rule: continuity.Rule{
					Hours: servicetime.WallClock, BusinessDays: servicetime.ExclDateClose, Days: servicetime.SameWallClock,
				}},
			},
			"plain": {},
		},
		Labels:     map[string]sla.Text{"P1": {"sv": "Ett", "en": "One"}, "gold": {"": "Guld"}},
		Duties:     []sla.Duty{{Clause: "15", Text: sla.Text{"en": "Be kind."}}},
		OpenPoints: []sla.OpenPoint{{Code: "kind-2", Clauses: []string{"15", "16"}, Text: sla.Text{"": "How kind?"}, Path: "services.gold.incidents.targets.P1.response"}, {Code: "x", Clauses: []string{"1"}, Text: sla.Text{"": "x"}}},
		Providers:  map[string]sla.Provider{"A/S": {Clause: "6", ServiceTime: "all", Kinds: []priority.Kind{priority.Order}}},
		Readings: sla.Readings{
			Hours: servicetime.WallClock, BusinessDays: servicetime.Cutoff(12*60 + 30), Days: servicetime.NX24H,
			Pauses: sla.On, ResponsePauses: sla.Off, ReopenedCounts: sla.On, PriorityChanges: priority.ChangeRestarts,
			ProblemPriority: sla.WorstFactors, Compliance: sla.Each, CountedIn: sla.ByReceipt,
		},
	}
}

func pointer[T any](v T) *T { return &v }

// fullAgreement is what it says, so that a field or a type that is new is read and written too.
func TestFullAgreementIsFull(t *testing.T) {
	filled := map[string]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(v.Elem())
		case reflect.Map:
			for _, key := range v.MapKeys() {
				walk(v.MapIndex(key))
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
					name := v.Type().String() + "." + f.Name
					filled[name] = filled[name] || !v.Field(i).IsZero()
					if filled[name] {
						walk(v.Field(i))
					}
				}
			}
		}
	}
	walk(reflect.ValueOf(fullAgreement()))
	assert.Greater(t, len(filled), 40)
	for name, is := range filled {
		assert.True(t, is, name)
	}
}

// Parse is the inverse of Marshal.
func TestParseReadsWhatMarshalWrites(t *testing.T) {
	urgency := fullAgreement()
	urgency.Priority.SecondAxis, urgency.Priority.Timing = sla.ByUrgency, nil
	bare := sla.SSBTEK()
	bare.Availability, bare.Changes, bare.Report = nil, nil, nil
	bare.Performance, bare.Capacity, bare.Continuity = nil, nil, nil
	bare.Incidents, bare.Orders, bare.Problems, bare.Providers = nil, nil, nil, nil

	for _, a := range []sla.Agreement{sla.SSBTEK(), fullAgreement(), urgency, bare} {
		data, err := a.Marshal()
		require.NoError(t, err)
		back, err := sla.Parse(data)
		require.NoError(t, err)
		assert.Equal(t, a, back)
		again, err := back.Marshal()
		require.NoError(t, err)
		assert.Equal(t, string(data), string(again))
		assert.Equal(t, byte('\n'), data[len(data)-1])

		_, err = back.Compile(time.LoadLocation)
		require.NoError(t, err)
	}
}

// What no text says is not written either.
func TestMarshalRefuses(t *testing.T) {
	a := sla.SSBTEK()
	a.ServiceTimes["x"] = sla.ServiceTime{Schedule: servicetime.Schedule{Week: servicetime.Week{servicetime.DaysOf(time.Monday): {{Open: 480, Close: 480}}}}}
	_, err := a.Marshal()
	require.ErrorIs(t, err, servicetime.ErrEmpty)

	a = sla.SSBTEK()
	a.ServiceTimes["x"] = sla.ServiceTime{Schedule: servicetime.Schedule{Week: servicetime.Week{servicetime.DaysOf(): nil}}}
	_, err = a.Marshal()
	require.Error(t, err)
}

func TestReadingTexts(t *testing.T) {
	for value, text := range map[sla.Axis]string{0: "", sla.ByTiming: "timing", sla.ByUrgency: "urgency", 3: "", 255: ""} {
		testText(t, value, text, func(b []byte) (v sla.Axis, err error) { err = v.UnmarshalText(b); return v, err })
	}
	for value, text := range map[sla.Switch]string{0: "", sla.Off: "off", sla.On: "on", 3: "", 255: ""} {
		testText(t, value, text, func(b []byte) (v sla.Switch, err error) { err = v.UnmarshalText(b); return v, err })
	}
	for value, text := range map[sla.Counting]string{0: "", sla.Both: "both", sla.Each: "each", 3: "", 255: ""} {
		testText(t, value, text, func(b []byte) (v sla.Counting, err error) { err = v.UnmarshalText(b); return v, err })
	}
	for _, text := range []string{"Off", "ON", "true", "1", " on", "on\n", "null"} {
		var s sla.Switch
		require.ErrorIs(t, s.UnmarshalText([]byte(text)), servicetime.ErrText, text)
		assert.Zero(t, s, text)
	}
}

// testText holds the text form of a reading and its inverse; a value without a name has neither.
func testText[T interface {
	~uint8
	String() string
	MarshalText() ([]byte, error)
}](t *testing.T, value T, text string, parse func([]byte) (T, error),
) {
	t.Helper()
	assert.Equal(t, text, value.String())
	written, err := value.MarshalText()
	if text == "" {
		require.ErrorIs(t, err, servicetime.ErrText)
		_, err = parse(written)
		require.ErrorIs(t, err, servicetime.ErrText)
		return
	}
	require.NoError(t, err)
	assert.Equal(t, text, string(written))
	back, err := parse(written)
	require.NoError(t, err)
	assert.Equal(t, value, back)
}
