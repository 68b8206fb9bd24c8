package sample

import (
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

// How often, in a thousand entries, something else than one event comes of one.
const (
	corrected = 40
	takenBack = 15
	late      = 10
)

var notes = []string{
	"Lugnt runt torget, pratade med några ungdomar vid kiosken.",
	"Trasig belysning vid gångtunneln, meddelat kommunen.",
	"Besök på fritidsgården, bra stämning.",
	"Åkte in från Rv 62. En bil avvisad från skolgården.",
	"Pratade med personalen på Ica om kvällarna. Inget nytt.",
	"Kontakt med ABF inför veckan, de återkommer.",
}

// entry makes up one entry of a day, with what becomes of it.
func (t *Town) entry(d int, day time.Time, fn func(Batch) error) error {
	p := t.People[t.rng.IntN(len(t.People))]
	at := t.moment(day)
	e := t.event(p, at, nil, t.fields(at, p))
	e.New = &event.Birth{Type: activity.TypeActivity, Kind: t.kind(e)}
	if t.rng.IntN(1000) < late && d+9 < t.days {
		due := d + 8 + t.rng.IntN(min(21, t.days-d-8))
		t.late[due] = append(t.late[due], Batch{By: p, Events: []*event.Event{e}})
		return nil
	}
	p.keep(e, at)
	switch n := t.rng.IntN(1000); {
	case n < corrected:
		p.keep(t.event(p, at.Add(2*time.Hour), e, []event.Field{{Name: "minutes", Value: event.Int(45), Base: []event.ID{e.ID}}}), at)
	case n < corrected+takenBack:
		p.keep(t.event(p, at.Add(time.Minute), e, []event.Field{{Name: "retracted", Value: event.Text("Dubbel")}}), at)
	}
	if len(p.pending) > batchSize-2 {
		return p.flush(at.Add(3*time.Hour), fn)
	}
	return nil
}

func (p *Person) keep(e *event.Event, at time.Time) {
	if len(p.pending) == 0 {
		p.since = at
	}
	p.pending = append(p.pending, e)
}

// moment is a time of day: evenings, and on Fridays and Saturdays until two in the night.
func (t *Town) moment(day time.Time) time.Time {
	minute := 13*60 + t.rng.IntN(8*60)
	if wd := day.Weekday(); wd == time.Friday || wd == time.Saturday || t.rng.IntN(4) == 0 {
		minute = 18*60 + t.rng.IntN(8*60)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, activity.Zone)
}

func (t *Town) event(p *Person, at time.Time, of *event.Event, set []event.Field) *event.Event {
	e := &event.Event{Version: event.Version, Town: t.ID, ID: t.id(at), Inc: p.Inc, By: p.ID, Catalog: 1, Set: set}
	if e.Entity = e.ID; of != nil {
		e.Entity = of.Entity
	}
	p.stamp(e, at)
	if at := clock.Of(at.UnixMilli(), 0); e.HLC < at {
		e.HLC = at
	}
	return e
}

// kind is mostly a foot patrol. The kind about youth at risk has no note and no place.
func (t *Town) kind(e *event.Event) string {
	switch n := t.rng.IntN(100); {
	case n < 70:
		return "foot_patrol"
	case n < 82:
		return "andt_intervention"
	case n < 92:
		return "andt_prevention"
	case n < 97:
		return "safety_walk"
	}
	e.Set = []event.Field{{Name: "meetings", Value: event.Int(1)}, field(e, "minutes"), field(e, "parties"), field(e, "started_at")}
	return "youth_collaboration"
}

func field(e *event.Event, name string) event.Field {
	for _, f := range e.Set {
		if f.Name == name {
			return f
		}
	}
	return event.Field{Name: name, Value: event.Null}
}

// fields are in the order of their names, as canonical bytes want them.
func (t *Town) fields(at time.Time, p *Person) []event.Field {
	set := []event.Field{{Name: "minutes", Value: event.Int(int64(15 * (1 + t.rng.IntN(8))))}}
	if t.rng.IntN(4) == 0 {
		set = append(set, event.Field{Name: "note", Value: event.Text(notes[t.rng.IntN(len(notes))])})
	}
	set = append(set, event.Field{Name: "parties", Value: event.Texts(p.Parties...)})
	if len(t.places) > 0 {
		i := min(t.rng.IntN(len(t.places)), t.rng.IntN(len(t.places))) // some places see more than others
		set = append(set, event.Field{Name: "place", Value: event.Text(t.places[i].String())})
	}
	return append(set, event.Field{Name: "started_at", Value: event.Text(at.Format("2006-01-02T15:04-07:00"))})
}
