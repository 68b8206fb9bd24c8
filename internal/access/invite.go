package access

import (
	"net/netip"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Invitation is what a code is for.
type Invitation struct {
	Town    event.ID `json:"town"`
	Role    Role     `json:"role"`
	Name    string   `json:"name"`    // of the one who is invited, when it is known
	Party   string   `json:"party"`   // slug, when it is known
	Account event.ID `json:"account"` // to come in as; zero makes a new account
}

// inviteRecord is an invitation as it is kept. Phone is the token that used it, so that a lost reply can be repeated.
type inviteRecord struct {
	Invitation
	ID     event.ID `json:"id"`
	Link   digest   `json:"link"`
	Short  digest   `json:"short"`
	Until  int64    `json:"until"`
	Used   int64    `json:"used"`
	Person event.ID `json:"person"`
	Phone  digest   `json:"phone"`
}

type invitation struct{ inviteRecord }

// Invite makes an invitation that can be used once, within CodeLife. The codes are never seen again. fault.Invalid for
// another role than the three, fault.NotFound for an account that the town has not, or that has another role.
func (s *Store) Invite(i Invitation) (Codes, error) {
	if err := s.checkInvitation(i); err != nil {
		return Codes{}, err
	}
	id, err := event.NewID()
	if err != nil {
		return Codes{}, err
	}
	codes := Codes{Link: newLink(), Short: newShort(), Until: s.clock.Now().Add(CodeLife).UnixMilli()}
	r := inviteRecord{
		Invitation: i, ID: id, Until: codes.Until,
		Link: readCode(codes.Link).digest, Short: readCode(codes.Short).digest,
	}
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.commit(r.change()); err != nil {
		return Codes{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(r)
	return codes, nil
}

func (s *Store) checkInvitation(i Invitation) error {
	if !i.Role.Valid() {
		return fault.New(fault.Invalid, "", "role %q is neither field, coordinator nor reader", string(i.Role)).At("role")
	}
	if i.Account.IsZero() {
		return nil
	}
	if p, ok := s.Person(i.Town, i.Account); !ok || p.Revoked != 0 || p.Role != i.Role {
		return fault.New(fault.NotFound, "", "there is no account %s with that role", i.Account).At("account")
	}
	return nil
}

func (r *inviteRecord) change() change { return change{inviteBucket, r.ID[:], r} }

// remember puts an invitation where both its codes find it. The caller holds s.mu.
func (s *Store) remember(r inviteRecord) {
	i := &invitation{r}
	s.codes[r.Link], s.codes[r.Short] = i, i
}

// Look tells what a code is for and until when, without using it up. from is where it was shown. fault.NotFound for
// what never was a code, which counts as a guess; fault.Gone (code-used, code-old) for what was one; fault.TooMany when
// too much was guessed.
func (s *Store) Look(text string, from netip.Addr) (Invitation, time.Time, error) {
	i, err := s.find(readCode(text), from)
	if err != nil {
		return Invitation{}, time.Time{}, err
	}
	if err := i.open(s.clock.Now()); err != nil {
		return Invitation{}, time.Time{}, err
	}
	return i.Invitation, time.UnixMilli(i.Until), nil
}

func (i *invitation) open(now time.Time) error {
	switch {
	case i.Used != 0:
		return fault.New(fault.Gone, "code-used", "the code is used").At("code")
	case now.UnixMilli() >= i.Until:
		return fault.New(fault.Gone, "code-old", "the code is too old").At("code")
	}
	return nil
}

func (s *Store) find(c code, from netip.Addr) (found *invitation, err error) {
	look := func() bool {
		s.mu.RLock()
		defer s.mu.RUnlock()
		found = s.codes[c.digest]
		return found != nil
	}
	if c.typed && c.usable {
		err = s.guesses.try(from, s.clock.Now(), look)
	} else if c.usable {
		look()
	}
	if err == nil && found == nil {
		err = fault.New(fault.NotFound, "code-unknown", "there is no such code").At("code")
	}
	return found, err
}

func (s *Store) loadInvite(_, value []byte) error {
	var r inviteRecord
	if err := decode(value, &r); err != nil {
		return err
	}
	s.remember(r)
	return nil
}
