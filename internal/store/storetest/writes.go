package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"lofteslogg/internal/store"
)

var errOwn = errors.New("fn has its reasons")

var writeFacts = []fact{
	{"ATransactionReadsItsOwnWrites", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd[:2]...)
		update(t, e, func(tx store.Tx) error {
			err := errors.Join(putAll(tx, store.Events, abcd[2], pair{"a", "new"}), tx.Delete(store.Events, []byte("b")))
			got, err2 := scan(tx, store.Events, "", "")
			if want := []pair{{"a", "new"}, abcd[2]}; !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if v, _ := tx.Get(store.Events, []byte("b")); v != nil {
				t.Errorf("deleted b is %q", v)
			}
			return errors.Join(err, err2)
		})
	}},
	{"WhatALaterTransactionDeletesIsGone", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		update(t, e, func(tx store.Tx) error { return tx.Delete(store.Events, []byte("b")) })
		wantNone(t, e, store.Events, "b")
		wantScan(t, e, store.Events, "", "", abcd[0], abcd[2], abcd[3])
	}},
	{"DeletingWhatIsNotThereIsNoError", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		update(t, e, func(tx store.Tx) error {
			return errors.Join(tx.Delete(store.Events, []byte("b")), tx.Delete(store.Events, nil))
		})
	}},
	{"ABucketCanBeEmptiedAndFilledAgain", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		var pairs []pair
		for i := range 500 {
			pairs = append(pairs, pair{fmt.Sprintf("%04d", i), string(long(100))})
		}
		put(t, e, store.Events, pairs...)
		update(t, e, func(tx store.Tx) error {
			for _, p := range pairs {
				if err := tx.Delete(store.Events, []byte(p.key)); err != nil {
					return err
				}
				if v, err := tx.Get(store.Events, []byte(p.key)); v != nil || err != nil {
					return fmt.Errorf("%s is %q after its removal: %w", p.key, v, err)
				}
			}
			return tx.Put(store.Events, []byte("0250"), nil)
		})
		wantScan(t, e, store.Events, "", "", pair{"0250", ""})
	}},
	{"TheEngineKeepsItsOwnCopies", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		key, value := []byte("key"), []byte("value")
		update(t, e, func(tx store.Tx) error {
			err := tx.Put(store.Meta, key, value)
			copy(key, "xxx")
			copy(value, "xxxxx")
			return err
		})
		wantScan(t, e, store.Meta, "", "", pair{"key", "value"})
	}},
	{"WhatGetGaveStaysAsItWasUntilFnReturns", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Meta, abcd...)
		update(t, e, func(tx store.Tx) error {
			before, _ := tx.Get(store.Meta, []byte("a"))
			err := putAll(tx, store.Meta, pair{"a", "2"}, pair{"a", "3"}, pair{"0", "0"})
			err = errors.Join(err, tx.Delete(store.Meta, []byte("a")))
			if string(before) != "1" {
				t.Errorf("it became %q", before)
			}
			return err
		})
	}},
	{"AKeyMustHaveBytesAndNotTooMany", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		update(t, e, func(tx store.Tx) error {
			if tx.Put(store.Meta, nil, nil) == nil || tx.Put(store.Meta, long(store.MaxKey+1), nil) == nil {
				t.Error("it was stored")
			}
			return tx.Put(store.Meta, long(store.MaxKey), []byte("v"))
		})
		wantScan(t, e, store.Meta, "", "", pair{string(long(store.MaxKey)), "v"})
	}},
}

var rollbackFacts = []fact{
	{"AnErrorLeavesTheTownAsItWas", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd[:2]...)
		err := e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
			err := errors.Join(putAll(tx, store.Events, abcd[2], pair{"a", "new"}), tx.Delete(store.Events, []byte("b")))
			return errors.Join(err, errOwn)
		})
		if !errors.Is(err, errOwn) {
			t.Errorf("got %v, want fn's error", err)
		}
		wantScan(t, e, store.Events, "", "", abcd[:2]...)
	}},
	{"APanicLeavesTheTownAsItWasAndComesBackAsAnError", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd[:2]...)
		err := e.Update(t.Context(), Munkfors, func(tx store.Tx) error {
			_ = putAll(tx, store.Events, abcd[2], pair{"a", "new"})
			panic("deliberate")
		})
		if err == nil {
			t.Error("a panic came back as nil")
		}
		wantScan(t, e, store.Events, "", "", abcd[:2]...)
		put(t, e, store.Events, abcd[3])
	}},
	{"AnErrorBeforeAnyWriteComesBack", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		if err := e.Update(t.Context(), Munkfors, func(store.Tx) error { return errOwn }); !errors.Is(err, errOwn) {
			t.Errorf("got %v, want fn's error", err)
		}
	}},
}
