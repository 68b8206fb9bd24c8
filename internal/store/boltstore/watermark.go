package boltstore

import (
	"context"
	"sync"
	"sync/atomic"
)

// watermark is the number of the last commit that is known to be durable, and a place to wait for the next one.
type watermark struct {
	id      atomic.Int64
	mu      sync.Mutex
	failed  bool          // there is no next one
	changed chan struct{} // closed at the next change; nil when nobody waits
}

func (w *watermark) now() int { return int(w.id.Load()) }

func (w *watermark) set(id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.id.Store(int64(id))
	w.wake()
}

// fail says that no later commit will be known to be durable in this opening of the file.
func (w *watermark) fail() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = true
	w.wake()
}

func (w *watermark) hasFailed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

func (w *watermark) wake() {
	if w.changed != nil {
		close(w.changed)
		w.changed = nil
	}
}

// wait returns when commit id is durable, or with fault.Busy when that will not happen or ctx ends.
func (w *watermark) wait(ctx context.Context, id int) error {
	for w.now() < id {
		next, err := w.next(id)
		if next == nil {
			return err
		}
		select {
		case <-next:
		case <-ctx.Done():
			return busy(ctx.Err())
		}
	}
	return nil
}

// next gives the channel to wait at, or nil when there is nothing to wait for.
func (w *watermark) next(id int) (<-chan struct{}, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now() >= id {
		return nil, nil
	}
	if w.failed {
		return nil, errBroken
	}
	if w.changed == nil {
		w.changed = make(chan struct{})
	}
	return w.changed, nil
}
