package access

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/fault"
)

// digest is the SHA-256 of a secret, the only form in which one is kept. Looking one up takes the same time whatever
// its first bytes are for all that matters: who can choose the bytes of a digest has broken SHA-256.
type digest [sha256.Size]byte

// digestOf hashes a secret; the use keeps a code from ever standing for a token.
func digestOf(use, secret string) digest { return sha256.Sum256([]byte(use + ":" + secret)) }

// The buckets of the file. Values are JSON.
var (
	personBucket = []byte("person") // id → Person
	inviteBucket = []byte("invite") // id → inviteRecord
	phoneBucket  = []byte("phone")  // digest of the token → phoneRecord
	deskBucket   = []byte("desk")   // digest of the secret → deskRecord
)

// change is one record to write; a nil value deletes it.
type change struct {
	bucket, key []byte
	value       any
}

// commit makes the changes durable together, or none of them. The caller holds s.write.
func (s *Store) commit(changes ...change) error {
	return classify(s.db.Update(func(tx *bolt.Tx) error {
		for _, c := range changes {
			if err := c.apply(tx.Bucket(c.bucket)); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (c change) apply(b *bolt.Bucket) error {
	if c.value == nil {
		return b.Delete(c.key)
	}
	value, err := json.Marshal(c.value)
	if err != nil {
		return fmt.Errorf("spell a record of %s: %w", c.bucket, err)
	}
	return b.Put(c.key, value)
}

func (s *Store) load() error {
	readers := []struct {
		bucket []byte
		read   func(key, value []byte) error
	}{
		{personBucket, s.loadPerson},
		{inviteBucket, s.loadInvite},
		{phoneBucket, s.loadPhone},
		{deskBucket, s.loadDesk},
	}
	begin := s.db.Update
	if s.db.IsReadOnly() {
		begin = s.db.View
	}
	return begin(func(tx *bolt.Tx) error {
		if err := checkBuckets(tx); err != nil {
			return err
		}
		for _, r := range readers {
			b := tx.Bucket(r.bucket)
			if b == nil {
				var err error
				if b, err = tx.CreateBucket(r.bucket); err != nil {
					return err
				}
			}
			if err := b.ForEach(r.read); err != nil {
				return fmt.Errorf("bucket %s: %w", r.bucket, err)
			}
		}
		return nil
	})
}

// checkBuckets leaves alone what a newer version wrote: a bucket more than this one knows.
func checkBuckets(tx *bolt.Tx) error {
	known := [][]byte{personBucket, inviteBucket, phoneBucket, deskBucket}
	return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if !slices.ContainsFunc(known, func(b []byte) bool { return bytes.Equal(b, name) }) {
			return fault.New(fault.Conflict, "newer-file", "it has a bucket %q: it was written by a newer version; start that", name)
		}
		return nil
	})
}

// decode reads a record and refuses what a record of this version does not have, so that a damaged one is not half read.
func decode(value []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(value))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
