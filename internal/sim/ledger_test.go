package sim

import (
	"cmp"
	"maps"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// ledger is all that the engine holds, read plainly and understood anew: the other opinion about every state.
type ledger struct {
	w      *world
	log    map[event.ID]*entry
	by     map[event.ID][]*entry // by entity, in the order they came
	states map[event.ID]*event.State
	incs   map[event.ID]store.Installation
	bound  map[[24]byte]uint64 // installation and n → seq
	head   uint64
	kinds  map[string]bool // the catalogue knows them
	rules  map[event.ID]*event.State
	done   map[figure]int
}

type entry struct {
	*event.Event
	seq   uint64
	rec   *store.Record
	place store.Place
}

func (w *world) readLedger() *ledger {
	l := &ledger{
		w: w, log: map[event.ID]*entry{}, by: map[event.ID][]*entry{}, states: map[event.ID]*event.State{},
		incs: map[event.ID]store.Installation{}, bound: map[[24]byte]uint64{}, kinds: map[string]bool{}, rules: map[event.ID]*event.State{},
	}
	w.view(func(tx store.Tx) {
		l.readLog(tx)
		must(tx.Scan(store.Entities, nil, nil, func(k, v []byte) bool {
			s, err := store.ReadState(v)
			must(err)
			l.states[event.ID(k)] = s
			return true
		}))
		must(tx.Scan(store.IncMeta, nil, nil, func(k, v []byte) bool {
			i, err := store.ReadInstallation(v)
			must(err)
			l.incs[event.ID(k)] = i
			return true
		}))
		must(tx.Scan(store.Incs, nil, nil, func(k, v []byte) bool {
			l.bound[[24]byte(k)] = store.SeqOf(v)
			return true
		}))
	})
	l.readKinds()
	return l
}

// readLog reads every record and checks the chain and the stamps (I7).
func (l *ledger) readLog(tx store.Tx) {
	var chain store.Chain
	var high clock.Stamp
	must(tx.Scan(store.Events, nil, nil, func(k, v []byte) bool {
		rec, err := store.ReadRecord(v)
		must(err)
		l.head++
		if store.SeqOf(k) != l.head || !rec.Whole() || rec.Link(chain) != rec.Chain {
			l.w.fail("the chain breaks at %d", l.head)
		}
		chain = rec.Chain
		if len(rec.Bytes) > 0 {
			l.readEvent(tx, rec, high)
		}
		high = max(high, rec.Eff)
		return true
	}))
}

func (l *ledger) readEvent(tx store.Tx, rec *store.Record, high clock.Stamp) {
	e, err := event.Decode(rec.Bytes)
	must(err)
	if limit := max(high, clock.Of(rec.Received, 0xffff)); rec.Eff != min(e.HLC, limit) {
		l.w.fail("I7: event %s is stamped %v; the store clock was %v", short(e.ID), rec.Eff, limit)
	}
	x := &entry{Event: e, seq: l.head, rec: rec}
	stored, err := tx.Get(store.IDs, store.IDKey(e.ID))
	must(err)
	if x.place, err = store.ReadPlace(stored); err != nil || x.place.Seq != l.head || x.place.Entity != e.Entity {
		l.w.fail("I9: event %s at %d is said to be at %+v", short(e.ID), l.head, x.place)
	}
	l.log[e.ID] = x
	l.by[e.Entity] = append(l.by[e.Entity], x)
}

// readKinds finds what the catalogue knows: that of the smallest id counts.
func (l *ledger) readKinds() {
	for _, e := range l.entities() {
		if s := l.rule(e); s.Birth != nil && s.Birth.Type == activity.TypeCatalog {
			for _, slug := range kinds {
				l.kinds[slug] = !s.Value("kind:" + slug).IsNull()
			}
			return
		}
	}
}

func (l *ledger) entities() []event.ID {
	return slices.SortedFunc(maps.Keys(l.by), event.ID.Compare)
}

// rule is the fold said in one sentence: a write stands when it is folded and named by no folded write; what folded
// writes name and is not folded is dead.
func (l *ledger) rule(e event.ID) *event.State {
	if l.rules[e] == nil {
		l.rules[e] = l.said(e)
	}
	return l.rules[e]
}

func (l *ledger) said(e event.ID) *event.State {
	s := &event.State{Entity: e}
	if s.Erased = l.w.wasErased(e); s.Erased {
		return s
	}
	named := map[string]map[event.ID]bool{}
	folded := map[event.ID]bool{}
	for _, x := range l.by[e] {
		if x.place.Standing != store.Folded {
			continue
		}
		folded[x.ID] = true
		for _, f := range x.Set {
			s.Ensure(f.Name)
			if named[f.Name] == nil {
				named[f.Name] = map[event.ID]bool{}
			}
			for _, id := range f.Base {
				named[f.Name][id] = true
			}
		}
	}
	for _, x := range l.by[e] {
		if x.place.Standing == store.Parked {
			s.Parked = append(s.Parked, event.Parked{ID: x.ID, Reason: x.place.Reason})
		}
		if !folded[x.ID] {
			continue
		}
		if x.New != nil {
			s.Birth, s.By = x.New, x.By
		}
		for _, f := range x.Set {
			if r := s.Register(f.Name); !named[f.Name][x.ID] {
				r.Heads = append(r.Heads, event.Head{ID: x.ID, Eff: x.rec.Eff, Inc: x.Inc, N: x.N, Value: f.Value})
			}
		}
	}
	for i := range s.Fields {
		r := &s.Fields[i]
		slices.SortFunc(r.Heads, func(a, b event.Head) int {
			return cmp.Or(cmp.Compare(a.Eff, b.Eff), a.Inc.Compare(b.Inc), cmp.Compare(a.N, b.N), a.ID.Compare(b.ID))
		})
		for id := range named[r.Name] {
			if !folded[id] {
				r.Dead = append(r.Dead, id)
			}
		}
		slices.SortFunc(r.Dead, event.ID.Compare)
	}
	slices.SortFunc(s.Parked, func(a, b event.Parked) int { return a.ID.Compare(b.ID) })
	return s
}

func (l *ledger) first(e event.ID) *event.Event {
	if x := l.log[e]; x != nil && x.Entity == e {
		return x.Event
	}
	return nil
}
