package activity

import (
	"encoding/binary"

	"lofteslogg/internal/event"
)

// AppendPacked appends a row in its stored form to a pack: rows one after the other, each behind its length.
func AppendPacked(pack, stored []byte) []byte {
	return append(binary.AppendUvarint(pack, uint64(len(stored))), stored...)
}

// Add takes in the rows of a pack whose entities have no row yet: what is in the table is newer than what is read from
// elsewhere. An error says that the pack is none; some of it may have been taken in.
func (t *Table) Add(pack []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var linked []event.ID
	for len(pack) > 0 {
		n, size := binary.Uvarint(pack)
		if size <= 0 || n > uint64(len(pack)-size) {
			return errRow
		}
		end := size + int(n)
		e, alone, err := t.take(pack[size:end])
		if err != nil {
			return err
		}
		if !alone {
			linked = append(linked, e)
		}
		pack = pack[end:]
	}
	for _, e := range linked {
		t.regroup(e)
	}
	return nil
}

// take adds one stored row. alone is false when it has a group that is to be made anew.
func (t *Table) take(stored []byte) (e event.ID, alone bool, err error) {
	var r Row
	rest, err := r.readNumbers(stored)
	if err != nil {
		return r.Entity, true, err
	}
	if _, known := t.index.find(r.Entity, t.facts); known {
		return r.Entity, true, nil
	}
	end, err := t.tailOf(rest)
	if err != nil {
		return r.Entity, true, err
	}
	alone = r.DupOf.IsZero() && len(t.dups[r.Entity]) == 0
	t.add(&Fact{
		Entity: r.Entity, Seq: r.Seq, Start: r.Start, Place: Place(t.places.of(r.Place)), Minutes: small(r.Minutes), Number: small(r.Number),
		Kind: end.kind, Parties: end.set, Flags: r.Flags, Counted: alone && !r.Flags.Has(Voided),
	}, r.DupOf)
	return r.Entity, alone, nil
}

// tailOf interns the texts that a row ends with. There are few, and most have been seen.
func (t *Table) tailOf(stored []byte) (tail, error) {
	if known, ok := t.tails[string(stored)]; ok {
		return known, nil
	}
	texts, err := readShorts(stored)
	if err != nil || len(texts) == 0 {
		return tail{}, errRow
	}
	out := tail{kind: Name(t.kinds.of(texts[0])), set: t.setOf(texts[1:])}
	t.tails[string(stored)] = out
	return out, nil
}

// Stand notes that the table has all up to seq.
func (t *Table) Stand(seq uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seq = max(t.seq, seq)
}

// At is the seq of the log that the table is of.
func (t *Table) At() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.seq
}

// Pack appends n rows from the given one on, in the order they came in, and says how many rows there are after them. Rows
// that come meanwhile come after those that were there.
func (t *Table) Pack(pack []byte, from, n int) (out []byte, left int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	end := min(from+n, len(t.facts))
	var stored []byte
	for i := from; i < end; i++ {
		r := t.row(uint32(i))
		stored = r.Append(stored[:0])
		pack = AppendPacked(pack, stored)
	}
	return pack, len(t.facts) - end
}

func (t *Table) row(i uint32) Row {
	f := &t.facts[i]
	own, lent := t.own[i]
	if !lent {
		own = f.Parties
	}
	return Row{
		Entity: f.Entity, Kind: t.kinds.list[f.Kind], Start: f.Start, Minutes: int32(f.Minutes), Number: int32(f.Number), Parties: t.list(own),
		Place: t.places.list[f.Place], DupOf: t.links[f.Entity], Seq: f.Seq, Flags: f.Flags,
	}
}
