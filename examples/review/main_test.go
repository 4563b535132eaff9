package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
)

func reviewed(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	require.NoError(t, run(args, 2026, &out, &errs))
	return out.String()
}

func TestReviewOfThePreset(t *testing.T) {
	out := reviewed(t)
	assert.Contains(t, out, "Underpinning Contract SSBTEK")
	assert.Contains(t, out, "98 % of 2286 h allows 45 h 43 min 12 s of downtime in 2026, 62 h allow 97.29 %: 98 % binds")
	assert.Contains(t, reviewed(t, "-lang", "sv", "-year", "2028"), "98 % av 2268 h tillåter 45 h 21 min 36 s otillgänglighet under 2028, 62 h tillåter 97,27 %: 98 % gäller")
}

// A file with one thing changed: reviewed, compared with what underpins it and with what it was.
func TestFiles(t *testing.T) {
	text, err := sla.SSBTEK().Marshal()
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	old := write("old.json", string(text))
	mine := write("mine.json", strings.Replace(string(text), `"30 min"`, `"15 min"`, 1))

	out := reviewed(t, "-year", "2026", "-under", old, "-since", old, mine)
	assert.Contains(t, out, "incidents.targets.critical.response: received 2026-01-01 02:30, 15 min is due 2026-01-02 08:15 as promised, 30 min 2026-01-02 08:30 as underpinned")
	assert.Contains(t, out, "Changed since version")
	assert.Contains(t, out, "§4.3.1 incidents.targets.critical.response: 30 min -> 15 min")

	bad := write("bad.yaml", "name: x\ntime_zone: Europe/Stockholm\nincidents:\n  clause: '3'\n  goal: 90\n")
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{bad}, "bad.yaml:5:9: incidents.goal"},
		{[]string{"-under", bad}, "bad.yaml:5:9"},
		{[]string{"-since", bad}, "bad.yaml:5:9"},
		{[]string{filepath.Join(dir, "none.json")}, "none.json"},
		{[]string{"-year", "1900"}, "-year"},
		{[]string{"-lang", "de"}, `-lang "de": write en or sv`},
		{[]string{old, mine}, "one agreement at a time"},
	} {
		var out, errs bytes.Buffer
		err := run(tt.args, 2026, &out, &errs)
		require.Error(t, err, tt.args)
		assert.Contains(t, err.Error(), tt.want)
	}
}
