package storetest

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// place is where a value is, in a model that has one map for all buckets.
type place struct {
	bucket store.Bucket
	key    string
}

// step is one thing done inside a transaction.
type step struct {
	place
	value  string
	remove bool
}

var (
	someBucket = rapid.SampledFrom([]store.Bucket{store.Meta, store.Events, store.Entities})
	someKey    = rapid.OneOf(rapid.StringMatching(`[ab]{1,3}`), rapid.StringN(1, 8, 16))
	someValue  = rapid.OneOf(rapid.StringN(0, 4, 16), rapid.Map(rapid.IntRange(0, 5000), func(n int) string { return string(long(n)) }))
	someSteps  = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{place{someBucket.Draw(t, "bucket"), someKey.Draw(t, "key")}, someValue.Draw(t, "value"), rapid.IntRange(0, 2).Draw(t, "remove") == 0}
	}), 0, 12)
)

// model has a town of its own for each history, on one engine.
func model(t *testing.T, e store.Engine) {
	rapid.Check(t, func(r *rapid.T) {
		id, err := event.NewID()
		if err = errors.Join(err, e.Create(t.Context(), id)); err != nil {
			r.Fatal(err)
		}
		m := &machine{ctx: t, e: e, town: id, want: map[place]string{}}
		r.Repeat(map[string]func(*rapid.T){"commit": m.commit, "fail": m.fail, "scan": m.scan, "": m.check})
	})
}

// machine does the same to a town and to a map.
type machine struct {
	ctx  *testing.T
	e    store.Engine
	town event.ID
	want map[place]string
}

func (m *machine) commit(r *rapid.T) {
	steps := someSteps.Draw(r, "steps")
	if err := m.e.Update(m.ctx.Context(), m.town, func(tx store.Tx) error { return do(tx, steps) }); err != nil {
		r.Fatalf("commit: %v", err)
	}
	for _, s := range steps {
		if s.remove {
			delete(m.want, s.place)
		} else {
			m.want[s.place] = s.value
		}
	}
}

func (m *machine) fail(r *rapid.T) {
	steps := someSteps.Draw(r, "steps")
	err := m.e.Update(m.ctx.Context(), m.town, func(tx store.Tx) error { return errors.Join(do(tx, steps), errOwn) })
	if !errors.Is(err, errOwn) {
		r.Fatalf("got %v, want fn's error", err)
	}
}

func do(tx store.Tx, steps []step) (err error) {
	for _, s := range steps {
		if s.remove {
			err = errors.Join(err, tx.Delete(s.bucket, []byte(s.key)))
		} else {
			err = errors.Join(err, tx.Put(s.bucket, []byte(s.key), []byte(s.value)))
		}
	}
	return err
}

func (m *machine) scan(r *rapid.T) {
	b, from, to := someBucket.Draw(r, "bucket"), someKey.Draw(r, "from"), someKey.Draw(r, "to")
	m.compare(r, b, from, to)
}

// check compares all there is, and asks for each key on its own and for one that is not there.
func (m *machine) check(r *rapid.T) {
	for _, b := range []store.Bucket{store.Meta, store.Events, store.Entities} {
		m.compare(r, b, "", "")
	}
	err := m.e.View(m.ctx.Context(), m.town, func(tx store.Tx) error {
		for p, want := range m.want {
			if got, err := tx.Get(p.bucket, []byte(p.key)); err != nil || got == nil || string(got) != want {
				r.Fatalf("%v is %q, %v, want %q", p, got, err, want)
			}
			if got, err := tx.Get(p.bucket, []byte(p.key+"\x00none")); err != nil || got != nil {
				r.Fatalf("what is not there is %q, %v", got, err)
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (m *machine) compare(r *rapid.T, b store.Bucket, from, to string) {
	var want []pair
	for _, p := range slices.SortedFunc(maps.Keys(m.want), func(a, b place) int { return cmp.Compare(a.key, b.key) }) {
		if p.bucket == b && p.key >= from && (to == "" || p.key < to) {
			want = append(want, pair{p.key, m.want[p]})
		}
	}
	err := m.e.View(m.ctx.Context(), m.town, func(tx store.Tx) error {
		got, err := scan(tx, b, from, to)
		if !slices.Equal(got, want) {
			r.Fatalf("%s from %q to %q is %v, want %v", b, from, to, got, want)
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}
