package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The client for Node passes its tests against this program. It needs node, and no package.
func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip(err)
	}
	program := filepath.Join(t.TempDir(), "desk.exe") // what Windows wants, and the others take
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoErrorf(t, err, "%s", out)

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // it hangs
	defer cancel()
	tests := exec.CommandContext(ctx, node, "--test")
	tests.Dir = "node"
	tests.Env = append(os.Environ(), "DESK="+program)
	tests.WaitDelay = 10 * time.Second
	out, err = tests.CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	t.Logf("%s", out)
}
