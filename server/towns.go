package main

import (
	"context"
	"fmt"
	"regexp"

	"lofteslogg/internal/access"
	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// firstTown makes the example town when there is none, or when a power cut left it empty.
func (h *house) firstTown(ctx context.Context) error {
	towns, err := h.Towns(ctx)
	switch {
	case err != nil:
		return err
	case len(towns) == 0 && len(h.replica.Broken()) > 0:
		return nil // what cannot be read is not replaced; readyz and the log tell of it
	case len(towns) == 0:
		return h.begin(ctx, event.ID{}, func(events []*event.Event) []*event.Event { return events })
	case len(towns) == 1 && towns[0].Slug == "":
		return h.begin(ctx, towns[0].ID, func(events []*event.Event) []*event.Event { return events })
	}
	return nil
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// AddTown makes a town with the example's catalogue, and neither its places nor its pledge.
func (h *house) AddTown(ctx context.Context, t newTown) (wire.Town, error) {
	if t.Name == "" || len(t.Slug) > 40 || !slug.MatchString(t.Slug) {
		return wire.Town{}, fault.New(fault.Invalid, "", "want a name, and a slug of a-z, 0-9 and hyphens").At("slug")
	}
	h.adding.Lock()
	defer h.adding.Unlock()
	if _, err := h.town(ctx, t.Slug); fault.KindOf(err) != fault.NotFound {
		return wire.Town{}, fault.New(fault.Conflict, "", "a town is called %s already", t.Slug).At("slug")
	}
	err := h.begin(ctx, event.ID{}, func(events []*event.Event) []*event.Event { return bare(events, t) })
	if err != nil {
		return wire.Town{}, err
	}
	return h.town(ctx, t.Slug)
}

// bare keeps the town and the catalogue of the example, and names the town.
func bare(events []*event.Event, t newTown) []*event.Event {
	var out []*event.Event
	for _, e := range events {
		switch e.New.Type {
		case activity.TypeTown:
			e.Set = []event.Field{{Name: "name", Value: event.Text(t.Name)}, {Name: "slug", Value: event.Text(t.Slug)}}
		case activity.TypeCatalog:
		default:
			continue
		}
		out = append(out, e)
		e.N = uint64(len(out))
	}
	return out
}

// begin makes a town and its first coordinator, who writes what the town begins with. A town without its first
// events is begun anew with an id that is given.
func (h *house) begin(ctx context.Context, town event.ID, choose func([]*event.Event) []*event.Event) error {
	var err error
	if town.IsZero() {
		if town, err = event.NewID(); err != nil {
			return err
		}
		if err := h.replica.Create(ctx, town); err != nil {
			return err
		}
	}
	by, err := h.access.AddPerson(access.Person{Town: town, Role: access.Coordinator})
	if err != nil {
		return err
	}
	inc, err := event.NewID()
	if err != nil {
		return err
	}
	events, err := pledge.Munkfors(&pledge.Writer{Town: town, Inc: inc, By: by.ID, Now: h.outside.clock.Now(), NewID: event.NewID})
	if err != nil {
		return err
	}
	return h.write(ctx, by, inc, choose(events))
}

// write pushes events as any installation does.
func (h *house) write(ctx context.Context, by access.Person, inc event.ID, events []*event.Event) error {
	req := &wire.PushRequest{P: 1, Town: by.Town, Inc: inc, Wall: h.outside.clock.Now().UnixMilli(), App: "server"}
	for _, e := range events {
		req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
	}
	reply, err := h.replica.Push(ctx, replica.Caller{Town: by.Town, Account: by.ID, Role: replica.Coordinator}, req)
	if err != nil {
		return fmt.Errorf("write to the town: %w", err)
	}
	for _, res := range reply.Res {
		if res.C != wire.ResOK {
			return fmt.Errorf("write to the town: event %s is %s: %s %s", res.ID, res.C, res.Why, res.Detail)
		}
	}
	return nil
}
