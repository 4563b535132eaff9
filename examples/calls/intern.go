package calls

import (
	"bytes"
	"math/bits"
)

// maxKnown is how many providers are remembered. There are some tens; in a file where each row names another one, memory stays flat.
const maxKnown = 1000

// An interner gives equal texts one string.
type interner struct {
	known  map[string]string
	recent [256]recent // some of them, by a cheap hash
}

// A recent text has its first 24 bytes beside it: to compare three words takes no branch by its length. The zero value is "".
type recent struct {
	words [3]uint64
	text  string
}

// masks leave of three words so many bytes.
var masks = func() (m [25][3]uint64) {
	for n := range m {
		for i := range n {
			m[n][i/8] |= 0xff << (i % 8 * 8)
		}
	}
	return m
}()

// get returns a text, if it is known.
func (i *interner) get(buf []byte, from, end int) (string, bool) {
	n := end - from
	if n > 24 {
		text, is := i.known[string(buf[from:end])]
		return text, is
	}
	mask := &masks[n]
	x, y, z := word(buf, from)&mask[0], word(buf, from+8)&mask[1], word(buf, from+16)&mask[2]
	slot := &i.recent[(x+bits.RotateLeft64(y, 20)+bits.RotateLeft64(z, 40)+uint64(n))*0x9e3779b97f4a7c15>>56]
	if slot.words[0] == x && slot.words[1] == y && slot.words[2] == z && len(slot.text) == n {
		return slot.text, true
	}
	text, is := i.known[string(buf[from:end])]
	if is {
		slot.words, slot.text = [3]uint64{x, y, z}, text
	}
	return text, is
}

// read returns the text of a cell that ends in a comma, if it is known, and where it ends.
func (i *interner) read(buf []byte, from int) (text string, end int, is bool) {
	const commas = ',' * ones
	n := bits.TrailingZeros32(bitmap(zeros(word(buf, from)^commas)) | bitmap(zeros(word(buf, from+8)^commas))<<8 |
		bitmap(zeros(word(buf, from+16)^commas))<<16 | 1<<24)
	if end = from + n; n == 24 {
		end = textEnd(buf, from, ',')
	}
	text, is = i.get(buf, from, end)
	return text, end, is
}

// add returns any text.
func (i *interner) add(text []byte) string {
	s, is := i.known[string(text)]
	if !is {
		s = string(text)
		if len(i.known) < maxKnown && bytes.IndexByte(text, '\n') < 0 { // no cell without quotes has it, as read relies on
			i.known[s] = s
		}
	}
	return s
}
