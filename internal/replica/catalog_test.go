package replica_test

import (
	"context"
	"errors"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// pairs is an engine that has two updates share a commit: the next that comes waits for the one after it.
type pairs struct {
	store.Engine
	first chan func(store.Tx) error // taken by the second
	came  chan struct{}             // closed when the first waits
	done  chan error
}

func (p *pairs) Update(ctx context.Context, town event.ID, fn func(store.Tx) error) error {
	select {
	case first := <-p.first:
		err := p.Engine.Update(ctx, town, func(tx store.Tx) error { return errors.Join(first(tx), fn(tx)) })
		p.done <- err
		return err
	default:
		p.first <- fn
		close(p.came)
		return <-p.done
	}
}

// kindNight is a kind that the example town has not.
func kindNight(h *house, catalog event.ID) *event.Event {
	e := h.write(desk, nil, event.Field{Name: "kind:night_walk", Value: event.Text(`{"sv":{"name":"Nattvandring"},"en":{"name":"Night walk"},"sight":"own","fields":[]}`)})
	e.Entity, e.New = catalog, nil
	return e
}

func (h *house) night() *event.Event {
	e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	e.New.Kind = "night_walk"
	return e
}

func TestHoldingBackACatalogsEventCountsForTheRestOfItsBatch(t *testing.T) {
	h := newHouse(t)
	added := kindNight(h, catalogOf(h))
	hold := h.write(desk, nil, event.Field{Name: "verdict:" + added.ID.String(), Value: event.Text(replica.Hold)})
	hold.New = &event.Birth{Type: "decisions"}
	h.push(desk, added)
	if book, err := h.r.Book(townID); err != nil || book.Catalog.Kinds["night_walk"] == nil {
		t.Fatalf("the kind is not there: %v", err)
	}
	after := h.write(desk, nil, started("2026-11-20T21:10+01:00"))
	after.New.Kind = "night_walk"
	if res := h.push(desk, hold, after).Res[1]; res.C != wire.ResParked || res.Why != "kind" {
		t.Errorf("an entry of a kind that was held back is %+v", res)
	}
	release := h.write(desk, hold, event.Field{Name: "verdict:" + added.ID.String(), Value: event.Text(replica.Release), Base: []event.ID{hold.ID}})
	h.push(desk, release)
	if res := h.push(desk, after).Res[0]; res.C != wire.ResOK {
		t.Errorf("when it was released: %+v", res)
	}
}

// catalogOf is the town's catalogue.
func catalogOf(h *house) (id event.ID) {
	h.Helper()
	reply, err := h.r.Changes(context.Background(), h.caller(desk), "", "", 1000)
	if err != nil {
		h.Fatal(err)
	}
	for _, e := range reply.Ents {
		if e.St != nil && e.St.T == "catalog" {
			id = e.E
		}
	}
	return id
}

func TestHoldingBackACatalogsEventCountsForWhoSharesTheCommit(t *testing.T) {
	h := newHouse(t)
	added := kindNight(h, catalogOf(h))
	h.push(desk, added)
	hold := h.write(desk, nil, event.Field{Name: "verdict:" + added.ID.String(), Value: event.Text(replica.Hold)})
	hold.New = &event.Birth{Type: "decisions"}
	pair := &pairs{Engine: h.engine, first: make(chan func(store.Tx) error, 1), came: make(chan struct{}), done: make(chan error, 1)}
	r, err := replica.Open(t.Context(), pair, h.people, replica.Options{Clock: at{now}})
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	held := make(chan struct{})
	go func() {
		defer close(held)
		h.push(desk, hold)
	}()
	<-pair.came
	if res := h.push(kim, h.night()).Res[0]; res.C != wire.ResParked || res.Why != "kind" {
		t.Errorf("an entry of a kind that was held back is %+v", res)
	}
	<-held
}
