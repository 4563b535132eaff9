// Package priority decides how urgent a ticket is, and whether it was handled in time (§4.3 to §4.5).
//
// A [Matrix] gives a [Level] from impact and a second axis; for SSBTEK that is [Timing], computed from an
// instant and the opening hours. A [Rule] replays a [Ticket] as of an instant into a
// [Judgement]: a [Clock] for the response (received → started) and one for the resolution (received →
// fixed and reported back), each with due, elapsed time and [State]. A [Tally] counts outcomes.
//
// Nothing is stored or shifted: the state at any instant in the life of a ticket is a pure function of its
// record and that instant.
//
// # Met
//
// An hour target is met with elapsed ≤ target, a day target with done ≤ due (§4.3.1). A breach
// is the first instant at which that no longer holds, whether or not the ticket is done later.
//
// # Pauses
//
// Waiting for someone else is measured always, and moves a due only where the rule says so (§3.3.1).
package priority
