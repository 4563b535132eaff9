// Package continuity decides whether a service can come back (§4.12): how long a disruption lasted, how much data it cost, whether backups and
// tests are as frequent as agreed, and in which order services are restarted.
//
// A [Rule] holds [Objectives] and judges [Records], that is disruptions, backups and tests, as of an instant into a [Result]. [Rule.LossAt] is the
// achieved RPO at one instant. A [Schedule] says when backups are to be taken, and which runs are missing. [Restart] puts services into an [Order]
// with waves, critical path and slack; [Order.WithCrews] is the same with a limited number of hands. [Rule.Conflicts] and [Rule.ChainConflicts] say
// what the objectives contradict.
//
// # Objectives
//
// The table of §4.12.1 is blank. An objective that is not agreed is the zero [Objective], and its verdict is not agreed: neither met nor
// missed, whatever was measured, which is reported all the same. Nothing to judge is no data.
//
//	RTO           Maximal tidsrymd för återställning   immediate, 72 h, 1 working week     how long a disruption may last
//	RPO           Punkt att återställa till            last transaction, 4 h, last backup  the point in the data to return to
//	backup_every  Frekvens för säkerhetskopiering      24 h, 1 day
//	test_every                                         365 days                            how often the plan is verified
//	WRT                                                8 h                                 work recovery time, from restoration back to normal
//	MTPD                                               5 days                              maximum tolerable period of disruption, back to normal
//	MBCO                                               30%                                 minimum business continuity objective, kept up meanwhile
//
// The last three are of the field, and not of the text.
//
// # Time
//
// An objective is kept at its figure itself, and missed beyond it. Hours run on the wall clock. A working week is 5 business days, due as EXCL_DATE_CLOSE:
// the date of the start is not counted. A day ends by the same wall clock time: it has 23 to 25 hours where clocks
// change, which 24 h never has. [Rule] has the options.
//
//	disruption       |-----------|              RTO: its length
//	copies    d--u        d---u                 RPO: from d, the data of the newest copy usable by the start
//	loss      |------|
//
// A copy is usable when it is both completed and verified. So the loss grows up to the moment at which the next is usable, and an RPO is
// kept at all times only if that one's moment lies within the RPO of this one's data point.
//
//	data points   d1          d2          d3
//	usable            u1          u2          u3
//	exposure      |---------------|
//	                          |---------------|
//
// # As of
//
// Now is an argument: what came after it is not known. A disruption that has not ended, and the time since the last backup or test, count
// up to it, and are judged by their length so far. A period takes what has an instant in it, each from its own beginning, in whichever period that
// lies, up to the end of this one. So what runs over the end of a month is found in the month in which it grows too long: WRT and MTPD up to the day
// when work was normal again, however long ago the service came back.
//
// A later run of an old month differs only by what came to be known of it after its end:
//   - a copy verified late, for the frequency,
//   - DataAt of a disruption that was restored later, for its RPO,
//   - Restored of a test that went on, for its RTO and RPO,
//   - Normal, for the figures of WRT and MTPD where neither is agreed.
//
// # Interpretations
//
//   - A copy that was not verified is none, for RPO and for frequency. The frequency is measured from data point to data point.
//   - What the records do not show has not been: before the first copy a period's frequency and exposure are unbounded, and work that is not shown to
//     be normal again is not, where WRT or MTPD is agreed. Of backups this needs one record, of whatever outcome.
//   - Immediate is no time at all on the clock of the hours.
//   - Last backup is kept where the service came back with data no older than the newest usable copy, however old that is, and missed without any
//     copy, also where something else gave the data back.
//   - Disruptions are judged each by itself, also where two overlap.
//   - Each test counts for its period, whether it succeeded or not, and a real use of the plan does not ([Rule].UseVerifies).
//   - Hours of RPO and of frequencies are on the wall clock also where those of RTO, WRT and MTPD are not ([Rule].Hours).
//
// # Restart
//
// A service starts after all that it needs, and after those named as after, if they are restarted too. After is order alone: it adds no service to a
// restart ([Needed]), and what does not come back does not hold others up by it ([Blocked]).
//
// # Errors
//
// Faults of data are each a [*servicetime.Fault] with its path, such as backups[3].done_at, all at once. Instants lie in the years 1970 to 2200.
//
// # What it does not do
//
// It takes no backup, restarts nothing, and does not know whether a disruption was total: give it those that are.
package continuity
