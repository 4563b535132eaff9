package main

import (
	"errors"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla"
	"example.com/sla/examples/agreements"
	"example.com/sla/servicetime"
)

// A calendar of a request is a service time, or the name of one of the agreement's.
type calendar struct{ raw jsontext.Value }

func (c *calendar) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	value, err := in.ReadValue()
	if err != nil {
		return err
	}
	if kind := value.Kind(); kind != '"' && kind != '{' {
		return errors.New(`a calendar is an object, or the name of a service time such as "support"`)
	}
	c.raw = slices.Clone(value)
	return nil
}

// calendar finds or compiles the calendar of a request.
func (d *desk) calendar(c calendar) (*servicetime.Calendar, error) {
	switch {
	case c.raw == nil:
		return nil, missing("calendar")
	case c.raw.Kind() == '"':
		var name string
		if err := json.Unmarshal(c.raw, &name); err != nil {
			return nil, in("calendar", err)
		}
		compiled, err := d.rules.Calendar(name)
		return compiled, in("calendar", err)
	}
	compiled, err := d.calendars.get(string(c.raw), func() (*servicetime.Calendar, int64, error) {
		var s sla.ServiceTime
		if err := json.Unmarshal(c.raw, &s, json.RejectUnknownMembers(true)); err != nil {
			return nil, 0, err
		}
		compiled, err := servicetime.Compile(s.Schedule, time.LoadLocation, agreements.Holidays()...)
		if err != nil {
			return nil, 0, err
		}
		return compiled, compiled.Size(), nil
	})
	return compiled, in("calendar", err)
}

// ordered says that to is the field where a stretch of a request ends before it starts.
func ordered(err error) error {
	if errors.Is(err, servicetime.ErrBackwards) {
		return &wrong{code: "bad_request", field: "to", err: err}
	}
	return err
}

// needed are the instants of a request that must be there, and in the range of its calendar.
func needed(c *servicetime.Calendar, instants ...item) error {
	for _, i := range instants {
		at, _ := i.into.(instant)
		if at.IsZero() {
			return missing(i.name)
		}
		if c != nil && !c.Covers(at.Time) {
			return &wrong{code: "out_of_range", field: i.name, err: servicetime.ErrRange}
		}
	}
	return nil
}

type openRequest struct {
	Calendar calendar `json:"calendar"`
	At       instant  `json:"at"`
}

func opOpen(d *desk, r *openRequest) (any, error) {
	c, err := d.calendar(r.Calendar)
	if err != nil {
		return nil, err
	}
	if err := needed(c, item{"at", r.At}); err != nil {
		return nil, err
	}
	return struct {
		Open      bool       `json:"open"`
		NextOpen  *time.Time `json:"next_open"`
		NextClose *time.Time `json:"next_close"`
		PrevOpen  *time.Time `json:"prev_open"`
		PrevClose *time.Time `json:"prev_close"`
	}{c.Open(r.At.Time), when(c.NextOpen(r.At.Time)), when(c.NextClose(r.At.Time)), when(c.PrevOpen(r.At.Time)), when(c.PrevClose(r.At.Time))}, nil
}

type spanRequest struct {
	Calendar calendar `json:"calendar"`
	From     instant  `json:"from"`
	To       instant  `json:"to"`
	Pauses   []pause  `json:"pauses"`
}

// span finds the calendar of a request, and checks its instants.
func (r *spanRequest) span(d *desk) (*servicetime.Calendar, error) {
	c, err := d.calendar(r.Calendar)
	if err != nil {
		return nil, err
	}
	return c, needed(nil, item{"from", r.From}, item{"to", r.To})
}

func opElapsed(d *desk, r *spanRequest) (any, error) {
	c, err := r.span(d)
	if err != nil {
		return nil, err
	}
	elapsed, err := c.Elapsed(r.From.Time, r.To.Time, pausesOf(r.Pauses)...)
	return struct {
		Seconds seconds `json:"seconds"`
	}{seconds(elapsed)}, err
}

type addRequest struct {
	Calendar calendar `json:"calendar"`
	From     instant  `json:"from"`
	Seconds  *seconds `json:"seconds"`
	Pauses   []pause  `json:"pauses"`
}

func opAdd(d *desk, r *addRequest) (any, error) {
	c, err := d.calendar(r.Calendar)
	if err != nil {
		return nil, err
	}
	if err := needed(nil, item{"from", r.From}); err != nil {
		return nil, err
	}
	if r.Seconds == nil {
		return nil, missing("seconds")
	}
	earliest, err := c.Add(r.From.Time, time.Duration(*r.Seconds), pausesOf(r.Pauses)...)
	if err != nil {
		return nil, err
	}
	latest, err := c.AddLatest(r.From.Time, time.Duration(*r.Seconds), pausesOf(r.Pauses)...)
	if err != nil && !errors.Is(err, servicetime.ErrNoOpenTime) {
		return nil, err
	}
	return struct {
		Earliest time.Time  `json:"earliest"`
		Latest   *time.Time `json:"latest"`
	}{earliest, when(latest, err == nil)}, nil
}

type hoursRequest struct {
	Calendar calendar `json:"calendar"`
	From     instant  `json:"from"`
	To       instant  `json:"to"`
	Spans    bool     `json:"spans"`
}

func opHours(d *desk, r *hoursRequest) (any, error) {
	c, err := (&spanRequest{Calendar: r.Calendar, From: r.From, To: r.To}).span(d)
	if err != nil {
		return nil, err
	}
	elapsed, err := c.Elapsed(r.From.Time, r.To.Time)
	if err != nil {
		return nil, err
	}
	days, err := c.OpenDates(r.From.Time, r.To.Time)
	if err != nil {
		return nil, ordered(err)
	}
	out := struct {
		Seconds seconds `json:"seconds"`
		Days    int     `json:"days"`
		Spans   []span  `json:"spans,omitzero"`
	}{Seconds: seconds(elapsed), Days: days}
	if !r.Spans {
		return out, nil
	}
	spans, err := c.Spans(r.From.Time, r.To.Time)
	if err != nil {
		return nil, err
	}
	out.Spans = []span{}
	for s := range spans {
		if len(out.Spans) == maxListed {
			return nil, tooMany("spans")
		}
		out.Spans = append(out.Spans, span{s.From, s.To})
	}
	return out, nil
}

func opExplain(d *desk, r *spanRequest) (any, error) {
	c, err := r.span(d)
	if err != nil {
		return nil, err
	}
	segments, err := c.Explain(r.From.Time, r.To.Time, pausesOf(r.Pauses)...)
	if err != nil {
		return nil, ordered(err)
	}
	out := struct {
		Segments []segment `json:"segments"`
	}{[]segment{}}
	for s := range segments {
		if len(out.Segments) == maxListed {
			return nil, tooMany("segments")
		}
		out.Segments = append(out.Segments, segmentOf(s))
	}
	return out, nil
}

// segmentOf is a segment as an answer has it. Open time that a target counts is called open.
func segmentOf(s servicetime.Segment) segment {
	return segment{s.From, s.To, s.Counted(), s.Kind.String(), s.Name}
}

type daysRequest struct {
	Calendar calendar         `json:"calendar"`
	Date     servicetime.Date `json:"date"`
	N        *int             `json:"n"`
	To       servicetime.Date `json:"to"`
}

func opDays(d *desk, r *daysRequest) (any, error) {
	c, err := d.calendar(r.Calendar)
	if err != nil {
		return nil, err
	}
	if r.Date == (servicetime.Date{}) {
		return nil, missing("date")
	}
	out := struct {
		Date          *servicetime.Date `json:"date,omitzero"`
		Following     *servicetime.Date `json:"following"`
		Preceding     *servicetime.Date `json:"preceding"`
		IsBusinessDay bool              `json:"is_business_day"`
		Between       *int              `json:"between,omitzero"`
	}{IsBusinessDay: c.IsBusinessDay(r.Date)}
	if r.N != nil {
		if *r.N == 0 {
			return nil, &wrong{code: "bad_request", field: "n", err: errors.New("0: the date itself is never counted: ask for following or preceding")}
		}
		nth, err := c.BusinessDay(r.Date, *r.N)
		if err != nil {
			return nil, in("n", err)
		}
		out.Date = &nth
	}
	if following, err := c.Following(r.Date); err == nil {
		out.Following = &following
	}
	if preceding, err := c.Preceding(r.Date); err == nil {
		out.Preceding = &preceding
	}
	if r.To != (servicetime.Date{}) {
		between, err := c.BusinessDaysBetween(r.Date, r.To)
		if err != nil {
			return nil, in("to", err)
		}
		out.Between = &between
	}
	return out, nil
}

type deadlineRequest struct {
	Calendar calendar               `json:"calendar"`
	Received instant                `json:"received"`
	Target   servicetime.Target     `json:"target"`
	Rule     servicetime.Convention `json:"rule"`
	Pauses   []pause                `json:"pauses"`
}

func opDeadline(d *desk, r *deadlineRequest) (any, error) {
	c, err := d.calendar(r.Calendar)
	if err != nil {
		return nil, err
	}
	if err := needed(nil, item{"received", r.Received}); err != nil {
		return nil, err
	}
	if r.Target.IsZero() {
		return nil, missing("target")
	}
	rule := r.Rule
	if rule == 0 {
		own := d.agreement.Readings
		for _, reading := range []servicetime.Convention{own.Hours, own.BusinessDays, own.Days} {
			if reading.Counts(r.Target) {
				rule = reading
			}
		}
		if rule == 0 {
			return nil, &wrong{code: "not_agreed", field: "rule", err: errors.New("the agreement does not say how such a target counts: name a rule")}
		}
	}
	due, err := c.Due(r.Received.Time, r.Target, rule, pausesOf(r.Pauses)...)
	if err != nil {
		if errors.Is(err, servicetime.ErrConvention) {
			err = in("rule", err)
		}
		return nil, err
	}
	return struct {
		Due  time.Time `json:"due"`
		Rule string    `json:"rule"`
	}{due, rule.String()}, nil
}
