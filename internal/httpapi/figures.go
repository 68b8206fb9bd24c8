package httpapi

import "lofteslogg/internal/wire"

func (a *api) followUp(c *call) error {
	q := c.query("year")
	year := q.whole("year", 100, 0)
	if q.err != nil {
		return q.err
	}
	reply, err := a.Figures.FollowUp(c.Context(), c.who.Person.Town, year)
	if err != nil {
		return err
	}
	return c.reply(reply)
}

func (a *api) entries(c *call) error {
	q := c.query("measure", "kind", "year", "month", "party", "place", "counted", "after", "limit")
	want := wire.EntriesQuery{
		Measure: q.id("measure"), Kind: q.text("kind"), Year: q.whole("year", 100, 0), Month: q.month("month"),
		Party: q.text("party"), Place: q.id("place"), Voided: !q.truth("counted", true), After: q.text("after"), Limit: q.whole("limit", 500, 100),
	}
	if q.err != nil {
		return q.err
	}
	reply, err := a.Figures.Entries(c.Context(), c.who.Person.Town, want)
	if err != nil {
		return err
	}
	return c.reply(reply)
}

func (a *api) places(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	reply, err := a.Figures.Places(c.Context(), c.who.Person.Town)
	if err != nil {
		return err
	}
	return c.reply(reply)
}
