package replay

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Imported is what an import brought.
type Imported struct {
	Town   event.ID
	Head   Head
	People []Person
}

// perCommit is how many records or entities are written at once.
const perCommit = 5000

// longestLine is room for the largest event with every character escaped.
const longestLine = 1 << 20

// Import reads what Export wrote into an engine that does not have the town, and gives the log a new epoch. It goes
// through the lines once and compares every digest, link, number and count; the error has the number of the first line
// that is wrong, and what was written by then is the caller's to throw away.
func Import(ctx context.Context, engine store.Engine, from io.Reader, newID func() (event.ID, error)) (*Imported, error) {
	m := &importer{ctx: ctx, engine: engine, sum: sha256.New()}
	in := bufio.NewScanner(from)
	in.Buffer(make([]byte, 64<<10), longestLine)
	for in.Scan() {
		m.lines++
		if err := m.take(in.Bytes()); err != nil {
			return nil, fmt.Errorf("line %d: %w", m.lines, err)
		}
		m.sum.Write(in.Bytes())
		m.sum.Write([]byte{'\n'})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", m.lines+1, err)
	}
	if !m.ended {
		return nil, fmt.Errorf("line %d: the file ends here and lacks its last line: it was cut", m.lines+1)
	}
	if err := m.finish(newID); err != nil {
		return nil, err
	}
	return &Imported{Town: m.header.Town, Head: m.head, People: m.people}, nil
}

type importer struct {
	ctx    context.Context
	engine store.Engine

	lines  int
	sum    hash.Hash // of the lines before this one
	header *header
	head   Head
	people []Person
	incs   []installation
	batch  []*record
	ended  bool
}

func (m *importer) take(b []byte) error {
	l, err := parse(b)
	switch {
	case err != nil:
		return err
	case m.ended:
		return errors.New("something follows the last line")
	case m.header == nil && l.Header == nil:
		return errors.New("an export begins with a header")
	case l.Header != nil:
		return m.begin(l.Header)
	case l.Person != nil:
		m.people = append(m.people, *l.Person)
		return nil
	case l.Installation != nil:
		m.incs = append(m.incs, *l.Installation)
		return nil
	case l.Record != nil:
		return m.record(l.Record)
	default:
		return m.end(l.End)
	}
}

func (m *importer) begin(h *header) error {
	switch {
	case m.header != nil:
		return errors.New("a second header")
	case h.Format != formatName:
		return fmt.Errorf("format %q is none of ours", h.Format)
	case h.Version != formatVersion:
		return fmt.Errorf("version %d of the format is newer than this program, which knows version %d", h.Version, formatVersion)
	}
	m.header = h
	return m.engine.Create(m.ctx, h.Town)
}

// record checks a line against the one before, and gathers it.
func (m *importer) record(r *record) error {
	rec, err := r.stored()
	if err != nil {
		return err
	}
	if r.Seq != m.head.Seq+1 {
		return fmt.Errorf("seq %d follows seq %d: a line is missing, repeated or out of order", r.Seq, m.head.Seq)
	}
	again := *rec
	if again.Seal(m.head.Chain); again.Digest != rec.Digest {
		return errors.New("the digest is not that of salt and event: the line was changed")
	}
	if again.Chain != rec.Chain {
		return errors.New("the chain does not go on from the line before: a line was changed")
	}
	m.head.Seq, m.head.Chain, m.head.High = r.Seq, rec.Chain, max(m.head.High, rec.Eff)
	m.batch = append(m.batch, r)
	if len(m.batch) < perCommit {
		return nil
	}
	return m.write()
}

func (m *importer) end(e *end) error {
	if e.Lines != m.lines || e.Seq != m.head.Seq || !bytes.Equal(e.Chain, m.head.Chain[:]) {
		return fmt.Errorf("the file says %d lines up to seq %d, and has %d up to seq %d", e.Lines, e.Seq, m.lines, m.head.Seq)
	}
	if h := m.head.Wire(); h.Seq != m.header.Head.Seq || h.Chain != m.header.Head.Chain {
		return errors.New("the log ends elsewhere than the header says")
	}
	if !bytes.Equal(e.Sum, m.sum.Sum(nil)) {
		return errors.New("some line before this one was changed: the SHA-256 of them all is another")
	}
	m.ended = true
	return m.write()
}

// write puts the gathered records into the log and the indexes, and what lines say of entities where states will be.
func (m *importer) write() error {
	err := m.engine.Update(m.ctx, m.header.Town, func(tx store.Tx) error {
		for _, r := range m.batch {
			if err := m.put(tx, r); err != nil {
				return fmt.Errorf("seq %d: %w", r.Seq, err)
			}
		}
		return nil
	})
	m.batch = m.batch[:0]
	return err
}

func (m *importer) put(tx store.Tx, r *record) error {
	rec, err := r.stored()
	if err != nil {
		return err
	}
	if err := tx.Put(store.Events, store.SeqKey(r.Seq), rec.Append(nil)); err != nil || len(rec.Bytes) == 0 {
		return err
	}
	e, err := event.Decode(rec.Bytes)
	if err != nil {
		return err
	}
	p := store.Place{Seq: r.Seq, Entity: e.Entity, Reason: r.Reason}
	if p.Standing, err = standingOf(r.Standing); err != nil {
		return err
	}
	if _, known, err := placeOf(tx, e.ID); known || err != nil {
		return errors.Join(err, fmt.Errorf("event %s is there twice", e.ID))
	}
	number := store.IDSeqKey(e.Inc, e.N)
	bound, err := tx.Get(store.Incs, number)
	switch {
	case err != nil:
	case bound == nil:
		err = tx.Put(store.Incs, number, store.SeqKey(r.Seq))
	default:
		err = putSigns(tx, []sign{forkSign(r.Seq, e)})
	}
	if err == nil && r.Class != "" {
		s := event.State{Entity: e.Entity, Class: r.Class, Seq: r.At}
		err = tx.Put(store.Entities, store.IDKey(e.Entity), store.AppendState(nil, &s))
	}
	return errors.Join(err, tx.Put(store.IDs, store.IDKey(e.ID), p.Append(nil)), tx.Put(store.ByEntity, store.IDSeqKey(e.Entity, r.Seq), nil))
}

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
