// Package pledge reads a medborgarlöfte out of the states of its entities, and says how many activities were done for
// each of its measures in a promise year.
//
// One measure can be met by any of several kinds; an activity counts once per measure it matches.
package pledge

import (
	"cmp"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

// Book is what a town's reference entities say: what every phone has with it. It never changes once made.
type Book struct {
	Town     Town
	Catalog  *activity.Catalog
	Places   map[event.ID]Place
	Proposed []event.ID // whose first event is parked: proposals of field workers, and what else may not be reference
	Pledge   *Pledge    // nil when the town has none
	Measures []Measure
}

// Town is the municipality.
type Town struct {
	Entity     event.ID
	Name, Slug string
}

// Pledge is the text that was signed and when it holds.
type Pledge struct {
	Entity                                                                               event.ID
	Title, Intro, SituationPicture, Promise, TimeFrame, FollowUp, Source, Forum, Cadence string
	Surveys                                                                              []string
	SignedOn, From, To                                                                   activity.Day // To is the last day
}

// Measure is one thing that was promised.
type Measure struct {
	Entity                  event.ID
	Title, Short, Condition string
	Responsible, Kinds      []string
	Target                  string // effort or count
	Min                     int
	Per                     string
	Increase                bool // the promise says more, but not than what
	order                   int64
}

// Read makes a book of the states of class ref, in whatever order they are. Of several pledges the one that starts last is
// the town's; of several towns or catalogues the one of the smallest id.
func Read(states []*event.State) *Book {
	states = slices.SortedFunc(slices.Values(states), func(x, y *event.State) int { return y.Entity.Compare(x.Entity) })
	b := &Book{Catalog: activity.ReadCatalog(nil), Places: map[event.ID]Place{}}
	for _, s := range states {
		if b.readAside(s); s.Birth == nil || s.Erased || s.Retracted() {
			continue
		}
		switch s.Birth.Type {
		case activity.TypeTown:
			b.Town = Town{Entity: s.Entity, Name: s.Text("name"), Slug: s.Text("slug")}
		case activity.TypeCatalog:
			b.Catalog = activity.ReadCatalog(s)
		case activity.TypePledge:
			b.adopt(readPledge(s))
		}
	}
	b.readMeasures(states)
	return b
}

func (b *Book) adopt(p *Pledge) {
	if b.Pledge == nil || p.From > b.Pledge.From || p.From == b.Pledge.From && p.Entity.Compare(b.Pledge.Entity) < 0 {
		b.Pledge = p
	}
}

func readPledge(s *event.State) *Pledge {
	p := &Pledge{
		Entity: s.Entity, Title: s.Text("title"), Intro: s.Text("intro"), SituationPicture: s.Text("situation_picture"), Promise: s.Text("promise"),
		TimeFrame: s.Text("time_frame"), FollowUp: s.Text("follow_up"), Source: s.Text("source"), Forum: s.Text("forum"), Cadence: s.Text("cadence"),
	}
	p.Surveys, _ = s.Value("surveys").AsTexts()
	p.SignedOn, _ = activity.ParseDay(s.Text("signed_on"))
	p.From, _ = activity.ParseDay(s.Text("from"))
	p.To, _ = activity.ParseDay(s.Text("to"))
	return p
}

func (b *Book) readMeasures(states []*event.State) {
	for _, s := range states {
		if s.Birth != nil && s.Birth.Type == activity.TypeMeasure && b.Pledge != nil && s.Birth.Parent == b.Pledge.Entity && !s.Retracted() && !s.Erased {
			b.Measures = append(b.Measures, readMeasure(s))
		}
	}
	slices.SortFunc(b.Measures, func(x, y Measure) int {
		return cmp.Or(cmp.Compare(x.order, y.order), x.Entity.Compare(y.Entity))
	})
}

func readMeasure(s *event.State) Measure {
	m := Measure{Entity: s.Entity, Title: s.Text("title"), Short: s.Text("short"), Condition: s.Text("condition"), Target: s.Text("target"), Per: s.Text("per")}
	m.Responsible, _ = s.Value("responsible").AsTexts()
	m.Kinds, _ = s.Value("kinds").AsTexts()
	n, _ := s.Value("min").AsInt()
	m.Min = int(n)
	m.Increase = s.Value("increase") == event.Bool(true)
	m.order, _ = s.Value("order").AsInt()
	return m
}

// Year is one promise year: [From, To], counted from 1.
type Year struct {
	N        int
	From, To activity.Day
}

// Years are the promise years of the pledge; each begins on the day and month of the first.
func (p *Pledge) Years() (out []Year) {
	for n := 1; n <= 100; n++ {
		from := addYears(p.From, n-1)
		if from > p.To {
			break
		}
		out = append(out, Year{N: n, From: from, To: min(addYears(p.From, n)-1, p.To)})
	}
	return out
}

func addYears(d activity.Day, n int) activity.Day {
	y, m, day := d.Time().Date()
	return activity.Date(y+n, m, day)
}

// YearAt is the promise year of a day: the first before the pledge, the last after it. ok is false without years.
func (p *Pledge) YearAt(d activity.Day) (y Year, ok bool) {
	for _, y = range p.Years() {
		ok = true
		if d <= y.To {
			break
		}
	}
	return y, ok
}

// Today is the local day of a moment.
func Today(now time.Time) activity.Day { return activity.DayOf(now) }
