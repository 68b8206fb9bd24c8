package sim

import (
	"strings"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
)

// checkStandings: nothing is folded that must not be, and nothing is parked that need not be.
func (l *ledger) checkStandings() {
	for _, x := range l.log {
		now := l.reason(x)
		switch {
		case x.place.Erased && (x.place.Standing == store.Folded || now != ""):
			continue // of what was erased there is nothing to judge but whether its entity can be
		case x.place.Standing == store.Parked && now == "":
			l.w.fail("standing: event %s of %s is parked as %q and nothing speaks against it", short(x.ID), short(x.Entity), x.place.Reason)
		case x.place.Standing == store.Folded && now != "" && !l.excused(x, now):
			l.w.fail("standing: event %s of %s is folded in spite of %q", short(x.ID), short(x.Entity), now)
		}
	}
}

// excused tells whether an event may be folded although it would be parked if it came now: rights are those at
// receipt, and a release may have been taken back by nobody and superseded by a restore.
func (l *ledger) excused(x *entry, now string) bool {
	switch now {
	case "right":
		first := l.first(x.Entity)
		own := l.w.people.find(x.By).Role == replica.Reader && first.New.Type == activity.TypeActivity && first.By == x.By // written before
		return own || l.w.coordinated[x.By] || l.w.released[x.ID]
	case "revoked":
		return true
	case replica.Waiting, "kind", "type", "version":
		return false
	}
	return l.w.released[x.ID]
}

// reason judges an event as if it came now, from the ledger alone.
func (l *ledger) reason(x *entry) string {
	first := l.first(x.Entity)
	switch {
	case x.Version > event.Version:
		return "version"
	case x.New == nil && (first == nil || l.log[x.Entity].place.Standing != store.Folded):
		return replica.Waiting
	case first.New.Type == unknownType:
		return "type"
	case first.New.Type == activity.TypeActivity && x.New != nil && !l.kinds[first.New.Kind]:
		return "kind"
	}
	if first.New.Type != activity.TypeDecisions { // of decisions there is no verdict
		switch l.verdict(x.ID) {
		case replica.Release:
			return ""
		case replica.Hold:
			return "held"
		}
	}
	a := l.w.people.find(x.By)
	switch {
	case l.incs[x.Inc].Person != x.By:
		return "inc"
	case a.Revoked || l.w.apps.shut(x.Inc) || l.w.apps.shut(x.rec.Via):
		return "revoked"
	case a.Role == replica.Reader || a.Role != replica.Coordinator && (first.New.Type != activity.TypeActivity || first.By != x.By):
		return "right"
	}
	return l.content(x, first)
}

func (l *ledger) content(x *entry, first *event.Event) string {
	if first.New.Type != activity.TypeActivity {
		return ""
	}
	for _, f := range x.Set {
		text, _ := f.Value.AsText()
		switch {
		case first.New.Kind == "youth" && f.Name == "note":
			return "guard"
		case f.Name == "started_at" && !f.Value.IsNull():
			if t, ok := activity.ReadMoment(text); ok && t.UnixMilli() > x.rec.Received+24*3600*1000 {
				return "future"
			}
		case f.Name == "dup_of" && !f.Value.IsNull() && strings.Compare(text, x.Entity.String()) >= 0:
			return "link"
		}
	}
	return ""
}

// verdict is what the town's coordinators say now: the latest write that stands, in whichever entity of decisions.
func (l *ledger) verdict(id event.ID) string {
	var best *event.Head
	for _, s := range l.states {
		if s.Birth == nil || s.Birth.Type != activity.TypeDecisions {
			continue
		}
		if r := s.Register("verdict:" + id.String()); r != nil && len(r.Heads) > 0 {
			if h := &r.Heads[len(r.Heads)-1]; best == nil || best.Compare(*h) < 0 {
				best = h
			}
		}
	}
	if best == nil {
		return ""
	}
	text, _ := best.Value.AsText()
	return text
}
