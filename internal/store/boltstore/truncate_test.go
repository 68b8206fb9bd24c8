package boltstore

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

const inChild = "LOFTESLOGG_TEST_CHILD"

// TestAFileThatShrinksUnderTheServerIsDamageAndNotDeath runs in a child: reading outside a file is a signal, and where
// it is not turned into a panic it ends the process.
func TestAFileThatShrinksUnderTheServerIsDamageAndNotDeath(t *testing.T) {
	if os.Getenv(inChild) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=20s")
		child.Env = append(os.Environ(), inChild+"=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	e, _, path := filled(t)
	if err := os.Truncate(path, 2*int64(os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := e.View(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
			return tx.Scan(store.Entities, nil, nil, func(_, _ []byte) bool { return true })
		})
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("view: %v", err)
		}
		if err := putIn(t, e, "a", "1"); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("update: %v", err)
		}
	}
}

func TestAFileThatLostNearlyAllIsDamageAndKeepsNoOtherTownOut(t *testing.T) {
	for _, left := range []int64{0, 1, 3000, 4096, 8191, 8192} {
		dir := t.TempDir()
		e := openIn(t, dir, Options{})
		newTown(t, e)
		mustPut(t, e, "a", "1")
		if err := errors.Join(e.Create(t.Context(), other), e.Close(), os.Truncate(fileOf(dir, storetest.Munkfors), left)); err != nil {
			t.Fatal(err)
		}
		again := openIn(t, dir, Options{})
		if err := again.View(t.Context(), storetest.Munkfors, nothing); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%d bytes: a reader: %v", left, err)
		}
		if err := putIn(t, again, "a", "2"); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%d bytes: a writer: %v", left, err)
		}
		if err := again.View(t.Context(), other, nothing); err != nil {
			t.Errorf("%d bytes: the other town: %v", left, err)
		}
		if info, err := os.Stat(fileOf(dir, storetest.Munkfors)); err != nil || info.Size() != left {
			t.Errorf("%d bytes: it was written to: %v, %v", left, info.Size(), err)
		}
	}
}
