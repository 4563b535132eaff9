package servicetime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

// The size that a calendar says is what the heap grows by, within a seventh: the heap rounds up.
func TestSizeOf(t *testing.T) {
	for name, s := range map[string]servicetime.Schedule{
		"support": {Zone: "Europe/Stockholm", Week: servicetime.MustWeek("mon-fri 08:00-17:00"), Holidays: servicetime.Sweden},
		"limits":  limits(),
	} {
		c, err := servicetime.Compile(s, time.LoadLocation)
		require.NoError(t, err)
		kept := float64(size(t, s))
		t.Logf("%s: says %d bytes, the heap %.0f", name, c.Size(), kept)
		assert.InEpsilon(t, kept, c.Size(), 0.15, name)
	}
}
