package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// compactBytes is how much of a file is copied in one transaction.
const compactBytes = 16 << 20

// Compact writes a town's file anew without what was deleted: bbolt keeps the bytes of a deleted or replaced value in the
// file until their page is used again. Those who have read for long are told to leave, and whoever comes meanwhile waits for
// some seconds before it is fault.Busy. A power cut leaves the old file or the new one. What the disk itself keeps of the old
// one is beyond a program's reach.
//
// A file that cannot be read through stays as it was, and the error wraps store.ErrDamaged. A town of which a commit failed is
// left closed and not copied: it is Reopen that looks whether its file is whole.
func (e *Engine) Compact(ctx context.Context, id event.ID) error {
	if err := ctx.Err(); err != nil {
		return busy(err)
	}
	e.making.Lock()
	defer e.making.Unlock()
	old, err := e.town(id)
	if err == nil {
		err = old.trouble()
	}
	if err != nil {
		return err
	}
	gone := &away{back: make(chan struct{})}
	defer close(gone.back)
	if err := e.vacate(old, gone, e.comeBack); err != nil {
		return fmt.Errorf("compact town %s: %w", id, err)
	}
	if err := old.trouble(); err != nil {
		return fmt.Errorf("compact town %s: %w", id, err)
	}
	err = compactFile(old.path, &e.opts)
	if errors.Is(err, store.ErrDamaged) {
		e.opts.stopped(id, err)
	}
	t, again := openTown(id, old.path, &e.opts)
	if again != nil {
		return errors.Join(err, fmt.Errorf("open town %s after compacting it: %w", id, again))
	}
	e.put(id, t)
	return err
}

func compactFile(path string, opts *Options) error {
	if err := copyUsed(path, opts); err != nil {
		return errors.Join(classify(err), removeScrap(path+unborn))
	}
	if err := os.Rename(path+unborn, path); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(path))
}

// copyUsed makes a file beside a town's, with what is in it and nothing that was.
func copyUsed(path string, opts *Options) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a damaged page may point outside the file
	var in, out *os.File
	defer letGo("compact", &err, &in, &out)
	reading := opts.holding(&in)
	reading.readOnly = true
	from, err := openFile(path, reading)
	if err != nil {
		return err
	}
	to, err := openFile(path+unborn, opts.holding(&out))
	if err != nil {
		return also(err, from.Close())
	}
	return errors.Join(bolt.Compact(to, from, compactBytes), to.Sync(), to.Close(), from.Close())
}

func removeScrap(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Shrink cuts off what a file has beyond its last page, the room that it grows into: a copy leaves it out as well. Nobody may
// have the file open.
func Shrink(path string) (err error) {
	defer catch("shrink", &err)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second, NoStatistics: true})
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	var used int64
	err = db.View(func(tx *bolt.Tx) error {
		used = tx.Size()
		return nil
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	return os.Truncate(path, used)
}
