package sim

import (
	"bytes"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// erase takes away an event or an entity, as an operator does: the ledger first, and the server may stop between the two.
func (w *world) erase() {
	var ids []event.ID
	w.view(func(tx store.Tx) {
		must(tx.Scan(store.IDs, nil, nil, func(k, v []byte) bool {
			p, err := store.ReadPlace(v)
			must(err)
			if id := event.ID(k); w.isActivity(tx, p.Entity) && !p.Erased {
				ids = append(ids, id)
			}
			return true
		}))
	})
	if len(ids) == 0 {
		return
	}
	events, entities := []event.ID{pick(w.rnd, ids...)}, []event.ID(nil)
	if w.chance(3) {
		events, entities = entities, []event.ID{w.entityOf(events[0])}
	}
	gone, err := w.rep.Erasable(background, townID, events, entities)
	must(err)
	w.gone = append(w.gone, gone...)
	w.note("erased: %v %v", events, entities)
	if w.chance(4) {
		w.note("the server stops before it did")
		w.open()
	}
	w.replayLedger()
}

// replayLedger does what a server does when it starts with a ledger.
func (w *world) replayLedger() {
	if len(w.gone) > 0 {
		w.quietly(func() { must(w.rep.Erase(background, townID, w.gone)) })
	}
}

func (w *world) isActivity(tx store.Tx, e event.ID) bool {
	raw, err := tx.Get(store.Entities, store.IDKey(e))
	must(err)
	s, err := store.ReadState(raw)
	must(err)
	return isActivity(s)
}

func (w *world) entityOf(id event.ID) (e event.ID) {
	w.view(func(tx store.Tx) {
		raw, err := tx.Get(store.IDs, store.IDKey(id))
		must(err)
		p, err := store.ReadPlace(raw)
		must(err)
		e = p.Entity
	})
	return e
}

// wasErased tells whether the ledger has the entity as a whole.
func (w *world) wasErased(e event.ID) bool {
	for i := range w.gone {
		if w.gone[i].Event.IsZero() && w.gone[i].Entity == e {
			return true
		}
	}
	return false
}

// checkGone: of what was erased nothing is left, on the server or on any phone that is alive (I13).
func (l *ledger) checkGone() {
	var secrets []string
	for i := range l.w.gone {
		id := l.w.gone[i].Event
		if s, ok := l.w.secrets[id]; ok {
			secrets = append(secrets, s)
		}
		x := l.log[id]
		if !id.IsZero() && (x == nil || !x.place.Erased || !x.rec.Bare) {
			l.w.fail("I13: event %s was erased and stands as %+v", short(id), x)
		}
	}
	for e, s := range l.states {
		if s.Erased != l.w.wasErased(e) {
			l.w.fail("I13: entity %s is erased: %v, in the ledger: %v", short(e), s.Erased, l.w.wasErased(e))
		}
	}
	for id, secret := range l.w.secrets { // what came for an erased entity later
		if x := l.log[id]; x != nil && x.place.Erased {
			secrets = append(secrets, secret)
		}
	}
	l.w.view(func(tx store.Tx) {
		for _, b := range store.Buckets() {
			must(tx.Scan(b, nil, nil, func(k, v []byte) bool {
				l.findNone(secrets, v, "bucket "+string(b))
				return true
			}))
		}
	})
	for _, p := range l.w.alive() {
		l.checkGoneFrom(p, secrets)
	}
}

func (l *ledger) findNone(secrets []string, in []byte, where string) {
	for _, s := range secrets {
		if bytes.Contains(in, []byte(s)) {
			l.w.fail("I13: %q was erased and is in %s", s, where)
		}
	}
}

// checkGoneFrom: a phone that was shut out before it heard of the erasing is told nothing more, and keeps what its person wrote.
func (l *ledger) checkGoneFrom(p *phone, secrets []string) {
	if p.app != nil {
		l.checkGoneFromApp(p, secrets)
		return
	}
	if l.w.personOn(p).Revoked {
		return
	}
	for _, o := range p.Own() {
		if o.Refused == "" {
			l.findNone(secrets, p.Event(o.ID).Append(nil), "the outbox of phone "+short(p.Person()))
		}
	}
	for _, s := range p.Cache().Ents {
		l.findNone(secrets, store.AppendState(nil, s), "the cache of phone "+short(p.Person()))
	}
}

// checkGoneFromApp searches everything that the phone has stored, and what its tabs show.
func (l *ledger) checkGoneFromApp(p *phone, secrets []string) {
	if a := l.w.personOn(p); a == nil || a.Revoked || len(secrets) == 0 {
		return // nobody is in, or is told nothing
	}
	l.w.bid(command{Do: "search", Phone: p.name, Texts: secrets})
	for _, where := range l.w.apps.found {
		l.w.fail("I13: what was erased is on phone %d, in %s", p.name, where)
	}
}
