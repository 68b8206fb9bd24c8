package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

type restoreCmd struct {
	From string `required:"" help:"Folder of a backup, the one with manifest.json." placeholder:"FOLDER"`
	Town string `help:"Slug or id of the town; may be left out when the backup has one." placeholder:"SLUG"`
	Add  bool   `help:"Bring in a town that is not here, beside those that are."`
}

// Run puts the backup back and says what happened. On a folder without accounts, those of the backup come first.
func (cmd *restoreCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) (err error) {
	from, err := filepath.Abs(cmd.From)
	if err != nil {
		return err
	}
	brought, err := bringAccess(ctx, c, from)
	if err != nil {
		return unchanged(err)
	}
	if brought != "" {
		defer func() {
			if err != nil {
				removeInto(&err, brought)
			}
		}()
	}
	return tend(ctx, o, c, p, func(k custodian) error {
		r, err := k.PutBack(ctx, putBack{From: from, Town: cmd.Town, Add: cmd.Add})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(o.stdout, "%s is as it was at %s, seq %d. What desks and the command line wrote since is in it again (%d events); phones bring theirs when they next send.\n", r.Town.Slug, r.Made.Format(time.RFC3339), r.Head.Seq, r.Desk)
		if err == nil && r.Behind != "" {
			_, err = fmt.Fprintf(o.stdout, "Not all that desks wrote is in it; a running server tries again every minute, and the next start does: %s.\n", r.Behind)
		}
		if err == nil && r.Aside != "" {
			_, err = fmt.Fprintf(o.stdout, "The former file is kept as %s.\n", r.Aside)
		}
		return err
	})
}

// bringAccess puts the accounts of a backup in a data folder that has none, as on a new machine, and names the file.
func bringAccess(ctx context.Context, c *config.Config, from string) (string, error) {
	path := filepath.Join(c.Data, accessName)
	if _, running := dial(ctx, c.Data); running {
		return "", nil
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	m, err := readManifest(from)
	if err != nil {
		return "", err
	}
	if err := beginFolder(c); err != nil {
		return "", err
	}
	return path, m.Access.take(from, path)
}

// take copies a file of a backup and compares the copy with what the manifest says.
func (f *filed) take(from, path string) error {
	in, err := os.Open(filepath.Join(from, f.File))
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	if err := writeDurably(path, func(w io.Writer) error { _, err := io.Copy(w, in); return err }); err != nil {
		return err
	}
	if err := f.check(path); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", in.Name(), err), os.Remove(path))
	}
	return nil
}

// putBack asks for a town of a backup to be put in place.
type putBack struct {
	From string `json:"from"`
	Town string `json:"town"`
	Add  bool   `json:"add"`

	label string // of the file that is put aside; empty for before-restore
}

type restored struct {
	Town  wire.Town `json:"town"`
	Head  wire.Head `json:"head"`
	Made  time.Time `json:"made"`
	Aside string    `json:"aside"`
	Desk  int       `json:"desk"` // events that desks had written since, and that are in it again

	Behind string `json:"behind,omitempty"` // why not all of them are
}

// PutBack verifies a town's file of a backup once more and puts it in place. Until then nothing is changed.
func (h *house) PutBack(ctx context.Context, p putBack) (out restored, err error) {
	ctx, cancel := h.while(ctx)
	defer cancel()
	h.shelf.making.Lock()
	defer h.shelf.making.Unlock()
	h.adding.Lock()
	defer h.adding.Unlock()
	m, err := readManifest(p.From)
	if err != nil {
		return out, unchanged(err)
	}
	kept, err := m.town(p.Town)
	if err != nil {
		return out, unchanged(err)
	}
	here, err := h.takes(ctx, kept, p.Add)
	if err != nil {
		return out, unchanged(err)
	}
	dir, err := h.scratch()
	if err != nil {
		return out, err
	}
	defer removeInto(&err, dir)
	file := filepath.Join(dir, kept.Town.String()+".db")
	if err := h.trust(ctx, m, kept, file); err != nil {
		return out, h.distrusted(err)
	}
	if err := h.learnFrom(m, kept, dir); err != nil {
		return out, h.distrusted(err)
	}
	if err := h.eraseAgain(ctx, file, kept.Town); err != nil {
		return out, fmt.Errorf("nothing was changed: take out of the backup what was erased since: %w", err)
	}
	if err := h.bringPeople(m, kept.Town, dir); err != nil {
		return out, err
	}
	if here {
		name := fmt.Sprintf("%s.db.%s-%s", kept.Town, cmp.Or(p.label, "before-restore"), h.outside.clock.Now().UTC().Format(backupTime))
		if out.Aside, err = free(h.data, name); err != nil {
			return out, err
		}
	}
	if err := h.replica.Exchange(ctx, kept.Town, func() error { return h.engine.Replace(ctx, kept.Town, file, out.Aside) }); err != nil {
		return out, fmt.Errorf("put %s in place: %w", kept.File, err)
	}
	out.Town, out.Head, out.Made = h.figures.Town(kept.Town), kept.Head, m.Made
	if out.Desk, err = h.bring(ctx, kept.Town); err != nil {
		out.Behind = err.Error() // the backup is in place all the same
	}
	return out, nil
}

// takes tells whether the town is here already. One that is not is another's, unless nothing is here or it is meant.
func (h *house) takes(ctx context.Context, kept *keptTown, add bool) (here bool, err error) {
	towns, err := h.engine.Towns(ctx)
	if err != nil {
		return false, err
	}
	here = slices.Contains(towns, kept.Town)
	if !here && len(towns) > 0 && !add {
		return false, fault.New(fault.Conflict, "", "the backup is of %s (%s), which is no town of this server: --add brings it in beside the others", kept.Slug, kept.Town)
	}
	if !here {
		return false, h.slugIsFree(kept.Slug)
	}
	return here, nil
}

func unchanged(err error) error { return fmt.Errorf("nothing was changed: %w", err) }

func (h *house) distrusted(err error) error {
	if noRoom(err) {
		return unchanged(err)
	}
	return fmt.Errorf("nothing was changed: %w. Restore from another backup, such as an older one in %s", err, h.shelf.dir)
}

// trust copies the file beside the towns and has the copy replayed: what is put in place is what was verified.
func (h *house) trust(ctx context.Context, m *manifest, kept *keptTown, file string) error {
	if !kept.Verified {
		return fmt.Errorf("the copy of %s in %s was not verified when it was made: %s", kept.Slug, m.dir, kept.Problem)
	}
	if err := kept.take(m.dir, file); err != nil {
		return err
	}
	f, err := inspect(ctx, file, kept.Town)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", filepath.Join(m.dir, kept.File), err)
	case !f.OK():
		return fmt.Errorf("%s: %w", filepath.Join(m.dir, kept.File), f.problem())
	case f.Head != kept.Head:
		return fmt.Errorf("the file of %s is at seq %d, the manifest says seq %d", kept.Slug, f.Head.Seq, kept.Head.Seq)
	}
	return nil
}

// bringPeople adds the town's accounts that the backup has and this server does not.
func (h *house) bringPeople(m *manifest, town event.ID, scratch string) (err error) {
	path := filepath.Join(scratch, accessName)
	if err := m.Access.take(m.dir, path); err != nil {
		return err
	}
	s, err := access.Open(path, h.outside.clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return h.admit(s.People(town))
}

// admit adds accounts that are not here. They come in by invitation: secrets do not travel.
func (h *house) admit(people []access.Person) error {
	for _, p := range people {
		if _, known := h.access.Person(p.Town, p.ID); known {
			continue
		}
		if _, err := h.access.AddPerson(p); err != nil {
			return fmt.Errorf("bring account %s: %w", p.ID, err)
		}
	}
	return nil
}
