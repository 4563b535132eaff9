package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
)

// An object of JSON: a request, or what is known of its answer.
type object = map[string]any

// An inquiry is what one run of the program is asked.
type inquiry struct {
	program   string
	args      []string
	questions []question
}

// A question is a request, about a row of a file, and what looks at its answer.
type question struct {
	row  string
	line []byte
	look func(t *testing.T, answer []byte)
}

// under asks the program about SSBTEK with other readings.
func (q *inquiry) under(t *testing.T, readings func(*sla.Agreement)) *inquiry {
	t.Helper()
	a := sla.SSBTEK()
	readings(&a)
	text, err := json.Marshal(a)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "agreement.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return &inquiry{program: q.program, args: []string{"-agreement", file}}
}

// ask asks about a row. The answer has these fields among others.
func (q *inquiry) ask(t *testing.T, row string, request, fields object) {
	t.Helper()
	text, err := json.Marshal(fields)
	require.NoError(t, err)
	var want object
	require.NoError(t, json.Unmarshal(text, &want))
	look(t, q, row, request, func(got object) {
		for name := range got {
			if _, known := want[name]; !known {
				delete(got, name)
			}
		}
		assert.Equal(t, want, got, row)
	})
}

// look asks about a row, and gives the answer to a function.
func look[T any](t *testing.T, q *inquiry, row string, request object, answered func(got T)) {
	t.Helper()
	request["id"] = len(q.questions)
	line, err := json.Marshal(request)
	require.NoError(t, err)
	q.questions = append(q.questions, question{row, line, func(t *testing.T, answer []byte) {
		t.Helper()
		var got T
		require.NoError(t, json.Unmarshal(answer, &got), "%s: %s", row, answer)
		answered(got)
	}})
}

// run starts the program, writes all requests while it reads their answers, and returns how many answers each row has had.
func (q *inquiry) run(t *testing.T) map[string]int {
	t.Helper()
	var lines bytes.Buffer
	for _, question := range q.questions {
		lines.Write(question.line)
		lines.WriteByte('\n')
	}
	cmd := exec.CommandContext(t.Context(), q.program, q.args...)
	cmd.Env = append(os.Environ(), "TZ=America/Havana") // the zone of the machine is that of no answer
	var diagnostics bytes.Buffer
	cmd.Stdin, cmd.Stderr = &lines, &diagnostics // written by a goroutine
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	answers, rows := bufio.NewReader(out), map[string]int{}
	for n, question := range q.questions {
		answer, err := answers.ReadBytes('\n')
		require.NoError(t, err, "%s: %s", question.line, &diagnostics)
		var head struct {
			ID *int
			OK bool
		}
		require.NoError(t, json.Unmarshal(answer, &head), "%s: %s", question.line, answer)
		require.Equal(t, &n, head.ID, "answers come in the order of requests: %s", answer)
		before := t.Failed()
		if assert.True(t, head.OK, question.row) {
			question.look(t, answer)
			rows[question.row]++
		}
		if !before && t.Failed() { // the first
			t.Logf("asked    %s\nanswered %s", question.line, answer)
		}
	}
	_, err = answers.ReadByte()
	require.Error(t, err, "an answer too many")
	require.NoError(t, cmd.Wait(), &diagnostics)
	assert.Empty(t, diagnostics.String())
	return rows
}
