package report_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/report"
	"lofteslogg/internal/wire"
)

// at4 are four places: the second turned out to be the first, the third is not of the town.
var at4 = []event.ID{{}, {0: 3, 15: 1}, {0: 3, 15: 2}, {0: 3, 15: 3}}

func TestEveryFigureOfAPlaceIsANaiveRecountAndOpensJustItsEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rows(t)
		for i := range list {
			list[i].Place = rapid.SampledFrom(at4).Draw(t, "place")
		}
		d := desk{book(), activity.NewTable()}
		d.book.Places[at4[1]] = pledge.Place{Name: "Torget", State: &event.State{Birth: &event.Birth{Type: activity.TypePlace}}}
		d.book.Places[at4[2]] = pledge.Place{Name: "Torgen", SameAs: at4[1], State: d.book.Places[at4[1]].State}
		d.table.Put(1, list)
		figures := report.New(d, at{now})
		got, err := figures.Places(context.Background(), event.ID{})
		if err != nil || len(got.Places) != 2 {
			t.Fatalf("%+v %v", got, err)
		}
		want := naive(list, func(r activity.Row) bool { return r.Place == at4[1] || r.Place == at4[2] })
		if got.Places[0].Done != want || got.Places[1].Done != 0 || got.Places[1].StandsFor != at4[1] {
			t.Fatalf("%d and %d done, recounted %d", got.Places[0].Done, got.Places[1].Done, want)
		}
		opened(t, figures, wire.EntriesQuery{Place: at4[1]}, want)
		opened(t, figures, wire.EntriesQuery{Place: at4[2]}, want)
		opened(t, figures, wire.EntriesQuery{Place: at4[3]}, naive(list, func(r activity.Row) bool { return r.Place == at4[3] }))
	})
}
