// Package testkit has what tests share: a phone that follows the protocol, a clock to turn, ids from a seed.
package testkit

import (
	"slices"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// Device is a phone on a bad link. It follows docs/api/protocol.md: what is saved is kept until the server has it and
// may be thrown away, what is shown is the server's states with the own events over them.
//
// It makes requests and takes in replies separately, so that whoever carries them may lose, repeat, delay and cut
// them. Several tabs are several requests on their way at once. A Device is for one goroutine.
type Device struct {
	// Killed is asked before each transaction is completed and tells whether the tab dies there; nil means never.
	Killed func() bool

	town   event.ID
	clock  clock.Clock
	newID  func() event.ID
	disk   *disk                // the outbox: schema 1 for ever
	caches map[event.ID]*Cache  // by person: disposable
	batch  int                  // events in the next push; of the tab
	events map[event.ID]*record // what the kept events say, so that they are decoded once
}

// record is an event as saved; it never changes.
type record struct {
	*event.Event
	bytes []byte
}

// disk is what the outbox holds. It is changed by Device.write alone.
type disk struct {
	own    []Own
	incs   []Installation
	person event.ID // who is signed in
	hlc    clock.Stamp
	turn   int64
	head   *wire.Head
	off    *int64
	repair bool // a pull found the head unknown; a push repairs that
}

// Own is an event that was saved on this phone, and what became of it.
type Own struct {
	ID      event.ID
	Seq     uint64 // where the server keeps it; 0 while it is unanswered
	Parked  string // why it is not folded
	Refused string // why it stays here until a person decides
	Again   bool   // it was answered once, by a history that is gone
	Since   int64  // the server's time when it was last answered; its age counts from here
}

// Unsent tells whether the event waits for an answer.
func (o *Own) Unsent() bool { return o.Seq == 0 && o.Refused == "" }

// Installation is one person on this phone, and the number of the next event.
type Installation struct {
	Person event.ID
	Inc    event.ID
	Next   uint64
}

const firstBatch = 25

// NewDevice makes a phone without anyone on it. Its clock may be wrong.
func NewDevice(town event.ID, c clock.Clock, newID func() event.ID) *Device {
	return &Device{town: town, clock: c, newID: newID, disk: &disk{}, caches: map[event.ID]*Cache{}, batch: firstBatch, events: map[event.ID]*record{}}
}

// SignIn makes the person the one who reads and writes. What others saved here stays, and is sent along.
func (d *Device) SignIn(person event.ID) {
	d.write(func(k *disk) {
		k.person = person
		k.turn++ // what was asked for another is not for this one
		if k.installation(person) == nil {
			k.incs = append(k.incs, Installation{Person: person, Inc: d.newID(), Next: 1})
		}
	})
}

// Person is who is signed in.
func (d *Device) Person() event.ID { return d.disk.person }

// Installations lists the persons on this phone.
func (d *Device) Installations() []Installation { return d.disk.incs }

// Own lists the events that are kept, in the order they were saved.
func (d *Device) Own() []Own { return d.disk.own }

// Event is a kept event; nil when its bytes cannot be read.
func (d *Device) Event(id event.ID) *event.Event { return d.events[id].Event }

// Head is the head that the phone shows.
func (d *Device) Head() *wire.Head { return d.disk.head }

// Clone is another phone made from a backup of this one: the same events, the same installations.
func (d *Device) Clone(c clock.Clock, newID func() event.ID) *Device {
	e := NewDevice(d.town, c, newID)
	e.disk = d.disk.clone()
	for person, cache := range d.caches {
		e.caches[person] = cache.clone()
	}
	for id, r := range d.events {
		e.events[id] = r
	}
	return e
}

// Restart is a tab opened anew: what was not on disk is gone. Replies to earlier requests must not be given to it.
func (d *Device) Restart() { d.batch = firstBatch }

// DropCache throws away what can be fetched again.
func (d *Device) DropCache() { d.caches = map[event.ID]*Cache{} }

// write runs fn on a copy of what is on disk, and the copy takes its place: all of it or, when the tab dies, nothing.
func (d *Device) write(fn func(*disk)) bool {
	next := d.disk.clone()
	fn(next)
	if d.Killed != nil && d.Killed() {
		return false
	}
	for i := range d.disk.own { // what is not kept any more is not remembered either
		if id := d.disk.own[i].ID; len(next.own) < len(d.disk.own) && next.find(id) == nil {
			delete(d.events, id)
		}
	}
	d.disk = next
	return true
}

func (k *disk) clone() *disk {
	c := *k
	c.own, c.incs = slices.Clone(k.own), slices.Clone(k.incs)
	return &c
}

func (k *disk) installation(person event.ID) *Installation {
	for i := range k.incs {
		if k.incs[i].Person == person {
			return &k.incs[i]
		}
	}
	return nil
}

func (k *disk) find(id event.ID) *Own {
	for i := range k.own {
		if k.own[i].ID == id {
			return &k.own[i]
		}
	}
	return nil
}
