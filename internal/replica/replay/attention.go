package replay

import (
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// sign is a record of the bucket of attention.
type sign struct{ key, value []byte }

// signsOf lists what an entity has in the bucket of attention: its parked events, a conflict, edits that came after it was
// taken back, and a start that was written by a clock more than ten minutes wrong.
func signsOf(s *event.State, list []entry) (out []sign) {
	for _, e := range list {
		if e.place.Standing == store.Parked {
			out = append(out, sign{store.FeedKey(e.place.Reason, e.seq, s.Entity), e.ID[:]})
		}
	}
	if s.Birth == nil || s.Birth.Type == activity.TypeDecisions {
		return out
	}
	if slices.ContainsFunc(s.Fields, func(r event.Register) bool { return r.Conflict() }) {
		out = append(out, sign{store.FeedKey("conflict", 0, s.Entity), nil})
	}
	if late := lateEdits(list); s.Retracted() && len(late) > 0 {
		out = append(out, sign{store.FeedKey("edited", 0, s.Entity), late})
	}
	if id, wrong := startByWrongClock(s, list); wrong {
		out = append(out, sign{store.FeedKey("clock", 0, s.Entity), id[:]})
	}
	return out
}

// lateEdits are the folded writes after a retraction that stands, without those that a later retraction names as shown.
func lateEdits(list []entry) (ids []byte) {
	last, back := -1, -1 // the last write that lets it count again, and the first retraction after that
	for i, e := range list {
		switch v, ok := retraction(e); {
		case !ok:
		case v.Value.IsNull():
			last, back = i, -1
		case back < 0:
			back = i
		}
	}
	if back <= last {
		return nil
	}
	for i, e := range list[back:] {
		if _, ok := retraction(e); ok || e.New != nil || e.place.Standing != store.Folded {
			continue
		}
		shown := slices.ContainsFunc(list[back+i:], func(r entry) bool {
			v, ok := retraction(r)
			return ok && slices.Contains(v.Base, e.ID)
		})
		if !shown {
			ids = append(ids, e.ID[:]...)
		}
	}
	return ids
}

func retraction(e entry) (event.Field, bool) {
	i := slices.IndexFunc(e.Set, func(f event.Field) bool { return f.Name == "retracted" })
	if i < 0 || e.place.Standing != store.Folded {
		return event.Field{}, false
	}
	return e.Set[i], true
}

func startByWrongClock(s *event.State, list []entry) (id event.ID, wrong bool) {
	r := s.Register("started_at")
	if r == nil || len(r.Heads) == 0 || s.Birth.Type != activity.TypeActivity {
		return id, false
	}
	id = r.Heads[len(r.Heads)-1].ID
	i := slices.IndexFunc(list, func(e entry) bool { return e.ID == id })
	const tenMinutes = 10 * 60 * 1000
	return id, i >= 0 && list[i].Off != nil && (*list[i].Off > tenMinutes || *list[i].Off < -tenMinutes)
}

// forkSign says that the event at seq has a number that was another's.
func forkSign(seq uint64, e *event.Event) sign {
	return sign{store.FeedKey("fork", seq, e.Inc), e.ID[:]}
}

// holesOf lists the holes in an installation's numbers.
func holesOf(tx store.Tx, inc event.ID) (out []sign, err error) {
	last := uint64(0)
	err = tx.Scan(store.Incs, inc[:], store.After(inc[:]), func(k, _ []byte) bool {
		if n := store.SeqOf(k); n > last+1 {
			out = append(out, sign{store.FeedKey("gap:"+inc.String(), n-1, inc), store.SeqKey(last + 1)})
		}
		last = store.SeqOf(k)
		return true
	})
	return out, err
}

func putSigns(tx store.Tx, list []sign) error {
	for _, s := range list {
		if err := tx.Put(store.Attn, s.key, s.value); err != nil {
			return err
		}
	}
	return nil
}
