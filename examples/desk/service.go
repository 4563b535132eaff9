package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla/availability"
	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

type window struct {
	PlannedFrom instant `json:"planned_from"`
	PlannedTo   instant `json:"planned_to"`
	ActualTo    instant `json:"actual_to"`
	Announced   bool    `json:"announced"`
	Decided     *bool   `json:"decided"`
}

func (w *window) record() availability.Window {
	out := availability.Window{PlannedFrom: w.PlannedFrom.Time, PlannedTo: w.PlannedTo.Time, ActualTo: w.ActualTo.Time, Announced: w.Announced, Decision: availability.Decided}
	if w.Decided != nil && !*w.Decided {
		out.Decision = availability.Undecided
	}
	return out
}

type availabilityRequest struct {
	Calendar         calendar        `json:"calendar"`
	From             instant         `json:"from"`
	To               instant         `json:"to"`
	Outages          []stretch       `json:"outages"`
	ServiceWindows   []window        `json:"service_windows"`
	Target           compliance.Goal `json:"target"`
	MaxDownSeconds   *seconds        `json:"max_down_seconds"`
	MaxInterruptions *int64          `json:"max_interruptions"`
}

// limits are those of a request.
func (r *availabilityRequest) limits() ([]availability.Limit, error) {
	var limits []availability.Limit
	add := func(field string, l availability.Limit) error {
		l.Per = availability.PerMonth // of whatever period is asked for
		limits = append(limits, l)
		return in(field, l.Check())
	}
	var errs []error
	if !r.Target.IsZero() {
		errs = append(errs, add("target", availability.Limit{Share: r.Target}))
	}
	if r.MaxDownSeconds != nil {
		down := servicetime.Duration(*r.MaxDownSeconds)
		errs = append(errs, add("max_down_seconds", availability.Limit{Down: &down}))
	}
	if r.MaxInterruptions != nil {
		errs = append(errs, add("max_interruptions", availability.Limit{Interruptions: r.MaxInterruptions}))
	}
	return limits, cmp.Or(errs...)
}

func opAvailability(d *desk, r *availabilityRequest) (any, error) {
	c, err := (&spanRequest{Calendar: r.Calendar, From: r.From, To: r.To}).span(d)
	if err != nil {
		return nil, err
	}
	limits, err := r.limits()
	if err != nil {
		return nil, err
	}
	var tally availability.Tally
	for i, o := range r.Outages {
		if err := tally.Outage(availability.Outage{From: o.From, To: o.To}); err != nil {
			return nil, in(fmt.Sprintf("outages[%d]", i), err)
		}
	}
	for i := range r.ServiceWindows {
		w := &r.ServiceWindows[i]
		if err := needed(nil, item{"planned_from", w.PlannedFrom}, item{"planned_to", w.PlannedTo}); err != nil {
			return nil, in(fmt.Sprintf("service_windows[%d]", i), err)
		}
		if err := tally.Window(w.record()); err != nil {
			return nil, in(fmt.Sprintf("service_windows[%d]", i), err)
		}
	}
	m, err := tally.Result(availability.Rule{Opening: c}, servicetime.Span{From: r.From.In(c.Location()), To: r.To.In(c.Location())}, r.To.Time)
	if err != nil {
		return nil, ordered(err)
	}
	type interruption struct {
		From        time.Time `json:"from"`
		To          time.Time `json:"to"`
		DownSeconds seconds   `json:"down_seconds"`
	}
	out := struct {
		OpenSeconds           seconds        `json:"open_seconds"`
		DownSeconds           seconds        `json:"down_seconds"`
		ExcusedSeconds        seconds        `json:"excused_seconds"`
		Percent               *string        `json:"percent"`
		PercentWithoutExcused *string        `json:"percent_without_excused"`
		Meets                 *bool          `json:"meets"`
		Interruptions         []interruption `json:"interruptions"`
		MoreInterruptions     int64          `json:"more_interruptions,omitzero"`
	}{
		OpenSeconds: seconds(m.Open), DownSeconds: seconds(m.Down), ExcusedSeconds: seconds(m.Excused),
		Percent: percentOf(m.Share()), PercentWithoutExcused: percentOf(m.WithoutExcused()),
		Interruptions: []interruption{}, MoreInterruptions: m.MoreInterruptions,
	}
	for _, i := range m.Interruptions {
		out.Interruptions = append(out.Interruptions, interruption{i.From, i.To, seconds(i.Down)})
	}
	// Every limit holds.
	verdict := compliance.NoData
	for _, l := range limits {
		if v := l.Judge(m).Verdict; v == compliance.Missed || verdict != compliance.Missed && v == compliance.Met {
			verdict = v
		}
	}
	out.Meets = isMet(verdict)
	return out, nil
}

type compositionRequest struct {
	Calendar  calendar             `json:"calendar"`
	From      instant              `json:"from"`
	To        instant              `json:"to"`
	Providers []string             `json:"providers"`
	Quorum    *int                 `json:"quorum"`
	Down      map[string][]stretch `json:"down"`
}

func opComposition(d *desk, r *compositionRequest) (any, error) {
	c, err := (&spanRequest{Calendar: r.Calendar, From: r.From, To: r.To}).span(d)
	if err != nil {
		return nil, err
	}
	switch {
	case len(r.Providers) == 0:
		return nil, missing("providers")
	case r.Quorum == nil:
		return nil, missing("quorum")
	case *r.Quorum < 1:
		return nil, &wrong{code: "bad_request", field: "quorum", err: errors.New("at least 1 must answer")}
	}
	var outages []availability.Outage
	for _, provider := range slices.Sorted(maps.Keys(r.Down)) {
		for i, s := range r.Down[provider] {
			o := availability.Outage{Provider: provider, From: s.From, To: s.To}
			if err := o.Check(); err != nil {
				return nil, in(fmt.Sprintf("down.%s[%d]", clip(provider), i), err)
			}
			if !slices.Contains(r.Providers, provider) {
				return nil, &wrong{code: "not_found", field: "down." + clip(provider), err: fmt.Errorf("%q is none of the providers", clip(provider))}
			}
			outages = append(outages, o)
		}
	}
	composite, err := availability.Quorum{Need: min(*r.Quorum, len(r.Providers))}.Among(availability.Providers(r.Providers...)...).Compose(outages)
	if err != nil {
		return nil, in("providers", memberOf(err))
	}
	whole := servicetime.Span{From: r.From.In(c.Location()), To: r.To.In(c.Location())}
	a, err := composite.Measure(c, whole)
	if err != nil {
		return nil, ordered(err)
	}
	unavailable, err := composite.OpenSpans(availability.Unavailable, c, whole)
	if err != nil {
		return nil, err
	}
	out := struct {
		SecondsByAnswering []seconds `json:"seconds_by_answering"`
		AvailableSeconds   seconds   `json:"available_seconds"`
		DisturbedSeconds   seconds   `json:"disturbed_seconds"`
		UnavailableSeconds seconds   `json:"unavailable_seconds"`
		Unavailable        []span    `json:"unavailable"`
	}{AvailableSeconds: seconds(a.Available), DisturbedSeconds: seconds(a.Disturbed), UnavailableSeconds: seconds(a.Unavailable), Unavailable: []span{}}
	for _, by := range a.By {
		out.SecondsByAnswering = append(out.SecondsByAnswering, seconds(by))
	}
	for _, s := range unavailable {
		if len(out.Unavailable) == maxListed {
			return nil, tooMany("spans")
		}
		out.Unavailable = append(out.Unavailable, span{s.From, s.To})
	}
	return out, nil
}

// A milliseconds is a number of them, exact to the nanosecond, or null.
type milliseconds struct {
	time.Duration
	known bool
}

func (m *milliseconds) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	value, err := in.ReadValue()
	switch {
	case err != nil:
		return err
	case value.Kind() == 'n':
		return nil
	case value.Kind() != '0':
		return errors.New("write a number of milliseconds")
	}
	d, err := parseSeconds(string(value))
	if err != nil {
		return errors.New("milliseconds: at most 106 days, with at most six decimals")
	}
	if d%1000 != 0 {
		return errors.New("milliseconds: at most six decimals")
	}
	m.Duration, m.known = d/1000, true
	return nil
}

// A whole is a number that must be there.
type whole int64

func (w *whole) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	if in.PeekKind() == 'n' {
		_, _ = in.ReadToken() // it is there
		return errMissing
	}
	return json.UnmarshalDecode(in, (*int64)(w))
}

// A call is [persons, ms].
type call struct {
	persons int64
	took    milliseconds
}

func (c *call) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	if err := tuple(in, "a call is [persons, ms], of which ms is null without an answer", item{"persons", (*whole)(&c.persons)}, item{"ms", &c.took}); err != nil {
		return err
	}
	if c.took.Duration < 0 {
		return errors.New("a response time is not negative")
	}
	return nil
}

type performanceRequest struct {
	Calls []call `json:"calls"`
}

func opPerformance(d *desk, r *performanceRequest) (any, error) {
	if d.agreement.Performance == nil {
		return nil, &wrong{code: "not_agreed", err: errors.New("the agreement has no rules for performance")}
	}
	if r.Calls == nil {
		return nil, missing("calls")
	}
	rule := d.agreement.Performance.Rule // without opening hours: each call counts
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var tally performance.Tally
	for _, c := range r.Calls {
		if err := tally.Add(&rule, performance.Call{At: at, Persons: int(c.persons), Response: c.took.Duration, Answered: c.took.known}); err != nil {
			return nil, err
		}
	}
	result, err := tally.Result(&rule)
	if err != nil {
		return nil, err
	}
	out := struct {
		Total          int64            `json:"total"`
		Invalid        int64            `json:"invalid"`
		Unanswered     int64            `json:"unanswered"`
		WithinFirst    *int64           `json:"within_first"`
		WithinSecond   *int64           `json:"within_second"`
		MeetsFirst     *bool            `json:"meets_first"`
		MeetsSecond    *bool            `json:"meets_second"`
		Meets          *bool            `json:"meets"`
		Precision      compliance.Share `json:"precision"`
		MeetsPrecision *bool            `json:"meets_precision"`
	}{
		Total: result.Base.Answered, Invalid: result.Invalid.Total(), Unanswered: result.Base.Unanswered.Total(), Meets: isMet(result.Verdict),
		Precision: result.Precision.Share, MeetsPrecision: isMet(result.Precision.Verdict),
	}
	for i, of := range []struct {
		within **int64
		meets  **bool
	}{{&out.WithinFirst, &out.MeetsFirst}, {&out.WithinSecond, &out.MeetsSecond}} {
		if i < len(result.Outcomes) {
			*of.within, *of.meets = &result.Base.Within[i], isMet(result.Outcomes[i].Verdict)
		}
	}
	return out, nil
}

// A flow is [start_ms, duration_ms].
type flow struct {
	start int64 // in milliseconds
	lasts milliseconds
}

func (f *flow) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	const form = "a call is [start_ms, duration_ms], the start in milliseconds since 1970-01-01 UTC"
	if err := tuple(in, form, item{"start_ms", (*whole)(&f.start)}, item{"duration_ms", &f.lasts}); err != nil {
		return err
	}
	switch {
	case !f.lasts.known:
		return errors.New("a call lasts some time, or 0")
	case f.lasts.Duration < 0:
		return errors.New("a call does not last less than 0")
	}
	const most = 7_289_654_400_000 // the year 2200 ends
	if f.start < 0 || f.start >= most {
		return &wrong{code: "out_of_range", field: "start_ms", err: servicetime.ErrRange}
	}
	return nil
}

func (f *flow) at() time.Time { return time.UnixMilli(f.start).UTC() }

type capacityRequest struct {
	Calls []flow `json:"calls"`
}

// maxHours is in how many different hours calls may lie: each takes 14 KiB.
const maxHours = 1000

type peak struct {
	Peak int64      `json:"peak"`
	At   *time.Time `json:"at"`
}

func peakOf(p capacity.Peak) peak { return peak{p.Count, when(p.At, p.Count > 0)} }

func opCapacity(d *desk, r *capacityRequest) (any, error) {
	if r.Calls == nil {
		return nil, missing("calls")
	}
	var limits []capacity.Limit
	if d.agreement.Capacity != nil {
		limits = d.agreement.Capacity.Limits
	}
	slices.SortStableFunc(r.Calls, func(a, b flow) int { return cmp.Compare(a.start, b.start) })
	timeline, err := capacity.NewTimeline(limits...)
	if err != nil {
		return nil, err
	}
	var tally capacity.Tally
	hours, last := 0, int64(-1)
	for i := range r.Calls {
		c := &r.Calls[i]
		if hour := c.at().Unix() / 3600; hour != last {
			if hours, last = hours+1, hour; hours > maxHours {
				return nil, &wrong{code: "too_large", field: "calls", err: fmt.Errorf("they lie in more than %d hours: ask for a shorter stretch", maxHours)}
			}
		}
		tally.Add(c.at())
		if err := timeline.Add(c.at(), c.lasts.Duration); err != nil {
			return nil, in("calls", err)
		}
	}
	outcomes, err := capacity.Judge(limits, &tally, timeline)
	if err != nil {
		return nil, err
	}
	type excess struct {
		Limit string    `json:"limit"`
		From  time.Time `json:"from"`
		To    time.Time `json:"to"`
		Peak  int64     `json:"peak"`
	}
	v, f := tally.Result(), timeline.Result()
	out := struct {
		PerSecond     peak     `json:"per_second"`
		PerMinute     peak     `json:"per_minute"`
		PerHour       peak     `json:"per_hour"`
		SlidingSecond peak     `json:"sliding_second"`
		SlidingMinute peak     `json:"sliding_minute"`
		Concurrent    peak     `json:"concurrent"`
		Over          []excess `json:"over"`
	}{peakOf(v.Second), peakOf(v.Minute), peakOf(v.Hour), peakOf(f.Second), peakOf(f.Minute), peakOf(f.Concurrent), []excess{}}
	for _, o := range outcomes {
		for _, e := range o.Over {
			out.Over = append(out.Over, excess{o.Limit.String(), e.From, e.To, e.Peak})
		}
		if len(o.Over) == 0 && o.Verdict == compliance.Missed { // not by the windows of the clock: its peak
			out.Over = append(out.Over, excess{o.Limit.String(), o.Peak.At, o.Peak.At.Add(time.Duration(o.Window)), o.Peak.Count})
		}
	}
	return out, nil
}

type creditRequest struct {
	Achieved *struct {
		Met   *int64 `json:"met"`
		Total *int64 `json:"total"`
	} `json:"achieved"`
	Ladder availability.Ladder `json:"ladder"`
}

func opCredit(_ *desk, r *creditRequest) (any, error) {
	switch {
	case r.Achieved == nil:
		return nil, missing("achieved")
	case r.Achieved.Met == nil:
		return nil, missing("achieved.met")
	case r.Achieved.Total == nil:
		return nil, missing("achieved.total")
	case r.Ladder == nil:
		return nil, missing("ladder")
	}
	achieved := compliance.Share{Met: *r.Achieved.Met, Total: *r.Achieved.Total}
	if err := achieved.Check(); err != nil {
		return nil, in("achieved", err)
	}
	if err := r.Ladder.Check(); err != nil {
		return nil, in("ladder", err)
	}
	var out struct {
		Credit *string `json:"credit"`
	}
	if step, due := r.Ladder.Credit(achieved); due {
		out.Credit = &step.Credit
	}
	return out, nil
}

// memberOf is an error of a composition with the place of the provider in the request's list.
func memberOf(err error) error {
	f := failureOf(err)
	if n, found := strings.CutPrefix(f.Field, "members"); found {
		f.Field = strings.TrimSuffix(n, ".provider")
	}
	return &wrong{code: f.Code, field: f.Field, err: errors.New(f.Message)}
}
