// Package calls reads logs of calls fast: CSV in, calls out, in batches.
//
//	received,persons,response_ms,provider,error
//	2026-10-05T08:00:00.250+02:00,1,4210,,
//	1791180000250,3,,fk,timeout
//
// # File
//
// CSV of RFC 4180 in UTF-8, plain or gzip, separated by commas or, if the header has more of them, by semicolons. A byte order mark is
// skipped. Lines end in LF or CRLF; blank lines are skipped; the last line end may be missing. A cell in quotes may hold separators,
// line ends and doubled quotes. The header names the columns, in any order; each name is trimmed and case counts.
// A row is shorter than [MaxRow]. Memory does not grow with the file. Read fastest are the columns above, in that order, with commas, Unix
// milliseconds and without quotes; RFC 3339 takes twice as long, and quotes ten times.
//
// # Columns
//
//   - received, needed: when the operator's record says that the call started. RFC 3339 with its offset, in letters of any case, T or a space between date and
//     time, any fraction of a second (beyond nanoseconds it is cut off); or Unix milliseconds of 12 digits or more: fewer would
//     be before March 1973, and are seconds by mistake. Years 1970 to 2200.
//   - persons, needed: a whole number. What is not from 1 to 10 is delivered: the agreement counts it as invalid (§4.8), which is not
//     the same as unreadable.
//   - response_ms, needed: whole milliseconds from 0 to 24 h. Empty is a call that was not answered.
//   - provider: of a leg to one base service; empty, or no such column, is the composite call.
//   - error: empty, 0 or false, in any case of letters, is no error. Anything else is one, a code or a text, and an error is no
//     answer (§4.10): response_ms is then how long it took until the error.
//
// Blanks around a cell's text are dropped. Other columns are not used, which [Stats] notes.
//
// # Bad rows
//
// A row that cannot be read is left out, counted, and explained: each fault is a [servicetime.Fault] with line, column, the column's name
// as Path, and the text. All faults of a row are found. These are faults: a cell that is missing or not of the form above (NaN, a
// fraction, 1e3, a number that overflows), a date or time of day that does not exist, a local time without offset, a year outside 1970
// to 2200, a negative or absurd response, another number of cells than the header has, a quote within a cell, NUL, a CR that ends no line, a row of
// [MaxRow] or more, and a last row that is cut off.
//
// What makes all that follows unknown ends the reading with an error: see [Read].
package calls
