package boltstore

import (
	"io"
	"os"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

func openIn(t testing.TB, dir string, opts Options) *Engine {
	t.Helper()
	e, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return e
}

func open(t testing.TB) store.Engine { return openIn(t, t.TempDir(), Options{}) }

func reopen(t *testing.T, e store.Engine) store.Engine {
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return openIn(t, e.(*Engine).dir, Options{})
}

func paste(t *testing.T, town event.ID, copied io.Reader) store.Engine {
	dir := t.TempDir()
	b, err := io.ReadAll(copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fileOf(dir, town), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return openIn(t, dir, Options{})
}

func TestKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Engine { return open(t) }, storetest.WithReopen(reopen), storetest.WithPaste(paste))
}
