package capacity_test

import (
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/sla/capacity"
	"example.com/sla/servicetime"
)

// A form is what every tally can be written to and read from.
type form interface {
	MarshalBinary() ([]byte, error)
	UnmarshalBinary([]byte) error
	json.Marshaler
	json.Unmarshaler
}

// forms are a value of each type, and a fresh one to read it into.
func forms(t testing.TB, calls []record) [][2]form {
	t.Helper()
	users := &capacity.Users{}
	for i := range calls {
		users.Add(strings.Repeat("Åmål ", i%7))
	}
	return [][2]form{{tally(calls), &capacity.Tally{}}, {timeline(t, calls), &capacity.Timeline{}}, {users, &capacity.Users{}}}
}

func TestForms(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		for _, f := range forms(t, randomCalls(random, i)) {
			b, err := f[0].MarshalBinary()
			require.NoError(t, err)
			text, err := f[0].MarshalJSON()
			require.NoError(t, err)
			require.NoError(t, f[1].UnmarshalBinary(b))
			same(t, f[1], b, text)
			require.NoError(t, f[1].UnmarshalJSON(text), string(text))
			same(t, f[1], b, text)
		}
	}
}

func same(t *testing.T, f form, b, text []byte) {
	t.Helper()
	b2, err := f.MarshalBinary()
	require.NoError(t, err)
	require.Equal(t, b, b2)
	text2, err := f.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, string(text), string(text2))
}

// What is cut anywhere, longer, or of another type, is refused, and leaves what was there.
func TestFormsRefused(t *testing.T) {
	all := forms(t, randomCalls(rand.New(rand.NewPCG(2, 2)), 8))
	for i, f := range all {
		b, err := f[0].MarshalBinary()
		require.NoError(t, err)
		text, err := f[0].MarshalJSON()
		require.NoError(t, err)
		for cut := range len(b) {
			require.ErrorIs(t, f[0].UnmarshalBinary(b[:cut]), capacity.ErrTally)
		}
		for cut := range len(text) {
			require.ErrorIs(t, f[0].UnmarshalJSON(text[:cut]), capacity.ErrTally)
		}
		require.ErrorIs(t, f[0].UnmarshalBinary(append(b, 0)), capacity.ErrTally)
		require.ErrorIs(t, f[0].UnmarshalJSON(append(text, "{}"...)), capacity.ErrTally)
		other, err := all[(i+1)%3][0].MarshalBinary()
		require.NoError(t, err)
		require.ErrorIs(t, f[0].UnmarshalBinary(other), capacity.ErrTally)
		same(t, f[0], b, text)
	}
}

func TestTextRefused(t *testing.T) {
	for _, row := range []struct {
		into  form
		text  string
		cause error
	}{
		{&capacity.Tally{}, `null`, nil},
		{&capacity.Tally{}, `[]`, nil},
		{&capacity.Tally{}, `{"outside":0,"outside":0}`, nil},
		{&capacity.Tally{}, `{"Outside":0}`, nil},
		{&capacity.Tally{}, `{"inside":0}`, nil},
		{&capacity.Tally{}, `{"calls":0}`, nil}, // a key of another place
		{&capacity.Tally{}, `{"outside":-1}`, nil},
		{&capacity.Tally{}, `{"beyond":1.5}`, nil},
		{&capacity.Tally{}, `{"beyond":{"a":`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:30:00Z","calls":[0,1]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[3]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[3600,1]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[-1,1]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[3,0]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[3,4294967296]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[3,1,3,1]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2026-10-26T08:00:00Z","calls":[3,1]},{"hour":"2026-10-26T08:00:00Z","calls":[4,1]}]}`, nil},
		{&capacity.Tally{}, `{"hours":[{"hour":"2300-10-26T08:00:00Z","calls":[3,1]}]}`, servicetime.ErrRange},
		{&capacity.Tally{}, `{"hours":[` + strings.Repeat(`{},`, capacity.MaxHours) + `{}]}`, servicetime.ErrLimit},
		{&capacity.Users{}, `{"others":-1}`, nil},
		{&capacity.Users{}, `{"users":[{"name":"a","calls":0}]}`, nil},
		{&capacity.Users{}, `{"users":[{"name":"b","calls":1},{"name":"a","calls":1}]}`, nil},
		{&capacity.Users{}, `{"users":[{"name":"a","calls":1},{"name":"a","calls":1}]}`, nil},
		{&capacity.Users{}, `{"users":[` + strings.Repeat(`{},`, capacity.MaxUsers) + `{}]}`, servicetime.ErrLimit},
	} {
		err := row.into.UnmarshalJSON([]byte(row.text))
		require.ErrorIs(t, err, capacity.ErrTally, row.text)
		if row.cause != nil {
			require.ErrorIs(t, err, row.cause)
		}
	}
	require.NoError(t, (&capacity.Tally{}).UnmarshalJSON([]byte(` { "hours" : [ ] , "beyond":1 } `)))
}

func TestTallyBinaryRefused(t *testing.T) {
	for _, b := range [][]byte{
		nil,
		{2, 0, 0, 0},
		{1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1},       // hours without end
		{1, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 127, 1, 0}, // a far hour
		{1, 0, 0, 1, 30, 0, 0, 0},                                       // no calls in it
		{1, 0, 0, 1, 30, 1, 144, 28, 1},                                 // second 3600
		{1, 0, 0, 1, 30, 2, 143, 28, 1, 0, 1},                           // one behind 3599
		{1, 0, 0, 1, 30, 1, 0, 0},                                       // none in a second
		{1, 0, 0, 1, 30, 1, 0, 128, 128, 128, 128, 16},                  // 2³² in one
		{1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0},       // 2⁶⁴−1 outside
	} {
		require.ErrorIs(t, (&capacity.Tally{}).UnmarshalBinary(b), capacity.ErrTally, b)
	}
	require.NoError(t, (&capacity.Tally{}).UnmarshalBinary([]byte{1, 0, 0, 1, 30, 1, 143, 28, 1}), "second 3599")
}

// Each of these texts of a timeline contradicts itself.
func TestTimelineTextRefused(t *testing.T) {
	tl := timeline(t, []record{call("08:00:00", "2m"), call("08:00:30", "1s"), call("08:00:59.5", "7s")})
	text, err := tl.MarshalJSON()
	require.NoError(t, err)
	for _, change := range [][2]string{
		{`"calls":3`, `"calls":-3`},
		{`"calls":3`, `"calls":0`},
		{`"calls":3`, `"calls":1`},
		{`"refused":0`, `"refused":-1`},
		{`"first":"2026-10-26T08:00:00Z"`, `"first":"2026-10-26T08:00:00.1Z"`},
		{`"first":"2026-10-26T08:00:00Z"`, `"first":"2026-10-26T09:00:00Z"`},
		{`"first":"2026-10-26T08:00:00Z"`, `"first":null`},
		{`"last":"2026-10-26T08:00:59.5Z"`, `"last":"2226-10-26T08:00:59.5Z"`},
		{`"last":"2026-10-26T08:00:59.5Z"`, `"last":"2026-10-26T08:00:59.6Z"`},
		{`"busy_ns":128000000000`, `"busy_ns":-1`},
		{`"busy_ns":128000000000`, `"busy_ns":1`},
		{`"busy_ns":128000000000`, `"busy_ns":1e400`},
		{`"busy_ns":128000000000`, `"busy_ns":12800000000000000000000000000000000000000000000`},
		{`"busy_ns":128000000000`, `"busy_ns":null`},
		{`"head":["2026-10-26T08:00:00Z",`, `"head":["2026-10-26T07:00:00Z",`},
		{`"head":["2026-10-26T08:00:00Z",`, `"head":["2026-10-26T08:00:40Z",`},
		{`"ends":["2026-10-26T08:01:06.5Z"`, `"ends":["2026-10-26T08:00:06.5Z"`},
		{`"reached":["2026-10-26T08:00:00Z",`, `"reached":[`},
		{`"window":"1 s"`, `"window":"2 s"`},
		{`"window":"1 h"`, `"window":"25 h"`},
		{`"window":"1 h"`, `"window":"1 min"`},
		{`"per":"1 s"`, `"per":"2 min"`},
		{`"per":"1 s"`, `"per":"0 s"`},
		{`"max":8`, `"max":0`},
		{`"level":[1,0]`, `"level":[1]`},
		{`"level":[1,0]`, `"level":[1,-1]`},
		{`"level":[1,0]`, `"level":[4,0]`},
		{`"level":[1,0]`, `"level":[1,1000000000]`},
		{`"net":[`, `"net":[1,`},
		{`"peak_at":"2026-10-26T08:00:00Z"`, `"peak_at":"2026-10-26T07:00:00Z"`},
	} {
		changed := strings.Replace(string(text), change[0], change[1], 1)
		require.NotEqual(t, string(text), changed, change)
		require.ErrorIs(t, (&capacity.Timeline{}).UnmarshalJSON([]byte(changed)), capacity.ErrTally, change)
	}
	empty, err := (&capacity.Timeline{}).MarshalJSON()
	require.NoError(t, err)
	require.NoError(t, (&capacity.Timeline{}).UnmarshalJSON(empty))
	changed := strings.Replace(string(empty), `"ends":[]`, `"ends":["2026-10-26T08:00:00Z"]`, 1)
	require.ErrorIs(t, (&capacity.Timeline{}).UnmarshalJSON([]byte(changed)), capacity.ErrTally)
}

// fuzzCalls reads calls of any bytes: a step and a duration, each of some scale.
func fuzzCalls(b []byte) (out []record) {
	scales := [...]time.Duration{0, 1, time.Millisecond, 100 * time.Millisecond, time.Second, time.Minute}
	start := at("08:00:00")
	for ; len(b) >= 4; b = b[4:] {
		start = start.Add(time.Duration(int8(b[0])) * scales[int(b[1])%len(scales)])
		out = append(out, record{start, time.Duration(b[2]) * scales[int(b[3])%len(scales)]})
	}
	return out
}

// Any calls, in any order: what a timeline takes is right, what it does not is counted; and any cut of them in order is the whole.
func FuzzTimeline(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef"), uint16(3))
	f.Add(binary.BigEndian.AppendUint64(nil, 0x01050205ff050705), uint16(1))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		if len(b) > 400 {
			return
		}
		tl, err := capacity.NewTimeline(measured...)
		require.NoError(t, err)
		var taken []record
		for _, c := range fuzzCalls(b) {
			if tl.Add(c.at, c.lasting) == nil {
				taken = append(taken, c)
			}
		}
		assert.EqualValues(t, len(fuzzCalls(b))-len(taken), tl.Result().Refused)
		require.Equal(t, slowPeaks(taken), peaks(t, tl))
		require.Equal(t, slowCalendar(taken, time.Minute), tally(taken).Result().Minute)

		taken = byStart(taken)
		i := int(cut) % (len(taken) + 1)
		first := timeline(t, taken[:i])
		require.NoError(t, first.Merge(timeline(t, taken[i:])))
		require.Equal(t, binaryOf(t, timeline(t, taken)), binaryOf(t, first))
	})
}

// Any bytes: refused, or a tally that can be asked, written and merged.
func FuzzForms(f *testing.F) {
	for _, form := range forms(f, randomCalls(rand.New(rand.NewPCG(3, 3)), 20)) {
		b, err := form[0].MarshalBinary()
		require.NoError(f, err)
		f.Add(b)
		text, err := form[0].MarshalJSON()
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []form{&capacity.Tally{}, &capacity.Timeline{}, &capacity.Users{}} {
			errs := []error{read.UnmarshalBinary(b), read.UnmarshalJSON(b)}
			for _, err := range errs {
				if err != nil {
					require.ErrorIs(t, err, capacity.ErrTally)
				}
			}
			if errs[0] != nil && errs[1] != nil {
				continue
			}
			form, err := read.MarshalBinary()
			require.NoError(t, err)
			text, err := read.MarshalJSON()
			require.NoError(t, err)
			switch read := read.(type) {
			case *capacity.Tally:
				_ = read.Result().String()
				read.Merge(read)
				var again capacity.Tally
				require.NoError(t, again.UnmarshalBinary(form))
				same(t, &again, form, text)
			case *capacity.Users:
				_ = read.Result().String()
				var again capacity.Users
				require.NoError(t, again.UnmarshalJSON(text))
				same(t, &again, form, text)
				again.Merge(read)
			case *capacity.Timeline:
				_ = read.Result().String()
				var again capacity.Timeline
				require.NoError(t, again.UnmarshalJSON(text))
				same(t, &again, form, text)
				_ = again.Merge(read)
				for i := range 3000 {
					_ = again.Add(at("08:00:00").AddDate(100, 0, i), time.Second)
				}
				_, _ = capacity.Judge(measured, &capacity.Tally{}, &again)
			}
		}
	})
}

// Any limit in JSON: refused, or one that text, allowance, limiter and judgement agree on.
func FuzzLimit(f *testing.F) {
	for _, limit := range measured {
		text, err := json.Marshal(limit)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var limit capacity.Limit
		if json.Unmarshal(b, &limit) != nil {
			return
		}
		_, _ = limit.String(), limit.Allowed()
		if err := limit.Check(); err != nil {
			require.ErrorIs(t, err, capacity.ErrLimit)
			return
		}
		require.Positive(t, limit.Allowed())
		tl, err := capacity.NewTimeline(limit)
		require.NoError(t, err)
		m, err := capacity.NewLimiter(limit)
		if limit.Kind == concurrency {
			require.ErrorIs(t, err, capacity.ErrLimit)
			return
		}
		require.NoError(t, err)
		var tally capacity.Tally
		for _, s := range []string{"08:00:00", "08:00:00", "08:00:00.1", "08:01:00", "09:00:00"} {
			_, err := m.Allow(at(s))
			require.NoError(t, err)
			require.NoError(t, tl.Add(at(s), time.Second))
			tally.Add(at(s))
		}
		outcomes, err := capacity.Judge([]capacity.Limit{limit}, &tally, tl)
		require.NoError(t, err)
		_ = outcomes[0].String()
	})
}
