// Package report says how a pledge goes: figures per measure, month and party, and the entries behind each of them.
//
// Figures and entries come from the same scan of the same table by the same filter, so a figure and the list that it
// opens cannot differ. Methods may be called concurrently.
package report

import (
	"context"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/wire"
)

// Source is where the figures come from; replica.Replica is one.
type Source interface {
	Book(town event.ID) (*pledge.Book, error)
	Table(town event.ID) (*activity.Table, error)
	Standing(ctx context.Context, town event.ID, seq uint64) (Standing, error)
	Proposals(ctx context.Context, town event.ID) ([]wire.PlaceProposal, error)
	Decisions(ctx context.Context, town event.ID) (*event.ID, error)
}

// Standing is how up to date a town is.
type Standing = wire.Standing

// Figures makes them.
type Figures struct {
	source Source
	clock  clock.Clock
}

// New makes figures of a source, as of a clock's today.
func New(source Source, c clock.Clock) *Figures { return &Figures{source: source, clock: c} }

// Joint is the party of an entry that several took part in.
const Joint = "joint"

// None asks for the entries that no party is named in.
const None = "none"

// FollowUp is the pledge and how it goes in a promise year; year 0 is the present one. fault.NotFound for a town or
// year that there is not. A town without a pledge has none, and no figures.
func (f *Figures) FollowUp(ctx context.Context, town event.ID, year int) (*wire.FollowUp, error) {
	book, err := f.source.Book(town)
	if err != nil {
		return nil, err
	}
	table, err := f.source.Table(town)
	if err != nil {
		return nil, err
	}
	now := f.clock.Now()
	out := &wire.FollowUp{Town: TownOf(town, book), Parties: PartiesOf(book), Measures: []wire.MeasureFigures{}, Years: []wire.Year{}, Now: now.UnixMilli()}
	latest := uint64(0)
	if book.Pledge != nil {
		y, err := chooseYear(book.Pledge, year, now)
		if err != nil {
			return nil, err
		}
		out.Pledge, out.Year = pledgeOf(book.Pledge), yearOf(y)
		for _, each := range book.Pledge.Years() {
			out.Years = append(out.Years, yearOf(each))
		}
		latest = count(book, table, y, pledge.Today(now), out)
	}
	s, err := f.source.Standing(ctx, town, latest)
	out.Head, out.Received, out.Silent = s.Head, s.Received, s.Silent
	return out, err
}

func chooseYear(p *pledge.Pledge, n int, now time.Time) (pledge.Year, error) {
	if n == 0 {
		if y, ok := p.YearAt(pledge.Today(now)); ok {
			return y, nil
		}
	}
	for _, y := range p.Years() {
		if y.N == n {
			return y, nil
		}
	}
	return pledge.Year{}, fault.New(fault.NotFound, "year", "the pledge has no year %d", n).At("year")
}

// tally is what one scan adds up: per measure, by month and by set of parties.
type tally struct {
	done    []int
	months  [][]int
	sets    [][]int
	entries int
	latest  uint64
}

func count(book *pledge.Book, table *activity.Table, y pledge.Year, today activity.Day, out *wire.FollowUp) (latest uint64) {
	months := monthsOf(y)
	table.Scan(func(v activity.View, facts []activity.Fact) {
		t := add(v, facts, book, y, months)
		for i := range book.Measures {
			m := measureOf(&book.Measures[i], t.done[i])
			m.Months = months.figures(t.months[i], today)
			m.Parties = partyFigures(v, t.sets[i])
			judge(&m, y, today)
			out.Measures = append(out.Measures, m)
		}
		out.Entries, latest = t.entries, t.latest
	})
	return latest
}

func add(v activity.View, facts []activity.Fact, book *pledge.Book, y pledge.Year, months months) tally {
	n := len(book.Measures)
	t := tally{done: make([]int, n), months: make([][]int, n), sets: make([][]int, n)}
	for i := range n {
		t.months[i], t.sets[i] = make([]int, len(months.names)), make([]int, v.Sets())
	}
	match := pledge.Match(v, book.Measures)
	for i := range facts {
		f := &facts[i]
		t.latest = max(t.latest, f.Seq)
		if !pledge.In(f, y.From, y.To) {
			continue
		}
		t.entries++
		for _, m := range match.Of(f) {
			t.done[m] += int(f.Number)
			t.months[m][months.of(f.Start.Day())] += int(f.Number)
			t.sets[m][f.Parties] += int(f.Number)
		}
	}
	return t
}

// judge gives the verdict where the promise has a number, or says that there is nothing to judge by. Not met exists
// only after the period.
func judge(m *wire.MeasureFigures, y pledge.Year, today activity.Day) {
	if m.Increase {
		m.Verdict = "unmeasurable"
	}
	if m.Target.Type != "count" || m.Target.Min <= 0 {
		return
	}
	expected := expectedBy(m.Target.Min, y, today)
	m.Expected = &expected
	switch {
	case m.Done >= m.Target.Min:
		m.Verdict = "met"
	case today > y.To:
		m.Verdict = "not_met"
	case m.Done >= expected:
		m.Verdict = "on_track"
	default:
		m.Verdict = "behind"
	}
}

// expectedBy spreads the number evenly over the days of the year, whole ones only: what is not yet due is not behind.
func expectedBy(number int, y pledge.Year, today activity.Day) int {
	length, gone := int(y.To-y.From)+1, int(today-y.From)+1
	return number * min(max(gone, 0), length) / length
}
