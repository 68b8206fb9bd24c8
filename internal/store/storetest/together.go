package storetest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"lofteslogg/internal/store"
)

// atOnce runs n functions at the same time and gives their errors.
func atOnce(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

const many = 64

var commitFacts = []fact{
	{"OnCommitRunsBeforeUpdateReturns", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		var got []string
		for _, name := range []string{"a", "b"} {
			update(t, e, func(tx store.Tx) error {
				tx.OnCommit(func() { got = append(got, name+"1") })
				tx.OnCommit(func() { got = append(got, name+"2") })
				return tx.Put(store.Meta, []byte(name), nil)
			})
			if len(got) == 0 || got[len(got)-1] != name+"2" {
				t.Errorf("after %s: %v", name, got)
			}
		}
		if want := []string{"a1", "a2", "b1", "b2"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}},
	{"OnCommitRunsWhenNothingWasWritten", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		ran := false
		update(t, e, func(tx store.Tx) error { tx.OnCommit(func() { ran = true }); return nil })
		if !ran {
			t.Error("it did not run")
		}
	}},
	{"OnCommitNeverRunsOnRollback", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		hook := func() { t.Error("it ran") }
		_ = e.Update(t.Context(), Munkfors, func(tx store.Tx) error { tx.OnCommit(hook); _ = count(tx); return errOwn })
		_ = e.Update(t.Context(), Munkfors, func(tx store.Tx) error { tx.OnCommit(hook); panic("deliberate") })
		put(t, e, store.Meta, pair{"a", "1"})
	}},
	{"OnCommitRunsWhenAViewShowsTheCommit", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		update(t, e, func(tx store.Tx) error {
			tx.OnCommit(func() { wantCount(t, e, 1) })
			return count(tx)
		})
	}},
	{"OnCommitRunsInTheOrderOfCommits", hooksInOrder},
}

// hooksInOrder has everyone note the number that they were given inside the transaction.
func hooksInOrder(t *testing.T, e store.Engine) {
	create(t, e, Munkfors)
	var got []uint64 // no lock: the contract says that hooks run one at a time, and -race watches
	errs := atOnce(many, func(i int) error {
		return e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
			err := count(tx)
			if i%4 == 0 {
				tx.OnCommit(func() { t.Error("a hook of one that was rolled back ran") })
				return errOwn
			}
			n, err2 := counted(tx)
			tx.OnCommit(func() { got = append(got, n) })
			return errors.Join(err, err2)
		})
	})
	for i, err := range errs {
		if (err == nil) == (i%4 == 0) {
			t.Errorf("%d got %v", i, err)
		}
	}
	want := make([]uint64, many*3/4)
	for i := range want {
		want[i] = uint64(i + 1)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

var togetherFacts = []fact{
	{"ConcurrentUpdatesCountExactly", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		for _, err := range atOnce(many, func(int) error {
			for range 5 {
				if err := e.Update(t.Context(), Munkfors, count); err != nil {
					return err
				}
			}
			return nil
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		wantCount(t, e, 5*many)
	}},
	{"ThoseWhoFailDoNotTakeNeighboursWithThem", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		errs := atOnce(many, func(i int) error {
			return e.Update(t.Context(), Munkfors, func(tx store.Tx) error { return fickle(tx, i) })
		})
		for i, err := range errs {
			if (err == nil) != (i%4 == 0) || (i%4 == 1 && !errors.Is(err, errOwn)) {
				t.Errorf("%d got %v", i, err)
			}
		}
		wantCount(t, e, many/4)
		if n := len(contents(t, e)[store.Events]); n != many/4 {
			t.Errorf("%d have written, want %d", n, many/4)
		}
	}},
	{"FnRunsAlone", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		var inside atomic.Int32
		atOnce(many, func(int) error {
			return e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
				defer inside.Add(-1)
				if inside.Add(1) != 1 {
					t.Error("two ran at once")
				}
				return count(tx)
			})
		})
	}},
	{"AViewSeesOneMomentWhileUpdatesRun", func(t *testing.T, e store.Engine) { oneMoment(t, e) }},
	{"AViewSeesWhatWasCommittedBeforeIt", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		for _, err := range atOnce(8, func(i int) error {
			key := []byte{byte(i)}
			for n := range 10 {
				want := fmt.Sprint(n)
				if err := e.Update(t.Context(), Munkfors, func(tx store.Tx) error { return tx.Put(store.Meta, key, []byte(want)) }); err != nil {
					return err
				}
				wantValue(t, e, store.Meta, string(key), want)
			}
			return nil
		}) {
			if err != nil {
				t.Error(err)
			}
		}
	}},
	{"AViewDoesNotWaitForAnUpdateThatRuns", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		update(t, e, func(tx store.Tx) error {
			done := make(chan struct{})
			go func() {
				defer close(done)
				wantCount(t, e, 0)
			}()
			err := count(tx)
			<-done
			return err
		})
		wantCount(t, e, 1)
	}},
	{"AnUpdateDoesNotWaitForAViewThatRuns", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		view(t, e, func(tx store.Tx) error {
			done := make(chan struct{})
			go func() {
				defer close(done)
				put(t, e, store.Events, pair{"a", string(long(100_000))})
			}()
			<-done
			if v, err := tx.Get(store.Events, []byte("a")); v != nil || err != nil {
				t.Errorf("the view changed: %d bytes, %v", len(v), err)
			}
			return nil
		})
	}},
}

// fickle counts and writes; one in four is content with that.
func fickle(tx store.Tx, i int) error {
	if i%4 == 3 {
		return errOwn // before it wrote
	}
	err := errors.Join(count(tx), tx.Put(store.Events, []byte{byte(i)}, nil))
	switch i % 4 {
	case 1:
		return errOwn
	case 2:
		panic("deliberate")
	}
	return err
}

// oneMoment moves coins between two purses while others look: at every moment there are a hundred.
func oneMoment(t *testing.T, e store.Engine) {
	create(t, e, Munkfors)
	update(t, e, func(tx store.Tx) error { return errors.Join(setPurse(tx, "a", 100), setPurse(tx, "b", 0)) })
	for _, err := range atOnce(8, func(i int) error {
		for range 20 {
			var err error
			if i%2 == 0 {
				err = e.Update(t.Context(), Munkfors, func(tx store.Tx) error { return move(tx, uint64(i+1)) })
			} else {
				err = e.View(t.Context(), Munkfors, hundred)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

func purse(tx store.Tx, name string) (uint64, error) {
	v, err := tx.Get(store.Entities, []byte(name))
	if err != nil || len(v) != 8 {
		return 0, fmt.Errorf("purse %s has %d bytes: %w", name, len(v), err)
	}
	return binary.BigEndian.Uint64(v), nil
}

func setPurse(tx store.Tx, name string, n uint64) error {
	return tx.Put(store.Entities, []byte(name), binary.BigEndian.AppendUint64(nil, n))
}

func move(tx store.Tx, n uint64) error {
	a, err1 := purse(tx, "a")
	b, err2 := purse(tx, "b")
	n = min(n, a)
	return errors.Join(err1, err2, setPurse(tx, "a", a-n), setPurse(tx, "b", b+n))
}

func hundred(tx store.Tx) error {
	a, err1 := purse(tx, "a")
	b, err2 := purse(tx, "b")
	if a+b != 100 {
		return fmt.Errorf("%d and %d coins", a, b)
	}
	return errors.Join(err1, err2)
}
