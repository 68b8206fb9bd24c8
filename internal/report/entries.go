package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/wire"
)

// Entries lists the entries that a query means, newest start first. Total is what they count as together: the figure
// that the query stands behind. fault.Invalid when the query cannot mean anything, NotFound for an unknown measure or year.
func (f *Figures) Entries(_ context.Context, town event.ID, q wire.EntriesQuery) (*wire.EntriesReply, error) {
	book, err := f.source.Book(town)
	if err != nil {
		return nil, err
	}
	table, err := f.source.Table(town)
	if err != nil {
		return nil, err
	}
	w, err := f.want(book, q)
	if err != nil {
		return nil, err
	}
	out := &wire.EntriesReply{Entries: []wire.Entry{}, Parties: PartiesOf(book), Kinds: kindsOf(book), Places: map[string]string{}}
	for id, name := range book.Places {
		out.Places[id.String()] = name
	}
	table.Scan(func(v activity.View, facts []activity.Fact) { w.pick(v, facts, q, out) })
	return out, nil
}

// want is a query made ready for a scan.
type want struct {
	measures []pledge.Measure // nil: of any
	from, to activity.Day
	after    *activity.Fact // the last of the page before, by start and entity
}

func (f *Figures) want(book *pledge.Book, q wire.EntriesQuery) (w want, err error) {
	w.from, w.to = -1<<30, 1<<30
	if !q.Measure.IsZero() {
		i := slices.IndexFunc(book.Measures, func(m pledge.Measure) bool { return m.Entity == q.Measure })
		if i < 0 {
			return w, fault.New(fault.NotFound, "measure", "the pledge has no such measure").At("measure")
		}
		w.measures = book.Measures[i : i+1]
	}
	if q.Year != 0 && book.Pledge != nil {
		y, err := chooseYear(book.Pledge, q.Year, f.clock.Now())
		if err != nil {
			return w, err
		}
		w.from, w.to = y.From, y.To
	}
	if q.Month != "" {
		from, to, ok := ParseMonth(q.Month)
		if !ok {
			return w, fault.New(fault.Invalid, "month", "want 2026-11").At("month")
		}
		w.from, w.to = max(w.from, from), min(w.to, to)
	}
	w.after, err = readAfter(q.After)
	return w, err
}

func (w want) pick(v activity.View, facts []activity.Fact, q wire.EntriesQuery, out *wire.EntriesReply) {
	match := pledge.Match(v, w.measures)
	kind, known := v.Find(q.Kind)
	if q.Kind != "" && !known {
		return
	}
	var hits []*activity.Fact
	for i := range facts {
		f := &facts[i]
		if w.measures != nil && len(match.Of(f)) == 0 || q.Kind != "" && f.Kind != kind || !w.in(v, f, q.Voided) {
			continue
		}
		if q.Party != "" && !byParty(v.Parties(f.Parties), q.Party) {
			continue
		}
		if f.Counted {
			out.Total += int(f.Number)
		}
		hits = append(hits, f)
	}
	w.page(v, hits, q.Limit, out)
}

func (w want) in(v activity.View, f *activity.Fact, voided bool) bool {
	if pledge.In(f, w.from, w.to) {
		return true
	}
	return voided && !f.Flags.Has(activity.Undone) && v.Name(f.Kind) != "" && (!f.Flags.Has(activity.Dated) || f.Start.Day() >= w.from && f.Start.Day() <= w.to)
}

func (w want) page(v activity.View, hits []*activity.Fact, limit int, out *wire.EntriesReply) {
	slices.SortFunc(hits, newestFirst)
	if w.after != nil {
		i, _ := slices.BinarySearchFunc(hits, w.after, newestFirst)
		for i < len(hits) && newestFirst(hits[i], w.after) <= 0 {
			i++
		}
		hits = hits[i:]
	}
	if limit <= 0 {
		limit = 100
	}
	for _, f := range hits[:min(limit, len(hits))] {
		out.Entries = append(out.Entries, entryOf(v, f))
	}
	if len(hits) > limit {
		last := hits[limit-1]
		out.Next = fmt.Sprintf("%d.%s", last.Start, last.Entity)
	}
}

func newestFirst(a, b *activity.Fact) int {
	return cmp.Or(cmp.Compare(b.Start, a.Start), b.Entity.Compare(a.Entity))
}

func readAfter(text string) (*activity.Fact, error) {
	if text == "" {
		return nil, nil
	}
	var f activity.Fact
	var id string
	if _, err := fmt.Sscanf(text, "%d.%36s", &f.Start, &id); err == nil {
		if f.Entity, err = event.ParseID(id); err == nil {
			return &f, nil
		}
	}
	return nil, fault.New(fault.Invalid, "after", "not the next of an earlier page").At("after")
}

func entryOf(v activity.View, f *activity.Fact) wire.Entry {
	e := wire.Entry{E: f.Entity, Kind: v.Name(f.Kind), Minutes: int(f.Minutes), Number: int(f.Number), Parties: slices.Concat([]string{}, v.Parties(f.Parties)), Flags: []string{}, Seq: f.Seq}
	if f.Flags.Has(activity.Dated) {
		e.StartedAt = f.Start.String()
	}
	if !f.Place.IsZero() {
		e.Place = f.Place.String()
	}
	for _, each := range flagNames {
		if f.Flags.Has(each.flag) {
			e.Flags = append(e.Flags, each.name)
		}
	}
	return e
}

var flagNames = []struct {
	flag activity.Flag
	name string
}{{activity.Late, "late"}, {activity.Edited, "edited"}, {activity.Voided, "voided"}, {activity.Conflict, "conflict"}, {activity.Waiting, "parked"}}

func kindsOf(book *pledge.Book) map[string]wire.KindName {
	out := map[string]wire.KindName{}
	for slug, k := range book.Catalog.Kinds {
		out[slug] = wire.KindName{SV: k.SV.Name, EN: k.EN.Name, Icon: k.Icon}
	}
	return out
}
