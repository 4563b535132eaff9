package sla_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	ownModule = "example.com/sla"

	// The only foreign module outside tests, and the only file that imports it.
	calModule = "github.com/rickar/cal/v2"
	calFile   = "servicetime/holidays_cal.go"
)

// houseFloors is the house of DESIGN.md. An import goes to a lower floor or stays in its
// room, so rooms of one floor never import each other.
var houseFloors = map[string]int{
	"internal":    0,
	"servicetime": 1, "compliance": 1,
	"priority": 2, "availability": 2, "performance": 2, "capacity": 2, "continuity": 2,
	"":         3, // package sla
	"examples": 4,
}

// pureRoom tells rooms from the two ends, where text is read and written.
func pureRoom(room string) bool { return room != "" && room != "examples" }

// impurePackages lists the packages, with those below them, that reach what is no argument.
var impurePackages = []string{"C", "embed", "io/fs", "io/ioutil", "log", "math/rand", "net", "os", "syscall", "unsafe"}

// clockNames lists what a room may not use of package time: now is an argument, and so is a zone.
var clockNames = []string{
	"Now", "Since", "Until", "LoadLocation", "Local",
	"Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Timer", "Ticker",
}

// sourceFile is a Go file, not of a test, with its slash path from the root.
type sourceFile struct {
	path   string
	syntax *ast.File
}

// room returns the first folder of the file's path: its packages below share its rules.
func (f sourceFile) room() string { return roomOf(path.Dir(f.path)) }

func roomOf(dir string) string {
	room, _, _ := strings.Cut(dir, "/")
	return strings.TrimPrefix(room, ".")
}

func TestLayout(t *testing.T) {
	fset := token.NewFileSet()
	rooms := map[string][]sourceFile{} // by folder
	var found []string
	for _, f := range houseFiles(t, fset) {
		found = append(found, importFindings(fset, f)...)
		if pureRoom(f.room()) {
			dir := path.Dir(f.path)
			rooms[dir] = append(rooms[dir], f)
		}
	}
	require.NotEmpty(t, rooms, "a check that sees no room finds nothing")

	packages := goList(t, "./...")
	for _, dir := range slices.Sorted(maps.Keys(rooms)) {
		var files []sourceFile
		for _, f := range rooms[dir] {
			if slices.Contains(packages[ownModule+"/"+dir].GoFiles, path.Base(f.path)) {
				files = append(files, f)
			} else {
				found = append(found, f.path+": a build constraint hides it from this check")
			}
		}
		uses, err := clockFindings(fset, files, exportImporter(fset, packages))
		require.NoError(t, err)
		found = append(found, uses...)
	}
	assert.Empty(t, strings.Join(found, "\n"))
}

// A check that never fails proves nothing: every rule is broken here, one at a time, beside
// what looks like a breach and is none.
func TestLayoutFinds(t *testing.T) {
	const (
		down    = ": imports point down, and never sideways (DESIGN.md)"
		isPure  = ": a room is pure (DESIGN.md)"
		foreign = ": a dependency that only examples may have"
	)
	tests := []struct {
		path, src string
		want      []string // without the path
	}{
		// imports of ours
		{"sla.go", `import _ "example.com/sla/priority"`, nil},
		{"priority/a.go", `import (_ "example.com/sla/servicetime"; _ "example.com/sla/compliance")`, nil},
		{"servicetime/a.go", `import _ "example.com/sla/internal/uint128"`, nil},
		{"servicetime/a.go", `import _ "example.com/sla/servicetime/zones"`, nil},
		{"internal/a/a.go", `import _ "example.com/sla/internal/b"`, nil},
		{"examples/desk/a.go", `import (_ "example.com/sla"; _ "example.com/sla/capacity"; _ "example.com/sla/examples/csv")`, nil},
		{"servicetime/a.go", `import _ "example.com/sla/priority"`, []string{"2:8: imports example.com/sla/priority" + down}},
		{"servicetime/a.go", `import _ "example.com/sla/compliance"`, []string{"2:8: imports example.com/sla/compliance" + down}},
		{"compliance/a.go", `import _ "example.com/sla/servicetime"`, []string{"2:8: imports example.com/sla/servicetime" + down}},
		{"capacity/a.go", `import _ "example.com/sla/performance"`, []string{"2:8: imports example.com/sla/performance" + down}},
		{"continuity/a.go", `import _ "example.com/sla"`, []string{"2:8: imports example.com/sla" + down}},
		{"internal/a/a.go", `import _ "example.com/sla/servicetime"`, []string{"2:8: imports example.com/sla/servicetime" + down}},
		{"sla.go", `import _ "example.com/sla/examples/csv"`, []string{"2:8: imports example.com/sla/examples/csv" + down}},
		{"sla.go", `import _ "example.com/sla/util"`, []string{"2:8: imports example.com/sla/util: no room of DESIGN.md"}},
		{"util/a.go", ``, []string{"1:1: no room of DESIGN.md"}},
		{"examples/desk/a.go", `import _ "example.com/sla/internal/uint128"`, []string{"2:8: imports example.com/sla/internal/uint128: not for users"}},
		{"examples/desk/a.go", `import _ "example.com/sla/servicetime/internal"`, []string{"2:8: imports example.com/sla/servicetime/internal: not for users"}},

		// imports of others
		{"sla.go", `import (_ "os"; _ "net/http"; _ "embed")`, nil},
		{"examples/desk/a.go", `import (_ "log/slog"; _ "github.com/rickar/cal/v2/us"; _ "golang.org/x/text/language")`, nil},
		{"servicetime/holidays_cal.go", `import (_ "github.com/rickar/cal/v2"; _ "github.com/rickar/cal/v2/se")`, nil},
		{"servicetime/a.go", `import (_ "time"; _ "math/bits"; _ "iter"; _ "io")`, nil},
		{"servicetime/a.go", `import _ "github.com/rickar/cal/v2/se"`, []string{"2:8: imports github.com/rickar/cal/v2/se" + foreign}},
		{"sla.go", `import _ "github.com/rickar/cal/v2"`, []string{"2:8: imports github.com/rickar/cal/v2" + foreign}},
		{"servicetime/holidays_cal.go", `import _ "github.com/rickar/cal/v20"`, []string{"2:8: imports github.com/rickar/cal/v20" + foreign}},
		{"sla.go", `import _ "github.com/stretchr/testify/assert"`, []string{"2:8: imports github.com/stretchr/testify/assert" + foreign}},
		{"priority/a.go", `import _ "os"`, []string{"2:8: imports os" + isPure}},
		{"priority/a.go", `import _ "os/exec"`, []string{"2:8: imports os/exec" + isPure}},
		{"priority/a.go", `import _ "net/netip"`, []string{"2:8: imports net/netip" + isPure}},
		{"priority/a.go", `import _ "io/fs"`, []string{"2:8: imports io/fs" + isPure}},
		{"priority/a.go", `import _ "math/rand/v2"`, []string{"2:8: imports math/rand/v2" + isPure}},
		{"priority/a.go", `import _ "log/slog"`, []string{"2:8: imports log/slog" + isPure}},
		{"priority/a.go", `import _ "embed"`, []string{"2:8: imports embed" + isPure}},
		{"internal/a/a.go", `import _ "unsafe"`, []string{"2:8: imports unsafe" + isPure}},

		// uses, whatever the text looks like
		{"priority/a.go", `import "time"; var d = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC).After(time.Time{})`, nil},
		{"priority/a.go", `type time struct{ Now int }; var n = time{Now: 1}.Now // not time.Now`, nil},
		{"priority/a.go", `import "time"; var now = time.Now`, []string{"2:31: uses time.Now" + isPure}},
		{"priority/a.go", `import "time"; var d = time.Since(time.Time{})`, []string{"2:29: uses time.Since" + isPure}},
		{"priority/a.go", `import "time"; var d = time.Until(time.Time{})`, []string{"2:29: uses time.Until" + isPure}},
		{"priority/a.go", `import clock "time"; var _, _ = clock.LoadLocation("")`, []string{"2:39: uses time.LoadLocation" + isPure}},
		{"priority/a.go", `import . "time"; var z = Local`, []string{"2:26: uses time.Local" + isPure}},
		{"priority/a.go", `import "time"; func f(t time.Time) time.Time { return t.Local() }`, []string{"2:57: uses time.Local" + isPure}},
		{"priority/a.go", `import "time"; type stamp struct{ time.Time }; var t = stamp{}.Local()`, []string{"2:64: uses time.Local" + isPure}},
		{"priority/a.go", `import "time"; var c = time.After(1)`, []string{"2:29: uses time.After" + isPure}},
		{"priority/a.go", `import "time"; func f() { time.Sleep(1); time.AfterFunc(1, f) }`, []string{
			"2:32: uses time.Sleep" + isPure, "2:47: uses time.AfterFunc" + isPure,
		}},
		{"priority/a.go", `import "time"; var a, b, c = time.Tick(1), time.NewTicker(1), time.NewTimer(1)`, []string{
			"2:35: uses time.Tick" + isPure, "2:49: uses time.NewTicker" + isPure, "2:68: uses time.NewTimer" + isPure,
		}},
		{"priority/a.go", `import "time"; type T struct { a *time.Timer; b time.Ticker }`, []string{
			"2:40: uses time.Timer" + isPure, "2:54: uses time.Ticker" + isPure,
		}},
		{"sla.go", `import "time"; var now = time.Now()`, nil},
	}
	std := goList(t, "time")
	for _, tt := range tests {
		t.Run(tt.path+" "+tt.src, func(t *testing.T) {
			fset := token.NewFileSet()
			f := parseSource(t, fset, tt.path, "package p\n"+tt.src)
			found := importFindings(fset, f)
			if pureRoom(f.room()) {
				uses, err := clockFindings(fset, []sourceFile{f}, blankElse{exportImporter(fset, std), std})
				require.NoError(t, err)
				found = append(found, uses...)
			}
			for i := range found {
				found[i] = strings.TrimPrefix(found[i], tt.path+":")
			}
			assert.Equal(t, tt.want, found)
		})
	}
}

// The core works with the Go release before the newest and two dependencies, one of them
// for tests; examples may have newer Go and more.
func TestModules(t *testing.T) {
	for _, tt := range []struct{ tool, file, release string }{
		{"mod", "go.mod", "1.25.0"},
		{"mod", "examples/go.mod", "1.26.0"},
		{"work", "go.work", "1.26.0"},
	} {
		var have struct {
			Go, Toolchain string
			Require       []struct {
				Path     string
				Indirect bool
			}
		}
		require.NoError(t, json.Unmarshal(goTool(t, tt.tool, "edit", "-json", tt.file), &have))
		assert.Equal(t, tt.release, have.Go, tt.file)
		assert.Empty(t, have.Toolchain, tt.file)
		if tt.file == "go.mod" {
			for _, r := range have.Require {
				if !r.Indirect {
					assert.Contains(t, []string{calModule, "github.com/stretchr/testify"}, r.Path)
				}
			}
		}
	}
}

// houseFiles parses every Go file of both modules that is not a test's, those too that a
// build constraint leaves out. Walking the folders here, and not by go list alone, tells
// the test cache what the answer depends on.
func houseFiles(t *testing.T, fset *token.FileSet) []sourceFile {
	var files []sourceFile
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		base := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (base == "testdata" || base[0] == '.' || base[0] == '_'):
			return fs.SkipDir // as the go command does
		case !d.IsDir() && strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go"):
			files = append(files, parseSource(t, fset, filepath.ToSlash(name), nil))
		}
		return nil
	})
	require.NoError(t, err)
	return files
}

func parseSource(t *testing.T, fset *token.FileSet, name string, src any) sourceFile {
	syntax, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	require.NoError(t, err)
	return sourceFile{name, syntax}
}

func importFindings(fset *token.FileSet, f sourceFile) []string {
	var found []string
	report := func(at ast.Node, text string) {
		found = append(found, fmt.Sprintf("%v: %s", fset.Position(at.Pos()), text))
	}
	from := f.room()
	if _, ok := houseFloors[from]; !ok {
		report(f.syntax, "no room of DESIGN.md")
		return found
	}
	for _, spec := range f.syntax.Imports {
		to, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
		if withinTree(to, ownModule) {
			room := roomOf(strings.TrimPrefix(strings.TrimPrefix(to, ownModule), "/"))
			switch floor, ok := houseFloors[room]; {
			case !ok:
				report(spec, "imports "+to+": no room of DESIGN.md")
			case from == "examples" && slices.Contains(strings.Split(to, "/"), "internal"):
				report(spec, "imports "+to+": not for users")
			case room != from && floor >= houseFloors[from]:
				report(spec, "imports "+to+": imports point down, and never sideways (DESIGN.md)")
			}
			continue
		}
		host, _, _ := strings.Cut(to, "/")
		switch {
		case strings.Contains(host, "."): // no package of the standard library
			if from != "examples" && (f.path != calFile || !withinTree(to, calModule)) {
				report(spec, "imports "+to+": a dependency that only examples may have")
			}
		case pureRoom(from) && slices.ContainsFunc(impurePackages, func(tree string) bool { return withinTree(to, tree) }):
			report(spec, "imports "+to+": a room is pure (DESIGN.md)")
		}
	}
	return found
}

// withinTree reports whether the import path is the tree's root or below it.
func withinTree(path, tree string) bool {
	rest, ok := strings.CutPrefix(path, tree)
	return ok && (rest == "" || rest[0] == '/')
}

// clockFindings type-checks the files of one package. It goes by what a name means, so
// neither a renamed import nor a promoted method hides a use.
func clockFindings(fset *token.FileSet, files []sourceFile, imp types.Importer) ([]string, error) {
	syntax := make([]*ast.File, len(files))
	for i, f := range files {
		syntax[i] = f.syntax
	}
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: imp}
	if _, err := conf.Check("", fset, syntax, &info); err != nil {
		return nil, err
	}
	var found []string
	for _, id := range slices.SortedFunc(maps.Keys(info.Uses), func(a, b *ast.Ident) int { return cmp.Compare(a.Pos(), b.Pos()) }) {
		obj := info.Uses[id]
		if obj.Pkg() == nil || obj.Pkg().Path() != "time" || !slices.Contains(clockNames, obj.Name()) {
			continue
		}
		// Of the methods only Local asks the machine: t.After(u) compares.
		if obj.Parent() == obj.Pkg().Scope() || obj.Name() == "Local" {
			found = append(found, fmt.Sprintf("%v: uses time.%s: a room is pure (DESIGN.md)", fset.Position(id.Pos()), obj.Name()))
		}
	}
	return found, nil
}

// listedPackage is what go list says of a package.
type listedPackage struct {
	ImportPath string
	GoFiles    []string
	Export     string // file of the compiled package's types
}

// goList returns the packages and all that they import, by path. The core's rooms need none
// of the examples, so it is the same in and out of the workspace.
func goList(t *testing.T, pattern string) map[string]listedPackage {
	packages := map[string]listedPackage{}
	out := json.NewDecoder(bytes.NewReader(goTool(t, "list", "-deps", "-export", "-json=ImportPath,GoFiles,Export", pattern)))
	for {
		var p listedPackage
		err := out.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		packages[p.ImportPath] = p
	}
}

func goTool(t *testing.T, args ...string) []byte {
	cmd := exec.CommandContext(t.Context(), "go", args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go %v: %v", args, &stderr)
	return out
}

// exportImporter imports packages from what the compiler wrote of them.
func exportImporter(fset *token.FileSet, packages map[string]listedPackage) types.Importer {
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(packages[path].Export)
	})
}

// blankElse imports a package that is not listed as an empty one: enough for a blank import.
type blankElse struct {
	types.Importer
	packages map[string]listedPackage
}

func (b blankElse) Import(importPath string) (*types.Package, error) {
	if _, ok := b.packages[importPath]; ok {
		return b.Importer.Import(importPath)
	}
	p := types.NewPackage(importPath, path.Base(importPath))
	p.MarkComplete()
	return p, nil
}
