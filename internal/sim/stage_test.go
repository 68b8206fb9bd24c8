package sim

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/httpapi"
	"lofteslogg/internal/report"
)

// theatre has the processes that phones with the app run in; each plays one world at a time.
type theatre struct {
	hosts  chan *host
	folder string
}

func openTheatre(t *testing.T) *theatre {
	folder := t.TempDir()
	program, err := buildHost(filepath.Join(folder, "host"))
	must(err)
	th := &theatre{hosts: make(chan *host, 2*runtime.GOMAXPROCS(0)), folder: folder}
	for range cap(th.hosts) {
		h, err := startHost(context.Background(), program)
		must(err)
		th.hosts <- h
		t.Cleanup(func() { must(h.stop()) })
	}
	return th
}

// extra is how many more worlds there may be than processors: phones that are let in are written down, and that waits.
func (th *theatre) extra() int { return cap(th.hosts) - runtime.GOMAXPROCS(0) }

// world puts up a town with phones of both makes. The host and the house of accounts are the world's until it is over.
func (th *theatre) world(seed uint64, d depot) *world {
	folder, err := os.MkdirTemp(th.folder, "access")
	must(err)
	house := &apps{
		host: <-th.hosts, real: map[string]string{}, tokens: map[event.ID]string{},
		saved: map[event.ID]*phone{}, blamed: map[event.ID]bool{},
	}
	w := emptyWorld(seed, d, func(w *world) http.Handler { return house.front(w, filepath.Join(folder, "access")) })
	w.over = func() {
		must(house.access.Close())
		must(os.RemoveAll(folder))
		th.hosts <- house.host
	}
	w.apps = house
	w.open() // with the house of accounts
	w.bid(command{Do: "world", Seed: fmt.Sprint(seed)})
	for i := range 2 + w.rnd.IntN(4) {
		p := w.newApp()
		w.connect(p, w.people[(i+1)%len(w.people)].id)
		if w.chance(3) {
			w.connect(p, w.people[w.rnd.IntN(len(w.people))].id)
		}
		for w.chance(3) && len(w.phones) < 20 {
			w.connect(w.newApp(), w.people[w.rnd.IntN(len(w.people))].id)
		}
	}
	for range w.rnd.IntN(3) {
		p := w.newPhone()
		w.signIn(p, w.people[w.rnd.IntN(len(w.people))].id)
	}
	return w
}

// front is the real router over the real house of accounts.
func (a *apps) front(w *world, file string) http.Handler {
	if a.access == nil {
		store, err := access.Open(file, w.clock)
		must(err)
		a.access = store
		for _, p := range w.people {
			_, err := store.AddPerson(access.Person{ID: p.id, Town: townID, Name: "Kim", Role: access.Role(p.Role)})
			must(err)
			a.letIn(p)
		}
	}
	h, err := httpapi.New(httpapi.Options{
		Sync: w.rep, Figures: report.New(w.rep, w.clock), Phones: w.rep, Access: a.access, Log: slog.New(slog.DiscardHandler), Clock: w.clock,
	})
	must(err)
	return a.codes(h)
}

// shut tells whether the phone of an installation may not come in.
func (a *apps) shut(inc event.ID) bool { return a != nil && a.access.Shut(townID, inc) }

// shutPhone shuts out the phone that somebody is on, or lets in one that was shut out.
func (w *world) shutPhone(p *phone) {
	for _, i := range p.Installations() {
		change, word := w.apps.access.RevokePhone, "shut out"
		if w.apps.shut(i.Inc) {
			change, word = w.apps.access.RestorePhone, "let in"
		}
		if err := change(townID, i.Inc); fault.KindOf(err) != fault.NotFound { // a fork's number nobody connected
			must(err)
			w.note("phone %d of %s is %s", p.name, short(i.Person), word)
		}
	}
	w.rights++
	w.quietly(func() { must(w.rep.JudgeWriters(background, townID)) })
}

// codes puts the real code of an enrolment in the place of the name that the phone knows it by, so that no phone has
// anything of true chance in it.
func (a *apps) codes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/enrol" {
			r = a.decoded(r)
		}
		next.ServeHTTP(out, r)
	})
}

// letIn gives testkit's phones of a person a new token.
func (a *apps) letIn(p *account) {
	codes, err := a.access.Invite(access.Invitation{Town: townID, Role: access.Role(p.Role), Account: p.id, Name: "Kim"})
	must(err)
	a.lets++
	a.tokens[p.id] = token(event.MustID(fmt.Sprintf("01930000-0000-7000-8000-%012x", a.lets)))
	_, err = a.access.Enrol(access.Enrolment{Code: codes.Link, Token: a.tokens[p.id], Inc: p.id, Name: "Kim"})
	must(err)
}

// rights tells the house of accounts what somebody may do now.
func (a *apps) rights(p *account) {
	if a == nil {
		return
	}
	role := access.Role(p.Role)
	must(a.access.Change(townID, p.id, access.Changes{Role: &role}))
	if p.Revoked {
		must(a.access.Revoke(townID, p.id))
	} else {
		must(a.access.Restore(townID, p.id))
	}
}

// TestWeatherOnTheApp plays seeds in which phones run the app itself, and the server keeps real files: nothing is in it that
// users do not have, but the browser, the network and the weather.
func TestWeatherOnTheApp(t *testing.T) {
	th := openTheatre(t)
	stage{depot: onFiles(t), world: th.world, tries: *appTries, extra: th.extra()}.weather(t, *appSeeds)
}

// TestSameSeedTellsTheSameStoryOnTheApp is I18, over the pipe too: every line that went through it is compared.
func TestSameSeedTellsTheSameStoryOnTheApp(t *testing.T) {
	th := openTheatre(t)
	s := stage{depot: newMemDepot, world: th.world}
	for seed := range uint64(3) {
		a, b := s.play(seed, *turns, false, nil), s.play(seed, *turns, false, nil)
		if a.trace.Sum64() != b.trace.Sum64() {
			t.Errorf("seed %d was played twice and ended differently", seed)
		}
	}
}

func (a *apps) decoded(r *http.Request) *http.Request {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = nil // it breaks off
	}
	for name, code := range a.real {
		body = bytes.Replace(body, []byte(`"`+name+`"`), []byte(`"`+code+`"`), 1)
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}
