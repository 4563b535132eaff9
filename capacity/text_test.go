package capacity_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/sla/capacity"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// What the examples do not print.
func TestText(t *testing.T) {
	limit := capacity.Limit{Kind: count, Max: 200, Window: perMinute, Model: calendar}
	none, may, june := servicetime.Month{}, servicetime.MustMonth("2027-05"), servicetime.MustMonth("2027-06")
	for _, row := range []struct {
		value fmt.Stringer
		text  string
	}{
		{capacity.Limit{}, "at most 0 calls in any 0 s"},
		{capacity.Peak{}, "0"},
		{capacity.Peak{Count: 3, At: at("08:00:00.25")}, "3 at 2026-10-26 08:00:00.25 UTC"},
		{
			capacity.Excess{From: at("23:59:00"), To: at("23:59:00").Add(2 * time.Minute), Peak: 7},
			"2026-10-26 23:59:00 – 2026-10-27 00:01:00 UTC, peak 7",
		},
		{capacity.Outcome{Limit: limit}, "at most 200 calls per calendar minute: no data"},
		{
			capacity.Outcome{Limit: limit, Verdict: compliance.Met, Peak: capacity.Peak{Count: 200, At: at("08:00:00")}, P95: 7, P99: 9},
			"at most 200 calls per calendar minute: peak 200 at 2026-10-26 08:00:00 UTC: met, 0 left; p95 7, p99 9",
		},
		{capacity.Volume{}, "no calls"},
		{capacity.Volume{Outside: 2, Beyond: 1}, "no calls; 2 outside the years 1970 to 2200; 1 beyond the first 10000 hours"},
		{capacity.Flow{}, "no calls"},
		{capacity.Flow{Refused: 2}, "no calls; 2 refused"},
		{capacity.Usage{}, "0 calls of 0 users"},
		{capacity.Usage{Calls: 4, Others: 4}, "4 calls of 0 users; 4 of users beyond the first 10000"},
		{capacity.Growth{}, "no growth"},
		{capacity.Forecast{Figure: 200, Month: may, Earliest: may, Latest: may}, "200 in 2027-05, between 2027-05 and 2027-05"},
		{capacity.Forecast{Figure: 200}, "200 not within 20 years"},
		{capacity.Forecast{Figure: 200, Month: none, Earliest: may}, "200 not within 20 years; at the earliest in 2027-05"},
		{capacity.Forecast{Figure: 200, Month: june, Earliest: may}, "200 in 2027-06, at the earliest in 2027-05, maybe not within 20 years"},
	} {
		assert.Equal(t, row.text, row.value.String())
	}
}
