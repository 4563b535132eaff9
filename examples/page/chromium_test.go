package page_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/examples/page"
)

// pictures is a folder for screenshots and printed pages, to look at: go test -run Chromium -pictures /tmp/x
var pictures = flag.String("pictures", "", "the folder for screenshots of the pages")

// seen is what browser.mjs tells of a page at one width and in one colour scheme.
type seen struct {
	Width        int      `json:"width"`
	Scheme       string   `json:"scheme"`
	Console      []string `json:"console"`
	Requests     []string `json:"requests"`
	Overflow     int      `json:"overflow"`
	OverflowOpen int      `json:"overflow_open"` // with all that is folded opened
	Tagged       *bool    `json:"tagged"`        // the printed page
	Passes       int      `json:"passes"`
	Violations   []string `json:"violations"`
}

// The pages in a browser, by the rules of axe-core for WCAG 2.2 AA and its best practice: no violation, nothing wider than the screen, nothing asked for, and a PDF
// with structure. It needs chromium, node and npm ci in the folder browser; where CI is set they must be there.
func TestChromium(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	_, nodeErr := exec.LookPath("node")
	_, axeErr := os.Stat("browser/node_modules/axe-core/axe.min.js")
	if err := errors.Join(err, nodeErr, axeErr); err != nil {
		if os.Getenv("CI") == "" {
			t.Skip(err)
		}
		require.NoError(t, err)
	}
	hostile := filled(t, strings.Repeat("W", 150)+strings.Join(hostileTexts, "")) // nowhere to break a line, and then the others
	report, index := forms[0], forms[4]
	for _, tt := range []struct {
		name, language string
		form           form
		document       *page.Document
	}{
		{"report.sv", "sv", report, sample(t)},
		{"report.en", "en", report, sample(t)},
		{"index.sv", "sv", index, sample(t)},
		{"index.en", "en", index, sample(t)},
		{"hostile", "sv", report, hostile},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), tt.name+".html")
			require.NoError(t, os.WriteFile(file, []byte(written(t, tt.form, tt.document, tt.language)), 0o644))
			var stderr strings.Builder
			cmd := exec.CommandContext(t.Context(), "node", "browser/browser.mjs", chromium, file, *pictures)
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			require.NoError(t, err, stderr.String())
			var all []seen
			require.NoError(t, json.Unmarshal(out, &all))
			require.Len(t, all, 4)
			printed := 0
			for _, s := range all {
				assert.Empty(t, s.Violations, "%d %s", s.Width, s.Scheme)
				assert.Greater(t, s.Passes, 20, "%d %s", s.Width, s.Scheme)
				assert.Empty(t, s.Console, "%d %s", s.Width, s.Scheme)
				assert.Empty(t, s.Requests, "%d %s", s.Width, s.Scheme)
				assert.LessOrEqual(t, s.Overflow, 0, "%d %s", s.Width, s.Scheme)
				assert.LessOrEqual(t, s.OverflowOpen, 0, "%d %s, unfolded", s.Width, s.Scheme)
				if s.Tagged != nil {
					printed++
					assert.True(t, *s.Tagged)
				}
			}
			assert.Equal(t, 1, printed)
		})
	}
}
