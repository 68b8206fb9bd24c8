package replica

import (
	"context"
	"sync/atomic"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/store"
)

// town is what is kept in memory of one town: all of it can be read from the engine again.
type town struct {
	id        event.ID
	table     *activity.Table
	attention *attention
	book      atomic.Pointer[pledge.Book]
	watch     *watchers

	filling filling
	keptAt  atomic.Uint64 // the seq that the kept copy of the table has all of; 0 for none

	// refs is written by commits alone, which run one after the other.
	refs    map[event.ID]*event.State
	catalog atomic.Pointer[catalogAt]

	retired atomic.Bool // another file takes its place
}

type catalogAt struct {
	stamp string // the value of meta "catalog" it was read at
	*activity.Catalog
}

func (r *Replica) load(ctx context.Context, id event.ID) error {
	if ok, err := r.founded(ctx, id); err != nil {
		return err
	} else if !ok {
		if err := r.found(ctx, id); err != nil {
			return err
		}
	}
	t := newTown(id)
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	t.filling.stop = stop
	f := &filler{r: r, t: t}
	err := r.engine.View(ctx, id, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		f.head = *h
		if err := t.readRefs(tx); err != nil {
			return err
		}
		if err := t.attention.read(tx); err != nil {
			return err
		}
		return f.readSlice(tx)
	})
	if err == nil {
		err = f.add()
	}
	if err != nil {
		stop()
		return err
	}
	r.adopt(t)
	if f.from == nil {
		f.finish(nil)
		return nil
	}
	r.fillers.Go(func() { f.background(ctx) })
	return nil
}

func newTown(id event.ID) *town {
	return &town{
		id: id, table: activity.NewTable(), attention: newAttention(), refs: map[event.ID]*event.State{}, watch: &watchers{open: map[chan struct{}]struct{}{}},
		filling: filling{done: make(chan struct{})},
	}
}

// adopt puts a town in the place of the one before. From here on commits go into its table.
func (r *Replica) adopt(t *town) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.towns[t.id]; old != nil {
		old.filling.stop()
		t.watch = old.watch
		defer t.watch.poke()
	}
	r.towns[t.id] = t
	delete(r.broken, t.id)
}

func (t *town) readRefs(tx store.Tx) error {
	err := scanFeed(tx, activity.ClassRef, 0, func(_ uint64, e event.ID) (bool, error) {
		s, err := readState(tx, e)
		if err == nil {
			t.refs[e] = s
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	stamp, err := tx.Get(store.Meta, metaCatalog)
	if err != nil {
		return err
	}
	t.rebind(string(stamp))
	return nil
}

// rebind makes the book anew from the reference states.
func (t *town) rebind(catalogStamp string) {
	states := make([]*event.State, 0, len(t.refs))
	for _, s := range t.refs {
		states = append(states, s)
	}
	book := pledge.Read(states)
	t.book.Store(book)
	catalog := &catalogAt{stamp: catalogStamp, Catalog: activity.ReadCatalog(nil)}
	if len(catalogStamp) >= 16 { // the one that batches judge by, should there be several
		catalog.Catalog = activity.ReadCatalog(t.refs[event.ID([]byte(catalogStamp[:16]))])
	}
	t.catalog.Store(catalog)
}
