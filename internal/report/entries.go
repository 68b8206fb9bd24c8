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
func (f *Figures) Entries(ctx context.Context, town event.ID, q wire.EntriesQuery) (*wire.EntriesReply, error) {
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
	out := &wire.EntriesReply{Entries: []wire.Entry{}, Parties: PartiesOf(book), Kinds: kindsOf(book)}
	if out.Places, err = f.placeNames(ctx, town, book); err != nil {
		return nil, err
	}
	table.Scan(func(v activity.View, facts []activity.Fact) { w.pick(v, facts, q, out) })
	return out, nil
}

// want is a query made ready for a scan.
type want struct {
	measures []pledge.Measure // nil: of any
	from, to activity.Day
	place    event.ID // what the place stands for; zero: any
	book     *pledge.Book
	after    *activity.Fact // the last of the page before, by start and entity
}

func (f *Figures) want(book *pledge.Book, q wire.EntriesQuery) (w want, err error) {
	w.from, w.to, w.book = -1<<30, 1<<30, book
	if !q.Place.IsZero() {
		w.place = book.StandsFor(q.Place)
	}
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
	party := wantedSets(v, q.Party)
	top := newest{most: cmp.Or(max(q.Limit, 0), defaultLimit)}
	for i := len(facts) - 1; i >= 0; i-- { // mostly the newest first
		f := &facts[i]
		if w.measures != nil && len(match.Of(f)) == 0 || q.Kind != "" && f.Kind != kind || party != nil && !party[f.Parties] || !w.in(v, f, q.Voided) {
			continue
		}
		if !w.place.IsZero() && w.book.StandsFor(v.Place(f.Place)) != w.place {
			continue
		}
		if f.Counted {
			out.Total += int(f.Number)
		}
		if w.after == nil || newestFirst(f, w.after) > 0 {
			top.add(f)
		}
	}
	top.page(v, out)
}

const defaultLimit = 100

// wantedSets tells of each set of parties whether it is the party's; nil when any is.
func wantedSets(v activity.View, party string) []bool {
	if party == "" {
		return nil
	}
	out := make([]bool, v.Sets())
	for i := range out {
		out[i] = partyOf(v.Parties(activity.Set(i))) == party
	}
	return out
}

func (w want) in(v activity.View, f *activity.Fact, voided bool) bool {
	if pledge.In(f, w.from, w.to) {
		return true
	}
	return voided && !f.Flags.Has(activity.Undone) && v.Name(f.Kind) != "" && (!f.Flags.Has(activity.Dated) || f.Start.Day() >= w.from && f.Start.Day() <= w.to)
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
	if at := v.Place(f.Place); !at.IsZero() {
		e.Place = at.String()
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
