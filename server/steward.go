package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// steward does what the command line asks: in this process when it has the data folder, or else in the server's.
type steward interface {
	Towns(ctx context.Context) ([]wire.Town, error)
	AddTown(ctx context.Context, t newTown) (wire.Town, error)
	// Catalog tells of a town's catalogue; with a document it publishes that.
	Catalog(ctx context.Context, n newEdition) (catalog, error)
	Invite(ctx context.Context, i newInvitation) (invited, error)
	Role(ctx context.Context, r newRole) error
	Revoke(ctx context.Context, account string, shut bool) error
	Roster(ctx context.Context, town string) ([]access.Entry, error)
	RevokePhone(ctx context.Context, phone string, shut bool) error
}

// newRole gives an account another role.
type newRole struct {
	Account string `json:"account"`
	Role    string `json:"role"`
}

type newTown struct {
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// newInvitation names the town by slug or id; empty when there is one.
type newInvitation struct {
	Town    string `json:"town"`
	Role    string `json:"role"`
	Name    string `json:"name"`
	Party   string `json:"party"`
	Account string `json:"account"`
}

// invited is an invitation that was made. Desk is empty for field workers.
type invited struct {
	Town  wire.Town `json:"town"`
	Role  string    `json:"role"`
	Desk  string    `json:"desk,omitempty"`
	Phone string    `json:"phone"`
	Code  string    `json:"code"`
	Until time.Time `json:"until"`
}

// ask has do done by the running server, or by this process when none runs.
func ask(ctx context.Context, o *outside, c *config.Config, do func(steward) error) (err error) {
	if remote, ok := dial(ctx, c.Data); ok {
		return do(remote)
	}
	if err := founded(c); err != nil {
		return err
	}
	h, err := openHouse(ctx, o, c, &policy{})
	if err != nil {
		return err
	}
	defer h.closeInto(&err)
	return do(h)
}

// custodian looks after the files of the towns, in the same two ways as a steward.
type custodian interface {
	// Copy writes a copy of a town as it is now into the data folder; it is the caller's to remove.
	Copy(ctx context.Context, town string) (copied, error)
	Backup(ctx context.Context, b newBackup) (backup, error)
	PutBack(ctx context.Context, p putBack) (restored, error)
	// Erase takes away what people wrote, for good.
	Erase(ctx context.Context, e erasure) (erased, error)
	// Adopt brings in a town from a file that was made in the data folder.
	Adopt(ctx context.Context, a adoption) error
	People(ctx context.Context, town string) ([]access.Person, error)
	// Health tells how every town is, those that cannot be read too.
	Health(ctx context.Context) ([]townHealth, error)
}

type copied struct {
	Town wire.Town `json:"town"`
	Path string    `json:"path"`
}

// tend has do done as ask has.
func tend(ctx context.Context, o *outside, c *config.Config, p *policy, do func(custodian) error) (err error) {
	if remote, ok := dial(ctx, c.Data); ok {
		return do(remote)
	}
	if err := founded(c); err != nil {
		return err
	}
	h, err := openHouse(ctx, o, c, p)
	if err != nil {
		return err
	}
	defer h.closeInto(&err)
	return do(h)
}

// founded is an error where there is no data folder: a wrong path must not pass for a server without towns. What begins a
// folder makes it before it asks.
func founded(c *config.Config) error {
	at, err := filepath.Abs(c.Data)
	if err == nil {
		_, err = os.Stat(at)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no data folder at %s, and nothing was made or changed: name the server's with --data", at)
	}
	return nil // whatever else is wrong with it, opening it says
}

// beginFolder makes the data folder if there is none.
func beginFolder(c *config.Config) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// account reads an id that was typed.
func account(text string) (event.ID, error) {
	if text == "" {
		return event.ID{}, nil
	}
	return event.ParseID(text)
}
