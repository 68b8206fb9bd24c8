// Package boltstore keeps each town in one bbolt file, and lets those who write at the same time share one commit.
//
// The folder belongs to one process at a time. A town has a committer of its own: it takes the first that waits and
// all who wait with it, runs them in one transaction, makes it durable and answers them all; nobody waits for company.
// Every value is stored behind a CRC-32C over its bucket, key and bytes, checked at each read, and a key is only said
// to be absent when its neighbours are whole and stand where they should: bbolt itself would serve a flipped bit.
// What checksums of records cannot show is a page that says it has fewer of them, or a number of a page that became
// that of an older copy: both are whole. The chain of the log and bbolt's own check show those.
package boltstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Options are what an Engine can be told. The zero value is right for a server.
type Options struct {
	// LockTimeout is how long Open waits for another process to let go of the folder; 0 means one second.
	LockTimeout time.Duration

	// MaxSize is the largest a town's file may grow, in bytes, before an Update is answered with fault.Full; 0 means
	// that the disk is the limit.
	MaxSize int

	// DrainLimit is how long Replace and Reopen wait for readers, and DrainGrace when these are told to stop; 0 means half a
	// minute and two seconds.
	DrainLimit, DrainGrace time.Duration

	// BeforeCommit is called when the work of a commit is done and nothing of it is on disk; AfterCommit when all of
	// it is durable, nobody has been answered and no OnCommit has run. Both are for tests that break things at those
	// moments. They are called from the town's committer, which waits for them, and not for commits without writes.
	BeforeCommit, AfterCommit func(town event.ID)

	// Committed is told of each commit that is durable, before anybody is answered. It is called from the towns'
	// committers, at the same time too, and must be quick.
	Committed func(Commit)
	// Stopped is called, in a goroutine of its own, when a town takes no more updates because a commit failed, and when
	// reading it found damage: Reopen is the way back. It may be called more than once for the same reason. Nil is nobody.
	Stopped func(town event.ID, why error)

	// OpenFile opens towns' files instead of os.OpenFile, for tests that need hold of the file.
	OpenFile func(name string, flag int, mode os.FileMode) (*os.File, error)

	// UnsafeNoSync leaves out every fsync, so that a power cut loses acknowledged work. It is there for the controls
	// of durability tests, which must be seen to fail.
	UnsafeNoSync bool

	readOnly bool // the folder is
}

func (o *Options) drainOr() time.Duration { return cmp.Or(o.DrainLimit, drainLimit) }
func (o *Options) graceOr() time.Duration { return cmp.Or(o.DrainGrace, drainGrace) }

// Engine is a folder of towns. See store.Engine for what its methods promise.
type Engine struct {
	dir    string
	opts   Options
	lock   *os.File
	making sync.Mutex // held by whoever adds a town or opens one anew

	mu     sync.RWMutex // guards what follows
	towns  map[event.ID]*town
	closed bool
}

var _ store.Engine = (*Engine)(nil)

// Open makes the folder if there is none, takes it for this process and opens every town in it.
//
// Towns of a folder that can only be read are there to be read, and every Update is fault.Busy with the code read-only.
//
// When another process has the folder the error says so (fault.Busy). A town whose file cannot be read does not keep
// the others from opening: its calls fail with an error that wraps store.ErrDamaged, until Reopen finds it mended.
func Open(dir string, opts Options) (*Engine, error) {
	if opts.LockTimeout == 0 {
		opts.LockTimeout = time.Second
	}
	lock, readOnly, err := takeFolder(dir, opts.LockTimeout)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	opts.readOnly = readOnly
	e := &Engine{dir: dir, opts: opts, lock: lock, towns: map[event.ID]*town{}}
	if err := e.openAll(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Engine) openAll() error {
	ids, err := listTowns(e.dir, e.opts.readOnly)
	if err != nil {
		return fmt.Errorf("list towns: %w", err)
	}
	for _, id := range ids {
		t, err := openTown(id, fileOf(e.dir, id), &e.opts)
		if err != nil {
			return fmt.Errorf("open town %s: %w", id, err)
		}
		e.towns[id] = t
	}
	return nil
}

// ReadOnly tells whether the folder can only be read.
func (e *Engine) ReadOnly() bool { return e.opts.readOnly }

// Create makes an empty town, whole or not at all. See store.Engine.
func (e *Engine) Create(ctx context.Context, id event.ID) error {
	if err := ctx.Err(); err != nil {
		return busy(err)
	}
	e.making.Lock()
	defer e.making.Unlock()
	switch _, err := e.town(id); {
	case err == nil:
		return fault.New(fault.Conflict, "town", "town %s exists", id)
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	if err := makeFile(e.dir, id, &e.opts); err != nil {
		return fmt.Errorf("create town %s: %w", id, classify(err))
	}
	t, err := openTown(id, fileOf(e.dir, id), &e.opts)
	if err != nil {
		return fmt.Errorf("open new town %s: %w", id, err)
	}
	e.put(id, t)
	return nil
}

// Towns lists the towns in order of id, those that cannot be read too. See store.Engine.
func (e *Engine) Towns(ctx context.Context) ([]event.ID, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, busy(err)
	}
	if e.closed {
		return nil, errClosing
	}
	return slices.SortedFunc(maps.Keys(e.towns), event.ID.Compare), nil
}

// Reopen closes a town's file and opens it anew, reading from the disk and not from what the kernel remembers of it.
// It is the way back after a commit whose outcome is unknown; what was built from OnCommit must be built anew.
//
// Between the two, check may look at the file, which nobody else has then. When it says no, the town stays as one that
// cannot be read, and its error is that of every call. Nil checks nothing. When the last commit takes too long to end the
// error is fault.Busy, and the town stays closed until Reopen is called again.
func (e *Engine) Reopen(ctx context.Context, id event.ID, check func(path string) error) error {
	if err := ctx.Err(); err != nil {
		return busy(err)
	}
	e.making.Lock()
	defer e.making.Unlock()
	old, err := e.town(id)
	if err != nil {
		return err
	}
	if err := e.vacate(old, errShut, nil); err != nil {
		return fmt.Errorf("reopen town %s: %w", id, err)
	}
	t, err := e.reopened(old, check)
	if err != nil {
		return fmt.Errorf("reopen town %s: %w", id, err)
	}
	e.put(id, t)
	return nil
}

func (e *Engine) reopened(old *town, check func(path string) error) (*town, error) {
	if check != nil {
		if err := catchUp(old.path); err != nil {
			return nil, err
		}
		if err := check(old.path); err != nil {
			e.put(old.id, unreadable(old.id, old.path, &e.opts, err))
			return nil, err
		}
	}
	return openTown(old.id, old.path, &e.opts)
}

// stopped tells whoever looks after the towns.
func (o *Options) stopped(id event.ID, why error) {
	if o.Stopped != nil {
		go o.Stopped(id, why)
	}
}

func (e *Engine) town(id event.ID) (*town, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return nil, errClosing
	}
	if t, ok := e.towns[id]; ok {
		return t, nil
	}
	return nil, store.NoTown(id)
}

// put adds a town; when the engine closed meanwhile, the town closes too.
func (e *Engine) put(id event.ID, t *town) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.towns[id] = t
	if e.closed {
		_ = t.close(closeLimit)
	}
}
