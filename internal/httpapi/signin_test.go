package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/httpapi"
	"lofteslogg/internal/wire"
)

func (h *house) invite(role access.Role) access.Codes {
	h.t.Helper()
	codes, err := h.access.Invite(access.Invitation{Town: munkfors, Role: role})
	must(h.t, err)
	return codes
}

func read[T any](t *testing.T, got reply) (v T) {
	t.Helper()
	if got.status != 200 {
		t.Fatalf("got %d: %s", got.status, got.body)
	}
	must(t, json.Unmarshal(got.body, &v))
	return v
}

func TestAPhoneIsConnectedByCodeAndThenKnown(t *testing.T) {
	h := open(t)
	codes := h.invite(access.Field)
	looked := read[wire.CodeReply](t, h.ask(who{}, "POST", "/api/v1/code", body(map[string]string{"code": codes.Short})))
	if looked.Role != "field" || looked.Town.Slug != "munkfors" || looked.Until != codes.Until || len(looked.Parties) != 1 {
		t.Errorf("got %+v", looked)
	}
	request := enrolBody(codes.Short)
	enrolled := read[wire.EnrolReply](t, h.ask(who{}, "POST", "/api/v1/enrol", request))
	var sent wire.EnrolRequest
	must(t, json.Unmarshal([]byte(request), &sent))
	me := read[wire.Me](t, h.ask(who{token: sent.Token}, "GET", "/api/v1/me", ""))
	if me.Account != enrolled.Account || me.Name != "Maria" || me.Role != "field" || me.Party != "police" || me.Town.ID != munkfors {
		t.Errorf("got %+v after %+v", me, enrolled)
	}
	again := read[wire.EnrolReply](t, h.ask(who{}, "POST", "/api/v1/enrol", request))
	if again != enrolled {
		t.Errorf("the lost reply came as %+v, was %+v", again, enrolled)
	}
	if got := h.ask(who{}, "POST", "/api/v1/enrol", enrolBody(codes.Link)); got.status != http.StatusGone || got.problem(t).Type != "/problems/code-used" {
		t.Errorf("another phone got %d: %s", got.status, got.body)
	}
}

func TestOfManyPhonesWithOneCodeOneIsConnected(t *testing.T) {
	h := open(t)
	code := h.invite(access.Field).Short
	var connected atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if h.ask(who{}, "POST", "/api/v1/enrol", enrolBody(code)).status == 200 {
				connected.Add(1)
			}
		})
	}
	all.Wait()
	if connected.Load() != 1 {
		t.Errorf("%d were connected", connected.Load())
	}
}

func TestCodesThatWereAreToldApartFromThoseThatNeverWere(t *testing.T) {
	h := open(t)
	code := body(map[string]string{"code": h.invite(access.Field).Link})
	h.clock.pass(access.CodeLife)
	if got := h.ask(who{}, "POST", "/api/v1/code", code); got.status != http.StatusGone || got.problem(t).Type != "/problems/code-old" {
		t.Errorf("old: %d %s", got.status, got.body)
	}
	for i := range access.GuessesPerNet {
		got := h.ask(who{}, "POST", "/api/v1/code", body(map[string]string{"code": strings.Repeat("0", 9) + string(rune('0'+i))}))
		if got.status != http.StatusNotFound || got.problem(t).Type != "/problems/code-unknown" {
			t.Errorf("unknown: %d %s", got.status, got.body)
		}
	}
	got := h.ask(who{}, "POST", "/api/v1/code", `{"code":"0123456789"}`)
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "900" {
		t.Errorf("one more: %d %s", got.status, got.body)
	}
}

func TestADeskGetsACookieThatScriptsAndOtherSitesDoNot(t *testing.T) {
	for address, want := range map[string]string{
		"":                         "desk=; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
		"http://localhost:8080":    "desk=; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
		"https://lofte.example.se": "__Host-desk=; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict",
	} {
		h := open(t, func(o *httpapi.Options) {
			if address != "" {
				public(address)(o)
			}
		})
		got := h.ask(who{}, "POST", "/api/v1/desk/session", body(map[string]string{"code": h.invite(access.Coordinator).Link}))
		if got.status != 200 {
			t.Fatalf("%s: %d %s", address, got.status, got.body)
		}
		cookie := got.header.Get("Set-Cookie")
		from, to := strings.Index(cookie, "="), strings.Index(cookie, ";")
		if value := cookie[from+1 : to]; len(value) != 43 {
			t.Errorf("the secret is %q", value)
		}
		if cookie = cookie[:from+1] + cookie[to:]; cookie != want {
			t.Errorf("%s: got %s, want %s", address, cookie, want)
		}
	}
}

func TestOverPlainHTTPADeskIsForThisComputerAlone(t *testing.T) {
	h := open(t)
	code := body(map[string]string{"code": h.invite(access.Coordinator).Link})
	for _, host := range []string{"192.168.1.5:8080", "lofte.example.se", "localhost.example.se:8080", ""} {
		r := h.request(who{}, "POST", "/api/v1/desk/session", code)
		r.Host = host
		if got := h.do(r); got.status != http.StatusForbidden || got.problem(t).Type != "/problems/plain-http" {
			t.Errorf("%q: %d %s", host, got.status, got.body)
		}
	}
	for _, host := range []string{"127.0.0.1:8080", "[::1]:8080", "localhost"} {
		r := h.request(who{}, "POST", "/api/v1/desk/session", code)
		if r.Host = host; h.do(r).status != 200 {
			t.Errorf("%q was refused, or the code was used up", host)
		}
		code = body(map[string]string{"code": h.invite(access.Coordinator).Link})
	}
}

func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	h := open(t)
	old := h.desk(munkfors)
	got := h.ask(old, "POST", "/api/v1/desk/session", body(map[string]string{"code": h.invite(access.Coordinator).Link}))
	if got.status != 200 || strings.Contains(got.header.Get("Set-Cookie"), old.cookie) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := h.ask(old, "GET", "/api/v1/me", ""); got.status != http.StatusUnauthorized {
		t.Errorf("the old session got %d", got.status)
	}
}

func TestSigningOutEndsTheSessionAndTakesTheCookie(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	got := h.ask(w, "DELETE", "/api/v1/desk/session", "")
	if got.status != http.StatusNoContent || !strings.Contains(got.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("%d %v", got.status, got.header)
	}
	if got := h.ask(w, "GET", "/api/v1/me", ""); got.status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", got.status)
	}
}

func TestRevokingIsFeltByTheNextRequest(t *testing.T) {
	h := open(t)
	desk, phone := h.desk(munkfors), h.phone(munkfors, access.Coordinator)
	must(t, h.access.Revoke(munkfors, desk.person.ID))
	must(t, h.access.Revoke(munkfors, phone.person.ID))
	if got := h.ask(desk, "GET", "/api/v1/follow-up", ""); got.status != http.StatusUnauthorized {
		t.Errorf("the desk got %d", got.status)
	}
	if got := h.ask(phone, "GET", "/api/v1/follow-up", ""); got.status != http.StatusForbidden || got.problem(t).Type != "/problems/revoked" {
		t.Errorf("the phone got %d %s", got.status, got.body)
	}
	if got := h.ask(phone, "POST", "/api/v1/sync/push", pushBody(munkfors)); got.status != 200 || !h.fake.callers[0].Revoked {
		t.Errorf("the phone's push got %d %s", got.status, got.body)
	}
}

func TestOddAuthorizationsAreNobodys(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	for _, shown := range [][]string{
		{"Basic " + w.token}, {w.token}, {"Bearer"}, {"Bearer " + w.token + "x"}, {"Bearer  " + w.token}, {"Bearer " + w.token, "Bearer " + w.token}, {""},
	} {
		r := h.request(who{}, "GET", "/api/v1/me", "")
		r.Header["Authorization"] = shown
		if got := h.do(r); got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %d", shown, got.status)
		}
	}
	r := h.request(h.desk(munkfors), "GET", "/api/v1/me", "")
	r.Header.Set("Authorization", "Bearer "+newToken())
	if got := h.do(r); got.status != http.StatusUnauthorized {
		t.Errorf("a bad token beside a good cookie: %d", got.status)
	}
}

func TestOnlyANamedProxyIsBelievedAboutAddresses(t *testing.T) {
	guess := func(h *house, remote, forwarded string) int {
		r := h.request(who{}, "POST", "/api/v1/code", `{"code":"0123456789"}`)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", forwarded)
		return h.do(r).status
	}
	behind := open(t, func(o *httpapi.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	for range access.GuessesPerNet {
		guess(behind, "10.0.0.1:1", "198.51.100.9, 203.0.113.7, 10.0.0.2") // what stands before 203… is its own word
	}
	if got := guess(behind, "10.0.0.1:1", "198.51.100.8, 203.0.113.7"); got != 429 {
		t.Errorf("the same asker by another first hop: %d", got)
	}
	if got := guess(behind, "10.0.0.1:1", "203.0.113.8"); got != 404 {
		t.Errorf("another asker: %d", got)
	}
	open := open(t)
	for range access.GuessesPerNet {
		guess(open, "203.0.113.7:1", "198.51.100.1")
	}
	if got := guess(open, "203.0.113.7:1", "198.51.100.2"); got != 429 {
		t.Errorf("an asker who says to be another: %d", got)
	}
}

func TestACodeForSomebodyWhoIsKnownSaysWho(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	codes, err := h.access.Invite(access.Invitation{Town: munkfors, Role: access.Field, Account: w.person.ID})
	must(t, err)
	known := read[wire.CodeReply](t, h.ask(who{}, "POST", "/api/v1/code", body(map[string]string{"code": codes.Link})))
	if known.Account == nil || *known.Account != w.person.ID || known.Name != w.person.Name {
		t.Errorf("got %+v", known)
	}
	fresh := read[wire.CodeReply](t, h.ask(who{}, "POST", "/api/v1/code", body(map[string]string{"code": h.invite(access.Field).Link})))
	if fresh.Account != nil || fresh.Name != "" {
		t.Errorf("got %+v", fresh)
	}
}

func TestWhoSignsOutOfAPhoneIsOutOfThatPhoneAlone(t *testing.T) {
	h := open(t)
	one, other := h.phone(munkfors, access.Field), h.phone(munkfors, access.Field)
	if got := h.ask(one, "DELETE", "/api/v1/phone", ""); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, path := range []string{"/api/v1/me", "/api/v1/sync/changes"} {
		if got := h.ask(one, "GET", path, ""); got.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := h.ask(one, "POST", "/api/v1/sync/push", pushBody(munkfors)); got.status != http.StatusUnauthorized {
		t.Errorf("push: %d", got.status)
	}
	if got := h.ask(other, "GET", "/api/v1/me", ""); got.status != 200 {
		t.Errorf("the other phone: %d", got.status)
	}
}
