package storetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// The towns that tests speak of. No two stand in the order in which they are made.
var (
	Munkfors = event.MustID("01890000-0000-7000-8000-00000000000b")
	hagfors  = event.MustID("01890000-0000-7000-8000-00000000000a")
	nowhere  = event.MustID("01890000-0000-7000-8000-00000000000c")
)

// pair is a key and its value, as Scan gives them.
type pair struct{ key, value string }

func (p pair) String() string { return fmt.Sprintf("%q=%q", p.key, p.value) }

func create(t testing.TB, e store.Engine, town event.ID) {
	t.Helper()
	if err := e.Create(t.Context(), town); err != nil {
		t.Fatalf("create %s: %v", town, err)
	}
}

// update writes in Munkfors and must succeed.
func update(t testing.TB, e store.Engine, fn func(store.Tx) error) {
	t.Helper()
	if err := e.Update(t.Context(), Munkfors, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view(t testing.TB, e store.Engine, fn func(store.Tx) error) {
	t.Helper()
	if err := e.View(t.Context(), Munkfors, fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}

func put(t testing.TB, e store.Engine, b store.Bucket, pairs ...pair) {
	t.Helper()
	update(t, e, func(tx store.Tx) error { return putAll(tx, b, pairs...) })
}

func putAll(tx store.Tx, b store.Bucket, pairs ...pair) error {
	for _, p := range pairs {
		if err := tx.Put(b, []byte(p.key), []byte(p.value)); err != nil {
			return err
		}
	}
	return nil
}

// get reads one value; ok is false when there is none.
func get(t testing.TB, e store.Engine, b store.Bucket, key string) (value string, ok bool) {
	t.Helper()
	view(t, e, func(tx store.Tx) error {
		v, err := tx.Get(b, []byte(key))
		value, ok = string(v), v != nil
		return err
	})
	return value, ok
}

func wantValue(t testing.TB, e store.Engine, b store.Bucket, key, want string) {
	t.Helper()
	if got, ok := get(t, e, b, key); !ok || got != want {
		t.Errorf("%s %q is %q (there: %v), want %q", b, key, got, ok, want)
	}
}

func wantNone(t testing.TB, e store.Engine, b store.Bucket, key string) {
	t.Helper()
	if got, ok := get(t, e, b, key); ok {
		t.Errorf("%s %q is %q, want none", b, key, got)
	}
}

func wantKind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("got %v, want an error of kind %v", err, want)
	}
}

// scan gives what a scan shows. An empty to means the end.
func scan(tx store.Tx, b store.Bucket, from, to string) (got []pair, err error) {
	var end []byte
	if to != "" {
		end = []byte(to)
	}
	err = tx.Scan(b, []byte(from), end, func(k, v []byte) bool {
		got = append(got, pair{string(k), string(v)})
		return true
	})
	return got, err
}

func wantScan(t testing.TB, e store.Engine, b store.Bucket, from, to string, want ...pair) {
	t.Helper()
	view(t, e, func(tx store.Tx) error {
		got, err := scan(tx, b, from, to)
		if !slices.Equal(got, want) {
			t.Errorf("scan %s from %q to %q gives %v, want %v", b, from, to, got, want)
		}
		return err
	})
}

// contents is all that a town holds.
func contents(t testing.TB, e store.Engine) map[store.Bucket][]pair {
	t.Helper()
	all := map[store.Bucket][]pair{}
	view(t, e, func(tx store.Tx) (err error) {
		for _, b := range store.Buckets() {
			if all[b], err = scan(tx, b, "", ""); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

var counter = []byte("counter")

// count adds one to a counter, reading its own writes.
func count(tx store.Tx) error {
	n, err := counted(tx)
	if err != nil {
		return err
	}
	return tx.Put(store.Meta, counter, binary.BigEndian.AppendUint64(nil, n+1))
}

func counted(tx store.Tx) (uint64, error) {
	v, err := tx.Get(store.Meta, counter)
	if err != nil || v == nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(v), nil
}

func wantCount(t testing.TB, e store.Engine, want uint64) {
	t.Helper()
	view(t, e, func(tx store.Tx) error {
		got, err := counted(tx)
		if got != want {
			t.Errorf("the counter is %d, want %d", got, want)
		}
		return err
	})
}

// ended is a context whose time is up.
func ended(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// long is a value that does not fit a page of any engine.
func long(n int) []byte { return bytes.Repeat([]byte("lång "), n/6+1)[:n] }
