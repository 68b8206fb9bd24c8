package boltstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

var brief = Options{LockTimeout: 10 * time.Millisecond}

func TestAFolderThatAnotherServerHasIsRefusedWithThatReason(t *testing.T) {
	dir := t.TempDir()
	openIn(t, dir, Options{})
	_, err := Open(dir, brief)
	if fault.KindOf(err) != fault.Busy || !strings.Contains(err.Error(), "in use by another server") {
		t.Errorf("got %v", err)
	}
}

func TestAFolderIsFreeAfterClose(t *testing.T) {
	dir := t.TempDir()
	if err := openIn(t, dir, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	openIn(t, dir, brief)
}

func TestOnlyTheOwnerMayReadTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "towns")
	e := openIn(t, dir, Options{})
	newTown(t, e)
	for path, want := range map[string]fs.FileMode{dir: 0o700, fileOf(dir, storetest.Munkfors): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has %v, %v, want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

func TestATownThatWasNeverFinishedIsNoTown(t *testing.T) {
	dir := t.TempDir()
	left := fileOf(dir, storetest.Munkfors) + unborn
	if err := os.WriteFile(left, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := openIn(t, dir, Options{})
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	newTown(t, e)
}

func TestATownThatCannotBeReadLeavesTheOthersAlone(t *testing.T) {
	dir := t.TempDir()
	e := openIn(t, dir, Options{})
	newTown(t, e)
	_ = e.Close()
	if err := os.WriteFile(fileOf(dir, other), make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	e = openIn(t, dir, Options{})
	for _, err := range []error{e.View(t.Context(), other, nothing), e.Update(t.Context(), other, nothing)} {
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("got %v", err)
		}
	}
	mustPut(t, e, "a", "1")
}
