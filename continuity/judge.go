package continuity

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// Records are what happened to a service, each list in any order. Backups must reach back to the newest before the first disruption and before the
// period, and tests to the last before the period: what the records do not show has not been. Of backups that needs one record: with none, of
// whatever outcome, by the end of the period nothing is said of their frequency and of exposure.
type Records struct {
	Disruptions []Disruption `json:"disruptions,omitempty"`
	Backups     []Backup     `json:"backups,omitempty"`
	Tests       []Test       `json:"tests,omitempty"`
}

// MaxListed is how many breaches an outcome, and how many runs a [Runs], lists. It says how many more there are.
const MaxListed = 10_000

// A Breach is one miss of an objective, and what was measured of it: not by how much it missed.
type Breach struct {
	// At is where the length begins: with a disruption or a test for RTO, RPO and MTPD, with the restoration for WRT, with the data point before for
	// backups, with the test before for tests; with the period where there is none before.
	At     time.Time
	Length time.Duration
	// Unbounded says that there is no length: nothing to return to, no copy before, or never restored.
	Unbounded bool
	Ongoing   bool // it had not ended by then
}

// String is the breach in a line: 2026-10-05 16:30, 80 h so far.
func (b Breach) String() string {
	text := stamp(b.At) + ", " + servicetime.FormatDuration(b.Length)
	if b.Unbounded {
		text = stamp(b.At) + ", unbounded"
	}
	if b.Ongoing {
		text += " so far"
	}
	return text
}

// worse reports whether a breach goes before another as the worst: the longer, the first of ties, and of those that begin together one that goes on.
func (b Breach) worse(than Breach) bool {
	return cmp.Or(
		compareBool(b.Unbounded, than.Unbounded), cmp.Compare(b.Length, than.Length), than.At.Compare(b.At), compareBool(b.Ongoing, than.Ongoing),
	) > 0
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// stamp is to the minute, unless that would hide something.
func stamp(t time.Time) string {
	if t.Second() == 0 && t.Nanosecond() == 0 {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format("2006-01-02 15:04:05.999999999")
}

// An Outcome is what one objective says of all that it was asked of.
type Outcome struct {
	Objective Objective
	// Verdict is missed if one missed, met if there was something to judge and none did.
	Verdict compliance.Verdict
	// Count is how many were measured, whatever is agreed, and also where nothing is.
	Count int64
	// Worst is the longest that was measured, the first of ties by At, Unbounded if one had no length. It is the zero Breach without any. It need not
	// be one that missed: a shorter one may, where a target counts business days.
	Worst Breach
	// Breaches are the first [MaxListed], by At; none where nothing is agreed.
	Breaches     []Breach
	MoreBreaches int64
}

// Missed is how many missed.
func (o Outcome) Missed() int64 { return int64(len(o.Breaches)) + o.MoreBreaches }

// String is the outcome in a line:
//
//	objective 72 h: met by 2, worst 2026-10-05 16:30, 30 h
//	objective 72 h: missed by 1 of 3, worst 2026-10-05 16:30, 80 h so far
//	objective not agreed: 2 measured, worst 2026-10-05 16:30, 30 h
//	objective 72 h: no data
func (o Outcome) String() string {
	text := "objective " + o.Objective.String() + ": "
	switch {
	case o.Count == 0 && o.Objective.IsZero():
		return "objective not agreed"
	case o.Count == 0:
		return text + o.Verdict.String()
	case o.Verdict == compliance.Missed:
		text += fmt.Sprintf("missed by %d of %d", o.Missed(), o.Count)
	case o.Verdict == compliance.Met:
		text += fmt.Sprintf("met by %d", o.Count)
	default:
		text += fmt.Sprintf("%d measured", o.Count)
	}
	return text + ", worst " + o.Worst.String()
}

// A Result is what the objectives say of the records of a period, as of an instant.
type Result struct {
	Rule Rule             // its zero readings named
	Span servicetime.Span // the period, up to as-of; From is zero for all records
	AsOf time.Time

	// RTO and RPO are of real events. RPO is the loss at the start of each disruption.
	RTO, RPO Outcome
	// WRT and MTPD are of real events that have them, also where those were restored before the period.
	WRT, MTPD Outcome
	// MBCO is missed if that of one disruption is, met if one was judged and none missed; MBCOMissed is how many missed. A disruption counts for it where
	// the service was interrupted in the period.
	MBCO       compliance.Verdict
	MBCOMissed int64
	// BackupEvery is of the times between the data points of usable copies. It counts each that touches the period, the last up to its end, and in front
	// of the first copy one that is unbounded if none is from before the period. Of all records that is one from the first attempt, where it was
	// not usable: unbounded if none was. Without any record of a backup by the end of the period it is no data.
	BackupEvery Outcome
	// Exposure is of what could have been lost: for each copy, from its data point to when the next was usable. It is judged by the RPO, and says
	// whether that could have been kept at every instant, disruption or not. Before the first copy of a period it is unbounded; for all records it
	// begins with the first copy. It is no data without any record of a backup by the end of the period, and for an empty one.
	Exposure Outcome
	// TestEvery is of the times between tests.
	TestEvery Outcome
	// TestRTO and TestRPO are those of tests, kept apart from real events.
	TestRTO, TestRPO Outcome

	// Disruptions and Tests are those that touch the period, by their start: disruptions up to Normal.
	Disruptions  []JudgedDisruption
	Tests        []JudgedTest
	Verification Verification
}

// String has a line for each outcome.
func (r Result) String() string {
	mbco := "objective " + r.Rule.MBCO.String()
	switch {
	case r.MBCO == compliance.Missed:
		mbco += fmt.Sprintf(": missed by %d", r.MBCOMissed)
	case !r.Rule.MBCO.IsZero():
		mbco += ": " + r.MBCO.String()
	}
	var lines []string
	for _, part := range []struct {
		name string
		of   string
	}{
		{"RTO", r.RTO.String()},
		{"RPO", r.RPO.String()},
		{"WRT", r.WRT.String()},
		{"MTPD", r.MTPD.String()},
		{"MBCO", mbco},
		{"backups", r.BackupEvery.String()},
		{"exposure", r.Exposure.String()},
		{"RTO in tests", r.TestRTO.String()},
		{"RPO in tests", r.TestRPO.String()},
		{"tests", r.TestEvery.String()},
	} {
		lines = append(lines, part.name+": "+part.of)
	}
	return strings.Join(append(lines, "plan: "+r.Verification.String()), "\n")
}

// judge is one run of Judge. Instants are nanoseconds; to and from are the period's edges, end that of what is known of it.
type judge struct {
	rule                *Rule
	from, to, end, asOf int64
	whole               bool // all records
	ledger              ledger
	result              *Result
}

// Judge judges what touches a span as of an instant; the zero span is all records. A span must be judged with all records that reach into it, and the
// backups and tests before it.
//
// It returns an error:
//   - those of [Rule.Check],
//   - and every fault of the records, the span and as-of, all at once, each a [*servicetime.Fault] with its path, such as disruptions[2].to: wrapping
//     [servicetime.ErrRange] for an instant outside the years 1970 to 2200, or one that must be there and is not; [servicetime.ErrBackwards] where
//     something ends before it starts, or came back with data of after its return; [ErrNotRestored] for what is back to normal and not restored, or a
//     test that failed and restored; [compliance.ErrShare] for an impossible share.
func (r Rule) Judge(rec Records, span servicetime.Span, asOf time.Time) (Result, error) {
	if err := r.Check(); err != nil {
		return Result{}, err
	}
	n := r.named()
	read := reader{rule: &n}
	if read.instant("as_of", asOf) {
		read.asOf = asOf
	}
	whole := span == servicetime.Span{}
	if !whole {
		ok := read.instant("span.from", span.From)
		if read.instant("span.to", span.To) {
			read.later("span.to", span.To, span.From, ok)
		}
	}
	for i := range rec.Disruptions {
		rec.Disruptions[i].read(&read, fmt.Sprintf("disruptions[%d]", i))
	}
	for i := range rec.Backups {
		rec.Backups[i].read(&read, fmt.Sprintf("backups[%d]", i))
	}
	for i := range rec.Tests {
		rec.Tests[i].read(&read, fmt.Sprintf("tests[%d]", i))
	}
	if err := read.err(); err != nil {
		return Result{}, err
	}

	j := judge{rule: &n, whole: whole, from: math.MinInt64, to: forever, asOf: asOf.UnixNano()}
	if !whole {
		j.from, j.to = span.From.UnixNano(), span.To.UnixNano()
	}
	j.end = min(j.to, j.asOf)
	j.ledger = newLedger(rec.Backups, j.asOf, j.to)
	out := Result{
		Rule: n, AsOf: n.time(j.asOf), Span: servicetime.Span{To: n.time(j.end)},
		RTO: Outcome{Objective: n.RTO}, RPO: Outcome{Objective: n.RPO}, WRT: Outcome{Objective: n.WRT}, MTPD: Outcome{Objective: n.MTPD},
		TestRTO: Outcome{Objective: n.RTO}, TestRPO: Outcome{Objective: n.RPO},
		MBCO: compliance.Share{}.Verdict(n.MBCO),
	}
	if !whole {
		out.Span = servicetime.Span{From: n.time(j.from), To: n.time(max(j.from, j.end))}
	}
	j.result = &out
	// By their start, and then by all else: the order of the records has no say.
	disruptions := slices.Clone(rec.Disruptions)
	slices.SortStableFunc(disruptions, compareDisruptions)
	for i := range disruptions {
		if judged, ok := j.disruption(&disruptions[i]); ok {
			out.Disruptions = append(out.Disruptions, judged)
		}
	}
	tests := slices.Clone(rec.Tests)
	slices.SortStableFunc(tests, compareTests)
	for i := range tests {
		if judged, ok := j.test(&tests[i]); ok {
			out.Tests = append(out.Tests, judged)
		}
	}
	out.BackupEvery, out.Exposure = j.frequency(&j.ledger), j.exposure(&j.ledger)
	out.TestEvery, out.Verification = j.verification(disruptions, tests)
	for _, o := range []*Outcome{&out.RTO, &out.RPO, &out.WRT, &out.MTPD, &out.BackupEvery, &out.Exposure, &out.TestEvery, &out.TestRTO, &out.TestRPO} {
		o.settle()
	}
	return out, nil
}

// touches reports whether a stretch that is known has an instant in the period, or begins at one: an empty one has none but its start.
func (j *judge) touches(from, to int64) bool {
	return from <= j.asOf && from < j.to && (from >= j.from || min(to, j.end) > j.from)
}

// add gives an outcome one more thing measured, and returns its verdict.
func (j *judge) add(o *Outcome, b Breach, kept bool) compliance.Verdict {
	o.Count++
	if o.Count == 1 || b.worse(o.Worst) {
		o.Worst = b
	}
	if o.Objective.IsZero() {
		return compliance.NotAgreed
	}
	if kept {
		return compliance.Met
	}
	o.Breaches = append(o.Breaches, b)
	return compliance.Missed
}

// settle gives the outcome its verdict, and its list an order and a bound.
func (o *Outcome) settle() {
	o.Verdict = undecided(o.Objective)
	if !o.Objective.IsZero() && o.Count > 0 {
		o.Verdict = compliance.Met
		if len(o.Breaches) > 0 {
			o.Verdict = compliance.Missed
		}
	}
	slices.SortStableFunc(o.Breaches, func(a, b Breach) int {
		return cmp.Or(
			a.At.Compare(b.At), cmp.Compare(a.Length, b.Length), compareBool(a.Unbounded, b.Unbounded), compareBool(a.Ongoing, b.Ongoing),
		)
	})
	if n := len(o.Breaches); n > MaxListed {
		o.Breaches, o.MoreBreaches = slices.Clone(o.Breaches[:MaxListed]), int64(n-MaxListed)
	}
}

// undecided is the verdict of nothing.
func undecided(o Objective) compliance.Verdict {
	if o.IsZero() {
		return compliance.NotAgreed
	}
	return compliance.NoData
}

// ErrNotRestored is the cause where what was not restored is back to normal, or a test both failed and restored.
var ErrNotRestored = errors.New("not restored")

// err is all that was found, one fault for each.
func (r *reader) err() error { return errors.Join(r.errs...) }
