package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

func (a *api) people(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	town := c.who.Person.Town
	queues, err := a.Phones.Queues(c.Context(), town)
	if err != nil {
		return err
	}
	out := wire.PeopleReply{People: []wire.Person{}, Parties: a.Figures.Parties(town), Now: a.Clock.Now().UnixMilli()}
	for _, e := range a.Access.Roster(town) {
		p := wire.Person{
			Account: e.ID, Name: e.Name, Role: string(e.Role), Party: e.Party, Created: e.Created,
			Revoked: unlessZero(e.Revoked), Desk: unlessZero(e.Desk), Phones: []wire.Phone{},
		}
		for _, ph := range e.Phones {
			p.Phones = append(p.Phones, phoneOf(ph, queues, out.Now))
		}
		out.People = append(out.People, p)
	}
	return c.reply(out)
}

// phoneOf takes the queue of the installation that the phone was last.
func phoneOf(p access.Phone, queues map[event.ID]replica.Queue, now int64) wire.Phone {
	out := wire.Phone{
		ID: p.Incs[0], Incs: p.Incs, App: p.App, Created: p.Created, Seen: p.Seen, Persisted: p.Persisted, Revoked: unlessZero(p.Revoked), Left: unlessZero(p.Left),
		Silent: p.Left == 0 && now-p.Seen > replica.SilentAfter.Milliseconds(),
	}
	var last replica.Queue
	for _, inc := range p.Incs {
		if q := queues[inc]; q.Seen > last.Seen {
			last = q
		}
	}
	if last.Seen > 0 {
		out.Unsent, out.Oldest, out.Said = &last.Pending, unlessZero(last.Oldest), &last.Seen
	}
	return out
}

func unlessZero(ms int64) *int64 {
	if ms == 0 {
		return nil
	}
	return &ms
}

func (a *api) invite(c *call) error {
	var req wire.InvitationRequest
	if err := c.read(&req); err != nil {
		return err
	}
	if err := checkPerson(&req.Name, &req.Party); err != nil {
		return err
	}
	i := access.Invitation{Town: c.who.Person.Town, Role: access.Role(req.Role), Name: strings.TrimSpace(req.Name), Party: req.Party}
	if req.Account != nil {
		i.Account = *req.Account
	}
	codes, err := a.Access.Invite(i)
	if err != nil {
		return err
	}
	page := "/app/"
	if i.Role.AtDesk() {
		page = "/desk/"
	}
	return c.reply(wire.InvitationReply{Link: a.link(c, page, codes.Link), Code: codes.Short, Role: req.Role, Until: codes.Until})
}

// link leads to where people reach the server, or else to where the one who asks has reached it. The code is in the
// fragment, which browsers keep to themselves.
func (a *api) link(c *call, page, code string) string {
	base := a.Public
	if base == nil {
		base = &url.URL{Scheme: "http", Host: c.Host}
	}
	return base.JoinPath(page).String() + "#k=" + code
}

func checkPerson(name, party *string) error {
	if party != nil && !slug.MatchString(*party) {
		return fault.New(fault.Invalid, "", "want a slug, or nothing").At("party")
	}
	if name == nil {
		return nil
	}
	return text(*name, 80, "name")
}

func (a *api) changePerson(c *call) error {
	var req wire.PersonRequest
	if err := c.read(&req); err != nil {
		return err
	}
	if err := checkPerson(req.Name, req.Party); err != nil {
		return err
	}
	changes := access.Changes{Name: req.Name, Party: req.Party, Role: (*access.Role)(req.Role)}
	if req.Name != nil {
		trimmed := strings.TrimSpace(*req.Name)
		changes.Name = &trimmed
	}
	return a.settle(c, "account", func(town, account event.ID) error { return a.Access.Change(town, account, changes) })
}

func (a *api) revokePerson(c *call) error { return a.settle(c, "account", a.Access.RevokeSpared) }

func (a *api) restorePerson(c *call) error { return a.settle(c, "account", a.Access.Restore) }

func (a *api) revokePhone(c *call) error { return a.settle(c, "id", a.Access.RevokePhone) }

func (a *api) restorePhone(c *call) error { return a.settle(c, "id", a.Access.RestorePhone) }

// settle changes who may do what, and then has what waited for that judged anew. When the judging fails the change
// stands, and asking again is right.
func (a *api) settle(c *call, name string, change func(town, id event.ID) error) error {
	id, err := event.ParseID(mux.Vars(c.Request)[name])
	if err != nil {
		return fault.New(fault.Invalid, "", "want an id").At(name)
	}
	if q := c.query(); q.err != nil {
		return q.err
	}
	town := c.who.Person.Town
	if err := change(town, id); err != nil {
		return err
	}
	if err := a.Phones.JudgeWriters(c.Context(), town); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
