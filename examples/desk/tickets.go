package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

type priorityRequest struct {
	Impact   int            `json:"impact"`
	At       instant        `json:"at"`
	Options  jsontext.Value `json:"options"`
	Calendar calendar       `json:"calendar"`
}

func opPriority(d *desk, r *priorityRequest) (any, error) {
	p := d.agreement.Priority
	if p.Timing == nil {
		return nil, &wrong{code: "not_agreed", err: errors.New("the agreement has no timing of priorities")}
	}
	timing := p.Timing.Timing
	if err := options(r.Options, &timing); err != nil {
		return nil, err
	}
	if err := timing.Check(); err != nil {
		return nil, in("options", err)
	}
	c, err := d.rules.Calendar(p.Timing.ServiceTime)
	if r.Calendar.raw != nil {
		c, err = d.calendar(r.Calendar)
	}
	if err != nil {
		return nil, err
	}
	if err := needed(c, item{"at", r.At}); err != nil {
		return nil, err
	}
	class, err := timing.Class(c, r.At.Time)
	if err != nil {
		return nil, err
	}
	level, err := d.rules.Cell(r.Impact, class)
	if err != nil {
		return nil, in("impact", err)
	}
	return struct {
		Timing   int    `json:"timing"`
		Priority string `json:"priority"`
	}{class, p.Levels[level-1]}, nil
}

// options reads an object of options over what the agreement says.
func options(raw jsontext.Value, into any) error {
	if raw == nil || raw.Kind() == 'n' {
		return nil
	}
	return in("options", json.Unmarshal(raw, into, json.RejectUnknownMembers(true)))
}

func opImpact(d *desk, r *priority.Observation) (any, error) {
	impact, why, _, err := d.rules.Impact(*r)
	return struct {
		Impact int    `json:"impact"`
		Why    string `json:"why"`
	}{impact, why}, err
}

// A ticket is a [priority.Ticket] with its lists as the protocol has them.
type ticket struct {
	Number       string           `json:"number"`
	Kind         priority.Kind    `json:"kind"`
	Class        string           `json:"class"`
	Impact       int              `json:"impact"`
	Urgency      int              `json:"urgency"`
	Priority     level            `json:"priority"`
	Provider     string           `json:"provider"`
	Occurred     instant          `json:"occurred"`
	Received     instant          `json:"received"`
	Started      instant          `json:"started"`
	Resolved     instant          `json:"resolved"`
	ReportedBack instant          `json:"reported_back"`
	Pauses       []pause          `json:"pauses"`
	Changes      []change         `json:"changes"`
	Reopened     []stretch        `json:"reopened"`
	Updates      []instant        `json:"updates"`
	Factors      priority.Factors `json:"factors"`
	Protected    bool             `json:"protected"`
}

type change struct {
	At       instant `json:"at"`
	Priority level   `json:"priority"`
}

// A level is a priority, by its name or its number from 1, the highest.
type level struct {
	number int
	name   string
}

func (l *level) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	switch in.PeekKind() {
	case '"':
		if err := json.UnmarshalDecode(in, &l.name); err != nil || l.name != "" {
			return err
		}
		return errLevel
	case '0':
		if err := json.UnmarshalDecode(in, &l.number); err != nil || l.number > 0 {
			return err
		}
		return errLevel
	}
	if value, err := in.ReadValue(); err != nil || value.Kind() == 'n' {
		return err
	}
	return errLevel
}

var errLevel = errors.New("write the name of a priority, or its number, 1 for the highest")

// of is the level among those of an agreement.
func (l level) of(names []string) (priority.Level, error) {
	if l.name == "" {
		return priority.Level(l.number), nil
	}
	if i := slices.Index(names, l.name); i >= 0 {
		return priority.Level(i + 1), nil
	}
	return 0, &wrong{code: "not_found", err: fmt.Errorf("priority %q: there are %q", clip(l.name), names)}
}

// record is the ticket as a record, with the names of its priorities.
func (t *ticket) record(levels []string) (priority.Ticket, error) {
	given, err := t.Priority.of(levels)
	if err != nil {
		return priority.Ticket{}, in("priority", err)
	}
	out := priority.Ticket{
		Number: t.Number, Kind: t.Kind, Class: t.Class, Impact: t.Impact, Urgency: t.Urgency, Priority: given, Provider: t.Provider,
		Occurred: t.Occurred.Time, Received: t.Received.Time, Started: t.Started.Time, Resolved: t.Resolved.Time, ReportedBack: t.ReportedBack.Time,
		Factors: t.Factors, Protected: t.Protected,
	}
	if len(t.Pauses) > 0 {
		out.Pauses = pausesOf(t.Pauses)
	}
	for i, c := range t.Changes {
		to, err := c.Priority.of(levels)
		if err != nil {
			return out, in(fmt.Sprintf("changes[%d].priority", i), err)
		}
		out.Changes = append(out.Changes, priority.Change{At: c.At.Time, Priority: to})
	}
	for i, s := range t.Reopened {
		if s.To.IsZero() {
			return out, in(fmt.Sprintf("reopened[%d].to", i), errMissing)
		}
		out.Reopened = append(out.Reopened, servicetime.Span(s))
	}
	for _, u := range t.Updates {
		out.Updates = append(out.Updates, u.Time)
	}
	return out, nil
}

// notJudged says which field of a ticket an error is about, where the error does not.
func (t *ticket) notJudged(err error) error {
	var fault *servicetime.Fault
	switch {
	case errors.As(err, &fault) && fault.Path != "":
	case errors.Is(err, priority.ErrClass) && t.Priority != level{}:
		err = in("priority", err)
	case errors.Is(err, priority.ErrClass) && t.Urgency != 0:
		err = in("urgency", err)
	case errors.Is(err, priority.ErrClass):
		err = in("impact", err)
	case errors.Is(err, sla.ErrNotJudged) && t.Kind == priority.Order:
		err = in("class", err)
	case errors.Is(err, sla.ErrNotJudged) && t.Kind != priority.Problem:
		err = in("kind", err)
	case errors.Is(err, sla.ErrNotJudged):
		err = in("priority", err)
	}
	return in("ticket", err)
}

type ticketRequest struct {
	Ticket   *ticket        `json:"ticket"`
	AsOf     instant        `json:"as_of"`
	Options  jsontext.Value `json:"options"`
	Segments bool           `json:"segments"`
}

// clock is one of a ticket's two.
type clock struct {
	State            string     `json:"state"`
	Due              *time.Time `json:"due"`
	Target           *string    `json:"target"`
	ElapsedSeconds   seconds    `json:"elapsed_seconds"`
	RemainingSeconds seconds    `json:"remaining_seconds"`
	OverBySeconds    seconds    `json:"over_by_seconds"`
}

func clockOf(c *priority.Clock) clock {
	out := clock{State: c.State.String(), Due: when(c.Due, true), ElapsedSeconds: seconds(c.Elapsed), RemainingSeconds: seconds(c.Left), OverBySeconds: seconds(c.Over)}
	if c.State != priority.NoTarget {
		target := c.Target.String()
		out.Target = &target
	}
	return out
}

func opTicket(d *desk, r *ticketRequest) (any, error) {
	if r.Ticket == nil {
		return nil, missing("ticket")
	}
	if r.Ticket.Received.IsZero() {
		return nil, missing("ticket.received")
	}
	if err := needed(nil, item{"as_of", r.AsOf}); err != nil {
		return nil, err
	}
	rules := d.rules
	if r.Options != nil {
		readings := d.agreement.Readings
		err := options(r.Options, &readings)
		if err != nil {
			return nil, err
		}
		if rules, err = d.under(readings); err != nil {
			f := failureOf(err)
			return nil, in("options", &wrong{code: f.Code, field: strings.TrimPrefix(f.Field, "readings."), err: errors.New(f.Message)})
		}
	}
	t, err := r.Ticket.record(d.agreement.Priority.Levels)
	if err != nil {
		return nil, in("ticket", err)
	}
	j, err := rules.Judge(t, r.AsOf.Time)
	if err != nil {
		return nil, r.Ticket.notJudged(err)
	}
	out := struct {
		Priority   string             `json:"priority"`
		Response   clock              `json:"response"`
		Resolution clock              `json:"resolution"`
		CountsIn   *servicetime.Month `json:"counts_in"`
		Met        *bool              `json:"met"`
		Segments   []segment          `json:"segments,omitzero"`
	}{Priority: j.Priority, Response: clockOf(&j.Response), Resolution: clockOf(&j.Resolution)}
	if month, counts := rules.CountsIn(j); counts {
		out.CountsIn = &month
	}
	verdict, _ := j.Outcome()
	out.Met = isMet(verdict)
	if r.Segments {
		of := j.Resolution
		if of.State == priority.NoTarget {
			of = j.Response
		}
		out.Segments = []segment{}
		for s := range of.ExplainElapsed() {
			if len(out.Segments) == maxListed {
				return nil, tooMany("segments")
			}
			out.Segments = append(out.Segments, segmentOf(s))
		}
	}
	return out, nil
}

// isMet is a verdict as an answer has it: null where there is none.
func isMet(v compliance.Verdict) *bool {
	if v != compliance.Met && v != compliance.Missed {
		return nil
	}
	met := v == compliance.Met
	return &met
}

type shareRequest struct {
	Met    *int64          `json:"met"`
	Total  *int64          `json:"total"`
	Target compliance.Goal `json:"target"`
}

func opCompliance(_ *desk, r *shareRequest) (any, error) {
	switch {
	case r.Met == nil:
		return nil, missing("met")
	case r.Total == nil:
		return nil, missing("total")
	case r.Target.IsZero():
		return nil, missing("target")
	}
	s := compliance.Share{Met: *r.Met, Total: *r.Total}
	if err := s.Check(); err != nil {
		return nil, in("met", err)
	}
	return struct {
		Meets      *bool   `json:"meets"`
		Percent    *string `json:"percent"`
		MissesLeft int64   `json:"misses_left"`
	}{isMet(s.Verdict(r.Target)), percentOf(s), s.MissesLeft(r.Target)}, nil
}

// percentOf is a share in percent, null without data.
func percentOf(s compliance.Share) *string {
	if text := s.Floor(); text != "" {
		return &text
	}
	return nil
}
