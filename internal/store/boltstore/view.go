package boltstore

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// View runs fn on the newest durable picture of a town. It may wait for the end of an fsync that is under way, never
// for other work. See store.Engine.
func (e *Engine) View(ctx context.Context, id event.ID, fn func(store.Tx) error) error {
	return e.read(ctx, id, func(tx *bolt.Tx) error {
		s := session{tx: tx}
		return s.call(fn, nil)
	})
}

// Copy writes the town's file as it is at this moment. Put under the town's name in a folder, it opens as that town.
// See store.Engine.
func (e *Engine) Copy(ctx context.Context, id event.ID, w io.Writer) error {
	return e.read(ctx, id, func(tx *bolt.Tx) error {
		if _, err := tx.WriteTo(checked{ctx, w}); err != nil {
			return fmt.Errorf("copy town %s: %w", id, err)
		}
		return nil
	})
}

func (e *Engine) read(ctx context.Context, id event.ID, fn func(*bolt.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a damaged page may point outside the file
	t, err := e.town(id)
	if err != nil {
		return err
	}
	tx, err := t.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = also(err, tx.Rollback()) }()
	defer catch("copy", &err)
	return fn(tx)
}

// checked stops a long copy when nobody wants it any more.
type checked struct {
	ctx context.Context
	w   io.Writer
}

func (c checked) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, busy(err)
	}
	return c.w.Write(p)
}
