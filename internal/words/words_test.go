package words_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/internal/words"
)

type color uint8

func TestSet(t *testing.T) {
	text, reading := errors.New("not a text"), errors.New("not a reading")
	colors := words.Set[color]{Package: "paint", What: "color", Names: []string{"red", "green"}, ErrText: text, ErrReading: reading}
	for v, want := range map[color]string{0: "", 1: "red", 2: "green", 3: "", 255: ""} {
		assert.Equal(t, want, colors.Text(v))
		b, err := colors.Marshal(v)
		back, parsed := colors.Parse([]byte(want))
		if want == "" {
			require.ErrorIs(t, err, text)
			require.ErrorIs(t, parsed, text)
			continue
		}
		require.NoError(t, err)
		require.NoError(t, parsed)
		assert.Equal(t, want, string(b))
		assert.Equal(t, v, back)
	}
	for _, wrong := range []string{"Red", "red ", "1", "null"} {
		v, err := colors.Parse([]byte(wrong))
		require.EqualError(t, err, `paint: color "`+wrong+`": not a text: write red, green`)
		assert.Zero(t, v)
	}
	require.NoError(t, colors.Check(0))
	require.NoError(t, colors.Check(2))
	require.ErrorIs(t, colors.Check(3), reading)
}
