package sla

import (
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// Load is [Parse] and [Agreement.Compile] in one: text in, rules out. So all faults of both are found at once, in the order of the text, each with path, clause, line
// and column. What is doubtful only because another part could not be read is not told.
//
// Its errors are those of both.
func Load(data []byte, zones servicetime.Zones, sets ...servicetime.Holidays) (*Rules, error) {
	d := decoder{data: data}
	root, err := d.parse()
	if err != nil {
		return nil, err
	}
	var a Agreement
	d.assign(root, reflect.ValueOf(&a).Elem(), "")
	unread := slices.Clone(d.faults)
	if root.token != json.Delim('{') {
		return nil, errors.Join(unread...)
	}
	rules, err := a.Compile(zones, sets...)
	for _, err := range parts(err) {
		fault := *err.(*servicetime.Fault) //nolint:errorlint,forcetypeassert // Compile has no other
		if slices.ContainsFunc(unread, func(cause error) bool { return follows(&fault, cause) }) {
			continue
		}
		found, clause, rest := root.find(fault.Path)
		if rest != "" { // a value that nobody wrote
			fault.Value = ""
		}
		d.fault(fault.Path, fault.Code, fault.Value, found.offset, fault.Err)
		if last := d.faults[len(d.faults)-1].(*servicetime.Fault); last.Path == fault.Path { //nolint:errorlint,forcetypeassert // made by fault
			last.Clause = cmp.Or(fault.Clause, clause)
		}
	}
	if len(d.faults) == 0 {
		return rules, nil
	}
	d.clauses(root)
	slices.SortStableFunc(d.faults, func(a, b error) int {
		f, g := a.(*servicetime.Fault), b.(*servicetime.Fault) //nolint:errorlint,forcetypeassert // made by fault
		return cmp.Or(cmp.Compare(f.Line, g.Line), cmp.Compare(f.Column, g.Column))
	})
	return nil, errors.Join(d.faults...)
}

// follows reports whether a fault of the rules may be there only because of one of the text: its value, a part of it, or the whole that it is part of could
// not be read; it misses what stands under a wrong name beside it; or it names something that could not be read.
func follows(fault *servicetime.Fault, err error) bool {
	cause := err.(*servicetime.Fault) //nolint:errorlint,forcetypeassert // made by fault
	unread := cause.Path
	for _, windows := range []string{".week.", ".dates.", ".breaks."} { // whose keys may be written in other ways
		if i := strings.Index(unread, windows); i >= 0 && strings.HasPrefix(unread, "service_times.") {
			unread = unread[:i+len(windows)-1]
		}
	}
	if within(fault.Path, unread) || within(unread, fault.Path) {
		return true
	}
	switch section, _, _ := strings.Cut(cause.Path, "."); {
	case errors.Is(fault.Err, ErrMissing):
		misnamed := parent(fault.Path) == parent(cause.Path) && parent(fault.Path) != ""
		return cause.Code != "bad_request" && (misnamed || alike(fault.Path, cause.Path) || alike(parent(fault.Path), cause.Path)) ||
			section == "priority" && strings.Contains(fault.Path, ".targets.")
	case errors.Is(fault.Err, ErrUnknown):
		return section == "service_times" || section == "priority" || parent(cause.Path) == ""
	}
	return parent(fault.Path) == parent(cause.Path) && parent(cause.Path) != "" // a value that does not go with the one that could not be read
}

// alike reports whether a name is another one but for its case and a plural.
func alike(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "s"), strings.TrimSuffix(b, "s"))
}

// within reports whether a path is another one, or lies in it.
func within(path, whole string) bool {
	rest, is := strings.CutPrefix(path, whole)
	return is && (rest == "" || rest[0] == '.' || rest[0] == '[' || whole == "")
}

// parent is the path of what a value is part of.
func parent(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }
