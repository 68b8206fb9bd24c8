package main

import (
	"context"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// Invite makes an invitation and the links for it.
func (h *house) Invite(ctx context.Context, i newInvitation) (invited, error) {
	town, err := h.town(ctx, i.Town)
	if err != nil {
		return invited{}, err
	}
	as, err := account(i.Account)
	if err != nil {
		return invited{}, fault.New(fault.Invalid, "", "%w", err).At("account")
	}
	return h.invite(town, access.Invitation{Town: town.ID, Role: access.Role(i.Role), Name: i.Name, Party: i.Party, Account: as})
}

func (h *house) invite(town wire.Town, i access.Invitation) (invited, error) {
	codes, err := h.access.Invite(i)
	if err != nil {
		return invited{}, err
	}
	out := invited{
		Town: town, Role: string(i.Role), Code: codes.Short, Until: time.UnixMilli(codes.Until),
		Phone: h.link("/app/", codes.Link),
	}
	if i.Role.AtDesk() {
		out.Desk = h.link("/desk/", codes.Link)
	}
	return out, nil
}

// link has the code in its fragment, which browsers keep to themselves.
func (h *house) link(path, code string) string { return h.base.JoinPath(path).String() + "#k=" + code }

// People lists the people of a town.
func (h *house) People(ctx context.Context, town string) ([]access.Person, error) {
	t, err := h.town(ctx, town)
	if err != nil {
		return nil, err
	}
	return h.access.People(t.ID), nil
}

// Revoke shuts somebody out or lets them in again, and has what waited for that judged anew.
func (h *house) Revoke(ctx context.Context, text string, shut bool) error {
	id, err := account(text)
	if err != nil {
		return fault.New(fault.Invalid, "", "%w", err).At("account")
	}
	for _, town := range h.replica.Towns() {
		if _, ok := h.access.Person(town, id); !ok {
			continue
		}
		if shut {
			return h.access.Revoke(town, id)
		}
		if err := h.access.Restore(town, id); err != nil {
			return err
		}
		return h.replica.JudgeWriters(ctx, town)
	}
	return fault.New(fault.NotFound, "", "there is no account %s", text)
}
