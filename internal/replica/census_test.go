package replica_test

import (
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

func TestTheCensusCountsEntriesWhatIsParkedAndWhatPhonesHaveLeft(t *testing.T) {
	h := newHouse(t)
	h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")), h.write(kim, nil, started("2026-11-22T22:11+01:00")))
	photo := h.write(kim, nil)
	photo.New = &event.Birth{Type: "photo"}
	h.push(kim, photo)
	if _, err := h.r.Push(t.Context(), h.caller(noor), &wire.PushRequest{P: 1, Town: townID, Inc: inc(noor), Pending: 7}); err != nil {
		t.Fatal(err)
	}
	got, err := h.r.Census(t.Context(), townID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Parked["future"] != 1 || got.Parked["type"] != 1 || got.Parked["right"] != 0 || len(got.Parked) != len(replica.Reasons()) {
		t.Errorf("parked: %v", got.Parked)
	}
	if got.Entries != 1 || got.Phones != 3 || got.Silent != 0 || got.Unsent != 7 {
		t.Errorf("got %+v", got)
	}
	if _, err := h.r.Census(t.Context(), kim); err == nil {
		t.Error("a town that is not here was counted")
	}
}
