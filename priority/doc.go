// Package priority decides how urgent a ticket is, and whether it was handled in time (§4.3 to §4.5).
//
// A [Matrix] gives a [Level] from impact and a second axis; for SSBTEK that is [Timing], computed from an
// instant and the opening hours. A [Rule] replays a [Ticket] as of an instant into a
// [Judgement]: a [Clock] for the response (received → started) and one for the resolution (received →
// fixed and reported back), each with due, elapsed time and [State], and with an explanation of both. A [Policy] is the
// rules of all levels, for tickets whose priority changes. A [Tally] counts outcomes. An [ImpactRule] derives
// the impact from an [Observation].
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
// Waiting for someone else is measured always, and moves a due only where the rule says so (§3.3.1). What lies between a
// resolution and a reopening does not count, unless the rule says so; it moves a due as a pause does, a target in days only if
// it holds open time before the due. As of an instant in it the ticket is resolved, since nobody knows of the reopening
// yet; so a reopening can change what an earlier report counted.
//
// # Changes of priority
//
// Each time is judged by the priority in force when it was reached, or as of now while it runs; by the first, or from the
// change on anew, where the policy says so (§4.3). A target that a change makes shorter is exceeded at the earliest at the change.
//
// # Updates
//
// A target for updates recurs: from each update to the next, on the ticket's calendar, until the resolution clock stops. It
// has no part in the outcome of a ticket.
package priority
