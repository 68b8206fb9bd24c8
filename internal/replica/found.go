package replica

import (
	"context"
	"fmt"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Create makes an empty town: a log without events, of a new epoch.
func (r *Replica) Create(ctx context.Context, id event.ID) error {
	if err := r.engine.Create(ctx, id); err != nil {
		return fmt.Errorf("create town: %w", err)
	}
	return r.load(ctx, id)
}

// found writes the head of a log that has none: of a new town, or of one whose making was interrupted.
func (r *Replica) found(ctx context.Context, id event.ID) error {
	epoch, generation, err := r.newEpoch()
	if err != nil {
		return err
	}
	err = r.engine.Update(ctx, id, func(tx store.Tx) error {
		if b, err := tx.Get(store.Meta, metaHead); err != nil || b != nil {
			return err
		}
		return writeMeta(tx, &head{epoch: epoch, generation: generation})
	})
	if err != nil {
		return fmt.Errorf("begin the log: %w", err)
	}
	return nil
}

// newEpoch makes the two names by which devices know one log from another: see docs/api/protocol.md.
func (r *Replica) newEpoch() (epoch, generation event.ID, err error) {
	if epoch, err = r.newID(); err == nil {
		generation, err = r.newID()
	}
	return epoch, generation, err
}

// founded tells whether the town's log has a head.
func (r *Replica) founded(ctx context.Context, id event.ID) (ok bool, err error) {
	err = r.engine.View(ctx, id, func(tx store.Tx) error {
		b, err := tx.Get(store.Meta, metaHead)
		ok = b != nil
		return err
	})
	return ok, err
}

// Reload reads a town from the engine again, after its file was exchanged for another.
func (r *Replica) Reload(ctx context.Context, id event.ID) error { return r.load(ctx, id) }

// Restored begins a new epoch after a town's file was exchanged for a backup, and reads the town again. Devices find
// out by the chain, whether this was called or not; the epoch only spares them a look. What is parked for a person's
// rights is judged again, since those are not restored.
func (r *Replica) Restored(ctx context.Context, id event.ID) error {
	epoch, generation, err := r.newEpoch()
	if err != nil {
		return err
	}
	err = r.engine.Update(ctx, id, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		h.epoch, h.generation = epoch, generation
		return writeMeta(tx, h)
	})
	if err != nil {
		return fmt.Errorf("begin a new epoch: %w", err)
	}
	if err := r.load(ctx, id); err != nil {
		return err
	}
	for _, reason := range []string{inc, revoked, right} {
		if err := r.JudgeAgain(ctx, id, reason); err != nil {
			return fmt.Errorf("judge again what was parked: %w", err)
		}
	}
	return nil
}
