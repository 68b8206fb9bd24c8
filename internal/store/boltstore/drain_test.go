package boltstore_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

// reading runs fn in a view that has begun when reading returns, and gives its outcome.
func reading(e *boltstore.Engine, id event.ID, fn func(store.Tx) error) (outcome <-chan error) {
	begun, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- e.View(context.Background(), id, func(tx store.Tx) error {
			close(begun)
			return fn(tx)
		})
	}()
	<-begun
	return ended
}

func TestAReaderThatNeverLeavesKeepsReplaceOutAndTheTownOpen(t *testing.T) {
	e, id, dir, file := twoFiles(t, boltstore.Options{DrainGrace: time.Millisecond, DrainLimit: 20 * time.Millisecond})
	leave := make(chan struct{})
	stuck := reading(e, id, func(store.Tx) error { <-leave; return nil })
	aside := filepath.Join(dir, "aside")
	if err := e.Replace(t.Context(), id, file, aside); fault.KindOf(err) != fault.Busy {
		t.Fatalf("with a reader inside: %v", err)
	}
	if got := mark(t, e, id); got != "new" {
		t.Errorf("the town says %q", got)
	}
	write(t, e, id, "newer")
	close(leave)
	if err := <-stuck; err != nil {
		t.Errorf("the reader: %v", err)
	}
	if err := e.Replace(t.Context(), id, file, aside); err != nil || mark(t, e, id) != "old" {
		t.Errorf("when the reader has left: %v, the town says %q", err, mark(t, e, id))
	}
}

// scanning looks at the town again and again.
func scanning(tx store.Tx) error {
	for {
		if err := tx.Scan(store.Meta, nil, nil, func(_, _ []byte) bool { return true }); err != nil {
			return err
		}
	}
}

func TestALongReaderIsToldToStopForReplace(t *testing.T) {
	e, id, dir, file := twoFiles(t, boltstore.Options{DrainGrace: time.Millisecond})
	scan := reading(e, id, scanning)
	slow := &slowDisk{until: make(chan struct{}), begun: make(chan struct{})}
	copied := make(chan error, 1)
	go func() { copied <- e.Copy(context.Background(), id, slow) }()
	<-slow.begun
	replaced := make(chan error, 1)
	go func() { replaced <- e.Replace(context.Background(), id, file, filepath.Join(dir, "aside")) }()
	if err := <-scan; fault.KindOf(err) != fault.Busy {
		t.Errorf("the scan ended with %v", err)
	}
	close(slow.until)
	if err := <-copied; fault.KindOf(err) != fault.Busy {
		t.Errorf("the copy ended with %v", err)
	}
	if err := <-replaced; err != nil || mark(t, e, id) != "old" {
		t.Errorf("replace: %v, the town says %q", err, mark(t, e, id))
	}
}

// slowDisk takes the first bytes of a copy and no more until then.
type slowDisk struct{ begun, until chan struct{} }

func (s *slowDisk) Write(p []byte) (int, error) {
	select {
	case <-s.begun:
	default:
		close(s.begun)
	}
	<-s.until
	return len(p), nil
}

func TestWritersAreServedWhileReplaceWaitsForAReader(t *testing.T) {
	e, id, dir, file := twoFiles(t, boltstore.Options{DrainGrace: time.Hour, DrainLimit: 2 * time.Hour})
	leave := make(chan struct{})
	stuck := reading(e, id, func(store.Tx) error { <-leave; return nil })
	aside := filepath.Join(dir, "aside")
	replaced := make(chan error, 1)
	go func() { replaced <- e.Replace(context.Background(), id, file, aside) }()
	for fault.KindOf(e.View(t.Context(), id, func(store.Tx) error { return nil })) != fault.Busy { // until it waits
	}
	write(t, e, id, "last")
	close(leave)
	if err := <-stuck; err != nil {
		t.Error(err)
	}
	if err := <-replaced; err != nil || mark(t, e, id) != "old" {
		t.Errorf("%v, the town says %q", err, mark(t, e, id))
	}
	if err := boltstore.Inspect(aside, func(tx store.Tx) error {
		if v, err := tx.Get(store.Meta, []byte("mark")); string(v) != "last" || err != nil {
			t.Errorf("the old file says %q, %v", v, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestATownWhoseWriterTookTooLongForReplaceComesBack(t *testing.T) {
	e, id, dir, file := twoFiles(t, boltstore.Options{DrainLimit: 20 * time.Millisecond, DrainGrace: time.Millisecond})
	inside, leave := make(chan struct{}), make(chan struct{})
	written := make(chan error, 1)
	go func() {
		written <- e.Update(context.Background(), id, func(tx store.Tx) error {
			close(inside)
			<-leave
			return tx.Put(store.Meta, []byte("mark"), []byte("slow"))
		})
	}()
	<-inside
	if err := e.Replace(t.Context(), id, file, filepath.Join(dir, "aside")); fault.KindOf(err) != fault.Busy {
		t.Fatalf("with a writer inside: %v", err)
	}
	close(leave)
	if err := <-written; err != nil {
		t.Error(err)
	}
	for fault.KindOf(e.View(t.Context(), id, func(store.Tx) error { return nil })) == fault.Busy { // until it is open
		if t.Context().Err() != nil {
			t.Fatal("it never opened again")
		}
	}
	if got := mark(t, e, id); got != "slow" {
		t.Errorf("the town says %q", got)
	}
	write(t, e, id, "newer")
}
