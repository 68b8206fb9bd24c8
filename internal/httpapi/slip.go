package httpapi

import (
	"github.com/gorilla/mux"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// A slip is of so many days unless told otherwise, and of so many at most.
const (
	slipDays    = 14
	mostSlipped = 92
)

func (a *api) slip(c *call) error {
	inc, err := event.ParseID(mux.Vars(c.Request)["id"])
	if err != nil {
		return fault.New(fault.Invalid, "", "want an id").At("id")
	}
	q := c.query("from", "to")
	to := q.day("to", activity.DayOf(a.Clock.Now()))
	from := q.day("from", to-slipDays+1)
	if from > to || to-from >= mostSlipped {
		q.fail("from", "want at most 92 days, the first one first")
	}
	if q.err != nil {
		return q.err
	}
	reply, err := a.Phones.Slip(c.Context(), c.caller(), inc, from, to)
	if err != nil {
		return err
	}
	return c.reply(reply)
}
