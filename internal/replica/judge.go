package replica

import (
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// The reasons for which an event is parked, as docs/api/protocol.md has them.
const (
	Waiting = "waiting"
	version = "version"
	typ     = "type"
	kind    = "kind"
	right   = "right"
	revoked = "revoked"
	inc     = "inc"
	future  = "future"
	guard   = "guard"
	link    = "link"
	held    = "held"
)

// The decisions that a coordinator can make about an event: fold it whatever speaks against it, or hold it back.
const (
	Release = "release"
	Hold    = "hold"
)

const futureAfter = 24 * time.Hour

// judge says why an event may not be folded now; empty when it may. s is its entity without it.
func (b *batch) judge(e *event.Event, rec *store.Record, s *touched) (reason string, err error) {
	switch {
	case e.Version > event.Version:
		return version, nil
	case e.New == nil && s.Birth == nil:
		return Waiting, nil
	case e.New != nil && !activity.KnownType(e.New.Type):
		return typ, nil
	}
	if e.New != nil {
		if _, known := b.catalog.ClassOf(e.New, e.By); !known {
			return kind, nil
		}
	}
	switch verdict, err := b.verdictOn(e, s); {
	case err != nil:
		return "", err
	case verdict == Release:
		return "", nil
	case verdict == Hold:
		return held, nil
	}
	if reason, err = b.judgeWriter(e, rec, s); reason != "" || err != nil {
		return reason, err
	}
	return b.judgeContent(e, rec, s), nil
}

func (b *batch) judgeWriter(e *event.Event, rec *store.Record, s *touched) (string, error) {
	i, err := b.installation(e.Inc)
	if err != nil {
		return "", err
	}
	person, known := b.r.people.Person(b.t.id, e.By)
	switch {
	case known && (person.Revoked || b.shutOut(e, rec)):
		return revoked, nil
	case !known || i.Person != e.By:
		return inc, nil
	case !allowed(person.Role, e, s):
		return right, nil
	}
	return "", nil
}

// shutOut tells whether the event came from a phone that may not come in: the one that wrote it by what it says, or the one
// that really sent it, should it have made up another installation.
func (b *batch) shutOut(e *event.Event, rec *store.Record) bool {
	return b.r.shut(b.t.id, e.Inc) || b.caller.Revoked && b.caller.Account == e.By || !rec.Via.IsZero() && b.r.shut(b.t.id, rec.Via)
}

// allowed is the whole of who may write what: a coordinator everything of the town, a field worker own activities.
func allowed(role Role, e *event.Event, s *touched) bool {
	switch {
	case role == Coordinator:
		return true
	case role != Field:
		return false
	case e.New != nil:
		return e.New.Type == activity.TypeActivity
	default:
		return s.Birth.Type == activity.TypeActivity && s.By == e.By
	}
}

func (b *batch) judgeContent(e *event.Event, rec *store.Record, s *touched) string {
	birth := s.Birth
	if e.New != nil {
		birth = e.New
	}
	if birth.Type != activity.TypeActivity {
		return ""
	}
	k := b.catalog.Kinds[birth.Kind]
	for _, f := range e.Set {
		if reason := judgeField(&f, k, e.Entity, rec.Received); reason != "" {
			return reason
		}
	}
	return ""
}

func judgeField(f *event.Field, k *activity.Kind, e event.ID, received int64) string {
	if k != nil && k.Forbids(f.Name) {
		return guard
	}
	text, _ := f.Value.AsText()
	switch f.Name {
	case "started_at":
		if t, ok := activity.ReadMoment(text); ok && t.UnixMilli() > received+futureAfter.Milliseconds() {
			return future
		}
	case "dup_of":
		if to, err := event.ParseID(text); !f.Value.IsNull() && (err != nil || to.Compare(e) >= 0) {
			return link
		}
	}
	return ""
}

// verdictOn is the verdict about an event. There is none about decisions: one that undid another, which undid a third, would
// make what counts depend on the order in which they are looked at.
func (b *batch) verdictOn(e *event.Event, s *touched) (string, error) {
	if e.New != nil && e.New.Type == activity.TypeDecisions || s.Birth != nil && s.Birth.Type == activity.TypeDecisions {
		return "", nil
	}
	return b.verdict(e.ID)
}

// verdict is what a coordinator has decided about an event, before or after it came: the latest decision that stands,
// in whichever entity of decisions, since two desks may each have begun one.
func (b *batch) verdict(id event.ID) (string, error) {
	entities, err := b.decisions()
	if err != nil {
		return "", err
	}
	var latest event.Head
	for _, e := range entities {
		s, err := b.state(e)
		if err != nil {
			return "", err
		}
		if r := s.Register(verdictOf(id)); r != nil && len(r.Heads) > 0 {
			if h := r.Heads[len(r.Heads)-1]; latest.ID.IsZero() || h.Compare(latest) > 0 {
				latest = h
			}
		}
	}
	text, _ := latest.Value.AsText()
	return text, nil
}

// decisions lists the town's entities of decisions, in the order they came.
func (b *batch) decisions() ([]event.ID, error) { return decisionsOf(b.tx) }

func decisionsOf(tx store.Tx) ([]event.ID, error) {
	at, err := tx.Get(store.Meta, metaDecisions)
	if err != nil {
		return nil, err
	}
	list := make([]event.ID, 0, 1)
	for ; len(at) >= len(event.ID{}); at = at[16:] {
		list = append(list, event.ID(at[:16]))
	}
	return list, nil
}
