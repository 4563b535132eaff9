package calls_test

import (
	"testing"

	"example.com/sla/examples/calls"
)

const header = "received,persons,response_ms,provider,error"

// rowsToTry stand in the tests, and are where the fuzzing begins.
var rowsToTry = []string{
	"1791180000250,3,4210,,",
	"1791180000250,3,4210,fk,timeout\r\n1791180000251,3,,fk,\r\n\r\n\n1791180000252,10,0,csn,0",
	"2026-10-05T08:00:00.25+02:00,1,1,skatteverket,false\n2026-10-05 08:00:00Z,1,1,skatteverket,FALSE\n2026-10-05t08:00:00.123456789123z,1,1,pensionsmyndigheten,no",
	"\"1791180000250\",\"3\",\"4210\",\"f\"\"k\",\"\"\n1791180000250,3,4210,\"a,\r\nb\",\"x\ny\"\r\n1791180000250,3,4210,fk,",
	"1791180000250,3,4210,f\"k,\n1791180000250,3,4210,fk,",   // a quote within a cell
	"1791180000250,3,4210,\"f\"k,\n1791180000250,3,4210,fk,", // more behind a quote
	"1791180000250,3,4210,\"fk,\n1791180000250,3,4210,fk,",   // a quote that swallows all
	"1791180000250,3,4210,\"fk,\n1791180000250,3,4210,\"fk,", // a quote that swallows a row
	"1791180000250,3,4210,fk,\"",                                            // a quote at the end
	"1791180000250,3,4210,\"a\nb\",c\"d\n1791180000250,3,4210,fk,",          // two in one row
	"1791180000250,3,4210\n1791180000250,3,4210,fk,,\n\"\"\n,,,,\n,,\n ",    // numbers of cells
	"1791180000250,0,1,,\n1791180000250,11,1,,\n1791180000250,-1,1,,",       // numbers of persons
	"1791180000250,,1,,\n1791180000250,x,1,,\n1791180000250,2147483648,1,,", //
	"1791180000250,1,-1,,\n1791180000250,1,NaN,,\n1791180000250,1,1.5,,",    // responses
	"1791180000250,1,86400000,,\n1791180000250,1,86400001,,\n1791180000250,1,99999999999999999999,,",
	" 1791180000250 , +3 ,\t7 , f k , 0 \n1791180000250,00000003,00000007,fk,00",         // blanks, zeros
	"1791180000,1,1,,\n-1791180000250,1,1,,\n7289654399999,1,1,,\n7289654400000,1,1,,",   // Unix milliseconds
	"999999999999,1,1,,\n99999999999,1,1,,\n000000000000,1,1,,\n0000000000000000,1,1,,",  //
	"2026-02-30T08:00:00Z,1,1,,\n2026-10-05T24:00:00Z,1,1,,\n2026-10-05T08:00:60Z,1,1,,", // times that are none
	"2026-10-05T08:00:00,1,1,,\n2026-10-05,1,1,,\n2026-10-05T08:00:00+02,1,1,,",          //
	"1969-12-31T23:59:59Z,1,1,,\n1970-01-01T00:30:00+01:00,1,1,,\n2201-01-01T00:30:00+01:00,1,1,,\n2200-12-31T23:59:59.999999999Z,1,1,,",
	"2026-10-05T08:00:00+24:00,1,1,,\n2026-10-05T08:00:00+23:59,1,1,,\n2026-10-05T8:00:00Z,1,1,,\n2026-10-05T08:00:00.Z,1,1,,\n2026-10-05T08:00:00,5Z,1,1,,",
	"1791180000250,3,4210,f\x00k,\n1791180000250,3,4210,fk,\x00\n1791180000250\r,3,4210,fk,\n1791180000250,3,4210,f\rk,\n1791180000250,3,4210,fk,\r\r\n",
	"1791180000250,3,4210,fk,0\r1791180000250,3,4210,fk,0\r", // CR alone
	"2026-10-0",
}

// TestReference compares the rows to try with encoding/csv, cut into blocks at every place; and other orders of columns.
func TestReference(t *testing.T) {
	for _, rows := range rowsToTry {
		for _, text := range []string{
			header + "\n" + rows, header + "\r\n" + rows + "\n", header + "\n" + rows + "\r\n", "\n\r\n" + header + "\n\n" + rows,
			"persons , response_ms,note, received,\n" + rows, "error,provider,response_ms,persons,received\n" + rows, "received,persons,response_ms\n" + rows,
		} {
			sameAsSlow(t, text)
		}
	}
}

// FuzzRead: rows that encoding/csv reads are read, the same, and others are not.
func FuzzRead(f *testing.F) {
	for _, rows := range rowsToTry {
		f.Add(header, rows)
		f.Add("persons,note,response_ms,received", rows)
	}
	f.Fuzz(func(t *testing.T, header, rows string) {
		if usual(header) {
			sameAsSlow(t, header+"\n"+rows)
		}
	})
}

// FuzzInstant: an instant is what package time says.
func FuzzInstant(f *testing.F) {
	for _, s := range []string{"2026-10-05T08:00:00Z", "2026-10-05 08:00:00.25-23:59", "2024-02-29T23:59:59.999999999+02:00", "1791180000250", "179118000025"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sameAsSlow(t, "received,persons,response_ms\n"+s+",1,1\n"+s+",1,1")
	})
}

// FuzzHeader: no text makes the reader panic.
func FuzzHeader(f *testing.F) {
	for _, text := range []string{"", header, "\ufeff" + header, "\x1f\x8b", "\xff\xfe", "\"received", "a;b", "\r", "\n"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		_, _, _ = read(text, calls.Options{})
		_, _, _ = read(text, calls.Blocks(3, 2))
	})
}
