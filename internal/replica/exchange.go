package replica

import (
	"context"
	"errors"

	"lofteslogg/internal/event"
)

// Exchange has swap put another file in a town's place, or one where there was none, and begins a new epoch. Whoever
// pushes meanwhile gets fault.Busy: what was judged by the memory of the old file must not be written to the new one.
// When swap fails it has left the town as it was.
func (r *Replica) Exchange(ctx context.Context, id event.ID, swap func() error) error {
	r.mu.RLock()
	old := r.towns[id]
	r.mu.RUnlock()
	if old != nil {
		old.retired.Store(true)
	}
	if err := swap(); err != nil {
		if old != nil {
			old.retired.Store(false)
		}
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if err := r.Restored(ctx, id); err != nil {
		return errors.Join(err, r.load(ctx, id))
	}
	return nil
}
