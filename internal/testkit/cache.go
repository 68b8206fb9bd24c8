package testkit

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// Cache is what a person has been sent. It can be thrown away at any time.
type Cache struct {
	Epoch  event.ID // that it was filled under; under another it is neither read nor written
	Cursor string
	More   bool // the last page was not the last
	Ents   map[event.ID]*event.State
	Tally  *wire.Tally
}

// Cache is the cache of the person signed in; it may be empty, it is never nil.
func (d *Device) Cache() *Cache {
	if c := d.caches[d.disk.person]; c.valid(d.disk.head) {
		return c
	}
	return d.newCache()
}

func (d *Device) newCache() *Cache {
	c := &Cache{Ents: map[event.ID]*event.State{}}
	if d.disk.head != nil {
		c.Epoch = d.disk.head.Epoch
	}
	d.caches[d.disk.person] = c
	return c
}

func (c *Cache) valid(head *wire.Head) bool {
	return c != nil && (head == nil && c.Epoch.IsZero() || head != nil && c.Epoch == head.Epoch)
}

func (c *Cache) clone() *Cache {
	n := *c
	n.Ents = maps.Clone(c.Ents) // states never change once they are here
	return &n
}

// Digest is the fingerprint that the server's must be equal to when the cursor is at the head.
func (c *Cache) Digest() (count uint64, xor string) {
	var out [16]byte
	for e, s := range c.Ents {
		sum := sha256.Sum256(store.IDSeqKey(e, s.Seq))
		for i := range out {
			out[i] ^= sum[i]
		}
	}
	return uint64(len(c.Ents)), hex.EncodeToString(out[:])
}

// StateOf makes a state of what travelled. Its class is not known here.
func StateOf(w *wire.Entity) *event.State {
	s := &event.State{Entity: w.E, Seq: w.Seq, Erased: slices.Contains(w.Flags, "erased")}
	for _, p := range w.Parked {
		s.Parked = append(s.Parked, event.Parked{ID: p.ID, Reason: p.Why})
	}
	if w.St == nil {
		return s
	}
	s.By, s.Birth = w.St.By, &event.Birth{Type: w.St.T}
	if w.St.Kind != nil {
		s.Birth.Kind = *w.St.Kind
	}
	if w.St.Parent != nil {
		s.Birth.Parent = *w.St.Parent
	}
	for _, name := range slices.Sorted(maps.Keys(w.St.F)) {
		r := event.Register{Name: name, Dead: w.St.F[name].D}
		for _, h := range w.St.F[name].H {
			r.Heads = append(r.Heads, event.Head{ID: h.ID, Eff: h.Eff, Inc: h.Inc, N: h.N, Value: h.V})
		}
		s.Fields = append(s.Fields, r)
	}
	return s
}
