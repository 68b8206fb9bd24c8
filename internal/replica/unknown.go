package replica

import (
	"context"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Unknown lists which of these events the town has never had, and which of them are erased in it.
func (r *Replica) Unknown(ctx context.Context, town event.ID, ids []event.ID) (left, erased []event.ID, err error) {
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		left, erased = left[:0], erased[:0]
		for _, id := range ids {
			switch p, known, err := placeOf(tx, id); {
			case err != nil:
				return err
			case !known:
				left = append(left, id)
			case p.Erased:
				erased = append(erased, id)
			}
		}
		return nil
	})
	return left, erased, err
}
