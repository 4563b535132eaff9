package availability

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"example.com/sla/servicetime"
)

// ErrTally is the cause where bytes are not those of a tally.
var ErrTally = errors.New("not a tally")

// tallyVersion is the first byte of the binary form.
const tallyVersion = 1

// MarshalBinary writes the tally for UnmarshalBinary of this or another machine. Equal tallies have equal bytes. The error is always nil.
func (t Tally) MarshalBinary() ([]byte, error) {
	// A version; then of each pile how many stretches, and of each of these how far from the end of the one before, and how long, 0 for
	// what has no end.
	b := []byte{tallyVersion}
	for _, p := range t.piles() {
		all := p.line()
		b = binary.AppendUvarint(b, uint64(len(all)))
		at := firstSecond * nanos
		for _, s := range all {
			b = binary.AppendUvarint(b, uint64(s.from-at))
			if s.to == ongoing {
				b = append(b, 0)
				break
			}
			b = binary.AppendUvarint(b, uint64(s.to-s.from))
			at = s.to
		}
	}
	return b, nil
}

// UnmarshalBinary is the inverse of MarshalBinary. On an error the tally is left as it was.
//
// It returns an error wrapping [ErrTally] if the bytes are not those of a tally.
func (t *Tally) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] != tallyVersion {
		return fmt.Errorf("availability: %w: it does not begin with version %d", ErrTally, tallyVersion)
	}
	read := Tally{}
	r := bytes.NewReader(b[1:])
	for _, p := range read.piles() {
		n, err := binary.ReadUvarint(r)
		if err != nil || n > uint64(r.Len()) { // so that no room is made for what is not there
			return fmt.Errorf("availability: %w: it ends too early", ErrTally)
		}
		at := firstSecond * nanos
		for range n {
			s, err := readStretch(r, at)
			if err != nil {
				return err
			}
			if p.last != (stretch{}) && (s.from == at || at == ongoing) {
				return fmt.Errorf("availability: %w: stretches that touch", ErrTally)
			}
			p.add(s)
			at = s.to
		}
	}
	if r.Len() > 0 {
		return fmt.Errorf("availability: %w: %d bytes behind its end", ErrTally, r.Len())
	}
	*t = read
	return nil
}

// readStretch reads one that begins at an instant or later.
func readStretch(r io.ByteReader, at int64) (stretch, error) {
	gap, err := binary.ReadUvarint(r)
	length, err2 := binary.ReadUvarint(r)
	if err = errors.Join(err, err2); err != nil {
		return stretch{}, fmt.Errorf("availability: %w: it ends too early", ErrTally)
	}
	last := uint64((lastSecond - firstSecond + 1) * nanos)
	before := uint64(at - firstSecond*nanos)
	if gap > last-before || length > last-before-gap {
		return stretch{}, fmt.Errorf("availability: %w: %w", ErrTally, servicetime.ErrRange)
	}
	s := stretch{from: at + int64(gap)}
	if s.to = s.from + int64(length); length == 0 {
		s.to = ongoing
	}
	return s, nil
}

// tallyKeys are the keys of the text form, in the order of piles.
var tallyKeys = [...]string{"down", "excused", "degraded", "unknown"}

// MarshalJSON writes the tally for people and programs: {"down": [["2026-10-05T08:00:00Z", null]], …}, instants in UTC, in order, null for an end that
// has not come. The keys are down, excused, degraded and unknown. Equal tallies have equal texts.
func (t Tally) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, p := range t.piles() {
		all := p.line()
		spans := make([][2]*time.Time, 0, len(all))
		for _, s := range all {
			from, to := time.Unix(0, s.from).UTC(), time.Unix(0, s.to).UTC()
			spans = append(spans, [2]*time.Time{&from, &to})
			if s.to == ongoing {
				spans[len(spans)-1][1] = nil
			}
		}
		text, err := json.Marshal(spans)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%c%q:%s", "{,,,,"[i], tallyKeys[i], text)
	}
	return append(b.Bytes(), '}'), nil
}

// UnmarshalJSON is the inverse of MarshalJSON; it takes the stretches in any order. On an error the tally is left as it was.
//
// It returns an error wrapping [ErrTally] if the text has another form, a key that is none of those or stands twice, or text behind its
// end; and all faults of the stretches, those of [Outage.Check].
func (t *Tally) UnmarshalJSON(b []byte) error {
	refuse := func(why string, err error) error {
		return errors.Join(fmt.Errorf("availability: %w: %s", ErrTally, why), err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	if token, err := dec.Token(); token != json.Delim('{') {
		return refuse("write an object", err)
	}
	read := Tally{}
	seen := map[string]bool{}
	var faults []error
	for dec.More() {
		key, err := dec.Token()
		i := slices.Index(tallyKeys[:], fmt.Sprint(key))
		if err != nil || i < 0 || seen[tallyKeys[i]] {
			return refuse(fmt.Sprintf("key %q: each of %q once", fmt.Sprint(key), tallyKeys), err)
		}
		seen[tallyKeys[i]] = true
		var spans [][]*time.Time
		if err := dec.Decode(&spans); err != nil || spans == nil {
			return refuse(tallyKeys[i]+": write a list", err)
		}
		for j, span := range spans {
			if len(span) != 2 || span[0] == nil {
				return refuse(fmt.Sprintf("%s[%d]: write a list of two instants", tallyKeys[i], j), nil)
			}
			to := time.Time{}
			if span[1] != nil {
				to = *span[1]
			}
			if err := addTo(read.piles()[i], *span[0], to); err != nil {
				faults = append(faults, servicetime.Nest(fmt.Sprintf("%s[%d]", tallyKeys[i], j), err)...)
			}
		}
	}
	if _, err := dec.Token(); err != nil {
		return refuse("it ends too early", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return refuse("text behind its end", nil)
	}
	if len(seen) < len(tallyKeys) { // what is not there would read as up
		return refuse(fmt.Sprintf("each of %q must be there", tallyKeys), nil)
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	*t = read
	return nil
}
