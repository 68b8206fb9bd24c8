package sim

import (
	"context"
	"fmt"
	"hash"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

var background = context.Background()

// world is a town's server, its phones and the network between them.
type world struct {
	seed   uint64
	rnd    *rand.Rand // of the present step
	clock  *testkit.Clock
	mono   time.Duration // since the beginning, as a clock that is never set tells it; timers go by it
	calm   bool          // no faults now
	shared bool          // the replies are of one commit, so a later one may have moved what an earlier one says

	depot   depot
	engine  *flaky
	rep     *replica.Replica
	front   func(*world) http.Handler
	handler http.Handler
	people  people
	asked   uint64 // how many random sources have been given out

	apps    *apps // where phones run the app itself; nil when none does
	phones  []*phone
	net     []*message
	backups []*backup // those still offered for restore
	broken  string    // the invariant that did not hold, and where

	rights      int               // how often somebody's rights changed
	restored    bool              // the town was put back to a backup
	emptied     bool              // or to nothing
	acked       map[event.ID]*ack // by event
	coordinated map[event.ID]bool // accounts that were coordinator at some time
	released    map[event.ID]bool // events for which somebody once wrote a release
	drafts      []*draft
	gone        []replica.Gone      // the ledger of what was erased, outside the town's file
	secrets     map[event.ID]string // what events say that must not be found once they are erased
	whispers    int                 // how many such texts there were

	over func() // gives back what the world was lent

	trace hash.Hash64
	lines []string // what happened, when wanted
	tell  bool
}

// ack is an event that a phone was told is stored.
type ack struct {
	phone  *phone
	entity event.ID
	purged bool
}

// account is a person of the town.
type account struct {
	id event.ID
	replica.Person
}

type people []*account

// Person finds an account, for the replica.
func (p people) Person(_, id event.ID) (replica.Person, bool) {
	if a := p.find(id); a != nil {
		return a.Person, true
	}
	return replica.Person{}, false
}

func (p people) find(id event.ID) *account {
	for _, a := range p {
		if a.id == id {
			return a
		}
	}
	return nil
}

// handset is what anyone can know of a phone who looks into its storage.
type handset interface {
	Person() event.ID
	Installations() []testkit.Installation
	Own() []testkit.Own
	Event(id event.ID) *event.Event
	Head() *wire.Head
	Cache() *testkit.Cache
	Unsent() int
}

// phone is a phone and what the world knows of it. It is testkit's, which does what it is told, or runs the app, which
// has a mind of its own.
type phone struct {
	handset
	dev    *testkit.Device
	app    *app
	name   int
	clock  *testkit.Skewed
	tabs   [2]int // how often each was killed: replies to earlier lives are lost
	dead   bool
	cloned bool
}

// has puts a device into the phone.
func (p *phone) has(d *testkit.Device) { p.handset, p.dev = d, d }

type backup struct {
	snapshot any
	head     wire.Head
	rights   int // how often rights had changed
}

func newWorld(seed uint64, d depot, front func(*world) http.Handler) *world {
	w := emptyWorld(seed, d, front)
	for i := range 1 + w.rnd.IntN(5) {
		p := w.newPhone()
		w.signIn(p, w.people[(i+1)%len(w.people)].id)
		if w.chance(4) {
			w.signIn(p, w.people[w.rnd.IntN(len(w.people))].id)
		}
	}
	return w
}

// emptyWorld has the town, its people and the desk.
func emptyWorld(seed uint64, d depot, front func(*world) http.Handler) *world {
	w := &world{
		seed: seed, front: front, over: func() {}, clock: &testkit.Clock{At: baseTime}, trace: fnv.New64a(), depot: d,
		acked: map[event.ID]*ack{}, coordinated: map[event.ID]bool{}, released: map[event.ID]bool{}, secrets: map[event.ID]string{},
	}
	w.step(0)
	for i, role := range []replica.Role{replica.Coordinator, replica.Field, replica.Field, replica.Coordinator, replica.Field} {
		a := &account{id: accountID(i), Person: replica.Person{Role: role}}
		w.people = append(w.people, a)
		w.coordinated[a.id] = role == replica.Coordinator
	}
	w.begin(baseTown(d))
	return w
}

// begin puts up the base town, its desk and the server.
func (w *world) begin(base *base) {
	w.engine = &flaky{w: w}
	w.engine.Engine = w.depot.restore(base.snapshot)
	w.open()
	desk := &phone{name: 0, clock: &testkit.Skewed{Of: w.clock}}
	desk.has(base.desk.Clone(desk.clock, func() event.ID { return w.newID(desk.clock) }))
	w.add(desk)
}

// open starts the server on the engine, as after a crash.
func (w *world) open() {
	w.asked++
	var seed [32]byte
	copy(seed[:], fmt.Sprintf("%d/%d", w.seed, w.asked))
	options := replica.Options{Clock: w.clock, Random: rand.NewChaCha8(seed), Kept: w.kept}
	if a := w.apps; a != nil {
		options.Shut, options.Left, options.Connected = a.access.Shut, a.access.Left, a.access.Connected
	}
	rep, err := replica.Open(background, w.engine, w.people, options)
	if err != nil {
		w.fail("open: %v", err)
		return
	}
	w.rep = rep
	w.handler = w.front(w)
}

func (w *world) kept(event.ID) []wire.Head {
	out := make([]wire.Head, len(w.backups))
	for i, b := range w.backups {
		out[i] = b.head
	}
	return out
}

func (w *world) newPhone() *phone {
	p := &phone{name: len(w.phones), clock: &testkit.Skewed{Of: w.clock, By: w.skew()}}
	p.has(testkit.NewDevice(townID, p.clock, func() event.ID { return w.newID(p.clock) }))
	w.add(p)
	return p
}

func (w *world) signIn(p *phone, person event.ID) {
	if p.app != nil {
		w.connect(p, person)
		return
	}
	w.quietly(func() { p.dev.SignIn(person) })
}

func (w *world) add(p *phone) {
	if p.dev != nil {
		p.dev.Killed = func() bool { return !w.calm && w.chance(60) }
	}
	w.phones = append(w.phones, p)
}

// step makes the chance of one step depend on the seed and the step alone, so that taking away a step leaves the
// others as they were.
func (w *world) step(i int) { w.rnd = rand.New(rand.NewPCG(w.seed, uint64(i))) }

// chance is true once in n times.
func (w *world) chance(n int) bool { return w.rnd.IntN(n) == 0 }

// skew is how wrong a phone's clock is: mostly not at all, at worst a year.
func (w *world) skew() time.Duration {
	const year = 365 * 24 * time.Hour
	return []time.Duration{0, 0, 0, 0, 3 * time.Second, -40 * time.Second, 2 * time.Hour, -26 * time.Hour, year, -year}[w.rnd.IntN(10)]
}

func (w *world) newID(c *testkit.Skewed) event.ID { return testkit.NewID(c.Now(), w.rnd) }

// fail notes the first thing that went wrong.
func (w *world) fail(format string, args ...any) {
	if w.broken == "" {
		w.broken = fmt.Sprintf(format, args...)
	}
}

// note adds to the trace, which is the same whenever the seed is.
func (w *world) note(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	w.hash([]byte(line))
	if w.tell {
		w.lines = append(w.lines, line)
	}
}

func (w *world) hash(line []byte) { _, _ = w.trace.Write(line) }

func (w *world) alive() (out []*phone) {
	for _, p := range w.phones {
		if !p.dead {
			out = append(out, p)
		}
	}
	return out
}

func (w *world) anyPhone() *phone {
	alive := w.alive()
	return alive[w.rnd.IntN(len(alive))]
}

func (w *world) personOn(p *phone) *account { return w.people.find(p.Person()) }

// view reads the engine, below everything that is tested.
func (w *world) view(fn func(store.Tx)) {
	err := w.engine.Engine.View(background, townID, func(tx store.Tx) error {
		fn(tx)
		return nil
	})
	if err != nil {
		w.fail("read the engine: %v", err)
	}
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// known lists the activities that a phone shows, in a fixed order.
func known(p *phone, typ string) (out []event.ID) {
	for e, s := range p.Cache().Ents {
		if s.Birth != nil && s.Birth.Type == typ {
			out = append(out, e)
		}
	}
	for _, o := range p.Own() {
		e := p.Event(o.ID)
		if e.New != nil && e.New.Type == typ && e.By == p.Person() && o.Refused == "" && !slices.Contains(out, e.Entity) {
			out = append(out, e.Entity)
		}
	}
	slices.SortFunc(out, event.ID.Compare)
	return out
}

func isActivity(s *event.State) bool {
	return s != nil && s.Birth != nil && s.Birth.Type == activity.TypeActivity
}
