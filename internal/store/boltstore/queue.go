package boltstore

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"lofteslogg/internal/store"
)

// The states of a request: who sees it first, the committer that takes it or the caller that gives up, has it.
const (
	waiting int32 = iota
	taken
	gone
)

// request is one call of Update on its way.
type request struct {
	fn    func(store.Tx) error
	state atomic.Int32
	hooks []func()
	done  chan error // of capacity 1: the committer never waits for a caller
}

var requests = sync.Pool{New: func() any { return &request{done: make(chan error, 1)} }}

func newRequest(fn func(store.Tx) error) *request {
	r := requests.Get().(*request)
	r.fn = fn
	r.state.Store(waiting)
	return r
}

// wait gives the answer, or fault.Busy when ctx ends before the committer has taken the request.
func (r *request) wait(ctx context.Context) error {
	select {
	case err := <-r.done:
		return r.free(err)
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, gone) {
			return busy(ctx.Err()) // not freed: the queue still has it
		}
		return r.free(<-r.done)
	}
}

func (r *request) free(err error) error {
	clear(r.hooks)
	r.fn, r.hooks = nil, r.hooks[:0]
	requests.Put(r)
	return err
}

// queue holds requests until the committer comes for them.
type queue struct {
	mu      sync.Mutex
	some    sync.Cond
	waiting []*request
	last    int   // how many were taken together last time
	refusal error // why nothing is taken any more
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// yields is how often the committer lets others run before it begins.
const yields = 32

func (q *queue) init() { q.some.L = &q.mu }

func (q *queue) add(r *request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.refusal != nil {
		return q.refusal
	}
	q.waiting = append(q.waiting, r)
	q.some.Signal()
	return nil
}

// take waits for the first request and moves it and those behind it, at most limit, to batch. It gives none when the
// queue is closed and empty.
func (q *queue) take(batch []*request, limit int) []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	about := min(limit, q.last+len(q.waiting))
	for len(q.waiting) == 0 && q.refusal == nil {
		q.some.Wait()
	}
	q.letCome(about)
	n := min(limit, len(q.waiting))
	q.last = n
	batch = append(batch, q.waiting[:n]...)
	rest := copy(q.waiting, q.waiting[n:])
	clear(q.waiting[rest:])
	q.waiting = q.waiting[:rest]
	return batch
}

// letCome lets those run who are ready to, until n wait: those who waited, and those whom the last commit answered and
// who are on their way back now. Without it the first of these commits alone. It yields a few times and never sleeps,
// and a lone writer waits for nobody.
func (q *queue) letCome(n int) {
	for range yields {
		if len(q.waiting) >= n || q.refusal != nil {
			return
		}
		q.mu.Unlock()
		runtime.Gosched()
		q.mu.Lock()
	}
}

// close takes no more requests; those that wait are still done.
func (q *queue) close() { q.refuse(errClosing) }

func (q *queue) refuse(why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.refusal == nil {
		q.refusal = why
	}
	q.some.Broadcast()
}
