package access

import (
	"crypto/rand"
	"encoding/base64"
	"net/netip"
	"sync/atomic"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

type deskRecord struct {
	Person event.ID `json:"person"`
	Began  int64    `json:"began"`
	Seen   int64    `json:"seen"`
}

type desk struct {
	deskRecord
	seen atomic.Int64 // the newer of the two
}

func (d *desk) over(now time.Time) bool {
	return now.Sub(time.UnixMilli(d.Began)) >= DeskLife || now.Sub(time.UnixMilli(d.seen.Load())) >= DeskIdle
}

// SignIn uses up a code for a desk and begins a session; secret is for the desk's cookie and never seen again.
// Errors are those of Look, and fault.Denied (desk-role), with the code left as it was, when the code is for a phone.
func (s *Store) SignIn(text string, from netip.Addr) (secret string, p Person, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	i, err := s.find(readCode(text), from)
	if err != nil {
		return "", Person{}, err
	}
	if err := i.open(s.clock.Now()); err != nil {
		return "", Person{}, err
	}
	if !i.Role.AtDesk() {
		return "", Person{}, fault.New(fault.Denied, "desk-role", "the code is for a phone").At("code")
	}
	if p, err = s.invited(i, "", ""); err != nil {
		return "", Person{}, err
	}
	secret, err = s.sitDown(i, p)
	return secret, p, err
}

func (s *Store) sitDown(i *invitation, p Person) (string, error) {
	secret, now := newSecret(), s.clock.Now().UnixMilli()
	key := digestOf("desk", secret)
	d := &desk{deskRecord: deskRecord{Person: p.ID, Began: now, Seen: now}}
	d.seen.Store(now)
	used := i.usedBy(p, now)
	if err := s.commit(p.change(), used.change(), change{deskBucket, key[:], d.deskRecord}); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID], s.desks[key] = p, d
	s.remember(used)
	return secret, nil
}

func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when there is no randomness
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Desk says whose session it is. fault.Unsigned when it is unknown or over, or the person is revoked.
func (s *Store) Desk(secret string) (Who, error) {
	key := digestOf("desk", secret)
	s.mu.RLock()
	defer s.mu.RUnlock()
	d := s.desks[key]
	if d == nil || d.over(s.clock.Now()) {
		return Who{}, fault.New(fault.Unsigned, "", "no such session")
	}
	p := s.people[d.Person]
	if p.Revoked != 0 {
		return Who{}, fault.New(fault.Unsigned, "", "the account is shut")
	}
	return Who{Person: p, Desk: true, key: key, seen: &d.seen}, nil
}

// SignOut ends a session. Ending one that is not there is no error.
func (s *Store) SignOut(secret string) error {
	s.write.Lock()
	defer s.write.Unlock()
	key := digestOf("desk", secret)
	if err := s.commit(change{deskBucket, key[:], nil}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.desks, key)
	return nil
}

func (s *Store) loadDesk(key, value []byte) error {
	d := &desk{}
	if err := decode(value, &d.deskRecord); err != nil {
		return err
	}
	d.seen.Store(d.Seen)
	s.desks[digest(key)] = d
	return nil
}
