package report

import (
	"cmp"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/wire"
)

// TownOf is the town's name as it travels.
func TownOf(id event.ID, book *pledge.Book) wire.Town {
	return wire.Town{ID: id, Name: book.Town.Name, Slug: book.Town.Slug}
}

// PartiesOf are the parties of the catalogue.
func PartiesOf(book *pledge.Book) []wire.Party {
	out := make([]wire.Party, len(book.Catalog.Parties))
	for i, p := range book.Catalog.Parties {
		out[i] = wire.Party{Slug: p.Slug, SV: p.SV, EN: p.EN}
	}
	return out
}

func pledgeOf(p *pledge.Pledge) *wire.Pledge {
	surveys := p.Surveys
	if surveys == nil {
		surveys = []string{}
	}
	return &wire.Pledge{
		E: p.Entity, Title: p.Title, Intro: p.Intro, SituationPicture: p.SituationPicture, Promise: p.Promise, TimeFrame: p.TimeFrame, FollowUp: p.FollowUp,
		Source: p.Source, SignedOn: p.SignedOn.String(), From: p.From.String(), To: p.To.String(), Forum: p.Forum, Cadence: p.Cadence, Surveys: surveys,
	}
}

func yearOf(y pledge.Year) wire.Year {
	return wire.Year{N: y.N, From: y.From.String(), To: y.To.String()}
}

func measureOf(m *pledge.Measure, done int) wire.MeasureFigures {
	out := wire.MeasureFigures{
		E: m.Entity, Title: m.Title, Short: m.Short, Condition: m.Condition, Responsible: slices.Concat([]string{}, m.Responsible), Kinds: slices.Concat([]string{}, m.Kinds),
		Target: wire.Target{Type: "effort"}, Increase: m.Increase, Done: done,
	}
	if m.Target == "count" {
		out.Target = wire.Target{Type: "count", Min: m.Min, Per: "year"}
	}
	return out
}

// partyFigures adds the sets of parties up to one party alone, several, or none; most first.
func partyFigures(v activity.View, sets []int) []wire.PartyFigure {
	sums := map[string]int{}
	for s, n := range sets {
		if n > 0 {
			sums[partyOf(v.Parties(activity.Set(s)))] += n
		}
	}
	out := []wire.PartyFigure{}
	for party, n := range sums {
		out = append(out, wire.PartyFigure{Party: party, Done: n})
	}
	slices.SortFunc(out, func(a, b wire.PartyFigure) int {
		return cmp.Or(b.Done-a.Done, cmp.Compare(a.Party, b.Party))
	})
	return out
}

func partyOf(set []string) string {
	switch len(set) {
	case 0:
		return ""
	case 1:
		return set[0]
	default:
		return Joint
	}
}

// byParty tells whether an entry of these parties is what the filter asks for.
func byParty(set []string, asked string) bool {
	if asked == None {
		return len(set) == 0
	}
	return partyOf(set) == asked
}

// Parties are the town's; none for a town that is not here.
func (f *Figures) Parties(town event.ID) []wire.Party {
	book, err := f.source.Book(town)
	if err != nil {
		return []wire.Party{}
	}
	return PartiesOf(book)
}

// Town is the town's name; a town that is not here has none.
func (f *Figures) Town(town event.ID) wire.Town {
	book, err := f.source.Book(town)
	if err != nil {
		return wire.Town{ID: town}
	}
	return TownOf(town, book)
}
