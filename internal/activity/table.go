package activity

import (
	"slices"
	"sync"

	"lofteslogg/internal/event"
)

// Table mirrors a town's rows in memory, so that a figure is one scan and never a stored counter.
//
// It is safe for concurrent use; a Scan sees all of a change or nothing of it. Texts and places are interned and what
// few rows have stands aside, so a row costs about 60 bytes.
type Table struct {
	mu     sync.RWMutex
	seq    uint64
	facts  []Fact
	index  index
	kinds  intern[string]
	sets   intern[string]
	places intern[event.ID]
	tails  map[string]tail // what rows end with, as stored → kind and parties

	links map[event.ID]event.ID   // entity → the smaller one it says it doubles
	dups  map[event.ID][]event.ID // entity → those that say they double it
	own   map[uint32]Set          // row → its own parties, where Parties are those of its group
}

// Fact is one row as the table holds it. Counted is false where it is taken back, or doubles one that is counted.
type Fact struct {
	Entity  event.ID
	Seq     uint64
	Start   Minute
	Place   Place
	Kind    Name
	Parties Set // of the whole group, where it is counted for one
	Minutes uint16
	Number  uint16
	Flags   Flag
	Counted bool
}

// Name is an interned text of the table.
type Name int32

// Set is an interned list of texts of the table.
type Set int32

// Place is an interned place of the table; 0 is none.
type Place int32

type tail struct {
	kind Name
	set  Set
}

// NewTable makes an empty table.
func NewTable() *Table {
	t := &Table{
		tails: map[string]tail{}, links: map[event.ID]event.ID{}, dups: map[event.ID][]event.ID{}, own: map[uint32]Set{},
		kinds: newIntern[string](), sets: newIntern[string](), places: newIntern[event.ID](),
	}
	t.places.of(event.ID{})
	return t
}

// Put stores rows in place of those of the same entities, groups anew what they double, and notes that the table now
// stands at seq.
func (t *Table) Put(seq uint64, rows []Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seq = max(t.seq, seq)
	for i := range rows {
		t.put(&rows[i])
	}
	for i := range rows {
		t.regroup(rows[i].Entity)
	}
}

// Grow makes room for n rows more, so that they need not be moved later.
func (t *Table) Grow(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.facts = slices.Grow(t.facts, n)
	t.index.grow(len(t.facts)+n, t.facts)
}

func (t *Table) put(r *Row) {
	f := Fact{
		Entity: r.Entity, Seq: r.Seq, Start: r.Start, Place: Place(t.places.of(r.Place)), Minutes: small(r.Minutes), Number: small(r.Number),
		Kind: Name(t.kinds.of(r.Kind)), Parties: t.setOf(r.Parties), Flags: r.Flags,
	}
	i, ok := t.index.find(r.Entity, t.facts)
	if !ok {
		t.add(&f, r.DupOf)
		return
	}
	t.facts[i] = f
	delete(t.own, i)
	if was, ok := t.links[r.Entity]; ok {
		t.unlink(was, r.Entity)
	}
	t.link(r.Entity, r.DupOf)
}

// add appends a fact of an entity that has none.
func (t *Table) add(f *Fact, dupOf event.ID) {
	t.facts = append(t.facts, *f)
	t.index.add(f.Entity, t.facts)
	t.link(f.Entity, dupOf)
}

// small keeps a number within its column; RowOf bounds it more closely.
func small(n int32) uint16 { return uint16(min(max(n, 0), 1<<16-1)) }

// View is the table during a Scan.
type View struct{ t *Table }

// Scan calls fn once with all facts, in no order that means anything. fn must not keep or change them.
func (t *Table) Scan(fn func(v View, facts []Fact)) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	fn(View{t}, t.facts)
}

// At is the seq of the log that the facts are of.
func (v View) At() uint64 { return v.t.seq }

// Name is the text of a name.
func (v View) Name(n Name) string { return v.t.kinds.list[n] }

// Find is the name of a text; no row has it when ok is false.
func (v View) Find(text string) (Name, bool) {
	n, ok := v.t.kinds.at[text]
	return Name(n), ok
}

// Place is the entity of a place, zero for none.
func (v View) Place(p Place) event.ID { return v.t.places.list[p] }

// Parties lists a set.
func (v View) Parties(s Set) []string { return v.t.list(s) }

// Sets is how many sets there are; every Set is less.
func (v View) Sets() int { return len(v.t.sets.list) }

// Fact is what the table holds of an entity; ok is false when it has no row.
func (t *Table) Fact(e event.ID) (f Fact, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	i, ok := t.index.find(e, t.facts)
	if ok {
		f = t.facts[i]
	}
	return f, ok
}

// Len is the number of rows.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.facts)
}
