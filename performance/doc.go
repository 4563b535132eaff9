// Package performance decides whether calls were answered fast enough (§4.8), and whether they were answered at all (§4.10):
//
//	within 7 s (+1.5 s a person): 91.20 %, goal 90 %: met; slowest 11.8 s: met
//
// A [Rule] holds what was agreed: a [Limit] each for 7 s and 12 s, the largest group, the delivery precision, the opening hours. A [Tally] counts calls
// ([Call]), any number of them from any number of places, and gives the [Result] under the rule.
//
// # What is judged
//
// A call about n persons has its own limits: 7 s + 1.5 s × (n − 1), inclusive, compared in whole nanoseconds. A limit is met when its share of the calls is within it, and
// "the remaining 10 %" of §4.8 is a limit of 100 %. Of a call the first of these is true:
//
//	invalid          outside the years 1970 to 2200, no person or too many, an impossible response
//	a leg            to the base service of a provider: in no figure but the provider's
//	outside hours    received while the service is closed
//	over capacity    if the rule takes it out (§4.7)
//	judged           against the limits
//
// The delivery precision is answered calls, of all that are valid and in its hours, shown as deviations.
//
// A call is received in opening hours if its first instant is, 16:59:59.999 too, whenever it is answered. Who is to blame for a call that was not answered is
// counted where the record says, and moves no verdict.
//
// # Interpretations
//
//   - Calls that were not answered, those out of hours, those over capacity and group sizes have readings: fields of [Rule].
//   - Calls over capacity that leave the performance base stay in the delivery precision (§4.7). There is no option.
//   - [Rule].PrecisionHours may differ from Hours, since §4.10 speaks of all calls.
//   - Without a call there is no data, which is not 100 %. A month of nothing but unanswered calls has no share within 7 s, unless they fail.
//   - Legs are measured by the limits of the composite call, by the same readings, and not judged (§3.1.2).
//
// # Units
//
// Times are time.Duration, shares are calls of calls, hours of the day are those of the wall clock in the zone of the opening hours, UTC without any. No float takes part.
// [Percentiles] are for reading: they are never too low, and too high by less than 1 ms + 1/128; the longest response is exact. No verdict uses them.
//
// # Size
//
// A tally under the two limits of §4.8 holds about 55 kB, 38 kB more for each of (opening hours or not, over capacity or not) that has answered calls, and about 300 bytes for each
// provider, of which it tells [MaxProviders] apart. It does not grow with calls. Adding one that comes roughly in the order of time takes some ten nanoseconds, with opening
// hours or without, and in no order at all less than a microsecond.
//
// # Errors
//
// [ErrReading] and [ErrLimit] are of rules, [ErrPersons], [ErrResponse] and [servicetime.ErrRange] of calls, [ErrTerms] of tallies that do not go together, [ErrTally] of what is none.
// Invalid calls are no errors of a tally: it counts them, by reason.
//
// # What it does not do
//
// It does not know months: give each its own tally. It does not decide whether the answer of some base services is an answer, nor what the agreed capacity is.
package performance
