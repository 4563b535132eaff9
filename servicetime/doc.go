// Package servicetime decides when a clock of a service-level agreement runs: whether a service is open at
// an instant, how much open time lies between two, and when a target is used up.
//
// A [Schedule] is data: zone, week, holidays, dated replacements, breaks, extra openings. [Compile] turns it into
// a [Calendar], which answers in constant time whatever the span.
//
// # Time
//
// Spans are half-open, [From, To), everywhere: a window 08:00-17:00 is open at 08:00:00 and closed at
// 17:00:00. Windows lie on whole minutes of the wall clock, extra openings on whole seconds; instants
// and pauses may be finer, to the nanosecond.
//
// An instant is open if a wall clock in the zone then shows a time inside a window of its local date, or
// of the night window of the date before. So real elapsed time counts: a 22:00-06:00 night is 7 hours when
// clocks go forward and 9 when they go back, and a window with an edge in a repeated hour may open twice. A
// wall time turned into an instant is the first of two, and where clocks went forward over it, later by the gap.
//
// # Dates
//
// A business day is a local date on which a window of the schedule opens: after holidays, dated
// replacements and breaks, and not counting extra openings or the tail of a night window from the date
// before. A date that no clock in the zone showed (Apia 2011-12-30) is none. The closing of a business day is
// the end of its own last window, which may lie on the next date.
//
// # Targets
//
// Elapsed time, business days and calendar days are three kinds and never converted into each other. A
// [Target] is of one kind, and a [Convention] says how that kind counts. A target that is used
// up exactly at closing is due at closing, and met until the next opening: elapsed ≤ target (§4.3.1).
//
// # Range
//
// A calendar covers the local dates 1970 to 2200. Outside it, Elapsed, Add, Due and the others that return
// an error return one wrapping [ErrRange]; Open is false, and [Calendar.Covers] tells. The zero time.Time is outside, so a
// forgotten instant is an error. Nothing is clamped or guessed.
//
// # Size
//
// A compiled Monday to Friday calendar holds about 1.1 MB and takes about 2 ms to compile; the largest
// schedules accepted about 6 MB and 50 ms. A calendar is immutable and safe for any number of goroutines.
//
// # What it does not do
//
// It reads no clock, no environment and no files, and does not know what a ticket is.
package servicetime
