package sim

import (
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// look reads what the phone keeps.
func (a *app) look() *look {
	if a.seen == nil {
		a.seen = a.lookAt(0)
	}
	return a.seen
}

// lookAt also tells what a tab shows.
func (a *app) lookAt(tab int) *look {
	a.w.bid(command{Do: "look", Phone: a.name, Tab: tab})
	return a.w.apps.look
}

// Person is who is on the phone; nobody before anyone came in.
func (a *app) Person() event.ID {
	id, _ := event.ParseID(a.look().Account)
	return id
}

// Installations lists the persons on the phone.
func (a *app) Installations() (out []testkit.Installation) {
	for _, p := range a.look().People {
		out = append(out, testkit.Installation{Person: p.Account, Inc: p.Inc})
	}
	return out
}

// Own lists the events that are kept, in order of installation and number. Of those that were erased there is nothing.
func (a *app) Own() (out []testkit.Own) {
	for _, r := range a.look().Rows {
		if r.State != "erased" {
			out = append(out, r.own())
		}
	}
	return out
}

func (r *row) own() testkit.Own {
	o := testkit.Own{ID: r.ID, Again: r.Again}
	if r.Seq != nil {
		o.Seq = *r.Seq
	}
	if r.Answered != nil {
		o.Since = *r.Answered
	}
	why := "without a reason"
	if r.Why != nil {
		why = *r.Why
	}
	switch r.State {
	case "parked":
		o.Parked = why
	case "refused":
		o.Refused = why
	}
	return o
}

// Event is a kept event; nil when its bytes are gone or cannot be read.
func (a *app) Event(id event.ID) *event.Event {
	i := slices.IndexFunc(a.look().Rows, func(r row) bool { return r.ID == id })
	if i < 0 || a.look().Rows[i].State == "erased" {
		return nil
	}
	if e, ok := a.events[id]; ok {
		return e
	}
	e, err := event.Decode([]byte(a.look().Rows[i].Bytes))
	if err != nil {
		e = nil
	}
	a.events[id] = e
	return e
}

// Head is the head that the phone shows.
func (a *app) Head() *wire.Head { return a.look().Head }

// Cache is what the person on the phone was sent; empty when it is of another log.
func (a *app) Cache() *testkit.Cache {
	l := a.look()
	c := &testkit.Cache{Ents: map[event.ID]*event.State{}}
	if l.Head != nil && l.Cache.Epoch != "" && l.Cache.Epoch != l.Head.Epoch.String() {
		return c
	}
	c.Cursor, c.Tally = l.Cache.Cursor, l.Cache.Tally
	for i := range l.Cache.Entities {
		c.Ents[l.Cache.Entities[i].E] = testkit.StateOf(&l.Cache.Entities[i])
	}
	return c
}

// Unsent counts the events that wait for an answer.
func (a *app) Unsent() (n int) {
	for _, r := range a.look().Rows {
		if r.State == "unsent" || r.State == "sending" {
			n++
		}
	}
	return n
}
