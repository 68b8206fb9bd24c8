package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store/boltstore"
)

// inFolder has change work on a town whose file, named for it, is alone in a folder, and writes the file anew without what
// was taken out.
func (h *house) inFolder(ctx context.Context, dir string, change func(*replica.Replica) error, town event.ID) (err error) {
	engine, err := boltstore.Open(dir, boltstore.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	r, err := replica.Open(ctx, engine, people{h.access}, replica.Options{Clock: h.outside.clock, Shut: h.access.Shut})
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.Broken()[town]; err != nil {
		return err
	}
	if err := r.Filled(ctx, town); err != nil {
		return err
	}
	if err := change(r); err != nil {
		return err
	}
	return engine.Compact(ctx, town)
}

// rewrite changes a town's file in every backup on the shelf. A copy that cannot be changed is removed from its backup, since what is
// to go would stay in it. A full disk removes nothing: there is an error, and it is tried again.
func (h *house) rewrite(ctx context.Context, town event.ID, change func(file string) error, out *swept) error {
	all, _, err := backupsIn(h.shelf.dir)
	if err != nil {
		return err
	}
	for i, m := range all {
		if i > 0 && m.sameAs(all[i-1]) { // it was stopped between the new one and the removal of the old one
			if err := removeBackup(m.dir); err != nil {
				return err
			}
			continue
		}
		if !slices.ContainsFunc(m.Towns, func(t keptTown) bool { return t.Town == town && t.File != "" }) {
			continue
		}
		dir, why, err := h.rewriteOne(ctx, m, town, change)
		if err != nil {
			return fmt.Errorf("write the backup %s anew: %w", m.dir, err)
		}
		if why != nil {
			out.Removed = append(out.Removed, fmt.Sprintf("the copy in %s (%v)", m.dir, why))
		} else {
			out.Backups = append(out.Backups, dir)
		}
		if err := h.reached("beside"); err != nil {
			return err
		}
		if err := errors.Join(removeBackup(m.dir), h.reached("backup")); err != nil {
			return err
		}
	}
	return h.shelf.look()
}

// rewriteOne makes a backup beside another, the same but for the town's file, and without that when it cannot be changed: why says so.
// Nothing is made when there was nothing else in it.
func (h *house) rewriteOne(ctx context.Context, m *manifest, town event.ID, change func(file string) error) (dir string, why, err error) {
	partial, err := os.MkdirTemp(h.shelf.dir, partialBackup)
	if err != nil {
		return "", nil, err
	}
	defer removeInto(&err, partial)
	next := *m
	next.Towns = slices.Clone(m.Towns)
	left := 0
	for i := range next.Towns {
		t := &next.Towns[i]
		if t.Town == town && t.File != "" {
			why = h.keepChanged(ctx, t, m.dir, partial, change)
		} else if err := t.carry(m.dir, partial); err != nil {
			return "", nil, err
		}
		if why != nil && (ctx.Err() != nil || noRoom(why)) {
			return "", nil, errors.Join(ctx.Err(), why)
		}
		if t.File != "" {
			left++
		}
	}
	if left == 0 {
		return "", why, nil
	}
	if err := next.Access.take(m.dir, filepath.Join(partial, next.Access.File)); err != nil {
		return "", nil, err
	}
	if err := next.write(partial); err != nil {
		return "", nil, err
	}
	dir, err = settleIn(h.shelf.dir, partial, next.Made.Format(backupTime))
	return dir, why, err
}

// keepChanged takes a town's file over, changed and verified, with the ledger of today. After an error the manifest says that
// there is none.
func (h *house) keepChanged(ctx context.Context, t *keptTown, from, to string, change func(file string) error) (err error) {
	defer func() {
		if err != nil {
			t.filed, t.Ledger, t.Verified = filed{}, nil, false
			t.Problem = "removed, since what was erased could not be taken out of it: " + err.Error()
		}
	}()
	if !t.Verified {
		return errors.New("it was never verified")
	}
	scratch, err := h.scratch()
	if err != nil {
		return err
	}
	defer removeInto(&err, scratch)
	file := fileOf(scratch, t.Town)
	if err := t.take(from, file); err != nil {
		return err
	}
	if err := change(file); err != nil {
		return err
	}
	if err := boltstore.Shrink(file); err != nil {
		return err
	}
	f, err := inspect(ctx, file, t.Town)
	if err == nil && (!f.OK() || f.Head != t.Head) {
		err = errors.Join(f.problem(), errors.New("it is not what it was, and not only by what was taken out"))
	}
	if err != nil {
		return err
	}
	if t.Ledger, err = h.keepLedger(to, t.Town); err != nil {
		return err
	}
	t.filed, err = fileAway(to, t.File, copyOf(file))
	return err
}

// copyOf writes what a file has.
func copyOf(path string) func(io.Writer) error {
	return func(w io.Writer) error {
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		_, err = io.Copy(w, in)
		return errors.Join(err, in.Close())
	}
}
