package sim

import (
	"encoding/json"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
)

// tap has somebody use the app.
func (w *world) tap(p *phone) {
	tab := w.awakeTab(p)
	if w.people.find(p.Person()) == nil {
		w.comeIn(p)
		return
	}
	all := w.shownOn(p, tab)
	n := w.rnd.IntN(100)
	switch {
	case n < 38 || len(all) == 0:
		w.fill(p, w.openForm(p, tab, nil))
	case n < 62:
		w.fill(p, w.openForm(p, tab, new(pick(w.rnd, all...))))
	case n < 72:
		e := pick(w.rnd, all...)
		w.asks(p, nil, command{Do: "retract", Phone: p.name, Tab: tab, Entity: &e, Reason: pick(w.rnd, "undo", "Fel dag.")})
	case n < 78:
		w.linkApp(p, tab, all)
	case n < 86:
		w.leaveOpen(p, w.openForm(p, tab, w.maybe(all)))
	case n < 94:
		w.finishApp(p)
	case n < 97:
		w.hostileApp(p, tab, all)
	default:
		raw := pick(w.rnd, "{}", `{"v":1}`, "", `{"by":"","v":1}`)
		w.asks(p, nil, command{Do: "raw", Phone: p.name, Tab: tab, Bytes: raw})
	}
}

// comeIn has somebody come in on a phone with nobody on it.
func (w *world) comeIn(p *phone) {
	may := slices.DeleteFunc(slices.Clone(w.people), func(a *account) bool { return a.Revoked || a.Role == replica.Reader })
	w.connect(p, pick(w.rnd, may...).id)
}

func (w *world) maybe(all []event.ID) *event.ID {
	if w.chance(2) {
		return nil
	}
	return new(pick(w.rnd, all...))
}

// shownOn lists the entries that a tab shows, in a fixed order.
func (w *world) shownOn(p *phone, tab int) (out []event.ID) {
	w.watch(p, tab)
	if s := p.app.lookAt(tab).Shown; s != nil {
		for _, e := range s.Entries {
			out = append(out, e.E)
		}
	}
	slices.SortFunc(out, event.ID.Compare)
	return out
}

// openForm opens a form on an entry, or on a new one; nil when the tab died of it.
func (w *world) openForm(p *phone, tab int, e *event.ID) *form {
	c := command{Do: "form", Phone: p.name, Tab: tab, Entity: e}
	if e == nil {
		c.Kind = pick(w.rnd, kinds...)
	}
	w.bid(c)
	for _, x := range w.apps.ended {
		draft := struct {
			ID event.ID `json:"id"`
		}{}
		if x.OK && json.Unmarshal(x.Value, &draft) == nil {
			return &form{tab: tab, life: p.tabs[tab], number: x.Form, entity: e, drafted: draft.ID}
		}
	}
	if p.app.hurt {
		return nil
	}
	w.fail("form: phone %d cannot open a form: %+v", p.name, w.apps.ended)
	return nil
}

// fill answers a form and saves it; at times twice, as with a nervous thumb.
func (w *world) fill(p *phone, f *form) {
	if f == nil {
		return
	}
	c := w.answers(p, f)
	w.saveApp(p, f, c)
	if w.chance(10) && p.tabs[f.tab] == f.life {
		w.saveApp(p, f, c)
	}
	if w.chance(10) && p.tabs[f.tab] == f.life { // what the form wanted to keep comes late
		c.Do = "keep"
		w.bid(c)
	}
}

func (w *world) answers(p *phone, f *form) command {
	c := command{Phone: p.name, Tab: f.tab, Form: f.number, Values: map[string]any{}}
	set := func(f event.Field) { c.Values[f.Name] = f.Value }
	whisper := func() {
		w.secrets[f.drafted] = w.whisper()
		set(field("note", event.Text(w.secrets[f.drafted])))
	}
	switch w.rnd.IntN(6) {
	case 0:
		set(w.started())
	case 1:
		set(w.started())
		set(w.parties())
	case 2:
		whisper()
	case 3:
		set(field("meetings", event.Int(int64(w.rnd.IntN(4)))))
	default:
		set(w.minutes())
	}
	if f.entity == nil {
		set(w.started())
		set(w.minutes())
		if w.chance(2) {
			whisper()
		}
	}
	return c
}

// saveApp saves a form and remembers what the person was told. One that is not told keeps the form.
func (w *world) saveApp(p *phone, f *form, c command) {
	c.Do = "save"
	if w.asks(p, f, c) {
		p.app.forms = slices.DeleteFunc(p.app.forms, func(o *form) bool { return o == f })
	}
}

// asks carries out what a person asked for, and tells whether they were told that it is saved. The tab may die on the way.
func (w *world) asks(p *phone, f *form, c command) bool {
	w.mayDie(&c, 10, 40)
	w.bid(c)
	if len(w.apps.ended) > 0 {
		return w.told(p, f, c.Do, &w.apps.ended[0])
	}
	if !w.apps.died {
		w.fail("save: phone %d never said whether it is saved", p.name)
	}
	return false
}

// told checks what a person was told against what is there.
func (w *world) told(p *phone, f *form, what string, x *ended) bool {
	result := struct {
		OK     bool     `json:"ok"`
		ID     event.ID `json:"id"`
		Reason string   `json:"reason"`
	}{}
	w.note("phone %d %s: %s%s", p.name, what, x.Value, x.Error)
	if !x.OK || json.Unmarshal(x.Value, &result) != nil {
		if !p.app.hurt {
			w.fail("save: phone %d: %+v", p.name, x)
		}
		return false
	}
	switch {
	case !result.OK && !p.app.hurt:
		w.fail("save: phone %d could not save: %s", p.name, result.Reason)
	case !result.OK:
	case slices.ContainsFunc(p.app.look().Rows, func(r row) bool { return r.ID == result.ID }):
		w.apps.saved[result.ID] = p
	case what == "raw" || f != nil && f.entity == nil: // a correction may have changed nothing
		w.fail("I11: phone %d said that %s is saved, and it is not there", p.name, short(result.ID))
	}
	return result.OK
}

// linkApp says that one patrol was logged twice, at times the wrong way round.
func (w *world) linkApp(p *phone, tab int, all []event.ID) {
	a, b := pick(w.rnd, all...), pick(w.rnd, all...)
	if a.Compare(b) < 0 && !w.chance(8) {
		a, b = b, a
	}
	if f := w.openForm(p, tab, &a); f != nil {
		c := command{Phone: p.name, Tab: tab, Form: f.number, Values: map[string]any{"dup_of": b.String()}}
		if w.chance(5) {
			c.Values = map[string]any{"retracted": nil, "dup_of": nil}
		}
		w.saveApp(p, f, c)
	}
}

// leaveOpen keeps a form half filled in.
func (w *world) leaveOpen(p *phone, f *form) {
	if f == nil {
		return
	}
	c := w.answers(p, f)
	c.Do = "keep"
	w.bid(c)
	p.app.forms = append(p.app.forms, f)
}

// finishApp saves a form that was opened long ago.
func (w *world) finishApp(p *phone) {
	forms := slices.DeleteFunc(slices.Clone(p.app.forms), func(f *form) bool { return p.tabs[f.tab] != f.life || p.app.asleep[f.tab] })
	if len(forms) > 0 {
		w.fill(p, pick(w.rnd, forms...))
	}
}

// hostileApp names writes that its writer was never shown.
func (w *world) hostileApp(p *phone, tab int, all []event.ID) {
	f := w.openForm(p, tab, new(pick(w.rnd, all...)))
	if f == nil {
		return
	}
	minutes := w.minutes()
	base := []string{w.newID(p.clock).String()}
	for _, o := range p.Own() {
		if w.chance(3) && len(base) < event.MaxBase {
			base = append(base, o.ID.String())
		}
	}
	w.saveApp(p, f, command{
		Phone: p.name, Tab: tab, Form: f.number,
		Values: map[string]any{"minutes": minutes.Value}, Base: map[string]any{"minutes": base},
	})
}

// stir gives a tab a reason to send.
func (w *world) stir(p *phone, tab int) {
	w.openTab(p, tab)
	if p.app.asleep[tab] {
		return
	}
	c := command{Do: "wake", Phone: p.name, Tab: tab, By: pick(w.rnd, "user", "user", "online", "worker", "visible", "visible", "hidden")}
	w.mayDie(&c, 12, 30)
	w.bid(c)
}

// hurt does to a phone what phones and people do.
func (w *world) hurt(p *phone, tab int) {
	if !p.app.tabs[tab] {
		w.openTab(p, tab)
		return
	}
	switch c := (command{Phone: p.name, Tab: tab}); w.rnd.IntN(8) {
	case 0, 1:
		c.Do = "freeze"
		if p.app.asleep[tab] {
			c.Do = "thaw"
		}
		p.app.asleep[tab] = !p.app.asleep[tab]
		w.note("phone %d: tab %d: %s", p.name, tab, c.Do)
		w.bid(c)
	case 2:
		c.Do = "cut"
		w.note("phone %d: tab %d loses its connections", p.name, tab)
		w.bid(c)
	case 3, 4:
		c.Do, c.Name = "trouble", pick(w.rnd, "QuotaExceededError", "UnknownError")
		c.After, c.Times = w.rnd.IntN(12), 1+w.rnd.IntN(6)
		p.app.hurt = true
		w.note("phone %d: tab %d: %s after %d, %d times", p.name, tab, c.Name, c.After, c.Times)
		w.bid(c)
	default:
		c.Do = "kill"
		w.note("phone %d: tab %d is killed", p.name, tab)
		w.bid(c)
	}
}

// checkSaved: what a person was told is saved has reached the server (I11), unless the phone threw it away and the
// server was lost with every backup.
func (l *ledger) checkSaved() {
	for id, p := range l.w.apps.saved {
		if p.dead || l.log[id] != nil {
			continue
		}
		i := slices.IndexFunc(p.app.look().Rows, func(r row) bool { return r.ID == id })
		if a := l.w.acked[id]; i < 0 && (a == nil || !a.purged || !l.w.emptied) {
			l.w.fail("I11: event %s was saved on phone %d and is gone", short(id), p.name)
		}
		if i >= 0 {
			l.checkRefused(p, &p.app.look().Rows[i])
		}
	}
}

// checkRefused: what is refused is not an event, or something on the way said that it is too large.
func (l *ledger) checkRefused(p *phone, r *row) {
	if _, err := event.Decode([]byte(r.Bytes)); r.State == "refused" && err == nil && !l.w.apps.blamed[r.ID] {
		l.w.fail("refused: event %s on phone %d is refused as %s", short(r.ID), p.name, *r.Why)
	}
}
