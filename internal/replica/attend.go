package replica

import (
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// What needs a look besides parked events, as docs/api/protocol.md has it. The bucket of attention has a record for each:
// reason, number and subject, and what it is about. All of it follows from the log, so it can be made anew.
const (
	Conflict = "conflict" // 0, entity → nothing: a field has two answers
	Edited   = "edited"   // 0, entity → ids of the edits that came after it was taken back
	Clock    = "clock"    // 0, entity → id of the write of its start, by a clock that was known to be wrong
	Fork     = "fork"     // seq, installation → id of an event whose number is another's
	Gap      = "gap"      // with ":" and the installation; last missing n, installation → first missing n
)

// wrongAfter is how wrong a clock may be before somebody looks at the time that was written by it.
const wrongAfter = 10 * time.Minute

// notice is one change of the bucket of attention; a nil value takes the record away.
type notice struct{ key, value []byte }

// attend puts a record into the bucket of attention, and has memory follow.
func (b *batch) attend(key, value []byte) error {
	b.attn = append(b.attn, notice{key, append([]byte{}, value...)})
	return b.tx.Put(store.Attn, key, value)
}

// rest takes a record away from there.
func (b *batch) rest(key []byte) error {
	b.attn = append(b.attn, notice{key, nil})
	return b.tx.Delete(store.Attn, key)
}

// signs is what a state says of whether its entity needs a look, as far as the state alone can say it.
type signs struct {
	conflict  bool
	retracted bool
	start     event.ID // the write that is displayed as its start
}

// signsOf reads the signs. Of decisions the latest counts, so two that differ are no conflict.
func signsOf(s *event.State) (out signs) {
	if s.Birth == nil || s.Birth.Type == activity.TypeDecisions {
		return out
	}
	for i := range s.Fields {
		out.conflict = out.conflict || s.Fields[i].Conflict()
	}
	out.retracted = s.Retracted()
	if r := s.Register("started_at"); r != nil && len(r.Heads) > 0 && s.Birth.Type == activity.TypeActivity {
		out.start = r.Heads[len(r.Heads)-1].ID
	}
	return out
}

// flushSigns has the bucket of attention say what the entity is now. An entity that was and is in order costs nothing.
func (b *batch) flushSigns(s *touched) error {
	is := signsOf(s.State)
	if is.conflict != s.was.conflict {
		if err := b.sign(Conflict, s.Entity, is.conflict, nil); err != nil {
			return err
		}
	}
	if is.retracted || s.was.retracted {
		late, err := b.lateEdits(s.Entity)
		if err != nil {
			return err
		}
		if err := b.sign(Edited, s.Entity, is.retracted && len(late) > 0, late); err != nil {
			return err
		}
	}
	if is.start == s.was.start {
		return nil
	}
	wrong, err := b.wrongClock(is.start)
	if err != nil || !wrong && s.was.start.IsZero() {
		return err
	}
	return b.sign(Clock, s.Entity, wrong, is.start[:])
}

func (b *batch) sign(reason string, e event.ID, yes bool, about []byte) error {
	key := store.FeedKey(reason, 0, e)
	if yes {
		return b.attend(key, about)
	}
	return b.rest(key)
}

// lateEdits lists what was written to the entity after it was taken back, in the order it came, but what a later retraction
// says that its writer was shown. Letting it count again ends the list.
func (b *batch) lateEdits(entity event.ID) (ids []byte, err error) {
	var late []event.ID
	retracted := false
	err = b.eachEvent(entity, func(e *event.Event, _ *store.Record, p store.Place) error {
		if p.Standing == store.Folded {
			late, retracted = afterRetraction(e, late, retracted)
		}
		return nil
	})
	for _, id := range late {
		ids = append(ids, id[:]...)
	}
	return ids, err
}

func afterRetraction(e *event.Event, late []event.ID, retracted bool) ([]event.ID, bool) {
	i := slices.IndexFunc(e.Set, func(f event.Field) bool { return f.Name == "retracted" })
	switch {
	case i >= 0 && e.Set[i].Value.IsNull():
		return nil, false
	case i >= 0:
		shown := e.Set[i].Base
		return slices.DeleteFunc(late, func(id event.ID) bool { return slices.Contains(shown, id) }), true
	case retracted && e.New == nil:
		return append(late, e.ID), true
	}
	return late, retracted
}

// wrongClock tells whether the event was written by a clock that was known to be wrong.
func (b *batch) wrongClock(id event.ID) (bool, error) {
	if id.IsZero() {
		return false, nil
	}
	e := b.taken[id]
	if e == nil {
		var err error
		if _, e, err = eventOf(b.tx, id); err != nil {
			return false, err
		}
	}
	return isWrong(e.Off), nil
}

func isWrong(off *int64) bool {
	return off != nil && max(*off, -*off) > wrongAfter.Milliseconds()
}

// eventOf reads a stored event.
func eventOf(tx store.Tx, id event.ID) (*store.Record, *event.Event, error) {
	p, _, err := placeOf(tx, id)
	if err != nil {
		return nil, nil, err
	}
	rec, err := recordAt(tx, p.Seq)
	if err != nil {
		return nil, nil, err
	}
	e, err := event.Decode(rec.Bytes)
	return rec, e, err
}

// hole keeps the holes in an installation's numbers when n comes and most was the largest: beyond it n leaves a hole behind,
// below it n fills one or parts it in two.
func (b *batch) hole(inc event.ID, most, n uint64) error {
	if n > most {
		return b.leave(inc, most+1, n-1)
	}
	from, to, err := holeAt(b.tx, inc, n)
	if err != nil {
		return err
	}
	if to == 0 {
		return nil
	}
	if err := b.rest(holeKey(inc, to)); err != nil {
		return err
	}
	if err := b.leave(inc, from, n-1); err != nil {
		return err
	}
	return b.leave(inc, n+1, to)
}

func (b *batch) leave(inc event.ID, from, to uint64) error {
	if from > to {
		return nil
	}
	return b.attend(holeKey(inc, to), store.SeqKey(from))
}

// holeKey is sorted by the hole's end, so that the hole which a number is in is the first one from there.
func holeKey(inc event.ID, to uint64) []byte { return store.FeedKey(Gap+":"+inc.String(), to, inc) }

func holeAt(tx store.Tx, inc event.ID, n uint64) (from, to uint64, err error) {
	name := Gap + ":" + inc.String()
	err = tx.Scan(store.Attn, store.FeedKey(name, n, event.ID{}), store.After(append([]byte(name), 0)), func(k, v []byte) bool {
		_, to, _, _ = store.FeedOf(k)
		from = store.SeqOf(v)
		return false
	})
	return from, to, err
}
