package continuity

import (
	"fmt"
	"time"

	"example.com/sla/compliance"
)

// A Disruption is a real event: the half-open stretch [From, To) in which the service was totally interrupted.
type Disruption struct {
	From time.Time `json:"from"`
	// To is when the service was restored; zero while it is not.
	To time.Time `json:"to,omitzero"`
	// Normal is when work was back to normal, at or after To: lost data entered again, backlog done. Zero is not shown: there then is no WRT, and MTPD
	// is judged by the restoration.
	Normal time.Time `json:"normal,omitzero"`
	// DataAt is the instant that the data stands for with which the service came back, as of a replica; zero is that of the newest usable copy. One
	// behind From lost nothing.
	DataAt time.Time `json:"data_at,omitzero"`
	// Kept is the least share of the service that was kept up meanwhile, for the MBCO; zero is not shown.
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
		r.errs = append(r.errs, fault(path+".normal", d.Normal, fmt.Errorf("continuity: %w: give the restoration too", ErrNotRestored)))
	} else {
		r.later(path+".normal", d.Normal, d.To, restored)
	}
	if !d.DataAt.IsZero() {
		r.instant(path+".data_at", d.DataAt)
	}
	if err := d.Kept.Check(); err != nil {
		r.errs = append(r.errs, flaw(path+".kept", d.Kept.String(), err))
	}
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
	RTO compliance.Verdict // of an ongoing one so far
	// DataAt is the data point to return to, and Loss the achieved RPO, back to it; zero if NoCopy.
	DataAt time.Time
	Loss   time.Duration
	NoCopy bool // there was nothing to return to
	// RPO is no data for what began before the period, which was judged there.
	RPO compliance.Verdict
	// WRT, MTPD and MBCO are no data in tests.
	WRT, MTPD, MBCO compliance.Verdict
}

// A JudgedDisruption is a record and what became of it.
type JudgedDisruption struct {
	Disruption Disruption
	Recovery
}

// event is a disruption or a test, in instants.
type event struct {
	from, to int64 // to may be forever
	data     int64 // given with the record, or forever
	failed   bool  // a test that did not restore; to is from, and data forever
}

// recover judges RTO and RPO of an event that touches the period.
func (j *judge) recover(e event, rto, rpo *Outcome) Recovery {
	c := j.rule.recovery()
	to := min(e.to, j.end)
	at := j.rule.time(e.from)
	r := Recovery{Until: j.rule.time(to), Ongoing: e.to > to, Length: c.elapsed(e.from, to)}
	if !rto.Objective.IsZero() {
		due, _ := c.deadline(e.from, rto.Objective)
		r.Due = j.rule.time(due)
	}
	if e.failed {
		r.Until, r.Length = time.Time{}, 0
		r.RTO = j.add(rto, Breach{At: at, Unbounded: true}, false)
	} else {
		r.RTO = j.add(rto, Breach{At: at, Length: r.Length, Ongoing: r.Ongoing}, c.keeps(e.from, to, rto.Objective))
	}
	newest, has := j.ledger.at(e.from)
	data := newest
	switch {
	case e.data != forever && e.to <= j.asOf: // what it came back with is known
		data = e.data
		if !has {
			newest = data
		}
	case !has || e.failed:
		r.NoCopy = true
	}
	if !r.NoCopy {
		r.DataAt, r.Loss = j.rule.time(data), time.Duration(max(e.from-data, 0))
	}
	switch {
	case e.from < j.from:
		r.RPO = undecided(rpo.Objective)
	case r.NoCopy:
		r.RPO = j.add(rpo, Breach{At: at, Unbounded: true}, false)
	default:
		r.RPO = j.add(rpo, Breach{At: at, Length: r.Loss}, j.returns(data, e.from, newest))
	}
	return r
}

// disruption judges a real event; false if it does not touch the period, or is not known yet.
func (j *judge) disruption(d *Disruption) (JudgedDisruption, bool) {
	e := event{from: d.From.UnixNano(), to: nanos(d.To), data: nanos(d.DataAt)}
	if !j.touches(e.from, e.to) {
		return JudgedDisruption{}, false
	}
	out := JudgedDisruption{*d, j.recover(e, &j.result.RTO, &j.result.RPO)}
	c, wrt, mtpd := j.rule.recovery(), &j.result.WRT, &j.result.MTPD
	done := nanos(d.Normal)
	shown := done <= j.asOf
	if !shown {
		done = e.to
	}
	end := min(done, j.end)
	out.MTPD = j.add(mtpd, Breach{At: j.rule.time(e.from), Length: c.elapsed(e.from, end), Ongoing: done > end}, c.keeps(e.from, end, mtpd.Objective))
	out.WRT = undecided(wrt.Objective)
	if shown && e.to <= j.end {
		out.WRT = j.add(wrt, Breach{At: j.rule.time(e.to), Length: c.elapsed(e.to, end), Ongoing: done > end}, c.keeps(e.to, end, wrt.Objective))
	}
	out.MBCO = d.Kept.Verdict(j.rule.MBCO)
	return out, true
}
