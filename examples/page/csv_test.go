package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGuarded(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"INC1", "INC1"},
		{"a=b", "a=b"},
		{"=HYPERLINK(1)", "'=HYPERLINK(1)"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@SUM(1)", "'@SUM(1)"},
		{"\t=1", "' =1"},
		{"\r1", "' 1"},
		{"  =1", "'  =1"},
		{"\u00a0=1", "'\u00a0=1"},
		{"＝1", "'＝1"},
	} {
		assert.Equal(t, tt.want, guarded(tt.in), "%q", tt.in)
	}
}

func TestSeconds(t *testing.T) {
	for _, tt := range []struct {
		d      time.Duration
		sv, en string
	}{
		{0, "0", "0"},
		{time.Hour, "3600", "3600"},
		{-time.Hour, "-3600", "-3600"},
		{1500 * time.Millisecond, "1,5", "1.5"},
		{-time.Nanosecond, "-0,000000001", "-0.000000001"},
	} {
		assert.Equal(t, tt.sv, swedish.seconds(tt.d))
		assert.Equal(t, tt.en, english.seconds(tt.d))
	}
}
