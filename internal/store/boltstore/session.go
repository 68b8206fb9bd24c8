package boltstore

import (
	"bytes"
	"encoding/binary"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// session is one bbolt transaction: a view's, or one that several updates share.
type session struct {
	tx      *bolt.Tx
	mem     *arena // nil in a view
	buckets [nSpaces]*bolt.Bucket
	cursors [nSpaces]*bolt.Cursor
	scratch []byte
	writes  int
	events  int // of writes: those to the log
	began   time.Time
	told    *atomic.Bool // a view that is to end; nil in a writer's
	damage  error        // bbolt panicked: what it holds now must not be committed
}

// call runs fn. What it returns, or panics with, is its own; damage that fn was told of and kept to itself is not.
func (s *session) call(fn func(store.Tx) error, hooks *[]func()) (err error) {
	t := &tx{session: s, hooks: hooks}
	defer func() {
		t.session = nil
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "", "fn panicked: %v", p)
		}
		if err == nil {
			err = s.damage
		}
	}()
	return fn(t)
}

// bucket opens a bucket once per transaction.
func (s *session) bucket(i int) (b *bolt.Bucket, err error) {
	if s.buckets[i] != nil {
		return s.buckets[i], nil
	}
	defer s.catch(&err)
	if b = s.tx.Bucket(spaces[i].bolt); b == nil {
		return nil, damaged("bucket %s", spaces[i].name)
	}
	b.FillPercent = spaces[i].fill
	s.buckets[i], s.cursors[i] = b, b.Cursor()
	return b, nil
}

// leave is an error when the view was told to end.
func (s *session) leave() error {
	if s.told != nil && s.told.Load() {
		return errTold
	}
	return nil
}

// find gives the value at key, or nil when the records around its place prove that there is none.
func (s *session) find(i int, key []byte) (value []byte, err error) {
	defer s.catch(&err)
	c := s.cursors[i]
	k, v := c.Seek(key)
	if k != nil && bytes.Equal(k, key) {
		return s.open(i, k, v)
	}
	if k != nil {
		if err := s.proves(i, k, v, bytes.Compare(k, key) > 0); err != nil {
			return nil, err
		}
	}
	if k, v = c.Prev(); k != nil {
		return nil, s.proves(i, k, v, bytes.Compare(k, key) < 0)
	}
	return nil, nil
}

func (s *session) proves(i int, key, stored []byte, inOrder bool) error {
	if !inOrder {
		return damaged("order of keys in bucket %s", spaces[i].name)
	}
	_, err := s.open(i, key, stored)
	return err
}

// open takes the value out of what is stored at key, if it is whole.
func (s *session) open(i int, key, stored []byte) ([]byte, error) {
	if len(stored) < sumSize {
		return nil, damaged("record in bucket %s", spaces[i].name)
	}
	value := stored[sumSize:len(stored):len(stored)]
	if binary.LittleEndian.Uint32(stored) != s.sum(i, key, value) {
		return nil, damaged("record in bucket %s", spaces[i].name)
	}
	return value, nil
}

func (s *session) put(i int, key, value []byte) (err error) {
	defer s.catch(&err)
	s.writes++
	if i == eventSpace {
		s.events++
	}
	stored := s.mem.take(sumSize + len(value))
	binary.LittleEndian.PutUint32(stored, s.sum(i, key, value))
	copy(stored[sumSize:], value)
	return s.buckets[i].Put(key, stored)
}

func (s *session) remove(i int, key []byte) (err error) {
	defer s.catch(&err)
	s.writes++
	return s.buckets[i].Delete(key)
}

// commit keeps a panic inside: bbolt raises it when a page that it must rewrite is damaged.
func (s *session) commit() (err error) {
	defer s.catch(&err)
	return s.tx.Commit()
}

func (s *session) rollback() {
	var err error
	defer s.catch(&err)
	_ = s.tx.Rollback()
}

func (s *session) catch(err *error) {
	if p := recover(); p != nil {
		*err = damaged("page (%v)", p)
		s.damage = *err
	}
}
