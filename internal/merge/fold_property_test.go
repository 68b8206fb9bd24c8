package merge_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/merge"
	"lofteslogg/internal/store"
)

// written is an event of the one entity that these tests fold, and its stamp.
type written struct {
	*event.Event
	eff clock.Stamp
}

func id(n int) event.ID {
	return event.MustID(fmt.Sprintf("00000000-0000-7000-8000-%012x", n))
}

// history draws the events of an entity. The bases are whatever: what was there, what comes later, the write itself,
// events of other entities, the same id twice.
func history(t *rapid.T, most int) []written {
	n := rapid.IntRange(1, most).Draw(t, "events")
	list := make([]written, n)
	for i := range list {
		e := &event.Event{Version: 1, ID: id(i + 1), Entity: id(1), Inc: id(0xa0 + i%3), N: uint64(i/3 + 1), By: id(0xb0)}
		if i == 0 {
			e.New = &event.Birth{Type: "activity", Kind: "foot_patrol"}
		}
		for _, name := range []string{"x", "y", "z"} {
			if rapid.IntRange(0, 2).Draw(t, "sets "+name) == 0 {
				continue
			}
			base := rapid.SliceOfN(rapid.IntRange(1, n+1), 0, 3).Draw(t, "base of "+name)
			f := event.Field{Name: name, Value: event.Int(int64(rapid.IntRange(0, 2).Draw(t, "value")))}
			for _, b := range base {
				f.Base = append(f.Base, id(b))
			}
			e.Set = append(e.Set, f)
		}
		list[i] = written{e, clock.Of(int64(rapid.IntRange(1, 4).Draw(t, "eff")), 0)}
	}
	return list
}

// fold folds the events one after the other.
func fold(list []written) *event.State {
	s := &event.State{Entity: id(1)}
	folded := map[event.ID]bool{}
	for _, w := range list {
		merge.Fold(s, w.Event, w.eff, func(id event.ID) bool { return folded[id] })
		folded[w.ID] = true
	}
	return s
}

// said is the fold in one sentence: a write stands when no folded write names it, itself included; an id is dead when
// a folded write names it and it is not folded.
func said(list []written) *event.State {
	s := &event.State{Entity: id(1)}
	named, folded := map[string]map[event.ID]bool{}, map[event.ID]bool{}
	for _, w := range list {
		folded[w.ID] = true
		for _, f := range w.Set {
			s.Ensure(f.Name)
			if named[f.Name] == nil {
				named[f.Name] = map[event.ID]bool{}
			}
			for _, b := range f.Base {
				named[f.Name][b] = true
			}
		}
	}
	for _, w := range list {
		if w.New != nil {
			s.Birth, s.By = w.New, w.By
		}
		for _, f := range w.Set {
			if !named[f.Name][w.ID] {
				r := s.Register(f.Name)
				r.Heads = append(r.Heads, event.Head{ID: w.ID, Eff: w.eff, Inc: w.Inc, N: w.N, Value: f.Value})
			}
		}
	}
	for i := range s.Fields {
		r := &s.Fields[i]
		slices.SortFunc(r.Heads, func(a, b event.Head) int {
			return cmp.Or(cmp.Compare(a.Eff, b.Eff), a.Inc.Compare(b.Inc), cmp.Compare(a.N, b.N), a.ID.Compare(b.ID))
		})
		dead := slices.SortedFunc(maps.Keys(named[r.Name]), event.ID.Compare)
		r.Dead = slices.DeleteFunc(dead, func(id event.ID) bool { return folded[id] })
	}
	return s
}

func spelled(s *event.State) string { return string(store.AppendState(nil, s)) }

func TestTheFoldIsTheRuleSaidInOneSentenceInEveryOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := history(t, 5)
		want := spelled(said(list))
		permute(list, func(order []written) {
			if got := fold(order); spelled(got) != want {
				t.Fatalf("order %v gives\n  %+v\nwant\n  %+v", ids(order), got, said(list))
			}
		})
	})
}

func TestTheFoldOfSevenEventsIsOneInEveryOrder(t *testing.T) {
	for seed := range 6 {
		list := rapid.Custom(func(t *rapid.T) []written { return history(t, 7) }).Example(seed)
		want := spelled(said(list))
		permute(list, func(order []written) {
			if spelled(fold(order)) != want {
				t.Fatalf("seed %d: order %v differs", seed, ids(order))
			}
		})
	}
}

func TestTheFoldOfManyEventsIsOneHoweverTheyAreShuffled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := history(t, 40)
		want := spelled(said(list))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1))
		for range 5 {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			if got := fold(list); spelled(got) != want {
				t.Fatalf("order %v gives\n  %+v\nwant\n  %+v", ids(list), got, said(list))
			}
		}
	})
}

func TestTheFoldKeepsAConflictUntilAWriteNamesBoth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := history(t, 12)
		for _, r := range fold(list).Fields {
			for _, w := range list {
				if slices.ContainsFunc(w.Set, func(f event.Field) bool { return f.Name == r.Name }) && !named(list, r.Name, w.ID) &&
					!slices.ContainsFunc(r.Heads, func(h event.Head) bool { return h.ID == w.ID }) {
					t.Fatalf("%s of %v is gone, and nobody who wrote was shown it", r.Name, w.ID)
				}
			}
		}
	})
}

func named(list []written, field string, id event.ID) bool {
	for _, w := range list {
		for _, f := range w.Set {
			if f.Name == field && slices.Contains(f.Base, id) {
				return true
			}
		}
	}
	return false
}

func ids(list []written) (out []string) {
	for _, w := range list {
		out = append(out, w.ID.String()[34:])
	}
	return out
}

// permute calls fn with every order of the list.
func permute[T any](list []T, fn func([]T)) {
	list = slices.Clone(list)
	var put func(int)
	put = func(at int) {
		if at == len(list) {
			fn(list)
			return
		}
		for i := at; i < len(list); i++ {
			list[at], list[i] = list[i], list[at]
			put(at + 1)
			list[at], list[i] = list[i], list[at]
		}
	}
	put(0)
}
