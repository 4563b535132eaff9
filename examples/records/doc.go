// Package records reads the records of a month from files into [sla.Month]: tickets as their systems export them, outages, service windows, changes, calls,
// users, disruptions, backups and tests of continuity.
//
//	folder, err := records.Open(records.Options{Zone: "Europe/Stockholm"}, "october")
//	…
//	latest, err := folder.Survey(rules) // where the last instant of the tickets is asked for
//	month, err := rules.Month(october, asOf)
//	quality, err := folder.Feed(rules, []*sla.Month{month}, nil)
//
// Files have the names that README.md beside this package lists, with a table of each one's columns. What the columns of a ticket system's export mean is data,
// an [Export]: seven are built in.
//
// # Faults
//
// A row that cannot be read is left out, counted, and listed with line, column, field and why; all faults of a row are found. The [Quality] of the files says
// how many rows were counted and how many were not, and which kinds of records there are none of: then the report is a partial one. What makes all that follows
// unknown, such as a quote that is not closed, JSON that is cut off or a row of [MaxRow], ends the reading with an error.
//
// # Memory
//
// Files are streamed, gzip and JSON too, and no record is kept: of a ticket 8 bytes, so that a number that comes again is found. A million tickets and ten
// million calls take 52 MiB.
//
// # What it does not do
//
// It makes no pause of a time that a system tells without its begin and end, and takes no system's word for whether a ticket was in time.
package records
