package capacity

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// MaxServers is the largest number of servers that a sizing tries.
const MaxServers = 1_000_000

// ErrSizing is the cause where a sizing is asked for what cannot be.
var ErrSizing = errors.New("not a load to size for")

// Little is the mean number of calls at once when so many come in a time and last so long: Little's law, in any order of coming and lasting. It shows what the three units in
// one cell of §4.7 mean: 3 calls a second of 7 s each are 21 at once. It is for reading, and 0 where in is no time.
//
// It is also the load offered to the functions of Erlang, in erlangs.
func Little(calls int64, in, lasting time.Duration) float64 {
	if in <= 0 {
		return 0
	}
	return float64(calls) * (float64(lasting) / float64(in))
}

// ErlangB is the share of calls that find all servers busy, and go away: the blocking of an offered load in erlangs, 0 to 1. Calls come
// independently of each other (a Poisson process); how long they last matters only by its mean.
//
// It is for reading, as all of Erlang's: plain float64 arithmetic, the same on every machine.
//
// It returns an error wrapping [ErrSizing] if the load is negative or no number, or the servers are negative or more than [MaxServers].
func ErlangB(servers int, load float64) (float64, error) {
	if err := sizeable(load); err != nil {
		return 0, err
	}
	if servers < 0 || servers > MaxServers {
		return 0, fmt.Errorf("capacity: %d servers: %w: from 0 to %d", servers, ErrSizing, MaxServers)
	}
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = blockedBy(n, load, b)
	}
	return b, nil
}

// ErlangC is the share of calls that find all servers busy, and wait: the probability of waiting of an offered load in erlangs, 0 to 1. It is 1
// if there is a load as large as the servers are many, where the queue never ends, and 0 without a load. Calls come as for [ErlangB], and last exponentially.
//
// Its errors are those of [ErlangB].
func ErlangC(servers int, load float64) (float64, error) {
	b, err := ErlangB(servers, load)
	if err != nil {
		return 0, err
	}
	return waiting(servers, load, b), nil
}

// ServersB is the fewest servers with which at most a share of the calls is blocked, 0 < share ≤ 1.
//
// It returns an error wrapping [ErrSizing] if the load or the share is none, or would need more than [MaxServers].
func ServersB(load, share float64) (int, error) {
	return servers(load, share, func(_ int, b float64) float64 { return b })
}

// ServersC is the fewest servers with which at most a share of the calls waits, 0 < share ≤ 1.
//
// Its errors are those of [ServersB].
func ServersC(load, share float64) (int, error) {
	return servers(load, share, func(n int, b float64) float64 { return waiting(n, load, b) })
}

func servers(load, share float64, busy func(n int, b float64) float64) (int, error) {
	if err := sizeable(load); err != nil {
		return 0, err
	}
	if !(share > 0 && share <= 1) {
		return 0, fmt.Errorf("capacity: a share of %v: %w: over 0, and at most 1", share, ErrSizing)
	}
	b := 1.0
	for n := 0; n <= MaxServers; n++ {
		if n > 0 {
			b = blockedBy(n, load, b)
		}
		if busy(n, b) <= share {
			return n, nil
		}
	}
	return 0, fmt.Errorf("capacity: a load of %v: %w: it needs more than %d servers", load, ErrSizing, MaxServers)
}

func sizeable(load float64) error {
	if !(load >= 0) || math.IsInf(load, 1) {
		return fmt.Errorf("capacity: a load of %v: %w", load, ErrSizing)
	}
	return nil
}

// blockedBy is Erlang's B of n servers from that of one fewer. The conversions keep compilers from fusing a product with a sum, which some
// machines would and others not.
func blockedBy(n int, load, b float64) float64 {
	blocked := float64(load * b)
	if math.IsInf(float64(n)+blocked, 1) {
		return 1
	}
	return blocked / (float64(n) + blocked)
}

// waiting is Erlang's C from his B.
func waiting(n int, load, b float64) float64 {
	if load >= float64(n) {
		if load == 0 {
			return 0 // nobody comes
		}
		return 1
	}
	return b / (1 - float64((load/float64(n))*(1-b)))
}
