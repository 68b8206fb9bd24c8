package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/httpapi"
	"lofteslogg/internal/wire"
)

var (
	munkfors = event.MustID("01900000-0000-7000-8000-000000000001")
	ekeby    = event.MustID("01900000-0000-7000-8000-000000000002")
	inc      = event.MustID("01900000-0000-7000-8000-0000000000a1")
)

type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// safeBuffer is a log that handlers write to at once.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// house is the API with a real store of accounts and fakes behind.
type house struct {
	http.Handler
	t       testing.TB
	fake    *fake
	access  *access.Store
	clock   *testClock
	log     *safeBuffer
	closing chan struct{}
	ready   error
	loading bool
}

func open(t testing.TB, change ...func(*httpapi.Options)) *house {
	t.Helper()
	h := &house{
		t: t, fake: &fake{pokes: make(chan struct{}, 1)}, log: &safeBuffer{}, closing: make(chan struct{}),
		clock: &testClock{now: time.Date(2026, 11, 20, 21, 10, 0, 0, time.UTC)},
	}
	var err error
	h.access, err = access.Open(filepath.Join(t.TempDir(), "access.db"), h.clock)
	must(t, err)
	t.Cleanup(func() { _ = h.access.Close() })
	o := httpapi.Options{
		Sync: h.fake, Figures: h.fake, Phones: h.fake, Attention: h.fake, Access: h.access, Log: slog.New(slog.NewJSONHandler(h.log, nil)), Clock: h.clock, Version: "test",
		Ready: func(context.Context) error { return h.ready }, Loading: func() bool { return h.loading }, Closing: h.closing, Files: built,
	}
	for _, f := range change {
		f(&o)
	}
	h.Handler, err = httpapi.New(o)
	must(t, err)
	return h
}

func public(address string) func(*httpapi.Options) {
	return func(o *httpapi.Options) { o.Public, _ = url.Parse(address) }
}

var built = fstest.MapFS{
	"index.html":               {Data: []byte("<!doctype html><title>front</title>")},
	"app/index.html":           {Data: []byte("<!doctype html><title>app</title>" + strings.Repeat(" ", 1000))},
	"app/index.html.gz":        {Data: []byte("packed with gzip")},
	"app/sw.js":                {Data: []byte("self.x = 1")},
	"app/manifest.webmanifest": {Data: []byte("{}")},
	"desk/index.html":          {Data: []byte("<!doctype html><title>desk</title>")},
	"assets/app-1.js":          {Data: []byte("plain")},
	"assets/app-1.js.br":       {Data: []byte("packed with brotli")},
	"assets/app-1.js.gz":       {Data: []byte("packed with gzip")},
	".gitkeep":                 {Data: []byte("")},
	"assets/secret.unknown":    {Data: []byte("no kind")},
}

// who is somebody who asks; the zero value is nobody.
type who struct {
	token, cookie string
	person        access.Person
}

func (h *house) phone(town event.ID, role access.Role) who {
	h.t.Helper()
	codes, err := h.access.Invite(access.Invitation{Town: town, Role: role})
	must(h.t, err)
	w := who{token: newToken()}
	w.person, err = h.access.Enrol(access.Enrolment{Code: codes.Link, Token: w.token, Inc: inc, Name: "Maria", From: netip.Addr{}})
	must(h.t, err)
	return w
}

func (h *house) desk(town event.ID) who { return h.deskAs(town, access.Coordinator) }

func (h *house) deskAs(town event.ID, role access.Role) (w who) {
	h.t.Helper()
	codes, err := h.access.Invite(access.Invitation{Town: town, Role: role})
	must(h.t, err)
	w.cookie, w.person, err = h.access.SignIn(codes.Link, netip.Addr{})
	must(h.t, err)
	return w
}

func (h *house) revokedPhone(town event.ID) who {
	h.t.Helper()
	w := h.phone(town, access.Field)
	must(h.t, h.access.Revoke(town, w.person.ID))
	return w
}

func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reply is what came back, unpacked.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) problem(t testing.TB) (p wire.Problem) {
	t.Helper()
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("%d is no problem document: %s", r.status, r.body)
	}
	return p
}

func (h *house) request(w who, method, target, body string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
	r.Host = "localhost:8080"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if w.token != "" {
		r.Header.Set("Authorization", "Bearer "+w.token)
	}
	if w.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "desk", Value: w.cookie})
	}
	return r
}

// ask asks, and holds the reply against the document.
func (h *house) ask(w who, method, target, body string) reply {
	h.t.Helper()
	return h.do(h.request(w, method, target, body))
}

func (h *house) do(r *http.Request) reply {
	h.t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	out := reply{rec.Code, rec.Header(), rec.Body.Bytes()}
	if out.header.Get("Content-Encoding") == "gzip" && strings.HasPrefix(r.URL.Path, "/api/") {
		z, err := gzip.NewReader(bytes.NewReader(out.body))
		must(h.t, err)
		out.body, err = io.ReadAll(z)
		must(h.t, err)
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") && r.URL.Path != "/healthz" && r.URL.Path != "/readyz" {
		return out
	}
	if err := openDocument(h.t).check(r.Method, template(r.URL.Path), out.status, out.header, out.body); err != nil {
		h.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	return out
}

// template is the path of the document that a path is of.
func template(path string) string {
	if rest, ok := strings.CutPrefix(path, "/api/v1/entities/"); ok && strings.HasSuffix(rest, "/events") && strings.Count(rest, "/") == 1 {
		return "/api/v1/entities/{e}/events"
	}
	if at, ok := strings.CutPrefix(path, "/api/v1/people/"); ok && at != "invitations" {
		_, do, _ := strings.Cut(at, "/")
		return strings.TrimSuffix("/api/v1/people/{account}/"+do, "/")
	}
	if at, ok := strings.CutPrefix(path, "/api/v1/phones/"); ok {
		_, do, _ := strings.Cut(at, "/")
		return "/api/v1/phones/{id}/" + do
	}
	return path
}

func pushBody(town event.ID, change ...func(*wire.PushRequest)) string {
	req := wire.PushRequest{P: 1, Town: town, Inc: inc, Turn: 1, Wall: 1, App: "1.0.0", Events: []wire.PushItem{
		{ID: inc.String(), Inc: inc.String(), N: 1, Seal: "none", Ev: "{}"},
	}}
	for _, f := range change {
		f(&req)
	}
	var b bytes.Buffer
	if err := wire.Write(&b, req); err != nil {
		panic(err)
	}
	return b.String()
}

func body(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
