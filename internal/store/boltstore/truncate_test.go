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
