package page

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWordsInEachLanguage(t *testing.T) {
	verb := regexp.MustCompile(`%.`)
	for key, w := range words {
		assert.NotEmpty(t, w.sv, key)
		assert.NotEmpty(t, w.en, key)
		assert.Equal(t, verb.FindAllString(w.sv, -1), verb.FindAllString(w.en, -1), key)
		assert.Equal(t, w.sv, clean(w.sv), key)
		assert.Equal(t, w.en, clean(w.en), key)
	}
}

func TestWordsAreUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var code strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && file != "words.go" {
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			code.Write(b)
		}
	}
	for _, m := range regexp.MustCompile(`\.say\("([^"]*)"[,)]`).FindAllStringSubmatch(code.String(), -1) {
		assert.Contains(t, words, m[1])
	}
	for _, m := range regexp.MustCompile(`\.(?:columns|heads)\(([^)]*)\)`).FindAllStringSubmatch(code.String(), -1) {
		for _, key := range regexp.MustCompile(`"([^">]*)>?"`).FindAllStringSubmatch(m[1], -1) {
			assert.Contains(t, words, "c."+key[1])
		}
	}
	// The names of the document, and the rows that are written as tables of keys.
	named := []string{"h", "verdict", "t", "per", "unit", "requirement", "section", "kind", "severity", "records", "clock", "segment", "counting", "reading", "time", "responses", "load", "trace", "as-of", "backups"}
	for key := range words {
		prefix, rest, _ := strings.Cut(key, ".")
		switch {
		case strings.Contains(code.String(), `"`+strings.TrimSuffix(key, ".1")+`"`), slices.Contains(named, prefix):
		case prefix == "c" && (strings.Contains(code.String(), `"`+rest+`"`) || strings.Contains(code.String(), `"`+rest+`>"`)):
		default:
			assert.Fail(t, "not used", key)
		}
	}
}
