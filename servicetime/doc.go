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
// # Strange places
//
// One rule decides them all: what does the wall show? Tests name each by place and date.
//
//   - A missing midnight (Sao Paulo 2018-11-04, Havana, Santiago, Beirut): the date begins at the first instant after the gap.
//   - A repeated midnight (Havana 2019-11-03): it is the first. An hour shown twice is open twice.
//   - A window within a gap (Lord Howe 2019-10-06 02:00-02:30) is never open. Its date is still a business day, as
//     its rule says.
//   - A missing date (Apia 2011-12-30) is no business day. A night window that opens on the date before ends where
//     the date would have begun, and the tail of the missing date's own window is open on the next.
//   - Behind the end of a zone's table (2037) its last rule goes on, to 2200.
//   - A break that cuts the evening off a night window leaves a business day, though it opens on the next date.
//   - CUTOFF and INCL conventions count the date of receipt; their due may lie before a receipt that came after closing.
//   - The machine's own zone has no say.
//
// # Dates
//
// A business day is a local date on which a window of the schedule opens: after holidays, dated
// replacements and breaks, and not counting extra openings or the tail of a night window from the date
// before. A date that no clock in the zone showed (Apia 2011-12-30) is none, but targets in calendar days count
// it. The closing of a business day is the end of its own last window, which may lie on the next date. A
// combination of calendars has no rules of its own: a business day of it is a date with open time.
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
// forgotten instant is an error. Nothing is guessed.
//
// # Explanations
//
// [Calendar.Explain] says what became of each instant of a span, and [Calendar.ExplainDue] what a target consumed until its
// due; [Summary] says it in a line. They cost nothing unless asked for. [Both], [Either] and [Except] make a calendar of two.
//
// # Size
//
// A compiled Monday to Friday calendar holds about 1.2 MB and takes about 2 ms to compile; the largest
// schedules accepted about 6 MB and 50 ms. A calendar is immutable and safe for any number of goroutines.
//
// # What it does not do
//
// It reads no clock, no environment and no files, and does not know what a ticket is.
package servicetime
