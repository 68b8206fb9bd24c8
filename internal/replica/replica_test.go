package replica_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/memstore"
	"lofteslogg/internal/wire"
)

type people map[event.ID]replica.Person

func (p people) Person(_, account event.ID) (replica.Person, bool) {
	x, ok := p[account]
	return x, ok
}

var (
	townID = event.MustID("01930000-0000-7000-8000-000000000001")
	desk   = event.MustID("01930000-0000-7000-8000-0000000000d1")
	kim    = event.MustID("01930000-0000-7000-8000-0000000000a1")
	noor   = event.MustID("01930000-0000-7000-8000-0000000000a2")
)

type at struct{ time.Time }

func (a at) Now() time.Time { return a.Time }

var now = time.Date(2026, 11, 20, 21, 10, 0, 0, time.UTC)

// house is a town with its example pledge, for the tests of this package.
type house struct {
	rapid.TB
	r      *replica.Replica
	engine *memstore.Engine
	people people
	n      map[event.ID]uint64
}

func newHouse(t rapid.TB) *house {
	t.Helper()
	h := &house{TB: t, engine: memstore.New(), n: map[event.ID]uint64{}}
	h.people = people{desk: {Role: replica.Coordinator}, kim: {Role: replica.Field, Party: "police"}, noor: {Role: replica.Field}}
	r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{now}})
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	if err := r.Create(context.Background(), townID); err != nil {
		t.Fatal(err)
	}
	w := &pledge.Writer{Town: townID, Inc: inc(desk), By: desk, Now: now, NewID: event.NewID}
	events, err := pledge.Munkfors(w)
	if err != nil {
		t.Fatal(err)
	}
	h.n[desk] = uint64(len(events))
	for _, res := range h.push(desk, events...).Res {
		if res.C != wire.ResOK {
			t.Fatalf("example town: %+v", res)
		}
	}
	return h
}

// inc is the one installation of an account.
func inc(account event.ID) event.ID {
	account[0] = 0xff
	return account
}

func (h *house) push(as event.ID, events ...*event.Event) *wire.PushReply {
	h.Helper()
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(as)}
	for _, e := range events {
		req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
	}
	reply, err := h.r.Push(context.Background(), h.caller(as), req)
	if err != nil {
		h.Fatal(err)
	}
	return reply
}

func (h *house) caller(as event.ID) replica.Caller {
	return replica.Caller{Town: townID, Account: as, Role: h.people[as].Role}
}

func (h *house) write(by event.ID, to *event.Event, fields ...event.Field) *event.Event {
	h.n[by]++
	id, err := event.NewID()
	if err != nil {
		h.Fatal(err)
	}
	e := &event.Event{Version: 1, Town: townID, ID: id, Entity: id, Inc: inc(by), N: h.n[by], HLC: 1, By: by, Catalog: 1, Set: fields}
	if to != nil {
		e.Entity = to.Entity
	} else {
		e.New = &event.Birth{Type: "activity", Kind: "foot_patrol"}
	}
	return e
}

func started(s string) event.Field {
	return event.Field{Name: "started_at", Value: event.Text(s)}
}

func (h *house) done(measure int) int {
	h.Helper()
	book, err := h.r.Book(townID)
	if err != nil {
		h.Fatal(err)
	}
	table, err := h.r.Table(townID)
	if err != nil {
		h.Fatal(err)
	}
	year, _ := book.Pledge.YearAt(pledge.Today(now))
	done, _ := book.Done(table, year)
	return done[measure]
}

func TestAPatrolIsCountedOnceHoweverOftenItIsSent(t *testing.T) {
	h := newHouse(t)
	e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	first := h.push(kim, e)
	second := h.push(kim, e, e)
	if first.Res[0] != second.Res[0] || second.Res[0] != second.Res[1] || first.Res[0].C != wire.ResOK {
		t.Errorf("first %+v, again %+v", first.Res, second.Res)
	}
	if got := h.done(0); got != 1 {
		t.Errorf("counted %d times", got)
	}
	if first.Head != second.Head {
		t.Error("a repeated event moved the head")
	}
}

func TestACorrectionThatComesFirstWaits(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	then := h.write(kim, first, event.Field{Name: "minutes", Value: event.Int(45)})
	if res := h.push(kim, then).Res[0]; res.C != wire.ResParked || res.Why != replica.Waiting {
		t.Fatalf("%+v", res)
	}
	if h.done(0) != 0 {
		t.Error("counted before its first event")
	}
	h.push(kim, first)
	if res := h.push(kim, then).Res[0]; res.C != wire.ResOK {
		t.Errorf("after its first event: %+v", res)
	}
	if h.done(0) != 1 {
		t.Error("not counted")
	}
}

func TestAColleaguesEntryIsParkedUntilACoordinatorReleasesIt(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	h.push(kim, first)
	back := h.write(noor, first, event.Field{Name: "retracted", Value: event.Text("mine now")})
	if res := h.push(noor, back).Res[0]; res.Why != "right" {
		t.Fatalf("%+v", res)
	}
	decide := h.write(desk, nil, event.Field{Name: "verdict:" + back.ID.String(), Value: event.Text(replica.Release)})
	decide.New = &event.Birth{Type: "decisions"}
	h.push(desk, decide)
	if h.done(0) != 0 {
		t.Error("released, and still counted")
	}
	hold := h.write(desk, decide, event.Field{Name: "verdict:" + back.ID.String(), Value: event.Text(replica.Hold), Base: []event.ID{decide.ID}})
	h.push(desk, hold)
	if h.done(0) != 1 {
		t.Error("held back, and not counted again")
	}
}

func TestAFieldPhoneSeesItsOwnAndTheReferenceAlone(t *testing.T) {
	h := newHouse(t)
	h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	h.push(noor, h.write(noor, nil, started("2026-11-20T21:10+01:00")))
	count := func(as event.ID) (n int) {
		reply, err := h.r.Changes(context.Background(), h.caller(as), "", "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range reply.Ents {
			if e.St.T == "activity" {
				n++
			}
		}
		if reply.Tally == nil || *reply.Tally.Measures[0].Done != 2 || reply.Tally.Measures[4].Done != nil {
			t.Errorf("tally %+v", reply.Tally)
		}
		return n
	}
	if count(kim) != 1 || count(noor) != 1 || count(desk) != 2 {
		t.Error("wrong sight")
	}
}

func TestATownWhoseMakingWasInterruptedIsMadeWhole(t *testing.T) {
	engine := memstore.New()
	if err := engine.Create(context.Background(), townID); err != nil {
		t.Fatal(err)
	}
	r, err := replica.Open(context.Background(), engine, people{desk: {Role: replica.Coordinator}}, replica.Options{Clock: at{now}})
	if err != nil || len(r.Broken()) != 0 {
		t.Fatalf("%v %v", err, r.Broken())
	}
	reply, err := r.Push(context.Background(), replica.Caller{Town: townID, Account: desk, Role: replica.Coordinator}, &wire.PushRequest{P: 1, Town: townID, Inc: inc(desk)})
	if err != nil || reply.Head.Seq != 0 || reply.Head.Epoch.IsZero() {
		t.Errorf("%+v %v", reply, err)
	}
}

func TestATownThatCannotBeReadDoesNotKeepOthersFromOpening(t *testing.T) {
	h := newHouse(t)
	torn := event.MustID("01930000-0000-7000-8000-000000000002")
	if err := h.engine.Create(context.Background(), torn); err != nil {
		t.Fatal(err)
	}
	err := h.engine.Update(context.Background(), torn, func(tx store.Tx) error { return tx.Put(store.Meta, []byte("head"), []byte("torn")) })
	if err != nil {
		t.Fatal(err)
	}
	r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{now}})
	if err != nil || r.Broken()[torn] == nil {
		t.Fatalf("%v %v", err, r.Broken())
	}
	if _, err := r.Book(townID); err != nil {
		t.Error(err)
	}
	if _, err := r.Book(torn); !errors.Is(err, store.ErrDamaged) {
		t.Error(err)
	}
}
