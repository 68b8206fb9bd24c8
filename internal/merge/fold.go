// Package merge decides what an entity is when several people have written to it.
//
// The rule is pure: no clock, no disk, no network. The same events, in any order, split or repeated in any way, give
// the same state: the heads of a field are the folded writes of it that no folded write says it was shown.
// docs/api/protocol.md states the rule and docs/api/vectors holds the cases that Go and TypeScript both run.
package merge

import (
	"slices"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

// Fold adds event e, stamped eff, to the state of its entity. The caller has made sure that e is not folded already.
//
// folded tells whether an id is an event that is already folded into this same entity. An id that a write was shown
// and that is not folded yet goes to the field's dead list, so that it does not stand when it comes; the base is
// worked off before the dead lists are looked up, so that a write which names itself does not stand either.
func Fold(s *event.State, e *event.Event, eff clock.Stamp, folded func(event.ID) bool) {
	if e.New != nil {
		s.Birth, s.By = e.New, e.By
	}
	for _, f := range e.Set {
		r := s.Ensure(f.Name)
		for _, shown := range f.Base {
			supersede(r, shown, folded)
		}
	}
	dead := bury(s, e.ID)
	for _, f := range e.Set {
		if !slices.Contains(dead, f.Name) {
			stand(s.Ensure(f.Name), f.Value, e, eff)
		}
	}
}

// supersede takes a shown write from the heads, or remembers it for when it comes.
func supersede(r *event.Register, shown event.ID, folded func(event.ID) bool) {
	if i := slices.IndexFunc(r.Heads, func(h event.Head) bool { return h.ID == shown }); i >= 0 {
		r.Heads = slices.Delete(r.Heads, i, i+1)
		return
	}
	if i, known := slices.BinarySearchFunc(r.Dead, shown, event.ID.Compare); !known && !folded(shown) {
		r.Dead = slices.Insert(r.Dead, i, shown)
	}
}

// bury removes the id from every dead list of the entity and names the fields whose list held it.
func bury(s *event.State, id event.ID) (fields []string) {
	for i := range s.Fields {
		r := &s.Fields[i]
		if at, ok := slices.BinarySearchFunc(r.Dead, id, event.ID.Compare); ok {
			r.Dead = slices.Delete(r.Dead, at, at+1)
			fields = append(fields, r.Name)
		}
	}
	return fields
}

func stand(r *event.Register, v event.Value, e *event.Event, eff clock.Stamp) {
	h := event.Head{ID: e.ID, Eff: eff, Inc: e.Inc, N: e.N, Value: v}
	i, _ := slices.BinarySearchFunc(r.Heads, h, event.Head.Compare)
	r.Heads = slices.Insert(r.Heads, i, h)
}
