package boltstore

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Inspect opens a copy of a town's file for reading alone, has bbolt check all its pages and runs fn on what it holds.
// Pages that are wrong are told as one error, and fn is not run. fault.Conflict with the code newer-file when the file
// has buckets that this version does not know, and fault.Busy with the code file-in-use when somebody has it open for writing.
//
// A file that was cut short can end the whole process, and one whose pages are wrong stays open for as long as the process
// lives: look at a file that is not known to be whole in a process of its own.
func Inspect(path string, fn func(store.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer catch("inspect", &err)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true, NoStatistics: true})
	if errors.Is(err, berrors.ErrTimeout) {
		return fault.New(fault.Busy, inUse, "%s is in use", path)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if err := checkPages(db); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bolt.Tx) error {
		if err := checkBuckets(tx); err != nil {
			return err
		}
		s := session{tx: tx}
		return s.call(fn, nil)
	})
}

// checkPages gives the first thing that is wrong with the pages, and looks no further: where a page leads back to one above it,
// bbolt's check walks in a circle and tells of every round. It goes on reading then, so that file and transaction are left open.
func checkPages(db *bolt.DB) error {
	tx, err := db.Begin(false)
	if err != nil {
		return err
	}
	if wrong, ok := <-tx.Check(); ok {
		return damaged("pages: %v", wrong)
	}
	return tx.Rollback()
}

// checkBuckets tells a file of a newer version from one in which the name of a bucket was damaged: that lacks one as well.
func checkBuckets(tx *bolt.Tx) error {
	var strange []byte
	known := 0
	err := tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if slices.Contains(store.Buckets(), store.Bucket(name)) {
			known++
		} else {
			strange = name
		}
		return nil
	})
	switch {
	case err != nil || strange == nil:
		return err
	case known < len(store.Buckets()):
		return damaged("a bucket %q, and %d others", strange, known)
	}
	return fault.New(fault.Conflict, newerFile, "the file has a bucket %q: it was written by a newer version", strange)
}

// newerFile is the code for a file that a later version of the program wrote.
const newerFile = "newer-file"

// inUse is the code for a file that somebody has open.
const inUse = "file-in-use"

func isNewer(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code == newerFile
}

// tooNew is what a town's callers are told: phones keep what they have until the later version is back.
func tooNew(path string, err error) error {
	return fault.New(fault.Busy, newerFile, "%s is left as it is: %w; start that version", path, err)
}
