package httpapi

import (
	"context"
	"net/http"
	"time"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

const readyLimit = 2 * time.Second

func (a *api) healthz(c *call) error { return c.reply(wire.Health{OK: true, Version: a.Version}) }

// readyz tells by kind alone why it is not ready: anyone may ask.
func (a *api) readyz(c *call) error {
	select {
	case <-a.Closing:
		return c.replyAs(http.StatusServiceUnavailable, wire.Health{Version: a.Version, Why: "closing"})
	default:
	}
	ctx, cancel := context.WithTimeout(c.Context(), readyLimit)
	defer cancel()
	if err := a.Ready(ctx); err != nil {
		noteOf(c.Request).err = err
		return c.replyAs(http.StatusServiceUnavailable, wire.Health{Version: a.Version, Why: fault.KindOf(err).String()})
	}
	return c.reply(wire.Health{OK: true, Version: a.Version})
}
