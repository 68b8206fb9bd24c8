package httpapi

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

func (a *api) enrol(c *call) error {
	var req wire.EnrolRequest
	if err := c.read(&req); err != nil {
		return err
	}
	if err := checkEnrol(&req); err != nil {
		return err
	}
	p, err := a.Access.Enrol(access.Enrolment{
		Code: req.Code, Token: req.Token, Inc: req.Inc, App: req.App, Name: strings.TrimSpace(req.Name), Party: req.Party, From: a.from(c.Request),
	})
	if err != nil {
		return err
	}
	a.Phones.Poke(p.Town)
	return c.reply(wire.EnrolReply{Account: p.ID, Role: string(p.Role), Town: a.Figures.Town(p.Town), Now: a.Clock.Now().UnixMilli()})
}

func checkEnrol(req *wire.EnrolRequest) error {
	switch {
	case req.Inc.IsZero():
		return fault.New(fault.Invalid, "", "want an id").At("inc")
	case !slug.MatchString(req.Party):
		return fault.New(fault.Invalid, "", "want a slug, or nothing").At("party")
	}
	for _, t := range []struct {
		text string
		most int
		name string
	}{{req.Code, 64, "code"}, {req.Name, 80, "name"}, {req.App, 64, "app"}} {
		if err := text(t.text, t.most, t.name); err != nil {
			return err
		}
	}
	return nil
}

var slug = regexp.MustCompile(`^[a-z0-9_-]{0,40}$`)

// text checks that a text has at most so many characters, and none that cannot be seen.
func text(s string, most int, name string) error {
	if utf8.RuneCountInString(s) > most || strings.ContainsFunc(s, unicode.IsControl) {
		return fault.New(fault.Invalid, "", "want at most %d characters, all visible", most).At(name)
	}
	return nil
}

func (a *api) lookAtCode(c *call) error {
	code, err := c.code()
	if err != nil {
		return err
	}
	i, until, err := a.Access.Look(code, a.from(c.Request))
	if err != nil {
		return err
	}
	reply := wire.CodeReply{
		Role: string(i.Role), Town: a.Figures.Town(i.Town), Until: until.UnixMilli(), Parties: a.Figures.Parties(i.Town), Name: i.Name, Party: i.Party,
	}
	if p, ok := a.Access.Person(i.Town, i.Account); ok {
		reply.Account, reply.Name, reply.Party = &p.ID, p.Name, p.Party
	}
	return c.reply(reply)
}

// leave signs the one who asks out of the phone that asks.
func (a *api) leave(c *call) error {
	if c.who.Desk {
		return fault.New(fault.Denied, "", "a desk is no phone")
	}
	if q := c.query(); q.err != nil {
		return q.err
	}
	if err := a.Access.Leave(c.who); err != nil {
		return err
	}
	a.Phones.Poke(c.who.Person.Town)
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *call) code() (string, error) {
	var req wire.CodeRequest
	if err := c.read(&req); err != nil {
		return "", err
	}
	return req.Code, text(req.Code, 64, "code")
}
