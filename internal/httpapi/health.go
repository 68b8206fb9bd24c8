package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"lofteslogg/internal/wire"
)

const (
	readyLimit = 2 * time.Second
	readyKept  = time.Second // anyone may ask, and looking takes a turn at every town
)

// checked is whether the towns could be read and written when it was last looked.
type checked struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (k *checked) ready(ctx context.Context, a *api) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if since := a.Clock.Now().Sub(k.at); since >= 0 && since < readyKept {
		return k.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyLimit)
	defer cancel()
	k.err = a.Ready(ctx)
	k.at = a.Clock.Now()
	return k.err
}

func (a *api) healthz(c *call) error { return c.reply(wire.Health{OK: true, Version: a.Version}) }

// readyz tells by kind alone why it is not ready: anyone may ask. Whoever can take what phones push is ready, though the
// desk may have to wait for the figures.
func (a *api) readyz(c *call) error {
	select {
	case <-a.Closing:
		return c.replyAs(http.StatusServiceUnavailable, wire.Health{Version: a.Version, Why: "closing"})
	default:
	}
	if err := a.checked.ready(c.Context(), a); err != nil {
		noteOf(c.Request).err = err
		code, _ := describe(err)
		return c.replyAs(http.StatusServiceUnavailable, wire.Health{Version: a.Version, Why: code})
	}
	out := wire.Health{OK: true, Version: a.Version}
	if a.Loading() {
		out.Figures = wire.FiguresLoading
	}
	return c.reply(out)
}
