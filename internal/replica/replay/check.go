package replay

import (
	"bytes"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Check replays a town and tells where what is stored is another: every record's checksum, the chain link by link,
// each event in every index once, states refolded from their events, the feed, the rows and the queue of attention.
// It reads all of the town, and keeps little of it in memory.
func Check(tx store.Tx, town event.ID) *Report {
	c := &checker{Report: Report{Town: town}, tx: tx, kinds: map[string][]*activity.Catalog{}, incs: map[event.ID]uint64{}, gone: map[event.ID]bool{}}
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
	c.readGone()
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
	gone  map[event.ID]bool              // events that devices are told are erased

	numbers  int // distinct numbers of all installations
	signs    int // records of the bucket of attention
	erased   int
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

func (c *checker) readGone() {
	c.scan(store.Gone, func(k, _ []byte) {
		if len(k) != 24 || store.SeqOf(k[:8]) > c.head.Seq {
			c.Differ("gone: %x is no seq and id", k)
			return
		}
		c.gone[event.ID(k[8:])] = true
	})
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
	if len(c.gone) != c.erased {
		c.Differ("gone: devices are told of %d erased events, the log has %d", len(c.gone), c.erased)
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
