package boltstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// View runs fn on the newest durable picture of a town. It may wait for the end of an fsync that is under way, never
// for other work. See store.Engine.
func (e *Engine) View(ctx context.Context, id event.ID, fn func(store.Tx) error) error {
	return e.read(ctx, id, func(tx *bolt.Tx, told *atomic.Bool) error {
		s := session{tx: tx, told: told}
		return s.call(fn, nil)
	})
}

// Copy writes the town's file as it is at this moment. Put under the town's name in a folder, it opens as that town.
// See store.Engine.
func (e *Engine) Copy(ctx context.Context, id event.ID, w io.Writer) error {
	return e.read(ctx, id, func(tx *bolt.Tx, told *atomic.Bool) error {
		out := &checked{ctx: ctx, told: told, w: w}
		if _, err := tx.WriteTo(out); err != nil {
			return fmt.Errorf("copy town %s: %w", id, cmp.Or(out.stopped, err))
		}
		return nil
	})
}

func (e *Engine) read(ctx context.Context, id event.ID, fn func(*bolt.Tx, *atomic.Bool) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a damaged page may point outside the file
	var told *atomic.Bool
	t, err := e.admitted(ctx, id, func(t *town) (err error) {
		told, err = t.readers.enter()
		return err
	})
	if err != nil {
		return err
	}
	defer t.readers.leave()
	defer func() {
		if errors.Is(err, store.ErrDamaged) {
			e.opts.stopped(id, err)
		}
	}()
	tx, err := t.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = also(err, tx.Rollback()) }()
	defer catch("copy", &err)
	return fn(tx, told)
}

// checked stops a long copy when nobody wants it any more, or the town is wanted.
type checked struct {
	ctx     context.Context
	told    *atomic.Bool
	w       io.Writer
	stopped error // why; bbolt passes on its text alone
}

func (c *checked) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		c.stopped = busy(err)
	} else if c.told.Load() {
		c.stopped = errTold
	}
	if c.stopped != nil {
		return 0, c.stopped
	}
	return c.w.Write(p)
}
