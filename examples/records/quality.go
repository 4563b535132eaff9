package records

import "example.com/sla/servicetime"

// Quality is what the records were like: the part of a report on its own data. Its texts are fit to print: see [Clean].
type Quality struct {
	Files []File `json:"files"`
	// Unused are files that are none of these records, the first 100, and MoreUnused how many more there are.
	Unused     []string `json:"unused,omitempty"`
	MoreUnused int      `json:"more_unused,omitzero"`
	// Missing are the kinds of records that no file gives, of those that a whole report is made from: it is a partial one.
	Missing []string `json:"missing,omitempty"`
}

// A File is one of the files. Its rows are each in one figure: Rows = Counted + Outside + Bad + Dropped.
type File struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	SHA256 string `json:"sha256"` // of its bytes, packed as they are
	Rows   int64  `json:"rows"`   // without header and blank lines
	// Counted are rows of records of which something lies in one of the months, and not after as-of.
	Counted int64 `json:"counted"`
	// Outside are those of which nothing does. The months are told of them too: a limit may hold for a year.
	Outside int64 `json:"outside"`
	// Bad are rows with a fault. Those that can be read and contradict themselves are in the lists of the months too.
	Bad int64 `json:"bad"`
	// Dropped are rows without a fault, of a ticket or a change of which another row has one.
	Dropped int64 `json:"dropped"`
	// Faults are the first [MaxFaults], and MoreFaults how many there are besides. A row may have several.
	Faults     []Fault  `json:"faults,omitempty"`
	MoreFaults int64    `json:"more_faults,omitzero"`
	Notes      []string `json:"notes,omitempty"`
	// Export is the name of the description by which tickets were read.
	Export string `json:"export,omitempty"`
}

// Bad is how many rows of all files are bad.
func (q *Quality) Bad() int64 {
	var bad int64
	for i := range q.Files {
		bad += q.Files[i].Bad
	}
	return bad
}

// bad counts a row with faults.
func (f *File) bad(faults []error) {
	f.Bad++
	for _, err := range faults {
		for _, fault := range faultsOf(err) {
			if len(f.Faults) == MaxFaults {
				f.MoreFaults++
				continue
			}
			f.Faults = append(f.Faults, printed(fault))
		}
	}
}

// printed is a fault as it is told.
func printed(fault *servicetime.Fault) Fault {
	bare := *fault
	bare.Line, bare.Column = 0, 0
	return Fault{fault.Line, fault.Column, Clean(fault.Path), Clean(bare.Error())}
}
