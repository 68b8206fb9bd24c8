package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// apps are the phones that run the app itself, and the house of accounts that lets them in.
type apps struct {
	host   *host
	access *access.Store
	due    map[int]float64     // by phone, when its next timer rings, ms
	real   map[string]string   // codes by the name the phones know them by
	tokens map[event.ID]string // of testkit's phones, by person
	lets   int                 // how many tokens those were given
	saved  map[event.ID]*phone // what a person was told is saved
	blamed map[event.ID]bool   // events that something on the way said are too large
	ended  []ended
	died   bool
	look   *look
	found  []string
}

// app is a phone that runs the app itself.
type app struct {
	w      *world
	name   int
	tabs   [2]bool // open
	asleep [2]bool
	behind bool // a tab died before it could tell the other what it had written
	hurt   bool // its storage failed at some time, so what is shown may lag behind what is kept
	seen   *look
	events map[event.ID]*event.Event
	forms  []*form
}

// form is one that was left open.
type form struct {
	tab, life, number int
	entity            *event.ID
	drafted           event.ID
}

// bid has something happen to the phones and takes in what came of it.
func (w *world) bid(c command) {
	a := w.apps
	c.At, c.Mono = w.clock.At.UnixMilli(), w.mono.Milliseconds()
	line, err := json.Marshal(c)
	must(err)
	back, err := a.host.say(line)
	must(err)
	w.hash(line)
	w.hash(back)
	s := &said{}
	must(json.Unmarshal(back, s))
	for _, p := range w.phones {
		if p.app != nil && c.Do != "look" && c.Do != "search" {
			p.app.seen = nil
		}
	}
	a.due, a.ended, a.died, a.look, a.found = s.Due, s.Ended, s.Died, s.Look, s.Found
	w.net = slices.DeleteFunc(w.net, func(m *message) bool { return m.p.app != nil && slices.Contains(s.Gone, m.id) })
	for i := range s.Asked {
		w.leaves(&s.Asked[i])
	}
	for _, text := range s.Uncaught {
		w.note("uncaught: %s", text)
	}
	if s.Died {
		w.phones[c.Phone].closed(c.Tab)
		w.phones[c.Phone].app.behind = true
	}
}

// leaves puts what an app asks on its way.
func (w *world) leaves(a *asked) {
	p := w.phones[a.Phone]
	r := &testkit.Request{Method: a.Method, Path: a.Path, Body: []byte(a.Body)}
	if who, err := w.apps.access.Phone(a.Token); err == nil || fault.KindOf(err) == fault.Unsigned {
		r.Person = who.Person.ID
	}
	if pushes(r) {
		req := &wire.PushRequest{}
		if err := wire.Read(bytes.NewReader(r.Body), 64<<20, req); err != nil {
			w.fail("phone %d asks what the server refuses: %v", p.name, err)
			return
		}
		for _, item := range req.Events {
			r.Events = append(r.Events, event.MustID(item.ID))
		}
		w.checkAsked(p, req)
	}
	m := &message{p: p, tab: a.Tab, life: p.tabs[a.Tab], req: r, id: a.ID, token: a.Token}
	w.net = append(w.net, m)
	w.note("%v leaves", m)
}

// checkAsked: what is said to be unsent is (of what the phone itself knows).
func (w *world) checkAsked(p *phone, req *wire.PushRequest) {
	if int(req.Pending) < len(req.Events) {
		w.fail("pending: phone %d sends %d events and says that %d are unsent", p.name, len(req.Events), req.Pending)
	}
}

// ring lets the timers ring that are due.
func (w *world) ring() {
	if w.apps == nil {
		return
	}
	for _, due := range w.apps.due {
		if due <= float64(w.mono.Milliseconds()) {
			w.bid(command{Do: "pass"})
			return
		}
	}
}

// closed notes that a tab is gone.
func (p *phone) closed(tab int) {
	p.tabs[tab]++
	p.app.tabs[tab], p.app.asleep[tab] = false, false
	p.app.forms = slices.DeleteFunc(p.app.forms, func(f *form) bool { return f.tab == tab })
}

// newApp is a new phone with nobody on it.
func (w *world) newApp() *phone {
	p := &phone{name: len(w.phones), clock: &testkit.Skewed{Of: w.clock, By: w.skew()}}
	p.app = &app{w: w, name: p.name, events: map[event.ID]*event.Event{}}
	p.handset = p.app
	w.add(p)
	w.bid(command{Do: "phone", Phone: p.name, Skew: p.clock.By.Milliseconds()})
	w.openTab(p, 0)
	return p
}

// another is a new phone of the same make.
func (w *world) another(p *phone) *phone {
	if p.app != nil {
		return w.newApp()
	}
	return w.newPhone()
}

func (w *world) openTab(p *phone, tab int) {
	if !p.app.tabs[tab] {
		p.app.tabs[tab] = true
		w.bid(command{Do: "open", Phone: p.name, Tab: tab})
	}
}

// copyApp makes c of a backup of p.
func (w *world) copyApp(p, c *phone) {
	c.app = &app{w: w, name: c.name, events: map[event.ID]*event.Event{}, hurt: p.app.hurt}
	c.handset = c.app
	w.bid(command{Do: "copy", Phone: p.name, Into: c.name, Skew: c.clock.By.Milliseconds()})
	w.phones = append(w.phones, c)
	w.openTab(c, 0)
	w.phones = w.phones[:len(w.phones)-1]
}

// connect has a person come in on a phone with a code, on a good link.
func (w *world) connect(p *phone, person event.ID) {
	a := w.people.find(person)
	if a == nil || a.Revoked || a.Role == replica.Reader {
		return // who is let in by nobody
	}
	w.quietly(func() {
		codes, err := w.apps.access.Invite(access.Invitation{Town: townID, Role: access.Role(a.Role), Account: a.id, Name: "Kim"})
		must(err)
		name := fmt.Sprintf("code-%d", len(w.apps.real))
		w.apps.real[name] = codes.Link
		tab := w.awakeTab(p)
		if p.Person() != person {
			p.app.forms = nil
		}
		w.bid(command{Do: "enrol", Phone: p.name, Tab: tab, Code: name, Name: "Kim", Party: "police"})
		w.carry(p)
	})
	if p.Person() != person && !p.app.hurt {
		w.fail("enrol: phone %d did not let %s in", p.name, short(person))
	}
}

// signOut has the person on a phone leave it, whatever is unsent. They take their open forms with them.
func (w *world) signOut(p *phone) {
	tab := w.awakeTab(p)
	if w.personOn(p) == nil {
		return
	}
	w.note("phone %d: %s signs out", p.name, short(p.Person()))
	w.bid(command{Do: "signOut", Phone: p.name, Tab: tab})
	if p.app.forms = nil; !p.app.hurt && !p.Person().IsZero() {
		w.fail("signOut: phone %d keeps %s", p.name, short(p.Person()))
	}
}

// awakeTab is a tab that is open and runs.
func (w *world) awakeTab(p *phone) int {
	tab := 0
	if p.app.tabs[1] && !p.app.asleep[1] && (!p.app.tabs[0] || w.chance(3)) {
		tab = 1
	}
	w.openTab(p, tab)
	if p.app.asleep[tab] {
		p.app.asleep[tab] = false
		w.bid(command{Do: "thaw", Phone: p.name, Tab: tab})
	}
	return tab
}

// takeApp gives a reply to the app. One that is not to the latest request must change nothing.
func (w *world) takeApp(m *message) {
	before := m.p.app.look()
	held := len(m.p.Own())
	stale := m.turn() != 0 && m.turn() != before.Turn
	c := m.handedOver()
	w.mayDie(&c, 10, 60)
	w.bid(c)
	w.watch(m.p, m.tab)
	w.checkPurge(m.p, before)
	if w.learn(m.p, held); stale && !bytes.Equal(before.outcome(), m.p.app.look().outcome()) {
		w.fail("I10: a reply to an earlier request changed phone %d", m.p.name)
	}
	if pulls(m.req) && !m.p.cloned {
		w.checkOverlay(m.p)
	}
}

// mayDie has the tab die on the way, once in n times: between any two of the tasks, or right after something was written.
func (w *world) mayDie(c *command, n, tasks int) {
	switch {
	case w.calm || !w.chance(n):
	case w.chance(2):
		c.KillAfter = 1 + w.rnd.IntN(3)
	default:
		c.KillAt = 1 + w.rnd.IntN(tasks)
	}
}

// watch checks what a tab shows now, when it can know. Nothing else is to be read of the phone meanwhile.
func (w *world) watch(p *phone, tab int) {
	if w.personOn(p) == nil || p.app.hurt || p.app.behind || p.app.asleep[tab] || !p.app.tabs[tab] {
		return
	}
	p.app.seen = p.app.lookAt(tab)
	if s := p.app.seen.Shown; s != nil {
		w.checkShown(p, s)
	}
}

// checkPurge: what a phone throws away was answered sixty days ago.
func (w *world) checkPurge(p *phone, before *look) {
	kept := map[event.ID]bool{}
	for _, r := range p.app.look().Rows {
		kept[r.ID] = true
	}
	for _, r := range before.Rows {
		if !kept[r.ID] && (r.Answered == nil || w.clock.At.UnixMilli()-*r.Answered < keepFor) {
			w.fail("I8: phone %d threw %s away, which is %s", p.name, short(r.ID), r.State)
		}
	}
}

// keepFor is how long an answered event is kept at least, ms.
const keepFor = 60 * 24 * 3600 * 1000

// turn is that of a push; 0 for everything else, which carries none.
func (m *message) turn() int64 {
	if !pushes(m.req) {
		return 0
	}
	req := &wire.PushRequest{}
	must(wire.Read(bytes.NewReader(m.req.Body), 64<<20, req))
	return req.Turn
}

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// handedOver is the command that brings a reply.
func (m *message) handedOver() command {
	text := m.body
	if m.p.name%3 == 0 { // a phone whose app is older than the server
		text = fromTomorrow(text)
	}
	body, err := json.Marshal(string(text))
	must(err)
	if m.header == nil {
		m.header = http.Header{}
	}
	return command{Do: "reply", Phone: m.p.name, Tab: m.tab, ID: m.id, Status: m.status, Type: m.header.Get("Content-Type"), Retry: m.header.Get("Retry-After"), Body: body}
}

// outcome is all that a reply could change.
func (l *look) outcome() []byte {
	var out bytes.Buffer
	for _, r := range l.Rows {
		fmt.Fprintln(&out, r.ID, r.Seq != nil && *r.Seq > 0, r.Again, r.State == "refused")
	}
	fmt.Fprintln(&out, l.People, l.Head, l.Settled, l.Cache.Cursor, len(l.Cache.Entities))
	return out.Bytes()
}

// stranger is an answer by something that stands before the server.
func (w *world) stranger(m *message) *message {
	said := func(status int, kind, body string, header ...string) *message {
		h := http.Header{"Content-Type": {kind}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return m.answered(status, h, []byte(body))
	}
	problem := func(status int, header ...string) *message {
		body := fmt.Sprintf(`{"type":"/problems/weather","title":"t","status":%d,"sv":"s","en":"e","request_id":""}`, status)
		return said(status, "application/problem+json", body, header...)
	}
	switch w.rnd.IntN(9) {
	case 0:
		return said(200, "text/html", "<h1>Wi-Fi</h1>")
	case 1:
		return said(200, "application/json", `{"ok":true}`)
	case 2:
		return problem(401)
	case 3:
		if len(m.req.Events) == 1 {
			w.apps.blamed[m.req.Events[0]] = true
		}
		return said(413, "text/html", "<h1>413</h1>")
	case 4:
		return problem(429, "Retry-After", strconv.Itoa(w.rnd.IntN(90)))
	case 5:
		return problem(503, "Retry-After", "5")
	case 6:
		return problem(507)
	case 7:
		return said(403, "text/html", "<h1>403</h1>")
	}
	return said(502, "text/html", "<h1>502</h1>")
}

// carry brings everything that a phone asks, and all answers, until it asks no more.
func (w *world) carry(p *phone) {
	for range 400 {
		i := slices.IndexFunc(w.net, func(m *message) bool { return m.p == p })
		if i < 0 || w.broken != "" {
			return
		}
		m := w.net[i]
		w.net = append(w.net[:i:i], w.net[i+1:]...)
		if !m.reply {
			w.answer(m, nil)
			w.checkReply(m.req, m.status, m.body)
			m = m.answered(m.status, m.header, m.body)
		}
		w.arrive(m)
	}
	w.fail("I2: phone %d never stops asking", p.name)
}

// settleApp has a phone talk on a good link until it has nothing to say and nothing to hear.
func (w *world) settleApp(p *phone) {
	if w.personOn(p) == nil {
		if len(p.app.look().Rows) == 0 {
			return
		}
		w.comeIn(p) // and sends what whoever left had written
	}
	tab := w.awakeTab(p)
	p.app.behind = false
	for i, open := range p.app.tabs {
		if open {
			w.bid(command{Do: "mend", Phone: p.name, Tab: i})
		}
		if p.app.asleep[i] {
			p.app.asleep[i] = false
			w.bid(command{Do: "thaw", Phone: p.name, Tab: i})
		}
	}
	w.bid(command{Do: "wake", Phone: p.name, Tab: tab, By: "visible"})
	w.carry(p)
	w.bid(command{Do: "wake", Phone: p.name, Tab: tab, By: "user"})
	for range 60 {
		if w.carry(p); w.broken != "" || w.atRest(p) {
			return
		}
		w.patience(p)
	}
	w.fail("I2: phone %d was never done on a good link: %d unsent, cursor %q, %+v, %+v, now %v",
		p.name, p.Unsent(), p.Cache().Cursor, p.app.lookAt(0).Shown.sync(), p.app.lookAt(1).Shown.sync(), p.clock.Now().UTC())
}

// patience waits for the phone's next timer.
func (w *world) patience(p *phone) {
	wait := time.Second
	if due, ok := w.apps.due[p.name]; ok {
		wait = max(wait, time.Duration(due*float64(time.Millisecond))-w.mono+time.Millisecond)
	}
	w.note("phone %d waits %v", p.name, wait)
	w.clock.Turn(wait)
	w.mono += wait
	w.bid(command{Do: "pass"})
}

func (s *shownState) sync() any {
	if s == nil {
		return "shut"
	}
	if s.Sync.Waiting != nil {
		return fmt.Sprintf("%+v because %s until %s", s.Sync, s.Sync.Waiting.Why, time.UnixMilli(int64(s.Sync.Waiting.Until)).UTC())
	}
	return s.Sync
}

// atRest tells whether a phone has nothing to say and nothing to hear, in any of its tabs. Whoever must sign in does.
func (w *world) atRest(p *phone) bool {
	var phases []string
	for tab, open := range p.app.tabs {
		if !open {
			continue
		}
		shown := p.app.lookAt(tab).Shown
		if shown == nil {
			w.fail("shown: tab %d of phone %d shows nothing", tab, p.name)
			return false
		}
		phases = append(phases, shown.Sync.Phase)
	}
	a := w.personOn(p)
	if slices.Contains(phases, "signin") && !a.Revoked && a.Role != replica.Reader {
		w.connect(p, a.id)
		return false
	}
	fetched := p.Cache().Cursor != "" || a.Revoked
	busy := func(phase string) bool { return phase != "signin" && (phase != "idle" || !fetched) }
	return !slices.ContainsFunc(phases, busy) && p.Unsent() == 0
}
