// Package httpapi is the HTTP side of docs/api/openapi.yaml, and serves the web app's files.
//
// routes.go has every route on one screen; problem.go turns errors into documents that people can read; each resource
// has a file. Nothing here decides what an event means, and nothing that a request carries is ever logged.
package httpapi

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"

	"lofteslogg/internal/access"
	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// Sync takes in events and hands out what changed; replica.Replica is one.
type Sync interface {
	Push(ctx context.Context, caller replica.Caller, req *wire.PushRequest) (*wire.PushReply, error)
	Changes(ctx context.Context, caller replica.Caller, cur, head string, limit int) (*wire.ChangesReply, error)
	Digest(ctx context.Context, caller replica.Caller) (*wire.DigestReply, error)
	History(ctx context.Context, caller replica.Caller, e event.ID) (*wire.HistoryReply, error)
	Catalog(ctx context.Context, caller replica.Caller) (*wire.CatalogReply, error)
	Watch(town event.ID) (pokes <-chan struct{}, stop func())
}

// Figures says how the pledge goes. A year of 0 is the present one.
type Figures interface {
	FollowUp(ctx context.Context, town event.ID, year int) (*wire.FollowUp, error)
	Entries(ctx context.Context, town event.ID, q wire.EntriesQuery) (*wire.EntriesReply, error)
	Places(ctx context.Context, town event.ID) (*wire.PlacesReply, error)
	Parties(town event.ID) []wire.Party
	Town(town event.ID) wire.Town
}

// Phones says what phones last told of their queues and what came from them, and has writers judged anew; replica.Replica is one.
type Phones interface {
	Slip(ctx context.Context, caller replica.Caller, inc event.ID, from, to activity.Day) (*wire.Slip, error)
	Queues(ctx context.Context, town event.ID) (map[event.ID]replica.Queue, error)
	JudgeWriters(ctx context.Context, town event.ID) error
	Poke(town event.ID)
}

// Attention says what needs a look; replica.Replica is one.
type Attention interface {
	Attention(ctx context.Context, town event.ID, phones []replica.Phone, list bool) (*wire.Attention, error)
}

// Options are what the API stands on. All but Public, Files, Proxies, Meter and Crowded are needed.
type Options struct {
	Sync      Sync
	Figures   Figures
	Phones    Phones
	Attention Attention
	Access    *access.Store
	Log       *slog.Logger
	Clock     clock.Clock
	Version   string

	// Ready says why the towns cannot be read and written, or nil.
	Ready func(context.Context) error

	// Loading tells whether figures are still being read after a start.
	Loading func() bool

	// Closing is closed when the server stops, so that streams end.
	Closing <-chan struct{}

	// Public is where people reach the server; https makes the cookie Secure and the site HTTPS for good. Nil means
	// this machine alone, without TLS.
	Public *url.URL

	// Files are the built web app, nil when it was not built.
	Files fs.FS

	// Proxies are the networks whose word about the asker's address is believed.
	Proxies []netip.Prefix

	// Meter is told what is answered.
	Meter Meter

	// Crowded tells whether there is room for those alone who are signed in, and for who asks after our health.
	Crowded func() bool
}

type api struct {
	Options
	files     *site
	paces     paces[[32]byte]
	strangers paces[netip.Prefix]
	streams   streams
	checked   checked
}

// New makes the handler of everything the server answers. It fails when the web app's files cannot be read, or
// the public address is none.
func New(o Options) (http.Handler, error) {
	files, err := readSite(o.Files)
	if err != nil {
		return nil, err
	}
	if o.Meter == nil {
		o.Meter = nobody{}
	}
	if o.Crowded == nil {
		o.Crowded = func() bool { return false }
	}
	a := &api{Options: o, files: files}
	a.paces.pace, a.strangers.pace = each, ofStrangers
	guarded, err := a.guarded(a.router())
	if err != nil {
		return nil, err
	}
	return a.logged(guarded), nil
}

func (a *api) https() bool { return a.Public != nil && a.Public.Scheme == "https" }
