package replica

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Erasable says what there is to erase of events and entities, for a ledger that is written before Erase. An entity comes
// with all its events. An event that was parked never stood, so its skeleton is empty; one that is the first of its entity, and
// parked, takes the entity with it. What is named twice comes once, and what is erased already is left out.
//
// fault.NotFound names what is not here; fault.Conflict an entity that everything else needs, of which single events can go.
func (r *Replica) Erasable(ctx context.Context, town event.ID, events, entities []event.ID) (gone []Gone, err error) {
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		gone = gone[:0]
		for _, id := range events {
			p, ok, err := placeOf(tx, id)
			switch {
			case err != nil:
				return err
			case !ok:
				return fault.New(fault.NotFound, "event", "no event %s here", id).At("event")
			case id == p.Entity && p.Standing == store.Parked:
				entities = append(entities, id)
			default:
				if gone, err = appendGone(tx, gone, p); err != nil {
					return err
				}
			}
		}
		for _, e := range entities {
			if gone, err = appendEntity(tx, gone, e); err != nil {
				return err
			}
		}
		return nil
	})
	return once(gone), err
}

// once leaves out what is there already; what goes with its entity goes once.
func once(gone []Gone) []Gone {
	seen := map[[2]event.ID]bool{}
	return slices.DeleteFunc(gone, func(g Gone) bool {
		key := [2]event.ID{g.Event, g.Entity}
		had := seen[key]
		seen[key] = true
		return had
	})
}

// lasting are the types of which a town has to have an entity as long as it is one.
var lasting = []string{activity.TypeTown, activity.TypeCatalog, activity.TypeDecisions}

func appendEntity(tx store.Tx, gone []Gone, e event.ID) ([]Gone, error) {
	s, err := readState(tx, e)
	if err != nil || s != nil && s.Erased {
		return gone, err
	}
	if s != nil && s.Birth != nil && slices.Contains(lasting, s.Birth.Type) {
		return nil, fault.New(fault.Conflict, "lasting", "entity %s is the %s, which everything else needs: name events of it", e, s.Birth.Type).At("entity")
	}
	seqs, err := seqsOf(tx, e)
	if err != nil {
		return nil, err
	}
	if len(seqs) == 0 {
		return nil, fault.New(fault.NotFound, "entity", "no entity %s here", e).At("entity")
	}
	gone = append(gone, Gone{Entity: e})
	for _, seq := range seqs {
		rec, err := recordAt(tx, seq)
		if err != nil {
			return nil, err
		}
		ev, err := event.Decode(rec.Bytes)
		if err != nil {
			return nil, fmt.Errorf("event at seq %d: %w", seq, err)
		}
		gone = append(gone, Gone{Event: ev.ID, Entity: e, Skeleton: shellOf(ev), Digest: rec.Digest})
	}
	return gone, nil
}

func appendGone(tx store.Tx, gone []Gone, p store.Place) ([]Gone, error) {
	if p.Erased {
		return gone, nil
	}
	rec, err := recordAt(tx, p.Seq)
	if err != nil {
		return nil, err
	}
	e, err := event.Decode(rec.Bytes)
	if err != nil {
		return nil, fmt.Errorf("event at seq %d: %w", p.Seq, err)
	}
	skeleton := skeletonOf(e)
	if p.Standing == store.Parked {
		skeleton = shellOf(e)
	}
	return append(gone, Gone{Event: e.ID, Entity: p.Entity, Skeleton: skeleton, Digest: rec.Digest}), nil
}

// skeletonOf leaves of an event what others build on: which entry it doubles, which verdict it gave, and that it took
// something back, not why.
func skeletonOf(e *event.Event) []byte {
	return e.Skeleton(func(name string, v event.Value) event.Value {
		switch {
		case name == "dup_of", strings.HasPrefix(name, "verdict:"):
			return v
		case name == "retracted" && !v.IsNull():
			return event.Text("erased")
		default:
			return event.Null
		}
	}).Append(nil)
}

// shellOf leaves who wrote when, and nothing of what.
func shellOf(e *event.Event) []byte {
	bare := *e
	bare.Set = nil
	return bare.Append(nil)
}

// Lacks lists what of this the town has not erased yet, for one that was stopped between its ledger and its file.
func (r *Replica) Lacks(ctx context.Context, town event.ID, gone []Gone) (left []Gone, err error) {
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		left = left[:0]
		for _, g := range gone {
			done, err := isGone(tx, &g)
			if err != nil {
				return err
			}
			if !done {
				left = append(left, g)
			}
		}
		return nil
	})
	return left, err
}

func isGone(tx store.Tx, g *Gone) (bool, error) {
	if g.Event.IsZero() {
		s, err := readState(tx, g.Entity)
		return s != nil && s.Erased, err
	}
	p, ok, err := placeOf(tx, g.Event)
	return ok && p.Erased, err
}
