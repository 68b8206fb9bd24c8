package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

func equal(a, b map[store.Bucket][]pair) bool { return maps.EqualFunc(a, b, slices.Equal) }

// fill gives Munkfors something in every bucket, over many pages.
func fill(t *testing.T, e store.Engine) {
	t.Helper()
	create(t, e, Munkfors)
	for n, b := range store.Buckets() {
		update(t, e, func(tx store.Tx) error {
			for i := range 100 + 20*n {
				key := fmt.Appendf(nil, "%s-%d", b, i*7919%1000)
				if err := tx.Put(b, key, long(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (s *suite) survives(t *testing.T) {
	e := s.open(t)
	fill(t, e)
	want := contents(t, e)
	again := s.reopen(t, e)
	if !equal(contents(t, again), want) {
		t.Error("the town is not what it was")
	}
	if got, err := again.Towns(t.Context()); err != nil || !slices.Equal(got, []event.ID{Munkfors}) {
		t.Errorf("towns are %v, %v", got, err)
	}
	put(t, again, store.Meta, pair{"after", "1"})
}

func (s *suite) staysAway(t *testing.T) {
	e := s.open(t)
	create(t, e, Munkfors)
	put(t, e, store.Meta, pair{"a", "1"})
	_ = e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
		return errors.Join(putAll(tx, store.Meta, pair{"a", "2"}, pair{"b", "2"}), errOwn)
	})
	wantScan(t, s.reopen(t, e), store.Meta, "", "", pair{"a", "1"})
}

func (s *suite) copies(t *testing.T) {
	e := s.open(t)
	fill(t, e)
	var file bytes.Buffer
	if err := e.Copy(t.Context(), Munkfors, &file); err != nil {
		t.Fatal(err)
	}
	want := contents(t, e)
	put(t, e, store.Meta, pair{"later", "1"})
	again := s.paste(t, Munkfors, &file)
	if !equal(contents(t, again), want) {
		t.Error("the copy is not what the town was")
	}
	put(t, again, store.Meta, pair{"after", "1"})
}

// copiesInUse copies while coins move between two purses.
func (s *suite) copiesInUse(t *testing.T) {
	e := s.open(t)
	fill(t, e)
	update(t, e, func(tx store.Tx) error { return errors.Join(setPurse(tx, "a", 100), setPurse(tx, "b", 0)) })
	var file bytes.Buffer
	for _, err := range atOnce(5, func(i int) error {
		if i == 0 {
			return e.Copy(t.Context(), Munkfors, &file)
		}
		for range 10 {
			if err := e.Update(t.Context(), Munkfors, func(tx store.Tx) error { return move(tx, 1) }); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	view(t, s.paste(t, Munkfors, &file), hundred)
}
