package sla

import (
	"fmt"

	"example.com/sla/servicetime"
)

// ReportRules say when the report of a month is due (§5).
type ReportRules struct {
	Clause string `json:"clause"`
	// ServiceTime names the calendar whose business days a report is delivered on.
	ServiceTime string `json:"service_time"`
	// DueDay is the day of the following month, 1 to 28. That it is not rolled where it is no business day is an interpretation, without an option: the report
	// shows the business day before.
	DueDay int `json:"due_day"`
	// Content says of each section of the monthly report, by its name, whether it must be there (§5.1): [Sections]. One that is left out is required
	// if the agreement has rules for it.
	Content map[string]Requirement `json:"content,omitempty"`
	// ContentClause is the clause of Content.
	ContentClause string `json:"content_clause,omitempty"`
}

func (c *compiler) reportDue() {
	r := c.agreement.Report
	if r == nil {
		return
	}
	c.reportDays = c.calendar("report.service_time", r.Clause, r.ServiceTime)
	if r.DueDay < 1 || r.DueDay > 28 {
		c.fault("report.due_day", r.Clause, "bad_request", fmt.Sprint(r.DueDay), fmt.Errorf("%w: write a day that every month has, 1 to 28", servicetime.ErrText))
	}
}

// ReportDue is when the report of a month is due, and the business day on or before it: where the two differ the due date is none, and the agreement
// does not roll it (§5).
//
// It returns an error:
//   - wrapping [ErrNotJudged] if the agreement does not say when,
//   - wrapping [servicetime.ErrRange] if a date lies outside the years 1970 to 2200.
func (r *Rules) ReportDue(month servicetime.Month) (due, businessDay servicetime.Date, err error) {
	if r.reportDays == nil {
		return due, businessDay, fmt.Errorf("sla: when the report of %s is due: %w", month, ErrNotJudged)
	}
	next, _ := month.Add(1).Dates()
	due = next.AddDays(r.agreement.Report.DueDay - 1)
	businessDay, err = r.reportDays.Preceding(due)
	return due, businessDay, err
}
