package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

const adminLimit = 30 * time.Second

// remote is a steward in the server's process.
type remote struct{ client *http.Client }

// dial tells whether a server answers in the data folder.
func dial(ctx context.Context, data string) (*remote, bool) {
	d := net.Dialer{Timeout: time.Second}
	conn, err := d.DialContext(ctx, "unix", socketIn(data))
	if err != nil {
		return nil, false
	}
	_ = conn.Close() // it was only to see
	return &remote{&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", socketIn(data))
		},
		DisableKeepAlives: true,
	}}}, true
}

// ask has the server do what takes a moment.
func (r *remote) ask(ctx context.Context, a adminAsk) (adminReply, error) {
	ctx, cancel := context.WithTimeout(ctx, adminLimit)
	defer cancel()
	return r.wait(ctx, a)
}

// wait has the server do what takes as long as the town is large.
func (r *remote) wait(ctx context.Context, a adminAsk) (out adminReply, err error) {
	body, err := json.Marshal(a)
	if err != nil {
		return out, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://admin/", bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return out, fmt.Errorf("ask the running server: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10))
		return out, fmt.Errorf("the running server does not understand; is it of another version? %s", text)
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return out, fmt.Errorf("ask the running server: %w", err)
	}
	if out.Error != "" {
		return out, errors.New(out.Error)
	}
	return out, nil
}

// Towns lists the towns.
func (r *remote) Towns(ctx context.Context) ([]wire.Town, error) {
	out, err := r.ask(ctx, adminAsk{})
	return out.Towns, err
}

// AddTown makes a town.
func (r *remote) AddTown(ctx context.Context, t newTown) (wire.Town, error) {
	out, err := r.ask(ctx, adminAsk{Town: &t})
	if err != nil || len(out.Towns) != 1 {
		return wire.Town{}, errors.Join(err, missing(len(out.Towns) == 1))
	}
	return out.Towns[0], nil
}

// Catalog has the server tell of a town's catalogue, or publish another.
func (r *remote) Catalog(ctx context.Context, n newEdition) (catalog, error) {
	out, err := r.ask(ctx, adminAsk{Edition: &n})
	return given(out.Catalog, err)
}

// Invite makes an invitation.
func (r *remote) Invite(ctx context.Context, i newInvitation) (invited, error) {
	out, err := r.ask(ctx, adminAsk{Invitation: &i})
	if err != nil || out.Invited == nil {
		return invited{}, errors.Join(err, missing(out.Invited != nil))
	}
	return *out.Invited, nil
}

// People lists the people of a town.
func (r *remote) People(ctx context.Context, town string) ([]access.Person, error) {
	out, err := r.ask(ctx, adminAsk{PeopleOf: &town})
	return out.People, err
}

// Revoke shuts somebody out or lets them in again.
func (r *remote) Revoke(ctx context.Context, account string, shut bool) error {
	a := adminAsk{Restore: account}
	if shut {
		a = adminAsk{Revoke: account}
	}
	_, err := r.ask(ctx, a)
	return err
}

// Copy has the server write a copy of a town.
func (r *remote) Copy(ctx context.Context, town string) (copied, error) {
	out, err := r.wait(ctx, adminAsk{Copy: &town})
	return given(out.Copied, err)
}

// Backup has the server make a backup.
func (r *remote) Backup(ctx context.Context, b newBackup) (backup, error) {
	out, err := r.wait(ctx, adminAsk{Backup: &b})
	return given(out.Made, err)
}

// PutBack has the server restore a town.
func (r *remote) PutBack(ctx context.Context, p putBack) (restored, error) {
	out, err := r.wait(ctx, adminAsk{PutBack: &p})
	return given(out.Restored, err)
}

// Adopt has the server bring in a town.
func (r *remote) Adopt(ctx context.Context, a adoption) error {
	_, err := r.wait(ctx, adminAsk{Adopt: &a})
	return err
}

// Health asks how every town is.
func (r *remote) Health(ctx context.Context) ([]townHealth, error) {
	out, err := r.ask(ctx, adminAsk{Health: true})
	return out.Health, err
}

// given is what the server's reply has, unless it said why not.
func given[T any](v *T, err error) (T, error) {
	if err == nil {
		err = missing(v != nil)
	}
	if err != nil {
		var none T
		return none, err
	}
	return *v, nil
}

func missing(there bool) error {
	if there {
		return nil
	}
	return fault.New(fault.Internal, "", "the running server left out what was asked for")
}
