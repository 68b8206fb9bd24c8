// Package sample makes up years of a town's entries from a seed, to measure and to practise with.
//
// The same plan gives the same events. Volumes and peaks are those of small towns with a citizens' promise: Friday and
// Saturday evenings, Valborg, the end of school, Lucia; a few entries are corrected, taken back or sent late.
package sample

import (
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
)

// Plan is what is to be made up.
type Plan struct {
	Name, Slug string
	Entries    int
	Seed       uint64
	Until      time.Time // of the newest entry, to the day
}

// Person is a made-up account with its one installation.
type Person struct {
	ID, Inc event.ID
	Name    string
	Parties []string

	n       uint64
	hlc     clock.Stamp
	pending []*event.Event
	since   time.Time // of the oldest that is pending
}

// Batch is what one person sends at a moment.
type Batch struct {
	By     *Person
	At     time.Time
	Events []*event.Event
}

// Town is made up from a plan.
type Town struct {
	ID     event.ID
	Desk   *Person // a coordinator, who writes what the town begins with
	People []*Person

	plan   Plan
	rng    *rand.Rand
	first  time.Time // noon of the first day
	days   int
	places []event.ID
	late   map[int][]Batch // by the day they are sent
}

const batchSize = 500 // what a push may have

// New makes the people up. Years are one for each thousand entries, at least two and at most ten.
func New(plan Plan) *Town {
	t := &Town{plan: plan, rng: rand.New(rand.NewPCG(plan.Seed, 0x10f7e)), late: map[int][]Batch{}} //nolint:gosec // it is to be the same each time
	t.days = 365 * min(max(plan.Entries/1000, 2), 10)
	u := plan.Until.In(activity.Zone)
	t.first = time.Date(u.Year(), u.Month(), u.Day()-t.days, 12, 0, 0, 0, activity.Zone)
	t.ID = t.id(t.first)
	t.Desk = t.person("Samordnare", "municipality")
	parties := [][]string{{"police"}, {"police"}, {"police"}, {"municipality"}, {"municipality", "police"}}
	for i := range min(max(plan.Entries/400, 5), 40) {
		t.People = append(t.People, t.person("Exempel "+string(rune('A'+i%26)), parties[i%len(parties)]...))
	}
	return t
}

func (t *Town) person(name string, parties ...string) *Person {
	return &Person{ID: t.id(t.first), Inc: t.id(t.first), Name: name, Parties: parties}
}

// id makes a version 7 id of a moment.
func (t *Town) id(at time.Time) (id event.ID) {
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|t.rng.Uint64()&0xffff)
	binary.BigEndian.PutUint64(id[8:], t.rng.Uint64())
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// Read fills b with the bytes that follow from the seed, for salts and nonces.
func (t *Town) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(t.rng.Uint32())
	}
	return len(b), nil
}

// Start is before everything that happens.
func (t *Town) Start() time.Time { return t.first.AddDate(0, 0, -1) }

// Founding is what the desk writes first: the example's catalogue, places and pledge, of the plan's last year.
func (t *Town) Founding() ([]*event.Event, error) {
	w := &pledge.Writer{Town: t.ID, Inc: t.Desk.Inc, By: t.Desk.ID, Now: t.plan.Until, NewID: func() (event.ID, error) { return t.id(t.Start()), nil }}
	events, err := pledge.Munkfors(w)
	for _, e := range events {
		t.Desk.stamp(e, t.Start())
		switch e.New.Type {
		case activity.TypeTown:
			e.Set = []event.Field{{Name: "name", Value: event.Text(t.plan.Name)}, {Name: "slug", Value: event.Text(t.plan.Slug)}}
		case activity.TypePlace:
			t.places = append(t.places, e.ID)
		}
	}
	return events, err
}

func (p *Person) stamp(e *event.Event, at time.Time) {
	p.n++
	p.hlc = clock.Next(p.hlc, at)
	e.N, e.HLC = p.n, p.hlc
}

// Each calls fn with every batch in the order they are sent. Founding comes before it.
func (t *Town) Each(fn func(Batch) error) error {
	total := 0.0
	for d := range t.days {
		total += weight(t.first.AddDate(0, 0, d))
	}
	made, sum := 0, 0.0
	for d := range t.days {
		day := t.first.AddDate(0, 0, d)
		sum += weight(day)
		upTo := int(float64(t.plan.Entries) * sum / total)
		if d == t.days-1 {
			upTo = t.plan.Entries
		}
		for ; made < upTo; made++ {
			if err := t.entry(d, day, fn); err != nil {
				return err
			}
		}
		if err := t.send(d, day, fn); err != nil {
			return err
		}
	}
	return nil
}

// weight is how much happens on a day.
func weight(day time.Time) float64 {
	w := 1.0
	if wd := day.Weekday(); wd == time.Friday || wd == time.Saturday {
		w = 3.5
	}
	_, week := day.ISOWeek()
	switch _, m, d := day.Date(); {
	case m == time.April && d == 30, week == 24 && day.Weekday() == time.Friday: // Valborg, the end of school
		w = 12
	case m == time.December && (d == 12 || d == 13): // Lucia
		w = 8
	case m == time.July:
		w *= 0.6
	}
	return w
}

// hold is how long a phone keeps what it has before it sends, at most.
const hold = 3 * 24 * time.Hour

// send has those send who have had something for a while, and those who were long without a network.
func (t *Town) send(d int, day time.Time, fn func(Batch) error) error {
	at := time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 0, 0, activity.Zone).Add(5 * time.Hour)
	last := d == t.days-1
	for _, p := range t.People {
		if len(p.pending) > 0 && (last || at.Sub(p.since) > hold) {
			if err := p.flush(at, fn); err != nil {
				return err
			}
		}
	}
	for _, due := range slices.Sorted(maps.Keys(t.late)) {
		list := t.late[due]
		if due != d && !last {
			continue
		}
		slices.SortFunc(list, func(a, b Batch) int { return a.Events[0].ID.Compare(b.Events[0].ID) })
		delete(t.late, due)
		for _, b := range list {
			b.At = at
			if err := fn(b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Person) flush(at time.Time, fn func(Batch) error) error {
	b := Batch{By: p, At: at, Events: p.pending}
	p.pending = nil
	return fn(b)
}
