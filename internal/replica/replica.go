package replica

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"sync"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// Replica keeps the towns of an engine. All methods may be called concurrently.
type Replica struct {
	engine    store.Engine
	people    People
	clock     clock.Clock
	random    io.Reader
	kept      func(town event.ID) []wire.Head
	shut      func(town, inc event.ID) bool
	left      func(town, inc event.ID) bool
	connected func(town, inc event.ID) event.ID

	slice   int
	tables  Tables
	filled  func(Filled)
	copies  Copies
	fillers sync.WaitGroup

	mu     sync.RWMutex
	towns  map[event.ID]*town
	broken map[event.ID]error
}

// Open reads the towns of an engine. What answers phones is there when it returns; the figures of a town with more rows
// than a slice are read afterwards, in the background, until Close. A town that cannot be read does not keep the others from opening: calls about it
// fail until Reload finds it mended, and Broken tells of it. The engine stays the caller's to close, after the last call.
func Open(ctx context.Context, engine store.Engine, people People, o Options) (*Replica, error) {
	r := &Replica{
		engine: engine, people: people, clock: o.Clock, random: o.Random, kept: o.Kept, shut: o.Shut, left: o.Left, connected: o.Connected,
		slice: o.Slice, tables: o.Tables, filled: o.Filled, copies: o.Copies, towns: map[event.ID]*town{}, broken: map[event.ID]error{},
	}
	if r.clock == nil {
		r.clock = clock.Wall{}
	}
	if r.slice <= 0 {
		r.slice = sliceRows
	}
	if r.shut == nil {
		r.shut = func(event.ID, event.ID) bool { return false }
	}
	if r.left == nil {
		r.left = func(event.ID, event.ID) bool { return false }
	}
	if r.connected == nil {
		r.connected = func(event.ID, event.ID) event.ID { return event.ID{} }
	}
	if r.random == nil {
		r.random = rand.Reader
	}
	ids, err := engine.Towns(ctx)
	if err != nil {
		return nil, fmt.Errorf("list towns: %w", err)
	}
	for _, id := range ids {
		if err := r.load(ctx, id); err != nil {
			r.broken[id] = err
		}
	}
	return r, nil
}

// Broken lists the towns that could not be read, and why.
func (r *Replica) Broken() map[event.ID]error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.broken)
}

// Towns lists the towns there are.
func (r *Replica) Towns() []event.ID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]event.ID, 0, len(r.towns))
	for id := range r.towns {
		out = append(out, id)
	}
	return out
}

// Book is what the town's reference entities say now. fault.NotFound when there is no such town.
func (r *Replica) Book(id event.ID) (*pledge.Book, error) {
	t, err := r.town(id)
	if err != nil {
		return nil, err
	}
	return t.book.Load(), nil
}

// Table is the town's table of facts, which follows every commit. fault.Busy with the code figures while it is being
// filled.
func (r *Replica) Table(id event.ID) (*activity.Table, error) {
	t, err := r.town(id)
	switch {
	case err != nil:
		return nil, err
	case !t.filling.over():
		return nil, fault.New(fault.Busy, "figures", "the figures of town %s are still being read", id)
	case t.filling.err != nil:
		return nil, fmt.Errorf("the figures of town %s cannot be read: %w", id, t.filling.err)
	}
	return t.table, nil
}

func (r *Replica) town(id event.ID) (*town, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if t := r.towns[id]; t != nil {
		return t, nil
	}
	if err := r.broken[id]; err != nil {
		return nil, fmt.Errorf("town %s cannot be read: %w", id, err)
	}
	return nil, fault.New(fault.NotFound, "town", "no town %s here", id).At("town")
}

func (r *Replica) newID() (id event.ID, err error) {
	if _, err = io.ReadFull(r.random, id[:]); err != nil {
		return id, fmt.Errorf("no randomness: %w", err)
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id, nil
}
