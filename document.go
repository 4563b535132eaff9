package sla

import (
	"encoding/json"
	"maps"
	"slices"

	"example.com/sla/servicetime"
)

// A Text is what people read, by language ("sv", "en"). In JSON it is an object of texts by language, or one text for all languages, which then
// has the key "".
type Text map[string]string

// In is the text in a language; else that for all languages, else English, else the first by language.
func (t Text) In(language string) string {
	for _, l := range []string{language, "", "en"} {
		if s, there := t[l]; there {
			return s
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		return t[l]
	}
	return ""
}

// MarshalJSON writes one text for all languages as it is, and others by language.
func (t Text) MarshalJSON() ([]byte, error) {
	if s, there := t[""]; there && len(t) == 1 {
		return json.Marshal(s)
	}
	return json.Marshal(map[string]string(t))
}

// A Party is one side of the agreement.
type Party struct {
	Clause string `json:"clause"`
	// Role is what it does: operator, provider, customer.
	Role string `json:"role"`
	// Name is left out where the agreement leaves it blank.
	Name  string `json:"name,omitempty"`
	Title Text   `json:"title,omitempty"` // of the role
}

// Validity is when a version of an agreement holds, both dates included. A date that is left out is an open end.
type Validity struct {
	From servicetime.Date `json:"from,omitzero"`
	To   servicetime.Date `json:"to,omitzero"`
}

// Holds reports whether the version holds on a date.
func (v Validity) Holds(d servicetime.Date) bool {
	return (v.From == (servicetime.Date{}) || v.From.Compare(d) <= 0) && (v.To == (servicetime.Date{}) || v.To.Compare(d) >= 0)
}

// String is the dates: 2026-01-01 – 2026-12-31.
func (v Validity) String() string {
	switch {
	case v == Validity{}:
		return "always"
	case v.To == (servicetime.Date{}):
		return "from " + v.From.String()
	case v.From == (servicetime.Date{}):
		return "to " + v.To.String()
	}
	return v.From.String() + " – " + v.To.String()
}

// A Service is one of several that an agreement is about. What it has of its own is instead of what the agreement has.
type Service struct {
	Clause       string             `json:"clause"`
	Title        Text               `json:"title,omitempty"`
	Incidents    *TicketRules       `json:"incidents,omitempty"`
	Orders       *TicketRules       `json:"orders,omitempty"`
	Problems     *TicketRules       `json:"problems,omitempty"`
	Availability *AvailabilityRules `json:"availability,omitempty"`
	Performance  *PerformanceRules  `json:"performance,omitempty"`
	Capacity     *CapacityRules     `json:"capacity,omitempty"`
	Continuity   *ContinuityRules   `json:"continuity,omitempty"`
}

// A Duty is agreed without a figure: a report lists it as not measured.
type Duty struct {
	Clause string `json:"clause"`
	Text   Text   `json:"text,omitempty"`
}

// An OpenPoint is a place where the text of the agreement is silent, or contradicts itself, in words that no rule of the data shows. [Rules.Review]
// reports it.
type OpenPoint struct {
	// Code names the point: lower-case words and hyphens.
	Code    string   `json:"code"`
	Clauses []string `json:"clauses"`
	Text    Text     `json:"text,omitempty"`
	// Path is where in this document the reading is that was chosen, such as service_times.support.holidays; left out, no rule depends on it.
	Path string `json:"path,omitempty"`
}

// Requirement is whether a section belongs in the monthly report (§5.1).
type Requirement uint8

// The requirements.
const (
	Required    Requirement = iota + 1 // the report is incomplete without it
	ByOther                            // by_other: another party reports it, here the operator
	NotRequired                        // not_agreed: shown if there are figures
)

var requirements = wordsOf[Requirement]("requirement", "required", "by_other", "not_agreed")

// String is required, by_other or not_agreed, and empty for none.
func (r Requirement) String() string { return requirements.Text(r) }

// MarshalText is the text form of String.
func (r Requirement) MarshalText() ([]byte, error) { return requirements.Marshal(r) }

// UnmarshalText is the inverse of MarshalText.
func (r *Requirement) UnmarshalText(b []byte) (err error) {
	*r, err = requirements.Parse(b)
	return err
}

// Sections are the names of the sections of a report, in its order, as in report.content.
func Sections() []string {
	return []string{"incidents", "orders", "problems", "changes", "availability", "security", "performance", "capacity", "continuity"}
}
