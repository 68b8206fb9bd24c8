package replica

import (
	"fmt"
	"io"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

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
	rec.Bare, rec.Salt, rec.Bytes = true, [16]byte{}, shellOf(e)
	_, p, err := b.lay(e, rec)
	if err != nil {
		return p, err
	}
	p.Standing = store.Folded
	b.touch(s)
	return p, b.place(e.ID, p)
}
