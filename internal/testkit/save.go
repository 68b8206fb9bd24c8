package testkit

import (
	"cmp"
	"slices"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/merge"
)

// Draft is an open form: it knows what its writer was shown when it was opened.
type Draft struct {
	Entity event.ID
	New    *event.Birth // of a new entity
	Shown  map[string][]event.ID

	Version int // of the form that a later app writes; 0 is this one's
}

// New opens a form for a new entity.
func (d *Device) New(birth event.Birth) *Draft { return &Draft{New: &birth} }

// Open opens a form on what is shown of an entity.
func (d *Device) Open(e event.ID) *Draft {
	f := &Draft{Entity: e, Shown: map[string][]event.ID{}}
	for _, r := range d.View(e).Fields {
		for _, h := range r.Heads[max(0, len(r.Heads)-event.MaxBase):] {
			f.Shown[r.Name] = append(f.Shown[r.Name], h.ID)
		}
	}
	return f
}

// Save writes the form's answers as one event of the person signed in. It is on disk when Save returns, or nil comes
// back and nothing was saved.
func (d *Device) Save(f *Draft, answers ...event.Field) *event.Event {
	set := slices.Clone(answers)
	slices.SortFunc(set, func(a, b event.Field) int { return event.CompareUTF16(a.Name, b.Name) })
	for i := range set {
		if set[i].Base == nil {
			set[i].Base = f.Shown[set[i].Name]
		}
	}
	id := d.newID()
	e := &event.Event{Version: cmp.Or(f.Version, event.Version), Town: d.town, ID: id, Entity: f.Entity, By: d.disk.person, Catalog: 1, New: f.New, Set: set}
	if f.New != nil {
		e.Entity = id
	}
	if !d.keep(e, nil) {
		return nil
	}
	return e
}

// SaveBytes has an event of bytes that nobody can read, as a defect of the app or of the disk would leave it.
func (d *Device) SaveBytes(b []byte) event.ID {
	e := &event.Event{ID: d.newID(), By: d.disk.person}
	d.keep(e, b)
	return e.ID
}

// keep gives the event its number and stamp and stores it, in one transaction.
func (d *Device) keep(e *event.Event, raw []byte) bool {
	return d.write(func(k *disk) {
		i := k.installation(e.By)
		k.hlc = clock.Next(k.hlc, d.clock.Now())
		e.Inc, e.N, e.HLC, e.Off = i.Inc, i.Next, k.hlc, k.off
		i.Next++
		if raw == nil {
			raw = e.Append(nil)
		}
		k.own = append(k.own, Own{ID: e.ID})
		d.events[e.ID] = &record{e, raw}
	})
}

// View is what a screen shows of an entity: the cached state, and over it the person's own events that the state does
// not have. An event that is offered again is not laid over: the state may have it.
func (d *Device) View(e event.ID) *event.State {
	s := &event.State{Entity: e}
	if c := d.caches[d.disk.person]; c.valid(d.disk.head) && c.Ents[e] != nil {
		s = c.Ents[e].Clone()
	}
	over := s.Parked
	seq := s.Seq
	for i := range d.disk.own {
		o := &d.disk.own[i]
		r := d.events[o.ID]
		if r.Entity != e || r.By != d.disk.person || o.Again || o.Refused != "" {
			continue
		}
		if o.Seq == 0 || o.Seq > seq || isParked(over, o.ID) {
			merge.Fold(s, r.Event, r.HLC, func(event.ID) bool { return false })
		}
	}
	return s
}

func isParked(list []event.Parked, id event.ID) bool {
	_, ok := slices.BinarySearchFunc(list, id, func(p event.Parked, id event.ID) int { return cmp.Compare(p.ID.Compare(id), 0) })
	return ok
}
