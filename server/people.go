package main

import (
	"context"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
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
	if shut {
		return h.settle(ctx, "there is no account "+text, func(town event.ID) error { return h.access.Revoke(town, id) })
	}
	return h.settle(ctx, "there is no account "+text, func(town event.ID) error { return h.access.Restore(town, id) })
}

// Role gives somebody another role. The last coordinator of a town stays one.
func (h *house) Role(ctx context.Context, r newRole) error {
	id, err := account(r.Account)
	if err != nil {
		return fault.New(fault.Invalid, "", "%w", err).At("account")
	}
	role := access.Role(r.Role)
	return h.settle(ctx, "there is no account "+r.Account, func(town event.ID) error {
		return h.access.Change(town, id, access.Changes{Role: &role})
	})
}

// Roster lists the people of a town with their phones.
func (h *house) Roster(ctx context.Context, town string) ([]access.Entry, error) {
	t, err := h.town(ctx, town)
	if err != nil {
		return nil, err
	}
	return h.access.Roster(t.ID), nil
}

// RevokePhone shuts a phone out or lets it in again.
func (h *house) RevokePhone(ctx context.Context, text string, shut bool) error {
	id, err := event.ParseID(text)
	if err != nil {
		return fault.New(fault.Invalid, "", "%w", err).At("phone")
	}
	change, none := h.access.RestorePhone, "no phone "+text+" is shut out"
	if shut {
		change, none = h.access.RevokePhone, "there is no phone "+text+" that may come in"
	}
	return h.settle(ctx, none, func(town event.ID) error { return change(town, id) })
}

// settle changes who may do what in the town that knows them, and has what waited for that judged anew.
func (h *house) settle(ctx context.Context, none string, change func(town event.ID) error) error {
	for _, town := range h.replica.Towns() {
		err := change(town)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		return h.replica.JudgeWriters(ctx, town)
	}
	return fault.New(fault.NotFound, "", "%s", none)
}
