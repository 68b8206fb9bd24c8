package replica

import (
	"context"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Census is what an operator watches of a town: numbers alone.
type Census struct {
	Entries int            // rows of the table of facts
	Parked  map[string]int // by reason; each reason there is, with 0 too
	Phones  int            // installations that pushed
	Silent  int            // of them, as Standing counts them
	Unsent  int64          // events that installations said to have unsent when they last pushed
}

// Reasons lists why an event is parked.
func Reasons() []string {
	return []string{Waiting, version, typ, kind, right, revoked, inc, future, guard, link, held}
}

// Census counts, in one picture of the town. Its cost follows what is parked and the number of phones.
func (r *Replica) Census(ctx context.Context, id event.ID) (out Census, err error) {
	t, err := r.town(id)
	if err != nil {
		return out, err
	}
	out = Census{Entries: t.table.Len(), Parked: map[string]int{}}
	for _, reason := range Reasons() {
		out.Parked[reason] = 0
	}
	err = r.engine.View(ctx, id, func(tx store.Tx) (err error) {
		if err = out.countPhones(tx); err != nil {
			return err
		}
		if out.Silent, err = r.silent(tx, id); err != nil {
			return err
		}
		return tx.Scan(store.Attn, nil, nil, func(key, _ []byte) bool {
			if reason, _, _, ok := store.FeedOf(key); ok {
				if _, known := out.Parked[reason]; known {
					out.Parked[reason]++
				}
			}
			return true
		})
	})
	return out, err
}

func (c *Census) countPhones(tx store.Tx) error {
	var bad error
	err := tx.Scan(store.IncMeta, nil, nil, func(_, v []byte) bool {
		var i store.Installation
		if i, bad = store.ReadInstallation(v); bad == nil && i.LastSeen > 0 {
			c.Phones++
			c.Unsent += i.Pending
		}
		return bad == nil
	})
	if err == nil {
		err = bad
	}
	return err
}
