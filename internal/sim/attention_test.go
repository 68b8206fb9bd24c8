package sim

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// checkAttention: the bucket of attention is what all events say, and what the desk is told of is what of it nobody has
// decided about.
func (l *ledger) checkAttention() {
	want, got := l.attention(), map[string]string{}
	l.w.view(func(tx store.Tx) {
		must(tx.Scan(store.Attn, nil, nil, func(k, v []byte) bool {
			got[string(k)] = string(v)
			return true
		}))
	})
	for k, v := range want {
		if other, ok := got[k]; !ok || other != v {
			name, n, subject, _ := store.FeedOf([]byte(k))
			l.w.fail("attention: %s %d %s is %x (there: %v), the events say %x", name, n, short(subject), other, ok, v)
		}
	}
	if len(got) != len(want) {
		l.w.fail("attention: the bucket has %d records, the events make %d", len(got), len(want))
	}
	reply, err := l.w.rep.Attention(background, townID, nil, true)
	must(err)
	told := []string{}
	for _, item := range reply.Items {
		told = append(told, item.ID)
	}
	slices.Sort(told)
	if open := l.open(want); reply.Open < 200 && !slices.Equal(told, open) || reply.Open != len(open) {
		l.w.fail("attention: the desk is told of %d\n%q\nand waiting are\n%q", reply.Open, told, open)
	}
}

// attention makes the bucket anew.
func (l *ledger) attention() map[string]string {
	out := map[string]string{}
	put := func(name string, n uint64, subject event.ID, v []byte) {
		out[string(store.FeedKey(name, n, subject))] = string(v)
	}
	numbers := map[event.ID]map[uint64]bool{}
	for _, x := range l.log {
		if x.place.Standing == store.Parked {
			put(x.place.Reason, x.seq, x.Entity, x.ID[:])
		}
		if l.bound[[24]byte(store.IDSeqKey(x.Inc, x.N))] != x.seq {
			put("fork", x.seq, x.Inc, x.ID[:])
		}
		if numbers[x.Inc] == nil {
			numbers[x.Inc] = map[uint64]bool{}
		}
		numbers[x.Inc][x.N] = true
	}
	for inc, have := range numbers {
		last := uint64(0)
		for _, n := range slices.Sorted(maps.Keys(have)) {
			if n > last+1 {
				put("gap:"+inc.String(), n-1, inc, store.SeqKey(last+1))
			}
			last = n
		}
	}
	for e := range l.by {
		s := l.rule(e)
		if s.Birth == nil || s.Birth.Type == activity.TypeDecisions {
			continue
		}
		if slices.ContainsFunc(s.Fields, func(r event.Register) bool {
			return slices.ContainsFunc(r.Heads, func(h event.Head) bool { return h.Value != r.Heads[0].Value })
		}) {
			put("conflict", 0, e, nil)
		}
		if late := l.lateEdits(e); !s.Value("retracted").IsNull() && len(late) > 0 {
			put("edited", 0, e, late)
		}
		if r := s.Register("started_at"); s.Birth.Type == activity.TypeActivity && r != nil && len(r.Heads) > 0 {
			x := l.log[r.Heads[len(r.Heads)-1].ID]
			if x.Off != nil && (*x.Off > 10*60*1000 || *x.Off < -10*60*1000) {
				put("clock", 0, e, x.ID[:])
			}
		}
	}
	return out
}

// lateEdits: written after a retraction that no write has taken back since, and in no later retraction's base.
func (l *ledger) lateEdits(e event.ID) (ids []byte) {
	of := func(x *entry) *event.Field {
		i := slices.IndexFunc(x.Set, func(f event.Field) bool { return f.Name == "retracted" })
		if i < 0 {
			return nil
		}
		return &x.Set[i]
	}
	folded := slices.DeleteFunc(slices.Clone(l.by[e]), func(x *entry) bool { return x.place.Standing != store.Folded })
	for i, w := range folded {
		if of(w) != nil || w.New != nil {
			continue
		}
		before, settled := false, false
		for j, r := range folded {
			f := of(r)
			switch {
			case f == nil:
			case f.Value.IsNull():
				settled = settled || j > i
				before = before && j > i
			case j < i:
				before = true
			default:
				settled = settled || slices.Contains(f.Base, w.ID)
			}
		}
		if before && !settled {
			ids = append(ids, w.ID[:]...)
		}
	}
	return ids
}

// open names what nobody has decided about.
func (l *ledger) open(bucket map[string]string) []string {
	waits := map[string]bool{}
	for k, v := range bucket {
		reason, _, subject, _ := store.FeedOf([]byte(k))
		switch reason {
		case "waiting":
			if l.verdict(event.ID([]byte(v))) == "" {
				waits["waiting:"+subject.String()] = true
			}
		case "conflict", "edited", "fork":
			waits[reason+":"+subject.String()] = true
		case "clock":
			waits["clock:"+event.ID([]byte(v)).String()] = true
		default:
			if strings.HasPrefix(reason, "gap:") {
				if l.incs[subject].Pending == 0 {
					waits["gap:"+subject.String()+":"+strconv.FormatUint(store.SeqOf([]byte(v)), 10)] = true
				}
			} else if id := event.ID([]byte(v)); l.verdict(id) == "" {
				waits["parked:"+id.String()] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(waits))
}
