package servicetime_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/servicetime"
)

func TestNest(t *testing.T) {
	other := errors.New("something else")
	joined := errors.Join(servicetime.FaultAt("to", time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC), servicetime.ErrBackwards), other)
	before := joined.Error()
	got := servicetime.Nest("outages[2]", joined)
	assert.Equal(t, `outages[2].to "2026-10-05T08:00:00Z": ends before it starts`, got[0].Error())
	assert.Equal(t, other, got[1])
	assert.Len(t, got, 2)
	assert.Equal(t, before, joined.Error(), "the error of the part is as it was")

	got = servicetime.Nest("span", servicetime.FaultAt("from", time.Time{}, servicetime.ErrRange))
	require.EqualError(t, errors.Join(got...), "span.from: outside the years 1970 to 2200")
	var fault *servicetime.Fault
	require.ErrorAs(t, got[0], &fault)
	assert.Equal(t, "out_of_range", fault.Code)
}
