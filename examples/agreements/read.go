package agreements

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/sla"
	"example.com/sla/servicetime"
)

// errExtension is the cause where the name of a file does not say what is in it.
var errExtension = errors.New("a file of an agreement is .json, .yaml or .yml")

// Load reads an agreement from a file, JSON or YAML by its extension, and compiles it with [Holidays].
//
// It returns an error:
//   - if the file has another extension or cannot be read,
//   - and every fault of the text, all at once, each on a line of its own with file, line and column, and a [*servicetime.Fault]: those of [sla.Load];
//     with the code too_large if the file is larger than [sla.MaxBytes], of which no more is read; and with the code bad_yaml if a text is not YAML, or uses what agreements do not.
func Load(name string, zones servicetime.Zones) (*sla.Rules, error) {
	load := sla.Load
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
	case ".yaml", ".yml":
		load = loadYAML
	default:
		return nil, fmt.Errorf("%s: %w", name, errExtension)
	}
	text, err := read(name)
	if err != nil {
		return nil, err
	}
	rules, err := load(text, zones, Holidays()...)
	if err != nil {
		return nil, located(name, err)
	}
	return rules, nil
}

// read returns the text of a file. Of a larger one than an agreement can be it reads one byte too many.
func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, sla.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > sla.MaxBytes {
		err := fmt.Errorf("more than %d bytes: %w", sla.MaxBytes, servicetime.ErrLimit)
		return nil, located(name, &servicetime.Fault{Code: "too_large", Line: 1, Column: 1, Err: err})
	}
	return text, nil
}

// located puts the file before each fault, and says which holidays there are where a set is unknown: package sla knows its own alone.
func located(name string, err error) error {
	var faults []error
	for _, fault := range faultsOf(err) {
		if errors.Is(fault, servicetime.ErrHolidays) {
			fault.Err = fmt.Errorf("%w: here %s", fault.Err, strings.Join(countries(), ", "))
		}
		faults = append(faults, fmt.Errorf("%s:%w", name, fault))
	}
	return errors.Join(faults...)
}

// faultsOf copies the faults that an error of package sla is, or joins.
func faultsOf(err error) []*servicetime.Fault {
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	faults := make([]*servicetime.Fault, len(parts))
	for i, part := range parts {
		fault := &servicetime.Fault{Err: part} // unreachable, and still told: everything that sla.Load returns is a fault
		errors.As(part, &fault)
		copied := *fault
		faults[i] = &copied
	}
	return faults
}
