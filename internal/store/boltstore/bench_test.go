package boltstore

import (
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

func BenchmarkEngine(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) store.Engine { return open(b) })
}

// BenchmarkRawBatch writes the same bytes with bbolt's own way of sharing commits: what the engine is measured against.
func BenchmarkRawBatch(b *testing.B) {
	for _, l := range storetest.Loads() {
		b.Run(l.String(), func(b *testing.B) {
			db, err := bolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, InitialMmapSize: mapped})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close() //nolint:errcheck // the folder goes with it
			if err := makeBuckets(db); err != nil {
				b.Fatal(err)
			}
			l.Drive(b, func(rs []storetest.Record) error {
				return db.Batch(func(tx *bolt.Tx) error { return rawPut(tx, rs) })
			})
		})
	}
}

func rawPut(tx *bolt.Tx, rs []storetest.Record) error {
	for _, r := range rs {
		stored := make([]byte, sumSize+len(r.Value))
		copy(stored[sumSize:], r.Value)
		if err := tx.Bucket([]byte(r.Bucket)).Put(r.Key, stored); err != nil {
			return err
		}
	}
	return nil
}
