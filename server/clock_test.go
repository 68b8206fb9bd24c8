package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

const (
	second = time.Second
	year   = 365 * 24 * time.Hour
)

// A clock that is a year ahead makes every phone one that was silent for a year: it is asked to sign in, and keeps its
// queue. Nothing of that is written down, so all is as before when the clock is right again.
func TestAClockThatIsAYearAheadAndBackLosesNothingAndNobody(t *testing.T) {
	by := &turned{}
	p := startAt(t, by, filepath.Join(t.TempDir(), "data"))
	desk := p.desk(p.code("/desk/"))
	phone, me, inc := p.phone(p.code("/app/"))
	first, _ := phone.patrol(me, inc, 1)

	by.turn(year)
	if status := phone.ask("POST", "/api/v1/sync/push", wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, App: "test", Events: []wire.PushItem{}}, nil); status != 401 {
		t.Errorf("a phone that seems silent for a year is told %d", status)
	}
	if status := desk.ask("GET", "/api/v1/follow-up", nil, nil); status != 401 {
		t.Errorf("a desk's session of a year is told %d", status)
	}
	out, err := command(t, "invite", "--role", "field", "--data", p.data)
	must(t, err)
	_, key, _ := strings.Cut(out, "/app/#k=")
	other, you, inc2 := p.phone(key[:26])
	second, reply := other.patrol(you, inc2, 1)
	if reply.Res[0].C != wire.ResOK {
		t.Errorf("a phone that is let in meanwhile: %+v", reply)
	}

	by.turn(-year)
	third, reply := phone.patrol(me, inc, 2)
	if len(reply.Res) != 1 || reply.Res[0].C != wire.ResOK || reply.Reoffer {
		t.Errorf("the phone is not as it was: %+v", reply)
	}
	if _, reply := other.patrol(you, inc2, 2); len(reply.Res) != 1 || reply.Res[0].C != wire.ResOK {
		t.Errorf("the phone that was let in meanwhile: %+v", reply)
	}
	if f := desk.followUp(); f.Entries != 4 {
		t.Errorf("%d entries, want 4", f.Entries)
	}
	if a, b, c := phone.seqOf(first), other.seqOf(second), phone.seqOf(third); a >= b || b >= c {
		t.Errorf("the order is %d, %d, %d", a, b, c)
	}
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%s%v", out, err)
	}
}

// seqOf is the place of an entry's first event in the log.
func (g guest) seqOf(e event.ID) uint64 {
	g.p.t.Helper()
	var reply wire.HistoryReply
	if status := g.ask("GET", "/api/v1/entities/"+e.String()+"/events", nil, &reply); status != 200 || len(reply.Events) == 0 {
		g.p.t.Fatalf("history: %d", status)
	}
	return reply.Events[0].Seq
}
