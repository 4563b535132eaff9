package priority_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/compliance"
	"example.com/sla/priority"
	"example.com/sla/servicetime"
)

// benchTickets are records of a quarter, resolved or not, with so many pauses each.
func benchTickets(pauses int) []priority.Ticket {
	r := random(7)
	tickets := make([]priority.Ticket, 1024)
	for i := range tickets {
		received := at("2026-01-02 08:00").Add(time.Duration(r.Int64N(int64(90 * 24 * h))))
		tickets[i] = priority.Ticket{Number: "INC-1042", Kind: priority.Incident, Received: received, Started: received.Add(20 * m)}
		for range pauses {
			from := received.Add(time.Duration(r.Int64N(int64(72 * h))))
			tickets[i].Pauses = append(tickets[i].Pauses, servicetime.Pause{From: from, To: from.Add(time.Duration(r.Int64N(int64(24 * h))))})
		}
		if i%4 > 0 {
			tickets[i].Resolved = received.Add(90 * h)
			tickets[i].ReportedBack = received.Add(91 * h)
		}
	}
	return tickets
}

func BenchmarkJudge(b *testing.B) {
	asOf := at("2026-04-10 12:00")
	for _, level := range []string{"critical", "high"} { // 30 min, 8 h; 60 min, 2 business days
		for _, pauses := range []int{0, 2, 4} {
			for _, count := range []bool{false, true} {
				if pauses == 0 && count {
					continue
				}
				r := incidentRules[level]
				r.PausesCount, r.ResponsePausesCount = count, count
				tickets := benchTickets(pauses)
				b.Run(fmt.Sprintf("level=%s/pauses=%d/count=%t", level, pauses, count), func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					for b.Loop() {
						if _, err := r.Judge(&tickets[i%1024], asOf); err != nil {
							b.Fatal(err)
						}
						i++
					}
				})
			}
		}
	}
}

func BenchmarkTimingClass(b *testing.B) {
	timing := preset
	timing.NearBeforeDays, timing.NearAfterDays = 3, 2
	timing.LowSeason = []priority.Season{season("07-01", "08-15"), season("12-24", "01-06")}
	tickets := benchTickets(0)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := timing.Class(support, tickets[i%1024].Received); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// A month of tickets must not be a month of garbage: a ticket is given its level, judged and counted without any.
func TestNoAllocations(t *testing.T) {
	for _, pauses := range []int{0, 2} {
		for _, count := range []bool{false, true} {
			testNoAllocations(t, benchTickets(pauses), count)
		}
	}
}

func testNoAllocations(t *testing.T, tickets []priority.Ticket, count bool) {
	t.Helper()
	asOf := at("2026-04-10 12:00")
	for level, r := range incidentRules {
		r.PausesCount, r.ResponsePausesCount = count, count
		var tally priority.Tally
		tally.Add(critical, compliance.Met) // makes the room
		i, failed := 0, error(nil)
		allocs := testing.AllocsPerRun(1000, func() {
			ticket := &tickets[i%1024]
			i++
			class, err := preset.Class(support, ticket.Received)
			if err != nil {
				failed = err
			}
			if _, err = ssbtek.Level(1, class); err != nil {
				failed = err
			}
			j, err := r.Judge(ticket, asOf)
			if err != nil {
				failed = err
			}
			verdict, _ := j.Outcome()
			tally.Add(critical, verdict)
		})
		require.NoError(t, failed)
		assert.Zero(t, allocs, "%s, %d pauses that count: %t", level, len(tickets[0].Pauses), count)
	}
}
