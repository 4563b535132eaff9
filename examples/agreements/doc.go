// Package agreements reads files of agreements for programs.
//
// [Load] reads JSON and YAML, by the file's extension, and finds all faults of a file at once, each with file, line, column and path:
//
//	mine.yaml:12:9: incidents.goal "90": §4.3.1: compliance: goal "90": not a percentage, write "90%"
//
// An agreement may name the holidays of the countries in [Holidays], beside those of package servicetime.
//
// # YAML
//
// YAML is another spelling of the same JSON: a file is turned into it, and what package sla finds there is told at its place in the YAML text. Lines end with
// \n and columns are bytes, both from 1, as in JSON. Comments are free, and so are flow and block styles, quotes, and texts of several lines.
//
// What is not in quotes is read as the JSON schema of YAML 1.2 has it, and no more:
//   - true and false, also as True and TRUE, are booleans; null, Null, NULL, ~ and nothing at all are null, which no agreement has,
//   - a number is one if it is a number of JSON: 20, 1.5, -1. So 0x10, 010, +1, .5 and 1_000 are texts,
//   - anything else is a text: off, on, yes, no, 08:00, 22:00-06:00, 2026-12-31, 98%, N/A.
//
// A text that looks like a number or a boolean stands in quotes: version: "1.0".
//
// A file is one document, in UTF-8 without a byte order mark. Refused are anchors, aliases and merge keys, since every rule stands where it holds; tags; and keys
// that are no texts. Nothing in a file can make it expand, and neither the file nor its JSON may be larger than [sla.MaxBytes].
package agreements
