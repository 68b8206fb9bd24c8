package replica_test

import (
	"context"
	"fmt"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

func TestTwoHistoriesOfTheSameEventsAreNotOne(t *testing.T) {
	h := newHouse(t)
	early := h.engine.Snapshot(townID)
	e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	lost := h.push(kim, e).Head
	h.engine.Restore(townID, early)
	if err := h.r.Reload(t.Context(), townID); err != nil {
		t.Fatal(err)
	}
	if again := h.push(kim, e).Head; again.Seq != lost.Seq || again.Chain == lost.Chain {
		t.Errorf("the head was %+v and is %+v; what the same event was stamped may differ", lost, again)
	}
}

func TestAnEntityThatWasWrittenManyTimesIsPulledOnce(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	h.push(kim, first)
	once := pulled(h)
	before := first
	for i := range 2000 {
		e := h.write(kim, first, event.Field{Name: "started_at", Value: event.Text(fmt.Sprintf("2026-11-20T21:%02d+01:00", i%60)), Base: []event.ID{before.ID}})
		h.push(kim, e)
		before = e
	}
	if many := pulled(h); many > once+100 {
		t.Errorf("pulling takes %d bytes after one write and %d after two thousand", once, many)
	}
}

// pulled is how many bytes kim's phone is sent from the beginning.
func pulled(h *house) int {
	reply, err := h.r.Changes(context.Background(), replica.Caller{Town: townID, Account: kim, Role: replica.Field}, "", "", 1000)
	if err != nil {
		h.Fatal(err)
	}
	n := counter(0)
	if err := wire.Write(&n, reply); err != nil {
		h.Fatal(err)
	}
	return int(n)
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
