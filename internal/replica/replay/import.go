package replay

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Imported is what an import brought.
type Imported struct {
	Town   event.ID
	Head   Head
	People []Person
	Erased []Erasure
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
	return &Imported{Town: m.header.Town, Head: m.head, People: m.people, Erased: m.erased}, nil
}

type importer struct {
	ctx    context.Context
	engine store.Engine

	lines  int
	sum    hash.Hash // of the lines before this one
	header *header
	head   Head
	people []Person
	erased []Erasure
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
	case l.Erasure != nil:
		m.erased = append(m.erased, *l.Erasure)
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
	if !rec.Whole() {
		return errors.New("the digest is not that of salt and event: the line was changed")
	}
	if rec.Link(m.head.Chain) != rec.Chain {
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
	p := store.Place{Seq: r.Seq, Entity: e.Entity, Reason: r.Reason, Erased: r.Erased}
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
		s := event.State{Entity: e.Entity, Class: r.Class, Seq: r.At, Erased: r.Whole}
		err = tx.Put(store.Entities, store.IDKey(e.Entity), store.AppendState(nil, &s))
	}
	if err == nil && r.Erased {
		err = tx.Put(store.Gone, store.SeqIDKey(r.Seq, e.ID), nil)
	}
	return errors.Join(err, tx.Put(store.IDs, store.IDKey(e.ID), p.Append(nil)), tx.Put(store.ByEntity, store.IDSeqKey(e.Entity, r.Seq), nil))
}
