package replica

import (
	"context"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// SilentAfter is how long an installation may say nothing before the desk is told that figures may be low.
const SilentAfter = 7 * 24 * time.Hour

// Standing is how up to date the town is; seq 0 asks for no time of receipt.
func (r *Replica) Standing(ctx context.Context, id event.ID, seq uint64) (out wire.Standing, err error) {
	err = r.engine.View(ctx, id, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		out = wire.Standing{Head: h.wire()}
		if seq > 0 && seq <= h.seq {
			rec, err := recordAt(tx, seq)
			if err != nil {
				return err
			}
			out.Received = &rec.Received
		}
		out.Silent, err = r.silent(tx, id)
		return err
	})
	return out, err
}

// silent counts the installations of field workers that were not heard from for long, but for those that were left with
// nothing to send: a town has dozens, not thousands.
func (r *Replica) silent(tx store.Tx, town event.ID) (n int, err error) {
	limit := r.clock.Now().Add(-SilentAfter).UnixMilli()
	var bad error
	err = tx.Scan(store.IncMeta, nil, nil, func(k, v []byte) bool {
		var i store.Installation
		if i, bad = store.ReadInstallation(v); bad != nil {
			return false
		}
		person, ok := r.people.Person(town, i.Person)
		gone := i.Pending == 0 && r.left(town, event.ID(k))
		if ok && person.Role == Field && !person.Revoked && i.LastSeen > 0 && i.LastSeen < limit && !gone {
			n++
		}
		return true
	})
	if err == nil {
		err = bad
	}
	return n, err
}
