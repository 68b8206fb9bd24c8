package httpapi

import (
	"context"
	"time"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

func (a *api) push(c *call) error {
	var req wire.PushRequest
	if err := c.read(&req); err != nil {
		return err
	}
	if err := checkPush(c, &req); err != nil {
		return err
	}
	a.Access.Said(c.who, req.Inc, req.App, req.Persisted)
	ctx, cancel := context.WithTimeout(c.Context(), queueLimit)
	defer cancel()
	reply, err := a.Sync.Push(ctx, c.caller(), &req)
	if err != nil {
		return err
	}
	a.measure(reply)
	return c.reply(reply)
}

// queueLimit is how long a push waits for its turn on a slow disk. What waits longer is told to come again, before its phone
// gives up and sends all of it anew; what had its turn is waited for.
const queueLimit = 10 * time.Second

// checkPush checks what the document says of the batch. What is wrong with one event is said in its result, and a
// wrong clock is no fault.
func checkPush(c *call, req *wire.PushRequest) error {
	switch {
	case req.P != 1:
		return fault.New(fault.Invalid, "protocol", "version %d is not known here", req.P).At("p")
	case req.Town != c.who.Person.Town:
		return fault.New(fault.Denied, "town", "signed in for another town").At("town")
	case req.Turn < 0:
		return fault.New(fault.Invalid, "", "less than nothing").At("turn")
	case req.Pending < 0:
		return fault.New(fault.Invalid, "", "less than nothing").At("pending")
	case req.Head != nil && (req.Head.Epoch.IsZero() || len(req.Head.Chain) != 64):
		return fault.New(fault.Invalid, "", "want epoch, seq and chain, or null").At("head")
	}
	return text(req.App, 64, "app")
}

func (a *api) changes(c *call) error {
	q := c.query("cur", "head", "limit")
	cur, head, limit := q.text("cur"), q.text("head"), q.whole("limit", 1000, 200)
	if q.err != nil {
		return q.err
	}
	reply, err := a.Sync.Changes(c.Context(), c.caller(), cur, head, limit)
	if err != nil {
		return err
	}
	return c.reply(reply)
}

func (a *api) catalog(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	reply, err := a.Sync.Catalog(c.Context(), c.caller())
	if err != nil {
		return err
	}
	return c.reply(reply)
}

func (a *api) digest(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	reply, err := a.Sync.Digest(c.Context(), c.caller())
	if err != nil {
		return err
	}
	return c.reply(reply)
}
