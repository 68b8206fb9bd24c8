package sim

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"lofteslogg/internal/event"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// message is a request or its reply on the way.
type message struct {
	p      *phone
	tab    int
	life   int // of the tab that sent it
	req    *testkit.Request
	id     int    // by which the app knows it
	token  string // that the app shows
	reply  bool
	status int
	header http.Header
	body   []byte
}

func (m *message) String() string {
	what := "push"
	if !pushes(m.req) {
		what = path.Base(m.req.Path[:cmp.Or(strings.IndexByte(m.req.Path, '?')+1, len(m.req.Path)+1)-1])
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
	if p.app != nil {
		w.stir(p, tab)
		return
	}
	var r *testkit.Request
	switch w.rnd.IntN(8) {
	case 0:
		r = p.dev.Push()
	case 1:
		r = p.dev.Pull(1 + w.rnd.IntN(4))
	default:
		r = p.dev.Next()
	}
	if r == nil {
		p.dev.Restart()
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
		w.lose(m)
	case m.reply:
		w.arrive(m)
	default:
		w.reach(m)
	}
}

// lose has nothing come back of a message. The app hears of it when it was the link that broke; otherwise it waits until
// its patience ends.
func (w *world) lose(m *message) {
	p := m.p
	if p.dead || p.tabs[m.tab] != m.life {
		return
	}
	if p.app == nil {
		p.dev.Lost(m.req)
	} else if w.chance(2) {
		w.bid(command{Do: "lost", ID: m.id})
	}
}

// reach has the server take a request and sends its answer on the way back.
func (w *world) reach(m *message) {
	if w.chance(40) {
		w.net = append(w.net, m.answered(503, nil, nil))
		return
	}
	if m.p.app != nil && w.chance(16) {
		w.net = append(w.net, w.stranger(m))
		return
	}
	if len(m.req.Body) > 0 && w.chance(25) {
		cut := w.rnd.IntN(len(m.req.Body))
		w.answer(m, &cut)
		w.note("%v breaks off", m)
		w.lose(m)
		return
	}
	list := w.together(m)
	w.shared = len(list) > 1
	for _, answered := range list {
		w.reply(answered)
	}
	w.shared = false
}

// together has the server take a request, and at times another with it in one commit, as engines may.
func (w *world) together(m *message) []*message {
	if len(m.req.Events) == 0 || !w.chance(2) {
		w.answer(m, nil)
		return []*message{m}
	}
	for i, o := range w.net {
		if o.reply || o == m || len(o.req.Events) == 0 {
			continue
		}
		w.net = append(w.net[:i:i], w.net[i+1:]...)
		w.note("%v shares a commit with %v", o, m)
		joined := false
		w.engine.join = func() {
			w.answer(o, nil)
			joined = true
		}
		w.answer(m, nil)
		w.engine.join = nil
		if joined && m.status == http.StatusOK {
			return []*message{m, o}
		}
		return []*message{m} // nothing of either was written, or the other was never taken
	}
	w.answer(m, nil)
	return []*message{m}
}

// reply sends the answer on its way, not always whole.
func (w *world) reply(m *message) {
	w.checkReply(m.req, m.status, m.body)
	back := m.answered(m.status, m.header, m.body)
	switch {
	case w.chance(40):
		back.status = 500 // after the commit
	case w.chance(30) && len(m.body) > 0:
		back.body = m.body[:w.rnd.IntN(len(m.body))]
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
	if p.app != nil {
		w.takeApp(m)
		return
	}
	w.take(p, m.req, m.status, m.body)
}

// answered is the reply to a request.
func (m *message) answered(status int, header http.Header, body []byte) *message {
	return &message{p: m.p, tab: m.tab, life: m.life, req: m.req, id: m.id, reply: true, status: status, header: header, body: body}
}

func pushes(r *testkit.Request) bool { return r.Path == pushPath }
func pulls(r *testkit.Request) bool  { return strings.HasPrefix(r.Path, pullPath) }

const pushPath, pullPath = "/api/v1/sync/push", "/api/v1/sync/changes"

// take has the phone take in a reply and checks what that did to it.
func (w *world) take(p *phone, r *testkit.Request, status int, body []byte) {
	if !p.dev.Current(r) {
		before := picture(p)
		p.dev.Answer(r, status, body)
		if !bytes.Equal(before, picture(p)) {
			w.fail("I10: a reply to an earlier request changed phone %d", p.name)
		}
		return
	}
	held := len(p.Own())
	p.dev.Answer(r, status, body)
	w.learn(p, held)
	if pulls(r) && !p.cloned {
		w.checkOverlay(p)
	}
}

// learn notes what the phone was told is stored, and what it threw away.
func (w *world) learn(p *phone, held int) {
	own := p.Own()
	for _, o := range own {
		if o.Seq > 0 && (w.acked[o.ID] == nil || w.acked[o.ID].phone != p) {
			w.acked[o.ID] = &ack{phone: p, entity: p.Event(o.ID).Entity}
		}
	}
	if len(own) < held { // it threw something away
		for id, a := range w.acked {
			if a.phone == p && !slices.ContainsFunc(own, func(o testkit.Own) bool { return o.ID == id }) {
				a.purged = true
			}
		}
	}
}

// checkOverlay: what is laid over a state is not in it already, or the person is shown a conflict with themselves. (A copy
// of the phone may send what this one has just saved; that the protocol cannot know.)
func (w *world) checkOverlay(p *phone) {
	for _, o := range p.Own() {
		if !o.Unsent() || o.Again {
			continue
		}
		e := p.Event(o.ID)
		s := p.Cache().Ents[e.Entity]
		if s == nil {
			continue
		}
		for _, f := range e.Set {
			if r := s.Register(f.Name); r != nil && slices.ContainsFunc(r.Heads, func(h event.Head) bool { return h.ID == o.ID }) {
				w.fail("overlay: phone %d lays %s over a state that has it", p.name, short(o.ID))
			}
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
	status, body := w.serve(r, nil)
	w.checkReply(r, status, body)
	w.take(p, r, status, body)
	return status
}

// settle has a phone talk on a good link until it has nothing to say and nothing to hear.
func (w *world) settle(p *phone) {
	calm := w.calm
	w.calm = true
	defer func() { w.calm = calm }()
	if p.app != nil {
		w.settleApp(p)
		return
	}
	for range 60 {
		r := p.dev.Next()
		status := w.ask(p, r)
		if status == 403 {
			w.ask(p, p.dev.Next()) // which asks by a push, for nothing else is allowed
		}
		if w.broken != "" || (status == 403 || pulls(r) && !p.Cache().More && p.Cache().Cursor != "") && p.Unsent() == 0 {
			return
		}
	}
	w.fail("I2: phone %d was never done on a good link: %d unsent, cursor %q", p.name, p.Unsent(), p.Cache().Cursor)
}

// readable tells whether every event of the request is text.
func readable(r *testkit.Request) bool { return utf8.Valid(r.Body) }

var limits = wire.Limits{Events: wire.MaxEvents, Bytes: wire.MaxBytes}
