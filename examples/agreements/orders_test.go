package agreements_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/sla"
)

// Orders have no priority: an agreement on them alone has none, for the parser and for the schema.
func TestOrdersAlone(t *testing.T) {
	text := `{"name": "x", "time_zone": "UTC", "service_times": {"s": {"time_zone": "UTC", "week": {"mon": ["08:00-17:00"]}}},
		"orders": {"service_time": "s", "stops_at": "resolved", "targets": {"laptop": {"resolution": "5 business days"}}},
		"readings": {"hours": "SUPPORT_CLOCK", "business_days": "EXCL_DATE_CLOSE", "days": "EXCL_MIDNIGHT", "pauses": "off", "response_pauses": "off",
		"reopened_counts": "off", "priority_changes": "in_force", "problem_priority": "given", "compliance": "both", "counted_in": "settled"}}`
	_, err := sla.Load([]byte(text), time.LoadLocation)
	require.NoError(t, err)
	require.NoError(t, compiled(t, "").Validate(value(t, text)))
	text = strings.Replace(text, `"orders"`, `"problems"`, 1)
	_, err = sla.Load([]byte(text), time.LoadLocation)
	require.Error(t, err)
	require.Error(t, compiled(t, "").Validate(value(t, text)))
}
