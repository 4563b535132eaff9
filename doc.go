// Package sla applies service-level agreements that are values: data that can be read, checked and applied, exactly
// and with the clause, to what happened.
//
// The flow is one way:
//
//	text → Agreement (data) → Compile → Rules → judged records → Month → Report
//
// [SSBTEK] is the agreement that the package exists for, the underpinning contract of the Swedish composite service
// for financial aid; [Load] reads and compiles any other, with all its faults at once ([Parse] and [Agreement.Compile] are its halves). It needs a loader of
// time zones (time.LoadLocation) and returns [Rules], which judge single tickets ([Rules.Judge]), tally months ([Rules.Month],
// [Rules.Evaluate]), and say what they contradict themselves ([Rules.Review], [ReviewChain]). [Diff] and [CompareMonth] compare two versions.
//
// # Reading order
//
// Package servicetime says when a clock runs, package compliance whether a share is enough, package priority how
// urgent a ticket is and whether it was in time, package availability whether a service was up, package
// performance whether it was fast and answered, package capacity how much it was asked, package
// continuity whether it can come back. Package sla ties them to an agreement and a month.
//
// # What it does not do
//
// It reads no clock: now is an argument, asOf. It opens no files, stores no tickets and sends nothing. It does
// not decide what a text means where the text is silent: such readings are fields with names
// ([Readings]), and a report prints which were used.
package sla
