// Package memstore keeps towns in memory, for tests and for simulating many years of them in a minute.
//
// It keeps the contract of store.Engine but for the power cut. A town is a handful of roots of trees that keep their
// past, so a view, a snapshot and going back to one take no time and no copying, and everything is deterministic.
package memstore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// nBuckets is how many buckets there are.
const nBuckets = 11

// picture is a town at one moment. It never changes.
type picture [nBuckets]*node

type town struct {
	mu  sync.Mutex // held by the update that runs
	now atomic.Pointer[picture]
}

// updates counts those of all towns, for a snapshot of one may be restored as another and must not be changed there.
var updates atomic.Uint64

// Engine keeps towns in memory. See store.Engine for what its methods promise; make one with New.
type Engine struct {
	mu     sync.RWMutex
	towns  map[event.ID]*town
	closed bool
}

var _ store.Engine = (*Engine)(nil)

var errClosing = fault.New(fault.Busy, "closing", "the store is closing")

// New makes an engine without towns.
func New() *Engine { return &Engine{towns: map[event.ID]*town{}} }

// Create makes an empty town. See store.Engine.
func (e *Engine) Create(ctx context.Context, id event.ID) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.ready(ctx); err != nil {
		return err
	}
	if e.towns[id] != nil {
		return fault.New(fault.Conflict, "town", "town %s exists", id)
	}
	e.towns[id] = newTown(&picture{})
	return nil
}

func newTown(p *picture) *town {
	t := &town{}
	t.now.Store(p)
	return t
}

// Towns lists the towns in order of id. See store.Engine.
func (e *Engine) Towns(ctx context.Context) ([]event.ID, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Keys(e.towns), event.ID.Compare), nil
}

// Update runs fn at once, alone on its town. See store.Engine.
func (e *Engine) Update(ctx context.Context, id event.ID, fn func(store.Tx) error) error {
	t, err := e.town(ctx, id)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := e.town(ctx, id); err != nil { // ctx or the engine may have ended while it waited
		return err
	}
	return t.update(fn)
}

func (t *town) update(fn func(store.Tx) error) error {
	at := *t.now.Load()
	x := &tx{at: &at, id: updates.Add(1)}
	if err := x.call(fn); err != nil {
		return err
	}
	t.now.Store(&at)
	for _, f := range x.hooks {
		f()
	}
	return nil
}

// View runs fn on the town as it is now. See store.Engine.
func (e *Engine) View(ctx context.Context, id event.ID, fn func(store.Tx) error) error {
	t, err := e.town(ctx, id)
	if err != nil {
		return err
	}
	return (&tx{at: t.now.Load()}).call(fn)
}

// Close refuses everything from now on, once the updates that run are done.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	towns := slices.Collect(maps.Values(e.towns))
	e.mu.Unlock()
	for _, t := range towns {
		t.mu.Lock()
		t.mu.Unlock() //nolint:staticcheck // only waits for the update that runs
	}
	return nil
}

func (e *Engine) town(ctx context.Context, id event.ID) (*town, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	if t := e.towns[id]; t != nil {
		return t, nil
	}
	return nil, store.NoTown(id)
}

func (e *Engine) ready(ctx context.Context) error {
	if e.closed {
		return errClosing
	}
	if err := ctx.Err(); err != nil {
		return fault.New(fault.Busy, "", "gave up before its turn: %w", err)
	}
	return nil
}
