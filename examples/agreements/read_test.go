package agreements

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/servicetime"
)

// written is a file with a text in it.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// The extension says what is in a file.
func TestLoad(t *testing.T) {
	t.Parallel()
	preset, err := os.ReadFile(presetFile)
	require.NoError(t, err)
	for _, file := range []string{
		presetFile, twinFile,
		written(t, "a.JSON", string(preset)), written(t, "a.yml", string(preset)), written(t, "a.b.YAML", string(preset)),
	} {
		rules, err := Load(file, time.LoadLocation)
		require.NoError(t, err, file)
		assert.Equal(t, sla.SSBTEK(), rules.Agreement(), file)
	}
}

// Each fault is a line: file, line, column, path, what and why.
func TestLoadTellsFile(t *testing.T) {
	t.Parallel()
	const (
		asJSON = "{\"time_zone\": \"UTC\",\n \"Name\": \"å\",\n \"valid\": {\"from\": \"2026-02-30\"}}"
		asYAML = "time_zone: UTC\nName: å\nvalid: {from: 2026-02-30}\n"
	)
	for _, row := range []struct {
		file   string
		places [2]string
	}{
		{written(t, "a.json", asJSON), [2]string{"2:2", "3:20"}},
		{written(t, "a.yaml", asYAML), [2]string{"2:1", "3:15"}},
	} {
		rules, err := Load(row.file, time.LoadLocation)
		assert.Nil(t, rules)
		require.ErrorIs(t, err, sla.ErrField)
		require.ErrorIs(t, err, servicetime.ErrText)
		assert.Equal(t, row.file+":"+row.places[0]+`: Name "Name": no such field: write "name"
`+row.file+":"+row.places[1]+`: valid.from "2026-02-30": servicetime: date "2026-02-30": not in a known form: there is no such date`, err.Error())
		var fault *servicetime.Fault
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, "Name", fault.Path)
		assert.Equal(t, "unknown_field", fault.Code)
	}
}

func TestLoadRefusesFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"agreement.toml", "agreement", "json", "agreement.yaml.gz", "", "agreement.json5"} {
		_, err := Load(name, time.LoadLocation)
		require.ErrorIs(t, err, errExtension, name)
		require.ErrorContains(t, err, name+": a file of an agreement is .json, .yaml or .yml")
	}
	for _, name := range []string{"none.json", "none.yaml"} {
		_, err := Load(filepath.Join(t.TempDir(), name), time.LoadLocation)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.ErrorContains(t, err, name)
	}
	directory := filepath.Join(t.TempDir(), "d.json")
	require.NoError(t, os.Mkdir(directory, 0o700))
	_, err := Load(directory, time.LoadLocation)
	require.Error(t, err)
	assert.ErrorContains(t, err, directory)
}

// A file of any size is read to the limit and no further.
func TestLoadRefusesSize(t *testing.T) {
	t.Parallel()
	const small = "{\"time_zone\": \"UTC\"}"
	for _, extension := range []string{".json", ".yaml"} {
		fits := written(t, "fits"+extension, small+strings.Repeat("\n", sla.MaxBytes-len(small)))
		_, err := Load(fits, time.LoadLocation)
		require.NoError(t, err, extension)

		file := written(t, "large"+extension, small)
		require.NoError(t, os.Truncate(file, 1<<40)) // a hole, which takes no room
		_, err = Load(file, time.LoadLocation)
		require.ErrorIs(t, err, servicetime.ErrLimit, extension)
		require.ErrorContains(t, err, file+":1:1: more than 1048576 bytes: too large")
		var fault *servicetime.Fault
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, "too_large", fault.Code)
	}
	// Quotes and escapes make JSON longer than its YAML: that is not to pass the limit either.
	_, err := Load(written(t, "wide.yaml", "[ "+strings.Repeat("a,", sla.MaxBytes/2-10)+" ]"), time.LoadLocation)
	require.ErrorIs(t, err, servicetime.ErrLimit)
	assert.ErrorContains(t, err, "wide.yaml:1:1: 2097113 bytes as JSON: too large: at most 1048576")
}

// 2026, by the law of each country: a day that only it has, and one that it has not.
func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, closed, open string }{
		{"DE", "2026-05-25", "2026-06-05"}, // Pfingstmontag
		{"DK", "2026-04-02", "2026-05-01"}, // skærtorsdag; store bededag is none since 2024
		{"FI", "2026-01-06", "2026-06-18"}, // loppiainen
		{"GB", "2026-12-28", "2026-04-02"}, // Boxing Day was a Saturday
		{"NO", "2026-04-02", "2026-04-01"}, // skjærtorsdag
		{"US", "2026-07-03", "2026-05-01"}, // Independence Day was a Saturday
		{"SE", "2026-01-06", "2026-12-24"},
		{"SE+eves", "2026-12-24", "2026-12-23"},
	} {
		rules, err := Load(written(t, "a.yaml", "time_zone: UTC\nservice_times:\n  s: {time_zone: UTC, week: {mon-fri: [08:00-17:00]}, holidays: "+row.name+"}\n"), time.LoadLocation)
		require.NoError(t, err, row.name)
		calendar, err := servicetime.Compile(rules.Agreement().ServiceTimes["s"].Schedule, time.LoadLocation, Holidays()...)
		require.NoError(t, err, row.name)
		assert.False(t, calendar.IsBusinessDay(servicetime.MustDate(row.closed)), row.name)
		assert.True(t, calendar.IsBusinessDay(servicetime.MustDate(row.open)), row.name)
	}
}

func TestUnknownHolidays(t *testing.T) {
	t.Parallel()
	file := written(t, "a.yaml", "time_zone: UTC\nservice_times:\n  s: {time_zone: UTC, week: {mon-fri: [08:00-17:00]}, holidays: SW}\n")
	_, err := Load(file, time.LoadLocation)
	require.ErrorIs(t, err, servicetime.ErrHolidays)
	require.ErrorContains(t, err, file+`:3:65: service_times.s.holidays "SW": no such set of holidays: `)
	require.ErrorContains(t, err, `: here DE, DK, FI, GB, NO, US`)
}
