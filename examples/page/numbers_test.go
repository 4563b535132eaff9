package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/sla/compliance"
	"example.com/sla/continuity"
	"example.com/sla/servicetime"
)

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		n      int64
		sv, en string
	}{
		{0, "0", "0"},
		{7, "7", "7"},
		{999, "999", "999"},
		{1000, "1\u00a0000", "1,000"},
		{1234567, "1\u00a0234\u00a0567", "1,234,567"},
		{-3, "\u22123", "\u22123"},
		{-1234, "\u22121\u00a0234", "\u22121,234"},
		{-9223372036854775808, "\u22129\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0808", "\u22129,223,372,036,854,775,808"},
	} {
		assert.Equal(t, tt.sv, swedish.number(tt.n))
		assert.Equal(t, tt.en, english.number(tt.n))
	}
}

func TestPercent(t *testing.T) {
	for _, tt := range []struct {
		met, total int64
		goal       string
		sv, en     string
	}{
		{412, 447, "90%", "92,17\u00a0%", "92.17\u00a0%"},
		{97996, 100000, "98%", "97,996\u00a0%", "97.996\u00a0%"},
		{99999, 100000, "100%", "99,999\u00a0%", "99.999\u00a0%"},
		{1, 1, "100%", "100,00\u00a0%", "100.00\u00a0%"},
		{0, 0, "90%", "", ""},
	} {
		share, goal := compliance.Share{Met: tt.met, Total: tt.total}, compliance.MustGoal(tt.goal)
		assert.Equal(t, tt.sv, swedish.percent(share, goal))
		assert.Equal(t, tt.en, english.percent(share, goal))
	}
}

func TestDuration(t *testing.T) {
	for _, tt := range []struct {
		d      time.Duration
		sv, en string
	}{
		{0, "0\u00a0s", "0\u00a0s"},
		{3*time.Hour + 12*time.Minute, "3\u00a0h\u00a012\u00a0min", "3\u00a0h\u00a012\u00a0min"},
		{-90 * time.Minute, "\u22121\u00a0h\u00a030\u00a0min", "\u22121\u00a0h\u00a030\u00a0min"},
		{1500 * time.Millisecond, "1,5\u00a0s", "1.5\u00a0s"},
		{1899 * time.Hour, "1\u00a0899\u00a0h", "1,899\u00a0h"},
		{12345*time.Hour + 1234*time.Millisecond, "12\u00a0345\u00a0h\u00a01,234\u00a0s", "12,345\u00a0h\u00a01.234\u00a0s"},
		{-time.Nanosecond, "\u22120,000000001\u00a0s", "\u22120.000000001\u00a0s"},
	} {
		assert.Equal(t, tt.sv, swedish.duration(tt.d))
		assert.Equal(t, tt.en, english.duration(tt.d))
	}
}

func TestTarget(t *testing.T) {
	for _, tt := range []struct{ target, sv, en string }{
		{"30 min", "30\u00a0min", "30\u00a0min"},
		{"8 h", "8\u00a0h", "8\u00a0h"},
		{"1 business day", "1\u00a0arbetsdag", "1\u00a0business\u00a0day"},
		{"2 business days", "2\u00a0arbetsdagar", "2\u00a0business\u00a0days"},
		{"6 days", "6\u00a0dagar", "6\u00a0days"},
		{"N/A", "inget (N/A)", "none (N/A)"},
	} {
		target := servicetime.MustTarget(tt.target)
		assert.Equal(t, tt.sv, swedish.target(target))
		assert.Equal(t, tt.en, english.target(target))
	}
	for _, tt := range []struct{ objective, sv string }{
		{"immediate", "omedelbart"},
		{"last transaction", "senaste\u00a0transaktion"},
		{"last backup", "senaste\u00a0säkerhetskopia"},
		{"1 working week", "1\u00a0arbetsvecka"},
		{"2 working weeks", "2\u00a0arbetsveckor"},
	} {
		assert.Equal(t, tt.sv, swedish.units(continuity.MustObjective(tt.objective).String()))
	}
}
