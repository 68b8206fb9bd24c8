// Package replay derives a town anew from its log: to compare it with what is stored, and to build a town from lines.
//
// The log and each event's standing are the truth; states, feeds, rows, the queue of attention and every index follow
// from them. The rules are spelled out here a second time where that is short, so that a mistake in the one is found
// by the other.
package replay

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/merge"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

var (
	metaHead      = []byte("head")
	metaCatalog   = []byte("catalog")
	metaDecisions = []byte("decisions")
)

// Head is where a town's log is, as stored.
type Head struct {
	Epoch      event.ID
	Generation event.ID // of the feed
	Seq        uint64
	High       clock.Stamp // the largest stamp stored
	Chain      store.Chain
}

// ReadHead reads the head of a log; an empty town has none yet, and ok is false.
func ReadHead(tx store.Tx) (h Head, ok bool, err error) {
	b, err := tx.Get(store.Meta, metaHead)
	if err != nil || b == nil {
		return h, false, err
	}
	if len(b) != 80 {
		return h, false, fmt.Errorf("head of the log: %w", store.ErrDamaged)
	}
	h.Epoch, h.Generation = event.ID(b[:16]), event.ID(b[16:32])
	h.Seq, h.High = binary.BigEndian.Uint64(b[32:]), clock.Stamp(binary.BigEndian.Uint64(b[40:]))
	h.Chain = store.Chain(b[48:])
	return h, true, nil
}

// Wire is the head as devices are shown it.
func (h *Head) Wire() wire.Head {
	return wire.Head{Epoch: h.Epoch, Seq: h.Seq, Chain: hex.EncodeToString(h.Chain[:])}
}

// entry is a stored event with its place.
type entry struct {
	*event.Event
	seq   uint64
	rec   *store.Record
	place store.Place
}

// entriesOf reads an entity's events in the order they came.
func entriesOf(tx store.Tx, entity event.ID) (list []entry, err error) {
	var bad error
	err = tx.Scan(store.ByEntity, entity[:], store.After(entity[:]), func(k, _ []byte) bool {
		var e entry
		if e, bad = readEntry(tx, store.SeqOf(k)); bad == nil {
			list = append(list, e)
		}
		return bad == nil
	})
	if err == nil {
		err = bad
	}
	return list, err
}

func readEntry(tx store.Tx, seq uint64) (e entry, err error) {
	b, err := tx.Get(store.Events, store.SeqKey(seq))
	if err != nil {
		return e, err
	}
	if e.rec, err = store.ReadRecord(b); err != nil {
		return e, err
	}
	if e.Event, err = event.Decode(e.rec.Bytes); err != nil {
		return e, err
	}
	e.seq = seq
	e.place, _, err = placeOf(tx, e.ID)
	return e, err
}

func placeOf(tx store.Tx, id event.ID) (p store.Place, ok bool, err error) {
	b, err := tx.Get(store.IDs, store.IDKey(id))
	if err != nil || b == nil {
		return p, false, err
	}
	p, err = store.ReadPlace(b)
	return p, true, err
}

// refold makes an entity's state of its events. Class and seq have a history of their own and are given.
func refold(entity event.ID, class string, seq uint64, list []entry) *event.State {
	s := &event.State{Entity: entity, Class: class, Seq: seq}
	var folded []event.ID
	for _, e := range list {
		switch e.place.Standing {
		case store.Folded:
			merge.Fold(s, e.Event, e.rec.Eff, func(id event.ID) bool { return slices.Contains(folded, id) })
			folded = append(folded, e.ID)
		case store.Parked:
			s.Parked = append(s.Parked, event.Parked{ID: e.ID, Reason: e.place.Reason})
		default: // what stands otherwise is told where the ids are looked through
		}
	}
	slices.SortFunc(s.Parked, func(a, b event.Parked) int { return a.ID.Compare(b.ID) })
	return s
}

// rowOf is what is counted of the entity; nil when nothing is.
func rowOf(s *event.State, list []entry) *activity.Row {
	if s.Birth == nil || s.Birth.Type != activity.TypeActivity {
		return nil
	}
	first := slices.IndexFunc(list, func(e entry) bool { return e.First() })
	row := activity.RowOf(s, first >= 0 && list[first].late())
	return &row
}

const lateAfter = 7 * 24 * time.Hour

// late tells whether the event came more than seven days after it was written, by the writer's clock or by what is
// known of how wrong that is, and not because it was offered again.
func (e *entry) late() bool {
	if e.rec.Again {
		return false
	}
	age := e.rec.Received - e.rec.Eff.Millis()
	if e.Off == nil {
		return age > lateAfter.Milliseconds()
	}
	return min(age, age+*e.Off) > lateAfter.Milliseconds()
}
