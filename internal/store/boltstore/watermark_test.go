package boltstore

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

func TestAViewOfACommitWaitsUntilItIsDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w watermark
		w.set(4)
		ready := make(chan error, 1)
		go func() { ready <- w.wait(t.Context(), 5) }()
		synctest.Wait()
		select {
		case err := <-ready:
			t.Fatalf("it did not wait: %v", err)
		default:
		}
		w.set(5)
		if err := <-ready; err != nil {
			t.Error(err)
		}
	})
}

func TestAViewOfACommitThatFailedIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w watermark
		ready := make(chan error, 1)
		go func() { ready <- w.wait(t.Context(), 1) }()
		synctest.Wait()
		w.fail()
		if err := <-ready; fault.KindOf(err) != fault.Busy {
			t.Errorf("got %v", err)
		}
		if err := w.wait(t.Context(), 0); err != nil {
			t.Errorf("the commit before it: %v", err)
		}
	})
}

func TestAViewDoesNotWaitLongerThanItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var w watermark
	if err := w.wait(ctx, 1); fault.KindOf(err) != fault.Busy {
		t.Errorf("got %v", err)
	}
}

func TestAViewIsNotShownACommitWhoseSyncFailed(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	mustPut(t, e, "a", "1")
	w := &e.towns[storetest.Munkfors].durable
	w.set(w.now() - 1)
	w.fail()
	if err := e.View(t.Context(), storetest.Munkfors, nothing); fault.KindOf(err) != fault.Busy {
		t.Errorf("got %v", err)
	}
}

func TestAViewIsNotShownAnOlderCommitThanTheLast(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	w := &e.towns[storetest.Munkfors].durable
	w.set(w.now() + 1) // as when the page that names the newest commit is damaged
	if err := e.View(t.Context(), storetest.Munkfors, nothing); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("view: %v", err)
	}
	if err := putIn(t, e, "a", "1"); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("update: %v", err)
	}
}
