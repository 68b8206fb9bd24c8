package replica

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"sync"
	"sync/atomic"
	"time"

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

// Options are what a Replica may be given; zero values mean the machine's own.
type Options struct {
	Clock  clock.Clock
	Random io.Reader // of nonces, salts and epochs
	// Kept lists the heads of the backups of a town that are still offered for restore; nil means none.
	Kept func(town event.ID) []wire.Head
	// Shut tells whether the phone of an installation is revoked; nil means that none ever is. Like People it is called
	// within transactions.
	Shut func(town, inc event.ID) bool
	// Tables keeps copies of the tables of facts for the next start; nil keeps none.
	Tables Tables
	// Filled is told of each town whose figures were read in the background.
	Filled func(Filled)
	// Slice is how many rows are read in one view while a table is filled; 0 means 4096.
	Slice int
	// Left tells whether the person of an installation has signed out of it, so that its silence means nothing. Nil means
	// that nobody ever does.
	Left func(town, inc event.ID) bool
	// Connected says who connected a phone as an installation, zero when nobody is known to have: what somebody else
	// carries from there is the writer's all the same. Like Shut it is called within transactions.
	Connected func(town, inc event.ID) event.ID
	// Copies keeps a second copy of what is pushed from a desk, which keeps none itself; nil keeps none.
	Copies Copies
}

// Copies is where else than in the town it stands what a desk wrote; carbon.Copies is one. Keep has events on disk, then has
// commit store them, and gives its error; when it fails nothing is kept. Strike takes out for good what is gone. Both may be
// called concurrently.
type Copies interface {
	Keep(town, account, inc event.ID, events []string, commit func() error) error
	Strike(town event.ID, gone func(*event.Event) bool) error
}

// Filled says that the figures of a town are there, or why they will not be.
type Filled struct {
	Town event.ID
	Rows int
	Kept bool // from the copy that was kept
	Took time.Duration
	Err  error
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

// Create makes an empty town: a log without events, of a new epoch.
func (r *Replica) Create(ctx context.Context, id event.ID) error {
	if err := r.engine.Create(ctx, id); err != nil {
		return fmt.Errorf("create town: %w", err)
	}
	return r.load(ctx, id)
}

// found writes the head of a log that has none: of a new town, or of one whose making was interrupted.
func (r *Replica) found(ctx context.Context, id event.ID) error {
	epoch, err := r.newID()
	if err != nil {
		return err
	}
	generation, err := r.newID()
	if err != nil {
		return err
	}
	err = r.engine.Update(ctx, id, func(tx store.Tx) error {
		if b, err := tx.Get(store.Meta, metaHead); err != nil || b != nil {
			return err
		}
		return writeMeta(tx, &head{epoch: epoch, generation: generation})
	})
	if err != nil {
		return fmt.Errorf("begin the log: %w", err)
	}
	return nil
}

// founded tells whether the town's log has a head.
func (r *Replica) founded(ctx context.Context, id event.ID) (ok bool, err error) {
	err = r.engine.View(ctx, id, func(tx store.Tx) error {
		b, err := tx.Get(store.Meta, metaHead)
		ok = b != nil
		return err
	})
	return ok, err
}

// Reload reads a town from the engine again, after its file was exchanged for another.
func (r *Replica) Reload(ctx context.Context, id event.ID) error { return r.load(ctx, id) }

// Restored begins a new epoch after a town's file was exchanged for a backup, and reads the town again. Devices find
// out by the chain, whether this was called or not; the epoch only spares them a look. What is parked for a person's
// rights is judged again, since those are not restored.
func (r *Replica) Restored(ctx context.Context, id event.ID) error {
	epoch, err := r.newID()
	if err != nil {
		return err
	}
	generation, err := r.newID()
	if err != nil {
		return err
	}
	err = r.engine.Update(ctx, id, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		h.epoch, h.generation = epoch, generation
		return writeMeta(tx, h)
	})
	if err != nil {
		return fmt.Errorf("begin a new epoch: %w", err)
	}
	if err := r.load(ctx, id); err != nil {
		return err
	}
	for _, reason := range []string{inc, revoked, right} {
		if err := r.JudgeAgain(ctx, id, reason); err != nil {
			return fmt.Errorf("judge again what was parked: %w", err)
		}
	}
	return nil
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

// Broken lists the towns that could not be read, and why.
func (r *Replica) Broken() map[event.ID]error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.broken)
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
