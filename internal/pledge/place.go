package pledge

import (
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

// Place is one that an entry can be at. A closed one is offered no more; it still names what was logged there.
type Place struct {
	Name   string
	SameAs event.ID // the place that it turned out to be, or zero
	Closed bool
	State  *event.State // not to be changed
}

// readAside reads what counts although it was taken back, or is not folded at all.
func (b *Book) readAside(s *event.State) {
	switch {
	case s.Erased:
	case s.Birth == nil:
		if slices.ContainsFunc(s.Parked, func(p event.Parked) bool { return p.ID == s.Entity }) {
			b.Proposed = append(b.Proposed, s.Entity)
		}
	case s.Birth.Type == activity.TypePlace:
		same, _ := event.ParseID(s.Text("same_as"))
		b.Places[s.Entity] = Place{Name: s.Text("name"), SameAs: same, Closed: s.Retracted(), State: s}
	}
}

// StandsFor is the place that a place stands for: where same_as leads, as far as there are places. A circle, which two
// desks can make, stands for its smallest. docs/api/vectors/places has the cases.
func (b *Book) StandsFor(id event.ID) event.ID {
	way := []event.ID{id}
	for {
		next := b.Places[way[len(way)-1]].SameAs
		if _, ok := b.Places[next]; !ok {
			return way[len(way)-1]
		}
		if met := slices.Index(way, next); met >= 0 {
			return slices.MinFunc(way[met:], event.ID.Compare)
		}
		way = append(way, next)
	}
}
