package sla_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/servicetime"
)

// A malformed document is one that Load refuses, with all the faults that it must find: see testdata/malformed/README.md.
type malformed struct {
	name, text string
	places     []string // of the faults, as line:column
	faults     []string // their code, and how they begin behind the place
}

// malformedFiles reads the corpus, by file.
func malformedFiles(t testing.TB) map[string][]malformed {
	t.Helper()
	base, err := os.ReadFile("testdata/malformed/base.json")
	require.NoError(t, err)
	files, err := filepath.Glob("testdata/malformed/*.txt")
	require.NoError(t, err)
	all := map[string][]malformed{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, part := range strings.Split(string(data), "\n=== ")[1:] {
			all[filepath.Base(file)] = append(all[filepath.Base(file)], malformedCase(t, string(base), part))
		}
	}
	return all
}

// malformedCase reads one case behind its "=== ".
func malformedCase(t testing.TB, base, part string) malformed {
	t.Helper()
	name, rest, _ := strings.Cut(part, "\n")
	c := malformed{name: name}
	var whole []string
	text, old, edit := base, []string(nil), []string(nil)
	change := func() {
		if len(old) > 0 {
			before := strings.Join(old, "\n")
			require.Equal(t, 1, strings.Count(text, before), "%s: the text before an edit must stand once in it:\n%s", name, before)
			text = strings.Replace(text, before, strings.Join(edit, "\n"), 1)
		}
		old, edit = nil, nil
	}
	for line := range strings.SplitSeq(strings.TrimRight(rest, "\n"), "\n") {
		kind, said, _ := strings.Cut(line, " ")
		switch kind {
		case "-":
			if len(edit) > 0 {
				change()
			}
			old = append(old, said)
		case "+":
			edit = append(edit, said)
		case ">":
			whole = append(whole, said)
		case `"`:
			quoted, times, repeated := strings.Cut(said, " * ")
			s, err := strconv.Unquote(quoted)
			require.NoError(t, err, name)
			n := 1
			if repeated {
				n, err = strconv.Atoi(times)
				require.NoError(t, err, name)
			}
			whole = append(whole, strings.Repeat(s, n))
		case "!":
			c.faults = append(c.faults, said)
		default:
			require.Empty(t, line, "%s: a line begins with - + > \" or !", name)
		}
	}
	change()
	if len(whole) > 0 {
		separator := "\n"
		if strings.HasPrefix(rest, `"`) {
			separator = ""
		}
		text = strings.Join(whole, separator)
	}
	c.text, c.places = marked(text)
	return c
}

// Every document is refused, with its faults and no other, in the order of the text, each at its place. What has a wrong form is told the right one.
func TestMalformed(t *testing.T) {
	t.Parallel()
	base, err := os.ReadFile("testdata/malformed/base.json")
	require.NoError(t, err)
	_, err = sla.Load(base, time.LoadLocation)
	require.NoError(t, err, "what is edited is in order itself")
	cases, names := 0, map[string]bool{}
	for file, documents := range malformedFiles(t) {
		for _, c := range documents {
			cases++
			name := file + ": " + c.name
			assert.False(t, names[name], "%s: two cases of one name", name)
			names[name] = true
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				rules, err := sla.Load([]byte(c.text), time.LoadLocation)
				require.Error(t, err)
				assert.Nil(t, rules)
				require.NotEmpty(t, c.faults)
				require.Len(t, c.places, len(c.faults), "each fault has a mark")
				var want, found []string
				for i, fault := range c.faults {
					code, says, _ := strings.Cut(fault, " ")
					want = append(want, fmt.Sprintf("%s %s: %s", code, c.places[i], says))
				}
				for i, f := range faultsOf(t, err) {
					line := f.Code + " " + f.Error()
					if i < len(want) && strings.HasPrefix(line, want[i]) {
						line = want[i] // how it goes on is not part of the case
					}
					found = append(found, line)
					assertHelpful(t, f)
				}
				assert.Equal(t, strings.Join(want, "\n"), strings.Join(found, "\n"))
			})
		}
	}
	assert.Greater(t, cases, 500)
}

// assertHelpful checks that a value in a wrong form is told the right one, and a name that there is not those that there are.
func assertHelpful(t *testing.T, f *servicetime.Fault) {
	t.Helper()
	for _, form := range []error{servicetime.ErrText, compliance.ErrGoal, sla.ErrType, sla.ErrField, sla.ErrUnknown} {
		if !errors.Is(f, form) {
			continue
		}
		for _, help := range []string{
			"write ", "known are ", "one of ", "leave ", " are [", "at least ", "the most", "there is no such date", "two letters", "lower-case words", "of its own",
		} {
			if strings.Contains(f.Err.Error(), help) {
				return
			}
		}
		t.Errorf("it does not say what would be right: %s", f)
	}
}
