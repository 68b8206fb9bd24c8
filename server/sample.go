package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/sample"
	"lofteslogg/internal/wire"
)

type sampleCmd struct {
	TownName string `required:"" help:"What the new town is called." placeholder:"NAME"`
	Slug     string `help:"What it is called in addresses; made of the name when it is left out." placeholder:"SLUG"`
	Entries  int    `default:"1000" help:"How many entries: 1 to 1000000."`
	Seed     uint64 `default:"1" help:"The same seed gives the same entries, on the same day."`
}

// Run makes a town of made-up entries aside and brings it in. A town that is here is never written to.
func (cmd *sampleCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) (err error) {
	if cmd.Slug == "" {
		cmd.Slug = slugOf(cmd.TownName)
	}
	if cmd.Entries < 1 || cmd.Entries > 1_000_000 || len(cmd.Slug) > 40 || !slug.MatchString(cmd.Slug) {
		return fmt.Errorf("want --entries from 1 to 1000000, and a name or --slug of a-z, 0-9 and hyphens")
	}
	if err := beginFolder(c); err != nil {
		return err
	}
	if err := tend(ctx, o, c, p, func(k custodian) error { return nameIsFree(ctx, k, cmd.Slug) }); err != nil {
		return err
	}
	y, err := newYard(c, o)
	if err != nil {
		return err
	}
	defer y.clear(&err)
	town := sample.New(sample.Plan{Name: cmd.TownName, Slug: cmd.Slug, Entries: cmd.Entries, Seed: cmd.Seed, Until: o.clock.Now()})
	head, err := fill(ctx, y, town)
	if err != nil {
		return err
	}
	a := adoption{People: peopleOf(town)}
	if err := y.deliver(ctx, town.ID, &a); err != nil {
		return err
	}
	if err := tend(ctx, o, c, p, func(k custodian) error { return k.Adopt(ctx, a) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.stdout, "%s (%s) has %d made-up entries, seq %d. lofteslogg invite --role coordinator --town %s opens its desk.\n", cmd.TownName, cmd.Slug, cmd.Entries, head.Seq, cmd.Slug)
	return err
}

// nameIsFree refuses the name of a town that is here: what people wrote is never mixed with what was made up.
func nameIsFree(ctx context.Context, k custodian, slug string) error {
	towns, err := k.Health(ctx)
	if err != nil {
		return err
	}
	for _, t := range towns {
		if t.Slug == slug {
			return fault.New(fault.Conflict, "", "there is a town %s: made-up entries get a town of their own, choose another name", slug)
		}
	}
	return nil
}

var unslug = regexp.MustCompile(`[^a-z0-9]+`)

func slugOf(name string) string {
	plain := strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "é", "e").Replace(strings.ToLower(name))
	return strings.Trim(unslug.ReplaceAllString(plain, "-"), "-")
}

func peopleOf(t *sample.Town) []access.Person {
	list := []access.Person{{ID: t.Desk.ID, Town: t.ID, Name: t.Desk.Name, Role: access.Coordinator, Party: t.Desk.Parties[0]}}
	for _, p := range t.People {
		list = append(list, access.Person{ID: p.ID, Town: t.ID, Name: p.Name, Role: access.Field, Party: p.Parties[0]})
	}
	return list
}

// fill pushes all that the town's people send, each at its time.
func fill(ctx context.Context, y *yard, t *sample.Town) (head wire.Head, err error) {
	people := made{}
	for _, p := range peopleOf(t) {
		people[p.ID] = replica.Person{Role: replica.Role(p.Role), Party: p.Party}
	}
	now := &setClock{}
	r, err := replica.Open(ctx, y.engine, people, replica.Options{Clock: now, Random: t})
	if err != nil {
		return head, err
	}
	if err := r.Create(ctx, t.ID); err != nil {
		return head, err
	}
	send := func(b sample.Batch) error {
		now.set(b.At)
		req := &wire.PushRequest{P: 1, Town: t.ID, Inc: b.By.Inc, Wall: b.At.UnixMilli(), App: "sample", Persisted: true}
		for _, e := range b.Events {
			req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
		}
		reply, err := r.Push(ctx, replica.Caller{Town: t.ID, Account: b.By.ID, Role: people[b.By.ID].Role}, req)
		if err != nil {
			return err
		}
		head = reply.Head
		for _, res := range reply.Res {
			if res.C != wire.ResOK {
				return fmt.Errorf("a made-up event is %s: %s %s", res.C, res.Why, res.Detail)
			}
		}
		return nil
	}
	first, err := t.Founding()
	if err != nil {
		return head, err
	}
	if err := send(sample.Batch{By: t.Desk, At: t.Start(), Events: first}); err != nil {
		return head, err
	}
	return head, t.Each(send)
}

// made are people of a town that is made up.
type made map[event.ID]replica.Person

// Person finds one.
func (m made) Person(_, account event.ID) (replica.Person, bool) {
	p, ok := m[account]
	return p, ok
}

// setClock stands where it was set.
type setClock struct{ at atomic.Int64 }

func (c *setClock) set(t time.Time) { c.at.Store(t.UnixMilli()) }

// Now is where it stands.
func (c *setClock) Now() time.Time { return time.UnixMilli(c.at.Load()) }
