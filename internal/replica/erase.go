package replica

import (
	"context"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Gone is one thing that is erased: an event, or with a zero Event an entity, and whatever comes of it later.
type Gone struct {
	Event    event.ID
	Entity   event.ID
	Skeleton []byte   // what takes the event's place
	Digest   [32]byte // of the event as it was
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

// eraseFrom makes the entity anew without what was written. What was parked is not any more, and stands for nothing; but a
// first event of a kind that nobody knows, or what waits for its first event, still waits for that: only then is it known
// what the entity is and who may see it.
func (b *batch) eraseFrom(id event.ID, p store.Place) error {
	s, err := b.state(p.Entity)
	if err != nil {
		return err
	}
	if p.Standing == store.Parked && !waitsForEntity(p.Reason) {
		if err := b.unpark(s, id, p); err != nil {
			return err
		}
		p.Standing, p.Reason = store.Folded, ""
	}
	p.Erased = true
	if err := b.place(id, p); err != nil {
		return err
	}
	if err := b.refold(s); err != nil {
		return err
	}
	b.touch(s)
	return b.unfollow(s)
}

// waitsForEntity tells whether an event is parked for what is missing of its entity, and not for what it says.
func waitsForEntity(reason string) bool { return reason == Waiting || reason == kind }

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
		if err := b.strip(rec, p.Seq, shellOf(ev)); err != nil {
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
