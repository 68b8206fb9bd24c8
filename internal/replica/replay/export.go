package replay

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Export writes a town as JSON Lines: all that Import needs to make the same chain and the same states elsewhere.
// docs/api/export.md has the form.
func Export(tx store.Tx, town event.ID, people []Person, to io.Writer) error {
	h, ok, err := ReadHead(tx)
	if err != nil || !ok {
		return errors.Join(err, missing(ok))
	}
	sum := sha256.New()
	x := &exporter{tx: tx, to: json.NewEncoder(io.MultiWriter(to, sum))}
	x.to.SetEscapeHTML(false)
	x.write(line{Header: &header{Format: formatName, Version: formatVersion, Town: town, Head: h.Wire()}})
	for i := range people {
		x.write(line{Person: &people[i]})
	}
	x.scan(store.IncMeta, x.installation)
	x.scan(store.Events, x.record)
	x.write(line{End: &end{Lines: x.lines + 1, Seq: x.last, Chain: h.Chain[:], Sum: sum.Sum(nil)}})
	if x.err == nil && x.last != h.Seq {
		x.err = fmt.Errorf("the log ends at seq %d, its head says %d: verify it", x.last, h.Seq)
	}
	return x.err
}

func missing(ok bool) error {
	if ok {
		return nil
	}
	return errors.New("the log has no head")
}

type exporter struct {
	tx    store.Tx
	to    *json.Encoder
	lines int
	last  uint64
	err   error // the first
}

func (x *exporter) write(l line) {
	if x.err == nil {
		x.err = x.to.Encode(l)
		x.lines++
	}
}

func (x *exporter) scan(b store.Bucket, fn func(k, v []byte) error) {
	if x.err != nil {
		return
	}
	err := x.tx.Scan(b, nil, nil, func(k, v []byte) bool {
		if x.err == nil {
			x.err = fn(k, v)
		}
		return x.err == nil
	})
	x.err = errors.Join(x.err, err)
}

func (x *exporter) installation(k, v []byte) error {
	i, err := store.ReadInstallation(v)
	if err != nil {
		return err
	}
	x.write(line{Installation: &installation{ID: event.ID(k), Person: i.Person, LastSeen: i.LastSeen, Pending: i.Pending, Oldest: i.Oldest}})
	return nil
}

func (x *exporter) record(k, v []byte) error {
	rec, err := store.ReadRecord(v)
	if err != nil {
		return err
	}
	x.last = store.SeqOf(k)
	r := &record{
		Seq: x.last, Received: rec.Received, Eff: rec.Eff, Carrier: rec.Carrier, Via: rec.Via, Again: rec.Again,
		Nonce: rec.Nonce[:], Salt: rec.Salt[:], Digest: rec.Digest[:], Chain: rec.Chain[:], Event: string(rec.Bytes),
	}
	if len(rec.Bytes) > 0 {
		if err := x.stands(r, rec.Bytes); err != nil {
			return fmt.Errorf("seq %d: %w", x.last, err)
		}
	}
	x.write(line{Record: r})
	return nil
}

func (x *exporter) stands(r *record, raw []byte) error {
	e, err := event.Decode(raw)
	if err != nil {
		return err
	}
	p, _, err := placeOf(x.tx, e.ID)
	if err != nil {
		return err
	}
	if r.Standing = standings[p.Standing]; r.Standing == "" {
		return fmt.Errorf("event %s stands as %d, which this version cannot export", e.ID, p.Standing)
	}
	r.Reason = p.Reason
	later := false
	err = x.tx.Scan(store.ByEntity, store.IDSeqKey(e.Entity, r.Seq+1), store.After(e.Entity[:]), func(_, _ []byte) bool {
		later = true
		return false
	})
	if err != nil || later {
		return err
	}
	b, err := x.tx.Get(store.Entities, store.IDKey(e.Entity))
	if err != nil {
		return err
	}
	s, err := store.ReadState(b)
	if err != nil {
		return err
	}
	r.Class, r.At = s.Class, s.Seq
	return nil
}
