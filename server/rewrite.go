package main

import (
	"context"
	"encoding/json"
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

// rewrite changes a town's file in every backup on the shelf. A backup whose file cannot be changed is removed, since what is to go
// would stay in it; that is told.
func (h *house) rewrite(ctx context.Context, town event.ID, change func(file string) error) (anew, removed []string, err error) {
	all, _, err := backupsIn(h.shelf.dir)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range all {
		if !slices.ContainsFunc(m.Towns, func(t keptTown) bool { return t.Town == town && t.File != "" }) {
			continue
		}
		dir, err := h.rewriteOne(ctx, m, town, change)
		switch {
		case ctx.Err() != nil:
			return anew, removed, ctx.Err()
		case err != nil:
			removed = append(removed, fmt.Sprintf("%s (%v)", m.dir, err))
		default:
			anew = append(anew, dir)
		}
		if err := removeBackup(m.dir); err != nil {
			return anew, removed, err
		}
	}
	return anew, removed, h.shelf.look()
}

// rewriteOne makes a backup beside another, the same but for the town's file.
func (h *house) rewriteOne(ctx context.Context, m *manifest, town event.ID, change func(file string) error) (dir string, err error) {
	partial, err := os.MkdirTemp(h.shelf.dir, ".partial-")
	if err != nil {
		return "", err
	}
	defer removeInto(&err, partial)
	next := *m
	next.Towns = slices.Clone(m.Towns)
	for i := range next.Towns {
		if err := h.keepAgain(ctx, &next.Towns[i], m.dir, partial, town, change); err != nil {
			return "", err
		}
	}
	if err := next.Access.take(m.dir, filepath.Join(partial, next.Access.File)); err != nil {
		return "", err
	}
	if _, err := fileAway(partial, manifestName, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(next)
	}); err != nil {
		return "", err
	}
	return settleIn(h.shelf.dir, partial, next.Made.Format(backupTime))
}

// keepAgain takes a town's file over, changed when it is the one.
func (h *house) keepAgain(ctx context.Context, t *keptTown, from, to string, town event.ID, change func(file string) error) (err error) {
	if t.File == "" {
		return nil
	}
	if t.Town != town {
		return t.take(from, filepath.Join(to, t.File))
	}
	if !t.Verified {
		return errors.New("it was never verified")
	}
	scratch, err := h.scratch()
	if err != nil {
		return err
	}
	defer removeInto(&err, scratch)
	file := filepath.Join(scratch, town.String()+".db")
	if err := t.take(from, file); err != nil {
		return err
	}
	if err := change(file); err != nil {
		return err
	}
	f, err := inspect(ctx, file, town)
	if err == nil && (!f.OK() || f.Head != t.Head) {
		err = errors.Join(f.problem(), errors.New("it is another town's than it was"))
	}
	if err != nil {
		return err
	}
	t.filed, err = fileAway(to, t.File, func(w io.Writer) error {
		in, err := os.Open(file)
		if err != nil {
			return err
		}
		_, err = io.Copy(w, in)
		return errors.Join(err, in.Close())
	})
	return err
}

// asides changes the files of a town that were put aside when a backup took their place. One that cannot be changed is removed.
func (h *house) asides(town event.ID, change func(file string) error) (removed []string, err error) {
	list, err := filepath.Glob(filepath.Join(h.data, town.String()+".db.*-*"))
	if err != nil {
		return nil, err
	}
	for _, path := range list {
		if err := h.changeAside(path, town, change); err == nil {
			continue
		}
		if err := os.Remove(path); err != nil {
			return removed, err
		}
		removed = append(removed, path)
	}
	return removed, nil
}

func (h *house) changeAside(path string, town event.ID, change func(file string) error) (err error) {
	scratch, err := h.scratch()
	if err != nil {
		return err
	}
	defer removeInto(&err, scratch)
	file := filepath.Join(scratch, town.String()+".db")
	if err := os.Rename(path, file); err != nil {
		return err
	}
	if err := change(file); err != nil {
		return errors.Join(err, os.Rename(file, path))
	}
	return os.Rename(file, path)
}
