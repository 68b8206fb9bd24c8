package access

import (
	"cmp"
	"slices"

	"lofteslogg/internal/event"
)

// Phone is a phone that was connected. Times are milliseconds since 1970; Revoked is 0 while it may come in.
type Phone struct {
	Incs      []event.ID // the installation it was connected as, and those that it became
	App       string
	Persisted bool // the browser promised not to clear its storage
	Created   int64
	Seen      int64
	Revoked   int64
	Left      int64 // when its person signed out of it, 0 while signed in
}

// Entry is a person of the roster, with the phones in the order they were connected.
type Entry struct {
	Person
	Phones []Phone
	Desk   int64 // when a desk of theirs that is still open was last heard from, 0 for none
}

// Roster lists the people of a town and their phones, the oldest first.
func (s *Store) Roster(town event.ID) []Entry {
	people := s.People(town)
	at := make(map[event.ID]int, len(people))
	out := make([]Entry, len(people))
	for i, p := range people {
		out[i].Person, at[p.ID] = p, i
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, ph := range s.phones {
		if i, ok := at[ph.Person]; ok {
			out[i].Phones = append(out[i].Phones, ph.told())
		}
	}
	for _, d := range s.desks {
		if i, ok := at[d.Person]; ok && !d.over(s.clock.Now()) {
			out[i].Desk = max(out[i].Desk, d.seen.Load())
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Phones, func(a, b Phone) int {
			return cmp.Or(cmp.Compare(a.Created, b.Created), a.Incs[0].Compare(b.Incs[0]))
		})
	}
	return out
}

func (p *phone) told() Phone {
	return Phone{
		Incs: append([]event.ID{p.Inc}, p.Also...), App: p.App, Persisted: p.Persisted,
		Created: p.Created, Seen: p.seen.Load(), Revoked: p.Revoked, Left: p.Left,
	}
}

// Said notes what a phone said of itself when it pushed: which installation it is now, the app's version, and whether its
// storage is kept. Like when it was heard, that is written down by the next Flush. A revoked phone is not believed.
func (s *Store) Said(w Who, inc event.ID, app string, persisted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phones[w.key]
	if p == nil || w.Revoked || p.is(inc) && p.App == app && p.Persisted == persisted {
		return
	}
	if !p.is(inc) {
		p.Also = append(slices.Clip(p.Also), inc)
	}
	p.App, p.Persisted, p.said = app, persisted, true
}

// Connected says who connected a phone as the installation, signed out or not; zero when nobody of the town did, or when
// two did, which only a copied phone brings about.
func (s *Store) Connected(town, inc event.ID) event.ID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var who event.ID
	for _, p := range s.phones {
		if !p.is(inc) || s.people[p.Person].Town != town || p.Person == who {
			continue
		}
		if !who.IsZero() {
			return event.ID{}
		}
		who = p.Person
	}
	return who
}

// Left tells whether every phone that was connected as the installation was signed out of. It is false where none was.
func (s *Store) Left(town, inc event.ID) bool {
	return s.every(town, inc, func(p *phone) bool { return p.Left != 0 })
}

// Shut tells whether every phone that was connected as the installation is revoked. An installation that no phone here
// was connected as is not shut.
func (s *Store) Shut(town, inc event.ID) bool {
	return s.every(town, inc, func(p *phone) bool { return p.Revoked != 0 })
}

// every tells whether something holds for every phone that was connected as the installation, and there is one.
func (s *Store) every(town, inc event.ID, holds func(*phone) bool) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	some := false
	for _, p := range s.phones {
		if !p.is(inc) || s.people[p.Person].Town != town {
			continue
		}
		if !holds(p) {
			return false
		}
		some = true
	}
	return some
}
