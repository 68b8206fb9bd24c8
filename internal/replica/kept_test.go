package replica_test

import (
	"context"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
)

// kept is a town of five patrols with a copy of its table.
func kept(t *testing.T) (*house, *shelf, replica.Options) {
	h, s := newHouse(t), &shelf{}
	o := replica.Options{Clock: at{now}, Tables: s, Slice: 2}
	for range 5 {
		h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	}
	h.reopen(o)
	if err := h.r.Keep(t.Context(), townID); err != nil || s.kept == nil {
		t.Fatalf("nothing kept: %v", err)
	}
	return h, s, o
}

// reopen opens the town anew and waits for its figures. It gives whether they came from the copy.
func (h *house) reopen(o replica.Options) (fromCopy bool) {
	h.Helper()
	told := make(chan replica.Filled, 1)
	o.Filled = func(f replica.Filled) { told <- f }
	r, err := replica.Open(context.Background(), h.engine, h.people, o)
	if err != nil {
		h.Fatal(err)
	}
	f := <-told
	if f.Err != nil {
		h.Fatal(f.Err)
	}
	h.r = r
	return f.Kept
}

func TestATableThatWasKeptIsReadAndWhatCameSinceIsAdded(t *testing.T) {
	h, _, o := kept(t)
	back := h.write(kim, h.write(kim, nil), event.Field{Name: "retracted", Value: event.Text("by mistake")})
	last := h.write(kim, nil, started("2026-11-20T22:10+01:00"))
	h.push(kim, last)
	back.Entity = last.ID
	h.push(kim, h.write(kim, nil, started("2026-11-20T22:10+01:00")), back)
	if !h.reopen(o) || h.done(0) != 6 {
		t.Errorf("%d are counted", h.done(0))
	}
}

func TestACopyWithAnyByteChangedOrMissingIsNotBelieved(t *testing.T) {
	h, s, o := kept(t)
	whole := s.kept
	if !h.reopen(o) {
		t.Fatal("the whole copy is not believed")
	}
	for i := range whole {
		s.kept = append([]byte(nil), whole...)
		s.kept[i] ^= 1 << (i % 8)
		if h.reopen(o) {
			t.Fatalf("believed with a bit changed in byte %d of %d", i, len(whole))
		}
	}
	for _, n := range []int{0, 1, 17, 18, 100, len(whole) / 2, len(whole) - 1} {
		if s.kept = whole[:n]; h.reopen(o) {
			t.Fatalf("believed with %d bytes of %d", n, len(whole))
		}
	}
	if s.kept = append(append([]byte(nil), whole...), 0); h.reopen(o) {
		t.Error("believed with a byte too many")
	}
	if h.done(0) != 5 {
		t.Errorf("%d are counted", h.done(0))
	}
}

func TestACopyOfAnotherHistoryIsNotBelieved(t *testing.T) {
	h, s, o := kept(t)
	before := h.engine.Snapshot(townID)
	h.push(kim, h.write(kim, nil, started("2026-11-20T22:10+01:00")))
	if err := h.r.Keep(t.Context(), townID); err != nil {
		t.Fatal(err)
	}
	h.engine.Restore(townID, before)
	if h.reopen(o) {
		t.Error("believed by a history that lacks its end")
	}
	h.push(kim, h.write(kim, nil)) // as long as the one before, and another
	if h.reopen(o) || h.done(0) != 5 {
		t.Errorf("believed by a history that parted from its own: %d are counted", h.done(0))
	}
	if err := h.r.Keep(t.Context(), townID); err != nil || !h.reopen(o) {
		t.Errorf("its own is not believed: %v", err)
	}
	if err := h.r.Restored(t.Context(), townID); err != nil {
		t.Fatal(err)
	}
	if h.reopen(o) {
		t.Error("believed by a feed that was made anew")
	}
	ours := s.kept
	other := newHouse(t)
	if s.kept = ours; other.r.Filled(t.Context(), townID) == nil {
		for range 3 {
			other.push(kim, other.write(kim, nil, started("2026-11-20T21:10+01:00")))
		}
	}
	if other.reopen(o) {
		t.Error("believed by another town of the same name")
	}
}

func TestATableIsKeptAgainOnlyWhenSomethingChanged(t *testing.T) {
	h, s, _ := kept(t)
	s.kept = nil
	if err := h.r.Keep(t.Context(), townID); err != nil || s.kept != nil {
		t.Errorf("kept again: %v", err)
	}
	h.push(kim, h.write(kim, nil, started("2026-11-20T22:10+01:00")))
	if err := h.r.Keep(t.Context(), townID); err != nil || s.kept == nil {
		t.Errorf("not kept: %v", err)
	}
}
