package activity

import (
	"hash/maphash"

	"lofteslogg/internal/event"
)

// index finds the row of an entity: a table of row numbers alone, open to the next free place, since the ids stand in
// the rows already. A map of ids would cost as much as the rows themselves.
type index struct {
	seed  maphash.Seed
	slots []uint32 // row + 1; 0 is free
}

func (x *index) find(e event.ID, facts []Fact) (row uint32, ok bool) {
	if len(x.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(x.slots) - 1)
	for at := maphash.Bytes(x.seed, e[:]) & mask; ; at = (at + 1) & mask {
		switch n := x.slots[at]; {
		case n == 0:
			return 0, false
		case facts[n-1].Entity == e:
			return n - 1, true
		}
	}
}

// add notes the last of the facts, whose entity has no row yet.
func (x *index) add(e event.ID, facts []Fact) {
	if 4*len(facts) > 3*len(x.slots) {
		x.grow(2*len(facts), facts[:len(facts)-1])
	}
	x.note(e, uint32(len(facts)))
}

func (x *index) note(e event.ID, n uint32) {
	mask := uint64(len(x.slots) - 1)
	at := maphash.Bytes(x.seed, e[:]) & mask
	for x.slots[at] != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = n
}

// grow makes room for n rows.
func (x *index) grow(n int, facts []Fact) {
	size := max(16, len(x.slots))
	for 3*size < 4*n {
		size *= 2
	}
	if size == len(x.slots) {
		return
	}
	if x.slots == nil {
		x.seed = maphash.MakeSeed()
	}
	x.slots = make([]uint32, size)
	for i := range facts {
		x.note(facts[i].Entity, uint32(i+1))
	}
}

// intern gives each of a few values a number.
type intern[K comparable] struct {
	at   map[K]int32
	list []K
}

func newIntern[K comparable]() intern[K] { return intern[K]{at: map[K]int32{}} }

func (i *intern[K]) of(value K) int32 {
	n, ok := i.at[value]
	if !ok {
		n = int32(len(i.list))
		i.at[value] = n
		i.list = append(i.list, value)
	}
	return n
}
