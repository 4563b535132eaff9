package continuity

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"example.com/sla/servicetime"
)

// A Service is one that is restarted after a disaster (§4.12).
type Service struct {
	Name string `json:"name"`
	// Priority is 1 for the first, and up. 0 is none: behind all that have one.
	Priority int `json:"priority,omitzero"`
	// Needs names services that must run before it can, and without which it does not run.
	Needs []string `json:"needs,omitempty"`
	// After names services that are restarted before it if they are restarted too: order alone, not need. What is not restarted is passed over, a name
	// that none has included.
	After []string `json:"after,omitempty"`
	// Restart is how long its restart takes; 0 is no time, or not known.
	Restart servicetime.Duration `json:"restart,omitzero"`
	// RTO is what is promised for it by itself, for [Rule.ChainConflicts].
	RTO Objective `json:"rto,omitzero"`
}

// Bounds of a restart, checked before anything else is looked at.
const (
	MaxServices  = 100_000
	MaxRelations = 1_000_000 // needs and afters together
)

// Causes of errors about services.
var (
	ErrNoService = errors.New("no such service")
	ErrCycle     = errors.New("services wait for each other")
	ErrService   = errors.New("not a service") // without a name, or with a negative priority or restart
)

// A Step is the restart of one service.
type Step struct {
	Name string
	// Start and Finish are counted from the beginning of the restart.
	Start, Finish time.Duration
	// Slack is by how much it could be late without the whole being so. It is 0 on the critical path. A roster of crews has none.
	Slack time.Duration
	// Crew is who restarts it, from 1; 0 where hands are not limited.
	Crew int
}

// An Order is in what order services are restarted, and how long that takes with as many hands as there are services: each is restarted as soon as
// what it waits for runs.
type Order struct {
	// Names are all services: again and again the startable one with the lowest priority number, ties by place in the list.
	Names []string
	// Waves are the services that can be started together once the waves before run, each by priority and place.
	Waves [][]string
	// CriticalPath is the longest chain of restarts, each waiting for the one before, and Total its length. Of several it is the one with most
	// services, then the earliest in Names, from its end back.
	CriticalPath []string
	Total        time.Duration
	// Steps are those of Names.
	Steps []Step

	graph *graph
}

// Restart puts services into the order in which they are restarted.
//
// It returns an error if there are more than [MaxServices] or [MaxRelations] (then nothing else is looked at): [servicetime.ErrLimit]; or if:
//   - a service has no name, or a negative priority or restart: [ErrService],
//   - two services have one name: [servicetime.ErrTwice],
//   - a service needs one that is not in the list: [ErrNoService],
//   - an RTO is a point in the data: [ErrObjective],
//   - the restarts together take more than 292 years: [servicetime.ErrLimit],
//   - services wait for each other: [ErrCycle], whose message names the path, from each service to what it needs, or comes after. It is looked for
//     if all else is right.
//
// Each is a [*servicetime.Fault] with its path, such as services[3].needs[0]; they come all at once.
func Restart(services []Service) (*Order, error) {
	g, err := newGraph(services)
	if err != nil {
		return nil, err
	}
	order, err := g.order()
	if err != nil {
		return nil, err
	}
	o := &Order{graph: g, Names: make([]string, len(order)), Steps: make([]Step, len(order))}
	n := len(services)
	finish, wave := make([]time.Duration, n), make([]int, n)
	before, length := make([]int, n), make([]int, n) // on the longest chain to a service: the one before it, and how many there are
	last := -1
	longer := func(a, b int) bool { // of two chains, the first to be found wins a tie
		return b < 0 || cmp.Or(cmp.Compare(finish[a], finish[b]), cmp.Compare(length[a], length[b])) > 0
	}
	place := make([]int, n) // in order
	for i, v := range order {
		place[v] = i
		before[v] = -1
		for _, p := range g.waits[v] {
			wave[v] = max(wave[v], wave[p]+1)
			if b := before[v]; longer(p, b) || b >= 0 && !longer(b, p) && place[p] < place[b] {
				before[v] = p
			}
		}
		start := time.Duration(0)
		if p := before[v]; p >= 0 {
			start, length[v] = finish[p], length[p]
		}
		length[v]++
		finish[v] = start + time.Duration(services[v].Restart)
		o.Names[i] = services[v].Name
		o.Steps[i] = Step{Name: o.Names[i], Start: start, Finish: finish[v]}
		if longer(v, last) {
			last = v
		}
	}
	for v := last; v >= 0; v = before[v] {
		o.CriticalPath = append(o.CriticalPath, services[v].Name)
	}
	slices.Reverse(o.CriticalPath)
	if last >= 0 {
		o.Total = finish[last]
	}
	// Backwards: a service may end when the first that waits for it must start.
	latest := make([]time.Duration, n)
	for i := n - 1; i >= 0; i-- {
		v := order[i]
		latest[v] = o.Total
		for _, next := range g.next[v] {
			latest[v] = min(latest[v], latest[next]-time.Duration(services[next].Restart))
		}
		o.Steps[i].Slack = latest[v] - finish[v]
	}
	byRank := slices.Clone(order)
	slices.SortFunc(byRank, func(a, b int) int { return cmp.Compare(g.rank[a], g.rank[b]) })
	for _, v := range byRank {
		for len(o.Waves) <= wave[v] {
			o.Waves = append(o.Waves, nil)
		}
		o.Waves[wave[v]] = append(o.Waves[wave[v]], services[v].Name)
	}
	return o, nil
}

// graph is services by their place in the list.
type graph struct {
	services []Service
	waits    [][]int // what each waits for: needs, then afters that are in the list
	needs    []int   // how many of them are needs
	next     [][]int // what waits for each
	neededBy [][]int // what needs each
	rank     []int   // by priority and place
	ranked   []int   // the inverse
}

func newGraph(services []Service) (*graph, error) {
	relations := 0
	for i := range services {
		relations += len(services[i].Needs) + len(services[i].After)
	}
	if len(services) > MaxServices || relations > MaxRelations {
		return nil, &servicetime.Fault{
			Path: "services", Code: "too_large", Value: fmt.Sprintf("%d services with %d relations", len(services), relations),
			Err: fmt.Errorf("continuity: %w: at most %d and %d", servicetime.ErrLimit, MaxServices, MaxRelations),
		}
	}
	var errs []error
	note := func(i int, field, value string, err error, why string) {
		errs = append(errs, flaw(fmt.Sprintf("services[%d].%s", i, field), value, fmt.Errorf("continuity: %w: %s", err, why)))
	}
	n := len(services)
	g := &graph{
		services: slices.Clone(services), waits: make([][]int, n), needs: make([]int, n),
		next: make([][]int, n), neededBy: make([][]int, n), rank: make([]int, n), ranked: make([]int, n),
	}
	place := make(map[string]int, n)
	total := servicetime.Duration(0)
	for i := range services {
		s := &services[i]
		switch first, twice := place[s.Name]; {
		case s.Name == "":
			note(i, "name", "", ErrService, "it has no name")
		case twice:
			note(i, "name", s.Name, servicetime.ErrTwice, fmt.Sprintf("services[%d] has the same name", first))
		default:
			place[s.Name] = i
		}
		if s.Priority < 0 {
			note(i, "priority", fmt.Sprint(s.Priority), ErrService, "priorities are 1 and up")
		}
		if !s.RTO.fits(immediate) {
			note(i, "rto", s.RTO.String(), ErrObjective, "a time, or immediate")
		}
		switch {
		case s.Restart < 0:
			note(i, "restart", s.Restart.String(), ErrService, "a restart takes 0 s or more")
		case s.Restart > math.MaxInt64-total:
			note(i, "restart", s.Restart.String(), servicetime.ErrLimit, "all restarts together take more than 292 years")
		default:
			total += s.Restart
		}
		g.ranked[i] = i
	}
	for i := range services {
		s := &services[i]
		g.waits[i] = make([]int, 0, len(s.Needs)+len(s.After))
		for j, name := range s.Needs {
			p, known := place[name]
			if !known {
				note(i, fmt.Sprintf("needs[%d]", j), name, ErrNoService, fmt.Sprintf("%.100q needs %.100q", s.Name, name))
			}
			g.waits[i] = append(g.waits[i], p)
		}
		g.needs[i] = len(g.waits[i])
		for _, name := range s.After {
			if p, known := place[name]; known {
				g.waits[i] = append(g.waits[i], p)
			}
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for i, waits := range g.waits {
		for j, p := range waits {
			g.next[p] = append(g.next[p], i)
			if j < g.needs[i] {
				g.neededBy[p] = append(g.neededBy[p], i)
			}
		}
	}
	slices.SortFunc(g.ranked, func(a, b int) int {
		// 0 is behind all others.
		return cmp.Or(cmp.Compare(uint(services[a].Priority-1), uint(services[b].Priority-1)), cmp.Compare(a, b))
	})
	for rank, i := range g.ranked {
		g.rank[i] = rank
	}
	return g, nil
}

// waiting counts what each service waits for.
func (g *graph) waiting() []int {
	left := make([]int, len(g.waits))
	for i, waits := range g.waits {
		left[i] = len(waits)
	}
	return left
}

// order starts, again and again, the startable service with the lowest rank.
func (g *graph) order() ([]int, error) {
	left := g.waiting()
	ready := heap[int]{less: func(a, b int) bool { return a < b }}
	for i, n := range left {
		if n == 0 {
			ready.push(g.rank[i])
		}
	}
	order := make([]int, 0, len(left))
	for len(ready.items) > 0 {
		v := g.ranked[ready.pop()]
		order = append(order, v)
		for _, next := range g.next[v] {
			if left[next]--; left[next] == 0 {
				ready.push(g.rank[next])
			}
		}
	}
	if len(order) < len(left) {
		return nil, g.cycles(left)
	}
	return order, nil
}

// cycles finds where services wait for each other, of those that could not start: each of them waits for another, so that following one of these from
// each leads into a cycle, and there is at least one.
func (g *graph) cycles(left []int) error {
	var errs []error
	walk := make([]int, len(left)) // in which each was seen, from 1
	for start := range left {
		if left[start] == 0 || walk[start] != 0 {
			continue
		}
		var path, by []int // the services, and by which relation each waits for the next
		v := start
		for walk[v] == 0 {
			walk[v] = start + 1
			at := slices.IndexFunc(g.waits[v], func(p int) bool { return left[p] > 0 })
			path, by = append(path, v), append(by, at)
			v = g.waits[v][at]
		}
		if walk[v] != start+1 {
			continue // it leads into a cycle that is known
		}
		i := slices.Index(path, v)
		errs = append(errs, g.cycle(path[i:], by[i:]))
	}
	return errors.Join(errs...)
}

// maxNamed bounds the services that the message of a cycle names.
const maxNamed = 100

func (g *graph) cycle(path, by []int) error {
	var text strings.Builder
	for i, v := range path[:min(len(path), maxNamed)] {
		relation := "after"
		if by[i] < g.needs[v] {
			relation = "needs"
		}
		fmt.Fprintf(&text, "%.100q %s ", g.services[v].Name, relation)
	}
	if n := len(path) - maxNamed; n > 0 {
		fmt.Fprintf(&text, "(%d more) ", n)
	}
	fmt.Fprintf(&text, "%.100q", g.services[path[0]].Name)
	return flaw(fmt.Sprintf("services[%d]", path[0]), g.services[path[0]].Name, fmt.Errorf("continuity: %w: %s", ErrCycle, text.String()))
}

// ErrCrews is the cause where there is no crew.
var ErrCrews = errors.New("no crew")

// WithCrews is the restart with a limited number of crews, each of which restarts one service at a time: whenever one is free it takes the startable
// service with the lowest priority number, ties by place in the list. Steps are by their start. One crew restarts in the order of Names, and as many
// crews as services as the order has it. No crew waits for a service with a higher priority, so this need not be the shortest: an interpretation of
// "the right order and priority".
//
// It returns an error wrapping [ErrCrews] if there are fewer than 1.
func (o *Order) WithCrews(crews int) ([]Step, time.Duration, error) {
	if crews < 1 {
		return nil, 0, fmt.Errorf("continuity: %d crews: %w", crews, ErrCrews)
	}
	g := o.graph
	if g == nil {
		return nil, 0, nil // the zero Order has no service
	}
	type job struct {
		finish        time.Duration
		service, crew int
	}
	left := g.waiting()
	first := func(a, b int) bool { return a < b }
	ready, free := heap[int]{less: first}, heap[int]{less: first}
	busy := heap[job]{less: func(a, b job) bool {
		return cmp.Or(cmp.Compare(a.finish, b.finish), cmp.Compare(g.rank[a.service], g.rank[b.service])) < 0
	}}
	for crew := range min(crews, len(left)) {
		free.push(crew + 1)
	}
	for i, n := range left {
		if n == 0 {
			ready.push(g.rank[i])
		}
	}
	steps := make([]Step, 0, len(left))
	now := time.Duration(0)
	for len(steps) < len(left) || len(busy.items) > 0 {
		for len(ready.items) > 0 && len(free.items) > 0 {
			v := g.ranked[ready.pop()]
			j := job{now + time.Duration(g.services[v].Restart), v, free.pop()}
			steps = append(steps, Step{Name: g.services[v].Name, Start: now, Finish: j.finish, Crew: j.crew})
			busy.push(j)
		}
		// All that end at this instant, before a crew chooses.
		for now = busy.items[0].finish; len(busy.items) > 0 && busy.items[0].finish == now; {
			j := busy.pop()
			free.push(j.crew)
			for _, next := range g.next[j.service] {
				if left[next]--; left[next] == 0 {
					ready.push(g.rank[next])
				}
			}
		}
	}
	return steps, now, nil
}

// Needed are the services named, and all that they need, directly or not, in the order of the list: what must be restarted for them to run. What they
// come after is not among them.
//
// Its errors are those of [Restart], but for cycles, and one wrapping [ErrNoService] for each name that none has.
func Needed(services []Service, names ...string) ([]Service, error) {
	return reach(services, names, func(g *graph, v int) []int { return g.waits[v][:g.needs[v]] })
}

// Blocked are the services named, and all that need them, directly or not, in the order of the list: what does not run while they do not. What comes
// after them runs.
//
// Its errors are those of [Needed].
func Blocked(services []Service, names ...string) ([]Service, error) {
	return reach(services, names, func(g *graph, v int) []int { return g.neededBy[v] })
}

// reach are the services that can be reached from those named.
func reach(services []Service, names []string, from func(*graph, int) []int) ([]Service, error) {
	g, err := newGraph(services)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(services))
	for i := range services {
		place[services[i].Name] = i
	}
	var errs []error
	var todo []int
	seen := make([]bool, len(services))
	visit := func(v int) {
		if !seen[v] {
			seen[v] = true
			todo = append(todo, v)
		}
	}
	for i, name := range names {
		v, known := place[name]
		if !known {
			errs = append(errs, flaw(fmt.Sprintf("names[%d]", i), name, fmt.Errorf("continuity: %w", ErrNoService)))
			continue
		}
		visit(v)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, p := range from(g, v) {
			visit(p)
		}
	}
	var out []Service
	for i, s := range services {
		if seen[i] {
			out = append(out, s)
		}
	}
	return out, nil
}
