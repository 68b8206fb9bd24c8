package replay

import (
	"bytes"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

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
	if s.Erased {
		want = c.emptied(s, list)
	}
	if !bytes.Equal(store.AppendState(nil, want), store.AppendState(nil, s)) {
		c.Differ("entity %s: the state is not what its %d events fold to", s.Entity, len(list))
	}
	if last := list[len(list)-1].seq; s.Seq < last || s.Seq > c.head.Seq {
		c.Differ("entity %s: stands in the feed at seq %d, and changed at seq %d of %d", s.Entity, s.Seq, last, c.head.Seq)
	}
	if !s.Erased && !slices.Contains(c.classes(list), s.Class) {
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

// emptied is the state of an erased entity, of whose events nothing may be left.
func (c *checker) emptied(s *event.State, list []entry) *event.State {
	for _, e := range list {
		if !e.place.Erased || len(e.Set) > 0 {
			c.Differ("entity %s: is erased, and has of event %s more than that it was", s.Entity, e.ID)
		}
	}
	return &event.State{Entity: s.Entity, Class: s.Class, Seq: s.Seq, Erased: true}
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
