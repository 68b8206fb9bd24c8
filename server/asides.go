package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
)

// asides changes the files of a town that were put aside when a backup took their place. One that cannot be changed is removed,
// but not because the disk is full.
func (h *house) asides(ctx context.Context, town event.ID, change func(file string) error, out *swept) error {
	list, err := filepath.Glob(fileOf(h.data, town) + ".*-*")
	if err != nil {
		return err
	}
	for _, path := range list {
		err := h.changeAside(path, town, change)
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil || noRoom(err):
			return fmt.Errorf("write %s anew: %w", path, err)
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		out.Removed = append(out.Removed, fmt.Sprintf("%s (%v)", path, err))
	}
	return nil
}

// changeAside changes a copy, which then takes the file's place.
func (h *house) changeAside(path string, town event.ID, change func(file string) error) (err error) {
	scratch, err := h.scratch()
	if err != nil {
		return err
	}
	defer removeInto(&err, scratch)
	file := fileOf(scratch, town)
	if err := writeDurably(file, copyOf(path)); err != nil {
		return err
	}
	if err := change(file); err != nil {
		return err
	}
	return errors.Join(os.Rename(file, path), durable.SyncFolder(filepath.Dir(path)))
}
