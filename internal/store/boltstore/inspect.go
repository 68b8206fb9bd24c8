package boltstore

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Inspect opens a copy of a town's file for reading alone, has bbolt check all its pages and runs fn on what it holds.
// Pages that are wrong are told as one error, and fn is not run. fault.Conflict with the code newer-file when the file
// has buckets that this version does not know.
//
// A file that was cut short can end the whole process: look at a file that is not known to be whole in a process of
// its own.
func Inspect(path string, fn func(store.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer catch("inspect", &err)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true, NoStatistics: true})
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bolt.Tx) error {
		if err := checkPages(tx); err != nil {
			return err
		}
		if err := checkBuckets(tx); err != nil {
			return err
		}
		s := session{tx: tx}
		return s.call(fn, nil)
	})
}

func checkPages(tx *bolt.Tx) error {
	var first error
	n := 0
	for err := range tx.Check() {
		if n++; first == nil {
			first = err
		}
	}
	if first != nil {
		return damaged("%d pages, the first: %v", n, first)
	}
	return nil
}

func checkBuckets(tx *bolt.Tx) error {
	return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if !slices.Contains(store.Buckets(), store.Bucket(name)) {
			return fault.New(fault.Conflict, "newer-file", "the file has a bucket %q: it was written by a newer version", name)
		}
		return nil
	})
}
