package activity_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

func entity(n int) event.ID { return event.MustID(fmt.Sprintf("00000000-0000-7000-8000-%012x", n)) }

// groupsOf joins what is linked, whether or not it is living or even there, until nothing moves.
func groupsOf(rows map[int]activity.Row) map[event.ID]event.ID {
	of := map[event.ID]event.ID{}
	root := func(e event.ID) event.ID {
		if g, ok := of[e]; ok {
			return g
		}
		of[e] = e
		return e
	}
	for moved := true; moved; {
		moved = false
		for _, r := range rows {
			if a, b := root(r.Entity), root(r.DupOf); !r.DupOf.IsZero() && a != b {
				low := slices.MinFunc([]event.ID{a, b}, event.ID.Compare)
				of[r.Entity], of[r.DupOf], moved = low, low, true
			}
		}
	}
	return of
}

// naive says which rows count, and with which parties.
func naive(rows map[int]activity.Row) map[event.ID][]string {
	of := groupsOf(rows)
	first := map[event.ID]event.ID{}
	parties := map[event.ID][]string{}
	for _, r := range rows {
		g := of[r.Entity]
		if r.Flags.Has(activity.Voided) {
			continue
		}
		if f, ok := first[g]; !ok || r.Entity.Compare(f) < 0 {
			first[g] = r.Entity
		}
		parties[g] = append(parties[g], r.Parties...)
	}
	out := map[event.ID][]string{}
	for g, e := range first {
		slices.Sort(parties[g])
		out[e] = slices.Compact(parties[g])
	}
	return out
}

func TestALinkedGroupCountsOnceHoweverItCameToBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, rows := activity.NewTable(), map[int]activity.Row{}
		for seq := range rapid.IntRange(1, 30).Draw(t, "commits") {
			var commit []activity.Row
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 8), 1, 4, rapid.ID[int]).Draw(t, "rows") {
				r := activity.Row{Entity: entity(n), Kind: "foot_patrol", Number: 1, Parties: rapid.SampledFrom([][]string{nil, {"a"}, {"a", "b"}, {"c"}}).Draw(t, "parties")}
				if to := rapid.IntRange(0, 8).Draw(t, "doubles"); to > 0 && (to < n || rapid.IntRange(0, 9).Draw(t, "released") == 0) {
					r.DupOf = entity(to) // a link to a larger one is parked, and may be released
				}
				if rapid.IntRange(0, 3).Draw(t, "taken back") == 0 {
					r.Flags = activity.Voided
				}
				rows[n] = r
				commit = append(commit, r)
			}
			table.Put(uint64(seq), commit)
		}
		want, got := naive(rows), map[event.ID][]string{}
		table.Scan(func(v activity.View, facts []activity.Fact) {
			for i := range facts {
				if f := &facts[i]; f.Counted {
					got[f.Entity] = v.Parties(f.Parties)
				}
			}
		})
		for e, list := range want {
			if !slices.Equal(got[e], list) {
				t.Fatalf("%v counts with %v, should with %v: %+v", e, got[e], list, rows)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d count, %d should: %+v", len(got), len(want), rows)
		}
	})
}
