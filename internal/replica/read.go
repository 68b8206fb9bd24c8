package replica

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// Digest is a fingerprint of all that the caller may see: equal to the one a device makes of its cache when its
// cursor is at the head, or the cache is wrong.
func (r *Replica) Digest(ctx context.Context, caller Caller) (*wire.DigestReply, error) {
	reply := &wire.DigestReply{}
	err := r.engine.View(ctx, caller.Town, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		classes, err := classesOf(tx, caller)
		if err != nil {
			return err
		}
		var xor [16]byte
		for _, class := range classes {
			err := scanFeed(tx, class, 0, func(seq uint64, e event.ID) (bool, error) {
				fingerprint(&xor, e, seq)
				reply.Count++
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		reply.Head, reply.Xor = h.wire(), hex.EncodeToString(xor[:])
		return nil
	})
	return reply, err
}

func fingerprint(xor *[16]byte, e event.ID, seq uint64) {
	sum := sha256.Sum256(store.IDSeqKey(e, seq))
	for i := range xor {
		xor[i] ^= sum[i]
	}
}

// History is every stored event of an entity, in the order they came, and for those who see them the decisions about it. fault.NotFound when there is no such entity, or
// none that the caller may know of.
func (r *Replica) History(ctx context.Context, caller Caller, e event.ID) (*wire.HistoryReply, error) {
	reply := &wire.HistoryReply{E: e, Events: []wire.HistoryEvent{}, Decisions: []wire.Decision{}}
	t, err := r.town(caller.Town)
	if err != nil {
		return nil, err
	}
	err = r.engine.View(ctx, caller.Town, func(tx store.Tx) error {
		s, err := readState(tx, e)
		if err != nil {
			return err
		}
		if s == nil || !sees(caller, s.Class) {
			return fault.New(fault.NotFound, "entity", "no such entity").At("e")
		}
		reply.State = wire.EntityOf(s)
		seqs, err := seqsOf(tx, e)
		if err != nil {
			return err
		}
		for _, seq := range seqs {
			line, err := r.historyEvent(tx, caller.Town, seq)
			if err != nil {
				return err
			}
			reply.Events = append(reply.Events, line)
		}
		if caller.Role.readsAll() {
			l := &look{r: r, t: t, tx: tx}
			reply.Decisions, err = l.decisionsAbout(reply)
		}
		return err
	})
	return reply, err
}

func (r *Replica) historyEvent(tx store.Tx, town event.ID, seq uint64) (out wire.HistoryEvent, err error) {
	rec, err := recordAt(tx, seq)
	if err != nil {
		return out, err
	}
	e, err := event.Decode(rec.Bytes)
	if err != nil {
		return out, err
	}
	p, _, err := placeOf(tx, e.ID)
	if err != nil {
		return out, err
	}
	out = wire.HistoryEvent{
		Seq: seq, Received: rec.Received, Standing: standingName[p.Standing], Why: p.Reason, ID: e.ID, HLC: e.HLC, By: e.By,
		CarrierSame: rec.Carrier == e.By, Late: isLate(rec), Ev: append(wire.Raw(nil), rec.Bytes...),
	}
	if person, ok := r.people.Person(town, e.By); ok {
		out.Role, out.Party = string(person.Role), person.Party
	}
	return out, nil
}

var standingName = map[store.Standing]string{store.Folded: "folded", store.Parked: "parked", store.Erased: "erased"}

// JudgeAgain judges every event that is parked for a reason, after what it waited for may have changed: a person's
// rights or an installation. Each goes out to the devices that see it.
func (r *Replica) JudgeAgain(ctx context.Context, town event.ID, reason string) error {
	t, err := r.town(town)
	if err != nil {
		return err
	}
	return r.engine.Update(ctx, town, func(tx store.Tx) error {
		b, err := r.begin(t, tx, Caller{Town: town, Role: Coordinator})
		if err != nil {
			return err
		}
		if err := b.tick(); err != nil {
			return err
		}
		if err := b.judgeAgainAll(reason); err != nil {
			return err
		}
		return b.flush()
	})
}

// CatalogState is the state of the town's catalogue, by which batches are judged; nil when it has none yet. The caller
// may keep it.
func (r *Replica) CatalogState(ctx context.Context, town event.ID) (s *event.State, err error) {
	if _, err := r.town(town); err != nil {
		return nil, err
	}
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		stamp, err := tx.Get(store.Meta, metaCatalog)
		if err != nil || len(stamp) < len(event.ID{}) {
			return err
		}
		s, err = readState(tx, event.ID(stamp[:16]))
		return err
	})
	return s, err
}

// Catalog is the town's catalogue as the change feed has it, which everyone of the town may see.
func (r *Replica) Catalog(ctx context.Context, caller Caller) (*wire.CatalogReply, error) {
	s, err := r.CatalogState(ctx, caller.Town)
	if err != nil || s == nil {
		return &wire.CatalogReply{}, err
	}
	entity := wire.EntityOf(s)
	return &wire.CatalogReply{Catalog: &entity}, nil
}
