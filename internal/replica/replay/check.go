package replay

import (
	"bytes"
	"fmt"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// maxTold is how many differences a report spells out.
const maxTold = 50

// Report is what a check found.
type Report struct {
	Town        event.ID    `json:"town"`
	Head        wire.Head   `json:"head"`
	High        clock.Stamp `json:"high"` // the largest stamp stored
	Events      int         `json:"events"`
	Entities    int         `json:"entities"`
	Parked      int         `json:"parked"`
	Rows        int         `json:"rows"`
	Differences []string    `json:"differences,omitempty"`
	Untold      int         `json:"untold,omitempty"` // differences beyond those
}

// OK tells whether all that is stored follows from the log.
func (r *Report) OK() bool { return len(r.Differences) == 0 }

// Differ adds a difference.
func (r *Report) Differ(format string, args ...any) {
	if len(r.Differences) >= maxTold {
		r.Untold++
		return
	}
	r.Differences = append(r.Differences, fmt.Sprintf(format, args...))
}

// Check replays a town and tells where what is stored is another: every record's checksum, the chain link by link,
// each event in every index once, states refolded from their events, the feed, the rows and the queue of attention.
// It reads all of the town, and keeps little of it in memory.
func Check(tx store.Tx, town event.ID) *Report {
	c := &checker{Report: Report{Town: town}, tx: tx, kinds: map[string][]*activity.Catalog{}, incs: map[event.ID]uint64{}}
	head, ok, err := ReadHead(tx)
	switch {
	case err != nil:
		c.Differ("head: %v", err)
		return &c.Report
	case !ok:
		c.Differ("head: the log has none")
		return &c.Report
	}
	c.head, c.Head, c.High = head, head.Wire(), head.High
	c.checkLog()
	c.checkEntities()
	c.checkInstallations()
	c.checkSizes()
	c.checkMeta()
	return &c.Report
}

type checker struct {
	Report
	tx    store.Tx
	head  Head
	kinds map[string][]*activity.Catalog // every definition that a kind ever had, each as a catalogue of its own
	incs  map[event.ID]uint64            // largest number of each installation

	numbers  int // distinct numbers of all installations
	signs    int // records of the bucket of attention
	catalogs []event.ID
	deciders []event.ID
}

// scan visits a bucket. A record that does not fit its checksum ends it; that is a difference.
func (c *checker) scan(b store.Bucket, fn func(k, v []byte)) bool {
	err := c.tx.Scan(b, nil, nil, func(k, v []byte) bool {
		fn(k, v)
		return true
	})
	if err != nil {
		c.Differ("bucket %s: %v", b, err)
	}
	return err == nil
}

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
		again := *rec
		if again.Seal(before); again.Digest != rec.Digest {
			c.Differ("seq %d: the digest is not that of the bytes", seq)
		} else if again.Chain != rec.Chain {
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
	case p.Standing != store.Folded && p.Standing != store.Parked || (p.Standing == store.Parked) != (p.Reason != ""):
		c.Differ("id %s: stands as %d with reason %q", e.ID, p.Standing, p.Reason)
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

func (c *checker) checkEntities() {
	c.scan(store.Entities, func(k, v []byte) {
		s, err := store.ReadState(v)
		if err != nil || !bytes.Equal(k, s.Entity[:]) {
			c.Differ("state %x: %v, or of another entity", k, err)
			return
		}
		list, err := entriesOf(c.tx, s.Entity)
		if err != nil {
			c.Differ("events of entity %s: %v", s.Entity, err)
			return
		}
		c.Entities++
		c.checkState(s, list)
	})
}

func (c *checker) checkState(s *event.State, list []entry) {
	if len(list) == 0 {
		c.Differ("entity %s: has a state and no events", s.Entity)
		return
	}
	want := refold(s.Entity, s.Class, s.Seq, list)
	if !bytes.Equal(store.AppendState(nil, want), store.AppendState(nil, s)) {
		c.Differ("entity %s: the state is not what its %d events fold to", s.Entity, len(list))
	}
	if last := list[len(list)-1].seq; s.Seq < last || s.Seq > c.head.Seq {
		c.Differ("entity %s: stands in the feed at seq %d, and changed at seq %d of %d", s.Entity, s.Seq, last, c.head.Seq)
	}
	if !slices.Contains(c.classes(list), s.Class) {
		c.Differ("entity %s: is of class %s", s.Entity, s.Class)
	}
	c.lookUp("chg of "+s.Entity.String(), store.Changes, store.FeedKey(s.Class, s.Seq, s.Entity), s.Seq)
	c.checkRow(want, list)
	for _, e := range list {
		if e.place.Standing == store.Parked {
			c.Parked++
		}
	}
	c.checkSigns(s.Seq, signsOf(want, list)...)
	if want.Birth != nil && want.Birth.Type == activity.TypeCatalog {
		c.catalogs = append(c.catalogs, s.Entity)
	}
	if want.Birth != nil && want.Birth.Type == activity.TypeDecisions {
		c.deciders = append(c.deciders, s.Entity)
	}
}

// checkSigns looks for records of the bucket of attention.
func (c *checker) checkSigns(seq uint64, want ...sign) {
	for _, s := range want {
		c.signs++
		if v := c.lookUp("attn", store.Attn, s.key, seq); v != nil && !bytes.Equal(v, s.value) {
			reason, _, subject, _ := store.FeedOf(s.key)
			c.Differ("attn: %s of %s says %x", reason, subject, v)
		}
	}
}

// classes lists what the class of an entity may be.
func (c *checker) classes(list []entry) []string {
	i := slices.IndexFunc(list, func(e entry) bool { return e.First() && e.New != nil })
	if i < 0 {
		return []string{activity.ClassDesk}
	}
	first := list[i]
	class, known := activity.ReadCatalog(nil).ClassOf(first.New, first.By)
	out := []string{class}
	for _, catalog := range c.kinds[first.New.Kind] {
		if !known {
			class, _ = catalog.ClassOf(first.New, first.By)
			out = append(out, class)
		}
	}
	if len(out) > 1 && first.place.Standing == store.Folded {
		out = out[1:] // it was folded by a catalogue that had the kind
	}
	return out
}

func (c *checker) checkRow(s *event.State, list []entry) {
	want := rowOf(s, list)
	if want == nil {
		return
	}
	c.Rows++
	got := c.lookUp("row of "+s.Entity.String(), store.Rows, store.IDKey(s.Entity), s.Seq)
	if got != nil && !bytes.Equal(got, want.Append(nil)) {
		c.Differ("row of %s: is not what its state says", s.Entity)
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

// checkSizes: each index has what it must, so one that has as many has nothing else.
func (c *checker) checkSizes() {
	if !c.OK() {
		return // what is missing was told
	}
	for _, b := range []struct {
		bucket store.Bucket
		want   int
	}{
		{store.IDs, c.Events},
		{store.ByEntity, c.Events},
		{store.Incs, c.numbers},
		{store.Changes, c.Entities},
		{store.Rows, c.Rows},
		{store.Attn, c.signs},
	} {
		n := 0
		if c.scan(b.bucket, func(_, _ []byte) { n++ }) && n != b.want {
			c.Differ("bucket %s: has %d records, the log makes %d", b.bucket, n, b.want)
		}
	}
	c.checkEveryEntity()
}

// checkEveryEntity: whatever has events has a state.
func (c *checker) checkEveryEntity() {
	var last event.ID
	n := 0
	c.scan(store.ByEntity, func(k, _ []byte) {
		if len(k) == 24 && event.ID(k[:16]) != last {
			last = event.ID(k[:16])
			n++
		}
	})
	if n != c.Entities {
		c.Differ("bucket %s: %d entities have events, %d have states", store.Entities, n, c.Entities)
	}
}

func (c *checker) checkMeta() {
	stamp, err := c.tx.Get(store.Meta, metaCatalog)
	switch {
	case err != nil:
		c.Differ("meta: %v", err)
	case len(c.catalogs) > 0 && (len(stamp) != 24 || event.ID(stamp[:16]) != slices.MinFunc(c.catalogs, event.ID.Compare)):
		c.Differ("meta: the catalogue is not the one of the smallest id, %x", stamp)
	}
	list, err := c.tx.Get(store.Meta, metaDecisions)
	if err != nil {
		c.Differ("meta: %v", err)
	}
	for _, id := range c.deciders {
		if !bytes.Contains(list, id[:]) {
			c.Differ("meta: does not name %s, which has decisions", id)
		}
	}
}
