package boltstore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

const (
	pageSize = 4096
	leafPage = 2
)

// notLeaves makes the leaves of a file pages of no kind, on which bbolt panics.
func notLeaves(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 6 * pageSize; at+pageSize <= len(raw); at += pageSize {
		if binary.LittleEndian.Uint16(raw[at+8:]) == leafPage {
			raw[at+8] ^= 0x40
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedFileIsNotCompactedAndSomebodyIsTold(t *testing.T) {
	told := make(chan error, 10)
	e := openIn(t, t.TempDir(), Options{Stopped: func(_ event.ID, why error) { told <- why }})
	newTown(t, e)
	for i := range 400 {
		mustPut(t, e, fmt.Sprintf("key-%03d", i), string(make([]byte, 200)))
	}
	path := fileOf(e.dir, storetest.Munkfors)
	notLeaves(t, path)
	if err := e.Compact(t.Context(), storetest.Munkfors); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("compacting: %v", err)
	}
	if why := <-told; !errors.Is(why, store.ErrDamaged) {
		t.Errorf("told: %v", why)
	}
	if _, err := os.Stat(path + unborn); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	if err := e.Reopen(t.Context(), storetest.Munkfors, nil); err != nil { // nothing holds the file
		t.Errorf("opening it anew: %v", err)
	}
}

func TestATownWhoseCommitFailedIsNotOpenedByCompacting(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{})
	newTown(t, e)
	mustPut(t, e, "a", "1")
	now, _ := e.town(storetest.Munkfors)
	now.stop(errors.New("fsync failed"))
	if err := e.Compact(t.Context(), storetest.Munkfors); fault.KindOf(err) != fault.Busy {
		t.Errorf("compacting: %v", err)
	}
	wantIs(t, e, "a", "1")
	onlyReopenHelps(t, e)
}

// In the last commit, which compacting waits for.
func TestACommitThatFailsWhileCompactingWaitsForItIsNotWrittenOver(t *testing.T) {
	var now *town
	inside, leave := make(chan struct{}), make(chan struct{})
	e := openIn(t, t.TempDir(), Options{AfterCommit: func(event.ID) {
		if now == nil {
			return
		}
		close(inside)
		<-leave
		now.durable.fail() // as a failed fsync has it
	}})
	newTown(t, e)
	now, _ = e.town(storetest.Munkfors)
	went := inTheBackground(func() error { return putIn(t, e, "a", "1") })
	<-inside
	done := inTheBackground(func() error { return e.Compact(context.Background(), storetest.Munkfors) })
	until(t, now.queue.refuses)
	was, err := os.Stat(now.path)
	if err != nil {
		t.Fatal(err)
	}
	close(leave)
	if err := <-went; err != nil {
		t.Errorf("what was durable before: %v", err)
	}
	if err := <-done; fault.KindOf(err) != fault.Busy {
		t.Errorf("compacting: %v", err)
	}
	if is, err := os.Stat(now.path); err != nil || !os.SameFile(was, is) {
		t.Errorf("another file is in its place, %v", err)
	}
	now = nil
	onlyReopenHelps(t, e)
}

func onlyReopenHelps(t *testing.T, e *Engine) {
	t.Helper()
	if err := putIn(t, e, "b", "2"); fault.KindOf(err) != fault.Busy {
		t.Errorf("a writer: %v", err)
	}
	looked := false
	if err := e.Reopen(t.Context(), storetest.Munkfors, func(string) error { looked = true; return nil }); err != nil || !looked {
		t.Fatalf("opened anew: %v, looked at: %v", err, looked)
	}
	mustPut(t, e, "b", "2")
}

func TestATownInDoubtIsNotOpenedUnlookedWhenItsLastCommitEnds(t *testing.T) {
	e := openIn(t, t.TempDir(), Options{DrainGrace: time.Millisecond, DrainLimit: 20 * time.Millisecond})
	newTown(t, e)
	before, _ := e.town(storetest.Munkfors)
	inside, leave := make(chan struct{}), make(chan struct{})
	went := inTheBackground(func() error {
		return e.Update(context.Background(), storetest.Munkfors, func(store.Tx) error {
			close(inside)
			<-leave
			return errors.New("no")
		})
	})
	<-inside
	looks := []string{}
	look := func(path string) error { looks = append(looks, path); return nil }
	if err := e.Reopen(t.Context(), storetest.Munkfors, look); fault.KindOf(err) != fault.Busy {
		t.Fatalf("with a commit that hangs: %v", err)
	}
	close(leave)
	if err := <-went; err == nil {
		t.Error("it was to fail")
	}
	<-before.closed
	for range 20 { // whoever would open it has the time to
		if err := putIn(t, e, "a", "1"); fault.KindOf(err) != fault.Busy {
			t.Fatalf("a writer before anybody looked: %v", err)
		}
		time.Sleep(time.Millisecond)
	}
	if err := e.Reopen(t.Context(), storetest.Munkfors, look); err != nil || !slices.Equal(looks, []string{before.path}) {
		t.Fatalf("looked at %v, %v", looks, err)
	}
	mustPut(t, e, "a", "1")
}
