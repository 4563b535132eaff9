package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

type continuityRequest struct {
	Objectives *struct {
		RTO         continuity.Objective `json:"rto"`
		RPO         continuity.Objective `json:"rpo"`
		BackupEvery continuity.Objective `json:"backup_every"`
		TestEvery   continuity.Objective `json:"test_every"`
	} `json:"objectives"`
	Disruptions []struct {
		From instant `json:"from"`
		To   instant `json:"to"`
	} `json:"disruptions"`
	Backups []struct {
		DataAt   instant `json:"data_at"`
		DoneAt   instant `json:"done_at"`
		Verified bool    `json:"verified"`
	} `json:"backups"`
	Tests []struct {
		At         instant  `json:"at"`
		RestoredIn *seconds `json:"restored_in"`
	} `json:"tests"`
	AsOf instant `json:"as_of"`
}

// records are those of a request.
func (r *continuityRequest) records() (out continuity.Records, err error) {
	for i, s := range r.Disruptions {
		if err := backwards(s.From, s.To, nil); err != nil {
			return out, in(fmt.Sprintf("disruptions[%d]", i), err)
		}
		out.Disruptions = append(out.Disruptions, continuity.Disruption{From: s.From.Time, To: s.To.Time})
	}
	for i, b := range r.Backups {
		if err := needed(nil, item{"data_at", b.DataAt}); err != nil {
			return out, in(fmt.Sprintf("backups[%d]", i), err)
		}
		backup := continuity.Backup{DataAt: b.DataAt.Time, DoneAt: b.DoneAt.Time}
		if b.Verified {
			if b.DoneAt.IsZero() {
				return out, &wrong{code: "bad_request", field: fmt.Sprintf("backups[%d].verified", i), err: errors.New("a copy that is not done cannot be verified")}
			}
			backup.VerifiedAt = b.DoneAt.Time
		}
		out.Backups = append(out.Backups, backup)
	}
	for i, t := range r.Tests {
		if err := needed(nil, item{"at", t.At}); err != nil {
			return out, in(fmt.Sprintf("tests[%d]", i), err)
		}
		test := continuity.Test{At: t.At.Time}
		if t.RestoredIn != nil {
			if *t.RestoredIn < 0 {
				return out, &wrong{code: "bad_request", field: fmt.Sprintf("tests[%d].restored_in", i), err: errors.New("it is not negative")}
			}
			test.Restored = t.At.Add(time.Duration(*t.RestoredIn))
		}
		out.Tests = append(out.Tests, test)
	}
	return out, nil
}

func opContinuity(d *desk, r *continuityRequest) (any, error) {
	if r.Objectives == nil {
		return nil, missing("objectives")
	}
	if err := needed(nil, item{"as_of", r.AsOf}); err != nil {
		return nil, err
	}
	records, err := r.records()
	if err != nil {
		return nil, err
	}
	rule := continuity.Rule{Objectives: continuity.Objectives{
		RTO: r.Objectives.RTO, RPO: r.Objectives.RPO, BackupEvery: r.Objectives.BackupEvery, TestEvery: r.Objectives.TestEvery,
	}}
	// The agreement's own way to count, of which no figure need be agreed.
	own := d.agreement.Continuity
	if own == nil {
		return nil, &wrong{code: "not_agreed", err: errors.New("the agreement does not say how time of continuity counts")}
	}
	rule.Hours, rule.BusinessDays, rule.Days, rule.UseVerifies = own.Hours, own.BusinessDays, own.Days, own.UseVerifies
	if rule.Calendar, err = d.rules.Calendar(own.ServiceTime); err != nil {
		return nil, err
	}
	if err := rule.Check(); err != nil {
		return nil, in("objectives", err)
	}
	result, err := rule.Judge(records, servicetime.Span{}, r.AsOf.Time)
	if err != nil {
		return nil, err
	}
	return struct {
		RTO         objective `json:"rto"`
		RPO         objective `json:"rpo"`
		BackupEvery objective `json:"backup_every"`
		TestEvery   objective `json:"test_every"`
	}{objectiveOf(result.RTO), objectiveOf(result.RPO), objectiveOf(result.BackupEvery), objectiveOf(result.TestEvery)}, nil
}

type breach struct {
	At      time.Time `json:"at"`
	Seconds *seconds  `json:"seconds"` // null is without end
}

type objective struct {
	Met          *bool    `json:"met"`
	WorstSeconds *seconds `json:"worst_seconds"`
	Breaches     []breach `json:"breaches"`
	MoreBreaches int64    `json:"more_breaches,omitzero"`
}

func objectiveOf(o continuity.Outcome) objective {
	length := func(b continuity.Breach) *seconds {
		if b.Unbounded || b.At.IsZero() {
			return nil
		}
		s := seconds(b.Length)
		return &s
	}
	out := objective{Met: isMet(o.Verdict), WorstSeconds: length(o.Worst), Breaches: []breach{}, MoreBreaches: o.MoreBreaches}
	for _, b := range o.Breaches {
		out.Breaches = append(out.Breaches, breach{b.At, length(b)})
	}
	return out
}

// A restart is how long one takes: seconds, or a text such as "20 min".
type restart servicetime.Duration

func (r *restart) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	if in.PeekKind() != '"' {
		return (*seconds)(r).UnmarshalJSONFrom(in)
	}
	token, err := in.ReadToken()
	if err != nil {
		return err
	}
	d, err := servicetime.ParseDuration(token.String())
	*r = restart(d)
	return err
}

type restartRequest struct {
	Services []struct {
		Name     string   `json:"name"`
		Priority int      `json:"priority"`
		Needs    []string `json:"needs"`
		Restart  restart  `json:"restart"`
	} `json:"services"`
}

func opRestartOrder(_ *desk, r *restartRequest) (any, error) {
	if r.Services == nil {
		return nil, missing("services")
	}
	var services []continuity.Service
	for _, s := range r.Services {
		services = append(services, continuity.Service{Name: s.Name, Priority: s.Priority, Needs: s.Needs, Restart: servicetime.Duration(s.Restart)})
	}
	order, err := continuity.Restart(services)
	if err != nil {
		return nil, err
	}
	out := struct {
		Order        []string   `json:"order"`
		Waves        [][]string `json:"waves"`
		CriticalPath []string   `json:"critical_path"`
		Total        seconds    `json:"total"`
	}{order.Names, order.Waves, order.CriticalPath, seconds(order.Total)}
	for _, list := range []*[]string{&out.Order, &out.CriticalPath} {
		if *list == nil {
			*list = []string{}
		}
	}
	if out.Waves == nil {
		out.Waves = [][]string{}
	}
	return out, nil
}
