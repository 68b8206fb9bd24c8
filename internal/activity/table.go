package activity

import (
	"slices"
	"strings"
	"sync"

	"lofteslogg/internal/event"
)

// Table mirrors a town's rows in memory, so that a figure is one scan and never a stored counter.
//
// It is safe for concurrent use; a Scan sees all of a change or nothing of it. Texts are interned, so a row costs
// about 80 bytes.
type Table struct {
	mu    sync.RWMutex
	seq   uint64
	facts []Fact
	at    map[event.ID]int
	names intern
	sets  intern
	dups  map[event.ID][]event.ID // entity → those that say they double it
}

// Fact is one row as the table holds it. Counted is false where it is taken back, or doubles one that is counted.
type Fact struct {
	Entity  event.ID
	Place   event.ID
	DupOf   event.ID
	Seq     uint64
	Start   Minute
	Minutes int32
	Number  int32
	Kind    Name
	Parties Set // of the whole group, where it is counted for one
	own     Set // its own
	Flags   Flag
	Counted bool
}

// Name is an interned text of the table.
type Name int32

// Set is an interned list of texts of the table.
type Set int32

// NewTable makes an empty table.
func NewTable() *Table {
	return &Table{at: map[event.ID]int{}, dups: map[event.ID][]event.ID{}, names: newIntern(), sets: newIntern()}
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

func (t *Table) put(r *Row) {
	set := Set(t.sets.of(strings.Join(r.Parties, "\x00")))
	f := Fact{Entity: r.Entity, Place: r.Place, DupOf: r.DupOf, Seq: r.Seq, Start: r.Start, Minutes: r.Minutes, Number: r.Number, Kind: Name(t.names.of(r.Kind)), Parties: set, own: set, Flags: r.Flags}
	i, ok := t.at[r.Entity]
	if !ok {
		i = len(t.facts)
		t.at[r.Entity] = i
		t.facts = append(t.facts, f)
	} else {
		t.unlink(t.facts[i].DupOf, r.Entity)
		t.facts[i] = f
	}
	if !f.DupOf.IsZero() {
		t.dups[f.DupOf] = append(t.dups[f.DupOf], f.Entity)
	}
}

// unlink takes an entity from those that doubled another, and groups the others anew.
func (t *Table) unlink(of, e event.ID) {
	if of.IsZero() {
		return
	}
	if list := slices.DeleteFunc(t.dups[of], func(o event.ID) bool { return o == e }); len(list) > 0 {
		t.dups[of] = list
	} else {
		delete(t.dups, of)
	}
	t.regroup(of)
}

// regroup finds the entity's group and lets its smallest living member count, with the parties of all the living.
func (t *Table) regroup(e event.ID) {
	group := t.group(e)
	slices.SortFunc(group, func(a, b int) int { return t.facts[a].Entity.Compare(t.facts[b].Entity) })
	first, parties := -1, []string(nil)
	for _, i := range group {
		f := &t.facts[i]
		f.Counted, f.Parties = false, f.own
		if f.Flags.Has(Voided) {
			continue
		}
		if first < 0 {
			first = i
		}
		parties = append(parties, t.list(f.own)...)
	}
	if first >= 0 {
		slices.Sort(parties)
		t.facts[first].Counted = true
		t.facts[first].Parties = Set(t.sets.of(strings.Join(slices.Compact(parties), "\x00")))
	}
}

// group lists the rows linked to e. Links point to smaller entities, so there is no circle; an entity that does not
// exist yet still joins those that double it.
func (t *Table) group(e event.ID) (rows []int) {
	root := e
	for range 1000 {
		i, ok := t.at[root]
		if !ok || t.facts[i].DupOf.IsZero() {
			break
		}
		root = t.facts[i].DupOf
	}
	queue := []event.ID{root}
	for len(queue) > 0 && len(rows) < 1000 {
		next := queue[0]
		queue = append(queue[1:], t.dups[next]...)
		if i, ok := t.at[next]; ok {
			rows = append(rows, i)
		}
	}
	return rows
}

func (t *Table) list(s Set) []string {
	if text := t.sets.text[s]; text != "" {
		return strings.Split(text, "\x00")
	}
	return nil
}

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
func (v View) Name(n Name) string { return v.t.names.text[n] }

// Find is the name of a text; no row has it when ok is false.
func (v View) Find(text string) (Name, bool) {
	n, ok := v.t.names.at[text]
	return Name(n), ok
}

// Parties lists a set.
func (v View) Parties(s Set) []string { return v.t.list(s) }

// Sets is how many sets there are; every Set is less.
func (v View) Sets() int { return len(v.t.sets.text) }

// Len is the number of rows.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.facts)
}

type intern struct {
	at   map[string]int32
	text []string
}

func newIntern() intern { return intern{at: map[string]int32{}} }

func (i *intern) of(text string) int32 {
	n, ok := i.at[text]
	if !ok {
		n = int32(len(i.text))
		i.at[text] = n
		i.text = append(i.text, text)
	}
	return n
}
