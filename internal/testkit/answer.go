package testkit

import (
	"bytes"
	"slices"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// keepFor is how old an acknowledged event must be before it may go, and then only when every backup has it.
const keepFor = 60 * 24 * time.Hour

const maxReply = 64 << 20

// Answer takes in the reply to a request. A reply that is not whole, or not to the latest request, changes nothing.
func (d *Device) Answer(r *Request, status int, body []byte) {
	if !d.Current(r) {
		return
	}
	switch {
	case status == 200 && r.pull:
		page := &wire.ChangesReply{}
		if wire.Read(bytes.NewReader(body), maxReply, page) == nil {
			d.takePage(r, page)
		}
	case status == 200:
		reply := &wire.PushReply{}
		if wire.Read(bytes.NewReader(body), maxReply, reply) == nil {
			d.takeResults(r, reply)
		}
	case status == 400 && len(r.Events) == 1:
		d.write(func(k *disk) { k.find(r.Events[0]).Refused = "unreadable" })
		d.batch = firstBatch
	case status == 403 && r.pull: // revoked, and may still push: that is how it learns of a restore
		d.write(func(k *disk) { k.repair = true })
	case !r.pull && (status == 400 || status == 413):
		d.halve(r)
	}
}

// Lost says that no reply came.
func (d *Device) Lost(r *Request) {
	if !r.pull && d.Current(r) {
		d.halve(r)
	}
}

func (d *Device) halve(r *Request) { d.batch = max(1, min(d.batch, len(r.Events))/2) }

// takeResults writes outcomes, head and purge in one transaction.
func (d *Device) takeResults(r *Request, reply *wire.PushReply) {
	ok := d.write(func(k *disk) {
		k.repair = false
		if reply.Reoffer {
			k.reoffer()
		}
		for i := range reply.Res {
			k.outcome(&reply.Res[i], reply.Now)
		}
		for _, inc := range reply.Fork {
			d.leave(k, inc)
		}
		k.adopt(&reply.Head, reply.Safe, reply.Now, reply.Reoffer)
		off := d.clock.Now().UnixMilli() - reply.Now
		k.off = &off
	})
	if !ok {
		return
	}
	if reply.Reoffer {
		d.DropCache()
	}
	if len(r.Events) == d.batch {
		d.batch = min(d.batch*2, wire.MaxEvents)
	}
}

// reoffer marks every event unsent: the history that had answered them is gone.
func (k *disk) reoffer() {
	for i := range k.own {
		if o := &k.own[i]; o.Seq > 0 {
			o.Seq, o.Parked, o.Again = 0, "", true
		}
	}
}

func (k *disk) outcome(res *wire.PushResult, now int64) {
	id, err := event.ParseID(res.ID)
	o := k.find(id)
	if err != nil || o == nil {
		return
	}
	switch res.C {
	case wire.ResOK, wire.ResParked:
		o.Seq, o.Parked, o.Again, o.Since = res.Seq, res.Why, false, now
	case wire.ResErased:
		k.drop(func(o *Own) bool { return o.ID == id })
	case wire.ResRefused:
		o.Refused = res.Why
	}
}

// leave takes a new installation where another phone writes under the same.
func (d *Device) leave(k *disk, inc event.ID) {
	for i := range k.incs {
		if k.incs[i].Inc == inc {
			k.incs[i].Inc, k.incs[i].Next = d.newID(), 1
		}
	}
}

// adopt takes over a head that continues the one shown, or that begins anew, and throws away what every backup has.
func (k *disk) adopt(head *wire.Head, safe uint64, now int64, anew bool) {
	k.head = head
	if anew {
		return
	}
	k.drop(func(o *Own) bool {
		return o.Seq > 0 && o.Seq <= safe && now-o.Since >= keepFor.Milliseconds()
	})
}

func (k *disk) drop(which func(*Own) bool) {
	k.own = slices.DeleteFunc(k.own, func(o Own) bool { return which(&o) })
}

// takePage writes the head to the outbox and then the page, with its cursor, to the cache.
func (d *Device) takePage(r *Request, page *wire.ChangesReply) {
	if page.Reset == wire.ResetHead {
		d.newCache()
		d.write(func(k *disk) { k.repair = true })
		return
	}
	ok := d.write(func(k *disk) {
		k.drop(func(o *Own) bool { return slices.Contains(page.Erased, o.ID) })
		k.adopt(&page.Head, page.Safe, page.Now, false)
	})
	if !ok {
		return
	}
	if page.Reset == wire.ResetScope {
		d.newCache()
		return
	}
	d.apply(r, page)
}

func (d *Device) apply(r *Request, page *wire.ChangesReply) {
	c := d.Cache()
	if c.Cursor != r.cursor {
		return
	}
	next := c.clone()
	next.Cursor, next.More = page.Next, page.More
	for i := range page.Ents {
		next.Ents[page.Ents[i].E] = StateOf(&page.Ents[i])
	}
	if page.Tally != nil {
		next.Tally = page.Tally
	}
	if d.Killed != nil && d.Killed() {
		return
	}
	d.caches[r.Person] = next
}
