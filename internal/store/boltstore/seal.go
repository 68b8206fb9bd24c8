package boltstore

import (
	"encoding/binary"
	"hash/crc32"

	"lofteslogg/internal/store"
)

// sumSize is what stands before each value: CRC-32C, little endian, over the length of the bucket's name in four
// bytes, the name, the length of the key in four bytes, the key and the value.
const sumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// space is what is known of a bucket beforehand.
type space struct {
	name  store.Bucket
	bolt  []byte
	start uint32 // the checksum's state after the bucket's name
	fill  float64
}

// nSpaces is how many buckets there are.
const nSpaces = 11

var spaces = describe(store.Buckets())

func describe(names []store.Bucket) (all [nSpaces]space) {
	for i, b := range names { // one more than nSpaces panics at start
		head := append(binary.LittleEndian.AppendUint32(nil, uint32(len(b))), b...)
		all[i] = space{name: b, bolt: []byte(b), start: crc32.Checksum(head, castagnoli), fill: fillOf(b)}
	}
	return all
}

// fillOf is how full a page is left when it is split. The log only grows at its end. Other keys begin with ids that
// have the time in front, or end with sequence numbers: they come near an end, and a tenth is room for stragglers.
// Against half-full pages a commit of 64 events allocates a fifth less.
func fillOf(b store.Bucket) float64 {
	if b == store.Events {
		return 1
	}
	return 0.9
}

// spaceOf is the bucket's place in spaces, -1 when there is no such bucket.
func spaceOf(b store.Bucket) int {
	for i := range spaces {
		if spaces[i].name == b {
			return i
		}
	}
	return -1
}

func (s *session) sum(i int, key, value []byte) uint32 {
	s.scratch = binary.LittleEndian.AppendUint32(s.scratch[:0], uint32(len(key)))
	s.scratch = append(s.scratch, key...)
	return crc32.Update(crc32.Update(spaces[i].start, castagnoli, s.scratch), castagnoli, value)
}

const (
	blockSize = 64 << 10
	maxBlocks = 64 // what is kept from one commit to the next
)

// arena gives out the bytes that a transaction stores, and takes them all back when it has ended.
type arena struct {
	blocks [][]byte
	used   int // blocks given out, the last of them from off on still free
	off    int
}

func (a *arena) take(n int) []byte {
	if n > blockSize/4 {
		return make([]byte, n)
	}
	if a.used == 0 || a.off+n > blockSize {
		if a.used == len(a.blocks) {
			a.blocks = append(a.blocks, make([]byte, blockSize))
		}
		a.used, a.off = a.used+1, 0
	}
	b := a.blocks[a.used-1][a.off : a.off+n : a.off+n]
	a.off += n
	return b
}

func (a *arena) reset() {
	a.used, a.off = 0, 0
	if len(a.blocks) > maxBlocks {
		a.blocks = a.blocks[:maxBlocks:maxBlocks]
	}
}
