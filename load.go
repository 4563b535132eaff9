package sla

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"

	"example.com/sla/servicetime"
)

// Load is [Parse] and [Agreement.Compile] in one: text in, rules out. So all faults of both are found at once, in the order of the text, each with path, clause, line
// and column. Rules that are doubtful only because another part could not be read are not told.
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
	unread := map[string]bool{} // the sections with something that could not be read
	for _, err := range d.faults {
		unread[section(err)] = true
	}
	rules, err := a.Compile(zones, sets...)
	for _, err := range parts(err) {
		fault := *err.(*servicetime.Fault) //nolint:errorlint,forcetypeassert // Compile has no other
		refers := errors.Is(err, ErrUnknown) || errors.Is(err, ErrMissing)
		if unread[section(err)] || len(unread) > 0 && refers {
			continue
		}
		found, clause, _ := root.find(fault.Path)
		fault.Clause = cmp.Or(fault.Clause, clause)
		d.fault(fault.Path, fault.Code, fault.Value, found.offset, fault.Err)
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

// section is the top of a fault's path.
func section(err error) string {
	var f *servicetime.Fault
	errors.As(err, &f)
	name, _, _ := strings.Cut(f.Path, ".")
	name, _, _ = strings.Cut(name, "[")
	return name
}

// at is the text of the value at a path of the agreement's document.
func (a *Agreement) at(path string) (value string, there bool) {
	document, err := documentOf(*a)
	if err != nil {
		return "", false
	}
	n, _, rest := document.node.find(path)
	return document.of.raw(*n), rest == ""
}
