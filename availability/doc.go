// Package availability decides whether a service was up (§4.1, §4.6, §4.9): how long it was down in its opening hours, how often it was
// interrupted, and whether that is within what was agreed.
//
// A [Rule] measures outages ([Outage]) and service windows ([Window]) of a period against opening hours into a [Measurement]. A [Limit] judges
// it: 98 % a month, 62 h a year, 4 interruptions a month. A [Tally] gathers records from any number of places, to be merged and measured
// later. A [Composition] makes one service of several: k of n, in series, in parallel. A [Sampling] turns what a monitor saw, an [Event] each,
// into outages. A [Ladder] gives the service credit for what was achieved. A [Change] is judged by when it was communicated ([NoticeRule]), and
// [Meetings] say when extra opening and extended windows are decided.
//
// # What is true of an instant
//
// The first of these that applies:
//
//	closed      outside the opening hours: nothing is judged (§4.1)
//	excused     in a planned window, or an announced overrun of one (§4.6.1)
//	down        in an outage, an unannounced overrun, or a window that was not decided
//	degraded    with disturbance (§4.9)
//	unknown     not observed
//	up
//
// So open time is up, down or excused, with degraded time a part of up unless a rule says otherwise, and with unknown time taken off.
// What happens at night has no part in any figure.
//
// # Interruptions
//
// Outages that overlap or touch are one, and so is one that spans nights, or is cut by an excused window. It is an interruption if it has open, unexcused time,
// and belongs to the period in which the first of that lies. Its length is that of the whole of it, up to as-of, also
// where it runs over the end of the period; the down time of the period is only what lies in it.
//
// # As of
//
// Now is an argument. What came after it is not known: an outage that had not ended then counts to it, and the future part of a period is no time
// yet. A period without open time has no verdict.
//
// # Interpretations
//
//   - The whole of a window that was not decided is downtime, planned and overrun, announced or not, and an early finish does not shorten it (§4.6.1).
//   - A window whose actual end is not known ended as planned.
//   - A window of which the record shows no decision is taken as decided, and excused time wins over an outage in it ([PlannedAsObserved] excuses nothing).
//   - Excused time stays in the base ([PlannedRemoved]); the share without it is [Measurement.WithoutExcused].
//   - Of those asked three must answer, or all where fewer are asked ([Quorum]).
//   - Notice is given by date ([NoticeBy]); a meeting on a date that is no business day is not held ([OnHoliday]).
//   - Interruptions are counted in the period of their first open second; §4.9.1 does not say. There is no option.
//   - [Rule].MinLength and MinGap are wall-clock time, before opening hours and excused windows are looked at. §4.9 has neither.
//
// # Units
//
// All durations are open time, exact to the nanosecond; a share is nanoseconds of nanoseconds. No float takes part. Records lie in the years 1970 to 2200, and the
// sums of one service fit 292 years; pooled ones say so if they do not.
//
// # Size
//
// A tally holds 16 bytes for each outage that touches no other, and room for as many again. A million outages in the order of their start take some 20 ms to add and measure.
//
// # Errors
//
// Every error wraps a sentinel of this package or of servicetime. Faults of records and rules are [*servicetime.Fault], with the path of the field, all of them at once. No error comes
// from a record that is merely of another time, from one that no opening hours see, or from measuring time that is not there.
//
// # What it does not do
//
// It does not know what a ticket is, which incident caused an outage, or what a credit is worth.
package availability
