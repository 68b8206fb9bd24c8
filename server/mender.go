package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// mender brings towns back that the disk has failed: one whose commit failed is opened anew when its file is whole; one whose
// file is damaged gets the newest verified backup in its place, and phones bring what came since. The damaged file is kept.
//
// Until then the town takes no pushes, and says so: nothing may be acknowledged on a file that nobody has looked at.
type mender struct {
	house *house
	log   *slog.Logger

	mu      sync.Mutex
	waiting map[event.ID]error // those to look at, and the gravest reason
	wake    chan struct{}

	looked map[event.ID]time.Time // when a town's whole file was last looked at
}

// How long is waited before a town is tried again that could not be mended, and between two looks at all of a town's
// file, which takes no pushes meanwhile.
const (
	mendSoon  = 100 * time.Millisecond
	mendLater = 30 * time.Second
)

func newMender() *mender {
	return &mender{wake: make(chan struct{}, 1), waiting: map[event.ID]error{}, looked: map[event.ID]time.Time{}}
}

// look has a town looked at. It may be called from anywhere, at any time.
func (m *mender) look(id event.ID, why error) {
	m.mu.Lock()
	if !errors.Is(m.waiting[id], store.ErrDamaged) {
		m.waiting[id] = why
	}
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *mender) next() (id event.ID, why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, why := range m.waiting {
		delete(m.waiting, id)
		return id, why
	}
	return id, nil
}

// run mends until ctx ends.
func (m *mender) run(ctx context.Context, h *house, log *slog.Logger) {
	m.house, m.log = h, log
	for ctx.Err() == nil {
		id, why := m.next()
		if why == nil {
			select {
			case <-ctx.Done():
			case <-m.wake:
			}
			continue
		}
		m.untilWell(ctx, id, why)
	}
}

func (m *mender) untilWell(ctx context.Context, id event.ID, why error) {
	for wait := mendSoon; ; wait = min(2*wait, mendLater) {
		err := m.mend(ctx, id, why)
		if err == nil || ctx.Err() != nil {
			return
		}
		m.log.ErrorContext(ctx, "town cannot be mended yet", "town", id, "again_in_ms", wait.Milliseconds(), "err", err)
		pause(ctx, wait)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// mend is done when the town takes pushes again. A town that is well is left alone, unless its bytes are in doubt.
func (m *mender) mend(ctx context.Context, id event.ID, why error) error {
	if !errors.Is(why, store.ErrDamaged) {
		if why = m.house.well(ctx, id); why == nil || fault.KindOf(why) == fault.Full {
			return nil
		}
	} else if since := m.house.outside.clock.Now().Sub(m.looked[id]); since >= 0 && since < mendLater {
		pause(ctx, mendLater-since)
	}
	m.log.WarnContext(ctx, "town is opened anew", "town", id, "err", why)
	err := m.house.engine.Reopen(ctx, id, func(path string) error { return m.house.whole(ctx, path, id) })
	if errors.Is(why, store.ErrDamaged) {
		m.looked[id] = m.house.outside.clock.Now()
	}
	if err == nil {
		err = m.house.replica.Reload(ctx, id)
	}
	if errors.Is(err, store.ErrDamaged) {
		return m.putBack(ctx, id, err)
	}
	if err == nil {
		m.log.InfoContext(ctx, "town is well again", "town", id)
	}
	return err
}

// putBack puts the newest backup that can be trusted in the place of a damaged file.
func (m *mender) putBack(ctx context.Context, id event.ID, why error) error {
	all, _, err := backupsIn(m.house.shelf.dir)
	if err != nil {
		return errors.Join(why, err)
	}
	for _, b := range slices.Backward(all) {
		if kept, err := b.town(id.String()); err != nil || !kept.Verified {
			continue
		}
		out, err := m.house.PutBack(ctx, putBack{From: b.dir, Town: id.String(), label: "damaged"})
		if err != nil {
			why = errors.Join(why, fmt.Errorf("backup %s: %w", b.dir, err))
			continue
		}
		m.log.ErrorContext(ctx, "town was damaged; a backup is in its place, and phones bring what came since", "town", id, "damaged_file", out.Aside, "backup", b.dir, "seq", out.Head.Seq, "from_desks", out.Desk, "behind", out.Behind, "err", why)
		return nil
	}
	return fmt.Errorf("the file is damaged and no verified backup of it can be put in its place: %w", why)
}

// well tells why a town cannot be read and written; nil when it can.
func (h *house) well(ctx context.Context, id event.ID) error {
	if err := h.replica.Broken()[id]; err != nil {
		return err
	}
	return h.engine.Update(ctx, id, func(tx store.Tx) error {
		_, err := tx.Get(store.Meta, []byte("head"))
		return err
	})
}

// whole checks a file that nobody writes to, in a process of its own. The error wraps store.ErrDamaged when its bytes are not
// those that were written: a page that is an older copy of itself shows in nothing but what follows from the log.
func (h *house) whole(ctx context.Context, path string, id event.ID) error {
	f, err := inspect(ctx, path, id)
	switch {
	case ctx.Err() != nil || fault.KindOf(err) == fault.Conflict || errors.Is(err, os.ErrNotExist):
		return err // a copy that was removed meanwhile, since something in it was erased, says nothing
	case err != nil:
		return fmt.Errorf("%w: %w", store.ErrDamaged, err)
	case !f.OK():
		return fmt.Errorf("%w: %w", store.ErrDamaged, f.problem())
	}
	return nil
}

// How soon after the start, and how often, all of every town is looked at while it is in use.
const (
	firstRound = 10 * time.Second
	rounds     = 24 * time.Hour
)

// goRound looks at copies of all towns now and then, since damage to what nobody reads shows to nobody.
func (m *mender) goRound(ctx context.Context, h *house, log *slog.Logger) {
	for wait := firstRound; ; wait = rounds {
		pause(ctx, wait)
		if ctx.Err() != nil {
			return
		}
		for _, id := range h.replica.Towns() {
			switch err := h.lookAtCopy(ctx, id); {
			case errors.Is(err, store.ErrDamaged):
				m.look(id, err)
			case err != nil && ctx.Err() == nil:
				log.WarnContext(ctx, "town was not looked at", "town", id, "err", err)
			}
		}
	}
}

func (h *house) lookAtCopy(ctx context.Context, id event.ID) (err error) {
	hot, err := h.Copy(ctx, id.String())
	if err != nil {
		return err
	}
	defer removeInto(&err, filepath.Dir(hot.Path))
	return h.whole(ctx, hot.Path, id)
}
