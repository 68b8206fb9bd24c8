package access

import (
	"maps"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Person is an account of one town. Times are milliseconds since 1970; Revoked is 0 while the person may come in.
type Person struct {
	ID      event.ID `json:"id"`
	Town    event.ID `json:"town"`
	Name    string   `json:"name"`
	Role    Role     `json:"role"`
	Party   string   `json:"party"`
	Created int64    `json:"created"`
	Revoked int64    `json:"revoked"`
}

// Person finds an account of a town, revoked or not.
func (s *Store) Person(town, account event.ID) (Person, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.people[account]
	return p, ok && p.Town == town
}

// People lists the accounts of a town, the oldest first.
func (s *Store) People(town event.ID) []Person {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := slices.DeleteFunc(slices.Collect(maps.Values(s.people)), func(p Person) bool { return p.Town != town })
	slices.SortFunc(all, func(a, b Person) int { return a.ID.Compare(b.ID) })
	return all
}

// AddPerson writes a new account down and gives it an id when it has none.
func (s *Store) AddPerson(p Person) (Person, error) {
	if !p.Role.Valid() {
		return Person{}, fault.New(fault.Invalid, "", "role %q is neither field, coordinator nor reader", string(p.Role)).At("role")
	}
	s.write.Lock()
	defer s.write.Unlock()
	p, err := s.born(p)
	if err != nil {
		return Person{}, err
	}
	if err := s.commit(p.change()); err != nil {
		return Person{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID] = p
	return p, nil
}

func (s *Store) born(p Person) (Person, error) {
	var err error
	if p.ID.IsZero() {
		p.ID, err = event.NewID()
	}
	p.Created = s.clock.Now().UnixMilli()
	return p, err
}

func (p Person) change() change { return change{personBucket, p.ID[:], p} }

// Revoke shuts a person out: desks at once, while phones may still send what they hold, which is parked.
// Revoking twice keeps the first moment. fault.NotFound when the town has no such account.
func (s *Store) Revoke(town, account event.ID) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.revoke(town, account)
}

// RevokeSpared is Revoke for one who has no way back: fault.Conflict (last-coordinator) when nobody would be left to let
// people in.
func (s *Store) RevokeSpared(town, account event.ID) error {
	s.write.Lock()
	defer s.write.Unlock()
	if s.lastCoordinator(town, account) {
		return errLast()
	}
	return s.revoke(town, account)
}

func (s *Store) revoke(town, account event.ID) error {
	p, ok := s.Person(town, account)
	if !ok {
		return fault.New(fault.NotFound, "", "there is no account %s", account)
	}
	if p.Revoked != 0 {
		return nil
	}
	p.Revoked = s.clock.Now().UnixMilli()
	return s.replacePerson(p)
}

// Restore lets a revoked person in again with the phones that were connected. fault.NotFound as for Revoke.
func (s *Store) Restore(town, account event.ID) error {
	s.write.Lock()
	defer s.write.Unlock()
	p, ok := s.Person(town, account)
	if !ok {
		return fault.New(fault.NotFound, "", "there is no account %s", account)
	}
	p.Revoked = 0
	return s.replacePerson(p)
}

// Changes are what to change of a person; nil leaves it.
type Changes struct {
	Name, Party *string
	Role        *Role
}

// Change changes a person. A role that has no desk ends the person's desks. fault.NotFound as for Revoke, fault.Invalid
// for a role that is none, fault.Conflict (last-coordinator) as for RevokeSpared.
func (s *Store) Change(town, account event.ID, c Changes) error {
	s.write.Lock()
	defer s.write.Unlock()
	p, ok := s.Person(town, account)
	if !ok {
		return fault.New(fault.NotFound, "", "there is no account %s", account)
	}
	if c.Role != nil {
		if !c.Role.Valid() {
			return fault.New(fault.Invalid, "", "no such role").At("role")
		}
		if *c.Role != Coordinator && s.lastCoordinator(town, account) {
			return errLast()
		}
		p.Role = *c.Role
	}
	if c.Name != nil {
		p.Name = *c.Name
	}
	if c.Party != nil {
		p.Party = *c.Party
	}
	return s.replacePerson(p)
}

// lastCoordinator tells whether the account is the only coordinator of the town who may come in.
func (s *Store) lastCoordinator(town, account event.ID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, is := 0, false
	for _, p := range s.people {
		if p.Town == town && p.Role == Coordinator && p.Revoked == 0 {
			n++
			is = is || p.ID == account
		}
	}
	return is && n == 1
}

func errLast() error {
	return fault.New(fault.Conflict, "last-coordinator", "the town has no other coordinator")
}

// replacePerson also ends the desks of one who is revoked, or has no desk any more. The caller holds s.write.
func (s *Store) replacePerson(p Person) error {
	changes := []change{p.change()}
	var gone []digest
	s.mu.RLock()
	for key, d := range s.desks {
		if (p.Revoked != 0 || !p.Role.AtDesk()) && d.Person == p.ID {
			gone = append(gone, key)
		}
	}
	s.mu.RUnlock()
	for _, key := range gone {
		changes = append(changes, change{deskBucket, key[:], nil})
	}
	if err := s.commit(changes...); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID] = p
	for _, key := range gone {
		delete(s.desks, key)
	}
	return nil
}

func (s *Store) loadPerson(_, value []byte) error {
	var p Person
	if err := decode(value, &p); err != nil {
		return err
	}
	s.people[p.ID] = p
	return nil
}
