package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/merge"
)

// checkApps: what the phones that run the app keep and show.
func (l *ledger) checkApps() {
	if l.w.apps == nil {
		return
	}
	l.checkSaved()
	for _, p := range l.w.alive() {
		if p.app == nil || l.w.personOn(p) == nil {
			continue
		}
		l.checkHoles(p)
		p.checkRows(l.w)
		for tab, open := range p.app.tabs {
			if open {
				l.checkScreen(p, tab)
			}
		}
	}
}

// checkScreen: when all is quiet every tab shows what is.
func (l *ledger) checkScreen(p *phone, tab int) {
	s := p.app.lookAt(tab).Shown
	if s == nil || p.app.hurt {
		return
	}
	l.w.checkShown(p, s)
	if s.Sync.Unsent != 0 {
		l.w.fail("shown: tab %d of phone %d shows %d unsent, and the server has everything", tab, p.name, s.Sync.Unsent)
	}
	if l.w.personOn(p).Revoked || p.Cache().Tally == nil {
		return
	}
	year, err := time.Parse(time.DateOnly, p.Cache().Tally.From)
	must(err)
	for _, m := range s.Measures {
		if n := l.figures()[figure{m.E, year.Year()}]; m.Done != nil && *m.Done+m.Mine != n {
			l.w.fail("shown: tab %d of phone %d shows %d+%d of measure %s; there are %d", tab, p.name, *m.Done, m.Mine, short(m.E), n)
		}
	}
}

// checkShown: the header counts what is unsent as it is, and entries are the cached states with what the person wrote
// laid over them.
func (w *world) checkShown(p *phone, s *shownState) {
	refused := 0
	for _, o := range p.Own() {
		if e := p.Event(o.ID); o.Refused != "" && e != nil && e.By == p.Person() {
			refused++
		}
	}
	if s.Sync.Unsent != p.Unsent() || s.Sync.Action != refused {
		w.fail("shown: phone %d shows %d unsent, %d refused; it has %d and %d", p.name, s.Sync.Unsent, s.Sync.Action, p.Unsent(), refused)
	}
	want := p.app.entries()
	for i := range s.Entries {
		e := &s.Entries[i]
		state := want[e.E]
		if state == nil {
			w.fail("shown: phone %d shows entry %s, which it does not have", p.name, short(e.E))
			continue
		}
		delete(want, e.E)
		w.checkEntry(p, state, e.Kind, e.Values)
	}
	for e := range want {
		w.fail("shown: phone %d does not show entry %s", p.name, short(e))
	}
}

func (w *world) checkEntry(p *phone, s *event.State, kind string, values map[string]json.RawMessage) {
	if s.Birth.Kind != kind || len(values) != len(s.Fields) {
		w.fail("shown: phone %d shows entry %s of %s with %d fields; it is %+v", p.name, short(s.Entity), kind, len(values), s)
	}
	for _, r := range s.Fields {
		want, err := s.Value(r.Name).MarshalJSON()
		must(err)
		if !bytes.Equal(want, values[r.Name]) {
			w.fail("shown: phone %d shows of entry %s that %s is %s; it is %s", p.name, short(s.Entity), r.Name, values[r.Name], want)
		}
	}
}

// entries is what the person on the phone is to be shown, by the rule of docs/api/protocol.md.
func (a *app) entries() map[event.ID]*event.State {
	c := a.Cache()
	over := map[event.ID][]row{}
	for _, r := range a.look().Rows {
		if e := a.Event(r.ID); e != nil && e.By == a.Person() && laid(c.Ents[r.E], &r) {
			over[r.E] = append(over[r.E], r)
		}
	}
	out := map[event.ID]*event.State{}
	for e, s := range c.Ents {
		out[e] = s.Clone()
	}
	for e, rows := range over {
		if out[e] == nil {
			out[e] = &event.State{Entity: e}
		}
		slices.SortFunc(rows, func(x, y row) int { return cmp.Or(cmp.Compare(x.SavedAt, y.SavedAt), cmp.Compare(x.N, y.N)) })
		for _, r := range rows {
			own := a.Event(r.ID)
			merge.Fold(out[e], own, own.HLC, func(event.ID) bool { return false })
		}
	}
	for e, s := range out {
		if !isActivity(s) || s.Erased {
			delete(out, e)
		}
	}
	return out
}

// laid tells whether an own event is shown over the cached state: it has no seq, a later one, or is parked. One that is
// offered again may be in the state already.
func laid(s *event.State, r *row) bool {
	if s == nil {
		return true
	}
	parked := slices.ContainsFunc(s.Parked, func(q event.Parked) bool { return q.ID == r.ID })
	return r.Seq == nil && !(r.Again && s.Birth != nil) || r.Seq != nil && *r.Seq > s.Seq || parked
}

// checkRows: what is saved is no draft any more, and stamps grow with numbers, whatever the clock says.
func (p *phone) checkRows(w *world) {
	last := map[event.ID]clock.Stamp{}
	for _, r := range p.app.look().Rows { // in order of number
		if slices.Contains(p.app.look().Drafts, r.ID.String()) {
			w.fail("draft: phone %d keeps a draft of %s, which is saved", p.name, short(r.ID))
		}
		e := p.Event(r.ID)
		if e == nil {
			continue
		}
		if e.HLC <= last[r.Inc] {
			w.fail("I7: phone %d stamped event %d with %v, after %v", p.name, r.N, e.HLC, last[r.Inc])
		}
		last[r.Inc] = e.HLC
	}
}

// checkHoles: a phone that says nothing is unsent has left no hole in its numbers, which the desk would take for a loss.
func (l *ledger) checkHoles(p *phone) {
	if p.cloned || l.w.emptied {
		return
	}
	last := map[event.ID]uint64{}
	for _, r := range p.app.look().Rows {
		if r.State == "refused" {
			return // a person decides about it
		}
		last[r.Inc] = max(last[r.Inc], r.N)
	}
	for inc, n := range last {
		if l.incs[inc].Contig < n && !p.erased(inc, l.incs[inc].Contig+1) {
			l.w.fail("gaps: phone %d has written %d events as %s, and the server has them up to %d", p.name, n, short(inc), l.incs[inc].Contig)
		}
	}
}

// erased tells whether the event of a number was erased. What came for an erased entity and was lost with the server is in
// no ledger and not on the phone: its hole is real, and a person settles it.
func (p *phone) erased(inc event.ID, n uint64) bool {
	return slices.ContainsFunc(p.app.look().Rows, func(r row) bool { return r.Inc == inc && r.N == n && r.State == "erased" })
}
