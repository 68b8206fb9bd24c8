package replica

import (
	"context"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Queue is what an installation said of itself when it last pushed. Times are milliseconds since 1970.
type Queue struct {
	Seen    int64
	Pending int64 // unsent events
	Oldest  int64 // when the oldest of them was saved, 0 for none
}

// Queues lists what the installations of a town said.
func (r *Replica) Queues(ctx context.Context, town event.ID) (out map[event.ID]Queue, err error) {
	out = map[event.ID]Queue{}
	var bad error
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		return tx.Scan(store.IncMeta, nil, nil, func(k, v []byte) bool {
			var i store.Installation
			if i, bad = store.ReadInstallation(v); bad != nil || len(k) != len(event.ID{}) {
				return bad == nil
			}
			out[event.ID(k)] = Queue{Seen: i.LastSeen, Pending: i.Pending, Oldest: i.Oldest}
			return true
		})
	})
	if err == nil {
		err = bad
	}
	return out, err
}

// JudgeWriters judges again what is parked for its writer's sake, after a role changed or somebody was let in again, and
// lets those who watch the town know that people changed.
func (r *Replica) JudgeWriters(ctx context.Context, town event.ID) error {
	for _, reason := range []string{inc, revoked, right} {
		if err := r.JudgeAgain(ctx, town, reason); err != nil {
			return err
		}
	}
	r.Poke(town)
	return nil
}

// Poke lets those who watch the town know that something of it changed outside its log.
func (r *Replica) Poke(town event.ID) {
	if t, err := r.town(town); err == nil {
		t.watch.poke()
	}
}
