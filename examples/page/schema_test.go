package page_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla"
	"example.com/sla/availability"
	"example.com/sla/examples/page"
)

var updateSchema = flag.Bool("update-schema", false, "write monthly.schema.json anew")

const (
	schemaFile = "monthly.schema.json"
	schemaID   = "https://example.com/sla/monthly.schema.json"
)

// schema describes the JSON form: made from the types and their comments, so that it cannot be behind them.
func schema(t *testing.T) []byte {
	t.Helper()
	text := reflect.TypeFor[encoding.TextMarshaler]()
	r := &jsonschema.Reflector{
		Namer: func(typ reflect.Type) string { return typ.String() },
		Mapper: func(typ reflect.Type) *jsonschema.Schema {
			switch {
			case typ == reflect.TypeFor[time.Time]():
				return &jsonschema.Schema{Type: "string", Format: "date-time"}
			case typ == reflect.TypeFor[availability.Decision]():
				return &jsonschema.Schema{Type: "boolean"}
			case typ == reflect.TypeFor[time.Duration]():
				return &jsonschema.Schema{Type: "integer", Description: "nanoseconds"}
			case typ == reflect.TypeFor[sla.Text]():
				return &jsonschema.Schema{Description: "a text for all languages, or one for each", AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "string"}}}}
			case typ.Kind() != reflect.Struct && (typ.Implements(text) || reflect.PointerTo(typ).Implements(text)), typ.Kind() == reflect.Struct && typ.Implements(text):
				return &jsonschema.Schema{Type: "string"}
			}
			return nil
		},
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	t.Chdir("../..") // comments are found by their path from the module's root
	require.NoError(t, r.AddGoComments("example.com/sla", "./", jsonschema.WithFullComment()))
	t.Chdir(here)
	s := r.Reflect(&page.Document{})
	s.ID = jsonschema.ID(schemaID)
	s.Title = "Monthly report"
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(s))
	return b.Bytes()
}

func TestSchema(t *testing.T) {
	want := schema(t)
	if *updateSchema {
		require.NoError(t, os.WriteFile(schemaFile, want, 0o644))
	}
	have, err := os.ReadFile(schemaFile)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(have), "%s is old: go test ./page -run TestSchema -update-schema", schemaFile)

	// The document validates, and one that lacks its format, or has a field of another kind, does not.
	c := validator.NewCompiler()
	v, err := validator.UnmarshalJSON(bytes.NewReader(have))
	require.NoError(t, err)
	require.NoError(t, c.AddResource(schemaID, v))
	compiled, err := c.Compile(schemaID)
	require.NoError(t, err)
	var text bytes.Buffer
	require.NoError(t, page.JSON(&text, sample(t)))
	validate := func(text string) error {
		v, err := validator.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		return compiled.Validate(v)
	}
	require.NoError(t, validate(text.String()))
	require.Error(t, validate(strings.Replace(text.String(), `"format": 1,`, "", 1)))
	require.Error(t, validate(strings.Replace(text.String(), `"format": 1,`, `"format": "1",`, 1)))
	require.Error(t, validate(strings.Replace(text.String(), `"complete"`, `"is_complete"`, 1)))
}
