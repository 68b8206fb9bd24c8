package replica

import (
	"context"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// Proposals are the places whose first event is parked, in the order of their ids, each as its writer's phone shows it:
// what the same person has written of it since is laid over. One that its writer took back is none. fault.NotFound
// when there is no such town.
func (r *Replica) Proposals(ctx context.Context, id event.ID) ([]wire.PlaceProposal, error) {
	t, err := r.town(id)
	if err != nil {
		return nil, err
	}
	list := []wire.PlaceProposal{}
	proposed := t.book.Load().Proposed
	if len(proposed) == 0 {
		return list, nil
	}
	err = r.engine.View(ctx, id, func(tx store.Tx) error {
		for i := len(proposed) - 1; i >= 0; i-- { // the book has the smallest last
			p, err := r.proposal(tx, id, proposed[i])
			if err != nil {
				return err
			}
			if p != nil {
				list = append(list, *p)
			}
		}
		return nil
	})
	return list, err
}

// Decisions is the entity that a decision is to be written on: the smallest there is, or nil before the first.
func (r *Replica) Decisions(ctx context.Context, id event.ID) (out *event.ID, err error) {
	err = r.engine.View(ctx, id, func(tx store.Tx) error {
		list, err := (&batch{tx: tx}).decisions()
		if err == nil && len(list) > 0 {
			smallest := slices.MinFunc(list, event.ID.Compare)
			out = &smallest
		}
		return err
	})
	return out, err
}

// proposal reads one; nil when it is of something else than a place, was let in since, or was taken back.
func (r *Replica) proposal(tx store.Tx, town, e event.ID) (*wire.PlaceProposal, error) {
	at, ok, err := placeOf(tx, e)
	if err != nil || !ok || at.Standing != store.Parked {
		return nil, err
	}
	rec, err := recordAt(tx, at.Seq)
	if err != nil {
		return nil, err
	}
	first, err := event.Decode(rec.Bytes)
	if err != nil || first.New == nil || first.New.Type != activity.TypePlace {
		return nil, err
	}
	s, err := written(tx, first)
	if err != nil || s.Retracted() {
		return nil, err
	}
	out := &wire.PlaceProposal{E: e, St: *wire.EntityOf(s).St, Why: at.Reason, Received: rec.Received}
	if person, ok := r.people.Person(town, first.By); ok {
		out.Role, out.Party = string(person.Role), person.Party
	}
	return out, nil
}

// written is the state that an entity would have if all that the writer of its first event wrote were folded.
func written(tx store.Tx, first *event.Event) (*event.State, error) {
	s, folded := &event.State{Entity: first.Entity, Class: activity.ClassRef}, map[event.ID]bool{}
	seqs, err := seqsOf(tx, first.Entity)
	if err != nil {
		return nil, err
	}
	for _, seq := range seqs {
		rec, err := recordAt(tx, seq)
		if err != nil {
			return nil, err
		}
		e, err := event.Decode(rec.Bytes)
		if err != nil {
			return nil, err
		}
		if e.By == first.By && e.Version == event.Version {
			foldInto(s, e, rec.Eff, folded)
			folded[e.ID] = true
		}
	}
	return s, nil
}
