package httpapi_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/httpapi"
	"lofteslogg/internal/wire"
)

func TestPathsAreTakenAsTheyComeAndNeverRedirected(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	for _, path := range []string{
		"/api", "/api/", "/api/v1", "/api/v2/me", "/api/v1/me/", "//api/v1/me", "/api//v1/me", "/api/v1/../v1/me", "/api/v1/./me", "/API/v1/me",
		"/api/v1/entities/a%2Fb/events", "/api/v1/entities//events", "/api/v1/me%00",
	} {
		got := h.ask(w, "GET", path, "")
		if got.status != http.StatusNotFound || got.header.Get("Location") != "" {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
	}
}

func TestAnotherMethodIsToldWhichThereAre(t *testing.T) {
	h := open(t)
	for route := range httpapi.Routes() {
		_, path, _ := strings.Cut(route, " ")
		for _, method := range []string{"GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "HEAD", "QUERY"} {
			if _, ok := httpapi.Routes()[method+" "+path]; ok {
				continue
			}
			got := h.ask(h.desk(munkfors), method, path, "")
			if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") == "" || strings.Contains(got.header.Get("Allow"), method) {
				t.Errorf("%s %s: %d, Allow %q", method, path, got.status, got.header.Get("Allow"))
			}
		}
	}
}

func TestEveryAnswerTellsBrowsersWhatTheyMustNotDo(t *testing.T) {
	h := open(t, public("https://lofte.example.se"))
	for _, path := range []string{"/", "/app/", "/desk/", "/assets/app-1.js", "/app/sw.js", "/healthz", "/api/v1/me", "/api/x", "/nowhere"} {
		got := h.ask(who{}, "GET", path, "")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
		csp := got.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if strings.HasPrefix(path, "/api") && got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", path)
		}
	}
	if h := open(t); h.ask(who{}, "GET", "/", "").header.Get("Strict-Transport-Security") != "" {
		t.Error("a server without https promises https")
	}
}

func TestAPageOfAnotherSiteCannotMakeABrowserAsk(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r := h.request(w, "POST", "/api/v1/sync/push", pushBody(munkfors))
		r.Header.Set(name, value)
		if got := h.do(r); got.status != http.StatusForbidden || got.problem(t).Type != "/problems/cross-origin" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	for name, value := range map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"} {
		r := h.request(w, "POST", "/api/v1/sync/push", pushBody(munkfors))
		r.Header.Set(name, value)
		if got := h.do(r); got.status != 200 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if len(h.fake.pushed) != 2 {
		t.Errorf("%d pushes arrived, want 2", len(h.fake.pushed))
	}
	behind := open(t, public("https://lofte.example.se"))
	r := behind.request(behind.phone(munkfors, access.Field), "POST", "/api/v1/sync/push", pushBody(munkfors))
	r.Host = "backend:8080"
	r.Header.Set("Origin", "https://lofte.example.se")
	if got := behind.do(r); got.status != 200 {
		t.Errorf("by a proxy that asks by another name: %d %s", got.status, got.body)
	}
}

func TestEachFaultHasItsStatusAndShowsNothingInside(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	for kind, want := range map[fault.Kind]int{
		fault.Internal: 500, fault.Invalid: 400, fault.NotFound: 404, fault.Conflict: 409, fault.Denied: 403, fault.Unsigned: 401,
		fault.Gone: 410, fault.TooLarge: 413, fault.TooMany: 429, fault.Busy: 503, fault.Full: 507,
	} {
		h.fake.err = fault.New(kind, "no-such-code", "canary-inside")
		got := h.ask(w, "GET", "/api/v1/sync/digest", "")
		p := got.problem(t)
		if got.status != want || p.Status != want || p.Type != "/problems/"+kind.String() || p.RequestID != got.header.Get("X-Request-Id") {
			t.Errorf("%s: %d %s", kind, got.status, got.body)
		}
		mine := kind == fault.Invalid || kind == fault.TooLarge || kind == fault.Conflict
		if shown := strings.Contains(string(got.body), "canary"); shown != mine {
			t.Errorf("%s shows what is inside: %v", kind, shown)
		}
		if wait := got.header.Get("Retry-After") != ""; wait != (want == 429 || want == 503 || want == 507) {
			t.Errorf("%s: Retry-After %q", kind, got.header.Get("Retry-After"))
		}
	}
	h.fake.err = errors.New("canary-inside")
	if got := h.ask(w, "GET", "/api/v1/follow-up", ""); got.status != 500 || strings.Contains(string(got.body), "canary") {
		t.Errorf("an error without a kind: %d %s", got.status, got.body)
	}
}

func TestAPanicIsAProblemAndTheServerGoesOn(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	h.fake.panics = true
	if got := h.ask(w, "GET", "/api/v1/sync/digest", ""); got.status != 500 || strings.Contains(string(got.body), "canary") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if !strings.Contains(h.log.String(), "canary-panic") {
		t.Error("the log does not say what happened")
	}
	h.fake.panics = false
	if got := h.ask(w, "GET", "/api/v1/sync/digest", ""); got.status != 200 {
		t.Errorf("afterwards: %d", got.status)
	}
}

func TestSentencesAreInBothLanguagesAndInOurVoice(t *testing.T) {
	table := httpapi.Problems()
	for kind := fault.Internal; kind <= fault.Full; kind++ {
		if _, ok := table[kind.String()]; !ok {
			t.Errorf("no sentence for %s", kind)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(table)) {
		if !httpapi.Known(code) {
			t.Errorf("%s has no status", code)
		}
		for i, text := range table[code] {
			if text == "" || i > 0 && !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q", code, text)
			}
			for _, never := range []string{"ogiltig", "felaktig", "misslyck", "synkfel", "invalid", "failed", "!", "  "} {
				if i > 0 && strings.Contains(strings.ToLower(text), never) {
					t.Errorf("%s says %q: %s", code, never, text)
				}
			}
		}
	}
}

func TestTheLogHasALineForEachRequestAndNothingThatWasSent(t *testing.T) {
	h := open(t)
	h.fake.err = fault.New(fault.Invalid, "", "canary-%s", "text")
	codes := h.invite(access.Coordinator)
	w := h.phone(munkfors, access.Field)
	r := h.request(w, "POST", "/api/v1/sync/push", twist(pushBody(munkfors), `"ev":"{}"`, `"ev":"canary-note"`))
	r.Header.Set("User-Agent", "canary-agent")
	r.Header.Set("X-Request-Id", "canary-id")
	h.do(r)
	h.ask(w, "GET", "/api/v1/sync/changes?cur=canary-cursor", "")
	h.ask(w, "GET", "/canary-path", "")
	h.ask(w, "CANARY", "/api/v1/me", "")
	h.ask(who{}, "POST", "/api/v1/enrol", enrolBody(codes.Short))
	h.ask(who{}, "POST", "/api/v1/code", `{"code":"canary-code"}`)
	h.ask(who{cookie: "canary-cookie"}, "GET", "/api/v1/me", "")
	log := h.log.String()
	for _, secret := range []string{"canary", "CANARY", w.token, codes.Short, codes.Link, "Maria", inc.String()} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q:\n%s", secret, log)
		}
	}
	if n := strings.Count(log, `"msg":"request"`); n != 7 || !strings.Contains(log, `"route":"/api/v1/sync/push","status":400`) {
		t.Errorf("%d lines for 7 requests:\n%s", n, log)
	}
}

func TestWhateverTheRouteAndItsEndTheLogHasNothingThatWasSent(t *testing.T) {
	h := open(t)
	people := []who{h.phone(munkfors, access.Field), h.desk(munkfors), h.deskAs(munkfors, access.Reader), h.revokedPhone(munkfors), {token: "canary-token"}, {cookie: "canary-cookie"}, {}}
	ends := []error{nil, fault.New(fault.Invalid, "", "canary").At("canary"), fault.New(fault.Conflict, "", "canary"), fault.New(fault.NotFound, "", "canary"), fault.New(fault.TooLarge, "", "canary")}
	asked := 0
	for route := range httpapi.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if path == "/api/v1/live" {
			continue // it would not end; its line is the same as the others'
		}
		path = strings.NewReplacer("{e}", "canary", "{account}", "canary", "{id}", "canary").Replace(path)
		for _, h.fake.err = range ends {
			for _, w := range people {
				for _, sent := range []string{"", `{"canary":"canary"}`, pushBody(munkfors, func(r *wire.PushRequest) { r.App = "canary" }), enrolBody("canary"), "canary"} {
					r := h.request(w, method, path+"?canary=canary", sent)
					r.Header.Set("Referer", "https://canary.example.se")
					h.ServeHTTP(httptest.NewRecorder(), r)
					asked++
				}
			}
			h.clock.pass(time.Minute)
		}
	}
	log := h.log.String()
	if n := strings.Count(log, `"msg":"request"`); n != asked {
		t.Errorf("%d lines for %d requests", n, asked)
	}
	for _, secret := range []string{"canary", people[0].token, people[1].cookie, people[0].person.ID.String(), "Maria"} {
		if i := strings.Index(log, secret); i >= 0 {
			t.Errorf("the log has %q: %.400s", secret, log[max(0, i-300):])
		}
	}
}

func TestOnePhoneThatRunsWildIsHeldBackAlone(t *testing.T) {
	h := open(t)
	wild, calm := h.phone(munkfors, access.Field), h.phone(munkfors, access.Field)
	held := 0
	for range 500 {
		if got := h.ask(wild, "GET", "/api/v1/me", ""); got.status == http.StatusTooManyRequests {
			held++
		}
	}
	if held != 100 {
		t.Errorf("%d of 500 at once were held back, want 100", held)
	}
	if got := h.ask(calm, "GET", "/api/v1/me", ""); got.status != 200 {
		t.Errorf("the calm one got %d", got.status)
	}
	h.clock.pass(time.Second)
	if got := h.ask(wild, "GET", "/api/v1/me", ""); got.status != 200 {
		t.Errorf("a second later: %d", got.status)
	}
}

func TestAnswersArePackedForThoseWhoTakeIt(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	for accept, want := range map[string]string{"": "", "gzip": "gzip", "br, GZIP;q=0.5": "gzip", "gzip;q=0": "", "gzip; q=0.0, br": "", "identity": ""} {
		r := h.request(w, "GET", "/api/v1/follow-up", "")
		r.Header.Set("Accept-Encoding", accept)
		got := h.do(r)
		if got.status != 200 || got.header.Get("Content-Encoding") != want || got.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %d %v", accept, got.status, got.header)
		}
	}
}

func TestWhoeverCanTakePushesIsReadyThoughFiguresAreStillRead(t *testing.T) {
	h := open(t)
	h.loading = true
	if got := h.ask(who{}, "GET", "/readyz", ""); got.status != 200 || !strings.Contains(string(got.body), `"ok":true`) || !strings.Contains(string(got.body), `"figures":"loading"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	h.loading = false
	if got := h.ask(who{}, "GET", "/readyz", ""); got.status != 200 || strings.Contains(string(got.body), "figures") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestReadinessSaysByKindAloneWhatIsWrong(t *testing.T) {
	h := open(t)
	if got := h.ask(who{}, "GET", "/readyz", ""); got.status != 200 {
		t.Errorf("%d %s", got.status, got.body)
	}
	h.ready = fault.New(fault.Full, "", "canary")
	if got := h.ask(who{}, "GET", "/readyz", ""); got.status != 200 {
		t.Errorf("it looked again within a second: %d", got.status)
	}
	h.clock.pass(time.Second)
	if got := h.ask(who{}, "GET", "/readyz", ""); got.status != 503 || !strings.Contains(string(got.body), `"why":"full"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	h.ready = nil
	close(h.closing)
	if got := h.ask(who{}, "GET", "/readyz", ""); got.status != 503 || !strings.Contains(string(got.body), `"why":"closing"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := h.ask(who{}, "GET", "/healthz", ""); got.status != 200 {
		t.Errorf("healthz: %d", got.status)
	}
}

func TestStrangersOfOneNetworkAreHeldBackAndThoseSignedInThereAreNot(t *testing.T) {
	h := open(t)
	phone := h.phone(munkfors, access.Field)
	held := 0
	for i := range 1000 {
		w := []who{{}, {token: newToken()}}[i%2]
		if got := h.ask(w, "POST", []string{"/api/v1/code", "/api/v1/sync/push"}[i%2], "{}"); got.status == http.StatusTooManyRequests {
			held++
		}
	}
	if held != 600 {
		t.Errorf("%d of 1000 at once were held back, want 600", held)
	}
	for path, w := range map[string]who{"/api/v1/me": phone, "/healthz": {}, "/readyz": {}, "/app/": {}} {
		if got := h.ask(w, "GET", path, ""); got.status != 200 {
			t.Errorf("%s got %d", path, got.status)
		}
	}
	r := h.request(who{}, "POST", "/api/v1/code", `{"code":"0123456789"}`)
	r.RemoteAddr = "198.51.100.7:1"
	if got := h.do(r); got.status != http.StatusNotFound {
		t.Errorf("another network got %d", got.status)
	}
}

func TestWhereItIsCrowdedThereIsRoomForThoseSignedInAndForWhoAsksAfterOurHealth(t *testing.T) {
	h := open(t, func(o *httpapi.Options) { o.Crowded = func() bool { return true } })
	for _, path := range []string{"/app/", "/assets/app-1.js", "/nowhere"} {
		if got := h.ask(who{}, "GET", path, ""); got.status != 503 || got.header.Get("Retry-After") != "5" || got.header.Get("Connection") != "close" {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
	}
	if got := h.ask(who{}, "POST", "/api/v1/code", "{}"); got.status != 503 || got.problem(t).Type != "/problems/crowded" {
		t.Errorf("a stranger: %d %s", got.status, got.body)
	}
	if got := h.ask(who{token: newToken()}, "GET", "/api/v1/me", ""); got.status != 503 {
		t.Errorf("one with a token that is none: %d", got.status)
	}
	for path, w := range map[string]who{"/healthz": {}, "/readyz": {}, "/api/v1/me": h.phone(munkfors, access.Field), "/api/v1/people": h.desk(munkfors)} {
		if got := h.ask(w, "GET", path, ""); got.status != 200 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestWhoIsTurnedAwayAtTheDoorGetsAWholeReply(t *testing.T) {
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(httpapi.Crowded())), nil)
	must(t, err)
	defer res.Body.Close()
	var p wire.Problem
	must(t, json.NewDecoder(res.Body).Decode(&p))
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "5" || p.SV == "" || p.EN == "" || p.Status != 503 || !res.Close {
		t.Errorf("%d %v %+v", res.StatusCode, res.Header, p)
	}
}
