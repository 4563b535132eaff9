package servicetime

import (
	"math/bits"
	"sort"
)

// dayset is a set of small numbers that counts and selects in constant time: the business
// days of a calendar.
type dayset struct {
	words []uint64
	ranks []uint32 // of each word: how many members lie before it
}

func newDayset(n int) dayset { return dayset{words: make([]uint64, n/64+1)} }

func (s dayset) add(i int)      { s.words[i/64] |= 1 << (i % 64) }
func (s dayset) remove(i int)   { s.words[i/64] &^= 1 << (i % 64) }
func (s dayset) has(i int) bool { return s.words[i/64]>>(i%64)&1 == 1 }

// count makes the set ready for before and nth; it does not change any more.
func (s *dayset) count() {
	s.ranks = make([]uint32, len(s.words)+1)
	for i, w := range s.words {
		s.ranks[i+1] = s.ranks[i] + uint32(bits.OnesCount64(w))
	}
}

// before is the number of members smaller than i.
func (s dayset) before(i int) int {
	return int(s.ranks[i/64]) + bits.OnesCount64(s.words[i/64]&(1<<(i%64)-1))
}

// nth is the member with n members before it, and false if there is none.
func (s dayset) nth(n int) (int, bool) {
	if n < 0 || n >= int(s.ranks[len(s.words)]) {
		return 0, false
	}
	i := sort.Search(len(s.words), func(i int) bool { return int(s.ranks[i+1]) > n })
	w := s.words[i]
	for range n - int(s.ranks[i]) {
		w &= w - 1
	}
	return i*64 + bits.TrailingZeros64(w), true
}
