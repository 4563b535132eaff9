// Package compliance decides whether a share reaches an agreed goal, and by how
// much: 412 of 447 incidents in time, where 90 % is agreed, is met, with nine
// misses left.
//
// A [Share] is what happened, two counts. A [Goal] is what was agreed, an exact
// percentage. A [Verdict] is the answer:
//
//	share        goal         verdict
//	any          not agreed   not agreed
//	0 of 0       90 %         no data      never 100 %
//	impossible   90 %         no data      see Share.Check
//	9 of 10      90 %         met          the goal itself is enough
//	89 of 99     90 %         missed
//
// "No target" is the fifth verdict. No share has it: it is for the rooms above,
// where a cell of the agreement says N/A, which is neither zero nor forgotten.
//
// # Units and ranges
//
// Counts are of anything that is met or missed one at a time: tickets, calls,
// seconds of open time. They go from 0 to 2⁶³−1. A goal goes from 0 % to 100 %
// in steps of a billionth of a percent, so 99.999999999 % is exact.
//
// # Exactness and rounding
//
// A share meets a goal when met ⁄ total ≥ goal, compared as integers of 128 bits.
// No float takes part, in the verdict or in the text.
// §4.8 says "at least 90 %", §4.10 "at least 98 %"; §4.3.1, §4.4 and §4.5 just
// "90 %". That these mean at least too is an interpretation. It has no option: by
// "more than" a goal of 100 % could not be met, by "exactly" doing better would miss.
//
// A printed percentage is rounded half-up to two decimals. Where that would
// contradict the verdict, as 97.996 % printed "98.00" against a missed goal of
// 98 %, it gets as many more decimals as are needed ([Share.Percent]).
//
// # Zero values
//
// The zero Share is no data, the zero Goal is not agreed (a goal of 0 % is
// agreed, and met by any data), the zero Verdict is no data. None of them reads as met.
//
// # Errors
//
// [ErrGoal], [ErrShare] and [ErrVerdict] are the three causes; the errors that wrap
// them quote the input. No error comes from judging: a share that cannot be is
// judged as no data, and [Share.Check] says why at the place where it was read.
// Reading JSON is left to encoding/json, which by itself accepts unknown and
// duplicate keys and does not check a share.
//
// The package does not count, and it does not know when: tallies, months and
// clauses belong to the packages that use it.
package compliance
