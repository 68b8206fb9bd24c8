package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// mapped is how much of the address space a town takes from the start, beyond what its file has. bbolt cannot map a file
// anew while a view is open, so until it has grown by this much a slow copy never holds up an update. It costs no memory.
const mapped = 1 << 30

// leastSize is that of two pages, where a file says what it is. A town gets its name when it is whole, so a shorter one lost
// what it had; bbolt would begin an empty file anew.
const leastSize = 2 * 4096

// town is one opening of a town's file.
type town struct {
	id      event.ID
	path    string
	opts    *Options
	db      *bolt.DB // nil when the file could not be read
	queue   queue
	done    chan struct{} // closed when the committer has ended
	durable watermark
	readers gate
	lost    atomic.Pointer[error] // why bbolt must not be asked any more: it panicked while it held its locks

	closing  sync.Once
	closed   chan struct{} // closed when the file is
	closeErr error         // to be read when it is

	// The committer's own.
	mem   arena
	batch []*request // taken and not yet answered
	at    *session   // the open transaction, nil between commits
}

// openTown opens a town's file and starts its committer. A damaged file, or one of a newer version, gives a town whose calls
// say so, and no error.
func openTown(id event.ID, path string, opts *Options) (*town, error) {
	t := closedTown(id, path, opts)
	err := t.load()
	switch {
	case errors.Is(err, store.ErrDamaged):
		return unreadable(id, path, opts, err), nil
	case isNewer(err):
		return unreadable(id, path, opts, tooNew(path, err)), nil
	case err != nil:
		return nil, classify(err)
	}
	if opts.readOnly {
		t.queue.refuse(errReading)
		close(t.done)
		return t, nil
	}
	go t.serve()
	return t, nil
}

func closedTown(id event.ID, path string, opts *Options) *town {
	t := &town{id: id, path: path, opts: opts, done: make(chan struct{}), closed: make(chan struct{})}
	t.queue.init()
	return t
}

// unreadable is a town whose file is not open, and whose calls say why.
func unreadable(id event.ID, path string, opts *Options, why error) *town {
	t := closedTown(id, path, opts)
	t.lost.Store(&why)
	close(t.done)
	return t
}

func (t *town) load() (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var file *os.File
	defer letGo("open", &err, &file)
	if info, err := os.Stat(t.path); err == nil && info.Size() < leastSize {
		return damaged("a file of %d bytes", info.Size())
	}
	if !t.opts.readOnly {
		if err := catchUp(t.path); err != nil {
			return err
		}
	}
	if t.db, err = openFile(t.path, t.opts.holding(&file)); err != nil {
		return err
	}
	var id int
	if id, err = t.complete(); err != nil {
		return also(err, t.db.Close())
	}
	t.durable.set(id)
	return nil
}

// complete sees to it that all buckets are there and gives the number of the last commit.
func (t *town) complete() (id int, err error) {
	lacking := false
	err = t.db.View(func(tx *bolt.Tx) error {
		if err := checkBuckets(tx); err != nil {
			return err
		}
		id = tx.ID()
		for _, b := range store.Buckets() {
			lacking = lacking || tx.Bucket([]byte(b)) == nil
		}
		return nil
	})
	if err == nil && lacking && !t.opts.readOnly {
		id, err = id+1, makeBuckets(t.db)
	}
	return id, err
}

func openFile(path string, opts *Options) (*bolt.DB, error) {
	room := mapped
	if info, err := os.Stat(path); err == nil {
		room += int(info.Size())
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout: opts.LockTimeout, FreelistType: bolt.FreelistMapType, MaxSize: opts.MaxSize,
		InitialMmapSize: room, NoSync: opts.UnsafeNoSync, ReadOnly: opts.readOnly, OpenFile: opts.OpenFile,
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, errInUse
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %w", damaged("first pages"), err)
	}
	return db, err
}

// trouble is why this opening of the file is not to be trusted any more; nil when it is.
func (t *town) trouble() error {
	if err := t.lost.Load(); err != nil {
		return *err
	}
	if t.durable.hasFailed() {
		return errBroken
	}
	return nil
}

// begin opens a picture of the town. A commit is on its page before it is durable: whoever sees it waits until it is,
// so that nobody is told of work that a power cut could still take back.
func (t *town) begin(ctx context.Context) (*bolt.Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, busy(err)
	}
	if err := t.lost.Load(); err != nil {
		return nil, *err
	}
	low := t.durable.now()
	tx, err := t.beginBolt(false)
	if err != nil {
		return nil, err
	}
	if tx.ID() < low {
		return nil, also(damaged("newest meta page"), tx.Rollback())
	}
	if err := t.durable.wait(ctx, tx.ID()); err != nil {
		return nil, also(err, tx.Rollback())
	}
	return tx, nil
}

// beginBolt keeps a panic inside: bbolt raises it when both meta pages are damaged, and then never lets go of its locks.
func (t *town) beginBolt(write bool) (tx *bolt.Tx, err error) {
	defer func() {
		if errors.Is(err, store.ErrDamaged) {
			t.lost.Store(&err)
		}
	}()
	defer catch("begin", &err)
	tx, err = t.db.Begin(write)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) || errors.Is(err, os.ErrClosed) {
		return nil, errClosing
	}
	return tx, err
}
