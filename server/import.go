package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"lofteslogg/internal/access"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/ledger"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/report"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/wire"
)

type importCmd struct {
	File string `arg:"" help:"What lofteslogg export wrote."`
}

// Run makes the town in a folder aside, has it verified, and brings it in whole or not at all.
func (cmd *importCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) (err error) {
	in, err := os.Open(cmd.File)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	y, err := newYard(c, o)
	if err != nil {
		return err
	}
	defer y.clear(&err)
	got, err := replay.Import(ctx, y.engine, in, event.NewID)
	if err != nil {
		return fmt.Errorf("nothing was imported: %s: %w", cmd.File, err)
	}
	a := adoption{}
	for _, p := range got.People {
		a.People = append(a.People, access.Person{ID: p.ID, Town: got.Town, Name: p.Name, Role: access.Role(p.Role), Party: p.Party, Created: p.Created, Revoked: p.Revoked})
	}
	for _, l := range got.Erased {
		a.Erased = append(a.Erased, ledger.Line(l))
	}
	if err := y.deliver(ctx, got.Town, &a); err != nil {
		return fmt.Errorf("nothing was imported: %s: %w", cmd.File, err)
	}
	if err := tend(ctx, o, c, p, func(k custodian) error { return k.Adopt(ctx, a) }); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	_, err = fmt.Fprintf(o.stdout, "%s is here with seq %d. People come in with new invitations: lofteslogg invite --account.\n", a.Town.Slug, got.Head.Seq)
	return err
}

// yard is a folder on the disk of the towns where one is made without the server, and without waiting for the disk.
type yard struct {
	dir    string
	engine *boltstore.Engine
	o      *outside
}

func newYard(c *config.Config, o *outside) (*yard, error) {
	if err := beginFolder(c); err != nil {
		return nil, err
	}
	dir, err := scratchIn(c.Data)
	if err != nil {
		return nil, err
	}
	engine, err := boltstore.Open(dir, boltstore.Options{UnsafeNoSync: true, MaxSize: o.engine.MaxSize})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &yard{dir: dir, engine: engine, o: o}, nil
}

// clear leaves nothing behind; what was brought in has left the folder by then.
func (y *yard) clear(err *error) {
	*err = errors.Join(*err, y.engine.Close(), os.RemoveAll(y.dir))
}

// deliver closes the yard, makes the town durable and has it verified.
func (y *yard) deliver(ctx context.Context, town event.ID, a *adoption) error {
	r, err := replica.Open(ctx, y.engine, nobody{}, replica.Options{Clock: y.o.clock})
	if err != nil {
		return err
	}
	if err := r.Broken()[town]; err != nil {
		return err
	}
	r.Close()
	a.Town, a.File = report.New(r, y.o.clock).Town(town), fileOf(y.dir, town)
	if err := y.engine.Close(); err != nil {
		return err
	}
	f, err := os.Open(a.File)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	found, err := inspect(ctx, a.File, town)
	if err != nil {
		return err
	}
	return found.problem()
}

func fileOf(dir string, town event.ID) string { return filepath.Join(dir, town.String()+".db") }

// nobody has no accounts.
type nobody struct{}

// Person finds nobody.
func (nobody) Person(_, _ event.ID) (p replica.Person, ok bool) { return p, false }

// adoption asks for a town to be brought in from a file in the data folder, with its people.
type adoption struct {
	Town   wire.Town       `json:"town"`
	File   string          `json:"file"`
	People []access.Person `json:"people"`
	Erased []ledger.Line   `json:"erased"` // what the ledger of where it comes from says
}

// slugIsFree is an error when another town has it: whoever names one must get that one.
func (h *house) slugIsFree(slug string) error {
	if slug == "" {
		return nil
	}
	for _, id := range h.replica.Towns() {
		if h.figures.Town(id).Slug == slug {
			return fault.New(fault.Conflict, "", "another town is called %s here (%s). A server makes an example town when it is first started: bring yours into a folder that was never served", slug, id)
		}
	}
	return nil
}

// Adopt brings in a town that is not here yet.
func (h *house) Adopt(ctx context.Context, a adoption) error {
	ctx, cancel := h.while(ctx)
	defer cancel()
	h.shelf.making.Lock()
	defer h.shelf.making.Unlock()
	h.adding.Lock()
	defer h.adding.Unlock()
	towns, err := h.engine.Towns(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(towns, a.Town.ID) {
		return fault.New(fault.Conflict, "", "the town %s (%s) is here already", a.Town.Slug, a.Town.ID)
	}
	if err := h.slugIsFree(a.Town.Slug); err != nil {
		return err
	}
	if err := h.admit(a.People); err != nil {
		return err
	}
	if err := h.learn(a.Town.ID, a.Erased); err != nil {
		return err
	}
	if err := h.eraseAgain(ctx, a.File, a.Town.ID); err != nil {
		return fmt.Errorf("take out what was erased here: %w", err)
	}
	if err := h.engine.Replace(ctx, a.Town.ID, a.File, ""); err != nil {
		return err
	}
	if err := h.replica.Reload(context.WithoutCancel(ctx), a.Town.ID); err != nil || !h.unfinished(a.Town.ID) {
		return err
	}
	_, err = h.takeAway(ctx, a.Town.ID)
	return err
}
