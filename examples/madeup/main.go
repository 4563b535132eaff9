// Command madeup writes a folder of records that never were: orders, problems, outages, service windows, changes, calls, backups and tests of a year, so that
// a report can show what one looks like. With the same seed it writes the same bytes.
//
//	go run ./examples/madeup -dir DIR -month 2016-04
//
// The month is the last of twelve. In it are, beside what is in order: an interruption over a night, a flapping one, a service window that overran unannounced, a spell with
// disturbance without an incident, a burst of calls over the agreed capacity, a change that was communicated too late, and a backup that failed.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"example.com/sla/servicetime"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("madeup: ")
	dir := flag.String("dir", "", "folder to write to")
	month := flag.String("month", "2016-04", "the last of twelve months")
	seed := flag.Uint64("seed", 1, "of the random numbers")
	calls := flag.Int("calls", 2500, "calls a month")
	flag.Parse()
	m, err := servicetime.ParseMonth(*month)
	if err == nil && *dir == "" {
		err = errors.New("-dir: name a folder")
	}
	if err == nil {
		err = write(*dir, m, *seed, *calls)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// write writes all files.
func write(dir string, month servicetime.Month, seed uint64, calls int) error {
	files, err := made(month, seed, calls)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// maker makes records of one month after the other.
type maker struct {
	*rand.Rand
	zone  *time.Location
	files map[string][][]string // rows by file
	n     int                   // of tickets
}

// made are the files, by name.
func made(last servicetime.Month, seed uint64, calls int) (map[string][]byte, error) {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		return nil, err
	}
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 2016)), zone: zone, files: map[string][][]string{}}
	for name, header := range headers {
		m.files[name] = [][]string{header}
	}
	for n := -11; n <= 0; n++ {
		month := last.Add(n)
		m.tickets(month)
		m.outages(month, n == 0)
		m.changes(month, n == 0)
		m.backups(month, n == 0)
		m.calls(month, calls, n == 0)
	}
	out := map[string][]byte{}
	for name, rows := range m.files {
		var text bytes.Buffer
		if name == "calls.csv" {
			slices.SortStableFunc(rows[1:], func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
		}
		w := csv.NewWriter(&text)
		if err := w.WriteAll(rows); err != nil {
			return nil, err
		}
		if len(rows) < 5000 {
			out[name] = text.Bytes()
			continue
		}
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write(text.Bytes()); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		out[name+".gz"] = zipped.Bytes()
	}
	return out, nil
}

var headers = map[string][]string{
	"tickets.csv":      {"number", "kind", "class", "priority", "provider", "received", "started", "resolved", "reported_back"},
	"outages.csv":      {"from", "to", "provider", "cause", "plan", "communicated"},
	"disturbances.csv": {"from", "to"},
	"windows.csv":      {"planned_from", "planned_to", "actual_to", "announced", "decided"},
	"changes.csv":      {"number", "planned_from", "planned_to", "in_release", "communicated", "verified", "status", "outcome"},
	"backups.csv":      {"data_at", "done_at", "verified_at"},
	"tests.csv":        {"at", "restored", "data_at", "name", "outcome", "actions"},
	"calls.csv":        {"received", "persons", "response_ms", "provider", "error"},
}

func (m *maker) row(file string, cells ...string) { m.files[file] = append(m.files[file], cells) }

func text(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// on is a working day of a month, counted from 0, at a time of day.
func (m *maker) on(month servicetime.Month, workday, hour, minute int) time.Time {
	first, last := month.Dates()
	for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
		if w := d.Weekday(); w == time.Saturday || w == time.Sunday || holiday(d) {
			continue
		}
		if workday--; workday < 0 {
			return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, m.zone)
		}
	}
	return time.Date(last.Year, last.Month, last.Day, hour, minute, 0, 0, m.zone)
}

func holiday(d servicetime.Date) bool {
	return slices.ContainsFunc(servicetime.Sweden.In(d.Year), func(h servicetime.Holiday) bool { return h.Date == d })
}

// tickets are orders and problems; incidents are real.
func (m *maker) tickets(month servicetime.Month) {
	for range 14 + m.IntN(6) {
		class, within := "question", 2
		switch m.IntN(8) {
		case 0, 1:
			class, within = "connection", 5
		case 2:
			class, within = "permissions", 3
		}
		day := m.IntN(14)
		received := m.on(month, day, 8+m.IntN(8), m.IntN(60))
		took := m.IntN(within + 1)
		if m.IntN(14) == 0 {
			took = within + 1 + m.IntN(3) // too late
		}
		done := m.on(month, day+took, 9+m.IntN(7), m.IntN(60)).Add(time.Minute)
		if !done.After(received) {
			done = received.Add(20 * time.Minute)
		}
		m.n++
		m.row("tickets.csv", fmt.Sprintf("REQ%05d", m.n), "order", class, "", "", text(received), text(received.Add(time.Minute)), text(done), text(done))
	}
	for range 2 + m.IntN(3) {
		level := 2 + m.IntN(3)
		received := m.on(month, m.IntN(5), 8+m.IntN(8), m.IntN(60))
		started := received.Add(time.Duration(30+m.IntN(300)) * time.Minute)
		done := received.AddDate(0, 0, 8+m.IntN(8))
		m.n++
		m.row("tickets.csv", fmt.Sprintf("PRB%05d", m.n), "problem", "", strconv.Itoa(level), "", text(received), text(started), text(done), text(done))
	}
}

func (m *maker) outages(month servicetime.Month, last bool) {
	outage := func(from, to time.Time, provider, cause, plan string) {
		communicated := ""
		if from.Hour() >= 8 && from.Hour() < 17 {
			communicated = text(from.Add(time.Duration(4+m.IntN(12)) * time.Minute))
		}
		m.row("outages.csv", text(from), text(to), provider, cause, plan, communicated)
	}
	for range m.IntN(3) {
		from := m.on(month, m.IntN(18), 9+m.IntN(6), m.IntN(60))
		outage(from, from.Add(time.Duration(5+m.IntN(50))*time.Minute), "", []string{"network", "database", "certificate"}[m.IntN(3)], "")
	}
	for _, provider := range []string{"Arbetsförmedlingen", "CSN", "Pensionsmyndigheten", "Transportstyrelsen"} {
		if m.IntN(2) == 0 {
			from := m.on(month, m.IntN(18), 8+m.IntN(8), m.IntN(60))
			outage(from, from.Add(time.Duration(10+m.IntN(90))*time.Minute), provider, "base service", "")
		}
	}
	if !last {
		return
	}
	// Over a night, flapping, and a disturbance.
	night := m.on(month, 6, 16, 20)
	outage(night, m.on(month, 7, 9, 5), "", "disk of the log server was full", "watch free space")
	flapping := m.on(month, 11, 10, 0)
	for i := range 4 {
		from := flapping.Add(time.Duration(i*9) * time.Minute)
		outage(from, from.Add(3*time.Minute), "", "failover to and fro", "a longer wait before failing over")
	}
	m.row("disturbances.csv", text(m.on(month, 13, 13, 0)), text(m.on(month, 13, 15, 30)))
}

func (m *maker) changes(month servicetime.Month, last bool) {
	for i := range 2 {
		from := m.on(month, 4+8*i, 19, 0)
		to := from.Add(2 * time.Hour)
		communicated := from.AddDate(0, 0, -35)
		status := "done"
		if last && i == 1 {
			communicated = from.AddDate(0, 0, -20) // too late
		}
		m.row("changes.csv", fmt.Sprintf("CHG%s-%d", month, i+1), text(from), text(to), strconv.FormatBool(false), text(communicated), text(communicated.AddDate(0, 0, 2)), status, "as planned")
	}
	if last {
		from := m.on(month, 9, 6, 0)
		m.row("windows.csv", text(from), text(from.Add(2*time.Hour+30*time.Minute)), text(from.Add(4*time.Hour)), "false", "true") // 06:00 to 08:30, until 10:00
	}
}

func (m *maker) backups(month servicetime.Month, last bool) {
	first, end := month.Dates()
	for d := first; d.Compare(end) <= 0; d = d.AddDays(1) {
		at := time.Date(d.Year, d.Month, d.Day, 2, 0, 0, 0, m.zone)
		done := at.Add(time.Duration(20+m.IntN(30)) * time.Minute)
		verified := done.Add(10 * time.Minute)
		if last && d.Day == 14 {
			verified = time.Time{} // it could not be read
		}
		m.row("backups.csv", text(at), text(done), text(verified))
	}
	if int(month.Month)%3 == 1 {
		at := m.on(month, 12, 17, 30)
		restored := at.Add(time.Duration(50+m.IntN(60)) * time.Minute)
		m.row("tests.csv", text(at), text(restored), text(at.Add(-15*time.Hour)), "restoration of the composite service", "restored", "")
	}
}

func (m *maker) calls(month servicetime.Month, n int, last bool) {
	call := func(at time.Time) {
		persons := 1
		for persons < 10 && m.IntN(4) == 0 {
			persons++
		}
		response := 900 + int(m.ExpFloat64()*1500) + 1200*(persons-1)
		cells := []string{text(at.Truncate(time.Second)), strconv.Itoa(persons), strconv.Itoa(response), "", ""}
		if m.IntN(120) == 0 {
			cells[2], cells[4] = "", "timeout"
		}
		m.row("calls.csv", cells...)
	}
	for range n {
		hour := 8 + m.IntN(9)
		if m.IntN(30) == 0 {
			hour = 17 + m.IntN(4) // out of hours
		}
		call(m.on(month, m.IntN(20), hour, m.IntN(60)).Add(time.Duration(m.IntN(60)) * time.Second))
	}
	if last {
		burst := m.on(month, 15, 9, 12)
		for range 231 { // in one minute
			call(burst.Add(time.Duration(m.IntN(60)) * time.Second))
		}
	}
}
