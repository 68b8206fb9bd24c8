package storetest

import (
	"errors"
	"testing"

	"lofteslogg/internal/store"
)

var abcd = []pair{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}

var readFacts = []fact{
	{"WhatWasPutIsGot", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		wantValue(t, e, store.Events, "b", "2")
	}},
	{"WhatWasNeverPutIsNil", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		for _, key := range []string{"", "A", "aa", "bb", "e", "\xff"} {
			wantNone(t, e, store.Events, key)
		}
		wantNone(t, e, store.IDs, "a")
	}},
	{"ALaterPutReplacesTheValue", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, pair{"a", "1"})
		put(t, e, store.Events, pair{"a", "a longer one"}, pair{"a", "2"})
		wantScan(t, e, store.Events, "", "", pair{"a", "2"})
	}},
	{"AnEmptyValueIsAValue", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		update(t, e, func(tx store.Tx) error {
			return errors.Join(tx.Put(store.Changes, []byte("a"), nil), tx.Put(store.Changes, []byte("b"), []byte{}))
		})
		wantValue(t, e, store.Changes, "a", "")
		wantValue(t, e, store.Changes, "b", "")
		wantScan(t, e, store.Changes, "", "", pair{"a", ""}, pair{"b", ""})
	}},
	{"AnyBytesAreAKeyAndAValue", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		pairs := []pair{{"\x00", "\xff\x00"}, {"\x00\x00", ""}, {"å\n", "\x00"}, {"\xff", "ö"}, {"\xff\xff", "z"}}
		put(t, e, store.Entities, pairs...)
		wantScan(t, e, store.Entities, "", "", pairs...)
	}},
	{"AMegabyteIsAValue", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		want := string(long(1 << 20))
		put(t, e, store.Entities, pair{"a", want})
		if got, _ := get(t, e, store.Entities, "a"); got != want {
			t.Errorf("got %d bytes, others than the %d put", len(got), len(want))
		}
	}},
	{"ScanGivesKeysFromFromToBeforeTo", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd[2], abcd[0], abcd[3], abcd[1])
		wantScan(t, e, store.Events, "b", "d", abcd[1:3]...)
		wantScan(t, e, store.Events, "aa", "cc", abcd[1:3]...)
		wantScan(t, e, store.Events, "b", "b")
		wantScan(t, e, store.Events, "d", "a")
		wantScan(t, e, store.Events, "e", "")
	}},
	{"ScanToNilGoesToTheEnd", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		wantScan(t, e, store.Events, "", "", abcd...)
		wantScan(t, e, store.Events, "c", "", abcd[2:]...)
	}},
	{"ScanToAnEmptyKeyGivesNothing", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		view(t, e, func(tx store.Tx) error {
			return tx.Scan(store.Events, nil, []byte{}, func(k, _ []byte) bool { t.Errorf("got %q", k); return true })
		})
	}},
	{"ScanStopsWhenFnHasEnough", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		calls := 0
		view(t, e, func(tx store.Tx) error {
			return tx.Scan(store.Events, nil, nil, func(_, _ []byte) bool { calls++; return calls < 2 })
		})
		if calls != 2 {
			t.Errorf("fn ran %d times, want 2", calls)
		}
	}},
	{"FnOfAScanMayReadAndScan", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Events, abcd...)
		var outer, inner int
		view(t, e, func(tx store.Tx) (err error) {
			return errors.Join(err, tx.Scan(store.Events, nil, nil, func(_, _ []byte) bool {
				outer++
				v, e1 := tx.Get(store.Events, []byte("zz"))
				e2 := tx.Scan(store.Events, nil, nil, func(_, _ []byte) bool { inner++; return true })
				err = errors.Join(err, e1, e2)
				return v == nil
			}))
		})
		if outer != 4 || inner != 16 {
			t.Errorf("%d keys outside and %d inside, want 4 and 16", outer, inner)
		}
	}},
	{"ABucketThatIsNotListedIsAnError", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		view(t, e, func(tx store.Tx) error {
			for _, b := range []store.Bucket{"", "nosuch"} {
				if _, err := tx.Get(b, []byte("a")); err == nil {
					t.Errorf("bucket %q: no error", b)
				}
			}
			return nil
		})
	}},
	{"WritingInAViewIsAnError", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		put(t, e, store.Meta, pair{"a", "1"})
		view(t, e, func(tx store.Tx) error {
			tx.OnCommit(func() { t.Error("a hook of a view ran") })
			for _, err := range []error{tx.Put(store.Meta, []byte("a"), nil), tx.Delete(store.Meta, []byte("a"))} {
				if !errors.Is(err, store.ErrReadOnly) {
					t.Errorf("got %v", err)
				}
			}
			return nil
		})
		wantValue(t, e, store.Meta, "a", "1")
	}},
	{"AnErrorOrPanicInAViewComesBack", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		if err := e.View(t.Context(), Munkfors, func(store.Tx) error { return errOwn }); !errors.Is(err, errOwn) {
			t.Errorf("got %v, want fn's error", err)
		}
		if err := e.View(t.Context(), Munkfors, func(store.Tx) error { panic("deliberate") }); err == nil {
			t.Error("a panic came back as nil")
		}
		put(t, e, store.Meta, pair{"a", "1"})
	}},
	{"ATxThatOutlivesItsFnIsAnError", func(t *testing.T, e store.Engine) {
		create(t, e, Munkfors)
		var kept []store.Tx
		keep := func(tx store.Tx) error { kept = append(kept, tx); return nil }
		update(t, e, keep)
		view(t, e, keep)
		for _, tx := range kept {
			if _, err := tx.Get(store.Meta, []byte("a")); !errors.Is(err, store.ErrEnded) {
				t.Errorf("got %v", err)
			}
		}
	}},
}
