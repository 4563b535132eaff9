package continuity

import (
	"cmp"
	"fmt"
	"time"

	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// A Disruption is a real event: the half-open stretch [From, To) in which the service was totally interrupted.
type Disruption struct {
	From time.Time `json:"from"`
	// To is when the service was restored; zero while it is not.
	To time.Time `json:"to,omitzero"`
	// Normal is when work was back to normal, at or after To: lost data entered again, backlog done. Zero is not yet, or not shown: where WRT or MTPD
	// is agreed both run on, for what the records do not show has not been. Where neither is, there is no WRT, and MTPD is measured up to To.
	Normal time.Time `json:"normal,omitzero"`
	// DataAt is the instant that the data stands for with which the service came back, as of a replica, at or before To, and as-of without To; zero is
	// that of the newest usable copy. One behind From lost nothing.
	DataAt time.Time `json:"data_at,omitzero"`
	// Kept is the least share of the service that was kept up meanwhile, for the MBCO, so far if it goes on; zero is not shown.
	// It has no time of its own: wherever the disruption is judged it counts as recorded.
	Kept compliance.Share `json:"kept,omitzero"`
	// PlanUsed says that the continuity plan was used in earnest (§5).
	PlanUsed bool   `json:"plan_used,omitempty"`
	Name     string `json:"name,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Outcome  string `json:"outcome,omitempty"`
	Actions  string `json:"actions,omitempty"` // that follow from it
}

// read notes the faults of a disruption.
func (d *Disruption) read(r *reader, path string) {
	ok := r.instant(path+".from", d.From)
	restored := r.later(path+".to", d.To, d.From, ok)
	if d.To.IsZero() && !d.Normal.IsZero() {
		r.errs = append(r.errs, servicetime.FaultAt(path+".normal", d.Normal, fmt.Errorf("continuity: %w: give the restoration too", ErrNotRestored)))
	} else {
		r.later(path+".normal", d.Normal, d.To, restored)
	}
	back := d.To
	if back.IsZero() && !r.asOf.IsZero() {
		back = r.asOf
		if d.From.After(back) { // nothing of it is known yet
			back = d.From
		}
	}
	r.dataAt(path+".data_at", d.DataAt, back, restored)
	if err := d.Kept.Check(); err != nil {
		r.errs = append(r.errs, flaw(path+".kept", d.Kept.String(), err))
	}
}

// by is what was known of it by an instant: not how one that went on came to its end.
func (d Disruption) by(asOf int64) Disruption {
	if !d.To.IsZero() && d.To.UnixNano() > asOf {
		d.To, d.Normal, d.DataAt, d.Outcome, d.Actions = time.Time{}, time.Time{}, time.Time{}, "", ""
	}
	if !d.Normal.IsZero() && d.Normal.UnixNano() > asOf {
		d.Normal = time.Time{}
	}
	return d
}

// compareDisruptions is by all fields; what is not known yet comes last, so that it does not change the order of what is.
func compareDisruptions(a, b Disruption) int {
	return cmp.Or(
		a.From.Compare(b.From), cmp.Compare(nanos(a.To), nanos(b.To)), cmp.Compare(nanos(a.Normal), nanos(b.Normal)), cmp.Compare(nanos(a.DataAt), nanos(b.DataAt)),
		cmp.Compare(a.Kept.Met, b.Kept.Met), cmp.Compare(a.Kept.Total, b.Kept.Total), compareBool(a.PlanUsed, b.PlanUsed),
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Actions, b.Actions),
	)
}

// A Recovery is how a service came back, from a disruption or in a test, and what the objectives say of it.
type Recovery struct {
	// Until is when it was restored, or as far as is known: as-of, or the end of the period. It is zero for a test that restored nothing.
	Until   time.Time
	Ongoing bool // it was not restored by then
	// Length is the achieved RTO, so far if ongoing, on the clock of the hours.
	Length time.Duration
	// Due is by when the RTO asked for it; zero if none is agreed, or that is after the year 2200.
	Due time.Time
	// RTO is that of an ongoing one so far, and no data for what was restored before the period, which was judged there.
	RTO compliance.Verdict
	// DataAt is the data point to return to, and Loss the achieved RPO, back to it; zero if NoCopy, and for a test that failed.
	DataAt time.Time
	Loss   time.Duration
	NoCopy bool // there was nothing to return to; false for a test that failed, which may have had a copy
	// RPO is no data for what began before the period, which was judged there.
	RPO compliance.Verdict
	// WRT, MTPD and MBCO are no data in tests, and MBCO for what was restored before the period.
	WRT, MTPD, MBCO compliance.Verdict
}

// A JudgedDisruption is a record and what became of it.
type JudgedDisruption struct {
	Disruption Disruption // as it was known by as-of
	Recovery
}

// event is a disruption or a test, in instants.
type event struct {
	from, to int64 // to may be forever
	data     int64 // given with the record, or forever
	failed   bool  // a test that did not restore; to is from, and data forever
}

// recover judges RTO of an event that touches the period, and RPO of one that began in it.
func (j *judge) recover(e event, rto, rpo *Outcome) Recovery {
	c := j.rule.recovery()
	to := min(e.to, j.end)
	at := j.rule.time(e.from)
	r := Recovery{Until: j.rule.time(to), Ongoing: e.to > to, Length: c.elapsed(e.from, to)}
	if !rto.Objective.IsZero() {
		due, _ := c.deadline(e.from, rto.Objective)
		r.Due = j.rule.time(due)
	}
	switch {
	case !j.touches(e.from, e.to):
		r.RTO = undecided(rto.Objective)
	case e.failed:
		r.Until, r.Length = time.Time{}, 0
		r.RTO = j.add(rto, Breach{At: at, Unbounded: true}, false)
	default:
		r.RTO = j.add(rto, Breach{At: at, Length: r.Length, Ongoing: r.Ongoing}, c.keeps(e.from, to, rto.Objective))
	}
	newest, copied := j.ledger.at(e.from)
	data, back := newest, copied && !e.failed
	if e.data != forever && e.to <= j.asOf { // what it came back with is known
		data, back = e.data, true
	}
	r.NoCopy = !back && !e.failed
	if back {
		r.DataAt, r.Loss = j.rule.time(data), time.Duration(max(e.from-data, 0))
	}
	switch {
	case e.from < j.from:
		r.RPO = undecided(rpo.Objective)
	// §4.12 "till senast tagna säkerhetskopia": without a copy there is no such point, whatever a replica gave.
	case !back, !copied && rpo.Objective.form == lastBackup:
		r.RPO = j.add(rpo, Breach{At: at, Unbounded: true}, false)
	default:
		r.RPO = j.add(rpo, Breach{At: at, Length: r.Loss}, j.returns(data, e.from, newest))
	}
	return r
}

// disruption judges a real event; false if it does not touch the period, or is not known yet.
//
//	disrupted   |-----------|                    RTO and RPO where this touches the period
//	to normal   |-----------|----------|         MTPD where the whole does, WRT where the second part does
func (j *judge) disruption(d *Disruption) (JudgedDisruption, bool) {
	e := event{from: d.From.UnixNano(), to: nanos(d.To), data: nanos(d.DataAt)}
	c, wrt, mtpd := j.rule.recovery(), &j.result.WRT, &j.result.MTPD
	// Where neither is agreed nobody need say when work was normal again.
	asked := !wrt.Objective.IsZero() || !mtpd.Objective.IsZero() || nanos(d.Normal) <= j.asOf
	done := e.to
	if asked {
		done = nanos(d.Normal)
	}
	if !j.touches(e.from, done) {
		return JudgedDisruption{}, false
	}
	out := JudgedDisruption{d.by(j.asOf), j.recover(e, &j.result.RTO, &j.result.RPO)}
	end := min(done, j.end)
	out.MTPD = j.add(mtpd, Breach{At: j.rule.time(e.from), Length: c.elapsed(e.from, end), Ongoing: done > end}, c.keeps(e.from, end, mtpd.Objective))
	out.WRT = undecided(wrt.Objective)
	if asked && j.touches(e.to, done) {
		out.WRT = j.add(wrt, Breach{At: j.rule.time(e.to), Length: c.elapsed(e.to, end), Ongoing: done > end}, c.keeps(e.to, end, wrt.Objective))
	}
	out.MBCO = compliance.Share{}.Verdict(j.rule.MBCO)
	if j.touches(e.from, e.to) {
		out.MBCO = d.Kept.Verdict(j.rule.MBCO)
	}
	switch {
	case out.MBCO == compliance.Missed:
		j.result.MBCO = compliance.Missed
		j.result.MBCOMissed++
	case j.result.MBCO != compliance.Missed && out.MBCO == compliance.Met:
		j.result.MBCO = compliance.Met
	}
	return out, true
}
