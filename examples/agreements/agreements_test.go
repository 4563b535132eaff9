package agreements_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/compliance"
	"example.com/sla/examples/agreements"
	"example.com/sla/performance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// tested names the test of each file: none is here only to be read.
var tested = map[string]func(*testing.T){
	"amazon-ec2-2008.json":       TestAmazonEC2Of2008,
	"aws-compute.json":           TestAWSCompute,
	"ehalsomyndigheten.json":     TestEHalsomyndigheten,
	"google-compute-engine.json": TestGoogleComputeEngine,
	"goteborg.json":              TestGoteborg,
	"govuk-pay.json":             TestGOVUKPay,
	"norge-digitalt.json":        TestNorgeDigitalt,
	"nsp.json":                   TestNSP,
	"skolon.json":                TestSkolon,
	"ssbtek-sla.json":            TestSSBTEKAgreement,
	"svensk-e-legitimation.json": TestSvenskELegitimation,
}

// Every file compiles, is written as Marshal writes it, says where it is from, and has a test.
func TestFiles(t *testing.T) {
	files, err := filepath.Glob("*.json")
	require.NoError(t, err)
	require.Len(t, files, len(tested))
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		a, err := sla.Parse(text)
		require.NoError(t, err, file)
		written, err := a.Marshal()
		require.NoError(t, err, file)
		assert.Equal(t, string(text), string(written), file)

		assert.NotEmpty(t, a.Source, file)
		assert.NotEmpty(t, a.Title, file)
		assert.Contains(t, tested, file)
		rules := rulesOf(t, file)
		for name := range a.Services {
			service(t, rules, name)
		}
		// What is told to be read in some place is read there.
		findings, err := rules.Review(2026)
		require.NoError(t, err, file)
		for _, f := range findings {
			assert.NotEqual(t, "open-point-stale", f.Code, "%s: %s", file, f.Text.In("en"))
		}
	}
}

// What an agreement asks for and the model cannot say stands in its duties, and in the table of the README.
func TestNotInTheModel(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for file := range tested {
		_, section, found := strings.Cut(string(readme), "["+file+"]("+file+")")
		require.True(t, found, file)
		row, _, _ := strings.Cut(section, "\n")
		cells := strings.Split(strings.TrimSuffix(row, " |"), " | ")
		has := false
		for _, duty := range rulesOf(t, file).Agreement().Duties {
			has = has || strings.HasPrefix(duty.Text.In("en"), "Not in the model: ")
		}
		assert.Equal(t, has, cells[len(cells)-1] != "nothing", file)
	}
}

func rulesOf(t *testing.T, file string) *sla.Rules {
	t.Helper()
	rules, err := agreements.Load(file, time.LoadLocation)
	require.NoError(t, err)
	return rules
}

func service(t *testing.T, rules *sla.Rules, name string) *sla.Rules {
	t.Helper()
	of, err := rules.Service(name)
	require.NoError(t, err)
	return of
}

// at reads a local time of the agreement's zone.
func at(t *testing.T, rules *sla.Rules, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation(rules.Agreement().Zone)
	require.NoError(t, err)
	const layout = "2006-01-02 15:04:05"
	instant, err := time.ParseInLocation(layout[:min(len(text), len(layout))], text, zone)
	require.NoError(t, err)
	return instant
}

// down are outages from a local time on, so far apart from start to start, each of its length.
func down(t *testing.T, rules *sla.Rules, from string, apart time.Duration, lengths ...time.Duration) []availability.Outage {
	t.Helper()
	outages := []availability.Outage{}
	start := at(t, rules, from)
	for _, length := range lengths {
		outages = append(outages, availability.Outage{From: start, To: start.Add(length)})
		start = start.Add(apart)
	}
	return outages
}

// times is a length so many times.
func times(n int, length time.Duration) []time.Duration {
	lengths := make([]time.Duration, n)
	for i := range lengths {
		lengths[i] = length
	}
	return lengths
}

// evaluate is the report of a month as of its end.
func evaluate(t *testing.T, rules *sla.Rules, month string, records sla.Records) *sla.Report {
	t.Helper()
	m := servicetime.MustMonth(month)
	next, _ := m.Add(1).Dates()
	report, err := rules.Evaluate(m, records, at(t, rules, next.String()+" 00:00"))
	require.NoError(t, err)
	return report
}

func outages(t *testing.T, rules *sla.Rules, month string, outages []availability.Outage) *sla.AvailabilityReport {
	t.Helper()
	return &evaluate(t, rules, month, sla.Records{Outages: outages}).Availability
}

// limits are the sentences of an agreement's limits.
func limits(r *sla.AvailabilityReport) (out []string) {
	for _, o := range r.Limits {
		out = append(out, o.String())
	}
	return out
}

// dueRow is a ticket and when it is due, in local time; an empty due is no target.
type dueRow struct {
	ticket                       priority.Ticket
	received                     string
	level                        string
	response, resolution, update string
}

func assertDue(t *testing.T, rules *sla.Rules, rows []dueRow) {
	t.Helper()
	for _, row := range rows {
		row.ticket.Received = at(t, rules, row.received)
		j, err := rules.Judge(row.ticket, row.ticket.Received)
		require.NoError(t, err, row)
		assert.Equal(t, row.level, j.Priority, row)
		update := priority.Clock{}
		if j.Update != nil {
			update = j.Update.Clock
		}
		for _, clock := range []struct {
			priority.Clock
			due string
		}{{j.Response, row.response}, {j.Resolution, row.resolution}, {update, row.update}} {
			if clock.due == "" {
				assert.Equal(t, priority.NoTarget, clock.State, row)
				continue
			}
			assert.True(t, clock.Due.Equal(at(t, rules, clock.due)), "%v: %s", row, clock.Due)
		}
	}
}

func incident(level priority.Level) priority.Ticket {
	return priority.Ticket{Kind: priority.Incident, Priority: level}
}

func urgent(urgency int) priority.Ticket {
	return priority.Ticket{Kind: priority.Incident, Impact: 1, Urgency: urgency}
}

func impact(class int) priority.Ticket {
	return priority.Ticket{Kind: priority.Incident, Impact: class}
}

func order(class string) priority.Ticket { return priority.Ticket{Kind: priority.Order, Class: class} }

// June has 30 days, 720 h:
//
//	0.01 % is 4 min 19.2 s, 0.5 % is 3 h 36 min, 1 % is 7 h 12 min, 5 % is 36 h
//
// and what reaches a bound exactly is not below it. February has 672 h, and 0.01 % is 4 min 1.92 s.
func TestAWSCompute(t *testing.T) {
	const minutes = 4*time.Minute + 19200*time.Millisecond
	rules := rulesOf(t, "aws-compute.json")
	for _, row := range []struct {
		service string
		month   string
		down    time.Duration
		want    compliance.Verdict
		credit  string
	}{
		{"region", "2026-06", 0, compliance.Met, ""},
		{"region", "2026-06", minutes, compliance.Met, ""},
		{"region", "2026-06", minutes + 1, compliance.Missed, "10%"},
		{"region", "2026-06", 7*time.Hour + 12*time.Minute, compliance.Missed, "10%"},
		{"region", "2026-06", 7*time.Hour + 12*time.Minute + 1, compliance.Missed, "30%"},
		{"region", "2026-06", 36 * time.Hour, compliance.Missed, "30%"},
		{"region", "2026-06", 36*time.Hour + 1, compliance.Missed, "100%"},
		{"region", "2026-02", 4*time.Minute + 1920*time.Millisecond, compliance.Met, ""},
		{"region", "2026-02", minutes, compliance.Missed, "10%"},
		{"instance", "2026-06", minutes + 1, compliance.Met, ""},
		{"instance", "2026-06", 3*time.Hour + 36*time.Minute, compliance.Met, ""},
		{"instance", "2026-06", 3*time.Hour + 36*time.Minute + 1, compliance.Missed, "10%"},
		{"instance", "2026-06", 7*time.Hour + 12*time.Minute, compliance.Missed, "10%"},
		{"instance", "2026-06", 7*time.Hour + 12*time.Minute + 1, compliance.Missed, "30%"},
		{"instance", "2026-06", 36 * time.Hour, compliance.Missed, "30%"},
		{"instance", "2026-06", 36*time.Hour + 1, compliance.Missed, "100%"},
	} {
		of := service(t, rules, row.service)
		r := outages(t, of, row.month, down(t, of, row.month+"-10 12:00", 0, row.down))
		assert.Equal(t, row.want, r.Verdict, row)
		assert.Equal(t, row.credit, r.Credit.Credit, row)
	}
	region := service(t, rules, "region")
	atBound := outages(t, region, "2026-06", down(t, region, "2026-06-10 12:00", 0, minutes))
	assert.Equal(t, []string{"down 4 min 19.2 s of 720 h, 99.99 %, goal 99.99 %: met, 0 s left"}, limits(atBound))
	// An exclusion counts as up, and its time stays: 8 h excused, and 4 min 19.2 s of 720 h may still be down.
	excluded := at(t, region, "2026-06-20 00:00")
	r := evaluate(t, region, "2026-06", sla.Records{
		Outages: down(t, region, "2026-06-20 00:00", 24*time.Hour, 8*time.Hour, minutes),
		Windows: []availability.Window{{PlannedFrom: excluded, PlannedTo: excluded.Add(8 * time.Hour), Decision: availability.Decided}},
	})
	assert.Equal(t, compliance.Met, r.Availability.Verdict)
	assert.Empty(t, r.Availability.Credit)
}

// 365 days have 105,120 periods of 5 minutes, and 0.05 % of them are 52.56: 52 may be down, 4 h 20 min, and not 53. In exact time that is 4 h 22 min 48 s.
func TestAmazonEC2Of2008(t *testing.T) {
	rules := rulesOf(t, "amazon-ec2-2008.json")
	const newYear, before = "2009-12-31 22:00", "2009-01-31 12:00" // before is the day before the 365 that end with January 2010
	both := append(down(t, rules, before, 0, 10*time.Hour), down(t, rules, newYear, 0, 4*time.Hour+20*time.Minute)...)
	for _, row := range []struct {
		month   string
		outages []availability.Outage
		want    string
	}{
		// Over the turn of the year: 2 h in one, 2 h 20 min in the other.
		{"2010-01", down(t, rules, newYear, 0, 4*time.Hour+20*time.Minute), "down 4 h 20 min of 8760 h, 99.95 %, goal 99.95 %: met, 2 min 48 s left"},
		{"2010-01", down(t, rules, newYear, 0, 262*time.Minute+48*time.Second), "down 4 h 22 min 48 s of 8760 h, 99.95 %, goal 99.95 %: met, 0 s left"},
		{"2010-01", down(t, rules, newYear, 0, 4*time.Hour+25*time.Minute), "down 4 h 25 min of 8760 h, 99.9496 %, goal 99.95 %: missed by 2 min 12 s"},
		// The year rolls: 2009 still has both, but for what lies in 2010.
		{"2009-12", both, "down 12 h of 8760 h, 99.86 %, goal 99.95 %: missed by 7 h 37 min 12 s"},
		{"2010-01", both, "down 4 h 20 min of 8760 h, 99.95 %, goal 99.95 %: met, 2 min 48 s left"},
		// 2012 has a February of 29 days, and 365 days before its end begin on 2 January.
		{"2012-12", down(t, rules, "2012-01-01 00:00", 0, 24*time.Hour), "down 0 s of 8760 h, 100.00 %, goal 99.95 %: met, 4 h 22 min 48 s left"},
		{"2012-12", down(t, rules, "2012-01-01 00:00", 0, 25*time.Hour), "down 1 h of 8760 h, 99.99 %, goal 99.95 %: met, 3 h 22 min 48 s left"},
		// Days before the first use have no outages, and count as up.
		{"2008-11", down(t, rules, "2008-11-20 00:00", 0, 4*time.Hour), "down 4 h of 8760 h, 99.95 %, goal 99.95 %: met, 22 min 48 s left"},
	} {
		assert.Equal(t, []string{row.want}, limits(outages(t, rules, row.month, row.outages)), row.want)
	}

	// What a monitor saw, in periods of 5 minutes that are down throughout:
	//
	//	22:00   22:05   22:10   22:15   22:20   22:25
	//	  |  #####|#######|####   |       |#######|       down 22:01-22:14, 22:20-22:25
	//	          |-------|               |-------|       10 min
	events := []availability.Event{
		{At: at(t, rules, "2010-01-09 22:01"), State: availability.Down},
		{At: at(t, rules, "2010-01-09 22:14"), State: availability.Up},
		{At: at(t, rules, "2010-01-09 22:20"), State: availability.Down},
		{At: at(t, rules, "2010-01-09 22:25"), State: availability.Up},
	}
	sampling := availability.Sampling{Initial: availability.Up, Slice: servicetime.MustDuration("5 min"), SliceDown: availability.SliceWhole}
	var seen availability.Tally
	require.NoError(t, sampling.Observe(&seen, events, servicetime.Span{From: at(t, rules, "2010-01-01 00:00"), To: at(t, rules, "2010-02-01 00:00")}))
	m, err := rules.Month(servicetime.MustMonth("2010-01"), at(t, rules, "2010-02-01 00:00"))
	require.NoError(t, err)
	m.Observed(&seen)
	assert.Equal(t, "down 10 min of 744 h, 99.98 %, 2 interruptions", m.Report().Availability.Month.String())
}

// Of June's 720 h 0.01 % is 4 min 19.2 s, 0.05 % is 21 min 36 s, 0.1 % is 43 min 12 s.
func TestGoogleComputeEngine(t *testing.T) {
	rules := rulesOf(t, "google-compute-engine.json")
	for _, row := range []struct {
		service string
		most    time.Duration // in whole seconds
	}{
		{"multiple-zones", 4*time.Minute + 19*time.Second},
		{"load-balancing", 4*time.Minute + 19*time.Second},
		{"single-memory-optimized", 21*time.Minute + 36*time.Second},
		{"multiple-zones-mexico-stockholm", 21*time.Minute + 36*time.Second},
		{"load-balancing-mexico-stockholm", 21*time.Minute + 36*time.Second},
		{"single", 43*time.Minute + 12*time.Second},
		{"single-mexico-stockholm", 43*time.Minute + 12*time.Second},
		{"multiple-zones-standard", 43*time.Minute + 12*time.Second},
		{"load-balancing-standard", 43*time.Minute + 12*time.Second},
	} {
		of := service(t, rules, row.service)
		verdict := func(lengths ...time.Duration) compliance.Verdict {
			return outages(t, of, "2026-06", down(t, of, "2026-06-03 00:00", time.Hour, lengths...)).Verdict
		}
		assert.Equal(t, compliance.Met, verdict(row.most), row)
		assert.Equal(t, compliance.Missed, verdict(row.most+time.Second), row)
		assert.Equal(t, compliance.Met, verdict(row.most-time.Minute, time.Minute), row)
		assert.Equal(t, compliance.Missed, verdict(row.most-time.Minute, time.Minute+time.Second), row)
		assert.Equal(t, compliance.Met, verdict(row.most, 59*time.Second), "%v: less than a minute does not count", row)
		// What is intermittent is none, however much there is of it: 59 min in pieces of 59 s; and an hour of minutes is one hour.
		assert.Equal(t, compliance.Met, verdict(times(60, 59*time.Second)...), row)
		assert.Equal(t, compliance.Missed, verdict(times(60, time.Minute)...), row)
	}
	single := service(t, rules, "single")
	pieces := append(times(60, 59*time.Second), 43*time.Minute)
	r := outages(t, single, "2026-06", down(t, single, "2026-06-03 00:00", time.Hour, pieces...))
	assert.Equal(t, []string{"down 43 min of 720 h, 99.90 %, goal 99.9 %: met, 12 s left"}, limits(r))
	assert.Equal(t, 59*time.Minute, r.Month.Short)
}

// Christmas 2026: Friday the 25th and, for Saturday the 26th, Monday the 28th are bank holidays.
func TestGOVUKPay(t *testing.T) {
	rules := rulesOf(t, "govuk-pay.json")
	assertDue(t, rules, []dueRow{
		// Around the clock, on Christmas Day too.
		{incident(1), "2026-12-25 03:00", "P1", "2026-12-25 03:30", "", "2026-12-25 04:00"},
		{incident(1), "2026-12-24 17:15", "P1", "2026-12-24 17:45", "", "2026-12-24 18:15"},
		// 30 min until 17:30, 30 more from 09:30 on Tuesday; and 2 h: 30 min, and until 11:00.
		{incident(2), "2026-12-24 17:00", "P2", "2026-12-29 10:00", "", "2026-12-29 11:00"},
		{incident(2), "2026-12-24 10:00", "P2", "2026-12-24 11:00", "", "2026-12-24 12:00"},
		{incident(2), "2026-12-24 16:30", "P2", "2026-12-24 17:30", "", "2026-12-29 10:30"},
		// The next business day is Tuesday, the second Wednesday.
		{incident(3), "2026-12-24 10:00", "P3", "2026-12-29 17:30", "", "2026-12-30 17:30"},
		{incident(3), "2026-12-26 10:00", "P3", "2026-12-29 17:30", "", "2026-12-30 17:30"},
		{incident(4), "2026-12-24 10:00", "P4", "2026-12-30 17:30", "", "2027-01-01 00:00"},
	})

	// P1 of Christmas morning, answered in the last second, told at 04:00, as it must be, and at 05:00:01, a second late; solved at 05:30.
	ticket := incident(1)
	ticket.Received, ticket.Started = at(t, rules, "2026-12-25 03:00"), at(t, rules, "2026-12-25 03:30")
	ticket.Updates = []time.Time{at(t, rules, "2026-12-25 04:00"), at(t, rules, "2026-12-25 05:00:01")}
	ticket.Resolved = at(t, rules, "2026-12-25 05:30")
	for _, row := range []struct {
		asOf       string
		made, late int
		due        string
		state      priority.State
	}{
		{"2026-12-25 03:45", 0, 0, "2026-12-25 04:00", priority.Running},
		{"2026-12-25 04:00", 1, 0, "2026-12-25 05:00", priority.Running},
		{"2026-12-25 05:00", 1, 0, "2026-12-25 05:00", priority.Running},
		{"2026-12-25 05:00:01", 2, 1, "2026-12-25 06:00:01", priority.Running},
		{"2026-12-25 07:00", 2, 1, "2026-12-25 06:00:01", priority.Met},
	} {
		j, err := rules.Judge(ticket, at(t, rules, row.asOf))
		require.NoError(t, err)
		require.NotNil(t, j.Update)
		assert.Equal(t, row.made, j.Update.Made, row)
		assert.Equal(t, row.late, j.Update.Late, row)
		assert.Equal(t, row.state, j.Update.State, row)
		assert.True(t, j.Update.Due.Equal(at(t, rules, row.due)), "%v: %s", row, j.Update.Due)
	}
	for _, row := range []struct {
		started time.Time
		want    priority.State
	}{
		{ticket.Started, priority.Met},
		{ticket.Started.Add(1), priority.Breached},
	} {
		ticket.Started = row.started
		j, err := rules.Judge(ticket, at(t, rules, "2026-12-26 00:00"))
		require.NoError(t, err)
		assert.Equal(t, row.want, j.Response.State, row)
	}
}

// impactUrgency is an incident of the one urgency that GOV.UK Pay has.
func TestGoteborg(t *testing.T) {
	t.Run("fixes", testGoteborgFixes)
	t.Run("interruptions", testGoteborgInterruptions)
}

// Wednesday 6 January 2027 is Epiphany; service hours are 08:00-16:30, 8 h 30 min a day. On Tuesday there is 1 h 30 min after 15:00.
func testGoteborgFixes(t *testing.T) {
	rules := rulesOf(t, "goteborg.json")
	const tuesday = "2027-01-05 15:00"
	for _, row := range []struct {
		service              string
		urgent, high, normal string
	}{
		// 4 h: 2 h 30 min on Thursday. 6 h: 4 h 30 min. 12 h: all of Thursday, and 2 h on Friday.
		{"guld", "2027-01-07 10:30", "2027-01-07 12:30", "2027-01-08 10:00"},
		// 24 h: Thursday and Friday are 17, and 5 h 30 min on Monday.
		{"silver", "2027-01-07 12:30", "2027-01-08 10:00", "2027-01-11 13:30"},
		// 40 h: Thursday, Friday, Monday and Tuesday are 34, and 4 h 30 min on Wednesday.
		{"brons", "2027-01-08 10:00", "2027-01-11 13:30", "2027-01-13 12:30"},
	} {
		assertDue(t, service(t, rules, row.service), []dueRow{
			{urgent(1), tuesday, "brådskande", "", row.urgent, ""},
			{urgent(2), tuesday, "hög", "", row.high, ""},
			{urgent(3), tuesday, "normal", "", row.normal, ""},
		})
	}
	// 14 days: the date of the order is not counted.
	const assignment = "utvecklings- och tilläggsuppdrag"
	assertDue(t, rules, []dueRow{{order(assignment), "2026-12-18 10:00", assignment, "2027-01-02 00:00", "", ""}})
}

// October 2026 has 22 weekdays and 9 days of weekends:
//
//	guld    22 × 14 h + 9 × 10 h = 398 h     1 %: 3 h 58 min 48 s
//	silver  22 × 11 h + 9 × 6 h  = 296 h          2 h 57 min 36 s
//	brons   22 × 8 h 30 min      = 187 h          1 h 52 min 12 s
func testGoteborgInterruptions(t *testing.T) {
	rules := rulesOf(t, "goteborg.json")
	const monday, share = "2026-10-05 09:00", 3*time.Hour + 58*time.Minute + 48*time.Second
	for _, row := range []struct {
		service string
		outages []availability.Outage
		want    []string
	}{
		{"guld", down(t, rules, monday, 0, share), []string{
			"down 3 h 58 min 48 s of 398 h, 99.00 %, goal 99 %: met, 0 s left", "1 interruption, at most 1: met, 0 left",
			"down 3 h 58 min 48 s, at most 4 h: met, 1 min 12 s left", "1 interruption, at most 6: met, 5 left",
		}},
		{"guld", down(t, rules, monday, 0, 4*time.Hour), []string{
			"down 4 h of 398 h, 98.99 %, goal 99 %: missed by 1 min 12 s", "1 interruption, at most 1: met, 0 left",
			"down 4 h, at most 4 h: met, 0 s left", "1 interruption, at most 6: met, 5 left",
		}},
		{"guld", down(t, rules, monday, 24*time.Hour, 4*time.Hour, time.Second), []string{
			"down 4 h 1 s of 398 h, 98.99 %, goal 99 %: missed by 1 min 13 s", "2 interruptions, at most 1: missed by 1",
			"down 4 h 1 s, at most 4 h: missed by 1 s", "2 interruptions, at most 6: met, 4 left",
		}},
		// From 21:00 until 09:00: an hour in each of two days, and one interruption.
		{"guld", down(t, rules, "2026-10-05 21:00", 0, 12*time.Hour), []string{
			"down 2 h of 398 h, 99.50 %, goal 99 %: met, 1 h 58 min 48 s left", "1 interruption, at most 1: met, 0 left",
			"down 2 h, at most 4 h: met, 2 h left", "1 interruption, at most 6: met, 5 left",
		}},
		// In the service window, the night to Sunday, it is closed.
		{"guld", down(t, rules, "2026-10-03 23:00", 0, 8*time.Hour), []string{
			"down 0 s of 398 h, 100.00 %, goal 99 %: met, 3 h 58 min 48 s left", "0 interruptions, at most 1: met, 1 left",
			"down 0 s, at most 4 h: met, 4 h left", "0 interruptions, at most 6: met, 6 left",
		}},
		// On Saturday silver has 09:00-15:00.
		{"silver", down(t, rules, "2026-10-10 12:03", 24*time.Hour, 6*time.Hour, 36*time.Second), []string{
			"down 2 h 57 min 36 s of 296 h, 99.00 %, goal 99 %: met, 0 s left", "2 interruptions, at most 2: met, 0 left",
			"down 2 h 57 min 36 s, at most 12 h: met, 9 h 2 min 24 s left", "2 interruptions, at most 12: met, 10 left",
		}},
		{"brons", down(t, rules, monday, 24*time.Hour, time.Hour, 52*time.Minute, 13*time.Second), []string{
			"down 1 h 52 min 13 s of 187 h, 98.9999 %, goal 99 %: missed by 1 s", "3 interruptions, at most 2: missed by 1",
			"down 1 h 52 min 13 s, at most 24 h: met, 22 h 7 min 47 s left", "3 interruptions, at most 12: met, 9 left",
		}},
	} {
		assert.Equal(t, row.want, limits(outages(t, service(t, rules, row.service), "2026-10", row.outages)), row.service)
	}

	// Twelve months roll: one a month from October 2025 to April 2026 is seven, of which a report of September counts all, of October six.
	guld := service(t, rules, "guld")
	var each []availability.Outage
	for _, date := range []string{"2025-10-31", "2025-11-14", "2025-12-30", "2026-01-02", "2026-02-13", "2026-03-13", "2026-04-30"} {
		each = append(each, down(t, guld, date+" 09:00", 0, time.Hour)...)
	}
	for _, row := range []struct{ month, want string }{
		{"2025-12", "3 interruptions, at most 6: met, 3 left"},
		{"2026-03", "6 interruptions, at most 6: met, 0 left"},
		{"2026-04", "7 interruptions, at most 6: missed by 1"},
		{"2026-09", "7 interruptions, at most 6: missed by 1"},
		{"2026-10", "6 interruptions, at most 6: met, 0 left"},
		{"2027-01", "3 interruptions, at most 6: met, 3 left"},
	} {
		assert.Equal(t, row.want, limits(outages(t, guld, row.month, each))[3], row)
	}
}

// February 2026 has 672 h: 0.1 % is 40 min 19.2 s, 2 % is 13 h 26 min 24 s. Without 12 h of planned work it is 660 h, and 0.1 % is 39 min 36 s.
// March, when clocks go forward, has 743 h, and 0.1 % is 44 min 34.8 s.
func TestEHalsomyndigheten(t *testing.T) {
	rules := rulesOf(t, "ehalsomyndigheten.json")
	for _, row := range []struct {
		class, month string
		planned      time.Duration // from the 14th, and an outage all through it
		down         time.Duration
		want         string
	}{
		{"A", "2026-02", 0, 40*time.Minute + 19*time.Second, "down 40 min 19 s of 672 h, 99.90 %, goal 99.9 %: met, 0.2 s left"},
		{"A", "2026-02", 0, 40*time.Minute + 20*time.Second, "down 40 min 20 s of 672 h, 99.89997 %, goal 99.9 %: missed by 0.8 s"},
		{"A", "2026-02", 12 * time.Hour, 39*time.Minute + 36*time.Second, "down 39 min 36 s of 660 h, 99.90 %, goal 99.9 %: met, 0 s left"},
		{"A", "2026-02", 12 * time.Hour, 40 * time.Minute, "down 40 min of 660 h, 99.899 %, goal 99.9 %: missed by 24 s"},
		{"A", "2026-03", 0, 44*time.Minute + 34*time.Second, "down 44 min 34 s of 743 h, 99.90 %, goal 99.9 %: met, 0.8 s left"},
		{"B", "2026-02", 0, 13*time.Hour + 26*time.Minute + 24*time.Second, "down 13 h 26 min 24 s of 672 h, 98.00 %, goal 98 %: met, 0 s left"},
		{"B", "2026-02", 0, 13*time.Hour + 26*time.Minute + 25*time.Second, "down 13 h 26 min 25 s of 672 h, 97.99996 %, goal 98 %: missed by 1 s"},
	} {
		of := service(t, rules, row.class)
		records := sla.Records{Outages: down(t, of, row.month+"-03 03:00", 0, row.down)}
		if from := at(t, of, row.month+"-14 18:00"); row.planned > 0 {
			records.Outages = append(records.Outages, availability.Outage{From: from, To: from.Add(row.planned)})
			records.Windows = []availability.Window{{PlannedFrom: from, PlannedTo: from.Add(row.planned), Decision: availability.Decided}}
		}
		r := evaluate(t, of, row.month, records)
		require.Len(t, r.Availability.Limits, 1)
		assert.True(t, strings.HasPrefix(r.Availability.Limits[0].String(), row.want), "%s: %s", row.want, r.Availability.Limits[0])
		assert.Empty(t, r.Availability.Credit, "no remedies")
	}
}

// The last quarter of 2026 has 745 h (clocks go back), 720 h and 744 h, 2,209 h: 1 % is 22 h 5 min 24 s.
//
// The second quarter has 65 Mondays to Fridays, less Maundy Thursday, Good Friday, Easter Monday, 1 May, Ascension Day and Whit Monday:
// 59 of 8 h, 472 h, and 1 % is 4 h 43 min 12 s.
func TestNorgeDigitalt(t *testing.T) {
	rules := rulesOf(t, "norge-digitalt.json")
	const apart = 30 * 24 * time.Hour // 5 October, 4 November, 4 December
	for _, row := range []struct {
		level, month string
		outages      []availability.Outage
		share        string
		longest      string
	}{
		{
			"A", "2026-12", down(t, rules, "2026-10-05 06:00", apart, 7*time.Hour, 7*time.Hour+5*time.Minute+24*time.Second, 8*time.Hour),
			"down 22 h 5 min 24 s of 2209 h, 99.00 %, goal 99 %: met, 0 s left", "longest 8 h, at most 8 h: met, 0 s left",
		},
		{
			"A", "2026-12", down(t, rules, "2026-10-05 06:00", apart, 7*time.Hour, 7*time.Hour+5*time.Minute+25*time.Second, 8*time.Hour),
			"down 22 h 5 min 25 s of 2209 h, 98.99999 %, goal 99 %: missed by 1 s", "longest 8 h, at most 8 h: met, 0 s left",
		},
		{
			"A", "2026-12", down(t, rules, "2026-10-05 06:00", 0, 8*time.Hour+time.Second),
			"down 8 h 1 s of 2209 h, 99.64 %, goal 99 %: met, 14 h 5 min 23 s left", "longest 8 h 1 s, at most 8 h: missed by 1 s",
		},
		// A report of October knows of a quarter so far, and one of the next quarter of nothing of it.
		{
			"A", "2026-10", down(t, rules, "2026-10-05 06:00", 0, 7*time.Hour),
			"down 7 h of 745 h so far, 99.06 %, goal 99 %: met, 27 min left", "longest 7 h so far, at most 8 h: met, 1 h left",
		},
		{
			"A", "2027-03", down(t, rules, "2026-12-31 20:00", 0, 4*time.Hour),
			"down 0 s of 2159 h, 100.00 %, goal 99 %: met, 21 h 35 min 24 s left", "longest 0 s, at most 8 h: met, 8 h left",
		},
		{
			"B", "2026-06", down(t, rules, "2026-06-02 10:00", 0, 4*time.Hour+43*time.Minute+12*time.Second),
			"down 4 h 43 min 12 s of 472 h, 99.00 %, goal 99 %: met, 0 s left", "longest 4 h 43 min 12 s, at most 8 h: met, 3 h 16 min 48 s left",
		},
		{
			"B", "2026-06", down(t, rules, "2026-06-02 10:00", 0, 4*time.Hour+43*time.Minute+13*time.Second),
			"down 4 h 43 min 13 s of 472 h, 98.9999 %, goal 99 %: missed by 1 s", "longest 4 h 43 min 13 s, at most 8 h: met, 3 h 16 min 47 s left",
		},
		// From Wednesday 12:00 over Ascension Day until Friday 09:00 are 4 h and 1 h.
		{
			"B", "2026-06", down(t, rules, "2026-05-13 12:00", 0, 45*time.Hour),
			"down 5 h of 472 h, 98.94 %, goal 99 %: missed by 16 min 48 s", "longest 5 h, at most 8 h: met, 3 h left",
		},
		{
			"B", "2026-06", down(t, rules, "2026-05-14 00:00", 0, 24*time.Hour),
			"down 0 s of 472 h, 100.00 %, goal 99 %: met, 4 h 43 min 12 s left", "longest 0 s, at most 8 h: met, 8 h left",
		},
	} {
		assert.Equal(t, []string{row.share, row.longest}, limits(outages(t, service(t, rules, row.level), row.month, row.outages)), row.share)
	}
	assert.Equal(t, compliance.NotAgreed, outages(t, service(t, rules, "C"), "2026-12", nil).Verdict)

	// 4 s are within 4 s.
	for _, row := range []struct {
		slow    int // of ten
		verdict compliance.Verdict
		text    string
	}{
		{1, compliance.Met, "9 of 10 in time, 90.00 %, goal 90 %: met, 0 misses left"},
		{2, compliance.Missed, "8 of 10 in time, 80.00 %, goal 90 %: missed by 1"},
	} {
		var calls []performance.Call
		for i := range 10 {
			response := 4 * time.Second
			if i < row.slow {
				response++
			}
			received := at(t, rules, "2026-12-10 10:00").Add(time.Duration(i) * time.Minute)
			calls = append(calls, performance.Call{At: received, Response: response, Persons: 1, Answered: true})
		}
		for _, level := range []string{"A", "B"} {
			p := evaluate(t, service(t, rules, level), "2026-12", sla.Records{Calls: calls}).Calls.Performance
			assert.Equal(t, row.verdict, p.Verdict, row)
			assert.Equal(t, row.text, p.OutcomeText(0))
		}
	}
}

// Normal working hours are 08:00-16:00, on Fridays to 15:30. 14 May 2026 is Ascension Day, 25 May Whit Monday.
func TestNSP(t *testing.T) {
	rules := rulesOf(t, "nsp.json")
	assertDue(t, rules, []dueRow{
		// In hours until the last second, and the times run on out of them.
		{incident(1), "2026-05-13 08:00", "P1", "2026-05-13 08:15", "2026-05-13 10:00", ""},
		{incident(1), "2026-05-13 15:59:59", "P1", "2026-05-13 16:14:59", "2026-05-13 17:59:59", ""},
		{incident(1), "2026-05-13 16:00", "P1", "2026-05-13 16:30", "2026-05-13 18:00", ""},
		{incident(1), "2026-05-13 07:59:59", "P1", "2026-05-13 08:29:59", "2026-05-13 09:59:59", ""},
		{incident(1), "2026-05-14 10:00", "P1", "2026-05-14 10:30", "2026-05-14 12:00", ""},
		{incident(1), "2026-05-22 15:29", "P1", "2026-05-22 15:44", "2026-05-22 17:29", ""},
		{incident(1), "2026-05-22 15:30", "P1", "2026-05-22 16:00", "2026-05-22 17:30", ""},
		{incident(2), "2026-05-23 23:30", "P2", "2026-05-24 00:30", "2026-05-24 03:30", ""},
		// An hour on Friday, and three on Tuesday; the second working day is Wednesday.
		{incident(3), "2026-05-22 14:30", "P3", "2026-05-26 11:00", "2026-05-27 16:00", ""},
		{incident(3), "2026-05-21 11:30", "P3", "2026-05-21 15:30", "2026-05-26 16:00", ""},
		// 6, 7, 8, 11, 12, 13, 15, 18, 19, 20 May are ten.
		{incident(4), "2026-05-05 10:00", "P4", "2026-05-06 16:00", "2026-05-20 16:00", ""},
		{incident(4), "2026-05-13 10:00", "P4", "2026-05-15 15:30", "2026-05-29 15:30", ""},
		{order("P5"), "2026-05-05 10:00", "P5", "2026-05-06 16:00", "2026-05-20 16:00", ""},
	})
	ticket := incident(1)
	ticket.Received, ticket.Started = at(t, rules, "2026-05-13 15:50"), at(t, rules, "2026-05-13 16:05")
	ticket.Resolved = at(t, rules, "2026-05-13 17:50").Add(1)
	j, err := rules.Judge(ticket, at(t, rules, "2026-05-14 00:00"))
	require.NoError(t, err)
	assert.Equal(t, priority.Met, j.Response.State)
	assert.Equal(t, priority.Breached, j.Resolution.State)
}

// September has 43,200 min, and 0.5 % is 216 min. An outage counts from 5 min up.
func TestSkolon(t *testing.T) {
	rules := rulesOf(t, "skolon.json")
	for _, row := range []struct {
		lengths []time.Duration
		want    string
	}{
		{times(50, 5*time.Minute-1), "down 0 s of 720 h, 100.00 %, goal 99.5 %: met, 3 h 36 min left"},
		{times(43, 5*time.Minute), "down 3 h 35 min of 720 h, 99.50 %, goal 99.5 %: met, 1 min left"},
		{times(44, 5*time.Minute), "down 3 h 40 min of 720 h, 99.49 %, goal 99.5 %: missed by 4 min"},
		{times(36, 6*time.Minute), "down 3 h 36 min of 720 h, 99.50 %, goal 99.5 %: met, 0 s left"},
		{append(times(36, 6*time.Minute), 299*time.Second), "down 3 h 36 min of 720 h, 99.50 %, goal 99.5 %: met, 0 s left"},
		{append(times(35, 6*time.Minute), 6*time.Minute+time.Second), "down 3 h 36 min 1 s of 720 h, 99.49996 %, goal 99.5 %: missed by 1 s"},
	} {
		assert.Equal(t, []string{row.want}, limits(outages(t, rules, "2026-09", down(t, rules, "2026-09-02 00:00", time.Hour, row.lengths...))), row.want)
	}
	// Downtime in a maintenance window is none, and the minutes stay in the month.
	from := at(t, rules, "2026-09-12 20:00")
	r := evaluate(t, rules, "2026-09", sla.Records{
		Outages: down(t, rules, "2026-09-12 20:00", 24*time.Hour, 10*time.Hour, 216*time.Minute),
		Windows: []availability.Window{{PlannedFrom: from, PlannedTo: from.Add(10 * time.Hour), Decision: availability.Decided}},
	})
	assert.Equal(t, []string{"down 3 h 36 min of 720 h, 99.50 %, goal 99.5 %: met, 0 s left"}, limits(&r.Availability))
}

// An interruption is longer than 60 s, or several shorter ones within 120 s:
//
//	0      60     120    180    240 s
//	|------|                            60 s: none
//	|------|-                           longer: one
//	|--|       |--|                     0-120 s: one of 40 s
//	|--|        |--|                    0-120 s and a little: none
//	|---|    |---|    |---|             0-110, 80-190 s: one of 90 s
func TestSvenskELegitimation(t *testing.T) {
	rules := rulesOf(t, "svensk-e-legitimation.json")
	const s = time.Second
	for _, row := range []struct {
		apart   time.Duration
		lengths []time.Duration
		count   int64
		down    time.Duration
	}{
		{0, []time.Duration{60 * s}, 0, 0},
		{0, []time.Duration{60*s + 1}, 1, 60*s + 1},
		{100 * s, []time.Duration{20 * s, 20 * s}, 1, 40 * s},
		{100*s + 1, []time.Duration{20 * s, 20 * s}, 0, 0},
		{80 * s, []time.Duration{30 * s, 30 * s, 30 * s}, 1, 90 * s},
		{200 * s, []time.Duration{30 * s, 30 * s, 30 * s}, 0, 0},
		{200 * s, []time.Duration{61 * s, 30 * s, 61 * s}, 2, 122 * s},
	} {
		r := outages(t, rules, "2026-10", down(t, rules, "2026-10-05 10:00", row.apart, row.lengths...))
		assert.Equal(t, row.count, r.Month.Count(), row)
		assert.Equal(t, row.down, r.Month.Down, row)
		assert.Equal(t, compliance.NoData, r.Verdict, "no goal was found")
	}
}

// 14 May 2026 is Ascension Day. Support is 08:00-16:30, and opening hours are 198 h in October, of which 3 % are 5 h 56 min 24 s.
func TestSSBTEKAgreement(t *testing.T) {
	rules := rulesOf(t, "ssbtek-sla.json")
	const wednesday = "2026-05-13 15:30"
	problem := priority.Ticket{Kind: priority.Problem, Priority: 1}
	assertDue(t, rules, []dueRow{
		// 1 h is used up at closing. 10 h: 1 h, 8 h 30 min on Friday, 30 min on Monday.
		{incident(1), wednesday, "critical", "2026-05-13 16:30", "2026-05-18 08:30", ""},
		{incident(2), wednesday, "high", "2026-05-15 09:00", "2026-05-19 16:30", ""},
		// Three business days after Wednesday are Friday, Monday, Tuesday.
		{order("question"), wednesday, "question", "", "2026-05-19 16:30", ""},
		// 8 days are calendar days.
		{problem, wednesday, "critical", "2026-05-18 16:30", "2026-05-22 00:00", ""},
		// Before the 20th impact 1 is medium, from then on critical.
		{impact(1), "2026-05-19 10:00", "medium", "2026-05-20 11:30", "2026-05-28 16:30", ""},
		{impact(1), "2026-05-20 10:00", "critical", "2026-05-20 11:00", "2026-05-21 11:30", ""},
	})
	const share = 5*time.Hour + 56*time.Minute + 24*time.Second
	for _, row := range []struct {
		down time.Duration
		want string
	}{
		{share, "down 5 h 56 min 24 s of 198 h, 97.00 %, goal 97 %: met, 0 s left"},
		{share + time.Second, "down 5 h 56 min 25 s of 198 h, 96.9999 %, goal 97 %: missed by 1 s"},
	} {
		assert.Equal(t, row.want, limits(outages(t, rules, "2026-10", down(t, rules, "2026-10-05 08:00", 0, row.down)))[0])
	}
	due, businessDay, err := rules.ReportDue(servicetime.MustMonth("2026-10"))
	require.NoError(t, err)
	assert.Equal(t, servicetime.MustDate("2026-11-15"), due) // a Sunday
	assert.Equal(t, servicetime.MustDate("2026-11-13"), businessDay)
}

// The contract holds what the agreement above it promises, and what is a little stricter than that contract it does not.
func TestChain(t *testing.T) {
	promised, err := agreements.Load("ssbtek-sla.json", time.LoadLocation)
	require.NoError(t, err)
	contract := sla.SSBTEK()
	under, err := contract.Compile(time.LoadLocation)
	require.NoError(t, err)
	findings, err := sla.ReviewChain(promised, under, 2026)
	require.NoError(t, err)
	assert.Empty(t, findings)

	// The other way round the agreement is the looser of the two, in every section.
	findings, err = sla.ReviewChain(under, promised, 2026)
	require.NoError(t, err)
	sections := map[string]bool{}
	for _, f := range findings {
		section, _, _ := strings.Cut(f.Path, ".")
		sections[section] = true
	}
	assert.Equal(t, map[string]bool{"incidents": true, "orders": true, "problems": true, "availability": true, "performance": true, "capacity": true}, sections)
}
