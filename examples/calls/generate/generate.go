// Package generate makes logs of calls: any number of rows, the same for the same seed, and in constant memory.
package generate

import (
	"bufio"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// Header is the first line of a log.
const Header = "received,persons,response_ms,provider,error\n"

// Start is when a log's month begins.
var Start = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// month is how long it lasts, in milliseconds.
const month = 31 * 24 * 60 * 60 * 1000

var providers = []string{"arbetsformedlingen", "csn", "fk", "migrationsverket", "pensionsmyndigheten", "skatteverket", "so", "transportstyrelsen"}

// Write writes a log of October 2026, about 29 bytes a row: half are composite calls, half legs. They stand roughly in the order of time, as a log is
// written: at most 4 s late. Some calls are not answered, some have 0 or 11 persons; every row can be read.
func Write(out io.Writer, rows int64, seed uint64) error {
	w := bufio.NewWriterSize(out, 1<<16)
	if _, err := w.WriteString(Header); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, 0))
	step := float64(month-4000) / float64(max(rows, 1))
	var line []byte
	for i := range rows {
		dice := random.Uint64()
		draw := func(n uint64) int64 { // the draws of a row take no more than the dice's 64 bits
			d := dice % n
			dice /= n
			return int64(d)
		}
		line = strconv.AppendInt(line[:0], Start.UnixMilli()+int64(float64(i)*step)+draw(4000), 10)
		line = append(line, ',')
		persons := 1 + draw(4)
		switch draw(200) {
		case 0:
			persons = 0
		case 1:
			persons = 11
		case 2, 3, 4, 5:
			persons = 10
		}
		line = strconv.AppendInt(line, persons, 10)
		line = append(line, ',')
		answer := draw(100)
		if answer > 0 {
			ms := 400 + draw(6200) + 1500*draw(2)*max(persons-1, 0)
			if draw(12) == 0 {
				ms += draw(8000)
			}
			line = strconv.AppendInt(line, ms, 10)
		}
		line = append(line, ',')
		if n := draw(2 * uint64(len(providers))); n < int64(len(providers)) {
			line = append(line, providers[n]...)
		}
		line = append(line, ',')
		if answer == 1 {
			line = append(line, "timeout"...)
		}
		line = append(line, '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return w.Flush()
}
