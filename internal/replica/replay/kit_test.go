package replay_test

import (
	"errors"
	"testing"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/wire"
)

var (
	townID = event.MustID("01930000-0000-7000-8000-000000000001")
	desk   = event.MustID("01930000-0000-7000-8000-0000000000d1")
	kim    = event.MustID("01930000-0000-7000-8000-0000000000a1")
	noor   = event.MustID("01930000-0000-7000-8000-0000000000a2")
)

type people map[event.ID]replica.Person

func (p people) Person(_, account event.ID) (replica.Person, bool) {
	x, ok := p[account]
	return x, ok
}

type at struct{ time.Time }

func (a at) Now() time.Time { return a.Time }

var now = time.Date(2026, 11, 20, 21, 10, 0, 0, time.UTC)

// town is a real file, without the fsync, and a replica that writes it.
type town struct {
	*testing.T
	dir    string
	engine *boltstore.Engine
	r      *replica.Replica
	people people
	n      map[event.ID]uint64
}

func open(t *testing.T, dir string) *boltstore.Engine {
	t.Helper()
	engine, err := boltstore.Open(dir, boltstore.Options{UnsafeNoSync: true})
	must(t, err)
	t.Cleanup(func() { must(t, engine.Close()) })
	return engine
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, dir: t.TempDir(), n: map[event.ID]uint64{}, people: people{desk: {Role: replica.Coordinator}, kim: {Role: replica.Field}, noor: {Role: replica.Field}}}
	w.engine = open(t, w.dir)
	var err error
	w.r, err = replica.Open(t.Context(), w.engine, w.people, replica.Options{Clock: at{now}})
	must(t, err)
	must(t, w.r.Create(t.Context(), townID))
	events, err := pledge.Munkfors(&pledge.Writer{Town: townID, Inc: inc(desk), By: desk, Now: now, NewID: event.NewID})
	must(t, err)
	w.n[desk] = uint64(len(events))
	w.push(desk, events...)
	return w
}

func inc(account event.ID) event.ID {
	account[0] = 0xff
	return account
}

func (w *town) push(as event.ID, events ...*event.Event) *wire.PushReply {
	w.Helper()
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(as)}
	for _, e := range events {
		req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
	}
	reply, err := w.r.Push(w.Context(), replica.Caller{Town: townID, Account: as, Role: w.people[as].Role}, req)
	must(w.T, err)
	for _, res := range reply.Res {
		if res.C == wire.ResRefused {
			w.Fatalf("%+v", res)
		}
	}
	return reply
}

func (w *town) write(by event.ID, to *event.Event, fields ...event.Field) *event.Event {
	w.Helper()
	w.n[by]++
	id, err := event.NewID()
	must(w.T, err)
	e := &event.Event{Version: 1, Town: townID, ID: id, Entity: id, Inc: inc(by), N: w.n[by], HLC: clock.Of(now.Add(-time.Hour).UnixMilli(), uint16(w.n[by])), By: by, Catalog: 1, Set: fields}
	if to != nil {
		e.Entity = to.Entity
	} else {
		e.New = &event.Birth{Type: "activity", Kind: "foot_patrol"}
	}
	return e
}

func (w *town) patrol(by event.ID) *event.Event {
	return w.write(by, nil, field("minutes", event.Int(40)), field("parties", event.Texts("police")), field("started_at", event.Text("2026-11-20T21:10+01:00")))
}

func field(name string, v event.Value, base ...event.ID) event.Field {
	return event.Field{Name: name, Value: v, Base: base}
}

// live has everything happen to the town that leaves something of its own in the file.
func (w *town) live() *town {
	w.Helper()
	first, second, old := w.patrol(kim), w.patrol(noor), w.patrol(kim)
	old.HLC = clock.Of(now.Add(-30*24*time.Hour).UnixMilli(), 0)
	w.push(kim, first)
	w.push(noor, second, old) // noor carries what kim wrote
	w.push(kim, w.write(kim, first, field("minutes", event.Int(50), first.ID)), w.write(kim, first, field("minutes", event.Int(60), first.ID)))
	unborn := w.patrol(kim)
	w.push(kim, w.write(kim, unborn, field("note", event.Text("Lugnt på Kyrkogatan.")))) // waits for its first event
	late := w.patrol(noor)
	w.push(noor, w.write(noor, late, field("minutes", event.Int(5), late.ID)), late)
	back := w.write(noor, first, field("retracted", event.Text("not mine to say")))
	w.push(noor, back) // parked for want of right
	released := w.write(noor, first, field("retracted", event.Text("undo")))
	w.push(noor, released)
	decide := w.write(desk, nil, field("verdict:"+released.ID.String(), event.Text(replica.Release)))
	decide.New = &event.Birth{Type: "decisions"}
	w.push(desk, decide)
	w.push(desk, w.write(desk, decide, field("verdict:"+second.ID.String(), event.Text(replica.Hold))))
	strange := w.patrol(kim)
	strange.New.Kind = "unheard_of"
	w.push(kim, strange)
	w.n[kim]-- // a clone writes under the same number
	w.push(kim, w.patrol(kim))
	must(w.T, w.r.JudgeAgain(w.Context(), townID, "right"))
	return w.neglect()
}

// neglect leaves holes in the numbers, an edit of what was taken back, and a start by a wrong clock.
func (w *town) neglect() *town {
	w.Helper()
	w.n[kim] += 3
	wrong, gone := w.patrol(kim), w.patrol(kim)
	off := int64(-11 * 60 * 1000)
	wrong.Off = &off
	w.push(kim, wrong, gone)
	w.push(kim, w.write(kim, gone, field("retracted", event.Text("Fel dag."))), w.write(kim, gone, field("minutes", event.Int(7), gone.ID)))
	w.n[kim] += 2
	w.push(kim, w.patrol(kim))
	return w
}

func (w *town) change(fn func(tx store.Tx) error) {
	w.Helper()
	must(w.T, w.engine.Update(w.Context(), townID, fn))
}

func check(t *testing.T, engine store.Engine, id event.ID) (report *replay.Report) {
	t.Helper()
	must(t, engine.View(t.Context(), id, func(tx store.Tx) error {
		report = replay.Check(tx, id)
		return nil
	}))
	return report
}

// someKey is the n-th key of a bucket, from its end when n is negative.
func someKey(tx store.Tx, b store.Bucket, n int) ([]byte, []byte, error) {
	var keys, values [][]byte
	err := tx.Scan(b, nil, nil, func(k, v []byte) bool {
		keys, values = append(keys, append([]byte(nil), k...)), append(values, append([]byte(nil), v...))
		return true
	})
	if n < 0 {
		n += len(keys)
	}
	if err == nil && (n < 0 || n >= len(keys)) {
		err = errors.New("the bucket has too few keys")
	}
	if err != nil {
		return nil, nil, err
	}
	return keys[n], values[n], nil
}
