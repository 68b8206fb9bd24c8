package replay

import (
	"bytes"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Gone is one thing that a ledger says is erased: an event, or with a zero Event an entity.
type Gone struct {
	Event    event.ID
	Entity   event.ID
	Skeleton []byte
	Digest   [32]byte
}

// CheckGone tells where the log and the ledger of what was erased say another thing: what the ledger has is erased in the
// log, and what is erased in the log is in the ledger, or came later for an entity that is.
func (r *Report) CheckGone(tx store.Tx, gone []Gone) {
	events, entities := map[event.ID]bool{}, map[event.ID]bool{}
	for i := range gone {
		events[gone[i].Event] = true
		if gone[i].Event.IsZero() {
			entities[gone[i].Entity] = true
		}
	}
	for i := range gone {
		switch g := &gone[i]; {
		case g.Event.IsZero():
			r.checkGoneEntity(tx, g.Entity)
		default:
			r.checkGoneEvent(tx, g, entities[g.Entity])
		}
	}
	err := tx.Scan(store.IDs, nil, nil, func(k, v []byte) bool {
		p, err := store.ReadPlace(v)
		if id := event.ID(k); err == nil && p.Erased && !events[id] && !entities[p.Entity] {
			r.Differ("ledger: event %s is erased, and the ledger does not have it", id)
		}
		return true
	})
	if err != nil {
		r.Differ("ledger: %v", err)
	}
}

func (r *Report) checkGoneEntity(tx store.Tx, e event.ID) {
	b, err := tx.Get(store.Entities, store.IDKey(e))
	if err == nil && b != nil {
		if s, bad := store.ReadState(b); bad == nil && s.Erased {
			return
		}
	}
	r.Differ("ledger: entity %s is in the ledger, and not erased (%v)", e, err)
}

// checkGoneEvent compares the skeletons too, unless all of the entity went, at once or later.
func (r *Report) checkGoneEvent(tx store.Tx, g *Gone, whole bool) {
	p, ok, err := placeOf(tx, g.Event)
	if err != nil || !ok || !p.Erased {
		r.Differ("ledger: event %s is in the ledger, and not erased (%v)", g.Event, err)
		return
	}
	b, err := tx.Get(store.Events, store.SeqKey(p.Seq))
	if err != nil {
		r.Differ("ledger: event %s: %v", g.Event, err)
		return
	}
	rec, err := store.ReadRecord(b)
	if err != nil || rec.Digest != g.Digest || !whole && !bytes.Equal(rec.Bytes, g.Skeleton) {
		r.Differ("ledger: event %s has another skeleton or digest in the log (%v)", g.Event, err)
	}
}
