package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lofteslogg/internal/access"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/config"
	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
)

type backupCmd struct {
	Town string `help:"Slug or id of the town; all when it is left out." placeholder:"SLUG"`
	To   string `help:"Folder that the backup is made in, instead of --backup-to. No older one in it is removed." placeholder:"FOLDER"`
}

// Run makes a backup and says what it has.
func (cmd *backupCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) error {
	to := cmd.To
	if to != "" {
		var err error
		if to, err = filepath.Abs(to); err != nil {
			return err
		}
	}
	return tend(ctx, o, c, p, func(k custodian) error {
		made, err := k.Backup(ctx, newBackup{Town: cmd.Town, To: to})
		if err != nil {
			return err
		}
		for _, t := range made.Manifest.Towns {
			state := "verified"
			if !t.Verified {
				state = "NOT VERIFIED"
			}
			if _, err := fmt.Fprintf(o.stdout, "%s  %s  seq %d  %d bytes  %s\n", filepath.Join(made.Dir, t.File), t.Slug, t.Head.Seq, t.Size, state); err != nil {
				return err
			}
		}
		if len(made.Manifest.Towns) == 0 {
			return fmt.Errorf("there is no town in %s, so that nothing is in the backup", c.Data)
		}
		made.Manifest.dir = made.Dir
		return made.Manifest.failed()
	})
}

// newBackup asks for one of a town or of all, in a folder or in the server's own.
type newBackup struct {
	Town string `json:"town"`
	To   string `json:"to"`
}

// backup is one that was made.
type backup struct {
	Dir      string   `json:"dir"`
	Manifest manifest `json:"manifest"`
}

// Backup copies towns and accounts as they are now, has each copy verified, and keeps them in a folder of their own,
// which is there whole or not at all. A copy that fails is kept, is not offered for restore, and is no error of
// Backup's: the manifest says it.
func (h *house) Backup(ctx context.Context, b newBackup) (backup, error) {
	ctx, cancel := h.while(ctx)
	defer cancel()
	h.shelf.making.Lock()
	defer h.shelf.making.Unlock()
	to := b.To
	if to == "" {
		to = h.shelf.dir
		if err := h.shelf.clear(); err != nil {
			return backup{}, fmt.Errorf("clear away what was left of a backup: %w", err)
		}
	}
	towns, err := h.chosen(ctx, b.Town)
	if err != nil {
		return backup{}, err
	}
	began := clock.Wall{}.Now()
	dir, m, err := h.backup(ctx, to, towns)
	h.meter.Backup(clock.Wall{}.Now().Sub(began), err == nil && m.failed() == nil)
	if err != nil {
		return backup{}, fmt.Errorf("no backup was made in %s: %w", to, err)
	}
	if b.To == "" {
		if err := h.shelf.rotate(); err != nil {
			return backup{}, fmt.Errorf("the backup %s is made, but older ones cannot be removed: %w", dir, err)
		}
	}
	return backup{Dir: dir, Manifest: *m}, nil
}

func (h *house) chosen(ctx context.Context, name string) ([]event.ID, error) {
	if name == "" {
		return h.engine.Towns(ctx)
	}
	t, err := h.town(ctx, name)
	return []event.ID{t.ID}, err
}

// backup makes the folder under another name and renames it when it is whole.
func (h *house) backup(ctx context.Context, to string, towns []event.ID) (dir string, m *manifest, err error) {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return "", nil, err
	}
	partial, err := os.MkdirTemp(to, partialBackup)
	if err != nil {
		return "", nil, err
	}
	defer removeInto(&err, partial)
	m = &manifest{Format: manifestFormat, Made: h.outside.clock.Now().UTC(), Version: versionName(), Towns: []keptTown{}}
	for _, id := range towns {
		t, err := h.keepTown(ctx, partial, id)
		if err != nil {
			return "", nil, err
		}
		m.Towns = append(m.Towns, t)
	}
	if m.Access, err = h.keepAccess(partial); err != nil {
		return "", nil, err
	}
	if err := m.write(partial); err != nil {
		return "", nil, err
	}
	dir, err = settleIn(to, partial, m.Made.Format(backupTime))
	m.dir = dir
	return dir, m, err
}

// settleIn renames a folder to a name that is free.
func settleIn(to, partial, name string) (string, error) {
	dir, err := free(to, name)
	if err != nil {
		return "", err
	}
	if err := os.Rename(partial, dir); err != nil {
		return "", err
	}
	return dir, durable.SyncFolder(to)
}

// keepTown copies a town and has the copy verified. A town that cannot be copied, or whose copy is not what its log
// says, does not keep the others from being backed up.
func (h *house) keepTown(ctx context.Context, dir string, id event.ID) (t keptTown, err error) {
	known := h.figures.Town(id)
	t = keptTown{Town: id, Slug: known.Slug, Name: known.Name}
	if broken, is := h.replica.Broken()[id]; is {
		t.Problem = broken.Error()
		return t, nil
	}
	t.filed, err = fileAway(dir, id.String()+".db", func(w io.Writer) error { return h.engine.Copy(ctx, id, w) })
	if err != nil {
		return t, fmt.Errorf("copy %s: %w", known.Slug, err)
	}
	if t.Ledger, err = h.keepLedger(dir, id); err != nil {
		return t, fmt.Errorf("copy the ledger of %s: %w", known.Slug, err)
	}
	f, err := inspect(ctx, filepath.Join(dir, t.File), id)
	switch {
	case ctx.Err() != nil:
		return t, ctx.Err()
	case err != nil:
		t.Problem = err.Error()
	case !f.OK():
		t.Problem = f.problem().Error()
	default:
		t.Head, t.High, t.Verified = f.Head, f.High, true
		return t, nil
	}
	whole := t.File
	t.File += ".failed"
	return t, os.Rename(filepath.Join(dir, whole), filepath.Join(dir, t.File))
}

// keepAccess copies the accounts and opens a second copy, for opening can write.
func (h *house) keepAccess(dir string) (filed, error) {
	f, err := fileAway(dir, accessName, h.access.Copy)
	if err != nil {
		return f, fmt.Errorf("copy the accounts: %w", err)
	}
	trial := filepath.Join(dir, accessName+".trial")
	if err := writeDurably(trial, h.access.Copy); err != nil {
		return f, fmt.Errorf("copy the accounts: %w", err)
	}
	s, err := access.Open(trial, h.outside.clock)
	if err != nil {
		return f, fmt.Errorf("the copy of the accounts: %w", err)
	}
	return f, errors.Join(s.Close(), os.Remove(trial))
}
