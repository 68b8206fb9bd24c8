package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

// swap is an engine whose town writes to device instead of its file while it commits, when armed: /dev/full has no
// room, and /dev/null takes everything and cannot be synced.
type swap struct {
	*Engine
	holder holder
	device string
	t      *testing.T
	saved  int
}

func openSwap(t *testing.T) *swap {
	s := &swap{t: t}
	s.Engine = openIn(t, t.TempDir(), Options{OpenFile: s.holder.open, BeforeCommit: func(event.ID) { s.arm() }})
	newTown(t, s.Engine)
	for i := range 5 { // leaves free pages, so that the file need not grow
		mustPut(t, s.Engine, "a", fmt.Sprint(i))
	}
	return s
}

func (s *swap) arm() {
	if s.device == "" {
		return
	}
	d, err := os.OpenFile(s.device, os.O_RDWR, 0)
	if err != nil {
		s.t.Error(err)
		return
	}
	s.saved, err = syscall.Dup(int(s.holder.file.Fd()))
	if err = errors.Join(err, syscall.Dup3(int(d.Fd()), int(s.holder.file.Fd()), 0), d.Close()); err != nil {
		s.t.Error(err)
	}
}

// failing runs fn while commits go to device.
func (s *swap) failing(device string, fn func()) {
	s.device = device
	fn()
	s.device = ""
	if err := errors.Join(syscall.Dup3(s.saved, int(s.holder.file.Fd()), 0), syscall.Close(s.saved)); err != nil {
		s.t.Error(err)
	}
}

func TestAFullDiskIsFullAndNothingIsStored(t *testing.T) {
	s := openSwap(t)
	s.failing("/dev/full", func() {
		if err := putIn(t, s.Engine, "a", "lost"); fault.KindOf(err) != fault.Full || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("got %v", err)
		}
		wantIs(t, s.Engine, "a", "4")
	})
	mustPut(t, s.Engine, "a", "5")
	wantIs(t, s.Engine, "a", "5")
}

func TestAFailedSyncIsOfUnknownOutcomeAndNothingIsTakenUntilReopened(t *testing.T) {
	s := openSwap(t)
	s.failing("/dev/null", func() {
		err := putIn(t, s.Engine, "a", "lost")
		if fault.KindOf(err) != fault.Internal || !errors.Is(err, store.ErrUnknown) {
			t.Errorf("got %v", err)
		}
	})
	if err := putIn(t, s.Engine, "b", "1"); fault.KindOf(err) != fault.Busy {
		t.Errorf("got %v, want busy", err)
	}
	wantIs(t, s.Engine, "a", "4")
	if err := s.Reopen(t.Context(), storetest.Munkfors, nil); err != nil {
		t.Fatal(err)
	}
	mustPut(t, s.Engine, "b", "1")
	wantIs(t, s.Engine, "a", "4")
}

func TestATownAtItsLargestIsFullAndTakesLessAgain(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{MaxSize: 1 << 20})
	newTown(t, e)
	mustPut(t, e, "a", "1")
	if err := putIn(t, e, "a", string(make([]byte, 2<<20))); fault.KindOf(err) != fault.Full {
		t.Errorf("got %v", err)
	}
	wantIs(t, e, "a", "1")
	mustPut(t, e, "a", "2")
	wantIs(t, e, "a", "2")
}

func TestAnFnThatEndsItsGoroutineEndsOnlyItself(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	err := e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		_ = tx.Put(store.Meta, []byte("a"), nil)
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("it came back as nil")
	}
	mustPut(t, e, "b", "1")
	wantIs(t, e, "a", "")
}

func TestAHookThatPanicsIsAnErrorAndNothingIsTakenUntilReopened(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	err := e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		tx.OnCommit(func() { panic("deliberate") })
		return tx.Put(store.Meta, []byte("a"), []byte("1"))
	})
	if fault.KindOf(err) != fault.Internal || fault.KindOf(putIn(t, e, "a", "2")) != fault.Busy {
		t.Errorf("got %v", err)
	}
	if err := e.Reopen(t.Context(), storetest.Munkfors, nil); err != nil {
		t.Fatal(err)
	}
	wantIs(t, e, "a", "1")
	mustPut(t, e, "a", "2")
}

func TestTheSeamsOfACommitComeBeforeAndAfterItIsDurable(t *testing.T) {
	var got []string
	var e *Engine
	note := func(seam, want string) func(event.ID) {
		return func(event.ID) {
			got = append(got, seam)
			wantIs(t, e, "a", want)
		}
	}
	e = openIn(t, t.TempDir(), Options{BeforeCommit: note("before", ""), AfterCommit: note("after", "1")})
	newTown(t, e)
	err := e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		tx.OnCommit(func() { got = append(got, "hook") })
		return tx.Put(store.Meta, []byte("a"), []byte("1"))
	})
	if want := []string{"before", "after", "hook"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// whileBusy runs fn while the committer is inside another update, and lets that one end.
func whileBusy(t *testing.T, e *Engine, fn func(*queue)) {
	t.Helper()
	running, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- e.Update(t.Context(), storetest.Munkfors, func(store.Tx) error {
			close(running)
			<-release
			return nil
		})
	}()
	<-running
	fn(&e.towns[storetest.Munkfors].queue)
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestThoseWhoWaitShareOneCommit(t *testing.T) {
	commits := 0
	e := openIn(t, t.TempDir(), Options{AfterCommit: func(event.ID) { commits++ }})
	newTown(t, e)
	const n = 10
	done := make(chan error)
	whileBusy(t, e, func(q *queue) {
		for i := range n {
			go func() { done <- putIn(t, e, fmt.Sprint(i), "") }()
		}
		q.waitFor(n)
	})
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if commits != 1 {
		t.Errorf("%d commits, want 1", commits)
	}
}

func TestOneWhoGivesUpIsAnsweredAtOnceAndNeverRuns(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	whileBusy(t, e, func(q *queue) {
		given := make(chan error)
		go func() {
			given <- e.Update(ctx, storetest.Munkfors, func(store.Tx) error { t.Error("fn ran"); return nil })
		}()
		q.waitFor(1)
		cancel()
		if err := <-given; fault.KindOf(err) != fault.Busy || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	mustPut(t, e, "a", "1")
}

func (q *queue) waitFor(n int) {
	for {
		q.mu.Lock()
		here := len(q.waiting)
		q.mu.Unlock()
		if here >= n {
			return
		}
		runtime.Gosched()
	}
}
