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
	"os"
	"path/filepath"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// The command line reaches a running server by a socket in the data folder, which only its owner may enter.
const (
	socketName = "admin.sock"
	adminLimit = 30 * time.Second
)

func socketIn(data string) string { return filepath.Join(data, socketName) }

// adminAsk and adminReply are all that passes over the socket.
type adminAsk struct {
	Town       *newTown       `json:"town,omitempty"`
	Invitation *newInvitation `json:"invitation,omitempty"`
	PeopleOf   *string        `json:"people_of,omitempty"`
	Revoke     string         `json:"revoke,omitempty"`
	Restore    string         `json:"restore,omitempty"`
}

type adminReply struct {
	Error   string          `json:"error,omitempty"`
	Towns   []wire.Town     `json:"towns,omitempty"`
	Invited *invited        `json:"invited,omitempty"`
	People  []access.Person `json:"people,omitempty"`
}

// listenAdmin opens the socket. What an earlier server left behind is removed: this one has the folder.
func listenAdmin(ctx context.Context, data string) (net.Listener, error) {
	path := socketIn(data)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("open %s (its whole path can have about 100 characters): %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// adminHandler answers the command line.
func adminHandler(h *house) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a adminAsk
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		reply, err := h.administer(r.Context(), &a)
		if err != nil {
			reply = adminReply{Error: err.Error()}
		}
		_ = json.NewEncoder(w).Encode(reply) // whoever hung up asks again
	})
}

func (h *house) administer(ctx context.Context, a *adminAsk) (out adminReply, err error) {
	switch {
	case a.Town != nil:
		var t wire.Town
		t, err = h.AddTown(ctx, *a.Town)
		out.Towns = []wire.Town{t}
	case a.Invitation != nil:
		var i invited
		i, err = h.Invite(ctx, *a.Invitation)
		out.Invited = &i
	case a.PeopleOf != nil:
		out.People, err = h.People(ctx, *a.PeopleOf)
	case a.Revoke != "":
		err = h.Revoke(ctx, a.Revoke, true)
	case a.Restore != "":
		err = h.Revoke(ctx, a.Restore, false)
	default:
		out.Towns, err = h.Towns(ctx)
	}
	return out, err
}

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
	return &remote{&http.Client{Timeout: adminLimit, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", socketIn(data))
		},
		DisableKeepAlives: true,
	}}}, true
}

func (r *remote) ask(ctx context.Context, a adminAsk) (out adminReply, err error) {
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

func missing(there bool) error {
	if there {
		return nil
	}
	return fault.New(fault.Internal, "", "the running server left out what was asked for")
}
