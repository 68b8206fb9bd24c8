package replica

import (
	"context"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Unknown lists which of these events the town has never had.
func (r *Replica) Unknown(ctx context.Context, town event.ID, ids []event.ID) (left []event.ID, err error) {
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		left = left[:0]
		for _, id := range ids {
			_, known, err := placeOf(tx, id)
			if err != nil {
				return err
			}
			if !known {
				left = append(left, id)
			}
		}
		return nil
	})
	return left, err
}
