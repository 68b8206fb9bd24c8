package boltstore

import (
	"os"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

var other = event.MustID("01890000-0000-7000-8000-00000000000f")

func nothing(store.Tx) error { return nil }

func newTown(t testing.TB, e *Engine) {
	t.Helper()
	if err := e.Create(t.Context(), storetest.Munkfors); err != nil {
		t.Fatal(err)
	}
}

func putIn(t testing.TB, e *Engine, key, value string) error {
	return e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		return tx.Put(store.Meta, []byte(key), []byte(value))
	})
}

func mustPut(t testing.TB, e *Engine, key, value string) {
	t.Helper()
	if err := putIn(t, e, key, value); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

// wantIs reads a key; want "" means that there is none.
func wantIs(t testing.TB, e *Engine, key, want string) {
	t.Helper()
	err := e.View(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		v, err := tx.Get(store.Meta, []byte(key))
		if string(v) != want {
			t.Errorf("%s is %q, want %q", key, v, want)
		}
		return err
	})
	if err != nil {
		t.Errorf("view: %v", err)
	}
}

// holder keeps the file that bbolt opened last.
type holder struct{ file *os.File }

func (h *holder) open(name string, flag int, mode os.FileMode) (f *os.File, err error) {
	f, err = os.OpenFile(name, flag, mode)
	h.file = f
	return f, err
}
