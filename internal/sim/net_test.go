package sim

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// message is a request or its reply on the way.
type message struct {
	p      *phone
	tab    int
	life   int // of the tab that sent it
	req    *testkit.Request
	reply  bool
	status int
	body   []byte
}

func (m *message) String() string {
	what := "push"
	if m.req.Pull() {
		what = "pull"
	}
	if m.reply {
		return fmt.Sprintf("phone %d: reply to %s: %d, %d bytes", m.p.name, what, m.status, len(m.body))
	}
	return fmt.Sprintf("phone %d: %s of %d", m.p.name, what, len(m.req.Events))
}

// send has a tab of the phone ask what the protocol calls for, whatever the other tab waits for.
func (w *world) send(p *phone) {
	tab := 0
	if w.chance(4) {
		tab = 1
	}
	var r *testkit.Request
	switch w.rnd.IntN(8) {
	case 0:
		r = p.Push()
	case 1:
		r = p.Pull(1 + w.rnd.IntN(4))
	default:
		r = p.Next()
	}
	if r == nil {
		p.Restart()
		p.tabs[tab]++
		return
	}
	w.net = append(w.net, &message{p: p, tab: tab, life: p.tabs[tab], req: r})
	w.note("%v leaves", w.net[len(w.net)-1])
}

// deliver brings one message to where it was going, in some order and in some condition.
func (w *world) deliver() {
	if len(w.net) == 0 {
		return
	}
	i := 0
	if w.chance(3) {
		i = w.rnd.IntN(len(w.net))
	}
	m := w.net[i]
	switch {
	case w.chance(14):
		w.note("%v is delayed", m)
		return
	case w.chance(30):
		w.note("%v comes twice", m)
	default:
		w.net = append(w.net[:i:i], w.net[i+1:]...)
	}
	switch {
	case w.chance(12):
		w.note("%v is lost", m)
		m.p.lost(m)
	case m.reply:
		w.arrive(m)
	default:
		w.reach(m)
	}
}

func (p *phone) lost(m *message) {
	if !p.dead && p.tabs[m.tab] == m.life {
		p.Lost(m.req)
	}
}

// reach has the server take a request and sends its answer on the way back.
func (w *world) reach(m *message) {
	if w.chance(40) {
		w.net = append(w.net, &message{p: m.p, tab: m.tab, life: m.life, req: m.req, reply: true, status: 503})
		return
	}
	if len(m.req.Body) > 0 && w.chance(25) {
		cut := w.rnd.IntN(len(m.req.Body))
		w.serve(m.req, &cut)
		w.note("%v breaks off", m)
		m.p.lost(m)
		return
	}
	role := w.people.find(m.req.Person).Role
	status, body := w.serve(m.req, nil)
	w.checkReply(m.req, role, status, body)
	back := &message{p: m.p, tab: m.tab, life: m.life, req: m.req, reply: true, status: status, body: body}
	switch {
	case w.chance(40):
		back.status = 500 // after the commit
	case w.chance(30) && len(body) > 0:
		back.body = body[:w.rnd.IntN(len(body))]
	}
	w.net = append(w.net, back)
	w.note("%v", back)
}

// arrive gives a reply to the phone, when the tab that asked is still there.
func (w *world) arrive(m *message) {
	p := m.p
	if p.dead || p.tabs[m.tab] != m.life {
		return
	}
	w.note("%v arrives", m)
	w.take(p, m.req, m.status, m.body)
}

// take has the phone take in a reply and checks what that did to it.
func (w *world) take(p *phone, r *testkit.Request, status int, body []byte) {
	current := p.Current(r)
	before := picture(p)
	p.Answer(r, status, body)
	after := picture(p)
	if !current && !bytes.Equal(before, after) {
		w.fail("I10: a reply to an earlier request changed phone %d", p.name)
	}
	w.learn(p)
}

// learn notes what the phone was told is stored, and what it threw away.
func (w *world) learn(p *phone) {
	kept := map[[16]byte]bool{}
	for _, o := range p.Own() {
		kept[o.ID] = true
		if o.Seq > 0 {
			w.acked[o.ID] = &ack{phone: p}
		}
	}
	for id, a := range w.acked {
		if a.phone == p && !kept[id] {
			a.purged = true
		}
	}
}

// picture is all that a reply could change on a phone.
func picture(p *phone) []byte {
	c := p.Cache()
	return fmt.Append(nil, p.Own(), p.Installations(), p.Head(), c.Cursor, len(c.Ents))
}

// ask sends a request on a good link.
func (w *world) ask(p *phone, r *testkit.Request) int {
	role := w.people.find(r.Person).Role
	status, body := w.serve(r, nil)
	w.checkReply(r, role, status, body)
	w.take(p, r, status, body)
	return status
}

// settle has a phone talk on a good link until it has nothing to say and nothing to hear.
func (w *world) settle(p *phone) {
	calm := w.calm
	w.calm = true
	defer func() { w.calm = calm }()
	for range 60 {
		r := p.Next()
		status := w.ask(p, r)
		if status == 403 {
			w.ask(p, p.Next()) // which asks by a push, for nothing else is allowed
		}
		if w.broken != "" || (status == 403 || r.Pull() && !p.Cache().More && p.Cache().Cursor != "") && p.Unsent() == 0 {
			return
		}
	}
	w.fail("I2: phone %d was never done on a good link: %d unsent, cursor %q", p.name, p.Unsent(), p.Cache().Cursor)
}

// readable tells whether every event of the request is text.
func readable(r *testkit.Request) bool { return utf8.Valid(r.Body) }

var limits = wire.Limits{Events: wire.MaxEvents, Bytes: wire.MaxBytes}
