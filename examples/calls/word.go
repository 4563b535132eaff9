package calls

import (
	"encoding/binary"
	"math/bits"
)

// Eight bytes of text in one word, the first in its low end. Whatever is asked of them is true of the first byte that it is true of: a carry
// may lie about those behind it.
const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

func word(b []byte, at int) uint64 { return binary.LittleEndian.Uint64(b[at : at+8]) }

// first returns which byte's top bit is the first one set, or 8.
func first(tops uint64) int { return bits.TrailingZeros64(tops) / 8 }

// digits reads a number of up to eight digits, as far as it goes.
func digits(b []byte, at int) (n uint64, end int) {
	x := word(b, at) ^ '0'*ones // 0 to 9
	count := first(notDigits(x))
	return number(x << (64 - 8*count)), at + count
}

// notDigits sets the top bits of bytes that are above 9.
func notDigits(x uint64) uint64 { return (x + (0x80-10)*ones | x) & tops }

// number makes one of eight digits: neighbours are added to pairs, pairs to fours, fours to the number.
func number(x uint64) uint64 {
	x = x * (10<<8 + 1) >> 8 & 0x00ff00ff00ff00ff
	x = x * (100<<16 + 1) >> 16 & 0x0000ffff0000ffff
	return x * (10_000<<32 + 1) >> 32
}

// textEnd returns where a cell of text stops: at a comma, LF or CR.
func textEnd(b []byte, at int, comma byte) int {
	separator := uint64(comma) * ones
	for {
		x := word(b, at)
		if stops := zeros(x^separator) | zeros(x^'\n'*ones) | zeros(x^'\r'*ones); stops != 0 {
			return at + first(stops)
		}
		at += 8
	}
}

// zeros sets the top bits of bytes that are 0.
func zeros(x uint64) uint64 { return (x - ones) &^ x & tops }

// bitmap makes bits of top bits.
func bitmap(tops uint64) uint32 { return uint32(tops >> 7 * 0x0102040810204080 >> 56) }
