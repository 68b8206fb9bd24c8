package access

import (
	"cmp"
	"maps"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Town is a municipality that people are invited to.
type Town struct {
	ID   event.ID `json:"id"`
	Name string   `json:"name"`
	Slug string   `json:"slug"`
}

// AddTown writes a town down, or its new name and slug. fault.Conflict when another town has the slug.
func (s *Store) AddTown(t Town) error {
	s.write.Lock()
	defer s.write.Unlock()
	if other, ok := s.FindTown(t.Slug); ok && other.ID != t.ID {
		return fault.New(fault.Conflict, "", "another town is called %q", t.Slug).At("slug")
	}
	if err := s.commit(change{townBucket, t.ID[:], t}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.towns[t.ID] = t
	return nil
}

// Town finds a town by its id.
func (s *Store) Town(id event.ID) (Town, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.towns[id]
	return t, ok
}

// FindTown finds a town by its slug or by its id as text.
func (s *Store) FindTown(name string) (Town, bool) {
	for _, t := range s.Towns() {
		if t.Slug == name || t.ID.String() == name {
			return t, true
		}
	}
	return Town{}, false
}

// Towns lists the towns, the oldest first.
func (s *Store) Towns() []Town {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.towns), func(a, b Town) int {
		return cmp.Or(a.ID.Compare(b.ID), cmp.Compare(a.Slug, b.Slug))
	})
}

func (s *Store) loadTown(_, value []byte) error {
	var t Town
	if err := decode(value, &t); err != nil {
		return err
	}
	s.towns[t.ID] = t
	return nil
}
