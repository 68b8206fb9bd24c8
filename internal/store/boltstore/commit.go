package boltstore

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// maxShared is how many updates share one commit at most. It bounds what a commit holds in memory and what is run
// again when one of them fails.
const maxShared = 256

// Update hands fn to the town's committer and waits for its answer. See store.Engine.
func (e *Engine) Update(ctx context.Context, id event.ID, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return busy(err)
	}
	r := newRequest(fn)
	if _, err := e.admitted(ctx, id, func(t *town) error { return t.accept(r) }); err != nil {
		return err
	}
	return r.wait(ctx)
}

func (t *town) accept(r *request) error {
	if err := t.lost.Load(); err != nil {
		return *err
	}
	return t.queue.add(r)
}

// serve is the committer. It outlives an fn that ends its goroutine, as a test's FailNow does.
func (t *town) serve() {
	ended := false
	defer func() {
		if ended {
			close(t.done)
			return
		}
		t.abandon()
		go t.serve()
	}()
	debug.SetPanicOnFault(true) // a damaged page may point outside the file
	for {
		t.batch = t.queue.take(t.batch[:0], maxShared)
		if len(t.batch) == 0 {
			break
		}
		t.batch = slices.DeleteFunc(t.batch, func(r *request) bool { return !r.state.CompareAndSwap(waiting, taken) })
		t.runBatch()
	}
	ended = true
}

// runBatch runs what was taken in one transaction. When one of them fails after it wrote, all is rolled back and the
// others run again without it.
func (t *town) runBatch() {
	for len(t.batch) > 0 {
		s, err := t.beginWrite()
		if err != nil {
			t.refuse(err)
			return
		}
		t.at = s
		failed, err := t.runAll(s)
		if failed < 0 {
			t.settle(s)
			return
		}
		t.rollback()
		t.answerOne(failed, err)
	}
}

// runAll gives the index and error of the one that must be taken out, or -1. One that failed before it wrote anything
// is answered at once: there is nothing to roll back.
func (t *town) runAll(s *session) (failed int, err error) {
	for i := 0; i < len(t.batch); {
		r, before := t.batch[i], s.writes
		r.hooks = r.hooks[:0]
		err := s.call(r.fn, &r.hooks)
		if err != nil && (s.writes != before || s.damage != nil) {
			return i, err
		}
		if err != nil {
			t.answerOne(i, err)
			continue
		}
		i++
	}
	return -1, nil
}

// settle makes the transaction durable, runs the hooks and answers everybody.
func (t *town) settle(s *session) {
	if s.writes == 0 {
		t.rollback() // all that they saw is durable already
	} else if err := t.commit(s); err != nil {
		t.commitFailed(err)
		return
	}
	for i, r := range t.batch {
		if err := runHooks(r.hooks); err != nil {
			t.stop(err)
			t.batch[i] = nil
			r.done <- err
		}
	}
	t.answer(nil)
}

func (t *town) commit(s *session) (err error) {
	id := s.tx.ID()
	if t.opts.BeforeCommit != nil {
		t.opts.BeforeCommit(t.id)
	}
	if err := s.commit(); err != nil {
		return err
	}
	t.at = nil
	t.mem.reset()
	t.durable.set(id)
	t.measured(s)
	if t.opts.AfterCommit != nil {
		t.opts.AfterCommit(t.id)
	}
	return nil
}

// commitFailed tells a commit that left no trace, because the disk was full, from one whose outcome nobody knows.
func (t *town) commitFailed(err error) {
	t.rollback()
	if isFull(err) && t.untouched() {
		t.answer(full(err))
		return
	}
	t.stop(err)
	t.answer(fault.New(fault.Internal, "outcome-unknown", "%w: %w", store.ErrUnknown, err))
}

// untouched tells whether the newest commit on the page is still the last durable one.
func (t *town) untouched() bool {
	tx, err := t.beginBolt(false)
	if err != nil {
		return false
	}
	same := tx.ID() == t.durable.now()
	return tx.Rollback() == nil && same // an open picture would keep the file from being closed
}

func (t *town) beginWrite() (*session, error) {
	tx, err := t.beginBolt(true)
	if err != nil {
		return nil, err
	}
	if tx.ID() != t.durable.now()+1 {
		return nil, also(damaged("newest meta page"), tx.Rollback())
	}
	return &session{tx: tx, mem: &t.mem, began: clock.Wall{}.Now()}, nil
}

// refuse ends this opening of the town because a transaction could not even begin.
func (t *town) refuse(err error) {
	t.stop(err)
	t.answer(err)
}

// stop takes no more updates until the town is opened anew, and answers those that wait.
func (t *town) stop(why error) {
	t.opts.stopped(t.id, why)
	t.durable.fail()
	t.queue.refuse(fmt.Errorf("%w (after: %w)", errBroken, why))
	for _, r := range t.queue.take(nil, int(^uint(0)>>1)) {
		if r.state.CompareAndSwap(waiting, taken) {
			r.done <- errBroken
		}
	}
}

func (t *town) rollback() {
	if t.at != nil {
		t.at.rollback()
		t.at = nil
	}
	t.mem.reset()
}

func (t *town) answerOne(i int, err error) {
	t.batch[i].done <- err
	t.batch = slices.Delete(t.batch, i, i+1)
}

func (t *town) answer(err error) {
	for _, r := range t.batch {
		if r != nil {
			r.done <- err
		}
	}
	clear(t.batch)
	t.batch = t.batch[:0]
}

// abandon lets those of a broken-off batch try again.
func (t *town) abandon() {
	t.rollback()
	t.answer(fault.New(fault.Busy, "", "an fn ended the goroutine that ran it"))
}

// runHooks turns a panic into an error, for it must not take the other towns with it.
func runHooks(hooks []func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "", "stored, but an OnCommit panicked: %v", p)
		}
	}()
	for _, f := range hooks {
		f()
	}
	return nil
}
