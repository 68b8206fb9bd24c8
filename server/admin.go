package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"lofteslogg/internal/access"
	"lofteslogg/internal/wire"
)

// The command line reaches a running server by a socket in the data folder, which only its owner may enter.
const socketName = "admin.sock"

func socketIn(data string) string { return filepath.Join(data, socketName) }

// adminAsk and adminReply are all that passes over the socket.
type adminAsk struct {
	Town       *newTown       `json:"town,omitempty"`
	Edition    *newEdition    `json:"edition,omitempty"`
	Invitation *newInvitation `json:"invitation,omitempty"`
	PeopleOf   *string        `json:"people_of,omitempty"`
	Revoke     string         `json:"revoke,omitempty"`
	Restore    string         `json:"restore,omitempty"`
	Backup     *newBackup     `json:"backup,omitempty"`
	Health     bool           `json:"health,omitempty"`
	Adopt      *adoption      `json:"adopt,omitempty"`
	PutBack    *putBack       `json:"put_back,omitempty"`
	Copy       *string        `json:"copy,omitempty"`
}

type adminReply struct {
	Error    string          `json:"error,omitempty"`
	Towns    []wire.Town     `json:"towns,omitempty"`
	Catalog  *catalog        `json:"catalog,omitempty"`
	Invited  *invited        `json:"invited,omitempty"`
	People   []access.Person `json:"people,omitempty"`
	Restored *restored       `json:"restored,omitempty"`
	Health   []townHealth    `json:"health,omitempty"`
	Made     *backup         `json:"made,omitempty"`
	Copied   *copied         `json:"copied,omitempty"`
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
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<20))
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		reply, err := h.administer(r.Context(), &a)
		if err != nil {
			reply = adminReply{Error: advise(err).Error()}
		}
		_ = json.NewEncoder(w).Encode(reply) // whoever hung up asks again
	})
}

func (h *house) administer(ctx context.Context, a *adminAsk) (out adminReply, err error) {
	switch {
	case a.Backup != nil:
		var b backup
		b, err = h.Backup(ctx, *a.Backup)
		out.Made = &b
	case a.Health:
		out.Health, err = h.Health(ctx)
	case a.Adopt != nil:
		err = h.Adopt(ctx, *a.Adopt)
	case a.PutBack != nil:
		var r restored
		r, err = h.PutBack(ctx, *a.PutBack)
		out.Restored = &r
	case a.Copy != nil:
		var c copied
		c, err = h.Copy(ctx, *a.Copy)
		out.Copied = &c
	case a.Town != nil:
		var t wire.Town
		t, err = h.AddTown(ctx, *a.Town)
		out.Towns = []wire.Town{t}
	case a.Edition != nil:
		var c catalog
		c, err = h.Catalog(ctx, *a.Edition)
		out.Catalog = &c
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
