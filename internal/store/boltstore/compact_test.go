package boltstore

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

func TestCompactingLeavesNoByteOfWhatWasReplacedOrDeleted(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	for i := range 50 {
		mustPut(t, e, fmt.Sprintf("key-%d", i), fmt.Sprintf("SECRET-%d", i))
	}
	for i := range 50 {
		err := e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
			if i%2 == 0 {
				return tx.Delete(store.Meta, []byte(fmt.Sprintf("key-%d", i)))
			}
			return tx.Put(store.Meta, []byte(fmt.Sprintf("key-%d", i)), []byte("bare"))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	path := fileOf(e.dir, storetest.Munkfors)
	if n := secrets(t, path); n == 0 {
		t.Fatal("the file has none before it is compacted: this test shows nothing")
	}
	if err := e.Compact(t.Context(), storetest.Munkfors); err != nil {
		t.Fatal(err)
	}
	if n := secrets(t, path); n > 0 {
		t.Errorf("%d are in the compacted file", n)
	}
	wantIs(t, e, "key-0", "")
	wantIs(t, e, "key-1", "bare")
	mustPut(t, e, "key-1", "again")
	wantIs(t, e, "key-1", "again")
}

func secrets(t *testing.T, path string) int {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(b, []byte("SECRET"))
}

func TestAFileThatCannotBeCompactedStaysInUse(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	mustPut(t, e, "a", "1")
	if err := os.Mkdir(fileOf(e.dir, storetest.Munkfors)+unborn, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := e.Compact(t.Context(), storetest.Munkfors); err == nil {
		t.Error("compacted into a folder")
	}
	mustPut(t, e, "a", "2")
	wantIs(t, e, "a", "2")
}
