package boltstore

import (
	"bytes"
	"os"
	"testing"

	"lofteslogg/internal/store/storetest"
)

// after gives the bytes of a town's file after each of n commits.
func after(t *testing.T, n int) (path string, all [][]byte) {
	t.Helper()
	dir := t.TempDir()
	e := openIn(t, dir, Options{})
	newTown(t, e)
	path = fileOf(dir, storetest.Munkfors)
	for range n {
		mustPut(t, e, "k", "v")
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, file)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return path, all
}

func inRow(t *testing.T, path string, file []byte) bool {
	t.Helper()
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	ok, err := InRow(path)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestTheFirstPagesOfEachCommitAreInARow(t *testing.T) {
	path, all := after(t, 6)
	for i, file := range all {
		if !inRow(t, path, file) {
			t.Errorf("not after commit %d", i)
		}
	}
	if !inRow(t, path, nil) {
		t.Error("an empty file is not")
	}
}

func TestAFirstPageThatIsOldOrSpoiltIsNotInARow(t *testing.T) {
	path, all := after(t, 6)
	size, last := os.Getpagesize(), all[5]
	for page := range 2 {
		from := page * size
		old, spoilt := bytes.Clone(last), bytes.Clone(last)
		copy(old[from:from+size], all[1][from:from+size])
		clear(spoilt[from : from+size])
		if inRow(t, path, old) || inRow(t, path, spoilt) {
			t.Errorf("page %d: an old one is: %v, an empty one: %v", page, inRow(t, path, old), inRow(t, path, spoilt))
		}
	}
	if inRow(t, path, last[:size]) {
		t.Error("a file that ends after the first is")
	}
}
