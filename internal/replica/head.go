package replica

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

var (
	metaHead      = []byte("head")
	metaCatalog   = []byte("catalog")
	metaDecisions = []byte("decisions")
)

// head is where a town's log is.
type head struct {
	town       event.ID // not stored
	epoch      event.ID // random, new when the town is created or restored; a hint
	generation event.ID // of the feed; new when it was rebuilt
	seq        uint64
	chain      store.Chain
	high       clock.Stamp // the largest stamp stored
}

func (h *head) wire() wire.Head {
	return wire.Head{Epoch: h.epoch, Seq: h.seq, Chain: hex.EncodeToString(h.chain[:])}
}

func readHead(tx store.Tx) (*head, error) {
	b, err := tx.Get(store.Meta, metaHead)
	if err != nil {
		return nil, err
	}
	if len(b) != 80 {
		return nil, fmt.Errorf("head of the log: %w", store.ErrDamaged)
	}
	h := &head{epoch: event.ID(b[:16]), generation: event.ID(b[16:32]), seq: binary.BigEndian.Uint64(b[32:40]), high: clock.Stamp(binary.BigEndian.Uint64(b[40:48]))}
	copy(h.chain[:], b[48:])
	return h, nil
}

func writeMeta(tx store.Tx, h *head) error {
	b := append(append(make([]byte, 0, 80), h.epoch[:]...), h.generation[:]...)
	b = binary.BigEndian.AppendUint64(b, h.seq)
	b = binary.BigEndian.AppendUint64(b, uint64(h.high))
	return tx.Put(store.Meta, metaHead, append(b, h.chain[:]...))
}

// chainAt is the chain at a seq of this history; ok is false beyond its end.
func (h *head) chainAt(tx store.Tx, seq uint64) (c store.Chain, ok bool, err error) {
	switch {
	case seq == 0:
		return c, true, nil
	case seq == h.seq:
		return h.chain, true, nil
	case seq > h.seq:
		return c, false, nil
	}
	rec, err := recordAt(tx, seq)
	if err != nil {
		return c, false, err
	}
	return rec.Chain, true, nil
}

// knows tells whether the history that a device saw is a beginning of this one. The chain decides; the epoch is a hint.
func (h *head) knows(tx store.Tx, shown *wire.Head) (bool, error) {
	if shown == nil {
		return true, nil
	}
	c, ok, err := h.chainAt(tx, shown.Seq)
	return ok && hex.EncodeToString(c[:]) == shown.Chain, err
}

func recordAt(tx store.Tx, seq uint64) (*store.Record, error) {
	b, err := tx.Get(store.Events, store.SeqKey(seq))
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, fmt.Errorf("no record at seq %d: %w", seq, store.ErrDamaged)
	}
	return store.ReadRecord(b)
}

// placeOf finds a stored event.
func placeOf(tx store.Tx, id event.ID) (p store.Place, ok bool, err error) {
	b, err := tx.Get(store.IDs, store.IDKey(id))
	if err != nil || b == nil {
		return p, false, err
	}
	p, err = store.ReadPlace(b)
	return p, true, err
}

// readState reads an entity; nil when there is none.
func readState(tx store.Tx, e event.ID) (*event.State, error) {
	b, err := tx.Get(store.Entities, store.IDKey(e))
	if err != nil || b == nil {
		return nil, err
	}
	return store.ReadState(b)
}

// scanFeed visits the entities of a class after a seq, in order, until fn says no.
func scanFeed(tx store.Tx, class string, after uint64, fn func(seq uint64, e event.ID) (bool, error)) error {
	var bad error
	prefix := append([]byte(class), 0)
	err := tx.Scan(store.Changes, store.FeedKey(class, after+1, event.ID{}), store.After(prefix), func(k, _ []byte) bool {
		_, seq, e, ok := store.FeedOf(k)
		if !ok {
			bad = fmt.Errorf("key of the feed: %w", store.ErrDamaged)
			return false
		}
		ok, bad = fn(seq, e)
		return ok && bad == nil
	})
	if err == nil {
		err = bad
	}
	return err
}

// safe is the seq up to which every backup still offered for restore shares this history: 0 with fewer than two, or
// when one of them is of another history.
func (r *Replica) safe(h head, tx store.Tx) (uint64, error) {
	if r.kept == nil {
		return 0, nil
	}
	backups := r.kept(h.town)
	if len(backups) < 2 {
		return 0, nil
	}
	safe := h.seq
	for _, backup := range backups {
		known, err := h.knows(tx, &backup)
		if err != nil || !known {
			return 0, err
		}
		safe = min(safe, backup.Seq)
	}
	return safe, nil
}
