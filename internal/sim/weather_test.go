package sim

import (
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/testkit"
)

// turn is one step of the world.
func (w *world) turn(i int) {
	w.step(i)
	w.pass(time.Duration(w.rnd.IntN(60)) * time.Second)
	p := w.anyPhone()
	switch n := w.rnd.IntN(1000); {
	case n < 250:
		w.act(p)
	case n < 480:
		w.send(p)
	case n < 860:
		w.deliver()
	case n < 890:
		w.note("phone %d has a good link", p.name)
		w.settle(p)
	case w.apps != nil:
		w.misfortune(p, w.harder(n-890))
	default:
		w.misfortune(p, n-890)
	}
}

// harder is the misfortune of a world with the app in it: of such there are few, so what is rare elsewhere is not here.
func (w *world) harder(n int) int {
	kind := []int{0, 0, 0, 0, 0, 0, 20, 35, 35, 35, 55, 55, 55, 70, 73, 73, 73, 75, 78, 84, 84, 92, 92, 100, 100, 100}
	return kind[n*len(kind)/110]
}

// pass has time go by. A phone in a pocket sleeps through most of a long time; clocks alone go back.
func (w *world) pass(by time.Duration) {
	w.clock.Turn(by)
	w.mono += min(max(by, 0), 5*time.Minute)
	w.ring()
}

// misfortune is what happens to phones, people and servers; n is below 110.
func (w *world) misfortune(p *phone, n int) {
	switch {
	case n < 20:
		w.killTab(p)
	case n < 35:
		w.note("the server is started anew")
		w.open()
	case n < 55:
		w.backup()
	case n < 70:
		w.restore()
	case n < 73:
		w.restoreToNothing()
	case n < 75:
		w.erase()
	case n < 78:
		w.loseStorage(p)
	case n < 84:
		w.clonePhone(p)
	case n < 92:
		w.turnClock(p)
	case n < 100:
		w.changeRights()
	case p.app != nil && w.chance(4):
		w.signOut(p)
	default:
		a := w.people[w.rnd.IntN(len(w.people))]
		w.signIn(p, a.id)
		w.note("phone %d is now %s's", p.name, short(a.id))
	}
}

func (w *world) killTab(p *phone) {
	tab := w.rnd.IntN(2)
	if p.app != nil {
		w.hurt(p, tab)
		return
	}
	p.tabs[tab]++
	p.dev.Restart()
	w.note("phone %d: tab %d is killed", p.name, tab)
}

func (w *world) backup() {
	b := &backup{snapshot: w.depot.snapshot(), rights: w.rights}
	reply, err := w.rep.Digest(background, replica.Caller{Town: townID, Role: replica.Coordinator})
	if err != nil {
		w.fail("head: %v", err)
		return
	}
	b.head = reply.Head
	if w.backups = append(w.backups, b); len(w.backups) > 2+int(w.seed%2) {
		w.backups = w.backups[1:]
	}
	w.note("backup at %d", b.head.Seq)
}

// restore puts the server back to a backup. The operator may forget to say so.
func (w *world) restore() {
	if len(w.backups) == 0 {
		return
	}
	b := w.backups[w.rnd.IntN(len(w.backups))]
	w.engine.Engine, w.restored = w.depot.restore(b.snapshot), true
	w.note("the server is put back to %d", b.head.Seq)
	w.open()
	w.replayLedger()
	w.quietly(func() {
		if w.chance(2) {
			must(w.rep.Restored(background, townID))
		}
	})
	if b.rights == w.rights {
		return
	}
	// People are not restored, so what is parked for their sake is judged again.
	for _, reason := range []string{"inc", "revoked", "right"} {
		w.judgeAgain(reason)
	}
}

// restoreToNothing loses the server and every backup of it.
func (w *world) restoreToNothing() {
	w.engine.Engine = w.depot.restore(nil)
	w.backups, w.emptied = nil, true
	w.note("the server is lost")
	w.open()
	w.quietly(func() { must(w.rep.Create(background, townID)) })
	w.replayLedger()
}

// judgeAgain asks until it is done, as the one who changed the rights does.
func (w *world) judgeAgain(reason string) {
	w.quietly(func() { must(w.rep.JudgeAgain(background, townID, reason)) })
}

// quietly does what is done until it succeeds, whatever the weather.
func (w *world) quietly(do func()) {
	calm := w.calm
	w.calm = true
	do()
	w.calm = calm
}

func (w *world) loseStorage(p *phone) {
	if len(w.alive()) < 2 {
		return
	}
	person := p.Person()
	p.dead = true
	n := w.another(p)
	w.signIn(n, person)
	w.note("phone %d has lost everything and is now phone %d", p.name, n.name)
}

func (w *world) clonePhone(p *phone) {
	if len(w.alive()) >= 8 {
		return
	}
	c := &phone{name: len(w.phones), clock: &testkit.Skewed{Of: w.clock, By: w.skew()}}
	if p.app != nil {
		w.copyApp(p, c)
	} else {
		c.has(p.dev.Clone(c.clock, func() event.ID { return w.newID(c.clock) }))
	}
	w.add(c)
	p.cloned, c.cloned = true, true
	w.note("phone %d is a copy of phone %d", c.name, p.name)
}

func (w *world) turnClock(p *phone) {
	switch w.rnd.IntN(4) {
	case 0: // the server's own
		by := pick(w.rnd, -10*time.Minute, 45*24*time.Hour, 61*24*time.Hour, 61*24*time.Hour)
		w.pass(by)
		w.note("%v pass", by)
	default:
		p.clock.By = w.skew()
		if p.app != nil {
			w.bid(command{Do: "clock", Phone: p.name, Skew: p.clock.By.Milliseconds()})
		}
		w.note("the clock of phone %d is wrong by %v", p.name, p.clock.By)
	}
}

func (w *world) changeRights() {
	if w.apps != nil && w.chance(3) {
		if p := w.anyPhone(); p.app != nil {
			w.shutPhone(p)
		}
		return
	}
	a := w.people[1+w.rnd.IntN(len(w.people)-1)]
	switch {
	case a.Revoked:
		a.Revoked = false
	case w.chance(3):
		a.Revoked = true
	case a.Role == replica.Field:
		a.Role, w.coordinated[a.id] = replica.Coordinator, true
	case w.apps != nil && w.chance(3):
		a.Role = replica.Reader
	default:
		a.Role = replica.Field
	}
	w.apps.rights(a)
	w.rights++
	w.note("%s is now %s, revoked %v", short(a.id), a.Role, a.Revoked)
	w.judgeAgain("right")
	w.judgeAgain("revoked")
}
