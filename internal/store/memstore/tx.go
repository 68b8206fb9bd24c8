package memstore

import (
	"bytes"
	"slices"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// tx works on a picture of its own, which becomes the town's when fn is content.
type tx struct {
	at    *picture // nil when fn has returned
	id    uint64   // 0 in a view
	hooks []func()
}

var _ store.Tx = (*tx)(nil)

// names is the order of a picture's roots.
var names = store.Buckets()

func (t *tx) call(fn func(store.Tx) error) (err error) {
	defer func() {
		t.at = nil
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "", "fn panicked: %v", p)
		}
	}()
	return fn(t)
}

func (t *tx) Get(b store.Bucket, key []byte) ([]byte, error) {
	root, err := t.root(b)
	if err != nil {
		return nil, err
	}
	if n := (*root).get(key); n != nil {
		return n.value, nil
	}
	return nil, nil
}

func (t *tx) Put(b store.Bucket, key, value []byte) error {
	root, err := t.rootToWrite(b)
	if err != nil {
		return err
	}
	if err := store.CheckKey(b, key); err != nil {
		return err
	}
	both := slices.Concat(key, value)
	k := len(key)
	*root = (*root).put(t.id, both[:k:k], both[k:len(both):len(both)])
	return nil
}

func (t *tx) Delete(b store.Bucket, key []byte) error {
	root, err := t.rootToWrite(b)
	if err != nil {
		return err
	}
	if (*root).get(key) != nil {
		*root = (*root).remove(t.id, key)
	}
	return nil
}

func (t *tx) Scan(b store.Bucket, from, to []byte, fn func(key, value []byte) bool) error {
	root, err := t.root(b)
	if err == nil {
		(*root).walk(from, bytes.Clone(to), fn)
	}
	return err
}

func (t *tx) OnCommit(f func()) {
	if t.at != nil && t.id != 0 {
		t.hooks = append(t.hooks, f)
	}
}

func (t *tx) root(b store.Bucket) (**node, error) {
	if t.at == nil {
		return nil, fault.New(fault.Internal, "", "bucket %s: %w", b, store.ErrEnded)
	}
	if i := slices.Index(names, b); i >= 0 {
		return &t.at[i], nil
	}
	return nil, store.NoBucket(b)
}

func (t *tx) rootToWrite(b store.Bucket) (**node, error) {
	root, err := t.root(b)
	if err == nil && t.id == 0 {
		err = fault.New(fault.Internal, "", "bucket %s: %w", b, store.ErrReadOnly)
	}
	return root, err
}
