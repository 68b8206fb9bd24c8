package memstore_test

import (
	"io"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/memstore"
	"lofteslogg/internal/store/storetest"
)

func open(testing.TB) store.Engine { return memstore.New() }

func paste(t *testing.T, town event.ID, copied io.Reader) store.Engine {
	e := memstore.New()
	if err := e.Paste(t.Context(), town, copied); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Engine { return open(t) }, storetest.WithPaste(paste))
}
