package replica

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Tables keeps a copy of each town's table of facts beside the town, so that a start need not read every row. A copy is
// never needed: one that is missing, torn, stale or another's costs time and nothing else.
type Tables interface {
	// Open gives the copy of a town, or an error when there is none that can be read.
	Open(town event.ID) (io.ReadSeekCloser, error)
	// Write has fill write a copy, which takes the place of the one before whole or not at all. It need not be on disk.
	Write(town event.ID, fill func(io.Writer) error) error
}

// A copy is its name, packs of rows each behind its length, a length of zero, and what it is of. The rows are written while
// commits go on, so some are newer than seq low, and none is newer than high. A change since low is in the feed, so
// rows are right when those of the feed since low are taken before them, and when high is of the same history.
const (
	keptName    = "lofteslogg rows 1\n"
	keptTrailer = 16 + 16 + 8 + 8 + 32 + 8 + sha256.Size
	longestPack = 16 << 20
)

type keptSeal struct {
	town, generation event.ID
	low, high        uint64
	chain            store.Chain // at high
	rows             uint64
}

func (s *keptSeal) append(b []byte) []byte {
	b = append(append(b, s.town[:]...), s.generation[:]...)
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, s.low), s.high)
	return binary.BigEndian.AppendUint64(append(b, s.chain[:]...), s.rows)
}

func readSeal(b []byte) *keptSeal {
	s := &keptSeal{town: event.ID(b[:16]), generation: event.ID(b[16:32]), low: binary.BigEndian.Uint64(b[32:40]), high: binary.BigEndian.Uint64(b[40:48])}
	copy(s.chain[:], b[48:80])
	s.rows = binary.BigEndian.Uint64(b[80:88])
	return s
}

// Keep writes a copy of a town's table for the next start, when it is worth one and something changed since the last.
// Nobody waits for it. It may be called at any time, by one caller at a time.
func (r *Replica) Keep(ctx context.Context, id event.ID) error {
	t, err := r.town(id)
	if err != nil || r.tables == nil || !t.filling.over() || t.filling.err != nil {
		return err
	}
	low := t.table.At()
	if t.table.Len() <= r.slice || t.keptAt.Load() == low {
		return nil
	}
	if err := r.tables.Write(id, func(w io.Writer) error { return r.writeTable(ctx, t, low, w) }); err != nil {
		return err
	}
	t.keptAt.Store(low)
	return nil
}

func (r *Replica) writeTable(ctx context.Context, t *town, low uint64, w io.Writer) error {
	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	if _, err := io.WriteString(out, keptName); err != nil {
		return err
	}
	seal := keptSeal{town: t.id, low: low}
	if err := writePacks(ctx, t.table, &seal, r.slice, out); err != nil {
		return err
	}
	seal.high = t.table.At()
	err := r.engine.View(ctx, t.id, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		seal.generation = h.generation
		var ok bool
		if seal.chain, ok, err = h.chainAt(tx, seal.high); err == nil && (!ok || t.retired.Load()) {
			err = fault.New(fault.Busy, "", "another file takes the place of town %s", t.id)
		}
		return err
	})
	if err != nil {
		return err
	}
	if _, err := out.Write(seal.append(nil)); err != nil {
		return err
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

func writePacks(ctx context.Context, table *activity.Table, seal *keptSeal, n int, w io.Writer) error {
	pack := []byte(nil)
	for from, left := 0, 1; left > 0; from += n {
		if err := ctx.Err(); err != nil {
			return fault.New(fault.Busy, "closing", "stopped keeping the table: %w", err)
		}
		pack, left = table.Pack(append(pack[:0], 0, 0, 0, 0), from, n)
		seal.rows = uint64(from + n)
		binary.BigEndian.PutUint32(pack, uint32(len(pack)-4))
		if _, err := w.Write(pack); err != nil {
			return err
		}
	}
	_, err := w.Write(make([]byte, 4))
	return err
}
