package replica

import (
	"context"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// How many things one answer tells of. The count is of all.
const (
	mostItems   = 200
	mostSettled = 100
)

// Phone is a phone that may come in, as access knows it. Seen is in milliseconds since 1970.
type Phone struct {
	Incs    []event.ID // the installation it was connected as, and those that it became
	Account event.ID
	Seen    int64
}

// Attention says what of the town needs a look, and what was decided about it. With list false it only counts. Of the phones
// those are told of that were not heard for long and whose people log, or that had something unsent.
func (r *Replica) Attention(ctx context.Context, town event.ID, phones []Phone, list bool) (*wire.Attention, error) {
	t, err := r.town(town)
	if err != nil {
		return nil, err
	}
	out := &wire.Attention{Items: []wire.AttentionItem{}, Settled: []wire.AttentionItem{}, Now: r.clock.Now().UnixMilli()}
	err = r.engine.View(ctx, town, func(tx store.Tx) error {
		l := &look{r: r, t: t, tx: tx, now: r.clock.Now(), desk: t.attention.desk()}
		if l.desk != nil {
			out.Decisions = &l.desk.Entity
		}
		open, settled, err := l.sorted(phones)
		if err != nil {
			return err
		}
		if out.Open = len(open); !list {
			return nil
		}
		if out.Items, err = l.items(open[:min(len(open), mostItems)]); err != nil {
			return err
		}
		out.Settled, err = l.items(settled[:min(len(settled), mostSettled)])
		return err
	})
	return out, err
}

// sorted gathers the matters, those that wait apart from those that were decided.
func (l *look) sorted(phones []Phone) (open, settled []*matter, err error) {
	all := l.t.attention.matters()
	pairs, err := l.t.doubled(l.tx, l.now)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range pairs {
		m := &matter{reason: Double, subject: p.a, other: p.b}
		m.registers = []string{m.note()}
		all = append(all, m)
	}
	silent, err := l.silent(phones)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(all, inOrder)
	for _, m := range append(all, silent...) {
		waits, err := l.waits(m)
		if err != nil {
			return nil, nil, err
		}
		switch _, done := l.t.attention.settled(m, l.now); {
		case done:
			settled = append(settled, m)
		case waits:
			open = append(open, m)
		}
	}
	return open, settled, nil
}

// waits tells whether the matter is one: a hole in the numbers is none while the phone has more to send.
func (l *look) waits(m *matter) (bool, error) {
	if m.reason != Gap {
		return true, nil
	}
	i, err := installationOf(l.tx, m.subject)
	return i.Pending == 0, err
}

func (l *look) silent(phones []Phone) (list []*matter, err error) {
	limit := l.now.Add(-SilentAfter).UnixMilli()
	for i := range phones {
		p := &phones[i]
		if p.Seen >= limit || len(p.Incs) == 0 {
			continue
		}
		queue, err := lastSaid(l.tx, p.Incs)
		if err != nil {
			return nil, err
		}
		if who, ok := l.r.people.Person(l.t.id, p.Account); !ok || who.Revoked || who.Role != Field && queue.Pending == 0 {
			continue
		}
		m := &matter{reason: Silent, subject: p.Incs[0], phone: p}
		m.registers = []string{m.note()}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *matter) int { return int(a.phone.Seen - b.phone.Seen) })
	return list, nil
}

// lastSaid is what the phone said when it last said something, as whichever installation.
func lastSaid(tx store.Tx, incs []event.ID) (last store.Installation, err error) {
	for _, inc := range incs {
		i, err := installationOf(tx, inc)
		if err != nil {
			return last, err
		}
		if i.LastSeen >= last.LastSeen {
			last = i
		}
	}
	return last, nil
}

func installationOf(tx store.Tx, inc event.ID) (i store.Installation, err error) {
	b, err := tx.Get(store.IncMeta, store.IDKey(inc))
	if err != nil || b == nil {
		return i, err
	}
	return store.ReadInstallation(b)
}
