package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	if answered() {
		return
	}
	os.Exit(m.Run())
}

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../COMPARE.md")
	require.NoError(t, err)
	return string(text)
}

// COMPARE.md says what the libraries answer.
func TestAnswers(t *testing.T) {
	if err := installed("."); err != nil {
		t.Skip(err)
	}
	answers, err := answersTable(".")
	require.NoError(t, err)
	text := page(t)
	assert.Contains(t, answers, "| yes, whatever the machine's zone | yes |")
	rewritten, err := replaceTable(text, "answers", answers)
	require.NoError(t, err)
	assert.Equal(t, rewritten, text, "COMPARE.md is out of date: go run ./examples/compare")
}

// This library's answers are right, each of them written here.
func TestOurAnswers(t *testing.T) {
	want := map[string]string{
		"closing": "no", "quarter": "no", "behind": "0 s", "spring": "23 h", "autumn": "25 h", "opens": "08:00", "night": "8 h",
		"never":   "error: week: no open time: no window of the schedule is ever open",
		"seconds": "1 h", "backwards": "−2 h", "utc": "yes", "eves": "no", "1990": "no", "2004": "yes", "havana": "yes", "goroutines": "yes",
	}
	assert.Len(t, questions, len(want))
	for _, q := range questions {
		if q.zone == "" { // the one that needs another zone of the machine is among TestAnswers
			assert.Equal(t, want[q.id], q.sla(), q.text)
		}
	}
}

// The code of COMPARE.md is that of the questions.
func TestSnippets(t *testing.T) {
	source, err := os.ReadFile("questions.go")
	require.NoError(t, err)
	unindented := regexp.MustCompile(`(?m)^\t+`).ReplaceAllString(string(source), "")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(page(t), -1)
	assert.Len(t, blocks, 5)
	for _, block := range blocks {
		assert.Contains(t, unindented, block[1])
	}
}

func TestReplaceTable(t *testing.T) {
	out, err := replaceTable("a\n<!-- x -->\nold\n<!-- /x -->\nb", "x", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "a\n<!-- x -->\nnew\n<!-- /x -->\nb", out)
	for _, text := range []string{"", "<!-- x -->\n", "<!-- /x -->\n<!-- y -->\n"} {
		_, err := replaceTable(text, "x", "new\n")
		assert.Error(t, err)
	}
}

// Every span is measured, in both languages, and what no one can answer is said.
func TestMeasureJS(t *testing.T) {
	if err := installed("."); err != nil {
		t.Skip(err)
	}
	spans := []measured{{"1 hour", measuredFrom.Add(time.Hour).Format("2006-01-02T15:04:05"), 60}}
	js, node, err := measureJS(".", spans)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(node, "v"), node)
	for _, library := range []string{dayjs, momentB} {
		assert.Positive(t, js[library]["1 hour"].Elapsed)
		assert.Positive(t, js[library]["1 hour"].Add)
	}
}

func TestForms(t *testing.T) {
	assert.Equal(t, "17.6 ns", human(17.62))
	assert.Equal(t, "1.32 µs", human(1321))
	assert.Equal(t, "5.75 ms", human(5.751e6))
	assert.Equal(t, "43 ×", factor(43.9))
	assert.Equal(t, "6700 ×", factor(6799))
	assert.Equal(t, "170000 ×", factor(171_500))
}
