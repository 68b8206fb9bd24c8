package replay

import (
	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

func (c *checker) checkLog() {
	var before store.Chain
	last, high := uint64(0), clock.Stamp(0)
	whole := c.scan(store.Events, func(k, v []byte) {
		seq := store.SeqOf(k)
		if seq != last+1 || len(k) != 8 {
			c.Differ("seq %d: follows seq %d", seq, last)
		}
		last = seq
		rec, err := store.ReadRecord(v)
		if err != nil {
			c.Differ("seq %d: %v", seq, err)
			return
		}
		if !rec.Whole() {
			c.Differ("seq %d: the digest is not that of the bytes", seq)
		} else if rec.Link(before) != rec.Chain {
			c.Differ("seq %d: the chain is broken", seq)
		}
		before, high = rec.Chain, max(high, rec.Eff)
		if len(rec.Bytes) > 0 {
			c.checkRecord(seq, rec)
		}
	})
	if whole && (last != c.head.Seq || before != c.head.Chain) {
		c.Differ("head: says seq %d and chain %x…, the log ends with seq %d and chain %x…", c.head.Seq, c.head.Chain[:4], last, before[:4])
	}
	if whole && high != c.head.High {
		c.Differ("head: says that the largest stamp is %v, the log has %v", c.head.High, high)
	}
}

// checkRecord looks the event up in every index that it must be in.
func (c *checker) checkRecord(seq uint64, rec *store.Record) {
	e, err := event.Decode(rec.Bytes)
	if err != nil {
		c.Differ("seq %d: %v", seq, err)
		return
	}
	c.Events++
	if e.Town != c.Town {
		c.Differ("seq %d: an event of town %s", seq, e.Town)
	}
	if rec.Eff > e.HLC {
		c.Differ("seq %d: eff %v is after the writer's stamp %v", seq, rec.Eff, e.HLC)
	}
	p, ok, err := placeOf(c.tx, e.ID)
	switch {
	case err != nil:
		c.Differ("id %s: %v", e.ID, err)
	case !ok:
		c.Differ("seq %d: event %s is not among the ids", seq, e.ID)
	case p.Seq != seq || p.Entity != e.Entity:
		c.Differ("id %s: says seq %d of entity %s, is seq %d of entity %s", e.ID, p.Seq, p.Entity, seq, e.Entity)
	case p.Erased != rec.Bare || p.Erased != c.gone[e.ID]:
		c.Differ("id %s: erased in the index: %v, in the log: %v, for devices: %v", e.ID, p.Erased, rec.Bare, c.gone[e.ID])
	case p.Standing != store.Folded && p.Standing != store.Parked || (p.Standing == store.Parked) != (p.Reason != ""):
		c.Differ("id %s: stands as %d with reason %q", e.ID, p.Standing, p.Reason)
	}
	if p.Erased {
		c.erased++
	}
	c.lookUp("eev", store.ByEntity, store.IDSeqKey(e.Entity, seq), seq)
	c.checkNumber(seq, e)
	c.gather(e)
}

func (c *checker) lookUp(name string, b store.Bucket, key []byte, seq uint64) []byte {
	v, err := c.tx.Get(b, key)
	if err != nil {
		c.Differ("%s of seq %d: %v", name, seq, err)
	} else if v == nil {
		c.Differ("%s: lacks seq %d", name, seq)
	}
	return v
}

func (c *checker) checkNumber(seq uint64, e *event.Event) {
	c.incs[e.Inc] = max(c.incs[e.Inc], e.N)
	v := c.lookUp("inc", store.Incs, store.IDSeqKey(e.Inc, e.N), seq)
	if v == nil {
		return
	}
	switch bound := store.SeqOf(v); {
	case bound == seq:
		c.numbers++
	case bound > seq || bound == 0:
		c.Differ("inc: number %d of installation %s is bound to seq %d, and came first at seq %d", e.N, e.Inc, bound, seq)
	default:
		c.checkSigns(seq, forkSign(seq, e))
	}
}

// gather keeps every definition of a kind: the class of an entity is of the catalogue when it was judged.
func (c *checker) gather(e *event.Event) {
	for _, f := range e.Set {
		if len(f.Name) < 5 || f.Name[:5] != "kind:" {
			continue
		}
		s := &event.State{Fields: []event.Register{{Name: f.Name, Heads: []event.Head{{Value: f.Value}}}}}
		if catalog := activity.ReadCatalog(s); len(catalog.Kinds) > 0 && len(c.kinds[f.Name[5:]]) < 100 {
			c.kinds[f.Name[5:]] = append(c.kinds[f.Name[5:]], catalog)
		}
	}
}

func (c *checker) checkInstallations() {
	known := 0
	c.scan(store.IncMeta, func(k, v []byte) {
		i, err := store.ReadInstallation(v)
		if err != nil || len(k) != 16 {
			c.Differ("installation %x: %v", k, err)
			return
		}
		id := event.ID(k)
		holes, err := holesOf(c.tx, id)
		if err != nil {
			c.Differ("numbers of installation %s: %v", id, err)
		}
		c.checkSigns(0, holes...)
		if _, wrote := c.incs[id]; wrote {
			known++
		}
		if i.Max != c.incs[id] || i.Contig > i.Max || c.has(id, i.Contig+1) || i.Contig > 0 && !c.has(id, i.Contig) {
			c.Differ("installation %s: says that it has all up to %d of %d, and wrote up to %d", id, i.Contig, i.Max, c.incs[id])
		}
	})
	if known != len(c.incs) {
		c.Differ("incm: has %d of the %d installations that wrote", known, len(c.incs))
	}
}

func (c *checker) has(inc event.ID, n uint64) bool {
	v, err := c.tx.Get(store.Incs, store.IDSeqKey(inc, n))
	return err == nil && v != nil
}
