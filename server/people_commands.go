package main

import (
	"context"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/config"
)

type personCmd struct {
	List    personListCmd    `cmd:"" help:"List the people of a town."`
	Revoke  personRevokeCmd  `cmd:"" help:"Shut somebody out. What their phones still hold can be sent, and waits for the coordinator."`
	Restore personRestoreCmd `cmd:"" help:"Let somebody in again."`
	Role    personRoleCmd    `cmd:"" help:"Give somebody another role."`
}

type personListCmd struct {
	Town string `help:"Slug or id of the town; may be left out when there is one." placeholder:"SLUG"`
}

// Run lists the people.
func (cmd *personListCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error {
		people, err := s.Roster(ctx, cmd.Town)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, p := range people {
			state := "since " + time.UnixMilli(p.Created).Format(time.DateOnly)
			if p.Revoked != 0 {
				state = "shut out " + time.UnixMilli(p.Revoked).Format(time.DateOnly)
			}
			rows = append(rows, []string{p.ID.String(), string(p.Role), p.Party, p.Name, state})
		}
		return table(o.stdout, rows)
	})
}

type personRevokeCmd struct {
	Account string `arg:"" help:"Id of the account; see person list."`
}

// Run shuts the person out.
func (cmd *personRevokeCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error { return s.Revoke(ctx, cmd.Account, true) })
}

type personRestoreCmd struct {
	Account string `arg:"" help:"Id of the account; see person list."`
}

// Run lets the person in again.
func (cmd *personRestoreCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error { return s.Revoke(ctx, cmd.Account, false) })
}

type personRoleCmd struct {
	Account string `arg:"" help:"Id of the account; see person list."`
	Role    string `arg:"" enum:"field,coordinator,reader" help:"field, coordinator or reader."`
}

// Run gives the person the role.
func (cmd *personRoleCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error { return s.Role(ctx, newRole{Account: cmd.Account, Role: cmd.Role}) })
}

type phoneCmd struct {
	List    phoneListCmd    `cmd:"" help:"List the phones of a town."`
	Revoke  phoneRevokeCmd  `cmd:"" help:"Shut a phone out. What it still holds can be sent, and waits for the coordinator."`
	Restore phoneRestoreCmd `cmd:"" help:"Let a phone in again."`
}

type phoneListCmd struct {
	Town string `help:"Slug or id of the town; may be left out when there is one." placeholder:"SLUG"`
}

// Run lists the phones by the installation they are now, with whose they are and when they were heard from.
func (cmd *phoneListCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error {
		roster, err := s.Roster(ctx, cmd.Town)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, e := range roster {
			for _, p := range e.Phones {
				rows = append(rows, phoneRow(&e.Person, &p))
			}
		}
		return table(o.stdout, rows)
	})
}

func phoneRow(of *access.Person, p *access.Phone) []string {
	state := "heard from " + time.UnixMilli(p.Seen).Format(time.DateOnly)
	if p.Revoked != 0 {
		state = "shut out " + time.UnixMilli(p.Revoked).Format(time.DateOnly)
	}
	return []string{p.Incs[len(p.Incs)-1].String(), of.ID.String(), string(of.Role), of.Name, p.App, state}
}

type phoneRevokeCmd struct {
	Phone string `arg:"" help:"Id of the phone; see phone list."`
}

// Run shuts the phone out.
func (cmd *phoneRevokeCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error { return s.RevokePhone(ctx, cmd.Phone, true) })
}

type phoneRestoreCmd struct {
	Phone string `arg:"" help:"Id of the phone; see phone list."`
}

// Run lets the phone in again.
func (cmd *phoneRestoreCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error { return s.RevokePhone(ctx, cmd.Phone, false) })
}
