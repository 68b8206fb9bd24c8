package replica

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// stand gives an event that has just got its place in the log its standing, and settles what follows from it.
func (b *batch) stand(e *event.Event, rec *store.Record) (store.Place, error) {
	p := store.Place{Seq: b.head.seq, Entity: e.Entity}
	s, err := b.state(e.Entity)
	if err != nil {
		return p, err
	}
	if e.New != nil {
		s.Class, _ = b.catalog.ClassOf(e.New, e.By)
	}
	if p.Reason, err = b.judge(e, rec, s); err != nil {
		return p, err
	}
	return b.settle(s, e, rec, p)
}

// settle folds or parks the event as p.Reason says; it is neither now.
func (b *batch) settle(s *touched, e *event.Event, rec *store.Record, p store.Place) (store.Place, error) {
	if p.Reason != "" {
		p.Standing = store.Parked
		return p, b.park(s, e.ID, p)
	}
	p.Standing = store.Folded
	if err := b.fold(s, e, rec.Eff); err != nil {
		return p, err
	}
	if err := b.place(e.ID, p); err != nil {
		return p, err
	}
	b.touch(s)
	return p, b.follow(s, e)
}

func (b *batch) park(s *touched, id event.ID, p store.Place) error {
	i, _ := slices.BinarySearchFunc(s.Parked, id, func(q event.Parked, id event.ID) int { return q.ID.Compare(id) })
	s.Parked = slices.Insert(s.Parked, i, event.Parked{ID: id, Reason: p.Reason})
	b.touch(s)
	if err := b.attend(store.FeedKey(p.Reason, p.Seq, p.Entity), id[:]); err != nil {
		return err
	}
	return b.place(id, p)
}

func (b *batch) unpark(s *touched, id event.ID, p store.Place) error {
	s.Parked = slices.DeleteFunc(s.Parked, func(q event.Parked) bool { return q.ID == id })
	return b.rest(store.FeedKey(p.Reason, p.Seq, p.Entity))
}

// follow does what a folded event calls for: it may be what others waited for, the catalogue, or a decision.
func (b *batch) follow(s *touched, e *event.Event) error {
	if e.New != nil {
		if err := b.judgeAgainIn(s, Waiting); err != nil {
			return err
		}
	}
	switch s.Birth.Type {
	case activity.TypeCatalog:
		return b.followCatalog(s)
	case activity.TypeDecisions:
		return b.followDecisions(s, e)
	}
	return nil
}

// judgeAgainIn judges an entity's events that are parked for a reason, in the order they came.
func (b *batch) judgeAgainIn(s *touched, reason string) error {
	type parked struct {
		id  event.ID
		seq uint64
	}
	var list []parked
	for _, q := range s.Parked {
		if q.Reason == reason {
			p, _, err := placeOf(b.tx, q.ID)
			if err != nil {
				return err
			}
			list = append(list, parked{q.ID, p.Seq})
		}
	}
	slices.SortFunc(list, func(x, y parked) int { return int(x.seq) - int(y.seq) })
	for _, q := range list {
		if err := b.judgeAgain(q.id); err != nil {
			return err
		}
	}
	return nil
}

// judgeAgain gives a stored event the standing that it would have if it came now. Its eff and lateness stay.
func (b *batch) judgeAgain(id event.ID) error {
	p, ok, err := placeOf(b.tx, id)
	if err != nil || !ok || p.Erased && p.Standing == store.Folded {
		return err // of what was erased nothing is left to judge
	}
	rec, err := recordAt(b.tx, p.Seq)
	if err != nil {
		return err
	}
	e, err := event.Decode(rec.Bytes)
	if err != nil {
		return fmt.Errorf("event at seq %d: %w", p.Seq, err)
	}
	s, err := b.state(p.Entity)
	if err != nil {
		return err
	}
	if e.New != nil {
		s.Class, _ = b.catalog.ClassOf(e.New, e.By)
	}
	reason, err := b.judge(e, rec, s)
	if err != nil {
		return err
	}
	if p.Erased && !waitsForEntity(reason) {
		reason = "" // nothing that was written is left to be judged
	}
	return b.move(s, e, rec, p, reason)
}

// move changes an event's standing from p to what reason says.
func (b *batch) move(s *touched, e *event.Event, rec *store.Record, p store.Place, reason string) error {
	was := p
	p.Reason = reason
	switch {
	case was.Standing == store.Parked && was.Reason == reason, was.Standing == store.Folded && reason == "":
		return nil
	case was.Standing == store.Parked:
		if err := b.unpark(s, e.ID, was); err != nil {
			return err
		}
		_, err := b.settle(s, e, rec, p)
		return err
	default:
		p.Standing = store.Parked
		if err := b.park(s, e.ID, p); err != nil {
			return err
		}
		if err := b.refold(s); err != nil {
			return err
		}
		return b.unfollow(s)
	}
}

// unfollow has what follows from a catalogue follow from what is left of it, after an event of it was parked.
func (b *batch) unfollow(s *touched) error {
	if len(b.catalogStamp) >= 16 && s.Entity == event.ID([]byte(b.catalogStamp[:16])) {
		return b.followCatalog(s)
	}
	return nil
}

// refold makes an entity anew of its folded events in the order they came, after one of them was parked. The first
// event may have come later than others; without it they all wait.
func (b *batch) refold(s *touched) error {
	s.Birth, s.By, s.Fields = nil, event.ID{}, nil
	if s.Erased {
		return nil
	}
	first, ok, err := placeOf(b.tx, s.Entity)
	if err != nil {
		return err
	}
	born := ok && first.Standing == store.Folded && first.Entity == s.Entity
	folded := map[event.ID]bool{}
	return b.eachEvent(s.Entity, func(e *event.Event, rec *store.Record, p store.Place) error {
		switch {
		case p.Standing != store.Folded:
			return nil
		case !born:
			p.Standing, p.Reason = store.Parked, Waiting
			return b.park(s, e.ID, p)
		}
		foldInto(s.State, e, rec.Eff, folded)
		folded[e.ID] = true
		return nil
	})
}

// eachEvent visits an entity's events with bytes, in the order they came.
func (b *batch) eachEvent(entity event.ID, fn func(*event.Event, *store.Record, store.Place) error) error {
	seqs, err := seqsOf(b.tx, entity)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		rec, err := recordAt(b.tx, seq)
		if err != nil {
			return err
		}
		e, err := event.Decode(rec.Bytes)
		if err != nil {
			return fmt.Errorf("event at seq %d: %w", seq, err)
		}
		p, _, err := placeOf(b.tx, e.ID)
		if err == nil {
			err = fn(e, rec, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func seqsOf(tx store.Tx, entity event.ID) (seqs []uint64, err error) {
	err = tx.Scan(store.ByEntity, entity[:], store.After(entity[:]), func(k, _ []byte) bool {
		seqs = append(seqs, store.SeqOf(k))
		return true
	})
	return seqs, err
}

// followCatalog adopts the catalogue of the smallest id, and judges again what waited for a kind.
func (b *batch) followCatalog(s *touched) error {
	if len(b.catalogStamp) >= 16 && bytes.Compare([]byte(b.catalogStamp[:16]), s.Entity[:]) < 0 {
		return nil
	}
	b.catalog = activity.ReadCatalog(s.State)
	b.catalogStamp = string(store.IDSeqKey(s.Entity, b.head.seq))
	if err := b.tx.Put(store.Meta, metaCatalog, []byte(b.catalogStamp)); err != nil {
		return err
	}
	return b.judgeAgainAll(kind)
}

// judgeAgainAll judges every event that is parked for the reason.
func (b *batch) judgeAgainAll(reason string) error {
	var ids []event.ID
	prefix := append([]byte(reason), 0)
	err := b.tx.Scan(store.Attn, prefix, store.After(prefix), func(_, v []byte) bool {
		if len(v) == 16 {
			ids = append(ids, event.ID(v))
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := b.judgeAgain(id); err != nil {
			return err
		}
	}
	return nil
}

// followDecisions judges again every event that the write decided about.
func (b *batch) followDecisions(s *touched, e *event.Event) error {
	known, err := b.decisions()
	if err != nil {
		return err
	}
	if !slices.Contains(known, s.Entity) {
		var list []byte
		for _, d := range append(known, s.Entity) {
			list = append(list, d[:]...)
		}
		if err := b.tx.Put(store.Meta, metaDecisions, list); err != nil {
			return err
		}
	}
	for _, f := range e.Set {
		text, ok := strings.CutPrefix(f.Name, "verdict:")
		if id, err := event.ParseID(text); ok && err == nil {
			if err := b.judgeAgain(id); err != nil {
				return err
			}
		}
	}
	return nil
}
