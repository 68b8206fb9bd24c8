package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"lofteslogg/internal/access"
	"lofteslogg/internal/carbon"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/metrics"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/report"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/wire"
)

// house is a data folder that this process has: the towns, the people, and what reads them.
type house struct {
	outside *outside
	data    string // the folder
	engine  *boltstore.Engine
	access  *access.Store
	replica *replica.Replica
	figures *report.Figures
	shelf   *shelf
	copies  *carbon.Copies
	owing   owing
	base    *url.URL // of links
	filled  chan replica.Filled
	meter   *metrics.Metrics

	adding  sync.Mutex      // held by who adds a town
	closing <-chan struct{} // closed when the server stops; nil in a command of its own
}

// openHouse makes the folder when it is missing and takes it for this process.
func openHouse(ctx context.Context, o *outside, c *config.Config, p *policy) (*house, error) {
	base, err := baseOf(c)
	if err != nil {
		return nil, err
	}
	meter := newMeter()
	engine, err := openEngine(c, measured(o.engine, meter))
	if err != nil {
		return nil, err
	}
	h := &house{outside: o, data: c.Data, engine: engine, copies: carbon.In(c.Data), base: base, meter: meter, filled: make(chan replica.Filled, mostFilled)}
	if err := h.open(ctx, c, p); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func openEngine(c *config.Config, options boltstore.Options) (*boltstore.Engine, error) {
	if err := beginFolder(c); err != nil {
		return nil, err
	}
	if err := os.Chmod(c.Data, 0o700); err != nil && !errors.Is(err, syscall.EROFS) { //nolint:gosec // a folder needs its x
		return nil, fmt.Errorf("keep the data folder to this user: %w", err)
	}
	return boltstore.Open(c.Data, options)
}

func (h *house) open(ctx context.Context, c *config.Config, p *policy) (err error) {
	if h.shelf, err = newShelf(c, p); err != nil {
		return err
	}
	if h.access, err = access.Open(filepath.Join(c.Data, accessName), h.outside.clock); err != nil {
		return fmt.Errorf("who may come in cannot be read, and no town was touched: %w. Unless that says what to do, move the file away and put %s of the newest backup in its place", err, accessName)
	}
	h.replica, err = replica.Open(ctx, h.engine, people{h.access}, replica.Options{
		Clock: h.outside.clock, Kept: h.shelf.kept, Shut: h.access.Shut, Left: h.access.Left, Connected: h.access.Connected,
		Tables: tables{c.Data}, Filled: h.noteFilled, Copies: h.copies,
	})
	if err != nil {
		return err
	}
	h.figures = report.New(h.replica, h.outside.clock)
	return nil
}

// mostFilled is how many towns can be noted as filled before somebody asks.
const mostFilled = 1024

// noteFilled never waits: a command of its own has nobody who asks.
func (h *house) noteFilled(f replica.Filled) {
	select {
	case h.filled <- f:
	default:
	}
}

// people tells replica what it needs to know of an account.
type people struct{ access *access.Store }

// Person finds an account of a town.
func (p people) Person(town, account event.ID) (replica.Person, bool) {
	found, ok := p.access.Person(town, account)
	return replica.Person{Role: replica.Role(found.Role), Party: found.Party, Revoked: found.Revoked != 0}, ok
}

func (h *house) close() error {
	var err error
	if h.replica != nil {
		h.replica.Close()
	}
	if h.access != nil {
		err = h.access.Close()
	}
	return errors.Join(err, h.engine.Close())
}

func (h *house) closeInto(err *error) { *err = errors.Join(*err, h.close()) }

// loading tells whether figures are still being read. Phones do not wait for them.
func (h *house) loading() bool {
	under, _ := h.replica.Filling()
	return len(under) > 0
}

// ready tells whether every town can be read and written. It waits for its turn to write and writes nothing.
func (h *house) ready(ctx context.Context) error {
	for id, err := range h.replica.Broken() {
		return fmt.Errorf("town %s: %w", id, err)
	}
	_, failed := h.replica.Filling()
	for id, err := range failed {
		return fmt.Errorf("figures of town %s: %w", id, err)
	}
	for _, id := range h.replica.Towns() {
		err := h.engine.Update(ctx, id, func(tx store.Tx) error {
			_, err := tx.Get(store.Meta, []byte("head"))
			return err
		})
		if err != nil {
			return fmt.Errorf("town %s: %w", id, err)
		}
	}
	return nil
}

// Towns lists the towns, the oldest first.
func (h *house) Towns(context.Context) ([]wire.Town, error) {
	out := []wire.Town{}
	for _, id := range h.replica.Towns() {
		out = append(out, h.figures.Town(id))
	}
	slices.SortFunc(out, func(a, b wire.Town) int { return a.ID.Compare(b.ID) })
	return out, nil
}

// town finds a town by slug or id; with no name, the only one.
func (h *house) town(ctx context.Context, name string) (wire.Town, error) {
	towns, err := h.Towns(ctx)
	if err != nil {
		return wire.Town{}, err
	}
	if name == "" && len(towns) == 1 {
		return towns[0], nil
	}
	named := slices.DeleteFunc(slices.Clone(towns), func(t wire.Town) bool { return name == "" || t.Slug != name && t.ID.String() != name })
	switch {
	case len(named) == 1:
		return named[0], nil
	case len(named) > 1:
		return wire.Town{}, fault.New(fault.Conflict, "", "%d towns are called %s: say which by its id, see town list", len(named), name)
	case name == "" && len(towns) > 0:
		return wire.Town{}, fault.New(fault.NotFound, "", "there are %d towns: say which with --town, such as %s", len(towns), towns[0].Slug)
	}
	return wire.Town{}, fault.New(fault.NotFound, "", "no town %q among %d: town list shows them", name, len(towns))
}
