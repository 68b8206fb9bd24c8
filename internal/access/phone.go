package access

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Enrolment is what a phone shows to be connected: a code, and the token that it has made for itself.
type Enrolment struct {
	Code  string
	Token string // 32 random bytes as base64url
	Inc   event.ID
	App   string // version of the app
	Name  string // when empty, the invitation's
	Party string // when empty, the invitation's
	From  netip.Addr
}

// phoneRecord is a phone as it is kept. Also has the installations that it became after a fork.
type phoneRecord struct {
	Person    event.ID   `json:"person"`
	Inc       event.ID   `json:"inc"`
	Also      []event.ID `json:"also,omitempty"`
	App       string     `json:"app,omitempty"`
	Persisted bool       `json:"persisted,omitempty"`
	Created   int64      `json:"created"`
	Seen      int64      `json:"seen"`
	Revoked   int64      `json:"revoked"`
	Left      int64      `json:"left,omitempty"` // when its person signed out; the token opens nothing from then on
}

type phone struct {
	phoneRecord              // guarded by Store.mu
	seen        atomic.Int64 // the newer of the two
	said        bool         // something that is not written down yet; guarded by Store.mu
}

func (p *phone) is(inc event.ID) bool { return p.Inc == inc || slices.Contains(p.Also, inc) }

// Enrol connects a phone. Of any number of phones that show one code at once, one is let in. The same code with the
// same token again gives the same person, for a reply may have been lost; the token proves that it is the same phone.
// Errors are those of Look, fault.Denied (phone-role) for a reader's code, which is left as it was, fault.Invalid for a token of another form, fault.Conflict for one that is in use.
func (s *Store) Enrol(e Enrolment) (Person, error) {
	token, err := readToken(e.Token)
	if err != nil {
		return Person{}, err
	}
	s.write.Lock()
	defer s.write.Unlock()
	i, err := s.find(readCode(e.Code), e.From)
	if err != nil {
		return Person{}, err
	}
	if p, ok := s.repeated(i, token); ok {
		return p, nil
	}
	if err := i.open(s.clock.Now()); err != nil {
		return Person{}, err
	}
	if i.Role == Reader {
		return Person{}, fault.New(fault.Denied, "phone-role", "the code is for a desk").At("code")
	}
	if s.phone(token) != nil {
		return Person{}, fault.New(fault.Conflict, "", "the token is in use").At("token")
	}
	return s.connect(i, token, e)
}

func (s *Store) repeated(i *invitation, token digest) (Person, bool) {
	if ph := s.phone(token); i.Used == 0 || i.Phone != token || ph == nil || ph.Revoked != 0 || ph.Left != 0 {
		return Person{}, false
	}
	p, ok := s.Person(i.Town, i.Person)
	return p, ok && p.Revoked == 0
}

// connect uses up the invitation, writes the person and the phone. The caller holds s.write.
func (s *Store) connect(i *invitation, token digest, e Enrolment) (Person, error) {
	p, err := s.invited(i, e.Name, e.Party)
	if err != nil {
		return Person{}, err
	}
	now := s.clock.Now().UnixMilli()
	ph := &phone{phoneRecord: phoneRecord{Person: p.ID, Inc: e.Inc, App: e.App, Created: now, Seen: now}}
	ph.seen.Store(now)
	used := i.usedBy(p, now)
	used.Phone = token
	if err := s.commit(p.change(), used.change(), change{phoneBucket, token[:], ph.phoneRecord}); err != nil {
		return Person{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID], s.phones[token] = p, ph
	s.remember(used)
	return p, nil
}

// invited is the person that an invitation lets in: a new one, or the one it names with what is known anew.
func (s *Store) invited(i *invitation, name, party string) (Person, error) {
	p, known := s.Person(i.Town, i.Account)
	switch {
	case i.Account.IsZero():
		return s.born(Person{Town: i.Town, Role: i.Role, Name: either(name, i.Name), Party: either(party, i.Party)})
	case !known || p.Revoked != 0 || p.Role != i.Role:
		return Person{}, fault.New(fault.Denied, "", "the account is shut").At("code")
	}
	p.Name, p.Party = either(name, p.Name), either(party, p.Party)
	return p, nil
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (i *invitation) usedBy(p Person, now int64) inviteRecord {
	r := i.inviteRecord
	r.Used, r.Person = now, p.ID
	return r
}

// Phone says whose token it is. fault.Unsigned when the token is unknown or was
// silent for PhoneSilence or signed out. A revoked one is let in as revoked: what it holds is not lost.
func (s *Store) Phone(token string) (Who, error) {
	key, err := readToken(token)
	if err != nil {
		return Who{}, fault.New(fault.Unsigned, "", "not a token")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	ph := s.phones[key]
	if ph == nil || ph.Left != 0 {
		return Who{}, fault.New(fault.Unsigned, "", "unknown token")
	}
	if s.clock.Now().Sub(time.UnixMilli(ph.seen.Load())) > PhoneSilence {
		return Who{}, fault.New(fault.Unsigned, "silent", "the phone was silent for too long")
	}
	p := s.people[ph.Person]
	return Who{Person: p, Inc: ph.Inc, Revoked: p.Revoked != 0 || ph.Revoked != 0, key: key, seen: &ph.seen}, nil
}

// Leave signs the person of a phone out of it: the token opens nothing from then on. Nobody is shut, so what was written
// there and is carried by somebody else is judged as before. Leaving twice keeps the first moment.
func (s *Store) Leave(w Who) error {
	s.write.Lock()
	defer s.write.Unlock()
	ph := s.phone(w.key)
	if ph == nil || ph.Left != 0 {
		return nil
	}
	s.mu.RLock()
	r := ph.phoneRecord
	s.mu.RUnlock()
	r.Seen, r.Left = ph.seen.Load(), s.clock.Now().UnixMilli()
	if err := s.commit(change{phoneBucket, w.key[:], r}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ph.Seen, ph.Left = r.Seen, r.Left
	return nil
}

// RevokePhone makes a lost phone one that may only send what it still holds; its person may connect another.
// fault.NotFound when nobody of the town has connected a phone as inc.
func (s *Store) RevokePhone(town, inc event.ID) error {
	return s.shutPhone(town, inc, s.clock.Now().UnixMilli())
}

// RestorePhone lets a revoked phone in again. Errors are those of RevokePhone.
func (s *Store) RestorePhone(town, inc event.ID) error { return s.shutPhone(town, inc, 0) }

func (s *Store) shutPhone(town, inc event.ID, when int64) error {
	s.write.Lock()
	defer s.write.Unlock()
	key, ph := s.phoneOf(town, inc, when == 0)
	if ph == nil {
		return fault.New(fault.NotFound, "", "there is no phone %s", inc)
	}
	s.mu.RLock()
	r := ph.phoneRecord
	s.mu.RUnlock()
	r.Revoked, r.Seen = when, ph.seen.Load()
	if err := s.commit(change{phoneBucket, key[:], r}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ph.Revoked, ph.Seen = r.Revoked, r.Seen
	return nil
}

func (s *Store) phoneOf(town, inc event.ID, shut bool) (digest, *phone) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for key, ph := range s.phones {
		if ph.is(inc) && s.people[ph.Person].Town == town && (ph.Revoked != 0) == shut {
			return key, ph
		}
	}
	return digest{}, nil
}

func (s *Store) phone(key digest) *phone {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.phones[key]
}

func readToken(text string) (digest, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != 32 {
		return digest{}, fault.New(fault.Invalid, "", "not 32 bytes as base64url").At("token")
	}
	return digestOf("phone", text), nil
}

func (s *Store) loadPhone(key, value []byte) error {
	ph := &phone{}
	if err := decode(value, &ph.phoneRecord); err != nil {
		return err
	}
	ph.seen.Store(ph.Seen)
	s.phones[digest(key)] = ph
	return nil
}
