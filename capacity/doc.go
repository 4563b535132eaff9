// Package capacity decides whether calls stayed within what was agreed, and how near they came (§4.7): the most in a second, a minute, an hour, the most
// at once, against each limit, and when growth will meet it.
//
// A [Tally] counts calls on the clock, and merges from any parts. A [Timeline] measures what the order of calls decides, sliding windows, calls at once,
// buckets, and merges from stretches of time that follow each other. A [Limit] is data; [Judge] applies limits to the two. A [Limiter]
// says which calls are beyond a limit, one by one. [Users] counts who called (§5). [Little], [ErlangB] and [ErlangC] size, and a [Growth] foresees.
//
// # Limits
//
// §4.7 has three units in one cell, under a heading with a fourth: "3 calls/second or at most 200 simultaneous calls/minute". So each limit names its
// kind, its window and its model, and whether it binds or advises:
//
//	200 calls per calendar minute                      count, calendar    binds: the preset's reading
//	3 calls per second on average over a minute, 180   rate, calendar     advises
//	21 to 36 calls at once                             concurrency        3 per second of 7 to 12 s each, by Little's law
//
// A figure that is just reached meets its limit. Exceeding one flags the windows that did, and exempts nothing; where the calls of a minute from the 201st on
// shall leave another base, a Limiter tells which these are.
//
// # Time
//
// Calls at all hours count. Calendar windows begin at whole multiples of their length since 1970-01-01 UTC; they divide an hour, so that they are the windows of every
// zone that is whole hours from UTC. A sliding window is [t, t+w) with t at the start of a call. A call occupies [start, start+duration): one that lasts no
// time occupies nothing, and one that ends at an instant is gone when another starts there. Of equal peaks the earliest is told. Instants and durations are exact to
// the nanosecond, and lie in the years 1970 to 2200.
//
// # Calls out of order
//
// A tally takes any order. A timeline takes calls up to [Lateness] behind the newest, and refuses later ones, counted and with an error: what it says is
// right of all the calls that it took. A limiter, which must answer at once, takes the order of time alone.
//
// # Merging
//
// All state is integers. Counts and calendar peaks merge in any order from any parts; what the order of calls decides merges for stretches of
// time that follow each other, in any grouping, and not for others, which is an error. Either way the merged state is bit for bit that of the whole, and so are its binary and text forms. (A tally
// keeps this promise while no second has more than 2³²−1 calls.)
//
// # Floats
//
// Limits, peaks, spells and verdicts are integers. What is for reading, and no verdict, may be a float64: the mean concurrency, Little's law, Erlang's formulas, the
// slope of a trend. They use + − × ÷ and the exact square root alone, none of which differ by machine. The month in which a trend reaches a figure is
// computed by integers.
//
// # Size
//
// A tally holds 14 KiB for each hour with calls, 11 MB for a month, whatever the number of calls. A timeline holds some 16 bytes for each call of the fullest minute and 8 for each
// at once, and 16 for each that waits for late ones.
//
// # What it does not do
//
// It does not know opening hours, whether a call was answered, or how fast: package performance does. Spells over a limit are told of calendar limits alone. It limits
// nothing itself.
package capacity
