package sim

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/testkit"
)

var (
	townID   = event.MustID("01930000-0000-7000-8000-000000000001")
	baseTime = time.Date(2026, 11, 20, 21, 10, 0, 0, time.UTC)
)

func accountID(i int) event.ID {
	return event.MustID(fmt.Sprintf("01930000-0000-7000-8000-0000000000a%d", i))
}

// The kinds of the town; the last one is not in the catalogue at first.
var kinds = []string{"foot_patrol", "foot_patrol", "safety_walk", "youth", "night_watch"}

// sightOf is the class of a kind, known here so that it need not be asked of what is tested.
var sightOf = map[string]string{"foot_patrol": "own", "safety_walk": "field", "youth": "restricted", "night_watch": "own"}

func kindJSON(slug string) event.Value {
	return event.Text(fmt.Sprintf(`{"sv":{"name":%q},"en":{"name":%q},"sight":%q,"fields":[{"f":"started_at","as":"moment"},{"f":"minutes","as":"duration"},{"f":"meetings","as":"count"},{"f":"parties","as":"parties"}]}`, slug, slug, sightOf[slug]))
}

// base is a small town, made once and begun from by every seed.
type base struct {
	snapshot any
	desk     *testkit.Device
}

var (
	basesMu sync.Mutex
	bases   = map[string]*base{}
)

// baseTown makes the town in a depot of this kind.
func baseTown(d depot) *base {
	basesMu.Lock()
	defer basesMu.Unlock()
	if b := bases[d.kind()]; b != nil {
		return b
	}
	b := makeBase(d)
	bases[d.kind()] = b
	return b
}

func makeBase(d depot) *base {
	w := &world{clock: &testkit.Clock{At: baseTime}, calm: true, depot: d, front: newHandler, acked: map[event.ID]*ack{}}
	w.rnd = rand.New(rand.NewPCG(1, 1))
	w.people = people{{id: accountID(0), Person: replica.Person{Role: replica.Coordinator}}}
	w.engine = &flaky{w: w}
	w.engine.Engine = d.restore(nil)
	w.open()
	must(w.rep.Create(background, townID))
	c := &testkit.Skewed{Of: w.clock}
	desk := testkit.NewDevice(townID, c, func() event.ID { return w.newID(c) })
	desk.SignIn(accountID(0))
	furnish(desk)
	for range 3 {
		r := desk.Next()
		status, body := w.serve(r, nil)
		desk.Answer(r, status, body)
	}
	if desk.Unsent() > 0 || w.broken != "" {
		panic("the base town was not taken in: " + w.broken)
	}
	return &base{d.snapshot(), desk}
}

func furnish(d *testkit.Device) {
	f := func(name string, v event.Value) event.Field { return event.Field{Name: name, Value: v} }
	d.Save(d.New(event.Birth{Type: activity.TypeTown}), f("name", event.Text("Munkfors")), f("slug", event.Text("munkfors")))
	d.Save(d.New(event.Birth{Type: activity.TypeCatalog}), f("version", event.Int(1)),
		f("kind:foot_patrol", kindJSON("foot_patrol")), f("kind:safety_walk", kindJSON("safety_walk")), f("kind:youth", kindJSON("youth")))
	d.Save(d.New(event.Birth{Type: activity.TypePlace}), f("name", event.Text("Torget")))
	pledge := d.Save(d.New(event.Birth{Type: activity.TypePledge}), f("from", event.Text("2026-01-01")), f("to", event.Text("2027-12-31")))
	for i, list := range [][]string{{"foot_patrol"}, {"safety_walk", "foot_patrol"}, {"youth"}, {"night_watch"}} {
		d.Save(d.New(event.Birth{Type: activity.TypeMeasure, Parent: pledge.Entity}), f("kinds", event.Texts(list...)), f("order", event.Int(int64(i))))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
