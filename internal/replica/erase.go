package replica

import (
	"context"
	"fmt"
	"io"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Gone is one thing that is erased: an event, or with a zero Event an entity, and whatever comes of it later.
type Gone struct {
	Event    event.ID
	Entity   event.ID
	Skeleton []byte   // what takes the event's place
	Digest   [32]byte // of the event as it was
}

// Erasable says what there is to erase of events and entities, for a ledger that is written before Erase. An entity comes
// with all its events. An event that was parked never stood, so its skeleton is empty; one that is the first of its entity, and
// parked, takes the entity with it. fault.NotFound names what is not here; what is erased already is left out.
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
	return gone, err
}

func appendEntity(tx store.Tx, gone []Gone, e event.ID) ([]Gone, error) {
	s, err := readState(tx, e)
	if err != nil || s != nil && s.Erased {
		return gone, err
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
		gone = append(gone, Gone{Event: ev.ID, Entity: e, Skeleton: envelope(ev), Digest: rec.Digest})
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
		skeleton = envelope(e)
	}
	return append(gone, Gone{Event: e.ID, Entity: p.Entity, Skeleton: skeleton, Digest: rec.Digest}), nil
}

// skeletonOf leaves of an event what others build on: which entry it doubles, which verdict it gave, and that it took
// something back, not why.
func skeletonOf(e *event.Event) []byte {
	return e.Skeleton(func(name string, v event.Value) event.Value {
		switch {
		case name == "dup_of", len(name) > 8 && name[:8] == "verdict:":
			return v
		case name == "retracted" && !v.IsNull():
			return event.Text("erased")
		default:
			return event.Null
		}
	}).Append(nil)
}

// envelope leaves the envelope alone.
func envelope(e *event.Event) []byte {
	bare := *e
	bare.Set = nil
	return bare.Append(nil)
}

// Erase takes away what people wrote in events and entities: from the log, from states and rows, and by what it tells every
// device, from phones. What was written before it in backups and in the file's free pages is the caller's to take away.
// Doing it again changes nothing but that devices are told again; what the town does not have, because an older backup
// was put back, gets its skeleton in the log, so that a phone which offers it is told that it is erased.
func (r *Replica) Erase(ctx context.Context, town event.ID, gone []Gone) error {
	return r.erase(ctx, town, gone, (*batch).tick)
}

// EraseKept takes away of a backup what it has of this, and leaves its head where it is: `safe` counts on the heads of
// backups. What it lacks, and whom to tell, is seen to when it is put back.
func (r *Replica) EraseKept(ctx context.Context, town event.ID, gone []Gone) error {
	return r.erase(ctx, town, gone, func(b *batch) error {
		b.still = true
		return nil
	})
}

func (r *Replica) erase(ctx context.Context, town event.ID, gone []Gone, begin func(*batch) error) error {
	t, err := r.town(town)
	if err != nil {
		return err
	}
	return r.engine.Update(ctx, town, func(tx store.Tx) error {
		b, err := r.begin(t, tx, Caller{Town: town, Role: Coordinator})
		if err != nil {
			return err
		}
		if err := begin(b); err != nil {
			return err
		}
		for i := range gone {
			if err := b.erase(&gone[i]); err != nil {
				return err
			}
		}
		return b.flush()
	})
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

func (b *batch) erase(g *Gone) error {
	if g.Event.IsZero() {
		return b.eraseEntity(g.Entity)
	}
	p, ok, err := placeOf(b.tx, g.Event)
	if err != nil {
		return err
	}
	if !ok && b.still {
		return nil
	}
	if !ok {
		return b.implant(g)
	}
	if err := b.tellGone(g.Event); err != nil || p.Erased {
		return err
	}
	rec, err := recordAt(b.tx, p.Seq)
	if err != nil {
		return err
	}
	if err := b.strip(rec, p.Seq, g.Skeleton); err != nil {
		return err
	}
	return b.eraseFrom(g.Event, p)
}

// eraseFrom makes the entity anew without what was written. What was parked is not, and stands for nothing.
func (b *batch) eraseFrom(id event.ID, p store.Place) error {
	s, err := b.state(p.Entity)
	if err != nil {
		return err
	}
	if p.Standing == store.Parked {
		if err := b.unpark(s, id, p); err != nil {
			return err
		}
	}
	p.Standing, p.Reason, p.Erased = store.Folded, "", true
	if err := b.place(id, p); err != nil {
		return err
	}
	if err := b.refold(s); err != nil {
		return err
	}
	b.touch(s)
	return b.unfollow(s)
}

// strip puts a skeleton in a record's place. The digest stays, so that the chain does; the salt goes, so that nobody can try
// what the bytes may have been.
func (b *batch) strip(rec *store.Record, seq uint64, skeleton []byte) error {
	rec.Bare, rec.Salt, rec.Bytes = true, [16]byte{}, skeleton
	return b.tx.Put(store.Events, store.SeqKey(seq), rec.Append(nil))
}

// tellGone has every device told.
func (b *batch) tellGone(id event.ID) error {
	return b.tx.Put(store.Gone, store.SeqIDKey(b.head.seq, id), nil)
}

func (b *batch) eraseEntity(e event.ID) error {
	s, err := b.state(e)
	if err != nil || b.still && s.wasSeq == 0 {
		return err
	}
	err = b.eachEvent(e, func(ev *event.Event, rec *store.Record, p store.Place) error {
		if p.Standing == store.Parked {
			if err := b.unpark(s, ev.ID, p); err != nil {
				return err
			}
		}
		if err := b.strip(rec, p.Seq, envelope(ev)); err != nil {
			return err
		}
		p.Standing, p.Reason, p.Erased = store.Folded, "", true
		if err := b.tellGone(ev.ID); err != nil {
			return err
		}
		return b.place(ev.ID, p)
	})
	s.Erased, s.Birth, s.By, s.Fields = true, nil, event.ID{}, nil
	b.touch(s)
	return err
}

// implant puts the skeleton of an event that the town does not have at the end of the log.
func (b *batch) implant(g *Gone) error {
	e, err := event.Decode(g.Skeleton)
	if err != nil {
		return fmt.Errorf("skeleton of event %s: %w", g.Event, err)
	}
	rec := &store.Record{Again: true, Received: b.now.UnixMilli(), Carrier: b.caller.Account, Nonce: b.nonce, Digest: g.Digest, Bare: true, Bytes: g.Skeleton}
	rec.Eff = min(e.HLC, b.high())
	rec.Chain = rec.Link(b.head.chain)
	s, p, err := b.lay(e, rec)
	if err != nil {
		return err
	}
	if s.Erased {
		p.Standing = store.Folded
		b.touch(s)
		return b.place(e.ID, p)
	}
	switch {
	case e.New != nil && !b.knows(e):
		p.Reason = kind
	case e.New == nil && s.Birth == nil:
		p.Reason = Waiting
	}
	_, err = b.settle(s, e, rec, p)
	return err
}

func (b *batch) knows(first *event.Event) bool {
	_, known := b.catalog.ClassOf(first.New, first.By)
	return known
}

// lay gives a record of what was erased its place in the log, and nothing in any state.
func (b *batch) lay(e *event.Event, rec *store.Record) (*touched, store.Place, error) {
	if err := b.write(rec); err != nil {
		return nil, store.Place{}, err
	}
	p := store.Place{Seq: b.head.seq, Entity: e.Entity, Erased: true}
	if err := b.tx.Put(store.ByEntity, store.IDSeqKey(e.Entity, b.head.seq), nil); err != nil {
		return nil, p, err
	}
	if err := b.number(e); err != nil {
		return nil, p, err
	}
	if err := b.tellGone(e.ID); err != nil {
		return nil, p, err
	}
	s, err := b.state(e.Entity)
	if err == nil && e.New != nil {
		s.Class, _ = b.catalog.ClassOf(e.New, e.By)
	}
	return s, p, err
}

// bury stores of an event that came for an erased entity that it came, and nothing else.
func (b *batch) bury(s *touched, e *event.Event, raw []byte) (store.Place, error) {
	rec := &store.Record{Received: b.now.UnixMilli(), Carrier: b.caller.Account, Nonce: b.nonce, Bytes: raw}
	rec.Eff = min(e.HLC, b.high())
	if _, err := io.ReadFull(b.r.random, rec.Salt[:]); err != nil {
		return store.Place{}, fmt.Errorf("no randomness: %w", err)
	}
	rec.Seal(b.head.chain)
	rec.Bare, rec.Salt, rec.Bytes = true, [16]byte{}, envelope(e)
	_, p, err := b.lay(e, rec)
	if err != nil {
		return p, err
	}
	p.Standing = store.Folded
	b.touch(s)
	return p, b.place(e.ID, p)
}
