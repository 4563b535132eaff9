package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/sla"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

func TestStep(t *testing.T) {
	for _, tt := range []struct{ most, want float64 }{{0, 1}, {1, 1}, {3, 1}, {4, 1}, {5, 2}, {90, 50}, {118, 50}, {216, 100}, {1000, 500}, {8001, 5000}} {
		assert.InDelta(t, tt.want, step(tt.most, 4), 0, tt.most)
	}
}

func TestHistogram(t *testing.T) {
	limits := []performance.Limit{{Within: servicetime.MustDuration("7 s")}, {Within: servicetime.MustDuration("12 s")}}
	h := histogramOf(&sla.MonthlyPerformance{Limits: limits, Times: []performance.Bin{
		{Most: 0, Calls: 1},
		{Most: time.Millisecond, Calls: 2},
		{Most: 500 * time.Millisecond, Calls: 3},
		{Most: 501 * time.Millisecond, Calls: 4},
		{Most: 12 * time.Second, Calls: 5},
		{Most: 15 * time.Second, Calls: 6},
		{Most: 15*time.Second + 1, Calls: 7},
		{Most: time.Hour, Calls: 8},
	}})
	assert.Equal(t, 500*time.Millisecond, h.by)
	assert.Equal(t, 15*time.Second, h.end())
	want := make([]int64, 30)
	want[0], want[1], want[23], want[29] = 6, 4, 5, 6
	assert.Equal(t, want, h.counts)
	assert.EqualValues(t, 15, h.longer)

	h = histogramOf(&sla.MonthlyPerformance{})
	assert.Len(t, h.counts, 25)
}
