package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
)

// drainLimit is how long Replace waits for those who still read the town, and drainGrace when they are told to stop.
const (
	drainLimit = 30 * time.Second
	drainGrace = 2 * time.Second
)

// Replace puts file in the place of a town's file, or begins a town with it. What was accepted before is finished in
// the old file, which is kept as aside; whoever asks meanwhile gets fault.Busy. The file is on disk, on the same file
// system, and nobody's afterwards.
//
// Those who read the town are given two seconds to finish; a longer copy or scan then ends with fault.Busy. When one of
// them does not leave for half a minute Replace fails with fault.Busy, and the town is open as it was.
//
// A power cut leaves the old file or the new one in place. When the new one cannot be opened the old one is put back,
// and file stays where it was. What was built from OnCommit must be built anew.
func (e *Engine) Replace(ctx context.Context, id event.ID, file, aside string) error {
	if err := ctx.Err(); err != nil {
		return busy(err)
	}
	e.making.Lock()
	defer e.making.Unlock()
	path := fileOf(e.dir, id)
	e.mu.RLock()
	old, closed := e.towns[id], e.closed
	e.mu.RUnlock()
	if closed {
		return errClosing
	}
	if old != nil {
		if err := e.vacate(old, errShut, e.comeBack); err != nil {
			return fmt.Errorf("replace town %s: %w", id, err)
		}
	}
	t, err := putInPlace(id, path, file, aside, old != nil, &e.opts)
	if err != nil && old != nil {
		var again error
		if t, again = openTown(id, path, &e.opts); again != nil {
			return errors.Join(err, again)
		}
	}
	if t != nil {
		e.put(id, t)
	}
	return err
}

// putInPlace never leaves a moment without a file in place: the old one has a second name before the new one takes its first.
func putInPlace(id event.ID, path, file, aside string, had bool, opts *Options) (*town, error) {
	if had {
		if err := os.Link(path, aside); err != nil {
			return nil, err
		}
	}
	if err := os.Rename(file, path); err != nil {
		return nil, errors.Join(err, removeIf(had, aside))
	}
	t, err := openWhole(id, path, opts)
	if err == nil {
		return t, nil
	}
	back := os.Link(path, file)
	if had {
		back = errors.Join(back, os.Rename(aside, path))
	} else {
		back = errors.Join(back, os.Remove(path))
	}
	return nil, errors.Join(err, back)
}

func openWhole(id event.ID, path string, opts *Options) (*town, error) {
	if err := durable.SyncFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	t, err := openTown(id, path, opts)
	if err == nil && t.lost.Load() != nil {
		err = *t.lost.Load()
	}
	return t, err
}

func removeIf(there bool, path string) error {
	if !there {
		return nil
	}
	return os.Remove(path)
}
