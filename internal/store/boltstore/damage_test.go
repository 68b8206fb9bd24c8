package boltstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

// flips is how many places of a file are damaged, one after the other.
const flips = 200

// bookkeeping tells whether the byte says which pages there are and how much is on them: a page's count of records, a
// branch's numbers of pages, and the page that says where buckets begin. A page that says it has fewer records, and
// an older copy of a page in the place of the newer, are whole as far as checksums of records can tell; the chain of
// the log and bbolt's own check tell those.
func bookkeeping(file []byte, at int) bool {
	base := at / os.Getpagesize() * os.Getpagesize()
	page := file[base : base+os.Getpagesize()]
	flags, count := binary.LittleEndian.Uint16(page[8:]), int(binary.LittleEndian.Uint16(page[10:]))
	const head, branch, leaf, element = 16, 1, 2, 16
	off := at - base
	switch {
	case off == 10 || off == 11:
		return true
	case flags == branch:
		return off >= head && off < head+count*element && (off-head)%element >= 8
	}
	return flags == leaf && binary.LittleEndian.Uint32(page[head:])&1 == 1 // its first record is a bucket
}

func TestAFlippedBitIsNeverServed(t *testing.T) {
	for name, seed := range map[string]uint64{"fixed": 1, "fresh": uint64(time.Now().UnixNano())} {
		t.Run(name, func(t *testing.T) {
			t.Logf("seed %d", seed)
			r := rand.New(rand.NewPCG(seed, 0))
			e, want, path := filled(t)
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			inUse := len(bytes.TrimRight(file, "\x00"))
			told := 0
			for range flips {
				at, bit := r.IntN(inUse), byte(1)<<r.IntN(8)
				for bookkeeping(file, at) {
					at = r.IntN(inUse)
				}
				flip(t, path, at, bit)
				if !serves(t, e, want, at) {
					told++
				}
				flip(t, path, at, bit)
			}
			t.Logf("%d of %d were noticed, the others were where nothing is read", told, flips)
			if told == 0 || !serves(t, e, want, 0) {
				t.Error("none was noticed, or the mended file is not served")
			}
		})
	}
}

// filled is an open engine with a town, what is in it, and where.
func filled(t *testing.T) (*Engine, map[string]string, string) {
	dir := t.TempDir()
	e := openIn(t, dir, Options{})
	newTown(t, e)
	want := map[string]string{}
	r := rand.New(rand.NewPCG(7, 7))
	for range 10 {
		err := e.Update(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
			for range 60 {
				k, v := fmt.Sprintf("%016x", r.Uint64()), fmt.Sprintf("%0*x", r.IntN(200), r.Uint64())
				want[k] = v
				if err := tx.Put(store.Entities, []byte(k), []byte(v)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return e, want, fileOf(dir, storetest.Munkfors)
}

func flip(t *testing.T, path string, at int, bit byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	var b [1]byte
	_, err1 := f.ReadAt(b[:], int64(at))
	b[0] ^= bit
	_, err2 := f.WriteAt(b[:], int64(at))
	if err := errors.Join(err1, err2, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// serves reads everything, by key and by scan, and tells whether nothing was wrong. What is served must be right.
func serves(t *testing.T, e *Engine, want map[string]string, at int) bool {
	sound := true
	told := func(err error) {
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("flip at %d: %v", at, err)
		}
		sound = false
	}
	for k, v := range want {
		err := e.View(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
			got, err := tx.Get(store.Entities, []byte(k))
			if err == nil && string(got) != v {
				t.Errorf("flip at %d: %s is %q, want %q", at, k, got, v)
			}
			return err
		})
		if err != nil {
			told(err)
		}
	}
	n := 0
	err := e.View(t.Context(), storetest.Munkfors, func(tx store.Tx) error {
		return tx.Scan(store.Entities, nil, nil, func(k, v []byte) bool {
			n++
			if w, ok := want[string(k)]; !ok || w != string(v) {
				t.Errorf("flip at %d: scan gives %q=%q, want %q", at, k, v, w)
			}
			return true
		})
	})
	if err != nil {
		told(err)
	} else if n != len(want) {
		t.Errorf("flip at %d: scan gives %d records, want %d", at, n, len(want))
	}
	return sound
}

func TestARecordMovedToAnotherKeyOrBucketIsDamage(t *testing.T) {
	var s session
	sum := s.sum(spaceOf(store.Meta), []byte("ab"), []byte("c"))
	for name, got := range map[string]uint32{
		"bucket":  s.sum(spaceOf(store.IDs), []byte("ab"), []byte("c")),
		"key":     s.sum(spaceOf(store.Meta), []byte("xb"), []byte("c")),
		"shifted": s.sum(spaceOf(store.Meta), []byte("a"), []byte("bc")),
		"grown":   s.sum(spaceOf(store.Meta), []byte("abc"), nil),
	} {
		if got == sum {
			t.Errorf("%s: the checksum is the same", name)
		}
	}
}

func TestAPageThatLeadsBackToItselfIsToldAtOnce(t *testing.T) {
	e, _, path := filled(t)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const branch, firstChild = 1, 16 + 8
	size, turned := os.Getpagesize(), 0
	for base := 2 * size; base < len(file); base += size {
		if binary.LittleEndian.Uint16(file[base+8:]) == branch {
			binary.LittleEndian.PutUint64(file[base+firstChild:], uint64(base/size))
			turned++
		}
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Inspect(path, nil); turned == 0 || !errors.Is(err, store.ErrDamaged) {
		t.Errorf("%d pages lead back to themselves: %v", turned, err)
	}
}
