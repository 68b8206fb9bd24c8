package boltstore

import (
	"errors"
	"runtime"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

func TestACommitIsToldWithWhatItAddedToTheLogAndOneThatFailedIsNot(t *testing.T) {
	var told []Commit
	e := openIn(t, t.TempDir(), Options{Committed: func(c Commit) { told = append(told, c) }})
	newTown(t, e)
	err := e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		return errors.Join(tx.Put(store.Events, store.SeqKey(1), []byte("a")), tx.Put(store.Events, store.SeqKey(2), []byte("b")), tx.Put(store.Meta, []byte("c"), []byte("d")))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Update(t.Context(), storetest.Munkfors, func(store.Tx) error { return errors.New("no") }); err == nil {
		t.Fatal("no error")
	}
	if err := e.Update(t.Context(), storetest.Munkfors, nothing); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].Updates != 1 || told[0].Events != 2 || told[0].Disk <= 0 || told[0].Took < told[0].Disk {
		t.Errorf("told %+v", told)
	}
}

func TestTheGaugeHasWhatWaitsWhileACommitIsMade(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	e := openIn(t, t.TempDir(), Options{BeforeCommit: func(event.ID) { begun <- struct{}{}; <-goOn }})
	newTown(t, e)
	done := make(chan error, 3)
	go func() { done <- putIn(t, e, "a", "1") }()
	<-begun
	for range 2 {
		go func() { done <- putIn(t, e, "b", "2") }()
	}
	for e.Gauge(storetest.Munkfors).Waiting != 2 {
		runtime.Gosched()
	}
	goOn <- struct{}{}
	for n := 0; n < 3; { // the two may share a commit, or not
		select {
		case <-begun:
			goOn <- struct{}{}
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			n++
		}
	}
	g := e.Gauge(storetest.Munkfors)
	if g.Size == 0 || g.Free == 0 || g.Waiting != 0 {
		t.Errorf("got %+v", g)
	}
	if g := e.Gauge(other); g != (Gauge{}) {
		t.Errorf("of no town: %+v", g)
	}
}
