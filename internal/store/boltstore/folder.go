package boltstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

const (
	suffix    = ".db"  // of a town's file
	unborn    = ".new" // of a file that becomes a town when it is whole
	lockName  = "in-use.lock"
	lockPause = 20 * time.Millisecond
)

var errInUse = fault.New(fault.Busy, "data-folder-in-use", "the data folder is in use by another server")

// takeFolder makes dir and locks it for this process. The lock ends with the file that is returned; there is none in a
// folder that can only be read and never had one.
func takeFolder(dir string, timeout time.Duration) (lock *os.File, readOnly bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, err
	}
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if readOnly = errors.Is(err, syscall.EROFS); readOnly {
		if f, err = os.Open(path); errors.Is(err, os.ErrNotExist) {
			return nil, true, nil
		}
	}
	if err != nil {
		return nil, readOnly, err
	}
	err = holdLock(f, timeout)
	if err != nil {
		return nil, readOnly, errors.Join(err, f.Close())
	}
	return f, readOnly, nil
}

func holdLock(f *os.File, timeout time.Duration) (err error) {
	tick := time.NewTicker(lockPause)
	defer tick.Stop()
	for waited := time.Duration(0); waited <= timeout; waited += lockPause {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		<-tick.C
	}
	return errInUse
}

// listTowns names the towns of a folder and removes what was left of one that was never finished, where that can be.
func listTowns(dir string, readOnly bool) ([]event.ID, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var ids []event.ID
	for _, f := range files {
		if strings.HasSuffix(f.Name(), suffix+unborn) && !readOnly {
			err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
		}
		name, ok := strings.CutSuffix(f.Name(), suffix)
		if id, bad := event.ParseID(name); ok && bad == nil {
			ids = append(ids, id)
		}
	}
	return ids, err
}

func fileOf(dir string, id event.ID) string {
	return filepath.Join(dir, id.String()+suffix)
}

// makeFile writes an empty town under another name and renames it when it is whole, so that a power cut leaves a town
// or nothing.
func makeFile(dir string, id event.ID, opts *Options) error {
	path := fileOf(dir, id)
	db, err := openFile(path+unborn, opts)
	if err != nil {
		return err
	}
	if err := errors.Join(makeBuckets(db), db.Close()); err != nil {
		return errors.Join(err, os.Remove(path+unborn))
	}
	if err := os.Rename(path+unborn, path); err != nil {
		return err
	}
	return durable.SyncFolder(dir)
}

// makeBuckets adds the buckets that the file lacks: all in a new one, those of a later version in an old one.
func makeBuckets(db *bolt.DB) error {
	return db.Update(func(tx *bolt.Tx) error {
		for _, b := range store.Buckets() {
			if _, err := tx.CreateBucketIfNotExists([]byte(b)); err != nil {
				return fmt.Errorf("bucket %s: %w", b, err)
			}
		}
		return nil
	})
}

// catchUp makes durable what an ended process left with the kernel, and then has the kernel forget the file: after a
// failed fsync its memory may hold bytes that never reached the disk and never will, and would pass for stored.
func catchUp(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), forget(f), f.Close())
}
