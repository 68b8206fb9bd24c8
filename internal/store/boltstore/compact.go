package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
)

// compactBytes is how much of a file is copied in one transaction.
const compactBytes = 16 << 20

// Compact writes a town's file anew without what was deleted: bbolt keeps the bytes of a deleted or replaced value in the
// file until their page is used again. Those who have read for long are told to leave, and whoever comes meanwhile waits for
// some seconds before it is fault.Busy. A power cut leaves the old file or the new one. What the disk itself keeps of the old
// one is beyond a program's reach.
func (e *Engine) Compact(ctx context.Context, id event.ID) error {
	if err := ctx.Err(); err != nil {
		return busy(err)
	}
	e.making.Lock()
	defer e.making.Unlock()
	old, err := e.town(id)
	if err != nil {
		return err
	}
	gone := &away{back: make(chan struct{})}
	defer close(gone.back)
	if err := e.vacate(old, gone); err != nil {
		return fmt.Errorf("compact town %s: %w", id, err)
	}
	err = compactFile(old.path, &e.opts)
	t, again := openTown(id, old.path, &e.opts)
	if again != nil {
		return errors.Join(err, fmt.Errorf("open town %s after compacting it: %w", id, again))
	}
	e.put(id, t)
	return err
}

func compactFile(path string, opts *Options) error {
	from, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: opts.LockTimeout, NoStatistics: true})
	if err != nil {
		return err
	}
	to, err := openFile(path+unborn, opts)
	if err != nil {
		return also(err, from.Close())
	}
	err = errors.Join(bolt.Compact(to, from, compactBytes), to.Sync(), to.Close(), from.Close())
	if err != nil {
		return errors.Join(classify(err), os.Remove(path+unborn))
	}
	if err := os.Rename(path+unborn, path); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(path))
}

// Shrink cuts off what a file has beyond its last page, the room that it grows into: a copy leaves it out as well. Nobody may
// have the file open.
func Shrink(path string) (err error) {
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
