package sim

import (
	"fmt"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/testkit"
)

// draft is a form that somebody left open.
type draft struct {
	p      *phone
	person event.ID
	form   *testkit.Draft
}

// act has somebody write something.
func (w *world) act(p *phone) {
	if p.app != nil {
		w.tap(p)
		return
	}
	coordinator := w.personOn(p).Role == replica.Coordinator
	all := known(p, activity.TypeActivity)
	n := w.rnd.IntN(100)
	switch {
	case n < 35 || len(all) == 0:
		w.log(p)
	case n < 60:
		w.edit(p, p.dev.Open(pick(w.rnd, all...)))
	case n < 70:
		w.retract(p, pick(w.rnd, all...))
	case n < 77:
		w.link(p, all)
	case n < 82:
		w.drafts = append(w.drafts, &draft{p, p.Person(), p.dev.Open(pick(w.rnd, all...))})
	case n < 87:
		w.finish()
	case n < 89:
		w.hostile(p, all)
	case n < 90:
		w.poison(p)
	case n < 91:
		w.tomorrow(p, all)
	case coordinator && n < 95:
		w.decide(p)
	case coordinator:
		w.furnish(p)
	default:
		w.edit(p, p.dev.Open(pick(w.rnd, all...)))
	}
}

func field(name string, v event.Value) event.Field { return event.Field{Name: name, Value: v} }

// save saves and notes it.
func (w *world) save(p *phone, f *testkit.Draft, answers ...event.Field) {
	if e := p.dev.Save(f, answers...); e != nil {
		w.note("phone %d saves %s of %s: %v", p.name, short(e.ID), short(e.Entity), answers)
	}
}

func short(id event.ID) string { return id.String()[28:] }

// log writes a new activity.
func (w *world) log(p *phone) {
	answers := []event.Field{w.started(), w.minutes()}
	if w.chance(2) {
		answers = append(answers, w.parties())
	}
	if w.chance(6) {
		answers = append(answers, field("meetings", event.Int(int64(w.rnd.IntN(4)))))
	}
	w.save(p, p.dev.New(event.Birth{Type: activity.TypeActivity, Kind: pick(w.rnd, kinds...)}), answers...)
}

func (w *world) started() event.Field {
	back := time.Duration(w.rnd.IntN(48)) * time.Hour
	switch w.rnd.IntN(20) {
	case 0:
		back = 400 * 24 * time.Hour // before the pledge
	case 1:
		back = -72 * time.Hour // planned
	case 2:
		return field("started_at", event.Null)
	}
	return field("started_at", event.Text(w.clock.At.Add(-back).In(activity.Zone).Format("2006-01-02T15:04Z07:00")))
}

func (w *world) minutes() event.Field {
	return field("minutes", event.Int(int64(15*(1+w.rnd.IntN(5)))))
}

func (w *world) parties() event.Field {
	all := []string{"municipality", "night_walkers", "police"}
	return field("parties", event.Texts(all[:1+w.rnd.IntN(3)]...))
}

// edit corrects one thing, or a few.
func (w *world) edit(p *phone, f *testkit.Draft) {
	switch w.rnd.IntN(5) {
	case 0:
		w.save(p, f, w.started())
	case 1:
		w.save(p, f, w.started(), w.parties())
	case 2:
		w.confide(p, f)
	default:
		w.save(p, f, w.minutes())
	}
}

// confide writes what must be gone when it is erased.
func (w *world) confide(p *phone, f *testkit.Draft) {
	text := w.whisper()
	if e := p.dev.Save(f, field("note", event.Text(text))); e != nil {
		w.secrets[e.ID] = text
		w.note("phone %d saves %s of %s: %s", p.name, short(e.ID), short(e.Entity), text)
	}
}

// whisper is a text that nobody said before.
func (w *world) whisper() string {
	w.whispers++
	return fmt.Sprintf("hemlig-%d-", w.whispers)
}

func (w *world) retract(p *phone, e event.ID) {
	f := p.dev.Open(e)
	if p.dev.View(e).Retracted() && !w.chance(3) {
		w.save(p, f, field("retracted", event.Null))
		return
	}
	w.save(p, f, field("retracted", event.Text(pick(w.rnd, "undo", "Fel dag."))))
}

// link says that one patrol was logged twice, at times the wrong way round.
func (w *world) link(p *phone, all []event.ID) {
	a, b := pick(w.rnd, all...), pick(w.rnd, all...)
	if a.Compare(b) < 0 && !w.chance(8) {
		a, b = b, a
	}
	v := event.Text(b.String())
	if w.chance(5) {
		v = event.Null
	}
	w.save(p, p.dev.Open(a), field("dup_of", v))
}

// finish saves a form that was opened long ago.
func (w *world) finish() {
	if len(w.drafts) == 0 {
		return
	}
	i := w.rnd.IntN(len(w.drafts))
	d := w.drafts[i]
	w.drafts = append(w.drafts[:i:i], w.drafts[i+1:]...)
	if !d.p.dead && d.p.Person() == d.person {
		w.edit(d.p, d.form)
	}
}

// hostile names writes that its writer was never shown.
func (w *world) hostile(p *phone, all []event.ID) {
	e := pick(w.rnd, all...)
	f := p.dev.Open(e)
	answer := w.minutes()
	for _, o := range p.Own() {
		if w.chance(3) && len(answer.Base) < event.MaxBase {
			answer.Base = append(answer.Base, o.ID)
		}
	}
	answer.Base = append(answer.Base, w.newID(p.clock))
	w.save(p, f, answer)
}

// poison saves what nobody can read.
func (w *world) poison(p *phone) {
	raw := pick(w.rnd, "\xff\xfe", "{}", `{"v":1}`, "", `{"by":"","v":1}`)
	p.dev.SaveBytes([]byte(raw))
	w.note("phone %d saves %q", p.name, raw)
}

// tomorrow has a later app write what this server does not know yet: it is kept, and stands aside.
func (w *world) tomorrow(p *phone, all []event.ID) {
	switch w.rnd.IntN(3) {
	case 0:
		w.save(p, p.dev.New(event.Birth{Type: unknownType}), w.minutes())
	case 1:
		f := p.dev.New(event.Birth{Type: activity.TypeActivity, Kind: pick(w.rnd, kinds...)})
		f.Version = event.Version + 1
		w.save(p, f, w.started(), w.minutes())
	default:
		f := p.dev.Open(pick(w.rnd, all...))
		f.Version = event.Version + 1
		w.save(p, f, w.minutes())
	}
}

// unknownType is a type that no server of today knows.
const unknownType = "of_tomorrow"

// decide writes a verdict about something that is parked, or once was.
func (w *world) decide(p *phone) {
	var about []event.ID
	var decisions event.ID
	c := p.Cache()
	for e, s := range c.Ents {
		for _, q := range s.Parked {
			about = append(about, q.ID)
		}
		if s.Birth != nil && s.Birth.Type == activity.TypeDecisions && (decisions.IsZero() || e.Compare(decisions) < 0) {
			decisions = e
		}
		if isActivity(s) {
			about = append(about, e)
		}
	}
	if len(about) == 0 {
		return
	}
	slices.SortFunc(about, event.ID.Compare)
	id := pick(w.rnd, about...)
	v := pick(w.rnd, event.Text(replica.Release), event.Text(replica.Release), event.Text(replica.Hold), event.Null)
	if v == event.Text(replica.Release) {
		w.released[id] = true
	}
	f := p.dev.New(event.Birth{Type: activity.TypeDecisions})
	if !decisions.IsZero() {
		f = p.dev.Open(decisions)
	}
	w.save(p, f, field("verdict:"+id.String(), v))
}

// furnish changes what every phone has with it.
func (w *world) furnish(p *phone) {
	catalogs, measures := known(p, activity.TypeCatalog), known(p, activity.TypeMeasure)
	if len(catalogs) > 0 && w.chance(2) {
		w.save(p, p.dev.Open(catalogs[0]), field("kind:night_watch", kindJSON("night_watch")), field("version", event.Int(2)))
		return
	}
	if len(measures) > 0 {
		lists := [][]string{{"foot_patrol"}, {"foot_patrol", "night_watch"}, {"safety_walk"}, {"youth", "safety_walk"}}
		w.save(p, p.dev.Open(pick(w.rnd, measures...)), field("kinds", event.Texts(lists[w.rnd.IntN(len(lists))]...)))
	}
}
