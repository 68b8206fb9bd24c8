package sim

import (
	"context"
	"errors"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/memstore"
)

// depot is an engine whose town can be put back to what it was.
type depot interface {
	kind() string
	snapshot() any
	restore(snapshot any) store.Engine // nil takes the town away
	over()                             // nobody asks any more
}

type memDepot struct{ engine *memstore.Engine }

func newMemDepot() depot { return &memDepot{memstore.New()} }

func (m *memDepot) kind() string  { return "memory" }
func (m *memDepot) over()         {}
func (m *memDepot) snapshot() any { return m.engine.Snapshot(townID) }

func (m *memDepot) restore(snapshot any) store.Engine {
	m.engine.Restore(townID, snapshot)
	return m.engine
}

// flaky is an engine whose commits fail now and then, which runs what it was given more than once, and which has two
// requests share one commit: all that engines may do.
type flaky struct {
	store.Engine
	w    *world
	join func()   // sends the request that shares the next commit
	open store.Tx // of the commit that another request shares
}

var errDisk = fault.New(fault.Full, "", "the disk is full, says the weather")

func (f *flaky) Update(ctx context.Context, town event.ID, fn func(store.Tx) error) error {
	if f.open != nil {
		return fn(f.open)
	}
	if !f.w.calm && f.w.chance(25) {
		err := f.Engine.Update(ctx, town, func(tx store.Tx) error {
			if err := fn(tx); err != nil {
				return err
			}
			return errDisk
		})
		if !errors.Is(err, errDisk) || f.w.chance(2) {
			return err
		}
	}
	return f.Engine.Update(ctx, town, func(tx store.Tx) error {
		err := fn(tx)
		if join := f.join; err == nil && join != nil {
			f.join, f.open = nil, tx
			join()
			f.open = nil
		}
		return err
	})
}
