package boltstore

import (
	"bytes"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// tx is one fn's hold on a session, for as long as fn runs.
type tx struct {
	*session           // nil when fn has returned
	hooks    *[]func() // nil in a view
}

var _ store.Tx = (*tx)(nil)

func (t *tx) Get(b store.Bucket, key []byte) ([]byte, error) {
	i, err := t.use(b)
	if err != nil || len(key) == 0 {
		return nil, err
	}
	return t.find(i, key)
}

func (t *tx) Put(b store.Bucket, key, value []byte) error {
	i, err := t.useToWrite(b)
	if err != nil {
		return err
	}
	if err := store.CheckKey(b, key); err != nil {
		return err
	}
	return t.put(i, key, value)
}

func (t *tx) Delete(b store.Bucket, key []byte) error {
	i, err := t.useToWrite(b)
	if err != nil || len(key) == 0 {
		return err
	}
	return t.remove(i, key)
}

func (t *tx) Scan(b store.Bucket, from, to []byte, fn func(key, value []byte) bool) error {
	i, err := t.use(b)
	if err != nil {
		return err
	}
	w := walk{session: t.session, space: i, cursor: t.buckets[i].Cursor(), to: to}
	k, v, err := w.first(from)
	for err == nil && k != nil && fn(k, v) {
		k, v, err = w.next(k)
	}
	return err
}

func (t *tx) OnCommit(f func()) {
	if t.session != nil && t.hooks != nil {
		*t.hooks = append(*t.hooks, f)
	}
}

func (t *tx) use(b store.Bucket) (int, error) {
	i := spaceOf(b)
	switch {
	case t.session == nil:
		return 0, fault.New(fault.Internal, "", "bucket %s: %w", b, store.ErrEnded)
	case i < 0:
		return 0, store.NoBucket(b)
	}
	if err := t.leave(); err != nil {
		return 0, err
	}
	_, err := t.bucket(i)
	return i, err
}

func (t *tx) useToWrite(b store.Bucket) (int, error) {
	i, err := t.use(b)
	if err == nil && t.hooks == nil {
		err = fault.New(fault.Internal, "", "bucket %s: %w", b, store.ErrReadOnly)
	}
	return i, err
}

// walk is one scan under way. A key or value is looked at only under catch, for a damaged one may point anywhere.
type walk struct {
	*session
	space  int
	cursor *bolt.Cursor
	to     []byte
}

func (w *walk) first(from []byte) (k, v []byte, err error) {
	defer w.catch(&err)
	if len(from) == 0 {
		k, v = w.cursor.First()
		return w.check(k, v)
	}
	if _, err := w.find(w.space, from); err != nil {
		return nil, nil, err
	}
	k, v = w.cursor.Seek(from)
	return w.check(k, v)
}

func (w *walk) next(last []byte) (k, v []byte, err error) {
	defer w.catch(&err)
	if err := w.leave(); err != nil {
		return nil, nil, err
	}
	k, v = w.cursor.Next()
	if k != nil && bytes.Compare(k, last) <= 0 {
		return nil, nil, damaged("order of keys in bucket %s", spaces[w.space].name)
	}
	return w.check(k, v)
}

// check verifies the record before it asks whether it is the end: a damaged key must not end a scan early.
func (w *walk) check(k, stored []byte) ([]byte, []byte, error) {
	if k == nil {
		return nil, nil, nil
	}
	v, err := w.open(w.space, k, stored)
	if err != nil || (w.to != nil && bytes.Compare(k, w.to) >= 0) {
		return nil, nil, err
	}
	return k[:len(k):len(k)], v, nil
}
