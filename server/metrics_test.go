package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// scrape reads the figures as Prometheus does.
func (p *program) scrape() string {
	p.t.Helper()
	at := regexp.MustCompile(`"msg":"metrics","at":"([^"]+)"`).FindStringSubmatch(p.log.String())
	if at == nil {
		p.t.Fatalf("no metrics in the log:\n%s", p.log)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, "http://"+at[1]+"/metrics", nil)
	must(p.t, err)
	res, err := http.DefaultTransport.RoundTrip(r)
	must(p.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(p.t, err)
	if res.StatusCode != 200 {
		p.t.Fatalf("%d: %s", res.StatusCode, b)
	}
	return string(b)
}

func measuring(t *testing.T) *program {
	t.Helper()
	return start(t, filepath.Join(t.TempDir(), "data"), "--metrics-address", "127.0.0.1:0")
}

// marked is a word that must be nowhere but where it was put.
const marked = "KANARIEFÅGEL"

// day is a day of a town in which every text that people can write is marked. It gives the secrets of the day.
func day(t *testing.T, p *program) []string {
	t.Helper()
	desk := p.desk(p.code("/desk/"))
	first := invite(t, p.data, "--role", "field", "--name", "Kim "+marked, "--party", "police")
	phone, me, inc := p.phone(first.Code)
	id, err := event.NewID()
	must(t, err)
	at := func(n uint64, set ...event.Field) wire.PushItem {
		e := event.Event{Version: 1, Town: me.Town.ID, ID: id, Entity: id, Inc: inc, N: n, HLC: clock.At(time.Now()), By: me.Account, Set: set, New: &event.Birth{Type: "activity", Kind: "foot_patrol"}}
		if n > 1 {
			e.ID, err = event.NewID()
			must(t, err)
			e.New = nil
		}
		return wire.PushItem{ID: e.ID.String(), Inc: inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))}
	}
	push := func(turn int64, items ...wire.PushItem) int {
		return phone.ask("POST", "/api/v1/sync/push", wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, Turn: turn, Pending: 3 + len(items), App: marked, Events: items}, nil)
	}
	spoilt := at(9)
	spoilt.Ev = `{"` + marked + `":1}`
	push(
		1, at(1, event.Field{Name: "lat", Value: event.Int(5984123)}, event.Field{Name: "minutes", Value: event.Int(40)}, event.Field{Name: "note", Value: event.Text(marked)}),
		at(2, event.Field{Name: "note", Value: event.Text(marked + " igen")}), spoilt,
	)
	for _, path := range []string{"/api/v1/sync/changes?cur=" + marked, "/api/v1/entities/" + marked + "/events", "/" + marked, "/api/" + marked, "/app/" + marked, "/api/v1/entries?place=" + marked, "/api/v1/people", "/api/v1/follow-up", "/api/v1/me", "/api/v1/sync/digest"} {
		for _, who := range []guest{desk, phone, {p: p, token: marked}, {p: p}} {
			who.ask("GET", path, nil, new(string))
			who.ask("POST", path, map[string]string{"name": marked, "code": marked}, new(string))
		}
	}
	desk.ask("PATCH", "/api/v1/people/"+me.Account.String(), map[string]string{"name": marked, "role": "field", "party": "police"}, new(string))
	desk.ask("POST", "/api/v1/people/"+me.Account.String()+"/revoke", nil, new(string))
	push(2, at(3, event.Field{Name: "note", Value: event.Text(marked)}))
	_, err = command(t, "town", "add", marked, "--slug", "ekeby", "--data", p.data)
	must(t, err)
	_, err = command(t, "backup", "--data", p.data)
	must(t, err)
	return []string{
		marked, strings.ToLower(marked), "Kim", phone.token, desk.cookie, first.Code, p.code("/desk/"), p.code("/app/"),
		me.Account.String(), inc.String(), id.String(), "5984123", "127.0.0.1",
	}
}

func TestMetricsOfADayHaveFiguresAndNothingThatPeopleWrote(t *testing.T) {
	t.Parallel()
	p := measuring(t)
	secrets := day(t, p)
	got := p.scrape()
	for _, secret := range secrets {
		if strings.Contains(got, secret) {
			t.Errorf("the metrics have %q", secret)
		}
	}
	for _, want := range []string{
		`lofteslogg_requests_total\{method="POST",route="/api/v1/sync/push",status="2xx"\} 2`,
		`lofteslogg_push_events_total\{outcome="ok",why=""\} 2`, `lofteslogg_push_events_total\{outcome="parked",why="revoked"\} 1`,
		`lofteslogg_push_events_total\{outcome="refused",why="malformed"\} 1`,
		`lofteslogg_town_entries\{town="munkfors"\} 1`, `lofteslogg_town_parked_events\{town="munkfors",why="revoked"\} 1`,
		`lofteslogg_town_unsent_events\{town="munkfors"\} 3`, `lofteslogg_town_installations_silent\{town="munkfors"\} 0`,
		`lofteslogg_town_readable\{town="ekeby"\} 1`, `lofteslogg_town_file_bytes\{town="munkfors"\} [1-9]`,
		`lofteslogg_town_backup_verified_timestamp_seconds\{town="munkfors"\} 1\.`, `lofteslogg_backups_total\{outcome="verified"\} 1`,
		`lofteslogg_commit_events_sum [1-9]`, `lofteslogg_commit_disk_seconds_count [1-9]`, `lofteslogg_commit_disk_seconds_sum 0\.0`, `lofteslogg_disk_free_bytes\{of="data"\} [1-9]`,
		`lofteslogg_connections_open [1-9]`, `process_resident_memory_bytes [1-9]`, `go_goroutines [1-9]`,
	} {
		if !regexp.MustCompile("(?m)^" + want).MatchString(got) {
			t.Errorf("no %s in\n%s", want, only(got, want[:20]))
		}
	}
}

func TestTheLogOfADayHasNothingThatPeopleWrote(t *testing.T) {
	t.Parallel()
	p := measuring(t)
	secrets := day(t, p)
	p.stop()
	for _, secret := range secrets {
		if secret == "127.0.0.1" {
			continue // where it listens
		}
		if strings.Contains(p.log.String(), secret) {
			t.Errorf("the log has %q: %s", secret, only(p.log.String(), secret))
		}
	}
	for line := range strings.Lines(p.log.String()) {
		var said struct {
			Msg, Method, Route string
			RequestID          string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil || said.Msg == "request" && (said.RequestID == "" || said.Route == "") {
			t.Errorf("%v: %s", err, line)
		}
	}
}

// only is the lines that have a text.
func only(text, part string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestAThousandOddPathsAndMethodsAreAHandfulOfSeries(t *testing.T) {
	p := measuring(t)
	before := len(strings.Split(p.scrape(), "\n"))
	for i := range 1000 {
		path := []string{"/odd-%d", "/api/odd-%d", "/api/v1/entities/odd-%d/events", "/app/odd-%d", "/assets/%d.js"}[i%5]
		method := []string{"GET", "POST", fmt.Sprintf("ODD%d", i)}[i%3]
		guest{p: p}.ask(method, fmt.Sprintf(path, i), nil, new(string))
	}
	got := p.scrape()
	if n := len(strings.Split(got, "\n")) - before; n > 80 || strings.Contains(strings.ToLower(got), "odd") {
		t.Errorf("%d new series:\n%s", n, only(got, "lofteslogg_requests_total"))
	}
}

func TestWithoutAnAddressThereAreNoMetrics(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	var said string
	if status := (guest{p: p}).ask("GET", "/metrics", nil, &said); status != 404 || strings.Contains(p.log.String(), `"msg":"metrics"`) {
		t.Errorf("%d: %s", status, said)
	}
}
