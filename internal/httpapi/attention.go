package httpapi

import (
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
)

// attention lists what needs a look, or only counts it.
func (a *api) attention(c *call) error {
	q := c.query("list")
	list := q.truth("list", true)
	if q.err != nil {
		return q.err
	}
	town := c.who.Person.Town
	reply, err := a.Attention.Attention(c.Context(), town, a.openPhones(town), list)
	if err != nil {
		return err
	}
	return c.reply(reply)
}

// openPhones lists the phones that may come in.
func (a *api) openPhones(town event.ID) []replica.Phone {
	out := []replica.Phone{}
	for _, e := range a.Access.Roster(town) {
		for _, p := range e.Phones {
			if p.Revoked == 0 && e.Revoked == 0 {
				out = append(out, replica.Phone{Incs: p.Incs, Account: e.ID, Seen: p.Seen})
			}
		}
	}
	return out
}
