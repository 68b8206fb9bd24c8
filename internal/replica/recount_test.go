package replica_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/pledge"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/report"
	"lofteslogg/internal/wire"
)

// at opens the town anew with a clock that stands at later.
func (h *house) atLater(o replica.Options) {
	h.Helper()
	o.Clock = at{later}
	r, err := replica.Open(context.Background(), h.engine, h.people, o)
	if err != nil {
		h.Fatal(err)
	}
	h.r = r
}

func TestEveryFigureIsWhatTheEventsGiveWhenCountedByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := tell(t, 18)
		s.compare(t)
		s.h.atLater(replica.Options{}) // and again from what is stored
		s.compare(t)
	})
}

// tell has a story of at most n batches happen to a new town.
func tell(t *rapid.T, n int) *story {
	h := newHouse(t)
	h.atLater(replica.Options{})
	s := newStory(h)
	for range rapid.IntRange(0, n).Draw(t, "batches") {
		s.goOn(t)
	}
	s.end()
	return s
}

// compare counts by hand what the desk is shown.
func (s *story) compare(t *rapid.T) {
	all := s.recount().counted()
	figures := report.New(s.h.r, at{later})
	book, err := s.h.r.Book(townID)
	if err != nil {
		t.Fatal(err)
	}
	for year := 1; year <= 2; year++ {
		got, err := figures.FollowUp(context.Background(), townID, year)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i := range got.Measures {
			compareMeasure(t, figures, &book.Measures[i], &got.Measures[i], year, all)
		}
		for _, c := range all {
			if c.year == year {
				n++
			}
		}
		if got.Entries != n {
			t.Fatalf("year %d has %d entries, by hand %d", year, got.Entries, n)
		}
	}
}

func compareMeasure(t *rapid.T, figures *report.Figures, m *pledge.Measure, got *wire.MeasureFigures, year int, all []counted) {
	sum := func(want func(c counted) bool) (n int) {
		for _, c := range all {
			if c.year == year && slices.Contains(m.Kinds, c.kind) && want(c) {
				n += c.number
			}
		}
		return n
	}
	if n := sum(func(counted) bool { return true }); got.Done != n {
		t.Fatalf("year %d, %v: %d, by hand %d", year, m.Kinds, got.Done, n)
	}
	for _, month := range got.Months {
		if n := sum(func(c counted) bool { return c.month == month.Month }); month.Done != n {
			t.Fatalf("%s, %v: %d, by hand %d", month.Month, m.Kinds, month.Done, n)
		}
	}
	for _, party := range got.Parties {
		if n := sum(func(c counted) bool { return c.party == party.Party }); party.Done != n {
			t.Fatalf("year %d, %v by %q: %d, by hand %d", year, m.Kinds, party.Party, party.Done, n)
		}
	}
	page, err := figures.Entries(context.Background(), townID, wire.EntriesQuery{Measure: m.Entity, Year: year, Limit: 3})
	if err != nil || page.Total != got.Done {
		t.Fatalf("the entries make %d (%v), the figure %d", page.Total, err, got.Done)
	}
}
