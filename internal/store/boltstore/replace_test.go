package boltstore_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

// mark is what a file of these tests says.
func mark(t *testing.T, e *boltstore.Engine, id event.ID) (said string) {
	t.Helper()
	err := e.View(t.Context(), id, func(tx store.Tx) error {
		v, err := tx.Get(store.Meta, []byte("mark"))
		said = string(v)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func write(t *testing.T, e *boltstore.Engine, id event.ID, text string) {
	t.Helper()
	if err := e.Update(t.Context(), id, func(tx store.Tx) error { return tx.Put(store.Meta, []byte("mark"), []byte(text)) }); err != nil {
		t.Fatal(err)
	}
}

// twoFiles is an engine with a town that says new, and a file of it from when it said old.
func twoFiles(t *testing.T, with ...boltstore.Options) (e *boltstore.Engine, id event.ID, dir, file string) {
	t.Helper()
	dir, id = t.TempDir(), event.ID{15: 7}
	e, err := boltstore.Open(dir, append(with, boltstore.Options{})[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	if err := e.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	write(t, e, id, "old")
	var b bytes.Buffer
	if err := e.Copy(t.Context(), id, &b); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "copy")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, e, id, "new")
	return e, id, dir, file
}

func TestReplacePutsAFileInPlaceAndKeepsTheOldOne(t *testing.T) {
	e, id, dir, file := twoFiles(t)
	aside := filepath.Join(dir, id.String()+".db.before")
	if err := e.Replace(t.Context(), id, file, aside); err != nil {
		t.Fatal(err)
	}
	if got := mark(t, e, id); got != "old" {
		t.Errorf("the town says %q", got)
	}
	write(t, e, id, "newest")
	if err := boltstore.Inspect(aside, func(tx store.Tx) error {
		if v, err := tx.Get(store.Meta, []byte("mark")); string(v) != "new" || err != nil {
			t.Errorf("the old file says %q, %v", v, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestReplaceByATornFileLeavesTheTownAsItWas(t *testing.T) {
	e, id, dir, file := twoFiles(t)
	if err := os.WriteFile(file, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(dir, "aside")
	if err := e.Replace(t.Context(), id, file, aside); err == nil {
		t.Error("a torn file was taken")
	}
	if got := mark(t, e, id); got != "new" {
		t.Errorf("the town says %q", got)
	}
	write(t, e, id, "newer")
	for path, want := range map[string]bool{aside: false, file: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := e.Replace(t.Context(), id, filepath.Join(dir, "none"), aside); err == nil || mark(t, e, id) != "newer" {
		t.Errorf("by no file at all: %v", err)
	}
}

func TestReplaceBeginsATownThatIsNotThere(t *testing.T) {
	e, _, _, file := twoFiles(t)
	other := event.ID{15: 8}
	if err := e.Replace(t.Context(), other, file, ""); err != nil {
		t.Fatal(err)
	}
	if towns, err := e.Towns(t.Context()); len(towns) != 2 || err != nil || mark(t, e, other) != "old" {
		t.Errorf("%v, %v", towns, err)
	}
}

func TestReplaceFinishesWhatWasAcceptedInTheOldFile(t *testing.T) {
	e, id, dir, file := twoFiles(t)
	inside, leave := make(chan struct{}), make(chan struct{})
	written := make(chan error, 1)
	go func() {
		written <- e.Update(context.Background(), id, func(tx store.Tx) error {
			close(inside)
			<-leave
			return tx.Put(store.Meta, []byte("mark"), []byte("last"))
		})
	}()
	<-inside
	aside := filepath.Join(dir, "aside")
	replaced := make(chan error, 1)
	go func() { replaced <- e.Replace(context.Background(), id, file, aside) }()
	close(leave)
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if err := <-replaced; err != nil {
		t.Fatal(err)
	}
	if got := mark(t, e, id); got != "old" {
		t.Errorf("the town says %q", got)
	}
	if err := boltstore.Inspect(aside, func(tx store.Tx) error {
		if v, err := tx.Get(store.Meta, []byte("mark")); string(v) != "last" || err != nil {
			t.Errorf("the old file says %q, %v", v, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
