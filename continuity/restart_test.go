package continuity_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

// services reads services, with a semicolon between: name, priority, minutes, what it needs, and behind a bar what it comes after.
func services(text string) (out []continuity.Service) {
	for line := range strings.SplitSeq(text, ";") {
		needs, after, _ := strings.Cut(line, "|")
		f := strings.Fields(needs)
		if len(f) == 0 {
			continue
		}
		priority, err := strconv.Atoi(f[1])
		if err != nil {
			panic(err)
		}
		minutes, err := strconv.Atoi(f[2])
		if err != nil {
			panic(err)
		}
		out = append(out, continuity.Service{
			Name: f[0], Priority: priority, Restart: servicetime.Duration(minutes) * servicetime.Duration(time.Minute), Needs: f[3:], After: strings.Fields(after),
		})
	}
	return out
}

func waves(o *continuity.Order) string {
	var out []string
	for _, wave := range o.Waves {
		out = append(out, strings.Join(wave, " "))
	}
	return strings.Join(out, " / ")
}

func slacks(o *continuity.Order) string {
	var out []string
	for _, s := range o.Steps {
		out = append(out, strconv.Itoa(int(s.Slack/time.Minute)))
	}
	return strings.Join(out, " ")
}

func TestRestart(t *testing.T) {
	for _, tt := range []struct {
		name, in                    string
		order, waves, path, slacks  string
		total                       time.Duration
		oneCrew, twoCrews, manyCrew time.Duration
	}{
		{name: "nothing"},
		{name: "one", in: "a 1 5", order: "a", waves: "a", path: "a", slacks: "0", total: 5, oneCrew: 5, twoCrews: 5, manyCrew: 5},
		{
			name:  "by priority, and by place",
			in:    "a 2 1 ; b 1 1 ; c 2 1 ; d 1 1 ; e 0 1",
			order: "b d a c e", waves: "b d a c e", path: "b", slacks: "0 0 0 0 0", total: 1, oneCrew: 5, twoCrews: 3, manyCrew: 1,
		},
		{
			// portal is urgent, and waits for the others all the same
			name: "need wins over priority",
			in: `portal   1 10 database queue ;
			     queue    3 20 ;
			     database 2 30 storage ;
			     storage  2 15`,
			order: "storage database queue portal", waves: "storage queue / database / portal", path: "storage database portal", slacks: "0 0 25 0",
			total: 55, oneCrew: 75, twoCrews: 55, manyCrew: 55,
		},
		{
			name: "order alone",
			in: `b 1 10 | a ;
			     a 2 10 ;
			     c 3 10 b | nobody`,
			order: "a b c", waves: "a / b / c", path: "a b c", slacks: "0 0 0", total: 30, oneCrew: 30, twoCrews: 30, manyCrew: 30,
		},
		{
			name: "a diamond",
			in: `top    1 1 left right ;
			     left   1 4 bottom ;
			     right  1 4 bottom ;
			     bottom 1 1`,
			order: "bottom left right top", waves: "bottom / left right / top", path: "bottom left top", slacks: "0 0 0 0", total: 6, oneCrew: 10, twoCrews: 6, manyCrew: 6,
		},
		{
			name:  "without times, the longest chain",
			in:    "a 1 0 b ; b 1 0 c ; c 1 0 ; d 1 0",
			order: "c b a d", waves: "c d / b / a", path: "c b a", slacks: "0 0 0 0",
		},
		{
			// y can start at once, before z whose priority is higher but which waits
			name:  "a wave is by priority, the order by when",
			in:    "x 9 1 ; w 10 1 ; y 9 1 x ; z 1 1 w",
			order: "x y w z", waves: "x w / z y", path: "x y", slacks: "0 0 0 0", total: 2, oneCrew: 4, twoCrews: 2, manyCrew: 2,
		},
		{
			name:  "twice the same, need and order",
			in:    "a 1 2 b " + "b | b " + "b ; b 1 3",
			order: "b a", waves: "b / a", path: "b a", slacks: "0 0", total: 5, oneCrew: 5, twoCrews: 5, manyCrew: 5,
		},
	} {
		o, err := continuity.Restart(services(tt.in))
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.order, strings.Join(o.Names, " "), tt.name)
		assert.Equal(t, tt.waves, waves(o), tt.name)
		assert.Equal(t, tt.path, strings.Join(o.CriticalPath, " "), tt.name)
		assert.Equal(t, tt.slacks, slacks(o), tt.name)
		assert.Equal(t, tt.total*time.Minute, o.Total, tt.name)
		for crews, want := range map[int]time.Duration{1: tt.oneCrew, 2: tt.twoCrews, 1000: tt.manyCrew} {
			_, total, err := o.WithCrews(crews)
			require.NoError(t, err, tt.name)
			assert.Equal(t, want*time.Minute, total, "%s, %d crews", tt.name, crews)
		}
	}
}

// Two crews: b does not wait for the crew that restarts the slow a.
//
//	crew 1   |----- a -----|-- d --|
//	crew 2   |- b -|- c -|
func TestWithCrews(t *testing.T) {
	o, err := continuity.Restart(services("a 1 60 ; b 2 20 ; c 3 20 ; d 4 30 a"))
	require.NoError(t, err)
	steps, total, err := o.WithCrews(2)
	require.NoError(t, err)
	const minute = time.Minute
	assert.Equal(t, []continuity.Step{
		{Name: "a", Start: 0, Finish: 60 * minute, Crew: 1},
		{Name: "b", Start: 0, Finish: 20 * minute, Crew: 2},
		{Name: "c", Start: 20 * minute, Finish: 40 * minute, Crew: 2},
		{Name: "d", Start: 60 * minute, Finish: 90 * minute, Crew: 1},
	}, steps)
	assert.Equal(t, 90*minute, total)
	for _, crews := range []int{0, -1, math.MinInt} {
		_, _, err := o.WithCrews(crews)
		require.ErrorIs(t, err, continuity.ErrCrews)
	}
	_, total, err = (&continuity.Order{}).WithCrews(1)
	require.NoError(t, err)
	assert.Zero(t, total)
}

func TestRestartFails(t *testing.T) {
	for _, tt := range []struct {
		name  string
		in    []continuity.Service
		paths []string
		cause error
	}{
		{"unknown", services("a 1 1 b ; c 1 1 a x"), []string{"services[0].needs[0]", "services[1].needs[1]"}, continuity.ErrNoService},
		{"itself", services("a 1 1 a"), []string{"services[0]"}, continuity.ErrCycle},
		{"after itself", services("a 1 1 | a"), []string{"services[0]"}, continuity.ErrCycle},
		{"a cycle", services("a 1 1 b ; b 1 1 c ; c 1 1 b"), []string{"services[1]"}, continuity.ErrCycle},
		{"a cycle of both", services("a 1 1 b ; b 1 1 | a"), []string{"services[0]"}, continuity.ErrCycle},
		{"two cycles, and what waits for them", services("z 1 1 a d ; a 1 1 b ; b 1 1 a ; c 1 1 d ; d 1 1 c ; e 1 1"), []string{"services[1]", "services[3]"}, continuity.ErrCycle},
		{"twice", services("a 1 1 ; b 1 1 ; a 1 1"), []string{"services[2].name"}, servicetime.ErrTwice},
		{"no service", []continuity.Service{{Priority: -1, Restart: -1}}, []string{"services[0].name", "services[0].priority", "services[0].restart"}, continuity.ErrService},
		{"a point in the data", []continuity.Service{{Name: "a", RTO: objective("last backup")}}, []string{"services[0].rto"}, continuity.ErrObjective},
		{"too long", []continuity.Service{{Name: "a", Restart: math.MaxInt64}, {Name: "b", Restart: 1}}, []string{"services[1].restart"}, servicetime.ErrLimit},
		{"too many", make([]continuity.Service, continuity.MaxServices+1), []string{"services"}, servicetime.ErrLimit},
		{"too many relations", []continuity.Service{{Name: "a", After: make([]string, continuity.MaxRelations+1)}}, []string{"services"}, servicetime.ErrLimit},
	} {
		o, err := continuity.Restart(tt.in)
		assert.Nil(t, o, tt.name)
		assert.Equal(t, tt.paths, paths(t, err, tt.cause), tt.name)
	}
}

// The message of a cycle, or an unknown name, is what a reader has to find it by.
func TestRestartNamesThePath(t *testing.T) {
	_, err := continuity.Restart(services("a 1 1 b ; b 1 1 | c ; c 1 1 a"))
	require.ErrorContains(t, err, `"a" needs "b" after "c" needs "a"`)
	_, err = continuity.Restart(services("a 1 1 b"))
	require.ErrorContains(t, err, `"a" needs "b"`)
	long := make([]continuity.Service, 10_000)
	for i := range long {
		long[i] = continuity.Service{Name: strconv.Itoa(i), Needs: []string{strconv.Itoa((i + 1) % len(long))}}
	}
	_, err = continuity.Restart(long)
	require.ErrorIs(t, err, continuity.ErrCycle)
	require.ErrorContains(t, err, `"99" needs (9900 more) "0"`)
}

func names(in []continuity.Service) string {
	var out []string
	for _, s := range in {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

// What is needed is restarted with a service, and what needs it does not run without; order alone does neither.
//
//	portal ── needs ──> search ── needs ──> database
//	portal ── after ──> mail   ── needs ──> database
func TestNeededAndBlocked(t *testing.T) {
	all := services("portal 1 1 search | mail ; search 1 1 database ; mail 1 1 database ; database 1 1 ; clock 1 1")
	for _, tt := range []struct {
		of              []string
		needed, blocked string
	}{
		{[]string{"portal"}, "portal search database", "portal"},
		{[]string{"mail"}, "mail database", "mail"},
		{[]string{"search"}, "search database", "portal search"},
		{[]string{"database"}, "database", "portal search mail database"},
		{[]string{"clock", "mail", "clock"}, "mail database clock", "mail clock"},
		{nil, "", ""},
	} {
		got, err := continuity.Needed(all, tt.of...)
		require.NoError(t, err)
		assert.Equal(t, tt.needed, names(got), "%v", tt.of)
		_, err = continuity.Restart(got)
		require.NoError(t, err, "what is needed can be restarted by itself")
		got, err = continuity.Blocked(all, tt.of...)
		require.NoError(t, err)
		assert.Equal(t, tt.blocked, names(got), "%v", tt.of)
	}
	_, err := continuity.Needed(all, "clock", "fax", "telex")
	assert.Equal(t, []string{"names[1]", "names[2]"}, paths(t, err, continuity.ErrNoService))
	_, err = continuity.Blocked(services("a 1 1 b"), "a")
	assert.Equal(t, []string{"services[0].needs[0]"}, paths(t, err, continuity.ErrNoService))
}

// randomServices have no cycle: each waits for some of those with a lower number, and stands anywhere in the list.
func randomServices(random *rand.Rand, n int) []continuity.Service {
	out := make([]continuity.Service, n)
	for i := range out {
		out[i] = continuity.Service{Name: "s" + strconv.Itoa(i), Priority: random.IntN(4), Restart: servicetime.Duration(random.IntN(5)) * servicetime.Duration(time.Minute)}
		for j := range i {
			switch random.IntN(8) {
			case 0, 1:
				out[i].Needs = append(out[i].Needs, "s"+strconv.Itoa(j))
			case 2:
				out[i].After = append(out[i].After, "s"+strconv.Itoa(j))
			}
		}
	}
	random.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// slowOrder tries every service again and again; slowWaves and slowFinish ask all that each waits for.
func slowOrder(in []continuity.Service) (out []string) {
	rank := func(s continuity.Service) int {
		if s.Priority == 0 {
			return math.MaxInt
		}
		return s.Priority
	}
	for len(out) < len(in) {
		best := -1
		for i, s := range in {
			if !slices.Contains(out, s.Name) && startable(in, s, out) && (best < 0 || rank(s) < rank(in[best])) {
				best = i
			}
		}
		out = append(out, in[best].Name)
	}
	return out
}

func startable(in []continuity.Service, s continuity.Service, running []string) bool {
	for _, name := range waits(in, s) {
		if !slices.Contains(running, name) {
			return false
		}
	}
	return true
}

func waits(in []continuity.Service, s continuity.Service) (out []string) {
	for _, other := range in {
		if slices.Contains(s.Needs, other.Name) || slices.Contains(s.After, other.Name) {
			out = append(out, other.Name)
		}
	}
	return out
}

func named(in []continuity.Service, name string) continuity.Service {
	return in[slices.IndexFunc(in, func(s continuity.Service) bool { return s.Name == name })]
}

// slowChain is the longest time, and the most services, of the chains that end with a service.
func slowChain(in []continuity.Service, s continuity.Service) (longest time.Duration, wave int) {
	for _, name := range waits(in, s) {
		d, w := slowChain(in, named(in, name))
		longest, wave = max(longest, d), max(wave, w+1)
	}
	return longest + time.Duration(s.Restart), wave
}

func TestRandomRestart(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 600 {
		in := randomServices(random, random.IntN(8))
		o, err := continuity.Restart(in)
		require.NoError(t, err)
		assert.Equal(t, slowOrder(in), append([]string(nil), o.Names...))
		total, waves := time.Duration(0), 0
		for _, step := range o.Steps {
			longest, wave := slowChain(in, named(in, step.Name))
			assert.Equal(t, longest, step.Finish)
			assert.Contains(t, o.Waves[wave], step.Name)
			total, waves = max(total, longest), max(waves, wave+1)
		}
		assert.Equal(t, total, o.Total)
		assert.Len(t, o.Waves, waves)
		checkPath(t, in, o)
		checkSlack(t, in, o)
		checkCrews(t, in, o)

		// A need more never shortens the critical path.
		if len(in) > 1 {
			more := slices.Clone(in)
			place := func(name string) int { return slices.Index(o.Names, name) }
			i, j := random.IntN(len(in)), random.IntN(len(in))
			if place(in[i].Name) < place(in[j].Name) {
				i, j = j, i
			}
			if i != j {
				more[i].Needs = append(slices.Clone(more[i].Needs), more[j].Name)
				longer, err := continuity.Restart(more)
				require.NoError(t, err)
				assert.GreaterOrEqual(t, longer.Total, o.Total)
			}
		}
	}
}

// checkPath sees that each service of the critical path waits for the one before, and that together they take the total time.
func checkPath(t *testing.T, in []continuity.Service, o *continuity.Order) {
	t.Helper()
	var sum time.Duration
	for i, name := range o.CriticalPath {
		s := named(in, name)
		sum += time.Duration(s.Restart)
		if i > 0 {
			assert.Contains(t, waits(in, s), o.CriticalPath[i-1])
		}
		assert.Zero(t, o.Steps[slices.Index(o.Names, name)].Slack)
	}
	assert.Equal(t, o.Total, sum)
}

// checkSlack is late by the slack of a service, which changes nothing, and by a minute more, which does.
func checkSlack(t *testing.T, in []continuity.Service, o *continuity.Order) {
	t.Helper()
	for _, step := range o.Steps {
		late := slices.Clone(in)
		i := slices.IndexFunc(late, func(s continuity.Service) bool { return s.Name == step.Name })
		late[i].Restart += servicetime.Duration(step.Slack)
		again, err := continuity.Restart(late)
		require.NoError(t, err)
		assert.Equal(t, o.Total, again.Total)
		late[i].Restart += servicetime.Duration(time.Minute)
		again, err = continuity.Restart(late)
		require.NoError(t, err)
		assert.Equal(t, o.Total+time.Minute, again.Total)
	}
}

// checkCrews sees that no service starts before what it waits for runs, that no crew restarts two at once or more crews work than there are, and that no crew is idle while a service could start.
func checkCrews(t *testing.T, in []continuity.Service, o *continuity.Order) {
	t.Helper()
	var sum time.Duration
	for _, s := range in {
		sum += time.Duration(s.Restart)
	}
	for _, crews := range []int{1, 2, 3, len(in) + 1} {
		steps, total, err := o.WithCrews(crews)
		require.NoError(t, err)
		require.Len(t, steps, len(in))
		assert.GreaterOrEqual(t, total, o.Total)
		assert.LessOrEqual(t, total, sum)
		at := map[string]continuity.Step{}
		for i, s := range steps {
			assert.LessOrEqual(t, s.Crew, crews)
			assert.Equal(t, time.Duration(named(in, s.Name).Restart), s.Finish-s.Start)
			if i > 0 {
				assert.GreaterOrEqual(t, s.Start, steps[i-1].Start)
			}
			for _, other := range steps[:i] {
				if other.Crew == s.Crew {
					assert.LessOrEqual(t, other.Finish, s.Start)
				}
			}
			// Ready when all that it waits for ran; from then to its start all crews were busy.
			ready := time.Duration(0)
			for _, name := range waits(in, named(in, s.Name)) {
				require.Contains(t, at, name)
				ready = max(ready, at[name].Finish)
			}
			at[s.Name] = s
			require.LessOrEqual(t, ready, s.Start)
			for m := ready; m < s.Start; m += time.Minute {
				busy := 0
				for _, other := range steps {
					if other.Start <= m && m < other.Finish {
						busy++
					}
				}
				assert.Equal(t, crews, busy)
			}
		}
		if crews == 1 {
			var order []string
			for _, s := range steps {
				order = append(order, s.Name)
			}
			assert.Equal(t, o.Names, append([]string{}, order...))
			assert.Equal(t, sum, total)
		}
		if crews > len(in) {
			assert.Equal(t, o.Total, total)
			for _, s := range o.Steps {
				assert.Equal(t, s.Start, at[s.Name].Start)
			}
		}
	}
}
