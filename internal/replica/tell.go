package replica

import (
	"cmp"
	"slices"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// look is one question about what needs a look, in one view of the town.
type look struct {
	r    *Replica
	t    *town
	tx   store.Tx
	now  time.Time
	desk *event.State // the entity that decisions are written on, or nil
}

func (l *look) items(list []*matter) ([]wire.AttentionItem, error) {
	out := []wire.AttentionItem{}
	for _, m := range list {
		item := wire.AttentionItem{ID: m.id(), Reason: m.reason, Why: m.why, Events: append([]event.ID{}, m.events...), Write: []wire.Deciding{}, From: m.from, To: m.to}
		about, err := l.tell(m, &item)
		if err != nil {
			return nil, err
		}
		if !about { // it is gone since memory said so
			continue
		}
		f, done := l.t.attention.settled(m, l.now)
		if done {
			if item.Decided, err = l.decision(f); err != nil {
				return nil, err
			}
		}
		out = append(out, item)
	}
	return out, nil
}

// tell fills in what the item is about.
func (l *look) tell(m *matter, item *wire.AttentionItem) (there bool, err error) {
	switch m.reason {
	case Gap, Fork, Silent:
		item.Inc, item.Seq = &m.subject, m.number
		err = l.tellPhone(m, item)
		there = true
	default:
		there, err = l.tellEntity(m, item)
	}
	if err == nil && len(m.events) > 0 {
		err = l.tellEvent(m.events[len(m.events)-1], item)
	}
	registers := m.registers
	if m.reason == Parked && item.T == "decisions" {
		registers = []string{m.note()}
	}
	for _, f := range registers {
		item.Write = append(item.Write, l.deciding(f))
	}
	return there, err
}

func (l *look) tellEntity(m *matter, item *wire.AttentionItem) (bool, error) {
	s, err := readState(l.tx, m.subject)
	if err != nil || s == nil {
		return false, err
	}
	item.E = &m.subject
	if !m.other.IsZero() {
		item.Other = &m.other
	}
	if s.Birth != nil {
		item.T, item.Kind = s.Birth.Type, s.Birth.Kind
	}
	item.Started, item.Place, item.Name = s.Text("started_at"), s.Text("place"), either(s.Text("name"), s.Text("title"))
	for i := range s.Fields {
		if m.reason == Conflict && s.Fields[i].Conflict() {
			item.Fields = append(item.Fields, s.Fields[i].Name)
		}
	}
	return true, l.tellSince(s, item)
}

// tellSince says when the entity was last changed, unless an event says it better.
func (l *look) tellSince(s *event.State, item *wire.AttentionItem) error {
	rec, err := recordAt(l.tx, s.Seq)
	if err == nil {
		item.At = rec.Received
	}
	return err
}

func (l *look) tellEvent(id event.ID, item *wire.AttentionItem) error {
	rec, e, err := eventOf(l.tx, id)
	if err != nil {
		return err
	}
	item.At = rec.Received
	if item.Inc == nil {
		item.Inc = &e.Inc
	}
	if e.Off != nil {
		item.Off = *e.Off
	}
	if e.New != nil && item.T == "" { // its first event is parked, so the state does not say
		item.T, item.Kind = e.New.Type, e.New.Kind
	}
	for _, f := range e.Set {
		if text, ok := f.Value.AsText(); ok && f.Name == "started_at" && item.Started == "" {
			item.Started = text
		} else if ok && f.Name == "place" && item.Place == "" {
			item.Place = text
		}
	}
	l.tellWho(e.By, item)
	if item.Reason != Waiting {
		return nil
	}
	i, err := installationOf(l.tx, e.Inc)
	item.Seen, item.Unsent = i.LastSeen, i.Pending
	return err
}

func (l *look) tellPhone(m *matter, item *wire.AttentionItem) error {
	i, err := installationOf(l.tx, m.subject)
	if m.phone != nil && err == nil {
		i, err = lastSaid(l.tx, m.phone.Incs)
		i.Person, i.LastSeen = m.phone.Account, m.phone.Seen
	}
	if err != nil {
		return err
	}
	item.At, item.Seen, item.Unsent = i.LastSeen, i.LastSeen, i.Pending
	if !i.Person.IsZero() {
		l.tellWho(i.Person, item)
	}
	return nil
}

func (l *look) tellWho(account event.ID, item *wire.AttentionItem) {
	item.Account = &account
	if p, ok := l.r.people.Person(l.t.id, account); ok {
		item.Role, item.Party = string(p.Role), p.Party
	}
}

// deciding is a register to write a decision to, with what stands there.
func (l *look) deciding(f string) wire.Deciding {
	out := wire.Deciding{F: f, Base: []event.ID{}}
	if l.desk == nil {
		return out
	}
	if r := l.desk.Register(f); r != nil {
		for _, h := range r.Heads {
			out.Base = append(out.Base, h.ID)
		}
	}
	return out
}

// decision is the present decision in a register; nil when there never was one.
func (l *look) decision(f string) (*wire.Decision, error) {
	h := l.t.attention.decided(f)
	if h.ID.IsZero() {
		return nil, nil
	}
	out := &wire.Decision{F: f, V: h.Value, At: h.Eff.Millis()}
	_, e, err := eventOf(l.tx, h.ID)
	if err != nil {
		return nil, err
	}
	out.By = e.By
	if p, ok := l.r.people.Person(l.t.id, e.By); ok {
		out.Role, out.Party = string(p.Role), p.Party
	}
	return out, nil
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// decisionsAbout lists the present decisions about an entity and its events, in the order they were made.
func (l *look) decisionsAbout(of *wire.HistoryReply) ([]wire.Decision, error) {
	ids := map[string]bool{of.E.String(): true}
	var registers []string
	for _, e := range of.Events {
		ids[e.ID.String()] = true
		registers = append(registers, verdictOf(e.ID))
	}
	registers = append(registers, l.t.attention.about(ids)...)
	slices.Sort(registers)
	out := []wire.Decision{}
	for _, f := range slices.Compact(registers) {
		d, err := l.decision(f)
		if err != nil {
			return nil, err
		}
		if d != nil {
			out = append(out, *d)
		}
	}
	slices.SortStableFunc(out, func(a, b wire.Decision) int { return cmp.Compare(a.At, b.At) })
	return out, nil
}
