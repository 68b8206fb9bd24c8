package replay

import (
	"bytes"
	"encoding/binary"
	"errors"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// finish derives what follows from the log, and gives it its head last.
func (m *importer) finish(newID func() (event.ID, error)) (err error) {
	if m.head.Epoch, err = newID(); err != nil {
		return err
	}
	if m.head.Generation, err = newID(); err != nil {
		return err
	}
	d := &deriver{}
	for next := []byte{}; next != nil; {
		err := m.engine.Update(m.ctx, m.header.Town, func(tx store.Tx) (err error) {
			next, err = d.some(tx, next)
			return err
		})
		if err != nil {
			return err
		}
	}
	return m.engine.Update(m.ctx, m.header.Town, func(tx store.Tx) error {
		for _, i := range m.incs {
			if err := i.put(tx); err != nil {
				return err
			}
		}
		return errors.Join(d.meta(tx), m.head.put(tx))
	})
}

// put says of an installation what the line says, and of its numbers what the log has.
func (i *installation) put(tx store.Tx) error {
	to := store.Installation{Person: i.Person, LastSeen: i.LastSeen, Pending: i.Pending, Oldest: i.Oldest}
	err := tx.Scan(store.Incs, i.ID[:], store.After(i.ID[:]), func(k, _ []byte) bool {
		to.Max = store.SeqOf(k)
		if to.Max == to.Contig+1 {
			to.Contig = to.Max
		}
		return true
	})
	if err != nil {
		return err
	}
	holes, err := holesOf(tx, i.ID)
	return errors.Join(err, putSigns(tx, holes), tx.Put(store.IncMeta, store.IDKey(i.ID), to.Append(nil)))
}

func (h *Head) put(tx store.Tx) error {
	b := append(append(make([]byte, 0, 80), h.Epoch[:]...), h.Generation[:]...)
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, h.Seq), uint64(h.High))
	return tx.Put(store.Meta, metaHead, append(b, h.Chain[:]...))
}

// deriver makes states, rows, feed and queue of attention of the log.
type deriver struct {
	catalog  []byte
	deciders []byte
}

// some derives the entities from a key on, at most perCommit of them, and gives the key to go on from, nil at the end.
func (d *deriver) some(tx store.Tx, from []byte) (next []byte, err error) {
	var list []*event.State
	err = tx.Scan(store.Entities, from, nil, func(k, v []byte) bool {
		s, bad := store.ReadState(v)
		if bad != nil {
			err = bad
			return false
		}
		if len(list) == perCommit {
			next = bytes.Clone(k)
			return false
		}
		list = append(list, s)
		return true
	})
	for i := 0; err == nil && i < len(list); i++ {
		err = d.one(tx, list[i])
	}
	return next, err
}

func (d *deriver) one(tx store.Tx, of *event.State) error {
	list, err := entriesOf(tx, of.Entity)
	if err != nil {
		return err
	}
	s := refold(of.Entity, of.Class, of.Seq, list)
	if of.Erased {
		s = of
	}
	err = putSigns(tx, signsOf(s, list))
	if row := rowOf(s, list); row != nil {
		err = errors.Join(err, tx.Put(store.Rows, store.IDKey(s.Entity), row.Append(nil)))
	}
	d.note(s)
	return errors.Join(err, tx.Put(store.Entities, store.IDKey(s.Entity), store.AppendState(nil, s)), tx.Put(store.Changes, store.FeedKey(s.Class, s.Seq, s.Entity), nil))
}

// note keeps what meta names: the catalogue of the smallest id, and whatever has decisions. Entities come in order of id.
func (d *deriver) note(s *event.State) {
	switch {
	case s.Birth == nil:
	case s.Birth.Type == activity.TypeCatalog && d.catalog == nil:
		d.catalog = store.IDSeqKey(s.Entity, s.Seq)
	case s.Birth.Type == activity.TypeDecisions:
		d.deciders = append(d.deciders, s.Entity[:]...)
	}
}

func (d *deriver) meta(tx store.Tx) (err error) {
	if d.catalog != nil {
		err = tx.Put(store.Meta, metaCatalog, d.catalog)
	}
	if d.deciders != nil {
		err = errors.Join(err, tx.Put(store.Meta, metaDecisions, d.deciders))
	}
	return err
}
