package boltstore

import (
	"context"
	"testing"
	"time"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

// inTheBackground runs do and gives what came of it.
func inTheBackground(do func() error) <-chan error {
	came := make(chan error, 1)
	go func() { came <- do() }()
	return came
}

// stay is a reader that stays in the town until it is let go.
func stay(e *Engine) (letGo func(), left <-chan error) {
	inside, leave := make(chan struct{}), make(chan struct{})
	left = inTheBackground(func() error {
		return e.View(context.Background(), storetest.Munkfors, func(store.Tx) error {
			close(inside)
			<-leave
			return nil
		})
	})
	<-inside
	return func() { close(leave) }, left
}

// until waits for what another goroutine is about to do.
func until(t *testing.T, so func() bool) {
	t.Helper()
	for !so() {
		if t.Context().Err() != nil {
			t.Fatal("it never came")
		}
		time.Sleep(time.Millisecond)
	}
}

func (q *queue) refuses() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.refusal != nil
}

func (e *Engine) shutNow() bool {
	t, _ := e.town(storetest.Munkfors)
	t.readers.mu.Lock()
	defer t.readers.mu.Unlock()
	return t.readers.shut != nil
}

func TestWhoeverReadsWhileAFileIsWrittenAnewWaitsAndIsServed(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{DrainGrace: time.Hour, DrainLimit: 2 * time.Hour})
	newTown(t, e)
	letGo, left := stay(e)
	done := inTheBackground(func() error { return e.Compact(context.Background(), storetest.Munkfors) })
	until(t, e.shutNow)
	read := inTheBackground(func() error { return e.View(context.Background(), storetest.Munkfors, nothing) })
	time.AfterFunc(10*time.Millisecond, letGo)
	for what, came := range map[string]<-chan error{"the reader inside": left, "compacting": done, "the reader that came": read} {
		if err := <-came; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWhoeverWritesWhileAFileIsWrittenAnewWaitsAndIsServedOnce(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	before, _ := e.town(storetest.Munkfors)
	inside, leave := make(chan struct{}), make(chan struct{})
	first := inTheBackground(func() error {
		return e.Update(context.Background(), storetest.Munkfors, func(tx store.Tx) error {
			close(inside)
			<-leave
			return tx.Put(store.Meta, []byte("a"), []byte("1"))
		})
	})
	<-inside
	done := inTheBackground(func() error { return e.Compact(context.Background(), storetest.Munkfors) })
	until(t, before.queue.refuses)
	second := inTheBackground(func() error { return putIn(t, e, "b", "2") })
	time.AfterFunc(10*time.Millisecond, func() { close(leave) })
	for what, came := range map[string]<-chan error{"the first": first, "compacting": done, "the second": second} {
		if err := <-came; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	wantIs(t, e, "a", "1")
	wantIs(t, e, "b", "2")
}

func TestPatienceEndsWithTheCallAndWithATownThatDoesNotComeBack(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{DrainGrace: time.Hour, DrainLimit: 2 * time.Hour})
	newTown(t, e)
	letGo, left := stay(e)
	done := inTheBackground(func() error { return e.Compact(context.Background(), storetest.Munkfors) })
	until(t, e.shutNow)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := e.View(ctx, storetest.Munkfors, nothing); fault.KindOf(err) != fault.Busy {
		t.Errorf("one whose time was over: %v", err)
	}
	letGo()
	if err := <-left; err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	gone := &away{back: make(chan struct{})}
	now, _ := e.town(storetest.Munkfors)
	if err := e.vacate(now, gone, nil); err != nil {
		t.Fatal(err)
	}
	close(gone.back) // and nothing was opened
	if err := e.View(t.Context(), storetest.Munkfors, nothing); fault.KindOf(err) != fault.Busy {
		t.Errorf("a reader: %v", err)
	}
	if err := putIn(t, e, "a", "1"); fault.KindOf(err) != fault.Busy {
		t.Errorf("a writer: %v", err)
	}
}
