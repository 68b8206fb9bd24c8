package activity

import (
	"slices"
	"strings"

	"lofteslogg/internal/event"
)

// What is linked by "doubles" is a group: it counts once, by its smallest living member, with the parties of all.

func (t *Table) link(e, of event.ID) {
	if !of.IsZero() {
		t.links[e] = of
		t.dups[of] = append(t.dups[of], e)
	}
}

// unlink takes an entity from those that doubled another, and groups the others anew.
func (t *Table) unlink(of, e event.ID) {
	delete(t.links, e)
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
	slices.SortFunc(group, func(a, b uint32) int { return t.facts[a].Entity.Compare(t.facts[b].Entity) })
	first, parties := -1, []string(nil)
	for _, i := range group {
		f := &t.facts[i]
		f.Counted, f.Parties = false, t.ownOf(i)
		if f.Flags.Has(Voided) {
			continue
		}
		if first < 0 {
			first = int(i)
		}
		if len(group) > 1 {
			parties = append(parties, t.list(f.Parties)...)
		}
	}
	if first < 0 {
		return
	}
	t.facts[first].Counted = true
	if len(group) > 1 {
		slices.Sort(parties)
		t.lend(uint32(first), t.setOf(slices.Compact(parties)))
	}
}

// ownOf is the row's own set of parties, which it gets back.
func (t *Table) ownOf(i uint32) Set {
	if own, ok := t.own[i]; ok {
		delete(t.own, i)
		return own
	}
	return t.facts[i].Parties
}

// lend has a row count with the parties of its group.
func (t *Table) lend(i uint32, parties Set) {
	if f := &t.facts[i]; f.Parties != parties {
		t.own[i] = f.Parties
		f.Parties = parties
	}
}

// group lists the rows linked to e. Links point to smaller entities, so there is no circle; an entity that does not
// exist yet still joins those that double it.
func (t *Table) group(e event.ID) (rows []uint32) {
	root := e
	for range 1000 {
		of, ok := t.links[root]
		if !ok {
			break
		}
		root = of
	}
	queue := []event.ID{root}
	for len(queue) > 0 && len(rows) < 1000 {
		next := queue[0]
		queue = append(queue[1:], t.dups[next]...)
		if i, ok := t.index.find(next, t.facts); ok {
			rows = append(rows, i)
		}
	}
	return rows
}

func (t *Table) setOf(parties []string) Set { return Set(t.sets.of(strings.Join(parties, "\x00"))) }

func (t *Table) list(s Set) []string {
	if text := t.sets.list[s]; text != "" {
		return strings.Split(text, "\x00")
	}
	return nil
}
