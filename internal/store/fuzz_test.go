package store_test

import (
	"bytes"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

func someState() *event.State {
	id := event.MustID("01930000-0000-7000-8000-000000000001")
	return &event.State{
		Entity: id, By: id, Seq: 7, Class: "own:" + id.String(), Birth: &event.Birth{Type: "activity", Kind: "foot_patrol"},
		Fields: []event.Register{
			{Name: "minutes", Heads: []event.Head{{ID: id, Eff: clock.Of(5, 1), Inc: id, N: 3, Value: event.Int(40)}}, Dead: []event.ID{id}},
			{Name: "note"},
		},
		Parked: []event.Parked{{ID: id, Reason: "waiting"}},
	}
}

// Bytes that fit their checksum and not their form are damage, and no reason to fall: a decoder refuses them, or what it
// read is spelled as a state that reads the same.
func FuzzReadState(f *testing.F) {
	f.Add(store.AppendState(nil, someState()))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := store.ReadState(b)
		if err != nil {
			return
		}
		once := store.AppendState(nil, s)
		again, err := store.ReadState(once)
		if err != nil || !bytes.Equal(store.AppendState(nil, again), once) {
			t.Errorf("%x reads as %+v, and that as %+v (%v)", b, s, again, err)
		}
	})
}

func FuzzReadRecord(f *testing.F) {
	r := &store.Record{Received: 9, Eff: clock.Of(5, 1), Bytes: []byte("{}")}
	r.Seal(store.Chain{})
	f.Add(r.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := store.ReadRecord(b); err == nil && len(r.Append(nil)) != len(b) {
			t.Errorf("%x reads as %+v", b, r)
		}
		if p, err := store.ReadPlace(b); err == nil {
			if q, err := store.ReadPlace(p.Append(nil)); err != nil || q != p {
				t.Errorf("%x reads as %+v, and that as %+v (%v)", b, p, q, err)
			}
		}
		if i, err := store.ReadInstallation(b); err == nil {
			if j, err := store.ReadInstallation(i.Append(nil)); err != nil || j != i {
				t.Errorf("%x reads as %+v, and that as %+v (%v)", b, i, j, err)
			}
		}
	})
}
