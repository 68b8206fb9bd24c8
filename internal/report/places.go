package report

import (
	"context"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/wire"
)

// everyDay are the days that a figure of all time is of.
const everyDay = activity.Day(1 << 30)

// Places lists the town's places, in the order of their ids, with what was done at each, and what phones propose. What
// was done at a place that stands for another is in the other's figure. Each figure is the total of the entries of the place.
func (f *Figures) Places(ctx context.Context, town event.ID) (*wire.PlacesReply, error) {
	book, err := f.source.Book(town)
	if err != nil {
		return nil, err
	}
	table, err := f.source.Table(town)
	if err != nil {
		return nil, err
	}
	proposals, err := f.source.Proposals(ctx, town)
	if err != nil {
		return nil, err
	}
	decisions, err := f.source.Decisions(ctx, town)
	if err != nil {
		return nil, err
	}
	done := doneAt(book, table)
	out := &wire.PlacesReply{Places: make([]wire.PlaceFigures, 0, len(book.Places)), Proposals: proposals, Decisions: decisions, Parties: PartiesOf(book), Now: f.clock.Now().UnixMilli()}
	for id, p := range book.Places {
		out.Places = append(out.Places, wire.PlaceFigures{E: id, St: *wire.EntityOf(p.State).St, StandsFor: book.StandsFor(id), Done: done[id]})
	}
	slices.SortFunc(out.Places, func(a, b wire.PlaceFigures) int { return a.E.Compare(b.E) })
	for i := range proposals {
		proposals[i].Done = done[proposals[i].E]
	}
	return out, nil
}

// doneAt counts what was done at each place, by what it stands for.
func doneAt(book *pledge.Book, table *activity.Table) map[event.ID]int {
	done := map[event.ID]int{}
	table.Scan(func(v activity.View, facts []activity.Fact) {
		at := map[activity.Place]int{}
		for i := range facts {
			if pledge.In(&facts[i], -everyDay, everyDay) {
				at[facts[i].Place] += int(facts[i].Number)
			}
		}
		for p, n := range at {
			done[book.StandsFor(v.Place(p))] += n
		}
	})
	return done
}

// placeNames is what places are called: by what they stand for, and those that are only proposed as their writer has them.
func (f *Figures) placeNames(ctx context.Context, town event.ID, book *pledge.Book) (map[string]string, error) {
	proposals, err := f.source.Proposals(ctx, town)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i := range proposals {
		if h := proposals[i].St.F["name"].H; len(h) > 0 {
			names[proposals[i].E.String()], _ = h[len(h)-1].V.AsText()
		}
	}
	for id := range book.Places {
		names[id.String()] = book.Places[book.StandsFor(id)].Name
	}
	return names, nil
}
