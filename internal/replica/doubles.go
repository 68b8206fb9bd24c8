package replica

import (
	"cmp"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// How far the search for what was logged twice goes: back in time, from one entry, and in all.
const (
	doublesWithin = 400 * 24 * time.Hour
	doublesOfOne  = 10
	doublesInAll  = 200
)

// pair is two entries of one kind, at one place, at one time, that no link joins: the smaller id first.
type pair struct{ a, b event.ID }

// doublesAt is what was found when the table stood at a seq.
type doublesAt struct {
	seq   uint64
	today activity.Day
	pairs []pair
}

// doubled lists the pairs, found anew when the table is another or the day is. It looks once at each row, and then at a few
// neighbours of those that are recent.
func (t *town) doubled(tx store.Tx, now time.Time) ([]pair, error) {
	if !t.filling.over() {
		return nil, nil // half a table has half the pairs; whoever looks is poked when all of it is there
	}
	today := activity.DayOf(now)
	t.attention.mu.RLock()
	found := t.attention.doubles
	t.attention.mu.RUnlock()
	var fresh *doublesAt
	t.table.Scan(func(v activity.View, facts []activity.Fact) {
		if found == nil || found.seq != v.At() || found.today != today {
			fresh = &doublesAt{seq: v.At(), today: today, pairs: doublesAmong(facts, activity.MinuteOf(now.Add(-doublesWithin)))}
		}
	})
	if fresh == nil {
		return found.pairs, nil
	}
	if err := fresh.byOthers(tx); err != nil {
		return nil, err
	}
	t.attention.mu.Lock()
	defer t.attention.mu.Unlock()
	t.attention.doubles = fresh
	return fresh.pairs, nil
}

func doublesAmong(facts []activity.Fact, since activity.Minute) (pairs []pair) {
	var near []activity.Fact
	for i := range facts {
		if f := &facts[i]; f.Counted && f.Flags.Has(activity.Dated) && f.Start >= since && f.Place != 0 {
			near = append(near, *f)
		}
	}
	slices.SortFunc(near, func(x, y activity.Fact) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Place, y.Place), cmp.Compare(x.Start, y.Start), x.Entity.Compare(y.Entity))
	})
	for i := range near {
		for _, o := range near[i+1 : min(i+1+doublesOfOne, len(near))] {
			f := &near[i]
			if o.Kind != f.Kind || o.Place != f.Place || o.Start >= f.Start+activity.Minute(max(f.Minutes, 1)) {
				break
			}
			p := pair{f.Entity, o.Entity}
			if p.b.Compare(p.a) < 0 {
				p.a, p.b = p.b, p.a
			}
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// byOthers keeps the pairs of two writers, the newest.
func (d *doublesAt) byOthers(tx store.Tx) error {
	slices.SortFunc(d.pairs, func(x, y pair) int { return cmp.Or(y.b.Compare(x.b), y.a.Compare(x.a)) })
	var kept []pair
	for _, p := range d.pairs[:min(len(d.pairs), 5*doublesInAll)] {
		a, err := readState(tx, p.a)
		if err != nil {
			return err
		}
		b, err := readState(tx, p.b)
		if err != nil {
			return err
		}
		if a != nil && b != nil && a.By != b.By && len(kept) < doublesInAll {
			kept = append(kept, p)
		}
	}
	d.pairs = kept
	return nil
}
