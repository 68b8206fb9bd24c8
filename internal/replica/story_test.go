package replica_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
)

// later is after both years of the pledge began, so that nothing of them is yet to come.
var later = time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)

// moments are days within the years, and minutes on both sides of where they begin and end.
var moments = []string{
	"2025-12-31T23:59+01:00", "2026-01-01T00:00+01:00", "2025-12-31T23:30+00:00", "2026-03-29T03:00+02:00", "2026-05-15T12:00+02:00", "2026-10-25T02:30+01:00",
	"2026-12-31T23:59+01:00", "2027-01-01T00:00+01:00", "2026-12-31T23:00+00:00", "2027-02-28T23:59+01:00", "2027-03-01T00:00+01:00", "soon",
}

// story is what people of a town wrote, in the order it came: all that a recount may look at.
type story struct {
	h       *house
	events  []*event.Event
	born    []*event.Event
	decider *event.Event
	verdict map[event.ID]string // of an event
	early   []*event.Event      // first events that were kept back, while others of their entity went
}

func newStory(h *house) *story { return &story{h: h, verdict: map[event.ID]string{}} }

// goOn has something happen: something new, a correction, one more answer to the same question, taking back, undoing,
// doubling, holding back and releasing, or several of these in one batch.
func (s *story) goOn(t *rapid.T) {
	var batch []*event.Event
	for range rapid.IntRange(1, 3).Draw(t, "in a batch") {
		e := s.next(t)
		if e == nil {
			continue
		}
		batch = append(batch, e)
		if e.New != nil && e.New.Type == "activity" && rapid.IntRange(0, 9).Draw(t, "comes late") == 0 {
			batch = batch[:len(batch)-1]
			s.early = append(s.early, e)
			continue
		}
		s.events = append(s.events, e)
	}
	s.h.push(desk, batch...)
}

// end lets come what was kept back.
func (s *story) end() {
	s.events = append(s.events, s.early...)
	s.h.push(desk, s.early...)
	s.early = nil
}

func (s *story) next(t *rapid.T) *event.Event {
	if len(s.born) == 0 || rapid.IntRange(0, 3).Draw(t, "what") == 0 {
		return s.begin(t)
	}
	of := rapid.SampledFrom(s.born).Draw(t, "entity")
	switch rapid.IntRange(0, 6).Draw(t, "what to it") {
	case 0:
		return s.set(t, of, "started_at", event.Text(rapid.SampledFrom(moments).Draw(t, "start")))
	case 1:
		return s.set(t, of, "parties", s.parties(t))
	case 2:
		return s.set(t, of, "retracted", rapid.SampledFrom([]event.Value{event.Text("by mistake"), event.Text("undo"), event.Null}).Draw(t, "why"))
	case 3:
		return s.set(t, of, "meetings", event.Int(int64(rapid.IntRange(0, 3).Draw(t, "meetings"))))
	case 4, 5:
		return s.double(t, of)
	default:
		return s.decide(t)
	}
}

func (s *story) begin(t *rapid.T) *event.Event {
	e := s.h.write(desk, nil, event.Field{Name: "parties", Value: s.parties(t)}, started(rapid.SampledFrom(moments).Draw(t, "start")))
	e.New.Kind = rapid.SampledFrom([]string{"foot_patrol", "andt_prevention", "safety_walk", "andt_intervention"}).Draw(t, "kind")
	s.stamp(t, e)
	s.born = append(s.born, e)
	return e
}

func (s *story) parties(t *rapid.T) event.Value {
	return rapid.SampledFrom([]event.Value{event.Texts(), event.Texts("police"), event.Texts("municipality"), event.Texts("police", "municipality")}).Draw(t, "parties")
}

// set writes a field, having been shown some of the writes before: all, none or what chance says.
func (s *story) set(t *rapid.T, of *event.Event, name string, v event.Value) *event.Event {
	f := event.Field{Name: name, Value: v}
	for _, e := range s.events {
		if e.Entity == of.Entity && slices.ContainsFunc(e.Set, func(f event.Field) bool { return f.Name == name }) && rapid.IntRange(0, 3).Draw(t, "was shown") > 0 {
			f.Base = append(f.Base, e.ID)
		}
	}
	slices.SortFunc(f.Base, event.ID.Compare)
	e := s.h.write(desk, of, f)
	s.stamp(t, e)
	return e
}

func (s *story) double(t *rapid.T, of *event.Event) *event.Event {
	to := rapid.SampledFrom(s.born).Draw(t, "doubles")
	if to.Entity.Compare(of.Entity) >= 0 { // such a link is parked
		return s.set(t, of, "dup_of", event.Null)
	}
	return s.set(t, of, "dup_of", event.Text(to.Entity.String()))
}

// decide holds an event back, or releases it.
func (s *story) decide(t *rapid.T) *event.Event {
	if len(s.events) == 0 {
		return nil
	}
	about := rapid.SampledFrom(s.events).Draw(t, "about")
	if slices.ContainsFunc(about.Set, func(f event.Field) bool { return len(f.Name) > 8 && f.Name[:8] == "verdict:" }) {
		return nil
	}
	verdict := rapid.SampledFrom([]string{replica.Hold, replica.Release}).Draw(t, "verdict")
	e := s.h.write(desk, s.decider, event.Field{Name: "verdict:" + about.ID.String(), Value: event.Text(verdict)})
	if s.decider == nil {
		e.New = &event.Birth{Type: "decisions"}
		s.decider = e
	}
	s.hlc(e)
	s.verdict[about.ID] = verdict
	return e
}

// stamp gives the event a stamp near the others', so that later is not always larger.
func (s *story) stamp(t *rapid.T, e *event.Event) {
	e.HLC = clock.Of(now.UnixMilli()+int64(rapid.IntRange(0, 20).Draw(t, "stamp")), 0)
}

// hlc gives the event a stamp after all before it.
func (s *story) hlc(e *event.Event) { e.HLC = clock.Of(now.UnixMilli()+1000+int64(len(s.events)), 0) }

// recount counts from the events alone, as docs/api/protocol.md has it and in the plainest way: per entity and field the
// writes that no other was shown, the largest of them; groups joined until nothing moves; then one by one.
type recount struct {
	kinds map[event.ID]string
	shown map[event.ID]map[string]event.Value // what is displayed
	group map[event.ID]event.ID
}

func (s *story) recount() *recount {
	r := &recount{kinds: map[event.ID]string{}, shown: map[event.ID]map[string]event.Value{}, group: map[event.ID]event.ID{}}
	for _, e := range s.events {
		if e.New != nil && e.New.Type == "activity" && s.verdict[e.ID] != replica.Hold {
			r.kinds[e.ID] = e.New.Kind
		}
	}
	for e := range r.kinds {
		r.shown[e] = s.display(e)
		r.group[e] = e
	}
	r.join()
	return r
}

// display finds each field's value: of the writes that count, those that none of them was shown, and the largest.
func (s *story) display(entity event.ID) map[string]event.Value {
	type write struct {
		e *event.Event
		f event.Field
	}
	writes := map[string][]write{}
	over := map[string]map[event.ID]bool{}
	for _, e := range s.events {
		if e.Entity != entity || s.verdict[e.ID] == replica.Hold {
			continue
		}
		for _, f := range e.Set {
			writes[f.Name] = append(writes[f.Name], write{e, f})
			if over[f.Name] == nil {
				over[f.Name] = map[event.ID]bool{}
			}
			for _, id := range f.Base {
				over[f.Name][id] = true
			}
		}
	}
	out := map[string]event.Value{}
	for name, list := range writes {
		var best *write
		for i := range list {
			w := &list[i]
			if !over[name][w.e.ID] && (best == nil || rank(w.e) > rank(best.e)) {
				best = w
			}
		}
		if best != nil {
			out[name] = best.f.Value
		}
	}
	return out
}

func rank(e *event.Event) string {
	return fmt.Sprintf("%016x %s %016x %s", uint64(e.HLC), e.Inc, e.N, e.ID)
}

func (r *recount) join() {
	for moved := true; moved; {
		moved = false
		for e, fields := range r.shown {
			text, _ := fields["dup_of"].AsText()
			to, err := event.ParseID(text)
			if err != nil {
				continue
			}
			if _, there := r.group[to]; !there { // not born here, and still what others double
				r.group[to] = to
			}
			if a, b := r.group[e], r.group[to]; a != b {
				low := slices.MinFunc([]event.ID{a, b}, event.ID.Compare)
				r.group[e], r.group[to], moved = low, low, true
			}
		}
	}
}

// counted is one that counts: the smallest living member of a group, with the parties of all the living.
type counted struct {
	kind, month string
	year        int
	number      int
	party       string
}

func (r *recount) counted() (out []counted) {
	first, parties := map[event.ID]event.ID{}, map[event.ID][]string{}
	for e, fields := range r.shown {
		if v, ok := fields["retracted"]; ok && !v.IsNull() {
			continue
		}
		g := r.group[e]
		if f, ok := first[g]; !ok || e.Compare(f) < 0 {
			first[g] = e
		}
		list, _ := fields["parties"].AsTexts()
		for _, p := range list {
			if !slices.Contains(parties[g], p) {
				parties[g] = append(parties[g], p)
			}
		}
	}
	for g, e := range first {
		if c, ok := r.one(e, parties[g]); ok {
			out = append(out, c)
		}
	}
	return out
}

func (r *recount) one(e event.ID, parties []string) (c counted, ok bool) {
	text, _ := r.shown[e]["started_at"].AsText()
	at, err := time.Parse("2006-01-02T15:04Z07:00", text)
	if err != nil {
		return c, false
	}
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	at = at.In(zone)
	c = counted{kind: r.kinds[e], month: at.Format("2006-01"), year: at.Year() - 2025, number: 1}
	if v, written := r.shown[e]["meetings"]; written {
		n, _ := v.AsInt()
		c.number = int(n)
	}
	switch len(parties) {
	case 0:
	case 1:
		c.party = parties[0]
	default:
		c.party = "joint"
	}
	return c, true
}
