package replica_test

import (
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// The tests of this file are what the simulator found: see package sim.

func TestAForkIsToldAgainWhenTheReplyWasLost(t *testing.T) {
	h := newHouse(t)
	h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	h.n[kim] = 0 // a copy of the phone writes under the same number
	clash := h.write(kim, nil, started("2026-11-20T22:10+01:00"))
	for _, when := range []string{"first", "again"} {
		if fork := h.push(kim, clash).Fork; len(fork) != 1 || fork[0] != inc(kim) {
			t.Errorf("%s: fork %v", when, fork)
		}
	}
}

func TestAResultIsOfTheWholeBatch(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	then := h.write(kim, first, event.Field{Name: "minutes", Value: event.Int(45)})
	for i, res := range h.push(kim, then, first).Res {
		if res.C != wire.ResOK || res.Why != "" {
			t.Errorf("event %d of the batch: %+v", i, res)
		}
	}
}

func TestTwoDesksThatEachBeganDecidingAreBothHeard(t *testing.T) {
	h := newHouse(t)
	one, two := h.write(kim, nil, started("2026-11-20T21:10+01:00")), h.write(kim, nil, started("2026-11-20T22:10+01:00"))
	h.push(kim, one, two)
	for _, e := range []*event.Event{one, two} {
		hold := h.write(desk, nil, event.Field{Name: "verdict:" + e.ID.String(), Value: event.Text(replica.Hold)})
		hold.New = &event.Birth{Type: "decisions"}
		h.push(desk, hold)
	}
	if n := h.done(0); n != 0 {
		t.Errorf("%d are counted; both were held back", n)
	}
}

func TestHoldingOneCorrectionLeavesAnotherThatCameBeforeTheFirstEvent(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	early := h.write(kim, first, event.Field{Name: "minutes", Value: event.Int(45)})
	late := h.write(kim, first, event.Field{Name: "note", Value: event.Text("Lugnt.")})
	h.push(kim, early, first, late)
	hold := h.write(desk, nil, event.Field{Name: "verdict:" + late.ID.String(), Value: event.Text(replica.Hold)})
	hold.New = &event.Birth{Type: "decisions"}
	h.push(desk, hold)
	for i, want := range []string{wire.ResOK, wire.ResOK, wire.ResParked} {
		if res := h.push(kim, early, first, late).Res[i]; res.C != want {
			t.Errorf("event %d: %+v, want %s", i, res, want)
		}
	}
}

func TestSafeIsNothingWhileABackupOfAnotherHistoryIsOffered(t *testing.T) {
	h := newHouse(t)
	early := h.engine.Snapshot(townID)
	h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	other := h.push(kim).Head // of a backup whose history is about to be left
	h.engine.Restore(townID, early)
	var kept []wire.Head
	r, err := replica.Open(t.Context(), h.engine, h.people, replica.Options{Clock: at{now}, Kept: func(event.ID) []wire.Head { return kept }})
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	h.push(noor, h.write(noor, nil, started("2026-11-20T21:10+01:00")))
	ours := h.push(noor).Head
	for _, c := range []struct {
		kept []wire.Head
		safe uint64
	}{{nil, 0}, {[]wire.Head{ours}, 0}, {[]wire.Head{ours, ours}, ours.Seq}, {[]wire.Head{ours, ours, other}, 0}} {
		if kept = c.kept; h.push(noor).Safe != c.safe {
			t.Errorf("with %d backups: safe is not %d", len(kept), c.safe)
		}
	}
}

func TestASecondCatalogueChangesNothing(t *testing.T) {
	for range 8 { // what is read from a map comes in another order each time
		h := newHouse(t)
		second := h.write(desk, nil, event.Field{Name: "version", Value: event.Int(9)})
		second.New = &event.Birth{Type: "catalog"}
		h.push(desk, second)
		h.push(desk, h.write(desk, second, event.Field{Name: "version", Value: event.Int(10)}))
		if res := h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00"))).Res[0]; res.C != wire.ResOK {
			t.Fatalf("%+v", res)
		}
		book, err := h.r.Book(townID)
		if err != nil || book.Catalog.Version != 1 {
			t.Fatalf("the book has catalogue %d (%v)", book.Catalog.Version, err)
		}
	}
}
