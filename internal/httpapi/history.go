package httpapi

import (
	"github.com/gorilla/mux"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

func (a *api) history(c *call) error {
	e, err := event.ParseID(mux.Vars(c.Request)["e"])
	if err != nil {
		return fault.New(fault.Invalid, "", "want an id").At("e")
	}
	if q := c.query(); q.err != nil {
		return q.err
	}
	reply, err := a.Sync.History(c.Context(), c.caller(), e)
	if err != nil {
		return err
	}
	return c.reply(reply)
}
