package continuity

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// A Test is an exercise of the continuity plan (§4.12), by which it is verified.
type Test struct {
	At time.Time `json:"at"`
	// Restored is when the exercise had restored the service; zero is that it restored nothing, or not yet: neither RTO nor RPO is judged, as of a
	// desk exercise.
	Restored time.Time `json:"restored,omitzero"`
	// Failed is a restoration that was tried, and did not work: RTO and RPO are missed.
	Failed bool `json:"failed,omitempty"`
	// DataAt is the instant that the restored data stands for, at or before Restored; zero is that of the newest usable copy.
	DataAt  time.Time `json:"data_at,omitzero"`
	Name    string    `json:"name,omitempty"`
	Outcome string    `json:"outcome,omitempty"`
	Actions string    `json:"actions,omitempty"` // that follow from it
}

// read notes the faults of a test.
func (t *Test) read(r *reader, path string) {
	ok := r.instant(path+".at", t.At)
	ok = r.later(path+".restored", t.Restored, t.At, ok)
	if t.Failed && !t.Restored.IsZero() {
		r.errs = append(r.errs, servicetime.FaultAt(path+".restored", t.Restored, fmt.Errorf("continuity: %w: the test failed", ErrNotRestored)))
	}
	r.dataAt(path+".data_at", t.DataAt, t.Restored, ok)
}

// compareTests is by all fields, as compareDisruptions.
func compareTests(a, b Test) int {
	return cmp.Or(
		a.At.Compare(b.At), cmp.Compare(nanos(a.Restored), nanos(b.Restored)), cmp.Compare(nanos(a.DataAt), nanos(b.DataAt)), compareBool(a.Failed, b.Failed),
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Actions, b.Actions),
	)
}

// A JudgedTest is a record and what became of it.
type JudgedTest struct {
	Test Test // as it was known by as-of
	Recovery
}

// test judges an exercise as a real event; false if it does not touch the period, or is not known yet.
func (j *judge) test(t *Test) (JudgedTest, bool) {
	e := event{from: t.At.UnixNano(), to: nanos(t.Restored), data: nanos(t.DataAt)}
	restores := !t.Failed && e.to <= j.asOf // one that goes on has restored nothing yet
	if !restores {
		e.to, e.data, e.failed = e.from, forever, t.Failed
	}
	if !j.touches(e.from, e.to) {
		return JudgedTest{}, false
	}
	rto, rpo := &j.result.TestRTO, &j.result.TestRPO
	known := *t
	if !restores && !t.Restored.IsZero() {
		known.Restored, known.DataAt, known.Outcome, known.Actions = time.Time{}, time.Time{}, "", ""
	}
	out := JudgedTest{Test: known, Recovery: Recovery{RTO: undecided(rto.Objective), RPO: undecided(rpo.Objective)}}
	if restores || t.Failed {
		out.Recovery = j.recover(e, rto, rpo)
	}
	return out, true
}

// A Verification is whether the plan was verified as often as agreed (§4.12), as of the end of what was judged.
type Verification struct {
	Every Objective
	Last  time.Time     // the newest test, or real use where it counts; zero is never
	Age   time.Duration // since then
	// Due is by when the next is to be held: zero if no period is agreed, there never was a test, or it is after the year 2200.
	Due time.Time
	// Verdict is missed if the next test is overdue. Never tested is no data: the agreement does not say when the first is due. What was late before
	// is in [Result].TestEvery.
	Verdict compliance.Verdict
}

// String is the verification in a line:
//
//	last tested 2026-03-02 09:00, every 365 days, next by 2027-03-02 09:00: met
//	last tested 2025-03-02 09:00, every 365 days, next by 2026-03-02 09:00: missed
//	never tested, every 365 days
//	last tested 2025-03-02 09:00, period not agreed
func (v Verification) String() string {
	text := "never tested"
	if !v.Last.IsZero() {
		text = "last tested " + stamp(v.Last)
	}
	if v.Every.IsZero() {
		return text + ", period not agreed"
	}
	text += ", every " + v.Every.String()
	if !v.Due.IsZero() {
		text += ", next by " + stamp(v.Due)
	}
	if v.Verdict != compliance.NoData {
		text += ": " + v.Verdict.String()
	}
	return text
}

// verification judges the times between tests, from records by their start.
func (j *judge) verification(disruptions []Disruption, tests []Test) (Outcome, Verification) {
	o := Outcome{Objective: j.rule.TestEvery}
	var points []int64
	note := func(at time.Time) {
		if v := at.UnixNano(); v <= j.end && v < j.to {
			points = append(points, v)
		}
	}
	for i := range tests {
		note(tests[i].At)
	}
	if j.rule.UseVerifies {
		for i := range disruptions {
			if disruptions[i].PlanUsed {
				note(disruptions[i].From)
			}
		}
		slices.Sort(points)
	}
	j.gaps(&o, points)
	v := Verification{Every: o.Objective, Verdict: undecided(o.Objective)}
	if n := len(points); n > 0 {
		last := points[n-1]
		v.Last, v.Age = j.rule.time(last), time.Duration(j.end-last)
		if !v.Every.IsZero() {
			due, by := j.rule.data().deadline(last, v.Every)
			v.Due, v.Verdict = j.rule.time(due), compliance.Met
			if j.end > by {
				v.Verdict = compliance.Missed
			}
		}
	}
	return o, v
}
