package report_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/report"
	"lofteslogg/internal/wire"
)

// desk is a source of figures without a log.
type desk struct {
	book  *pledge.Book
	table *activity.Table
}

func (d desk) Book(event.ID) (*pledge.Book, error)     { return d.book, nil }
func (d desk) Table(event.ID) (*activity.Table, error) { return d.table, nil }
func (d desk) Standing(context.Context, event.ID, uint64) (wire.Standing, error) {
	return wire.Standing{}, nil
}

func (d desk) Proposals(context.Context, event.ID) ([]wire.PlaceProposal, error) {
	return []wire.PlaceProposal{}, nil
}

func (d desk) Decisions(context.Context, event.ID) (*event.ID, error) { return nil, nil }

type at struct{ time.Time }

func (a at) Now() time.Time { return a.Time }

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

var kinds = []string{"foot_patrol", "andt_prevention", "safety_walk", "night_walk"}

func book() *pledge.Book {
	m := func(n byte, target string, least int, kinds ...string) pledge.Measure {
		return pledge.Measure{Entity: event.ID{0: 1, 15: n}, Kinds: kinds, Target: target, Min: least}
	}
	return &pledge.Book{
		Catalog: activity.ReadCatalog(nil), Places: map[event.ID]pledge.Place{},
		Pledge:   &pledge.Pledge{From: activity.Date(2026, 1, 1), To: activity.Date(2027, 12, 31)},
		Measures: []pledge.Measure{m(1, "count", 24, "foot_patrol"), m(2, "effort", 0, "andt_prevention", "safety_walk"), m(3, "effort", 0, "foot_patrol", "safety_walk")},
	}
}

func rows(t *rapid.T) []activity.Row {
	n := rapid.IntRange(0, 60).Draw(t, "entries")
	out := make([]activity.Row, n)
	for i := range out {
		day := activity.Date(2025, 12, 20) + activity.Day(rapid.IntRange(0, 780).Draw(t, "day"))
		out[i] = activity.Row{
			Entity: event.ID{0: 2, 15: byte(i)}, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Number: int32(rapid.IntRange(1, 3).Draw(t, "number")),
			Start: activity.Minute(day)*1440 + activity.Minute(rapid.IntRange(0, 1439).Draw(t, "minute")), Seq: uint64(i + 1),
			Parties: rapid.SampledFrom([][]string{nil, {"police"}, {"municipality"}, {"municipality", "police"}}).Draw(t, "parties"), Flags: activity.Dated,
		}
		if rapid.IntRange(0, 4).Draw(t, "void") == 0 {
			out[i].Flags |= activity.Voided
		}
	}
	return out
}

func TestEveryFigureIsANaiveRecountAndOpensJustItsEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rows(t)
		d := desk{book(), activity.NewTable()}
		d.table.Put(1, list)
		figures := report.New(d, at{now})
		for year := 1; year <= 2; year++ {
			got, err := figures.FollowUp(context.Background(), event.ID{}, year)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Measures {
				checkMeasure(t, figures, list, year, d.book.Measures[i], &got.Measures[i])
			}
		}
	})
}

func checkMeasure(t *rapid.T, figures *report.Figures, list []activity.Row, year int, m pledge.Measure, got *wire.MeasureFigures) {
	want := naive(list, func(r activity.Row) bool { return r.Start.Day().Time().Year() == 2025+year && has(m.Kinds, r.Kind) })
	if got.Done != want {
		t.Fatalf("year %d, measure %v: done %d, recounted %d", year, m.Kinds, got.Done, want)
	}
	opened(t, figures, wire.EntriesQuery{Measure: m.Entity, Year: year}, want)
	sum := 0
	for _, month := range got.Months {
		sum += month.Done
		opened(t, figures, wire.EntriesQuery{Measure: m.Entity, Year: year, Month: month.Month}, month.Done)
	}
	if sum != want {
		t.Fatalf("the months make %d, the year %d", sum, want)
	}
	sum = 0
	for _, p := range got.Parties {
		sum += p.Done
		asked := p.Party
		if asked == "" {
			asked = report.None
		}
		opened(t, figures, wire.EntriesQuery{Measure: m.Entity, Year: year, Party: asked}, p.Done)
	}
	if sum != want {
		t.Fatalf("the parties make %d, the year %d", sum, want)
	}
}

// opened follows the pages behind a figure and adds up what they list.
func opened(t *rapid.T, figures *report.Figures, q wire.EntriesQuery, want int) {
	q.Limit = 7
	sum, seen := 0, map[event.ID]bool{}
	for {
		page, err := figures.Entries(context.Background(), event.ID{}, q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != want {
			t.Fatalf("%+v: total %d, the figure says %d", q, page.Total, want)
		}
		for _, e := range page.Entries {
			if seen[e.E] {
				t.Fatalf("%+v: %s is listed twice", q, e.E)
			}
			seen[e.E] = true
			sum += e.Number
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if sum != want {
		t.Fatalf("%+v: the entries make %d, the figure says %d", q, sum, want)
	}
}

func naive(list []activity.Row, want func(activity.Row) bool) (n int) {
	for _, r := range list {
		if !r.Flags.Has(activity.Voided) && want(r) {
			n += int(r.Number)
		}
	}
	return n
}

func has(list []string, x string) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

func TestAVerdictNeedsANumberAndNotMetNeedsTheEnd(t *testing.T) {
	for _, c := range []struct {
		done    int
		at      time.Time
		verdict string
	}{
		{0, time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC), "on_track"},
		{20, now, "behind"},
		{21, now, "on_track"},
		{24, now, "met"},
		{23, time.Date(2026, 12, 31, 9, 0, 0, 0, time.UTC), "behind"},
		{23, time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC), "not_met"},
	} {
		d := desk{book(), activity.NewTable()}
		for i := range c.done {
			d.table.Put(1, []activity.Row{{Entity: event.ID{15: byte(i + 1)}, Kind: "foot_patrol", Number: 1, Flags: activity.Dated, Start: activity.Minute(activity.Date(2026, 1, 1)) * 1440}})
		}
		got, err := report.New(d, at{c.at}).FollowUp(context.Background(), event.ID{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got.Measures[0].Verdict != c.verdict || got.Measures[1].Verdict != "" {
			t.Errorf("%d done at %s: %q (expected %d), want %q", c.done, c.at.Format(time.DateOnly), got.Measures[0].Verdict, *got.Measures[0].Expected, c.verdict)
		}
	}
}

func TestAYearThatIsNotInThePledgeIsNotFound(t *testing.T) {
	d := desk{book(), activity.NewTable()}
	if _, err := report.New(d, at{now}).FollowUp(context.Background(), event.ID{}, 3); fault.KindOf(err) != fault.NotFound {
		t.Errorf("%v", err)
	}
}
