package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// phone connects one with a code.
func (p *program) phone(code string) (guest, wire.EnrolReply, event.ID) {
	p.t.Helper()
	inc, err := event.NewID()
	must(p.t, err)
	g := guest{p: p, token: strings.ReplaceAll(inc.String(), "-", "")[:32] + strings.Repeat("A", 11)}
	var reply wire.EnrolReply
	status := guest{p: p}.ask("POST", "/api/v1/enrol", wire.EnrolRequest{Code: code, Token: g.token, Inc: inc, Party: "police", App: "test"}, &reply)
	if status != 200 {
		p.t.Fatalf("not connected: %d", status)
	}
	return g, reply, inc
}

// patrol pushes a foot patrol and gives its entity and the result.
func (g guest) patrol(me wire.EnrolReply, inc event.ID, n uint64) (event.ID, wire.PushReply) {
	g.p.t.Helper()
	id, err := event.NewID()
	must(g.p.t, err)
	var reply wire.PushReply
	g.ask("POST", "/api/v1/sync/push", batchOf(me, inc, patrolOf(me, inc, id, n)), &reply)
	return id, reply
}

func batchOf(me wire.EnrolReply, inc event.ID, items ...wire.PushItem) *wire.PushRequest {
	return &wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, App: "test", Events: items}
}

// patrolOf is a foot patrol of an hour ago.
func patrolOf(me wire.EnrolReply, inc, id event.ID, n uint64) wire.PushItem {
	e := event.Event{
		Version: 1, Town: me.Town.ID, ID: id, Entity: id, Inc: inc, N: n, HLC: clock.At(time.Now()), By: me.Account, Catalog: 1,
		New: &event.Birth{Type: "activity", Kind: "foot_patrol"},
		Set: []event.Field{
			{Name: "minutes", Value: event.Int(40)},
			{Name: "parties", Value: event.Texts("police")},
			{Name: "started_at", Value: event.Text(time.Now().Add(-time.Hour).In(activity.Zone).Format("2006-01-02T15:04-07:00"))},
		},
	}
	return wire.PushItem{ID: id.String(), Inc: inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))}
}

func (g guest) followUp() (f wire.FollowUp) {
	g.p.t.Helper()
	if status := g.ask("GET", "/api/v1/follow-up", nil, &f); status != 200 {
		g.p.t.Fatalf("follow-up: %d", status)
	}
	return f
}

func TestTheFirstStartHasATownAndWaysIn(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk := p.desk(p.code("/desk/"))
	if f := desk.followUp(); f.Town.Slug != "munkfors" || f.Pledge == nil || len(f.Measures) == 0 || f.Entries != 0 {
		t.Errorf("the first follow-up is %+v", f)
	}
	phone, me, inc := p.phone(p.code("/app/"))
	if _, reply := phone.patrol(me, inc, 1); len(reply.Res) != 1 || reply.Res[0].C != wire.ResOK {
		t.Fatalf("the push got %+v", reply)
	}
	if f := desk.followUp(); f.Entries != 1 {
		t.Errorf("%d entries, want 1", f.Entries)
	}
	if !regexp.MustCompile(`kod/code: [0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5} \(15 min\)`).MatchString(p.out.String()) {
		t.Errorf("no code to type in:\n%s", p.out)
	}
	if strings.Contains(p.log.String(), p.code("/desk/")) || strings.Contains(p.log.String(), phone.token) {
		t.Error("the log has a secret")
	}
}

func TestARestartKeepsWhatWasThereAndGivesFreshLinks(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := start(t, data)
	desk := first.desk(first.code("/desk/"))
	phone, me, inc := first.phone(first.code("/app/"))
	phone.patrol(me, inc, 1)
	first.stop()

	second := start(t, data)
	desk.p, phone.p = second, second
	if f := desk.followUp(); f.Entries != 1 || len(f.Measures) == 0 {
		t.Errorf("after the restart: %+v", f)
	}
	if _, reply := phone.patrol(me, inc, 2); reply.Res[0].C != wire.ResOK {
		t.Errorf("the phone's push got %+v", reply)
	}
	if first.code("/desk/") == second.code("/desk/") {
		t.Error("the link is the same")
	}
	var one, two wire.Me
	desk.ask("GET", "/api/v1/me", nil, &one)
	second.desk(second.code("/desk/")).ask("GET", "/api/v1/me", nil, &two)
	if one.Account != two.Account {
		t.Error("the new desk link makes a new account")
	}
}

func TestOnlyTheOwnerMayOpenTheFolder(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	if got := modeOf(t, p.data); got != 0o700 {
		t.Errorf("the folder is %o", got)
	}
	for _, name := range []string{"access.db", "admin.sock"} {
		if got := modeOf(t, p.data, name); got != 0o600 {
			t.Errorf("%s is %o", name, got)
		}
	}
}

func TestASecondServerOnAFolderIsToldSo(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	_, err := command(t, "serve", "--addr", "localhost:0", "--data", p.data)
	if err == nil || !strings.Contains(err.Error(), "another server uses the folder "+p.data) {
		t.Errorf("got %v", err)
	}
}

func TestAnOpenStreamDoesNotHoldUpTheEnd(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk := p.desk(p.code("/desk/"))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/api/v1/live", nil)
	must(t, err)
	r.AddCookie(&http.Cookie{Name: "desk", Value: desk.cookie})
	res, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	first := make([]byte, 11)
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != ": welcome\n\n" {
		t.Fatalf("%q, %v", first, err)
	}
	began := time.Now()
	p.stop()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	if rest, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream was cut and not ended: %q, %v", rest, err)
	}
}

func TestAPushReachesThoseWhoListen(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk := p.desk(p.code("/desk/"))
	phone, me, inc := p.phone(p.code("/app/"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/v1/live", nil)
	must(t, err)
	r.AddCookie(&http.Cookie{Name: "desk", Value: desk.cookie})
	res, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	_, err = io.ReadFull(res.Body, make([]byte, len(": welcome\n\n")))
	must(t, err)
	phone.patrol(me, inc, 1)
	poke := make([]byte, len("event: poke"))
	if _, err := io.ReadFull(res.Body, poke); err != nil || string(poke) != "event: poke" {
		t.Errorf("%q, %v", poke, err)
	}
}

func TestATownThatAPowerCutLeftEmptyIsFinished(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	h, err := openHouse(t.Context(), &outside{clock: clock.Wall{}}, &config.Config{Addr: "localhost:0", Data: data}, &policy{})
	must(t, err)
	id, err := event.NewID()
	must(t, err)
	must(t, h.replica.Create(t.Context(), id))
	must(t, h.close())
	p := start(t, data)
	if f := p.desk(p.code("/desk/")).followUp(); f.Town.ID != id || f.Town.Slug != "munkfors" || f.Pledge == nil {
		t.Errorf("got %+v", f.Town)
	}
}

func TestNothingOfATownIsReadFromAnother(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	entity, _ := phone.patrol(me, inc, 1)
	_, err := command(t, "town", "add", "Ekeby", "--slug", "ekeby", "--data", p.data)
	must(t, err)
	for _, role := range []string{"field", "coordinator"} {
		out, err := command(t, "invite", "--role", role, "--town", "ekeby", "--json", "--data", p.data)
		must(t, err)
		var i invited
		must(t, json.Unmarshal([]byte(out), &i))
		other, _, _ := p.phone(i.Code)
		for _, path := range []string{"sync/changes?limit=1000", "sync/digest", "follow-up", "entries", "me"} {
			var said string
			other.ask("GET", "/api/v1/"+path, nil, &said)
			if strings.Contains(said, me.Town.ID.String()) || strings.Contains(said, entity.String()) || strings.Contains(said, "Munkfors") {
				t.Errorf("%s of Ekeby reads of Munkfors at %s: %.300s", role, path, said)
			}
		}
		var there, nowhere string
		probe, err := event.NewID()
		must(t, err)
		a := other.ask("GET", "/api/v1/entities/"+entity.String()+"/events", nil, &there)
		b := other.ask("GET", "/api/v1/entities/"+probe.String()+"/events", nil, &nowhere)
		if a != 404 || b != 404 || withoutID(there) != withoutID(nowhere) {
			t.Errorf("%s of Ekeby can tell a patrol of Munkfors from none: %d %s, %d %s", role, a, there, b, nowhere)
		}
		if got := other.ask("POST", "/api/v1/sync/push", wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, Events: []wire.PushItem{}}, nil); got != 403 {
			t.Errorf("%s of Ekeby pushes to Munkfors: %d", role, got)
		}
	}
	if status := phone.ask("GET", fmt.Sprintf("/api/v1/entities/%s/events", entity), nil, nil); status != 200 {
		t.Errorf("the writer cannot read it either: %d", status)
	}
}

func withoutID(problem string) string {
	return regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(problem, "")
}
