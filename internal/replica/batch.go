package replica

import (
	"fmt"
	"io"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/merge"
	"lofteslogg/internal/store"
)

// batch is one transaction's work on a town's log. What it read and changed is written by flush; until then the log
// records are in the transaction and the states here.
type batch struct {
	r      *Replica
	t      *town
	tx     store.Tx
	caller Caller
	now    time.Time
	nonce  [16]byte
	head   head

	states map[event.ID]*touched
	order  []*touched // in the order of their first change
	incs   map[event.ID]*installation
	forks  map[event.ID]bool
	taken  map[event.ID]*event.Event // by this batch
	attn   []notice                  // what changed in the bucket of attention, in order

	catalog      *activity.Catalog
	catalogStamp string
}

// touched is an entity that the batch has read.
type touched struct {
	*event.State
	wasClass string // as the feed has it; empty when it is not there
	wasSeq   uint64
	was      signs
	dirty    bool
}

type installation struct {
	store.Installation
	dirty bool
}

func (r *Replica) begin(t *town, tx store.Tx, caller Caller) (*batch, error) {
	if t.retired.Load() {
		return nil, fault.New(fault.Busy, "", "another file takes the place of town %s", t.id)
	}
	h, err := readHead(tx)
	if err != nil {
		return nil, err
	}
	h.town = t.id
	b := &batch{
		r: r, t: t, tx: tx, caller: caller, now: r.clock.Now(), head: *h,
		states: map[event.ID]*touched{}, incs: map[event.ID]*installation{}, forks: map[event.ID]bool{}, taken: map[event.ID]*event.Event{},
	}
	if _, err := io.ReadFull(r.random, b.nonce[:]); err != nil {
		return nil, fmt.Errorf("no randomness: %w", err)
	}
	return b, b.readCatalog()
}

// readCatalog takes the catalogue from memory when it is that of this transaction; an earlier one of the same commit
// may have changed it.
func (b *batch) readCatalog() error {
	stamp, err := b.tx.Get(store.Meta, metaCatalog)
	if err != nil {
		return err
	}
	b.catalogStamp = string(stamp)
	if known := b.t.catalog.Load(); known.stamp == b.catalogStamp {
		b.catalog = known.Catalog
		return nil
	}
	s, err := readState(b.tx, event.ID(stamp[:16]))
	b.catalog = activity.ReadCatalog(s)
	return err
}

// state finds an entity in the batch or the town, or begins one.
func (b *batch) state(e event.ID) (*touched, error) {
	if s := b.states[e]; s != nil {
		return s, nil
	}
	stored, err := readState(b.tx, e)
	if err != nil {
		return nil, err
	}
	s := &touched{State: stored}
	if stored == nil {
		s.State = &event.State{Entity: e, Class: activity.ClassDesk}
	} else {
		s.wasClass, s.wasSeq, s.was = stored.Class, stored.Seq, signsOf(stored)
	}
	b.states[e] = s
	return s, nil
}

// touch says that the entity is another than before, as of the log's present seq.
func (b *batch) touch(s *touched) {
	s.Seq = b.head.seq
	if !s.dirty {
		s.dirty = true
		b.order = append(b.order, s)
	}
}

// append gives the event its place in the log. It stands nowhere yet.
func (b *batch) append(e *event.Event, raw []byte, again bool) (*store.Record, error) {
	rec := &store.Record{Again: again, Received: b.now.UnixMilli(), Carrier: b.caller.Account, Nonce: b.nonce, Bytes: raw}
	rec.Eff = min(e.HLC, max(clock.At(b.now), b.head.high))
	if b.caller.Revoked && b.caller.Account == e.By {
		rec.Via = b.caller.Phone
	}
	b.taken[e.ID] = e
	if _, err := io.ReadFull(b.r.random, rec.Salt[:]); err != nil {
		return nil, fmt.Errorf("no randomness: %w", err)
	}
	if err := b.link(rec); err != nil {
		return nil, err
	}
	return rec, b.tx.Put(store.ByEntity, store.IDSeqKey(e.Entity, b.head.seq), nil)
}

func (b *batch) link(rec *store.Record) error {
	rec.Seal(b.head.chain)
	b.head.seq++
	b.head.chain = rec.Chain
	b.head.high = max(b.head.high, rec.Eff)
	return b.tx.Put(store.Events, store.SeqKey(b.head.seq), rec.Append(make([]byte, 0, 160+len(rec.Bytes))))
}

// tick gives a change that no event made a seq of its own, so that every device learns of it.
func (b *batch) tick() error {
	return b.link(&store.Record{Received: b.now.UnixMilli(), Carrier: b.caller.Account, Nonce: b.nonce})
}

func (b *batch) fold(s *touched, e *event.Event, eff clock.Stamp) error {
	var failed error
	merge.Fold(s.State, e, eff, func(id event.ID) bool {
		p, ok, err := placeOf(b.tx, id)
		if err != nil {
			failed = err
		}
		return ok && p.Entity == s.Entity && p.Standing == store.Folded
	})
	return failed
}

func (b *batch) place(id event.ID, p store.Place) error {
	return b.tx.Put(store.IDs, store.IDKey(id), p.Append(make([]byte, 0, 40)))
}

// flush writes what the batch changed, and has memory follow when it is durable.
func (b *batch) flush() error {
	rows := make([]activity.Row, 0, len(b.order))
	for _, s := range b.order {
		if err := b.flushState(s); err != nil {
			return err
		}
		if err := b.flushSigns(s); err != nil {
			return err
		}
		row, err := b.flushRow(s)
		if err != nil {
			return err
		}
		if row != nil {
			rows = append(rows, *row)
		}
	}
	if err := b.flushInstallations(); err != nil {
		return err
	}
	if err := writeMeta(b.tx, &b.head); err != nil {
		return err
	}
	b.tx.OnCommit(func() { b.publish(rows) })
	return nil
}

func (b *batch) flushState(s *touched) error {
	if s.wasSeq > 0 {
		if err := b.tx.Delete(store.Changes, store.FeedKey(s.wasClass, s.wasSeq, s.Entity)); err != nil {
			return err
		}
	}
	if err := b.tx.Put(store.Changes, store.FeedKey(s.Class, s.Seq, s.Entity), nil); err != nil {
		return err
	}
	return b.tx.Put(store.Entities, store.IDKey(s.Entity), store.AppendState(make([]byte, 0, 512), s.State))
}

// flushRow writes what is counted of the entity; nil when it is no activity.
func (b *batch) flushRow(s *touched) (*activity.Row, error) {
	switch {
	case s.Birth == nil && s.wasSeq == 0:
		return nil, nil
	case s.Birth == nil: // its first event was parked anew, so there is nothing to count
		return &activity.Row{Entity: s.Entity, Flags: activity.Voided}, b.tx.Delete(store.Rows, store.IDKey(s.Entity))
	case s.Birth.Type != activity.TypeActivity:
		return nil, nil
	}
	late, err := b.late(s)
	if err != nil {
		return nil, err
	}
	row := activity.RowOf(s.State, late)
	return &row, b.tx.Put(store.Rows, store.IDKey(s.Entity), row.Append(make([]byte, 0, 128)))
}

// late tells whether the entity's first event came more than seven days after it was written, and not because it was
// offered again.
func (b *batch) late(s *touched) (bool, error) {
	p, ok, err := placeOf(b.tx, s.Entity)
	if err != nil || !ok {
		return false, err
	}
	rec, err := recordAt(b.tx, p.Seq)
	if err != nil {
		return false, err
	}
	return isLate(rec), nil
}

const lateAfter = 7 * 24 * time.Hour

// isLate allows for a clock that is known to have been wrong.
func isLate(rec *store.Record) bool {
	late := func(off int64) bool { return rec.Received-(rec.Eff.Millis()-off) > lateAfter.Milliseconds() }
	if rec.Again || !late(0) {
		return false
	}
	e, err := event.Decode(rec.Bytes)
	return err != nil || e.Off == nil || late(*e.Off)
}

// publish runs after the commit, in the order of commits.
func (b *batch) publish(rows []activity.Row) {
	b.t.table.Put(b.head.seq, rows)
	b.t.attention.follow(b.attn)
	changed := false
	for _, s := range b.order {
		if s.Birth != nil && s.Birth.Type == activity.TypeDecisions {
			b.t.attention.decide(s.State)
		}
		if s.Class == activity.ClassRef {
			b.t.refs[s.Entity], changed = s.State, true
		}
	}
	if changed {
		b.t.rebind(b.catalogStamp)
	}
	if len(b.order) > 0 {
		b.t.watch.poke()
	}
}

func foldInto(s *event.State, e *event.Event, eff clock.Stamp, folded map[event.ID]bool) {
	merge.Fold(s, e, eff, func(id event.ID) bool { return folded[id] })
}
