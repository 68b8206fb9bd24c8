package storetest

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

var townFacts = []fact{
	{"CreateOfATownThatExistsIsAConflict", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Meta, pair{"a", "1"})
		wantKind(t, e.Create(t.Context(), Munkfors), fault.Conflict)
		wantValue(t, e, store.Meta, "a", "1")
	}},
	{"OneOfManyWhoCreateATownAtOnceMakesIt", func(t *testing.T, e store.Engine) {
		errs := atOnce(8, func(int) error { return e.Create(t.Context(), Munkfors) })
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else {
				wantKind(t, err, fault.Conflict)
			}
		}
		if made != 1 {
			t.Errorf("%d made the town, want 1", made)
		}
	}},
	{"ANewTownHasEveryBucketAndTheyAreEmpty", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		for b, pairs := range contents(t, e) {
			if len(pairs) > 0 {
				t.Errorf("bucket %s has %v", b, pairs)
			}
		}
		for _, b := range store.Buckets() {
			put(t, e, b, pair{"k", "v"})
			wantValue(t, e, b, "k", "v")
		}
	}},
	{"TownsAreListedInOrderOfID", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		create(t, e, hagfors)
		got, err := e.Towns(t.Context())
		if want := []event.ID{hagfors, Munkfors}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}},
	{"ATownThatIsNotThereIsNotFound", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		nothing := func(store.Tx) error { t.Error("fn ran"); return nil }
		wantKind(t, e.Update(t.Context(), nowhere, nothing), fault.NotFound)
		wantKind(t, e.View(t.Context(), nowhere, nothing), fault.NotFound)
		wantKind(t, e.Copy(t.Context(), nowhere, io.Discard), fault.NotFound)
	}},
	{"TownsKnowNothingOfEachOther", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		create(t, e, hagfors)
		put(t, e, store.Meta, pair{"a", "munkfors"})
		err := e.Update(t.Context(), hagfors, func(tx store.Tx) error {
			if v, err := tx.Get(store.Meta, []byte("a")); v != nil || err != nil {
				t.Errorf("got %q, %v, want none", v, err)
			}
			return tx.Put(store.Meta, []byte("a"), []byte("hagfors"))
		})
		if err != nil {
			t.Fatal(err)
		}
		wantValue(t, e, store.Meta, "a", "munkfors")
	}},
}

var endFacts = []fact{
	{"AnEndedContextIsBusyAndFnDoesNotRun", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		fn := func(store.Tx) error { t.Error("fn ran"); return nil }
		for _, err := range []error{e.Update(ended(t), Munkfors, fn), e.View(ended(t), Munkfors, fn)} {
			wantKind(t, err, fault.Busy)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not wrap the context's error", err)
			}
		}
	}},
	{"AContextThatEndsBeforeItsTurnIsBusyAndFnDoesNotRun", endsWhileWaiting},
	{"AContextThatEndsDuringFnDoesNotUndoIt", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		ctx, cancel := context.WithCancel(t.Context())
		err := e.Update(ctx, Munkfors, func(tx store.Tx) error { cancel(); return count(tx) })
		if err != nil {
			t.Errorf("got %v, want nil", err)
		}
		wantCount(t, e, 1)
	}},
	{"CloseTwiceIsHarmless", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		for range 2 {
			if err := e.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	}},
	{"AfterCloseEverythingIsBusy", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		_ = e.Close()
		fn := func(store.Tx) error { t.Error("fn ran"); return nil }
		_, err := e.Towns(t.Context())
		wantKind(t, err, fault.Busy)
		wantKind(t, e.Create(t.Context(), hagfors), fault.Busy)
		wantKind(t, e.Update(t.Context(), Munkfors, fn), fault.Busy)
		wantKind(t, e.View(t.Context(), Munkfors, fn), fault.Busy)
		wantKind(t, e.Copy(t.Context(), Munkfors, io.Discard), fault.Busy)
	}},
	{"CloseFinishesWhatWasAccepted", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		running, release := make(chan struct{}), make(chan struct{})
		result := make(chan error, 1)
		go func() {
			result <- e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
				close(running)
				<-release
				return count(tx)
			})
		}()
		<-running
		closed := make(chan error, 1)
		go func() { closed <- e.Close() }()
		close(release)
		if err := <-result; err != nil {
			t.Errorf("the accepted update: %v", err)
		}
		if err := <-closed; err != nil {
			t.Errorf("close: %v", err)
		}
	}},
}

func endsWhileWaiting(t *testing.T, e store.Engine) {
	create(t, e, Munkfors)
	running, release := make(chan struct{}), make(chan struct{})
	first, second := make(chan error, 1), make(chan error, 1)
	go func() {
		first <- e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
			select {
			case <-running:
			default:
				close(running)
			}
			<-release
			return count(tx)
		})
	}()
	<-running
	ctx, cancel := context.WithCancel(t.Context())
	go func() { second <- e.Update(ctx, Munkfors, func(store.Tx) error { t.Error("fn ran"); return nil }) }()
	cancel()
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the update that ran: %v", err)
	}
	wantKind(t, <-second, fault.Busy)
	wantCount(t, e, 1)
}
