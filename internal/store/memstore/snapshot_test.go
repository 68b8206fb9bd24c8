package memstore_test

import (
	"bytes"
	"fmt"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/memstore"
	"lofteslogg/internal/store/storetest"
)

var twin = event.MustID("01890000-0000-7000-8000-00000000000f")

// write puts n keys from first on, with value.
func write(t *testing.T, e *memstore.Engine, town event.ID, first, n int, value string) {
	t.Helper()
	err := e.Update(t.Context(), town, func(tx store.Tx) error {
		for i := range n {
			if err := tx.Put(store.Events, fmt.Appendf(nil, "%04d", first+i), []byte(value)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// copied is the town's contents, as bytes to compare.
func copied(t *testing.T, e *memstore.Engine, town event.ID) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.Copy(t.Context(), town, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func newTown(t *testing.T) *memstore.Engine {
	e := memstore.New()
	if err := e.Create(t.Context(), storetest.Munkfors); err != nil {
		t.Fatal(err)
	}
	write(t, e, storetest.Munkfors, 0, 100, "before")
	return e
}

func TestRestoreGoesBackAsOftenAsOneLikes(t *testing.T) {
	e := newTown(t)
	snapshot, want := e.Snapshot(storetest.Munkfors), copied(t, e, storetest.Munkfors)
	for range 3 {
		write(t, e, storetest.Munkfors, 50, 100, "after")
		if copied(t, e, storetest.Munkfors) == want {
			t.Fatal("nothing was written")
		}
		e.Restore(storetest.Munkfors, snapshot)
		if copied(t, e, storetest.Munkfors) != want {
			t.Fatal("it is not what it was")
		}
	}
}

func TestASnapshotRestoredAsAnotherTownIsOnItsOwn(t *testing.T) {
	e := newTown(t)
	want := copied(t, e, storetest.Munkfors)
	e.Restore(twin, e.Snapshot(storetest.Munkfors))
	for i := range 100 {
		write(t, e, twin, i, 1, "after")
	}
	if copied(t, e, storetest.Munkfors) != want {
		t.Error("writing in the one changed the other")
	}
}

func TestRestoringNothingTakesTheTownAway(t *testing.T) {
	e := newTown(t)
	e.Restore(storetest.Munkfors, e.Snapshot(twin))
	if err := e.View(t.Context(), storetest.Munkfors, func(store.Tx) error { return nil }); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
}
