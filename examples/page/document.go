// Package page renders the monthly report: HTML, text and CSV, in Swedish and English, each made from one [Document] alone, which is the JSON form.
package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"example.com/sla"
)

// A Document is a monthly report with what it was made from. Its JSON form is complete and versioned: sla.Monthly has the format's number.
type Document struct {
	sla.Monthly
	// MadeUp names the kinds of records that are made up, which a page says at its top.
	MadeUp []string `json:"made_up,omitempty"`
	// Inputs are the files that it was made from, and Missing the kinds of records of which there was none. Unused are other files that lay beside them, the first ones,
	// and MoreUnused how many more.
	Inputs     []Input  `json:"inputs,omitempty"`
	Missing    []string `json:"missing,omitempty"`
	Unused     []string `json:"unused,omitempty"`
	MoreUnused int      `json:"more_unused,omitempty"`
	// AgreementFile is the file that the agreement was read from; none for a built-in one.
	AgreementFile *File `json:"agreement_file,omitempty"`
	// AsOfFrom says where the instant of the report is from: "given", the last of the "records", or noon of the day after the "month".
	AsOfFrom string `json:"as_of_from,omitempty"`
	// Notes say how the records were read.
	Notes []sla.Text `json:"notes,omitempty"`
	// Library and ZoneData are the versions that computed it.
	Library  string `json:"library"`
	ZoneData string `json:"zone_data"`
}

// A File is one to the byte.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// FileOf is the file with a text.
func FileOf(name string, text []byte) *File {
	sum := sha256.Sum256(text)
	return &File{Name: clean(name), SHA256: hex.EncodeToString(sum[:])}
}

// An Input is a file, and what became of its rows: Rows is the sum of Counted, Outside and Bad.
type Input struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"` // tickets, outages, calls …
	SHA256     string   `json:"sha256"`
	Rows       int64    `json:"rows"`
	Counted    int64    `json:"counted"`
	Outside    int64    `json:"outside"` // of other months, or after as-of
	Bad        int64    `json:"bad"`
	Faults     []string `json:"faults,omitempty"` // the first, each with the file's name, line and column
	MoreFaults int64    `json:"more_faults,omitempty"`
	Notes      []string `json:"notes,omitempty"`
}

// JSON writes the document. The same document gives the same bytes.
func JSON(w io.Writer, d *Document) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}
